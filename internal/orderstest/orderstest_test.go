package orderstest_test

import (
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

func accepted(t *testing.T, f orders.Facts) int64 {
	t.Helper()
	c, err := f.Control(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c.Accepted
}

// TestHistories: a history has the lines that were asked for, and lasts as
// long as the test.
func TestHistories(t *testing.T) {
	var h *orders.History
	t.Run("while it lasts", func(t *testing.T) {
		if n := accepted(t, orderstest.Open(t, 1000)); n != 1000 {
			t.Errorf("%d lines", n)
		}
		h = orderstest.Collect(t, []orders.Line{{Customer: "a", Date: 1, Revenue: 1}, {Customer: "b", Date: 2, Revenue: 1}}, orders.Options{})
		if n := accepted(t, h); n != 2 {
			t.Errorf("%d lines", n)
		}
		if _, err := h.Flows(t.Context(), orders.FlowQuery{Split: orders.ByProduct}); err != nil {
			t.Error(err)
		}
	})
	if _, err := h.Flows(t.Context(), orders.FlowQuery{Split: orders.ByProduct}); err == nil {
		t.Error("the history was not released")
	}
}

func TestRow(t *testing.T) {
	record := func(mem memory.Allocator) arrow.Record {
		return columns.Record(mem, 2, []columns.Column{
			columns.Integer("n", func(i int) int64 { return int64(i) }),
			columns.OptionalText("name", func(i int) string { return []string{"x", ""}[i] }),
		})
	}
	if row, rows := orderstest.Row(t, record, 1); row != "n=1 name=(null)" || rows != 2 {
		t.Errorf("%q of %d", row, rows)
	}
}
