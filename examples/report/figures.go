package main

import (
	"context"
	"strings"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

// keyFigures returns the figures of the workbook's Summary and Reconciliation.
// Those with a title are the short summary that a person reads, those with a
// key are the members of the JSON object. There money is a number with all its
// digits, shares are 0…1, and what is unknown or undefined is null.
func keyFigures(ctx context.Context, job *cli.Job, b report.Book) ([]cli.Field, error) {
	control, err := b.Sales.Control(ctx)
	if err != nil {
		return nil, err
	}
	figures := job.Reconciliation(control)
	figures = append(figures, repeatFigures(job, b.Repeat)...)
	figures = append(figures, customerFigures(job, b)...)
	figures = append(figures, profitFigures(job, b.Profit)...)
	figures = append(figures, rankingFigures("abc_customers", b.Customers)...)
	figures = append(figures, rankingFigures("abc_products", b.Products)...)
	figures = append(figures, rankingFigures("abc_salespersons", b.Salespersons)...)
	if b.Core != nil {
		figures = append(figures,
			cli.Field{Key: "core_customers", Title: job.Text("Ключевых клиентов", "Core customers"), Value: b.Core.Core.Customers},
			cli.Field{Key: "core_revenue", Value: b.Core.Core.Revenue},
			cli.Field{Key: "core_share", Title: job.Text("Их доля в выручке", "Their share of revenue"), Value: cli.Share(b.Core.Core.Share)},
			cli.Field{Key: "class_a_irregular_or_lapsed", Value: b.Core.IrregularOrLapsed.Revenue},
		)
	}
	if b.Grid != nil && b.RFM != nil {
		figures = append(figures, segmentFigures(b)...)
	}
	figures = append(figures, outlookFigures(b)...)
	figures = append(figures, futureFigures(job, b)...)
	figures = append(figures, planFigures(job, b)...)
	figures = append(figures, sheetTotals(b)...)
	return append(figures, cli.Field{Key: "warnings", Value: job.Warnings(warnings(control, b)...)}), nil
}

// repeatFigures returns the repeat share with its interval.
func repeatFigures(job *cli.Job, r *cohorts.Repeat) []cli.Field {
	t, c, total := job.Text, r.Control, r.Total
	money := total.Sides.Total()
	return []cli.Field{
		{Key: "first_revenue", Title: t("Выручка первых покупок", "Revenue of first purchases"), Value: total.First.Revenue},
		{Key: "repeat_revenue", Title: t("Выручка повторных покупок", "Revenue of repeat purchases"), Value: total.Repeat.Revenue},
		{Key: "unknown_revenue", Title: t("Неизвестно, первых или повторных", "First or repeat, unknown"), Value: total.Unknown.Revenue},
		{Key: "unmatched_returns", Title: t("Возвраты без покупки", "Unmatched returns"), Value: total.Unmatched.Revenue},
		{Key: "first_purchases", Value: total.First.Purchases},
		{Key: "repeat_purchases", Value: total.Repeat.Purchases},
		{Key: "unknown_purchases", Value: total.Unknown.Purchases},
		{Key: "gross_profit", Value: cli.GrossProfit(money)},
		{Key: "cost_known", Value: cli.Share(money.CostKnown())},
		{Key: "repeat_share_low", Title: t("Доля повторных от", "Repeat share from"), Value: cli.Share(total.ByRevenue.Low)},
		{Key: "repeat_share_high", Title: t("Доля повторных до", "Repeat share to"), Value: cli.Share(total.ByRevenue.High)},
		{Key: "repeat_share_profit_low", Value: cli.Share(total.ByProfit.Low)},
		{Key: "repeat_share_profit_high", Value: cli.Share(total.ByProfit.High)},
		{Key: "repeat_share_purchases_low", Value: cli.Share(total.ByPurchases.Low)},
		{Key: "repeat_share_purchases_high", Value: cli.Share(total.ByPurchases.High)},
		{Key: "repeat_share_customers_low", Value: cli.Share(total.ByCustomers.Low)},
		{Key: "repeat_share_customers_high", Value: cli.Share(total.ByCustomers.High)},
		{Key: "repeat_customers", Value: total.RepeatersToDate},
		{Key: "repeat_purchase_rate", Title: t("Клиентов, купивших больше одного раза", "Customers who bought more than once"), Value: cli.Share(total.RepeatPurchaseRate)},
		{Key: "history_complete", Value: c.Complete},
		{Key: "burn_in_days", Value: c.BurnIn},
		{Key: "known_from", Title: t("Новые клиенты видны с", "New customers are known from"), Value: job.KnownFrom(c)},
		{Key: "late_old", Value: cli.Share(c.LateOld)},
		{Title: t("Уровень зрелости продаж", "Maturity of sales"), Value: job.Verdict(r)},
		{Key: "maturity", Value: cli.VerdictCode(r)},
	}
}

// profitFigures returns the profit table and the paybacks.
func profitFigures(job *cli.Job, p *ltv.Profit) []cli.Field {
	t := job.Text
	columns := []struct {
		key string
		ltv.Column
	}{{"first", p.First}, {"repeat", p.Repeat}, {"unknown", p.Unknown}, {"unmatched", p.Unmatched}, {"total", p.Total}}
	fields := []cli.Field{
		{Title: t("Прибыль первых покупок", "Profit of first purchases"), Value: p.First.Profit},
		{Title: t("Прибыль повторных покупок", "Profit of repeat purchases"), Value: p.Repeat.Profit},
		{Key: "acquisition_cost", Value: p.Acquisition},
	}
	for _, line := range ltv.Lines() {
		var values cli.Object
		for _, c := range columns {
			var v any = c.Money(line)
			if line == ltv.Margin {
				v = cli.Share(c.Margin)
			}
			values = append(values, cli.Field{Key: c.key, Value: v})
		}
		fields = append(fields, cli.Field{Key: "deal_" + line.String(), Value: values})
	}
	return append(fields,
		cli.Field{Key: "acquired_customers", Value: p.ByNumber.Customers},
		cli.Field{Key: "payback_purchase", Value: paidBack(p.ByNumber)},
		cli.Field{Key: "payback_day", Value: paidBack(p.ByAge)})
}

func paidBack(b ltv.Payback) any {
	if !b.PaidBack {
		return cli.Undefined{}
	}
	return b.At
}

// rankingFigures returns the classes of a ranking: items, sum and share of each.
func rankingFigures(key string, r *abcxyz.Ranking) []cli.Field {
	classes := cli.Object{{Key: "total", Value: r.Total}, {Key: "base", Value: r.Base}, {Key: "items_behind_80", Value: r.Pareto}}
	for _, c := range r.Classes {
		classes = append(classes, cli.Field{Key: c.ABC.String(), Value: cli.Object{
			{Key: "items", Value: c.Items}, {Key: "sum", Value: c.Sum}, {Key: "share", Value: cli.Share(c.Share)},
		}})
	}
	return []cli.Field{{Key: key, Value: classes}}
}

// segmentFigures returns the customers and the money of each segment.
func segmentFigures(b report.Book) []cli.Field {
	var grid, rfm cli.Object
	for i, column := range b.Grid.Columns {
		for state, cell := range b.Grid.Cells[i] {
			grid = append(grid, cli.Field{Key: column.Name + "_" + segments.State(state).String(), Value: cli.Object{
				{Key: "customers", Value: cell.Customers}, {Key: "revenue", Value: cell.Revenue},
			}})
		}
	}
	for _, s := range b.RFM.Segments {
		name := s.Name
		if s.Rule == 0 {
			name = "none"
		}
		rfm = append(rfm, cli.Field{Key: strings.ReplaceAll(name, " ", "_"), Value: cli.Object{
			{Key: "customers", Value: s.Customers}, {Key: "revenue", Value: s.Revenue},
		}})
	}
	return []cli.Field{{Key: "behaviour_grid", Value: grid}, {Key: "rfm", Value: rfm}}
}

// sheetTotals returns what each sheet adds up to. All but products, which hold
// anonymous sales too, are the identified revenue.
func sheetTotals(b report.Book) []cli.Field {
	totals := cli.Object{
		{Key: "customers", Value: b.Customers.Revenue},
		{Key: "products", Value: b.Products.Revenue},
		{Key: "salespersons", Value: b.Salespersons.Revenue},
		{Key: "repeat", Value: b.Repeat.Total.Sides.Total().Revenue},
		{Key: "profit", Value: b.Profit.Total.Revenue},
		{Key: "cohorts", Value: b.Cohorts.Total.Revenue},
	}
	if b.Grid != nil && b.RFM != nil {
		totals = append(totals,
			cli.Field{Key: "grid", Value: b.Grid.Revenue + b.Grid.WithoutRevenue},
			cli.Field{Key: "rfm", Value: b.RFM.Revenue + b.RFM.WithoutRevenue})
	}
	return []cli.Field{{Key: "sheet_totals", Value: totals}}
}

// warnings returns all that the reader of the workbook must know.
func warnings(c orders.Control, b report.Book) []orders.Warning {
	all := c.Warnings
	for _, r := range []*abcxyz.Ranking{b.Customers, b.Products, b.Salespersons} {
		all = append(all, r.Warnings...)
	}
	all = append(all, b.Migration.Warnings...)
	for _, v := range b.Stability {
		all = append(all, v.Warnings...)
	}
	if b.RFM != nil {
		all = append(all, b.RFM.Warnings...)
	}
	if b.LTV != nil {
		all = append(all, b.LTV.Warnings...)
	}
	return all
}
