package abcxyz

import (
	"sort"

	"github.com/repeatsales/repeatsales/orders"
)

// Distance is how far an item is from the classes above and below, everything
// else staying as it is.
type Distance struct {
	Rise orders.NullAmount // the least gain that takes the item to a higher class; unknown for class A
	Lose orders.NullAmount // the greatest loss at which it keeps its class; unknown for class N, and for the last class of UNF, which none leaves downwards
}

// Distances returns the distance of every item, by rank, in what Value is in:
//
//	Rise = min {d > 0: class of the item at Value + d is higher}
//	Lose = max {d ≥ 0: class of the item at Value − d is not lower}
//
// d being whole kopecks, for deals and purchases whole numbers, for quantities
// ten-thousandths. The item moves through the ranks and the base moves with it;
// the other items keep their values. Class N is below all others: what a last
// item can lose is all but the least amount.
//
// UpTo and UT11 have no such distances, and all are unknown: there an item that
// gains can fall, the share that includes it or the mean of all growing faster.
// The same holds without a base.
//
// It takes O(n·log²): about a microsecond for each item and class bound.
func (r *Ranking) Distances() []Distance {
	all := make([]Distance, len(r.Items))
	s := r.Options.scheme()
	if s.rule == UpTo || s.rule == UT11 || r.Base <= 0 {
		return all
	}
	p := places{scheme: s, items: r.Items, values: r.values(), base: r.Base, step: step(r.Options.Measure)}
	for n := 0; n < len(r.Items) && r.Items[n].ABC != N; n++ {
		p.sums = append(p.sums, r.Items[n].Value)
	}
	p.sums = append(p.sums, 0)
	var sum orders.Amount
	for i, v := range p.sums {
		p.sums[i] = sum
		sum += v
	}
	for i := range all {
		all[i] = Distance{p.rise(i), p.lose(i)}
	}
	return all
}

// step returns the least amount that a measure changes by.
func step(m orders.Measure) orders.Amount {
	switch m {
	case orders.Deals, orders.Purchases:
		return orders.One
	case orders.Quantity:
		return 1
	}
	return orders.One / 100
}

// places is where an item would stand if it had another value.
type places struct {
	scheme
	items  []Item          // by rank
	values []orders.Amount // theirs
	sums   []orders.Amount // of the first k items in the base
	base   orders.Amount
	step   orders.Amount
}

func (p *places) rise(i int) orders.NullAmount {
	item := &p.items[i]
	if item.ABC == A {
		return orders.NullAmount{}
	}
	level := p.level(item.ABC)
	top := p.items[0].Value
	if p.rule == Absolute {
		top = max(top, p.bounds[0])
	}
	steps := int((top-item.Value)/p.step) + 1 // above all others, where it is A
	d := sort.Search(steps, func(k int) bool {
		return p.level(p.at(i, item.Value+orders.Amount(k+1)*p.step)) < level
	})
	if d == steps { // bounds that rounding to kopecks lifts above so small a total
		return orders.NullAmount{}
	}
	return orders.Known(orders.Amount(d+1) * p.step)
}

func (p *places) lose(i int) orders.NullAmount {
	item := &p.items[i]
	level := p.level(item.ABC)
	if item.ABC == N || p.net && level == len(p.bounds) {
		return orders.NullAmount{}
	}
	least := orders.Amount(0)
	if p.net {
		least = min(0, p.items[len(p.items)-1].Value) - 1
	}
	steps := (item.Value-least-1)/p.step + 1 // below all others, or not above zero
	d := sort.Search(int(steps), func(k int) bool {
		return p.level(p.at(i, item.Value-orders.Amount(k+1)*p.step)) > level
	})
	return orders.Known(orders.Amount(d) * p.step)
}

// level returns how low a class is: 0 for A.
func (p *places) level(c ABC) int { return row(c, len(p.bounds)+2) }

// at returns the class of item i if its value were v.
func (p *places) at(i int, v orders.Amount) ABC {
	n := len(p.sums) - 1
	base := p.base + v
	if i < n {
		base -= p.values[i]
	}
	if base <= 0 || v <= 0 && !p.net {
		return N
	}
	k := sort.Search(n, func(k int) bool { return !p.precedes(k, i, v) })
	before := p.before(k, i)
	if p.rule == PAL {
		return p.palAt(i, k, before, base)
	}
	for class := range p.bounds {
		if p.within(class, before, v, base) {
			return A + ABC(class)
		}
	}
	return A + ABC(len(p.bounds))
}

// precedes reports whether item k stands before item i if that has value v.
func (p *places) precedes(k, i int, v orders.Amount) bool {
	return p.values[k] > v || p.values[k] == v && p.single && p.items[k].ID < p.items[i].ID
}

// before returns the sum of the first k items but for item i.
func (p *places) before(k, i int) orders.Amount {
	if i < k {
		return p.sums[k] - p.values[i]
	}
	return p.sums[k]
}

// palAt returns the class of item i if the first k items, of the sum before, stand
// before it: each class ends with the item at which its own sum is its share.
func (p *places) palAt(i, k int, before, base orders.Amount) ABC {
	start := orders.Amount(0)
	for class := range p.bounds {
		width := p.width(class)
		if compareShare(before-start, base, width) < 0 {
			return A + ABC(class)
		}
		end := sort.Search(k, func(e int) bool { return compareShare(max(0, p.before(e, i)-start), base, width) >= 0 })
		start = p.before(end, i)
	}
	return A + ABC(len(p.bounds))
}
