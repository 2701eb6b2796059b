package company

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/repeatsales/repeatsales/orders"
)

// Lines yields n order lines of an export of three years from 2022-01-01, by
// day, for benchmarks: about three lines a deal, thirteen deals a customer,
// customers arriving all the time, a tenth of them buying half of everything
// and the others drifting away, returns, missing costs, cancelled deals and
// anonymous sales. The same n and seed give the same lines. None for n ≤ 0.
func Lines(n int, seed uint64) iter.Seq[orders.Line] {
	return func(yield func(orders.Line) bool) {
		b := newBulk(n, seed)
		for written := 0; written < n; {
			deal, count := b.deal(written), 1+b.r.IntN(5)
			for range min(count, n-written) {
				b.fill(&deal)
				if !yield(deal) {
					return
				}
				written++
			}
		}
	}
}

const (
	bulkDays            = 1096
	bulkProducts        = 2000
	bulkGroups          = 40
	bulkSalespersons    = 24
	linesPerBulkBuyer   = 40
	anonymousPerHundred = 3
)

// bulk holds the text of all lines, so that a line allocates nothing and a
// deal only its number.
type bulk struct {
	n                              int
	r                              *rand.Rand
	customers, customerNames       []string
	products, productNames, groups []string
	salespersons                   []string
	first                          orders.Date
	orders                         int
}

func newBulk(n int, seed uint64) *bulk {
	numbered := func(format string, n int) []string {
		s := make([]string, n)
		for i := range s {
			s[i] = fmt.Sprintf(format, i+1)
		}
		return s
	}
	buyers := max(1, n/linesPerBulkBuyer)
	return &bulk{
		n: n, r: rand.New(rand.NewPCG(seed, streamCustomer-1)), first: orders.NewDate(2022, 1, 1),
		customers: numbered("C%07d", buyers), customerNames: numbered("Customer %d", buyers),
		products: numbered("P%04d", bulkProducts), productNames: numbered("Product %d", bulkProducts),
		groups: numbered("Group %02d", bulkGroups), salespersons: numbered("Salesperson %02d", bulkSalespersons),
	}
}

// deal returns what the lines of the next deal have in common, when so many
// lines have been written.
func (b *bulk) deal(written int) orders.Line {
	b.orders++
	progress := float64(written) / float64(b.n)
	l := orders.Line{
		Order:   "S" + strconv.Itoa(1_000_000+b.orders),
		Date:    b.first + orders.Date(progress*bulkDays),
		Channel: channels[b.r.IntN(len(channels))],
	}
	if b.r.IntN(100) < anonymousPerHundred {
		l.Salesperson = b.salespersons[0]
		return l
	}
	c := b.buyer(progress)
	l.Customer, l.CustomerName = b.customers[c], b.customerNames[c]
	l.Salesperson = b.salespersons[c%bulkSalespersons]
	l.Cancelled = b.r.IntN(100) == 0
	return l
}

// buyer returns the index of a customer who has come by now: a quarter are
// there at the beginning, the rest come evenly. The first tenth buy half of
// everything; the other half is bought by those who came last, mostly.
func (b *bulk) buyer(progress float64) int {
	all := float64(len(b.customers))
	come := all * (0.25 + 0.75*progress)
	if b.r.IntN(2) == 0 {
		return int(all / 10 * math.Sqrt(b.r.Float64()))
	}
	return max(0, int(come)-1-int(all/8*b.r.ExpFloat64()))
}

// fill gives the deal's next line its product and money.
func (b *bulk) fill(l *orders.Line) {
	p := int(bulkProducts * b.r.Float64() * b.r.Float64())
	l.Product, l.ProductName, l.Group = b.products[p], b.productNames[p], b.groups[p%bulkGroups]
	pieces := 1 + b.r.IntN(20)
	price := 50_00 + b.r.IntN(5_000_00)
	if b.r.IntN(50) == 0 && !l.Cancelled {
		pieces = -pieces
	}
	l.Quantity = orders.Amount(pieces) * orders.One
	l.Revenue = orders.Amount(pieces*price) * (orders.One / 100)
	l.COGS = orders.NullAmount{}
	if b.r.IntN(33) != 0 {
		l.COGS = orders.Known(orders.Amount(pieces*(price*3/4)) * (orders.One / 100))
	}
}
