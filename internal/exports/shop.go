package exports

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// shopifyHeader has the 79 columns of an orders_export.csv.
var shopifyHeader = strings.Split(`Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,`+
	`Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,`+
	`Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,`+
	`Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,`+
	`Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,`+
	`Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,`+
	`Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,`+
	`Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References`, ",")

// WriteShopify writes orders_export.csv: a line for each item, money and
// addresses on the first line of the order only, tax and delivery inside
// Total but not in Subtotal. Goods taken back are no orders there: left out.
func WriteShopify(w io.Writer, book []company.Line) error {
	out := csv.NewWriter(w)
	out.Write(shopifyHeader)
	for _, d := range documents(book) {
		if d.returns {
			continue
		}
		for i, l := range d.lines {
			row := make([]string, len(shopifyHeader))
			set := func(name, value string) { row[indexOf(shopifyHeader, name)] = value }
			set("Name", shopifyName(d.number))
			set("Email", email(l))
			set("Created at", stamp(l, 0))
			pieces, each, off := shopifyItem(l)
			set("Lineitem quantity", pieces)
			set("Lineitem name", l.ProductName)
			set("Lineitem price", places(each))
			set("Lineitem sku", l.Product)
			set("Lineitem discount", places(off))
			set("Vendor", "Electro")
			if i == 0 {
				shopifyHead(d, set)
			}
			out.Write(row)
		}
	}
	out.Flush()
	return out.Error()
}

func shopifyHead(d document, set func(name, value string)) {
	l := d.head()
	tax, delivery := d.revenue/(5*orders.One/100)*(orders.One/100), 350*orders.One
	set("Financial Status", "paid")
	set("Paid at", stamp(l, 60))
	set("Accepts Marketing", "no")
	set("Currency", "RUB")
	set("Subtotal", places(d.revenue))
	set("Shipping", places(delivery))
	set("Taxes", places(tax))
	set("Total", places(d.revenue+delivery+tax))
	set("Discount Amount", "0.00")
	set("Billing Name", l.CustomerName)
	set("Shipping Name", l.CustomerName)
	set("Note Attributes", "source: "+l.Channel+"\nmanager: "+l.Salesperson)
	set("Payment Method", "Manual")
	set("Refunded Amount", "0.00")
	set("Outstanding Balance", "0.00")
	set("Id", strconv.Itoa(5_600_000_000+d.number))
	set("Source", "web")
	if l.Cancelled {
		set("Financial Status", "voided")
		set("Cancelled at", stamp(l, 3600))
	}
}

// shopifyItem returns a line as a shop that counts in pieces has it: half a
// metre is a piece. The price is rounded up to the cent, a discount takes off the rest.
func shopifyItem(l company.Line) (pieces string, each, off orders.Amount) {
	n := l.Quantity
	if n%orders.One != 0 {
		n *= 2
	}
	if n == 0 {
		n = orders.One
	}
	const cent = orders.One / 100
	count := int64(n / orders.One)
	each = (l.Revenue/cent + orders.Amount(count) - 1) / orders.Amount(count) * cent
	return strconv.FormatInt(count, 10), each, each*orders.Amount(count) - l.Revenue
}

func shopifyName(n int) string { return fmt.Sprintf("#%d", 1000+n) }

// email returns an invented address for a customer; nobody in particular has none.
func email(l company.Line) string {
	if l.Customer == "" || l.CustomerName == "Розничный покупатель" {
		return ""
	}
	return "client" + strings.ReplaceAll(l.Customer, "-", "") + "@example.com"
}

// stamp returns the time of a line, seconds later, as Shopify writes it.
func stamp(l company.Line, later int) string {
	s := l.Second + later
	return fmt.Sprintf("%s %02d:%02d:%02d -0400", l.Date, s/3600, s/60%60, s%60)
}

func heldByShopify(book []company.Line) []orders.Line {
	var lines []orders.Line
	for _, d := range documents(book) {
		if l := d.head(); !d.returns {
			lines = append(lines, orders.Line{
				Customer: email(l), CustomerName: l.CustomerName, Order: shopifyName(d.number), Date: l.Date, Revenue: d.revenue, Cancelled: l.Cancelled,
			})
		}
	}
	return lines
}

// WriteWooCommerce writes the orders as WooCommerce's analytics export them:
// net revenue as text with a sign, the products as one cell. What was refunded is
// a row of its own.
func WriteWooCommerce(w io.Writer, book []company.Line) error {
	out := csv.NewWriter(w)
	out.Write([]string{"Date", "Order #", "N. Revenue", "Status", "Customer", "Customer type", "Product(s)", "Items sold", "Coupon(s)", "Attribution"})
	list := documents(book)
	repeated := before(list)
	for _, d := range list {
		l := d.head()
		status, kind := "completed", "new"
		if l.Cancelled {
			status = "cancelled"
		}
		if repeated[d.number] {
			kind = "returning"
		}
		items, sold := []string{}, orders.Amount(0)
		for _, l := range d.lines {
			items = append(items, l.Quantity.Abs().String()+"× "+l.ProductName)
			sold += l.Quantity
		}
		at := fmt.Sprintf("%s %02d:%02d:%02d", l.Date, l.Second/3600, l.Second/60%60, l.Second%60)
		out.Write([]string{
			at, strconv.Itoa(d.number), "₽" + grouped(d.revenue, ",", "."), status, l.CustomerName, kind,
			strings.Join(items, ", "), sold.String(), "", l.Channel,
		})
	}
	out.Flush()
	return out.Error()
}

func heldByWooCommerce(book []company.Line) []orders.Line {
	var lines []orders.Line
	list := documents(book)
	repeated := before(list)
	for _, d := range list {
		l := d.deal(d.number)
		l.Salesperson, l.Channel, l.RepeatFlag = "", "", "new"
		if repeated[d.number] {
			l.RepeatFlag = "returning"
		}
		lines = append(lines, l)
	}
	return lines
}

var odooHeader = []string{
	"Order Reference", "Order Date", "Customer", "Salesperson", "Status", "Total", "Invoice Status",
	"Order Lines/Product", "Order Lines/Description", "Order Lines/Quantity", "Order Lines/Unit Price", "Order Lines/Subtotal",
}

// WriteOdoo writes sale.order with its lines as Odoo exports them: what is
// said of the order stands on its first line only.
func WriteOdoo(w io.Writer, book []company.Line) error {
	out := csv.NewWriter(w)
	out.Write(odooHeader)
	for _, d := range documents(book) {
		head := d.head()
		status := "Sales Order"
		if head.Cancelled {
			status = "Cancelled"
		}
		total := d.revenue + d.revenue/(5*orders.One/100)*(orders.One/100) // with tax
		row := []string{
			odooReference(d.number), fmt.Sprintf("%s %02d:%02d:%02d", head.Date, head.Second/3600, head.Second/60%60, head.Second%60),
			head.CustomerName, head.Salesperson, status, places(total), "Fully Invoiced",
		}
		for _, l := range d.lines {
			out.Write(append(slices.Clip(row), "["+l.Product+"] "+l.ProductName, l.ProductName, places(l.Quantity), places(price(l)), places(l.Revenue)))
			row = make([]string, len(row))
		}
	}
	out.Flush()
	return out.Error()
}

func odooReference(n int) string { return fmt.Sprintf("S%05d", n) }

func heldByOdoo(book []company.Line) []orders.Line {
	var lines []orders.Line
	for _, d := range documents(book) {
		for _, l := range d.lines {
			lines = append(lines, orders.Line{
				Customer: l.CustomerName, Order: odooReference(d.number), Date: l.Date, Product: "[" + l.Product + "] " + l.ProductName, ProductName: l.ProductName,
				Salesperson: l.Salesperson, Quantity: l.Quantity, Revenue: l.Revenue, Cancelled: l.Cancelled,
			})
		}
	}
	return lines
}
