package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// formula is a cell that is computed in the workbook. Cached is what the
// library computed: every viewer shows it, and recalculation must not change it.
type formula struct {
	text   string
	cached any
}

// lazy is a cell that is known when the sheet is written.
type lazy func() any

// styled is a cell that does not look as its row does.
type styled struct {
	style style
	value any
}

// sheet is laid out first and written last: when the rows of a sheet are
// generated the place of every other cell of the workbook is known.
type sheet struct {
	*book
	key     string // its English name
	name    string
	part    string // of the package
	widths  []float64
	blocks  []block
	rows    int // laid out so far
	frozen  int // rows that stay in sight
	left    int // columns that stay in sight
	repeat  int // header row repeated on each page
	filter  string
	merged  [][2]string
	formats []conditional
	charts  []placed
	area    string // printed; "": all
	breaks  []int  // rows that begin a page
	begins  []int  // rows that may begin a page, see [sheet.begin]
}

// block is n rows that one function generates.
type block struct {
	first, n int
	height   float64
	row      func(i, at int) []excelize.Cell
}

type conditional struct {
	where string
	rules []excelize.ConditionalFormatOptions
}

type placed struct {
	at    string
	chart *excelize.Chart
	combo []*excelize.Chart
}

// sheet adds a sheet named as the reader's language has it.
func (b *book) sheet(name text, widths ...float64) *sheet {
	s := &sheet{book: b, key: name[English], name: b.say(name), widths: widths}
	if b.guest != nil {
		s.name = b.guest.name(s.key, s.name)
	}
	b.sheets = append(b.sheets, s)
	return s
}

// many lays out n rows and returns the first one's number.
func (s *sheet) many(n int, height float64, row func(i, at int) []excelize.Cell) int {
	first := s.rows + 1
	s.blocks = append(s.blocks, block{first, n, height, row})
	s.rows += n
	return first
}

// add lays out one row in style st and returns its number. Values of type
// [styled] have their own style; nil is no cell, but in a header or a total an
// empty one.
func (s *sheet) add(st style, values ...any) int { return s.addHigh(0, st, values...) }

func (s *sheet) addHigh(height float64, st style, values ...any) int {
	return s.many(1, height, func(_, _ int) []excelize.Cell {
		cells := make([]excelize.Cell, len(values))
		for i, v := range values {
			if v != nil || st.look == total || st.look == header {
				cells[i] = s.cell(st, v)
			}
		}
		return cells
	})
}

// pageBreak leaves a row empty and begins a page.
func (s *sheet) pageBreak() {
	s.skip(1)
	s.breaks = append(s.breaks, s.rows+1)
}

// begin begins a part that stays on one page, if it is not higher than that.
func (s *sheet) begin(name text) {
	s.skip(1)
	s.begins = append(s.begins, s.rows+1)
	s.add(style{look: section}, name)
}

// What a printed page holds, in points: A4, landscape, less the margins. A row
// that has no height of its own, and a character of a column's width.
const (
	pageWidth, pageHeight = 784, 520
	rowHeight, charWidth  = 15, 5.25
)

// paginate breaks pages before the parts that would be torn by the end of one.
func (s *sheet) paginate() {
	if len(s.begins) == 0 {
		return
	}
	end := make([]float64, s.rows+1) // of each row, from the top of the sheet
	for i := range end {
		end[i] = rowHeight
	}
	for _, b := range s.blocks {
		for i := 0; b.height > 0 && i < b.n; i++ {
			end[b.first+i] = b.height
		}
	}
	end[0] = 0
	for i := 1; i < len(end); i++ {
		end[i] += end[i-1]
	}
	page := pageHeight * max(1, charWidth*s.width(0)/pageWidth)
	top := 0.0
	for i, row := range s.begins {
		last := s.rows
		if i+1 < len(s.begins) {
			last = s.begins[i+1] - 1
		}
		if start := end[row-1]; end[last]-top > page && start > top {
			s.breaks = append(s.breaks, row)
			top = start
		}
	}
}

// skip leaves n rows empty.
func (s *sheet) skip(n int) { s.rows += n }

// width returns the width of the first n columns, in characters; of all if n is 0.
func (s *sheet) width(n int) (w float64) {
	if n == 0 {
		n = len(s.widths)
	}
	for _, v := range s.widths[:n] {
		w += v
	}
	return w
}

// paragraph lays out a text over the first n columns (0: all), broken into as
// many lines as it needs.
func (s *sheet) paragraph(l look, n int, t string) int {
	if n == 0 {
		n = len(s.widths)
	}
	at := s.addHigh(lines(t, s.width(n))*14, style{look: l, wrap: true}, t)
	if n > 1 {
		s.merged = append(s.merged, [2]string{cellName(1, at), cellName(n, at)})
	}
	return at
}

// lines returns how many lines of a given width t takes, by the average width
// of a letter, generously.
func lines(t string, width float64) float64 {
	n := 0.0
	for part := range strings.SplitSeq(t, "\n") {
		n += max(1, math.Ceil(float64(utf8.RuneCountInString(part))/(width*1.05)))
	}
	return n
}

// cellName returns the A1 name of a cell.
func cellName(col, row int) string { return columnName(col) + strconv.Itoa(row) }

// columnName returns the letters of a column counted from 1.
func columnName(col int) string { return string(appendColumn(nil, col)) }

// quoted returns the name of s as a formula has it.
func (s *sheet) quoted() string { return "'" + strings.ReplaceAll(s.name, "'", "''") + "'" }

// ref returns an absolute reference to cells of s from anywhere in the workbook.
func (s *sheet) ref(col, row int) string {
	return fmt.Sprintf("%s!$%s$%d", s.quoted(), columnName(col), row)
}

// span returns an absolute reference to a range of s from anywhere in the workbook.
func (s *sheet) span(col, first, col2, last int) string {
	return fmt.Sprintf("%s:$%s$%d", s.ref(col, first), columnName(col2), last)
}

// cell returns v as a cell: text as text, whatever it begins with; an undefined
// ratio as «н/д»; what is unknown or absent as an empty cell.
func (b *book) cell(st style, v any) excelize.Cell {
	f := ""
	if f, ok := v.(lazy); ok {
		if v = f(); v == nil {
			return excelize.Cell{}
		}
	}
	if s, ok := v.(styled); ok {
		st, v = s.style, s.value
	}
	if x, ok := v.(formula); ok {
		f, _ = clean(x.text) // names of segments are in formulas too
		v = x.cached
	}
	switch x := v.(type) {
	case nil:
	case text:
		if v = b.say(x); st.look == body && st.align == "" {
			st.align, st.indent = "left", 1
		}
	case string:
		if st.look == body && st.align == "" {
			st.align, st.indent = "left", 1
		}
		s, cut := clean(x)
		if cut {
			b.cut++
		}
		v = s
	case orders.Amount:
		v = x.Float64()
	case orders.NullAmount:
		v = nil
		if x.Known {
			v = x.Amount.Float64()
		}
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			v, st.align = b.say(undefined), "right"
			if st.look == body {
				st.look = muted
			}
		}
	case orders.Date:
		v = nil
		if x != 0 {
			v, st.format, st.align = serial(x), date, "center"
		}
	case orders.Period:
		v = x.String()
		if st.align = "center"; x.Grain == orders.Month {
			v, st.format = serial(x.First()), month
		}
	case int, int64:
	default:
		b.note(fmt.Errorf("report: a %T is no cell", v))
	}
	return excelize.Cell{StyleID: b.style(st), Formula: f, Value: v}
}

// serial returns d as Excel counts days, from 1899-12-30.
func serial(d orders.Date) float64 { return float64(d - orders.NewDate(1899, 12, 30)) }

// prepare sets everything about s but its rows.
func (s *sheet) prepare() error {
	f := s.file
	landscape, paper, fit, high := "landscape", 9, 1, 0
	titles := fmt.Sprintf("%s!$%d:$%d", s.quoted(), s.repeat, s.repeat)
	if s.width(0) > onePage {
		if fit = 2; s.left > 0 {
			titles = fmt.Sprintf("%s!$A:$%s,%s", s.quoted(), columnName(s.left), titles)
		}
	}
	var err error
	do := func(e error) { err = errors.Join(err, e) }
	for i, w := range s.widths {
		do(f.SetColWidth(s.name, columnName(i+1), columnName(i+1), w))
	}
	if s.filter != "" {
		do(f.AutoFilter(s.name, s.filter, nil))
	}
	yes, no := true, false
	do(f.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	do(f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &paper, Orientation: &landscape, FitToWidth: &fit, FitToHeight: &high}))
	margin, edge := 0.4, 0.6
	do(f.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &margin, Bottom: &edge}))
	do(f.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&L&8&A&R&8" + s.say(pageOf)}))
	do(f.SetSheetView(s.name, 0, &excelize.ViewOptions{ShowGridLines: &no}))
	if s.repeat > 0 {
		do(f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: titles,
		}))
	}
	if s.area != "" {
		do(f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: s.name, RefersTo: s.area}))
	}
	if s.frozen > 0 || s.left > 0 {
		pane := "bottomRight"
		switch {
		case s.left == 0:
			pane = "bottomLeft"
		case s.frozen == 0:
			pane = "topRight"
		}
		at := cellName(s.left+1, s.frozen+1)
		do(f.SetPanes(s.name, &excelize.Panes{
			Freeze: true, XSplit: s.left, YSplit: s.frozen, TopLeftCell: at, ActivePane: pane,
			Selection: []excelize.Selection{{SQRef: at, ActiveCell: at, Pane: pane}},
		}))
	}
	for _, c := range s.formats {
		do(f.SetConditionalFormat(s.name, c.where, c.rules))
	}
	for _, c := range s.charts {
		do(f.AddChart(s.name, c.at, c.chart, c.combo...))
	}
	s.paginate()
	for _, row := range s.breaks {
		do(f.InsertPageBreak(s.name, cellName(1, row)))
	}
	do(f.SetSheetDimension(s.name, "A1:"+cellName(max(1, len(s.widths)), max(1, s.rows))))
	return err
}

// onePage is how many characters wide a sheet is at most that is printed one page
// wide. A wider one would be too small to read: it is two pages wide, and the
// second one repeats the columns that stay in sight.
const onePage = 300

// write writes s, prepared before, to w.
func (s *sheet) write(w io.Writer) error {
	before, after, err := furniture(s.file, s.part)
	if err != nil {
		return err
	}
	if _, err := w.Write(before); err != nil {
		return err
	}
	if err := s.writeRows(w, nil); err != nil {
		return err
	}
	_, err = w.Write(s.merge(after))
	return err
}

// merge inserts the merged cells into what comes after the rows, where a
// worksheet has them. Excelize would lay out every row down to the last of them.
func (s *sheet) merge(after []byte) []byte {
	if len(s.merged) == 0 {
		return after
	}
	cells := fmt.Appendf(nil, `<mergeCells count="%d">`, len(s.merged))
	for _, m := range s.merged {
		cells = fmt.Appendf(cells, `<mergeCell ref="%s:%s"/>`, m[0], m[1])
	}
	cells = append(cells, `</mergeCells>`...)
	at := len(sheetDataEnd)
	if i := bytes.Index(after, []byte(autoFilterEnd)); i >= 0 {
		at = i + len(autoFilterEnd)
	}
	return slices.Concat(after[:at], cells, after[at:])
}

const (
	sheetDataEnd  = "</sheetData>"
	autoFilterEnd = "</autoFilter>"
)

// writeRows writes the rows of s as a worksheet has them. See sees each cell, and
// may change it; nil: nobody does.
func (s *sheet) writeRows(w io.Writer, see func(*excelize.Cell)) error {
	rows := rowWriter{out: w}
	for _, blk := range s.blocks {
		for i := range blk.n {
			if err := s.step(); err != nil {
				return err
			}
			cells := blk.row(i, blk.first+i)
			if see != nil {
				for k := range cells {
					see(&cells[k])
				}
			}
			if err := rows.row(blk.first+i, blk.height, cells); err != nil {
				return err
			}
		}
	}
	return rows.flush()
}

// step counts a row, and every thousandth time asks whether to go on.
func (b *book) step() error {
	if b.done++; b.done%1024 != 0 {
		return nil
	}
	if b.Progress != nil {
		if err := b.Progress(b.done, b.total); err != nil {
			return err
		}
	}
	return b.ctx.Err()
}
