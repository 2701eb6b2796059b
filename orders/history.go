package orders

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// History is an export of orders, read, checked and decided: which deals
// there are, which of them are purchases, how these are numbered, and which
// side of the business each deal is on. It answers the five [Facts].
//
// A History never changes, so any number of goroutines may read it. Release it
// when no more will be asked of it; what it returned stays valid.
type History struct {
	control    Control
	rejects    []RowError
	detections []Detection
	noted      []Warning // while reading; those of Control are decided on top

	lines     *lines
	factsOnly bool // there are no lines
	documents *documents
	people    []person // by customer
	goods     func() *goods

	organisations, customers, products, groups names
	salespersons, channels, flags, bases       names
	customerNames, productNames                names   // by customer, by product
	customerLabels, productLabels              []label // where these names are from; nil: nowhere

	deals   deals
	bounds  []int32 // deals of customer c: bounds[c] to bounds[c+1]
	clients []client
	workers int

	released bool

	byDocument func() []int32                       // the deal of each document; −1: none
	byDeal     func() (order []int32, ends []int32) // lines of identified customers in the order of deals
}

// client is what was decided of a customer.
type client struct {
	first     Date // day of purchase 1; 0 without one
	purchases int32
	entry     Side // side of purchase 1; Unmatched without one
	old       bool // proven by a return that no purchase precedes
}

var _ Facts = (*History)(nil)

// Release frees the Arrow columns. Only [History.Lines], and queries by
// product or group, need them afterwards: those return [ErrQuery].
func (h *History) Release() {
	h.lines.release()
	h.released = true
}

// Control returns the totals of the export; the error is that of ctx.
func (h *History) Control(ctx context.Context) (Control, error) {
	c := h.control
	c.Skipped, c.Warnings = slices.Clone(c.Skipped), slices.Clone(c.Warnings)
	return c, ctx.Err()
}

// Rejects returns the rejected rows that were kept word for word, in the
// order of the files: the first Options.KeepRejects of Control.Rejected.
func (h *History) Rejects() []RowError { return slices.Clone(h.rejects) }

// Detections returns what was found in each file read, in order.
func (h *History) Detections() []Detection { return slices.Clone(h.detections) }

// Deals yields the deals of identified customers by customer (id bytewise),
// day, order id (shorter first, then bytewise) and organisation.
func (h *History) Deals() iter.Seq[Deal] {
	return func(yield func(Deal) bool) {
		for customer := range h.customers {
			for i := h.bounds[customer]; i < h.bounds[customer+1]; i++ {
				if !yield(h.deal(i, customer)) {
					return
				}
			}
		}
	}
}

func (h *History) deal(i int32, customer int) Deal {
	d := &h.deals
	t := d.tally(i)
	if d.is(i, opens) {
		t.Purchases = 1
	}
	document := d.document[i]
	return Deal{
		Organisation: h.organisations[h.documents.organisation.at(int(document))],
		Customer:     h.customers[customer], Order: h.documents.at(document),
		Day: d.day[i], Side: d.side(i), N: int(d.n(i)), Of: int(d.of[i]),
		Salesperson: h.salespersons[code(d.salesperson, i)], Channel: h.channels[code(d.channel, i)], RepeatFlag: h.flags[code(d.flag, i)],
		Quantity: money(d.quantity, i), Tally: t,
	}
}

// dealOf returns the deal of each document; −1: none.
func (h *History) dealOf() []int32 { return h.byDocument() }

func (h *History) sortDocuments() []int32 {
	dealOf := make([]int32, h.documents.len())
	for i := range dealOf {
		dealOf[i] = -1
	}
	for i, document := range h.deals.document {
		dealOf[document] = int32(i)
	}
	return dealOf
}

// linesByDeal returns the lines of identified customers in the order of their
// deals, and where each deal's end.
func (h *History) linesByDeal() ([]int32, []int32) { return h.byDeal() }

func (h *History) sortLines() (order, ends []int32) {
	dealOf := h.dealOf()
	ends = make([]int32, h.deals.len()+1)
	for n := range h.lines.n {
		if h.lines.kind.at(n) == identified {
			ends[dealOf[h.lines.document.at(n)]+1]++
		}
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	order = make([]int32, ends[len(ends)-1])
	next := slices.Clone(ends)
	for n := range h.lines.n {
		if h.lines.kind.at(n) == identified {
			i := dealOf[h.lines.document.at(n)]
			order[next[i]] = int32(n)
			next[i]++
		}
	}
	return order, ends[1:]
}

func (h *History) prepare() {
	h.byDocument = sync.OnceValue(h.sortDocuments)
	h.byDeal = sync.OnceValues(h.sortLines)
}
