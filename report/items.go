package report

import "github.com/repeatsales/repeatsales/orders"

// itemName is what a dimension's items are called.
type itemName struct {
	one  text // "Customer"
	many text // "Customers"
	of   text // "customers", after "the largest"
}

var itemNames = map[orders.Dimension]itemName{
	orders.ByCustomer:    {text{"Customer", "Клиент"}, text{"Customers", "Клиенты"}, text{"customers", "клиентов"}},
	orders.ByProduct:     {text{"Product", "Товар"}, text{"Products", "Товары"}, text{"products", "товаров"}},
	orders.ByGroup:       {text{"Product group", "Группа товаров"}, text{"Product groups", "Группы товаров"}, text{"product groups", "групп товаров"}},
	orders.BySalesperson: {text{"Salesperson", "Продавец"}, text{"Salespersons", "Продавцы"}, text{"salespersons", "продавцов"}},
	orders.ByOwner:       {text{"Present salesperson", "Нынешний продавец"}, text{"Present salespersons", "Нынешние продавцы"}, text{"present salespersons", "нынешних продавцов"}},
	orders.ByChannel:     {text{"Channel", "Канал"}, text{"Channels", "Каналы"}, text{"channels", "каналов"}},
}

// itemName returns how an item is called; without an id it says so.
func (b *book) itemName(id, name string) string {
	if id == "" && name == "" {
		return b.say(text{"(not given)", "(не указан)"})
	}
	return name
}

// measure returns the header of a measure, and how it is written.
func (b *book) measure(m orders.Measure) (text, format) {
	if f := measured(m); f != money {
		return measureNames[m], f
	}
	return b.money(measureNames[m]), money
}

// whenWritten is a cell of that style that is known when the sheet is written.
func whenWritten(st style, value func() any) lazy {
	return func() any { return styled{st, value()} }
}

// widths returns those of columns.
func widths(columns []column) (w []float64) {
	for _, c := range columns {
		w = append(w, c.width)
	}
	return w
}
