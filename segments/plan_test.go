package segments_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// rub returns money from its decimal form.
func rub(t testing.TB, s string) orders.Amount {
	t.Helper()
	a, err := orders.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// sold reads sales written as "customer salesperson day money", one a line.
func sold(t testing.TB, text string) []orders.Line {
	t.Helper()
	var lines []orders.Line
	for line := range strings.Lines(text) {
		field := strings.Fields(line)
		if len(field) == 0 {
			continue
		}
		date, err := orders.ParseDate(field[2])
		if err != nil {
			t.Fatal(err)
		}
		l := orders.Line{Customer: field[0], Salesperson: strings.ReplaceAll(field[1], "-", ""), Date: date, Revenue: rub(t, field[3])}
		lines = append(lines, l)
	}
	return lines
}

// planOf plans from a complete history.
func planOf(t testing.TB, text string, o segments.PlanOptions) *segments.PlanResult {
	t.Helper()
	h := orderstest.Collect(t, sold(t, text), orders.Options{HistoryComplete: true})
	p, err := segments.Plan(ctx, h, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// told returns rows as "name: base → plan, fact, deviation (reasons)", each of
// the four as new/repeat/unknown, and the total's the same way.
func told(p *segments.PlanResult) []string {
	var list []string
	for _, r := range append(slices.Clone(p.Rows), p.Total) {
		list = append(list, fmt.Sprintf("%s: %s → %s, fact %s, %s (%s)", r.Salesperson, three(r.Base), three(r.Plan), three(r.Fact), three(r.Deviation), r.Why()))
	}
	return list
}

func three(s segments.PlanSides) string {
	if !s.Known {
		return "?"
	}
	return fmt.Sprintf("%s/%s/%s", s.New, s.Repeat, s.Unknown)
}

func month(year int, m time.Month) orders.Period { return orders.Month.Of(orders.NewDate(year, m, 1)) }

func wantPlan(t *testing.T, name string, p *segments.PlanResult, want ...string) {
	t.Helper()
	if got := told(p); !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// TestPlan computes plans by hand: January 2024 from January 2023.
func TestPlan(t *testing.T) {
	const sales = `
		a Ivan 2023-01-05 1000
		a Ivan 2023-01-20 500.55
		b Olga 2023-01-10 200
		c Pyotr 2023-11-01 70
		d - 2023-01-30 10
		a Olga 2023-12-31 300`
	january := segments.PlanOptions{Month: month(2024, 1)}
	wantPlan(t, "10 % above last year", planOf(t, sales, segments.PlanOptions{}),
		// 10 × 1.1; 1000 × 1.1, 500.55 × 1.1 = 550.605 → 550.61; 200 × 1.1; Pyotr: (1000 + 200)/2 × 1.1, 500.55/2 × 1.1 = 275.3025
		": 10/0/0 → 11/0/0, fact ?, ? (base)",
		"Ivan: 1000/500.55/0 → 1100/550.61/0, fact ?, ? (base; inactive)",
		"Olga: 200/0/0 → 220/0/0, fact ?, ? (base)",
		"Pyotr: 0/0/0 → 660/275.3/0, fact ?, ? (team_average)",
		": 1210/500.55/0 → 1991/825.91/0, fact ?, ? (base; team_average; inactive)")

	o := january
	o.Follow = orders.ByOwner // Olga sold to a last, so Ivan's base is hers, and he has none
	wantPlan(t, "the plan follows the customer", planOf(t, sales, o),
		": 10/0/0 → 11/0/0, fact ?, ? (base)",
		"Olga: 1200/500.55/0 → 1320/550.61/0, fact ?, ? (base)",
		"Pyotr: 0/0/0 → 1320/550.61/0, fact ?, ? (team_average)",
		": 1210/500.55/0 → 2651/1101.22/0, fact ?, ? (base; team_average)")

	o = january
	o.Growth, o.TeamMonths = orders.Known(-50*orders.One), 12
	wantPlan(t, "half of it, by a team of the whole year", planOf(t, sales, o),
		": 10/0/0 → 5/0/0, fact ?, ? (base)",
		"Ivan: 1000/500.55/0 → 500/250.28/0, fact ?, ? (base)", // 250.275
		"Olga: 200/0/0 → 100/0/0, fact ?, ? (base)",
		"Pyotr: 0/0/0 → 300/125.14/0, fact ?, ? (team_average)", // 125.1375
		": 1210/500.55/0 → 905/375.42/0, fact ?, ? (base; team_average)")

	o.Growth = orders.Known(0)
	if p := planOf(t, sales, o); p.Total.Plan.New != money(1210+600) || p.Options.Growth != orders.Known(0) {
		t.Errorf("no growth: %+v", p.Total)
	}
	o.Growth = orders.Known(-100 * orders.One)
	if p := planOf(t, sales, o); p.Total.Plan != (segments.PlanSides{Known: true}) || !math.IsNaN(p.Total.Done.Total) {
		t.Errorf("nothing at all: %+v", p.Total)
	}
}

// TestPlanFact compares a month under way with its plan: of the 23 weekdays of
// January 2024, 11 have passed on the 15th.
func TestPlanFact(t *testing.T) {
	const sales = `
		a Ivan 2023-01-05 1000
		b Olga 2023-01-10 200
		c - 2023-06-01 5
		a Ivan 2024-01-03 330
		x Ivan 2024-01-04 1210
		y Zoya 2024-01-15 77`
	p := planOf(t, sales, segments.PlanOptions{Month: month(2024, 1)})
	wantPlan(t, "under way", p,
		"Ivan: 1000/0/0 → 1100/0/0, fact 1210/330/0, 110/330/0 (base)",
		"Olga: 200/0/0 → 220/0/0, fact 0/0/0, -220/0/0 (base; inactive)",
		"Zoya: 0/0/0 → 0/0/0, fact 77/0/0, 77/0/0 (unplanned)",
		": 1200/0/0 → 1320/0/0, fact 1287/330/0, -33/330/0 (base; unplanned; inactive)")
	if !p.UnderWay || p.Workdays != 23 || p.Passed != 11 || p.BaseWorkdays != 22 || p.PassedShare() != 11.0/23 {
		t.Errorf("calendar: %+v", p)
	}
	ivan, olga, zoya := p.Rows[0], p.Rows[1], p.Rows[2]
	if d := ivan.Done; d.New != 1.1 || !math.IsNaN(d.Repeat) || d.Total != 1.4 {
		t.Errorf("Ivan: %+v", d)
	}
	if d := olga.Done; d.New != 0 || !math.IsNaN(d.Repeat) || d.Total != 0 {
		t.Errorf("Olga: %+v", d)
	}
	if d := zoya.Done; !math.IsNaN(d.New) || !math.IsNaN(d.Repeat) || !math.IsNaN(d.Total) {
		t.Errorf("Zoya: %+v", d)
	}
	// 1210 × 23/11 = 2530; 330 × 23/11 = 690; 77 × 23/11 = 161
	if got := three(ivan.Expected) + " " + three(olga.Expected) + " " + three(zoya.Expected) + " " + three(p.Total.Expected); got != "2530/690/0 0/0/0 161/0/0 2691/690/0" {
		t.Errorf("expected: %s", got)
	}

	// The plan is that of the eve: nothing of the month itself is in it.
	before := planOf(t, sales, segments.PlanOptions{Month: month(2024, 1), Scope: orders.Scope{AsOf: orders.NewDate(2023, 12, 31)}})
	for i, r := range before.Rows {
		if r.Plan != p.Rows[i].Plan || r.Fact.Known || r.Expected.Known || r.FactUnmatched.Known {
			t.Errorf("on the eve: %+v, later %+v", r, p.Rows[i])
		}
	}
	if len(before.Rows) != 2 || before.UnderWay || before.Passed != 0 {
		t.Errorf("on the eve: %+v", before)
	}
	// On its last day the month is over, and nothing is expected beside the fact.
	over := planOf(t, sales, segments.PlanOptions{Month: month(2024, 1), Scope: orders.Scope{AsOf: orders.NewDate(2024, 1, 31)}})
	if over.UnderWay || over.Passed != over.Workdays || over.Total.Expected.Known || over.Total.Fact != p.Total.Fact {
		t.Errorf("over: %+v", over)
	}
	// Before its first working day there is no pace.
	early := planOf(t, "a Ivan 2023-06-01 1\na Ivan 2024-06-01 1", segments.PlanOptions{Month: month(2024, 6)})
	if !early.UnderWay || early.Passed != 0 || early.Total.Expected.Known || early.PassedShare() != 0 {
		t.Errorf("a Saturday: %+v", early)
	}
}

// TestPlanFebruary: a leap year's February against one that is not, as of the
// 29th, and the other way round.
func TestPlanFebruary(t *testing.T) {
	const sales = `
		a Ivan 2023-02-01 100
		a Ivan 2023-02-28 200
		a Ivan 2023-03-31 1000
		a Ivan 2024-02-29 290
		a Ivan 2024-03-01 1`
	leap := orders.Scope{AsOf: orders.NewDate(2024, 2, 29)}
	p := planOf(t, sales, segments.PlanOptions{Scope: leap})
	wantPlan(t, "as of 29 February: March from March", p, "Ivan: 0/1000/0 → 0/1100/0, fact ?, ? (base)", ": 0/1000/0 → 0/1100/0, fact ?, ? (base)")
	if p.Month != month(2024, 3) || p.BaseMonth != month(2023, 3) {
		t.Errorf("month %s of %s", p.Month, p.BaseMonth)
	}
	p = planOf(t, sales, segments.PlanOptions{Scope: leap, Month: month(2024, 2)})
	wantPlan(t, "February of 29 days from one of 28", p, "Ivan: 100/200/0 → 110/220/0, fact 0/290/0, -110/70/0 (base)", ": 100/200/0 → 110/220/0, fact 0/290/0, -110/70/0 (base)")
	if p.UnderWay || p.Workdays != 21 || p.BaseWorkdays != 20 || p.Passed != 21 {
		t.Errorf("the 29th is its last day: %+v", p)
	}
	// 100 × 1.1 × 21/20 = 115.5; 200 × 1.1 × 21/20 = 231
	p = planOf(t, sales, segments.PlanOptions{Scope: leap, Month: month(2024, 2), PerWorkday: true})
	wantPlan(t, "by working days", p, "Ivan: 100/200/0 → 115.5/231/0, fact 0/290/0, -115.5/59/0 (base)", ": 100/200/0 → 115.5/231/0, fact 0/290/0, -115.5/59/0 (base)")
	// 29 February 2024 is in the base of February 2025. 290 × 1.1 × 20/21 = 303.8095…
	p = planOf(t, sales, segments.PlanOptions{Month: month(2025, 2), PerWorkday: true})
	wantPlan(t, "February of 28 days from one of 29", p, "Ivan: 0/290/0 → 0/303.81/0, fact ?, ? (base)", ": 0/290/0 → 0/303.81/0, fact ?, ? (base)")
	// With the 23rd of both years off: 19 days of 20 and 20 of 21.
	p = planOf(t, sales, segments.PlanOptions{Month: month(2025, 2), PerWorkday: true, Workdays: segments.Workdays{Holidays: []orders.Date{day(2, 23), orders.NewDate(2025, 2, 24)}}})
	if p.BaseWorkdays != 20 || p.Workdays != 19 || p.Total.Plan.Repeat != rub(t, "303.05") { // 319 × 19/20
		t.Errorf("holidays: %+v", p)
	}
}

// TestPlanBases are bases that are not what they should be.
func TestPlanBases(t *testing.T) {
	o := segments.PlanOptions{Month: month(2024, 1)}
	wantPlan(t, "zero and negative", planOf(t, `
		a Ivan 2022-12-01 100
		b Olga 2022-12-02 500
		c Zoya 2022-12-03 10
		a Ivan 2023-01-05 100
		a Ivan 2023-01-06 -100
		b Olga 2023-01-05 50
		b Olga 2023-01-06 -80
		n Olga 2023-01-07 40
		c Zoya 2023-01-08 -10
		z Zoya 2023-12-08 1`, o),
		"Ivan: 0/0/0 → 0/0/0, fact ?, ? (base; zero_base; inactive)",
		// 500 − 80 is not what January saw: on the side of repeat it is 50 − 80.
		"Olga: 40/-30/0 → 44/0/0, fact ?, ? (base; negative_base; inactive)",
		// Zoya only took goods back: that is nothing to plan from. (0 + 40)/2 × 1.1, max(0, −30/2).
		"Zoya: -10/0/0 → 22/0/0, fact ?, ? (team_average; negative_base)",
		": 30/-30/0 → 66/0/0, fact ?, ? (base; team_average; negative_base; zero_base; inactive)")

	p := planOf(t, "a Ivan 2023-01-20 100\na Ivan 2023-12-20 1", o)
	wantPlan(t, "partly in the export", p, "Ivan: 100/0/0 → 110/0/0, fact ?, ? (base)", ": 100/0/0 → 110/0/0, fact ?, ? (base)")
	if p.PartialBase {
		t.Error("19 days are less than the longest pause")
	}
	p = planOf(t, "a Ivan 2023-01-20 100\n"+daily(orders.NewDate(2023, 1, 21), 345), o)
	wantPlan(t, "partly in the export", p,
		"Ivan: 100/0/0 → 110/0/0, fact ?, ? (base; partial_base; inactive)",
		"Ира: 1/10/0 → 1.1/11/0, fact ?, ? (base; partial_base)",
		": 101/10/0 → 111.1/11/0, fact ?, ? (base; partial_base; inactive)")
	if !p.PartialBase {
		t.Error("19 of 31 days are missing")
	}

	wantPlan(t, "not in the export", planOf(t, "a Ivan 2023-02-01 100\na Olga 2023-12-31 1", o),
		"Olga: ? → ?, fact ?, ? (no_base)", ": ? → ?, fact ?, ? (no_base)")
	wantPlan(t, "not in the export, under way", planOf(t, "a Ivan 2023-02-01 100\na Olga 2024-01-31 1", o),
		"Olga: ? → ?, fact 0/1/0, ? (no_base)", ": ? → ?, fact 0/1/0, ? (no_base)")
	wantPlan(t, "nobody sold", planOf(t, "a Ivan 2022-02-01 100\na Olga 2023-12-31 1", o),
		"Olga: 0/0/0 → ?, fact ?, ? (no_base)", ": 0/0/0 → ?, fact ?, ? (no_base)")
	wantPlan(t, "nobody with a name sold", planOf(t, "a - 2023-01-01 100\na Olga 2023-12-31 1", o),
		": 100/0/0 → 110/0/0, fact ?, ? (base)", "Olga: 0/0/0 → ?, fact ?, ? (no_base)", ": 100/0/0 → ?, fact ?, ? (base; no_base)")
	wantPlan(t, "far ahead", planOf(t, "a Ivan 2023-01-05 100", segments.PlanOptions{Month: month(2024, 2)}), "Ivan: ? → ?, fact ?, ? (no_base)", ": ? → ?, fact ?, ? (no_base)")
	wantPlan(t, "long ago", planOf(t, "a Ivan 2023-01-05 100", segments.PlanOptions{Month: month(2020, 1)}), ": ? → ?, fact ?, ? ()")
}

// daily are sales of 1 on each of n days.
func daily(from orders.Date, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "d Ира %s 1\n", from+orders.Date(i))
	}
	return b.String()
}

// nobody is the facts of an empty export, which must not be asked for more.
type nobody struct{ orders.Facts }

func (nobody) Control(context.Context) (orders.Control, error) { return orders.Control{}, nil }

// TestPlanOfNothing: an empty export plans nothing, which is not a plan of zero.
func TestPlanOfNothing(t *testing.T) {
	for name, o := range map[string]segments.PlanOptions{"next month": {}, "a month": {Month: month(2024, 2), PerWorkday: true}} {
		p, err := segments.Plan(ctx, nobody{}, o)
		if err != nil {
			t.Fatal(err)
		}
		wantPlan(t, name, p, ": ? → ?, fact ?, ? ()")
		if p.Month != o.Month || !p.BaseMonth.IsZero() || !math.IsNaN(p.Total.Done.Total) || !math.IsNaN(p.PassedShare()) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// TestPlanUnknown: where the export cannot tell first purchases from others,
// they are planned apart and never as new; unmatched returns are in no plan.
func TestPlanUnknown(t *testing.T) {
	h := orderstest.Collect(t, sold(t, `
		a Ivan 2023-01-05 1000
		a Ivan 2023-01-20 500
		r Ivan 2023-01-21 -70
		n Olga 2023-12-01 5
		m Olga 2024-01-10 50
		r Pyotr 2024-01-11 -7`), orders.Options{BurnIn: 60})
	p, err := segments.Plan(ctx, h, segments.PlanOptions{Month: month(2024, 1)})
	if err != nil {
		t.Fatal(err)
	}
	wantPlan(t, "unknown", p,
		"Ivan: 0/500/1000 → 0/550/1100, fact 0/0/0, 0/-550/-1100 (base; unknown_base; unmatched_returns; inactive)",
		"Olga: 0/0/0 → 0/550/1100, fact 50/0/0, 50/-550/-1100 (team_average; unknown_base)",
		"Pyotr: 0/0/0 → 0/0/0, fact 0/0/0, 0/0/0 (unplanned; unmatched_returns)",
		": 0/500/1000 → 0/1100/2200, fact 50/0/0, 50/-1100/-2200 (base; team_average; unplanned; unknown_base; unmatched_returns; inactive)")
	if p.Total.BaseUnmatched != orders.Known(money(-70)) || p.Total.FactUnmatched != orders.Known(money(-7)) {
		t.Errorf("unmatched: %v, %v", p.Total.BaseUnmatched, p.Total.FactUnmatched)
	}
	if d := p.Rows[1].Done; !math.IsNaN(d.New) || !math.IsNaN(d.Repeat) || d.Total != 50.0/1650 {
		t.Errorf("done of what is partly unknown: %+v", d)
	}
	if s := p.Rows[0].Plan; s.Of(orders.First) != orders.Known(0) || s.Of(orders.Repeat) != orders.Known(money(550)) || s.Of(orders.Unknown) != orders.Known(money(1100)) || s.Of(orders.Unmatched).Known {
		t.Errorf("sides of %+v", s)
	}
}

// TestPlanRounding: halves of a kopeck go away from zero, and the total is the
// sum of what the rows show.
func TestPlanRounding(t *testing.T) {
	var text strings.Builder
	for i := range 9 {
		fmt.Fprintf(&text, "c%d s%d 2023-01-10 0.05\n", i, i)
	}
	p := planOf(t, text.String(), segments.PlanOptions{Month: month(2024, 1)})
	if p.Total.Base.New != rub(t, "0.45") || p.Total.Plan.New != rub(t, "0.54") { // 9 × 0.06, not 0.495 → 0.50
		t.Errorf("%s → %s", p.Total.Base.New, p.Total.Plan.New)
	}
	for growth, want := range map[string]string{"10": "0.06", "9.9999": "0.05", "9.9999999": "", "-10": "0.05", "-10.0001": "0.04", "100000": "50.05"} {
		if want == "" {
			continue // finer than an Amount
		}
		p := planOf(t, "a s 2023-01-10 0.05\n", segments.PlanOptions{Month: month(2024, 1), Growth: orders.Known(rub(t, growth))})
		if p.Total.Plan.New != rub(t, want) {
			t.Errorf("0.05 at %s %%: %s, want %s", growth, p.Total.Plan.New, want)
		}
	}
}

// TestPlanFaults: each invalid option is named.
func TestPlanFaults(t *testing.T) {
	h := orderstest.Collect(t, sold(t, "a Ivan 2023-01-05 1000"), orders.Options{})
	every := make([]orders.Date, 31)
	for i := range every {
		every[i] = orders.NewDate(2023, 1, 1+i)
	}
	for field, o := range map[string]segments.PlanOptions{
		"Month":      {Month: orders.Quarter.Of(asOf)},
		"Month = 0":  {Month: orders.Period{Grain: orders.Month, Index: 5}},
		"Growth":     {Growth: orders.Known(-100*orders.One - 1)},
		"Growth = 1": {Growth: orders.Known(100_001 * orders.One)},
		"Follow":     {Follow: orders.ByCustomer},
		"TeamMonths": {TeamMonths: -1},
		"Scope.From": {Scope: orders.Scope{From: asOf, AsOf: asOf - 1}},
		"Workdays":   {Month: month(2024, 1), PerWorkday: true, Workdays: segments.Workdays{Holidays: every}},
	} {
		if _, err := segments.Plan(ctx, h, o); !errors.Is(err, orders.ErrOptions) || !strings.Contains(fmt.Sprint(err), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	// A plan beyond an Amount is an error, not another number.
	h = orderstest.Collect(t, sold(t, "a Ivan 2023-01-05 400000000000"), orders.Options{})
	if _, err := segments.Plan(ctx, h, segments.PlanOptions{Month: month(2024, 1), Growth: orders.Known(30_000 * orders.One)}); !errors.Is(err, orders.ErrRange) {
		t.Errorf("beyond: %v", err)
	}
}

// failing is facts of which one query fails.
type failing struct {
	orders.Facts
	at *int // queries until then; 0: the control
}

func (f failing) step() error {
	if *f.at--; *f.at < 0 {
		return errFacts
	}
	return nil
}

func (f failing) Control(ctx context.Context) (orders.Control, error) {
	if err := f.step(); err != nil {
		return orders.Control{}, err
	}
	return f.Facts.Control(ctx)
}

func (f failing) Flows(ctx context.Context, q orders.FlowQuery) ([]orders.Flow, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.Facts.Flows(ctx, q)
}

var errFacts = errors.New("no facts today")

// TestPlanErrors: the errors of the facts come through, whichever query has them.
func TestPlanErrors(t *testing.T) {
	h := orderstest.Collect(t, sold(t, "a Ivan 2023-01-05 1000\na Ivan 2024-01-05 1000"), orders.Options{})
	for queries := range 5 {
		at := queries
		_, err := segments.Plan(ctx, failing{h, &at}, segments.PlanOptions{Month: month(2024, 1), Follow: orders.ByOwner})
		if want := queries < 4; errors.Is(err, errFacts) != want || !want && err != nil {
			t.Errorf("query %d: %v", queries, err)
		}
	}
	// What is expected of a month is within an Amount, or an error.
	h = orderstest.Collect(t, sold(t, "a Ivan 2023-01-05 1\na Ivan 2024-01-01 90000000000000\nb Olga 2024-01-01 90000000000000"), orders.Options{})
	if _, err := segments.Plan(ctx, h, segments.PlanOptions{Month: month(2024, 1)}); !errors.Is(err, orders.ErrRange) {
		t.Errorf("expected of a month: %v", err)
	}
}

// drawPlan draws options, and the history that they are of.
func drawPlan(t *rapid.T) ([]orders.Line, orders.Options, segments.PlanOptions) {
	o := segments.PlanOptions{
		Follow:     rapid.SampledFrom([]orders.Dimension{"", orders.BySalesperson, orders.ByOwner}).Draw(t, "follow"),
		PerWorkday: rapid.Bool().Draw(t, "per workday"),
		TeamMonths: rapid.SampledFrom([]int{0, 1, 6, 24}).Draw(t, "team"),
	}
	if rapid.Bool().Draw(t, "has a month") {
		o.Month = month(2023, 12).Add(rapid.IntRange(-2, 40).Draw(t, "month"))
	}
	if rapid.Bool().Draw(t, "has a growth") {
		o.Growth = orders.Known(orders.Amount(rapid.IntRange(-1_000_000, 3_000_000).Draw(t, "growth")))
	}
	if rapid.Bool().Draw(t, "has a day") {
		o.Scope.AsOf = orders.NewDate(2024, 1, 1) + orders.Date(rapid.IntRange(0, 800).Draw(t, "day"))
	}
	if rapid.Bool().Draw(t, "has holidays") {
		o.Workdays.Holidays = []orders.Date{orders.NewDate(2024, 1, 1), orders.NewDate(2024, 1, 2), orders.NewDate(2025, 1, 1)}
	}
	lines := factstest.Lines(t)
	if rapid.Bool().Draw(t, "of a plan") {
		n := rapid.IntRange(1, 40).Draw(t, "number of plan lines")
		lines = rapid.SliceOfN(rapid.Custom(planLine), n, n).Draw(t, "plan lines")
		o.Month = month(2025, 3)
	}
	return lines, factstest.Options(t), o
}

// planLine draws a sale of the months that matter to the plan of March 2025.
func planLine(t *rapid.T) orders.Line {
	months := []orders.Period{month(2024, 3), month(2024, 3), month(2024, 3), month(2024, 3), month(2025, 2), month(2025, 1), month(2024, 11), month(2025, 3), month(2024, 1), month(2023, 12)}
	return orders.Line{
		Customer:    rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}).Draw(t, "customer"),
		Salesperson: rapid.SampledFrom([]string{"Ivan", "Olga", "Zoya", "Pyotr", ""}).Draw(t, "salesperson"),
		Date:        rapid.SampledFrom(months).Draw(t, "month of sale").First() + orders.Date(rapid.IntRange(0, 27).Draw(t, "day of sale")),
		Revenue:     orders.Amount(rapid.SampledFrom([]int{100, 5, 555, 12_345, 1_000_001, -77, -1234, 0, 99}).Draw(t, "kopecks")) * orders.One / 100,
	}
}

// TestPlanNaive holds plans of random histories to a naive computation from the
// deals, in fractions, and to the money of the months.
func TestPlanNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, of, o := drawPlan(t)
		f, err := factstest.Open(lines, of)
		if err != nil {
			t.Skip(err)
		}
		got, err := segments.Plan(ctx, f, o)
		if errors.Is(err, orders.ErrOptions) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		n := newNaivePlan(t, f, got.Options)
		want := n.rows()
		if len(got.Rows) != len(want) {
			t.Fatalf("%d rows, want %d: %q\nwant %v", len(got.Rows), len(want), told(got), want)
		}
		var total segments.PlanRow
		for i, r := range got.Rows {
			w := want[i]
			if r.Salesperson != w.name || three(r.Base) != w.base || three(r.Plan) != w.plan || three(r.Fact) != w.fact || r.Reasons[0] != w.basis {
				t.Errorf("%q: base %s, plan %s, fact %s, %s; want %+v", r.Salesperson, three(r.Base), three(r.Plan), three(r.Fact), r.Why(), w)
			}
			total.Base.New, total.Base.Repeat, total.Base.Unknown = total.Base.New+r.Base.New, total.Base.Repeat+r.Base.Repeat, total.Base.Unknown+r.Base.Unknown
			total.BaseUnmatched.Amount += r.BaseUnmatched.Amount
			total.Plan.New, total.Plan.Repeat, total.Plan.Unknown = total.Plan.New+r.Plan.New, total.Plan.Repeat+r.Plan.Repeat, total.Plan.Unknown+r.Plan.Unknown
			total.Fact.New, total.Fact.Repeat, total.Fact.Unknown = total.Fact.New+r.Fact.New, total.Fact.Repeat+r.Fact.Repeat, total.Fact.Unknown+r.Fact.Unknown
			total.FactUnmatched.Amount += r.FactUnmatched.Amount
			total.Deviation.New += r.Deviation.New
			total.Expected.Repeat += r.Expected.Repeat
			if r.Deviation.Known != (r.Fact.Known && r.Plan.Known) || r.Deviation.Known && r.Deviation.Total().Amount != r.Fact.Total().Amount-r.Plan.Total().Amount {
				t.Errorf("%q: deviation %+v", r.Salesperson, r.Deviation)
			}
			if done := r.Done.Total; math.IsNaN(done) == (r.Deviation.Known && r.Plan.Total().Amount > 0) {
				t.Errorf("%q: %v of %s is done", r.Salesperson, done, three(r.Plan))
			}
		}
		x := got.Total
		x.Base.Known, x.Fact.Known, x.BaseUnmatched.Known, x.FactUnmatched.Known = false, false, false, false
		if x.Base != total.Base || x.Fact != total.Fact || x.BaseUnmatched != total.BaseUnmatched || x.FactUnmatched != total.FactUnmatched || x.Expected.Known && x.Expected.Repeat != total.Expected.Repeat {
			t.Errorf("rows sum to %+v, the total is %+v", total, got.Total)
		}
		if x.Plan.Known && (x.Plan.New != total.Plan.New || x.Plan.Repeat != total.Plan.Repeat || x.Plan.Unknown != total.Plan.Unknown || x.Deviation.Known && x.Deviation.New != total.Deviation.New) {
			t.Errorf("plans sum to %+v, the total is %+v", total, got.Total)
		}
		for name, pair := range map[string][2]orders.Amount{
			"base": {total.Base.Total().Amount + total.BaseUnmatched.Amount, n.revenue(got.BaseMonth)},
			"fact": {total.Fact.Total().Amount + total.FactUnmatched.Amount, n.revenue(got.Month)},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s %s, the month has %s", name, pair[0], pair[1])
			}
		}
	})
}

// naivePlan is what the deals say.
type naivePlan struct {
	o          segments.PlanOptions
	deals      []orders.Deal // in the scope
	owner      map[string]string
	base, fact map[string]*orders.Sides
	team       map[string]bool
	from, to   orders.Date
}

func newNaivePlan(t *rapid.T, f orders.Facts, o segments.PlanOptions) *naivePlan {
	n := &naivePlan{o: o, owner: map[string]string{}, base: map[string]*orders.Sides{}, fact: map[string]*orders.Sides{}, team: map[string]bool{}}
	c, err := f.Control(ctx)
	if err != nil {
		t.Fatal(err)
	}
	n.from, n.to = max(o.Scope.From, c.FirstDay), min(o.Scope.AsOf, c.LastDay)
	for d := range f.(dealer).Deals() {
		if n.from <= d.Day && d.Day <= n.to {
			n.deals = append(n.deals, d)
		}
	}
	eve := min(o.Month.First()-1, n.to)
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: eve}}) {
		if err != nil {
			break // a plan of before the export
		}
		n.owner[c.ID] = c.Owner
	}
	since := orders.Month.Of(eve).Add(-o.TeamMonths)
	for _, d := range n.deals {
		at := orders.Month.Of(d.Day)
		whose := d.Salesperson
		if o.Follow == orders.ByOwner {
			whose = n.owner[d.Customer]
		}
		if at == o.Month.Add(-12) {
			addTo(n.base, whose, d)
		}
		if at == o.Month {
			addTo(n.fact, d.Salesperson, d)
		}
		if d.N > 0 && at.Index > since.Index && at.Index < o.Month.Index && d.Tally.Purchases+d.Tally.Deals > 0 {
			n.team[d.Salesperson] = true
		}
	}
	return n
}

func addTo(m map[string]*orders.Sides, name string, d orders.Deal) {
	if m[name] == nil {
		m[name] = &orders.Sides{}
	}
	sum := m[name].Of(d.Side)
	sum.Revenue += d.Tally.Revenue
	if d.N > 0 {
		sum.Purchases++ // some: how many does not matter
	}
}

// revenue is that of a month.
func (n *naivePlan) revenue(p orders.Period) (sum orders.Amount) {
	for _, d := range n.deals {
		if orders.Month.Of(d.Day) == p {
			sum += d.Tally.Revenue
		}
	}
	return sum
}

type naiveRow struct {
	name, base, plan, fact string
	basis                  segments.PlanReason
}

func (n *naivePlan) rows() (list []naiveRow) {
	names := map[string]bool{}
	for name := range n.base {
		names[name] = true
	}
	for name := range n.fact {
		names[name] = true
	}
	for name := range n.team {
		names[name] = names[name] || name != ""
	}
	baseMonth := n.o.Month.Add(-12)
	baseKnown := baseMonth.First() <= n.to && baseMonth.Last() >= n.from
	factKnown := n.o.Month.First() <= n.to && n.o.Month.Last() >= n.from
	var sold orders.Sides
	sellers := int64(0)
	has := func(name string) bool {
		b := n.base[name]
		return b != nil && b.First.Purchases+b.Repeat.Purchases+b.Unknown.Purchases > 0
	}
	for name := range n.base {
		if name != "" && has(name) {
			sellers++
			sold = sold.Plus(*n.base[name])
		}
	}
	for name, listed := range names {
		if !listed {
			continue
		}
		base, fact := n.base[name], n.fact[name]
		if base == nil {
			base = &orders.Sides{}
		}
		if fact == nil {
			fact = &orders.Sides{}
		}
		row := naiveRow{name: name, base: "?", plan: "?", fact: "?", basis: segments.NoBase}
		if baseKnown {
			row.base = fmt.Sprintf("%s/%s/%s", base.First.Revenue, base.Repeat.Revenue, base.Unknown.Revenue)
			switch {
			case has(name):
				row.basis, row.plan = segments.FromBase, n.planned(*base, 1)
			case name == "" || !n.team[name]:
				row.basis, row.plan = segments.Unplanned, "0/0/0"
			case sellers > 0:
				row.basis, row.plan = segments.TeamAverage, n.planned(sold, sellers)
			}
		}
		if factKnown {
			row.fact = fmt.Sprintf("%s/%s/%s", fact.First.Revenue, fact.Repeat.Revenue, fact.Unknown.Revenue)
		}
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b naiveRow) int { return cmp.Compare(a.name, b.name) })
	return list
}

// planned is the plan of n salespersons' base each, in fractions.
func (n *naivePlan) planned(s orders.Sides, people int64) string {
	one := func(a orders.Amount) orders.Amount {
		x := big.NewRat(int64(max(a, 0)), 100*people) // kopecks
		x.Mul(x, big.NewRat(1_000_000+int64(n.o.Growth.Amount), 1_000_000))
		if n.o.PerWorkday {
			x.Mul(x, big.NewRat(int64(weekdays(n.o, n.o.Month)), int64(weekdays(n.o, n.o.Month.Add(-12)))))
		}
		x.Add(x, big.NewRat(1, 2))
		return orders.Amount(new(big.Int).Quo(x.Num(), x.Denom()).Int64()) * 100
	}
	return fmt.Sprintf("%s/%s/%s", one(s.First.Revenue), one(s.Repeat.Revenue), one(s.Unknown.Revenue))
}

func weekdays(o segments.PlanOptions, p orders.Period) (n int) {
	for d := p.First(); d <= p.Last(); d++ {
		if w := d.Time().Weekday(); w != 0 && w != 6 && !slices.Contains(o.Workdays.Holidays, d) {
			n++
		}
	}
	return n
}

// TestPlanFollows: whomever the plan follows, the base is the same money in
// total, and the fact the same for everybody.
func TestPlanFollows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, of, o := drawPlan(t)
		f, err := factstest.Open(lines, of)
		if err != nil {
			t.Skip(err)
		}
		var plans [2]*segments.PlanResult
		for i, follow := range []orders.Dimension{orders.BySalesperson, orders.ByOwner} {
			o.Follow = follow
			if plans[i], err = segments.Plan(ctx, f, o); errors.Is(err, orders.ErrOptions) {
				t.Skip(err)
			} else if err != nil {
				t.Fatal(err)
			}
		}
		a, b := plans[0].Total, plans[1].Total
		if a.Base != b.Base || a.BaseUnmatched != b.BaseUnmatched || a.Fact != b.Fact || a.FactUnmatched != b.FactUnmatched || a.Expected.Known != b.Expected.Known {
			t.Errorf("totals %+v and %+v", a, b)
		}
		facts := map[string]segments.PlanSides{}
		for _, r := range plans[0].Rows {
			facts[r.Salesperson] = r.Fact
		}
		for _, r := range plans[1].Rows {
			if w := facts[r.Salesperson]; w.Known && w != r.Fact {
				t.Errorf("%q: fact %+v and %+v", r.Salesperson, w, r.Fact)
			}
		}
	})
}

// TestPlanPermutation: the order of the lines does not matter.
func TestPlanPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, of, o := drawPlan(t)
		plan := func(lines []orders.Line) string {
			f, err := factstest.Open(lines, of)
			if err != nil {
				return err.Error()
			}
			p, err := segments.Plan(ctx, f, o)
			if err != nil {
				return err.Error()
			}
			return strings.Join(told(p), "\n")
		}
		if a, b := plan(lines), plan(rapid.Permutation(lines).Draw(t, "shuffled")); a != b {
			t.Errorf("%s\nshuffled:\n%s", a, b)
		}
	})
}

// TestPlanOwns: a plan shares nothing with the options it was made of.
func TestPlanOwns(t *testing.T) {
	o := segments.PlanOptions{
		Month:    month(2024, 1),
		Scope:    orders.Scope{Where: []orders.Where{{Dimension: orders.BySalesperson, In: []string{"Ivan"}}}},
		Workdays: segments.Workdays{Weekend: []time.Weekday{time.Sunday}, Holidays: []orders.Date{1}, Extra: []orders.Date{2}},
	}
	p := planOf(t, "a Ivan 2023-01-05 1000\nb Olga 2023-01-06 2000", o)
	o.Scope.Where[0].In[0], o.Workdays.Weekend[0], o.Workdays.Holidays[0], o.Workdays.Extra[0] = "Olga", 1, 5, 6
	w := p.Options.Workdays
	if p.Options.Scope.Where[0].In[0] != "Ivan" || w.Weekend[0] != time.Sunday || w.Holidays[0] != 1 || w.Extra[0] != 2 {
		t.Errorf("%+v", p.Options)
	}
	wantPlan(t, "one salesperson's", p, "Ivan: 1000/0/0 → 1100/0/0, fact ?, ? (base; partial_base)", ": 1000/0/0 → 1100/0/0, fact ?, ? (base; partial_base)")
}

// TestPlanRecord looks at a row of a plan under way and of one without a base.
func TestPlanRecord(t *testing.T) {
	p := planOf(t, "a Ivan 2023-01-05 1000\nb Olga 2023-01-10 200\na Ivan 2024-01-15 550", segments.PlanOptions{Month: month(2024, 1)})
	got, rows := orderstest.Row(t, p.Record, 0)
	if want := "salesperson=Ivan base_new=1000 base_repeat=0 plan_new=1100 plan_repeat=0 fact_new=0 fact_repeat=550 deviation=-550 reason=base " +
		"base_unknown=0 base_unmatched=0 plan_unknown=0 fact_unknown=0 fact_unmatched=0 base=1000 plan=1100 fact=550 done=0.5 " +
		"deviation_new=-1100 deviation_repeat=550 deviation_unknown=0 done_new=0 done_repeat=(null) expected_new=0 expected_repeat=1150 expected_unknown=0 expected=1150"; got != want || rows != 2 {
		t.Errorf("%d rows:\ngot  %s\nwant %s", rows, got, want)
	}
	p = planOf(t, "a - 2023-12-05 1000\nb Olga 2024-01-10 200", segments.PlanOptions{Month: month(2024, 1), Scope: orders.Scope{AsOf: orders.NewDate(2024, 1, 31)}})
	got, _ = orderstest.Row(t, p.Record, 0)
	if want := "salesperson=Olga base_new=(null) base_repeat=(null) plan_new=(null) plan_repeat=(null) fact_new=200 fact_repeat=0 deviation=(null) reason=no_base " +
		"base_unknown=(null) base_unmatched=(null) plan_unknown=(null) fact_unknown=0 fact_unmatched=0 base=(null) plan=(null) fact=200 done=(null) " +
		"deviation_new=(null) deviation_repeat=(null) deviation_unknown=(null) done_new=(null) done_repeat=(null) expected_new=(null) expected_repeat=(null) expected_unknown=(null) expected=(null)"; got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func BenchmarkPlan(b *testing.B) {
	for _, follow := range []orders.Dimension{orders.BySalesperson, orders.ByOwner} {
		b.Run(string(follow), func(b *testing.B) {
			orderstest.Benchmark(b, planBenchmark(follow))
		})
	}
}

func planBenchmark(follow orders.Dimension) func(context.Context, orders.Facts) error {
	return func(ctx context.Context, f orders.Facts) error {
		_, err := segments.Plan(ctx, f, segments.PlanOptions{Follow: follow})
		return err
	}
}
