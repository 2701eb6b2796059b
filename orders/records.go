package orders

import (
	"context"
	"fmt"
	"iter"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"

	"github.com/repeatsales/repeatsales/internal/guard"
)

// CollectRecords makes a History of Arrow records, from a database driver, a
// data frame, a Parquet file. All have the columns of the first. A row is what
// it is in a file: columns find their roles by their names, or by
// Options.Columns or Mapping, rows go through the same checks, and what is
// rejected is told by the number of the row, from 1, and of the column.
//
// Texts and dictionaries of them are cells as they are, blank if null. Numbers
// of any type are exact; of floats 15 significant digits count, and a decimal
// with more than four places is rounded and counted. A time is of the day that
// it has in the zone of its type. Truth is TRUE or FALSE. Not a number is null.
//
// Records that [History.Records] made give the same History again, with the
// same options. The records are borrowed; an error of the sequence is returned
// as it is, the others are those of [ReadFile].
func CollectRecords(ctx context.Context, records iter.Seq2[arrow.Record, error], o Options) (*History, error) {
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	in := newIntake(ctx, o, b)
	if err := in.records("Arrow records", in.counted(records)); err != nil {
		b.release()
		return nil, err
	}
	return b.finish(ctx)
}

// counted counts the rows of records for the progress.
func (in *intake) counted(records iter.Seq2[arrow.Record, error]) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		for record, err := range records {
			if record != nil {
				in.done += record.NumRows()
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// records reads Arrow records: those of a whole History, or any whose columns
// have roles. None are no rows.
func (in *intake) records(name string, records iter.Seq2[arrow.Record, error]) error {
	next, stop := iter.Pull2(records)
	defer stop()
	first, err, ok := next()
	if !ok || err != nil {
		return err
	}
	if text, ok := first.Schema().Metadata().GetValue(historyKey); ok {
		return in.storedRecords(name, text, first, next)
	}
	return in.table(name, "arrow", headerOf(first), recordRows(name, first, next, in.tick))
}

// headerOf returns the names of a record's columns.
func headerOf(r arrow.Record) []string {
	var header []string
	for _, f := range r.Schema().Fields() {
		header = append(header, f.Name)
	}
	return header
}

// storedRecords reads the records of a whole History.
func (in *intake) storedRecords(name, text string, record arrow.Record, next func() (arrow.Record, error, bool)) error {
	damaged := func(row int64, err error) error {
		return &FormatError{name, "history", row, fmt.Sprintf("%v; write the History again", err)}
	}
	s, err := parseStored(text)
	if err != nil {
		return damaged(0, err)
	}
	if err := in.restore(name, s); err != nil {
		return err
	}
	var lines storedLines
	for ok, row := true, int64(0); ok; record, err, ok = next() {
		if err != nil {
			return err
		}
		if err := guard.Run(func() error { return lines.open(record) }); err != nil {
			return damaged(0, err)
		}
		for i := range int(record.NumRows()) {
			row++
			r, err := lines.row(i)
			if err != nil {
				return damaged(row, err)
			}
			if err := in.sink.add(r); err != nil {
				return err
			}
		}
		if err := in.tick(); err != nil {
			return err
		}
	}
	return nil
}

// recordRows yields the rows of records as those of a table. It calls tick
// behind each record, and ends with its error.
func recordRows(name string, record arrow.Record, next func() (arrow.Record, error, bool), tick func() error) iter.Seq2[*tableRow, error] {
	schema := record.Schema()
	return func(yield func(*tableRow, error) bool) {
		var cells recordCells
		var err error
		for ok := true; ok; record, err, ok = next() {
			if err == nil && !record.Schema().Equal(schema) {
				err = &FormatError{name, "arrow", cells.row.Row + 1, "a record has other columns than those before it; give each kind of record to a History of its own, and join them"}
			}
			if err == nil {
				err = cells.open(name, record)
			}
			for i := 0; err == nil && i < int(record.NumRows()); i++ {
				if err = cells.read(name, i); err == nil && !yield(&cells.row, nil) {
					return
				}
			}
			if err == nil {
				err = tick()
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// recordCells are the rows of Arrow records as those of a table.
type recordCells struct {
	row   tableRow
	cells []appendCell
	text  []byte
	ends  []int
}

// open makes the columns of a record ready.
func (c *recordCells) open(name string, r arrow.Record) error {
	width := int(r.NumCols())
	c.cells, c.ends = make([]appendCell, width), make([]int, width)
	c.row.Cells, c.row.kinds = make([][]byte, width), make([]cellKind, width)
	for i, a := range r.Columns() {
		if err := guard.Run(func() (err error) {
			c.cells[i], err = cellsOf(a)
			return err
		}); err != nil {
			return &FormatError{name, "arrow", 0, fmt.Sprintf("column %q cannot be read: %v", r.ColumnName(i), err)}
		}
		c.row.kinds[i] = kindOf(a)
	}
	return nil
}

// read makes the row of row i of the record.
func (c *recordCells) read(name string, i int) error {
	c.row.Row++
	if err := guard.Run(func() error {
		c.text = c.text[:0]
		for k, cell := range c.cells {
			c.text = cell(c.text, i)
			c.ends[k] = len(c.text)
		}
		return nil
	}); err != nil {
		return &FormatError{name, "arrow", c.row.Row, fmt.Sprintf("the record is damaged (%v); write it again", err)}
	}
	start := 0
	for k, end := range c.ends {
		c.row.Cells[k] = c.text[start:end:end]
		start = end
	}
	return nil
}

// kindOf says what the cells of an array hold. A whole number may be an id, or
// a date like 20240131, and reads well as a text.
func kindOf(a arrow.Array) cellKind {
	if d, ok := a.(*array.Dictionary); ok {
		return kindOf(d.Dictionary())
	}
	switch id := a.DataType().ID(); {
	case arrow.IsDecimal(id), arrow.IsFloating(id):
		return numberCell
	case id == arrow.DATE32, id == arrow.DATE64, id == arrow.TIMESTAMP:
		return dateCell
	}
	return textCell
}
