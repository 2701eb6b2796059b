package abcxyz_test

import (
	"context"
	"math"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// TestRankSplit: C of the whole is A of its salesperson.
func TestRankSplit(t *testing.T) {
	var lines []orders.Line
	for i, v := range []struct {
		customer, salesperson string
		revenue               orders.Amount
	}{{"big", "Anna", 960}, {"both", "Anna", 30}, {"both", "Boris", 8}, {"small", "Boris", 2}, {"back", "Boris", -1}} {
		lines = append(lines, orders.Line{Customer: v.customer, Salesperson: v.salesperson, Date: orders.NewDate(2024, 1, 1+i), Revenue: v.revenue * orders.One})
	}
	f := open(t, lines)
	whole := rank(t, f, abcxyz.Options{})
	if i := find(t, whole, "both"); i.ABC != abcxyz.C {
		t.Errorf("%+v", i)
	}
	s, err := abcxyz.RankSplit(context.Background(), f, abcxyz.SplitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Parts) != 2 || s.Total != whole.Total || s.Revenue != whole.Revenue {
		t.Fatalf("%+v", s)
	}
	wantRows(t, func(mem memory.Allocator) arrow.Record { return s.Record(mem) }, "split|"+itemHeader,
		"Anna|1|big|big|960|0.9696969696969697|0|0.9696969696969697|A|false|960|0|null|null|0|0|0|one-off|A one-off||",
		"Anna|2|both|both|30|0.030303030303030304|0.9696969696969697|1|C|false|30|0|null|null|0|0|1|–|C–||few_gaps",
		"Boris|1|both|both|8|0.8|0|0.8|A|false|8|0|null|null|0|0|1|–|A–||few_gaps",
		"Boris|2|small|small|2|0.2|0.8|1|B|false|2|0|null|null|0|0|0|one-off|B one-off||",
		"Boris|3|back|back|-1|null|null|null|N|false|-1|0|null|null|0|0|0|–|N–|not_positive|few_gaps",
	)
	for _, test := range []struct {
		name, field string
		options     abcxyz.SplitOptions
	}{
		{"split by what is ranked", "Split", abcxyz.SplitOptions{Split: orders.ByCustomer}},
		{"split by nothing known", "Split", abcxyz.SplitOptions{Split: "colour"}},
		{"a ranking that is invalid", "Rule", abcxyz.SplitOptions{Ranking: abcxyz.Options{Rule: 99}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := abcxyz.RankSplit(context.Background(), f, test.options)
			wantOptionError(t, err, test.field)
		})
	}
}

// TestSplitIsWhere: a part is the ranking of what the dimension has that value
// in, but for the first period of an item, and all parts conserve the whole.
func TestSplitIsWhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		o.Season = false
		if o.Vary != abcxyz.Gaps {
			o.Calendar = abcxyz.Window
		}
		by := rapid.SampledFrom([]orders.Dimension{orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel, orders.ByRepeatFlag}).Draw(t, "split")
		s, err := abcxyz.RankSplit(context.Background(), f, abcxyz.SplitOptions{Ranking: o, Split: by})
		whole := rankDrawn(t, f, o)
		if err != nil {
			if by != whole.Options.By {
				t.Fatal(err)
			}
			return
		}
		var total, revenue orders.Amount
		for _, p := range s.Parts {
			one := o
			one.Scope.Where = append(one.Scope.Where[:len(one.Scope.Where):len(one.Scope.Where)], orders.Where{Dimension: by, In: []string{p.Split}})
			want := rankDrawn(t, f, one)
			want.Options = p.Options
			if o.Calendar != abcxyz.Window { // only Gaps is left, whose classes do not depend on it
				for i := range want.Items {
					want.Items[i].Periods, want.Items[i].Active = p.Items[i].Periods, p.Items[i].Active
				}
			}
			if d := factstest.Diff(want, p.Ranking); d != "" {
				t.Errorf("%s %q: %s", by, p.Split, d)
			}
			total += p.Total
			revenue += p.Revenue
		}
		if (o.Measure < orders.Deals) && (total != whole.Total || s.Total != total) || revenue != whole.Revenue || s.Revenue != revenue {
			t.Errorf("parts of %s and %s, the whole is %s and %s", total, revenue, whole.Total, whole.Revenue)
		}
	})
}

// TestRankMeasures: one class a measure, those of Rank.
func TestRankMeasures(t *testing.T) {
	lines := products(t, "80 20 5")
	lines[0].COGS, lines[1].COGS, lines[2].COGS = orders.Known(79*orders.One), orders.Known(orders.One), orders.Known(6*orders.One)
	f := open(t, lines)
	m, err := abcxyz.RankMeasures(context.Background(), f, abcxyz.MeasuresOptions{Ranking: abcxyz.Options{By: orders.ByProduct}, Measures: []orders.Measure{orders.Revenue, orders.GrossProfit}})
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, m.Record, "item|name|classes|value_revenue|rank_revenue|abc_revenue|value_profit|rank_profit|abc_profit",
		"p00|p00|AC|80|1|A|1|2|C",
		"p01|p01|AA|20|2|A|19|1|A",
		"p02|p02|CN|5|3|C|-1|3|N",
	)
	x := m.Matrix(0, 1)
	wantRows(t, x.Record, "row|column|items|row_sum|column_sum",
		"A|A|1|20|19", "A|B|0|0|0", "A|C|1|80|1", "A|N|0|0|0",
		"B|A|0|0|0", "B|B|0|0|0", "B|C|0|0|0", "B|N|0|0|0",
		"C|A|0|0|0", "C|B|0|0|0", "C|C|0|0|0", "C|N|1|5|-1",
		"N|A|0|0|0", "N|B|0|0|0", "N|C|0|0|0", "N|N|0|0|0",
	)
	if x.Total != (abcxyz.MeasuresCell{Items: 3, Row: 105 * orders.One, Column: 19 * orders.One}) {
		t.Errorf("%+v", x.Total)
	}
	if got := m.Item(0, 1); got.ID != "p00" || got.Value != orders.One || math.Abs(got.Share-.05) > 1e-15 {
		t.Errorf("%+v", got)
	}
	for _, test := range []struct {
		name, field string
		options     abcxyz.MeasuresOptions
	}{
		{"one measure", "Measures", abcxyz.MeasuresOptions{Measures: []orders.Measure{orders.Revenue}}},
		{"a measure twice", "Measures", abcxyz.MeasuresOptions{Measures: []orders.Measure{orders.Revenue, orders.Revenue}}},
		{"an unknown measure", "Measures", abcxyz.MeasuresOptions{Measures: []orders.Measure{orders.Revenue, 99}}},
		{"a measure of the ranking", "Ranking.Measure", abcxyz.MeasuresOptions{Ranking: abcxyz.Options{Measure: orders.Deals}}},
		{"a ranking that is invalid", "Rule", abcxyz.MeasuresOptions{Ranking: abcxyz.Options{Rule: 99}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := abcxyz.RankMeasures(context.Background(), f, test.options)
			wantOptionError(t, err, test.field)
		})
	}
}

// TestMeasuresConserve: each ranking is Rank's, each item is in one cell, and
// its letters are its classes.
func TestMeasuresConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		o.Measure = 0
		measures := rapid.Permutation([]orders.Measure{orders.Revenue, orders.GrossProfit, orders.Contribution, orders.Quantity, orders.Deals, orders.Purchases}).Draw(t, "measures")
		measures = measures[:rapid.IntRange(2, 4).Draw(t, "how many")]
		m, err := abcxyz.RankMeasures(context.Background(), f, abcxyz.MeasuresOptions{Ranking: o, Measures: measures})
		if err != nil {
			t.Fatal(err)
		}
		for k, measure := range measures {
			o.Measure = measure
			if d := factstest.Diff(rankDrawn(t, f, o), m.Rankings[k]); d != "" {
				t.Errorf("by %s: %s", measure, d)
			}
		}
		for i, item := range m.Items {
			letters := ""
			for k := range measures {
				own := m.Item(i, k)
				letters += own.ABC.String()
				if own.ID != item.ID || own.Name != item.Name || own.Rank != item.Ranks[k] {
					t.Errorf("%+v is %+v by measure %d", item, own, k)
				}
			}
			if letters != item.Classes {
				t.Errorf("%q is %s, not %s", item.ID, item.Classes, letters)
			}
		}
		x := m.Matrix(0, 1)
		var all abcxyz.MeasuresCell
		for i, cells := range x.Cells {
			var row abcxyz.MeasuresCell
			for _, c := range cells {
				row.Items, row.Row, row.Column = row.Items+c.Items, row.Row+c.Row, row.Column+c.Column
			}
			own := m.Rankings[0].Classes[i]
			if row != x.RowTotals[i] || row.Items != own.Items || row.Row != own.Sum {
				t.Errorf("row %s: %+v, %+v, %+v", x.Rows[i], row, x.RowTotals[i], own)
			}
			all.Items, all.Row, all.Column = all.Items+row.Items, all.Row+row.Row, all.Column+row.Column
		}
		for j, c := range x.ColumnTotals {
			if own := m.Rankings[1].Classes[j]; c.Items != own.Items || c.Column != own.Sum {
				t.Errorf("column %s: %+v, %+v", x.Columns[j], c, own)
			}
		}
		if all != x.Total || all.Items != len(m.Items) || all.Row != m.Rankings[0].Total || all.Column != m.Rankings[1].Total {
			t.Errorf("%+v, %+v", all, x.Total)
		}
	})
}
