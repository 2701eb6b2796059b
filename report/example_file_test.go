package report_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// A workbook goes to a file as a whole or not at all: the old one stays as it is
// if anything fails, and nothing is left beside it.
func ExampleWriteFile() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, each([]orders.Line{
		{Customer: "Vega", Date: orders.NewDate(2025, 3, 3), Revenue: 50 * orders.One},
		{Customer: "Vega", Date: orders.NewDate(2025, 4, 3), Revenue: 150 * orders.One},
	}), orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	repeat, err := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "report")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	path := filepath.Join(dir, "report.xlsx")
	for range 2 { // the second replaces the first
		if err := report.WriteFile(ctx, path, report.Book{Sales: sales, Repeat: repeat}, report.Options{Title: "Vega & Co"}); err != nil {
			log.Fatal(err)
		}
	}
	err = report.WriteFile(ctx, path, report.Book{Sales: sales, Repeat: repeat}, report.Options{Language: 99})
	fmt.Println(err)
	entries, err := os.ReadDir(dir)
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range entries {
		fmt.Println(e.Name())
	}
	// Output:
	// report: orders: invalid option: Language = 99
	// report.xlsx
}
