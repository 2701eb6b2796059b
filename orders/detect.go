package orders

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/charset"
	"github.com/repeatsales/repeatsales/internal/xlsx"
)

// Detection says how a file was understood: what [Detect] returns and
// [ReadFile] acts on.
type Detection struct {
	File         string    `json:"file"`
	Format       string    `json:"format"`                   // "csv": text with a delimiter; "xlsx": a sheet of a workbook; "arrow" or "sql": rows of a program; "history": one that was written to a file
	Sheet        string    `json:"sheet,omitempty"`          // of a workbook
	Sheets       []string  `json:"sheets,omitempty"`         // all that the workbook has, in its order
	Shape        Shape     `json:"shape"`                    // how rows make order lines
	Evidence     string    `json:"shape_evidence,omitempty"` // why it is taken to be so
	Encoding     string    `json:"encoding"`                 // "utf-8", "utf-16le", "utf-16be", "windows-1251", "windows-1252", "koi8-r", "ibm866"
	BOM          bool      `json:"bom"`                      // the file begins with a byte order mark
	Delimiter    string    `json:"delimiter"`                // "," ";" "\t" or "|"
	Escape       string    `json:"escape,omitempty"`         // what stands before a quote within quotes: `\`; "": another quote
	HeaderRow    int64     `json:"header_row"`               // record number of the line that names the columns, the first of them if it is stacked
	HeaderRows   int       `json:"header_rows"`              // how many lines that are
	Currency     string    `json:"currency"`                 // that the header or the mapping names, ISO 4217; "" if none does, or if a column says it
	Columns      []Column  `json:"columns"`                  // all of the file, in its order
	EmptyColumns int       `json:"empty_columns,omitempty"`  // behind the last that has a name or holds anything; they are left out
	Warnings     []Warning `json:"warnings"`                 // of guesses that could be wrong

	// What the words of the file mean: see [Mapping], whose fields these are.
	Statuses     Statuses `json:"statuses,omitzero"`
	Returns      []string `json:"returns,omitempty"`
	Rates        Rates    `json:"rates,omitempty"`
	VAT          VAT      `json:"vat,omitempty"`
	Zone         string   `json:"zone,omitempty"`
	CancelOrders []string `json:"cancel_orders,omitempty"`
	ReturnOrders []string `json:"return_orders,omitempty"`
}

// Column is one column of a file.
type Column struct {
	Number       int      `json:"number"` // from 1
	Header       string   `json:"header"`
	Role         Role     `json:"role"`                   // "": the column is not used
	Also         []Role   `json:"also,omitempty"`         // other roles that it has by the caller's word
	Fallback     int      `json:"fallback,omitempty"`     // from 1: it is read where the columns of the role before it are blank
	Evidence     string   `json:"evidence,omitempty"`     // why it has the role, or why not
	Alternatives []string `json:"alternatives,omitempty"` // headers that could have had it too
	Decimal      string   `json:"decimal,omitempty"`      // of numbers: "." or ","
	Thousands    string   `json:"thousands,omitempty"`    // of numbers: the mark seen, " " for any space; "" if none was
	Filled       float64  `json:"filled,omitempty"`       // share of the rows looked at in which it holds something, 0…1
	Dates        string   `json:"dates,omitempty"`        // of dates: "dd.mm.yyyy", "yyyy-mm-dd", "yyyymmdd", "d month yyyy" …, behind which a time of day may follow; of months: "month yyyy", "yyyy-mm", "mm.yyyy" …; of days of a spreadsheet: "serial", "serial1904"
}

// Column returns the column that has the role.
func (d *Detection) Column(role Role) (Column, bool) {
	for _, c := range d.Columns {
		if c.Role == role && role != "" {
			return c, true
		}
	}
	return Column{}, false
}

// String returns the Detection as lines of text to read.
func (d *Detection) String() string {
	var b strings.Builder
	mark := ""
	if d.BOM {
		mark = " with a byte order mark"
	}
	fmt.Fprintf(&b, "%s: %s", d.File, d.Format)
	if d.Sheet != "" {
		fmt.Fprintf(&b, ", sheet %q", d.Sheet)
	}
	if d.Encoding != "" {
		fmt.Fprintf(&b, ", %s%s", d.Encoding, mark)
	}
	if d.Delimiter != "" {
		fmt.Fprintf(&b, ", delimiter %q", d.Delimiter)
	}
	if d.HeaderRow > 0 {
		fmt.Fprintf(&b, ", header in row %d", d.HeaderRow)
	}
	if d.HeaderRows > 1 {
		fmt.Fprintf(&b, " to %d", d.headerEnd())
	}
	if d.Currency != "" {
		fmt.Fprintf(&b, ", %s", d.Currency)
	}
	b.WriteByte('\n')
	for _, c := range d.Columns {
		role := string(c.Role)
		if role == "" {
			role = "-"
		}
		fmt.Fprintf(&b, "%3d %-14s %q", c.Number, role, c.Header)
		for _, s := range []string{c.Dates, c.number(), c.Evidence} {
			if s != "" {
				b.WriteString("; " + s)
			}
		}
		if len(c.Alternatives) > 0 {
			fmt.Fprintf(&b, "; could also be %q", c.Alternatives)
		}
		b.WriteByte('\n')
	}
	if d.Shape != "" && d.Shape != ShapeLines && d.Shape != ShapeHeaders {
		fmt.Fprintf(&b, "    shape %s: %s\n", d.Shape, d.Evidence)
	}
	for _, w := range d.Warnings {
		fmt.Fprintf(&b, "    warning: %s\n", w)
	}
	return b.String()
}

// number returns a number as the column writes it.
func (c Column) number() string {
	if c.Decimal == "" {
		return ""
	}
	return "1" + c.Thousands + "234" + c.Decimal + "56"
}

func (d *Detection) warn(code string, format string, args ...any) {
	d.Warnings = append(d.Warnings, Warning{Code: code, Count: 1, Text: fmt.Sprintf(format, args...)})
}

// Detect finds out how the file at path is written, from its first mebibyte
// and samples of the rest: encoding, delimiter, header line, the role of each
// column, how it writes numbers and dates. Of an Arrow file it is the first
// 10,000 rows; a History written to one has nothing to find out.
//
// Of the options it uses Columns and Mapping. Who names a column for the price there but
// none for the revenue gets quantity × price; who names one for the profit but
// none for the cost gets revenue − profit.
//
// It returns what [ReadFile] would return where it cannot begin to read: a
// [*FormatError], an error that wraps [ErrColumn], an [*AmbiguityError], one of the file system. If
// the header was found, the Detection so far comes with the error.
func Detect(ctx context.Context, path string, o Options) (*Detection, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, s, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var l *layout
	if isZip(s.head) || isIPC(s.head) {
		l, err = detectFile(ctx, path, s.head, f, o)
	} else {
		l, err = detect(path, s, o)
	}
	if l == nil {
		return nil, err
	}
	return &l.Detection, err
}

// headerEnd returns the record number of the last line of the header.
func (d *Detection) headerEnd() int64 { return d.HeaderRow + int64(max(d.HeaderRows, 1)) - 1 }

// layout is a Detection made ready for reading.
type layout struct {
	Detection
	charset    charset.Charset
	comma      byte
	backslash  bool // quotes within quotes have a backslash before them
	header     header
	column     map[Role]int // from 0
	decimal    map[Role]byte
	dates      map[Role]cell.DateFormat
	more       map[Role][]int // columns to read where that of the role is blank
	report     *report        // nil: the rows are a list
	orderTotal bool           // the revenue is of the order as a whole, on its first row
	serial1904 bool           // a workbook counts days from 1904
	base       Amount         // what a unit of amounts that do not say their currency is worth
}

// detect finds out how a file is written. With an error it returns what it
// found before, nil if that is not even a header.
func detect(name string, s sample, o Options) (*layout, error) {
	text, set, err := decode(name, s, o)
	if err != nil {
		return nil, err
	}
	l := newLayout()
	l.charset = set
	l.Detection = Detection{File: name, Format: "csv", Encoding: set.Name, BOM: set.BOM}
	guess := chooseComma(text, o)
	l.comma, l.Delimiter, l.backslash = guess.comma, string(rune(guess.comma)), guess.backslash
	if l.backslash {
		l.Escape = `\`
	}
	switch {
	case guess.known == 0 && guess.long > 0:
		return nil, tooLong(name, guess.long, guess.longLine, headSize)
	case guess.row == 0 && o.headerRow() > 0:
		return nil, noSuchHeader(name, o)
	case guess.row == 0:
		return nil, &FormatError{name, "not a table", 0, "no line of its beginning can be read, for its quotes do not match; export it again"}
	case !o.mapped() && (guess.known == 0 || guess.known == 1 && guess.data):
		return nil, noHeader(name, guess)
	}
	if guess.rival != 0 {
		l.warn("delimiter_guessed", "%s: with the delimiter %q it would have as many known columns as with %q, which is taken for steadier rows and more numbers and dates",
			name, guess.rival, guess.comma)
	}
	if set.Rival != "" {
		l.warn("encoding_guessed", "%s: its letters could be %s nearly as well as %s, which is taken", name, set.Rival, set.Name)
	}
	return l, l.find(guess, text.rows(guess.comma, guess.backslash, nil), xlsx.Layout{}, o)
}

// detectSheet is detect for a workbook.
func detectSheet(w *workbook, o Options) (*layout, error) {
	l := newLayout()
	l.Detection = Detection{File: w.name, Format: "xlsx", Sheet: w.sheet.Name, Sheets: w.names()}
	switch g := w.guess; {
	case g.row == 0 && o.headerRow() > 0:
		return nil, noSuchHeader(w.name, o)
	case !o.mapped() && (g.known == 0 || g.known == 1 && g.data):
		return nil, noHeader(w.name, g)
	}
	l.serial1904 = w.book.Dates() == xlsx.Since1904
	if len(w.rivals) > 0 {
		l.warn("sheet_guessed", "%s: the sheet %q is read, but %q look as much like a table of orders; name the sheet with Mapping.Sheet", w.name, w.sheet.Name, w.rivals)
	}
	return l, l.find(w.guess, w.sampled(), w.layout, o)
}

func newLayout() *layout {
	return &layout{column: map[Role]int{}, decimal: map[Role]byte{}, dates: map[Role]cell.DateFormat{}, more: map[Role][]int{}}
}

// find finds out what the columns are, under the header in g.
func (l *layout) find(g guess, rows iter.Seq[*tableRow], sheet xlsx.Layout, o Options) error {
	l.header, l.HeaderRow, l.HeaderRows, l.Shape = g.header, g.row, 1, ShapeLines
	if l.header.quarantined() {
		o = o.quarantined()
	}
	if err := o.checkFormat(l.File, l.Format); err != nil {
		return err
	}
	s := findHeading(headOf(rows, g.row), g.row, o.headerRows(), sheet.Merged)
	if len(s.lines) > 1 {
		l.header = s.header()
	}
	l.HeaderRow, l.HeaderRows = s.first, len(s.lines)
	if l.report = planReport(s, rows, sheet.SummaryAbove, o.shape()); l.report != nil {
		l.header = l.report.header
		l.Shape, l.Evidence = l.report.shape()
		rows = l.report.sample(rows, l.headerEnd())
	} else if want := o.shape(); want == ShapeGrouped || want == ShapeWide {
		return fmt.Errorf("%w: %s does not fit the mapping: its rows stand in no groups and its columns in no periods, so the shape is not %q", ErrColumn, l.File, want)
	}
	d := &detector{layout: l, o: o, sample: rows, meanings: l.header.meanings()}
	return d.run()
}

// headOf returns the rows around the header.
func headOf(rows iter.Seq[*tableRow], at int64) (head []tableRow) {
	for row := range rows {
		if row.Row > at+stackDepth {
			break
		}
		if row.Row >= at-stackDepth {
			head = append(head, row.clone())
		}
	}
	return head
}

// headerRows returns how many lines the header has by the caller's word; 0: it
// is not said.
func (o Options) headerRows() int {
	if o.headerRow() == 0 {
		return 0
	}
	return max(o.Mapping.HeaderRows, 1)
}

// shape returns the shape that the caller says the table has, if any.
func (o Options) shape() Shape {
	if o.Mapping == nil {
		return ""
	}
	return o.Mapping.Shape
}
