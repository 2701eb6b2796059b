package cohorts

import (
	"context"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// TableOptions says what [Tabulate] covers. The zero TableOptions is the whole
// history by month.
type TableOptions struct {
	Scope orders.Scope
	Grain orders.Grain // of cohorts and of ages; NoGrain: Month
}

// Table is a cohort table: one row per cohort, one cell per age.
//
//	Σ Cohorts' cells + Σ Earlier's cells + Unmatched = Total
type Table struct {
	Scope   orders.Scope   // what was asked, From and AsOf filled in
	Grain   orders.Grain   // of cohorts and ages
	Control orders.Control // has KnownFrom, before which all purchases 1 belong to Earlier

	Cohorts []Cohort // ascending by Period; a period without new customers has none

	// Earlier are the customers who may have bought before the export began, or
	// did. They have no age, so that its cells are by calendar period, all of
	// them, with Age −1 and no retention; its Period is zero.
	Earlier Cohort

	Unmatched orders.Tally // deals without a purchase to belong to; also any dated before the period of their customer's purchase 1
	Total     orders.Tally // of all identified customers in the scope

	Averages []Average // by age, from 0 to the oldest
}

// Cohort is the customers whose purchase 1 is in one period.
type Cohort struct {
	Period  orders.Period
	Size    int64 // customers with purchase 1 in the period, whatever the scope's From. Of Earlier: all with a purchase up to AsOf
	Partial bool  // of its period only a part is in the range, or is after KnownFrom
	// Cells are by age, without a gap, through the period of AsOf: what lies
	// after that is not observed and has no cell. A period without sales is an
	// observed zero. Cells[0] has Age 0 unless the scope begins later.
	Cells []Cell
}

// Cell is one cohort at one age.
type Cell struct {
	Age        int           // whole periods since the cohort's own, which has age 0
	Period     orders.Period // of the calendar: the cohort's + Age
	Customers  int64         // active: distinct, with a purchase in the period
	Retention  float64       // Customers ÷ Size, 0…1, 1 at age 0; not monotone; NaN for Earlier
	Tally      orders.Tally  // of the period; a return counts in its own period, not in its sale's
	Cumulative orders.Tally  // of Cells[0] through this one
	Partial    bool          // the range covers the period in part only; Cumulative is partial if any cell up to here is
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
	Tally     orders.Tally // of the period of that age
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
// cohort that is (on-period retention), their purchases, revenue and gross
// profit, per period and cumulative.
//
// A cell is partial if the range covers its calendar period in part only (see
// Control.Whole); partial cells stay out of the averages. Ages after the end of
// the range have no cell, which is not the same as a cell of zero.
//
// Customers whose purchase 1 is not known to be their first are in no cohort
// but in Earlier. A Scope that begins later leaves out cells, not customers: a
// cohort keeps its size. A Scope that names salespersons or channels counts
// in Size the customers won there, and in the cells whoever bought there, so
// that its retention may pass 1.
//
// An empty history gives an empty table. Errors: those of f, and
// orders.ErrOptions (wrapped) for an unknown Grain or a Scope that ends before
// it begins.
//
// Source: cohort analysis by period of acquisition, as in G. Reda, Cohort
// Analysis with Python (2015).
func Tabulate(ctx context.Context, f orders.Facts, o TableOptions) (*Table, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	fr, err := newFrame(control, o.Scope, o.Grain)
	if err != nil {
		return nil, err
	}
	t := &Table{Scope: fr.scope, Grain: fr.grain, Control: fr.control}
	if len(fr.periods) == 0 {
		return t, nil
	}
	sizes, err := f.Flows(ctx, orders.FlowQuery{Scope: fr.whole(), Cohort: fr.grain})
	if err != nil {
		return nil, err
	}
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: fr.scope, Cohort: fr.grain, Period: fr.grain})
	if err != nil {
		return nil, err
	}
	t.lay(fr, sizes)
	t.fill(flows)
	t.finish()
	return t, nil
}

// lay makes the rows and their empty cells: a month without orders is observed.
func (t *Table) lay(fr frame, sizes []orders.Flow) {
	first, last := fr.periods[0], fr.periods[len(fr.periods)-1]
	t.Earlier.Cells = cells(fr, first, last)
	for i := range t.Earlier.Cells {
		t.Earlier.Cells[i].Age = -1
	}
	for _, f := range sizes {
		if f.Cohort.IsZero() {
			t.Earlier.Size = f.Customers
			continue
		}
		f.Unmatched = orders.Tally{}
		if f.Sides == (orders.Sides{}) || f.Cohort.Sub(last) > 0 {
			continue // free samples, by customers whose purchase 1 is after AsOf
		}
		from := f.Cohort
		if from.Sub(first) < 0 {
			from = first
		}
		c := Cohort{Period: f.Cohort, Size: f.FirstCustomers, Cells: cells(fr, from, last)}
		c.Partial = fr.partial(c.Period) || !fr.known(c.Period.First())
		for i := range c.Cells {
			c.Cells[i].Age = c.Cells[i].Period.Sub(c.Period)
		}
		t.Cohorts = append(t.Cohorts, c)
	}
}

// cells returns the empty cells of the periods from…to.
func cells(fr frame, from, to orders.Period) []Cell {
	cells := make([]Cell, to.Sub(from)+1)
	for i := range cells {
		cells[i].Period = from.Add(i)
		cells[i].Partial = fr.partial(cells[i].Period)
	}
	return cells
}

// fill puts every flow into its cell.
func (t *Table) fill(flows []orders.Flow) {
	for _, f := range flows {
		t.Total = t.Total.Plus(f.Sides.Total())
		t.Unmatched = t.Unmatched.Plus(f.Unmatched)
		f.Unmatched = orders.Tally{}
		c := t.cell(f)
		if c == nil {
			t.Unmatched = t.Unmatched.Plus(f.Sides.Total())
			continue
		}
		c.Customers = f.Customers
		c.Tally = f.Sides.Total()
	}
}

// cell returns the cell of f; nil if f is dated before its cohort.
func (t *Table) cell(f orders.Flow) *Cell {
	c := &t.Earlier
	if !f.Cohort.IsZero() {
		i, found := slices.BinarySearchFunc(t.Cohorts, f.Cohort, func(c Cohort, p orders.Period) int { return c.Period.Sub(p) })
		if !found {
			return nil
		}
		c = &t.Cohorts[i]
	}
	i := f.Period.Sub(c.Cells[0].Period)
	if i < 0 {
		return nil
	}
	return &c.Cells[i]
}

// finish computes what follows from the cells.
func (t *Table) finish() {
	t.Earlier.finish()
	for i := range t.Cohorts {
		c := &t.Cohorts[i]
		c.finish()
		for j := range c.Cells {
			t.average(c.Size, &c.Cells[j])
		}
	}
	for i := range t.Averages {
		t.Averages[i].Retention = ratio(t.Averages[i].Customers, t.Averages[i].Size)
	}
}

func (c *Cohort) finish() {
	var sum orders.Tally
	for i := range c.Cells {
		cell := &c.Cells[i]
		sum = sum.Plus(cell.Tally)
		cell.Cumulative = sum
		cell.Retention = math.NaN()
		if !c.Period.IsZero() {
			cell.Retention = ratio(cell.Customers, c.Size)
		}
	}
}

// average adds a cell of a cohort of so many customers to its age's average.
func (t *Table) average(size int64, c *Cell) {
	for len(t.Averages) <= c.Age {
		t.Averages = append(t.Averages, Average{Age: len(t.Averages)})
	}
	if c.Partial {
		return
	}
	a := &t.Averages[c.Age]
	a.Cohorts++
	a.Size += size
	a.Customers += c.Customers
	a.Tally = a.Tally.Plus(c.Tally)
}
