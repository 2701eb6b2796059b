package orders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"
)

// detectOf returns what is detected of a text.
func detectOf(t interface{ Fatal(...any) }, text string, o Options) *Detection {
	s, err := sampleHead(strings.NewReader(text), "f.csv")
	if err != nil {
		t.Fatal(err)
	}
	l, err := detect("f.csv", s, o)
	if err != nil {
		t.Fatal(err)
	}
	return &l.Detection
}

// throughJSON returns the mapping written as JSON and read again.
func throughJSON(t interface{ Fatal(...any) }, m Mapping) Mapping {
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadMapping(bytes.NewReader(b))
	if err != nil {
		t.Fatal(string(b), err)
	}
	return got
}

// checkMapping requires that what was detected of a text is the same mapping
// behind JSON, and that the text read with it gives the same as without.
func checkMapping(t interface {
	Fatal(...any)
	Errorf(string, ...any)
}, text string, o Options) {
	want, err := transcribe(text, o)
	if err != nil {
		t.Fatal(err)
	}
	m := want.detections[0].Mapping()
	again := throughJSON(t, m)
	if !reflect.DeepEqual(again, m) {
		t.Errorf("the mapping is\n%+v\nand behind JSON\n%+v", m, again)
	}
	o.Columns, o.Mapping = nil, &again
	got, err := transcribe(text, o)
	if err != nil {
		t.Fatal(err)
	}
	guessed := func(s string) string { // what is told is not guessed any more
		var lines []string
		for line := range strings.Lines(s) {
			if !strings.HasPrefix(line, "warn ") {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "")
	}
	if a, b := guessed(got.String()), guessed(want.String()); a != b {
		t.Errorf("%q\nis with its mapping\n%s\nwithout\n%s", text, a, b)
	}
	if found := got.detections[0].Mapping(); !reflect.DeepEqual(found, m) {
		t.Errorf("read with the mapping\n%+v\nthe mapping detected is\n%+v", m, found)
	}
}

func TestMappingOfDetection(t *testing.T) {
	russian, err := charmap.Windows1251.NewEncoder().String("Журнал продаж\r\n\r\nДата;Контрагент;Выручка, руб.;Вид документа;Статус\r\n01.02.2024 10:00:00;ООО «Ромашка»;1 234,56;Реализация;Закрыт\r\n02.02.2024;Лютик;100,00;Возврат;Закрыт\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		o          Options
	}{
		{name: "plain", text: "date,customer,revenue\n2024-01-31,a,1.50\n"},
		{name: "windows-1251 under a title, with types and states", text: russian},
		{name: "a byte order mark", text: "\ufeffdate;customer;revenue\n31.01.2024;a;1,50\n"},
		{name: "quantity times price", text: "order,date,customer,quantity,price\n1,2024-01-31,a,2,1.25\n"},
		{name: "one column in two roles", text: "date,customer,sum\n2024-01-31,a,1.50\n", o: Options{Columns: map[Role]string{RoleRevenue: "sum", RoleProfit: "sum"}}},
		{name: "a CRM with deals still open", text: "ID;Стадия сделки;Сумма;Клиент;Дата закрытия\n1;Сделка успешна;100;a;01.02.2024\n2;В работе;50;b;\n3;Сделка провалена;70;c;02.02.2024\n"},
		{name: "names with VAT and currency", text: "Дата;Клиент;Сумма без НДС, KZT\n31.01.2024;a;1,50\n"},
	} {
		t.Run(c.name, func(t *testing.T) { checkMapping(t, c.text, c.o) })
	}
}

// TestMappingProperty: the same of exports written at random.
func TestMappingProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "comma")
		date := rapid.SampledFrom([]string{"%[1]d-%02[2]d-%02[3]d", "%02[3]d.%02[2]d.%[1]d", "%02[3]d/%02[2]d/%[1]d"}).Draw(t, "date")
		mark := rapid.SampledFrom([]string{".", ","}).Draw(t, "mark")
		if mark == comma {
			mark = "."
		}
		columns := rapid.Permutation([]string{"date", "customer", "revenue", "cost", "status", "what else"}).Draw(t, "columns")
		var b strings.Builder
		b.WriteString(strings.Repeat("title\n", rapid.IntRange(0, 3).Draw(t, "titles")))
		b.WriteString(strings.Join(columns, comma) + "\n")
		for i := range rapid.IntRange(1, 20).Draw(t, "rows") {
			cells := make([]string, len(columns))
			for k, column := range columns {
				switch column {
				case "date":
					day := 13 + i%15
					cells[k] = fmt.Sprintf(date, 2024, rapid.IntRange(1, 12).Draw(t, "month"), day)
				case "customer":
					cells[k] = rapid.SampledFrom([]string{"a", "b", "", "ООО «Ромашка»"}).Draw(t, "customer")
				case "revenue", "cost":
					cells[k] = fmt.Sprintf("%d%s%02d", rapid.IntRange(-99, 9999).Draw(t, "whole"), mark, rapid.IntRange(0, 99).Draw(t, "part"))
				case "status":
					cells[k] = rapid.SampledFrom([]string{"won", "lost", "open", "paid", ""}).Draw(t, "status")
				}
			}
			b.WriteString(strings.Join(cells, comma) + "\n")
		}
		checkMapping(t, b.String(), Options{MaxRejected: 1})
	})
}

func TestMappingThatDoesNotFit(t *testing.T) {
	const text = "date,customer,revenue\n2024-01-31,a,1.50\n"
	m := detectOf(t, text, Options{}).Mapping()
	for _, c := range []struct {
		name, text string
		change     func(*Mapping)
		err        error // nil: a FormatError
		want       string
	}{
		{"a header is missing", "date,customer\n2024-01-31,a\n", nil, ErrColumn, `no column is named "revenue", which is to be revenue; row 1 has "date", "customer"`},
		{"a header is another", "date,customer,turnover\n2024-01-31,a,1.50\n", nil, ErrColumn, `no column is named "revenue"`},
		{"the header moved down", "\n" + text, nil, ErrColumn, "its row 1, which is to name the columns, is blank or not there"},
		{"another line is the header", "title\n" + text, nil, ErrColumn, `row 1 has "title"`},
		{"too few columns", text, func(m *Mapping) { m.Columns[1] = MappedColumn{Number: 9, Role: RoleCustomer} }, ErrColumn, "there is no column 9, which is to be customer"},
		{"two of a name", "date,customer,revenue,revenue\n2024-01-31,a,1.50,2\n", func(m *Mapping) { m.Columns[2].Number = 0 }, ErrColumn, `columns 3, 4 are all named "revenue"`},
		{"another delimiter", strings.ReplaceAll(text, ",", ";"), nil, ErrColumn, `row 1 has "date;customer;revenue"`},
		{"all columns are optional and the date is missing", text, func(m *Mapping) { m.Columns[0] = MappedColumn{Header: "day", Role: RoleDate, Optional: true} }, ErrColumn, "there is none for the date"},
		{"it is for a workbook", text, func(m *Mapping) { m.Format = "xlsx" }, nil, "the mapping is for xlsx"},
		{"the currency is another", "date,customer,\"revenue, USD\"\n2024-01-31,a,1.50\n", func(m *Mapping) { m.Currency = "EUR" }, ErrCurrency, "Options.Mapping.Currency says EUR, f.csv: row 1 says USD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := throughJSON(t, m)
			if c.change != nil {
				c.change(&m)
			}
			_, err := transcribe(c.text, Options{Mapping: &m})
			if _, format := errors.AsType[*FormatError](err); err == nil || c.err != nil && !errors.Is(err, c.err) || c.err == nil && !format || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %v with %s", err, c.err, c.want)
			}
		})
	}
}

// TestMappingThatStillFits: columns that moved, or that are new, are no trouble
// to a mapping, for it knows them by name.
func TestMappingThatStillFits(t *testing.T) {
	m := detectOf(t, "date,customer,revenue\n2024-01-31,a,1.50\n", Options{}).Mapping()
	got, err := transcribe("manager,revenue,date,customer\nAnn,2.50,2024-02-01,b\n", Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	if want := "2024-02-01 customer=b revenue=2.5\n"; got.String() != want { // the manager is not in the mapping
		t.Errorf("got %swant %s", got, want)
	}
	got, err = transcribe("revenue,date,customer,revenue\n2.50,2024-02-01,b,7\n", Options{Mapping: &Mapping{Columns: []MappedColumn{
		{Header: "date", Role: RoleDate}, {Header: "revenue", Number: 4, Role: RoleRevenue}, {Number: 3, Role: RoleCustomer}}}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "2024-02-01 customer=b revenue=7\n"; got.String() != want {
		t.Errorf("got %swant %s", got, want)
	}
}

// TestMappingDecides: what a mapping says is not guessed.
func TestMappingDecides(t *testing.T) {
	const text = "date;customer;revenue\n03.04.2024;a;1,234\n04.05.2024;b;2,345\n"
	m := Mapping{Columns: []MappedColumn{
		{Header: "date", Role: RoleDate, Dates: "mm.dd.yyyy"},
		{Header: "customer", Role: RoleCustomer},
		{Header: "revenue", Role: RoleRevenue, Decimal: "."},
	}}
	got, err := transcribe(text, Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	if want := "2024-03-04 customer=a revenue=1234\n2024-04-05 customer=b revenue=2345\n"; got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	m.Columns[0].Dates, m.Columns[2].Decimal = "dd.mm.yyyy", ","
	if got, err = transcribe(text, Options{Mapping: &m}); err != nil {
		t.Fatal(err)
	}
	if want := "2024-04-03 customer=a revenue=1.234\n2024-05-04 customer=b revenue=2.345\n"; got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// The caller's own columns go before the mapping's.
	got, err = transcribe("date,customer,revenue,net\n2024-01-31,a,1.50,1.25\n", Options{
		Mapping: &Mapping{Columns: []MappedColumn{{Header: "date", Role: RoleDate}, {Header: "revenue", Role: RoleRevenue}}},
		Columns: map[Role]string{RoleRevenue: "net"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "warn no_customer_column\n2024-01-31 revenue=1.25\n"; got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestMappedFallbacks: texts come from the first column that is not blank, and
// of other roles the first that the file has is read.
func TestMappedFallbacks(t *testing.T) {
	m := Mapping{Columns: []MappedColumn{
		{Header: "closed", Role: RoleDate, Optional: true}, {Header: "created", Role: RoleDate},
		{Header: "company", Role: RoleCustomer}, {Header: "person", Or: []string{"contact"}, Role: RoleCustomer}, {Header: "phone", Role: RoleCustomer, Optional: true},
		{Header: "revenue", Role: RoleRevenue},
	}}
	got, err := transcribe("contact,company,created,revenue\nAnn,Shop,2024-01-31,1\nBob,,2024-01-31,2\n,,2024-01-31,3\n", Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	if want := "2024-01-31 customer=Shop revenue=1\n2024-01-31 customer=Bob revenue=2\n2024-01-31 revenue=3\n"; got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// The order of the columns in the file is another than that of preference.
	again := got.detections[0].Mapping()
	if again.Columns[3].Header != "contact" || again.Columns[3].Role != RoleCustomer || again.Columns[0].Header != "company" {
		t.Errorf("mapping %+v", again.Columns)
	}
}

func TestMappingJSON(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"unknown field", `{"colums": []}`, `unknown field "colums"`},
		{"unknown field of a column", `{"columns": [{"header": "a", "rolle": "date"}]}`, `unknown field "rolle"`},
		{"unknown field of the statuses", `{"statuses": {"lots": []}}`, `unknown field "lots"`},
		{"role", `{"columns": [{"header": "a", "role": "data"}]}`, `Mapping.Columns[0].Role = "data"`},
		{"no name and no number", `{"columns": [{"role": "date"}]}`, `Mapping.Columns[0].Number = 0`},
		{"negative number", `{"columns": [{"role": "date", "number": -1, "header": "a"}]}`, `Mapping.Columns[0].Number = -1`},
		{"blank other name", `{"columns": [{"role": "date", "header": "a", "or": [" "]}]}`, `Mapping.Columns[0].Or`},
		{"decimal mark", `{"columns": [{"header": "a", "role": "revenue", "decimal": ";"}]}`, `Mapping.Columns[0].Decimal = ";"`},
		{"decimal mark of a text", `{"columns": [{"header": "a", "role": "order", "decimal": "."}]}`, `Mapping.Columns[0].Decimal = "." of a order`},
		{"dates", `{"columns": [{"header": "a", "role": "date", "dates": "DD.MM"}]}`, `Mapping.Columns[0].Dates = "DD.MM"`},
		{"format", `{"format": "xls"}`, `Mapping.Format = "xls"`},
		{"encoding", `{"encoding": "utf-7"}`, `Mapping.Encoding = "utf-7"`},
		{"delimiter", `{"delimiter": "::"}`, `Mapping.Delimiter = "::"`},
		{"header row", `{"header_row": -1}`, `Mapping.HeaderRow = -1`},
		{"header rows alone", `{"header_rows": 2}`, `Mapping.HeaderRows = 2`},
		{"shape", `{"shape": "round"}`, `Mapping.Shape = "round"`},
		{"VAT", `{"vat": "some"}`, `Mapping.VAT = "some"`},
		{"zone", `{"zone": "Moscow"}`, `Mapping.Zone = "Moscow"`},
		{"the machine's zone", `{"zone": "Local"}`, `Mapping.Zone = "Local"`},
		{"a word that fits everything", `{"statuses": {"won": ["-"]}}`, `Mapping.Statuses.Won[0] = "-"`},
		{"a prefix of everything", `{"return_orders": [""]}`, `Mapping.ReturnOrders[0] = ""`},
		{"rate of 0", `{"currency": "RUB", "rates": {"USD": 0}}`, `Mapping.Rates["USD"] = 0`},
		{"no rate", `{"currency": "RUB", "rates": {"USD": "much"}}`, `Mapping.Rates["USD"] = "much"`},
		{"rate of itself", `{"currency": "RUB", "rates": {"рубль": 1}}`, `Mapping.Rates["рубль"]`},
		{"two rates", `{"currency": "RUB", "rates": {"USD": 90, "доллар США": 91}}`, `Mapping.Rates["доллар США"]`},
		{"rates into nothing", `{"rates": {"USD": 90}}`, `Mapping.Currency is blank`},
		{"another type", `{"header_row": "two"}`, `header_row`},
		{"no JSON", `header_row: 2`, `no JSON, at byte`},
		{"cut", `{"header_row": 2`, `ends too early`},
		{"nothing", ``, `ends too early`},
		{"two", `{} {}`, `more behind it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadMapping(strings.NewReader(c.in))
			if !errors.Is(err, ErrOptions) || !strings.Contains(fmt.Sprint(err), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
	var m struct{ Sales Mapping } // as a part of an ERP's configuration
	if err := json.Unmarshal([]byte(`{"sales": {"currency": "RUB", "rates": {"USD": 92.5, "EUR": "100.25"}, "statuses": {"won": []}}}`), &m); err != nil {
		t.Fatal(err)
	}
	if m.Sales.Rates["USD"] != 925_000 || m.Sales.Rates["EUR"] != 1_002_500 || m.Sales.Statuses.Won == nil || m.Sales.Statuses.Lost != nil {
		t.Errorf("%+v", m.Sales)
	}
	if again := throughJSON(t, m.Sales); !reflect.DeepEqual(again, m.Sales) {
		t.Errorf("behind JSON %+v", again)
	}
	if err := (Options{Mapping: &Mapping{Format: "xls"}}).check(); !errors.Is(err, ErrOptions) {
		t.Errorf("a mapping that was never JSON: %v", err)
	}
}

// FuzzMapping: no JSON makes a panic, whatever is read is the same behind JSON,
// and an export read with it is read or gives an error.
func FuzzMapping(f *testing.F) {
	for _, name := range Presets() {
		m, err := Preset(name)
		if err != nil {
			f.Fatal(err)
		}
		b, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add(`{"format":"csv","encoding":"utf-8","delimiter":",","header_row":1,"header_rows":1,"shape":"lines","columns":[{"header":"date","number":1,"role":"date","dates":"yyyy-mm-dd"},{"number":2,"role":"revenue","decimal":"."}],"currency":"RUB","rates":{"USD":"1.5"},"vat":"included","zone":"Europe/Moscow"}`)
	f.Add(`{"columns":[{"header":"date","role":"date"},{"header":"revenue","role":"revenue"},{"header":"status","role":"customer"},{"header":"customer","role":"customer"},{"header":"currency","role":"currency"}],"cancel_orders":["C"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadMapping(strings.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrOptions) && !strings.Contains(err.Error(), "json") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadMapping(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%q is %s: %v", text, b, err)
		}
		if b2, _ := json.Marshal(again); string(b2) != string(b) {
			t.Errorf("%q is %s and then %s", text, b, b2)
		}
		h, err := Read(context.Background(), "f.csv", strings.NewReader("date,customer,revenue,status,currency\n2024-01-31,a,1.50,won,USD\n2024-02-01,b,2,lost,RUB\n2024-02-01,b,2\n"), Options{Mapping: &m, MaxRejected: 1})
		if err == nil {
			h.Release()
		}
	})
}
