package orders

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// quarantine reads text and returns what of it goes into quarantine.
func quarantine(t interface{ Fatal(...any) }, text string, o Options) (got *transcript, bad string) {
	var b bytes.Buffer
	o.Quarantine = func(d *Detection) (io.Writer, error) { return &b, nil }
	got, err := transcribe(text, o)
	if err != nil {
		t.Fatal(err)
	}
	return got, b.String()
}

func TestQuarantine(t *testing.T) {
	const text = `Отчёт;;;
Дата;Клиент;Сумма;Комментарий
31.01.2024;a;1,50;
когда-то;"ООО ""Ромашка""";2,50;"две
строки"
31.01.2024;b
01.02.2024;c;много;;;
01.02.2024;d"e;4,00;x
01.02.2024;"f"g;4,00;x
02.02.2024;h;5,00;
`
	got, bad := quarantine(t, text, Options{})
	if want := "\ufeff" + `Дата;Клиент;Сумма;Комментарий;_row;_column;_code;_reason
когда-то;"ООО ""Ромашка""";2,50;"две
строки";4;1;bad_date;not a date of the form dd.mm.yyyy
31.01.2024;b;;;5;;short_row;2 cells, the header has 4
01.02.2024;c;много;;6;3;bad_number;not a number whose decimal mark is ','
"01.02.2024;""f""g;4,00;x";;;;8;2;bad_quote;"the quoted cell that begins on this line is followed by text; a quote within quotes must be doubled"
`; bad != want {
		t.Errorf("the quarantine of\n%s\nis\n%s\nwant\n%s", got, bad, want)
	}
}

// TestQuarantineIsMended: what is mended in a quarantine file and read, by the
// mapping of its export or without, are the rows that were missing.
func TestQuarantineIsMended(t *testing.T) {
	const text = "title\n\ndate;customer;revenue;note\n13.02.2024;a;1,50;x\n14.02.2024;b;oops;y\n31.02.2024;c;2,25;\n15.02.2024;d;3,00;z\n"
	_, bad := quarantine(t, text, Options{})
	m := detectText(t, text, Options{}).Mapping()
	mended := strings.NewReplacer(";oops;", ";7,75;", "31.02.2024", "29.02.2024").Replace(bad)
	const want = "2024-02-14 customer=b revenue=7.75\n2024-02-29 customer=c revenue=2.25\n"
	for name, o := range map[string]Options{"detected": {}, "by the mapping": {Mapping: &m}} {
		got, err := transcribe(mended, o)
		if err != nil {
			t.Fatal(name, err)
		}
		if got.String() != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	// Read as it is, it is rejected as it was, for the same reasons.
	again, bad2 := quarantine(t, bad, Options{Mapping: &m})
	if again.rejected != 2 || strings.Count(bad2, "_row") != 1 || strings.Count(bad2, "bad_number") != 1 || strings.Count(bad2, "bad_date") != 1 {
		t.Errorf("read again it is\n%s\nand its quarantine\n%s", again, bad2)
	}
}

func TestQuarantineOfAnotherEncoding(t *testing.T) {
	m := Mapping{Encoding: "windows-1251", Delimiter: ";", HeaderRow: 5, Format: "xlsx", Columns: []MappedColumn{
		{Header: "Дата", Role: RoleDate, Dates: "dd.mm.yyyy"}, {Header: "Клиент", Role: RoleCustomer}, {Header: "Сумма", Role: RoleRevenue, Decimal: ","}}}
	got, err := transcribe("\ufeffДата;Клиент;Сумма;_row;_column;_code;_reason\n03.04.2024;Лютик;1,234;17;1;bad_date;\n", Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	if want := "2024-04-03 customer=Лютик revenue=1.234\n"; got.String() != want {
		t.Errorf("got %swant %s", got, want)
	}
}

func TestQuarantineFails(t *testing.T) {
	const text = "date,customer,revenue\n2024-01-31,a,x\n2024-01-31,a,y\n2024-01-31,a,1\n"
	full := errors.New("disk full")
	calls := 0
	for name, open := range map[string]func(*Detection) (io.Writer, error){
		"cannot open":  func(*Detection) (io.Writer, error) { return nil, full },
		"cannot write": func(*Detection) (io.Writer, error) { return broken{full}, nil },
	} {
		if _, err := Read(context.Background(), "f.csv", strings.NewReader(text), Options{MaxRejected: 1, Quarantine: open}); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h, err := Read(context.Background(), "f.csv", strings.NewReader(text), Options{MaxRejected: 1, Quarantine: func(d *Detection) (io.Writer, error) {
		calls++
		if d.File != "f.csv" || d.Delimiter != "," {
			t.Errorf("called with %+v", d)
		}
		return nil, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	h.Release()
	if calls != 1 {
		t.Errorf("called %d times", calls)
	}
}

type broken struct{ err error }

func (f broken) Write([]byte) (int, error) { return 0, f.err }

// TestQuarantineProperty: whatever the cells are, the rejected rows stand in the
// quarantine as they stood in the export.
func TestQuarantineProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOf(rapid.RuneFrom([]rune("ab;,\"\n \\'=я")))
		var b strings.Builder
		b.WriteString("date;customer;revenue;note\n2024-01-31;a;1;\n")
		var want [][2]string
		for range rapid.IntRange(0, 8).Draw(t, "rows") {
			customer, note := "c"+cell.Draw(t, "customer"), cell.Draw(t, "note")
			quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
			b.WriteString("2024-01-31;" + quote(customer) + ";none;" + quote(note) + "\n")
			want = append(want, [2]string{strings.TrimSpace(customer), strings.TrimSpace(note)})
		}
		_, bad := quarantine(t, b.String(), Options{MaxRejected: 1})
		if bad == "" && len(want) == 0 {
			return
		}
		mended, err := transcribeLines(strings.ReplaceAll(bad, ";none;", ";1;"), Options{Columns: map[Role]string{RoleChannel: "note"}, Mapping: &Mapping{Delimiter: ";"}})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(mended, want) {
			t.Errorf("rows\n%q\ncome back as\n%q\nfrom\n%s", want, mended, bad)
		}
	})
}

// lineSink keeps customers and channels.
type lineSink struct {
	transcript
	lines [][2]string
}

func (s *lineSink) add(r *record) error {
	s.lines = append(s.lines, [2]string{string(r.customer), string(r.channel)})
	return nil
}

func transcribeLines(text string, o Options) ([][2]string, error) {
	s := new(lineSink)
	err := newIntake(context.Background(), o, s).stream("f.csv", strings.NewReader(text))
	return s.lines, err
}

// TestQuarantineOfFirstLineOrders: rows go into quarantine
// with what the first row of their order says, and by the mapping come back.
func TestQuarantineOfFirstLineOrders(t *testing.T) {
	const text = "Order Reference,Order Date,Customer,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price,Order Lines/Subtotal\n" +
		"S1,2024-02-13,Ann,lamp,1,10.00,10.00\n,,,bulb,2,1.00,none\nS2,2024-02-14,Bob,lamp,1,10.00,10.00\n,,,bulb,1,1.00,1.00\n"
	got, bad := quarantine(t, text, Options{})
	if shape := got.detections[0].Shape; shape != ShapeFirstLine {
		t.Fatalf("the shape is %s", shape)
	}
	if want := "\ufeffOrder Reference,Order Date,Customer,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price,Order Lines/Subtotal,_row,_column,_code,_reason\n" +
		"S1,2024-02-13,Ann,bulb,2,1.00,none,3,7,bad_number,not a number whose decimal mark is '.'\n"; bad != want {
		t.Errorf("quarantine\n%s\nwant\n%s", bad, want)
	}
	m := got.detections[0].Mapping()
	mended, err := transcribe(strings.Replace(bad, "none", "2.00", 1), Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	if want := "2024-02-13 customer=Ann order=S1 product=bulb quantity=2 revenue=2\n"; mended.String() != want {
		t.Errorf("mended\n%s\nwant\n%s", mended, want)
	}
}
