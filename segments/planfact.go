package segments

import (
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// kopeck is what plans are rounded to.
const kopeck = orders.One / 100

// maxPlan bounds a plan and what is expected, of one and of all, so that no sum
// of them leaves an Amount.
const maxPlan = 100_000_000_000_000 * orders.One

// planSides returns the sides of sales that are planned.
func planSides(s orders.Sides, known bool) PlanSides {
	return PlanSides{s.First.Revenue, s.Repeat.Revenue, s.Unknown.Revenue, known}
}

// unmatched returns the money of sales that is not planned.
func unmatched(s orders.Sides, known bool) orders.NullAmount {
	return orders.NullAmount{Amount: s.Unmatched.Revenue, Known: known}
}

// plus returns the sum of s and t, which is known if both are.
func (s PlanSides) plus(t PlanSides) PlanSides {
	return PlanSides{s.New + t.New, s.Repeat + t.Repeat, s.Unknown + t.Unknown, s.Known && t.Known}.orNone()
}

// minus returns s − t, which is known if both are.
func (s PlanSides) minus(t PlanSides) PlanSides {
	return PlanSides{s.New - t.New, s.Repeat - t.Repeat, s.Unknown - t.Unknown, s.Known && t.Known}.orNone()
}

// orNone returns s, without the money if it is not known.
func (s PlanSides) orNone() PlanSides {
	if !s.Known {
		return PlanSides{}
	}
	return s
}

// times returns each side × num ÷ den, rounded half away from zero to kopecks.
func (s PlanSides) times(num, den int64) (PlanSides, error) {
	for _, side := range []*orders.Amount{&s.New, &s.Repeat, &s.Unknown} {
		kopecks, _, err := side.MulDiv(num, den*int64(kopeck))
		if err == nil {
			*side, _, err = kopecks.MulDiv(int64(kopeck), 1)
		}
		if err != nil {
			return PlanSides{}, err
		}
	}
	return s, s.check()
}

// check returns an error if a side of s is beyond what is planned.
func (s PlanSides) check() error {
	if most := max(s.New.Abs(), s.Repeat.Abs(), s.Unknown.Abs()); most > maxPlan {
		return fmt.Errorf("%w: %s is above %s", orders.ErrRange, most, orders.Amount(maxPlan))
	}
	return nil
}

// of returns s ÷ plan, side by side.
func (s PlanSides) of(plan PlanSides) PlanShare {
	done := PlanShare{math.NaN(), math.NaN(), math.NaN()}
	if !s.Known || !plan.Known {
		return done
	}
	done.Total = share(float64(s.Total().Amount), float64(plan.Total().Amount))
	if s.Unknown == 0 && plan.Unknown == 0 { // else the sides of one are not those of the other
		done.New, done.Repeat = share(float64(s.New), float64(plan.New)), share(float64(s.Repeat), float64(plan.Repeat))
	}
	return done
}

// close compares plan and fact, in each row and in total, and says what a month
// under way comes to at the pace so far.
func (p *planner) close() error {
	r := p.result
	total := &r.Total
	paced := r.UnderWay && r.Passed > 0
	total.Expected.Known = paced
	occurs := map[PlanReason]bool{}
	for i := range r.Rows {
		row := &r.Rows[i]
		row.Deviation, row.Done = row.Fact.minus(row.Plan), row.Fact.of(row.Plan)
		if paced {
			var err error
			if row.Expected, err = row.Fact.times(int64(r.Workdays), int64(r.Passed)); err != nil {
				return err
			}
			total.Expected = total.Expected.plus(row.Expected)
			if err := total.Expected.check(); err != nil {
				return err
			}
		}
		for _, reason := range row.Reasons {
			occurs[reason] = true
		}
	}
	total.Deviation, total.Done = total.Fact.minus(total.Plan), total.Fact.of(total.Plan)
	total.Reasons = slices.DeleteFunc(slices.Clone(planReasons), func(reason PlanReason) bool { return !occurs[reason] })
	return nil
}
