package factstest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// Same fails t unless two histories are equal in all that they tell: their
// facts as [Equal] compares them, Control with its warnings, lines in their
// order, deals, rejected rows and detections.
func Same(t rapid.TB, a, b *orders.History, queries ...any) {
	t.Helper()
	for _, pair := range []struct {
		what string
		a, b any
	}{
		{"controls", control(t, a), control(t, b)}, {"rejects", a.Rejects(), b.Rejects()}, {"detections", a.Detections(), b.Detections()},
		{"lines", LineTexts(t, a), LineTexts(t, b)}, {"deals", slices.Collect(a.Deals()), slices.Collect(b.Deals())},
	} {
		if d := Diff(pair.a, pair.b); d != "" {
			t.Fatalf("%s differ: %s", pair.what, d)
		}
	}
	Equal(t, a, b, queries...)
}

// LineTexts returns the lines of a history in their order, each as text:
// "name=value|" for every column.
func LineTexts(t rapid.TB, h *orders.History) []string {
	t.Helper()
	var lines []string
	for record, err := range h.Lines(context.Background(), memory.DefaultAllocator) {
		if err != nil {
			t.Fatalf("lines: %v", err)
		}
		for i := range int(record.NumRows()) {
			var b strings.Builder
			for c := range int(record.NumCols()) {
				fmt.Fprintf(&b, "%s=%s|", record.ColumnName(c), record.Column(c).ValueStr(i))
			}
			lines = append(lines, b.String())
		}
	}
	return lines
}
