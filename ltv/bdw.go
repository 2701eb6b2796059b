package ltv

import (
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// BdW is the beta-discrete-Weibull model of contracts: as [SBG], but each
// customer's own probability of staying also changes with age: it rises for
// C < 1, falls for C > 1, and C = 1 is the SBG.
// Source: P. S. Fader, B. G. S. Hardie, Y. Liu, J. Davin, T. Steenburgh, "How
// to Project Customer Retention" Revisited: The Role of Duration Dependence,
// Journal of Interactive Marketing 43 (2018).
type BdW struct{ Alpha, Beta, C float64 }

var bdwNames = []string{"Alpha", "Beta", "C"}

func (m BdW) ok() bool { return valid(m.Alpha, m.Beta, m.C) }

// Check returns [orders.ErrOptions] (wrapped), naming the first field outside its domain.
func (m BdW) Check() error { return checkAll("BdW", bdwNames, m.Alpha, m.Beta, m.C) }

// age returns t^C.
func (m BdW) age(t float64) float64 { return math.Pow(t, m.C) }

// beyond is the t^C from which on floats know its logarithm only.
const beyond = 1e300

// logSurvival returns ln S(t) for t ≥ 0, whole or not.
func (m BdW) logSurvival(t float64) float64 {
	n := m.age(t)
	if n > beyond { // B(α, n) is there Γ(α)·n^−α
		return numeric.LogGamma(m.Alpha) - m.Alpha*m.C*math.Log(t) - numeric.LogBeta(m.Alpha, m.Beta)
	}
	return numeric.LogBetaRatio(m.Alpha, m.Beta, n)
}

// logRetention returns ln of S(t+1) ÷ S(t).
func (m BdW) logRetention(t float64) float64 {
	before, step := m.age(t), 1.0
	if t > 0 {
		step = before * math.Expm1(m.C*math.Log1p(1/t))
	}
	if before+step > beyond {
		return -m.Alpha * m.C * math.Log1p(1/max(t, 1))
	}
	return numeric.LogBetaRatio(m.Alpha, m.Beta+before, step)
}

// Survival returns S(t) = B(Alpha, Beta+t^C) ÷ B(Alpha, Beta), the share of
// customers left after t ≥ 0 renewals.
func (m BdW) Survival(t int) float64 {
	if !m.ok() || t < 0 {
		return math.NaN()
	}
	return math.Exp(m.logSurvival(float64(t)))
}

// Retention returns S(t) ÷ S(t−1), t ≥ 1.
func (m BdW) Retention(t int) float64 {
	if !m.ok() || t < 1 {
		return math.NaN()
	}
	return math.Exp(m.logRetention(float64(t - 1)))
}

// Churn returns P(T = t) = S(t−1) − S(t), the share of customers who leave at
// renewal t ≥ 1.
func (m BdW) Churn(t int) float64 {
	if !m.ok() || t < 1 {
		return math.NaN()
	}
	return m.Survival(t-1) * -math.Expm1(m.logRetention(float64(t-1)))
}

// Discounted returns the expected number of the next so many renewals of a
// customer who has made renewed ones, the j-th ahead being worth (1+rate)^−j;
// rate ≥ 0 is per contract period.
func (m BdW) Discounted(renewed, periods int, rate float64) float64 {
	if !m.ok() || renewed < 0 || periods < 0 || !(rate >= 0) {
		return math.NaN()
	}
	return m.sum(float64(renewed), float64(periods), math.Log1p(rate))
}

// DERL returns Discounted without a horizon; rate > 0. Below, and for a rate
// of 0, it is NaN: whether such a sum has a bound depends on Alpha and C.
func (m BdW) DERL(renewed int, rate float64) float64 {
	if !m.ok() || renewed < 0 || !(rate > 0) {
		return math.NaN()
	}
	return m.sum(float64(renewed), 60/math.Log1p(rate), math.Log1p(rate))
}

// sum returns Σ e^(−delta·j) S(n+j)/S(n) over j = 1…periods: term by term, and
// from the 400th on by the formula of Euler and Maclaurin, there exact to nine
// digits. Source: Abramowitz & Stegun 23.1.30.
func (m BdW) sum(n, periods, delta float64) float64 {
	const whole = 400
	start := m.logSurvival(n)
	term := func(j float64) float64 { return math.Exp(m.logSurvival(n+j) - start - delta*j) }
	sum, logS := 0.0, 0.0
	for j := 1.0; j <= min(periods, whole); j++ {
		logS += m.logRetention(n + j - 1)
		t := math.Exp(logS - delta*j)
		sum += t
		if t < 1e-18*sum {
			return sum
		}
	}
	if periods <= whole {
		return sum
	}
	from, to := whole+1.0, math.Floor(periods)
	ends := (term(from) + term(to)) / 2
	slopes := ((term(to+0.5) - term(to-0.5)) - (term(from+0.5) - term(from-0.5))) / 12
	between := numeric.Integral(func(w float64) float64 { return math.Exp(w) * term(math.Exp(w)) }, math.Log(from), math.Log(to))
	return sum + between + ends + slopes
}

// LogLikelihood returns Σ lost(t)·ln P(T=t) + left·ln S(n) over cohorts, each
// of which is the number of customers left after 0, 1 … n renewals; the
// numbers need not be whole. It is NaN for numbers that are negative or rise.
func (m BdW) LogLikelihood(cohorts ...[]float64) float64 {
	if !m.ok() {
		return math.NaN()
	}
	sum := 0.0
	for _, left := range cohorts {
		logS := 0.0
		for t, n := range left {
			if !finite(n) || t > 0 && n > left[t-1] {
				return math.NaN()
			}
			if t == 0 {
				continue
			}
			step := m.logRetention(float64(t - 1))
			if lost := left[t-1] - n; lost > 0 {
				sum += lost * (logS + math.Log(-math.Expm1(step)))
			}
			logS += step
		}
		if n := len(left); n > 0 && left[n-1] > 0 {
			sum += left[n-1] * logS
		}
	}
	return sum
}
