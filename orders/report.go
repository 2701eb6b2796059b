package orders

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// report is a table that is no list of lines: rows in groups, or columns for
// each period. It is turned into a list: a column for each level of the groups,
// the columns that every row has, those of a period, and the date.
type report struct {
	key    int      // column of the groups, from 0; −1: rows stand in none
	indent bool     // levels are told by the indent of the text, not by outline levels
	levels []string // what the levels are called, the outermost first
	group  string   // what a further level above the innermost is called; "": there is none

	fixed    []int // columns that are taken as they are
	periods  []periodColumns
	measures []string // names of a period's columns

	dated   bool   // the innermost rows name their documents with the day
	period  string // of the report as a whole, as [periodIn] returns it; "" if it has none
	covers  string // what it covers, if that is more than a month
	undated int64  // rows dated by the period though others name their day

	header header // of the list
}

// periodColumns are the columns of one period.
type periodColumns struct {
	period  string // "": the total over all
	columns []int  // by measure, from 0; −1: the period has none
}

// levelText is what stands at one level of the groups.
type levelText struct {
	depth int
	text  []byte
}

// planReport returns how to read a table whose rows stand in groups or whose
// columns are periods; nil if it is neither.
func planReport(s *heading, rows iter.Seq[*tableRow], above bool, want Shape) *report {
	if want != "" && want != ShapeGrouped && want != ShapeWide {
		return nil
	}
	p := &report{key: -1}
	p.findPeriods(s)
	p.findGroups(s, rows, above, want)
	if p.key < 0 && len(p.periods) < 2 {
		return nil
	}
	p.findDates(s, rows)
	p.build(s)
	return p
}

// findPeriods finds the columns that belong to periods.
func (p *report) findPeriods(s *heading) {
	for c := range s.width() {
		period, measure, found := "", "", false
		for _, part := range s.parts(c) {
			if text, ok := periodIn(part); ok && !found {
				period, found = text, true
			} else if total, _ := totalLabel(part); total && !found {
				found = true
			} else {
				measure = part
			}
		}
		if !found {
			continue
		}
		m := slices.Index(p.measures, measure)
		if m < 0 {
			m = len(p.measures)
			p.measures = append(p.measures, measure)
		}
		i := slices.IndexFunc(p.periods, func(s periodColumns) bool { return s.period == period })
		if i < 0 {
			i = len(p.periods)
			p.periods = append(p.periods, periodColumns{period: period})
		}
		for len(p.periods[i].columns) <= m {
			p.periods[i].columns = append(p.periods[i].columns, -1)
		}
		if p.periods[i].columns[m] < 0 {
			p.periods[i].columns[m] = c
		}
	}
	if !slices.ContainsFunc(p.periods, func(s periodColumns) bool { return s.period != "" }) { // a mere column of totals
		p.periods, p.measures = nil, nil
	}
}

// ofPeriod returns whether a column belongs to a period.
func (p *report) ofPeriod(column int) bool {
	return slices.ContainsFunc(p.periods, func(s periodColumns) bool { return slices.Contains(s.columns, column) })
}

// count returns how many periods there are, the total aside.
func (p *report) count() (n int) {
	for _, s := range p.periods {
		if s.period != "" {
			n++
		}
	}
	return n
}

// findGroups finds out whether the rows stand in groups: a row is deeper than
// the one before it, by the outline levels of the sheet or the indents of the text.
func (p *report) findGroups(s *heading, rows iter.Seq[*tableRow], above bool, want Shape) {
	counts := map[int]int{}
	depths := map[bool]map[int]bool{false: {}, true: {}}
	for row := range rows {
		if row.Row <= s.last || blank(row.Cells) {
			continue
		}
		first := firstFilled(row.Cells)
		counts[first]++
		depths[false][row.level] = true
		if row.kind(first) == textCell {
			depths[true][row.indent] = true
		}
	}
	key := -1
	for c, n := range counts {
		if key < 0 || n > counts[key] || n == counts[key] && c < key {
			key = c
		}
	}
	if key < 0 || p.ofPeriod(key) || key >= s.width() {
		return
	}
	_, dated := s.header().column(RoleDate, key)
	switch {
	case len(depths[false]) > 1 && (above || !dated || want == ShapeGrouped):
	case len(depths[true]) > 1 && (!dated || want == ShapeGrouped):
		p.indent = true
	default:
		return
	}
	levels := len(depths[p.indent])
	p.key, p.levels = key, s.parts(key)
	if len(p.levels) == 0 {
		p.levels = []string{""}
	}
	if levels > len(p.levels) {
		p.group = "Группа"
		if leaf := aliases()[normalise(p.levels[len(p.levels)-1])]; !slices.ContainsFunc(leaf, func(a alias) bool { return a.role == RoleProduct }) {
			p.group = "Верхняя группа" // of customers: nothing that a line has
		}
	}
}

// column returns a column other than one that may have the role.
func (h header) column(role Role, other int) (int, bool) {
	for _, m := range h.meanings()[role] {
		if m.column != other {
			return m.column, true
		}
	}
	return 0, false
}

func firstFilled(cells [][]byte) int {
	return max(slices.IndexFunc(cells, func(c []byte) bool { return len(cell.Trim(c)) > 0 }), 0)
}

// findDates finds out where the lines have their dates from: the text of the
// innermost rows, a column, the header or what stands above it.
func (p *report) findDates(s *heading, rows iter.Seq[*tableRow]) {
	if p.count() == 1 {
		p.period = p.periods[slices.IndexFunc(p.periods, func(s periodColumns) bool { return s.period != "" })].period
	}
	documents, others := 0, 0
	for row := range rows {
		switch {
		case row.Row < s.first:
			for _, c := range row.Cells {
				if p.period == "" && p.covers == "" {
					p.readPeriod(string(cell.Trim(c)))
				}
			}
		case row.Row > s.last && p.key >= 0 && p.key < len(row.Cells):
			if dateInText(row.Cells[p.key]) != nil {
				documents++
			} else {
				others++
			}
		}
	}
	p.dated = documents > 0 && 5*documents >= others // the others are mostly their groups
}

// readPeriod takes the period from a line above the header: «Период: Июнь 2026
// г.», «Период: 01.06.2026 - 30.06.2026», "for June 2026".
func (p *report) readPeriod(text string) {
	if _, after, ok := strings.Cut(text, ":"); ok {
		text = after
	}
	text = strings.TrimSpace(text)
	words := strings.Fields(text)
	for i := range words {
		if period, ok := periodIn(strings.Join(words[i:], " ")); ok && len(period) == 7 {
			p.period = period
			return
		}
	}
	var days []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }) {
		if day, ok := periodIn(strings.Trim(word, ".")); ok && len(day) == 10 {
			days = append(days, day)
		}
	}
	switch {
	case len(days) != 2:
	case days[0][:7] == days[1][:7]:
		p.period = days[0][:7]
	default:
		p.covers = days[0] + " to " + days[1]
	}
}

// documentDate stands before the day in a document's name.
var documentDate = []byte(" от ")

// dateInText returns the day that a document's name ends with, «Заказ
// покупателя 51 от 22.06.2015 10:15:00»; nil if there is none.
func dateInText(text []byte) []byte {
	i := bytes.LastIndex(text, documentDate)
	if i < 0 {
		return nil
	}
	date := cell.Trim(text[i+len(documentDate):])
	if _, err := cell.ParseDate(date, cell.DateFormat{Order: cell.DMY, Separator: '.'}); err != nil {
		return nil
	}
	return date
}

// build lays out the columns of the list.
func (p *report) build(s *heading) {
	add := func(name string, column int, note string) {
		p.header.names = append(p.header.names, name)
		p.header.keys = append(p.header.keys, normalise(name))
		p.header.numbers = append(p.header.numbers, column+1)
		p.header.notes = append(p.header.notes, note)
	}
	for i, name := range p.levels {
		if p.key >= 0 {
			add(name, p.key, fmt.Sprintf("level %d of the groups in column %d", i+1, p.key+1))
		}
	}
	if p.group != "" {
		add(p.group, p.key, fmt.Sprintf("the group above the innermost rows in column %d", p.key+1))
	}
	plain := s.header()
	for c, name := range plain.names {
		if name == "" || c == p.key || p.ofPeriod(c) {
			continue
		}
		p.fixed = append(p.fixed, c)
		add(name, c, "")
		p.header.keys[len(p.header.keys)-1] = plain.keys[c]
	}
	if len(p.periods) == 0 {
		p.periods = []periodColumns{{}}
	}
	for m, name := range p.measures {
		first := slices.IndexFunc(p.periods, func(s periodColumns) bool { return m < len(s.columns) && s.columns[m] >= 0 })
		if name == "" { // nothing but the period is above the amounts
			name = "Сумма"
		}
		add(name, p.periods[first].columns[m], "known header, in the columns of each period")
	}
	switch {
	case p.dated:
		add("Дата", p.key, "in the text of the documents")
		add("Вид документа", p.key, "the beginning of the text of the documents")
	case p.count() > 1:
		add("Период", p.periods[0].columns[0], "the periods in the header")
	case p.period != "":
		add("Период", max(p.key, 0), "the period of the report")
	}
}

// shape returns what the report is, and why.
func (p *report) shape() (Shape, string) {
	groups := ""
	if p.key >= 0 {
		by := "outline levels"
		if p.indent {
			by = "indents"
		}
		groups = fmt.Sprintf("column %d holds groups of rows by their %s", p.key+1, by)
	}
	if n := p.count(); n > 1 {
		var first, last string
		for _, s := range p.periods {
			if s.period != "" {
				first, last = cmp.Or(first, s.period), s.period
			}
		}
		text := fmt.Sprintf("the header names %d periods, %s to %s", n, first, last)
		if groups != "" {
			text += "; " + groups
		}
		return ShapeWide, text
	}
	return ShapeGrouped, groups
}

// sample is list for the rows of a sample.
func (p *report) sample(rows iter.Seq[*tableRow], headerEnd int64) iter.Seq[*tableRow] {
	return func(yield func(*tableRow) bool) {
		undated := p.undated
		for row := range p.list(func(yield func(*tableRow, error) bool) {
			for row := range rows {
				if row.Row > 0 && !yield(row, nil) {
					return
				}
			}
		}, headerEnd) {
			if !row.group && !yield(row) {
				return
			}
		}
		p.undated = undated
	}
}

// list yields the rows of a report as those of a list. A row above others that
// are deeper is a group, and marked so.
func (p *report) list(rows iter.Seq2[*tableRow, error], headerEnd int64) iter.Seq2[*tableRow, error] {
	return func(yield func(*tableRow, error) bool) {
		l := lister{report: p, yield: yield}
		for row, err := range rows {
			switch {
			case err != nil:
				yield(nil, err)
				return
			case row.Row <= headerEnd:
				if !yield(row, nil) {
					return
				}
			case !l.take(row):
				return
			}
		}
		l.flush(-1)
	}
}

// lister holds back one row, until the next tells whether it is a group.
type lister struct {
	*report
	yield func(*tableRow, error) bool
	held  tableRow
	full  bool
	stack []levelText
	out   tableRow
}

func (l *lister) take(row *tableRow) bool {
	depth := l.depth(row)
	if blank(row.Cells) || row.Fault != delimited.NoFault {
		depth = -1
	}
	if !l.flush(depth) {
		return false
	}
	l.held, l.full = row.clone(), true
	return true
}

func (p *report) depth(row *tableRow) int {
	if p.indent {
		return row.indent
	}
	return row.level
}

// flush hands on the row held back; next is the depth of the one behind it.
func (l *lister) flush(next int) bool {
	if !l.full {
		return true
	}
	l.full = false
	row := &l.held
	if blank(row.Cells) || row.Fault != delimited.NoFault {
		l.begin(row)
		return l.yield(&l.out, nil)
	}
	var text []byte
	depth, group, total := l.depth(row), false, false
	if l.key >= 0 {
		if l.key < len(row.Cells) {
			text = cell.Trim(row.Cells[l.key])
		}
		total, _ = totalLabel(string(text))
		if !total {
			l.push(depth, text)
		} else {
			l.stack = l.stack[:0]
		}
		group = next > depth && !total
	} else {
		total = l.totalRow(row)
	}
	some := false
	for i := range l.periods {
		s := &l.periods[i]
		if s.period == "" && l.count() > 0 && !l.totalOnly(total) || total && l.totalOnly(total) && s.period != "" {
			continue
		}
		if len(l.measures) > 0 && l.empty(row, s) {
			continue
		}
		some = true
		l.fill(row, s, text, total, group)
		if !l.yield(&l.out, nil) {
			return false
		}
	}
	if !some {
		l.begin(row)
		l.out.group = group
		return l.yield(&l.out, nil)
	}
	return true
}

// totalOnly reports whether a row is to be read from the columns of the total
// over all periods alone.
func (l *lister) totalOnly(total bool) bool {
	return total && l.count() > 0 && l.count() < len(l.periods)
}

// totalRow reports whether a row of a table without groups begins with the label of a total.
func (l *lister) totalRow(row *tableRow) bool {
	first := firstFilled(row.Cells)
	total, _ := totalLabel(string(cell.Trim(row.Cells[first])))
	return total
}

func (l *lister) empty(row *tableRow, s *periodColumns) bool {
	for _, c := range s.columns {
		if c >= 0 && c < len(row.Cells) && len(cell.Trim(row.Cells[c])) > 0 {
			return false
		}
	}
	return true
}

// push makes text the innermost level.
func (l *lister) push(depth int, text []byte) {
	for n := len(l.stack); n > 0 && l.stack[n-1].depth >= depth; n-- {
		l.stack = l.stack[:n-1]
	}
	l.stack = append(l.stack, levelText{depth, bytes.Clone(text)})
}

// begin starts a row of the list.
func (l *lister) begin(row *tableRow) {
	n := len(l.header.names)
	o := &l.out
	cells, kinds, columns := slices.Grow(o.Cells[:0], n)[:n], slices.Grow(o.kinds[:0], n)[:n], slices.Grow(o.columns[:0], n)[:n]
	*o = *row
	o.Cells, o.kinds, o.columns, o.group, o.errors = cells, kinds, columns, false, false
	clear(o.Cells)
	clear(o.kinds)
	copy(o.columns, l.header.numbers)
}

// fill makes the row of the list for one period.
func (l *lister) fill(row *tableRow, s *periodColumns, text []byte, total, group bool) {
	l.begin(row)
	o := &l.out
	o.group = group
	at := 0
	put := func(column int) {
		if column >= 0 && column < len(row.Cells) {
			o.Cells[at], o.kinds[at], o.columns[at] = row.Cells[column], row.kind(column), column+1
			o.errors = o.errors || o.kinds[at] == errorCell
		}
		at++
	}
	if l.key >= 0 {
		at = l.fillLevels(text, total)
	}
	for _, c := range l.fixed {
		put(c)
	}
	for m := range l.measures {
		column := -1
		if m < len(s.columns) {
			column = s.columns[m]
		}
		put(column)
	}
	if !total && at < len(o.Cells) {
		l.fillDate(at, s, group)
	}
}

// fillLevels writes the groups that a row stands in, the innermost first found
// its place: a row less deep than the report has levels is called by its own.
func (l *lister) fillLevels(text []byte, total bool) (at int) {
	o, n := &l.out, len(l.levels)
	at = n
	if l.group != "" {
		at++
	}
	if total {
		o.Cells[0] = text
		return at
	}
	last := len(l.stack) - 1
	for i, level := range l.stack {
		switch {
		case i == last:
			o.Cells[min(i, n-1)] = l.document(level.text)
		case i < n-1:
			o.Cells[i] = level.text
		case i == last-1 && l.group != "":
			o.Cells[n] = level.text
		}
	}
	return at
}

// document returns the name of the innermost level: a document's without its
// day, nothing for what is none, such as «<Продажи без заказа>».
func (l *lister) document(text []byte) []byte {
	switch {
	case !l.dated:
		return text
	case dateInText(text) != nil:
		return cell.Trim(text[:bytes.LastIndex(text, documentDate)])
	case len(text) > 1 && text[0] == '<' && text[len(text)-1] == '>':
		return nil
	}
	return text
}

// fillDate writes the day or the month of a row.
func (l *lister) fillDate(at int, s *periodColumns, group bool) {
	o := &l.out
	if !l.dated {
		o.Cells[at] = []byte(cmp.Or(s.period, l.period))
		return
	}
	innermost := l.stack[len(l.stack)-1].text
	o.Cells[at], o.Cells[at+1] = dateInText(innermost), innermost
	if o.Cells[at] == nil && l.period != "" && !group {
		o.Cells[at] = []byte("01." + l.period[5:7] + "." + l.period[:4])
		l.undated++
	}
}
