package cohorts_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// benchmark runs ask on histories of ten thousand and a million lines.
func benchmark(b *testing.B, ask func(context.Context, orders.Facts) error) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := open(b, slices.Collect(company.Lines(n, 1)), orders.Options{})
			b.ReportAllocs()
			for b.Loop() {
				if err := ask(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRepeatShare(b *testing.B) {
	benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.RepeatShare(ctx, f, cohorts.RepeatOptions{})
		return err
	})
}

func BenchmarkTabulate(b *testing.B) {
	benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{})
		return err
	})
}
