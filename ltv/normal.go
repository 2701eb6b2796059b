package ltv

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// NormalNormal is the model of what a purchase earns where that may be zero or
// negative: margins of one customer's purchases vary around the customer's own
// mean with the standard deviation Sigma, and the means vary around Mu with
// Tau. A customer's mean margin is drawn towards Mu the more, the fewer
// purchases there are to show it.
// Source: D. C. Schmittlein, R. A. Peterson, Customer Base Analysis: An
// Industrial Purchase Process Application, Marketing Science 13 (1994);
// in insurance, H. Bühlmann, E. Straub, Glaubwürdigkeit für
// Schadensätze (1970).
type NormalNormal struct{ Mu, Tau, Sigma float64 }

var normalNames = []string{"Mu", "Tau", "Sigma"}

func (m NormalNormal) ok() bool {
	return math.Abs(m.Mu) <= math.MaxFloat64 && finite(m.Tau) && finite(m.Sigma) && m.Tau+m.Sigma > 0
}

// Check returns [orders.ErrOptions] (wrapped) unless Mu is finite, Tau and
// Sigma are finite and not negative, and one of them is positive.
func (m NormalNormal) Check() error {
	if !m.ok() {
		return fmt.Errorf("ltv: %w: NormalNormal = %+v", orders.ErrOptions, m)
	}
	return nil
}

// LogLikelihood returns ln of the density of one such customer's mean margin
// over x purchases: normal, Mu and Tau² + Sigma²/x.
func (m NormalNormal) LogLikelihood(s Monetary) float64 {
	if !m.ok() || !s.ok() {
		return math.NaN()
	}
	sd := math.Hypot(m.Tau, m.Sigma/math.Sqrt(float64(s.Purchases)))
	z := (s.Mean - m.Mu) / sd
	return -z*z/2 - math.Log(sd) - math.Log(2*math.Pi)/2
}

// weight returns how much of the customer's own mean is believed, 0…1:
// x·Tau² ÷ (x·Tau² + Sigma²).
func (m NormalNormal) weight(s Monetary) float64 {
	between := math.Hypot(m.Tau, m.Sigma/math.Sqrt(float64(s.Purchases)))
	return (m.Tau / between) * (m.Tau / between)
}

// Expected returns the expected margin of a purchase of a customer with those
// margins, w·z + (1−w)·Mu, w = x·Tau² ÷ (x·Tau² + Sigma²); Mu without purchases.
func (m NormalNormal) Expected(s Monetary) float64 {
	switch {
	case !m.ok():
		return math.NaN()
	case s.Purchases == 0:
		return m.Mu
	case !s.ok():
		return math.NaN()
	}
	w := m.weight(s)
	return w*s.Mean + (1-w)*m.Mu
}

// Deviation returns the standard deviation of the customer's true mean margin
// around Expected, Tau·√(1−w); Tau without purchases.
func (m NormalNormal) Deviation(s Monetary) float64 {
	switch {
	case !m.ok():
		return math.NaN()
	case s.Purchases == 0:
		return m.Tau
	case !s.ok():
		return math.NaN()
	}
	return m.Tau * math.Sqrt(max(0, 1-m.weight(s)))
}
