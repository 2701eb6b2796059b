package ltv

import (
	"context"

	"github.com/repeatsales/repeatsales/orders"
)

// Payback follows the customers acquired in the scope, those who never
// returned included, from their first purchase on: their cumulative profit,
// the cost of winning them included. Customers who may have bought before the
// export begins are no part of it.
//
// It has no Points where it cannot be told: no customer was acquired, the
// profit of first or of repeat purchases is unknown, the scope is filtered
// by something other than customers and their owners (a filter on deals would
// leave out some of a customer's purchases), or, by days, the export names
// months only (orders.Control.Precision).
type Payback struct {
	Customers int64          // acquired
	Points    []PaybackPoint // ascending by At, without holes
	PaidBack  bool           // whether Cumulative is ≥ 0 at any point; false beside Points: never within the data
	At        int            // PaybackPoint.At of the first such point; 0 if none
}

// PaybackPoint is the state after so many purchases or days.
type PaybackPoint struct {
	// At is the number of the purchase, or the last of the days since the first
	// purchase that the point covers (29 for the first 30 days). AndLater marks
	// the one point that holds the purchases of all later numbers too.
	At       int
	AndLater bool

	Customers   int64         // acquired customers who made this purchase, or who could be observed through this day
	Purchases   int64         // up to here
	Revenue     orders.Amount // up to here
	Cumulative  orders.Amount // profit up to here
	PerCustomer orders.Amount // Cumulative ÷ all acquired customers, rounded to kopecks
}

// payer computes paybacks from the flows of acquired customers.
type payer struct {
	charges
	sides orders.Sides    // of the whole scope
	pools []orders.Amount // the overhead that each side bears
	scope orders.Scope

	finest orders.Grain // that the export's dates tell apart
}

func newPayer(c charges, control orders.Control, scope orders.Scope, sides orders.Sides, pools []orders.Amount) payer {
	p := payer{charges: c, sides: sides, pools: pools, scope: scope, finest: orders.Day}
	if control.Require(orders.Day) != nil {
		p.finest = orders.Month
	}
	return p
}

// wholeCustomers reports whether a scope holds all deals of the customers that
// it holds any of.
func wholeCustomers(s orders.Scope) bool {
	for _, w := range s.Where {
		if w.Dimension != orders.ByCustomer && w.Dimension != orders.ByOwner {
			return false
		}
	}
	return true
}

// byNumber follows the acquired customers from purchase to purchase.
func (p payer) byNumber(ctx context.Context, f orders.Facts, last int) (Payback, error) {
	var all track
	if err := p.number(ctx, f, p.scope, last, func(orders.Flow) *track { return &all }); err != nil {
		return Payback{}, err
	}
	return p.payback(&all, p.overhead(all.cells), p.spent)
}

// byAge follows the acquired customers from day to day, width days at a time,
// as far as the oldest of them could be observed.
func (p payer) byAge(ctx context.Context, f orders.Facts, width int) (Payback, error) {
	var all track
	if err := p.age(ctx, f, p.scope, width, func(orders.Flow) *track { return &all }); err != nil {
		return Payback{}, err
	}
	return p.payback(&all, p.overhead(all.cells), p.spent)
}

// track is how acquired customers went on, all or some of them.
type track struct {
	acquired int64
	cells    []cell
}

// cell sums the deals that one point adds to the points before it.
type cell struct {
	at            int
	andLater      bool
	customers     int64
	first, repeat orders.Tally
}

func (c *cell) add(first, repeat orders.Tally) {
	c.first, c.repeat = c.first.Plus(first), c.repeat.Plus(repeat)
}

// number adds the flows of a scope to tracks, a cell a purchase.
func (p payer) number(ctx context.Context, f orders.Facts, s orders.Scope, last int, of func(orders.Flow) *track) error {
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: s, Cohort: p.finest, Number: last + 1})
	if err != nil {
		return err
	}
	for flow := range p.acquired(flows) {
		t := of(flow)
		for len(t.cells) < flow.Number {
			n := len(t.cells) + 1
			t.cells = append(t.cells, cell{at: n, andLater: n > last})
		}
		if flow.Number == 0 {
			continue
		}
		c := &t.cells[flow.Number-1]
		c.add(flow.First, flow.Repeat)
		c.customers += flow.Customers // a customer is in one cohort: these add
		t.acquired += flow.FirstCustomers
	}
	return nil
}

// age adds the flows of a scope to tracks, a cell so many days.
func (p payer) age(ctx context.Context, f orders.Facts, s orders.Scope, width int, of func(orders.Flow) *track) error {
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: s, Cohort: orders.Day, Age: width})
	if err != nil {
		return err
	}
	for flow := range p.acquired(flows) {
		if flow.Age < 0 {
			continue
		}
		t := of(flow)
		seen := int(p.scope.AsOf - flow.Cohort.First())
		for at := len(t.cells); at <= seen/width; at++ {
			t.cells = append(t.cells, cell{at: (at+1)*width - 1})
		}
		t.cells[flow.Age].add(flow.First, flow.Repeat)
		if flow.FirstCustomers == 0 {
			continue // not the age at which the cohort was acquired
		}
		t.acquired += flow.FirstCustomers
		for age := range (seen + 1) / width {
			t.cells[age].customers += flow.FirstCustomers
		}
	}
	return nil
}

// acquired yields the flows of the customers whose first purchase is in the scope.
func (p payer) acquired(flows []orders.Flow) func(yield func(orders.Flow) bool) {
	return func(yield func(orders.Flow) bool) {
		for _, flow := range flows {
			if !flow.Cohort.IsZero() && flow.Cohort.First() >= p.scope.From && !yield(flow) {
				return
			}
		}
	}
}

// overhead is the part of the overhead pool that each cell bears, side by side.
type overhead struct{ first, repeat []orders.Amount }

// payback charges the running sums of a track's cells, rather than each cell:
// so the last point rounds exactly as the table does.
func (p payer) payback(t *track, o overhead, spent orders.Amount) (Payback, error) {
	if t.acquired == 0 {
		return Payback{}, nil
	}
	result := Payback{Customers: t.acquired, Points: make([]PaybackPoint, 0, len(t.cells))}
	var c cell
	var first, repeat orders.Amount
	for i, next := range t.cells {
		c.add(next.first, next.repeat)
		first, repeat = first+o.first[i], repeat+o.repeat[i]
		a, b, err := p.columns(c, first, repeat, spent)
		if err != nil {
			return Payback{}, err
		}
		sum := a.plus(b)
		profit := sum.net() // even if no cost happens to be known up to here: it is in the table
		result.Points = append(result.Points, PaybackPoint{
			At: next.at, AndLater: next.andLater, Customers: next.customers,
			Purchases: sum.Purchases, Revenue: sum.Revenue, Cumulative: profit,
			PerCustomer: kopecks(profit, t.acquired),
		})
		if profit >= 0 && !result.PaidBack {
			result.PaidBack, result.At = true, next.at
		}
	}
	return result, nil
}

// columns returns what the first and the repeat purchases of a cell come to.
func (p payer) columns(c cell, first, repeat, spent orders.Amount) (a, b Column, err error) {
	if a, err = p.column(orders.First, c.first, first, spent); err != nil {
		return
	}
	b, err = p.column(orders.Repeat, c.repeat, repeat, 0)
	return
}

// overhead shares the pools of both sides out over cells.
func (p payer) overhead(cells []cell) overhead {
	return overhead{
		p.partsOf(orders.First, cells, func(c cell) orders.Tally { return c.first }),
		p.partsOf(orders.Repeat, cells, func(c cell) orders.Tally { return c.repeat }),
	}
}

// partsOf shares the overhead of a side out over the cells and over those of
// its deals that are in none of them (of customers not acquired in the scope).
func (p payer) partsOf(side orders.Side, cells []cell, of func(cell) orders.Tally) []orders.Amount {
	tallies := make([]orders.Tally, 0, len(cells)+1)
	rest := *p.sides.Of(side)
	for _, c := range cells {
		t := of(c)
		tallies = append(tallies, t)
		rest.Purchases -= t.Purchases
		rest.Revenue -= t.Revenue
		rest.Lines -= t.Lines
	}
	if rest.Lines > 0 {
		tallies = append(tallies, rest)
	}
	return p.split(p.pools[side], tallies)
}
