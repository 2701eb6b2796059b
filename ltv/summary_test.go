package ltv_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// TestSummarize counts a few customers by hand, over both implementations of
// the facts.
func TestSummarize(t *testing.T) {
	day := func(s string) orders.Date {
		d, err := orders.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	line := func(customer, date string, revenue int64) orders.Line {
		return orders.Line{Customer: customer, Order: customer + date, Date: day(date), Revenue: orders.Amount(revenue) * orders.One}
	}
	lines := []orders.Line{
		line("anna", "2024-01-01", 100), line("anna", "2024-01-11", 30), line("anna", "2024-01-31", 50), line("anna", "2024-03-01", 999),
		line("boris", "2024-01-01", 100), line("boris", "2024-01-11", 60), line("boris", "2024-01-31", 20),
		line("clara", "2024-01-10", 70),
		line("later", "2024-03-01", 70),
	}
	for name, f := range factsOf(t, lines, orders.Options{HistoryComplete: true}) {
		s, err := ltv.Summarize(ctx, f, ltv.SampleOptions{AsOf: day("2024-02-10")})
		if err != nil {
			t.Fatal(err)
		}
		want := &ltv.Sample{
			Groups: []ltv.Group{
				{Summary: ltv.Summary{T: 31}, Customers: 1},
				{Summary: ltv.Summary{X: 2, TX: 30, T: 40}, Customers: 2},
			},
			Customers: 3, Purchases: 4, AsOf: day("2024-02-10"),
			Monetary: []ltv.Monetary{{Purchases: 2, Mean: 40, Customers: 2}},
		}
		if !reflect.DeepEqual(s, want) {
			t.Errorf("%s: %+v, want %+v", name, s, want)
		}
		s, err = ltv.Summarize(ctx, f, ltv.SampleOptions{AsOf: day("2024-02-10"), FirstValue: true})
		if err != nil {
			t.Fatal(err)
		}
		want.Monetary = []ltv.Monetary{{Purchases: 1, Mean: 70, Customers: 1}, {Purchases: 3, Mean: 60, Customers: 2}}
		if !reflect.DeepEqual(s, want) {
			t.Errorf("%s, with first values: %+v, want %+v", name, s, want)
		}
		if _, err := ltv.Summarize(ctx, f, ltv.SampleOptions{AsOf: day("2023-12-31")}); !errors.Is(err, orders.ErrOptions) {
			t.Errorf("%s: as of a day before the first: %v", name, err)
		}
	}
	// All purchases fall into the burn-in: everybody may be an old customer.
	for name, f := range factsOf(t, lines, orders.Options{BurnIn: 300}) {
		s, err := ltv.Summarize(ctx, f, ltv.SampleOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Customers != 4 || len(s.Warnings) != 1 || s.Warnings[0].Code != "left-truncated" || s.Warnings[0].Count != 4 || s.AsOf != day("2024-03-01") {
			t.Errorf("%s: %+v", name, s)
		}
	}
	// Only the customers first seen after the burn-in are known.
	for name, f := range factsOf(t, lines, orders.Options{BurnIn: 5}) {
		s, err := ltv.Summarize(ctx, f, ltv.SampleOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Customers != 2 || s.Purchases != 0 || s.Warnings != nil || len(s.Monetary) != 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// factsOf opens lines in both implementations.
func factsOf(t *testing.T, lines []orders.Line, o orders.Options) map[string]orders.Facts {
	t.Helper()
	naive, err := factstest.Open(lines, o)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]orders.Facts{"naive": naive, "History": orderstest.Collect(t, lines, o)}
}
