package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/ltv"
)

// model lays out what follows if every customer returns.
func (p *profitSheet) model(b *book, m ltv.Model) {
	s := p.sheet
	const purchases = 5
	s.skip(1)
	s.add(style{look: section}, text{"If every customer returned (a model, not data)", "Если бы возвращался каждый клиент (модель, а не данные)"})
	first, repeat := cellName(2, p.each[ltv.NetProfit]), cellName(3, p.each[ltv.NetProfit])
	won := cellName(2, p.each[ltv.Acquisition])
	row := func(name text, f format, v any) int {
		if x, ok := v.(formula); ok {
			v = p.guarded(x.text, x.cached)
		}
		return s.add(style{format: f}, name, v)
	}
	p.modelFirst, p.modelRepeat, p.modelAcquisition = first, repeat, won
	p.modelPayback = cellName(2, s.rows+1)
	row(text{"The customer has paid back at purchase", "Клиент окупается на покупке №"}, general, formula{p.paybackText(first), b.paybackCell(m.Payback())})
	verdict := loses(m.First < 0)
	row(text{"The first deal on average", "Первая сделка в среднем"}, general, formula{fmt.Sprintf("IF(%s<0,%s,%s)", first, quote(b.say(loses(true))), quote(b.say(loses(false)))), verdict})
	row(b.money(text{"The first deal loses money above an acquisition cost of", "Первая сделка убыточна при привлечении дороже"}), money, formula{first + "+" + won, m.BreakEven()})
	c, err := m.Compare(purchases)
	if err != nil {
		b.note(err)
		return
	}
	n := row(text{"Number of purchases to compare", "Число покупок для сравнения"}, whole, styled{style{look: input, format: whole}, purchases})
	times := cellName(2, n)
	news := row(b.money(text{"So many new customers, one purchase each: profit", "Столько новых клиентов по одной покупке: прибыль"}), money, formula{times + "*" + first, c.New})
	old := row(b.money(text{"One customer with so many purchases: profit", "Один клиент с таким числом покупок: прибыль"}), money, formula{fmt.Sprintf("%s+(%s-1)*%s", first, times, repeat), c.Returning})
	na := quote(b.say(undefined))
	row(text{"Times as much", "Во сколько раз больше"}, number, formula{fmt.Sprintf("IF(%s>0,%s/%s,%s)", cellName(2, news), cellName(2, old), cellName(2, news), na), c.Times})
	revenue := func(col int) string { return cellName(col, p.each[ltv.Revenue]) }
	total := fmt.Sprintf("(%s+(%s-1)*%s)", revenue(2), times, revenue(3))
	row(text{"Repeat purchases: share of that customer's revenue", "Повторные покупки: доля его выручки"}, percent,
		formula{fmt.Sprintf("IF(%s>0,(%s-1)*%s/%s,%s)", total, times, revenue(3), total, na), c.RepeatRevenue})
	row(text{"Repeat purchases: share of that customer's profit", "Повторные покупки: доля его прибыли"}, percent,
		formula{fmt.Sprintf("IF(%s>0,(%s-1)*%s/%s,%s)", cellName(2, old), times, repeat, cellName(2, old), na), c.RepeatProfit})
}

// guarded is a formula that shows «н/д» where a parameter was changed to what
// cannot be computed with.
func (p *profitSheet) guarded(f string, cached any) formula {
	return formula{fmt.Sprintf("IFERROR(%s,%s)", f, quote(p.sheet.say(undefined))), cached}
}

// paybackText is the number of the purchase with which a customer whose first
// purchase earns the cell has paid back, in the model.
func (p *profitSheet) paybackText(first string) string {
	return p.sheet.paidBy(first, p.modelRepeat)
}

// paidBy is the formula of 1 + ⌈loss of a first purchase ÷ profit of a repeat
// one⌉, in whole ten-thousandths: doubles divide those without a stray last
// digit, which would be one purchase more.
func (b *book) paidBy(first, repeat string) string {
	loss, part := fmt.Sprintf("ROUND(MAX(0,-%s)*10000,0)", first), fmt.Sprintf("ROUND(%s*10000,0)", repeat)
	return fmt.Sprintf("IF(%s<=0,%s,1+INT((%s+%s-1)/%s))", repeat, quote(b.say(never)), loss, part, part)
}

var never = text{"never", "никогда"}

func (b *book) paybackCell(n int64) any {
	if n == 0 {
		return b.say(never)
	}
	return n
}

// grid lays out the first deal's profit and payback by cost per lead and conversion.
func (p *profitSheet) grid(b *book) {
	g, err := p.LeadGrid(ltv.LeadGridOptions{})
	if err != nil {
		b.note(err)
		return
	}
	s := p.sheet
	s.skip(1)
	s.add(style{look: section}, text{"What if a lead cost more, or fewer bought", "Что если обращение дороже или покупают реже"})
	prices := s.rows + 2 // the first table's header is one row, its prices follow
	part := func(name text, f format, own bool, of func(price, rate string) string, v func(ltv.LeadCell) any) {
		head := []any{name}
		at := s.rows + 1
		for j, c := range g.Conversion {
			if own {
				head = append(head, styled{style{look: input, format: percent}, c})
			} else {
				head = append(head, styled{style{look: header, format: percent}, formula{cellName(j+2, prices-1), c}})
			}
		}
		high := 16.0
		if own {
			high = 32
		}
		s.addHigh(high, style{look: header}, head...)
		for i, price := range g.CostPerLead {
			row := []any{styled{style{look: input, format: money}, price}}
			if !own {
				row[0] = styled{style{format: money}, formula{cellName(1, prices+i), price}}
			}
			for j := range g.Conversion {
				row = append(row, p.guarded(of(cellName(1, at+1+i), cellName(j+2, at)), v(g.Cells[i][j])))
			}
			s.add(style{format: f}, row...)
		}
	}
	cost := func(price, rate string) string { return fmt.Sprintf("ROUND(%s/%s,4)", price, rate) }
	part(b.money(text{"Cost of winning a customer: cost per lead ↓, conversion →", "Привлечение клиента: цена обращения ↓, конверсия →"}), money, true, cost,
		func(c ltv.LeadCell) any { return c.Acquisition })
	profit := func(price, rate string) string {
		return fmt.Sprintf("%s+%s-%s", p.modelFirst, p.modelAcquisition, cost(price, rate))
	}
	s.skip(1)
	part(b.money(text{"Profit of the first deal", "Прибыль первой сделки"}), money, false, profit, func(c ltv.LeadCell) any { return c.First })
	s.skip(1)
	part(text{"Pays back at purchase", "Окупается на покупке №"}, general, false,
		func(price, rate string) string { return p.paybackText("(" + profit(price, rate) + ")") },
		func(c ltv.LeadCell) any { return b.paybackCell(c.Payback) })
}

// loses is the verdict on the first deal.
func loses(v bool) text {
	if v {
		return text{"loses money", "убыточна"}
	}
	return text{"does not lose", "не убыточна"}
}
