package orders

import (
	"cmp"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// deals is the deal table, by customer, then day, order id (shorter first),
// organisation. A column that is nil is all zeros.
type deals struct {
	day                    []Date
	document               []int32
	of                     []int32 // see Deal
	bits                   []uint8 // side, and what follows
	lines                  []int32
	salesperson, channel   []int32
	flag, base             []int32
	revenue, uncosted      []Amount // uncosted: of the lines whose cost is not known
	cogs, direct, quantity []Amount
}

// What the bits of a deal say beside its side.
const (
	sideBits uint8 = 3
	counts   uint8 = 4 // it is part of purchase of, or all of it
	opens    uint8 = 8 // it is the first deal of its purchase
)

func (d *deals) len() int32 { return int32(len(d.day)) }

func (d *deals) side(i int32) Side { return Side(d.bits[i] & sideBits) }

func (d *deals) is(i int32, bit uint8) bool { return d.bits[i]&bit != 0 }

// n returns the number of the purchase that deal i is part of; 0 if it is of none.
func (d *deals) n(i int32) int32 {
	if d.bits[i]&counts != 0 {
		return d.of[i]
	}
	return 0
}

// code returns the value of a column that may be nil.
func code(c []int32, i int32) int32 {
	if c == nil {
		return 0
	}
	return c[i]
}

func money(c []Amount, i int32) Amount {
	if c == nil {
		return 0
	}
	return c[i]
}

// costed returns the revenue of the lines of deal i whose cost is known.
func (d *deals) costed(i int32) Amount { return d.revenue[i] - money(d.uncosted, i) }

func (d *deals) tally(i int32) Tally {
	return Tally{
		Deals: 1, Lines: int64(d.lines[i]), Revenue: d.revenue[i], Costed: d.costed(i), COGS: d.cogs[i], Direct: money(d.direct, i),
	}
}

// makeDeals makes the deal table of the documents that have identified lines.
func (b *builder) makeDeals(h *History) {
	d, t := b.documents, &h.deals
	b.collectGarbage(runtime.GC)
	order, days := h.orderDocuments()
	n := len(order)
	*t = deals{
		day: days, document: order, of: make([]int32, n), bits: make([]uint8, n), lines: make([]int32, n),
		revenue: make([]Amount, n), quantity: make([]Amount, n), cogs: make([]Amount, n), salesperson: make([]int32, n),
	}
	share(h.workers, n, func(from, to int) {
		for i := from; i < to; i++ {
			r := d.row(order[i])
			t.lines[i], t.salesperson[i] = r.lines, r.salesperson
			t.revenue[i], t.quantity[i], t.cogs[i] = r.revenue, r.quantity, r.cogs
		}
	})
	t.uncosted, t.direct = gather[Amount](order, &d.uncosted, h.workers), gather[Amount](order, &d.direct, h.workers)
	t.channel, t.flag = gather[int32](order, &d.channel, h.workers), gather[int32](order, &d.flag, h.workers)
	t.base = gather[int32](order, &d.base, h.workers)
	d.owners = make([]int32, d.len())
	d.each(func(i int32, r *document) { d.owners[i] = r.customer })
	d.rows, d.slots = nil, nil
	b.collectGarbage(debug.FreeOSMemory)
	h.prepare()
}

// many is how many documents are worth a collection of garbage of their own:
// what reading leaves behind is as large as the deal table, and what making that
// leaves behind goes back to the system.
const many = 1 << 20

func (b *builder) collectGarbage(collect func()) {
	if b.documents.len() > many {
		collect()
	}
}

// gather returns the values of a column in an order, and releases it; nil if it
// is all zeros.
func gather[V ~int32 | ~int64, T int32 | int64](order []int32, c *column[T], workers int) []V {
	if c.absent() {
		return nil
	}
	out := make([]V, len(order))
	share(workers, len(order), func(from, to int) {
		for i := from; i < to; i++ {
			out[i] = V(c.at(int(order[i])))
		}
	})
	c.release()
	return out
}

// share shares the numbers below n out among workers, in one piece each.
func share(workers, n int, do func(from, to int)) {
	if workers = min(workers, n/1000+1); workers == 1 {
		do(0, n)
		return
	}
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { do(n*w/workers, n*(w+1)/workers) })
	}
	wait.Wait()
}

// orderDocuments returns the documents that have identified lines in the order
// of the deal table and their days, and sets the bounds of the customers.
func (h *History) orderDocuments() ([]int32, []Date) {
	first, byDay := h.byDay()
	h.bounds = make([]int32, len(h.customers)+1)
	for _, k := range byDay {
		h.bounds[k>>32+1]++
	}
	for c := range h.customers {
		h.bounds[c+1] += h.bounds[c]
	}
	n, next := len(byDay), slices.Clone(h.bounds)
	order, days := make([]int32, n), make([]Date, n)
	share(h.workers, len(h.customers), func(from, to int) { // each writes to places of its own
		day, end := 0, int(first.until[0])
		for i, k := range byDay {
			for i == end {
				day++
				end = int(first.until[day])
			}
			if c := int(k >> 32); from <= c && c < to {
				order[next[c]], days[next[c]] = int32(uint32(k)), first.day+Date(day)
				next[c]++
			}
		}
	})
	if !h.documents.unordered { // so documents of a day are in order, too
		return order, days
	}
	share(h.workers, len(h.customers), func(from, to int) {
		for c := from; c < to; c++ {
			for i, end := h.bounds[c], h.bounds[c+1]; i < end; {
				j := i + 1
				for j < end && days[j] == days[i] {
					j++
				}
				if j-i > 1 {
					slices.SortFunc(order[i:j], h.compareOrders)
				}
				i = j
			}
		}
	})
	return order, days
}

// daysUntil says how many documents are of the days from one on up to each.
type daysUntil struct {
	day   Date
	until []int32
}

// byDay returns the documents that have identified lines by their days, each
// below its customer, which is in the upper half: counted, for that is faster
// than sorting millions of them.
func (h *History) byDay() (daysUntil, []uint64) {
	d := h.documents
	wanted := func(r *document) bool { return r.lines > 0 && !h.people[r.customer].anonymous }
	first, last, n := int32(math.MaxInt32), int32(math.MinInt32), 0
	for _, rows := range d.rows {
		for i := range rows {
			if r := &rows[i]; wanted(r) {
				first, last = min(first, r.first), max(last, r.first)
				n++
			}
		}
	}
	if n == 0 {
		return daysUntil{until: []int32{0}}, nil
	}
	until := make([]int32, last-first+2) // 15 MB if the days are of 9,999 years
	for _, rows := range d.rows {
		for i := range rows {
			if r := &rows[i]; wanted(r) {
				until[r.first-first+1]++
			}
		}
	}
	for i := 1; i < len(until); i++ {
		until[i] += until[i-1]
	}
	out := d.spare(n)
	document := uint64(0)
	for _, rows := range d.rows {
		for i := range rows {
			if r := &rows[i]; wanted(r) {
				to := &until[r.first-first]
				out[*to] = uint64(r.customer)<<32 | document
				*to++
			}
			document++
		}
	}
	return daysUntil{Date(first) + unixEpoch, until}, out
}

// compareOrders orders documents of one customer and day.
func (h *History) compareOrders(a, b int32) int {
	d := h.documents
	x, y := d.at(a), d.at(b)
	return cmp.Or(
		cmp.Compare(len(x), len(y)), strings.Compare(x, y),
		cmp.Compare(d.organisation.at(int(a)), d.organisation.at(int(b))),
	)
}
