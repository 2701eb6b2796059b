package ltv_test

import (
	"fmt"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// many is a history of n lines: n/12 customers over two years.
func many(b *testing.B, n int) *orders.History {
	h, err := orders.Collect(ctx, func(yield func(orders.Line, error) bool) {
		start := orders.NewDate(2023, 1, 1)
		for i := range n {
			l := orders.Line{
				Customer: fmt.Sprint("c", (i*7919)%(n/12+1)), Order: fmt.Sprint(i / 2), Product: fmt.Sprint("p", i%300),
				Date: start + orders.Date(i*730/n), Revenue: money(int64(100 + i%997)), COGS: known(int64(60 + i%499)),
			}
			if !yield(l, nil) {
				return
			}
		}
	}, orders.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

func BenchmarkDealProfit(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint("lines=", n), func(b *testing.B) {
			h := many(b, n)
			defer h.Release()
			c := orders.Costs{CostPerLead: money(10), Conversion: 0.1, OverheadPool: money(100_000)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ltv.DealProfit(ctx, h, c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkHistoric(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint("lines=", n), func(b *testing.B) {
			h := many(b, n)
			defer h.Release()
			c := orders.Costs{CostPerLead: money(10), Conversion: 0.1, OverheadPool: money(100_000)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ltv.Historic(ctx, h, ltv.HistoricOptions{Costs: c}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
