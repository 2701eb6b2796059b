package ltv_test

import (
	"context"
	"fmt"
	"iter"
	"log"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// The worked example: the same 55,000 earn 2,000 from a new customer and
// 11,000 from one who comes back.
func ExampleWhatIf() {
	p, err := ltv.WhatIf(orders.Costs{
		Revenue:      orders.Known(55_000 * orders.One),
		COGS:         orders.Known(40_000 * orders.One),
		CostPerLead:  500 * orders.One,
		Conversion:   0.10,
		BonusFirst:   orders.Rate{Amount: 5_000 * orders.One},
		BonusRepeat:  orders.Rate{Amount: 3_000 * orders.One},
		ErrorsFirst:  3_000 * orders.One,
		ErrorsRepeat: 1_000 * orders.One,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%-20s %7s %7s\n", "", "first", "repeat")
	for _, line := range ltv.Lines() {
		if line != ltv.Margin {
			fmt.Printf("%-20s %7s %7s\n", line, p.First.Money(line), p.Repeat.Money(line))
		}
	}
	fmt.Printf("%-20s %6.1f%% %6.1f%%\n", ltv.Margin, 100*p.First.Margin, 100*p.Repeat.Margin)

	model, _ := p.Model()
	five, err := model.Compare(5)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("five new customers %s, one customer five times %s: %.1f times\n", five.New, five.Returning, five.Times)
	fmt.Printf("repeat is %.0f%% of that customer's revenue and %.1f%% of the profit\n", 100*five.RepeatRevenue, 100*five.RepeatProfit)
	fmt.Printf("a first purchase loses money if a customer costs more than %s\n", model.BreakEven())
	// Output:
	//                        first  repeat
	// revenue                55000   55000
	// revenue_without_cost       0       0
	// cogs                   40000   40000
	// overhead                   0       0
	// acquisition             5000       0
	// bonus                   5000    3000
	// errors                  3000    1000
	// direct                     0       0
	// profit                  2000   11000
	// margin                  3.6%   20.0%
	// five new customers 10000, one customer five times 46000: 4.6 times
	// repeat is 80% of that customer's revenue and 95.7% of the profit
	// a first purchase loses money if a customer costs more than 7000
}

// What a lead may cost, by how many of them buy.
func ExampleProfit_LeadGrid() {
	p, err := ltv.WhatIf(orders.Costs{
		Revenue: orders.Known(55_000 * orders.One), COGS: orders.Known(40_000 * orders.One),
		CostPerLead: 500 * orders.One, Conversion: 0.10,
		BonusFirst: orders.Rate{Amount: 5_000 * orders.One}, BonusRepeat: orders.Rate{Amount: 3_000 * orders.One},
		ErrorsFirst: 3_000 * orders.One, ErrorsRepeat: 1_000 * orders.One,
	})
	if err != nil {
		log.Fatal(err)
	}
	grid, err := p.LeadGrid(ltv.LeadGridOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for i, price := range grid.CostPerLead {
		for j, conversion := range grid.Conversion {
			c := grid.Cells[i][j]
			fmt.Printf("%4s at %2.0f%%: first %6s, pays back at purchase %d\n", price, 100*conversion, c.First, c.Payback)
		}
	}
	// Output:
	//  500 at  5%: first  -3000, pays back at purchase 2
	//  500 at 10%: first   2000, pays back at purchase 1
	//  500 at 20%: first   4500, pays back at purchase 1
	// 1000 at  5%: first -13000, pays back at purchase 3
	// 1000 at 10%: first  -3000, pays back at purchase 2
	// 1000 at 20%: first   2000, pays back at purchase 1
	// 1500 at  5%: first -23000, pays back at purchase 4
	// 1500 at 10%: first  -8000, pays back at purchase 2
	// 1500 at 20%: first   -500, pays back at purchase 2
}

// shop yields the orders of three customers.
func shop() iter.Seq2[orders.Line, error] {
	return func(yield func(orders.Line, error) bool) {
		for _, row := range []struct {
			customer      string
			month         int
			revenue, cogs int64
		}{
			{"Anna", 1, 1_000, 700}, {"Boris", 1, 1_500, 900}, {"Anna", 2, 1_000, 700},
			{"Vera", 2, 800, 500}, {"Anna", 3, 1_200, 800}, {"Boris", 3, 900, 500},
		} {
			line := orders.Line{
				Customer: row.customer,
				Date:     orders.NewDate(2024, 1, 15) + orders.Date(30*(row.month-1)),
				Revenue:  orders.Amount(row.revenue) * orders.One,
				COGS:     orders.Known(orders.Amount(row.cogs) * orders.One),
			}
			if !yield(line, nil) {
				return
			}
		}
	}
}

// From an export, with an assumption about what a customer costs to win.
func ExampleDealProfit() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	p, err := ltv.DealProfit(ctx, sales, orders.Costs{CostPerLead: 100 * orders.One, Conversion: 0.2})
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range []ltv.Line{ltv.Revenue, ltv.COGS, ltv.Acquisition, ltv.NetProfit} {
		fmt.Printf("%-11s %5s %5s %5s  %s\n", line, p.First.Money(line), p.Repeat.Money(line), p.Total.Money(line), p.Origins[line])
	}
	for _, point := range p.ByNumber.Points {
		fmt.Printf("after purchase %d: %s per customer\n", point.At, point.PerCustomer)
	}
	if p.ByNumber.PaidBack {
		fmt.Printf("paid back at purchase %d\n", p.ByNumber.At)
	}
	// Output:
	// revenue      3300  3100  6400  data
	// cogs         2100  2000  4100  data
	// acquisition  1500     0  1500  assumption
	// profit       -300  1100   800  assumption
	// after purchase 1: -100 per customer
	// after purchase 2: 133.33 per customer
	// after purchase 3: 266.67 per customer
	// paid back at purchase 2
}

// What each customer has brought in, and each month's customers on average.
func ExampleHistoric() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	l, err := ltv.Historic(ctx, sales, ltv.HistoricOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range l.Customers {
		fmt.Printf("%-5s %d purchases in %2d days: revenue %s, value %s, of it repeat %s\n", c.ID, c.Purchases, c.Days, c.Revenue, c.Profit, c.Repeat.Profit)
	}
	for _, c := range l.Cohorts {
		fmt.Printf("%s: %d customers, %s each\n", c.Cohort, c.Customers, c.AverageValue)
	}
	// Output:
	// Anna  3 purchases in 60 days: revenue 3200, value 1000, of it repeat 700
	// Boris 2 purchases in 60 days: revenue 2400, value 1000, of it repeat 400
	// Vera  1 purchases in  0 days: revenue 800, value 300, of it repeat 0
	// 2024-01: 2 customers, 1000 each
	// 2024-02: 1 customers, 300 each
}

// What was spent and how many leads came, beside the new customers of the export.
func ExampleAcquire() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	january := orders.Month.Of(orders.NewDate(2024, 1, 1))
	spend := []ltv.Spend{
		{Period: january, Money: 600 * orders.One, Leads: ltv.Counted(12), Qualified: ltv.Counted(5)},
		{Period: january.Add(1), Money: 450 * orders.One, Leads: ltv.Counted(9), Qualified: ltv.Counted(3)},
	}
	table, err := ltv.Acquire(ctx, sales, ltv.AcquireOptions{Spend: spend})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range table.Rows {
		fmt.Printf("%s: %s leads at %s, %d new customers at %s, conversion %.1f%%\n", r.Period, r.Leads, r.CostPerLead, r.New, r.Acquisition, 100*r.Conversion)
	}
	p, err := ltv.DealProfitWith(ctx, sales, ltv.ProfitOptions{Spend: spend})
	if err != nil {
		log.Fatal(err)
	}
	v, _ := p.Verdict()
	fmt.Printf("a first purchase costs %s to win and earns %s: it loses money: %t\n", v.Acquisition, v.First, v.FirstLoses)
	// Output:
	// 2024-01: 12 leads at 50, 2 new customers at 300, conversion 16.7%
	// 2024-02: 9 leads at 50, 1 new customers at 450, conversion 11.1%
	// a first purchase costs 350 to win and earns 50: it loses money: false
}

// The profit table of each month's new customers.
func ExampleSplitProfit() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	s, err := ltv.SplitProfit(ctx, sales, ltv.SplitOptions{
		By:    ltv.ByCohort,
		Costs: orders.Costs{CostPerLead: 100 * orders.One, Conversion: 0.25, OverheadPool: 100 * orders.One, OverheadBy: orders.ByRevenue},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range s.Rows {
		fmt.Printf("%s: %d customers, first %s, repeat %s, overhead %s\n", r.Cohort, r.Customers, r.First.Profit, r.Repeat.Profit, r.Total.Overhead)
	}
	fmt.Printf("all: first %s, repeat %s, overhead %s\n", s.Total.First.Profit, s.Total.Repeat.Profit, s.Total.Total.Overhead)
	// Output:
	// 2024-01: 2 customers, first 60.94, repeat 1051.56, overhead 87.5
	// 2024-02: 1 customers, first -112.5, repeat 0, overhead 12.5
	// all: first -51.56, repeat 1051.56, overhead 100
}

// When each month's new customers paid back what winning them cost.
func ExamplePaybacks() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	t, err := ltv.Paybacks(ctx, sales, ltv.PaybackOptions{Costs: orders.Costs{CostPerLead: 100 * orders.One, Conversion: 0.2}})
	if err != nil {
		log.Fatal(err)
	}
	for _, g := range t.Groups {
		last := g.ByNumber.Points[len(g.ByNumber.Points)-1]
		fmt.Printf("%s: %d customers, paid back: %t (purchase %d), now at %s per customer\n", g.Cohort, g.Customers, g.ByNumber.PaidBack, g.ByNumber.At, last.PerCustomer)
	}
	// Output:
	// 2024-01: 2 customers, paid back: true (purchase 2), now at 500 per customer
	// 2024-02: 1 customers, paid back: false (purchase 0), now at -200 per customer
}
