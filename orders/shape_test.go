package orders

import (
	"strings"
	"testing"
)

// TestReadReports holds what is read from reports of 1C to exact transcripts.
func TestReadReports(t *testing.T) {
	for _, c := range []struct {
		name  string
		sheet sheet
		o     Options
		want  string
		shape Shape
		says  string // the evidence
	}{
		{name: "gross profit of a month by product groups", shape: ShapeGrouped, says: "outline levels", sheet: sheet{
			name: "Лист_1", above: true, merged: []string{"A1:G1", "A5:D5", "E5:G5", "A6:D6"},
			rows: [][]any{
				{"Валовая прибыль предприятия (KZT)"},
				{"Параметры:", "", "Период: Июнь 2026 г."},
				{"Отбор:", "", "Организация Равно \"Лютик\""},
				{},
				{"Номенклатура", "", "", "", "Июнь 2026 г.", "", ""},
				{"", "", "", "", "Количество", "Выручка", "Себестоимость"},
				{"Метизы ", "", "", "", 12, 1234.5, 1000},
				{"Гвоздь", "", "", "", 10, 1000.5, 800},
				{"Болт", "", "", "", 2, 234, 200},
				{"Без группы", "", "", "", 1, 9.9499999999999993, 5},
				{"Итого", "", "", "", 13, 1244.45, 1005},
			},
			levels: []int{0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0},
		}, want: `
warn no_customer_column
currency KZT
skip group 1234.5
2026-06-01 product=Гвоздь group=Метизы quantity=10 revenue=1000.5 cogs=800
2026-06-01 product=Болт group=Метизы quantity=2 revenue=234 cogs=200
2026-06-01 product=Без группы quantity=1 revenue=9.95 cogs=5
skip total 1244.45
stated 1244.45
`},
		{name: "sales by customers and their orders, told by indents", shape: ShapeGrouped, says: "indents", sheet: sheet{
			name: "TDSheet", rows: [][]any{
				{"Продажи"},
				{"Период: 01.06.2015 - 30.06.2015"},
				{"Покупатель", "Количество", "Выручка, р.", "Цена"},
				{"Заказ покупателя"},
				{"Ромашка", 3, 300, 100},
				{indent{2, "Заказ покупателя 51 от 22.06.2015"}, 4, 400, 100},
				{indent{2, "Чек ККМ на возврат 1 от 23.06.2015 10:15:00"}, 1, 100, 100},
				{"<Покупатель не указан>", 5, 50, 10},
				{indent{2, "<Продажи без заказа>"}, 5, 50, 10},
				{"Итого", 8, 350, "-"},
			},
		}, want: `
currency RUB
skip group 300
2015-06-22 customer=Ромашка order=Заказ покупателя 51 quantity=4 revenue=400
2015-06-23 customer=Ромашка order=Чек ККМ на возврат 1 quantity=-1 revenue=-100
skip group 50
2015-06-01 customer=<Покупатель не указан> quantity=5 revenue=50
skip total 350
warn dated_by_period
stated 350
`},
		{name: "months in columns of irregular width, in groups", shape: ShapeWide, says: "2 periods, 2026-01 to 2026-02", sheet: sheet{
			name: "Лист_1", above: true, merged: []string{"B3:C3", "D3:F3", "G3:H3"},
			rows: [][]any{
				{"Продажи, руб."},
				{},
				{"Покупатель", "Январь 2026 г.", "", "Февраль 2026 г.", "", "", "Итого", ""},
				{"Номенклатура", "Количество", "Выручка", "Количество", "Выручка", "Себестоимость", "Количество", "Выручка"},
				{"Ромашка", 3, 30, 1, 15, 7, 4, 45},
				{"Гвоздь", 1, 10, 1, 15, 7, 2, 25},
				{"Болт", 2, 20, "", "", "", 2, 20},
				{"Лютик", "", "", 1, 5, 2, 1, 5},
				{"Болт", "", "", 1, 5, 2, 1, 5},
				{"Итого", 3, 30, 2, 20, 9, 5, 50},
			},
			levels: []int{0, 0, 0, 0, 0, 1, 1, 0, 1, 0},
		}, want: `
skip group 30
skip group 15
2026-01-01 customer=Ромашка product=Гвоздь quantity=1 revenue=10
2026-02-01 customer=Ромашка product=Гвоздь quantity=1 revenue=15 cogs=7
2026-01-01 customer=Ромашка product=Болт quantity=2 revenue=20
skip group 5
2026-02-01 customer=Лютик product=Болт quantity=1 revenue=5 cogs=2
skip total 50
stated 50
`},
		{name: "months in columns without groups, the header dates", shape: ShapeWide, says: "3 periods, 2026-01 to 2026-03", sheet: sheet{
			name: "S", rows: [][]any{
				{"Клиент", "Менеджер", day("2026-01-01 00:00"), day("2026-02-01 00:00"), day("2026-03-01 00:00")},
				{"А", "Иванов", 10, "", 30},
				{"Б", "Петров", "", "x", 5},
				{"Итого", "", 10, "", 35},
			},
		}, want: `
2026-01-01 customer=А salesperson=Иванов revenue=10
2026-03-01 customer=А salesperson=Иванов revenue=30
reject 3/0 column 4 revenue(Сумма) bad_number "x" money 0
2026-03-01 customer=Б salesperson=Петров revenue=5
skip total 10
skip total 35
stated 45
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := transcribeBook(rewritten(t, workbookOf(t, c.sheet), likeOneC), c.o)
			if want := strings.TrimPrefix(c.want, "\n"); err != nil || got.String() != want {
				t.Errorf("read\n%serror %v, want\n%s", got, err, want)
			}
			if len(got.detections) != 1 {
				t.Fatal("nothing was detected")
			}
			if d := got.detections[0]; d.Shape != c.shape || !strings.Contains(d.Evidence, c.says) {
				t.Errorf("found\n%s", &d)
			}
		})
	}
}

// TestReadShapes holds what is read of orders with several rows to exact transcripts.
func TestReadShapes(t *testing.T) {
	for _, c := range []struct {
		name, in string
		o        Options
		want     string
		shape    Shape
		says     string
	}{
		{name: "Shopify: totals on the first line, a discount, a refund", shape: ShapeFirstLine, says: "2 of 2 rows", in: `
Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount
#1001,ann@example.com,paid,EUR,27.00,5.00,6.40,38.40,3.00,2025-05-11 09:55:16 -0400,1,Mug,10.00,0.00
#1001,ann@example.com,,,,,,,,2025-05-11 09:55:16 -0400,2,Cup,10.00,
#1002,bob@example.com,partially_refunded,EUR,20.00,5.00,5.00,30.00,0.00,2025-05-12 09:55:16 -0400,1,Mug,10.00,15.00
#1002,bob@example.com,,,,,,,,2025-05-12 09:55:16 -0400,1,Cup,10.00,
#1003,bob@example.com,refunded,EUR,10.00,5.00,5.00,20.00,0.00,2025-05-13 09:55:16 -0400,1,Mug,10.00,20.00
`, want: `
currency EUR
2025-05-11 customer=ann@example.com order=#1001 product=Mug quantity=1 revenue=9
2025-05-11 customer=ann@example.com order=#1001 product=Cup quantity=2 revenue=18
2025-05-12 customer=bob@example.com order=#1002 product=Mug quantity=1 revenue=2.5
2025-05-12 customer=bob@example.com order=#1002 product=Cup quantity=1 revenue=2.5
2025-05-13 customer=bob@example.com order=#1003 product=Mug quantity=1 revenue=0
warn order_discounts
warn order_refunds
`},
		{name: "a total that its lines do not give", shape: ShapeFirstLine, says: "1 of 1 rows", in: `
Name,Email,Financial Status,Currency,Subtotal,Created at,Lineitem quantity,Lineitem name,Lineitem price
#1001,ann@example.com,paid,EUR,50.00,2025-05-11,1,Mug,10.00
#1001,ann@example.com,,,,2025-05-11,2,Cup,10.00
`, want: `
currency EUR
2025-05-11 customer=ann@example.com order=#1001 product=Mug quantity=1 revenue=10
2025-05-11 customer=ann@example.com order=#1001 product=Cup quantity=2 revenue=20
warn order_totals
`},
		{name: "Odoo: keys on the first line", shape: ShapeFirstLine, says: "2 of 2 rows", in: `
Order Reference,Order Date,Customer,Salesperson,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price,Order Lines/Subtotal,Total
S00001,2025-05-11 09:55:16,Ann,Mia,Mug,1,10,9,32.4
,,,,Cup,2,10,18,
,,,,Spoon,1,1,x,
S00002,2025-05-12 09:55:16,Bob,Mia,Mug,1,10,10,12
`, want: `
reject 4/4 column 8 revenue(Order Lines/Subtotal) bad_number "x" money 0
2025-05-11 customer=Ann order=S00001 product=Mug salesperson=Mia quantity=1 revenue=9
2025-05-11 customer=Ann order=S00001 product=Cup salesperson=Mia quantity=2 revenue=18
2025-05-12 customer=Bob order=S00002 product=Mug salesperson=Mia quantity=1 revenue=10
`},
		{name: "Bitrix24 with products: the amount is the row's", shape: ShapeRepeated, says: "it is quantity × price", in: `
"ID";"Стадия сделки";"Сумма";"Компания";"Дата закрытия";"Товар";"Цена";"Количество";
"17";"Сделка успешна";"30.00";"А";"05.02.2024";"Гвоздь";"10.00";"3";
"17";"Сделка успешна";"40.00";"А";"05.02.2024";"Болт";"20.00";"2";
`, want: `
2024-02-05 customer=А order=17 product=Гвоздь quantity=3 revenue=30
2024-02-05 customer=А order=17 product=Болт quantity=2 revenue=40
`},
		{name: "the order's amount on each of its rows", shape: ShapeRepeated, says: "is the order's, repeated", in: `
"ID";"Стадия сделки";"Сумма";"Компания";"Дата закрытия";"Товар";"Цена";"Количество";
"17";"Сделка успешна";"70.00";"А";"05.02.2024";"Гвоздь";"10.00";"3";
"17";"Сделка успешна";"70.00";"А";"05.02.2024";"Болт";"20.00";"2";
`, want: `
2024-02-05 customer=А order=17 product=Гвоздь quantity=3 revenue=30
2024-02-05 customer=А order=17 product=Болт quantity=2 revenue=40
`},
		{name: "an amount repeated that nothing explains", shape: ShapeRepeated, says: "repeat the order", in: `
ID;Стадия сделки;Сумма;Компания;Дата закрытия;Товар
17;Сделка успешна;70.00;А;05.02.2024;Гвоздь
17;Сделка успешна;70.00;А;05.02.2024;Болт
`, want: `
warn order_total_repeated
2024-02-05 customer=А order=17 product=Гвоздь revenue=70
2024-02-05 customer=А order=17 product=Болт revenue=70
`},
		{name: "orders without lines", shape: ShapeHeaders, says: "no order has two rows", in: `
order,date,customer,amount
1,2024-02-05,A,10
2,2024-02-06,A,20
`, want: `
2024-02-05 customer=A order=1 revenue=10
2024-02-06 customer=A order=2 revenue=20
`},
		{name: "months in the columns of a text", shape: ShapeWide, says: "2 periods", in: `
Клиент;Номенклатура;Январь 2026 г.;Февраль 2026 г.;Итого
А;Гвоздь;10,50;;10,50
А;Болт;1;2;3
Итого;;11,50;2;13,50
`, want: `
2026-01-01 customer=А product=Гвоздь revenue=10.5
2026-01-01 customer=А product=Болт revenue=1
2026-02-01 customer=А product=Болт revenue=2
skip total 13.5
stated 13.5
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := transcribe(strings.TrimPrefix(c.in, "\n"), c.o)
			if want := strings.TrimPrefix(c.want, "\n"); err != nil || got.String() != want {
				t.Errorf("read\n%serror %v, want\n%s", got, err, want)
			}
			if len(got.detections) != 1 {
				t.Fatal("nothing was detected")
			}
			d := got.detections[0]
			if d.Shape != c.shape || !strings.Contains(d.Evidence, c.says) {
				t.Errorf("found\n%s", &d)
			}
			m := d.Mapping() // reads the same
			again, err := transcribe(strings.TrimPrefix(c.in, "\n"), Options{Mapping: &m})
			if err != nil || withoutWarnings(again.String()) != withoutWarnings(got.String()) {
				t.Errorf("by its own mapping\n%serror %v", again, err)
			}
		})
	}
}

func withoutWarnings(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "warn ") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestShapeThatIsNot: a mapping whose shape the file has not is an error.
func TestShapeThatIsNot(t *testing.T) {
	const text = "date,customer,amount\n2024-01-05,A,10\n"
	for _, shape := range []Shape{ShapeGrouped, ShapeWide} {
		if _, err := transcribe(text, Options{Mapping: &Mapping{Shape: shape}}); err == nil || !strings.Contains(err.Error(), string(shape)) {
			t.Errorf("%s: %v", shape, err)
		}
	}
}
