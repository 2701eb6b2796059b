// Package published reads public data sets whose figures are published, for
// tests to be held to. The data lie beside the repository, in ../shared/data,
// on some machines only: elsewhere a test that asks for them is skipped.
package published

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/repeatsales/repeatsales/orders"
)

// Path returns the path of the file of that name; it skips the test if there
// is none.
func Path(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(root(t), "..", "shared", "data", name)
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		t.Skipf("%s is not beside the repository", name)
	case err != nil:
		t.Fatal(err)
	}
	return path
}

// root returns the directory of go.mod: a test runs in that of its package.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod in this directory or above")
		}
		dir = parent
	}
}

// open opens the file of that name until the test ends.
func open(t testing.TB, name string) io.Reader {
	t.Helper()
	file, err := os.Open(Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// CDNOW returns the 1/10 sample of the CDNOW data, one line a transaction, by
// customer and day: 2,357 customers acquired in the first quarter of 1997 and
// what they bought through June 1998, 244,091.94 dollars on 6,696 days of
// purchase. There are free ones among them: the figures are with
// [orders.Options] CountZero.
//
// Source: P. S. Fader and B. G. S. Hardie, Forecasting Repeat Sales at CDNOW
// (2001).
func CDNOW(t testing.TB) []orders.Line {
	t.Helper()
	var lines []orders.Line
	s := bufio.NewScanner(open(t, "CDNOW_sample.txt"))
	for s.Scan() {
		f := strings.Fields(s.Text()) // master id, sample id, yyyymmdd, CDs, dollars
		if len(f) != 5 {
			t.Fatalf("row %q has %d fields", s.Text(), len(f))
		}
		day, err1 := time.Parse("20060102", f[2])
		quantity, err2 := orders.ParseAmount(f[3])
		revenue, err3 := orders.ParseAmount(f[4])
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatalf("row %q: %v", s.Text(), err)
		}
		lines = append(lines, orders.Line{Customer: f[1], Date: orders.DateOf(day), Quantity: quantity, Revenue: revenue})
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// OnlineRetail returns the Online Retail data, one line a row of an invoice,
// quantity × price being the revenue: 541,909 rows of a British wholesaler from
// December 2010 to 9 December 2011. The orders whose number begins with C are
// cancellations; with a customer and without those there are 18,532 orders of
// 4,338 customers, 8,911,407.904 pounds.
//
// Source: D. Chen, Online Retail, UCI Machine Learning Repository (2015), CC BY 4.0.
func OnlineRetail(t testing.TB) []orders.Line {
	t.Helper()
	r := csv.NewReader(bufio.NewReader(open(t, "uci_online_retail.csv")))
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	var lines []orders.Line
	for {
		f, err := r.Read() // InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
		if err == io.EOF {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		at, err1 := time.Parse(time.DateTime, f[4])
		quantity, err2 := orders.ParseAmount(f[3])
		price, err3 := orders.ParseAmount(f[5])
		revenue, exact, err4 := quantity.Mul(price)
		if err := errors.Join(err1, err2, err3, err4); err != nil || !exact {
			t.Fatalf("row %q: exact %v, %v", f, exact, err)
		}
		lines = append(lines, orders.Line{
			Customer: f[6], Order: f[0], Date: orders.DateOf(at), Product: f[1], Quantity: quantity, Revenue: revenue,
		})
	}
}
