package report

import (
	"errors"
	"fmt"
	"math"
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
// generated the place of every other cell of the workbook is known, and charts
// and conditional formats, which excelize drops once rows are streamed, are in place.
type sheet struct {
	*book
	name    string
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
	s := &sheet{book: b, name: b.say(name), widths: widths}
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
func columnName(col int) string {
	name := ""
	for ; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}

// ref returns an absolute reference to cells of s from anywhere in the workbook.
func (s *sheet) ref(col, row int) string {
	return fmt.Sprintf("'%s'!$%s$%d", s.name, columnName(col), row)
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
		f, v = x.text, x.cached
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
			Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, s.repeat, s.repeat),
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
	return err
}

// write streams the rows of s.
func (s *sheet) write() error {
	if err := s.prepare(); err != nil {
		return err
	}
	w, err := s.file.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	values := make([]any, 0, 32)
	for _, blk := range s.blocks {
		for i := range blk.n {
			at := blk.first + i
			if err := s.step(); err != nil {
				return err
			}
			values = values[:0]
			for _, c := range blk.row(i, at) {
				if c.StyleID == 0 && c.Value == nil && c.Formula == "" {
					values = append(values, nil)
				} else {
					values = append(values, c)
				}
			}
			var height []excelize.RowOpts
			if blk.height > 0 {
				height = []excelize.RowOpts{{Height: min(blk.height, excelize.MaxRowHeight)}}
			}
			if err := w.SetRow("A"+strconv.Itoa(at), values, height...); err != nil {
				return err
			}
		}
	}
	for _, row := range s.breaks {
		if err := w.InsertPageBreak(cellName(1, row)); err != nil {
			return err
		}
	}
	for _, m := range s.merged {
		if err := w.MergeCell(m[0], m[1]); err != nil {
			return err
		}
	}
	return w.Flush()
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
