package report_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
	"pgregory.net/rapid"
)

// plansOf returns a book of sales and plans alone.
func plansOf(t testing.TB, lines []orders.Line, o orders.Options, plans ...segments.PlanOptions) report.Book {
	t.Helper()
	sales, err := orders.Collect(ctx, each(lines), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sales.Release)
	b := report.Book{Sales: sales}
	for _, o := range plans {
		p, err := segments.Plan(ctx, sales, o)
		if err != nil {
			t.Fatal(err)
		}
		b.Plans = append(b.Plans, p)
	}
	return b
}

// planned is a month under way, corrected by working days, the next one, and one
// of a month that the export hardly reaches.
func planned(t testing.TB) report.Book {
	june := orders.Month.Of(orders.NewDate(2025, 6, 1))
	return plansOf(t, sold(), orders.Options{},
		segments.PlanOptions{Month: june, Scope: orders.Scope{AsOf: orders.NewDate(2025, 6, 16)}, PerWorkday: true,
			Workdays: segments.Workdays{Holidays: []orders.Date{orders.NewDate(2025, 6, 12), orders.NewDate(2025, 6, 13), orders.NewDate(2024, 6, 12)}}},
		segments.PlanOptions{Growth: orders.Known(75 * orders.One / 10)},
		segments.PlanOptions{Month: june.Add(-11), Follow: orders.ByOwner},
		segments.PlanOptions{Month: june.Add(-15)})
}

// halves are salespersons whose plans are halves of a kopeck, by team average too.
func halves() []orders.Line {
	var lines []orders.Line
	for i := range 60 {
		name := fmt.Sprintf("s%02d", i%40)
		lines = append(lines,
			orders.Line{Customer: fmt.Sprint("c", i), Salesperson: name, Date: orders.NewDate(2023, 5, 1+i%28), Revenue: orders.Amount(5+i*10) * orders.One / 100},
			orders.Line{Customer: fmt.Sprint("c", i), Salesperson: "later " + name, Date: orders.NewDate(2024, 4, 1+i%28), Revenue: orders.Amount(1_000_000*i+15) * orders.One / 100},
			orders.Line{Customer: fmt.Sprint("c", i), Salesperson: name, Date: orders.NewDate(2023, 5, 1+i%28), Revenue: orders.Amount(100_000_000*i+15) * orders.One / 100})
	}
	return lines
}

// TestPlanRecalculation: LibreOffice changes no cell, and a plan follows its
// parameters as the library would.
func TestPlanRecalculation(t *testing.T) {
	ru, en := report.Options{Language: report.Russian}, report.Options{}
	may := orders.Month.Of(orders.NewDate(2024, 5, 1))
	books := map[string][]byte{
		"planned": written(t, planned(t), en),
		"halves":  written(t, plansOf(t, halves(), orders.Options{HistoryComplete: true}, segments.PlanOptions{Month: may}, segments.PlanOptions{Month: may, PerWorkday: true, Growth: orders.Known(0)}), en),
		"empty":   written(t, plansOf(t, halves(), orders.Options{}, segments.PlanOptions{Month: may.Add(100)}), ru),
	}
	changed := books["halves"]
	for name, v := range map[string]float64{"Plan_Growth": -0.25, "Plan_PerWorkday": 1, "Plan_Workdays": 19, "Plan_BaseWorkdays": 21} {
		changed = setParameter(t, changed, name, v)
	}
	tried := map[string][]byte{"changed": changed}
	for name, data := range books {
		tried[name] = data
	}
	after := recalculate(t, tried)
	for name, data := range books {
		list := differences(open(t, data), open(t, after[name]), nil)
		for _, d := range list[:min(len(list), 10)] {
			t.Errorf("%s: %s", name, d)
		}
	}
	off := make([]orders.Date, 4) // 23 weekdays less 4 are 19, and 23 less 2 are 21
	for i := range off {
		off[i] = orders.NewDate(2024, 5, 6+i)
	}
	off = append(off, orders.NewDate(2023, 5, 1), orders.NewDate(2023, 5, 9))
	want := plansOf(t, halves(), orders.Options{HistoryComplete: true}, segments.PlanOptions{Month: may, PerWorkday: true, Growth: orders.Known(-25 * orders.One), Workdays: segments.Workdays{Holidays: off}})
	if p := want.Plans[0]; p.Workdays != 19 || p.BaseWorkdays != 21 {
		t.Fatalf("%d and %d working days", p.Workdays, p.BaseWorkdays)
	}
	got := open(t, after["changed"]).cells["Plan-fact"]
	for _, r := range want.Plans[0].Rows {
		for column, side := range map[string]orders.Amount{"Plan: new": r.Plan.New, "Plan: repeat": r.Plan.Repeat} {
			c := planCell(t, got, column, r.Salesperson)
			if v, ok := c.number(); !ok || math.Abs(v-side.Float64()) > 1e-9*max(1, v) {
				t.Errorf("%s of %s: %v, want %s", column, r.Salesperson, v, side)
			}
		}
	}
}

// planCell returns a cell by its column and row, of the first table that has both.
func planCell(t *testing.T, cells map[string]cell, column, salesperson string) cell {
	t.Helper()
	head, at := "", math.MaxInt
	for name, c := range cells {
		if row := rowOf("!" + name + ":"); c.text == column && row < at {
			head, at = strings.TrimRight(name, "0123456789"), row
		}
	}
	for row := at + 1; row < at+100; row++ {
		if cells[fmt.Sprint("A", row)].text == salesperson {
			return cells[fmt.Sprint(head, row)]
		}
	}
	t.Fatalf("there is no %s of %s", column, salesperson)
	return cell{}
}

// TestPlanSheet: what is not known is blank, a zero plan has no percentage, and
// what occurs is told of.
func TestPlanSheet(t *testing.T) {
	sale := func(customer, salesperson string, year, month, day int, revenue int64) orders.Line {
		return orders.Line{Customer: customer, Salesperson: salesperson, Date: orders.NewDate(year, time.Month(month), day), Revenue: orders.Amount(revenue) * orders.One}
	}
	lines := []orders.Line{
		sale("a", "Ivan", 2023, 1, 5, 1000), sale("a", "Ivan", 2023, 1, 20, 500), sale("b", "", 2023, 1, 9, 10), sale("r", "Ivan", 2023, 1, 30, -7),
		sale("c", "Olga", 2023, 12, 1, 70), sale("a", "Olga", 2024, 1, 10, 330), sale("n", "Zoya", 2024, 1, 11, 44), sale("r", "Zoya", 2024, 1, 12, -5),
	}
	january := orders.Month.Of(orders.NewDate(2024, 1, 1))
	b := plansOf(t, lines, orders.Options{HistoryComplete: true}, segments.PlanOptions{Month: january}, segments.PlanOptions{Month: january.Add(-10)})
	b.Plans = append(b.Plans, &segments.PlanResult{}) // of an empty export
	f := open(t, written(t, b, report.Options{}))
	cells := f.cells["Plan-fact"]
	for _, test := range []struct{ row, column, want string }{
		{"(not given)", "The plan is from", "last year"}, {"(not given)", "Plan", "11"}, {"(not given)", "Beware", ""},
		{"Ivan", "Base: new", "1000"}, {"Ivan", "Plan: repeat", "550"}, {"Ivan", "Plan", "1650"}, {"Ivan", "Beware", "returns without a purchase; sells no more"},
		{"Ivan", "Deviation", "-1650"}, {"Ivan", "Done", "0"}, {"Ivan", "Returns in the base", "-7"},
		{"Olga", "The plan is from", "team average"}, {"Olga", "Plan: new", "1100"}, {"Olga", "Done", "0.2"}, {"Olga", "Base: new", "0"},
		{"Zoya", "The plan is from", "not planned"}, {"Zoya", "Plan", "0"}, {"Zoya", "Done", "n/a"}, {"Zoya", "Returns in the fact", "-5"},
		{"Total", "Plan", "3311"}, {"Total", "Fact", "374"},
	} {
		if got := planCell(t, cells, test.column, test.row); got.text != test.want {
			t.Errorf("%s of %s: %q, want %q (%s)", test.column, test.row, got.text, test.want, got.formula)
		}
	}
	legend := fmt.Sprint(cells)
	for _, told := range []string{"“team average” — ", "“sells no more” — ", "“no base” — ", "fact ÷ plan; n/a", "The export is empty."} {
		if !strings.Contains(legend, told) {
			t.Errorf("the legend does not tell of %q", told)
		}
	}
	if strings.Contains(legend, ": unknown") {
		t.Error("there are columns of what is unknown, where nothing is")
	}
	if _, ok := f.names["PlanB_Growth"]; !ok {
		t.Error("the second plan has no growth of its own")
	}
}

// TestPlanFormulas: whatever the sales, every formula gives its cached value and
// every difference of the Reconciliation is 0.
func TestPlanFormulas(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines, o := factstest.Lines(rt), factstest.Options(rt)
		if _, err := orders.Collect(ctx, each(lines), o); err != nil {
			rt.Skip(err)
		}
		month := orders.Month.Of(orders.NewDate(2024, 1, 1)).Add(rapid.IntRange(0, 26).Draw(rt, "month"))
		data := written(t, plansOf(t, lines, o,
			segments.PlanOptions{Month: month, PerWorkday: rapid.Bool().Draw(rt, "per workday")},
			segments.PlanOptions{Month: month.Add(1), Follow: orders.ByOwner, Growth: orders.Known(orders.Amount(rapid.IntRange(-1_000_000, 1_000_000).Draw(rt, "growth")))}),
			report.Options{Language: report.Language(rapid.IntRange(0, 1).Draw(rt, "language"))})
		f := open(t, data)
		calculated(rt, data, f)
		for _, name := range []string{"Reconciliation", "Сверка"} {
			for at, c := range f.cells[name] {
				if c.text != "Difference" && c.text != "Разница" {
					continue
				}
				for _, column := range []string{"B", "C"} {
					if v, ok := f.cells[name][column+at[1:]].number(); ok && v != 0 {
						rt.Errorf("%s%s: the difference is %v", column, at[1:], v)
					}
				}
			}
		}
	})
}
