package factstest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// Answer returns what f answers to a query of any kind, whole and apart from
// the buffers of f.
func Answer(ctx context.Context, f orders.Facts, query any) (any, error) {
	switch q := query.(type) {
	case orders.SeriesQuery:
		return collect(f.Series(ctx, q), func(s orders.Series) orders.Series {
			s.Values, s.Active = slices.Clone(s.Values), slices.Clone(s.Active)
			return s
		})
	case orders.CustomerQuery:
		return collect(f.Customers(ctx, q), func(c orders.Customer) orders.Customer { return c })
	case orders.FlowQuery:
		return f.Flows(ctx, q)
	case orders.GapQuery:
		return f.Gaps(ctx, q)
	}
	return nil, fmt.Errorf("factstest: %T is no query", query)
}

func collect[T any](seq iter.Seq2[T, error], clone func(T) T) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		all = append(all, clone(v))
	}
	return all, nil
}

// Standard returns the queries that analyses ask of a history of control c:
// every dimension, measure, grain and key, over all of it, up to its middle, and
// from its middle on.
func Standard(c orders.Control) []any {
	middle := c.FirstDay + orders.Date(c.Span()/2)
	var all []any
	for _, s := range []orders.Scope{{}, {AsOf: middle}, {From: middle}} {
		all = append(all, orders.CustomerQuery{Scope: s}, orders.GapQuery{Scope: s})
		for i, by := range dimensions {
			for j, m := range measures {
				all = append(all, orders.SeriesQuery{Scope: s, By: by, Measure: m, Grain: grains[(i+j)%len(grains)]})
			}
			all = append(all,
				orders.SeriesQuery{Scope: s, By: by, Split: dimensions[(i+3)%len(dimensions)]},
				orders.FlowQuery{Scope: s, Split: by},
				orders.FlowQuery{Scope: s, Split: by, Period: orders.Month, Number: 2})
		}
		for _, g := range grains {
			all = append(all, orders.FlowQuery{Scope: s, Period: g}, orders.FlowQuery{Scope: s, Cohort: g, Period: g},
				orders.FlowQuery{Scope: s, Cohort: g, Age: 30}, orders.FlowQuery{Scope: s, Cohort: g, Number: 3})
		}
		all = append(all, orders.FlowQuery{Scope: s, Number: 10}, orders.FlowQuery{Scope: s, Age: 1})
	}
	return all
}

// Equal fails t unless a and b are equal in all five facts: in Control but for
// its warnings, and in the answers to the [Standard] queries and those given.
// Invalid queries must be errors of one kind in both.
func Equal(t rapid.TB, a, b orders.Facts, queries ...any) {
	t.Helper()
	ctx := context.Background()
	ca, cb := control(t, a), control(t, b)
	ca.Warnings, cb.Warnings = nil, nil
	if d := Diff(ca, cb); d != "" {
		t.Fatalf("controls differ: %s", d)
	}
	for _, q := range append(Standard(ca), queries...) {
		x, errX := Answer(ctx, a, q)
		y, errY := Answer(ctx, b, q)
		if (errX == nil) != (errY == nil) || errors.Is(errX, orders.ErrQuery) != errors.Is(errY, orders.ErrQuery) {
			t.Fatalf("%T%+v: errors %v and %v", q, q, errX, errY)
		}
		if d := Diff(x, y); errX == nil && d != "" {
			t.Fatalf("%T%+v: %s", q, q, d)
		}
	}
}

// Behave fails t unless f ends its sequences when the loop does, gives up when
// the context does, and answers several readers at once as it answers one.
func Behave(t rapid.TB, f orders.Facts) {
	t.Helper()
	queries := Standard(control(t, f))
	for range f.Series(context.Background(), orders.SeriesQuery{}) {
		break // a sequence that goes on panics
	}
	for range f.Customers(context.Background(), orders.CustomerQuery{}) {
		break
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	for _, q := range []any{orders.SeriesQuery{}, orders.CustomerQuery{}, orders.FlowQuery{}, orders.GapQuery{}} {
		if _, err := Answer(over, f, q); !errors.Is(err, context.Canceled) {
			t.Fatalf("%T in a cancelled context: error %v", q, err)
		}
	}
	const readers = 4
	var answers [readers][]any
	var wg sync.WaitGroup
	for r := range readers {
		wg.Go(func() {
			for _, q := range queries {
				answer, err := Answer(context.Background(), f, q)
				answers[r] = append(answers[r], answer, err)
			}
		})
	}
	wg.Wait()
	for r := range readers {
		if d := Diff(answers[0], answers[r]); d != "" {
			t.Fatalf("readers differ: %s", d)
		}
	}
}

func control(t rapid.TB, f orders.Facts) orders.Control {
	t.Helper()
	c, err := f.Control(context.Background())
	if err != nil {
		t.Fatalf("control: %v", err)
	}
	return c
}

// ask is [Answer] to a query that must be valid.
func ask[T any](t rapid.TB, f orders.Facts, query any) []T {
	t.Helper()
	answer, err := Answer(context.Background(), f, query)
	if err != nil {
		t.Fatalf("%T%+v: %v", query, query, err)
	}
	return answer.([]T)
}

// Conserve fails t unless every fact of f adds up to its control: money, deals
// and purchases, over all keys, grains and splits, and over the parts of a range.
func Conserve(t rapid.TB, f orders.Facts) {
	t.Helper()
	c := control(t, f)
	check := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
	}
	read, money := c.Accepted+c.Rejected, c.Export+c.MoneyRejected
	for _, s := range c.Skipped {
		read, money = read+s.Rows, money+s.Money
	}
	check("rows", read, c.RowsRead)
	check("money", money, c.MoneyRead)
	check("export", c.Identified+c.Anonymous+c.Cancelled, c.Export)

	whole := flowTotal(ask[orders.Flow](t, f, orders.FlowQuery{}))
	check("sides", whole.Revenue, c.Identified)
	check("deals", whole.Deals, c.Deals)
	check("purchases", whole.Purchases, c.Purchases)
	check("lines", whole.Lines, c.Accepted-c.AnonymousLines-c.CancelledLines)
	for _, q := range []orders.FlowQuery{
		{Cohort: orders.Month, Period: orders.Week}, {Cohort: orders.Year, Age: 30}, {Number: 3, Period: orders.Day},
		{Split: orders.BySalesperson}, {Split: orders.ByOwner}, {Split: orders.ByChannel}, {Split: orders.ByRepeatFlag}, {Split: orders.ByCustomer},
	} {
		got, want := flowTotal(ask[orders.Flow](t, f, q)), whole
		if q.Split != "" { // a purchase may be shared
			got.Purchases, want.Purchases = 0, 0
		}
		check(fmt.Sprintf("flows %+v", q), got, want)
	}
	for m := range c.Span() {
		middle := c.FirstDay + orders.Date(m)
		if m%97 == 0 && middle < c.LastDay {
			before := flowTotal(ask[orders.Flow](t, f, orders.FlowQuery{Scope: orders.Scope{AsOf: middle}}))
			after := flowTotal(ask[orders.Flow](t, f, orders.FlowQuery{Scope: orders.Scope{From: middle + 1}}))
			check(fmt.Sprintf("up to %s and after", middle), before.Plus(after), whole)
		}
	}
	conservePeriods(t, f)
	conserveItems(t, f, c)
	conserveCustomers(t, f, c, whole)
}

func flowTotal(flows []orders.Flow) orders.Tally {
	var t orders.Tally
	for _, flow := range flows {
		t = t.Plus(flow.Total())
	}
	return t
}

// conservePeriods holds the four sides of every period to what customers spent in it.
func conservePeriods(t rapid.TB, f orders.Facts) {
	t.Helper()
	for _, g := range grains[1:] {
		spent := map[orders.Period]orders.Amount{}
		for _, s := range ask[orders.Series](t, f, orders.SeriesQuery{Grain: g}) {
			for i, v := range s.Values {
				spent[s.Start.Add(i)] += v
			}
		}
		for _, flow := range ask[orders.Flow](t, f, orders.FlowQuery{Period: g}) {
			sides := flow.First.Revenue + flow.Repeat.Revenue + flow.Unknown.Revenue + flow.Unmatched.Revenue
			if sides != spent[flow.Period] {
				t.Fatalf("%s: sides sum to %s, customers to %s", flow.Period, sides, spent[flow.Period])
			}
			delete(spent, flow.Period)
		}
		for p, v := range spent {
			if v != 0 {
				t.Fatalf("%s: customers spent %s in no flow", p, v)
			}
		}
	}
}

// conserveItems holds the series of every dimension and split to the control.
func conserveItems(t rapid.TB, f orders.Facts, c orders.Control) {
	t.Helper()
	for _, by := range dimensions {
		want := c.Identified
		if by == orders.ByProduct || by == orders.ByGroup {
			want += c.Anonymous
		}
		for _, split := range append(dimensions, "") {
			var values, revenue orders.Amount
			for _, s := range ask[orders.Series](t, f, orders.SeriesQuery{By: by, Split: split, Grain: orders.Quarter}) {
				values, revenue = values+s.Total(), revenue+s.Revenue
			}
			if values != want || revenue != want {
				t.Fatalf("series by %s and %q: values %s, revenue %s, want %s", by, split, values, revenue, want)
			}
		}
	}
}

// conserveCustomers holds customers to the control and gaps to customers.
func conserveCustomers(t rapid.TB, f orders.Facts, c orders.Control, whole orders.Tally) {
	t.Helper()
	var total orders.Tally
	var purchases, buyers, gaps int64
	for _, customer := range ask[orders.Customer](t, f, orders.CustomerQuery{}) {
		total = total.Plus(customer.Sides.Total())
		purchases += customer.Purchases
		gaps += customer.Rhythm.N
		if customer.Purchases > 0 {
			buyers++
		}
	}
	if total != whole || purchases != c.Purchases || buyers != c.Customers {
		t.Fatalf("customers sum to %+v, %d purchases, %d buyers; want %+v, %d, %d", total, purchases, buyers, whole, c.Purchases, c.Customers)
	}
	var ended, open int64
	for _, g := range ask[orders.Gap](t, f, orders.GapQuery{}) {
		ended, open = ended+g.Ended, open+g.Open
	}
	if ended != gaps || open != buyers {
		t.Fatalf("%d gaps ended and %d are open; customers have %d and %d", ended, open, gaps, buyers)
	}
}
