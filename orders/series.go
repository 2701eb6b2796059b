package orders

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
)

// seriesCells bounds the periods × items that Series sums at once: as many as
// stay near the processor for customers, whose deals lie together, and as many
// as spare another pass over all deals for other items.
const (
	customerCells = 1 << 16
	itemCells     = 1 << 22
)

// Series yields each item's measure per period; see [SeriesQuery].
func (h *History) Series(ctx context.Context, q SeriesQuery) iter.Seq2[Series, error] {
	return func(yield func(Series, error) bool) {
		s, err := h.newSeriesSum(q)
		if err != nil {
			yield(Series{}, err)
			return
		}
		sum := func(b *seriesBlock, from, to int32) {
			if b.seriesSum == nil {
				b.seriesSum = s
			}
			b.sum(from, to)
		}
		workers := 1
		switch {
		case s.goods:
			sum = func(b *seriesBlock, from, to int32) {
				b.seriesSum = s
				b.sumGoods(from, to)
			}
		case s.q.By == ByCustomer:
			workers = h.sharers()
		}
		inOrder(workers, int32(len(h.ids(s.q.By))), s.block, sum, func(b *seriesBlock) bool {
			if err := ctx.Err(); err != nil {
				yield(Series{}, err)
				return false
			}
			return b.yield(yield)
		})
	}
}

// seriesSum is a query made ready.
type seriesSum struct {
	h        *History
	q        SeriesQuery
	f        *filter
	calendar *calendar
	start    Period
	periods  int
	block    int32
	goods    bool // the monthly sums of products tell
}

// seriesBlock sums one block of items.
type seriesBlock struct {
	*seriesSum
	from, to int32
	slots    []seriesSlot
	values   []Amount // slot × period
	active   []bool
	bySplit  map[[2]int32]int32 // (item, split) → slot, if there is a split
}

type seriesSlot struct {
	item, split     int32
	first, last     int32 // period indices; first 0: none
	inside          bool
	revenue, costed Amount
	deal            int32 // the latest counted, + 1
	customer, n     int32 // whose purchase was the latest counted
}

func (h *History) newSeriesSum(q SeriesQuery) (*seriesSum, error) {
	if q.By == "" {
		q.By = ByCustomer
	}
	if q.Grain == NoGrain {
		q.Grain = Month
	}
	if q.Measure > Purchases {
		return nil, fmt.Errorf("%w: measure %d", ErrQuery, q.Measure)
	}
	if err := h.checkGrain(q.Grain); err != nil {
		return nil, err
	}
	uses := []Dimension{q.By}
	if q.Split != "" {
		uses = append(uses, q.Split)
	}
	f, err := h.filter(q.Scope, uses...)
	goods := h.goodsTell(q, f)
	if err == ErrNoLines && goods {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	s := &seriesSum{h: h, q: q, f: f, start: q.Grain.Of(f.from), goods: goods}
	s.calendar = newCalendar(q.Grain, min(f.from, h.control.FirstDay), max(f.asOf, h.control.LastDay))
	s.periods = q.Grain.Of(f.asOf).Sub(s.start) + 1
	cells := itemCells
	if q.By == ByCustomer {
		cells = customerCells
	}
	s.block = int32(max(1, cells/s.periods))
	return s, nil
}

func (s *seriesBlock) sum(from, to int32) {
	s.begin(from, to)
	switch {
	case s.q.By == ByCustomer && s.q.Split == "" && s.f.all():
		s.sumCustomers()
		return
	case s.q.By == ByCustomer:
		s.f.each(from, to, s.add)
		return
	}
	s.sumAll()
	if ofLines(s.q.By) {
		s.f.eachAnonymous(s.add)
	}
}

// sumCustomers is sum for what is asked most: customers, all of their deals.
func (s *seriesBlock) sumCustomers() {
	d, bounds := &s.h.deals, s.h.bounds
	for customer := s.from; customer < s.to; customer++ {
		k := customer - s.from
		slot, at, purchase := &s.slots[k], int(k)*s.periods, int32(0)
		for i := bounds[customer]; i < bounds[customer+1] && d.day[i] <= s.f.asOf; i++ {
			period := s.calendar.of(d.day[i])
			if slot.first == 0 {
				slot.first = period
			}
			slot.last = period
			if d.day[i] < s.f.from {
				continue
			}
			cell := at + int(period-s.start.Index)
			slot.inside, s.active[cell] = true, true
			slot.revenue += d.revenue[i]
			slot.costed += d.costed(i)
			var v Amount
			switch s.q.Measure {
			case Revenue:
				v = d.revenue[i]
			case GrossProfit:
				v = d.costed(i) - money(d.cogs, i)
			case Contribution:
				v = d.costed(i) - money(d.cogs, i) - money(d.direct, i)
			case Quantity:
				v = money(d.quantity, i)
			case Deals:
				v = One
			case Purchases:
				if n := d.n(i); n > 0 && n != purchase {
					purchase, v = n, One
				}
			}
			s.values[cell] += v
		}
	}
}

// begin makes the block one of the items from…to.
func (s *seriesBlock) begin(from, to int32) {
	s.from, s.to = from, to
	s.slots, s.values, s.active = s.slots[:0], s.values[:0], s.active[:0]
	s.bySplit = nil
	if s.q.Split != "" {
		s.bySplit = map[[2]int32]int32{}
		return
	}
	n := int(to - from)
	s.values, s.active = appendZero(s.values, n*s.periods), appendZero(s.active, n*s.periods)
	for item := from; item < to; item++ {
		s.slots = append(s.slots, seriesSlot{item: item})
	}
}

// sumAll sums the deals of all customers, who are shared out among workers:
// what is distinct in a cell adds over them.
func (s *seriesBlock) sumAll() {
	blocks := []*seriesBlock{s}
	for range s.h.sharers() - 1 {
		b := &seriesBlock{seriesSum: s.seriesSum}
		b.begin(s.from, s.to)
		blocks = append(blocks, b)
	}
	s.h.shareDeals(len(blocks), func(k int, from, to int32) { s.f.each(from, to, blocks[k].add) })
	for _, b := range blocks[1:] {
		for k := range b.slots {
			s.include(b, k)
		}
	}
}

// include adds slot k of a block of the same items and other customers.
func (s *seriesBlock) include(b *seriesBlock, k int) {
	from := &b.slots[k]
	if from.first == 0 {
		return
	}
	to := s.place(from.item, from.split)
	slot := &s.slots[to]
	if slot.first == 0 || from.first < slot.first {
		slot.first = from.first
	}
	slot.last = max(slot.last, from.last)
	slot.inside = slot.inside || from.inside
	slot.revenue += from.revenue
	slot.costed += from.costed
	for i := range s.periods {
		s.values[int(to)*s.periods+i] += b.values[k*s.periods+i]
		s.active[int(to)*s.periods+i] = s.active[int(to)*s.periods+i] || b.active[k*s.periods+i]
	}
}

// place returns the slot of an item and split.
func (s *seriesBlock) place(item, split int32) int32 {
	if s.bySplit == nil {
		return item - s.from
	}
	key := [2]int32{item, split}
	slot, ok := s.bySplit[key]
	if !ok {
		slot = s.slot(item, split)
		s.bySplit[key] = slot
	}
	return slot
}

// slot appends a slot for an item and split.
func (s *seriesBlock) slot(item, split int32) int32 {
	s.slots = append(s.slots, seriesSlot{item: item, split: split})
	s.values = appendZero(s.values, s.periods)
	s.active = appendZero(s.active, s.periods)
	return int32(len(s.slots) - 1)
}

func appendZero[T any](to []T, n int) []T {
	to = slices.Grow(to, n)[:len(to)+n]
	clear(to[len(to)-n:])
	return to
}

func (s *seriesBlock) add(p *part) {
	item := s.f.code(s.q.By, p)
	if item < s.from || item >= s.to {
		return
	}
	k := item - s.from
	if s.bySplit != nil {
		k = s.place(item, s.f.code(s.q.Split, p))
	}
	slot, period := &s.slots[k], s.calendar.of(p.day)
	if slot.first == 0 || period < slot.first {
		slot.first = period
	}
	slot.last = max(slot.last, period)
	if !p.inside {
		return
	}
	cell := int(k)*s.periods + int(period-s.start.Index)
	slot.inside = true
	s.active[cell] = true
	slot.revenue += p.tally.Revenue
	slot.costed += p.tally.Costed
	s.values[cell] += s.measure(slot, p)
}

// measure returns what a part adds to its cell.
func (s *seriesBlock) measure(slot *seriesSlot, p *part) Amount {
	switch s.q.Measure {
	case Revenue:
		return p.tally.Revenue
	case GrossProfit:
		return p.tally.GrossProfit()
	case Contribution:
		return p.tally.Contribution()
	case Quantity:
		return p.quantity
	}
	if p.index < 0 || p.index+1 == slot.deal {
		return 0
	}
	slot.deal = p.index + 1
	if s.q.Measure == Deals {
		return One
	}
	n := s.h.deals.n(p.index)
	if n == 0 || slot.customer == p.customer && slot.n == n {
		return 0
	}
	slot.customer, slot.n = p.customer, n
	return One
}

// yield yields the block's items that have something in the scope.
func (s *seriesBlock) yield(yield func(Series, error) bool) bool {
	order := make([]int32, 0, len(s.slots))
	for k := range s.slots {
		if s.slots[k].inside {
			order = append(order, int32(k))
		}
	}
	if s.bySplit != nil {
		slices.SortFunc(order, func(a, b int32) int {
			return cmp.Or(cmp.Compare(s.slots[a].item, s.slots[b].item), cmp.Compare(s.slots[a].split, s.slots[b].split))
		})
	}
	ids, labels := s.h.ids(s.q.By), s.h.labels(s.q.By)
	for _, k := range order {
		slot, at := &s.slots[k], int(k)*s.periods
		series := Series{
			Item: ids[slot.item], Name: labels[slot.item], Start: s.start,
			First: Period{s.q.Grain, slot.first}, Last: Period{s.q.Grain, slot.last},
			Values: s.values[at : at+s.periods : at+s.periods], Active: s.active[at : at+s.periods : at+s.periods],
			Revenue: slot.revenue, Costed: slot.costed,
		}
		if s.q.Split != "" {
			series.Split = s.h.ids(s.q.Split)[slot.split]
		}
		if !yield(series, nil) {
			return false
		}
	}
	return true
}

// labels returns the names of a dimension's ids.
func (h *History) labels(d Dimension) names {
	switch d {
	case ByCustomer:
		return h.customerNames
	case ByProduct:
		return h.productNames
	}
	return h.ids(d)
}
