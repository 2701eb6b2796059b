package ltv_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// truth returns the parameters of a process.
func truth(m ltv.Process) []float64 {
	v := reflect.ValueOf(m)
	var p []float64
	for i := range v.NumField() - 1 {
		p = append(p, v.Field(i).Float())
	}
	return p
}

// TestFitRecovers fits each model to customers simulated from it.
func TestFitRecovers(t *testing.T) {
	for i, m := range simulated {
		past := summaries(m, 20_000, 100, 700, uint64(i))
		f := fitted(t, compressed(t, past), m)
		recovered(t, typeName(m), f.Parameters, truth(m)...)
		d := f.Diagnostics
		if !d.Converged || d.Ridge || d.Agree != d.Starts || d.NBD < d.Poisson || f.LogLikelihood < d.NBD-1e-6 {
			t.Errorf("%s: %+v", typeName(m), d)
		}
		// The search thins many groups out; its last steps are on all of them.
		ll, atTruth := 0.0, 0.0
		for _, c := range past {
			ll += f.Model.LogLikelihood(c)
			atTruth += m.LogLikelihood(c)
		}
		if !within(ll, f.LogLikelihood, 1e-9) || !(ll >= atTruth) {
			t.Errorf("%s: LL %v, sum over customers %v, at the truth %v", typeName(m), f.LogLikelihood, ll, atTruth)
		}
		if g := d.Purchases; len(g.Cells) != 8 || g.Degrees < 1 || !(g.P > 1e-4) {
			t.Errorf("%s: a model does not fit its own customers: %+v", typeName(m), g)
		}
	}
}

// TestGoodnessOfFit counts the cells by hand, and refuses a wrong model.
func TestGoodnessOfFit(t *testing.T) {
	past := summaries(simulated[1], 5000, 300, 320, 1)
	for i := range past {
		if past[i].X == 1 { // nobody buys exactly twice
			past[i].X = 2
		}
	}
	g := fitted(t, compressed(t, past), simulated[1]).Diagnostics.Purchases
	var actual [8]float64
	for _, c := range past {
		actual[min(c.X, 7)]++
	}
	expected := 0.0
	for i, c := range g.Cells {
		expected += c.Expected
		if c.X != i || c.Actual != actual[i] || c.AndMore != (i == 7) {
			t.Errorf("cell %d is %+v, counted %v", i, c, actual[i])
		}
	}
	if !within(expected, 5000, 1e-9) || !(g.P < 1e-6) || g.Degrees > 3 {
		t.Errorf("%v customers expected, χ² %v, %d degrees, P %v", expected, g.ChiSquare, g.Degrees, g.P)
	}
}

// TestFitInvariance checks that neither the order of customers, nor counting
// equal ones, nor the unit changes a fit.
func TestFitInvariance(t *testing.T) {
	past := summaries(simulated[3], 1500, 100, 300, 9)
	f := fitted(t, compressed(t, past), ltv.ParetoNBD{Unit: ltv.PerDay})
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(past), func(i, j int) { past[i], past[j] = past[j], past[i] })
	shuffled := fitted(t, compressed(t, past), ltv.ParetoNBD{})
	if !reflect.DeepEqual(f.Parameters, shuffled.Parameters) || f.LogLikelihood != shuffled.LogLikelihood {
		t.Errorf("%v, shuffled %v", f.Parameters, shuffled.Parameters)
	}
	weeks := fitted(t, compressed(t, past), ltv.ParetoNBD{Unit: ltv.PerWeek})
	purchases := compressed(t, past).Purchases
	if !within(weeks.LogLikelihood, f.LogLikelihood+purchases*math.Log(7), 1e-12) {
		t.Errorf("LL %v per week, %v per day", weeks.LogLikelihood, f.LogLikelihood)
	}
	factor := []float64{1, 7, 1, 7}
	for i := range factor {
		if !within(weeks.Parameters[i].Value*factor[i], f.Parameters[i].Value, 1e-9) {
			t.Errorf("%+v per week, %+v per day", weeks.Parameters[i], f.Parameters[i])
		}
		for j := range factor {
			if !within(weeks.Covariance[i][j]*factor[i]*factor[j], f.Covariance[i][j], 1e-6) {
				t.Errorf("covariance %d, %d: %v per week, %v per day", i, j, weeks.Covariance[i][j], f.Covariance[i][j])
			}
		}
	}
	if m, ok := f.Model.(ltv.ParetoNBD); !ok || m.Unit != ltv.PerDay {
		t.Errorf("the unit is not carried: %+v", f.Model)
	}
	twice := fitted(t, compressed(t, append(past, past...)), ltv.ParetoNBD{})
	if !within(twice.LogLikelihood, 2*f.LogLikelihood, 1e-12) || !within(twice.Parameters[0].SE*math.Sqrt2, f.Parameters[0].SE, 1e-6) {
		t.Errorf("everyone twice: LL %v, %v", twice.LogLikelihood, twice.Parameters)
	}
	if got, want := f.AIC(), 8-2*f.LogLikelihood; got != want {
		t.Errorf("AIC %v, want %v", got, want)
	}
}

// TestBootstrap checks that draws scatter as the standard errors say, around
// the fit, the same for the same seed.
func TestBootstrap(t *testing.T) {
	for i, m := range simulated {
		f := fitted(t, compressed(t, summaries(m, 2000, 200, 500, uint64(30+i))), m)
		d, err := f.Bootstrap(ltv.BootstrapOptions{Replicates: 120})
		if err != nil {
			t.Fatal(err)
		}
		again, _ := f.Bootstrap(ltv.BootstrapOptions{Replicates: 120, Seed: 1})
		other, _ := f.Bootstrap(ltv.BootstrapOptions{Replicates: 3, Seed: 2})
		if !reflect.DeepEqual(d, again) || reflect.DeepEqual(d.Models[:3], other.Models) || len(d.Models) != 120 {
			t.Errorf("%s: %d draws; the same for a seed: %v", typeName(m), len(d.Models), reflect.DeepEqual(d, again))
		}
		for k, interval := range d.Intervals(0.68) {
			p := f.Parameters[k]
			if width := (interval.High - interval.Low) / 2; interval.Name != p.Name || !(width > 0.6*p.SE && width < 1.6*p.SE) ||
				!(interval.Low < p.Value && p.Value < interval.High) {
				t.Errorf("%s: %s = %v ± %v, draws %+v", typeName(m), p.Name, p.Value, p.SE, interval)
			}
		}
		if v := d.Intervals(2)[0].Low; !math.IsNaN(v) {
			t.Errorf("an interval of a level of 2: %v", v)
		}
	}
	if _, err := new(ltv.Fit[ltv.Process]).Bootstrap(ltv.BootstrapOptions{}); !errors.Is(err, orders.ErrOptions) {
		t.Errorf("draws without data: %v", err)
	}
}

// TestFitErrors lists what is refused.
func TestFitErrors(t *testing.T) {
	one := &ltv.Sample{Groups: []ltv.Group{{Summary: ltv.Summary{T: 1}, Customers: 1}}}
	process := func(s *ltv.Sample, m ltv.Process, o ltv.FitOptions) error {
		_, err := ltv.FitProcess(s, m, o)
		return err
	}
	second := func(_ any, err error) error { return err }
	for name, c := range map[string]struct{ got, want error }{
		"no sample":          {process(nil, ltv.NBD{}, ltv.FitOptions{}), ltv.ErrNoCustomers},
		"empty sample":       {process(&ltv.Sample{}, ltv.NBD{}, ltv.FitOptions{}), ltv.ErrNoCustomers},
		"no model":           {process(one, nil, ltv.FitOptions{}), orders.ErrOptions},
		"unit":               {process(one, ltv.NBD{Unit: -7}, ltv.FitOptions{}), orders.ErrOptions},
		"starts":             {process(one, ltv.NBD{}, ltv.FitOptions{Starts: -1}), orders.ErrOptions},
		"negative weight":    {process(&ltv.Sample{Groups: []ltv.Group{{Customers: -1}}}, ltv.NBD{}, ltv.FitOptions{}), orders.ErrOptions},
		"descending":         {process(&ltv.Sample{Groups: []ltv.Group{{Summary: ltv.Summary{X: 1, T: 1}, Customers: 1}, {Customers: 1}}}, ltv.NBD{}, ltv.FitOptions{}), orders.ErrOptions},
		"recency beyond age": {second(ltv.Compress([]ltv.Summary{{X: 1, TX: 2, T: 1}})), orders.ErrOptions},
		"recency of nothing": {second(ltv.Compress([]ltv.Summary{{X: 0, TX: 1, T: 1}})), orders.ErrOptions},
		"no age":             {second(ltv.Compress([]ltv.Summary{{T: math.NaN()}})), orders.ErrOptions},
		"no values":          {second(ltv.FitMonetary(nil, ltv.FitOptions{})), ltv.ErrNoCustomers},
		"no purchases":       {second(ltv.FitMonetary([]ltv.Monetary{{Mean: 1}}, ltv.FitOptions{})), orders.ErrOptions},
		"no margins":         {second(ltv.FitMargins(nil, ltv.FitOptions{})), ltv.ErrNoCustomers},
		"no histories":       {second(ltv.FitBGBB(nil, ltv.FitOptions{})), ltv.ErrNoCustomers},
		"no such history":    {second(ltv.FitBGBB([]ltv.Occasions{{X: 1}}, ltv.FitOptions{})), orders.ErrOptions},
		"no renewal":         {second(ltv.FitSBG([][]float64{{100}}, ltv.FitOptions{})), ltv.ErrNoCustomers},
		"rising":             {second(ltv.FitBdW([][]float64{{100, 101}}, ltv.FitOptions{})), orders.ErrOptions},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}
