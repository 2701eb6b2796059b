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
		items := int32(len(h.ids(s.q.By)))
		for from := int32(0); from < items; from += s.block {
			if err := ctx.Err(); err != nil {
				yield(Series{}, err)
				return
			}
			s.sum(from, min(items, from+s.block))
			if !s.yield(yield) {
				return
			}
		}
	}
}

// seriesSum sums one block of items.
type seriesSum struct {
	h        *History
	q        SeriesQuery
	f        *filter
	calendar *calendar
	start    Period
	periods  int
	block    int32

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
	if err != nil {
		return nil, err
	}
	s := &seriesSum{h: h, q: q, f: f, start: q.Grain.Of(f.from)}
	s.calendar = newCalendar(q.Grain, min(f.from, h.control.FirstDay), max(f.asOf, h.control.LastDay))
	s.periods = q.Grain.Of(f.asOf).Sub(s.start) + 1
	cells := itemCells
	if q.By == ByCustomer {
		cells = customerCells
	}
	s.block = int32(max(1, cells/s.periods))
	return s, nil
}

func (s *seriesSum) sum(from, to int32) {
	s.from, s.to = from, to
	s.slots, s.values, s.active = s.slots[:0], s.values[:0], s.active[:0]
	s.bySplit = nil
	if s.q.Split != "" {
		s.bySplit = map[[2]int32]int32{}
	} else {
		for item := from; item < to; item++ {
			s.slot(item, 0)
		}
	}
	if s.q.By == ByCustomer {
		s.f.each(from, to, s.add)
		return
	}
	s.f.each(0, int32(len(s.h.customers)), s.add)
	if ofLines(s.q.By) {
		s.f.eachAnonymous(s.add)
	}
}

// slot appends a slot for an item and split.
func (s *seriesSum) slot(item, split int32) int32 {
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

func (s *seriesSum) add(p *part) {
	item := s.f.code(s.q.By, p)
	if item < s.from || item >= s.to {
		return
	}
	k := item - s.from
	if s.bySplit != nil {
		key := [2]int32{item, s.f.code(s.q.Split, p)}
		slot, ok := s.bySplit[key]
		if !ok {
			slot = s.slot(key[0], key[1])
			s.bySplit[key] = slot
		}
		k = slot
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
func (s *seriesSum) measure(slot *seriesSlot, p *part) Amount {
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
	if p.deal.n == 0 || slot.customer == p.customer && slot.n == p.deal.n {
		return 0
	}
	slot.customer, slot.n = p.customer, p.deal.n
	return One
}

// yield yields the block's items that have something in the scope.
func (s *seriesSum) yield(yield func(Series, error) bool) bool {
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
