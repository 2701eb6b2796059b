// Command inspect says what was found in an export and whether it adds up:
// encoding, delimiter, columns, rows accepted, rejected and skipped, and money.
//
//	go run ./examples/inspect -format json export.csv
//
// It shows rejected rows however many there are, where the other programs give
// up on a file that was misread.
package main

import (
	"context"
	"io"
	"os"
	"strconv"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("inspect",
		"Что найдено в выгрузке и сходится ли она.",
		"What was found in an export, and whether it adds up.", args, stdout, stderr)
	return job.Run(func(ctx context.Context) error {
		if !job.Given("max-rejected") {
			job.Options.MaxRejected = 1
		}
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		control, err := sales.Control(ctx)
		if err != nil {
			return err
		}
		figures := job.Reconciliation(control)
		figures = append(figures, detected(job, sales.Detections())...)
		figures = append(figures, rejects(sales.Rejects())...)
		return job.PrintFigures(append(figures, cli.Field{Key: "warnings", Value: job.Warnings(control.Warnings...)}))
	})
}

// detected returns how each file is written. The plain keys are of the first
// file; "files" has all.
func detected(job *cli.Job, files []orders.Detection) []cli.Field {
	t := job.Text
	var figures []cli.Field
	var all []cli.Object
	for i, d := range files {
		columns := cli.Object{}
		for _, c := range d.Columns {
			columns = append(columns, cli.Field{Key: string(c.Role), Value: c.Header})
		}
		object := cli.Object{
			{Key: "encoding", Value: d.Encoding},
			{Key: "delimiter", Value: d.Delimiter},
			{Key: "header_row", Value: d.HeaderRow},
			{Key: "columns", Value: columns},
		}
		if i == 0 {
			figures = append(figures, object...)
		}
		all = append(all, append(cli.Object{{Key: "file", Value: d.File}}, object...))
		figures = append(figures,
			cli.Field{Title: t("Файл", "File"), Value: d.File},
			cli.Field{Title: t("  кодировка", "  encoding"), Value: d.Encoding},
			cli.Field{Title: t("  разделитель", "  delimiter"), Value: strconv.Quote(d.Delimiter)},
			cli.Field{Title: t("  строка заголовка", "  header row"), Value: d.HeaderRow})
		for _, c := range d.Columns {
			figures = append(figures, cli.Field{Title: "  " + job.Role(c.Role), Value: describe(c)})
		}
	}
	return append(figures, cli.Field{Key: "files", Value: all})
}

// describe returns a column's header and how it writes numbers or dates.
func describe(c orders.Column) string {
	text := strconv.Itoa(c.Number) + ": " + c.Header
	if c.Dates != "" {
		text += ", " + c.Dates
	}
	if c.Decimal != "" {
		text += ", 1" + c.Thousands + "234" + c.Decimal + "56"
	}
	return text
}

// rejects returns the rows that could not be understood, as far as they were kept.
func rejects(rows []orders.RowError) []cli.Field {
	list := make([]cli.Object, len(rows))
	for i, r := range rows {
		list[i] = cli.Object{
			{Key: "file", Value: r.File}, {Key: "row", Value: r.Row}, {Key: "line", Value: r.Line},
			{Key: "column", Value: r.Column}, {Key: "header", Value: r.Header},
			{Key: "value", Value: r.Value}, {Key: "reason", Value: string(r.Reason)},
		}
	}
	return []cli.Field{{Key: "rejected_rows", Value: list}}
}
