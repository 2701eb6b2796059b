package report

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// measuresSheet is the classes by several measures at once.
type measuresSheet struct {
	*abcxyz.MeasuresRanking
	list *table
}

func (b *book) measuresSheet() *measuresSheet {
	x := &measuresSheet{MeasuresRanking: b.Measures}
	columns := x.columns(b)
	s := b.sheet(text{"ABC by several measures", "ABC по показателям"}, widths(columns)...)
	o := x.Rankings[0].Options
	s.add(style{look: title}, text{"ABC by several measures", "ABC по нескольким показателям"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s, %s. ABC: %s. One letter a measure, in the order of the columns.", itemNames[o.By].many[English], b.between(o.Scope.From, o.Scope.AsOf), abcRules[o.Rule][0][English]),
		fmt.Sprintf("%s, %s. ABC: %s. По букве на показатель, в порядке столбцов.", itemNames[o.By].many[Russian], b.between(o.Scope.From, o.Scope.AsOf), abcRules[o.Rule][0][Russian]),
	})
	x.matrix(s)
	s.skip(1)
	x.list = s.table(len(x.Items), true, columns)
	x.list.fill()
	x.list.listing(3)
	x.list.frozen = 0 // the matrix above is too high to stay in sight
	x.list.legend(text{
		"Classes are values: they do not follow the sheet of parameters. The matrix above is counted from them.",
		"Классы — значения и за листом параметров не следуют. Матрица наверху посчитана по ним.",
	})
	return x
}

// matrix counts the items by the classes of the first two measures.
func (x *measuresSheet) matrix(s *sheet) {
	m := x.Matrix(0, 1)
	names := [2]text{measureNames[m.RowMeasure], measureNames[m.ColumnMeasure]}
	head := style{look: header}
	s.add(style{}, nil, nil, styled{head, text{
		"Rows: " + names[0][English] + "; columns: " + names[1][English], "Строки: " + names[0][Russian] + "; столбцы: " + names[1][Russian]}})
	cells := []any{nil, nil, styled{head, text{"Number", "Количество"}}}
	for _, c := range m.Columns {
		cells = append(cells, styled{head, c.String()})
	}
	s.add(style{}, append(cells, styled{head, totalLabel})...)
	first, n := s.rows+1, len(m.Columns)
	count := func(row, column abcxyz.ABC, cached int) any {
		return whenWritten(style{format: whole}, func() any {
			if x.list.shown < x.list.items || x.list.items == 0 {
				return cached
			}
			return formula{fmt.Sprintf("COUNTIFS(%s,%q,%s,%q)", x.list.local(x.key("abc", 0)), row, x.list.local(x.key("abc", 1)), column), cached}
		})
	}
	for i, row := range m.Rows {
		cells := []any{nil, nil, styled{style{align: "center"}, row.String()}}
		for j, column := range m.Columns {
			cells = append(cells, count(row, column, m.Cells[i][j].Items))
		}
		at := first + i
		s.add(style{}, append(cells, styled{style{look: total, format: whole}, formula{fmt.Sprintf("SUM(%s:%s)", cellName(4, at), cellName(n+3, at)), m.RowTotals[i].Items}})...)
	}
	last := s.rows
	cells = []any{nil, nil, styled{style{look: total}, totalLabel}}
	for j := range m.Columns {
		cells = append(cells, styled{style{look: total, format: whole}, formula{sumOf(j+4, first, last), m.ColumnTotals[j].Items}})
	}
	s.add(style{}, append(cells, styled{style{look: total, format: whole}, formula{sumOf(n+4, first, last), m.Total.Items}})...)
}

// key returns the key of the column of measure k.
func (x *measuresSheet) key(of string, k int) string {
	return of + "_" + x.Options.Measures[k].String()
}

func (x *measuresSheet) columns(b *book) []column {
	o := x.Rankings[0].Options
	c := []column{
		{key: "rank", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"}, note: text{"rank by the first measure", "место по первому показателю"}, cell: func(i, _ int) any { return i + 1 }},
		{key: "item", name: text{"Id", "Код"}, width: 15, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return x.Items[i].ID }},
		{key: "name", name: itemNames[o.By].one, width: 38, note: text{"the name in the export", "наименование из выгрузки"}, cell: func(i, _ int) any { return b.itemName(x.Items[i].ID, x.Items[i].Name) }},
		{key: "classes", name: text{"Classes", "Классы"}, width: 12, style: style{align: "center"}, note: text{"all letters together", "все буквы вместе"},
			cell: func(i, at int) any {
				f := ""
				for k := range x.Rankings {
					if k > 0 {
						f += "&"
					}
					f += x.list.at(x.key("abc", k), at)
				}
				return formula{f, x.Items[i].Classes}
			}},
	}
	for k, r := range x.Rankings {
		name, f := b.measure(r.Options.Measure)
		letter := text{"ABC: " + measureNames[r.Options.Measure][English], "ABC: " + measureNames[r.Options.Measure][Russian]}
		c = append(c,
			column{key: x.key("value", k), name: name, width: 17, style: style{format: f}, note: text{"from the export", "из выгрузки"},
				totals: func() any { return x.list.sum(x.key("value", k), r.Total) }, cell: func(i, _ int) any { return x.Item(i, k).Value }},
			column{key: x.key("abc", k), name: letter, width: 13, style: style{align: "center"}, note: text{"class by this measure; N: its total is not positive", "класс по этому показателю; N — итог не больше нуля"},
				cell: func(i, _ int) any { return x.Item(i, k).ABC.String() }})
	}
	return c
}

// withinSheet is ABC within each salesperson, say.
type withinSheet struct {
	*abcxyz.SplitRanking
	list *table
	rows []withinRow
}

// withinRow is one item of one part.
type withinRow struct {
	split string
	*abcxyz.Item
}

func (b *book) withinSheet() *withinSheet {
	x := &withinSheet{SplitRanking: b.Within}
	for _, p := range x.Parts {
		for i := range p.Items {
			x.rows = append(x.rows, withinRow{p.Split, &p.Items[i]})
		}
	}
	o := x.Options
	columns := x.columns(b)
	of := withinNames[o.Split]
	s := b.sheet(text{"ABC within each part", "ABC внутри"}, widths(columns)...)
	s.add(style{look: title}, text{"ABC within each " + of[English], "ABC внутри: " + of[Russian]})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s, %s. ABC: %s; shares are of the part's own base.", itemNames[o.Ranking.By].many[English], b.between(o.Ranking.Scope.From, o.Ranking.Scope.AsOf), abcRules[o.Ranking.Rule][0][English]),
		fmt.Sprintf("%s, %s. ABC: %s; доли — от базы своей части.", itemNames[o.Ranking.By].many[Russian], b.between(o.Ranking.Scope.From, o.Ranking.Scope.AsOf), abcRules[o.Ranking.Rule][0][Russian]),
	})
	x.list = s.table(len(x.rows), true, columns)
	x.list.fill()
	x.list.listing(3)
	x.list.legend(text{
		"Shares and classes are values: they do not follow the sheet of parameters. An item is in every part that it was sold in, with the money of that part.",
		"Доли и классы — значения и за листом параметров не следуют. Позиция стоит в каждой части, где продавалась, с деньгами этой части.",
	})
	return x
}

var withinNames = map[orders.Dimension]text{
	orders.ByCustomer:    {"customer", "клиент"},
	orders.ByProduct:     {"product", "товар"},
	orders.ByGroup:       {"product group", "группа товаров"},
	orders.BySalesperson: {"salesperson", "продавец"},
	orders.ByOwner:       {"present salesperson", "нынешний продавец"},
	orders.ByChannel:     {"channel", "канал"},
	orders.ByRepeatFlag:  {"flag of the CRM", "признак CRM"},
}

func (x *withinSheet) columns(b *book) []column {
	o := x.Options.Ranking
	measure, f := b.measure(o.Measure)
	row := func(i int) withinRow { return x.rows[i] }
	of := withinNames[x.Options.Split]
	return []column{
		{key: "split", name: text{capital(of[English]), capital(of[Russian])}, width: 24, note: text{"within which the classes are", "внутри чего классы"}, cell: func(i, _ int) any { return b.itemName("", row(i).split) }},
		{key: "rank", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"}, note: text{"rank within the part", "место внутри части"}, cell: func(i, _ int) any { return row(i).Rank }},
		{key: "item", name: text{"Id", "Код"}, width: 15, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return row(i).ID }},
		{key: "name", name: itemNames[o.By].one, width: 38, note: text{"the name in the export", "наименование из выгрузки"}, cell: func(i, _ int) any { return b.itemName(row(i).ID, row(i).Name) }},
		{key: "value", name: measure, width: 17, style: style{format: f}, note: text{"of the part", "в этой части"},
			totals: func() any { return x.list.sum("value", x.Total) }, cell: func(i, _ int) any { return row(i).Value }},
		{key: "share", name: text{"Share", "Доля"}, width: 9, style: style{format: percent}, note: text{"of the part's base", "от базы части"}, cell: func(i, _ int) any { return row(i).Share }},
		{key: "cum_share", name: text{"Cumulative share", "Накопленная доля"}, width: 12, style: style{format: percent}, note: text{"within the part", "внутри части"}, cell: func(i, _ int) any { return row(i).CumShare }},
		{key: "abc", name: text{"ABC", "ABC"}, width: 7, style: style{align: "center"}, note: text{"class within the part", "класс внутри части"}, cell: func(i, _ int) any { return row(i).ABC.String() }},
		{key: "xyz", name: text{"XYZ", "XYZ"}, width: 10, style: style{align: "center"}, note: text{"class by the variation", "класс по вариации"}, cell: func(i, _ int) any { return b.xyzName(row(i).XYZ) }},
	}
}

// capital returns s with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// severalTies returns what the lists of classes in other ways add up to, by
// revenue. Of several measures that is the list's if revenue is one of them.
func (b *book) severalTies(p parts, anonymous, cancelled tiePart) (ties []tie) {
	add := func(t *table, key string, o abcxyz.Options, sum orders.Amount) {
		everybody := o.By == orders.ByProduct || o.By == orders.ByGroup
		parts := []tiePart{
			{text{"All items", "Все позиции"}, t.sheet.ref(t.col(key), t.totals), sum},
			b.outsidePart(o.Scope, everybody), cancelled,
		}
		if !everybody {
			parts = append(parts, anonymous)
		}
		ties = append(ties, newTie(t.sheet, itemNames[o.By].many, parts))
	}
	if x := p.measures; x != nil {
		for k, r := range x.Rankings {
			if r.Options.Measure == orders.Revenue {
				add(x.list, x.key("value", k), r.Options, r.Total)
			}
		}
	}
	if x := p.within; x != nil && x.Options.Ranking.Measure == orders.Revenue {
		add(x.list, "value", x.Options.Ranking, x.Total)
	}
	if x := p.compared; x != nil && x.Options.Ranking.Measure == orders.Revenue {
		add(x.list, "value", x.Options.Ranking, x.Ours.Total)
	}
	return ties
}
