// Command abcxyz ranks customers, products or salespersons by what they bring
// (ABC) and how steadily (XYZ).
//
//	go run ./examples/abcxyz -by product -measure profit -format csv export.csv
package main

import (
	"context"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("abcxyz",
		"ABC: кто и что приносит деньги; XYZ: насколько ровно.",
		"ABC: who and what brings the money; XYZ: how steadily.", args, stdout, stderr)
	var o abcxyz.Options
	flags(job, &o)
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		ranking, err := abcxyz.Rank(ctx, sales, o)
		if err != nil {
			return err
		}
		job.Warn(ranking.Warnings...)
		return job.Print(table(job, ranking))
	})
}

func flags(job *cli.Job, o *abcxyz.Options) {
	t := job.Text
	cli.Choice(job, &o.By, "by", "customer|product|group|salesperson|owner|channel",
		t("кого или что ранжировать (owner: нынешний менеджер клиента)", "what is ranked (owner: the customer's present salesperson)"),
		orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel)
	cli.Choice(job, &o.Measure, "measure", "revenue|profit|contribution|quantity|deals|purchases",
		t("по чему: выручка, валовая прибыль, маржинальная прибыль, количество, сделки, покупки", "by revenue, gross profit, contribution margin, quantity, deals or purchases"),
		orders.Revenue, orders.GrossProfit, orders.Contribution, orders.Quantity, orders.Deals, orders.Purchases)
	cli.Grain(job, &o.Grain)
	cli.Amounts(job, &o.Bounds, "abc", t("`ГРАНИЦЫ` классов A и B в процентах: 80,95", "`BOUNDS` of classes A and B in percent: 80,95"))
	cli.Choice(job, &o.Rule, "rule", "before|upto",
		t("доля с накоплением до строки или вместе с ней", "cumulative share before the item, or including it"), abcxyz.Before, abcxyz.UpTo)
	cli.Choice(job, &o.Vary, "vary", "default|value|count|gaps",
		t("что колеблется: сумма за период, число покупок за период, промежутки между покупками клиента; default: gaps у клиентов, value у прочих",
			"what varies: the measure per period, purchases per period, gaps between a customer's purchases; default: gaps for customers, value for all else"),
		abcxyz.DefaultVary, abcxyz.Value, abcxyz.Count, abcxyz.Gaps)
	cli.Choice(job, &o.Calendar, "calendar", "sincefirst|window",
		t("периоды с первого активного или все", "periods since the first active one, or all"), abcxyz.SinceFirst, abcxyz.Window)
	cli.Percents(job, &o.CV, "cv", t("`ГРАНИЦЫ` классов X и Y в процентах: 10,25; у промежутков 20,50", "`BOUNDS` of classes X and Y in percent: 10,25; for gaps 20,50"))
}

// table returns one row per item, by rank.
func table(job *cli.Job, r *abcxyz.Ranking) cli.Table {
	t := job.Text
	out := cli.Table{
		Head: head(job, r),
		Columns: []cli.Column{
			{Key: "item", Title: t("Код", "Id")},
			{Key: "name", Title: t("Название", "Name")},
			{Key: "value", Title: job.Measure(r.Options.Measure)},
			{Key: "share", Title: t("Доля", "Share")},
			{Key: "cum_before", Title: ""},
			{Key: "cum_share", Title: t("С накоплением", "Cumulative")},
			{Key: "abc", Title: "ABC"},
			{Key: "cv", Title: t("Вариация", "CV")},
			{Key: "periods", Title: t("Периодов", "Periods")},
			{Key: "active_periods", Title: t("Активных", "Active")},
			{Key: "gaps", Title: t("Промежутков", "Gaps")},
			{Key: "xyz", Title: "XYZ"},
			{Key: "class", Title: t("Класс", "Class")},
			{Key: "reason", Title: t("Почему нет класса", "Why no class")},
			{Key: "revenue", Title: ""},
			{Key: "cost_known", Title: ""},
		},
	}
	for _, item := range r.Items {
		var gaps any = item.Gaps
		if r.Options.Vary != abcxyz.Gaps {
			gaps = cli.Undefined{}
		}
		out.Rows = append(out.Rows, []any{
			item.ID, item.Name, cli.Measured(r.Options.Measure, item.Value),
			cli.Share(item.Share), cli.Share(item.CumBefore), cli.Share(item.CumShare), item.ABC.String(),
			cli.Share(item.CV), item.Periods, item.Active, gaps, item.XYZ.String(),
			item.Class(), reason(job, item.Reason()), item.Revenue, cli.Share(item.CostKnown),
		})
	}
	return out
}

// head returns the rule that made the classes, and their sums.
func head(job *cli.Job, r *abcxyz.Ranking) []cli.Field {
	t, o := job.Text, r.Options
	fields := []cli.Field{
		{Key: "by", Title: t("Что ранжировано", "Ranked"), Value: ranked(job, o.By)},
		{Key: "measure", Title: t("Показатель", "Measure"), Value: job.Code(o.Measure.String(), job.Measure(o.Measure))},
		{Key: "rule", Title: t("Правило ABC", "ABC rule"), Value: rule(job, o.Rule)},
		{Key: "bound_a", Title: t("Граница A, %", "Bound of A, %"), Value: cli.Quantity(o.Bounds[0])},
		{Key: "bound_b", Title: t("Граница B, %", "Bound of B, %"), Value: cli.Quantity(o.Bounds[1])},
		{Key: "vary", Title: t("Что колеблется", "What varies"), Value: vary(job, o.Vary)},
		{Key: "calendar", Title: t("Периоды XYZ", "XYZ periods"), Value: calendar(job, o.Calendar)},
		{Key: "bound_x", Title: t("Граница X", "Bound of X"), Value: cli.Share(o.CV[0])},
		{Key: "bound_y", Title: t("Граница Y", "Bound of Y"), Value: cli.Share(o.CV[1])},
		{Key: "first_period", Title: t("Первый полный период", "First whole period"), Value: r.First},
		{Key: "last_period", Title: t("Последний полный период", "Last whole period"), Value: r.Last},
		{Key: "items", Title: t("Всего строк", "Items"), Value: len(r.Items)},
		{Key: "total", Title: t("Итого", "Total"), Value: cli.Measured(o.Measure, r.Total)},
		{Key: "base", Title: t("База долей", "Base of shares"), Value: cli.Measured(o.Measure, r.Base)},
		{Key: "pareto", Title: t("Строк на 80 % базы", "Items behind 80 %"), Value: r.Pareto},
	}
	for _, c := range r.Classes {
		name := c.ABC.String()
		fields = append(fields,
			cli.Field{Key: "items_" + name, Title: t("Класс ", "Class ") + name + t(", строк", ", items"), Value: c.Items},
			cli.Field{Key: "sum_" + name, Title: t("Класс ", "Class ") + name + t(", сумма", ", sum"), Value: cli.Measured(o.Measure, c.Sum)})
	}
	return fields
}

func ranked(job *cli.Job, d orders.Dimension) string {
	t := job.Text
	return job.Code(string(d), map[orders.Dimension]string{
		orders.ByCustomer:    t("клиенты", "customers"),
		orders.ByProduct:     t("товары, с продажами без покупателя", "products, anonymous sales included"),
		orders.ByGroup:       t("группы товаров, с продажами без покупателя", "product groups, anonymous sales included"),
		orders.BySalesperson: t("менеджеры сделок", "salespersons of the deals"),
		orders.ByOwner:       t("нынешние менеджеры клиентов", "present salespersons of the customers"),
		orders.ByChannel:     t("каналы", "channels"),
	}[d])
}

func rule(job *cli.Job, r abcxyz.Rule) string {
	if r == abcxyz.UpTo {
		return job.Code(r.String(), job.Text("доля вместе со строкой", "cumulative share including the item"))
	}
	return job.Code(r.String(), job.Text("доля до строки", "cumulative share before the item"))
}

func vary(job *cli.Job, v abcxyz.Vary) string {
	t := job.Text
	return job.Code(v.String(), map[abcxyz.Vary]string{
		abcxyz.Value: t("показатель за период", "the measure per period"),
		abcxyz.Count: t("покупки за период", "purchases per period"),
		abcxyz.Gaps:  t("промежутки между покупками", "gaps between purchases"),
	}[v])
}

func calendar(job *cli.Job, c abcxyz.Calendar) string {
	if c == abcxyz.Window {
		return job.Code(c.String(), job.Text("все", "all"))
	}
	return job.Code(c.String(), job.Text("с первого активного", "since the first active one"))
}

// reason returns why a class is missing.
func reason(job *cli.Job, r abcxyz.Reason) string {
	t := job.Text
	return job.Code(string(r), map[abcxyz.Reason]string{
		abcxyz.NotPositive:     t("сумма не больше нуля", "total not above zero"),
		abcxyz.CostUnknown:     t("себестоимость неизвестна", "cost unknown"),
		abcxyz.FewPeriods:      t("меньше 3 полных периодов", "fewer than 3 whole periods"),
		abcxyz.FewGaps:         t("меньше 5 промежутков", "fewer than 5 gaps"),
		abcxyz.MeanNotPositive: t("возвраты не меньше продаж", "returns outweigh sales"),
	}[r])
}
