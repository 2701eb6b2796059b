package ltv

import (
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// NBD is the model of customers who never leave: each buys at random at a rate
// of their own, and the rates vary as a gamma distribution of shape R and rate
// Alpha. It is what every model with drop-out has to beat.
// Source: A. S. C. Ehrenberg, The Pattern of Consumer Purchases (1959).
type NBD struct {
	R, Alpha float64
	Unit     Unit
}

var nbdNames = []string{"R", "Alpha"}

func (m NBD) ok() bool { return valid(m.R, m.Alpha) && m.Unit.ok() }

// Name returns "nbd".
func (m NBD) Name() string { return "nbd" }

// Check returns [orders.ErrOptions] (wrapped), naming the first field outside its domain.
func (m NBD) Check() error {
	if err := checkAll("NBD", nbdNames, m.R, m.Alpha); err != nil {
		return err
	}
	return m.Unit.check("NBD")
}

// LogLikelihood returns ln [Γ(R+x)/Γ(R) · Alpha^R · (Alpha+T)^−(R+x)].
func (m NBD) LogLikelihood(c Summary) float64 {
	if !m.ok() || !c.ok() {
		return math.NaN()
	}
	x, _, t := m.Unit.summary(c)
	return gammaPoisson(m.R, m.Alpha, x, t)
}

// gammaPoisson returns ln of the density of x purchases on given days of 0…t
// where nobody leaves.
func gammaPoisson(r, alpha, x, t float64) float64 {
	return numeric.LogRising(r, x) - x*math.Log(alpha+t) - r*math.Log1p(t/alpha)
}

// PAlive returns 1: nobody leaves.
func (m NBD) PAlive(c Summary) float64 {
	if !m.ok() || !c.ok() {
		return math.NaN()
	}
	return 1
}

// Given returns the NBD of R + x and Alpha + T.
func (m NBD) Given(c Summary) Posterior {
	p := m.PAlive(c)
	m.R += float64(c.X)
	m.Alpha += m.Unit.in(c.T)
	return Posterior{PAlive: p, Alive: m}
}

// Expected returns R·t ÷ Alpha.
func (m NBD) Expected(t float64) float64 {
	if !m.ok() || !(t >= 0) {
		return math.NaN()
	}
	return m.R / m.Alpha * m.Unit.in(t)
}

// Discounted returns R ÷ Alpha · (1 − e^(−delta·t)) ÷ delta.
func (m NBD) Discounted(t, delta float64) float64 {
	if !m.ok() || !(t >= 0) || !(delta >= 0) {
		return math.NaN()
	}
	if delta == 0 {
		return m.Expected(t)
	}
	return m.R / m.Alpha * m.Unit.in(-math.Expm1(-delta*t)/delta)
}

// Probability returns the negative binomial probability of n purchases.
func (m NBD) Probability(n int, t float64) float64 {
	if !m.ok() || !finite(t) || n < 0 {
		return math.NaN()
	}
	return math.Exp(logNegativeBinomial(float64(n), m.R, m.Unit.in(t)/m.Alpha))
}

// ProbabilityBetween returns Probability(n, to − from): nobody leaves or tires.
func (m NBD) ProbabilityBetween(n int, from, to float64) float64 {
	if !(from >= 0) {
		return math.NaN()
	}
	return m.Probability(n, to-from)
}

// logNegativeBinomial returns ln [Γ(r+n) ÷ (Γ(r) n!) · (1+odds)^−r · (odds ÷ (1+odds))^n],
// odds = t ÷ α.
func logNegativeBinomial(n, r, odds float64) float64 {
	if n == 0 {
		return -r * math.Log1p(odds)
	}
	if odds == 0 {
		return math.Inf(-1)
	}
	return numeric.LogRising(r, n) - numeric.LogGamma(n+1) - r*math.Log1p(odds) - n*math.Log1p(1/odds)
}
