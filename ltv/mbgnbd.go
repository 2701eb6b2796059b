package ltv

import "math"

// MBGNBD is the modified BG/NBD model: as [BGNBD], but the first purchase
// gives a chance to leave too, so a one-time buyer can have left.
// Source: E. P. Batislam, M. Denizel, A. Filiztekin, Empirical validation and
// comparison of models for customer base analysis, International Journal of
// Research in Marketing 24 (2007).
type MBGNBD struct {
	R, Alpha, A, B float64
	Unit           Unit
}

func (m MBGNBD) ok() bool { return valid(m.R, m.Alpha, m.A, m.B) && m.Unit.ok() }

// Name returns "mbgnbd".
func (m MBGNBD) Name() string { return "mbgnbd" }

// Check returns [orders.ErrOptions] (wrapped), naming the first field outside its domain.
func (m MBGNBD) Check() error {
	if err := checkAll("MBGNBD", bgNames, m.R, m.Alpha, m.A, m.B); err != nil {
		return err
	}
	return m.Unit.check("MBGNBD")
}

// LogLikelihood returns ln of
//
//	L = Γ(R+x)/Γ(R) · Alpha^R · B(A, B+x+1)/B(A, B) · [(Alpha+T)^−(R+x) + A/(B+x) · (Alpha+t_x)^−(R+x)]
func (m MBGNBD) LogLikelihood(c Summary) float64 {
	if !m.ok() || !c.ok() {
		return math.NaN()
	}
	x, tx, t := m.Unit.summary(c)
	alive, odds := betaGeometric(BGNBD(m), 1, x, tx, t)
	return alive + softplus(odds)
}

// PAlive returns 1 ÷ (1 + A/(B+x) · ((Alpha+T)/(Alpha+t_x))^(R+x)).
func (m MBGNBD) PAlive(c Summary) float64 {
	if !m.ok() || !c.ok() {
		return math.NaN()
	}
	x, tx, t := m.Unit.summary(c)
	_, odds := betaGeometric(BGNBD(m), 1, x, tx, t)
	return math.Exp(-softplus(odds))
}

// Given returns the [BGNBD] of R + x, Alpha + T, A and B + x + 1: whoever is
// still a customer has no chance to leave before the next purchase.
func (m MBGNBD) Given(c Summary) Posterior {
	p := m.PAlive(c)
	stayed := m.stayed()
	stayed.R += float64(c.X)
	stayed.Alpha += m.Unit.in(c.T)
	stayed.B += float64(c.X)
	return Posterior{PAlive: p, Alive: stayed}
}

// stayed returns the model of those who did not leave at their first purchase.
func (m MBGNBD) stayed() BGNBD {
	m.B++
	return BGNBD(m)
}

// fresh returns the future of a new customer, seen from their first purchase.
func (m MBGNBD) fresh() Posterior {
	if !m.ok() {
		return Posterior{PAlive: math.NaN(), Alive: m.stayed()}
	}
	return Posterior{PAlive: m.B / (m.A + m.B), Alive: m.stayed()}
}

// Expected returns B/(A+B) times that of [BGNBD] with B + 1.
func (m MBGNBD) Expected(t float64) float64 { return m.fresh().Expected(t) }

// Discounted returns B/(A+B) times that of [BGNBD] with B + 1.
func (m MBGNBD) Discounted(t, delta float64) float64 { return m.fresh().Discounted(t, delta) }

// Probability returns B/(A+B) times that of [BGNBD] with B + 1, and A/(A+B)
// more for n = 0.
func (m MBGNBD) Probability(n int, t float64) float64 { return m.fresh().Probability(n, t) }

// ProbabilityBetween returns B/(A+B) times that of [BGNBD] with B + 1, and
// A/(A+B) more for n = 0.
func (m MBGNBD) ProbabilityBetween(n int, from, to float64) float64 {
	p := m.fresh()
	v := p.PAlive * p.Alive.ProbabilityBetween(n, from, to)
	if n == 0 {
		v += 1 - p.PAlive
	}
	return v
}
