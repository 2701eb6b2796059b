package abcxyz

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// replicate is what the items are under one draw of the periods after the other.
type replicate struct {
	*bootstrap
	keys, spare []keyed // items by value
	values      []orders.Amount
	classes     []ABC
	cut         []bool
	abc         []ABC // of item i
	xyz         []XYZ
	cvs         []float64       // of item i; NaN if it has none
	before      []orders.Amount // how many of the periods drawn are before period k
	judged      []int           // items that have a CV
}

// keyed is an item and its value.
type keyed struct {
	value orders.Amount
	item  int32
}

func newReplicate(b *bootstrap) *replicate {
	n := len(b.rank)
	return &replicate{
		bootstrap: b, keys: make([]keyed, n), spare: make([]keyed, n), values: make([]orders.Amount, n),
		classes: make([]ABC, n), cut: make([]bool, n), abc: make([]ABC, n),
		xyz: make([]XYZ, n), cvs: make([]float64, n), before: make([]orders.Amount, b.Periods+1),
	}
}

// classify gives the items the ABC classes of a draw, which says how often each
// period is in it.
func (p *replicate) classify(draw []orders.Amount) {
	x := p.bootstrap.values
	for i, v := range x.rest {
		for k := x.first[i]; k < x.first[i+1]; k++ {
			v += draw[x.periods[k]] * x.amounts[k]
		}
		p.keys[i] = keyed{v, int32(i)}
	}
	sorted := descending(p.keys, p.spare)
	for k, key := range sorted {
		p.values[k] = key.value
	}
	p.Options.Ranking.scheme().classify(p.values, p.classes, p.cut)
	for k, key := range sorted {
		p.abc[key.item] = p.classes[k]
	}
}

// descending returns keys by value, descending, and where values are equal in
// the order that they had. It is a radix sort, for there are as many sorts as
// replicates; both slices are overwritten.
func descending(keys, spare []keyed) []keyed {
	if len(keys) == 0 {
		return keys
	}
	least, most := keys[0].value, keys[0].value
	for _, k := range keys {
		least, most = min(least, k.value), max(most, k.value)
	}
	const digit = 11
	for shift := 0; uint64(most-least)>>shift > 0; shift += digit {
		var at [1<<digit + 1]int
		for _, k := range keys {
			at[uint64(most-k.value)>>shift&(1<<digit-1)+1]++
		}
		for d := range 1 << digit {
			at[d+1] += at[d]
		}
		for _, k := range keys {
			d := uint64(most-k.value) >> shift & (1<<digit - 1)
			spare[at[d]] = k
			at[d]++
		}
		keys, spare = spare, keys
	}
	return keys
}

// judge gives the steady items the XYZ classes of a draw.
func (p *replicate) judge(draw []orders.Amount) {
	x, o := p.bootstrap.judged, p.Options.Ranking
	if x == nil {
		return
	}
	for k, times := range draw {
		p.before[k+1] = p.before[k] + times
	}
	p.judged = p.judged[:0]
	for i, steady := range p.steady {
		p.xyz[i] = Undefined
		n := p.before[x.to[i]] - p.before[x.from[i]]
		if !steady || n < minPeriods {
			continue
		}
		first, end := x.first[i], x.first[i+1]
		cv, ok := o.Sigma.drawn(x.periods[first:end], x.amounts[first:end], draw, n)
		if !ok {
			continue
		}
		p.cvs[i] = cv
		p.judged = append(p.judged, i)
	}
	if o.XYZRule == CVMeans {
		p.judgeByMeans()
		return
	}
	for _, i := range p.judged {
		p.xyz[i] = steadiness(p.cvs[i], o.CV)
	}
}

// judgeByMeans gives the items judged the classes of [CVMeans].
func (p *replicate) judgeByMeans() {
	slices.SortStableFunc(p.judged, func(i, k int) int { return cmp.Compare(p.cvs[k], p.cvs[i]) })
	cvs := make([]float64, len(p.judged))
	for k, i := range p.judged {
		cvs[k] = p.cvs[i]
	}
	for k, class := range meanClasses(cvs) {
		p.xyz[p.judged[k]] = class
	}
}

// drawn is [Sigma.variation] of n values: each of amounts as often as its
// period was drawn, the others zero.
func (s Sigma) drawn(periods []int32, amounts, draw []orders.Amount, n orders.Amount) (cv float64, ok bool) {
	var sum, seen orders.Amount
	for k, v := range amounts {
		sum += draw[periods[k]] * v
		seen += draw[periods[k]]
	}
	if sum <= 0 {
		return math.NaN(), false
	}
	mean := sum / n
	squares := wide{}.plusSquares(uint64(n-seen), uint64(mean))
	for k, v := range amounts {
		squares = squares.plusSquares(uint64(draw[periods[k]]), uint64((v - mean).Abs()))
	}
	rest := uint64(sum - n*mean)
	square := spread(uint64(n), squares.hi, squares.lo, rest*rest)
	if s == Sample {
		square = sampleSpread(uint64(n), squares.hi, squares.lo, rest*rest)
	}
	return math.Sqrt(square) / float64(sum), true
}

// plusSquares returns w + n × d².
func (w wide) plusSquares(n, d uint64) wide {
	hi, lo := bits.Mul64(d, d)
	over, lo := bits.Mul64(lo, n)
	lo, carry := bits.Add64(w.lo, lo, 0)
	return wide{w.hi + hi*n + over + carry, lo}
}

// count adds the classes of the draw to those of all.
func (p *replicate) count() {
	n, m := len(p.ABC), len(p.XYZ)
	for i, c := range p.abc {
		class := n - 1 // N
		if c != N {
			class = int(c - A)
		}
		p.bootstrap.abc[i*n+class]++
	}
	for i, steady := range p.steady {
		class := m - 1 // Undefined
		if c := p.xyz[i]; c != Undefined {
			class = int(c - X)
		}
		if steady {
			p.bootstrap.xyz[i*m+class]++
		}
	}
}
