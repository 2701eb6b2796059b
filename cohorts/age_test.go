package cohorts_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

// The cohort of January 2009 in G. Reda, Cohort Analysis with Python (2015):
// 22 customers, and so many of them active in each month after it. The article
// rounds 8 of 22 to 36.36 % and 10 to 45.45 %.
var reda = []int64{22, 8, 10, 9, 10, 8, 8, 7, 7, 7, 7, 8, 11, 7, 6}

// redaLines are orders that give the cohort's counts: in each month the first so
// many customers buy.
func redaLines() (lines []orders.Line) {
	month := orders.Month.Of(day("2009-01-31"))
	for age, active := range reda {
		for who := range active {
			lines = append(lines, orders.Line{Customer: fmt.Sprintf("c%02d", who), Date: month.Add(age).Last(), Revenue: 10 * orders.One})
		}
	}
	return lines
}

func TestReda(t *testing.T) {
	table := tabulate(t, open(t, redaLines(), complete), cohorts.TableOptions{})
	if len(table.Cohorts) != 1 || table.Cohorts[0].Period.String() != "2009-01" {
		t.Fatalf("cohorts %+v", table.Cohorts)
	}
	c := table.Cohorts[0]
	for age, want := range reda {
		if got := c.Cells[age]; got.Customers != want || got.Retention != float64(want)/22 {
			t.Errorf("age %d: %d active, %v, want %d", age, got.Customers, got.Retention, want)
		}
	}
	for age, want := range map[int]string{1: "36.36", 2: "45.45"} {
		if got := fmt.Sprintf("%.2f", 100*c.Cells[age].Retention); got != want {
			t.Errorf("age %d: %s %%, want %s", age, got, want)
		}
	}
	if rises := c.Cells[2].Retention > c.Cells[1].Retention; !rises {
		t.Error("retention falls, and in the article it is not monotone")
	}
	// The first who buy are the same in each month: eleven are seen in the 13th.
	var later []int64
	for _, cell := range c.Cells {
		later = append(later, cell.Later)
	}
	if want := []int64{22, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 7, 6}; !slices.Equal(later, want) {
		t.Errorf("active then or later: %v, want %v", later, want)
	}
	if got := fmt.Sprintf("%.1f–%.1f", 100*c.Cells[1].Low, 100*c.Cells[1].High); got != "19.7–57.0" {
		t.Errorf("8 of 22: %s %%, want 19.7–57.0", got)
	}
}

// Wilson's intervals. 8 of 22 is that of the definitions; Newcombe's are of R. G.
// Newcombe, Two-sided confidence intervals for the single proportion, Statistics
// in Medicine 17 (1998), table I, method 3.
func TestWilson(t *testing.T) {
	for _, tc := range []struct {
		name       string
		k, n       int64
		confidence float64
		want       string
	}{
		{"Reda", 8, 22, 0.95, "0.1973–0.5705"},
		{"Newcombe 81 of 263", 81, 263, 0.95, "0.2553–0.3662"},
		{"Newcombe 15 of 148", 15, 148, 0.95, "0.0624–0.1605"},
		{"Newcombe none of 20", 0, 20, 0.95, "0.0000–0.1611"},
		{"Newcombe 1 of 29", 1, 29, 0.95, "0.0061–0.1718"},
		{"all of 20", 20, 20, 0.95, "0.8389–1.0000"},
		{"nobody", 0, 0, 0.95, "NaN–NaN"},
		{"more than all", 3, 2, 0.95, "NaN–NaN"},
		{"fewer than none", -1, 2, 0.95, "NaN–NaN"},
		{"certainty", 1, 2, 1, "NaN–NaN"},
		{"no confidence", 1, 2, 0, "NaN–NaN"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			low, high := cohorts.Wilson(tc.k, tc.n, tc.confidence)
			if got := fmt.Sprintf("%.4f–%.4f", low, high); got != tc.want {
				t.Errorf("Wilson(%d, %d, %v) = %s, want %s", tc.k, tc.n, tc.confidence, got, tc.want)
			}
		})
	}
}

// The interval holds the share, widens with confidence, narrows with n, and its
// ends are where the score test is at its critical value.
func TestWilsonProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1_000_000).Draw(t, "n")
		k := rapid.Int64Range(0, n).Draw(t, "k")
		p := float64(k) / float64(n)
		low, high := cohorts.Wilson(k, n, 0.95)
		wider, higher := cohorts.Wilson(k, n, 0.99)
		if !(0 <= low && low <= p && p <= high && high <= 1) || wider > low || higher < high {
			t.Errorf("%d of %d: %v…%v, at 99 %% %v…%v", k, n, low, high, wider, higher)
		}
		for _, end := range []float64{low, high} {
			if end == 0 || end == 1 {
				continue
			}
			if z := math.Abs(p-end) / math.Sqrt(end*(1-end)/float64(n)); math.Abs(z-1.959963984540054) > 1e-6 {
				t.Errorf("%d of %d: z = %v at %v", k, n, z, end)
			}
		}
	})
}

// By hand: a is won on 10 January, b on the 20th, the export ends on 15 March.
// Ages of 30 days: a's end on 9 Feb, 11 March …, b's on 19 Feb, 21 March.
func TestAgeDaysByHand(t *testing.T) {
	lines := []orders.Line{
		sale("a", "2024-01-10", "100"), sale("b", "2024-01-20", "50"),
		sale("a", "2024-02-08", "7"),  // 29 days: age 0
		sale("a", "2024-02-09", "8"),  // 30 days: age 1
		sale("b", "2024-03-15", "9"),  // 55 days: age 1
		sale("a", "2024-03-12", "-2"), // 62 days: age 2
		sale("c", "2024-03-01", "1"),
		sale("e", "2024-01-05", "-4"), sale("e", "2024-02-20", "30"), // e was a customer before
	}
	table := tabulate(t, open(t, lines, complete), cohorts.TableOptions{AgeDays: 30})
	if len(table.Cohorts) != 2 || table.AgeDays != 30 {
		t.Fatalf("%d cohorts by %d days", len(table.Cohorts), table.AgeDays)
	}
	type want struct {
		customers, later int64
		revenue, summed  string
		partial          bool
	}
	for i, cells := range [][]want{
		{{2, 2, "157", "157", false}, {2, 2, "17", "174", true}, {0, 0, "-2", "172", true}},
		{{1, 1, "1", "1", true}},
	} {
		c := table.Cohorts[i]
		if len(c.Cells) != len(cells) {
			t.Fatalf("%v has %d cells, want %d", c.Period, len(c.Cells), len(cells))
		}
		for age, w := range cells {
			got := c.Cells[age]
			if got.Age != age || !got.Period.IsZero() || got.Customers != w.customers || got.Later != w.later ||
				got.Tally.Revenue != amount(w.revenue) || got.Cumulative.Revenue != amount(w.summed) || got.Partial != w.partial {
				t.Errorf("%v at age %d: %+v, want %+v", c.Period, age, got, w)
			}
		}
	}
	if e := table.Earlier; e.Size != 1 || e.Cells[1].Tally.Revenue != amount("30") || e.Cells[1].Customers != 1 || e.Cells[1].Age != -1 {
		t.Errorf("earlier %+v", e)
	}
	if table.Unmatched.Revenue != amount("-4") || table.Total.Revenue != amount("199") {
		t.Errorf("unmatched %s of %s", table.Unmatched.Revenue, table.Total.Revenue)
	}
	if a := table.Averages; len(a) != 3 || a[0].Cohorts != 1 || a[0].Size != 2 || a[1].Cohorts != 0 || !math.IsNaN(a[1].Unbounded) {
		t.Errorf("averages %+v", a)
	}
}

// ageOracle is what one customer adds to the table.
type ageOracle struct {
	cohort      orders.Period
	first, last orders.Date
}

// TestAgeDaysAgainstOracle holds ages of days, unbounded retention and what is
// partial to what follows from the deals one by one.
func TestAgeDaysAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		c, _ := f.Control(t.Context())
		scope, grain := someScope(t, c)
		width := rapid.SampledFrom([]int{1, 7, 30, 365}).Draw(t, "width")
		table, err := cohorts.Tabulate(t.Context(), f, cohorts.TableOptions{Scope: scope, Grain: grain, AgeDays: width})
		if err != nil {
			t.Fatal(err)
		}
		all := slices.Collect(deals(f))
		who := map[string]*ageOracle{}
		for _, d := range all { // by customer and day
			if d.N == 1 && d.Tally.Purchases == 1 && d.Side == orders.First && d.Day <= table.Scope.AsOf {
				who[d.Customer] = &ageOracle{table.Grain.Of(d.Day), d.Day, d.Day}
			}
		}
		for _, d := range all {
			if o := who[d.Customer]; o != nil && d.N > 0 && d.Day <= table.Scope.AsOf {
				o.last = max(o.last, d.Day)
			}
		}
		type key struct {
			cohort orders.Period
			age    int
		}
		cells, active := map[key]orders.Tally{}, map[key]people{}
		var unmatched, earlier orders.Tally
		for _, d := range all {
			if d.Day < table.Scope.From || d.Day > table.Scope.AsOf {
				continue
			}
			o := who[d.Customer]
			switch {
			case d.Side == orders.Unmatched || o != nil && d.Of == 0:
				unmatched = unmatched.Plus(d.Tally)
			case o == nil:
				earlier = earlier.Plus(d.Tally)
			default:
				k := key{o.cohort, int(d.Day-o.first) / width}
				cells[k] = cells[k].Plus(d.Tally)
				if active[k] == nil {
					active[k] = people{}
				}
				if d.N > 0 {
					active[k][d.Customer] = true
				}
			}
		}
		if table.Unmatched != unmatched {
			t.Errorf("unmatched %+v, want %+v", table.Unmatched, unmatched)
		}
		if sum := table.Earlier.Cells[len(table.Earlier.Cells)-1].Cumulative; sum != earlier {
			t.Errorf("earlier %+v, want %+v", sum, earlier)
		}
		seen := 0
		for _, cohort := range table.Cohorts {
			size := int64(0)
			for _, o := range who {
				if o.cohort == cohort.Period {
					size++
				}
			}
			if size != cohort.Size {
				t.Errorf("%v: %d customers, want %d", cohort.Period, cohort.Size, size)
			}
			for i, cell := range cohort.Cells {
				k := key{cohort.Period, cell.Age}
				if _, ok := cells[k]; ok {
					seen++
				}
				var later int64
				for _, o := range who {
					if o.cohort == cohort.Period && int(o.last-o.first)/width >= cell.Age {
						later++
					}
				}
				if cell.Tally != cells[k] || cell.Customers != int64(len(active[k])) || cell.Later != later || cell.Age != cohort.Cells[0].Age+i {
					t.Errorf("%v at %d: %+v, want %+v of %d, %d later", cohort.Period, cell.Age, cell, cells[k], len(active[k]), later)
				}
				// A cell is whole if no day that a customer of the cohort can have at that age is outside.
				first, last := max(cohort.Period.First(), c.FirstDay), min(cohort.Period.Last(), table.Scope.AsOf)
				whole := first+orders.Date(cell.Age*width) >= table.Scope.From && last+orders.Date((cell.Age+1)*width-1) <= table.Scope.AsOf
				if cell.Partial == whole {
					t.Errorf("%v at %d: partial %v", cohort.Period, cell.Age, cell.Partial)
				}
				if cell.Unbounded < cell.Retention || i > 0 && cell.Unbounded > cohort.Cells[i-1].Unbounded {
					t.Errorf("%v at %d: retention %v, unbounded %v after %v", cohort.Period, cell.Age, cell.Retention, cell.Unbounded, cohort.Cells[max(0, i-1)].Unbounded)
				}
			}
		}
		if seen != len(cells) {
			t.Errorf("%d cells with deals, want %d", seen, len(cells))
		}
	})
}

// Unbounded retention by months: whoever buys in a month is active in all months before it.
func TestUnboundedAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		c, _ := f.Control(t.Context())
		scope, grain := someScope(t, c)
		table, err := cohorts.Tabulate(t.Context(), f, cohorts.TableOptions{Scope: scope, Grain: grain})
		if err != nil {
			t.Fatal(err)
		}
		type life struct{ cohort, last orders.Period }
		lives := map[string]life{}
		for d := range deals(f) {
			if d.N > 0 && d.Day <= table.Scope.AsOf {
				l := lives[d.Customer]
				if d.N == 1 && d.Side == orders.First {
					l.cohort = table.Grain.Of(d.Day)
				}
				l.last = table.Grain.Of(d.Day)
				lives[d.Customer] = l
			}
		}
		for _, cohort := range table.Cohorts {
			for _, cell := range cohort.Cells {
				var want int64
				for _, l := range lives {
					if l.cohort == cohort.Period && l.last.Sub(cell.Period) >= 0 {
						want++
					}
				}
				if cell.Later != want || !same(cell.Unbounded, float64(want)/float64(cohort.Size)) {
					t.Errorf("%v at %d: %d later, %v, want %d", cohort.Period, cell.Age, cell.Later, cell.Unbounded, want)
				}
			}
		}
		for _, a := range table.Averages {
			var later, size int64
			for _, cohort := range table.Cohorts {
				for _, cell := range cohort.Cells {
					if cell.Age == a.Age && !cell.Partial {
						later, size = later+cell.Later, size+cohort.Size
					}
				}
			}
			if a.Later != later || a.Size != size || !same(a.Unbounded, float64(later)/float64(size)) {
				t.Errorf("average at %d: %+v, want %d of %d", a.Age, a, later, size)
			}
		}
	})
}

// Where the scope chooses purchases, nobody knows when those customers last came.
func TestUnboundedWhere(t *testing.T) {
	f := open(t, small, complete)
	for dimension, known := range map[orders.Dimension]bool{orders.ByCustomer: true, orders.ByOwner: true, orders.ByChannel: false, orders.ByGroup: false} {
		in := []string{""}
		if dimension == orders.ByCustomer {
			in = []string{"a", "b"}
		}
		table := tabulate(t, f, cohorts.TableOptions{Scope: orders.Scope{Where: []orders.Where{{Dimension: dimension, In: in}}}})
		cell := table.Cohorts[0].Cells[1]
		if math.IsNaN(cell.Unbounded) == known || (cell.Later > 0) != known || math.IsNaN(table.Averages[1].Unbounded) == known {
			t.Errorf("by %s: %+v, average %+v", dimension, cell, table.Averages[1])
		}
	}
}

func TestTableOptionErrors(t *testing.T) {
	f := open(t, small, complete)
	for name, o := range map[string]cohorts.TableOptions{
		"negative days": {AgeDays: -1}, "certainty": {Confidence: 1}, "less than no confidence": {Confidence: -0.5}, "confidence in per cent": {Confidence: 95}, "no number": {Confidence: math.NaN()},
	} {
		if _, err := cohorts.Tabulate(t.Context(), f, o); !errors.Is(err, orders.ErrOptions) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	months := open(t, small, orders.Options{Precision: orders.Month})
	if _, err := cohorts.Tabulate(t.Context(), months, cohorts.TableOptions{AgeDays: 30}); !errors.Is(err, orders.ErrPrecision) {
		t.Errorf("30 days of an export of months: error %v", err)
	}
}

// CDNOW's sample: nobody is acquired after March 1997, so the cells of 30 days
// are all observed in full up to the age that the last of March has reached.
func TestCDNOWAges(t *testing.T) {
	table := tabulate(t, open(t, published.CDNOW(t), orders.Options{CountZero: true, HistoryComplete: true}), cohorts.TableOptions{AgeDays: 30, Grain: orders.Quarter})
	if len(table.Cohorts) != 1 || table.Cohorts[0].Size != 2357 || table.Total.Revenue != amount("244091.94") {
		t.Fatalf("%+v", table.Cohorts)
	}
	c := table.Cohorts[0]
	for _, cell := range c.Cells {
		ends := day("1997-03-31") + orders.Date(30*(cell.Age+1)) - 1
		if cell.Partial != (ends > day("1998-06-30")) {
			t.Errorf("age %d is partial: %v", cell.Age, cell.Partial)
		}
	}
	if want := int(day("1998-06-30")-day("1997-01-01"))/30 + 1; len(c.Cells) != want {
		t.Errorf("%d cells, want %d", len(c.Cells), want)
	}
}
