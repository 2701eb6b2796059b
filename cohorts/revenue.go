package cohorts

import (
	"context"
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// RevenueOptions says what [RevenueRetention] covers. The zero RevenueOptions is
// the whole history, each month against the same month a year ago.
type RevenueOptions struct {
	Scope orders.Scope
	Grain orders.Grain // NoGrain: Month
	Lag   int          // how many periods ago the base is; 0: a year: 365 days, 52 weeks, 12 months, 4 quarters, 1 year
}

// RevenueResult is how much of the revenue of a year ago its customers bring
// today, in each period.
type RevenueResult struct {
	Scope   orders.Scope // what was asked, From and AsOf filled in
	Grain   orders.Grain
	Lag     int
	Control orders.Control

	Rows []RevenueRow // every period that has a base in the range, ascending

	// Total is the sum of the rows that are not Partial; its periods are zero. A
	// customer counts once for each row.
	Total RevenueRow
}

// RevenueRow is one period against its base.
//
//	Base − Lost − Contraction = Kept,  Kept + Expansion = Now,  Now + New = the period's revenue
type RevenueRow struct {
	Period, Base orders.Period

	Customers int64 // of the base: those with positive revenue in it
	Active    int64 // of them, with positive revenue in the period

	BaseRevenue orders.Amount // of the customers of the base, then
	Now         orders.Amount // … and now; one who is absent brings 0
	Kept        orders.Amount // … each one's revenue now capped at that of the base
	Lost        orders.Amount // of the base: what those brought who bring nothing now
	Contraction orders.Amount // of the base: what the others bring less
	Expansion   orders.Amount // what they bring more
	New         orders.Amount // revenue of the period from all other customers, left out of both rates

	NRR, GRR float64 // net Now ÷ BaseRevenue and gross Kept ÷ BaseRevenue; NaN without a base
	Partial  bool    // the range covers the period, or its base, in part only
}

// RevenueRetention returns the net and the gross revenue retention of each
// period against the period a year before:
//
//	NRR = Σ now ÷ Σ then,  GRR = Σ min(now, then) ÷ Σ then
//
// over the customers with positive revenue then. One who is absent now counts 0,
// customers newly seen are left out, so GRR ≤ 1 and GRR ≤ NRR. Returns count in
// the period in which they are: a customer who now only returns is negative in
// both, and a customer of the base that had only returns then is none.
//
// It needs no purchase to be known as the first one, so that an export that
// begins in mid-life gives the same figures as the whole history. Rows whose base
// is before the range do not exist. Errors: those of f, and orders.ErrOptions
// (wrapped) for an unknown Grain, a negative Lag, or a Scope that ends before it
// begins.
//
// Source: net and gross revenue retention as subscription businesses report it,
// for single purchases: the base is a period, not a contract.
func RevenueRetention(ctx context.Context, f orders.Facts, o RevenueOptions) (*RevenueResult, error) {
	if o.Lag < 0 {
		return nil, fmt.Errorf("cohorts: %w: Lag = %d", orders.ErrOptions, o.Lag)
	}
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	fr, err := newFrame(control, o.Scope, o.Grain)
	if err != nil {
		return nil, err
	}
	if o.Lag == 0 {
		o.Lag = map[orders.Grain]int{orders.Day: 365, orders.Week: 52, orders.Month: 12, orders.Quarter: 4, orders.Year: 1}[fr.grain]
	}
	r := &RevenueResult{Scope: fr.scope, Grain: fr.grain, Lag: o.Lag, Control: fr.control, Total: RevenueRow{NRR: math.NaN(), GRR: math.NaN()}}
	if len(fr.periods) <= o.Lag {
		return r, nil
	}
	r.Rows = make([]RevenueRow, len(fr.periods)-o.Lag)
	for i := range r.Rows {
		row := &r.Rows[i]
		row.Base, row.Period = fr.periods[i], fr.periods[i+o.Lag]
		row.Partial = fr.partial(row.Base) || fr.partial(row.Period)
	}
	q := orders.SeriesQuery{Scope: fr.scope, By: orders.ByCustomer, Measure: orders.Revenue, Grain: fr.grain}
	for s, err := range f.Series(ctx, q) {
		if err != nil {
			return nil, err
		}
		for i := range r.Rows {
			r.Rows[i].customer(s.Values[i], s.Values[i+o.Lag])
		}
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		row.rates()
		if !row.Partial {
			r.Total.add(*row)
		}
	}
	r.Total.rates()
	return r, nil
}

// customer adds one customer who brought so much then and now.
func (r *RevenueRow) customer(then, now orders.Amount) {
	if then <= 0 {
		r.New += now
		return
	}
	r.Customers++
	if now > 0 {
		r.Active++
	}
	r.BaseRevenue += then
	r.Now += now
	r.Kept += min(now, then)
	switch {
	case now == 0:
		r.Lost += then
	case now < then:
		r.Contraction += then - now
	default:
		r.Expansion += now - then
	}
}

func (r *RevenueRow) add(x RevenueRow) {
	r.Customers += x.Customers
	r.Active += x.Active
	r.BaseRevenue += x.BaseRevenue
	r.Now += x.Now
	r.Kept += x.Kept
	r.Lost += x.Lost
	r.Contraction += x.Contraction
	r.Expansion += x.Expansion
	r.New += x.New
}

func (r *RevenueRow) rates() {
	r.NRR, r.GRR = ratio(r.Now, r.BaseRevenue), ratio(r.Kept, r.BaseRevenue)
}
