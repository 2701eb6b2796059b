// Package clitest runs the example programs within their tests.
package clitest

import (
	"bytes"
	"encoding/csv"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Paths from the folder of a program.
const (
	Shop      = "../internal/clitest/testdata/shop.csv" // a few rows that can be checked by hand
	Company1C = "../../testdata/company_1c.csv"
	Company   = "../../testdata/company.csv"
)

// Example is the worked example of the first and the repeat deal, as flags.
var Example = strings.Fields("-revenue 55000 -cogs 40000 -cpl 500 -conversion 0.1 -bonus-first 5000 -bonus-repeat 3000 -errors-first 3000 -errors-repeat 1000")

// Program is the run function of a program.
type Program func(args []string, stdout, stderr io.Writer) int

// Run runs the program, which must succeed, and returns its output.
func Run(t *testing.T, program Program, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	if status := program(args, &out, &err); status != 0 {
		t.Fatalf("%q: exit status %d\n%s", args, status, err.String())
	}
	return out.String(), err.String()
}

// Fail runs the program, which must end with the status, a message, no output
// and no panic, and returns the message.
func Fail(t *testing.T, program Program, status int, args ...string) string {
	t.Helper()
	var out, err bytes.Buffer
	got := program(args, &out, &err)
	switch {
	case got != status:
		t.Fatalf("%q: exit status %d, want %d\n%s", args, got, status, err.String())
	case out.Len() > 0:
		t.Errorf("%q: failed but wrote %q to stdout", args, out.String())
	case err.Len() == 0:
		t.Errorf("%q: failed without a word", args)
	}
	return err.String()
}

// Rows is a CSV output.
type Rows struct {
	Header []string
	Rows   []map[string]string
}

// CSV reads the output of a program with -format csv, whose header must begin
// with the columns of want.
func CSV(t *testing.T, out, want string) Rows {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := Rows{Header: records[0]}
	if header := strings.Join(r.Header, ","); header != want && !strings.HasPrefix(header, want+",") {
		t.Fatalf("header %s\nwant   %s …", header, want)
	}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, cell := range record {
			row[r.Header[i]] = cell
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

// Amount returns a cell of a row as an exact number; an empty one is 0.
func Amount(t *testing.T, row map[string]string, column string) orders.Amount {
	t.Helper()
	cell, ok := row[column]
	if !ok {
		t.Fatalf("no column %s", column)
	}
	if cell == "" {
		return 0
	}
	a, err := orders.ParseAmount(cell)
	if err != nil {
		t.Fatalf("%s: %v", column, err)
	}
	return a
}

// Sum returns the exact sum of a column over rows.
func Sum(t *testing.T, rows []map[string]string, column string) (sum orders.Amount) {
	t.Helper()
	for _, row := range rows {
		sum += Amount(t, row, column)
	}
	return sum
}

// Golden compares got with testdata/name, which -update rewrites.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
