package ltv_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
)

// The torture test knows nothing of the formulas in this package. It takes the
// story that each paper tells of one customer with a rate of buying λ and a
// rate or probability of leaving, for which everything is elementary, and sums
// it over a fine grid in the plane of both.

// axis is one coordinate of the grid: y = centre + width·sinh(u), u in even
// steps, so that points are dense where the mass is and reach tails of any length.
type axis struct{ centre, width, step float64 }

// gammaAxis is the axis of ln of a variable of that gamma distribution.
func gammaAxis(shape, rate float64) axis {
	return axis{math.Log(shape / rate), math.Max(0.3*math.Min(1, 1/math.Sqrt(shape)), 1e-6), 1. / 24}
}

// betaAxis is the axis of ln p/(1−p) of a variable of that beta distribution.
func betaAxis(a, b float64) axis {
	return axis{math.Log(a / b), 0.3 * math.Min(1, math.Sqrt(1/a+1/b)), 1. / 24}
}

// points calls visit with each point and the logarithm of its weight.
func (a axis) points(visit func(y, logWeight float64)) {
	for i := -int(14 / a.step); i <= int(14/a.step); i++ {
		u := float64(i) * a.step
		visit(a.centre+a.width*math.Sinh(u), math.Log(a.width*math.Cosh(u)*a.step))
	}
}

// plane returns ln ∫∫ exp(f + g + h) where f depends on the first coordinate
// only, g on the second and h on both.
func plane(first, second axis, f, g func(y float64) float64, h func(y, z float64) float64) float64 {
	type point struct{ at, log float64 }
	collect := func(a axis, f func(float64) float64) (points []point) {
		top := math.Inf(-1)
		a.points(func(y, w float64) {
			v := f(y) + w
			if !math.IsNaN(v) {
				points = append(points, point{y, v})
				top = math.Max(top, v)
			}
		})
		return points
	}
	ys, zs := collect(first, f), collect(second, g)
	var logs []float64
	top := math.Inf(-1)
	for _, y := range ys {
		for _, z := range zs {
			if y.log+z.log > top-800 { // h changes it yet, but never by so much where it matters
				v := y.log + z.log + h(y.at, z.at)
				if v > top-45 {
					logs = append(logs, v)
					top = math.Max(top, v)
				}
			}
		}
	}
	sum := 0.0
	for _, v := range logs {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum)
}

func logGamma(x float64) float64 { v, _ := math.Lgamma(x); return v }

// logGammaDensity is that of y = ln of a gamma variable.
func logGammaDensity(y, shape, rate float64) float64 {
	return shape*(math.Log(rate)+y) - rate*math.Exp(y) - logGamma(shape)
}

func logSigmoid(y float64) float64 {
	if y < 0 {
		return y - math.Log1p(math.Exp(y))
	}
	return -math.Log1p(math.Exp(-y))
}

// logBetaDensity is that of y = ln p/(1−p).
func logBetaDensity(y, a, b float64) float64 {
	return a*logSigmoid(y) + b*logSigmoid(-y) + logGamma(a+b) - logGamma(a) - logGamma(b)
}

// log1mexp returns ln(1 − e^−v), v > 0.
func log1mexp(v float64) float64 { return math.Log(-math.Expm1(-v)) }

// story is one customer's past, with what is asked of the future.
type story struct {
	r, alpha, c, d float64 // gamma of λ; gamma or beta of leaving
	x              float64
	tx, end        float64
	ahead, delta   float64
}

// told is the answers.
type told struct{ ll, alive, expected, discounted, dert float64 }

func (s story) tell(step float64, alive, dead func(step float64, extra func(y, z float64) float64) float64, expected, discounted, dert func(y, z float64) float64) told {
	zero := func(y, z float64) float64 { return 0 }
	a, d := alive(step, zero), dead(step, zero)
	top := math.Max(a, d)
	ll := top + math.Log(math.Exp(a-top)+math.Exp(d-top))
	return told{
		ll: ll, alive: math.Exp(a - ll),
		expected:   math.Exp(alive(step, expected) - ll),
		discounted: math.Exp(alive(step, discounted) - ll),
		dert:       math.Exp(alive(step, dert) - ll),
	}
}

// pareto tells the Pareto/NBD: λ^x e^−(λ+μ)T if active, λ^x μ/(λ+μ)
// (e^−(λ+μ)t_x − e^−(λ+μ)T) if not; λ(1−e^−μt)/μ purchases ahead.
func (s story) pareto(step float64) told {
	part := func(at, left float64, h func(l, m float64) float64) func(float64, func(y, z float64) float64) float64 {
		return func(step float64, extra func(y, z float64) float64) float64 {
			first, second := gammaAxis(s.r+s.x, s.alpha+at), gammaAxis(s.c+left, s.d+at)
			first.step, second.step = step, step
			return plane(first, second,
				func(y float64) float64 { return logGammaDensity(y, s.r, s.alpha) + s.x*y - math.Exp(y)*at },
				func(z float64) float64 { return logGammaDensity(z, s.c, s.d) - math.Exp(z)*at },
				func(y, z float64) float64 { return h(y, z) + extra(y, z) })
		}
	}
	over := func(v, delta, y float64) float64 { // λ (1 − e^−(v+δ)t) ÷ (v+δ)
		if (v+delta)*s.ahead < 1e-12 {
			return y + math.Log(s.ahead)
		}
		return y + log1mexp((v+delta)*s.ahead) - math.Log(v+delta)
	}
	return s.tell(step,
		part(s.end, 0, func(y, z float64) float64 { return 0 }),
		part(s.tx, 1, func(y, z float64) float64 {
			both := math.Exp(y) + math.Exp(z)
			if v := both * (s.end - s.tx); v < 1e-12 {
				return z + math.Log(s.end-s.tx)
			}
			return z - math.Log(both) + log1mexp(both*(s.end-s.tx))
		}),
		func(y, z float64) float64 { return over(math.Exp(z), 0, y) },
		func(y, z float64) float64 { return over(math.Exp(z), s.delta, y) },
		func(y, z float64) float64 { return y - math.Log(math.Exp(z)+s.delta) })
}

// geometric tells the BG/NBD (skip 0) and the MBG/NBD (skip 1): λ^x
// (1−p)^(x+skip) e^−λT if active, λ^x p(1−p)^(x+skip−1) e^−λt_x if not;
// (1−e^−λpt)/p purchases ahead.
func (s story) geometric(step, skip float64) told {
	n := s.x + skip
	part := func(at, left float64) func(float64, func(y, z float64) float64) float64 {
		return func(step float64, extra func(y, z float64) float64) float64 {
			if left > n {
				return math.Inf(-1)
			}
			first, second := gammaAxis(s.r+s.x, s.alpha+at), betaAxis(s.c+left, s.d+n-left)
			first.step, second.step = step, step
			return plane(first, second,
				func(y float64) float64 { return logGammaDensity(y, s.r, s.alpha) + s.x*y - math.Exp(y)*at },
				func(z float64) float64 {
					return logBetaDensity(z, s.c, s.d) + left*logSigmoid(z) + (n-left)*logSigmoid(-z)
				},
				extra)
		}
	}
	over := func(y, z, delta float64) float64 { // λ (1 − e^−(λp+δ)t) ÷ (λp+δ)
		rate := math.Exp(y+logSigmoid(z)) + delta
		if rate*s.ahead < 1e-12 {
			return y + math.Log(s.ahead)
		}
		return y + log1mexp(rate*s.ahead) - math.Log(rate)
	}
	return s.tell(step, part(s.end, 0), part(s.tx, 1),
		func(y, z float64) float64 { return over(y, z, 0) },
		func(y, z float64) float64 { return over(y, z, s.delta) },
		func(y, z float64) float64 { return y - math.Log(math.Exp(y+logSigmoid(z))+s.delta) })
}

// randomStory returns a story of ordinary or extreme size.
func randomStory(random *rand.Rand) story {
	size := func(low, high float64) float64 { // log-uniform
		return math.Exp(math.Log(low) + random.Float64()*(math.Log(high)-math.Log(low)))
	}
	s := story{
		r: size(0.005, 20_000), alpha: size(0.001, 1e5), c: size(0.005, 20_000), d: size(0.005, 1e5),
		x: math.Floor(size(1, 3000)), end: size(1, 11_000), ahead: size(0.1, 11_000), delta: size(1e-5, 0.1),
	}
	switch random.IntN(4) {
	case 0:
		s.x = 0
	case 1:
		s.x = math.Floor(size(1, 6))
	}
	switch random.IntN(6) {
	case 0:
		s.c = 1
	case 1:
		s.c = 1 + size(1e-9, 1e-2)
	case 2:
		s.c, s.d = size(0.02, 0.5), size(0.02, 0.5)
	}
	if s.x > 0 {
		s.tx = s.end * math.Pow(random.Float64(), 0.3)
		if random.IntN(5) == 0 {
			s.tx = s.end
		}
	}
	return s
}

// TestTorture holds likelihood, P(alive) and expectations of the models to the
// story they tell, over random parameters and pasts.
func TestTorture(t *testing.T) {
	stories := 60
	if testing.Short() {
		stories = 20
	}
	const coarse, fine = 1. / 8, 1. / 14
	families := []struct {
		name  string
		model func(s story) ltv.Process
		tell  func(s story, step float64) told
	}{
		{"BG/NBD", func(s story) ltv.Process { return ltv.BGNBD{R: s.r, Alpha: s.alpha, A: s.c, B: s.d} }, func(s story, step float64) told { return s.geometric(step, 0) }},
		{"MBG/NBD", func(s story) ltv.Process { return ltv.MBGNBD{R: s.r, Alpha: s.alpha, A: s.c, B: s.d} }, func(s story, step float64) told { return s.geometric(step, 1) }},
		{"Pareto/NBD", func(s story) ltv.Process { return ltv.ParetoNBD{R: s.r, Alpha: s.alpha, S: s.c, Beta: s.d} }, story.pareto},
	}
	for _, family := range families {
		t.Run(family.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 7))
			unsure := 0
			for i := range stories {
				s := randomStory(random)
				check, want := family.tell(s, coarse), family.tell(s, fine)
				m := family.model(s)
				past := ltv.Summary{X: int(s.x), TX: s.tx, T: s.end}
				given := m.Given(past)
				for _, q := range []struct {
					name             string
					got, want, check float64
				}{
					{"LL", m.LogLikelihood(past), want.ll, check.ll},
					{"P(alive)", m.PAlive(past), want.alive, check.alive},
					{"expected", given.Expected(s.ahead), want.expected, check.expected},
					{"discounted", given.Discounted(s.ahead, s.delta), want.discounted, check.discounted},
					{"DERT", given.DERT(s.delta), want.dert, check.dert},
				} {
					if !within(q.check, q.want, 3e-7) {
						unsure++
						continue
					}
					if !within(q.got, q.want, 1e-6) {
						t.Errorf("%d: %+v: %s = %v, want %v", i, s, q.name, q.got, q.want)
					}
				}
			}
			if unsure > stories*5*6/100 {
				t.Errorf("the grid is not sure of itself in %d of %d answers", unsure, stories*5)
			}
			t.Logf("the grid is not sure of itself in %d of %d answers", unsure, stories*5)
		})
	}
}
