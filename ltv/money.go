package ltv

import (
	"errors"
	"math"
)

// Money is the model of what a purchase is worth: one of its two, or neither
// where no repeat purchase has a value.
type Money struct {
	Gamma  *MonetaryFit       // Gamma-Gamma, if next to all values are positive
	Normal *Fit[NormalNormal] // shrinkage, if more than one customer in a hundred brings nothing or less

	// Mean is what a repeat purchase brings on average over the purchases: what
	// is expected where neither model is. NaN without any.
	Mean float64

	Customers float64 // with a known value
	Floored   float64 // customers whose mean is 0 or less, taken as 0 by the Gamma-Gamma
}

// Expected returns the expected worth of a purchase of a customer whose
// purchases so far brought s; for one of whom nothing is known give Monetary{}.
func (m *Money) Expected(s Monetary) float64 {
	switch {
	case m.Gamma != nil:
		s.Mean = max(0, s.Mean)
		return m.Gamma.Expected(s)
	case m.Normal != nil:
		return m.Normal.Model.Expected(s)
	}
	return m.Mean
}

// flooredShare is the share of customers whose purchases brought nothing or
// less up to which they are taken as 0.
const flooredShare = 0.01

// fitMoney returns the model of values: Gamma-Gamma, or Normal–Normal where
// values are not positive often enough. without is the Mean if there is none.
func fitMoney(values []Monetary, without float64) (*Money, error) {
	m := &Money{Mean: without}
	var sum, purchases float64
	for _, s := range values {
		m.Customers += s.Customers
		if s.Mean <= 0 {
			m.Floored += s.Customers
		}
		purchases += s.Customers * float64(s.Purchases)
		sum += s.Customers * float64(s.Purchases) * s.Mean
	}
	if purchases == 0 {
		return m, nil
	}
	m.Mean = sum / purchases
	var err error
	if m.Floored > flooredShare*m.Customers {
		m.Normal, err = FitMargins(values, FitOptions{})
		return m, err
	}
	m.Gamma, err = FitMonetary(values, FitOptions{})
	if errors.Is(err, ErrNoCustomers) {
		return m, nil
	}
	return m, err
}

// drawn returns so many models of money that the data leave open.
func (m *Money) drawn(n int, seed uint64) ([]*Money, error) {
	all := make([]*Money, n)
	switch {
	case m.Gamma != nil:
		models, err := m.Gamma.open(n, seed)
		if err != nil {
			return nil, err
		}
		for i := range all {
			all[i] = m.with(models[i%len(models)])
		}
	case m.Normal != nil:
		models, err := m.Normal.open(n, seed)
		if err != nil {
			return nil, err
		}
		for i := range all {
			all[i] = &Money{Normal: &Fit[NormalNormal]{Model: models[i%len(models)]}, Mean: m.Mean}
		}
	default:
		for i := range all {
			all[i] = m
		}
	}
	return all, nil
}

// with returns m with another Gamma-Gamma.
func (m *Money) with(g GammaGamma) *Money {
	fit := &MonetaryFit{Fit: Fit[GammaGamma]{Model: g}, MeanValue: m.Gamma.MeanValue, Finite: g.Q > 1}
	return &Money{Gamma: fit, Mean: m.Mean}
}

// expected returns Expected with the fallbacks of every case: always a number.
func (m *Money) expected(valued int, mean float64) float64 {
	v := m.Expected(Monetary{Purchases: valued, Mean: mean})
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}
