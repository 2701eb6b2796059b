package cohorts_test

import (
	"context"
	"fmt"
	"log"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// A young shop: Anna comes back, Boris does not, and the company knows that
// nobody bought before. So each share is one number.
func ExampleRepeatShare() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		sale("Anna", "2024-01-10", "1000"),
		sale("Boris", "2024-01-31", "500"),
		sale("Anna", "2024-02-14", "700"),
		sale("Clara", "2024-02-29", "300"),
	), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	repeat, err := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, month := range repeat.Rows {
		fmt.Printf("%v: repeat %v of %v, %.0f %%\n", month.Period, month.Repeat.Revenue, month.Sides.Total().Revenue, 100*month.ByRevenue.Low)
	}
	fmt.Printf("all: %.0f %% of revenue, %.0f %% of customers bought again\n",
		100*repeat.Total.ByRevenue.Low, 100*repeat.Total.RepeatPurchaseRate)
	fmt.Println("level:", repeat.Maturity().Low.Band)
	// Output:
	// 2024-01: repeat 0 of 1500, 0 %
	// 2024-02: repeat 700 of 1000, 70 %
	// all: 28 % of revenue, 33 % of customers bought again
	// level: between 1 and 2
}

// The same export without the company's word: whoever is seen for the first
// time may be an old customer. The library does not guess.
func ExampleRepeat_Unknown() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		sale("Anna", "2024-01-10", "1000"),
		sale("Boris", "2024-01-31", "500"),
		sale("Anna", "2024-02-14", "700"),
		sale("Clara", "2024-02-29", "300"),
	), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	repeat, err := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	if err != nil {
		log.Fatal(err)
	}
	share := repeat.Total.ByRevenue
	fmt.Printf("between %.0f and %.0f %%\n", 100*share.Low, 100*share.High)
	if repeat.Unknown() {
		fmt.Printf("no verdict: the export is %d days too short\n", repeat.MoreDays())
	}
	// Output:
	// between 28 and 100 %
	// no verdict: the export is 19 days too short
}

// Cohorts by month of the first purchase, a cell for each month since.
func ExampleTabulate() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		sale("Anna", "2024-01-10", "1000"), sale("Boris", "2024-01-31", "500"),
		sale("Clara", "2024-02-14", "300"),
		sale("Anna", "2024-03-05", "700"), sale("Clara", "2024-03-31", "200"),
	), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	table, err := cohorts.Tabulate(ctx, sales, cohorts.TableOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, cohort := range table.Cohorts {
		fmt.Printf("%v, %d won:", cohort.Period, cohort.Size)
		for _, cell := range cohort.Cells {
			fmt.Printf("  %3.0f %%", 100*cell.Retention)
		}
		last := cohort.Cells[len(cohort.Cells)-1]
		fmt.Printf("  %.0f each\n", cohort.PerCustomer(last.Cumulative.Revenue))
	}
	for _, a := range table.Averages {
		fmt.Printf("age %d: %.0f %% of %d\n", a.Age, 100*a.Retention, a.Size)
	}
	// Output:
	// 2024-01, 2 won:  100 %    0 %   50 %  1100 each
	// 2024-02, 1 won:  100 %  100 %  500 each
	// age 0: 100 % of 3
	// age 1: 33 % of 3
	// age 2: 50 % of 2
}

// What the maturity model of sales departments says of an interval.
func ExampleMaturity() {
	v := cohorts.Maturity(0.22, 0.41)
	fmt.Printf("at %.0f %%: %v, next target %.0f %%\n", 100*v.Low.Share, v.Low.Band, 100*v.Low.Target)
	fmt.Printf("at %.0f %%: %v, next target %.0f %%\n", 100*v.High.Share, v.High.Band, 100*v.High.Target)
	needed, err := cohorts.RepeatNeeded(780*orders.One, 220*orders.One, v.Low.Target)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("repeat money wanting:", needed)
	// Output:
	// at 22 %: between 1 and 2, next target 30 %
	// at 41 %: 2, next target 50 %
	// repeat money wanting: 114.2857
}

// What the repeat share of each salesperson says: Hanna wins customers, Fred
// keeps them.
func ExampleSplitShare() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		sold("Hanna", "Anna", "2024-01-10", "1000"), sold("Hanna", "Boris", "2024-01-31", "500"),
		sold("Fred", "Anna", "2024-02-14", "700"), sold("Fred", "Clara", "2024-02-29", "300"), sold("Fred", "Boris", "2024-03-10", "400"),
	), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	split, err := cohorts.SplitShare(ctx, sales, cohorts.SplitOptions{By: orders.BySalesperson})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range split.Parts {
		fmt.Printf("%s: first %v, repeat %v, %.0f %% repeat: a %s\n", p.Value, p.First.Revenue, p.Repeat.Revenue, 100*p.ByRevenue.Low, p.Role())
	}
	// Output:
	// Fred: first 300, repeat 1100, 79 % repeat: a farmer
	// Hanna: first 1500, repeat 0, 0 % repeat: a hunter
}

// Who went from one salesperson to another, and what became of their purchases.
func ExampleRoles() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		sold("Hanna", "Anna", "2024-01-01", "1000"), sold("Hanna", "Anna", "2024-01-20", "100"),
		sold("Fred", "Anna", "2024-03-01", "700"), sold("Fred", "Anna", "2024-03-20", "300"), sold("Fred", "Anna", "2024-03-30", "400"),
		sold("Hanna", "Boris", "2024-01-31", "500"),
	), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	roles, err := cohorts.Roles(ctx, sales, cohorts.RolesOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range roles.Moves {
		fmt.Printf("%s → %s: %d customer, %v\n", m.From, m.To, m.Customers, m.Sides.Total().Revenue)
	}
	for _, h := range roles.Handed {
		fmt.Printf("%s, handed over on %v: %.1f purchases a month before, %.1f after\n", h.ID, h.Day, h.Before.PurchasesPerMonth(), h.After.PurchasesPerMonth())
	}
	// Output:
	// Hanna → Fred: 1 customer, 2500
	// Hanna → Hanna: 1 customer, 500
	// Anna, handed over on 2024-03-01: 1.0 purchases a month before, 3.0 after
}

// A CRM calls Boris's second deal a first one.
func ExampleFlags() {
	flagged := func(flag string, l orders.Line) orders.Line {
		l.RepeatFlag = flag
		return l
	}
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		flagged("Новый клиент", sale("Anna", "2024-01-10", "1000")), flagged("Повторная", sale("Anna", "2024-02-10", "500")),
		flagged("Новый клиент", sale("Boris", "2024-01-31", "500")), flagged("Новый клиент", sale("Boris", "2024-03-01", "700")),
	), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	flags, err := cohorts.Flags(ctx, sales, cohorts.FlagOptions{})
	if err != nil {
		log.Fatal(err)
	}
	old := flags.Cells[cohorts.SaysFirst].Repeat
	fmt.Printf("the flag is right in %.0f %% of deals; %d deal of %v is no first one\n", 100*flags.Agreement, old.Deals, old.Revenue)
	// Output:
	// the flag is right in 75 % of deals; 1 deal of 700 is no first one
}

// 8 of 22 customers came back: chance alone may make that anything from a fifth
// to more than a half.
func ExampleWilson() {
	low, high := cohorts.Wilson(8, 22, 0.95)
	fmt.Printf("%.1f–%.1f %%\n", 100*low, 100*high)
	// Output:
	// 19.7–57.0 %
}

// When do customers who cost 5 000 to win have brought that much?
func ExampleTable_LTV() {
	costed := func(cogs string, l orders.Line) orders.Line {
		l.COGS = orders.Known(amount(cogs))
		return l
	}
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		costed("40000", sale("Anna", "2024-01-10", "44000")), costed("40000", sale("Boris", "2024-01-31", "42000")),
		costed("40000", sale("Anna", "2024-03-20", "55000")),
	), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	table, err := cohorts.Tabulate(ctx, sales, cohorts.TableOptions{})
	if err != nil {
		log.Fatal(err)
	}
	ltv, err := table.LTV(cohorts.LTVOptions{Costs: orders.Costs{CostPerLead: 500 * orders.One, Conversion: 0.1}})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range ltv.All.Points {
		fmt.Printf("month %d: %.0f a customer, %+.0f after %v\n", p.Age, p.PerCustomer, p.Net, ltv.Acquisition)
	}
	fmt.Println("paid back in month", ltv.All.PaidAt)
	// Output:
	// month 0: 3000 a customer, -2000 after 5000
	// month 1: 3000 a customer, -2000 after 5000
	// month 2: 10500 a customer, +5500 after 5000
	// paid back in month 2
}

// What the customers of a year ago bring today.
func ExampleRevenueRetention() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		sale("Anna", "2023-01-01", "1000"), sale("Boris", "2023-01-31", "500"),
		sale("Anna", "2024-01-10", "1200"), sale("Clara", "2024-01-31", "300"),
	), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	retention, err := cohorts.RevenueRetention(ctx, sales, cohorts.RevenueOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range retention.Rows {
		fmt.Printf("%v against %v: net %.0f %%, gross %.0f %%, lost %v, new %v\n", r.Period, r.Base, 100*r.NRR, 100*r.GRR, r.Lost, r.New)
	}
	// Output:
	// 2024-01 against 2023-01: net 80 %, gross 67 %, lost 500, new 300
}

// Why the interval is as wide as it is.
func ExampleRepeat_Diagnosis() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, rows(
		sale("Anna", "2024-01-10", "10"), sale("Boris", "2024-01-10", "10"), sale("Clara", "2024-01-31", "10"),
		sale("Dora", "2024-02-20", "10"), sale("Anna", "2024-02-29", "10"), sale("Emil", "2024-03-20", "10"), sale("Boris", "2024-03-31", "10"),
	), orders.Options{BurnIn: 22})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	repeat, err := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	if err != nil {
		log.Fatal(err)
	}
	d := repeat.Diagnosis()
	fmt.Printf("reliable from %v, %d of %d days\n", d.ReliableFrom, d.Span-d.BurnIn, d.Span)
	for _, a := range d.Curve {
		fmt.Printf("%v: %d first seen\n", a.Period, a.Total())
	}
	fmt.Printf("%.0f a month is the settled rate: about %.0f of those who look new before are old\n", d.Settled, d.Excess)
	// Output:
	// reliable from 2024-02-01, 60 of 82 days
	// 2024-01: 3 first seen
	// 2024-02: 1 first seen
	// 2024-03: 1 first seen
	// 1 a month is the settled rate: about 2 of those who look new before are old
}
