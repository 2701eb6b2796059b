package abcxyz

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// CoreOptions says who belongs to the core list. The zero CoreOptions asks for
// class A under the default [Options], four purchases, and a last purchase no
// longer ago than three times the median gap.
type CoreOptions struct {
	Ranking Options // By must be orders.ByCustomer or ""

	MinPurchases int     // of the whole history up to as-of; 0: 4
	Lapse        float64 // how many median gaps without a purchase are a lapse; 0: 3
	MinGaps      int     // gaps that make a customer's own median; with fewer the company's is used; 0: 3
}

// CoreList is the answer of [Core]: the regular customers who carry the business.
type CoreList struct {
	Options CoreOptions // as resolved

	Customers []CoreCustomer // by rank

	// MedianGap is the company's: the median of the own medians of all customers
	// with MinGaps gaps or more, in days. NaN if there are none; then a
	// customer without an own median never counts as lapsed.
	MedianGap float64

	Revenue orders.Amount // of all customers: what shares are shares of

	ClassA            CorePart // all of class A
	Core              CorePart // the list
	Irregular         CorePart // of class A: XYZ is Z or Undefined
	OneOff            CorePart // of class A: one purchase
	Lapsed            CorePart // of class A
	IrregularOrLapsed CorePart // of class A: Irregular, Lapsed or both, counted once

	Warnings []orders.Warning // of the ranking
}

// CorePart is some of the customers and what they bring.
type CorePart struct {
	Customers int
	Revenue   orders.Amount // in the scope, whatever the measure ranked by
	Share     float64       // Revenue ÷ CoreList.Revenue; NaN if that is 0
}

// CoreCustomer is one customer of the core list.
type CoreCustomer struct {
	Item // as ranked

	Owner             string // salesperson of the latest purchase
	Purchases         int64  // of the whole history up to as-of
	FirstDay, LastDay orders.Date
	DaysSinceLast     int // as-of − LastDay

	MedianGap float64 // days: the own median, or the company's if OwnMedian is false; NaN if neither is known
	OwnMedian bool
	GapCV     float64     // σ ÷ μ of the gaps, sample σ, whatever the ranking varies; NaN with fewer than two gaps
	NextDay   orders.Date // expected: LastDay + MedianGap, half a day rounded up; 0 if MedianGap is NaN. It may be past
}

// Core returns the core list: the customers of class A with MinPurchases or
// more who have not lapsed, lapsed meaning DaysSinceLast ≥ Lapse × median gap
// (the customer's own with MinGaps gaps or more, else the company's). The list
// says what share of all revenue it holds, and how much revenue of class A is
// irregular or lapsed and so outside what can be counted on.
//
// An empty list is an answer, not an error. Errors: an invalid option (wraps
// orders.ErrOptions), an export without days (wraps orders.ErrPrecision), and
// those of f.
func Core(ctx context.Context, f orders.Facts, o CoreOptions) (*CoreList, error) {
	o, err := o.resolve()
	if err != nil {
		return nil, err
	}
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	if err := control.Require(orders.Day); err != nil { // who has lapsed is a matter of days
		return nil, fmt.Errorf("abcxyz: %w", err)
	}
	r, err := Rank(ctx, f, o.Ranking)
	if err != nil {
		return nil, err
	}
	o.Ranking = r.Options
	classA, company, err := readClassA(ctx, f, r, o)
	if err != nil {
		return nil, err
	}
	l := &CoreList{Options: o, MedianGap: company, Revenue: r.Revenue, Warnings: r.Warnings}
	for _, c := range classA {
		l.add(c)
	}
	for _, p := range []*CorePart{&l.ClassA, &l.Core, &l.Irregular, &l.OneOff, &l.Lapsed, &l.IrregularOrLapsed} {
		p.Share = ratio(p.Revenue, l.Revenue)
	}
	return l, nil
}

func (o CoreOptions) resolve() (CoreOptions, error) {
	switch {
	case o.Ranking.By != "" && o.Ranking.By != orders.ByCustomer:
		return o, invalid("Ranking.By", o.Ranking.By, "a core list is of customers")
	case o.MinPurchases < 0:
		return o, invalid("MinPurchases", o.MinPurchases, "0 or more")
	case !(o.Lapse >= 0 && o.Lapse <= math.MaxFloat64):
		return o, invalid("Lapse", o.Lapse, "0 or more")
	case o.MinGaps < 0:
		return o, invalid("MinGaps", o.MinGaps, "0 or more")
	}
	o.MinPurchases = cmp.Or(o.MinPurchases, 4)
	o.Lapse = cmp.Or(o.Lapse, 3)
	o.MinGaps = cmp.Or(o.MinGaps, 3)
	return o, nil
}

// readClassA returns the customers of class A by rank, and the company's median gap.
func readClassA(ctx context.Context, f orders.Facts, r *Ranking, o CoreOptions) ([]CoreCustomer, float64, error) {
	size := r.Classes[0].Items // A comes first, in the classes and by rank
	byID := make([]int, size)
	for i := range byID {
		byID[i] = i
	}
	slices.SortFunc(byID, func(a, b int) int { return strings.Compare(r.Items[a].ID, r.Items[b].ID) })

	classA := make([]CoreCustomer, size)
	var medians []float64
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: o.Ranking.Scope}) {
		if err != nil {
			return nil, 0, err
		}
		own := c.Rhythm.N >= int64(o.MinGaps)
		if own {
			medians = append(medians, c.Rhythm.Median)
		}
		if len(byID) == 0 || r.Items[byID[0]].ID != c.ID {
			continue
		}
		classA[byID[0]] = CoreCustomer{
			Item:          r.Items[byID[0]],
			Owner:         strings.Clone(c.Owner),
			Purchases:     c.Purchases,
			FirstDay:      c.FirstDay,
			LastDay:       c.LastDay,
			DaysSinceLast: int(o.Ranking.Scope.AsOf - c.LastDay),
			MedianGap:     c.Rhythm.Median,
			OwnMedian:     own,
			GapCV:         c.Rhythm.CV(),
		}
		byID = byID[1:]
	}
	if len(byID) > 0 {
		return nil, 0, unmatched(r.Items[byID[0]].ID)
	}
	company := median(medians)
	for i := range classA {
		c := &classA[i]
		if !c.OwnMedian {
			c.MedianGap = company
		}
		if c.LastDay != 0 && !math.IsNaN(c.MedianGap) {
			c.NextDay = c.LastDay + orders.Date(math.Round(c.MedianGap))
		}
	}
	return classA, company, nil
}

// add puts a customer of class A where they belong. They must come by rank.
func (l *CoreList) add(c CoreCustomer) {
	lapsed := c.LastDay != 0 && float64(c.DaysSinceLast) >= l.Options.Lapse*c.MedianGap
	irregular := c.XYZ == Z || c.XYZ == Undefined
	core := !lapsed && c.Purchases >= int64(l.Options.MinPurchases)
	for _, in := range []struct {
		part *CorePart
		is   bool
	}{
		{&l.ClassA, true},
		{&l.Irregular, irregular},
		{&l.OneOff, c.XYZ == OneOff},
		{&l.Lapsed, lapsed},
		{&l.IrregularOrLapsed, irregular || lapsed},
		{&l.Core, core},
	} {
		if in.is {
			in.part.Customers++
			in.part.Revenue += c.Revenue
		}
	}
	if core {
		l.Customers = append(l.Customers, c)
	}
}

// median returns the middle of values, which it sorts, or the mean of the two
// in the middle; NaN for none.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
