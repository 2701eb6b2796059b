// Command profit sets first and repeat purchases side by side: what each
// brings and costs, when a customer has paid back what winning them cost, and
// what a lead may cost.
//
//	go run ./examples/profit -cpl 500 -conversion 0.1 export.csv
//	go run ./examples/profit -what acquisition -spend spend.csv export.csv
//	go run ./examples/profit -what split -by salesperson -spend spend.csv export.csv
//	go run ./examples/profit -revenue 55000 -cogs 40000 -cpl 500 -conversion 0.1 -bonus-first 5000 -bonus-repeat 3000
//
// The last form needs no export: with -revenue and no file the table is
// computed from the assumptions alone.
package main

import (
	"context"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("profit",
		"Прибыль первых и повторных сделок. С -revenue и без файла – по одним предположениям.",
		"Profit of first and repeat purchases. With -revenue and no file: from assumptions alone.", args, stdout, stderr)
	t := job.Text
	var q question
	var what func(context.Context, *cli.Job, question) (cli.Table, error)
	cli.Choice(job, &what, "what", "profit|payback|grid|acquisition|split|paybacks",
		t("таблица прибыли, окупаемость, прибыль при разной цене лида и конверсии, привлечение, прибыль по -by или окупаемость по когортам и каналам",
			"the profit table, the payback, the profit at other costs per lead and conversions, the acquisition, the profit by -by, or the payback of cohorts and channels"),
		ofProfit(profitTable), ofProfit(paybackTable), ofProfit(func(job *cli.Job, p *ltv.Profit) (cli.Table, error) { return gridTable(job, p, q.leads) }),
		acquisitionTable, splitTable, paybacksTable)
	cli.Choice(job, &q.by, "by", "salesperson|channel|group|cohort", t("разрез для -what split; для paybacks – cohort или channel", "what -what split is by; for paybacks cohort or channel"),
		orders.BySalesperson, orders.ByChannel, orders.ByGroup, ltv.ByCohort)
	cli.Grain(job, &q.grain)
	cli.Costs(job, &q.costs)
	cli.Spend(job, &q.spendFile)
	cli.Amounts(job, &q.leads.CostPerLead, "leads", t("`ЦЕНЫ` лида для -what grid: 500,1000,1500", "`COSTS` per lead for -what grid: 500,1000,1500"))
	cli.Fractions(job, &q.leads.Conversion, "conversions", t("`КОНВЕРСИИ` (0…1) для -what grid: 0.05,0.1,0.2", "`CONVERSIONS` (0…1) for -what grid: 0.05,0.1,0.2"))

	return job.Run(func(ctx context.Context) (err error) {
		if q.spend, err = job.ReadSpend(q.spendFile); err != nil {
			return err
		}
		table, err := what(ctx, job, q)
		if err != nil {
			return err
		}
		return job.Print(table)
	})
}

// question is what the flags ask for.
type question struct {
	costs     orders.Costs
	spendFile string
	spend     []ltv.Spend
	by        orders.Dimension
	grain     orders.Grain // of cohorts and of the acquisition table
	leads     ltv.LeadGridOptions
}

// ofProfit makes a table of a profit: of an export, or of assumptions alone.
func ofProfit(table func(*cli.Job, *ltv.Profit) (cli.Table, error)) func(context.Context, *cli.Job, question) (cli.Table, error) {
	return func(ctx context.Context, job *cli.Job, q question) (cli.Table, error) {
		p, err := compute(ctx, job, q)
		if err != nil {
			return cli.Table{}, err
		}
		return table(job, p)
	}
}

// compute returns the profit of an export, or of assumptions alone.
func compute(ctx context.Context, job *cli.Job, q question) (*ltv.Profit, error) {
	if len(job.Exports) == 0 && q.costs.Revenue.Known {
		return ltv.WhatIf(q.costs)
	}
	sales, err := job.Load(ctx)
	if err != nil {
		return nil, err
	}
	defer sales.Release()
	return ltv.DealProfitWith(ctx, sales, ltv.ProfitOptions{Costs: q.costs, Spend: q.spend})
}

// profitTable returns one row per line of the profit table.
func profitTable(job *cli.Job, p *ltv.Profit) (cli.Table, error) {
	t := job.Text
	table := cli.Table{
		Head: head(job, p),
		Columns: []cli.Column{
			{Key: "line", Title: t("Статья", "Line")},
			{Key: "first", Title: t("Первые", "First")},
			{Key: "repeat", Title: t("Повторные", "Repeat")},
			{Key: "unknown", Title: t("Неизвестно", "Unknown")},
			{Key: "unmatched", Title: t("Возвраты без покупки", "Unmatched")},
			{Key: "total", Title: t("Итого", "Total")},
			{Key: "origin", Title: t("Откуда", "Origin")},
		},
	}
	columns := []ltv.Column{p.First, p.Repeat, p.Unknown, p.Unmatched, p.Total}
	if p.WhatIf { // one purchase of each kind: no other side, and no total worth the name
		columns = columns[:2]
		if job.Format == cli.Text {
			table.Columns = append(table.Columns[:3:3], table.Columns[6])
		}
	}
	for _, line := range ltv.Lines() {
		row := []any{job.ProfitLine(line)}
		for _, c := range columns {
			if line == ltv.Margin {
				row = append(row, cli.Share(c.Margin))
			} else {
				row = append(row, c.Money(line))
			}
		}
		for len(row) < len(table.Columns)-1 {
			row = append(row, cli.Undefined{})
		}
		origin := job.Origin(p.Origins[line])
		if line == ltv.Acquisition && p.Won != nil {
			origin = job.Code("spend", t("расходы", "spend"))
		}
		table.Rows = append(table.Rows, append(row, origin))
	}
	return table, nil
}

// head returns what the table is about.
func head(job *cli.Job, p *ltv.Profit) []cli.Field {
	t := job.Text
	fields := []cli.Field{
		{Key: "what_if", Title: t("Только предположения", "Assumptions alone"), Value: p.WhatIf},
		{Key: "acquisition_cost", Title: t("Стоимость привлечения клиента", "Cost of winning a customer"), Value: p.Acquisition},
	}
	if p.WhatIf {
		return fields
	}
	if p.Won != nil {
		fields = append(fields,
			cli.Field{Key: "spend_charged", Title: t("Отнесено на первые сделки", "Charged to first deals"), Value: p.Won.Total.Charged},
			cli.Field{Key: "spend_idle", Title: t("Потрачено там, где никого не привлекли", "Spent where nobody was won"), Value: p.Won.Total.Idle})
	}
	if v, ok := p.Verdict(); ok {
		fields = append(fields,
			cli.Field{Key: "first_loses", Title: t("Первая сделка убыточна", "The first deal loses money"), Value: v.FirstLoses},
			cli.Field{Key: "break_even", Title: t("Она убыточна при привлечении дороже", "It does where winning a customer costs more than"), Value: v.BreakEven})
	}
	return append(fields,
		cli.Field{Key: "first_day", Title: t("Первый день", "First day"), Value: p.From},
		cli.Field{Key: "last_day", Title: t("Последний день", "Last day"), Value: p.AsOf},
		cli.Field{Key: "currency", Title: t("Валюта", "Currency"), Value: p.Currency},
		cli.Field{Key: "first_purchases", Title: t("Первых покупок", "First purchases"), Value: p.First.Purchases},
		cli.Field{Key: "repeat_purchases", Title: t("Повторных покупок", "Repeat purchases"), Value: p.Repeat.Purchases},
		cli.Field{Key: "unknown_purchases", Title: t("Неизвестных покупок", "Unknown purchases"), Value: p.Unknown.Purchases},
		cli.Field{Key: "cost_known", Title: t("Выручка с известной себестоимостью", "Revenue with a known cost"), Value: cli.Share(p.Total.CostKnown)})
}

// paybackTable returns how the profit of the acquired customers adds up, by
// purchase number and by days since the first purchase; from assumptions alone,
// that of one customer in the model where everyone returns.
func paybackTable(job *cli.Job, p *ltv.Profit) (cli.Table, error) {
	t := job.Text
	table := cli.Table{Columns: []cli.Column{
		{Key: "by", Title: t("По", "By")},
		{Key: "at", Title: t("Шаг", "At")},
		{Key: "and_later", Title: t("и далее", "and later")},
		{Key: "customers", Title: t("Клиентов", "Customers")},
		{Key: "purchases", Title: t("Покупок", "Purchases")},
		{Key: "revenue", Title: t("Выручка", "Revenue")},
		{Key: "cumulative", Title: t("Прибыль с накоплением", "Cumulative profit")},
		{Key: "per_customer", Title: t("На клиента", "Per customer")},
		{Key: "paid_back", Title: t("Окупилось", "Paid back")},
	}}
	if p.WhatIf {
		return modelRows(job, p, table)
	}
	table.Head = append(head(job, p),
		cli.Field{Key: "acquired", Title: t("Привлечено клиентов", "Customers acquired"), Value: p.ByNumber.Customers},
		cli.Field{Key: "payback_purchase", Title: t("Окупились на покупке", "Paid back at purchase"), Value: paidBack(job, p.ByNumber)},
		cli.Field{Key: "payback_day", Title: t("Окупились на день", "Paid back by day"), Value: paidBack(job, p.ByAge)})
	add := func(by string, b ltv.Payback) {
		for _, point := range b.Points {
			table.Rows = append(table.Rows, []any{
				by, point.At, point.AndLater, point.Customers, point.Purchases, point.Revenue,
				point.Cumulative, point.PerCustomer, b.PaidBack && point.At >= b.At,
			})
		}
	}
	add(job.Code("number", t("покупка", "number")), p.ByNumber)
	add(job.Code("day", t("день", "day")), p.ByAge)
	return table, nil
}

// paidBack returns the step at which the customers paid back.
func paidBack(job *cli.Job, b ltv.Payback) any {
	switch {
	case b.PaidBack:
		return b.At
	case job.Format == cli.Text && len(b.Points) > 0:
		return job.Text("не окупились за время выгрузки", "not within the data")
	}
	return cli.Undefined{}
}

// modelRows adds how the profit of one customer adds up who returns every time,
// for a few purchases more than paying back takes, and beside it the profit of
// as many customers who buy once.
func modelRows(job *cli.Job, p *ltv.Profit, table cli.Table) (cli.Table, error) {
	t := job.Text
	m, ok := p.Model()
	if !ok {
		return table, ltv.ErrUnknown
	}
	var payback any = m.Payback()
	if m.Payback() == 0 {
		payback = job.Never()
	}
	table.Head = append(head(job, p), cli.Field{Key: "payback_purchase", Title: t("Окупается на покупке", "Pays back at purchase"), Value: payback})
	table.Columns = append(table.Columns,
		cli.Column{Key: "as_new", Title: t("Столько же новых", "As many new")},
		cli.Column{Key: "times", Title: t("Во сколько раз больше", "Times as much")})
	for n := int64(1); n <= m.Payback()+4; n++ {
		c, err := m.Compare(n)
		if err != nil {
			return table, err
		}
		table.Rows = append(table.Rows, []any{
			job.Code("model", t("модель", "model")), n, false, int64(1), n, m.FirstRevenue + orders.Amount(n-1)*m.RepeatRevenue,
			c.Returning, c.Returning, m.Payback() > 0 && n >= m.Payback(), c.New, cli.Ratio(c.Times),
		})
	}
	return table, nil
}

// gridTable returns one row per cost of a lead and conversion.
func gridTable(job *cli.Job, p *ltv.Profit, o ltv.LeadGridOptions) (cli.Table, error) {
	t := job.Text
	grid, err := p.LeadGrid(o)
	if err != nil {
		return cli.Table{}, err
	}
	table := cli.Table{
		Head: head(job, p),
		Columns: []cli.Column{
			{Key: "cost_per_lead", Title: t("Цена лида", "Cost per lead")},
			{Key: "conversion", Title: t("Конверсия", "Conversion")},
			{Key: "acquisition", Title: t("Привлечение", "Acquisition")},
			{Key: "first_profit", Title: t("Прибыль первой сделки", "First profit")},
			{Key: "payback", Title: t("Окупается на покупке", "Pays back at purchase")},
		},
	}
	for i, price := range grid.CostPerLead {
		for j, conversion := range grid.Conversion {
			cell := grid.Cells[i][j]
			var payback any = cell.Payback
			if cell.Payback == 0 {
				payback = job.Never()
			}
			table.Rows = append(table.Rows, []any{price, cli.Share(conversion), cell.Acquisition, cell.First, payback})
		}
	}
	return table, nil
}
