package segments_test

import (
	"fmt"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// many is a history of n lines: n/12 customers over two years.
func many(b *testing.B, n int) *orders.History {
	h, err := orders.Collect(ctx, func(yield func(orders.Line, error) bool) {
		start := orders.NewDate(2023, 1, 1)
		for i := range n {
			l := orders.Line{
				Customer: fmt.Sprint("c", (i*7919)%(n/12+1)), Order: fmt.Sprint(i / 2), Product: fmt.Sprint("p", i%300),
				Date: start + orders.Date(i*730/n), Revenue: money(int64(100 + i%997)),
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

func BenchmarkGrid(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint("lines=", n), func(b *testing.B) {
			h := many(b, n)
			defer h.Release()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := segments.Grid(ctx, h, segments.GridOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRFM(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint("lines=", n), func(b *testing.B) {
			h := many(b, n)
			defer h.Release()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := segments.RFM(ctx, h, segments.RFMOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
