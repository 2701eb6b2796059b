package segments_test

import (
	"context"
	"fmt"
	"iter"
	"log"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// bakery yields the orders of a bakery's customers up to 31 March 2024: some
// come every week, some every month.
func bakery() iter.Seq2[orders.Line, error] {
	return func(yield func(orders.Line, error) bool) {
		for _, c := range []struct {
			customer, salesperson, first string
			every, times                 int
			revenue                      int64
		}{
			{"Cafe", "Ivan", "2024-01-29", 7, 8, 300},     // weekly, the last on 18 March
			{"Hotel", "Ivan", "2023-11-10", 30, 5, 5_000}, // monthly, the last on 9 March
			{"School", "Olga", "2024-01-05", 14, 4, 900},  // every other week, the last on 16 February
			{"Office", "Olga", "2024-03-02", 7, 2, 200},   // too few to have a rhythm of its own: that of those with 2 to 7 purchases
		} {
			day, err := orders.ParseDate(c.first)
			for i := range c.times {
				line := orders.Line{Customer: c.customer, Salesperson: c.salesperson, Date: day + orders.Date(i*c.every), Revenue: orders.Amount(c.revenue) * orders.One}
				if !yield(line, err) {
					return
				}
			}
		}
	}
}

// When everyone is expected again, by whose rhythm, and how late they are.
func ExampleLapse() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, bakery(), orders.Options{AsOf: orders.NewDate(2024, 3, 31)})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	lapse, err := segments.Lapse(ctx, sales, segments.LapseOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range lapse.Judged {
		fmt.Printf("%-6s expected on %s, by %s rhythm of %.4g days: %s\n", c.ID, c.ExpectedDay, c.RhythmOf, c.Rhythm, c.Status)
	}
	for s, sum := range lapse.Statuses {
		if sum.Customers > 0 {
			fmt.Printf("%s: %d customers, revenue %s\n", segments.Status(s), sum.Customers, sum.Revenue)
		}
	}
	// Output:
	// Cafe   expected on 2024-03-25, by own rhythm of 7 days: late
	// Hotel  expected on 2024-04-08, by own rhythm of 30 days: on_time
	// Office expected on 2024-03-31, by segment rhythm of 22 days: due
	// School expected on 2024-03-01, by own rhythm of 14 days: lapsed
	// on_time: 1 customers, revenue 25000
	// due: 1 customers, revenue 400
	// late: 1 customers, revenue 2400
	// lapsed: 1 customers, revenue 3600
}

// Whom to call today: the most worth first, those who have lapsed apart.
func ExampleLapseResult_Calls() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, bakery(), orders.Options{AsOf: orders.NewDate(2024, 3, 31)})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	lapse, err := segments.Lapse(ctx, sales, segments.LapseOptions{})
	if err != nil {
		log.Fatal(err)
	}
	calls, err := lapse.Calls(segments.CallOptions{
		Worth:          map[string]orders.Amount{"Cafe": 4_000 * orders.One, "Office": 900 * orders.One}, // such as ltv.Predict's expected profit
		PerSalesperson: 10,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range calls.Calls {
		fmt.Printf("%s calls %s: %d days late, %s at stake\n", c.Owner, c.ID, c.DaysLate, c.Worth)
	}
	for _, c := range calls.Lapsed {
		fmt.Printf("%s may try %s: last seen on %s\n", c.Owner, c.ID, c.LastDay)
	}
	// Output:
	// Ivan calls Cafe: 6 days late, 4000 at stake
	// Olga calls Office: 0 days late, 900 at stake
	// Olga may try School: last seen on 2024-02-16
}

// Whether the important customers are touched as often as they should be.
func ExampleContacts() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, bakery(), orders.Options{AsOf: orders.NewDate(2024, 3, 31)})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	contacts, err := segments.Contacts(ctx, sales, segments.ContactOptions{
		Classes: map[string]string{"Hotel": "A", "School": "B", "Cafe": "B", "Office": "C"}, // such as abcxyz.Rank's
		Norms:   []segments.ContactNorm{{Class: "A", PerMonth: 4 * orders.One}, {Class: "B", PerMonth: orders.One}},
		Contacts: []segments.Contact{
			{Customer: "Hotel", Day: orders.NewDate(2024, 3, 5)},
			{Customer: "Cafe", Day: orders.NewDate(2024, 3, 12), Count: 2},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range contacts.Customers {
		if c.Norm.Known {
			fmt.Printf("%s (%s): %d of %s\n", c.ID, c.Class, c.Fact, c.Norm)
		}
	}
	for _, s := range contacts.Salespersons {
		fmt.Printf("%s: deviation %s, %d customers untouched\n", s.Salesperson, s.Deviation, s.Untouched)
	}
	// Output:
	// Cafe (B): 2 of 1
	// Hotel (A): 1 of 4
	// School (B): 0 of 1
	// Ivan: deviation -2, 0 customers untouched
	// Olga: deviation -1, 2 customers untouched
}
