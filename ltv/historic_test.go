package ltv_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// TestHistoric follows three customers by hand.
func TestHistoric(t *testing.T) {
	lines := []orders.Line{
		line("b", "2024-01-10", 100, 60), line("b", "2024-02-20", 200, 100),
		line("a", "2024-01-31", 500, 300),
		sale("c", "2024-02-01", 900), // no cost known
		line("d", "2024-02-01", 10, 4), line("d", "2024-02-29", 20, 9),
	}
	lines[1].Direct = money(5)
	lines[0].CustomerName = "Ann"
	l, err := ltv.Historic(ctx, orderstest.Collect(t, lines, complete), ltv.HistoricOptions{Costs: orders.Costs{CostPerLead: money(10), Conversion: 1, Overhead: money(1)}})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		id, cohort, gross, contribution, value, first, repeat string
		days                                                  int
		revenue, acquisition                                  int64
	}
	var got []row
	for _, v := range l.Customers {
		got = append(got, row{v.ID, v.Cohort.String(), v.GrossProfit.String(), v.Contribution.String(), v.Profit.String(), v.First.Profit.String(), v.Repeat.Profit.String(), v.Days, whole(v.Revenue), whole(v.Acquisition)})
	}
	want := []row{
		{"a", "2024-01", "200", "200", "189", "189", "0", 0, 500, 10},
		{"b", "2024-01", "140", "135", "123", "29", "94", 41, 300, 10},
		{"d", "2024-02", "17", "17", "5", "-5", "10", 28, 30, 10},
		{"c", "2024-02", "", "", "", "", "0", 0, 900, 10}, // an unknown value is last
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if l.Customers[1].Name != "Ann" || l.Acquisition != money(10) || l.AsOf.String() != "2024-02-29" {
		t.Errorf("%+v", l)
	}
	type cohort struct {
		name                string
		customers           int64
		revenue, avg, value string
		days                float64
	}
	var cohorts []cohort
	for _, c := range append(l.Cohorts, l.Total) {
		cohorts = append(cohorts, cohort{c.Cohort.String(), c.Customers, c.Revenue.String(), c.AverageRevenue.String(), c.AverageValue.String(), c.AverageDays})
	}
	wantCohorts := []cohort{
		{"2024-01", 2, "800", "400", "156", 20.5},
		{"2024-02", 2, "930", "465", "-3", 14}, // 5 − 11 charged to the customer whose goods' cost is unknown, ÷ 2
		{"", 4, "1730", "432.5", "76.5", 17.25},
	}
	if !slices.Equal(cohorts, wantCohorts) {
		t.Errorf("got  %+v\nwant %+v", cohorts, wantCohorts)
	}
}

// TestHistoricEarlier: who may have come before the export begins is in the
// cohort "earlier" and cost nothing to win.
func TestHistoricEarlier(t *testing.T) {
	lines := []orders.Line{
		line("old", "2024-01-01", 100, 60), line("new", "2024-06-01", 100, 60), line("back", "2024-06-01", -10, -6),
		line("later", "2024-12-31", 100, 60),
	}
	l, err := ltv.Historic(ctx, orderstest.Collect(t, lines, orders.Options{BurnIn: 30}), ltv.HistoricOptions{Costs: orders.Costs{CostPerLead: money(10), Conversion: 1}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		entry orders.Side
		value int64
	}{"old": {orders.Unknown, 40}, "new": {orders.First, 30}, "later": {orders.First, 30}, "back": {orders.Unmatched, -4}}
	if len(l.Customers) != len(want) {
		t.Fatalf("%d customers", len(l.Customers))
	}
	for _, v := range l.Customers {
		if w := want[v.ID]; v.Entry != w.entry || v.Profit != known(w.value) || v.Cohort.IsZero() == (v.Entry == orders.First) {
			t.Errorf("%s: %s, %v, cohort %q; want %+v", v.ID, v.Entry, v.Profit, v.Cohort, w)
		}
	}
	earlier := l.Cohorts[0]
	if !earlier.Cohort.IsZero() || earlier.Customers != 2 || earlier.Acquisition != 0 || earlier.AverageDays != 0 {
		t.Errorf("earlier: %+v", earlier)
	}
}

// TestHistoricAddsUpToDealProfit: customers, cohorts and the total are the
// profit table seen from another side, the overhead pool included.
func TestHistoricAddsUpToDealProfit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		c := drawCosts(t)
		p, err := ltv.DealProfit(ctx, f, c)
		if err != nil {
			t.Fatal(err)
		}
		l, err := ltv.Historic(ctx, f, ltv.HistoricOptions{Costs: c})
		if err != nil {
			t.Fatal(err)
		}
		var customers, cohorts int64
		sums := map[ltv.Line][2]orders.Amount{} // of customers, of cohorts
		add := func(i int, column ltv.Column) {
			for _, line := range ltv.Lines()[:ltv.NetProfit] {
				s := sums[line]
				s[i] += column.Money(line).Amount
				sums[line] = s
			}
		}
		for _, v := range l.Customers {
			customers++
			add(0, v.Column)
		}
		for _, v := range l.Cohorts {
			cohorts += v.Customers
			add(1, v.Column)
		}
		if customers != l.Total.Customers || cohorts != customers || l.Total.Purchases != p.Total.Purchases {
			t.Errorf("%d customers, %d in cohorts, %d in total", customers, cohorts, l.Total.Customers)
		}
		// A percentage of a customer's revenue is rounded to four places, and so is
		// the part of an assumed revenue whose cost is known.
		slack := orders.Amount(4 * (customers + 1))
		for line, s := range sums {
			total := l.Total.Money(line).Amount
			if s[0] != total || s[1] != total {
				t.Errorf("%s: customers %s, cohorts %s, total %s", line, s[0], s[1], total)
			}
			exact := line != ltv.Bonus && line != ltv.RevenueWithoutCost && line != ltv.COGS
			switch diff := (total - p.Total.Money(line).Amount).Abs(); {
			case c.Revenue.Known && !exact:
				// the proportion of known cost is each customer's own
			case exact && diff != 0, diff > slack:
				t.Errorf("%s: %s, the profit table says %v", line, total, p.Total.Money(line))
			}
		}
	})
}

// TestHistoricOrder: descending by value, unknown last, then by revenue, then by id.
func TestHistoricOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		l, err := ltv.Historic(ctx, f, ltv.HistoricOptions{Cohort: orders.Year})
		if err != nil {
			t.Fatal(err)
		}
		key := func(v ltv.Lifetime) float64 {
			if !v.Profit.Known {
				return math.Inf(-1)
			}
			return v.Profit.Amount.Float64()
		}
		for i := 1; i < len(l.Customers); i++ {
			a, b := l.Customers[i-1], l.Customers[i]
			switch {
			case key(a) > key(b):
			case key(a) == key(b) && a.Revenue > b.Revenue:
			case key(a) == key(b) && a.Revenue == b.Revenue && strings.Compare(a.ID, b.ID) < 0:
			default:
				t.Errorf("%s before %s", a.ID, b.ID)
			}
		}
	})
}
