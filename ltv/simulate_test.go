package ltv_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
)

// gamma returns a random gamma variable by the textbook rejection of Ahrens
// and Dieter (shape below 1) and by sums of exponentials (above).
func gamma(random *rand.Rand, shape, rate float64) float64 {
	sum := 0.0
	for ; shape >= 1; shape-- {
		sum += random.ExpFloat64()
	}
	for shape > 0 {
		b := 1 + shape/math.E
		if p := b * random.Float64(); p <= 1 {
			if v := math.Pow(p, 1/shape); random.ExpFloat64() >= v {
				return (sum + v) / rate
			}
		} else if v := -math.Log((b - p) / shape); random.Float64() <= math.Pow(v, shape-1) {
			return (sum + v) / rate
		}
	}
	return sum / rate
}

func beta(random *rand.Rand, a, b float64) float64 {
	x, y := gamma(random, a, 1), gamma(random, b, 1)
	return x / (x + y)
}

// lives simulates a customer of a model: the days of their repeat purchases up
// to day end after the first.
func lives(random *rand.Rand, m ltv.Process, end float64) []float64 {
	var rate, leave, gone float64 // per purchase; day
	gone = math.Inf(1)
	unit := 1.0
	switch m := m.(type) {
	case ltv.NBD:
		rate, unit = gamma(random, m.R, m.Alpha), float64(m.Unit)
	case ltv.BGNBD:
		rate, leave, unit = gamma(random, m.R, m.Alpha), beta(random, m.A, m.B), float64(m.Unit)
	case ltv.MBGNBD:
		rate, leave, unit = gamma(random, m.R, m.Alpha), beta(random, m.A, m.B), float64(m.Unit)
		if random.Float64() < leave {
			return nil
		}
	case ltv.ParetoNBD:
		rate, unit = gamma(random, m.R, m.Alpha), float64(m.Unit)
		gone = random.ExpFloat64() / gamma(random, m.S, m.Beta) * unit
	}
	var days []float64
	for day := 0.0; ; {
		day += random.ExpFloat64() / rate * unit
		if !(day <= min(end, gone)) {
			return days
		}
		days = append(days, day)
		if random.Float64() < leave {
			return days
		}
	}
}

// summaries simulates n customers of ages low…high, in whole days.
func summaries(m ltv.Process, n int, low, high int, seed uint64) []ltv.Summary {
	random := rand.New(rand.NewPCG(seed, 0))
	all := make([]ltv.Summary, n)
	for i := range all {
		age := float64(low + random.IntN(high-low+1))
		days := lives(random, m, age)
		all[i] = ltv.Summary{X: len(days), T: age}
		if len(days) > 0 {
			all[i].TX = math.Ceil(days[len(days)-1])
		}
	}
	return all
}

// simulated are models of ordinary trades.
var simulated = []ltv.Process{
	ltv.NBD{R: 0.8, Alpha: 9, Unit: ltv.PerWeek},
	ltv.BGNBD{R: 0.5, Alpha: 5, A: 0.8, B: 2.5, Unit: ltv.PerWeek},
	ltv.MBGNBD{R: 0.9, Alpha: 6, A: 0.9, B: 2.2, Unit: ltv.PerWeek},
	ltv.ParetoNBD{R: 0.8, Alpha: 8, S: 0.7, Beta: 12, Unit: ltv.PerWeek},
}

// typeName returns "BGNBD" and so on.
func typeName(m ltv.Process) string { return strings.TrimPrefix(fmt.Sprintf("%T", m), "ltv.") }

// compressed returns the sample of summaries.
func compressed(t testing.TB, all []ltv.Summary) *ltv.Sample {
	t.Helper()
	s, err := ltv.Compress(all)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fitted(t testing.TB, s *ltv.Sample, m ltv.Process) *ltv.Fit[ltv.Process] {
	t.Helper()
	f, err := ltv.FitProcess(s, m, ltv.FitOptions{})
	if err != nil {
		t.Fatalf("%T: %v", m, err)
	}
	return f
}
