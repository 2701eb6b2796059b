package ltv

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
	"github.com/repeatsales/repeatsales/orders"
)

// FitSBG returns the sBG model that makes the cohorts most likely; each is the
// number of customers left after 0, 1 … n renewals, of whatever n. Shares do as
// well as numbers, but standard errors are then those of so many customers. It
// returns [ErrNoCustomers] if no customer was up for renewal, and
// [orders.ErrOptions] (wrapped) for numbers that are negative or rise, or an
// option out of its domain.
func FitSBG(cohorts [][]float64, o FitOptions) (*Fit[SBG], error) {
	ends, err := contractEnds(cohorts)
	if err != nil {
		return nil, err
	}
	p := &problem[SBG]{
		names: sbgNames, logs: []bool{true, true}, scale: []float64{1, 1},
		model: func(x []float64) SBG { return SBG{math.Exp(x[0]), math.Exp(x[1])} },
		starts: func([]float64) [][]float64 {
			return logarithms([][]float64{{1, 1}, {0.5, 3}, {5, 20}})
		},
	}
	p.weights, p.objective = contractObjective(ends, false)
	return p.maximize(o)
}

// FitBdW returns the BdW model that makes the cohorts most likely; otherwise as [FitSBG].
func FitBdW(cohorts [][]float64, o FitOptions) (*Fit[BdW], error) {
	ends, err := contractEnds(cohorts)
	if err != nil {
		return nil, err
	}
	p := &problem[BdW]{
		names: bdwNames, logs: []bool{true, true, true}, scale: []float64{1, 1, 1},
		model: func(x []float64) BdW { return BdW{math.Exp(x[0]), math.Exp(x[1]), math.Exp(x[2])} },
		starts: func([]float64) [][]float64 {
			return logarithms([][]float64{{1, 1, 1}, {0.5, 3, 1.3}, {5, 20, 0.7}})
		},
	}
	p.weights, p.objective = contractObjective(ends, true)
	return p.maximize(o)
}

// contractEnd is so many customers who left at a renewal, or were left after it.
type contractEnd struct {
	renewal   int
	left      bool
	customers float64
}

// contractEnds returns how the contracts of cohorts ended, ascending by renewal.
func contractEnds(cohorts [][]float64) ([]contractEnd, error) {
	var lost, kept []float64 // at, and after, renewal i + 1
	for c, cohort := range cohorts {
		for t, n := range cohort {
			if !finite(n) || t > 0 && n > cohort[t-1] {
				return nil, fmt.Errorf("ltv: %w: cohort %d: %v customers after %d renewals", orders.ErrOptions, c, n, t)
			}
			if t == 0 {
				continue
			}
			if t > len(lost) {
				lost, kept = append(lost, 0), append(kept, 0)
			}
			lost[t-1] += cohort[t-1] - n
		}
		if n := len(cohort); n > 1 {
			kept[n-2] += cohort[n-1]
		}
	}
	var ends []contractEnd
	for i := range lost {
		if lost[i] > 0 {
			ends = append(ends, contractEnd{i + 1, true, lost[i]})
		}
		if kept[i] > 0 {
			ends = append(ends, contractEnd{i + 1, false, kept[i]})
		}
	}
	if ends == nil {
		return nil, ErrNoCustomers
	}
	return ends, nil
}

// contractObjective returns the weights of ends and the objective of the BdW,
// or with C = 1 of the sBG: of each renewal, that so many left and so many stayed.
func contractObjective(ends []contractEnd, weibull bool) ([]float64, func([]float64) numeric.Objective) {
	var weights []float64
	for _, e := range ends {
		weights = append(weights, e.customers)
	}
	renewals := ends[len(ends)-1].renewal
	return weights, func(weights []float64) numeric.Objective {
		lost, stayed, all := make([]float64, renewals+1), make([]float64, renewals+1), 0.0
		for i, e := range ends {
			all += weights[i]
			for t := 1; t <= e.renewal; t++ {
				if e.left && t == e.renewal {
					lost[t] += weights[i]
				} else {
					stayed[t] += weights[i]
				}
			}
		}
		return numeric.WithHessian(func(x, g []float64) float64 {
			m := BdW{math.Exp(x[0]), math.Exp(x[1]), 1}
			if weibull {
				m.C = math.Exp(x[2])
			}
			sum, slope := 0.0, [3]float64{}
			for t := 1; t <= renewals; t++ {
				logR := m.logRetention(float64(t - 1))
				logL := math.Log(-math.Expm1(logR))
				d := m.retentionSlopes(float64(t))
				by := stayed[t] - lost[t]*math.Exp(logR-logL)
				if stayed[t] > 0 {
					sum += stayed[t] * logR
				}
				if lost[t] > 0 {
					sum += lost[t] * logL
				} else {
					by = stayed[t]
				}
				for i := range slope {
					slope[i] += by * d[i]
				}
			}
			for i := range g {
				g[i] = -slope[i] / all
			}
			return -sum / all
		})
	}
}

// retentionSlopes returns the derivatives of ln S(t)/S(t−1) by the logarithms
// of the parameters.
func (m BdW) retentionSlopes(t float64) [3]float64 {
	before, after := m.age(t-1), m.age(t)
	own := numeric.DigammaStep(m.Beta+before, after-before)
	all := numeric.DigammaStep(m.Alpha+m.Beta+before, after-before)
	byC := func(t, n float64) float64 { // n = t^C
		if t <= 1 {
			return 0
		}
		return -n * math.Log(t) * numeric.DigammaStep(m.Beta+n, m.Alpha)
	}
	return [3]float64{-m.Alpha * all, m.Beta * (own - all), m.C * (byC(t, after) - byC(t-1, before))}
}
