package exports

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// Format is a shape in which a system exports its sales.
type Format struct {
	Name  string // of the system and its report
	File  string // a file name with the right extension
	Write func(w io.Writer, book []company.Line) error
	// Held returns what the file says, line by line: what a reader of it must
	// come to. Order ids and customers are those of the file.
	Held       func(book []company.Line) []orders.Line
	Quantities bool         // the file says how much of each product was sold, in the units of the book
	Precision  orders.Grain // of its dates, Day or Month
}

// Formats returns all formats in which a book can be written.
func Formats() []Format {
	return []Format{
		{Name: "Bitrix24, deals", File: "bitrix24.csv", Write: WriteBitrix24, Held: heldByBitrix24, Precision: orders.Day},
		{Name: "Bitrix24, deals with products", File: "bitrix24_products.csv", Write: WriteBitrix24Products, Held: heldByBitrix24Products, Quantities: true, Precision: orders.Day},
		{Name: "amoCRM, leads", File: "amocrm.csv", Write: WriteAmoCRM, Held: heldByAmoCRM, Precision: orders.Day},
		{Name: "Shopify, orders", File: "shopify.csv", Write: WriteShopify, Held: heldByShopify, Precision: orders.Day},
		{Name: "WooCommerce, orders", File: "woocommerce.csv", Write: WriteWooCommerce, Held: heldByWooCommerce, Precision: orders.Day},
		{Name: "Odoo, sales orders", File: "odoo.csv", Write: WriteOdoo, Held: heldByOdoo, Quantities: true, Precision: orders.Day},
		{Name: "1C, gross profit by months", File: "gross_profit_months.xlsx", Write: WriteGrossProfitMonths, Held: heldByGrossProfit, Quantities: true, Precision: orders.Month},
		{Name: "1C, sales by orders", File: "sales_by_orders.xlsx", Write: WriteSalesByOrders, Held: heldBySalesByOrders, Quantities: true, Precision: orders.Day},
	}
}

// document is the lines of one document.
type document struct {
	lines   []company.Line
	number  int // of the document in the book, from 1
	revenue orders.Amount
	returns bool // it takes goods back
}

// head is the line that says what all lines of the document say.
func (d document) head() company.Line { return d.lines[0] }

// documents parts a book into its documents.
func documents(book []company.Line) []document {
	var list []document
	for _, l := range book {
		if n := len(list); n == 0 || list[n-1].head().Order != l.Order {
			list = append(list, document{number: n + 1, returns: strings.HasPrefix(l.Order, "ВЗ")})
		}
		d := &list[len(list)-1]
		d.lines = append(d.lines, l)
		d.revenue += l.Revenue
	}
	return list
}

// deal returns the document as one line without products and costs, under the
// number that a CRM gives it. Its customer is known by name.
func (d document) deal(number int) orders.Line {
	l := d.head()
	return orders.Line{
		Customer: l.CustomerName, Order: strconv.Itoa(number), Date: l.Date, Revenue: d.revenue,
		Salesperson: l.Salesperson, Channel: l.Channel, Cancelled: l.Cancelled,
	}
}

// before tells of each document, by number, whether its customer has bought before.
func before(list []document) map[int]bool {
	known, repeated := map[string]bool{}, map[int]bool{}
	for _, d := range list {
		name := d.head().CustomerName
		repeated[d.number] = name != "" && known[name]
		if !d.head().Cancelled {
			known[name] = true
		}
	}
	return repeated
}

// places returns a with a dot and at least two decimal places.
func places(a orders.Amount) string {
	s := a.String()
	_, fraction, _ := strings.Cut(s, ".")
	if fraction == "" {
		return s + ".00"
	}
	return s + strings.Repeat("0", max(0, 2-len(fraction)))
}

// grouped returns a as 1,234.50 with the marks given.
func grouped(a orders.Amount, thousands, decimal string) string {
	whole, fraction, _ := strings.Cut(places(a.Abs()), ".")
	var b strings.Builder
	if a < 0 {
		b.WriteByte('-')
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(digit)
	}
	return b.String() + decimal + fraction
}

// price returns revenue ÷ quantity to the kopeck; the revenue itself if there is no quantity.
func price(l company.Line) orders.Amount {
	if l.Quantity == 0 {
		return l.Revenue
	}
	p, _, err := l.Revenue.MulDiv(100, int64(l.Quantity))
	if err != nil {
		return l.Revenue
	}
	return p * (orders.One / 100)
}

// merged adds the lines that have the same customer, product and date: what a
// report shows once. They come by customer, product and date.
func merged(lines []orders.Line) []orders.Line {
	type key struct {
		customer, product string
		date              orders.Date
	}
	sums := map[key]*orders.Line{}
	var list []key
	for _, l := range lines {
		k := key{l.Customer, l.Product, l.Date}
		s := sums[k]
		if s == nil {
			c := l
			sums[k], list = &c, append(list, k)
			continue
		}
		s.Quantity += l.Quantity
		s.Revenue += l.Revenue
		s.COGS.Amount += l.COGS.Amount
		s.COGS.Known = s.COGS.Known && l.COGS.Known
	}
	slices.SortFunc(list, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.customer, b.customer), cmp.Compare(a.product, b.product), cmp.Compare(a.date, b.date))
	})
	out := make([]orders.Line, len(list))
	for i, k := range list {
		out[i] = *sums[k]
	}
	return out
}
