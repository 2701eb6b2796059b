package ltv

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// FitBGBB returns the BG/BB model that makes histories at discrete
// opportunities most likely. It returns [ErrNoCustomers] without histories,
// and [orders.ErrOptions] (wrapped) for one that is none or an option out of
// its domain.
func FitBGBB(histories []Occasions, o FitOptions) (*Fit[BGBB], error) {
	kept := slices.Clone(histories)
	p := &problem[BGBB]{
		names: bgbbNames, logs: []bool{true, true, true, true}, scale: []float64{1, 1, 1, 1},
		model: func(x []float64) BGBB {
			v := exponentials(x)
			return BGBB{v[0], v[1], v[2], v[3]}
		},
		starts: func([]float64) [][]float64 {
			return logarithms([][]float64{{1, 1, 0.7, 3}, {0.5, 2, 0.5, 5}, {2, 1, 1, 1}})
		},
	}
	longest := 0
	for i := range kept {
		h := &kept[i]
		if err := h.Check(); err != nil {
			return nil, fmt.Errorf("history %d: %w", i, err)
		}
		h.Customers = cmp.Or(h.Customers, 1)
		p.weights = append(p.weights, h.Customers)
		longest = max(longest, h.N)
	}
	if len(kept) == 0 {
		return nil, ErrNoCustomers
	}
	p.objective = func(weights []float64) numeric.Objective {
		return numeric.WithHessian(func(x, g []float64) float64 {
			return occasionsLikelihood(kept, weights, longest, x, g)
		})
	}
	return p.maximize(o)
}

// occasionsLikelihood returns −LL ÷ Σ weights of the BG/BB and its gradient by
// the logarithms of the parameters.
func occasionsLikelihood(histories []Occasions, weights []float64, longest int, x, g []float64) float64 {
	v := exponentials(x)
	table := func(a float64) []rising {
		t, r := make([]rising, longest+1), rising{a: a}
		for n := range t {
			r.to(float64(n))
			t[n] = r
		}
		return t
	}
	buy, pass, both := table(v[0]), table(v[1]), table(v[0]+v[1])
	stay, leave := table(v[3]), table(v[2]+v[3])
	sum, all := total{}, 0.0
	for k, h := range histories {
		w := weights[k]
		all += w
		var level, mass float64 // ln of the largest term so far; Σ e^(term − level)
		var slope [4]float64
		for i := h.N; i >= h.TX; i-- {
			term := buy[h.X].log + pass[i-h.X].log - both[i].log + stay[i].log - leave[i].log
			d := [4]float64{
				buy[h.X].slope - both[i].slope, pass[i-h.X].slope - both[i].slope,
				-leave[i].slope, stay[i].slope - leave[i].slope,
			}
			if i < h.N {
				next := 1 / (v[2] + v[3] + float64(i))
				term += x[2] + math.Log(next)
				d[2] += 1/v[2] - next
				d[3] -= next
			}
			if i == h.N || term > level {
				shrink := math.Exp(level - term)
				if i == h.N {
					shrink = 0
				}
				level, mass = term, mass*shrink
				for j := range slope {
					slope[j] *= shrink
				}
			}
			share := math.Exp(term - level)
			mass += share
			for j := range slope {
				slope[j] += share * d[j]
			}
		}
		sum.f += w * (level + math.Log(mass))
		for j := range slope {
			sum.g[j] += w * slope[j] / mass
		}
	}
	if g != nil {
		for j := range v {
			g[j] = -sum.g[j] * v[j] / all
		}
	}
	return -sum.f / all
}
