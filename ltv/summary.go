package ltv

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// ErrNoCustomers reports that there is nobody to fit a model to.
var ErrNoCustomers = errors.New("ltv: no customers to fit a model to")

// Summary is all that the models of purchases know of a customer's past.
type Summary struct {
	X  int     // repeat purchases (frequency): purchases − 1
	TX float64 // days from the first to the latest purchase (recency as in the BTYD papers); 0 if X is 0
	T  float64 // days from the first purchase to as-of (age)
}

// Check returns [orders.ErrOptions] (wrapped), naming the field, unless
// X ≥ 0, 0 ≤ TX ≤ T < ∞, and TX = 0 if X = 0.
func (s Summary) Check() error {
	switch {
	case s.X < 0:
		return fmt.Errorf("ltv: %w: X = %d", orders.ErrOptions, s.X)
	case !(s.T >= 0) || math.IsInf(s.T, 1):
		return fmt.Errorf("ltv: %w: T = %v", orders.ErrOptions, s.T)
	case !(s.TX >= 0 && s.TX <= s.T) || s.X == 0 && s.TX != 0:
		return fmt.Errorf("ltv: %w: TX = %v with X = %d, T = %v", orders.ErrOptions, s.TX, s.X, s.T)
	}
	return nil
}

// ok is Check without the words.
func (s Summary) ok() bool {
	return s.X >= 0 && s.TX >= 0 && s.TX <= s.T && s.T <= math.MaxFloat64 && (s.X > 0 || s.TX == 0)
}

// Group is the customers who have one and the same summary.
type Group struct {
	Summary
	Customers float64 // how many; a weight need not be whole
}

// Monetary is the repeat purchases of one customer, or of so many alike, in money.
type Monetary struct {
	Purchases int     // repeat purchases, ≥ 1
	Mean      float64 // mean value of one of them
	Customers float64 // how many customers are alike; 0 is 1
}

// Sample is what the models are fitted to: compressed summaries. Make one with
// [Summarize] or [Compress].
type Sample struct {
	Groups    []Group // distinct, ascending by X, T, TX
	Customers float64 // sum over the groups
	Purchases float64 // repeat purchases, sum over the groups
	AsOf      orders.Date
	Monetary  []Monetary // of the customers with repeat purchases, distinct, ascending by Purchases, Mean; nil if not known
	Warnings  []orders.Warning
}

// Compress returns the sample of customers, each distinct summary once. Two
// thousand shoppers have a thousand summaries, a million have thirty thousand:
// what is fitted is the size of the calendar, not of the trade. It returns
// [orders.ErrOptions] (wrapped) for a summary that is none ([Summary.Check]).
func Compress(customers []Summary) (*Sample, error) {
	c := newCompressor(len(customers))
	for i, s := range customers {
		if err := s.Check(); err != nil {
			return nil, fmt.Errorf("customer %d: %w", i, err)
		}
		c.add(s)
	}
	return c.sample(), nil
}

// compressor counts equal summaries by sorting them: those in whole days, which
// nearly all are, as one number each.
type compressor struct {
	packed []uint64
	others []Summary
}

func newCompressor(customers int) *compressor {
	return &compressor{packed: make([]uint64, 0, customers)}
}

func (c *compressor) empty() bool { return len(c.packed) == 0 && len(c.others) == 0 }

func (c *compressor) add(s Summary) {
	const days, most = 22, 1<<22 - 1
	if s.X < 1<<20 && s.T <= most && s.T == math.Trunc(s.T) && s.TX == math.Trunc(s.TX) {
		c.packed = append(c.packed, uint64(s.X)<<(2*days)|uint64(s.T)<<days|uint64(s.TX))
		return
	}
	c.others = append(c.others, s)
}

func unpack(v uint64) Summary {
	const days, most = 22, 1<<22 - 1
	return Summary{X: int(v >> (2 * days)), TX: float64(v & most), T: float64(v >> days & most)}
}

func (c *compressor) sample() *Sample {
	s := &Sample{}
	slices.Sort(c.packed)
	for i, v := range c.packed {
		if i == 0 || v != c.packed[i-1] {
			s.Groups = append(s.Groups, Group{Summary: unpack(v)})
		}
		s.Groups[len(s.Groups)-1].Customers++
	}
	if len(c.others) > 0 {
		slices.SortFunc(c.others, compareSummaries)
		for i, v := range c.others {
			if i == 0 || v != c.others[i-1] {
				s.Groups = append(s.Groups, Group{Summary: v})
			}
			s.Groups[len(s.Groups)-1].Customers++
		}
		slices.SortFunc(s.Groups, func(a, b Group) int { return compareSummaries(a.Summary, b.Summary) })
	}
	for _, g := range s.Groups {
		s.Customers += g.Customers
		s.Purchases += g.Customers * float64(g.X)
	}
	return s
}

func compareSummaries(a, b Summary) int {
	return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.T, b.T), cmp.Compare(a.TX, b.TX))
}

// check returns [ErrNoCustomers], or [orders.ErrOptions] (wrapped) for groups
// that [Compress] would not have made.
func (s *Sample) check() error {
	total := 0.0
	for i, g := range s.Groups {
		if err := g.Check(); err != nil {
			return fmt.Errorf("group %d: %w", i, err)
		}
		if !(g.Customers >= 0) || math.IsInf(g.Customers, 1) {
			return fmt.Errorf("ltv: %w: group %d: Customers = %v", orders.ErrOptions, i, g.Customers)
		}
		if i > 0 && g.X < s.Groups[i-1].X {
			return fmt.Errorf("ltv: %w: group %d: not ascending by X", orders.ErrOptions, i)
		}
		total += g.Customers
	}
	if total == 0 {
		return ErrNoCustomers
	}
	return nil
}

// SampleOptions says what of the customers is summed up.
type SampleOptions struct {
	AsOf orders.Date // zero: the last day

	// FirstValue takes the first purchase into mean values too. By default they
	// are of repeat purchases, as in the papers: first ones often are special.
	FirstValue bool
}

// Summarize returns the sample of the customers of f: X = purchases − 1, TX and
// T in days, and the values of their repeat purchases. Customers who bought, or
// may have bought, before the export begins do not enter, for neither their X
// nor their T is known; if nobody else is left they all do, with a warning of
// the code "left-truncated". A sample without customers is no error here. It
// returns the errors of f, and [orders.ErrOptions] (wrapped) for a day before
// the export begins.
//
// Source: definitions §2; Fader, Hardie & Lee (2005a) for (x, t_x, T).
func Summarize(ctx context.Context, f orders.Facts, o SampleOptions) (*Sample, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	scope, err := orders.Scope{AsOf: o.AsOf}.Within(control)
	if err != nil {
		return nil, fmt.Errorf("ltv: %w", err)
	}
	known, all := newSummarizer(scope.AsOf, o), newSummarizer(scope.AsOf, o)
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: scope, NoRhythm: true}) {
		if err != nil {
			return nil, err
		}
		switch {
		case c.Purchases < 1:
		case c.Entry == orders.First:
			known.add(c)
		case known.empty():
			all.add(c)
		}
	}
	if !known.empty() || all.empty() {
		return known.sample(), nil
	}
	sample := all.sample()
	sample.Warnings = leftTruncated(sample)
	return sample, nil
}

// summarizer counts equal customers, and equal mean values.
type summarizer struct {
	*compressor
	asOf    orders.Date
	options SampleOptions
	values  []Monetary
}

func newSummarizer(asOf orders.Date, o SampleOptions) *summarizer {
	return &summarizer{compressor: newCompressor(0), asOf: asOf, options: o}
}

func (s *summarizer) add(c orders.Customer) {
	valued := c.Sides.Repeat
	if c.Entry != orders.First {
		valued = valued.Plus(c.Sides.Unknown) // nothing tells which of them was the first
	}
	if s.options.FirstValue {
		valued = valued.Plus(c.Sides.First)
	}
	s.count(Summary{
		X:  int(c.Purchases - 1),
		TX: float64(c.LastDay - c.FirstDay),
		T:  float64(s.asOf - c.FirstDay),
	}, int(valued.Purchases), valued.Revenue.Float64()/float64(valued.Purchases))
}

// count adds a customer with that past, of whom so many purchases have a value.
func (s *summarizer) count(past Summary, valued int, mean float64) {
	s.compressor.add(past)
	if valued > 0 {
		s.values = append(s.values, Monetary{Purchases: valued, Mean: mean, Customers: 1})
	}
}

func (s *summarizer) sample() *Sample {
	sample := s.compressor.sample()
	sample.AsOf, sample.Monetary = s.asOf, s.sorted()
	return sample
}

// sorted returns the values, equal ones as one; not nil, for they are known.
func (s *summarizer) sorted() []Monetary {
	slices.SortFunc(s.values, func(a, b Monetary) int {
		if a.Purchases != b.Purchases {
			return cmp.Compare(a.Purchases, b.Purchases)
		}
		return cmp.Compare(a.Mean, b.Mean)
	})
	values := make([]Monetary, 0, len(s.values))
	for _, v := range s.values {
		if last := len(values) - 1; last >= 0 && values[last].Purchases == v.Purchases && values[last].Mean == v.Mean {
			values[last].Customers++
		} else {
			values = append(values, v)
		}
	}
	return values
}
