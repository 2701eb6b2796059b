package abcxyz_test

import (
	"math"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
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
