package segments_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

func BenchmarkLapse(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := segments.Lapse(ctx, f, segments.LapseOptions{})
		return err
	})
}

func BenchmarkCalls(b *testing.B) {
	for _, n := range orderstest.Sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l, err := segments.Lapse(b.Context(), orderstest.Open(b, n), segments.LapseOptions{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Calls(segments.CallOptions{PerSalesperson: 20}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkContacts(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := segments.Contacts(ctx, f, segments.ContactOptions{Norms: []segments.ContactNorm{{PerMonth: orders.One}}})
		return err
	})
}
