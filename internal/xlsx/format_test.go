package xlsx

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestParseFormat(t *testing.T) {
	for _, test := range []struct {
		code     string
		class    Class
		decimals uint8
	}{
		{"", AsGeneral, 0},
		{"General", AsGeneral, 0},
		{"GENERAL", AsGeneral, 0},
		{`"Итого: "General`, AsGeneral, 0},
		{`General;[Red]-General`, AsGeneral, 0},
		{`"дней"`, AsGeneral, 0},
		{"0", AsNumber, 0},
		{"0.00", AsNumber, 2},
		{"#,##0.00;[Red]-#,##0.00", AsNumber, 2}, // 1C
		{`#,##0.00\ "₽"`, AsNumber, 2},
		{`#,##0.00\ [$₽-419]`, AsNumber, 2},
		{`_-* #,##0.00\ _р_._-;\-* #,##0.00\ _р_._-;_-* "-"??\ _р_._-;_-@_-`, AsNumber, 2},
		{`[=0]"";#,##0.000`, AsNumber, 3},
		{`[$-419]#,##0.0`, AsNumber, 1},
		{"#,##0.00 USD", AsNumber, 2},
		{"# ??/??", AsNumber, 0},
		{"0.00E+00", AsNumber, 2},
		{"##0.0e-0", AsNumber, 1},
		{`0.00" %"`, AsNumber, 2},
		{`0\%`, AsNumber, 0},
		{`0" days"`, AsNumber, 0},
		{"0%", AsPercent, 0},
		{"0.00%;[Red]-0.00%", AsPercent, 2},
		{"[Blue]0.0%", AsPercent, 1},
		{"dd.mm.yyyy", AsDate, 0},
		{`dd\.mm\.yyyy;@`, AsDate, 0},
		{`[$-419]d\ mmmm\ yyyy"г.";@`, AsDate, 0},
		{"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", AsDate, 0},
		{"mmm-yy", AsDate, 0},
		{"m", AsDate, 0},
		{"mm", AsDate, 0},
		{"yyyy-mm", AsDate, 0},
		{"MM/DD/YYYY", AsDate, 0},
		{`[$-411]ggge"年"m"月"d"日"`, AsDate, 0},
		{"[$-D07041E]d/m/bbbb", AsDate, 0},
		{"aaaa", AsDate, 0},
		{"a dd", AsDate, 0},
		{"[Red]yyyy", AsDate, 0},
		{"dd.mm.yyyy hh:mm:ss", AsDateTime, 0},
		{"m/d/yy h:mm", AsDateTime, 0},
		{`yyyy\-mm\-dd"T"hh:mm:ss.000`, AsDateTime, 0},
		{"[$-409]m/d/yy h:mm AM/PM;@", AsDateTime, 0},
		{"mmm mm:ss", AsDateTime, 0},
		{"m mm:ss", AsDateTime, 0},
		{"mm hh:mm:ss", AsDateTime, 0},
		{"h:mm", AsTime, 0},
		{"mm:ss.0", AsTime, 0},
		{"mm:ss", AsTime, 0},
		{"[h]:mm:ss", AsTime, 0},
		{"[mm]:ss", AsTime, 0},
		{"[ss].00", AsTime, 0},
		{"h AM/PM", AsTime, 0},
		{"hh:mm A/P", AsTime, 0},
		{"@", AsText, 0},
		{`"№ "@`, AsText, 0},
		{";;;@", AsText, 0},
		{`"unclosed 0.00`, AsGeneral, 0},
		{"[unclosed 0.00", AsGeneral, 0},
		{`\`, AsGeneral, 0},
		{`0.00\`, AsNumber, 2},
	} {
		t.Run(test.code, func(t *testing.T) {
			if got := ParseFormat(test.code); got != (Style{Class: test.class, Decimals: test.decimals, Code: test.code}) {
				t.Errorf("got %v with %d decimals, want %v with %d", got.Class, got.Decimals, test.class, test.decimals)
			}
		})
	}
}

// ECMA-376 part 1, §18.8.30, the formats of every language, and of others
// what all those languages share.
func TestBuiltinFormats(t *testing.T) {
	ranges := []struct {
		first, last int
		class       Class
	}{
		{0, 0, AsGeneral}, {1, 8, AsNumber}, {9, 10, AsPercent}, {11, 13, AsNumber}, {14, 17, AsDate},
		{18, 21, AsTime}, {22, 22, AsDateTime}, {23, 26, AsGeneral}, {27, 31, AsDate}, {32, 33, AsTime}, {36, 36, AsDate},
		{37, 44, AsNumber}, {45, 47, AsTime}, {48, 48, AsNumber}, {49, 49, AsText}, {50, 51, AsDate}, {54, 54, AsDate}, {57, 58, AsDate},
		{59, 62, AsNumber}, {67, 68, AsPercent}, {69, 70, AsNumber}, {71, 74, AsDate}, {75, 76, AsTime}, {77, 77, AsDateTime},
		{78, 80, AsTime}, {81, 81, AsDate}, {82, 163, AsGeneral},
	}
	for _, r := range ranges {
		for id := r.first; id <= r.last; id++ {
			if got := ParseFormat(builtin(id)).Class; got != r.class {
				t.Errorf("%d is %v, want %v", id, got, r.class)
			}
		}
	}
	for id, decimals := range map[int]uint8{1: 0, 2: 2, 3: 0, 4: 2, 7: 2, 8: 2, 10: 2, 11: 2, 39: 2, 40: 2, 43: 2, 44: 2, 48: 1} {
		if got := ParseFormat(builtin(id)).Decimals; got != decimals {
			t.Errorf("%d has %d decimals, want %d", id, got, decimals)
		}
	}
}

// Published serial numbers, and the edges of both systems.
func TestDay(t *testing.T) {
	for _, test := range []struct {
		system DateSystem
		serial float64
		want   string // "" is no day
	}{
		{Since1900, 1, "1900-01-01 00:00:00"},
		{Since1900, 59, "1900-02-28 00:00:00"},
		{Since1900, 59.75, "1900-02-28 18:00:00"},
		{Since1900, 60, ""}, // 29 February 1900
		{Since1900, 60.9, ""},
		{Since1900, 61, "1900-03-01 00:00:00"},
		{Since1900, 25569, "1970-01-01 00:00:00"},
		{Since1900, 35981, "1998-07-05 00:00:00"}, // Microsoft, «Differences between the 1900 and the 1904 date system in Excel»
		{Since1900, 35981.75, "1998-07-05 18:00:00"},
		{Since1900, 45351, "2024-02-29 00:00:00"},
		{Since1900, 45351.352777777778, "2024-02-29 08:28:00"},
		{Since1900, 45351.999999999, "2024-03-01 00:00:00"}, // 0.1 ms before midnight is midnight
		{Since1900, 45351.99999, "2024-02-29 23:59:59.136"},
		{Since1900, 2958465, "9999-12-31 00:00:00"},
		{Since1900, 2958465.9999, "9999-12-31 23:59:51.36"},
		{Since1900, 2958466, ""},
		{Since1900, 0, ""},
		{Since1900, 0.5, ""},
		{Since1900, -1, ""},
		{Since1900, math.NaN(), ""},
		{Since1900, math.Inf(1), ""},
		{Since1900, 1e300, ""},
		{Since1904, 0, "1904-01-01 00:00:00"},
		{Since1904, 0.5, "1904-01-01 12:00:00"},
		{Since1904, 60, "1904-03-01 00:00:00"},
		{Since1904, 34519, "1998-07-05 00:00:00"}, // the same article: 1,462 days less
		{Since1904, 2957003, "9999-12-31 00:00:00"},
		{Since1904, 2957004, ""},
		{Since1904, -0.1, ""},
	} {
		t.Run(fmt.Sprint(test.system, test.serial), func(t *testing.T) {
			when, ok := test.system.Time(test.serial)
			got := ""
			if ok {
				got = when.Format("2006-01-02 15:04:05.999")
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Every day of both systems follows the one before, and is excelize's day.
func TestDayAgainstExcelize(t *testing.T) {
	for _, system := range []DateSystem{Since1900, Since1904} {
		last := int(2958465)
		first := 61
		if system == Since1904 {
			last, first = 2957003, 0
		}
		before := 0
		for serial := first; serial <= last; serial++ {
			day, clock, ok := system.Day(float64(serial))
			if !ok || clock != 0 || serial > first && day != before+1 {
				t.Fatalf("%v: serial %d is day %d, %v, %v after %d", system, serial, day, clock, ok, before)
			}
			before = day
			if serial%997 != 0 {
				continue
			}
			want, err := excelize.ExcelDateToTime(float64(serial), system == Since1904)
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Unix(int64(day)*86_400, 0).UTC(); !got.Equal(want) {
				t.Fatalf("%v: serial %d is %v, excelize says %v", system, serial, got, want)
			}
		}
	}
}

func TestParseReference(t *testing.T) {
	for _, test := range []struct {
		ref         string
		column, row int
		ok          bool
	}{
		{"A1", 1, 1, true},
		{"z9", 26, 9, true},
		{"AA10", 27, 10, true},
		{"XFD1048576", 16384, 1048576, true},
		{"ZZZZ1", 475254, 1, true}, // more than a sheet has: Limits.Columns says so
		{"", 0, 0, false},
		{"A", 0, 0, false},
		{"7", 0, 0, false},
		{"A0", 0, 0, false},
		{"A-1", 0, 0, false},
		{"$A$1", 0, 0, false},
		{"R1C1", 0, 0, false},
		{"Ж1", 0, 0, false},
		{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1", 0, 0, false},
		{"A99999999999999999999", 0, 0, false},
		{"A2147483648", 0, 0, false},
	} {
		t.Run(test.ref, func(t *testing.T) {
			column, row, ok := parseReference([]byte(test.ref))
			if ok != test.ok || ok && (column != test.column || row != test.row) {
				t.Errorf("got %d, %d, %v", column, row, ok)
			}
		})
	}
	for column := 1; column <= 20_000; column++ {
		if got, _, ok := parseReference([]byte(columnName(column) + "1")); !ok || got != column {
			t.Fatalf("%d is %q is %d", column, columnName(column), got)
		}
	}
}
