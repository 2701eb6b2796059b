package report

import (
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// partsSheet is the repeat share of each part of the business, a table for each
// dimension.
type partsSheet struct {
	sheet  *sheet
	tables []*table // one for each of Book.Parts
}

// partNames are what the dimensions are called in a heading, and in a column.
var partNames = map[orders.Dimension][2]text{
	orders.BySalesperson: {{"By salesperson of the deal", "По продавцу сделки"}, {"Salesperson", "Продавец"}},
	orders.ByOwner:       {{"By salesperson of the customer's latest purchase", "По продавцу последней покупки клиента"}, {"Customer's owner", "Ведёт клиента"}},
	orders.ByChannel:     {{"By channel", "По каналу"}, {"Channel", "Канал"}},
	orders.ByGroup:       {{"By product group", "По группе товаров"}, {"Product group", "Группа товаров"}},
	orders.ByProduct:     {{"By product", "По товару"}, {"Product", "Товар"}},
	orders.ByRepeatFlag:  {{"By the CRM's repeat flag", "По признаку CRM"}, {"The CRM's flag", "Признак CRM"}},
}

func (b *book) partsSheet() *partsSheet {
	s := b.sheet(text{"Repeat share by part", "Доля повторных по частям"}, 34, 16, 16, 16, 16, 15, 13, 13, 12, 12, 12, 12)
	p := &partsSheet{sheet: s}
	s.add(style{look: title}, text{"Repeat share by part of the business", "Доля повторных по частям бизнеса"})
	s.add(style{look: subtitle}, text{
		"A deal keeps the side that it has in the whole history: a customer of another salesperson or channel is not new",
		"Сделка остаётся первой или повторной по всей истории клиента: клиент другого продавца или канала не становится новым",
	})
	s.left = 1
	for _, x := range b.Parts {
		s.skip(1)
		p.tables = append(p.tables, p.table(b, x))
	}
	s.skip(1)
	s.add(style{look: section}, legendTitle)
	for _, c := range p.tables[0].columns {
		if c.note != (text{}) {
			s.paragraph(prose, 0, b.say(c.name)+" — "+b.say(c.note))
		}
	}
	s.paragraph(prose, 0, b.say(text{
		"Customers and purchases that several parts share count in each of them, and once in the total: they do not add up. Money does.",
		"Клиенты и покупки, общие для нескольких частей, сосчитаны в каждой, а в итоге один раз: они не складываются. Деньги складываются.",
	}))
	return p
}

// table lays out one split.
func (p *partsSheet) table(b *book, x *cohorts.Split) *table {
	var at *table
	t := &at
	cash, count := style{format: money}, style{format: whole}
	of := func(i int) *cohorts.Business {
		if i < 0 {
			return &x.Total
		}
		return &x.Parts[i].Business
	}
	amount := func(key string, name, note text, v func(*cohorts.Business) orders.Amount) column {
		return column{key: key, name: name, note: note, style: cash,
			cell:   func(i, _ int) any { return v(of(i)) },
			totals: func() any { return (*t).sum(key, v(&x.Total)) }}
	}
	number := func(key string, name, note text, v func(*cohorts.Business) int64) column {
		return both(column{key: key, name: name, note: note, style: count}, t, func(i, _ int) any { return v(of(i)) })
	}
	c := []column{
		{key: "part", name: partNames[x.By][1], totals: totalLabel, cell: func(i, _ int) any { return b.valueName(x.Parts[i].Value) }},
		both(column{key: "revenue", name: b.money(text{"Revenue", "Выручка"}), style: cash}, t, func(i, row int) any {
			return formula{"SUM(" + (*t).at("first_revenue", row) + ":" + (*t).at("unmatched_returns", row) + ")", of(i).Sides.Total().Revenue}
		}),
		amount("first_revenue", text{"First", "Первые"}, text{"money of customers' first purchases", "деньги первых покупок клиентов"}, func(x *cohorts.Business) orders.Amount { return x.First.Revenue }),
		amount("repeat_revenue", text{"Repeat", "Повторные"}, text{"money of all later ones", "деньги всех следующих"}, func(x *cohorts.Business) orders.Amount { return x.Repeat.Revenue }),
		amount("unknown_revenue", text{"Unknown", "Неизвестно"}, text{"first purchases in the export that may be an old customer's", "первые в выгрузке покупки, которые могут быть покупками старых клиентов"}, func(x *cohorts.Business) orders.Amount { return x.Unknown.Revenue }),
		amount("unmatched_returns", text{"Unmatched returns", "Возвраты без покупки"}, text{}, func(x *cohorts.Business) orders.Amount { return x.Unmatched.Revenue }),
	}
	c = append(c, boundColumns(b, t, text{"Repeat share", "Доля повторных"}, func(i int) cohorts.Share { return of(i).ByRevenue })...)
	c = append(c,
		number("purchases", text{"Purchases", "Покупок"}, text{"with anything of this part", "в которых есть что-то из этой части"}, func(x *cohorts.Business) int64 { return x.Deals() }),
		number("customers", text{"Customers", "Клиентов"}, text{"distinct, with such a purchase", "разных, с такой покупкой"}, func(x *cohorts.Business) int64 { return x.Customers }),
		number("new", text{"New", "Новых"}, text{"with their first purchase in it", "с первой покупкой"}, func(x *cohorts.Business) int64 { return x.NewCustomers }),
		number("returning", text{"Returning", "Вернувшихся"}, text{"with a repeat purchase in it", "с повторной покупкой"}, func(x *cohorts.Business) int64 { return x.ReturningCustomers }))
	p.sheet.add(style{look: section}, b.money(partNames[x.By][0]))
	at = p.sheet.table(len(x.Parts), false, c)
	at.fill()
	return at
}

// ties are what each table adds up to.
func (p *partsSheet) ties(b *book, anonymous, cancelled tiePart) (ties []tie) {
	for i, x := range b.Parts {
		t := p.tables[i]
		ties = append(ties, newTie(p.sheet, partNames[x.By][0], []tiePart{
			{text{"Total", "Итого"}, p.sheet.ref(t.col("revenue"), t.totals), x.Total.Sides.Total().Revenue},
			b.outsidePart(x.Scope, false), anonymous, cancelled,
		}))
	}
	return ties
}
