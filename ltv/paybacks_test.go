package ltv_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// TestPaybacksByCohortAndChannel: two cohorts of the same first loss of 3,000
// and the same repeat profit of 11,000 (definitions §6); in one everybody comes
// back, in the other one of five does.
func TestPaybacksByCohortAndChannel(t *testing.T) {
	var lines []orders.Line
	sold := func(customer, day, channel string) {
		l := line(customer, day, 55_000, 40_000)
		l.Channel = channel
		lines = append(lines, l)
	}
	for _, c := range []string{"a", "b", "c", "d", "e"} {
		sold(c, "2024-01-01", "fair")
		sold("new "+c, "2024-02-01", "ads")
		sold("new "+c, "2024-03-01", "fair") // the channel of the first deal counts
	}
	sold("a", "2024-03-01", "ads")
	h := orderstest.Collect(t, lines, complete)
	for _, by := range []orders.Dimension{ltv.ByCohort, orders.ByChannel} {
		g, err := ltv.Paybacks(ctx, h, ltv.PaybackOptions{Costs: minusThree, By: by})
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Groups) != 2 || g.Total.Customers != 10 || !g.Total.ByNumber.PaidBack {
			t.Fatalf("by %s: %+v", by, g)
		}
		one, all := g.Groups[0], g.Groups[1]
		if by == orders.ByChannel {
			one, all = all, one
			if one.Key != "fair" || all.Key != "ads" {
				t.Errorf("keys %q, %q", one.Key, all.Key)
			}
		} else if one.Cohort != january || all.Cohort != february {
			t.Errorf("cohorts %s, %s", one.Cohort, all.Cohort)
		}
		for name, test := range map[string]struct {
			group    ltv.PaybackGroup
			per      int64
			paidBack bool
		}{"one of five returns": {one, -800, false}, "all return": {all, 8_000, true}} {
			p := test.group.ByNumber
			if len(p.Points) != 2 || p.Points[0].PerCustomer != money(-3_000) || p.Points[1].PerCustomer != money(test.per) || p.PaidBack != test.paidBack {
				t.Errorf("by %s, %s: %+v", by, name, p)
			}
			if m, ok := test.group.Model(); !ok || m.Payback() != 2 || m.First != money(-3_000) || m.Repeat != money(11_000) {
				t.Errorf("by %s, %s: the model %+v", by, name, m)
			}
			last := test.group.ByAge.Points[len(test.group.ByAge.Points)-1]
			if last.PerCustomer != money(test.per) {
				t.Errorf("by %s, %s: by days %+v", by, name, last)
			}
		}
	}
}

// TestPaybacksAddUp: the total is the payback of the profit table; over the
// groups customers, purchases and revenue add up to it exactly, profit but for
// the rounding of percentages. Each group alone is the table of its customers.
func TestPaybacksAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		c := drawCosts(t)
		p, err := ltv.DealProfitWith(ctx, f, ltv.ProfitOptions{Costs: c, MaxNumber: 3, AgeDays: 20})
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range []orders.Dimension{ltv.ByCohort, orders.ByChannel} {
			o := ltv.PaybackOptions{Costs: c, MaxNumber: 3, AgeDays: 20, By: by}
			g, err := ltv.Paybacks(ctx, f, o)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.ByNumber.Points) > 0 {
				if d := factstest.Diff([]ltv.Payback{g.Total.ByNumber, g.Total.ByAge}, []ltv.Payback{p.ByNumber, p.ByAge}); d != "" {
					t.Fatalf("by %s: %s", by, d)
				}
			}
			var first, repeat ltv.Column
			var customers int64
			for _, x := range g.Groups {
				customers += x.Customers
				first, repeat = addUp(first, x.First), addUp(repeat, x.Repeat)
			}
			tolerance := orders.Amount(len(g.Groups)) // a four-place rounding each
			for _, pair := range [][2]ltv.Column{{first, g.Total.First}, {repeat, g.Total.Repeat}} {
				got, want := pair[0], pair[1]
				if got.Purchases != want.Purchases || got.Revenue != want.Revenue || got.COGS.Amount != want.COGS.Amount && !c.Revenue.Known ||
					got.Overhead != want.Overhead || got.Acquisition != want.Acquisition || got.Errors != want.Errors || (got.Bonus-want.Bonus).Abs() > tolerance {
					t.Errorf("by %s: the groups come to %+v, the total is %+v", by, got, want)
				}
			}
			if customers != g.Total.Customers {
				t.Errorf("by %s: %d customers in groups of %d", by, customers, g.Total.Customers)
			}
		}
	})
}

func addUp(a, b ltv.Column) ltv.Column {
	a.Purchases += b.Purchases
	a.Revenue += b.Revenue
	a.COGS.Amount += b.COGS.Amount
	a.Overhead += b.Overhead
	a.Acquisition += b.Acquisition
	a.Bonus += b.Bonus
	a.Errors += b.Errors
	return a
}

// TestPaybacksAgainstFilters: a cohort's payback is that of a profit table whose
// scope holds its customers alone.
func TestPaybacksAgainstFilters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		c := drawCosts(t)
		c.OverheadPool = 0 // a pool of a part is another pool
		for _, by := range []orders.Dimension{ltv.ByCohort, orders.ByChannel} {
			g, err := ltv.Paybacks(ctx, f, ltv.PaybackOptions{Costs: c, By: by, Cohort: orders.Week})
			if err != nil {
				t.Fatal(err)
			}
			if len(g.Total.ByNumber.Points) == 0 {
				return
			}
			for i := range g.Groups {
				x := &g.Groups[i]
				var ids []string
				for v, err := range f.Customers(ctx, orders.CustomerQuery{}) {
					if err != nil {
						t.Fatal(err)
					}
					if v.Entry == orders.First && v.Purchases > 0 && (by == orders.ByChannel && v.Channel == x.Key || orders.Week.Of(v.FirstDay) == x.Cohort) {
						ids = append(ids, v.ID)
					}
				}
				p, err := ltv.DealProfitWith(ctx, f, ltv.ProfitOptions{Costs: c, Scope: orders.Scope{Where: []orders.Where{{Dimension: orders.ByCustomer, In: ids}}}})
				if err != nil {
					t.Fatal(err)
				}
				if len(p.ByNumber.Points) == 0 || len(x.ByNumber.Points) == 0 {
					continue // an unknown cost in one of the two
				}
				if d := factstest.Diff([]ltv.Payback{x.ByNumber, x.ByAge}, []ltv.Payback{p.ByNumber, p.ByAge}); d != "" {
					t.Errorf("%s %q: %s", x.Cohort, x.Key, d)
				}
			}
		}
	})
}

// TestVerdict: definitions §6: the first deal of the worked example loses money
// if and only if winning a customer costs more than 7,000.
func TestVerdict(t *testing.T) {
	for name, test := range map[string]struct {
		acquisition, first int64
		loses              bool
		model              int64
	}{
		"as it is": {5_000, 2_000, false, 1}, "just not": {7_000, 0, false, 1}, "just so": {7_001, -1, true, 2}, "dear": {30_000, -23_000, true, 4},
	} {
		c := workedExample
		c.CostPerLead, c.Conversion = money(test.acquisition), 1
		p, err := ltv.WhatIf(c)
		if err != nil {
			t.Fatal(err)
		}
		want := ltv.Verdict{First: money(test.first), FirstLoses: test.loses, Acquisition: money(test.acquisition), BreakEven: money(7_000), Repeat: money(11_000), Model: test.model}
		if v, ok := p.Verdict(); !ok || v != want {
			t.Errorf("%s: %+v, want %+v", name, v, want)
		}
	}
	if _, ok := (&ltv.Profit{}).Verdict(); ok {
		t.Error("a verdict of nothing")
	}
}
