package abcxyz

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/repeatsales/repeatsales/orders"
)

// How much data a coefficient of variation needs.
const (
	minPeriods = 3 // whole periods, for Value and Count
	minGaps    = 5 // gaps, for Gaps
)

// window is the periods of a query. Values[from:to] of its Series are whole.
type window struct {
	first    orders.Period // of Values[0]
	n        int           // len(Values)
	from, to int
	calendar Calendar
	season   []float64 // by period, what the season makes of it; nil if that was not asked for
}

func newWindow(c orders.Control, o Options) window {
	first, last := o.Grain.Of(o.Scope.From), o.Grain.Of(o.Scope.AsOf)
	if first.IsZero() || last.IsZero() || last.Sub(first) < 0 {
		return window{}
	}
	w := window{first: first, n: last.Sub(first) + 1, calendar: o.Calendar}
	whole := func(i int) bool { return c.Whole(first.Add(i), o.Scope.From, o.Scope.AsOf) }
	w.to = w.n
	for w.from < w.to && !whole(w.from) {
		w.from++
	}
	for w.to > w.from && !whole(w.to-1) {
		w.to--
	}
	return w
}

// report returns the first and the last whole period, zero if there are none,
// and those left out.
func (w window) report() (first, last orders.Period, partial []orders.Period) {
	for i := range w.n {
		if i < w.from || i >= w.to {
			partial = append(partial, w.first.Add(i))
		}
	}
	if w.from < w.to {
		first, last = w.first.Add(w.from), w.first.Add(w.to-1)
	}
	return first, last, partial
}

// check returns an error if s is not a series over the periods of w.
func (w window) check(s orders.Series) error {
	if len(s.Values) != w.n || len(s.Active) != w.n {
		return fmt.Errorf("abcxyz: the series of item %q has %d periods, not %d", s.Item, len(s.Values), w.n)
	}
	return nil
}

// span returns the whole periods from…to that s is judged on; from = to if there are none.
func (w window) span(s orders.Series) (from, to int) {
	from, to = w.from, w.to
	if w.calendar == Window || s.First.IsZero() {
		return from, to
	}
	// The item's own first period counts as a whole one: what a grain divides
	// cannot know on which day of it the item came into being.
	from = min(max(from, s.First.Sub(w.first)), to)
	if w.calendar == FirstToLast {
		to = max(from, min(to, s.Last.Sub(w.first)+1))
	}
	return from, to
}

// periods returns how many whole periods s is judged on, and in how many of
// them it has a deal.
func (w window) periods(s orders.Series) (whole, active int) {
	from, to := w.span(s)
	return to - from, trues(s.Active[from:to])
}

// judge gives the item its XYZ class by the values of s.
func (i *Item) judge(s orders.Series, w window, o Options) {
	from, to := w.span(s)
	values := s.Values[from:to]
	cv, ok := o.Sigma.variation(values)
	switch {
	case s.Total() <= 0:
		i.XYZReason = NotPositive
	case len(values) < minPeriods:
		i.XYZReason = FewPeriods
	case !ok:
		i.XYZReason = MeanNotPositive
	default:
		i.CV, i.XYZ = cv, steadiness(cv, o.CV)
		if o.Season {
			i.SeasonCV = o.Sigma.adjusted(values, w.season[from:to])
		}
	}
	if o.By != orders.ByCustomer && trues(s.Active) == 1 {
		i.single()
	}
}

// judgeRhythm gives the item its XYZ class by the gaps between its purchases.
func (i *Item) judgeRhythm(r orders.Rhythm, o Options) {
	i.Gaps = r.N
	if r.N < minGaps {
		i.XYZReason = FewGaps
		return
	}
	i.CV = r.CV()
	if o.Sigma == Population {
		i.CV = math.Sqrt(float64(r.N*r.SumSquares-r.Sum*r.Sum)) / float64(r.Sum)
	}
	i.XYZ, i.XYZReason = steadiness(i.CV, o.CV), ""
}

// single makes the item one of a single purchase, unless nothing of it is left.
func (i *Item) single() {
	switch i.XYZReason {
	case NotPositive, CostUnknown:
	default:
		i.XYZ, i.XYZReason = OneOff, ""
	}
}

// steadiness returns the class of a coefficient of variation.
func steadiness(cv float64, bounds []float64) XYZ {
	for i, bound := range bounds {
		if cv <= bound {
			return X + XYZ(i)
		}
	}
	return X + XYZ(len(bounds))
}

// variation returns the population σ ÷ μ of values, and whether there is one:
// the mean must be above zero.
//
// It is √(n·Σd² − (Σd)²) ÷ Σx, d being x less the floor of the mean, all in
// integers up to the root: equal values give exactly 0, order does not matter,
// and what is 10 % on paper is not above 0.10.
func variation(values []orders.Amount) (cv float64, ok bool) {
	return Population.variation(values)
}

// variation returns σ ÷ μ of values, as the function variation does. The sample
// σ takes √n·(n·Σd² − (Σd)²) ÷ (n − 1) in integers, and one value has none.
func (s Sigma) variation(values []orders.Amount) (cv float64, ok bool) {
	var sum orders.Amount
	for _, v := range values {
		sum += v
	}
	n := orders.Amount(len(values))
	if sum <= 0 || s == Sample && n < 2 {
		return math.NaN(), false
	}
	mean := sum / n
	var hi, lo, carry uint64
	for _, v := range values {
		d := uint64((v - mean).Abs())
		h, l := bits.Mul64(d, d)
		lo, carry = bits.Add64(lo, l, 0)
		hi, _ = bits.Add64(hi, h, carry)
	}
	rest := uint64(sum - n*mean) // Σd, below n
	square := spread(uint64(n), hi, lo, rest*rest)
	if s == Sample {
		square = sampleSpread(uint64(n), hi, lo, rest*rest)
	}
	return math.Sqrt(square) / float64(sum), true
}

// spread returns n × (hi, lo) − less, which is not negative, rounded to the nearest double.
func spread(n, hi, lo, less uint64) float64 { return nearest(spreadWords(n, hi, lo, less)) }

// spreadWords returns n × (hi, lo) − less, which is not negative.
func spreadWords(n, hi, lo, less uint64) (w2, w1, w0 uint64) {
	c1, w0 := bits.Mul64(n, lo)
	w2, w1 = bits.Mul64(n, hi)
	var carry, borrow uint64
	w1, carry = bits.Add64(w1, c1, 0)
	w2 += carry
	w0, borrow = bits.Sub64(w0, less, 0)
	w1, borrow = bits.Sub64(w1, 0, borrow)
	return w2 - borrow, w1, w0
}

// sampleSpread returns spread × n ÷ (n − 1), rounded likewise: it divides down to
// a word of fraction, whose last bit says whether more follow.
func sampleSpread(n, hi, lo, less uint64) float64 {
	w2, w1, w0 := spreadWords(n, hi, lo, less)
	p2, p1, p0 := spreadWords(n, w1, w0, 0)
	p2 += n * w2 // below 2¹⁹² in all: sums are below 2⁶², periods fewer than 2³⁰
	var q [4]uint64
	var r uint64
	for i, w := range [4]uint64{p2, p1, p0, 0} {
		q[i], r = bits.Div64(r, w, n-1)
	}
	if r != 0 {
		q[3] |= 1
	}
	if q[0] == 0 {
		return math.Ldexp(nearest(q[1], q[2], q[3]), -64)
	}
	if q[3] != 0 {
		q[2] |= 1
	}
	return nearest(q[0], q[1], q[2])
}

// nearest returns the double nearest to the integer of the words w2, w1, w0.
func nearest(w2, w1, w0 uint64) float64 {
	exponent := 128
	for w2 == 0 && exponent > 0 {
		w2, w1, w0 = w1, w0, 0
		exponent -= 64
	}
	shift := bits.LeadingZeros64(w2)
	top := w2<<shift | w1>>(64-shift)
	if w1<<shift|w0 != 0 {
		top |= 1 // a double has 53 bits: the last of 64 only says that more follow
	}
	return math.Ldexp(float64(top), exponent-shift)
}

// trues returns how many of flags are set.
func trues(flags []bool) int {
	n := 0
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}
