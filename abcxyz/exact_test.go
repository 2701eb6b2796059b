package abcxyz

import (
	"math"
	"math/big"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

func units(values ...int64) []orders.Amount {
	a := make([]orders.Amount, len(values))
	for i, v := range values {
		a[i] = orders.Amount(v) * orders.One
	}
	return a
}

func TestVariation(t *testing.T) {
	for _, test := range []struct {
		name    string
		values  []orders.Amount
		percent float64 // to three places
	}{
		// One item by month and by quarter, with the population σ of Excel's STDEV.P;
		// the sample σ would give 29.268 % and 19.359 %.
		{"by month", units(70, 60, 60, 90, 80, 80, 95, 40, 40), 27.594},
		{"by quarter", units(190, 250, 175), 15.807},
		{"equal", units(7, 7, 7), 0},
		{"one of three", units(0, 3, 0), 141.421},
		{"with a return", units(10, -5, 10), 141.421},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := variation(test.values)
			if !ok || math.Round(got*100_000)/1000 != test.percent {
				t.Errorf("CV of %v is %v, %t", test.values, got, ok)
			}
		})
	}
	for _, none := range [][]orders.Amount{nil, units(0, 0, 0), units(1, -1, 0), units(-5, 1, 1)} {
		if got, ok := variation(none); ok || !math.IsNaN(got) {
			t.Errorf("CV of %v is %v", none, got)
		}
	}
}

// TestVariationAtBounds: a CV of exactly 10, 20, 25 or 50 % is not above that
// bound, for all sums that a double holds: up to 900 billion units.
func TestVariationAtBounds(t *testing.T) {
	for _, test := range []struct {
		values []int64
		want   float64
	}{
		{[]int64{9, 11, 9, 11}, .10},
		{[]int64{4, 6, 6, 4, 4, 6}, .20},
		{[]int64{3, 5, 3, 5}, .25},
		{[]int64{1, 3, 3, 1}, .50},
	} {
		for scale := int64(1); scale < 1<<53/40; scale = scale*3 + 1 {
			values := make([]orders.Amount, len(test.values))
			for i, v := range test.values {
				values[i] = orders.Amount(v * scale)
			}
			if got, _ := variation(values); got != test.want {
				t.Fatalf("CV of %v × %d is %v", test.values, scale, got)
			}
		}
	}
}

// TestSampleVariationAtBounds: so is one by the sample σ.
func TestSampleVariationAtBounds(t *testing.T) {
	for _, test := range []struct {
		values []int64
		want   float64
	}{
		{[]int64{9, 11, 10}, .10},
		{[]int64{4, 6, 5}, .20},
		{[]int64{3, 5, 4}, .25},
		{[]int64{1, 3, 2}, .50},
	} {
		for scale := int64(1); scale < 1<<53/40; scale = scale*3 + 1 {
			values := make([]orders.Amount, len(test.values))
			for i, v := range test.values {
				values[i] = orders.Amount(v * scale)
			}
			if got, _ := Sample.variation(values); got != test.want {
				t.Fatalf("CV of %v × %d is %v", test.values, scale, got)
			}
		}
	}
}

// TestVariationExact compares with rational arithmetic: σ² ÷ μ² of the
// definition, at every size that an export allows.
func TestVariationExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int64{3, 1000, 1e9, 1e15, 1 << 62 / 40}).Draw(t, "size")
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) orders.Amount {
			return orders.Amount(rapid.Int64Range(-size/4, size).Draw(t, "value"))
		}), 1, 40).Draw(t, "values")

		sum, square := new(big.Rat), new(big.Rat)
		n := big.NewRat(int64(len(values)), 1)
		for _, v := range values {
			sum.Add(sum, big.NewRat(int64(v), 1))
		}
		mean := new(big.Rat).Quo(sum, n)
		for _, v := range values {
			d := new(big.Rat).Sub(big.NewRat(int64(v), 1), mean)
			square.Add(square, d.Mul(d, d))
		}
		got, ok := variation(values)
		if ok != (sum.Sign() > 0) {
			t.Fatalf("CV of %v is %v, %t", values, got, ok)
		}
		if !ok {
			return
		}
		squared, _ := square.Quo(square, n).Quo(square, mean.Mul(mean, mean)).Float64()
		if want := math.Sqrt(squared); math.Abs(got-want) > 4e-16*want {
			t.Errorf("CV of %v is %v, want %v", values, got, want)
		}
		if sample, ok := Sample.variation(values); ok != (len(values) > 1) {
			t.Errorf("sample CV of %v is %v", values, sample)
		} else if ok {
			k := int64(len(values))
			squared, _ := square.Mul(square, big.NewRat(k, k-1)).Float64()
			if want := math.Sqrt(squared); math.Abs(sample-want) > 4e-16*want {
				t.Errorf("sample CV of %v is %v, want %v", values, sample, want)
			}
		}
	})
}

func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Among them the middle between two doubles, where the last word decides.
		word := rapid.OneOf(rapid.Uint64(), rapid.SampledFrom([]uint64{0, 1, 1<<63 | 1<<10, 1<<63 | 3<<10, math.MaxUint64}))
		w2, w1, w0 := word.Draw(t, "w2"), word.Draw(t, "w1"), word.Draw(t, "w0")
		i := new(big.Int)
		for _, w := range []uint64{w2, w1, w0} {
			i.Or(i.Lsh(i, 64), new(big.Int).SetUint64(w))
		}
		want, _ := new(big.Float).SetInt(i).Float64()
		if got := nearest(w2, w1, w0); got != want {
			t.Errorf("nearest to %v is %v, not %v", i, got, want)
		}
	})
}

func TestCompareShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := orders.Amount(rapid.Int64Range(1, 1<<62).Draw(t, "base"))
		bound := orders.Amount(rapid.Int64Range(1, int64(hundred)).Draw(t, "bound"))
		part := orders.Amount(rapid.Int64Range(0, int64(base)).Draw(t, "part"))
		if exact, ok, _ := base.MulDiv(int64(bound), int64(hundred)); rapid.Bool().Draw(t, "at the bound") && ok {
			part = exact
		}
		want := big.NewRat(int64(part), int64(base)).Cmp(big.NewRat(int64(bound), int64(hundred)))
		if got := compareShare(part, base, bound); got != want {
			t.Errorf("%s of %s against %s %%: %d, not %d", part, base, bound, got, want)
		}
	})
}
