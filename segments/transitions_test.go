package segments_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// Places of the default grid, and that of the prospects.
var (
	newActive       = segments.Place{Column: 0, State: segments.Active}
	newAsleep       = segments.Place{Column: 0, State: segments.Asleep}
	promisingActive = segments.Place{Column: 1, State: segments.Active}
	prospect        = segments.Place{Column: -1, State: segments.NeverBought}
)

// TestTransitionsByHand follows one customer each way that there is, over the 31
// days from 30 November to 31 December, the default.
func TestTransitionsByHand(t *testing.T) {
	lines := slices.Concat(
		times(1, "asleep since", 55, 100),                  // 24 days since, then 55
		times(1, "back", 55, 100), times(1, "back", 3, 40), // new and active, promising and active
		times(1, "first bought", 10, 7),                                        // nobody at the start
		times(1, "met in October", 2, 9),                                       // a prospect at the start
		[]orders.Line{sale("only returned", 60, -5), sale("free goods", 1, 0)}, // no purchase
	)
	o := segments.TransitionOptions{Grid: segments.GridOptions{Prospects: []segments.Prospect{
		{ID: "met in October", Since: asOf - 80}, {ID: "met today", Name: "Olga", Owner: "Ivan", Since: asOf}, {ID: "never", Name: "the first given"},
		{ID: "never", Name: "again"}, {ID: "back"}, {ID: "free goods"}, {ID: "only returned"}, {ID: "not yet", Since: asOf + 1}}}}
	x, err := segments.Transitions(ctx, collect(t, lines), o)
	if err != nil {
		t.Fatal(err)
	}
	if want := orders.NewDate(2024, 11, 30); x.Start.AsOf != want || x.End.AsOf != asOf {
		t.Errorf("from %s to %s", x.Start.AsOf, x.End.AsOf)
	}
	for name, test := range map[string]struct {
		got  segments.Transition
		want segments.Transition
	}{
		"fell asleep":     {x.Cell(newActive, newAsleep), segments.Transition{Customers: 1, Start: money(100), End: money(100)}},
		"returned":        {x.Cell(newActive, promisingActive), segments.Transition{Customers: 1, Start: money(100), End: money(140)}},
		"entered":         {x.Entered(newActive), segments.Transition{Customers: 1, End: money(7)}},
		"won":             {x.Cell(prospect, newActive), segments.Transition{Customers: 1, End: money(9)}},
		"still prospects": {x.Cell(prospect, prospect), segments.Transition{Customers: 1}},
		"met":             {x.Entered(prospect), segments.Transition{Customers: 1}},
		"left":            {x.Left(newActive), segments.Transition{}},
		"all":             {x.Total, segments.Transition{Customers: 7, Start: money(200), End: money(256)}},
	} {
		if test.got != test.want {
			t.Errorf("%s: %+v, want %+v", name, test.got, test.want)
		}
	}
	var never []string
	for _, p := range x.End.Prospects {
		never = append(never, fmt.Sprint(p.ID, "/", p.Name, "/", p.Owner))
	}
	if want := []string{"met today/Olga/Ivan", "never/the first given/"}; !slices.Equal(never, want) {
		t.Errorf("prospects at the end: %q, want %q", never, want)
	}
	// "free goods" had no order at the start: a prospect who left, for an order of
	// nothing is an order, and no purchase.
	if got := x.Left(prospect); got != (segments.Transition{Customers: 1}) {
		t.Errorf("left the prospects: %+v", got)
	}
}

// TestTransitionsOfOwner: only a filter by owner lets a customer leave.
func TestTransitionsOfOwner(t *testing.T) {
	lines := []orders.Line{sale("a", 40, 10), sale("a", 5, 20), sale("b", 40, 30)}
	for i, seller := range []string{"Ivan", "Olga", "Ivan"} {
		lines[i].Salesperson = seller
	}
	of := func(owner string) *segments.TransitionResult {
		x, err := segments.Transitions(ctx, collect(t, lines), segments.TransitionOptions{Grid: segments.GridOptions{
			Scope: orders.Scope{Where: []orders.Where{{Dimension: orders.ByOwner, In: []string{owner}}}}}})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	if got, want := of("Ivan").Left(newActive), (segments.Transition{Customers: 1, Start: money(10)}); got != want {
		t.Errorf("left Ivan: %+v, want %+v", got, want)
	}
	if got, want := of("Olga").Entered(promisingActive), (segments.Transition{Customers: 1, End: money(30)}); got != want {
		t.Errorf("came to Olga: %+v, want %+v", got, want)
	}
}

// TestTransitionDays: the same day of the month before, or that month's last.
func TestTransitionDays(t *testing.T) {
	for end, want := range map[orders.Date]orders.Date{
		orders.NewDate(2024, 3, 31): orders.NewDate(2024, 2, 29),
		orders.NewDate(2023, 3, 29): orders.NewDate(2023, 2, 28),
		orders.NewDate(2024, 3, 28): orders.NewDate(2024, 2, 28),
		orders.NewDate(2024, 1, 15): orders.NewDate(2023, 12, 15),
		orders.NewDate(2024, 7, 31): orders.NewDate(2024, 6, 30),
	} {
		x, err := segments.Transitions(ctx, collect(t, times(1, "a", 300, 1)), segments.TransitionOptions{End: end})
		if err != nil {
			t.Fatal(err)
		}
		if x.Start.AsOf != want || x.End.AsOf != end {
			t.Errorf("from %s to %s, want %s and %s", x.Start.AsOf, x.End.AsOf, want, end)
		}
	}
	// The scope's first day, where that is later; and no earlier one.
	o := segments.TransitionOptions{Grid: segments.GridOptions{Scope: orders.Scope{From: asOf - 3}}}
	h := collect(t, slices.Concat(times(1, "a", 60, 5), times(1, "a", 3, 2), times(1, "a", 0, 1)))
	x, err := segments.Transitions(ctx, h, o)
	if err != nil || x.Start.AsOf != asOf-3 || x.Start.Revenue != money(2) || x.End.Revenue != money(3) {
		t.Errorf("%+v, %v", x, err)
	}
	for name, test := range map[string]struct {
		o    segments.TransitionOptions
		text string
	}{
		"backwards":         {segments.TransitionOptions{Start: asOf, End: asOf - 1}, "Start = 2024-12-31"},
		"one day":           {segments.TransitionOptions{Start: asOf}, "Start = 2024-12-31"},
		"after the export":  {segments.TransitionOptions{End: asOf + 1}, "End = 2025-01-01"},
		"before the scope":  {segments.TransitionOptions{Grid: o.Grid, Start: asOf - 4}, "Start = 2024-12-27"},
		"scope upside down": {segments.TransitionOptions{Grid: segments.GridOptions{Scope: orders.Scope{From: 2, AsOf: 1}}}, "Scope.From"},
		"columns":           {segments.TransitionOptions{Grid: segments.GridOptions{Columns: []segments.GridColumn{}}}, "Columns"},
		"nameless":          {segments.TransitionOptions{Grid: segments.GridOptions{Prospects: []segments.Prospect{{ID: "a"}, {Name: "x"}}}}, "Prospects[1]"},
	} {
		if _, err := segments.Transitions(ctx, h, test.o); !errors.Is(err, orders.ErrOptions) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v, want %q", name, err, test.text)
		}
	}
}

// drawTransitions draws two days, a scope and prospects.
func drawTransitions(t *rapid.T, c orders.Control) segments.TransitionOptions {
	o := segments.TransitionOptions{Grid: segments.GridOptions{Scope: factstest.Scope(t)}}
	o.Grid.Scope.From, o.Grid.Scope.AsOf = 0, 0
	end := int(c.LastDay)
	o.End = orders.Date(rapid.IntRange(int(c.FirstDay)-5, end).Draw(t, "end"))
	o.Start = orders.Date(rapid.IntRange(int(c.FirstDay)-40, int(o.End)-1).Draw(t, "start"))
	for i := range rapid.IntRange(0, 6).Draw(t, "prospects") {
		p := segments.Prospect{ID: rapid.SampledFrom([]string{"p", "q", "a", "b", "c", "A", "Я"}).Draw(t, "prospect"), Name: fmt.Sprint(i)}
		if rapid.Bool().Draw(t, "dated") {
			p.Since = orders.Date(rapid.IntRange(int(o.Start)-3, end).Draw(t, "since"))
		}
		o.Grid.Prospects = append(o.Grid.Prospects, p)
	}
	return o
}

// TestTransitionsConserve: on random data rows are the grid at the start, columns
// the grid at the end, in customers and in money, and both days' grids are those
// that Grid gives; and every customer is where the two grids say.
func TestTransitionsConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		control, err := f.Control(ctx)
		if err != nil {
			t.Fatal(err)
		}
		o := drawTransitions(t, control)
		x, err := segments.Transitions(ctx, f, o)
		if errors.Is(err, orders.ErrQuery) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, side := range []struct {
			name   string
			got    *segments.GridResult
			day    orders.Date
			totals []segments.Transition
			sum    func(int) []segments.Transition // of a row or column
			of     func(segments.Transition) orders.Amount
			all    orders.Amount
		}{
			{"start", x.Start, o.Start, x.RowTotals, func(i int) []segments.Transition { return x.Cells[i] },
				func(c segments.Transition) orders.Amount { return c.Start }, x.Total.Start},
			{"end", x.End, o.End, x.ColumnTotals, func(i int) (column []segments.Transition) {
				for _, row := range x.Cells {
					column = append(column, row[i])
				}
				return column
			}, func(c segments.Transition) orders.Amount { return c.End }, x.Total.End},
		} {
			g := o.Grid
			g.Scope.From, g.Scope.AsOf = min(control.FirstDay, side.day), side.day
			want, err := segments.Grid(ctx, f, g)
			if err != nil {
				t.Fatal(err)
			}
			if d := factstest.Diff(want, side.got); d != "" {
				t.Errorf("%s: the grid differs: %s", side.name, d)
			}
			if side.all != want.Revenue {
				t.Errorf("%s: revenue %s, the grid has %s", side.name, side.all, want.Revenue)
			}
			for i, p := range x.Places {
				customers, revenue := int64(len(want.Prospects)), orders.Amount(0)
				if p.State != segments.NeverBought {
					customers, revenue = want.Cell(p.Column, p.State).Customers, want.Cell(p.Column, p.State).Revenue
				}
				var sum segments.Transition
				for _, c := range side.sum(i) {
					sum.Customers += c.Customers
					sum.Start += c.Start
					sum.End += c.End
				}
				if sum != side.totals[i] || sum.Customers != customers || side.of(sum) != revenue {
					t.Errorf("%s: place %v sums to %+v, total %+v, the grid has %d, %s", side.name, p, sum, side.totals[i], customers, revenue)
				}
			}
		}
		n := len(x.Places)
		if x.Cells[n][n] != (segments.Transition{}) {
			t.Errorf("nowhere to nowhere: %+v", x.Cells[n][n])
		}
		checkMoves(t, x)
	})
}

// checkMoves holds each move to the two grids, by maps.
func checkMoves(t *rapid.T, x *segments.TransitionResult) {
	at := func(g *segments.GridResult) map[string]string {
		all := map[string]string{}
		for _, c := range g.Assigned {
			all[c.ID] = fmt.Sprint(c.Column, c.State, c.Revenue)
		}
		for _, p := range g.Prospects {
			if all[p.ID] != "" {
				t.Errorf("%s is a customer and a prospect", p.ID)
			}
			all[p.ID] = fmt.Sprint(-1, segments.NeverBought, 0)
		}
		return all
	}
	was, is := at(x.Start), at(x.End)
	place := func(i int, revenue orders.Amount) string {
		if i == len(x.Places) {
			return ""
		}
		return fmt.Sprint(x.Places[i].Column, x.Places[i].State, revenue)
	}
	if !slices.IsSortedFunc(x.Moves, func(a, b segments.Move) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("moves are not by id")
	}
	for _, m := range x.Moves {
		if from, to := place(m.From, m.Start), place(m.To, m.End); from != was[m.ID] || to != is[m.ID] || from+to == "" {
			t.Errorf("%+v: the grids have %q and %q", m, was[m.ID], is[m.ID])
		}
		delete(was, m.ID)
		delete(is, m.ID)
	}
	if len(was)+len(is) > 0 {
		t.Errorf("moves miss %v, %v", was, is)
	}
}

// TestTransitionRecords looks at one row of each record, nulls included.
func TestTransitionRecords(t *testing.T) {
	lines := []orders.Line{sale("a", 55, 100), sale("a", 3, 40), sale("b", 1, 5)}
	lines[1].Salesperson = "Ivan"
	o := segments.TransitionOptions{Grid: segments.GridOptions{Prospects: []segments.Prospect{{ID: "p", Name: "Pavel", Since: asOf - 1}, {ID: "q"}}}}
	h := collect(t, lines)
	x, err := segments.Transitions(ctx, h, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		record func(memory.Allocator) arrow.Record
		row    int
		rows   int64
		want   string
	}{
		{"cell", x.Record, 3, 121, "from_column=new from_state=active to_column=promising to_state=active customers=1 start=100 end=140"},
		{"entered", x.Record, 110, 121, "from_column=(null) from_state=(null) to_column=new to_state=active customers=1 start=0 end=5"},
		{"left", x.Record, 10, 121, "from_column=new from_state=active to_column=(null) to_state=(null) customers=0 start=0 end=0"},
		{"prospects", x.Record, 9*11 + 9, 121, "from_column=(null) from_state=never_bought to_column=(null) to_state=never_bought customers=1 start=0 end=0"},
		{"customer", x.CustomerRecord, 0, 4, "customer=a name=a owner=Ivan from_column=new from_state=active to_column=promising to_state=active start=100 end=140"},
		{"prospect met", x.CustomerRecord, 2, 4, "customer=p name=Pavel owner=(null) from_column=(null) from_state=(null) to_column=(null) to_state=never_bought start=0 end=0"},
		{"prospect", x.End.ProspectRecord, 0, 2, "customer=p name=Pavel owner=(null) since=2024-12-30"},
		{"prospect since ever", x.End.ProspectRecord, 1, 2, "customer=q name=(null) owner=(null) since=(null)"},
		{"prospects of the grid", x.End.Record, 10, 11, "column=(null) state=never_bought customers=2 purchases=0 revenue=0 customer_share=(null) revenue_share=(null) potential=(null)"},
	} {
		got, rows := orderstest.Row(t, test.record, test.row)
		if got != test.want || rows != test.rows {
			t.Errorf("%s: %d rows, want %d\ngot  %s\nwant %s", test.name, rows, test.rows, got, test.want)
		}
	}
}
