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
