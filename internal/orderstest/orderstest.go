// Package orderstest opens histories for the tests and benchmarks of whatever
// asks them, and looks into the records that come of it.
package orderstest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// Rows yields lines as a program that reads them from somewhere would.
func Rows(lines iter.Seq[orders.Line]) iter.Seq2[orders.Line, error] {
	return func(yield func(orders.Line, error) bool) {
		for l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// Collect returns the history of lines. It is released when the test ends.
func Collect(t testing.TB, lines []orders.Line, o orders.Options) *orders.History {
	t.Helper()
	return collect(t, slices.Values(lines), o)
}

// Open returns a history of n synthetic lines, those of [company.Lines]. It is
// released when the test ends.
func Open(t testing.TB, n int) *orders.History {
	t.Helper()
	return collect(t, company.Lines(n, 1), orders.Options{})
}

func collect(t testing.TB, lines iter.Seq[orders.Line], o orders.Options) *orders.History {
	t.Helper()
	h, err := orders.Collect(context.Background(), Rows(lines), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Release)
	return h
}

// Sizes returns of how many lines the histories are that benchmarks run on.
func Sizes() []int { return []int{10_000, 1_000_000} }

// Benchmark measures ask on a history of each of the [Sizes], in a
// sub-benchmark that has the size for its name.
func Benchmark(b *testing.B, ask func(ctx context.Context, f orders.Facts) error) {
	for _, n := range Sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := Open(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if err := ask(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Row returns row i of a record as text, "name=value" for each column and
// "name=(null)" for null, and how many rows there are. It fails the test if the
// record keeps any memory when it is released.
func Row(t testing.TB, record func(memory.Allocator) arrow.Record, i int) (row string, rows int64) {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	r := record(mem)
	defer r.Release()
	var cells []string
	for c, f := range r.Schema().Fields() {
		cells = append(cells, fmt.Sprintf("%s=%s", f.Name, r.Column(c).ValueStr(i)))
	}
	return strings.Join(cells, " "), r.NumRows()
}
