package abcxyz

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// Ranking is the answer of [Rank].
type Ranking struct {
	Options Options // as resolved: the rule and the bounds that made every class

	First, Last orders.Period   // of the whole periods, which XYZ is judged on; zero if there are none
	Partial     []orders.Period // left out of XYZ, ascending: the export covers only a part of them

	Items []Item // by rank

	Total    orders.Amount // of the measure, over all items: Base + Excluded
	Base     orders.Amount // of the items above zero, under UNF of all: what shares are shares of
	Excluded orders.Amount // of class N

	Classes []ClassSum // A, B, C … N, each of them always
	Pareto  int        // how many items of the highest rank hold 80 % of Base, whatever the bounds; 0 without a base

	Revenue orders.Amount // of all items, whatever the measure
	Costed  orders.Amount // revenue whose cost is known

	// Season is the portfolio's index by month of the year, January first, or by
	// quarter: its mean in the whole periods of that month ÷ its mean in all. NaN
	// for a month of which there is none; nil unless Options.Season asks for it.
	Season []float64

	Warnings []orders.Warning // codes: the Warn constants
}

// Item is one customer, product, group, salesperson or channel in a [Ranking].
type Item struct {
	Rank     int    // from 1; equal values by id
	ID, Name string // both "" for lines without a product, salesperson or channel
	Value    orders.Amount

	// Shares of Ranking.Base, 0…1: the item's own, that of all items before it,
	// and that of both together. NaN for class N.
	Share, CumBefore, CumShare float64

	ABC ABC
	// Cut: a bound runs through the items of this value. Under Before and UpTo they
	// share the class of the first of them, under UNF, UT11 and PAL they do not.
	Cut bool

	Revenue   orders.Amount // in the scope, whatever the measure
	Costed    orders.Amount // of Revenue, what has a known cost
	CostKnown float64       // Costed ÷ Revenue; NaN without revenue

	CV float64 // coefficient of variation, 0.10 being 10 %; given for OneOff too, where there is one; else NaN
	// SeasonCV is the CV after each value was divided by the index of its month in
	// Ranking.Season: what is left of the variation when the season is taken out. NaN
	// where there is no CV, and without Options.Season.
	SeasonCV float64

	Periods int   // whole periods by the calendar of the options
	Active  int   // of them, periods with a deal
	Gaps    int64 // between purchase days up to as-of, for customers under Gaps; else 0
	XYZ     XYZ

	ABCReason Reason // why ABC is N; else ""
	XYZReason Reason // why XYZ is Undefined; else ""
}

// Class returns both classes: "AX", "BZ", "A–", "C one-off".
func (i Item) Class() string {
	if i.XYZ == OneOff {
		return i.ABC.String() + " " + i.XYZ.String()
	}
	return i.ABC.String() + i.XYZ.String()
}

// Reason returns why a class could not be given: XYZReason, else ABCReason, ""
// if both classes are there.
func (i Item) Reason() Reason { return cmp.Or(i.XYZReason, i.ABCReason) }

// CostKnown returns the share of Revenue whose cost is known, Costed ÷ Revenue,
// 0…1 for ordinary sales; NaN without revenue.
func (r *Ranking) CostKnown() float64 { return ratio(r.Costed, r.Revenue) }

// Part is some of the items of a [Ranking].
type Part struct {
	Items int
	Sum   orders.Amount // of the measure
	Share float64       // Sum ÷ Ranking.Base; of class N not positive, beside the 1 of A, B and C; NaN without a base
}

// ClassSum is all items of one ABC class.
type ClassSum struct {
	ABC ABC
	Part
}

// The codes of a ranking's warnings.
const (
	// WarnOneClass: more than 90 % of the items have one and the same XYZ class, so
	// it tells them apart no more. Count is their number.
	WarnOneClass = "xyz_one_class"
	// WarnFewPeriods: the scope has fewer than 3 whole periods, so that no item can
	// have a class by Value or Count. Count is how many it has.
	WarnFewPeriods = "xyz_few_periods"
	// WarnNoBase: no item is above zero (under UNF: the total is not), so there is no ABC class but N. Count is
	// the number of items.
	WarnNoBase = "abc_no_base"
	// WarnCostUnknown: a measure of profit leaves out revenue whose cost is not
	// known. Amount is that revenue, Count the number of items without any known cost.
	WarnCostUnknown = "cost_unknown"
)

// Rank returns all items by rank with their ABC and XYZ classes.
//
// ABC is the class by cumulative share under Options.Rule, compared exactly, in
// integers. Items whose total is not positive are N, outside the base (but under UNF).
//
// XYZ is the class by the coefficient of variation σ ÷ μ: X up to the first of
// Options.CV, Y up to the second, else Z. Value and Count take it over whole
// periods, population σ, and need 3 of them and a positive mean; Gaps takes it
// over the gaps between purchase days of the whole history up to as-of, sample
// σ, and needs 5, the time since the last purchase being none. One purchase
// (for items that are not customers: deals in one period of the scope only) is
// OneOff. Where returns outweigh sales Value gives Undefined, 1C gives X:
// [Compare] tells who.
//
// An empty history gives a Ranking without items. Errors: an invalid option
// (wraps orders.ErrOptions), and those of f.
//
// Source of the bounds: 80 % and 95 % are the textbooks', after Pareto; 10 % and
// 25 % are those of 1C:УНФ, 20 % and 50 % those of 1C:УПП.
func Rank(ctx context.Context, f orders.Facts, o Options) (*Ranking, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	if o, err = o.resolve(control); err != nil {
		return nil, err
	}
	r := &Ranking{Options: o}
	w := newWindow(control, o)
	if o.Season {
		if r.Season, w.season, err = o.readSeason(ctx, f, w); err != nil {
			return nil, err
		}
	}
	in := reading{options: o, window: w}
	if o.By == orders.ByCustomer {
		in.items = make([]Item, 0, control.Customers)
		in.marks = make([]mark, 0, control.Customers)
	}
	if err := in.read(ctx, f); err != nil {
		return nil, err
	}
	r.Items = in.items
	r.finish(w)
	return r, nil
}

// finish makes a ranking of its items, ascending by id and judged by their CV.
func (r *Ranking) finish(w window) {
	r.First, r.Last, r.Partial = w.report()
	r.order()
	if r.Options.XYZRule == CVMeans {
		r.steady()
	}
	m := r.classify()
	r.warn(w, m)
}

// unmatched reports facts that disagree about which items there are.
func unmatched(id string) error {
	return fmt.Errorf("abcxyz: item %q is not in all facts, or they are not ascending by id", id)
}

// order sorts the items, ascending by id, by rank.
func (r *Ranking) order() {
	type key struct {
		value orders.Amount
		index int
	}
	keys := make([]key, len(r.Items))
	for i := range r.Items {
		keys[i] = key{r.Items[i].Value, i}
	}
	slices.SortFunc(keys, func(a, b key) int {
		if a.value != b.value {
			return cmp.Compare(b.value, a.value)
		}
		return cmp.Compare(a.index, b.index)
	})
	for i := range keys { // in place, cycle by cycle: items are large
		first := r.Items[i]
		for k := i; ; {
			from := keys[k].index
			keys[k].index = k
			if from == i {
				r.Items[k] = first
				break
			}
			r.Items[k] = r.Items[from]
			k = from
		}
	}
	for i := range r.Items {
		item := &r.Items[i]
		item.Rank = i + 1
		r.Revenue += item.Revenue
		r.Costed += item.Costed
	}
}

// warn adds what the reader must know, in a fixed order. m is the matrix.
func (r *Ranking) warn(w window, m Matrix) {
	add := func(code string, count int, amount orders.Amount, format string, args ...any) {
		r.Warnings = append(r.Warnings, orders.Warning{
			Code: code, Count: int64(count), Amount: amount, Text: fmt.Sprintf(format, args...),
		})
	}
	if len(r.Items) == 0 {
		return
	}
	if r.Base == 0 {
		what := "no item is above zero"
		if r.Options.Rule == UNF {
			what = "the total is not above zero"
		}
		add(WarnNoBase, len(r.Items), 0, "%s: there is no base to take shares of, and every item is N", what)
	}
	if o := r.Options; o.profit() {
		none := 0
		for _, i := range r.Items {
			if i.Value <= 0 && i.costUnknown(o) {
				none++
			}
		}
		if missing := r.Revenue - r.Costed; missing != 0 {
			add(WarnCostUnknown, none, missing, "revenue of %s has no known cost and is left out of %s; %d items have no known cost at all", missing, o.Measure, none)
		}
	}
	if whole := w.to - w.from; r.Options.Vary != Gaps && whole < minPeriods {
		add(WarnFewPeriods, whole, 0, "the export covers %d whole periods (%s); XYZ needs %d", whole, r.Options.Grain, minPeriods)
	}
	for i, column := range m.ColumnTotals {
		if n := column.Items; n > 1 && 10*n > 9*len(r.Items) {
			add(WarnOneClass, n, 0, "%d of %d items are %s: XYZ does not tell them apart", n, len(r.Items), m.Columns[i])
		}
	}
}

// ratio returns a ÷ b; NaN for b = 0.
func ratio(a, b orders.Amount) float64 {
	switch {
	case b == 0:
		return math.NaN()
	case a == 0:
		return 0 // not the −0 that a negative b makes
	}
	return float64(a) / float64(b)
}
