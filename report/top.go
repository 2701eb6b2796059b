package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// topSheet is one list of leaders over several periods.
type topSheet struct {
	*abcxyz.TopList
	sheet *sheet
	list  *table
	base  int // row of the periods' bases, which shares are of
}

// topSheets lays out a sheet for each list. Two lists of one name are an error.
func (b *book) topSheets() {
	names := map[string]bool{}
	for _, l := range b.Top {
		x := &topSheet{TopList: l}
		of := itemNames[l.Options.By].of
		name := text{fmt.Sprintf("Top-%d %s", l.Options.N, of[English]), fmt.Sprintf("Топ-%d %s", l.Options.N, of[Russian])}
		if names[b.say(name)] {
			b.note(fmt.Errorf("report: %w: Book.Top has two lists of %d %s", orders.ErrOptions, l.Options.N, of[English]))
			return
		}
		names[b.say(name)] = true
		x.lay(b, name)
	}
}

func (x *topSheet) lay(b *book, name text) {
	columns := x.columns(b)
	x.sheet = b.sheet(name, widths(columns)...)
	s, o := x.sheet, x.Options
	s.add(style{look: title}, name)
	value, _ := b.measure(o.Measure)
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s %s; equal values share a place, and all who share the last one stay in. Only whole periods.", value[English], grainNames[o.Grain][English]),
		fmt.Sprintf("%s %s; у равных значений место общее, все делящие последнее место остаются. Только полные периоды.", value[Russian], grainNames[o.Grain][Russian]),
	})
	if len(x.Periods) == 0 {
		s.add(style{look: muted}, text{"The export covers no whole period.", "В выгрузке нет ни одного полного периода."})
		return
	}
	s.skip(1)
	x.summary(b)
	s.skip(1)
	x.list = s.table(len(x.Items), false, columns)
	x.list.fill()
	x.list.listing(3)
	x.list.frozen = 0 // the figures above are too high to stay in sight
	x.list.legend(text{
		"Jaccard: who is in both lists ÷ who is in either. Rank-biased overlap (Webber, Moffat & Zobel 2010) weighs the upper places more; 100 %: the same list in the same order.",
		"Жаккар: кто есть в обоих списках ÷ кто есть хотя бы в одном. Ранговое совпадение (Webber, Moffat, Zobel 2010) больше ценит верхние места; 100 % — тот же список в том же порядке.",
	})
	if len(x.Periods) > 1 && len(x.Items) > 0 {
		s.charts = append(s.charts, x.chart(b, cellName(len(columns)+2, x.list.head), 760, 420))
		s.area = s.span(1, 1, len(columns), s.rows)
	}
}

// valueColumn is the column of an item's value in period k.
func (x *topSheet) valueColumn(k int) int { return 4 + len(x.Periods) + k }

// summary lays out the lists as a whole, each period's above its values.
func (x *topSheet) summary(b *book) {
	s, f := x.sheet, measured(x.Options.Measure)
	lead := make([]any, x.valueColumn(0)-1)
	row := func(name text, st style, cell func(k int) any) int {
		cells := append([]any{}, lead...)
		cells[labelColumn-1] = styled{style{look: st.look}, name}
		for k := range x.Periods {
			cells = append(cells, whenWritten(st, func() any { return cell(k) }))
		}
		return s.add(style{}, cells...)
	}
	at := func(k, row int) string { return cellName(x.valueColumn(k), row) }
	later := func(v func(k int) any) func(k int) any {
		return func(k int) any {
			if k == 0 {
				return nil
			}
			return v(k)
		}
	}
	p := func(k int) abcxyz.TopPeriod { return x.Periods[k] }
	row(text{"The list as a whole", "Список в целом"}, style{look: header}, func(k int) any { return p(k).Period })
	listed := row(text{"In the list", "В списке"}, style{format: whole}, func(k int) any { return p(k).Listed })
	row(text{"Least value in it", "Наименьшее значение в нём"}, style{format: f}, func(k int) any { return p(k).Threshold })
	sum := row(text{"Sum of the list", "Сумма списка"}, style{format: f}, func(k int) any {
		if x.list.shown < x.list.items || x.list.items == 0 {
			return p(k).Sum
		}
		return formula{fmt.Sprintf(`SUMIF(%s,"<=%d",%s)`, x.list.local(rankKey(k)), x.Options.N, x.list.local(valueKey(k))), p(k).Sum}
	})
	x.base = row(text{"All values above zero", "Все значения больше нуля"}, style{format: f}, func(k int) any { return p(k).Base })
	row(text{"Share of the list", "Доля списка"}, style{format: percent}, func(k int) any {
		return shareCell(at(k, sum)+"/"+at(k, x.base), p(k).Share)
	})
	row(text{"All values, returns included", "Все значения вместе с возвратами"}, style{format: f}, func(k int) any { return p(k).Total })
	row(text{"Entered", "Вошли впервые"}, style{format: whole}, later(func(k int) any { return p(k).Entered }))
	row(text{"Returned", "Вернулись"}, style{format: whole}, later(func(k int) any { return p(k).Returned }))
	stayed := row(text{"Stayed", "Остались"}, style{format: whole}, later(func(k int) any { return p(k).Stayed }))
	row(text{"Left", "Выбыли"}, style{format: whole}, later(func(k int) any {
		return formula{fmt.Sprintf("%s-%s", at(k-1, listed), at(k, stayed)), p(k).Left}
	}))
	row(text{"Overlap with the list before, Jaccard", "Совпадение с прошлым списком, Жаккар"}, style{format: percent}, later(func(k int) any {
		return shareCell(fmt.Sprintf("%s/(%s+%s-%s)", at(k, stayed), at(k-1, listed), at(k, listed), at(k, stayed)), p(k).Jaccard)
	}))
	row(text{"Rank-biased overlap", "Ранговое совпадение"}, style{format: percent}, later(func(k int) any { return p(k).RBO }))
}

func rankKey(k int) string  { return fmt.Sprint("rank", k) }
func valueKey(k int) string { return fmt.Sprint("value", k) }

var moveNames = map[abcxyz.Move]text{
	abcxyz.Outside:  {"", ""},
	abcxyz.Listed:   {"in the list", "в списке"},
	abcxyz.Entered:  {"entered", "вошёл"},
	abcxyz.Returned: {"returned", "вернулся"},
	abcxyz.Stayed:   {"stayed", "остался"},
	abcxyz.Left:     {"left", "выбыл"},
}

// columns returns the columns of the list: places, values and shares of all
// periods, and what changed in the last.
func (x *topSheet) columns(b *book) []column {
	place := func(i, k int) abcxyz.Place { return x.Items[i].Places[k] }
	value, f := b.measure(x.Options.Measure)
	c := []column{
		{key: "no", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"}, note: text{"by the value in the last period", "по значению в последнем периоде"},
			cell: func(i, _ int) any { return i + 1 }},
		{key: "item", name: text{"Id", "Код"}, width: 15, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return x.Items[i].ID }},
		{key: "name", name: itemNames[x.Options.By].one, width: 38, note: text{"in the list of at least one period", "попавшие в список хотя бы в одном периоде"},
			cell: func(i, _ int) any { return b.itemName(x.Items[i].ID, x.Items[i].Name) }},
	}
	each := func(column func(k int, period string) column) {
		for k, p := range x.Periods {
			c = append(c, column(k, b.monthName(p.Period)))
			if k > 0 {
				c[len(c)-1].note = text{}
			}
		}
	}
	each(func(k int, period string) column {
		return column{key: rankKey(k), name: text{"Place " + period, "Место " + period}, width: 14, style: style{format: whole, align: "center"},
			note: text{"place among all, whether in the list or not; blank: nothing bought", "место среди всех, в списке или нет; пусто — не было продаж"},
			cell: func(i, _ int) any {
				if r := place(i, k).Rank; r > 0 {
					return r
				}
				return nil
			}}
	})
	each(func(k int, period string) column {
		return column{key: valueKey(k), name: text{value[English] + " " + period, value[Russian] + " " + period}, width: 16, style: style{format: f},
			note: text{"in the period", "за период"},
			cell: func(i, _ int) any { return place(i, k).Value }}
	})
	each(func(k int, period string) column {
		return column{key: fmt.Sprint("share", k), name: text{"Share " + period, "Доля " + period}, width: 14, style: style{format: percent},
			note: text{"value ÷ all values above zero of the period", "значение ÷ все значения больше нуля за период"},
			cell: func(i, at int) any {
				if place(i, k).Rank == 0 {
					return nil
				}
				return formula{fmt.Sprintf("%s/%s$%d", x.list.at(valueKey(k), at), columnName(x.valueColumn(k)), x.base), place(i, k).Share}
			}}
	})
	last := len(x.Periods) - 1
	if last < 1 {
		return c
	}
	return append(c,
		column{key: "change", name: text{"Places gained", "Изменение места"}, width: 12, style: style{format: whole, align: "center"},
			note: text{"since the period before; negative: lost; blank: no place in one of the two", "к прошлому периоду; минус — потеряно; пусто — в одном из двух места нет"},
			cell: func(i, at int) any {
				if place(i, last).Rank == 0 || place(i, last-1).Rank == 0 {
					return nil
				}
				return formula{x.list.at(rankKey(last-1), at) + "-" + x.list.at(rankKey(last), at), place(i, last).Change}
			}},
		column{key: "move", name: text{"Move", "Движение"}, width: 13, style: style{align: "center"},
			note: text{"entered: for the first time in these periods; returned: was in an earlier list, not in the last one", "вошёл — впервые за эти периоды; вернулся — был в одном из прежних списков, но не в прошлом"},
			cell: func(i, _ int) any { return moveNames[place(i, last).Move] }})
}

// chart draws what those who lead now had in each period.
func (x *topSheet) chart(b *book, at string, width, height uint) placed {
	const leaders = 10
	c := &excelize.Chart{
		Type:       excelize.Col,
		Title:      chartTitle(b.say(text{"Those who lead now, by period", "Нынешние лидеры по периодам"})),
		Dimension:  excelize.ChartDimension{Width: width, Height: height},
		Legend:     excelize.ChartLegend{Position: "bottom"},
		YAxis:      excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
		XAxis:      excelize.ChartAxis{Font: small(), TickLabelPosition: excelize.ChartTickLabelLow, Alignment: excelize.Alignment{TextRotation: -45}},
		GapWidth:   gap(60),
		VaryColors: oneColour(),
	}
	names := x.list.col("name")
	if x.Items[0].Name == "" {
		names = x.list.col("item")
	}
	first, last := x.list.first, x.list.first+min(leaders, x.list.shown)-1
	for k := range x.Periods {
		c.Series = append(c.Series, excelize.ChartSeries{
			Name:       x.sheet.ref(x.valueColumn(k), x.list.head),
			Categories: x.sheet.span(names, first, names, last),
			Values:     x.sheet.span(x.valueColumn(k), first, x.valueColumn(k), last),
		})
	}
	return placed{at, c, nil}
}

var methodTop = []definition{
	{text{"Top-N", "Топ-N"}, text{
		"Who has place N or better in a period; equal values share a place, and all who share the last one stay in. Entered: for the first time among the periods shown; returned: in an earlier list, but not in the one before.",
		"Кто в периоде занимает место не ниже N; у равных значений место общее, все делящие последнее остаются. Вошёл — впервые за показанные периоды; вернулся — был в одном из прежних списков, но не в прошлом."}},
}
