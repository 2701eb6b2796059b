package ltv

import (
	"math"

	"github.com/repeatsales/repeatsales/internal/numeric"
)

// GoodnessOfFit compares numbers of customers by their repeat purchases with
// what a model expects.
type GoodnessOfFit struct {
	Cells []GoodnessCell // 0, 1, 2 … repeat purchases, the last one "and more"

	// ChiSquare is Σ (Actual − Expected)² ÷ Expected over the cells, neighbours
	// with fewer than five expected taken together; Degrees are the cells so
	// compared − 1 − parameters; P is the probability of as much by chance. With
	// thousands of customers every model fails this test: it ranks them. NaN
	// without degrees.
	ChiSquare float64
	Degrees   int
	P         float64
}

// GoodnessCell is the customers with so many repeat purchases.
type GoodnessCell struct {
	X                int
	AndMore          bool
	Actual, Expected float64 // customers
}

var none = GoodnessOfFit{ChiSquare: math.NaN(), P: math.NaN()}

// cells are 0 … 6 and "7 and more", as in the papers.
const cells = 8

// compare returns how the numbers of repeat purchases of a sample compare with
// Σ P(X(T) = x) over its customers.
func compare(m Process, s *Sample, parameters int) GoodnessOfFit {
	g := GoodnessOfFit{Cells: make([]GoodnessCell, cells)}
	ages := map[float64]int{}
	var at, customers []float64 // ages in the order they come, for sums to come out the same
	all := 0.0
	for _, group := range s.Groups {
		i, ok := ages[group.T]
		if !ok {
			i = len(at)
			ages[group.T] = i
			at, customers = append(at, group.T), append(customers, 0)
		}
		customers[i] += group.Customers
		all += group.Customers
		g.Cells[min(group.X, cells-1)].Actual += group.Customers
	}
	rest := all
	for x := range cells - 1 {
		c := &g.Cells[x]
		c.X = x
		for i, t := range at {
			c.Expected += customers[i] * m.Probability(x, t)
		}
		rest -= c.Expected
	}
	g.Cells[cells-1].X, g.Cells[cells-1].AndMore, g.Cells[cells-1].Expected = cells-1, true, max(0, rest)
	g.test(parameters)
	return g
}

// test fills in the test.
func (g *GoodnessOfFit) test(parameters int) {
	const least = 5
	var classes []GoodnessCell
	for _, c := range g.Cells {
		if n := len(classes); n > 0 && (classes[n-1].Expected < least) {
			classes[n-1].Actual += c.Actual
			classes[n-1].Expected += c.Expected
		} else {
			classes = append(classes, c)
		}
	}
	if n := len(classes); n > 1 && classes[n-1].Expected < least {
		classes[n-2].Actual += classes[n-1].Actual
		classes[n-2].Expected += classes[n-1].Expected
		classes = classes[:n-1]
	}
	g.ChiSquare, g.Degrees, g.P = 0, max(0, len(classes)-1-parameters), math.NaN()
	for _, c := range classes {
		g.ChiSquare += (c.Actual - c.Expected) * (c.Actual - c.Expected) / c.Expected
	}
	if g.Degrees > 0 {
		g.P = numeric.ChiSquareTail(g.ChiSquare, float64(g.Degrees))
	}
}
