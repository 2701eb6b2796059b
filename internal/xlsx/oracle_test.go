package xlsx_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/xlsx"
)

// grid reads a sheet as excelize's GetRows gives it: texts by row and column,
// without blank cells and rows at the end.
func grid(book *xlsx.Book, sheet int) (rows [][]string, err error) {
	for row, err := range book.Sheets()[sheet].Rows(context.Background()) {
		if err != nil {
			return nil, err
		}
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, make([]string, c.Column-1-len(cells))...)
			cells = append(cells, string(c.Text))
		}
		rows = append(rows, make([][]string, row.Number-1-len(rows))...)
		rows = append(rows, cells)
	}
	return trimGrid(rows), nil
}

// trimGrid cuts blank cells and rows at the end.
func trimGrid(rows [][]string) [][]string {
	for i, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		rows[i] = row
	}
	for len(rows) > 0 && len(rows[len(rows)-1]) == 0 {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// open opens a workbook in memory.
func open(data []byte) (*xlsx.Book, error) {
	return xlsx.Open(context.Background(), bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
}

// Books that excelize writes, by cell and as a stream, are read as excelize
// reads them, and as they were meant.
func TestAgainstExcelize(t *testing.T) {
	text := rapid.OneOf(
		rapid.SampledFrom([]string{"Покупатель", " a ", "a\nb", "a\r\nb", "a\tb", "<&>\"'", "_x000D_", "_x005F_", "x_x0041_y", "=1+1", "00017", "1E5", "TRUE", "#N/A", "😀", "\u00A0", "  "}),
		rapid.StringMatching(`[а-яА-ЯёЁa-z0-9 .,;_<>&"'-]{1,40}`),
	)
	number := rapid.OneOf(
		rapid.Float64(),
		rapid.Map(rapid.IntRange(-1e9, 1e9), func(n int) float64 { return float64(n) / 100 }),
		rapid.SampledFrom([]float64{0, 9.9499999999999993, 0.1 + 0.2, 0.333 * 149.99, 1e15, 1e21, math.MaxFloat64, math.SmallestNonzeroFloat64, -1e-7}),
	)
	rapid.Check(t, func(t *rapid.T) {
		f := excelize.NewFile()
		defer f.Close()
		try := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		streamed := rapid.Bool().Draw(t, "streamed")
		var stream *excelize.StreamWriter
		if streamed {
			var err error
			stream, err = f.NewStreamWriter("Sheet1")
			try(err)
		}
		want := map[string]string{}
		row := 0
		for range rapid.IntRange(0, 12).Draw(t, "rows") {
			row += rapid.IntRange(1, 3).Draw(t, "gap")
			cells := make([]any, rapid.IntRange(0, 6).Draw(t, "columns"))
			for i := range cells {
				name, err := excelize.CoordinatesToCellName(i+1, row)
				try(err)
				switch rapid.IntRange(0, 4).Draw(t, "kind") {
				case 0:
					s := text.Draw(t, "text")
					cells[i] = s
					if !strings.Contains(s, "_x") { // which excelize does not escape as Excel does
						want[name] = s
					}
				case 1:
					n := number.Draw(t, "number")
					cells[i], want[name] = n, strconv.FormatFloat(n, 'f', -1, 64)
				case 2:
					n := rapid.Int64().Draw(t, "integer")
					cells[i], want[name] = n, strconv.FormatInt(n, 10)
				case 3:
					b := rapid.Bool().Draw(t, "bool")
					cells[i], want[name] = b, map[bool]string{true: "1", false: "0"}[b]
				}
				if !streamed && cells[i] != nil {
					try(f.SetCellValue("Sheet1", name, cells[i]))
				}
			}
			if streamed {
				try(stream.SetRow("A"+strconv.Itoa(row), cells))
			}
		}
		var merged []string
		for i := range rapid.IntRange(0, 3).Draw(t, "merged") {
			first, last := fmt.Sprintf("A%d", 100+3*i), fmt.Sprintf("D%d", 101+3*i)
			merged = append(merged, first+":"+last)
			if streamed {
				try(stream.MergeCell(first, last))
			} else {
				try(f.MergeCell("Sheet1", first, last))
			}
		}
		if streamed {
			try(stream.Flush())
		}
		buffer, err := f.WriteToBuffer()
		try(err)

		book, err := open(buffer.Bytes())
		try(err)
		got, err := grid(book, 0)
		try(err)
		peer, err := excelize.OpenReader(bytes.NewReader(buffer.Bytes()))
		try(err)
		defer peer.Close()
		theirs, err := peer.GetRows("Sheet1", excelize.Options{RawCellValue: true})
		try(err)
		if theirs = trimGrid(theirs); !slices.EqualFunc(got, theirs, slices.Equal) {
			t.Fatalf("got      %q\nexcelize %q", got, theirs)
		}
		for name, text := range want {
			column, row, err := excelize.CellNameToCoordinates(name)
			try(err)
			have := ""
			if row <= len(got) && column <= len(got[row-1]) {
				have = got[row-1][column-1]
			}
			if have != text {
				t.Fatalf("%s: got %q, written %q", name, have, text)
			}
		}
		layout, err := book.Sheets()[0].Layout(context.Background())
		try(err)
		var ranges []string
		for _, m := range layout.Merged {
			first, _ := excelize.CoordinatesToCellName(m.FirstColumn, m.FirstRow)
			last, _ := excelize.CoordinatesToCellName(m.LastColumn, m.LastRow)
			ranges = append(ranges, first+":"+last)
		}
		if !slices.Equal(ranges, merged) {
			t.Fatalf("merged: got %q, want %q", ranges, merged)
		}
	})
}

// What excelize writes for the values and styles of an analyst's workbook.
func TestExcelizeStyles(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	style := func(s excelize.Style) int {
		id, err := f.NewStyle(&s)
		try(err)
		return id
	}
	code := func(format string) excelize.Style { return excelize.Style{CustomNumFmt: &format} }
	try(f.SetSheetName("Sheet1", "Данные & «всё»"))
	const sheet = "Данные & «всё»"
	try(f.SetCellValue(sheet, "A1", time.Date(2024, 2, 29, 8, 30, 0, 0, time.UTC)))
	for i, s := range []excelize.Style{
		code("#,##0.00;[Red]-#,##0.00"), code(`dd\.mm\.yyyy`), code(`[$-419]mmmm yyyy" г."`), {NumFmt: 9}, {NumFmt: 21}, {NumFmt: 49},
		{NumFmt: 4, Alignment: &excelize.Alignment{Indent: 2}},
	} {
		cell, err := excelize.CoordinatesToCellName(i+2, 1)
		try(err)
		try(f.SetCellValue(sheet, cell, 45351.5))
		try(f.SetCellStyle(sheet, cell, cell, style(s)))
	}
	try(f.SetCellRichText(sheet, "A2", []excelize.RichTextRun{{Text: "Заказ "}, {Text: "№ 1", Font: &excelize.Font{Bold: true}}}))
	try(f.SetCellFormula(sheet, "B2", "SUM(B1:C1)"))
	try(f.SetRowOutlineLevel(sheet, 2, 1))
	try(f.SetRowVisible(sheet, 2, false))
	below := false
	try(f.SetSheetProps(sheet, &excelize.SheetPropsOptions{OutlineSummaryBelow: &below}))
	_, err := f.NewSheet("Скрытый")
	try(err)
	try(f.SetSheetVisible("Скрытый", false))
	date1904 := true
	try(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &date1904}))
	buffer, err := f.WriteToBuffer()
	try(err)

	got, err := dump(buffer.Bytes(), xlsx.Limits{})
	try(err)
	const want = `"Данные & «всё»"
 1
  1 Number "45351.354166666664" AsDateTime
  2 Number "45351.5" AsNumber.2
  3 Number "45351.5" AsDate
  4 Number "45351.5" AsDate
  5 Number "45351.5" AsPercent
  6 Number "45351.5" AsTime
  7 Number "45351.5" AsText
  8 Number "45351.5" AsNumber.2 indent 2
 2 outline 1 hidden
  1 Text "Заказ № 1"
  2 Blank formula uncached
 summary above
"Скрытый" hidden
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	book, err := open(buffer.Bytes())
	try(err)
	if book.Dates() != xlsx.Since1904 {
		t.Errorf("counts days by %v", book.Dates())
	}
}

// The Online Retail export written by excelize is read as excelize reads it.
func TestRetail(t *testing.T) {
	if testing.Short() {
		t.Skip("half a minute")
	}
	path := filepath.Join(t.TempDir(), "retail.xlsx")
	retailInline(t, path)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	book, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	peer, err := f.Rows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	rows := 0
	for row, err := range book.Sheets()[0].Rows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		if !peer.Next() || row.Number != rows {
			t.Fatalf("row %d is number %d", rows, row.Number)
		}
		want, err := peer.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range row.Cells {
			if c.Column > len(want) || string(c.Text) != want[c.Column-1] {
				t.Fatalf("row %d, column %d: %q, excelize reads %q", rows, c.Column, c.Text, want)
			}
			want[c.Column-1] = ""
		}
		if left := strings.Join(want, ""); left != "" {
			t.Fatalf("row %d: %q was not read", rows, left)
		}
	}
	if rows != 541_910 || peer.Next() {
		t.Errorf("read %d rows", rows)
	}
}
