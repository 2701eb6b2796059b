package orders_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// Today's export has an order of yesterday's again, and it is another one now:
// the newest counts, and the old line is told as replaced.
func ExampleJoin() {
	ctx := context.Background()
	o := orders.Options{HistoryComplete: true, Overlap: orders.KeepNewest}
	yesterday, err := orders.Read(ctx, "yesterday.csv", strings.NewReader("date,order,customer,amount\n2024-03-04,1,Vega,100\n2024-03-05,2,Vega,40\n"), o)
	if err != nil {
		log.Fatal(err)
	}
	defer yesterday.Release()
	today, err := orders.Read(ctx, "today.csv", strings.NewReader("date,order,customer,amount\n2024-03-05,2,Vega,45\n2024-03-06,3,Orion,60\n"), o)
	if err != nil {
		log.Fatal(err)
	}
	defer today.Release()

	sales, err := orders.Join(ctx, o, yesterday, today)
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	for d := range sales.Deals() {
		fmt.Println(d.Day, d.Customer, d.Order, d.Tally.Revenue, d.Side)
	}
	control, err := sales.Control(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range control.Skipped {
		fmt.Println(s.Reason, s.Rows, s.Money)
	}
	fmt.Println(control.MoneyRead, "=", control.Export, "+ skipped")
	// Output:
	// 2024-03-06 Orion 3 60 first
	// 2024-03-04 Vega 1 100 first
	// 2024-03-05 Vega 2 45 repeat
	// replaced 1 40
	// 245 = 205 + skipped
}
