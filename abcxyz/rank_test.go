package abcxyz_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
)

func bounds(a, b orders.Amount) []orders.Amount {
	return []orders.Amount{a * orders.One, b * orders.One}
}

// sap are the values of SAP's ten rows.
const sap = "15.4 200.4 280.4 100.9 40.4 25.6 18.4 10.5 96.15 9.4"

// TestABC holds the rules to published and computed cases. Classes are in the
// order of the products' ids.
func TestABC(t *testing.T) {
	for _, test := range []struct {
		name, values string
		rule         abcxyz.Rule
		bounds       []orders.Amount
		want         string
	}{
		{name: "an item at 79 % is still A", values: "60 19 17 4", want: "AAAC"},
		{name: "exactly 80 % before is not below 80 %", values: "50 30 20", want: "AAB"},
		{name: "exactly 95 % before is not below 95 %", values: "70 25 5", want: "AAC"},
		{name: "the item that crosses 80 % is A, 95 % B", values: "85 10 5", want: "ABC"},
		{name: "equal values, equal classes", values: "800 80 60 60", want: "ABBB"},
		{name: "a bound among equals", values: "10 10 10 10 10 10 10 10 10 10", want: "AAAAAAAAAA"},
		{name: "one item", values: "5", want: "A"},
		{name: "one dominant item", values: "99 1", want: "AC"},
		{name: "order of input does not matter", values: "4 60 17 19", want: "CAAA"},
		{name: "not positive is N, outside the base", values: "50 -1000 30 0 20", want: "ANANB"},
		{name: "nothing positive", values: "-3 0 -1", want: "NNN"},
		{name: "shares that no double holds", values: "0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.05 0.05 0.05 0.05", bounds: bounds(80, 90), want: "AAAAAAAABBBB"},

		// Ten rows of the documentation of SAP HANA's Predictive Analysis Library, in the
		// order of its items 1 … 10, with its shares of 70, 20 and 10 %. PAL's classes are
		// as published there, the others computed by hand: the sum is 797.55.
		{name: "SAP's rows, up to 70 and 90", values: sap,
			rule: abcxyz.UpTo, bounds: bounds(70, 90), want: "CAABCCCCBC"},
		{name: "SAP's rows by SAP", values: sap, rule: abcxyz.PAL, bounds: bounds(70, 90), want: "CAAABBCCBC"},
		// 10 % of the sum is 79.755, 79.76 in kopecks, and 30 % 239.27; from below
		// 9.4 19.9 35.3 53.7 79.3 | 119.7 215.85 | 316.75 …
		{name: "SAP's rows by 1C:УНФ", values: sap, rule: abcxyz.UNF, bounds: bounds(70, 90), want: "CAAABCCCBC"},
		// The mean of the shares, over 11, is .75327 and that of the other seven .94317;
		// shares .35158 .60285 .72936 | .84992 .90057 .93267 | .95574 …
		{name: "SAP's rows by 1C:УТ 11", values: sap, rule: abcxyz.UT11, want: "CAAABBCCBC"},
		{name: "SAP's rows in money", values: sap, rule: abcxyz.Absolute, bounds: bounds(100, 20), want: "CAAABBCCBC"},

		{name: "up to: a dominant item leaves A empty", values: "85 10 5", rule: abcxyz.UpTo, want: "BBC"},
		{name: "up to: exactly the bound is included", values: "50 30 15 5", rule: abcxyz.UpTo, want: "AABC"},
		{name: "up to: equals have the class of the first", values: "60 10 10 10 10", rule: abcxyz.UpTo, want: "AAAAA"},

		{name: "two classes", values: "50 30 20", bounds: []orders.Amount{80 * orders.One}, want: "AAB"},
		{name: "five classes", values: "30 25 20 15 10", bounds: []orders.Amount{20 * orders.One, 50 * orders.One, 70 * orders.One, 89 * orders.One}, want: "ABCDE"},
		{name: "the first bound passed by the first item", values: "90 5 5", bounds: bounds(10, 91), want: "ABB"},

		// From below 5 15 | 50 …, bounds 5 and 20 of 100: 20 is not above 20.
		{name: "unf: exactly the bound is below it", values: "80 15 5", rule: abcxyz.UNF, want: "ABC"},
		{name: "unf: equal values one by one", values: "85 5 5 5", rule: abcxyz.UNF, want: "ABBC"},
		// The base is 100 − 10 = 90, its bounds 4.5 and 18; from below −10 −6 0 | 6 | 90 …
		{name: "unf: what is not positive stays in the base", values: "84 6 6 4 0 -10", rule: abcxyz.UNF, want: "ABCCCC"},
		// 5 % of 0.1 is 0.005, 0.01 in kopecks: 0.01 is not above it, as it is above 0.005.
		{name: "unf: the bound in kopecks", values: "0.05 0.04 0.01", rule: abcxyz.UNF, want: "AAC"},
		{name: "before: the bound exactly", values: "0.05 0.04 0.01", want: "AAB"},
		{name: "unf: no base", values: "5 3 -8", rule: abcxyz.UNF, want: "NNN"},
		{name: "ut11: the last is C", values: "7", rule: abcxyz.UT11, want: "C"},
		// Shares ½ and 1: their sum ÷ 3 is ½, and ½ is not above it.
		{name: "ut11: two equal items", values: "7 7", rule: abcxyz.UT11, want: "AC"},
		// Shares ⅓ ⅔ 1, sum 2, ÷ 4 = ½: A; the mean of ⅔ and 1 is 5/6: B; C.
		{name: "ut11: three equal items", values: "1 1 1", rule: abcxyz.UT11, want: "ABC"},
		{name: "ut11: not positive is outside", values: "1 1 1 0 -5", rule: abcxyz.UT11, want: "ABCNN"},
		// A: 50 + 30 = 80. B: 10 < 15, 10 + 6. C.
		{name: "pal: a class's own sum", values: "50 30 10 6 4", rule: abcxyz.PAL, want: "AABBC"},
		// Before 95 % of all is C by our rule: 82 + 14 = 96.
		{name: "pal: what A took too much is not B's", values: "82 14 2 2", rule: abcxyz.PAL, want: "ABBC"},
		{name: "before: what A took too much is B's", values: "82 14 2 2", want: "ABCC"},
		{name: "absolute: exactly the bound is within", values: "100 99.99 20 19.99 0 -1", rule: abcxyz.Absolute, bounds: bounds(100, 20), want: "ABBCNN"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := rank(t, open(t, products(t, test.values)), abcxyz.Options{By: orders.ByProduct, Rule: test.rule, Bounds: test.bounds})
			items := slices.Clone(r.Items)
			slices.SortFunc(items, func(a, b abcxyz.Item) int { return strings.Compare(a.ID, b.ID) })
			got := ""
			for _, i := range items {
				got += i.ABC.String()
			}
			if got != test.want {
				t.Errorf("%s gives %s, not %s", test.values, got, test.want)
			}
		})
	}
}

func TestRankHeader(t *testing.T) {
	r := rank(t, open(t, products(t, "60 19 17 4 -30 0")), abcxyz.Options{By: orders.ByProduct})
	if r.Base != 100*orders.One || r.Excluded != -30*orders.One || r.Total != 70*orders.One || r.Revenue != r.Total {
		t.Errorf("base %s, excluded %s, total %s, revenue %s", r.Base, r.Excluded, r.Total, r.Revenue)
	}
	if r.Pareto != 3 {
		t.Errorf("%d items hold 80 %%", r.Pareto)
	}
	want := []abcxyz.ClassSum{
		{ABC: abcxyz.A, Part: abcxyz.Part{Items: 3, Sum: 96 * orders.One, Share: .96}},
		{ABC: abcxyz.B},
		{ABC: abcxyz.C, Part: abcxyz.Part{Items: 1, Sum: 4 * orders.One, Share: .04}},
		{ABC: abcxyz.N, Part: abcxyz.Part{Items: 2, Sum: -30 * orders.One, Share: -.30}},
	}
	if d := factstest.Diff(want, r.Classes); d != "" {
		t.Error(d)
	}
	third := r.Items[2]
	if third.Rank != 3 || third.Share != .17 || third.CumBefore != .79 || third.CumShare != .96 {
		t.Errorf("third item: %+v", third)
	}
	if last := r.Items[5]; last.Value != -30*orders.One || !math.IsNaN(last.Share) || !math.IsNaN(last.CumBefore) || !math.IsNaN(last.CumShare) || last.ABCReason != abcxyz.NotPositive {
		t.Errorf("last item: %+v", last)
	}
}

// TestCut flags the items of a value that a bound runs through, and no others.
func TestCut(t *testing.T) {
	r := rank(t, open(t, products(t, "600 100 100 100 100")), abcxyz.Options{By: orders.ByProduct})
	for i, item := range r.Items {
		if cut := i > 0; item.Cut != cut || item.ABC != abcxyz.A {
			t.Errorf("item %d of value %s: %s, cut %t", item.Rank, item.Value, item.ABC, item.Cut)
		}
	}
	for _, item := range rank(t, open(t, products(t, "80 10 5 5")), abcxyz.Options{By: orders.ByProduct}).Items {
		if cut := item.Value == 5*orders.One; item.Cut != cut || cut && item.ABC != abcxyz.B {
			t.Errorf("item %d of value %s: %s, cut %t", item.Rank, item.Value, item.ABC, item.Cut)
		}
	}
}

// TestNoBase: without a positive item there is no class, no NaN but the shares, and a warning.
func TestNoBase(t *testing.T) {
	r := rank(t, open(t, products(t, "-10 0")), abcxyz.Options{By: orders.ByProduct})
	if r.Base != 0 || r.Total != -10*orders.One || r.Pareto != 0 || !hasWarning(r, abcxyz.WarnNoBase) {
		t.Errorf("base %s, total %s, pareto %d, warnings %v", r.Base, r.Total, r.Pareto, r.Warnings)
	}
	for _, c := range r.Classes {
		if !math.IsNaN(c.Share) || (c.Items > 0) != (c.ABC == abcxyz.N) {
			t.Errorf("class %s: %+v", c.ABC, c.Part)
		}
	}
}

func TestHugeAmounts(t *testing.T) {
	// Half of the range of all sums of an export each, where 100 % × sum needs 128 bits.
	lines := products(t, "1 1")
	lines[0].Revenue, lines[1].Revenue = 1<<61, 1<<60
	r := rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct})
	if a, b := r.Items[0], r.Items[1]; a.ABC != abcxyz.A || b.ABC != abcxyz.A || b.CumShare != 1 {
		t.Errorf("%+v, %+v", a, b)
	}
}

// TestEmpty: what is filtered away entirely is a ranking without items.
func TestEmpty(t *testing.T) {
	scope := orders.Scope{Where: []orders.Where{{Dimension: orders.ByProduct, In: []string{"no such"}}}}
	r := rank(t, open(t, products(t, "1 2")), abcxyz.Options{Scope: scope})
	if len(r.Items) != 0 || r.Total != 0 || len(r.Classes) != 4 || len(r.Warnings) != 0 || !math.IsNaN(r.CostKnown()) {
		t.Errorf("%+v", r)
	}
}

// TestProfit: an item without any known cost has no profit, which is not a
// profit of zero; one with some known cost says how much.
func TestProfit(t *testing.T) {
	lines := products(t, "100 100 100 100")
	lines[0].COGS = orders.Known(60 * orders.One)
	lines[1].COGS = orders.Known(100 * orders.One)
	half := lines[0]
	half.Product, half.Revenue = "p02", 300*orders.One
	half.COGS = orders.Known(299 * orders.One)
	r := rank(t, open(t, append(lines, half)), abcxyz.Options{By: orders.ByProduct, Measure: orders.GrossProfit})
	for _, want := range []struct {
		id     string
		value  orders.Amount
		abc    abcxyz.ABC
		reason abcxyz.Reason
		known  float64
	}{
		{"p00", 40 * orders.One, abcxyz.A, "", 1},
		{"p01", 0, abcxyz.N, abcxyz.NotPositive, 1},
		{"p02", orders.One, abcxyz.C, "", .75},
		{"p03", 0, abcxyz.N, abcxyz.CostUnknown, 0},
	} {
		i := find(t, r, want.id)
		if i.Value != want.value || i.ABC != want.abc || i.ABCReason != want.reason || i.CostKnown != want.known {
			t.Errorf("%s: %+v", want.id, i)
		}
	}
	if i := find(t, r, "p03"); i.XYZ != abcxyz.Undefined || i.XYZReason != abcxyz.CostUnknown {
		t.Errorf("%+v", i)
	}
	if r.CostKnown() != 5./7 {
		t.Errorf("cost known of %v", r.CostKnown())
	}
	w := r.Warnings[slices.IndexFunc(r.Warnings, func(w orders.Warning) bool { return w.Code == abcxyz.WarnCostUnknown })]
	if w.Count != 1 || w.Amount != 200*orders.One {
		t.Errorf("%+v", w)
	}
}

func hasWarning(r *abcxyz.Ranking, code string) bool {
	return slices.ContainsFunc(r.Warnings, func(w orders.Warning) bool { return w.Code == code })
}

func TestOptions(t *testing.T) {
	f := open(t, products(t, "3 2 1"))
	nan := math.NaN()
	for _, test := range []struct {
		name, field string
		options     abcxyz.Options
	}{
		{"a dimension that is no item", "By", abcxyz.Options{By: orders.ByRepeatFlag}},
		{"an unknown dimension", "By", abcxyz.Options{By: "colour"}},
		{"an unknown measure", "Measure", abcxyz.Options{Measure: 99}},
		{"an unknown grain", "Grain", abcxyz.Options{Grain: 99}},
		{"an unknown rule", "Rule", abcxyz.Options{Rule: 99}},
		{"an unknown calendar", "Calendar", abcxyz.Options{Calendar: 99}},
		{"an unknown thing that varies", "Vary", abcxyz.Options{Vary: 99}},
		{"gaps of products", "Vary", abcxyz.Options{By: orders.ByProduct, Vary: abcxyz.Gaps}},
		{"more bounds than letters before N", "Bounds", abcxyz.Options{Bounds: []orders.Amount{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}}},
		{"bounds of a rule that has none", "Bounds", abcxyz.Options{Rule: abcxyz.UT11, Bounds: bounds(80, 95)}},
		{"no bounds in money", "Bounds", abcxyz.Options{Rule: abcxyz.Absolute}},
		{"bounds in money in ascending order", "Bounds", abcxyz.Options{Rule: abcxyz.Absolute, Bounds: bounds(10, 20)}},
		{"equal bounds in money", "Bounds", abcxyz.Options{Rule: abcxyz.Absolute, Bounds: bounds(10, 10)}},
		{"a bound in money of zero", "Bounds", abcxyz.Options{Rule: abcxyz.Absolute, Bounds: bounds(10, 0)}},
		{"an unknown σ", "Sigma", abcxyz.Options{Sigma: 99}},
		{"an unknown XYZ rule", "XYZRule", abcxyz.Options{XYZRule: 99}},
		{"coefficients of a rule that has none", "CV", abcxyz.Options{XYZRule: abcxyz.CVMeans, CV: []float64{.1, .25}}},
		{"a season of gaps", "Season", abcxyz.Options{Season: true}},
		{"a season of weeks", "Season", abcxyz.Options{Season: true, Vary: abcxyz.Value, Grain: orders.Week}},
		{"bounds in descending order", "Bounds", abcxyz.Options{Bounds: bounds(95, 80)}},
		{"a bound of zero", "Bounds", abcxyz.Options{Bounds: bounds(0, 80)}},
		{"a bound above 100 %", "Bounds", abcxyz.Options{Bounds: bounds(80, 101)}},
		{"three coefficients", "CV", abcxyz.Options{CV: []float64{.1, .2, .3}}},
		{"a coefficient that is no number", "CV", abcxyz.Options{CV: []float64{nan, .25}}},
		{"a coefficient without end", "CV", abcxyz.Options{CV: []float64{.1, math.Inf(1)}}},
		{"a negative coefficient", "CV", abcxyz.Options{CV: []float64{-.1, .25}}},
		{"a scope that ends before it begins", "Scope.From", abcxyz.Options{Scope: orders.Scope{From: 2, AsOf: 1}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := abcxyz.Rank(context.Background(), f, test.options)
			wantOptionError(t, err, test.field)
		})
	}
	for _, test := range []struct {
		name, field string
		options     abcxyz.CoreOptions
	}{
		{"a core of products", "Ranking.By", abcxyz.CoreOptions{Ranking: abcxyz.Options{By: orders.ByProduct}}},
		{"negative purchases", "MinPurchases", abcxyz.CoreOptions{MinPurchases: -1}},
		{"negative gaps", "MinGaps", abcxyz.CoreOptions{MinGaps: -1}},
		{"a lapse that is no number", "Lapse", abcxyz.CoreOptions{Lapse: nan}},
		{"a ranking that is invalid", "Bounds", abcxyz.CoreOptions{Ranking: abcxyz.Options{Bounds: bounds(1, 1)}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := abcxyz.Core(context.Background(), f, test.options)
			wantOptionError(t, err, test.field)
		})
	}
}

func wantOptionError(t *testing.T, err error, field string) {
	t.Helper()
	if !errors.Is(err, orders.ErrOptions) || !strings.Contains(err.Error(), " "+field+" = ") {
		t.Errorf("error is %v, want one that names %s", err, field)
	}
}

// TestResolved: the result says by which rule and bounds it was made, and
// shares nothing with what the caller passed.
func TestResolved(t *testing.T) {
	f := open(t, products(t, "3 2 1"))
	day := orders.NewDate(2024, 1, 15)
	got := rank(t, f, abcxyz.Options{}).Options
	want := abcxyz.Options{
		Scope: orders.Scope{From: day, AsOf: day}, By: orders.ByCustomer, Grain: orders.Month,
		Bounds: bounds(80, 95), Vary: abcxyz.Gaps, Sigma: abcxyz.Sample, CV: []float64{.20, .50},
	}
	if d := factstest.Diff(want, got); d != "" {
		t.Error(d)
	}
	got = rank(t, f, abcxyz.Options{By: orders.ByChannel}).Options
	if d := factstest.Diff([]float64{.10, .25}, got.CV); d != "" || got.Vary != abcxyz.Value || got.Sigma != abcxyz.Population {
		t.Errorf("%+v", got)
	}
	if got = rank(t, f, abcxyz.Options{Rule: abcxyz.UT11, XYZRule: abcxyz.CVMeans}).Options; got.Bounds != nil || got.CV != nil {
		t.Errorf("%+v", got)
	}

	mine := abcxyz.Options{
		Scope:  orders.Scope{Where: []orders.Where{{Dimension: orders.ByProduct, In: []string{"p00"}}}},
		Bounds: bounds(70, 90), CV: []float64{.3, .4},
	}
	got = rank(t, f, mine).Options
	mine.Bounds[0], mine.CV[0], mine.Scope.Where[0].In[0] = 1, 0, ""
	mine.Scope.Where[0].Dimension = ""
	if w := got.Scope.Where[0]; got.Bounds[0] != 70*orders.One || got.CV[0] != .3 || w.Dimension != orders.ByProduct || w.In[0] != "p00" {
		t.Errorf("the result holds the caller's slices: %+v", got)
	}
}
