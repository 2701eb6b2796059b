package orders

import (
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
	"github.com/repeatsales/repeatsales/internal/xlsx"
)

// stackDepth is how many lines above and below the first of the header may be of it.
const stackDepth = 20

// heading is the lines of a header as they stand: a group's name over those of
// its columns, periods over measures, or the names of nested groups one below
// the other.
type heading struct {
	first, last int64      // record numbers of its lines
	lines       [][]string // of equal length; merged cells are filled in
}

// findHeading returns the header whose most telling line is record at, with
// the lines around it that name periods, nested groups or what it leaves blank;
// just rows lines from there if that is not 0. head is the rows around.
func findHeading(head []tableRow, at int64, rows int, merged []xlsx.Range) *heading {
	i := slices.IndexFunc(head, func(r tableRow) bool { return r.Row == at })
	first, last := i, i
	for rows > 0 && last+1 < len(head) && head[last+1].Row < at+int64(rows) {
		last++
	}
	for rows == 0 && last+1 < len(head) && head[last+1].Row == head[last].Row+1 && belowHeader(&head[last+1], &head[i]) {
		last++
	}
	for rows == 0 && first > 0 && head[first-1].Row == head[first].Row-1 && aboveHeader(&head[first-1], &head[first], merged) {
		first--
	}
	s := &heading{first: head[first].Row, last: head[last].Row}
	width := 0
	for _, row := range head[first : last+1] {
		width = max(width, len(row.Cells))
	}
	for _, row := range head[first : last+1] {
		line := make([]string, width)
		for c, text := range row.Cells {
			line[c] = headerText(&row, c, text)
		}
		s.lines = append(s.lines, line)
	}
	s.fill(merged)
	return s
}

// headerText returns a cell of a header; a day stands for its month.
func headerText(row *tableRow, column int, text []byte) string {
	text = cell.Trim(text)
	if row.kind(column) == dateCell && len(text) >= 10 && string(text[8:10]) == "01" {
		text = text[:7]
	}
	return string(text)
}

// belowHeader reports whether row goes on with the header: it holds no number
// or date, and a name that is known.
func belowHeader(row, header *tableRow) bool {
	if row.Fault != delimited.NoFault || blank(row.Cells) {
		return false
	}
	if _, typed := countTyped(row.Cells); typed > 0 {
		return false
	}
	known, same := false, true
	for c, text := range row.Cells {
		text := string(cell.Trim(text))
		if total, _ := totalLabel(text); total {
			return false
		}
		known = known || len(aliases()[normalise(text)]) > 0
		same = same && c < len(header.Cells) && text == string(cell.Trim(header.Cells[c]))
	}
	return known && !same
}

// aboveHeader reports whether row is a line of the header above another: it
// names a period over columns of the other, or what is blank there, or groups of
// its columns by merged cells.
func aboveHeader(row, header *tableRow, merged []xlsx.Range) bool {
	if row.Fault != delimited.NoFault {
		return false
	}
	named := func(column int) bool { return column < len(header.Cells) && len(cell.Trim(header.Cells[column])) > 0 }
	for c := range row.Cells {
		text := headerText(row, c, row.Cells[c])
		if text == "" {
			continue
		}
		if _, ok := periodIn(text); ok && named(c) || !named(c) && len(aliases()[normalise(text)]) > 0 {
			return true
		}
	}
	for _, m := range merged {
		if m.FirstRow == int(row.Row) && m.FirstColumn > 1 && m.LastColumn > m.FirstColumn && named(m.FirstColumn-1) && named(m.LastColumn-1) {
			return true
		}
	}
	return false
}

// fill writes the text of merged cells into all of them: downwards always, to
// the right where a line below names columns of their own. Without merged cells
// a period and a total hold for the columns to their right that have no other.
func (s *heading) fill(merged []xlsx.Range) {
	named := func(line, column int) bool {
		for _, below := range s.lines[line+1:] {
			if below[column] != "" {
				return true
			}
		}
		return false
	}
	for _, m := range merged {
		top := m.FirstRow - int(s.first)
		if top < 0 || top >= len(s.lines) || m.FirstColumn > len(s.lines[top]) {
			continue
		}
		text := s.lines[top][m.FirstColumn-1]
		for line := top; line < min(len(s.lines), m.LastRow-int(s.first)+1); line++ {
			for c := m.FirstColumn - 1; c < min(len(s.lines[line]), m.LastColumn); c++ {
				if s.lines[line][c] == "" && (c == m.FirstColumn-1 || named(line, c)) {
					s.lines[line][c] = text
				}
			}
		}
	}
	for i, line := range s.lines[:max(len(s.lines)-1, 0)] {
		over := ""
		for c, text := range line {
			_, period := periodIn(text)
			total, _ := totalLabel(text)
			switch {
			case period || total:
				over = text
			case text != "":
				over = ""
			case over != "" && named(i, c):
				line[c] = over
			}
		}
	}
}

// parts returns what the lines say of a column, the highest first, each once.
func (s *heading) parts(column int) (parts []string) {
	for _, line := range s.lines {
		if text := line[column]; text != "" && (len(parts) == 0 || parts[len(parts)-1] != text) {
			parts = append(parts, text)
		}
	}
	return parts
}

// width returns the number of columns.
func (s *heading) width() int {
	if len(s.lines) == 0 {
		return 0
	}
	return len(s.lines[0])
}

// header returns the names of the columns.
func (s *heading) header() header {
	h := header{lines: s.lines}
	for c := range s.width() {
		parts := s.parts(c)
		h.names = append(h.names, strings.Join(parts, " "))
		h.keys = append(h.keys, stackedKey(parts))
	}
	return h
}

// stackedKey returns what a column is compared by whose name has several
// parts: the whole if that is known, a code or a name of what an upper part
// says, else the lowest part that is known.
func stackedKey(parts []string) string {
	whole := normalise(strings.Join(parts, " "))
	if len(parts) < 2 || len(aliases()[whole]) > 0 {
		return whole
	}
	low := normalise(parts[len(parts)-1])
	for _, part := range parts[:len(parts)-1] {
		for _, a := range aliases()[normalise(part)] {
			if key := qualified[a.role][low]; key != "" {
				return key
			}
		}
	}
	for _, part := range slices.Backward(parts) {
		if key := normalise(part); len(aliases()[key]) > 0 {
			return key
		}
	}
	return whole
}

// qualified are the names of columns called a code or a name under a group
// that is called a customer or a product.
var qualified = map[Role]map[string]string{
	RoleCustomer: {"код": "кодклиента", "id": "idклиента", "инн": "иннклиента", "наименование": "наименованиеклиента", "название": "названиеклиента", "имя": "имяклиента",
		"code": "customercode", "name": "customername", "number": "customernumber"},
	RoleProduct: {"код": "кодтовара", "id": "idтовара", "артикул": "артикул", "наименование": "наименованиетовара", "название": "названиетовара",
		"code": "productcode", "sku": "sku", "name": "productname"},
}

// periodFormats are how headers write months and days.
var periodFormats = []cell.DateFormat{
	{Order: cell.NamedMonth}, {Order: cell.YM, Separator: '-'}, {Order: cell.MY, Separator: '.'}, {Order: cell.YM, Separator: '.'},
	{Order: cell.DMY, Separator: '.'}, {Order: cell.YMD, Separator: '-'},
}

// periodIn returns the month, as "2024-01", or the day, as "2024-01-31", that a
// header's text is.
func periodIn(text string) (period string, ok bool) {
	if len(text) < 6 || len(text) > 60 {
		return "", false
	}
	for _, f := range periodFormats {
		day, err := cell.ParseDate([]byte(text), f)
		if err != nil {
			continue
		}
		period = (unixEpoch + Date(day)).String()
		if f.Monthly() {
			period = period[:7]
		}
		return period, true
	}
	return "", false
}
