package ltv

import (
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// rows are the groups of a sample with time in mean ages, so that parameters
// of every trade are of the order of one.
type rows struct {
	x, tx, t []float64
	runs     []run
	age      float64 // mean age in days, the unit of time
}

// run is the rows of one X.
type run struct {
	x        float64
	from, to int
}

func newRows(s *Sample) *rows {
	n := len(s.Groups)
	r := &rows{x: make([]float64, n), tx: make([]float64, n), t: make([]float64, n)}
	customers := 0.0
	for _, g := range s.Groups {
		r.age += g.Customers * g.T
		customers += g.Customers
	}
	if r.age /= customers; !(r.age > 0) {
		r.age = 1
	}
	for i, g := range s.Groups {
		r.x[i], r.tx[i], r.t[i] = float64(g.X), g.TX/r.age, g.T/r.age
		if i == 0 || r.x[i] != r.x[i-1] {
			r.runs = append(r.runs, run{x: r.x[i], from: i})
		}
		r.runs[len(r.runs)-1].to = i + 1
	}
	return r
}

// rising is ln Γ(a+n)/Γ(a) and its first two derivatives by a, n ascending.
type rising struct {
	a, n               float64
	log, slope, second float64
}

// to moves on to n: step by step where that is near, for it costs a logarithm
// where the gamma family costs many.
func (r *rising) to(n float64) {
	if n-r.n > 64 {
		r.n = n
		r.log = numeric.LogRising(r.a, n)
		r.slope = numeric.DigammaStep(r.a, n)
		r.second = numeric.Trigamma(r.a+n) - numeric.Trigamma(r.a)
		return
	}
	for ; r.n < n; r.n++ {
		v := r.a + r.n
		r.log += math.Log(v)
		r.slope += 1 / v
		r.second -= 1 / (v * v)
	}
}

// total is a log-likelihood and its derivatives by up to four parameters; of h
// the cells with j ≤ i.
type total struct {
	f float64
	g [4]float64
	h [4][4]float64
}

// mean hands over −total ÷ weight, by the logarithms of the parameters.
func (t *total) mean(parameters []float64, weight float64, g []float64, h [][]float64) float64 {
	if g != nil {
		for i, p := range parameters {
			g[i] = -t.g[i] * p / weight
			for j := range i + 1 {
				h[i][j] = -t.h[i][j] * p * parameters[j] / weight
				h[j][i] = h[i][j]
			}
			h[i][i] += g[i]
		}
	}
	return -t.f / weight
}

// counts returns the sum of the weights of each run, and of all.
func (r *rows) counts(weights []float64) (of []float64, all float64) {
	of = make([]float64, len(r.runs))
	for i, run := range r.runs {
		for _, w := range weights[run.from:run.to] {
			of[i] += w
		}
		all += of[i]
	}
	return of, all
}

// logistic returns ln(1 + e^z), q = e^z ÷ (1 + e^z), and q·(1−q).
func logistic(z float64) (plus, q, pq float64) {
	e := math.Exp(-math.Abs(z))
	plus, q = math.Log1p(e), 1/(1+e)
	pq = e * q * q
	if z > 0 {
		return z + plus, q, pq
	}
	return plus, e * q, pq
}

// exponentials returns e^x of up to four coordinates.
func exponentials(x []float64) (p [4]float64) {
	for i, v := range x {
		p[i] = math.Exp(v)
	}
	return p
}

// nbdObjective is that of [NBD].
func nbdObjective(d *rows, weights []float64) numeric.Objective {
	counts, all := d.counts(weights)
	return func(coordinates, g []float64, h [][]float64) float64 {
		p := exponentials(coordinates)
		r, alpha := p[0], p[1]
		up, sum := rising{a: r}, total{}
		for i, run := range d.runs {
			x, n := run.x, counts[i]
			up.to(x)
			sum.f += n * (up.log - x*coordinates[1])
			sum.g[0] += n * up.slope
			sum.h[0][0] += n * up.second
			for k := run.from; k < run.to; {
				age, w := d.t[k], 0.0
				for ; k < run.to && d.t[k] == age; k++ {
					w += weights[k]
				}
				if w == 0 {
					continue
				}
				l, v := math.Log1p(age/alpha), 1/(alpha+age)
				sum.f -= w * (r + x) * l
				sum.g[0] -= w * l
				sum.g[1] += w * (r/alpha - (r+x)*v)
				sum.h[1][0] += w * (1/alpha - v)
				sum.h[1][1] += w * ((r+x)*v*v - r/(alpha*alpha))
			}
		}
		return sum.mean(p[:2], all, g, h)
	}
}

// betaGeometricObjective is that of [BGNBD] (skip 0) and [MBGNBD] (skip 1). The
// likelihood of a row is that of two pasts, active or left after the latest
// purchase; with their shares P and Q, gradients g₁ and g₂ and Hessians H₁ and
// H₂, ln of the sum has the gradient P·g₁ + Q·g₂ and the Hessian P·H₁ + Q·H₂ +
// P·Q·(g₂−g₁)(g₂−g₁)ᵀ.
func betaGeometricObjective(skip float64) func(d *rows, weights []float64) numeric.Objective {
	return func(d *rows, weights []float64) numeric.Objective {
		counts, all := d.counts(weights)
		return func(coordinates, g []float64, h [][]float64) float64 {
			p := exponentials(coordinates)
			r, alpha, a, b := p[0], p[1], p[2], p[3]
			upR, upB, upAB := rising{a: r}, rising{a: b}, rising{a: a + b}
			sum := total{}
			for i, run := range d.runs {
				x, n := run.x, run.x+skip
				upR.to(x)
				upB.to(n)
				upAB.to(n)
				sum.f += counts[i] * (upR.log + upB.log - upAB.log - x*coordinates[1])
				sum.g[0] += counts[i] * upR.slope
				sum.g[2] -= counts[i] * upAB.slope
				sum.g[3] += counts[i] * (upB.slope - upAB.slope)
				sum.h[0][0] += counts[i] * upR.second
				sum.h[2][2] -= counts[i] * upAB.second
				sum.h[3][2] -= counts[i] * upAB.second
				sum.h[3][3] += counts[i] * (upB.second - upAB.second)

				before := b + n - 1 // in the odds of having left, a ÷ (b+n−1)
				odds := coordinates[2] - math.Log(before)
				age, l, v := math.NaN(), 0.0, 0.0
				for k := run.from; k < run.to; k++ {
					w := weights[k]
					if w == 0 {
						continue
					}
					if d.t[k] != age { // neighbours often are of one age
						age = d.t[k]
						l, v = math.Log1p(age/alpha), 1/(alpha+age)
					}
					sum.f -= w * (r + x) * l
					sum.g[0] -= w * l
					sum.g[1] += w * (r/alpha - (r+x)*v)
					sum.h[1][0] += w * (1/alpha - v)
					sum.h[1][1] += w * ((r+x)*v*v - r/(alpha*alpha))
					if n == 0 {
						continue
					}
					v2 := 1 / (alpha + d.tx[k])
					dr := l - math.Log1p(d.tx[k]/alpha)
					z := odds + (r+x)*dr
					plus, q, pq := logistic(z)
					q, pq = w*q, w*pq
					dAlpha, da, db := (r+x)*(v-v2), 1/a, -1/before
					sum.f += w * plus
					sum.g[0] += q * dr
					sum.g[1] += q * dAlpha
					sum.g[2] += q * da
					sum.g[3] += q * db
					sum.h[0][0] += pq * dr * dr
					sum.h[1][0] += q*(v-v2) + pq*dAlpha*dr
					sum.h[1][1] += q*(r+x)*(v2*v2-v*v) + pq*dAlpha*dAlpha
					sum.h[2][0] += pq * da * dr
					sum.h[2][1] += pq * da * dAlpha
					sum.h[2][2] += (pq - q) * da * da
					sum.h[3][0] += pq * db * dr
					sum.h[3][1] += pq * db * dAlpha
					sum.h[3][2] += pq * db * da
					sum.h[3][3] += (pq + q) * db * db
				}
			}
			return sum.mean(p[:], all, g, h)
		}
	}
}

// paretoObjective is that of [ParetoNBD]: of two pasts again, the second being
// itself a mean over the moment of leaving, with the covariance of its gradient
// in its Hessian.
func paretoObjective(d *rows, weights []float64) numeric.Objective {
	counts, all := d.counts(weights)
	return func(coordinates, g []float64, h [][]float64) float64 {
		p := exponentials(coordinates)
		m := ParetoNBD{R: p[0], Alpha: p[1], S: p[2], Beta: p[3]}
		up, sum := rising{a: m.R}, total{}
		for i, run := range d.runs {
			up.to(run.x)
			sum.f += counts[i] * (up.log - run.x*coordinates[1])
			sum.g[0] += counts[i] * up.slope
			sum.h[0][0] += counts[i] * up.second
			for k := run.from; k < run.to; k++ {
				if weights[k] != 0 {
					sum.addPareto(m, weights[k], run.x, d.tx[k], d.t[k])
				}
			}
		}
		return sum.mean(p[:], all, g, h)
	}
}

// addPareto adds one row but for what depends on R and x alone.
func (t *total) addPareto(m ParetoNBD, w, x, tx, end float64) {
	n := m.R + x
	la, lb := math.Log1p(end/m.Alpha), math.Log1p(end/m.Beta)
	va, vb := 1/(m.Alpha+end), 1/(m.Beta+end)
	active := [4]float64{-la, m.R/m.Alpha - n*va, -lb, m.S/m.Beta - m.S*vb}
	t.f += w * (-n*la - m.S*lb)
	for i, v := range active {
		t.g[i] += w * v
	}
	t.h[1][0] += w * (1/m.Alpha - va)
	t.h[1][1] += w * (n*va*va - m.R/(m.Alpha*m.Alpha))
	t.h[3][2] += w * (1/m.Beta - vb)
	t.h[3][3] += w * (m.S*vb*vb - m.S/(m.Beta*m.Beta))
	if tx == end {
		return
	}
	var s moments
	l := newLeaving(m, x, tx, end)
	mass := l.integrate(&s)
	z := l.odds(mass)
	plus, q, pq := logistic(z)
	t.f += w * plus

	// The means of ln(1+(u−t_x)/(α+t_x)), (α+t_x)/(α+u), and of the same with β,
	// and their products, in the order of the parameters.
	order := [4]int{0, 2, 1, 3}
	if !l.rateFirst {
		order = [4]int{1, 3, 0, 2}
	}
	// The gradient, as a function of u, is constant[i] + factor[i]·v[order[i]].
	constant := [4]float64{
		-math.Log1p(tx / m.Alpha), m.R / m.Alpha, 1/m.S - math.Log1p(tx/m.Beta), m.S / m.Beta,
	}
	factor := [4]float64{-1, -n / (m.Alpha + tx), -1, -(m.S + 1) / (m.Beta + tx)}
	var mean, left [4]float64
	for i := range mean {
		mean[i] = s.first[order[i]] / mass
		left[i] = constant[i] + factor[i]*mean[i]
		t.g[i] += w * q * (left[i] - active[i])
	}
	second := func(i, j int) float64 {
		a, b := order[i], order[j]
		if a < b {
			a, b = b, a
		}
		return s.second[a*(a+1)/2+b] / mass
	}
	for i := range 4 {
		for j := range i + 1 {
			covariance := factor[i] * factor[j] * (second(i, j) - mean[i]*mean[j])
			t.h[i][j] += w * (q*covariance + pq*(left[i]-active[i])*(left[j]-active[j]))
		}
	}
	// H₂ − H₁, means over u
	ua, ub := mean[1]/(m.Alpha+tx), mean[3]/(m.Beta+tx)
	ua2, ub2 := second(1, 1)/((m.Alpha+tx)*(m.Alpha+tx)), second(3, 3)/((m.Beta+tx)*(m.Beta+tx))
	t.h[1][0] += w * q * (va - ua)
	t.h[1][1] += w * q * n * (ua2 - va*va)
	t.h[2][2] -= w * q / (m.S * m.S)
	t.h[3][2] += w * q * (vb - ub)
	t.h[3][3] += w * q * ((m.S+1)*ub2 - m.S*vb*vb)
}
