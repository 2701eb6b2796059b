package ltv

import (
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// SBG is the shifted beta-geometric model of contracts: at each renewal a
// customer leaves with a probability of their own (beta: Alpha, Beta).
// Retention rises with age because those likely to leave have left.
// Source: P. S. Fader, B. G. S. Hardie, How to Project Customer Retention,
// Journal of Interactive Marketing 21 (2007).
type SBG struct{ Alpha, Beta float64 }

var sbgNames = []string{"Alpha", "Beta"}

func (m SBG) ok() bool { return valid(m.Alpha, m.Beta) }

// Check returns [orders.ErrOptions] (wrapped), naming the first field outside its domain.
func (m SBG) Check() error { return checkAll("SBG", sbgNames, m.Alpha, m.Beta) }

// weibull returns the model as the special case that it is.
func (m SBG) weibull() BdW { return BdW{m.Alpha, m.Beta, 1} }

// Survival returns S(t) = B(Alpha, Beta+t) ÷ B(Alpha, Beta), the share of
// customers left after t ≥ 0 renewals (equation 6).
func (m SBG) Survival(t int) float64 { return m.weibull().Survival(t) }

// Retention returns S(t) ÷ S(t−1) = (Beta+t−1) ÷ (Alpha+Beta+t−1), t ≥ 1 (equation 8).
func (m SBG) Retention(t int) float64 { return m.weibull().Retention(t) }

// Churn returns P(T = t) = S(t−1) − S(t), the share of customers who leave at
// renewal t ≥ 1 (equation 5).
func (m SBG) Churn(t int) float64 { return m.weibull().Churn(t) }

// Discounted returns the expected number of the next so many renewals of a
// customer who has made renewed ones, the j-th ahead being worth (1+rate)^−j;
// rate ≥ 0 is per contract period.
func (m SBG) Discounted(renewed, periods int, rate float64) float64 {
	return m.weibull().Discounted(renewed, periods, rate)
}

// DERL returns Discounted without a horizon: +Inf if that has no bound. The
// discounted expected residual lifetime of the source counts from just before
// renewal n: it is (1+rate)·DERL(n−1, rate).
// Source: P. S. Fader, B. G. S. Hardie, Customer-Base Valuation in a
// Contractual Setting: The Perils of Ignoring Heterogeneity, Marketing Science
// 29 (2010).
func (m SBG) DERL(renewed int, rate float64) float64 {
	if !m.ok() || renewed < 0 || !(rate >= 0) {
		return math.NaN()
	}
	return geometricTail(m.Alpha, m.Beta+float64(renewed), rate)
}

// LogLikelihood returns Σ lost(t)·ln P(T=t) + left·ln S(n) over cohorts, each
// of which is the number of customers left after 0, 1 … n renewals.
func (m SBG) LogLikelihood(cohorts ...[]float64) float64 {
	return m.weibull().LogLikelihood(cohorts...)
}

// geometricTail returns Σ (1+rate)^−j E[(1−θ)^j] over j ≥ 1, θ ~ Beta(a, b),
// as the mean of the sum: (1−θ) ÷ (rate + θ).
func geometricTail(a, b, rate float64) float64 {
	if rate == 0 {
		if a <= 1 {
			return math.Inf(1)
		}
		return b / (a - 1)
	}
	norm := numeric.LogBeta(a, b)
	return math.Exp(numeric.LogIntegral(func(y float64) float64 { // y = ln θ/(1−θ)
		logT, logU := -softplus(-y), -softplus(y)
		return a*logT + (b+1)*logU - math.Log(rate+math.Exp(logT)) - norm
	}, math.Inf(-1), math.Inf(1), math.Log(a)-math.Log(b)))
}
