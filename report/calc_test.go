package report_test

import (
	"bytes"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// calculated compares every formula with its cached value, by excelize's
// implementation of formulas: a second opinion beside LibreOffice's.
func calculated(t rapid.TB, data []byte, f *file) {
	x, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for _, sheet := range f.sheets {
		for name, c := range f.cells[sheet] {
			if c.formula == "" {
				continue
			}
			got, err := x.CalcCellValue(sheet, name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Errorf("%s!%s: %s: %v", sheet, name, c.formula, err)
				continue
			}
			if v, ok := c.number(); ok {
				w, err := strconv.ParseFloat(got, 64)
				if err != nil || math.Abs(v-w) > 1e-9*max(1, math.Abs(v)) {
					t.Errorf("%s!%s: %s = %s, cached %v", sheet, name, c.formula, got, v)
				}
			} else if got != c.text {
				t.Errorf("%s!%s: %s = %q, cached %q", sheet, name, c.formula, got, c.text)
			}
		}
	}
}

// TestFormulasOfAnyHistory: whatever the sales, every formula gives its cached value.
func TestFormulasOfAnyHistory(t *testing.T) {
	slow(t)
	rapid.Check(t, func(rt *rapid.T) {
		lines := factstest.Lines(rt)
		o := factstest.Options(rt)
		if _, err := orders.Collect(ctx, each(lines), o); err != nil {
			rt.Skip(err)
		}
		data := written(t, bookOf(t, each(lines), o), report.Options{Language: report.Language(rapid.IntRange(0, 1).Draw(rt, "language"))})
		calculated(rt, data, open(t, data))
	})
}

// classFormula is the formula of a class under the default rule, with the
// comparison with the row above where there is one.
var classFormula = regexp.MustCompile(`^(?:IF\((\w+)=(\w+),(\w+),)?IF\(ROUND\((\w+)-(\w+)-(\w+)\*(\w+),(\d+)\)<0,"A",IF\(ROUND\(\w+-\w+-(\w+)\*\w+,\d+\)<0,"B","C"\)\)\)?$`)

// TestClassesInDoubles: the formulas of the classes give the library's classes
// in bare doubles, without what spreadsheets do to numbers that nearly agree.
func TestClassesInDoubles(t *testing.T) {
	slow(t)
	const sheet = "ABC-XYZ customers"
	for name, lines := range map[string][]orders.Line{"company": sold(), "equal": equalItems(10_000), "fine": fineItems(3000), "at the bound": itemsAtTheBound(t)} {
		t.Run(name, func(t *testing.T) {
			f := open(t, written(t, bookOf(t, each(lines), orders.Options{}), report.Options{}))
			value := func(ref string) float64 {
				s := sheet
				if to, ok := f.names[ref]; ok {
					s, ref, _ = strings.Cut(strings.ReplaceAll(to, "$", ""), "!")
					s = strings.Trim(s, "'")
				}
				v, ok := f.cells[s][ref].number()
				if !ok {
					t.Fatalf("%s!%s is no number: %+v", s, ref, f.cells[s][ref])
				}
				return v
			}
			tried := 0
			for at, c := range f.cells[sheet] {
				if !strings.HasPrefix(at, "H") || c.formula == "" {
					continue
				}
				m := classFormula.FindStringSubmatch(c.formula)
				if m == nil {
					t.Fatalf("%s: %s", at, c.formula)
				}
				digits, _ := strconv.Atoi(m[8])
				below := func(bound string) bool {
					return math.Round((value(m[4])-value(m[5])-value(bound)*value(m[7]))*math.Pow10(digits)) < 0
				}
				want := "C"
				switch {
				case m[1] != "" && m[2] != "D4" && value(m[1]) == value(m[2]):
					want = f.cells[sheet][m[3]].text
				case below(m[6]):
					want = "A"
				case below(m[9]):
					want = "B"
				}
				if tried++; c.text != want {
					t.Errorf("%s: %s gives %s in doubles, cached %s", at, c.formula, want, c.text)
				}
			}
			if tried < 2 {
				t.Errorf("%d formulas tried", tried)
			}
		})
	}
}

// itemsAtTheBound are two customers of exactly 80 % and 20 %, in kopecks for
// which a quotient of doubles, and a difference that is not rounded, fall short
// of 80 %: the second customer is B, and A by careless formulas.
func itemsAtTheBound(t *testing.T) []orders.Line {
	for k := orders.Amount(1); k < 1_000_000; k++ {
		total, small := (5 * k * orders.One / 100).Float64(), (k * orders.One / 100).Float64()
		if before, bound := total-small, 0.8; before/total < bound && before-bound*total < 0 {
			day := orders.NewDate(2024, 1, 1)
			return []orders.Line{
				{Customer: "large", Date: day, Revenue: 4 * k * orders.One / 100},
				{Customer: "small", Date: day, Revenue: k * orders.One / 100},
			}
		}
	}
	t.Fatal("there are no such kopecks")
	return nil
}
