package report

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// column is one column of a table.
type column struct {
	key    string // its name in formulas of this package, and in the results' Arrow records
	name   text   // in the header
	note   text   // in the legend: what it is and how it is computed
	width  float64
	style  style
	totals any // its cell in the row of totals, or a func() any that gives it; nil: empty

	// cell returns the value of item i, whose row is at.
	cell func(i, at int) any
}

// table is a block of rows under a header, one for each item.
type table struct {
	*sheet
	columns []column
	index   map[string]int
	live    bool // rows have formulas

	head, first, last int // rows; last < first without items
	totals            int // row; 0: none
	shown, items      int
}

// table places a table whose rows [table.fill] lays out. A long list has its
// totals above the header, where they stay in sight and no filter hides them,
// a short table below.
func (s *sheet) table(items int, long bool, columns []column) *table {
	t := &table{sheet: s, columns: columns, index: map[string]int{}, items: items, live: items <= s.limits.formulas, head: s.rows + 1}
	summed := false
	for i, c := range columns {
		t.index[c.key] = i + 1
		summed = summed || c.totals != nil
	}
	if summed && long {
		t.head++
	}
	t.first = t.head + 1
	t.shown = max(0, min(items, s.limits.rows-t.head-reserved))
	t.last = t.first + t.shown - 1
	if summed {
		t.totals = t.last + 1
		if long {
			t.totals = t.head - 1
		}
	}
	return t
}

// reserved is how many rows below a table are kept for its legend.
const reserved = 100

// fill lays out the rows.
func (t *table) fill() {
	if 0 < t.totals && t.totals < t.head {
		t.total()
	}
	t.header()
	cells := make([]excelize.Cell, len(t.columns))
	t.many(t.shown, 0, func(i, at int) []excelize.Cell {
		for k, c := range t.columns {
			v := c.cell(i, at)
			if f, ok := v.(formula); ok && !t.live {
				v = f.cached
			}
			cells[k] = t.sheet.cell(c.style, v)
		}
		return cells
	})
	if t.totals > t.head {
		t.total()
	}
}

// total lays out the row of totals. Where not all rows are listed they are values.
func (t *table) total() {
	t.many(1, 0, func(_, at int) []excelize.Cell {
		cells := make([]excelize.Cell, len(t.columns))
		for i, c := range t.columns {
			v := c.totals
			if f, ok := v.(func() any); ok {
				v = f()
			}
			if f, ok := v.(formula); ok && t.shown < t.items {
				v = f.cached
			}
			st := c.style
			st.look = total
			cells[i] = t.sheet.cell(st, v)
		}
		return cells
	})
}

// header lays out the row of column names, high enough for the longest.
func (t *table) header() {
	high := 1.0
	for i, c := range t.columns {
		high = max(high, lines(t.say(c.name), t.widths[i]*0.75))
	}
	t.addHigh(high*13.5+4, style{look: header}, t.names()...)
}

func (t *table) names() []any {
	names := make([]any, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

// listing makes the table what a sheet is read by: its header stays in sight,
// is repeated on each page and filters.
func (t *table) listing(left int) {
	t.frozen, t.left, t.repeat = t.head, left, t.head
	if t.shown > 0 {
		t.filter = cellName(1, t.head) + ":" + cellName(len(t.columns), t.last)
	}
}

// col returns the number of the column of that key.
func (t *table) col(key string) int {
	i, ok := t.index[key]
	if !ok {
		t.note(fmt.Errorf("report: sheet %s has no column %s", t.name, key))
	}
	return i
}

// at returns the name of a cell, for formulas of the same sheet.
func (t *table) at(key string, row int) string { return cellName(t.col(key), row) }

// span returns a reference to all rows of a column, from anywhere.
func (t *table) span(key string) string {
	col := t.col(key)
	return t.sheet.span(col, t.first, col, max(t.first, t.last))
}

// local returns a reference to all rows of a column, for formulas of the same sheet.
func (t *table) local(key string) string {
	c := columnName(t.col(key))
	return fmt.Sprintf("%s$%d:%s$%d", c, t.first, c, max(t.first, t.last))
}

// sum returns the total of a column as a formula; without rows it is a value.
func (t *table) sum(key string, cached any) any {
	if t.shown == 0 {
		return cached
	}
	return formula{"SUM(" + t.local(key) + ")", cached}
}

// legend lays out what each column means, and what was left out.
func (t *table) legend(notes ...text) {
	t.skip(1)
	if t.shown < t.items {
		t.paragraph(alarm, 0, fmt.Sprintf(t.say(rowsCut), t.shown, t.items))
	}
	if !t.live {
		t.paragraph(alarm, 0, fmt.Sprintf(t.say(formulasCut), t.limits.formulas))
	}
	t.add(style{look: section}, legendTitle)
	told := map[string]bool{} // columns of one name and one meaning are told of once
	for _, c := range t.columns {
		line := t.say(c.name) + " — " + t.say(c.note)
		if c.note == (text{}) || told[line] {
			continue
		}
		told[line] = true
		t.paragraph(prose, 0, line)
	}
	for _, n := range notes {
		t.paragraph(prose, 0, t.say(n))
	}
}
