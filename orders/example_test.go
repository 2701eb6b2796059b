package orders_test

import (
	"context"
	"fmt"
	"log"

	"github.com/repeatsales/repeatsales/orders"
)

// An ERP's own rows become a History without a file in between.
func ExampleCollect() {
	ctx := context.Background()
	rows := []orders.Line{
		{Customer: "Vega", Order: "101", Date: orders.NewDate(2024, 1, 10), Revenue: 500 * orders.One},
		{Customer: "Vega", Order: "117", Date: orders.NewDate(2024, 2, 20), Revenue: 700 * orders.One},
		{Customer: "Orion", Order: "120", Date: orders.NewDate(2024, 2, 21), Revenue: 300 * orders.One},
		{Customer: "Vega", Order: "125", Date: orders.NewDate(2024, 3, 1), Revenue: -100 * orders.One},
	}
	sales, err := orders.Collect(ctx, func(yield func(orders.Line, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}, orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	for deal := range sales.Deals() {
		fmt.Println(deal.Day, deal.Customer, deal.Tally.Revenue, deal.Side)
	}
	// Output:
	// 2024-02-21 Orion 300 first
	// 2024-01-10 Vega 500 first
	// 2024-02-20 Vega 700 repeat
	// 2024-03-01 Vega -100 repeat
}

// Flows are sums over deals by the keys that one asks for; each holds all sides.
func ExampleHistory_Flows() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, func(yield func(orders.Line, error) bool) {
		for month := 1; month <= 3; month++ {
			for customer := 1; customer <= month; customer++ {
				line := orders.Line{Customer: fmt.Sprint(customer), Date: orders.NewDate(2024, 1, 31*month-10), Revenue: 100 * orders.One}
				if !yield(line, nil) {
					return
				}
			}
		}
	}, orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	flows, err := sales.Flows(ctx, orders.FlowQuery{Period: orders.Month})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range flows {
		fmt.Println(f.Period, f.First.Revenue, f.Repeat.Revenue, f.Customers)
	}
	// Output:
	// 2024-01 100 0 1
	// 2024-02 100 100 2
	// 2024-03 100 200 3
}

func ExampleAmount_Split() {
	rent := 100 * orders.One
	fmt.Println(rent.Split(0, []orders.Amount{orders.One, orders.One, orders.One}))
	// Output: [33.34 33.33 33.33]
}

func ExampleAmount_Mul() {
	quantity, _ := orders.ParseAmount("0.333")
	price, _ := orders.ParseAmount("149.99")
	total, exact, err := quantity.Mul(price)
	fmt.Println(total, exact, err)
	// Output: 49.9467 false <nil>
}

func ExampleGrain_Of() {
	day := orders.NewDate(2024, 2, 29)
	fmt.Println(orders.Month.Of(day), orders.Week.Of(day), orders.Quarter.Of(day).Add(1))
	// Output: 2024-02 2024-W09 2024-Q2
}
