package cell

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestParseNumber(t *testing.T) {
	const (
		syntax = "syntax"
		range_ = "range"
	)
	for _, c := range []struct{ in, dot, comma string }{ // what it is with each decimal mark
		{"0", "0", "0"},
		{"-0", "0", "0"},
		{"7", "7", "7"},
		{"007", "7", "7"},
		{"-12.5", "-12.5", syntax},
		{"-12,5", syntax, "-12.5"},
		{".5", "0.5", syntax},
		{",5", syntax, "0.5"},
		{"5.", "5", syntax},
		{"1.234", "1.234", "1234"},
		{"1,234", "1234", "1.234"},
		{"0,123", syntax, "0.123"},
		{"1234,567", syntax, "1234.567"},
		{"1,234.50", "1234.5", syntax},
		{"1.234,50", syntax, "1234.5"},
		{"1.234.567", syntax, "1234567"},
		{"1,234,567.8", "1234567.8", syntax},
		{"12,34,567.8", "1234567.8", syntax},
		{"1,23,45,678", "12345678", syntax},
		{"123,45,678", syntax, syntax},
		{"1,2345", syntax, "1.2345"},
		{"1,234,56", syntax, syntax},
		{"1.5.5", syntax, syntax},
		{"1 234 567,8", syntax, "1234567.8"},
		{"1 234 567", "1234567", "1234567"},
		{"1 23", syntax, syntax},
		{"1234 567", syntax, syntax},
		{"1  234", syntax, syntax},
		{"1 234'567", syntax, syntax},
		{"1\u00a0234,5", syntax, "1234.5"},
		{"1\u202f234,5", syntax, "1234.5"},
		{"1\u2009234\u00a0567", "1234567", "1234567"},
		{"1'234.5", "1234.5", syntax},
		{"1’234.5", "1234.5", syntax},
		{"+5", "5", "5"},
		{"\u22125", "-5", "-5"},
		{"5-", "-5", "-5"},
		{"1.249,50-", syntax, "-1249.5"},
		{"(1.5)", "-1.5", syntax},
		{"(1 234,50 ₽)", syntax, "-1234.5"},
		{"(-5)", syntax, syntax},
		{"(5", syntax, syntax},
		{"5)", syntax, syntax},
		{"--5", syntax, syntax},
		{"-5-", syntax, syntax},
		{"$5", "5", "5"},
		{"-$5.25", "-5.25", syntax},
		{"$ -5", "-5", "-5"},
		{"€1.234,50", syntax, "1234.5"},
		{"12 р.", "12", "12"},
		{"12,50 руб.", syntax, "12.5"},
		{"12 РУБ", "12", "12"},
		{"1 234 ₽", "1234", "1234"},
		{"100 KZT", "100", "100"},
		{"$5 ₽", syntax, syntax},
		{"15%", syntax, syntax},
		{"12 шт", syntax, syntax},
		{"C12", syntax, syntax},
		{"12a", syntax, syntax},
		{"2024-01-05", syntax, syntax},
		{"05.01.2024", syntax, syntax},
		{"#N/A", syntax, syntax},
		{"-", syntax, syntax},
		{"", syntax, syntax},
		{"1E+05", "100000", "100000"},
		{"1.5e-3", "0.0015", syntax},
		{"1,5E3", syntax, "1500"},
		{"1E", syntax, syntax},
		{"1E+", syntax, syntax},
		{"1E+400", range_, range_},
		{"0E+400", "0", "0"},
		{"1 234E2", syntax, syntax},
		{"922337203685477.5807", "922337203685477.5807", syntax},
		{"-922337203685477.5807", "-922337203685477.5807", syntax},
		{"922337203685477.5808", range_, syntax},
		{"1000000000000000", range_, range_},
		{strings.Repeat("9", 400), range_, range_},
		{"0." + strings.Repeat("0", 400) + "1", "0+", syntax},
		// Doubles as spreadsheets write them: 15 digits are believed.
		{"9.9499999999999993", "9.95", syntax},
		{"0.30000000000000004", "0.3", syntax},
		{"99999.999999999985", "100000", syntax},
		{"1234567.1200000001", "1234567.12", syntax},
		// More than four places of their own are rounded half away from zero: +, − say which way.
		{"49.94667", "49.9467-", syntax},
		{"-49.94667", "-49.9467+", syntax},
		{"0.00005", "0.0001-", syntax},
		{"-0.00005", "-0.0001+", syntax},
		{"0.00004", "0+", syntax},
		{"0.33333", "0.3333+", syntax},
		{"0.1234000001", "0.1234+", syntax},
		{"922337203685477.48075", "922337203685477", syntax},
		{"922337203685477.58075", range_, syntax}, // 922337203685478
	} {
		for mark, want := range map[byte]string{'.': c.dot, ',': c.comma} {
			n, err := ParseNumber([]byte(c.in), mark)
			if got := show(n, err); got != want {
				t.Errorf("%q with decimal %q is %s, want %s", c.in, mark, got, want)
			}
		}
	}
}

// show writes a Number as a decimal, with the sign of Rest behind it.
func show(n Number, err error) string {
	switch {
	case errors.Is(err, ErrSyntax):
		return "syntax"
	case errors.Is(err, ErrRange):
		return "range"
	case err != nil:
		return err.Error()
	}
	s := decimal.New(n.Units, -4).String()
	switch {
	case n.Rest > 0:
		s += "+"
	case n.Rest < 0:
		s += "-"
	}
	return s
}

// reference reads a plain number with decimal.Decimal: exactly up to four
// places, to 15 digits beyond.
func reference(s string) (units, diff decimal.Decimal, ok bool) {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return units, diff, false
	}
	if d = stripped(d); d.Exponent() < -4 {
		if excess := int32(d.NumDigits() - 15); excess > 0 {
			d = d.Round(-d.Exponent() - excess) // half away from zero
		}
	}
	units = d.Round(4)
	return units.Shift(4), d.Sub(units), true
}

// stripped returns d without zeros at the end.
func stripped(d decimal.Decimal) decimal.Decimal {
	c, e, ten, r := d.Coefficient(), d.Exponent(), big.NewInt(10), new(big.Int)
	for c.Sign() != 0 {
		q, _ := new(big.Int).QuoRem(c, ten, r)
		if r.Sign() != 0 {
			break
		}
		c, e = q, e+1
	}
	return decimal.NewFromBigInt(c, e)
}

func checkNumber(t interface {
	Helper()
	Errorf(string, ...any)
}, s string) {
	t.Helper()
	units, diff, ok := reference(s)
	n, err := ParseNumber([]byte(s), '.')
	switch {
	case !ok && err == nil:
		t.Errorf("%q is read as %v and is no number", s, n)
	case ok && errors.Is(err, ErrRange):
		if units.Abs().LessThanOrEqual(decimal.NewFromInt(1<<63 - 1)) {
			t.Errorf("%q does not fit", s)
		}
	case ok && err != nil:
		t.Errorf("%q: %v", s, err)
	case ok && !units.Equal(decimal.NewFromInt(n.Units)):
		t.Errorf("%q is read as %d units, it is %s", s, n.Units, units)
	case ok && diff.IsZero() != (n.Rest == 0):
		t.Errorf("%q has the rest %d, it is %s", s, n.Rest, diff)
	case ok && decimal.New(n.Rest, -13).Sub(diff).Abs().GreaterThan(decimal.New(1, -13)):
		t.Errorf("%q has the rest %d, it is %s", s, n.Rest, diff)
	}
}

func TestParseNumberAgainstDecimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkNumber(t, rapid.StringMatching(`-?[0-9]{1,16}(\.[0-9]{1,22})?`).Draw(t, "number"))
	})
}

// TestParseNumberRoundTrip writes random amounts in every way that people do
// and reads them back.
func TestParseNumberRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.Int64Range(-1<<62, 1<<62).Draw(t, "units")
		mark := rapid.SampledFrom([]string{".", ","}).Draw(t, "mark")
		group := rapid.SampledFrom([]string{"", " ", "\u00a0", "\u202f", "\u2009", "'", "’", map[string]string{".": ",", ",": "."}[mark]}).Draw(t, "group")
		whole, fraction, _ := strings.Cut(decimal.New(units, -4).Abs().StringFixed(4), ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + group + whole[i:]
		}
		s := whole + mark + strings.TrimRight(fraction, "0")
		if units < 0 {
			s = rapid.SampledFrom([]string{"-%", "%-", "(%)", "\u2212%", "- %", "-$%", "% ₽-"}).Draw(t, "sign")
			s = strings.Replace(s, "%", whole+mark+fraction, 1)
		}
		n, err := ParseNumber([]byte(s), mark[0])
		if err != nil || n.Units != units || n.Rest != 0 {
			t.Fatalf("%q is read as %+v (%v), want %d units", s, n, err, units)
		}
	})
}

func TestMulAgainstDecimal(t *testing.T) {
	number := rapid.Custom(func(t *rapid.T) Number {
		n, err := ParseNumber([]byte(rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{1,9})?`).Draw(t, "number")), '.')
		if err != nil {
			t.Fatal(err)
		}
		return n
	})
	exact := func(n Number) decimal.Decimal {
		return decimal.New(n.Units, -4).Add(decimal.New(n.Rest, -13))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		product := exact(a).Mul(exact(b))
		got, err := Mul(a, b)
		if errors.Is(err, ErrRange) {
			if product.Abs().LessThan(decimal.New(1<<63-1, -4)) {
				t.Fatalf("%v × %v = %s does not fit", a, b, product)
			}
			return
		}
		if err != nil || !exact(got).Sub(product).Abs().LessThan(decimal.New(1, -13)) {
			t.Fatalf("%v × %v = %v (%v), want %s", a, b, got, err, product)
		}
		if got.Rest >= parts/2+1 || got.Rest <= -parts/2-1 {
			t.Fatalf("%v × %v has the rest %d", a, b, got.Rest)
		}
	})
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		name, cells string
		mark        byte
		mixed       bool
		ambiguous   bool
	}{
		{"whole numbers", "1|20|300", 0, false, false},
		{"dots", "2.55|3.39|7", '.', false, false},
		{"commas", "2,55|3,39|7", ',', false, false},
		{"thousands and dots", "1,234|950.25", '.', false, false},
		{"spaces and commas", "1 234,567|12,5", ',', false, false},
		{"three digits behind every comma", "1,234|5,000", 0, false, true},
		{"three digits behind every dot", "1.234|5.000", 0, false, true},
		{"the same, and 5000 without a mark", "1,234|5000", ',', false, false},
		{"the same, and 5 000 with a space", "1.234|5 000", '.', false, false},
		{"millions", "1,234,567|1,234", '.', false, false},
		{"millions with dots", "1.234.567|1.234", ',', false, false},
		{"leading zero", "0,123|1,234", ',', false, false},
		{"both", "2.55|3,39|3.10", '.', true, false},
		{"no numbers", "abc|12%", 0, false, false},
	} {
		var n Numbers
		for s := range strings.SplitSeq(c.cells, "|") {
			n.Add([]byte(s))
		}
		if mark, mixed := n.Decimal(); mark != c.mark || mixed != c.mixed || n.Ambiguous() != c.ambiguous {
			t.Errorf("%s: mark %q, mixed %v, ambiguous %v; want %q, %v, %v", c.name, mark, mixed, n.Ambiguous(), c.mark, c.mixed, c.ambiguous)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1 234,56", "-12.5", "(1.5)", "9.9499999999999993", "1E+05", "12 р.", "922337203685477.5807", "0.00005", "1,23,45,678", "\u22125"} {
		f.Add(s)
	}
	plain := func(s string) bool {
		return s != "" && strings.Trim(s, "0123456789.-") == "" && strings.Count(s, ".") <= 1 && strings.LastIndexByte(s, '-') <= 0 &&
			strings.Trim(s, ".-") != "" && len(s) < 60
	}
	f.Fuzz(func(t *testing.T, s string) {
		dot, errDot := ParseNumber([]byte(s), '.')
		// The other mark reads the same text with its marks exchanged the same.
		swapped := strings.NewReplacer(".", ",", ",", ".").Replace(s)
		comma, errComma := ParseNumber([]byte(swapped), ',')
		if !strings.ContainsAny(s, "рРтТгГ") && (dot != comma || errDot != errComma) {
			t.Errorf("%q is %+v (%v), with marks exchanged %+v (%v)", s, dot, errDot, comma, errComma)
		}
		if errDot == nil && strings.Trim(s, "0123456789.") == "" && len(s) <= 15 {
			want, err := strconv.ParseFloat(s, 64)
			if got := (float64(dot.Units) + float64(dot.Rest)/parts) / Scale; err != nil || got-want > 1e-9*max(1, want) || want-got > 1e-9*max(1, want) {
				t.Errorf("%q is %v, strconv says %v (%v)", s, got, want, err)
			}
		}
		if plain(s) {
			checkNumber(t, s)
		}
	})
}

func BenchmarkParseNumber(b *testing.B) {
	for _, c := range []struct {
		name, in string
		mark     byte
	}{{"plain", "1234.56", '.'}, {"grouped", "1\u00a0234,56", ','}} {
		b.Run(c.name, func(b *testing.B) {
			in := []byte(c.in)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseNumber(in, c.mark); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestPercent(t *testing.T) {
	for in, want := range map[string]error{"12%": ErrPercent, "-1,5 %": ErrPercent, "12": nil, "%": ErrSyntax, "x%": ErrSyntax, "1%%": ErrSyntax} {
		if _, err := ParseNumber([]byte(in), ','); err != want {
			t.Errorf("%q: %v, want %v", in, err, want)
		}
	}
	if !errors.Is(ErrPercent, ErrSyntax) {
		t.Error("a percentage is a number")
	}
}
