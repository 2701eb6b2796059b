package orders_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

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
