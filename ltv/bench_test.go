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
