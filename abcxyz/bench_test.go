package abcxyz_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

func BenchmarkRank(b *testing.B) {
	ctx := context.Background()
	for _, n := range orderstest.Sizes() {
		h := orderstest.Open(b, n)
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
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Core(ctx, f, abcxyz.CoreOptions{})
		return err
	})
}
