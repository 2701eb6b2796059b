package report

import (
	"fmt"
	"strings"

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
	if n := len(g.Prospects); n > 0 {
		row := make([]any, len(g.Columns)+2)
		row[0], row[len(row)-1] = stateNames[segments.NeverBought], n
		s.add(style{format: whole}, row...)
	}
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
		"Default bounds are those of 1C:УТ 11, “Repeat sales”; they can be changed on the sheet of parameters. Potential = customers asleep × average purchase. Customers without a purchase have only returns or free goods.",
		"Границы по умолчанию — из 1С:УТ 11, «Повторные продажи»; их можно менять на листе параметров. Потенциал = спящие клиенты × средняя покупка. У клиентов без покупки только возвраты или бесплатные товары.",
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

// gridParameters lays out the bounds of every column, which may be changed.
func (x *segmentSheets) gridParameters(b *book) {
	p := b.params
	p.section(text{"Behaviour grid", "Сетка поведения"})
	for i, c := range x.grid.Columns {
		name := b.named(columnNames, c.Name)
		label := func(t text) text { return text{name + ": " + t[English], name + ": " + t[Russian]} }
		if i > 0 {
			p.live(gridBound("Purchases", i), whole, label(text{"purchases, from", "покупок, от"}), c.Purchases, text{"more than the column before", "больше, чем у столбца перед ним"})
		}
		p.live(gridBound("Falling", i), whole, label(text{"falling asleep from day", "засыпает с дня"}), c.Falling, text{"days since the last purchase; active until then", "дней с последней покупки; до этого — активный"})
		p.live(gridBound("Asleep", i), whole, label(text{"asleep after day", "спит после дня"}), c.Asleep, text{"days since the last purchase", "дней с последней покупки"})
	}
}

// gridBound is the name of a bound of the column of that index.
func gridBound(what string, column int) string { return fmt.Sprintf("Grid_%s_%d", what, column+1) }

// gridBounds lays out what makes a column and a row, from the parameters.
func (x *segmentSheets) gridBounds(b *book) {
	x.gridHead(b, text{"Bounds", "Границы"})
	x.bounds = x.sheet.rows + 1
	row := func(name text, what string, v func(segments.GridColumn) any) {
		cells := []any{name}
		for i, c := range x.grid.Columns {
			cell := v(c)
			if i > 0 || what != "Purchases" {
				cell = formula{gridBound(what, i), cell}
			}
			cells = append(cells, cell)
		}
		x.sheet.add(style{format: whole}, cells...)
	}
	row(text{"purchases, from", "покупок, от"}, "Purchases", func(c segments.GridColumn) any { return c.Purchases })
	row(text{"falling asleep: days since the last, from", "засыпающие: дней с последней, от"}, "Falling", func(c segments.GridColumn) any { return c.Falling })
	row(text{"asleep: days since the last, more than", "спящие: дней с последней, больше"}, "Asleep", func(c segments.GridColumn) any { return c.Asleep })
}

// liveColumns is how many columns of the grid a formula can choose from: Excel
// nests 64 IFs, and a formula has 8,192 characters.
const liveColumns = 20

// placeColumns are each customer's place in the grid.
func (x *segmentSheets) placeColumns(b *book, all []member) []column {
	place := func(key string, name text, width float64, note text, f func(row int) string, cached func(*segments.GridCustomer) any) column {
		return column{key: key, name: name, width: width, note: note, cell: func(i, row int) any {
			g := all[i].grid
			switch {
			case g == nil:
				return nil
			case len(x.grid.Columns) > liveColumns:
				return cached(g)
			}
			return formula{f(row), cached(g)}
		}}
	}
	columns := x.grid.Columns
	// pick is what the column of a customer with so many purchases has.
	pick := func(row int, of func(i int) string) string {
		f, last := "", len(columns)-1
		for i := last; i > 0; i-- {
			f += fmt.Sprintf("IF(%s>=%s,%s,", x.list.at("purchases", row), gridBound("Purchases", i), of(i))
		}
		return f + of(0) + strings.Repeat(")", last)
	}
	state := func(row, i int) string {
		days, say := x.list.at("days_since_last", row), func(s segments.State) string { return quote(b.say(stateNames[s])) }
		return fmt.Sprintf("IF(%s<%s,%s,IF(%s<=%s,%s,%s))", days, gridBound("Falling", i), say(segments.Active),
			days, gridBound("Asleep", i), say(segments.FallingAsleep), say(segments.Asleep))
	}
	return []column{
		place("column", text{"By purchases", "По числу покупок"}, 16, text{"column of the grid", "столбец сетки поведения"},
			func(row int) string {
				return pick(row, func(i int) string { return x.sheet.ref(i+2, x.bounds-1) })
			},
			func(g *segments.GridCustomer) any { return b.named(columnNames, x.grid.Columns[g.Column].Name) }),
		place("state", text{"State", "Состояние"}, 14, text{"row of the grid, by the days since the last purchase", "строка сетки: по дням с последней покупки"},
			func(row int) string {
				return pick(row, func(i int) string { return state(row, i) })
			},
			func(g *segments.GridCustomer) any { return b.say(stateNames[g.State]) }),
	}
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
