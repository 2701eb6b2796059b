package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// migrationSheet is who moved from which class to which, counted by formulas from
// the list below.
type migrationSheet struct {
	*abcxyz.Migration
	sheet  *sheet
	list   *table
	absent string // how the list says that an item is not in a ranking
	first  int    // row of the first class in the first block
}

func (b *book) migrationSheet() *migrationSheet {
	x := &migrationSheet{Migration: b.Migration, absent: b.say(text{"absent", "нет"})}
	o := x.Options
	p := b.params
	p.section(text{"Migration between classes", "Миграция между классами"})
	p.fixed(general, text{"Classes at the start: as of", "Классы в начале: на дату"}, o.Start, text{"each date looks back over the same number of days", "каждая дата смотрит назад на одинаковое число дней"})
	p.fixed(general, text{"Classes at the end: as of", "Классы в конце: на дату"}, o.End, text{})
	p.fixed(whole, text{"Days that each looks back", "Сколько дней назад смотрит каждая"}, o.Days, text{"the day itself included", "вместе с самой датой"})

	columns := x.columns(b)
	x.sheet = b.sheet(text{"Migration", "Миграция"}, widths(columns)...)
	s := x.sheet
	s.add(style{look: title}, text{"Migration between classes", "Миграция между классами"})
	names := itemNames[o.Ranking.By]
	from, to := x.Start.Options.Scope, x.End.Options.Scope
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s, %s: from %s to %s", names.many[English], measureNames[o.Ranking.Measure][English], b.between(from.From, from.AsOf), b.between(to.From, to.AsOf)),
		fmt.Sprintf("%s, %s: было %s, стало %s", names.many[Russian], measureNames[o.Ranking.Measure][Russian], b.between(from.From, from.AsOf), b.between(to.From, to.AsOf)),
	})
	x.blocks(b)
	s.skip(1)
	x.list = s.table(len(x.Items), true, columns)
	x.list.fill()
	x.list.listing(3)
	x.list.frozen = 0 // the blocks above are too high to stay in sight
	x.list.legend(text{
		"Rows of the tables are classes at the start, columns classes at the end; each item is in one cell. Who is in one period only has entered or left.",
		"В таблицах строки — классы в начале, столбцы — классы в конце; каждая позиция стоит ровно в одной клетке. Кто есть только в одном из периодов, тот пришёл или ушёл.",
	})
	if len(x.Items) > 0 {
		s.charts = append(s.charts, x.chart(b, cellName(len(columns)+2, x.first-1), 760, 360))
		s.area = s.span(1, 1, len(columns), s.rows)
	}
	return x
}

// blocks lays out the transitions in number and in money.
func (x *migrationSheet) blocks(b *book) {
	var abc, xyz []string
	for _, c := range x.ABC.Classes {
		abc = append(abc, c.String())
	}
	for _, c := range x.XYZ.Classes {
		xyz = append(xyz, b.xyzName(c))
	}
	value, f := b.measure(x.Options.Ranking.Measure)
	suffix := func(t, end text) text { return text{t[English] + end[English], t[Russian] + end[Russian]} }
	count := func(t abcxyz.Transition) any { return t.Items }
	x.first = x.sheet.rows + 3
	x.block(text{"ABC: number", "ABC: количество"}, whole, abc, "abc", "", x.ABC.Cells, x.ABC.RowTotals, x.ABC.ColumnTotals, x.ABC.Total, count)
	x.block(suffix(value, text{": what they brought at the start", ": сколько приносили в начале"}), f, abc, "abc", "start_value", x.ABC.Cells, x.ABC.RowTotals, x.ABC.ColumnTotals, x.ABC.Total, func(t abcxyz.Transition) any { return t.Start })
	x.block(suffix(value, text{": what they bring at the end", ": сколько приносят в конце"}), f, abc, "abc", "end_value", x.ABC.Cells, x.ABC.RowTotals, x.ABC.ColumnTotals, x.ABC.Total, func(t abcxyz.Transition) any { return t.End })
	x.block(text{"XYZ: number", "XYZ: количество"}, whole, xyz, "xyz", "", x.XYZ.Cells, x.XYZ.RowTotals, x.XYZ.ColumnTotals, x.XYZ.Total, count)
}

// labelColumn is the column of the blocks' labels, that of the items' names.
const labelColumn = 3

// block lays out one figure of every cell: a number without sum, else the sum of
// that column.
func (x *migrationSheet) block(name text, f format, classes []string, kind, sum string, cells [][]abcxyz.Transition, rows, columns []abcxyz.Transition, all abcxyz.Transition, of func(abcxyz.Transition) any) {
	s := x.sheet
	s.skip(1)
	head := []any{nil, nil, styled{style{look: header}, name}}
	for _, c := range classes {
		head = append(head, styled{style{look: header}, c})
	}
	s.addHigh(30, style{}, append(head, styled{style{look: header}, text{"left", "ушли"}}, styled{style{look: header}, totalLabel})...)
	n, first := len(classes), s.rows+1
	for i, row := range cells {
		label := any(styled{style{align: "center"}, text{"entered", "пришли"}})
		if i < n {
			label = styled{style{align: "center"}, classes[i]}
		}
		out := []any{nil, nil, label}
		for j, c := range row {
			out = append(out, whenWritten(style{format: f}, func() any { return x.cell(x.class(classes, i), x.class(classes, j), kind, sum, of(c)) }))
		}
		at := s.rows + 1
		out = append(out, styled{style{format: f, look: total}, formula{fmt.Sprintf("SUM(%s:%s)", cellName(labelColumn+1, at), cellName(labelColumn+n+1, at)), of(rows[i])}})
		s.add(style{}, out...)
	}
	last := s.rows
	out := []any{nil, nil, styled{style{look: total}, totalLabel}}
	for j, c := range append(columns[:len(columns):len(columns)], all) {
		out = append(out, styled{style{format: f, look: total}, formula{sumOf(labelColumn+1+j, first, last), of(c)}})
	}
	s.add(style{}, out...)
	s.heat(first, labelColumn+1, last, labelColumn+n+1, colourRepeat)
}

// class returns how the list calls the class of a row or a column of a block.
func (x *migrationSheet) class(classes []string, i int) string {
	if i < len(classes) {
		return classes[i]
	}
	return x.absent
}

// cell returns one cell of a block as a formula over the list, or its value where
// the list does not hold every item.
func (x *migrationSheet) cell(from, to, kind, sum string, cached any) any {
	t := x.list
	if t.shown < t.items || t.items == 0 {
		return cached
	}
	where := fmt.Sprintf("%s,%s,%s,%s)", t.local("start_"+kind), quote(from), t.local("end_"+kind), quote(to))
	if sum == "" {
		return formula{"COUNTIFS(" + where, cached}
	}
	return formula{"SUMIFS(" + t.local(sum) + "," + where, cached}
}

// columns returns the columns of the list.
func (x *migrationSheet) columns(b *book) []column {
	value, f := b.measure(x.Options.Ranking.Measure)
	item := func(i int) *abcxyz.Item { return x.Items[i].Item() }
	start := func(i int) *abcxyz.Item { return x.Items[i].Start }
	end := func(i int) *abcxyz.Item { return x.Items[i].End }
	class := func(key string, name, note text, of func(int) *abcxyz.Item, class func(*abcxyz.Item) string) column {
		return column{key: key, name: name, width: 14, style: style{align: "center"}, note: note, cell: func(i, _ int) any {
			if it := of(i); it != nil {
				return class(it)
			}
			return x.absent
		}}
	}
	abc := func(i *abcxyz.Item) string { return i.ABC.String() }
	xyz := func(i *abcxyz.Item) string { return b.xyzName(i.XYZ) }
	amount := func(key string, when, note text, of func(int) *abcxyz.Item, all orders.Amount) column {
		return column{key: key, name: text{value[English] + when[English], value[Russian] + when[Russian]}, width: 18, style: style{format: f}, note: note,
			totals: func() any { return x.list.sum(key, all) },
			cell: func(i, _ int) any {
				if it := of(i); it != nil {
					return it.Value
				}
				return nil
			}}
	}
	return []column{
		{key: "rank", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"},
			note: text{"rank at the end; blank for those that left", "место в конце; пусто у тех, кто ушёл"},
			cell: func(i, _ int) any {
				if it := end(i); it != nil {
					return it.Rank
				}
				return nil
			}},
		{key: "item", name: text{"Id", "Код"}, width: 15, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"},
			cell: func(i, _ int) any { return item(i).ID }},
		{key: "name", name: itemNames[x.Options.Ranking.By].one, width: 38, note: text{"the name in the export", "наименование из выгрузки"},
			cell: func(i, _ int) any { return b.itemName(item(i).ID, item(i).Name) }},
		class("start_abc", text{"ABC at the start", "ABC в начале"}, text{"class as of the first date", "класс на первую дату"}, start, abc),
		class("start_xyz", text{"XYZ at the start", "XYZ в начале"}, text{"class as of the first date", "класс на первую дату"}, start, xyz),
		class("end_abc", text{"ABC at the end", "ABC в конце"}, text{"class as of the second date", "класс на вторую дату"}, end, abc),
		class("end_xyz", text{"XYZ at the end", "XYZ в конце"}, text{"class as of the second date", "класс на вторую дату"}, end, xyz),
		amount("start_value", text{", start", ", в начале"}, text{"in the days up to the first date", "за дни до первой даты"}, start, x.Start.Total),
		amount("end_value", text{", end", ", в конце"}, text{"in the days up to the second date", "за дни до второй даты"}, end, x.End.Total),
		{key: "difference", name: text{"Difference", "Разница"}, width: 17, style: style{format: f}, note: text{"end less start", "конец минус начало"},
			totals: func() any { return x.list.sum("difference", x.End.Total-x.Start.Total) },
			cell: func(i, at int) any {
				var v orders.Amount
				if it := end(i); it != nil {
					v += it.Value
				}
				if it := start(i); it != nil {
					v -= it.Value
				}
				return formula{fmt.Sprintf("ROUND(%s-%s,4)", x.list.at("end_value", at), x.list.at("start_value", at)), v}
			}},
	}
}

// chart shows where each class went.
func (x *migrationSheet) chart(b *book, at string, width, height uint) placed {
	n := len(x.ABC.Classes) + 1
	colours := [...]string{"4F81BD", "9BBB59", "F2A65A", "8064A2", "4BACC6"}
	c := &excelize.Chart{
		Type:       excelize.ColPercentStacked,
		Title:      chartTitle(b.say(text{"Where each class went, in number", "Куда перешёл каждый класс, по количеству"})),
		Dimension:  excelize.ChartDimension{Width: width, Height: height},
		Legend:     excelize.ChartLegend{Position: "right"},
		YAxis:      excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0%"}, MajorGridLines: true, Font: small()},
		XAxis:      excelize.ChartAxis{Font: small()},
		GapWidth:   gap(60),
		VaryColors: oneColour(),
	}
	for k := range n {
		colour := colourUnknown // left
		if k < n-1 {
			colour = colours[k%len(colours)]
		}
		col := labelColumn + 1 + k
		c.Series = append(c.Series, excelize.ChartSeries{
			Name:       x.sheet.ref(col, x.first-1),
			Categories: x.sheet.span(labelColumn, x.first, labelColumn, x.first+n-1),
			Values:     x.sheet.span(col, x.first, col, x.first+n-1),
			Fill:       solid(colour),
		})
	}
	return placed{at, c, nil}
}

// ties are what the two dates leave out of the export.
func (x *migrationSheet) ties(b *book, anonymous, cancelled tiePart) (ties []tie) {
	if x.Options.Ranking.Measure != orders.Revenue {
		return nil
	}
	by := x.Options.Ranking.By
	everybody := by == orders.ByProduct || by == orders.ByGroup
	for _, when := range []struct {
		name text
		key  string
		of   *abcxyz.Ranking
	}{{text{"At the start", "В начале"}, "start_value", x.Start}, {text{"At the end", "В конце"}, "end_value", x.End}} {
		parts := []tiePart{
			{text{"Revenue", "Выручка"}, x.sheet.ref(x.list.col(when.key), x.list.totals), when.of.Total},
			b.outsidePart(when.of.Options.Scope, everybody), cancelled,
		}
		if !everybody {
			parts = append(parts, anonymous)
		}
		ties = append(ties, newTie(x.sheet, when.name, parts))
	}
	return ties
}

var methodMigration = []definition{
	{text{"Migration", "Миграция"}, text{
		"The same classes as of two dates, each over the same number of days back. An item without sales in one of the two has entered or left. Rows add up to the classes at the start, columns to those at the end.",
		"Те же классы на две даты, каждая за одинаковое число дней назад. Позиция без продаж в одном из периодов пришла или ушла. Строки сходятся с классами в начале, столбцы — с классами в конце."}},
}
