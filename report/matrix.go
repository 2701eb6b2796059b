package report

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// classes is the sheet that counts the classes of every ranking.
func (b *book) classesSheet(all []*ranking) {
	s := b.sheet(text{"ABC-XYZ matrix", "Матрица ABC-XYZ"}, 26, 24, 24, 24, 24, 24, 18)
	s.add(style{look: title}, text{"Classes and their matrix", "Классы и их матрица"})
	s.paragraph(prose, 0, b.say(text{
		"Counted by formulas from the lists: change a bound on the sheet of parameters and the classes move. Every item is in one cell, so rows and columns add up to the whole.",
		"Посчитано формулами по спискам: измените границу на листе параметров — классы переместятся. Каждая позиция стоит ровно в одной клетке, поэтому строки и столбцы сходятся с итогом.",
	}))
	for i, r := range all {
		if i > 0 {
			s.pageBreak() // each list is a page
		} else {
			s.skip(1)
		}
		r.classTable(s)
		s.skip(1)
		r.matrix(s, text{"Number", "Количество"}, whole, "COUNTIFS", func(p abcxyz.Part) any { return p.Items })
		s.skip(1)
		name := measureNames[r.Options.Measure]
		if measured(r.Options.Measure) == money {
			name = b.money(name)
		}
		r.matrix(s, name, measured(r.Options.Measure), "SUMIFS", func(p abcxyz.Part) any { return p.Sum })
		r.policies(s)
	}
}

// live returns f, or its value where the list does not hold every item.
func (r *ranking) live(f string, cached any) any {
	if r.list.shown < r.list.items || r.list.items == 0 {
		return cached
	}
	return formula{f, cached}
}

// classTable lays out the classes A, B, C … N with their number, sum and
// share, and the base that all shares are of.
func (r *ranking) classTable(s *sheet) {
	f := measured(r.Options.Measure)
	abc, value := r.list.span("abc"), r.list.span("value")
	s.add(style{look: section}, r.items)
	name, sum := text{"Base: values above zero", "База: значения больше нуля"}, fmt.Sprintf(`SUMIF(%s,">0")`, value)
	if r.Options.Rule == abcxyz.UNF {
		name, sum = text{"Base: all values", "База: все значения"}, fmt.Sprintf("MAX(0,SUM(%s))", value)
	}
	at := s.add(style{format: f}, styled{style{}, name}, styled{style{format: f, look: figure}, r.live(sum, r.Base)})
	s.params.define(r.base, s.ref(2, at))
	if r.Options.Rule == abcxyz.UT11 {
		r.cuts(s, f)
	}
	s.addHigh(30, style{look: header}, text{"Class", "Класс"}, text{"Number", "Количество"}, text{"Share of number", "Доля количества"}, text{"Sum", "Сумма"}, text{"Share of base", "Доля базы"})
	first := s.rows + 1
	for i, c := range r.Classes {
		at := first + i
		share := any(nil) // class N is outside the base
		if c.ABC != abcxyz.N {
			share = c.Share
		}
		if c.ABC != abcxyz.N && r.Base > 0 {
			share = r.live(cellName(4, at)+"/"+r.base, c.Share)
		}
		s.add(style{},
			styled{style{align: "center"}, c.ABC.String()},
			styled{style{format: whole}, r.live(fmt.Sprintf("COUNTIF(%s,%q)", abc, c.ABC), c.Items)},
			styled{style{format: percent}, r.live(fmt.Sprintf("%s/%s", cellName(2, at), cellName(2, first+len(r.Classes))), ratio(float64(c.Items), float64(len(r.Items))))},
			styled{style{format: f}, r.live(fmt.Sprintf("SUMIF(%s,%q,%s)", abc, c.ABC, value), c.Sum)},
			styled{style{format: percent}, share})
	}
	last := s.rows
	r.classRow = first
	s.add(style{look: total}, totalLabel,
		styled{style{look: total, format: whole}, formula{sumOf(2, first, last), len(r.Items)}},
		nil,
		styled{style{look: total, format: f}, formula{sumOf(4, first, last), r.Total}}, nil)
	r.classes = s
}

// cuts lays out the two cuts of 1C:УТ 11 in money: means of running sums.
func (r *ranking) cuts(s *sheet, f format) {
	var cum orders.Amount
	n, left := 0, 0
	over := 0.0
	for _, i := range r.Items {
		if i.ABC != abcxyz.N {
			cum += i.Value
			n++
			over += cum.Float64()
		}
	}
	first := over / float64(n+1)
	over, cum = 0, 0
	digits := r.digits()
	for _, i := range r.Items {
		if i.ABC != abcxyz.N {
			if cum += i.Value; math.Round((cum.Float64()-first)*math.Pow10(digits)) > 0 {
				over += cum.Float64()
				left++
			}
		}
	}
	sums := r.list.span("cum")
	a := s.add(style{format: f}, text{"Cut of A: Σ of running sums ÷ (n + 1)", "Порог A: сумма нарастающих итогов ÷ (n + 1)"},
		styled{style{format: f, look: figure}, r.live(fmt.Sprintf("SUM(%s)/(COUNT(%s)+1)", sums, sums), first)})
	s.params.define(r.bounds[0], s.ref(2, a))
	above := fmt.Sprintf("(ROUND(%s-%s,%d)>0)", sums, r.bounds[0], digits)
	b := s.add(style{format: f}, text{"Cut of B: their mean above it", "Порог B: среднее остальных"},
		styled{style{format: f, look: figure}, r.live(fmt.Sprintf("SUMPRODUCT(%s*%s)/MAX(1,SUMPRODUCT(%s*1))", above, sums, above), over/float64(max(1, left)))})
	s.params.define(r.bounds[1], s.ref(2, b))
}

// sumOf returns the sum of some rows of a column of the same sheet.
func sumOf(col, first, last int) string {
	return fmt.Sprintf("SUM(%s:%s)", cellName(col, first), cellName(col, last))
}

// ratio returns a ÷ b; for b = 0 it is undefined.
func ratio(a, b float64) float64 { return a / b }

// matrix lays out ABC × XYZ of numbers or sums.
func (r *ranking) matrix(s *sheet, name text, f format, function string, of func(abcxyz.Part) any) {
	m := r.Matrix()
	abc, xyz, value := r.list.span("abc"), r.list.span("xyz"), r.list.span("value")
	head := []any{name}
	for _, c := range m.Columns {
		head = append(head, s.xyzName(c))
	}
	s.add(style{look: header}, append(head, totalLabel)...)
	first, n := s.rows+1, len(m.Columns)
	for i, row := range m.Rows {
		cells := []any{styled{style{align: "center"}, row.String()}}
		for j, column := range m.Columns {
			text := fmt.Sprintf("%s(%s,%q,%s,%s)", function, abc, row, xyz, quote(s.xyzName(column)))
			if function == "SUMIFS" {
				text = fmt.Sprintf("%s(%s,%s,%q,%s,%s)", function, value, abc, row, xyz, quote(s.xyzName(column)))
			}
			cells = append(cells, r.live(text, of(m.Cells[i][j])))
		}
		at := first + i
		cells = append(cells, styled{style{look: total, format: f}, formula{fmt.Sprintf("SUM(%s:%s)", cellName(2, at), cellName(n+1, at)), of(m.RowTotals[i])}})
		s.add(style{format: f}, cells...)
	}
	last := s.rows
	cells := []any{totalLabel}
	for j := range m.Columns {
		cells = append(cells, formula{sumOf(j+2, first, last), of(m.ColumnTotals[j])})
	}
	cells = append(cells, formula{sumOf(n+2, first, last), of(m.Total)})
	s.add(style{look: total, format: f}, cells...)
	if r.Base > 0 && function == "SUMIFS" {
		s.heat(first, 2, last, n+1, colourRepeat)
	}
}

// heat colours a range by its values, white for the least.
func (s *sheet) heat(row, col, lastRow, lastCol int, colour string) {
	s.formats = append(s.formats, conditional{
		cellName(col, row) + ":" + cellName(lastCol, lastRow), heatRule(colour),
	})
}
