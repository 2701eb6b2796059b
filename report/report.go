package report

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// Language is the language of a workbook.
type Language uint8

// The languages.
const (
	English Language = iota
	Russian

	languages = 2
)

// String returns "en" or "ru".
func (l Language) String() string {
	switch l {
	case English:
		return "en"
	case Russian:
		return "ru"
	}
	return fmt.Sprintf("Language(%d)", uint8(l))
}

// Options says how a workbook is written. The zero Options writes an English one.
type Options struct {
	Language Language
	Title    string // of the Summary, such as the company's name; "": none

	// Policies are what to do with the items of a class, by its name, "AX" or
	// "B one-off", in place of the texts that the sheet of classes has by default.
	Policies map[string]string

	// Progress is told how many rows of how many are written, about once in a
	// thousand; an error stops the writing. Nil: nobody is told.
	Progress func(done, total int64) error
}

// FormulaRows is how many items one sheet lists with formulas of their own.
// Beyond it the rows hold values, and the sheet says so; totals, shares of
// classes and parameters of the other sheets stay formulas.
const FormulaRows = 50_000

func (o Options) check() error {
	if o.Language >= languages {
		return fmt.Errorf("report: %w: Language = %d", orders.ErrOptions, uint8(o.Language))
	}
	return nil
}

// Write writes the workbook of b to w: one sheet for each field of b that is
// given, in the order of the fields, after the Summary and the Parameters and
// before the Reconciliation, the rejected rows and the Method.
//
// The same book gives the same bytes. Nothing goes to w before all of it is
// compressed; what an error of w leaves there is no workbook, and [WriteFile] does
// not have that problem. Errors: an invalid option (wraps orders.ErrOptions), those
// of b.Sales, of ctx, of Progress and of w.
func Write(ctx context.Context, w io.Writer, b Book, o Options) error {
	return write(ctx, w, b, o, limits{rows: excelize.TotalRows, formulas: FormulaRows})
}

// limits are how many rows a sheet holds, and how many of them have formulas.
type limits struct{ rows, formulas int }

func write(ctx context.Context, w io.Writer, b Book, o Options, l limits) error {
	x, err := newBook(ctx, b, o, l)
	if err != nil {
		return err
	}
	x.file, x.fresh = excelize.NewFile(), true
	defer x.file.Close()
	x.compose()
	return x.save(w)
}

// newBook returns a workbook without sheets, and without a file to put them in.
func newBook(ctx context.Context, b Book, o Options, l limits) (*book, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if b.Sales == nil {
		return nil, fmt.Errorf("report: %w: Book.Sales is needed: every sheet must add up to it", orders.ErrOptions)
	}
	control, err := b.Sales.Control(ctx)
	if err != nil {
		return nil, err
	}
	return &book{Book: b, Options: o, limits: l, ctx: ctx, lang: o.Language, control: control, styles: map[style]int{}}, nil
}

// WriteFile writes the workbook of b to the named file. It writes a temporary
// file beside it and renames that, so that a run that fails leaves the old file
// as it was and nothing else. Errors: those of [Write] and of the file system.
func WriteFile(ctx context.Context, path string, b Book, o Options) error {
	temporary := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%08x.tmp", filepath.Base(path), rand.Uint32()))
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	renamed := false
	defer func() {
		if !renamed { // an error, or a panic below
			f.Close()
			os.Remove(temporary)
		}
	}()
	if old, err := os.Stat(path); err == nil {
		if err := f.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	out := bufio.NewWriterSize(f, 1<<16)
	if err := Write(ctx, out, b, o); err != nil {
		return err
	}
	if err := errors.Join(out.Flush(), f.Sync()); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	renamed = true
	return nil
}

// book is a workbook on its way.
type book struct {
	Book
	Options
	limits  limits
	ctx     context.Context
	lang    Language
	control orders.Control

	file   *excelize.File
	fresh  bool   // file is a new one, of one empty sheet
	guest  *guest // file is the caller's; nil: ours
	sheets []*sheet
	styles map[style]int
	params *parameters
	cut    int   // texts too long for a cell
	err    error // the first one, for code that only lays out

	done, total int64 // rows
}

// note keeps the first error of laying out.
func (b *book) note(err error) {
	if b.err == nil {
		b.err = err
	}
}

// save creates the sheets in order, then writes them. Sheets are written after
// all are laid out, so that a formula can refer to any of them.
func (b *book) save(w io.Writer) error {
	if err := b.place(b.sheets); err != nil {
		return err
	}
	if err := b.params.apply(b.file); err != nil {
		return err
	}
	for _, s := range b.sheets {
		b.total += int64(s.rows)
	}
	parts := newArchive(w)
	for _, s := range slices.Backward(b.sheets) { // the Summary, which tells of texts that were cut, last
		part, err := parts.Create(s.part)
		if err != nil {
			return err
		}
		if err := cmp.Or(s.write(part), b.err); err != nil {
			return err
		}
	}
	if err := b.describe(); err != nil {
		return err
	}
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return parts })
	types := b.file.ContentTypes.Defaults // which excelize leaves in the order of a map
	sort.Slice(types, func(i, j int) bool { return types[i].Extension < types[j].Extension })
	_, err := b.file.WriteToBuffer()
	return err
}

// place adds sheets to the workbook, with everything but their rows. The first
// takes the place of the only sheet of a new workbook.
func (b *book) place(sheets []*sheet) error {
	for i, s := range sheets {
		err := error(nil)
		if i == 0 && b.fresh {
			s.part = "xl/worksheets/sheet1.xml"
			err = b.file.SetSheetName(b.file.GetSheetName(0), s.name)
		} else if s.part, err = partOfNext(b.file); err == nil {
			_, err = b.file.NewSheet(s.name)
		}
		if err != nil {
			return err
		}
	}
	for _, s := range sheets {
		if err := s.prepare(); err != nil {
			return err
		}
	}
	return nil
}

// describe sets the properties of the document. Its dates are the report's, for
// a clock would make every run another file.
func (b *book) describe() error {
	day := b.control.LastDay.Time().Format(time.RFC3339)
	if b.control.LastDay == 0 {
		day = "1980-01-01T00:00:00Z"
	}
	return errors.Join(
		b.file.SetDocProps(&excelize.DocProperties{Creator: "repeatsales", LastModifiedBy: "repeatsales", Title: b.Title, Language: b.lang.String(), Created: day, Modified: day}),
		b.file.SetAppProps(&excelize.AppProperties{Application: "repeatsales"}),
	)
}
