package main

import (
	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

// head returns what is listed, and for programs the lists as wholes.
func head(job *cli.Job, l *abcxyz.TopList) []cli.Field {
	t, o := job.Text, l.Options
	return []cli.Field{
		{Key: "by", Title: t("Кто или что", "Listed"), Value: job.Code(string(o.By), job.Dimension(o.By))},
		{Key: "measure", Title: t("Показатель", "Measure"), Value: job.Code(o.Measure.String(), job.Measure(o.Measure))},
		{Key: "places", Title: t("Мест", "Places"), Value: o.N},
		{Key: "persistence", Title: t("Вес места", "Persistence"), Value: cli.Ratio(o.Persistence)},
		{Key: "lists", Value: lists(job, l).Objects()},
	}
}

// lists returns one row per period: its list as a whole, beside the one before.
func lists(job *cli.Job, l *abcxyz.TopList) cli.Table {
	t, measured := job.Text, func(a orders.Amount) any { return cli.Measured(l.Options.Measure, a) }
	out := cli.Table{Columns: []cli.Column{
		{Key: "period", Title: t("Период", "Period")}, {Key: "listed", Title: t("В списке", "Listed")}, {Key: "threshold", Title: t("Последнее", "Least")},
		{Key: "sum", Title: t("Сумма списка", "Sum")}, {Key: "total", Title: t("Всего", "Total")}, {Key: "base"}, {Key: "share", Title: t("Доля", "Share")},
		{Key: "entered", Title: t("Вошли", "Entered")}, {Key: "returned", Title: t("Вернулись", "Returned")}, {Key: "stayed", Title: t("Остались", "Stayed")}, {Key: "left", Title: t("Выбыли", "Left")},
		{Key: "jaccard", Title: t("Жаккар", "Jaccard")}, {Key: "rbo", Title: t("Ранговое совпадение", "Rank-biased overlap")},
	}}
	for k, p := range l.Periods {
		first := k == 0 // there is none before it
		out.Rows = append(out.Rows, []any{p.Period, p.Listed, measured(p.Threshold), measured(p.Sum), measured(p.Total), measured(p.Base), cli.Share(p.Share),
			cli.Unless(first, p.Entered), cli.Unless(first, p.Returned), cli.Unless(first, p.Stayed), cli.Unless(first, p.Left), cli.Unless(first, cli.Share(p.Jaccard)), cli.Unless(first, cli.Share(p.RBO))})
	}
	return out
}
