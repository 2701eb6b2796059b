package cohorts_test

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"iter"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
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
	return func(yield func(orders.Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

func open(t testing.TB, lines []orders.Line, o orders.Options) orders.Facts {
	t.Helper()
	h, err := orders.Collect(context.Background(), rows(lines...), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Release)
	return h
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

// cdnow returns the 1/10 sample of the CDNOW data (Fader & Hardie), one line a
// transaction; it skips the test if the file is not there.
func cdnow(t testing.TB) []orders.Line {
	t.Helper()
	file, err := os.Open("../../shared/data/CDNOW_sample.txt")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the CDNOW sample is not beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []orders.Line
	for s := bufio.NewScanner(file); s.Scan(); {
		f := strings.Fields(s.Text()) // master id, sample id, yyyymmdd, CDs, dollars
		if len(f) != 5 {
			t.Fatalf("row %q has %d fields", s.Text(), len(f))
		}
		lines = append(lines, sale(f[1], f[2][:4]+"-"+f[2][4:6]+"-"+f[2][6:], f[4]))
	}
	return lines
}

// deals returns the deals that f decided on.
func deals(f orders.Facts) iter.Seq[orders.Deal] {
	return f.(interface{ Deals() iter.Seq[orders.Deal] }).Deals()
}
