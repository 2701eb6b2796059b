package segments

import (
	"fmt"
	"math/bits"
	"slices"
	"sort"

	"github.com/repeatsales/repeatsales/orders"
)

// Scoring is where the cut points between the scores of [RFM] come from. In
// every scoring a score is decided by cut points alone, each axis by itself, so
// equal values have equal scores.
type Scoring uint8

// The scorings.
const (
	// Quantile cuts at the quantiles of the customers: the quintiles, with five
	// scores. A score of s out of k says that at least (s − 1)/k of the customers
	// are strictly worse:
	//
	//	score = 1 + ⌊k × (customers strictly worse) ÷ (customers)⌋
	//
	// or in SQL, 1 + k * (RANK() OVER (ORDER BY value) - 1) / COUNT(*) OVER () in
	// whole numbers. Without ties the scores are as many customers each as can be.
	// A group of ties has the score of its worst place: where 60 % have bought
	// once, one purchase scores 1 and two score 4. Some scores then do not occur;
	// the result tells which.
	//
	// Source: A. M. Hughes, Strategic Database Marketing (1994), has the
	// quintiles; R. J. Hyndman and Y. Fan, Sample quantiles in statistical
	// packages (The American Statistician 50, 1996), definition 1 (the inverse of
	// the empirical distribution function) is the quantile, a value above it
	// having the higher score. Ties to one score and axes scored independently
	// are the defaults of IBM SPSS, "RFM binning"; SAS's PROC RANK with GROUPS=
	// and TIES=LOW differs only by dividing by one customer more.
	Quantile Scoring = iota

	// Fixed cuts at the cut points of the options, which keep their meaning from
	// month to month and from company to company.
	Fixed

	// EqualWidth cuts the range of the values into equal parts, the outermost
	// values set aside: with N customers ⌊TrimPercent × N ÷ 100⌋ at each end, so
	// that one giant does not leave all others in the lowest score. A cut point
	// belongs to the higher score; who was set aside scores as the end does. With
	// lo and hi the least and the greatest of the others
	//
	//	cut point i of k − 1 = lo + i × (hi − lo) ÷ k
	//
	// rounded up to a whole day, a whole purchase or a ten-thousandth of money.
	// Where lo = hi, who is not above it scores 1 and who is k.
	//
	// Source: bins of equal width are those of a histogram; the ends are set
	// aside as a trimmed mean's are (J. W. Tukey, 1962).
	EqualWidth
)

var scoringNames = [...]string{"quantile", "fixed", "equal_width"}

// String returns "quantile", "fixed" or "equal_width".
func (s Scoring) String() string {
	if int(s) < len(scoringNames) {
		return scoringNames[s]
	}
	return fmt.Sprintf("Scoring(%d)", uint8(s))
}

// MarshalText writes s as [Scoring.String] does.
func (s Scoring) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// cutter returns the cut points of k scores from the values of one axis, which
// it sorts: the least values, in whole units, that score 2, 3, … k. More is
// better. No values have no cut points.
type cutter func(values []int64, k int) []int64

// cutter returns that of the options; nil for [Fixed].
func (o RFMOptions) cutter() cutter {
	switch o.Scoring {
	case Quantile:
		return quantiles
	case EqualWidth:
		return func(values []int64, k int) []int64 { return widths(values, k, o.TrimPercent) }
	}
	return nil
}

// quantiles cuts above the quantiles: at the next value that occurs.
func quantiles(values []int64, k int) (cuts []int64) {
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	for i := 1; i < k; i++ {
		at := (i*len(values) + k - 1) / k // of the quantile, counted from 1
		q := values[at-1]
		above := sort.Search(len(values), func(i int) bool { return values[i] > q })
		if above == len(values) {
			cuts = append(cuts, q+1) // nobody is above
			continue
		}
		cuts = append(cuts, values[above])
	}
	return cuts
}

// widths cuts the range that trimming leaves into equal parts.
func widths(values []int64, k int, percent orders.Amount) (cuts []int64) {
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	n := int64(len(values))
	trimmed := int64(percent) * n / int64(100*orders.One)
	lo, hi := values[trimmed], values[n-1-trimmed]
	for i := 1; i < k; i++ {
		// The difference of two sums of money may be beyond an int64, not beyond a uint64.
		high, low := bits.Mul64(uint64(hi)-uint64(lo), uint64(i))
		part, rest := bits.Div64(high, low, uint64(k))
		if rest > 0 || lo == hi {
			part++
		}
		cuts = append(cuts, int64(uint64(lo)+part))
	}
	return cuts
}

// reached returns 1 plus the number of cut points that v reaches.
func reached[T int64 | orders.Amount](cuts []T, v T) int {
	score := 1
	for _, cut := range cuts {
		if v >= cut {
			score++
		}
	}
	return score
}

// recency returns the score, of k, of so many days since the last purchase.
func recency(cuts []int, k, days int) int {
	score := k
	for _, cut := range cuts {
		if days > cut {
			score--
		}
	}
	return score
}
