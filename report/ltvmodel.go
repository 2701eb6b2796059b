package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/xuri/excelize/v2"
)

// ltvModelSheet says what is expected of all customers and of a new one, by
// which model, and how far that can be trusted.
func (b *book) ltvModelSheet(x *ltvSheet) {
	s := b.sheet(text{"LTV model", "Модель LTV"}, 52, 19, 19, 19, 84)
	x.model = s
	s.add(style{look: title}, text{"LTV: all customers together, and the model", "LTV: все клиенты вместе и модель"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Expected for %d days, %s", x.HorizonDays, b.between(x.AsOf+1, x.Until)),
		fmt.Sprintf("Ожидание на %d дн., %s", x.HorizonDays, b.between(x.AsOf+1, x.Until)),
	})
	for _, w := range x.Warnings {
		s.paragraph(alarm, 0, b.warning(w))
	}
	x.together(b)
	x.newcomer(b)
	x.purchaseModel(b)
	x.moneyModel(b)
	if f := x.Fit; f != nil && len(f.Diagnostics.Purchases.Cells) > 0 {
		x.goodness(b, f.Diagnostics.Purchases)
	}
}

// facts begins a block of named figures with what they say.
func (s *sheet) facts(name text, columns ...any) {
	s.skip(1)
	s.add(style{look: section}, name)
	for len(columns) < 3 {
		columns = append(columns, nil)
	}
	s.add(style{look: header}, append(append([]any{text{"Figure", "Показатель"}}, columns...), text{"What it says", "Что это значит"})...)
}

// fact lays out up to three figures in one format, but those of a style of their
// own, and returns their row.
func (s *sheet) fact(f format, name, note text, values ...any) int {
	last := len(s.widths) - 1
	cells := make([]any, last+1)
	cells[0] = styled{style{wrap: true}, name}
	for i := range last - 1 {
		cells[i+1] = styled{style{look: body}, nil}
		if i < len(values) {
			cells[i+1] = values[i]
			if _, ok := values[i].(styled); !ok {
				cells[i+1] = styled{style{look: figure, format: f, align: "right"}, values[i]}
			}
		}
	}
	cells[last] = styled{style{wrap: true}, note}
	high := max(1, lines(s.say(note), s.widths[last]), lines(s.say(name), s.widths[0])) * 14
	return s.addHigh(high, style{}, cells...)
}

var oneValue = text{"Value", "Значение"}

// together is what is expected of all customers.
func (x *ltvSheet) together(b *book) {
	s, t := x.model, x.Total
	s.facts(text{"All customers together", "Все клиенты вместе"}, text{"Expected", "Ожидается"}, text{"Not less", "Не меньше"}, text{"Not more", "Не больше"})
	s.fact(general, text{"The data suffice", "Данных достаточно"}, text{
		"500 customers, 180 days, a purchase in the last 30 days, somebody with three purchases; what is missing stands above",
		"500 клиентов, 180 дней, покупка за последние 30 дней, кто-то с тремя покупками; чего не хватает — сказано выше",
	}, yesNo(x.Sufficient))
	s.fact(whole, text{"Customers with a purchase", "Клиентов с покупкой"}, text{}, t.Customers)
	s.fact(days, text{"Of them, customers still", "Из них ещё активны"}, text{"sum of the probabilities", "сумма вероятностей"}, formula{x.cellOf("p_alive"), t.Alive})
	s.fact(days, text{"Purchases in the horizon", "Покупок за горизонт"}, text{
		"the interval holds " + b.percentText(x.Level) + " of what the model lets happen",
		"в интервал попадает " + b.percentText(x.Level) + " исходов, возможных по модели",
	}, formula{x.cellOf("expected_purchases"), t.ExpectedPurchases}, t.PurchasesLow, t.PurchasesHigh)
	s.fact(money, b.money(x.worth(text{"Profit in the horizon", "Прибыль за горизонт"}, text{"Revenue in the horizon", "Выручка за горизонт"})), text{}, formula{x.cellOf("expected_profit"), t.ExpectedProfit})
	s.fact(money, b.money(text{"CLV", "CLV"}), text{
		"the same discounted at " + b.percentText(x.AnnualDiscount) + " a year; first purchases and acquisition are not in it",
		"то же с дисконтом " + b.percentText(x.AnnualDiscount) + " в год; первых покупок и привлечения здесь нет",
	}, formula{x.cellOf("clv"), t.CLV}, formula{x.cellOf("clv_low"), t.CLVLow}, formula{x.cellOf("clv_high"), t.CLVHigh})
	s.fact(money, b.money(text{"Value to date", "Ценность на сегодня"}),
		text{"of the customers whose value is known; by how much it is the profit table's, the reconciliation shows", "клиентов, у которых она известна; с таблицей прибыли её сводит лист сверки"}, formula{x.cellOf("historic"), x.historicSum()})
}

// newcomer is what one more customer is worth.
func (x *ltvSheet) newcomer(b *book) {
	s, n := x.model, x.New
	s.facts(text{"One new customer, from the day of the first purchase", "Один новый клиент, со дня первой покупки"}, oneValue)
	first := s.fact(money, b.money(text{"The first purchase brings", "Приносит первая покупка"}), text{"on average, before the cost of winning the customer; n/a where no first purchase is known", "в среднем, до стоимости привлечения; н/д, если первых покупок не видно"}, known(n.First))
	acquisition := s.fact(money, b.money(text{"Acquisition", "Привлечение"}), text{"what winning a customer cost on average", "сколько в среднем стоило привлечь клиента"}, n.Acquisition)
	s.fact(number, text{"Repeat purchases in the horizon", "Повторных покупок за горизонт"}, text{"expected", "ожидается"}, n.Purchases)
	clv := s.fact(money, b.money(text{"They are worth", "Они стоят"}), text{"discounted", "с дисконтом"}, n.CLV)
	total := any(math.NaN())
	if n.First.Known {
		total = n.First.Amount - n.Acquisition + n.CLV
	}
	s.fact(money, b.money(text{"Together", "Вместе"}), text{"first purchase − acquisition + repeat purchases: above 0, one more customer at this price earns money within the horizon", "первая покупка − привлечение + повторные: больше 0 — ещё один клиент за эту цену окупается в пределах горизонта"},
		formula{fmt.Sprintf("IF(ISNUMBER(B%d),B%d-B%d+B%d,%s)", first, first, acquisition, clv, quote(b.say(undefined))), total})
}

var unitNames = map[ltv.Unit]text{
	0:            {"of the caller", "как заданы"},
	ltv.PerDay:   {"days", "дни"},
	ltv.PerWeek:  {"weeks", "недели"},
	ltv.PerMonth: {"months", "месяцы"},
	ltv.PerYear:  {"years", "годы"},
}

// unit returns the unit of a model's parameters.
func unit(m ltv.Process) ltv.Unit {
	switch m := m.(type) {
	case ltv.NBD:
		return m.Unit
	case ltv.BGNBD:
		return m.Unit
	case ltv.MBGNBD:
		return m.Unit
	case ltv.ParetoNBD:
		return m.Unit
	}
	return 0
}

func (b *book) unitName(u ltv.Unit) text {
	if t, ok := unitNames[u]; ok {
		return t
	}
	n := strconv.FormatFloat(float64(u), 'g', 6, 64)
	return text{n + " days", n + " дн."}
}

// purchaseModel is the model of purchases: its parameters and what to think of them.
func (x *ltvSheet) purchaseModel(b *book) {
	s, name := x.model, b.modelName(x.Model.Name())
	s.facts(text{"The model of purchases: " + name, "Модель покупок: " + name}, text{"Estimate", "Оценка"}, text{"Standard error", "Стандартная ошибка"}, text{"Error ÷ estimate", "Ошибка ÷ оценка"})
	if x.Choice != nil {
		s.fact(general, text{"Chosen by", "Выбрана"}, text{
			"by the least mean miss on days inside the data that it had not seen: see the method",
			"по наименьшему среднему промаху на днях внутри данных, которых она не видела: см. методику",
		}, text{"rolling origins", "скользящие срезы"}, text{fmt.Sprintf("origins: %d", len(x.Choice.Origins)), fmt.Sprintf("срезов: %d", len(x.Choice.Origins))})
	} else {
		s.fact(general, text{"Chosen by", "Выбрана"}, text{"the model was given", "модель задана"}, text{"the caller", "заказчиком"})
	}
	s.fact(general, text{"Unit of time of the parameters", "Единица времени параметров"}, text{}, b.unitName(unit(x.Model)))
	f := x.Fit
	if f == nil {
		s.fact(general, text{"Parameters", "Параметры"}, text{"given, not fitted: no errors and no diagnostics", "заданы, а не подобраны: ошибок и диагностики нет"}, fmt.Sprintf("%+v", x.Model))
		return
	}
	estimates(s, f.Parameters, purchaseParameters)
	s.diagnostics(b, f.Diagnostics)
	s.fact(fine, text{"Log-likelihood", "Логарифм правдоподобия"}, text{"per unit of time: comparable between models of the same data in the same unit", "на единицу времени: сравнивать можно модели одних данных в одной единице"}, f.LogLikelihood)
	s.fact(fine, text{"… if nobody ever left (NBD)", "… если никто не уходит (NBD)"}, text{"a model that is not better has found nobody leaving", "модель не лучше этой ушедших не нашла"}, f.Diagnostics.NBD)
	s.fact(fine, text{"… if all bought equally often (Poisson)", "… если все покупают одинаково часто (Пуассон)"}, text{"a model that is not better has found no difference between customers", "модель не лучше этой различий между клиентами не нашла"}, f.Diagnostics.Poisson)
	s.fact(fine, text{"AIC", "AIC"}, text{"2 × parameters − 2 × log-likelihood: the less the better", "2 × число параметров − 2 × логарифм правдоподобия: чем меньше, тем лучше"}, f.AIC())
	s.fact(whole, text{"Customers it is fitted to", "Подобрана по клиентам"}, text{"those whose first purchase is known to be the first", "по тем, чья первая покупка точно первая"}, f.Customers)
}

var (
	purchaseParameters = map[string]text{
		"r":     {"shape of how often customers buy: the smaller, the more they differ", "форма распределения частоты: чем меньше, тем сильнее клиенты различаются"},
		"alpha": {"scale of how often they buy: r ÷ α purchases per unit of time on average", "масштаб частоты: в среднем r ÷ α покупок за единицу времени"},
		"a":     {"leaving: a ÷ (a + b) is the mean probability of having left after a purchase", "уход: a ÷ (a + b) — средняя вероятность уйти после покупки"},
		"b":     {"leaving, with a", "уход, вместе с a"},
		"s":     {"shape of when customers leave: the smaller, the more they differ", "форма распределения ухода: чем меньше, тем сильнее клиенты различаются"},
		"beta":  {"scale of when they leave: s ÷ β is the mean rate per unit of time", "масштаб ухода: s ÷ β — средняя интенсивность за единицу времени"},
	}
	moneyParameters = map[string]text{
		"p":     {"shape of the worth of one customer's purchases", "форма распределения сумм у одного клиента"},
		"q":     {"shape of how customers differ; 1 or less: the mean of all has no bound", "форма различий между клиентами; 1 и меньше: общее среднее не ограничено"},
		"v":     {"scale, in money", "масштаб, в деньгах"},
		"mu":    {"mean worth of a purchase over customers", "средняя ценность покупки по клиентам"},
		"tau":   {"standard deviation between customers", "стандартное отклонение между клиентами"},
		"sigma": {"standard deviation between a customer's purchases", "стандартное отклонение между покупками одного клиента"},
	}
	greek = map[string]string{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "mu": "μ", "tau": "τ", "sigma": "σ"}
)

// estimates lays out parameters with their standard errors.
func estimates(s *sheet, parameters []ltv.Parameter, notes map[string]text) {
	for _, p := range parameters {
		key := strings.ToLower(p.Name)
		name := key // as in the papers
		if g, ok := greek[key]; ok {
			name = g
		}
		at := s.rows + 1
		relative := any(math.NaN())
		if !math.IsNaN(p.SE) && p.Value != 0 {
			relative = styled{style{look: figure, format: percent, align: "right"}, formula{fmt.Sprintf("C%d/ABS(B%d)", at, at), p.SE / math.Abs(p.Value)}}
		}
		s.fact(significant(p.Value), text{name, name}, notes[key], p.Value, p.SE, relative)
	}
}

// significant returns the format in which a parameter shows what it is.
func significant(v float64) format {
	if math.Abs(v) >= 1000 {
		return money
	}
	return fine
}

// diagnostics lays out how far a fit can be trusted.
func (s *sheet) diagnostics(b *book, d ltv.Diagnostics) {
	s.fact(general, text{"The search has converged", "Поиск сошёлся"}, text{"the likelihood is flat at the estimate", "в точке оценки правдоподобие уже не растёт"}, yesNo(d.Converged),
		text{fmt.Sprintf("steps: %d", d.Steps), fmt.Sprintf("шагов: %d", d.Steps)}, text{fmt.Sprintf("starts: %d of %d", d.Agree, d.Starts), fmt.Sprintf("стартов: %d из %d", d.Agree, d.Starts)})
	s.fact(scientific, text{"Greatest slope at the estimate", "Наибольший наклон в оценке"}, text{"below 0.000001 is good", "меньше 0,000001 — хорошо"}, d.Gradient)
	s.fact(general, text{"The parameters lie on a ridge", "Параметры на гребне"}, text{
		"yes: far other parameters would do as well. They mean little one by one, and their errors less; predictions within the range of the data are unharmed",
		"да: подошли бы и совсем другие параметры. По отдельности они и их ошибки мало что значат; прогноз в пределах данных от этого не хуже",
	}, yesNo(d.Ridge))
	if len(d.Boundary) > 0 {
		s.fact(general, text{"At the end of their range", "На границе области"}, text{"parameters without a maximum of the likelihood inside their range", "параметры, у которых внутри области нет максимума правдоподобия"}, strings.Join(d.Boundary, ", "))
	}
	s.fact(scientific, text{"Condition of the Hessian", "Обусловленность гессиана"}, text{"above 100,000 counts as a ridge", "больше 100 000 считается гребнем"}, d.Condition)
}

func yesNo(v bool) text {
	if v {
		return yes
	}
	return text{"no", "нет"}
}

// moneyModel is the model of what a purchase is worth.
func (x *ltvSheet) moneyModel(b *book) {
	s, m := x.model, x.Money
	name := text{"mean of all", "среднее по всем"}
	switch {
	case m.Gamma != nil:
		name = text{"Gamma-Gamma", "гамма-гамма"}
	case m.Normal != nil:
		name = text{"shrinkage towards the mean", "стягивание к среднему"}
	}
	s.facts(text{"The model of a purchase's worth: " + name[English], "Модель ценности покупки: " + name[Russian]}, text{"Estimate", "Оценка"}, text{"Standard error", "Стандартная ошибка"}, text{"Error ÷ estimate", "Ошибка ÷ оценка"})
	s.fact(money, b.money(text{"Mean worth of a repeat purchase", "Средняя ценность повторной покупки"}), text{"over purchases, from data", "по покупкам, из данных"}, m.Mean)
	s.fact(whole, text{"Customers it is fitted to", "Подобрана по клиентам"}, text{"with repeat purchases of known worth", "с повторными покупками, ценность которых известна"}, m.Customers)
	switch {
	case m.Gamma != nil:
		g := m.Gamma
		estimates(s, g.Parameters, moneyParameters)
		s.fact(general, text{"The mean of all is finite", "Общее среднее конечно"}, text{"no (q ≤ 1): everybody is taken to spend their own mean, who has none that of all", "нет (q ≤ 1): у каждого берётся своё среднее, а у кого его нет — общее"}, yesNo(g.Finite))
		s.fact(whole, text{"Customers taken as 0", "Взято за 0 клиентов"}, text{"their repeat purchases brought nothing or less, which this model does not know", "их повторные покупки ничего не принесли; такого эта модель не знает"}, m.Floored)
		s.fact(number, text{"Correlation of frequency and worth", "Связь частоты и суммы"}, text{"the model supposes none", "модель предполагает, что её нет"}, g.Correlation)
		s.fact(fine, text{"… probability of as much by chance", "… вероятность такой случайно"}, text{"below 0.05: they do hang together, and the CLV of frequent buyers is off to that side", "меньше 0,05: связь есть, и CLV частых покупателей смещён в её сторону"}, g.Independent)
		s.diagnostics(b, g.Diagnostics)
	case m.Normal != nil:
		estimates(s, m.Normal.Parameters, moneyParameters)
		s.diagnostics(b, m.Normal.Diagnostics)
	}
}

// goodness compares how many customers bought so often with what the model expects.
func (x *ltvSheet) goodness(b *book, g ltv.GoodnessOfFit) {
	s := x.model
	s.pageBreak()
	s.add(style{look: section}, text{"Repeat purchases of the customers it is fitted to: actual and by the model", "Повторные покупки клиентов, по которым модель подобрана: факт и модель"})
	head := s.addHigh(30, style{look: header}, text{"Repeat purchases", "Повторных покупок"}, text{"Customers, actual", "Клиентов, факт"}, text{"Customers, by the model", "Клиентов, по модели"}, text{"Difference", "Разница"})
	first := s.rows + 1
	var actual, expected float64
	for _, c := range g.Cells {
		at, name := s.rows+1, strconv.Itoa(c.X)
		if c.AndMore {
			name += "+"
		}
		s.add(style{}, styled{style{align: "center"}, name}, styled{style{format: whole}, c.Actual}, styled{style{format: days}, c.Expected},
			styled{style{format: number}, formula{fmt.Sprintf("B%d-C%d", at, at), c.Actual - c.Expected}})
		actual, expected = actual+c.Actual, expected+c.Expected
	}
	last := s.rows
	st := func(f format) style { return style{look: total, format: f} }
	s.add(style{look: total}, totalLabel, styled{st(whole), formula{sumOf(2, first, last), actual}}, styled{st(days), formula{sumOf(3, first, last), expected}}, nil)
	s.fact(number, text{"χ²", "χ²"}, text{"neighbours with fewer than five expected customers taken together", "соседние строки, где ожидается меньше пяти клиентов, взяты вместе"}, g.ChiSquare, text{fmt.Sprintf("degrees: %d", g.Degrees), fmt.Sprintf("степеней: %d", g.Degrees)})
	s.fact(fine, text{"Probability of as much by chance", "Вероятность такого случайно"}, text{"with thousands of customers every model fails this test: it ranks them, it does not judge them", "на тысячах клиентов эту проверку не проходит ни одна модель: она ранжирует их, а не судит"}, g.P)
	s.skip(1)
	s.picture(820, 320, func(at string, width, height uint) placed {
		series := func(col int, colour string) excelize.ChartSeries {
			return excelize.ChartSeries{Name: s.ref(col, head), Categories: s.span(1, first, 1, last), Values: s.span(col, first, col, last), Fill: solid(colour)}
		}
		return placed{at, &excelize.Chart{
			Type:      excelize.Col,
			Series:    []excelize.ChartSeries{series(2, colourRepeat), series(3, colourFirst)},
			Title:     chartTitle(b.say(text{"Customers by their repeat purchases", "Клиенты по числу повторных покупок"})),
			Dimension: excelize.ChartDimension{Width: width, Height: height},
			Legend:    excelize.ChartLegend{Position: "bottom"},
			YAxis:     excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
			XAxis:     excelize.ChartAxis{Font: small()}, GapWidth: gap(60), VaryColors: oneColour(),
		}, nil}
	})
}
