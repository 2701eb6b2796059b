package orders

import (
	"errors"
	"fmt"
	"strings"
)

// Errors that callers ask for with errors.Is.
var (
	ErrOptions   = errors.New("orders: invalid option")
	ErrNoRows    = errors.New("orders: no order line could be accepted")
	ErrColumn    = errors.New("orders: column missing or ambiguous")
	ErrAmbiguous = errors.New("orders: the export can be read in two ways")
	ErrCurrency  = errors.New("orders: two currencies")
	ErrOverflow  = errors.New("orders: the amounts of this export add up to more than an Amount holds")
	ErrTruncated = errors.New("orders: the file ends in the middle of a row")
	ErrRejected  = errors.New("orders: too many rows rejected")
	ErrQuery     = errors.New("orders: invalid query")
	ErrNoLines   = errors.New("orders: the lines were not kept, see Options.FactsOnly")
	ErrPrecision = errors.New("orders: the dates of the export name months, not days")
)

// Reason is a short stable code of why a row was rejected or skipped.
type Reason string

// Reasons for rejecting a row: it was meant as data and could not be understood.
const (
	NoDate      Reason = "no_date"      // the date cell is blank
	BadDate     Reason = "bad_date"     // not a date in the column's format
	DateRange   Reason = "date_range"   // a date no shop can have
	NoRevenue   Reason = "no_revenue"   // neither an amount nor quantity and price
	BadNumber   Reason = "bad_number"   // not a number in the column's format
	NumberRange Reason = "number_range" // more digits than an Amount holds
	ShortRow    Reason = "short_row"    // fewer cells than the header
	LongRow     Reason = "long_row"     // more cells than the header
	LongCell    Reason = "long_cell"    // a cell of more bytes than Limits.CellBytes
	BadQuote    Reason = "bad_quote"    // a quoted cell does not end as it should
	ErrorCell   Reason = "error_cell"   // an error value of a spreadsheet, such as #N/A
	BadText     Reason = "bad_text"     // bytes that are no text in the file's encoding
	NoRate      Reason = "no_rate"      // a currency that Mapping.Rates do not have: no row is accepted then
	Truncated   Reason = "truncated"    // the file ends in the middle of the row: no row is accepted then
)

// Reasons for skipping a row: it was never meant as data, or an option excludes it.
const (
	BlankRow      Reason = "blank"          // no cell has anything in it
	TotalRow      Reason = "total"          // «Итого», Total …
	HeaderRow     Reason = "header"         // the header again
	GroupRow      Reason = "group"          // the sum of the rows below it, in a report with groups
	OtherCurrency Reason = "other_currency" // not Options.Currency
	NotWon        Reason = "not_won"        // a deal of a CRM that is still open, see Statuses
	AfterAsOf     Reason = "after_as_of"    // later than Options.AsOf
	DuplicateRow  Reason = "duplicate"      // another line repeated exactly, and Options.DropDuplicates
	Replaced      Reason = "replaced"       // a newer input has the order again, and Options.Overlap is KeepNewest
)

// RowError says what is wrong with one row. It is what a rejected row is
// listed as, and what strict reading returns.
type RowError struct {
	File   string
	Sheet  string // of a workbook
	Row    int64  // record number, the header's lines included: what a spreadsheet shows
	Line   int64  // physical line of the text file on which the record starts
	Offset int64  // byte of the text file at which the record starts, from 0
	Column int    // from 1; 0: the row as a whole
	Header string // of the column
	Role   Role   // of the column
	Value  string // raw, cut to 200 bytes
	Reason Reason
	Text   string // the explanation in English, without the position
	Err    error  // a sentinel that errors.Is finds; nil for most
}

// Unwrap returns Err.
func (e *RowError) Unwrap() error { return e.Err }

// Error returns "file: row R, line L, column C (header): explanation: "value"".
func (e *RowError) Error() string {
	var b strings.Builder
	b.WriteString("orders: ")
	b.WriteString(e.place())
	b.WriteString(": ")
	if e.Text != "" {
		b.WriteString(e.Text)
	} else {
		b.WriteString(string(e.Reason))
	}
	if e.Value != "" {
		fmt.Fprintf(&b, ": %q", e.Value)
	}
	return b.String()
}

// place returns "file: row R, line L, column C (header)", the line if it is another number.
func (e *RowError) place() string {
	var b strings.Builder
	if e.File != "" {
		fmt.Fprintf(&b, "%s: ", e.File)
	}
	if e.Sheet != "" {
		fmt.Fprintf(&b, "sheet %q, ", e.Sheet)
	}
	if e.Row > 0 {
		fmt.Fprintf(&b, "row %d", e.Row)
	}
	if e.Line > 0 && e.Line != e.Row {
		fmt.Fprintf(&b, ", line %d", e.Line)
	}
	if e.Column > 0 {
		fmt.Fprintf(&b, ", column %d", e.Column)
	}
	if e.Header != "" {
		fmt.Fprintf(&b, " (%s)", e.Header)
	}
	return strings.TrimSuffix(b.String(), ": ")
}

// CurrencyError says that an export has two currencies, which are never added.
// It wraps [ErrCurrency]. Value of each place is the ISO code found there.
type CurrencyError struct{ First, Second RowError }

// Error returns both places and currencies.
func (e *CurrencyError) Error() string {
	return fmt.Sprintf("%v: %s says %s, %s says %s; keep one of them with Options.Currency",
		ErrCurrency, e.First.place(), e.First.Value, e.Second.place(), e.Second.Value)
}

// Unwrap returns ErrCurrency.
func (e *CurrencyError) Unwrap() error { return ErrCurrency }

// FormatError says that a file is not of a kind that the package reads.
type FormatError struct {
	File   string
	Format string // what the file is: "directory", "empty", "xls", "html", "binary" …
	Row    int64  // where that shows; 0: the file as a whole
	Hint   string // what to do, in English
}

// Error returns "file: format: hint".
func (e *FormatError) Error() string {
	return fmt.Sprintf("orders: %s: %s: %s", e.File, e.Format, e.Hint)
}

// UnusableError says that too little of an export could be read: with
// [ErrRejected] more rows were rejected than Options.MaxRejected allows, with
// [ErrNoRows] none was accepted. errors.Is finds these, errors.As the first
// rejected row.
type UnusableError struct {
	Err                error // ErrRejected or ErrNoRows
	Accepted, Rejected int64
	Skipped            []Skip    // by reason, ascending
	First              *RowError // the first rejected row; nil if none was
}

// Error returns how many rows were accepted, rejected and skipped, and what is
// wrong with the first one rejected.
func (e *UnusableError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v: %d accepted, %d rejected", e.Err, e.Accepted, e.Rejected)
	for _, s := range e.Skipped {
		fmt.Fprintf(&b, ", %d skipped as %q", s.Rows, s.Reason)
	}
	if e.First != nil {
		fmt.Fprintf(&b, "; the first rejected: %v", e.First)
	}
	return b.String()
}

// Unwrap returns Err and, if there is one, First.
func (e *UnusableError) Unwrap() []error {
	if e.First == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.First}
}

// Warning is something that the reader of a report must know. Its Code is
// stable and its figures are apart, so that a report can say it in its own language.
type Warning struct {
	Code     string   `json:"code"`
	Count    int64    `json:"count,omitempty"`
	Amount   Amount   `json:"amount,omitempty"`
	Text     string   `json:"text"`               // in English, complete
	Examples []string `json:"examples,omitempty"` // of what it is about, the first in order; at most 10
}

// String returns the text.
func (w Warning) String() string { return w.Text }
