package segments_test

import (
	"context"
	"fmt"
	"iter"
	"log"
	"time"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// office is what two salespersons sold in two Mays, and in April to the customers
// of the second.
func office() iter.Seq2[orders.Line, error] {
	return func(yield func(orders.Line, error) bool) {
		for _, row := range []struct {
			customer, salesperson string
			year                  int
			month                 time.Month
			day                   int
			revenue               orders.Amount
		}{
			{"Anna", "Ivan", 2023, 3, 14, 5_000}, {"Anna", "Ivan", 2023, 5, 3, 20_000}, {"Boris", "Ivan", 2023, 5, 10, 40_000},
			{"Vera", "Olga", 2023, 5, 20, 10_000}, {"Boris", "Olga", 2024, 4, 2, 30_000},
			{"Anna", "Ivan", 2024, 5, 6, 12_000}, {"Boris", "Olga", 2024, 5, 7, 21_000}, {"Gleb", "Olga", 2024, 5, 15, 11_500},
		} {
			line := orders.Line{Customer: row.customer, Salesperson: row.salesperson, Date: orders.NewDate(row.year, row.month, row.day), Revenue: row.revenue * orders.One}
			if !yield(line, nil) {
				return
			}
		}
	}
}

// How May goes against the plan, by the middle of it. Boris has been handed over
// to Olga, and takes his part of the plan along.
func ExamplePlan() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, office(), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	holiday := func(month time.Month, day int) orders.Date { return orders.NewDate(2024, month, day) }
	plan, err := segments.Plan(ctx, sales, segments.PlanOptions{
		Month:    orders.Month.Of(orders.NewDate(2024, 5, 1)),
		Follow:   orders.ByOwner,
		Workdays: segments.Workdays{Holidays: []orders.Date{holiday(5, 1), holiday(5, 9), holiday(5, 10)}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s from %s: %d of %d working days have passed\n", plan.Month, plan.BaseMonth, plan.Passed, plan.Workdays)
	for _, r := range plan.Rows {
		fmt.Printf("%s: plan %s new, %s repeat; sold %s, %s (%s)\n", r.Salesperson, r.Plan.New, r.Plan.Repeat, r.Fact.New, r.Fact.Repeat, r.Why())
	}
	t := plan.Total
	fmt.Printf("all: %s of %s, %.1f %%; at this pace %s\n", t.Fact.Total(), t.Plan.Total(), 100*t.Done.Total, t.Expected.Total())
	// Output:
	// 2024-05 from 2023-05: 8 of 20 working days have passed
	// Ivan: plan 0 new, 22000 repeat; sold 0, 12000 (base)
	// Olga: plan 55000 new, 0 repeat; sold 11500, 21000 (base)
	// all: 44500 of 77000, 57.8 %; at this pace 111250
}

// Working days of a month with a holiday, and with a Saturday worked instead.
func ExampleWorkdays() {
	april := orders.Month.Of(orders.NewDate(2024, 4, 1))
	calendar := segments.Workdays{
		Holidays: []orders.Date{orders.NewDate(2024, 4, 29), orders.NewDate(2024, 4, 30)},
		Extra:    []orders.Date{orders.NewDate(2024, 4, 27)},
	}
	fmt.Println(segments.Workdays{}.Count(april.First(), april.Last()), calendar.Count(april.First(), april.Last()))
	// Output:
	// 22 21
}
