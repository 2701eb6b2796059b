package ltv

import (
	"cmp"
	"math"
	"slices"
)

// foretold is one outcome beside what was expected of the customers.
type foretold struct {
	expected, bought, customers float64
}

// newScore returns the measures of a forecast, NaN where they have no value.
func newScore(name string, all []foretold) Score {
	s := Score{
		Name: name, Bias: math.NaN(), Log: math.NaN(),
		Coverage: math.NaN(), Low: math.NaN(), High: math.NaN(),
	}
	var n, bought, absolute, square, logarithmic float64
	for _, o := range all {
		d, l := o.expected-o.bought, math.Log1p(o.expected)-math.Log1p(o.bought)
		n += o.customers
		bought += o.customers * o.bought
		s.Expected += o.customers * o.expected
		absolute += o.customers * math.Abs(d)
		square += o.customers * d * d
		logarithmic += o.customers * l * l
	}
	if bought > 0 {
		s.Bias = (s.Expected - bought) / bought
	}
	s.MAE, s.RMSE, s.MSLE = absolute/n, math.Sqrt(square/n), logarithmic/n
	s.Spearman = spearman(all)
	s.Gini = gini(all, byExpected) / gini(all, byBought)
	s.Deciles = deciles(all, n)
	return s
}

func byExpected(o foretold) float64 { return o.expected }
func byBought(o foretold) float64   { return o.bought }

// descending returns the order of all by a key, ties in their order.
func descending(all []foretold, key func(foretold) float64) []int {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(key(all[j]), key(all[i])) })
	return order
}

// ranks returns the rank of each outcome's customers by a key, ties at the mean
// of theirs.
func ranks(all []foretold, key func(foretold) float64) []float64 {
	order := descending(all, key)
	r := make([]float64, len(all))
	passed := 0.0
	for i := 0; i < len(order); {
		j, n := i, 0.0
		for ; j < len(order) && key(all[order[j]]) == key(all[order[i]]); j++ {
			n += all[order[j]].customers
		}
		for ; i < j; i++ {
			r[order[i]] = passed + n/2
		}
		passed += n
	}
	return r
}

// spearman returns Pearson's correlation of the ranks.
func spearman(all []foretold) float64 {
	x, y := ranks(all, byExpected), ranks(all, byBought)
	var n, xy, xx, yy float64
	for _, o := range all {
		n += o.customers
	}
	for i, o := range all { // the mean rank is n/2
		dx, dy := x[i]-n/2, y[i]-n/2
		xy += o.customers * dx * dy
		xx += o.customers * dx * dx
		yy += o.customers * dy * dy
	}
	if xx == 0 || yy == 0 {
		return math.NaN()
	}
	return xy / math.Sqrt(xx*yy)
}

// gini returns the area between the diagonal and the curve of the purchases
// that the customers made, taken in the order of a key; ties make one step.
func gini(all []foretold, key func(foretold) float64) float64 {
	var n, bought float64
	for _, o := range all {
		n += o.customers
		bought += o.customers * o.bought
	}
	order := descending(all, key)
	area, height := 0.0, 0.0
	for i := 0; i < len(order); {
		k := key(all[order[i]])
		var width, rise float64
		for ; i < len(order) && key(all[order[i]]) == k; i++ {
			o := all[order[i]]
			width += o.customers
			rise += o.customers * o.bought
		}
		area += width / n * (height + rise/2) / bought
		height += rise
	}
	return area - 0.5
}

const tenths = 10

// deciles returns tenths of the customers, descending by what was expected; an
// outcome on a bound is shared between its neighbours.
func deciles(all []foretold, n float64) []Decile {
	d := make([]Decile, tenths)
	passed, at := 0.0, 0
	for _, i := range descending(all, byExpected) {
		o := all[i]
		for left := o.customers; left > 0; {
			part := left
			if at < tenths-1 {
				if room := n*float64(at+1)/tenths - passed; room < left {
					part = room
				}
			}
			d[at].Customers += part
			d[at].Expected += part * o.expected
			d[at].Actual += part * o.bought
			passed += part
			if left -= part; left > 0 {
				at++
			}
		}
	}
	for i := range d {
		d[i].Expected /= d[i].Customers
		d[i].Actual /= d[i].Customers
	}
	return d
}

// scoreModel returns the score of a fitted model, without intervals.
func (t *trial) scoreModel(f *Fit[Process]) Score {
	all := make([]foretold, len(t.outcomes))
	groups := t.sample.Groups
	days, logs := t.days(), 0.0
	var given Posterior
	var expected, log float64
	for i, o := range t.outcomes {
		if i == 0 || t.outcomes[i-1].group != o.group {
			given = f.Model.Given(groups[o.group].Summary)
			expected = given.Expected(days)
		}
		all[i] = foretold{expected, float64(o.bought), o.customers}
		if i == 0 || t.outcomes[i-1].group != o.group || t.outcomes[i-1].bought != o.bought {
			log = logProbability(given, o.bought, days)
		}
		logs += o.customers * log
	}
	s := newScore(f.Model.Name(), all)
	s.Fit, s.Log = f, logs/t.sample.Customers
	return s
}

// logProbability returns ln of the probability of n purchases, at least −50:
// what a model holds impossible must not decide by itself.
func logProbability(p Posterior, n int, days float64) float64 {
	return max(-50, math.Log(p.Probability(n, days)))
}

// scoreLastPeriod and scoreMean are the baselines.
func (t *trial) scoreLastPeriod() Score {
	return t.scoreBaseline(LastPeriod, func(o outcome) float64 { return float64(o.before) })
}

func (t *trial) scoreMean() Score {
	age := 0.0
	for _, g := range t.sample.Groups {
		age += g.Customers * g.T
	}
	rate := 0.0
	if age > 0 {
		rate = t.sample.Purchases / age
	}
	return t.scoreBaseline(MeanRate, func(outcome) float64 { return rate * t.days() })
}

func (t *trial) scoreBaseline(name string, expected func(outcome) float64) Score {
	all := make([]foretold, len(t.outcomes))
	for i, o := range t.outcomes {
		all[i] = foretold{expected(o), float64(o.bought), o.customers}
	}
	s := newScore(name, all)
	s.Baseline = true
	return s
}
