package orders_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/decimal128"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

// parse reads lines of "customer order date revenue [base]", "-" being blank.
func parse(t testing.TB, text string) []orders.Line {
	t.Helper()
	var lines []orders.Line
	for row := range strings.Lines(text) {
		cells := strings.Fields(row)
		if len(cells) == 0 {
			continue
		}
		for i, c := range cells {
			if c == "-" {
				cells[i] = ""
			}
		}
		date, err := orders.ParseDate(cells[2])
		if err != nil {
			t.Fatal(err)
		}
		revenue, err := orders.ParseAmount(cells[3])
		if err != nil {
			t.Fatal(err)
		}
		line := orders.Line{Customer: cells[0], Order: cells[1], Date: date, Revenue: revenue}
		if len(cells) > 4 {
			line.Base = cells[4]
		}
		lines = append(lines, line)
	}
	return lines
}

func each(lines []orders.Line) iter.Seq2[orders.Line, error] {
	return orderstest.Rows(slices.Values(lines))
}

// TestDeals shows, deal by deal, what is decided: date, order, revenue, number, number it belongs to, side.
func TestDeals(t *testing.T) {
	complete := orders.Options{HistoryComplete: true}
	for _, test := range []struct {
		name, lines string
		o           orders.Options
		want        string
	}{
		{"a day is one purchase", `
			a 1 2024-01-05 100
			a 2 2024-01-05 50
			a 3 2024-02-05 70`, complete, `
			2024-01-05 1 100 N1 of1 first
			2024-01-05 2 50 N1 of1 first
			2024-02-05 3 70 N2 of2 repeat`},
		{"a deal is one purchase on request, shorter ids first", `
			a 10 2024-01-05 50
			a 9 2024-01-05 100`, orders.Options{HistoryComplete: true, Purchase: orders.PerDeal}, `
			2024-01-05 9 100 N1 of1 first
			2024-01-05 10 50 N2 of2 repeat`},
		{"a return belongs to the latest purchase before it", `
			a 1 2024-01-05 100
			a r 2024-01-09 -100
			a 2 2024-02-05 70
			a s 2024-02-06 -10`, complete, `
			2024-01-05 1 100 N1 of1 first
			2024-01-09 r -100 N0 of1 first
			2024-02-05 2 70 N2 of2 repeat
			2024-02-06 s -10 N0 of2 repeat`},
		{"a return that names its base belongs to that purchase", `
			a 1 2024-01-05 100
			a 2 2024-02-05 70
			a r 2024-02-05 -100 1`, complete, `
			2024-01-05 1 100 N1 of1 first
			2024-02-05 2 70 N2 of2 repeat
			2024-02-05 r -100 N0 of1 first`},
		{"a day that nets to nothing is no purchase", `
			a 1 2024-01-05 100
			a r 2024-01-05 -100
			a 2 2024-02-05 70`, complete, `
			2024-01-05 1 100 N0 of0 unmatched
			2024-01-05 r -100 N0 of0 unmatched
			2024-02-05 2 70 N1 of1 first`},
		{"free goods are no purchase", `
			a 1 2024-01-05 0
			a 2 2024-02-05 70`, complete, `
			2024-01-05 1 0 N0 of0 unmatched
			2024-02-05 2 70 N1 of1 first`},
		{"free goods are a purchase on request", `
			a 1 2024-01-05 0
			a 2 2024-02-05 70`, orders.Options{HistoryComplete: true, CountZero: true}, `
			2024-01-05 1 0 N1 of1 first
			2024-02-05 2 70 N2 of2 repeat`},
		{"a return before any purchase proves an old customer", `
			a r 2024-01-05 -5
			a 1 2024-02-05 70`, complete, `
			2024-01-05 r -5 N0 of0 unmatched
			2024-02-05 1 70 N1 of1 repeat`},
		{"the same number after more than 180 days is another deal", `
			a 1 2024-01-01 10
			a 1 2024-06-29 20
			a 1 2024-12-27 40`, complete, `
			2024-01-01 1 30 N1 of1 first
			2024-12-27 1 40 N2 of2 repeat`},
		{"without an order id a day is a deal", `
			a - 2024-01-01 10
			a - 2024-01-01 20
			a - 2024-01-02 40`, complete, `
			2024-01-01 - 30 N1 of1 first
			2024-01-02 - 40 N2 of2 repeat`},
		{"a purchase 1 within the burn-in is unknown", `
			a 1 2024-01-01 10
			b 2 2024-03-31 10
			b 3 2024-06-30 10`, orders.Options{BurnIn: 30}, `
			2024-01-01 1 10 N1 of1 unknown
			2024-03-31 2 10 N1 of1 first
			2024-06-30 3 10 N2 of2 repeat`},
		{"a burn-in longer than half the export leaves every purchase 1 unknown", `
			a 1 2024-01-01 10
			b 2 2024-03-31 10`, orders.Options{BurnIn: 60}, `
			2024-01-01 1 10 N1 of1 unknown
			2024-03-31 2 10 N1 of1 unknown`},
		{"a list of earlier customers is known history", `
			a 1 2024-01-01 10
			b 2 2024-01-01 10`, orders.Options{Earlier: []string{"b"}}, `
			2024-01-01 1 10 N1 of1 first
			2024-01-01 2 10 N1 of1 repeat`},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, err := orders.Collect(t.Context(), each(parse(t, test.lines)), test.o)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for d := range h.Deals() {
				order := d.Order
				if order == "" {
					order = "-"
				}
				got = append(got, fmt.Sprintf("%s %s %s N%d of%d %s", d.Day, order, d.Tally.Revenue, d.N, d.Of, d.Side))
			}
			var want []string
			for row := range strings.Lines(test.want) {
				if row = strings.TrimSpace(row); row != "" {
					want = append(want, row)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// TestSince checks what a known first day decides.
func TestSince(t *testing.T) {
	day := orders.NewDate(2024, 3, 1)
	for _, test := range []struct {
		since orders.Date
		want  orders.Side
	}{{day - 1, orders.Repeat}, {day, orders.First}, {day + 1, orders.First}, {0, orders.Unknown}} {
		h, err := orders.Collect(t.Context(), each([]orders.Line{{Customer: "a", Date: day, Revenue: 1, Since: test.since}}), orders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for d := range h.Deals() {
			if d.Side != test.want {
				t.Errorf("since %s: %s, want %s", test.since, d.Side, test.want)
			}
		}
	}
}

// answers asks a History everything and returns the answers as text.
func answers(t testing.TB, h *orders.History) string {
	t.Helper()
	var b strings.Builder
	note := func(v any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v\n", v)
	}
	ctx := context.Background()
	c, err := h.Control(ctx)
	note(c, err)
	for d := range h.Deals() {
		note(d, nil)
	}
	for _, by := range []orders.Dimension{orders.ByCustomer, orders.ByProduct, orders.ByOwner} {
		for s, err := range h.Series(ctx, orders.SeriesQuery{By: by, Split: orders.BySalesperson}) {
			note(s, err)
		}
	}
	for c, err := range h.Customers(ctx, orders.CustomerQuery{}) {
		note(c, err)
	}
	f, err := h.Flows(ctx, orders.FlowQuery{Cohort: orders.Month, Period: orders.Month, Age: 30, Number: 3, Split: orders.ByGroup})
	note(f, err)
	g, err := h.Gaps(ctx, orders.GapQuery{})
	note(g, err)
	return b.String()
}

// TestOrderOfLines checks that nothing depends on the order of the lines, the
// number of workers or the memory of the columns.
func TestOrderOfLines(t *testing.T) {
	lines := slices.Collect(company.Lines(70_000, 3)) // more than one chunk
	h, err := orders.Collect(t.Context(), each(lines), orders.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := answers(t, h)
	h.Release()
	r := rand.New(rand.NewPCG(1, 1))
	for _, workers := range []int{1, 2} {
		r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
		h, err := orders.Collect(t.Context(), each(lines), orders.Options{Workers: workers, Allocator: mem})
		if err != nil {
			t.Fatal(err)
		}
		if got := answers(t, h); got != want {
			t.Errorf("%d workers, shuffled lines: other answers", workers)
		}
		h.Release()
		mem.AssertSize(t, 0)
	}
}

// TestLines checks the records of a History against the lines it was made of.
func TestLines(t *testing.T) {
	lines := slices.Collect(company.Lines(70_000, 3))
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	h, err := orders.Collect(t.Context(), each(lines), orders.Options{Allocator: mem})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	row := 0
	for record, err := range h.Lines(t.Context(), mem) {
		if err != nil {
			t.Fatal(err)
		}
		if !record.Schema().Equal(orders.LineSchema()) {
			t.Fatalf("schema %s", record.Schema())
		}
		text := func(name string, i int) string {
			column := record.Column(record.Schema().FieldIndices(name)[0])
			return column.ValueStr(i)
		}
		revenue := record.Column(record.Schema().FieldIndices("revenue")[0]).(*array.Decimal128)
		cogs := record.Column(record.Schema().FieldIndices("cogs")[0]).(*array.Decimal128)
		for i := range int(record.NumRows()) {
			l := lines[row]
			if l.Customer == "" {
				l.Customer = l.CustomerName
			}
			got := []any{text("customer", i), text("order_id", i), text("date", i), text("product", i), text("salesperson", i), revenue.Value(i), cogs.IsValid(i)}
			want := []any{l.Customer, l.Order, l.Date.String(), l.Product, l.Salesperson, decimal128.FromI64(int64(l.Revenue)), l.COGS.Known}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("line %d: %v, want %v", row, got, want)
			}
			row++
		}
	}
	if row != len(lines) {
		t.Fatalf("%d lines of %d", row, len(lines))
	}
}

func TestCollectErrors(t *testing.T) {
	day := orders.NewDate(2024, 1, 1)
	stop := errors.New("stop")
	half := orders.Amount(1) << 61
	for _, test := range []struct {
		name  string
		lines iter.Seq2[orders.Line, error]
		o     orders.Options
		want  error
	}{
		{"no lines", each(nil), orders.Options{}, orders.ErrNoRows},
		{"the sequence's error", func(yield func(orders.Line, error) bool) { yield(orders.Line{}, stop) }, orders.Options{}, stop},
		{"overflow", each([]orders.Line{{Date: day, Revenue: half}, {Date: day, Revenue: -half}, {Date: day, Revenue: 1}}), orders.Options{}, orders.ErrOverflow},
		{"too many without a date", each([]orders.Line{{Customer: "a", Revenue: 1}, {Date: day}}), orders.Options{}, orders.ErrRejected},
		{"all after the report date", each([]orders.Line{{Customer: "a", Date: day}}), orders.Options{AsOf: day - 1}, orders.ErrNoRows},
		{"negative burn-in", each(nil), orders.Options{BurnIn: -1}, orders.ErrOptions},
		{"burn-in of a complete history", each(nil), orders.Options{BurnIn: 1, HistoryComplete: true}, orders.ErrOptions},
		{"share above 1", each(nil), orders.Options{MaxRejected: 1.5}, orders.ErrOptions},
	} {
		t.Run(test.name, func(t *testing.T) {
			mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
			defer mem.AssertSize(t, 0)
			test.o.Allocator = mem
			if _, err := orders.Collect(t.Context(), test.lines, test.o); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	var row *orders.RowError
	_, err := orders.Collect(t.Context(), each([]orders.Line{{Date: day}, {}}), orders.Options{Strict: true})
	if !errors.As(err, &row) || row.Row != 2 || row.Reason != orders.NoDate {
		t.Errorf("strict: %v", err)
	}
}

func TestCancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	h, err := orders.Collect(ctx, each(slices.Collect(company.Lines(10_000, 1))), orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := h.Flows(ctx, orders.FlowQuery{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Flows: %v", err)
	}
	if _, err := orders.Collect(ctx, each(slices.Collect(company.Lines(10_000, 1))), orders.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Collect: %v", err)
	}
}

func TestAfterRelease(t *testing.T) {
	h, err := orders.Collect(t.Context(), each(slices.Collect(company.Lines(100, 1))), orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h.Release()
	if _, err := h.Flows(t.Context(), orders.FlowQuery{Split: orders.ByProduct}); !errors.Is(err, orders.ErrQuery) {
		t.Errorf("by product: %v", err)
	}
	if f, err := h.Flows(t.Context(), orders.FlowQuery{}); err != nil || len(f) != 1 {
		t.Errorf("by nothing: %v, %v", f, err)
	}
}
