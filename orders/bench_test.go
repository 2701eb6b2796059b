package orders_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

func BenchmarkCollect(b *testing.B) {
	for _, n := range orderstest.Sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			lines := orderstest.Rows(slices.Values(slices.Collect(company.Lines(n, 1))))
			b.ReportAllocs()
			for b.Loop() {
				h, err := orders.Collect(context.Background(), lines, orders.Options{})
				if err != nil {
					b.Fatal(err)
				}
				h.Release()
			}
		})
	}
}

// BenchmarkRead reads a CSV: detection, parsing, and all that is decided.
func BenchmarkRead(b *testing.B) {
	for _, n := range orderstest.Sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var file bytes.Buffer
			if err := company.WriteLines(&file, company.Lines(n, 1)); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(file.Len()))
			b.ReportAllocs()
			for b.Loop() {
				h, err := orders.Read(context.Background(), "lines.csv", bytes.NewReader(file.Bytes()), orders.Options{})
				if err != nil {
					b.Fatal(err)
				}
				h.Release()
			}
		})
	}
}

func BenchmarkFacts(b *testing.B) {
	ctx := context.Background()
	queries := map[string]func(h *orders.History) error{
		"series_customer_month": func(h *orders.History) error { return drain(h.Series(ctx, orders.SeriesQuery{})) },
		"series_product_month": func(h *orders.History) error {
			return drain(h.Series(ctx, orders.SeriesQuery{By: orders.ByProduct}))
		},
		"series_product_purchases": func(h *orders.History) error {
			return drain(h.Series(ctx, orders.SeriesQuery{By: orders.ByProduct, Measure: orders.Purchases}))
		},
		"customers": func(h *orders.History) error { return drain(h.Customers(ctx, orders.CustomerQuery{})) },
		"flows_period": func(h *orders.History) error {
			_, err := h.Flows(ctx, orders.FlowQuery{Period: orders.Month})
			return err
		},
		"flows_cohort_period": func(h *orders.History) error {
			_, err := h.Flows(ctx, orders.FlowQuery{Cohort: orders.Month, Period: orders.Month})
			return err
		},
		"flows_period_group": func(h *orders.History) error {
			_, err := h.Flows(ctx, orders.FlowQuery{Period: orders.Month, Split: orders.ByGroup})
			return err
		},
		"gaps": func(h *orders.History) error { _, err := h.Gaps(ctx, orders.GapQuery{}); return err },
	}
	for _, n := range orderstest.Sizes() {
		h := orderstest.Open(b, n)
		for name, query := range queries {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := query(h); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func drain[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}
