package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// contactSheets hold the contacts with customers to the norms of their classes:
// by salesperson and class, and customer by customer.
func (b *book) contactSheets() {
	r := b.Contacts
	p := b.params
	p.section(text{"Contact norms", "Нормы касаний"})
	p.fixed(general, text{"Contacts from", "Касания с"}, r.From, text{})
	p.fixed(general, text{"Contacts up to", "Касания по"}, r.AsOf, text{})
	for _, n := range r.Norms {
		p.fixed(quantity, text{"Contacts a month, class " + b.className(n.Class), "Касаний в месяц, класс " + b.className(n.Class)}, n.PerMonth,
			text{"a part of a month counts by its days", "неполный месяц — по дням"})
	}
	b.contactNormSheet(r)
	b.contactListSheet(r)
}

// className returns a class; without one it says so.
func (b *book) className(class string) string {
	if class == "" {
		return b.say(text{"(no class)", "(без класса)"})
	}
	return class
}

// contactNormSheet is what each salesperson owed and did, by class.
func (b *book) contactNormSheet(r *segments.ContactResult) {
	s := b.sheet(text{"Contact norms", "Нормы касаний"}, 38, 18, 13, 14, 14, 15, 13, 16, 16)
	s.add(style{look: title}, text{"Contact norms", "Нормы касаний"})
	s.add(style{look: subtitle}, text{
		"Contacts of " + b.between(r.From, r.AsOf) + " with the customers of each salesperson",
		"Касания за " + b.between(r.From, r.AsOf) + " с клиентами каждого продавца",
	})
	b.contactTable(s, r.Groups, &r.Total, func(c *segments.ContactSums) any { return b.valueName(c.Salesperson) }).listing(2)
	s.skip(1)
	s.add(style{look: section}, text{"By class", "По классам"})
	t := b.contactTable(s, r.Classes, &r.Total, func(*segments.ContactSums) any { return text{"all", "все"} })
	s.skip(1)
	s.add(style{look: section}, text{"All contacts given", "Все данные касания"})
	counted := t.sheet.ref(t.col("fact"), t.totals)
	first := s.rows + 1
	count := func(name text, v any) { s.add(style{}, name, styled{style{format: whole}, v}) }
	count(text{"with customers of the export, on these days", "с клиентами из выгрузки за эти дни"}, formula{counted, r.Total.Fact})
	count(text{"on other days", "за другие дни"}, r.Outside)
	count(text{"with others", "с другими"}, r.Elsewhere)
	s.add(style{look: total}, totalLabel, styled{style{look: total, format: whole}, formula{sumOf(2, first, s.rows), r.Total.Fact + r.Outside + r.Elsewhere}})
	t.legend(text{
		"Contacts with customers whose class has no norm are in the fact and in no deviation.",
		"Касания с клиентами, у класса которых нет нормы, входят в факт, но не в отклонение.",
	})
}

// contactTable lays out sums of contacts with the customers of someone.
func (b *book) contactTable(s *sheet, rows []segments.ContactSums, sum *segments.ContactSums, whose func(*segments.ContactSums) any) *table {
	var t *table
	of := func(i int) *segments.ContactSums {
		if i < 0 {
			return sum
		}
		return &rows[i]
	}
	count := func(key string, name, note text, v func(*segments.ContactSums) int64) column {
		return column{key: key, name: name, note: note, style: style{format: whole},
			cell: func(i, _ int) any { return v(of(i)) }, totals: func() any { return t.sum(key, v(sum)) }}
	}
	deviation := func(i, at int) any {
		c := of(i)
		switch {
		case i < 0:
			return knownSum(t, "deviation", c.Deviation)
		case !c.Deviation.Known:
			return nil
		}
		return formula{fmt.Sprintf("ROUND(%s-%s,4)", t.at("fact", at), t.at("norm", at)), c.Deviation.Amount}
	}
	done := func(i, at int) any {
		c := of(i)
		if !c.Norm.Known {
			return nil
		}
		if c.Norm.Amount == 0 {
			return undefined
		}
		norm := t.at("norm", at)
		return formula{fmt.Sprintf("(%s+%s)/%s", norm, t.at("deviation", at), norm), float64(c.Counted) * float64(orders.One) / float64(c.Norm.Amount)}
	}
	columns := []column{
		{key: "owner", name: text{"Salesperson", "Продавец"}, totals: totalLabel, note: text{"of the customer's latest purchase", "в последней покупке клиента"}, cell: func(i, _ int) any { return whose(of(i)) }},
		{key: "class", name: text{"Class", "Класс"}, note: text{"of the customers", "клиентов"}, cell: func(i, _ int) any { return b.className(of(i).Class) }},
		count("customers", text{"Customers", "Клиентов"}, text{"of the export", "из выгрузки"}, func(c *segments.ContactSums) int64 { return c.Customers }),
		{key: "norm", name: text{"Norm", "Норма"}, style: style{format: quantity}, note: text{"contacts a month of the class × months × customers; blank: no norm", "касаний в месяц по классу × месяцев × клиентов; пусто — нормы нет"},
			cell:   func(i, _ int) any { return of(i).Norm },
			totals: func() any { return knownSum(t, "norm", sum.Norm) }},
		count("fact", text{"Fact", "Факт"}, text{"contacts made", "сделано касаний"}, func(c *segments.ContactSums) int64 { return c.Fact }),
		both(column{key: "deviation", name: text{"Deviation", "Отклонение"}, style: style{format: quantity}, note: text{"fact − norm", "факт − норма"}}, &t, deviation),
		both(column{key: "done", name: text{"Done", "Выполнение"}, style: style{format: percent, align: "right"}, note: text{"(norm + deviation) ÷ norm", "(норма + отклонение) ÷ норма"}}, &t, done),
		{key: "met", name: text{"Norm met", "Норма выполнена"}, style: style{format: whole}, note: text{"customers whose contacts reach their norm", "клиентов, с которыми касаний не меньше нормы"},
			cell: func(i, _ int) any {
				if of(i).Normed == 0 {
					return nil
				}
				return of(i).Met
			}, totals: func() any { return t.sum("met", sum.Met) }},
		count("untouched", text{"Untouched", "Без касаний"}, text{"customers without any contact on these days", "клиентов без единого касания за эти дни"}, func(c *segments.ContactSums) int64 { return c.Untouched }),
	}
	t = s.table(len(rows), false, columns)
	t.fill()
	return t
}

// knownSum returns the total of a column, blank if nothing in it is known.
func knownSum(t *table, key string, sum orders.NullAmount) any {
	if !sum.Known {
		return nil
	}
	return t.sum(key, sum.Amount)
}

// contactListSheet is every customer's norm and contacts.
func (b *book) contactListSheet(r *segments.ContactResult) {
	var t *table
	of := func(i int) *segments.ContactCustomer { return &r.Customers[i] }
	columns := []column{
		{key: "id", name: text{"Id", "Код"}, width: 15, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return of(i).ID }},
		{key: "name", name: text{"Customer", "Клиент"}, width: 38, note: text{"the name in the export", "наименование из выгрузки"}, cell: func(i, _ int) any { return b.itemName(of(i).ID, of(i).Name) }},
		{key: "owner", name: text{"Salesperson", "Продавец"}, width: 24, note: text{"of the latest purchase", "в последней покупке"}, cell: func(i, _ int) any { return b.valueName(of(i).Owner) }},
		{key: "class", name: text{"Class", "Класс"}, width: 14, style: style{align: "center"}, note: text{"as given", "как задан"}, cell: func(i, _ int) any { return b.className(of(i).Class) }},
		{key: "norm", name: text{"Norm", "Норма"}, width: 12, style: style{format: quantity}, note: text{"contacts a month of the class × months; blank: no norm", "касаний в месяц по классу × месяцев; пусто — нормы нет"},
			cell: func(i, _ int) any { return of(i).Norm }, totals: func() any { return knownSum(t, "norm", r.Total.Norm) }},
		{key: "fact", name: text{"Fact", "Факт"}, width: 12, style: style{format: whole}, note: text{"contacts made", "сделано касаний"},
			cell: func(i, _ int) any { return of(i).Fact }, totals: func() any { return t.sum("fact", r.Total.Fact) }},
		{key: "deviation", name: text{"Deviation", "Отклонение"}, width: 13, style: style{format: quantity}, note: text{"fact − norm", "факт − норма"},
			cell: func(i, at int) any {
				if !of(i).Deviation.Known {
					return nil
				}
				return formula{fmt.Sprintf("ROUND(%s-%s,4)", t.at("fact", at), t.at("norm", at)), of(i).Deviation.Amount}
			}, totals: func() any { return knownSum(t, "deviation", r.Total.Deviation) }},
		{key: "last_contact", name: text{"Last contact", "Последнее касание"}, width: 14, note: text{"before these days too; blank: none", "в том числе до этих дней; пусто — не было"}, cell: func(i, _ int) any { return of(i).LastContact }},
	}
	s := b.sheet(text{"Contacts by customer", "Касания по клиентам"}, widths(columns)...)
	s.add(style{look: title}, text{"Contacts by customer", "Касания по клиентам"})
	s.add(style{look: subtitle}, text{"Contacts of " + b.between(r.From, r.AsOf), "Касания за " + b.between(r.From, r.AsOf)})
	t = s.table(len(r.Customers), true, columns)
	t.fill()
	t.listing(2)
	t.legend()
}

var methodContacts = []definition{
	{text{"Norm", "Норма"}, text{
		"So many contacts a month as the customer's class is to get, times the months; a part of a month counts by its days. Who has no class, or one without a norm, has none.",
		"Сколько касаний в месяц положено классу клиента, умноженное на число месяцев; неполный месяц — по дням. У клиента без класса или с классом без нормы нормы нет."}},
	{text{"Deviation", "Отклонение"}, text{
		"Contacts less norm, of customers with a norm. Contacts on other days and with others than the customers of the export are counted apart, so that all contacts add up.",
		"Касания минус норма — по клиентам с нормой. Касания за другие дни и с теми, кого нет в выгрузке, сосчитаны отдельно, поэтому все касания сходятся."}},
}
