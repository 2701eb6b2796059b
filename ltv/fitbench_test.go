package ltv_test

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// BenchmarkFit measures fitting from summaries that are not compressed yet: the
// 23,570 customers of CDNOW, and simulated ones.
func BenchmarkFit(b *testing.B) {
	for _, c := range []struct {
		name      string
		customers func(b *testing.B) []ltv.Summary
		models    []ltv.Process
	}{
		{"CDNOW", func(b *testing.B) []ltv.Summary { return master(b) }, simulated},
		{"1000000", func(b *testing.B) []ltv.Summary {
			return summaries(simulated[1], 1_000_000, 1, 365, 1)
		}, simulated[1:3]},
	} {
		b.Run(c.name, func(b *testing.B) {
			all := c.customers(b)
			for _, m := range c.models {
				b.Run(typeName(m), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						fitted(b, compressed(b, all), m)
					}
				})
			}
		})
	}
}

func BenchmarkSummarize(b *testing.B) {
	orderstest.Benchmark(b, func(ctx context.Context, f orders.Facts) error {
		_, err := ltv.Summarize(ctx, f, ltv.SampleOptions{})
		return err
	})
}

// BenchmarkBootstrap measures 200 draws, CDNOW 1/10.
func BenchmarkBootstrap(b *testing.B) {
	s := cdnow(b, calibration).sample
	for _, m := range simulated {
		f := fitted(b, s, m)
		b.Run(typeName(m), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Bootstrap(ltv.BootstrapOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkGiven measures one customer's P(alive), expected and discounted
// purchases of a year.
func BenchmarkGiven(b *testing.B) {
	c := ltv.Summary{X: 3, TX: 150, T: 272}
	for _, m := range simulated {
		b.Run(typeName(m), func(b *testing.B) {
			b.ReportAllocs()
			sum := 0.0
			for b.Loop() {
				given := m.Given(c)
				sum += given.PAlive + given.Expected(365) + given.Discounted(365, ltv.DailyRate(0.15))
			}
			if !(sum > 0) {
				b.Fatal(sum)
			}
		})
	}
}
