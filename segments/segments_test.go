package segments_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

var ctx = context.Background()

// money returns v units of money.
func money(v int64) orders.Amount { return orders.Amount(v) * orders.One }

// asOf is the last day of the histories made by hand.
var asOf = orders.NewDate(2024, 12, 31)

// sale is a sale so many days before as-of.
func sale(customer string, daysAgo int, revenue int64) orders.Line {
	return orders.Line{Customer: customer, Date: asOf - orders.Date(daysAgo), Revenue: money(revenue), COGS: orders.Known(money(revenue / 2))}
}

// times is n sales on the days up to daysAgo.
func times(n int, customer string, daysAgo int, revenue int64) []orders.Line {
	var lines []orders.Line
	for i := range n {
		lines = append(lines, sale(customer, daysAgo+i, revenue))
	}
	return lines
}

// collect opens lines, with as-of the last day; it is released at the end of the test.
func collect(t testing.TB, lines []orders.Line) *orders.History {
	t.Helper()
	return orderstest.Collect(t, lines, orders.Options{AsOf: asOf})
}

// dealer is what both implementations of the facts have beside the facts.
type dealer interface{ Deals() iter.Seq[orders.Deal] }

// drawFacts draws a history and opens it naively; ok is false if it has no lines.
func drawFacts(t *rapid.T) (f orders.Facts, ok bool) {
	f, err := factstest.Open(factstest.Lines(t), factstest.Options(t))
	if errors.Is(err, orders.ErrNoRows) {
		return nil, false
	}
	if err != nil {
		t.Fatal(err)
	}
	return f, true
}

// naiveCustomer is what the deals say of a customer.
type naiveCustomer struct {
	purchases int
	lastDay   orders.Date
	revenue   orders.Amount
	tally     orders.Tally
}

func customersOf(f orders.Facts) map[string]*naiveCustomer {
	all := map[string]*naiveCustomer{}
	for d := range f.(dealer).Deals() {
		c := all[d.Customer]
		if c == nil {
			c = &naiveCustomer{}
			all[d.Customer] = c
		}
		c.revenue += d.Tally.Revenue
		c.tally = c.tally.Plus(d.Tally)
		if d.N > 0 {
			c.purchases = max(c.purchases, d.N)
			c.lastDay = max(c.lastDay, d.Day)
		}
	}
	return all
}

// TestGridBounds puts one customer on each side of every bound of the default
// grid: purchases {1, 2–7, > 7} × days {< 30, 30–50, > 50}. Source: 1C:УТ 11,
// «Повторные продажи» (definitions §8).
func TestGridBounds(t *testing.T) {
	columns := map[int]string{1: "new", 2: "promising", 7: "promising", 8: "loyal", 20: "loyal"}
	states := map[int]segments.State{
		0: segments.Active, 29: segments.Active, 30: segments.FallingAsleep, 50: segments.FallingAsleep, 51: segments.Asleep, 300: segments.Asleep,
	}
	var lines []orders.Line
	want := map[string]string{}
	for n, column := range columns {
		for days, state := range states {
			id := fmt.Sprintf("%d purchases, %d days", n, days)
			lines = append(lines, times(n, id, days, 10)...)
			want[id] = column + " " + state.String()
		}
	}
	g, err := segments.Grid(ctx, collect(t, lines), segments.GridOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Assigned) != len(want) || !slices.IsSortedFunc(g.Assigned, func(a, b segments.GridCustomer) int { return strings.Compare(a.ID, b.ID) }) {
		t.Fatalf("%d customers assigned, want %d, by id", len(g.Assigned), len(want))
	}
	for _, c := range g.Assigned {
		if got := g.Columns[c.Column].Name + " " + c.State.String(); got != want[c.ID] {
			t.Errorf("%s: %s, want %s", c.ID, got, want[c.ID])
		}
	}
}

// TestGridPotential: customers asleep × the average deal of the last 12 months.
func TestGridPotential(t *testing.T) {
	lines := slices.Concat(
		times(1, "a", 60, 100), times(1, "b", 60, 201), times(1, "c", 60, 100), // asleep within the year
		times(1, "d", 365, 50),  // 1 January: 2024 has 366 days
		times(1, "e", 366, 999), // the same day a year ago: outside
		times(2, "f", 0, 100),   // awake
	)
	g, err := segments.Grid(ctx, collect(t, lines), segments.GridOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// (100 + 201 + 100 + 50 + 100 + 100) ÷ 6 = 108.5
	if want := orders.Known(money(1085) / 10); g.AverageDeal != want {
		t.Errorf("average deal %v, want %v", g.AverageDeal, want)
	}
	if cell := g.Cell(0, segments.Asleep); cell.Customers != 5 || cell.Potential != orders.Known(money(5425)/10) {
		t.Errorf("new, asleep: %+v", cell)
	}
	if cell := g.Cell(1, segments.Asleep); cell.Customers != 0 || cell.Potential != orders.Known(0) {
		t.Errorf("promising, asleep: %+v", cell)
	}
	if cell := g.Cell(0, segments.FallingAsleep); cell.Potential.Known {
		t.Errorf("new, falling asleep: %+v", cell)
	}
	if cell := g.Cell(1, segments.Active); cell.Customers != 1 || cell.Potential.Known || cell.CustomerShare != 1.0/6 {
		t.Errorf("promising, active: %+v", cell)
	}
	// On 29 February the year begins on 1 March.
	leap := []orders.Line{{Customer: "x", Date: orders.NewDate(2023, 3, 1), Revenue: money(1)}, {Customer: "x", Date: orders.NewDate(2023, 2, 28), Revenue: money(99)}}
	g, err = segments.Grid(ctx, collect(t, leap), segments.GridOptions{Scope: orders.Scope{AsOf: orders.NewDate(2024, 2, 29)}})
	if err != nil || g.AverageDeal != orders.Known(money(1)) {
		t.Errorf("leap year: %v, %v", g.AverageDeal, err)
	}
	// A history with nothing sold for a year has no average deal, not one of 0.
	g, err = segments.Grid(ctx, collect(t, times(1, "a", 500, 100)), segments.GridOptions{})
	if err != nil || g.AverageDeal.Known || g.Cell(0, segments.Asleep).Potential.Known || g.Customers != 1 {
		t.Errorf("nothing for a year: %+v, %v", g, err)
	}
}

// TestGridColumns sorts by columns of the caller's, each with days of its own.
func TestGridColumns(t *testing.T) {
	o := segments.GridOptions{Columns: []segments.GridColumn{
		{Name: "few", Purchases: 1, Falling: 10, Asleep: 10},
		{Name: "many", Purchases: 3, Falling: 0, Asleep: 100},
	}}
	lines := slices.Concat(times(2, "a", 9, 1), times(2, "b", 10, 1), times(1, "c", 11, 1), times(3, "d", 0, 1), times(3, "e", 101, 1))
	g, err := segments.Grid(ctx, collect(t, lines), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Columns[0].Name = "changed" // the result has its own
	var got []string
	for _, c := range g.Assigned {
		got = append(got, fmt.Sprintf("%s %s %s", c.ID, g.Columns[c.Column].Name, c.State))
	}
	want := []string{"a few active", "b few falling_asleep", "c few asleep", "d many falling_asleep", "e many asleep"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestGridConserves holds the grid to the deals: every customer with a purchase
// in one cell, all money somewhere.
func TestGridConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		g, err := segments.Grid(ctx, f, segments.GridOptions{})
		if err != nil {
			t.Fatal(err)
		}
		control, err := f.Control(ctx)
		if err != nil {
			t.Fatal(err)
		}
		all := customersOf(f)
		var without int64
		var want [3][3]segments.GridCell
		for _, c := range all {
			if c.purchases == 0 {
				without++
				continue
			}
			column, state := 0, segments.Active
			if c.purchases > 1 {
				column = 1
			}
			if c.purchases > 7 {
				column = 2
			}
			days := int(control.LastDay - c.lastDay)
			if days >= 30 {
				state = segments.FallingAsleep
			}
			if days > 50 {
				state = segments.Asleep
			}
			want[column][state].Customers++
			want[column][state].Purchases += int64(c.purchases)
			want[column][state].Revenue += c.revenue
		}
		var customers int64
		revenue := g.WithoutRevenue
		for i := range g.Cells {
			for s, cell := range g.Cells[i] {
				customers += cell.Customers
				revenue += cell.Revenue
				w := want[i][s]
				if cell.Customers != w.Customers || cell.Purchases != w.Purchases || cell.Revenue != w.Revenue {
					t.Errorf("%s %s: %+v, want %+v", g.Columns[i].Name, segments.State(s), cell, w)
				}
			}
		}
		if customers != g.Customers || customers != control.Customers || int64(len(g.Assigned)) != customers || g.Without != without {
			t.Errorf("%d customers in cells, %d in total, %d in the export; %d without a purchase, want %d", customers, g.Customers, control.Customers, g.Without, without)
		}
		if revenue != control.Identified || g.Revenue+g.WithoutRevenue != revenue {
			t.Errorf("revenue %s, the export's is %s", revenue, control.Identified)
		}
	})
}

// TestRFMBounds puts one customer on each side of every default cut point.
func TestRFMBounds(t *testing.T) {
	o := segments.RFMOptions{Scoring: segments.Fixed, M: []orders.Amount{money(10), money(20), money(30), money(40)}}
	for _, test := range []struct {
		axis  string
		days  int
		n     int
		each  int64
		score func(segments.RFMCustomer) int
		want  int
	}{
		{"R at 30", 30, 1, 1, r, 5}, {"R after 30", 31, 1, 1, r, 4}, {"R at 90", 90, 1, 1, r, 4}, {"R after 90", 91, 1, 1, r, 3},
		{"R at 180", 180, 1, 1, r, 3}, {"R after 180", 181, 1, 1, r, 2}, {"R at 365", 365, 1, 1, r, 2}, {"R after 365", 366, 1, 1, r, 1},
		{"F 1", 0, 1, 1, f, 1}, {"F 2", 0, 2, 1, f, 2}, {"F 3", 0, 3, 1, f, 3}, {"F 4", 0, 4, 1, f, 3},
		{"F 5", 0, 5, 1, f, 4}, {"F 9", 0, 9, 1, f, 4}, {"F 10", 0, 10, 1, f, 5}, {"F 30", 0, 30, 1, f, 5},
		{"M below", 0, 1, 9, m, 1}, {"M at the first", 0, 1, 10, m, 2}, {"M below the last", 0, 1, 39, m, 4}, {"M at the last", 0, 1, 40, m, 5},
	} {
		result, err := segments.RFM(ctx, collect(t, times(test.n, "a", test.days, test.each)), o)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Scored) != 1 || test.score(result.Scored[0]) != test.want {
			t.Errorf("%s: %+v, want %d", test.axis, result.Scored, test.want)
		}
	}
}

func r(c segments.RFMCustomer) int { return c.R }
func f(c segments.RFMCustomer) int { return c.F }
func m(c segments.RFMCustomer) int { return c.M }

// TestDefaultMoney: with purchases of one size the score of money is that of
// frequency, whichever measure it is.
func TestDefaultMoney(t *testing.T) {
	var lines []orders.Line
	for n := range 12 {
		lines = append(lines, times(n+1, fmt.Sprint("c", n), 5, 70)...)
	}
	h := collect(t, lines)
	for _, measure := range []orders.Measure{orders.Revenue, orders.GrossProfit, orders.Contribution} {
		result, err := segments.RFM(ctx, h, segments.RFMOptions{Scoring: segments.Fixed, Measure: measure})
		if err != nil {
			t.Fatal(err)
		}
		mean := money(70)
		if measure != orders.Revenue {
			mean = money(35)
		}
		if want := []orders.Amount{2 * mean, 3 * mean, 5 * mean, 10 * mean}; !slices.Equal(result.M, want) {
			t.Errorf("%s: cut points %v, want %v", measure, result.M, want)
		}
		for _, c := range result.Scored {
			if c.M != c.F {
				t.Errorf("%s: %d purchases score %d in F, %d in M", measure, c.Purchases, c.F, c.M)
			}
		}
		if want := (segments.Levels{R: 1, F: 5, M: 5}); result.Levels != want {
			t.Errorf("%s: levels %+v, want %+v", measure, result.Levels, want)
		}
	}
}

// TestUnknownMoney: a profit whose cost is unknown has no score, and only a
// rule that does not ask for one takes its customer.
func TestUnknownMoney(t *testing.T) {
	lines := []orders.Line{sale("a", 1, 100), {Customer: "b", Date: asOf, Revenue: money(100)}}
	rules := []segments.Rule{
		{Segment: "up to three", M: segments.Range{To: 3}},
		{Segment: "others", M: segments.Range{From: 4, To: 5}},
		{Segment: "young", R: segments.Range{From: 5, To: 5}},
	}
	result, err := segments.RFM(ctx, collect(t, lines), segments.RFMOptions{Scoring: segments.Fixed, Measure: orders.GrossProfit, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	unknown := result.Scored[1]
	if unknown.Money.Known || unknown.M != 0 || unknown.Segment != "young" || unknown.Rule != 3 {
		t.Errorf("%+v", unknown)
	}
	if known := result.Scored[0]; known.Rule != 1 || known.Money != orders.Known(money(50)) {
		t.Errorf("%+v", known)
	}
}

// TestNoMoney: where no purchase has any value there are no cut points, no
// scores in M and no error.
func TestNoMoney(t *testing.T) {
	result, err := segments.RFM(ctx, collect(t, []orders.Line{{Customer: "a", Date: asOf, Revenue: money(1)}}), segments.RFMOptions{Scoring: segments.Fixed, Measure: orders.GrossProfit})
	if err != nil {
		t.Fatal(err)
	}
	if result.M != nil || result.Levels.M != 0 || result.Scored[0].M != 0 || result.Scored[0].Segment != "new" {
		t.Errorf("%+v", result)
	}
}

// TestDefaultRules: the default table covers every pair of R and F exactly
// once, as the source does.
func TestDefaultRules(t *testing.T) {
	source := map[string]string{ // R then F
		"champions": "54 55", "loyal": "34 35 44 45", "potential_loyalist": "42 43 52 53", "new": "51", "promising": "41",
		"need_attention": "33", "about_to_sleep": "31 32", "at_risk": "13 14 23 24", "cant_lose": "15 25", "hibernating": "11 12 21 22",
	}
	covered := map[string]string{}
	for _, rule := range segments.DefaultRules() {
		var pairs []string
		for r := rule.R.From; r <= rule.R.To; r++ {
			for f := rule.F.From; f <= rule.F.To; f++ {
				pair := fmt.Sprint(r, f)
				pair = strings.ReplaceAll(pair, " ", "")
				if other := covered[pair]; other != "" {
					t.Errorf("%s is both %s and %s", pair, other, rule.Segment)
				}
				covered[pair] = rule.Segment
				pairs = append(pairs, pair)
			}
		}
		if got := strings.Join(pairs, " "); got != source[rule.Segment] || rule.M != (segments.Range{}) {
			t.Errorf("%s: %s, want %s", rule.Segment, got, source[rule.Segment])
		}
	}
	if len(covered) != 25 {
		t.Errorf("%d pairs covered", len(covered))
	}
}

// TestRules: the first match wins, whoever matches none is listed apart.
func TestRules(t *testing.T) {
	rules := []segments.Rule{
		{Segment: "big", M: segments.Range{From: 5, To: 5}},
		{Segment: "fresh", R: segments.Range{From: 4, To: 5}},
		{Segment: "big", F: segments.Range{From: 5, To: 9}}, // the same name again, and a bound beyond the scores
	}
	lines := slices.Concat(times(1, "a", 0, 1_000), times(1, "b", 0, 1), times(10, "c", 200, 1), times(1, "d", 200, 1))
	o := segments.RFMOptions{Scoring: segments.Fixed, Rules: rules, M: []orders.Amount{1, 2, 3, money(500)}}
	result, err := segments.RFM(ctx, collect(t, lines), o)
	if err != nil {
		t.Fatal(err)
	}
	rules[0].Segment = "changed" // the result has its own
	var got []string
	for _, c := range result.Scored {
		got = append(got, fmt.Sprintf("%s %d %s", c.ID, c.Rule, c.Segment))
	}
	if want := []string{"a 1 big", "b 2 fresh", "c 3 big", "d 0 "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(result.Segments) != 4 || result.Segments[3].Rule != 0 || result.Segments[3].Customers != 1 || result.Segments[3].DaysSinceLast != 200 {
		t.Errorf("%+v", result.Segments)
	}
}

// TestInvalid: each error names what is wrong.
func TestInvalid(t *testing.T) {
	h := collect(t, times(2, "a", 0, 1))
	grid := func(columns ...segments.GridColumn) func() error {
		return func() error {
			_, err := segments.Grid(ctx, h, segments.GridOptions{Columns: columns})
			return err
		}
	}
	rfm := func(o segments.RFMOptions) func() error {
		return func() error { _, err := segments.RFM(ctx, h, o); return err }
	}
	rules := func(rules ...segments.Rule) func() error { return rfm(segments.RFMOptions{Rules: rules}) }
	all := segments.Rule{Segment: "all"}
	elsewhere := orders.Scope{Where: []orders.Where{{Dimension: "moon"}}}
	for name, test := range map[string]struct {
		do   func() error
		want error
		text string // in the error
	}{
		"no columns": {func() error {
			_, err := segments.Grid(ctx, h, segments.GridOptions{Columns: []segments.GridColumn{}})
			return err
		}, orders.ErrOptions, "Columns"},
		"columns from 2":        {grid(segments.GridColumn{Purchases: 2}), orders.ErrOptions, "Columns[0].Purchases = 2"},
		"columns do not ascend": {grid(segments.GridColumn{Purchases: 1}, segments.GridColumn{Purchases: 1}), orders.ErrOptions, "Columns[1].Purchases = 1"},
		"negative days":         {grid(segments.GridColumn{Purchases: 1, Falling: -1}), orders.ErrOptions, "Columns[0].Falling = -1"},
		"asleep before falling": {grid(segments.GridColumn{Purchases: 1, Falling: 30, Asleep: 29}), orders.ErrOptions, "Columns[0].Asleep = 29"},
		"grid of another world": {func() error { _, err := segments.Grid(ctx, h, segments.GridOptions{Scope: elsewhere}); return err }, orders.ErrQuery, "moon"},
		"grid upside down": {func() error {
			_, err := segments.Grid(ctx, h, segments.GridOptions{Scope: orders.Scope{From: 2, AsOf: 1}})
			return err
		}, orders.ErrOptions, "Scope.From = 0001-01-02"},
		"RFM upside down":        {rfm(segments.RFMOptions{Scope: orders.Scope{From: 2, AsOf: 1}}), orders.ErrOptions, "Scope.From = 0001-01-02"},
		"R descends":             {rfm(segments.RFMOptions{Scoring: segments.Fixed, R: []int{1, 3, 2, 4}}), orders.ErrOptions, "R = [1 3 2 4]"},
		"R negative":             {rfm(segments.RFMOptions{Scoring: segments.Fixed, R: []int{-1, 3, 4, 5}}), orders.ErrOptions, "R = "},
		"F repeats":              {rfm(segments.RFMOptions{Scoring: segments.Fixed, F: []int64{2, 3, 3, 4}}), orders.ErrOptions, "F = "},
		"F from 1":               {rfm(segments.RFMOptions{Scoring: segments.Fixed, F: []int64{1, 2, 3, 4}}), orders.ErrOptions, "F = "},
		"M descends":             {rfm(segments.RFMOptions{Scoring: segments.Fixed, M: []orders.Amount{4, 3, 2, 1}}), orders.ErrOptions, "M = "},
		"measure":                {rfm(segments.RFMOptions{Measure: orders.Quantity}), orders.ErrOptions, "Measure"},
		"RFM of another world":   {rfm(segments.RFMOptions{Scope: elsewhere}), orders.ErrQuery, "moon"},
		"shadowed by all":        {rules(all, segments.Rule{Segment: "late"}), orders.ErrOptions, "Rules[1] (late)"},
		"shadowed by two":        {rules(segments.Rule{Segment: "low", R: segments.Range{From: 1, To: 2}}, segments.Rule{Segment: "high", R: segments.Range{From: 3, To: 5}}, all), orders.ErrOptions, "Rules[2] (all)"},
		"beyond the scores":      {rules(segments.Rule{Segment: "six", F: segments.Range{From: 6, To: 7}}, all), orders.ErrOptions, "Rules[0] (six)"},
		"range upside down":      {rules(segments.Rule{Segment: "none", M: segments.Range{From: 4, To: 2}}, all), orders.ErrOptions, "Rules[0] (none)"},
		"money is always scored": {rules(segments.Rule{Segment: "any", M: segments.Range{From: 1, To: 5}}, all), orders.ErrOptions, "Rules[1] (all)"},
	} {
		if err := test.do(); !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v, want %v with %q", name, err, test.want, test.text)
		}
	}
}

// TestRFMAgainstDeals scores over again from the deals and matches rules one by
// one; everyone with a purchase is scored, all money somewhere.
func TestRFMAgainstDeals(t *testing.T) {
	score := func(cuts []float64, v float64) int {
		n := 0
		for _, cut := range cuts {
			if v > cut || v == cut {
				n++
			}
		}
		return n + 1
	}
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		o := segments.RFMOptions{Scoring: segments.Fixed, Measure: rapid.SampledFrom([]orders.Measure{orders.Revenue, orders.GrossProfit}).Draw(t, "measure")}
		result, err := segments.RFM(ctx, f, o)
		if err != nil {
			t.Fatal(err)
		}
		control, err := f.Control(ctx)
		if err != nil {
			t.Fatal(err)
		}
		all := customersOf(f)
		var revenue orders.Amount
		for _, c := range result.Scored {
			w := all[c.ID]
			days := float64(control.LastDay - w.lastDay)
			r := 6 - score([]float64{31, 91, 181, 366}, days)
			f := score([]float64{2, 3, 5, 10}, float64(w.purchases))
			if c.R != r || c.F != f || c.Revenue != w.revenue || c.Purchases != int64(w.purchases) {
				t.Errorf("%s: %+v, want R %d, F %d of %+v", c.ID, c, r, f, w)
			}
			known := o.Measure == orders.Revenue || w.tally.Costed != 0 || w.tally.COGS != 0 || w.tally.Revenue == 0
			if c.Money.Known != known {
				t.Errorf("%s: money %v", c.ID, c.Money)
			}
			if positive := result.M != nil; (c.M > 0) != (known && positive) {
				t.Errorf("%s: M %d of %v by %v", c.ID, c.M, c.Money, result.M)
			}
			rule := slices.IndexFunc(result.Rules, func(rule segments.Rule) bool {
				return rule.R.From <= r && r <= rule.R.To && rule.F.From <= f && f <= rule.F.To
			})
			if c.Rule != rule+1 || c.Segment != result.Rules[rule].Segment {
				t.Errorf("%s: rule %d (%s), want %d", c.ID, c.Rule, c.Segment, rule+1)
			}
			revenue += c.Revenue
		}
		if int64(len(result.Scored)) != control.Customers || result.Customers != control.Customers || result.Customers+result.Without != int64(len(all)) {
			t.Errorf("%d scored, %d without; the export has %d of %d", len(result.Scored), result.Without, control.Customers, len(all))
		}
		if revenue != result.Revenue || revenue+result.WithoutRevenue != control.Identified {
			t.Errorf("revenue %s + %s, the export's is %s", revenue, result.WithoutRevenue, control.Identified)
		}
		var customers int64
		for _, s := range result.Segments {
			customers += s.Customers
			revenue -= s.Revenue
			if (s.Customers == 0) != math.IsNaN(s.DaysSinceLast) {
				t.Errorf("%+v", s)
			}
		}
		if customers != result.Customers || revenue != 0 {
			t.Errorf("segments: %d customers, %s of revenue missing", customers, revenue)
		}
	})
}

// TestScope: the year's money and purchases, but the days since the last
// purchase of the whole history.
func TestScope(t *testing.T) {
	lines := slices.Concat(times(9, "a", 400, 1), times(2, "b", 10, 5), times(1, "b", 500, 5))
	scope := orders.Scope{From: asOf - 100}
	h := collect(t, lines)
	result, err := segments.RFM(ctx, h, segments.RFMOptions{Scope: scope})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Scored) != 1 || result.Scored[0].ID != "b" || result.Scored[0].Purchases != 2 || result.Without != 1 || result.Revenue != money(10) {
		t.Errorf("RFM: %+v", result)
	}
	g, err := segments.Grid(ctx, h, segments.GridOptions{Scope: scope})
	if err != nil {
		t.Fatal(err)
	}
	if g.Customers != 2 || g.Revenue != money(10) || g.Cell(2, segments.Asleep).Customers != 1 || g.Cell(1, segments.Active).Purchases != 3 {
		t.Errorf("grid: %+v", g)
	}
}

// TestRecords looks at one row of each record, nulls included, and that every
// byte is given back.
func TestRecords(t *testing.T) {
	lines := append(times(2, "a", 0, 30), sale("b", 99, 40), sale("gone", 5, -7))
	lines[0].CustomerName, lines[0].Salesperson, lines[1].Salesperson = "Ann", "Ivan", "Ivan"
	lines[2].COGS = orders.NullAmount{}
	h := collect(t, lines)
	g, err := segments.Grid(ctx, h, segments.GridOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rules := []segments.Rule{{Segment: "twice", F: segments.Range{From: 2, To: 2}}}
	rfm, err := segments.RFM(ctx, h, segments.RFMOptions{Scoring: segments.Fixed, Measure: orders.GrossProfit, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		record func(memory.Allocator) arrow.Record
		rows   int64
		row    int
		want   string
	}{
		"cell":          {g.Record, 10, 3, "column=promising state=active customers=1 purchases=2 revenue=60 customer_share=0.5 revenue_share=0.6 potential=(null)"},
		"cell asleep":   {g.Record, 10, 2, "column=new state=asleep customers=1 purchases=1 revenue=40 customer_share=0.5 revenue_share=0.4 potential=33.33"},
		"cell without":  {g.Record, 10, 9, "column=without state=(null) customers=1 purchases=0 revenue=-7 customer_share=(null) revenue_share=(null) potential=(null)"},
		"grid customer": {g.CustomerRecord, 2, 0, "customer=a name=Ann owner=Ivan purchases=2 last_day=2024-12-31 days_since_last=0 revenue=60 column=promising state=active"},
		"segment":       {rfm.Record, 2, 0, "rule=1 segment=twice customers=1 purchases=2 revenue=60 customer_share=0.5 revenue_share=0.6 days_since_last=0"},
		"no segment":    {rfm.Record, 2, 1, "rule=0 segment=(null) customers=1 purchases=1 revenue=40 customer_share=0.5 revenue_share=0.4 days_since_last=99"},
		"customer":      {rfm.CustomerRecord, 2, 1, "customer=b name=b owner=(null) last_day=2024-09-23 days_since_last=99 purchases=1 revenue=40 money=(null) r=3 f=1 m=0 rule=0 segment=(null)"},
	} {
		got, rows := orderstest.Row(t, test.record, test.row)
		if rows != test.rows {
			t.Errorf("%s: %d rows, want %d", name, rows, test.rows)
		}
		if got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, test.want)
		}
	}
	for s := segments.Active; s <= segments.NeverBought+1; s++ {
		if text, err := s.MarshalText(); err != nil || string(text) != s.String() {
			t.Errorf("%s: %q, %v", s, text, err)
		}
	}
}
