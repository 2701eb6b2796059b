package orders

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

const monthly = `Период;Клиент;Выручка
Январь 2024 г.;А;100
январь 2024;Б;50
Февраль 2024 г.;А;70
Апрель 2024 г.;Б;30
Апрель 2024 г.;В;20
Итого;;270
`

// TestMonths reads an export that names months: months are told apart, days are not.
func TestMonths(t *testing.T) {
	ctx := context.Background()
	h, err := Read(ctx, "f.csv", strings.NewReader(monthly), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	c, err := h.Control(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if c.Precision != Month || c.FirstDay.String() != "2024-01-01" || c.LastDay.String() != "2024-04-30" || c.LongestPause != 31 || c.Purchases != 5 || c.Export.String() != "270" {
		t.Errorf("precision %s, %s to %s, pause %d, %d purchases, %s", c.Precision, c.FirstDay, c.LastDay, c.LongestPause, c.Purchases, c.Export)
	}
	if c.KnownFrom <= c.LastDay {
		t.Errorf("new customers are told from old ones from %s on, by gaps that nobody knows", c.KnownFrom)
	}
	if !slices.ContainsFunc(c.Warnings, func(w Warning) bool { return w.Code == "month_precision" }) {
		t.Errorf("no warning: %v", c.Warnings)
	}
	for _, p := range []string{"2024-01", "2024-04"} {
		first, _ := ParseDate(p + "-01")
		if !c.Whole(Month.Of(first), 0, 0) {
			t.Errorf("%s is not whole", p)
		}
	}
	for s, err := range h.Series(ctx, SeriesQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if want := map[string][]Amount{"А": {100 * One, 70 * One, 0, 0}, "Б": {50 * One, 0, 0, 30 * One}, "В": {0, 0, 0, 20 * One}}[s.Item]; !slices.Equal(s.Values, want) {
			t.Errorf("%s by month: %v", s.Item, s.Values)
		}
	}
	if flows, err := h.Flows(ctx, FlowQuery{Cohort: Month, Period: Month, Number: 3}); err != nil || len(flows) == 0 {
		t.Errorf("flows by month: %d, %v", len(flows), err)
	}
	for c, err := range h.Customers(ctx, CustomerQuery{}) {
		if err != nil || c.Rhythm.N != 0 {
			t.Errorf("%s has a rhythm of %d gaps: %v", c.ID, c.Rhythm.N, err)
		}
	}
	refuse := func(what string, err error) {
		if !errors.Is(err, ErrPrecision) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = h.Gaps(ctx, GapQuery{})
	refuse("gaps", err)
	for _, g := range []Grain{Day, Week} {
		_, err = h.Flows(ctx, FlowQuery{Cohort: g})
		refuse("cohorts by "+g.String(), err)
		_, err = h.Flows(ctx, FlowQuery{Period: g})
		refuse("periods of a "+g.String(), err)
		for _, err := range h.Series(ctx, SeriesQuery{Grain: g}) {
			refuse("series by "+g.String(), err)
		}
	}
	_, err = h.Flows(ctx, FlowQuery{Age: 30})
	refuse("ages", err)
}

// TestMonthsAsOf: a month that is not over by the last day observed is left out.
func TestMonthsAsOf(t *testing.T) {
	for asOf, want := range map[string]int64{"2024-04-30": 5, "2024-04-29": 3, "2024-02-29": 3, "2024-02-28": 2} {
		day, _ := ParseDate(asOf)
		h, err := Read(context.Background(), "f.csv", strings.NewReader(monthly), Options{AsOf: day})
		if err != nil {
			t.Fatal(err)
		}
		if c, _ := h.Control(context.Background()); c.Accepted != want || c.LastDay != day {
			t.Errorf("as of %s: %d rows up to %s, want %d", asOf, c.Accepted, c.LastDay, want)
		}
		h.Release()
	}
}

// TestPrecisionOfPrograms: rows of a program have days unless it says otherwise,
// and a burn-in that it gives is taken.
func TestPrecisionOfPrograms(t *testing.T) {
	rows := func(yield func(Line, error) bool) {
		for i := range 12 {
			if !yield(Line{Customer: "A", Date: Month.Of(NewDate(2024, 1, 1)).Add(i).First(), Revenue: One}, nil) {
				return
			}
		}
	}
	for precision, want := range map[Grain]Grain{NoGrain: Day, Day: Day, Month: Month} {
		h, err := Collect(context.Background(), rows, Options{Precision: precision, BurnIn: 31})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := h.Control(context.Background())
		if c.Precision != want || c.KnownFrom != c.FirstDay+31 {
			t.Errorf("%s: precision %s, known from %s", precision, c.Precision, c.KnownFrom)
		}
		h.Release()
	}
	if _, err := Collect(context.Background(), rows, Options{Precision: Year}); !errors.Is(err, ErrOptions) {
		t.Errorf("Precision: Year: %v", err)
	}
}
