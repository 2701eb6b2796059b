package ltv

import (
	"math"
	"math/rand/v2"
	"slices"
)

// gammaVariate returns a random number of the gamma distribution of that shape
// and mean; 0 for a shape of 0.
// Source: G. Marsaglia, W. W. Tsang, A Simple Method for Generating Gamma
// Variables, ACM Transactions on Mathematical Software 26 (2000).
func gammaVariate(random *rand.Rand, shape float64) float64 {
	switch {
	case shape <= 0:
		return 0
	case shape == 1:
		return random.ExpFloat64()
	case shape < 1:
		return gammaVariate(random, shape+1) * math.Pow(random.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		z := random.NormFloat64()
		v := 1 + c*z
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(1-random.Float64()) < z*z/2+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}

// central returns the ends of the central range that holds the share level of
// values, interpolated; NaN for a level outside 0…1 and without values.
func central(values []float64, level float64) (low, high float64) {
	if !(level >= 0 && level <= 1) || len(values) == 0 {
		return math.NaN(), math.NaN()
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	at := func(share float64) float64 {
		position := share * float64(len(sorted)-1)
		i := min(int(position), len(sorted)-1)
		if i == len(sorted)-1 || position == float64(i) {
			return sorted[i]
		}
		return sorted[i] + (position-float64(i))*(sorted[i+1]-sorted[i])
	}
	return at((1 - level) / 2), at((1 + level) / 2)
}
