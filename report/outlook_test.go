package report_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// beside returns the cell to the right of the one in column A with that text.
func beside(t *testing.T, f *file, sheet, label string) cell {
	t.Helper()
	for name, c := range f.cells[sheet] {
		if c.text == label && strings.HasPrefix(name, "A") {
			return f.cells[sheet]["B"+name[1:]]
		}
	}
	t.Fatalf("%s has no %q", sheet, label)
	return cell{}
}

// TestConcentrationFollows: the indices are formulas over the list of customers,
// and who brings a share follows the parameter.
func TestConcentrationFollows(t *testing.T) {
	slow(t)
	b := bookOf(t, each(sold()), orders.Options{})
	const behind = "Fewest items that bring 80 %, see the parameters"
	book := written(t, b, report.Options{})
	after := open(t, recalculate(t, map[string][]byte{"half": setParameter(t, book, "Concentration_Behind", 0.5)})["half"])
	want, sum := 0, orders.Amount(0)
	for _, i := range b.Customers.Items {
		if 2*sum < b.Concentration.Base {
			want++
		}
		sum += max(i.Value, 0)
	}
	if got := beside(t, after, "Concentration", behind); got.text != fmt.Sprint(want) {
		t.Errorf("%s items bring half, want %d", got.text, want)
	}
	f := open(t, book)
	for _, label := range []string{"Gini", "Index of concentration, of 10,000", behind} {
		if c := beside(t, f, "Concentration", label); c.formula == "" {
			t.Errorf("%s is no formula", label)
		}
	}
}

// TestConcentrationAlone: without the list that it is of, or of another one, the
// indices are values, and the sheet says so.
func TestConcentrationAlone(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	for name, book := range map[string]report.Book{
		"alone":     {Sales: b.Sales, Concentration: b.Concentration},
		"of others": {Sales: b.Sales, Customers: b.Customers, Concentration: b.Products.Concentration()},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, written(t, book, report.Options{}))
			if c := beside(t, f, "Concentration", "Gini"); c.formula != "" || c.text == "" {
				t.Errorf("Gini is %+v", c)
			}
			said := false
			for _, c := range f.cells["Concentration"] {
				said = said || strings.Contains(c.text, "values, not formulas")
			}
			if _, named := f.names["Concentration_Behind"]; !said || named {
				t.Errorf("said: %t, a parameter without a formula: %t", said, named)
			}
		})
	}
}

// TestOutlookOfNothing: results of sales without a positive sum, or of a part of a
// month, are sheets that say so.
func TestOutlookOfNothing(t *testing.T) {
	for name, lines := range map[string][]orders.Line{
		"returns alone": {{Customer: "a", Product: "p", Date: orders.NewDate(2024, 1, 1), Revenue: -5 * orders.One}},
		"one day":       {{Customer: "a", Product: "p", Date: orders.NewDate(2024, 1, 1), Revenue: 5 * orders.One}},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, written(t, bookOf(t, each(lines), orders.Options{}), report.Options{}))
			for _, sheet := range []string{"Migration", "Stability of products", "Top-20 customers", "Concentration"} {
				if !slices.Contains(f.sheets, sheet) {
					t.Errorf("there is no sheet %s", sheet)
				}
			}
		})
	}
}

// TestTwoOfOneName: two lists that would be one sheet are an error, not a lost sheet.
func TestTwoOfOneName(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	for name, book := range map[string]report.Book{
		"lists":     {Sales: b.Sales, Top: []*abcxyz.TopList{b.Top[0], b.Top[0]}},
		"stability": {Sales: b.Sales, Stability: []*abcxyz.Stability{b.Stability[0], b.Stability[0]}},
	} {
		if err := report.Write(ctx, &strings.Builder{}, book, report.Options{}); !errors.Is(err, orders.ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMigrationChart: the chart has a series for every class at the end and one for
// those that left.
func TestMigrationChart(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	f := open(t, written(t, report.Book{Sales: b.Sales, Migration: b.Migration}, report.Options{}))
	for name, part := range f.parts {
		if strings.HasPrefix(name, "xl/charts/chart") {
			if n := strings.Count(string(part), "<ser>") + strings.Count(string(part), "<c:ser>"); n != len(b.Migration.ABC.Classes)+1 {
				t.Errorf("%d series", n)
			}
		}
	}
}
