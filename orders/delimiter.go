package orders

import (
	"bytes"
	"fmt"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// guess is how a text would look if comma were its delimiter.
type guess struct {
	comma  byte
	score  float64
	header header
	row    int64 // of the header
	known  int   // columns of it that mean something
	data   bool  // there are numbers or dates in it

	long, longLine int64 // the row that does not end, and its line; 0: all do
}

// chooseComma finds the delimiter under which the text has the most columns with
// known names, the steadiest number of cells, and the most numbers and dates
// that fill a cell: a decimal comma leaves none.
func chooseComma(text []byte, o Options) guess {
	if len(text) > 4 && bytes.EqualFold(text[:4], []byte("sep=")) { // as Excel writes and reads
		return tryComma(text, text[4], o)
	}
	var best guess
	for i, comma := range []byte{';', ',', '\t', '|'} {
		if g := tryComma(text, comma, o); i == 0 || g.score > best.score {
			best = g
		}
	}
	return best
}

func tryComma(text []byte, comma byte, o Options) guess {
	g := guess{comma: comma}
	p := delimited.Parser{Comma: comma}
	counts := map[int]int{}
	var row, line int64 = 0, 1
	var rows, filled, typed int
	for len(text) > 0 && rows < 200 {
		row++
		n, err := p.Next(text, true)
		if err != nil {
			g.long, g.longLine = row, line
			break
		}
		text = text[n:]
		line += int64(p.Lines)
		if p.Fault != delimited.NoFault || blank(p.Cells) {
			continue
		}
		rows++
		counts[len(p.Cells)]++
		rowFilled, rowTyped := countTyped(p.Cells)
		if row <= headerDepth {
			h := newHeader(p.Cells)
			known := h.known() + 2*h.wanted(o)
			if known > g.known || rows == 1 {
				g.header, g.row, g.known, g.data = h, row, known, rowTyped > 0
			}
		}
		filled += rowFilled
		typed += rowTyped
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
