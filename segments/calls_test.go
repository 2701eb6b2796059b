package segments_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// served says who serves a customer.
func served(by string, lines []orders.Line) []orders.Line {
	for i := range lines {
		lines[i].Salesperson = by
	}
	return lines
}

// listOf writes calls as "id place worth".
func listOf(calls []segments.Call) string {
	var all []string
	for _, c := range calls {
		all = append(all, fmt.Sprintf("%s %d %s", c.ID, c.Place, c.Worth))
	}
	return strings.Join(all, ", ")
}

// TestCalls: the most worth first, whoever's worth is unknown last, ties by id;
// those who have lapsed on a list of their own; nobody on time; so many for each.
func TestCalls(t *testing.T) {
	lines := slices.Concat(
		served("Ivan", slices.Concat(beat("due", 10, 10, 10, 10), beat("b", 15, 10, 10, 10), beat("a", 20, 10, 10, 10), beat("uncertain", 29, 10, 10, 10), beat("loss", 15, 10, 10, 10))),
		served("Olga", slices.Concat(beat("olga's", 12, 10, 10, 10), beat("lapsed", 30, 10, 10, 10), beat("long lapsed", 300, 10, 10, 10), beat("on time", 9, 10, 10, 10))),
		beat("nobody's", 11, 10, 10, 10),
	)
	worth := map[string]orders.Amount{
		"due": money(50), "a": money(70), "b": money(70), "loss": money(-3), "olga's": money(60), "nobody's": money(1),
		"lapsed": money(900), "long lapsed": money(1000), "on time": money(5000), "nobody we know": money(1),
	}
	l, _ := lapsed(t, lines, segments.LapseOptions{})
	list := func(o segments.CallOptions) *segments.CallList {
		t.Helper()
		o.Worth = worth
		c, err := l.Calls(o)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	all := list(segments.CallOptions{})
	if got, want := listOf(all.Calls), "a 1 70, b 2 70, olga's 1 60, due 3 50, nobody's 1 1, loss 4 -3, uncertain 5 "; got != want {
		t.Errorf("calls: %s, want %s", got, want)
	}
	if got, want := listOf(all.Lapsed), "long lapsed 1 1000, lapsed 2 900"; got != want {
		t.Errorf("lapsed: %s, want %s", got, want)
	}
	if all.Options.Stake != segments.ExpectedProfit || all.Options.Worth != nil || all.Lapse != l {
		t.Errorf("options of the result: %+v", all.Options)
	}

	few := list(segments.CallOptions{PerSalesperson: 2, LapsedPerSalesperson: 1, Stake: segments.ExpectedRevenue, HorizonDays: 90})
	if got, want := listOf(few.Calls)+"; "+listOf(few.Lapsed), "a 1 70, b 2 70, olga's 1 60, nobody's 1 1; long lapsed 1 1000"; got != want {
		t.Errorf("two each: %s, want %s", got, want)
	}
	// Statuses are no rhythm, on time, due, late, at risk and lapsed.
	want := []segments.CallSums{
		{Salesperson: "", Customers: 1, Statuses: [6]int64{2: 1}, Calls: segments.CallCount{Listed: 1, Worth: money(1)}},
		{Salesperson: "Ivan", Customers: 5, Statuses: [6]int64{2: 1, 3: 2, 4: 2}, Calls: segments.CallCount{Listed: 2, Held: 3, Worth: money(140), HeldWorth: money(47), Unknown: 1}},
		{Salesperson: "Olga", Customers: 4, Statuses: [6]int64{1: 1, 2: 1, 5: 2}, Calls: segments.CallCount{Listed: 1, Worth: money(60)},
			Lapsed: segments.CallCount{Listed: 1, Held: 1, Worth: money(1000), HeldWorth: money(900)}},
	}
	if d := factstest.Diff(want, few.Salespersons); d != "" {
		t.Errorf("salespersons: %s\n%+v", d, few.Salespersons)
	}
}

// TestStake: without worths the next purchase is at stake, by profit where any
// cost is known.
func TestStake(t *testing.T) {
	lines := slices.Concat(beat("a", 15, 10, 10, 10), beat("b", 15, 10, 10, 10))
	for i := range lines {
		if lines[i].Customer == "b" {
			lines[i].Revenue, lines[i].COGS = money(40), orders.NullAmount{}
		}
	}
	l, _ := lapsed(t, lines, segments.LapseOptions{})
	for _, test := range []struct {
		name  string
		o     segments.CallOptions
		stake segments.Stake
		want  string
	}{
		{"by profit", segments.CallOptions{}, segments.AverageProfit, "a 1 50, b 2 "},
		{"by revenue", segments.CallOptions{Stake: segments.AverageRevenue}, segments.AverageRevenue, "a 1 100, b 2 40"},
		{"given, none known", segments.CallOptions{Worth: map[string]orders.Amount{}}, segments.ExpectedProfit, "a 1 , b 2 "},
		{"given averages", segments.CallOptions{Worth: map[string]orders.Amount{"b": 1}, Stake: segments.AverageProfit}, segments.AverageProfit, "b 1 0.0001, a 2 "},
	} {
		c, err := l.Calls(test.o)
		if err != nil {
			t.Fatal(err)
		}
		if got := listOf(c.Calls); got != test.want || c.Options.Stake != test.stake {
			t.Errorf("%s: %s by %s, want %s by %s", test.name, got, c.Options.Stake, test.want, test.stake)
		}
	}
	for i := range lines {
		lines[i].COGS = orders.NullAmount{}
	}
	l, _ = lapsed(t, lines, segments.LapseOptions{})
	if c, err := l.Calls(segments.CallOptions{}); err != nil || c.Options.Stake != segments.AverageRevenue || listOf(c.Calls) != "a 1 100, b 2 40" {
		t.Errorf("no cost known: %s by %s, %v", listOf(c.Calls), c.Options.Stake, err)
	}
	for s := segments.ExpectedProfit; s <= segments.AverageRevenue+1; s++ {
		if text, err := s.MarshalText(); err != nil || string(text) != s.String() || s.String() == "" {
			t.Errorf("%s: %q, %v", s, text, err)
		}
	}
}

// TestCallsInvalid: each error names what is wrong.
func TestCallsInvalid(t *testing.T) {
	l, _ := lapsed(t, slices.Concat(beat("a", 15, 10, 10, 10), beat("b", 15, 10, 10, 10), beat("c", 35, 10, 10, 10), beat("d", 35, 10, 10, 10)), segments.LapseOptions{})
	for name, test := range map[string]struct {
		o    segments.CallOptions
		want error
		text string
	}{
		"stake":            {segments.CallOptions{Stake: 9}, orders.ErrOptions, "Stake = 9"},
		"expected of none": {segments.CallOptions{Stake: segments.ExpectedRevenue}, orders.ErrOptions, "Stake = expected_revenue"},
		"horizon":          {segments.CallOptions{HorizonDays: -1}, orders.ErrOptions, "HorizonDays = -1"},
		"calls":            {segments.CallOptions{PerSalesperson: -1}, orders.ErrOptions, "PerSalesperson = -1"},
		"lapsed calls":     {segments.CallOptions{LapsedPerSalesperson: -2}, orders.ErrOptions, "LapsedPerSalesperson = -2"},
		"too much":         {segments.CallOptions{Worth: map[string]orders.Amount{"a": math.MaxInt64, "b": 1}}, orders.ErrRange, "worths"},
		"too little":       {segments.CallOptions{Worth: map[string]orders.Amount{"c": math.MinInt64, "d": -1}}, orders.ErrRange, "worths"},
	} {
		if _, err := l.Calls(test.o); !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v, want %v with %q", name, err, test.want, test.text)
		}
	}
}

// TestCallsConserve: everyone is called, held, on time or without a rhythm; the
// lists are in order; what salespersons have is what all have.
func TestCallsConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		l, err := segments.Lapse(ctx, f, segments.LapseOptions{MinGaps: 1})
		if err != nil {
			t.Fatal(err)
		}
		o := segments.CallOptions{PerSalesperson: rapid.IntRange(0, 3).Draw(t, "calls"), LapsedPerSalesperson: rapid.IntRange(0, 2).Draw(t, "lapsed calls")}
		if rapid.Bool().Draw(t, "given worths") {
			o.Worth = map[string]orders.Amount{}
			for _, c := range l.Judged {
				if v := rapid.IntRange(-2, 5).Draw(t, "worth"); v < 5 {
					o.Worth[c.ID] = orders.Amount(v)
				}
			}
		}
		list, err := l.Calls(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []struct {
			name     string
			calls    []segments.Call
			limit    int
			from, to segments.Status
			of       func(segments.CallSums) segments.CallCount
		}{
			{"calls", list.Calls, o.PerSalesperson, segments.Due, segments.AtRisk, func(s segments.CallSums) segments.CallCount { return s.Calls }},
			{"lapsed", list.Lapsed, o.LapsedPerSalesperson, segments.Lapsed, segments.Lapsed, func(s segments.CallSums) segments.CallCount { return s.Lapsed }},
		} {
			places := map[string]int{}
			var worth orders.Amount
			for i, c := range part.calls {
				places[c.Owner]++
				worth += c.Worth.Amount
				if c.Place != places[c.Owner] || part.limit > 0 && c.Place > part.limit || c.Status < part.from || c.Status > part.to {
					t.Errorf("%s: %+v is call %d of the salesperson", part.name, c, places[c.Owner])
				}
				if i == 0 {
					continue
				}
				b := part.calls[i-1]
				if c.Worth.Known && (!b.Worth.Known || b.Worth.Amount < c.Worth.Amount) || b.Worth == c.Worth && b.ID >= c.ID {
					t.Errorf("%s: %s (%s) after %s (%s)", part.name, c.ID, c.Worth, b.ID, b.Worth)
				}
			}
			var sums segments.CallCount
			for _, s := range list.Salespersons {
				n := part.of(s)
				sums.Listed, sums.Held, sums.Unknown = sums.Listed+n.Listed, sums.Held+n.Held, sums.Unknown+n.Unknown
				sums.Worth, sums.HeldWorth = sums.Worth+n.Worth, sums.HeldWorth+n.HeldWorth
				var due int64
				for status := part.from; status <= part.to; status++ {
					due += s.Statuses[status]
				}
				if n.Listed != int64(places[s.Salesperson]) || n.Listed+n.Held != due || part.limit > 0 && n.Held > 0 && n.Listed != int64(part.limit) {
					t.Errorf("%s: %+v of %q, who has %d on the list of %d", part.name, n, s.Salesperson, places[s.Salesperson], due)
				}
			}
			if total := part.of(list.Total); sums != total || total.Worth != worth || total.Listed != int64(len(part.calls)) {
				t.Errorf("%s: %+v, salespersons %+v, rows %d of %s", part.name, total, sums, len(part.calls), worth)
			}
		}
		var customers int64
		var statuses [6]int64
		for _, s := range list.Salespersons {
			customers += s.Customers
			for i, n := range s.Statuses {
				statuses[i] += n
			}
		}
		total := list.Total
		called := total.Calls.Listed + total.Calls.Held + total.Lapsed.Listed + total.Lapsed.Held
		if customers != l.Customers || total.Customers != l.Customers || statuses != total.Statuses ||
			called+statuses[segments.OnTime]+statuses[segments.NoRhythm] != l.Customers {
			t.Errorf("%d customers of salespersons, %+v of all, %d in the export", customers, total, l.Customers)
		}
		for s, sum := range l.Statuses {
			if sum.Customers != statuses[s] {
				t.Errorf("%s: %d customers, salespersons have %d", segments.Status(s), sum.Customers, statuses[s])
			}
		}
	})
}
