package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/xuri/excelize/v2"
)

// paybackSheet is the payback from data by days, and that of groups of
// customers by purchase, beside the what-if model of each.
type paybackSheet struct {
	sheet  *sheet
	ages   *table
	groups []*table
}

// shownPurchases is how many purchases of a group have a column of their own.
const shownPurchases = 6

func (b *book) paybackSheet() *paybackSheet {
	x := &paybackSheet{}
	s := b.sheet(text{"Payback", "Окупаемость"}, 22, 12, 17, 16, 14, 14, 14, 14, 14, 14, 13, 13, 16, 16, 14)
	x.sheet = s
	s.add(style{look: title}, text{"Payback of the customers acquired", "Окупаемость привлечённых клиентов"})
	s.paragraph(prose, 0, b.say(text{
		"From data: profit of all customers acquired, those who never returned included, the cost of winning them charged. The model beside it supposes that every customer returns; the two answer different questions and are never mixed.",
		"По данным: прибыль всех привлечённых клиентов, включая тех, кто не вернулся, за вычетом привлечения. Модель рядом предполагает, что возвращается каждый клиент; это ответы на разные вопросы, смешивать их нельзя.",
	}))
	s.left = 1
	if pay := b.Paybacks[0].Total.ByAge; len(pay.Points) > 0 {
		x.byAge(b, pay)
	}
	for _, t := range b.Paybacks {
		x.byGroup(b, t)
	}
	x.legend(b)
	return x
}

// byAge lays out the curve by days since the first purchase.
func (x *paybackSheet) byAge(b *book, pay ltv.Payback) {
	s := x.sheet
	s.add(style{look: section}, text{"By days since the first purchase", "По дням с первой покупки"})
	s.add(style{format: whole}, text{"Customers acquired", "Привлечено клиентов"}, pay.Customers)
	acquired := cellName(2, s.rows)
	s.add(style{format: whole}, text{"Paid back by day", "Окупились на день"}, lazy(func() any {
		paid := any(b.say(notYet))
		if pay.PaidBack {
			paid = pay.At
		}
		return formula{fmt.Sprintf("IF(COUNT(%s)=0,%s,MIN(%s))", x.ages.local("paid_back"), quote(b.say(notYet)), x.ages.local("paid_back")), paid}
	}))
	pt := func(i int) ltv.PaybackPoint { return pay.Points[i] }
	x.ages = s.table(len(pay.Points), false, []column{
		{key: "at", name: text{"Through day", "По день"}, style: style{format: whole}, cell: func(i, _ int) any { return pt(i).At }},
		{key: "customers", name: text{"Observed", "Видны"}, note: text{"customers acquired who could be observed through this day", "привлечённые клиенты, которых видно по этот день"}, style: style{format: whole}, cell: func(i, _ int) any { return pt(i).Customers }},
		{key: "revenue", name: b.money(text{"Revenue up to it", "Выручка с начала"}), style: style{format: money}, cell: func(i, _ int) any { return pt(i).Revenue }},
		{key: "cumulative", name: b.money(text{"Profit up to it", "Прибыль с начала"}), style: style{format: money}, cell: func(i, _ int) any { return pt(i).Cumulative }},
		{key: "per_customer", name: b.money(text{"Per customer", "На клиента"}), note: text{"divided by all customers acquired", "делится на всех привлечённых"}, style: style{format: money},
			cell: func(i, at int) any {
				return formula{fmt.Sprintf("ROUND(%s/$%s,2)", x.ages.at("cumulative", at), acquired), pt(i).PerCustomer}
			}},
		{key: "paid_back", name: text{"Paid back", "Окупились"}, style: style{format: whole, align: "center"},
			cell: func(i, at int) any {
				paid := any("")
				if pt(i).Cumulative >= 0 {
					paid = pt(i).At
				}
				return formula{fmt.Sprintf(`IF(%s>=0,%s,"")`, x.ages.at("cumulative", at), x.ages.at("at", at)), paid}
			}},
	})
	x.ages.fill()
	s.skip(1)
	s.picture(1000, 300, x.chart)
}

// chart draws the curve by days.
func (x *paybackSheet) chart(at string, width, height uint) placed {
	t := x.ages
	return placed{at, &excelize.Chart{
		Type: excelize.Line,
		Series: []excelize.ChartSeries{{
			Name: t.sheet.ref(t.col("per_customer"), t.head), Categories: t.span("at"), Values: t.span("per_customer"),
			Fill: solid(colourRepeat), Line: excelize.LineOptions{Width: 2.25},
			Marker: excelize.ChartMarker{Symbol: "circle", Size: 5, Fill: solid(colourRepeat)},
		}},
		Title:     chartTitle(t.say(text{"Profit per acquired customer by days since the first purchase", "Прибыль на привлечённого клиента по дням с первой покупки"})),
		Dimension: excelize.ChartDimension{Width: width, Height: height},
		Legend:    excelize.ChartLegend{Position: "none"},
		YAxis:     excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
		XAxis:     excelize.ChartAxis{Font: small(), TickLabelPosition: excelize.ChartTickLabelLow},
	}, nil}
}

// byGroup lays out the groups of a table.
func (x *paybackSheet) byGroup(b *book, p *ltv.PaybackTable) {
	s := x.sheet
	s.pageBreak()
	name := text{"By channel of the first purchase", "По каналам первой покупки"}
	if p.By == ltv.ByCohort {
		name = text{"By cohort of the first purchase, " + grainNames[p.Cohort][English], "По когортам первой покупки, " + grainNames[p.Cohort][Russian]}
	}
	s.add(style{look: section}, name)
	var t *table
	t = s.table(len(p.Groups), false, x.columns(b, p, &t))
	t.fill()
	x.groups = append(x.groups, t)
}

// columns returns the columns of a table of groups.
func (x *paybackSheet) columns(b *book, p *ltv.PaybackTable, t **table) []column {
	group := func(i int) *ltv.PaybackGroup {
		if i < 0 {
			return &p.Total
		}
		return &p.Groups[i]
	}
	right := func(f format) style { return style{format: f, align: "right"} }
	last := func(i int) (ltv.PaybackPoint, bool) {
		points := group(i).ByNumber.Points
		if len(points) == 0 {
			return ltv.PaybackPoint{}, false
		}
		return points[len(points)-1], true
	}
	paid := func(pay ltv.Payback) any {
		switch {
		case pay.PaidBack:
			return pay.At
		case len(pay.Points) > 0:
			return notYetShort
		}
		return undefined
	}
	list := []column{
		{key: "group", name: text{"Group", "Группа"}, totals: totalLabel, cell: func(i, _ int) any {
			switch g := p.Groups[i]; {
			case p.By == ltv.ByCohort:
				return g.Cohort
			case g.Key == "":
				return noChannel
			default:
				return g.Key
			}
		}},
		{key: "acquired", name: text{"Acquired", "Привлечено"}, note: text{"customers", "клиентов"}, style: style{format: whole},
			totals: func() any { return (*t).sum("acquired", p.Total.Customers) },
			cell:   func(i, _ int) any { return p.Groups[i].Customers }},
		both(column{key: "profit", name: b.money(text{"Profit to date", "Прибыль на сегодня"}), style: right(money), note: text{"of all their purchases, less the cost of winning them; n/a where no cost of goods is known", "по всем их покупкам, за вычетом привлечения; н/д, если себестоимость неизвестна"}}, t,
			func(i, _ int) any {
				if pt, ok := last(i); ok {
					return pt.Cumulative
				}
				return undefined
			}),
		both(column{key: "per_customer", name: b.money(text{"Per customer", "На клиента"}), style: right(money), note: text{"divided by all acquired, rounded to kopecks", "делится на всех привлечённых, округлено до копеек"}}, t,
			func(i, at int) any {
				v := any(undefined)
				if pt, ok := last(i); ok {
					v = pt.PerCustomer
				}
				profit := (*t).at("profit", at)
				return formula{b.eachText(profit, (*t).at("acquired", at)), v}
			}),
	}
	for n := range shownPurchases {
		note := text{}
		if n == 0 {
			note = text{"profit per acquired customer up to this purchase; empty where nobody has made it", "прибыль на привлечённого клиента до этой покупки включительно; пусто, если её ещё никто не сделал"}
		}
		list = append(list, both(column{key: fmt.Sprint("after_", n+1), name: text{fmt.Sprintf("After purchase %d", n+1), fmt.Sprintf("После покупки %d", n+1)}, note: note, style: right(money)}, t,
			func(i, _ int) any {
				if points := group(i).ByNumber.Points; n < len(points) && !points[n].AndLater {
					return points[n].PerCustomer
				}
				return nil
			}))
	}
	model := func(i int) (m ltv.Model, ok bool) { return group(i).Model() }
	return append(list,
		both(column{key: "paid_purchase", name: text{"Paid back at purchase", "Окупились на покупке"}, style: style{align: "center"}, note: text{"from data: the first purchase up to which their profit is not negative; not yet: not within the data", "по данным: первая покупка, до которой включительно прибыль не отрицательна; ещё нет — в пределах данных не окупились"}}, t, func(i, _ int) any { return paid(group(i).ByNumber) }),
		both(column{key: "paid_day", name: text{"Paid back by day", "Окупились на день"}, style: style{align: "center"}, note: text{"from data: days since the first purchase", "по данным: дней с первой покупки"}}, t, func(i, _ int) any { return paid(group(i).ByAge) }),
		both(column{key: "model_first", name: b.money(text{"Model: first", "Модель: первая"}), style: right(money), note: text{"average profit of a first purchase", "средняя прибыль первой покупки"}}, t, func(i, _ int) any {
			if m, ok := model(i); ok {
				return m.First
			}
			return undefined
		}),
		both(column{key: "model_repeat", name: b.money(text{"Model: repeat", "Модель: повторная"}), style: right(money), note: text{"average profit of a repeat purchase", "средняя прибыль повторной покупки"}}, t, func(i, _ int) any {
			if m, ok := model(i); ok {
				return m.Repeat
			}
			return undefined
		}),
		both(column{key: "model_payback", name: text{"Model: pays back at", "Модель: окупится на"}, style: style{align: "center"}, note: text{"the purchase with which a customer who always returns has paid back", "покупка, на которой окупается клиент, который всегда возвращается"}}, t, func(i, at int) any {
			v := any(undefined)
			if m, ok := model(i); ok {
				v = b.paybackCell(m.Payback())
			}
			first, repeat := (*t).at("model_first", at), (*t).at("model_repeat", at)
			return formula{fmt.Sprintf("IF(ISNUMBER(%s),%s,%s)", repeat, b.paidBy(first, repeat), quote(b.say(undefined))), v}
		}),
	)
}

func (x *paybackSheet) legend(b *book) {
	if len(x.groups) == 0 {
		return
	}
	x.groups[0].legend(text{
		"Profit is a value, computed with the assumptions of the sheet of parameters when the report was made; what is divided, compared and modelled from it is formulas.",
		"Прибыль — значение, рассчитанное по допущениям листа параметров при построении отчёта; всё, что из неё делится, сравнивается и моделируется, — формулы.",
	})
}
