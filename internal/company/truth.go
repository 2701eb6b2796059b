package company

import (
	"cmp"
	"maps"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// Truth is what the export's figures ought to be compared with: its control
// totals, and the two halves of the business as they really were.
type Truth struct {
	Seed     uint64      `json:"seed"`
	FirstDay orders.Date `json:"first_day"`
	LastDay  orders.Date `json:"last_day"`

	Lines          int           `json:"lines"`
	Export         orders.Amount `json:"export"` // identified + anonymous + cancelled
	Identified     orders.Amount `json:"identified"`
	Anonymous      orders.Amount `json:"anonymous"`
	AnonymousLines int           `json:"anonymous_lines"`
	Cancelled      orders.Amount `json:"cancelled"`
	CancelledLines int           `json:"cancelled_lines"`
	Costed         orders.Amount `json:"costed"` // identified revenue of lines whose cost is known
	COGS           orders.Amount `json:"cogs"`   // of those lines
	Deals          int           `json:"deals"`  // documents of identified customers, cancelled ones aside
	Purchases      int           `json:"purchases"`
	Buyers         int           `json:"buyers"` // customers with a purchase in the export

	Months       []Month       `json:"months"`
	Handovers    []Handover    `json:"handovers"` // ascending by From and To
	Salespersons []Salesperson `json:"salespersons"`
	Customers    []Customer    `json:"customers"`
}

// Handover is the customers whom one salesperson handed over to another, as the
// export shows it: those with a purchase in it on either side of the day.
type Handover struct {
	From      string        `json:"from"`
	To        string        `json:"to"`
	Customers int           `json:"customers"`
	Before    int           `json:"purchases_before"` // from the first purchase in the export
	After     int           `json:"purchases_after"`
	Revenue   orders.Amount `json:"revenue"` // before and after, from the first purchase in the export on
}

// Month is one month's revenue of identified customers.
type Month struct {
	Month     orders.Period `json:"month"`
	First     orders.Amount `json:"first_revenue"`  // of purchase 1, ever
	Repeat    orders.Amount `json:"repeat_revenue"` // of every later purchase
	New       int           `json:"new"`            // customers whose purchase 1 it holds
	Returning int           `json:"returning"`      // customers with a later purchase; one can be both
}

// RepeatShare returns Repeat ÷ (First + Repeat); NaN in a month without revenue.
func (m Month) RepeatShare() float64 {
	return float64(m.Repeat) / float64(m.First+m.Repeat)
}

// Truth adds up the book. It knows of every purchase before the export; all
// else is by the rules of the library: a customer's day of positive net
// revenue is a purchase, a return belongs to the purchase that it names or
// else, unless it nets within a purchase's day, to the latest one before it.
func (c *Company) Truth() *Truth {
	t := &Truth{Seed: c.Seed, FirstDay: c.FirstDay, LastDay: c.LastDay, Lines: len(c.Sold), Salespersons: c.Salespersons, Customers: c.Customers}
	for m := orders.Month.Of(c.FirstDay); m.First() <= c.LastDay; m = m.Add(1) {
		t.Months = append(t.Months, Month{Month: m})
	}
	deals := map[string]bool{}
	for _, l := range c.Sold {
		t.Export += l.Revenue
		switch {
		case l.Cancelled:
			t.Cancelled += l.Revenue
			t.CancelledLines++
		case l.anonymous():
			t.Anonymous += l.Revenue
			t.AnonymousLines++
		default:
			t.Identified += l.Revenue
			deals[l.Order] = true
			if l.COGS.Known {
				t.Costed += l.Revenue
				t.COGS += l.COGS.Amount
			}
		}
	}
	t.Deals = len(deals)
	past := histories(c)
	for _, h := range past {
		h.add(t)
	}
	t.Handovers = handovers(c.Customers, past, c.FirstDay)
	return t
}

// handovers counts the customers who were handed over between two purchases of
// the export, which begins on day from.
func handovers(customers []Customer, past map[string]*history, from orders.Date) []Handover {
	all := map[[2]string]*Handover{}
	for _, c := range customers {
		h := past[c.ID]
		if c.Handover == 0 || h == nil {
			continue
		}
		first, _ := slices.BinarySearch(h.purchases, from)
		split, _ := slices.BinarySearch(h.purchases, c.Handover)
		if split <= first || split == len(h.purchases) {
			continue // all on one side
		}
		key := [2]string{c.Winner, c.Keeper}
		if all[key] == nil {
			all[key] = &Handover{From: c.Winner, To: c.Keeper}
		}
		m := all[key]
		m.Customers++
		m.Before += split - first
		m.After += len(h.purchases) - split
		for _, l := range h.lines {
			if l.Date >= h.purchases[first] {
				m.Revenue += l.Revenue
			}
		}
	}
	var list []Handover
	for _, m := range all {
		list = append(list, *m)
	}
	slices.SortFunc(list, func(a, b Handover) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return list
}

func (l Line) anonymous() bool { return l.Customer == "" || l.Customer == counterID }

// history is what one customer bought, ever.
type history struct {
	lines     []Line         // not cancelled, by day
	purchases []orders.Date  // days
	ofDeal    map[string]int // number of the purchase on the day of each deal
}

// histories returns the history of each customer by ID.
func histories(c *Company) map[string]*history {
	all := map[string]*history{}
	for _, book := range [][]Line{c.Before, c.Sold} {
		for _, l := range book {
			if l.anonymous() || l.Cancelled {
				continue
			}
			if all[l.Customer] == nil {
				all[l.Customer] = &history{ofDeal: map[string]int{}}
			}
			all[l.Customer].lines = append(all[l.Customer].lines, l)
		}
	}
	for _, h := range all {
		h.number()
	}
	return all
}

func (h *history) number() {
	net := map[orders.Date]orders.Amount{}
	for _, l := range h.lines {
		net[l.Date] += l.Revenue
	}
	for day, revenue := range net {
		if revenue > 0 {
			h.purchases = append(h.purchases, day)
		}
	}
	slices.Sort(h.purchases)
	for _, l := range h.lines {
		if n, ok := slices.BinarySearch(h.purchases, l.Date); ok && l.Base == "" {
			h.ofDeal[l.Order] = n + 1
		}
	}
}

// of returns the number of the purchase that a line's money belongs to; 0 for none.
func (h *history) of(l Line) int {
	if n := h.ofDeal[l.Base]; n > 0 {
		return n
	}
	n, ok := slices.BinarySearch(h.purchases, l.Date)
	if ok {
		return n + 1
	}
	return n
}

// add adds the part of the history that the export holds.
func (h *history) add(t *Truth) {
	month := func(d orders.Date) *Month { return &t.Months[orders.Month.Of(d).Sub(t.Months[0].Month)] }
	for _, l := range h.lines {
		switch {
		case l.Date < t.FirstDay:
		case h.of(l) == 1:
			month(l.Date).First += l.Revenue
		default: // money of no purchase is nil: goods are free, or go back the same day
			month(l.Date).Repeat += l.Revenue
		}
	}
	exported, counted := 0, orders.Period{}
	for n, day := range h.purchases {
		if day < t.FirstDay {
			continue
		}
		exported++
		if n == 0 {
			month(day).New++
		} else if m := orders.Month.Of(day); m != counted {
			month(day).Returning++
			counted = m
		}
	}
	t.Purchases += exported
	if exported > 0 {
		t.Buyers++
	}
}

// Acquired visits every line of the export sold to, or returned by, a customer
// whose purchase 1 it holds: the customer's id, the number of the purchase that
// the money belongs to, the days since purchase 1, and the line. A document that
// takes nothing back but free goods is no return.
func (c *Company) Acquired(visit func(customer string, number, age int, l Line)) {
	all := histories(c)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		h := all[id]
		if len(h.purchases) == 0 || h.purchases[0] < c.FirstDay {
			continue
		}
		net := map[string]orders.Amount{}
		for _, l := range h.lines {
			net[l.Order] += l.Revenue
		}
		for _, l := range h.lines {
			if net[l.Order] >= 0 {
				l.Base = ""
			}
			if n := h.of(l); n > 0 {
				visit(id, n, int(l.Date-h.purchases[0]), l)
			}
		}
	}
}

// known returns the customers who occur in the export, cancelled documents included.
func (s *simulation) known(c *Company) []Customer {
	occurs := map[string]bool{}
	for _, l := range c.Sold {
		occurs[l.Customer] = true
	}
	past := histories(c)
	var out []Customer
	for _, x := range s.customers {
		if !occurs[x.id] {
			continue
		}
		k := Customer{ID: x.id, Name: x.name, Pattern: x.pattern, Winner: x.winner, Keeper: x.keeper, Handover: x.handover}
		if x.end <= lastDay {
			k.Lapsed = x.end
		}
		if h := past[x.id]; h != nil {
			h.describe(&k)
		}
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b Customer) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (h *history) describe(k *Customer) {
	if len(h.purchases) > 0 {
		k.FirstDay = h.purchases[0]
		k.New = k.FirstDay >= firstDay
	}
	k.Earlier, _ = slices.BinarySearch(h.purchases, firstDay)
	k.Exported = len(h.purchases) - k.Earlier
	for _, l := range h.lines {
		switch {
		case l.Date < firstDay:
		case h.of(l) == 1:
			k.FirstRevenue += l.Revenue
		default:
			k.RepeatRevenue += l.Revenue
		}
	}
}
