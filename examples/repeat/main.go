// Command repeat prints how much of each period's business is repeat business:
// as an interval, because an export does not know who bought before it began.
//
//	go run ./examples/repeat -grain quarter -format csv export.csv
package main

import (
	"context"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("repeat",
		"Доля повторных продаж по периодам и в целом.",
		"The share of repeat sales per period and in total.", args, stdout, stderr)
	var o cohorts.RepeatOptions
	cli.Grain(job, &o.Grain)
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		repeat, err := cohorts.RepeatShare(ctx, sales, o)
		if err != nil {
			return err
		}
		return job.Print(table(job, repeat))
	})
}

// table returns one row per period and the row "total".
func table(job *cli.Job, r *cohorts.Repeat) cli.Table {
	out := cli.Table{Head: head(job, r), Columns: columns(job)}
	for _, row := range r.Rows {
		out.Rows = append(out.Rows, cells(row.Period.String(), row))
	}
	out.Rows = append(out.Rows, cells(job.Code("total", job.Text("Итого", "Total")), r.Total))
	return out
}

func columns(job *cli.Job) []cli.Column {
	t := job.Text
	return []cli.Column{
		{Key: "period", Title: t("Период", "Period")},
		{Key: "revenue", Title: t("Выручка", "Revenue")},
		{Key: "first_revenue", Title: t("Первые", "First")},
		{Key: "repeat_revenue", Title: t("Повторные", "Repeat")},
		{Key: "unknown_revenue", Title: t("Неизвестно", "Unknown")},
		{Key: "unmatched_returns", Title: t("Возвраты без покупки", "Unmatched")},
		{Key: "anonymous_revenue", Title: t("Без покупателя", "Anonymous")},
		{Key: "repeat_share_low", Title: t("Доля от", "Share from")},
		{Key: "repeat_share_high", Title: t("до", "to")},
		{Key: "deals", Title: t("Покупок", "Purchases")},
		{Key: "first_deals"}, {Key: "repeat_deals"}, {Key: "unknown_deals"},
		{Key: "customers", Title: t("Клиентов", "Customers")},
		{Key: "new_customers", Title: t("Новых", "New")},
		{Key: "returning_customers", Title: t("Вернулись", "Returning")},
		{Key: "unknown_customers"}, {Key: "overlap"},
		{Key: "profit"}, {Key: "first_profit"}, {Key: "repeat_profit"},
		{Key: "partial", Title: t("Неполный", "Partial")},
		{Key: "reliable", Title: t("Надёжно", "Reliable")},
		{Key: "unknown_profit"}, {Key: "unmatched_profit"}, {Key: "cost_known"},
		{Key: "profit_share_low"}, {Key: "profit_share_high"},
		{Key: "deal_share_low"}, {Key: "deal_share_high"},
		{Key: "customer_share_low"}, {Key: "customer_share_high"},
		{Key: "customers_to_date"}, {Key: "repeaters_to_date"}, {Key: "repeat_purchase_rate"},
		{Key: "reason"},
	}
}

func cells(period string, r cohorts.RepeatRow) []any {
	all := r.Sides.Total()
	return []any{
		period, all.Revenue, r.First.Revenue, r.Repeat.Revenue, r.Unknown.Revenue, r.Unmatched.Revenue, r.Anonymous,
		cli.Share(r.ByRevenue.Low), cli.Share(r.ByRevenue.High),
		all.Purchases, r.First.Purchases, r.Repeat.Purchases, r.Unknown.Purchases,
		r.Customers, r.NewCustomers, r.ReturningCustomers, r.UnknownCustomers, r.Overlap,
		cli.GrossProfit(all), cli.GrossProfit(r.First), cli.GrossProfit(r.Repeat),
		r.Partial, r.Reliable,
		cli.GrossProfit(r.Unknown), cli.GrossProfit(r.Unmatched), cli.Share(all.CostKnown()),
		cli.Share(r.ByProfit.Low), cli.Share(r.ByProfit.High),
		cli.Share(r.ByPurchases.Low), cli.Share(r.ByPurchases.High),
		cli.Share(r.ByCustomers.Low), cli.Share(r.ByCustomers.High),
		r.CustomersToDate, r.RepeatersToDate, cli.Share(r.RepeatPurchaseRate),
		string(r.ByRevenue.Reason),
	}
}

// head returns what stands behind the intervals, and the verdict.
func head(job *cli.Job, r *cohorts.Repeat) []cli.Field {
	t, c := job.Text, r.Control
	fields := []cli.Field{
		{Key: "first_day", Title: t("Первый день", "First day"), Value: r.Scope.From},
		{Key: "last_day", Title: t("Последний день", "Last day"), Value: r.Scope.AsOf},
		{Key: "currency", Title: t("Валюта", "Currency"), Value: c.Currency},
		{Key: "history_complete", Title: t("История известна целиком", "History is complete"), Value: c.Complete},
	}
	if !c.Complete {
		fields = append(fields, history(job, r)...)
	}
	return append(fields,
		cli.Field{Key: "repeat_share_low", Title: t("Доля повторных от", "Repeat share from"), Value: cli.Share(r.Total.ByRevenue.Low)},
		cli.Field{Key: "repeat_share_high", Title: t("Доля повторных до", "Repeat share to"), Value: cli.Share(r.Total.ByRevenue.High)},
		cli.Field{Key: "maturity", Title: t("Уровень зрелости продаж", "Maturity of sales"), Value: job.Code(cli.VerdictCode(r), job.Verdict(r))})
}

// history returns what the export says about customers who came before it.
func history(job *cli.Job, r *cohorts.Repeat) []cli.Field {
	t, c := job.Text, r.Control
	return []cli.Field{
		{Key: "span_days", Title: t("Дней в выгрузке", "Days in the export"), Value: c.Span()},
		{Key: "burn_in_days", Title: t("Из них первая покупка может быть не первой, дней", "Of them a first purchase may not be the first, days"), Value: c.BurnIn},
		{Key: "known_from", Title: t("Новые клиенты видны с", "New customers are known from"), Value: job.KnownFrom(c)},
		{Key: "late_old", Title: t("Старых среди «новых» (q)", "Old ones among the “new” (q)"), Value: cli.Share(c.LateOld)},
		{Key: "more_days", Title: t("Не хватает дней истории", "Days of history missing"), Value: r.MoreDays()},
	}
}
