package orders_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/orders"
)

// An export is read without saying how it is written, and every row of it is
// accounted for.
func ExampleRead() {
	export := strings.NewReader(`Журнал продаж
Дата;Регистратор;Контрагент;Номенклатура;Количество;Выручка, руб.
01.02.2024 10:00:00;Реализация 1;Ромашка;Гвоздь;100;1 234,56
30.02.2024 12:30:00;Реализация 2;Лютик;Болт;10;500,00
15.02.2024 9:05:00;Реализация 3;Лютик;Болт;20;1 000,00
Итого;;;;130;2 734,56
`)
	sales, err := orders.Read(context.Background(), "journal.csv", export, orders.Options{MaxRejected: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sales.Release()
	control, err := sales.Control(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("accepted", control.Export, control.Currency, "in", control.Accepted, "rows; the file says", control.Stated)
	for _, e := range sales.Rejects() {
		fmt.Println(&e)
	}
	// Output:
	// accepted 2234.56 RUB in 2 rows; the file says 2734.56
	// orders: journal.csv: row 4, column 1 (Дата): not a date of the form dd.mm.yyyy: "30.02.2024 12:30:00"
}

// What is found can be looked at before anything is read.
func ExampleDetect() {
	found, err := orders.Detect(context.Background(), filepath.Join("..", "testdata", "company_1c.csv"), orders.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Encoding, found.Delimiter, "header in row", found.HeaderRow)
	for _, c := range found.Columns {
		fmt.Printf("%-13s %s\n", c.Role, c.Header)
	}
	// Output:
	// windows-1251 ; header in row 4
	// customer_name Контрагент
	// customer      Код контрагента
	// date          Дата
	// order         Номер документа
	// product_name  Номенклатура
	// product       Артикул
	// group         Номенклатурная группа
	// quantity      Количество
	// revenue       Сумма
	// cogs          Себестоимость
	// salesperson   Менеджер
	// channel       Источник
	// status        Статус
	// base          Документ основание
}

// A nightly job adds today's export to yesterday's history. Order 2 was changed
// since, so the newer export says what it is.
func ExampleHistory_WriteIPC() {
	ctx := context.Background()
	monday, err := orders.Read(ctx, "monday.csv", strings.NewReader("date,customer,order,amount\n2024-03-04,Vega,1,100\n2024-03-04,Orion,2,50\n"), orders.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer monday.Release()
	var kept bytes.Buffer // a file
	if err := monday.WriteIPC(ctx, &kept); err != nil {
		fmt.Println(err)
		return
	}

	yesterday, err := orders.Read(ctx, "monday.arrow", &kept, orders.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer yesterday.Release()
	today, err := orders.Read(ctx, "tuesday.csv", strings.NewReader("date,customer,order,amount\n2024-03-04,Orion,2,70\n2024-03-05,Vega,3,10\n"), orders.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer today.Release()
	both, err := orders.Join(ctx, orders.Options{Overlap: orders.KeepNewest, HistoryComplete: true}, yesterday, today)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer both.Release()
	for d := range both.Deals() {
		fmt.Println(d.Day, d.Customer, d.Order, d.Tally.Revenue, d.Side)
	}
	control, err := both.Control(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(control.Export, "of", control.MoneyRead, "read;", control.Skipped[0].Money, control.Skipped[0].Reason)
	// Output:
	// 2024-03-04 Orion 2 70 first
	// 2024-03-04 Vega 1 100 first
	// 2024-03-05 Vega 3 10 repeat
	// 180 of 230 read; 50 replaced
}

// What a program has as Arrow records goes in under the names of their columns.
func ExampleCollectRecords() {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "order_date", Type: arrow.FixedWidthTypes.Date32}, {Name: "customer", Type: arrow.BinaryTypes.String},
		{Name: "revenue", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	}, nil)
	rows := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer rows.Release()
	rows.Field(0).(*array.Date32Builder).AppendValues([]arrow.Date32{19_786, 19_787}, nil)
	rows.Field(1).(*array.StringBuilder).AppendValues([]string{"Vega", "Orion"}, nil)
	rows.Field(2).(*array.Float64Builder).AppendValues([]float64{9.9499999999999993, 0}, []bool{true, false})
	record := rows.NewRecord()
	defer record.Release()

	records := func(yield func(arrow.Record, error) bool) { yield(record, nil) }
	sales, err := orders.CollectRecords(context.Background(), records, orders.Options{MaxRejected: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sales.Release()
	for d := range sales.Deals() {
		fmt.Println(d.Day, d.Customer, d.Tally.Revenue)
	}
	for _, e := range sales.Rejects() {
		fmt.Println(&e)
	}
	// Output:
	// 2024-03-04 Vega 9.95
	// orders: Arrow records: row 2, column 3 (revenue): the amount is blank
}

// The answer of a database is a History after one call. The query gives its
// columns names that say what they are.
func ExampleCollectRows() {
	report := func(ctx context.Context, db *sql.DB) error {
		rows, err := db.QueryContext(ctx, `select paid_at as date, client_id as customer_id, number as order_id, total as revenue from deals where paid_at is not null`)
		if err != nil {
			return err
		}
		sales, err := orders.CollectRows(ctx, rows, orders.Options{})
		if err != nil {
			return err
		}
		defer sales.Release()
		control, err := sales.Control(ctx)
		fmt.Println(control.Deals, "deals,", control.Export)
		return err
	}
	_ = report // with the database of an ERP
}
