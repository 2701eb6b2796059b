package orders

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func detectText(t *testing.T, text string, o Options) *Detection {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Detect(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	d.File = "f.csv"
	for i := range d.Warnings {
		d.Warnings[i].Text = strings.ReplaceAll(d.Warnings[i].Text, path, "f.csv")
	}
	return d
}

// TestDetect compares what is found, as it is printed, with what is in the text.
func TestDetect(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a journal of 1C", `
Журнал продаж

Дата;Регистратор;Код контрагента;Контрагент;Артикул;Номенклатура;Номенклатурная группа;Количество, шт;Выручка, р.;Себестоимость;Рентабельность, %;Менеджер;Склад
01.02.2024 10:00:00;Р 1;7;Ромашка;g-1;Гвоздь;Метизы;1,000;1 234,56;1 000,00;19;Иванов;Главный
`, `
f.csv: csv, utf-8, delimiter ";", header in row 3, RUB
  1 date           "Дата"; dd.mm.yyyy; known header
  2 order          "Регистратор"; known header
  3 customer       "Код контрагента"; known header
  4 customer_name  "Контрагент"; known header beside a code
  5 product        "Артикул"; known header
  6 product_name   "Номенклатура"; known header beside a code
  7 group          "Номенклатурная группа"; known header
  8 quantity       "Количество, шт"; 1234,56; known header; ',' is taken to be what it is in the other columns
  9 revenue        "Выручка, р."; 1 234,56; known header
 10 cogs           "Себестоимость"; 1 234,56; known header
 11 -              "Рентабельность, %"
 12 salesperson    "Менеджер"; known header
 13 channel        "Склад"; known header
`},
		{"alternatives", `
Order ID,Created at,Closed at,Customer,Email,Total,Net Sales,Currency
1,2024-01-05,2024-01-06,Ann,ann@example.com,120,100,EUR
`, `
f.csv: csv, utf-8, delimiter ",", header in row 1
  1 order          "Order ID"; known header
  2 -              "Created at"
  3 date           "Closed at"; yyyy-mm-dd; known header; could also be ["Created at"]
  4 customer_name  "Customer"; known header beside a code
  5 customer       "Email"; known header
  6 -              "Total"
  7 revenue        "Net Sales"; 1234.56; known header; could also be ["Total"]
  8 currency       "Currency"; known header
`},
		{"slashes that do not tell, with decimal commas", `
date,customer,amount
03/04/2024,A,"1,5"
`, `
f.csv: csv, utf-8, delimiter ",", header in row 1
  1 date           "date"; dd/mm/yyyy; known header
  2 customer       "customer"; known header
  3 revenue        "amount"; 1234,56; known header
    warning: f.csv, column 1 (date): no day is above 12, so the dates could be mm/dd/yyyy as well; they are read as dd/mm/yyyy
`},
		{"slashes that tell late", `
date,customer,amount
` + strings.Repeat("03/04/2024,A,1.5\n", 15_000) + "13/04/2024,A,1.5\n", `
f.csv: csv, utf-8, delimiter ",", header in row 1
  1 date           "date"; dd/mm/yyyy; known header
  2 customer       "customer"; known header
  3 revenue        "amount"; 1234.56; known header
`},
		{"thousands or decimals, Russian", `
дата;клиент;вес;сумма
05.01.2024;A;1;1,234
`, `
f.csv: csv, utf-8, delimiter ";", header in row 1
  1 date           "дата"; dd.mm.yyyy; known header
  2 customer       "клиент"; known header
  3 -              "вес"
  4 revenue        "сумма"; 1234,56; known header
    warning: f.csv, column 4 (сумма): every ',' is followed by three digits; it is taken to be the decimal mark, as usual in a file like this
`},
		{"decimal commas are no delimiters", `
date;amount;customer
2024-01-05;1,50;1,1
2024-01-06;2,50;2,2
`, `
f.csv: csv, utf-8, delimiter ";", header in row 1
  1 date           "date"; yyyy-mm-dd; known header
  2 revenue        "amount"; 1234,56; known header
  3 customer       "customer"; known header
`},
		{"a column of the right name that holds something else", `
date,customer,sales,amount
2024-01-05,A,Ann,10
`, `
f.csv: csv, utf-8, delimiter ",", header in row 1
  1 date           "date"; yyyy-mm-dd; known header
  2 customer       "customer"; known header
  3 -              "sales"
  4 revenue        "amount"; 1234.56; known header; could also be ["sales"]
`},
		{"net before gross, and in thousands", `
Дата;Клиент;Сумма с НДС, тыс. руб.;Сумма без НДС, тыс. руб.
05.01.2024;А;1,2;1
`, `
f.csv: csv, utf-8, delimiter ";", header in row 1, RUB
  1 date           "Дата"; dd.mm.yyyy; known header
  2 customer       "Клиент"; known header
  3 -              "Сумма с НДС, тыс. руб."
  4 revenue        "Сумма без НДС, тыс. руб."; 1234,56; known header; could also be ["Сумма с НДС, тыс. руб."]
    warning: f.csv, column 4 (Сумма без НДС, тыс. руб.): the header speaks of thousands or millions; the amounts are taken as they are written
`},
		{"no customers", `
date,amount
20240105,10
`, `
f.csv: csv, utf-8, delimiter ",", header in row 1
  1 date           "date"; yyyymmdd; known header
  2 revenue        "amount"; 1234.56; known header
    warning: f.csv: no column for the customer was found, so every row is anonymous; say which column it is with Options.Columns["customer"] (in the programs: -set customer=HEADER)
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := detectText(t, strings.TrimPrefix(c.in, "\n"), Options{})
			if got := d.String(); got != strings.TrimPrefix(c.want, "\n") {
				t.Errorf("found\n%swant%s", got, c.want)
			}
			text, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			var back Detection
			if err := json.Unmarshal(text, &back); err != nil || back.String() != d.String() {
				t.Errorf("through JSON it is\n%s%v", &back, err)
			}
		})
	}
}

// TestDetectLooksAtTheWholeFile: what tells how the dates, the numbers and the
// letters are written may stand far behind the first mebibyte.
func TestDetectLooksAtTheWholeFile(t *testing.T) {
	var b strings.Builder
	b.WriteString("date,customer,amount\n")
	for b.Len() < 2*headSize {
		b.WriteString("03/04/2024,Ann,\"1,234\"\n")
	}
	for b.Len() < 4*headSize {
		b.WriteString("13/04/2024,\xc0\xed\xed\xe0,\"1,5\"\n")
	}
	d := detectText(t, b.String(), Options{})
	date, _ := d.Column(RoleDate)
	amount, _ := d.Column(RoleRevenue)
	if d.Encoding != "windows-1251" || date.Dates != "dd/mm/yyyy" || amount.Decimal != "," || len(d.Warnings) > 0 {
		t.Errorf("found\n%s", d)
	}
	if _, ok := d.Column(RoleOrder); ok {
		t.Error("there is no order column")
	}
}

// TestAliases: every known header is found, in any spelling.
func TestAliases(t *testing.T) {
	for _, a := range aliasNames {
		for name := range strings.SplitSeq(a.names, ",") {
			name = strings.TrimSpace(name)
			for _, s := range []string{name, strings.ToUpper(name), "\ufeff" + strings.ReplaceAll(name, " ", "_") + " ", strings.ReplaceAll(name, " ", "\u00a0"), name + ", руб.", name + " (KZT)"} {
				h := newHeader([][]byte{[]byte(s)})
				if len(h.meanings()[a.role]) != 1 {
					t.Errorf("%q does not mean %s", s, a.role)
				}
			}
		}
	}
	for _, a := range aliasNames {
		if !knownRole(a.role) {
			t.Errorf("%s is no role", a.role)
		}
	}
}

// TestLabels: what labels totals, returns and lost orders, and what does not.
func TestLabels(t *testing.T) {
	for label, want := range map[string][2]bool{
		"Итого": {true, true}, "ИТОГО:": {true, true}, "Всего": {true, true}, "Grand Total": {true, true}, "total": {true, true},
		"Итого по Иванову": {true, false}, "Total for May": {true, false}, "Subtotal": {true, false}, "Итого, руб.": {true, true},
		"Totalenergies": {}, "Всеволод": {}, "": {}, "Иванов": {},
	} {
		if total, grand := totalLabel(label); total != want[0] || grand != want[1] {
			t.Errorf("%q: total %v, grand %v; want %v", label, total, grand, want)
		}
	}
	for label, want := range map[string]string{"Российский рубль": "RUB", "руб.": "RUB", "₽": "RUB", "usd": "USD", "Евро": "EUR", "KZT": "KZT", "XAU": "XAU", "$": "USD"} {
		if got := currencyCode(label); got != want {
			t.Errorf("%q is %s, want %s", label, got, want)
		}
	}
	for header, want := range map[string]string{"Выручка, руб.": "RUB", "Выручка, тыс. руб.": "RUB", "Бюджет ₽": "RUB", "Amount (USD)": "USD", "Сумма [KZT]": "KZT", "Выручка": "", "Net sales": "", "Сумма, всего": ""} {
		if got := currencyIn(header); got != want {
			t.Errorf("%q names %q, want %q", header, got, want)
		}
	}
}
