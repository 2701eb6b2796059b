package abcxyz_test

import (
	"context"
	"math"
	"math/big"
	"slices"
	"sort"
	"testing"

	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// The oracle follows the definitions word by word, in rational numbers, and
// looks every item up anew.

type oracle struct {
	options   abcxyz.Options // resolved
	control   orders.Control
	values    []orders.Series
	counts    []orders.Series
	customers []orders.Customer
}

func newOracle(t *rapid.T, f orders.Facts, o abcxyz.Options) oracle {
	control, err := f.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(query any) any {
		answer, err := factstest.Answer(context.Background(), f, query)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	series := orders.SeriesQuery{Scope: o.Scope, By: o.By, Measure: o.Measure, Grain: o.Grain}
	counts := series
	counts.Measure = orders.Purchases
	return oracle{
		options: o, control: control,
		values:    ask(series).([]orders.Series),
		counts:    ask(counts).([]orders.Series),
		customers: ask(orders.CustomerQuery{Scope: o.Scope}).([]orders.Customer),
	}
}

func rat(n int64) *big.Rat { return big.NewRat(n, 1) }

// abc returns the class of item i, and whether a bound cuts its group of equals.
func (w oracle) abc(i int) (class abcxyz.ABC, cut bool) {
	mine := w.values[i].Total()
	if mine <= 0 {
		return abcxyz.N, false
	}
	base, above := new(big.Rat), new(big.Rat)
	equals := int64(0)
	for _, s := range w.values {
		if v := s.Total(); v > 0 {
			base.Add(base, rat(int64(v)))
			if v > mine {
				above.Add(above, rat(int64(v)))
			}
			if v == mine {
				equals++
			}
		}
	}
	var first abcxyz.ABC
	for k := range equals {
		before := new(big.Rat).Add(above, rat(k*int64(mine)))
		share := new(big.Rat).Quo(before, base)
		if w.options.Rule == abcxyz.UpTo {
			share.Quo(before.Add(before, rat(int64(mine))), base)
		}
		c := abcxyz.C
		for j := len(w.options.Bounds) - 1; j >= 0; j-- {
			d := share.Cmp(big.NewRat(int64(w.options.Bounds[j]), 100*int64(orders.One)))
			if d < 0 || d == 0 && w.options.Rule == abcxyz.UpTo {
				c = []abcxyz.ABC{abcxyz.A, abcxyz.B}[j]
			}
		}
		if k == 0 {
			first = c
		}
		cut = cut || c != first
	}
	return first, cut
}

// steadiness returns the class of a squared coefficient of variation.
func (w oracle) steadiness(square *big.Rat) abcxyz.XYZ {
	for j, class := range []abcxyz.XYZ{abcxyz.X, abcxyz.Y} {
		// The bound as it is written: 0.1 is a tenth, not the double nearest to it.
		bound, _ := new(big.Rat).SetString(big.NewFloat(w.options.CV[j]).Text('g', -1))
		if square.Cmp(bound.Mul(bound, bound)) <= 0 {
			return class
		}
	}
	return abcxyz.Z
}

func (w oracle) customer(id string) orders.Customer {
	for _, c := range w.customers {
		if c.ID == id {
			return c
		}
	}
	panic("no such customer: " + id)
}

// judged returns the values of s in the whole periods by the calendar.
func (w oracle) judged(s orders.Series) []orders.Amount {
	var values []orders.Amount
	for k, v := range s.Values {
		p := s.Start.Add(k)
		if !w.control.Whole(p, w.options.Scope.From, w.options.Scope.AsOf) {
			continue
		}
		if w.options.Calendar == abcxyz.SinceFirst && p.Index < s.First.Index {
			continue
		}
		values = append(values, v)
	}
	return values
}

// xyz returns the class of item i and the reason if there is none.
func (w oracle) xyz(i int) (abcxyz.XYZ, abcxyz.Reason) {
	s := w.values[i]
	customer := w.options.By == orders.ByCustomer
	if w.options.Vary == abcxyz.Gaps {
		c := w.customer(s.Item)
		n, sum := c.Rhythm.N, c.Rhythm.Sum
		switch {
		case c.Purchases == 1:
			return abcxyz.OneOff, ""
		case n < 5:
			return abcxyz.Undefined, abcxyz.FewGaps
		}
		square := big.NewRat(n*(n*c.Rhythm.SumSquares-sum*sum), (n-1)*sum*sum)
		return w.steadiness(square), ""
	}
	if w.options.Vary == abcxyz.Count {
		s = w.counts[i]
	}
	values := w.judged(s)
	sum, squares := new(big.Rat), new(big.Rat)
	for _, v := range values {
		sum.Add(sum, rat(int64(v)))
		squares.Add(squares, new(big.Rat).Mul(rat(int64(v)), rat(int64(v))))
	}
	if s.Total() <= 0 {
		profit := w.options.Measure == orders.GrossProfit || w.options.Measure == orders.Contribution
		if profit && w.options.Vary == abcxyz.Value && s.Costed == 0 && s.Revenue != 0 {
			return abcxyz.Undefined, abcxyz.CostUnknown
		}
		return abcxyz.Undefined, abcxyz.NotPositive
	}
	active := 0
	for _, a := range s.Active {
		if a {
			active++
		}
	}
	if customer && w.customer(s.Item).Purchases == 1 || !customer && active == 1 {
		return abcxyz.OneOff, ""
	}
	if len(values) < 3 {
		return abcxyz.Undefined, abcxyz.FewPeriods
	}
	if sum.Sign() <= 0 {
		return abcxyz.Undefined, abcxyz.MeanNotPositive
	}
	sumSquare := new(big.Rat).Mul(sum, sum)
	spread := new(big.Rat).Sub(new(big.Rat).Mul(rat(int64(len(values))), squares), sumSquare)
	return w.steadiness(spread.Quo(spread, sumSquare)), ""
}

// drawOptions draws valid options of every kind, but for a scope with From after AsOf.
func drawOptions(t *rapid.T, c orders.Control) abcxyz.Options {
	o := abcxyz.Options{
		By: rapid.SampledFrom([]orders.Dimension{
			"", orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel,
		}).Draw(t, "by"),
		Measure:  orders.Measure(rapid.IntRange(0, int(orders.Purchases)).Draw(t, "measure")),
		Grain:    orders.Grain(rapid.IntRange(0, int(orders.Year)).Draw(t, "grain")),
		Rule:     abcxyz.Rule(rapid.IntRange(0, 1).Draw(t, "rule")),
		Vary:     abcxyz.Vary(rapid.IntRange(0, 2).Draw(t, "vary")),
		Calendar: abcxyz.Calendar(rapid.IntRange(0, 1).Draw(t, "calendar")),
		Bounds:   rapid.SampledFrom([][]orders.Amount{nil, bounds(70, 90), bounds(50, 100), {33_3333, 66_6667}}).Draw(t, "bounds"),
		CV:       rapid.SampledFrom([][]float64{nil, {0, .5}, {.1, 2}}).Draw(t, "cv"),
	}
	if o.By == "" || o.By == orders.ByCustomer {
		o.Vary = abcxyz.Vary(rapid.IntRange(0, 3).Draw(t, "vary of customers"))
	}
	if c.Span() > 1 && rapid.Bool().Draw(t, "has a scope") {
		from := rapid.IntRange(0, c.Span()-1).Draw(t, "from")
		o.Scope.From = c.FirstDay + orders.Date(from)
		o.Scope.AsOf = o.Scope.From + orders.Date(rapid.IntRange(0, c.Span()-1-from).Draw(t, "days"))
	}
	if rapid.IntRange(0, 4).Draw(t, "has a where") == 4 {
		o.Scope.Where = []orders.Where{{Dimension: orders.ByProduct, In: []string{"p", "Чай"}}}
	}
	return o
}

// draw draws a history that is not all rejected or cancelled, and options.
func draw(t *rapid.T) (orders.Facts, []orders.Line, orders.Options, abcxyz.Options) {
	lines, ingest := factstest.Lines(t), factstest.Options(t)
	f, err := factstest.Open(lines, ingest)
	if err != nil {
		t.Skip(err)
	}
	c, err := f.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return f, lines, ingest, drawOptions(t, c)
}

func rankDrawn(t *rapid.T, f orders.Facts, o abcxyz.Options) *abcxyz.Ranking {
	r, err := abcxyz.Rank(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		r := rankDrawn(t, f, o)
		w := newOracle(t, f, r.Options)
		if len(r.Items) != len(w.values) {
			t.Fatalf("%d items of %d", len(r.Items), len(w.values))
		}
		byID := map[string]int{}
		for i, s := range w.values {
			byID[s.Item] = i
		}
		for _, item := range r.Items {
			i := byID[item.ID]
			if item.Value != w.values[i].Total() || item.Name != w.values[i].Name {
				t.Errorf("item %q is %q of %s, not %q of %s", item.ID, item.Name, item.Value, w.values[i].Name, w.values[i].Total())
			}
			if abc, cut := w.abc(i); abc != item.ABC || cut != item.Cut {
				t.Errorf("item %q is %s, cut %t, not %s, cut %t", item.ID, item.ABC, item.Cut, abc, cut)
			}
			if xyz, reason := w.xyz(i); xyz != item.XYZ || reason != item.XYZReason {
				t.Errorf("item %q is %s for %q (CV %v), not %s for %q", item.ID, item.XYZ, item.XYZReason, item.CV, xyz, reason)
			}
			if n := len(w.judged(w.values[i])); n != item.Periods {
				t.Errorf("item %q is judged on %d periods, not %d", item.ID, item.Periods, n)
			}
		}
	})
}

// TestProperties: ranks are by value and id, classes are monotone, sums and
// shares conserve the total, and NaN is where it is documented and nowhere else.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		r := rankDrawn(t, f, o)
		var total, base orders.Amount
		share := 0.0
		order := map[abcxyz.ABC]int{abcxyz.A: 0, abcxyz.B: 1, abcxyz.C: 2, abcxyz.N: 3}
		for i, item := range r.Items {
			total += item.Value
			base += max(item.Value, 0)
			if item.Rank != i+1 {
				t.Errorf("rank %d at %d", item.Rank, i)
			}
			if i > 0 {
				prev := r.Items[i-1]
				if prev.Value < item.Value || prev.Value == item.Value && prev.ID >= item.ID {
					t.Errorf("%q of %s before %q of %s", prev.ID, prev.Value, item.ID, item.Value)
				}
				if order[prev.ABC] > order[item.ABC] || prev.Value == item.Value && prev.ABC != item.ABC {
					t.Errorf("%s of %s before %s of %s", prev.ABC, prev.Value, item.ABC, item.Value)
				}
			}
			none := item.ABC == abcxyz.N
			if none != (item.Value <= 0) || none != (item.ABCReason != "") || none != math.IsNaN(item.Share) || none != math.IsNaN(item.CumBefore) || none != math.IsNaN(item.CumShare) {
				t.Errorf("%+v", item)
			}
			if (item.XYZ == abcxyz.Undefined) != (item.XYZReason != "") {
				t.Errorf("%+v", item)
			}
			if class := item.XYZ == abcxyz.X || item.XYZ == abcxyz.Y || item.XYZ == abcxyz.Z; class && !(item.CV >= 0 && !math.IsInf(item.CV, 0)) {
				t.Errorf("%+v", item)
			}
			if !none {
				share += item.Share
			}
		}
		if r.Total != total || r.Base != base || r.Excluded != total-base {
			t.Errorf("total %s, base %s, excluded %s; the items give %s and %s", r.Total, r.Base, r.Excluded, total, base)
		}
		if base > 0 && math.Abs(share-1) > 1e-9 {
			t.Errorf("shares add up to %v", share)
		}
		conserve(t, r)
	})
}

// conserve holds the matrix and the classes to the ranking.
func conserve(t *rapid.T, r *abcxyz.Ranking) {
	m := r.Matrix()
	columns := make([]abcxyz.Part, len(m.Columns))
	var all abcxyz.Part
	for i, cells := range m.Cells {
		var row abcxyz.Part
		for j, c := range cells {
			if d := factstest.Diff(c, m.Cell(m.Rows[i], m.Columns[j])); d != "" {
				t.Errorf("cell %s %s: %s", m.Rows[i], m.Columns[j], d)
			}
			for _, p := range []*abcxyz.Part{&row, &columns[j], &all} {
				p.Items += c.Items
				p.Sum += c.Sum
			}
		}
		if got := m.RowTotals[i]; got.Items != row.Items || got.Sum != row.Sum {
			t.Errorf("row %s: %+v, not %+v", m.Rows[i], got, row)
		}
		got := r.Classes[i]
		if got.ABC != m.Rows[i] || factstest.Diff(got.Part, m.RowTotals[i]) != "" {
			t.Errorf("class %s: %+v", m.Rows[i], got)
		}
	}
	for j, column := range columns {
		if got := m.ColumnTotals[j]; got.Items != column.Items || got.Sum != column.Sum {
			t.Errorf("column %s: %+v, not %+v", m.Columns[j], got, column)
		}
	}
	if m.Total.Items != len(r.Items) || m.Total.Sum != r.Total || all.Items != len(r.Items) || all.Sum != r.Total {
		t.Errorf("%+v of %d items, %s", m.Total, len(r.Items), r.Total)
	}
}

// TestHistory: neither the order of lines nor which Facts answer changes
// anything, an allocator sees no leak, and the result outlives the history.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, lines, ingest, o := draw(t)
		mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
		ingest.Allocator = mem
		permuted := rapid.Permutation(lines).Draw(t, "permutation")
		h, err := orders.Collect(context.Background(), orderstest.Rows(slices.Values(permuted)), ingest)
		if err != nil {
			t.Fatal(err)
		}
		got := rankDrawn(t, h, o)
		h.Release()
		if n := mem.CurrentAlloc(); n != 0 {
			t.Errorf("%d bytes left", n)
		}
		if d := factstest.Diff(rankDrawn(t, f, o), got); d != "" {
			t.Error(d)
		}
	})
}

// TestScale: twice as much of everything changes no class.
func TestScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, lines, ingest, o := draw(t)
		for i := range lines {
			lines[i].Revenue *= 2
			lines[i].COGS.Amount *= 2
			lines[i].Direct *= 2
			lines[i].Quantity *= 2
		}
		g, err := factstest.Open(lines, ingest)
		if err != nil {
			t.Fatal(err)
		}
		once, twice := rankDrawn(t, f, o), rankDrawn(t, g, o)
		for i := range once.Items {
			a, b := once.Items[i], twice.Items[i]
			if a.ID != b.ID || a.Class() != b.Class() || a.Reason() != b.Reason() || a.CV != b.CV && !math.IsNaN(a.CV) {
				t.Errorf("%+v becomes %+v", a, b)
			}
		}
	})
}

// TestPareto: the items of highest rank that hold 80 % of the base, counted naively.
func TestPareto(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		r := rankDrawn(t, f, o)
		k := sort.Search(len(r.Items), func(k int) bool {
			var sum orders.Amount
			for _, i := range r.Items[:k] {
				sum += max(i.Value, 0)
			}
			return 5*sum >= 4*r.Base
		})
		if r.Pareto != k {
			t.Errorf("%d items, not %d", r.Pareto, k)
		}
	})
}
