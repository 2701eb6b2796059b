package ltv_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
)

// choose returns n over k.
func choose(n, k int) float64 {
	v := 1.0
	for i := 1; i <= k; i++ {
		v = v * float64(n-k+i) / float64(i)
	}
	return v
}

// TestBGBB holds the BG/BB to sums over all histories that there can be, each
// with its likelihood.
func TestBGBB(t *testing.T) {
	for _, m := range []ltv.BGBB{
		{1.204, .750, .657, 2.783}, {0.3, 0.2, 0.1, 0.4}, {5, 1, 1, 1}, {2, 30, 40, 900}, {1e-3, 5, 1e-3, 1e3}, {1e7, 2e7, 1e6, 3e7},
	} {
		for _, n := range []int{1, 2, 6, 25} {
			all, mean := 0.0, 0.0
			for x := range n + 1 {
				sum := 0.0
				if x == 0 {
					sum = math.Exp(m.LogLikelihood(ltv.Occasions{N: n}))
				}
				for tx := x; x > 0 && tx <= n; tx++ {
					past := ltv.Occasions{X: x, TX: tx, N: n}
					l := math.Exp(m.LogLikelihood(past))
					sum += choose(tx-1, x-1) * l
					// To buy next is to be there and to buy: L is its own oracle.
					next := math.Exp(m.LogLikelihood(ltv.Occasions{X: x + 1, TX: n + 1, N: n + 1})) / l
					given := m.Given(past)
					buys := given.Active.Alpha / (given.Active.Alpha + given.Active.Beta)
					if !within(m.PAlive(past)*buys, next, 1e-7) || !within(given.Expected(1), next, 1e-7) || !within(given.Probability(1, 1), next, 1e-7) {
						t.Errorf("%+v %+v: buys next with %v, likelihoods say %v", m, past, m.PAlive(past)*buys, next)
					}
				}
				if p := m.Probability(x, n); !within(p, sum, 1e-7) {
					t.Errorf("%+v: P(X(%d) = %d) = %v, histories come to %v", m, n, x, p, sum)
				}
				all += sum
				mean += float64(x) * sum
			}
			if !within(all, 1, 1e-7) || !within(m.Expected(n), mean, 1e-7) || m.Probability(n+1, n) != 0 {
				t.Errorf("%+v: histories of %d come to %v with %v purchases, expected %v", m, n, all, mean, m.Expected(n))
			}
		}
		sum := 0.0
		for j := 1; j <= 3000; j++ {
			sum += (m.Expected(j) - m.Expected(j-1)) * math.Pow(1.02, -float64(j))
		}
		if !within(m.DERT(0.02), sum, 1e-6) || !within(m.Discounted(3000, 0.02), sum, 1e-6) {
			t.Errorf("%+v: DERT %v, to 3,000 %v, the sum is %v", m, m.DERT(0.02), m.Discounted(3000, 0.02), sum)
		}
	}
	for _, wrong := range []float64{
		ltv.BGBB{}.Expected(1), ltv.BGBB{1, 1, 1, 1}.Expected(-1), ltv.BGBB{1, 1, 1, math.NaN()}.PAlive(ltv.Occasions{}),
		ltv.BGBB{1, 1, 1, 1}.PAlive(ltv.Occasions{X: 2, TX: 1, N: 3}), ltv.BGBB{1, 1, 1, 1}.LogLikelihood(ltv.Occasions{TX: 1, N: 1}),
		ltv.BGBB{1, 1, 1, 1}.DERT(-1), ltv.BGBB{1, 1, 1, 1}.Probability(-1, 3),
	} {
		if !math.IsNaN(wrong) {
			t.Errorf("%v outside the domain", wrong)
		}
	}
}

// TestContracts holds the sBG and the BdW to their definitions summed up.
func TestContracts(t *testing.T) {
	for _, m := range []ltv.BdW{{.668, 3.806, 1}, {.7, 1.2, 1.4}, {2, 9, 0.6}, {0.01, 0.02, 1}, {1e-3, 5, 3}, {3e5, 2e6, 0.9}} {
		survival := 1.0
		sum := 0.0
		for age := 1; age <= 5000; age++ {
			retention := m.Retention(age)
			if m.C == 1 {
				s := ltv.SBG{m.Alpha, m.Beta}
				if want := (m.Beta + float64(age) - 1) / (m.Alpha + m.Beta + float64(age) - 1); !within(retention, want, 1e-9) || s.Retention(age) != retention {
					t.Fatalf("%+v: retention %d is %v, want %v", m, age, retention, want)
				}
			}
			if churn := m.Churn(age); !within(churn, survival*(1-retention), 1e-6) {
				t.Fatalf("%+v: churn %d is %v of %v", m, age, churn, survival)
			}
			survival *= retention
			if !within(m.Survival(age), survival, 1e-6) {
				t.Fatalf("%+v: survival %d is %v, retentions come to %v", m, age, m.Survival(age), survival)
			}
			if age > 3 {
				sum += m.Survival(age) / m.Survival(3) * math.Pow(1.01, 3-float64(age))
			}
			if age == 800 || age == 5000 {
				if got := m.Discounted(3, age-3, 0.01); !within(got, sum, 1e-7) {
					t.Errorf("%+v: %d renewals discounted are %v, the sum is %v", m, age-3, got, sum)
				}
			}
		}
		if got := m.DERL(3, 0.01); !within(got, sum, 1e-7) {
			t.Errorf("%+v: DERL %v, the sum is %v", m, got, sum)
		}
		if m.C == 1 {
			if s := (ltv.SBG{m.Alpha, m.Beta}); !within(s.DERL(3, 0.01), sum, 1e-7) || s.Discounted(3, 400, 0.01) != m.Discounted(3, 400, 0.01) {
				t.Errorf("%+v: DERL %v, the sum is %v", s, s.DERL(3, 0.01), sum)
			}
		}
	}
	if v := (ltv.SBG{1, 2}).DERL(0, 0); !math.IsInf(v, 1) {
		t.Errorf("customers who stay for ever on average make %v renewals", v)
	}
	if v := (ltv.SBG{3, 2}).DERL(0, 0); v != 1 {
		t.Errorf("2/(3−1) renewals are %v", v)
	}
	for _, wrong := range []float64{
		ltv.SBG{}.Survival(1), ltv.SBG{1, 1}.Survival(-1), ltv.SBG{1, 1}.Retention(0), ltv.BdW{1, 1, -1}.Churn(1),
		ltv.SBG{1, 1}.LogLikelihood([]float64{1, 2}), ltv.BdW{1, 1, 1}.DERL(0, 0), ltv.SBG{1, 1}.Discounted(0, 1, math.NaN()),
	} {
		if !math.IsNaN(wrong) {
			t.Errorf("%v outside the domain", wrong)
		}
	}
}

// TestFitDiscrete recovers the parameters of simulated customers, within four
// standard errors.
func TestFitDiscrete(t *testing.T) {
	random := rand.New(rand.NewPCG(21, 22))
	bgbb := ltv.BGBB{1.2, 0.75, 0.66, 2.8}
	var histories []ltv.Occasions
	for range 20_000 {
		buys, leaves := beta(random, bgbb.Alpha, bgbb.Beta), beta(random, bgbb.Gamma, bgbb.Delta)
		o := ltv.Occasions{N: 4 + random.IntN(6)}
		for i := 1; i <= o.N && random.Float64() >= leaves; i++ {
			if random.Float64() < buys {
				o.X, o.TX = o.X+1, i
			}
		}
		histories = append(histories, o)
	}
	f, err := ltv.FitBGBB(histories, ltv.FitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	recovered(t, "BGBB", f.Parameters, bgbb.Alpha, bgbb.Beta, bgbb.Gamma, bgbb.Delta)

	weibull := ltv.BdW{0.8, 2.5, 1.4}
	var cohorts [][]float64
	for years := 5; years <= 9; years++ {
		left := make([]float64, years+1)
		for range 8000 {
			stays := 1 - beta(random, weibull.Alpha, weibull.Beta)
			survives := random.Float64()
			for age := range left {
				if survives < math.Pow(stays, math.Pow(float64(age), weibull.C)) {
					left[age]++
				}
			}
		}
		cohorts = append(cohorts, left)
	}
	b, err := ltv.FitBdW(cohorts, ltv.FitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	recovered(t, "BdW", b.Parameters, weibull.Alpha, weibull.Beta, weibull.C)
	if ll := b.Model.LogLikelihood(cohorts...); !within(ll, b.LogLikelihood, 1e-10) {
		t.Errorf("LL %v of the model, %v of the fit", ll, b.LogLikelihood)
	}
}

// recovered holds estimates to the truth, within four standard errors.
func recovered(t *testing.T, name string, got []ltv.Parameter, want ...float64) {
	t.Helper()
	for i, p := range got {
		if !(math.Abs(p.Value-want[i]) <= 4*p.SE) || !(p.SE < math.Abs(want[i])) {
			t.Errorf("%s: %s = %v ± %v, the truth is %v", name, p.Name, p.Value, p.SE, want[i])
		}
	}
}
