// Command top lists the leaders of several periods: the N largest customers,
// products or salespersons, their places, who came and who went.
//
//	go run ./examples/top -n 50 -periods 6 -format csv export.csv
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
	job := cli.New("top",
		"Первые N по периодам: места, кто вошёл, кто выбыл, кто вернулся.",
		"The N largest by period: places, who entered, who left, who returned.", args, stdout, stderr)
	t := job.Text
	var o abcxyz.TopOptions
	cli.Choice(job, &o.By, "by", "customer|product|group|salesperson|owner|channel",
		t("кто или что в списке (owner: нынешний менеджер клиента)", "who or what is listed (owner: the customer's present salesperson)"),
		orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel)
	cli.Choice(job, &o.Measure, "measure", "revenue|profit|contribution|quantity|deals|purchases",
		t("по чему: выручка, валовая прибыль, маржинальная прибыль, количество, сделки, покупки", "by revenue, gross profit, contribution margin, quantity, deals or purchases"),
		orders.Revenue, orders.GrossProfit, orders.Contribution, orders.Quantity, orders.Deals, orders.Purchases)
	cli.Grain(job, &o.Grain)
	cli.Natural(job, &o.N, "n", t("сколько `МЕСТ` в списке (20)", "how many `PLACES` a list has (20)"))
	cli.Natural(job, &o.Periods, "periods", t("сколько последних полных `ПЕРИОДОВ`, от двух (3)", "how many of the last whole `PERIODS`, two or more (3)"))
	cli.Fraction(job, &o.Persistence, "p", t("`ВЕС` места рядом с предыдущим в ранговом совпадении, между 0 и 1 (0.9)", "`WEIGHT` of a place beside the one above it in rank-biased overlap, between 0 and 1 (0.9)"))
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		l, err := abcxyz.Top(ctx, sales, o)
		if err != nil {
			return err
		}
		if err := job.Print(leaders(job, l)); err != nil || job.Format != cli.Text {
			return err
		}
		return job.PrintMore(lists(job, l))
	})
}

// leaders returns one row per item that was in a list: its place and value in
// each period, and how it got into the last list or out of it.
func leaders(job *cli.Job, l *abcxyz.TopList) cli.Table {
	t, o := job.Text, l.Options
	out := cli.Table{
		Head: []cli.Field{
			{Key: "by", Title: t("Кто или что", "Listed"), Value: job.Code(string(o.By), job.Dimension(o.By))},
			{Key: "measure", Title: t("Показатель", "Measure"), Value: job.Code(o.Measure.String(), job.Measure(o.Measure))},
			{Key: "places", Title: t("Мест", "Places"), Value: o.N},
			{Key: "persistence", Title: t("Вес места", "Persistence"), Value: cli.Ratio(o.Persistence)},
			{Key: "lists", Value: lists(job, l).Objects()},
		},
		Columns: []cli.Column{{Key: "item", Title: t("Код", "Id")}},
	}
	if job.Format == cli.Text { // a person wants the name first
		out.Columns = append(out.Columns, cli.Column{Title: t("Название", "Name")})
	}
	for _, p := range l.Periods {
		s := p.Period.String()
		out.Columns = append(out.Columns, cli.Column{Key: "rank_" + s, Title: t("Место ", "Place ") + s}, cli.Column{Key: "value_" + s, Title: job.Measure(o.Measure) + " " + s})
	}
	out.Columns = append(out.Columns, cli.Column{Key: "move", Title: t("Движение", "Move")}, cli.Column{Key: "change", Title: t("Мест прибавилось", "Places gained")})
	if job.Format != cli.Text {
		out.Columns = append(out.Columns, cli.Column{Key: "name"})
	}
	for _, item := range l.Items {
		row := []any{item.ID}
		if job.Format == cli.Text {
			row = append(row, item.Name)
		}
		for _, p := range item.Places {
			row = append(row, present(p.Rank, p.Rank > 0), cli.Measured(o.Measure, p.Value))
		}
		n := len(item.Places) - 1
		last := item.Places[n]
		row = append(row, move(job, last.Move), present(last.Change, n > 0 && last.Rank > 0 && item.Places[n-1].Rank > 0))
		if job.Format != cli.Text {
			row = append(row, item.Name)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
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
		out.Rows = append(out.Rows, []any{p.Period, p.Listed, measured(p.Threshold), measured(p.Sum), measured(p.Total), measured(p.Base), cli.Share(p.Share),
			present(p.Entered, k > 0), present(p.Returned, k > 0), present(p.Stayed, k > 0), present(p.Left, k > 0), overlap(p.Jaccard, k > 0), overlap(p.RBO, k > 0)})
	}
	return out
}

// present returns v, or a blank where there is none.
func present(v int, ok bool) any {
	if !ok {
		return cli.Blank{}
	}
	return v
}

func overlap(v float64, ok bool) any {
	if !ok {
		return cli.Blank{}
	}
	return cli.Share(v)
}

func move(job *cli.Job, m abcxyz.Move) string {
	t := job.Text
	return job.Code(m.String(), map[abcxyz.Move]string{
		abcxyz.Listed:   t("в списке", "listed"),
		abcxyz.Entered:  t("вошёл", "entered"),
		abcxyz.Returned: t("вернулся", "returned"),
		abcxyz.Stayed:   t("остался", "stayed"),
		abcxyz.Left:     t("выбыл", "left"),
	}[m])
}
