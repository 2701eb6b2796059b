package exports

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

var monthNames = [...]string{"Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь"}

// monthName returns «Июнь 2026 г.».
func monthName(m orders.Period) string {
	t := m.First().Time()
	return fmt.Sprintf("%s %d г.", monthNames[t.Month()-1], t.Year())
}

// GrossProfit returns the report «Валовая прибыль предприятия» of one month: a
// group row for each customer, below it a leaf for each product, all added up
// at the end.
func GrossProfit(book []company.Line, month orders.Period) Sheet {
	return grossProfit(heldByGrossProfit(book), []orders.Period{month})
}

// WriteGrossProfitMonths writes the report «Валовая прибыль предприятия» with
// a group of columns for each month of the book, of 1C as an Excel file.
func WriteGrossProfitMonths(w io.Writer, book []company.Line) error {
	held := heldByGrossProfit(book)
	var months []orders.Period
	for _, l := range held {
		if m := orders.Month.Of(l.Date); !slices.Contains(months, m) {
			months = append(months, m)
		}
	}
	slices.SortFunc(months, func(a, b orders.Period) int { return cmp.Compare(a.First(), b.First()) })
	return WriteBook(w, Book{Sheets: []Sheet{grossProfit(held, months)}})
}

// heldByGrossProfit returns what the report says: products by customer and
// month, without documents. What is cancelled is not in it.
func heldByGrossProfit(book []company.Line) []orders.Line {
	var lines []orders.Line
	for _, l := range book {
		if l.Cancelled {
			continue
		}
		lines = append(lines, orders.Line{
			Customer: customerIn1C(l), Product: l.ProductName, Date: orders.Month.Of(l.Date).First(),
			Quantity: l.Quantity, Revenue: l.Revenue, COGS: orders.Known(l.COGS.Amount),
		})
	}
	return merged(lines)
}

func customerIn1C(l company.Line) string {
	return cmp.Or(l.CustomerName, "<Покупатель не указан>")
}

// sums are the figures of one row in one month.
type sums struct {
	quantity, revenue, cogs orders.Amount
	any                     bool
}

func (s *sums) add(l orders.Line) {
	s.quantity, s.revenue, s.cogs, s.any = s.quantity+l.Quantity, s.revenue+l.Revenue, s.cogs+l.COGS.Amount, true
}

// cells returns the four figures as 1C prints them: nothing where nothing was sold.
func (s *sums) cells() []Cell {
	if !s.any {
		return make([]Cell, 4)
	}
	return []Cell{{Money, s.quantity.String()}, {Money, s.revenue.String()}, {Money, s.cogs.String()}, {Money, (s.revenue - s.cogs).String()}}
}

// grossProfit lays the report out. Two columns lie merged under its names; the
// months are groups of irregular width, as the merged cells of 1C make them.
func grossProfit(lines []orders.Line, months []orders.Period) Sheet {
	first, last := months[0], months[len(months)-1]
	s := Sheet{Name: "TDSheet", Rows: []Row{
		{},
		{Cells: cells("Валовая прибыль предприятия (RUB)")},
		{},
		{Cells: cells("Параметры:", "Период: "+first.First().Time().Format("02.01.2006")+" - "+last.Last().Time().Format("02.01.2006"))},
		{Cells: cells("", "Показывать продажи: Все")},
		{Cells: cells("Отбор:", `Тип номенклатуры В группе из списка "Товар; Работа"`)},
		{}, {},
	}}
	above := []Cell{{Value: "Клиент"}, {Kind: WithLeft}}
	below := []Cell{{Value: "Номенклатура"}, {Kind: WithLeft}}
	for i, m := range months {
		above = append(above, Cell{Value: monthName(m)}, Cell{Kind: WithLeft}, Cell{Kind: WithLeft}, Cell{Kind: WithLeft})
		below = append(below, cells("Количество", "Выручка", "Себестоимость", "Валовая прибыль")...)
		if i%3 == 2 { // a column with nothing in it, merged away
			above, below = append(above, Cell{Kind: WithLeft}), append(below, Cell{Kind: WithLeft})
		}
	}
	s.Rows = append(s.Rows, Row{Cells: above}, Row{Cells: below})
	row := func(level int, name string, figures []sums) {
		r := Row{Level: level, Cells: []Cell{{Value: name}, {Kind: WithLeft}}}
		for i := range figures {
			r.Cells = append(r.Cells, figures[i].cells()...)
			if i%3 == 2 {
				r.Cells = append(r.Cells, Cell{Kind: WithLeft})
			}
		}
		s.Rows = append(s.Rows, r)
	}
	total := make([]sums, len(months))
	add := func(to []sums, l orders.Line) {
		if i := slices.Index(months, orders.Month.Of(l.Date)); i >= 0 {
			to[i].add(l)
		}
	}
	within := func(l orders.Line) bool { return slices.Contains(months, orders.Month.Of(l.Date)) }
	lines = slices.DeleteFunc(slices.Clone(lines), func(l orders.Line) bool { return !within(l) })
	for group := range runs(lines, func(l orders.Line) string { return l.Customer }) {
		figures := make([]sums, len(months))
		for _, l := range group {
			add(figures, l)
			add(total, l)
		}
		row(0, group[0].Customer+" ", figures)
		for leaf := range runs(group, func(l orders.Line) string { return l.Product }) {
			figures := make([]sums, len(months))
			for _, l := range leaf {
				add(figures, l)
			}
			row(1, leaf[0].Product, figures)
		}
	}
	row(0, "Итого", total)
	return s
}

// runs yields the runs of lines with one key.
func runs(lines []orders.Line, key func(orders.Line) string) iter.Seq[[]orders.Line] {
	return func(yield func([]orders.Line) bool) {
		for len(lines) > 0 {
			n := 1
			for n < len(lines) && key(lines[n]) == key(lines[0]) {
				n++
			}
			if !yield(lines[:n]) {
				return
			}
			lines = lines[n:]
		}
	}
}

// WriteSalesByOrders writes the report «Продажи» of 1C:УНФ as an Excel file:
// customers as groups, below each its documents, whose number and day are in
// the text of the row; the header stands in one column, one line upon the
// other, and the currency in its names.
func WriteSalesByOrders(w io.Writer, book []company.Line) error {
	return WriteBook(w, Book{Sheets: []Sheet{SalesByOrders(book)}})
}

// SalesByOrders returns the report that [WriteSalesByOrders] writes.
func SalesByOrders(book []company.Line) Sheet {
	s := Sheet{Name: "Лист_1", Rows: []Row{
		{Cells: cells("Продажи")}, {}, {Cells: cells("Параметры:", "Начало периода: 01.07.2023")}, {},
		{Cells: []Cell{{Value: "Покупатель"}, {Value: "Количество"}, {Value: "Выручка, р."}, {Value: "Себестоимость, р."}, {Value: "Прибыль, р."}}},
		{Cells: []Cell{{Value: "Заказ покупателя"}, {Kind: WithTop}, {Kind: WithTop}, {Kind: WithTop}, {Kind: WithTop}}},
	}}
	held := heldBySalesByOrders(book)
	slices.SortStableFunc(held, func(a, b orders.Line) int { return cmp.Compare(a.Customer, b.Customer) })
	var total sums
	for group := range runs(held, func(l orders.Line) string { return l.Customer }) {
		var sum sums
		for _, l := range group {
			sum.add(l)
			total.add(l)
		}
		s.Rows = append(s.Rows, Row{Cells: append(cells(group[0].Customer+" "), sum.cells()...)})
		for _, l := range group {
			var one sums
			one.add(l)
			name := fmt.Sprintf("%s от %s", l.Order, l.Date.Time().Format("02.01.2006"))
			s.Rows = append(s.Rows, Row{Level: 1, Cells: append(cells(name), one.cells()...)})
		}
	}
	s.Rows = append(s.Rows, Row{Cells: append(cells("Итого"), total.cells()...)})
	return s
}

// heldBySalesByOrders returns a line for each document that was not cancelled.
func heldBySalesByOrders(book []company.Line) []orders.Line {
	var lines []orders.Line
	for _, d := range documents(book) {
		head := d.head()
		if head.Cancelled {
			continue
		}
		kind := "Заказ покупателя"
		if d.returns {
			kind = "Возврат от покупателя"
		}
		out := orders.Line{
			Customer: customerIn1C(head), Date: head.Date, COGS: orders.Known(0),
			Order: kind + " " + strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(head.Order, "ВТ00-"), "ВЗ00-"), "0"),
		}
		for _, l := range d.lines {
			out.Quantity, out.Revenue, out.COGS.Amount = out.Quantity+l.Quantity, out.Revenue+l.Revenue, out.COGS.Amount+l.COGS.Amount
		}
		lines = append(lines, out)
	}
	return lines
}
