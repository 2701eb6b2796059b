package abcxyz

import (
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// pareto is the share whose holders Ranking.Pareto counts.
const pareto = 80 * orders.One

// classify gives the items, by rank, their shares and ABC classes, and sums
// them up. It returns the matrix of the ranking.
func (r *Ranking) classify() Matrix {
	values := r.values()
	classes, cut := make([]ABC, len(values)), make([]bool, len(values))
	r.Base = r.Options.scheme().classify(values, classes, cut)
	var cum orders.Amount
	for i := range r.Items {
		item := &r.Items[i]
		r.Total += item.Value
		item.ABC, item.Cut = classes[i], cut[i]
		if item.ABC == N {
			item.Share, item.CumBefore, item.CumShare = math.NaN(), math.NaN(), math.NaN()
			item.ABCReason = item.unclassed(r.Options)
			continue
		}
		if cum < r.Base && compareShare(cum, r.Base, pareto) < 0 {
			r.Pareto++
		}
		item.Share, item.CumBefore = ratio(item.Value, r.Base), ratio(cum, r.Base)
		cum += item.Value
		item.CumShare = ratio(cum, r.Base)
	}
	r.Excluded = r.Total - r.Base
	m := r.Matrix()
	for i, c := range m.Rows {
		r.Classes = append(r.Classes, ClassSum{c, m.RowTotals[i]})
	}
	return m
}

// values returns the values by rank.
func (r *Ranking) values() []orders.Amount {
	values := make([]orders.Amount, len(r.Items))
	for i := range r.Items {
		values[i] = r.Items[i].Value
	}
	return values
}

// unclassed returns why the item has class N.
func (i *Item) unclassed(o Options) Reason {
	switch {
	case i.Value > 0:
		return NoBase
	case i.costUnknown(o):
		return CostUnknown
	}
	return NotPositive
}

// costUnknown reports whether the measure is one of profit and no cost of the
// item is known.
func (i *Item) costUnknown(o Options) bool { return o.profit() && i.CostKnown == 0 }

// profit reports whether the measure leaves out revenue whose cost is unknown.
func (o Options) profit() bool {
	return o.Measure == orders.GrossProfit || o.Measure == orders.Contribution
}
