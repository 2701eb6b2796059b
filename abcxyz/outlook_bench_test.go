package abcxyz_test

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

func BenchmarkMigrate(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Migrate(ctx, f, abcxyz.MigrationOptions{})
		return err
	})
}

func BenchmarkTop(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Top(ctx, f, abcxyz.TopOptions{})
		return err
	})
}

func BenchmarkResample(b *testing.B) {
	for name, vary := range map[string]abcxyz.Vary{"abc": abcxyz.Gaps, "abc and xyz": abcxyz.Value} {
		b.Run(name, func(b *testing.B) {
			orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
				_, err := abcxyz.Resample(ctx, f, abcxyz.StabilityOptions{Ranking: abcxyz.Options{Vary: vary}})
				return err
			})
		})
	}
}

func BenchmarkConcentration(b *testing.B) {
	orderstest.Benchmark(b, func() func(context.Context, orders.Facts) error {
		var r *abcxyz.Ranking
		var of orders.Facts
		return func(ctx context.Context, f orders.Facts) (err error) {
			if f != of {
				of = f
				r, err = abcxyz.Rank(ctx, f, abcxyz.Options{})
			}
			if err == nil {
				_ = r.Concentration()
			}
			return err
		}
	}())
}
