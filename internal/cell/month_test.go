package cell

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDateWords(t *testing.T) {
	named, month, serial, serial1904, compact := DateFormat{Order: Named}, DateFormat{Order: NamedMonth}, DateFormat{Order: Serial}, DateFormat{Order: Serial1904}, DateFormat{Order: Compact}
	for _, c := range []struct {
		in   string
		f    DateFormat
		want string
	}{
		{"Июнь 2026 г.", month, "2026-06-01"}, {"июнь 2026", month, "2026-06-01"}, {"ИЮНЬ 2026 года", month, "2026-06-01"}, {"июня 2026", month, "2026-06-01"},
		{"июн. 2026", month, "2026-06-01"}, {"Май\u00a02026\u00a0г.", month, "2026-05-01"}, {"мая 2026", month, "2026-05-01"}, {"марта 2026 г", month, "2026-03-01"},
		{"Jun 2026", month, "2026-06-01"}, {"June-2026", month, "2026-06-01"}, {"Sept. 2026", month, "2026-09-01"}, {"DECEMBER 2026", month, "2026-12-01"},
		{"Jun 26", month, "syntax"}, {"Юнь 2026", month, "syntax"}, {"Junk 2026", month, "syntax"}, {"Mays 2026", month, "syntax"}, {"июньь 2026", month, "syntax"}, {"Jun", month, "syntax"},
		{"Jun 2026 x", month, "syntax"}, {"Jun 1066", month, "range"}, {"5 Jun 2026", month, "syntax"}, {"мар\xff 2026", month, "syntax"},
		{"5 июня 2026 г.", named, "2026-06-05"}, {"5 июня 2026 г. 10:20", named, "2026-06-05"}, {"05-Jun-2026", named, "2026-06-05"}, {"5-Jun-26", named, "2026-06-05"},
		{"Jun 5, 2026", named, "2026-06-05"}, {"June 5 2026 3:04 PM", named, "2026-06-05"}, {"31 апр 2026", named, "syntax"}, {"32 Jun 2026", named, "syntax"}, {"Июнь 2026", named, "syntax"},
		{"2026-06", DateFormat{YM, '-'}, "2026-06-01"}, {"06.2026", DateFormat{MY, '.'}, "2026-06-01"}, {"6/2026", DateFormat{MY, '/'}, "2026-06-01"}, {"13.2026", DateFormat{MY, '.'}, "syntax"},
		{"2026-06-05", DateFormat{YM, '-'}, "syntax"}, {"1.2026", DateFormat{MY, '-'}, "syntax"},
		// The first serial after the 29 February 1900 that spreadsheets count.
		{"45351", serial, "2024-02-29"}, {"45351.5", serial, "2024-02-29"}, {"45351,99999999", serial, "2024-02-29"}, {"43889", serial1904, "2024-02-29"},
		{"29221", serial, "1980-01-01"}, {"29220", serial, "range"}, {"73415", serial, "2100-12-31"}, {"73416", serial, "range"}, {"1234", serial, "syntax"}, {"45351.", serial, "syntax"}, {"45351.x", serial, "syntax"},
		{"2026060523", compact, "2026-06-05"}, {"20260605235959", compact, "2026-06-05"}, {"2026060524", compact, "syntax"}, {"202606052360", compact, "syntax"}, {"202606051", compact, "syntax"},
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

func TestParseMoment(t *testing.T) {
	for _, c := range []struct {
		in   string
		f    DateFormat
		want Moment
	}{
		{"1980-01-01 03:04:05", DateFormat{}, Moment{3652, 11_045, 0, false}},
		{"1980-01-01 3:04", DateFormat{}, Moment{3652, 11_040, 0, false}},
		{"1980-01-01T23:59:59.9Z", DateFormat{}, Moment{3652, 86_399, 0, true}},
		{"1980-01-01 00:30:00 -0430", DateFormat{}, Moment{3652, 1800, -16_200, true}},
		{"1980-01-01 00:30+03", DateFormat{}, Moment{3652, 1800, 10_800, true}},
		{"1980-01-01 12:30 AM", DateFormat{}, Moment{3652, 1800, 0, false}},
		{"1980-01-01 12:30 pm UTC", DateFormat{}, Moment{3652, 45_000, 0, true}},
		{"1980010107", DateFormat{Order: Compact}, Moment{3652, 25_200, 0, false}},
		{"19800101070809", DateFormat{Order: Compact}, Moment{3652, 25_689, 0, false}},
		{"29221.25", DateFormat{Order: Serial}, Moment{3652, 21_600, 0, false}},
	} {
		if got, err := ParseMoment([]byte(c.in), c.f); got != c.want || err != nil {
			t.Errorf("%q is %+v (%v), want %+v", c.in, got, err, c.want)
		}
	}
}

// TestFormatNames: every format is found by its name, and another one by another.
func TestFormatNames(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range append(candidates[:], DateFormat{Order: Serial1904}) {
		if back, ok := ParseFormat(f.String()); !ok || back.String() != f.String() || back.Order != f.Order || back.separator() != f.separator() {
			t.Errorf("%s is read as %s", f, back)
		}
		if seen[f.String()] {
			t.Errorf("two formats are called %s", f)
		}
		seen[f.String()] = true
	}
	if _, ok := ParseFormat("yesterday"); ok {
		t.Error("yesterday is a format")
	}
}

// TestEveryMonth reads every month in every way to write one.
func TestEveryMonth(t *testing.T) {
	russian := strings.Fields("Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь")
	genitive := strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
	rapid.Check(t, func(t *rapid.T) {
		year, month := rapid.IntRange(FirstYear, LastYear).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month"))
		day := rapid.IntRange(1, 28).Draw(t, "day")
		first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		for s, f := range map[string]DateFormat{
			fmt.Sprintf("%s %d г.", russian[month-1], year):               {Order: NamedMonth},
			fmt.Sprintf("%s %d", strings.ToLower(russian[month-1]), year): {Order: NamedMonth},
			first.Format("Jan 2006"):                                      {Order: NamedMonth},
			first.Format("January 2006"):                                  {Order: NamedMonth},
			first.Format("2006-01"):                                       {YM, '-'},
			first.Format("01.2006"):                                       {MY, '.'},
		} {
			if got, err := ParseDate([]byte(s), f); err != nil || int64(got) != first.Unix()/86_400 {
				t.Fatalf("%q as %s is day %d (%v)", s, f, got, err)
			}
			var d Dates
			d.Add([]byte(s))
			if best, other, _ := d.Format(); best.Order != f.Order || other != best {
				t.Fatalf("%q is taken for %s or %s", s, best, other)
			}
		}
		for _, s := range []string{fmt.Sprintf("%d %s %d г.", day, genitive[month-1], year), first.AddDate(0, 0, day-1).Format("Jan 2, 2006")} {
			if got, err := ParseDate([]byte(s), DateFormat{Order: Named}); err != nil || int64(got) != first.Unix()/86_400+int64(day)-1 {
				t.Fatalf("%q is day %d (%v)", s, got, err)
			}
		}
		serial := first.Unix()/86_400 + int64(day) + epoch1900
		if got, err := ParseDate(fmt.Append(nil, serial), DateFormat{Order: Serial}); err != nil || int64(got) != serial-epoch1900 {
			t.Fatalf("%d is day %d (%v)", serial, got, err)
		}
	})
}

func TestNoDate(t *testing.T) {
	for in, want := range map[string]bool{"": true, "00000000": true, "0000-00-00 00:00:00": true, "00.00.0000": true, "0": false, "-": false, "20240101": false, "00": false} {
		if NoDate([]byte(in)) != want {
			t.Errorf("%q: %v", in, !want)
		}
	}
}
