package orders_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestParseAmount(t *testing.T) {
	for _, test := range []struct {
		name, in string
		want     orders.Amount
		err      error // nil and want 0 with a non-number: any error
	}{
		{"integer", "55000", 55_000 * orders.One, nil},
		{"kopecks", "-1234.56", -12_345_600, nil},
		{"four places", "0.0001", 1, nil},
		{"trailing zeros", "1.50000", 15_000, nil},
		{"exponent", "1e3", 1000 * orders.One, nil},
		{"five places", "0.00001", 0, orders.ErrRange},
		{"largest", "922337203685477.5807", 1<<63 - 1, nil},
		{"too large", "922337203685477.5808", 0, orders.ErrRange},
		{"smallest", "-922337203685477.5808", -1 << 63, nil},
		{"huge exponent", "1e99", 0, orders.ErrRange},
		{"tiny exponent", "1e-99", 0, orders.ErrRange},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := orders.ParseAmount(test.in)
			if !errors.Is(err, test.err) || got != test.want {
				t.Errorf("ParseAmount(%q) = %v, %v; want %v, %v", test.in, got, err, test.want, test.err)
			}
		})
	}
	for _, bad := range []string{"", "-", "1,5", "abc", "1 000", "0x10", "NaN", "Inf"} {
		if v, err := orders.ParseAmount(bad); err == nil {
			t.Errorf("ParseAmount(%q) = %v without an error", bad, v)
		}
	}
}

func TestAmountRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := orders.Amount(rapid.Int64().Draw(t, "amount"))
		if got, err := orders.ParseAmount(a.String()); err != nil || got != a {
			t.Fatalf("%s came back as %s, %v", a, got, err)
		}
		if got, err := orders.FromDecimal(a.Decimal()); err != nil || got != a {
			t.Fatalf("%s came back from a decimal as %s, %v", a, got, err)
		}
		if a.Decimal().String() != a.String() {
			t.Fatalf("%s is written as %s by decimal", a, a.Decimal())
		}
		for _, in := range []any{a, orders.Known(a), orders.NullAmount{}} {
			b, err := json.Marshal(in)
			if err != nil {
				t.Fatal(err)
			}
			switch in := in.(type) {
			case orders.Amount:
				var out orders.Amount
				if err := json.Unmarshal(b, &out); err != nil || out != in || b[0] != '"' {
					t.Fatalf("%s: JSON %s, %v", in, b, err)
				}
			case orders.NullAmount:
				out := orders.Known(7)
				if err := json.Unmarshal(b, &out); err != nil || out != in {
					t.Fatalf("%s: JSON %s, %v", in, b, err)
				}
			}
		}
		value, _ := a.Value()
		var scanned orders.Amount
		if err := scanned.Scan(value); err != nil || scanned != a {
			t.Fatalf("%s was scanned as %s, %v", a, scanned, err)
		}
	})
}

func TestScan(t *testing.T) {
	for _, test := range []struct {
		in   any
		want orders.Amount
		ok   bool
	}{
		{int64(12), 12 * orders.One, true},
		{9.95, 99_500, true},
		{[]byte("0.5"), 5_000, true},
		{"-3.25", -32_500, true},
		{nil, 0, false},
		{true, 0, false},
		{0.00001, 0, false},
	} {
		var a orders.Amount
		if err := a.Scan(test.in); (err == nil) != test.ok || a != test.want {
			t.Errorf("Scan(%#v): %s, %v", test.in, a, err)
		}
	}
	n := orders.Known(1)
	if err := n.Scan(nil); err != nil || n.Known {
		t.Errorf("NULL was scanned as %v, %v", n, err)
	}
}

// TestMulDiv compares with big rationals.
func TestMulDiv(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, num, den := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "num"), rapid.Int64().Draw(t, "den")
		got, exact, err := orders.Amount(a).MulDiv(num, den)
		if den == 0 {
			if !errors.Is(err, orders.ErrRange) {
				t.Fatalf("division by zero: %v", err)
			}
			return
		}
		want := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(a), big.NewInt(num)), big.NewInt(den))
		rounded := decimal.NewFromBigInt(want.Num(), 0).DivRound(decimal.NewFromBigInt(want.Denom(), 0), 0)
		if b := rounded.BigInt(); !b.IsInt64() || b.Int64() == -1<<63 {
			if err == nil {
				t.Fatalf("%d·%d÷%d = %s: no error", a, num, den, b)
			}
		} else if err != nil || int64(got) != b.Int64() || exact != want.IsInt() {
			t.Fatalf("%d·%d÷%d = %d, %v, %v; want %s, %v", a, num, den, got, exact, err, b, want.IsInt())
		}
	})
}

func TestSplit(t *testing.T) {
	rub := func(v ...int64) (out []orders.Amount) {
		for _, v := range v {
			out = append(out, orders.Amount(v)*orders.One/100)
		}
		return out
	}
	for _, test := range []struct {
		name    string
		total   int64 // kopecks
		weights []int64
		want    []int64
	}{
		{"thirds", 10_000, []int64{1, 1, 1}, []int64{3334, 3333, 3333}},
		{"largest remainder", 100, []int64{667, 333}, []int64{67, 33}},
		{"Hamilton 1880: 3 : 1 : 1 over 7", 7, []int64{3, 1, 1}, []int64{4, 2, 1}},
		{"negative", -10_000, []int64{1, 1, 1}, []int64{-3334, -3333, -3333}},
		{"no weight", 5, []int64{0, 0}, []int64{3, 2}},
		{"negative weight", 100, []int64{-5, 1}, []int64{0, 100}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := (orders.Amount(test.total) * orders.One / 100).Split(0, rub(test.weights...))
			for i, want := range rub(test.want...) {
				if got[i] != want {
					t.Fatalf("got %v, want %v", got, rub(test.want...))
				}
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		total := orders.Amount(rapid.Int64Range(-1<<60, 1<<60).Draw(t, "total"))
		weights := rapid.SliceOfN(rapid.Map(rapid.Int64Range(-10, 1<<60), func(v int64) orders.Amount { return orders.Amount(v) }), 1, 6).Draw(t, "weights")
		unit := orders.Amount(rapid.Int64Range(0, 3*int64(orders.One)).Draw(t, "unit"))
		sum := orders.Amount(0)
		for _, p := range total.Split(unit, weights) {
			sum += p
		}
		if sum != total {
			t.Fatalf("the parts of %s add up to %s", total, sum)
		}
	})
}
