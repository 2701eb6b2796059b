package cohorts

import (
	"context"
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// TableOptions says what [Tabulate] covers. The zero TableOptions is the whole
// history by month.
type TableOptions struct {
	Scope      orders.Scope
	Grain      orders.Grain // of cohorts and of ages; NoGrain: Month
	AgeDays    int          // ages of so many days since each customer's purchase 1, such as 30; 0: ages are periods of the calendar
	Confidence float64      // of the intervals, between 0 and 1; 0: 0.95
}

// Table is a cohort table: one row per cohort, one cell per age.
//
//	Σ Cohorts' cells + Σ Earlier's cells + Unmatched = Total
type Table struct {
	Scope      orders.Scope   // what was asked, From and AsOf filled in
	Grain      orders.Grain   // of cohorts, and of ages unless they are of AgeDays
	AgeDays    int            // 0: ages are periods of the calendar
	Confidence float64        // of the intervals
	Control    orders.Control // has KnownFrom, before which all purchases 1 belong to Earlier

	Cohorts []Cohort // ascending by Period; a period without new customers has none

	// Earlier are the customers who may have bought before the export began, or
	// did. They have no age, so that its cells are by calendar period, all of
	// them, with Age −1 and no retention; its Period is zero.
	Earlier Cohort

	Unmatched orders.Tally // deals without a purchase to belong to; also any dated before the period, or with AgeDays before the day, of their customer's purchase 1
	Total     orders.Tally // of all identified customers in the scope

	Averages []Average // by age, from 0 to the oldest
}

// Cohort is the customers whose purchase 1 is in one period.
type Cohort struct {
	Period  orders.Period
	Size    int64 // customers with purchase 1 in the period, whatever the scope's From. Of Earlier: all with a purchase up to AsOf
	Partial bool  // of its period only a part is in the range, or is after KnownFrom
	// Cells are by age, without a gap, through that of AsOf: what lies after that
	// is not observed and has no cell. A period without sales is an observed
	// zero. Cells[0] has Age 0 unless the scope begins later.
	Cells []Cell
}

// Cell is one cohort at one age.
type Cell struct {
	Age    int           // whole periods since the cohort's own, or whole AgeDays since each customer's purchase 1, from 0
	Period orders.Period // of the calendar: the cohort's + Age; zero with AgeDays

	Customers int64   // active: distinct, with a purchase at this age
	Retention float64 // on-period: Customers ÷ Size, 0…1, 1 at age 0; not monotone; NaN for Earlier
	Low, High float64 // the Wilson interval of Retention; NaN if it is, or is above 1

	// Later counts the customers with a purchase at this age or later, up to
	// AsOf, and Unbounded is Later ÷ Size: 1 at age 0 and never rising. What
	// customers will still do is not in it, so that it falls towards the right end
	// whatever they do: it is a lower bound. 0 and NaN for Earlier, and where
	// the scope names anything but customers and owners.
	Later     int64
	Unbounded float64

	Tally      orders.Tally // of this age; a return counts in its own period, not in its sale's
	Cumulative orders.Tally // of Cells[0] through this one
	Partial    bool         // the range covers the age in part only, for some of the cohort at least; Cumulative is partial if any cell up to here is
}

// PerCustomer returns a sum per acquired customer, sum ÷ Size, in money: of a
// cell's Tally.Revenue or Cumulative.GrossProfit(), for example. NaN for Size 0.
func (c Cohort) PerCustomer(sum orders.Amount) float64 { return perCustomer(sum, c.Size) }

// Average is all cohorts at one age, large ones weighing more: sums over the
// cells that are observed in full. An age without such a cell has Cohorts 0.
type Average struct {
	Age       int
	Cohorts   int          // n: those observed in full at this age
	Size      int64        // of these cohorts
	Customers int64        // active
	Retention float64      // Customers ÷ Size; NaN without cohorts
	Low, High float64      // the Wilson interval of Retention, as if all were one cohort
	Later     int64        // with a purchase at this age or later; see Cell
	Unbounded float64      // Later ÷ Size; NaN without cohorts, and where Cell's is
	Tally     orders.Tally // of that age
}

// PerCustomer returns a sum per acquired customer, sum ÷ Size, in money; NaN for Size 0.
func (a Average) PerCustomer(sum orders.Amount) float64 { return perCustomer(sum, a.Size) }

func perCustomer(sum orders.Amount, size int64) float64 {
	if size == 0 {
		return math.NaN()
	}
	return sum.Float64() / float64(size)
}

// Tabulate returns the cohort table: for the customers whose purchase 1 was in
// a period, and each period since, how many were active, what share of the
// cohort that is (on-period retention) with its interval, how many were active
// then or later (unbounded retention), and their purchases, revenue, gross profit
// and contribution, per age and cumulative.
//
// Ages are periods of the calendar: a customer won on the 31st has age 1 the next
// day. With AgeDays they are counted from each customer's own purchase 1, all
// equally long, so that cohorts compare; the cell of a cohort at an age is then
// observed in full when it is for its last customer.
//
// A cell is partial if the range covers its calendar period in part only (see
// Control.Whole), or with AgeDays any of its days is outside; partial cells stay
// out of the averages. Ages after the end of the range have no cell, which is not
// the same as a cell of zero.
//
// Customers whose purchase 1 is not known to be their first are in no cohort
// but in Earlier. A Scope that begins later leaves out cells, not customers: a
// cohort keeps its size. A Scope that names salespersons or channels counts
// in Size the customers won there, and in the cells whoever bought there, so
// that its retention may pass 1.
//
// An empty history gives an empty table. Errors: those of f (orders.ErrPrecision
// for AgeDays of an export that names months only), and orders.ErrOptions
// (wrapped) for an unknown Grain, a negative AgeDays, a Confidence that is not
// between 0 and 1, or a Scope that ends before it begins.
//
// Source: cohort analysis by period of acquisition, as in G. Reda, Cohort
// Analysis with Python (2015); intervals: see [Wilson].
func Tabulate(ctx context.Context, f orders.Facts, o TableOptions) (*Table, error) {
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	switch {
	case !(o.Confidence > 0 && o.Confidence < 1):
		return nil, fmt.Errorf("cohorts: %w: Confidence = %v", orders.ErrOptions, o.Confidence)
	case o.AgeDays < 0:
		return nil, fmt.Errorf("cohorts: %w: AgeDays = %d", orders.ErrOptions, o.AgeDays)
	}
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	fr, err := newFrame(control, o.Scope, o.Grain)
	if err != nil {
		return nil, err
	}
	t := &Table{Scope: fr.scope, Grain: fr.grain, AgeDays: o.AgeDays, Confidence: o.Confidence, Control: fr.control}
	if len(fr.periods) == 0 {
		return t, nil
	}
	b := tableBuilder{Table: t, frame: fr, facts: f}
	for _, step := range []func(context.Context) error{b.layOut, b.fill, b.fillEarlier} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	t.finish()
	return t, nil
}
