package abcxyz

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// TopOptions says which lists [Top] compares. The zero TopOptions compares the 20
// largest customers by revenue of the last three whole months.
type TopOptions struct {
	Scope   orders.Scope
	By      orders.Dimension // "": orders.ByCustomer
	Measure orders.Measure   // orders.Revenue
	Grain   orders.Grain     // NoGrain: orders.Month

	N       int // places of a list; 0: 20
	Periods int // how many, 2 or more, the last ones of the scope; 0: 3, the fewest in which an item can return

	// Persistence is the p of rank-biased overlap, between 0 and 1: how much a place
	// weighs beside the one above it. 0: 0.9, which gives the first ten places 86 %
	// of the weight.
	Persistence float64
}

// TopList is the answer of [Top].
type TopList struct {
	Options TopOptions // as resolved

	Periods []TopPeriod     // ascending; fewer than asked for if the scope has fewer whole ones
	Partial []orders.Period // of the scope, left out: the export covers only a part of them

	Items []TopItem // in the list of any of the periods; by the value in the last period, descending, ties by id
}

// TopPeriod is one period's list as a whole.
type TopPeriod struct {
	Period orders.Period

	Listed    int           // items in the list: more than N if several share the N-th place, fewer if fewer are above zero
	Threshold orders.Amount // the least value in the list; 0 if it is empty
	Sum       orders.Amount // of the list
	Total     orders.Amount // of the measure, over all items
	Base      orders.Amount // over the items above zero: what shares are shares of
	Share     float64       // Sum ÷ Base; NaN without a base

	// Against the period before; 0 and NaN for the first period, which has none.
	// Entered + Returned + Stayed = Listed, Stayed + Left = Listed of the period before.
	Entered, Returned, Stayed, Left int
	Jaccard                         float64 // in both lists ÷ in either, 0…1; NaN if both are empty
	RBO                             float64 // rank-biased overlap, 0…1; NaN if both are empty
}

// TopItem is an item that was in the list of some period.
type TopItem struct {
	ID, Name string
	Places   []Place // one for each of TopList.Periods
}

// Place is where an item stands in one period.
type Place struct {
	Rank   int           // among all items, from 1: 1 + how many have more, so that equal values share a place; 0 if Value is not above zero
	Value  orders.Amount // of the measure
	Share  float64       // Value ÷ TopPeriod.Base; NaN if Value is not above zero
	Change int           // places gained since the period before, negative if lost; 0 too if there is no rank in both
	Move   Move
}

// Move says how an item came to be, or not to be, in the list of a period.
type Move uint8

// The moves.
const (
	Outside  Move = iota // in neither this list nor the one before
	Listed               // in the list of the first period, which has none before it
	Entered              // in this list, and in none of the earlier ones
	Returned             // in this list and an earlier one, but not in the one before
	Stayed               // in this list and the one before
	Left                 // in the list before, not in this one
)

// String returns "", "listed", "entered", "returned", "stayed" or "left".
func (m Move) String() string {
	return name(m, "", "listed", "entered", "returned", "stayed", "left")
}

// MarshalText writes m as [Move.String] does.
func (m Move) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// In reports whether the item is in the list.
func (m Move) In() bool { return m != Outside && m != Left }

// Top returns who led in each of several periods, and how the lists changed.
//
// A list is all items whose rank in the period is N or less and whose value is
// above zero. Ranks are competition ranks, 1, 2, 2, 4: items of equal value share
// a place, and all that share the N-th stay in, so that a list can be longer
// than N. Only periods that the export covers as a whole are compared.
//
// Neighbouring lists are compared by Jaccard's index, which sees only who is in
// them, and by rank-biased overlap, which weighs the upper places more: with
// A_d = 2·|both lists' items down to rank d| ÷ (|one's| + |the other's|),
//
//	RBO = (1 − p) ÷ p · Σ A_d·p^d (d = 1 … l) + A_l·p^l,   l the length of the longer list
//
// where beyond the length s of the shorter list that list is taken to go on
// agreeing as it did at s (extrapolated overlap; tied items stand at one rank).
//
// An empty history gives lists without periods. Errors: an invalid option (wraps
// orders.ErrOptions), and those of f.
//
// Sources: W. Webber, A. Moffat, J. Zobel, A similarity measure for indefinite
// rankings, ACM TOIS 28 (2010), equation 32; ties as there, RBO^w of M. Corsi and
// J. Urbano, The treatment of ties in rank-biased overlap, SIGIR 2024.
func Top(ctx context.Context, f orders.Facts, o TopOptions) (*TopList, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	if o, err = o.resolve(control); err != nil {
		return nil, err
	}
	l := &TopList{Options: o}
	w := newWindow(control, Options{Scope: o.Scope, Grain: o.Grain})
	_, _, l.Partial = w.report()
	for i := max(w.from, w.to-o.Periods); i < w.to; i++ {
		l.Periods = append(l.Periods, TopPeriod{Period: w.first.Add(i), Share: math.NaN(), Jaccard: math.NaN(), RBO: math.NaN()})
	}
	if len(l.Periods) == 0 {
		return l, nil
	}
	all, err := l.read(ctx, f)
	if err != nil {
		return nil, err
	}
	l.list(all)
	for i := range l.Periods[1:] {
		l.compare(i + 1)
	}
	return l, nil
}

// resolve returns o with its defaults filled in, or an error that names the
// field out of its domain.
func (o TopOptions) resolve(c orders.Control) (TopOptions, error) {
	if o.By == "" {
		o.By = orders.ByCustomer
	}
	if o.Grain == orders.NoGrain {
		o.Grain = orders.Month
	}
	o.N, o.Periods, o.Persistence = cmp.Or(o.N, 20), cmp.Or(o.Periods, 3), cmp.Or(o.Persistence, 0.9)
	switch {
	case !slices.Contains(items, o.By):
		return o, invalid("By", o.By, "customer, product, group, salesperson, owner or channel")
	case o.Measure > orders.Purchases:
		return o, invalid("Measure", uint8(o.Measure), "a measure of package orders")
	case o.Grain > orders.Year:
		return o, invalid("Grain", o.Grain, "day, week, month, quarter or year")
	case o.N < 0:
		return o, invalid("N", o.N, "1 or more")
	case o.Periods < 2:
		return o, invalid("Periods", o.Periods, "2 or more")
	case !(0 < o.Persistence && o.Persistence < 1):
		return o, invalid("Persistence", o.Persistence, "between 0 and 1")
	}
	var err error
	if o.Scope, err = o.Scope.Within(c); err != nil {
		return o, fmt.Errorf("abcxyz: %w", err)
	}
	return o, nil
}

// topSeries is what every item has in the periods compared: item i in period k
// at values[i·periods + k].
type topSeries struct {
	ids, names []string
	values     []orders.Amount
	periods    int
}

func (s *topSeries) at(item, period int) orders.Amount { return s.values[item*s.periods+period] }

// read returns the items' values, ascending by id, and sums them up.
func (l *TopList) read(ctx context.Context, f orders.Facts) (*topSeries, error) {
	o, all := l.Options, &topSeries{periods: len(l.Periods)}
	scope := o.Scope
	scope.From = max(scope.From, l.Periods[0].Period.First()) // what lies before is in no list
	n := o.Grain.Of(scope.AsOf).Sub(l.Periods[0].Period) + 1
	for s, err := range f.Series(ctx, orders.SeriesQuery{Scope: scope, By: o.By, Measure: o.Measure, Grain: o.Grain}) {
		if err != nil {
			return nil, err
		}
		if len(s.Values) != n {
			return nil, fmt.Errorf("abcxyz: the series of item %q has %d periods, not %d", s.Item, len(s.Values), n)
		}
		all.ids, all.names = append(all.ids, strings.Clone(s.Item)), append(all.names, strings.Clone(s.Name))
		all.values = append(all.values, s.Values[:all.periods]...)
		for k, v := range s.Values[:all.periods] {
			l.Periods[k].Total += v
			l.Periods[k].Base += max(v, 0)
		}
	}
	return all, nil
}

// list chooses the items of the lists and gives them their places.
func (l *TopList) list(all *topSeries) {
	ranked := make([][]orders.Amount, all.periods) // the values above zero, ascending
	for k := range ranked {
		for i := range all.ids {
			if v := all.at(i, k); v > 0 {
				ranked[k] = append(ranked[k], v)
			}
		}
		slices.Sort(ranked[k])
		if n := len(ranked[k]); n > 0 {
			l.Periods[k].Threshold = ranked[k][max(0, n-l.Options.N)]
		}
	}
	for i, id := range all.ids {
		if !l.lists(all, i) {
			continue
		}
		item := TopItem{ID: id, Name: all.names[i], Places: make([]Place, all.periods)}
		ever := false
		for k := range item.Places {
			in := l.in(all, i, k)
			item.Places[k].Move = move(in, k > 0 && item.Places[k-1].Move.In(), ever, k == 0)
			ever = ever || in
			l.place(&item, k, all.at(i, k), ranked[k])
		}
		l.Items = append(l.Items, item)
	}
	last := all.periods - 1
	slices.SortStableFunc(l.Items, func(a, b TopItem) int { return cmp.Compare(b.Places[last].Value, a.Places[last].Value) })
	for k := range l.Periods {
		l.Periods[k].Share = ratio(l.Periods[k].Sum, l.Periods[k].Base)
	}
}

// in reports whether an item is in the list of period k.
func (l *TopList) in(all *topSeries, item, k int) bool {
	v := all.at(item, k)
	return v > 0 && v >= l.Periods[k].Threshold
}

// lists reports whether an item is in any list.
func (l *TopList) lists(all *topSeries, item int) bool {
	for k := range all.periods {
		if l.in(all, item, k) {
			return true
		}
	}
	return false
}

// move returns how an item came to be in a list, or not.
func move(in, before, ever, first bool) Move {
	switch {
	case in && first:
		return Listed
	case in && before:
		return Stayed
	case in && ever:
		return Returned
	case in:
		return Entered
	case before:
		return Left
	}
	return Outside
}

// place completes the place of an item in a period, ranked being all values
// above zero, and counts it in the list.
func (l *TopList) place(item *TopItem, k int, v orders.Amount, ranked []orders.Amount) {
	p, period := &item.Places[k], &l.Periods[k]
	p.Value, p.Share = v, math.NaN()
	if v > 0 {
		above := len(ranked) - sort.Search(len(ranked), func(i int) bool { return ranked[i] > v })
		p.Rank, p.Share = 1+above, ratio(v, period.Base)
		if k > 0 && item.Places[k-1].Rank > 0 {
			p.Change = item.Places[k-1].Rank - p.Rank
		}
	}
	if p.Move.In() {
		period.Listed++
		period.Sum += v
	}
	switch p.Move {
	case Entered:
		period.Entered++
	case Returned:
		period.Returned++
	case Stayed:
		period.Stayed++
	case Left:
		period.Left++
	}
}

// compare gives period k its overlap with the one before.
func (l *TopList) compare(k int) {
	p, before := &l.Periods[k], &l.Periods[k-1]
	if either := before.Listed + p.Listed - p.Stayed; either > 0 {
		p.Jaccard = float64(p.Stayed) / float64(either)
		p.RBO = l.overlap(k-1, k)
	}
}

// overlap returns the rank-biased overlap of the lists of two periods, not both
// of which are empty.
func (l *TopList) overlap(a, b int) float64 {
	short, long := l.Periods[a].Listed, l.Periods[b].Listed
	if short > long {
		a, b, short, long = b, a, long, short
	}
	// How many items stand exactly at each rank in either list, and how many of
	// those in both have got there in the one where they stand lower.
	inShort, inLong, both := make([]int, long+1), make([]int, long+1), make([]int, long+1)
	for i := range l.Items {
		x, y := l.Items[i].Places[a], l.Items[i].Places[b]
		if x.Move.In() {
			inShort[x.Rank]++
		}
		if y.Move.In() {
			inLong[y.Rank]++
		}
		if x.Move.In() && y.Move.In() {
			both[max(x.Rank, y.Rank)]++
		}
	}
	p := l.Options.Persistence
	var sum, agreement, atShort float64
	weight, nShort, nLong, nBoth := 1.0, 0, 0, 0
	for d := 1; d <= long; d++ {
		nShort, nLong, nBoth = nShort+inShort[d], nLong+inLong[d], nBoth+both[d]
		unseen := float64(max(0, d-short))
		agreement = 2 * (float64(nBoth) + unseen*atShort) / (float64(nShort) + unseen + float64(nLong))
		if d == short {
			atShort = agreement
		}
		weight *= p
		sum += agreement * weight
	}
	return (1-p)/p*sum + agreement*weight
}
