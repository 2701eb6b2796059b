package numeric

import "math"

// Objective returns f(x). If g is not nil it also sets g to the gradient and h
// to the Hessian; both have the length of x.
type Objective func(x, g []float64, h [][]float64) float64

// WithHessian returns the objective of a function with a gradient, the Hessian
// being the central difference of the gradient.
func WithHessian(f func(x, g []float64) float64) Objective {
	return func(x, g []float64, h [][]float64) float64 {
		if g == nil {
			return f(x, nil)
		}
		n := len(x)
		at := append([]float64(nil), x...)
		ahead, behind := make([]float64, n), make([]float64, n)
		for i := range n {
			step := 1e-5 * max(1, math.Abs(x[i]))
			at[i] = x[i] + step
			f(at, ahead)
			at[i] = x[i] - step
			f(at, behind)
			at[i] = x[i]
			for j := range n {
				h[i][j] = (ahead[j] - behind[j]) / (2 * step)
			}
		}
		for i := range n {
			for j := range i {
				h[i][j] = (h[i][j] + h[j][i]) / 2
				h[j][i] = h[i][j]
			}
		}
		return f(x, g)
	}
}

// Minimum is where [Minimize] stopped.
type Minimum struct {
	X           []float64
	F           float64
	Gradient    []float64
	Hessian     [][]float64
	Steps       int
	Norm        float64 // largest |gradient| in a coordinate that is not held by its bound
	Converged   bool    // Norm is within the tolerance, or nothing lower was found in floats
	AtBound     []bool
	Evaluations int // calls of the objective
}

// Minimize returns a local minimum of f in a box, by Newton steps along the
// eigenvectors of the Hessian with the signs of negative curvature turned, at
// most reach long in any coordinate, and halved until f falls. A coordinate at
// a bound that the gradient pushes against is held there. There is no failure:
// what cannot go lower is where it stops, and Norm says how good that is.
// Source: Nocedal & Wright, Numerical Optimization (2006), §3.4, §16.7.
func Minimize(f Objective, start, low, high []float64, tolerance float64, steps int) Minimum {
	const reach = 2.5
	n := len(start)
	m := Minimum{X: append([]float64(nil), start...), Gradient: make([]float64, n), Hessian: square(n), AtBound: make([]bool, n)}
	for i := range m.X {
		m.X[i] = min(max(m.X[i], low[i]), high[i])
	}
	m.F = f(m.X, m.Gradient, m.Hessian)
	m.Evaluations = 1
	g, h, next := make([]float64, n), square(n), make([]float64, n)
	for ; ; m.Steps++ {
		m.hold(low, high)
		if m.Norm <= tolerance {
			m.Converged = true
			return m
		}
		if m.Steps == steps {
			return m
		}
		step := m.newton()
		longest := 0.0
		for _, s := range step {
			longest = max(longest, math.Abs(s))
		}
		fell := false
		for scale := min(1, reach/longest); scale > 1e-10; scale /= 2 {
			slope := 0.0
			for i := range next {
				next[i] = min(max(m.X[i]+scale*step[i], low[i]), high[i])
				slope += m.Gradient[i] * (next[i] - m.X[i])
			}
			v := f(next, g, h)
			m.Evaluations++
			// At the bottom f no longer shows the fall, but the gradient does.
			flat := math.Abs(v-m.F) <= 1e-14*(1+math.Abs(m.F)) && norm(g, next, low, high) < m.Norm/2
			if v <= m.F+1e-4*slope && v < m.F || flat {
				copy(m.X, next)
				copy(m.Gradient, g)
				for i := range h {
					copy(m.Hessian[i], h[i])
				}
				m.F, fell = v, true
				break
			}
		}
		if !fell {
			m.Converged = m.Norm <= 1e3*tolerance
			return m
		}
	}
}

// hold sets AtBound and Norm.
func (m *Minimum) hold(low, high []float64) {
	for i, x := range m.X {
		m.AtBound[i] = x <= low[i] && m.Gradient[i] > 0 || x >= high[i] && m.Gradient[i] < 0
	}
	m.Norm = norm(m.Gradient, m.X, low, high)
}

func norm(g, x, low, high []float64) float64 {
	largest := 0.0
	for i := range g {
		if x[i] <= low[i] && g[i] > 0 || x[i] >= high[i] && g[i] < 0 {
			continue
		}
		if math.IsNaN(g[i]) {
			return math.Inf(1)
		}
		largest = max(largest, math.Abs(g[i]))
	}
	return largest
}

// newton returns the step in the coordinates that are free, 0 in the others.
func (m *Minimum) newton() []float64 {
	var free []int
	for i, held := range m.AtBound {
		if !held {
			free = append(free, i)
		}
	}
	h := square(len(free))
	for a, i := range free {
		for b, j := range free {
			h[a][b] = m.Hessian[i][j]
		}
	}
	values, vectors := Eigen(h)
	largest := 0.0
	for _, v := range values {
		largest = max(largest, math.Abs(v))
	}
	step := make([]float64, len(m.X))
	for k, v := range values {
		along := 0.0
		for a, i := range free {
			along += vectors[a][k] * m.Gradient[i]
		}
		curvature := max(math.Abs(v), 1e-12*largest, 1e-300)
		for a, i := range free {
			step[i] -= vectors[a][k] * along / curvature
		}
	}
	return step
}

func square(n int) [][]float64 {
	all := make([]float64, n*n)
	m := make([][]float64, n)
	for i := range m {
		m[i] = all[i*n : (i+1)*n]
	}
	return m
}

// Eigen returns the eigenvalues, ascending, of a symmetric matrix, which it
// leaves as it was, and its orthonormal eigenvectors as columns, by Jacobi
// rotations. Source: Golub & Van Loan, Matrix Computations, §8.5.
func Eigen(symmetric [][]float64) (values []float64, vectors [][]float64) {
	n := len(symmetric)
	a, v := square(n), square(n)
	for i := range n {
		copy(a[i], symmetric[i])
		v[i][i] = 1
	}
	for range 100 {
		off, on := 0.0, 0.0
		for i := range n {
			on += a[i][i] * a[i][i]
			for j := range i {
				off += a[i][j] * a[i][j]
			}
		}
		if !(off > 1e-32*on) {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(a, v, p, q)
			}
		}
	}
	values = make([]float64, n)
	for i := range n {
		values[i] = a[i][i]
	}
	for i := range n { // a handful of columns: selection sort keeps them together
		least := i
		for j := i + 1; j < n; j++ {
			if values[j] < values[least] {
				least = j
			}
		}
		values[i], values[least] = values[least], values[i]
		for _, row := range v {
			row[i], row[least] = row[least], row[i]
		}
	}
	return values, v
}

// rotate makes a[p][q] zero.
func rotate(a, v [][]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(theta) + math.Sqrt(1+theta*theta))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(1+t*t)
	s := t * c
	for k := range a {
		a[k][p], a[k][q] = c*a[k][p]-s*a[k][q], s*a[k][p]+c*a[k][q]
	}
	for k := range a {
		a[p][k], a[q][k] = c*a[p][k]-s*a[q][k], s*a[p][k]+c*a[q][k]
	}
	for k := range v {
		v[k][p], v[k][q] = c*v[k][p]-s*v[k][q], s*v[k][p]+c*v[k][q]
	}
}

// Inverse returns the inverse of a symmetric positive definite matrix, and its
// condition: the largest eigenvalue over the smallest, +Inf if the matrix is
// not positive definite in floats; every cell is then NaN.
func Inverse(symmetric [][]float64) (inverse [][]float64, condition float64) {
	n := len(symmetric)
	values, vectors := Eigen(symmetric)
	inverse = square(n)
	condition = math.Inf(1)
	if n > 0 && values[0] > 1e-13*values[n-1] {
		condition = values[n-1] / values[0]
	}
	for i := range n {
		for j := range n {
			if math.IsInf(condition, 1) {
				inverse[i][j] = math.NaN()
				continue
			}
			for k, value := range values {
				inverse[i][j] += vectors[i][k] * vectors[j][k] / value
			}
		}
	}
	return inverse, condition
}
