package cohorts_test

import (
	"math"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// Three customers in January, one in March; a return two months after its sale;
// February is empty, April not complete.
var small = []orders.Line{
	sale("a", "2024-01-01", "100"), sale("b", "2024-01-02", "50"), sale("c", "2024-01-31", "30"),
	sale("a", "2024-03-01", "40"), sale("b", "2024-03-02", "-50"), sale("d", "2024-03-31", "10"),
	sale("d", "2024-04-01", "20"), sale("a", "2024-04-01", "5"), sale("nobody's", "2024-04-01", "-3"),
}

func TestTabulateByHand(t *testing.T) {
	// Sales days far apart make a long pause; in April no day but the first is there.
	table := tabulate(t, open(t, append([]orders.Line{
		sale("", "2024-01-15", "1"), sale("", "2024-02-01", "1"), sale("", "2024-02-15", "1"), sale("", "2024-03-15", "1"),
	}, small...), complete), cohorts.TableOptions{})
	if len(table.Cohorts) != 2 {
		t.Fatalf("%d cohorts, want January and March", len(table.Cohorts))
	}
	january, march := table.Cohorts[0], table.Cohorts[1]
	if january.Period.String() != "2024-01" || january.Size != 3 || march.Period.String() != "2024-03" || march.Size != 1 {
		t.Errorf("cohorts %v of %d, %v of %d", january.Period, january.Size, march.Period, march.Size)
	}
	type want struct {
		customers       int64
		retention       float64
		revenue, summed string
		partial         bool
	}
	check := func(name string, c cohorts.Cohort, cells []want) {
		if len(c.Cells) != len(cells) {
			t.Fatalf("%s has %d cells, want %d", name, len(c.Cells), len(cells))
		}
		for age, w := range cells {
			got := c.Cells[age]
			if got.Age != age || got.Period != c.Period.Add(age) || got.Customers != w.customers || !same(got.Retention, w.retention) ||
				got.Tally.Revenue != amount(w.revenue) || got.Cumulative.Revenue != amount(w.summed) || got.Partial != w.partial {
				t.Errorf("%s at age %d: %+v, want %+v", name, age, got, w)
			}
		}
	}
	check("January", january, []want{
		{3, 1, "180", "180", false}, {0, 0, "0", "180", false}, {1, 1. / 3, "-10", "170", false}, {1, 1. / 3, "5", "175", true},
	})
	check("March", march, []want{{1, 1, "10", "10", false}, {1, 1, "20", "30", true}})
	if january.Partial || march.Partial {
		t.Errorf("partial: January %v, March %v", january.Partial, march.Partial)
	}
	if got := january.PerCustomer(january.Cells[3].Cumulative.Revenue); !same(got, 175./3) {
		t.Errorf("January brought %v per acquired customer, want %v", got, 175./3)
	}
	if table.Unmatched.Revenue != amount("-3") || table.Total.Revenue != amount("202") {
		t.Errorf("unmatched %s, total %s", table.Unmatched.Revenue, table.Total.Revenue)
	}

	// March's age 1 is not complete: only January counts there, and nobody at age 3.
	for age, w := range []cohorts.Average{
		{Cohorts: 2, Size: 4, Customers: 4, Retention: 1},
		{Cohorts: 1, Size: 3, Customers: 0, Retention: 0},
		{Cohorts: 1, Size: 3, Customers: 1, Retention: 1. / 3},
		{Retention: math.NaN()},
	} {
		got := table.Averages[age]
		if got.Age != age || got.Cohorts != w.Cohorts || got.Size != w.Size || got.Customers != w.Customers || !same(got.Retention, w.Retention) {
			t.Errorf("average at age %d: %+v, want %+v", age, got, w)
		}
	}
	if got := table.Averages[3].PerCustomer(orders.One); !math.IsNaN(got) {
		t.Errorf("%v per customer of nobody", got)
	}
	if got := table.Averages[2].PerCustomer(table.Averages[2].Tally.Revenue); !same(got, -10./3) {
		t.Errorf("average revenue per customer at age 2 is %v", got)
	}
}

// Customers with an unknown purchase 1 have no age: they are shown by month.
func TestTabulateEarlier(t *testing.T) {
	lines := []orders.Line{
		sale("old", "2024-01-01", "10"), sale("old", "2024-03-01", "20"),
		sale("new", "2024-02-10", "5"), sale("new", "2024-03-20", "6"),
		sale("late", "2024-06-30", "1"),
	}
	table := tabulate(t, open(t, lines, orders.Options{BurnIn: 35}), cohorts.TableOptions{})
	e := table.Earlier
	if e.Size != 1 || !e.Period.IsZero() || len(e.Cells) != 6 {
		t.Fatalf("earlier: %d customers, %d cells", e.Size, len(e.Cells))
	}
	for i, want := range []string{"10", "0", "20", "0", "0", "0"} {
		c := e.Cells[i]
		if c.Tally.Revenue != amount(want) || c.Age != -1 || !math.IsNaN(c.Retention) || c.Period.String() != []string{"2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"}[i] {
			t.Errorf("earlier in %v: %+v, want %s", c.Period, c, want)
		}
	}
	if len(table.Cohorts) != 2 || table.Cohorts[0].Size != 1 {
		t.Fatalf("cohorts %+v", table.Cohorts)
	}
	// KnownFrom is 5 February: the cohort of February lacks those of its first days.
	if !table.Cohorts[0].Partial || table.Cohorts[0].Cells[0].Partial || table.Cohorts[1].Partial {
		t.Errorf("partial: February %v, its cell %v, June %v", table.Cohorts[0].Partial, table.Cohorts[0].Cells[0].Partial, table.Cohorts[1].Partial)
	}
}

// A range that begins late leaves out cells, not customers.
func TestTabulateScope(t *testing.T) {
	table := tabulate(t, open(t, small, complete), cohorts.TableOptions{Scope: orders.Scope{From: day("2024-03-01"), AsOf: day("2024-03-31")}})
	january := table.Cohorts[0]
	if january.Size != 3 || len(january.Cells) != 1 || january.Cells[0].Age != 2 || january.Cells[0].Customers != 1 || !january.Partial {
		t.Errorf("January %+v", january)
	}
	if table.Total.Revenue != 0 || january.Cells[0].Tally.Revenue != amount("-10") {
		t.Errorf("total %s", table.Total.Revenue)
	}
	if a := table.Averages; len(a) != 3 || a[1].Cohorts != 0 || a[2].Size != 3 || a[0].Size != 1 {
		t.Errorf("averages %+v", a)
	}
}

// A free sample before purchase 1 makes nobody a customer: its cost is in no
// cell, and not lost either.
func TestTabulateFreeSample(t *testing.T) {
	sample := sale("a", "2024-01-05", "0")
	sample.COGS = orders.Known(amount("7"))
	f := open(t, []orders.Line{sample, sale("a", "2024-03-01", "100"), sale("b", "2024-01-05", "1")}, complete)
	table := tabulate(t, f, cohorts.TableOptions{})
	if got := table.Unmatched; got.COGS != amount("7") || got.Revenue != 0 {
		t.Errorf("unmatched %+v", got)
	}
	if table.Total.COGS != amount("7") || len(table.Cohorts) != 2 || len(table.Cohorts[1].Cells) != 1 {
		t.Errorf("total %+v, %d cohorts", table.Total, len(table.Cohorts))
	}
	// As of January nobody knows that a will buy.
	table = tabulate(t, f, cohorts.TableOptions{Scope: orders.Scope{AsOf: day("2024-01-31")}})
	if len(table.Cohorts) != 1 || table.Cohorts[0].Size != 1 || table.Total.COGS != amount("7") || table.Unmatched.COGS != amount("7") {
		t.Errorf("as of January: %+v", table)
	}
}

// The sample may be in the very period of purchase 1, after the day asked for.
func TestTabulateFreeSampleThen(t *testing.T) {
	f := open(t, []orders.Line{sale("a", "2024-01-05", "0"), sale("a", "2024-01-20", "100")}, complete)
	table := tabulate(t, f, cohorts.TableOptions{Scope: orders.Scope{AsOf: day("2024-01-10")}})
	if len(table.Cohorts) != 0 || table.Unmatched.Deals != 1 || len(table.Averages) != 0 {
		t.Errorf("%+v", table)
	}
}

func TestTabulateGrains(t *testing.T) {
	f := open(t, small, complete)
	for grain, want := range map[orders.Grain][]string{
		orders.Day:     {"2024-01-01", "2024-01-02", "2024-01-31", "2024-03-31"},
		orders.Week:    {"2024-W01", "2024-W05", "2024-W13"},
		orders.Quarter: {"2024-Q1"},
		orders.Year:    {"2024"},
	} {
		table := tabulate(t, f, cohorts.TableOptions{Grain: grain})
		if len(table.Cohorts) != len(want) {
			t.Errorf("by %v: %d cohorts, want %v", grain, len(table.Cohorts), want)
			continue
		}
		for i, c := range table.Cohorts {
			if c.Period.String() != want[i] || c.Period.Grain != grain {
				t.Errorf("by %v: cohort %d is %v, want %s", grain, i, c.Period, want[i])
			}
		}
	}
}

// By channel: the size is of those won there, the cells of whoever bought there.
func TestTabulateWhere(t *testing.T) {
	in := func(channel string, l orders.Line) orders.Line {
		l.Channel = channel
		return l
	}
	f := open(t, []orders.Line{
		in("web", sale("a", "2024-01-01", "10")), in("shop", sale("b", "2024-01-02", "20")), in("shop", sale("c", "2024-01-31", "30")),
		in("web", sale("b", "2024-02-01", "5")), in("web", sale("c", "2024-02-29", "6")),
	}, complete)
	by := func(channel string) *cohorts.Table {
		return tabulate(t, f, cohorts.TableOptions{Scope: orders.Scope{Where: []orders.Where{{Dimension: orders.ByChannel, In: []string{channel}}}}})
	}
	c := by("web").Cohorts[0]
	if c.Size != 1 || c.Cells[0].Customers != 1 || c.Cells[1].Customers != 2 || c.Cells[1].Retention != 2 {
		t.Errorf("web: %+v", c)
	}
	c = by("shop").Cohorts[0]
	if c.Size != 2 || c.Cells[0].Tally.Revenue != amount("50") || c.Cells[1].Customers != 0 {
		t.Errorf("shop: %+v", c)
	}
}
