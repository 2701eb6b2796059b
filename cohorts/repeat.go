package cohorts

import (
	"context"
	"iter"

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

// RepeatRow is the business of one period.
type RepeatRow struct {
	Period orders.Period
	Business
	Anonymous orders.Amount // revenue from nobody in particular, outside everything else here

	// Counted from the beginning of the history to the end of the period,
	// Scope.From notwithstanding: customers, those of them with two purchases or
	// more in the export, and RepeatersToDate ÷ CustomersToDate, the repeat
	// purchase rate as the export shows it; NaN before the first purchase.
	CustomersToDate, RepeatersToDate int64
	RepeatPurchaseRate               float64

	// RepeatRate is the repeat purchase rate of the customers' whole lives: Low
	// counts the repeaters to date and those who are known to have bought before
	// the export; High adds those whose only purchase is on the side Unknown and
	// the part q of those whose only one is on the side First.
	RepeatRate Share

	Partial  bool // the range covers the period in part only; false in Total
	Reliable bool // nothing in it is before KnownFrom: purchases 1 are new customers but for q
}

// RepeatShare returns how much of the business of each period, and of all, is
// repeat business: by revenue, gross profit, purchases and customers. Each
// share is an interval over base = first + repeat + unknown:
//
//	low  = repeat ÷ base
//	high = (repeat + unknown + q·first) ÷ base, q = Control.LateOld
//
// for the export begins somewhere, and who bought before that looks new. The
// fifth share, the repeat purchase rate, is cumulative: see RepeatRow. With known
// history (Control.Complete) the two ends are equal. If the export is too
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
	b := repeatBuilder{frame: fr, facts: f, rows: make([]rowTally, len(fr.periods))}
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

// rowTally is what a row sums before its shares are known.
type rowTally struct {
	tally
	anonymous orders.Amount
	arrived   lives // customers by the period of their first purchase in the export …
	repeated  lives // … and of their second
}

// lives counts customers by what the export knows of their purchase 1: the side
// that it is on.
type lives struct{ first, unknown, old int64 }

func (l *lives) count(entry orders.Side) {
	switch entry {
	case orders.First:
		l.first++
	case orders.Unknown:
		l.unknown++
	default:
		l.old++
	}
}

func (l *lives) add(m lives) {
	l.first += m.first
	l.unknown += m.unknown
	l.old += m.old
}

func (l lives) total() int64 { return l.first + l.unknown + l.old }

// repeatBuilder asks the facts and sums up what they say.
type repeatBuilder struct {
	frame
	facts orders.Facts
	rows  []rowTally // by period
	total rowTally
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

// countToDate finds the periods of each customer's first and second purchase in
// the export. Series tells the periods and Customers the side of purchase 1;
// both are ascending by customer.
func (b *repeatBuilder) countToDate(ctx context.Context) error {
	next, stop := iter.Pull2(b.facts.Customers(ctx, orders.CustomerQuery{Scope: b.whole(), NoRhythm: true}))
	defer stop()
	q := orders.SeriesQuery{Scope: b.whole(), By: orders.ByCustomer, Measure: orders.Purchases, Grain: b.grain}
	for s, err := range b.facts.Series(ctx, q) {
		if err != nil {
			return err
		}
		c, err, ok := next()
		for ok && err == nil && c.ID < s.Item {
			c, err, ok = next()
		}
		if err != nil {
			return err
		}
		start := b.index(s.Start)
		var n orders.Amount
		for i, v := range s.Values {
			row := &b.rows[max(0, start+i)] // what was before the range is to date in its first row
			if n < orders.One && n+v >= orders.One {
				row.arrived.count(c.Entry)
			}
			if n < 2*orders.One && n+v >= 2*orders.One {
				row.repeated.count(c.Entry)
			}
			n += v
		}
	}
	return nil
}

// result computes the shares.
func (b *repeatBuilder) result() *Repeat {
	q := b.lateOld()
	r := &Repeat{Scope: b.scope, Grain: b.grain, Control: b.control, Rows: make([]RepeatRow, len(b.rows))}
	var arrived, repeated lives
	for i, p := range b.periods {
		t := &b.rows[i]
		arrived.add(t.arrived)
		repeated.add(t.repeated)
		row := RepeatRow{Period: p, Business: t.business(q), Anonymous: t.anonymous, Partial: b.partial(p)}
		row.toDate(arrived, repeated, q)
		row.Reliable = b.known(max(p.First(), b.scope.From))
		r.Rows[i] = row
	}
	r.Total = RepeatRow{Business: b.total.business(q), Anonymous: b.total.anonymous, Reliable: b.known(b.scope.From)}
	r.Total.toDate(arrived, repeated, q)
	return r
}

func (r *RepeatRow) toDate(arrived, repeated lives, q float64) {
	r.CustomersToDate, r.RepeatersToDate = arrived.total(), repeated.total()
	r.RepeatPurchaseRate = ratio(r.RepeatersToDate, r.CustomersToDate)
	sure := repeated.first + repeated.unknown + arrived.old
	r.RepeatRate = shareOf(arrived.first-repeated.first, sure, arrived.unknown-repeated.unknown, q)
}
