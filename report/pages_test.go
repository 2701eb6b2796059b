package report_test

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

var pageBreaks = regexp.MustCompile(`<brk id="(\d+)"`)

// TestPages: a page of a sheet of many parts begins with the heading of one, and
// is not left for the next while that would fit.
func TestPages(t *testing.T) {
	slow(t)
	f := open(t, written(t, wholeBook(t, wordless(sold()), orders.Options{}), report.Options{}))
	for name, least := range map[string]int{"Parameters": 2, "Reconciliation": 5, "Method": 2} {
		t.Run(name, func(t *testing.T) {
			var pages []int
			for _, m := range pageBreaks.FindAllStringSubmatch(string(f.parts[f.paths[name]]), -1) {
				row, err := strconv.Atoi(m[1])
				if err != nil {
					t.Fatal(err)
				}
				cell := func(column string, row int) string { return f.cells[name][fmt.Sprint(column, row)].text }
				if cell("A", row) != "" || cell("A", row+1) == "" || cell("B", row+1) != "" {
					t.Errorf("row %d begins a page and no part: %q, below %q", row+1, cell("A", row+1), cell("A", row))
				}
				if n := len(pages); n > 0 && row-pages[n-1] < 12 {
					t.Errorf("only rows %d to %d are on a page", pages[n-1]+1, row)
				}
				pages = append(pages, row)
			}
			if len(pages) < least {
				t.Errorf("pages begin below rows %v", pages)
			}
		})
	}
}
