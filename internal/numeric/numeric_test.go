package numeric_test

import (
	"math"
	"testing"

	"github.com/repeatsales/repeatsales/internal/numeric"
	"pgregory.net/rapid"
)

func within(got, want, tolerance float64) bool {
	return got == want || math.Abs(got-want) <= tolerance*math.Abs(want)
}

// TestValues holds functions to figures from Abramowitz & Stegun, or known in
// closed form.
func TestValues(t *testing.T) {
	const euler = 0.57721566490153286061
	for _, v := range []struct {
		name      string
		got, want float64
	}{
		{"ψ(1)", numeric.Digamma(1), -euler},
		{"ψ(½)", numeric.Digamma(0.5), -euler - 2*math.Ln2},
		{"ψ(1e6)", numeric.Digamma(1e6), math.Log(1e6) - 0.5e-6 - 1./12*1e-12},
		{"ψ(50) from ψ(1)", numeric.DigammaStep(1, 49), 4.4792053383294250576}, // H₄₉
		{"ψ(1e9+1) − ψ(1e9)", numeric.DigammaStep(1e9, 1), 1e-9},
		{"ψ(25) − ψ(22.5)", numeric.DigammaStep(22.5, 2.5), numeric.Digamma(25) - numeric.Digamma(22.5)},
		{"ψ′(1)", numeric.Trigamma(1), math.Pi * math.Pi / 6},
		{"ψ′(½)", numeric.Trigamma(0.5), math.Pi * math.Pi / 2},
		{"ln 10!", numeric.LogRising(1, 10), math.Log(3628800)},
		{"ln 100!", numeric.LogRising(1, 100), 363.73937555556349014},
		{"ln Γ(1e8+½)/Γ(1e8)", numeric.LogRising(1e8, 0.5), 0.5*math.Log(1e8) - 0.125e-8},
		{"ln B(2, 3)", numeric.LogBeta(2, 3), -math.Log(12)},
		{"ln B(½, ½)", numeric.LogBeta(0.5, 0.5), math.Log(math.Pi)},
		{"ln B(3, 1e9)", numeric.LogBeta(3, 1e9), math.Log(2) - 3*math.Log(1e9) - 3e-9},
		{"ln B(20, 30)", numeric.LogBeta(20, 30), numeric.LogGamma(20) + numeric.LogGamma(30) - numeric.LogGamma(50)},
		{"ln 50 over 3", numeric.LogChoose(50, 3), math.Log(19600)},
		{"ln 50 over 47", numeric.LogChoose(50, 47), math.Log(19600)},
		{"I_0.3(1, 5)", numeric.IncompleteBeta(1, 5, 0.3/0.7), 1 - math.Pow(0.7, 5)},
		{"I_0.9(4, 1)", numeric.IncompleteBeta(4, 1, 9), math.Pow(0.9, 4)},
		{"I_0.5(7, 7)", numeric.IncompleteBeta(7, 7, 1), 0.5},
		{"I_1e-9(12, 1)", numeric.IncompleteBeta(12, 1, 1e-9/(1-1e-9)), 1e-108},
		{"e E₁(1)", numeric.ScaledExpInt(1, 1), math.E * 0.21938393439552027368},
		{"e^½ E₁(½)", numeric.ScaledExpInt(1, 0.5), math.Exp(0.5) * 0.55977359477616081175},
		{"e^0.1 E₂(0.1)", numeric.ScaledExpInt(2, 0.1), 1 - 0.1*math.Exp(0.1)*1.8229239584193906661}, // E₂ = e^−z − z E₁
		{"e^10 E₁(10)", numeric.ScaledExpInt(1, 10), math.Exp(10) * 4.1569689296853242775e-6},
		{"E₃(0)", numeric.ScaledExpInt(3, 0), 0.5},
		{"e^z E_½(z)", numeric.ScaledExpInt(0.5, 0.25), math.Exp(0.25) * math.Sqrt(math.Pi/0.25) * math.Erfc(0.5)},
		{"P(χ²₁ ≥ 3.84)", numeric.ChiSquareTail(3.8414588206941245, 1), 0.05},
		{"P(χ²₂ ≥ 1)", numeric.ChiSquareTail(1, 2), math.Exp(-0.5)},
		{"P(χ²₂ ≥ 80)", numeric.ChiSquareTail(80, 2), math.Exp(-40)},
		{"P(χ²₄ ≥ 3)", numeric.ChiSquareTail(3, 4), math.Exp(-1.5) * 2.5},
	} {
		if !within(v.got, v.want, 2e-13) {
			t.Errorf("%s = %.17g, want %.17g", v.name, v.got, v.want)
		}
	}
	for _, v := range []float64{
		numeric.Digamma(0), numeric.Trigamma(-1), numeric.LogRising(0, 1), numeric.LogRising(1, -1), numeric.LogBeta(0, 1),
		numeric.IncompleteBeta(1, 1, -1), numeric.ScaledExpInt(0, 1), numeric.ScaledExpInt(1, -1), numeric.ChiSquareTail(-1, 1), numeric.DigammaStep(0, 1),
	} {
		if !math.IsNaN(v) {
			t.Errorf("%v outside the domain", v)
		}
	}
}

func anywhere(t *rapid.T, name string, low, high float64) float64 {
	return math.Exp(rapid.Float64Range(math.Log(low), math.Log(high)).Draw(t, name))
}

// TestIdentities holds functions to what ties them together, over all sizes.
func TestIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, n := anywhere(t, "a", 1e-6, 1e8), anywhere(t, "b", 1e-6, 1e8), anywhere(t, "n", 1e-3, 1e5)
		// Γ(a+n+1)/Γ(a) = (a+n) Γ(a+n)/Γ(a)
		if up, want := numeric.LogRising(a, n+1), numeric.LogRising(a, n)+math.Log(a+n); math.Abs(up-want) > 1e-12*(1+math.Abs(n*math.Log(a+n))+math.Abs(want)) {
			t.Fatalf("LogRising(%v, %v + 1) = %v, want %v", a, n, up, want)
		}
		// B(a+1, b) = B(a, b)·a/(a+b)
		if got, want := numeric.LogBeta(a+1, b)-numeric.LogBeta(a, b), math.Log(a/(a+b)); math.Abs(got-want) > 1e-13*(1+min(a, b)*30+math.Abs(want)+10*math.Abs(numeric.LogBeta(a, b))) {
			t.Fatalf("B(%v + 1, %v) is e^%v of B, want e^%v", a, b, got, want)
		}
		if got, want := numeric.LogBetaRatio(a, b, 1), math.Log(b/(a+b)); math.Abs(got-want) > 1e-12*(1+math.Abs(want)+math.Abs(math.Log(a+b))) {
			t.Fatalf("LogBetaRatio(%v, %v, 1) = %v, want %v", a, b, got, want)
		}
		// s E_{s+1}(z) = e^−z − z E_s(z)
		s, z := anywhere(t, "s", 1e-3, 1e4), anywhere(t, "z", 1e-8, 1e4)
		if e, next := numeric.ScaledExpInt(s, z), numeric.ScaledExpInt(s+1, z); math.Abs(s*next-(1-z*e)) > 1e-12*(1+z*e) {
			t.Fatalf("E_%v(%v) = %v, the next %v", s, z, e, next)
		}
		// I_w(a, b) + I_{1−w}(b, a) = 1
		p, q, odds := anywhere(t, "p", 1e-2, 1e4), anywhere(t, "q", 1e-2, 1e4), anywhere(t, "odds", 1e-5, 1e5)
		if sum := numeric.IncompleteBeta(p, q, odds) + numeric.IncompleteBeta(q, p, 1/odds); math.Abs(sum-1) > 1e-9 {
			t.Fatalf("I(%v, %v; odds %v) and its complement come to %v", p, q, odds, sum)
		}
	})
}

// TestLogIntegral integrates what is known in closed form, at any scale.
func TestLogIntegral(t *testing.T) {
	inf := math.Inf(1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := anywhere(t, "a", 1e-8, 1e6), anywhere(t, "b", 1e-8, 1e6)
		shift := rapid.Float64Range(-1e4, 1e4).Draw(t, "shift")
		near := rapid.Float64Range(-50, 50).Draw(t, "near")
		// B(a, b) = ∫ p^a (1−p)^b dy, y = ln p/(1−p), far from 0 and of any height
		got := numeric.LogIntegral(func(y float64) float64 {
			y -= near
			if y > 0 {
				return shift - b*y - (a+b)*math.Log1p(math.Exp(-y))
			}
			return shift + a*y - (a+b)*math.Log1p(math.Exp(y))
		}, -inf, inf, 0)
		if want := shift + numeric.LogBeta(a, b); math.Abs(got-want) > 1e-8+1e-14*(a+b)*50 {
			t.Fatalf("ln B(%v, %v) = %v, want %v", a, b, got, want)
		}
		// ∫ e^−ay over 0…b, its top at the end
		got = numeric.LogIntegral(func(y float64) float64 { return -a * y }, 0, b, b)
		if want := math.Log(-math.Expm1(-a*b) / a); !within(got, want, 1e-9) && math.Abs(got-want) > 1e-9 {
			t.Fatalf("∫ e^(−%v·y) to %v = e^%v, want e^%v", a, b, got, want)
		}
	})
	if v := numeric.LogIntegral(func(float64) float64 { return math.Inf(-1) }, 0, 1, 0); !math.IsInf(v, -1) {
		t.Errorf("the integral of nothing is e^%v", v)
	}
	if v := numeric.Integral(math.Sqrt, 0, 4); !within(v, 16./3, 1e-8) {
		t.Errorf("∫ √x to 4 = %v", v)
	}
	if v := numeric.Integral(math.Exp, 1, 1); v != 0 {
		t.Errorf("∫ over nothing = %v", v)
	}
	x, w := numeric.Legendre(5)
	if sum := w[0]*math.Pow(x[0], 8) + w[1]*math.Pow(x[1], 8) + w[3]*math.Pow(x[3], 8) + w[4]*math.Pow(x[4], 8); !within(sum, 2./9, 1e-14) || math.Abs(x[2]) > 1e-15 {
		t.Errorf("∫ x⁸ over −1…1 by five nodes = %v", sum)
	}
}

// rosenbrock is the banana-shaped valley, its bottom at (1, 1).
func rosenbrock(x, g []float64) float64 {
	a, b := 1-x[0], x[1]-x[0]*x[0]
	if g != nil {
		g[0], g[1] = -2*a-400*x[0]*b, 200*b
	}
	return a*a + 100*b*b
}

func TestMinimize(t *testing.T) {
	f := numeric.WithHessian(rosenbrock)
	low, high := []float64{-5, -5}, []float64{5, 5}
	for _, start := range [][]float64{{-1.2, 1}, {5, -5}, {0, 0}, {-5, 5}, {100, 100}} {
		m := numeric.Minimize(f, start, low, high, 1e-9, 200)
		if !m.Converged || math.Abs(m.X[0]-1) > 1e-8 || math.Abs(m.X[1]-1) > 1e-8 || m.Steps > 60 {
			t.Errorf("from %v: %+v", start, m)
		}
	}
	m := numeric.Minimize(f, []float64{-1, 0.2}, low, []float64{0.5, 5}, 1e-9, 200) // the bottom is outside
	if !m.Converged || !m.AtBound[0] || m.AtBound[1] || m.X[0] != 0.5 || math.Abs(m.X[1]-0.25) > 1e-8 {
		t.Errorf("in a box: %+v", m)
	}
	saddle := numeric.WithHessian(func(x, g []float64) float64 {
		if g != nil {
			g[0], g[1] = 2*x[0], 4*x[1]*x[1]*x[1]-2*x[1]
		}
		return x[0]*x[0] + x[1]*x[1]*x[1]*x[1] - x[1]*x[1]
	})
	if m := numeric.Minimize(saddle, []float64{1, 1e-3}, low, high, 1e-9, 200); !m.Converged || !within(math.Abs(m.X[1]), math.Sqrt(0.5), 1e-8) {
		t.Errorf("beside a saddle: %+v", m)
	}
	nowhere := func(x, g []float64, h [][]float64) float64 { return math.NaN() }
	if m := numeric.Minimize(nowhere, []float64{1, 2}, low, high, 1e-9, 10); m.Converged && m.Steps > 0 {
		t.Errorf("in no valley: %+v", m)
	}
}

func TestInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "n")
		root := make([][]float64, n)
		for i := range root {
			root[i] = rapid.SliceOfN(rapid.Float64Range(-3, 3), n, n).Draw(t, "row")
		}
		a := make([][]float64, n)
		for i := range a {
			a[i] = make([]float64, n)
			for j := range a[i] {
				for k := range root {
					a[i][j] += root[i][k] * root[j][k]
				}
			}
			a[i][i] += 0.1
		}
		inverse, condition := numeric.Inverse(a)
		for i := range a {
			for j := range a {
				sum, want := 0.0, 0.0
				for k := range a {
					sum += a[i][k] * inverse[k][j]
				}
				if i == j {
					want = 1
				}
				if math.Abs(sum-want) > 1e-10 {
					t.Fatalf("%v times its inverse %v is %v at %d, %d", a, inverse, sum, i, j)
				}
			}
		}
		if !(condition >= 1 && condition < 1e5) {
			t.Fatalf("condition %v", condition)
		}
	})
	if inverse, condition := numeric.Inverse([][]float64{{1, 2}, {2, 1}}); !math.IsInf(condition, 1) || !math.IsNaN(inverse[0][0]) {
		t.Errorf("an indefinite matrix has the inverse %v, condition %v", inverse, condition)
	}
}
