package abcxyz

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// Concentration is the answer of [Ranking.Concentration]: on how few items the
// measure rests. It is of the items whose total is not negative; the others
// cannot hold a share and stand beside, so that Base + NegativeSum is the total
// of the ranking.
type Concentration struct {
	Options Options // of the ranking

	Items int           // not negative, those of exactly 0 included
	Base  orders.Amount // their sum: what shares are shares of

	NegativeItems int
	NegativeSum   orders.Amount

	Gini   float64 // 0: all are equal; (Items − 1) ÷ Items: one has everything
	HHI    float64 // in points: 10,000 ÷ Items where all are equal, 10,000 where one has everything
	Pareto int     // fewest items that hold 80 % of Base; 0 without a base

	Top    []TopShare    // of the 1, 3, 5, 10, 20, 50 and 100 largest, as far as there are more items than that
	Lorenz []LorenzPoint // ascending; the first is 0 of 0, the last all of all; none without a base
}

// TopShare is what the largest items hold together.
type TopShare struct {
	Items int
	Sum   orders.Amount
	Share float64 // Sum ÷ Concentration.Base
}

// LorenzPoint is what the smallest items hold together.
type LorenzPoint struct {
	Items     int
	Sum       orders.Amount
	ItemShare float64 // Items ÷ Concentration.Items, 0…1
	SumShare  float64 // Sum ÷ Concentration.Base, 0…1
}

// topSizes are the numbers of largest items whose share is given.
var topSizes = [...]int{1, 3, 5, 10, 20, 50, 100}

// lorenzPoints is how many steps a Lorenz curve has at most.
const lorenzPoints = 100

// Concentration returns how concentrated the measure is on few items.
//
// With the values x₁ ≥ x₂ ≥ … ≥ xₙ ≥ 0 of the n items that are not negative, and
// S their sum,
//
//	Gini = ((n + 1)·S − 2·Σ i·xᵢ) ÷ (n·S)     the population formula
//	HHI  = 10,000 · Σ (xᵢ ÷ S)²
//
// Both are computed in integers and rounded once. The Lorenz curve has a point
// for every item up to 100 items, and for every hundredth of them above.
//
// Without an item above zero Gini and HHI are NaN, and there is no share and no
// curve.
//
// Sources: C. Gini, Variabilità e mutabilità (1912), as in Sen, On Economic
// Inequality (1973), 2.8; O. Herfindahl, Concentration in the Steel Industry
// (1950), in points as in the US merger guidelines.
func (r *Ranking) Concentration() *Concentration {
	c := &Concentration{Options: r.Options, Gini: math.NaN(), HHI: math.NaN()}
	values := make([]orders.Amount, 0, len(r.Items))
	for i := range r.Items {
		if v := r.Items[i].Value; v < 0 {
			c.NegativeItems++
			c.NegativeSum += v
		} else {
			values = append(values, v)
			c.Base += v
		}
	}
	c.Items = len(values)
	if c.Base == 0 {
		return c
	}
	slices.SortFunc(values, func(a, b orders.Amount) int { return cmp.Compare(b, a) })
	c.indices(values)
	c.curves(values)
	return c
}

// indices computes the Gini and the Herfindahl index of values, which descend.
func (c *Concentration) indices(values []orders.Amount) {
	var ranked, squares wide
	for i, v := range values {
		ranked = ranked.plusProduct(uint64(i+1), uint64(v))
		squares = squares.plusProduct(uint64(v), uint64(v))
	}
	n, sum := big.NewInt(int64(len(values))), big.NewInt(int64(c.Base))
	all := new(big.Int).Mul(n, sum)
	above := new(big.Int).Add(all, sum)
	above.Sub(above, new(big.Int).Lsh(ranked.integer(), 1))
	c.Gini = quotient(above, all)
	c.HHI = quotient(squares.integer().Mul(squares.integer(), big.NewInt(10_000)), sum.Mul(sum, sum))
}

// curves reads the shares of the largest and of the smallest off running sums.
func (c *Concentration) curves(values []orders.Amount) {
	n := len(values)
	share := func(sum orders.Amount) float64 { return ratio(sum, c.Base) }
	var sum orders.Amount
	for i, v := range values {
		if compareShare(sum, c.Base, pareto) < 0 {
			c.Pareto++
		}
		sum += v
		if slices.Contains(topSizes[:], i+1) && i+1 < n {
			c.Top = append(c.Top, TopShare{i + 1, sum, share(sum)})
		}
	}
	steps := min(n, lorenzPoints)
	sum = 0
	for at, step := 0, 0; step <= steps; step++ {
		for end := step * n / steps; at < end; at++ {
			sum += values[n-1-at]
		}
		c.Lorenz = append(c.Lorenz, LorenzPoint{at, sum, float64(at) / float64(n), share(sum)})
	}
}

// plusProduct returns w + a × b.
func (w wide) plusProduct(a, b uint64) wide {
	hi, lo := bits.Mul64(a, b)
	lo, carry := bits.Add64(w.lo, lo, 0)
	return wide{w.hi + hi + carry, lo}
}

func (w wide) integer() *big.Int {
	v := new(big.Int).SetUint64(w.hi)
	return v.Add(v.Lsh(v, 64), new(big.Int).SetUint64(w.lo))
}

// quotient returns the double nearest to a ÷ b.
func quotient(a, b *big.Int) float64 {
	v, _ := new(big.Rat).SetFrac(a, b).Float64()
	return v
}
