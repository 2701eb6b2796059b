package ltv_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// TestModelPayback: n = 1 + ⌈max(0, −first) ÷ repeat⌉, definitions §6.
func TestModelPayback(t *testing.T) {
	for name, test := range map[string]struct{ first, repeat, want int64 }{
		"worked example":           {2_000, 11_000, 1},
		"breaks even at once":      {0, 11_000, 1},
		"loses less than a repeat": {-3_000, 11_000, 2},
		"exactly one repeat":       {-11_000, 11_000, 2},
		"a kopeck more":            {-11_001, 11_000, 3},
		"repeat earns nothing":     {-3_000, 0, 0},
		"repeat loses":             {2_000, -1, 0},
	} {
		m := ltv.Model{First: money(test.first), Repeat: money(test.repeat)}
		if got := m.Payback(); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

// TestLeadGrid reproduces the grid of definitions §6, by default and asked for.
func TestLeadGrid(t *testing.T) {
	p, err := ltv.WhatIf(workedExample)
	if err != nil {
		t.Fatal(err)
	}
	noPrice := workedExample // the default where the table has neither price nor conversion
	noPrice.CostPerLead, noPrice.Conversion = 0, 0
	q, err := ltv.WhatIf(noPrice)
	if err != nil {
		t.Fatal(err)
	}
	asked := ltv.LeadGridOptions{
		CostPerLead: []orders.Amount{money(500), money(1_000), money(1_500)},
		Conversion:  []float64{0.05, 0.10, 0.20},
	}
	acquisition := [3][3]int64{{10_000, 5_000, 2_500}, {20_000, 10_000, 5_000}, {30_000, 15_000, 7_500}}
	first := [3][3]int64{{-3_000, 2_000, 4_500}, {-13_000, -3_000, 2_000}, {-23_000, -8_000, -500}}
	payback := [3][3]int64{{2, 1, 1}, {3, 2, 1}, {4, 2, 2}}
	for name, grid := range map[string]func() (*ltv.LeadGrid, error){
		"default":                 func() (*ltv.LeadGrid, error) { return p.LeadGrid(ltv.LeadGridOptions{}) },
		"asked for":               func() (*ltv.LeadGrid, error) { return p.LeadGrid(asked) },
		"default without a price": func() (*ltv.LeadGrid, error) { return q.LeadGrid(ltv.LeadGridOptions{}) },
	} {
		g, err := grid()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(g.CostPerLead, asked.CostPerLead) || !slices.Equal(g.Conversion, asked.Conversion) {
			t.Errorf("%s: %v × %v", name, g.CostPerLead, g.Conversion)
		}
		for i := range g.Cells {
			for j, cell := range g.Cells[i] {
				want := ltv.LeadCell{Acquisition: money(acquisition[i][j]), First: money(first[i][j]), Payback: payback[i][j]}
				if cell != want {
					t.Errorf("%s: %s at %v: %+v, want %+v", name, g.CostPerLead[i], g.Conversion[j], cell, want)
				}
			}
		}
	}
}

// TestBreakEven: in the example the first deal loses money if and only if
// winning the customer costs more than 7,000.
func TestBreakEven(t *testing.T) {
	for acquisition, loses := range map[int64]bool{6_999: false, 7_000: false, 7_001: true} {
		c := workedExample
		c.CostPerLead, c.Conversion = money(acquisition), 1
		p, err := ltv.WhatIf(c)
		if err != nil {
			t.Fatal(err)
		}
		if p.First.Profit.Amount < 0 != loses {
			t.Errorf("at %d the first deal earns %v", acquisition, p.First.Profit)
		}
		if m, _ := p.Model(); m.BreakEven() != money(7_000) {
			t.Errorf("at %d break-even is %s", acquisition, m.BreakEven())
		}
	}
}

// minusThree makes a first purchase lose 3,000 and a repeat one earn 11,000.
var minusThree = func() orders.Costs {
	c := workedExample
	c.Revenue, c.COGS, c.CostPerLead = orders.NullAmount{}, orders.NullAmount{}, money(1_000)
	return c
}()

// TestPaybackFromDataIsNotTheModel: definitions §6: a model in which every
// customer returns pays back at purchase 2; where one in five does the data
// stand at −800 per customer, and never pay back.
func TestPaybackFromDataIsNotTheModel(t *testing.T) {
	tests := []struct {
		name     string
		return2  []string // who makes a second purchase
		per      [2]int64 // profit per acquired customer after purchase 1 and 2
		paidBack bool
	}{
		{"one in five returns", []string{"a"}, [2]int64{-3_000, -800}, false},
		{"all return", []string{"a", "b", "c", "d", "e"}, [2]int64{-3_000, 8_000}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var lines []orders.Line
			for _, c := range []string{"a", "b", "c", "d", "e"} {
				lines = append(lines, line(c, "2024-01-01", 55_000, 40_000))
			}
			for _, c := range test.return2 {
				lines = append(lines, line(c, "2024-02-15", 55_000, 40_000)) // on day 45
			}
			lines = append(lines, sale("", "2024-03-31", 1)) // the export goes on to day 90
			p, err := ltv.DealProfit(ctx, orderstest.Collect(t, lines, complete), minusThree)
			if err != nil {
				t.Fatal(err)
			}
			if m, ok := p.Model(); !ok || m.Payback() != 2 {
				t.Errorf("the model pays back at %d, want 2", m.Payback())
			}
			n := p.ByNumber
			if n.Customers != 5 || len(n.Points) != 2 || n.PaidBack != test.paidBack {
				t.Fatalf("by number: %+v", n)
			}
			for i, want := range test.per {
				if n.Points[i].At != i+1 || n.Points[i].PerCustomer != money(want) {
					t.Errorf("after purchase %d: %+v, want %d", i+1, n.Points[i], want)
				}
			}
			a := p.ByAge
			if len(a.Points) != 4 || a.Points[0].PerCustomer != n.Points[0].PerCustomer || a.Points[1].PerCustomer != n.Points[1].PerCustomer {
				t.Fatalf("by age: %+v", a)
			}
			if test.paidBack && (n.At != 2 || a.At != 59) || !test.paidBack && (n.At != 0 || a.At != 0) {
				t.Errorf("paid back at purchase %d, day %d", n.At, a.At)
			}
			// 90 days are seen of everyone, of the fourth month only day 90.
			if a.Points[2].Customers != 5 || a.Points[3].Customers != 0 || a.Points[3].At != 119 {
				t.Errorf("observed: %+v", a.Points)
			}
		})
	}
}

// TestPaybackIsOfCustomersAcquiredInTheScope leaves out those acquired before,
// and cannot be told where a filter hides some of a customer's deals.
func TestPaybackIsOfCustomersAcquiredInTheScope(t *testing.T) {
	lines := []orders.Line{
		line("a", "2024-01-01", 100, 60), line("a", "2024-02-01", 100, 60), line("a", "2024-03-01", 100, 60),
		line("b", "2024-02-10", 100, 60), line("b", "2024-02-11", 100, 60),
	}
	for i := range lines {
		lines[i].Channel, lines[i].Salesperson = "web", "Ivan"
	}
	h := orderstest.Collect(t, lines, complete)
	from := orders.NewDate(2024, 2, 1)
	for name, test := range map[string]struct {
		scope                orders.Scope
		customers, purchases int64 // followed
	}{
		"all":            {orders.Scope{}, 2, 5},
		"from February":  {orders.Scope{From: from}, 1, 2},
		"until February": {orders.Scope{AsOf: from + 9}, 2, 3},
		"a customer":     {orders.Scope{Where: []orders.Where{{Dimension: orders.ByCustomer, In: []string{"a"}}}}, 1, 3},
		"an owner":       {orders.Scope{Where: []orders.Where{{Dimension: orders.ByOwner, In: []string{"Ivan"}}}}, 2, 5},
		"a channel":      {orders.Scope{Where: []orders.Where{{Dimension: orders.ByChannel, In: []string{"web"}}}}, 0, 0},
		"nobody":         {orders.Scope{From: from + 20}, 0, 0},
	} {
		p, err := ltv.DealProfitWith(ctx, h, ltv.ProfitOptions{Scope: test.scope})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []ltv.Payback{p.ByNumber, p.ByAge} {
			var last ltv.PaybackPoint
			if len(b.Points) > 0 {
				last = b.Points[len(b.Points)-1]
			}
			if b.Customers != test.customers || last.Purchases != test.purchases {
				t.Errorf("%s: %d customers, %d purchases; want %d, %d", name, b.Customers, last.Purchases, test.customers, test.purchases)
			}
		}
	}
}

// TestPaybackByNumberAgainstDeals follows every acquired customer through their
// deals, without flows and without sums of sums; and by age likewise.
func TestPaybackByNumberAgainstDeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		c := drawCosts(t)
		c.Revenue, c.COGS, c.Direct, c.OverheadPool = orders.NullAmount{}, orders.NullAmount{}, orders.NullAmount{}, 0
		o := ltv.ProfitOptions{Costs: c, MaxNumber: rapid.IntRange(1, 4).Draw(t, "max"), AgeDays: rapid.IntRange(1, 90).Draw(t, "age")}
		p, err := ltv.DealProfitWith(ctx, f, o)
		if err != nil {
			t.Fatal(err)
		}
		acquired := map[string]orders.Date{}
		for d := range f.(dealer).Deals() {
			if d.N == 1 && d.Side == orders.First {
				acquired[d.Customer] = d.Day
			}
		}
		known := p.First.Profit.Known && p.Repeat.Profit.Known
		if known && p.ByNumber.Customers != int64(len(acquired)) {
			t.Errorf("%d acquired, want %d", p.ByNumber.Customers, len(acquired))
		}
		holds := func(b ltv.Payback, in func(ltv.PaybackPoint, orders.Deal, int) bool) {
			if known != (len(b.Points) > 0) && len(acquired) > 0 {
				t.Errorf("%d points; profit known: %v", len(b.Points), known)
			}
			firstPaid := 0
			for _, point := range b.Points {
				var first, repeat naiveColumn
				for d := range f.(dealer).Deals() {
					day, ok := acquired[d.Customer]
					switch {
					case !ok || d.Of == 0 || !in(point, d, int(d.Day-day)):
					case d.Side == orders.First:
						first.add(c, d)
					default:
						repeat.add(c, d)
					}
				}
				want := new(big.Rat).Add(first.profit(), repeat.profit())
				if !near(point.Cumulative, want) || point.Purchases != first.purchases+repeat.purchases || point.Revenue != first.revenue+repeat.revenue {
					t.Errorf("at %d: %+v, want profit %s, %d purchases", point.At, point, want.FloatString(4), first.purchases+repeat.purchases)
				}
				if point.Cumulative >= 0 && firstPaid == 0 {
					firstPaid = point.At + 1
				}
			}
			if b.PaidBack != (firstPaid > 0) || b.PaidBack && b.At != firstPaid-1 {
				t.Errorf("paid back %v at %d, want %d", b.PaidBack, b.At, firstPaid-1)
			}
		}
		holds(p.ByNumber, func(point ltv.PaybackPoint, d orders.Deal, _ int) bool { return d.Of <= point.At || point.AndLater })
		holds(p.ByAge, func(point ltv.PaybackPoint, _ orders.Deal, age int) bool { return age <= point.At })
	})
}

// TestPaybackEndsAtTheTable: where every customer was acquired in the export,
// the last point of both curves is the table, its overhead pool included.
func TestPaybackEndsAtTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		p, err := ltv.DealProfit(ctx, f, drawCosts(t))
		if err != nil {
			t.Fatal(err)
		}
		whole := p.Unknown.Purchases == 0 && p.First.Purchases == p.ByNumber.Customers
		for c, err := range f.Customers(ctx, orders.CustomerQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			whole = whole && (c.Entry == orders.First || c.Sides == orders.Sides{})
		}
		if !whole || len(p.ByNumber.Points) == 0 {
			return
		}
		want := p.First.Profit.Amount + p.Repeat.Profit.Amount
		for _, b := range []ltv.Payback{p.ByNumber, p.ByAge} {
			if got := b.Points[len(b.Points)-1].Cumulative; got != want {
				t.Errorf("the curve ends at %s, the table says %s", got, want)
			}
		}
	})
}

// TestPaybackBearsItsPartOfThePool: an earlier customer's repeat purchases bear
// their own part of the overhead, which is no part of the curve.
func TestPaybackBearsItsPartOfThePool(t *testing.T) {
	lines := []orders.Line{
		line("old", "2024-01-01", 100, 0), line("old", "2024-06-01", 100, 0), line("old", "2024-06-02", 100, 0), // unknown, 2 repeats
		line("new", "2024-05-01", 100, 0), line("new", "2024-06-01", 100, 0), // first, 1 repeat
		line("new", "2024-12-31", 100, 0), // 1 repeat more
	}
	p, err := ltv.DealProfit(ctx, orderstest.Collect(t, lines, orders.Options{BurnIn: 30}), orders.Costs{OverheadPool: money(60)})
	if err != nil {
		t.Fatal(err)
	}
	var got []orders.Amount
	for _, point := range p.ByNumber.Points {
		got = append(got, point.Cumulative)
	}
	if want := []orders.Amount{money(90), money(180), money(270)}; !slices.Equal(got, want) || p.Repeat.Overhead != money(40) {
		t.Errorf("cumulative %v, want %v; repeat bears %s", got, want, p.Repeat.Overhead)
	}
}

// TestLeadGridDefaults: conversions are doubled to 1 at most.
func TestLeadGridDefaults(t *testing.T) {
	c := workedExample
	c.CostPerLead, c.Conversion = money(100), 0.8
	p, err := ltv.WhatIf(c)
	if err != nil {
		t.Fatal(err)
	}
	g, err := p.LeadGrid(ltv.LeadGridOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(g.Conversion, []float64{0.4, 0.8, 1}) || !slices.Equal(g.CostPerLead, []orders.Amount{money(100), money(200), money(300)}) {
		t.Errorf("%v × %v", g.CostPerLead, g.Conversion)
	}
}
