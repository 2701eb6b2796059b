package main

import (
	"context"
	"math"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// customers returns one row per customer with a purchase.
func customers(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	grid, err := segments.Grid(ctx, f, segments.GridOptions{})
	if err != nil {
		return cli.Table{}, err
	}
	rfm, err := segments.RFM(ctx, f, o.rfm)
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{Head: head(job, rfm), Columns: []cli.Column{
		{Key: "customer", Title: t("Код", "Id")}, {Key: "purchases", Title: t("Покупок", "Purchases")}, {Key: "days_since_last", Title: t("Дней прошло", "Days since")},
		{Key: "revenue", Title: t("Выручка", "Revenue")}, {Key: "grid", Title: t("Сетка поведения", "Behaviour grid")},
		{Key: "r", Title: "R"}, {Key: "f", Title: "F"}, {Key: "m", Title: "M"}, {Key: "segment", Title: t("Сегмент RFM", "RFM segment")}, {Key: "rule", Title: t("Правило", "Rule")},
		{Key: "name", Title: t("Клиент", "Customer")}, {Key: "salesperson", Title: t("Продавец", "Salesperson")}, {Key: "last_day"},
	}}
	for i, c := range rfm.Scored { // both are of the whole export: the same customers
		g := grid.Assigned[i]
		out.Rows = append(out.Rows, []any{c.ID, c.Purchases, c.DaysSinceLast, c.Revenue, job.Place(grid.Columns[g.Column].Name, g.State),
			c.R, c.F, score(c.M), job.Segment(c.Segment), c.Rule, c.Name, c.Owner, c.LastDay})
	}
	return out, nil
}

// score returns a score; a blank where there is none.
func score(m int) any {
	if m == 0 {
		return cli.Blank{}
	}
	return m
}

// head says how the scores were made and what to beware of.
func head(job *cli.Job, r *segments.RFMResult) []cli.Field {
	t := job.Text
	fields := []cli.Field{
		{Key: "as_of", Title: t("На дату", "As of"), Value: r.AsOf},
		{Key: "scoring", Title: t("Оценки RFM", "RFM scores"), Value: job.ScoringName(r.Scoring)},
		{Key: "measure", Title: t("Деньги", "Money"), Value: job.Code(r.Measure.String(), job.Measure(r.Measure))},
		{Key: "scores_r", Title: t("Разных R", "Different R"), Value: r.Levels.R},
		{Key: "scores_f", Title: t("Разных F", "Different F"), Value: r.Levels.F},
		{Key: "scores_m", Title: t("Разных M", "Different M"), Value: r.Levels.M},
		{Key: "without_purchase", Title: t("Клиентов без покупки", "Customers without a purchase"), Value: r.Without},
		{Key: "without_revenue", Title: t("  их выручка", "  their revenue"), Value: r.WithoutRevenue},
		{Key: "warnings", Value: job.Warnings(r.Warnings...)},
	}
	for _, w := range r.Warnings {
		fields = append(fields, cli.Field{Title: t("Внимание", "Beware"), Value: job.Language.Warning(w)})
	}
	return fields
}

// rfmSegments returns one row per rule, and one for those whom none fits.
func rfmSegments(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := segments.RFM(ctx, f, o.rfm)
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{Head: head(job, r), Columns: []cli.Column{
		{Key: "rule", Title: t("Правило", "Rule")}, {Key: "segment", Title: t("Сегмент", "Segment")}, {Key: "r", Title: "R"}, {Key: "f", Title: "F"}, {Key: "m", Title: "M"},
		{Key: "customers", Title: t("Клиентов", "Customers")}, {Key: "customer_share", Title: t("Доля клиентов", "Share of customers")},
		{Key: "revenue", Title: t("Выручка", "Revenue")}, {Key: "revenue_share", Title: t("Доля выручки", "Share of revenue")}, {Key: "purchases", Title: t("Покупок", "Purchases")},
	}}
	for _, s := range r.Segments {
		var rule segments.Rule
		if s.Rule > 0 {
			rule = r.Rules[s.Rule-1]
		}
		out.Rows = append(out.Rows, []any{s.Rule, job.Segment(s.Name), cli.Range(rule.R), cli.Range(rule.F), cli.Range(rule.M),
			s.Customers, cli.Share(s.CustomerShare), s.Revenue, cli.Share(s.RevenueShare), s.Purchases})
	}
	return out, nil
}

// cuts returns one row per score: where it begins and how many have it.
func cuts(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := segments.RFM(ctx, f, o.rfm)
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	number := func(axis, english string) [2]cli.Column {
		return [2]cli.Column{{Key: axis + "_cut", Title: english}, {Key: axis + "_customers", Title: t("клиентов", "customers")}}
	}
	days, purchases, money := number("r", t("R: дней, до", "R: days, up to")), number("f", t("F: покупок, от", "F: purchases, from")), number("m", t("M: денег, от", "M: money, from"))
	out := cli.Table{Head: head(job, r), Columns: []cli.Column{{Key: "score", Title: t("Оценка", "Score")}, days[0], days[1], purchases[0], purchases[1], money[0], money[1]}}
	for s := r.Scores; s > 0; s-- {
		row := []any{s, cli.Blank{}, r.Counts.R[s-1], cli.Blank{}, r.Counts.F[s-1], cli.Blank{}, r.Counts.M[s-1]}
		if s > 1 && r.R != nil {
			row[1], row[3] = r.R[r.Scores-s], r.F[s-2]
		}
		if s > 1 && r.M != nil {
			row[5] = r.M[s-2]
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// cells returns one row per cell of the grid.
func cells(ctx context.Context, job *cli.Job, f orders.Facts, _ options) (cli.Table, error) {
	g, err := segments.Grid(ctx, f, segments.GridOptions{})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{
		Head: []cli.Field{
			{Key: "as_of", Title: t("На дату", "As of"), Value: g.AsOf},
			{Key: "average_deal", Title: t("Средняя покупка за 12 месяцев", "Average purchase of 12 months"), Value: g.AverageDeal},
		},
		Columns: []cli.Column{
			{Key: "grid", Title: t("Клетка", "Cell")}, {Key: "customers", Title: t("Клиентов", "Customers")}, {Key: "customer_share", Title: t("Доля", "Share")}, {Key: "purchases", Title: t("Покупок", "Purchases")},
			{Key: "revenue", Title: t("Выручка", "Revenue")}, {Key: "revenue_share", Title: t("Доля выручки", "Share of revenue")}, {Key: "potential", Title: t("Потенциал", "Potential")},
		},
	}
	add := func(name string, c segments.GridCell) {
		potential := any(cli.Blank{})
		if c.Potential.Known {
			potential = c.Potential.Amount
		}
		out.Rows = append(out.Rows, []any{name, c.Customers, cli.Share(c.CustomerShare), c.Purchases, c.Revenue, cli.Share(c.RevenueShare), potential})
	}
	for i, column := range g.Columns {
		for s := segments.Active; s <= segments.Asleep; s++ {
			add(job.Place(column.Name, s), g.Cell(i, s))
		}
	}
	add(job.Code("without", t("без покупки", "without a purchase")), segments.GridCell{Customers: g.Without, Revenue: g.WithoutRevenue, CustomerShare: math.NaN(), RevenueShare: math.NaN()})
	return out, nil
}

// moves returns one row per way in which somebody moved through the grid.
func moves(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	x, err := segments.Transitions(ctx, f, segments.TransitionOptions{Start: o.start, End: o.end})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{
		Head: []cli.Field{{Key: "start", Title: t("Было на", "From"), Value: x.Start.AsOf}, {Key: "end", Title: t("Стало на", "To"), Value: x.End.AsOf}},
		Columns: []cli.Column{
			{Key: "from", Title: t("Было", "Was")}, {Key: "to", Title: t("Стало", "Is")}, {Key: "customers", Title: t("Клиентов", "Customers")},
			{Key: "start_revenue", Title: t("Выручка к началу", "Revenue at the start")}, {Key: "end_revenue", Title: t("Выручка к концу", "Revenue at the end")},
		},
	}
	name := func(i int) any {
		if i == len(x.Places) {
			return job.Code("", t("нет", "absent"))
		}
		return job.Place(x.End.Columns[x.Places[i].Column].Name, x.Places[i].State)
	}
	for i, row := range x.Cells {
		for k, c := range row {
			if c.Customers > 0 {
				out.Rows = append(out.Rows, []any{name(i), name(k), c.Customers, c.Start, c.End})
			}
		}
	}
	return out, nil
}
