package segments

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// Contact is one touch of a customer, a call, a visit or a letter, or several of
// one day. Exports of orders have none: they come from the CRM.
type Contact struct {
	Customer string // id, as in the export of orders
	Day      orders.Date
	Count    int64 // 0: 1
}

// ContactNorm is how often customers of a class are to be touched.
type ContactNorm struct {
	Class    string // "": the customers without a class
	PerMonth orders.Amount
}

// ContactOptions says which contacts are held to which norms.
type ContactOptions struct {
	// Scope.AsOf is the last day of contacts that count; a filter keeps the
	// customers who have any deal that matches it. The zero Scope is everybody, up
	// to the last day of the export.
	Scope orders.Scope

	// From is the first day of contacts that count. 0: the first day of the
	// calendar month of Scope.AsOf.
	From orders.Date

	Contacts []Contact
	Classes  map[string]string // class of each customer, by id, such as that of ABC; who is not in it has none
	Norms    []ContactNorm     // in the order in which classes are shown; a class not among them has no norm
}

// ContactResult holds contacts to their norms. Contacts of Total, of Groups, of
// Salespersons and of Classes are the same; with Outside and Elsewhere they are
// all that were given.
type ContactResult struct {
	From, AsOf orders.Date
	Norms      []ContactNorm

	Customers    []ContactCustomer // every customer of the export, ascending by ID
	Groups       []ContactSums     // each salesperson's classes that occur, by salesperson and then class
	Salespersons []ContactSums     // ascending by name
	Classes      []ContactSums     // in the order of Norms, then ascending by name
	Total        ContactSums

	Outside   int64 // contacts of days before From or after AsOf
	Elsewhere int64 // contacts of the days that count, with customers who are not in the export, or not in the scope
}

// ContactCustomer is one customer's norm and contacts.
type ContactCustomer struct {
	ID, Name    string
	Owner       string // salesperson of the latest purchase
	Class       string // "" for none
	Norm        orders.NullAmount
	Fact        int64
	Deviation   orders.NullAmount // Fact − Norm
	LastContact orders.Date       // up to AsOf, before From too; 0 without one
}

// ContactSums are customers together.
type ContactSums struct {
	Salesperson, Class string // what they have in common; "" where that is nothing

	Customers int64
	Fact      int64 // their contacts

	Normed    int64             // customers with a norm
	Counted   int64             // contacts with those
	Norm      orders.NullAmount // sum of the norms; unknown if no customer has one
	Deviation orders.NullAmount // Counted − Norm

	Met       int64 // customers whose contacts reach their norm
	Untouched int64 // customers without any contact from From to AsOf
}

// Contacts holds the contacts with each customer from a first to a last day to
// the norm of the customer's class:
//
//	norm of a range = Σ over its calendar months of (touches a month × days of it in the range ÷ days of it)
//
// each month's rounded to four decimal places. Every customer of the export is
// listed, one without a purchase too: the salesperson is that of the latest
// purchase. A customer whose class has no norm has an unknown one, and their
// contacts are no deviation. Without contacts every fact is 0.
//
// It returns [orders.ErrOptions] (wrapped) for a contact without a customer or a
// day or with a count below 0 or above a million, for a norm below 0, above
// 10,000 or given twice, and for a range that ends before it begins or is longer
// than a hundred years; and the errors of f.
func Contacts(ctx context.Context, f orders.Facts, o ContactOptions) (*ContactResult, error) {
	norms, err := o.check()
	if err != nil {
		return nil, err
	}
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	scope, err := o.Scope.Within(control)
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	r := &ContactResult{AsOf: scope.AsOf, From: o.From, Norms: slices.Clone(o.Norms)}
	if r.From == 0 && r.AsOf != 0 {
		r.From = orders.Month.Of(r.AsOf).First()
	}
	if r.From > r.AsOf || r.AsOf-r.From > mostContactDays {
		return nil, fmt.Errorf("segments: %w: From = %s: not in the hundred years up to %s", orders.ErrOptions, r.From, r.AsOf)
	}
	for class, perMonth := range norms {
		if norms[class], err = normOf(perMonth, r.From, r.AsOf); err != nil {
			return nil, err
		}
	}
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: scope, NoRhythm: true}) {
		if err != nil {
			return nil, err
		}
		v := ContactCustomer{ID: strings.Clone(c.ID), Name: strings.Clone(c.Name), Owner: strings.Clone(c.Owner), Class: strings.Clone(o.Classes[c.ID])}
		if norm, ok := norms[v.Class]; ok {
			v.Norm = orders.Known(norm)
		}
		r.Customers = append(r.Customers, v)
	}
	r.count(o.Contacts)
	r.sum()
	return r, nil
}

const (
	mostContacts    = 1_000_000 // of one Contact
	mostTouches     = 10_000 * orders.One
	mostContactDays = 36_525
)

// check returns the norms a month by class.
func (o ContactOptions) check() (map[string]orders.Amount, error) {
	for i, c := range o.Contacts {
		switch {
		case c.Customer == "":
			return nil, fmt.Errorf("segments: %w: Contacts[%d].Customer is empty", orders.ErrOptions, i)
		case c.Day == 0:
			return nil, fmt.Errorf("segments: %w: Contacts[%d].Day is empty", orders.ErrOptions, i)
		case c.Count < 0 || c.Count > mostContacts:
			return nil, fmt.Errorf("segments: %w: Contacts[%d].Count = %d", orders.ErrOptions, i, c.Count)
		}
	}
	norms := map[string]orders.Amount{}
	for i, n := range o.Norms {
		if _, twice := norms[n.Class]; twice {
			return nil, fmt.Errorf("segments: %w: Norms[%d].Class = %q: it has a norm already", orders.ErrOptions, i, n.Class)
		}
		if n.PerMonth < 0 || n.PerMonth > mostTouches {
			return nil, fmt.Errorf("segments: %w: Norms[%d].PerMonth = %s", orders.ErrOptions, i, n.PerMonth)
		}
		norms[n.Class] = n.PerMonth
	}
	return norms, nil
}

// normOf returns the norm of the days from…to.
func normOf(perMonth orders.Amount, from, to orders.Date) (sum orders.Amount, err error) {
	if from == 0 {
		return 0, nil // an empty history
	}
	for m := orders.Month.Of(from); m.First() <= to; m = m.Add(1) {
		covered := min(to, m.Last()) - max(from, m.First()) + 1
		part, _, err := perMonth.MulDiv(int64(covered), int64(m.Last()-m.First()+1))
		if err != nil {
			return 0, err
		}
		sum += part
	}
	return sum, nil
}

// count gives the customers, who ascend by id, their contacts.
func (r *ContactResult) count(contacts []Contact) {
	for _, c := range contacts {
		n := cmp.Or(c.Count, 1)
		i, known := slices.BinarySearchFunc(r.Customers, c.Customer, func(v ContactCustomer, id string) int { return strings.Compare(v.ID, id) })
		if known && c.Day <= r.AsOf {
			r.Customers[i].LastContact = max(r.Customers[i].LastContact, c.Day)
		}
		switch {
		case c.Day < r.From || c.Day > r.AsOf:
			r.Outside += n
		case !known:
			r.Elsewhere += n
		default:
			r.Customers[i].Fact += n
		}
	}
}

// sum adds the customers up.
func (r *ContactResult) sum() {
	type key struct{ owner, class string }
	groups, owners, classes := map[key]*ContactSums{}, map[string]*ContactSums{}, map[string]*ContactSums{}
	for i := range r.Customers {
		c := &r.Customers[i]
		if c.Norm.Known {
			c.Deviation = orders.Known(orders.Amount(c.Fact)*orders.One - c.Norm.Amount)
		}
		k := key{c.Owner, c.Class}
		if groups[k] == nil {
			groups[k] = &ContactSums{Salesperson: c.Owner, Class: c.Class}
		}
		if owners[c.Owner] == nil {
			owners[c.Owner] = &ContactSums{Salesperson: c.Owner}
		}
		if classes[c.Class] == nil {
			classes[c.Class] = &ContactSums{Class: c.Class}
		}
		for _, s := range []*ContactSums{groups[k], owners[c.Owner], classes[c.Class], &r.Total} {
			s.add(c)
		}
	}
	rank := map[string]int{}
	for i, n := range r.Norms {
		rank[n.Class] = i - len(r.Norms) // before the classes without a norm
	}
	byClass := func(a, b string) int { return cmp.Or(cmp.Compare(rank[a], rank[b]), strings.Compare(a, b)) }
	r.Groups = sortedValues(groups, func(a, b ContactSums) int {
		return cmp.Or(strings.Compare(a.Salesperson, b.Salesperson), byClass(a.Class, b.Class))
	})
	r.Salespersons = sortedValues(owners, func(a, b ContactSums) int { return strings.Compare(a.Salesperson, b.Salesperson) })
	r.Classes = sortedValues(classes, func(a, b ContactSums) int { return byClass(a.Class, b.Class) })
}

// sortedValues returns the values of m in an order that tells all of them apart.
func sortedValues[K comparable, V any](m map[K]*V, order func(a, b V) int) []V {
	all := make([]V, 0, len(m))
	for _, v := range m {
		all = append(all, *v)
	}
	slices.SortFunc(all, order)
	return all
}

// add adds a customer.
func (s *ContactSums) add(c *ContactCustomer) {
	s.Customers++
	s.Fact += c.Fact
	if c.Fact == 0 {
		s.Untouched++
	}
	if !c.Norm.Known {
		return
	}
	s.Normed++
	s.Counted += c.Fact
	s.Norm = orders.Known(s.Norm.Amount + c.Norm.Amount)
	s.Deviation = orders.Known(s.Deviation.Amount + c.Deviation.Amount)
	if c.Deviation.Amount >= 0 {
		s.Met++
	}
}
