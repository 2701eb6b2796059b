package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// ltvCurveSheet is what customers have brought by each age against what winning
// one cost, of all cohorts and of each.
type ltvCurveSheet struct {
	*cohorts.LTV
	sheet  *sheet
	cost   string // name of the parameter
	points *table
}

var valueNames = map[cohorts.Value]text{
	cohorts.ByContribution: {"Contribution", "Маржинальная прибыль"},
	cohorts.ByGrossProfit:  {"Gross profit", "Валовая прибыль"},
	cohorts.ByRevenue:      {"Revenue", "Выручка"},
}

func (b *book) ltvCurveSheet() *ltvCurveSheet {
	l := &ltvCurveSheet{LTV: b.CohortLTV}
	value := valueNames[l.Value]
	s := b.sheet(text{"Customer value by age", "Ценность клиента по возрасту"}, 26, 14, 14, 18, 18, 18, 18, 14)
	l.sheet = s
	s.add(style{look: title}, text{"What a customer brings against what winning one cost", "Сколько клиент приносит против стоимости привлечения"})
	s.paragraph(prose, 0, b.say(text{
		value[English] + " of all purchases up to an age, per acquired customer, those who never came back included. Observed, not predicted: at each age only the cohorts that are covered in full up to it count, so the last rows are of few.",
		value[Russian] + " всех покупок до данного возраста на одного привлечённого клиента, включая тех, кто не вернулся. Это наблюдение, а не прогноз: в каждом возрасте считаются только когорты, прожитые до него целиком, поэтому последние строки — по немногим.",
	}))
	if len(l.All.Points) == 0 {
		s.add(style{look: prose}, text{"There is no cohort: the export does not tell new customers from old ones.", "Когорт нет: выгрузка не позволяет отличить новых клиентов от старых."})
		return l
	}
	b.params.section(text{"Customer value by age", "Ценность клиента по возрасту"})
	l.cost = b.params.live("Cohorts_Acquisition", money, b.money(text{"Cost of winning one customer", "Стоимость привлечения одного клиента"}), l.Acquisition, text{
		"Cost per lead ÷ conversion; the value by age is set against it",
		"Цена лида ÷ конверсия; с ней сравнивается ценность клиента",
	})
	l.all(b)
	if len(l.All.Points) > 1 && l.All.Points[0].Sum.Known {
		s.pageBreak()
		s.picture(980, 340, l.chart)
	}
	s.skip(1)
	l.byCohort(b)
	l.points.legend()
	return l
}

// net returns the formula of what is left of a value per customer after its cost.
func (l *ltvCurveSheet) net(per string, v float64) any {
	return formula{fmt.Sprintf("IF(ISNUMBER(%s),%s-%s,%s)", per, per, l.cost, quote(l.sheet.say(undefined))), v}
}

// all is the table of all cohorts together, and when they have paid back.
func (l *ltvCurveSheet) all(b *book) {
	s := l.sheet
	points := l.All.Points
	t := &l.points
	paid := any(b.say(notYet))
	if l.All.PaidBack {
		paid = l.All.PaidAt
	}
	s.add(style{}, text{"Paid back at age", "Окупается в возрасте"}, nil, nil, lazy(func() any {
		ages := (*t).local("paid_back")
		return styled{style{look: figure, format: whole, align: "right"}, formula{fmt.Sprintf("IF(COUNT(%s)=0,%s,MIN(%s))", ages, quote(b.say(notYet)), ages), paid}}
	}))
	s.skip(1)
	st, cash := style{format: whole}, style{format: money}
	l.points = s.table(len(points), false, []column{
		{key: "age", name: text{"Age", "Возраст"}, style: style{align: "center"}, cell: func(i, _ int) any { return points[i].Age },
			note: text{"in the periods of the cohorts, or in so many days if the table is by days", "в периодах когорт или в отрезках дней, если таблица по дням"}},
		{key: "cohorts", name: text{"Cohorts", "Когорт"}, style: st, cell: func(i, _ int) any { return points[i].Cohorts },
			note: text{"covered in full up to this age", "прожитых целиком до этого возраста"}},
		{key: "customers", name: text{"Customers", "Клиентов"}, style: st, cell: func(i, _ int) any { return points[i].Size },
			note: text{"acquired in them", "привлечённых в них"}},
		{key: "sum", name: b.money(text{"Brought by them", "Принесли"}), style: cash, cell: func(i, _ int) any { return points[i].Sum }},
		{key: "per_customer", name: b.money(text{"Per customer", "На клиента"}), style: cash,
			cell: func(i, at int) any {
				sum, n := (*t).at("sum", at), (*t).at("customers", at)
				return formula{fmt.Sprintf("IF(AND(ISNUMBER(%s),%s>0),%s/%s,%s)", sum, n, sum, n, quote(b.say(undefined))), points[i].PerCustomer}
			}},
		{key: "cost", name: b.money(text{"Cost of winning", "Привлечение"}), style: cash,
			cell: func(_, _ int) any { return formula{l.cost, l.Acquisition} }},
		{key: "net", name: b.money(text{"Left", "Остаётся"}), style: cash, note: text{"per customer less cost of winning", "на клиента за вычетом привлечения"},
			cell: func(i, at int) any { return l.net((*t).at("per_customer", at), points[i].Net) }},
		{key: "paid_back", name: text{"Paid back", "Окупились"}, style: style{format: whole, align: "center"},
			note: text{"the age, if what is left is not negative", "возраст, если остаток не отрицателен"},
			cell: func(i, at int) any { return l.paid(t, i, at) }},
	})
	l.points.fill()
}

// paid is the age of a point at which customers have paid back, compared in
// money, not in quotients.
func (l *ltvCurveSheet) paid(t **table, i, at int) any {
	p, said := l.All.Points[i], any("")
	if cost, _, err := l.Acquisition.MulDiv(p.Size, 1); err == nil && p.Sum.Known && p.Size > 0 && p.Sum.Amount >= cost {
		said = p.Age
	}
	sum, n := (*t).at("sum", at), (*t).at("customers", at)
	return formula{fmt.Sprintf(`IF(AND(ISNUMBER(%s),%s>0),IF(ROUND(%s-%s*%s,4)>=0,%d,""),"")`, sum, n, sum, l.cost, n, p.Age), said}
}

// byCohort is one row per cohort: its customers, what they have brought so far,
// and when they had paid back.
func (l *ltvCurveSheet) byCohort(b *book) {
	s := l.sheet
	cash := style{format: money}
	last := func(i int) cohorts.CurvePoint { return l.Cohorts[i].Points[len(l.Cohorts[i].Points)-1] }
	var t *table
	s.add(style{look: section}, text{"By cohort, up to the day of the report", "По когортам, до даты отчёта"})
	t = s.table(len(l.Cohorts), false, []column{
		{key: "cohort", name: text{"Cohort", "Когорта"}, cell: func(i, _ int) any { return l.Cohorts[i].Period }},
		{key: "age", name: text{"Age", "Возраст"}, style: style{align: "center"}, cell: func(i, _ int) any { return last(i).Age }},
		{key: "customers", name: text{"Customers", "Клиентов"}, style: style{format: whole}, cell: func(i, _ int) any { return last(i).Size }},
		{key: "sum", name: b.money(text{"Brought by them", "Принесли"}), style: cash, cell: func(i, _ int) any { return last(i).Sum }},
		{key: "per_customer", name: b.money(text{"Per customer", "На клиента"}), style: cash, cell: func(i, at int) any {
			sum, n := t.at("sum", at), t.at("customers", at)
			return formula{fmt.Sprintf("IF(AND(ISNUMBER(%s),%s>0),%s/%s,%s)", sum, n, sum, n, quote(b.say(undefined))), last(i).PerCustomer}
		}},
		{key: "cost", name: b.money(text{"Cost of winning", "Привлечение"}), style: cash, cell: func(_, _ int) any { return formula{l.cost, l.Acquisition} }},
		{key: "net", name: b.money(text{"Left", "Остаётся"}), style: cash, cell: func(i, at int) any { return l.net(t.at("per_customer", at), last(i).Net) }},
		{key: "paid_at", name: text{"Paid back at age", "Окупилась в возрасте"}, style: style{align: "center"}, cell: func(i, _ int) any {
			if !l.Cohorts[i].PaidBack {
				return notYetShort
			}
			return l.Cohorts[i].PaidAt
		}},
	})
	t.fill()
	s.paragraph(prose, 0, b.say(text{
		"The age at which a cohort had paid back is a value: it does not follow the cost of winning on the sheet of parameters.",
		"Возраст окупаемости когорты — значение: он не меняется вместе со стоимостью привлечения на листе параметров.",
	}))
}

// chart draws the value per customer, and its cost, by age.
func (l *ltvCurveSheet) chart(at string, width, height uint) placed {
	t := l.points
	line := func(key, colour string) excelize.ChartSeries {
		return excelize.ChartSeries{
			Name: t.sheet.ref(t.col(key), t.head), Categories: t.span("age"), Values: t.span(key),
			Fill: solid(colour), Line: excelize.LineOptions{Width: 2}, Marker: excelize.ChartMarker{Symbol: "none"},
		}
	}
	return placed{at, &excelize.Chart{
		Type:      excelize.Line,
		Series:    []excelize.ChartSeries{line("per_customer", colourRepeat), line("cost", colourLine)},
		Title:     chartTitle(t.say(text{"Value of a customer by age against the cost of winning one", "Ценность клиента по возрасту против стоимости привлечения"})),
		Dimension: excelize.ChartDimension{Width: width, Height: height},
		Legend:    excelize.ChartLegend{Position: "bottom"},
		YAxis:     excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
		XAxis:     excelize.ChartAxis{Font: small()},
	}, nil}
}

// retentionSheet is revenue retention against a year ago.
type retentionSheet struct {
	*cohorts.RevenueResult
	sheet *sheet
	rows  *table
}

func (b *book) retentionSheet() *retentionSheet {
	r := &retentionSheet{RevenueResult: b.RevenueRetention}
	s := b.sheet(text{"Revenue retention", "Удержание выручки"}, 12, 12, 12, 12, 17, 17, 17, 17, 17, 17, 17, 12, 12, 11)
	r.sheet = s
	s.add(style{look: title}, text{"Revenue retention", "Удержание выручки"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Each period against %d periods before, %s, %s", r.Lag, grainNames[r.Grain][English], b.between(r.Scope.From, r.Scope.AsOf)),
		fmt.Sprintf("Каждый период против периода %d назад, %s, %s", r.Lag, grainNames[r.Grain][Russian], b.between(r.Scope.From, r.Scope.AsOf)),
	})
	if len(r.Rows) == 0 {
		s.add(style{look: prose}, text{"The export is too short: no period has its base in it.", "Выгрузка слишком коротка: ни у одного периода нет базы."})
		return r
	}
	first, last := 0, len(r.Rows)-1 // of those covered in full
	for first <= last && r.Rows[first].Partial {
		first++
	}
	for last >= first && r.Rows[last].Partial {
		last--
	}
	whole := last >= first
	for _, row := range r.Rows[first : last+1] {
		whole = whole && !row.Partial
	}
	var t *table
	at := func(i int) *cohorts.RevenueRow {
		if i < 0 {
			return &r.Total
		}
		return &r.Rows[i]
	}
	total := func(key string, v any) func() any {
		return func() any {
			if !whole {
				return v
			}
			return formula{sumOf(t.col(key), t.first+first, t.first+last), v}
		}
	}
	amount := func(key string, name, note text, of func(*cohorts.RevenueRow) orders.Amount) column {
		return column{key: key, name: b.money(name), note: note, style: style{format: money},
			cell: func(i, _ int) any { return of(at(i)) }, totals: total(key, of(&r.Total))}
	}
	number := func(key string, name, note text, of func(*cohorts.RevenueRow) int64) column {
		return column{key: key, name: name, note: note, style: style{format: wholeFormat},
			cell: func(i, _ int) any { return of(at(i)) }, totals: total(key, of(&r.Total))}
	}
	rate := func(key string, name, note text, over string, of func(*cohorts.RevenueRow) float64) column {
		return both(column{key: key, name: name, note: note, style: style{format: percent}}, &t, func(i, row int) any {
			base := t.at("base_revenue", row)
			return formula{fmt.Sprintf("IF(%s>0,%s/%s,%s)", base, t.at(over, row), base, quote(b.say(undefined))), of(at(i))}
		})
	}
	sum := func(key string, name, note text, formulaOf func(row int) string, of func(*cohorts.RevenueRow) orders.Amount) column {
		return both(column{key: key, name: b.money(name), note: note, style: style{format: money}}, &t, func(i, row int) any {
			return formula{formulaOf(row), of(at(i))}
		})
	}
	t = s.table(len(r.Rows), false, []column{
		{key: "period", name: text{"Period", "Период"}, totals: totalLabel, cell: func(i, _ int) any { return r.Rows[i].Period }},
		{key: "base", name: text{"Base", "База"}, cell: func(i, _ int) any { return r.Rows[i].Base }},
		number("customers", text{"Customers then", "Клиентов базы"}, text{"with revenue in the base period", "с выручкой в базовом периоде"}, func(x *cohorts.RevenueRow) int64 { return x.Customers }),
		number("active", text{"Still buying", "Из них покупают"}, text{"of them, with revenue in the period", "из них с выручкой в периоде"}, func(x *cohorts.RevenueRow) int64 { return x.Active }),
		amount("base_revenue", text{"Revenue then", "Выручка базы"}, text{}, func(x *cohorts.RevenueRow) orders.Amount { return x.BaseRevenue }),
		amount("lost", text{"Lost", "Ушло"}, text{"what those brought then who bring nothing now", "сколько давали те, кто теперь не даёт ничего"}, func(x *cohorts.RevenueRow) orders.Amount { return x.Lost }),
		amount("contraction", text{"Less", "Стало меньше"}, text{"what the others bring less", "насколько меньше дают остальные"}, func(x *cohorts.RevenueRow) orders.Amount { return x.Contraction }),
		sum("kept", text{"Kept", "Удержано"}, text{"revenue then − lost − less", "выручка базы − ушло − стало меньше"}, func(row int) string {
			return fmt.Sprintf("%s-%s-%s", t.at("base_revenue", row), t.at("lost", row), t.at("contraction", row))
		}, func(x *cohorts.RevenueRow) orders.Amount { return x.Kept }),
		amount("expansion", text{"More", "Стало больше"}, text{"what some of them bring more", "насколько больше дают некоторые из них"}, func(x *cohorts.RevenueRow) orders.Amount { return x.Expansion }),
		sum("now", text{"Revenue now", "Выручка сейчас"}, text{"of the customers of the base: kept + more", "клиентов базы: удержано + стало больше"}, func(row int) string {
			return fmt.Sprintf("%s+%s", t.at("kept", row), t.at("expansion", row))
		}, func(x *cohorts.RevenueRow) orders.Amount { return x.Now }),
		amount("new", text{"From all others", "От остальных"}, text{"revenue of the period that neither rate counts", "выручка периода, не входящая ни в один показатель"}, func(x *cohorts.RevenueRow) orders.Amount { return x.New }),
		rate("nrr", text{"Net (NRR)", "Чистое (NRR)"}, text{"revenue now ÷ revenue then", "выручка сейчас ÷ выручка базы"}, "now", func(x *cohorts.RevenueRow) float64 { return x.NRR }),
		rate("grr", text{"Gross (GRR)", "Валовое (GRR)"}, text{"kept ÷ revenue then: nobody counts for more than then", "удержано ÷ выручка базы: никто не считается больше, чем тогда"}, "kept", func(x *cohorts.RevenueRow) float64 { return x.GRR }),
		{key: "partial", name: text{"Partial", "Неполный"}, style: style{align: "center"}, cell: func(i, _ int) any { return flag(r.Rows[i].Partial) },
			note: text{"the export covers the period or its base in part only; such rows are left out of the total", "выгрузка захватывает период или его базу не целиком; такие строки не входят в итог"}},
	})
	r.rows = t
	t.fill()
	t.legend()
	return r
}

// wholeFormat is whole, where a variable hides that name.
const wholeFormat = whole
