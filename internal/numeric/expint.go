package numeric

import "math"

// ScaledExpInt returns e^z E_s(z) = ∫₁^∞ u^−s e^−z(u−1) du for s > 0, z ≥ 0;
// for z = 0 it is 1 ÷ (s−1), +Inf if s ≤ 1.
//
// From z = 1 it is a continued fraction (Abramowitz & Stegun 5.1.22). Below,
// the integral is cut at 1/z: the exponential is expanded in the first part,
// whose terms are those of the well-known series with its poles at whole s
// already cancelled; the second part is E_s(1) scaled.
func ScaledExpInt(s, z float64) float64 {
	switch {
	case !(s > 0) || !(z >= 0):
		return math.NaN()
	case z == 0 && s <= 1:
		return math.Inf(1)
	case z == 0:
		return 1 / (s - 1)
	case math.IsInf(z, 1):
		return 0
	case z >= 1:
		return expIntFraction(s, z)
	}
	logCut := -math.Log(z)
	sum, factor := 0.0, 1.0 // factor = (−z)^k ÷ k!
	for k := 0.0; k < 40; k++ {
		term := factor * expm1Over(k+1-s, logCut)
		sum += term
		if math.Abs(term) < 1e-17*math.Abs(sum) {
			break
		}
		factor *= -z / (k + 1)
	}
	tail := math.Exp((s-1)*math.Log(z)-1) * expIntFraction(s, 1)
	return math.Exp(z) * (sum + tail)
}

// expm1Over returns (e^{cx} − 1) ÷ c, x at c = 0.
func expm1Over(c, x float64) float64 {
	if c == 0 {
		return x
	}
	return math.Expm1(c*x) / c
}

// expIntFraction returns e^z E_s(z) for z ≥ 1 and any s, s + z > 0, by the
// even part of its continued fraction.
func expIntFraction(s, z float64) float64 {
	const tiny = 1e-300
	b := z + s
	c, d := 1/tiny, 1/b
	h := d
	for k := 1.0; k < 1e5; k++ {
		a := -k * (s - 1 + k)
		b += 2
		d = 1 / (a*d + b)
		c = b + a/c
		delta := c * d
		h *= delta
		if math.Abs(delta-1) < 1e-16 {
			break
		}
	}
	return h
}
