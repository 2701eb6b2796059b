package abcxyz_test

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	bulk "github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// history collects n synthetic lines.
func history(b *testing.B, n int) *orders.History {
	b.Helper()
	var lines iter.Seq2[orders.Line, error] = func(yield func(orders.Line, error) bool) {
		for l := range bulk.Lines(n, 1) {
			if !yield(l, nil) {
				return
			}
		}
	}
	h, err := orders.Collect(context.Background(), lines, orders.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(h.Release)
	return h
}

func BenchmarkRank(b *testing.B) {
	ctx := context.Background()
	for _, n := range []int{10_000, 1_000_000} {
		h := history(b, n)
		for _, o := range []abcxyz.Options{
			{}, {Vary: abcxyz.Value}, {Vary: abcxyz.Count}, {By: orders.ByProduct}, {By: orders.BySalesperson},
		} {
			r, err := abcxyz.Rank(ctx, h, o)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/%s/%d", r.Options.By, r.Options.Vary, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := abcxyz.Rank(ctx, h, o); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(len(r.Items)), "items")
			})
		}
	}
}

func BenchmarkCore(b *testing.B) {
	ctx := context.Background()
	for _, n := range []int{10_000, 1_000_000} {
		h := history(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := abcxyz.Core(ctx, h, abcxyz.CoreOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
