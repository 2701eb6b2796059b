package cohorts

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// Verdict reads an interval of repeat shares by the maturity model of sales
// departments, at each of its ends. It never chooses between them.
type Verdict struct {
	Low, High Standing
	Reason    Reason // why there is no verdict; "" if there is one
}

// Standing is what the maturity model says of one share.
type Standing struct {
	Share  float64 // 0…1
	Band   Band
	Target float64 // the next target, a share 0…1; NaN if the model knows none
}

// Band is a level of the maturity model, or the gap between two.
type Band uint8

// The bands. Those of the model do not tile, and levels 3 and 4 cannot be told
// apart by a number: the company's processes decide.
const (
	NoBand      Band = iota // no verdict
	BelowOne                // under 5 %
	One                     // 5–10 %: «we sell to new customers»
	OneToTwo                // above 10 %, under 30 %: between levels 1 and 2; 15–20 % is the target of level 1
	Two                     // from 30 %, under 50 %: «sales without strain»
	ThreeOrFour             // from 50 %: «take the maximum from the base» or «the whole company takes part»
)

var bandNames = [...]string{"", "below 1", "1", "between 1 and 2", "2", "3 or 4"}

// String returns "below 1", "1", "between 1 and 2", "2" or "3 or 4"; "" for NoBand.
func (b Band) String() string {
	if int(b) < len(bandNames) {
		return bandNames[b]
	}
	return fmt.Sprintf("Band(%d)", uint8(b))
}

// MarshalText writes b as [Band.String] does.
func (b Band) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// Maturity returns the verdict on a repeat share of revenue between low and
// high, 0…1. If they are not such an interval (NaN, outside, or the wrong way
// round) there is no verdict: both bands are NoBand and the Reason is NoBase.
//
// The next target is the least of 15, 30, 50 and 90 % above the share: what
// level 1 aims at, where levels 2 and 3 begin, and how far level 3 goes.
//
// Source: the maturity model of sales departments by share of repeat sales:
// 1: 5–10 %, target 15–20 %; 2: target 30–50 %; 3: up to 90 %; 4: up to 80 %.
func Maturity(low, high float64) Verdict {
	if !(0 <= low && low <= high && high <= 1) {
		return noVerdict(NoBase)
	}
	return Verdict{Low: standing(low), High: standing(high)}
}

func noVerdict(r Reason) Verdict {
	none := Standing{Share: math.NaN(), Target: math.NaN()}
	return Verdict{Low: none, High: none, Reason: r}
}

func standing(share float64) Standing {
	s := Standing{Share: share, Target: math.NaN()}
	switch {
	case share < 0.05:
		s.Band = BelowOne
	case share <= 0.10:
		s.Band = One
	case share < 0.30:
		s.Band = OneToTwo
	case share < 0.50:
		s.Band = Two
	default:
		s.Band = ThreeOrFour
	}
	for _, target := range [...]float64{0.15, 0.30, 0.50, 0.90} {
		if share < target {
			s.Target = target
			break
		}
	}
	return s
}

// RepeatNeeded returns the repeat money that must be added to bring the repeat
// share to target while the first-purchase money stays as it is:
//
//	(t·T − R) ÷ (1 − t) = t·F ÷ (1 − t) − R,  T = F + R
//
// with t = target, F = first, R = repeat, rounded half away from zero to four
// places; negative if the share is above the target. The target counts to four
// places, as 0.15 or 0.3333 do. Errors: orders.ErrOptions (wrapped) for a
// target that is not from 0 to 0.9999, orders.ErrRange for a sum that does not fit.
func RepeatNeeded(first, repeat orders.Amount, target float64) (orders.Amount, error) {
	if !(target >= 0 && target <= 0.9999) {
		return 0, fmt.Errorf("cohorts: %w: target = %v", orders.ErrOptions, target)
	}
	t := int64(math.Round(target * float64(orders.One)))
	all, _, err := first.MulDiv(t, int64(orders.One)-t)
	return all - repeat, err
}

// ToTarget returns the repeat money that each end of the interval lacks to its
// next target, as [RepeatNeeded] counts it:
//
//	low:  first = First + Unknown, repeat = Repeat
//	high: first = First − q·First, repeat = Repeat + Unknown + q·First
//
// of the whole range's revenue, q·First rounded to four places. It is unknown
// where the verdict of [Repeat.Maturity] has no target: there is no verdict, or
// the share is 90 % or more.
func (r *Repeat) ToTarget() (low, high orders.NullAmount) {
	v, s := r.Maturity(), r.Total.Sides
	old := orders.Amount(math.Round(r.lateOld() * float64(s.First.Revenue)))
	need := func(first, repeat orders.Amount, target float64) orders.NullAmount {
		if math.IsNaN(target) {
			return orders.NullAmount{}
		}
		a, err := RepeatNeeded(first, repeat, target)
		return orders.NullAmount{Amount: a, Known: err == nil}
	}
	return need(s.First.Revenue+s.Unknown.Revenue, s.Repeat.Revenue, v.Low.Target),
		need(s.First.Revenue-old, s.Repeat.Revenue+s.Unknown.Revenue+old, v.High.Target)
}
