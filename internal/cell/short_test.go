package cell

import (
	"bytes"
	"fmt"
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

// TestShortDates: a date of ten letters is read as any other is, or not at all.
func TestShortDates(t *testing.T) {
	short := 0
	rapid.Check(t, func(t *rapid.T) {
		f := DateFormat{rapid.SampledFrom([]Order{YMD, DMY, MDY}).Draw(t, "order"), rapid.SampledFrom([]byte{'-', '.', '/'}).Draw(t, "separator")}
		y, m, d := rapid.IntRange(1975, 2105).Draw(t, "year"), rapid.IntRange(0, 13).Draw(t, "month"), rapid.IntRange(0, 32).Draw(t, "day")
		b := fmt.Appendf(nil, "%04d-%02d-%02d", y, m, d)
		switch f.Order {
		case DMY:
			b = fmt.Appendf(nil, "%02d-%02d-%04d", d, m, y)
		case MDY:
			b = fmt.Appendf(nil, "%02d-%02d-%04d", m, d, y)
		}
		b = bytes.ReplaceAll(b, []byte{'-'}, []byte{f.Separator})
		if rapid.IntRange(0, 3).Draw(t, "odd") == 0 {
			b[rapid.IntRange(0, 9).Draw(t, "place")] = rapid.SampledFrom([]byte("0-./ x\xff")).Draw(t, "letter")
		}
		day, ok := parseTen(b, f)
		want, rest, err := parseDigits(b, f)
		if ok && (err != nil || len(rest) > 0 || day != want) {
			t.Fatalf("%s as %s: day %d, want %d, %v, then %q", b, f, day, want, err, rest)
		}
		if ok {
			short++
		}
	})
	if short == 0 {
		t.Error("no date was read the short way")
	}
}
