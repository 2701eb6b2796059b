package report

import "github.com/repeatsales/repeatsales/orders"

// text is one label in every language: English, Russian.
type text [languages]string

// say returns t in the language of the workbook.
func (b *book) say(t text) string { return t[b.lang] }

// money returns the label of a column of money, with the currency if it is known.
func (b *book) money(t text) text {
	c := b.control.Currency
	switch {
	case c == "":
		return t
	case c == "RUB" || c == "RUR" || c == "643" || c == "810":
		return text{t[English] + ", RUB", t[Russian] + ", руб."}
	}
	return text{t[English] + ", " + c, t[Russian] + ", " + c}
}

// Labels that several sheets share.
var (
	undefined   = text{"n/a", "н/д"}
	pageOf      = text{"Page &P of &N", "Стр. &P из &N"}
	yes         = text{"yes", "да"}
	totalLabel  = text{"Total", "Итого"}
	legendTitle = text{"What the columns mean", "Что означают столбцы"}
	rowsCut     = text{
		"The first %d of %d rows are listed: a sheet holds no more. Totals are of all rows.",
		"Показаны первые %d строк из %d: больше лист не вмещает. Итоги — по всем строкам.",
	}
	formulasCut = text{
		"This list has more than %d rows, so its cells hold values, not formulas: a change of a parameter does not change them.",
		"В списке больше %d строк, поэтому в ячейках значения, а не формулы: изменение параметра их не меняет.",
	}
)

// measureNames are the measures as headers have them.
var measureNames = map[orders.Measure]text{
	orders.Revenue:      {"Revenue", "Выручка"},
	orders.GrossProfit:  {"Gross profit", "Валовая прибыль"},
	orders.Contribution: {"Contribution", "Маржинальная прибыль"},
	orders.Quantity:     {"Quantity", "Количество"},
	orders.Deals:        {"Deals", "Сделки"},
	orders.Purchases:    {"Purchases", "Покупки"},
}

// grainNames are the lengths of periods: "by month".
var grainNames = map[orders.Grain]text{
	orders.Day:     {"by day", "по дням"},
	orders.Week:    {"by week", "по неделям"},
	orders.Month:   {"by month", "по месяцам"},
	orders.Quarter: {"by quarter", "по кварталам"},
	orders.Year:    {"by year", "по годам"},
}

// sideNames are the four sides.
var sideNames = [...]text{
	orders.First:     {"First", "Первые"},
	orders.Repeat:    {"Repeat", "Повторные"},
	orders.Unknown:   {"Unknown", "Неизвестно"},
	orders.Unmatched: {"Unmatched returns", "Возвраты без покупки"},
}

// between returns "2023-01-01 – 2024-12-31" as the language writes it.
func (b *book) between(from, to orders.Date) string {
	if from == 0 {
		return b.say(text{"no days", "нет дней"})
	}
	return b.day(from) + " – " + b.day(to)
}

// day returns d as the language writes it.
func (b *book) day(d orders.Date) string {
	if b.lang == Russian {
		return d.Time().Format("02.01.2006")
	}
	return d.String()
}
