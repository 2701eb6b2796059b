// Package xlsx reads the sheets of an Excel workbook (.xlsx, .xlsm) row by
// row, fast, in little memory and without trusting the file.
//
// There are only a few types. [Open] gives a [Book]; its [Sheet]s give their
// [Row]s one after another; a row is its number and its [Cell]s; a cell is its
// value as stored (never as displayed: a display loses digits) and the [Style]
// that says how to take it:
//
//	book, err := xlsx.Open(ctx, file, size, xlsx.Limits{})
//	for row, err := range book.Sheets()[0].Rows(ctx) {
//		for _, cell := range row.Cells { … }
//	}
//
// A row and everything in it is valid until the next one: clone what you keep.
// [Sheet.Layout] tells what stands around the rows (merged cells), and
// [DateSystem] turns a serial number into a day. A Book does not change, and
// any number of goroutines may read it.
//
// # What is read
//
// ECMA-376 (Office Open XML) spreadsheets, transitional and strict, whoever
// wrote them: a byte-order mark in any part, any namespace prefix, rows and
// cells without references, part names in any letter case, and a <dimension>
// that says nothing true, as 1C writes it. Shared, inline and rich text,
// cached results of formulas, error values, and the escapes _xHHHH_.
// White space in text is kept whether or not xml:space says so. Bytes that are
// no UTF-8 are passed on as they are.
//
// # What is refused
//
// An error is a [*PartError] that says where, or it says what the file is, and
// wraps one of [ErrNotWorkbook], [ErrDamaged], [ErrEncoding] and [ErrLimit], or
// is the context's. No file makes this package panic or hold more memory than
// its [Limits] allow, whatever the headers in the file claim.
package xlsx
