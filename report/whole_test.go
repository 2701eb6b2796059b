package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// TestWholeBook: the workbook with every sheet, of the synthetic company and of
// Online Retail, as examples/report writes it. No cell is an error, no number and
// no label is cut, and LibreOffice's hard recalculation changes nothing.
func TestWholeBook(t *testing.T) {
	if testing.Short() {
		t.Skip("whole books take minutes")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "report")
	if out, err := exec.Command("go", "build", "-o", program, "../examples/report").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, test := range []struct {
		name, file string
		args       []string
	}{
		{"company ru", "../testdata/company_1c.csv", []string{"-lang", "ru", "-cpl", "500", "-conversion", "0.1", "-overhead", "400"}},
		{"company en", "../testdata/company.csv", []string{"-lang", "en", "-cpl", "500", "-conversion", "0.1", "-bonus-first", "5%"}},
		{"online retail", "../../shared/data/uci_online_retail.csv", []string{"-lang", "ru", "-map", "online_retail", "-cpl", "5", "-conversion", "0.1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := os.Stat(test.file); err != nil {
				t.Skip(err)
			}
			path := filepath.Join(dir, test.name+".xlsx")
			if out, err := exec.Command(program, append(test.args, "-o", path, test.file)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f := open(t, data)
			if len(f.sheets) < 28 {
				t.Errorf("only %d sheets: %q", len(f.sheets), f.sheets)
			}
			noError(t, f)
			for _, c := range cuts(t, data) {
				t.Error(c)
			}
			insideDimension(t, f)
			list := differences(f, open(t, recalculate(t, map[string][]byte{"book": data})["book"]), nil)
			for _, d := range list[:min(len(list), 20)] {
				t.Error(d)
			}
		})
	}
}

// insideDimension checks that a sheet says how far its cells go.
func insideDimension(t *testing.T, f *file) {
	t.Helper()
	for _, s := range f.sheets {
		_, rest, _ := strings.Cut(string(f.parts[f.paths[s]]), `<dimension ref="A1:`)
		last, _, _ := strings.Cut(rest, `"`)
		col, row, err := excelize.CellNameToCoordinates(last)
		if err != nil {
			t.Errorf("%s ends at %q: %v", s, last, err)
		}
		for at := range f.cells[s] {
			if c, r, err := excelize.CellNameToCoordinates(at); err != nil || c > col || r > row {
				t.Errorf("%s!%s is beyond %s", s, at, last)
			}
		}
	}
}

// TestCuts: what does not fit is found.
func TestCuts(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	wrap, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Size: 10}, Alignment: &excelize.Alignment{WrapText: true}})
	if err != nil {
		t.Fatal(err)
	}
	format := "#,##0.00"
	money, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	for at, v := range map[string]any{"A1": 12345678.5, "A2": 1234.5, "A3": "a long label", "B3": 1, "A4": "a long label", "A5": "two lines of it", "A6": "two lines"} {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.SetCellStyle("Sheet1", "A1", "A2", money), f.SetCellStyle("Sheet1", "A5", "A6", wrap), f.SetRowHeight("Sheet1", 5, 14), f.SetRowHeight("Sheet1", 6, 28)); err != nil {
		t.Fatal(err)
	}
	var at []string
	for _, c := range cuts(t, saved(t, f)) {
		at = append(at, c[:len("Sheet1!A1")])
	}
	if want := []string{"Sheet1!A1", "Sheet1!A3", "Sheet1!A5"}; !slices.Equal(at, want) {
		t.Errorf("found %q, want %q", at, want)
	}
}

// cuts returns every number, as it is shown, that does not fit into its column,
// which is then filled with ####, and every text that does not fit into its lines
// or is cut by the next cell; at most ten of a sheet.
func cuts(t *testing.T, data []byte) (list []string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	styles := map[int]*excelize.Style{}
	for _, s := range f.GetSheetList() {
		rows, err := f.GetRows(s)
		if err != nil {
			t.Fatal(err)
		}
		merged := map[string]bool{}
		cells, err := f.GetMergeCells(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range cells {
			merged[m.GetStartAxis()] = true
		}
		var widths []float64
		reported := 0
		for r, row := range rows {
			for c, v := range row {
				at, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if v == "" || merged[at] || reported > 10 {
					continue
				}
				for len(widths) <= c {
					col, _ := excelize.ColumnNumberToName(len(widths) + 1)
					w, err := f.GetColWidth(s, col)
					if err != nil {
						t.Fatal(err)
					}
					widths = append(widths, w)
				}
				id, err := f.GetCellStyle(s, at)
				if err != nil {
					t.Fatal(err)
				}
				if styles[id] == nil {
					if styles[id], err = f.GetStyle(id); err != nil {
						t.Fatal(err)
					}
				}
				if problem := cutIn(f, s, at, r, c, v, row, widths[c], styles[id]); problem != "" {
					list = append(list, fmt.Sprintf("%s!%s, %v wide: %s", s, at, widths[c], problem))
					reported++
				}
			}
		}
	}
	return list
}

// cutIn returns what of a cell is not to be seen. A letter of 10 points is 0.93 of
// the width of a digit of the default font, by which columns are measured.
func cutIn(f *excelize.File, sheet, at string, r, c int, v string, row []string, width float64, st *excelize.Style) string {
	need := 0.93*float64(utf8.RuneCountInString(v)) + 0.7
	if st.Font != nil && st.Font.Size > 0 {
		need *= st.Font.Size / 10
	}
	kind, err := f.GetCellType(sheet, at)
	if err != nil {
		return err.Error()
	}
	if _, err := strconv.ParseFloat(strings.NewReplacer(",", "", "%", "").Replace(v), 64); err == nil && kind != excelize.CellTypeInlineString {
		if need > width {
			return fmt.Sprintf("%s is shown as ####", v)
		}
		return ""
	}
	if st.Alignment != nil && st.Alignment.WrapText {
		high, err := f.GetRowHeight(sheet, r+1)
		if err != nil {
			return err.Error()
		}
		if room := high / 12.5; need/width > room+0.35 {
			return fmt.Sprintf("%q needs %.1f lines and has %.1f", v, need/width, room)
		}
		return ""
	}
	if need > width*1.15 && c+1 < len(row) && row[c+1] != "" {
		return fmt.Sprintf("%q is cut by the next cell", v)
	}
	return ""
}
