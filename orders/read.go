package orders

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
)

// ReadFile reads the export at path into a [History]: a text with a delimiter,
// or a sheet of an Excel workbook (.xlsx). What the file does not need to be
// told it finds out by itself, as [Detect] does: encoding, delimiter, sheet,
// header lines, columns, formats of numbers and dates, and the [Shape]: how its
// rows make order lines.
//
// An Arrow file (Feather, version 2) is read as its records are, see
// [CollectRecords]; one that [History.WriteIPC] wrote is that History again.
//
// A row that cannot be understood is rejected: counted and kept with its
// position and reason, see [History.Rejects]. With Options.Strict the first
// such row is the error returned, a [*RowError]. Other errors: a [*FormatError]
// for what is no text with a delimiter; one that wraps [ErrColumn] for a
// header without the needed columns, an [*AmbiguityError] for a column that can
// be read in two ways, [ErrCurrency], [ErrTruncated],
// [ErrRejected], [ErrNoRows], [ErrOverflow], [ErrOptions]; the context's, that
// of Options.Progress, and those of the file system.
func ReadFile(ctx context.Context, path string, o Options) (*History, error) {
	return ReadFiles(ctx, []string{path}, o)
}

// ReadFiles reads several exports of one company into one [History], as
// [ReadFile] reads one: each file may be written in its own way, and any may be a
// History. Options.Overlap says what becomes of orders that several files have.
func ReadFiles(ctx context.Context, paths []string, o Options) (*History, error) {
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	in := newIntake(ctx, o, b)
	in.total = totalSize(paths)
	for _, path := range paths {
		if err := in.file(path); err != nil {
			b.release()
			return nil, err
		}
	}
	return b.finish(ctx)
}

// Read reads an export from r, as [ReadFile] reads a file; messages call it
// name. A workbook of more than 32 MiB goes through a temporary file.
func Read(ctx context.Context, name string, r io.Reader, o Options) (*History, error) {
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	in := newIntake(ctx, o, b)
	if err := in.stream(name, r); err != nil {
		b.release()
		return nil, err
	}
	return b.finish(ctx)
}

// totalSize returns the size of all files, 0 if it is not known.
func totalSize(paths []string) (total int64) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return 0
		}
		total += info.Size()
	}
	return total
}

// sink is where rows go: a builder.
type sink interface {
	add(*record) error
	skip(Reason, Amount)
	reject(*RowError, Amount) error
	rounded(cells int64, diff Amount)
	stated(Amount)
	warn(Warning)
	setCurrency(string)
	detected(Detection)
	restore(stored) error
}

// intake reads exports into a sink.
type intake struct {
	ctx         context.Context
	o           Options
	sink        sink
	done, total int64 // bytes read so far, and in all
	currency    currencies
	block       int  // bytes of a block of a text; 0: blockSize
	careful     bool // no row is taken to be plain
}

func newIntake(ctx context.Context, o Options, to sink) *intake {
	in := &intake{ctx: ctx, o: o, sink: to}
	if o.Currency != "" {
		in.setCurrency(RowError{File: "Options.Currency", Value: currencyCode(o.Currency)})
	}
	if o.Mapping != nil && o.Mapping.Currency != "" {
		in.setCurrency(RowError{File: "Options.Mapping.Currency", Value: currencyCode(o.Mapping.Currency)}) // checked to be Options.Currency, if there is one
	}
	return in
}

func (in *intake) file(path string) error {
	if err := in.ctx.Err(); err != nil {
		return err
	}
	f, s, err := open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if isZip(s.head) || isIPC(s.head) {
		size, err := f.Seek(0, io.SeekEnd)
		if err != nil {
			return fmt.Errorf("orders: %w", err)
		}
		return in.seekable(path, s, f, size)
	}
	return in.text(path, s, f) // which stands behind the head of the sample
}

func (in *intake) stream(name string, r io.Reader) error {
	if err := in.ctx.Err(); err != nil {
		return err
	}
	s, err := sampleHead(r, name)
	if err != nil {
		return err
	}
	if isZip(s.head) || isIPC(s.head) { // which begin at their ends
		src, size, done, err := spool(name, s, r)
		if err != nil {
			return err
		}
		defer done()
		return in.seekable(name, s, src, size)
	}
	return in.text(name, s, r)
}

// text reads one export: its sample's head, then rest.
func (in *intake) text(name string, s sample, rest io.Reader) error {
	l, err := detect(name, s, in.o)
	if err != nil {
		return err
	}
	src := io.MultiReader(bytes.NewReader(s.head), rest)
	if b := in.parallel(l); b != nil {
		return in.readBlocks(b, l, src)
	}
	return in.read(l, textRows(l, &meter{in, src}, in.o.Limits.withDefaults()))
}

// seekable reads an export of a kind that cannot be read from its beginning to its end.
func (in *intake) seekable(name string, s sample, src io.ReaderAt, size int64) error {
	if isZip(s.head) {
		return in.workbook(name, src, size)
	}
	return in.ipc(name, io.NewSectionReader(src, 0, size), size)
}

// workbook reads an export that is a sheet of a workbook.
func (in *intake) workbook(name string, src io.ReaderAt, size int64) error {
	w, err := openWorkbook(in.ctx, name, src, size, in.o)
	if err != nil {
		return err
	}
	l, err := detectSheet(w, in.o)
	if err != nil {
		return err
	}
	start := in.done
	w.meter.in = in
	if l.report == nil {
		w.width = len(l.header.names)
	}
	if err := in.read(l, w.rows(in.ctx)); err != nil {
		return err
	}
	w.warn(in.sink)
	return in.progress(start + size - in.done)
}

// open hands over what is known of an export before its rows.
func (in *intake) open(l *layout) error {
	in.sink.detected(l.Detection)
	for _, w := range l.Warnings {
		in.sink.warn(w)
	}
	if l.Currency == "" {
		return nil
	}
	return in.setCurrency(RowError{File: l.File, Row: l.HeaderRow, Role: RoleCurrency, Value: l.Currency})
}

// read reads the rows of one export.
func (in *intake) read(l *layout, rows iter.Seq2[*tableRow, error]) error {
	if err := in.open(l); err != nil {
		return err
	}
	r := newRowReader(in, l)
	if l.report != nil {
		rows = l.report.list(rows, l.headerEnd())
	}
	for at, err := range rows {
		if err != nil {
			return err
		}
		if at.Row <= l.headerEnd() {
			continue
		}
		if err := r.row(at); err != nil {
			return err
		}
	}
	if p := l.report; p != nil && p.undated > 0 {
		in.sink.warn(Warning{Code: "dated_by_period", Count: p.undated, Text: fmt.Sprintf(
			"%s: %d rows do not say their day and are dated %s-01, the first of the month that the report is of", l.File, p.undated, p.period)})
	}
	return r.end()
}

func tooLong(name string, row, line int64, max int) error {
	return &FormatError{name, "not a table", row,
		fmt.Sprintf("row %d, which begins on line %d, does not end within %d bytes; this is no CSV, or its line ends are missing", row, line, max)}
}

// meter reports progress and stops when the context does.
type meter struct {
	in  *intake
	src io.Reader
}

func (m *meter) Read(p []byte) (int, error) {
	if err := m.in.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.src.Read(p)
	if err := m.in.progress(int64(n)); err != nil {
		return n, err
	}
	return n, err
}

// progress reports that n more bytes were read.
func (in *intake) progress(n int64) error {
	in.done += n
	if in.o.Progress == nil || n <= 0 {
		return nil
	}
	return in.o.Progress(in.done, in.total)
}
