package main

import (
	"archive/zip"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
)

// exported returns the same sales, read from the firm's export.
func exported(t *testing.T, o orders.Options) *orders.History {
	t.Helper()
	h, err := orders.ReadFile(t.Context(), clitest.Company, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Release)
	return h
}

// TestSameFacts: what comes from the database is what comes from the file: every
// fact, every deal, the totals to the kopeck.
func TestSameFacts(t *testing.T) {
	db, err := open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), lines)
	if err != nil {
		t.Fatal(err)
	}
	sales, err := orders.CollectRows(t.Context(), rows, orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer sales.Release()
	factstest.Equal(t, exported(t, orders.Options{}), sales)
}

// TestFigures: the program says what the export says, by its own flags too, and
// writes a workbook that has the control total.
func TestFigures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "erp.db")
	store(t, path)
	for name, o := range map[string]orders.Options{
		"":          {},
		"complete":  {HistoryComplete: true},
		"last year": {AsOf: orders.NewDate(2024, 6, 30)},
	} {
		args := map[string][]string{"complete": {"-history", "complete"}, "last year": {"-as-of", "30.06.2024"}}[name]
		c, err := exported(t, o).Control(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		book := filepath.Join(t.TempDir(), "erp.xlsx")
		out, _ := clitest.Run(t, run, append(args, "-lang", "en", "-format", "csv", "-o", book, path)...)
		figures := map[string]map[string]string{}
		for _, row := range clitest.CSV(t, out, "key,value").Rows {
			figures[row["key"]] = row
		}
		for key, want := range map[string]orders.Amount{
			"money_accepted": c.Export, "identified_revenue": c.Identified, "anonymous_revenue": c.Anonymous, "cancelled_revenue": c.Cancelled,
			"rows_read": orders.Amount(c.RowsRead) * orders.One, "purchases": orders.Amount(c.Purchases) * orders.One,
		} {
			if got := clitest.Amount(t, figures[key], "value"); got != want {
				t.Errorf("%s: %s is %s, in the export %s", name, key, got, want)
			}
		}
		if low := figures["repeat_share_low"]["value"]; !strings.HasPrefix(low, "0.") {
			t.Errorf("%s: a repeat share of %q", name, low)
		}
		holds(t, book, c.Export)
	}
}

// holds checks that a sheet of the workbook has the number.
func holds(t *testing.T, path string, a orders.Amount) {
	t.Helper()
	book, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheets, err := fs.Glob(book, "xl/worksheets/*.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sheets {
		sheet, err := fs.ReadFile(book, name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(sheet), "<v>"+a.String()+"</v>") {
			return
		}
	}
	t.Errorf("none of the %d sheets has %s", len(sheets), a)
}

// store makes the firm's database in a file.
func store(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := fill(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

// TestFile: a database that is given is read; one that is not there is an error
// and is not made.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "erp.db")
	if message := clitest.Fail(t, run, 1, path); !strings.Contains(message, path) {
		t.Errorf("the message does not name the file: %s", message)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the database was made")
	}
	db := store(t, path)
	file, _ := clitest.Run(t, run, path)
	if memory, _ := clitest.Run(t, run); file != memory {
		t.Errorf("from a file:\n%s\nfrom memory:\n%s", file, memory)
	}
	if _, err := db.Exec("DROP TABLE documents"); err != nil {
		t.Fatal(err)
	}
	if message := clitest.Fail(t, run, 1, path); !strings.Contains(message, "documents") {
		t.Errorf("the message does not name the table: %s", message)
	}
	clitest.Fail(t, run, 1, path, path)
	clitest.Fail(t, run, 2, "-o")
}
