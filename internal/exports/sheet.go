package exports

import (
	"fmt"
	"strings"
)

// Sheet is a sheet of a workbook, its rows from the first.
type Sheet struct {
	Name string
	Rows []Row
}

// Row is one row, its cells from column A.
type Row struct {
	Level int // of the outline: 0 is not within a group
	Cells []Cell
}

// Kind is what a cell holds, by the mark with which the notation writes it.
type Kind string

// The kinds.
const (
	Text     Kind = ""   // a shared string, or nothing
	Number   Kind = "="  // with the number format General
	Money    Kind = "$"  // a number as 1C formats it: #,##0.00;[Red]-#,##0.00
	Day      Kind = "@"  // a serial number with the format dd.mm.yyyy
	Time     Kind = "@@" // a serial number with the format dd.mm.yyyy h:mm:ss
	Percent  Kind = "%"  // a number with the format 0%
	Bool     Kind = "?"  // 1 or 0
	Error    Kind = "!"  // #N/A
	Inline   Kind = "'"  // text within the sheet
	Rich     Kind = "~"  // text of several runs, parted by "~"
	Formula  Kind = "f:" // a formula and, behind "→", the result that was stored with it
	WithLeft Kind = "<"  // merged with the cell to the left
	WithTop  Kind = "^"  // merged with the cell above
)

// kinds lists the marks; one that begins another comes after it.
var kinds = []Kind{Time, Number, Money, Day, Percent, Bool, Error, Inline, Rich, Formula, WithLeft, WithTop}

// Cell is one cell.
type Cell struct {
	Kind  Kind
	Value string
}

// cells returns texts as cells.
func cells(texts ...string) []Cell {
	row := make([]Cell, len(texts))
	for i, s := range texts {
		row[i].Value = s
	}
	return row
}

// ParseSheet reads a sheet from its notation: a line is a row, "|" parts the
// cells, a cell's mark says its [Kind], and each ">" before a row takes it one
// level deeper into the outline. {sp}, {nbsp}, {nl} and {bar} stand for spaces
// that would be lost, a line feed and "|". Lines that begin with // are left out.
func ParseSheet(name, notation string) (Sheet, error) {
	s := Sheet{Name: name}
	for i, line := range strings.Split(strings.TrimSuffix(notation, "\n"), "\n") {
		if strings.HasPrefix(line, "//") {
			continue
		}
		var r Row
		text := strings.TrimLeft(line, ">")
		r.Level = len(line) - len(text)
		for _, c := range strings.Split(text, "|") {
			r.Cells = append(r.Cells, parseCell(strings.TrimSpace(c)))
		}
		if first := r.Cells[0].Kind; first == WithLeft || i == 0 && first == WithTop {
			return s, fmt.Errorf("row %d: nothing to merge its first cell with", i+1)
		}
		s.Rows = append(s.Rows, r)
	}
	return s, nil
}

var escapes = strings.NewReplacer("{sp}", " ", "{nbsp}", "\u00a0", "{nl}", "\n", "{bar}", "|")

func parseCell(text string) Cell {
	for _, k := range kinds {
		if value, ok := strings.CutPrefix(text, string(k)); ok {
			if (k == WithLeft || k == WithTop) && value != "" {
				break // a text such as <Покупатель не указан>
			}
			return Cell{k, escapes.Replace(value)}
		}
	}
	return Cell{Text, escapes.Replace(text)}
}
