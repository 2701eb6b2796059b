package cohorts

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// tableBuilder asks the facts and fills the cells of a table.
type tableBuilder struct {
	*Table
	frame
	facts orders.Facts
	ages  bool // some earlier customer has money: they have no age, and are asked for by period
}

// layOut makes the rows and their empty cells: a month without orders is observed.
func (b *tableBuilder) layOut(ctx context.Context) error {
	first, last := b.periods[0], b.periods[len(b.periods)-1]
	b.Earlier.Cells = b.cells(first, last)
	for i := range b.Earlier.Cells {
		b.Earlier.Cells[i].Age = -1
		b.Earlier.Cells[i].Unbounded = math.NaN()
	}
	if b.ofPurchases() {
		return b.layOutWon(ctx)
	}
	return b.layOutCustomers(ctx)
}

// ofPurchases reports whether the scope chooses purchases rather than customers:
// then the customers won in it are known by their purchases 1 only.
func (b *tableBuilder) ofPurchases() bool {
	return slices.ContainsFunc(b.scope.Where, func(w orders.Where) bool {
		return w.Dimension != orders.ByCustomer && w.Dimension != orders.ByOwner
	})
}

// layOutWon counts the customers who were won in the scope.
func (b *tableBuilder) layOutWon(ctx context.Context) error {
	flows, err := b.facts.Flows(ctx, orders.FlowQuery{Scope: b.whole(), Cohort: b.grain})
	if err != nil {
		return err
	}
	for _, f := range flows {
		if f.Cohort.IsZero() {
			b.Earlier.Size = f.Customers
			continue
		}
		f.Unmatched = orders.Tally{}
		if f.Sides == (orders.Sides{}) || f.Cohort.Sub(b.periods[len(b.periods)-1]) > 0 {
			continue // free samples, by customers whose purchase 1 is after AsOf
		}
		c := b.cohort(f.Cohort)
		c.Size = f.FirstCustomers
		for i := range c.Cells {
			c.Cells[i].Unbounded = math.NaN()
		}
		b.Cohorts = append(b.Cohorts, c)
	}
	return nil
}

// layOutCustomers counts the customers, and for each age those whose latest
// purchase has it.
func (b *tableBuilder) layOutCustomers(ctx context.Context) error {
	index := map[orders.Period]int{}
	latest := [][]int64{} // by cohort and age
	for c, err := range b.facts.Customers(ctx, orders.CustomerQuery{Scope: b.whole(), NoRhythm: true}) {
		if err != nil {
			return err
		}
		if c.Purchases == 0 {
			continue
		}
		if c.Entry != orders.First {
			b.Earlier.Size++
			continue
		}
		p := b.grain.Of(c.FirstDay)
		i, ok := index[p]
		if !ok {
			i = len(b.Cohorts)
			index[p] = i
			b.Cohorts = append(b.Cohorts, b.cohort(p))
			latest = append(latest, make([]int64, b.oldest(p)+1))
		}
		b.Cohorts[i].Size++
		latest[i][b.age(p, c.FirstDay, c.LastDay)]++
	}
	for i := range b.Cohorts {
		c, later := &b.Cohorts[i], int64(0)
		for age := len(latest[i]) - 1; age >= c.Cells[0].Age; age-- {
			later += latest[i][age]
			c.Cells[age-c.Cells[0].Age].Later = later
		}
	}
	slices.SortFunc(b.Cohorts, func(x, y Cohort) int { return cmp.Compare(x.Period.Index, y.Period.Index) })
	return nil
}

// age returns how old a customer of cohort p is on a day.
func (b *tableBuilder) age(p orders.Period, first, day orders.Date) int {
	if b.AgeDays > 0 {
		return int(day-first) / b.AgeDays
	}
	return b.grain.Of(day).Sub(p)
}

// oldest returns the age that the oldest of cohort p has on the last day.
func (b *tableBuilder) oldest(p orders.Period) int {
	return b.age(p, b.firstOf(p), b.scope.AsOf)
}

// firstOf returns the first day on which a customer of cohort p can have come.
func (b *tableBuilder) firstOf(p orders.Period) orders.Date {
	return max(p.First(), b.control.FirstDay)
}

// cohort returns the cohort of period p with its empty cells.
func (b *tableBuilder) cohort(p orders.Period) Cohort {
	c := Cohort{Period: p, Partial: b.partial(p) || !b.known(p.First())}
	if b.AgeDays > 0 {
		c.Cells = b.agesOf(p)
		return c
	}
	from := b.periods[0]
	if p.Sub(from) > 0 {
		from = p
	}
	c.Cells = b.cells(from, b.periods[len(b.periods)-1])
	for i := range c.Cells {
		c.Cells[i].Age = c.Cells[i].Period.Sub(p)
	}
	return c
}

// cells returns the empty cells of the periods from…to.
func (b *tableBuilder) cells(from, to orders.Period) []Cell {
	cells := make([]Cell, to.Sub(from)+1)
	for i := range cells {
		cells[i].Period = from.Add(i)
		cells[i].Partial = b.partial(cells[i].Period)
	}
	return cells
}

// agesOf returns the empty cells of cohort p by AgeDays: those that any of its
// customers can have had within the range.
func (b *tableBuilder) agesOf(p orders.Period) []Cell {
	first, last := b.firstOf(p), min(p.Last(), b.scope.AsOf)
	youngest := max(0, int(b.scope.From-last)) / b.AgeDays
	cells := make([]Cell, b.oldest(p)-youngest+1)
	for i := range cells {
		age := youngest + i
		cells[i].Age = age
		begins, ends := first+orders.Date(age*b.AgeDays), last+orders.Date((age+1)*b.AgeDays)-1
		cells[i].Partial = begins < b.scope.From || ends > b.scope.AsOf
	}
	return cells
}

// fill puts every flow into its cell.
func (b *tableBuilder) fill(ctx context.Context) error {
	q := orders.FlowQuery{Scope: b.scope, Cohort: b.grain, Age: b.AgeDays}
	if b.AgeDays == 0 {
		q.Period = b.grain
	}
	flows, err := b.facts.Flows(ctx, q)
	if err != nil {
		return err
	}
	for _, f := range flows {
		all := f.Sides.Total()
		b.Total = b.Total.Plus(all)
		b.Unmatched = b.Unmatched.Plus(f.Unmatched)
		f.Unmatched = orders.Tally{}
		switch c := b.cell(f); {
		case c != nil:
			c.Customers, c.Tally = f.Customers, f.Sides.Total()
		case f.Cohort.IsZero():
			b.ages = true
		default:
			b.Unmatched = b.Unmatched.Plus(f.Sides.Total())
		}
	}
	return nil
}

// cell returns the cell of f; nil if f is dated before its cohort, or is of
// earlier customers and not by period.
func (b *tableBuilder) cell(f orders.Flow) *Cell {
	c := &b.Earlier
	if !f.Cohort.IsZero() {
		i, found := slices.BinarySearchFunc(b.Cohorts, f.Cohort, func(c Cohort, p orders.Period) int { return c.Period.Sub(p) })
		if !found {
			return nil
		}
		c = &b.Cohorts[i]
	}
	i := 0
	switch {
	case b.AgeDays == 0:
		i = f.Period.Sub(c.Cells[0].Period)
	case f.Age < 0:
		return nil
	default:
		i = f.Age - c.Cells[0].Age
	}
	if i < 0 {
		return nil
	}
	return &c.Cells[i]
}

// fillEarlier puts the customers without an age into their periods.
func (b *tableBuilder) fillEarlier(ctx context.Context) error {
	if !b.ages {
		return nil
	}
	flows, err := b.facts.Flows(ctx, orders.FlowQuery{Scope: b.scope, Cohort: orders.Year, Period: b.grain})
	if err != nil {
		return err
	}
	for _, f := range flows {
		if f.Cohort.IsZero() {
			f.Unmatched = orders.Tally{}
			c := &b.Earlier.Cells[b.index(f.Period)]
			c.Customers, c.Tally = f.Customers, f.Sides.Total()
		}
	}
	return nil
}

// finish computes what follows from the cells.
func (t *Table) finish() {
	t.finishCohort(&t.Earlier)
	for i := range t.Cohorts {
		c := &t.Cohorts[i]
		t.finishCohort(c)
		for j := range c.Cells {
			t.average(c.Size, &c.Cells[j])
		}
	}
	for i := range t.Averages {
		a := &t.Averages[i]
		a.Retention = ratio(a.Customers, a.Size)
		a.Low, a.High = Wilson(a.Customers, a.Size, t.Confidence)
		if a.Cohorts == 0 {
			a.Unbounded = math.NaN()
		} else if !math.IsNaN(a.Unbounded) {
			a.Unbounded = ratio(a.Later, a.Size)
		}
	}
}

func (t *Table) finishCohort(c *Cohort) {
	var sum orders.Tally
	for i := range c.Cells {
		cell := &c.Cells[i]
		sum = sum.Plus(cell.Tally)
		cell.Cumulative = sum
		if c.Period.IsZero() {
			cell.Retention, cell.Low, cell.High = math.NaN(), math.NaN(), math.NaN()
			continue
		}
		cell.Retention = ratio(cell.Customers, c.Size)
		cell.Low, cell.High = Wilson(cell.Customers, c.Size, t.Confidence)
		if !math.IsNaN(cell.Unbounded) {
			cell.Unbounded = ratio(cell.Later, c.Size)
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
	a.Later += c.Later
	if math.IsNaN(c.Unbounded) {
		a.Unbounded = math.NaN()
	}
	a.Tally = a.Tally.Plus(c.Tally)
}
