package abcxyz

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// MeasuresOptions says by what [RankMeasures] ranks. The zero MeasuresOptions
// ranks customers by revenue, gross profit and purchases.
type MeasuresOptions struct {
	Ranking  Options          // its Measure must be 0
	Measures []orders.Measure // two or more, each once; empty: revenue, gross profit, purchases
}

// MeasuresRanking is the answer of [RankMeasures].
type MeasuresRanking struct {
	Options MeasuresOptions // as resolved

	Rankings []*Ranking     // one for each measure, in their order
	Items    []MeasuredItem // by rank in the first
}

// MeasuredItem is an item by several measures.
type MeasuredItem struct {
	ID, Name string
	Classes  string // one ABC class for each measure, in their order: "AAB"
	Ranks    []int  // in each ranking: Rankings[k].Items[Ranks[k]-1] is the item
}

// RankMeasures returns the items ranked by several measures at once, each with one
// ABC class for each measure: AAB is a customer of class A by revenue and by
// gross profit, of class B by purchases. The rankings are those of [Rank].
//
// An empty history gives no items. Errors: an invalid option (wraps
// orders.ErrOptions), and those of f.
func RankMeasures(ctx context.Context, f orders.Facts, o MeasuresOptions) (*MeasuresRanking, error) {
	o, err := o.resolve()
	if err != nil {
		return nil, err
	}
	m := &MeasuresRanking{}
	for _, measure := range o.Measures {
		one := o.Ranking
		one.Measure = measure
		r, err := Rank(ctx, f, one)
		if err != nil {
			return nil, err
		}
		m.Rankings = append(m.Rankings, r)
	}
	o.Ranking = m.Rankings[0].Options
	o.Ranking.Measure = 0
	m.Options = o
	return m, m.join()
}

func (o MeasuresOptions) resolve() (MeasuresOptions, error) {
	o.Measures = slices.Clone(o.Measures)
	if len(o.Measures) == 0 {
		o.Measures = []orders.Measure{orders.Revenue, orders.GrossProfit, orders.Purchases}
	}
	for i, m := range o.Measures {
		if m > orders.Purchases || slices.Contains(o.Measures[:i], m) {
			return o, invalid("Measures", codes(o.Measures), "measures of package orders, each once")
		}
	}
	switch {
	case len(o.Measures) < 2:
		return o, invalid("Measures", codes(o.Measures), "two or more")
	case o.Ranking.Measure != 0:
		return o, invalid("Ranking.Measure", uint8(o.Ranking.Measure), "0: Measures says by what")
	}
	return o, nil
}

// codes returns measures as numbers: one that does not exist has no name.
func codes(measures []orders.Measure) []int {
	codes := make([]int, len(measures))
	for i, m := range measures {
		codes[i] = int(m)
	}
	return codes
}

// join lists the items with their places in all rankings.
func (m *MeasuresRanking) join() error {
	k := len(m.Rankings)
	first := m.Rankings[0].Items
	ranks := make([]int, k*len(first))
	index := make(map[string]int, len(first))
	m.Items = make([]MeasuredItem, len(first))
	for i := range first {
		m.Items[i] = MeasuredItem{ID: first[i].ID, Name: first[i].Name, Ranks: ranks[i*k : (i+1)*k : (i+1)*k]}
		m.Items[i].Ranks[0] = i + 1
		index[first[i].ID] = i
	}
	for n, r := range m.Rankings[1:] {
		if len(r.Items) != len(first) {
			return fmt.Errorf("abcxyz: %d items have %s, %d have %s", len(first), m.Options.Measures[0], len(r.Items), r.Options.Measure)
		}
		for j := range r.Items {
			i, ok := index[r.Items[j].ID]
			if !ok {
				return unmatched(r.Items[j].ID)
			}
			m.Items[i].Ranks[n+1] = j + 1
		}
	}
	names := map[string]string{} // there are few
	var letters strings.Builder
	for i := range m.Items {
		letters.Reset()
		for n := range m.Rankings {
			letters.WriteString(m.Item(i, n).ABC.String())
		}
		classes, ok := names[letters.String()]
		if !ok {
			classes = letters.String()
			names[classes] = classes
		}
		m.Items[i].Classes = classes
	}
	return nil
}

// Item returns item i by measure k.
func (m *MeasuresRanking) Item(i, k int) *Item {
	return &m.Rankings[k].Items[m.Items[i].Ranks[k]-1]
}

// MeasuresMatrix is ABC by one measure × ABC by another. Every item is in
// exactly one cell.
type MeasuresMatrix struct {
	RowMeasure, ColumnMeasure orders.Measure
	Rows, Columns             []ABC // A, B, C … N

	Cells                   [][]MeasuresCell // by row, then column
	RowTotals, ColumnTotals []MeasuresCell
	Total                   MeasuresCell
}

// MeasuresCell is some of the items and what they bring by either measure.
type MeasuresCell struct {
	Items       int
	Row, Column orders.Amount // Σ of the measure of the rows and of that of the columns
}

// Matrix returns the classes by measure rows against those by measure columns,
// both indices of Options.Measures; it panics if they are none, as an index does.
func (m *MeasuresRanking) Matrix(rows, columns int) MeasuresMatrix {
	of, by := m.Rankings[rows].Options, m.Rankings[columns].Options
	x := MeasuresMatrix{RowMeasure: of.Measure, ColumnMeasure: by.Measure, Rows: of.classes(), Columns: by.classes()}
	x.RowTotals, x.ColumnTotals = make([]MeasuresCell, len(x.Rows)), make([]MeasuresCell, len(x.Columns))
	x.Cells = make([][]MeasuresCell, len(x.Rows))
	for i := range x.Cells {
		x.Cells[i] = make([]MeasuresCell, len(x.Columns))
	}
	for i := range m.Items {
		a, b := m.Item(i, rows), m.Item(i, columns)
		r, c := row(a.ABC, len(x.Rows)), row(b.ABC, len(x.Columns))
		for _, cell := range [...]*MeasuresCell{&x.Cells[r][c], &x.RowTotals[r], &x.ColumnTotals[c], &x.Total} {
			cell.Items++
			cell.Row += a.Value
			cell.Column += b.Value
		}
	}
	return x
}
