package report_test

import (
	"bytes"
	"math"
	"strconv"
	"testing"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// TestFormulasOfAnyHistory: whatever the sales, every formula gives its cached
// value, by another implementation of spreadsheet formulas than LibreOffice's.
func TestFormulasOfAnyHistory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := factstest.Lines(rt)
		o := factstest.Options(rt)
		if _, err := orders.Collect(ctx, each(lines), o); err != nil {
			rt.Skip(err)
		}
		data := written(t, bookOf(t, each(lines), o), report.Options{Language: report.Language(rapid.IntRange(0, 1).Draw(rt, "language"))})
		f := open(t, data)
		x, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			rt.Fatal(err)
		}
		defer x.Close()
		for _, sheet := range f.sheets {
			for name, c := range f.cells[sheet] {
				if c.formula == "" {
					continue
				}
				got, err := x.CalcCellValue(sheet, name, excelize.Options{RawCellValue: true})
				if err != nil {
					rt.Errorf("%s!%s: %s: %v", sheet, name, c.formula, err)
					continue
				}
				if v, ok := c.number(); ok {
					w, err := strconv.ParseFloat(got, 64)
					if err != nil || math.Abs(v-w) > 1e-9*max(1, math.Abs(v)) {
						rt.Errorf("%s!%s: %s = %s, cached %v", sheet, name, c.formula, got, v)
					}
				} else if got != c.text {
					rt.Errorf("%s!%s: %s = %q, cached %q", sheet, name, c.formula, got, c.text)
				}
			}
		}
	})
}
