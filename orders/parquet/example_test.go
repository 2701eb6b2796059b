package parquet_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/orders/parquet"
)

// A History goes to a Parquet file and comes back, with what its export was like.
func Example() {
	ctx := context.Background()
	sales, err := orders.Read(ctx, "export.csv", strings.NewReader("date,customer,amount\n2024-03-04,Vega,100\n2024-03-05,Orion,much\n"), orders.Options{MaxRejected: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sales.Release()
	var file bytes.Buffer
	if err := parquet.Write(ctx, &file, sales); err != nil {
		fmt.Println(err)
		return
	}

	again, err := orders.CollectRecords(ctx, parquet.Records(ctx, bytes.NewReader(file.Bytes()), memory.DefaultAllocator), orders.Options{MaxRejected: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer again.Release()
	for d := range again.Deals() {
		fmt.Println(d.Day, d.Customer, d.Tally.Revenue)
	}
	for _, e := range again.Rejects() {
		fmt.Println(&e)
	}
	// Output:
	// 2024-03-04 Vega 100
	// orders: export.csv: row 3, column 3 (amount): not a number whose decimal mark is '.': "much"
}
