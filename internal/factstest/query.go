package factstest

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// fact is one line as a query sees it: on the day of its deal. Lines that are
// cancelled are no facts; anonymous ones have no deal and no customer.
type fact struct {
	*line
	customer *customer
	day      orders.Date
	owner    string // of the customer, as of the query's day
}

// facts returns the lines up to the query's day.
func (n *naive) facts(asOf orders.Date) []fact {
	owners := map[*customer]string{}
	for _, c := range n.customers {
		owners[c] = c.owner(asOf)
	}
	var all []fact
	for _, l := range n.lines {
		f := fact{line: l, day: l.Date}
		if l.cancelled {
			continue
		}
		if l.deal != nil {
			f.customer, f.day = n.byID[l.deal.Customer], l.deal.Day
			f.owner = owners[f.customer]
		}
		if f.day <= asOf {
			all = append(all, f)
		}
	}
	return all
}

// value returns what the line is in a dimension, "" if it is nothing.
func (f fact) value(d orders.Dimension) string {
	attributes := &orders.Deal{Salesperson: f.Salesperson, Channel: f.Channel, RepeatFlag: f.RepeatFlag}
	if f.deal != nil {
		attributes = &f.deal.Deal
	}
	switch d {
	case orders.ByCustomer:
		return attributes.Customer
	case orders.ByProduct:
		return f.Product
	case orders.ByGroup:
		return f.Group
	case orders.BySalesperson:
		return attributes.Salesperson
	case orders.ByOwner:
		return f.owner
	case orders.ByChannel:
		return attributes.Channel
	case orders.ByRepeatFlag:
		return attributes.RepeatFlag
	}
	return ""
}

func (f fact) matches(where []orders.Where) bool {
	for _, w := range where {
		if !slices.Contains(w.In, f.value(w.Dimension)) {
			return false
		}
	}
	return true
}

// purchases returns how many purchases c made up to asOf.
func (c *customer) purchases(asOf orders.Date) int {
	made := 0
	for _, d := range c.days {
		if d <= asOf {
			made++
		}
	}
	return made
}

// owner returns the salesperson of the latest purchase up to asOf.
func (c *customer) owner(asOf orders.Date) string {
	if made := c.purchases(asOf); made > 0 {
		return c.first[made-1].Salesperson
	}
	return ""
}

// total sums lines, counting each deal and each purchase once.
type total struct {
	orders.Tally
	quantity  orders.Amount
	deals     map[*deal]bool
	purchases map[purchase]bool
}

type purchase struct {
	customer string
	n        int
}

func (t *total) add(f fact) {
	t.Tally = t.Tally.Plus(f.tally())
	t.quantity += f.Quantity
	if t.deals == nil {
		t.deals, t.purchases = map[*deal]bool{}, map[purchase]bool{}
	}
	if f.deal == nil {
		return
	}
	t.deals[f.deal] = true
	if f.deal.N > 0 {
		t.purchases[purchase{f.deal.Customer, f.deal.N}] = true
	}
	t.Tally.Deals, t.Tally.Purchases = int64(len(t.deals)), int64(len(t.purchases))
}

func (t *total) measure(m orders.Measure) orders.Amount {
	switch m {
	case orders.GrossProfit:
		return t.GrossProfit()
	case orders.Contribution:
		return t.Contribution()
	case orders.Quantity:
		return t.quantity
	case orders.Deals:
		return orders.Amount(t.Tally.Deals) * orders.One
	case orders.Purchases:
		return orders.Amount(t.Tally.Purchases) * orders.One
	}
	return t.Revenue
}

// scope fills in what s leaves open and checks it.
func (n *naive) scope(ctx context.Context, s orders.Scope) (orders.Scope, error) {
	if err := ctx.Err(); err != nil {
		return s, err
	}
	s.From, s.AsOf = cmp.Or(s.From, n.control.FirstDay), cmp.Or(s.AsOf, n.control.LastDay)
	if s.From > s.AsOf {
		return s, fmt.Errorf("%w: From %s after AsOf %s", orders.ErrQuery, s.From, s.AsOf)
	}
	for _, w := range s.Where {
		if err := known(w.Dimension); err != nil {
			return s, err
		}
	}
	return s, nil
}

func known(d orders.Dimension) error {
	switch d {
	case orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel, orders.ByRepeatFlag:
		return nil
	}
	return fmt.Errorf("%w: dimension %q", orders.ErrQuery, d)
}

func knownGrain(g orders.Grain) error {
	if g > orders.Year {
		return fmt.Errorf("%w: grain %d", orders.ErrQuery, g)
	}
	return nil
}

// Control implements [orders.Facts].
func (n *naive) Control(context.Context) (orders.Control, error) { return n.control, nil }

// Series implements [orders.Facts].
func (n *naive) Series(ctx context.Context, q orders.SeriesQuery) iter.Seq2[orders.Series, error] {
	return func(yield func(orders.Series, error) bool) {
		all, err := n.series(ctx, q)
		if err != nil {
			yield(orders.Series{}, err)
			return
		}
		for _, s := range all {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func (n *naive) series(ctx context.Context, q orders.SeriesQuery) ([]orders.Series, error) {
	scope, err := n.scope(ctx, q.Scope)
	if err != nil {
		return nil, err
	}
	q.By = cmp.Or(q.By, orders.ByCustomer)
	q.Grain = cmp.Or(q.Grain, orders.Month)
	if err := cmp.Or(known(q.By), knownGrain(q.Grain)); err != nil {
		return nil, err
	}
	if q.Split != "" {
		if err := known(q.Split); err != nil {
			return nil, err
		}
	}
	if q.Measure > orders.Purchases {
		return nil, fmt.Errorf("%w: measure %d", orders.ErrQuery, q.Measure)
	}
	type key struct{ item, split string }
	type group struct {
		first, last orders.Date
		all         total
		periods     map[orders.Period]*total
	}
	groups := map[key]*group{}
	for _, f := range n.facts(scope.AsOf) {
		if f.customer == nil && q.By != orders.ByProduct && q.By != orders.ByGroup {
			continue
		}
		k := key{f.value(q.By), f.value(q.Split)}
		g := groups[k]
		if g == nil {
			g = &group{periods: map[orders.Period]*total{}}
			groups[k] = g
		}
		g.first, g.last = earlier(g.first, f.day), max(g.last, f.day)
		if f.day < scope.From || !f.matches(scope.Where) {
			continue
		}
		p := q.Grain.Of(f.day)
		if g.periods[p] == nil {
			g.periods[p] = &total{}
		}
		g.periods[p].add(f)
		g.all.add(f)
	}
	start := q.Grain.Of(scope.From)
	length := q.Grain.Of(scope.AsOf).Sub(start) + 1
	var result []orders.Series
	for k, g := range groups {
		if len(g.periods) == 0 {
			continue
		}
		s := orders.Series{
			Item: k.item, Name: n.name(q.By, k.item), Split: k.split,
			First: q.Grain.Of(g.first), Last: q.Grain.Of(g.last), Start: start,
			Values: make([]orders.Amount, length), Active: make([]bool, length),
			Revenue: g.all.Revenue, Costed: g.all.Costed,
		}
		for p, t := range g.periods {
			s.Values[p.Sub(start)], s.Active[p.Sub(start)] = t.measure(q.Measure), true
		}
		result = append(result, s)
	}
	slices.SortFunc(result, func(a, b orders.Series) int {
		return cmp.Or(strings.Compare(a.Item, b.Item), strings.Compare(a.Split, b.Split))
	})
	return result, nil
}

// name returns what the item of a dimension is called.
func (n *naive) name(by orders.Dimension, item string) string {
	switch by {
	case orders.ByCustomer:
		return n.customerNames[item]
	case orders.ByProduct:
		return n.productNames[item]
	}
	return item
}

// Customers implements [orders.Facts].
func (n *naive) Customers(ctx context.Context, q orders.CustomerQuery) iter.Seq2[orders.Customer, error] {
	return func(yield func(orders.Customer, error) bool) {
		scope, err := n.scope(ctx, q.Scope)
		if err != nil {
			yield(orders.Customer{}, err)
			return
		}
		facts := n.factsOfCustomers(scope)
		for _, c := range n.customers {
			if facts[c] == nil {
				continue
			}
			r := n.customer(c, facts[c], scope)
			if q.NoRhythm {
				r.Rhythm = orders.Rhythm{}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// factsOfCustomers returns the lines of each customer that has one up to AsOf
// for which Where holds.
func (n *naive) factsOfCustomers(scope orders.Scope) map[*customer][]fact {
	all := map[*customer][]fact{}
	for _, f := range n.facts(scope.AsOf) {
		if f.customer != nil && f.matches(scope.Where) {
			all[f.customer] = append(all[f.customer], f)
		}
	}
	return all
}

func (n *naive) customer(c *customer, facts []fact, scope orders.Scope) orders.Customer {
	made := c.purchases(scope.AsOf)
	r := orders.Customer{
		ID: c.id, Name: n.customerNames[c.id], Since: c.since, Lead: c.lead,
		Entry: orders.Unmatched, Owner: c.owner(scope.AsOf),
		Purchases: int64(made), Rhythm: rhythm(c.days[:made]),
	}
	if made > 0 {
		r.FirstOwner, r.Channel, r.Entry = c.first[0].Salesperson, c.first[0].Channel, c.entry
		r.FirstDay, r.LastDay = c.days[0], c.days[made-1]
	}
	var totals [4]total
	for _, f := range facts {
		if f.day >= scope.From {
			totals[f.deal.Side].add(f)
		}
	}
	for side := range totals {
		*r.Sides.Of(orders.Side(side)) = totals[side].Tally
	}
	return r
}

// gaps returns the days between successive distinct days, ascending by day.
func gaps(days []orders.Date) []int {
	days = slices.Compact(slices.Clone(days))
	var all []int
	for i := 1; i < len(days); i++ {
		all = append(all, int(days[i]-days[i-1]))
	}
	return all
}

func rhythm(days []orders.Date) orders.Rhythm {
	all := gaps(days)
	r := orders.Rhythm{N: int64(len(all)), Median: math.NaN()}
	for _, g := range all {
		r.Sum += int64(g)
		r.SumSquares += int64(g) * int64(g)
	}
	if len(all) > 0 {
		slices.Sort(all)
		r.Median = float64(all[(len(all)-1)/2]+all[len(all)/2]) / 2
	}
	return r
}

// Flows implements [orders.Facts].
func (n *naive) Flows(ctx context.Context, q orders.FlowQuery) ([]orders.Flow, error) {
	scope, err := n.scope(ctx, q.Scope)
	if err == nil {
		err = cmp.Or(knownGrain(q.Cohort), knownGrain(q.Period))
	}
	if err == nil && q.Split != "" {
		err = known(q.Split)
	}
	if err == nil && (q.Age < 0 || q.Number < 0) {
		err = fmt.Errorf("%w: age %d, number %d", orders.ErrQuery, q.Age, q.Number)
	}
	if err != nil {
		return nil, err
	}
	type key struct {
		cohort, period orders.Period
		age, number    int
		split          string
	}
	type cell struct {
		totals [4]total
		buyers [4]map[*customer]bool // by side
	}
	cells := map[key]*cell{}
	for _, f := range n.facts(scope.AsOf) {
		if f.customer == nil || f.day < scope.From || !f.matches(scope.Where) {
			continue
		}
		k := key{period: q.Period.Of(f.day), split: f.value(q.Split)}
		k.cohort, k.age, k.number = history(f, q)
		c := cells[k]
		if c == nil {
			c = &cell{}
			for side := range c.buyers {
				c.buyers[side] = map[*customer]bool{}
			}
			cells[k] = c
		}
		c.totals[f.deal.Side].add(f)
		if f.deal.N > 0 {
			c.buyers[f.deal.Side][f.customer] = true
		}
	}
	var flows []orders.Flow
	for k, c := range cells {
		flow := orders.Flow{
			Cohort: k.cohort, Period: k.period, Age: k.age, Number: k.number, Split: k.split,
			FirstCustomers:   int64(len(c.buyers[orders.First])),
			RepeatCustomers:  int64(len(c.buyers[orders.Repeat])),
			UnknownCustomers: int64(len(c.buyers[orders.Unknown])),
		}
		anySide := map[*customer]bool{}
		for side := range c.totals {
			*flow.Sides.Of(orders.Side(side)) = c.totals[side].Tally
			maps.Copy(anySide, c.buyers[side])
		}
		flow.Customers = int64(len(anySide))
		flows = append(flows, flow)
	}
	slices.SortFunc(flows, func(a, b orders.Flow) int {
		return cmp.Or(comparePeriods(a.Cohort, b.Cohort), comparePeriods(a.Period, b.Period),
			cmp.Compare(a.Age, b.Age), cmp.Compare(a.Number, b.Number), strings.Compare(a.Split, b.Split))
	})
	return flows, nil
}

// history returns the keys that count from the customer's purchase 1: of the
// whole history, so that a cell stays the same cell as of any day.
func history(f fact, q orders.FlowQuery) (cohort orders.Period, age, number int) {
	if q.Age > 0 {
		age = -1
	}
	if f.customer.entry != orders.First {
		return cohort, age, number
	}
	cohort = q.Cohort.Of(f.customer.days[0])
	if f.deal.Of > 0 {
		number = min(f.deal.Of, q.Number)
		if q.Age > 0 {
			age = int(f.day-f.customer.days[0]) / q.Age
		}
	}
	return cohort, age, number
}

func comparePeriods(p, q orders.Period) int {
	return cmp.Or(cmp.Compare(p.Grain, q.Grain), cmp.Compare(p.Index, q.Index))
}

// Gaps implements [orders.Facts].
func (n *naive) Gaps(ctx context.Context, q orders.GapQuery) ([]orders.Gap, error) {
	scope, err := n.scope(ctx, q.Scope)
	if err != nil {
		return nil, err
	}
	type key struct{ days, age int }
	counts := map[key]orders.Gap{}
	for c := range n.factsOfCustomers(scope) {
		days := slices.Compact(slices.Clone(c.days[:c.purchases(scope.AsOf)]))
		for i, day := range days {
			next, ended := scope.AsOf, false
			if i+1 < len(days) {
				next, ended = days[i+1], true
			}
			k := key{int(next - day), int(next - n.control.FirstDay)}
			g := counts[k]
			switch {
			case next < scope.From:
				continue
			case ended:
				g.Ended++
			default:
				g.Open++
			}
			g.Days, g.Age = k.days, k.age
			counts[k] = g
		}
	}
	return slices.SortedFunc(maps.Values(counts), func(a, b orders.Gap) int {
		return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Age, b.Age))
	}), nil
}
