package orders

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
)

// decide numbers the purchases and puts every deal on its side.
func (b *builder) decide(h *History) {
	h.clients = make([]client, len(h.customers))
	bases := h.basesOf()
	c := &b.control
	for customer := range h.customers {
		n := numbering{h: h, bases: bases, rule: b.o.Purchase, zero: b.o.CountZero, client: &h.clients[customer]}
		n.number(h.bounds[customer], h.bounds[customer+1])
		if n.client.purchases > 0 {
			c.Customers++
		}
		c.Purchases += int64(n.client.purchases)
	}
	c.Deals = int64(len(h.deals))

	earlier := b.earlier(h)
	c.Complete = b.o.HistoryComplete || b.o.Earlier != nil || h.allSince()
	switch half := c.Span() / 2; {
	case c.Complete:
		c.KnownFrom = c.FirstDay
	default:
		c.BurnIn = b.o.BurnIn
		switch {
		case c.BurnIn > 0:
		case c.Require(Day) != nil: // no gap is known in days
			c.BurnIn = c.Span()
		default:
			c.BurnIn = burnIn(h.endedGaps(c.FirstDay), c.Span())
		}
		c.KnownFrom = c.FirstDay + Date(min(c.BurnIn, int(lastDate)))
		if 2*c.BurnIn > c.Span() {
			c.KnownFrom = c.LastDay + 1
		}
		c.LateOld = h.lateOld(c.FirstDay+Date(half), min(c.BurnIn, half-60))
	}
	for customer := range h.customers {
		p := &h.clients[customer]
		p.entry = entry(p, h.people[customer].since, earlier, int32(customer), c)
		for i := h.bounds[customer]; i < h.bounds[customer+1]; i++ {
			switch d := &h.deals[i]; {
			case d.of == 0:
				d.side = Unmatched
			case d.of == 1:
				d.side = p.entry
			default:
				d.side = Repeat
			}
		}
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
	bases  map[int32]int32 // by deal
	rule   PurchaseRule
	zero   bool
	client *client
}

// number goes through deals[from:to], day by day.
func (n *numbering) number(from, to int32) {
	deals := n.h.deals
	for i := from; i < to; {
		j := i + 1
		for j < to && deals[j].day == deals[i].day {
			j++
		}
		net := Amount(0)
		free := int32(0) // deals of the day that no base takes elsewhere
		for k := i; k < j; k++ {
			if n.attach(from, i, j, k) {
				continue
			}
			net += deals[k].revenue
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

// attach gives return i, of the day deals[day:end], to the purchase of the base
// that it names, if that was on an earlier day: deals[from:day] are numbered already.
func (n *numbering) attach(from, day, end, i int32) bool {
	d := &n.h.deals[i]
	base := n.bases[i]
	if base == 0 || d.revenue >= 0 {
		return false
	}
	documents := n.h.documents
	for k := end - 1; k >= from; k-- {
		e := &n.h.deals[k]
		if k != i && documents.organisation[e.document] == documents.organisation[d.document] && documents.at(e.document) == n.h.bases[base] {
			if k >= day || e.n == 0 {
				return false
			}
			d.of = e.n
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
	deals, p := n.h.deals, n.client
	number := int32(0)
	if n.counts(net) {
		p.purchases++
		number = p.purchases
		if number == 1 {
			p.first = deals[from].day
		}
	} else if p.purchases == 0 && net < 0 {
		p.old = true
	}
	opens := number > 0
	for i := from; i < to; i++ {
		d := &deals[i]
		if n.attached(i) {
			continue
		}
		d.n, d.of = number, p.purchases
		d.opens, opens = opens, false
	}
}

// attached reports whether attach placed deal i: it has an of and no n before
// its day is numbered.
func (n *numbering) attached(i int32) bool { return n.h.deals[i].of > 0 }

// numberDeals makes a purchase of each of the day's deals that counts.
func (n *numbering) numberDeals(from, to int32) {
	deals, p := n.h.deals, n.client
	before := p.purchases
	for i := from; i < to; i++ {
		d := &deals[i]
		if n.attached(i) || !n.counts(d.revenue) {
			continue
		}
		p.purchases++
		d.n, d.of, d.opens = p.purchases, p.purchases, true
		if p.purchases == 1 {
			p.first = d.day
		}
	}
	latest := before
	for i := from; i < to; i++ {
		d := &deals[i]
		switch {
		case d.n > 0:
			latest = d.n
		case n.attached(i):
		case latest > 0:
			d.of = latest
		case p.purchases > before:
			d.of = before + 1
		case d.revenue < 0:
			p.old = true
		}
	}
}

// purchaseDays calls visit with each day on which a customer made a purchase, ascending.
func (h *History) purchaseDays(customer int, asOf Date, visit func(day Date)) {
	last := Date(0)
	for i := h.bounds[customer]; i < h.bounds[customer+1]; i++ {
		if d := &h.deals[i]; d.n > 0 && d.day != last && d.day <= asOf {
			last = d.day
			visit(last)
		}
	}
}

// gap is a number of days between two purchase days of a customer, the later
// of which was on that day of the export's age.
type gap struct{ days, age int32 }

func (h *History) endedGaps(first Date) map[gap]int64 {
	gaps := map[gap]int64{}
	for customer := range h.customers {
		last := Date(0)
		h.purchaseDays(customer, lastDate, func(day Date) {
			if last != 0 {
				gaps[gap{int32(day - last), int32(day - first)}]++
			}
			last = day
		})
	}
	return gaps
}

// burnIn returns the 90 % quantile of the gap back from a repeat purchase to
// the one before it; span if there are no gaps.
//
// An export shows a gap that ends at its age s only if the gap is no longer
// than s, so long gaps are seen too seldom. The product-limit estimator for
// right-truncated data corrects that: F(t) = Π over u > t of (1 − d(u)/R(u)),
// d(u) the gaps of u days, R(u) those with days ≤ u ≤ age.
// Source: D. Lynden-Bell (1971), MNRAS 155, 95–118; M. Woodroofe (1985), Ann. Statist. 13, 163–177.
func burnIn(gaps map[gap]int64, span int) int {
	if len(gaps) == 0 {
		return span
	}
	longest := int32(0)
	for g := range gaps {
		longest = max(longest, g.age)
	}
	ended := make([]int64, longest+2)  // by days
	atRisk := make([]int64, longest+2) // difference array over u
	for g, n := range gaps {
		ended[g.days] += n
		atRisk[g.days] += n
		atRisk[g.age+1] -= n
	}
	for u := int32(1); u <= longest; u++ {
		atRisk[u] += atRisk[u-1]
	}
	below := 1.0 // F just below u
	for u := longest; u > 0; u-- {
		if ended[u] == 0 {
			continue
		}
		next := below * (1 - float64(ended[u])/float64(atRisk[u]))
		if next < 0.9 {
			return int(u)
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
	type key struct {
		organisation int32
		order        string
	}
	owner := map[key]int32{}
	shared := notes{h: h}
	again := h.repeatedOrders()
	for customer := range int32(len(h.customers)) {
		for i := h.bounds[customer]; i < h.bounds[customer+1]; i++ {
			document := h.deals[i].document
			k := key{h.documents.organisation[document], h.documents.at(document)}
			if k.order == "" || !again(k.order) {
				continue
			}
			switch old, ok := owner[k]; {
			case !ok:
				owner[k] = customer
			case old >= 0 && old != customer:
				shared.add(document)
				owner[k] = -1
			}
		}
	}
	return shared
}

// repeatedOrders returns a filter of the order ids that more than one deal
// has: true for all of these and for a few others. Most ids are unique, and a
// map of millions of them would cost more than the rest of the reading.
func (h *History) repeatedOrders() func(order string) bool {
	seed := maphash.MakeSeed()
	size := uint64(1024)
	for size < 16*uint64(len(h.deals)) {
		size *= 2
	}
	once, twice := make([]uint64, size/64), make([]uint64, size/64)
	place := func(order string) (word int, bit uint64) {
		n := maphash.String(seed, order) % size
		return int(n / 64), 1 << (n % 64)
	}
	for i := range h.deals {
		word, bit := place(h.documents.at(h.deals[i].document))
		twice[word] |= once[word] & bit
		once[word] |= bit
	}
	return func(order string) bool {
		word, bit := place(order)
		return twice[word]&bit != 0
	}
}
