package report

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// profitSheet is the profit of first and repeat purchases, what the assumptions
// do to it, and how an acquired customer pays back.
type profitSheet struct {
	*ltv.Profit
	sheet *sheet
	shown []orders.Side       // the columns before the total
	rows  [ltv.Margin + 1]int // of each line in the first table
	each  [ltv.Margin + 1]int // … per purchase
	count int                 // row of the purchases
	data  map[string]int      // rows of what the export gives

	curve                                     *table
	modelFirst, modelRepeat, modelAcquisition string // cells of the what-if model
	modelPayback, paid                        string // cells of the two paybacks
	spent                                     string // cell of what was spent on winning customers; "": nothing
	acquisition                               *acquisitionSheet
}

// Names of the assumptions.
const (
	nameRevenue  = "Profit_Revenue"
	nameCOGS     = "Profit_COGS"
	nameDirect   = "Profit_Direct"
	nameOverhead = "Profit_Overhead"
	namePool     = "Profit_OverheadPool"
	nameDriver   = "Profit_OverheadBy" // 1 purchases, 2 revenue, 3 order lines
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
	for side := orders.First; side <= orders.Unmatched; side++ {
		if side <= orders.Repeat || !empty(p.Side(side)) || *p.Export.Of(side) != (orders.Tally{}) {
			p.shown = append(p.shown, side)
		}
	}
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

// empty reports whether a column has nothing to show: with a history that is
// known the table has two columns, with an earlier one three.
func empty(c ltv.Column) bool {
	for _, l := range ltv.Lines() {
		if c.Money(l).Amount != 0 {
			return false
		}
	}
	return c.Purchases == 0
}

// rateNames returns the names of the two parts of a bonus.
func rateNames(side string) (amount, share string) {
	return "Profit_Bonus" + side, "Profit_Bonus" + side + "Share"
}

// parameters lays out the assumptions; what is not assumed is an empty cell.
func (p *profitSheet) parameters(b *book) {
	s, c := b.params, p.Costs
	s.section(text{"Profit of a deal", "Прибыль сделки"})
	instead := text{"of one purchase, instead of the export's figure; empty: the export's figure", "на одну покупку вместо данных выгрузки; пусто — данные выгрузки"}
	if p.WhatIf {
		instead = text{"of one purchase", "на одну покупку"}
	}
	s.live(nameRevenue, money, b.money(text{"Revenue of a purchase", "Выручка покупки"}), c.Revenue, instead)
	s.live(nameCOGS, money, b.money(text{"Cost of goods of a purchase", "Себестоимость покупки"}), c.COGS, instead)
	s.live(nameDirect, money, b.money(text{"Direct cost of a purchase", "Прямые расходы на покупку"}), c.Direct, instead)
	s.live(nameOverhead, money, b.money(text{"Overhead of a purchase", "Накладные на покупку"}), c.Overhead, text{"of every purchase", "на каждую покупку"})
	if !p.WhatIf {
		s.live(namePool, money, b.money(text{"Overhead of the whole range", "Накладные за весь период"}), c.OverheadPool, text{"shared out over the sides in kopecks, by the largest remainder, in addition to the overhead of a purchase", "делятся между столбцами в копейках, по наибольшему остатку, сверх накладных на покупку"})
		s.live(nameDriver, whole, text{"Overhead of the range is shared out by", "База распределения накладных"}, int(c.OverheadBy)+1, text{"1: purchases, 2: revenue, 3: order lines", "1 — по числу покупок, 2 — по выручке, 3 — по строкам заказов"})
	}
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
}

// column returns the sides that are shown, then the total, in the order of the
// table's columns from B on.
func (p *profitSheet) column(i int) ltv.Column {
	if i < len(p.shown) {
		return p.Side(p.shown[i])
	}
	return p.Total
}

// exported returns what the export gives for column i.
func (p *profitSheet) exported(i int) orders.Tally {
	if p.WhatIf {
		return orders.Tally{Purchases: p.column(i).Purchases}
	}
	if i < len(p.shown) {
		return *p.Export.Of(p.shown[i])
	}
	return p.Export.Total()
}

// sides is how many columns before the total the table has.
func (p *profitSheet) sides() int { return len(p.shown) }

// head lays out a header of the table's columns.
func (p *profitSheet) head(b *book, first text, last ...any) {
	names := []any{first}
	for _, side := range p.shown {
		names = append(names, sideNames[side])
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
		row = append(row, formula{p.totalText(l, n), p.cached(l, n)},
			styled{style{look: st.look, align: "center"}, p.origin(l)})
		if got := s.add(st, row...); got != at {
			b.note(fmt.Errorf("report: line %s is in row %d, not %d", l, got, at))
		}
	}
	s.params.define(nameWon, s.ref(2, p.count+len(p.rows)+1))
	won := fmt.Sprintf("IF(%s=0,0,IF(%s>0,ROUND(%s/%s,4),%s))", nameLead, nameRate, nameLead, nameRate, quote(b.say(undefined)))
	if p.Won == nil {
		s.add(style{format: money}, b.money(text{"Cost of winning one customer", "Стоимость привлечения клиента"}), formula{won, p.Acquisition})
		return
	}
	s.add(style{format: money}, b.money(text{"Cost of winning one customer by the cost per lead, beside what was spent", "Стоимость привлечения клиента по цене обращения, сверх потраченного"}), formula{won, orders.Amount(0)})
	p.spent = s.ref(2, s.rows+1)
	s.add(style{format: money}, b.money(text{"Spent on those won (sheet “Acquisition”)", "Потрачено на привлечённых (лист «Привлечение»)"}), lazy(func() any {
		if a := p.acquisition; a != nil && a.Total.Charged == p.Won.Total.Charged && len(a.Rows) > 0 {
			return formula{a.charged(), p.Won.Total.Charged}
		}
		return p.Won.Total.Charged
	}))
	s.add(style{format: money}, b.money(text{"Spent where nobody is known to have been won: charged to no deal", "Потрачено там, где никого нового не видно: ни на что не отнесено"}), p.Won.Total.Idle)
}

// origin says where the figures of a line come from.
func (p *profitSheet) origin(l ltv.Line) text {
	if l == ltv.Acquisition && p.Won != nil {
		return text{"spent", "расходы"}
	}
	return originNames[p.Origins[l]]
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

// noExport is what stands in formulas for the figures of an export where there is none.
var noExport = map[string]string{"revenue": "0", "without": "0", "without_share": `""`, "cogs": `""`, "direct": "0"}

// text is the formula of a line of a side.
func (p *profitSheet) text(l ltv.Line, i int) string {
	col := i + 2
	n := cellName(col, p.count)
	cell := func(l ltv.Line) string { return cellName(col, p.rows[l]) }
	data := func(key string) string {
		if p.WhatIf {
			return noExport[key]
		}
		return cellName(col, p.data[key])
	}
	na := quote(p.sheet.say(undefined))
	side := "Repeat"
	if i == int(orders.First) {
		side = "First"
	}
	switch l {
	case ltv.Revenue:
		return fmt.Sprintf("IF(ISNUMBER(%s),%s*%s,%s)", nameRevenue, n, nameRevenue, data("revenue"))
	case ltv.RevenueWithoutCost:
		return fmt.Sprintf("IF(ISNUMBER(%s),0,IF(ISNUMBER(%s),IF(ISNUMBER(%s),ROUND(%s*%s,4),%s),%s))", nameCOGS, nameRevenue, data("without_share"), cell(ltv.Revenue), data("without_share"), cell(ltv.Revenue), data("without"))
	case ltv.COGS:
		return fmt.Sprintf("IF(ISNUMBER(%s),%s*%s,IF(OR(NOT(ISNUMBER(%s)),AND(ISNUMBER(%s),NOT(ISNUMBER(%s)))),IF(%s=0,0,%s),%s))", nameCOGS, n, nameCOGS,
			data("cogs"), nameRevenue, data("without_share"), cell(ltv.RevenueWithoutCost), na, data("cogs"))
	case ltv.Overhead:
		if p.WhatIf {
			return fmt.Sprintf("%s*%s", n, nameOverhead)
		}
		return fmt.Sprintf("%s+%s*%s", data("pool"), n, nameOverhead)
	case ltv.Acquisition:
		if i != int(orders.First) {
			return "0"
		}
		spent := ""
		if p.spent != "" {
			spent = "+" + p.spent
		}
		return fmt.Sprintf("IF(ISNUMBER(%s),%s*%s%s,%s)", nameWon, n, nameWon, spent, na)
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
		// Unknown if no side knows any; what they know may net to nothing.
		cogs := fmt.Sprintf("B%d:%s", p.rows[l], cellName(n+1, p.rows[l]))
		unknown := fmt.Sprintf(`%s<>0,COUNTIF(%s,">0")+COUNTIF(%s,"<0")=0`, cellName(col, p.rows[ltv.RevenueWithoutCost]), cogs, cogs)
		for side := 2; side <= n+1; side++ {
			unknown += fmt.Sprintf(",ROUND(%s-%s,4)=0", cellName(side, p.rows[ltv.Revenue]), cellName(side, p.rows[ltv.RevenueWithoutCost]))
		}
		return fmt.Sprintf("IF(AND(%s),%s,%s)", unknown, quote(p.sheet.say(undefined)), sum)
	case ltv.Acquisition:
		return fmt.Sprintf("IF(ISNUMBER(%s),%s,%s)", nameWon, sum, quote(p.sheet.say(undefined)))
	case ltv.NetProfit:
		return p.profitText(col)
	case ltv.Margin:
		return p.marginText(col)
	}
	return sum
}

// eachText is the formula of a sum divided by a number and rounded to kopecks:
// whole ten-thousandths are divided, so that a half is one in doubles too.
func (b *book) eachText(sum, n string) string {
	return fmt.Sprintf("IF(ISNUMBER(%s),ROUND(ROUND(%s*10000,0)/(%s*100),0)/100,%s)", sum, sum, n, quote(b.say(undefined)))
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
			c, ok := p.column(i).PerPurchase()
			if !ok {
				row = append(row, styled{st, nil})
				continue
			}
			source := cellName(i+2, p.rows[l])
			switch m := c.Money(l); {
			case l == ltv.Margin:
				row = append(row, formula{source, c.Margin})
			case m.Known:
				row = append(row, formula{b.eachText(source, cellName(i+2, p.count)), m.Amount})
			default:
				row = append(row, formula{b.eachText(source, cellName(i+2, p.count)), math.NaN()})
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
	row := func(key string, name text, f format, v func(t orders.Tally) any, summed bool) {
		p.data[key] = s.rows + 1
		cells := []any{name}
		for i := range n {
			cells = append(cells, v(p.exported(i)))
		}
		if summed {
			cells = append(cells, formula{fmt.Sprintf("SUM(B%d:%s)", s.rows+1, cellName(n+1, s.rows+1)), v(p.exported(n))})
		}
		s.add(style{format: f}, cells...)
	}
	row("purchases", text{"Purchases", "Покупок"}, whole, func(t orders.Tally) any { return t.Purchases }, true)
	if p.WhatIf {
		return
	}
	row("lines", text{"Order lines", "Строк заказов"}, whole, func(t orders.Tally) any { return t.Lines }, true)
	row("revenue", text{"Revenue", "Выручка"}, money, func(t orders.Tally) any { return t.Revenue }, true)
	row("without", text{"Of it, without known cost", "Из неё без себестоимости"}, money, func(t orders.Tally) any { return t.Revenue - t.Costed }, true)
	row("without_share", text{"Share without known cost", "Доля без себестоимости"}, percent, func(t orders.Tally) any {
		switch without := t.Revenue - t.Costed; {
		case without == 0:
			return 0
		case without < 0 || without > t.Revenue:
			return math.NaN()
		default:
			return float64(without) / float64(t.Revenue)
		}
	}, false)
	row("cogs", text{"Cost of goods sold", "Себестоимость"}, money, func(t orders.Tally) any {
		if t.Costed == 0 && t.COGS == 0 && t.Revenue != 0 {
			return nil
		}
		return t.COGS
	}, false)
	row("direct", text{"Direct cost", "Прямые расходы"}, money, func(t orders.Tally) any { return t.Direct }, true)
	p.pool(b)
}

// pool lays out how the overhead of the range is shared out over the sides, by
// the method of the largest remainder, ties to the left: whole kopecks first,
// then one more to each of the largest remainders, and what is less than a
// kopeck to the first who gets anything.
func (p *profitSheet) pool(b *book) {
	s, n := p.sheet, p.sides()
	s.skip(1)
	var measured []orders.Amount
	var all orders.Amount
	for i := range n {
		measured = append(measured, max(0, driven(p.Costs.OverheadBy, p.exported(i))))
		all += measured[i]
	}
	x := shareOut(p.Costs.OverheadPool, measured)
	p.head(b, text{"Overhead of the range, shared out", "Распределение накладных за период"})
	whole100 := fmt.Sprintf("$B$%d", s.rows+1)
	s.add(style{format: whole}, text{"Kopecks to share out", "Копеек к распределению"}, formula{fmt.Sprintf("INT(ROUND(ABS(%s)*100,4))", namePool), x.whole})
	base := s.rows + 1
	weight, quotient, rest, place, kopecks := base+1, base+2, base+3, base+4, base+5
	p.data["pool"] = base + 6
	across := func(row int) string { return fmt.Sprintf("$B%d:$%s", row, cellName(n+1, row)) }
	sum := func(row int) string { return fmt.Sprintf("$%s", cellName(n+2, row)) }
	before := func(col, row int) string { // the sum to the left
		if col == 2 {
			return "0"
		}
		return fmt.Sprintf("SUM($B%d:%s)", row, cellName(col-1, row))
	}
	row := func(name text, f format, text func(col int) string, v func(i int) any, total any) {
		cells := []any{name}
		for i := range n {
			cells = append(cells, formula{text(i + 2), v(i)})
		}
		if total != nil {
			total = formula{"SUM(" + across(s.rows+1) + ")", total}
		}
		s.add(style{format: f}, append(cells, total)...)
	}
	row(text{"Measured", "База"}, quantity, func(col int) string {
		return fmt.Sprintf("MAX(0,CHOOSE(%s,%s,%s,%s))", nameDriver, cellName(col, p.data["purchases"]), cellName(col, p.data["revenue"]), cellName(col, p.data["lines"]))
	}, func(i int) any { return measured[i] }, all)
	row(text{"Weight: 1 each if nobody has any", "Вес: по 1, если базы нет ни у кого"}, quantity, func(col int) string {
		return fmt.Sprintf("IF(%s=0,1,%s)", sum(base), cellName(col, base))
	}, func(i int) any { return x.weights[i] }, x.sum)
	row(text{"Whole kopecks", "Целых копеек"}, whole, func(col int) string {
		return fmt.Sprintf("INT(ROUND(%s*%s/%s,6))", whole100, cellName(col, weight), sum(weight))
	}, func(i int) any { return x.quotients[i] }, x.bare)
	row(text{"Remainder, millionths of a kopeck", "Остаток, миллионных долей копейки"}, whole, func(col int) string {
		return fmt.Sprintf("ROUND((%s*%s/%s-%s)*1000000,0)", whole100, cellName(col, weight), sum(weight), cellName(col, quotient))
	}, func(i int) any { return x.remainders[i] }, nil)
	row(text{"Larger remainders, and equal ones to the left", "Больших остатков и равных слева"}, whole, func(col int) string {
		greater := fmt.Sprintf(`COUNTIF(%s,">"&%s)`, across(rest), cellName(col, rest))
		if col == 2 {
			return greater
		}
		return fmt.Sprintf("%s+COUNTIF($B%d:%s,%s)", greater, rest, cellName(col-1, rest), cellName(col, rest))
	}, func(i int) any { return x.places[i] }, nil)
	row(text{"Kopecks, those left over included", "Копеек вместе с оставшимися"}, whole, func(col int) string {
		return fmt.Sprintf("%s+IF(%s<%s-%s,1,0)", cellName(col, quotient), cellName(col, place), whole100, sum(quotient))
	}, func(i int) any { return x.kopecks[i] }, x.whole)
	row(b.money(text{"Part of the overhead of the range", "Доля накладных за период"}), money, func(col int) string {
		bears := fmt.Sprintf("IF(%s=0,AND(%s>0,%s=0),AND(%s>0,%s=0))", whole100, cellName(col, weight), before(col, weight), cellName(col, kopecks), before(col, kopecks))
		return fmt.Sprintf("SIGN(%s)*ROUND(%s/100+IF(%s,ABS(%s)-%s/100,0),4)", namePool, cellName(col, kopecks), bears, namePool, whole100)
	}, func(i int) any { return p.poolOf(b, i) }, p.Costs.OverheadPool)
}

// poolOf returns the part of the pool that column i bears in the result.
func (p *profitSheet) poolOf(b *book, i int) orders.Amount {
	c := p.column(i)
	own, _, err := p.Costs.Overhead.MulDiv(c.Purchases, 1)
	b.note(err)
	return c.Overhead - own
}

// driven returns what a driver measures.
func driven(d orders.Driver, t orders.Tally) orders.Amount {
	switch d {
	case orders.ByRevenue:
		return t.Revenue
	case orders.ByLines:
		return orders.Amount(t.Lines) * orders.One
	}
	return orders.Amount(t.Purchases) * orders.One
}

// shares are the steps of the method of the largest remainder, in kopecks.
type shares struct {
	weights                                []orders.Amount
	sum                                    orders.Amount
	whole, bare                            int64 // kopecks: all, and without those left over
	quotients, remainders, places, kopecks []int64
}

// shareOut returns the steps by which an amount is shared out by weights that
// are not negative; equally if all are 0.
func shareOut(a orders.Amount, weights []orders.Amount) shares {
	x := shares{weights: slices.Clone(weights), whole: int64(a.Abs() / (orders.One / 100))}
	for _, w := range x.weights {
		x.sum += w
	}
	if x.sum == 0 {
		for i := range x.weights {
			x.weights[i] = orders.One
			x.sum += orders.One
		}
	}
	for i, part := range (orders.Amount(x.whole) * (orders.One / 100)).Split(0, x.weights) {
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(x.whole), big.NewInt(int64(x.weights[i]))), big.NewInt(int64(x.sum)))
		quotient := new(big.Int).Quo(exact.Num(), exact.Denom())
		exact.Sub(exact, new(big.Rat).SetInt(quotient))
		rest, _ := exact.Float64()
		x.quotients = append(x.quotients, quotient.Int64())
		x.bare += quotient.Int64()
		x.remainders = append(x.remainders, int64(math.Round(rest*1e6)))
		x.kopecks = append(x.kopecks, int64(part/(orders.One/100)))
	}
	for i, rest := range x.remainders {
		place := int64(0)
		for j, other := range x.remainders {
			if other > rest || other == rest && j < i {
				place++
			}
		}
		x.places = append(x.places, place)
	}
	return x
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
