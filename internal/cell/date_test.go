package cell

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	iso, dots, slashes, american, compact := DateFormat{}, DateFormat{DMY, '.'}, DateFormat{DMY, '/'}, DateFormat{MDY, '/'}, DateFormat{Order: Compact}
	for _, c := range []struct {
		in   string
		f    DateFormat
		want string // a date, "syntax" or "range"
	}{
		{"2024-02-29", iso, "2024-02-29"},
		{"2023-02-29", iso, "syntax"},
		{"2024-2-9", iso, "2024-02-09"},
		{"2024-02-29 8:26", iso, "2024-02-29"},
		{"2010-12-01 08:26:00", iso, "2010-12-01"},
		{"2024-02-29T23:59:59.999Z", iso, "2024-02-29"},
		{"2024-02-29T23:59:59+03:00", iso, "2024-02-29"},
		{"2025-05-11 09:55:16 -0400", iso, "2025-05-11"},
		{"2025-05-11 09:55:16 UTC", iso, "2025-05-11"},
		{"2025-05-11 09:55:16+03", iso, "2025-05-11"},
		{"2025-05-11 24:00:00", iso, "syntax"},
		{"2025-05-11 09:60:00", iso, "syntax"},
		{"2025-05-11 09", iso, "syntax"},
		{"2025-05-11x", iso, "syntax"},
		{"2025-05-11 yesterday", iso, "syntax"},
		{"2025-05-11 09:55 PM", iso, "2025-05-11"},
		{"20024-01-05", iso, "range"},
		{"0024-01-05", iso, "range"},
		{"1979-12-31", iso, "range"},
		{"1980-01-01", iso, "1980-01-01"},
		{"2100-12-31", iso, "2100-12-31"},
		{"2101-01-01", iso, "range"},
		{"2024-13-01", iso, "syntax"},
		{"2024-00-01", iso, "syntax"},
		{"2024-01-00", iso, "syntax"},
		{"2024-01", iso, "syntax"},
		{"24-01-05", iso, "syntax"},
		{"2024/01/05", DateFormat{YMD, '/'}, "2024-01-05"},
		{"2024.01.05", DateFormat{YMD, '.'}, "2024-01-05"},
		{"05.01.2024", dots, "2024-01-05"},
		{"5.1.24", dots, "2024-01-05"},
		{"05.01.79", dots, "2079-01-05"},
		{"05.01.80", dots, "1980-01-05"},
		{"05.01.20024", dots, "range"},
		{"05.01.2024 0:00:00", dots, "2024-01-05"},
		{"05.01.2024, 12:30", dots, "2024-01-05"},
		{"05.01.2024 г.", dots, "2024-01-05"},
		{"05-01-2024", DateFormat{DMY, '-'}, "2024-01-05"},
		{"31.04.2024", dots, "syntax"},
		{"05/01/2024", dots, "syntax"},
		{"05/01/2024", slashes, "2024-01-05"},
		{"05/01/2024", american, "2024-05-01"},
		{"5/1/24 3:04 pm", american, "2024-05-01"},
		{"13/01/2024", american, "syntax"},
		{"20240105", compact, "2024-01-05"},
		{"20240105 12:30", compact, "2024-01-05"},
		{"2024010", compact, "syntax"},
		{"00000000", compact, "syntax"},
		{"19000101", compact, "range"},
		{"", iso, "syntax"},
		{"--", iso, "syntax"},
		{"1234567-01-01", iso, "syntax"},
	} {
		day, err := ParseDate([]byte(c.in), c.f)
		got := time.Unix(int64(day)*86_400, 0).UTC().Format(time.DateOnly)
		if errors.Is(err, ErrSyntax) {
			got = "syntax"
		} else if errors.Is(err, ErrRange) {
			got = "range"
		}
		if got != c.want {
			t.Errorf("%q as %s is %s, want %s", c.in, c.f, got, c.want)
		}
	}
}

// layouts are the formats in the notation of package time.
var layouts = map[DateFormat]string{
	{YMD, '-'}: "2006-01-02", {DMY, '.'}: "02.01.2006", {DMY, '/'}: "02/01/2006", {MDY, '/'}: "01/02/2006", {Compact, 0}: "20060102",
	{DMY, '-'}: "02-01-2006", {MDY, '-'}: "01-02-2006", {YMD, '/'}: "2006/01/02", {YMD, '.'}: "2006.01.02", {Named, 0}: "2 January 2006",
}

// TestParseDateEveryDay reads every day that a business can have in every format.
func TestParseDateEveryDay(t *testing.T) {
	days := slices.DeleteFunc(slices.Clone(candidates[:]), func(f DateFormat) bool { return f.Monthly() || f.Order == Serial })
	if len(layouts) != len(days) {
		t.Fatalf("%d layouts for %d formats", len(layouts), len(days))
	}
	for _, f := range days {
		for day := time.Date(FirstYear, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() <= LastYear; day = day.AddDate(0, 0, 1) {
			s := day.Format(layouts[f])
			got, err := ParseDate([]byte(s), f)
			if err != nil || int64(got) != day.Unix()/86_400 {
				t.Fatalf("%q as %s is day %d (%v), want %d", s, f, got, err, day.Unix()/86_400)
			}
		}
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		name, cells string
		best, other DateFormat
		fits, bad   int
	}{
		{"dots", "01.02.2024|03.04.2024 10:00|", DateFormat{DMY, '.'}, DateFormat{DMY, '.'}, 2, 0},
		{"slashes that do not tell", "01/02/2024|03/04/2024", DateFormat{DMY, '/'}, DateFormat{MDY, '/'}, 2, 0},
		{"a day above 12 tells", "01/02/2024|13/04/2024", DateFormat{DMY, '/'}, DateFormat{DMY, '/'}, 2, 0},
		{"a day above 12 behind tells", "01/02/2024|03/14/2024", DateFormat{MDY, '/'}, DateFormat{MDY, '/'}, 2, 0},
		{"years out of range are dates", "20024-01-05|2024-01-05", DateFormat{YMD, '-'}, DateFormat{YMD, '-'}, 2, 0},
		{"digits", "20240105|20241231|total", DateFormat{Compact, 0}, DateFormat{Compact, 0}, 2, 1},
		{"none", "abc|12", DateFormat{}, DateFormat{}, 0, 2},
	} {
		var d Dates
		for s := range strings.SplitSeq(c.cells, "|") {
			d.Add([]byte(s))
		}
		if best, other, fits := d.Format(); best != c.best || other != c.other || fits != c.fits || d.Bad != c.bad {
			t.Errorf("%s: %s or %s fit %d, %d bad; want %s, %s, %d, %d", c.name, best, other, fits, d.Bad, c.best, c.other, c.fits, c.bad)
		}
	}
}

func TestTrim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		around := rapid.StringOfN(rapid.SampledFrom([]rune(" \t\r\n\u00a0\u202f\u2009\ufeff")), 0, 5, -1)
		inner := rapid.StringMatching(`([a-zа-яР]([a-zа-я \x{a0}]{0,5}[а-яРa-z])?)?`).Draw(t, "text")
		s := around.Draw(t, "before") + inner + around.Draw(t, "after")
		if got := string(Trim([]byte(s))); got != inner {
			t.Fatalf("%q is trimmed to %q, want %q", s, got, inner)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2024-02-29", "01.02.2024 10:00:00", "3/4/24 5:06 PM", "20240105", "2024-02-29T23:59:59.999Z", "20024-01-05", "31.12.99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for f, layout := range layouts {
			day, err := ParseDate([]byte(s), f)
			want, wantErr := time.Parse(layout, s)
			switch {
			case err == nil && wantErr == nil && int64(day) != want.Unix()/86_400:
				t.Errorf("%q as %s is day %d, package time says %s", s, f, day, want)
			case wantErr == nil && errors.Is(err, ErrSyntax):
				t.Errorf("%q as %s is not read, package time says %s", s, f, want)
			case wantErr == nil && (want.Year() >= FirstYear && want.Year() <= LastYear) != (err == nil):
				t.Errorf("%q as %s: %v, package time says %s", s, f, err, want)
			}
			if err == nil { // the day alone says the same, whatever time is behind it
				text := time.Unix(int64(day)*86_400, 0).UTC().Format(layout)
				if again, err := ParseDate([]byte(text), f); err != nil || again != day {
					t.Errorf("%q as %s is %s, which is read as day %d (%v)", s, f, text, again, err)
				}
			}
		}
	})
}

func BenchmarkParseDate(b *testing.B) {
	in := []byte("2010-12-01 08:26:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseDate(in, DateFormat{}); err != nil {
			b.Fatal(err)
		}
	}
}
