// Command inspect says what was found in an export and whether it adds up:
// encoding, delimiter, columns and what else they could have been, the first
// rows as they were understood, rows accepted, rejected and skipped, and money.
//
//	go run ./examples/inspect export.csv
//	go run ./examples/inspect -write-map shop.json export.csv
//	go run ./examples/report -map shop.json export.csv
//
// It shows rejected rows however many there are, where the other programs give
// up on a file that was misread.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("inspect",
		"Что найдено в выгрузке и сходится ли она.",
		"What was found in an export, and whether it adds up.", args, stdout, stderr)
	var mapping string
	job.StringVar(&mapping, "write-map", "", job.Text("`ФАЙЛ`, куда записать, как понята выгрузка: его можно править и давать программам с -map", "`FILE` to write how the export was understood to: for editing, and for -map of all programs"))
	return job.Run(func(ctx context.Context) error {
		if mapping != "" {
			if err := job.WriteMapping(ctx, mapping); err != nil {
				return err
			}
		}
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
		first, err := firstRows(ctx, job, sales)
		if err != nil {
			return err
		}
		if job.Format == cli.Text {
			return print(job, figures, first, sales.Rejects())
		}
		figures = append(figures, cli.Field{Key: "first_rows", Value: first.Objects()})
		figures = append(figures, rejects(sales.Rejects())...)
		return job.PrintFigures(append(figures, cli.Field{Key: "warnings", Value: job.Warnings(control.Warnings...)}))
	})
}

// print writes the figures, the first rows and those rejected for a person.
func print(job *cli.Job, figures []cli.Field, first cli.Table, rejected []orders.RowError) error {
	first.Head = append(figures, cli.Field{Title: job.Text("Первые строки, как они поняты", "The first rows as understood"), Value: int64(len(first.Rows))})
	if err := job.Print(first); err != nil || len(rejected) == 0 {
		return err
	}
	const many = 20
	t := cli.Table{
		Head: []cli.Field{{Title: job.Text("Отвергнутые строки, первые", "The first rejected rows"), Value: int64(min(many, len(rejected)))}},
		Columns: []cli.Column{
			{Title: job.Text("Строка", "Row")}, {Title: job.Text("Столбец", "Column")}, {Title: job.Text("Заголовок", "Header")},
			{Title: job.Text("Написано", "Value")}, {Title: job.Text("Почему", "Why")},
		},
	}
	for _, r := range rejected[:min(many, len(rejected))] {
		var column any = cli.Blank{}
		if r.Column > 0 {
			column = r.Column
		}
		t.Rows = append(t.Rows, []any{r.Row, column, r.Header, r.Value, job.Why(r)})
	}
	return job.PrintMore(t)
}

// detected returns how each file is written. The plain keys are of the first
// file; "files" has all.
func detected(job *cli.Job, files []orders.Detection) []cli.Field {
	var figures []cli.Field
	var all []cli.Object
	for i, d := range files {
		object := written(d)
		if i == 0 {
			figures = append(figures, object[:4]...)
		}
		all = append(all, append(cli.Object{{Key: "file", Value: d.File}}, object...))
		figures = append(figures, readable(job, d)...)
	}
	return append(figures, cli.Field{Key: "files", Value: all})
}

// written returns how a file is written, for programs.
func written(d orders.Detection) cli.Object {
	columns, details := cli.Object{}, []cli.Object{}
	for _, c := range d.Columns {
		columns = append(columns, cli.Field{Key: string(c.Role), Value: c.Header})
		details = append(details, cli.Object{
			{Key: "number", Value: c.Number}, {Key: "header", Value: c.Header}, {Key: "role", Value: string(c.Role)},
			{Key: "dates", Value: c.Dates}, {Key: "decimal", Value: c.Decimal}, {Key: "filled", Value: cli.Share(c.Filled)},
			{Key: "evidence", Value: c.Evidence}, {Key: "alternatives", Value: strings.Join(c.Alternatives, "; ")},
		})
	}
	return cli.Object{
		{Key: "encoding", Value: d.Encoding},
		{Key: "delimiter", Value: d.Delimiter},
		{Key: "header_row", Value: d.HeaderRow},
		{Key: "columns", Value: columns},
		{Key: "format", Value: d.Format},
		{Key: "sheet", Value: d.Sheet},
		{Key: "shape", Value: string(d.Shape)},
		{Key: "shape_evidence", Value: d.Evidence},
		{Key: "currency", Value: d.Currency},
		{Key: "vat", Value: string(d.VAT)},
		{Key: "won", Value: strings.Join(d.Statuses.Won, "; ")},
		{Key: "lost", Value: strings.Join(d.Statuses.Lost, "; ")},
		{Key: "column_details", Value: details},
	}
}

// readable returns how a file is written, for a person.
func readable(job *cli.Job, d orders.Detection) []cli.Field {
	t := job.Text
	figures := []cli.Field{
		{Title: t("Файл", "File"), Value: d.File},
		{Title: t("  лист", "  sheet"), Value: sheet(job, d)},
	}
	if d.Delimiter != "" {
		figures = append(figures,
			cli.Field{Title: t("  кодировка", "  encoding"), Value: d.Encoding},
			cli.Field{Title: t("  разделитель", "  delimiter"), Value: strconv.Quote(d.Delimiter)})
	}
	figures = append(figures,
		cli.Field{Title: t("  строка заголовка", "  header row"), Value: d.HeaderRow},
		cli.Field{Title: t("  устройство", "  shape"), Value: job.Shape(d.Shape)},
		cli.Field{Title: t("  НДС", "  VAT"), Value: job.VAT(d.VAT)},
		cli.Field{Title: t("  считаются только сделки", "  only deals count that are"), Value: strings.Join(d.Statuses.Won, ", ")})
	for _, c := range d.Columns {
		figures = append(figures, cli.Field{Title: "  " + job.Role(c.Role), Value: describe(job, d, c)})
	}
	return figures
}

// sheet returns the sheet that was read and, if it was chosen, the others.
func sheet(job *cli.Job, d orders.Detection) string {
	others := slices.DeleteFunc(slices.Clone(d.Sheets), func(s string) bool { return s == d.Sheet })
	if len(others) == 0 {
		return d.Sheet
	}
	return d.Sheet + job.Text("; есть и другие: ", "; there are others: ") + strings.Join(others, ", ")
}

// describe returns a column's header, how it writes numbers or dates, how much
// of it is filled, and which columns could have been in its place.
func describe(job *cli.Job, d orders.Detection, c orders.Column) string {
	text := strconv.Itoa(c.Number) + ": " + c.Header
	if c.Dates != "" {
		text += ", " + c.Dates
	}
	if c.Decimal != "" {
		text += ", 1" + c.Thousands + "234" + c.Decimal + "56"
	}
	if c.Role == "" {
		return text
	}
	if c.Filled < 1 {
		text += fmt.Sprintf(job.Text(", заполнено %s", ", %s filled"), job.Language.Percent(c.Filled))
	}
	if c.Fallback > 0 {
		text += job.Text(", где другие столбцы этой роли пусты", ", where the other columns of this role are blank")
	}
	var others []string
	for _, name := range c.Alternatives {
		i := slices.IndexFunc(d.Columns, func(c orders.Column) bool { return c.Header == name })
		if i >= 0 {
			name += " (" + job.Language.Percent(d.Columns[i].Filled) + ")"
		}
		others = append(others, name)
	}
	if len(others) > 0 {
		text += fmt.Sprintf(job.Text("; мог бы быть и: %s", "; could also be: %s"), strings.Join(others, ", "))
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
