package cohorts

import (
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// Diagnosis is what an export can tell, and what it cannot, of customers who
// bought before it began: why an interval is as wide as it is.
type Diagnosis struct {
	Complete     bool        // the history is known: no purchase 1 is in doubt
	Unknown      bool        // the export is too short: every purchase 1 in the range is in doubt; see [Repeat.Unknown]
	Span         int         // days of the export
	BurnIn       int         // days from its beginning in which a purchase 1 is in doubt; 0 if Complete
	ReliableFrom orders.Date // the first day after them; zero if there is none in the export
	LateOld      float64     // q: the part of the customers first seen later who are old ones all the same; 0 if Complete
	MoreDays     int         // how much longer the export would have to be at least; see [Repeat.MoreDays]

	Curve []Arrivals // customers by the period in which they were first seen

	// Settled is the mean number of arrivals in the whole periods that are
	// reliable; NaN without one. Excess is by how many the arrivals of the periods
	// before them are more than that, Σ (arrivals − Settled), not below 0: about so
	// many of those who look new there are old, if the company wins customers
	// steadily. NaN if Settled is, 0 if every period is reliable.
	Settled, Excess float64
}

// Arrivals is how many customers were first seen in a period.
type Arrivals struct {
	Period   orders.Period
	New      int64 // purchase 1 on the side First
	Unknown  int64 // … Unknown
	Partial  bool  // the range covers the period in part only
	Reliable bool  // the whole period is after the burn-in
}

// Total returns New + Unknown. Customers who are known to have bought before the
// export are no arrivals.
func (a Arrivals) Total() int64 { return a.New + a.Unknown }

// Diagnosis returns what stands behind the intervals of r. In an export that
// begins in mid-life the curve of arrivals starts high, for old customers are
// seen for the first time, and falls to the level at which new ones come.
func (r *Repeat) Diagnosis() Diagnosis {
	c := r.Control
	d := Diagnosis{
		Complete: c.Complete, Unknown: r.Unknown(), Span: c.Span(), BurnIn: c.BurnIn, LateOld: r.lateOld(), MoreDays: r.MoreDays(),
		Settled: math.NaN(), Excess: math.NaN(),
	}
	switch {
	case c.Complete:
		d.ReliableFrom = c.FirstDay
	case c.KnownFrom <= c.LastDay:
		d.ReliableFrom = c.KnownFrom
	}
	var settled, periods, before, doubtful int64
	for _, row := range r.Rows {
		a := Arrivals{row.Period, row.NewCustomers, row.UnknownCustomers, row.Partial, row.Reliable}
		d.Curve = append(d.Curve, a)
		switch {
		case !a.Reliable:
			before += a.Total()
			doubtful++
		case !a.Partial:
			settled += a.Total()
			periods++
		}
	}
	if periods > 0 {
		d.Settled = float64(settled) / float64(periods)
		d.Excess = max(0, float64(before)-d.Settled*float64(doubtful))
	}
	return d
}

// lateOld returns q, 0 if the history is complete.
func (r *Repeat) lateOld() float64 {
	if r.Control.Complete {
		return 0
	}
	return r.Control.LateOld
}
