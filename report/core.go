package report

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/abcxyz"
)

// coreSheet lists the regular customers who carry the business.
type coreSheet struct {
	*abcxyz.CoreList
	list  *table
	share string // cell of the core's share of revenue
}

func (b *book) coreSheet() *coreSheet {
	c := &coreSheet{CoreList: b.Core}
	o := c.Options
	p := b.params
	p.section(text{"Core list", "Ядро клиентов"})
	p.fixed(whole, text{"Purchases, at least", "Покупок, не меньше"}, o.MinPurchases, text{"of a customer of the core", "у клиента ядра за всю историю"})
	p.fixed(number, text{"Lapsed after so many median gaps", "Потерян после стольких медианных интервалов"}, o.Lapse, text{"without a purchase; with fewer than the least number of gaps the company's median is used", "без покупки; если интервалов мало, берётся медиана по компании"})
	p.fixed(whole, text{"Gaps for an own median", "Интервалов для собственной медианы"}, o.MinGaps, text{"with fewer the company's median is used", "если меньше — медиана по компании"})

	columns := c.columns(b)
	var widths []float64
	for _, v := range columns {
		widths = append(widths, v.width)
	}
	s := b.sheet(text{"Core list", "Ядро клиентов"}, widths...)
	s.add(style{look: title}, text{"Core list: regular customers who carry the business", "Ядро: постоянные клиенты, на которых держится бизнес"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Class A, at least %d purchases, not lapsed as of %s", o.MinPurchases, b.day(o.Ranking.Scope.AsOf)),
		fmt.Sprintf("Класс A, не меньше %d покупок, не потеряны на %s", o.MinPurchases, b.day(o.Ranking.Scope.AsOf)),
	})
	c.parts(b, s)
	s.skip(1)
	c.list = s.table(len(c.Customers), true, columns)
	c.list.fill()
	c.list.listing(3)
	c.list.frozen = 0 // the parts above are too high to stay in sight
	c.list.legend()
	return c
}

// parts lays out how much of class A the core is, and what of it cannot be counted on.
func (c *coreSheet) parts(b *book, s *sheet) {
	head := style{look: header}
	s.add(style{}, nil, nil, styled{head, text{"Part of the customers", "Часть клиентов"}}, styled{head, text{"Customers", "Клиентов"}}, styled{head, text{"Share", "Доля"}}, styled{head, b.money(text{"Revenue", "Выручка"})})
	all := s.rows + 7
	for _, x := range []struct {
		name text
		part abcxyz.CorePart
	}{
		{text{"Class A", "Класс A"}, c.ClassA},
		{text{"Core", "Ядро"}, c.Core},
		{text{"A: irregular (Z or –)", "A: нерегулярные (Z или –)"}, c.Irregular},
		{text{"A: one-off", "A: разовые"}, c.OneOff},
		{text{"A: lapsed", "A: потерянные"}, c.Lapsed},
		{text{"A: irregular or lapsed", "A: нерегулярные или потерянные"}, c.IrregularOrLapsed},
	} {
		at := s.rows + 1
		s.add(style{}, nil, nil, x.name, styled{style{format: whole}, x.part.Customers},
			styled{style{format: percent}, shareCell(fmt.Sprintf("F%d/F$%d", at, all), x.part.Share)}, styled{style{format: money}, x.part.Revenue})
		if x.name[English] == "Core" {
			c.share = s.ref(5, at)
		}
	}
	sum := style{look: total}
	s.add(style{}, nil, nil, styled{sum, text{"All customers", "Все клиенты"}}, styled{sum, nil}, styled{sum, nil}, styled{style{look: total, format: money}, c.Revenue})
}

// columns returns the columns of the list.
func (c *coreSheet) columns(b *book) []column {
	row := func(i int) *abcxyz.CoreCustomer { return &c.Customers[i] }
	return []column{
		{key: "rank", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"}, note: text{"rank among all customers", "место среди всех клиентов"},
			cell: func(i, _ int) any { return row(i).Rank }},
		{key: "item", name: text{"Id", "Код"}, width: 15, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return row(i).ID }},
		{key: "name", name: text{"Customer", "Клиент"}, width: 38, note: text{"the name in the export", "наименование из выгрузки"}, cell: func(i, _ int) any { return row(i).Name }},
		{key: "owner", name: text{"Salesperson", "Продавец"}, width: 20, note: text{"of the latest purchase", "в последней покупке"},
			cell: func(i, _ int) any { return row(i).Owner }},
		{key: "class", name: text{"Class", "Класс"}, width: 10, style: style{align: "center"}, note: text{"ABC and XYZ", "ABC и XYZ"},
			cell: func(i, _ int) any { return row(i).ABC.String() + b.xyzName(row(i).XYZ) }},
		{key: "revenue", name: b.money(text{"Revenue", "Выручка"}), width: 17, style: style{format: money}, note: text{"in the range of the report", "за период отчёта"},
			totals: func() any { return c.list.sum("revenue", c.Core.Revenue) },
			cell:   func(i, _ int) any { return row(i).Revenue }},
		{key: "purchases", name: text{"Purchases", "Покупок"}, width: 10, style: style{format: whole}, note: text{"of the whole history", "за всю историю"},
			cell: func(i, _ int) any { return row(i).Purchases }},
		{key: "last_day", name: text{"Last purchase", "Последняя покупка"}, width: 12, note: text{"its day", "её день"}, cell: func(i, _ int) any { return row(i).LastDay }},
		{key: "days_since_last", name: text{"Days since", "Дней прошло"}, width: 9, style: style{format: whole}, note: text{"from the last purchase to the day of the report", "от последней покупки до даты отчёта"},
			cell: func(i, _ int) any { return row(i).DaysSinceLast }},
		{key: "median_gap", name: text{"Median gap, days", "Обычный интервал, дней"}, width: 12, style: style{format: days},
			note: text{"the median of the days between purchases", "медиана дней между покупками"},
			cell: func(i, _ int) any { return present(row(i).MedianGap) }},
		{key: "own", name: text{"Whose", "Чей"}, width: 11, style: style{align: "center"},
			note: text{"own: the customer's median; company: the company's, for want of gaps", "свой — медиана клиента; компании — если интервалов у клиента мало"},
			cell: func(i, _ int) any {
				switch {
				case math.IsNaN(row(i).MedianGap):
					return nil
				case row(i).OwnMedian:
					return text{"own", "свой"}
				}
				return text{"company", "компании"}
			}},
		{key: "gap_cv", name: text{"Variation of gaps", "Вариация интервалов"}, width: 11, style: style{format: percent}, note: text{"σ ÷ mean of the days between purchases: the smaller, the more regular", "σ ÷ среднее дней между покупками: чем меньше, тем регулярнее"},
			cell: func(i, _ int) any { return present(row(i).GapCV) }},
		{key: "next_day", name: text{"Next purchase expected", "Ждём следующую"}, width: 13, note: text{"last purchase plus the median gap", "последняя покупка плюс обычный интервал"},
			cell: func(i, _ int) any { return row(i).NextDay }},
	}
}
