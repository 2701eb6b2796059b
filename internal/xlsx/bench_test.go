package xlsx_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/repeatsales/repeatsales/internal/xlsx"
)

// retail is the Online Retail export (UCI, CC BY 4.0) beside the repository.
var retail = filepath.Join("..", "..", "..", "shared", "data", "uci_online_retail.csv")

// retailRows writes the rows of the export one by one; numbers are numbers
// and dates are Excel's.
func retailRows(tb testing.TB, write func(row int, cells []any)) {
	tb.Helper()
	file, err := os.Open(retail)
	if os.IsNotExist(err) {
		tb.Skipf("no %s", retail)
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	records := csv.NewReader(bufio.NewReaderSize(file, 1<<20))
	records.ReuseRecord = true
	cells := make([]any, 8)
	for row := 1; ; row++ {
		record, err := records.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			tb.Fatal(err)
		}
		for i, text := range record {
			cells[i] = text
			if row == 1 {
				continue
			}
			switch i {
			case 3, 5, 6:
				if number, err := strconv.ParseFloat(text, 64); err == nil {
					cells[i] = number
				}
			case 4:
				when, err := time.Parse(time.DateTime, text)
				if err != nil {
					tb.Fatal(err)
				}
				cells[i] = when.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
			}
		}
		write(row, cells)
	}
}

// retailInline writes the export as excelize streams it: texts within the sheet.
func retailInline(tb testing.TB, path string) {
	f := excelize.NewFile()
	defer f.Close()
	stream, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		tb.Fatal(err)
	}
	retailRows(tb, func(row int, cells []any) {
		if err := stream.SetRow("A"+strconv.Itoa(row), cells); err != nil {
			tb.Fatal(err)
		}
	})
	if err := stream.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := f.SaveAs(path); err != nil {
		tb.Fatal(err)
	}
}

// retailShared writes the export as Excel does: texts are shared strings.
func retailShared(tb testing.TB, path string) {
	sheet, err := os.CreateTemp(tb.(interface{ TempDir() string }).TempDir(), "")
	if err != nil {
		tb.Fatal(err)
	}
	defer sheet.Close()
	w := bufio.NewWriterSize(sheet, 1<<20)
	numbers, shared := map[string]int{}, []byte{}
	fmt.Fprint(w, `<worksheet xmlns="`+mainNS+`" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"><dimension ref="A1:H541910"/><sheetData>`)
	retailRows(tb, func(row int, cells []any) {
		fmt.Fprintf(w, `<row r="%d" spans="1:8" x14ac:dyDescent="0.25">`, row)
		for i, cell := range cells {
			switch v := cell.(type) {
			case float64:
				fmt.Fprintf(w, `<c r="%c%d"><v>%v</v></c>`, 'A'+i, row, v)
			case string:
				if v == "" {
					continue
				}
				n, known := numbers[v]
				if !known {
					n = len(numbers)
					numbers[v] = n
					shared = fmt.Appendf(shared, "<si><t>%s</t></si>", escapeXML(v))
				}
				fmt.Fprintf(w, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+i, row, n)
			}
		}
		fmt.Fprint(w, `</row>`)
	})
	fmt.Fprint(w, `</sheetData></worksheet>`)
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if _, err := sheet.Seek(0, io.SeekStart); err != nil {
		tb.Fatal(err)
	}
	out, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer out.Close()
	parts := plain("", `<sst xmlns="`+mainNS+`">`+string(shared)+"</sst>", "")
	delete(parts, "xl/worksheets/sheet1.xml")
	writeZip(tb, out, parts, "xl/worksheets/sheet1.xml", sheet)
}

// A fixture is a file that benchmarks share.
type fixture struct {
	once  sync.Once
	path  string
	write func(tb testing.TB, path string)
}

var (
	fixtureDir    string
	inlineFixture = fixture{write: retailInline}
	sharedFixture = fixture{write: retailShared}
)

// open returns the file, written first if need be.
func (f *fixture) open(b *testing.B, name string) string {
	b.Helper()
	if _, err := os.Stat(retail); err != nil {
		b.Skipf("no %s", retail)
	}
	f.once.Do(func() {
		f.path = filepath.Join(fixtureDir, name)
		f.write(b, f.path)
	})
	return f.path
}

func TestMain(m *testing.M) {
	var err error
	if fixtureDir, err = os.MkdirTemp("", "xlsx"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(fixtureDir)
	os.Exit(code)
}

// readAll reads every cell of the first sheet and returns the number of cells
// and of their bytes.
func readAll(tb testing.TB, path string) (cells, size int) {
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		tb.Fatal(err)
	}
	ctx := context.Background()
	book, err := xlsx.Open(ctx, file, info.Size(), xlsx.Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	for row, err := range book.Sheets()[0].Rows(ctx) {
		if err != nil {
			tb.Fatal(err)
		}
		for i := range row.Cells {
			if n := len(row.Cells[i].Text); n > 0 {
				cells++
				size += n
			}
		}
	}
	return cells, size
}

// readAllExcelize does the same with excelize, raw values.
func readAllExcelize(tb testing.TB, path string) (cells, size int) {
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: 4 << 30})
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		tb.Fatal(err)
	}
	for rows.Next() {
		row, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			tb.Fatal(err)
		}
		for _, text := range row {
			if text != "" {
				cells++
				size += len(text)
			}
		}
	}
	if err := rows.Close(); err != nil {
		tb.Fatal(err)
	}
	return cells, size
}

// BenchmarkRows reads 541,909 rows of 8 columns, opening included. The metrics
// are the highest heap seen, less the heap before, and what was read.
func BenchmarkRows(b *testing.B) {
	for _, file := range []struct {
		name    string
		fixture *fixture
	}{{"inline", &inlineFixture}, {"shared", &sharedFixture}} {
		for _, reader := range []struct {
			name string
			read func(tb testing.TB, path string) (cells, size int)
		}{{"xlsx", readAll}, {"excelize", readAllExcelize}} {
			b.Run(file.name+"/"+reader.name, func(b *testing.B) {
				path := file.fixture.open(b, file.name+".xlsx")
				b.ReportAllocs()
				var cells, size int
				peak := heapPeak(func() {
					for b.Loop() {
						cells, size = reader.read(b, path)
					}
				})
				b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
				b.ReportMetric(float64(cells), "cells")
				b.ReportMetric(float64(size), "text-bytes")
			})
		}
	}
}

// heapPeak returns by how much the bytes of objects on the heap rose above
// what they were, at most, while run ran.
func heapPeak(run func()) uint64 {
	objects := func() uint64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before := objects()
	var stop atomic.Bool
	peak := before
	var done sync.WaitGroup
	done.Go(func() {
		for !stop.Load() {
			peak = max(peak, objects())
			time.Sleep(5 * time.Millisecond)
		}
	})
	run()
	stop.Store(true)
	done.Wait()
	return peak - before
}

// BenchmarkLayout reads the same sheet for its merged cells.
func BenchmarkLayout(b *testing.B) {
	data, err := os.ReadFile(sharedFixture.open(b, "shared.xlsx"))
	if err != nil {
		b.Fatal(err)
	}
	book, err := open(data)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := book.Sheets()[0].Layout(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a workbook of 200,000 shared strings.
func BenchmarkOpen(b *testing.B) {
	data := zipped(b, plain("<sheetData/>", "<sst>"+strings.Repeat(`<si><t xml:space="preserve">Болт М8 оцинкованный </t></si>`, 200_000)+"</sst>", styles))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := open(data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParseFormat classifies the number format of 1C.
func BenchmarkParseFormat(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if xlsx.ParseFormat("#,##0.00;[Red]-#,##0.00").Class != xlsx.AsNumber {
			b.Fatal("no number")
		}
	}
}
