package ltv_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

var ctx = context.Background()

// money returns v units of money.
func money(v int64) orders.Amount { return orders.Amount(v) * orders.One }

func known(v int64) orders.NullAmount { return orders.Known(money(v)) }

// line is a sale of a product whose cost is known.
func line(customer, day string, revenue, cogs int64) orders.Line {
	l := sale(customer, day, revenue)
	l.COGS = known(cogs)
	return l
}

// sale is a sale of a product whose cost is not known.
func sale(customer, day string, revenue int64) orders.Line {
	d, err := orders.ParseDate(day)
	if err != nil {
		panic(err)
	}
	return orders.Line{Customer: customer, Date: d, Revenue: money(revenue)}
}

var complete = orders.Options{HistoryComplete: true}

// workedExample is the example of the source: definitions §6.
var workedExample = orders.Costs{
	Revenue: known(55_000), COGS: known(40_000),
	CostPerLead: money(500), Conversion: 0.10,
	BonusFirst: orders.Rate{Amount: money(5_000)}, BonusRepeat: orders.Rate{Amount: money(3_000)},
	ErrorsFirst: money(3_000), ErrorsRepeat: money(1_000),
}

// TestWorkedExample holds the what-if table to every figure of definitions §6,
// with the cost of goods and overhead given as one sum and as two.
func TestWorkedExample(t *testing.T) {
	apart := workedExample
	apart.COGS, apart.Overhead = known(31_500), money(8_500)
	for name, c := range map[string]orders.Costs{"one sum": workedExample, "apart": apart} {
		p, err := ltv.WhatIf(c)
		if err != nil {
			t.Fatal(err)
		}
		want := map[ltv.Line][2]int64{
			ltv.Revenue: {55_000, 55_000}, ltv.RevenueWithoutCost: {0, 0}, ltv.Acquisition: {5_000, 0},
			ltv.Bonus: {5_000, 3_000}, ltv.Errors: {3_000, 1_000}, ltv.Direct: {0, 0}, ltv.NetProfit: {2_000, 11_000},
		}
		for l, w := range want {
			if first, repeat := p.First.Money(l), p.Repeat.Money(l); first != known(w[0]) || repeat != known(w[1]) {
				t.Errorf("%s: %s = %v, %v; want %v", name, l, first, repeat, w)
			}
		}
		if costs := p.First.COGS.Amount + p.First.Overhead; costs != money(40_000) {
			t.Errorf("%s: cogs + overhead = %s", name, costs)
		}
		if p.First.Margin != 2.0/55 || p.Repeat.Margin != 11.0/55 || p.Acquisition != money(5_000) {
			t.Errorf("%s: margins %v, %v; acquisition %s", name, p.First.Margin, p.Repeat.Margin, p.Acquisition)
		}
		m, ok := p.Model()
		if !ok || m.Payback() != 1 || m.BreakEven() != money(7_000) {
			t.Errorf("%s: payback %d, break-even %s", name, m.Payback(), m.BreakEven())
		}
		five, err := m.Compare(5)
		if err != nil || five.New != money(10_000) || five.Returning != money(46_000) || five.Times != 4.6 {
			t.Errorf("%s: five purchases: %+v, %v; want 10,000 and 46,000, 4.6 times", name, five, err)
		}
		if five.RepeatRevenue != 0.8 || math.Round(five.RepeatProfit*1000) != 957 {
			t.Errorf("%s: repeat is %v of revenue and %v of profit; want 80 %% and 95.7 %%", name, five.RepeatRevenue, five.RepeatProfit)
		}
	}
}

// TestWorkedExampleFromData gets the same figures from deals that were made:
// four customers who came once and one who came five times.
func TestWorkedExampleFromData(t *testing.T) {
	var lines []orders.Line
	for _, c := range []string{"a", "b", "c", "d"} {
		lines = append(lines, line(c, "2024-01-10", 55_000, 40_000))
	}
	for _, day := range []string{"2024-01-10", "2024-02-10", "2024-03-10", "2024-04-10", "2024-05-10"} {
		lines = append(lines, line("e", day, 55_000, 40_000))
	}
	c := workedExample
	c.Revenue, c.COGS = orders.NullAmount{}, orders.NullAmount{}
	p, err := ltv.DealProfit(ctx, orderstest.Collect(t, lines, complete), c)
	if err != nil {
		t.Fatal(err)
	}
	if p.First.Profit != known(10_000) || p.Repeat.Profit != known(44_000) || p.Total.Profit != known(54_000) {
		t.Errorf("profit %v + %v = %v; want 10,000 + 44,000", p.First.Profit, p.Repeat.Profit, p.Total.Profit)
	}
	first, _ := p.First.PerPurchase()
	repeat, _ := p.Repeat.PerPurchase()
	if first.Profit != known(2_000) || repeat.Profit != known(11_000) || first.Acquisition != money(5_000) {
		t.Errorf("per purchase %+v, %+v", first, repeat)
	}
	origins := map[ltv.Line]ltv.Origin{
		ltv.Revenue: ltv.Data, ltv.RevenueWithoutCost: ltv.Data, ltv.COGS: ltv.Data, ltv.Overhead: ltv.None, ltv.Acquisition: ltv.Assumption,
		ltv.Bonus: ltv.Assumption, ltv.Errors: ltv.Assumption, ltv.Direct: ltv.None, ltv.NetProfit: ltv.Assumption, ltv.Margin: ltv.Assumption,
	}
	for l, want := range origins {
		if p.Origins[l] != want {
			t.Errorf("origin of %s = %s, want %s", l, p.Origins[l], want)
		}
	}
}

// TestUnknownCost pins down what is printed where the export knows the cost of
// some goods, of none, or of all.
func TestUnknownCost(t *testing.T) {
	tests := []struct {
		name                 string
		lines                []orders.Line
		costs                orders.Costs
		first, repeat, total string // profit; "" unknown
		without              int64  // revenue without known cost, in total
		share                float64
	}{
		{"every cost known", []orders.Line{line("a", "2024-01-01", 100, 60), line("a", "2024-01-02", 50, 20)}, orders.Costs{}, "40", "30", "70", 0, 1},
		{"no cost known", []orders.Line{sale("a", "2024-01-01", 100), sale("a", "2024-01-02", 50)}, orders.Costs{}, "", "", "", 150, 0},
		{"no cost known but charges are", []orders.Line{sale("a", "2024-01-01", 100)}, orders.Costs{Overhead: money(10)}, "", "0", "", 100, 0},
		{"half of a purchase", []orders.Line{line("a", "2024-01-01", 100, 60), sale("a", "2024-01-01", 100)}, orders.Costs{}, "40", "0", "40", 100, 0.5},
		{"charged in full", []orders.Line{line("a", "2024-01-01", 100, 60), sale("a", "2024-01-01", 100)}, orders.Costs{BonusFirst: orders.Rate{Percent: money(10)}}, "20", "0", "20", 100, 0.5},
		{"one side only", []orders.Line{line("a", "2024-01-01", 100, 60), sale("a", "2024-01-02", 300)}, orders.Costs{}, "40", "", "40", 300, 0.25},
		{"an unknown side is charged in the total", []orders.Line{line("a", "2024-01-01", 100, 60), sale("a", "2024-01-02", 300)}, orders.Costs{ErrorsRepeat: money(5)}, "40", "", "35", 300, 0.25},
		{"cost of nothing", []orders.Line{line("a", "2024-01-01", 100, 0)}, orders.Costs{COGS: known(0)}, "100", "0", "100", 0, 1},
		{"assumed cost replaces", []orders.Line{line("a", "2024-01-01", 100, 60), sale("a", "2024-01-02", 300)}, orders.Costs{COGS: known(10)}, "90", "290", "380", 0, 1},
		{"assumed revenue, known cost", []orders.Line{line("a", "2024-01-01", 100, 60)}, orders.Costs{Revenue: known(200)}, "140", "0", "140", 0, 1},
		{"assumed revenue, cost half known", []orders.Line{line("a", "2024-01-01", 100, 60), sale("a", "2024-01-01", 100)}, orders.Costs{Revenue: known(300)}, "90", "0", "90", 150, 0.5},
		{"assumed revenue, no cost known", []orders.Line{sale("a", "2024-01-01", 100)}, orders.Costs{Revenue: known(300)}, "", "0", "", 300, 0},
		{"assumed revenue, returns leave no share", []orders.Line{line("a", "2024-01-01", 100, 60), sale("a", "2024-01-01", -50)}, orders.Costs{Revenue: known(300)}, "", "0", "", 300, 0},
		{"assumed direct cost replaces", []orders.Line{{Customer: "a", Date: 738_000, Revenue: money(100), COGS: known(60), Direct: money(7)}}, orders.Costs{Direct: known(9)}, "31", "0", "31", 0, 1},
		{"direct cost of the export", []orders.Line{{Customer: "a", Date: 738_000, Revenue: money(100), COGS: known(60), Direct: money(7)}}, orders.Costs{}, "33", "0", "33", 0, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := ltv.DealProfit(ctx, orderstest.Collect(t, test.lines, complete), test.costs)
			if err != nil {
				t.Fatal(err)
			}
			got := [3]string{p.First.Profit.String(), p.Repeat.Profit.String(), p.Total.Profit.String()}
			if want := [3]string{test.first, test.repeat, test.total}; got != want {
				t.Errorf("profit %q, want %q", got, want)
			}
			if p.Total.RevenueWithoutCost != money(test.without) || p.Total.CostKnown != test.share {
				t.Errorf("without known cost %s (share %v), want %d (%v)", p.Total.RevenueWithoutCost, p.Total.CostKnown, test.without, test.share)
			}
		})
	}
}

// TestSidesAreChargedApart has all four sides, each charged as the definitions say.
func TestSidesAreChargedApart(t *testing.T) {
	lines := []orders.Line{
		line("old", "2024-01-05", 1_000, 600), // within the burn-in: unknown
		line("old", "2024-03-05", 1_000, 600),
		line("new", "2024-03-01", 1_000, 600),
		line("new", "2024-03-02", 1_000, 600),
		line("back", "2024-03-01", -100, -60), // unmatched, and proves an earlier customer
		line("back", "2024-03-04", 1_000, 600),
		line("end", "2024-12-31", 1_000, 600),
	}
	c := orders.Costs{
		Overhead: money(10), CostPerLead: money(20), Conversion: 0.5,
		BonusFirst: orders.Rate{Amount: money(50), Percent: money(1)}, BonusRepeat: orders.Rate{Amount: money(30), Percent: money(2)},
		ErrorsFirst: money(7), ErrorsRepeat: money(3),
	}
	p, err := ltv.DealProfit(ctx, orderstest.Collect(t, lines, orders.Options{BurnIn: 30}), c)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		purchases                                                        int64
		revenue, cogs, overhead, acquisition, bonus, errors, profitMoney int64
	}
	want := map[orders.Side]row{
		orders.First:     {2, 2_000, 1_200, 20, 80, 120, 14, 566},
		orders.Repeat:    {3, 3_000, 1_800, 30, 0, 150, 9, 1_011},
		orders.Unknown:   {1, 1_000, 600, 10, 0, 50, 3, 337},
		orders.Unmatched: {0, -100, -60, 0, 0, -2, 0, -38},
	}
	for side, w := range want {
		s := p.Side(side)
		got := row{s.Purchases, whole(s.Revenue), whole(s.COGS.Amount), whole(s.Overhead), whole(s.Acquisition), whole(s.Bonus), whole(s.Errors), whole(s.Profit.Amount)}
		if got != w {
			t.Errorf("%s: %+v, want %+v", side, got, w)
		}
	}
	if !math.IsNaN(p.Unmatched.Margin) || p.ByNumber.Customers != 2 {
		t.Errorf("margin of unmatched %v; acquired %d", p.Unmatched.Margin, p.ByNumber.Customers)
	}
}

func whole(a orders.Amount) int64 { return int64(a / orders.One) }

// TestOverheadPool shares a pool out by each driver: to the kopeck, by the
// largest remainder.
func TestOverheadPool(t *testing.T) {
	lines := []orders.Line{
		line("a", "2024-01-01", 100, 0), line("b", "2024-01-01", 100, 0), // 2 first purchases, 2 lines
		line("a", "2024-02-01", 100, 0), line("a", "2024-02-01", 400, 0), line("a", "2024-02-01", 100, 0), // 1 repeat purchase, 3 lines
	}
	h := orderstest.Collect(t, lines, complete)
	for driver, want := range map[orders.Driver][2]string{
		orders.PerPurchase: {"66.67", "33.33"}, orders.ByRevenue: {"25", "75"}, orders.ByLines: {"40", "60"},
	} {
		p, err := ltv.DealProfit(ctx, h, orders.Costs{OverheadPool: money(100), OverheadBy: driver, COGS: known(0)})
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{p.First.Overhead.String(), p.Repeat.Overhead.String()}; got != want || p.Total.Overhead != money(100) {
			t.Errorf("driver %d: %v, total %s; want %v", driver, got, p.Total.Overhead, want)
		}
	}
}

func TestErrors(t *testing.T) {
	h := orderstest.Collect(t, []orders.Line{line("a", "2024-01-01", 100, 60), line("a", "2024-01-02", 100, 60)}, complete)
	with := func(o ltv.ProfitOptions) func() error {
		return func() error { _, err := ltv.DealProfitWith(ctx, h, o); return err }
	}
	whatIf := func(c orders.Costs) func() error {
		return func() error { _, err := ltv.WhatIf(c); return err }
	}
	grid := func(o ltv.LeadGridOptions) func() error {
		return func() error {
			p, err := ltv.WhatIf(workedExample)
			if err != nil {
				return err
			}
			_, err = p.LeadGrid(o)
			return err
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for name, test := range map[string]struct {
		do   func() error
		want error
	}{
		"age":                    {with(ltv.ProfitOptions{AgeDays: -1}), orders.ErrOptions},
		"number":                 {with(ltv.ProfitOptions{MaxNumber: -1}), orders.ErrOptions},
		"lead without buyers":    {with(ltv.ProfitOptions{Costs: orders.Costs{CostPerLead: 1}}), orders.ErrOptions},
		"conversion above 1":     {with(ltv.ProfitOptions{Costs: orders.Costs{Conversion: 1.1}}), orders.ErrOptions},
		"scope upside down":      {with(ltv.ProfitOptions{Scope: orders.Scope{From: 2, AsOf: 1}}), orders.ErrOptions},
		"driver":                 {with(ltv.ProfitOptions{Costs: orders.Costs{OverheadBy: 9}}), orders.ErrOptions},
		"assumption too large":   {with(ltv.ProfitOptions{Costs: orders.Costs{Overhead: math.MaxInt64}}), orders.ErrRange},
		"dimension":              {with(ltv.ProfitOptions{Scope: orders.Scope{Where: []orders.Where{{Dimension: "moon"}}}}), orders.ErrQuery},
		"no revenue assumed":     {whatIf(orders.Costs{COGS: known(1)}), orders.ErrOptions},
		"pool without an export": {whatIf(orders.Costs{Revenue: known(1), OverheadPool: 1}), orders.ErrOptions},
		"what-if too large":      {whatIf(orders.Costs{Revenue: orders.Known(math.MaxInt64)}), orders.ErrRange},
		"grid price":             {grid(ltv.LeadGridOptions{CostPerLead: []orders.Amount{-1}}), orders.ErrOptions},
		"grid conversion 0":      {grid(ltv.LeadGridOptions{Conversion: []float64{0}}), orders.ErrOptions},
		"grid conversion NaN":    {grid(ltv.LeadGridOptions{Conversion: []float64{math.NaN()}}), orders.ErrOptions},
		"cohort":                 {func() error { _, err := ltv.Historic(ctx, h, ltv.HistoricOptions{Cohort: 9}); return err }, orders.ErrOptions},
		"historic costs": {func() error {
			_, err := ltv.Historic(ctx, h, ltv.HistoricOptions{Costs: orders.Costs{CostPerLead: -1}})
			return err
		}, orders.ErrOptions},
		"historic upside down": {func() error {
			_, err := ltv.Historic(ctx, h, ltv.HistoricOptions{Scope: orders.Scope{From: 2, AsOf: 1}})
			return err
		}, orders.ErrOptions},
		"historic cancelled": {func() error { _, err := ltv.Historic(cancelled, h, ltv.HistoricOptions{}); return err }, context.Canceled},
		"compare nothing":    {func() error { _, err := ltv.Model{}.Compare(0); return err }, orders.ErrOptions},
		"compare too much":   {func() error { _, err := ltv.Model{First: money(1e9)}.Compare(1e9); return err }, orders.ErrRange},
		"grid without cost": {func() error {
			p, err := ltv.WhatIf(orders.Costs{Revenue: known(1)})
			if err != nil {
				return err
			}
			_, err = p.LeadGrid(ltv.LeadGridOptions{})
			return err
		}, ltv.ErrUnknown},
	} {
		if err := test.do(); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// TestWhatIfWithoutCost: revenue less nothing is no profit.
func TestWhatIfWithoutCost(t *testing.T) {
	p, err := ltv.WhatIf(orders.Costs{Revenue: known(100), Overhead: money(10)})
	if err != nil {
		t.Fatal(err)
	}
	if p.First.Profit.Known || p.Total.Profit.Known || p.First.RevenueWithoutCost != money(100) || p.Origins[ltv.NetProfit] != ltv.None {
		t.Errorf("%+v", p.First)
	}
	if _, ok := p.Model(); ok {
		t.Error("a model of an unknown profit")
	}
}

// drawCosts draws assumptions of all kinds, whole percentages so that nothing
// is rounded differently when it is summed differently.
func drawCosts(t *rapid.T) orders.Costs {
	amount := func(name string) orders.Amount { return orders.Amount(rapid.Int64Range(0, 9_999_999).Draw(t, name)) }
	null := func(name string) orders.NullAmount {
		if rapid.IntRange(0, 2).Draw(t, name+" given") == 2 {
			return orders.Known(amount(name))
		}
		return orders.NullAmount{}
	}
	rate := func(name string) orders.Rate {
		return orders.Rate{Amount: amount(name), Percent: orders.Amount(rapid.IntRange(0, 20).Draw(t, name+" %")) * orders.One}
	}
	return orders.Costs{
		Revenue: null("revenue"), COGS: null("cogs"), Direct: null("direct"), Overhead: amount("overhead"),
		OverheadPool: amount("pool"), OverheadBy: orders.Driver(rapid.IntRange(0, 2).Draw(t, "driver")),
		CostPerLead: amount("lead"), Conversion: 0.25,
		BonusFirst: rate("bonus 1"), BonusRepeat: rate("bonus 2"), ErrorsFirst: amount("errors 1"), ErrorsRepeat: amount("errors 2"),
	}
}

// drawFacts draws a history and opens it naively; ok is false if it has no lines.
func drawFacts(t *rapid.T) (f orders.Facts, ok bool) {
	f, err := factstest.Open(factstest.Lines(t), factstest.Options(t))
	if errors.Is(err, orders.ErrNoRows) {
		return nil, false
	}
	if err != nil {
		t.Fatal(err)
	}
	return f, true
}

// TestConservation: sides add up to the total on every line, columns add up by
// themselves, a pool is spent to the last part of a kopeck, and the revenue is
// the export's.
func TestConservation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		c := drawCosts(t)
		p, err := ltv.DealProfit(ctx, f, c)
		if err != nil {
			t.Fatal(err)
		}
		columns := []ltv.Column{p.First, p.Repeat, p.Unknown, p.Unmatched}
		allKnown := true
		for _, column := range columns {
			allKnown = allKnown && column.Profit.Known
		}
		for _, l := range ltv.Lines()[:ltv.Margin] {
			var sum orders.Amount
			for _, column := range columns {
				sum += column.Money(l).Amount
			}
			if total := p.Total.Money(l); sum != total.Amount && (l != ltv.NetProfit || allKnown) {
				t.Errorf("%s: the sides come to %s, the total says %v", l, sum, total)
			}
		}
		for i, c := range append(columns, p.Total) {
			profit := c.Revenue - c.RevenueWithoutCost - c.COGS.Amount - c.Overhead - c.Acquisition - c.Bonus - c.Errors - c.Direct
			if c.COGS.Known != c.Profit.Known || c.Profit.Known && c.Profit.Amount != profit {
				t.Errorf("column %d: profit %v, its lines come to %s", i, c.Profit, profit)
			}
		}
		control, err := f.Control(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !c.Revenue.Known && p.Total.Revenue != control.Identified || p.Total.Purchases != control.Purchases {
			t.Errorf("revenue %s of %d purchases, control %s of %d", p.Total.Revenue, p.Total.Purchases, control.Identified, control.Purchases)
		}
		pool := p.Total.Overhead - c.Overhead*orders.Amount(p.Total.Purchases)
		if pool != c.OverheadPool {
			t.Errorf("of a pool of %s %s were charged", c.OverheadPool, pool)
		}
	})
}

// TestDealProfitAgainstDeals computes the lines of each side over again from the
// deals, one deal at a time.
func TestDealProfitAgainstDeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		c := drawCosts(t)
		c.Revenue, c.COGS, c.Direct, c.OverheadPool = orders.NullAmount{}, orders.NullAmount{}, orders.NullAmount{}, 0
		p, err := ltv.DealProfit(ctx, f, c)
		if err != nil {
			t.Fatal(err)
		}
		var want [4]naiveColumn
		for d := range f.(dealer).Deals() {
			want[d.Side].add(c, d)
		}
		for side := orders.First; side <= orders.Unmatched; side++ {
			if diff := want[side].diff(p.Side(side)); diff != "" {
				t.Errorf("%s: %s", side, diff)
			}
		}
	})
}
