package orders

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// TestSheetIsText: a table reads the same from a text and from a sheet, where
// numbers and days are stored as such.
func TestSheetIsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		header := []string{"date", "customer", "order", "product", "quantity", "amount", "cost", "status"}
		var rows [][]any
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		w.Write(header)
		for range rapid.IntRange(1, 30).Draw(t, "rows") {
			date := time.Date(2020, 1, rapid.IntRange(1, 2000).Draw(t, "day"), 0, rapid.IntRange(0, 1439).Draw(t, "minute"), 0, 0, time.UTC)
			number := func(name string) float64 {
				return float64(rapid.Int64Range(-1e12, 1e12).Draw(t, name)) / float64(rapid.SampledFrom([]int64{1, 10, 100, 1000, 1e4, 1e6}).Draw(t, "scale"))
			}
			row := []any{
				date, rapid.SampledFrom([]string{"A", "B", "17", "", "Ä & <ё>"}).Draw(t, "customer"), rapid.IntRange(1, 20).Draw(t, "order"),
				rapid.SampledFrom([]string{"Гвоздь", "007", " болт\nв две строки "}).Draw(t, "product"),
				number("quantity"), number("amount"), number("cost"), rapid.SampledFrom([]string{"paid", "cancelled", ""}).Draw(t, "status"),
			}
			record := make([]string, len(row))
			for i, v := range row {
				switch v := v.(type) {
				case time.Time:
					record[i] = v.Format("2006-01-02 15:04:05")
				case float64:
					record[i] = strconv.FormatFloat(v, 'f', -1, 64)
				default:
					record[i] = fmt.Sprint(v)
				}
			}
			rows = append(rows, row)
			w.Write(record)
		}
		w.Flush()
		o := Options{Mapping: &Mapping{Shape: ShapeLines}}
		want, wantErr := transcribe(text.String(), o)
		book := plainBook(t, header, rows)
		got, err := transcribeBook(book, o)
		if withoutLines(got.String()) != withoutLines(want.String()) || (err == nil) != (wantErr == nil) {
			t.Fatalf("from the sheet\n%s%v\nfrom the text\n%s%v", got, err, want, wantErr)
		}
	})
}

// withoutLines returns a transcript without what a sheet has not: the numbers of
// physical lines, and numbers that can be read in two ways.
func withoutLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "reject ") {
			row, rest, _ := strings.Cut(line, "/")
			_, rest, _ = strings.Cut(rest, " ")
			line = row + " " + rest
		}
		if line != "warn numbers_guessed\n" {
			b.WriteString(line)
		}
	}
	return b.String()
}

// plainBook returns a table as a workbook of one sheet.
func plainBook(t interface{ Fatal(...any) }, header []string, rows [][]any) []byte {
	var b bytes.Buffer
	f := excelize.NewFile()
	defer f.Close()
	style, err := f.NewStyle(&excelize.Style{NumFmt: 22})
	if err != nil {
		t.Fatal(err)
	}
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	cells := make([]any, len(header))
	for i, s := range header {
		cells[i] = s
	}
	w.SetRow("A1", cells)
	for r, row := range rows {
		cells := make([]any, len(row))
		for i, v := range row {
			if date, ok := v.(time.Time); ok {
				v = excelize.Cell{StyleID: style, Value: date}
			}
			cells[i] = v
		}
		if err := w.SetRow("A"+strconv.Itoa(r+2), cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// onlineRetail returns the path of Online Retail as a text and as a workbook,
// which it writes: numbers as numbers, days as days.
func onlineRetail(t testing.TB) (text, book string) {
	t.Helper()
	text = filepath.Join("..", "..", "shared", "data", "uci_online_retail.csv")
	f, err := os.Open(text)
	if err != nil {
		t.Skip("Online Retail is not here")
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]any
	for {
		record, err := r.Read()
		if err != nil {
			break
		}
		row := make([]any, len(record))
		for i, s := range record {
			row[i] = s
			switch header[i] {
			case "Quantity", "UnitPrice", "CustomerID":
				if v, err := strconv.ParseFloat(s, 64); err == nil {
					row[i] = v
				}
			case "InvoiceDate":
				if v, err := time.Parse("2006-01-02 15:04:05", s); err == nil {
					row[i] = v
				}
			}
		}
		rows = append(rows, row)
	}
	book = filepath.Join(t.TempDir(), "uci.xlsx")
	if err := os.WriteFile(book, plainBook(t, header, rows), 0o600); err != nil {
		t.Fatal(err)
	}
	return text, book
}

// TestOnlineRetailWorkbook: Online Retail saved as a workbook gives the same
// History as the text.
func TestOnlineRetailWorkbook(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a workbook of half a million rows")
	}
	text, book := onlineRetail(t)
	read := func(path string) (Control, [][]byte) {
		h, err := ReadFile(context.Background(), path, Options{Return: []string{"C"}})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Release()
		c, err := h.Control(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Warnings {
			c.Warnings[i].Text = strings.ReplaceAll(c.Warnings[i].Text, path, "")
		}
		var lines [][]byte
		for record, err := range h.Lines(context.Background(), Options{}.allocator()) {
			if err != nil {
				t.Fatal(err)
			}
			text, err := record.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, text)
		}
		return c, lines
	}
	want, wantLines := read(text)
	got, gotLines := read(book)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("control\n%+v\nwant\n%+v", got, want)
	}
	if len(gotLines) != len(wantLines) {
		t.Fatalf("%d records, want %d", len(gotLines), len(wantLines))
	}
	for i := range gotLines {
		if !bytes.Equal(gotLines[i], wantLines[i]) {
			t.Fatalf("record %d of lines differs", i)
		}
	}
}

// BenchmarkReadWorkbook reads Online Retail as a workbook into a History, and
// for comparison takes the raw cells of its rows with excelize.
func BenchmarkReadWorkbook(b *testing.B) {
	_, book := onlineRetail(b)
	b.Run("ReadFile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			h, err := ReadFile(context.Background(), book, Options{})
			if err != nil {
				b.Fatal(err)
			}
			h.Release()
		}
	})
	b.Run("excelize", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f, err := excelize.OpenFile(book)
			if err != nil {
				b.Fatal(err)
			}
			rows, err := f.Rows("Sheet1")
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
				if _, err := rows.Columns(excelize.Options{RawCellValue: true}); err != nil {
					b.Fatal(err)
				}
			}
			if err := f.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
