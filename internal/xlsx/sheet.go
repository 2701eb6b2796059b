package xlsx

import (
	"context"
	"errors"
	"iter"
	"slices"
)

// A Row is a row that the file says something about. It is borrowed until the
// next one.
type Row struct {
	Number  int    // from 1, ascending; a row may be left out
	Cells   []Cell // by ascending column; a column may be left out
	Outline int    // level of grouping, from 0
	Hidden  bool
}

// Kind is what a cell holds.
type Kind uint8

// The kinds.
const (
	Blank      Kind = iota // nothing, but perhaps a style
	Number                 // a number as stored, "9.9499999999999993" or "1E-3", not checked; a day and a percentage too: see Style
	Text                   // a text; it may be empty
	Bool                   // "1" or "0"
	ErrorValue             // "#N/A", "#DIV/0!" …
	ISODate                // "2024-02-29T08:30:00" (ISO 8601), which few programs write
)

// String returns the constant's name.
func (k Kind) String() string {
	names := [...]string{"Blank", "Number", "Text", "Bool", "ErrorValue", "ISODate"}
	if int(k) >= len(names) {
		return "Kind?"
	}
	return names[k]
}

// A Cell is one cell of a [Row].
type Cell struct {
	Text    []byte // the value as stored, in UTF-8; empty if Blank
	Style   Style
	Column  int // from 1
	Kind    Kind
	Formula bool // Text is what the formula gave when the workbook was saved
}

// Uncached reports whether the cell has a formula and the file does not say
// what it gives: the program that wrote the file did not calculate it.
func (c *Cell) Uncached() bool { return c.Formula && c.Kind == Blank }

// Rows returns the rows of the sheet, reading them from the file as the loop
// goes. The loop may stop at any time; only when it ends by itself has the
// part been read to its end and its checksum verified. An error is the last
// thing it gives, with a zero Row.
func (sh Sheet) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := rowReader{book: sh.book}
		err := sh.scan(ctx, func(s *scanner) bool {
			r.scanner = s
			return r.readSheet(yield)
		})
		if err != nil {
			if in := (*PartError)(nil); errors.As(err, &in) {
				in.Row = r.row.Number
			}
			yield(Row{}, err)
		}
	}
}

// scan calls use with a scanner of the sheet's part.
func (sh Sheet) scan(ctx context.Context, use func(s *scanner) bool) error {
	if sh.part == "" {
		return &PartError{Part: "xl/workbook.xml", Sheet: sh.Name, Err: damaged("it does not say where the sheet is")}
	}
	err := sh.book.archive.scan(ctx, sh.part, use)
	if in := (*PartError)(nil); errors.As(err, &in) {
		in.Sheet = sh.Name
	}
	return err
}

// A rowReader reads the rows of one sheet.
type rowReader struct {
	*scanner
	book  *Book
	row   Row
	texts []byte // of the row's cells, but for shared strings

	numbered bool // the row's number is sure
	ordered  bool // the row's cells are ascending
	last     int  // number of the row before
}

// readSheet hands the sheet's rows on. It returns false if yield did.
func (r *rowReader) readSheet(yield func(Row, error) bool) bool {
	if !r.root("worksheet") {
		return false
	}
	for r.child() {
		if string(r.name) != "sheetData" {
			r.skip()
			continue
		}
		for r.child() {
			if string(r.name) != "row" {
				r.skip()
				continue
			}
			if r.readRow(); r.err == nil && !yield(r.row, nil) {
				return false
			}
		}
	}
	return true
}

// readRow reads the row that is open.
func (r *rowReader) readRow() {
	r.last, r.texts = r.row.Number, r.texts[:0]
	r.row = Row{Cells: r.row.Cells[:0], Hidden: r.attrBool("hidden")}
	r.row.Outline, _ = parseIndex(r.attr("outlineLevel"))
	if number, ok := parseIndex(r.attr("r")); ok {
		r.setNumber(number)
		r.numbered = true
	} else {
		r.setNumber(r.last + 1)
		r.numbered = false
	}
	r.ordered = true
	for r.child() {
		if string(r.name) == "c" {
			r.readCell()
		} else {
			r.skip()
		}
	}
	if !r.ordered {
		r.sortCells()
	}
}

// setNumber numbers the row, which must go up.
func (r *rowReader) setNumber(number int) {
	r.row.Number = number
	switch {
	case number <= r.last:
		r.fail(damaged("row %d comes after row %d", number, r.last))
	case number > r.book.limits.Rows:
		r.fail(beyond(int64(r.book.limits.Rows), "rows", "Rows"))
	}
}

// sortCells puts cells that stand in another order in that of their columns.
func (r *rowReader) sortCells() {
	slices.SortFunc(r.row.Cells, func(a, b Cell) int { return a.Column - b.Column })
	for i := 1; i < len(r.row.Cells); i++ {
		if column := r.row.Cells[i].Column; column == r.row.Cells[i-1].Column {
			r.fail(damaged("cell %s%d is there twice", columnName(column), r.row.Number))
		}
	}
}

// readCell reads the cell that is open.
func (r *rowReader) readCell() {
	column := 1
	if n := len(r.row.Cells); n > 0 {
		column = r.row.Cells[n-1].Column + 1
	}
	var kind valueType
	var style []byte
	for i := range r.attrs {
		a := &r.attrs[i]
		if len(a.name) != 1 {
			continue
		}
		switch a.name[0] {
		case 'r':
			column = r.reference(a.value)
		case 's':
			style = a.value
		case 't':
			kind = parseType(a.value)
		}
	}
	if column > r.book.limits.Columns || len(r.row.Cells) == r.book.limits.Columns {
		r.fail(beyond(int64(r.book.limits.Columns), "columns", "Columns"))
		return
	}
	if n := len(r.row.Cells); n > 0 && column <= r.row.Cells[n-1].Column {
		r.ordered = false
	}
	r.row.Cells = append(r.row.Cells, Cell{Column: column, Style: r.book.styles.at(style)})
	r.readValue(&r.row.Cells[len(r.row.Cells)-1], kind)
}

// reference returns the column of a cell's reference, "B7".
func (r *rowReader) reference(ref []byte) int {
	column, row, ok := parseReference(ref)
	switch {
	case !ok:
		r.fail(damaged("a cell with the reference %.20q", ref))
	case row == r.row.Number:
	case !r.numbered:
		r.setNumber(row)
	default:
		r.fail(damaged("cell %.20s in row %d", ref, r.row.Number))
	}
	r.numbered = true
	return column
}

// valueType is the attribute t of a cell.
type valueType uint8

const (
	plainNumber valueType = iota
	sharedString
	plainString
	inlineString
	boolean
	errorCode
	isoDate
)

// parseType reads the attribute t of a cell.
func parseType(b []byte) valueType {
	switch string(b) {
	case "n", "":
		return plainNumber
	case "s":
		return sharedString
	case "inlineStr":
		return inlineString
	case "b":
		return boolean
	case "e":
		return errorCode
	case "d":
		return isoDate
	}
	return plainString
}

// readValue reads the children of the cell that is open into c.
func (r *rowReader) readValue(c *Cell, kind valueType) {
	start, limit := len(r.texts), r.book.limits.CellBytes
	var value, inline bool
	for r.child() {
		switch string(r.name) {
		case "v":
			value = true
			r.texts = r.texts[:start]
			if kind == plainString || kind == inlineString {
				r.texts = appendEscaped(r.texts, r.scanner, limit)
			} else {
				r.texts = r.appendText(r.texts, limit)
			}
		case "is":
			if value {
				r.skip()
				continue
			}
			inline = true
			r.texts = appendString(r.texts[:start], r.scanner, limit)
		case "f":
			c.Formula = true
			r.skip()
		default:
			r.skip()
		}
	}
	if len(r.texts) > r.book.limits.RowBytes {
		r.fail(beyond(int64(r.book.limits.RowBytes), "bytes in one row", "RowBytes"))
	}
	c.Text = r.texts[start:len(r.texts):len(r.texts)]
	switch {
	case inline:
		c.Kind = Text
	case value:
		r.setValue(c, kind)
	}
}

// setValue gives c, whose text is what <v> holds, its kind.
func (r *rowReader) setValue(c *Cell, kind valueType) {
	if kind == plainString || kind == inlineString {
		c.Kind = Text
		return
	}
	c.Text = trimSpace(c.Text)
	if len(c.Text) == 0 {
		return
	}
	switch kind {
	case plainNumber:
		c.Kind = Number
	case sharedString:
		r.setShared(c)
	case boolean:
		c.Kind = Bool
		switch string(c.Text) {
		case "true", "TRUE":
			c.Text = append(c.Text[:0], '1')
		case "false", "FALSE":
			c.Text = append(c.Text[:0], '0')
		}
	case errorCode:
		c.Kind = ErrorValue
	case isoDate:
		c.Kind = ISODate
	}
}

// setShared gives c the shared string whose number its text is.
func (r *rowReader) setShared(c *Cell) {
	i, ok := parseIndex(c.Text)
	var text []byte
	if ok {
		text, ok = r.book.strings.at(i)
	}
	if !ok {
		r.fail(damaged("cell %s%d is shared string %.20q of %d", columnName(c.Column), r.row.Number, c.Text, len(r.book.strings.ends)))
		return
	}
	c.Text = text
	c.Kind = Text
}
