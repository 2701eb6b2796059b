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

// bound returns bound j as a share.
func (w oracle) bound(j int) *big.Rat {
	return big.NewRat(int64(w.options.Bounds[j]), 100*int64(orders.One))
}

// ranked returns the items by rank.
func (w oracle) ranked() []int {
	order := make([]int, len(w.values))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return w.values[order[a]].Total() > w.values[order[b]].Total() })
	return order
}

// abc returns the class of item i, and whether a bound cuts its group of equals.
func (w oracle) abc(i int) (class abcxyz.ABC, cut bool) {
	one := w.each()
	order := w.ranked()
	mine := w.values[i].Total()
	group := slices.DeleteFunc(order, func(k int) bool { return w.values[k].Total() != mine })
	cut = one[group[0]] != one[group[len(group)-1]]
	switch w.options.Rule {
	case abcxyz.UNF, abcxyz.UT11, abcxyz.PAL:
		return one[i], cut
	}
	return one[group[0]], cut
}

// each returns the class of each item by itself.
func (w oracle) each() []abcxyz.ABC {
	unf := w.options.Rule == abcxyz.UNF
	classes := make([]abcxyz.ABC, len(w.values))
	var order []int
	base := new(big.Rat)
	for _, i := range w.ranked() {
		if v := w.values[i].Total(); v > 0 || unf {
			order = append(order, i)
			base.Add(base, rat(int64(v)))
		}
	}
	if base.Sign() <= 0 {
		return classes
	}
	sum := func(items []int) *big.Rat {
		s := new(big.Rat)
		for _, i := range items {
			s.Add(s, rat(int64(w.values[i].Total())))
		}
		return s
	}
	share := func(items []int) *big.Rat { return sum(items).Quo(sum(items), base) }
	mean := func(n int, from int) *big.Rat { // of the cumulative shares from item from on, over n
		s := new(big.Rat)
		for k := from; k < len(order); k++ {
			s.Add(s, share(order[:k+1]))
		}
		return s.Quo(s, rat(int64(n)))
	}
	last := len(w.options.Bounds)
	started, class := 0, 0 // PAL: where its class began
	for k, i := range order {
		c := last
		for j := last - 1; j >= 0; j-- {
			within := false
			switch w.options.Rule {
			case abcxyz.Before:
				within = share(order[:k]).Cmp(w.bound(j)) < 0
			case abcxyz.UpTo:
				within = share(order[:k+1]).Cmp(w.bound(j)) <= 0
			case abcxyz.Absolute:
				within = w.values[i].Total() >= w.options.Bounds[j]
			case abcxyz.UNF:
				below := new(big.Rat).Sub(rat(1), w.bound(j))
				below.Mul(below, base)
				kopeck := rat(int64(orders.One) / 100)
				rounded, _ := new(big.Rat).SetString(below.Quo(below, kopeck).FloatString(0))
				within = sum(order[k:]).Cmp(rounded.Mul(rounded, kopeck)) > 0
			}
			if within {
				c = j
			}
		}
		switch w.options.Rule {
		case abcxyz.PAL:
			for class < last {
				wanted := w.bound(class)
				if class > 0 {
					wanted.Sub(wanted, w.bound(class-1))
				}
				if share(order[started:k]).Cmp(wanted) < 0 {
					break
				}
				class, started = class+1, k
			}
			c = class
		case abcxyz.UT11:
			c = 2
			as := 0
			for as < len(order) && share(order[:as+1]).Cmp(mean(len(order)+1, 0)) <= 0 {
				as++
			}
			switch {
			case k == len(order)-1:
			case k < as:
				c = 0
			case share(order[:k+1]).Cmp(mean(len(order)-as, as)) <= 0:
				c = 1
			}
		}
		classes[i] = abcxyz.A + abcxyz.ABC(c)
	}
	return classes
}

// steadiness returns the class of a squared coefficient of variation.
func (w oracle) steadiness(square *big.Rat) abcxyz.XYZ {
	if w.options.XYZRule == abcxyz.CVMeans {
		return abcxyz.X // or any other: TestMeans knows
	}
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
		if w.options.Calendar != abcxyz.Window && p.Index < s.First.Index {
			continue
		}
		if w.options.Calendar == abcxyz.FirstToLast && p.Index > s.Last.Index {
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
		if w.options.Sigma == abcxyz.Population {
			square.Mul(square, big.NewRat(n-1, n))
		}
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
	spread.Quo(spread, sumSquare)
	if n := int64(len(values)); w.options.Sigma == abcxyz.Sample {
		spread.Mul(spread, big.NewRat(n, n-1))
	}
	return w.steadiness(spread), ""
}

// drawOptions draws valid options of every kind, but for a scope with From after AsOf.
func drawOptions(t *rapid.T, c orders.Control) abcxyz.Options {
	o := abcxyz.Options{
		By: rapid.SampledFrom([]orders.Dimension{
			"", orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel,
		}).Draw(t, "by"),
		Measure:  orders.Measure(rapid.IntRange(0, int(orders.Purchases)).Draw(t, "measure")),
		Grain:    orders.Grain(rapid.IntRange(0, int(orders.Year)).Draw(t, "grain")),
		Rule:     abcxyz.Rule(rapid.IntRange(0, 5).Draw(t, "rule")),
		Vary:     abcxyz.Vary(rapid.IntRange(0, 2).Draw(t, "vary")),
		Calendar: abcxyz.Calendar(rapid.IntRange(0, 2).Draw(t, "calendar")),
		Sigma:    abcxyz.Sigma(rapid.IntRange(0, 2).Draw(t, "sigma")),
		XYZRule:  abcxyz.XYZRule(rapid.IntRange(0, 1).Draw(t, "xyz rule")),
	}
	switch o.Rule {
	case abcxyz.UT11:
	case abcxyz.Absolute:
		o.Bounds = rapid.SampledFrom([][]orders.Amount{bounds(10, 1), bounds(3, 2), {orders.One}, {90_000, 33_333, 100, 1}}).Draw(t, "money")
	default:
		o.Bounds = rapid.SampledFrom([][]orders.Amount{nil, bounds(70, 90), bounds(50, 100), {33_3333, 66_6667}, {50_0000}, {1, 20_0000, 40_0000, 60_0000, 99_9999}}).Draw(t, "bounds")
	}
	if o.XYZRule == abcxyz.CVBounds {
		o.CV = rapid.SampledFrom([][]float64{nil, {0, .5}, {.1, 2}}).Draw(t, "cv")
	}
	if o.By == "" || o.By == orders.ByCustomer {
		o.Vary = abcxyz.Vary(rapid.IntRange(0, 3).Draw(t, "vary of customers"))
	}
	if (o.Vary == abcxyz.Value || o.Vary == abcxyz.Count) && (o.Grain == orders.NoGrain || o.Grain == orders.Month || o.Grain == orders.Quarter) {
		o.Season = rapid.Bool().Draw(t, "season")
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
			xyz, reason := w.xyz(i)
			if xyz == abcxyz.X && r.Options.XYZRule == abcxyz.CVMeans {
				xyz = max(item.XYZ, abcxyz.X) // which of the three, TestMeans knows
			}
			if xyz != item.XYZ || reason != item.XYZReason {
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
		place := func(c abcxyz.ABC) int { return int(c-abcxyz.A) & 15 } // N, which is 0, is last
		for i, item := range r.Items {
			total += item.Value
			if item.Value > 0 || r.Options.Rule == abcxyz.UNF {
				base += item.Value
			}
			if item.Rank != i+1 {
				t.Errorf("rank %d at %d", item.Rank, i)
			}
			if i > 0 {
				prev := r.Items[i-1]
				if prev.Value < item.Value || prev.Value == item.Value && prev.ID >= item.ID {
					t.Errorf("%q of %s before %q of %s", prev.ID, prev.Value, item.ID, item.Value)
				}
				ours := r.Options.Rule == abcxyz.Before || r.Options.Rule == abcxyz.UpTo || r.Options.Rule == abcxyz.Absolute
				if place(prev.ABC) > place(item.ABC) || ours && prev.Value == item.Value && prev.ABC != item.ABC {
					t.Errorf("%s of %s before %s of %s", prev.ABC, prev.Value, item.ABC, item.Value)
				}
			}
			none := item.ABC == abcxyz.N
			if r.Options.Rule != abcxyz.UNF && none != (item.Value <= 0) || none != (item.ABCReason != "") || none != math.IsNaN(item.Share) || none != math.IsNaN(item.CumBefore) || none != math.IsNaN(item.CumShare) {
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
		if base < 0 {
			base, share = 0, 0
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
		if o.Rule == abcxyz.UNF || o.Rule == abcxyz.Absolute { // which kopecks, and amounts, do not scale with
			o.Rule, o.Bounds = abcxyz.Before, nil
		}
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
			return r.Base == 0 || 5*sum >= 4*r.Base
		})
		if r.Pareto != k {
			t.Errorf("%d items, not %d", r.Pareto, k)
		}
	})
}
