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
