package orders

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
)

// maxNumber bounds FlowQuery.Number and FlowQuery.Age.
const maxNumber = 1 << 20

// Flows returns sums over deals; see [FlowQuery].
func (h *History) Flows(ctx context.Context, q FlowQuery) ([]Flow, error) {
	s, err := h.newFlowSum(q)
	if err != nil {
		return nil, err
	}
	const batch = 1 << 14
	customers := int32(len(h.customers))
	for from := int32(0); from < customers; from += batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.f.each(from, min(customers, from+batch), s.add)
	}
	return s.flows(), nil
}

// flowSum sums deals into cells.
type flowSum struct {
	h               *History
	q               FlowQuery
	f               *filter
	cohorts, period *calendar
	cells           []flowCell
	index           map[flowKey]int32
	dense           []int32 // cell + 1 by place, if there are few enough places
	size            flowKey // places of each key
	base            flowKey // the least value of each key
}

// flowKey holds the keys of a cell; what was not asked for is 0.
type flowKey struct{ cohort, period, age, number, split int32 }

type flowCell struct {
	key         flowKey
	flow        Flow
	deal        int32    // the latest counted, + 1
	customer, n int32    // whose purchase was the latest counted
	counted     [4]int32 // the latest customer counted: anyone, First, Repeat, Unknown
}

// densePlaces is how many places an array of cells may have before a map takes over.
const densePlaces = 1 << 20

func (h *History) newFlowSum(q FlowQuery) (*flowSum, error) {
	if err := cmp.Or(h.checkGrain(q.Cohort), h.checkGrain(q.Period)); err != nil {
		return nil, err
	}
	if q.Age < 0 || q.Age > maxNumber || q.Number < 0 || q.Number > maxNumber {
		return nil, fmt.Errorf("%w: Age = %d, Number = %d", ErrQuery, q.Age, q.Number)
	}
	if q.Age > 0 {
		if err := h.control.Require(Day); err != nil {
			return nil, err
		}
	}
	var uses []Dimension
	if q.Split != "" {
		uses = append(uses, q.Split)
	}
	f, err := h.filter(q.Scope, uses...)
	if err != nil {
		return nil, err
	}
	s := &flowSum{h: h, q: q, f: f, size: flowKey{1, 1, 1, 1, 1}}
	first, last := min(f.from, h.control.FirstDay), max(f.asOf, h.control.LastDay)
	if q.Cohort != NoGrain {
		s.cohorts = newCalendar(q.Cohort, first, last)
		s.base.cohort = s.cohorts.of(first) - 1
		s.size.cohort = s.cohorts.of(last) - s.base.cohort + 1
	}
	if q.Period != NoGrain {
		s.period = newCalendar(q.Period, first, last)
		s.base.period = s.period.of(first)
		s.size.period = s.period.of(last) - s.base.period + 1
	}
	if q.Age > 0 {
		s.base.age = -1
		s.size.age = int32(last-first)/int32(q.Age) + 2
	}
	if q.Number > 0 {
		s.size.number = int32(q.Number) + 1
	}
	if q.Split != "" {
		s.size.split = int32(len(h.ids(q.Split)))
	}
	if places := s.places(); places <= densePlaces {
		s.dense = make([]int32, int(places))
	} else {
		s.index = map[flowKey]int32{}
	}
	return s, nil
}

func (s *flowSum) places() float64 {
	return float64(s.size.cohort) * float64(s.size.period) * float64(s.size.age) * float64(s.size.number) * float64(s.size.split)
}

func (s *flowSum) add(p *part) {
	if !p.inside {
		return
	}
	s.cell(s.key(p)).add(p)
}

// add sums a part into the cell. The parts of a deal, the deals of a purchase
// and those of a customer come one after another, so the latest one is all
// that counting distinct ones needs to know.
func (c *flowCell) add(p *part) {
	d := p.deal
	t := c.flow.Sides.Of(d.side)
	sum := p.tally
	sum.Deals = 0
	if p.index+1 != c.deal {
		c.deal = p.index + 1
		sum.Deals = 1
		if d.n > 0 {
			if c.customer != p.customer || c.n != d.n {
				c.customer, c.n = p.customer, d.n
				sum.Purchases = 1
			}
			c.count(p.customer, d.side)
		}
	}
	*t = t.Plus(sum)
}

// count counts a customer once in the cell, and once per side. Customer 0 is
// nobody, so 0 is no customer yet.
func (c *flowCell) count(customer int32, side Side) {
	once := func(i int, n *int64) {
		if c.counted[i] != customer {
			c.counted[i] = customer
			*n++
		}
	}
	once(0, &c.flow.Customers)
	switch side {
	case First:
		once(1, &c.flow.FirstCustomers)
	case Repeat:
		once(2, &c.flow.RepeatCustomers)
	case Unknown:
		once(3, &c.flow.UnknownCustomers)
	}
}

func (s *flowSum) key(p *part) flowKey {
	k := flowKey{age: s.base.age, cohort: s.base.cohort}
	client := &s.h.clients[p.customer]
	if client.entry == First {
		if s.cohorts != nil {
			k.cohort = s.cohorts.of(client.first)
		}
		if s.q.Age > 0 && p.deal.of > 0 {
			k.age = int32(p.day-client.first) / int32(s.q.Age)
		}
		if s.q.Number > 0 {
			k.number = min(p.deal.of, int32(s.q.Number))
		}
	}
	if s.period != nil {
		k.period = s.period.of(p.day)
	}
	if s.q.Split != "" {
		k.split = s.f.code(s.q.Split, p)
	}
	return k
}

func (s *flowSum) cell(k flowKey) *flowCell {
	if s.dense == nil {
		i, ok := s.index[k]
		if !ok {
			i = s.newCell(k)
			s.index[k] = i
		}
		return &s.cells[i]
	}
	place := k.cohort - s.base.cohort
	place = place*s.size.period + k.period - s.base.period
	place = place*s.size.age + k.age - s.base.age
	place = place*s.size.number + k.number
	place = place*s.size.split + k.split
	if s.dense[place] == 0 {
		s.dense[place] = s.newCell(k) + 1
	}
	return &s.cells[s.dense[place]-1]
}

func (s *flowSum) newCell(k flowKey) int32 {
	s.cells = append(s.cells, flowCell{key: k})
	return int32(len(s.cells) - 1)
}

func (s *flowSum) flows() []Flow {
	slices.SortFunc(s.cells, func(a, b flowCell) int {
		return cmp.Or(
			cmp.Compare(a.key.cohort, b.key.cohort), cmp.Compare(a.key.period, b.key.period),
			cmp.Compare(a.key.age, b.key.age), cmp.Compare(a.key.number, b.key.number), cmp.Compare(a.key.split, b.key.split),
		)
	})
	flows := make([]Flow, len(s.cells))
	for i := range s.cells {
		k, f := s.cells[i].key, s.cells[i].flow
		if s.cohorts != nil && k.cohort != s.base.cohort {
			f.Cohort = Period{s.q.Cohort, k.cohort}
		}
		if s.period != nil {
			f.Period = Period{s.q.Period, k.period}
		}
		if s.q.Split != "" {
			f.Split = s.h.ids(s.q.Split)[k.split]
		}
		f.Age, f.Number = int(k.age), int(k.number)
		flows[i] = f
	}
	return flows
}

// Customers yields the identified customers that have a deal up to as-of, and
// of them those with a deal up to as-of that satisfies the scope's Where.
func (h *History) Customers(ctx context.Context, q CustomerQuery) iter.Seq2[Customer, error] {
	return func(yield func(Customer, error) bool) {
		f, err := h.filter(q.Scope)
		if err != nil {
			yield(Customer{}, err)
			return
		}
		var gaps []int32
		for customer := range int32(len(h.customers)) {
			if customer%4096 == 0 {
				if err := ctx.Err(); err != nil {
					yield(Customer{}, err)
					return
				}
			}
			c, ok := h.customer(customer, f)
			if !ok {
				continue
			}
			if gaps = gaps[:0]; h.control.Precision != Month {
				gaps = h.gapsOf(customer, f.asOf, gaps)
			}
			c.Rhythm = rhythm(gaps)
			if !yield(c, nil) {
				return
			}
		}
	}
}

// customer returns a customer without the rhythm, and whether the query wants it.
func (h *History) customer(customer int32, f *filter) (c Customer, wanted bool) {
	cell := flowCell{}
	purchase := int32(0)
	f.each(customer, customer+1, func(p *part) {
		d := p.deal
		if d.opens && d.n != purchase {
			purchase = d.n
			c.Purchases++
			c.LastDay, c.Owner = d.day, h.salespersons[d.salesperson]
			if c.Purchases == 1 {
				c.FirstDay, c.FirstOwner, c.Channel = d.day, c.Owner, h.channels[d.channel]
			}
		}
		if !f.matches(p) {
			return
		}
		wanted = true
		if p.day >= f.from {
			cell.add(p)
		}
	})
	c.ID, c.Name = h.customers[customer], h.customerNames[customer]
	c.Since, c.Lead = h.people[customer].since, h.people[customer].lead
	c.Entry = Unmatched
	if c.Purchases > 0 {
		c.Entry = h.clients[customer].entry
	}
	c.Sides = cell.flow.Sides
	return c, wanted
}

// gapsOf appends the gaps between a customer's purchase days.
func (h *History) gapsOf(customer int32, asOf Date, gaps []int32) []int32 {
	last := Date(0)
	h.purchaseDays(int(customer), asOf, func(day Date) {
		if last != 0 {
			gaps = append(gaps, int32(day-last))
		}
		last = day
	})
	return gaps
}

// rhythm sums gaps, which it sorts.
func rhythm(gaps []int32) Rhythm {
	r := Rhythm{N: int64(len(gaps)), Median: math.NaN()}
	for _, g := range gaps {
		r.Sum += int64(g)
		r.SumSquares += int64(g) * int64(g)
	}
	if n := len(gaps); n > 0 {
		slices.Sort(gaps)
		r.Median = (float64(gaps[(n-1)/2]) + float64(gaps[n/2])) / 2
	}
	return r
}

// Gaps returns how many gaps between purchase days there are of each length
// and age. A scope's Where keeps the customers who have a deal that satisfies
// it; its From keeps the gaps that ended, or are open, on that day or later.
func (h *History) Gaps(ctx context.Context, q GapQuery) ([]Gap, error) {
	if err := h.control.Require(Day); err != nil {
		return nil, err
	}
	f, err := h.filter(q.Scope)
	if err != nil {
		return nil, err
	}
	ended, open := map[gap]int64{}, map[gap]int64{}
	first := h.control.FirstDay
	for customer := range int32(len(h.customers)) {
		if customer%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if len(f.keep) > 0 && !h.wanted(customer, f) {
			continue
		}
		last := Date(0)
		h.purchaseDays(int(customer), f.asOf, func(day Date) {
			if last != 0 && day >= f.from {
				ended[gap{int32(day - last), int32(day - first)}]++
			}
			last = day
		})
		if last != 0 {
			open[gap{int32(f.asOf - last), int32(f.asOf - first)}]++
		}
	}
	return sortGaps(ended, open), nil
}

func (h *History) wanted(customer int32, f *filter) bool {
	wanted := false
	f.each(customer, customer+1, func(p *part) { wanted = wanted || f.matches(p) })
	return wanted
}

func sortGaps(ended, open map[gap]int64) []Gap {
	all := make(map[gap]struct{}, len(ended)+len(open))
	for g := range ended {
		all[g] = struct{}{}
	}
	for g := range open {
		all[g] = struct{}{}
	}
	gaps := make([]Gap, 0, len(all))
	for g := range all {
		gaps = append(gaps, Gap{Days: int(g.days), Age: int(g.age), Ended: ended[g], Open: open[g]})
	}
	slices.SortFunc(gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Age, b.Age))
	})
	return gaps
}
