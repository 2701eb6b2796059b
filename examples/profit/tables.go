package main

import (
	"context"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
)

// acquisitionTable returns one row per period and channel: what was spent, the
// leads, and the customers who were won.
func acquisitionTable(ctx context.Context, job *cli.Job, q question) (cli.Table, error) {
	sales, err := job.Load(ctx)
	if err != nil {
		return cli.Table{}, err
	}
	defer sales.Release()
	a, err := ltv.Acquire(ctx, sales, ltv.AcquireOptions{Spend: q.spend, Grain: q.grain})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	table := cli.Table{
		Head: []cli.Field{
			{Key: "charged", Title: t("Отнесено на первые сделки", "Charged to first deals"), Value: a.Total.Charged},
			{Key: "idle", Title: t("Потрачено там, где никого не привлекли", "Spent where nobody was won"), Value: a.Total.Idle},
			{Key: "outside", Title: t("Потрачено вне периода", "Spent outside the range"), Value: a.Outside},
			{Key: "new_customers", Title: t("Новых клиентов", "New customers"), Value: a.Total.New},
			{Key: "unknown_customers", Title: t("Возможно, старых", "Maybe old ones"), Value: a.Total.Unknown},
			{Key: "acquisition", Title: t("Цена клиента", "Cost of a customer"), Value: a.Total.Acquisition},
			{Key: "acquisition_reliable", Title: t("  в достоверных периодах", "  in reliable periods"), Value: a.Reliable.Acquisition},
			{Key: "lead_after", Title: t("Обращение позже первой сделки", "Lead after the first deal"), Value: a.LeadAfter},
		},
		Columns: []cli.Column{
			{Key: "period", Title: t("Период", "Period")},
			{Key: "channel", Title: t("Канал", "Channel")},
			{Key: "spend", Title: t("Расходы", "Spend")},
			{Key: "leads", Title: t("Лидов", "Leads")},
			{Key: "cost_per_lead", Title: t("Цена лида", "Per lead")},
			{Key: "qualified", Title: t("Целевых", "Qualified")},
			{Key: "qualified_rate", Title: t("Целевых в лидах", "Of leads")},
			{Key: "cost_per_qualified"},
			{Key: "new_customers", Title: t("Новых", "New")},
			{Key: "paid_customers"},
			{Key: "unknown_customers", Title: t("Возможно старых", "Maybe old")},
			{Key: "close_rate", Title: t("Клиентов из целевых", "Of qualified")},
			{Key: "conversion", Title: t("Конверсия", "Conversion")},
			{Key: "acquisition", Title: t("Цена клиента", "Per customer")},
			{Key: "charged"}, {Key: "idle"},
			{Key: "lead_days_n"},
			{Key: "lead_days_mean"},
			{Key: "lead_days_median", Title: t("Дней до сделки, медиана", "Days to the deal, median")},
			{Key: "reliable", Title: t("Достоверно", "Reliable")},
			{Key: "partial"},
		},
	}
	for _, r := range a.Rows {
		table.Rows = append(table.Rows, []any{
			r.Period, r.Channel, r.Spend, count(r.Leads), r.CostPerLead, count(r.Qualified), cli.Share(r.QualifiedRate), r.CostPerQualified,
			r.New, r.Paid, r.Unknown, cli.Share(r.CloseRate), cli.Share(r.Conversion), r.Acquisition, r.Charged, r.Idle,
			r.LeadDays.N, cli.Ratio(r.LeadDays.Mean), cli.Ratio(r.LeadDays.Median), r.Reliable, r.Partial,
		})
	}
	return table, nil
}

// count returns a count that may be unknown.
func count(n ltv.NullCount) any {
	if !n.Known {
		return cli.Undefined{}
	}
	return n.N
}

// splitTable returns one row per salesperson, channel, product group or cohort
// and side, with the lines of the profit table.
func splitTable(ctx context.Context, job *cli.Job, q question) (cli.Table, error) {
	sales, err := job.Load(ctx)
	if err != nil {
		return cli.Table{}, err
	}
	defer sales.Release()
	s, err := ltv.SplitProfit(ctx, sales, ltv.SplitOptions{Costs: q.costs, Spend: q.spend, By: q.by, Cohort: q.grain})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	table := cli.Table{
		Head: []cli.Field{
			{Key: "profit", Title: t("Прибыль", "Profit"), Value: s.Total.Total.Profit},
			{Key: "outside", Value: s.Outside},
		},
		Columns: []cli.Column{
			{Key: string(s.By), Title: t("Строка", "Row")},
			{Key: "role", Title: t("Роль", "Role")},
			{Key: "side", Title: t("Сторона", "Side")},
			{Key: "customers"},
			{Key: "purchases", Title: t("Покупок", "Purchases")},
		},
	}
	for _, line := range ltv.Lines() {
		c := cli.Column{Key: line.String()}
		if line != ltv.RevenueWithoutCost && line != ltv.Errors && line != ltv.Direct {
			c.Title = job.ProfitLine(line)
		}
		table.Columns = append(table.Columns, c)
	}
	sides := []string{
		job.Code("first", t("первые", "first")), job.Code("repeat", t("повторные", "repeat")),
		job.Code("unknown", t("неизвестно", "unknown")), job.Code("unmatched", t("возвраты", "unmatched")), job.Code("total", t("итого", "total")),
	}
	for i := range s.Rows {
		r := &s.Rows[i]
		for side, c := range []ltv.Column{r.First, r.Repeat, r.Unknown, r.Unmatched, r.Total} {
			if job.Format == cli.Text && c.Purchases == 0 && c.Revenue == 0 {
				continue
			}
			row := []any{splitKey(job, s, r), role(job, r.Role), sides[side], r.Customers, c.Purchases}
			for _, line := range ltv.Lines() {
				if line == ltv.Margin {
					row = append(row, cli.Share(c.Margin))
				} else {
					row = append(row, c.Money(line))
				}
			}
			table.Rows = append(table.Rows, row)
		}
	}
	return table, nil
}

// splitKey returns what a row is called; the cohort of earlier customers has no period.
func splitKey(job *cli.Job, s *ltv.ProfitSplit, r *ltv.SplitRow) any {
	switch {
	case s.By != ltv.ByCohort:
		return r.Key
	case r.Cohort.IsZero():
		return job.Code("", job.Text("раньше", "earlier"))
	}
	return r.Cohort
}

// role returns a salesperson's role; nothing for other rows.
func role(job *cli.Job, r ltv.Role) any {
	switch r {
	case ltv.Hunter:
		return job.Code("hunter", job.Text("охотник", "hunter"))
	case ltv.Farmer:
		return job.Code("farmer", job.Text("фермер", "farmer"))
	}
	return cli.Blank{}
}

// paybacksTable returns one row per point of the payback of each cohort or channel.
func paybacksTable(ctx context.Context, job *cli.Job, q question) (cli.Table, error) {
	if !job.Given("by") {
		q.by = ltv.ByCohort
	}
	sales, err := job.Load(ctx)
	if err != nil {
		return cli.Table{}, err
	}
	defer sales.Release()
	p, err := ltv.Paybacks(ctx, sales, ltv.PaybackOptions{Costs: q.costs, Spend: q.spend, By: q.by, Cohort: q.grain})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	table := cli.Table{
		Head: []cli.Field{
			{Key: "acquired", Title: t("Привлечено клиентов", "Customers acquired"), Value: p.Total.Customers},
			{Key: "payback_purchase", Title: t("Окупились на покупке", "Paid back at purchase"), Value: paidBack(job, p.Total.ByNumber)},
			{Key: "payback_day", Title: t("Окупились на день", "Paid back by day"), Value: paidBack(job, p.Total.ByAge)},
		},
		Columns: []cli.Column{
			{Key: string(p.By), Title: t("Группа", "Group")},
			{Key: "acquired", Title: t("Привлечено", "Acquired")},
			{Key: "by", Title: t("По", "By")},
			{Key: "at", Title: t("Шаг", "At")},
			{Key: "and_later"},
			{Key: "customers", Title: t("Клиентов", "Customers")},
			{Key: "purchases", Title: t("Покупок", "Purchases")},
			{Key: "revenue"},
			{Key: "cumulative", Title: t("Прибыль с накоплением", "Cumulative profit")},
			{Key: "per_customer", Title: t("На клиента", "Per customer")},
			{Key: "paid_back", Title: t("Окупилось", "Paid back")},
			{Key: "model_payback", Title: t("Окупится по модели", "Model pays back")},
		},
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		var key any = g.Key
		if p.By == ltv.ByCohort {
			key = g.Cohort
		}
		add := func(by string, b ltv.Payback) {
			for _, pt := range b.Points {
				table.Rows = append(table.Rows, []any{
					key, g.Customers, by, pt.At, pt.AndLater, pt.Customers, pt.Purchases, pt.Revenue,
					pt.Cumulative, pt.PerCustomer, b.PaidBack && pt.At >= b.At, modelPayback(job, g),
				})
			}
		}
		add(job.Code("number", t("покупка", "number")), g.ByNumber)
		add(job.Code("day", t("день", "day")), g.ByAge)
	}
	return table, nil
}

// modelPayback returns when a customer of the group who always returns has paid back.
func modelPayback(job *cli.Job, g *ltv.PaybackGroup) any {
	m, ok := g.Model()
	switch {
	case !ok:
		return cli.Undefined{}
	case m.Payback() == 0:
		return job.Never()
	}
	return m.Payback()
}
