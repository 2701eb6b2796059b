package report_test

import (
	"fmt"
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

// BenchmarkWrite100kCustomers writes the book of 100,000 customers, twice as many
// as a list has formulas for.
func BenchmarkWrite100kCustomers(b *testing.B) {
	book := bookOf(b, func(yield func(orders.Line, error) bool) {
		for i := range 300_000 {
			l := orders.Line{Customer: fmt.Sprintf("C%06d", i*7919%100_000), CustomerName: fmt.Sprint("Customer ", i*7919%100_000), Product: fmt.Sprint("P", i%400), Salesperson: fmt.Sprint("S", i%20),
				Date: orders.NewDate(2023, 1, 1+i%700), Revenue: orders.Amount(i*31%1_000_003) * 100, Quantity: orders.One, COGS: orders.Known(orders.Amount(i*31%1_000_003) * 60)}
			if !yield(l, nil) {
				return
			}
		}
	}, orders.Options{})
	if n := len(book.Customers.Items); n != 100_000 {
		b.Fatalf("%d customers", n)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := report.Write(ctx, io.Discard, book, report.Options{Language: report.Russian}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite10k(b *testing.B) { benchmarkWrite(b, 10_000) }
func BenchmarkWrite1M(b *testing.B)  { benchmarkWrite(b, 1_000_000) }
