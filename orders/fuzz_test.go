package orders

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// balance reads text and checks what must hold for every export: no panic, an
// error that says something, and rows and money that add up.
func balance(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string, o Options) {
	t.Helper()
	h, err := Read(context.Background(), "f.csv", strings.NewReader(text), o)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "orders: ") {
			t.Fatalf("error without its package: %v", err)
		}
		return
	}
	defer h.Release()
	c, err := h.Control(context.Background())
	if err != nil {
		t.Fatalf("control: %v", err)
	}
	rows, money := c.Accepted+c.Rejected, c.Export+c.MoneyRejected
	for _, s := range c.Skipped {
		rows += s.Rows
		money += s.Money
	}
	if rows != c.RowsRead || money != c.MoneyRead {
		t.Fatalf("%d rows and %s read, %d and %s accounted for", c.RowsRead, c.MoneyRead, rows, money)
	}
	if c.Export != c.Identified+c.Anonymous+c.Cancelled {
		t.Fatalf("export %s is not identified %s + anonymous %s + cancelled %s", c.Export, c.Identified, c.Anonymous, c.Cancelled)
	}
	if int64(len(h.Rejects())) != c.Rejected {
		t.Fatalf("%d rows rejected, %d listed", c.Rejected, len(h.Rejects()))
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"date,customer,amount\n2024-01-05,A,10\n",
		"Дата;Клиент;Сумма, руб.\n05.01.2024;А;1 234,56\nИтого;;1 234,56\n",
		"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\nC1,D,\"x, y\",-1,2010-12-01 08:26:00,2.55,17850\n",
		"date\tcustomer\tamount\tcurrency\tstatus\ttype\n1/2/24\tA\t(5)\tRUB\tcancelled\treturn\n",
		"\xff\xfed\x00a\x00t\x00e\x00,\x00a\x00m\x00o\x00u\x00n\x00t\x00\n\x00",
		"\xc4\xe0\xf2\xe0;\xd1\xf3\xec\xec\xe0\n05.01.2024;1\xa0000\n",
		"sep=;\ndate;profit;revenue\n2024-01-05;1;2\n\"2024-01-05;1",
	} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	for _, s := range fixtures(f) {
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, strict bool) {
		balance(t, string(text), Options{Strict: strict, MaxRejected: 1, KeepRejects: 1 << 20})
	})
}

// messyHead begins an export so that it tells how it is written.
const messyHead = "date;customer;order;product;quantity;amount;cost;currency\n01.02.2024;A;1;x;1;1 234,56;1;RUB\n"

// messy draws an export some of whose cells are nonsense.
func messy(t *rapid.T) string {
	var b strings.Builder
	b.WriteString(messyHead)
	pick := func(name string, cells ...string) string { return rapid.SampledFrom(cells).Draw(t, name) }
	for range rapid.IntRange(0, 30).Draw(t, "rows") {
		fmt.Fprintf(&b, "%s;%s;%s;%s;%s;%s;%s;%s%s\n",
			pick("date", "01.02.2024", "13.02.2024 10:00", "14.03.2024", "", "31.02.2024", "Итого", "01.01.0001"),
			pick("customer", "A", "B", "\"C;D\"", "\"E\nF\"", "", "Итого", "\"G"),
			pick("order", "1", "2", ""), pick("product", "x", "\"y \"\"z\"\"\""),
			pick("quantity", "1", "1,5", "x", ""), pick("amount", "10", "-5", "1 234,56", "0,00001", "9999999999999999999", ""),
			pick("cost", "1", "", "-"), pick("currency", "RUB", ""), pick("more", "", "", ";", ";x"))
	}
	return b.String()
}

// TestReadBalances: rows read are rows accepted, rejected and skipped.
func TestReadBalances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		balance(t, messy(t), Options{MaxRejected: 1, KeepRejects: 1 << 20})
	})
}

// TestReadInPieces: however the bytes come, what is read is the same.
func TestReadInPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := messy(t)
		o := Options{Mapping: &Mapping{Shape: ShapeLines}} // which the sample would tell
		want, wantErr := transcribe(text, o)
		check := func(how string, read func(*intake) error) {
			got := new(transcript)
			err := read(newIntake(context.Background(), o, got))
			if got.String() != want.String() || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Fatalf("%s:\n%s%v\nat once:\n%s%v", how, got, err, want, wantErr)
			}
		}
		check("byte by byte", func(in *intake) error {
			return in.stream("f.csv", iotest.OneByteReader(strings.NewReader(text)))
		})
		// Nor does it matter where the sample ends, as long as it tells as much.
		n := rapid.IntRange(len(messyHead), len(text)).Draw(t, "sample")
		check(fmt.Sprintf("with %d of %d bytes as the sample", n, len(text)), func(in *intake) error {
			return in.text("f.csv", sample{head: []byte(text[:n])}, iotest.HalfReader(strings.NewReader(text[n:])))
		})
	})
}

// TestStrictIsTheFirstReject: strict reading returns what else is the first of the list.
func TestStrictIsTheFirstReject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ReplaceAll(messy(t), "0,00001", "1") // which strict reading rejects
		_, strictErr := Read(context.Background(), "f.csv", strings.NewReader(text), Options{Strict: true})
		h, err := Read(context.Background(), "f.csv", strings.NewReader(text), Options{MaxRejected: 1})
		if err != nil {
			return
		}
		defer h.Release()
		var e *RowError
		switch rejects := h.Rejects(); {
		case len(rejects) == 0 && strictErr != nil:
			t.Fatalf("strict: %v", strictErr)
		case len(rejects) > 0 && (!errors.As(strictErr, &e) || *e != rejects[0]):
			t.Fatalf("strict: %v, the first reject is %v", strictErr, &rejects[0])
		}
	})
}
