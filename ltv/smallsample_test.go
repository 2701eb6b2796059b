package ltv_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
)

// usable holds a fit of a small sample to what is promised of every fit: a
// model within its domain, finite predictions, and a flag where the likelihood
// has no proper maximum. It reports whether there was a flag.
func usable(t *testing.T, f *ltv.Fit[ltv.Process], past []ltv.Summary) (ridge bool) {
	t.Helper()
	d := f.Diagnostics
	if err := f.Model.Check(); err != nil || math.IsNaN(f.LogLikelihood) || math.IsInf(f.LogLikelihood, 0) {
		t.Fatalf("%+v: LL %v, %v", f.Model, f.LogLikelihood, err)
	}
	for _, c := range past {
		given := f.Model.Given(c)
		for name, v := range map[string]float64{
			"P(alive)": given.PAlive, "CET": given.Expected(365), "CLV": given.Discounted(365, ltv.DailyRate(0.15)),
			"DERT": given.DERT(ltv.DailyRate(0.15)), "P(0)": given.Probability(0, 90), "LL": math.Exp(f.Model.LogLikelihood(c)),
		} {
			if !(v >= 0) || math.IsInf(v, 1) || name[0] == 'P' && v > 1+1e-12 {
				t.Fatalf("%+v %+v: %s = %v", f.Model, c, name, v)
			}
		}
	}
	if d.Ridge || d.Boundary != nil {
		return true
	}
	// Without a flag it must be a maximum that one can work with.
	if !d.Converged || d.Gradient > 1e-6 || d.Agree == 0 {
		t.Errorf("%+v: not flagged, but %+v", f.Model, d)
	}
	for _, p := range f.Parameters {
		if !(p.SE > 0) || math.IsInf(p.SE, 1) {
			t.Errorf("%+v: not flagged, but the SE of %s is %v", f.Model, p.Name, p.SE)
		}
	}
	return false
}

// TestSmallSamples fits 200 random samples of 60 CDNOW customers, of which
// other implementations raise errors on a third.
func TestSmallSamples(t *testing.T) {
	all := cdnow(t, calibration).past
	random := rand.New(rand.NewPCG(60, 60))
	flagged := map[string]int{}
	samples := 200
	if testing.Short() {
		samples = 20
	}
	for range samples {
		sample := make([]ltv.Summary, 60)
		for i, k := range random.Perm(len(all))[:60] {
			sample[i] = all[k]
		}
		s := compressed(t, sample)
		for _, m := range simulated {
			f := fitted(t, s, m)
			if usable(t, f, sample[:4]) {
				flagged[typeName(m)]++
			}
			if f.LogLikelihood < f.Diagnostics.NBD-1e-3 && typeName(m) != "NBD" {
				t.Errorf("%+v: LL %v is below that of the NBD, a limit of the model: %v", f.Model, f.LogLikelihood, f.Diagnostics.NBD)
			}
			if f.Diagnostics.NBD < f.Diagnostics.Poisson-1e-3 {
				t.Errorf("LL of the NBD %v is below that of its limit %v", f.Diagnostics.NBD, f.Diagnostics.Poisson)
			}
		}
	}
	t.Logf("ridges: %v of %d", flagged, samples)
	for _, m := range simulated[1:] {
		if n := flagged[typeName(m)]; n*10 < samples || n*40 > 39*samples {
			t.Errorf("%s: %d of %d on a ridge", typeName(m), n, samples)
		}
	}
}

// TestSmallest fits samples that say next to nothing.
func TestSmallest(t *testing.T) {
	for name, past := range map[string][]ltv.Summary{
		"one customer today":      {{}},
		"one customer, once":      {{T: 100}},
		"one customer, twice":     {{X: 1, TX: 50, T: 100}},
		"one customer, last day":  {{X: 3, TX: 100, T: 100}},
		"nobody returned":         {{T: 10}, {T: 300}, {T: 4000}},
		"all alike":               {{X: 2, TX: 60, T: 100}, {X: 2, TX: 60, T: 100}, {X: 2, TX: 60, T: 100}},
		"like a clock":            {{X: 100, TX: 1000, T: 1000}, {X: 100, TX: 1000, T: 1000}, {X: 99, TX: 990, T: 995}},
		"thousands of purchases":  {{X: 3000, TX: 10_900, T: 10_950}, {X: 1, TX: 1, T: 10_950}, {X: 20, TX: 1, T: 3}},
		"thirty years and a day":  {{X: 5, TX: 10_000, T: 10_950}, {X: 1, TX: 1, T: 1}, {T: 1}, {T: 10_950}},
		"all purchases on a day":  {{X: 4, TX: 0, T: 100}, {X: 1, TX: 0, T: 50}},
		"seconds beside the rest": {{X: 1, TX: 1e-5, T: 1e-5}, {X: 2, TX: 300, T: 365}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, m := range simulated {
				usable(t, fitted(t, compressed(t, past), m), past)
			}
		})
	}
}
