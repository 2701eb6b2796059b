package abcxyz_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
)

// open returns the naive facts of lines, the history being complete.
func open(t testing.TB, lines []orders.Line) orders.Facts {
	t.Helper()
	f, err := factsOf(lines)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func rank(t testing.TB, f orders.Facts, o abcxyz.Options) *abcxyz.Ranking {
	t.Helper()
	r, err := abcxyz.Rank(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func amount(t testing.TB, s string) orders.Amount {
	t.Helper()
	a, err := orders.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func date(t testing.TB, s string) orders.Date {
	t.Helper()
	d, err := orders.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// products returns one line for each of the numbers in values: the revenue of
// products p00, p01 … on one day.
func products(t testing.TB, values string) []orders.Line {
	t.Helper()
	var lines []orders.Line
	for i, v := range strings.Fields(values) {
		lines = append(lines, orders.Line{
			Customer: "shop", Order: "1", Date: orders.NewDate(2024, 1, 15),
			Product: "p" + string(rune('0'+i/10)) + string(rune('0'+i%10)), Revenue: amount(t, v),
		})
	}
	return lines
}

// monthly returns the sales to one customer, or of one product, of the same id,
// on the 10th of each month from January 2023, one for each of values, "." being
// a month without; and lines of others on the first and the last day of these
// months, so that the export covers all of them.
func monthly(t testing.TB, id, values string) []orders.Line {
	t.Helper()
	start := orders.Month.Of(orders.NewDate(2023, 1, 1))
	fields := strings.Fields(values)
	lines := []orders.Line{
		{Customer: "other", Product: "other", Date: start.First(), Revenue: orders.One},
		{Customer: "other", Product: "other", Date: start.Add(len(fields) - 1).Last(), Revenue: orders.One},
	}
	for i, v := range fields {
		if v != "." {
			lines = append(lines, orders.Line{Customer: id, Product: id, Date: start.Add(i).First() + 9, Revenue: amount(t, v)})
		}
	}
	return lines
}

// find returns the item of that id.
func find(t testing.TB, r *abcxyz.Ranking, id string) abcxyz.Item {
	t.Helper()
	i := slices.IndexFunc(r.Items, func(i abcxyz.Item) bool { return i.ID == id })
	if i < 0 {
		t.Fatalf("no item %q", id)
	}
	return r.Items[i]
}

// factsOf returns the naive facts of lines, the history being complete.
func factsOf(lines []orders.Line) (orders.Facts, error) {
	return factstest.Open(lines, orders.Options{HistoryComplete: true})
}
