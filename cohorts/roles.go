package cohorts

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// RolesOptions says what [Roles] covers. The zero RolesOptions is the whole history.
type RolesOptions struct{ Scope orders.Scope }

// RolesResult is who of the salespersons wins customers and who keeps them, and
// which customers went from one to another.
//
//	Σ Salespersons' Sides = Σ Moves' Sides = Total.Sides, in money, deals and lines
//	Σ Moves' Customers = all customers with a purchase
type RolesResult struct {
	Scope   orders.Scope // what was asked, From and AsOf filled in
	Control orders.Control

	Salespersons []Salesperson // ascending by Value, bytewise; "": deals without one
	Total        Business      // of the whole range
	Moves        []Move        // ascending by (From, To), bytewise: the matrix of first and latest owners, those who stayed included
	Handed       []HandedOver  // ascending by ID: the customers who were handed over

	// Handovers is the number of customers handed over. Before and After are the
	// sums over them; both are zero where the export's dates are months.
	Handovers     int64
	Before, After Stint
}

// Salesperson is the business of one of them, and their customers. The customers
// are those with a purchase up to AsOf that satisfy the scope's Where.
//
//	Keeps = Won − Given + Taken, but for purchases without a salesperson
type Salesperson struct {
	Part
	Won   int64 // customers whose first purchase in the export was theirs
	Keeps int64 // customers whose latest purchase is theirs
	Given int64 // of those won, handed over to others
	Taken int64 // of those kept, taken over from others
}

// Move is the customers whose first purchase in the export was From's and whose
// latest one, up to AsOf, is To's. Blank is a purchase without a salesperson; both
// are, too, for those without a purchase, who have only free goods and unmatched
// returns.
type Move struct {
	From, To  string
	Customers int64
	orders.Sides
	Before, After Stint // of those handed over
}

// HandedOver reports whether the customers have been handed over: From and To
// are two persons.
func (m Move) HandedOver() bool { return handedOver(m.From, m.To) }

func handedOver(from, to string) bool { return from != to && from != "" && to != "" }

// HandedOver is one customer who was handed over.
type HandedOver struct {
	ID, Name      string
	From, To      string
	Day           orders.Date // of the first purchase with To after the last one with anybody else; 0 where the export's dates are months
	Before, After Stint
}

// Stint is what customers bought in some time: before they were handed over,
// from purchase 1 to Day, or after it, from Day to AsOf, the time in which they
// no longer bought included.
type Stint struct {
	Purchases int64 // those of a day with two salespersons count for each
	Revenue   orders.Amount
	Days      int64 // over all customers
}

// PurchasesPerMonth returns Purchases per customer and month of 365.25 ÷ 12 days;
// NaN for no days.
func (s Stint) PurchasesPerMonth() float64 { return s.perMonth(float64(s.Purchases)) }

// RevenuePerMonth returns Revenue per customer and month, in money; NaN for no days.
func (s Stint) RevenuePerMonth() float64 { return s.perMonth(s.Revenue.Float64()) }

func (s Stint) perMonth(v float64) float64 {
	if s.Days == 0 {
		return math.NaN()
	}
	return v / float64(s.Days) * (365.25 / 12)
}

func (s *Stint) add(t Stint) {
	s.Purchases += t.Purchases
	s.Revenue += t.Revenue
	s.Days += t.Days
}

// Roles returns the hunters and the farmers: for each salesperson the first and
// the repeat money of their deals, the customers that they won and keep, and for
// each pair of salespersons the customers who went from one to the other, with
// what those bought before and after.
//
// A customer is handed over if the salespersons of the first and of the latest
// purchase are two. The days and Stints are of the whole history up to AsOf,
// whatever the rest of the scope says: After is what the customer's latest
// salesperson sold from Day on, Before all else. A customer who goes from one to
// another and back was not handed over. An empty history gives an empty result.
// Errors: those of f, and orders.ErrOptions (wrapped) for a Scope that ends
// before it begins.
//
// Source: hunters win customers, farmers keep them: the roles of a sales
// department that hands its customers over.
func Roles(ctx context.Context, f orders.Facts, o RolesOptions) (*RolesResult, error) {
	split, err := SplitShare(ctx, f, SplitOptions{Scope: o.Scope})
	if err != nil {
		return nil, err
	}
	b := rolesBuilder{result: &RolesResult{Scope: split.Scope, Control: split.Control, Total: split.Total}, moves: map[[2]string]*Move{}}
	for _, p := range split.Parts {
		b.result.Salespersons = append(b.result.Salespersons, Salesperson{Part: p})
	}
	if split.Scope.From == 0 {
		return b.result, nil
	}
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: split.Scope, NoRhythm: true}) {
		if err != nil {
			return nil, err
		}
		b.customer(c)
	}
	if len(b.result.Handed) > 0 && split.Control.Precision != orders.Month {
		if err := b.date(ctx, f); err != nil {
			return nil, err
		}
	}
	b.finish()
	return b.result, nil
}

// rolesBuilder sums up what the facts say of customers.
type rolesBuilder struct {
	result *RolesResult
	moves  map[[2]string]*Move
	firsts []orders.Date // first days of those handed over
}

// customer adds one customer to the matrix.
func (b *rolesBuilder) customer(c orders.Customer) {
	key := [2]string{c.FirstOwner, c.Owner}
	m := b.moves[key]
	if m == nil {
		m = &Move{From: strings.Clone(c.FirstOwner), To: strings.Clone(c.Owner)}
		b.moves[[2]string{m.From, m.To}] = m
	}
	m.Sides = m.Sides.Plus(c.Sides)
	if c.Purchases == 0 {
		return
	}
	m.Customers++
	if m.HandedOver() {
		b.result.Handed = append(b.result.Handed, HandedOver{ID: strings.Clone(c.ID), Name: strings.Clone(c.Name), From: m.From, To: m.To})
		b.firsts = append(b.firsts, c.FirstDay)
	}
}

// date finds the day of each handover, and what was bought before and after. It
// asks for every day of the customers handed over, by salesperson.
func (b *rolesBuilder) date(ctx context.Context, f orders.Facts) error {
	r := b.result
	ids := make([]string, len(r.Handed))
	for i := range r.Handed {
		ids[i] = r.Handed[i].ID
	}
	q := orders.SeriesQuery{
		Scope: orders.Scope{From: slices.Min(b.firsts), AsOf: r.Scope.AsOf, Where: []orders.Where{{Dimension: orders.ByCustomer, In: ids}}},
		Split: orders.BySalesperson, Measure: orders.Purchases, Grain: orders.Day,
	}
	revenue := q
	revenue.Measure = orders.Revenue
	next, stop := iter.Pull2(f.Series(ctx, revenue))
	defer stop()
	at := 0
	var days []sold
	for s, err := range f.Series(ctx, q) {
		if err != nil {
			return err
		}
		money, err, ok := next()
		if err != nil || !ok {
			return err
		}
		for r.Handed[at].ID != s.Item { // both are ascending, and none is left out
			b.stints(at, days)
			days = days[:0]
			at++
		}
		for i, active := range s.Active {
			if day := s.Start.First() + orders.Date(i); active && day >= b.firsts[at] {
				days = append(days, sold{day, s.Split == r.Handed[at].To, int64(s.Values[i] / orders.One), money.Values[i]})
			}
		}
	}
	b.stints(at, days)
	return nil
}

// sold is what one salesperson sold to a customer on a day.
type sold struct {
	day       orders.Date
	keeper    bool // the salesperson is the customer's latest
	purchases int64
	revenue   orders.Amount
}

// stints fills in customer i, to whom so much was sold.
func (b *rolesBuilder) stints(i int, days []sold) {
	h := &b.result.Handed[i]
	var parted orders.Date // the last purchase with anybody else
	for _, s := range days {
		if !s.keeper && s.purchases > 0 {
			parted = max(parted, s.day)
		}
	}
	for _, s := range days {
		if s.keeper && s.purchases > 0 && s.day >= parted && (h.Day == 0 || s.day < h.Day) {
			h.Day = s.day
		}
	}
	h.Before.Days, h.After.Days = int64(h.Day-b.firsts[i]), int64(b.result.Scope.AsOf-h.Day)+1
	for _, s := range days {
		to := &h.Before
		if s.keeper && s.day >= h.Day {
			to = &h.After
		}
		to.Purchases += s.purchases
		to.Revenue += s.revenue
	}
}

// finish sums up the customers by salesperson and by move.
func (b *rolesBuilder) finish() {
	r := b.result
	for _, h := range r.Handed {
		m := b.moves[[2]string{h.From, h.To}]
		m.Before.add(h.Before)
		m.After.add(h.After)
		r.Before.add(h.Before)
		r.After.add(h.After)
	}
	r.Handovers = int64(len(r.Handed))
	for _, m := range b.moves {
		r.Moves = append(r.Moves, *m)
	}
	slices.SortFunc(r.Moves, func(x, y Move) int { return cmp.Or(strings.Compare(x.From, y.From), strings.Compare(x.To, y.To)) })
	won := slices.DeleteFunc(slices.Clone(r.Moves), func(m Move) bool { return m.Customers == 0 })
	for _, m := range won { // all get their places first, for pointers to be of use
		r.salesperson(m.From)
		r.salesperson(m.To)
	}
	for _, m := range won {
		from, to := r.salesperson(m.From), r.salesperson(m.To)
		from.Won += m.Customers
		to.Keeps += m.Customers
		if m.HandedOver() {
			from.Given += m.Customers
			to.Taken += m.Customers
		}
	}
}

// salesperson returns a salesperson, who gets a place if nothing of theirs is in
// the scope.
func (r *RolesResult) salesperson(name string) *Salesperson {
	i, found := slices.BinarySearchFunc(r.Salespersons, name, func(s Salesperson, name string) int { return strings.Compare(s.Value, name) })
	if !found {
		none := tally{}.business(0)
		p := Part{Value: name, Business: none, OfFirst: portion(0, r.Total.First.Revenue), OfRepeat: portion(0, r.Total.Repeat.Revenue)}
		r.Salespersons = slices.Insert(r.Salespersons, i, Salesperson{Part: p})
	}
	return &r.Salespersons[i]
}
