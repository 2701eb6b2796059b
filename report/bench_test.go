package report_test

import (
	"io"
	"testing"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

func benchmarkWrite(b *testing.B, n int) {
	book := bookOf(b, func(yield func(orders.Line, error) bool) {
		for l := range company.Lines(n, 1) {
			if !yield(l, nil) {
				return
			}
		}
	}, orders.Options{})
	b.ReportAllocs()
	for b.Loop() {
		if err := report.Write(ctx, io.Discard, book, report.Options{Language: report.Russian}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(book.Customers.Items)), "customers")
}

func BenchmarkWrite10k(b *testing.B) { benchmarkWrite(b, 10_000) }
func BenchmarkWrite1M(b *testing.B)  { benchmarkWrite(b, 1_000_000) }
