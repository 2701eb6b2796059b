package ltv_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
)

// TestGammaGamma holds the model to sums over its story: the rate ν of the
// gamma distribution of values is itself gamma, Q and V.
func TestGammaGamma(t *testing.T) {
	for _, m := range []ltv.GammaGamma{{6.25, 3.74, 15.44}, {0.4, 1.5, 300}, {2, 0.6, 10}, {900, 40, 3}} {
		for _, s := range []ltv.Monetary{{Purchases: 1, Mean: 12}, {Purchases: 4, Mean: 33.3}, {Purchases: 40, Mean: 5}} {
			px := m.P * float64(s.Purchases)
			density, value := math.Inf(-1), math.Inf(-1)
			axis := gammaAxis(m.Q+px, m.V+s.Mean*float64(s.Purchases))
			axis.points(func(y, w float64) {
				// the mean of x values is gamma: P·x and ν·x
				v := w + logGammaDensity(y, m.Q, m.V) + logGammaDensity(math.Log(s.Mean), px, math.Exp(y)*float64(s.Purchases)) - math.Log(s.Mean)
				if math.IsNaN(v) {
					return
				}
				density = logAdd(density, v)
				value = logAdd(value, v+math.Log(m.P)-y) // the mean of one value is P/ν
			})
			if got := m.LogLikelihood(s); !within(got, density, 1e-8) {
				t.Errorf("%+v %+v: ln density %v, the story says %v", m, s, got, density)
			}
			if got, want := m.Expected(s), math.Exp(value-density); m.P*float64(s.Purchases)+m.Q > 1 && !within(got, want, 1e-7) {
				t.Errorf("%+v %+v: expected %v, the story says %v", m, s, got, want)
			}
		}
	}
	if v := (ltv.GammaGamma{2, 0.9, 10}).Mean(); !math.IsInf(v, 1) {
		t.Errorf("the mean of a distribution without one is %v", v)
	}
	if v := (ltv.GammaGamma{0.05, 0.5, 10}).Expected(ltv.Monetary{Purchases: 2, Mean: 5}); !math.IsInf(v, 1) {
		t.Errorf("a posterior without a mean expects %v", v)
	}
	for _, wrong := range []float64{
		ltv.GammaGamma{}.Mean(), ltv.GammaGamma{1, 2, 3}.Expected(ltv.Monetary{Purchases: 1, Mean: -1}),
		ltv.GammaGamma{1, 2, 3}.LogLikelihood(ltv.Monetary{Mean: 1}), ltv.NormalNormal{}.Expected(ltv.Monetary{}),
		ltv.NormalNormal{1, 1, math.NaN()}.LogLikelihood(ltv.Monetary{Purchases: 1}),
	} {
		if !math.IsNaN(wrong) {
			t.Errorf("%v outside the domain", wrong)
		}
	}
}

func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(a, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// TestFitMonetary recovers a simulated model, and reports what it supposes.
func TestFitMonetary(t *testing.T) {
	random := rand.New(rand.NewPCG(31, 32))
	draw := func(m ltv.GammaGamma, tied float64) []ltv.Monetary {
		var values []ltv.Monetary
		for range 6000 {
			rate := gamma(random, m.Q, m.V)
			s := ltv.Monetary{Purchases: 1 + random.IntN(6)}
			if random.Float64() < tied && rate < m.Q/m.V { // big spenders come often
				s.Purchases += 6
			}
			for range s.Purchases {
				s.Mean += gamma(random, m.P, rate) / float64(s.Purchases)
			}
			values = append(values, s)
		}
		return values
	}
	m := ltv.GammaGamma{3, 4, 200}
	values := draw(m, 0)
	f, err := ltv.FitMonetary(values, ltv.FitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	recovered(t, "GammaGamma", f.Parameters, m.P, m.Q, m.V)
	if !f.Finite || f.Independent < 1e-4 || math.Abs(f.Correlation) > 0.06 || !within(f.MeanValue, m.Mean(), 0.05) {
		t.Errorf("%+v, P %v; mean %v of %v", f.Correlation, f.Independent, f.MeanValue, m.Mean())
	}
	if s := values[0]; f.Expected(s) != f.Model.Expected(s) {
		t.Errorf("a finite model falls back: %v", f.Expected(s))
	}

	tied, err := ltv.FitMonetary(append(draw(m, 0.7), ltv.Monetary{Purchases: 2, Mean: 0}, ltv.Monetary{Purchases: 1, Mean: -3, Customers: 4}), ltv.FitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if tied.Independent > 1e-6 || tied.Correlation < 0.1 || tied.Excluded != 5 {
		t.Errorf("spending goes with frequency: ρ %v, P %v; %v excluded", tied.Correlation, tied.Independent, tied.Excluded)
	}

	wide, err := ltv.FitMonetary(draw(ltv.GammaGamma{2, 0.5, 10}, 0), ltv.FitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if wide.Finite || wide.Expected(ltv.Monetary{}) != wide.MeanValue || wide.Expected(ltv.Monetary{Purchases: 3, Mean: 8}) != 8 || !(wide.MeanValue > 0) {
		t.Errorf("no mean: finite %v, expected %v of a mean spend of %v", wide.Finite, wide.Expected(ltv.Monetary{}), wide.MeanValue)
	}
	for name, few := range map[string][]ltv.Monetary{
		"one": {{Purchases: 1, Mean: 10}}, "alike": {{Purchases: 2, Mean: 10}, {Purchases: 3, Mean: 10}},
		"kopecks": {{Purchases: 1, Mean: 0.01}, {Purchases: 9, Mean: 1e9}},
	} {
		f, err := ltv.FitMonetary(few, ltv.FitOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range append(few, ltv.Monetary{}) {
			if v := f.Expected(s); !(v > 0) || math.IsInf(v, 1) {
				t.Errorf("%s: %+v of %+v is expected to spend %v", name, s, f.Model, v)
			}
		}
	}
}

// TestFitMargins recovers a simulated model with losses in it.
func TestFitMargins(t *testing.T) {
	random := rand.New(rand.NewPCG(41, 42))
	m := ltv.NormalNormal{Mu: -20, Tau: 150, Sigma: 400}
	var margins []ltv.Monetary
	var wide, narrow float64 // squared errors of the customer's own mean, and of the expectation
	var truths []float64
	for range 8000 {
		s := ltv.Monetary{Purchases: 1 + random.IntN(12)}
		own := m.Mu + m.Tau*random.NormFloat64()
		s.Mean = own + m.Sigma/math.Sqrt(float64(s.Purchases))*random.NormFloat64()
		margins, truths = append(margins, s), append(truths, own)
	}
	f, err := ltv.FitMargins(margins, ltv.FitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{m.Mu, m.Tau, m.Sigma} {
		if p := f.Parameters[i]; !(math.Abs(p.Value-want) <= 4*p.SE) || p.SE > 20 {
			t.Errorf("%s = %v ± %v, the truth is %v", p.Name, p.Value, p.SE, want)
		}
	}
	ll, within90 := 0.0, 0.0
	for i, s := range margins {
		ll += f.Model.LogLikelihood(s)
		expected := f.Model.Expected(s)
		wide += (s.Mean - truths[i]) * (s.Mean - truths[i])
		narrow += (expected - truths[i]) * (expected - truths[i])
		if math.Abs(expected-truths[i]) < 1.645*f.Model.Deviation(s) {
			within90++
		}
	}
	if !within(ll, f.LogLikelihood, 1e-10) || !(narrow < wide/2) || math.Abs(within90/8000-0.9) > 0.015 {
		t.Errorf("LL %v, of single customers %v; squared errors %v shrunk, %v not; %v of the truths within 90 %%", f.LogLikelihood, ll, narrow, wide, within90/8000)
	}
	if f.Model.Expected(ltv.Monetary{}) != f.Model.Mu || f.Model.Deviation(ltv.Monetary{}) != f.Model.Tau {
		t.Errorf("nothing known: %v ± %v of %+v", f.Model.Expected(ltv.Monetary{}), f.Model.Deviation(ltv.Monetary{}), f.Model)
	}
	for name, few := range map[string][]ltv.Monetary{
		"one": {{Purchases: 1, Mean: -10}}, "zero": {{Purchases: 1}, {Purchases: 2}}, "alike": {{Purchases: 2, Mean: 10}, {Purchases: 3, Mean: 10}},
	} {
		f, err := ltv.FitMargins(few, ltv.FitOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if v := f.Model.Expected(few[0]); !within(v, few[0].Mean, 1e-6) && math.Abs(v-few[0].Mean) > 1e-6 || f.Model.Check() != nil {
			t.Errorf("%s: %+v expects %v", name, f.Model, v)
		}
		if !f.Diagnostics.Ridge {
			t.Errorf("%s: not flagged: %+v", name, f.Diagnostics)
		}
	}
}
