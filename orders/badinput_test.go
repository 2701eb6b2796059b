package orders

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBadInput holds every kind of file that cannot be read to an error of the
// right kind that says where the fault is and what to do.
func TestBadInput(t *testing.T) {
	const good = "date,customer,amount\n2024-01-05,A,10\n"
	formats := func(format string) func(error) bool {
		return func(err error) bool {
			var e *FormatError
			return errors.As(err, &e) && e.Format == format && e.File != "" && e.Hint != ""
		}
	}
	is := func(target error) func(error) bool {
		return func(err error) bool { return errors.Is(err, target) }
	}
	for _, c := range []struct {
		name, in string
		o        Options
		is       func(error) bool
		says     []string
	}{
		{"empty", "", Options{}, formats("empty"), nil},
		{"white space", "\ufeff \r\n\t\n", Options{}, formats("empty"), nil},
		{"zero bytes", "date\x00,\x00\x01\x02customer", Options{}, formats("binary"), nil},
		{"random bytes", "\x7fELF\x02\x01\x01\x03\x04\x05\x06\x07", Options{}, formats("binary"), nil},
		{"xlsx", "PK\x03\x04rest", Options{}, formats("xlsx or zip"), []string{"CSV UTF-8"}},
		{"xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Options{}, formats("xls"), []string{"CSV UTF-8"}},
		{"parquet", "PAR1\x15\x04", Options{}, formats("parquet"), nil},
		{"html", "\n <HTML><body><table>", Options{}, formats("html"), []string{"spreadsheet"}},
		{"pdf", "%PDF-1.7", Options{}, formats("pdf"), nil},
		{"gzip", zipped(good), Options{}, formats("gzip"), []string{"unpack"}},
		{"json", `[{"date":"2024-01-05"}]`, Options{}, formats("json"), nil},
		{"ten megabytes without a line end", strings.Repeat("abc,", 10<<18), Options{}, formats("not a table"), []string{"row 1", "line 1"}},
		{"a line without an end below others", good + strings.Repeat("x", 10<<20), Options{}, formats("not a table"), []string{"row 3", "line 3"}},
		{"only broken quotes", "\"a\"b\n\"c\"d\n", Options{}, formats("not a table"), []string{"quotes"}},
		{"no header", "2024-01-05,A,10\n2024-01-06,B,20\n", Options{}, is(ErrColumn), []string{"no header", "2024-01-05"}},
		{"no header but a word that could be in one", "2024-01-05,Total,10\n2024-01-06,B,20\n", Options{}, is(ErrColumn), []string{"no header", "2024-01-05"}},
		{"strange header", "a,b,c\nx,y,z\n", Options{}, is(ErrColumn), []string{`"a", "b", "c"`, `-set date=HEADER`}},
		{"no date", "customer,amount\nA,10\n", Options{}, is(ErrColumn), []string{"the date", `"customer", "amount"`, `-set date=HEADER`, "row 1"}},
		{"no money", "date,customer,quantity\n2024-01-05,A,10\n", Options{}, is(ErrColumn), []string{"revenue", "quantity and price", `-set revenue=HEADER`}},
		{"column that is not there", good, Options{Columns: map[Role]string{RoleRevenue: "Umsatz"}}, is(ErrColumn), []string{`"Umsatz"`, `"date", "customer", "amount"`, "revenue"}},
		{"column named twice", "date,sum,Sum\n2024-01-05,1,2\n", Options{Columns: map[Role]string{RoleRevenue: "SUM"}}, is(ErrColumn), []string{"2 columns", `"SUM"`}},
		{"role that is not there", good, Options{Columns: map[Role]string{"colour": "date"}}, is(ErrOptions), []string{`"colour"`}},
		{"header only", "date,customer,amount\n", Options{}, is(ErrNoRows), nil},
		{"totals only", "date,customer,amount\nИтого,,10\n,Всего,20\n", Options{}, is(ErrNoRows), []string{"2", "total"}},
		{"cut off within a row", good + "2024-01-06,B", Options{}, is(ErrTruncated), []string{"f.csv", "row 3", "2 of 3"}},
		{"cut off within quotes", good + "2024-01-06,\"B, 10", Options{}, is(ErrTruncated), []string{"row 3", "column 2"}},
		{"two currencies", "date,customer,amount,currency\n2024-01-05,A,10,RUB\n2024-01-06,B,20,USD\n", Options{}, is(ErrCurrency), []string{"row 2", "RUB", "row 3", "USD", "column 4 (currency)", "Options.Currency"}},
		{"currency of the header", "date,customer,\"amount, USD\"\n2024-01-06,B,20\n", Options{Currency: "RUB"}, is(ErrCurrency), []string{"RUB", "USD", "row 1"}},
		{"year 20024", "date,customer,amount\n20024-01-05,A,10\n", Options{}, is(ErrNoRows), []string{"f.csv", "row 2", "column 1 (date)", "20024-01-05", "1980"}},
		{"year 20024 among others", good + "20024-01-05,A,10\n", Options{}, is(ErrRejected), []string{"f.csv", "row 3", "column 1 (date)", "20024-01-05", "1980"}},
		{"amounts beyond an Amount", "date,customer,amount\n2024-01-05,A,400000000000000\n2024-01-05,A,400000000000000\n", Options{}, is(ErrOverflow), nil},
		{"strict", good + "2024-01-06,B,ten\n", Options{Strict: true}, func(err error) bool {
			var e *RowError
			return errors.As(err, &e) && e.Row == 3 && e.Line == 3 && e.Column == 3 && e.Reason == BadNumber && e.Role == RoleRevenue
		}, []string{`orders: f.csv: row 3, column 3 (amount): not a number whose decimal mark is '.': "ten"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			h, err := Read(context.Background(), "f.csv", strings.NewReader(c.in), c.o)
			if err == nil {
				h.Release()
				t.Fatal("no error")
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %v to find out", took)
			}
			if !c.is(err) {
				t.Errorf("error of another kind: %v", err)
			}
			for _, s := range append(c.says, "orders: ") {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("the message does not say %q: %v", s, err)
				}
			}
			if len(err.Error()) > 1000 {
				t.Errorf("the message is %d bytes long", len(err.Error()))
			}
		})
	}
}

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func TestReadFileErrors(t *testing.T) {
	dir := t.TempDir()
	var format *FormatError
	if _, err := ReadFile(context.Background(), dir, Options{}); !errors.As(err, &format) || format.Format != "directory" {
		t.Errorf("a directory: %v", err)
	}
	missing := filepath.Join(dir, "missing.csv")
	if _, err := ReadFile(context.Background(), missing, Options{}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Detect(context.Background(), missing, Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("detecting a missing file: %v", err)
	}
	if _, err := ReadFiles(context.Background(), nil, Options{}); !errors.Is(err, ErrNoRows) {
		t.Errorf("no files: %v", err)
	}
	path := filepath.Join(dir, "f.csv")
	if err := os.WriteFile(path, []byte("date,customer\n2024-01-05,A\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Detect(context.Background(), path, Options{})
	if !errors.Is(err, ErrColumn) || d == nil || d.HeaderRow != 1 || len(d.Columns) != 2 {
		t.Errorf("a header without money: %v, %v; want the Detection so far beside the error", d, err)
	}
}

func TestReadStops(t *testing.T) {
	text := "date,customer,amount\n" + strings.Repeat("2024-01-05,A,10\n", 200_000)
	ctx, cancel := context.WithCancel(context.Background())
	var done int64
	_, err := Read(ctx, "f.csv", strings.NewReader(text), Options{Progress: func(n, _ int64) error {
		done = n
		cancel()
		return nil
	}})
	if !errors.Is(err, context.Canceled) || done == 0 || done == int64(len(text)) {
		t.Errorf("cancelled: error %v after %d bytes", err, done)
	}
	stop := errors.New("enough")
	if _, err := Read(context.Background(), "f.csv", strings.NewReader(text), Options{Progress: func(int64, int64) error { return stop }}); !errors.Is(err, stop) {
		t.Errorf("stopped by Progress: error %v", err)
	}
	broken := errors.New("the disk is gone")
	for _, n := range []int{10, 100, headSize + 1000} {
		src := &failing{strings.NewReader(text[:n]), broken}
		if _, err := Read(context.Background(), "f.csv", src, Options{}); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: error %v", n, err)
		}
	}
}

// failing reads what src has and then fails.
type failing struct {
	src *strings.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.src.Len() == 0 {
		return 0, f.err
	}
	return f.src.Read(p)
}
