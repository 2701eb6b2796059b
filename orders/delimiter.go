package orders

import (
	"bytes"
	"fmt"
	"iter"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// guess is how a text would look if comma were its delimiter.
type guess struct {
	comma     byte
	backslash bool // before quotes within quotes
	score     float64
	header    header
	row       int64 // of the header
	known     int   // columns of it that mean something
	data      bool  // there are numbers or dates in it

	long, longLine int64 // the row that does not end, and its line; 0: all do

	rival byte // a delimiter under which as many columns are known; 0: there is none
}

// chooseComma finds the delimiter under which the text has the most columns with
// known names, the steadiest number of cells, and the most numbers and dates
// that fill a cell: a decimal comma leaves none.
func chooseComma(text sample, o Options) guess {
	if head := text.head; len(head) > 4 && bytes.EqualFold(head[:4], []byte("sep=")) { // as Excel writes and reads
		return tryComma(text, head[4], o)
	}
	if o.Mapping != nil && o.Mapping.Delimiter != "" {
		return tryComma(text, o.Mapping.Delimiter[0], o)
	}
	var best, next guess
	for i, comma := range []byte{';', ',', '\t', '|'} {
		switch g := tryComma(text, comma, o); {
		case i == 0 || g.score > best.score:
			best, next = g, best
		case g.score > next.score:
			next = g
		}
	}
	if next.known > 1 && next.known >= best.known {
		best.rival = next.comma
	}
	return best
}

// tryComma reads the head of the text with a delimiter.
func tryComma(text sample, comma byte, o Options) guess {
	text.more = nil
	backslash := text.hasBackslashes(comma)
	var long, longLine int64
	g := tryRows(text.rows(comma, backslash, func(row, line int64) { long, longLine = row, line }), o)
	g.comma, g.backslash, g.long, g.longLine = comma, backslash, long, longLine
	return g
}

// hasBackslashes reports whether quotes within quotes have a backslash before
// them: fewer rows have a fault if it is read so. `"C:\"` alone proves nothing.
func (s sample) hasBackslashes(comma byte) bool {
	if !bytes.Contains(s.head, []byte(`\"`)) {
		return false
	}
	faults := func(backslash bool) (n int) {
		for row := range s.rows(comma, backslash, nil) {
			if row.Fault != delimited.NoFault {
				n++
			}
		}
		return n
	}
	return faults(true) < faults(false)
}

// tryRows finds the header among the rows and says how much they look like a table.
func tryRows(sample iter.Seq[*tableRow], o Options) guess {
	var g guess
	counts := map[int]int{}
	var rows, filled, typed int
	for row := range sample {
		if row.Fault != delimited.NoFault || blank(row.Cells) {
			continue
		}
		rows++
		counts[len(row.Cells)]++
		rowFilled, rowTyped := countTyped(row.Cells)
		if o.mayBeHeader(row) {
			h := newHeader(row.Cells)
			known := h.known() + 2*h.wanted(o)
			if known > g.known || g.row == 0 {
				g.header, g.row, g.known, g.data = h, row.Row, known, rowTyped > 0
			}
		}
		filled += rowFilled
		typed += rowTyped
		if rows >= 200 && row.Row >= o.headerRow() {
			break
		}
	}
	steady := 0
	for cells, n := range counts {
		if cells > 1 {
			steady = max(steady, n)
		}
	}
	g.score = float64(g.known)
	if rows > 0 && steady > 0 {
		g.score += float64(steady)/float64(rows) + float64(typed)/float64(filled)
	}
	return g
}

// wanted returns how many of the headers that the caller names the line has.
func (h header) wanted(o Options) int {
	n := 0
	for _, name := range o.Columns {
		if h.find(name) != nil {
			n++
		}
	}
	if o.Mapping != nil {
		for _, c := range o.Mapping.Columns {
			if h.findAny(c) != nil {
				n++
			}
		}
	}
	return n
}

func blank(cells [][]byte) bool {
	for _, c := range cells {
		if len(cell.Trim(c)) > 0 {
			return false
		}
	}
	return true
}

// countTyped counts the cells that hold something, and of them the numbers and dates.
func countTyped(cells [][]byte) (filled, typed int) {
	for _, c := range cells {
		if c = cell.Trim(c); len(c) == 0 {
			continue
		}
		filled++
		var n cell.Numbers
		var d cell.Dates
		n.Add(c)
		d.Add(c)
		if n.Bad == 0 || d.Bad == 0 {
			typed++
		}
	}
	return filled, typed
}

func noHeader(name string, g guess) error {
	if g.data {
		return fmt.Errorf("%w: %s has no header: its row %d is data: %s; put a line above it that names the columns, such as date,customer,order,revenue",
			ErrColumn, name, g.row, g.header.list())
	}
	return fmt.Errorf("%w: %s: no line among the first %d names columns as an export of orders does; row %d has %s; %s",
		ErrColumn, name, headerDepth, g.row, g.header.list(), howToSet(RoleDate))
}

// howToSet says how a caller gives a column its role.
func howToSet(role Role) string {
	return fmt.Sprintf("say which column it is with Options.Columns[%q] (in the programs: -set %s=HEADER)", string(role), role)
}
