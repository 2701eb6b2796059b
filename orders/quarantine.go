package orders

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// quarantineColumns are what a quarantine file has behind the columns of the
// export. Where the header ends with them, they are no columns of the export.
var quarantineColumns = []string{"_row", "_column", "_code", "_reason"}

// quarantined reports whether a row is the header of a quarantine file.
func quarantined(cells [][]byte) bool {
	n := len(cells) - len(quarantineColumns)
	return n > 0 && slices.EqualFunc(cells[n:], quarantineColumns, func(b []byte, s string) bool { return string(cell.Trim(b)) == s })
}

// quarantined reports whether the header is that of a quarantine file.
func (h header) quarantined() bool {
	n := len(h.names) - len(quarantineColumns)
	return n > 0 && slices.Equal(h.names[n:], quarantineColumns)
}

// quarantined returns the options for a quarantine file: its rows stand by
// themselves under one header, however the export is laid out.
func (o Options) quarantined() Options {
	if o.Mapping != nil {
		m := *o.Mapping
		m.Format, m.Sheet, m.HeaderRow, m.HeaderRows = "", "", 1, 1
		if m.Shape == ShapeGrouped || m.Shape == ShapeWide {
			m.Shape = ""
		}
		o.Mapping = &m
	}
	return o
}

// bin is where the rejected rows of one file go.
type bin struct {
	to    io.Writer // nil: nowhere
	comma byte
	width int // columns of the export
	line  []byte
	cells int // in the line
}

// quarantine writes the row at which the reader stands to where the caller
// wants the rejected ones: its cells, nil if they are as the file has them.
func (r *rowReader) quarantine(cells [][]byte, e *RowError) error {
	if r.in.o.Quarantine == nil {
		return nil
	}
	if r.bin == nil {
		if err := r.openBin(); err != nil {
			return err
		}
	}
	b := r.bin
	if b.to == nil {
		return nil
	}
	cells = r.own(cells)
	for _, c := range cells {
		b.add(c)
	}
	for range b.width - len(cells) {
		b.add(nil)
	}
	column := ""
	if e.Column > 0 {
		column = strconv.Itoa(e.Column)
	}
	for _, s := range []string{strconv.FormatInt(e.Row, 10), column, string(e.Reason), e.Text} {
		b.add([]byte(s))
	}
	return b.write()
}

// openBin asks where the rows go and writes the header.
func (r *rowReader) openBin() error {
	detection := r.l.Detection
	to, err := r.in.o.Quarantine(&detection)
	if err != nil {
		return fmt.Errorf("orders: quarantine of %s: %w", r.l.File, err)
	}
	b := &bin{to: to, comma: ',', width: len(r.l.header.names)}
	r.bin = b
	if to == nil {
		return nil
	}
	if r.l.comma != 0 {
		b.comma = r.l.comma
	}
	if r.l.header.quarantined() {
		b.width -= len(quarantineColumns) // the file is one of these itself
	}
	b.line = append(b.line, "\ufeff"...)
	for _, name := range slices.Concat(r.l.header.names[:b.width], quarantineColumns) {
		b.add([]byte(name))
	}
	return b.write()
}

// own returns the cells of the row without those that a quarantine adds, or all
// of its text if it has no cells.
func (r *rowReader) own(cells [][]byte) [][]byte {
	if cells == nil {
		cells = r.at.Cells
	}
	if r.at.Fault != delimited.NoFault {
		return [][]byte{bytes.TrimRight(r.at.Raw, "\r\n")}
	}
	if len(cells) > r.bin.width && len(r.l.header.names) > r.bin.width {
		return cells[:r.bin.width]
	}
	for len(cells) > r.bin.width && len(cell.Trim(cells[len(cells)-1])) == 0 {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// add adds a cell to the line, in quotes where it needs them.
func (b *bin) add(cell []byte) {
	if b.cells++; b.cells > 1 {
		b.line = append(b.line, b.comma)
	}
	if bytes.IndexByte(cell, b.comma) < 0 && bytes.IndexAny(cell, "\"\r\n") < 0 {
		b.line = append(b.line, cell...)
		return
	}
	b.line = append(b.line, '"')
	for _, c := range cell {
		if c == '"' {
			b.line = append(b.line, '"')
		}
		b.line = append(b.line, c)
	}
	b.line = append(b.line, '"')
}

// write writes the line and begins the next.
func (b *bin) write() error {
	b.line = append(b.line, '\n')
	_, err := b.to.Write(b.line)
	b.line, b.cells = b.line[:0], 0
	if err != nil {
		return fmt.Errorf("orders: quarantine: %w", err)
	}
	return nil
}
