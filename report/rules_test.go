package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// ruled is a workbook of rankings by three rules, and of the sheets that are
// made of several rankings.
func ruled(t testing.TB, lines []orders.Line, rules [3]abcxyz.Rule, mode abcxyz.Mode) report.Book {
	t.Helper()
	sales, err := orders.Collect(ctx, each(lines), orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sales.Release)
	b := report.Book{Sales: sales}
	for i, r := range []**abcxyz.Ranking{&b.Customers, &b.Products, &b.Salespersons} {
		o := abcxyz.Options{By: []orders.Dimension{orders.ByCustomer, orders.ByProduct, orders.BySalesperson}[i], Rule: rules[i], Vary: abcxyz.Value, Season: i == 1}
		switch o.Rule {
		case abcxyz.UT11:
			o.XYZRule = abcxyz.CVMeans
		case abcxyz.PAL:
			o.Bounds = []orders.Amount{40 * orders.One, 80 * orders.One, 95 * orders.One}
		case abcxyz.Absolute:
			o.Bounds = []orders.Amount{50_000 * orders.One, 100 * orders.One}
		}
		if *r, err = abcxyz.Rank(ctx, sales, o); err != nil {
			t.Fatal(err)
		}
	}
	if b.Measures, err = abcxyz.RankMeasures(ctx, sales, abcxyz.MeasuresOptions{}); err != nil {
		t.Fatal(err)
	}
	if b.Within, err = abcxyz.RankSplit(ctx, sales, abcxyz.SplitOptions{}); err != nil {
		t.Fatal(err)
	}
	if b.Compared, err = abcxyz.Compare(ctx, sales, abcxyz.CompareOptions{Ranking: abcxyz.Options{By: orders.ByProduct}, Mode: mode}); err != nil {
		t.Fatal(err)
	}
	return b
}

// ruledBooks are workbooks in which every rule ranks many items and few.
func ruledBooks(t testing.TB) map[string][]byte {
	books := map[string][]byte{}
	for name, lines := range map[string][]orders.Line{"company": sold(), "fine": fineItems(1500), "short": shortItems()} {
		for k, rules := range [][3]abcxyz.Rule{
			{abcxyz.UNF, abcxyz.UT11, abcxyz.PAL}, {abcxyz.UT11, abcxyz.PAL, abcxyz.Absolute}, {abcxyz.PAL, abcxyz.Absolute, abcxyz.UNF}, {abcxyz.Absolute, abcxyz.UNF, abcxyz.UT11},
		} {
			o := report.Options{Language: report.Language(k % 2)}
			books[fmt.Sprint(name, " ", k)] = written(t, ruled(t, lines, rules, abcxyz.Mode(k%3)), o)
		}
	}
	return books
}

// TestRulesRecalculated: by any rule a hard recalculation changes no cell, every
// sheet adds up, and classes are formulas.
func TestRulesRecalculated(t *testing.T) {
	slow(t)
	books := ruledBooks(t)
	for name, after := range recalculate(t, books) {
		t.Run(name, func(t *testing.T) {
			before := open(t, books[name])
			list := differences(before, open(t, after), nil)
			for _, d := range list[:min(len(list), 20)] {
				t.Error(d)
			}
			verdict := before.cells[before.sheets[0]]["A3"].text
			if !strings.HasPrefix(verdict, "Everything adds up") && !strings.HasPrefix(verdict, "Всё сходится") {
				t.Error(verdict)
			}
			if strings.HasSuffix(name, " 2") { // the others have cuts of 1C:УТ 11, an array formula that excelize cannot compute
				calculated(t, books[name], before)
			}
		})
	}
}

// TestRulesFollowParameters: changed bounds give what the library computes with them.
func TestRulesFollowParameters(t *testing.T) {
	slow(t)
	lines := fineItems(1500)
	b := ruled(t, lines, [3]abcxyz.Rule{abcxyz.UNF, abcxyz.PAL, abcxyz.Absolute}, abcxyz.ModeUNF)
	o := report.Options{Language: report.Russian}
	book := written(t, b, o)
	for name, v := range map[string]float64{"Customers_A": 0.3, "Customers_B": 0.7, "Products_A": 0.2, "Products_B": 0.35, "Products_C": 0.9, "Salespersons_A": 700, "Salespersons_B": 250} {
		book = setParameter(t, book, name, v)
	}
	after := open(t, recalculate(t, map[string][]byte{"changed": book})["changed"])
	change := func(r *abcxyz.Ranking, bounds ...orders.Amount) *abcxyz.Ranking {
		changed := r.Options
		changed.Bounds = bounds
		again, err := abcxyz.Rank(ctx, b.Sales, changed)
		if err != nil {
			t.Fatal(err)
		}
		return again
	}
	b.Customers = change(b.Customers, 30*orders.One, 70*orders.One)
	b.Products = change(b.Products, 20*orders.One, 35*orders.One, 90*orders.One)
	b.Salespersons = change(b.Salespersons, 700*orders.One, 250*orders.One)
	// What it takes to rise is a value, and does not follow.
	list := slices.DeleteFunc(differences(open(t, written(t, b, o)), after, []string{"ABC-XYZ клиенты", "ABC-XYZ товары", "ABC-XYZ продавцы", "Матрица ABC-XYZ"}), func(d string) bool {
		sheet, cell, _ := strings.Cut(d, "!")
		name := strings.TrimRight(strings.SplitN(cell, ":", 2)[0], "0123456789")
		head := after.cells[sheet][name+"4"].text
		return head == "До класса выше" || head == "Запас до класса ниже"
	})
	for _, d := range list[:min(len(list), 20)] {
		t.Error(d)
	}
}

// TestPolicies: the sheet of classes says what to do, in the caller's words where they are given.
func TestPolicies(t *testing.T) {
	b := ruled(t, sold(), [3]abcxyz.Rule{abcxyz.Before, abcxyz.PAL, abcxyz.Before}, abcxyz.ModePAL)
	f := open(t, written(t, b, report.Options{Policies: map[string]string{"AX": "Send flowers"}}))
	count := map[string]int{}
	for _, c := range f.cells["ABC-XYZ matrix"] {
		count[c.text]++
	}
	// Once for customers, once for products, whose D is as its C.
	if count["Send flowers"] != 2 || count["A mass offer"] != 1 || count["Drop"] != 2 {
		t.Errorf("%v", count)
	}
}
