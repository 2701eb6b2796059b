package ltv_test

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

var benchmarkCosts = orders.Costs{CostPerLead: money(10), Conversion: 0.1, OverheadPool: money(100_000)}

func BenchmarkDealProfit(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := ltv.DealProfit(ctx, f, benchmarkCosts)
		return err
	})
}

func BenchmarkHistoric(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := ltv.Historic(ctx, f, ltv.HistoricOptions{Costs: benchmarkCosts})
		return err
	})
}

// benchmarkSpend is what was spent in each month of the synthetic lines.
func benchmarkSpend() (all []ltv.Spend) {
	first := orders.Month.Of(orders.NewDate(2022, 1, 1))
	for m := range 36 {
		all = append(all, ltv.Spend{Period: first.Add(m), Money: money(50_000), Leads: ltv.Counted(500)})
	}
	return all
}

func BenchmarkAcquire(b *testing.B) {
	spend := benchmarkSpend()
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := ltv.Acquire(ctx, f, ltv.AcquireOptions{Spend: spend})
		return err
	})
}

func BenchmarkSplitProfit(b *testing.B) {
	for _, by := range []orders.Dimension{orders.BySalesperson, orders.ByGroup, ltv.ByCohort} {
		b.Run(string(by), func(b *testing.B) {
			orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
				_, err := ltv.SplitProfit(ctx, f, ltv.SplitOptions{Costs: benchmarkCosts, By: by})
				return err
			})
		})
	}
}

func BenchmarkPaybacks(b *testing.B) {
	for _, by := range []orders.Dimension{ltv.ByCohort, orders.ByChannel} {
		b.Run(string(by), func(b *testing.B) {
			orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
				_, err := ltv.Paybacks(ctx, f, ltv.PaybackOptions{Costs: benchmarkCosts, By: by})
				return err
			})
		})
	}
}
