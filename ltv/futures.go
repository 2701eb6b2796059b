package ltv

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// futures draws what customers may do in the days ahead, who are customers
// still: of each age and number of purchases so many futures, each of one of the
// models that the data leave open. Whether a customer is one still depends on
// the day of the latest purchase too, and is a weight of these futures.
type futures struct {
	models []Process
	moneys []*Money // as many as models; nil: purchases alone
	days   float64  // of the horizon
	rate   float64  // of discount per day
	draws  int
	seed   uint64
}

// fan is the futures of customers of one age and number of purchases, of whom
// so many had a value. Those without a purchase are only counted.
type fan struct {
	futures []future
	draws   []int // by model
	scaled  bool  // worth grows with z in the same proportion in all, so that their order does not depend on z
}

// future is one of them. What it is worth to a customer whose purchases so far
// brought z on average is worth[0] + worth[1]·z: both models of money are linear in z.
type future struct {
	model int
	n     float64 // purchases
	worth [2]float64
}

func (f future) at(z float64) float64 { return f.worth[0] + f.worth[1]*z }

// purse turns the purchases of a future into money.
type purse func(random *rand.Rand, p path) [2]float64

// draw replaces the futures of a fan, ascending by worth if they are scaled and
// by purchases if they are without worth. The same past has the same
// futures, whoever else there is.
func (f *futures) draw(to *fan, x int, age float64, valued int) {
	random := rand.New(rand.NewPCG(f.seed, uint64(x)<<40^uint64(age)<<16^uint64(valued)))
	to.futures, to.draws = to.futures[:0], to.draws[:0]
	to.scaled = f.moneys == nil || valued == 0 || len(f.models) == 1 && f.moneys[0].Normal == nil
	var steps [shortPath]float64
	for i, m := range f.models {
		walk := walker(m.Given(Summary{X: x, TX: age * min(1, float64(x)), T: age}).Alive, f.days, f.rate)
		var fill purse
		if f.moneys != nil {
			fill = f.moneys[i].purse(valued)
		}
		drawn := 0
		for k := i; k < f.draws; k += len(f.models) {
			drawn++
			p := walk(random, path{steps: steps[:0]})
			if p.n == 0 {
				continue
			}
			one := future{model: i, n: p.n}
			if fill != nil {
				one.worth = fill(random, p)
			}
			to.futures = append(to.futures, one)
		}
		to.draws = append(to.draws, drawn)
	}
	switch {
	case f.moneys == nil:
		slices.SortFunc(to.futures, func(a, b future) int { return cmp.Compare(a.n, b.n) })
	case to.scaled:
		slices.SortFunc(to.futures, func(a, b future) int { return cmp.Compare(a.at(1), b.at(1)) })
	}
}

// weights returns, for each model, the probability that each of its futures has
// for a customer with that past; with the rest of the probability they have left.
// If there is but one model, its P(alive) is given.
func (f *futures) weights(past Summary, alive float64, to *fan, w []float64) []float64 {
	w = w[:0]
	if len(f.models) == 1 {
		return append(w, alive/float64(f.draws))
	}
	for i, m := range f.models {
		w = append(w, m.PAlive(past)/float64(len(f.models)*max(1, to.draws[i])))
	}
	return w
}

// shortPath is how many purchases are drawn day by day; of more, the sum of the
// discounts is known well enough from their number and from when they end.
const shortPath = 16

// path is the purchases of one future.
type path struct {
	n             float64
	steps         []float64 // the discount of each; nil if they are many
	first, second float64   // sums of the discounts and of their squares
}

// over returns the path of n purchases at random days of 0…end, and if last is
// set of one more on the day end itself.
func (p path) over(random *rand.Rand, n, end, rate float64, last bool) path {
	p.n = n
	if last {
		p.n++
	}
	if p.n == 0 {
		return p
	}
	if p.n > shortPath {
		p.steps = nil
		p.first, p.second = n*meanDiscount(rate*end), n*meanDiscount(2*rate*end)
		if last {
			p.first += math.Exp(-rate * end)
			p.second += math.Exp(-2 * rate * end)
		}
		return p
	}
	for range int(n) {
		v := 1.0
		if rate > 0 {
			v = math.Exp(-rate * end * random.Float64())
		}
		p.steps = append(p.steps, v)
		p.first += v
		p.second += v * v
	}
	if last {
		v := math.Exp(-rate * end)
		p.steps = append(p.steps, v)
		p.first += v
		p.second += v * v
	}
	return p
}

// meanDiscount returns the mean of e^(−z·u) over u in 0…1.
func meanDiscount(z float64) float64 {
	if z == 0 {
		return 1
	}
	return -math.Expm1(-z) / z
}

// walker returns what draws the purchases of a customer of a model, who is one
// now, in so many days.
func walker(alive Process, days, rate float64) func(*rand.Rand, path) path {
	switch m := alive.(type) {
	case NBD:
		scale := m.Unit.in(days) / m.Alpha
		return func(random *rand.Rand, p path) path {
			return p.over(random, poisson(random, gammaVariate(random, m.R)*scale), days, rate, false)
		}
	case BGNBD:
		scale := m.Unit.in(days) / m.Alpha
		return func(random *rand.Rand, p path) path {
			n := poisson(random, gammaVariate(random, m.R)*scale)
			if n == 0 {
				return p
			}
			leaves := math.Ceil(random.ExpFloat64() / -math.Log1p(-betaVariate(random, m.A, m.B)))
			if leaves = max(leaves, 1); leaves > n {
				return p.over(random, n, days, rate, false)
			}
			return p.over(random, leaves-1, days*betaVariate(random, leaves, n-leaves+1), rate, true)
		}
	case ParetoNBD:
		perDay := 1 / (m.Alpha * m.Unit.days())
		life := m.Beta * m.Unit.days()
		return func(random *rand.Rand, p path) path {
			end := days
			if v := random.ExpFloat64() / gammaVariate(random, m.S) * life; v < days {
				end = v
			}
			return p.over(random, poisson(random, gammaVariate(random, m.R)*perDay*end), end, rate, false)
		}
	}
	return func(_ *rand.Rand, p path) path { return p }
}

// purse returns what draws the worth of purchases of a customer of whom so
// many purchases had a value.
func (m *Money) purse(valued int) purse {
	x := float64(valued)
	switch {
	case m.Gamma != nil:
		// A customer's rate of values is gamma of shape P·x + Q and rate V + x·z,
		// a purchase gamma of shape P and that rate.
		g := m.Gamma.Model
		return func(random *rand.Rand, p path) [2]float64 {
			spent := 0.0
			for _, v := range p.steps {
				spent += v * gammaVariate(random, g.P)
			}
			if p.steps == nil {
				spent = p.first / p.n * gammaVariate(random, g.P*p.n)
			}
			spent /= max(gammaVariate(random, g.P*x+g.Q), 1e-100)
			return [2]float64{g.V * spent, x * spent}
		}
	case m.Normal != nil:
		g := m.Normal.Model
		own := Monetary{Purchases: valued}
		weight := 0.0
		if valued > 0 {
			weight = g.weight(own)
		}
		deviation := g.Deviation(own)
		return func(random *rand.Rand, p path) [2]float64 {
			mean := (1-weight)*g.Mu + deviation*random.NormFloat64()
			return [2]float64{mean*p.first + g.Sigma*math.Sqrt(p.second)*random.NormFloat64(), weight * p.first}
		}
	}
	mean := m.expected(0, 0)
	return func(_ *rand.Rand, p path) [2]float64 { return [2]float64{mean * p.first} }
}

// betaVariate returns a random number of the beta distribution.
func betaVariate(random *rand.Rand, a, b float64) float64 {
	x, y := gammaVariate(random, a), gammaVariate(random, b)
	if x+y > 0 {
		return x / (x + y)
	}
	if random.Float64()*(a+b) < a { // both are below what floats hold: p is 0 or 1
		return 1
	}
	return 0
}

// poisson returns a random number of the Poisson distribution.
// Source: W. Hörmann, The transformed rejection method for generating Poisson
// random variables, Insurance: Mathematics and Economics 12 (1993), PTRS.
func poisson(random *rand.Rand, mean float64) float64 {
	switch {
	case mean == 0:
		return 0
	case mean > 1e12:
		return math.Round(mean)
	case mean < 10:
		n, end := 0.0, math.Exp(-mean)
		for v := random.Float64(); v > end; v *= random.Float64() {
			n++
		}
		return n
	}
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	accept := 0.9277 - 3.6224/(b-2)
	for {
		u, v := random.Float64()-0.5, random.Float64()
		s := 0.5 - math.Abs(u)
		k := math.Floor((2*a/s+b)*u + mean + 0.43)
		if s >= 0.07 && v <= accept {
			return k
		}
		if k < 0 || s < 0.013 && v > s {
			continue
		}
		gamma, _ := math.Lgamma(k + 1)
		if math.Log(v)+math.Log(1.1239+1.1328/(b-3.4))-math.Log(a/(s*s)+b) <= k*math.Log(mean)-mean-gamma {
			return k
		}
	}
}
