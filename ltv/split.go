package ltv

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// SplitOptions says by what the profit table is taken apart.
type SplitOptions struct {
	Scope      orders.Scope // the zero Scope is the whole export
	Costs      orders.Costs // as in [ProfitOptions]
	Spend      []Spend      // as in [ProfitOptions]
	SpendGrain orders.Grain // as in [ProfitOptions]

	// By is what makes a row: a dimension of package orders, or [ByCohort]. "":
	// BySalesperson.
	By     orders.Dimension
	Cohort orders.Grain // of the cohorts. NoGrain: Month
}

// ProfitSplit is a profit table by salesperson, channel, product group, cohort
// or another dimension: every row is a profit table of its own.
type ProfitSplit struct {
	Scope    orders.Scope // with From and AsOf filled in
	Currency string       // "" if the export does not say
	Costs    orders.Costs
	Won      *AcquisitionTable // whose spend is charged; nil without any
	By       orders.Dimension
	Cohort   orders.Grain // with ByCohort

	Rows    []SplitRow    // ascending by cohort, "earlier" first, or by key
	Total   Columns       // the profit table: what the rows add up to, purchases aside
	Outside orders.Amount // revenue of identified customers that the scope leaves out
}

// SplitRow is one row of a [ProfitSplit].
type SplitRow struct {
	Cohort    orders.Period // with ByCohort; zero: customers who came, or may have come, before the export begins
	Key       string        // otherwise, as the export writes it; "": none
	Customers int64         // distinct, with a purchase in the row
	Role      Role          // of the salesperson; "" in other splits, and without any sales
	Columns                 // Purchases are those with a deal, or a line, in the row: several rows may have one
}

// Role is what a salesperson's own sales make of them.
type Role string

// The roles. Money from first deals is hunters', money from repeat deals farmers'.
const (
	Hunter Role = "hunter" // the first deals' part of their revenue is above that of all sales
	Farmer Role = "farmer" // it is not
)

// role returns the role of who sold a row, compared exactly: first ÷ repeat
// of the row against first ÷ repeat of the whole. Returns do not count.
func role(row, whole *Columns) Role {
	part := func(c Column) uint64 { return uint64(max(0, c.Revenue)) }
	first, repeat := part(row.First), part(row.Repeat)
	if first == 0 && repeat == 0 {
		return ""
	}
	h1, l1 := bits.Mul64(first, part(whole.Repeat))
	h2, l2 := bits.Mul64(repeat, part(whole.First))
	if h1 > h2 || h1 == h2 && l1 > l2 {
		return Hunter
	}
	return Farmer
}

// SplitProfit returns the profit table by what its deals or customers belong
// to. Every line of every side adds up over the rows to that of the table, to
// the last digit; a scope without deals has no rows.
//
// Revenue, cost of goods and direct cost of the export are each row's own.
// What is charged per purchase is shared out over the rows by their purchases;
// where several rows share a purchase (two salespersons on one day, several
// groups in one order) in kopecks by the largest remainder. An overhead pool is
// shared out by Costs.OverheadBy likewise. A percentage is of the row's revenue,
// rounded to four places on the running sum of the rows. Winning a customer is
// charged to the salesperson, the channel and the cohort of their first
// purchase, and to product groups by their purchases. An assumed revenue
// beside the export's cost of goods has a known cost in the proportion of its side.
//
// It returns [orders.ErrOptions] (wrapped) for a field out of its domain,
// [orders.ErrRange] (wrapped) if an assumption times its purchases is no
// [orders.Amount], and the errors of f.
func SplitProfit(ctx context.Context, f orders.Facts, o SplitOptions) (*ProfitSplit, error) {
	if o.Cohort > orders.Year {
		return nil, fmt.Errorf("ltv: %w: Cohort = %s", orders.ErrOptions, o.Cohort)
	}
	c, scope, control, err := open(ctx, f, o.Scope, o.Costs)
	if err != nil {
		return nil, err
	}
	p := &ProfitSplit{Scope: scope, Currency: control.Currency, Costs: o.Costs, By: cmp.Or(o.By, orders.BySalesperson)}
	if p.By == ByCohort {
		p.Cohort = cmp.Or(o.Cohort, orders.Month)
	}
	if p.Won, err = c.spendOn(ctx, f, scope, o.Spend, o.SpendGrain); err != nil {
		return nil, err
	}
	table := &Profit{Won: p.Won}
	if table.Export, err = exported(ctx, f, scope); err != nil {
		return nil, err
	}
	pools := c.pools(table.Export)
	if err := table.fill(c, table.Export, pools); err != nil {
		return nil, err
	}
	p.Total, p.Outside = table.Columns, control.Identified-table.Export.Total().Revenue
	query := orders.FlowQuery{Scope: scope, Cohort: p.Cohort}
	if p.By != ByCohort {
		query.Split = p.By
	}
	flows, err := f.Flows(ctx, query)
	if err != nil {
		return nil, err
	}
	for _, flow := range flows {
		p.Rows = append(p.Rows, SplitRow{Cohort: flow.Cohort, Key: strings.Clone(flow.Split), Customers: flow.Customers})
	}
	won, err := p.winners(ctx, f, c)
	if err != nil {
		return nil, err
	}
	for side := orders.First; side <= orders.Unmatched; side++ {
		s := spreading{charges: c, side: side, whole: *table.side(side), export: *table.Export.Of(side)}
		for i := range flows {
			s.rows = append(s.rows, *flows[i].Sides.Of(side))
		}
		columns, err := s.columns(pools[side], won)
		if err != nil {
			return nil, err
		}
		for i := range p.Rows {
			*p.Rows[i].side(side) = columns[i]
		}
	}
	for i := range p.Rows {
		p.Rows[i].add()
		if p.By == orders.BySalesperson {
			p.Rows[i].Role = role(&p.Rows[i].Columns, &p.Total)
		}
	}
	return p, nil
}

// winners returns what was charged for the customers whom each row won; nil
// where customers are won by no row in particular, or the scope tells only
// some of their deals.
func (p *ProfitSplit) winners(ctx context.Context, f orders.Facts, c charges) ([]orders.Amount, error) {
	if !wholeCustomers(p.Scope) || c.acquisition == 0 && p.Won == nil {
		return nil, nil
	}
	type key struct {
		cohort orders.Period
		id     string
	}
	of := map[orders.Dimension]func(orders.Customer) key{
		ByCohort:             func(c orders.Customer) key { return key{cohort: p.Cohort.Of(c.FirstDay)} },
		orders.ByChannel:     func(c orders.Customer) key { return key{id: c.Channel} },
		orders.BySalesperson: func(c orders.Customer) key { return key{id: c.FirstOwner} },
		orders.ByOwner:       func(c orders.Customer) key { return key{id: c.Owner} },
	}[p.By]
	if of == nil {
		return nil, nil
	}
	rows := make(map[key]int, len(p.Rows))
	for i, r := range p.Rows {
		rows[key{r.Cohort, r.Key}] = i
	}
	owed := (*bill)(nil)
	if p.Won != nil {
		owed = newBill(p.Won)
	}
	won := make([]orders.Amount, len(p.Rows))
	for customer, err := range f.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: p.Scope.AsOf, Where: p.Scope.Where}, NoRhythm: true}) {
		if err != nil {
			return nil, err
		}
		if !newcomer(customer, p.Scope) {
			continue
		}
		i, ok := rows[of(customer)]
		switch {
		case !ok:
			return nil, fmt.Errorf("ltv: the first purchase of customer %q is in no row", customer.ID)
		case owed != nil:
			won[i] += owed.of(customer)
		default:
			won[i] += c.acquisition
		}
	}
	return won, nil
}

// spreading takes one side of a profit table apart.
type spreading struct {
	charges
	side   orders.Side
	whole  Column
	export orders.Tally   // of the whole
	rows   []orders.Tally // of the export
}

// columns returns the column of each row.
func (s spreading) columns(pool orders.Amount, won []orders.Amount) ([]Column, error) {
	columns := make([]Column, len(s.rows))
	overhead := s.split(pool, s.rows)
	perPurchase := s.spread(s.whole.Overhead - pool)
	mistakes := s.spread(s.whole.Errors)
	switch {
	case won != nil && s.side == orders.First: // the customers say whose
	case s.spent != 0:
		won = s.whole.Acquisition.Split(0, s.purchases())
	default:
		won = s.spread(s.whole.Acquisition)
	}
	for i, t := range s.rows {
		columns[i] = Column{
			Purchases: t.Purchases, Revenue: t.Revenue, RevenueWithoutCost: t.Revenue - t.Costed, Direct: t.Direct,
			Overhead: overhead[i] + perPurchase[i], Acquisition: won[i], Errors: mistakes[i],
			costed: t.Costed != 0 || t.COGS != 0,
		}
		columns[i].COGS.Amount = t.COGS
	}
	s.assumed(columns)
	err := s.bonuses(columns)
	for i := range columns {
		columns[i] = columns[i].closed()
	}
	return columns, err
}

// assumed puts assumptions in the place of what the export has.
func (s spreading) assumed(columns []Column) {
	if s.Revenue.Known {
		revenue := s.spread(s.whole.Revenue)
		var sum, done orders.Amount
		for i := range columns {
			c := &columns[i]
			c.Revenue = revenue[i]
			sum += c.Revenue
			without, _, _ := sum.MulDiv(int64(s.whole.RevenueWithoutCost), int64(s.whole.Revenue)) // 0 without revenue
			c.RevenueWithoutCost, done = without-done, without
			if !s.whole.costed { // returns leave no proportion: the export's costs say nothing
				c.COGS.Amount, c.costed = 0, false
			}
		}
	}
	if s.COGS.Known {
		for i, v := range s.spread(s.whole.COGS.Amount) {
			columns[i].COGS.Amount, columns[i].RevenueWithoutCost = v, 0
		}
	}
	if s.Direct.Known {
		for i, v := range s.spread(s.whole.Direct) {
			columns[i].Direct = v
		}
	}
}

// bonuses charges the salesperson's bonus.
func (s spreading) bonuses(columns []Column) error {
	r := s.BonusRepeat
	if s.side == orders.First {
		r = s.BonusFirst
	}
	var e checked
	fixed := s.spread(e.times(r.Amount, s.export.Purchases))
	var revenue, done orders.Amount
	for i := range columns {
		c := &columns[i]
		revenue += c.Revenue
		bonus := e.rate(orders.Rate{Percent: r.Percent}, 0, revenue)
		c.Bonus, done = fixed[i]+bonus-done, bonus
	}
	return e.err
}

// spread shares what is charged per purchase out over the rows: to each its
// own purchases' where no two rows share one, else in kopecks by the largest remainder.
func (s spreading) spread(total orders.Amount) []orders.Amount {
	weights := s.purchases()
	n := orders.Amount(0)
	for _, w := range weights {
		n += w
	}
	if n == 0 || int64(n) != s.export.Purchases {
		return total.Split(0, weights)
	}
	for i := range weights {
		weights[i] *= total / n // exact: total is what one purchase is charged, times n
	}
	return weights
}

// purchases returns how many each row took part in.
func (s spreading) purchases() []orders.Amount {
	n := make([]orders.Amount, len(s.rows))
	for i, t := range s.rows {
		n[i] = orders.Amount(t.Purchases)
	}
	return n
}
