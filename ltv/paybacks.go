package ltv

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// ByCohort, beside the dimensions of package orders, tells customers apart by
// the period of their first purchase.
const ByCohort orders.Dimension = "cohort"

// PaybackOptions says whose payback is followed, and at what cost.
type PaybackOptions struct {
	Scope      orders.Scope // of whole customers: its filters may choose customers and owners only
	Costs      orders.Costs // as in [ProfitOptions]
	Spend      []Spend      // as in [ProfitOptions]
	SpendGrain orders.Grain // as in [ProfitOptions]

	// By is what makes a group: "" or [ByCohort] the period of the first
	// purchase, [orders.ByChannel] its channel.
	By     orders.Dimension
	Cohort orders.Grain // of the cohorts. NoGrain: Month

	MaxNumber int // as in [ProfitOptions]
	AgeDays   int // as in [ProfitOptions]
}

// PaybackTable is the payback from data of groups of acquired customers.
type PaybackTable struct {
	Scope    orders.Scope // with From and AsOf filled in
	Currency string       // "" if the export does not say
	Costs    orders.Costs
	Won      *AcquisitionTable // whose spend is charged; nil without any
	By       orders.Dimension
	Cohort   orders.Grain // with ByCohort

	Groups []PaybackGroup // ascending by cohort or key: those with a customer acquired in the scope
	Total  PaybackGroup   // of all of them: the paybacks of the profit table
}

// PaybackGroup is how some of the acquired customers paid back.
type PaybackGroup struct {
	Cohort    orders.Period // with ByCohort
	Key       string        // the channel otherwise
	Customers int64         // acquired

	// First and Repeat are what the group's purchases come to, as the columns of
	// the profit table are; returns are with the purchases that they take back.
	First, Repeat Column

	// ByNumber and ByAge have no points where the profit of the group, or of all
	// first or all repeat purchases of the scope, is unknown; ByAge has none either
	// where the export names months only.
	ByNumber, ByAge Payback
}

// Model returns the what-if model of the group's average first and repeat
// purchase, which supposes that every customer returns; see [Profit.Model].
func (g *PaybackGroup) Model() (Model, bool) { return modelOf(g.First, g.Repeat) }

// Paybacks returns when the customers acquired in a scope paid back what
// winning them cost, all together and group by group, those who never returned
// included. Each group is followed as [Payback] says. The groups' part of an
// overhead pool is that of their purchases in each point of the total, so that
// the groups add up to it; percentages are rounded to four places group by group.
//
// It returns [orders.ErrOptions] (wrapped) for a field out of its domain, a
// filter on deals among them, [orders.ErrRange] (wrapped) if an assumption
// times its purchases is no [orders.Amount], and the errors of f.
func Paybacks(ctx context.Context, f orders.Facts, o PaybackOptions) (*PaybackTable, error) {
	limits, err := ProfitOptions{MaxNumber: o.MaxNumber, AgeDays: o.AgeDays}.withDefaults()
	switch {
	case err != nil:
		return nil, err
	case o.By != "" && o.By != ByCohort && o.By != orders.ByChannel:
		return nil, fmt.Errorf("ltv: %w: By = %q: a cohort or a channel", orders.ErrOptions, o.By)
	case o.Cohort > orders.Year:
		return nil, fmt.Errorf("ltv: %w: Cohort = %s", orders.ErrOptions, o.Cohort)
	}
	c, scope, control, err := open(ctx, f, o.Scope, o.Costs)
	if err != nil {
		return nil, err
	}
	if !wholeCustomers(scope) {
		return nil, fmt.Errorf("ltv: %w: Scope.Where: a filter on deals hides some of a customer's purchases", orders.ErrOptions)
	}
	t := &PaybackTable{Scope: scope, Currency: control.Currency, Costs: o.Costs, By: cmp.Or(o.By, ByCohort)}
	if t.By == ByCohort {
		t.Cohort = cmp.Or(o.Cohort, orders.Month)
		if err := control.Require(t.Cohort); err != nil {
			return nil, err
		}
	}
	if t.Won, err = c.spendOn(ctx, f, scope, o.Spend, o.SpendGrain); err != nil {
		return nil, err
	}
	sides, err := exported(ctx, f, scope)
	if err != nil {
		return nil, err
	}
	g := grouping{payer: newPayer(c, control, scope, sides, c.pools(sides)), table: t, groups: map[groupKey]*tracks{}}
	if err := g.follow(ctx, f, limits); err != nil {
		return nil, err
	}
	return t, g.charge()
}

// groupKey is what makes a group.
type groupKey struct {
	cohort  orders.Period
	channel string
}

// tracks follow a group in both ways.
type tracks struct {
	number, age track
	spent       orders.Amount
}

// grouping fills in a table of paybacks.
type grouping struct {
	payer
	table  *PaybackTable
	groups map[groupKey]*tracks
}

func (g *grouping) group(k groupKey) *tracks {
	t := g.groups[k]
	if t == nil {
		t = &tracks{}
		g.groups[k] = t
	}
	return t
}

// follow adds up the deals of each group.
func (g *grouping) follow(ctx context.Context, f orders.Facts, o ProfitOptions) error {
	if g.table.By == orders.ByChannel {
		return g.channels(ctx, f, o)
	}
	of := func(flow orders.Flow) *tracks {
		return g.group(groupKey{cohort: g.table.Cohort.Of(flow.Cohort.First())})
	}
	if err := g.flows(ctx, f, g.scope, o, of); err != nil || g.table.Won == nil {
		return err
	}
	owed := newBill(g.table.Won)
	return g.newcomers(ctx, f, func(c orders.Customer) {
		g.group(groupKey{cohort: g.table.Cohort.Of(c.FirstDay)}).spent += owed.of(c)
	})
}

// flows adds the deals of a scope to tracks.
func (g *grouping) flows(ctx context.Context, f orders.Facts, s orders.Scope, o ProfitOptions, of func(orders.Flow) *tracks) error {
	err := g.number(ctx, f, s, o.MaxNumber, func(flow orders.Flow) *track { return &of(flow).number })
	if err != nil || g.finest != orders.Day {
		return err
	}
	return g.age(ctx, f, s, o.AgeDays, func(flow orders.Flow) *track { return &of(flow).age })
}

// newcomers visits the customers acquired in the scope, by id.
func (g *grouping) newcomers(ctx context.Context, f orders.Facts, visit func(orders.Customer)) error {
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: g.scope.AsOf, Where: g.scope.Where}, NoRhythm: true}) {
		if err != nil {
			return err
		}
		if newcomer(c, g.scope) {
			visit(c)
		}
	}
	return nil
}

// channels follows the customers of each channel by a query of their own: the
// facts know the channel of a deal, not that of its customer's first one.
func (g *grouping) channels(ctx context.Context, f orders.Facts, o ProfitOptions) error {
	var owed *bill
	if g.table.Won != nil {
		owed = newBill(g.table.Won)
	}
	customers := map[string][]string{}
	err := g.newcomers(ctx, f, func(c orders.Customer) {
		if _, ok := customers[c.Channel]; !ok {
			c.Channel = strings.Clone(c.Channel)
		}
		customers[c.Channel] = append(customers[c.Channel], strings.Clone(c.ID))
		if owed != nil {
			g.group(groupKey{channel: c.Channel}).spent += owed.of(c)
		}
	})
	if err != nil {
		return err
	}
	for _, channel := range slices.Sorted(maps.Keys(customers)) {
		s := g.scope
		s.Where = append(slices.Clone(s.Where), orders.Where{Dimension: orders.ByCustomer, In: customers[channel]})
		t := g.group(groupKey{channel: channel})
		if err := g.flows(ctx, f, s, o, func(orders.Flow) *tracks { return t }); err != nil {
			return err
		}
	}
	return nil
}

// charge fills in the groups and the total.
func (g *grouping) charge() error {
	keys := slices.SortedFunc(maps.Keys(g.groups), func(a, b groupKey) int {
		return cmp.Or(cmp.Compare(a.cohort.Index, b.cohort.Index), strings.Compare(a.channel, b.channel))
	})
	all := tracks{spent: g.spent}
	var numbers, ages []*track
	keys = slices.DeleteFunc(keys, func(k groupKey) bool { return g.groups[k].number.acquired == 0 })
	for _, k := range keys {
		t := g.groups[k]
		all.number.merge(&t.number)
		all.age.merge(&t.age)
		numbers, ages = append(numbers, &t.number), append(ages, &t.age)
	}
	numberPool, agePool := g.overhead(all.number.cells), g.overhead(all.age.cells)
	known, err := g.known()
	if err != nil {
		return err
	}
	total, err := g.payGroup(&all, numberPool, agePool, known)
	if err != nil {
		return err
	}
	numberPools, agePools := g.divide(numberPool, numbers), g.divide(agePool, ages)
	for i, k := range keys {
		group, err := g.payGroup(g.groups[k], numberPools[i], agePools[i], known)
		if err != nil {
			return err
		}
		if !group.First.plus(group.Repeat).Profit.Known {
			group.ByNumber, group.ByAge = Payback{}, Payback{}
		}
		group.Cohort, group.Key = k.cohort, k.channel
		g.table.Groups = append(g.table.Groups, group)
	}
	g.table.Total = total
	return nil
}

// known reports whether the profit of first and of repeat purchases is known,
// on the whole.
func (p payer) known() (bool, error) {
	first, repeat, err := p.columns(cell{first: p.sides.First, repeat: p.sides.Repeat}, 0, 0, 0)
	return first.Profit.Known && repeat.Profit.Known, err
}

// payGroup charges what one group bought.
func (g *grouping) payGroup(t *tracks, number, age overhead, known bool) (p PaybackGroup, err error) {
	p.Customers = t.number.acquired
	var c cell
	var first, repeat orders.Amount
	for i, next := range t.number.cells {
		c.add(next.first, next.repeat)
		first, repeat = first+number.first[i], repeat+number.repeat[i]
	}
	if p.First, p.Repeat, err = g.columns(c, first, repeat, t.spent); err != nil || !known {
		return p, err
	}
	if p.ByNumber, err = g.payback(&t.number, number, t.spent); err != nil || g.finest != orders.Day {
		return p, err
	}
	p.ByAge, err = g.payback(&t.age, age, t.spent)
	return p, err
}

// merge adds another group's cells.
func (t *track) merge(o *track) {
	t.acquired += o.acquired
	for i, c := range o.cells {
		if i == len(t.cells) {
			t.cells = append(t.cells, cell{at: c.at, andLater: c.andLater})
		}
		t.cells[i].add(c.first, c.repeat)
		t.cells[i].customers += c.customers
	}
}

// divide shares each cell's part of the pools out over the groups that have the cell.
func (p payer) divide(total overhead, groups []*track) []overhead {
	parts := make([]overhead, len(groups))
	for i, t := range groups {
		parts[i] = overhead{make([]orders.Amount, len(t.cells)), make([]orders.Amount, len(t.cells))}
	}
	for at := range total.first {
		var in []int
		var first, repeat []orders.Tally
		for i, t := range groups {
			if at < len(t.cells) {
				in, first, repeat = append(in, i), append(first, t.cells[at].first), append(repeat, t.cells[at].repeat)
			}
		}
		if len(in) == 0 {
			continue // the part of deals that are in no cell
		}
		a, b := p.split(total.first[at], first), p.split(total.repeat[at], repeat)
		for k, i := range in {
			parts[i].first[at], parts[i].repeat[at] = a[k], b[k]
		}
	}
	return parts
}
