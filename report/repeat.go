package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// repeatSheet is the repeat share of each period: four tables over the same
// periods (money, purchases, customers, gross profit) and a chart.
type repeatSheet struct {
	*cohorts.Repeat
	sheet                           *sheet
	q                               string // name of the parameter
	money, deals, customers, profit *table
}

var shareReasons = map[cohorts.Reason]text{
	cohorts.NoBase:         {"no sales to take a share of", "нет продаж, от которых считать долю"},
	cohorts.NegativeSide:   {"returns exceed sales on one side", "возвраты одной из сторон больше продаж"},
	cohorts.NoCost:         {"no cost is known", "нет себестоимости"},
	cohorts.HistoryUnknown: {"the export is too short to tell new customers from old ones", "выгрузка слишком коротка, чтобы отличить новых клиентов от старых"},
}

func (b *book) repeatSheet() *repeatSheet {
	r := &repeatSheet{Repeat: b.Repeat}
	r.q = b.lateOldName()

	widths := []float64{12, 16, 16, 16, 16, 16, 15, 14, 14, 14, 12, 40}
	s := b.sheet(text{"Repeat share", "Доля повторных"}, widths...)
	r.sheet = s
	s.add(style{look: title}, text{"Repeat share", "Доля повторных продаж"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Identified customers, %s, %s", b.between(r.Scope.From, r.Scope.AsOf), grainNames[r.Grain][English]),
		fmt.Sprintf("Опознанные клиенты, %s, %s", b.between(r.Scope.From, r.Scope.AsOf), grainNames[r.Grain][Russian]),
	})
	s.paragraph(prose, 0, b.say(r.reliability(b)))
	s.left = 1 // no header: the tables below have others
	r.moneyTable(b)
	if len(r.Rows) > 1 {
		s.skip(1)
		s.picture(1120, 340, func(at string, width, height uint) placed { return r.chart(b, at, width, height) })
	}
	s.pageBreak()
	r.dealsTable(b)
	r.customersTable(b)
	s.pageBreak()
	r.profitTable(b)
	r.arrivals(b)
	r.legend()
	s.paragraph(prose, 0, b.say(text{
		"Upper bounds by customers are values, not formulas: they take the overlaps of new, unknown and returning customers one by one.",
		"Верхняя граница по клиентам — значение, а не формула: пересечения новых, неизвестных и вернувшихся учтены по каждому клиенту.",
	}))
	return r
}

// lateOldName lays out the parameters of what the export cannot tell, once, and
// returns the name of q.
func (b *book) lateOldName() string {
	const name = "Repeat_Q"
	p, c := b.params, b.control
	if slices.ContainsFunc(p.names, func(n definedName) bool { return n.name == name }) {
		return name
	}
	q := c.LateOld
	if c.Complete {
		q = 0
	}
	p.section(text{"Repeat share", "Доля повторных продаж"})
	p.live(name, percent, text{"Old customers among those first seen later (q)", "Старые клиенты среди впервые увиденных (q)"}, q, text{
		"Share of the customers first seen after the burn-in who are old ones all the same, by the export's own back-test; it raises the upper bound. 0 if the history is complete.",
		"Какая доля клиентов, впервые увиденных после разгона, на самом деле старые: проверка выгрузки на самой себе. Поднимает верхнюю границу. 0, если история полная.",
	})
	b.historyParameters()
	return name
}

// historyParameters lays out what the export could not tell, once.
func (b *book) historyParameters() {
	p, c := b.params, b.control
	known := any(c.KnownFrom)
	if c.Complete {
		known = text{"whole history", "вся история"}
	} else if c.KnownFrom > c.LastDay {
		known = text{"not yet", "ещё нет"}
	}
	p.fixed(whole, text{"Burn-in, days", "Разгон, дней"}, c.BurnIn, text{
		"Days from the beginning of the export within which a first purchase may be an old customer's: the 90 % quantile of the gaps between purchases, or as given",
		"Дней от начала выгрузки, когда первая покупка может быть покупкой старого клиента: 90-й процентиль интервалов между покупками или заданное число",
	})
	p.fixed(general, text{"Reliable from", "Достоверно с"}, known, text{
		"Before it a first purchase is counted as neither new nor repeat but as unknown",
		"До этого дня первая покупка не считается ни новой, ни повторной — она «неизвестно»",
	})
}

// reliability says from when the figures tell new customers from old ones.
func (r *repeatSheet) reliability(b *book) text {
	switch c := r.Control; {
	case c.Complete:
		return text{
			"The history is complete: it is known of every purchase whether it is the first, so the two bounds are one number.",
			"История полная: о каждой покупке известно, первая ли она, поэтому границы совпадают.",
		}
	case r.Unknown():
		return text{
			fmt.Sprintf("The export is too short to tell new customers from old ones: every first purchase may be an old customer's, the upper bound is 100 %% and no verdict is given. %d more days are needed at least.", r.MoreDays()),
			fmt.Sprintf("Выгрузка слишком коротка, чтобы отличить новых клиентов от старых: любая первая покупка может принадлежать старому клиенту, верхняя граница — 100 %%, вывод не делается. Нужно ещё не меньше %d дн.", r.MoreDays()),
		}
	default:
		return text{
			fmt.Sprintf("The export begins on %s, and customers who bought before look new. Until %s such first purchases are “unknown”; later periods are reliable. The true share lies between the bounds: the lower one counts proven repeat sales only, the upper one adds the unknown and the share q of the first ones.", b.day(c.FirstDay), b.day(c.KnownFrom)),
			fmt.Sprintf("Выгрузка начинается %s, и те, кто покупал раньше, выглядят новыми. До %s такие первые покупки — «неизвестно»; дальше периоды достоверны. Истинная доля лежит между границами: нижняя — только доказанные повторные продажи, верхняя добавляет неизвестные и долю q от первых.", b.day(c.FirstDay), b.day(c.KnownFrom)),
		}
	}
}

// legend lays out what the columns of all tables mean, each once.
func (r *repeatSheet) legend() {
	s := r.sheet
	s.skip(1)
	s.add(style{look: section}, legendTitle)
	seen := map[string]bool{}
	for _, t := range []*table{r.money, r.deals, r.customers, r.profit} {
		if t == nil {
			continue
		}
		for _, c := range t.columns {
			if line := s.say(c.name) + " — " + s.say(c.note); c.note != (text{}) && !seen[line] {
				seen[line] = true
				s.paragraph(prose, 0, line)
			}
		}
	}
}

// at returns row i, or the total for i < 0.
func (r *repeatSheet) at(i int) *cohorts.RepeatRow {
	if i < 0 {
		return &r.Total
	}
	return &r.Rows[i]
}

// both gives a column the same cell in the rows and in the total.
func both(c column, t **table, cell func(i, at int) any) column {
	c.cell = cell
	c.totals = func() any { return cell(-1, (*t).totals) }
	return c
}

// summed gives a column its own value in the rows and their sum in the total.
func summed[T orders.Amount | int64](c column, t **table, r *repeatSheet, of func(*cohorts.RepeatRow) T) column {
	c.cell = func(i, _ int) any { return any(of(r.at(i))) }
	c.totals = func() any { return (*t).sum(c.key, any(of(&r.Total))) }
	return c
}

// period returns the first column of every table.
func (r *repeatSheet) period() column {
	return column{key: "period", name: text{"Period", "Период"}, width: 12, totals: totalLabel,
		cell: func(i, _ int) any { return r.Rows[i].Period }}
}

// shareFormulas returns the two bounds over three cells first, repeat, unknown.
func shareFormulas(b *book, q, first, repeat, unknown string) (low, high string) {
	na := quote(b.say(undefined))
	guard := fmt.Sprintf("OR(ROUND(%s+%s+%s,4)<=0,ROUND(%s,4)<0,ROUND(%s,4)<0,ROUND(%s,4)<0)", first, repeat, unknown, first, repeat, unknown)
	base := fmt.Sprintf("(%s+%s+%s)", first, repeat, unknown)
	return fmt.Sprintf("IF(%s,%s,%s/%s)", guard, na, repeat, base),
		fmt.Sprintf("IF(%s,%s,MIN(1,(%s+%s+%s*%s)/%s))", guard, na, repeat, unknown, q, first, base)
}

// bounds returns the two columns of a repeat share.
func (r *repeatSheet) bounds(b *book, t **table, prefix string, name text, first, repeat, unknown string, of func(*cohorts.RepeatRow) cohorts.Share) []column {
	cell := func(high bool) func(i, at int) any {
		return func(i, at int) any {
			s := of(r.at(i))
			l, h := shareFormulas(b, r.q, (*t).at(first, at), (*t).at(repeat, at), (*t).at(unknown, at))
			if s.Reason == cohorts.NoCost {
				return s.Low
			}
			if high {
				return formula{h, s.High}
			}
			return formula{l, s.Low}
		}
	}
	st := style{format: percent}
	return []column{
		both(column{key: prefix + "_low", name: text{name[English] + ", at least", name[Russian] + ", не меньше"}, width: 13, style: st,
			note: text{"repeat ÷ (first + repeat + unknown)", "повторные ÷ (первые + повторные + неизвестные)"}}, t, cell(false)),
		both(column{key: prefix + "_high", name: text{name[English] + ", at most", name[Russian] + ", не больше"}, width: 13, style: st,
			note: text{"(repeat + unknown + q × first) ÷ (first + repeat + unknown)", "(повторные + неизвестные + q × первые) ÷ (первые + повторные + неизвестные)"}}, t, cell(true)),
	}
}

// moneyTable is the revenue of each period by side.
func (r *repeatSheet) moneyTable(b *book) {
	t := &r.money
	st := style{format: money}
	sides := []string{"first_revenue", "repeat_revenue", "unknown_revenue", "unmatched_returns"}
	c := []column{r.period(),
		both(column{key: "revenue", name: b.money(text{"Revenue", "Выручка"}), style: st,
			note: text{"first + repeat + unknown + unmatched returns", "первые + повторные + неизвестные + возвраты без покупки"}}, t,
			func(i, at int) any {
				return formula{fmt.Sprintf("SUM(%s:%s)", (*t).at(sides[0], at), (*t).at(sides[3], at)), r.at(i).Sides.Total().Revenue}
			}),
		summed(column{key: sides[0], name: text{"First purchases", "Первые покупки"}, style: st,
			note: text{"of customers whose first purchase this is", "покупки новых клиентов: для клиента эта покупка первая"}}, t, r,
			func(x *cohorts.RepeatRow) orders.Amount { return x.First.Revenue }),
		summed(column{key: sides[1], name: text{"Repeat purchases", "Повторные покупки"}, style: st,
			note: text{"of customers who bought before", "покупки тех, кто уже покупал"}}, t, r,
			func(x *cohorts.RepeatRow) orders.Amount { return x.Repeat.Revenue }),
		summed(column{key: sides[2], name: text{"Unknown", "Неизвестно"}, style: st,
			note: text{"first purchases in the export that may be an old customer's", "первые в выгрузке покупки, которые могут быть покупками старых клиентов"}}, t, r,
			func(x *cohorts.RepeatRow) orders.Amount { return x.Unknown.Revenue }),
		summed(column{key: sides[3], name: text{"Unmatched returns", "Возвраты без покупки"}, style: st,
			note: text{"money without any earlier purchase to belong to", "деньги, для которых в выгрузке нет покупки; в доли не входят"}}, t, r,
			func(x *cohorts.RepeatRow) orders.Amount { return x.Unmatched.Revenue }),
		summed(column{key: "anonymous_revenue", name: text{"Anonymous", "Анонимные"}, style: st,
			note: text{"from nobody in particular: outside revenue and shares", "розница без клиента: вне выручки слева и вне долей"}}, t, r,
			func(x *cohorts.RepeatRow) orders.Amount { return x.Anonymous }),
	}
	c = append(c, r.bounds(b, t, "repeat_share", text{"Repeat share", "Доля повторных"}, sides[0], sides[1], sides[2],
		func(x *cohorts.RepeatRow) cohorts.Share { return x.ByRevenue })...)
	c = append(c,
		column{key: "reliable", name: text{"Reliable", "Достоверно"}, style: style{align: "center"},
			note: text{"the whole period lies after the burn-in", "весь период лежит после разгона"},
			cell: func(i, _ int) any { return flag(r.Rows[i].Reliable) }},
		column{key: "partial", name: text{"Partial", "Неполный"}, style: style{align: "center"},
			note: text{"the export covers the period in part only", "выгрузка захватывает период не целиком"},
			cell: func(i, _ int) any { return flag(r.Rows[i].Partial) }},
		column{key: "reason", name: text{"Why n/a", "Почему н/д"}, style: style{},
			note: text{"why there is no share of revenue", "почему нет доли в выручке"},
			cell: func(i, _ int) any { return reasonOf(shareReasons, r.Rows[i].ByRevenue.Reason) }})
	r.sheet.add(style{look: section}, b.money(text{"By revenue", "По выручке"}))
	r.money = r.sheet.table(len(r.Rows), false, c)
	r.money.fill()
}

// flag is a cell of yes or nothing.
func flag(v bool) any {
	if v {
		return yes
	}
	return nil
}

// dealsTable is the purchases of each period by side.
func (r *repeatSheet) dealsTable(b *book) {
	t := &r.deals
	st := style{format: whole}
	c := []column{r.period(),
		both(column{key: "deals", name: text{"Purchases", "Покупок"}, style: st,
			note: text{"a customer's day of purchases is one", "день покупок клиента — одна покупка"}}, t,
			func(i, at int) any {
				return formula{fmt.Sprintf("SUM(%s:%s)", (*t).at("first_deals", at), (*t).at("unknown_deals", at)), r.at(i).Deals()}
			}),
		summed(column{key: "first_deals", name: text{"First", "Первых"}, style: st}, t, r, func(x *cohorts.RepeatRow) int64 { return x.First.Purchases }),
		summed(column{key: "repeat_deals", name: text{"Repeat", "Повторных"}, style: st}, t, r, func(x *cohorts.RepeatRow) int64 { return x.Repeat.Purchases }),
		summed(column{key: "unknown_deals", name: text{"Unknown", "Неизвестно"}, style: st}, t, r, func(x *cohorts.RepeatRow) int64 { return x.Unknown.Purchases }),
	}
	c = append(c, r.bounds(b, t, "deals_share", text{"Share of purchases", "Доля покупок"}, "first_deals", "repeat_deals", "unknown_deals",
		func(x *cohorts.RepeatRow) cohorts.Share { return x.ByPurchases })...)
	r.sheet.add(style{look: section}, text{"By purchases", "По покупкам"})
	r.deals = r.sheet.table(len(r.Rows), false, c)
	r.deals.fill()
}

// customersTable is who bought in each period: customers are distinct, so that
// its totals are not the sums of its rows.
func (r *repeatSheet) customersTable(b *book) {
	t := &r.customers
	st := style{format: whole}
	value := func(key string, name, note text, of func(*cohorts.RepeatRow) any) column {
		return both(column{key: key, name: name, note: note, style: st}, t, func(i, _ int) any { return of(r.at(i)) })
	}
	c := []column{r.period(),
		value("customers", text{"Customers", "Клиентов"}, text{"distinct, with a purchase in the period", "разных, с покупкой в периоде; в итоге — разных за всё время"}, func(x *cohorts.RepeatRow) any { return x.Customers }),
		value("new_customers", text{"New", "Новых"}, text{"with their first purchase in the period", "с первой покупкой в периоде"}, func(x *cohorts.RepeatRow) any { return x.NewCustomers }),
		value("returning_customers", text{"Returning", "Вернувшихся"}, text{"with a repeat purchase in the period", "с повторной покупкой в периоде"}, func(x *cohorts.RepeatRow) any { return x.ReturningCustomers }),
		value("unknown_customers", text{"Unknown", "Неизвестно"}, text{"with an unknown first purchase in the period", "с «неизвестной» покупкой в периоде"}, func(x *cohorts.RepeatRow) any { return x.UnknownCustomers }),
		both(column{key: "overlap", name: text{"Overlap", "Пересечение"}, style: st,
			note: text{"new + returning + unknown − customers: those who made their first purchase and came back in one period", "новых + вернувшихся + неизвестных − клиентов: первая покупка и возвращение в одном периоде"}}, t,
			func(i, at int) any {
				return formula{fmt.Sprintf("%s+%s+%s-%s", (*t).at("new_customers", at), (*t).at("returning_customers", at), (*t).at("unknown_customers", at), (*t).at("customers", at)), r.at(i).Overlap}
			}),
		both(column{key: "customers_share_low", name: text{"Returning ÷ active, at least", "Вернувшиеся ÷ активные, не меньше"}, style: style{format: percent},
			note: text{"those who surely returned", "только те, кто точно вернулся"}}, t,
			func(i, at int) any {
				x := r.at(i).ByCustomers
				if x.Reason != "" {
					return x.Low
				}
				return formula{fmt.Sprintf("%s/%s", (*t).at("returning_customers", at), (*t).at("customers", at)), x.Low}
			}),
		both(column{key: "customers_share_high", name: text{"Returning ÷ active, at most", "Вернувшиеся ÷ активные, не больше"}, style: style{format: percent},
			note: text{"those who may have returned too, each once", "и те, кто мог вернуться, каждый один раз"}}, t,
			func(i, _ int) any { return r.at(i).ByCustomers.High }),
		both(column{key: "customers_to_date", name: text{"Customers to date", "Клиентов с начала"}, style: st,
			note: text{"from the beginning of the export to the end of the period", "от начала выгрузки до конца периода"}}, t,
			func(i, _ int) any { return r.at(i).CustomersToDate }),
		both(column{key: "repeat_purchase_rate", name: text{"Bought twice or more", "Купили 2 раза и больше"}, style: style{format: percent},
			note: text{"share of the customers to date with two purchases or more", "доля клиентов с начала выгрузки, у которых две покупки и больше"}}, t,
			func(i, _ int) any { return r.at(i).RepeatPurchaseRate }),
		both(column{key: "repeat_rate_low", name: text{"Twice or more ever, at least", "2 раза и больше за всё время, не меньше"}, style: style{format: percent},
			note: text{"with those who are known to have bought before the export", "вместе с теми, кто точно покупал до выгрузки"}}, t,
			func(i, _ int) any { return r.at(i).RepeatRate.Low }),
		both(column{key: "repeat_rate_high", name: text{"Twice or more ever, at most", "2 раза и больше за всё время, не больше"}, style: style{format: percent},
			note: text{"and with those whose only purchase is unknown, and the share q of the others who have one", "и с теми, чья единственная покупка неизвестна, и с долей q от остальных с одной покупкой"}}, t,
			func(i, _ int) any { return r.at(i).RepeatRate.High }),
	}
	r.sheet.skip(1)
	r.sheet.add(style{look: section}, text{"By customers", "По клиентам"})
	r.customers = r.sheet.table(len(r.Rows), false, c)
	r.customers.fill()
}

// profitTable is the gross profit of each period by side; there is none without any known cost.
func (r *repeatSheet) profitTable(b *book) {
	if r.Total.ByProfit.Reason == cohorts.NoCost {
		r.sheet.add(style{look: section}, text{"By gross profit", "По валовой прибыли"})
		r.sheet.add(style{look: muted}, text{"n/a: the export has no cost of goods", "н/д: в выгрузке нет себестоимости"})
		return
	}
	t := &r.profit
	st := style{format: money}
	sides := []string{"first_profit", "repeat_profit", "unknown_profit", "unmatched_profit"}
	c := []column{r.period(),
		both(column{key: "profit", name: b.money(text{"Gross profit", "Валовая прибыль"}), style: st,
			note: text{"of the lines whose cost is known", "по строкам с известной себестоимостью"}}, t,
			func(i, at int) any {
				return formula{fmt.Sprintf("SUM(%s:%s)", (*t).at(sides[0], at), (*t).at(sides[3], at)), r.at(i).Sides.Total().GrossProfit()}
			})}
	for side := orders.First; side <= orders.Unmatched; side++ {
		c = append(c, summed(column{key: sides[side], name: sideNames[side], style: st}, t, r,
			func(x *cohorts.RepeatRow) orders.Amount { return x.Sides.Of(side).GrossProfit() }))
	}
	c = append(c, both(column{key: "cost_known", name: text{"Cost known", "Себестоимость известна"}, style: style{format: percent},
		note: text{"share of revenue whose cost is known", "доля выручки, себестоимость которой известна"}}, t,
		func(i, _ int) any { return r.at(i).Sides.Total().CostKnown() }))
	c = append(c, r.bounds(b, t, "profit_share", text{"Share of profit", "Доля прибыли"}, sides[0], sides[1], sides[2],
		func(x *cohorts.RepeatRow) cohorts.Share { return x.ByProfit })...)
	r.sheet.add(style{look: section}, b.money(text{"By gross profit", "По валовой прибыли"}))
	r.profit = r.sheet.table(len(r.Rows), false, c)
	r.profit.fill()
}

// arrivals is the curve of customers first seen in each period, and what it says
// of those who only look new.
func (r *repeatSheet) arrivals(b *book) {
	s, d := r.sheet, r.Diagnosis()
	s.pageBreak()
	s.add(style{look: section}, text{"What the export cannot tell: customers by the period in which they were first seen", "Чего выгрузка не знает: клиенты по периоду, в котором впервые замечены"})
	s.paragraph(prose, 0, b.say(r.diagnosis(b, d)))
	var t *table
	st := style{format: whole}
	var all cohorts.Arrivals
	for _, a := range d.Curve {
		all.New, all.Unknown = all.New+a.New, all.Unknown+a.Unknown
	}
	number := func(key string, name, note text, of func(cohorts.Arrivals) int64) column {
		return column{key: key, name: name, note: note, style: st,
			cell: func(i, _ int) any { return of(d.Curve[i]) }, totals: func() any { return t.sum(key, of(all)) }}
	}
	t = s.table(len(d.Curve), false, []column{r.period(),
		both(column{key: "first_seen", name: text{"First seen", "Впервые замечены"}, style: st, note: text{"new + unknown", "новые + неизвестные"}}, &t,
			func(i, at int) any {
				a := all
				if i >= 0 {
					a = d.Curve[i]
				}
				return formula{fmt.Sprintf("%s+%s", t.at("new", at), t.at("unknown", at)), a.Total()}
			}),
		number("new", text{"New", "Новых"}, text{}, func(a cohorts.Arrivals) int64 { return a.New }),
		number("unknown", text{"Unknown", "Неизвестно"}, text{}, func(a cohorts.Arrivals) int64 { return a.Unknown }),
		{key: "reliable", name: text{"Reliable", "Достоверно"}, style: style{align: "center"}, cell: func(i, _ int) any { return flag(d.Curve[i].Reliable) }},
		{key: "partial", name: text{"Partial", "Неполный"}, style: style{align: "center"}, cell: func(i, _ int) any { return flag(d.Curve[i].Partial) }},
	})
	t.fill()
}

// diagnosis says in words how the bounds come about.
func (r *repeatSheet) diagnosis(b *book, d cohorts.Diagnosis) text {
	switch {
	case d.Complete:
		return text{
			"The history is complete, so every customer first seen here is new.",
			"История полная, поэтому каждый впервые замеченный клиент — новый.",
		}
	case d.Unknown || math.IsNaN(d.Settled):
		return text{
			fmt.Sprintf("The export spans %d days and the burn-in is %d: no whole period is left in which a customer first seen is known to be new. The bounds are as wide as the share of first purchases.", d.Span, d.BurnIn),
			fmt.Sprintf("В выгрузке дней: %d, разгон — %d: не остаётся ни одного целого периода, где впервые замеченный клиент точно новый. Границы разошлись на всю долю первых покупок.", d.Span, d.BurnIn),
		}
	}
	return text{
		fmt.Sprintf("The export spans %d days, its burn-in is %d days: nine in ten repeat purchases follow the one before within so many. So customers are known to be new from %s on, but for %.1f %% of them (q): so many of those first seen in the second half of the export, by its own back-test, had bought in the first. A whole reliable period sees %.1f customers for the first time; the periods before see %.0f more than that, who most likely are old.", d.Span, d.BurnIn, b.day(d.ReliableFrom), 100*d.LateOld, d.Settled, d.Excess),
		fmt.Sprintf("В выгрузке дней: %d, разгон — %d: девять из десяти повторных покупок следуют за предыдущей не позже. Поэтому новые клиенты видны с %s, кроме %.1f %% из них (q): столько из впервые замеченных во второй половине выгрузки, если проверить её на самой себе, покупали в первой. В целом достоверном периоде впервые замечают клиентов: %.1f; в периодах до того их на %.0f больше — скорее всего, это старые клиенты.", d.Span, d.BurnIn, b.day(d.ReliableFrom), 100*d.LateOld, d.Settled, d.Excess),
	}
}

// chart stacks the revenue of each period by side, with the two bounds of the share above.
func (r *repeatSheet) chart(b *book, at string, width, height uint) placed {
	series := func(key, colour string) excelize.ChartSeries {
		return excelize.ChartSeries{
			Name:       r.sheet.ref(r.money.col(key), r.money.head),
			Categories: r.money.span("period"), Values: r.money.span(key),
			Fill: solid(colour),
		}
	}
	line := func(key string, dash excelize.LineDashType) excelize.ChartSeries {
		s := series(key, colourLine)
		s.Fill = solid(colourLine) // of the line: excelize has no other place for it
		s.Line = excelize.LineOptions{Width: 1.75, Dash: dash}
		s.Marker = excelize.ChartMarker{Symbol: "none"}
		return s
	}
	zero, one := 0.0, 1.0
	bars := &excelize.Chart{
		Type:       excelize.ColStacked,
		Series:     []excelize.ChartSeries{series("repeat_revenue", colourRepeat), series("first_revenue", colourFirst), series("unknown_revenue", colourUnknown)},
		Title:      chartTitle(b.say(text{"Revenue by side, and the repeat share", "Выручка: повторные, первые, неизвестно — и доля повторных"})),
		Dimension:  excelize.ChartDimension{Width: width, Height: height},
		Legend:     excelize.ChartLegend{Position: "bottom"},
		YAxis:      excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
		XAxis:      excelize.ChartAxis{Font: small(), NumFmt: excelize.ChartNumFmt{CustomNumFmt: numberFormats[month][b.lang]}},
		GapWidth:   gap(40),
		VaryColors: oneColour(),
	}
	lines := &excelize.Chart{
		Type:   excelize.Line,
		Series: []excelize.ChartSeries{line("repeat_share_low", excelize.LineDashSolid), line("repeat_share_high", excelize.LineDashSysDash)},
		YAxis:  excelize.ChartAxis{Secondary: true, Minimum: &zero, Maximum: &one, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0%"}, Font: small()},
	}
	return placed{at, bars, []*excelize.Chart{lines}}
}
