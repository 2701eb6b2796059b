package cohorts

import (
	"context"

	"github.com/repeatsales/repeatsales/orders"
)

// RepeatOptions says what [RepeatShare] covers. The zero RepeatOptions is the
// whole history by month.
type RepeatOptions struct {
	Scope orders.Scope
	Grain orders.Grain // NoGrain: Month
}

// Repeat is the repeat share of each period and of the whole range.
type Repeat struct {
	Scope   orders.Scope   // what was asked, From and AsOf filled in
	Grain   orders.Grain   // of the rows
	Control orders.Control // has the burn-in, KnownFrom, q (LateOld) and Complete behind the intervals

	Rows []RepeatRow // every period from From's to AsOf's, ascending; one without sales has zeros

	// Total is the whole range; its Period is zero. Its money, deals, new and
	// unknown customers are the sums of the rows; its other customers are
	// distinct over the range.
	Total RepeatRow
}

// RepeatRow is the business of one period, by side.
type RepeatRow struct {
	Period orders.Period

	// Sides is the money of identified customers, each deal on its own day:
	// First + Repeat + Unknown + Unmatched, which Total adds up, is their
	// revenue of the period. Gross profit is that of the lines whose cost is
	// known; CostKnown of a Tally says how much of its revenue that is.
	orders.Sides
	Anonymous orders.Amount // revenue from nobody in particular, outside everything else here

	Customers          int64 // distinct, with a purchase
	NewCustomers       int64 // of them, with a purchase on the side First …
	ReturningCustomers int64 // … Repeat
	UnknownCustomers   int64 // … Unknown
	Overlap            int64 // New + Returning + Unknown − Customers: those who made purchase 1 and came back within the period

	// The repeat share, four times. Unmatched and anonymous money is outside all of them.
	ByRevenue   Share
	ByProfit    Share // of gross profit
	ByPurchases Share
	ByCustomers Share // returning ÷ active: Low takes those who surely returned; High adds those who may have, once each

	// Counted from the beginning of the history to the end of the period,
	// Scope.From notwithstanding: customers, those of them with two purchases or
	// more, and RepeatersToDate ÷ CustomersToDate, the repeat purchase rate; NaN
	// before the first purchase.
	CustomersToDate, RepeatersToDate int64
	RepeatPurchaseRate               float64

	Partial  bool // the range covers the period in part only; false in Total
	Reliable bool // nothing in it is before KnownFrom: purchases 1 are new customers but for q
}

// Deals returns the number of purchases: first, repeat and unknown.
func (r RepeatRow) Deals() int64 { return r.Sides.Total().Purchases }

// RepeatShare returns how much of the business of each period, and of all, is
// repeat business: by revenue, gross profit, purchases and customers. Each
// share is an interval over base = first + repeat + unknown:
//
//	low  = repeat ÷ base
//	high = (repeat + unknown + q·first) ÷ base, q = Control.LateOld
//
// for the export begins somewhere, and who bought before that looks new. With
// known history (Control.Complete) the two ends are equal. If the export is too
// short to tell new customers from old ones, every purchase 1 is unknown and
// the upper end is 1: see [Repeat.Unknown] and [Repeat.MoreDays].
//
// A share whose base is not positive, or one of whose sides is negative, is NaN
// with the reason, never outside 0…1. An empty history has no rows.
//
// A Scope that names products, salespersons or channels chooses what is summed;
// it makes nobody a new customer. Errors: those of f, and orders.ErrOptions
// (wrapped) for an unknown Grain or a Scope that ends before it begins.
//
// Source: the repeat share of sales as the maturity model of sales departments
// uses it; the interval follows from the back-test that orders describes at
// Control.LateOld.
func RepeatShare(ctx context.Context, f orders.Facts, o RepeatOptions) (*Repeat, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	fr, err := newFrame(control, o.Scope, o.Grain)
	if err != nil {
		return nil, err
	}
	b := repeatBuilder{frame: fr, facts: f, rows: make([]tally, len(fr.periods))}
	for _, step := range []func(context.Context) error{b.sumSides, b.sumAnonymous, b.countToDate} {
		if len(fr.periods) == 0 {
			break
		}
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return b.result(), nil
}

// Unknown reports whether the history is too short for any verdict: nothing in
// the range is after KnownFrom. But for customers whose first day the export
// gives, every purchase 1 in it may be an old customer's, and the upper end is 1.
func (r *Repeat) Unknown() bool {
	return !r.Control.Complete && r.Control.KnownFrom > min(r.Scope.AsOf, r.Control.LastDay)
}

// MoreDays returns how many days longer the export would have to be, at least,
// for purchases 1 to be told apart: 2 × burn-in − span. It is 0 if they are.
func (r *Repeat) MoreDays() int {
	if r.Control.Complete || r.Control.KnownFrom <= r.Control.LastDay {
		return 0
	}
	return max(0, 2*r.Control.BurnIn-r.Control.Span())
}

// Maturity returns the verdict of [Maturity] on the revenue share of the whole
// range; none, with the reason, if that share is not defined or the history is
// [Repeat.Unknown].
func (r *Repeat) Maturity() Verdict {
	if r.Unknown() {
		return noVerdict(HistoryUnknown)
	}
	v := Maturity(r.Total.ByRevenue.Low, r.Total.ByRevenue.High)
	v.Reason = r.Total.ByRevenue.Reason
	return v
}

// tally is what a row sums before its shares are known.
type tally struct {
	sides                              orders.Sides
	anonymous                          orders.Amount
	customers, new, returning, unknown int64
	newReturning, unknownReturning     int64 // overlaps
	arrived, repeated                  int64 // customers whose purchase 1, or 2, is in the period
}

// add adds a flow of one cohort. A customer belongs to one cohort, so that
// customers add over cohorts; and those of a cohort are either all new or all
// earlier ones, which is what tells the two overlaps apart.
func (t *tally) add(f orders.Flow) {
	t.sides = t.sides.Plus(f.Sides)
	t.customers += f.Customers
	t.new += f.FirstCustomers
	t.returning += f.RepeatCustomers
	t.unknown += f.UnknownCustomers
	overlap := f.FirstCustomers + f.RepeatCustomers + f.UnknownCustomers - f.Customers
	if f.Cohort.IsZero() {
		t.unknownReturning += overlap
	} else {
		t.newReturning += overlap
	}
}

// row returns t with its shares.
func (t tally) row(q float64) RepeatRow {
	s := &t.sides
	return RepeatRow{
		Sides:              t.sides,
		Anonymous:          t.anonymous,
		Customers:          t.customers,
		NewCustomers:       t.new,
		ReturningCustomers: t.returning,
		UnknownCustomers:   t.unknown,
		Overlap:            t.newReturning + t.unknownReturning,
		ByRevenue:          shareOf(s.First.Revenue, s.Repeat.Revenue, s.Unknown.Revenue, q),
		ByProfit:           profitShare(t.sides, q),
		ByPurchases:        shareOf(s.First.Purchases, s.Repeat.Purchases, s.Unknown.Purchases, q),
		ByCustomers:        shareOf(t.new-t.newReturning, t.returning, t.unknown-t.unknownReturning, q),
	}
}

func profitShare(s orders.Sides, q float64) Share {
	if sales := s.First.Plus(s.Repeat).Plus(s.Unknown); !sales.Profit().Known {
		return undefined(NoCost)
	}
	return shareOf(s.First.GrossProfit(), s.Repeat.GrossProfit(), s.Unknown.GrossProfit(), q)
}

// repeatBuilder asks the facts and sums up what they say.
type repeatBuilder struct {
	frame
	facts orders.Facts
	rows  []tally // by period
	total tally
}

// sumSides sums money and customers by side. Years would do as well as any
// grain of cohorts: only earlier and later customers are kept apart.
func (b *repeatBuilder) sumSides(ctx context.Context) error {
	flows, err := b.facts.Flows(ctx, orders.FlowQuery{Scope: b.scope, Cohort: orders.Year, Period: b.grain})
	if err != nil {
		return err
	}
	for _, f := range flows {
		b.rows[b.index(f.Period)].add(f)
	}
	// Distinct customers of the range are not the sum over its periods.
	flows, err = b.facts.Flows(ctx, orders.FlowQuery{Scope: b.scope, Cohort: orders.Year})
	if err != nil {
		return err
	}
	for _, f := range flows {
		b.total.add(f)
	}
	return nil
}

// sumAnonymous takes what identified customers bought from what was sold.
func (b *repeatBuilder) sumAnonymous(ctx context.Context) error {
	if b.control.AnonymousLines == 0 {
		return nil // and a pass over all lines saved
	}
	q := orders.SeriesQuery{Scope: b.scope, By: orders.ByGroup, Measure: orders.Revenue, Grain: b.grain}
	for s, err := range b.facts.Series(ctx, q) {
		if err != nil {
			return err
		}
		start := b.index(s.Start)
		for i, v := range s.Values {
			b.rows[start+i].anonymous += v
		}
	}
	for i := range b.rows {
		b.rows[i].anonymous -= b.rows[i].sides.Total().Revenue
		b.total.anonymous += b.rows[i].anonymous
	}
	return nil
}

// countToDate finds the periods of each customer's purchases 1 and 2.
func (b *repeatBuilder) countToDate(ctx context.Context) error {
	q := orders.SeriesQuery{Scope: b.whole(), By: orders.ByCustomer, Measure: orders.Purchases, Grain: b.grain}
	for s, err := range b.facts.Series(ctx, q) {
		if err != nil {
			return err
		}
		start := b.index(s.Start)
		var n orders.Amount
		for i, v := range s.Values {
			row := &b.rows[max(0, start+i)] // what was before the range is to date in its first row
			if n < orders.One && n+v >= orders.One {
				row.arrived++
			}
			if n < 2*orders.One && n+v >= 2*orders.One {
				row.repeated++
			}
			n += v
		}
	}
	return nil
}

// result computes the shares.
func (b *repeatBuilder) result() *Repeat {
	q := b.control.LateOld
	if b.control.Complete {
		q = 0
	}
	r := &Repeat{Scope: b.scope, Grain: b.grain, Control: b.control, Rows: make([]RepeatRow, len(b.rows))}
	var arrived, repeated int64
	for i, p := range b.periods {
		arrived += b.rows[i].arrived
		repeated += b.rows[i].repeated
		row := b.rows[i].row(q)
		row.Period = p
		row.toDate(arrived, repeated)
		row.Partial = b.partial(p)
		row.Reliable = b.known(max(p.First(), b.scope.From))
		r.Rows[i] = row
	}
	r.Total = b.total.row(q)
	r.Total.toDate(arrived, repeated)
	r.Total.Reliable = b.known(b.scope.From)
	return r
}

func (r *RepeatRow) toDate(customers, repeaters int64) {
	r.CustomersToDate, r.RepeatersToDate = customers, repeaters
	r.RepeatPurchaseRate = ratio(repeaters, customers)
}
