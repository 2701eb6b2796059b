package segments_test

import (
	"errors"
	"fmt"
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

// beat is a customer whose latest purchase is so many days before as-of, with
// these gaps before it, the latest first.
func beat(customer string, daysAgo int, gaps ...int) []orders.Line {
	lines := []orders.Line{sale(customer, daysAgo, 100)}
	for _, gap := range gaps {
		daysAgo += gap
		lines = append(lines, sale(customer, daysAgo, 100))
	}
	return lines
}

// lapsed opens lines and asks for everyone's status, which it returns by id.
func lapsed(t *testing.T, lines []orders.Line, o segments.LapseOptions) (*segments.LapseResult, map[string]segments.LapseCustomer) {
	t.Helper()
	l, err := segments.Lapse(ctx, collect(t, lines), o)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]segments.LapseCustomer{}
	for _, c := range l.Judged {
		byID[c.ID] = c
	}
	return l, byID
}

// TestLapseBounds puts one customer on each side of every bound: 1, 1.5, 2 and 3
// times the own median gap (definitions §8).
func TestLapseBounds(t *testing.T) {
	hard := segments.LapseOptions{Due: 1.1, Late: 1.1, AtRisk: 1.15, Lapsed: 4.35}
	for _, test := range []struct {
		name   string
		gaps   []int
		o      segments.LapseOptions
		days   int
		want   segments.Status
		late   int
		rhythm float64
	}{
		{"bought today", []int{10, 10, 10}, segments.LapseOptions{}, 0, segments.OnTime, -10, 10},
		{"the day before", []int{10, 10, 10}, segments.LapseOptions{}, 9, segments.OnTime, -1, 10},
		{"on the day", []int{10, 10, 10}, segments.LapseOptions{}, 10, segments.Due, 0, 10},
		{"due still", []int{10, 10, 10}, segments.LapseOptions{}, 14, segments.Due, 4, 10},
		{"late", []int{10, 10, 10}, segments.LapseOptions{}, 15, segments.Late, 5, 10},
		{"late still", []int{10, 10, 10}, segments.LapseOptions{}, 19, segments.Late, 9, 10},
		{"at risk", []int{10, 10, 10}, segments.LapseOptions{}, 20, segments.AtRisk, 10, 10},
		{"at risk still", []int{10, 10, 10}, segments.LapseOptions{}, 29, segments.AtRisk, 19, 10},
		{"lapsed", []int{10, 10, 10}, segments.LapseOptions{}, 30, segments.Lapsed, 20, 10},
		{"long lapsed", []int{10, 10, 10}, segments.LapseOptions{}, 300, segments.Lapsed, 290, 10},
		{"the median, not the mean", []int{2, 30, 4, 5, 100}, segments.LapseOptions{}, 5, segments.Due, 0, 5},
		{"half a day short", []int{10, 11, 11, 10}, segments.LapseOptions{}, 10, segments.OnTime, -1, 10.5},
		{"half a day rounds up", []int{10, 11, 11, 10}, segments.LapseOptions{}, 11, segments.Due, 0, 10.5},
		{"before 15.75 days", []int{10, 11, 11, 10}, segments.LapseOptions{}, 15, segments.Due, 4, 10.5},
		{"after 15.75 days", []int{10, 11, 11, 10}, segments.LapseOptions{}, 16, segments.Late, 5, 10.5},
		{"1.1 × 10 is 11", []int{10, 10, 10}, hard, 11, segments.Late, 1, 10}, // in doubles 11.000000000000002
		{"not before", []int{10, 10, 10}, hard, 10, segments.OnTime, 0, 10},
		{"1.15 × 20 is 23", []int{20, 20, 20}, hard, 23, segments.AtRisk, 3, 20},
		{"4.35 × 100 is 435", []int{100, 100, 100}, hard, 435, segments.Lapsed, 335, 100}, // in doubles 434.99999999999994
		{"and 434 is less", []int{100, 100, 100}, hard, 434, segments.AtRisk, 334, 100},
	} {
		_, all := lapsed(t, beat("a", test.days, test.gaps...), test.o)
		c := all["a"]
		if c.Status != test.want || c.DaysLate != test.late || c.Rhythm != test.rhythm || c.RhythmOf != segments.Own || c.DaysSinceLast != test.days {
			t.Errorf("%s: %+v, want %s, %d days late by %v", test.name, c, test.want, test.late, test.rhythm)
		}
		if want := asOf - orders.Date(test.late); c.ExpectedDay != want {
			t.Errorf("%s: expected on %s, want %s", test.name, c.ExpectedDay, want)
		}
	}
}

// TestRhythmOf: three gaps are an own rhythm; with fewer the segment's counts,
// then the company's, then there is none.
func TestRhythmOf(t *testing.T) {
	lines := slices.Concat(
		beat("own 8", 1, 8, 8, 8), beat("own 20", 1, 20, 20, 20), // 4 purchases: promising
		beat("own 3", 1, 3, 3, 3, 3, 3, 3, 3, 3), // 9 purchases: loyal
		beat("two gaps", 40, 50, 50), beat("one gap", 13, 50), beat("once", 8),
	)
	whose := func(c segments.LapseCustomer) string {
		return fmt.Sprintf("%s %s %v %s %d", c.Segment, c.RhythmOf, c.Rhythm, c.Status, c.DaysLate)
	}
	l, all := lapsed(t, lines, segments.LapseOptions{})
	for id, want := range map[string]string{
		"own 8": "promising own 8 on_time -7", "own 20": "promising own 20 on_time -19", "own 3": "loyal own 3 on_time -2",
		"two gaps": "promising segment 14 at_risk 26", // the median of 8 and 20
		"one gap":  "promising segment 14 on_time -1",
		"once":     "new company 8 due 0", // the median of 3, 8 and 20: nobody new has a rhythm
	} {
		if got := whose(all[id]); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	want := []segments.SegmentRhythm{{Segment: "loyal", Customers: 1, Own: 1, Rhythm: 3}, {Segment: "new", Customers: 1, Rhythm: math.NaN()}, {Segment: "promising", Customers: 4, Own: 2, Rhythm: 14}}
	if d := factstest.Diff(want, l.Segments); d != "" || l.Company != 8 || l.Own != 3 {
		t.Errorf("segments %+v, company %v of %d: %s", l.Segments, l.Company, l.Own, d)
	}

	// Segments of the caller's: "one gap" has none, "two gaps" is alone in its own.
	given := map[string]string{"own 8": "slow", "own 20": "fast", "once": "fast", "two gaps": "lonely", "own 3": ""}
	_, all = lapsed(t, lines, segments.LapseOptions{Segments: given})
	for id, want := range map[string]string{
		"once": "fast segment 20 on_time -12", "two gaps": "lonely company 8 lapsed 32", "one gap": " company 8 late 5", "own 3": " own 3 on_time -2",
	} {
		if got := whose(all[id]); got != want {
			t.Errorf("given segments: %s: %s, want %s", id, got, want)
		}
	}

	// With two gaps for a rhythm of one's own.
	_, all = lapsed(t, lines, segments.LapseOptions{MinGaps: 2})
	if got, want := whose(all["two gaps"]), "promising own 50 on_time -10"; got != want {
		t.Errorf("two gaps are enough: %s, want %s", got, want)
	}

	// Where nobody has a rhythm everyone is counted all the same.
	l, all = lapsed(t, slices.Concat(beat("a", 3, 10, 10), beat("b", 300)), segments.LapseOptions{})
	a := all["a"]
	if a.Status != segments.NoRhythm || a.RhythmOf != segments.Nobody || !math.IsNaN(a.Rhythm) || a.ExpectedDay != 0 || a.DaysLate != 0 ||
		l.Statuses[segments.NoRhythm].Customers != 2 || l.Statuses[segments.NoRhythm].Revenue != money(400) || !math.IsNaN(l.Company) {
		t.Errorf("nobody's rhythm: %+v of %+v", a, l)
	}
}

// TestAveragePurchase: the mean of one purchase in the scope; a return of a
// purchase lowers it, and profit is taken for goods without a cost too.
func TestAveragePurchase(t *testing.T) {
	half := sale("half", 5, 300)
	half.Product, half.COGS = "other", orders.NullAmount{}
	none := sale("uncosted", 5, 300)
	none.COGS = orders.NullAmount{}
	lines := []orders.Line{
		sale("a", 9, 100), sale("a", 5, 201), sale("a", 3, -100),
		sale("half", 5, 100), half, none,
		sale("before", 400, 50), sale("gone", 1, -5),
	}
	for i := range lines {
		lines[i].Order = fmt.Sprint(i)
	}
	l, all := lapsed(t, lines, segments.LapseOptions{Scope: orders.Scope{From: asOf - 100}})
	for id, want := range map[string][2]string{
		"a":        {"100.5", "50.5"}, // 201 ÷ 2; the cost of half the revenue is rounded down, 50 + 100 − 50
		"half":     {"400", "200"},    // 50 of 100 is known: the same of 400
		"uncosted": {"300", ""}, "before": {"", ""},
	} {
		if got := [2]string{all[id].AverageRevenue.String(), all[id].AverageProfit.String()}; got != want {
			t.Errorf("%s: revenue and profit of a purchase %v, want %v", id, got, want)
		}
	}
	if l.Customers != 4 || l.Without != 1 || l.WithoutRevenue != money(-5) || l.Revenue != money(901) {
		t.Errorf("%d customers with %s, %d without a purchase with %s", l.Customers, l.Revenue, l.Without, l.WithoutRevenue)
	}
	// A margin that does not fit an Amount is unknown, not an error.
	odd := []orders.Line{{Customer: "odd", Order: "1", Product: "p", Date: asOf, Revenue: 1, COGS: orders.Known(1 << 50)}, {Customer: "odd", Order: "1", Product: "q", Date: asOf, Revenue: 1 << 50}}
	if _, all := lapsed(t, odd, segments.LapseOptions{}); all["odd"].AverageProfit.Known || !all["odd"].AverageRevenue.Known {
		t.Errorf("an odd margin: %+v", all["odd"])
	}
}

// TestLapseInvalid: each error names what is wrong.
func TestLapseInvalid(t *testing.T) {
	h := collect(t, beat("a", 0, 1))
	for name, test := range map[string]struct {
		o    segments.LapseOptions
		want error
		text string
	}{
		"negative gaps":      {segments.LapseOptions{MinGaps: -1}, orders.ErrOptions, "MinGaps = -1"},
		"negative due":       {segments.LapseOptions{Due: -1}, orders.ErrOptions, "Due = -1"},
		"late before due":    {segments.LapseOptions{Due: 2}, orders.ErrOptions, "Late = 1.5: less than Due = 2"},
		"risk before late":   {segments.LapseOptions{Late: 2.5}, orders.ErrOptions, "AtRisk = 2"},
		"lapsed before risk": {segments.LapseOptions{Lapsed: 1.9}, orders.ErrOptions, "Lapsed = 1.9: less than AtRisk = 2"},
		"no number":          {segments.LapseOptions{Lapsed: math.NaN()}, orders.ErrOptions, "Lapsed = NaN"},
		"without end":        {segments.LapseOptions{Lapsed: math.Inf(1)}, orders.ErrOptions, "Lapsed = +Inf"},
		"columns":            {segments.LapseOptions{Columns: []segments.GridColumn{{Purchases: 2}}}, orders.ErrOptions, "Columns[0]"},
		"upside down":        {segments.LapseOptions{Scope: orders.Scope{From: 2, AsOf: 1}}, orders.ErrOptions, "Scope.From"},
		"another world":      {segments.LapseOptions{Scope: orders.Scope{Where: []orders.Where{{Dimension: "moon"}}}}, orders.ErrQuery, "moon"},
	} {
		if _, err := segments.Lapse(ctx, h, test.o); !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v, want %v with %q", name, err, test.want, test.text)
		}
	}
	// Columns that are not used are not looked at, and those of the result are its own.
	o := segments.LapseOptions{Segments: map[string]string{}, Columns: []segments.GridColumn{{Purchases: 2}}}
	if _, err := segments.Lapse(ctx, h, o); err != nil {
		t.Error(err)
	}
}

// statusOf is the definition in whole quarters of a day and tenths of a rhythm.
func statusOf(days, quarters int, tenths [4]int) segments.Status {
	status := segments.OnTime
	for i, m := range tenths {
		if days*4*10 >= m*quarters {
			status = segments.Due + segments.Status(i)
		}
	}
	return status
}

// naiveLapse is what the deals say of everyone's rhythm, in quarters of a day.
type naiveLapse struct {
	days     []orders.Date // of purchases
	revenue  orders.Amount
	quarters int // of the rhythm; 0: none
	of       segments.RhythmOf
	segment  string
}

// quartersOf returns the median of values that are quarters of a day, in quarters.
func quartersOf(values []int) int {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}

func naiveLapses(f orders.Facts, minGaps int, segment func(id string, purchases int) string) map[string]*naiveLapse {
	all := map[string]*naiveLapse{}
	numbers := map[string]map[int]bool{}
	for d := range f.(dealer).Deals() {
		c := all[d.Customer]
		if c == nil {
			c = &naiveLapse{}
			all[d.Customer], numbers[d.Customer] = c, map[int]bool{}
		}
		c.revenue += d.Tally.Revenue
		if d.N > 0 {
			numbers[d.Customer][d.N] = true
			c.days = append(c.days, d.Day)
		}
	}
	company, bySegment := []int{}, map[string][]int{}
	for id, c := range all {
		slices.Sort(c.days)
		c.days = slices.Compact(c.days)
		var gaps []int
		for i := 1; i < len(c.days); i++ {
			gaps = append(gaps, 4*int(c.days[i]-c.days[i-1]))
		}
		c.segment = segment(id, len(numbers[id]))
		if len(gaps) >= minGaps {
			c.quarters, c.of = quartersOf(gaps), segments.Own
			company = append(company, c.quarters)
			bySegment[c.segment] = append(bySegment[c.segment], c.quarters)
		}
	}
	for _, c := range all {
		if c.of == segments.Own {
			continue
		}
		if c.quarters = quartersOf(bySegment[c.segment]); c.quarters > 0 && c.segment != "" {
			c.of = segments.OfSegment
		} else if c.quarters = quartersOf(company); c.quarters > 0 {
			c.of = segments.OfCompany
		}
	}
	return all
}

// TestLapseAgainstDeals works everyone's status out again from the deals, in
// whole numbers; everyone with a purchase has one, all money is somewhere.
func TestLapseAgainstDeals(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		tenths := rapid.SampledFrom([][4]int{{10, 15, 20, 30}, {11, 11, 23, 47}, {1, 2, 100, 1000}}).Draw(t, "multiples, in tenths")
		o := segments.LapseOptions{
			MinGaps: rapid.IntRange(1, 3).Draw(t, "gaps"),
			Due:     float64(tenths[0]) / 10, Late: float64(tenths[1]) / 10, AtRisk: float64(tenths[2]) / 10, Lapsed: float64(tenths[3]) / 10,
		}
		segment := func(_ string, purchases int) string {
			switch {
			case purchases == 0:
				return "nobody"
			case purchases == 1:
				return "new"
			case purchases < 8:
				return "promising"
			}
			return "loyal"
		}
		if rapid.Bool().Draw(t, "given segments") {
			o.Segments = map[string]string{"a": "x", "b": "x", "c": "y", "d": "x", "e": ""}
			segment = func(id string, _ int) string { return o.Segments[id] }
		}
		l, err := segments.Lapse(ctx, f, o)
		if err != nil {
			t.Fatal(err)
		}
		control, err := f.Control(ctx)
		if err != nil {
			t.Fatal(err)
		}
		all := naiveLapses(f, o.MinGaps, segment)
		var statuses [6]segments.StatusSum
		var revenue orders.Amount
		for _, c := range l.Judged {
			w := all[c.ID]
			last := w.days[len(w.days)-1]
			days := int(control.LastDay - last)
			if c.LastDay != last || c.DaysSinceLast != days || c.Gaps != int64(len(w.days)-1) || c.Revenue != w.revenue || c.Segment != w.segment {
				t.Errorf("%s: %+v, want %+v", c.ID, c, w)
			}
			want := segments.NoRhythm
			if w.quarters > 0 {
				want = statusOf(days, w.quarters, tenths)
				if expected := last + orders.Date((w.quarters+3)/4); c.ExpectedDay != expected || c.DaysLate != int(control.LastDay-expected) || c.Rhythm*4 != float64(w.quarters) {
					t.Errorf("%s: rhythm %v, expected on %s, %d days late; want %d quarters of a day and %s", c.ID, c.Rhythm, c.ExpectedDay, c.DaysLate, w.quarters, expected)
				}
			}
			if c.Status != want || c.RhythmOf != w.of {
				t.Errorf("%s: %s by the rhythm of %s, want %s of %s", c.ID, c.Status, c.RhythmOf, want, w.of)
			}
			seen[want.String()]++
			seen[w.of.String()]++
			statuses[want].Customers++
			statuses[want].Revenue += w.revenue
			revenue += c.Revenue
		}
		if statuses != l.Statuses || revenue != l.Revenue || revenue+l.WithoutRevenue != control.Identified {
			t.Errorf("statuses %+v, want %+v; revenue %s + %s of %s", l.Statuses, statuses, l.Revenue, l.WithoutRevenue, control.Identified)
		}
		if l.Customers != control.Customers || int64(len(l.Judged)) != l.Customers || l.Customers+l.Without != int64(len(all)) {
			t.Errorf("%d customers and %d without a purchase, the export has %d of %d", l.Customers, l.Without, control.Customers, len(all))
		}
	})
	for _, what := range []string{"no_rhythm", "on_time", "due", "late", "at_risk", "lapsed", "none", "own", "segment", "company"} {
		if seen[what] == 0 && !testing.Short() { // a short run draws too few
			t.Errorf("no history had anybody %s", what)
		}
	}
}

// drawBeats draws customers of a shop whose ids begin alike.
func drawBeats(t *rapid.T, prefix string) (lines []orders.Line) {
	for i := range rapid.IntRange(1, 6).Draw(t, "customers") {
		gaps := rapid.SliceOfN(rapid.IntRange(1, 40), 0, 5).Draw(t, "gaps")
		lines = append(lines, beat(fmt.Sprint(prefix, i), rapid.IntRange(0, 150).Draw(t, "days ago"), gaps...)...)
	}
	return lines
}

// TestLapseProperties: the order of rows changes nothing, and two companies that
// share no customer and no segment are together what they are apart.
func TestLapseProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, two := drawBeats(t, "a"), drawBeats(t, "b")
		o := segments.LapseOptions{Segments: map[string]string{}}
		for _, l := range slices.Concat(one, two) {
			o.Segments[l.Customer] = l.Customer[:1]
		}
		ask := func(lines []orders.Line) (*segments.LapseResult, *segments.CallList) {
			f, err := factstest.Open(lines, orders.Options{AsOf: asOf})
			if err != nil {
				t.Fatal(err)
			}
			l, err1 := segments.Lapse(ctx, f, o)
			calls, err2 := l.Calls(segments.CallOptions{PerSalesperson: 2})
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			return l, calls
		}
		both, calls := ask(slices.Concat(one, two))
		shuffled, same := ask(rapid.Permutation(slices.Concat(one, two)).Draw(t, "shuffled"))
		if d := factstest.Diff(both, shuffled) + factstest.Diff(calls, same); d != "" {
			t.Errorf("shuffled rows give other statuses: %s", d)
		}
		var customers int64
		var revenue orders.Amount
		for _, part := range [][]orders.Line{one, two} {
			l, _ := ask(part)
			customers += l.Customers
			revenue += l.Revenue
			for _, c := range l.Judged {
				i := slices.IndexFunc(both.Judged, func(x segments.LapseCustomer) bool { return x.ID == c.ID })
				if c.RhythmOf == segments.Nobody { // the other company's may take its place
					continue
				}
				if d := factstest.Diff(c, both.Judged[i]); d != "" {
					t.Errorf("%s alone and beside another company: %s", c.ID, d)
				}
			}
		}
		if customers != both.Customers || revenue != both.Revenue {
			t.Errorf("%d customers of %s, apart %d of %s", both.Customers, both.Revenue, customers, revenue)
		}
	})
}

// TestLapseRecords looks at one row of each record, nulls included, and that
// every byte is given back.
func TestLapseRecords(t *testing.T) {
	lines := slices.Concat(beat("a", 25, 10, 10, 10), beat("b", 12), []orders.Line{sale("gone", 5, -7)})
	for i := range lines {
		if lines[i].Customer == "a" {
			lines[i].CustomerName, lines[i].Salesperson = "Ann", "Ivan"
		}
	}
	l, _ := lapsed(t, lines, segments.LapseOptions{})
	nobody, _ := lapsed(t, lines[4:], segments.LapseOptions{Segments: map[string]string{}})
	calls, err := l.Calls(segments.CallOptions{Worth: map[string]orders.Amount{"a": money(5)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		record func(memory.Allocator) arrow.Record
		rows   int64
		row    int
		want   string
	}{
		"status":      {l.Record, 7, 4, "status=at_risk customers=1 revenue=400"},
		"without":     {l.Record, 7, 6, "status=without customers=1 revenue=-7"},
		"customer":    {l.CustomerRecord, 2, 0, "customer=a name=Ann owner=Ivan segment=promising purchases=4 last_day=2024-12-06 days_since_last=25 revenue=400 average_revenue=100 average_profit=50 gaps=3 rhythm=10 rhythm_of=own expected_day=2024-12-16 days_late=15 status=at_risk"},
		"no rhythm":   {nobody.CustomerRecord, 1, 0, "customer=b name=b owner=(null) segment=(null) purchases=1 last_day=2024-12-19 days_since_last=12 revenue=100 average_revenue=100 average_profit=50 gaps=0 rhythm=(null) rhythm_of=none expected_day=(null) days_late=(null) status=no_rhythm"},
		"call":        {calls.Record, 2, 0, "customer=a name=Ann owner=Ivan place=1 purchases=4 last_day=2024-12-06 rhythm=10 rhythm_of=own expected_day=2024-12-16 days_late=15 status=at_risk worth=5"},
		"no worth":    {calls.Record, 2, 1, "customer=b name=b owner=(null) place=1 purchases=1 last_day=2024-12-19 rhythm=10 rhythm_of=company expected_day=2024-12-29 days_late=2 status=due worth=(null)"},
		"salesperson": {calls.SalespersonRecord, 2, 1, "owner=Ivan customers=1 no_rhythm=0 on_time=0 due=0 late=0 at_risk=1 lapsed=0 calls=1 calls_held=0 worth=5 worth_held=0 lapsed_calls=0 lapsed_held=0 lapsed_worth=0 lapsed_worth_held=0"},
	} {
		got, rows := orderstest.Row(t, test.record, test.row)
		if rows != test.rows || got != test.want {
			t.Errorf("%s: row of %d, want %d\ngot  %s\nwant %s", name, rows, test.rows, got, test.want)
		}
	}
	for s := segments.NoRhythm; s <= segments.Lapsed+1; s++ {
		if text, err := s.MarshalText(); err != nil || string(text) != s.String() || s.String() == "" {
			t.Errorf("%s: %q, %v", s, text, err)
		}
	}
	for r := segments.Nobody; r <= segments.OfCompany+1; r++ {
		if text, err := r.MarshalText(); err != nil || string(text) != r.String() || r.String() == "" {
			t.Errorf("%s: %q, %v", r, text, err)
		}
	}
}
