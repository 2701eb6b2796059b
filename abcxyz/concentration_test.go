package abcxyz_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// concentration returns that of products with these values.
func concentration(t testing.TB, values string) *abcxyz.Concentration {
	t.Helper()
	return rank(t, open(t, products(t, values)), abcxyz.Options{By: orders.ByProduct}).Concentration()
}

func TestConcentration(t *testing.T) {
	for _, test := range []struct {
		name, values string
		gini, hhi    float64
		within       float64
	}{
		// A café's menu, computed by two other programs.
		{"café", "187200 115200 111600 75400 37800 18360 14520 10080 9520 8640 8064 6930 6460 6440 5280 5280 4350 2040", 0.64705, 1720.5, 0.05},
		// Horizontal Merger Guidelines, U.S. Department of Justice and FTC (2010), note 9:
		// four firms with 30, 30, 20 and 20 percent have an HHI of 2,600.
		{"merger guidelines", "30 30 20 20", 0.1, 2600, 0},
		// Σ|xᵢ − xⱼ| = 40 over 25 pairs, mean 3: 40 ÷ (2·25·3).
		{"one to five", "1 2 3 4 5", 4. / 15, 10_000 * 55. / 225, 1e-12},
		{"equal", "7 7 7 7", 0, 2500, 0},
		{"one has all", "5 0 0 0", 0.75, 10_000, 0},
		{"alone", "0.0001", 0, 10_000, 0},
		{"returns are left out", "3 1 -100 -0.5", 0.25, 6250, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := concentration(t, test.values)
			if !(math.Abs(c.Gini-test.gini) <= min(test.within, 5e-6)) || !(math.Abs(c.HHI-test.hhi) <= test.within) {
				t.Errorf("Gini %v, HHI %v, not %v, %v", c.Gini, c.HHI, test.gini, test.hhi)
			}
		})
	}
}

// TestConcentrationByHand looks at all of one result.
func TestConcentrationByHand(t *testing.T) {
	c := concentration(t, "50 20 15 10 5 0 -30 -10")
	o := rank(t, open(t, products(t, "1")), abcxyz.Options{By: orders.ByProduct}).Options
	point := func(items int, sum orders.Amount) abcxyz.LorenzPoint {
		return abcxyz.LorenzPoint{Items: items, Sum: sum * orders.One, ItemShare: float64(items) / 6, SumShare: float64(sum) / 100}
	}
	want := &abcxyz.Concentration{
		Options: o, Items: 6, Base: 100 * orders.One, NegativeItems: 2, NegativeSum: -40 * orders.One,
		// Σ i·x = 50 + 40 + 45 + 40 + 25 = 200: (7·100 − 400) ÷ 600.
		Gini: 0.5, HHI: 2500 + 400 + 225 + 100 + 25,
		Pareto: 3,
		Top:    []abcxyz.TopShare{{1, 50 * orders.One, 0.5}, {3, 85 * orders.One, 0.85}, {5, 100 * orders.One, 1}},
		Lorenz: []abcxyz.LorenzPoint{point(0, 0), point(1, 0), point(2, 5), point(3, 15), point(4, 30), point(5, 50), point(6, 100)},
	}
	if d := factstest.Diff(want, c); d != "" {
		t.Error(d)
	}
	wantRows(t, c.Record, "items|sum|item_share|sum_share",
		"0|0|0|0", "1|0|0.16666666666666666|0", "2|5|0.3333333333333333|0.05", "3|15|0.5|0.15",
		"4|30|0.6666666666666666|0.3", "5|50|0.8333333333333334|0.5", "6|100|1|1")
}

// TestConcentrationOfNothing: without a base nothing is defined, and nothing is 0.
func TestConcentrationOfNothing(t *testing.T) {
	for name, values := range map[string]string{"zeros": "0 0", "returns": "-1 -2", "both": "0 -2"} {
		t.Run(name, func(t *testing.T) {
			c := concentration(t, values)
			if !math.IsNaN(c.Gini) || !math.IsNaN(c.HHI) || c.Pareto != 0 || c.Base != 0 || len(c.Top)+len(c.Lorenz) > 0 || c.Items+c.NegativeItems != len(strings.Fields(values)) {
				t.Errorf("%+v", c)
			}
		})
	}
}

// TestLorenzOfMany: of many items the curve has a hundred steps.
func TestLorenzOfMany(t *testing.T) {
	var lines []orders.Line
	for i := range 250 {
		lines = append(lines, orders.Line{Customer: string(rune('a'+i%26)) + string(rune('a'+i/26)), Date: orders.NewDate(2024, 1, 1), Revenue: orders.One})
	}
	c := rank(t, open(t, lines), abcxyz.Options{}).Concentration()
	if len(c.Lorenz) != 101 || len(c.Top) != 7 {
		t.Fatalf("%d points, %d shares", len(c.Lorenz), len(c.Top))
	}
	for i, p := range c.Lorenz {
		if p.Items != i*250/100 || p.Sum != orders.Amount(p.Items)*orders.One || p.ItemShare != p.SumShare {
			t.Errorf("point %d: %+v", i, p)
		}
	}
}

// nearest returns the double nearest to v.
func nearest(v *big.Rat) float64 {
	f, _ := v.Float64()
	return f
}

// TestConcentrationOracle holds the indices to their definitions, in rational
// numbers: half the relative mean absolute difference, and the sum of squared
// shares; and the curve to the sum of the least.
func TestConcentrationOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		r := rankDrawn(t, f, o)
		c := r.Concentration()
		if c.Base+c.NegativeSum != r.Total || c.Items+c.NegativeItems != len(r.Items) {
			t.Errorf("%+v of %d items, %s", c, len(r.Items), r.Total)
		}
		if c.Base == 0 {
			return
		}
		differences, squares, base := rat(0), rat(0), rat(int64(c.Base))
		behind := 0
		for i, x := range r.Items {
			if x.Value < 0 {
				continue
			}
			share := new(big.Rat).Quo(rat(int64(x.Value)), base)
			squares.Add(squares, share.Mul(share, share))
			above := orders.Amount(0)
			for _, y := range r.Items {
				if y.Value >= 0 {
					differences.Add(differences, rat(int64((x.Value - y.Value).Abs())))
				}
			}
			for _, y := range r.Items[:i] {
				above += max(y.Value, 0)
			}
			if 5*above < 4*c.Base {
				behind++
			}
		}
		gini := differences.Quo(differences, new(big.Rat).Mul(rat(2*int64(c.Items)), base))
		if c.Gini != nearest(gini) || c.HHI != nearest(squares.Mul(squares, rat(10_000))) || c.Pareto != behind {
			t.Errorf("Gini %v, HHI %v, %d behind 80 %%; not %v, %v, %d", c.Gini, c.HHI, c.Pareto, nearest(gini), nearest(squares), behind)
		}
		for _, p := range c.Lorenz {
			var least orders.Amount
			for _, x := range r.Items[c.Items-p.Items : c.Items] {
				least += x.Value
			}
			if p.Sum != least {
				t.Errorf("%+v, not %s", p, least)
			}
		}
	})
}

// TestConcentrationPrinciples: only proportions count, and a company twice over is
// as unequal, each of its items half as important.
func TestConcentrationPrinciples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 1e12), 1, 60).Draw(t, "values")
		of := func(times, copies int64) *abcxyz.Concentration {
			r := &abcxyz.Ranking{}
			for range copies {
				for _, v := range values {
					r.Items = append(r.Items, abcxyz.Item{Value: orders.Amount(times * v)})
				}
			}
			return r.Concentration()
		}
		one, scaled, twice := of(1, 1), of(7, 1), of(1, 2)
		if one.Base == 0 {
			return
		}
		if one.Gini != scaled.Gini || one.HHI != scaled.HHI || one.Gini != twice.Gini || one.HHI != 2*twice.HHI {
			t.Errorf("%v %v; scaled %v %v; doubled %v %v", one.Gini, one.HHI, scaled.Gini, scaled.HHI, twice.Gini, twice.HHI)
		}
		area := 0.0 // between the curve and the diagonal, twice
		for i, p := range one.Lorenz[1:] {
			q := one.Lorenz[i]
			area += (p.ItemShare - q.ItemShare) * (p.ItemShare + q.ItemShare - p.SumShare - q.SumShare)
		}
		if math.Abs(area-one.Gini) > 1e-12 {
			t.Errorf("Gini %v, twice the area %v", one.Gini, area)
		}
	})
}
