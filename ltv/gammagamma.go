package ltv

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
	"github.com/repeatsales/repeatsales/orders"
)

// GammaGamma is the model of what a purchase is worth: values of one
// customer's purchases vary as a gamma distribution of shape P, and its rate
// varies over customers as another, of shape Q and rate V. Values are positive
// and independent of how often the customer buys; money is in the currency of
// the Monetary. For margins that may be zero or negative see [NormalNormal].
// Source: P. S. Fader, B. G. S. Hardie, The Gamma-Gamma Model of Monetary
// Value (2013); Fader, Hardie & Lee (2005b), which has one parameter less.
type GammaGamma struct{ P, Q, V float64 }

var gammaGammaNames = []string{"P", "Q", "V"}

func (m GammaGamma) ok() bool {
	return min(m.P, m.Q, m.V) > 0 && finite(m.P) && finite(m.Q) && finite(m.V)
}

// Check returns [orders.ErrOptions] (wrapped) unless P, Q and V are positive and finite.
func (m GammaGamma) Check() error {
	if !m.ok() {
		return fmt.Errorf("ltv: %w: GammaGamma = %+v", orders.ErrOptions, m)
	}
	return nil
}

// Check returns [orders.ErrOptions] (wrapped) unless Purchases ≥ 1, Mean is
// finite and Customers is not negative.
func (s Monetary) Check() error {
	if !s.ok() {
		return fmt.Errorf("ltv: %w: Monetary = %+v", orders.ErrOptions, s)
	}
	return nil
}

func (s Monetary) ok() bool {
	return s.Purchases >= 1 && math.Abs(s.Mean) <= math.MaxFloat64 && finite(s.Customers)
}

// LogLikelihood returns ln of the density of one such customer's mean value z
// over x purchases (equation 1a):
//
//	Γ(Px+Q) ÷ (Γ(Px) Γ(Q)) · z^(Px−1) x^(Px) V^Q ÷ (V + xz)^(Px+Q)
//
// It is −Inf for z ≤ 0.
func (m GammaGamma) LogLikelihood(s Monetary) float64 {
	if !m.ok() || !s.ok() {
		return math.NaN()
	}
	if s.Mean <= 0 {
		return math.Inf(-1)
	}
	px, total := m.P*float64(s.Purchases), s.Mean*float64(s.Purchases)
	return -numeric.LogBeta(px, m.Q) - math.Log(s.Mean) - m.Q*math.Log1p(total/m.V) - px*math.Log1p(m.V/total)
}

// Mean returns the expected value of a purchase of a customer of whom nothing
// is known, P·V ÷ (Q−1). It has no bound, +Inf, if Q ≤ 1.
func (m GammaGamma) Mean() float64 {
	switch {
	case !m.ok():
		return math.NaN()
	case m.Q <= 1:
		return math.Inf(1)
	}
	return m.P * m.V / (m.Q - 1)
}

// Expected returns the expected value of a purchase of a customer with those
// values, P·(V + x·z) ÷ (P·x + Q − 1) (equation 5), between their own mean and
// that of all; without purchases it is Mean. It is never negative: +Inf where
// the distribution is so wide that it has no mean.
func (m GammaGamma) Expected(s Monetary) float64 {
	switch {
	case s.Purchases == 0:
		return m.Mean()
	case !m.ok() || !s.ok() || s.Mean < 0:
		return math.NaN()
	}
	x := float64(s.Purchases)
	weight := m.P*x + m.Q - 1
	if weight <= 0 {
		return math.Inf(1)
	}
	return m.P * (m.V + x*s.Mean) / weight
}
