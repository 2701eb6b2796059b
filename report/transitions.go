package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// transitionSheet is who moved from which cell of the behaviour grid to which,
// counted by formulas from the list below.
type transitionSheet struct {
	*segments.TransitionResult
	sheet  *sheet
	list   *table
	names  []string // of the places, and then of no place
	unique bool     // formulas can tell the names apart
}

func (b *book) transitionSheet() *transitionSheet {
	x := &transitionSheet{TransitionResult: b.Transitions}
	x.name(b)
	p := b.params
	p.section(text{"Transitions between segments", "Переходы между сегментами"})
	p.fixed(general, text{"Behaviour grid at the start: as of", "Сетка поведения в начале: на дату"}, x.Start.AsOf, text{"both dates sort by the same bounds", "на обе даты границы одни и те же"})
	p.fixed(general, text{"Behaviour grid at the end: as of", "Сетка поведения в конце: на дату"}, x.End.AsOf, text{})

	columns := x.columns(b)
	x.sheet = b.sheet(text{"Transitions", "Переходы"}, x.widths(columns)...)
	s := x.sheet
	s.add(style{look: title}, text{"Transitions between segments", "Переходы между сегментами"})
	s.add(style{look: subtitle}, text{
		"Behaviour grid as of " + b.day(x.Start.AsOf) + " and as of " + b.day(x.End.AsOf),
		"Сетка поведения на " + b.day(x.Start.AsOf) + " и на " + b.day(x.End.AsOf),
	})
	x.block(text{"Customers", "Клиентов"}, whole, "", func(t segments.Transition) any { return t.Customers })
	x.block(b.money(text{"Revenue up to the start", "Выручка к началу"}), money, "start", func(t segments.Transition) any { return t.Start })
	x.block(b.money(text{"Revenue up to the end", "Выручка к концу"}), money, "end", func(t segments.Transition) any { return t.End })
	s.skip(1)
	x.list = s.table(len(x.Moves), true, columns)
	x.list.fill()
	x.list.listing(2)
	x.list.frozen = 0 // the blocks above are too high to stay in sight
	x.list.legend(text{
		"Rows of the tables are places at the start, columns places at the end; everybody is in one cell. Rows add up to the grid at the start, columns to the grid at the end. Who entered bought for the first time, or became known; who left is another salesperson's now, where the report is of one.",
		"В таблицах строки — место в начале, столбцы — место в конце; каждый стоит ровно в одной клетке. Строки сходятся с сеткой на первую дату, столбцы — с сеткой на вторую. Пришли — купили впервые или стали известны; ушли — если отчёт по одному продавцу, теперь у другого.",
	})
	return x
}

// name names the places: "new, active".
func (x *transitionSheet) name(b *book) {
	for _, p := range x.Places {
		name := b.say(stateNames[p.State])
		if p.Column >= 0 {
			name = b.named(columnNames, x.End.Columns[p.Column].Name) + ", " + name
		}
		x.names = append(x.names, name)
	}
	x.names = append(x.names, b.say(text{"absent", "нет"}))
	x.unique = countable(x.names)
}

// widths returns those of the list's columns, and of the places beyond them.
func (x *transitionSheet) widths(columns []column) []float64 {
	w := widths(columns)
	for len(w) < placeLabel+len(x.names)+1 { // a total beside the places
		w = append(w, 17)
	}
	return w
}

// placeLabel is the column of the blocks' labels, that of the customers' names.
const placeLabel = 2

// block lays out one figure of every cell: a number without sum, else the sum of
// that column.
func (x *transitionSheet) block(name text, f format, sum string, of func(segments.Transition) any) {
	s := x.sheet
	s.skip(1)
	n, first := len(x.Places), s.rows+2
	head := []any{nil, styled{style{look: header}, name}}
	for _, p := range x.names[:n] {
		head = append(head, styled{style{look: header}, p})
	}
	s.addHigh(44, style{}, append(head, styled{style{look: header}, text{"left", "ушли"}}, styled{style{look: header}, totalLabel})...)
	for i, row := range x.Cells {
		label := any(styled{style{align: "left", wrap: true}, x.names[i]})
		if i == n {
			label = styled{style{align: "left"}, text{"entered", "пришли"}}
		}
		out := []any{nil, label}
		for j, c := range row {
			out = append(out, whenWritten(style{format: f}, func() any { return x.cell(i, j, sum, of(c)) }))
		}
		at := s.rows + 1
		out = append(out, styled{style{format: f, look: total}, formula{fmt.Sprintf("SUM(%s:%s)", cellName(placeLabel+1, at), cellName(placeLabel+n+1, at)), of(x.RowTotals[i])}})
		s.add(style{}, out...)
	}
	last := s.rows
	out := []any{nil, styled{style{look: total}, totalLabel}}
	for j, c := range append(x.ColumnTotals[:n+1:n+1], x.Total) {
		out = append(out, styled{style{format: f, look: total}, formula{sumOf(placeLabel+1+j, first, last), of(c)}})
	}
	s.add(style{}, out...)
	s.heat(first, placeLabel+1, last-1, placeLabel+n, colourFirst)
}

// cell returns one cell of a block as a formula over the list, or its value where
// the list does not hold everybody, or the names cannot be counted by.
func (x *transitionSheet) cell(from, to int, sum string, cached any) any {
	t := x.list
	if !x.unique || t.shown < t.items || t.items == 0 {
		return cached
	}
	where := fmt.Sprintf("%s,%s,%s,%s)", t.local("from"), quote(x.names[from]), t.local("to"), quote(x.names[to]))
	if sum == "" {
		return formula{"COUNTIFS(" + where, cached}
	}
	return formula{"SUMIFS(" + t.local(sum) + "," + where, cached}
}

// columns returns the columns of the list.
func (x *transitionSheet) columns(b *book) []column {
	m := func(i int) *segments.Move { return &x.Moves[i] }
	amount := func(key string, name, note text, all orders.Amount, of func(*segments.Move) orders.Amount) column {
		return column{key: key, name: b.money(name), width: 17, style: style{format: money}, note: note,
			totals: func() any { return x.list.sum(key, all) },
			cell:   func(i, _ int) any { return of(m(i)) }}
	}
	place := func(key string, name, note text, of func(*segments.Move) int) column {
		return column{key: key, name: name, width: 26, note: note, cell: func(i, _ int) any { return x.names[of(m(i))] }}
	}
	return []column{
		{key: "id", name: text{"Id", "Код"}, width: 15, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return m(i).ID }},
		{key: "name", name: text{"Customer", "Клиент"}, width: 34, note: text{"the name in the export", "наименование из выгрузки"}, cell: func(i, _ int) any { return m(i).Name }},
		{key: "owner", name: text{"Salesperson", "Продавец"}, width: 17, note: text{"of the latest purchase", "в последней покупке"}, cell: func(i, _ int) any { return m(i).Owner }},
		amount("start", text{"Revenue up to the start", "Выручка к началу"}, text{"up to the first date", "по первую дату"}, x.Total.Start, func(m *segments.Move) orders.Amount { return m.Start }),
		amount("end", text{"Revenue up to the end", "Выручка к концу"}, text{"up to the second date", "по вторую дату"}, x.Total.End, func(m *segments.Move) orders.Amount { return m.End }),
		{key: "difference", name: b.money(text{"Between the dates", "Между датами"}), width: 17, style: style{format: money}, note: text{"end less start: what they bought in between, less returns; of who entered or left, all of it", "конец минус начало: покупки за это время за вычетом возвратов; у тех, кто пришёл или ушёл, — всё"},
			totals: func() any { return x.list.sum("difference", x.Total.End-x.Total.Start) },
			cell: func(i, at int) any {
				return formula{fmt.Sprintf("ROUND(%s-%s,4)", x.list.at("end", at), x.list.at("start", at)), m(i).End - m(i).Start}
			}},
		place("from", text{"Place at the start", "Место в начале"}, text{"in the grid as of the first date", "в сетке на первую дату"}, func(m *segments.Move) int { return m.From }),
		place("to", text{"Place at the end", "Место в конце"}, text{"in the grid as of the second date", "в сетке на вторую дату"}, func(m *segments.Move) int { return m.To }),
	}
}

// ties are what each date adds up to and leaves out.
func (x *transitionSheet) ties(b *book, anonymous, cancelled tiePart) (ties []tie) {
	for _, when := range []struct {
		name text
		key  string
		of   *segments.GridResult
	}{{text{"At the start", "В начале"}, "start", x.Start}, {text{"At the end", "В конце"}, "end", x.End}} {
		ties = append(ties, newTie(x.sheet, when.name, []tiePart{
			{text{"Customers with a purchase", "Клиенты с покупкой"}, x.sheet.ref(x.list.col(when.key), x.list.totals), when.of.Revenue},
			{name: text{"Customers without a purchase", "Клиенты без покупки"}, value: when.of.WithoutRevenue},
			b.outsidePart(when.of.Scope, false), anonymous, cancelled,
		}))
	}
	return ties
}
