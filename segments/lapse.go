package segments

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// LapseOptions says whose rhythm a customer is held to and when they are late
// by it. The zero LapseOptions is that of definitions §8: three gaps make an own
// rhythm, and a customer is due, late, at risk and lapsed at 1, 1.5, 2 and 3
// times the rhythm.
type LapseOptions struct {
	// Scope is the money counted; the zero Scope is the whole export. Days,
	// purchases and rhythms are of the whole history up to Scope.AsOf, whatever
	// Scope.From. A filter keeps the customers who have any deal that matches it:
	// the company's rhythm is then theirs.
	Scope orders.Scope

	MinGaps int // gaps between purchases that make a rhythm the customer's own; 0: 3

	// Due, Late, AtRisk and Lapsed are how many rhythms after the latest purchase
	// each status begins. They do not descend; a status that begins where the next
	// one does is nobody's. 0: 1, 1.5, 2 and 3.
	Due, Late, AtRisk, Lapsed float64

	// Segments is the segment of each customer, by id, whose rhythm a customer
	// without an own one is held to. Who is not in it, or in "", has none and is
	// held to the company's. Nil: the column of the behaviour grid.
	Segments map[string]string

	// Columns are those of the behaviour grid, used if Segments is nil. Nil: [DefaultGrid].
	Columns []GridColumn
}

// Status is how late a customer is by the rhythm they are held to.
type Status uint8

// The statuses, in their order.
const (
	NoRhythm Status = iota // nobody has a rhythm that the customer could be held to
	OnTime
	Due
	Late
	AtRisk
	Lapsed

	statuses = 6
)

var statusNames = [statuses]string{"no_rhythm", "on_time", "due", "late", "at_risk", "lapsed"}

// String returns "no_rhythm", "on_time", "due", "late", "at_risk" or "lapsed".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// MarshalText writes s as [Status.String] does.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// RhythmOf says whose rhythm a customer is held to.
type RhythmOf uint8

// Whose it may be.
const (
	Nobody RhythmOf = iota
	Own
	OfSegment
	OfCompany
)

var rhythmNames = [...]string{"none", "own", "segment", "company"}

// String returns "none", "own", "segment" or "company".
func (r RhythmOf) String() string {
	if int(r) < len(rhythmNames) {
		return rhythmNames[r]
	}
	return fmt.Sprintf("RhythmOf(%d)", uint8(r))
}

// MarshalText writes r as [RhythmOf.String] does.
func (r RhythmOf) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// LapseResult is how late each customer is as of a day. Every customer with a
// purchase has exactly one status: customers and money of the statuses add up to
// Customers and Revenue, and Revenue + WithoutRevenue is the money of the scope.
type LapseResult struct {
	AsOf     orders.Date
	Currency string       // "" if the export does not say
	Options  LapseOptions // as resolved; Segments is left out, for it stands in the customers

	// Company is the median of the own rhythms of all customers who have one, in
	// days; NaN if none has. Own is how many have one.
	Company  float64
	Own      int64
	Segments []SegmentRhythm // ascending by name

	Statuses [statuses]StatusSum // [Status]

	Customers int64 // with a purchase
	Revenue   orders.Amount

	Without        int64         // customers without a purchase
	WithoutRevenue orders.Amount // their money

	Judged []LapseCustomer // each customer with a purchase, ascending by ID
}

// SegmentRhythm is the rhythm of a segment.
type SegmentRhythm struct {
	Segment   string
	Customers int64
	Own       int64   // of them with an own rhythm
	Rhythm    float64 // the median of those, in days; NaN without any
}

// StatusSum are the customers of one status.
type StatusSum struct {
	Customers int64
	Revenue   orders.Amount // in the scope
}

// LapseCustomer is one customer's rhythm and how late they are by it.
type LapseCustomer struct {
	ID, Name      string
	Owner         string // salesperson of the latest purchase
	Segment       string // "" for none
	Purchases     int64  // up to as-of
	LastDay       orders.Date
	DaysSinceLast int           // as-of − LastDay
	Revenue       orders.Amount // in the scope

	// AverageRevenue and AverageProfit are the mean of one purchase in the scope,
	// rounded to kopecks; unknown without one. The gross profit is that of the
	// goods whose cost is known, taken for all of them; unknown if there are none
	// or so few of them that it would not fit an Amount.
	AverageRevenue, AverageProfit orders.NullAmount

	Gaps     int64   // between purchases
	Rhythm   float64 // days from purchase to purchase; NaN if nobody has a rhythm
	RhythmOf RhythmOf

	// ExpectedDay is the first day on which a whole rhythm has passed: LastDay +
	// ⌈Rhythm⌉. It may be past; 0 without a rhythm.
	ExpectedDay orders.Date
	DaysLate    int // as-of − ExpectedDay: negative while that is ahead; 0 without a rhythm
	Status      Status
}

// Lapse says of each customer with a purchase when the next one is expected and
// how late it is, by the customer's own rhythm:
//
//	expected day = last day + ⌈median gap between purchases⌉
//	due, late, at risk, lapsed: days since the last ≥ 1, 1.5, 2, 3 × median gap
//
// The median is the customer's own if they have three gaps or more; else the
// median of the own medians of their segment's customers; else that of all
// customers; each row says whose it is. A customer without any of these is
// [NoRhythm]. Products are compared after rounding to six decimal places, so
// that 1.1 times 10 days is 11 days. An export without purchases gives sums of
// zeros and a Company of NaN.
//
// It returns [orders.ErrOptions] (wrapped) for a negative or descending multiple,
// a negative MinGaps, columns that [Grid] would refuse and a scope that ends
// before it begins; [orders.ErrPrecision] (wrapped) for an export without days,
// and the errors of f.
func Lapse(ctx context.Context, f orders.Facts, o LapseOptions) (*LapseResult, error) {
	o, err := o.resolve()
	if err != nil {
		return nil, err
	}
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	if err := control.Require(orders.Day); err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	if o.Scope, err = o.Scope.Within(control); err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	l := &LapseResult{AsOf: o.Scope.AsOf, Currency: control.Currency, Options: o}
	l.Options.Segments = nil
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: o.Scope}) {
		if err != nil {
			return nil, err
		}
		l.add(c, o)
	}
	l.share()
	l.judge()
	return l, nil
}

func (o LapseOptions) resolve() (LapseOptions, error) {
	if o.MinGaps < 0 {
		return o, fmt.Errorf("segments: %w: MinGaps = %d: 0 or more", orders.ErrOptions, o.MinGaps)
	}
	o.MinGaps = cmp.Or(o.MinGaps, 3)
	least, before := 0.0, ""
	for _, m := range []struct {
		name string
		v    *float64
		std  float64
	}{{"Due", &o.Due, 1}, {"Late", &o.Late, 1.5}, {"AtRisk", &o.AtRisk, 2}, {"Lapsed", &o.Lapsed, 3}} {
		if !(*m.v >= 0 && *m.v <= mostRhythms) {
			return o, fmt.Errorf("segments: %w: %s = %v: from 0 to %d rhythms", orders.ErrOptions, m.name, *m.v, mostRhythms)
		}
		if *m.v = cmp.Or(*m.v, m.std); *m.v < least {
			return o, fmt.Errorf("segments: %w: %s = %v: less than %s = %v", orders.ErrOptions, m.name, *m.v, before, least)
		}
		least, before = *m.v, m.name
	}
	switch {
	case o.Segments != nil:
		o.Columns = nil
	case o.Columns == nil:
		o.Columns = DefaultGrid()
	default:
		o.Columns = slices.Clone(o.Columns)
	}
	if o.Segments == nil {
		return o, checkColumns(o.Columns)
	}
	return o, nil
}

// mostRhythms keeps products with a rhythm well within what a float64 tells apart.
const mostRhythms = 10_000

// add takes up a customer, with the own rhythm if there is one.
func (l *LapseResult) add(c orders.Customer, o LapseOptions) {
	total := c.Sides.Total()
	if c.Purchases == 0 {
		l.Without++
		l.WithoutRevenue += total.Revenue
		return
	}
	v := LapseCustomer{
		ID: strings.Clone(c.ID), Name: strings.Clone(c.Name), Owner: strings.Clone(c.Owner),
		Purchases: c.Purchases, LastDay: c.LastDay, DaysSinceLast: int(l.AsOf - c.LastDay),
		Revenue: total.Revenue, Gaps: c.Rhythm.N, Rhythm: math.NaN(),
	}
	v.AverageRevenue, v.AverageProfit = averagePurchase(c.Sides)
	if o.Segments != nil {
		v.Segment = strings.Clone(o.Segments[c.ID])
	} else {
		v.Segment = o.Columns[columnOf(o.Columns, c.Purchases)].Name
	}
	if c.Rhythm.N >= int64(o.MinGaps) {
		v.Rhythm, v.RhythmOf = c.Rhythm.Median, Own
	}
	l.Judged = append(l.Judged, v)
	l.Customers++
	l.Revenue += v.Revenue
}

// columnOf returns the index of the column of a customer with so many purchases.
func columnOf(columns []GridColumn, purchases int64) int {
	g := GridResult{Columns: columns}
	return g.column(purchases)
}

// averagePurchase returns the mean revenue and gross profit of a purchase.
// Money that belongs to no purchase is left out.
func averagePurchase(s orders.Sides) (revenue, profit orders.NullAmount) {
	const kopeck = orders.One / 100
	t := s.First.Plus(s.Repeat).Plus(s.Unknown)
	if t.Purchases == 0 {
		return revenue, profit
	}
	mean := func(sum orders.Amount) orders.NullAmount {
		v, _, err := sum.MulDiv(1, t.Purchases*int64(kopeck))
		return orders.NullAmount{Amount: v * kopeck, Known: err == nil}
	}
	revenue = mean(t.Revenue)
	if t.Costed <= 0 {
		return revenue, profit
	}
	if all, _, err := t.GrossProfit().MulDiv(int64(t.Revenue), int64(t.Costed)); err == nil {
		profit = mean(all)
	}
	return revenue, profit
}

// share computes the rhythms that customers without an own one are held to.
func (l *LapseResult) share() {
	var company []float64
	segments := map[string]*SegmentRhythm{}
	own := map[string][]float64{}
	for i := range l.Judged {
		c := &l.Judged[i]
		s := segments[c.Segment]
		if s == nil {
			s = &SegmentRhythm{Segment: c.Segment}
			segments[c.Segment] = s
		}
		s.Customers++
		if c.RhythmOf == Own {
			s.Own++
			company = append(company, c.Rhythm)
			own[c.Segment] = append(own[c.Segment], c.Rhythm)
		}
	}
	l.Company, l.Own = medianOf(company), int64(len(company))
	for name, s := range segments {
		s.Rhythm = medianOf(own[name])
	}
	l.Segments = sortedValues(segments, func(a, b SegmentRhythm) int { return strings.Compare(a.Segment, b.Segment) })
	for i := range l.Judged {
		c := &l.Judged[i]
		if c.RhythmOf == Own {
			continue
		}
		if v := segments[c.Segment].Rhythm; c.Segment != "" && !math.IsNaN(v) {
			c.Rhythm, c.RhythmOf = v, OfSegment
		} else if !math.IsNaN(l.Company) {
			c.Rhythm, c.RhythmOf = l.Company, OfCompany
		}
	}
}

// judge gives each customer a day and a status, and sums the statuses.
func (l *LapseResult) judge() {
	o := l.Options
	for i := range l.Judged {
		c := &l.Judged[i]
		if c.RhythmOf != Nobody {
			c.ExpectedDay = c.LastDay + orders.Date(math.Ceil(c.Rhythm))
			c.DaysLate = int(l.AsOf - c.ExpectedDay)
			c.Status = OnTime
			for s, multiple := range []float64{o.Due, o.Late, o.AtRisk, o.Lapsed} {
				if float64(c.DaysSinceLast) >= rhythms(multiple, c.Rhythm) {
					c.Status = Due + Status(s)
				}
			}
		}
		sum := &l.Statuses[c.Status]
		sum.Customers++
		sum.Revenue += c.Revenue
	}
}

// rhythms returns so many rhythms in days, to six decimal places: a rhythm is a
// multiple of a quarter of a day, so that is exact for multiples of up to four
// places, where a bare product of doubles may fall a hair beside a whole day.
func rhythms(multiple, rhythm float64) float64 { return math.Round(multiple*rhythm*1e6) / 1e6 }

// medianOf returns the middle of values, which it sorts, or the mean of the two
// in the middle; NaN for none.
func medianOf(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
