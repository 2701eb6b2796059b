package orders

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheet is a sheet of a workbook in a test: rows of values, "" for a cell that
// is not there.
type sheet struct {
	name   string
	rows   [][]any
	levels []int // outline levels of the rows; nil: none
	merged []string
	above  bool // groups stand above what they consist of
	hidden bool
}

// A value of these kinds is written with the number format that its name says.
type (
	percent float64
	serial  float64 // a number without a format for dates
	formula string  // whose value the file does not give
	failed  string  // an error value
	indent  struct {
		level int
		text  string
	}
)

// failures are the numbers that stand for error values until the file is
// changed: excelize does not write these.
var failures = map[failed]int{"#N/A": 987001, "#DIV/0!": 987002}

// workbookOf returns sheets as an .xlsx.
func workbookOf(t testing.TB, sheets ...sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	styles := map[string]int{}
	style := func(s excelize.Style, key string) int {
		if _, ok := styles[key]; !ok {
			id, err := f.NewStyle(&s)
			must(err)
			styles[key] = id
		}
		return styles[key]
	}
	for i, s := range sheets {
		if i == 0 {
			must(f.SetSheetName("Sheet1", s.name))
		} else {
			_, err := f.NewSheet(s.name)
			must(err)
		}
		for r, row := range s.rows {
			for c, value := range row {
				at, err := excelize.CoordinatesToCellName(c+1, r+1)
				must(err)
				switch v := value.(type) {
				case nil:
				case string:
					if v != "" {
						must(f.SetCellValue(s.name, at, v))
					}
				case percent:
					must(f.SetCellValue(s.name, at, float64(v)))
					must(f.SetCellStyle(s.name, at, at, style(excelize.Style{NumFmt: 9}, "%")))
				case serial:
					must(f.SetCellValue(s.name, at, float64(v)))
				case formula:
					must(f.SetCellFormula(s.name, at, string(v)))
				case failed:
					must(f.SetCellValue(s.name, at, failures[v]))
				case indent:
					must(f.SetCellValue(s.name, at, v.text))
					must(f.SetCellStyle(s.name, at, at, style(excelize.Style{Alignment: &excelize.Alignment{Indent: v.level}}, fmt.Sprint("indent", v.level))))
				case time.Time:
					must(f.SetCellValue(s.name, at, v))
					custom := "dd.mm.yyyy hh:mm"
					must(f.SetCellStyle(s.name, at, at, style(excelize.Style{CustomNumFmt: &custom}, custom)))
				default:
					must(f.SetCellValue(s.name, at, v))
				}
			}
		}
		for r, level := range s.levels {
			if level > 0 {
				must(f.SetRowOutlineLevel(s.name, r+1, uint8(level)))
			}
		}
		for _, m := range s.merged {
			from, to, _ := strings.Cut(m, ":")
			must(f.MergeCell(s.name, from, to))
		}
		if s.above {
			below := false
			must(f.SetSheetProps(s.name, &excelize.SheetPropsOptions{OutlineSummaryBelow: &below}))
		}
		if s.hidden {
			must(f.SetSheetVisible(s.name, false))
		}
	}
	var b bytes.Buffer
	must(f.Write(&b))
	return b.Bytes()
}

// rewritten returns a workbook with its parts changed: what excelize cannot write.
func rewritten(t testing.TB, book []byte, change func(name, part string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, change(f.Name, string(part))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// likeOneC changes a workbook as 1C writes it: a byte order mark in every
// part, and a dimension that is one cell.
func likeOneC(name, part string) string {
	if i := strings.Index(part, "<dimension"); i >= 0 {
		j := i + strings.Index(part[i:], ">") + 1
		part = part[:i] + `<dimension ref="I863"/>` + strings.TrimPrefix(part[j:], "</dimension>")
	}
	return "\ufeff" + part
}

func transcribeBook(book []byte, o Options) (*transcript, error) {
	t := new(transcript)
	err := newIntake(context.Background(), o, t).stream("f.xlsx", bytes.NewReader(book))
	return t, err
}

func day(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

// TestReadWorkbook holds what is read from a sheet to an exact transcript.
func TestReadWorkbook(t *testing.T) {
	for _, c := range []struct {
		name   string
		sheets []sheet
		change func(name, part string) string
		o      Options
		shape  Shape
		want   string
	}{
		{name: "numbers and dates as stored", shape: ShapeLines, sheets: []sheet{{name: "TDSheet", rows: [][]any{
			{"Дата", "Контрагент", "Документ", "Номенклатура", "Количество", "Цена", "Менеджер"},
			{day("2024-02-01 10:30"), 17, 1.0e+12, "Гвоздь", 0.333, 149.99, "Иванов"},
			{day("2024-02-13 00:00"), "Ромашка", 7, true, 1, 9.9499999999999993, ""},
			{"14.02.2024", "Ромашка", 8, "Болт", "1 000,5", "2,00", ""},
		}}}, want: `
rounded 0
2024-02-01 customer=17 order=1000000000000 product=Гвоздь salesperson=Иванов quantity=0.333 revenue=49.9467
2024-02-13 customer=Ромашка order=7 product=TRUE quantity=1 revenue=9.95
2024-02-14 customer=Ромашка order=8 product=Болт quantity=1000.5 revenue=2001
`},
		{name: "as 1C writes the file", change: likeOneC, shape: ShapeLines, sheets: []sheet{{name: "Лист_1", rows: [][]any{
			{"Журнал продаж (KZT)"},
			{},
			{"Дата", "Контрагент", "Сумма"},
			{day("2024-02-01 10:30"), "А", 10},
			{"Итого", "", 10},
		}, merged: []string{"A1:C1"}}}, want: `
currency KZT
2024-02-01 customer=А revenue=10
skip total 10
stated 10
`},
		{name: "the sheet that looks like orders", shape: ShapeLines, sheets: []sheet{
			{name: "Титул", rows: [][]any{{"Отчёт"}, {"за", 2024}}},
			{name: "Скрытый", hidden: true, rows: [][]any{{"date", "customer", "order", "product", "amount"}, {"2024-01-01", "X", "1", "Y", 1}}},
			{name: "Продажи", rows: [][]any{{"date", "customer", "amount"}, {"2024-01-05", "A", 10}}},
		}, want: `
2024-01-05 customer=A revenue=10
`},
		{name: "the sheet that is named", o: Options{Mapping: &Mapping{Sheet: "Feb"}}, shape: ShapeLines, sheets: []sheet{
			{name: "Jan", rows: [][]any{{"date", "customer", "amount"}, {"2024-01-05", "A", 10}}},
			{name: "Feb", rows: [][]any{{"date", "customer", "amount"}, {"2024-02-05", "A", 20}}},
		}, want: `
2024-02-05 customer=A revenue=20
`},
		{name: "two sheets that look alike", shape: ShapeLines, sheets: []sheet{
			{name: "Jan", rows: [][]any{{"date", "customer", "amount"}, {"2024-01-05", "A", 10}}},
			{name: "Feb", rows: [][]any{{"date", "customer", "amount"}, {"2024-02-05", "A", 20}}},
		}, want: `
warn sheet_guessed
2024-01-05 customer=A revenue=10
`},
		{name: "errors, percentages, formulas without a value, cells outside", shape: ShapeLines, sheets: []sheet{{name: "S", rows: [][]any{
			{"date", "customer", "amount", "discount", "note"},
			{"2024-01-05", "A", 10, percent(0.1), failed("#DIV/0!")},
			{"2024-01-05", failed("#N/A"), 10, percent(0.1), "", "", "outside"},
			{"2024-01-05", "A", percent(0.83), percent(0.1)},
			{"2024-01-05", "A", formula("SUM(C2:C3)"), percent(0.1)},
			{"2024-01-05", "A", day("2024-01-05 00:00")},
		}}}, change: func(_, part string) string {
			for text, number := range failures {
				part = strings.ReplaceAll(part, fmt.Sprintf("><v>%d</v>", number), fmt.Sprintf(` t="e"><v>%s</v>`, text))
			}
			return part
		}, want: `
2024-01-05 customer=A revenue=10
reject 3/0 column 2 customer(customer) error_cell "#N/A" money 10
reject 4/0 column 3 revenue(amount) bad_number "0.83" money 0
reject 5/0 column 3 revenue(amount) no_revenue "" money 0
reject 6/0 column 3 revenue(amount) bad_number "2024-01-05" money 0
warn formulas_without_values
warn cells_outside
`},
		{name: "merged header in two lines", shape: ShapeLines, sheets: []sheet{{name: "S", rows: [][]any{
			{"Дата", "Клиент", "", "Продажи", ""},
			{"", "Код", "Наименование", "Количество", "Сумма"},
			{"05.01.2024", 7, "Ромашка", 2, 10.5},
		}, merged: []string{"A1:A2", "B1:C1", "D1:E1"}}}, want: `
2024-01-05 customer=7 name=Ромашка quantity=2 revenue=10.5
`},
		{name: "days from 1904", shape: ShapeLines, change: func(name, part string) string {
			if strings.HasSuffix(name, "workbook.xml") {
				part = strings.Replace(part, "<workbookPr", `<workbookPr date1904="1"`, 1)
			}
			return part
		}, sheets: []sheet{{name: "S", rows: [][]any{
			{"date", "customer", "amount", "lead date"},
			{serial(43834), "A", 10, day("2020-01-04 00:00")},
		}}}, want: `
2024-01-05 customer=A revenue=10 lead=2024-01-05
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := workbookOf(t, c.sheets...)
			if c.change != nil {
				book = rewritten(t, book, c.change)
			}
			got, err := transcribeBook(book, c.o)
			if want := strings.TrimPrefix(c.want, "\n"); err != nil || got.String() != want {
				t.Errorf("read\n%serror %v, want\n%s", got, err, want)
			}
			if len(got.detections) == 1 && got.detections[0].Shape != c.shape {
				t.Errorf("the shape is %q (%s), want %q", got.detections[0].Shape, got.detections[0].Evidence, c.shape)
			}
		})
	}
}

// TestWorkbookErrors: what cannot be read says what it is and what to do.
func TestWorkbookErrors(t *testing.T) {
	book := workbookOf(t, sheet{name: "S", rows: [][]any{{"date", "customer", "amount"}, {"2024-01-05", "A", 10}}})
	ods := rewritten(t, book, func(name, part string) string { return part })
	for _, c := range []struct {
		name, format string
		in           []byte
		o            Options
		says         string
	}{
		{"cut off", "xlsx or zip", book[:len(book)/2], Options{}, "export it again"},
		{"damaged", "damaged xlsx", rewritten(t, book, func(name, part string) string { return strings.Replace(part, "</row>", "", 1) }), Options{}, "save it"},
		{"not a workbook", "xlsx or zip", []byte("PK\x03\x04rest"), Options{}, "CSV UTF-8"},
		{"beyond a limit", "xlsx too large", ods, Options{Limits: Limits{PartBytes: 100}}, "Limits"},
		{"nothing in it", "empty", workbookOf(t, sheet{name: "S"}), Options{}, "nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := transcribeBook(c.in, c.o)
			var format *FormatError
			if !errors.As(err, &format) || format.Format != c.format || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "f.xlsx") {
				t.Errorf("error %v", err)
			}
		})
	}
	if _, err := transcribeBook(book, Options{Mapping: &Mapping{Sheet: "T"}}); !errors.Is(err, ErrOptions) || !strings.Contains(err.Error(), `"S"`) {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

// TestDetectWorkbook: from a file and from a stream comes the same, and
// progress ends where the file does.
func TestDetectWorkbook(t *testing.T) {
	book := workbookOf(t, sheet{name: "Продажи", rows: [][]any{{"date", "customer", "amount"}, {day("2024-01-05 00:00"), "A", 10}}})
	path := filepath.Join(t.TempDir(), "f.xlsx")
	if err := os.WriteFile(path, book, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Detect(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Format != "xlsx" || d.Sheet != "Продажи" || d.HeaderRow != 1 || len(d.Columns) != 3 || d.Columns[0].Dates != "yyyy-mm-dd" {
		t.Errorf("found\n%s", d)
	}
	var done, total int64
	h, err := ReadFile(context.Background(), path, Options{Progress: func(d, t int64) error { done, total = d, t; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	if done != total || total != int64(len(book)) {
		t.Errorf("progress ends at %d of %d, the file has %d bytes", done, total, len(book))
	}
}
