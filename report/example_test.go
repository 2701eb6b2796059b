package report_test

import (
	"bytes"
	"context"
	"fmt"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/xuri/excelize/v2"
)

// A workbook of one result. Every formula carries its value, so a reader that
// computes nothing finds it there.
func ExampleWrite() {
	ctx := context.Background()
	day := orders.NewDate(2025, 3, 3)
	sales, err := orders.Collect(ctx, each([]orders.Line{
		{Customer: "000017", CustomerName: "ООО «Ромашка»", Date: day, Revenue: 50 * orders.One},
		{Customer: "000042", CustomerName: "ИП Лютик", Date: day, Revenue: 30 * orders.One},
		{Customer: "000099", CustomerName: "=1+1", Date: day + 1, Revenue: 20 * orders.One},
	}), orders.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sales.Release()
	customers, err := abcxyz.Rank(ctx, sales, abcxyz.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var out bytes.Buffer
	if err := report.Write(ctx, &out, report.Book{Sales: sales, Customers: customers}, report.Options{}); err != nil {
		fmt.Println(err)
		return
	}

	book, err := excelize.OpenReader(&out)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		fmt.Println(sheet)
	}
	for row := 5; row <= 7; row++ {
		var cells []any
		for _, column := range "BCDFH" {
			v, _ := book.GetCellValue("ABC-XYZ customers", fmt.Sprint(string(column), row))
			cells = append(cells, v)
		}
		fmt.Println(cells...)
	}
	f, _ := book.GetCellFormula("ABC-XYZ customers", "H6")
	fmt.Println(f)
	// Output:
	// Summary
	// Parameters
	// ABC-XYZ customers
	// ABC-XYZ matrix
	// Reconciliation
	// Rejected rows
	// Method
	// 000017 ООО «Ромашка» 50.00 50.00 A
	// 000042 ИП Лютик 30.00 80.00 A
	// 000099 =1+1 20.00 100.00 B
	// IF(D6=D5,H5,IF(ROUND(F6-D6-Customers_A*Customers_Base,4)<0,"A",IF(ROUND(F6-D6-Customers_B*Customers_Base,4)<0,"B","C")))
}

// One sheet in a workbook of one's own: alone, its classes are values, and the
// running sums still formulas.
func ExampleAddSheet() {
	ctx := context.Background()
	day := orders.NewDate(2025, 3, 3)
	sales, err := orders.Collect(ctx, each([]orders.Line{
		{Customer: "000017", CustomerName: "ООО «Ромашка»", Date: day, Revenue: 50 * orders.One},
		{Customer: "000042", CustomerName: "ИП Лютик", Date: day, Revenue: 30 * orders.One},
	}), orders.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sales.Release()
	customers, err := abcxyz.Rank(ctx, sales, abcxyz.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}

	own := excelize.NewFile() // or excelize.OpenFile
	defer own.Close()
	added, err := report.AddSheet(ctx, own, report.Book{Sales: sales, Customers: customers}, "ABC-XYZ customers", report.SheetOptions{Name: "ABC"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(added.Sheet, own.GetSheetList())
	class, _ := own.GetCellValue("ABC", "H6")
	f, _ := own.GetCellFormula("ABC", "H6")
	sum, _ := own.GetCellFormula("ABC", "F6")
	fmt.Printf("%s %q, %s\n", class, f, sum)
	// Output:
	// ABC [Sheet1 ABC]
	// A "", ROUND(F5+D6,0)
}
