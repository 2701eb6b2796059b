package ltv

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// mostModels is how many models are drawn at most, leastModels at least, and
// effort how many logarithms may go into that.
const mostModels, leastModels, effort = 100, 20, 4 << 20

// open returns up to n models that the data leave open: of the bootstrap, or,
// where there are so many data that it would take long and they say clearly
// what the parameters are, of the normal distribution of the estimates. It is
// the model itself if neither can be had.
func (f *Fit[M]) open(n int, seed uint64) ([]M, error) {
	if f.problem == nil {
		return []M{f.Model}, nil
	}
	n = min(n, mostModels)
	if cost := len(f.problem.weights) * f.problem.effort(); n*cost > effort {
		if models, ok := f.normal(n, seed); ok && !f.Diagnostics.Ridge {
			return models, nil
		}
		n = min(n, max(leastModels, effort/cost))
	}
	d, err := f.Bootstrap(BootstrapOptions{Replicates: n, Seed: seed})
	if err != nil {
		return nil, err
	}
	return d.Models, nil
}

// effort is what one observation costs, in logarithms.
func (p *problem[M]) effort() int {
	if p.nodes == 0 {
		return 1
	}
	return p.nodes
}

// normal returns n models of the normal distribution of the coordinates: what
// the bootstrap comes to with very many data.
func (f *Fit[M]) normal(n int, seed uint64) ([]M, bool) {
	k := len(f.x)
	covariance := make([][]float64, k)
	for i := range k {
		covariance[i] = make([]float64, k)
		for j := range k {
			covariance[i][j] = f.Covariance[i][j] / f.slope(i) / f.slope(j)
		}
	}
	root, ok := cholesky(covariance)
	if !ok {
		return nil, false
	}
	models := make([]M, n)
	for i := range models {
		models[i] = f.problem.model(jitter(rand.New(rand.NewPCG(seed, uint64(i))), f.x, root))
	}
	return models, true
}

// slope returns what a unit of coordinate i is in its parameter.
func (f *Fit[M]) slope(i int) float64 {
	if f.problem.logs[i] {
		return f.problem.scale[i] * math.Exp(f.x[i])
	}
	return f.problem.scale[i]
}

// cholesky returns the lower triangular L with L·Lᵀ = m; false if there is none.
func cholesky(m [][]float64) ([][]float64, bool) {
	l := make([][]float64, len(m))
	for i := range m {
		l[i] = make([]float64, len(m))
		for j := range i + 1 {
			v := m[i][j]
			for k := range j {
				v -= l[i][k] * l[j][k]
			}
			if i == j {
				if !(v > 0) || math.IsInf(v, 1) {
					return nil, false
				}
				l[i][i] = math.Sqrt(v)
			} else {
				l[i][j] = v / l[j][j]
			}
		}
	}
	return l, true
}

// jitter returns x moved by a normal variate of the covariance root·rootᵀ, and
// by no more than 5 in any coordinate that a model could not bear.
func jitter(random *rand.Rand, x []float64, root [][]float64) []float64 {
	z, moved := make([]float64, len(x)), make([]float64, len(x))
	for i := range x {
		z[i] = random.NormFloat64()
		for j := range i + 1 {
			moved[i] += root[i][j] * z[j]
		}
		moved[i] = x[i] + min(max(moved[i], -5), 5)
	}
	return moved
}

// parallel calls do for 0…n−1, on all cores; new makes what one of them works with.
func parallel[W any](n int, new func() W, do func(w W, i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			w := new()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(w, int(i))
			}
		})
	}
	wait.Wait()
}

// totalRange returns the interval of a sum over customers: expected, in each of
// the models that the data leave open times its share, and around that normal
// with a variance, for it is a sum of many.
func totalRange(expected float64, shares []float64, variance, level float64) (low, high float64) {
	const steps = 40
	deviation := math.Sqrt(max(0, variance))
	values := make([]float64, 0, steps*len(shares))
	for _, share := range shares {
		for k := range steps {
			z := math.Sqrt2 * math.Erfinv(2*(float64(k)+0.5)/steps-1)
			values = append(values, expected*share+z*deviation)
		}
	}
	return central(values, level)
}
