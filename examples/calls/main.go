// Command calls says whom to call today: the customers who have not come when
// their own rhythm of buying says that they should, the most worth first, and
// after them those who have lapsed.
//
//	go run ./examples/calls -n 20 -lapsed 5 -format csv export.csv
//	go run ./examples/calls -worth average-revenue -as-of 2024-12-31 export.csv
package main

import (
	"context"
	"io"
	"os"
	"slices"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/segments"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("calls", "Кому звонить сегодня: клиенты, которые не пришли, когда пора, сначала самые ценные.",
		"Whom to call today: the customers who have not come when they should, the most worth first.", args, stdout, stderr)
	var o segments.CallOptions
	cli.Choice(job, &o.Stake, "worth", "expected-profit|expected-revenue|average-profit|average-revenue", job.Text("ценность клиента: что принесёт или что приносит одна покупка", "worth of a customer: what they are expected to bring, or what one purchase brings"),
		segments.ExpectedProfit, segments.ExpectedRevenue, segments.AverageProfit, segments.AverageRevenue)
	cli.Natural(job, &o.HorizonDays, "horizon", job.Text("за сколько `ДНЕЙ` ожидается; 0: за 365", "expected over how many `DAYS`; 0: 365"))
	cli.Natural(job, &o.PerSalesperson, "n", job.Text("сколько `ЗВОНКОВ` продавцу, не больше; 0: все", "most `CALLS` of a salesperson; 0: all"))
	cli.Natural(job, &o.LapsedPerSalesperson, "lapsed", job.Text("сколько потерянных `КЛИЕНТОВ` продавцу, не больше; 0: все", "most lapsed `CUSTOMERS` of a salesperson; 0: all"))
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		if o.Stake == segments.ExpectedProfit || o.Stake == segments.ExpectedRevenue {
			basis := map[segments.Stake]ltv.Basis{segments.ExpectedProfit: ltv.ByProfit, segments.ExpectedRevenue: ltv.ByRevenue}[o.Stake]
			p, err := ltv.Predict(ctx, sales, ltv.PredictOptions{HorizonDays: o.HorizonDays, Basis: basis, Draws: 20}) // draws are for intervals alone
			if err != nil {
				return err
			}
			job.Warn(p.Warnings...)
			o = cli.AtStake(o, p)
		}
		lapse, err := segments.Lapse(ctx, sales, segments.LapseOptions{})
		if err != nil {
			return err
		}
		list, err := lapse.Calls(o)
		if err != nil {
			return err
		}
		return job.Print(table(job, list))
	})
}

// table returns one row per call, those to lapsed customers last.
func table(job *cli.Job, l *segments.CallList) cli.Table {
	t, n := job.Text, l.Total.Statuses
	out := cli.Table{Head: []cli.Field{
		{Key: "as_of", Title: t("На дату", "As of"), Value: l.Lapse.AsOf}, {Key: "worth_is", Title: t("Ценность", "Worth"), Value: job.Stake(l.Options.Stake)},
		{Key: "horizon_days", Value: l.Options.HorizonDays}, {Key: "customers", Title: t("Клиентов", "Customers"), Value: l.Total.Customers},
	}, Columns: []cli.Column{
		{Key: "customer", Title: t("Код", "Id")}, {Key: "salesperson", Title: t("Продавец", "Salesperson")}, {Key: "last_day", Title: t("Последняя", "Latest")},
		{Key: "expected_day", Title: t("Ждали", "Expected")}, {Key: "status", Title: t("Статус", "Status")}, {Key: "days_late", Title: t("Опоздание", "Days late")},
		{Key: "rhythm_of", Title: t("Чей ритм", "Rhythm of")}, {Key: "worth", Title: t("Ценность", "Worth")}, {Key: "rhythm", Title: t("Дней", "Days")}, {Key: "name", Title: t("Клиент", "Customer")},
	}}
	for s := range n {
		out.Head = append(out.Head, cli.Field{Key: segments.Status(s).String(), Title: "  " + job.Status(segments.Status(s)), Value: n[s]})
	}
	out.Head = append(out.Head, cli.Field{Key: "not_listed", Title: t("Сверх предела", "Beyond the limit"), Value: l.Total.Calls.Held + l.Total.Lapsed.Held},
		cli.Field{Key: "worth", Title: t("Ценность звонков", "Worth of the calls"), Value: l.Total.Calls.Worth})
	for _, c := range slices.Concat(l.Calls, l.Lapsed) {
		out.Rows = append(out.Rows, []any{c.ID, c.Owner, c.LastDay, c.ExpectedDay, job.Status(c.Status), c.DaysLate, job.RhythmOf(c.RhythmOf), c.Worth, cli.Ratio(c.Rhythm), c.Name})
	}
	return out
}
