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
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: p.scope, Cohort: p.finest, Number: last + 1})
	if err != nil {
		return Payback{}, err
	}
	cells := make([]cell, 0, last+1)
	var acquired int64
	for flow := range p.acquired(flows) {
		for len(cells) < flow.Number {
			n := len(cells) + 1
			cells = append(cells, cell{at: n, andLater: n > last})
		}
		if flow.Number == 0 {
			continue
		}
		cells[flow.Number-1].add(flow)
		cells[flow.Number-1].customers += flow.Customers // a customer is in one cohort: these add
		acquired += flow.FirstCustomers
	}
	return p.payback(acquired, cells)
}

// byAge follows the acquired customers from day to day, width days at a time,
// as far as the oldest of them could be observed.
func (p payer) byAge(ctx context.Context, f orders.Facts, width int) (Payback, error) {
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: p.scope, Cohort: orders.Day, Age: width})
	if err != nil {
		return Payback{}, err
	}
	var cells []cell
	var acquired int64
	for flow := range p.acquired(flows) {
		if flow.Age < 0 {
			continue
		}
		seen := int(p.scope.AsOf - flow.Cohort.First())
		for at := len(cells); at <= seen/width; at++ {
			cells = append(cells, cell{at: (at+1)*width - 1})
		}
		cells[flow.Age].add(flow)
		if flow.FirstCustomers == 0 {
			continue // not the age at which the cohort was acquired
		}
		acquired += flow.FirstCustomers
		for age := range (seen + 1) / width {
			cells[age].customers += flow.FirstCustomers
		}
	}
	return p.payback(acquired, cells)
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

// cell sums the deals that one point adds to the points before it.
type cell struct {
	at            int
	andLater      bool
	customers     int64
	first, repeat orders.Tally
}

func (c *cell) add(f orders.Flow) {
	c.first, c.repeat = c.first.Plus(f.First), c.repeat.Plus(f.Repeat)
}

// payback charges the running sums of the cells, rather than each cell: so the
// last point rounds exactly as the table does.
func (p payer) payback(acquired int64, cells []cell) (Payback, error) {
	if acquired == 0 {
		return Payback{}, nil
	}
	result := Payback{Customers: acquired, Points: make([]PaybackPoint, 0, len(cells))}
	firstPool := p.partsOf(orders.First, cells, func(c cell) orders.Tally { return c.first })
	repeatPool := p.partsOf(orders.Repeat, cells, func(c cell) orders.Tally { return c.repeat })
	var first, repeat orders.Tally
	var firstOverhead, repeatOverhead orders.Amount
	for i, c := range cells {
		first, repeat = first.Plus(c.first), repeat.Plus(c.repeat)
		firstOverhead, repeatOverhead = firstOverhead+firstPool[i], repeatOverhead+repeatPool[i]
		a, err := p.column(orders.First, first, firstOverhead)
		if err != nil {
			return Payback{}, err
		}
		b, err := p.column(orders.Repeat, repeat, repeatOverhead)
		if err != nil {
			return Payback{}, err
		}
		sum := a.plus(b)
		profit := sum.net() // even if no cost happens to be known up to here: it is in the table
		result.Points = append(result.Points, PaybackPoint{
			At: c.at, AndLater: c.andLater, Customers: c.customers,
			Purchases: sum.Purchases, Revenue: sum.Revenue, Cumulative: profit,
			PerCustomer: kopecks(profit, acquired),
		})
		if profit >= 0 && !result.PaidBack {
			result.PaidBack, result.At = true, c.at
		}
	}
	return result, nil
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
