package report

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// rolesSheet is who of the salespersons wins customers and who keeps them, and
// the matrix of those who went from one to another.
type rolesSheet struct {
	*cohorts.RolesResult
	sheet         *sheet
	people, moves *table
}

var roleNames = map[cohorts.Role]text{
	cohorts.Hunter: {"hunter", "охотник"},
	cohorts.Farmer: {"farmer", "фермер"},
}

var noName = text{"(not given)", "(не указано)"}

// valueName returns a value of a dimension; a blank one says so.
func (b *book) valueName(value string) any {
	if value == "" {
		return styled{style{look: muted}, noName}
	}
	return value
}

func (b *book) rolesSheet() *rolesSheet {
	r := &rolesSheet{RolesResult: b.Roles}
	s := b.sheet(text{"Hunters and farmers", "Охотники и фермеры"}, 26, 22, 16, 16, 16, 16, 14, 13, 13, 13, 13, 11, 11, 11, 11)
	r.sheet = s
	s.add(style{look: title}, text{"Hunters and farmers", "Охотники и фермеры"})
	s.add(style{look: subtitle}, text{
		"Deals of identified customers, " + b.between(r.Scope.From, r.Scope.AsOf),
		"Сделки опознанных клиентов, " + b.between(r.Scope.From, r.Scope.AsOf),
	})
	s.paragraph(prose, 0, b.say(text{
		"First-deal money belongs to hunters, who win customers, repeat money to farmers, who keep them. The role is by the money and compares with the colleagues: a hunter has a larger share of all first money than of all repeat money, a farmer the other way round.",
		"Деньги первых сделок — заслуга охотников, которые приводят клиентов; деньги повторных — фермеров, которые их ведут. Роль определена по деньгам и относительно коллег: у охотника доля во всех первых деньгах больше, чем во всех повторных, у фермера наоборот.",
	}))
	s.left = 1
	s.skip(1)
	r.peopleTable(b)
	s.skip(1)
	r.movesTable(b)
	s.skip(1)
	s.add(style{look: section}, legendTitle)
	for _, t := range []*table{r.people, r.moves} {
		for _, c := range t.columns {
			if c.note != (text{}) {
				s.paragraph(prose, 0, b.say(c.name)+" — "+b.say(c.note))
			}
		}
	}
	return r
}

// partOf is a formula of a share of a column's total.
func partOf(t *table, key string, at int, total orders.Amount, v float64) any {
	if math.IsNaN(v) {
		return v
	}
	whole := fmt.Sprintf("%s$%d", columnName(t.col(key)), t.totals)
	return formula{fmt.Sprintf("IF(%s>0,%s/%s,%s)", whole, t.at(key, at), whole, quote(t.say(undefined))), v}
}

// peopleTable is one row per salesperson.
func (r *rolesSheet) peopleTable(b *book) {
	t := &r.people
	cash, count := style{format: money}, style{format: whole}
	person := func(i int) *cohorts.Salesperson { return &r.Salespersons[i] }
	amount := func(key string, name, note text, of func(*cohorts.Business) orders.Amount) column {
		return column{key: key, name: name, note: note, style: cash,
			cell:   func(i, _ int) any { return of(&person(i).Business) },
			totals: func() any { return (*t).sum(key, of(&r.Total)) }}
	}
	number := func(key string, name, note text, of func(*cohorts.Salesperson) int64) column {
		var all int64
		for i := range r.Salespersons {
			all += of(person(i))
		}
		return column{key: key, name: name, note: note, style: count,
			cell:   func(i, _ int) any { return of(person(i)) },
			totals: func() any { return (*t).sum(key, all) }}
	}
	sides := []string{"first_revenue", "repeat_revenue", "unknown_revenue", "unmatched_returns"}
	c := []column{
		{key: "salesperson", name: text{"Salesperson", "Продавец"}, totals: totalLabel, cell: func(i, _ int) any { return b.valueName(person(i).Value) }},
		{key: "role", name: text{"Role by money", "Роль по деньгам"}, style: style{align: "center"},
			note: text{"by the two shares to the right of the money", "по двум долям справа от денег"},
			cell: func(i, at int) any {
				p := person(i)
				if math.IsNaN(p.OfFirst) || math.IsNaN(p.OfRepeat) {
					return nil
				}
				a, z := (*t).at("of_first", at), (*t).at("of_repeat", at)
				said := ""
				if role := p.Role(); role != cohorts.NoRole {
					said = b.say(roleNames[role])
				}
				return formula{fmt.Sprintf(`IF(COUNT(%s,%s)<2,"",IF(%s>%s,%s,IF(%s<%s,%s,"")))`, a, z, a, z, quote(b.say(roleNames[cohorts.Hunter])), a, z, quote(b.say(roleNames[cohorts.Farmer]))), said}
			}},
		both(column{key: "revenue", name: b.money(text{"Revenue", "Выручка"}), style: cash}, t, func(i, at int) any {
			of := &r.Total
			if i >= 0 {
				of = &person(i).Business
			}
			return formula{fmt.Sprintf("SUM(%s:%s)", (*t).at(sides[0], at), (*t).at(sides[3], at)), of.Sides.Total().Revenue}
		}),
		amount(sides[0], text{"First", "Первые"}, text{"money of customers' first purchases", "деньги первых покупок клиентов"}, func(x *cohorts.Business) orders.Amount { return x.First.Revenue }),
		amount(sides[1], text{"Repeat", "Повторные"}, text{"money of all later ones", "деньги всех следующих"}, func(x *cohorts.Business) orders.Amount { return x.Repeat.Revenue }),
		amount(sides[2], text{"Unknown", "Неизвестно"}, text{"first purchases in the export that may be an old customer's", "первые в выгрузке покупки, которые могут быть покупками старых клиентов"}, func(x *cohorts.Business) orders.Amount { return x.Unknown.Revenue }),
		amount(sides[3], text{"Unmatched returns", "Возвраты без покупки"}, text{}, func(x *cohorts.Business) orders.Amount { return x.Unmatched.Revenue }),
		{key: "of_first", name: text{"Share of first money", "Доля в первых деньгах"}, style: style{format: percent},
			cell: func(i, at int) any { return partOf(*t, sides[0], at, r.Total.First.Revenue, person(i).OfFirst) }},
		{key: "of_repeat", name: text{"Share of repeat money", "Доля в повторных деньгах"}, style: style{format: percent},
			cell: func(i, at int) any {
				return partOf(*t, sides[1], at, r.Total.Repeat.Revenue, person(i).OfRepeat)
			}},
	}
	c = append(c, r.shares(b, t)...)
	c = append(c,
		number("won", text{"Won", "Привёл"}, text{"customers whose first purchase in the export was with this salesperson", "клиенты, чья первая в выгрузке покупка была у этого продавца"}, func(x *cohorts.Salesperson) int64 { return x.Won }),
		number("given", text{"Gave", "Передал"}, text{"of them, handed over to another", "из них передано другим"}, func(x *cohorts.Salesperson) int64 { return x.Given }),
		number("taken", text{"Took", "Принял"}, text{"taken over from another", "принято от других"}, func(x *cohorts.Salesperson) int64 { return x.Taken }),
		number("keeps", text{"Keeps", "Ведёт"}, text{"customers whose latest purchase was with this salesperson", "клиенты, чья последняя покупка была у этого продавца"}, func(x *cohorts.Salesperson) int64 { return x.Keeps }))
	r.sheet.add(style{look: section}, b.money(text{"Who wins and who keeps", "Кто приводит и кто ведёт"}))
	r.people = r.sheet.table(len(r.Salespersons), false, c)
	r.people.fill()
}

// shares are the two bounds of each salesperson's repeat share.
func (r *rolesSheet) shares(b *book, t **table) []column {
	of := func(i int) *cohorts.Business {
		if i < 0 {
			return &r.Total
		}
		return &r.Salespersons[i].Business
	}
	return boundColumns(b, t, text{"Repeat share", "Доля повторных"}, func(i int) cohorts.Share { return of(i).ByRevenue })
}

// boundColumns are the two bounds of a repeat share of revenue, over the columns
// first_revenue, repeat_revenue and unknown_revenue of a table; of gives that of
// item i, and of all for i < 0.
func boundColumns(b *book, t **table, name text, of func(i int) cohorts.Share) []column {
	q := b.lateOldName()
	cell := func(high bool) func(i, at int) any {
		return func(i, at int) any {
			l, h := shareFormulas(b, q, (*t).at("first_revenue", at), (*t).at("repeat_revenue", at), (*t).at("unknown_revenue", at))
			if s := of(i); high {
				return formula{h, s.High}
			}
			return formula{l, of(i).Low}
		}
	}
	st := style{format: percent}
	return []column{
		both(column{key: "share_low", name: text{name[English] + ", at least", name[Russian] + ", не меньше"}, style: st,
			note: text{"repeat ÷ (first + repeat + unknown)", "повторные ÷ (первые + повторные + неизвестные)"}}, t, cell(false)),
		both(column{key: "share_high", name: text{name[English] + ", at most", name[Russian] + ", не больше"}, style: st,
			note: text{"(repeat + unknown + q × first) ÷ (first + repeat + unknown)", "(повторные + неизвестные + q × первые) ÷ (первые + повторные + неизвестные)"}}, t, cell(true)),
	}
}

// movesTable is the matrix of first and latest salespersons, those who stayed included.
func (r *rolesSheet) movesTable(b *book) {
	t := &r.moves
	cash, count, rate := style{format: money}, style{format: whole}, style{format: number}
	var customers int64
	for _, m := range r.Moves {
		customers += m.Customers
	}
	handed := func(i int) *cohorts.Move {
		if r.Moves[i].HandedOver() && r.Moves[i].After.Days > 0 { // dated: not in an export of months
			return &r.Moves[i]
		}
		return nil
	}
	stint := func(m *cohorts.Move, after bool) cohorts.Stint {
		switch {
		case m == nil && after:
			return r.After
		case m == nil:
			return r.Before
		case after:
			return m.After
		}
		return m.Before
	}
	// one returns a column of those handed over: cells for the others are empty.
	one := func(key string, after bool, name, note text, st style, of func(s cohorts.Stint, at int) any, totals func() any) column {
		return column{key: key, name: name, note: note, style: st, totals: totals, cell: func(i, at int) any {
			m := handed(i)
			if m == nil {
				return nil
			}
			return of(stint(m, after), at)
		}}
	}
	half := func(after bool, key string, when text) []column {
		total := stint(nil, after)
		return []column{
			one("revenue_"+key, after, text{"Revenue " + when[English], "Выручка " + when[Russian]}, text{}, cash,
				func(s cohorts.Stint, _ int) any { return s.Revenue }, func() any { return (*t).sum("revenue_"+key, total.Revenue) }),
			one("purchases_"+key, after, text{"Purchases " + when[English], "Покупок " + when[Russian]}, text{}, count,
				func(s cohorts.Stint, _ int) any { return s.Purchases }, func() any { return (*t).sum("purchases_"+key, total.Purchases) }),
			one("days_"+key, after, text{"Customer-days " + when[English], "Клиенто-дней " + when[Russian]}, text{}, count,
				func(s cohorts.Stint, _ int) any { return s.Days }, func() any { return (*t).sum("days_"+key, total.Days) }),
			one("rate_"+key, after, text{"Purchases a month " + when[English], "Покупок в месяц " + when[Russian]},
				text{"purchases ÷ customer-days × 30.4375", "покупки ÷ клиенто-дни × 30,4375"}, rate,
				func(s cohorts.Stint, at int) any { return r.rate(b, key, at, s) }, func() any { return r.rate(b, key, (*t).totals, total) }),
		}
	}
	c := []column{
		{key: "from", name: text{"Won by", "Привёл"}, totals: totalLabel, cell: func(i, _ int) any { return b.valueName(r.Moves[i].From) }},
		{key: "to", name: text{"Kept by", "Ведёт"}, cell: func(i, _ int) any { return b.valueName(r.Moves[i].To) }},
		{key: "customers", name: text{"Customers", "Клиентов"}, style: count,
			cell: func(i, _ int) any { return r.Moves[i].Customers }, totals: func() any { return (*t).sum("customers", customers) }},
		{key: "revenue", name: b.money(text{"Their revenue", "Их выручка"}), style: cash,
			cell:   func(i, _ int) any { return r.Moves[i].Sides.Total().Revenue },
			totals: func() any { return (*t).sum("revenue", r.Total.Sides.Total().Revenue) }},
		{key: "handed", name: text{"Handed over", "Передача"}, style: style{align: "center"},
			note: text{"the salesperson of the latest purchase is not that of the first one in the export", "продавец последней покупки — не тот, у кого была первая в выгрузке"},
			cell: func(i, _ int) any { return flag(r.Moves[i].HandedOver()) }},
	}
	c = append(c, half(false, "before", text{"before", "до"})...)
	c = append(c, half(true, "after", text{"after", "после"})...)
	s := r.sheet
	s.add(style{look: section}, text{"Handovers: who won the customers, and who keeps them now", "Передачи: кто привёл клиентов и кто ведёт их сейчас"})
	s.paragraph(prose, 0, b.say(text{
		fmt.Sprintf("Customers handed over: %d. Before: from the first purchase in the export to the handover; after: from the first purchase with the latest salesperson to the day of the report, the time without purchases included.", r.Handovers),
		fmt.Sprintf("Передано клиентов: %d. «До» — от первой покупки в выгрузке до передачи; «после» — от первой покупки у нынешнего продавца до даты отчёта, вместе со временем без покупок.", r.Handovers),
	}))
	r.moves = s.table(len(r.Moves), false, c)
	r.moves.fill()
}

// rate is the purchases per month of a row of the matrix.
func (r *rolesSheet) rate(b *book, key string, at int, s cohorts.Stint) any {
	n, d := r.moves.at("purchases_"+key, at), r.moves.at("days_"+key, at)
	return formula{fmt.Sprintf("IF(%s>0,%s/%s*30.4375,%s)", d, n, d, quote(b.say(undefined))), s.PurchasesPerMonth()}
}

// handedSheet is the list of the customers who were handed over.
func (b *book) handedSheet(r *rolesSheet) {
	if len(r.Handed) == 0 {
		return
	}
	cash, count, rate := style{format: money}, style{format: whole}, style{format: number}
	h := func(i int) *cohorts.HandedOver { return &r.Handed[i] }
	var t *table
	half := func(key string, when text, of func(i int) *cohorts.Stint, total cohorts.Stint) []column {
		return []column{
			{key: "revenue_" + key, name: b.money(text{"Revenue " + when[English], "Выручка " + when[Russian]}), width: 16, style: cash,
				cell: func(i, _ int) any { return of(i).Revenue }, totals: func() any { return t.sum("revenue_"+key, total.Revenue) }},
			{key: "purchases_" + key, name: text{"Purchases", "Покупок"}, width: 11, style: count,
				cell: func(i, _ int) any { return of(i).Purchases }, totals: func() any { return t.sum("purchases_"+key, total.Purchases) }},
			{key: "days_" + key, name: text{"Days", "Дней"}, width: 11, style: count,
				cell: func(i, _ int) any { return of(i).Days }, totals: func() any { return t.sum("days_"+key, total.Days) }},
			{key: "rate_" + key, name: text{"Purchases a month", "Покупок в месяц"}, width: 11, style: rate,
				note: text{"purchases ÷ days × 30.4375", "покупки ÷ дни × 30,4375"},
				cell: func(i, at int) any {
					n, d := t.at("purchases_"+key, at), t.at("days_"+key, at)
					return formula{fmt.Sprintf("IF(%s>0,%s/%s*30.4375,%s)", d, n, d, quote(b.say(undefined))), of(i).PurchasesPerMonth()}
				}},
		}
	}
	c := []column{
		{key: "customer", name: text{"Id", "Код"}, width: 14, totals: totalLabel, cell: func(i, _ int) any { return h(i).ID }},
		{key: "name", name: text{"Customer", "Клиент"}, width: 32, cell: func(i, _ int) any { return h(i).Name }},
		{key: "from", name: text{"Won by", "Привёл"}, width: 20, cell: func(i, _ int) any { return h(i).From }},
		{key: "to", name: text{"Kept by", "Ведёт"}, width: 20, cell: func(i, _ int) any { return h(i).To }},
		{key: "day", name: text{"Handed over", "Передан"}, width: 12, cell: func(i, _ int) any { return h(i).Day },
			note: text{"day of the first purchase with the latest salesperson after the last one with anybody else", "день первой покупки у нынешнего продавца после последней покупки у другого"}},
	}
	c = append(c, half("before", text{"before", "до"}, func(i int) *cohorts.Stint { return &h(i).Before }, r.Before)...)
	c = append(c, half("after", text{"after", "после"}, func(i int) *cohorts.Stint { return &h(i).After }, r.After)...)
	var widths []float64
	for _, x := range c {
		widths = append(widths, x.width)
	}
	s := b.sheet(text{"Handed over", "Переданные клиенты"}, widths...)
	s.add(style{look: title}, text{"Customers handed over", "Переданные клиенты"})
	t = s.table(len(r.Handed), true, c)
	t.listing(2)
	t.fill()
	t.legend()
}
