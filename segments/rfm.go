package segments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// levels is the number of scores on each axis.
const levels = 5

// RFMOptions says how customers are scored by recency, frequency and money.
// Each axis has four cut points between its five scores, ascending strictly;
// zeros are the default.
type RFMOptions struct {
	// Scope is what purchases and money are counted over; the zero Scope is the
	// whole export. Days since the last purchase are of the whole history up to
	// Scope.AsOf. A filter keeps the purchases that match it.
	Scope orders.Scope

	// Measure of money: Revenue, GrossProfit or Contribution.
	Measure orders.Measure

	// R are days since the last purchase: up to R[0] scores 5, up to R[1] 4, …
	// more than R[3] 1. Default 30, 90, 180, 365: a month, a quarter, half a
	// year, a year.
	R [levels - 1]int

	// F are numbers of purchases: from F[3] scores 5, from F[2] 4, … less than
	// F[0] 1. Default 2, 3, 5, 10: a first purchase scores 1, the first repeat 2.
	F [levels - 1]int64

	// M are sums of money: from M[3] scores 5, … less than M[0] 1. Default 2, 3,
	// 5 and 10 times the mean purchase in the scope (of the same measure, rounded
	// to kopecks): a customer with average purchases then scores the same in M
	// as in F, and a difference between the two speaks of the purchases' size.
	M [levels - 1]orders.Amount

	// Rules name the segments; the first that matches wins. Nil: [DefaultRules].
	Rules []Rule
}

// RFMResult is every customer's scores and segment as of a day. Customers and
// money of the segments add up to Customers and Revenue, and Revenue +
// WithoutRevenue is the money of the scope.
type RFMResult struct {
	AsOf     orders.Date
	Currency string // "" if the export does not say
	Measure  orders.Measure
	R        [levels - 1]int           // as used
	F        [levels - 1]int64         // as used
	M        [levels - 1]orders.Amount // as used; zeros if there was no positive mean purchase to begin from: nobody has a score in M
	Rules    []Rule                    // as used

	Segments  []Segment // one per rule, in their order; then, if any customer is in none, one of Rule 0
	Customers int64     // scored
	Revenue   orders.Amount

	Without        int64         // customers without a purchase in the scope
	WithoutRevenue orders.Amount // their money

	Levels Levels // how many different scores occur: an axis with one says nothing

	Scored []RFMCustomer // each customer with a purchase in the scope, ascending by ID
}

// Levels is the number of distinct scores that occur on each axis, 0…5.
type Levels struct{ R, F, M int }

// Segment sums the customers for whom one rule fired.
type Segment struct {
	Rule          int    // its number in Rules, from 1; 0: no rule matched
	Name          string // of the segment; "" for Rule 0
	Customers     int64
	Purchases     int64
	Revenue       orders.Amount
	CustomerShare float64 // of the customers scored, 0…1; NaN without any
	RevenueShare  float64 // of their revenue, 0…1 for ordinary sales; NaN unless that is positive
	DaysSinceLast float64 // mean; NaN without customers
}

// RFMCustomer is one customer's scores.
type RFMCustomer struct {
	ID, Name      string
	Owner         string // salesperson of the latest purchase
	LastDay       orders.Date
	DaysSinceLast int
	Purchases     int64             // in the scope
	Revenue       orders.Amount     // in the scope
	Money         orders.NullAmount // the measure, in the scope; unknown if it is a profit and no cost is known
	R, F, M       int               // scores, 1 (worst) to 5; M is 0 if Money is unknown
	Rule          int               // number of the rule that fired, from 1; 0: none
	Segment       string            // its name; "" if none fired
}

// RFM scores each customer with a purchase in the scope from 1 to 5 by days
// since the last purchase, number of purchases and money, by fixed cut points,
// and names the segment by the first rule that matches. An export without
// purchases gives segments of zeros.
//
// It returns [orders.ErrOptions] (wrapped) for cut points that do not ascend,
// for another measure, for a scope that ends before it begins and for a rule
// that can never match, which it names;
// [orders.ErrRange] (wrapped) for a default cut point beyond an Amount;
// [orders.ErrPrecision] (wrapped) for an export without days; and the errors of f.
// Source: the method is A. M. Hughes, Strategic Database Marketing (1994);
// fixed cut points, unlike his quintiles, keep their meaning from month to
// month. The default ones are the calendar's and round numbers, no standard.
func RFM(ctx context.Context, f orders.Facts, o RFMOptions) (*RFMResult, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	lowest := 0
	if o.Measure == orders.Revenue {
		lowest = 1
	}
	rules, err := compile(o.Rules, lowest)
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
	scope, err := o.Scope.Within(control)
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	r := &RFMResult{
		AsOf: scope.AsOf, Currency: control.Currency, Measure: o.Measure,
		R: o.R, F: o.F, M: o.M, Rules: o.Rules,
	}
	var all orders.Tally
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: scope}) {
		if err != nil {
			return nil, err
		}
		all = all.Plus(r.add(c))
	}
	if r.M == [levels - 1]orders.Amount{} {
		if r.M, err = defaultMoney(r.moneyOf(all), all.Purchases); err != nil {
			return nil, err
		}
	}
	r.score(rules)
	r.sum()
	return r, nil
}

func (o RFMOptions) withDefaults() (RFMOptions, error) {
	if o.R == [levels - 1]int{} {
		o.R = [levels - 1]int{30, 90, 180, 365}
	}
	if o.F == [levels - 1]int64{} {
		o.F = [levels - 1]int64{2, 3, 5, 10}
	}
	if o.Rules == nil {
		o.Rules = DefaultRules()
	}
	o.Rules = slices.Clone(o.Rules)
	switch {
	case o.Measure > orders.Contribution:
		return o, fmt.Errorf("segments: %w: Measure = %d: not revenue, profit or contribution", orders.ErrOptions, o.Measure)
	case !ascending(o.R[:]) || o.R[0] < 0:
		return o, fmt.Errorf("segments: %w: R = %v: cut points ascend from 0 or more", orders.ErrOptions, o.R)
	case !ascending(o.F[:]) || o.F[0] < 2:
		return o, fmt.Errorf("segments: %w: F = %v: cut points ascend from 2 or more", orders.ErrOptions, o.F)
	case o.M != [levels - 1]orders.Amount{} && !ascending(o.M[:]):
		return o, fmt.Errorf("segments: %w: M = %v: cut points ascend", orders.ErrOptions, o.M)
	}
	return o, nil
}

func ascending[T int | int64 | orders.Amount](cuts []T) bool {
	for i := 1; i < len(cuts); i++ {
		if cuts[i] <= cuts[i-1] {
			return false
		}
	}
	return true
}

// above returns 1 plus the number of cut points that v reaches.
func above[T int64 | orders.Amount](cuts [levels - 1]T, v T) int {
	score := 1
	for _, cut := range cuts {
		if v >= cut {
			score++
		}
	}
	return score
}

// recency returns the score of so many days since the last purchase.
func recency(cuts [levels - 1]int, days int) int {
	score := levels
	for _, cut := range cuts {
		if days > cut {
			score--
		}
	}
	return score
}

// moneyOf returns the measure of t; unknown if it is a profit and no cost is known.
func (r *RFMResult) moneyOf(t orders.Tally) orders.NullAmount {
	switch profit := t.Profit(); {
	case r.Measure == orders.Revenue:
		return orders.Known(t.Revenue)
	case r.Measure == orders.GrossProfit || !profit.Known:
		return profit
	}
	return orders.Known(t.Contribution())
}

// defaultMoney returns 2, 3, 5 and 10 times the mean purchase; zeros if there
// is no positive one.
func defaultMoney(money orders.NullAmount, purchases int64) (cuts [levels - 1]orders.Amount, err error) {
	if purchases == 0 || !money.Known {
		return cuts, nil
	}
	const kopeck = orders.One / 100
	mean, _, err := money.Amount.MulDiv(1, purchases*int64(kopeck))
	if mean <= 0 || err != nil {
		return cuts, err
	}
	for i, times := range [levels - 1]int64{2, 3, 5, 10} {
		if cuts[i], _, err = mean.MulDiv(times*int64(kopeck), 1); err != nil {
			return cuts, fmt.Errorf("segments: cut points of M: %w", err)
		}
	}
	return cuts, nil
}

// add lists a customer, unscored, and returns their tally in the scope if they
// have a purchase there.
func (r *RFMResult) add(c orders.Customer) orders.Tally {
	t := c.Sides.Total()
	if t.Purchases == 0 {
		r.Without++
		r.WithoutRevenue += t.Revenue
		return orders.Tally{}
	}
	r.Scored = append(r.Scored, RFMCustomer{
		ID: strings.Clone(c.ID), Name: strings.Clone(c.Name), Owner: strings.Clone(c.Owner),
		LastDay: c.LastDay, DaysSinceLast: int(r.AsOf - c.LastDay),
		Purchases: t.Purchases, Revenue: t.Revenue, Money: r.moneyOf(t),
	})
	return t
}

// score gives every customer scores and a rule.
func (r *RFMResult) score(rules *table) {
	moneyless := r.M == [levels - 1]orders.Amount{}
	for i := range r.Scored {
		c := &r.Scored[i]
		c.R, c.F = recency(r.R, c.DaysSinceLast), above(r.F, c.Purchases)
		if c.Money.Known && !moneyless {
			c.M = above(r.M, c.Money.Amount)
		}
		if c.Rule = rules[c.R][c.F][c.M]; c.Rule > 0 {
			c.Segment = r.Rules[c.Rule-1].Segment
		}
	}
}

// sum fills in the segments and the totals.
func (r *RFMResult) sum() {
	segments := make([]Segment, len(r.Rules)+1) // by number of the rule
	days := make([]int64, len(segments))
	var seen [3][levels + 1]bool
	for _, c := range r.Scored {
		s := &segments[c.Rule]
		s.Customers++
		s.Purchases += c.Purchases
		s.Revenue += c.Revenue
		days[c.Rule] += int64(c.DaysSinceLast)
		r.Customers++
		r.Revenue += c.Revenue
		seen[0][c.R], seen[1][c.F], seen[2][c.M] = true, true, true
	}
	r.Levels = Levels{distinct(seen[0]), distinct(seen[1]), distinct(seen[2])}
	for i := range segments {
		s := &segments[i]
		s.Rule = i
		if i > 0 {
			s.Name = r.Rules[i-1].Segment
		}
		s.CustomerShare = share(float64(s.Customers), float64(r.Customers))
		s.RevenueShare = share(float64(s.Revenue), float64(r.Revenue))
		s.DaysSinceLast = math.NaN()
		if s.Customers > 0 {
			s.DaysSinceLast = float64(days[i]) / float64(s.Customers)
		}
	}
	r.Segments = segments[1:]
	if segments[0].Customers > 0 {
		r.Segments = append(r.Segments, segments[0])
	}
}

// distinct counts the scores seen; 0 is no score.
func distinct(seen [levels + 1]bool) int {
	n := 0
	for _, s := range seen[1:] {
		if s {
			n++
		}
	}
	return n
}
