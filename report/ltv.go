package report

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// ltvSheet lists what each customer has brought and is expected to bring.
type ltvSheet struct {
	*ltv.Prediction
	sheet *sheet
	list  *table
	model *sheet // where the model and what is together are
}

var modelNames = map[string]text{
	"nbd":          {"NBD", "NBD"},
	"bgnbd":        {"BG/NBD", "BG/NBD"},
	"mbgnbd":       {"MBG/NBD", "MBG/NBD"},
	"pareto":       {"Pareto/NBD", "Pareto/NBD"},
	ltv.LastPeriod: {"rate of the last period", "частота прошлого периода"},
	ltv.MeanRate:   {"mean rate of all", "средняя частота всех"},
}

// modelName returns what a model or a baseline is called; its own name if it is new.
func (b *book) modelName(name string) string {
	if t, ok := modelNames[name]; ok {
		return b.say(t)
	}
	return name
}

var ltvReasons = map[string]text{
	"first-unknown": {"may be older than the export", "мог покупать раньше"},
	"one-purchase":  {"bought once", "одна покупка"},
	"no-value":      {"mean value of all", "сумма — средняя по всем"},
	"cost-partly":   {"cost known in part", "себестоимость частично"},
	"value-floored": {"no profit, taken as 0", "прибыли нет, взят 0"},
}

// reasonsText returns what the reasons say; nothing without any.
func (b *book) reasonsText(r ltv.Reasons) any {
	if r == 0 {
		return nil
	}
	var all []string
	for _, code := range r.Codes() {
		if t, ok := ltvReasons[code]; ok {
			code = b.say(t)
		}
		all = append(all, code)
	}
	return strings.Join(all, "; ")
}

// worth returns a label for profit, or for revenue if predictions are of that.
func (x *ltvSheet) worth(profit, revenue text) text {
	if x.Basis == ltv.ByRevenue {
		return revenue
	}
	return profit
}

func (b *book) ltvSheet() *ltvSheet {
	x := &ltvSheet{Prediction: b.LTV}
	columns := x.columns(b)
	var widths []float64
	for _, c := range columns {
		widths = append(widths, c.width)
	}
	x.sheet = b.sheet(text{"LTV by customer", "LTV клиентов"}, widths...)
	s := x.sheet
	x.parameters(b)
	s.add(style{look: title}, text{"LTV: what each customer has brought and is expected to bring", "LTV: сколько каждый клиент принёс и сколько ожидается"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Expected for %d days, %s; model %s", x.HorizonDays, b.between(x.AsOf+1, x.Until), b.modelName(x.Model.Name())),
		fmt.Sprintf("Ожидание на %d дн., %s; модель %s", x.HorizonDays, b.between(x.AsOf+1, x.Until), b.modelName(x.Model.Name())),
	})
	if !x.Sufficient {
		s.paragraph(alarm, 0, b.say(text{
			"There is too little data for a prediction to rest on: why, the sheet of the model says. Take these figures for an order of magnitude.",
			"Данных для надёжного прогноза мало: почему — на листе модели. Это порядок величины, а не план.",
		}))
	}
	x.list = s.table(len(x.Customers), true, columns)
	x.list.fill()
	x.list.listing(3)
	x.list.legend(text{
		"Probability, expectations, intervals and CLV are outputs of the model and therefore values; value to date, shares and totals are formulas.",
		"Вероятность, ожидания, интервалы и CLV — результат модели, поэтому это значения; ценность на сегодня, доли и итоги — формулы.",
	}, text{
		"The interval in the row of totals is of the sum. The sum of the intervals would be wider, for customers miss in both directions.",
		"Интервал в строке итогов — для суммы. Сумма интервалов была бы шире: отклонения клиентов гасят друг друга.",
	}, text{
		"Neither the first purchase nor the cost of winning a customer is in the CLV: both are past. A model of past purchases knows no seasons, new prices or campaigns, and no interval covers those.",
		"В CLV нет ни первой покупки, ни стоимости привлечения: это уже в прошлом. Модель прошлых покупок не знает сезонов, новых цен и акций, и интервалы их не учитывают.",
	})
	return x
}

// parameters lays out what the prediction is for; to change it takes another run.
func (x *ltvSheet) parameters(b *book) {
	p := b.params
	p.section(text{"LTV", "LTV"})
	p.fixed(whole, text{"Horizon, days", "Горизонт, дней"}, x.HorizonDays, text{"how far ahead purchases count", "насколько вперёд считаются покупки"})
	p.fixed(percent, text{"Discount a year", "Ставка дисконтирования в год"}, x.AnnualDiscount, text{"by which money a year ahead is worth less", "на сколько деньги через год дешевле сегодняшних"})
	p.fixed(percent, text{"Level of the intervals", "Уровень интервалов"}, x.Level, text{"the probability of what really happens lying in them", "с такой вероятностью действительность попадает в интервал"})
	p.fixed(general, text{"A purchase is worth", "Покупка ценится по"}, x.worth(text{"its profit", "прибыли"}, text{"its revenue", "выручке"}),
		x.worth(text{"with the assumptions of the report; a change of the assumptions above does not change predictions", "с допущениями отчёта; изменение допущений в этой книге прогноза не меняет"},
			text{"the cost of goods is not known, or revenue was asked for", "себестоимость неизвестна или заказана выручка"}))
}

// columns returns the columns of the list.
func (x *ltvSheet) columns(b *book) []column {
	of := func(i int) *ltv.Future { return &x.Customers[i] }
	cash := style{format: money}
	amount := func(key string, width float64, name, note text, v func(*ltv.Future) orders.Amount) column {
		return column{key: key, name: b.money(name), width: width, style: cash, note: note,
			cell: func(i, _ int) any { return v(of(i)) },
			totals: func() any {
				return x.list.sum(key, x.total(func(c *ltv.Future) orders.NullAmount { return orders.Known(v(c)) }))
			}}
	}
	brought := func(key string, width float64, name, note text, v func(*ltv.Future) orders.NullAmount) column {
		return column{key: key, name: b.money(name), width: width, style: style{format: money, align: "right"}, note: note,
			cell:   func(i, _ int) any { return known(v(of(i))) },
			totals: func() any { return x.list.sum(key, x.total(v)) }}
	}
	sum := func(key string, width float64, name, note text, f format, v func(*ltv.Future) float64, total float64) column {
		return column{key: key, name: name, width: width, style: style{format: f}, note: note,
			cell:   func(i, _ int) any { return v(of(i)) },
			totals: func() any { return x.list.sum(key, total) }}
	}
	end := func(key string, name text, v func(*ltv.Future) orders.Amount, total orders.Amount) column {
		level := b.percentText(x.Level)
		return column{key: key, name: b.money(name), width: 15, style: cash, totals: total,
			note: text{"end of the interval that holds " + level + " of what may happen", "граница интервала, в который попадает " + level + " возможных исходов"},
			cell: func(i, _ int) any { return v(of(i)) }}
	}
	return []column{
		{key: "no", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"},
			note: text{"by CLV, descending", "по убыванию CLV"}, cell: func(i, _ int) any { return i + 1 }},
		{key: "customer", name: text{"Id", "Код"}, width: 14, totals: totalLabel,
			note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return of(i).ID }},
		{key: "name", name: text{"Customer", "Клиент"}, width: 28,
			note: text{"with a purchase up to the day of the report", "с покупкой до даты отчёта"}, cell: func(i, _ int) any { return b.itemName(of(i).ID, of(i).Name) }},
		{key: "purchases", name: text{"Purchases", "Покупок"}, width: 10, style: style{format: whole},
			note: text{"days with a purchase", "дней с покупкой"}, cell: func(i, _ int) any { return of(i).Purchases },
			totals: func() any { return x.list.sum("purchases", x.purchases()) }},
		{key: "first_day", name: text{"First purchase", "Первая покупка"}, width: 12, note: text{"in the export", "в выгрузке"}, cell: func(i, _ int) any { return of(i).FirstDay }},
		{key: "last_day", name: text{"Latest purchase", "Последняя покупка"}, width: 12, note: text{"up to the day of the report", "до даты отчёта"}, cell: func(i, _ int) any { return of(i).LastDay }},
		brought("first", 15, text{"First brought", "Принесла первая"},
			x.worth(text{"profit of the first purchase before the cost of winning the customer; 0 where it is not known to be the first", "прибыль первой покупки до стоимости привлечения; 0, если неизвестно, что она первая"},
				text{"revenue of the first purchase; 0 where it is not known to be the first", "выручка первой покупки; 0, если неизвестно, что она первая"}),
			func(c *ltv.Future) orders.NullAmount { return c.First }),
		brought("repeat", 15, text{"The rest brought", "Принесли остальные"}, text{"all other purchases and returns; n/a where their cost of goods is unknown", "все остальные покупки и возвраты; н/д, если их себестоимость неизвестна"}, func(c *ltv.Future) orders.NullAmount { return c.Repeat }),
		amount("acquisition", 14, text{"Acquisition", "Привлечение"}, text{"what winning the customer cost", "стоимость привлечения клиента"}, func(c *ltv.Future) orders.Amount { return c.Acquisition }),
		{key: "historic", name: b.money(text{"Value to date", "Ценность на сегодня"}), width: 16, style: style{format: money, align: "right"},
			note: x.worth(text{"first + rest − acquisition: what the customer has brought", "первая + остальные − привлечение: сколько клиент уже принёс"},
				text{"first + rest: what the customer has brought; acquisition is not revenue", "первая + остальные: сколько клиент уже принёс; привлечение — не выручка"}),
			cell: x.historic, totals: func() any { return x.list.sum("historic", x.historicSum()) }},
		sum("p_alive", 11, text{"P(alive)", "P(активен)"}, text{"probability of being a customer still; its sum is how many still are", "вероятность, что клиент ещё активен; сумма — сколько таких ожидается"}, number,
			func(c *ltv.Future) float64 { return c.PAlive }, x.Total.Alive),
		sum("expected_purchases", 12, text{"Expected purchases", "Ожидается покупок"}, text{"in the horizon", "за горизонт"}, number,
			func(c *ltv.Future) float64 { return c.ExpectedPurchases }, x.Total.ExpectedPurchases),
		{key: "next_day", name: text{"Next by", "Следующая до"}, width: 12,
			note: text{"the day by which the customer, if active, has bought again with probability ½; blank if it is more than 30 years ahead", "день, до которого активный клиент купит снова с вероятностью ½; пусто, если это позже чем через 30 лет"},
			cell: func(i, _ int) any { return of(i).NextDay }},
		{key: "value", name: b.money(text{"Per purchase", "С одной покупки"}), width: 15, style: cash,
			note: text{"expected of one purchase: the customer's own mean, drawn towards that of all the more the fewer purchases there are", "ожидается с одной покупки: своё среднее, сдвинутое к общему тем сильнее, чем меньше покупок"},
			cell: func(i, _ int) any { return of(i).Value }},
		amount("expected_profit", 16, x.worth(text{"Expected profit", "Ожидаемая прибыль"}, text{"Expected revenue", "Ожидаемая выручка"}),
			text{"expected purchases × worth of one", "ожидаемые покупки × ценность одной"}, func(c *ltv.Future) orders.Amount { return c.ExpectedProfit }),
		amount("clv", 16, text{"CLV", "CLV"}, text{"the same, each purchase discounted to the day of the report", "то же, каждая покупка дисконтирована к дате отчёта"}, func(c *ltv.Future) orders.Amount { return c.CLV }),
		end("clv_low", text{"CLV, not less", "CLV, не меньше"}, func(c *ltv.Future) orders.Amount { return c.CLVLow }, x.Total.CLVLow),
		end("clv_high", text{"CLV, not more", "CLV, не больше"}, func(c *ltv.Future) orders.Amount { return c.CLVHigh }, x.Total.CLVHigh),
		{key: "share", name: text{"Share of CLV", "Доля в CLV"}, width: 9, style: style{format: percent},
			note: text{"CLV ÷ CLV of all", "CLV ÷ CLV всех"}, cell: x.share(b)},
		{key: "reason", name: text{"What is known less", "Что известно хуже"}, width: 54,
			note: text{"why this prediction says less than others: the customer may have bought before the export; bought once, so that the prediction is that of all such; has no purchase of known value; the cost of part of the purchases is unknown; the purchases brought nothing", "почему этот прогноз слабее других: клиент мог покупать до начала выгрузки; купил один раз, и прогноз — как у всех таких; сумм своих нет; себестоимость части покупок неизвестна; покупки ничего не принесли"}, cell: func(i, _ int) any { return b.reasonsText(of(i).Reasons) }},
	}
}

// historic returns the value to date: the sum of its parts, if all are known.
func (x *ltvSheet) historic(i, at int) any {
	c := &x.Customers[i]
	if !c.Historic.Known || !c.First.Known || !c.Repeat.Known {
		return known(c.Historic)
	}
	f := fmt.Sprintf("%s+%s-%s", x.list.at("first", at), x.list.at("repeat", at), x.list.at("acquisition", at))
	if x.Basis == ltv.ByRevenue {
		f = fmt.Sprintf("%s+%s", x.list.at("first", at), x.list.at("repeat", at))
	}
	return formula{"ROUND(" + f + ",4)", c.Historic.Amount}
}

// share returns the cells of the shares; there are none of a CLV that is not positive.
func (x *ltvSheet) share(b *book) func(i, at int) any {
	return func(i, at int) any {
		if x.Total.CLV <= 0 {
			return nil
		}
		total := fmt.Sprintf("%s$%d", columnName(x.list.col("clv")), x.list.totals)
		return formula{x.list.at("clv", at) + "/" + total, float64(x.Customers[i].CLV) / float64(x.Total.CLV)}
	}
}

// total returns the sum of what is known.
func (x *ltvSheet) total(v func(*ltv.Future) orders.NullAmount) (sum orders.Amount) {
	for i := range x.Customers {
		if a := v(&x.Customers[i]); a.Known {
			sum += a.Amount
		}
	}
	return sum
}

func (x *ltvSheet) purchases() (n int64) {
	for i := range x.Customers {
		n += x.Customers[i].Purchases
	}
	return n
}

// cellOf returns the total of a column from anywhere in the workbook.
func (x *ltvSheet) cellOf(key string) string { return x.sheet.ref(x.list.col(key), x.list.totals) }

// percentText returns "90 %" or "5.5 %", as the language writes it.
func (b *book) percentText(v float64) string {
	s := strings.TrimSuffix(fmt.Sprintf("%.1f", v*100), ".0")
	if b.lang == Russian {
		return strings.Replace(s, ".", ",", 1) + "\u00a0%"
	}
	return s + "%"
}

// ties are what the value to date adds up to: the control total if it is
// revenue, the profit table of the same scope and assumptions if it is profit.
func (x *ltvSheet) ties(b *book, anonymous, cancelled tiePart) []tie {
	if x.Costs.Revenue.Known {
		return nil // assumed revenue is none of the export's
	}
	sum := x.historicSum()
	listed := tiePart{text{"Value to date of the customers", "Ценность клиентов на сегодня"}, x.cellOf("historic"), sum}
	rest, err := x.withoutPurchase(b)
	b.note(err)
	others := tiePart{name: text{"Customers without a purchase", "Клиенты без покупки"}, value: rest}
	if x.Basis == ltv.ByRevenue {
		return []tie{newTie(x.sheet, text{"Revenue to date", "Выручка на сегодня"}, []tiePart{listed, others, b.outsidePart(x.Scope, false), anonymous, cancelled})}
	}
	p := b.Profit
	if p == nil || p.WhatIf || !p.Total.Profit.Known || !x.Total.Historic.Known || !reflect.DeepEqual(p.Scope, x.Scope) || p.Costs != x.Costs {
		return nil
	}
	t := newTie(x.sheet, text{"Value to date", "Ценность на сегодня"}, []tiePart{
		listed,
		{name: text{"Customers of unknown cost of goods: what else is charged", "Клиенты без себестоимости: остальные расходы на них"}, value: x.uncosted(sum)},
		others,
		{name: text{"Overhead of the range, which is no single customer's", "Накладные за период, не относящиеся к отдельному клиенту"}, value: -x.Costs.OverheadPool},
	})
	t.total = tiePart{name: text{"Profit of the profit table, by the assumptions of the report", "Прибыль из таблицы сделок, с допущениями отчёта"}, value: p.Total.Profit.Amount}
	t.parts = append(t.parts, x.roundings(t)...)
	return []tie{t}
}

// historicSum returns the value to date of the customers whose value is known.
func (x *ltvSheet) historicSum() orders.Amount {
	return x.total(func(c *ltv.Future) orders.NullAmount { return c.Historic })
}

// uncosted returns what customers without a value of their own have in the
// value of all: nothing but costs, and what is known of the cost of their goods.
func (x *ltvSheet) uncosted(sum orders.Amount) orders.Amount {
	for i := range x.Customers {
		if !x.Customers[i].Historic.Known {
			return x.Total.Historic.Amount - sum
		}
	}
	return 0
}

// roundings is what percentages, rounded customer by customer, add up to beside
// those of the whole: at most half a ten-thousandth for each of four sides.
func (x *ltvSheet) roundings(t tie) []tiePart {
	missing := t.total.value
	for _, p := range t.parts {
		missing -= p.value
	}
	rates := x.Costs.BonusFirst.Percent != 0 || x.Costs.BonusRepeat.Percent != 0
	if missing == 0 || !rates || missing.Abs() > orders.Amount(2*len(x.Customers)) {
		return nil
	}
	return []tiePart{{name: text{"Percentages rounded customer by customer", "Округление процентов по каждому клиенту"}, value: missing}}
}

// withoutPurchase returns what customers without a purchase, who are not
// listed, brought: revenue, or profit by the assumptions. They have returns of
// unknown purchases only, on which nothing per purchase is charged.
func (x *ltvSheet) withoutPurchase(b *book) (sum orders.Amount, err error) {
	for c, err := range b.Sales.Customers(b.ctx, orders.CustomerQuery{Scope: x.Scope, NoRhythm: true}) {
		if err != nil {
			return 0, err
		}
		if c.Purchases > 0 {
			continue
		}
		t := c.Sides.Total()
		if x.Basis == ltv.ByRevenue {
			sum += t.Revenue
			continue
		}
		bonus, err := x.Costs.BonusRepeat.Of(0, t.Revenue)
		if err != nil {
			return 0, err
		}
		sum -= bonus
		if x.Costs.COGS.Known {
			sum += t.Revenue
		} else {
			sum += t.Costed - t.COGS
		}
		if !x.Costs.Direct.Known {
			sum -= t.Direct
		}
	}
	return sum, nil
}
