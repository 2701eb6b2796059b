package orders_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/exports"
	"github.com/repeatsales/repeatsales/orders"
)

// presetOf is the preset of each format in which the company can be written.
var presetOf = map[string]string{
	"bitrix24.csv": "bitrix24", "bitrix24_products.csv": "bitrix24", "amocrm.csv": "amocrm", "shopify.csv": "shopify",
	"woocommerce.csv": "woocommerce", "odoo.csv": "odoo", "gross_profit_months.xlsx": "1c_gross_profit", "sales_by_orders.xlsx": "1c_gross_profit",
}

// TestPresetsInAllFormats reads the company as each system exports it by the
// system's preset, and by the mapping that was detected: both give what
// detection gives, which TestCompanyInAllFormats compares with the book.
func TestPresetsInAllFormats(t *testing.T) {
	if testing.Short() {
		t.Skip("slow, and nothing in it happens at the same time")
	}
	sold := company.Generate(1).Sold
	for _, f := range exports.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			var file bytes.Buffer
			if err := f.Write(&file, sold); err != nil {
				t.Fatal(err)
			}
			want, err := orders.Read(context.Background(), f.File, bytes.NewReader(file.Bytes()), orders.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer want.Release()
			preset, err := orders.Preset(presetOf[f.File])
			if err != nil {
				t.Fatal(err)
			}
			detected := mappingOf(t, want)
			for name, m := range map[string]*orders.Mapping{"by the preset": &preset, "by the mapping detected": &detected} {
				got, err := orders.Read(context.Background(), f.File, bytes.NewReader(file.Bytes()), orders.Options{Mapping: m})
				if err != nil {
					t.Fatal(name, err)
				}
				defer got.Release()
				sameDeals(t, name, got, want, f.File == "woocommerce.csv" && m == &preset) // which has a name for the channel
				if a, b := figuresOf(t, got), figuresOf(t, want); a != b {
					t.Errorf("%s the figures are\n%+v\nwithout\n%+v", name, a, b)
				}
			}
			if got, err := orders.Read(context.Background(), f.File, bytes.NewReader(file.Bytes()), orders.Options{Mapping: &detected}); err == nil {
				if again := mappingOf(t, got); !reflect.DeepEqual(again, detected) {
					t.Errorf("read by\n%+v\nthe mapping is\n%+v", detected, again)
				}
				got.Release()
			}
		})
	}
}

// mappingOf returns the mapping of the only file of h, behind JSON.
func mappingOf(t *testing.T, h *orders.History) orders.Mapping {
	t.Helper()
	d := h.Detections()
	b, err := json.Marshal(d[0].Mapping())
	if err != nil {
		t.Fatal(err)
	}
	m, err := orders.ReadMapping(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	if !reflect.DeepEqual(m, d[0].Mapping()) {
		t.Errorf("the mapping is\n%+v\nand behind JSON\n%+v", d[0].Mapping(), m)
	}
	return m
}

// sameDeals compares what two histories know of their deals.
func sameDeals(t *testing.T, name string, got, want *orders.History, channels bool) {
	t.Helper()
	a, b := slices.Collect(got.Deals()), slices.Collect(want.Deals())
	if len(a) != len(b) {
		t.Fatalf("%s %d deals, without %d", name, len(a), len(b))
	}
	for i := range a {
		if channels {
			a[i].Channel = ""
		}
		if a[i] != b[i] {
			t.Fatalf("%s deal %d is\n%+v\nwithout\n%+v", name, i, a[i], b[i])
		}
	}
}

// TestPresetOfJournal: the journal of 1C in testdata by the preset.
func TestPresetOfJournal(t *testing.T) {
	path := filepath.Join("..", "testdata", "company_1c.csv")
	m, err := orders.Preset("1c_flat")
	if err != nil {
		t.Fatal(err)
	}
	want, err := orders.ReadFile(context.Background(), path, orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer want.Release()
	got, err := orders.ReadFile(context.Background(), path, orders.Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Release()
	sameDeals(t, "by the preset", got, want, false)
}

// TestPresetOfOnlineRetail: 8,300,065.814 of identified customers when invoices
// that begin with C are returns; see definitions, "Cancelled".
func TestPresetOfOnlineRetail(t *testing.T) {
	path := filepath.Join("..", "..", "shared", "data", "uci_online_retail.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s", path)
	}
	m, err := orders.Preset("online_retail")
	if err != nil {
		t.Fatal(err)
	}
	h, err := orders.ReadFile(context.Background(), path, orders.Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	c, _ := h.Control(context.Background())
	if c.Identified.String() != "8300065.814" || c.Purchases != 16_608 || c.Currency != "GBP" || c.RowsRead != 541_909 {
		t.Errorf("%s of identified customers, %d purchases, %s, %d rows", c.Identified, c.Purchases, c.Currency, c.RowsRead)
	}
}

func TestPresets(t *testing.T) {
	if want := []string{"1c_gross_profit", "1c_flat", "bitrix24", "amocrm", "shopify", "woocommerce", "odoo", "online_retail"}; !slices.Equal(orders.Presets(), want) {
		t.Errorf("presets %q", orders.Presets())
	}
	for _, name := range orders.Presets() {
		m, err := orders.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := orders.ReadMapping(bytes.NewReader(b))
		if err != nil || !reflect.DeepEqual(again, m) {
			t.Errorf("%s is %s, which is read as %+v, %v", name, b, again, err)
		}
		m.Columns[0].Role, m.Columns[0].Or = "nothing", append(m.Columns[0].Or, "nothing") // the caller's own
		if len(m.Statuses.Won) > 0 {
			m.Statuses.Won[0] = "nothing"
		}
		if other, _ := orders.Preset(name); !reflect.DeepEqual(other, again) {
			t.Errorf("%s was changed by its caller", name)
		}
	}
	if _, err := orders.Preset("bitrix"); !errors.Is(err, orders.ErrOptions) || !strings.Contains(err.Error(), `no preset "bitrix", but 1c_gross_profit`) {
		t.Errorf("a preset that there is not: %v", err)
	}
}

// TestPresetOfAnotherSystem: an export of another system is an error that says so.
func TestPresetOfAnotherSystem(t *testing.T) {
	m, err := orders.Preset("bitrix24")
	if err != nil {
		t.Fatal(err)
	}
	_, err = orders.Read(context.Background(), "f.csv", strings.NewReader("date,customer,revenue\n2024-01-31,a,1\n"), orders.Options{Mapping: &m})
	if !errors.Is(err, orders.ErrColumn) || !strings.Contains(err.Error(), `f.csv does not fit the mapping: no column is named "ID", which is to be order; row 1 has "date", "customer", "revenue"`) {
		t.Errorf("%v", err)
	}
}

// TestPresetsOfSmallExports: what the presets add to detection.
func TestPresetsOfSmallExports(t *testing.T) {
	for _, c := range []struct{ name, preset, in, want string }{
		{"Bitrix24: people and companies, and deals still open", "bitrix24", `"ID";"Стадия сделки";"Сумма";"Валюта";"Компания";"Контакт";"Ответственный";"Дата создания";"Предполагаемая дата закрытия";"Повторная сделка";
"1";"Сделка успешна";"100.50";"Российский рубль";"Лютик";"Анна";"Иванов";"01.02.2024 10:00:00";"05.02.2024";"N";
"2";"Сделка успешна";"50";"Российский рубль";"";"Борис";"Иванов";"02.02.2024 10:00:00";"06.02.2024";"Y";
"3";"Анализ причины провала";"70";"Российский рубль";"";"Вера";"Иванов";"02.02.2024 10:00:00";"06.02.2024";"N";
"4";"Подготовка документов";"90";"Российский рубль";"Ромашка";"";"Петров";"03.02.2024 10:00:00";"31.12.2099";"N";
`, `2024-02-06 Борис 2 50 Иванов Y
2024-02-05 Лютик 1 100.5 Иванов N
export 220.5 cancelled 70 not_won 90 last 2024-02-06
`},
		{"amoCRM: a budget in roubles, leads without a closing date", "amocrm", "ID,Название сделки,Бюджет ₽,Ответственный,Дата создания сделки,Дата закрытия,Этап сделки,Полное имя контакта,Компания\n" +
			"7,a,1000,Иванов,01.02.2024,03.02.2024,Успешно реализовано,Анна,\n8,b,500,Иванов,01.02.2024,не закрыта,Первичный контакт,Борис,\n9,c,300,Иванов,01.02.2024,04.02.2024,Закрыто и не реализовано,Вера,Роза\n",
			"2024-02-03 Анна 7 1000 Иванов \nexport 1300 cancelled 300 not_won 500 last 2024-02-04\n"},
		{"WooCommerce: unpaid orders are no sales", "woocommerce", "Date,Order #,N. Revenue,Status,Customer,Customer type,Product(s),Items sold\n" +
			"2024-02-03 10:00:00,11,$1234.50,completed,Ann,new,2× A,2\n2024-02-04 10:00:00,12,$10.00,refunded,Ann,returning,1× A,1\n2024-02-05 10:00:00,13,$20.00,pending,Bob,new,1× A,1\n",
			"2024-02-03 Ann 11 1234.5  new\nexport 1244.5 cancelled 10 not_won 20 last 2024-02-04\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := orders.Preset(c.preset)
			if err != nil {
				t.Fatal(err)
			}
			h, err := orders.Read(context.Background(), "f.csv", strings.NewReader(c.in), orders.Options{Mapping: &m})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Release()
			var b strings.Builder
			for d := range h.Deals() {
				b.WriteString(strings.Join([]string{d.Day.String(), d.Customer, d.Order, d.Tally.Revenue.String(), d.Salesperson, d.RepeatFlag}, " ") + "\n")
			}
			control, _ := h.Control(context.Background())
			var open orders.Amount
			for _, s := range control.Skipped {
				if s.Reason == orders.NotWon {
					open = s.Money
				}
			}
			b.WriteString("export " + control.Export.String() + " cancelled " + control.Cancelled.String() + " not_won " + open.String() + " last " + control.LastDay.String() + "\n")
			if b.String() != c.want {
				t.Errorf("got\n%s\nwant\n%s", b.String(), c.want)
			}
		})
	}
}
