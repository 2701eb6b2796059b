package orders

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// transcript is a sink that writes down what it is given, a line for each call.
type transcript struct {
	strings.Builder
	detections                 []Detection
	rows, rejected, unexpected int
}

func (t *transcript) add(r *record) error {
	t.rows++
	t.WriteString(r.date.String())
	for _, f := range []struct {
		name string
		text []byte
	}{
		{"organisation", r.organisation}, {"customer", r.customer}, {"name", r.customerName}, {"order", r.order}, {"base", r.base},
		{"product", r.product}, {"text", r.productName}, {"group", r.group}, {"salesperson", r.salesperson}, {"channel", r.channel}, {"flag", r.repeatFlag},
	} {
		if len(f.text) > 0 {
			fmt.Fprintf(t, " %s=%s", f.name, f.text)
		}
	}
	if r.quantity != 0 {
		fmt.Fprintf(t, " quantity=%s", r.quantity)
	}
	fmt.Fprintf(t, " revenue=%s", r.revenue)
	if r.cogs.Known {
		fmt.Fprintf(t, " cogs=%s", r.cogs)
	}
	if r.direct != 0 {
		fmt.Fprintf(t, " direct=%s", r.direct)
	}
	if r.since != 0 {
		fmt.Fprintf(t, " since=%s", r.since)
	}
	if r.lead != 0 {
		fmt.Fprintf(t, " lead=%s", r.lead)
	}
	if r.cancelled {
		t.WriteString(" cancelled")
	}
	t.WriteByte('\n')
	return nil
}

func (t *transcript) skip(reason Reason, money Amount) {
	t.rows++
	fmt.Fprintf(t, "skip %s %s\n", reason, money)
}

func (t *transcript) reject(e *RowError, money Amount) error {
	t.rows++
	t.rejected++
	fmt.Fprintf(t, "reject %d/%d", e.Row, e.Line)
	if e.Column > 0 {
		fmt.Fprintf(t, " column %d %s(%s)", e.Column, e.Role, e.Header)
	}
	fmt.Fprintf(t, " %s %q money %s\n", e.Reason, e.Value, money)
	return nil
}

func (t *transcript) rounded(_ int64, diff Amount) { fmt.Fprintf(t, "rounded %s\n", diff) }
func (t *transcript) stated(total Amount)          { fmt.Fprintf(t, "stated %s\n", total) }
func (t *transcript) warn(w Warning)               { fmt.Fprintf(t, "warn %s\n", w.Code) }
func (t *transcript) setCurrency(s string)         { fmt.Fprintf(t, "currency %s\n", s) }
func (t *transcript) detected(d Detection)         { t.detections = append(t.detections, d) }
func (t *transcript) restore(s stored) error {
	fmt.Fprintf(t, "restore %+v\n", s)
	return nil
}

// transcribe reads text as an export called f.csv.
func transcribe(text string, o Options) (*transcript, error) {
	t := new(transcript)
	err := newIntake(context.Background(), o, t).stream("f.csv", strings.NewReader(text))
	return t, err
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, in string
		o        Options
		want     string
	}{
		{name: "plain English", in: `
order_id,customer_id,order_date,product,quantity,revenue,cost,salesperson
O1,C1,2024-01-31,"Product 1, XL",2,20.66,10.69,Ann
O1,C1,2024-01-31,Product 2,1,5,,Ann
`, want: `
2024-01-31 customer=C1 order=O1 product=Product 1, XL salesperson=Ann quantity=2 revenue=20.66 cogs=10.69
2024-01-31 customer=C1 order=O1 product=Product 2 salesperson=Ann quantity=1 revenue=5
`},
		{name: "1C journal under a title", in: `
Журнал продаж за 2024 г.
Отбор: Организация Равно "Лютик"

Дата;Регистратор;Контрагент;Номенклатура;Количество;Выручка, руб.;Себестоимость;Менеджер;
01.02.2024 10:00:00;Реализация 1;ООО "Ромашка";Гвоздь 5" ;1,000;1 234,56;1 000,00;Иванов;
13.02.2024 9:05:00;Реализация 2;"ООО ""Лютик""";Болт;2,000;-500,00;;Иванов;
;;;Итого;3,000;734,56;1 000,00;;
`, want: `
currency RUB
2024-02-01 customer=ООО "Ромашка" order=Реализация 1 product=Гвоздь 5" salesperson=Иванов quantity=1 revenue=1234.56 cogs=1000
2024-02-13 customer=ООО "Лютик" order=Реализация 2 product=Болт salesperson=Иванов quantity=2 revenue=-500
skip total 734.56
stated 734.56
`},
		{name: "Online Retail", in: `
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom
`, want: `
2010-12-01 customer=17850 order=536365 product=85123A text=WHITE HANGING HEART quantity=6 revenue=15.3
2010-12-01 customer=14527 order=C536379 product=D text=Discount quantity=-1 revenue=-27.5
`},
		{name: "Bitrix24: every cell quoted, a delimiter behind the last", in: `
"ID";"Название сделки";"Стадия сделки";"Сумма";"Валюта";"Компания";"Ответственный";"Дата создания";"Источник";"Повторная сделка";
"17";"Гвозди";"Сделка успешна";"1500.50";"Российский рубль";"ООО ""Ромашка""";"Иванов";"05.02.2024 10:11:12";"Сайт";"N";
"18";"Болты; гайки";"Сделка провалена";"700";"Российский рубль";"Лютик";"Иванов";"06.02.2024 10:11:12";"Звонок";"Y";
`, want: `
currency RUB
2024-02-05 customer=ООО "Ромашка" order=17 salesperson=Иванов channel=Сайт flag=N revenue=1500.5
2024-02-06 customer=Лютик order=18 salesperson=Иванов channel=Звонок flag=Y revenue=700 cancelled
`},
		{name: "code and text are one item", in: `
Дата;Код клиента;Клиент;Код;Номенклатура;Сумма
2024-01-05;7;Ромашка;0042;Гвоздь;10
`, want: `
2024-01-05 customer=7 name=Ромашка product=0042 text=Гвоздь revenue=10
`},
		{name: "a text alone is the id", in: `
date,customer name,description,amount
2024-01-05,Ann,Nail,10
`, want: `
2024-01-05 customer=Ann product=Nail revenue=10
`},
		{name: "customer beside customer name", in: `
date,customer,customer name,amount
2024-01-05,17,Ann,10
`, want: `
2024-01-05 customer=17 name=Ann revenue=10
`},
		{name: "profit gives the cost", in: `
Дата;Клиент;Выручка;Валовая прибыль;Маржа, %
05.01.2024;А;100;30;30
06.01.2024;Б;100;;
`, want: `
2024-01-05 customer=А revenue=100 cogs=70
2024-01-06 customer=Б revenue=100
`},
		{name: "the sale date goes before the creation date", in: `
ID;Компания;Дата создания;Дата закрытия;Сумма
1;А;01.01.2024;05.02.2024;100
`, want: `
2024-02-05 customer=А order=1 revenue=100
`},
		{name: "a date column that is mostly blank does not", in: `
ID;Компания;Дата создания;Дата закрытия;Сумма
1;А;01.01.2024;;100
2;А;02.01.2024;;100
3;А;03.01.2024;05.02.2024;100
`, want: `
2024-01-01 customer=А order=1 revenue=100
2024-01-02 customer=А order=2 revenue=100
2024-01-03 customer=А order=3 revenue=100
`},
		{name: "returns by type, lost by state", in: `
Дата;Клиент;Тип документа;Статус;Количество;Сумма;Себестоимость
05.01.2024;А;Реализация;Закрыт;2;100;60
06.01.2024;А;Возврат товаров от покупателя;Закрыт;1;50;30
07.01.2024;А;Реализация;Отменён клиентом;1;70;40
08.01.2024;А;Возврат;;-1;-50;-30
`, want: `
2024-01-05 customer=А quantity=2 revenue=100 cogs=60
2024-01-06 customer=А quantity=-1 revenue=-50 cogs=-30
2024-01-07 customer=А quantity=1 revenue=70 cogs=40 cancelled
2024-01-08 customer=А quantity=-1 revenue=-50 cogs=-30
`},
		{name: "columns by the caller", in: `
when,who,wobble,sum of it
2024-01-05,A,17,10.5
`, o: Options{Columns: map[Role]string{RoleDate: "WHEN", RoleCustomer: "who", RoleRevenue: "Sum_of_it"}}, want: `
2024-01-05 customer=A revenue=10.5
`},
		{name: "blank rows, repeated header, totals of all kinds", in: `
date,customer,amount,note
2024-01-05,A,10,
,,,

date,customer,amount,note
Total for January,,10,
2024-02-05,Total,10,a customer of that name
,Subtotal,10,
Grand Total,,20,
`, want: `
2024-01-05 customer=A revenue=10
skip blank 0
skip blank 0
skip header 0
skip total 10
2024-02-05 customer=Total revenue=10
skip total 10
skip total 20
stated 20
`},
		{name: "ragged rows", in: `
date,customer,amount
2024-01-05,A,10,,
2024-01-06,A
2024-01-07,A,10,x
2024-01-08,A,10
`, want: `
2024-01-05 customer=A revenue=10
reject 3/3 short_row "2024-01-06,A" money 0
reject 4/4 long_row "2024-01-07,A,10,x" money 0
2024-01-08 customer=A revenue=10
`},
		{name: "phantom column in the rows only, in the header only", in: `
date;customer;amount
2024-01-05;A;10;
2024-01-06;A;11;
`, want: `
2024-01-05 customer=A revenue=10
2024-01-06 customer=A revenue=11
`},
		{name: "phantom column in the header only", in: `
date;customer;amount;
2024-01-05;A;10
`, want: `
2024-01-05 customer=A revenue=10
`},
		{name: "what cannot be read", in: `
date,customer,quantity,amount,cost
,A,1,10,1
2024-02-30,A,1,10,1
20024-01-05,A,1,10,1
1899-12-30,A,1,10,1
2024-01-05,A,1,ten,1
2024-01-05,A,1,,1
2024-01-05,A,1,12345678901234567890,1
2024-01-05,A,x,10,1
2024-01-05,A,1,10,#N/A
2024-01-05,A,1,10,-
`, want: `
reject 2/2 column 1 date(date) no_date "" money 10
reject 3/3 column 1 date(date) bad_date "2024-02-30" money 10
reject 4/4 column 1 date(date) date_range "20024-01-05" money 10
reject 5/5 column 1 date(date) date_range "1899-12-30" money 10
reject 6/6 column 4 revenue(amount) bad_number "ten" money 0
reject 7/7 column 4 revenue(amount) no_revenue "" money 0
reject 8/8 column 4 revenue(amount) number_range "12345678901234567890" money 0
reject 9/9 column 3 quantity(quantity) bad_number "x" money 0
reject 10/10 column 5 cogs(cost) bad_number "#N/A" money 10
2024-01-05 customer=A quantity=1 revenue=10
`},
		{name: "quotes", in: `
date,customer,amount
2024-01-05,"A
B",10
2024-01-06,"A" B,10
2024-01-07,"A,10
2024-01-08,A "B",10
`, want: `
2024-01-05 customer=A
B revenue=10
reject 3/4 column 2 customer(customer) bad_quote "2024-01-06,\"A\" B,10" money 0
reject 4/5 column 2 customer(customer) bad_quote "2024-01-07,\"A,10" money 0
2024-01-08 customer=A "B" revenue=10
`},
		{name: "rounding is counted and its sum kept", in: `
date,customer,quantity,price
2024-01-05,A,0.333,149.99
2024-01-05,A,9.9499999999999993,1
2024-01-05,A,1,0.00004
2024-01-05,A,1,0.00004
2024-01-05,A,1,0.00004
2024-01-05,A,3,0.33333
`, want: `
rounded 0
2024-01-05 customer=A quantity=0.333 revenue=49.9467
2024-01-05 customer=A quantity=9.95 revenue=9.95
rounded 0
2024-01-05 customer=A quantity=1 revenue=0
rounded -0.0001
2024-01-05 customer=A quantity=1 revenue=0
rounded 0
2024-01-05 customer=A quantity=1 revenue=0
rounded 0
2024-01-05 customer=A quantity=3 revenue=1
`},
		{name: "strict: rounding is an error", o: Options{Strict: true}, in: `
date,customer,quantity,price
2024-01-05,A,0.333,149.99
2024-01-05,A,0.33333,3
`, want: `
reject 2/2 column 4 price(price) number_range "149.99" money 0
reject 3/3 column 3 quantity(quantity) number_range "0.33333" money 0
`},
		{name: "currency names", in: `
Дата;Клиент;Сумма;Валюта
05.01.2024;А;10;Российский рубль
06.01.2024;А;10;RUB
07.01.2024;А;10;
08.01.2024;А;10;руб.
`, want: `
currency RUB
2024-01-05 customer=А revenue=10
2024-01-06 customer=А revenue=10
2024-01-07 customer=А revenue=10
2024-01-08 customer=А revenue=10
`},
		{name: "one of two currencies", o: Options{Currency: "usd"}, in: `
Дата;Клиент;Сумма;Валюта
05.01.2024;А;10;RUB
06.01.2024;А;10;Доллар США
`, want: `
currency USD
skip other_currency 0
2024-01-06 customer=А revenue=10
`},
		{name: "currency of the title", in: `
Журнал продаж (KZT);;
Дата;Клиент;Сумма
05.01.2024;А;10
`, want: `
currency KZT
2024-01-05 customer=А revenue=10
`},
		{name: "quantity and price by the caller", o: Options{Columns: map[Role]string{RolePrice: "price", RoleProfit: "profit"}}, in: `
date,customer,quantity,price,total,cost,profit
2024-01-05,A,2,10,99,98,5
`, want: `
2024-01-05 customer=A quantity=2 revenue=20 cogs=15
`},
		{name: "a control-Z at the end", in: "\ndate,customer,amount\n2024-01-05,A,10\n\x1a", want: `
2024-01-05 customer=A revenue=10
skip blank 0
`},
		{name: "years and leads of the customer", in: `
Дата;Клиент;Сумма;Дата первой покупки;Дата лида
05.01.2024;А;10;03.04.2019;01.01.0001
06.01.2024;Б;10;;вчера
`, want: `
2024-01-05 customer=А revenue=10 since=2019-04-03
reject 3/3 column 5 lead(Дата лида) bad_date "вчера" money 10
`},
		{name: "sep line", in: `
sep=|
date|customer|amount
2024-01-05|A;B|1,5
`, want: `
2024-01-05 customer=A;B revenue=1.5
`},
		{name: "tab", in: "\ndate\tcustomer\tamount\n05/13/2024\tA, B\t$1,234.50\n01/02/2024\tA\t($3.00)\n", want: `
2024-05-13 customer=A, B revenue=1234.5
2024-01-02 customer=A revenue=-3
`},
		{name: "no-break spaces and other thousands", in: `
Дата;Клиент;Сумма
05.01.24;А;1` + "\u00a0" + `234,5
06.01.24;А;12` + "\u202f" + `345,50 ₽
07.01.24;А;1'234'567,5
08.01.24;А;` + "\u2212" + `1` + "\u2009" + `000 руб.
09.01.24;А;1.234,56-
10.01.24;А;12 34,5
11.01.24;А;1234.5
`, want: `
warn numbers_mixed
2024-01-05 customer=А revenue=1234.5
2024-01-06 customer=А revenue=12345.5
2024-01-07 customer=А revenue=1234567.5
2024-01-08 customer=А revenue=-1000
2024-01-09 customer=А revenue=-1234.56
reject 7/7 column 3 revenue(Сумма) bad_number "12 34,5" money 0
reject 8/8 column 3 revenue(Сумма) bad_number "1234.5" money 0
`},
		{name: "a last line without an end", in: "\ndate,customer,amount\n2024-01-05,A,10", want: `
2024-01-05 customer=A revenue=10
`},
		{name: "a short total without an end", in: "\nдата;клиент;сумма;скидка\n05.01.2024;A;10;1\nитого;;10", want: `
2024-01-05 customer=A revenue=10
skip total 10
stated 10
`},
		{name: "a total of quantities is no money", in: `
date,customer,quantity,price
2024-01-05,A,2,10
Total,,2,10
`, want: `
2024-01-05 customer=A quantity=2 revenue=20
skip total 0
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := transcribe(strings.TrimPrefix(c.in, "\n"), c.o)
			if want := strings.TrimPrefix(c.want, "\n"); err != nil || got.String() != want {
				t.Errorf("read\n%serror %v, want\n%s", got, err, want)
			}
		})
	}
}

func TestReadEncodings(t *testing.T) {
	const text = "Дата;Клиент;Сумма\r\n05.01.2024;Щука и ёж;1\u00a0234,56\r\n06.01.2024;Ромашка «плюс»;-1,5\r\n"
	want, err := transcribe(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	encode := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	noGuillemets := strings.NewReplacer("«", "", "»", "")
	for _, c := range []struct{ name, in, encoding string }{
		{"utf-8", text, "utf-8"},
		{"utf-8 with mark", "\ufeff" + text, "utf-8"},
		{"windows-1251", encode(charmap.Windows1251.NewEncoder().String(text)), "windows-1251"},
		{"koi8-r", encode(charmap.KOI8R.NewEncoder().String(noGuillemets.Replace(text))), "koi8-r"},
		{"ibm866", encode(charmap.CodePage866.NewEncoder().String(noGuillemets.Replace(text))), "ibm866"},
		{"utf-16le with mark", encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)), "utf-16le"},
		{"utf-16be with mark", encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)), "utf-16be"},
		{"utf-16le", encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)), "utf-16le"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := transcribe(c.in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got.detections[0].Encoding != c.encoding {
				t.Errorf("taken for %s", got.detections[0].Encoding)
			}
			if w := want.String(); got.String() != w && got.String() != noGuillemets.Replace(w) {
				t.Errorf("read\n%swant\n%s", got, w)
			}
		})
	}
	t.Run("windows-1252", func(t *testing.T) {
		got, err := transcribe("date;customer;amount\n2024-01-05;Caf\xe9 M\xfcller;1\xa0234,5\n", Options{})
		if want := "2024-01-05 customer=Café Müller revenue=1234.5\n"; err != nil || got.String() != want {
			t.Errorf("read %serror %v, want %s", got, err, want)
		}
	})
	t.Run("bytes that are no text", func(t *testing.T) {
		in := "date,customer,amount\n" + strings.Repeat("2024-01-05,Ann,10\n", 70_000) + "2024-01-05,Ann\xff,10\n"
		got, err := transcribe(in, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := "reject 70002/70002 column 2 customer(customer) bad_text \"Ann\\xff\" money 10\n"; !strings.HasSuffix(got.String(), want) {
			t.Errorf("the last row is %s, want %s", got.String()[got.Len()-100:], want)
		}
	})
}

// TestReadFiles reads two exports, each written in its own way, into one History.
func TestReadFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	jan := write("jan.csv", "date,customer,amount\n2024-01-05,A,10\n2024-01-06,B,bad\n")
	feb := write("feb.csv", "Дата;Клиент;Сумма, USD\n05.02.2024;A;1 234,56\nИтого;;1 234,56\n")
	var done, total int64
	o := Options{MaxRejected: 1, Progress: func(d, t int64) error { done, total = d, t; return nil }}
	h, err := ReadFiles(context.Background(), []string{jan, feb}, o)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	c, err := h.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if c.Accepted != 2 || c.Rejected != 1 || c.Export.String() != "1244.56" || c.Stated.String() != "1234.56" || c.Currency != "USD" {
		t.Errorf("accepted %d, rejected %d, export %s, stated %s, currency %s", c.Accepted, c.Rejected, c.Export, c.Stated, c.Currency)
	}
	if r := h.Rejects(); len(r) != 1 || r[0].File != jan || r[0].Row != 3 {
		t.Errorf("rejects %v", r)
	}
	if d := h.Detections(); len(d) != 2 || d[0].Delimiter != "," || d[1].Delimiter != ";" {
		t.Errorf("detections %v", d)
	}
	if done != total || total == 0 {
		t.Errorf("progress ends at %d of %d", done, total)
	}
	mar := write("mar.csv", "Дата;Клиент;Сумма, руб.\n05.02.2024;A;1 234,56\n")
	if _, err := ReadFiles(context.Background(), []string{feb, mar}, Options{}); !errors.Is(err, ErrCurrency) || !strings.Contains(err.Error(), feb) || !strings.Contains(err.Error(), mar) {
		t.Errorf("two files in two currencies: %v", err)
	}
}
