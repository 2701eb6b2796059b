package report

import "github.com/repeatsales/repeatsales/abcxyz"

// policies lays out what to do with each class, for the reader to change.
func (r *ranking) policies(s *sheet) {
	defaults := customerPolicies
	if r.prefix != "Customers" {
		defaults = productPolicies
	}
	if r.prefix == "Salespersons" {
		return // classes of people are no policy
	}
	m := r.Matrix()
	s.skip(1)
	head := []any{text{"What to do", "Что делать"}}
	for _, c := range m.Columns {
		head = append(head, s.xyzName(c))
	}
	s.add(style{look: header}, head...)
	for _, class := range m.Rows {
		cells := []any{styled{style{align: "center"}, class.String()}}
		high := 1.0
		for _, c := range m.Columns {
			t := s.policy(defaults, class, c)
			high = max(high, lines(t, s.widths[len(cells)]*0.85))
			cells = append(cells, t)
		}
		s.addHigh(high*14, style{look: input, wrap: true, align: "left"}, cells...)
	}
}

// policy returns what to do with a class: what the options say, or the default,
// which is C's for all classes after C.
func (b *book) policy(defaults map[abcxyz.ABC]map[abcxyz.XYZ]text, abc abcxyz.ABC, xyz abcxyz.XYZ) string {
	if t, ok := b.Policies[abcxyz.Item{ABC: abc, XYZ: xyz}.Class()]; ok {
		return t
	}
	return b.say(defaults[min(abc, abcxyz.C)][xyz])
}

var notPositive = map[abcxyz.XYZ]text{
	abcxyz.X:         {"Find out why returns outweigh sales", "Разобрать, почему возвраты не меньше продаж"},
	abcxyz.Y:         {"Find out why returns outweigh sales", "Разобрать, почему возвраты не меньше продаж"},
	abcxyz.Z:         {"Find out why returns outweigh sales", "Разобрать, почему возвраты не меньше продаж"},
	abcxyz.OneOff:    {"Find out why it was returned", "Разобрать причину возврата"},
	abcxyz.Undefined: {"Find out why returns outweigh sales", "Разобрать, почему возвраты не меньше продаж"},
}

var customerPolicies = map[abcxyz.ABC]map[abcxyz.XYZ]text{
	abcxyz.A: {
		abcxyz.X:         {"Protect: a manager of their own, no gaps in supply", "Беречь: свой менеджер, поставка без перебоев"},
		abcxyz.Y:         {"Learn what moves them, agree on a schedule", "Выяснить причину колебаний, согласовать график"},
		abcxyz.Z:         {"Lead by hand: a plan for each deal", "Вести вручную: план по каждой сделке"},
		abcxyz.OneOff:    {"Win the second purchase: the head of sales calls", "Добиться второй покупки: звонит руководитель"},
		abcxyz.Undefined: {"Stay close: too little history to judge", "Держать связь: истории мало"},
	},
	abcxyz.B: {
		abcxyz.X:         {"Grow: widen the range, offer terms", "Растить: расширять ассортимент, дать условия"},
		abcxyz.Y:         {"Remind in time, offer sets", "Напоминать вовремя, предлагать комплекты"},
		abcxyz.Z:         {"Find the occasion, call before it", "Найти повод и звонить до него"},
		abcxyz.OneOff:    {"Ask for the second purchase", "Позвать на вторую покупку"},
		abcxyz.Undefined: {"Contacts by the norm", "Касания по норме"},
	},
	abcxyz.C: {
		abcxyz.X:         {"Serve cheaply: standing orders", "Обслуживать дёшево: автозаказ"},
		abcxyz.Y:         {"Mailings", "Рассылки"},
		abcxyz.Z:         {"Mailings, nothing more", "Только рассылки"},
		abcxyz.OneOff:    {"A mass offer", "Массовое предложение"},
		abcxyz.Undefined: {"Watch", "Наблюдать"},
	},
	abcxyz.N: notPositive,
}

var productPolicies = map[abcxyz.ABC]map[abcxyz.XYZ]text{
	abcxyz.A: {
		abcxyz.X:         {"Always in stock, reordered automatically", "Всегда в наличии, автозаказ"},
		abcxyz.Y:         {"Safety stock; mind the season", "Страховой запас; учитывать сезон"},
		abcxyz.Z:         {"Against orders, reserve at the supplier", "Под заявки, резерв у поставщика"},
		abcxyz.OneOff:    {"Sold once: no plan by it", "Продан однажды: по нему не планировать"},
		abcxyz.Undefined: {"New: plan by hand", "Новинка: планировать вручную"},
	},
	abcxyz.B: {
		abcxyz.X:         {"Regular reorder", "Регулярный заказ"},
		abcxyz.Y:         {"Moderate safety stock", "Умеренный страховой запас"},
		abcxyz.Z:         {"Least stock, the rest to order", "Минимум запаса, остальное под заказ"},
		abcxyz.OneOff:    {"To order", "Под заказ"},
		abcxyz.Undefined: {"Watch", "Наблюдать"},
	},
	abcxyz.C: {
		abcxyz.X:         {"Reorder rarely, in lots", "Заказывать редко, партией"},
		abcxyz.Y:         {"Least stock", "Минимум запаса"},
		abcxyz.Z:         {"To order only, or drop", "Только под заказ или вывести"},
		abcxyz.OneOff:    {"Drop", "Вывести из ассортимента"},
		abcxyz.Undefined: {"Watch, then decide", "Наблюдать и решить"},
	},
	abcxyz.N: notPositive,
}
