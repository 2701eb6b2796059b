package ltv

import (
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// ParetoNBD is the Pareto/NBD model: while a customer, one buys at random at a
// rate of one's own (gamma: shape R, rate Alpha), and leaves at any moment at
// another rate of one's own (gamma: shape S, rate Beta).
//
// The likelihood is an integral over the moment of leaving, not the usual
// hypergeometric functions: it holds for any parameters, S = 1 included.
//
// Source: D. C. Schmittlein, D. G. Morrison, R. Colombo, Counting Your
// Customers: Who Are They and What Will They Do Next?, Management Science 33
// (1987); P. S. Fader, B. G. S. Hardie, A Note on Deriving the Pareto/NBD
// Model and Related Expressions (2005).
type ParetoNBD struct {
	R, Alpha, S, Beta float64
	Unit              Unit
}

var paretoNames = []string{"R", "Alpha", "S", "Beta"}

func (m ParetoNBD) ok() bool { return valid(m.R, m.Alpha, m.S, m.Beta) && m.Unit.ok() }

// Name returns "pareto".
func (m ParetoNBD) Name() string { return "pareto" }

// Check returns [orders.ErrOptions] (wrapped), naming the first field outside its domain.
func (m ParetoNBD) Check() error {
	if err := checkAll("ParetoNBD", paretoNames, m.R, m.Alpha, m.S, m.Beta); err != nil {
		return err
	}
	return m.Unit.check("ParetoNBD")
}

// LogLikelihood returns ln of
//
//	L = Γ(R+x)/Γ(R) · Alpha^R Beta^S · [(Alpha+T)^−(R+x) (Beta+T)^−S + S ∫ (Alpha+u)^−(R+x) (Beta+u)^−(S+1) du], u from t_x to T
func (m ParetoNBD) LogLikelihood(c Summary) float64 {
	if !m.ok() || !c.ok() {
		return math.NaN()
	}
	x, tx, t := m.Unit.summary(c)
	alive, odds := m.paths(x, tx, t)
	return alive + softplus(odds)
}

// PAlive returns the share of the first of the two terms of L.
func (m ParetoNBD) PAlive(c Summary) float64 {
	if !m.ok() || !c.ok() {
		return math.NaN()
	}
	x, tx, t := m.Unit.summary(c)
	_, odds := m.paths(x, tx, t)
	return math.Exp(-softplus(odds))
}

// paths returns ln of the density of a history and of being alive at its end,
// and ln of the odds of having left since the latest purchase.
func (m ParetoNBD) paths(x, tx, t float64) (alive, odds float64) {
	alive = gammaPoisson(m.R, m.Alpha, x, t) - m.S*math.Log1p(t/m.Beta)
	if t == tx {
		return alive, math.Inf(-1)
	}
	l := newLeaving(m, x, tx, t)
	return alive, l.odds(l.integrate(nil))
}

// leaving is the integral over the moment u of leaving between the latest
// purchase and the last day observed,
//
//	∫ (α+u)^−(r+x) (β+u)^−(s+1) du.
//
// With y = ln(1 + (u−t_x)/near), near being the lesser of α+t_x and β+t_x, and
// ratio = near ÷ the other, its integrand is exp(p·y − q·ln(1 + ratio·(e^y − 1))):
// log-concave, of any size, and at home within a few units of y.
type leaving struct {
	m           ParetoNBD
	near, ratio float64
	rateFirst   bool // α+t_x is the lesser
	p, q        float64
	end, top    float64 // of y; of the exponent
	ahead       float64 // what ln odds is besides
}

func newLeaving(m ParetoNBD, x, tx, t float64) leaving {
	a, b, n := m.Alpha+tx, m.Beta+tx, m.R+x
	l := leaving{m: m, rateFirst: a <= b}
	if l.rateFirst {
		l.near, l.ratio, l.p, l.q = a, a/b, 1-n, m.S+1
	} else {
		l.near, l.ratio, l.p, l.q = b, b/a, -m.S, n
	}
	l.end = math.Log1p((t - tx) / l.near)
	l.ahead = math.Log(m.S) + math.Log(l.near/b) + n*math.Log1p((t-tx)/a) + m.S*math.Log1p((t-tx)/b)
	if l.p > 0 {
		// The exponent rises to where its slope p − q·ratio·e^y ÷ (1 + ratio·(e^y−1)) is 0.
		y := 0.0
		if l.q > l.p {
			y = math.Log(l.p) + math.Log1p(-l.ratio) - math.Log(l.ratio) - math.Log(l.q-l.p)
		}
		l.top = l.exponent(min(max(y, 0), l.end))
	}
	l.shorten()
	return l
}

func (l *leaving) exponent(y float64) float64 {
	return l.p*y - l.q*math.Log1p(l.ratio*math.Expm1(y))
}

// depth is how far below its top the integrand is cut, in logarithms.
const depth = 45

// shorten moves the end to where the integrand is e^−45 of its top. The
// exponent is concave, so Newton's steps come from the right and never pass.
func (l *leaving) shorten() {
	for range 50 {
		over := l.exponent(l.end) - l.top + depth
		if over > -2 {
			return
		}
		e := math.Expm1(l.end)
		slope := l.p - l.q*l.ratio*(1+e)/(1+l.ratio*e)
		l.end -= over / slope
	}
}

// panels returns how many panels the integral needs and the nodes of each.
func (l *leaving) panels() (int, rule) {
	fall := l.top - min(l.exponent(l.end), l.exponent(0))
	switch {
	case l.end <= 0.5 && fall <= 2:
		return 1, sparse
	case l.end <= 1.5 && fall <= 12:
		return 1, medium
	}
	return int(math.Ceil(l.end / 6)), dense
}

// rule is the nodes and weights of a panel.
type rule struct{ x, w []float64 }

func newRule(n int) rule {
	x, w := numeric.Legendre(n)
	return rule{x, w}
}

var sparse, medium, dense = newRule(8), newRule(14), newRule(24)

// moments are sums over the nodes, by weight, of v = (y, ln d, 1/e, 1/d) with
// e = e^y and d = 1 + ratio·(e − 1), and of the products v[i]·v[j], j ≤ i.
type moments struct {
	first  [4]float64
	second [10]float64
}

// integrate returns the sum of the weights, and adds up the moments if they
// are asked for.
func (l *leaving) integrate(m *moments) float64 {
	count, rule := l.panels()
	half, sum := l.end/float64(2*count), 0.0
	for i := range count {
		middle := half * float64(2*i+1)
		for k, z := range rule.x {
			y := middle + half*z
			e := math.Exp(y)
			d := 1 + l.ratio*(e-1)
			logD := math.Log(d)
			w := half * rule.w[k] * math.Exp(l.p*y-l.q*logD-l.top)
			sum += w
			if m == nil {
				continue
			}
			wy, wl, we, wd := w*y, w*logD, w/e, w/d
			m.first[0] += wy
			m.first[1] += wl
			m.first[2] += we
			m.first[3] += wd
			m.second[0] += wy * y
			m.second[1] += wl * y
			m.second[2] += wl * logD
			m.second[3] += we * y
			m.second[4] += we * logD
			m.second[5] += we / e
			m.second[6] += wd * y
			m.second[7] += wd * logD
			m.second[8] += wd / e
			m.second[9] += wd / d
		}
	}
	return sum
}

// odds returns ln of the odds of having left, from the sum of the weights.
func (l *leaving) odds(sum float64) float64 { return l.ahead + l.top + math.Log(sum) }

// Given returns the Pareto/NBD of R + x, Alpha + T, S and Beta + T.
func (m ParetoNBD) Given(c Summary) Posterior {
	p := m.PAlive(c)
	m.R += float64(c.X)
	m.Alpha += m.Unit.in(c.T)
	m.Beta += m.Unit.in(c.T)
	return Posterior{PAlive: p, Alive: m}
}

// Expected returns R·Beta/Alpha · [1 − (Beta/(Beta+t))^(S−1)] ÷ (S−1), and its
// limit R·Beta/Alpha · ln(1 + t/Beta) for S = 1.
func (m ParetoNBD) Expected(t float64) float64 {
	if !m.ok() || !(t >= 0) {
		return math.NaN()
	}
	q := math.Log1p(m.Unit.in(t) / m.Beta)
	scale := m.R / m.Alpha * m.Beta
	switch c := m.S - 1; {
	case t == 0:
		return 0
	case c == 0:
		return scale * q
	default:
		return scale * -math.Expm1(-c*q) / c
	}
}

// Discounted returns R·Beta/Alpha · ∫ u^−S e^(−z(u−1)) du from 1 to 1 + t/Beta,
// z = delta·Beta; without a horizon that is R·Beta/Alpha · e^z E_S(z).
// Source: Fader, Hardie & Lee (2005b), where the exponential
// integral is written as Tricomi's Ψ.
func (m ParetoNBD) Discounted(t, delta float64) float64 {
	if !m.ok() || !(t >= 0) || !(delta >= 0) {
		return math.NaN()
	}
	scale, z := m.R/m.Alpha*m.Beta, delta*m.Unit.days()*m.Beta
	switch {
	case t == 0 || delta == 0:
		return m.Expected(t)
	case math.IsInf(t, 1):
		return scale * numeric.ScaledExpInt(m.S, z)
	}
	// q = ln u
	end := math.Log1p(m.Unit.in(t) / m.Beta)
	exponent := func(q float64) float64 { return (1-m.S)*q - z*math.Expm1(q) }
	if end <= 2 && exponent(end) > -20 {
		return scale * numeric.Integral(func(q float64) float64 { return math.Exp(exponent(q)) }, 0, end)
	}
	return scale * math.Exp(numeric.LogIntegral(exponent, 0, end, 0))
}

// Probability returns (1 + t/Beta)^−S · NB(n; t) + ∫ S/Beta (1 + u/Beta)^−(S+1) NB(n; u) du
// over the moment u of leaving, 0…t; NB(n; u) is negative binomial: R, u/(Alpha+u).
// Source: Schmittlein, Morrison & Colombo (1987), before their hypergeometric functions.
func (m ParetoNBD) Probability(n int, t float64) float64 {
	if !m.ok() || !finite(t) || n < 0 {
		return math.NaN()
	}
	k, end := float64(n), m.Unit.in(t)
	v := math.Exp(logNegativeBinomial(k, m.R, end/m.Alpha) - m.S*math.Log1p(end/m.Beta))
	if end == 0 {
		return v
	}
	front := math.Log(m.S) - math.Log(m.Beta)
	return v + math.Exp(numeric.LogIntegral(func(w float64) float64 { // w = ln u
		u := math.Exp(w)
		return w + front - (m.S+1)*math.Log1p(u/m.Beta) + logNegativeBinomial(k, m.R, u/m.Alpha)
	}, math.Inf(-1), math.Log(end), math.Log(end)))
}

// ProbabilityBetween returns a·P(n) + {n=0} (1−a): a = (1 + from/Beta)^−S is
// the probability of being a customer on day from, and P the Probability over
// to − from days with Beta + from.
// Source: P. S. Fader, B. G. S. Hardie, Deriving an Expression for P(X(t, t+τ)
// = x) Under the Pareto/NBD Model (2006).
func (m ParetoNBD) ProbabilityBetween(n int, from, to float64) float64 {
	if !m.ok() || n < 0 || !(from >= 0) || !(to >= from) {
		return math.NaN()
	}
	left := m.S * math.Log1p(m.Unit.in(from)/m.Beta)
	later := m
	later.Beta += m.Unit.in(from)
	v := math.Exp(-left) * later.Probability(n, to-from)
	if n == 0 {
		v += -math.Expm1(-left)
	}
	return v
}
