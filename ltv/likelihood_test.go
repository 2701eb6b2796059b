package ltv

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// derivatives holds the gradient of an objective to differences of its values,
// and its Hessian to differences of its gradient.
func derivatives(t *testing.T, name string, f numeric.Objective, x []float64) {
	t.Helper()
	n := len(x)
	matrix := func() [][]float64 {
		m := make([][]float64, n)
		for i := range m {
			m[i] = make([]float64, n)
		}
		return m
	}
	g, h := make([]float64, n), matrix()
	value := f(x, g, h)
	if v := f(x, nil, nil); v != value {
		t.Errorf("%s %v: %v without a gradient, %v with one", name, x, v, value)
	}
	const step = 1e-4
	for i := range x {
		at := func(k float64) (float64, []float64) {
			y, slope := append([]float64(nil), x...), make([]float64, n)
			y[i] += k * step
			return f(y, slope, matrix()), slope
		}
		f1, g1 := at(1)
		f2, g2 := at(2)
		b1, k1 := at(-1)
		b2, k2 := at(-2)
		// five points: the error is of the order of step⁴
		if d := (8*(f1-b1) - (f2 - b2)) / (12 * step); math.Abs(d-g[i]) > 1e-9*(1+math.Abs(value)+math.Abs(d)) {
			t.Errorf("%s %v: gradient %d is %v, differences say %v", name, x, i, g[i], d)
		}
		for j := range x {
			if d := (8*(g1[j]-k1[j]) - (g2[j] - k2[j])) / (12 * step); math.Abs(d-h[i][j]) > 1e-7*(1+math.Abs(d)) {
				t.Errorf("%s %v: Hessian %d, %d is %v, differences say %v", name, x, i, j, h[i][j], d)
			}
		}
	}
}

// TestDerivatives checks every objective at random points, and its value
// against the log-likelihoods of single customers.
func TestDerivatives(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var past []Summary
	for range 40 {
		s := Summary{T: 1 + math.Floor(300*random.Float64())}
		if s.X = random.IntN(5); random.IntN(6) == 0 {
			s.X *= 60 // a gap that the tables jump over
		}
		if s.X > 0 {
			s.TX = math.Ceil(s.T * random.Float64())
		}
		past = append(past, s, s)
	}
	sample, err := Compress(past)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		for _, m := range []Process{NBD{Unit: PerWeek}, BGNBD{Unit: PerWeek}, MBGNBD{Unit: PerWeek}, ParetoNBD{Unit: PerWeek}} {
			p := newProcessProblem(sample, m.family())
			x := point(random, len(p.names))
			f := p.objective(p.weights)
			derivatives(t, typeOf(m), f, x)
			sum := 0.0
			for _, c := range past {
				sum += p.model(x).LogLikelihood(c)
			}
			if ll := p.shift - f(x, nil, nil)*sample.Customers; math.Abs(ll-sum) > 1e-9*math.Abs(sum) {
				t.Errorf("%s: LL %v, of single customers %v", typeOf(m), ll, sum)
			}
		}
		values := []Monetary{{1, 20, 3}, {1, 70, 1}, {2, 30.5, 2}, {5, 12, 1}, {300, 44, 1}}
		g := newMonetaryProblem(values, 30)
		x := point(random, 3)
		derivatives(t, "GammaGamma", g.objective(g.weights), x)
		sum := 0.0
		for _, s := range values {
			sum += s.Customers * g.model(x).LogLikelihood(s)
		}
		if ll := g.shift - g.objective(g.weights)(x, nil, nil)*8; math.Abs(ll-sum) > 1e-10*math.Abs(sum) {
			t.Errorf("GammaGamma: LL %v, of single customers %v", ll, sum)
		}
		n := newMarginProblem(values, 30, 10)
		derivatives(t, "NormalNormal", n.objective(n.weights), point(random, 3))
		ends, err := contractEnds([][]float64{{100, 60, 50, 45}, {200, 150}, {30, 30}})
		if err != nil {
			t.Fatal(err)
		}
		for _, weibull := range []bool{false, true} {
			weights, objective := contractObjective(ends, weibull)
			k := 2
			if weibull {
				k = 3
			}
			derivatives(t, "contracts", objective(weights), point(random, k))
		}
		histories := []Occasions{{0, 0, 6, 5}, {3, 4, 6, 2}, {6, 6, 6, 1}, {1, 1, 3, 4}, {2, 30, 40, 1}}
		derivatives(t, "BGBB", numeric.WithHessian(func(x, g []float64) float64 {
			return occasionsLikelihood(histories, []float64{5, 2, 1, 4, 1}, 40, x, g)
		}), point(random, 4))
	}
}

func point(random *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = 1.5 * random.NormFloat64()
	}
	return x
}

func typeOf(m Process) string {
	switch m.(type) {
	case NBD:
		return "NBD"
	case BGNBD:
		return "BGNBD"
	case MBGNBD:
		return "MBGNBD"
	}
	return "ParetoNBD"
}

// TestLeaving holds the fixed nodes of the Pareto/NBD likelihood to an
// adaptive integral of the same integrand, over random parameters and pasts.
func TestLeaving(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	size := func(low, high float64) float64 {
		return math.Exp(math.Log(low) + random.Float64()*math.Log(high/low))
	}
	worst := 0.0
	for range 20_000 {
		m := ParetoNBD{R: size(1e-3, 1e5), Alpha: size(1e-4, 1e6), S: size(1e-3, 1e5), Beta: size(1e-4, 1e6)}
		x, end := math.Floor(size(1, 5000))-1, size(1e-2, 1e4)
		tx := end * random.Float64() * min(x, 1)
		l := newLeaving(m, x, tx, end)
		got := l.odds(l.integrate(nil))
		// in v = u − t_x, y = ln v
		a, b := m.Alpha+tx, m.Beta+tx
		want := numeric.LogIntegral(func(y float64) float64 {
			v := math.Exp(y)
			return y - (m.R+x)*math.Log1p(v/a) - (m.S+1)*math.Log1p(v/b)
		}, math.Inf(-1), math.Log(end-tx), math.Log(end-tx)) +
			math.Log(m.S/b) + (m.R+x)*math.Log1p((end-tx)/a) + m.S*math.Log1p((end-tx)/b)
		worst = max(worst, math.Abs(got-want)/(1+1e-7*math.Abs(want)))
		if math.Abs(got-want) > 2e-8*(1+1e-4*math.Abs(want)) {
			t.Fatalf("%+v x %v, tx %v, T %v: ln odds %v, want %v (%+v)", m, x, tx, end, got, want, l)
		}
	}
	t.Logf("worst %.1e", worst)
}
