package orders

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"
	"sync"
)

// finish makes the History, which takes over the columns; on an error they are released.
func (b *builder) finish(ctx context.Context) (*History, error) {
	h, err := b.history(ctx)
	if err != nil {
		b.release()
		return nil, err
	}
	return h, nil
}

func (b *builder) history(ctx context.Context) (*History, error) {
	if err := cmp.Or(b.failed, b.flush(), b.overflow()); err != nil {
		return nil, err
	}
	b.own, b.translated = nil, nil
	b.settle()
	shared, err := b.findOverlap()
	if b.said != nil {
		b.said.release()
	}
	if err != nil {
		return nil, err
	}
	if err := b.findDuplicates(); err != nil {
		return nil, err
	}
	c := &b.control
	for _, s := range b.skipped {
		c.Skipped = append(c.Skipped, *s)
	}
	slices.SortFunc(c.Skipped, func(a, b Skip) int { return cmp.Compare(a.Reason, b.Reason) })
	switch {
	case c.Accepted == 0:
		return nil, b.unusable(ErrNoRows)
	case float64(c.Rejected) > b.o.maxRejected()*float64(c.Accepted+c.Rejected):
		return nil, b.unusable(ErrRejected)
	}
	h := &History{lines: b.lines, factsOnly: b.o.FactsOnly, rejects: b.rejects, detections: b.detections, workers: b.o.workers()}
	b.sortNames(h)
	b.warnOfOverlap(h, shared)
	h.noted = slices.Clone(c.Warnings)
	for _, step := range []func(*History){b.classify, b.warnOfDays, b.makeDeals, b.decide, b.explain} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		step(h)
	}
	h.control = *c
	if b.o.FactsOnly {
		b.documents.owners = nil // which only lines need
	}
	return h, nil
}

func (b *builder) unusable(err error) error {
	e := &UnusableError{Err: err, Accepted: b.control.Accepted, Rejected: b.control.Rejected, Skipped: b.control.Skipped}
	if len(b.rejects) > 0 {
		e.First = &b.rejects[0]
	}
	return e
}

// settle gives the lines of documents that turned out to be one the same code.
func (b *builder) settle() {
	if len(b.documents.merged) == 0 {
		return
	}
	for _, chunk := range b.lines.document.values {
		for i, code := range chunk {
			chunk[i] = b.documents.now(code)
		}
	}
}

// resum sums all lines anew, after some of them were taken back.
func (b *builder) resum() error {
	l, d := b.lines, b.documents
	heads := d.heads()
	d.reset()
	b.sold, b.all = daySet{}, daySet{}
	b.control.Cancelled = 0
	for n := range l.n {
		document, day, t := l.document.at(n), l.day.at(n), l.tally(n)
		b.all.add(day)
		if l.kind.at(n) == cancelled {
			b.control.Cancelled += t.Revenue
			continue
		}
		b.sold.add(day)
		if head, ok := heads[document]; ok {
			document = head
		}
		document, err := d.place(document, day)
		if err != nil {
			return err
		}
		l.document.set(n, document)
		u := run{lines: 1, revenue: t.Revenue, uncosted: t.Revenue - t.Costed, cogs: t.COGS, direct: t.Direct, quantity: Amount(l.quantity.at(n))}
		d.sum(&u, document)
		d.least(document, [...]int32{l.salesperson.at(n), l.channel.at(n), l.repeatFlag.at(n), l.base.at(n)})
	}
	b.settle()
	return nil
}

// sortNames turns the dictionaries into sorted ones and codes into ranks, after
// which nothing depends on the order of the rows.
func (b *builder) sortNames(h *History) {
	d, l := b.documents, b.lines
	sort := func(dict int, to *names, columns ...*column[int32]) (rank []int32) {
		*to, rank = b.dicts[dict].sorted(h.workers)
		for _, c := range columns {
			recode(c, rank)
		}
		return rank
	}
	var customers, salespersons []int32
	var wait sync.WaitGroup
	wait.Go(func() {
		rank := sort(customerDict, &h.customers)
		customers = rank
		h.customerNames, h.customerLabels = b.customerNames.sorted(h.customers, rank)
		h.people = make([]person, len(h.customers))
		for c, p := range b.people {
			h.people[rank[c]] = p
		}
		h.people[0].anonymous = true
	})
	wait.Go(func() {
		groups := sort(groupDict, &h.groups, &l.group)
		products := sort(productDict, &h.products, &l.product)
		h.productNames, h.productLabels = b.productNames.sorted(h.products, products)
		b.goods.rank(products, groups)
		salespersons = sort(salespersonDict, &h.salespersons, &l.salesperson)
		sort(channelDict, &h.channels, &l.channel, &d.channel)
		sort(flagDict, &h.flags, &l.repeatFlag, &d.flag)
		sort(baseDict, &h.bases, &l.base, &d.base)
		sort(organisationDict, &h.organisations, &d.organisation)
	})
	wait.Wait()
	d.share(h.workers, func(_ int, _ int32, rows []document) {
		for i := range rows {
			r := &rows[i]
			r.customer, r.salesperson = customers[r.customer], salespersons[r.salesperson]
		}
	})
	h.documents = d
	h.goods = func() *goods { return &b.goods }
	if !b.o.FactsOnly {
		h.goods = sync.OnceValue(h.sumLines)
	}
}

// classify says of each line whether it is anonymous, and sums the control totals.
func (b *builder) classify(h *History) {
	d, c, l := b.documents, &b.control, b.lines
	sums := make([]struct {
		anonymous, identified, quantities Amount
		lines                             int64
	}, h.workers)
	d.share(h.workers, func(w int, _ int32, rows []document) {
		s := &sums[w]
		for i := range rows {
			r := &rows[i]
			s.quantities |= r.quantity
			if h.people[r.customer].anonymous {
				s.anonymous += r.revenue
				s.lines += int64(r.lines)
			} else {
				s.identified += r.revenue
			}
		}
	})
	for _, s := range sums {
		c.Anonymous += s.anonymous
		c.AnonymousLines += s.lines
		c.Identified += s.identified
		d.quantities = d.quantities || s.quantities != 0
	}
	c.Export = c.Identified + c.Anonymous + c.Cancelled
	c.FirstDay, c.LastDay = Date(b.all.first())+unixEpoch, b.last(Date(b.all.last())+unixEpoch)
	if b.o.AsOf != 0 {
		c.LastDay = b.o.AsOf
	}
	c.LongestPause = b.sold.pause(c.Precision)
	if c.AnonymousLines == 0 {
		return
	}
	for n := range l.n {
		if h.people[d.row(l.document.at(n)).customer].anonymous && l.kind.at(n) != cancelled {
			l.kind.set(n, anonymous)
		}
	}
}

// warnOfDays warns of orders whose lines are of several days, or so far apart
// that they are taken for several deals.
func (b *builder) warnOfDays(h *History) {
	d := b.documents
	conflicts, restarts := notes{h: h}, notes{h: h}
	after := map[int32]bool{}
	for _, code := range d.next {
		after[code] = true
	}
	if len(after) == 0 && d.late.absent() {
		return
	}
	d.each(func(i int32, r *document) {
		_, more := d.next[i]
		switch {
		case r.lines == 0 || after[i] || h.people[r.customer].anonymous:
		case more:
			restarts.add(i)
		case d.late.at(int(i)) > 0:
			conflicts.add(i)
		}
	})
	b.warnOf("order_days", conflicts, "%d orders have lines of different days; each counts on its earliest day")
	b.warnOf("order_restarts", restarts, "%d order ids come again more than 180 days later and are taken for other deals")
}

// notes counts documents and keeps the first few of them, by customer and order.
type notes struct {
	h     *History
	count int64
	first []int32
}

func (n *notes) add(document int32) {
	n.count++
	i, _ := slices.BinarySearchFunc(n.first, document, n.h.compareDocuments)
	if n.first = slices.Insert(n.first, i, document); len(n.first) > 10 {
		n.first = n.first[:10]
	}
}

// compareDocuments orders documents by customer and order.
func (h *History) compareDocuments(x, y int32) int {
	d := h.documents
	return cmp.Or(
		cmp.Compare(d.customer(x), d.customer(y)), cmp.Compare(d.at(x), d.at(y)),
		cmp.Compare(d.organisation.at(int(x)), d.organisation.at(int(y))),
	)
}

// warnOf warns of the documents noted, if there are any.
func (b *builder) warnOf(code string, n notes, text string) {
	if n.count == 0 {
		return
	}
	w := Warning{Code: code, Count: n.count, Text: fmt.Sprintf(text, n.count)}
	d := n.h.documents
	for _, document := range n.first {
		w.Examples = append(w.Examples, fmt.Sprintf("%s: %s", n.h.customers[d.customer(document)], d.at(document)))
	}
	b.warn(w)
}

// daySet is a set of days, counted from 1970-01-01.
type daySet struct {
	pages map[int32]*[64]uint64 // of 4,096 days each
	page  *[64]uint64           // the one last added to
	of    int32
}

func (s *daySet) add(day int32) {
	if number := day >> 12; s.page == nil || number != s.of {
		if s.page = s.pages[number]; s.page == nil {
			if s.pages == nil {
				s.pages = map[int32]*[64]uint64{}
			}
			s.page = new([64]uint64)
			s.pages[number] = s.page
		}
		s.of = number
	}
	s.page[day>>6&63] |= 1 << (day & 63)
}

// days returns the days, ascending.
func (s *daySet) days() (days []int32) {
	for number, page := range s.pages {
		for i, word := range page {
			for ; word != 0; word &= word - 1 {
				days = append(days, number<<12+int32(i<<6+bits.TrailingZeros64(word)))
			}
		}
	}
	slices.Sort(days)
	return days
}

func (s *daySet) first() int32 { return s.days()[0] }

func (s *daySet) last() int32 {
	days := s.days()
	return days[len(days)-1]
}

// pause returns the longest run of days between two of the set's that are not in it.
func (s *daySet) pause(precision Grain) int {
	days := s.days()
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
