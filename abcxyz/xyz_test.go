package abcxyz_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// TestXYZ holds Value and Count to computed cases, of a product over months
// that the export covers; "." is a month without a sale.
func TestXYZ(t *testing.T) {
	value := abcxyz.Options{By: orders.ByProduct}
	window := abcxyz.Options{By: orders.ByProduct, Calendar: abcxyz.Window}
	customer := abcxyz.Options{Vary: abcxyz.Value}
	count := abcxyz.Options{Vary: abcxyz.Count}
	nan := math.NaN()
	for _, test := range []struct {
		name, values    string
		options         abcxyz.Options
		cv              float64
		periods, active int
		xyz             abcxyz.XYZ
		reason          abcxyz.Reason
	}{
		{"by month", "70 60 60 90 80 80 95 40 40", value, .27594, 9, 9, abcxyz.Z, ""},
		// The same item by the sample σ, and both by quarter, as Excel's STDEV.P and
		// STDEV.S give them: 27.594 and 29.268 %, 15.807 and 19.359 %.
		{"by month, sample σ", "70 60 60 90 80 80 95 40 40", abcxyz.Options{By: orders.ByProduct, Sigma: abcxyz.Sample}, .29268, 9, 9, abcxyz.Z, ""},
		{"by quarter", "70 60 60 90 80 80 95 40 40", abcxyz.Options{By: orders.ByProduct, Grain: orders.Quarter}, .15807, 3, 3, abcxyz.Y, ""},
		{"by quarter, sample σ", "70 60 60 90 80 80 95 40 40", abcxyz.Options{By: orders.ByProduct, Grain: orders.Quarter, Sigma: abcxyz.Sample}, .19359, 3, 3, abcxyz.Y, ""},
		{"exactly 10 %, sample σ", "90 110 100", abcxyz.Options{By: orders.ByProduct, Sigma: abcxyz.Sample}, .1, 3, 3, abcxyz.X, ""},
		{"from the first sale to the last", ". 100 100 100 . .", abcxyz.Options{By: orders.ByProduct, Calendar: abcxyz.FirstToLast}, 0, 3, 3, abcxyz.X, ""},
		{"the same since the first", ". 100 100 100 . .", value, .81650, 5, 3, abcxyz.Z, ""},
		{"too short from the first to the last", ". 100 100 . . .", abcxyz.Options{By: orders.ByProduct, Calendar: abcxyz.FirstToLast}, nan, 2, 2, abcxyz.Undefined, abcxyz.FewPeriods},
		{"a one-time buyer in mid-window, from first to last", ". . 100 . . .", abcxyz.Options{Vary: abcxyz.Value, Calendar: abcxyz.FirstToLast}, nan, 1, 1, abcxyz.OneOff, ""},
		{"steady", "100 100 100 100", value, 0, 4, 4, abcxyz.X, ""},
		{"steady since joining", ". . . 100 100 100", value, 0, 3, 3, abcxyz.X, ""},
		{"the same by the window", ". . . 100 100 100", window, 1, 6, 3, abcxyz.Z, ""},
		{"a month without, since joining", ". 100 . 100 100", value, .57735, 4, 3, abcxyz.Z, ""},
		{"exactly 10 %", "90 110 90 110", value, .1, 4, 4, abcxyz.X, ""},
		{"exactly 25 %", "75 125 75 125", value, .25, 4, 4, abcxyz.Y, ""},
		{"joined too late", ". . . . 100 100", value, nan, 2, 2, abcxyz.Undefined, abcxyz.FewPeriods},
		{"returns equal sales", "100 -100 50 -50", value, nan, 4, 4, abcxyz.Undefined, abcxyz.NotPositive},
		{"returns above sales", "100 -100 50 -60", value, nan, 4, 4, abcxyz.Undefined, abcxyz.NotPositive},
		{"in one month only", ". 100 . .", value, 1.41421, 3, 1, abcxyz.OneOff, ""},
		{"in the last month only", ". . . 100", value, nan, 1, 1, abcxyz.OneOff, ""},
		{"in one month, and returned", ". 100 -100 .", value, nan, 3, 2, abcxyz.Undefined, abcxyz.NotPositive},

		{"a customer's single purchase", ". 100 . .", customer, 1.41421, 3, 1, abcxyz.OneOff, ""},
		{"a customer's single purchase, by the window", ". 100 . .", abcxyz.Options{Vary: abcxyz.Value, Calendar: abcxyz.Window}, 1.73205, 4, 1, abcxyz.OneOff, ""},
		{"a single purchase and a return", ". 100 -20 .", customer, 1.96850, 3, 2, abcxyz.OneOff, ""},
		{"a single purchase, returned", ". 100 -100 .", customer, nan, 3, 2, abcxyz.Undefined, abcxyz.NotPositive},
		{"purchases count alike", "100 700 1 50", count, 0, 4, 4, abcxyz.X, ""},
		{"purchases in two of four months", "100 . . 700", count, 1, 4, 2, abcxyz.Z, ""},
		{"returns are no purchases", "100 -1 100 -1", count, 1, 4, 4, abcxyz.Z, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := find(t, rank(t, open(t, monthly(t, "it", test.values)), test.options), "it")
			if cv := math.Round(i.CV*1e5) / 1e5; cv != test.cv && !(math.IsNaN(cv) && math.IsNaN(test.cv)) {
				t.Errorf("CV is %v, not %v", i.CV, test.cv)
			}
			if i.Periods != test.periods || i.Active != test.active || i.XYZ != test.xyz || i.XYZReason != test.reason {
				t.Errorf("%d periods, %d active, class %s, reason %q", i.Periods, i.Active, i.XYZ, i.XYZReason)
			}
		})
	}
}

// TestEqualPurchases: k equal purchases in n periods have a CV of √(n/k − 1).
// One purchase is OneOff all the same, and never X.
func TestEqualPurchases(t *testing.T) {
	for n := 3; n <= 24; n++ {
		for k := 1; k <= n; k++ {
			values := strings.Repeat("12.5 ", k) + strings.Repeat(". ", n-k)
			for _, by := range []orders.Dimension{orders.ByCustomer, orders.ByProduct} {
				o := abcxyz.Options{By: by, Vary: abcxyz.Value, Calendar: abcxyz.Window}
				i := find(t, rank(t, open(t, monthly(t, "it", values)), o), "it")
				if want := math.Sqrt(float64(n)/float64(k) - 1); math.Abs(i.CV-want) > 1e-15*want {
					t.Errorf("%d purchases in %d months: CV %v, not %v", k, n, i.CV, want)
				}
				if (i.XYZ == abcxyz.OneOff) != (k == 1) || (i.XYZ == abcxyz.X) != (k == n && k > 1) {
					t.Errorf("%d purchases in %d months: %s", k, n, i.XYZ)
				}
			}
		}
	}
}

// TestPartialPeriods: the export begins and ends in mid-month, and both months
// are left out and listed; an item that began in the first is judged from the next.
func TestPartialPeriods(t *testing.T) {
	var lines []orders.Line
	for day := date(t, "2023-01-20"); day <= date(t, "2023-06-14"); day += 7 {
		lines = append(lines, orders.Line{Customer: "c", Product: "weekly", Date: day, Revenue: orders.One})
	}
	for _, day := range []string{"2023-01-21", "2023-02-05", "2023-03-05", "2023-04-05", "2023-05-05"} {
		lines = append(lines, orders.Line{Customer: "c", Product: "monthly", Date: date(t, day), Revenue: orders.One})
	}
	for _, day := range []string{"2023-01-22", "2023-06-01"} {
		lines = append(lines, orders.Line{Customer: "c", Product: "outside", Date: date(t, day), Revenue: orders.One})
	}
	lines = append(lines, orders.Line{Customer: "c", Product: "end", Date: date(t, "2023-06-02"), Revenue: orders.One})
	r := rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct})
	if r.First.String() != "2023-02" || r.Last.String() != "2023-05" || len(r.Partial) != 2 ||
		r.Partial[0].String() != "2023-01" || r.Partial[1].String() != "2023-06" {
		t.Errorf("whole periods %s … %s, partial %v", r.First, r.Last, r.Partial)
	}
	if i := find(t, r, "monthly"); i.XYZ != abcxyz.X || i.CV != 0 || i.Periods != 4 || i.Value != 5*orders.One {
		t.Errorf("%+v", i)
	}
	if i := find(t, r, "end"); i.XYZ != abcxyz.OneOff || i.XYZReason != "" || i.Periods != 0 {
		t.Errorf("%+v", i)
	}
	if i := find(t, rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct, Calendar: abcxyz.Window}), "end"); i.XYZ != abcxyz.OneOff || i.XYZReason != "" || i.Periods != 4 {
		t.Errorf("%+v", i)
	}
	// Sold in both partial months and in no whole one: not a single sale, and
	// nothing that whole months could say.
	if i := find(t, r, "outside"); i.XYZ != abcxyz.Undefined || i.XYZReason != abcxyz.MeanNotPositive || i.Active != 0 {
		t.Errorf("%+v", i)
	}

	r = rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct, Grain: orders.Quarter})
	if len(r.Partial) != 2 || r.Partial[0].String() != "2023-Q1" || !r.First.IsZero() || !r.Last.IsZero() || !hasWarning(r, abcxyz.WarnFewPeriods) {
		t.Errorf("partial %v, warnings %v", r.Partial, r.Warnings)
	}
	for _, i := range r.Items[:3] { // the fourth is "end", one-off all the same
		if i.XYZ != abcxyz.Undefined || i.XYZReason != abcxyz.FewPeriods || i.Periods != 0 {
			t.Errorf("%+v", i)
		}
	}
}

// TestGaps holds the classes by rhythm to computed cases: days of purchases
// since 2023-01-01, all of the same revenue.
func TestGaps(t *testing.T) {
	for _, test := range []struct {
		name   string
		days   []int
		cv     float64 // sample σ ÷ μ
		gaps   int64
		xyz    abcxyz.XYZ
		reason abcxyz.Reason
	}{
		{"weekly", []int{0, 7, 14, 21, 28, 35}, 0, 5, abcxyz.X, ""},
		{"five days of purchases", []int{0, 7, 14, 21, 28}, math.NaN(), 4, abcxyz.Undefined, abcxyz.FewGaps},
		{"one purchase", []int{30}, math.NaN(), 0, abcxyz.OneOff, ""},
		{"two purchases", []int{30, 40}, math.NaN(), 1, abcxyz.Undefined, abcxyz.FewGaps},
		// Gaps 8 12 8 12 10: μ 10, Σd² 16, s² 4, s 2.
		{"exactly 20 %", []int{0, 8, 20, 28, 40, 50}, .2, 5, abcxyz.X, ""},
		// Gaps 5 15 5 15 10: Σd² 100, s² 25, s 5.
		{"exactly 50 %", []int{0, 5, 20, 25, 40, 50}, .5, 5, abcxyz.Y, ""},
		// Gaps 1 1 1 1 96: μ 20, Σd² 7220, s² 1805.
		{"a burst", []int{0, 1, 2, 3, 4, 100}, math.Sqrt(1805) / 20, 5, abcxyz.Z, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := date(t, "2023-01-01")
			lines := []orders.Line{{Customer: "other", Date: start + 400, Revenue: orders.One}}
			for _, d := range test.days {
				lines = append(lines, orders.Line{Customer: "it", Date: start + orders.Date(d), Revenue: orders.One})
			}
			i := find(t, rank(t, open(t, lines), abcxyz.Options{}), "it")
			if math.Abs(i.CV-test.cv) > 1e-15 || math.IsNaN(i.CV) != math.IsNaN(test.cv) {
				t.Errorf("CV is %v, not %v", i.CV, test.cv)
			}
			if i.Gaps != test.gaps || i.XYZ != test.xyz || i.XYZReason != test.reason {
				t.Errorf("%d gaps, class %s, reason %q", i.Gaps, i.XYZ, i.XYZReason)
			}
		})
	}
}

// TestOneClass: the warning is there from above 90 % on, and not at 90 %.
func TestOneClass(t *testing.T) {
	lines := monthly(t, "c0", "1 2 3 4")[2:]
	for _, id := range strings.Fields("c1 c2 c3 c4 c5 c6 c7 c8") {
		lines = append(lines, orders.Line{Customer: id, Date: date(t, "2023-02-01"), Revenue: orders.One})
	}
	if r := rank(t, open(t, lines), abcxyz.Options{}); hasWarning(r, abcxyz.WarnOneClass) {
		t.Errorf("8 of 9: %v", r.Warnings)
	}
	lines = append(lines, orders.Line{Customer: "c9", Date: date(t, "2023-02-01"), Revenue: orders.One})
	if r := rank(t, open(t, lines), abcxyz.Options{}); hasWarning(r, abcxyz.WarnOneClass) {
		t.Errorf("9 of 10: %v", r.Warnings)
	}
	lines = append(lines, orders.Line{Customer: "c10", Date: date(t, "2023-02-01"), Revenue: orders.One})
	r := rank(t, open(t, lines), abcxyz.Options{})
	if len(r.Warnings) != 1 || r.Warnings[0].Code != abcxyz.WarnOneClass || r.Warnings[0].Count != 10 || r.Warnings[0].Text != "10 of 11 items are one-off: XYZ does not tell them apart" {
		t.Errorf("10 of 11: %v", r.Warnings)
	}
}

// TestGapsSigma: the population σ of five gaps 8 12 8 12 10 is √(16 ÷ 5), that of the sample 2.
func TestGapsSigma(t *testing.T) {
	start := date(t, "2023-01-01")
	var lines []orders.Line
	for _, d := range []orders.Date{0, 8, 20, 28, 40, 50} {
		lines = append(lines, orders.Line{Customer: "it", Date: start + d, Revenue: orders.One})
	}
	for sigma, want := range map[abcxyz.Sigma]float64{abcxyz.DefaultSigma: .2, abcxyz.Sample: .2, abcxyz.Population: math.Sqrt(16./5) / 10} {
		if i := rank(t, open(t, lines), abcxyz.Options{Sigma: sigma}).Items[0]; math.Abs(i.CV-want) > 1e-15 {
			t.Errorf("%s: CV is %v, not %v", sigma, i.CV, want)
		}
	}
}

// TestSeason: an item that only follows the season has no variation of its own.
func TestSeason(t *testing.T) {
	// The portfolio is 100 200 300 of both, 75 of both in April: mean 168.75.
	lines := append(monthly(t, "a", "40 80 120 30"), monthly(t, "b", "60 120 180 45")[2:]...)
	lines[0].Revenue, lines[1].Revenue = 0, 0
	r := rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct, Season: true})
	if len(r.Season) != 12 || r.Season[0] != 100/168.75 || r.Season[3] != 75/168.75 || !math.IsNaN(r.Season[4]) {
		t.Errorf("%v", r.Season)
	}
	for _, id := range []string{"a", "b"} {
		if i := find(t, r, id); i.CV < .5 || math.Abs(i.SeasonCV) > 1e-15 || i.XYZ != abcxyz.Z {
			t.Errorf("%+v", i)
		}
	}
	r = rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct})
	if r.Season != nil || !math.IsNaN(find(t, r, "a").SeasonCV) {
		t.Errorf("%v %+v", r.Season, find(t, r, "a"))
	}

	// Two years: January is 100 and 300, of a mean of (400 + 11 × 2 × 50) ÷ 24; the
	// index is of the month, so what differs between the years stays.
	year := " 50 50 50 50 50 50 50 50 50 50 50 "
	lines = monthly(t, "it", "100"+year+"300"+year)
	lines[0].Revenue, lines[1].Revenue = 0, 0
	i := rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct, Season: true}).Items[0]
	// Divided by 200 and 50 (all over the mean): 0.5, 1.5 and 22 times 1: σ² = 0.5 ÷ 24.
	if want := math.Sqrt(.5 / 24); math.Abs(i.SeasonCV-want) > 1e-12 {
		t.Errorf("%v, not %v", i.SeasonCV, want)
	}

	// By quarter there are four indices; a month that the portfolio sold nothing in has no say.
	lines = monthly(t, "it", "10 10 10 20 20 20 . . . 40 40 40")
	lines[0].Revenue, lines[1].Revenue = 0, 0
	r = rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct, Season: true, Grain: orders.Quarter})
	if i := find(t, r, "it"); len(r.Season) != 4 || r.Season[2] != 0 || i.SeasonCV != 0 {
		t.Errorf("%v %+v", r.Season, i)
	}
}

// TestMeans holds CVMeans to its definition: the mean split of the cumulative
// shares of CVs, descending.
func TestMeans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		o.XYZRule, o.CV = abcxyz.CVMeans, nil
		r := rankDrawn(t, f, o)
		var judged []abcxyz.Item
		for _, i := range r.Items {
			if i.XYZ == abcxyz.X || i.XYZ == abcxyz.Y || i.XYZ == abcxyz.Z {
				judged = append(judged, i)
			}
		}
		slices.SortFunc(judged, func(a, b abcxyz.Item) int { return cmp.Or(cmp.Compare(b.CV, a.CV), cmp.Compare(a.ID, b.ID)) })
		total := 0.0
		for _, i := range judged {
			total += i.CV
		}
		want := make([]abcxyz.XYZ, len(judged))
		cum, cums, sum := 0.0, []float64{}, 0.0
		for _, i := range judged {
			cum += i.CV / total
			cums = append(cums, cum)
			sum += cum
		}
		near, zs, rest := false, 0, 0.0
		for k, c := range cums {
			want[k] = abcxyz.X
			near = near || math.Abs(c-sum/float64(len(cums)+1)) < 1e-9
			if c <= sum/float64(len(cums)+1) {
				want[k], zs = abcxyz.Z, k+1
			} else {
				rest += c
			}
		}
		for k := zs; k < len(cums); k++ {
			near = near || math.Abs(cums[k]-rest/float64(len(cums)-zs)) < 1e-9
			if cums[k] <= rest/float64(len(cums)-zs) {
				want[k] = abcxyz.Y
			}
		}
		if len(want) > 0 {
			want[len(want)-1] = abcxyz.X
		}
		for k, i := range judged {
			if total == 0 && i.XYZ != abcxyz.X || total > 0 && !near && i.XYZ != want[k] {
				t.Errorf("%q of CV %v is %s, not %s", i.ID, i.CV, i.XYZ, want[k])
			}
		}
	})
}

// TestMeansByHand: CVs .6 .3 .1 are cumulative .6 .9 1: 2.5 ÷ 4 = .625 takes the
// first; the mean of the others, .95, the second.
func TestMeansByHand(t *testing.T) {
	var lines []orders.Line
	for id, values := range map[string]string{"erratic": "40 160 40 160", "variable": "70 130 70 130", "steady": "90 110 90 110"} {
		lines = append(lines, monthly(t, id, values)[2:]...)
	}
	r := rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct, XYZRule: abcxyz.CVMeans})
	for id, want := range map[string]abcxyz.XYZ{"erratic": abcxyz.Z, "variable": abcxyz.Y, "steady": abcxyz.X} {
		if i := find(t, r, id); i.XYZ != want {
			t.Errorf("%s is %s at %v", id, i.XYZ, i.CV)
		}
	}
}
