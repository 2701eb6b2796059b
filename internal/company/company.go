// Package company invents a wholesale firm of electrical goods and writes its
// sales as exports do, together with the truth that no export tells: who is
// really new, who has really left, and what was really sold to customers who
// had bought before.
//
// [Generate] simulates the firm from its opening to the end of the export;
// only the last 24 months are exported, so that the export has the defect that
// all exports have: its oldest customers look new. [Lines] gives order lines
// by the million for benchmarks. Both are deterministic: one seed, one company.
//
// Every company, person and product is invented.
package company

import (
	"cmp"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

//go:generate go run ./generate -dir ../../testdata

// The days of the simulation: the firm opens, the export begins and ends, and
// in between customers begin to be handed over from hunters to farmers.
var (
	opening  = orders.NewDate(2018, 1, 9)
	firstDay = orders.NewDate(2023, 7, 1)
	lastDay  = orders.NewDate(2025, 6, 30)
	hunting  = orders.NewDate(2022, 1, 10) // the first hunters are hired
	reform   = orders.NewDate(2024, 2, 1)  // customers won are handed over from now on
)

// Company is the firm's book of sales, and what is behind it.
type Company struct {
	Seed              uint64
	FirstDay, LastDay orders.Date // of the export's period; there need be no sales on either
	Salespersons      []Salesperson
	Products          []Product
	Customers         []Customer // who occur in the export, ascending by ID
	Before            []Line     // sold before FirstDay, to all customers there ever were; in no export
	Sold              []Line     // the export: by day, time and document
}

// Line is one line of the book. Customers, products and documents have the
// same ids in every export that is written of it.
type Line struct {
	orders.Line
	Second int // of the day, at which the document was entered
}

// Role is what a salesperson is there for.
type Role string

// The roles.
const (
	Hunter  Role = "hunter"  // wins new customers and hands them over
	Farmer  Role = "farmer"  // keeps customers
	Counter Role = "counter" // serves whoever walks in
)

// Salesperson is one of the firm's staff.
type Salesperson struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
}

// Pattern is how a customer buys.
type Pattern string

// The patterns.
const (
	Regular Pattern = "regular" // at intervals of their own, more or less exactly
	Erratic Pattern = "erratic" // at any time, some with a break of months
	OneOff  Pattern = "one-off" // once
)

// Customer is the truth about one customer. What never happened is left out of JSON.
type Customer struct {
	ID       string      `json:"id"`
	Name     string      `json:"name"`
	Pattern  Pattern     `json:"pattern"`
	New      bool        `json:"new"`                 // purchase 1 lies in the export
	FirstDay orders.Date `json:"first_day,omitzero"`  // of purchase 1, in the export or before; none if nothing was ever bought
	Lapsed   orders.Date `json:"lapsed,omitzero"`     // the day on which the customer was lost for good; none if still one on the export's last day
	Winner   string      `json:"winner"`              // salesperson at the beginning
	Keeper   string      `json:"keeper,omitempty"`    // salesperson after the handover
	Handover orders.Date `json:"handover,omitzero"`   // the first day on which Keeper serves the customer
	Earlier  int         `json:"purchases_before"`    // before the export
	Exported int         `json:"purchases_in_export"` // in the export

	FirstRevenue  orders.Amount `json:"first_revenue"`  // in the export, of purchase 1
	RepeatRevenue orders.Amount `json:"repeat_revenue"` // in the export, of all others
}

// Generate returns the company of a seed. The files in testdata are of seed 1.
func Generate(seed uint64) *Company {
	s := &simulation{
		seed:     seed,
		products: catalogue(rand.New(rand.NewPCG(seed, streamCatalogue))),
		names:    companyNames(rand.New(rand.NewPCG(seed, streamNames))),
	}
	s.run()
	c := &Company{Seed: seed, FirstDay: firstDay, LastDay: lastDay, Salespersons: staff(), Products: s.products}
	for _, d := range s.documents {
		for _, l := range d.book() {
			if l.Date < firstDay {
				c.Before = append(c.Before, l)
			} else {
				c.Sold = append(c.Sold, l)
			}
		}
	}
	c.Customers = s.known(c)
	return c
}

// Lines yields the lines of the export, in its order: what a reader of any of
// its files must come to.
func (c *Company) Lines() iter.Seq[orders.Line] { return linesOf(c.Sold) }

// Whole yields the lines of the firm's whole life, those before the export included.
func (c *Company) Whole() iter.Seq[orders.Line] { return linesOf(c.Before, c.Sold) }

func linesOf(books ...[]Line) iter.Seq[orders.Line] {
	return func(yield func(orders.Line) bool) {
		for _, book := range books {
			for _, l := range book {
				if !yield(l.Line) {
					return
				}
			}
		}
	}
}

// document is a sale or a return as it is entered.
type document struct {
	day         orders.Date
	second      int
	customer    *customer // nil: nobody in particular
	counterName string    // what the counter writes where there is no customer
	salesperson string
	channel     string
	base        *document // of a return
	namesBase   bool      // whether the return says so
	cancelled   bool
	lines       []item
	number      string
}

// item is a line of a document.
type item struct {
	product  *Product
	quantity orders.Amount
	revenue  orders.Amount
	cogs     orders.NullAmount
}

// number gives the documents their numbers in the order in which they are entered.
func number(documents []*document) {
	slices.SortStableFunc(documents, func(a, b *document) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.second, b.second))
	})
	sales, returns := 0, 0
	for _, d := range documents {
		if d.base != nil {
			returns++
			d.number = fmt.Sprintf("ВЗ00-%06d", returns)
		} else {
			sales++
			d.number = fmt.Sprintf("ВТ00-%06d", sales)
		}
	}
}

// book returns the document as lines.
func (d *document) book() []Line {
	lines := make([]Line, len(d.lines))
	for i, l := range d.lines {
		b := orders.Line{
			Order: d.number, Date: d.day, Salesperson: d.salesperson, Channel: d.channel, Cancelled: d.cancelled,
			Product: l.product.ID, ProductName: l.product.Name, Group: l.product.Group,
			Quantity: l.quantity, Revenue: l.revenue, COGS: l.cogs,
		}
		if d.customer != nil {
			b.Customer, b.CustomerName = d.customer.id, d.customer.name
		} else if d.counterName != "" {
			b.Customer, b.CustomerName = counterID, d.counterName
		}
		if d.namesBase {
			b.Base = d.base.number
		}
		lines[i] = Line{Line: b, Second: d.second}
	}
	return lines
}
