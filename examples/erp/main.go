// Command erp takes order lines straight from an ERP's database, with one query,
// and answers from them what the other programs answer from an export. Here the
// database is SQLite; with another driver only the query changes.
//
//	go run ./examples/erp -o report.xlsx erp.db
//
// Without a database it makes one in memory, of the invented firm of testdata.
package main

import (
	"context"
	"errors"
	"io"
	"os"

	_ "modernc.org/sqlite" // the driver, in pure Go

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// lines asks for all order lines under names that the library knows, so that
// nothing is left to be mapped. Cancelled documents come too: they are counted.
const lines = `
SELECT d.number AS order_id, d.day AS order_date, d.base AS base_document,
       d.customer AS customer_id, c.name AS customer_name, d.salesperson, d.channel,
       l.product AS product_id, p.name AS product_name, p.family AS product_group,
       l.quantity, l.amount AS revenue, l.cost, CASE WHEN d.cancelled THEN 'cancelled' ELSE 'posted' END AS status
FROM documents d JOIN document_lines l ON l.document = d.id
LEFT JOIN customers c ON c.code = d.customer LEFT JOIN products p ON p.code = l.product
ORDER BY d.id, l.position`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("erp", "Продажи прямо из базы учётной системы (здесь – SQLite): показатели и книга Excel.",
		"Sales straight from an ERP's database (here SQLite): key figures and a workbook.", args, stdout, stderr)
	path := ""
	job.StringVar(&path, "o", "", job.Text("`ФАЙЛ` книги; не задан: без книги", "`FILE` of the workbook; none: no workbook"))
	return job.Run(func(ctx context.Context) error {
		db, err := open(ctx, job.Exports)
		if err != nil {
			return err
		}
		defer db.Close()
		rows, err := db.QueryContext(ctx, lines)
		if err != nil {
			return err
		}
		sales, err := orders.CollectRows(ctx, rows, job.Options)
		if err != nil {
			return err
		}
		defer sales.Release()
		control, err := sales.Control(ctx)
		customers, err1 := abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.ByCustomer})
		repeat, err2 := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
		profit, err3 := ltv.DealProfit(ctx, sales, orders.Costs{})
		if err := errors.Join(err, err1, err2, err3); err != nil {
			return err
		}
		job.Warn(control.Warnings...)
		if path != "" {
			language := report.Russian
			if job.Language == cli.English {
				language = report.English
			}
			book := report.Book{Sales: sales, Customers: customers, Repeat: repeat, Profit: profit, Rejected: sales.Rejects()}
			if err := report.WriteFile(ctx, path, book, report.Options{Language: language}); err != nil {
				return err
			}
		}
		return job.PrintFigures(append(job.Reconciliation(control), job.RepeatSales(repeat)...))
	})
}
