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

func BenchmarkTransitions(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := segments.Transitions(ctx, f, segments.TransitionOptions{})
		return err
	})
}

func BenchmarkRFMScoring(b *testing.B) {
	for _, scoring := range []segments.Scoring{segments.Fixed, segments.EqualWidth} {
		b.Run(scoring.String(), func(b *testing.B) {
			orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
				_, err := segments.RFM(ctx, f, segments.RFMOptions{Scoring: scoring})
				return err
			})
		})
	}
}
