package ltv

import (
	"cmp"
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
	"github.com/repeatsales/repeatsales/orders"
)

// family is what fitting needs to know of a [Process].
type family struct {
	names     []string
	timed     []bool // which parameters are times
	make      func(v []float64, u Unit) Process
	unit      Unit
	objective func(d *rows, weights []float64) numeric.Objective
	starts    func(r, alpha float64) [][]float64 // logarithms, from those of the NBD
	nodes     int                                // as in problem
}

func (m NBD) family() family {
	return family{
		names: nbdNames, timed: []bool{false, true}, unit: m.Unit, objective: nbdObjective,
		make: func(v []float64, u Unit) Process { return NBD{v[0], v[1], u} },
		starts: func(r, alpha float64) [][]float64 {
			return logarithms([][]float64{{r, alpha}, {1, alpha / r}})
		},
	}
}

func (m BGNBD) family() family {
	return family{
		names: bgNames, timed: []bool{false, true, false, false}, unit: m.Unit, objective: betaGeometricObjective(0),
		make:   func(v []float64, u Unit) Process { return BGNBD{v[0], v[1], v[2], v[3], u} },
		starts: dropoutStarts,
	}
}

func (m MBGNBD) family() family {
	return family{
		names: bgNames, timed: []bool{false, true, false, false}, unit: m.Unit, objective: betaGeometricObjective(1),
		make:   func(v []float64, u Unit) Process { return MBGNBD{v[0], v[1], v[2], v[3], u} },
		starts: dropoutStarts,
	}
}

// dropoutStarts supposes that a quarter of the customers leave per purchase,
// or a half, or that hardly any do.
func dropoutStarts(r, alpha float64) [][]float64 {
	return logarithms([][]float64{
		{r, alpha / 1.5, 0.8, 2.5},
		{2 * r, alpha, 1, 1},
		{r, alpha, 0.1, 3},
	})
}

func (m ParetoNBD) family() family {
	return family{
		names: paretoNames, timed: []bool{false, true, false, true}, unit: m.Unit, objective: paretoObjective, nodes: 12,
		make: func(v []float64, u Unit) Process { return ParetoNBD{v[0], v[1], v[2], v[3], u} },
		starts: func(r, alpha float64) [][]float64 { // half-lives of half a mean age, less, and many
			return logarithms([][]float64{
				{1.3 * r, alpha, 0.6, 0.4},
				{2 * r, alpha, 1, 0.2},
				{r, alpha, 0.5, 5},
			})
		},
	}
}

func logarithms(starts [][]float64) [][]float64 {
	for _, s := range starts {
		for i, v := range s {
			s[i] = math.Log(v)
		}
	}
	return starts
}

// FitProcess returns the model of m's family that makes the sample most
// likely, in the Unit of m (zero: [PerDay]); m's parameters are not read:
//
//	fit, err := ltv.FitProcess(sample, ltv.MBGNBD{Unit: ltv.PerWeek}, ltv.FitOptions{})
//
// Few customers, no repeat purchases and likelihoods without a maximum give a
// model too: the nearest to it in the range e^±14 of every parameter, with
// Diagnostics that say so. It returns [ErrNoCustomers] for an empty sample and
// [orders.ErrOptions] (wrapped) for a nil m, a Unit, a group or an option out
// of its domain.
//
// The search is Newton's in ln θ with the exact Hessian, times in mean ages,
// over distinct summaries; see the models for the likelihoods.
func FitProcess(s *Sample, m Process, o FitOptions) (*Fit[Process], error) {
	if m == nil {
		return nil, fmt.Errorf("ltv: %w: no model", orders.ErrOptions)
	}
	if s == nil {
		return nil, ErrNoCustomers
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	family := m.family()
	family.unit = cmp.Or(family.unit, PerDay)
	if err := family.unit.check("Process"); err != nil {
		return nil, err
	}
	p := newProcessProblem(s, family)
	f, err := p.maximize(o)
	if err != nil {
		return nil, err
	}
	f.Diagnostics.NBD, f.Diagnostics.Poisson = p.benchmarks(f.Customers)
	f.Diagnostics.Purchases = compare(f.Model, s, len(f.Parameters))
	return f, nil
}

// processProblem is a problem with the rows it is about.
type processProblem struct {
	problem[Process]
	rows *rows
}

func newProcessProblem(s *Sample, family family) *processProblem {
	d := newRows(s)
	p := &processProblem{rows: d}
	perUnit := d.age / family.unit.days()
	p.names, p.nodes = family.names, family.nodes
	p.weights = make([]float64, len(s.Groups))
	purchases := 0.0
	for i, g := range s.Groups {
		p.weights[i] = g.Customers
		purchases += g.Customers * float64(g.X)
	}
	p.shift = -purchases * math.Log(perUnit)
	for _, timed := range family.timed {
		p.logs = append(p.logs, true)
		p.scale = append(p.scale, 1)
		if timed {
			p.scale[len(p.scale)-1] = perUnit
		}
	}
	p.objective = func(weights []float64) numeric.Objective { return family.objective(d, weights) }
	p.starts = func(weights []float64) [][]float64 { return family.starts(d.moments(weights)) }
	p.model = func(x []float64) Process {
		v := make([]float64, len(x))
		for i := range x {
			v[i] = math.Exp(x[i]) * p.scale[i]
		}
		return family.make(v, family.unit)
	}
	return p
}

// moments returns the parameters of the NBD that has the mean and the variance
// of the numbers of purchases, kept within what data can show.
func (d *rows) moments(weights []float64) (r, alpha float64) {
	var all, age, age2, x1, x2 float64
	for i, w := range weights {
		all += w
		age += w * d.t[i]
		age2 += w * d.t[i] * d.t[i]
		x1 += w * d.x[i]
		x2 += w * d.x[i] * d.x[i]
	}
	if age == 0 {
		return 1, 1
	}
	rate := max(x1, 0.5) / age
	over := x2 - x1 - rate*rate*age2 // E[x² − x] is rate²·(1 + 1/r)·E[T²]
	r = rate * rate * age2 / max(over, 1e-9*rate*rate*age2)
	r = min(max(r, 0.05), 20)
	return r, min(max(r/rate, 1e-3), 1e3)
}

// benchmarks returns the log-likelihoods of the NBD and of customers who all
// buy at one rate, per unit of the model.
func (p *processProblem) benchmarks(customers float64) (nbd, poisson float64) {
	r, alpha := p.rows.moments(p.weights)
	start := []float64{math.Log(r), math.Log(alpha)}
	box := [2][]float64{{lowest, lowest}, {highest, highest}}
	m := numeric.Minimize(nbdObjective(p.rows, p.weights), start, box[0], box[1], tolerance, mostSteps)
	nbd = -m.F*customers + p.shift
	var purchases, age float64
	for i, w := range p.weights {
		purchases += w * p.rows.x[i]
		age += w * p.rows.t[i]
	}
	if purchases > 0 {
		poisson = purchases * (math.Log(purchases/age) - 1)
	}
	return nbd, poisson + p.shift
}
