package orders

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/internal/delimited"
)

// tableRow is a row of a table, whatever kind of file that is in. All of it is
// borrowed until the next one.
type tableRow struct {
	Row   int64 // number of the record, from 1; 0: not known, for a sample does not tell
	Line  int64 // number of the physical line on which it begins; 0 in a sheet
	Cells [][]byte

	// Of a text.
	Offset     int64  // of the row in the file, in bytes
	Raw        []byte // the row as it stands there
	Terminated bool   // it has a line end
	Fault      delimited.Fault
	FaultCell  int  // number of the cell at fault, from 1
	ascii      bool // it is known to have ASCII letters only

	// Of a sheet.
	kinds  []cellKind // of the cells; nil: text all of them
	errors bool       // one of them is an error value
	level  int        // how deep the row stands in groups of rows, from 0
	indent int        // of the first cell with text, from 0

	// Of a row that was made of another.
	columns []int // numbers of the cells in the file, from 1; nil: as they stand
	group   bool  // it sums up the rows below it
}

// cellKind says what a cell of a sheet holds.
type cellKind uint8

const (
	textCell cellKind = iota
	numberCell
	percentCell  // shown times 100
	dateCell     // as ISO 8601
	errorCell    // #N/A
	uncachedCell // a formula whose value the file does not give
)

// kind returns what a cell holds; in a text every cell is one.
func (t *tableRow) kind(column int) cellKind {
	if column < len(t.kinds) {
		return t.kinds[column]
	}
	return textCell
}

// isText reports whether the row is of a text with a delimiter.
func (t *tableRow) isText() bool { return t.Raw != nil }

// valid reports whether the row is UTF-8.
func (t *tableRow) valid() bool {
	if t.isText() {
		return utf8.Valid(t.Raw)
	}
	for _, c := range t.Cells {
		if !utf8.Valid(c) {
			return false
		}
	}
	return true
}

// text returns the row as it stands in the text, that of a sheet with a
// semicolon between the cells.
func (t *tableRow) text() string {
	if t.isText() {
		return string(bytes.TrimRight(t.Raw, "\r\n"))
	}
	return string(bytes.Join(t.Cells, []byte{';'}))
}

// fromText makes the record at which a parser stands the row.
func (t *tableRow) fromText(p *delimited.Parser) {
	t.Cells, t.Raw, t.Terminated, t.Fault, t.FaultCell, t.ascii = p.Cells, p.Raw, p.Terminated, p.Fault, p.FaultCell, p.ASCII
}

// textRows yields the rows of a text.
func textRows(l *layout, src io.Reader, limits Limits) iter.Seq2[*tableRow, error] {
	name := l.File
	return func(yield func(*tableRow, error) bool) {
		r := delimited.NewReader(l.charset.Reader(src), l.comma)
		r.Backslash = l.backslash
		r.Max = limits.RecordBytes
		var row tableRow
		next := l.charset.MarkSize()
		for {
			switch err := r.Read(); {
			case err == io.EOF:
				return
			case err == delimited.ErrTooLong:
				yield(nil, tooLong(name, r.Row, r.Line, limits.RecordBytes))
				return
			case err != nil:
				yield(nil, fmt.Errorf("orders: %s: row %d: %w", name, r.Row, err))
				return
			}
			row.Row, row.Line, row.Offset = r.Row, r.Line, next
			next += l.charset.Size(r.Raw)
			row.fromText(&r.Parser)
			if !yield(&row, nil) {
				return
			}
		}
	}
}

// cutRow is how much of the end of a piece of text a row that it cuts off may
// take; what is longer has a quote too many, and is read on from its next line.
const cutRow = 64 << 10

// rows yields the rows of the sample's head and, without numbers, those of its
// other pieces. It stops at a row that does not end, of which long gives the
// number and the line, and at one that only the end of the piece cuts off: its
// quoted lines would be taken for rows.
func (s sample) rows(comma byte, backslash bool, long func(row, line int64)) iter.Seq[*tableRow] {
	return func(yield func(*tableRow) bool) {
		for i, text := range append([][]byte{s.head}, s.more...) {
			p := delimited.Parser{Comma: comma, Backslash: backslash}
			row := tableRow{Line: 1}
			for len(text) > 0 {
				if i == 0 {
					row.Row++
				}
				n, err := p.Next(text, s.whole || len(text) > cutRow)
				if n == 0 && err == nil {
					break
				}
				if err != nil {
					if i == 0 && long != nil {
						long(row.Row, row.Line)
					}
					break
				}
				text = text[n:]
				row.fromText(&p)
				if !yield(&row) {
					return
				}
				row.Line += int64(p.Lines)
			}
		}
	}
}
