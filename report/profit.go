package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// profitSheet is the profit of first and repeat purchases, what the assumptions
// do to it, and how an acquired customer pays back.
type profitSheet struct {
	*ltv.Profit
	sheet *sheet
	rows  [ltv.Margin + 1]int // of each line in the first table
	each  [ltv.Margin + 1]int // … per purchase
	count int                 // row of the purchases
	data  map[string]int      // rows of what the export gives

	curve                                     *table
	modelFirst, modelRepeat, modelAcquisition string // cells of the what-if model
	modelPayback, paid                        string // cells of the two paybacks
}

// Names of the assumptions.
const (
	nameRevenue  = "Profit_Revenue"
	nameCOGS     = "Profit_COGS"
	nameDirect   = "Profit_Direct"
	nameOverhead = "Profit_Overhead"
	nameLead     = "Profit_CostPerLead"
	nameRate     = "Profit_Conversion"
	nameWon      = "Profit_Acquisition" // a cell of the sheet: cost of one customer
)

var profitLines = [...]text{
	ltv.Revenue:            {"Revenue", "Выручка"},
	ltv.RevenueWithoutCost: {"− revenue without known cost", "− выручка без себестоимости"},
	ltv.COGS:               {"− cost of goods sold", "− себестоимость"},
	ltv.Overhead:           {"− overhead", "− накладные расходы"},
	ltv.Acquisition:        {"− acquisition", "− привлечение"},
	ltv.Bonus:              {"− salesperson's bonus", "− премия продавца"},
	ltv.Errors:             {"− correcting errors", "− исправление ошибок"},
	ltv.Direct:             {"− delivery and other direct cost", "− доставка и другие прямые расходы"},
	ltv.NetProfit:          {"Profit", "Прибыль"},
	ltv.Margin:             {"Margin", "Рентабельность"},
}

var originNames = [...]text{
	ltv.None:       {"–", "–"},
	ltv.Data:       {"export", "выгрузка"},
	ltv.Assumption: {"assumption", "допущение"},
}

func (b *book) profitSheet() *profitSheet {
	p := &profitSheet{Profit: b.Profit, data: map[string]int{}}
	p.parameters(b)
	s := b.sheet(text{"First and repeat deal", "Первая и повторная сделка"}, 60, 17, 17, 17, 17, 18, 14, 17, 17)
	p.sheet = s
	s.add(style{look: title}, text{"First and repeat deal", "Первая и повторная сделка"})
	about := text{"From assumptions alone: one first and one repeat purchase", "Только по допущениям: одна первая и одна повторная покупка"}
	if !p.WhatIf {
		span := b.between(p.From, p.AsOf)
		about = text{"Identified customers, " + span + ". A deal is a customer's purchase", "Опознанные клиенты, " + span + ". Сделка — это покупка клиента"}
	}
	s.add(style{look: subtitle}, about)
	p.table(b)
	p.perPurchase(b)
	if m, ok := p.Model(); ok {
		p.model(b, m)
		p.grid(b)
	}
	p.payback(b)
	p.export(b)
	p.legend(b)
	return p
}

// rateNames returns the names of the two parts of a bonus.
func rateNames(side string) (amount, share string) {
	return "Profit_Bonus" + side, "Profit_Bonus" + side + "Share"
}

// parameters lays out the assumptions; what is not assumed is an empty cell.
func (p *profitSheet) parameters(b *book) {
	s, c := b.params, p.Costs
	s.section(text{"Profit of a deal", "Прибыль сделки"})
	instead := func(known bool) text {
		if known {
			return text{"of one purchase, instead of the export's figure, which this workbook does not hold: change it, do not clear it", "на одну покупку вместо данных выгрузки; самих данных в книге нет, поэтому ячейку можно менять, но не очищать"}
		}
		return text{"of one purchase, instead of the export's figure; empty: the export's figure", "на одну покупку вместо данных выгрузки; пусто — данные выгрузки"}
	}
	s.live(nameRevenue, money, b.money(text{"Revenue of a purchase", "Выручка покупки"}), c.Revenue, instead(c.Revenue.Known))
	s.live(nameCOGS, money, b.money(text{"Cost of goods of a purchase", "Себестоимость покупки"}), c.COGS, instead(c.COGS.Known))
	s.live(nameDirect, money, b.money(text{"Direct cost of a purchase", "Прямые расходы на покупку"}), c.Direct, instead(c.Direct.Known))
	s.live(nameOverhead, money, b.money(text{"Overhead of a purchase", "Накладные на покупку"}), c.Overhead, text{"of every purchase", "на каждую покупку"})
	s.live(nameLead, money, b.money(text{"Cost per lead", "Стоимость обращения (лида)"}), c.CostPerLead, text{"divided by the conversion it is the cost of winning a customer, charged to the first purchase only", "делится на конверсию — это стоимость привлечения клиента, её несёт только первая покупка"})
	s.live(nameRate, percent, text{"Conversion of leads", "Конверсия обращений в первую покупку"}, c.Conversion, text{"share of leads who make a first purchase", "доля обращений, ставших первой покупкой"})
	for _, x := range []struct {
		side   string
		name   text
		bonus  orders.Rate
		errors orders.Amount
	}{
		{"First", text{"first", "первая"}, c.BonusFirst, c.ErrorsFirst},
		{"Repeat", text{"repeat", "повторная"}, c.BonusRepeat, c.ErrorsRepeat},
	} {
		amount, share := rateNames(x.side)
		s.live(amount, money, b.money(text{"Bonus, " + x.name[English] + " purchase", "Премия продавца, " + x.name[Russian] + " покупка"}), x.bonus.Amount, text{"money per purchase", "деньгами за покупку"})
		s.live(share, percent, text{"Bonus, " + x.name[English] + " purchase, share", "Премия продавца, " + x.name[Russian] + ", доля"}, hundredth(x.bonus.Percent), text{"share of the purchase's revenue, added to the money", "доля выручки, в дополнение к сумме"})
		s.live("Profit_Errors"+x.side, money, b.money(text{"Correcting errors, " + x.name[English] + " purchase", "Исправление ошибок, " + x.name[Russian] + " покупка"}), x.errors, text{"per purchase", "на покупку"})
	}
	if c.OverheadPool != 0 {
		drivers := map[orders.Driver]text{
			orders.PerPurchase: {"shared out by purchases", "распределены по числу покупок"},
			orders.ByRevenue:   {"shared out by revenue", "распределены по выручке"},
			orders.ByLines:     {"shared out by order lines", "распределены по строкам заказов"},
		}
		s.fixed(money, b.money(text{"Overhead of the whole range", "Накладные за весь период"}), c.OverheadPool, drivers[c.OverheadBy])
	}
}

// column returns the sides, then the total, in the order of the table's
// columns B to F.
func (p *profitSheet) column(i int) ltv.Column {
	if i < 4 {
		return p.Side(orders.Side(i))
	}
	return p.Total
}

// sides is how many columns before the total the table has.
func (p *profitSheet) sides() int {
	if p.WhatIf {
		return 2
	}
	return 4
}

// head lays out a header of the table's columns.
func (p *profitSheet) head(b *book, first text, last ...any) {
	names := []any{first}
	for i := range p.sides() {
		names = append(names, sideNames[i])
	}
	names = append(names, totalLabel)
	p.sheet.addHigh(32, style{look: header}, append(names, last...)...)
}

// table lays out the sums, computed from the rows of the export below and the
// assumptions.
func (p *profitSheet) table(b *book) {
	s := p.sheet
	p.head(b, b.money(text{"For all purchases", "По всем покупкам"}), text{"Source", "Источник"})
	s.left = 1 // no header: the tables below have others
	n := p.sides()
	p.count = s.rows + 1
	for l := range p.rows {
		p.rows[l] = p.count + 1 + l
	}
	// The rows of the export's own figures come last on the sheet; they are laid
	// out by export, which needs to know this place and no more.
	cells := func(v func(i int) any) []any {
		row := []any{nil}
		for i := range n {
			row = append(row, v(i))
		}
		return row
	}
	row := cells(func(i int) any {
		return lazy(func() any { return formula{cellName(i+2, p.data["purchases"]), p.column(i).Purchases} })
	})
	row[0] = text{"Purchases", "Покупок"}
	row = append(row, formula{fmt.Sprintf("SUM(B%d:%s)", p.count, cellName(n+1, p.count)), p.Total.Purchases})
	s.add(style{format: whole}, row...)
	for _, l := range ltv.Lines() {
		at, st := p.rows[l], style{format: money}
		if l == ltv.NetProfit || l == ltv.Margin {
			st.look = total
		}
		if l == ltv.Margin {
			st.format = percent
		}
		row := cells(func(i int) any { return lazy(func() any { return formula{p.text(l, i), p.cached(l, i)} }) })
		row[0] = profitLines[l]
		row = append(row, formula{p.totalText(l, n), p.cached(l, 4)},
			styled{style{look: st.look, align: "center"}, originNames[p.Origins[l]]})
		if got := s.add(st, row...); got != at {
			b.note(fmt.Errorf("report: line %s is in row %d, not %d", l, got, at))
		}
	}
	s.params.define(nameWon, s.ref(2, p.count+len(p.rows)+1))
	s.add(style{format: money}, b.money(text{"Cost of winning one customer", "Стоимость привлечения клиента"}),
		formula{fmt.Sprintf("IF(%s=0,0,IF(%s>0,ROUND(%s/%s,4),%s))", nameLead, nameRate, nameLead, nameRate, quote(b.say(undefined))), p.Acquisition})
}

// cached is what the library computed for a line of a column.
func (p *profitSheet) cached(l ltv.Line, i int) any {
	c := p.column(i)
	if l == ltv.Margin {
		return c.Margin
	}
	if m := c.Money(l); m.Known {
		return m.Amount
	}
	return math.NaN()
}

// text is the formula of a line of a side.
func (p *profitSheet) text(l ltv.Line, i int) string {
	col := i + 2
	n := cellName(col, p.count)
	cell := func(l ltv.Line) string { return cellName(col, p.rows[l]) }
	data := func(key string) string { return cellName(col, p.data[key]) }
	na := quote(p.sheet.say(undefined))
	side := "Repeat"
	if i == int(orders.First) {
		side = "First"
	}
	switch l {
	case ltv.Revenue:
		return fmt.Sprintf("IF(ISNUMBER(%s),%s*%s,%s)", nameRevenue, n, nameRevenue, data("revenue"))
	case ltv.RevenueWithoutCost:
		return fmt.Sprintf("IF(ISNUMBER(%s),0,IF(ISNUMBER(%s),ROUND(%s*%s,4),%s))", nameCOGS, nameRevenue, cell(ltv.Revenue), data("without_share"), data("without"))
	case ltv.COGS:
		return fmt.Sprintf("IF(ISNUMBER(%s),%s*%s,IF(ISNUMBER(%s),%s,%s))", nameCOGS, n, nameCOGS, data("cogs"), data("cogs"), na)
	case ltv.Overhead:
		return fmt.Sprintf("%s+%s*%s", data("pool"), n, nameOverhead)
	case ltv.Acquisition:
		if i != int(orders.First) {
			return "0"
		}
		return fmt.Sprintf("IF(ISNUMBER(%s),%s*%s,%s)", nameWon, n, nameWon, na)
	case ltv.Bonus:
		amount, share := rateNames(side)
		return fmt.Sprintf("%s*%s+ROUND(%s*%s,4)", n, amount, cell(ltv.Revenue), share)
	case ltv.Errors:
		return fmt.Sprintf("%s*Profit_Errors%s", n, side)
	case ltv.Direct:
		return fmt.Sprintf("IF(ISNUMBER(%s),%s*%s,%s)", nameDirect, n, nameDirect, data("direct"))
	case ltv.NetProfit:
		return p.profitText(col)
	}
	return p.marginText(col)
}

// profitText subtracts every cost from the revenue; an unknown cost of goods,
// or of winning a customer, makes the profit unknown.
func (p *profitSheet) profitText(col int) string {
	cell := func(l ltv.Line) string { return cellName(col, p.rows[l]) }
	var minus strings.Builder
	for l := ltv.RevenueWithoutCost; l < ltv.NetProfit; l++ {
		minus.WriteString("-" + cell(l))
	}
	return fmt.Sprintf("IF(AND(ISNUMBER(%s),ISNUMBER(%s)),ROUND(%s%s,4),%s)", cell(ltv.COGS), cell(ltv.Acquisition), cell(ltv.Revenue), minus.String(), quote(p.sheet.say(undefined)))
}

func (p *profitSheet) marginText(col int) string {
	revenue, without, profit := cellName(col, p.rows[ltv.Revenue]), cellName(col, p.rows[ltv.RevenueWithoutCost]), cellName(col, p.rows[ltv.NetProfit])
	return fmt.Sprintf("IF(ISNUMBER(%s),IF(ROUND(%s-%s,4)>0,%s/ROUND(%s-%s,4),%s),%s)", profit, revenue, without, profit, revenue, without,
		quote(p.sheet.say(undefined)), quote(p.sheet.say(undefined)))
}

// totalText is the formula of a line of the total of n sides.
func (p *profitSheet) totalText(l ltv.Line, n int) string {
	col := n + 2
	sum := fmt.Sprintf("SUM(B%d:%s)", p.rows[l], cellName(n+1, p.rows[l]))
	switch l {
	case ltv.COGS:
		without := cellName(col, p.rows[ltv.RevenueWithoutCost])
		return fmt.Sprintf("IF(AND(ROUND(%s-%s,4)=0,%s=0,%s<>0),%s,%s)", cellName(col, p.rows[ltv.Revenue]), without, sum, without, quote(p.sheet.say(undefined)), sum)
	case ltv.Acquisition:
		return fmt.Sprintf("IF(ISNUMBER(%s),%s,%s)", nameWon, sum, quote(p.sheet.say(undefined)))
	case ltv.NetProfit:
		return p.profitText(col)
	case ltv.Margin:
		return p.marginText(col)
	}
	return sum
}

// perPurchase lays out the same divided by the purchases.
func (p *profitSheet) perPurchase(b *book) {
	s, n := p.sheet, p.sides()
	s.skip(1)
	p.head(b, b.money(text{"Per purchase", "На одну покупку"}))
	for l := range p.each {
		p.each[l] = s.rows + 1 + l
	}
	for _, l := range ltv.Lines() {
		st := style{format: money}
		if l == ltv.NetProfit || l == ltv.Margin {
			st.look = total
		}
		if l == ltv.Margin {
			st.format = percent
		}
		row := []any{profitLines[l]}
		for i := range n + 1 {
			k := i
			if i == n {
				k = 4
			}
			c, ok := p.column(k).PerPurchase()
			if !ok {
				row = append(row, styled{st, nil})
				continue
			}
			source := cellName(i+2, p.rows[l])
			switch m := c.Money(l); {
			case l == ltv.Margin:
				row = append(row, formula{source, c.Margin})
			case m.Known:
				row = append(row, formula{fmt.Sprintf("IF(ISNUMBER(%s),ROUND(%s/%s,2),%s)", source, source, cellName(i+2, p.count), quote(b.say(undefined))), m.Amount})
			default:
				row = append(row, formula{fmt.Sprintf("IF(ISNUMBER(%s),ROUND(%s/%s,2),%s)", source, source, cellName(i+2, p.count), quote(b.say(undefined))), math.NaN()})
			}
		}
		s.add(st, row...)
	}
}

// export lays out what the export itself gives, which the first table starts from.
func (p *profitSheet) export(b *book) {
	s, n := p.sheet, p.sides()
	s.pageBreak()
	s.add(style{look: section}, text{"From the export", "Из выгрузки"})
	p.head(b, b.money(text{"Before assumptions", "До допущений"}))
	row := func(key string, name text, f format, v func(ltv.Column) any, sum any) {
		p.data[key] = s.rows + 1
		cells := []any{name}
		for i := range n {
			cells = append(cells, v(p.column(i)))
		}
		if sum != nil {
			sum = formula{fmt.Sprintf("SUM(B%d:%s)", s.rows+1, cellName(n+1, s.rows+1)), sum}
		}
		s.add(style{format: f}, append(cells, sum)...)
	}
	c := p.Costs
	given := func(v orders.Amount, assumed bool) any {
		if assumed {
			return nil
		}
		return v
	}
	row("purchases", text{"Purchases", "Покупок"}, whole, func(x ltv.Column) any { return x.Purchases }, p.Total.Purchases)
	row("revenue", text{"Revenue", "Выручка"}, money, func(x ltv.Column) any { return given(x.Revenue, c.Revenue.Known) }, given(p.Total.Revenue, c.Revenue.Known))
	row("without", text{"Of it, without known cost", "Из неё без себестоимости"}, money, func(x ltv.Column) any { return given(x.RevenueWithoutCost, c.Revenue.Known || c.COGS.Known) }, given(p.Total.RevenueWithoutCost, c.Revenue.Known || c.COGS.Known))
	row("without_share", text{"Share without known cost", "Доля без себестоимости"}, percent, func(x ltv.Column) any {
		if x.Revenue == 0 || c.COGS.Known {
			return 0
		}
		return float64(x.RevenueWithoutCost) / float64(x.Revenue)
	}, nil)
	row("cogs", text{"Cost of goods sold", "Себестоимость"}, money, func(x ltv.Column) any {
		if c.COGS.Known || !x.COGS.Known {
			return nil
		}
		return x.COGS.Amount
	}, nil)
	row("pool", text{"Part of the overhead of the range", "Доля накладных за период"}, money, func(x ltv.Column) any {
		own, _, err := c.Overhead.MulDiv(x.Purchases, 1)
		b.note(err)
		return x.Overhead - own
	}, c.OverheadPool)
	row("direct", text{"Direct cost", "Прямые расходы"}, money, func(x ltv.Column) any { return given(x.Direct, c.Direct.Known) }, given(p.Total.Direct, c.Direct.Known))
}

func (p *profitSheet) legend(b *book) {
	s := p.sheet
	s.skip(1)
	s.add(style{look: section}, legendTitle)
	notes := []text{
		{"Profit = revenue − revenue without known cost − cost of goods − overhead − acquisition − bonus − errors − direct cost. Revenue without known cost is shown but never counted as profit, while every other cost is charged in full.",
			"Прибыль = выручка − выручка без себестоимости − себестоимость − накладные − привлечение − премия − ошибки − прямые расходы. Выручка без известной себестоимости показана, но прибылью не считается, остальные расходы вычтены полностью."},
		{"Source: “export” is from the file, “assumption” is from the sheet of parameters. An assumption replaces the export's figure; both are never charged.",
			"Источник: «выгрузка» — из файла, «допущение» — с листа параметров. Допущение заменяет данные выгрузки, дважды ничего не вычитается."},
		{"Unknown: first purchases of what may be old customers. They carry no acquisition, and the bonus and errors of a repeat purchase.",
			"«Неизвестно»: первые покупки, которые могут быть покупками старых клиентов. Привлечение на них не относится, премия и ошибки — как у повторной."},
		{"Per purchase every line is rounded to kopecks by itself, so the rounded lines need not add up to the rounded profit.",
			"На одну покупку каждая строка округлена до копеек отдельно, поэтому сумма строк может отличаться от прибыли на копейки."},
	}
	for _, n := range notes {
		s.paragraph(prose, 0, b.say(n))
	}
	if p.curve == nil {
		return
	}
	for _, c := range p.curve.columns {
		if c.note != (text{}) {
			s.paragraph(prose, 0, b.say(c.name)+" — "+b.say(c.note))
		}
	}
}
