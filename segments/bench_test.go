package segments_test

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

func BenchmarkGrid(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := segments.Grid(ctx, f, segments.GridOptions{})
		return err
	})
}

func BenchmarkRFM(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := segments.RFM(ctx, f, segments.RFMOptions{})
		return err
	})
}
