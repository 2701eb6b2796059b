package orders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/xlsx"
)

// How much of a workbook is looked at before it is read, and how much of one
// that comes as a stream is kept in memory, not in a temporary file.
const (
	sheetSample = 5000 // rows of a sheet
	sheetsTried = 64   // sheets, when none is named
	spoolMemory = 32 << 20
)

// isZip reports whether a file begins as a workbook does.
func isZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// workbook is an Excel workbook and the sheet that the orders are on.
type workbook struct {
	name   string
	book   *xlsx.Book
	meter  *meterAt
	sheet  xlsx.Sheet
	layout xlsx.Layout
	sample []tableRow // the sheet's first rows
	guess  guess      // which of them is the header

	rivals []string // other sheets that look as good
	width  int      // columns of the table; 0: those of each row

	uncached, outside int64 // formulas without a value; rows with something beyond the header
}

// openWorkbook opens a workbook and chooses its sheet.
func openWorkbook(ctx context.Context, name string, src io.ReaderAt, size int64, o Options) (*workbook, error) {
	w := &workbook{name: name, meter: &meterAt{src: src}}
	book, err := xlsx.Open(ctx, w.meter, size, o.Limits.xlsx())
	if err != nil {
		return nil, workbookError(name, err)
	}
	w.book = book
	if err := w.choose(ctx, o); err != nil {
		return nil, err
	}
	return w, nil
}

// xlsx returns the limits of a workbook.
func (l Limits) xlsx() xlsx.Limits {
	l = l.withDefaults()
	return xlsx.Limits{
		Entries: l.Entries, PartBytes: l.PartBytes, TotalBytes: l.TotalBytes,
		Strings: l.SharedStrings, CellBytes: l.CellBytes, Rows: int(min(l.Rows, 1<<20)), Columns: l.Columns,
	}
}

// workbookError says what is wrong with a workbook and what to do.
func workbookError(name string, err error) error {
	text := strings.TrimPrefix(err.Error(), "xlsx: ")
	row, part := int64(0), (*xlsx.PartError)(nil)
	if errors.As(err, &part) {
		row = int64(part.Row)
	}
	switch {
	case errors.Is(err, xlsx.ErrNotWorkbook), errors.Is(err, xlsx.ErrDamaged) && part == nil:
		return &FormatError{name, "xlsx or zip", 0, text + "; export it again, or save the sheet as .xlsx or as \"CSV UTF-8\" and read that"}
	case errors.Is(err, xlsx.ErrDamaged), errors.Is(err, xlsx.ErrEncoding):
		return &FormatError{name, "damaged xlsx", row, text + "; export it again, or open it in a spreadsheet and save it"}
	case errors.Is(err, xlsx.ErrLimit):
		return &FormatError{name, "xlsx too large", row, text + "; raise Options.Limits if the file is to be trusted"}
	}
	return fmt.Errorf("orders: %s: %w", name, err)
}

// detectFile is detect for a workbook or an Arrow file.
func detectFile(ctx context.Context, name string, head []byte, f *os.File, o Options) (*layout, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("orders: %w", err)
	}
	if isIPC(head) {
		return detectIPC(ctx, name, f, info.Size(), o)
	}
	w, err := openWorkbook(ctx, name, f, info.Size(), o)
	if err != nil {
		return nil, err
	}
	return detectSheet(w, o)
}

// choose takes the sheet that is named, or the one that looks most like a table
// of orders: by the columns of its header whose names are known.
func (w *workbook) choose(ctx context.Context, o Options) error {
	sheets := w.book.Sheets()
	if o.Mapping != nil && o.Mapping.Sheet != "" {
		i := slices.IndexFunc(sheets, func(s xlsx.Sheet) bool {
			return strings.EqualFold(strings.TrimSpace(s.Name), strings.TrimSpace(o.Mapping.Sheet))
		})
		if i < 0 {
			return fmt.Errorf("%w: Mapping.Sheet is %q; %s has %q", ErrOptions, o.Mapping.Sheet, w.name, w.names())
		}
		return w.try(ctx, sheets[i], o)
	}
	if visible := slices.DeleteFunc(slices.Clone(sheets), func(s xlsx.Sheet) bool { return s.Hidden }); len(visible) > 0 {
		sheets = visible
	}
	var best workbook
	for i, sheet := range sheets[:min(len(sheets), sheetsTried)] {
		if err := w.try(ctx, sheet, o); err != nil {
			return err
		}
		switch {
		case i == 0 || w.guess.known > best.guess.known || w.guess.known == best.guess.known && len(w.sample) > 1 && len(best.sample) <= 1:
			best = *w
			best.rivals = nil
		case w.guess.known == best.guess.known && len(w.sample) > 1:
			best.rivals = append(best.rivals, sheet.Name)
		}
	}
	*w = best
	if len(w.sample) == 0 {
		return &FormatError{w.name, "empty", 0, "there is nothing in its sheets; export it again"}
	}
	return nil
}

func (w *workbook) names() (names []string) {
	for _, s := range w.book.Sheets() {
		names = append(names, s.Name)
	}
	return names
}

// try looks at a sheet.
func (w *workbook) try(ctx context.Context, sheet xlsx.Sheet, o Options) error {
	w.sheet, w.sample, w.layout = sheet, nil, xlsx.Layout{}
	stacked, grouped, size := false, false, 0
	for row, err := range w.rows(ctx) {
		if err != nil {
			return err
		}
		size += row.size()
		if len(w.sample) == sheetSample || size > headSize {
			break
		}
		grouped = grouped || row.level > 0
		stacked = stacked || row.Row <= headerDepth && gaps(row.Cells)
		w.sample = append(w.sample, row.clone())
	}
	w.uncached, w.outside = 0, 0
	if stacked || grouped { // merged cells may fill the gaps
		l, err := w.sheet.Layout(ctx)
		if err != nil {
			return workbookError(w.name, err)
		}
		w.layout = l
	}
	w.guess = tryRows(w.sampled(), o)
	return nil
}

// gaps reports whether a row of several cells has blank ones between them.
func gaps(cells [][]byte) bool {
	filled, last := 0, 0
	for i, c := range cells {
		if len(cell.Trim(c)) > 0 {
			filled, last = filled+1, i
		}
	}
	return filled > 1 && filled <= last
}

// sampled yields the sheet's first rows.
func (w *workbook) sampled() iter.Seq[*tableRow] {
	return func(yield func(*tableRow) bool) {
		for i := range w.sample {
			if !yield(&w.sample[i]) {
				return
			}
		}
	}
}

// rows yields the rows of the sheet.
func (w *workbook) rows(ctx context.Context) iter.Seq2[*tableRow, error] {
	return func(yield func(*tableRow, error) bool) {
		s := sheetReader{dates: w.book.Dates()}
		for row, err := range w.sheet.Rows(ctx) {
			if err != nil {
				yield(nil, workbookError(w.name, err))
				return
			}
			s.read(&row, w.width)
			w.uncached += s.uncached
			if s.outside {
				w.outside++
			}
			if !yield(&s.row, nil) {
				return
			}
		}
	}
}

// sheetReader turns rows of a sheet into those of a table.
type sheetReader struct {
	dates    xlsx.DateSystem
	row      tableRow
	text     []byte // of the numbers and dates of the row that are not as stored
	uncached int64  // cells of the row
	outside  bool   // the row has something beyond the width

	serial, iso []byte // the date last read: exports repeat them
}

// read makes from the row, of so many columns; 0: as many as it has.
func (s *sheetReader) read(from *xlsx.Row, width int) {
	t := &s.row
	cells := from.Cells
	s.outside = false
	if n := len(cells); width == 0 && n > 0 {
		width = cells[n-1].Column
	}
	for n := len(cells); n > 0 && cells[n-1].Column > width; n-- {
		s.outside = s.outside || len(cell.Trim(cells[n-1].Text)) > 0
		cells = cells[:n-1]
	}
	t.Row, t.level, t.indent, t.errors = int64(from.Number), from.Outline, 0, false
	t.Cells = slices.Grow(t.Cells[:0], width)[:width]
	t.kinds = slices.Grow(t.kinds[:0], width)[:width]
	clear(t.Cells)
	clear(t.kinds)
	s.text, s.uncached = s.text[:0], 0
	first := true
	for i := range cells {
		c := &cells[i]
		text, kind := s.value(c)
		t.Cells[c.Column-1], t.kinds[c.Column-1] = text, kind
		if first && kind == textCell && len(text) > 0 {
			first, t.indent = false, int(c.Style.Indent)
		}
	}
}

// value returns a cell as text and what it holds.
func (s *sheetReader) value(c *xlsx.Cell) ([]byte, cellKind) {
	switch c.Kind {
	case xlsx.Number:
		switch c.Style.Class {
		case xlsx.AsDate, xlsx.AsDateTime, xlsx.AsTime:
			if iso := s.date(c.Text); iso != nil {
				return iso, dateCell
			}
		case xlsx.AsPercent:
			return s.number(c.Text), percentCell
		}
		return s.number(c.Text), numberCell
	case xlsx.Bool:
		if string(c.Text) == "1" {
			return []byte("TRUE"), textCell
		}
		return []byte("FALSE"), textCell
	case xlsx.ISODate:
		return c.Text, dateCell
	case xlsx.ErrorValue:
		s.row.errors = true
		return c.Text, errorCell
	case xlsx.Blank:
		if c.Uncached() {
			s.uncached++
			return nil, uncachedCell
		}
	}
	return c.Text, textCell
}

// number returns a number without an exponent, read to the 15 digits that
// spreadsheets show of their binary ones: 9.9499999999999993 is 9.95.
func (s *sheetReader) number(b []byte) []byte {
	if len(b) <= 15 && (b[len(b)-1] != '0' || bytes.IndexByte(b, '.') < 0) && bytes.IndexFunc(b, notPlain) < 0 {
		return b
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return b
	}
	var short [32]byte
	v, _ = strconv.ParseFloat(string(strconv.AppendFloat(short[:0], v, 'g', 15, 64)), 64)
	start := len(s.text)
	s.text = strconv.AppendFloat(s.text, v, 'f', -1, 64)
	return s.text[start:len(s.text):len(s.text)]
}

func notPlain(r rune) bool { return r != '-' && r != '.' && uint32(r-'0') > 9 }

// date returns a serial number as ISO 8601, nil if it is no day.
func (s *sheetReader) date(b []byte) []byte {
	if !bytes.Equal(b, s.serial) {
		v, err := strconv.ParseFloat(string(b), 64)
		if err != nil {
			return nil
		}
		t, ok := s.dates.Time(v)
		if !ok {
			return nil
		}
		s.serial = append(s.serial[:0], b...)
		form := "2006-01-02 15:04:05"
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
			form = "2006-01-02"
		}
		s.iso = t.AppendFormat(s.iso[:0], form)
	}
	start := len(s.text)
	s.text = append(s.text, s.iso...)
	return s.text[start:len(s.text):len(s.text)]
}

// warn says what of the sheet could not be taken.
func (w *workbook) warn(to sink) {
	if w.uncached > 0 {
		to.warn(Warning{Code: "formulas_without_values", Count: w.uncached, Text: fmt.Sprintf(
			"%s, sheet %q: %d cells have formulas whose values the file does not give, and count as blank; open it in a spreadsheet and save it", w.name, w.sheet.Name, w.uncached)})
	}
	if w.outside > 0 {
		to.warn(Warning{Code: "cells_outside", Count: w.outside, Text: fmt.Sprintf(
			"%s, sheet %q: %d rows have something to the right of the last column of the header, which is not read", w.name, w.sheet.Name, w.outside)})
	}
}

// size returns about how many bytes a row takes.
func (t *tableRow) size() int {
	n := len(t.Cells)
	for _, c := range t.Cells {
		n += len(c)
	}
	return n
}

// clone returns a row that is not borrowed.
func (t *tableRow) clone() tableRow {
	c := *t
	text := make([]byte, 0, t.size())
	c.Cells, c.kinds, c.columns = make([][]byte, len(t.Cells)), slices.Clone(t.kinds), slices.Clone(t.columns)
	for i, from := range t.Cells {
		start := len(text)
		text = append(text, from...)
		c.Cells[i] = text[start:len(text):len(text)]
	}
	c.Raw = slices.Clone(t.Raw)
	return c
}

// spool returns a stream as a file that can be read at any place, and closes
// and removes what that took.
func spool(name string, s sample, rest io.Reader) (src io.ReaderAt, size int64, done func(), err error) {
	var b bytes.Buffer
	b.Write(s.head)
	n, err := io.CopyN(&b, rest, spoolMemory)
	if err == io.EOF {
		return bytes.NewReader(b.Bytes()), int64(b.Len()), func() {}, nil
	}
	if err != nil {
		return nil, 0, nil, fmt.Errorf("orders: %s: %w", name, err)
	}
	f, err := os.CreateTemp("", "orders-*.xlsx")
	if err != nil {
		return nil, 0, nil, fmt.Errorf("orders: %s: %w", name, err)
	}
	done = func() {
		f.Close()
		os.Remove(f.Name())
	}
	if _, err = b.WriteTo(f); err == nil {
		n, err = io.Copy(f, rest)
	}
	if err != nil {
		done()
		return nil, 0, nil, fmt.Errorf("orders: %s: %w", name, err)
	}
	return f, int64(len(s.head)) + spoolMemory + n, done, nil
}

// meterAt reports progress by how far a file has been read: the parts of a
// workbook stand one behind the other.
type meterAt struct {
	in  *intake // nil: nothing is reported yet
	src io.ReaderAt
	far int64
}

func (m *meterAt) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.src.ReadAt(p, off)
	if more := off + int64(n) - m.far; m.in != nil && more > 0 {
		m.far += more
		if err := m.in.progress(more); err != nil {
			return n, err
		}
	}
	return n, err
}
