package segments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// GridOptions says how customers are sorted by behaviour.
type GridOptions struct {
	// Scope is the money counted; the zero Scope is the whole export. Purchases
	// and days are of the whole history up to Scope.AsOf, whatever Scope.From. A
	// filter keeps the customers who have any deal that matches it.
	Scope orders.Scope

	// Columns sort by the number of purchases, ascending. Nil: [DefaultGrid].
	Columns []GridColumn

	// Prospects are known to the CRM, by the ids that its orders have, bought or
	// not. Who is in no order up to Scope.AsOf is a row of the grid of its own.
	Prospects []Prospect
}

// GridColumn is a class of customers by their number of purchases, from
// Purchases to what the next column begins with, and what time means to it.
type GridColumn struct {
	Name      string
	Purchases int64 // least; the first column's is 1

	Falling int // days since the last purchase from which a customer is falling asleep
	Asleep  int // days since the last purchase after which a customer is asleep, ≥ Falling
}

// DefaultGrid returns the columns new (1 purchase), promising (2–7) and loyal
// (more than 7); in all of them a customer is active for less than 30 days
// since the last purchase, asleep after more than 50 and falling asleep between.
// Source: 1C:Управление торговлей 11, report «Повторные продажи».
func DefaultGrid() []GridColumn {
	return []GridColumn{
		{Name: "new", Purchases: 1, Falling: 30, Asleep: 50},
		{Name: "promising", Purchases: 2, Falling: 30, Asleep: 50},
		{Name: "loyal", Purchases: 8, Falling: 30, Asleep: 50},
	}
}

// State is a row of the grid: how long ago the latest purchase was.
type State uint8

// The states.
const (
	Active State = iota
	FallingAsleep
	Asleep
	NeverBought // a prospect: in no column
)

var stateNames = [...]string{"active", "falling_asleep", "asleep", "never_bought"}

// String returns "active", "falling_asleep", "asleep" or "never_bought".
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// MarshalText writes s as [State.String] does.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// GridResult is the behaviour grid as of a day. Every customer with a purchase
// is in exactly one cell: customers and money of the cells add up to Customers
// and Revenue, and Revenue + WithoutRevenue is the money of the scope.
type GridResult struct {
	Scope    orders.Scope // as resolved
	AsOf     orders.Date
	Currency string // "" if the export does not say
	Columns  []GridColumn

	Cells [][3]GridCell // [column][State]

	Customers int64 // with a purchase
	Revenue   orders.Amount

	Without        int64         // customers without a purchase: free goods, or returns of what was bought before the export begins
	WithoutRevenue orders.Amount // their money

	// Prospects are those given who are known by AsOf and in no order up to then,
	// whatever the filter, each id once (the first given), ascending by ID.
	Prospects []Prospect

	// AverageDeal is the mean revenue of a purchase in the 12 months up to AsOf
	// (in the scope's filter), rounded to kopecks; unknown without one.
	AverageDeal orders.NullAmount

	Assigned []GridCustomer // each customer with a purchase, ascending by ID
}

// GridCell is one cell of the grid.
type GridCell struct {
	Customers     int64
	Purchases     int64 // up to as-of
	Revenue       orders.Amount
	CustomerShare float64 // of all customers with a purchase, 0…1; NaN without any
	RevenueShare  float64 // of their revenue, 0…1 for ordinary sales; NaN unless that is positive

	// Potential is what waking the cell would bring: Customers × AverageDeal.
	// Unknown for the states in which nobody sleeps, and without an AverageDeal.
	Potential orders.NullAmount
}

// GridCustomer is one customer's place in the grid.
type GridCustomer struct {
	ID, Name      string
	Owner         string // salesperson of the latest purchase
	Purchases     int64  // up to as-of
	LastDay       orders.Date
	DaysSinceLast int
	Revenue       orders.Amount // in the scope
	Column        int           // index into Columns
	State         State
}

// Grid sorts the customers by how many purchases they made and how many days
// ago the latest was. An export without purchases gives cells of zeros.
//
// It returns [orders.ErrOptions] (wrapped) for columns that do not ascend from
// 1 purchase or whose days do not, for a prospect without an id and for a scope
// that ends before it begins,
// [orders.ErrRange] (wrapped) for a potential beyond an Amount,
// [orders.ErrPrecision] (wrapped) for an export without days, and the errors of f.
func Grid(ctx context.Context, f orders.Facts, o GridOptions) (*GridResult, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	control, scope, err := dated(ctx, f, o.Scope)
	if err != nil {
		return nil, err
	}
	o.Scope = scope
	return grid(ctx, f, control, o)
}

// withDefaults returns o with columns and prospects of its own, the latter by id.
func (o GridOptions) withDefaults() (GridOptions, error) {
	o.Columns = slices.Clone(o.Columns)
	if o.Columns == nil {
		o.Columns = DefaultGrid()
	}
	var err error
	if o.Prospects, err = distinctProspects(o.Prospects); err != nil {
		return o, err
	}
	return o, checkColumns(o.Columns)
}

// grid returns the grid of options that are filled in.
func grid(ctx context.Context, f orders.Facts, control orders.Control, o GridOptions) (*GridResult, error) {
	g := &GridResult{Scope: o.Scope, AsOf: o.Scope.AsOf, Currency: control.Currency, Columns: o.Columns, Cells: make([][3]GridCell, len(o.Columns))}
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: o.Scope, NoRhythm: true}) {
		if err != nil {
			return nil, err
		}
		g.add(c)
	}
	var err error
	if g.Prospects, err = prospects(ctx, f, o.Scope.AsOf, o.Prospects); err != nil {
		return nil, err
	}
	if g.AverageDeal, err = averageDeal(ctx, f, lastYear(o.Scope)); err != nil {
		return nil, err
	}
	return g, g.close()
}

// Cell returns the cell of a column, by its index, and a state but [NeverBought].
func (g *GridResult) Cell(column int, s State) GridCell { return g.Cells[column][s] }

func checkColumns(columns []GridColumn) error {
	if len(columns) == 0 {
		return fmt.Errorf("segments: %w: Columns are empty", orders.ErrOptions)
	}
	least := int64(1)
	for i, c := range columns {
		switch {
		case i == 0 && c.Purchases != 1:
			return fmt.Errorf("segments: %w: Columns[0].Purchases = %d: the first column begins with 1", orders.ErrOptions, c.Purchases)
		case c.Purchases < least:
			return fmt.Errorf("segments: %w: Columns[%d].Purchases = %d: not more than the column before", orders.ErrOptions, i, c.Purchases)
		case c.Falling < 0:
			return fmt.Errorf("segments: %w: Columns[%d].Falling = %d", orders.ErrOptions, i, c.Falling)
		case c.Asleep < c.Falling:
			return fmt.Errorf("segments: %w: Columns[%d].Asleep = %d: less than Falling = %d", orders.ErrOptions, i, c.Asleep, c.Falling)
		}
		least = c.Purchases + 1
	}
	return nil
}

// column returns the index of the column of a customer with so many purchases.
func (g *GridResult) column(purchases int64) int {
	i := len(g.Columns) - 1
	for i > 0 && g.Columns[i].Purchases > purchases {
		i--
	}
	return i
}

// state returns the state of a customer of the column so many days after the
// latest purchase.
func (c GridColumn) state(days int) State {
	switch {
	case days < c.Falling:
		return Active
	case days <= c.Asleep:
		return FallingAsleep
	}
	return Asleep
}

// add puts a customer into a cell.
func (g *GridResult) add(c orders.Customer) {
	revenue := c.Sides.Total().Revenue
	if c.Purchases == 0 {
		g.Without++
		g.WithoutRevenue += revenue
		return
	}
	a := GridCustomer{
		ID: strings.Clone(c.ID), Name: strings.Clone(c.Name), Owner: strings.Clone(c.Owner),
		Purchases: c.Purchases, LastDay: c.LastDay, DaysSinceLast: int(g.AsOf - c.LastDay),
		Revenue: revenue, Column: g.column(c.Purchases),
	}
	a.State = g.Columns[a.Column].state(a.DaysSinceLast)
	g.Assigned = append(g.Assigned, a)
	cell := &g.Cells[a.Column][a.State]
	cell.Customers++
	cell.Purchases += a.Purchases
	cell.Revenue += revenue
	g.Customers++
	g.Revenue += revenue
}

// close computes what needs the totals.
func (g *GridResult) close() error {
	for i := range g.Cells {
		for s := range g.Cells[i] {
			cell := &g.Cells[i][s]
			cell.CustomerShare = share(float64(cell.Customers), float64(g.Customers))
			cell.RevenueShare = share(float64(cell.Revenue), float64(g.Revenue))
			if State(s) != Asleep || !g.AverageDeal.Known {
				continue
			}
			potential, _, err := g.AverageDeal.Amount.MulDiv(cell.Customers, 1)
			if err != nil {
				return fmt.Errorf("segments: potential of %s %s: %w", State(s), g.Columns[i].Name, err)
			}
			cell.Potential = orders.Known(potential)
		}
	}
	return nil
}

// share returns a ÷ b; NaN unless b is positive.
func share(a, b float64) float64 {
	if b <= 0 {
		return math.NaN()
	}
	return a / b
}
