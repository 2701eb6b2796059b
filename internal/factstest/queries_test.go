package factstest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
)

// shop is a small export whose every figure below was worked out by hand.
const shop = `
	2024-01-10 a o1 100 product=p cogs=60 seller=Ivan
	2024-01-10 a o1 50 product=q
	2024-02-05 a o2 200 product=p cogs=150 seller=Olga
	2024-02-20 a r1 -30 product=p cogs=-20 base=o1
	2024-03-01 b o3 40 product=q cogs=10 seller=Ivan
	2024-03-01 . o9 7 product=q seller=Olga
	2024-04-09 a o4 10 product=q seller=Ivan`

// TestAnswers holds the answers to queries to figures worked out by hand. A
// series reads "item/split first–last [values] revenue costed", an inactive
// period being in parentheses; the others are below.
func TestAnswers(t *testing.T) { each(t, testAnswers) }

func testAnswers(t *testing.T, open opener) {
	f := open(t, read(t, shop), orders.Options{HistoryComplete: true})
	scope := func(from, asOf string, where ...orders.Where) orders.Scope {
		s := orders.Scope{Where: where}
		if from != "" {
			s.From = day(t, from)
		}
		if asOf != "" {
			s.AsOf = day(t, asOf)
		}
		return s
	}
	of := func(d orders.Dimension, in ...string) orders.Where { return orders.Where{Dimension: d, In: in} }
	tests := []struct {
		name  string
		query any
		want  []string
	}{
		{"series of customers", orders.SeriesQuery{}, []string{
			"a/ 2024-01–2024-04 [150 170 (0) 10] 330 270",
			"b/ 2024-03–2024-03 [(0) (0) 40 (0)] 40 40"}},
		{"series in a scope start where it starts", orders.SeriesQuery{Scope: scope("2024-02-06", "2024-03-31")}, []string{
			"a/ 2024-01–2024-02 [-30 (0)] -30 -30",
			"b/ 2024-03–2024-03 [(0) 40] 40 40"}},
		{"profit of products, anonymous included, where the cost is known",
			orders.SeriesQuery{By: orders.ByProduct, Measure: orders.GrossProfit, Grain: orders.Quarter}, []string{
				"p/ 2024-Q1–2024-Q1 [80 (0)] 270 270",
				"q/ 2024-Q1–2024-Q2 [30 0] 107 40"}},
		{"deals with a product", orders.SeriesQuery{By: orders.ByProduct, Measure: orders.Deals, Grain: orders.Year}, []string{
			"p/ 2024–2024 [3] 270 270", "q/ 2024–2024 [3] 107 40"}},
		{"purchases with a product", orders.SeriesQuery{By: orders.ByProduct, Measure: orders.Purchases, Grain: orders.Year}, []string{
			"p/ 2024–2024 [2] 270 270", "q/ 2024–2024 [3] 107 40"}},
		{"products of a salesperson's deals", orders.SeriesQuery{
			Scope: scope("", "", of(orders.BySalesperson, "Ivan")), By: orders.ByProduct, Grain: orders.Year}, []string{
			"p/ 2024–2024 [100] 100 100", "q/ 2024–2024 [100] 100 40"}},
		{"customers within their owners", orders.SeriesQuery{
			Scope: scope("", "2024-03-31"), By: orders.ByOwner, Split: orders.ByCustomer, Grain: orders.Year}, []string{
			"Ivan/b 2024–2024 [40] 40 40", "Olga/a 2024–2024 [320] 320 270"}},

		// id name, first owner>owner, entry first–last day, purchases, first|repeat revenue, gaps N/Σ/Σ² median
		{"customers", orders.CustomerQuery{}, []string{
			"a a Ivan>Ivan first 2024-01-10–2024-04-09 3 120|210 2/90/4772 45",
			"b b Ivan>Ivan first 2024-03-01–2024-03-01 1 40|0 0/0/0 NaN"}},
		{"customers as of a day", orders.CustomerQuery{Scope: scope("2024-02-01", "2024-02-10")}, []string{
			"a a Ivan>Olga first 2024-01-10–2024-02-05 2 0|200 1/26/676 26"}},

		// cohort period age number split: customers (first repeat unknown), first|repeat revenue deals purchases
		{"a cohort by purchase", orders.FlowQuery{Cohort: orders.Month, Number: 2}, []string{
			"2024-01  0 1 : 1 (1 0 0) 120|0 2 1",
			"2024-01  0 2 : 1 (0 1 0) 0|210 2 2",
			"2024-03  0 1 : 1 (1 0 0) 40|0 1 1"}},
		{"by period", orders.FlowQuery{Period: orders.Month}, []string{
			" 2024-01 0 0 : 1 (1 0 0) 150|0 1 1",
			" 2024-02 0 0 : 1 (0 1 0) -30|200 2 1",
			" 2024-03 0 0 : 1 (1 0 0) 40|0 1 1",
			" 2024-04 0 0 : 1 (0 1 0) 0|10 1 1"}},
		{"by age", orders.FlowQuery{Age: 30}, []string{
			"  0 0 : 2 (2 1 0) 190|200 3 3",
			"  1 0 : 0 (0 0 0) -30|0 1 0",
			"  3 0 : 1 (0 1 0) 0|10 1 1"}},
		{"by product", orders.FlowQuery{Split: orders.ByProduct}, []string{
			"  0 0 p: 1 (1 1 0) 70|200 3 2",
			"  0 0 q: 2 (2 1 0) 90|10 3 3"}},

		// days@age ended+open
		{"gaps", orders.GapQuery{}, []string{"0@90 0+1", "26@26 1+0", "39@90 0+1", "64@90 1+0"}},
		{"gaps as of a day", orders.GapQuery{Scope: scope("", "2024-03-31")}, []string{"26@26 1+0", "30@81 0+1", "55@81 0+1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer, err := factstest.Answer(context.Background(), f, test.query)
			if err != nil {
				t.Fatal(err)
			}
			if got := rows(answer); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// rows writes an answer as TestAnswers reads it.
func rows(answer any) []string {
	var rows []string
	add := func(format string, args ...any) { rows = append(rows, fmt.Sprintf(format, args...)) }
	switch answer := answer.(type) {
	case []orders.Series:
		for _, s := range answer {
			var values []string
			for i, v := range s.Values {
				if s.Active[i] {
					values = append(values, v.String())
				} else {
					values = append(values, "("+v.String()+")")
				}
			}
			add("%s/%s %s–%s %v %s %s", s.Item, s.Split, s.First, s.Last, values, s.Revenue, s.Costed)
		}
	case []orders.Customer:
		for _, c := range answer {
			add("%s %s %s>%s %s %s–%s %d %s|%s %d/%d/%d %v", c.ID, c.Name, c.FirstOwner, c.Owner, c.Entry, c.FirstDay, c.LastDay,
				c.Purchases, c.Sides.First.Revenue, c.Sides.Repeat.Revenue, c.Rhythm.N, c.Rhythm.Sum, c.Rhythm.SumSquares, c.Rhythm.Median)
		}
	case []orders.Flow:
		for _, w := range answer {
			add("%s %s %d %d %s: %d (%d %d %d) %s|%s %d %d", w.Cohort, w.Period, w.Age, w.Number, w.Split, w.Customers,
				w.FirstCustomers, w.RepeatCustomers, w.UnknownCustomers, w.First.Revenue, w.Repeat.Revenue, w.Total().Deals, w.Total().Purchases)
		}
	case []orders.Gap:
		for _, g := range answer {
			add("%d@%d %d+%d", g.Days, g.Age, g.Ended, g.Open)
		}
	}
	return rows
}

// TestEarlierCustomers holds the cells of customers whose purchase 1 is not on
// the side First: no cohort, age −1, number 0, whatever is asked.
func TestEarlierCustomers(t *testing.T) { each(t, testEarlierCustomers) }

func testEarlierCustomers(t *testing.T, open opener) {
	f := open(t, read(t, `
		0 old r -5
		10 old o 20
		20 old p 30
		200 young o 40
		10 dim o 50`), orders.Options{BurnIn: 50})
	answer, err := factstest.Answer(context.Background(), f, orders.FlowQuery{Cohort: orders.Year, Age: 7, Number: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := "  -1 0 : 2 (0 1 1) 0|50 4 3\n2024  0 1 : 1 (1 0 0) 40|0 1 1"
	if got := strings.Join(rows(answer), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestNames holds names to the latest line that sold.
func TestNames(t *testing.T) { each(t, testNames) }

func testNames(t *testing.T, open opener) {
	tests := []struct{ name, lines, want string }{
		{"the latest", "1 c o 1 name=Old\n2 c p 1 name=New", "New"},
		{"of one day the least", "1 c o 1 name=B\n1 c p 1 name=A", "A"},
		{"a return does not name", "1 c o 1 name=Sold\n2 c p -1 name=Returned", "Sold"},
		{"unless nothing sold", "1 c o 0 name=Gift\n2 c p -1 name=Returned", "Returned"},
		{"a blank does not name", "1 c o 1 name=Known\n2 c p 1", "Known"},
		{"without a name the id", "1 c o 1", "c"},
		{"without an id the name", "1 . o 1 name=Known", "Known"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := open(t, read(t, test.lines), orders.Options{})
			for c, err := range f.Customers(context.Background(), orders.CustomerQuery{}) {
				if err != nil || c.Name != test.want {
					t.Errorf("%q, %v; want %q", c.Name, err, test.want)
				}
			}
		})
	}
}

func TestInvalidQueries(t *testing.T) { each(t, testInvalidQueries) }

func testInvalidQueries(t *testing.T, open opener) {
	f := open(t, read(t, shop), orders.Options{})
	tests := map[string]any{
		"a dimension":           orders.SeriesQuery{By: "colour"},
		"a split":               orders.SeriesQuery{Split: "colour"},
		"a measure":             orders.SeriesQuery{Measure: 99},
		"a grain":               orders.SeriesQuery{Grain: 99},
		"a filter":              orders.CustomerQuery{Scope: orders.Scope{Where: []orders.Where{{Dimension: "colour"}}}},
		"a filter of nothing":   orders.GapQuery{Scope: orders.Scope{Where: []orders.Where{{}}}},
		"an age":                orders.FlowQuery{Age: -1},
		"a number":              orders.FlowQuery{Number: -1},
		"a cohort":              orders.FlowQuery{Cohort: 99},
		"a period":              orders.FlowQuery{Period: 99},
		"a split of flows":      orders.FlowQuery{Split: "colour"},
		"a range back to front": orders.GapQuery{Scope: orders.Scope{From: 2, AsOf: 1}},
	}
	for name, query := range tests {
		t.Run(name, func(t *testing.T) {
			if answer, err := factstest.Answer(context.Background(), f, query); !errors.Is(err, orders.ErrQuery) || answer != nil && len(rows(answer)) > 0 {
				t.Errorf("%v, %v; want ErrQuery", answer, err)
			}
		})
	}
}
