package xlsx

import (
	"errors"
	"fmt"
)

// Errors that callers ask for with errors.Is.
var (
	// ErrNotWorkbook: the file is something else. The text says what, if it is known.
	ErrNotWorkbook = errors.New("not an Excel workbook (.xlsx)")
	// ErrDamaged: the archive or a part of it is cut short or breaks the format.
	ErrDamaged = errors.New("the workbook is damaged")
	// ErrEncoding: a part is not in UTF-8.
	ErrEncoding = errors.New("a part of the workbook is not in UTF-8")
	// ErrLimit: the workbook is larger than [Limits] allow.
	ErrLimit = errors.New("the workbook exceeds a limit")
)

// PartError says which part of a workbook an error is in.
type PartError struct {
	Part   string // its name in the archive, "xl/worksheets/sheet1.xml"
	Sheet  string // the sheet's name, if the part is a sheet
	Row    int    // the row that was being read, from 1; 0: none
	Offset int64  // bytes of the unzipped part read so far
	Err    error
}

// Error returns `xlsx: part (sheet "name", row N): explanation`.
func (e *PartError) Error() string {
	where := e.Part
	switch {
	case e.Sheet != "" && e.Row > 0:
		where += fmt.Sprintf(" (sheet %q, row %d)", e.Sheet, e.Row)
	case e.Sheet != "":
		where += fmt.Sprintf(" (sheet %q)", e.Sheet)
	}
	return fmt.Sprintf("xlsx: %s: %v", where, e.Err)
}

// Unwrap returns the cause.
func (e *PartError) Unwrap() error { return e.Err }

// damaged returns an [ErrDamaged] with an explanation.
func damaged(format string, a ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, a...))
}

// beyond returns an [ErrLimit] that says which one.
func beyond(limit int64, what, field string) error {
	return fmt.Errorf("%w: more than %d %s (Limits.%s)", ErrLimit, limit, what, field)
}
