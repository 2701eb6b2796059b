package xlsx_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/repeatsales/repeatsales/internal/xlsx"
)

// Reading the rows of the first sheet, days as days.
func ExampleSheet_Rows() {
	f := excelize.NewFile()
	defer f.Close()
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		fmt.Println(err)
		return
	}
	f.SetSheetRow("Sheet1", "A1", &[]any{"Дата", "Выручка"})
	f.SetSheetRow("Sheet1", "A2", &[]any{45351, 9.9499999999999993})
	f.SetCellStyle("Sheet1", "A2", "A2", day)
	file, err := f.WriteToBuffer()
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	book, err := xlsx.Open(ctx, bytes.NewReader(file.Bytes()), int64(file.Len()), xlsx.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for row, err := range book.Sheets()[0].Rows(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, cell := range row.Cells {
			fmt.Print(row.Number, " ", cell.Column, " ", cell.Kind, " ", string(cell.Text))
			if serial, err := strconv.ParseFloat(string(cell.Text), 64); err == nil && cell.Style.Class == xlsx.AsDate {
				when, _ := book.Dates().Time(serial)
				fmt.Print(" = ", when.Format("02.01.2006"))
			}
			fmt.Println()
		}
	}
	// Output:
	// 1 1 Text Дата
	// 1 2 Text Выручка
	// 2 1 Number 45351 = 29.02.2024
	// 2 2 Number 9.95
}
