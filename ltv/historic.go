package ltv

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// HistoricOptions says what is counted as a customer's value.
type HistoricOptions struct {
	Scope orders.Scope // the zero Scope is the whole export; From and Where choose money, not days
	Costs orders.Costs // as in [ProfitOptions]; an overhead pool is shared out over the customers too

	// Spend is as in [ProfitOptions]: the customers won in a period and channel
	// share in equal parts, in kopecks, what was spent there.
	Spend      []Spend
	SpendGrain orders.Grain

	// Cohort is the length of the periods of the first purchase over which
	// customers are averaged. NoGrain: Month.
	Cohort orders.Grain
}

// Lifetimes is what every customer has brought in so far.
type Lifetimes struct {
	Scope       orders.Scope // with From and AsOf filled in
	From, AsOf  orders.Date  // of Scope
	Currency    string       // "" if the export does not say
	Costs       orders.Costs
	Won         *AcquisitionTable // whose spend is charged; nil without any
	Acquisition orders.Amount     // cost of winning one customer, by the assumptions
	Cohort      orders.Grain
	Outside     orders.Amount // revenue of identified customers that the scope leaves out

	Customers []Lifetime    // descending by Value, unknown ones last; then descending by Revenue, then by ID
	Cohorts   []CohortValue // ascending; "earlier", the zero Period, before all others
	Total     CohortValue   // of all customers
}

// Lifetime is one customer's history in money. Column sums the customer's
// deals in the scope: its Profit is the customer's value to date.
type Lifetime struct {
	ID, Name          string
	Entry             orders.Side   // side of purchase 1: First, Unknown or Repeat; Unmatched without a purchase
	Cohort            orders.Period // of purchase 1 if Entry is First; else zero: "earlier"
	FirstDay, LastDay orders.Date   // of the first and the latest purchase up to as-of; 0 without one
	Days              int           // LastDay − FirstDay
	Column

	GrossProfit  orders.NullAmount // Revenue − RevenueWithoutCost − COGS; unknown if COGS is
	Contribution orders.NullAmount // GrossProfit − Direct; unknown if COGS is
	First        Column            // of all this: the purchase that won the customer
	Repeat       Column            // of all this: the side Repeat
}

// CohortValue sums the customers of one cohort. Profit is their value to date.
type CohortValue struct {
	Cohort       orders.Period // zero: customers who came, or may have come, before the export begins
	Customers    int64
	Column                         // sums over the customers
	GrossProfit  orders.NullAmount // Revenue − RevenueWithoutCost − COGS; unknown if COGS is
	Contribution orders.NullAmount // GrossProfit − Direct; unknown if COGS is

	AverageRevenue orders.Amount     // Revenue ÷ Customers, rounded to kopecks
	AverageValue   orders.NullAmount // Profit ÷ Customers, rounded to kopecks
	AverageDays    float64           // from the first to the latest purchase, over customers with a purchase; NaN without any
}

// Historic returns what every customer has brought in up to as-of, first and
// repeat purchases apart, and the averages by cohort. With the same costs and
// scope the customers add up to the table of [DealProfitWith] (to the rounding
// of percentages to four places). A customer is listed who has a purchase up
// to as-of or a line in the scope; the facts' own order of ids does not show.
//
// It returns [orders.ErrOptions] (wrapped) for a field out of its domain,
// [orders.ErrRange] (wrapped) if an assumption times its purchases is no
// [orders.Amount], and the errors of f.
func Historic(ctx context.Context, f orders.Facts, o HistoricOptions) (*Lifetimes, error) {
	if o.Cohort > orders.Year {
		return nil, fmt.Errorf("ltv: %w: Cohort = %s", orders.ErrOptions, o.Cohort)
	}
	c, scope, control, err := open(ctx, f, o.Scope, o.Costs)
	if err != nil {
		return nil, err
	}
	l := &Lifetimes{
		Scope: scope, From: scope.From, AsOf: scope.AsOf, Currency: control.Currency,
		Costs: o.Costs, Acquisition: c.acquisition, Cohort: cmp.Or(o.Cohort, orders.Month),
	}
	if l.Won, err = c.spendOn(ctx, f, scope, o.Spend, o.SpendGrain); err != nil {
		return nil, err
	}
	var owed *bill
	if l.Won != nil {
		owed = newBill(l.Won)
	}
	l.Customers = make([]Lifetime, 0, control.Customers)
	tallies := make([]orders.Sides, 0, control.Customers) // of l.Customers
	var spent []orders.Amount                             // on winning them; nil without spend
	for customer, err := range f.Customers(ctx, orders.CustomerQuery{Scope: scope, NoRhythm: true}) {
		if err != nil {
			return nil, err
		}
		if customer.Purchases == 0 && customer.Sides == (orders.Sides{}) {
			continue
		}
		l.Customers = append(l.Customers, l.lifetime(customer))
		tallies = append(tallies, customer.Sides)
		if owed != nil {
			spent = append(spent, owed.of(customer))
		}
	}
	if err := l.charge(c, tallies, spent); err != nil {
		return nil, err
	}
	slices.SortFunc(l.Customers, byValue)
	l.sum()
	for _, t := range tallies {
		l.Outside -= t.Total().Revenue
	}
	l.Outside += control.Identified
	return l, nil
}

// lifetime returns what is known of a customer before any money.
func (l *Lifetimes) lifetime(c orders.Customer) Lifetime {
	r := Lifetime{
		ID: strings.Clone(c.ID), Name: strings.Clone(c.Name), Entry: c.Entry,
		FirstDay: c.FirstDay, LastDay: c.LastDay, Days: int(c.LastDay - c.FirstDay),
	}
	if c.Entry == orders.First {
		r.Cohort = l.Cohort.Of(c.FirstDay)
	}
	return r
}

// charge fills in each customer's money. An overhead pool is first shared out
// over the sides, as in the profit table, and then over the customers of each.
func (l *Lifetimes) charge(c charges, tallies []orders.Sides, spent []orders.Amount) error {
	var sides orders.Sides
	for _, t := range tallies {
		sides = sides.Plus(t)
	}
	pools := c.pools(sides)
	ofSide := make([]orders.Tally, len(tallies))
	for side := orders.First; side <= orders.Unmatched; side++ {
		for i := range tallies {
			ofSide[i] = *tallies[i].Of(side)
		}
		if _, err := c.column(side, *sides.Of(side), pools[side], c.spent); err != nil {
			return err // the sums are in range, or nothing is computed
		}
		overhead := c.split(pools[side], ofSide)
		for i := range l.Customers {
			cost := orders.Amount(0)
			if spent != nil {
				cost = spent[i]
			}
			column, err := c.column(side, ofSide[i], overhead[i], cost)
			if err != nil {
				return err
			}
			l.Customers[i].add(side, column)
		}
	}
	return nil
}

// add adds what the customer's deals on one side come to.
func (v *Lifetime) add(side orders.Side, c Column) {
	switch side {
	case orders.First:
		v.First = c
	case orders.Repeat:
		v.Repeat = c
	}
	v.Column = v.Column.plus(c)
	v.GrossProfit, v.Contribution = v.Column.margins()
}

// margins returns the gross profit and the contribution; unknown if COGS is.
func (c Column) margins() (gross, contribution orders.NullAmount) {
	if !c.COGS.Known {
		return
	}
	g := c.Revenue - c.RevenueWithoutCost - c.COGS.Amount
	return orders.Known(g), orders.Known(g - c.Direct)
}

func byValue(a, b Lifetime) int {
	switch {
	case a.Profit.Known != b.Profit.Known:
		if a.Profit.Known {
			return -1
		}
		return 1
	case a.Profit.Amount != b.Profit.Amount:
		return cmp.Compare(b.Profit.Amount, a.Profit.Amount)
	}
	return cmp.Or(cmp.Compare(b.Revenue, a.Revenue), strings.Compare(a.ID, b.ID))
}

// sum fills in the cohorts and the total.
func (l *Lifetimes) sum() {
	type group struct {
		value        CohortValue
		days, buyers int64
	}
	var total group
	at := map[orders.Period]*group{}
	for i := range l.Customers {
		v := &l.Customers[i]
		g := at[v.Cohort]
		if g == nil {
			g = &group{value: CohortValue{Cohort: v.Cohort}}
			at[v.Cohort] = g
		}
		for _, g := range []*group{g, &total} {
			g.value.Customers++
			g.value.Column = g.value.Column.plus(v.Column)
			if v.FirstDay != 0 {
				g.buyers++
				g.days += int64(v.Days)
			}
		}
	}
	closed := func(g *group) CohortValue {
		v := g.value
		v.Column = v.Column.closed()
		v.GrossProfit, v.Contribution = v.Column.margins()
		v.AverageDays = math.NaN()
		if g.buyers > 0 {
			v.AverageDays = float64(g.days) / float64(g.buyers)
		}
		if v.Customers > 0 {
			v.AverageRevenue = kopecks(v.Revenue, v.Customers)
			v.AverageValue = orders.NullAmount{Amount: kopecks(v.Profit.Amount, v.Customers), Known: v.Profit.Known}
		}
		return v
	}
	for _, g := range at {
		l.Cohorts = append(l.Cohorts, closed(g))
	}
	slices.SortFunc(l.Cohorts, func(a, b CohortValue) int { return cmp.Compare(a.Cohort.Index, b.Cohort.Index) })
	l.Total = closed(&total)
}
