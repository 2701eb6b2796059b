package orders

import (
	"cmp"
	"fmt"
	"slices"
)

// decide numbers the purchases and puts every deal on its side.
func (b *builder) decide(h *History) {
	h.clients = make([]client, len(h.customers))
	c := &b.control
	share(h.workers, len(h.customers), func(from, to int) {
		for customer := from; customer < to; customer++ {
			n := numbering{h: h, rule: b.o.Purchase, zero: b.o.CountZero, client: &h.clients[customer]}
			n.number(h.bounds[customer], h.bounds[customer+1])
		}
	})
	for i := range h.clients {
		if n := h.clients[i].purchases; n > 0 {
			c.Customers++
			c.Purchases += int64(n)
		}
	}
	c.Deals = int64(h.deals.len())

	earlier := b.earlier(h)
	c.Complete = b.o.HistoryComplete || b.o.Earlier != nil || h.allSince()
	if c.Complete {
		c.KnownFrom = c.FirstDay
	} else {
		b.lookBack(h)
	}
	share(h.workers, len(h.customers), func(from, to int) {
		for customer := from; customer < to; customer++ {
			p := &h.clients[customer]
			p.entry = entry(p, h.people[customer].since, earlier, int32(customer), c)
			h.takeSides(customer, p.entry)
		}
	})
}

// lookBack finds out from when on the export knows first purchases to be first.
func (b *builder) lookBack(h *History) {
	c, half := &b.control, b.control.Span()/2
	c.BurnIn = b.o.BurnIn
	switch {
	case c.BurnIn > 0:
	case c.Require(Day) != nil: // no gap is known in days
		c.BurnIn = c.Span()
	default:
		c.BurnIn = h.endedGaps(c.FirstDay, c.Span()).burnIn(c.Span())
	}
	c.KnownFrom = c.FirstDay + Date(min(c.BurnIn, int(lastDate)))
	if 2*c.BurnIn > c.Span() {
		c.KnownFrom = c.LastDay + 1
	}
	c.LateOld = h.lateOld(c.FirstDay+Date(half), min(c.BurnIn, half-60))
}

// takeSides puts the deals of a customer on their sides.
func (h *History) takeSides(customer int, entry Side) {
	d := &h.deals
	for i := h.bounds[customer]; i < h.bounds[customer+1]; i++ {
		side := Repeat
		switch d.of[i] {
		case 0:
			side = Unmatched
		case 1:
			side = entry
		}
		d.bits[i] |= uint8(side)
	}
}

// entry returns the side of a customer's purchase 1.
func entry(p *client, since Date, earlier map[int32]bool, customer int32, c *Control) Side {
	switch {
	case p.purchases == 0:
		return Unmatched
	case p.old:
		return Repeat
	case since != 0 && since < p.first:
		return Repeat
	case since != 0:
		return First
	case earlier[customer]:
		return Repeat
	case p.first < c.KnownFrom:
		return Unknown
	}
	return First
}

// earlier returns the customers of Options.Earlier.
func (b *builder) earlier(h *History) map[int32]bool {
	known := map[int32]bool{}
	for _, id := range b.o.Earlier {
		if c, ok := slices.BinarySearch(h.customers, id); ok {
			known[int32(c)] = true
		}
	}
	return known
}

// allSince reports whether the first day of every customer with a purchase is in the export.
func (h *History) allSince() bool {
	any := false
	for customer, p := range h.clients {
		if p.purchases > 0 {
			if h.people[customer].since == 0 {
				return false
			}
			any = true
		}
	}
	return any
}

// numbering numbers the purchases of one customer.
type numbering struct {
	h      *History
	rule   PurchaseRule
	zero   bool
	client *client
}

// number goes through the deals from…to, day by day.
func (n *numbering) number(from, to int32) {
	d := &n.h.deals
	for i := from; i < to; {
		j := i + 1
		for j < to && d.day[j] == d.day[i] {
			j++
		}
		net := Amount(0)
		free := int32(0) // deals of the day that no base takes elsewhere
		for k := i; k < j; k++ {
			if d.base != nil && n.attach(from, i, j, k) {
				continue
			}
			net += d.revenue[k]
			free++
		}
		if free > 0 {
			if n.rule == PerDay {
				n.numberDay(i, j, net)
			} else {
				n.numberDeals(i, j)
			}
		}
		i = j
	}
}

// attach gives return i, of the deals day…end of a day, to the purchase of the base
// that it names, if that was on an earlier day: the deals from…day are numbered already.
func (n *numbering) attach(from, day, end, i int32) bool {
	d := &n.h.deals
	base := d.base[i]
	if base == 0 || d.revenue[i] >= 0 {
		return false
	}
	documents, document := n.h.documents, int(d.document[i])
	for k := end - 1; k >= from; k-- {
		e := d.document[k]
		if k != i && documents.organisation.at(int(e)) == documents.organisation.at(document) && documents.at(e) == n.h.bases[base] {
			if k >= day || d.n(k) == 0 {
				return false
			}
			d.of[i] = d.of[k]
			return true
		}
	}
	return false
}

// counts reports whether so much money makes a purchase.
func (n *numbering) counts(net Amount) bool { return net > 0 || net == 0 && n.zero }

// numberDay makes one purchase of the day's deals, or none. Deals that are
// attached already have an of.
func (n *numbering) numberDay(from, to int32, net Amount) {
	d, p := &n.h.deals, n.client
	bits := uint8(0)
	if n.counts(net) {
		p.purchases++
		bits = counts | opens
		if p.purchases == 1 {
			p.first = d.day[from]
		}
	} else if p.purchases == 0 && net < 0 {
		p.old = true
	}
	for i := from; i < to; i++ {
		if n.attached(i) {
			continue
		}
		d.of[i], d.bits[i] = p.purchases, bits
		bits &^= opens
	}
}

// attached reports whether attach placed deal i: it has an of and does not
// count before its day is numbered.
func (n *numbering) attached(i int32) bool { return n.h.deals.of[i] > 0 }

// numberDeals makes a purchase of each of the day's deals that counts.
func (n *numbering) numberDeals(from, to int32) {
	d, p := &n.h.deals, n.client
	before := p.purchases
	for i := from; i < to; i++ {
		if n.attached(i) || !n.counts(d.revenue[i]) {
			continue
		}
		p.purchases++
		d.of[i], d.bits[i] = p.purchases, counts|opens
		if p.purchases == 1 {
			p.first = d.day[i]
		}
	}
	latest := before
	for i := from; i < to; i++ {
		switch {
		case d.is(i, counts):
			latest = d.of[i]
		case n.attached(i):
		case latest > 0:
			d.of[i] = latest
		case p.purchases > before:
			d.of[i] = before + 1
		case d.revenue[i] < 0:
			p.old = true
		}
	}
}

// purchaseDays calls visit with each day on which a customer made a purchase, ascending.
func (h *History) purchaseDays(customer int, asOf Date, visit func(day Date)) {
	d, last := &h.deals, Date(0)
	for i := h.bounds[customer]; i < h.bounds[customer+1]; i++ {
		if day := d.day[i]; day != last && day <= asOf && d.is(i, counts) {
			last = day
			visit(day)
		}
	}
}

// endedGaps are numbers of days between two purchase days of a customer, the later
// of which was on a day of the export's age, as the estimator of burnIn needs them.
type endedGaps struct {
	n      int64
	ended  []int64 // by days
	atRisk []int64 // by u, the gaps with days ≤ u ≤ age: as differences
}

// endedGaps returns all gaps of an export of so many days.
func (h *History) endedGaps(first Date, span int) endedGaps {
	g := endedGaps{ended: make([]int64, span+1), atRisk: make([]int64, span+1)}
	for customer := range h.customers {
		last := Date(0)
		h.purchaseDays(customer, lastDate, func(day Date) {
			if last != 0 {
				g.add(int(day-last), int(day-first))
			}
			last = day
		})
	}
	return g
}

func (g *endedGaps) add(days, age int) {
	g.n++
	g.ended[days]++
	g.atRisk[days]++
	g.atRisk[age+1]--
}

// burnIn returns the 90 % quantile of the gap back from a repeat purchase to
// the one before it; span if there are no gaps.
//
// An export shows a gap that ends at its age s only if the gap is no longer
// than s, so long gaps are seen too seldom. The product-limit estimator for
// right-truncated data corrects that: F(t) = Π over u > t of (1 − d(u)/R(u)),
// d(u) the gaps of u days, R(u) those with days ≤ u ≤ age.
// Source: D. Lynden-Bell (1971), MNRAS 155, 95–118; M. Woodroofe (1985), Ann. Statist. 13, 163–177.
func (g endedGaps) burnIn(span int) int {
	if g.n == 0 {
		return span
	}
	for u := 1; u < len(g.atRisk); u++ {
		g.atRisk[u] += g.atRisk[u-1]
	}
	below := 1.0 // F just below u
	for u := len(g.ended) - 1; u > 0; u-- {
		if g.ended[u] == 0 {
			continue
		}
		next := below * (1 - float64(g.ended[u])/float64(g.atRisk[u]))
		if next < 0.9 {
			return u
		}
		below = next
	}
	return 0
}

// lateOld returns q: of the customers first seen at least beyond days after
// middle if the export had begun there, the share who bought before middle; 1
// if there are none.
func (h *History) lateOld(middle Date, beyond int) float64 {
	seen, old := 0, 0
	for customer, p := range h.clients {
		first := Date(0)
		h.purchaseDays(customer, lastDate, func(day Date) {
			if first == 0 && day >= middle {
				first = day
			}
		})
		if first != 0 && int(first-middle) >= max(beyond, 0) {
			seen++
			if p.first < middle {
				old++
			}
		}
	}
	if seen == 0 {
		return 1
	}
	return float64(old) / float64(seen)
}

// explain warns of what a reader of any report must know.
func (b *builder) explain(h *History) {
	c := &b.control
	if b.returned > 0 {
		b.warn(Warning{Code: "cancelled_negative", Count: b.returned, Amount: b.kept, Text: fmt.Sprintf(
			"%d cancelled lines are negative (%s in all): they look like returns, and excluding them keeps the sales that they take back; Options.Return would count them", b.returned, b.kept)})
	}
	b.warnOf("order_customers", h.sharedOrders(), "%d order ids belong to more than one customer; each customer's part is a deal of its own")
	if c.Require(Day) != nil {
		b.warnOfMonths()
	} else if c.KnownFrom > c.LastDay {
		need := 2*c.BurnIn - c.Span()
		b.warn(Warning{Code: "short_export", Count: int64(need), Text: fmt.Sprintf(
			"the export is too short to tell new customers from old ones: %d days where %d are needed; no verdict on repeat sales is given", c.Span(), c.Span()+need)})
	}
	if late := h.sinceAfterFirst(); late > 0 {
		b.warn(Warning{Code: "since_late", Count: late, Text: fmt.Sprintf("%d customers bought before the day they are said to be customers since", late)})
	}
	if c.RoundedCells > 0 {
		b.warn(Warning{Code: "rounded", Count: c.RoundedCells, Amount: c.Rounded, Text: fmt.Sprintf("%d numbers had more than four decimal places; rounding them added %s", c.RoundedCells, c.Rounded)})
	}
	b.compareStated()
	slices.SortStableFunc(c.Warnings, func(a, b Warning) int { return cmp.Compare(a.Code, b.Code) })
}

// compareStated warns if the file's own total is not the sum of its rows.
func (b *builder) compareStated() {
	c := &b.control
	if !c.Stated.Known {
		return
	}
	sum := c.MoneyRead
	for _, reason := range []Reason{TotalRow, GroupRow} {
		if skip := b.skipped[reason]; skip != nil {
			sum -= skip.Money
		}
	}
	if diff := c.Stated.Amount - sum; diff != 0 {
		b.warn(Warning{Code: "stated_total", Amount: diff, Text: fmt.Sprintf("the file's own total is %s, its rows add up to %s", c.Stated.Amount, sum)})
	}
}

func (h *History) sinceAfterFirst() int64 {
	n := int64(0)
	for customer, p := range h.clients {
		if since := h.people[customer].since; p.purchases > 0 && since > p.first {
			n++
		}
	}
	return n
}

// sharedOrders notes the order ids that deals of more than one customer have.
func (h *History) sharedOrders() notes {
	d := h.documents
	of := map[int32][]int32{} // by the document that first had the id
	for _, s := range d.shared {
		if of[s.owner] == nil {
			of[s.owner] = []int32{s.owner}
		}
		of[s.owner] = append(of[s.owner], s.document)
	}
	shared := notes{h: h}
	if len(of) == 0 {
		return shared
	}
	dealOf := h.dealOf()
	for _, documents := range of {
		documents = slices.DeleteFunc(documents, func(i int32) bool { return dealOf[i] < 0 })
		slices.SortFunc(documents, h.compareDocuments)
		if len(documents) > 1 {
			shared.add(documents[1])
		}
	}
	return shared
}
