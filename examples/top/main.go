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
	t, measure := job.Text, l.Options.Measure
	out := cli.Table{Head: head(job, l), Columns: []cli.Column{{Key: "item", Title: t("Код", "Id")}, {Title: t("Название", "Name")}}}
	for _, p := range l.Periods {
		s := p.Period.String()
		out.Columns = append(out.Columns, cli.Column{Key: "rank_" + s, Title: t("Место ", "Place ") + s}, cli.Column{Key: "value_" + s, Title: job.Measure(measure) + " " + s})
	}
	out.Columns = append(out.Columns, cli.Column{Key: "move", Title: t("Движение", "Move")}, cli.Column{Key: "change", Title: t("Мест прибавилось", "Places gained")}, cli.Column{Key: "name"})
	for _, item := range l.Items {
		row := []any{item.ID, item.Name}
		for _, p := range item.Places {
			row = append(row, cli.Unless(p.Rank == 0, p.Rank), cli.Measured(measure, p.Value))
		}
		last := item.Places[len(item.Places)-1]
		ranked := len(item.Places) > 1 && last.Rank > 0 && item.Places[len(item.Places)-2].Rank > 0
		out.Rows = append(out.Rows, append(row, job.Move(last.Move), cli.Unless(!ranked, last.Change), item.Name))
	}
	return out
}
