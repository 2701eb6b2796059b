package report_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

var ctx = context.Background()

// TestDeterminism: 20 runs give one file.
func TestDeterminism(t *testing.T) {
	slow(t)
	b := bookOf(t, each(sold()), orders.Options{})
	sums := map[[32]byte]int{}
	for range 20 {
		sums[sha256.Sum256(written(t, b, report.Options{Language: report.Russian, Title: "Т"}))]++
	}
	if len(sums) != 1 {
		t.Errorf("20 runs gave %d files", len(sums))
	}
}

// TestSheets: one sheet for each field that is given, in order, in both languages.
func TestSheets(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	for _, test := range []struct {
		name string
		book report.Book
		lang report.Language
		want []string
	}{
		{"everything in Russian", b, report.Russian, []string{"Сводка", "Параметры", "ABC-XYZ клиенты", "ABC-XYZ товары", "ABC-XYZ продавцы", "Матрица ABC-XYZ", "Миграция", "Устойчивость товаров", "Ядро клиентов", "Доля повторных", "Первая и повторная сделка", "Привлечение", "Прибыль по разрезам", "Окупаемость", "Когорты", "Сегменты", "Клиенты по сегментам", "Переходы", "Топ-20 клиентов", "Топ-5 товаров", "Концентрация", "Сверка", "Отклонённые строки", "Методика"}},
		{"everything in English", b, report.English, []string{"Summary", "Parameters", "ABC-XYZ customers", "ABC-XYZ products", "ABC-XYZ salespersons", "ABC-XYZ matrix", "Migration", "Stability of products", "Core list", "Repeat share", "First and repeat deal", "Acquisition", "Profit by", "Payback", "Cohorts", "Segments", "Customers by segment", "Transitions", "Top-20 customers", "Top-5 products", "Concentration", "Reconciliation", "Rejected rows", "Method"}},
		{"sales alone", report.Book{Sales: b.Sales}, report.English, []string{"Summary", "Parameters", "Reconciliation", "Rejected rows", "Method"}},
		{"products alone", report.Book{Sales: b.Sales, Products: b.Products}, report.Russian, []string{"Сводка", "Параметры", "ABC-XYZ товары", "Матрица ABC-XYZ", "Сверка", "Отклонённые строки", "Методика"}},
		{"RFM alone", report.Book{Sales: b.Sales, RFM: b.RFM}, report.English, []string{"Summary", "Parameters", "Segments", "Customers by segment", "Reconciliation", "Rejected rows", "Method"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := open(t, written(t, test.book, report.Options{Language: test.lang}))
			if !slices.Equal(f.sheets, test.want) {
				t.Errorf("sheets %q, want %q", f.sheets, test.want)
			}
			for _, s := range f.sheets {
				if n := len(utf16.Encode([]rune(s))); n > 31 || strings.ContainsAny(s, `:\/?*[]'`) {
					t.Errorf("%q is no name of a sheet", s)
				}
			}
		})
	}
}

// TestParts: what excelize may drop silently is in the file.
func TestParts(t *testing.T) {
	f := open(t, written(t, bookOf(t, each(sold()), orders.Options{}), report.Options{Language: report.Russian}))
	type parts struct {
		charts, formats        int
		filter, panes, printed bool // printed: header rows are repeated
	}
	for name, want := range map[string]parts{
		"Сводка":                    {charts: 3, formats: 1},
		"Параметры":                 {},
		"ABC-XYZ клиенты":           {charts: 1, filter: true, panes: true, printed: true},
		"ABC-XYZ товары":            {charts: 1, filter: true, panes: true, printed: true},
		"Матрица ABC-XYZ":           {formats: 3},
		"Миграция":                  {charts: 1, formats: 4, filter: true, panes: true, printed: true},
		"Устойчивость товаров":      {filter: true, panes: true, printed: true},
		"Топ-20 клиентов":           {charts: 1, filter: true, panes: true, printed: true},
		"Концентрация":              {charts: 1},
		"Ядро клиентов":             {filter: true, panes: true, printed: true},
		"Доля повторных":            {charts: 1, panes: true},
		"Первая и повторная сделка": {charts: 1, panes: true},
		"Привлечение":               {panes: true},
		"Прибыль по разрезам":       {panes: true},
		"Окупаемость":               {charts: 1, panes: true},
		"Когорты":                   {charts: 1, formats: 1, panes: true},
		"Сегменты":                  {formats: 1},
		"Клиенты по сегментам":      {filter: true, panes: true, printed: true},
		"Переходы":                  {formats: 3, filter: true, panes: true, printed: true},
		"Сверка":                    {formats: 18},
	} {
		part := f.paths[name]
		xml := string(f.parts[part])
		var got parts
		if rels := f.parts[strings.Replace(part, "worksheets/", "worksheets/_rels/", 1)+".rels"]; rels != nil && strings.Contains(xml, "<drawing ") {
			drawing := regexp.MustCompile(`drawing\d+\.xml`).FindString(string(rels))
			got.charts = strings.Count(string(f.parts["xl/drawings/"+drawing]), "<c:chart ")
			if got.charts == 0 {
				got.charts = strings.Count(string(f.parts["xl/drawings/"+drawing]), "drawingml/2006/chart\"")
			}
		}
		got.formats = strings.Count(xml, "<conditionalFormatting ")
		got.filter = strings.Contains(xml, "<autoFilter ")
		got.panes = strings.Contains(xml, `state="frozen"`)
		index := slices.Index(f.sheets, name)
		got.printed = regexp.MustCompile(fmt.Sprintf(`<definedName [^>]*localSheetId="%d"[^>]*>[^<]*\$\d+:\$\d+</definedName>`, index)).Match(f.parts["xl/workbook.xml"])
		if got != want {
			t.Errorf("%s has %+v, want %+v", name, got, want)
		}
		for _, must := range []string{`orientation="landscape"`, `fitToWidth="1"`, `fitToHeight="0"`, `<pageSetUpPr fitToPage="true"`, "&amp;P"} {
			if !strings.Contains(xml, must) {
				t.Errorf("%s lacks %s", name, must)
			}
		}
	}
	charts := 0
	for name, part := range f.parts {
		if !strings.HasPrefix(name, "xl/charts/chart") {
			continue
		}
		charts++
		refs := regexp.MustCompile(`<f>'([^']+)'!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?</f>`).FindAllStringSubmatch(html.UnescapeString(string(part)), -1)
		if len(refs) < 3 {
			t.Errorf("%s refers to %d ranges", name, len(refs))
		}
		for _, r := range refs {
			if last := r[2] + r[3]; len(f.cells[r[1]]) == 0 || f.cells[r[1]][last] == (cell{}) {
				t.Errorf("%s refers to %s!%s, where nothing is", name, r[1], last)
			}
		}
	}
	if charts != 14 {
		t.Errorf("%d charts in the file, want 14", charts)
	}
	if f.parts["xl/vbaProject.bin"] != nil || f.parts["xl/externalLinks/externalLink1.xml"] != nil {
		t.Error("macros or external links")
	}
}

var (
	literals  = regexp.MustCompile(`"[^"]*"`)
	sheetRefs = regexp.MustCompile(`'([^']+)'!`)
	nameRefs  = regexp.MustCompile(`[A-Za-z]+_[A-Za-z0-9_]+`)
)

// TestFormulas: no cell is an error, every formula has a cached value and
// refers to names and sheets that are there, and customers' words are no formulas.
func TestFormulas(t *testing.T) {
	slow(t)
	for _, l := range []report.Language{report.Russian, report.English} {
		f := open(t, written(t, bookOf(t, each(sold()), orders.Options{}), report.Options{Language: l}))
		used := map[string]bool{}
		for sheet, cells := range f.cells {
			for name, c := range cells {
				if c.kind == "e" || strings.HasPrefix(c.text, "#") || c.text == "NaN" || strings.Contains(c.text, "%!") {
					t.Errorf("%s!%s = %q", sheet, name, c.text)
				}
				if c.formula == "" {
					continue
				}
				if c.text == "" && !strings.Contains(c.formula, `""`) {
					t.Errorf("%s!%s: %s has no cached value", sheet, name, c.formula)
				}
				plain := literals.ReplaceAllString(c.formula, "")
				for _, m := range sheetRefs.FindAllStringSubmatch(plain, -1) {
					if !slices.Contains(f.sheets, m[1]) {
						t.Errorf("%s!%s refers to sheet %s", sheet, name, m[1])
					}
				}
				plain = sheetRefs.ReplaceAllString(plain, "")
				for _, n := range nameRefs.FindAllString(plain, -1) {
					used[n] = true
					if f.names[n] == "" {
						t.Errorf("%s!%s refers to the name %s", sheet, name, n)
					}
				}
			}
		}
		for n := range f.names {
			if !used[n] {
				t.Errorf("no formula uses the name %s", n)
			}
		}
	}
}

// wild are names that a spreadsheet may take for something else.
var wild = []string{
	"=1+1", "=HYPERLINK(\"http://example.com\",\"x\")", "=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1:A9)", "000123", "1E5", "TRUE", "#REF!",
	"  spaces  ", "'quoted'", "_x0041_", "<b>&amp;</b>", "tab\there", "line\nbreak", "эмодзи 😀", "]]>", `"double"`, "10.12.2024",
}

// TestText: what customers are called stays text, in the file and after a recalculation.
func TestText(t *testing.T) {
	var lines []orders.Line
	for i, name := range wild {
		lines = append(lines, orders.Line{Customer: fmt.Sprintf("%03d", i), CustomerName: name, Product: name, ProductName: name, Date: orders.NewDate(2024, 1, 1+i), Revenue: orders.Amount(1000-i) * orders.One})
	}
	short := written(t, bookOf(t, each(lines), orders.Options{}), report.Options{Language: report.Russian})
	long := strings.Repeat("я", 40_000)
	lines = append(lines,
		orders.Line{Customer: "long", CustomerName: long, Date: orders.NewDate(2024, 2, 1), Revenue: 5 * orders.One},
		orders.Line{Customer: "control", CustomerName: "a\x00b\x01c\x1f\x7fd", Date: orders.NewDate(2024, 2, 2), Revenue: 4 * orders.One},
		orders.Line{Customer: "bytes", CustomerName: "a\xffb\uffff", Date: orders.NewDate(2024, 2, 3), Revenue: 3 * orders.One})
	b := bookOf(t, each(lines), orders.Options{})
	f := open(t, written(t, b, report.Options{Language: report.Russian}))

	text := func(f *file, id string) string {
		for name, c := range f.cells[abcSheet] {
			if c.text == id && strings.HasPrefix(name, "B") {
				x := f.cells[abcSheet]["C"+name[1:]]
				if x.formula != "" || x.kind == "" || x.kind == "n" {
					t.Errorf("%s is no text: %+v", id, x)
				}
				return x.text
			}
		}
		t.Errorf("%s is not on the sheet", id)
		return ""
	}
	for i, name := range wild {
		want := strings.TrimSpace(name) // reading trims
		if got := text(f, fmt.Sprintf("%03d", i)); unescape(got) != want {
			t.Errorf("%q is written as %q", want, got)
		}
	}
	if got := text(f, "long"); len([]rune(got)) != 32_767 || !strings.HasPrefix(long, got) {
		t.Errorf("a name of 40,000 letters has %d in its cell", len([]rune(got)))
	}
	stated := false
	for _, c := range f.cells["Сводка"] {
		stated = stated || strings.Contains(c.text, "обрезаны")
	}
	if !stated {
		t.Error("nobody says that texts were cut")
	}
	if got, want := text(f, "control"), "a␀b␁c␟␡d"; got != want {
		t.Errorf("control characters: %q, want %q", got, want)
	}
	if got, want := text(f, "bytes"), "a\ufffdb\ufffd"; got != want {
		t.Errorf("bytes that are no text: %q, want %q", got, want)
	}

	after := open(t, recalculate(t, map[string][]byte{"wild": short})["wild"])
	for i, name := range wild {
		if got := text(after, fmt.Sprintf("%03d", i)); unescape(got) != strings.TrimSpace(name) {
			t.Errorf("%q is %q after a recalculation", name, got)
		}
	}
}

// unescape undoes the escape of text that looks like one (ECMA-376, ST_Xstring).
func unescape(s string) string { return strings.ReplaceAll(s, "_x005F_", "_") }

// TestLanguages: a workbook speaks one language, the reader's.
func TestLanguages(t *testing.T) {
	lines := equalItems(400) // whose names are in neither
	for i := range lines {
		lines[i].Customer, lines[i].Product = strconv.Itoa(i%90), strconv.Itoa(i%7)
		lines[i].COGS = orders.Known(orders.One)
	}
	lines[0].Cancelled, lines[1].Customer = true, ""
	b := bookOf(t, each(lines), orders.Options{})
	b.Rejected = []orders.RowError{{File: "1.csv", Row: 2, Reason: orders.BadDate, Value: "1"}}
	for _, c := range open(t, written(t, b, report.Options{Language: report.English})).all() {
		if strings.ContainsFunc(c.text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) && !strings.Contains(c.text, "1C:У") {
			t.Errorf("English: %q", c.text)
		}
	}
	known := regexp.MustCompile(`(?:Customers|Products|Salespersons|Profit|Repeat|Concentration|Cohorts|Ages|Grid|RFM)_[A-Za-z0-9_]+|Hyndman|Fan|E\. B\. Wilson|JASA|NRR|GRR|CRM|ABC|XYZ|RFM|COGS|UCI|Online Retail|Woodroofe|Lagakos|Barraj|De Gruttola|A\. M\. Hughes|Strategic Database Marketing|Webber|Moffat|Zobel|Künsch|Politis|Romano|1\.csv|repeatsales|\b[A-Z]\b|\b[ABCN][XYZ–]|\b(?:q|n|z|s|k)\b`)
	for _, c := range open(t, written(t, b, report.Options{Language: report.Russian})).all() {
		rest := known.ReplaceAllString(c.text, "")
		if _, err := strconv.ParseFloat(rest, 64); err == nil {
			continue
		}
		if strings.ContainsFunc(rest, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
			t.Errorf("Russian: %q", c.text)
		}
	}
}

func (f *file) all() (cells []cell) {
	for _, sheet := range f.cells {
		for _, c := range sheet {
			cells = append(cells, c)
		}
	}
	return cells
}

// TestWarningsAreTranslated: every warning that the library gives has its
// Russian text, and its figures are in it.
func TestWarningsAreTranslated(t *testing.T) {
	for _, code := range []string{
		"cancelled_negative", "order_days", "order_restarts", "order_customers", "short_export", "since_late", "rounded", "stated_total",
		"date_serials", "duplicates", "short_rows", "lost_letters", "month_precision",
		abcxyz.WarnNoBase, abcxyz.WarnCostUnknown, abcxyz.WarnFewPeriods, abcxyz.WarnOneClass, abcxyz.WarnShortWindow, abcxyz.WarnFewToResample,
	} {
		if !report.Translated(code) {
			t.Errorf("%s has no Russian text", code)
		}
	}
	lines := shortItems()
	lines = append(lines, orders.Line{Customer: "z", Date: lines[0].Date, Revenue: -1234567 * orders.One, Cancelled: true})
	b := bookOf(t, each(lines), orders.Options{})
	var all strings.Builder
	for _, c := range open(t, written(t, b, report.Options{Language: report.Russian})).cells["Сводка"] {
		all.WriteString(c.text)
	}
	if want := "на сумму −1\u00a0234\u00a0567."; !strings.Contains(all.String(), want) {
		t.Errorf("the summary lacks %q", want)
	}
}

// TestReconciliation: every difference is 0.00 by a formula, and a result of
// other sales than the book's is found out.
func TestReconciliation(t *testing.T) {
	slow(t)
	b := bookOf(t, each(sold()), orders.Options{})
	check := func(b report.Book) (differences, off int, verdict string) {
		f := open(t, written(t, b, report.Options{}))
		for name, c := range f.cells["Reconciliation"] {
			if c.text != "Difference" {
				continue
			}
			for _, col := range "BC" {
				d, ok := f.cells["Reconciliation"][string(col)+name[1:]]
				if !ok {
					continue
				}
				differences++
				if d.formula == "" {
					t.Errorf("%c%s is no formula", col, name[1:])
				}
				if d.text != "0" {
					off++
				}
			}
		}
		return differences, off, f.cells["Summary"]["A3"].text
	}
	if n, off, verdict := check(b); n != 19 || off != 0 || !strings.HasPrefix(verdict, "Everything adds up") {
		t.Errorf("%d differences, %d not 0: %s", n, off, verdict)
	}
	ranged, err := abcxyz.Rank(ctx, b.Sales, abcxyz.Options{Scope: orders.Scope{From: orders.NewDate(2024, 1, 1), Where: []orders.Where{{Dimension: orders.BySalesperson, In: []string{b.Salespersons.Items[0].ID}}}}})
	if err != nil {
		t.Fatal(err)
	}
	of := b
	of.Customers = ranged
	if _, off, verdict := check(of); off != 0 {
		t.Errorf("a ranking of a part: %d differences are not 0: %s", off, verdict)
	}
	of.Customers = bookOf(t, each(sold()[50:]), orders.Options{}).Customers
	if _, off, verdict := check(of); off != 1 || !strings.HasPrefix(verdict, "Something does not add up") {
		t.Errorf("a ranking of other sales: %d differences are not 0: %s", off, verdict)
	}
}

// TestLimits: what a sheet cannot hold is said, and totals do not suffer.
func TestLimits(t *testing.T) {
	b := bookOf(t, each(equalItems(1000)), orders.Options{})
	var out bytes.Buffer
	if err := report.WriteWithin(ctx, &out, b, report.Options{}, 300, 100); err != nil {
		t.Fatal(err)
	}
	f := open(t, out.Bytes())
	sheet := f.cells["ABC-XYZ customers"]
	cut, values, formulas := false, false, 0
	for name, c := range sheet {
		cut = cut || strings.Contains(c.text, "of 1000 rows are listed")
		values = values || strings.Contains(c.text, "more than 100 rows")
		if row := rowOf("!" + name + ":"); row > 300 {
			t.Fatalf("row %d is beyond the limit", row)
		}
		if c.formula != "" {
			formulas++
		}
	}
	if !cut || !values || formulas > 0 {
		t.Errorf("cut stated: %v; values stated: %v; formulas: %d", cut, values, formulas)
	}
	for s, cells := range f.cells {
		for name := range cells {
			if row := rowOf("!" + name + ":"); row > 300 && s != "Reconciliation" && s != "Method" {
				t.Fatalf("row %d of %s is beyond the limit", row, s)
			}
		}
	}
	for _, c := range f.cells["Reconciliation"] {
		if c.text == "3300" {
			return
		}
	}
	t.Error("the total of all items is not in the reconciliation")
}

// TestOptions: what is wrong is named.
func TestOptions(t *testing.T) {
	b := bookOf(t, each(shortItems()), orders.Options{})
	for _, test := range []struct {
		name  string
		book  report.Book
		o     report.Options
		field string
	}{
		{"language", b, report.Options{Language: 7}, "Language"},
		{"no sales", report.Book{}, report.Options{}, "Sales"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := report.Write(ctx, &bytes.Buffer{}, test.book, test.o)
			if !errors.Is(err, orders.ErrOptions) || !strings.Contains(fmt.Sprint(err), test.field) {
				t.Errorf("%v", err)
			}
		})
	}
}

// failing fails after so many bytes.
type failing int

func (f *failing) Write(p []byte) (int, error) {
	if *f -= failing(len(p)); *f < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

// TestWriteErrors: errors of the writer and of the context come back.
func TestWriteErrors(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	full := failing(1000)
	if err := report.Write(ctx, &full, b, report.Options{}); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("a full disk: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := report.Write(cancelled, &bytes.Buffer{}, b, report.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
	stop, calls := errors.New("stop"), 0
	err := report.Write(ctx, &bytes.Buffer{}, b, report.Options{Progress: func(done, total int64) error {
		if calls++; done > total {
			t.Errorf("%d rows of %d", done, total)
		}
		if calls == 2 {
			return stop
		}
		return nil
	}})
	if !errors.Is(err, stop) || calls != 2 {
		t.Errorf("Progress: %v after %d calls", err, calls)
	}
}

// TestWriteFile: a failed run leaves the old file and nothing else.
func TestWriteFile(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	dir := t.TempDir()
	path := filepath.Join(dir, "отчёт.xlsx")
	files := func() (names []string) {
		t.Helper()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	stop := report.Options{Progress: func(int64, int64) error { return errors.New("stop") }}
	if err := report.WriteFile(ctx, path, b, stop); err == nil {
		t.Error("no error")
	}
	if got, _ := os.ReadFile(path); string(got) != "old" || len(files()) != 1 {
		t.Errorf("after a failure: %q, %q", got, files())
	}
	func() {
		defer func() { _ = recover() }()
		_ = report.WriteFile(ctx, path, b, report.Options{Progress: func(int64, int64) error { panic("a caller's bug") }})
	}()
	if len(files()) != 1 {
		t.Errorf("after a panic: %q", files())
	}
	if err := report.WriteFile(ctx, path, b, report.Options{}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, written(t, b, report.Options{})) || len(files()) != 1 {
		t.Errorf("%v; %d bytes, %q", err, len(got), files())
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	if err := report.WriteFile(ctx, filepath.Join(dir, "no such directory", "a.xlsx"), b, report.Options{}); err == nil {
		t.Error("a missing directory is no error")
	}
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteFile(ctx, filepath.Join(dir, "taken"), b, report.Options{}); err == nil || len(files()) != 2 {
		t.Errorf("a directory of that name: %v, %q", err, files())
	}
}

// TestNamesThatCoincide: segments of one name are not counted by it, but by
// their rule, and columns of one name not at all.
func TestNamesThatCoincide(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	var err1, err2 error
	b.RFM, err1 = segments.RFM(ctx, b.Sales, segments.RFMOptions{Rules: []segments.Rule{
		{Segment: "same", R: segments.Range{From: 5, To: 5}}, {Segment: "same", R: segments.Range{From: 4, To: 4}}, {Segment: "rest"}}})
	b.Grid, err2 = segments.Grid(ctx, b.Sales, segments.GridOptions{Columns: []segments.GridColumn{{Name: "twice", Purchases: 1}, {Name: "twice", Purchases: 3}}})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	f := open(t, written(t, b, report.Options{}))
	for name, c := range f.cells["Segments"] {
		counts := strings.Contains(c.formula, "COUNTIF") || strings.Contains(c.formula, "SUMIF")
		if counts && (strings.Contains(c.formula, "same") || strings.Contains(c.formula, "twice") || strings.Contains(c.formula, "COUNTIFS") || strings.Contains(c.formula, "SUMIFS")) {
			t.Errorf("%s: %s counts both", name, c.formula)
		}
	}
}
