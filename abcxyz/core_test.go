package abcxyz_test

import (
	"context"
	"math"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
)

func core(t testing.TB, f orders.Facts, o abcxyz.CoreOptions) *abcxyz.CoreList {
	t.Helper()
	l, err := abcxyz.Core(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// company returns the lines of five customers by 2024-04-09, day 99, each
// purchase of which is on a day since 2024-01-01.
func company() []orders.Line {
	var lines []orders.Line
	for _, c := range []struct {
		id      string
		revenue orders.Amount // of each purchase
		days    []int
	}{
		{"weekly", 50, []int{50, 57, 64, 71, 78, 85}}, // median 7: lapsed at 21 days, day 106
		{"lapsed", 40, []int{0, 10, 20, 30, 40}},      // median 10: lapsed at 30 days, day 70
		{"erratic", 30, []int{0, 1, 2, 3, 4, 90}},     // median 1: lapsed at 3 days, day 93
		{"patchy", 20, []int{60, 70, 90, 91, 95, 99}}, // gaps 10 20 1 4 4: median 4
		{"big once", 400, []int{80}},                  // nothing of its own: the company's median
		{"big twice", 200, []int{0, 20}},              // likewise
		{"three", 90, []int{95, 97, 99}},              // too few purchases, two gaps only
		{"small", 1, []int{0, 30, 60, 90}},            // class C
		{"gone", 1, []int{0, 1, 2, 3}},                // class C
	} {
		for _, d := range c.days {
			lines = append(lines, orders.Line{
				Customer: c.id, Salesperson: "S", Date: orders.NewDate(2024, 1, 1) + orders.Date(d), Revenue: c.revenue * orders.One,
			})
		}
	}
	return lines
}

func TestCore(t *testing.T) {
	// Revenue: big once 400, big twice 400, weekly 300, three 270, lapsed 200, erratic 180,
	// patchy 120, gone 4, small 4; together 1,878. 95 % before is 1,784.1, so patchy
	// (1,750 before) is in with A up to 95 %.
	o := abcxyz.CoreOptions{Ranking: abcxyz.Options{Bounds: bounds(95, 99)}}
	l := core(t, open(t, company()), o)

	// Own medians of three gaps or more: weekly 7, lapsed 10, erratic 1, patchy 4,
	// small 30, gone 1: sorted 1 1 4 7 10 30.
	if l.MedianGap != 5.5 {
		t.Errorf("the company's median gap is %v", l.MedianGap)
	}
	if len(l.Customers) != 2 || l.Customers[0].ID != "weekly" || l.Customers[1].ID != "patchy" {
		t.Fatalf("%+v", l.Customers)
	}
	w := l.Customers[0]
	if w.Rank != 3 || w.ABC != abcxyz.A || w.XYZ != abcxyz.X || w.Purchases != 6 || w.DaysSinceLast != 14 || w.MedianGap != 7 || !w.OwnMedian || w.GapCV != 0 ||
		w.FirstDay.String() != "2024-02-20" || w.LastDay.String() != "2024-03-26" || w.NextDay.String() != "2024-04-02" || w.Owner != "S" {
		t.Errorf("%+v", w)
	}

	part := func(customers int, revenue orders.Amount) abcxyz.CorePart {
		return abcxyz.CorePart{Customers: customers, Revenue: revenue * orders.One, Share: float64(revenue) / 1878}
	}
	for _, test := range []struct {
		name      string
		got, want abcxyz.CorePart
	}{
		{"class A", l.ClassA, part(7, 1870)},
		{"core", l.Core, part(2, 420)},
		{"one-off", l.OneOff, part(1, 400)},
		// Too few gaps: big twice, three, lapsed (four gaps); Z: erratic, patchy.
		{"irregular", l.Irregular, part(5, 1170)},
		// big once 19 days and big twice 79 days against 16.5; lapsed 59 against 30;
		// erratic 9 against 3.
		{"lapsed", l.Lapsed, part(4, 1180)},
		{"irregular or lapsed", l.IrregularOrLapsed, part(6, 1570)},
	} {
		if test.got != test.want {
			t.Errorf("%s: %+v, not %+v", test.name, test.got, test.want)
		}
	}
}

func TestCoreOptions(t *testing.T) {
	f := open(t, company())
	a := abcxyz.Options{Bounds: bounds(95, 99)}
	for _, test := range []struct {
		name    string
		options abcxyz.CoreOptions
		want    int
	}{
		{"six purchases", abcxyz.CoreOptions{MinPurchases: 6}, 2},
		{"seven purchases", abcxyz.CoreOptions{MinPurchases: 7}, 0},
		{"three purchases", abcxyz.CoreOptions{MinPurchases: 3}, 3},
		{"a lapse at one median gap", abcxyz.CoreOptions{Lapse: 1}, 1},
		{"a lapse at two median gaps exactly", abcxyz.CoreOptions{Lapse: 2}, 1},
		{"a lapse at nine median gaps exactly", abcxyz.CoreOptions{Lapse: 9}, 3},
		{"nobody has a median", abcxyz.CoreOptions{MinGaps: 100}, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.Ranking = a
			if l := core(t, f, test.options); len(l.Customers) != test.want {
				t.Errorf("%d customers, not %d", len(l.Customers), test.want)
			}
		})
	}
	// Two gaps make no median of one's own: the company's is 5.5 days, and 2024-04-09
	// is the last of three purchases.
	three := core(t, f, abcxyz.CoreOptions{Ranking: a, MinPurchases: 3}).Customers[1]
	if three.ID != "three" || three.OwnMedian || three.MedianGap != 5.5 || three.NextDay.String() != "2024-04-15" {
		t.Errorf("%+v", three)
	}
	got := core(t, f, abcxyz.CoreOptions{MinGaps: 100})
	if !math.IsNaN(got.MedianGap) || got.Lapsed.Customers != 0 || got.Customers[0].NextDay != 0 || got.Customers[0].OwnMedian {
		t.Errorf("median %v, lapsed %+v, %+v", got.MedianGap, got.Lapsed, got.Customers[0])
	}
	if d := factstest.Diff(abcxyz.CoreOptions{Ranking: got.Options.Ranking, MinPurchases: 4, Lapse: 3, MinGaps: 100}, got.Options); d != "" {
		t.Error(d)
	}
}

// TestCoreByProfit: the list is chosen by profit, but tells its share of revenue.
func TestCoreByProfit(t *testing.T) {
	lines := company()
	for i := range lines {
		lines[i].COGS = orders.Known(lines[i].Revenue)
		if lines[i].Customer == "weekly" {
			lines[i].COGS = orders.Known(0)
		}
	}
	l := core(t, open(t, lines), abcxyz.CoreOptions{Ranking: abcxyz.Options{Measure: orders.GrossProfit}})
	want := abcxyz.CorePart{Customers: 1, Revenue: 300 * orders.One, Share: 300. / 1878}
	if l.Core != want || l.ClassA != want || l.Customers[0].Value != 300*orders.One {
		t.Errorf("%+v", l)
	}
}

func TestCoreEmpty(t *testing.T) {
	scope := orders.Scope{Where: []orders.Where{{Dimension: orders.ByCustomer, In: []string{"nobody"}}}}
	l := core(t, open(t, company()), abcxyz.CoreOptions{Ranking: abcxyz.Options{Scope: scope}})
	if len(l.Customers) != 0 || l.ClassA.Customers != 0 || !math.IsNaN(l.Core.Share) || !math.IsNaN(l.MedianGap) {
		t.Errorf("%+v", l)
	}
}
