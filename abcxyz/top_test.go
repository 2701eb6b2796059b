package abcxyz_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

func top(t rapid.TB, f orders.Facts, o abcxyz.TopOptions) *abcxyz.TopList {
	t.Helper()
	l, err := abcxyz.Top(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// months returns sales on the first day of each month from January 2024: in each,
// "item value" pairs.
func months(t testing.TB, months ...string) []orders.Line {
	t.Helper()
	var lines []orders.Line
	for m, sales := range months {
		fields := strings.Fields(sales)
		for i := 0; i < len(fields); i += 2 {
			lines = append(lines, orders.Line{Customer: fields[i], Date: orders.NewDate(2024, 1, 1), Revenue: amount(t, fields[i+1])})
			lines[len(lines)-1].Date = orders.Month.Of(lines[0].Date).Add(m).First()
		}
	}
	return lines
}

func TestTop(t *testing.T) {
	l := top(t, open(t, months(t,
		"a 50 b 40 c 30 d 20 e 10",
		"a 50 c 40 d 30 e 30 f 5 b -1",
		"a 10 b 40 d 20 f 20 g 5",
	)), abcxyz.TopOptions{N: 3})

	nan := math.NaN()
	period := func(month int, sum, total, base, threshold orders.Amount, listed int) abcxyz.TopPeriod {
		return abcxyz.TopPeriod{
			Period: orders.Month.Of(orders.NewDate(2024, 1, 1)).Add(month), Listed: listed, Threshold: threshold * orders.One,
			Sum: sum * orders.One, Total: total * orders.One, Base: base * orders.One, Share: float64(sum) / float64(base), Jaccard: nan, RBO: nan,
		}
	}
	// February: d and e share the third place, so four are listed. March: b, then d
	// and f share the second, and nobody has the third.
	want := []abcxyz.TopPeriod{period(0, 120, 150, 150, 30, 3), period(1, 150, 154, 155, 30, 4), period(2, 80, 95, 95, 20, 3)}
	want[1].Entered, want[1].Stayed, want[1].Left, want[1].Jaccard = 2, 2, 1, 2./5
	want[2].Entered, want[2].Returned, want[2].Stayed, want[2].Left, want[2].Jaccard = 1, 1, 1, 3, 1./6
	// a b c against a c (d e): agreement 1 at 1, ½ at 2, 2·2 ÷ (3 + 4) at 3, and at
	// 4 the shorter list's unseen fourth place agrees as its third: 2·(2 + 4/7) ÷ 8.
	p := 0.9
	want[1].RBO = (1-p)/p*(p+.5*p*p+4./7*p*p*p+18./28*p*p*p*p) + 18./28*p*p*p*p
	// a c (d e) against b (d f): agreement 0 at 1; nothing in both of a c, b d f at
	// 2; d alone of a c d e, b d f at 3; likewise with the fourth.
	want[2].RBO = (1-p)/p*(2./7*p*p*p+2*(1+2./7)/8*p*p*p*p) + 2*(1+2./7)/8*p*p*p*p
	for k := range want {
		got := l.Periods[k]
		if !(math.Abs(got.RBO-want[k].RBO) < 1e-15) && k > 0 {
			t.Errorf("RBO of period %d is %v, not %v", k, got.RBO, want[k].RBO)
		}
		got.RBO, want[k].RBO = nan, nan
		if d := factstest.Diff(want[k], got); d != "" {
			t.Errorf("period %d%s", k, d)
		}
	}

	var got []string
	for _, item := range l.Items {
		s := item.ID
		for _, p := range item.Places {
			s += fmt.Sprintf(" %d:%s:%+d:%s", p.Rank, p.Value, p.Change, p.Move)
		}
		got = append(got, s)
	}
	if d := factstest.Diff([]string{
		"b 2:40:+0:listed 0:-1:+0:left 1:40:+0:returned",
		"d 4:20:+0: 3:30:+1:entered 2:20:+1:stayed",
		"f 0:0:+0: 5:5:+0: 2:20:+3:entered",
		"a 1:50:+0:listed 1:50:+0:stayed 4:10:-3:left",
		"c 3:30:+0:listed 2:40:+1:stayed 0:0:+0:left",
		"e 5:10:+0: 3:30:+2:entered 0:0:+0:left",
	}, got); d != "" {
		t.Error(d)
	}
	if share := l.Items[1].Places[0].Share; share != 20./150 || !math.IsNaN(l.Items[0].Places[1].Share) {
		t.Errorf("shares %v, %v", share, l.Items[0].Places[1].Share)
	}
	wantRows(t, l.PeriodRecord, "period|listed|threshold|sum|total|base|share|entered|returned|stayed|left|jaccard|rbo",
		"2024-01|3|30|120|150|150|0.8|null|null|null|null|null|null",
		"2024-02|4|30|150|154|155|0.967741935483871|2|0|2|1|0.4|0.6599285714285714",
		fmt.Sprintf("2024-03|3|20|80|95|95|0.8421052631578947|1|1|1|3|0.16666666666666666|%v", l.Periods[2].RBO))
	l.Items = l.Items[:1]
	wantRows(t, l.Record, "item|name|period|rank|value|share|change|move",
		"b|b|2024-01|2|40|0.26666666666666666|null|listed",
		"b|b|2024-02|null|-1|null|null|left",
		"b|b|2024-03|1|40|0.42105263157894735|null|returned")
}

// ranked returns a month's sales whose ranking is written as "a (b c) d", b and c
// being tied.
func ranked(s string) string {
	var out []string
	value, tied := 1000, false
	for _, word := range strings.Fields(s) {
		tied = tied || strings.HasPrefix(word, "(")
		out = append(out, fmt.Sprint(strings.Trim(word, "()"), " ", value))
		if tied = tied && !strings.HasSuffix(word, ")"); !tied {
			value--
		}
	}
	return strings.Join(out, " ")
}

// TestRBO holds rank-biased overlap to published values.
func TestRBO(t *testing.T) {
	letters := func(s string) string { return strings.Join(strings.Split(s, ""), " ") }
	alphabet := letters("abcdefghijklmnopqrstuvwxyz")
	for _, test := range []struct {
		name, x, y string
		p, want    float64
		within     float64
	}{
		// W. Webber's own implementation, as the test data of the Rust crate rbo has
		// its output (mpetri/rbo, test_data/uneven_abc.json): lists without ties, of
		// unequal length.
		{"Webber 1", alphabet, letters("akdwcjomxrubqitenhspyl"), 0.1, 0.948509, 5e-7},
		{"Webber 2", alphabet, letters("av"), 0.2, 0.9, 5e-7},
		{"Webber 3", alphabet, letters("bncxagm"), 0.2, 0.105466, 5e-7},
		{"Webber 4", alphabet, letters("afdqwtvehcpubinloygrs"), 0.4, 0.782330, 5e-7},
		{"Webber 5", alphabet, letters("karfvodcjmwgzlypebunq"), 0.9, 0.468431, 5e-7},
		{"Webber 6", alphabet, letters("f"), 0.9, 0.053090, 5e-7},
		{"Webber 7", alphabet, letters("zclx"), 0.9, 0.233312, 5e-7},
		// M. Corsi and J. Urbano, The treatment of ties in rank-biased overlap (SIGIR
		// 2024): the example of their software, and rows of its test data (RBO^w,
		// extrapolated; julian-urbano/sigir2024-rbo, rbo/test.csv).
		{"Corsi and Urbano", "red (blue green) yellow pink", "(blue red) white (yellow black purple) green", 0.95, 0.7068257, 5e-8},
		{"ties 1", "(i5 i9 i13 i15 i16 i19 i20) (i3 i8)", "i6 (i4 i18) i2 i7 i8 i17 i14 (i11 i12) i1", 0.958074765324023, 0.0816485573277354, 1e-14},
		{"ties 2", "i13 (i1 i4 i5 i6)", "i3 i14 i11 (i10 i15) i12 (i6 i9) i4 i2", 0.92238320668128, 0.117578490431637, 1e-14},
		{"ties 3", "i11 (i8 i21) (i2 i18) (i6 i16 i20) (i4 i10)", "i8 (i9 i20 i21) (i2 i3) i13 i1 i11 i14 i19", 0.93912403977192, 0.482369482292872, 1e-14},
		{"ties 4", "(i3 i6) (i2 i7) i10", "(i3 i6 i7 i10) (i1 i2)", 0.965413635276732, 0.946064537517568, 1e-14},
		{"ties 5", "(i4 i14) i10 i9 i16 i1 (i11 i21) i7", "(i4 i7 i9 i10 i14 i16) i21 (i1 i11) (i3 i6 i17 i18)", 0.980350757903177, 0.95731778452095, 1e-14},
		{"ties 6", "(i1 i9 i15 i17) i13 i4 i3 i2", "(i1 i17) i15 i9 i13 i4 (i2 i3) i14", 0.959906916802432, 0.966438584453973, 1e-14},
		{"nothing in common", "i21 i20 (i1 i16 i19) (i5 i10) i4", "(i12 i17) (i2 i3 i8 i11) (i15 i18) (i6 i13) (i7 i14) i9", 0.930074017489188, 0, 0},
		{"the same", "a b (c d) e", "a b (c d) e", 0.9, 1, 1e-15},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, lists := range [][]string{{test.x, test.y}, {test.y, test.x}} { // it is symmetric
				f := open(t, months(t, ranked(lists[0]), ranked(lists[1])))
				l := top(t, f, abcxyz.TopOptions{N: 30, Periods: 2, Persistence: test.p})
				if got := l.Periods[1].RBO; !(math.Abs(got-test.want) <= test.within) {
					t.Errorf("%v, want %v", got, test.want)
				}
			}
		})
	}
}

// TestTopOracle lists, ranks and compares anew, item by item.
func TestTopOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, ranking := draw(t)
		o := abcxyz.TopOptions{Scope: ranking.Scope, By: ranking.By, Measure: ranking.Measure, Grain: ranking.Grain,
			N: rapid.IntRange(1, 4).Draw(t, "n"), Periods: rapid.IntRange(2, 5).Draw(t, "periods")}
		l := top(t, f, o)
		o = l.Options
		answer, err := factstest.Answer(context.Background(), f, orders.SeriesQuery{Scope: o.Scope, By: o.By, Measure: o.Measure, Grain: o.Grain})
		if err != nil {
			t.Fatal(err)
		}
		control, err := f.Control(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		all := answer.([]orders.Series)
		listed := map[string]bool{}
		var before []string
		for k, p := range l.Periods {
			if !control.Whole(p.Period, o.Scope.From, o.Scope.AsOf) || k > 0 && p.Period != l.Periods[k-1].Period.Add(1) {
				t.Errorf("%s is not whole, or does not follow the one before", p.Period)
			}
			value := map[string]orders.Amount{}
			var total orders.Amount
			for _, s := range all {
				value[s.Item] = s.Values[p.Period.Sub(s.Start)]
				total += value[s.Item]
			}
			place := func(id string) int {
				n := 1
				for _, v := range value {
					if v > value[id] {
						n++
					}
				}
				return n
			}
			var now []string
			var sum orders.Amount
			for id, v := range value {
				if v > 0 && place(id) <= o.N {
					now = append(now, id)
					listed[id] = true
					sum += v
				}
			}
			slices.Sort(now)
			if p.Listed != len(now) || p.Sum != sum || p.Total != total {
				t.Errorf("%s: %d listed with %s of %s, not %d with %s of %s", p.Period, p.Listed, p.Sum, p.Total, len(now), sum, total)
			}
			common := 0
			for _, id := range now {
				if slices.Contains(before, id) {
					common++
				}
			}
			if k > 0 {
				either := len(now) + len(before) - common
				if p.Stayed != common || p.Stayed+p.Left != len(before) || p.Entered+p.Returned+p.Stayed != len(now) ||
					either > 0 && p.Jaccard != float64(common)/float64(either) || math.IsNaN(p.Jaccard) != (either == 0) {
					t.Errorf("%s: %+v; %d in common of %d and %d", p.Period, p, common, len(before), len(now))
				}
				if either > 0 && !(-1e-12 <= p.RBO && p.RBO <= 1+1e-12) || (p.RBO == 0) != (either > 0 && common == 0) || math.IsNaN(p.RBO) != (either == 0) {
					t.Errorf("%s: RBO %v, %d in common", p.Period, p.RBO, common)
				}
			}
			for _, item := range l.Items {
				got := item.Places[k]
				if got.Value != value[item.ID] || got.Move.In() != slices.Contains(now, item.ID) || got.Rank != 0 && got.Rank != place(item.ID) || (got.Rank == 0) != (got.Value <= 0) {
					t.Errorf("%s: %q is %+v", p.Period, item.ID, got)
				}
			}
			before = now
		}
		if len(l.Items) != len(listed) {
			t.Errorf("%d items, not %d", len(l.Items), len(listed))
		}
	})
}

// TestTopHistory: neither the order of lines nor which Facts answer changes anything.
func TestTopHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, lines, ingest, ranking := draw(t)
		o := abcxyz.TopOptions{Scope: ranking.Scope, By: ranking.By, N: 2}
		h, err := orders.Collect(context.Background(), orderstest.Rows(slices.Values(rapid.Permutation(lines).Draw(t, "permutation"))), ingest)
		if err != nil {
			t.Fatal(err)
		}
		got := top(t, h, o)
		h.Release()
		if d := factstest.Diff(top(t, f, o), got); d != "" {
			t.Error(d)
		}
	})
}

// TestTopPartial: what the export covers only in part is no period of a list.
func TestTopPartial(t *testing.T) {
	lines := months(t, "a 1 b 2", "a 2 b 1", "a 1 b 1", "b 9")
	lines = append(lines, orders.Line{Customer: "a", Date: orders.NewDate(2024, 4, 20), Revenue: orders.One})
	for d := range orders.Date(110) {
		lines = append(lines, orders.Line{Customer: "daily", Date: orders.NewDate(2024, 1, 1) + d, Revenue: orders.One / 100})
	}
	l := top(t, open(t, lines), abcxyz.TopOptions{Periods: 12})
	if len(l.Periods) != 3 || l.Periods[2].Period.String() != "2024-03" || len(l.Partial) != 1 || l.Partial[0].String() != "2024-04" {
		t.Errorf("periods %+v, partial %v", l.Periods, l.Partial)
	}
	l = top(t, open(t, months(t, "a 1", "b 1")), abcxyz.TopOptions{Grain: orders.Year})
	if len(l.Periods) != 0 || len(l.Items) != 0 || len(l.Partial) != 1 {
		t.Errorf("%+v", l)
	}
}

func TestTopOptions(t *testing.T) {
	f := open(t, months(t, "a 1", "b 1"))
	day := orders.NewDate(2024, 1, 1)
	want := abcxyz.TopOptions{Scope: orders.Scope{From: day, AsOf: day + 31}, By: orders.ByCustomer, Grain: orders.Month, N: 20, Periods: 3, Persistence: 0.9}
	if d := factstest.Diff(want, top(t, f, abcxyz.TopOptions{}).Options); d != "" {
		t.Error(d)
	}
	for _, test := range []struct {
		name, field string
		options     abcxyz.TopOptions
	}{
		{"an unknown dimension", "By", abcxyz.TopOptions{By: "colour"}},
		{"an unknown measure", "Measure", abcxyz.TopOptions{Measure: 99}},
		{"an unknown grain", "Grain", abcxyz.TopOptions{Grain: 99}},
		{"no places", "N", abcxyz.TopOptions{N: -1}},
		{"one period", "Periods", abcxyz.TopOptions{Periods: 1}},
		{"a persistence of 1", "Persistence", abcxyz.TopOptions{Persistence: 1}},
		{"a persistence that is no number", "Persistence", abcxyz.TopOptions{Persistence: math.NaN()}},
		{"a scope that ends before it begins", "Scope.From", abcxyz.TopOptions{Scope: orders.Scope{From: 2, AsOf: 1}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := abcxyz.Top(context.Background(), f, test.options)
			wantOptionError(t, err, test.field)
		})
	}
}
