// Command report reads an export of orders and writes one workbook: ABC/XYZ,
// repeat share, profit of first and repeat purchases, cohorts, segments, what
// customers are expected to bring, and the reconciliation of all that with the
// export.
//
//	go run ./examples/report -o report.xlsx export.csv
//
// Without a file it reads the bundled sample.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("report",
		"Из выгрузки продаж – книга Excel: ABC/XYZ, повторные продажи, прибыль сделок, когорты, сегменты, LTV, сверка.",
		"From an export of sales to an Excel workbook: ABC/XYZ, repeat sales, deal profit, cohorts, segments, LTV, reconciliation.",
		args, stdout, stderr)
	path, figuresPath := "report.xlsx", ""
	var costs orders.Costs
	job.StringVar(&path, "o", path, job.Text("`ФАЙЛ` книги (report.xlsx)", "`FILE` of the workbook (report.xlsx)"))
	job.StringVar(&figuresPath, "json", "", job.Text("`ФАЙЛ` для всех показателей книги в JSON", "`FILE` for all key figures as JSON"))
	cli.Costs(job, &costs)
	spendFile := ""
	cli.Spend(job, &spendFile)
	ahead := ltv.PredictOptions{}
	cli.Natural(job, &ahead.HorizonDays, "horizon", job.Text("на сколько `ДНЕЙ` вперёд считать LTV (365)", "`DAYS` ahead that the LTV is of (365)"))
	cli.Fraction(job, &ahead.AnnualDiscount, "discount", job.Text("`СТАВКА` дисконтирования LTV в год: 0.15 – это 15 %", "annual `RATE` at which the LTV is discounted: 0.15 is 15 %"))

	return job.Run(func(ctx context.Context) error {
		for _, file := range []string{path, figuresPath} {
			if _, err := os.Stat(filepath.Dir(file)); err != nil {
				return err // before the work, not after it
			}
		}
		spend, err := job.ReadSpend(spendFile)
		if err != nil {
			return err
		}
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		book, err := analyse(ctx, sales)
		if err != nil {
			return err
		}
		if err := deals(ctx, sales, costs, spend, &book); err != nil {
			return err
		}
		if err := outlook(ctx, sales, &book); err != nil {
			return err
		}
		if err := customers(ctx, sales, costs, &book); err != nil {
			return err
		}
		if err := plans(ctx, sales, &book); err != nil {
			return err
		}
		ahead.Costs, ahead.Spend = costs, spend
		if err := future(ctx, sales, ahead, &book); err != nil {
			return err
		}
		if err := calls(ctx, sales, &book); err != nil {
			return err
		}
		if err := write(ctx, job, path, book); err != nil {
			return err
		}
		figures, err := keyFigures(ctx, job, book)
		if err != nil {
			return err
		}
		if err := writeFigures(figuresPath, figures); err != nil {
			return err
		}
		job.Say(job.Text("Книга записана: %s", "Workbook written: %s"), path)
		return job.PrintFigures(figures)
	})
}

// analyse asks every question that the workbook answers. What counts days is
// left out where the export names months only: a warning says so.
func analyse(ctx context.Context, sales *orders.History) (report.Book, error) {
	customers, err1 := abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.ByCustomer})
	products, err2 := abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.ByProduct})
	salespersons, err3 := abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.BySalesperson})
	core, err4 := abcxyz.Core(ctx, sales, abcxyz.CoreOptions{})
	grid, err8 := segments.Grid(ctx, sales, segments.GridOptions{})
	rfm, err9 := segments.RFM(ctx, sales, segments.RFMOptions{})
	transitions, err10 := segments.Transitions(ctx, sales, segments.TransitionOptions{})
	return report.Book{
		Sales:        sales,
		Customers:    customers,
		Products:     products,
		Salespersons: salespersons,
		Core:         core,
		Grid:         grid,
		RFM:          rfm,
		Transitions:  transitions,
		Rejected:     sales.Rejects(),
	}, errors.Join(err1, err2, err3, unlessMonths(err4), unlessMonths(err8), unlessMonths(err9), unlessMonths(err10))
}

// unlessMonths returns err, nil if it only says that the export has no days.
func unlessMonths(err error) error {
	if errors.Is(err, orders.ErrPrecision) {
		return nil
	}
	return err
}

// write writes the workbook. A run that fails leaves an older one as it was.
func write(ctx context.Context, job *cli.Job, path string, book report.Book) error {
	o := report.Options{Language: report.Russian}
	if job.Language == cli.English {
		o.Language = report.English
	}
	bar := job.Bar(job.Text("Запись", "Writing"), false)
	defer bar.Close()
	o.Progress = bar.Progress
	return report.WriteFile(ctx, path, book, o)
}

// writeFigures writes the figures as one JSON object to the file; none if no
// path is given.
func writeFigures(path string, figures []cli.Field) error {
	if path == "" {
		return nil
	}
	b, err := cli.EncodeJSON(cli.Object(figures))
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o666)
}
