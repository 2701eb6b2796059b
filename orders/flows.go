package orders

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"sync"
)

// maxNumber bounds FlowQuery.Number and FlowQuery.Age.
const maxNumber = 1 << 20

// Flows returns sums over deals; see [FlowQuery].
func (h *History) Flows(ctx context.Context, q FlowQuery) ([]Flow, error) {
	s, err := h.newFlowSum(q)
	if err != nil {
		return nil, err
	}
	if err := s.sum(ctx); err != nil {
		return nil, err
	}
	return s.flows(), nil
}

// sum sums the deals of all customers, who are shared out among workers: what
// is distinct in a cell adds over them.
func (s *flowSum) sum(ctx context.Context) error {
	sums := []*flowSum{s}
	for range s.h.sharers() - 1 {
		other := *s
		other.begin()
		sums = append(sums, &other)
	}
	s.h.shareDeals(len(sums), func(k int, from, to int32) {
		const batch = 1 << 14
		for ; from < to && ctx.Err() == nil; from += batch {
			if s.f.all() && s.q.Split == "" {
				sums[k].addDeals(from, min(to, from+batch))
			} else {
				s.f.each(from, min(to, from+batch), sums[k].add)
			}
		}
	})
	for _, other := range sums[1:] {
		for i := range other.cells {
			s.cell(other.cells[i].key).flow.include(&other.cells[i].flow)
		}
	}
	return ctx.Err()
}

// include adds the sums of a flow of other customers.
func (f *Flow) include(o *Flow) {
	f.Customers += o.Customers
	f.FirstCustomers += o.FirstCustomers
	f.RepeatCustomers += o.RepeatCustomers
	f.UnknownCustomers += o.UnknownCustomers
	f.Sides = f.Sides.Plus(o.Sides)
}

// sharers returns how many workers sum deals at the same time: few deals are
// summed sooner than workers start.
func (h *History) sharers() int {
	return max(1, min(h.workers, int(h.deals.len()/20_000)))
}

// shareDeals shares all customers out among workers, each of which gets about
// as many deals.
func (h *History) shareDeals(workers int, do func(worker int, from, to int32)) {
	at := func(k int) int32 {
		if k == workers {
			return int32(len(h.customers))
		}
		c, _ := slices.BinarySearch(h.bounds[:len(h.customers)], int32(int(h.bounds[len(h.customers)])*k/workers))
		return int32(c)
	}
	if workers == 1 {
		do(0, 0, int32(len(h.customers)))
		return
	}
	var wait sync.WaitGroup
	for k := range workers {
		wait.Go(func() { do(k, at(k), at(k+1)) })
	}
	wait.Wait()
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
	counted     [4]int32 // the latest customer counted: anyone, then by side
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
	s.begin()
	return s, nil
}

// begin makes room for the cells.
func (s *flowSum) begin() {
	s.cells, s.dense, s.index = nil, nil, nil
	if places := s.places(); places <= densePlaces {
		s.dense = make([]int32, int(places))
	} else {
		s.index = map[flowKey]int32{}
	}
}

func (s *flowSum) places() float64 {
	return float64(s.size.cohort) * float64(s.size.period) * float64(s.size.age) * float64(s.size.number) * float64(s.size.split)
}

func (s *flowSum) add(p *part) {
	if p.inside {
		s.cell(s.key(p)).add(&s.h.deals, p)
	}
}

// addDeals is add for all deals of customers from…to, without a split.
func (s *flowSum) addDeals(from, to int32) {
	if s.dense == nil {
		s.f.each(from, to, s.add)
		return
	}
	d, bounds := &s.h.deals, s.h.bounds
	for customer := from; customer < to; customer++ {
		client := &s.h.clients[customer]
		known := client.entry == First
		cohort := int32(0)
		if known && s.cohorts != nil {
			cohort = s.cohorts.of(client.first) - s.base.cohort
		}
		for i, end := bounds[customer], bounds[customer+1]; i < end; i++ {
			day := d.day[i]
			if day > s.f.asOf {
				break
			}
			if day < s.f.from {
				continue
			}
			k := flowKey{cohort: cohort}
			if s.period != nil {
				k.period = s.period.of(day) - s.base.period
			}
			if of := d.of[i]; known && of > 0 {
				if s.q.Age > 0 {
					k.age = int32(day-client.first)/int32(s.q.Age) - s.base.age
				}
				if s.q.Number > 0 {
					k.number = min(of, int32(s.q.Number))
				}
			}
			s.at(k).addWhole(d, i, customer)
		}
	}
}

// at returns the cell of a key less the least one, if the cells have places.
func (s *flowSum) at(k flowKey) *flowCell {
	place := &s.dense[(((k.cohort*s.size.period+k.period)*s.size.age+k.age)*s.size.number+k.number)*s.size.split+k.split]
	if *place == 0 {
		*place = s.newCell(flowKey{k.cohort + s.base.cohort, k.period + s.base.period, k.age + s.base.age, k.number, k.split}) + 1
	}
	return &s.cells[*place-1]
}

// addWhole sums a deal into the cell.
func (c *flowCell) addWhole(d *deals, i, customer int32) {
	sum := c.flow.Sides.Of(d.side(i))
	sum.Lines += int64(d.lines[i])
	sum.Revenue += d.revenue[i]
	sum.Costed += d.costed(i)
	sum.COGS += money(d.cogs, i)
	sum.Direct += money(d.direct, i)
	c.addDeal(d, i, customer, sum)
}

// add sums a part into the cell. The parts of a deal come one after another.
func (c *flowCell) add(d *deals, p *part) {
	t, sum := &p.tally, c.flow.Sides.Of(d.side(p.index))
	sum.Lines += t.Lines
	sum.Revenue += t.Revenue
	sum.Costed += t.Costed
	sum.COGS += t.COGS
	sum.Direct += t.Direct
	if p.index+1 != c.deal {
		c.deal = p.index + 1
		c.addDeal(d, p.index, p.customer, sum)
	}
}

// addDeal counts a deal in the cell. The deals of a purchase and those of a
// customer come one after another, so the latest one is all that counting
// distinct ones needs to know.
func (c *flowCell) addDeal(d *deals, i, customer int32, sum *Tally) {
	sum.Deals++
	if n := d.n(i); n > 0 {
		if c.customer != customer || c.n != n {
			c.customer, c.n = customer, n
			sum.Purchases++
		}
		c.count(customer, d.side(i))
	}
}

// count counts a customer once in the cell, and once per side. Customer 0 is
// nobody, so 0 is no customer yet.
func (c *flowCell) count(customer int32, side Side) {
	if c.counted[0] != customer {
		c.counted[0] = customer
		c.flow.Customers++
	}
	var n *int64
	switch side {
	case First:
		n = &c.flow.FirstCustomers
	case Repeat:
		n = &c.flow.RepeatCustomers
	case Unknown:
		n = &c.flow.UnknownCustomers
	default:
		return
	}
	if last := &c.counted[1+side]; *last != customer {
		*last = customer
		*n++
	}
}

func (s *flowSum) key(p *part) flowKey {
	k := flowKey{age: s.base.age, cohort: s.base.cohort}
	client := &s.h.clients[p.customer]
	if client.entry == First {
		if s.cohorts != nil {
			k.cohort = s.cohorts.of(client.first)
		}
		if of := s.h.deals.of[p.index]; s.q.Age > 0 && of > 0 {
			k.age = int32(p.day-client.first) / int32(s.q.Age)
		}
		if s.q.Number > 0 {
			k.number = min(s.h.deals.of[p.index], int32(s.q.Number))
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
	return s.at(flowKey{k.cohort - s.base.cohort, k.period - s.base.period, k.age - s.base.age, k.number, k.split})
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
		type piece struct {
			customers []Customer
			gaps      []int32
		}
		inOrder(h.sharers(), int32(len(h.customers)), 1024, func(p *piece, from, to int32) {
			p.customers = p.customers[:0]
			for customer := from; customer < to; customer++ {
				c, ok := h.customer(customer, f)
				if !ok {
					continue
				}
				if !q.NoRhythm {
					if p.gaps = p.gaps[:0]; h.control.Precision != Month {
						p.gaps = h.gapsOf(customer, f.asOf, p.gaps)
					}
					c.Rhythm = rhythm(p.gaps)
				}
				p.customers = append(p.customers, c)
			}
		}, func(p *piece) bool {
			if err := ctx.Err(); err != nil {
				yield(Customer{}, err)
				return false
			}
			for i := range p.customers {
				if !yield(p.customers[i], nil) {
					return false
				}
			}
			return true
		})
	}
}

// customer returns a customer without the rhythm, and whether the query wants it.
func (h *History) customer(customer int32, f *filter) (c Customer, wanted bool) {
	if h.bounds[customer] == h.bounds[customer+1] {
		return c, false
	}
	var cell flowCell
	d := &h.deals
	if f.all() {
		for i := h.bounds[customer]; i < h.bounds[customer+1] && d.day[i] <= f.asOf; i++ {
			wanted = true
			c.meet(h, i)
			if d.day[i] >= f.from {
				cell.addWhole(d, i, customer)
			}
		}
	} else {
		f.each(customer, customer+1, func(p *part) {
			c.meet(h, p.index)
			if f.matches(p) {
				wanted = true
				if p.day >= f.from {
					cell.add(d, p)
				}
			}
		})
	}
	c.ID, c.Name = h.customers[customer], h.customerNames[customer]
	c.Since, c.Lead = h.people[customer].since, h.people[customer].lead
	c.Entry = Unmatched
	if c.Purchases > 0 {
		c.Entry = h.clients[customer].entry
	}
	c.Sides = cell.flow.Sides
	return c, wanted
}

// meet notes a deal of the customer, after all that come before it; a deal may
// come several times.
func (c *Customer) meet(h *History, i int32) {
	d := &h.deals
	if !d.is(i, opens) || int64(d.of[i]) == c.Purchases {
		return
	}
	c.Purchases++
	c.LastDay, c.Owner = d.day[i], h.salespersons[code(d.salesperson, i)]
	if c.Purchases == 1 {
		c.FirstDay, c.FirstOwner, c.Channel = c.LastDay, c.Owner, h.channels[code(d.channel, i)]
	}
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
	type counted struct{ ended, open map[gap]int64 }
	sums := make([]counted, h.sharers())
	h.shareDeals(len(sums), func(k int, from, to int32) {
		c := counted{map[gap]int64{}, map[gap]int64{}}
		for customer := from; customer < to; customer++ {
			if customer%4096 == 0 && ctx.Err() != nil {
				return
			}
			if len(f.keep) == 0 || h.wanted(customer, f) {
				h.countGaps(customer, f, c.ended, c.open)
			}
		}
		sums[k] = c
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, c := range sums[1:] {
		for g, n := range c.ended {
			sums[0].ended[g] += n
		}
		for g, n := range c.open {
			sums[0].open[g] += n
		}
	}
	return sortGaps(sums[0].ended, sums[0].open), nil
}

// countGaps counts the gaps of one customer.
func (h *History) countGaps(customer int32, f *filter, ended, open map[gap]int64) {
	first, last := h.control.FirstDay, Date(0)
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

func (h *History) wanted(customer int32, f *filter) bool {
	wanted := false
	f.each(customer, customer+1, func(p *part) { wanted = wanted || f.matches(p) })
	return wanted
}

// gap is a number of days between two purchase days of a customer, the later
// of which was on that day of the export's age.
type gap struct{ days, age int32 }

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
