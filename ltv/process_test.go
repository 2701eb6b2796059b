package ltv_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// awkward draws a number from the domain of parameters and times, its edges,
// or outside.
func awkward(t *rapid.T, name string) float64 {
	return rapid.OneOf(
		rapid.Float64Range(0, 10), rapid.Float64(),
		rapid.SampledFrom([]float64{0, 1, 2, 1e-300, 1e300, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, 5e-324}),
		rapid.Map(rapid.Float64Range(-8, 8), func(e float64) float64 { return math.Pow(10, e) }),
	).Draw(t, name)
}

// inside draws a parameter that is in the domain for certain.
func inside(t *rapid.T, name string) float64 {
	return math.Pow(10, rapid.Float64Range(-6, 6).Draw(t, name))
}

func drawProcess(t *rapid.T, number func(*rapid.T, string) float64) ltv.Process {
	p, unit := [4]float64{}, ltv.Unit(0)
	for i := range p {
		p[i] = number(t, "parameter")
	}
	if rapid.Bool().Draw(t, "with a unit") {
		unit = ltv.PerWeek
	}
	switch rapid.IntRange(0, 3).Draw(t, "family") {
	case 0:
		return ltv.NBD{R: p[0], Alpha: p[1], Unit: unit}
	case 1:
		return ltv.BGNBD{R: p[0], Alpha: p[1], A: p[2], B: p[3], Unit: unit}
	case 2:
		return ltv.MBGNBD{R: p[0], Alpha: p[1], A: p[2], B: p[3], Unit: unit}
	}
	return ltv.ParetoNBD{R: p[0], Alpha: p[1], S: p[2], Beta: p[3], Unit: unit}
}

// TestNoPanic asks every method anything at all: an answer outside the domain
// is NaN, and Check says why.
func TestNoPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawProcess(t, awkward)
		c := ltv.Summary{X: rapid.IntRange(-2, 5000).Draw(t, "x"), TX: awkward(t, "tx"), T: awkward(t, "T")}
		days, delta, n := awkward(t, "days"), awkward(t, "delta"), rapid.IntRange(-1, 50).Draw(t, "n")
		given := m.Given(c)
		answers := []float64{m.LogLikelihood(c), m.PAlive(c), given.PAlive}
		_ = []float64{
			m.Expected(days), m.Discounted(days, delta), m.Probability(n, days), m.ProbabilityBetween(n, days, delta),
			given.Expected(days), given.Discounted(days, delta), given.DERT(delta), given.Probability(n, days),
		}
		invalid := m.Check() != nil || c.Check() != nil
		for i, v := range answers {
			if invalid && !math.IsNaN(v) {
				t.Fatalf("%#v %+v: answer %d is %v outside the domain (%v, %v)", m, c, i, v, m.Check(), c.Check())
			}
		}
		if err := m.Check(); err != nil && !errors.Is(err, orders.ErrOptions) {
			t.Fatal(err)
		}
		if m.Check() != nil && !math.IsNaN(m.Expected(1)+m.Discounted(1, 0.1)+m.Probability(0, 1)+m.ProbabilityBetween(0, 1, 2)) {
			t.Fatalf("%#v: an answer outside the domain", m)
		}
		if !math.IsNaN(m.Expected(-1)) || !math.IsNaN(m.Discounted(1, -1)) || !math.IsNaN(m.Probability(-1, 1)) || !math.IsNaN(m.ProbabilityBetween(0, 2, 1)) {
			t.Fatalf("%#v: an answer to a question that has none", m)
		}
	})
}

// TestBounds holds answers within the domain to what any model must say.
func TestBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawProcess(t, inside)
		age := rapid.Float64Range(0, 11_000).Draw(t, "T")
		c := ltv.Summary{T: age}
		if c.X = rapid.OneOf(rapid.IntRange(0, 5), rapid.IntRange(0, 5000)).Draw(t, "x"); c.X > 0 {
			c.TX = age * rapid.Float64Range(0, 1).Draw(t, "tx")
		}
		days, delta := inside(t, "days"), inside(t, "delta")*1e-3
		given := m.Given(c)
		if p := given.PAlive; !(p >= 0 && p <= 1) || p != m.PAlive(c) {
			t.Fatalf("%#v %+v: P(alive) = %v, %v", m, c, p, m.PAlive(c))
		}
		if ll := m.LogLikelihood(c); math.IsNaN(ll) || math.IsInf(ll, 0) {
			t.Fatalf("%#v %+v: LL = %v", m, c, ll)
		}
		for name, future := range map[string]ltv.Process{"new": m, "active": given.Alive} {
			expected, further := future.Expected(days), future.Expected(2*days)
			discounted, endless := future.Discounted(days, delta), future.Discounted(math.Inf(1), delta)
			const slack = 1 + 1e-7
			if !(0 <= discounted && discounted <= expected*slack && expected <= further*slack && further <= 2*expected*slack) ||
				!(discounted <= endless*slack) || !(expected*math.Exp(-delta*days) <= discounted*slack) {
				t.Fatalf("%#v (%s): %v, %v in twice the days; discounted %v, without end %v; days %v, delta %v",
					future, name, expected, further, discounted, endless, days, delta)
			}
			for _, n := range []int{0, 1, 7} {
				p, q := future.Probability(n, days), future.ProbabilityBetween(n, days, 3*days)
				if !(p >= 0 && p <= 1+1e-7) || !(q >= 0 && q <= 1+1e-7) {
					t.Fatalf("%#v (%s): P(%d) = %v, between %v; days %v", future, name, n, p, q, days)
				}
			}
		}
	})
}

// TestProbabilities checks that what a model says of numbers of purchases adds
// up to one, and to what it expects.
func TestProbabilities(t *testing.T) {
	for _, m := range append(simulated[:len(simulated):len(simulated)],
		ltv.BGNBD{R: 0.4, Alpha: 10, A: 1, B: 2}, ltv.BGNBD{R: 3, Alpha: 40, A: 0.2, B: 0.3},
		ltv.MBGNBD{R: 3, Alpha: 40, A: 0.2, B: 0.3}, ltv.ParetoNBD{R: 2, Alpha: 30, S: 1, Beta: 20}) {
		for _, between := range [][2]float64{{0, 30}, {0, 200}, {40, 70}, {300, 301}, {300, 1000}} {
			all, mean := 0.0, 0.0
			for n := range 4000 {
				p := m.ProbabilityBetween(n, between[0], between[1])
				all += p
				mean += float64(n) * p
				if n > 50 && float64(n)*p < 1e-12 {
					break
				}
			}
			if expected := m.Expected(between[1]) - m.Expected(between[0]); !within(all, 1, 1e-7) || !within(mean, expected, 1e-6) {
				t.Errorf("%#v %v: Σ P = %v, Σ n·P = %v, expected %v", m, between, all, mean, expected)
			}
			if p, q := m.Probability(3, between[1]), m.ProbabilityBetween(3, 0, between[1]); p != q {
				t.Errorf("%#v: P(3) = %v, between 0 and the same day %v", m, p, q)
			}
		}
	}
}

// TestSimulation holds probabilities, conditional ones too, to frequencies in
// simulated lives.
func TestSimulation(t *testing.T) {
	const lifetimes, past, end = 60_000, 150, 400
	for _, m := range simulated {
		random := rand.New(rand.NewPCG(11, 12))
		var first, between, after [4]float64 // customers with so many purchases, the last one and more
		var expected [3][4]float64
		var total, conditional float64
		for range lifetimes {
			days := lives(random, m, end)
			var c ltv.Summary
			c.T = past
			for _, d := range days {
				if d <= past {
					c.X++
					c.TX = d
				}
			}
			later := len(days) - c.X
			first[min(c.X, 3)]++
			between[min(later, 3)]++
			given := m.Given(c)
			total += float64(later)
			conditional += given.Expected(end - past)
			if c.X == 1 { // among those with one repeat purchase
				after[min(later, 3)]++
				for n := range 3 {
					expected[2][n] += given.Probability(n, end-past)
				}
			}
		}
		for n := range 3 {
			expected[0][n] = lifetimes * m.Probability(n, past)
			expected[1][n] = lifetimes * m.ProbabilityBetween(n, past, end)
		}
		for k, actual := range [][4]float64{first, between, after} {
			for n := range 3 {
				if z := (actual[n] - expected[k][n]) / math.Sqrt(expected[k][n]); math.Abs(z) > 4.5 {
					t.Errorf("%s: %v customers with %d purchases (%d), expected %.1f", typeName(m), actual[n], n, k, expected[k][n])
				}
			}
		}
		if !within(total, conditional, 0.025) || !within(conditional, lifetimes*(m.Expected(end)-m.Expected(past)), 0.025) {
			t.Errorf("%s: %v purchases later, Σ CET %v, expected %v", typeName(m), total, conditional, lifetimes*(m.Expected(end)-m.Expected(past)))
		}
	}
}

// TestUnits checks that the unit changes the parameters and nothing else.
func TestUnits(t *testing.T) {
	week, day := ltv.ParetoNBD{R: .55, Alpha: 10.56, S: .61, Beta: 11.64, Unit: ltv.PerWeek}, ltv.ParetoNBD{R: .55, Alpha: 73.92, S: .61, Beta: 81.48}
	c := ltv.Summary{X: 3, TX: 100, T: 200}
	for _, q := range []struct {
		name      string
		got, want float64
	}{
		{"LL", week.LogLikelihood(c), day.LogLikelihood(c) + 3*math.Log(7)}, {"P(alive)", week.PAlive(c), day.PAlive(c)},
		{"CET", week.Given(c).Expected(30), day.Given(c).Expected(30)}, {"DERT", week.Given(c).DERT(.001), day.Given(c).DERT(.001)},
		{"P", week.ProbabilityBetween(2, 10, 60), day.ProbabilityBetween(2, 10, 60)},
	} {
		if !within(q.got, q.want, 1e-12) {
			t.Errorf("%s = %v per week, %v per day", q.name, q.got, q.want)
		}
	}
	for u, want := range map[ltv.Unit]string{0: "", ltv.PerDay: "day", ltv.PerWeek: "week", ltv.PerMonth: "month", ltv.PerYear: "year", 14: "14 days"} {
		if u.String() != want {
			t.Errorf("%v is %q, want %q", float64(u), u, want)
		}
	}
	if got := math.Exp(365 * ltv.DailyRate(0.15)); !within(got, 1.15, 1e-14) || !math.IsNaN(ltv.DailyRate(-1)) {
		t.Errorf("a year at 15 %% is %v", got)
	}
}

// TestOneTimeBuyers checks what the models are chosen for: the BG/NBD cannot
// say that a one-time buyer has left, the others can.
func TestOneTimeBuyers(t *testing.T) {
	once := ltv.Summary{T: 3000}
	for _, m := range simulated {
		p, always := m.PAlive(once), typeName(m) == "NBD" || typeName(m) == "BGNBD"
		if (p == 1) != always || !always && p > 0.1 {
			t.Errorf("%s: P(alive) after %v days without a purchase is %v", typeName(m), once.T, p)
		}
	}
}
