package ltv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"github.com/repeatsales/repeatsales/internal/numeric"
	"github.com/repeatsales/repeatsales/orders"
)

// FitOptions says how a maximum of the likelihood is looked for. The zero
// value is right for nearly everyone.
type FitOptions struct {
	// Starts is from how many points the search begins: the moments of the data
	// and jitters of them. 0: 4.
	Starts int

	// Seed is of the jitters. 0: 1.
	Seed uint64
}

func (o FitOptions) defaults() (FitOptions, error) {
	if o.Starts < 0 {
		return o, fmt.Errorf("ltv: %w: Starts = %d", orders.ErrOptions, o.Starts)
	}
	if o.Starts == 0 {
		o.Starts = 4
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	return o, nil
}

// Fit is a model fitted by maximum likelihood. Every sample gives one: where
// the data do not say where the maximum is, Diagnostics says so, and what the
// Model predicts is still what the likelihood prefers.
type Fit[M any] struct {
	Model         M
	Parameters    []Parameter
	Covariance    [][]float64 // of the parameters, in their units, in the order of Parameters; NaN where the data do not identify them
	LogLikelihood float64     // in the unit of the Model
	Customers     float64     // what it was fitted to
	Diagnostics   Diagnostics

	x       []float64 // the minimum, in the coordinates of the problem
	problem *problem[M]
}

// AIC returns 2·parameters − 2·LogLikelihood: of two models of the same data
// in the same unit the one with the lesser is preferred.
// Source: H. Akaike, A new look at the statistical model identification (1974).
func (f *Fit[M]) AIC() float64 { return 2*float64(len(f.Parameters)) - 2*f.LogLikelihood }

// Parameter is one estimate.
type Parameter struct {
	Name  string
	Value float64
	SE    float64 // standard error, from the inverse of the observed information; NaN where the data do not identify it
}

// Diagnostics says how far a fit can be trusted.
type Diagnostics struct {
	// Gradient is the largest |∂LL/∂ln θ| per customer at the estimate; a good
	// one is below 1e-6.
	Gradient  float64
	Converged bool

	// Condition is that of the Hessian in ln θ: its largest eigenvalue over its
	// smallest; +Inf if it is singular in floats.
	Condition float64

	// Ridge reports that the likelihood is nearly as good far away: |ln θ| > 6
	// (times being in mean ages of a customer), or Condition above 1e5. The
	// parameters then mean little one by one, and their standard errors less;
	// what the model predicts within the range of the data is unharmed.
	Ridge bool

	// Boundary names the parameters that ran to the end of their range: the
	// likelihood has no maximum, and the estimate is as near to it as makes no
	// difference.
	Boundary []string

	Starts, Agree int // points the search began from, and how many of them led to the same likelihood
	Steps         int // of the search that led to the best

	// NBD and Poisson are the log-likelihoods of customers who never leave, at
	// rates of their own and at one common rate: a model that is not better has
	// found nothing. NaN unless the model is a [Process].
	NBD, Poisson float64

	// Purchases compares how many customers made 0, 1, 2 … repeat purchases with
	// what the model expects. It is empty unless the model is a [Process].
	Purchases GoodnessOfFit
}

// The ends of ln θ, and beyond which it counts as a ridge.
const (
	lowest, highest = -14, 14
	ridge           = 6
	illConditioned  = 1e5
)

// problem is a maximum likelihood problem: a model family and its data.
type problem[M any] struct {
	names   []string
	weights []float64 // how many customers each observation stands for

	// objective returns −LL ÷ Σ weights as a function of unbounded coordinates.
	objective func(weights []float64) numeric.Objective
	starts    func(weights []float64) [][]float64
	model     func(x []float64) M

	// logs tells which coordinates are logarithms of parameters; the others are
	// the parameters themselves. scale[i] is what a unit of parameter i in the
	// coordinates is in the parameter.
	logs  []bool
	scale []float64

	// shift is what the log-likelihood per unit of the model is more than that in
	// the coordinates.
	shift float64

	nodes int // logarithms that one observation costs; 0: one
}

func (p *problem[M]) box() (low, high []float64) {
	for _, l := range p.logs {
		if l {
			low, high = append(low, lowest), append(high, highest)
		} else {
			low, high = append(low, -1e6), append(high, 1e6)
		}
	}
	return low, high
}

// tolerance of the gradient per customer, and the most steps.
const tolerance, mostSteps = 1e-10, 200

// maximize returns the fit of the best of the starts.
func (p *problem[M]) maximize(o FitOptions) (*Fit[M], error) {
	o, err := o.defaults()
	if err != nil {
		return nil, err
	}
	low, high := p.box()
	weights, thinned := thin(p.weights)
	objective := p.objective(weights)
	starts := p.starts(weights)
	random := rand.New(rand.NewPCG(o.Seed, 0))
	for given := len(starts); len(starts) < o.Starts; {
		jitter := append([]float64(nil), starts[len(starts)%given]...)
		for i := range jitter {
			jitter[i] += 0.7 * random.NormFloat64()
		}
		starts = append(starts, jitter)
	}
	found := make([]numeric.Minimum, o.Starts)
	best := 0
	for i, start := range starts[:o.Starts] {
		found[i] = numeric.Minimize(objective, start, low, high, tolerance, mostSteps)
		if found[i].F < found[best].F || math.IsNaN(found[best].F) {
			best = i
		}
	}
	last := found[best]
	if thinned {
		last = numeric.Minimize(p.objective(p.weights), last.X, low, high, tolerance, mostSteps)
		last.Steps += found[best].Steps
	}
	f := p.fit(last)
	f.Diagnostics.Starts = o.Starts
	for _, m := range found {
		if (m.F-found[best].F)*f.Customers <= 1e-3 {
			f.Diagnostics.Agree++
		}
	}
	return f, nil
}

// thin returns the weights with only every so manieth kept if they are very
// many: enough to find the way by, of which the last steps are then on all.
func thin(weights []float64) (thinned []float64, ok bool) {
	const enough = 4096
	every := len(weights) / enough
	if every < 2 {
		return weights, false
	}
	thinned = make([]float64, len(weights))
	for i := every / 2; i < len(weights); i += every {
		thinned[i] = weights[i]
	}
	return thinned, true
}

// fit returns what a minimum means.
func (p *problem[M]) fit(m numeric.Minimum) *Fit[M] {
	f := &Fit[M]{Model: p.model(m.X), x: m.X, problem: p}
	for _, w := range p.weights {
		f.Customers += w
	}
	f.LogLikelihood = -m.F*f.Customers + p.shift
	d := &f.Diagnostics
	d.Gradient, d.Converged, d.Steps = m.Norm, m.Converged, m.Steps
	d.NBD, d.Poisson = math.NaN(), math.NaN()
	d.Purchases = none
	inverse, condition := numeric.Inverse(m.Hessian)
	d.Condition = condition
	d.Ridge = condition > illConditioned
	f.Covariance = make([][]float64, len(m.X))
	slope := make([]float64, len(m.X)) // d parameter ÷ d coordinate
	for i, x := range m.X {
		value := x
		if p.logs[i] {
			value = math.Exp(x)
			d.Ridge = d.Ridge || math.Abs(x) > ridge
			if x <= lowest || x >= highest {
				d.Boundary = append(d.Boundary, p.names[i])
			}
		}
		slope[i] = p.scale[i]
		if p.logs[i] {
			slope[i] *= value
		}
		f.Parameters = append(f.Parameters, Parameter{Name: p.names[i], Value: value * p.scale[i]})
	}
	for i := range m.X {
		f.Covariance[i] = make([]float64, len(m.X))
		for j := range m.X {
			f.Covariance[i][j] = inverse[i][j] / f.Customers * slope[i] * slope[j]
		}
		f.Parameters[i].SE = math.Sqrt(f.Covariance[i][i])
	}
	return f
}

// BootstrapOptions says how a fit is repeated.
type BootstrapOptions struct {
	Replicates int    // 0: 200
	Seed       uint64 // 0: 1
}

// Draws are the fits to reweighted data: what else the parameters could be.
type Draws[M any] struct {
	Models []M

	names  []string
	values [][]float64 // of the parameters, per model
}

// Interval is a range of a parameter.
type Interval struct {
	Name      string
	Low, High float64
}

// Bootstrap returns the models fitted to data in which each customer's weight
// is random (exponential, mean 1): the Bayesian bootstrap, which unlike drawing
// with replacement never loses a customer. It begins each time from the fit.
// The same seed gives the same draws. It returns [orders.ErrOptions] (wrapped)
// for options below 0 and for a fit that does not hold its data.
// Source: D. B. Rubin, The Bayesian Bootstrap, Annals of Statistics 9 (1981).
func (f *Fit[M]) Bootstrap(o BootstrapOptions) (*Draws[M], error) {
	switch {
	case o.Replicates < 0:
		return nil, fmt.Errorf("ltv: %w: Replicates = %d", orders.ErrOptions, o.Replicates)
	case f.problem == nil:
		return nil, fmt.Errorf("ltv: %w: the fit does not hold its data", orders.ErrOptions)
	case o.Replicates == 0:
		o.Replicates = 200
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	d := &Draws[M]{
		Models: make([]M, o.Replicates), names: f.problem.names, values: make([][]float64, o.Replicates),
	}
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		wait.Go(func() {
			weights := make([]float64, len(f.problem.weights))
			for i := worker; i < o.Replicates; i += workers {
				d.Models[i], d.values[i] = f.draw(rand.New(rand.NewPCG(o.Seed, uint64(i))), weights)
			}
		})
	}
	wait.Wait()
	return d, nil
}

// draw returns the model of random weights, and its parameters.
func (f *Fit[M]) draw(random *rand.Rand, weights []float64) (M, []float64) {
	p := f.problem
	for i, w := range p.weights {
		weights[i] = gammaVariate(random, w)
	}
	low, high := p.box()
	// A draw is about 1/√n from the fit: that needs no ten digits.
	m := numeric.Minimize(p.objective(weights), f.x, low, high, 1e-4/math.Sqrt(1+f.Customers), mostSteps)
	values := make([]float64, len(m.X))
	for k, x := range m.X {
		if p.logs[k] {
			x = math.Exp(x)
		}
		values[k] = x * p.scale[k]
	}
	return p.model(m.X), values
}

// Intervals returns, for each parameter, the central range that holds the
// share level, 0…1, of the draws; NaN for any other level and without draws.
func (d *Draws[M]) Intervals(level float64) []Interval {
	intervals := make([]Interval, len(d.names))
	column := make([]float64, len(d.values))
	for k, name := range d.names {
		for i, v := range d.values {
			column[i] = v[k]
		}
		low, high := central(column, level)
		intervals[k] = Interval{Name: name, Low: low, High: high}
	}
	return intervals
}
