package orders

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/internal/delimited"
)

// ReadFile reads the export at path into a [History]. What the file does not
// need to be told it finds out by itself, as [Detect] does: encoding, delimiter,
// header line, columns, formats of numbers and dates.
//
// A row that cannot be understood is rejected: counted and kept with its
// position and reason, see [History.Rejects]. With Options.Strict the first
// such row is the error returned, a [*RowError]. Other errors: a [*FormatError]
// for what is no text with a delimiter; one that wraps [ErrColumn] for a
// header without the needed columns, [ErrCurrency], [ErrTruncated],
// [ErrRejected], [ErrNoRows], [ErrOverflow], [ErrOptions]; the context's, that
// of Options.Progress, and those of the file system.
func ReadFile(ctx context.Context, path string, o Options) (*History, error) {
	return ReadFiles(ctx, []string{path}, o)
}

// ReadFiles reads several exports of one company into one [History], as
// [ReadFile] reads one: each file may be written in its own way.
func ReadFiles(ctx context.Context, paths []string, o Options) (*History, error) {
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	in := newIntake(ctx, o, b)
	in.total = totalSize(paths)
	for _, path := range paths {
		if err := in.file(path); err != nil {
			b.lines.release()
			return nil, err
		}
	}
	return b.finish(ctx)
}

// Read reads an export from r, as [ReadFile] reads a file; messages call it name.
func Read(ctx context.Context, name string, r io.Reader, o Options) (*History, error) {
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	in := newIntake(ctx, o, b)
	if err := in.stream(name, r); err != nil {
		b.lines.release()
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
	rounded(Amount)
	stated(Amount)
	warn(Warning)
	setCurrency(string)
	detected(Detection)
}

// intake reads exports into a sink.
type intake struct {
	ctx         context.Context
	o           Options
	sink        sink
	done, total int64 // bytes read so far, and in all
	currency    currencies
}

func newIntake(ctx context.Context, o Options, to sink) *intake {
	in := &intake{ctx: ctx, o: o, sink: to}
	if o.Currency != "" {
		in.setCurrency(RowError{File: "Options.Currency", Value: currencyCode(o.Currency)})
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
	return in.text(name, s, r)
}

// text reads one export: its sample's head, then rest.
func (in *intake) text(name string, s sample, rest io.Reader) error {
	l, err := detect(name, s, in.o)
	if err != nil {
		return err
	}
	in.sink.detected(l.Detection)
	for _, w := range l.Warnings {
		in.sink.warn(w)
	}
	if l.Currency != "" {
		if err := in.setCurrency(RowError{File: name, Row: l.HeaderRow, Role: RoleCurrency, Value: l.Currency}); err != nil {
			return err
		}
	}
	src := io.MultiReader(bytes.NewReader(s.head), rest)
	r := delimited.NewReader(l.charset.Reader(&meter{in, src}), l.comma)
	rows := newRowReader(in, l)
	for {
		switch err := r.Read(); {
		case err == io.EOF:
			return rows.end()
		case err == delimited.ErrTooLong:
			return tooLong(name, r.Row, r.Line)
		case err != nil:
			return fmt.Errorf("orders: %s: row %d: %w", name, r.Row, err)
		}
		if r.Row <= l.HeaderRow {
			continue
		}
		if err := rows.row(r); err != nil {
			return err
		}
	}
}

func tooLong(name string, row, line int64) error {
	return &FormatError{name, "not a table", row,
		fmt.Sprintf("row %d, which begins on line %d, does not end within %d bytes; this is no CSV, or its line ends are missing", row, line, delimited.MaxRecord)}
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
	m.in.done += int64(n)
	if m.in.o.Progress != nil && n > 0 {
		if err := m.in.o.Progress(m.in.done, m.in.total); err != nil {
			return n, err
		}
	}
	return n, err
}
