package cohorts_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

func splitShare(t testing.TB, f orders.Facts, o cohorts.SplitOptions) *cohorts.Split {
	t.Helper()
	s, err := cohorts.SplitShare(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rolesOf(t testing.TB, f orders.Facts, o cohorts.RolesOptions) *cohorts.RolesResult {
	t.Helper()
	r, err := cohorts.Roles(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sold is a sale by a salesperson.
func sold(by, customer, date, revenue string) orders.Line {
	l := sale(customer, date, revenue)
	l.Salesperson = by
	return l
}

// Hanna wins a and b; a goes to Fred in March, b stays; c is Fred's own, d comes
// back to Hanna after one deal with Fred; e goes to nobody in particular.
var handed = []orders.Line{
	sold("Hanna", "a", "2024-01-01", "100"), sold("Hanna", "a", "2024-02-01", "40"), sold("Fred", "a", "2024-03-02", "50"),
	sold("Hanna", "a", "2024-03-05", "-10"), // takes a good back that she had sold
	sold("Fred", "a", "2024-04-01", "60"),
	sold("Hanna", "b", "2024-01-15", "30"), sold("Hanna", "b", "2024-03-15", "20"),
	sold("Fred", "c", "2024-02-10", "70"), sold("Fred", "c", "2024-02-20", "80"),
	sold("Hanna", "d", "2024-01-20", "5"), sold("Fred", "d", "2024-02-20", "6"), sold("Hanna", "d", "2024-03-20", "7"),
	sold("Fred", "e", "2024-01-25", "11"), sold("", "e", "2024-02-25", "12"),
	sold("Fred", "f", "2024-02-02", "-3"),
}

func TestRolesByHand(t *testing.T) {
	r := rolesOf(t, open(t, handed, complete), cohorts.RolesOptions{})
	type person struct {
		role                      cohorts.Role
		first, repeat             string
		won, keeps, given, takens int64
	}
	for i, want := range []struct {
		name string
		person
	}{
		{"", person{cohorts.Farmer, "0", "12", 0, 1, 0, 0}},
		{"Fred", person{cohorts.Farmer, "81", "196", 2, 2, 0, 1}},
		{"Hanna", person{cohorts.Hunter, "135", "57", 3, 2, 1, 0}},
	} {
		s := r.Salespersons[i]
		got := person{s.Role(), s.First.Revenue.String(), s.Repeat.Revenue.String(), s.Won, s.Keeps, s.Given, s.Taken}
		if s.Value != want.name || got != want.person {
			t.Errorf("%s %+v, want %s %+v", s.Value, got, want.name, want.person)
		}
	}
	var moves []string
	for _, m := range r.Moves {
		moves = append(moves, fmt.Sprintf("%s→%s %d %s %v", m.From, m.To, m.Customers, m.Sides.Total().Revenue, m.HandedOver()))
	}
	if want := []string{"→ 0 -3 false", "Fred→ 1 23 false", "Fred→Fred 1 150 false", "Hanna→Fred 1 240 true", "Hanna→Hanna 2 68 false"}; !slices.Equal(moves, want) {
		t.Errorf("moves %q, want %q", moves, want)
	}
	// Hanna's return of 5 March is of before, though its day is not. 1 January to
	// 2 March are 61 days, 2 March to 1 April 31 with both ends.
	want := cohorts.HandedOver{
		ID: "a", From: "Hanna", To: "Fred", Day: day("2024-03-02"),
		Before: cohorts.Stint{Purchases: 2, Revenue: amount("130"), Days: 61}, After: cohorts.Stint{Purchases: 2, Revenue: amount("110"), Days: 31},
	}
	if len(r.Handed) != 1 || r.Handed[0].Before != want.Before || r.Handed[0].After != want.After || r.Handed[0].Day != want.Day || r.Handed[0].ID != "a" {
		t.Errorf("handed over %+v, want %+v", r.Handed, want)
	}
	if r.Handovers != 1 || r.Before != want.Before || r.After != want.After || r.Moves[3].After != want.After {
		t.Errorf("%d handovers, %+v, %+v", r.Handovers, r.Before, r.After)
	}
	if got := r.Before.PurchasesPerMonth(); math.Abs(got-2*30.4375/61) > 1e-12 {
		t.Errorf("%v purchases a month before", got)
	}
	if got := r.After.RevenuePerMonth(); math.Abs(got-110*30.4375/31) > 1e-9 {
		t.Errorf("%v a month after", got)
	}
	if got := (cohorts.Stint{}).PurchasesPerMonth(); !math.IsNaN(got) {
		t.Errorf("%v purchases a month of no days", got)
	}

	// As of February nobody was handed over to anybody yet.
	r = rolesOf(t, open(t, handed, complete), cohorts.RolesOptions{Scope: orders.Scope{AsOf: day("2024-02-15")}})
	if r.Handovers != 0 || len(r.Handed) != 0 {
		t.Errorf("as of February %+v", r.Handed)
	}
	// An export of months knows who was, but not when.
	r = rolesOf(t, open(t, handed, orders.Options{HistoryComplete: true, Precision: orders.Month}), cohorts.RolesOptions{})
	if r.Handovers != 1 || r.Handed[0].Day != 0 || r.Before != (cohorts.Stint{}) {
		t.Errorf("by months %+v", r.Handed)
	}
}

// Who goes to and fro is handed over for good on the day after which nobody else
// sells, whoever of the others was the last.
func TestRolesToAndFro(t *testing.T) {
	r := rolesOf(t, open(t, []orders.Line{
		sold("Adam", "a", "2024-01-01", "1"), sold("Zoe", "a", "2024-01-02", "2"), sold("Fred", "a", "2024-01-03", "4"),
		sold("Adam", "a", "2024-01-04", "8"), sold("Fred", "a", "2024-01-05", "16"), sold("Fred", "a", "2024-01-06", "32"),
	}, complete), cohorts.RolesOptions{})
	if h := r.Handed[0]; h.Day != day("2024-01-05") || h.Before.Revenue != amount("15") || h.After.Revenue != amount("48") || h.Before.Days != 4 || h.After.Days != 2 {
		t.Errorf("%+v", h)
	}
}

// staffed draws who sold each line.
func staffed(t *rapid.T) []orders.Line {
	lines := history(t)
	for i := range lines {
		lines[i].Salesperson = rapid.SampledFrom([]string{"", "x", "y", "z"}).Draw(t, "salesperson")
		lines[i].RepeatFlag = rapid.SampledFrom([]string{"", " ДА", "нет", "Returning", "?"}).Draw(t, "flag")
	}
	return lines
}

func valueOf(d orders.Deal, by orders.Dimension) string {
	switch by {
	case orders.BySalesperson:
		return d.Salesperson
	case orders.ByChannel:
		return d.Channel
	}
	return d.RepeatFlag
}

// TestSplitAgainstOracle holds every part, in all and by period, to the deals.
func TestSplitAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, staffed(t), someOptions(t))
		c, _ := f.Control(t.Context())
		scope, grain := someScope(t, c)
		by := rapid.SampledFrom([]orders.Dimension{orders.BySalesperson, orders.ByChannel, orders.ByRepeatFlag}).Draw(t, "by")
		s, err := cohorts.SplitShare(t.Context(), f, cohorts.SplitOptions{Scope: scope, By: by, Grain: grain})
		if err != nil {
			t.Fatal(err)
		}
		q := c.LateOld
		if c.Complete {
			q = 0
		}
		byValue := map[string][]orders.Deal{}
		purchases := map[string]int{} // a purchase of several parts counts in each
		for d := range deals(f) {
			if d.Day < s.Scope.From || d.Day > s.Scope.AsOf {
				continue
			}
			v := valueOf(d, by)
			d.Tally.Purchases = 0
			if key := fmt.Sprint(v, "\x00", d.Customer, "\x00", d.N); d.N > 0 && purchases[key] == 0 {
				purchases[key]++
				d.Tally.Purchases = 1
			}
			byValue[v] = append(byValue[v], d)
		}
		if len(s.Parts) != len(byValue) {
			t.Fatalf("%d parts, want %d", len(s.Parts), len(byValue))
		}
		var sum orders.Sides
		var first, repeat float64
		for i, p := range s.Parts {
			if i > 0 && p.Value <= s.Parts[i-1].Value {
				t.Errorf("%q after %q", p.Value, s.Parts[i-1].Value)
			}
			sumDeals(byValue[p.Value], s.Scope.From, s.Scope.AsOf).check(t, cohorts.RepeatRow{Business: p.Business}, q)
			for k, period := range s.Periods {
				from, to := max(period.First(), s.Scope.From), min(period.Last(), s.Scope.AsOf)
				sumDeals(byValue[p.Value], from, to).check(t, cohorts.RepeatRow{Period: period, Business: p.Periods[k]}, q)
			}
			if len(p.Periods) != len(s.Periods) || (grain == orders.NoGrain) != (len(s.Periods) == 0) {
				t.Errorf("%d periods of %d", len(p.Periods), len(s.Periods))
			}
			sum = sum.Plus(p.Sides)
			first, repeat = first+p.OfFirst, repeat+p.OfRepeat
		}
		whole := s.Total.Sides
		for side := orders.First; side <= orders.Unmatched; side++ {
			if a, b := *sum.Of(side), *whole.Of(side); a.Revenue != b.Revenue || a.Deals != b.Deals || a.Lines != b.Lines || a.COGS != b.COGS {
				t.Errorf("%v: parts add up to %+v of %+v", side, a, b)
			}
		}
		if len(s.Parts) > 0 && (whole.First.Revenue > 0 && math.Abs(first-1) > 1e-9 || whole.Repeat.Revenue > 0 && math.Abs(repeat-1) > 1e-9) {
			t.Errorf("parts are %v of the first money and %v of the repeat money", first, repeat)
		}
	})
}

// TestSplitByGroup: lines are shared out among groups, owners share customers out.
func TestSplitConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, staffed(t), someOptions(t))
		c, _ := f.Control(t.Context())
		for _, by := range []orders.Dimension{orders.ByGroup, orders.ByProduct, orders.ByOwner} {
			s, err := cohorts.SplitShare(t.Context(), f, cohorts.SplitOptions{By: by})
			if err != nil {
				t.Fatal(err)
			}
			var revenue orders.Amount
			var lines, customers int64
			for _, p := range s.Parts {
				revenue += p.Sides.Total().Revenue
				lines += p.Sides.Total().Lines
				customers += p.Customers
			}
			if all := s.Total.Sides.Total(); revenue != c.Identified || lines != all.Lines || by == orders.ByOwner && customers != c.Customers {
				t.Errorf("by %s: %s of %s, %d lines of %d, %d customers of %d", by, revenue, c.Identified, lines, all.Lines, customers, c.Customers)
			}
		}
	})
}

// TestRolesAgainstOracle follows each customer through their deals.
func TestRolesAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := someOptions(t)
		f := openSome(t, staffed(t), o)
		c, _ := f.Control(t.Context())
		scope, _ := someScope(t, c)
		r, err := cohorts.Roles(t.Context(), f, cohorts.RolesOptions{Scope: scope})
		if err != nil {
			t.Fatal(err)
		}
		byCustomer := map[string][]orders.Deal{}
		for d := range deals(f) {
			if d.Day <= r.Scope.AsOf {
				byCustomer[d.Customer] = append(byCustomer[d.Customer], d)
			}
		}
		moves, handed := map[[2]string]int64{}, map[string]cohorts.HandedOver{}
		for id, list := range byCustomer {
			var opening []orders.Deal // of each purchase
			for _, d := range list {
				if d.Tally.Purchases == 1 {
					opening = append(opening, d)
				}
			}
			if len(opening) == 0 {
				continue
			}
			from, to := opening[0].Salesperson, opening[len(opening)-1].Salesperson
			moves[[2]string{from, to}]++
			if from == to || from == "" || to == "" {
				continue
			}
			h := cohorts.HandedOver{From: from, To: to}
			var parted orders.Date
			for _, d := range list {
				if d.N > 0 && d.Salesperson != to {
					parted = d.Day
				}
			}
			for _, d := range slices.Backward(list) {
				if d.N > 0 && d.Salesperson == to && d.Day >= parted {
					h.Day = d.Day
				}
			}
			counted := map[string]bool{}
			for _, d := range list {
				stint := &h.Before
				if d.Salesperson == to && d.Day >= h.Day {
					stint = &h.After
				}
				if d.Day < opening[0].Day {
					continue
				}
				stint.Revenue += d.Tally.Revenue
				if key := fmt.Sprint(d.Salesperson, "\x00", d.N); d.N > 0 && !counted[key] {
					counted[key] = true
					stint.Purchases++
				}
			}
			h.Before.Days, h.After.Days = int64(h.Day-opening[0].Day), int64(r.Scope.AsOf-h.Day)+1
			handed[id] = h
		}
		if int64(len(handed)) != r.Handovers || len(r.Handed) != len(handed) {
			t.Fatalf("%d handed over, want %d", r.Handovers, len(handed))
		}
		for _, h := range r.Handed {
			want := handed[h.ID]
			want.ID, want.Name = h.ID, h.Name
			if h != want {
				t.Errorf("%+v, want %+v", h, want)
			}
		}
		var sum orders.Sides
		for _, m := range r.Moves {
			sum = sum.Plus(m.Sides)
			if m.Customers != moves[[2]string{m.From, m.To}] {
				t.Errorf("%s→%s: %d customers, want %d", m.From, m.To, m.Customers, moves[[2]string{m.From, m.To}])
			}
		}
		if d := factstest.Diff(sum, r.Total.Sides); d != "" {
			t.Errorf("moves against total: %s", d)
		}
		var won, keeps, given, taken int64
		for _, s := range r.Salespersons {
			won, keeps, given, taken = won+s.Won, keeps+s.Keeps, given+s.Given, taken+s.Taken
		}
		if won != keeps || given != taken || given != r.Handovers {
			t.Errorf("%d won, %d kept, %d given, %d taken", won, keeps, given, taken)
		}
	})
}

// TestFlagsByHand: Anna's old flag, Boris entered again, a word nobody knows.
func TestFlagsByHand(t *testing.T) {
	flagged := func(flag string, l orders.Line) orders.Line {
		l.RepeatFlag = flag
		return l
	}
	f := open(t, []orders.Line{
		flagged("Нет", sale("a", "2024-01-01", "100")), flagged(" ДА ", sale("a", "2024-02-01", "40")),
		flagged("нет", sale("a", "2024-03-01", "60")), flagged("да", sale("b", "2024-01-05", "10")),
		flagged("maybe", sale("b", "2024-03-05", "7")), sale("c", "2024-03-06", "5"),
		flagged("да", sale("c", "2024-03-31", "-8")), flagged("нет", sale("d", "2024-03-30", "-1")),
	}, complete)
	r, err := cohorts.Flags(t.Context(), f, cohorts.FlagOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, w := range r.Words {
		words = append(words, fmt.Sprintf("%q %v %s", w.Word, w.Says, w.Total().Revenue))
	}
	if want := []string{`"" nothing 5`, `"maybe" nothing 7`, `"ДА" repeat 40`, `"Нет" first 100`, `"да" repeat 2`, `"нет" first 59`}; !slices.Equal(words, want) {
		t.Errorf("words %q, want %q", words, want)
	}
	cell := func(says cohorts.Says, side orders.Side) string {
		s := r.Cells[says]
		return fmt.Sprintf("%d of %s", s.Of(side).Deals, s.Of(side).Revenue)
	}
	for _, tc := range []struct {
		says cohorts.Says
		side orders.Side
		want string
	}{
		{cohorts.SaysFirst, orders.First, "1 of 100"}, {cohorts.SaysFirst, orders.Repeat, "1 of 60"}, {cohorts.SaysFirst, orders.Unmatched, "1 of -1"},
		{cohorts.SaysRepeat, orders.First, "2 of 2"}, {cohorts.SaysRepeat, orders.Repeat, "1 of 40"},
		{cohorts.SaysNothing, orders.First, "1 of 5"}, {cohorts.SaysNothing, orders.Repeat, "1 of 7"},
	} {
		if got := cell(tc.says, tc.side); got != tc.want {
			t.Errorf("says %v, is %v: %s, want %s", tc.says, tc.side, got, tc.want)
		}
	}
	if r.Coverage != 6./8 || r.Agreement != 2./5 || !same(r.RevenueAgreement, 140./202) || !same(r.FlagShare, 42./202) {
		t.Errorf("coverage %v, agreement %v, %v by revenue, share %v", r.Coverage, r.Agreement, r.RevenueAgreement, r.FlagShare)
	}

	// The firm's own words.
	r, err = cohorts.Flags(t.Context(), f, cohorts.FlagOptions{Repeat: []string{"Maybe"}, First: []string{"", "НЕТ"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := cell(cohorts.SaysFirst, orders.First); got != "2 of 105" || r.Cells[cohorts.SaysRepeat].Repeat.Deals != 1 || r.Cells[cohorts.SaysNothing].Total().Deals != 3 {
		t.Errorf("own words: %+v", r.Cells)
	}
	if _, err := cohorts.Flags(t.Context(), f, cohorts.FlagOptions{First: []string{"Да"}}); !errors.Is(err, orders.ErrOptions) {
		t.Errorf("«да» on both sides: error %v", err)
	}
}

// TestFlagsConserve: every deal is in one cell and under one word; a CRM that
// flags as we number agrees with us.
func TestFlagsConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := staffed(t), someOptions(t)
		f := openSome(t, lines, o)
		r, err := cohorts.Flags(t.Context(), f, cohorts.FlagOptions{})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := f.Control(t.Context())
		var words, cells orders.Sides
		for _, w := range r.Words {
			words = words.Plus(w.Sides)
		}
		for _, cell := range r.Cells {
			cells = cells.Plus(cell)
		}
		if words != cells || cells.Total().Revenue != c.Identified || cells.Total().Deals != c.Deals {
			t.Errorf("words %+v, cells %+v, control %s", words.Total(), cells.Total(), c.Identified)
		}
		for _, v := range []float64{r.Coverage, r.Agreement} {
			if !(v >= 0 && v <= 1) && !math.IsNaN(v) {
				t.Errorf("coverage %v, agreement %v", r.Coverage, r.Agreement)
			}
		}
	})
}

// No word says two things, whatever its case.
func TestDefaultWords(t *testing.T) {
	if _, err := cohorts.Flags(t.Context(), nothing{}, cohorts.FlagOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]string{cohorts.DefaultRepeatWords(), cohorts.DefaultFirstWords()} {
		slices.Sort(list)
		if n := len(slices.Compact(list)); n != len(list) {
			t.Errorf("%d words, %d of them different", len(list), n)
		}
		list[0] = "changed"
	}
	if slices.Contains(cohorts.DefaultRepeatWords(), "changed") {
		t.Error("the default words can be changed")
	}
}

func TestSplitErrors(t *testing.T) {
	f := open(t, handed, complete)
	for name, tc := range map[string]struct {
		o    cohorts.SplitOptions
		want error
	}{
		"by customer":        {cohorts.SplitOptions{By: orders.ByCustomer}, orders.ErrOptions},
		"by colour":          {cohorts.SplitOptions{By: "colour"}, orders.ErrQuery},
		"no such grain":      {cohorts.SplitOptions{Grain: 99}, orders.ErrOptions},
		"ends before begins": {cohorts.SplitOptions{Scope: orders.Scope{From: day("2025-01-01")}}, orders.ErrOptions},
	} {
		if _, err := cohorts.SplitShare(t.Context(), f, tc.o); !errors.Is(err, tc.want) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// CDNOW has no salespersons: all of its business is one part without a name.
func TestCDNOWSplit(t *testing.T) {
	f := open(t, published.CDNOW(t), orders.Options{CountZero: true, HistoryComplete: true})
	s := splitShare(t, f, cohorts.SplitOptions{})
	if len(s.Parts) != 1 || s.Parts[0].Value != "" || s.Parts[0].Role() != cohorts.NoRole || s.Parts[0].OfFirst != 1 {
		t.Fatalf("%+v", s.Parts)
	}
	if d := factstest.Diff(s.Parts[0].Business, s.Total); d != "" || s.Total.Repeat.Revenue != amount("166331.99") {
		t.Errorf("part against total: %s", d)
	}
	if r := rolesOf(t, f, cohorts.RolesOptions{}); len(r.Moves) != 1 || r.Moves[0].Customers != 2357 || r.Handovers != 0 {
		t.Errorf("moves %+v", r.Moves)
	}
}
