package cohorts

import "math"

// Share is a share of repeat business, 0…1, as far as the export can tell: at
// least Low, at most High. With known history the two are equal. If the share
// is not defined both are NaN and Reason says why.
type Share struct {
	Low, High float64
	Reason    Reason // "" if there is a share
}

// Reason is a short stable code of why there is no share, or no verdict.
type Reason string

// The reasons.
const (
	NoBase         Reason = "no_base"         // first + repeat + unknown is not positive
	NegativeSide   Reason = "negative_side"   // returns exceed sales on one of the three sides
	NoCost         Reason = "no_cost"         // no cost of goods is known, so neither is profit
	HistoryUnknown Reason = "history_unknown" // every purchase 1 may be an old customer's
)

// undefined is the Share that does not exist for reason r.
func undefined(r Reason) Share { return Share{math.NaN(), math.NaN(), r} }

// shareOf returns the share of repeat in first + repeat + unknown when a part
// q of first, 0…1, is really repeat:
//
//	low  = repeat ÷ base
//	high = (repeat + unknown + q·first) ÷ base
func shareOf[T ~int64](first, repeat, unknown T, q float64) Share {
	base := first + repeat + unknown
	switch {
	case base <= 0:
		return undefined(NoBase)
	case first < 0 || repeat < 0 || unknown < 0:
		return undefined(NegativeSide)
	}
	return Share{
		Low: float64(repeat) / float64(base),
		// Sums above 2⁵³ are rounded on their way into a float, which could carry q = 1 past 1.
		High: min(1, (float64(repeat+unknown)+q*float64(first))/float64(base)),
	}
}

// ratio returns a ÷ b; NaN for b = 0.
func ratio[T ~int64](a, b T) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}
