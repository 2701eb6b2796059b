package orders_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// How an export was understood is kept as JSON, and read with it, next month's
// is not guessed at: here a column has been renamed.
func ExampleDetection_Mapping() {
	dir, err := os.MkdirTemp("", "mapping")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "june.csv")
	if err := os.WriteFile(path, []byte("Дата;Клиент;Сумма, руб.\n13.06.2026;Лютик;1 234,50\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	found, err := orders.Detect(context.Background(), path, orders.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := json.MarshalIndent(found.Mapping(), "", " ")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))

	mapping, err := orders.ReadMapping(strings.NewReader(string(text)))
	if err != nil {
		fmt.Println(err)
		return
	}
	july := strings.NewReader("Дата;Покупатель;Сумма, руб.\n13.07.2026;Лютик;500,00\n")
	_, err = orders.Read(context.Background(), "july.csv", july, orders.Options{Mapping: &mapping})
	fmt.Println(err)
	// Output:
	// {
	//  "format": "csv",
	//  "encoding": "utf-8",
	//  "delimiter": ";",
	//  "header_row": 1,
	//  "header_rows": 1,
	//  "shape": "lines",
	//  "columns": [
	//   {
	//    "header": "Дата",
	//    "number": 1,
	//    "role": "date",
	//    "dates": "dd.mm.yyyy"
	//   },
	//   {
	//    "header": "Клиент",
	//    "number": 2,
	//    "role": "customer"
	//   },
	//   {
	//    "header": "Сумма, руб.",
	//    "number": 3,
	//    "role": "revenue",
	//    "decimal": ","
	//   }
	//  ],
	//  "currency": "RUB"
	// }
	// orders: column missing or ambiguous: july.csv does not fit the mapping: no column is named "Клиент", which is to be customer; row 1 has "Дата", "Покупатель", "Сумма, руб."
}

// Amounts in other currencies are converted at the rates of the mapping.
func ExampleRates() {
	export := strings.NewReader("date,customer,revenue,currency\n2026-06-13,Ann,10.50,USD\n2026-06-14,Bob,1000,RUB\n")
	sales, err := orders.Read(context.Background(), "shop.csv", export, orders.Options{
		Mapping: &orders.Mapping{Currency: "RUB", Rates: orders.Rates{"USD": 92*orders.One + orders.One/2}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sales.Release()
	for deal := range sales.Deals() {
		fmt.Println(deal.Customer, deal.Tally.Revenue)
	}
	// Output:
	// Ann 971.25
	// Bob 1000
}

// A preset knows the columns of a system and the words by which its deals are
// won: what is still open is no sale.
func ExamplePreset() {
	mapping, err := orders.Preset("amocrm")
	if err != nil {
		fmt.Println(err)
		return
	}
	export := strings.NewReader(`ID,Название сделки,Бюджет ₽,Дата закрытия,Этап сделки,Полное имя контакта,Компания
7,Лампы,1000,03.02.2026,Успешно реализовано,Анна,
8,Лампы,500,не закрыта,Первичный контакт,Борис,Лютик
`)
	sales, err := orders.Read(context.Background(), "leads.csv", export, orders.Options{Mapping: &mapping})
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
	fmt.Println(control.Accepted, "won,", control.Skipped[0].Rows, control.Skipped[0].Reason)
	// Output:
	// 1 won, 1 not_won
}
