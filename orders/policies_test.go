package orders

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		name, in string
		m        *Mapping
		want     string
	}{
		{name: "a shop: all that is not lost counts", in: `
date,customer,revenue,status
2024-01-31,a,1,paid
2024-01-31,b,2,Cancelled by customer
2024-01-31,c,3,
`, want: `
2024-01-31 customer=a revenue=1
2024-01-31 customer=b revenue=2 cancelled
2024-01-31 customer=c revenue=3
`},
		{name: "a CRM: what is not won is no sale yet, whatever its date", in: `
ID;Клиент;Сумма;Этап сделки;Дата закрытия
1;a;1;Успешно реализовано;31.01.2024
2;b;2;Закрыто и не реализовано;31.01.2024
3;c;3;Переговоры;
4;d;4;Счёт выставлен;31.12.2099
5;e;;Новая заявка;не закрыта
;;;;
Итого;;10;;
`, want: `
2024-01-31 customer=a order=1 revenue=1
2024-01-31 customer=b order=2 revenue=2 cancelled
skip not_won 3
skip not_won 4
skip not_won 0
skip blank 0
skip total 10
stated 10
`},
		{name: "the mapping's own words", in: `
date,customer,revenue,status
2024-01-31,a,1,Оплачен полностью
2024-01-31,b,2,Брак
2024-01-31,c,3,отменён
`, m: &Mapping{Statuses: Statuses{Won: []string{"оплачен"}, Lost: []string{"брак"}}}, want: `
2024-01-31 customer=a revenue=1
2024-01-31 customer=b revenue=2 cancelled
skip not_won 3
`},
		{name: "no words: every order counts", in: `
date,customer,revenue,status
2024-01-31,a,1,won
2024-01-31,b,2,lost
2024-01-31,c,3,open
`, m: &Mapping{Statuses: Statuses{Won: []string{}, Lost: []string{}}}, want: `
2024-01-31 customer=a revenue=1
2024-01-31 customer=b revenue=2
2024-01-31 customer=c revenue=3
`},
		{name: "returns and cancelled orders by type and by id", in: `
date,order,customer,revenue,quantity,cost,document type
2024-01-31,1,a,10,2,5,Реализация
2024-01-31,2,a,10,2,5,Бонус клиенту
2024-01-31,R3,a,10,2,5,Реализация
2024-01-31,X4,a,10,2,5,Реализация
2024-01-31,5,a,10,2,5,Возврат товаров
`, m: &Mapping{Returns: []string{"Бонус"}, ReturnOrders: []string{"R"}, CancelOrders: []string{"X"}}, want: `
2024-01-31 customer=a order=1 quantity=2 revenue=10 cogs=5
2024-01-31 customer=a order=2 quantity=-2 revenue=-10 cogs=-5
2024-01-31 customer=a order=R3 quantity=-2 revenue=-10 cogs=-5
2024-01-31 customer=a order=X4 quantity=2 revenue=10 cogs=5 cancelled
2024-01-31 customer=a order=5 quantity=2 revenue=10 cogs=5
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := transcribe(strings.TrimPrefix(c.in, "\n"), Options{Mapping: c.m})
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimPrefix(c.want, "\n"); got.String() != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestStatusEvidence: that only won deals count is not found out in silence.
func TestStatusEvidence(t *testing.T) {
	d := detectText(t, "date,customer,revenue,stage\n2024-01-31,a,1,Closed Won\n2024-01-31,b,2,Closed Lost\n2024-01-31,c,3,Negotiation\n2024-01-31,c,3,Demo\n", Options{})
	c, _ := d.Column(RoleStatus)
	if want := "only what is won counts: of 4 rows 1 are, 1 are lost, 2 still open"; !strings.Contains(c.Evidence, want) {
		t.Errorf("the evidence is %q, want %q", c.Evidence, want)
	}
}

func TestVAT(t *testing.T) {
	for _, c := range []struct {
		header string
		m      *Mapping
		want   VAT
		warn   string
	}{
		{"Дата;Клиент;Сумма", nil, VATUnknown, ""},
		{"Дата;Клиент;Сумма без НДС", nil, VATExcluded, ""},
		{"Дата;Клиент;Выручка (с НДС), руб.", nil, VATIncluded, ""},
		{"date;customer;revenue excl. VAT", nil, VATExcluded, ""},
		{"date;customer;Amount (incl. tax)", nil, VATIncluded, ""},
		{"Дата;Клиент;Сумма без НДС;Себестоимость с НДС", nil, VATExcluded, "vat_basis"},
		{"Дата;Клиент;Сумма без НДС;Себестоимость без НДС", nil, VATExcluded, ""},
		{"Дата;Клиент;Сумма", &Mapping{VAT: VATIncluded}, VATIncluded, ""},
		{"Дата;Клиент;Сумма без НДС", &Mapping{VAT: VATIncluded}, VATIncluded, "vat_differs"},
	} {
		t.Run(c.header, func(t *testing.T) {
			text := c.header + "\n31.01.2024;a;1,50;1,00\n"
			if strings.Count(c.header, ";") < 3 {
				text = c.header + "\n31.01.2024;a;1,50\n"
			}
			h, err := Read(context.Background(), "f.csv", strings.NewReader(text), Options{Mapping: c.m, Columns: map[Role]string{RoleRevenue: strings.Split(c.header, ";")[2]}})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Release()
			control, _ := h.Control(context.Background())
			warned := ""
			for _, w := range control.Warnings {
				if strings.HasPrefix(w.Code, "vat") {
					warned = w.Code
				}
			}
			if control.VAT != c.want || warned != c.warn {
				t.Errorf("VAT %q with warning %q, want %q with %q", control.VAT, warned, c.want, c.warn)
			}
		})
	}
}

func TestVATOfSeveralFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, header string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("Дата;Клиент;"+header+"\n31.01.2024;a;1,50\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	net, gross, silent := write("net.csv", "Сумма без НДС"), write("gross.csv", "Сумма с НДС"), write("silent.csv", "Сумма")
	for _, c := range []struct {
		name   string
		files  []string
		want   VAT
		warned bool
	}{
		{"one basis", []string{net, net}, VATExcluded, false},
		{"two", []string{net, gross, net}, VATMixed, true},
		{"one and silence", []string{net, silent}, VATUnknown, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := ReadFiles(context.Background(), c.files, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Release()
			control, _ := h.Control(context.Background())
			warned := false
			for _, w := range control.Warnings {
				warned = warned || w.Code == "vat_mixed"
			}
			if control.VAT != c.want || warned != c.warned {
				t.Errorf("VAT %q, warned %v, want %q, %v", control.VAT, warned, c.want, c.warned)
			}
		})
	}
}
