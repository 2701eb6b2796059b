package company

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"github.com/repeatsales/repeatsales/orders"
)

// File is a file that is written of a company.
type File struct {
	Name  string
	Write func(*Company, io.Writer) error
}

// Files returns all files that are written of a company.
func Files() []File {
	return []File{
		{"company_1c.csv", (*Company).WriteJournal},
		{"company.csv", (*Company).WriteCSV},
		{"truth.json", (*Company).WriteTruth},
	}
}

// WriteJournal writes the export as the journal of documents that 1C saves as
// CSV: windows-1251, semicolons, CRLF, three lines of title, money with a
// decimal comma and no-break spaces, and a row of totals at the end.
func (c *Company) WriteJournal(w io.Writer) error {
	out := csv.NewWriter(charmap.Windows1251.NewEncoder().Writer(w))
	out.Comma, out.UseCRLF = ';', true
	header := []string{
		"Контрагент", "Код контрагента", "Дата", "Номер документа", "Номенклатура", "Артикул", "Номенклатурная группа",
		"Количество", "Сумма", "Себестоимость", "Менеджер", "Источник", "Статус", "Документ основание",
	}
	period := fmt.Sprintf("Период: %s - %s", dotted(c.FirstDay), dotted(c.LastDay))
	for _, title := range []string{"Журнал продаж (RUB)", period, ""} {
		out.Write(append([]string{title}, make([]string, len(header)-1)...))
	}
	out.Write(header)
	var quantity, revenue, cogs orders.Amount
	for _, l := range c.Sold {
		quantity, revenue, cogs = quantity+l.Quantity, revenue+l.Revenue, cogs+l.COGS.Amount
		out.Write(l.journal())
	}
	out.Write([]string{"Итого", "", "", "", "", "", "", comma(quantity, 0), comma(revenue, 2), comma(cogs, 2), "", "", "", ""})
	out.Flush()
	return out.Error() // the first of all the writes above
}

// journal returns the line's cells in the journal.
func (l Line) journal() []string {
	cogs, status, s := "", "Проведен", l.Second
	if l.COGS.Known {
		cogs = comma(l.COGS.Amount, 2)
	}
	if l.Cancelled {
		status = "Отменен"
	}
	at := fmt.Sprintf("%s %d:%02d:%02d", dotted(l.Date), s/3600, s/60%60, s%60)
	return []string{
		l.CustomerName, l.Customer, at, l.Order, l.ProductName, l.Product, l.Group,
		comma(l.Quantity, 0), comma(l.Revenue, 2), cogs, l.Salesperson, l.Channel, status, l.Base,
	}
}

func dotted(d orders.Date) string { return d.Time().Format("02.01.2006") }

// comma returns a as 1C prints numbers: "-1 234,50", the space a no-break one,
// with at least so many decimal places.
func comma(a orders.Amount, places int) string {
	whole, fraction, _ := strings.Cut(a.Abs().String(), ".")
	for len(fraction) < places {
		fraction += "0"
	}
	var b strings.Builder
	if a < 0 {
		b.WriteByte('-')
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString("," + fraction)
	}
	return b.String()
}

// WriteCSV writes the export as plain CSV; see [WriteLines].
func (c *Company) WriteCSV(w io.Writer) error { return WriteLines(w, c.Lines()) }

// WriteLines writes lines as plain CSV: UTF-8, commas, LF, English headers,
// ISO dates and numbers with a dot. A cost that is not known is blank.
func WriteLines(w io.Writer, lines iter.Seq[orders.Line]) error {
	out := csv.NewWriter(bufio.NewWriterSize(w, 1<<16))
	out.Write([]string{
		"order_id", "customer_id", "customer_name", "order_date", "product_id", "product_name", "product_group",
		"quantity", "revenue", "cost", "salesperson", "channel", "status", "base_document",
	})
	for l := range lines {
		status := "paid"
		if l.Cancelled {
			status = "cancelled"
		}
		out.Write([]string{
			l.Order, l.Customer, l.CustomerName, l.Date.String(), l.Product, l.ProductName, l.Group,
			l.Quantity.String(), l.Revenue.String(), l.COGS.String(), l.Salesperson, l.Channel, status, l.Base,
		})
	}
	out.Flush()
	return out.Error()
}

// WriteTruth writes the [Truth] as JSON.
func (c *Company) WriteTruth(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	return out.Encode(c.Truth())
}
