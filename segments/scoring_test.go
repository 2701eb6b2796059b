package segments_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// all takes every customer: a rule table for tests of scores.
var all = []segments.Rule{{Segment: "all"}}

// spenders are customers with one purchase today of so much each.
func spenders(amounts ...int64) (lines []orders.Line) {
	for i, a := range amounts {
		lines = append(lines, sale(fmt.Sprintf("c%02d", i), 0, a))
	}
	return lines
}

// frequent are customers with so many purchases each, the last of them today.
func frequent(purchases ...int) (lines []orders.Line) {
	for i, n := range purchases {
		lines = append(lines, times(n, fmt.Sprintf("c%02d", i), 0, 10)...)
	}
	return lines
}

// lately are customers whose one purchase was so many days ago.
func lately(days ...int) (lines []orders.Line) {
	for i, d := range days {
		lines = append(lines, sale(fmt.Sprintf("c%02d", i), d, 10))
	}
	return lines
}

// scored are the scores of one axis, by customer.
func scored(r *segments.RFMResult, score func(segments.RFMCustomer) int) (all []int) {
	for _, c := range r.Scored {
		all = append(all, score(c))
	}
	return all
}

// TestScoringByHand: every scoring against scores and cut points worked out by hand.
func TestScoringByHand(t *testing.T) {
	width := func(percent orders.Amount) segments.RFMOptions {
		return segments.RFMOptions{Scoring: segments.EqualWidth, TrimPercent: percent}
	}
	for _, test := range []struct {
		name  string
		o     segments.RFMOptions
		lines []orders.Line
		axis  func(segments.RFMCustomer) int
		want  []int
		cuts  string
	}{
		{"ten quintiles", segments.RFMOptions{}, spenders(10, 20, 30, 40, 50, 60, 70, 80, 90, 100), m,
			[]int{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}, "[30 50 70 90]"},
		// 7 customers in 5 scores: ⌊5 × worse ÷ 7⌋ of 0…6 worse is 0 0 1 2 2 3 4.
		{"seven quintiles", segments.RFMOptions{}, spenders(70, 60, 50, 40, 30, 20, 10), m,
			[]int{5, 4, 3, 3, 2, 1, 1}, "[30 40 60 70]"},
		// SAS, PROC RANK GROUPS=5 TIES=LOW: six 1s and two 8s are of the groups 0 and
		// 3, counted from 0 (K. McLawhorn, How the RANK procedure calculates ranks with
		// groups and ties, SAS Users blog, 19 July 2019).
		{"SAS's ties", segments.RFMOptions{}, spenders(1, 1, 1, 1, 1, 1, 8, 8), m,
			[]int{1, 1, 1, 1, 1, 1, 4, 4}, "[8 8 8 8.0001]"},
		// A shop where 60 % bought once: 6 of 10 are worse than two purchases, 8 than three.
		{"many one-off", segments.RFMOptions{}, frequent(1, 1, 1, 1, 1, 1, 2, 2, 3, 9), f,
			[]int{1, 1, 1, 1, 1, 1, 4, 4, 5, 5}, "[2 2 2 3]"},
		{"all alike", segments.RFMOptions{}, spenders(5, 5, 5), m, []int{1, 1, 1}, "[5.0001 5.0001 5.0001 5.0001]"},
		{"one customer", segments.RFMOptions{}, frequent(3), f, []int{1}, "[4 4 4 4]"},
		{"returns count below zero", segments.RFMOptions{Rules: all, Scores: 2}, append(spenders(-1, 5), sale("c00", 3, 0), sale("c00", 4, -2), sale("c00", 9, 1)), m, []int{1, 2}, "[5]"},
		// Fewer days are better, and a tie takes its worst place: 0, 0 and 3 of 5 are older.
		{"recency", segments.RFMOptions{}, lately(40, 40, 40, 7, 0), r, []int{1, 1, 1, 4, 5}, "[0 7 7 7]"},
		{"all today", segments.RFMOptions{}, lately(0, 0), r, []int{1, 1}, "[-1 -1 -1 -1]"},
		{"nine scores", segments.RFMOptions{Scores: 9, Rules: all}, spenders(1, 2, 3, 4, 5, 6, 7, 8, 9), m,
			[]int{1, 2, 3, 4, 5, 6, 7, 8, 9}, "[2 3 4 5 6 7 8 9]"},
		{"three scores", segments.RFMOptions{Scores: 3, Rules: all}, spenders(1, 2, 3, 4), m, []int{1, 1, 2, 3}, "[3 4]"},

		{"fixed", segments.RFMOptions{Scoring: segments.Fixed, M: []orders.Amount{money(10), money(20), money(30), money(40)}}, spenders(9, 10, 29, 30, 40, 99), m,
			[]int{1, 2, 3, 4, 5, 5}, "[10 20 30 40]"},
		{"fixed in three scores", segments.RFMOptions{Scoring: segments.Fixed, Scores: 3, Rules: all, R: []int{0, 7}, F: []int64{2, 3}, M: []orders.Amount{1, 2}}, lately(0, 7, 8), r,
			[]int{3, 2, 1}, "[0 7]"},

		// 1…101 in five parts of 20; a cut point belongs to the higher score.
		{"equal widths, nothing trimmed", width(-1), spenders(101, 81, 80, 61, 21, 20, 1), m, []int{5, 5, 4, 4, 2, 1, 1}, "[21 41 61 81]"},
		// Of ten, 10 % is one at each end: 10…90 in parts of 16, the giant scoring as 90 does.
		{"equal widths, 10 % trimmed", width(10 * orders.One), spenders(1, 10, 25, 26, 42, 57, 58, 74, 90, 1_000_000), m,
			[]int{1, 1, 1, 2, 3, 3, 4, 5, 5, 5}, "[26 42 58 74]"},
		// The default of 5 % of 19 is nobody, of 20 one at each end: 2…19.
		{"equal widths, 19 customers", width(0), spenders(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 101), m,
			[]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5}, "[21 41 61 81]"},
		{"equal widths, 20 customers", width(0), spenders(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 101), m,
			[]int{1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5}, "[5.4 8.8 12.2 15.6]"},
		// Purchases 1…4 in five parts of 0.6: from 1.6, 2.2, 2.8, 3.4, rounded up.
		{"equal widths of few purchases", width(-1), frequent(1, 2, 3, 4), f, []int{1, 2, 4, 5}, "[2 3 3 4]"},
		// Nine of ten bought once: trimmed to 1…1, and whoever bought more is above.
		{"equal widths without width", width(10 * orders.One), frequent(1, 1, 1, 1, 1, 1, 1, 1, 1, 7), f, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 5}, "[2 2 2 2]"},
		// 0…50 days in parts of 10: up to 10 score 5, up to 20 score 4.
		{"equal widths of recency", width(-1), lately(0, 10, 11, 20, 39, 40, 41, 50), r, []int{5, 5, 4, 4, 2, 2, 1, 1}, "[10 20 30 40]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.o.Rules == nil {
				test.o.Rules = all
			}
			result, err := segments.RFM(ctx, collect(t, test.lines), test.o)
			if err != nil {
				t.Fatal(err)
			}
			got := scored(result, test.axis)
			if !slices.Equal(got, test.want) {
				t.Errorf("scores %v, want %v", got, test.want)
			}
			var cuts string
			switch test.axis(segments.RFMCustomer{R: 1, F: 2, M: 3}) {
			case 1:
				cuts = fmt.Sprint(result.R)
			case 2:
				cuts = fmt.Sprint(result.F)
			case 3:
				cuts = fmt.Sprint(result.M)
			}
			if cuts != test.cuts {
				t.Errorf("cut points %s, want %s", cuts, test.cuts)
			}
		})
	}
}

// naiveQuantile is the score that the definition of [segments.Quantile] gives,
// one customer against all others.
func naiveQuantile(values []int64, v int64, k int) int {
	worse := 0
	for _, w := range values {
		if w < v {
			worse++
		}
	}
	return 1 + k*worse/len(values)
}

// naiveWidth is the score that the definition of [segments.EqualWidth] gives, in
// floats: the values are small.
func naiveWidth(values []int64, v int64, k int, percent float64) int {
	values = slices.Sorted(slices.Values(values))
	cut := int(percent * float64(len(values)) / 100)
	values = values[cut : len(values)-cut]
	lo, hi := float64(values[0]), float64(values[len(values)-1])
	if lo == hi {
		if float64(v) > lo {
			return k
		}
		return 1
	}
	score := 1
	for i := 1; i < k; i++ {
		if float64(k)*(float64(v)-lo) >= float64(i)*(hi-lo) {
			score++
		}
	}
	return score
}

// drawOptions draws options of the scorings that cut by the customers.
func drawOptions(t *rapid.T) segments.RFMOptions {
	o := segments.RFMOptions{
		Scoring: rapid.SampledFrom([]segments.Scoring{segments.Quantile, segments.EqualWidth}).Draw(t, "scoring"),
		Scores:  rapid.IntRange(2, 9).Draw(t, "scores"),
		Measure: rapid.SampledFrom([]orders.Measure{orders.Revenue, orders.GrossProfit, orders.Contribution}).Draw(t, "measure"),
		Rules:   all,
	}
	if o.Scoring == segments.EqualWidth {
		o.TrimPercent = rapid.SampledFrom([]orders.Amount{-1, 0, 10 * orders.One, 25 * orders.One, 49 * orders.One}).Draw(t, "trim")
	}
	return o
}

// TestScoringAgainstDefinition scores random customers over again by what the
// definitions say, and by the cut points that the result prints.
func TestScoringAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		o := drawOptions(t)
		result, err := segments.RFM(ctx, f, o)
		if err != nil {
			t.Fatal(err)
		}
		var days, purchases, amounts []int64
		for _, c := range result.Scored {
			days, purchases = append(days, -int64(c.DaysSinceLast)), append(purchases, c.Purchases)
			if c.Money.Known {
				amounts = append(amounts, int64(c.Money.Amount))
			}
		}
		percent := max(0, o.TrimPercent).Float64()
		if o.Scoring == segments.EqualWidth && o.TrimPercent == 0 {
			percent = 5
		}
		score := func(values []int64, v int64) int {
			if o.Scoring == segments.EqualWidth {
				return naiveWidth(values, v, o.Scores, percent)
			}
			return naiveQuantile(values, v, o.Scores)
		}
		for _, c := range result.Scored {
			want := [3]int{score(days, -int64(c.DaysSinceLast)), score(purchases, c.Purchases), 0}
			if c.Money.Known {
				want[2] = score(amounts, int64(c.Money.Amount))
			}
			if got := [3]int{c.R, c.F, c.M}; got != want {
				t.Errorf("%s %s: scores %v, want %v", o.Scoring, c.ID, got, want)
			}
			printed := [3]int{o.Scores, 1, 0}
			for i := range o.Scores - 1 {
				if c.DaysSinceLast > result.R[i] {
					printed[0]--
				}
				if c.Purchases >= result.F[i] {
					printed[1]++
				}
			}
			if c.Money.Known {
				printed[2] = 1
				for _, cut := range result.M {
					if c.Money.Amount >= cut {
						printed[2]++
					}
				}
			}
			if printed != want {
				t.Errorf("%s %s: the cut points %v %v %v give %v, want %v", o.Scoring, c.ID, result.R, result.F, result.M, printed, want)
			}
		}
	})
}

// TestRFMOrder: in which order the rows of the export stand does not matter,
// and equal values have equal scores.
func TestRFMOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := factstest.Lines(t)
		o := drawOptions(t)
		open := func(lines []orders.Line) *segments.RFMResult {
			f, err := factstest.Open(lines, orders.Options{})
			if errors.Is(err, orders.ErrNoRows) {
				return &segments.RFMResult{}
			}
			if err != nil {
				t.Skip(err)
			}
			r, err := segments.RFM(ctx, f, o)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		a := open(lines)
		b := open(rapid.Permutation(lines).Draw(t, "rows"))
		if d := factstest.Diff(scoresOf(a), scoresOf(b)); d != "" {
			t.Error(d)
		}
		for _, c := range a.Scored {
			for _, d := range a.Scored {
				if c.DaysSinceLast == d.DaysSinceLast && c.R != d.R || c.Purchases == d.Purchases && c.F != d.F || c.Money == d.Money && c.M != d.M ||
					c.DaysSinceLast < d.DaysSinceLast && c.R < d.R || c.Purchases > d.Purchases && c.F < d.F || c.Money.Known && d.Money.Known && c.Money.Amount > d.Money.Amount && c.M < d.M {
					t.Errorf("%+v and %+v", c, d)
				}
			}
		}
	})
}

// scoresOf are a result's scores without the names that only the order of rows decides.
func scoresOf(r *segments.RFMResult) (all []string) {
	for _, c := range r.Scored {
		all = append(all, fmt.Sprint(c.ID, c.R, c.F, c.M, c.Rule))
	}
	return append(all, fmt.Sprint(r.R, r.F, r.M, r.Levels, r.Counts, r.Warnings))
}

// TestScoresThatDoNotOccur: ties leave scores out, which is told and is no
// error; so are rules that only those could fire.
func TestScoresThatDoNotOccur(t *testing.T) {
	rules := []segments.Rule{{Segment: "once", F: segments.Range{From: 1, To: 1}}, {Segment: "twice", F: segments.Range{From: 2, To: 3}}, {Segment: "often"}}
	result, err := segments.RFM(ctx, collect(t, frequent(1, 1, 1, 1, 1, 1, 2, 2, 3, 9)), segments.RFMOptions{Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	if want := (segments.Levels{R: 1, F: 3, M: 3}); result.Levels != want {
		t.Errorf("levels %+v, want %+v", result.Levels, want)
	}
	if got := fmt.Sprint(result.Counts); got != "{[10 0 0 0 0] [6 0 0 2 2] [6 0 0 2 2]}" {
		t.Errorf("counts %s", got)
	}
	var got []string
	for _, w := range result.Warnings {
		got = append(got, fmt.Sprint(w.Code, w.Count, w.Examples))
	}
	want := []string{"rfm_scores_missing8 [R 2 R 3 R 4 R 5 F 2 F 3 M 2 M 3]", "rfm_rules_idle1 [2]"}
	if !slices.Equal(got, want) {
		t.Errorf("warnings %q, want %q", got, want)
	}
	if result.Segments[1].Customers != 0 || result.Segments[2].Customers != 4 {
		t.Errorf("%+v", result.Segments)
	}
	// Nobody at all: nothing to warn of.
	empty, err := segments.RFM(ctx, collect(t, []orders.Line{sale("a", 0, -5)}), segments.RFMOptions{})
	if err != nil || empty.Warnings != nil || empty.R != nil || empty.F != nil || empty.M != nil || empty.Customers != 0 || empty.Without != 1 {
		t.Errorf("%+v, %v", empty, err)
	}
}

// TestInvalidScoring: each error names what is wrong.
func TestInvalidScoring(t *testing.T) {
	h := collect(t, times(2, "a", 0, 1))
	for name, test := range map[string]struct {
		o    segments.RFMOptions
		text string
	}{
		"scoring":                  {segments.RFMOptions{Scoring: 3}, "Scoring = 3"},
		"one score":                {segments.RFMOptions{Scores: 1, Rules: all}, "Scores = 1"},
		"ten scores":               {segments.RFMOptions{Scores: 10, Rules: all}, "Scores = 10"},
		"default rules of three":   {segments.RFMOptions{Scores: 3}, "Rules are needed"},
		"trimmed quantiles":        {segments.RFMOptions{TrimPercent: 1}, "TrimPercent = 0.0001"},
		"trimmed to nobody":        {segments.RFMOptions{Scoring: segments.EqualWidth, TrimPercent: 50 * orders.One}, "TrimPercent = 50"},
		"cut points of quantiles":  {segments.RFMOptions{F: []int64{2, 3, 4, 5}}, "F = [2 3 4 5]: cut points are for the scoring Fixed, not for quantile"},
		"cut points of widths":     {segments.RFMOptions{Scoring: segments.EqualWidth, R: []int{1, 2, 3, 4}}, "R = "},
		"three cut points of five": {segments.RFMOptions{Scoring: segments.Fixed, M: []orders.Amount{1, 2, 3}}, "M = [0.0001 0.0002 0.0003]: 5 scores take 4"},
		"no cut points of three":   {segments.RFMOptions{Scoring: segments.Fixed, Scores: 3, Rules: all}, "R = []: 3 scores take 2"},
		"no money of three":        {segments.RFMOptions{Scoring: segments.Fixed, Scores: 3, Rules: all, R: []int{1, 2}, F: []int64{2, 3}}, "M = []"},
		"beyond three scores":      {segments.RFMOptions{Scores: 3, Rules: []segments.Rule{{Segment: "four", R: segments.Range{From: 4, To: 5}}}}, "Rules[0] (four)"},
	} {
		if _, err := segments.RFM(ctx, h, test.o); !errors.Is(err, orders.ErrOptions) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v, want %q", name, err, test.text)
		}
	}
}

// TestRFMTables looks at the records of the rules and of the cut points.
func TestRFMTables(t *testing.T) {
	rules := []segments.Rule{{Segment: "poor", R: segments.Range{From: 1, To: 3}, M: segments.Range{To: 2}}, {Segment: "rest"}}
	result, err := segments.RFM(ctx, collect(t, spenders(1, 2)), segments.RFMOptions{Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"rule=1 segment=poor r_from=1 r_to=3 f_from=(null) f_to=(null) m_from=0 m_to=2",
		"rule=2 segment=rest r_from=(null) r_to=(null) f_from=(null) f_to=(null) m_from=(null) m_to=(null)",
	} {
		if got, rows := orderstest.Row(t, result.RuleRecord, i); got != want || rows != 2 {
			t.Errorf("%d rows; %s\nwant %s", rows, got, want)
		}
	}
	for i, want := range map[int]string{
		0:  "axis=r score=1 cut=(null) customers=2",
		4:  "axis=r score=5 cut=-1 customers=0",
		6:  "axis=f score=2 cut=2 customers=0",
		10: "axis=m score=1 cut=(null) customers=1",
		12: "axis=m score=3 cut=2 customers=1",
		14: "axis=m score=5 cut=2.0001 customers=0",
	} {
		if got, rows := orderstest.Row(t, result.CutRecord, i); got != want || rows != 15 {
			t.Errorf("%d rows; %s\nwant %s", rows, got, want)
		}
	}
	for s := segments.Quantile; s <= segments.EqualWidth+1; s++ {
		if text, err := s.MarshalText(); err != nil || string(text) != s.String() {
			t.Errorf("%s: %q, %v", s, text, err)
		}
	}
}
