package ltv

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// AcquireOptions says what an acquisition table is about.
type AcquireOptions struct {
	// Scope is the range in which customers were won; the zero Scope is the whole
	// export. Its filters may choose customers and owners only.
	Scope orders.Scope

	// Spend is what was spent, and the leads. Without any the table holds the new
	// customers and the days from lead to first deal alone.
	Spend []Spend

	Grain orders.Grain // of the table's periods. NoGrain: Month
}

// AcquisitionTable is the first two stations of the sales conveyor, leads and
// the first deal: what was spent in each period and channel, the leads that it
// brought, and the customers who were won.
type AcquisitionTable struct {
	Scope    orders.Scope // with From and AsOf filled in
	Currency string       // "" if the export does not say
	Grain    orders.Grain
	Channels bool // whether Rows tells channels apart: some row of Spend names one, or there is none

	Rows      []AcquisitionRow // by period and channel, ascending
	Periods   []AcquisitionRow // all channels of a period; Channel is ""
	ByChannel []AcquisitionRow // all periods of a channel; Period is zero. Nil unless Channels
	Total     AcquisitionRow
	Reliable  AcquisitionRow // the rows of reliable periods: where some customers may be old ones, spend ÷ new says nothing

	Outside   orders.Amount // of Spend, in periods outside the range: in no row
	LeadAfter int64         // new customers whose lead is later than their first deal: in no LeadDays
}

// AcquisitionRow is one row of an [AcquisitionTable].
type AcquisitionRow struct {
	Period   orders.Period
	Channel  string // of the first purchase
	Reliable bool   // the period lies after the burn-in: new customers are told from old ones
	Partial  bool   // the range covers the period in part only: its spend is whole, its customers are not

	Spend     orders.NullAmount // unknown if no row of the input is about it
	Leads     NullCount         // unknown if any of the rows with spend does not know them
	Qualified NullCount         // likewise

	New     int64 // customers whose purchase 1 this holds, on the side First
	Paid    int64 // of New: where Spend is known
	Unknown int64 // those whose purchase 1 may be an old customer's: not counted as won

	Charged orders.Amount // of Spend: charged to the first purchases of New
	Idle    orders.Amount // of Spend: where nobody is known to have been won there is nobody to charge

	CostPerLead      orders.NullAmount // Spend ÷ Leads, as all three rounded to four places; unknown without leads
	CostPerQualified orders.NullAmount // Spend ÷ Qualified
	Acquisition      orders.NullAmount // Spend ÷ Paid: leads that never bought are in it

	QualifiedRate float64 // Qualified ÷ Leads; NaN if either is unknown or there are no leads
	CloseRate     float64 // Paid ÷ Qualified; NaN likewise
	Conversion    float64 // Paid ÷ Leads: of the period, not of its own leads; above 1 if earlier leads buy; NaN likewise

	LeadDays LeadDays
}

// LeadDays is how long new customers took from lead to first deal.
type LeadDays struct {
	N            int64   // new customers whose lead the export dates
	Mean, Median float64 // days; NaN without any
}

// Acquire returns the acquisition table of an export and of what the caller
// knows of spend and leads.
//
// A new customer is one whose purchase 1 lies in the period, on the side First;
// the channel is that of the purchase. A purchase 1 that may be an old
// customer's is shown and counts for nothing. Money spent where nobody was won
// is Idle; where somebody was it is charged to their first purchases, and to no
// other ([ProfitOptions].Spend), so that
//
//	Σ Spend = Σ Charged + Σ Idle + Outside
//
// A period and channel has a row if it has spend or new customers.
//
// It returns [orders.ErrOptions] (wrapped) for a field out of its domain,
// [orders.ErrRange] (wrapped) for a spend too large to calculate with, and the
// errors of f.
func Acquire(ctx context.Context, f orders.Facts, o AcquireOptions) (*AcquisitionTable, error) {
	if o.Grain > orders.Year {
		return nil, fmt.Errorf("ltv: %w: Grain = %s", orders.ErrOptions, o.Grain)
	}
	o.Grain = cmp.Or(o.Grain, orders.Month)
	if err := checkSpend(o.Spend, o.Grain); err != nil {
		return nil, err
	}
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	if err := control.Require(o.Grain); err != nil {
		return nil, err
	}
	scope, err := o.Scope.Within(control)
	if err != nil {
		return nil, fmt.Errorf("ltv: %w", err)
	}
	if !wholeCustomers(scope) {
		return nil, fmt.Errorf("ltv: %w: Scope.Where: customers are won, not deals: only customers and owners can be chosen", orders.ErrOptions)
	}
	t := &AcquisitionTable{Scope: scope, Currency: control.Currency, Grain: o.Grain, Channels: len(o.Spend) == 0}
	for _, s := range o.Spend {
		t.Channels = t.Channels || s.Channel != ""
	}
	b := funnel{table: t, cells: map[place]*station{}, days: control.Require(orders.Day) == nil}
	b.spend(o.Spend)
	if err := b.customers(ctx, f); err != nil {
		return nil, err
	}
	b.finish(control)
	return t, nil
}

// place is where a new customer was won.
type place struct {
	period  orders.Period
	channel string
}

// station sums one place, or several.
type station struct {
	AcquisitionRow
	waits                []int // days from lead to first deal
	noLeads, noQualified bool  // some row with spend does not know them
}

// funnel fills in an acquisition table.
type funnel struct {
	table *AcquisitionTable
	cells map[place]*station
	days  bool // the export's dates are days
}

func (b *funnel) at(p place) *station {
	s := b.cells[p]
	if s == nil {
		p.channel = strings.Clone(p.channel)
		s = &station{AcquisitionRow: AcquisitionRow{Period: p.period, Channel: p.channel}}
		b.cells[p] = s
	}
	return s
}

// spend adds up the caller's rows.
func (b *funnel) spend(rows []Spend) {
	t := b.table
	for _, r := range rows {
		p := place{t.Grain.Of(r.Period.First()), r.Channel}
		if p.period.Last() < t.Scope.From || p.period.First() > t.Scope.AsOf {
			t.Outside += r.Money
			continue
		}
		s := b.at(p)
		s.add(&station{AcquisitionRow: AcquisitionRow{Spend: orders.Known(r.Money), Leads: r.Leads, Qualified: r.Qualified}})
	}
}

// customers counts who was won where.
func (b *funnel) customers(ctx context.Context, f orders.Facts) error {
	t := b.table
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: t.Scope.AsOf, Where: t.Scope.Where}, NoRhythm: true}) {
		if err != nil {
			return err
		}
		if c.FirstDay < t.Scope.From || c.Purchases == 0 || c.Entry == orders.Repeat {
			continue
		}
		s := b.at(t.place(c))
		if c.Entry == orders.Unknown {
			s.Unknown++
			continue
		}
		s.New++
		switch {
		case c.Lead == 0 || !b.days:
		case c.Lead > c.FirstDay:
			t.LeadAfter++
		default:
			s.waits = append(s.waits, int(c.FirstDay-c.Lead))
		}
	}
	return nil
}

// place returns where a customer was won.
func (t *AcquisitionTable) place(c orders.Customer) place {
	p := place{period: t.Grain.Of(c.FirstDay)}
	if t.Channels {
		p.channel = c.Channel
	}
	return p
}

// finish orders the rows and adds them up.
func (b *funnel) finish(control orders.Control) {
	t := b.table
	keys := slices.SortedFunc(maps.Keys(b.cells), func(x, y place) int {
		return cmp.Or(cmp.Compare(x.period.Index, y.period.Index), strings.Compare(x.channel, y.channel))
	})
	var total, reliable station
	periods, channels := map[orders.Period]*station{}, map[string]*station{}
	for _, k := range keys {
		s := b.cells[k]
		if s.New > 0 {
			s.Charged = s.Spend.Amount
		} else {
			s.Idle = s.Spend.Amount
		}
		if s.Spend.Known {
			s.Paid = s.New
		}
		period, channel := periods[k.period], channels[k.channel]
		if period == nil {
			period = &station{AcquisitionRow: AcquisitionRow{Period: k.period}}
			periods[k.period] = period
		}
		if channel == nil {
			channel = &station{AcquisitionRow: AcquisitionRow{Channel: s.Channel}}
			channels[k.channel] = channel
		}
		for _, sum := range []*station{period, channel, &total} {
			sum.add(s)
		}
		r := s.row(control, t.Scope)
		if t.Rows = append(t.Rows, r); r.Reliable {
			reliable.add(s)
		}
	}
	for _, p := range slices.SortedFunc(maps.Values(periods), func(x, y *station) int { return cmp.Compare(x.Period.Index, y.Period.Index) }) {
		t.Periods = append(t.Periods, p.row(control, t.Scope))
	}
	if t.Channels {
		for _, c := range slices.Sorted(maps.Keys(channels)) {
			t.ByChannel = append(t.ByChannel, channels[c].row(control, t.Scope))
		}
	}
	t.Total, t.Reliable = total.row(control, t.Scope), reliable.row(control, t.Scope)
}

func (s *station) add(o *station) {
	if o.Spend.Known {
		s.Spend = orders.Known(s.Spend.Amount + o.Spend.Amount)
	}
	spent := o.Spend.Amount > 0
	s.noLeads = s.noLeads || o.noLeads || spent && !o.Leads.Known
	s.noQualified = s.noQualified || o.noQualified || spent && !o.Qualified.Known
	s.Leads, s.Qualified = s.Leads.plus(o.Leads), s.Qualified.plus(o.Qualified)
	s.New, s.Paid, s.Unknown = s.New+o.New, s.Paid+o.Paid, s.Unknown+o.Unknown
	s.Charged, s.Idle = s.Charged+o.Charged, s.Idle+o.Idle
	s.waits = append(s.waits, o.waits...)
}

// row returns the sums with all that follows from them.
func (s *station) row(control orders.Control, scope orders.Scope) AcquisitionRow {
	r := s.AcquisitionRow
	if s.noLeads {
		r.Leads = NullCount{}
	}
	if s.noQualified {
		r.Qualified = NullCount{}
	}
	r.Reliable = control.Complete || !r.Period.IsZero() && r.Period.First() >= control.KnownFrom
	r.Partial = !r.Period.IsZero() && !control.Whole(r.Period, scope.From, scope.AsOf)
	r.CostPerLead = each(r.Spend, r.Leads)
	r.CostPerQualified = each(r.Spend, r.Qualified)
	r.Acquisition = each(r.Spend, Counted(r.Paid))
	r.QualifiedRate = rate(r.Qualified, r.Leads)
	r.CloseRate = rate(Counted(r.Paid), r.Qualified)
	r.Conversion = rate(Counted(r.Paid), r.Leads)
	r.LeadDays = LeadDays{N: int64(len(s.waits)), Mean: math.NaN(), Median: math.NaN()}
	if n := len(s.waits); n > 0 {
		slices.Sort(s.waits)
		sum := 0
		for _, days := range s.waits {
			sum += days
		}
		r.LeadDays.Mean = float64(sum) / float64(n)
		r.LeadDays.Median = float64(s.waits[(n-1)/2]+s.waits[n/2]) / 2
	}
	return r
}

// each returns a ÷ n rounded half away from zero to four places; unknown if
// either is, and for n = 0.
func each(a orders.NullAmount, n NullCount) orders.NullAmount {
	if !a.Known || !n.Known || n.N == 0 {
		return orders.NullAmount{}
	}
	q, _, _ := a.Amount.MulDiv(1, n.N) // |q| ≤ |a|: no error
	return orders.Known(q)
}

// rate returns a ÷ b; NaN if either is unknown, and for b = 0.
func rate(a, b NullCount) float64 {
	if !a.Known || !b.Known || b.N == 0 {
		return math.NaN()
	}
	return float64(a.N) / float64(b.N)
}

// bill tells each new customer of a table what winning them cost: the spend of
// their place in equal parts, in whole kopecks, those left over to the first
// ids. Customers must be asked about in the order of their ids, each once.
type bill struct {
	table *AcquisitionTable
	rows  map[place]*billed
}

// billed is what is left of a row to be told of.
type billed struct {
	*AcquisitionRow
	asked int64
}

func newBill(t *AcquisitionTable) *bill {
	b := &bill{t, make(map[place]*billed, len(t.Rows))}
	for i := range t.Rows {
		r := &t.Rows[i]
		b.rows[place{r.Period, r.Channel}] = &billed{AcquisitionRow: r}
	}
	return b
}

// of returns what a customer cost; 0 for one who was not won in the range.
func (b *bill) of(c orders.Customer) orders.Amount {
	if !newcomer(c, b.table.Scope) {
		return 0
	}
	r := b.rows[b.table.place(c)]
	if r == nil {
		return 0 // facts that have changed under the analysis
	}
	r.asked++
	return equalPart(r.Charged, r.New, r.asked-1)
}

// newcomer reports whether a customer was won in a scope: their purchase 1 is in
// its range and known to be that.
func newcomer(c orders.Customer, s orders.Scope) bool {
	return c.Purchases > 0 && c.Entry == orders.First && c.FirstDay >= s.From
}
