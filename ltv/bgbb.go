package ltv

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
	"github.com/repeatsales/repeatsales/orders"
)

// BGBB is the BG/BB model of purchases at discrete opportunities (a yearly
// appeal, a monthly box, a conference): before each a customer leaves with a
// probability of one's own (beta: Gamma, Delta), and, if still one, buys with
// another (beta: Alpha, Beta).
// Source: P. S. Fader, B. G. S. Hardie, J. Shang, Customer-Base Analysis in a
// Discrete-Time Noncontractual Setting, Marketing Science 29 (2010).
type BGBB struct{ Alpha, Beta, Gamma, Delta float64 }

var bgbbNames = []string{"Alpha", "Beta", "Gamma", "Delta"}

// Occasions is a customer's past at discrete opportunities, or that of so many alike.
type Occasions struct {
	X         int     // opportunities at which the customer bought
	TX        int     // the latest of them, 1…N; 0 if X is 0
	N         int     // opportunities so far
	Customers float64 // how many customers are alike; 0 is 1
}

// Check returns [orders.ErrOptions] (wrapped) unless 0 ≤ X ≤ TX ≤ N, and TX = 0 if X = 0.
func (o Occasions) Check() error {
	if !o.ok() {
		return fmt.Errorf("ltv: %w: Occasions = %+v", orders.ErrOptions, o)
	}
	return nil
}

func (o Occasions) ok() bool {
	return 0 <= o.X && o.X <= o.TX && o.TX <= o.N && (o.X > 0 || o.TX == 0) && finite(o.Customers)
}

func (m BGBB) ok() bool { return valid(m.Alpha, m.Beta, m.Gamma, m.Delta) }

// Check returns [orders.ErrOptions] (wrapped), naming the first field outside its domain.
func (m BGBB) Check() error {
	return checkAll("BGBB", bgbbNames, m.Alpha, m.Beta, m.Gamma, m.Delta)
}

// path returns ln of the probability of a history with x purchases in the
// first n opportunities, of being a customer at all of them, and, if left, of
// leaving before the next.
func (m BGBB) path(x, n float64, left bool) float64 {
	// B(α+x, β+n−x)/B(α, β), then B(γ, δ+n)/B(γ, δ), times P(leaving next)
	v := numeric.LogRising(m.Alpha, x) + numeric.LogRising(m.Beta, n-x) - numeric.LogRising(m.Alpha+m.Beta, n) +
		numeric.LogBetaRatio(m.Gamma, m.Delta, n)
	if left {
		v += math.Log(m.Gamma) - math.Log(m.Gamma+m.Delta+n)
	}
	return v
}

// LogLikelihood returns ln of the probability of one such history:
//
//	L = B(Alpha+x, Beta+n−x)/B(Alpha, Beta) · B(Gamma, Delta+n)/B(Gamma, Delta)
//	  + Σ B(Alpha+x, Beta+i−x)/B(Alpha, Beta) · B(Gamma+1, Delta+i)/B(Gamma, Delta), i = t_x … n−1
func (m BGBB) LogLikelihood(o Occasions) float64 {
	if !m.ok() || !o.ok() {
		return math.NaN()
	}
	alive, odds := m.paths(o)
	return alive + softplus(odds)
}

// paths returns ln of the probability of a history and of being a customer
// still, and ln of the odds of having left.
func (m BGBB) paths(o Occasions) (alive, odds float64) {
	alive, odds = m.path(float64(o.X), float64(o.N), false), math.Inf(-1)
	for i := o.TX; i < o.N; i++ {
		if term := m.path(float64(o.X), float64(i), true) - alive; term > odds {
			odds = term + softplus(odds-term)
		} else {
			odds += softplus(term - odds)
		}
	}
	return alive, odds
}

// PAlive returns the probability of still being a customer at opportunity
// N + 1, as in the source; 0…1.
func (m BGBB) PAlive(o Occasions) float64 {
	p := m.Given(o)
	return p.PActive * p.Active.Survival(1)
}

// OccasionPosterior is the future of a customer whose past at discrete
// opportunities is known. Its methods count from opportunity N.
type OccasionPosterior struct {
	PActive float64 // probability of not having left before opportunity N; 0…1
	Active  BGBB    // the model of such a customer
}

// Given returns what a history says about the future: the BG/BB of Alpha + x,
// Beta + n − x, Gamma and Delta + n.
func (m BGBB) Given(o Occasions) OccasionPosterior {
	if !m.ok() || !o.ok() {
		return OccasionPosterior{PActive: math.NaN(), Active: m}
	}
	_, odds := m.paths(o)
	m.Alpha += float64(o.X)
	m.Beta += float64(o.N - o.X)
	m.Delta += float64(o.N)
	return OccasionPosterior{PActive: math.Exp(-softplus(odds)), Active: m}
}

// Expected returns the expected number of purchases at the next n
// opportunities (equation 13).
func (p OccasionPosterior) Expected(n int) float64 { return p.PActive * p.Active.Expected(n) }

// Discounted returns as Expected, a purchase j opportunities ahead being worth (1+rate)^−j.
func (p OccasionPosterior) Discounted(n int, rate float64) float64 {
	return p.PActive * p.Active.Discounted(n, rate)
}

// DERT returns Discounted without a horizon. The source counts an opportunity
// one earlier (equation 14): its DERT is (1+rate) times this one.
func (p OccasionPosterior) DERT(rate float64) float64 { return p.PActive * p.Active.DERT(rate) }

// Probability returns the probability of x purchases at the next n opportunities.
func (p OccasionPosterior) Probability(x, n int) float64 {
	v := p.PActive * p.Active.Probability(x, n)
	if x == 0 {
		v += 1 - p.PActive
	}
	return v
}

// Survival returns B(Gamma, Delta+n) ÷ B(Gamma, Delta), the probability of
// being a customer still at opportunity n.
func (m BGBB) Survival(n int) float64 {
	if !m.ok() {
		return math.NaN()
	}
	return SBG{m.Gamma, m.Delta}.Survival(n)
}

// buys returns the mean probability of buying.
func (m BGBB) buys() float64 { return m.Alpha / (m.Alpha + m.Beta) }

// Expected returns E[X(n)] = Alpha/(Alpha+Beta) · Σ Survival(i), i = 1…n
// (the closed form of the source has a pole at Gamma = 1).
func (m BGBB) Expected(n int) float64 { return m.Discounted(n, 0) }

// Discounted returns as Expected, a purchase at opportunity i being worth (1+rate)^−i.
func (m BGBB) Discounted(n int, rate float64) float64 {
	if !m.ok() {
		return math.NaN()
	}
	return m.buys() * SBG{m.Gamma, m.Delta}.Discounted(0, n, rate)
}

// DERT returns Discounted without a horizon; +Inf if that has no bound.
func (m BGBB) DERT(rate float64) float64 {
	if !m.ok() {
		return math.NaN()
	}
	return m.buys() * SBG{m.Gamma, m.Delta}.DERL(0, rate)
}

// Probability returns P(X(n) = x), 0 ≤ x ≤ n, and 0 for x > n.
func (m BGBB) Probability(x, n int) float64 {
	if !m.ok() || x < 0 || n < 0 {
		return math.NaN()
	}
	if x > n {
		return 0
	}
	k := float64(x)
	sum := math.Exp(numeric.LogChoose(float64(n), k) + m.path(k, float64(n), false))
	for i := x; i < n; i++ {
		sum += math.Exp(numeric.LogChoose(float64(i), k) + m.path(k, float64(i), true))
	}
	return sum
}
