package orders

import (
	"cmp"
	"runtime"
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
		Deals: 1, Lines: int64(d.lines[i]), Revenue: d.revenue[i], Costed: d.costed(i), COGS: money(d.cogs, i), Direct: money(d.direct, i),
	}
}

// makeDeals makes the deal table of the documents that have identified lines.
func (b *builder) makeDeals(h *History) {
	d, t := b.documents, &h.deals
	order := h.orderDocuments()
	t.make(len(order), d, h)
	share(h.workers, len(order), func(from, to int) {
		for ; from < to; from += looks {
			t.take(d, order, from, min(to, from+looks))
		}
	})
	t.uncosted = t.revenue
	if d.costs {
		t.uncosted = gather[Amount](t.document, &d.uncosted, h.workers)
	}
	t.direct = gather[Amount](t.document, &d.direct, h.workers)
	t.channel, t.flag = gather[int32](t.document, &d.channel, h.workers), gather[int32](t.document, &d.flag, h.workers)
	t.base = gather[int32](t.document, &d.base, h.workers)
	if !b.o.FactsOnly || len(d.shared) > 0 { // or nobody asks
		d.owners = make([]int32, d.len())
		d.share(h.workers, func(_ int, first int32, rows []document) {
			for i := range rows {
				d.owners[first+int32(i)] = rows[i].customer
			}
		})
	}
	d.rows, d.index = nil, index{}
	if d.len() > many {
		runtime.GC()
	}
	h.prepare()
}

// make makes room for so many deals, of what the documents have.
func (t *deals) make(n int, d *documents, h *History) {
	*t = deals{
		day: make([]Date, n), document: make([]int32, n), of: make([]int32, n), bits: make([]uint8, n),
		lines: make([]int32, n), revenue: make([]Amount, n),
	}
	if len(h.salespersons) > 1 {
		t.salesperson = make([]int32, n)
	}
	if d.quantities {
		t.quantity = make([]Amount, n)
	}
	if d.costs {
		t.cogs = make([]Amount, n)
	}
}

// take fills in the deals from…to, at most looks of them. All of their rows are
// looked up before any is used: one by one each would wait for the memory.
func (t *deals) take(d *documents, order []uint64, from, to int) {
	var rows [looks]document
	for i, k := range order[from:to] {
		rows[i] = *d.row(documentOf(k))
	}
	for i := from; i < to; i++ {
		r := &rows[i-from]
		t.document[i], t.day[i] = documentOf(order[i]), dayOf(order[i])
		t.lines[i], t.revenue[i] = r.lines, r.revenue
	}
	for i := from; i < to && t.salesperson != nil; i++ {
		t.salesperson[i] = rows[i-from].salesperson
	}
	for i := from; i < to && t.quantity != nil; i++ {
		t.quantity[i] = rows[i-from].quantity
	}
	for i := from; i < to && t.cogs != nil; i++ {
		t.cogs[i] = rows[i-from].cogs
	}
}

// many is how many documents are worth a collection of garbage of their own: what
// they leave behind is as large as the deal table.
const many = 1 << 20

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
	shareAs(min(workers, n/1000+1), n, func(_, from, to int) { do(from, to) })
}

// shareAs is share for workers who know their number.
func shareAs(workers, n int, do func(worker, from, to int)) {
	if workers == 1 {
		do(0, 0, n)
		return
	}
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { do(w, n*w/workers, n*(w+1)/workers) })
	}
	wait.Wait()
}

// onDay is a document below its day, so that they are in the order of days.
func onDay(day, document int32) uint64 {
	return uint64(uint32(day)^1<<31)<<32 | uint64(document)
}

func documentOf(k uint64) int32 { return int32(uint32(k)) }

func dayOf(k uint64) Date { return Date(int32(uint32(k>>32)^1<<31)) + unixEpoch }

// orderDocuments returns the documents that have identified lines in the order
// of the deal table, each below its day, and sets the bounds of the customers.
func (h *History) orderDocuments() []uint64 {
	d, workers := h.documents, min(h.workers, 8) // each has a number for each customer
	nobody := make([]bool, len(h.customers))
	for c := range nobody {
		nobody[c] = h.people[c].anonymous
	}
	wanted := func(r *document) bool { return r.lines > 0 && !nobody[r.customer] }
	places := make([][]int32, workers)
	for w := range places {
		places[w] = make([]int32, len(h.customers))
	}
	d.share(workers, func(w int, _ int32, rows []document) {
		for i := range rows {
			if r := &rows[i]; wanted(r) {
				places[w][r.customer]++
			}
		}
	})
	h.bounds = make([]int32, len(h.customers)+1)
	n := int32(0)
	for c := range h.customers {
		for w := range places {
			n, places[w][c] = n+places[w][c], n
		}
		h.bounds[c+1] = n
	}
	order := make([]uint64, n)
	d.share(workers, func(w int, first int32, rows []document) {
		for i := range rows {
			if r := &rows[i]; wanted(r) {
				to := &places[w][r.customer]
				order[*to] = onDay(r.first, first+int32(i))
				*to++
			}
		}
	})
	h.shareDeals(h.workers, func(_ int, from, to int32) {
		for c := from; c < to; c++ {
			h.sortDeals(order[h.bounds[c]:h.bounds[c+1]])
		}
	})
	return order
}

// sortDeals sorts documents of one customer by day and order.
func (h *History) sortDeals(order []uint64) {
	slices.Sort(order)
	if !h.documents.unordered { // documents of a day are in order by their numbers
		return
	}
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && order[j]>>32 == order[i]>>32 {
			j++
		}
		if j-i > 1 {
			slices.SortFunc(order[i:j], func(x, y uint64) int { return h.compareOrders(documentOf(x), documentOf(y)) })
		}
		i = j
	}
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
