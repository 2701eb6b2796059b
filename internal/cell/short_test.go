package cell

import (
	"testing"

	"pgregory.net/rapid"
)

// TestShortWays: numbers that are read a short way are what they are the long
// way, whatever stands behind them in memory.
func TestShortWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for range rapid.IntRange(1, 9).Draw(t, "pieces") {
			text += rapid.SampledFrom([]string{"0", "1", "12", "123", "999", " ", "\u00a0", ",", ".", "-", "45", "\u202f", "x"}).Draw(t, "piece")
		}
		decimal := rapid.SampledFrom([]byte{',', '.'}).Draw(t, "decimal")
		b := []byte(text)
		want, err := parseAny(b, decimal)
		for _, behind := range []string{"", "12345678", ",,,,,,,,"} {
			b := append([]byte(text), behind...)[:len(text)]
			if behind == "" {
				b = b[:len(b):len(b)]
			}
			for name, read := range map[string]func([]byte, byte) (int64, bool){"plain": ParsePlain, "spaced": parseSpaced} {
				if units, ok := read(b, decimal); ok && (err != nil || want != Number{Units: units}) {
					t.Fatalf("%q is %d %s, and %+v, %v", text, units, name, want, err)
				}
			}
		}
	})
}

// TestShortWaysAreTaken: common numbers take a short way.
func TestShortWaysAreTaken(t *testing.T) {
	for _, c := range []struct {
		text string
		read func([]byte, byte) (int64, bool)
		want int64
	}{
		{"1234,56", ParsePlain, 12_345_600}, {"-7", ParsePlain, -70_000}, {"12345678,1234", ParsePlain, 123_456_781_234},
		{"1 234,56", parseSpaced, 12_345_600}, {"-12\u00a0345\u00a0678,5", parseSpaced, -123_456_785_000}, {"1 234", parseSpaced, 12_340_000},
	} {
		if units, ok := c.read([]byte(c.text), ','); !ok || units != c.want {
			t.Errorf("%q is %d, %v; want %d", c.text, units, ok, c.want)
		}
	}
}
