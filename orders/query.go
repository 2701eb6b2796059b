package orders

import (
	"fmt"
	"slices"
	"sync"
)

// filter is a Scope made ready for the deal table.
type filter struct {
	h          *History
	from, asOf Date
	keep       []kept
	owners     []int32 // by customer, if a dimension needs them
	byLine     bool    // some dimension is one of lines, not of deals
}

// kept says which codes of a dimension a scope keeps.
type kept struct {
	dimension Dimension
	codes     []bool
}

// filter checks a query's scope and the dimensions it uses.
func (h *History) filter(s Scope, uses ...Dimension) (*filter, error) {
	f := &filter{h: h, from: s.From, asOf: s.AsOf}
	if f.from == 0 {
		f.from = h.control.FirstDay
	}
	if f.asOf == 0 {
		f.asOf = h.control.LastDay
	}
	if f.from > f.asOf || f.from < 1 || f.asOf > lastDate {
		return nil, fmt.Errorf("%w: scope from %s to %s", ErrQuery, f.from, f.asOf)
	}
	for _, w := range s.Where {
		uses = append(uses, w.Dimension)
	}
	for _, d := range uses {
		if h.ids(d) == nil {
			return nil, fmt.Errorf("%w: dimension %q", ErrQuery, d)
		}
		f.byLine = f.byLine || ofLines(d)
		if d == ByOwner && f.owners == nil {
			f.owners = h.owners(f.asOf)
		}
	}
	if f.byLine && h.released {
		return nil, fmt.Errorf("%w: products were asked for after Release", ErrQuery)
	}
	for _, w := range s.Where {
		ids := h.ids(w.Dimension)
		codes := make([]bool, len(ids))
		for _, id := range w.In {
			if code, ok := slices.BinarySearch(ids, id); ok {
				codes[code] = true
			}
		}
		f.keep = append(f.keep, kept{w.Dimension, codes})
	}
	if f.byLine && h.factsOnly {
		return f, ErrNoLines
	}
	return f, nil
}

// ofLines reports whether a deal can have several values in d.
func ofLines(d Dimension) bool { return d == ByProduct || d == ByGroup }

// ids returns the texts of a dimension's codes; nil if it is none.
func (h *History) ids(d Dimension) names {
	switch d {
	case ByCustomer:
		return h.customers
	case ByProduct:
		return h.products
	case ByGroup:
		return h.groups
	case BySalesperson, ByOwner:
		return h.salespersons
	case ByChannel:
		return h.channels
	case ByRepeatFlag:
		return h.flags
	}
	return nil
}

// owners returns each customer's salesperson in the latest purchase up to asOf.
func (h *History) owners(asOf Date) []int32 {
	d, owners := &h.deals, make([]int32, len(h.customers))
	for customer := range h.customers {
		for i := h.bounds[customer]; i < h.bounds[customer+1] && d.day[i] <= asOf; i++ {
			if d.is(i, opens) {
				owners[customer] = code(d.salesperson, i)
			}
		}
	}
	return owners
}

// part is a deal, or a line of one, on its way into a sum.
type part struct {
	customer       int32 // 0: anonymous
	index          int32 // of the deal; −1: an anonymous line
	line           int   // of an anonymous line
	product, group int32
	tally          Tally // of the part; Deals and Purchases are counted by whoever sums
	quantity       Amount
	day            Date
	inside         bool // in the scope; a part up to as-of that is not inside was, all the same
}

// code returns the part's code in a dimension.
func (f *filter) code(d Dimension, p *part) int32 {
	switch d {
	case ByCustomer:
		return p.customer
	case ByProduct:
		return p.product
	case ByGroup:
		return p.group
	case ByOwner:
		return f.owners[p.customer]
	}
	if p.index < 0 {
		return f.anonymousCode(d, p)
	}
	switch t := &f.h.deals; d {
	case BySalesperson:
		return code(t.salesperson, p.index)
	case ByChannel:
		return code(t.channel, p.index)
	case ByRepeatFlag:
		return code(t.flag, p.index)
	}
	return 0
}

// anonymousCode is code for the attributes that an anonymous line has by itself.
func (f *filter) anonymousCode(d Dimension, p *part) int32 {
	switch l := f.h.lines; d {
	case BySalesperson:
		return l.salesperson.at(p.line)
	case ByChannel:
		return l.channel.at(p.line)
	case ByRepeatFlag:
		return l.repeatFlag.at(p.line)
	}
	return 0
}

// matches reports whether the scope's Where holds for the part.
func (f *filter) matches(p *part) bool {
	for i := range f.keep {
		if k := &f.keep[i]; !k.codes[f.code(k.dimension, p)] {
			return false
		}
	}
	return true
}

// each visits the deals up to as-of of customers from…to, or their lines if a
// dimension is one of lines, in the order of the deal table.
func (f *filter) each(from, to int32, visit func(p *part)) {
	if f.byLine {
		f.eachLine(from, to, visit)
		return
	}
	d, bounds := &f.h.deals, f.h.bounds
	var p part
	for p.customer = from; p.customer < to; p.customer++ {
		for p.index = bounds[p.customer]; p.index < bounds[p.customer+1]; p.index++ {
			if d.day[p.index] > f.asOf {
				break
			}
			f.deal(&p)
			visit(&p)
		}
	}
}

// deal fills the part with the deal of its index.
func (f *filter) deal(p *part) {
	d, i := &f.h.deals, p.index
	p.day = d.day[i]
	p.tally.Lines, p.tally.Revenue = int64(d.lines[i]), d.revenue[i]
	p.tally.Costed = d.costed(i)
	p.tally.COGS, p.tally.Direct = money(d.cogs, i), money(d.direct, i)
	p.quantity = money(d.quantity, i)
	p.inside = p.day >= f.from && f.matches(p)
}

// all reports whether the scope keeps every deal of its days.
func (f *filter) all() bool { return len(f.keep) == 0 && !f.byLine }

// eachLine is each for lines.
func (f *filter) eachLine(from, to int32, visit func(p *part)) {
	order, ends := f.h.linesByDeal()
	d, bounds := &f.h.deals, f.h.bounds
	var p part
	for p.customer = from; p.customer < to; p.customer++ {
		for p.index = bounds[p.customer]; p.index < bounds[p.customer+1]; p.index++ {
			if p.day = d.day[p.index]; p.day > f.asOf {
				break
			}
			start := int32(0)
			if p.index > 0 {
				start = ends[p.index-1]
			}
			for _, n := range order[start:ends[p.index]] {
				f.line(&p, int(n))
				visit(&p)
			}
		}
	}
}

func (f *filter) line(p *part, n int) {
	l := f.h.lines
	p.product, p.group = l.product.at(n), l.group.at(n)
	p.tally, p.quantity = l.tally(n), Amount(l.quantity.at(n))
	p.inside = p.day >= f.from && f.matches(p)
}

// eachAnonymous visits the lines up to as-of of nobody in particular, each
// with the day and the attributes of its own.
func (f *filter) eachAnonymous(visit func(p *part)) {
	l := f.h.lines
	if f.h.control.AnonymousLines == 0 {
		return
	}
	p := part{index: -1}
	for n := range l.n {
		if l.kind.at(n) != anonymous || l.date(n) > f.asOf {
			continue
		}
		p.line, p.day = n, l.date(n)
		f.line(&p, n)
		visit(&p)
	}
}

// inOrder visits pieces of the customers, computed by several workers at the
// same time, in their order: compute fills a state with the customers from…to,
// use takes it and returns false to end.
func inOrder[T any](workers int, customers, size int32, compute func(state *T, from, to int32), use func(state *T) bool) {
	pieces := int((customers + size - 1) / size)
	bounds := func(i int) (int32, int32) { return int32(i) * size, min(customers, int32(i+1)*size) }
	if workers = min(workers, pieces); workers <= 1 {
		var state T
		for i := range pieces {
			from, to := bounds(i)
			if compute(&state, from, to); !use(&state) {
				return
			}
		}
		return
	}
	type job struct {
		state T
		piece int
		done  chan struct{}
	}
	todo := make(chan *job, 2*workers)
	var wait sync.WaitGroup
	defer wait.Wait()
	defer close(todo)
	for range workers {
		wait.Go(func() {
			for j := range todo {
				from, to := bounds(j.piece)
				compute(&j.state, from, to)
				j.done <- struct{}{}
			}
		})
	}
	jobs := make([]*job, min(2*workers, pieces))
	for i := range jobs {
		jobs[i] = &job{piece: i, done: make(chan struct{}, 1)}
		todo <- jobs[i]
	}
	for i := range pieces {
		j := jobs[i%len(jobs)]
		<-j.done
		if !use(&j.state) {
			return
		}
		if j.piece += len(jobs); j.piece < pieces {
			todo <- j
		}
	}
}

// calendar finds the period of a day by a table.
type calendar struct {
	grain Grain
	from  Date
	index []int32
}

func newCalendar(g Grain, from, to Date) *calendar {
	c := &calendar{grain: g, from: from, index: make([]int32, to-from+1)}
	p := g.Of(from)
	next := p.Add(1).First()
	for i := range c.index {
		if from+Date(i) == next {
			p = p.Add(1)
			next = p.Add(1).First()
		}
		c.index[i] = p.Index
	}
	return c
}

func (c *calendar) of(d Date) int32 { return c.index[d-c.from] }

// checkGrain returns an error for what is no grain, and for one finer than the
// dates of the export.
func (h *History) checkGrain(g Grain) error {
	if g > Year {
		return fmt.Errorf("%w: grain %d", ErrQuery, g)
	}
	return h.control.Require(g)
}
