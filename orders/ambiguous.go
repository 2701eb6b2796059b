package orders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
)

// AmbiguityError says that a column can be read in two ways and that nothing in
// the file tells which is meant. It wraps [ErrAmbiguous]. A [MappedColumn] that
// says how the column is written resolves it.
type AmbiguityError struct {
	File   string
	Column int // from 1
	Header string
	Role   Role
	First  string // how it can be read: "dd/mm/yyyy", or a decimal mark
	Second string // and how else
	Cells  int64  // that were looked at, none of which tells

	Examples []string // the first of these, each once; at most 3
}

// numeric reports whether the doubt is about a decimal mark.
func (e *AmbiguityError) numeric() bool { return len(e.First) == 1 }

// Error returns the place, both readings, the evidence and what to do.
func (e *AmbiguityError) Error() string {
	why, field := "no day is above 12", "Dates"
	first, second := e.First, e.Second
	if e.numeric() {
		why, field = "each mark is followed by three digits", "Decimal"
		first, second = fmt.Sprintf("with the decimal mark %q", e.First), fmt.Sprintf("with %q", e.Second)
	}
	return fmt.Sprintf("%v: %s: column %d (%s): %q could be read %s or %s, for in all %d cells looked at %s; say which it is with %s in Options.Mapping (in the programs: -map FILE)",
		ErrAmbiguous, e.File, e.Column, e.Header, e.Examples, first, second, e.Cells, why, field)
}

// Unwrap returns ErrAmbiguous.
func (e *AmbiguityError) Unwrap() error { return ErrAmbiguous }

// doubt notes that column i, from 0, can be read in two ways.
func (d *detector) doubt(i int, role Role, first, second string, cells int) {
	c := &d.Columns[i]
	c.Evidence += fmt.Sprintf("; could be read %s or %s", first, second)
	if d.ambiguous == nil {
		d.ambiguous = &AmbiguityError{
			File: d.File, Column: i + 1, Header: c.Header, Role: role,
			First: first, Second: second, Cells: int64(cells), Examples: d.examples(i),
		}
	}
}

// examples returns the first different texts of column i, at most three, that
// have a mark between digits.
func (d *detector) examples(i int) (texts []string) {
	for row := range d.sample {
		if row.Row > 0 && row.Row <= d.headerEnd() || i >= len(row.Cells) {
			continue
		}
		text := cut(string(cell.Trim(row.Cells[i])), 60)
		if strings.ContainsAny(text, ".,/-") && strings.ContainsAny(text, "0123456789") && !slices.Contains(texts, text) {
			if texts = append(texts, text); len(texts) == 3 {
				break
			}
		}
	}
	return texts
}
