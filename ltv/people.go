package ltv

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// people is what a prediction is made from: of each customer, in the order of
// Prediction.Customers, the past, how many of the purchases have a value, and
// the mean of those.
type people struct {
	past   []Summary
	valued []int32
	mean   []float64

	control orders.Control
	sample  *Sample // whom models are fitted to
	first   Column  // all first purchases together
	total   Column  // all purchases
	firsts  float64 // what a first purchase brings, as if it were a repeat one; NaN if unknown
	loyal   int64   // customers with three purchases and more
	latest  orders.Date
}

// read returns the customers, with all that is known of them but nothing foretold.
func read(ctx context.Context, f orders.Facts, o PredictOptions) (*Prediction, *people, error) {
	c, scope, control, err := open(ctx, f, o.Scope, o.Costs)
	if err != nil {
		return nil, nil, err
	}
	if err := control.Require(orders.Day); err != nil {
		return nil, nil, fmt.Errorf("ltv: %w", err)
	}
	p := &Prediction{
		Scope: scope, From: scope.From, AsOf: scope.AsOf, Until: scope.AsOf + orders.Date(o.HorizonDays),
		HorizonDays: o.HorizonDays, AnnualDiscount: o.AnnualDiscount, Level: o.Level,
		Currency: control.Currency, Basis: o.Basis, Costs: o.Costs,
	}
	sides, err := exported(ctx, f, scope)
	if err != nil {
		return nil, nil, err
	}
	if all := sides.Total(); o.Basis == ByProfit && !c.COGS.Known && all.Costed == 0 && all.COGS == 0 {
		p.Basis = ByRevenue
		p.Warnings = []orders.Warning{{
			Code: "revenue-not-profit",
			Text: "The cost of goods is unknown: all money is revenue, not profit. Give an assumed cost of goods, or an export that has one.",
		}}
	}
	var owed *bill
	won, err := c.spendOn(ctx, f, scope, o.Spend, o.SpendGrain)
	if err != nil {
		return nil, nil, err
	}
	if won != nil {
		owed = newBill(won)
	}
	r := &people{control: control}
	known, all := newSummarizer(scope.AsOf, SampleOptions{}), newSummarizer(scope.AsOf, SampleOptions{})
	for customer, err := range f.Customers(ctx, orders.CustomerQuery{Scope: scope, NoRhythm: true}) {
		if err != nil {
			return nil, nil, err
		}
		if customer.Purchases < 1 {
			continue
		}
		spent := orders.Amount(0)
		if owed != nil {
			spent = owed.of(customer)
		}
		if err := p.add(r, c, customer, spent, o.FirstValue); err != nil {
			return nil, nil, err
		}
		switch i := len(r.past) - 1; {
		case customer.Entry == orders.First:
			known.count(r.past[i], int(r.valued[i]), r.mean[i])
		case known.empty():
			all.count(r.past[i], int(r.valued[i]), r.mean[i])
		}
	}
	switch {
	case len(r.past) == 0:
		return nil, nil, fmt.Errorf("%w: nobody has bought up to %s", ErrNoCustomers, scope.AsOf)
	case !known.empty():
		r.sample = known.sample()
	default:
		r.sample = all.sample()
		r.sample.Warnings = leftTruncated(r.sample)
	}
	r.first, r.total = r.first.closed(), r.total.closed()
	if err := r.worthOfFirsts(p, c, sides.First); err != nil {
		return nil, nil, err
	}
	return p, r, nil
}

// add adds a customer.
func (p *Prediction) add(r *people, c charges, customer orders.Customer, spent orders.Amount, firstValue bool) error {
	v := Future{
		ID: strings.Clone(customer.ID), Name: strings.Clone(customer.Name), Entry: customer.Entry,
		Purchases: customer.Purchases, FirstDay: customer.FirstDay, LastDay: customer.LastDay,
	}
	if customer.Purchases == 1 {
		v.Reasons |= OnePurchase
	}
	valued := customer.Sides.Repeat
	if customer.Entry != orders.First {
		v.Reasons |= FirstUnknown
		valued = valued.Plus(customer.Sides.Unknown)
	}
	if firstValue {
		valued = valued.Plus(customer.Sides.First)
	}
	first, err := c.column(orders.First, customer.Sides.First, 0, spent)
	if err != nil {
		return err
	}
	var rest Column
	for _, side := range []orders.Side{orders.Repeat, orders.Unknown, orders.Unmatched} {
		column, err := c.column(side, *customer.Sides.Of(side), 0, 0)
		if err != nil {
			return err
		}
		rest = rest.plus(column)
	}
	v.Acquisition = first.Acquisition
	r.first, r.total = r.first.plus(first), r.total.plus(first).plus(rest)
	v.Historic = p.value(first.plus(rest))
	won := first
	won.Acquisition = 0
	v.First, v.Repeat = p.value(won.closed()), p.value(rest)
	p.Customers = append(p.Customers, v)

	n, mean, partly, err := p.worth(c, valued)
	if err != nil {
		return err
	}
	last := &p.Customers[len(p.Customers)-1]
	if partly {
		last.Reasons |= CostPartly
	}
	if n == 0 && customer.Purchases > 1 {
		last.Reasons |= NoValue
	}
	if customer.Purchases >= 3 {
		r.loyal++
	}
	r.latest = max(r.latest, customer.LastDay)
	r.past = append(r.past, Summary{
		X: int(customer.Purchases - 1), TX: float64(customer.LastDay - customer.FirstDay), T: float64(p.AsOf - customer.FirstDay),
	})
	r.valued, r.mean = append(r.valued, int32(n)), append(r.mean, mean)
	return nil
}

// value returns what a column is worth on the basis.
func (p *Prediction) value(c Column) orders.NullAmount {
	if p.Basis == ByRevenue {
		return orders.Known(c.Revenue)
	}
	return c.Profit
}

// worth returns how many repeat purchases a tally has of which the worth is
// known, and the mean of it. Where a part of the revenue has no known cost, its
// margin is taken to be that of the other part.
func (p *Prediction) worth(c charges, t orders.Tally) (n int64, mean float64, partly bool, err error) {
	if t.Purchases <= 0 {
		return 0, 0, false, nil
	}
	column, err := c.column(orders.Repeat, t, 0, 0)
	if err != nil {
		return 0, 0, false, err
	}
	if p.Basis == ByRevenue {
		return t.Purchases, column.Revenue.Float64() / float64(t.Purchases), false, nil
	}
	if !column.Profit.Known {
		return 0, 0, false, nil
	}
	profit := column.Profit.Amount.Float64()
	if column.RevenueWithoutCost != 0 {
		costed := column.Revenue - column.RevenueWithoutCost
		if costed <= 0 {
			return 0, 0, true, nil
		}
		gross := costed - column.COGS.Amount
		profit += gross.Float64() / costed.Float64() * column.RevenueWithoutCost.Float64()
		partly = true
	}
	return t.Purchases, profit / float64(t.Purchases), partly, nil
}

// worthOfFirsts fills in what a first purchase brings, for want of repeat ones.
func (r *people) worthOfFirsts(p *Prediction, c charges, first orders.Tally) error {
	n, mean, _, err := p.worth(c, first)
	if r.firsts = math.NaN(); n > 0 {
		r.firsts = mean
	}
	return err
}
