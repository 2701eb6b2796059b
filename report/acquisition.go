package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// acquisitionSheet is the first two stations of the sales conveyor: what was
// spent, the leads, and the customers who were won.
type acquisitionSheet struct {
	*ltv.AcquisitionTable
	sheet          *sheet
	rows, channels *table
}

// noChannel is what deals without a channel are listed as.
var noChannel = text{"(no channel)", "(без канала)"}

func (b *book) acquisitionSheet() *acquisitionSheet {
	a := &acquisitionSheet{AcquisitionTable: b.Acquisition}
	s := b.sheet(text{"Acquisition", "Привлечение"}, 14, 22, 16, 13, 13, 11, 13, 14, 10, 13, 13, 13, 15, 16, 15, 12, 12, 10, 10, 12, 11)
	a.sheet = s
	s.add(style{look: title}, text{"Acquisition: from leads to the first deal", "Привлечение: от обращения до первой сделки"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s, %s", b.between(a.Scope.From, a.Scope.AsOf), grainNames[a.Grain][English]),
		fmt.Sprintf("%s, %s", b.between(a.Scope.From, a.Scope.AsOf), grainNames[a.Grain][Russian]),
	})
	s.paragraph(prose, 0, b.say(text{
		"Spend and leads are what the caller gave, new customers and the days from lead to first deal are from the export. What was spent in a period and channel is charged to the first purchases of the customers won there, and to no other; leads that never bought are inside the rate.",
		"Расходы и обращения заданы при построении отчёта, новые клиенты и дни от обращения до первой сделки — из выгрузки. Потраченное в периоде и канале относится на первые покупки привлечённых там клиентов и ни на какие другие; обращения без покупки уже внутри цены клиента.",
	}))
	s.left = 2
	a.rows = s.table(len(a.Rows), false, a.columns(b, &a.rows, a.Rows))
	a.rows.fill()
	a.rows.frozen = 0
	a.given(b)
	if a.ByChannel != nil {
		s.skip(1)
		s.add(style{look: section}, text{"By channel, the whole range", "По каналам, за весь период"})
		a.channels = s.table(len(a.ByChannel), false, a.columns(b, &a.channels, a.ByChannel))
		a.channels.fill()
	}
	a.rows.legend(text{
		"In sums leads are n/a as soon as a row with spend does not know them. A customer won where no spend was given counts as new and not as paid for.",
		"В итогах обращения — н/д, если хотя бы в одной строке с расходами они неизвестны. Клиент, привлечённый там, где расходы не заданы, — новый, но не оплаченный.",
	})
	return a
}

// given ties the table to what the caller gave.
func (a *acquisitionSheet) given(b *book) {
	s := a.sheet
	s.skip(1)
	line := func(name text, v any) int {
		return s.add(style{}, name, nil, styled{style{format: money}, v})
	}
	first := line(b.money(text{"Charged to first deals", "Отнесено на первые сделки"}), formula{cellName(a.rows.col("charged"), a.rows.totals), a.Total.Charged})
	line(b.money(text{"Spent where nobody is known to have been won", "Потрачено там, где никого нового не видно"}), formula{cellName(a.rows.col("idle"), a.rows.totals), a.Total.Idle})
	last := line(b.money(text{"Spent outside the range", "Потрачено вне периода"}), a.Outside)
	line(b.money(text{"All that was spent", "Всего потрачено"}), formula{sumOf(3, first, last), a.Total.Charged + a.Total.Idle + a.Outside})
	if len(a.Rows) > 0 {
		of := func(key string) string {
			return fmt.Sprintf("SUMIF(%s,%s,%s)", a.rows.local("reliable"), quote(b.say(yes)), a.rows.local(key))
		}
		line(b.money(text{"Cost of a customer in reliable periods", "Цена клиента в достоверных периодах"}),
			formula{fmt.Sprintf("IF(%s>0,ROUND(%s*10000/%s,0)/10000,%s)", of("paid_customers"), of("spend"), of("paid_customers"), quote(b.say(undefined))), known(a.Reliable.Acquisition)})
	}
}

// charged returns the cell of what was charged to first deals.
func (a *acquisitionSheet) charged() string {
	return a.sheet.ref(a.rows.col("charged"), a.rows.totals)
}

// ratioText is the formula of one cell divided by another; «н/д» where that is
// nothing. Money is rounded to four places, as whole parts of a ten-thousandth:
// a half of one is then a half in doubles too.
func (b *book) ratioText(num, den string, ofMoney bool) string {
	quotient := num + "/" + den
	if ofMoney {
		quotient = fmt.Sprintf("ROUND(%s*10000/%s,0)/10000", num, den)
	}
	na := quote(b.say(undefined))
	return fmt.Sprintf("IF(AND(ISNUMBER(%s),ISNUMBER(%s)),IF(%s<>0,%s,%s),%s)", num, den, den, quotient, na, na)
}

// known returns a money that a formula can say «н/д» of.
func known(v orders.NullAmount) any {
	if !v.Known {
		return undefined
	}
	return v.Amount
}

// columns returns the columns of a table of rows, ratios as formulas.
func (a *acquisitionSheet) columns(b *book, t **table, rows []ltv.AcquisitionRow) []column {
	row := func(i int) *ltv.AcquisitionRow {
		if i < 0 {
			return &a.Total
		}
		return &rows[i]
	}
	right := func(f format) style { return style{format: f, align: "right"} }
	sum := func(key string, name, note text, f format, of func(*ltv.AcquisitionRow) any) column {
		return column{key: key, name: name, note: note, style: right(f),
			cell: func(i, _ int) any { return of(row(i)) },
			totals: func() any {
				v := of(&a.Total)
				if v == nil || v == any(undefined) {
					return v
				}
				return (*t).sum(key, v)
			}}
	}
	ratio := func(key string, name, note text, f format, num, den string, of func(*ltv.AcquisitionRow) any) column {
		return both(column{key: key, name: name, note: note, style: right(f)}, t, func(i, at int) any {
			return formula{b.ratioText((*t).at(num, at), (*t).at(den, at), f == money), of(row(i))}
		})
	}
	count := func(n ltv.NullCount) any {
		if !n.Known {
			return undefined
		}
		return n.N
	}
	return []column{
		{key: "period", name: text{"Period", "Период"}, totals: totalLabel, cell: func(i, _ int) any {
			if rows[i].Period.IsZero() {
				return text{"all", "все"}
			}
			return rows[i].Period
		}},
		{key: "channel", name: text{"Channel", "Канал"}, note: text{"of the first purchase", "первой покупки"}, cell: func(i, _ int) any {
			switch {
			case !a.Channels:
				return text{"all", "все"}
			case rows[i].Channel == "":
				return noChannel
			}
			return rows[i].Channel
		}},
		sum("spend", b.money(text{"Spend", "Расходы"}), text{"as given; n/a where none was", "как заданы; н/д, где не заданы"}, money, func(r *ltv.AcquisitionRow) any { return known(r.Spend) }),
		sum("leads", text{"Leads", "Обращений"}, text{"as given", "как заданы"}, whole, func(r *ltv.AcquisitionRow) any { return count(r.Leads) }),
		ratio("cost_per_lead", b.money(text{"Per lead", "Цена обращения"}), text{"spend ÷ leads", "расходы ÷ обращения"}, money, "spend", "leads", func(r *ltv.AcquisitionRow) any { return known(r.CostPerLead) }),
		sum("qualified", text{"Qualified", "Целевых"}, text{"qualified leads, as given", "целевые обращения, как заданы"}, whole, func(r *ltv.AcquisitionRow) any { return count(r.Qualified) }),
		ratio("qualified_rate", text{"Qualified ÷ leads", "Целевых в обращениях"}, text{"first step", "первый шаг"}, percent, "qualified", "leads", func(r *ltv.AcquisitionRow) any { return r.QualifiedRate }),
		ratio("cost_per_qualified", b.money(text{"Per qualified", "Цена целевого"}), text{"spend ÷ qualified leads", "расходы ÷ целевые обращения"}, money, "spend", "qualified", func(r *ltv.AcquisitionRow) any { return known(r.CostPerQualified) }),
		sum("new_customers", text{"New", "Новых"}, text{"customers whose first purchase this holds", "клиентов с первой покупкой здесь"}, whole, func(r *ltv.AcquisitionRow) any { return r.New }),
		sum("paid_customers", text{"Paid for", "Оплаченных"}, text{"of them, where spend is given", "из них там, где заданы расходы"}, whole, func(r *ltv.AcquisitionRow) any { return r.Paid }),
		ratio("close_rate", text{"Paid ÷ qualified", "Клиентов из целевых"}, text{"second step", "второй шаг"}, percent, "paid_customers", "qualified", func(r *ltv.AcquisitionRow) any { return r.CloseRate }),
		ratio("conversion", text{"Paid ÷ leads", "Конверсия в сделку"}, text{"both steps; of the period, not of its own leads", "оба шага; по периоду, а не по его обращениям"}, percent, "paid_customers", "leads", func(r *ltv.AcquisitionRow) any { return r.Conversion }),
		ratio("acquisition", b.money(text{"Cost of a customer", "Цена клиента"}), text{"spend ÷ customers paid for", "расходы ÷ оплаченные клиенты"}, money, "spend", "paid_customers", func(r *ltv.AcquisitionRow) any { return known(r.Acquisition) }),
		a.borne(b, t, "charged", text{"Charged", "Отнесено"}, text{"to the first deals of the new customers", "на первые сделки новых клиентов"}, ">0", row, func(r *ltv.AcquisitionRow) orders.Amount { return r.Charged }),
		a.borne(b, t, "idle", text{"Nobody won", "Никого"}, text{"spent where nobody was won: charged to no deal", "потрачено там, где никого не привлекли: ни на какую сделку не отнесено"}, "=0", row, func(r *ltv.AcquisitionRow) orders.Amount { return r.Idle }),
		sum("unknown_customers", text{"Maybe old", "Возможно старые"}, text{"customers whose first purchase in the export may not be their first: not counted as won", "клиенты, чья первая покупка в выгрузке может быть не первой: привлечёнными не считаются"}, whole, func(r *ltv.AcquisitionRow) any { return r.Unknown }),
		sum("lead_days_n", text{"With a lead", "С датой обращения"}, text{"new customers whose lead the export dates", "новые клиенты, дата обращения которых есть в выгрузке"}, whole, func(r *ltv.AcquisitionRow) any { return r.LeadDays.N }),
		both(column{key: "lead_days_mean", name: text{"Days, mean", "Дней в среднем"}, style: right(days), note: text{"from lead to first deal", "от обращения до первой сделки"}}, t, func(i, _ int) any { return row(i).LeadDays.Mean }),
		both(column{key: "lead_days_median", name: text{"Days, median", "Дней, медиана"}, style: right(days), note: text{"half of them took no longer", "у половины — не дольше"}}, t, func(i, _ int) any { return row(i).LeadDays.Median }),
		{key: "reliable", name: text{"Reliable", "Достоверно"}, style: style{align: "center"}, note: text{"the period lies after the burn-in: new customers are told from old ones", "период лежит после разгона: новых клиентов видно среди старых"}, cell: func(i, _ int) any { return flag(rows[i].Reliable) }},
		{key: "partial", name: text{"Partial", "Неполный"}, style: style{align: "center"}, note: text{"the range covers the period in part only", "период отчёта захватывает его не целиком"}, cell: func(i, _ int) any { return flag(rows[i].Partial) }},
	}
}

// borne is the column of what is charged, or of what nobody can be charged for.
// In the rows of single places it follows the spend.
func (a *acquisitionSheet) borne(b *book, t **table, key string, name, note text, won string, row func(int) *ltv.AcquisitionRow, of func(*ltv.AcquisitionRow) orders.Amount) column {
	return column{key: key, name: b.money(name), note: note, style: style{format: money},
		totals: func() any { return (*t).sum(key, of(&a.Total)) },
		cell: func(i, at int) any {
			if *t == a.channels {
				return of(row(i))
			}
			spend := (*t).at("spend", at)
			return formula{fmt.Sprintf("IF(AND(ISNUMBER(%s),%s%s),%s,0)", spend, (*t).at("new_customers", at), won, spend), of(row(i))}
		}}
}
