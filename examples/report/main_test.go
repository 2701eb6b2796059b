package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/orders"
)

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		figures := filepath.Join(t.TempDir(), "figures.json")
		out, _ := clitest.Run(t, run, "-lang", language, "-history", "complete", "-cpl", "500", "-conversion", "0.1",
			"-o", filepath.Join(t.TempDir(), "shop.xlsx"), "-json", figures, clitest.Shop)
		clitest.Golden(t, "shop."+language+".txt", out)
		b, err := os.ReadFile(figures)
		if err != nil {
			t.Fatal(err)
		}
		clitest.Golden(t, "shop."+language+".json", string(b))
	}
}

// figures are the members of the JSON object that must add up.
type figures map[string]json.RawMessage

func (f figures) amount(t *testing.T, path string) orders.Amount {
	t.Helper()
	raw := json.RawMessage(nil)
	members := f
	for key := range strings.SplitSeq(path, ".") {
		var ok bool
		if raw, ok = members[key]; !ok {
			t.Fatalf("no figure %s", path)
		}
		members = nil
		json.Unmarshal(raw, &members)
	}
	a, err := orders.ParseAmount(string(raw))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return a
}

// TestSample: the workbook of the bundled sample has its sheets, and its key
// figures tie to one another.
func TestSample(t *testing.T) {
	for _, file := range []string{clitest.Company1C, clitest.Company} {
		for language, first := range map[string]string{"ru": "Сводка", "en": "Summary"} {
			dir := t.TempDir()
			book, keys := filepath.Join(dir, "book.xlsx"), filepath.Join(dir, "figures.json")
			_, message := clitest.Run(t, run, file, "-lang", language, "-o", book, "-json", keys)
			if !strings.Contains(message, book) {
				t.Errorf("the message does not name the workbook: %s", message)
			}
			if names := sheets(t, book); len(names) < 10 || names[0] != first {
				t.Errorf("sheets %q", names)
			}
			b, err := os.ReadFile(keys)
			if err != nil {
				t.Fatal(err)
			}
			var f figures
			if err := json.Unmarshal(b, &f); err != nil {
				t.Fatal(err)
			}
			get := func(path string) orders.Amount { return f.amount(t, path) }
			if get("money_read") != get("money_accepted")+get("money_rejected")+get("money_skipped") {
				t.Error("money read is not accepted + rejected + skipped")
			}
			if get("money_accepted") != get("identified_revenue")+get("anonymous_revenue")+get("cancelled_revenue") {
				t.Error("the control total is not identified + anonymous + cancelled")
			}
			if get("identified_revenue") != get("first_revenue")+get("repeat_revenue")+get("unknown_revenue")+get("unmatched_returns") {
				t.Error("the identified revenue is not first + repeat + unknown + unmatched")
			}
			for _, sheet := range []string{"customers", "salespersons", "repeat", "profit", "cohorts", "grid", "rfm"} {
				if get("sheet_totals."+sheet) != get("identified_revenue") {
					t.Errorf("%s adds up to %s", sheet, get("sheet_totals."+sheet))
				}
			}
			if get("sheet_totals.products") != get("identified_revenue")+get("anonymous_revenue") {
				t.Errorf("products add up to %s", get("sheet_totals.products"))
			}
		}
	}
}

// TestHorizon: -horizon and -discount are what the prediction is made with.
func TestHorizon(t *testing.T) {
	clv := func(args ...string) orders.Amount {
		dir := t.TempDir()
		keys := filepath.Join(dir, "figures.json")
		clitest.Run(t, run, append(args, clitest.Shop, "-o", filepath.Join(dir, "book.xlsx"), "-json", keys)...)
		b, err := os.ReadFile(keys)
		if err != nil {
			t.Fatal(err)
		}
		var f figures
		if err := json.Unmarshal(b, &f); err != nil {
			t.Fatal(err)
		}
		return f.amount(t, "clv")
	}
	year, quarter, discounted := clv(), clv("-horizon", "91"), clv("-discount", "0,5")
	if !(0 < quarter && quarter < year/2 && year/2 < discounted && discounted < year) {
		t.Errorf("CLV of a year %s, of 91 days %s, of a year at 50 %% %s", year, quarter, discounted)
	}
	for _, args := range [][]string{{"-horizon", "-1"}, {"-discount", "1.5"}, {"-discount", "x"}} {
		message := clitest.Fail(t, run, 2, append(args, clitest.Shop, "-o", filepath.Join(t.TempDir(), "book.xlsx"))...)
		if !strings.Contains(message, args[0]) {
			t.Errorf("%q: %s", args, message)
		}
	}
}

// sheets returns the names of the sheets of a workbook.
func sheets(t *testing.T, path string) (names []string) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open("xl/workbook.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := xml.NewDecoder(f).Decode(&book); err != nil {
		t.Fatal(err)
	}
	for _, s := range book.Sheets {
		names = append(names, s.Name)
	}
	return names
}

// TestSameBytes: the same export gives the same workbook.
func TestSameBytes(t *testing.T) {
	var books [2][]byte
	for i := range books {
		path := filepath.Join(t.TempDir(), "book.xlsx")
		clitest.Run(t, run, "-o", path, clitest.Shop)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		books[i] = b
	}
	if !bytes.Equal(books[0], books[1]) {
		t.Error("two runs, two workbooks")
	}
}

// TestFailureKeepsTheOldBook: a run that fails leaves the old workbook, and
// nothing beside it.
func TestFailureKeepsTheOldBook(t *testing.T) {
	dir := t.TempDir()
	book, bad := filepath.Join(dir, "book.xlsx"), filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(book, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bad, []byte("date,customer,revenue\n2024-01-01,a,much\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	clitest.Fail(t, run, 1, "-o", book, bad)
	clitest.Fail(t, run, 2, "-o", book, "-conversion", "3", clitest.Shop)
	if b, _ := os.ReadFile(book); string(b) != "old" {
		t.Errorf("the workbook is %q", b)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	clitest.Fail(t, run, 1, "-o", filepath.Join(dir, "no folder", "book.xlsx"), clitest.Shop)
	clitest.Fail(t, run, 1, "-o", dir, clitest.Shop)
}

func TestFormats(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.xlsx")
	out, _ := clitest.Run(t, run, "-o", path, "-format", "json", clitest.Shop)
	if !json.Valid([]byte(out)) {
		t.Errorf("not JSON:\n%s", out)
	}
	out, _ = clitest.Run(t, run, "-o", path, "-format", "csv", clitest.Shop)
	if rows := clitest.CSV(t, out, "key,value").Rows; len(rows) < 50 {
		t.Errorf("%d figures", len(rows))
	}
}
