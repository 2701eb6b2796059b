package cohorts_test

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

func BenchmarkRepeatShare(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.RepeatShare(ctx, f, cohorts.RepeatOptions{})
		return err
	})
}

func BenchmarkTabulate(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{})
		return err
	})
}

func BenchmarkSplitShare(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.SplitShare(ctx, f, cohorts.SplitOptions{})
		return err
	})
}

func BenchmarkRoles(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.Roles(ctx, f, cohorts.RolesOptions{})
		return err
	})
}

func BenchmarkFlags(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.Flags(ctx, f, cohorts.FlagOptions{})
		return err
	})
}

func BenchmarkRevenueRetention(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.RevenueRetention(ctx, f, cohorts.RevenueOptions{})
		return err
	})
}

func BenchmarkTabulateAgeDays(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{AgeDays: 30})
		return err
	})
}

func BenchmarkLTV(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		table, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{})
		if err != nil {
			return err
		}
		_, err = table.LTV(cohorts.LTVOptions{Costs: orders.Costs{CostPerLead: 500 * orders.One, Conversion: 0.1}})
		return err
	})
}
