package cohorts

import "math"

// Wilson returns the score interval of a share k ÷ n at a level of confidence,
// 0.95 for example:
//
//	p = k ÷ n,  z = Φ⁻¹((1 + confidence) ÷ 2)
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n)
//
// Both ends are 0…1. It says how far chance alone may have moved the share of n
// customers; it does not know of old customers who look new. NaN for n ≤ 0, for
// k outside 0…n and for a confidence that is not between 0 and 1.
//
// Source: E. B. Wilson, Probable inference, the law of succession, and
// statistical inference, JASA 22 (1927); recommended for small n by Brown, Cai
// and DasGupta, Statistical Science 16 (2001).
func Wilson(k, n int64, confidence float64) (low, high float64) {
	if n <= 0 || k < 0 || k > n || !(confidence > 0 && confidence < 1) {
		return math.NaN(), math.NaN()
	}
	z := math.Sqrt2 * math.Erfinv(confidence)
	size, p := float64(n), float64(k)/float64(n)
	mid := p + z*z/(2*size)
	half := z * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	low, high = (mid-half)/(1+z*z/size), (mid+half)/(1+z*z/size)
	// At the ends the square root is exact on paper only.
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}
