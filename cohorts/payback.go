package cohorts

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/repeatsales/repeatsales/orders"
)

// LTVOptions says what a customer brings and costs. The zero LTVOptions is
// contribution, and customers that came for nothing.
type LTVOptions struct {
	Costs orders.Costs // only the acquisition cost of it, CostPerLead ÷ Conversion; all others are per purchase: see package ltv
	Value Value
}

// Value is what customers bring.
type Value uint8

// The values.
const (
	ByContribution Value = iota // gross profit less direct cost, of the lines whose cost is known
	ByGrossProfit
	ByRevenue
)

var valueNames = [...]string{"contribution", "profit", "revenue"}

// String returns "contribution", "profit" or "revenue".
func (v Value) String() string {
	if int(v) < len(valueNames) {
		return valueNames[v]
	}
	return fmt.Sprintf("Value(%d)", uint8(v))
}

// MarshalText writes v as [Value.String] does.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// of returns the value of t; unknown if no cost of it is.
func (v Value) of(t orders.Tally) orders.NullAmount {
	switch {
	case v == ByRevenue:
		return orders.Known(t.Revenue)
	case !t.Profit().Known:
		return orders.NullAmount{}
	case v == ByGrossProfit:
		return orders.Known(t.GrossProfit())
	}
	return orders.Known(t.Contribution())
}

// LTV is what customers have brought by each age, against what it cost to win them.
type LTV struct {
	Value       Value
	Acquisition orders.Amount // of one customer
	All         Curve         // of all cohorts together; its Period is zero
	Cohorts     []Curve       // one for each cohort of the table whose cells begin at age 0, ascending
}

// Curve is the cumulative value of one cohort, or of all, by age.
type Curve struct {
	Period orders.Period
	Points []CurvePoint // by age, from 0

	// PaidBack is whether the customers have brought what they cost, and PaidAt
	// the first age at which they had; −1 if they have not within the data, or no
	// cost of goods is known.
	PaidBack bool
	PaidAt   int
}

// CurvePoint is a curve at one age.
type CurvePoint struct {
	Age         int
	Cohorts     int               // n: observed in full up to this age; of one cohort's curve 1
	Size        int64             // their customers, those who never came back included
	Sum         orders.NullAmount // what they have brought from age 0 through this one; unknown without a known cost
	PerCustomer float64           // Sum ÷ Size, in money; NaN if Sum is unknown or Size 0
	Net         float64           // PerCustomer − Acquisition
	Partial     bool              // of one cohort: some cell up to here is observed in part only, so Sum is too low
}

// LTV returns what the customers of each cohort, and of all, have brought by each
// age, per acquired customer, beside what winning one cost:
//
//	LTV(a) = Σ value of ages 0…a ÷ Size,  paid back at the first a with Σ value ≥ Acquisition × Size
//
// compared exactly. All takes at each age the cohorts that are observed in full
// up to it, so that its last points are of few: n and their customers stand
// beside. Customers who may have bought before the export have no age and no
// acquisition cost, and are left out.
//
// What counts is observed, nothing is predicted: a cohort that has not paid back
// may do so yet. Errors: orders.ErrOptions (wrapped) for Costs that do not go
// together and an unknown Value; orders.ErrRange if the cost does not fit.
//
// Source: cumulative margin per acquired customer against the cost of acquiring
// one, the usual cohort payback chart; "never within the data" is an answer.
func (t *Table) LTV(o LTVOptions) (*LTV, error) {
	if o.Value > ByRevenue {
		return nil, fmt.Errorf("cohorts: %w: Value = %v", orders.ErrOptions, o.Value)
	}
	acquisition, err := o.Costs.Acquisition()
	if err != nil {
		return nil, fmt.Errorf("cohorts: %w", err)
	}
	l := &LTV{Value: o.Value, Acquisition: acquisition}
	var sums []orders.Tally // over cohorts, by age
	for _, c := range t.Cohorts {
		if c.Cells[0].Age != 0 {
			continue // what it brought before the range is not known
		}
		curve := Curve{Period: c.Period}
		partial := false
		for age, cell := range c.Cells {
			partial = partial || cell.Partial
			p := l.point(age, 1, c.Size, cell.Cumulative)
			p.Partial = partial
			curve.Points = append(curve.Points, p)
			if age == len(sums) {
				sums = append(sums, orders.Tally{})
				l.All.Points = append(l.All.Points, CurvePoint{})
			}
			if !partial {
				sums[age] = sums[age].Plus(cell.Cumulative)
				l.All.Points[age].Cohorts++
				l.All.Points[age].Size += c.Size
			}
		}
		curve.payBack(acquisition)
		l.Cohorts = append(l.Cohorts, curve)
	}
	for age, p := range l.All.Points {
		l.All.Points[age] = l.point(age, p.Cohorts, p.Size, sums[age])
	}
	l.All.payBack(acquisition)
	return l, nil
}

// point returns the point of so many customers who have brought t.
func (l *LTV) point(age, cohorts int, size int64, t orders.Tally) CurvePoint {
	p := CurvePoint{Age: age, Cohorts: cohorts, Size: size, PerCustomer: math.NaN(), Net: math.NaN()}
	if cohorts == 0 {
		return p
	}
	if p.Sum = l.Value.of(t); p.Sum.Known {
		p.PerCustomer = perCustomer(p.Sum.Amount, size)
		p.Net = p.PerCustomer - l.Acquisition.Float64()
	}
	return p
}

// payBack finds the first age at which the customers have brought what they cost.
func (c *Curve) payBack(acquisition orders.Amount) {
	c.PaidAt = -1
	for _, p := range c.Points {
		if p.Sum.Known && p.Size > 0 && covers(p.Sum.Amount, acquisition, p.Size) {
			c.PaidBack, c.PaidAt = true, p.Age
			return
		}
	}
}

// covers reports whether sum ≥ cost × n, for a cost that is not negative, exactly.
func covers(sum, cost orders.Amount, n int64) bool {
	if sum < 0 {
		return false
	}
	hi, lo := bits.Mul64(uint64(cost), uint64(n))
	return hi == 0 && lo <= uint64(sum)
}
