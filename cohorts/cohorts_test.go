package cohorts_test

import (
	"context"
	"iter"
	"math"
	"slices"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

func amount(s string) orders.Amount {
	a, err := orders.ParseAmount(s)
	if err != nil {
		panic(err)
	}
	return a
}

func day(s string) orders.Date {
	d, err := orders.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// sale is a line of one order that is a purchase, or a return, of its own.
func sale(customer, date, revenue string) orders.Line {
	return orders.Line{Customer: customer, Date: day(date), Revenue: amount(revenue)}
}

// rows yields lines as a program that reads them from somewhere would.
func rows(lines ...orders.Line) iter.Seq2[orders.Line, error] {
	return orderstest.Rows(slices.Values(lines))
}

func open(t testing.TB, lines []orders.Line, o orders.Options) orders.Facts {
	t.Helper()
	return orderstest.Collect(t, lines, o)
}

func control(t testing.TB, f orders.Facts) orders.Control {
	t.Helper()
	c, err := f.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func repeatShare(t testing.TB, f orders.Facts, o cohorts.RepeatOptions) *cohorts.Repeat {
	t.Helper()
	r, err := cohorts.RepeatShare(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tabulate(t testing.TB, f orders.Facts, o cohorts.TableOptions) *cohorts.Table {
	t.Helper()
	table, err := cohorts.Tabulate(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// row returns the row of the period so called.
func row(t testing.TB, r *cohorts.Repeat, period string) cohorts.RepeatRow {
	t.Helper()
	for _, row := range r.Rows {
		if row.Period.String() == period {
			return row
		}
	}
	t.Fatalf("no row %s", period)
	return cohorts.RepeatRow{}
}

// same reports whether a and b are equal as statistics are: NaN is NaN.
func same(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-12
}

// deals returns the deals that f decided on.
func deals(f orders.Facts) iter.Seq[orders.Deal] {
	return f.(interface{ Deals() iter.Seq[orders.Deal] }).Deals()
}
