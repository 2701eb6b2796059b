package orders

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
)

// restart is the number of days after which the same order id means another
// deal: 1C begins its numbering anew each year.
const restart = 180

// span is the first and last day of a document's lines, in days since 1970-01-01.
type span struct{ first, last int32 }

// classify says of each line whether it is identified, anonymous or
// cancelled, sums the control totals, and dates the documents.
func (b *builder) classify(h *History) error {
	l, d, c := b.lines, b.documents, &b.control
	spans := make([]span, d.len())
	for i := range spans {
		spans[i] = span{math.MaxInt32, math.MinInt32}
	}
	sold := daySet{}
	latest := int32(math.MinInt32)
	first, last := int32(math.MaxInt32), int32(math.MinInt32)
	for n := range l.n {
		document, day, money := l.document.at(n), l.day.at(n), Amount(l.revenue.at(n))
		first, last = min(first, day), max(last, day)
		c.Export += money
		if l.kind.at(n) == cancelled {
			c.Cancelled += money
			continue
		}
		if day != latest {
			latest = day
			sold[day] = struct{}{}
		}
		if h.people[d.customer[document]].anonymous {
			l.kind.set(n, anonymous)
			c.Anonymous += money
			c.AnonymousLines++
			continue
		}
		c.Identified += money
		s := &spans[document]
		s.first, s.last = min(s.first, day), max(s.last, day)
	}
	c.FirstDay, c.LastDay = Date(first)+unixEpoch, b.last(Date(last)+unixEpoch)
	if b.o.AsOf != 0 {
		c.LastDay = b.o.AsOf
	}
	c.LongestPause = sold.pause(c.Precision)
	spans, err := b.splitRestarts(h, spans)
	if err != nil {
		return err
	}
	h.order(spans, b.o.workers())
	return nil
}

// daySet is a set of days.
type daySet map[int32]struct{}

// pause returns the longest run of days between two of the set's that are not in it.
func (s daySet) pause(precision Grain) int {
	days := slices.Sorted(maps.Keys(s))
	longest := 0
	for i := 1; i < len(days); i++ {
		last := Date(days[i-1]) + unixEpoch
		if precision == Month { // somewhere in it there were sales
			last = Month.Of(last).Last()
		}
		longest = max(longest, int(Date(days[i])+unixEpoch-last)-1)
	}
	return longest
}

// splitRestarts makes several documents of each whose lines lie more than
// restart days apart from one another.
func (b *builder) splitRestarts(h *History, spans []span) ([]span, error) {
	l := b.lines
	conflicts, restarts := notes{h: h}, notes{h: h}
	wide := map[int32][]int32{} // document → its lines
	for document, s := range spans {
		switch {
		case int64(s.last)-int64(s.first) > restart:
			wide[int32(document)] = nil
			restarts.add(int32(document))
		case s.first < s.last:
			conflicts.add(int32(document))
		}
	}
	if len(wide) > 0 {
		for n := range l.n {
			if lines, ok := wide[l.document.at(n)]; ok && l.kind.at(n) == identified {
				wide[l.document.at(n)] = append(lines, int32(n))
			}
		}
	}
	for document := range int32(len(spans)) {
		lines, ok := wide[document]
		if !ok {
			continue
		}
		slices.SortStableFunc(lines, func(i, j int32) int { return cmp.Compare(l.day.at(int(i)), l.day.at(int(j))) })
		current := document
		spans[document] = span{l.day.at(int(lines[0])), l.day.at(int(lines[0]))}
		for k, n := range lines {
			day := l.day.at(int(n))
			if k > 0 && day-l.day.at(int(lines[k-1])) > restart {
				next, err := b.documents.split(document)
				if err != nil {
					return nil, err
				}
				current = next
				spans = append(spans, span{day, day})
			}
			spans[current].last = day
			l.document.set(int(n), current)
		}
	}
	b.warnOf("order_days", conflicts, "%d orders have lines of different days; each counts on its earliest day")
	b.warnOf("order_restarts", restarts, "%d order ids come again more than 180 days later and are taken for other deals")
	return spans, nil
}

// notes counts documents and keeps the first few of them, by customer and order.
type notes struct {
	h     *History
	count int64
	first []int32
}

func (n *notes) add(document int32) {
	n.count++
	i, _ := slices.BinarySearchFunc(n.first, document, n.compare)
	if n.first = slices.Insert(n.first, i, document); len(n.first) > 10 {
		n.first = n.first[:10]
	}
}

func (n *notes) compare(x, y int32) int {
	d := n.h.documents
	return cmp.Or(cmp.Compare(d.customer[x], d.customer[y]), strings.Compare(d.at(x), d.at(y)), cmp.Compare(d.organisation[x], d.organisation[y]))
}

// warnOf warns of the documents noted, if there are any.
func (b *builder) warnOf(code string, n notes, text string) {
	if n.count == 0 {
		return
	}
	w := Warning{Code: code, Count: n.count, Text: fmt.Sprintf(text, n.count)}
	for _, document := range n.first {
		w.Examples = append(w.Examples, fmt.Sprintf("%s: %s", n.h.customers[n.h.documents.customer[document]], n.h.documents.at(document)))
	}
	b.warn(w)
}

// order makes the empty deal table in its order from the documents that have
// identified lines.
func (h *History) order(spans []span, workers int) {
	d := h.documents
	h.bounds = make([]int32, len(h.customers)+1)
	for document, s := range spans {
		if s.first <= s.last {
			h.bounds[d.customer[document]+1]++
		}
	}
	for c := range h.customers {
		h.bounds[c+1] += h.bounds[c]
	}
	h.deals = make([]deal, h.bounds[len(h.customers)])
	next := slices.Clone(h.bounds)
	for document, s := range spans {
		if s.first <= s.last {
			i := &next[d.customer[document]]
			h.deals[*i] = deal{day: Date(s.first) + unixEpoch, document: int32(document)}
			*i++
		}
	}
	h.sortDeals(workers)
	h.dealOf = make([]int32, len(spans))
	for i := range h.dealOf {
		h.dealOf[i] = -1
	}
	for i := range h.deals {
		h.dealOf[h.deals[i].document] = int32(i)
	}
}

// sortDeals sorts the deals of each customer, the customers shared out among workers.
func (h *History) sortDeals(workers int) {
	workers = min(workers, len(h.customers))
	var wait sync.WaitGroup
	for w := range workers {
		from, to := len(h.customers)*w/workers, len(h.customers)*(w+1)/workers
		wait.Go(func() {
			for c := from; c < to; c++ {
				slices.SortFunc(h.deals[h.bounds[c]:h.bounds[c+1]], h.compareDeals)
			}
		})
	}
	wait.Wait()
}

// compareDeals orders the deals of one customer.
func (h *History) compareDeals(a, b deal) int {
	if a.day != b.day {
		return cmp.Compare(a.day, b.day)
	}
	x, y := h.documents.at(a.document), h.documents.at(b.document)
	return cmp.Or(
		cmp.Compare(len(x), len(y)), strings.Compare(x, y),
		cmp.Compare(h.documents.organisation[a.document], h.documents.organisation[b.document]),
	)
}

// makeDeals sums the lines into their deals.
func (h *History) makeDeals() {
	l := h.lines
	for n := range l.n {
		if l.kind.at(n) != identified {
			continue
		}
		d, t := &h.deals[h.dealOf[l.document.at(n)]], l.tally(n)
		d.lines++
		d.revenue += t.Revenue
		d.costed += t.Costed
		d.cogs += t.COGS
		d.direct += t.Direct
		d.quantity += Amount(l.quantity.at(n))
		d.salesperson = least(d.salesperson, l.salesperson.at(n))
		d.channel = least(d.channel, l.channel.at(n))
		d.flag = least(d.flag, l.repeatFlag.at(n))
	}
	h.prepare()
}

// least returns the smaller code that is not blank.
func least(a, b int32) int32 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// basesOf returns, by deal, the order that it says it takes back.
func (h *History) basesOf() map[int32]int32 {
	if h.lines.base.absent() {
		return nil
	}
	bases := map[int32]int32{}
	for n := range h.lines.n {
		if base := h.lines.base.at(n); base != 0 && h.lines.kind.at(n) == identified {
			i := h.dealOf[h.lines.document.at(n)]
			bases[i] = least(bases[i], base)
		}
	}
	return bases
}
