package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// splitSheet is the profit table by salesperson, channel, product group and
// cohort, a block each.
type splitSheet struct {
	sheet  *sheet
	splits []*split
}

// split is one block.
type split struct {
	*ltv.ProfitSplit
	name  text
	table *table
}

var splitNames = map[orders.Dimension]text{
	orders.BySalesperson: {"By salesperson", "По продавцам"},
	orders.ByChannel:     {"By channel", "По каналам"},
	orders.ByGroup:       {"By product group", "По группам товаров"},
	orders.ByProduct:     {"By product", "По товарам"},
	orders.ByOwner:       {"By the customer's salesperson", "По ответственным за клиента"},
	orders.ByRepeatFlag:  {"By the CRM's repeat flag", "По признаку повторной из CRM"},
	orders.ByCustomer:    {"By customer", "По клиентам"},
	ltv.ByCohort:         {"By month of the first purchase", "По когортам первой покупки"},
}

var salesRoles = map[ltv.Role]text{
	ltv.Hunter: {"hunter", "охотник"},
	ltv.Farmer: {"farmer", "фермер"},
}

func (b *book) splitSheet() *splitSheet {
	x := &splitSheet{}
	s := b.sheet(text{"Profit by", "Прибыль по разрезам"}, 24, 9, 8, 10, 15, 16, 16, 14, 16, 13, 13, 13, 12, 13, 15, 15, 16, 14, 13, 13, 10)
	x.sheet = s
	s.add(style{look: title}, text{"Profit of first and repeat deals, taken apart", "Прибыль первых и повторных сделок по разрезам"})
	s.left = 1
	for i, p := range b.Splits {
		v := &split{ProfitSplit: p, name: splitNames[p.By]}
		if p.By == ltv.ByCohort {
			v.name = text{"By cohort of the first purchase, " + grainNames[p.Cohort][English], "По когортам первой покупки, " + grainNames[p.Cohort][Russian]}
		}
		x.splits = append(x.splits, v)
		if i > 0 {
			s.skip(1)
		}
		s.add(style{look: section}, v.name)
		s.add(style{look: subtitle}, b.between(p.Scope.From, p.Scope.AsOf))
		v.table = s.table(len(p.Rows), false, v.columns(b))
		v.table.fill()
	}
	if len(x.splits) > 0 {
		x.splits[0].table.legend(text{
			"What is charged per purchase is shared out by purchases; where several rows share one (two salespersons on one day, several groups in one order) in kopecks, by the largest remainder: so purchases and customers do not add up over such rows, and money does. Winning a customer is charged to the salesperson, the channel and the cohort of the first purchase.",
			"Расходы на покупку делятся по числу покупок; если одну покупку делят несколько строк (два продавца в один день, несколько групп в заказе) — в копейках, по наибольшему остатку: поэтому число покупок и клиентов по таким строкам не складывается, а деньги складываются. Привлечение несут продавец, канал и когорта первой покупки.",
		}, text{
			"Hunters win customers, farmers keep them: money of first deals is hunters', of repeat deals farmers'. Sums are formulas; the rows' own figures are values, computed with the assumptions of the sheet of parameters when the report was made.",
			"Охотники привлекают клиентов, фермеры удерживают: деньги первых сделок — охотников, повторных — фермеров. Итоги — формулы; данные строк — значения, рассчитанные по допущениям листа параметров при построении отчёта.",
		})
	}
	return x
}

// columns returns the columns of a block.
func (v *split) columns(b *book) []column {
	t := &v.table
	row := func(i int) *ltv.Columns {
		if i < 0 {
			return &v.Total
		}
		return &v.Rows[i].Columns
	}
	value := func(key string, name, note text, f format, of func(*ltv.Columns) any) column {
		return both(column{key: key, name: name, note: note, style: style{format: f, align: "right"}}, t, func(i, _ int) any { return of(row(i)) })
	}
	sum := func(key string, name, note text, of func(*ltv.Columns) orders.Amount) column {
		return column{key: key, name: b.money(name), note: note, style: style{format: money},
			cell:   func(i, _ int) any { return of(row(i)) },
			totals: func() any { return (*t).sum(key, of(&v.Total)) }}
	}
	line := func(l ltv.Line, name text) column {
		return sum(l.String(), name, text{}, func(c *ltv.Columns) orders.Amount { return c.Total.Money(l).Amount })
	}
	list := []column{
		{key: "key", name: text{"Row", "Строка"}, totals: totalLabel, cell: func(i, _ int) any { return v.key(i) }},
		{key: "customers", name: text{"Customers", "Клиентов"}, note: text{"distinct, with a purchase in the row", "разных, с покупкой в строке"}, style: style{format: whole},
			cell: func(i, _ int) any { return v.Rows[i].Customers }},
		value("first_purchases", text{"First", "Первых"}, text{"first purchases with a deal in the row", "первых покупок, в которых участвует строка"}, whole, func(c *ltv.Columns) any { return c.First.Purchases }),
		value("repeat_purchases", text{"Repeat", "Повторных"}, text{"repeat purchases with a deal in the row", "повторных покупок, в которых участвует строка"}, whole, func(c *ltv.Columns) any { return c.Repeat.Purchases }),
		sum("first_revenue", text{"Revenue, first", "Выручка первых"}, text{}, func(c *ltv.Columns) orders.Amount { return c.First.Revenue }),
		sum("repeat_revenue", text{"Revenue, repeat", "Выручка повторных"}, text{}, func(c *ltv.Columns) orders.Amount { return c.Repeat.Revenue }),
		sum("revenue", text{"Revenue", "Выручка"}, text{"with first purchases that may be an old customer's, and unmatched returns", "вместе с неизвестными первыми покупками и возвратами без покупки"}, func(c *ltv.Columns) orders.Amount { return c.Total.Revenue }),
		line(ltv.RevenueWithoutCost, text{"− without known cost", "− без себестоимости"}),
		v.cogs(b, t, row),
		line(ltv.Overhead, text{"− overhead", "− накладные"}), line(ltv.Acquisition, text{"− acquisition", "− привлечение"}),
		line(ltv.Bonus, text{"− bonus", "− премия"}), line(ltv.Errors, text{"− errors", "− ошибки"}), line(ltv.Direct, text{"− direct cost", "− прямые расходы"}),
		value("first_profit", b.money(text{"Profit, first", "Прибыль первых"}), text{"of first purchases", "по первым покупкам"}, money, func(c *ltv.Columns) any { return known(c.First.Profit) }),
		value("repeat_profit", b.money(text{"Profit, repeat", "Прибыль повторных"}), text{"of repeat purchases", "по повторным покупкам"}, money, func(c *ltv.Columns) any { return known(c.Repeat.Profit) }),
		both(column{key: "profit", name: b.money(text{"Profit", "Прибыль"}), style: style{format: money, align: "right"}, note: text{"revenue less all costs to its left", "выручка минус все расходы слева"}}, t, func(i, at int) any {
			return formula{v.profitText(b, at), known(row(i).Total.Profit)}
		}),
		both(column{key: "margin", name: text{"Margin", "Рентабельность"}, style: style{format: percent, align: "right"}, note: text{"profit ÷ revenue with known cost", "прибыль ÷ выручка с известной себестоимостью"}}, t, func(i, at int) any {
			profit, base := (*t).at("profit", at), fmt.Sprintf("ROUND(%s-%s,4)", (*t).at("revenue", at), (*t).at("revenue_without_cost", at))
			na := quote(b.say(undefined))
			return formula{fmt.Sprintf("IF(ISNUMBER(%s),IF(%s>0,%s/%s,%s),%s)", profit, base, profit, base, na, na), row(i).Total.Margin}
		}),
	}
	if v.By != orders.BySalesperson {
		return list
	}
	return append(list,
		sum("first_bonus", text{"Bonus as a hunter", "Премия охотника"}, text{"bonus of first deals", "премия за первые сделки"}, func(c *ltv.Columns) orders.Amount { return c.First.Bonus }),
		sum("repeat_bonus", text{"Bonus as a farmer", "Премия фермера"}, text{"bonus of repeat deals", "премия за повторные сделки"}, func(c *ltv.Columns) orders.Amount { return c.Repeat.Bonus }),
		column{key: "role", name: text{"Role", "Роль"}, style: style{align: "center"}, note: text{"hunter if the first deals' part of their revenue is above that of all sales", "охотник, если доля первых сделок в его выручке выше, чем во всех продажах"},
			cell: func(i, _ int) any {
				if r, ok := salesRoles[v.Rows[i].Role]; ok {
					return r
				}
				return nil
			}})
}

// cogs is the column of the cost of goods, which may be unknown.
func (v *split) cogs(b *book, t **table, row func(int) *ltv.Columns) column {
	return column{key: "cogs", name: b.money(text{"− cost of goods", "− себестоимость"}), note: text{"n/a where no cost is known", "н/д, где себестоимость неизвестна"}, style: style{format: money, align: "right"},
		cell: func(i, _ int) any { return known(row(i).Total.COGS) },
		totals: func() any {
			if !v.Total.Total.COGS.Known {
				return math.NaN()
			}
			return (*t).sum("cogs", v.Total.Total.COGS.Amount)
		}}
}

// key returns what row i is called.
func (v *split) key(i int) any {
	switch r := v.Rows[i]; {
	case v.By == ltv.ByCohort && r.Cohort.IsZero():
		return text{"earlier", "раньше"}
	case v.By == ltv.ByCohort:
		return r.Cohort
	case r.Key == "":
		return text{"(none)", "(не указано)"}
	default:
		return r.Key
	}
}

// profitText is what is left of a row's revenue.
func (v *split) profitText(b *book, at int) string {
	var minus strings.Builder
	for l := ltv.RevenueWithoutCost; l < ltv.NetProfit; l++ {
		minus.WriteString("-" + v.table.at(l.String(), at))
	}
	return fmt.Sprintf("IF(ISNUMBER(%s),ROUND(%s%s,4),%s)", v.table.at("cogs", at), v.table.at("revenue", at), minus.String(), quote(b.say(undefined)))
}

// ties returns what each split adds up to.
func (x *splitSheet) ties(left func(orders.Amount) tiePart, more ...tiePart) (ties []tie) {
	for _, v := range x.splits {
		if v.Costs.Revenue.Known {
			continue // an assumed revenue is not the export's
		}
		cell := ""
		if v.table.shown > 0 {
			cell = v.table.sheet.ref(v.table.col("revenue"), v.table.totals)
		}
		ties = append(ties, newTie(x.sheet, v.name, append([]tiePart{{totalLabel, cell, v.Total.Total.Revenue}, left(v.Outside)}, more...)))
	}
	return ties
}
