package abcxyz_test

import (
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// TestDistances holds distances to cases that can be checked in the head.
func TestDistances(t *testing.T) {
	unknown := orders.NullAmount{}
	money := func(s string) orders.NullAmount { return orders.Known(amount(t, s)) }
	for _, test := range []struct {
		name, values string
		options      abcxyz.Options
		want         []abcxyz.Distance // by rank
	}{
		// 60 is A while 60 before it, over 40 + what it has, is below 80 %: it can fall
		// behind 40, which then must leave it below: 40 ÷ (40 + v) < .8 from 10.01 on.
		// 40 rises never, being A; it keeps A while 60 ÷ (60 + v) < .8: from 15.01 on.
		{"two of A", "60 40", abcxyz.Options{}, []abcxyz.Distance{{unknown, money("49.99")}, {unknown, money("24.99")}}},
		// 80 % of 100 is before B: it takes more than 80 ÷ .8 = 100 in all, a kopeck. B
		// ends where 80 ÷ (80 + v) is 95 %, at 4.2105…
		{"at the bound", "80 20", abcxyz.Options{}, []abcxyz.Distance{{unknown, money("74.99")}, {money("0.01"), money("15.78")}}},
		{"not above zero", "80 -3", abcxyz.Options{}, []abcxyz.Distance{{unknown, money("79.99")}, {money("3.01"), unknown}}},
		// By 1C, from below 20 ≤ 20: 20.01 is above 20 % of 100.01, 20.00 in kopecks.
		{"unf", "80 20", abcxyz.Options{Rule: abcxyz.UNF}, []abcxyz.Distance{{unknown, money("74.99")}, {money("0.01"), money("15.78")}}},
		{"absolute", "120 60 5", abcxyz.Options{Rule: abcxyz.Absolute, Bounds: bounds(100, 50)},
			[]abcxyz.Distance{{unknown, money("20")}, {money("40"), money("10")}, {money("45"), money("4.99")}}},
		// A has 82, more than its 80; B takes until 15: 14 is not enough, so 2 is B too.
		// 82 falls to 2, before which 14 is less than 80 % of 20. 14 rises once 82 is less
		// than 80 % of 86 + v; the 2 of rank 3 once it is above 14, and it falls behind the other 2 at once.
		{"pal", "82 14 2 2", abcxyz.Options{Rule: abcxyz.PAL},
			[]abcxyz.Distance{{unknown, money("80")}, {money("2.51"), money("13.99")}, {money("12.01"), money("0")}, {money("0.01"), money("1.99")}}},
		{"up to has none", "60 40", abcxyz.Options{Rule: abcxyz.UpTo}, make([]abcxyz.Distance, 2)},
		{"1C:УТ 11 has none", "60 40", abcxyz.Options{Rule: abcxyz.UT11}, make([]abcxyz.Distance, 2)},
		{"no base", "-60 0", abcxyz.Options{}, make([]abcxyz.Distance, 2)},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.By = orders.ByProduct
			r := rank(t, open(t, products(t, test.values)), test.options)
			for i, d := range r.Distances() {
				if d != test.want[i] {
					t.Errorf("rank %d (%s): rise %v, lose %v, not %v and %v", i+1, r.Items[i].Value, d.Rise, d.Lose, test.want[i].Rise, test.want[i].Lose)
				}
			}
		})
	}
	// Deals come in whole numbers.
	lines := products(t, "1 1 1 1 1 1 1 1 1 1 1 1 1 1")
	for i := range lines[:13] {
		lines[i].Product, lines[i].Order = "much", string(rune('a'+i))
	}
	r := rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct, Measure: orders.Deals})
	if d := r.Distances()[1]; d.Rise != orders.Known(3*orders.One) { // 13 ÷ 16 is not below 80 %, 13 ÷ 17 is
		t.Errorf("%v of %v", d, r.Items)
	}
}

// TestDistancesAnew gives an item the value that is the answer, and the values
// next to it, and ranks anew.
func TestDistancesAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]orders.Amount{1, orders.One / 100, orders.One}).Draw(t, "unit")
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) orders.Amount {
			return unit * orders.Amount(rapid.IntRange(-3, 30).Draw(t, "value"))
		}), 1, 8).Draw(t, "values")
		o := abcxyz.Options{By: orders.ByProduct, Rule: rapid.SampledFrom([]abcxyz.Rule{abcxyz.Before, abcxyz.UNF, abcxyz.PAL, abcxyz.Absolute}).Draw(t, "rule")}
		o.Bounds = rapid.SampledFrom([][]orders.Amount{bounds(80, 95), bounds(20, 50), {50_0000}, {10_0000, 30_0000, 60_0000}}).Draw(t, "bounds")
		if o.Rule == abcxyz.Absolute {
			o.Bounds = []orders.Amount{20 * unit, 5*unit + 1}
		}
		ranked := func(values []orders.Amount) *abcxyz.Ranking {
			var lines []orders.Line
			for i, v := range values {
				lines = append(lines, orders.Line{Customer: "c", Order: "1", Date: orders.NewDate(2024, 1, 15), Product: string(rune('a' + i)), Revenue: v})
			}
			f, err := factsOf(lines)
			if err != nil {
				t.Fatal(err)
			}
			return rankDrawn(t, f, o)
		}
		r := ranked(values)
		level := func(item abcxyz.Item) int { return int(item.ABC-abcxyz.A) & 15 }
		for k, d := range r.Distances() {
			item := r.Items[k]
			with := func(change orders.Amount) int { // the level of the item with another value
				again := append([]orders.Amount(nil), values...)
				again[item.ID[0]-'a'] += change
				for _, i := range ranked(again).Items {
					if i.ID == item.ID {
						return level(i)
					}
				}
				panic("lost")
			}
			const kopeck = orders.One / 100
			if d.Rise.Known && (with(d.Rise.Amount) >= level(item) || d.Rise.Amount > kopeck && with(d.Rise.Amount-kopeck) < level(item)) {
				t.Errorf("%q of %s among %v: rise %s", item.ID, item.Value, values, d.Rise)
			}
			if d.Lose.Known && (with(-d.Lose.Amount) > level(item) || with(-d.Lose.Amount-kopeck) <= level(item)) {
				t.Errorf("%q of %s among %v: lose %s", item.ID, item.Value, values, d.Lose)
			}
			if r.Base > 0 && item.ABC != abcxyz.A && !d.Rise.Known && r.Base > orders.One {
				t.Errorf("%q of %s among %v cannot rise", item.ID, item.Value, values)
			}
		}
	})
}
