// Command repeat prints how much of each period's business is repeat business:
// as an interval, because an export does not know who bought before it began. It
// also splits that by salesperson and other things, tells hunters from farmers,
// follows customers who were handed over, and checks the CRM's own repeat flag.
//
//	go run ./examples/repeat -grain quarter -format csv export.csv
//	go run ./examples/repeat -what split -by channel export.csv
//	go run ./examples/repeat -what roles export.csv
package main

import (
	"context"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("repeat",
		"Доля повторных продаж по периодам и в целом.",
		"The share of repeat sales per period and in total.", args, stdout, stderr)
	t := job.Text
	var o options
	var what func(context.Context, *cli.Job, orders.Facts, options) (cli.Table, error)
	cli.Grain(job, &o.grain)
	cli.Choice(job, &what, "what", "share|arrivals|split|roles|handovers|handed|flags",
		t("доля повторных по периодам; новые лица по периодам; доля по частям (-by); охотники и фермеры; передачи клиентов; переданные клиенты; признак CRM",
			"the repeat share by period; first-seen customers by period; the share of each part (-by); hunters and farmers; handovers; the customers handed over; the CRM's flag"),
		shareTable, arrivalsTable, splitTable, rolesTable, handoversTable, handedTable, flagsTable)
	cli.Choice(job, &o.by, "by", "salesperson|owner|channel|group|product", t("части для -what split", "the parts of -what split"),
		orders.BySalesperson, orders.ByOwner, orders.ByChannel, orders.ByGroup, orders.ByProduct)
	cli.Words(job, &o.flags.Repeat, "repeat-words", t("`СЛОВА` признака CRM, означающие повторную сделку, через запятую", "`WORDS` of the CRM's flag that mean a repeat deal, comma separated"))
	cli.Words(job, &o.flags.First, "first-words", t("`СЛОВА` признака CRM, означающие первую", "`WORDS` of the CRM's flag that mean a first one"))
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		table, err := what(ctx, job, sales, o)
		if err != nil {
			return err
		}
		return job.Print(table)
	})
}

// options are those of all tables.
type options struct {
	grain orders.Grain
	by    orders.Dimension
	flags cohorts.FlagOptions
}

// shareTable returns one row per period and the row "total".
func shareTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := cohorts.RepeatShare(ctx, f, cohorts.RepeatOptions{Grain: o.grain})
	if err != nil {
		return cli.Table{}, err
	}
	out := cli.Table{Head: head(job, r), Columns: columns(job)}
	for _, row := range r.Rows {
		out.Rows = append(out.Rows, cells(row.Period.String(), row))
	}
	out.Rows = append(out.Rows, cells(job.Code("total", job.Text("Итого", "Total")), r.Total))
	return out, nil
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
		{Key: "repeat_rate_low", Title: t("Купили 2 раза от", "Bought twice from")}, {Key: "repeat_rate_high", Title: t("до", "to")},
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
		cli.Share(r.RepeatRate.Low), cli.Share(r.RepeatRate.High),
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
	low, high := r.ToTarget()
	v := r.Maturity()
	fields = append(fields,
		cli.Field{Key: "repeat_share_low", Title: t("Доля повторных от", "Repeat share from"), Value: cli.Share(r.Total.ByRevenue.Low)},
		cli.Field{Key: "repeat_share_high", Title: t("Доля повторных до", "Repeat share to"), Value: cli.Share(r.Total.ByRevenue.High)},
		cli.Field{Key: "maturity", Title: t("Уровень зрелости продаж", "Maturity of sales"), Value: job.Code(cli.VerdictCode(r), job.Verdict(r))},
		cli.Field{Key: "next_target_low", Value: cli.Share(v.Low.Target)}, cli.Field{Key: "next_target_high", Value: cli.Share(v.High.Target)},
		cli.Field{Key: "to_target_low", Value: low}, cli.Field{Key: "to_target_high", Value: high})
	return append(fields, targets(job, v, low, high)...)
}

// targets says to people what the next target takes at each end.
func targets(job *cli.Job, v cohorts.Verdict, low, high orders.NullAmount) (fields []cli.Field) {
	l := job.Language
	say := func(title string, s cohorts.Standing, need orders.NullAmount) {
		if need.Known {
			fields = append(fields, cli.Field{Title: title, Value: l.Money(need.Amount) + job.Text(" до ", " to ") + l.Percent(s.Target)})
		}
	}
	if low == high && v.Low.Target == v.High.Target {
		say(job.Text("Повторной выручки не хватает", "Repeat revenue wanting"), v.Low, low)
		return fields
	}
	say(job.Text("Повторной выручки не хватает, нижняя оценка доли", "Repeat revenue wanting, at the lower end"), v.Low, low)
	say(job.Text("Повторной выручки не хватает, верхняя оценка доли", "Repeat revenue wanting, at the upper end"), v.High, high)
	return fields
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
