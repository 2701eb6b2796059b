// Command plan makes each salesperson's sales plan of a month from the same month
// of last year, new and repeat sales apart; of a month that has begun it holds
// plan against fact.
//
//	go run ./examples/plan -growth 15 -correct workdays export.csv
//	go run ./examples/plan -month 2025-06 -follow customer -format csv export.csv
package main

import (
	"context"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/segments"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("plan",
		"План продаж на месяц по продавцам, новые и повторные отдельно, и план-факт.",
		"Each salesperson's sales plan of a month, new and repeat sales apart, and plan against fact.", args, stdout, stderr)
	var o segments.PlanOptions
	cli.Plan(job, &o)
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		plan, err := segments.Plan(ctx, sales, o)
		if err != nil {
			return err
		}
		return job.Print(table(job, plan))
	})
}

// table returns one row per salesperson and the row "total".
func table(job *cli.Job, p *segments.PlanResult) cli.Table {
	t := cli.Table{Head: job.PlanHead(p), Columns: job.PlanColumns(p)}
	for _, r := range p.Rows {
		t.Rows = append(t.Rows, job.PlanRow(r.Salesperson, r))
	}
	t.Rows = append(t.Rows, job.PlanRow(job.Code("total", job.Text("Итого", "Total")), p.Total))
	return t
}
