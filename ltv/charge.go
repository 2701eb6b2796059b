package ltv

import (
	"context"
	"fmt"

	"github.com/repeatsales/repeatsales/orders"
)

// charges are assumptions that have been checked.
type charges struct {
	orders.Costs
	acquisition orders.Amount // of one customer, by the assumptions
	spent       orders.Amount // on the customers won in the scope, as the caller says
}

func newCharges(c orders.Costs) (charges, error) {
	acquisition, err := c.Acquisition()
	if err != nil {
		return charges{}, fmt.Errorf("ltv: %w", err)
	}
	return charges{Costs: c, acquisition: acquisition}, nil
}

// spendOn charges what was spent; nil without any.
func (c *charges) spendOn(ctx context.Context, f orders.Facts, s orders.Scope, spend []Spend, grain orders.Grain) (*AcquisitionTable, error) {
	switch {
	case grain > orders.Year:
		return nil, fmt.Errorf("ltv: %w: SpendGrain = %s", orders.ErrOptions, grain)
	case len(spend) == 0:
		return nil, nil
	case c.CostPerLead != 0:
		return nil, fmt.Errorf("ltv: %w: CostPerLead = %s beside Spend: a customer is charged for once, so give one of the two", orders.ErrOptions, c.CostPerLead)
	}
	t, err := Acquire(ctx, f, AcquireOptions{Scope: s, Spend: spend, Grain: grain})
	if err != nil {
		return nil, err
	}
	c.spent = t.Total.Charged
	return t, nil
}

// column returns what the deals of one side come to, with their part of the
// overhead pool and of what was spent on winning customers.
//
// A customer is won by the purchase on the side First and by no other: Unknown
// and Repeat carry no acquisition, and the bonus and errors of a repeat
// purchase. Unmatched has no purchases, so that only what is a percentage of
// revenue is charged (or, being a return, taken back) there.
func (c charges) column(side orders.Side, t orders.Tally, pool, spent orders.Amount) (Column, error) {
	var e checked
	r := Column{Purchases: t.Purchases, Revenue: t.Revenue, RevenueWithoutCost: t.Revenue - t.Costed, Direct: t.Direct}
	r.COGS.Amount, r.costed = t.COGS, t.Costed != 0 || t.COGS != 0
	if c.Revenue.Known {
		r.Revenue = e.times(c.Revenue.Amount, t.Purchases)
		var ok bool
		if r.RevenueWithoutCost, ok = e.part(r.Revenue, t.Revenue-t.Costed, t.Revenue); !ok {
			r.RevenueWithoutCost, r.COGS.Amount, r.costed = r.Revenue, 0, false
		}
	}
	if c.COGS.Known {
		r.COGS.Amount, r.RevenueWithoutCost = e.times(c.COGS.Amount, t.Purchases), 0
	}
	if c.Direct.Known {
		r.Direct = e.times(c.Direct.Amount, t.Purchases)
	}
	r.Overhead = pool + e.times(c.Overhead, t.Purchases)
	bonus, mistakes := c.BonusRepeat, c.ErrorsRepeat
	if side == orders.First {
		bonus, mistakes = c.BonusFirst, c.ErrorsFirst
		r.Acquisition = spent + e.times(c.acquisition, t.Purchases)
	}
	r.Bonus = e.rate(bonus, t.Purchases, r.Revenue)
	r.Errors = e.times(mistakes, t.Purchases)
	return r.closed(), e.err
}

// weight returns what a share of the overhead pool is measured by.
func (c charges) weight(t orders.Tally) orders.Amount {
	switch c.OverheadBy {
	case orders.ByRevenue:
		return t.Revenue
	case orders.ByLines:
		return orders.Amount(t.Lines)
	}
	return orders.Amount(t.Purchases)
}

// split shares pool out by the weights of the tallies, in kopecks.
func (c charges) split(pool orders.Amount, tallies []orders.Tally) []orders.Amount {
	if pool == 0 {
		return make([]orders.Amount, len(tallies))
	}
	weights := make([]orders.Amount, len(tallies))
	for i, t := range tallies {
		weights[i] = c.weight(t)
	}
	return pool.Split(0, weights)
}

// pools returns the part of the overhead pool that each side bears.
func (c charges) pools(s orders.Sides) []orders.Amount {
	return c.split(c.OverheadPool, []orders.Tally{s.First, s.Repeat, s.Unknown, s.Unmatched})
}

// checked multiplies and keeps the first error, so that a formula reads as one.
type checked struct{ err error }

// limit bounds each product so that no sum of a few of them and of an export's
// own money can leave the range of an Amount.
const limit orders.Amount = 1 << 59

func (e *checked) keep(a orders.Amount, err error) orders.Amount {
	if err == nil && a.Abs() > limit {
		err = fmt.Errorf("%w: %s", orders.ErrRange, a)
	}
	if err != nil && e.err == nil {
		e.err = fmt.Errorf("ltv: an assumption times its purchases: %w", err)
	}
	return a
}

func (e *checked) times(a orders.Amount, n int64) orders.Amount {
	product, _, err := a.MulDiv(n, 1)
	return e.keep(product, err)
}

func (e *checked) rate(r orders.Rate, n int64, revenue orders.Amount) orders.Amount {
	return e.keep(r.Of(n, revenue))
}

// part returns a × part ÷ whole: how much of an assumed revenue has no known
// cost, if so much of the export's has none. It reports false where returns
// leave no proportion from 0 to 1: then the export's costs say nothing about
// the assumption.
func (e *checked) part(a, part, whole orders.Amount) (v orders.Amount, ok bool) {
	switch {
	case part == 0:
		return 0, true
	case part < 0 || part > whole:
		return 0, false
	}
	v, _, err := a.MulDiv(int64(part), int64(whole))
	return e.keep(v, err), true
}
