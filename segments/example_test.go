package segments_test

import (
	"context"
	"fmt"
	"iter"
	"log"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// shop yields the orders of four customers up to 31 March 2024.
func shop() iter.Seq2[orders.Line, error] {
	return func(yield func(orders.Line, error) bool) {
		for _, row := range []struct {
			customer, day string
			revenue       int64
		}{
			{"Anna", "2024-01-10", 1_000}, {"Anna", "2024-02-10", 1_000}, {"Anna", "2024-03-20", 1_000},
			{"Boris", "2024-01-10", 4_000}, {"Boris", "2024-01-20", 5_000},
			{"Vera", "2024-02-20", 800},
			{"Gleb", "2024-03-31", 1_200},
		} {
			day, err := orders.ParseDate(row.day)
			line := orders.Line{Customer: row.customer, Date: day, Revenue: orders.Amount(row.revenue) * orders.One}
			if !yield(line, err) {
				return
			}
		}
	}
}

// Who is falling asleep, and what waking the sleepers would bring.
func ExampleGrid() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	grid, err := segments.Grid(ctx, sales, segments.GridOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for i, column := range grid.Columns {
		for _, state := range []segments.State{segments.Active, segments.FallingAsleep, segments.Asleep} {
			if cell := grid.Cell(i, state); cell.Customers > 0 {
				fmt.Printf("%s, %s: %d customers, revenue %s\n", column.Name, state, cell.Customers, cell.Revenue)
			}
		}
	}
	fmt.Println("waking the promising:", grid.Cell(1, segments.Asleep).Potential)
	for _, c := range grid.Assigned {
		fmt.Printf("%s: %d days since the last of %d purchases: %s\n", c.ID, c.DaysSinceLast, c.Purchases, c.State)
	}
	// Output:
	// new, active: 1 customers, revenue 1200
	// new, falling_asleep: 1 customers, revenue 800
	// promising, active: 1 customers, revenue 3000
	// promising, asleep: 1 customers, revenue 9000
	// waking the promising: 2000
	// Anna: 11 days since the last of 3 purchases: active
	// Boris: 71 days since the last of 2 purchases: asleep
	// Gleb: 0 days since the last of 1 purchases: active
	// Vera: 40 days since the last of 1 purchases: falling_asleep
}

// Every customer's scores and the rule that named the segment.
func ExampleRFM() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	rfm, err := segments.RFM(ctx, sales, segments.RFMOptions{
		R: [4]int{10, 30, 60, 90}, // a shop of short rhythms
		Rules: []segments.Rule{
			{Segment: "best", F: segments.Range{From: 3, To: 5}},
			{Segment: "large and leaving", R: segments.Range{From: 1, To: 2}, M: segments.Range{From: 3, To: 5}},
			{Segment: "others"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("money from", rfm.M)
	for _, c := range rfm.Scored {
		fmt.Printf("%-5s %d-%d-%d %s (rule %d)\n", c.ID, c.R, c.F, c.M, c.Segment, c.Rule)
	}
	for _, s := range rfm.Segments {
		fmt.Printf("%s: %d customers, %.0f%% of revenue\n", s.Name, s.Customers, 100*s.RevenueShare)
	}
	// Output:
	// money from [4000 6000 10000 20000]
	// Anna  4-3-1 best (rule 1)
	// Boris 2-2-3 large and leaving (rule 2)
	// Gleb  5-1-1 others (rule 3)
	// Vera  3-1-1 others (rule 3)
	// best: 1 customers, 21% of revenue
	// large and leaving: 1 customers, 64% of revenue
	// others: 2 customers, 14% of revenue
}
