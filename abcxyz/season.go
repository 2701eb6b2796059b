package abcxyz

import (
	"context"
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// readSeason returns the index of each month of the year (or quarter), January
// first, and what each period of w is multiplied by through the season.
func (o Options) readSeason(ctx context.Context, f orders.Facts, w window) (index, factors []float64, err error) {
	portfolio := make([]orders.Amount, w.n)
	q := orders.SeriesQuery{Scope: o.Scope, By: o.By, Measure: o.varied(), Grain: o.Grain}
	for s, err := range f.Series(ctx, q) {
		if err == nil {
			err = w.check(s)
		}
		if err != nil {
			return nil, nil, err
		}
		for i, v := range s.Values {
			portfolio[i] += v
		}
	}
	index, position := seasonIndex(portfolio, w, o.Grain)
	factors = make([]float64, w.n)
	for i := range factors {
		factors[i] = index[position(i)]
	}
	return index, factors, nil
}

// varied returns the measure whose values vary.
func (o Options) varied() orders.Measure {
	if o.Vary == Count {
		return orders.Purchases
	}
	return o.Measure
}

// seasonIndex returns the mean of the portfolio in the whole periods of each
// month of the year (or quarter) ÷ its mean in all whole periods, NaN where
// there are none, and which of them a period of w is in.
func seasonIndex(portfolio []orders.Amount, w window, grain orders.Grain) (index []float64, position func(i int) int) {
	length := 1 // months in a position
	if grain == orders.Quarter {
		length = 3
	}
	position = func(i int) int { return (int(w.first.Add(i).First().Time().Month()) - 1) / length }
	sums, counts := make([]orders.Amount, 12/length), make([]int, 12/length)
	var total orders.Amount
	for i := w.from; i < w.to; i++ {
		sums[position(i)] += portfolio[i]
		counts[position(i)]++
		total += portfolio[i]
	}
	index = make([]float64, len(sums))
	for i := range index {
		index[i] = float64(sums[i]) / float64(counts[i]) / (float64(total) / float64(w.to-w.from))
	}
	return index, position
}

// adjusted returns σ ÷ μ of the values, each divided by its factor; NaN if fewer
// than 3 have a factor above zero, or their mean is not. Where the portfolio
// sold nothing, or took back more than it sold, there is no season to take out.
func (s Sigma) adjusted(values []orders.Amount, factors []float64) float64 {
	n, sum := 0.0, 0.0
	each := func(do func(x float64)) {
		for i, v := range values {
			if factors[i] > 0 && !math.IsInf(factors[i], 0) {
				do(float64(v) / factors[i])
			}
		}
	}
	each(func(x float64) { n, sum = n+1, sum+x })
	if n < minPeriods || sum <= 0 {
		return math.NaN()
	}
	mean, squares := sum/n, 0.0
	each(func(x float64) { squares += (x - mean) * (x - mean) })
	if s == Sample {
		n--
	}
	return math.Sqrt(squares/n) / mean
}
