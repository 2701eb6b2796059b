package orders_test

import (
	"testing"

	"github.com/repeatsales/repeatsales/orders"
)

// TestTallyProfit: a profit is unknown where there is revenue without any cost.
func TestTallyProfit(t *testing.T) {
	for _, test := range []struct {
		name string
		t    orders.Tally
		want orders.NullAmount
	}{
		{"nothing", orders.Tally{}, orders.Known(0)},
		{"direct cost is no part of it", orders.Tally{Revenue: 100, Costed: 100, COGS: 60, Direct: 30}, orders.Known(40)},
		{"known in part", orders.Tally{Revenue: 100, Costed: 10, COGS: 6}, orders.Known(4)},
		{"loss", orders.Tally{Revenue: 100, Costed: 100, COGS: 160}, orders.Known(-60)},
		{"free goods have a cost", orders.Tally{Revenue: 100, COGS: 5}, orders.Known(-5)},
		{"cost of nothing", orders.Tally{Revenue: 100, Costed: 100}, orders.Known(100)},
		{"no cost known", orders.Tally{Revenue: 100}, orders.NullAmount{}},
		{"return without a cost", orders.Tally{Revenue: -100, Direct: 3}, orders.NullAmount{}},
		{"free goods without a cost", orders.Tally{Purchases: 1, Lines: 2}, orders.Known(0)},
	} {
		if got := test.t.Profit(); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

// TestSidesPlus: sides add up each with its like, and so do their totals.
func TestSidesPlus(t *testing.T) {
	var a, b orders.Sides
	for side := orders.First; side <= orders.Unmatched; side++ {
		n := orders.Amount(side) + 1
		*a.Of(side) = orders.Tally{Purchases: int64(n), Deals: 1, Lines: 2, Revenue: 10 * n, Costed: 5 * n, COGS: 3 * n, Direct: n}
		*b.Of(side) = orders.Tally{Purchases: 1, Deals: int64(n), Lines: 1, Revenue: 1000 * n, Costed: 500, COGS: 300, Direct: 100}
	}
	sum := a.Plus(b)
	for side := orders.First; side <= orders.Unmatched; side++ {
		if got, want := *sum.Of(side), a.Of(side).Plus(*b.Of(side)); got != want {
			t.Errorf("%s: %+v, want %+v", side, got, want)
		}
	}
	if got, want := sum.Total(), a.Total().Plus(b.Total()); got != want {
		t.Errorf("total %+v, want %+v", got, want)
	}
}
