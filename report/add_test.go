package report_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/xuri/excelize/v2"
)

// theirs is a workbook that somebody has: values, formulas, styles, a filter, a
// chart, and names that clash with ours.
func theirs(t testing.TB) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	var errs []error
	do := func(err error) { errs = append(errs, err) }
	do(f.SetSheetName("Sheet1", "Plan"))
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "FF0000"}, NumFmt: 4})
	do(err)
	do(f.SetSheetRow("Plan", "A1", &[]any{"month", "plan", "twice"}))
	for i := 2; i <= 5; i++ {
		do(f.SetSheetRow("Plan", fmt.Sprint("A", i), &[]any{fmt.Sprint("month ", i-1), 1000.5 * float64(i)}))
		do(f.SetCellFormula("Plan", fmt.Sprint("C", i), fmt.Sprintf("B%d*Customers_A", i)))
	}
	do(f.SetCellStyle("Plan", "B2", "B5", bold))
	do(f.AutoFilter("Plan", "A1:C5", nil))
	do(f.AddChart("Plan", "E2", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "Plan!$B$1", Categories: "Plan!$A$2:$A$5", Values: "Plan!$B$2:$B$5"}}}))
	for _, name := range []string{"PARAMETERS", "Параметры"} {
		_, err = f.NewSheet(name)
		do(err)
		do(f.SetCellValue(name, "A1", "own"))
	}
	do(f.SetCellValue("PARAMETERS", "B1", 2))
	do(f.SetDefinedName(&excelize.DefinedName{Name: "Customers_A", RefersTo: "PARAMETERS!$B$1"}))
	do(f.SetDocProps(&excelize.DocProperties{Creator: "somebody"}))
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return reopened(t, f)
}

// reopened returns a workbook as one who opens its file has it.
func reopened(t testing.TB, f *excelize.File) *excelize.File {
	t.Helper()
	again, err := excelize.OpenReader(bytes.NewReader(saved(t, f)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

func saved(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// add adds a sheet and returns the file.
func add(t testing.TB, f *excelize.File, b report.Book, sheet string, o report.SheetOptions) report.Added {
	t.Helper()
	added, err := report.AddSheet(ctx, f, b, sheet, o)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// TestAddSheet: the caller's own sheets are as they were, ours is that of the
// workbook of Write, and LibreOffice finds no other value in any cell.
func TestAddSheet(t *testing.T) {
	slow(t)
	b := bookOf(t, each(sold()), orders.Options{})
	before := open(t, saved(t, theirs(t)))
	english, russian := open(t, written(t, b, report.Options{})), open(t, written(t, b, report.Options{Language: report.Russian}))
	books := map[string][]byte{}
	for _, test := range []struct {
		name, sheet string
		o           report.SheetOptions
		want        report.Added
		charts      int
	}{
		{"alone", "ABC-XYZ customers", report.SheetOptions{}, report.Added{Sheet: "ABC-XYZ customers"}, 1},
		{"live", "ABC-XYZ customers", report.SheetOptions{Live: true, Language: report.Russian},
			report.Added{Sheet: "ABC-XYZ клиенты", Along: []string{"Параметры (2)", "ABC-XYZ товары", "ABC-XYZ продавцы", "Матрица ABC-XYZ"}}, 3},
		{"named", "Repeat share", report.SheetOptions{Live: true, Name: "Bob's repeat (1)"}, report.Added{Sheet: "Bob's repeat (1)", Along: []string{"Parameters (2)"}}, 1},
		{"profit", "First and repeat deal", report.SheetOptions{Live: true}, report.Added{Sheet: "First and repeat deal", Along: []string{"Parameters (2)"}}, 1},
		{"lists", "Segments", report.SheetOptions{Live: true}, report.Added{Sheet: "Segments", Along: []string{"Parameters (2)", "Customers by segment"}}, 0},
		{"top", "Top-20 customers", report.SheetOptions{}, report.Added{Sheet: "Top-20 customers"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := theirs(t)
			got := add(t, f, b, test.sheet, test.o)
			if got.Sheet != test.want.Sheet || !slices.Equal(got.Along, test.want.Along) || got.Cut != 0 {
				t.Errorf("added %+v, want %+v", got, test.want)
			}
			if v, err := f.GetCellValue(got.Sheet, "A1"); err != nil || v == "" {
				t.Errorf("the sheet cannot be read before it is saved: %q, %v", v, err)
			}
			data := saved(t, f)
			books[test.name] = data
			after := open(t, data)
			if want := slices.Concat(before.sheets, []string{got.Sheet}, got.Along); !slices.Equal(after.sheets, want) {
				t.Errorf("sheets %q, want %q", after.sheets, want)
			}
			for _, s := range before.sheets {
				if !bytes.Equal(before.parts[before.paths[s]], after.parts[after.paths[s]]) {
					t.Errorf("sheet %s has changed", s)
				}
			}
			for n, to := range before.names {
				if after.names[n] != to {
					t.Errorf("the name %s was %s and is %s", n, to, after.names[n])
				}
			}
			if len(after.names) != len(before.names) {
				t.Errorf("names of the workbook: %q", after.names)
			}
			if !bytes.Equal(before.parts["docProps/core.xml"], after.parts["docProps/core.xml"]) {
				t.Error("the properties have changed")
			}
			if n := len(slices.DeleteFunc(after.partNames("xl/charts/"), func(s string) bool { return strings.Contains(s, "rels") })); n != 1+test.charts {
				t.Errorf("%d charts, want %d of ours and theirs", n, test.charts)
			}
			whole, index := english, slices.Index(english.sheets, test.sheet)
			if test.o.Language == report.Russian {
				whole = russian
			}
			sameCells(t, whole, whole.sheets[index], test.o.Live, after, got.Sheet)
		})
	}
	recalculated := recalculate(t, books)
	for name, data := range books {
		for _, d := range differences(open(t, data), open(t, recalculated[name]), nil) {
			if !strings.HasPrefix(d, "Plan!C") { // formulas that were saved without values
				t.Errorf("%s: %s", name, d)
			}
		}
		if v := open(t, recalculated[name]).cells["Plan"]["C2"].text; v != "4002" {
			t.Errorf("%s: the caller's formula by the caller's name gives %s, want 4002", name, v)
		}
	}
}

// partNames are the parts of the file under a folder.
func (f *file) partNames(folder string) (names []string) {
	for name := range f.parts {
		if strings.HasPrefix(name, folder) {
			names = append(names, name)
		}
	}
	return names
}

// sameCells compares a sheet that was added with that of the workbook of Write:
// the same values, and the same formulas but for those that would need what was
// left behind.
func sameCells(t *testing.T, whole *file, sheet string, live bool, got *file, name string) {
	t.Helper()
	formulas := 0
	for at, c := range whole.cells[sheet] {
		g := got.cells[name][at]
		if strings.Contains(c.text, whole.sheets[1]) { // names the sheet of parameters, which may be called otherwise
			continue
		}
		if g.text != c.text {
			t.Errorf("%s is %q, want %q", at, g.text, c.text)
		}
		if g.formula != "" {
			formulas++
		}
		outside := strings.Contains(c.formula, "!") || strings.Contains(c.formula, "_")
		if live && g.formula == "" && c.formula != "" || !live && (g.formula != "") != (c.formula != "" && !outside) {
			t.Errorf("%s has the formula %q, in the workbook of Write %q", at, g.formula, c.formula)
		}
	}
	if formulas == 0 && strings.HasPrefix(sheet, "ABC") {
		t.Error("no formulas")
	}
}

// TestAddSheetFollows: a parameter that came along is followed, and the caller's
// of the same name is not.
func TestAddSheetFollows(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	f := theirs(t)
	added := add(t, f, b, "ABC-XYZ customers", report.SheetOptions{Live: true})
	bound := ""
	for _, n := range f.GetDefinedName() {
		if n.Name == "Customers_A" && n.Scope == added.Sheet {
			bound = n.RefersTo
		}
	}
	sheet, at, _ := strings.Cut(strings.ReplaceAll(bound, "$", ""), "!")
	if sheet = strings.Trim(sheet, "'"); sheet != "Parameters (2)" {
		t.Fatalf("Customers_A of the sheet is %q", bound)
	}
	if err := f.SetCellValue(sheet, at, 0.5); err != nil { // the caller may change what was added
		t.Fatal(err)
	}
	data := saved(t, f)
	was, is := open(t, data), open(t, recalculate(t, map[string][]byte{"book": data})["book"])
	as := func(f *file) (n int) {
		for at, c := range f.cells[added.Sheet] {
			if strings.HasPrefix(at, "H") && c.text == "A" {
				n++
			}
		}
		return n
	}
	if before, after := as(was), as(is); after == 0 || after >= before {
		t.Errorf("class A had %d customers at 80 %%, and has %d at 50 %%", before, after)
	}
}

// TestAddSheetTwice: sheets of one name have numbers.
func TestAddSheetTwice(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	f := excelize.NewFile()
	defer f.Close()
	for _, want := range []string{"Core list", "Core list (2)", "Core list (3)"} {
		if got := add(t, f, b, "Core list", report.SheetOptions{}); got.Sheet != want {
			t.Errorf("called %q, want %q", got.Sheet, want)
		}
	}
	again := open(t, saved(t, f))
	if want := []string{"Sheet1", "Core list", "Core list (2)", "Core list (3)"}; !slices.Equal(again.sheets, want) {
		t.Errorf("sheets %q", again.sheets)
	}
	if n := len(again.cells["Core list"]); n < 100 || n != len(again.cells["Core list (3)"]) {
		t.Errorf("%d cells in the first, %d in the third", n, len(again.cells["Core list (3)"]))
	}
}

// TestAddSheetErrors: an error says what is wrong, and leaves the workbook.
func TestAddSheetErrors(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	stop := errors.New("stop")
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for _, test := range []struct {
		name, sheet string
		ctx         context.Context
		book        report.Book
		o           report.SheetOptions
		want        error
		says        string
	}{
		{"no such sheet", "ABC", ctx, b, report.SheetOptions{}, orders.ErrOptions, `"ABC", but ["Summary" "Parameters" "ABC-XYZ customers"`},
		{"no result", "LTV", ctx, b, report.SheetOptions{}, orders.ErrOptions, "LTV"},
		{"no sales", "Core list", ctx, report.Book{Core: b.Core}, report.SheetOptions{}, orders.ErrOptions, "Sales"},
		{"language", "Core list", ctx, b, report.SheetOptions{Language: 9}, orders.ErrOptions, "Language"},
		{"taken", "Core list", ctx, b, report.SheetOptions{Name: "plan"}, orders.ErrOptions, `"plan"`},
		{"no name", "Core list", ctx, b, report.SheetOptions{Name: "a/b"}, orders.ErrOptions, `"a/b"`},
		{"too long", "Core list", ctx, b, report.SheetOptions{Name: strings.Repeat("ы", 32)}, orders.ErrOptions, "31"},
		{"context", "ABC-XYZ customers", cancelled, b, report.SheetOptions{Live: true}, context.Canceled, ""},
		{"progress", "ABC-XYZ customers", ctx, b, report.SheetOptions{Live: true, Progress: func(int64, int64) error { return stop }}, stop, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := theirs(t)
			before := open(t, saved(t, f))
			_, err := report.AddSheet(test.ctx, f, test.book, test.sheet, test.o)
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v", err)
			}
			after := open(t, saved(t, f))
			for name, part := range before.parts {
				if name != "xl/styles.xml" && !bytes.Equal(part, after.parts[name]) {
					t.Errorf("%s has changed", name)
				}
			}
			if len(after.parts) != len(before.parts) {
				t.Errorf("%d parts, %d before", len(after.parts), len(before.parts))
			}
		})
	}
	if _, err := report.AddSheet(ctx, nil, b, "Core list", report.SheetOptions{}); !errors.Is(err, orders.ErrOptions) {
		t.Errorf("no workbook: %v", err)
	}
	t.Run("the part is taken", func(t *testing.T) {
		f := theirs(t)
		f.Pkg.Store("xl/worksheets/sheet4.xml", []byte("<worksheet/>")) // as other programs may number them
		if _, err := report.AddSheet(ctx, f, b, "Core list", report.SheetOptions{}); err == nil || !strings.Contains(err.Error(), "sheet4.xml") {
			t.Errorf("%v", err)
		}
	})
}

// TestAddEverySheet: each sheet stands alone, and the Summary brings along all
// that it is made of; LibreOffice changes no cell of either workbook.
func TestAddEverySheet(t *testing.T) {
	slow(t)
	b := bookOf(t, each(sold()), orders.Options{})
	keys := open(t, written(t, b, report.Options{})).sheets
	alone, live := theirs(t), theirs(t)
	for _, key := range keys {
		if got := add(t, alone, b, key, report.SheetOptions{}); len(got.Along) > 0 || got.Sheet != key && key != "Parameters" {
			t.Errorf("%s: %+v", key, got)
		}
	}
	if got := add(t, live, b, "Summary", report.SheetOptions{Live: true}); len(got.Along) < 10 {
		t.Errorf("along: %q", got.Along)
	}
	books := map[string][]byte{"alone": saved(t, alone), "live": saved(t, live)}
	for name, data := range books {
		f := open(t, data)
		noError(t, f)
		for sheet, cells := range f.cells {
			for at, c := range cells {
				for _, m := range sheetRefs.FindAllStringSubmatch(literals.ReplaceAllString(c.formula, ""), -1) {
					if !slices.Contains(f.sheets, m[1]) || name == "alone" && m[1] != sheet {
						t.Errorf("%s: %s!%s refers to %s: %s", name, sheet, at, m[1], c.formula)
					}
				}
			}
		}
	}
	for name, after := range recalculate(t, books) {
		for _, d := range differences(open(t, books[name]), open(t, after), nil) {
			if !strings.HasPrefix(d, "Plan!C") {
				t.Errorf("%s: %s", name, d)
			}
		}
	}
}
