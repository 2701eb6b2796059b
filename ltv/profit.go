package ltv

import (
	"context"
	"fmt"

	"github.com/repeatsales/repeatsales/orders"
)

// ProfitOptions says what a profit table is about.
type ProfitOptions struct {
	Scope orders.Scope // the zero Scope is the whole export
	Costs orders.Costs // the zero Costs adds nothing to what the export knows

	// Spend is what was spent on winning customers, charged by [Acquire] to those
	// won in the period and channel, instead of Costs.CostPerLead ÷ Conversion;
	// giving both is an error. Scope may then choose customers and owners only.
	Spend      []Spend
	SpendGrain orders.Grain // of the periods in which spend meets new customers. NoGrain: Month

	// MaxNumber is the last purchase number that [Profit.ByNumber] shows by
	// itself; what comes later is one point more. 0: 24.
	MaxNumber int

	// AgeDays is the width in days of the ages of [Profit.ByAge]. 0: 30.
	AgeDays int
}

// Origin says where the figures on a line come from.
type Origin uint8

// The origins.
const (
	None       Origin = iota // neither the export nor an assumption has anything
	Data                     // the export, or what was spent ([Spend])
	Assumption               // [orders.Costs]
)

var originNames = [...]string{"none", "data", "assumption"}

// String returns "none", "data" or "assumption".
func (o Origin) String() string {
	if int(o) < len(originNames) {
		return originNames[o]
	}
	return fmt.Sprintf("Origin(%d)", uint8(o))
}

// MarshalText writes o as [Origin.String] does.
func (o Origin) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Columns are a profit table: one column for each side of the business and
// their total. On every line but the last two the four sides add up to the
// total exactly. They do on the line of the profit where the profit of every
// side is known; the total charges the costs of a side whose profit is unknown
// too. Every column by itself adds up as the package documentation says.
type Columns struct {
	First     Column
	Repeat    Column
	Unknown   Column // first purchases of what may be old customers: no acquisition; bonus and errors of a repeat purchase
	Unmatched Column // money of no known purchase: nothing that is charged per purchase
	Total     Column
}

// Side returns the column of side s.
func (c *Columns) Side(s orders.Side) Column { return *c.side(s) }

func (c *Columns) side(s orders.Side) *Column {
	switch s {
	case orders.First:
		return &c.First
	case orders.Repeat:
		return &c.Repeat
	case orders.Unknown:
		return &c.Unknown
	}
	return &c.Unmatched
}

// add sets the total to the sum of the sides.
func (c *Columns) add() {
	c.Total = Column{}.closed()
	for side := orders.First; side <= orders.Unmatched; side++ {
		c.Total = c.Total.plus(*c.side(side))
	}
}

// Profit is the table of first and repeat purchases side by side.
// [Column.PerPurchase] gives the same per purchase.
type Profit struct {
	Scope      orders.Scope // with From and AsOf filled in; zero in a table from assumptions alone
	From, AsOf orders.Date  // of Scope
	Currency   string       // "" if the export does not say
	WhatIf     bool         // from assumptions alone: one first and one repeat purchase

	Costs       orders.Costs      // the assumptions
	Won         *AcquisitionTable // whose spend is charged; nil without [ProfitOptions].Spend
	Acquisition orders.Amount     // cost of winning one customer: by the assumptions, or the spend charged ÷ new customers

	Columns

	Export  orders.Sides  // the export's own sums in the scope, before any assumption
	Outside orders.Amount // revenue of identified customers that the scope leaves out: with Export's it is the control total

	ByNumber Payback // by purchase number, from data; empty in a what-if table
	ByAge    Payback // by days since the first purchase, from data; empty in a what-if table

	Origins [len(lineNames)]Origin // by [Line]: where its figures come from
}

// DealProfit returns the profit of first and of repeat purchases over the
// whole export; see [DealProfitWith].
func DealProfit(ctx context.Context, f orders.Facts, c orders.Costs) (*Profit, error) {
	return DealProfitWith(ctx, f, ProfitOptions{Costs: c})
}

// DealProfitWith returns the profit of first and of repeat purchases over a
// scope, and when the customers acquired in it paid back what winning them cost.
//
// An assumption about revenue, cost of goods or direct cost is multiplied by
// the purchases of each side and replaces the export's figure. An assumed
// revenue beside the export's cost of goods has a known cost in the proportion
// in which the export's revenue has; if returns leave no such proportion, an
// unknown one. The cost of winning a customer is charged to first purchases
// only. The overhead pool is shared out over the four sides in kopecks by the
// largest remainder. An empty scope gives columns of zeros.
//
// It returns [orders.ErrOptions] (wrapped) for a field out of its domain,
// [orders.ErrRange] (wrapped) if an assumption times its purchases is no
// [orders.Amount], and the errors of f.
func DealProfitWith(ctx context.Context, f orders.Facts, o ProfitOptions) (*Profit, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	c, scope, control, err := open(ctx, f, o.Scope, o.Costs)
	if err != nil {
		return nil, err
	}
	p := &Profit{Scope: scope, From: scope.From, AsOf: scope.AsOf, Currency: control.Currency}
	if p.Won, err = c.spendOn(ctx, f, scope, o.Spend, o.SpendGrain); err != nil {
		return nil, err
	}
	if p.Export, err = exported(ctx, f, scope); err != nil {
		return nil, err
	}
	p.Outside = control.Identified - p.Export.Total().Revenue
	pools := c.pools(p.Export)
	if err := p.fill(c, p.Export, pools); err != nil {
		return nil, err
	}
	if !p.First.Profit.Known || !p.Repeat.Profit.Known || !wholeCustomers(scope) {
		return p, nil
	}
	s := newPayer(c, control, scope, p.Export, pools)
	if p.ByNumber, err = s.byNumber(ctx, f, o.MaxNumber); err != nil {
		return nil, err
	}
	if s.finest != orders.Day {
		return p, nil
	}
	if p.ByAge, err = s.byAge(ctx, f, o.AgeDays); err != nil {
		return nil, err
	}
	return p, nil
}

// open checks assumptions and fills in a scope.
func open(ctx context.Context, f orders.Facts, s orders.Scope, costs orders.Costs) (c charges, scope orders.Scope, control orders.Control, err error) {
	if c, err = newCharges(costs); err != nil {
		return
	}
	if control, err = f.Control(ctx); err != nil {
		return
	}
	if scope, err = s.Within(control); err != nil {
		err = fmt.Errorf("ltv: %w", err)
	}
	return
}

// exported returns the sums of a scope.
func exported(ctx context.Context, f orders.Facts, s orders.Scope) (sides orders.Sides, err error) {
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: s})
	for _, flow := range flows {
		sides = sides.Plus(flow.Sides)
	}
	return sides, err
}

// WhatIf returns the profit of one first and one repeat purchase from
// assumptions alone. Without an assumed cost of goods the profit is unknown: a
// business without any says so with a known 0.
//
// It returns [orders.ErrOptions] (wrapped) if no revenue is assumed, if there
// is an overhead pool (which needs an export to be shared out over) or if a
// field is out of its domain, and [orders.ErrRange] (wrapped) for an
// assumption too large to calculate with.
func WhatIf(c orders.Costs) (*Profit, error) {
	switch {
	case !c.Revenue.Known:
		return nil, fmt.Errorf("ltv: %w: Revenue is needed where there is no export", orders.ErrOptions)
	case c.OverheadPool != 0:
		return nil, fmt.Errorf("ltv: %w: OverheadPool = %s: a pool needs an export to be shared out over; give Overhead", orders.ErrOptions, c.OverheadPool)
	}
	checked, err := newCharges(c)
	if err != nil {
		return nil, err
	}
	one := orders.Tally{Purchases: 1, Deals: 1, Revenue: c.Revenue.Amount} // nothing of it with a known cost
	p := &Profit{WhatIf: true}
	return p, p.fill(checked, orders.Sides{First: one, Repeat: one}, make([]orders.Amount, 4))
}

// fill computes the columns and the origins of their lines.
func (p *Profit) fill(c charges, sides orders.Sides, pools []orders.Amount) error {
	p.Costs, p.Acquisition = c.Costs, c.acquisition
	if t := p.Won; t != nil && t.Total.New > 0 {
		p.Acquisition, _, _ = t.Total.Charged.MulDiv(1, t.Total.New) // no more than Charged: no error
	}
	for side := orders.First; side <= orders.Unmatched; side++ {
		var err error
		if *p.side(side), err = c.column(side, *sides.Of(side), pools[side], c.spent); err != nil {
			return err
		}
	}
	p.add()
	p.setOrigins(sides.Total())
	return nil
}

// setOrigins marks each line. What only an assumption can give is an
// assumption or nothing; a profit is one as soon as any part of it is.
func (p *Profit) setOrigins(t orders.Tally) {
	c := p.Costs
	given := func(l Line, assumed, data bool) {
		switch {
		case assumed:
			p.Origins[l] = Assumption
		case data && !p.WhatIf:
			p.Origins[l] = Data
		}
	}
	given(Revenue, c.Revenue.Known, t.Lines > 0)
	given(COGS, c.COGS.Known, t.Costed != 0 || t.COGS != 0)
	given(Overhead, c.Overhead != 0 || c.OverheadPool != 0, false)
	given(Acquisition, c.CostPerLead != 0, p.Won != nil)
	given(Bonus, c.BonusFirst != orders.Rate{} || c.BonusRepeat != orders.Rate{}, false)
	given(Errors, c.ErrorsFirst != 0 || c.ErrorsRepeat != 0, false)
	given(Direct, c.Direct.Known, t.Direct != 0)
	p.Origins[RevenueWithoutCost] = p.Origins[Revenue]
	if !p.Total.Profit.Known {
		return
	}
	for _, o := range p.Origins[:NetProfit] {
		p.Origins[NetProfit] = max(p.Origins[NetProfit], o)
	}
	p.Origins[Margin] = p.Origins[NetProfit]
}

func (o ProfitOptions) withDefaults() (ProfitOptions, error) {
	switch {
	case o.MaxNumber < 0:
		return o, fmt.Errorf("ltv: %w: MaxNumber = %d", orders.ErrOptions, o.MaxNumber)
	case o.AgeDays < 0:
		return o, fmt.Errorf("ltv: %w: AgeDays = %d", orders.ErrOptions, o.AgeDays)
	}
	if o.MaxNumber == 0 {
		o.MaxNumber = 24
	}
	if o.AgeDays == 0 {
		o.AgeDays = 30
	}
	return o, nil
}
