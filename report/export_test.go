package report

import (
	"context"
	"io"
)

// WriteWithin is Write with other limits of rows, and of rows with formulas.
func WriteWithin(ctx context.Context, w io.Writer, b Book, o Options, rows, formulas int) error {
	return write(ctx, w, b, o, limits{rows, formulas})
}

// Translated reports whether a warning of that code has a Russian text.
func Translated(code string) bool { return warningTexts[code] != "" }
