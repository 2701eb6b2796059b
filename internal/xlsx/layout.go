package xlsx

import (
	"bytes"
	"context"
	"math"
)

// A Layout is what a sheet says about its rows as a whole.
type Layout struct {
	Merged       []Range // in the file's order: the value is in a range's first cell
	SummaryAbove bool    // the row that a group of rows belongs to stands above them, not below
}

// A Range is a rectangle of cells, counted from 1, its last row and column included.
type Range struct {
	FirstRow, FirstColumn int
	LastRow, LastColumn   int
}

// Layout reads what stands around the sheet's rows. Merged cells stand behind
// them in the file: this takes nearly as long as reading the rows. Its errors
// are those of [Sheet.Rows].
func (sh Sheet) Layout(ctx context.Context) (Layout, error) {
	var l Layout
	err := sh.scan(ctx, func(s *scanner) bool {
		if !s.root("worksheet") {
			return false
		}
		for s.child() {
			switch string(s.name) {
			case "sheetPr":
				for s.child() {
					if below := string(s.attr("summaryBelow")); string(s.name) == "outlinePr" && (below == "0" || below == "false") {
						l.SummaryAbove = true
					}
					s.skip()
				}
			case "mergeCells":
				l.Merged = readMerged(s, sh.book.limits)
			default:
				s.skip()
			}
		}
		return true
	})
	if err != nil {
		return Layout{}, err
	}
	return l, nil
}

// readMerged reads the merged ranges of the <mergeCells> that is open.
func readMerged(s *scanner, l Limits) (merged []Range) {
	for s.child() {
		if string(s.name) == "mergeCell" {
			if len(merged) == l.Merged {
				s.fail(beyond(int64(l.Merged), "merged ranges", "Merged"))
				break
			}
			r, ok := parseRange(s.attr("ref"))
			switch {
			case !ok:
				s.fail(damaged("merged cells %.40q", s.attr("ref")))
			case r.LastRow > l.Rows:
				s.fail(beyond(int64(l.Rows), "rows", "Rows"))
			case r.LastColumn > l.Columns:
				s.fail(beyond(int64(l.Columns), "columns", "Columns"))
			}
			merged = append(merged, r)
		}
		s.skip()
	}
	return merged
}

// parseRange reads "A9:D9", or "A9" alone.
func parseRange(ref []byte) (r Range, ok bool) {
	one, other, two := bytes.Cut(ref, []byte(":"))
	if !two {
		other = one
	}
	column, row, ok1 := parseReference(one)
	column2, row2, ok2 := parseReference(other)
	return Range{
		FirstRow: min(row, row2), FirstColumn: min(column, column2),
		LastRow: max(row, row2), LastColumn: max(column, column2),
	}, ok1 && ok2
}

// parseReference reads a cell's reference, "B7".
func parseReference(ref []byte) (column, row int, ok bool) {
	i := 0
	for ; i < len(ref); i++ {
		c := ref[i] &^ 0x20 // in upper case
		if c < 'A' || c > 'Z' {
			break
		}
		if column = column*26 + int(c-'A') + 1; column > math.MaxInt32/64 {
			return 0, 0, false
		}
	}
	if row, ok = parseIndex(ref[i:]); !ok || row == 0 || column == 0 {
		return 0, 0, false
	}
	return column, row, true
}

// columnName returns what Excel calls a column: 1 is "A", 28 is "AB".
func columnName(column int) string {
	var name [16]byte
	i := len(name)
	for ; column > 0; column = (column - 1) / 26 {
		i--
		name[i] = 'A' + byte((column-1)%26)
	}
	return string(name[i:])
}
