package abcxyz

import (
	"cmp"
	"math"
	"math/bits"

	"github.com/repeatsales/repeatsales/orders"
)

// hundred is 100 %, as a bound.
const hundred = 100 * orders.One

// pareto is the share whose holders Ranking.Pareto counts.
const pareto = 80 * orders.One

// classify gives the items, by rank, their shares and ABC classes, and sums
// them up.
func (r *Ranking) classify() {
	for i := range r.Items {
		v := r.Items[i].Value
		r.Total += v
		r.Base += max(v, 0)
	}
	r.Excluded = r.Total - r.Base

	var cum orders.Amount
	for rest := r.Items; len(rest) > 0; {
		n := tied(rest)
		group := rest[:n]
		rest = rest[n:]
		v := group[0].Value
		first, last := N, N
		if v > 0 {
			first = r.Options.class(cum, v, r.Base)
			last = r.Options.class(cum+orders.Amount(n-1)*v, v, r.Base)
		}
		for i := range group {
			item := &group[i]
			item.ABC, item.Cut = first, first != last
			if v <= 0 {
				item.Share, item.CumBefore, item.CumShare = math.NaN(), math.NaN(), math.NaN()
				continue
			}
			if compareShare(cum, r.Base, pareto) < 0 {
				r.Pareto++
			}
			item.Share, item.CumBefore = ratio(v, r.Base), ratio(cum, r.Base)
			cum += v
			item.CumShare = ratio(cum, r.Base)
		}
	}
	m := r.Matrix()
	for i, c := range m.Rows {
		r.Classes = append(r.Classes, ClassSum{c, m.RowTotals[i]})
	}
}

// tied returns how many items at the head of items, which are by rank, have the
// same value.
func tied(items []Item) int {
	n := 1
	for n < len(items) && items[n].Value == items[0].Value {
		n++
	}
	return n
}

// class returns the class of an item of value v > 0 that items of the sum before
// precede, base being the sum of all.
func (o Options) class(before, v, base orders.Amount) ABC {
	for i, bound := range o.Bounds {
		if o.Rule == Before && compareShare(before, base, bound) < 0 ||
			o.Rule == UpTo && compareShare(before+v, base, bound) <= 0 {
			return A + ABC(i)
		}
	}
	return A + ABC(len(o.Bounds))
}

// compareShare compares part ÷ base with a bound in percent, exactly: part ×
// 100 % with bound × base. None is negative.
func compareShare(part, base, bound orders.Amount) int {
	hi1, lo1 := bits.Mul64(uint64(part), uint64(hundred))
	hi2, lo2 := bits.Mul64(uint64(base), uint64(bound))
	if hi1 != hi2 {
		return cmp.Compare(hi1, hi2)
	}
	return cmp.Compare(lo1, lo2)
}

// profit reports whether the measure leaves out revenue whose cost is unknown.
func (o Options) profit() bool {
	return o.Measure == orders.GrossProfit || o.Measure == orders.Contribution
}
