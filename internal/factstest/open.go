package factstest

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// restart is the number of days after which an order id is another order: 1C
// numbers its documents anew every year.
const restart = 180

// line is an accepted line: trimmed, with ids and the sign of its document type.
type line struct {
	orders.Line
	cancelled bool
	deal      *deal // nil: cancelled or anonymous
}

// deal is a deal of an identified customer.
type deal struct {
	orders.Deal
	base     string
	attached bool // its money goes to the purchase that its base names
	lines    []*line
}

// customer is an identified customer: one who has a deal.
type customer struct {
	id          string
	deals       []*deal       // by (day, len(order), order, organisation)
	days        []orders.Date // of purchase 1, 2 … N
	first       []*deal       // the first deal of purchase 1, 2 … N
	since, lead orders.Date   // earliest
	provenOld   bool          // gave back what the export does not show being bought
	entry       orders.Side   // of purchase 1; Unmatched without one
}

// naive answers every query from the lines themselves.
type naive struct {
	o             orders.Options
	lines         []*line // all accepted
	customers     []*customer
	byID          map[string]*customer
	customerNames map[string]string
	productNames  map[string]string
	control       orders.Control
}

// Open returns the facts of lines under o, as [orders.Collect] would. The
// fields of o that are about files are ignored, and dates are days. It returns [orders.ErrNoRows]
// if no line is left. The result has a method Deals() iter.Seq[orders.Deal] too.
func Open(lines []orders.Line, o orders.Options) (orders.Facts, error) {
	n := &naive{o: o, control: orders.Control{Precision: orders.Day}}
	n.accept(lines)
	if len(n.lines) == 0 {
		return nil, orders.ErrNoRows
	}
	n.nameIDs()
	n.makeDeals()
	for _, c := range n.customers {
		if o.Purchase == orders.PerDeal {
			c.numberDeals(o.CountZero)
		} else {
			c.numberDays(o.CountZero)
		}
	}
	n.count()
	n.leftTruncation()
	for _, c := range n.customers {
		n.decideSides(c)
	}
	return n, nil
}

// Deals yields the deals of identified customers, ascending by customer, then
// in the order in which they are numbered.
func (n *naive) Deals() iter.Seq[orders.Deal] {
	return func(yield func(orders.Deal) bool) {
		for _, c := range n.customers {
			for _, d := range c.deals {
				if !yield(d.Deal) {
					return
				}
			}
		}
	}
}

// accept keeps the lines up to AsOf and counts the others.
func (n *naive) accept(lines []orders.Line) {
	skipped := orders.Skip{Reason: orders.AfterAsOf}
	for _, in := range lines {
		l := &line{Line: trimmed(in)}
		l.Customer = cmp.Or(l.Customer, l.CustomerName)
		l.Product = cmp.Or(l.Product, l.ProductName)
		if hasAnyPrefix(l.Order, n.o.Return) {
			l.Quantity, l.Revenue, l.COGS.Amount = -l.Quantity.Abs(), -l.Revenue.Abs(), -l.COGS.Amount.Abs()
		}
		l.cancelled = l.Cancelled || hasAnyPrefix(l.Order, n.o.Cancel)
		n.control.RowsRead++
		n.control.MoneyRead += l.Revenue
		if n.o.AsOf != 0 && l.Date > n.o.AsOf {
			skipped.Rows++
			skipped.Money += l.Revenue
			continue
		}
		n.lines = append(n.lines, l)
	}
	if skipped.Rows > 0 {
		n.control.Skipped = []orders.Skip{skipped}
	}
}

func trimmed(l orders.Line) orders.Line {
	for _, s := range []*string{
		&l.Organisation, &l.Customer, &l.CustomerName, &l.Order, &l.Base, &l.Product, &l.ProductName,
		&l.Group, &l.Salesperson, &l.Channel, &l.RepeatFlag,
	} {
		*s = strings.TrimSpace(*s)
	}
	return l
}

func hasAnyPrefix(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return p != "" && strings.HasPrefix(s, p) })
}

// nameIDs finds the names of customers and products.
func (n *naive) nameIDs() {
	customers, products := map[string][]naming{}, map[string][]naming{}
	for _, l := range n.lines {
		customers[l.Customer] = append(customers[l.Customer], naming{l.CustomerName, l.Date, l.Revenue})
		products[l.Product] = append(products[l.Product], naming{l.ProductName, l.Date, l.Revenue})
	}
	n.customerNames, n.productNames = map[string]string{}, map[string]string{}
	for id, all := range customers {
		n.customerNames[id] = nameOf(id, all)
	}
	for id, all := range products {
		n.productNames[id] = nameOf(id, all)
	}
}

// naming is a name as one line gives it to an id.
type naming struct {
	name    string
	date    orders.Date
	revenue orders.Amount
}

// nameOf returns the name on the latest line with positive revenue, else on the
// latest line, else the id. Of names of one day the least counts.
func nameOf(id string, all []naming) string {
	all = slices.DeleteFunc(slices.Clone(all), func(a naming) bool { return a.name == "" })
	if sold := slices.DeleteFunc(slices.Clone(all), func(a naming) bool { return a.revenue <= 0 }); len(sold) > 0 {
		all = sold
	}
	if len(all) == 0 {
		return id
	}
	slices.SortFunc(all, func(a, b naming) int {
		return cmp.Or(cmp.Compare(b.date, a.date), strings.Compare(a.name, b.name))
	})
	return all[0].name
}

// anonymous returns the customer ids that are nobody in particular: those in
// the list, and those that have a name in the list on any line.
func (n *naive) anonymous() map[string]bool {
	list := n.o.Anonymous
	if list == nil {
		list = orders.DefaultAnonymous()
	}
	nobody := map[string]bool{"": true}
	for _, name := range list {
		nobody[strings.ToLower(strings.TrimSpace(name))] = true
	}
	ids := map[string]bool{}
	for _, l := range n.lines {
		name := strings.ToLower(l.CustomerName)
		if nobody[strings.ToLower(l.Customer)] || name != "" && nobody[name] {
			ids[l.Customer] = true
		}
	}
	return ids
}

// makeDeals groups the lines of identified customers into deals, and the deals
// into customers.
func (n *naive) makeDeals() {
	type key struct {
		organisation, customer, order string
		day                           orders.Date // of an order without an id
	}
	anonymous := n.anonymous()
	byKey := map[key][]*line{}
	n.byID = map[string]*customer{}
	for _, l := range n.lines {
		if l.cancelled || anonymous[l.Customer] {
			continue
		}
		k := key{organisation: l.Organisation, customer: l.Customer, order: l.Order}
		if l.Order == "" {
			k.day = l.Date
		}
		byKey[k] = append(byKey[k], l)
	}
	for k, lines := range byKey {
		c := n.byID[k.customer]
		if c == nil {
			c = &customer{id: k.customer, entry: orders.Unmatched}
			n.byID[k.customer] = c
			n.customers = append(n.customers, c)
		}
		for _, part := range splitAtRestarts(lines) {
			c.deals = append(c.deals, newDeal(part))
		}
		for _, l := range lines {
			c.since, c.lead = earlier(c.since, l.Since), earlier(c.lead, l.Lead)
		}
	}
	slices.SortFunc(n.customers, func(a, b *customer) int { return strings.Compare(a.id, b.id) })
	for _, c := range n.customers {
		slices.SortFunc(c.deals, func(a, b *deal) int {
			return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(len(a.Order), len(b.Order)),
				strings.Compare(a.Order, b.Order), strings.Compare(a.Organisation, b.Organisation))
		})
	}
}

// splitAtRestarts splits the lines of one key wherever two successive days are
// too far apart to be of one order.
func splitAtRestarts(lines []*line) [][]*line {
	slices.SortStableFunc(lines, func(a, b *line) int { return cmp.Compare(a.Date, b.Date) })
	var parts [][]*line
	for i, l := range lines {
		if i == 0 || l.Date-lines[i-1].Date > restart {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], l)
	}
	return parts
}

func newDeal(lines []*line) *deal {
	d := &deal{lines: lines}
	d.Organisation, d.Customer, d.Order = lines[0].Organisation, lines[0].Customer, lines[0].Order
	d.Day = lines[0].Date
	d.Tally.Deals = 1
	for _, l := range lines {
		l.deal = d
		d.Salesperson, d.Channel = lesser(d.Salesperson, l.Salesperson), lesser(d.Channel, l.Channel)
		d.RepeatFlag, d.base = lesser(d.RepeatFlag, l.RepeatFlag), lesser(d.base, l.Base)
		d.Quantity += l.Quantity
		d.Tally = d.Tally.Plus(l.tally())
	}
	return d
}

// tally returns the sums of one line.
func (l *line) tally() orders.Tally {
	t := orders.Tally{Lines: 1, Revenue: l.Revenue, Direct: l.Direct}
	if l.COGS.Known {
		t.Costed, t.COGS = l.Revenue, l.COGS.Amount
	}
	return t
}

// lesser returns the bytewise least of a and b that is not blank.
func lesser(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// earlier returns the earlier of a and b that is a date.
func earlier(a, b orders.Date) orders.Date {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
