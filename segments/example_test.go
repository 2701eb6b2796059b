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

// Who moved where in the last month, and who of the CRM's list has not bought yet.
func ExampleTransitions() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	moved, err := segments.Transitions(ctx, sales, segments.TransitionOptions{Grid: segments.GridOptions{
		Prospects: []segments.Prospect{{ID: "Gleb"}, {ID: "Zoya"}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	name := func(i int) string {
		switch {
		case i == len(moved.Places):
			return "nowhere"
		case moved.Places[i].State == segments.NeverBought:
			return "prospect"
		}
		p := moved.Places[i]
		return moved.End.Columns[p.Column].Name + ", " + p.State.String()
	}
	fmt.Println("from", moved.Start.AsOf, "to", moved.End.AsOf)
	for _, m := range moved.Moves {
		fmt.Printf("%s: %s → %s, brought %s between\n", m.ID, name(m.From), name(m.To), m.End-m.Start)
	}
	// Output:
	// from 2024-02-29 to 2024-03-31
	// Anna: promising, active → promising, active, brought 1000 between
	// Boris: promising, falling_asleep → promising, asleep, brought 0 between
	// Gleb: prospect → new, active, brought 1200 between
	// Vera: new, active → new, falling_asleep, brought 0 between
	// Zoya: prospect → prospect, brought 0 between
}

// Scores by quintiles, the default: where ties leave a score out, the result says so.
func ExampleRFM_quantile() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, shop(), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()

	rfm, err := segments.RFM(ctx, sales, segments.RFMOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("up to", rfm.R, "days; from", rfm.F, "purchases; from", rfm.M)
	for _, c := range rfm.Scored {
		fmt.Printf("%-5s %d-%d-%d %s\n", c.ID, c.R, c.F, c.M, c.Segment)
	}
	fmt.Println("different scores:", rfm.Levels.R, rfm.Levels.F, rfm.Levels.M)
	for _, w := range rfm.Warnings {
		fmt.Println(w, w.Examples)
	}
	// Output:
	// up to [-1 0 11 40] days; from [2 2 3 4] purchases; from [1200 3000 9000 9000.0001]
	// Anna  3-4-3 loyal
	// Boris 1-3-4 at_risk
	// Gleb  4-1-2 promising
	// Vera  2-1-1 hibernating
	// different scores: 4 3 4
	// 4 RFM scores occur nowhere [R 5 F 2 F 5 M 5]
	// 3 RFM rules match no combination of the scores that occur [1 4 8]
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
		Scoring: segments.Fixed,
		R:       []int{10, 30, 60, 90}, // a shop of short rhythms
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
