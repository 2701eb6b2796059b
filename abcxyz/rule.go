package abcxyz

import (
	"cmp"
	"math/bits"

	"github.com/repeatsales/repeatsales/orders"
)

// hundred is 100 %, as a bound.
const hundred = 100 * orders.One

// scheme is an ABC rule taken apart: UNF differs from Before in the three flags
// alone, and so a comparison can turn one into the other step by step.
type scheme struct {
	rule   Rule // any but UNF
	bounds []orders.Amount

	net     bool // items not above zero stay in the base
	single  bool // equal values are classified one by one
	kopecks bool // bounds in money are rounded to kopecks
}

func (o Options) scheme() scheme {
	s := scheme{rule: o.Rule, bounds: o.Bounds}
	switch o.Rule {
	case UNF:
		s.rule, s.net, s.single, s.kopecks = Before, true, true, true
	case UT11, PAL:
		s.single = true
	}
	return s
}

// classify sets the class of each of the values, which are descending, and
// whether a bound runs through the values equal to it. It returns the base of
// all shares, 0 if there is none; then every class is N.
func (s scheme) classify(values []orders.Amount, classes []ABC, cut []bool) (base orders.Amount) {
	clear(classes)
	clear(cut)
	n := 0 // how many are in the base
	for _, v := range values {
		if v > 0 || s.net {
			base += v
			n++
		}
	}
	if base <= 0 {
		return 0
	}
	s.each(values[:n], base, classes)
	for i := 0; i < n; {
		end := i + 1
		for end < n && values[end] == values[i] {
			end++
		}
		first, last := classes[i], classes[end-1]
		for ; i < end; i++ {
			cut[i] = first != last
			if !s.single {
				classes[i] = first
			}
		}
	}
	return base
}

// each sets the class of each value by itself.
func (s scheme) each(values []orders.Amount, base orders.Amount, classes []ABC) {
	switch s.rule {
	case UT11:
		ut11(values, classes)
		return
	case PAL:
		s.pal(values, base, classes)
		return
	}
	class, before := 0, orders.Amount(0)
	for i, v := range values {
		for class < len(s.bounds) && !s.within(class, before, v, base) {
			class++
		}
		classes[i] = A + ABC(class)
		before += v
	}
}

// within reports whether an item of value v that the sum before precedes is
// within the bound of a class.
func (s scheme) within(class int, before, v, base orders.Amount) bool {
	bound := s.bounds[class]
	switch {
	case s.rule == Absolute:
		return v >= bound
	case s.rule == UpTo:
		return compareShare(before+v, base, bound) <= 0
	case s.kopecks:
		return base-before > kopecks(base, hundred-bound)
	}
	return before < base && compareShare(before, base, bound) < 0
}

// kopecks returns percent of base, rounded half away from zero to kopecks.
func kopecks(base, percent orders.Amount) orders.Amount {
	const kopeck = orders.One / 100
	k, _, _ := base.MulDiv(int64(percent), int64(hundred*kopeck)) // percent ≤ 100 %: it is in range
	return k * kopeck
}

// pal gives each class items until its own sum is at least its share, the last the rest.
func (s scheme) pal(values []orders.Amount, base orders.Amount, classes []ABC) {
	class, own := 0, orders.Amount(0)
	for i, v := range values {
		classes[i] = A + ABC(class)
		own += v
		if class < len(s.bounds) && compareShare(own, base, s.width(class)) >= 0 {
			class, own = class+1, 0
		}
	}
}

// width returns the share of a class: its bound less that of the class above it.
func (s scheme) width(class int) orders.Amount {
	if class == 0 {
		return s.bounds[0]
	}
	return s.bounds[class] - s.bounds[class-1]
}

// ut11 splits the cumulative sums c of the values, all above zero, at Σc ÷ (n + 1)
// and at the mean of those above that. Their common denominator cancels out.
func ut11(values []orders.Amount, classes []ABC) {
	n := len(values)
	all := wide{}
	cum := orders.Amount(0)
	for _, v := range values {
		cum += v
		all = all.plus(uint64(cum))
	}
	rest, cum, i := all, 0, 0
	for ; i < n && all.atLeast(uint64(cum+values[i]), uint64(n+1)); i++ {
		cum += values[i]
		rest = rest.minus(uint64(cum))
		classes[i] = A
	}
	left := uint64(n - i)
	for ; i < n; i++ {
		cum += values[i]
		classes[i] = C
		if rest.atLeast(uint64(cum), left) {
			classes[i] = B
		}
	}
	classes[n-1] = C
}

// wide is an unsigned integer of 128 bits.
type wide struct{ hi, lo uint64 }

func (w wide) plus(v uint64) wide {
	lo, carry := bits.Add64(w.lo, v, 0)
	return wide{w.hi + carry, lo}
}

func (w wide) minus(v uint64) wide {
	lo, borrow := bits.Sub64(w.lo, v, 0)
	return wide{w.hi - borrow, lo}
}

// atLeast reports whether w ≥ a × b.
func (w wide) atLeast(a, b uint64) bool {
	hi, lo := bits.Mul64(a, b)
	return w.hi > hi || w.hi == hi && w.lo >= lo
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
