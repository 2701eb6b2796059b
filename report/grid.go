package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// gridTables are the grid in customers and in money, and what waking a cell brings.
func (x *segmentSheets) gridTables(b *book) {
	s, g := x.sheet, x.grid
	s.add(style{look: section}, text{"Behaviour grid", "Сетка поведения"})
	s.add(style{look: subtitle}, text{"As of " + b.day(g.AsOf) + "; customers with a purchase", "На " + b.day(g.AsOf) + "; клиенты с покупкой"})
	x.gridBounds(b)
	counts := x.gridPart(b, text{"Customers", "Клиентов"}, whole, "COUNTIFS(", func(c segments.GridCell) int64 { return c.Customers }, func(n int64) any { return n })
	s.heat(counts, 2, counts+2, len(g.Columns)+1, colourFirst)
	// The money of the list is the grid's wherever a customer has a place in it.
	x.gridPart(b, b.money(text{"Revenue", "Выручка"}), money, "SUMIFS("+x.list.span("revenue")+",", func(c segments.GridCell) int64 { return int64(c.Revenue) }, func(n int64) any { return orders.Amount(n) })
	x.gridTotal = s.ref(len(g.Columns)+2, s.rows)
	s.skip(1)
	if g.AverageDeal.Known {
		at := s.add(style{format: money}, b.money(text{"Average purchase of the last 12 months", "Средняя покупка за 12 месяцев"}), g.AverageDeal)
		row := []any{b.money(text{"Potential of those asleep", "Потенциал спящих"})}
		for i := range g.Columns {
			row = append(row, formula{fmt.Sprintf("%s*$B$%d", cellName(i+2, counts+2), at), g.Cell(i, segments.Asleep).Potential})
		}
		s.add(style{format: money}, row...)
	}
	at := s.add(style{format: money}, b.money(text{"Revenue of customers without a purchase", "Выручка клиентов без покупки"}), g.WithoutRevenue)
	x.gridWithout = s.ref(2, at)
	s.paragraph(prose, 0, b.say(text{
		"Default bounds are those of 1C:УТ 11, “Repeat sales”. Potential = customers asleep × average purchase. Customers without a purchase have only returns or free goods.",
		"Границы по умолчанию — из 1С:УТ 11, «Повторные продажи». Потенциал = спящие клиенты × средняя покупка. У клиентов без покупки только возвраты или бесплатные товары.",
	}))
}

// gridHead lays out the columns of the grid under a name.
func (x *segmentSheets) gridHead(b *book, name text, last ...any) {
	row := []any{name}
	for _, c := range x.gridNames(b) {
		row = append(row, c)
	}
	x.sheet.add(style{look: header}, append(row, last...)...)
}

// gridBounds lays out what makes a column and a row.
func (x *segmentSheets) gridBounds(b *book) {
	columns := x.grid.Columns
	x.gridHead(b, text{"Bounds", "Границы"})
	row := func(name text, v func(i int) string) {
		cells := []any{name}
		for i := range columns {
			cells = append(cells, styled{style{align: "right"}, v(i)})
		}
		x.sheet.add(style{}, cells...)
	}
	row(text{"purchases", "покупок"}, func(i int) string {
		from := columns[i].Purchases
		if i == len(columns)-1 {
			return fmt.Sprintf("≥ %d", from)
		}
		if to := columns[i+1].Purchases - 1; to > from {
			return fmt.Sprintf("%d–%d", from, to)
		}
		return fmt.Sprint(from)
	})
	row(text{"active: days since the last purchase", "активные: дней с последней покупки"}, func(i int) string { return fmt.Sprintf("< %d", columns[i].Falling) })
	row(text{"asleep: days since the last purchase", "спящие: дней с последней покупки"}, func(i int) string { return fmt.Sprintf("> %d", columns[i].Asleep) })
}

// gridPart lays out one figure of every cell, computed over the list of
// customers by a function whose text so far is given, and returns the first row.
func (x *segmentSheets) gridPart(b *book, name text, f format, function string, of func(segments.GridCell) int64, cached func(int64) any) (first int) {
	s, g := x.sheet, x.grid
	column, state := x.list.span("column"), x.list.span("state")
	n, unique := len(g.Columns), countable(x.gridNames(b))
	s.skip(1)
	x.gridHead(b, name, totalLabel)
	first = s.rows + 1
	down := make([]int64, n+1)
	for st := segments.Active; st <= segments.Asleep; st++ {
		row, across := []any{stateNames[st]}, int64(0)
		for i, c := range g.Columns {
			v := of(g.Cell(i, st))
			row = append(row, x.live(unique, fmt.Sprintf("%s%s,%s,%s,%s)", function, column, quote(b.named(columnNames, c.Name)), state, quote(b.say(stateNames[st]))), cached(v)))
			across += v
			down[i] += v
		}
		down[n] += across
		at := s.rows + 1
		row = append(row, styled{style{format: f, look: total}, formula{fmt.Sprintf("SUM(B%d:%s)", at, cellName(n+1, at)), cached(across)}})
		s.add(style{format: f}, row...)
	}
	row, last := []any{totalLabel}, s.rows
	for i, v := range down {
		row = append(row, formula{sumOf(i+2, first, last), cached(v)})
	}
	s.add(style{format: f, look: total}, row...)
	return first
}
