package segments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// Defaults of [RFMOptions]; the most scores are SPSS's.
const (
	defaultScores = 5
	mostScores    = 9
	defaultTrim   = 5 * orders.One // per cent
)

// RFMOptions says how customers are scored by recency, frequency and money. The
// zero RFMOptions scores them by quintiles, 1 to 5.
type RFMOptions struct {
	// Scope is what purchases and money are counted over; the zero Scope is the
	// whole export. Days since the last purchase are of the whole history up to
	// Scope.AsOf. A filter keeps the purchases that match it.
	Scope orders.Scope

	// Measure of money: Revenue, GrossProfit or Contribution.
	Measure orders.Measure

	Scoring Scoring // where the cut points come from
	Scores  int     // how many scores an axis has, 2…9; 0: 5

	// TrimPercent is the percentage of the customers that EqualWidth sets aside
	// at each end, less than 50; 0: 5 × orders.One. Below 0 it sets nobody aside.
	TrimPercent orders.Amount

	// R, F and M are the cut points of Fixed, one fewer than scores, ascending
	// strictly; nil, with five scores: the default.
	//
	// R are days since the last purchase: up to R[0] scores 5, up to R[1] 4, …
	// more than R[3] 1. Default 30, 90, 180, 365: a month, a quarter, half a
	// year, a year.
	R []int

	// F are numbers of purchases: from F[3] scores 5, from F[2] 4, … less than
	// F[0] 1. Default 2, 3, 5, 10: a first purchase scores 1, the first repeat 2.
	F []int64

	// M are sums of money: from M[3] scores 5, … less than M[0] 1. Default 2, 3,
	// 5 and 10 times the mean purchase in the scope (of the same measure, rounded
	// to kopecks): a customer with average purchases then scores the same in M
	// as in F, and a difference between the two speaks of the purchases' size.
	M []orders.Amount

	// Rules name the segments; the first that matches wins. Nil, with five
	// scores: [DefaultRules].
	Rules []Rule
}

// RFMResult is every customer's scores and segment as of a day. Customers and
// money of the segments add up to Customers and Revenue, and Revenue +
// WithoutRevenue is the money of the scope.
type RFMResult struct {
	Scope       orders.Scope // as resolved
	AsOf        orders.Date
	Currency    string // "" if the export does not say
	Measure     orders.Measure
	Scoring     Scoring
	Scores      int           // of each axis
	TrimPercent orders.Amount // as used by EqualWidth; 0: nobody was set aside

	// The cut points as used, whatever the scoring, one fewer than Scores: up to
	// R[0] days the best score, up to R[1] the next; from F[0] purchases and from
	// M[0] of money score 2, from F[1] and M[1] score 3. Those computed from the
	// customers can repeat: the scores between do not occur. Nil without customers;
	// M also where there is nothing to begin from, and then nobody has a score in M.
	R []int
	F []int64
	M []orders.Amount

	Rules []Rule // as used

	Segments  []Segment // one per rule, in their order; then, if any customer is in none, one of Rule 0
	Customers int64     // scored
	Revenue   orders.Amount

	Without        int64         // customers without a purchase in the scope
	WithoutRevenue orders.Amount // their money

	Levels Levels // how many different scores occur: an axis with one says nothing
	Counts Counts // how many customers have each score

	Scored []RFMCustomer // each customer with a purchase in the scope, ascending by ID

	Warnings []orders.Warning
}

// Levels is the number of distinct scores that occur on each axis, 0…Scores.
type Levels struct{ R, F, M int }

// Counts is the number of customers with each score, the score 1 first. Those
// of M add up to fewer than all where money is unknown.
type Counts struct{ R, F, M []int64 }

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
	R, F, M       int               // scores, from 1 (worst); M is 0 if Money is unknown
	Rule          int               // number of the rule that fired, from 1; 0: none
	Segment       string            // its name; "" if none fired
}

// The codes of an RFM's warnings.
const (
	// WarnScoresMissing: Count scores occur nowhere, such as "F 2", because of
	// ties, or of cut points that nobody or everybody passes.
	WarnScoresMissing = "rfm_scores_missing"

	// WarnRulesIdle: Count rules, by their numbers in the examples, match no
	// combination of the scores that occur on each axis. They could match other
	// customers.
	WarnRulesIdle = "rfm_rules_idle"
)

// RFM scores each customer with a purchase in the scope by days since the last
// purchase, number of purchases and money, the best with the highest score, and
// names the segment by the first rule that matches. An export without purchases
// gives segments of zeros.
//
// It returns [orders.ErrOptions] (wrapped) for an option out of its domain, for
// cut points that do not ascend or do not go with the scoring, for a scope that
// ends before it begins and for a rule that no scores at all can match, which it
// names (one that the scores at hand do not reach is a warning);
// [orders.ErrRange] (wrapped) for a default cut point beyond an Amount;
// [orders.ErrPrecision] (wrapped) for an export without days; and the errors of f.
// Source: the method is A. M. Hughes, Strategic Database Marketing (1994); each
// [Scoring] has its own. Default cut points of Fixed are the calendar's and round
// numbers, no standard.
func RFM(ctx context.Context, f orders.Facts, o RFMOptions) (*RFMResult, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	lowest := 0
	if o.Measure == orders.Revenue {
		lowest = 1
	}
	rules, err := compile(o.Rules, o.Scores, lowest)
	if err != nil {
		return nil, err
	}
	control, scope, err := dated(ctx, f, o.Scope)
	if err != nil {
		return nil, err
	}
	r := &RFMResult{
		Scope: scope, AsOf: scope.AsOf, Currency: control.Currency, Measure: o.Measure,
		Scoring: o.Scoring, Scores: o.Scores, TrimPercent: o.TrimPercent,
		R: o.R, F: o.F, M: o.M, Rules: o.Rules,
	}
	var all orders.Tally
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: scope, NoRhythm: true}) {
		if err != nil {
			return nil, err
		}
		all = all.Plus(r.add(c))
	}
	if cut := o.cutter(); cut != nil {
		r.cut(cut)
	} else if r.M == nil {
		if r.M, err = defaultMoney(r.moneyOf(all), all.Purchases); err != nil {
			return nil, err
		}
	}
	r.score(rules)
	seen := r.sum()
	r.warn(rules, seen)
	return r, nil
}

func (o RFMOptions) withDefaults() (RFMOptions, error) {
	if o.Scores == 0 {
		o.Scores = defaultScores
	}
	switch {
	case o.Measure > orders.Contribution:
		return o, fmt.Errorf("segments: %w: Measure = %d: not revenue, profit or contribution", orders.ErrOptions, o.Measure)
	case o.Scoring > EqualWidth:
		return o, fmt.Errorf("segments: %w: Scoring = %d", orders.ErrOptions, uint8(o.Scoring))
	case o.Scores < 2 || o.Scores > mostScores:
		return o, fmt.Errorf("segments: %w: Scores = %d: not 2 to %d", orders.ErrOptions, o.Scores, mostScores)
	case o.TrimPercent != 0 && o.Scoring != EqualWidth:
		return o, fmt.Errorf("segments: %w: TrimPercent = %s: for the scoring EqualWidth only", orders.ErrOptions, o.TrimPercent)
	case o.TrimPercent >= 50*orders.One:
		return o, fmt.Errorf("segments: %w: TrimPercent = %s: leaves nobody", orders.ErrOptions, o.TrimPercent)
	case o.Rules == nil && o.Scores != defaultScores:
		return o, fmt.Errorf("segments: %w: Rules are needed: the default ones are of %d scores, not of Scores = %d", orders.ErrOptions, defaultScores, o.Scores)
	}
	if o.Rules == nil {
		o.Rules = DefaultRules()
	}
	o.Rules = slices.Clone(o.Rules)
	if o.Scoring == EqualWidth && o.TrimPercent == 0 {
		o.TrimPercent = defaultTrim
	}
	o.TrimPercent = max(0, o.TrimPercent)
	return o.withCuts()
}

// withCuts returns o with cut points of its own, checked.
func (o RFMOptions) withCuts() (RFMOptions, error) {
	if o.Scoring == Fixed && o.Scores == defaultScores {
		if o.R == nil {
			o.R = []int{30, 90, 180, 365}
		}
		if o.F == nil {
			o.F = []int64{2, 3, 5, 10}
		}
	}
	o.R, o.F, o.M = slices.Clone(o.R), slices.Clone(o.F), slices.Clone(o.M)
	if err := checkCuts(o, "R", o.R, 0); err != nil {
		return o, err
	}
	if err := checkCuts(o, "F", o.F, 2); err != nil {
		return o, err
	}
	if o.M == nil && o.Scores == defaultScores {
		return o, nil // computed from the customers
	}
	return o, checkCuts(o, "M", o.M, math.MinInt64)
}

// checkCuts checks the cut points of one axis, the first of which is least or more.
func checkCuts[T int | int64 | orders.Amount](o RFMOptions, axis string, cuts []T, least T) error {
	if o.Scoring != Fixed {
		if cuts != nil {
			return fmt.Errorf("segments: %w: %s = %v: cut points are for the scoring Fixed, not for %s", orders.ErrOptions, axis, cuts, o.Scoring)
		}
		return nil
	}
	if len(cuts) != o.Scores-1 {
		return fmt.Errorf("segments: %w: %s = %v: %d scores take %d cut points", orders.ErrOptions, axis, cuts, o.Scores, o.Scores-1)
	}
	for i, cut := range cuts {
		if cut < least || i > 0 && cut <= cuts[i-1] {
			return fmt.Errorf("segments: %w: %s = %v: cut points ascend, those of R from 0 or more, of F from 2 or more", orders.ErrOptions, axis, cuts)
		}
	}
	return nil
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

// defaultMoney returns 2, 3, 5 and 10 times the mean purchase; nil if there is
// no positive one.
func defaultMoney(money orders.NullAmount, purchases int64) ([]orders.Amount, error) {
	if purchases == 0 || !money.Known {
		return nil, nil
	}
	const kopeck = orders.One / 100
	mean, _, err := money.Amount.MulDiv(1, purchases*int64(kopeck))
	if mean <= 0 || err != nil {
		return nil, err
	}
	var cuts []orders.Amount
	for _, times := range []int64{2, 3, 5, 10} {
		cut, _, err := mean.MulDiv(times*int64(kopeck), 1)
		if err != nil {
			return nil, fmt.Errorf("segments: cut points of M: %w", err)
		}
		cuts = append(cuts, cut)
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

// cut computes the cut points from the customers.
func (r *RFMResult) cut(cut cutter) {
	days, purchases := make([]int64, len(r.Scored)), make([]int64, len(r.Scored))
	var money []int64
	for i, c := range r.Scored {
		days[i], purchases[i] = -int64(c.DaysSinceLast), c.Purchases
		if c.Money.Known {
			money = append(money, int64(c.Money.Amount))
		}
	}
	for _, v := range slices.Backward(cut(days, r.Scores)) {
		r.R = append(r.R, int(-v))
	}
	r.F = cut(purchases, r.Scores)
	for _, v := range cut(money, r.Scores) {
		r.M = append(r.M, orders.Amount(v))
	}
}

// score gives every customer scores and a rule.
func (r *RFMResult) score(rules *firing) {
	for i := range r.Scored {
		c := &r.Scored[i]
		c.R, c.F = recency(r.R, r.Scores, c.DaysSinceLast), reached(r.F, c.Purchases)
		if c.Money.Known && r.M != nil {
			c.M = reached(r.M, c.Money.Amount)
		}
		if c.Rule = rules.rule(scores{c.R, c.F, c.M}); c.Rule > 0 {
			c.Segment = r.Rules[c.Rule-1].Segment
		}
	}
}

// axes is by axis (R, F, M) and score, 0 being no score, whether it occurs.
type axes [3][]bool

// sum fills in the segments and the totals and returns the scores that occur.
func (r *RFMResult) sum() (seen axes) {
	segments := make([]Segment, len(r.Rules)+1) // by number of the rule
	days := make([]int64, len(segments))
	var counts [3][]int64 // by score
	for i := range counts {
		counts[i] = make([]int64, r.Scores+1)
	}
	for _, c := range r.Scored {
		s := &segments[c.Rule]
		s.Customers++
		s.Purchases += c.Purchases
		s.Revenue += c.Revenue
		days[c.Rule] += int64(c.DaysSinceLast)
		r.Customers++
		r.Revenue += c.Revenue
		counts[0][c.R]++
		counts[1][c.F]++
		counts[2][c.M]++
	}
	var levels [3]int
	for i, axis := range counts {
		seen[i] = make([]bool, len(axis))
		for score, n := range axis {
			if seen[i][score] = n > 0; n > 0 && score > 0 {
				levels[i]++
			}
		}
	}
	r.Levels = Levels{levels[0], levels[1], levels[2]}
	r.Counts = Counts{counts[0][1:], counts[1][1:], counts[2][1:]}
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
	return seen
}

// warn tells of scores that do not occur and of rules that these leave idle.
func (r *RFMResult) warn(rules *firing, seen axes) {
	if r.Customers == 0 {
		return
	}
	var missing, idle []string
	for i, axis := range seen {
		for score := 1; score < len(axis); score++ {
			if !axis[score] {
				missing = append(missing, fmt.Sprintf("%c %d", "RFM"[i], score))
			}
		}
	}
	for i, fires := range rules.within(seen[0], seen[1], seen[2], len(r.Rules)) {
		if i > 0 && !fires {
			idle = append(idle, strconv.Itoa(i))
		}
	}
	warn := func(code, text string, list []string) {
		if len(list) > 0 {
			r.Warnings = append(r.Warnings, orders.Warning{Code: code, Count: int64(len(list)), Text: fmt.Sprintf(text, len(list)), Examples: list[:min(10, len(list))]})
		}
	}
	warn(WarnScoresMissing, "%d RFM scores occur nowhere", missing)
	warn(WarnRulesIdle, "%d RFM rules match no combination of the scores that occur", idle)
}
