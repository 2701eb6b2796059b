package segments

import (
	"context"
	"fmt"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// TransitionOptions says between which two days [Transitions] follows the
// customers through the grid. The zero TransitionOptions follows them over the
// last month of the export, through the default grid.
type TransitionOptions struct {
	// Grid is how both days sort. Its Scope.AsOf is the default of End.
	Grid GridOptions

	// Start and End are as-of days, Start the earlier. 0: End is the last day of
	// the scope, and Start the same day of the month before (its last, where it is
	// shorter), or the first of the scope if that is later.
	Start, End orders.Date
}

// TransitionResult is the answer of [Transitions]: from which cell of the grid
// to which the customers moved. Everybody with a place on either day is in
// exactly one cell of it.
type TransitionResult struct {
	Start, End *GridResult // the grid as of the two days

	// Places are those of the rows and of the columns: the cells of the grid, by
	// column and then state, and, if prospects were given, theirs.
	Places []Place

	// Cells are by place at the start, then by place at the end. One more row is
	// of those who entered, one more column of those who left; where they meet
	// there is nothing. A row adds up to its cell of Start, in customers and in
	// Start money, a column to its cell of End, in customers and in End money.
	Cells [][]Transition

	RowTotals, ColumnTotals []Transition // one for each row and column of Cells
	Total                   Transition

	Moves []Move // everybody with a place on either day, ascending by ID
}

// Place is a cell of the grid or, where State is [NeverBought], the prospects.
type Place struct {
	Column int // index into the grid's Columns; -1 for prospects
	State  State
}

// Transition sums those who moved in one way.
type Transition struct {
	Customers  int64         // prospects included
	Start, End orders.Amount // their revenue in the scope up to either day; 0 where they had no place
}

// Move is where one customer or prospect was and is.
type Move struct {
	ID, Name   string
	Owner      string // salesperson of the latest purchase, or the prospect's
	From, To   int    // index into Places; len(Places): had no place
	Start, End orders.Amount
}

// Transitions returns the behaviour grid as of two days and how many customers
// moved from each cell of it to each other. Who has no place at the start
// entered: bought for the first time, or became known to the CRM. Who has none at
// the end left: a customer only where a filter by owner takes one in and later
// not, for nobody takes back having bought; a prospect whose first orders are
// free goods, or outside the filter.
//
// An empty export gives grids of zeros and nobody who moved. It returns
// [orders.ErrOptions] (wrapped) for a Start that is not before End or before
// Grid.Scope.From, for an End after the scope, and for what [Grid] refuses; and
// the errors of Grid.
func Transitions(ctx context.Context, f orders.Facts, o TransitionOptions) (*TransitionResult, error) {
	g, err := o.Grid.withDefaults()
	if err != nil {
		return nil, err
	}
	control, scope, err := dated(ctx, f, g.Scope)
	if err != nil {
		return nil, err
	}
	if o, err = o.within(scope); err != nil {
		return nil, err
	}
	asOf := func(day orders.Date) (*GridResult, error) {
		// A day before the export has nothing to look back to: its grid is empty.
		g.Scope.From, g.Scope.AsOf = min(scope.From, day), day
		return grid(ctx, f, control, g)
	}
	t := &TransitionResult{}
	g.Scope = scope
	if t.Start, err = asOf(o.Start); err != nil {
		return nil, err
	}
	if t.End, err = asOf(o.End); err != nil {
		return nil, err
	}
	t.places(len(g.Prospects) > 0)
	t.join()
	t.sum()
	return t, nil
}

// within returns o with its days filled in from a scope that is.
func (o TransitionOptions) within(scope orders.Scope) (TransitionOptions, error) {
	if scope.AsOf == 0 && o.Start == 0 && o.End == 0 {
		return o, nil // an empty history
	}
	if o.End == 0 {
		o.End = scope.AsOf
	}
	if o.Start == 0 {
		o.Start = max(monthBefore(o.End), o.Grid.Scope.From)
	}
	switch {
	case o.End > scope.AsOf:
		return o, fmt.Errorf("segments: %w: End = %s: after the last day, %s", orders.ErrOptions, o.End, scope.AsOf)
	case o.Start >= o.End:
		return o, fmt.Errorf("segments: %w: Start = %s: not before End = %s", orders.ErrOptions, o.Start, o.End)
	case o.Start < o.Grid.Scope.From:
		return o, fmt.Errorf("segments: %w: Start = %s: before Grid.Scope.From = %s", orders.ErrOptions, o.Start, o.Grid.Scope.From)
	}
	return o, nil
}

// monthBefore returns the same day of the month before, or that month's last.
func monthBefore(day orders.Date) orders.Date {
	y, m, d := day.Time().Date()
	last := orders.NewDate(y, m, 1) - 1
	return min(last, orders.NewDate(y, m-1, d))
}

// places lists the places of the two grids.
func (t *TransitionResult) places(prospects bool) {
	for i := range t.End.Columns {
		for s := Active; s <= Asleep; s++ {
			t.Places = append(t.Places, Place{i, s})
		}
	}
	if prospects {
		t.Places = append(t.Places, Place{-1, NeverBought})
	}
}

// here is one customer or prospect of a grid.
type here struct {
	id, name, owner string
	place           int
	revenue         orders.Amount
}

// heres lists customers and prospects, ascending by id.
func (t *TransitionResult) heres(g *GridResult) []here {
	all := make([]here, 0, len(g.Assigned)+len(g.Prospects))
	customers, prospects := g.Assigned, g.Prospects
	for len(customers)+len(prospects) > 0 {
		if len(prospects) == 0 || len(customers) > 0 && customers[0].ID < prospects[0].ID {
			c := customers[0]
			all = append(all, here{c.ID, c.Name, c.Owner, 3*c.Column + int(c.State), c.Revenue})
			customers = customers[1:]
			continue
		}
		p := prospects[0]
		all = append(all, here{p.ID, p.Name, p.Owner, 3 * len(g.Columns), 0})
		prospects = prospects[1:]
	}
	return all
}

// join lists everybody of the two grids as last known.
func (t *TransitionResult) join() {
	nowhere := len(t.Places)
	start, end := t.heres(t.Start), t.heres(t.End)
	t.Moves = make([]Move, 0, max(len(start), len(end)))
	for len(start)+len(end) > 0 {
		m := Move{From: nowhere, To: nowhere}
		was := len(start) > 0 && (len(end) == 0 || start[0].id <= end[0].id)
		is := len(end) > 0 && (len(start) == 0 || end[0].id <= start[0].id)
		if was {
			s := start[0]
			m.ID, m.Name, m.Owner, m.From, m.Start = s.id, s.name, s.owner, s.place, s.revenue
			start = start[1:]
		}
		if is {
			e := end[0]
			m.ID, m.Name, m.Owner, m.To, m.End = e.id, e.name, e.owner, e.place, e.revenue
			end = end[1:]
		}
		t.Moves = append(t.Moves, m)
	}
}

// sum fills in the cells and the totals.
func (t *TransitionResult) sum() {
	n := len(t.Places) + 1
	t.RowTotals, t.ColumnTotals = make([]Transition, n), make([]Transition, n)
	for range n {
		t.Cells = append(t.Cells, make([]Transition, n))
	}
	for _, m := range t.Moves {
		for _, c := range []*Transition{&t.Cells[m.From][m.To], &t.RowTotals[m.From], &t.ColumnTotals[m.To], &t.Total} {
			c.Customers++
			c.Start += m.Start
			c.End += m.End
		}
	}
}

// Cell returns those who were at one place and are at another.
func (t *TransitionResult) Cell(from, to Place) Transition {
	return t.Cells[slices.Index(t.Places, from)][slices.Index(t.Places, to)]
}

// Entered returns those who had no place and are at to.
func (t *TransitionResult) Entered(to Place) Transition {
	return t.Cells[len(t.Places)][slices.Index(t.Places, to)]
}

// Left returns those who were at from and have no place.
func (t *TransitionResult) Left(from Place) Transition {
	return t.Cells[slices.Index(t.Places, from)][len(t.Places)]
}
