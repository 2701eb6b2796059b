// Command workbook puts sheets of this library into a workbook that is kept by
// somebody else, and a formula over one of them onto that one's own first sheet.
//
//	go run ./examples/workbook -in own.xlsx -o new.xlsx export.csv
//
// Everything that was in the workbook stays as it was.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/report"
	"github.com/xuri/excelize/v2"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("workbook",
		"Листы ABC и повторных продаж – в вашу собственную книгу Excel.",
		"The sheets of ABC classes and of repeat sales, in your own Excel workbook.", args, stdout, stderr)
	in := job.String("in", "", job.Text("ваша `КНИГА`; нет: новая", "your `WORKBOOK`; none: a new one"))
	out := job.String("o", "workbook.xlsx", job.Text("`ФАЙЛ` книги с новыми листами", "`FILE` of the workbook with the new sheets"))
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		customers, err1 := abcxyz.Rank(ctx, sales, abcxyz.Options{})
		repeat, err2 := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
		if err := errors.Join(err1, err2); err != nil {
			return err
		}

		book := excelize.NewFile()
		if *in != "" {
			if book, err = excelize.OpenFile(*in); err != nil {
				return err
			}
		}
		defer book.Close()
		o := report.SheetOptions{}
		if job.Language != cli.English {
			o.Language = report.Russian
		}
		all := report.Book{Sales: sales, Customers: customers, Repeat: repeat}
		classes, err := report.AddSheet(ctx, book, all, "ABC-XYZ customers", o) // alone: its classes are values
		if err != nil {
			return err
		}
		o.Live = true // with the sheet of parameters, which its formulas follow
		shares, err := report.AddSheet(ctx, book, all, "Repeat share", o)
		if err != nil {
			return err
		}

		own := book.GetSheetName(0)
		formula := fmt.Sprintf(`COUNTIF('%s'!H:H,"A")`, classes.Sheet) // column H: the ABC class
		if err := errors.Join(book.SetCellStr(own, "A1", job.Text("Клиентов класса A", "Customers of class A")), book.SetCellFormula(own, "B1", formula)); err != nil {
			return err
		}
		job.Say(job.Text("Листы: %q, %q и %q", "Sheets: %q, %q and %q"), classes.Sheet, shares.Sheet, shares.Along)
		return book.SaveAs(*out)
	})
}
