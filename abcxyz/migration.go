package abcxyz

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/repeatsales/repeatsales/orders"
)

// MigrationOptions says between which two rankings [Migrate] follows the items.
// The zero MigrationOptions compares the second half of the export with the
// first, under the default [Options].
//
// A ranking looks back over Days days, its own day included. Over all of the
// export up to a day nobody could ever leave.
type MigrationOptions struct {
	// Ranking is how both days rank. Its Scope.AsOf is the default of End, its
	// Scope.From the first day that either looks back to.
	Ranking Options

	Start, End orders.Date // as-of days; 0: the middle of the scope, and its last day
	Days       int         // how far back each looks; 0: from one day to the other, so that they share none
}

// Migration is the answer of [Migrate]: from which class to which class the
// items moved.
type Migration struct {
	Options MigrationOptions // as resolved

	Start, End *Ranking

	// Items are those of either ranking: first those of End, by their rank there,
	// then those that left, by their rank in Start.
	Items []MigrationItem

	ABC Transitions[ABC]
	XYZ Transitions[XYZ]

	Warnings []orders.Warning // of the two rankings together; theirs are in themselves
}

// MigrationItem is an item of one or both rankings.
type MigrationItem struct {
	Start, End *Item // nil: not there
}

// Item returns the item as it is last known.
func (i MigrationItem) Item() *Item { return cmp.Or(i.End, i.Start) }

// Transitions count items and money by class at the start and at the end. Each
// item is in exactly one cell. A row adds up to its class at the start, in
// number and in Start money, a column to its class at the end, in number and in
// End money.
type Transitions[C ABC | XYZ] struct {
	Classes []C // of the rows and of the columns, as in [Matrix]

	// Cells are by class at the start, then by class at the end. One more row is
	// of the items that entered, one more column of those that left; where they
	// meet there is nothing.
	Cells [][]Transition

	RowTotals, ColumnTotals []Transition // one for each row and column of Cells
	Total                   Transition
}

// Transition is the items that moved in one way.
type Transition struct {
	Items      int
	Start, End orders.Amount // what they brought at the start and at the end; 0 where they were not there
}

// WarnShortWindow: the export, or the scope, begins after the day to which the
// ranking at the start should look back, so that its sums are of fewer days.
// Count is how many are missing.
const WarnShortWindow = "migration_short_window"

// Migrate returns how the classes of the items at End differ from those at
// Start: two rankings of one kind as of two days, each over Days days back, and
// where each item stood in them. An item without a deal in the days of a ranking
// is not in it: it entered, or it left.
//
// XYZ under Gaps is of the whole history up to each day, as in [Rank].
//
// An empty history gives a Migration without items. Errors: an invalid option
// (wraps orders.ErrOptions), and those of f.
func Migrate(ctx context.Context, f orders.Facts, o MigrationOptions) (*Migration, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	scope, err := o.Ranking.Scope.Within(control)
	if err != nil {
		return nil, fmt.Errorf("abcxyz: %w", err)
	}
	if o, err = o.resolve(scope); err != nil {
		return nil, err
	}
	m := &Migration{}
	var start, end error
	var group sync.WaitGroup
	group.Go(func() { m.Start, start = Rank(ctx, f, o.asOf(scope, o.Start)) })
	m.End, end = Rank(ctx, f, o.asOf(scope, o.End))
	group.Wait()
	if err := cmp.Or(start, end); err != nil {
		return nil, err
	}
	o.Ranking = m.End.Options
	o.Ranking.Scope = scope
	m.Options = o
	m.join()
	rows := m.End.Matrix()
	m.ABC = transitions(m.Items, rows.Rows, func(i *Item) ABC { return i.ABC })
	m.XYZ = transitions(m.Items, rows.Columns, func(i *Item) XYZ { return i.XYZ })
	if missing := min(o.Days, int(scope.From-o.Start)+o.Days-1); missing > 0 && len(m.Items) > 0 {
		m.Warnings = append(m.Warnings, orders.Warning{Code: WarnShortWindow, Count: int64(missing), Text: fmt.Sprintf(
			"as of %s the ranking should look back over %d days, but %d of them are before the first day, %s", o.Start, o.Days, missing, scope.From)})
	}
	return m, nil
}

// resolve returns o with its days filled in, or an error that names the field
// out of its domain.
func (o MigrationOptions) resolve(scope orders.Scope) (MigrationOptions, error) {
	o.End = cmp.Or(o.End, scope.AsOf)
	half := max(1, (int(o.End-scope.From)+1)/2)
	o.Start = cmp.Or(o.Start, o.End-orders.Date(half))
	o.Days = cmp.Or(o.Days, int(o.End-o.Start))
	switch {
	case o.End > scope.AsOf:
		return o, invalid("End", o.End, "a day up to "+scope.AsOf.String())
	case o.Start >= o.End:
		return o, invalid("Start", o.Start, "a day before "+o.End.String())
	case o.Days < 0 || o.Days > math.MaxInt32:
		return o, invalid("Days", o.Days, "1 or more")
	}
	return o, nil
}

// asOf returns the options of the ranking as of a day of the scope.
func (o MigrationOptions) asOf(scope orders.Scope, day orders.Date) Options {
	r := o.Ranking
	if r.Scope = scope; scope.AsOf == 0 { // an empty history
		return r
	}
	r.Scope.AsOf = day
	// A day before the scope leaves nothing to look back to: the ranking is empty.
	r.Scope.From = min(day, max(scope.From, day-orders.Date(o.Days)+1))
	return r
}

// join lists the items of both rankings.
func (m *Migration) join() {
	at := make(map[string]int, len(m.Start.Items))
	for i := range m.Start.Items {
		at[m.Start.Items[i].ID] = i
	}
	there := make([]bool, len(m.Start.Items))
	for i := range m.End.Items {
		item := MigrationItem{End: &m.End.Items[i]}
		if k, ok := at[item.End.ID]; ok {
			item.Start, there[k] = &m.Start.Items[k], true
		}
		m.Items = append(m.Items, item)
	}
	for i, stayed := range there {
		if !stayed {
			m.Items = append(m.Items, MigrationItem{Start: &m.Start.Items[i]})
		}
	}
}

// transitions counts the items by the class that they had and have.
func transitions[C ABC | XYZ](items []MigrationItem, classes []C, class func(*Item) C) Transitions[C] {
	n := len(classes) + 1
	t := Transitions[C]{Classes: classes, Cells: make([][]Transition, n), RowTotals: make([]Transition, n), ColumnTotals: make([]Transition, n)}
	for i := range t.Cells {
		t.Cells[i] = make([]Transition, n)
	}
	place := func(i *Item) (at int, value orders.Amount) {
		if i == nil {
			return n - 1, 0
		}
		return slices.Index(classes, class(i)), i.Value
	}
	for _, item := range items {
		row, start := place(item.Start)
		column, end := place(item.End)
		for _, c := range []*Transition{&t.Cells[row][column], &t.RowTotals[row], &t.ColumnTotals[column], &t.Total} {
			c.Items++
			c.Start += start
			c.End += end
		}
	}
	return t
}

// Cell returns the items that were of one class and are of another.
func (t Transitions[C]) Cell(from, to C) Transition {
	return t.Cells[slices.Index(t.Classes, from)][slices.Index(t.Classes, to)]
}

// Entered returns the items that were not there and are of class to.
func (t Transitions[C]) Entered(to C) Transition {
	return t.Cells[len(t.Classes)][slices.Index(t.Classes, to)]
}

// Left returns the items that were of class from and are not there.
func (t Transitions[C]) Left(from C) Transition {
	return t.Cells[slices.Index(t.Classes, from)][len(t.Classes)]
}
