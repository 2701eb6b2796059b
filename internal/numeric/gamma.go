package numeric

import "math"

// LogGamma returns ln Γ(x), x > 0.
func LogGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// Digamma returns ψ(x) = d ln Γ(x)/dx, x > 0, by the recurrence up to 10 and
// the asymptotic series. Source: Abramowitz & Stegun 6.3.5, 6.3.18.
func Digamma(x float64) float64 {
	if !(x > 0) {
		return math.NaN()
	}
	sum := 0.0
	for ; x < 10; x++ {
		sum -= 1 / x
	}
	y := 1 / (x * x)
	return sum + math.Log(x) - 0.5/x - y*(1./12-y*(1./120-y*(1./252-y*(1./240-y*(1./132-y*(691./32760-y/12))))))
}

// DigammaStep returns ψ(x+a) − ψ(x), x > 0, a ≥ 0, with the digits that the
// difference loses where x is large.
func DigammaStep(x, a float64) float64 {
	if !(x > 0) || !(a >= 0) {
		return math.NaN()
	}
	sum := 0.0
	for ; x < 40; x++ {
		sum += a / (x * (x + a))
	}
	z := x + a
	// 1/x^n − 1/z^n, with the factor a/(xz) taken out
	u, v := 1/x, 1/z
	second := u + v
	fourth := second * (u*u + v*v)
	sixth := second * (u*u + u*v + v*v) * (u*u - u*v + v*v)
	return sum + math.Log1p(a/x) + a*u*v*(0.5+second/12-fourth/120+sixth/252)
}

// Trigamma returns ψ′(x), x > 0. Source: Abramowitz & Stegun 6.4.6, 6.4.12.
func Trigamma(x float64) float64 {
	if !(x > 0) {
		return math.NaN()
	}
	sum := 0.0
	for ; x < 10; x++ {
		sum += 1 / (x * x)
	}
	y := 1 / (x * x)
	return sum + 1/x + y/2 + y/x*(1./6-y*(1./30-y*(1./42-y*(1./30-y*(5./66-y*(691./2730-y*7/6))))))
}

// stirling returns ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], x ≥ 10.
// Source: Abramowitz & Stegun 6.1.41.
func stirling(x float64) float64 {
	y := 1 / (x * x)
	return (1./12 - y*(1./360-y*(1./1260-y*(1./1680-y*(1./1188-y*691./360360))))) / x
}

// LogRising returns ln [Γ(a+n)/Γ(a)] for a > 0, n ≥ 0, whole or not; it keeps
// its digits where a is so large that the two logarithms of Γ would cancel.
func LogRising(a, n float64) float64 {
	switch {
	case !(a > 0) || !(n >= 0):
		return math.NaN()
	case n == 0:
		return 0
	case n <= 20 && n == math.Trunc(n):
		sum, product := 0.0, 1.0
		for j := 0.0; j < n; j++ {
			product *= a + j
			if product > 1e200 || product < 1e-200 {
				sum, product = sum+math.Log(product), 1
			}
		}
		return sum + math.Log(product)
	case a < 10:
		return LogGamma(a+n) - LogGamma(a)
	}
	return (a-0.5)*math.Log1p(n/a) + n*(math.Log(a+n)-1) + stirling(a+n) - stirling(a)
}

// LogBeta returns ln B(a, b), a, b > 0.
func LogBeta(a, b float64) float64 {
	a, b = min(a, b), max(a, b)
	switch {
	case !(a > 0) || math.IsInf(b, 0):
		return math.NaN()
	case a < 10:
		return LogGamma(a) - LogRising(b, a)
	}
	const halfLogTwoPi = 0.91893853320467274178
	ratio := a / b
	return halfLogTwoPi - 0.5*math.Log(b) - (a-0.5)*math.Log1p(1/ratio) - b*math.Log1p(ratio) +
		stirling(a) + stirling(b) - stirling(a+b)
}

// LogBetaRatio returns ln [B(a, b+n) ÷ B(a, b)], a, b > 0, n ≥ 0.
func LogBetaRatio(a, b, n float64) float64 {
	if n <= max(a, 20) {
		return LogRising(b, n) - LogRising(a+b, n)
	}
	return LogBeta(a, b+n) - LogBeta(a, b) // the two logarithms above would cancel
}

// LogChoose returns ln [n! ÷ (k! (n−k)!)], 0 ≤ k ≤ n.
func LogChoose(n, k float64) float64 {
	k = min(k, n-k)
	return LogRising(n-k+1, k) - LogGamma(k+1)
}

// IncompleteBeta returns I_w(a, b), the regularised incomplete beta function,
// a, b > 0. It takes w as its odds, w ÷ (1−w) ≥ 0, for w near 1 has no digits
// left. Both tails keep their relative precision as far as I itself can show
// it. Source: Press et al., Numerical Recipes §6.4 (Lentz's continued fraction).
func IncompleteBeta(a, b, odds float64) float64 {
	switch {
	case !(a > 0) || !(b > 0) || !(odds >= 0):
		return math.NaN()
	case odds == 0:
		return 0
	case math.IsInf(odds, 1):
		return 1
	}
	logW, logV := -math.Log1p(1/odds), -math.Log1p(odds)
	front := a*logW + b*logV - LogBeta(a, b)
	if w := odds / (1 + odds); w < (a+1)/(a+b+2) {
		return min(1, math.Exp(front-math.Log(a))*betaFraction(a, b, w))
	}
	return max(0, 1-math.Exp(front-math.Log(b))*betaFraction(b, a, 1/(1+odds)))
}

func betaFraction(a, b, x float64) float64 {
	const tiny = 1e-300
	c, d := 1.0, 1-(a+b)*x/(a+1)
	if math.Abs(d) < tiny {
		d = tiny
	}
	d = 1 / d
	h := d
	for m := 1.0; m < 1e6; m++ {
		for _, t := range [2]float64{
			m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)),
			-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)),
		} {
			d = 1 + t*d
			if math.Abs(d) < tiny {
				d = tiny
			}
			c = 1 + t/c
			if math.Abs(c) < tiny {
				c = tiny
			}
			d = 1 / d
			h *= c * d
		}
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return h
}

// ChiSquareTail returns P(χ² ≥ x) with k > 0 degrees of freedom, x ≥ 0.
// Source: Abramowitz & Stegun 26.4.19, 6.5.29, 6.5.31.
func ChiSquareTail(x, k float64) float64 {
	switch {
	case !(k > 0) || !(x >= 0):
		return math.NaN()
	case x == 0:
		return 1
	case math.IsInf(x, 1):
		return 0
	}
	a, z := k/2, x/2
	front := math.Exp(a*math.Log(z) - z - LogGamma(a))
	if z < a+1 {
		term := 1 / a
		sum := term
		for n := a + 1; term > sum*1e-16; n++ {
			term *= z / n
			sum += term
		}
		return max(0, 1-front*sum)
	}
	return front * expIntFraction(1-a, z) // Γ(a, z) = z^a E_{1−a}(z)
}
