package main

import (
	"context"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

// arrivalsTable returns how many customers were first seen in each period, which
// shows the old ones that only look new.
func arrivalsTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := cohorts.RepeatShare(ctx, f, cohorts.RepeatOptions{Grain: o.grain})
	if err != nil {
		return cli.Table{}, err
	}
	t, d := job.Text, r.Diagnosis()
	out := cli.Table{
		Head: append(head(job, r),
			cli.Field{Key: "settled_arrivals", Title: t("Новых лиц за период, когда всё установилось", "First seen a period, once settled"), Value: cli.Ratio(d.Settled)},
			cli.Field{Key: "excess_arrivals", Title: t("До того лишних, то есть, скорее всего, старых", "In excess before that: most likely old ones"), Value: cli.Ratio(d.Excess)}),
		Columns: []cli.Column{
			{Key: "period", Title: t("Период", "Period")},
			{Key: "first_seen", Title: t("Впервые увидены", "First seen")},
			{Key: "new_customers", Title: t("Новых", "New")},
			{Key: "unknown_customers", Title: t("Неизвестно", "Unknown")},
			{Key: "partial", Title: t("Неполный", "Partial")},
			{Key: "reliable", Title: t("Надёжно", "Reliable")},
		},
	}
	for _, a := range d.Curve {
		out.Rows = append(out.Rows, []any{a.Period.String(), a.Total(), a.New, a.Unknown, a.Partial, a.Reliable})
	}
	return out, nil
}

// business are the columns that a split and the roles share.
func business(t func(ru, en string) string) []cli.Column {
	return []cli.Column{
		{Key: "revenue", Title: t("Выручка", "Revenue")},
		{Key: "first_revenue", Title: t("Первые", "First")},
		{Key: "repeat_revenue", Title: t("Повторные", "Repeat")},
		{Key: "unknown_revenue", Title: t("Неизвестно", "Unknown")},
		{Key: "unmatched_returns", Title: t("Возвраты без покупки", "Unmatched")},
		{Key: "repeat_share_low", Title: t("Доля от", "Share from")},
		{Key: "repeat_share_high", Title: t("до", "to")},
		{Key: "deals", Title: t("Покупок", "Purchases")},
		{Key: "customers", Title: t("Клиентов", "Customers")},
		{Key: "new_customers", Title: t("Новых", "New")},
		{Key: "returning_customers", Title: t("Вернулись", "Returning")},
		{Key: "unknown_customers"}, {Key: "overlap"},
		{Key: "first_deals"}, {Key: "repeat_deals"}, {Key: "unknown_deals"},
		{Key: "profit"}, {Key: "first_profit"}, {Key: "repeat_profit"}, {Key: "unknown_profit"}, {Key: "cost_known"},
		{Key: "profit_share_low"}, {Key: "profit_share_high"},
		{Key: "deal_share_low"}, {Key: "deal_share_high"},
		{Key: "customer_share_low"}, {Key: "customer_share_high"},
		{Key: "reason"},
	}
}

func businessCells(b cohorts.Business) []any {
	all := b.Sides.Total()
	return []any{
		all.Revenue, b.First.Revenue, b.Repeat.Revenue, b.Unknown.Revenue, b.Unmatched.Revenue,
		cli.Share(b.ByRevenue.Low), cli.Share(b.ByRevenue.High),
		b.Deals(), b.Customers, b.NewCustomers, b.ReturningCustomers, b.UnknownCustomers, b.Overlap,
		b.First.Purchases, b.Repeat.Purchases, b.Unknown.Purchases,
		cli.GrossProfit(all), cli.GrossProfit(b.First), cli.GrossProfit(b.Repeat), cli.GrossProfit(b.Unknown), cli.Share(all.CostKnown()),
		cli.Share(b.ByProfit.Low), cli.Share(b.ByProfit.High),
		cli.Share(b.ByPurchases.Low), cli.Share(b.ByPurchases.High),
		cli.Share(b.ByCustomers.Low), cli.Share(b.ByCustomers.High),
		string(b.ByRevenue.Reason),
	}
}

// splitTable returns one row per part, and the row "total".
func splitTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	s, err := cohorts.SplitShare(ctx, f, cohorts.SplitOptions{By: o.by})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{
		Head:    scope(job, s.Scope),
		Columns: append([]cli.Column{{Key: "part", Title: job.Dimension(s.By)}}, business(t)...),
	}
	for _, p := range s.Parts {
		out.Rows = append(out.Rows, append([]any{name(job, p.Value)}, businessCells(p.Business)...))
	}
	out.Rows = append(out.Rows, append([]any{job.Code("total", t("Итого", "Total"))}, businessCells(s.Total)...))
	return out, nil
}

// scope says which days a table is of.
func scope(job *cli.Job, s orders.Scope) []cli.Field {
	return []cli.Field{
		{Key: "first_day", Title: job.Text("Первый день", "First day"), Value: s.From},
		{Key: "last_day", Title: job.Text("Последний день", "Last day"), Value: s.AsOf},
	}
}

// name returns a value of a dimension; a blank one says so to people.
func name(job *cli.Job, value string) string {
	if value == "" {
		return job.Code("", job.Text("(не указано)", "(not given)"))
	}
	return value
}

// rolesTable returns one row per salesperson: who wins customers, who keeps them.
func rolesTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := cohorts.Roles(ctx, f, cohorts.RolesOptions{})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{
		Head: scope(job, r.Scope),
		Columns: append([]cli.Column{
			{Key: "salesperson", Title: job.Dimension(orders.BySalesperson)},
			{Key: "role", Title: t("Роль по деньгам", "Role by money")},
			{Key: "of_first", Title: t("Доля первых денег", "Of first money")},
			{Key: "of_repeat", Title: t("Доля повторных", "Of repeat money")},
			{Key: "won", Title: t("Привёл", "Won")},
			{Key: "keeps", Title: t("Ведёт", "Keeps")},
			{Key: "given", Title: t("Передал", "Given")},
			{Key: "taken", Title: t("Принял", "Taken")},
		}, business(t)...),
	}
	for _, s := range r.Salespersons {
		row := []any{name(job, s.Value), job.Staff(s.Role()), cli.Share(s.OfFirst), cli.Share(s.OfRepeat), s.Won, s.Keeps, s.Given, s.Taken}
		out.Rows = append(out.Rows, append(row, businessCells(s.Business)...))
	}
	return out, nil
}

// stint are the columns of what was bought before a handover, or after it.
func stint(key, revenue, rate string) []cli.Column {
	return []cli.Column{
		{Key: "purchases_" + key}, {Key: "revenue_" + key, Title: revenue}, {Key: "days_" + key},
		{Key: "purchases_per_month_" + key, Title: rate},
	}
}

func stints(t func(ru, en string) string) []cli.Column {
	return append(stint("before", t("Выручка до", "Revenue before"), t("покупок в месяц", "purchases a month")),
		stint("after", t("Выручка после", "Revenue after"), t("покупок в месяц", "purchases a month"))...)
}

func stintCells(s cohorts.Stint) []any {
	return []any{s.Purchases, s.Revenue, s.Days, cli.Ratio(s.PurchasesPerMonth())}
}

// handovers returns the head of the two tables of handovers.
func handovers(job *cli.Job, r *cohorts.RolesResult) []cli.Field {
	t := job.Text
	return append(scope(job, r.Scope),
		cli.Field{Key: "handovers", Title: t("Передано клиентов", "Customers handed over"), Value: r.Handovers},
		cli.Field{Key: "purchases_per_month_before", Title: t("Их покупок в месяц до передачи", "Their purchases a month before"), Value: cli.Ratio(r.Before.PurchasesPerMonth())},
		cli.Field{Key: "purchases_per_month_after", Title: t("… и после", "… and after"), Value: cli.Ratio(r.After.PurchasesPerMonth())},
		cli.Field{Key: "revenue_before", Title: t("Их выручка до передачи", "Their revenue before"), Value: r.Before.Revenue},
		cli.Field{Key: "revenue_after", Title: t("… и после", "… and after"), Value: r.After.Revenue})
}

// handoversTable returns one row per pair of first and latest salesperson.
func handoversTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := cohorts.Roles(ctx, f, cohorts.RolesOptions{})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{Head: handovers(job, r), Columns: []cli.Column{
		{Key: "from", Title: t("Привёл", "Won by")},
		{Key: "to", Title: t("Ведёт", "Kept by")},
		{Key: "handed_over", Title: t("Передача", "Handed over")},
		{Key: "customers", Title: t("Клиентов", "Customers")},
		{Key: "revenue", Title: t("Выручка", "Revenue")},
	}}
	out.Columns = append(out.Columns, stints(t)...)
	for _, m := range r.Moves {
		row := []any{name(job, m.From), name(job, m.To), m.HandedOver(), m.Customers, m.Sides.Total().Revenue}
		out.Rows = append(out.Rows, append(append(row, stintCells(m.Before)...), stintCells(m.After)...))
	}
	return out, nil
}

// handedTable returns one row per customer handed over.
func handedTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := cohorts.Roles(ctx, f, cohorts.RolesOptions{})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{Head: handovers(job, r), Columns: []cli.Column{
		{Key: "customer", Title: t("Клиент", "Customer")},
		{Key: "customer_name", Title: t("Название", "Name")},
		{Key: "from", Title: t("Привёл", "Won by")},
		{Key: "to", Title: t("Ведёт", "Kept by")},
		{Key: "day", Title: t("Передан", "Handed over")},
	}}
	out.Columns = append(out.Columns, stints(t)...)
	for _, h := range r.Handed {
		row := []any{h.ID, h.Name, h.From, h.To, h.Day}
		out.Rows = append(out.Rows, append(append(row, stintCells(h.Before)...), stintCells(h.After)...))
	}
	return out, nil
}

// flagsTable returns one row for each thing that the CRM's flag says, with the
// deals by the side that they are on here.
func flagsTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := cohorts.Flags(ctx, f, o.flags)
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{
		Head: append(scope(job, r.Scope),
			cli.Field{Key: "coverage", Title: t("Сделок с понятным признаком", "Deals with a flag that says something"), Value: cli.Share(r.Coverage)},
			cli.Field{Key: "agreement", Title: t("Признак верен, доля сделок", "The flag is right, share of deals"), Value: cli.Share(r.Agreement)},
			cli.Field{Key: "revenue_agreement", Title: t("… и выручки", "… and of revenue"), Value: cli.Share(r.RevenueAgreement)},
			cli.Field{Key: "flag_share", Title: t("Доля повторных по признаку", "Repeat share by the flag"), Value: cli.Share(r.FlagShare)}),
		Columns: []cli.Column{
			{Key: "word", Title: t("Признак CRM", "The CRM's flag")},
			{Key: "says", Title: t("Что значит", "Says")},
			{Key: "first_deals", Title: t("Первых сделок", "First deals")},
			{Key: "repeat_deals", Title: t("Повторных", "Repeat")},
			{Key: "unknown_deals", Title: t("Неизвестно", "Unknown")},
			{Key: "unmatched_deals", Title: t("Без покупки", "Unmatched")},
			{Key: "first_revenue", Title: t("Выручка первых", "First revenue")},
			{Key: "repeat_revenue", Title: t("Повторных", "Repeat")},
			{Key: "unknown_revenue", Title: t("Неизвестно", "Unknown")},
			{Key: "unmatched_returns", Title: t("Без покупки", "Unmatched")},
		},
	}
	for _, w := range r.Words {
		out.Rows = append(out.Rows, []any{
			name(job, w.Word), job.Says(w.Says), w.First.Deals, w.Repeat.Deals, w.Unknown.Deals, w.Unmatched.Deals,
			w.First.Revenue, w.Repeat.Revenue, w.Unknown.Revenue, w.Unmatched.Revenue,
		})
	}
	return out, nil
}
