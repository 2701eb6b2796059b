package report_test

import (
	"context"
	"errors"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// spentOn returns what was spent on the customers of an export, in its first
// months: through channels that it names and one that it does not.
func spentOn(t testing.TB, sales orders.Facts) []ltv.Spend {
	t.Helper()
	all, err := ltv.Acquire(context.Background(), sales, ltv.AcquireOptions{})
	if err != nil {
		t.Fatal(err)
	}
	channels := []string{"1", "2", "3"} // of no language
	for i, c := range all.ByChannel {
		if i < len(channels) {
			channels[i] = c.Channel
		}
	}
	first := orders.Month.Of(max(all.Scope.From, 1))
	return []ltv.Spend{
		{Period: first, Channel: channels[0], Money: 1_000_033_300, Leads: ltv.Counted(40), Qualified: ltv.Counted(12)},
		{Period: first.Add(1), Channel: channels[1], Money: 50_000 * orders.One, Leads: ltv.Counted(7), Qualified: ltv.Counted(0)},
		{Period: first.Add(8), Channel: channels[2], Money: 120_000*orders.One + 1, Leads: ltv.Counted(90), Qualified: ltv.Counted(30)},
		{Period: first.Add(9), Channel: "", Money: 70_000 * orders.One},
		{Period: first.Add(10), Channel: "0", Money: 10_000 * orders.One, Leads: ltv.Counted(0), Qualified: ltv.Counted(0)},
		{Period: first.Add(100), Channel: channels[0], Money: 5 * orders.One},
	}
}

// deals gives b the acquisition table, the profit taken apart and the paybacks.
func deals(t testing.TB, b *report.Book) {
	t.Helper()
	ctx := context.Background()
	var err error
	b.Acquisition, err = ltv.Acquire(ctx, b.Sales, ltv.AcquireOptions{Spend: spentOn(t, b.Sales)})
	for _, by := range []orders.Dimension{orders.BySalesperson, orders.ByChannel, orders.ByGroup, ltv.ByCohort} {
		s, err1 := ltv.SplitProfit(ctx, b.Sales, ltv.SplitOptions{Costs: costs, By: by, Cohort: orders.Quarter})
		b.Splits, err = append(b.Splits, s), errors.Join(err, err1)
	}
	for _, by := range []orders.Dimension{ltv.ByCohort, orders.ByChannel} {
		p, err1 := ltv.Paybacks(ctx, b.Sales, ltv.PaybackOptions{Costs: costs, By: by, Cohort: orders.Quarter})
		b.Paybacks, err = append(b.Paybacks, p), errors.Join(err, err1)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// spent is a workbook in which what was spent is charged, overhead is shared
// out by lines, and a filter leaves out a part of the customers.
func spent(t testing.TB, scope orders.Scope) report.Book {
	t.Helper()
	ctx := context.Background()
	b := bookOf(t, each(sold()), orders.Options{})
	c := orders.Costs{OverheadPool: 12_345_678_901, OverheadBy: orders.ByLines, BonusFirst: orders.Rate{Percent: 3 * orders.One}}
	spend := spentOn(t, b.Sales)
	var err1, err2, err3, err4 error
	b.Profit, err1 = ltv.DealProfitWith(ctx, b.Sales, ltv.ProfitOptions{Scope: scope, Costs: c, Spend: spend})
	b.Acquisition, err2 = ltv.Acquire(ctx, b.Sales, ltv.AcquireOptions{Scope: scope, Spend: spend})
	split, err3 := ltv.SplitProfit(ctx, b.Sales, ltv.SplitOptions{Scope: scope, Costs: c, Spend: spend})
	paybacks, err4 := ltv.Paybacks(ctx, b.Sales, ltv.PaybackOptions{Scope: scope, Costs: c, Spend: spend, By: orders.ByChannel})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	b.Splits, b.Paybacks = []*ltv.ProfitSplit{split}, []*ltv.PaybackTable{paybacks}
	return b
}

// TestFilteredProfitReconciles: results of a part of the customers carry what
// they leave out, so that every difference of the Reconciliation is 0.
func TestFilteredProfitReconciles(t *testing.T) {
	scope := orders.Scope{From: orders.NewDate(2024, 1, 1), Where: []orders.Where{{Dimension: orders.ByOwner, In: []string{sold()[0].Salesperson}}}}
	b := spent(t, scope)
	if b.Profit.Outside == 0 || b.Profit.Export.Total().Revenue == 0 {
		t.Fatalf("the filter leaves out %s of %s", b.Profit.Outside, b.Profit.Export.Total().Revenue)
	}
	f := open(t, written(t, b, report.Options{Language: report.Russian}))
	checks := 0
	for name, c := range f.cells["Сверка"] {
		if c.text != "Разница" {
			continue
		}
		checks++
		for _, column := range []string{"B", "C"} {
			if v, ok := f.cells["Сверка"][column+name[1:]].number(); ok && v != 0 {
				t.Errorf("%s%s: the difference is %v", column, name[1:], v)
			}
		}
	}
	if checks < 10 {
		t.Errorf("%d differences", checks)
	}
}

// TestProfitFormulasAtTheEdge: formulas that a stray last digit of a double, or
// sums that net to nothing, would lead astray give their cached values.
func TestProfitFormulasAtTheEdge(t *testing.T) {
	day := orders.NewDate(2024, 1, 1)
	rouble, half := orders.One, orders.One/100*25
	for name, test := range map[string]struct {
		lines []orders.Line
		costs orders.Costs
	}{
		"half a kopeck per purchase": {lines: []orders.Line{
			{Customer: "a", Date: day, Revenue: 250_000 * rouble, COGS: orders.Known(0)},
			{Customer: "a", Date: day + 9, Revenue: 56*rouble + half, COGS: orders.Known(0)},
		}},
		"known costs that net to nothing": {lines: []orders.Line{
			{Customer: "a", Date: day, Revenue: 100 * rouble, COGS: orders.Known(50 * rouble)},
			{Customer: "a", Date: day + 9, Revenue: 300 * rouble},
			{Customer: "a", Date: day + 9, Revenue: -100 * rouble, COGS: orders.Known(-50 * rouble)},
		}},
		"a payback of many whole purchases": {lines: []orders.Line{
			{Customer: "a", Date: day, Revenue: 3 * rouble / 100, COGS: orders.Known(0)},
			{Customer: "a", Date: day + 9, Revenue: 3 * rouble / 100, COGS: orders.Known(0)},
		}, costs: orders.Costs{ErrorsFirst: 116_499 * rouble / 100}},
	} {
		t.Run(name, func(t *testing.T) {
			b := bookOf(t, each(test.lines), orders.Options{HistoryComplete: true})
			b = report.Book{Sales: b.Sales}
			var err1, err2 error
			b.Profit, err1 = ltv.DealProfit(context.Background(), b.Sales, test.costs)
			paybacks, err2 := ltv.Paybacks(context.Background(), b.Sales, ltv.PaybackOptions{Costs: test.costs, By: orders.ByChannel})
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			b.Paybacks = []*ltv.PaybackTable{paybacks}
			data := written(t, b, report.Options{})
			calculated(t, data, open(t, data))
		})
	}
}
