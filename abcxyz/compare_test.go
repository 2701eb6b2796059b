package abcxyz_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

func compare(t testing.TB, f orders.Facts, o abcxyz.CompareOptions) *abcxyz.Comparison {
	t.Helper()
	c, err := abcxyz.Compare(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCompareABC: SAP's ten rows by three systems, and the reasons one by one.
func TestCompareABC(t *testing.T) {
	for _, test := range []struct {
		name, values string
		options      abcxyz.CompareOptions
		theirs       string // by rank
		reasons      string // of those that differ, by rank
	}{
		{"nothing to tell apart", "60 19 17 4", abcxyz.CompareOptions{}, "AAAC", ""},
		{"SAP", sap, abcxyz.CompareOptions{Ranking: abcxyz.Options{Bounds: bounds(70, 90)}, Mode: abcxyz.ModePAL}, "AAABBBCCCC", "rule"},
		{"1C:УТ 11", sap, abcxyz.CompareOptions{Ranking: abcxyz.Options{Bounds: bounds(70, 90)}, Mode: abcxyz.ModeUT11}, "AAABBBCCCC", "rule"},
		{"their own bounds", "50 30 20", abcxyz.CompareOptions{Bounds: bounds(50, 80)}, "ABC", "bounds bounds"},
		{"what is not positive", "84 6 6 4 0 -10", abcxyz.CompareOptions{}, "ABCCCC", "ties base base"},
		{"equal values", "85 5 5 5", abcxyz.CompareOptions{}, "ABBC", "ties"},
		{"kopecks", "0.05 0.04 0.01", abcxyz.CompareOptions{}, "AAC", "rounding"},
		{"our bounds in money", "50 30 20", abcxyz.CompareOptions{Ranking: abcxyz.Options{Rule: abcxyz.Absolute, Bounds: bounds(40, 30)}}, "AAB", "rule rule"},
		{"nothing to take shares of", "5 3 -8", abcxyz.CompareOptions{}, "NNN", "base base"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.Ranking.By = orders.ByProduct
			c := compare(t, open(t, products(t, test.values)), test.options)
			theirs, reasons := "", []string{}
			for i, own := range c.Theirs {
				theirs += own.ABC.String()
				if own.ABC != c.Ours.Items[i].ABC {
					var list []string
					for _, r := range own.ABCReasons {
						list = append(list, string(r))
					}
					reasons = append(reasons, strings.Join(list, ","))
				} else if own.ABCReasons != nil {
					t.Errorf("rank %d is the same, and differs for %v", i+1, own.ABCReasons)
				}
			}
			if got := strings.Join(reasons, " "); theirs != test.theirs || got != test.reasons {
				t.Errorf("theirs are %s for %q, not %s for %q", theirs, got, test.theirs, test.reasons)
			}
			if c.SameABC != len(c.Theirs)-len(reasons) {
				t.Errorf("%d of %d are the same", c.SameABC, len(c.Theirs))
			}
		})
	}
}

// TestCompareXYZ: what 1C makes of customers that we make nothing of.
func TestCompareXYZ(t *testing.T) {
	product := abcxyz.CompareOptions{Ranking: abcxyz.Options{By: orders.ByProduct}}
	for _, test := range []struct {
		name, values string
		options      abcxyz.CompareOptions
		ours, theirs abcxyz.XYZ
		cv           float64
		reasons      []abcxyz.Reason
	}{
		{"steady", "100 100 100 100", product, abcxyz.X, abcxyz.X, 0, nil},
		{"returns equal sales", "100 -100 50 -50", product, abcxyz.Undefined, abcxyz.X, 0, []abcxyz.Reason{abcxyz.WhyGuard}},
		{"returns above sales", "100 -300 100 -100", product, abcxyz.Undefined, abcxyz.X, -3.31662, []abcxyz.Reason{abcxyz.WhyGuard}},
		{"steady since joining", ". . . 100 100 100", product, abcxyz.X, abcxyz.Z, 1, []abcxyz.Reason{abcxyz.WhyCalendar}},
		{"once", ". 100 . .", product, abcxyz.OneOff, abcxyz.Z, 1.73205, []abcxyz.Reason{abcxyz.WhyGuard}},
		{"joined too late", ". . . . 100 100", product, abcxyz.Undefined, abcxyz.Z, 1.41421, []abcxyz.Reason{abcxyz.WhyCalendar}},
		{"our bounds are wider", "80 120 80 120", abcxyz.CompareOptions{Ranking: abcxyz.Options{By: orders.ByProduct, CV: []float64{.2, .5}}}, abcxyz.X, abcxyz.Y, .2, []abcxyz.Reason{abcxyz.WhyCV}},
		{"σ of a sample", "90 110 90 110", abcxyz.CompareOptions{Ranking: abcxyz.Options{By: orders.ByProduct, Sigma: abcxyz.Sample}}, abcxyz.Y, abcxyz.X, .1, []abcxyz.Reason{abcxyz.WhySigma}},
		{"gaps of a customer", "100 100 100 100 100 700", abcxyz.CompareOptions{}, abcxyz.X, abcxyz.Z, 1.11803, []abcxyz.Reason{abcxyz.WhyVary}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := compare(t, open(t, monthly(t, "it", test.values)), test.options)
			i := slices.IndexFunc(c.Ours.Items, func(i abcxyz.Item) bool { return i.ID == "it" })
			own := c.Theirs[i]
			if c.Ours.Items[i].XYZ != test.ours || own.XYZ != test.theirs || math.Abs(own.CV-test.cv) > 1e-5 || !slices.Equal(own.XYZReasons, test.reasons) {
				t.Errorf("ours %s, theirs %s at %v for %v", c.Ours.Items[i].XYZ, own.XYZ, own.CV, own.XYZReasons)
			}
		})
	}

	// One month in all: every CV is 0, and everybody X.
	c := compare(t, open(t, products(t, "80 15 5")), product)
	for _, own := range c.Theirs {
		if own.XYZ != abcxyz.X || !slices.Equal(own.XYZReasons, []abcxyz.Reason{abcxyz.WhyGuard}) {
			t.Errorf("%+v", own)
		}
	}
	c = compare(t, open(t, products(t, "80 15 5")), abcxyz.CompareOptions{Ranking: product.Ranking, Mode: abcxyz.ModePAL})
	if own := c.Theirs[0]; own.XYZ != abcxyz.Undefined || !math.IsNaN(own.CV) || own.XYZReasons != nil || c.SameXYZ != 3 {
		t.Errorf("%+v", own)
	}
}

// TestComparePartial: a month that the export covers in part is one of 1C's.
func TestComparePartial(t *testing.T) {
	var lines []orders.Line
	for _, day := range []string{"2023-01-20", "2023-02-03", "2023-03-03", "2023-04-03", "2023-05-03"} {
		lines = append(lines, orders.Line{Customer: "c", Product: "it", Date: date(t, day), Revenue: 100 * orders.One})
	}
	lines[0].Revenue = 10 * orders.One
	for d := orders.Date(0); d < 120; d += 3 {
		lines = append(lines, orders.Line{Customer: "c", Product: "other", Date: date(t, "2023-01-20") + d, Revenue: orders.One})
	}
	c := compare(t, open(t, lines), abcxyz.CompareOptions{Ranking: abcxyz.Options{By: orders.ByProduct}})
	if own := c.Theirs[0]; c.Ours.Items[0].XYZ != abcxyz.X || own.XYZ != abcxyz.Z || !slices.Equal(own.XYZReasons, []abcxyz.Reason{abcxyz.WhyPartial}) {
		t.Errorf("%+v", own)
	}
}

// TestCompareMeans: 1C:УТ 11 has no bounds of the CV.
func TestCompareMeans(t *testing.T) {
	var lines []orders.Line
	for id, values := range map[string]string{"erratic": "40 160 40 160", "variable": "70 130 70 130", "steady": "90 110 90 110"} {
		lines = append(lines, monthly(t, id, values)[2:]...)
	}
	c := compare(t, open(t, lines), abcxyz.CompareOptions{Ranking: abcxyz.Options{By: orders.ByProduct}, Mode: abcxyz.ModeUT11})
	for i, own := range c.Theirs {
		want := map[string]abcxyz.XYZ{"erratic": abcxyz.Z, "variable": abcxyz.Y, "steady": abcxyz.X}[c.Ours.Items[i].ID]
		if own.XYZ != want || c.Ours.Items[i].ID == "variable" != slices.Equal(own.XYZReasons, []abcxyz.Reason{abcxyz.WhyMeans}) {
			t.Errorf("%s: %+v", c.Ours.Items[i].ID, own)
		}
	}
}

// TestCompareIsRank: theirs are what Rank gives by their rule, where it gives a
// class, whole periods being all periods; and every difference has a reason.
func TestCompareIsRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		mode := abcxyz.Mode(rapid.IntRange(0, 2).Draw(t, "mode"))
		c, err := abcxyz.Compare(context.Background(), f, abcxyz.CompareOptions{Ranking: o, Mode: mode})
		if err != nil {
			t.Fatal(err)
		}
		theirs := o
		theirs.Rule, theirs.Bounds = []abcxyz.Rule{abcxyz.UNF, abcxyz.UT11, abcxyz.PAL}[mode], c.Options.Bounds
		theirs.Vary, theirs.Calendar, theirs.Sigma, theirs.XYZRule, theirs.CV, theirs.Season = abcxyz.Value, abcxyz.Window, abcxyz.Population, abcxyz.CVBounds, nil, false
		r := rankDrawn(t, f, theirs)
		if c.Base != r.Base {
			t.Errorf("base %s, not %s", c.Base, r.Base)
		}
		for i, own := range c.Theirs {
			ours, want := c.Ours.Items[i], r.Items[i]
			if own.ABC != want.ABC || ours.ID != want.ID {
				t.Errorf("%q is %s, not %s", ours.ID, own.ABC, want.ABC)
			}
			if (own.ABC != ours.ABC) != (own.ABCReasons != nil) || mode != abcxyz.ModePAL && (own.XYZ != ours.XYZ) != (own.XYZReasons != nil) {
				t.Errorf("%q: ours %s, theirs %s%s for %v %v", ours.ID, ours.Class(), own.ABC, own.XYZ, own.ABCReasons, own.XYZReasons)
			}
			classed := want.XYZ == abcxyz.X || want.XYZ == abcxyz.Y || want.XYZ == abcxyz.Z
			if mode == abcxyz.ModeUNF && len(r.Partial) == 0 && classed && (own.XYZ != want.XYZ || own.CV != want.CV) {
				t.Errorf("%q is %s at %v, not %s at %v", ours.ID, own.XYZ, own.CV, want.XYZ, want.CV)
			}
			if mode == abcxyz.ModeUNF && !classed && want.XYZ == abcxyz.Undefined && want.XYZReason == abcxyz.NotPositive && want.Value == 0 && own.XYZ != abcxyz.X {
				t.Errorf("%q is %s", ours.ID, own.XYZ)
			}
		}
	})
}

func TestCompareOptions(t *testing.T) {
	f := open(t, products(t, "3 2 1"))
	for _, test := range []struct {
		name, field string
		options     abcxyz.CompareOptions
	}{
		{"an unknown mode", "Mode", abcxyz.CompareOptions{Mode: 99}},
		{"bounds of a mode that has none", "Bounds", abcxyz.CompareOptions{Mode: abcxyz.ModeUT11, Bounds: bounds(80, 95)}},
		{"bounds in descending order", "Bounds", abcxyz.CompareOptions{Bounds: bounds(95, 80)}},
		{"one coefficient", "CV", abcxyz.CompareOptions{CV: []float64{.1}}},
		{"coefficients of a mode that has none", "CV", abcxyz.CompareOptions{Mode: abcxyz.ModePAL, CV: []float64{.1, .2}}},
		{"a ranking that is invalid", "Rule", abcxyz.CompareOptions{Ranking: abcxyz.Options{Rule: 99}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := abcxyz.Compare(context.Background(), f, test.options)
			wantOptionError(t, err, test.field)
		})
	}
}

func TestCompareRecord(t *testing.T) {
	c := compare(t, open(t, products(t, "85 5 5 5")), abcxyz.CompareOptions{Ranking: abcxyz.Options{By: orders.ByProduct}})
	wantRows(t, c.Record, "rank|item|name|value|abc|cv|xyz|their_abc|their_cv|their_xyz|same|abc_reasons|xyz_reasons",
		"1|p00|p00|85|A|null|one-off|A|0|X|false||guard",
		"2|p01|p01|5|B|null|one-off|B|0|X|false||guard",
		"3|p02|p02|5|B|null|one-off|B|0|X|false||guard",
		"4|p03|p03|5|B|null|one-off|C|0|X|false|ties|guard",
	)
}
