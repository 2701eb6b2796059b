package ltv

import (
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// BGNBD is the BG/NBD model: while a customer, one buys at random at a rate of
// one's own (gamma: shape R, rate Alpha), and leaves after each repeat purchase
// with a probability of one's own (beta: A, B). By construction nobody who has
// not bought again can have left: P(alive) of a one-time buyer is exactly 1.
//
// Expectations are integrals over the probability of leaving, not the usual
// hypergeometric function: they hold for any A and B, A = 1 and A + B < 1
// included.
//
// Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers"
// the Easy Way: An Alternative to the Pareto/NBD Model, Marketing Science 24
// (2005a).
type BGNBD struct {
	R, Alpha, A, B float64
	Unit           Unit
}

var bgNames = []string{"R", "Alpha", "A", "B"}

func (m BGNBD) ok() bool { return valid(m.R, m.Alpha, m.A, m.B) && m.Unit.ok() }

// Name returns "bgnbd".
func (m BGNBD) Name() string { return "bgnbd" }

// Check returns [orders.ErrOptions] (wrapped), naming the first field outside its domain.
func (m BGNBD) Check() error {
	if err := checkAll("BGNBD", bgNames, m.R, m.Alpha, m.A, m.B); err != nil {
		return err
	}
	return m.Unit.check("BGNBD")
}

// LogLikelihood returns ln L of equation 6:
//
//	L = B(A, B+x)/B(A, B) · Γ(R+x)/Γ(R) · Alpha^R · [(Alpha+T)^−(R+x) + {x>0} A/(B+x−1) · (Alpha+t_x)^−(R+x)]
func (m BGNBD) LogLikelihood(c Summary) float64 {
	if !m.ok() || !c.ok() {
		return math.NaN()
	}
	x, tx, t := m.Unit.summary(c)
	alive, odds := betaGeometric(m, 0, x, tx, t)
	return alive + softplus(odds)
}

// PAlive returns 1 ÷ (1 + {x>0} A/(B+x−1) · ((Alpha+T)/(Alpha+t_x))^(R+x)).
// Source: Fader, Hardie & Lee, Computing P(alive) Using the BG/NBD Model (2008).
func (m BGNBD) PAlive(c Summary) float64 {
	if !m.ok() || !c.ok() {
		return math.NaN()
	}
	x, tx, t := m.Unit.summary(c)
	_, odds := betaGeometric(m, 0, x, tx, t)
	return math.Exp(-softplus(odds))
}

// betaGeometric returns ln of the density of a history and of being alive at
// its end, and ln of the odds of having left after the latest purchase. The
// chance to leave comes skip more times than there are repeat purchases: 0 in
// the BG/NBD, 1 in the MBG/NBD.
func betaGeometric(m BGNBD, skip, x, tx, t float64) (alive, odds float64) {
	n := x + skip
	alive = gammaPoisson(m.R, m.Alpha, x, t) + numeric.LogBetaRatio(m.A, m.B, n)
	if n == 0 {
		return alive, math.Inf(-1)
	}
	return alive, math.Log(m.A) - math.Log(m.B+n-1) + (m.R+x)*math.Log1p((t-tx)/(m.Alpha+tx))
}

// Given returns the BG/NBD of R + x, Alpha + T, A and B + x.
func (m BGNBD) Given(c Summary) Posterior {
	p := m.PAlive(c)
	m.R += float64(c.X)
	m.Alpha += m.Unit.in(c.T)
	m.B += float64(c.X)
	return Posterior{PAlive: p, Alive: m}
}

// Expected returns ∫₀¹ [1 − (1 + p·t/Alpha)^−R] ÷ p · Beta(p; A, B) dp,
// equation 9 before its integral is written as ₂F₁.
func (m BGNBD) Expected(t float64) float64 {
	if !m.ok() || !(t >= 0) {
		return math.NaN()
	}
	odds := m.Unit.in(t) / m.Alpha
	switch {
	case t == 0:
		return 0
	case math.IsInf(odds, 1):
		return m.lifetime()
	}
	if v, ok := m.closed(odds); ok {
		return v
	}
	return m.overDropout(func(logP float64) float64 {
		z := m.R * math.Log1p(math.Exp(logP)*odds)
		if z < 1e-15 {
			return math.Log(m.R) + math.Log(odds) // the limit for p → 0
		}
		return math.Log(-math.Expm1(-z)) - logP
	})
}

// lifetime returns E[1/p], the repeat purchases of an unbounded future.
func (m BGNBD) lifetime() float64 {
	if m.A <= 1 {
		return math.Inf(1)
	}
	return 1 + m.B/(m.A-1)
}

// overDropout returns the mean of exp g(ln p) over p ~ Beta(A, B).
func (m BGNBD) overDropout(g func(logP float64) float64) float64 {
	norm := numeric.LogBeta(m.A, m.B)
	return math.Exp(numeric.LogIntegral(func(y float64) float64 { // y = ln p/(1−p)
		logP, logQ := -softplus(-y), -softplus(y)
		return m.A*logP + m.B*logQ + g(logP) - norm
	}, math.Inf(-1), math.Inf(1), math.Log(m.A)-math.Log(m.B)))
}

// closed returns equation 9 as printed, (A+B−1)/(A−1) · [1 − (1+odds)^−R ·
// ₂F₁(R, B; A+B−1; odds/(1+odds))], where it keeps nine digits: away from its
// poles and where neither the series is long nor the bracket cancels.
func (m BGNBD) closed(odds float64) (float64, bool) {
	c := m.A + m.B - 1
	decay := m.R * math.Log1p(odds)
	if math.Abs(m.A-1) < 0.01 || c < 0.1 || decay > 500 {
		return 0, false
	}
	w := odds / (1 + odds)
	term := math.Exp(-decay)
	sum := term
	for k := 0.0; ; k++ {
		factor := (m.R + k) * (m.B + k) / ((c + k) * (1 + k)) * w
		term *= factor
		sum += term
		if factor < 1 && term < 1e-16*(1-max(factor, w))*sum {
			break
		}
		if k == 500 {
			return 0, false
		}
	}
	if math.Abs(1-sum) < 1e-5 {
		return 0, false
	}
	return c / (m.A - 1) * (1 - sum), true
}

// Discounted returns, without a horizon, ∫₀¹ (R/p) e^z E_{R+1}(z) · Beta(p; A, B) dp
// with z = delta·Alpha/p, and else e^(−delta·t) E[X(t)] + delta ∫₀ᵗ e^(−delta·u) E[X(u)] du.
func (m BGNBD) Discounted(t, delta float64) float64 {
	if !m.ok() || !(t >= 0) || !(delta >= 0) {
		return math.NaN()
	}
	switch {
	case delta == 0:
		return m.Expected(t)
	case math.IsInf(t, 1):
		return m.overDropout(func(logP float64) float64 {
			z := delta * m.Unit.days() * m.Alpha * math.Exp(-logP)
			if z > 1e15*(1+m.R) {
				return math.Log(m.R) - math.Log(delta*m.Unit.days()*m.Alpha) // the limit for p → 0
			}
			return math.Log(m.R) - logP + math.Log(numeric.ScaledExpInt(m.R+1, z))
		})
	}
	return math.Exp(-delta*t)*m.Expected(t) + delta*m.waiting(min(t, 50/delta), delta)
}

// waiting returns ∫₀ᵗ e^(−delta·u) E[X(u)] du.
func (m BGNBD) waiting(t, delta float64) float64 {
	scale := m.Unit.days() * m.Alpha
	if end := math.Log1p(t / scale); m.R*end < 20 {
		f := func(q float64) float64 { // u = scale·(e^q − 1)
			u := scale * math.Expm1(q)
			return math.Exp(q-delta*u) * scale * m.Expected(u)
		}
		if m.R*end < 5 && end < 2 && delta*t < 1 {
			return numeric.Panel(f, 0, end)
		}
		return numeric.Integral(f, 0, end)
	}
	end := math.Log(t)
	return math.Exp(numeric.LogIntegral(func(w float64) float64 { // u = e^w
		u := math.Exp(w)
		return w - delta*u + math.Log(m.Expected(u))
	}, math.Inf(-1), end, end))
}

// Probability returns equation 8:
//
//	P(X(t)=n) = B(A, B+n)/B(A, B) · NB(n) + {n>0} B(A+1, B+n−1)/B(A, B) · P(NB ≥ n)
//
// NB being negative binomial: R, t/(Alpha+t). Its tail is the incomplete beta
// function, not 1 less a sum, which has no digits left in the tail.
func (m BGNBD) Probability(n int, t float64) float64 {
	if !m.ok() || !finite(t) || n < 0 {
		return math.NaN()
	}
	k, odds := float64(n), m.Unit.in(t)/m.Alpha
	stay := numeric.LogBetaRatio(m.A, m.B, k)
	v := math.Exp(stay + logNegativeBinomial(k, m.R, odds))
	if n > 0 {
		left := stay + math.Log(m.A) - math.Log(m.B+k-1)
		v += math.Exp(left) * numeric.IncompleteBeta(k, m.R, odds)
	}
	return v
}

// ProbabilityBetween returns the mean over the probability p of leaving, of
//
//	(1 + p·f)^−R · [(1−p)^n NB(n) + {n>0} p(1−p)^(n−1) P(NB ≥ n)] + {n=0} [1 − (1 + p·f)^−R]
//
// f = from ÷ Alpha, NB being negative binomial with R and the odds
// (to−from) ÷ (Alpha + p·from): a customer still active at day from has bought
// at a rate that is the lower the more likely leaving was.
func (m BGNBD) ProbabilityBetween(n int, from, to float64) float64 {
	if !m.ok() || n < 0 || !(from >= 0) || !(to >= from) {
		return math.NaN()
	}
	if from == 0 {
		return m.Probability(n, to)
	}
	k, f, w := float64(n), m.Unit.in(from)/m.Alpha, m.Unit.in(to-from)/m.Alpha
	if w == 0 {
		return m.Probability(n, 0)
	}
	// The powers of p and 1−p go into the beta distribution.
	active := func(logP float64) (survive, odds float64) {
		p := math.Exp(logP)
		return -m.R * math.Log1p(p*f), w / (1 + p*f)
	}
	stay := numeric.LogBetaRatio(m.A, m.B, k)
	stayed := m
	stayed.B += k
	v := math.Exp(stay) * stayed.overDropout(func(logP float64) float64 {
		survive, odds := active(logP)
		return survive + logNegativeBinomial(k, m.R, odds)
	})
	if n == 0 {
		return v + m.overDropout(func(logP float64) float64 {
			survive, _ := active(logP)
			if survive > -1e-15 {
				return math.Log(m.R) + logP + math.Log(f) // the limit for p → 0
			}
			return math.Log(-math.Expm1(survive))
		})
	}
	left := m
	left.A++
	left.B += k - 1
	return v + math.Exp(stay)*m.A/(m.B+k-1)*left.overDropout(func(logP float64) float64 {
		survive, odds := active(logP)
		return survive + math.Log(numeric.IncompleteBeta(k, m.R, odds))
	})
}
