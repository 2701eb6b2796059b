package segments

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// PlanOptions says what is planned, and from what. The zero PlanOptions plans
// the month after the last day of the export at 10 % above the same month of
// last year, for the salespersons who sold then.
type PlanOptions struct {
	// Scope is what is counted, in the base month, in the month planned and of
	// the team: what lies outside From and AsOf is not known.
	Scope orders.Scope

	Month  orders.Period     // planned; zero: the month after Scope.AsOf's
	Growth orders.NullAmount // over the base, in per cent, 12.5 × One is 12.5 %; unknown: 10 %

	// Follow says whose the sales of the base month are now: "" or BySalesperson,
	// of those who made them; ByOwner, of the salesperson of the customer's latest
	// purchase before the month planned, so that a customer who was handed over
	// takes the plan along. The fact is always of the salesperson of the deal.
	Follow orders.Dimension

	// TeamMonths is how many months up to the plan a salesperson must have sold
	// something in to be of the team; 0: 3.
	TeamMonths int

	// PerWorkday corrects the plan by working days: what was sold on one in the
	// base month is planned for each of the month planned.
	PerWorkday bool
	Workdays   Workdays // of PerWorkday, and of the share of a month that has passed
}

// defaultGrowth is that of definitions §8, in per cent.
const defaultGrowth = 10 * orders.One

// maxGrowth bounds Growth: a thousandfold is a mistake.
const maxGrowth = 100_000 * orders.One

// yearAgo is how many months lie between a month and its base.
const yearAgo = 12

// PlanReason is a short stable code of what a plan rests on, or of what to
// beware of in it.
type PlanReason string

// The reasons. Each row has one of the first four, and any of the others.
const (
	FromBase    PlanReason = "base"         // the same month of last year
	TeamAverage PlanReason = "team_average" // sold nothing in the base month, but is of the team: the mean of those who did
	NoBase      PlanReason = "no_base"      // nothing to plan from: the base month is not in the export, or nobody sold in it
	Unplanned   PlanReason = "unplanned"    // neither sold in the base month nor was of the team: nothing is planned

	PartialBase      PlanReason = "partial_base"      // the base month is only partly in the export: base and plan are too low
	UnknownBase      PlanReason = "unknown_base"      // first purchases of the base may be old customers': they are planned apart, as Unknown
	NegativeBase     PlanReason = "negative_base"     // returns outweigh sales on a side of the base: nothing is planned on it
	ZeroBase         PlanReason = "zero_base"         // the base comes to nothing, and so does the plan
	UnmatchedReturns PlanReason = "unmatched_returns" // money of no purchase in the base or the fact: outside plan and deviation
	Inactive         PlanReason = "inactive"          // has a base, but is no longer of the team and has sold nothing in the month: somebody else must
)

// planReasons are all reasons, in their order.
var planReasons = []PlanReason{FromBase, TeamAverage, NoBase, Unplanned, PartialBase, UnknownBase, NegativeBase, ZeroBase, UnmatchedReturns, Inactive}

// PlanSides is money of customers' first purchases, of the repeat ones, and of
// those of which the export cannot tell. If it is not Known there is none, and
// the rest is 0 and means nothing.
type PlanSides struct {
	New, Repeat, Unknown orders.Amount
	Known                bool
}

// Total returns New + Repeat + Unknown; unknown unless s is Known.
func (s PlanSides) Total() orders.NullAmount {
	return orders.NullAmount{Amount: s.New + s.Repeat + s.Unknown, Known: s.Known}
}

// Of returns what s is of a side; unknown of [orders.Unmatched], which is not planned.
func (s PlanSides) Of(side orders.Side) orders.NullAmount {
	switch side {
	case orders.First:
		return orders.NullAmount{Amount: s.New, Known: s.Known}
	case orders.Repeat:
		return orders.NullAmount{Amount: s.Repeat, Known: s.Known}
	case orders.Unknown:
		return orders.NullAmount{Amount: s.Unknown, Known: s.Known}
	}
	return orders.NullAmount{}
}

// PlanRow is one salesperson's plan and, of a month that has begun, how it went.
type PlanRow struct {
	Salesperson string       // "": sales without one
	Reasons     []PlanReason // what the plan rests on, then what to beware of; in the order of the constants

	Base          PlanSides         // sold in the base month; not Known if the export does not reach it
	BaseUnmatched orders.NullAmount // unmatched returns in it, which are no base

	Plan PlanSides // in kopecks; not Known without anything to plan from

	Fact          PlanSides         // sold in the month up to as-of; not Known before the month begins
	FactUnmatched orders.NullAmount // unmatched returns in it, which are in no plan

	Deviation PlanSides // Fact − Plan; not Known unless both are
	Done      PlanShare // Fact ÷ Plan

	// Expected is what the whole month brings if it goes on as up to now: Fact ×
	// working days of the month ÷ those passed, in kopecks. It is Known only of a
	// month under way. It is no part of Deviation and Done.
	Expected PlanSides
}

// Why returns the reasons as one text: "base; partial_base".
func (r *PlanRow) Why() string {
	list := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		list[i] = string(reason)
	}
	return strings.Join(list, "; ")
}

// PlanShare is how much of a plan is fulfilled, 1 for all of it. NaN: the plan
// is zero, or there is no plan or no fact; for New and Repeat also if a part of
// either is Unknown, for then they are not of the same sales.
type PlanShare struct{ New, Repeat, Total float64 }

// PlanResult is the plan of one month and, once it has begun, plan against fact.
// Money adds up, and the parts are rounded, not the sum:
//
//	Σ Rows' Base, Plan, Fact, Deviation, Expected = those of Total
//	Total.Base + Total.BaseUnmatched = revenue of the base month in the scope
//	Total.Fact + Total.FactUnmatched = revenue of the month in the scope, up to as-of
type PlanResult struct {
	Options  PlanOptions // as used: defaults filled in
	Currency string      // "" if the export does not say

	Month, BaseMonth orders.Period // of an empty export: the month asked for, and no other
	PartialBase      bool          // the base month is only partly in the export

	Workdays, BaseWorkdays int  // of the month and of the base month
	UnderWay               bool // as-of is in the month, and not its last day
	Passed                 int  // working days of the month up to as-of

	Rows  []PlanRow // ascending by Salesperson, bytewise
	Total PlanRow   // its Reasons are all that occur in rows; its plan is not Known if that of a row is not
}

// PassedShare returns the share of the month's working days that have passed,
// Passed ÷ Workdays, 0…1; NaN without a working day.
func (r *PlanResult) PassedShare() float64 { return share(float64(r.Passed), float64(r.Workdays)) }

// Plan returns what each salesperson is to sell in a month, to new customers
// and in repeat sales separately, and what they have sold of it so far:
//
//	plan = sold in the same month of last year × (1 + growth)
//	       × working days of the month ÷ those of the base month (with PerWorkday)
//	deviation = fact − plan
//
// New is money of customers' first purchases, Repeat of all later ones. First
// purchases of which the export cannot tell whether they are the first are
// planned apart, as Unknown, and returns of no purchase are not planned. Each
// cell is computed exactly and then rounded half away from zero to kopecks, so
// a total is the sum of what the rows show. A side of a base that is not
// positive plans nothing on that side; a zero plan has no percentage. A
// salesperson of the team who sold nothing in the base month gets what the mean
// base of all those named who did would give; who has neither is not planned.
// Every row says which it is.
//
// The base of a 29 February is the February of the year before, whole months
// against whole months; use PerWorkday to even out their lengths. Owners and
// team are as of the day before the month, so a plan does not change while the
// month goes on. An empty export gives no rows.
//
// It returns [orders.ErrOptions] (wrapped) for an invalid option and for a
// correction by working days of which the base month has none,
// [orders.ErrRange] (wrapped) for a plan above 100 trillion, and the errors of f.
//
// Source: planning from the achieved level, with new and repeat sales apart
// (definitions §8).
func Plan(ctx context.Context, f orders.Facts, o PlanOptions) (*PlanResult, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	if o, err = o.filled(control); err != nil {
		return nil, err
	}
	p := planner{
		result:  &PlanResult{Options: o, Currency: control.Currency, Month: o.Month},
		control: control,
		rows:    map[string]*planDraft{},
	}
	if control.FirstDay == 0 { // an empty export
		p.result.Total = PlanRow{Done: PlanShare{math.NaN(), math.NaN(), math.NaN()}}
		return p.result, nil
	}
	if err := p.calendar(); err != nil {
		return nil, err
	}
	if err := p.ask(ctx, f); err != nil {
		return nil, err
	}
	if err := p.finish(); err != nil {
		return nil, fmt.Errorf("segments: plan of %s: %w", o.Month, err)
	}
	return p.result, nil
}

// filled returns o with the defaults for an export and nothing shared with o.
func (o PlanOptions) filled(c orders.Control) (PlanOptions, error) {
	var err error
	if o.Scope, err = o.Scope.Within(c); err != nil {
		return o, fmt.Errorf("segments: %w", err)
	}
	if !o.Growth.Known {
		o.Growth = orders.Known(defaultGrowth)
	}
	o.Follow, o.TeamMonths = cmp.Or(o.Follow, orders.BySalesperson), cmp.Or(o.TeamMonths, 3)
	if o.Month.IsZero() && o.Scope.AsOf != 0 {
		o.Month = orders.Month.Of(o.Scope.AsOf).Add(1)
	}
	o.Workdays = o.Workdays.clone()
	switch {
	case !o.Month.IsZero() && o.Month.Grain != orders.Month:
		return o, fmt.Errorf("segments: %w: Month = %s, a %s", orders.ErrOptions, o.Month, o.Month.Grain)
	case !o.Month.IsZero() && o.Month.Add(-yearAgo).First() < 1:
		return o, fmt.Errorf("segments: %w: Month = %s", orders.ErrOptions, o.Month)
	case o.Growth.Amount < -100*orders.One || o.Growth.Amount > maxGrowth:
		return o, fmt.Errorf("segments: %w: Growth = %s: from -100 to %s per cent", orders.ErrOptions, o.Growth, orders.Amount(maxGrowth))
	case o.Follow != orders.BySalesperson && o.Follow != orders.ByOwner:
		return o, fmt.Errorf("segments: %w: Follow = %q: %q or %q", orders.ErrOptions, o.Follow, orders.BySalesperson, orders.ByOwner)
	case o.TeamMonths < 1 || o.TeamMonths > 1000:
		return o, fmt.Errorf("segments: %w: TeamMonths = %d: from 1 to 1000", orders.ErrOptions, o.TeamMonths)
	}
	return o, o.Workdays.check()
}

// planner makes a plan.
type planner struct {
	result      *PlanResult
	control     orders.Control
	first, last orders.Date // of the days known
	rows        map[string]*planDraft

	sellers int64     // named salespersons with a base
	sold    PlanSides // their bases together
}

// planDraft is what the facts say of a salesperson.
type planDraft struct {
	base, fact orders.Sides
	team       bool // sold something lately
}

// hasBase reports whether anything was sold in the base month: what was only
// returned then is nothing to plan from.
func (d *planDraft) hasBase() bool {
	return d.base.First.Purchases+d.base.Repeat.Purchases+d.base.Unknown.Purchases > 0
}

// calendar lays the months out over what the export knows.
func (p *planner) calendar() error {
	r, o := p.result, p.result.Options
	r.BaseMonth = r.Month.Add(-yearAgo)
	r.Workdays = o.Workdays.Count(r.Month.First(), r.Month.Last())
	r.BaseWorkdays = o.Workdays.Count(r.BaseMonth.First(), r.BaseMonth.Last())
	if o.PerWorkday && r.BaseWorkdays == 0 {
		return fmt.Errorf("segments: %w: Workdays: %s has none to correct by", orders.ErrOptions, r.BaseMonth)
	}
	p.first, p.last = max(o.Scope.From, p.control.FirstDay), min(o.Scope.AsOf, p.control.LastDay)
	r.PartialBase = p.baseKnown() && !p.control.Whole(r.BaseMonth, p.first, p.last)
	if asOf := o.Scope.AsOf; p.factKnown() {
		r.UnderWay = asOf < r.Month.Last()
		r.Passed = o.Workdays.Count(r.Month.First(), min(asOf, r.Month.Last()))
	}
	return nil
}

func (p *planner) baseKnown() bool {
	return p.result.BaseMonth.First() <= p.last && p.result.BaseMonth.Last() >= p.first
}

func (p *planner) factKnown() bool {
	return p.result.Month.First() <= p.last && p.first <= p.result.Month.Last()
}

// eve returns the day as of which the plan is made: the one before the month, or
// the last day known if that is earlier.
func (p *planner) eve() orders.Date { return min(p.result.Month.First()-1, p.last) }

// ask gets base, team and fact from the facts.
func (p *planner) ask(ctx context.Context, f orders.Facts) error {
	r, o := p.result, p.result.Options
	team := orders.Month.Of(p.eve()).Add(1 - o.TeamMonths)
	from := max(p.first, min(r.BaseMonth.First(), team.First()))
	err := p.flows(ctx, f, from, p.eve(), orders.BySalesperson, func(d *planDraft, flow orders.Flow) {
		d.team = d.team || flow.Period.Sub(team) >= 0 && flow.Total().Purchases > 0
		if flow.Period == r.BaseMonth && o.Follow == orders.BySalesperson {
			d.base = flow.Sides
		}
	})
	if err != nil {
		return err
	}
	if o.Follow == orders.ByOwner {
		err = p.flows(ctx, f, max(p.first, r.BaseMonth.First()), p.eve(), orders.ByOwner, func(d *planDraft, flow orders.Flow) {
			if flow.Period == r.BaseMonth {
				d.base = flow.Sides
			}
		})
	}
	if err != nil {
		return err
	}
	return p.flows(ctx, f, max(p.first, r.Month.First()), min(p.last, r.Month.Last()), orders.BySalesperson, func(d *planDraft, flow orders.Flow) {
		d.fact = flow.Sides
	})
}

// flows visits the months of each salesperson.
func (p *planner) flows(ctx context.Context, f orders.Facts, from, to orders.Date, by orders.Dimension, visit func(*planDraft, orders.Flow)) error {
	if from > to {
		return nil
	}
	scope := orders.Scope{From: from, AsOf: to, Where: p.result.Options.Scope.Where}
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: scope, Period: orders.Month, Split: by})
	if err != nil {
		return err
	}
	for _, flow := range flows {
		d := p.rows[flow.Split]
		if d == nil {
			d = &planDraft{}
			p.rows[strings.Clone(flow.Split)] = d
		}
		visit(d, flow)
	}
	return nil
}

// finish makes the rows and their total.
func (p *planner) finish() error {
	p.sold.Known = true
	for name, d := range p.rows {
		if name != "" && d.hasBase() {
			p.sellers++
			p.sold = p.sold.plus(planSides(d.base, true))
		}
	}
	r := p.result
	total := &r.Total
	total.Base.Known, total.Plan.Known, total.BaseUnmatched.Known = p.baseKnown(), p.baseKnown(), p.baseKnown()
	total.Fact.Known, total.FactUnmatched.Known = p.factKnown(), p.factKnown()
	for name, d := range p.rows {
		if d.base == (orders.Sides{}) && d.fact == (orders.Sides{}) && (name == "" || !d.team) {
			continue
		}
		row, err := p.row(name, d)
		if err != nil {
			return err
		}
		r.Rows = append(r.Rows, row)
		total.Base = total.Base.plus(row.Base)
		total.BaseUnmatched.Amount += row.BaseUnmatched.Amount
		total.Plan = total.Plan.plus(row.Plan)
		if err := total.Plan.check(); err != nil {
			return err
		}
		total.Fact = total.Fact.plus(row.Fact)
		total.FactUnmatched.Amount += row.FactUnmatched.Amount
	}
	slices.SortFunc(r.Rows, func(a, b PlanRow) int { return strings.Compare(a.Salesperson, b.Salesperson) })
	return p.close()
}

// row makes a salesperson's row, but for what compares plan and fact.
func (p *planner) row(name string, d *planDraft) (PlanRow, error) {
	row := PlanRow{
		Salesperson: name,
		Base:        planSides(d.base, p.baseKnown()), BaseUnmatched: unmatched(d.base, p.baseKnown()),
		Fact: planSides(d.fact, p.factKnown()), FactUnmatched: unmatched(d.fact, p.factKnown()),
	}
	base, n := row.Base, int64(1)
	switch basis := p.basis(name, d); basis {
	case TeamAverage:
		base, n = p.sold, p.sellers
		fallthrough
	case FromBase:
		var err error
		if row.Plan, err = p.plan(base, n); err != nil {
			return row, err
		}
		row.Reasons = append([]PlanReason{basis}, p.cautions(base, row.Plan)...)
	case Unplanned:
		row.Plan.Known = true
		row.Reasons = []PlanReason{basis}
	default:
		row.Reasons = []PlanReason{basis}
	}
	if row.BaseUnmatched.Amount != 0 || row.FactUnmatched.Amount != 0 {
		row.Reasons = append(row.Reasons, UnmatchedReturns)
	}
	if name != "" && d.hasBase() && !d.team && d.fact.Total().Purchases == 0 {
		row.Reasons = append(row.Reasons, Inactive)
	}
	return row, nil
}

// basis returns what a salesperson's plan rests on.
func (p *planner) basis(name string, d *planDraft) PlanReason {
	switch {
	case !p.baseKnown():
		return NoBase
	case d.hasBase():
		return FromBase
	case name == "" || !d.team:
		return Unplanned
	case p.sellers == 0:
		return NoBase
	}
	return TeamAverage
}

// cautions returns what to beware of in a plan made from a base.
func (p *planner) cautions(base, plan PlanSides) (list []PlanReason) {
	negative := min(base.New, base.Repeat, base.Unknown) < 0
	for _, c := range []struct {
		reason PlanReason
		holds  bool
	}{
		{PartialBase, p.result.PartialBase},
		{UnknownBase, base.Unknown != 0},
		{NegativeBase, negative},
		{ZeroBase, !negative && base.Total().Amount == 0},
	} {
		if c.holds {
			list = append(list, c.reason)
		}
	}
	return list
}

// plan returns what n salespersons with a base between them plan each.
func (p *planner) plan(base PlanSides, n int64) (PlanSides, error) {
	o := p.result.Options
	num, den := int64(100*orders.One+o.Growth.Amount), int64(100*orders.One)*n
	if o.PerWorkday {
		num, den = num*int64(p.result.Workdays), den*int64(p.result.BaseWorkdays)
	}
	base.New, base.Repeat, base.Unknown = max(0, base.New), max(0, base.Repeat), max(0, base.Unknown)
	return base.times(num, den)
}
