package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"

	"golang.org/x/text/encoding/charmap"

	"github.com/repeatsales/repeatsales/orders"
)

// spec says which file to generate. The customers, orders, days and
// salespersons depend on the first three only, the lines on all but Legacy.
type spec struct {
	Lines     int    // before Factor
	Customers int    // who may buy
	Seed      uint64 // of everything
	Factor    int    // every line is this many lines, each with goods and money of its own
	Dearness  int    // prices are so many times those of job J's file
	Legacy    bool   // as 1C writes it: windows-1251, ";", "1 234,56", in Russian
}

// generator writes the invented orders of a company: one to three lines an
// order, few customers with many orders and many with few, each from a day of
// their own on, over the window of job J.
type generator struct {
	spec
	w      io.Writer
	buffer []byte
	err    error

	days, products, salespersons []string
	header, order, customer      string // prefixes of ids
	separator, decimal           byte
}

// generate writes the file of s to path, and returns what is in it.
func generate(path string, s spec, progress func(done, total int64) error) (_ answers, err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	g := &generator{spec: s, w: f}
	g.words()
	return g.run(progress)
}

// words are the texts of the file in its language and encoding.
func (g *generator) words() {
	layout, product, salesperson := "2006-01-02", "Product %04d", "Sales Person %02d"
	g.header = "order_id,customer_id,order_date,product,quantity,revenue,cost,salesperson\n"
	g.order, g.customer, g.separator, g.decimal = "O", "C", ',', '.'
	text := func(s string) string { return s }
	if g.Legacy {
		layout, product, salesperson = "02.01.2006", "Изделие %04d", "Сотрудник № %02d"
		g.header = "Номер заказа;Код клиента;Дата;Номенклатура;Количество;Выручка;Себестоимость;Менеджер\n"
		g.order, g.customer, g.separator, g.decimal = "З", "К", ';', ','
		text = func(s string) string {
			s, err := charmap.Windows1251.NewEncoder().String(s)
			g.err = errors.Join(g.err, err)
			return s
		}
	}
	g.header, g.order, g.customer = text(g.header), text(g.order), text(g.customer)
	for day := firstMonth.First(); day <= lastMonth.Last(); day++ {
		g.days = append(g.days, day.Time().Format(layout))
	}
	for i := range 2000 {
		name := fmt.Sprintf(product, i)
		if i%50 == 0 {
			name = fmt.Sprintf(`"%s%c XL"`, name, g.separator)
		}
		g.products = append(g.products, text(name))
	}
	for i := range 40 {
		g.salespersons = append(g.salespersons, text(fmt.Sprintf(salesperson, i)))
	}
}

// run writes the header and all orders. Orders and lines are drawn from
// streams of their own, so that more lines leave the orders as they are.
func (g *generator) run(progress func(done, total int64) error) (answers, error) {
	draw, drawLine := rand.New(rand.NewPCG(g.Seed, 1)), rand.New(rand.NewPCG(g.Seed, 2))
	zipf := rand.NewZipf(draw, 1.05, 50, uint64(g.Customers-1))
	shuffled := draw.Perm(g.Customers)
	seen := make([]bool, g.Customers)
	customers, n, lines, cents := 0, 0, 0, int64(0)
	g.buffer = append(g.buffer, g.header...)
	for left := g.Lines; left > 0 && g.err == nil; n++ {
		customer := shuffled[zipf.Uint64()]
		if !seen[customer] {
			seen[customer] = true
			customers++
		}
		day := g.day(n, customer, draw)
		salesperson := g.salespersons[draw.IntN(len(g.salespersons))]
		of := min(left, 1+draw.IntN(3))
		left -= of
		for range of * g.Factor {
			cents += g.line(n, customer, day, salesperson, drawLine)
			lines++
		}
		g.flush(1 << 20)
		if progress != nil && n%10_000 == 0 {
			g.err = errors.Join(g.err, progress(int64(lines), int64(g.Lines*g.Factor)))
		}
	}
	g.flush(0)
	revenue := orders.Amount(cents) * (orders.One / 100)
	return answers{{"total", strconv.Itoa(lines), strconv.Itoa(customers), strconv.Itoa(n), money(revenue)}}, g.err
}

// day returns the day of order n: any from the customer's first on. The first
// two orders are on the first and the last day, so that a small file covers the
// window too.
func (g *generator) day(n, customer int, draw *rand.Rand) int {
	days := len(g.days)
	first := int(uint32(customer)*2_654_435_761>>8) % (days * 3 / 4)
	day := first + draw.IntN(days-first)
	switch n {
	case 0:
		return 0
	case 1:
		return days - 1
	}
	return day
}

// line writes one line and returns its revenue in cents.
func (g *generator) line(n, customer, day int, salesperson string, draw *rand.Rand) int64 {
	quantity := 1 + draw.Int64N(5)
	revenue := quantity * int64(float64(g.Dearness)*(100+draw.ExpFloat64()*3000))
	cost := int64(float64(revenue) * (0.5 + 0.4*draw.Float64()))
	b := append(g.buffer, g.order...)
	b = strconv.AppendInt(b, int64(10_000_000+n), 10)
	b = append(append(b, g.separator), g.customer...)
	b = strconv.AppendInt(b, int64(1_000_000+customer), 10)
	b = append(append(b, g.separator), g.days[day]...)
	b = append(append(b, g.separator), g.products[draw.IntN(len(g.products))]...)
	b = strconv.AppendInt(append(b, g.separator), quantity, 10)
	b = g.money(append(b, g.separator), revenue)
	b = g.money(append(b, g.separator), cost)
	b = append(append(b, g.separator), salesperson...)
	g.buffer = append(b, '\n')
	return revenue
}

// money appends cents as a number with two places. Files of old systems group
// thousands by a no-break space, 0xA0 in windows-1251.
func (g *generator) money(b []byte, cents int64) []byte {
	whole := cents / 100
	if g.Legacy && whole >= 1000 {
		b = strconv.AppendInt(b, whole/1000, 10)
		whole %= 1000
		b = append(b, 0xA0, byte('0'+whole/100), byte('0'+whole/10%10), byte('0'+whole%10))
	} else {
		b = strconv.AppendInt(b, whole, 10)
	}
	return append(b, g.decimal, byte('0'+cents/10%10), byte('0'+cents%10))
}

// flush writes the buffer if it holds n bytes or more.
func (g *generator) flush(n int) {
	if len(g.buffer) < n || g.err != nil {
		return
	}
	_, g.err = g.w.Write(g.buffer)
	g.buffer = g.buffer[:0]
}
