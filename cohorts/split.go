package cohorts

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// SplitOptions says what [SplitShare] covers. The zero SplitOptions is the whole
// history by the salesperson of the deal.
type SplitOptions struct {
	Scope orders.Scope
	By    orders.Dimension // "": BySalesperson; any but ByCustomer
	Grain orders.Grain     // of Part.Periods; NoGrain: there are none, only the whole range
}

// Split is the repeat share of each part of the business.
//
//	Σ Parts' Sides = Total.Sides, in money, deals of a deal's own dimensions, and lines
//
// Customers, who may buy from several salespersons, do not add up; nor do deals
// and purchases by product or group, whose parts share them.
type Split struct {
	Scope   orders.Scope     // what was asked, From and AsOf filled in
	By      orders.Dimension // what a part is
	Grain   orders.Grain     // of the periods; NoGrain: none
	Control orders.Control

	Periods []orders.Period // of each part's Periods
	Parts   []Part          // ascending by Value, bytewise
	Total   Business        // of the whole range
}

// Part is the business with one value of a dimension, such as one salesperson.
type Part struct {
	Value string // "": the export does not say
	Business
	OfFirst, OfRepeat float64 // of all money on the sides First and Repeat, this part's share; NaN if there is none

	Periods []Business // one for each of Split.Periods; nil if no Grain was asked for
}

// Role is what a salesperson does more of than the others.
type Role string

// The roles. A department has them whether its chart of staff does or not.
const (
	NoRole Role = ""
	Hunter Role = "hunter" // wins customers: has a larger share of the first money than of the repeat money
	Farmer Role = "farmer" // keeps them: the other way round
)

// Role returns which half of the business the part has the larger share of:
// Hunter if OfFirst > OfRepeat, Farmer if it is less. NoRole if they are equal or
// not defined. It compares with the other parts and judges nobody: where nearly
// all money is repeat money, hunters have more of it than of first money, too.
func (p Part) Role() Role {
	switch {
	case p.OfFirst > p.OfRepeat:
		return Hunter
	case p.OfFirst < p.OfRepeat:
		return Farmer
	}
	return NoRole
}

// SplitShare returns the repeat share of each salesperson, owner, channel,
// product group, product or value of the CRM's repeat flag, with its interval as
// [RepeatShare] has it. Deals keep the side that they have in the whole history:
// a customer of another salesperson is not new to this one.
//
// A value that has nothing in the scope has no part. Anonymous sales are in none.
// An empty history has no parts. Errors: those of f, and orders.ErrOptions
// (wrapped) for ByCustomer, an unknown Grain or a Scope that ends before it begins.
//
// Source: first-deal money belongs to hunters and repeat money to farmers, by
// the salesperson of the deal.
func SplitShare(ctx context.Context, f orders.Facts, o SplitOptions) (*Split, error) {
	if o.By == "" {
		o.By = orders.BySalesperson
	}
	if o.By == orders.ByCustomer {
		return nil, fmt.Errorf("cohorts: %w: By = %q: a customer's deals are on both sides", orders.ErrOptions, o.By)
	}
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	fr, err := newFrame(control, o.Scope, o.Grain)
	if err != nil {
		return nil, err
	}
	s := &Split{Scope: fr.scope, By: o.By, Grain: o.Grain, Control: fr.control, Total: tally{}.business(0)}
	if len(fr.periods) == 0 {
		return s, nil
	}
	total, err := f.Flows(ctx, orders.FlowQuery{Scope: fr.scope, Cohort: orders.Year})
	if err != nil {
		return nil, err
	}
	parts, err := f.Flows(ctx, orders.FlowQuery{Scope: fr.scope, Cohort: orders.Year, Split: o.By})
	if err != nil {
		return nil, err
	}
	s.sum(total, parts, fr.lateOld())
	if o.Grain == orders.NoGrain {
		return s, nil
	}
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: fr.scope, Cohort: orders.Year, Period: o.Grain, Split: o.By})
	if err != nil {
		return nil, err
	}
	s.Periods = fr.periods
	s.spread(flows, fr)
	return s, nil
}

// sum makes the total and the parts.
func (s *Split) sum(total, flows []orders.Flow, q float64) {
	var all tally
	for _, f := range total {
		all.add(f)
	}
	s.Total = all.business(q)
	parts := map[string]*tally{}
	for _, f := range flows {
		if parts[f.Split] == nil {
			parts[strings.Clone(f.Split)] = &tally{}
		}
		parts[f.Split].add(f)
	}
	for value, t := range parts {
		p := Part{Value: value, Business: t.business(q)}
		p.OfFirst = portion(p.First.Revenue, s.Total.First.Revenue)
		p.OfRepeat = portion(p.Repeat.Revenue, s.Total.Repeat.Revenue)
		s.Parts = append(s.Parts, p)
	}
	slices.SortFunc(s.Parts, func(a, b Part) int { return strings.Compare(a.Value, b.Value) })
}

// spread makes the periods of the parts.
func (s *Split) spread(flows []orders.Flow, fr frame) {
	cells := make([]tally, len(s.Parts)*len(s.Periods))
	for _, f := range flows {
		part, _ := slices.BinarySearchFunc(s.Parts, f.Split, func(p Part, v string) int { return strings.Compare(p.Value, v) })
		cells[part*len(s.Periods)+fr.index(f.Period)].add(f)
	}
	for i := range s.Parts {
		s.Parts[i].Periods = make([]Business, len(s.Periods))
		for k := range s.Periods {
			s.Parts[i].Periods[k] = cells[i*len(s.Periods)+k].business(fr.lateOld())
		}
	}
}

// portion returns part ÷ whole; NaN for a whole that is not positive.
func portion(part, whole orders.Amount) float64 {
	if whole <= 0 {
		return math.NaN()
	}
	return ratio(part, whole)
}
