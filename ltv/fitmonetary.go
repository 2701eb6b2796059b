package ltv

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// MonetaryFit is a fitted [GammaGamma] with what it needs to be trusted.
type MonetaryFit struct {
	Fit[GammaGamma]

	// MeanValue is Σ value ÷ Σ purchases of the customers it was fitted to.
	MeanValue float64

	// Finite is the status of the model: whether Q > 1, so that a customer of
	// whom nothing is known has an expected value. If not, Expected falls back.
	Finite bool

	// Excluded is the customers whose mean is zero or negative, which the model
	// does not know: with many of them use [FitMargins].
	Excluded float64

	// Correlation is Pearson's between purchases and mean values, −1…1, and
	// Independent the probability, 0…1, of one as far from 0 by chance. The model
	// supposes that there is none. NaN where all are equal.
	Correlation, Independent float64
}

// Expected returns as [GammaGamma.Expected] if the model is Finite. If not, the
// mean of all has no bound and no pull: a customer with purchases is expected
// to spend their own mean, one without the MeanValue of all. It is finite, and
// not negative, for every value with a Mean of 0 and above; NaN for others.
func (f *MonetaryFit) Expected(s Monetary) float64 {
	switch {
	case f.Finite:
		return f.Model.Expected(s)
	case s.Purchases == 0:
		return f.MeanValue
	case !s.ok() || s.Mean < 0:
		return math.NaN()
	}
	return s.Mean
}

// FitMonetary returns the Gamma-Gamma model that makes mean values most likely. It
// returns [ErrNoCustomers] if none is positive, and [orders.ErrOptions]
// (wrapped) for a value that is none or an option out of its domain.
func FitMonetary(values []Monetary, o FitOptions) (*MonetaryFit, error) {
	kept := make([]Monetary, 0, len(values))
	f := &MonetaryFit{}
	var value, purchases float64
	for i, s := range values {
		if err := s.Check(); err != nil {
			return nil, fmt.Errorf("value %d: %w", i, err)
		}
		s.Customers = cmp.Or(s.Customers, 1)
		if s.Mean <= 0 {
			f.Excluded += s.Customers
			continue
		}
		kept = append(kept, s)
		value += s.Customers * float64(s.Purchases) * s.Mean
		purchases += s.Customers * float64(s.Purchases)
	}
	if len(kept) == 0 {
		return nil, ErrNoCustomers
	}
	f.MeanValue = value / purchases
	slices.SortStableFunc(kept, func(a, b Monetary) int { return cmp.Compare(a.Purchases, b.Purchases) })
	fit, err := newMonetaryProblem(kept, f.MeanValue).maximize(o)
	if err != nil {
		return nil, err
	}
	f.Fit = *fit
	f.Finite = f.Model.Q > 1
	f.Correlation, f.Independent = correlation(kept)
	return f, nil
}

// newMonetaryProblem is the problem with money in MeanValue.
func newMonetaryProblem(values []Monetary, money float64) *problem[GammaGamma] {
	p := &problem[GammaGamma]{
		names: gammaGammaNames, logs: []bool{true, true, true}, scale: []float64{1, 1, money},
		model: func(x []float64) GammaGamma {
			return GammaGamma{P: math.Exp(x[0]), Q: math.Exp(x[1]), V: math.Exp(x[2]) * money}
		},
		starts: func([]float64) [][]float64 {
			return logarithms([][]float64{{5, 4, 0.6}, {1, 2, 1}, {2, 10, 4.5}})
		},
	}
	for _, s := range values {
		p.weights = append(p.weights, s.Customers)
		p.shift -= s.Customers * math.Log(money) // densities are per unit of money
	}
	p.objective = func(weights []float64) numeric.Objective {
		all := 0.0
		for _, w := range weights {
			all += w
		}
		return func(coordinates, g []float64, h [][]float64) float64 {
			v := exponentials(coordinates)
			sum := total{}
			at := monetaryTerms{p: v[0], q: v[1], v: v[2]}
			for i, s := range values {
				at.to(float64(s.Purchases))
				at.add(&sum, weights[i], s.Mean/money)
			}
			return sum.mean(v[:3], all, g, h)
		}
	}
	return p
}

// monetaryTerms are the gamma functions of one number of purchases.
type monetaryTerms struct {
	p, q, v, x    float64
	log           float64
	dp, dq        float64 // first derivatives of log
	dpp, dpq, dqq float64
}

func (t *monetaryTerms) to(x float64) {
	if x == t.x {
		return
	}
	t.x = x
	px := t.p * x
	t.log = -numeric.LogBeta(px, t.q)
	both := numeric.Digamma(px + t.q)
	t.dp, t.dq = x*(both-numeric.Digamma(px)), both-numeric.Digamma(t.q)
	both = numeric.Trigamma(px + t.q)
	t.dpp, t.dpq, t.dqq = x*x*(both-numeric.Trigamma(px)), x*both, both-numeric.Trigamma(t.q)
}

// add adds customers whose mean over x purchases is z; see [GammaGamma.LogLikelihood].
func (t *monetaryTerms) add(sum *total, w, z float64) {
	spent := t.x * z
	up, down, both := math.Log1p(spent/t.v), math.Log1p(t.v/spent), t.v+spent
	sum.f += w * (t.log - math.Log(z) - t.q*up - t.p*t.x*down)
	sum.g[0] += w * (t.dp - t.x*down)
	sum.g[1] += w * (t.dq - up)
	sum.g[2] += w * (t.q*spent/t.v - t.p*t.x) / both
	sum.h[0][0] += w * t.dpp
	sum.h[1][0] += w * t.dpq
	sum.h[1][1] += w * t.dqq
	sum.h[2][0] -= w * t.x / both
	sum.h[2][1] += w * spent / (t.v * both)
	sum.h[2][2] += w * (t.p*t.x - t.q*spent*(2*t.v+spent)/(t.v*t.v)) / (both * both)
}

// FitMargins returns the Normal–Normal model that makes mean margins most
// likely. What varies within a customer and what varies between customers is
// told apart by how the means of few purchases scatter more than those of
// many: without both the two are on a ridge, and the Diagnostics say so. It
// returns [ErrNoCustomers] without margins, and [orders.ErrOptions] (wrapped)
// for one that is none or an option out of its domain.
func FitMargins(margins []Monetary, o FitOptions) (*Fit[NormalNormal], error) {
	var all, mean, square float64
	kept := slices.Clone(margins)
	for i := range kept {
		s := &kept[i]
		if err := s.Check(); err != nil {
			return nil, fmt.Errorf("margin %d: %w", i, err)
		}
		s.Customers = cmp.Or(s.Customers, 1)
		all += s.Customers
		mean += s.Customers * s.Mean
	}
	if all == 0 {
		return nil, ErrNoCustomers
	}
	mean /= all
	for _, s := range kept {
		square += s.Customers * (s.Mean - mean) * (s.Mean - mean)
	}
	deviation := cmp.Or(math.Sqrt(square/all), math.Abs(mean), 1)
	return newMarginProblem(kept, mean, deviation).maximize(o)
}

// newMarginProblem is the problem with money in standard deviations.
func newMarginProblem(margins []Monetary, mean, money float64) *problem[NormalNormal] {
	p := &problem[NormalNormal]{
		names: normalNames, logs: []bool{false, true, true}, scale: []float64{money, money, money},
		model: func(x []float64) NormalNormal {
			return NormalNormal{Mu: x[0] * money, Tau: math.Exp(x[1]) * money, Sigma: math.Exp(x[2]) * money}
		},
		starts: func([]float64) [][]float64 {
			mu := mean / money
			return [][]float64{{mu, -0.5, 0}, {mu, -2, 0.5}, {mu, 0, -2}}
		},
	}
	for _, s := range margins {
		p.weights = append(p.weights, s.Customers)
		p.shift -= s.Customers * math.Log(money)
	}
	p.objective = func(weights []float64) numeric.Objective {
		return numeric.WithHessian(func(x, g []float64) float64 {
			tau2, sigma2 := math.Exp(2*x[1]), math.Exp(2*x[2])
			var sum, all, dMu, dTau, dSigma float64
			for i, s := range margins {
				w, within := weights[i], sigma2/float64(s.Purchases)
				v, d := tau2+within, s.Mean/money-x[0]
				all += w
				sum += w / 2 * (d*d/v + math.Log(2*math.Pi*v))
				dMu -= w * d / v
				slope := w / 2 * (1 - d*d/v) / v
				dTau += slope * 2 * tau2
				dSigma += slope * 2 * within
			}
			if g != nil {
				g[0], g[1], g[2] = dMu/all, dTau/all, dSigma/all
			}
			return sum / all
		})
	}
	return p
}

// correlation returns Pearson's correlation of purchases and means, customers
// alike counted as so many, and the probability of one as far from 0 in data
// without any: of the covariance over its standard error, which allows for
// means of many purchases scattering less (H. White 1980). Ranks would not do:
// the mean of many skewed values ranks higher than one of them.
func correlation(values []Monetary) (rho, p float64) {
	var n, x, z float64
	for _, s := range values {
		n += s.Customers
		x += s.Customers * float64(s.Purchases)
		z += s.Customers * s.Mean
	}
	x, z = x/n, z/n
	var xz, xx, zz, scatter float64
	for _, s := range values {
		dx, dz := float64(s.Purchases)-x, s.Mean-z
		xz += s.Customers * dx * dz
		xx += s.Customers * dx * dx
		zz += s.Customers * dz * dz
		scatter += s.Customers * dx * dx * dz * dz
	}
	return xz / math.Sqrt(xx*zz), math.Erfc(math.Abs(xz) / math.Sqrt(2*scatter))
}
