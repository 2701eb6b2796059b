package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// payback lays out the curve of cumulative profit by purchase number, from data.
func (p *profitSheet) payback(b *book) {
	s := p.sheet
	pay := p.ByNumber
	if len(pay.Points) == 0 {
		return
	}
	s.pageBreak()
	s.add(style{look: section}, text{"Payback from data: all acquired customers, those who never returned included", "Окупаемость по данным: все привлечённые клиенты, включая тех, кто не вернулся"})
	s.add(style{format: whole}, text{"Customers acquired", "Привлечено клиентов"}, pay.Customers)
	paid := any(b.say(notYet))
	if pay.PaidBack {
		paid = pay.At
	}
	p.paid = cellName(2, s.rows+1)
	s.add(style{format: whole}, text{"All together had paid back by purchase", "Все вместе окупились к покупке №"}, lazy(func() any {
		if !p.liveCurve() {
			return paid
		}
		return formula{fmt.Sprintf("IF(COUNT(%s)=0,%s,MIN(%s))", p.curve.local("paid_back"), quote(b.say(notYet)), p.curve.local("paid_back")), paid}
	}))
	p.curve = s.table(len(pay.Points), false, p.curveColumns(b))
	p.curve.fill()
	s.skip(1)
	s.picture(1000, 320, func(at string, width, height uint) placed { return p.chart(b, at, width, height) })
}

// curveColumns returns the columns of the curve.
func (p *profitSheet) curveColumns(b *book) []column {
	t := &p.curve
	pay := p.ByNumber
	first, acquired := pay.Points[0], pay.Customers
	last := func(i int) ltv.PaybackPoint { return pay.Points[i] }
	cumulative := func(i, at int) any {
		if !p.liveCurve() {
			return last(i).Cumulative
		}
		return formula{p.curveText(*t, at), last(i).Cumulative}
	}
	return []column{
		{key: "number", name: text{"Purchase", "Покупка №"}, note: text{"the last one stands for all later purchases too", "последняя строка — и все следующие покупки"},
			cell: func(i, _ int) any {
				if pt := last(i); pt.AndLater {
					return fmt.Sprintf("%d+", pt.At)
				}
				return fmt.Sprint(last(i).At)
			}, style: style{align: "center"}},
		{key: "customers", name: text{"Customers who made it", "Клиентов с такой покупкой"}, style: style{format: whole},
			cell: func(i, _ int) any { return last(i).Customers }},
		{key: "purchases", name: text{"Purchases up to it", "Покупок до неё включительно"}, style: style{format: whole},
			cell: func(i, _ int) any { return last(i).Purchases }},
		{key: "revenue", name: b.money(text{"Revenue up to it", "Выручка с начала"}), style: style{format: money},
			cell: func(i, at int) any {
				return formula{fmt.Sprintf("IF(ISNUMBER(%s),%s*%s,%s)", nameRevenue, (*t).at("purchases", at), nameRevenue, (*t).at("own_revenue", at)), last(i).Revenue}
			}},
		{key: "cumulative", name: b.money(text{"Profit up to it", "Прибыль с начала"}), style: style{format: money},
			note: text{"what the export gives less the assumptions of the sheet of parameters; n/a once an assumption replaces revenue, cost of goods or direct cost of the export, or the overhead of the range is another: run the report again", "данные выгрузки за вычетом допущений с листа параметров; н/д, если допущением заменить выручку, себестоимость или прямые расходы выгрузки или изменить накладные за период: сформируйте отчёт заново"},
			cell: cumulative},
		{key: "per_customer", name: b.money(text{"Per acquired customer", "На привлечённого клиента"}), style: style{format: money},
			note: text{"divided by all customers acquired, rounded to kopecks", "делится на всех привлечённых, округлено до копеек"},
			cell: func(i, at int) any {
				cum := (*t).at("cumulative", at)
				return formula{b.eachText(cum, (*t).at("customers", (*t).first)), last(i).PerCustomer}
			}},
		{key: "paid_back", name: text{"Paid back", "Окупились"}, style: style{format: whole, align: "center"},
			note: text{"the number of the purchase where the profit up to it is not negative", "номер покупки, если прибыль нарастающим итогом не отрицательна"},
			cell: func(i, at int) any {
				paid := any("")
				if last(i).Cumulative >= 0 {
					paid = last(i).At
				}
				cum := (*t).at("cumulative", at)
				return formula{fmt.Sprintf(`IF(ISNUMBER(%s),IF(%s>=0,%d,""),"")`, cum, cum, last(i).At), paid}
			}},
		{key: "own_revenue", name: b.money(text{"Revenue in the export", "Выручка из выгрузки"}), style: style{format: money, look: body},
			note: text{"empty where the revenue is assumed", "пусто, если выручка задана допущением"},
			cell: func(i, _ int) any {
				if p.Costs.Revenue.Known {
					return nil
				}
				return last(i).Revenue
			}},
		{key: "before", name: b.money(text{"Before assumptions", "До допущений"}), style: style{format: money},
			note: text{"profit up to here with every assumption taken out", "прибыль без всех допущений: от неё считается столбец прибыли"},
			cell: func(i, _ int) any {
				if !p.liveCurve() {
					return nil
				}
				v, err := p.before(last(i), first, acquired)
				b.note(err)
				return v
			}},
	}
}

var notYet = text{"not within the data", "в пределах данных нет"}

// notYetShort is the same in a narrow column.
var notYetShort = text{"not yet", "ещё нет"}

// liveCurve reports whether the curve follows the assumptions: not where an
// assumed revenue moves the part of it whose cost is unknown.
func (p *profitSheet) liveCurve() bool { return !p.Costs.Revenue.Known || p.Costs.COGS.Known }

// curveText is the profit up to a purchase number: what the export gives, less
// the assumptions. First purchases are the customers acquired.
func (p *profitSheet) curveText(t *table, at int) string {
	n, won := t.at("purchases", at), fmt.Sprintf("%s$%d", columnName(t.col("customers")), t.first)
	revenue, first := t.at("revenue", at), fmt.Sprintf("%s$%d", columnName(t.col("revenue")), t.first)
	f := t.at("before", at)
	var other []string // the workbook has the export's own figures in sum only, so none can be replaced here
	for _, x := range []struct {
		name, sign string
		known      bool
	}{{nameRevenue, "+", p.Costs.Revenue.Known}, {nameCOGS, "-", p.Costs.COGS.Known}, {nameDirect, "-", p.Costs.Direct.Known}} {
		if x.known {
			f += fmt.Sprintf("%s%s*%s", x.sign, n, x.name)
			other = append(other, "NOT(ISNUMBER("+x.name+"))")
		} else {
			other = append(other, "ISNUMBER("+x.name+")")
		}
	}
	f += fmt.Sprintf("-%s*%s-%s*%s", n, nameOverhead, won, nameWon)
	if p.spent != "" {
		f += "-" + p.spent
	}
	amount, share := rateNames("First")
	f += fmt.Sprintf("-%s*(%s+Profit_ErrorsFirst)-ROUND(%s*%s,4)", won, amount, first, share)
	amount, share = rateNames("Repeat")
	f += fmt.Sprintf("-(%s-%s)*(%s+Profit_ErrorsRepeat)-ROUND((%s-%s)*%s,4)", n, won, amount, revenue, first, share)
	other = append(other, "NOT(ISNUMBER("+nameWon+"))", fmt.Sprintf("%s<>%s", namePool, p.Costs.OverheadPool), fmt.Sprintf("AND(%s<>0,%s<>%d)", namePool, nameDriver, p.Costs.OverheadBy+1))
	return fmt.Sprintf("IF(OR(%s),%s,ROUND(%s,4))", strings.Join(other, ","), quote(p.sheet.say(undefined)), f)
}

// before returns the profit up to a point with every assumption taken out
// again, as the library had put them in.
func (p *profitSheet) before(pt, first ltv.PaybackPoint, acquired int64) (orders.Amount, error) {
	c := p.Costs
	won, err1 := c.BonusFirst.Of(acquired, first.Revenue)
	back, err2 := c.BonusRepeat.Of(pt.Purchases-acquired, pt.Revenue-first.Revenue)
	acquisition := orders.Amount(acquired) * p.Acquisition
	if p.Won != nil {
		acquisition = p.Won.Total.Charged
	}
	v := pt.Cumulative + won + back + acquisition + orders.Amount(acquired)*c.ErrorsFirst + orders.Amount(pt.Purchases-acquired)*c.ErrorsRepeat
	each := c.Overhead
	if c.COGS.Known {
		each += c.COGS.Amount
	}
	if c.Direct.Known {
		each += c.Direct.Amount
	}
	if c.Revenue.Known {
		each -= c.Revenue.Amount
	}
	return v + orders.Amount(pt.Purchases)*each, errors.Join(err1, err2)
}

// chart draws the curve.
func (p *profitSheet) chart(b *book, at string, width, height uint) placed {
	t := p.curve
	return placed{at, &excelize.Chart{
		Type: excelize.Line,
		Series: []excelize.ChartSeries{{
			Name:       p.sheet.ref(t.col("cumulative"), t.head),
			Categories: t.span("number"), Values: t.span("cumulative"),
			Fill:   solid(colourRepeat),
			Line:   excelize.LineOptions{Width: 2.25},
			Marker: excelize.ChartMarker{Symbol: "circle", Size: 5, Fill: solid(colourRepeat)},
		}},
		Title:     chartTitle(b.say(text{"Cumulative profit by purchase number", "Прибыль нарастающим итогом по номеру покупки"})),
		Dimension: excelize.ChartDimension{Width: width, Height: height},
		Legend:    excelize.ChartLegend{Position: "none"},
		YAxis:     excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
		XAxis:     excelize.ChartAxis{Font: small(), TickLabelPosition: excelize.ChartTickLabelLow},
	}, nil}
}
