package orders

import (
	"context"
	"fmt"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/charset"
)

// Detection says how a file was understood: what [Detect] returns and
// [ReadFile] acts on.
type Detection struct {
	File      string    `json:"file"`
	Format    string    `json:"format"`     // "csv": text with a delimiter
	Encoding  string    `json:"encoding"`   // "utf-8", "utf-16le", "utf-16be", "windows-1251", "windows-1252", "koi8-r", "ibm866"
	BOM       bool      `json:"bom"`        // the file begins with a byte order mark
	Delimiter string    `json:"delimiter"`  // "," ";" "\t" or "|"
	HeaderRow int64     `json:"header_row"` // record number of the line that names the columns
	Currency  string    `json:"currency"`   // that the header names, ISO 4217; "" if none, or if a column says it
	Columns   []Column  `json:"columns"`    // all of the file, in its order
	Warnings  []Warning `json:"warnings"`   // of guesses that could be wrong
}

// Column is one column of a file.
type Column struct {
	Number       int      `json:"number"` // from 1
	Header       string   `json:"header"`
	Role         Role     `json:"role"`                   // "": the column is not used
	Evidence     string   `json:"evidence,omitempty"`     // why it has the role
	Alternatives []string `json:"alternatives,omitempty"` // headers that could have had it too
	Decimal      string   `json:"decimal,omitempty"`      // of numbers: "." or ","
	Thousands    string   `json:"thousands,omitempty"`    // of numbers: the mark seen, " " for any space; "" if none was
	Dates        string   `json:"dates,omitempty"`        // of dates: "dd.mm.yyyy", "yyyy-mm-dd" …; a time of day may follow
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
	fmt.Fprintf(&b, "%s: %s, %s%s, delimiter %q, header in row %d", d.File, d.Format, d.Encoding, mark, d.Delimiter, d.HeaderRow)
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
// column, how it writes numbers and dates.
//
// Of the options it uses Columns. Who names a column for the price there but
// none for the revenue gets quantity × price; who names one for the profit but
// none for the cost gets revenue − profit.
//
// It returns what [ReadFile] would return where it cannot begin to read: a
// [*FormatError], an error that wraps [ErrColumn], one of the file system. If
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
	l, err := detect(path, s, o)
	if l == nil {
		return nil, err
	}
	return &l.Detection, err
}

// layout is a Detection made ready for reading.
type layout struct {
	Detection
	charset charset.Charset
	comma   byte
	header  header
	column  map[Role]int // from 0
	decimal map[Role]byte
	dates   map[Role]cell.DateFormat
}

// detect finds out how a file is written. With an error it returns what it
// found before, nil if that is not even a header.
func detect(name string, s sample, o Options) (*layout, error) {
	text, set, err := decode(name, s)
	if err != nil {
		return nil, err
	}
	l := &layout{charset: set, column: map[Role]int{}, decimal: map[Role]byte{}, dates: map[Role]cell.DateFormat{}}
	l.Detection = Detection{File: name, Format: "csv", Encoding: set.Name, BOM: set.BOM}
	guess := chooseComma(text.head, o)
	l.comma, l.Delimiter = guess.comma, string(rune(guess.comma))
	l.header, l.HeaderRow = guess.header, guess.row
	switch {
	case guess.known == 0 && guess.long > 0:
		return nil, tooLong(name, guess.long, guess.longLine)
	case guess.row == 0:
		return nil, &FormatError{name, "not a table", 0, "no line of its beginning can be read, for its quotes do not match; export it again"}
	case guess.known == 0 || guess.known == 1 && guess.data:
		return nil, noHeader(name, guess)
	}
	d := &detector{layout: l, o: o, sample: text, meanings: l.header.meanings()}
	return l, d.run()
}
