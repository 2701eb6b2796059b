package orders

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// TestPitfalls reads what exports do to a reader: rows, warnings and reasons.
func TestPitfalls(t *testing.T) {
	zone := func(name string) Options { return Options{Mapping: &Mapping{Zone: name}} }
	for _, c := range []struct {
		name, in string
		o        Options
		want     string
	}{
		{name: "quotes with a backslash before them", in: `
date,customer,amount
2024-01-05,"A \"B\", C",10
2024-01-06,"\"D\"",11
2024-01-07,"C:\\",12
`, want: `
2024-01-05 customer=A "B", C revenue=10
2024-01-06 customer="D" revenue=11
2024-01-07 customer=C:\ revenue=12
`},
		{name: "a backslash at the end of a cell is text", in: `
date,customer,amount
2024-01-05,"C:\",10
2024-01-06,"D, E",11
`, want: `
2024-01-05 customer=C:\ revenue=10
2024-01-06 customer=D, E revenue=11
`},
		{name: "a header that comes late and again", in: `
Sales of May;;
made on 2 June;;

date;customer;amount
2024-05-05;A;10,5
date;customer;amount
;;
2024-05-06;B;11
`, want: `
2024-05-05 customer=A revenue=10.5
skip header 0
skip blank 0
2024-05-06 customer=B revenue=11
`},
		{name: "short rows: what no sale needs is blank", in: `
date,customer,amount,manager,note
2024-01-05,A,10,Ann,x
2024-01-06,A,11,Ann
2024-01-07,A,12
2024-01-08,A
`, want: `
2024-01-05 customer=A salesperson=Ann revenue=10
2024-01-06 customer=A salesperson=Ann revenue=11
2024-01-07 customer=A revenue=12
reject 5/5 short_row "2024-01-08,A" money 0
warn short_rows
`},
		{name: "a row without its customer is not an anonymous sale", in: `
date,amount,customer
2024-01-05,10,A
2024-01-06,11
`, want: `
2024-01-05 customer=A revenue=10
reject 3/3 short_row "2024-01-06,11" money 0
`},
		{name: "letters that were lost before", in: "\ndate,customer,amount\n2024-01-05,Caf\ufffd,10\n2024-01-06,\ufffd\ufffd,11\n2024-01-06,B,11\n", want: "\n" + `
2024-01-05 customer=Caf` + "\ufffd" + ` revenue=10
2024-01-06 customer=` + "\ufffd\ufffd" + ` revenue=11
2024-01-06 customer=B revenue=11
warn lost_letters
`},
		{name: "a percentage is no amount", in: `
date,customer,amount
2024-01-05,A,10
2024-01-06,A,12%
`, want: `
2024-01-05 customer=A revenue=10
reject 3/3 column 3 revenue(amount) bad_number "12%" money 0
`},
		{name: "groups of India, signs behind, currencies around", in: `
date;customer;amount
2024-01-05;A;12,34,567.50
2024-01-06;A;1,249.50-
2024-01-07;A;₹x
2024-01-08;A;$ 1,249.50
2024-01-09;A;1,249.50 USD
2024-01-10;A;(1,249.50)
2024-01-11;A;1,23,45
`, want: `
2024-01-05 customer=A revenue=1234567.5
2024-01-06 customer=A revenue=-1249.5
reject 4/4 column 3 revenue(amount) bad_number "₹x" money 0
2024-01-08 customer=A revenue=1249.5
2024-01-09 customer=A revenue=1249.5
2024-01-10 customer=A revenue=-1249.5
reject 8/8 column 3 revenue(amount) bad_number "1,23,45" money 0
`},
		{name: "SAP: signs behind, hours, zeros for no date", in: `
Sales document;Sold-to party;Billing date;Net amount;Customer since
1;100;2024010523;1.249,50-;00000000
2;100;20240106;2.500,25;20191231
3;100;00000000;1,25;20191231
`, want: `
2024-01-05 customer=100 order=1 revenue=-1249.5
2024-01-06 customer=100 order=2 revenue=2500.25 since=2019-12-31
reject 4/4 column 3 date(Billing date) no_date "00000000" money 1.25
`},
		{name: "days of a spreadsheet", in: `
date,customer,amount
45351,A,10
45352.75,A,11
`, want: `
warn date_serials
2024-02-29 customer=A revenue=10
2024-03-01 customer=A revenue=11
`},
		{name: "days of a spreadsheet that counts from 1904", o: Options{Mapping: &Mapping{Columns: []MappedColumn{
			{Header: "date", Role: RoleDate, Dates: "serial1904"}, {Header: "customer", Role: RoleCustomer}, {Header: "amount", Role: RoleRevenue}}}}, in: `
date,customer,amount
43889,A,10
`, want: `
2024-02-29 customer=A revenue=10
`},
		{name: "names of months in dates", in: `
Дата;Клиент;Сумма
5 июня 2026 г.;А;10,5
14 мая 2026;Б;11
`, want: `
2026-06-05 customer=А revenue=10.5
2026-05-14 customer=Б revenue=11
`},
		{name: "offsets move no day", in: `
date,customer,amount
2024-01-05 23:30:00 -0400,A,10
2024-01-05T23:30:00Z,A,11
`, want: `
2024-01-05 customer=A revenue=10
2024-01-05 customer=A revenue=11
`},
		{name: "but a zone does", o: zone("Europe/Moscow"), in: `
date,customer,amount
2024-01-05 23:30:00 -0400,A,10
2024-01-05T23:30:00Z,A,11
2024-01-05 23:30:00,A,12
2024-01-05T20:30:00Z,A,13
`, want: `
2024-01-06 customer=A revenue=10
2024-01-06 customer=A revenue=11
2024-01-05 customer=A revenue=12
2024-01-05 customer=A revenue=13
`},
		{name: "the second column of a name", o: Options{Columns: map[Role]string{RoleRevenue: "sum#2"}}, in: `
date,customer,sum,sum
2024-01-05,A,10,11
`, want: `
2024-01-05 customer=A revenue=11
`},
		{name: "one of two columns of a name holds anything", o: Options{Columns: map[Role]string{RoleRevenue: "sum"}}, in: `
date,customer,sum,sum
2024-01-05,A,,11
`, want: `
2024-01-05 customer=A revenue=11
`},
		{name: "the fuller of two columns with a known name", in: `
ID;Клиент;Источник;Дата;Сумма;Источник
1;А;;05.01.2024;10;Сайт
2;Б;;05.01.2024;11;Звонок
3;Б;x;06.01.2024;11;Звонок
`, want: `
2024-01-05 customer=А order=1 channel=Сайт revenue=10
2024-01-05 customer=Б order=2 channel=Звонок revenue=11
2024-01-06 customer=Б order=3 channel=Звонок revenue=11
`},
		{name: "the base of a return", in: `
date,customer,order,amount,base_order
2024-01-05,A,1,10,
2024-01-06,A,2,-10,1
`, want: `
2024-01-05 customer=A order=1 revenue=10
2024-01-06 customer=A order=2 base=1 revenue=-10
`},
		{name: "the base of a return, in Russian", in: `
Дата;Клиент;Документ;Сумма;Документ основания
05.01.2024;А;2;-10;1
`, want: `
2024-01-05 customer=А order=2 base=1 revenue=-10
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := transcribe(strings.TrimPrefix(c.in, "\n"), c.o)
			if want := strings.TrimLeft(c.want, "\n"); err != nil || got.String() != want {
				t.Errorf("read\n%serror %v, want\n%s", got, err, want)
			}
		})
	}
}

// TestSameName: two columns of one name that both hold something are an error
// that shows what they hold.
func TestSameName(t *testing.T) {
	o := Options{Columns: map[Role]string{RoleRevenue: "sum"}}
	_, err := transcribe("date,customer,sum,sum\n2024-01-05,A,10,11\n2024-01-05,A,,11\n", o)
	want := `orders: column missing or ambiguous: f.csv: 2 columns are named "sum", which is to be revenue: column 3 holds something in 1 rows, column 4 holds something in 2 rows; name one of them "sum#2"`
	if !errors.Is(err, ErrColumn) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	o.Columns[RoleRevenue] = "sum#3"
	if _, err := transcribe("date,customer,sum,sum\n2024-01-05,A,10,11\n", o); !errors.Is(err, ErrColumn) {
		t.Errorf("there is a third one: %v", err)
	}
	got, err := transcribe("date,customer,sum#2,sum,sum\n2024-01-05,A,10,11,12\n", Options{Columns: map[Role]string{RoleRevenue: "sum#2"}})
	if want := "2024-01-05 customer=A revenue=10\n"; err != nil || got.String() != want {
		t.Errorf("the name itself goes first: %s%v", got, err)
	}
}

// TestDuplicates: lines that repeat another one count and are warned of, or are
// skipped on request; what differs in a cell that is not used is no repetition.
func TestDuplicates(t *testing.T) {
	const text = "date,customer,amount,note\n2024-01-05,A,10,x\n2024-01-05,A,10,y\n2024-01-05,A,10,x\n2024-01-05,B,10,x\n2024-01-05,A,10,x"
	for drop, want := range map[bool]string{
		false: "2 lines (20 in all) repeat another line exactly; all of them count; if they are one sale each, Options.DropDuplicates keeps one of each",
		true:  "2 lines (20 in all) repeat another line exactly; they are skipped",
	} {
		h, err := Read(context.Background(), "f.csv", strings.NewReader(text), Options{DropDuplicates: drop})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := h.Control(context.Background())
		found := ""
		for _, w := range c.Warnings {
			if w.Code == "duplicates" {
				found = w.Text
			}
		}
		if found != want {
			t.Errorf("drop %v: warned %q", drop, found)
		}
		accepted, export := int64(5), 50*One
		if drop {
			accepted, export = 3, 30*One
		}
		if c.Accepted != accepted || c.Export != export || c.RowsRead != 5 || c.MoneyRead != 50*One || drop != (len(c.Skipped) == 1) {
			t.Errorf("drop %v: %d of %d rows, %s of %s, skipped %v", drop, c.Accepted, c.RowsRead, c.Export, c.MoneyRead, c.Skipped)
		}
		if drop && c.Skipped[0] != (Skip{DuplicateRow, 2, 20 * One}) {
			t.Errorf("skipped %v", c.Skipped)
		}
		h.Release()
	}
	line := Line{Date: NewDate(2024, 1, 5), Customer: "A", Revenue: One}
	other := line
	other.Lead = line.Date
	h, err := Collect(context.Background(), func(yield func(Line, error) bool) {
		_ = yield(line, nil) && yield(other, nil) && yield(line, nil)
	}, Options{DropDuplicates: true})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	if c, _ := h.Control(context.Background()); c.Accepted != 2 {
		t.Errorf("%d lines of a program are left", c.Accepted)
	}
}

// TestOffset: a rejected row says at which byte of the file it begins.
func TestOffset(t *testing.T) {
	for _, c := range []struct{ name, text, row string }{
		{"utf-8", "дата;клиент;сумма\n05.01.2024;\"Ё\nж\";1,5\n06.01.2024;Ё;x\n", "06"},
		{"with a mark", "\ufeffдата;клиент;сумма\n06.01.2024;Ё;x\n05.01.2024;Ё;1,5\n", "06"},
		{"windows-1251", "\xc4\xe0\xf2\xe0;\xca\xeb\xe8\xe5\xed\xf2;\xd1\xf3\xec\xec\xe0\n05.01.2024;\xcf\xe5\xf2\xf0\xee\xe2;1,5\n06.01.2024;\xc8\xe2\xe0\xed\xee\xe2;x\n", "06"},
	} {
		h, err := Read(context.Background(), "f.csv", strings.NewReader(c.text), Options{MaxRejected: 1})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if r := h.Rejects(); len(r) != 1 || r[0].Offset != int64(strings.Index(c.text, c.row)) {
			t.Errorf("%s: %+v, want the byte %d", c.name, r, strings.Index(c.text, c.row))
		}
		h.Release()
	}
}

// TestEmptyColumns: columns without a name or anything in them are left out and counted.
func TestEmptyColumns(t *testing.T) {
	for text, want := range map[string]int{
		"date,customer,amount\n2024-01-05,A,10\n":       0,
		"date,customer,amount,\n2024-01-05,A,10,\n":     1,
		"date,customer,amount\n2024-01-05,A,10,\n":      1,
		"date,customer,amount,,\n2024-01-05,A,10,\n":    2,
		"date,customer,amount,,\n2024-01-05,A,10,x,\n":  1,
		"date,customer,amount\n2024-01-05,A,10,x\n":     0,
		"date,customer,amount,note\n2024-01-05,A,10,\n": 0,
	} {
		if d := detectText(t, text, Options{}); d.EmptyColumns != want {
			t.Errorf("%q: %d empty columns, want %d", text, d.EmptyColumns, want)
		}
	}
}
