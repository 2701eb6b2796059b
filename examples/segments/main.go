// Command segments tells what to do with each customer: the place in the
// behaviour grid (how often and how lately they bought), and the scores and the
// segment of RFM. It also counts segments and cells, and follows who moved from
// cell to cell in the last month.
//
//	go run ./examples/segments -format csv export.csv
//	go run ./examples/segments -scoring fixed -r 14,30,60,120 export.csv
//	go run ./examples/segments -scores 3 -rule 'vip:3,3,3' -rule 'others:,,' export.csv
//	go run ./examples/segments -what moves -start 2024-01-31 export.csv
package main

import (
	"context"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("segments",
		"Что делать с каждым клиентом: сетка поведения и сегмент RFM.",
		"What to do with each customer: the behaviour grid and the RFM segment.", args, stdout, stderr)
	t := job.Text
	var o options
	var what func(context.Context, *cli.Job, orders.Facts, options) (cli.Table, error)
	cli.Choice(job, &what, "what", "customers|segments|cuts|grid|moves",
		t("каждый клиент; сегменты RFM; границы оценок; клетки сетки; переходы между клетками", "each customer; the RFM segments; the cut points of the scores; the cells of the grid; transitions between cells"),
		customers, rfmSegments, cuts, cells, moves)
	cli.Scoring(job, &o.rfm)
	cli.Day(job, &o.start, "start", t("`ДЕНЬ`, с которого переходы: 2024-01-31 или 31.01.2024 (месяц до конца)", "`DAY` from which to follow moves: 2024-01-31 or 31.01.2024 (a month before the end)"))
	cli.Day(job, &o.end, "end", t("`ДЕНЬ`, по который переходы (последний)", "`DAY` up to which to follow moves (the last)"))
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
	rfm        segments.RFMOptions
	start, end orders.Date
}
