package orders

// Line is one product on one order: the row that goes in. Text is trimmed;
// only Date and Revenue are needed, all else may be blank.
type Line struct {
	Organisation string // of a group of companies; part of the deal's key

	Customer     string // id; if blank, CustomerName is the id; if both are, the line is anonymous
	CustomerName string

	Order string // id; if blank, the lines of a customer's day are one deal
	Base  string // of a return: the order that it takes back
	Date  Date

	Product     string // id; if blank, ProductName is the id
	ProductName string
	Group       string // of products

	Salesperson string
	Channel     string
	RepeatFlag  string // the CRM's own opinion, kept for comparison

	Quantity Amount
	Revenue  Amount     // net of discounts; negative for a return
	COGS     NullAmount // cost of goods sold, on the VAT basis of Revenue
	Direct   Amount     // delivery and other direct cost

	Since Date // the customer's known first day of business
	Lead  Date // the day the customer became known, before any purchase

	Cancelled bool // excluded from everything but the control total
}

// Side says to which half of the business a deal belongs. It is not N == 1: a
// first purchase may be Unknown (the export does not reach far enough back) or
// Repeat (an earlier one is known of), and a return has no N.
type Side uint8

// The sides. Every deal of a customer is on exactly one, booked on its own day.
const (
	First     Side = iota
	Repeat         // a purchase of a customer who bought before
	Unknown        // purchase 1, but the customer may well be an old one
	Unmatched      // money without any earlier purchase to belong to
)

var sideNames = [...]string{"first", "repeat", "unknown", "unmatched"}

// String returns "first", "repeat", "unknown" or "unmatched".
func (s Side) String() string { return sideNames[s] }

// MarshalText writes s as [Side.String] does.
func (s Side) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Deal is all lines of one order of one customer, cancelled ones aside.
type Deal struct {
	Organisation, Customer, Order string
	Day                           Date   // the earliest of its lines
	Side                          Side   // which half of the business its money belongs to
	N                             int    // number of the purchase it is part of; 0: it is no purchase
	Of                            int    // number of the purchase its money belongs to: N, or that of the purchase it takes back; 0: none
	Salesperson, Channel          string // if its lines differ, the first in byte order
	RepeatFlag                    string
	Quantity                      Amount
	Tally                         Tally // Deals is 1; Purchases is 1 on the first deal of each purchase
}

// Tally is a sum over deals. Purchases counts distinct purchases, so it adds
// over customers and periods, but not over products or salespersons who shared one.
type Tally struct {
	Purchases, Deals, Lines int64
	Revenue                 Amount
	Costed                  Amount // revenue of the lines whose COGS is known
	COGS                    Amount // of those lines
	Direct                  Amount
}

// GrossProfit returns Costed − COGS: the profit of the lines whose cost is known.
func (t Tally) GrossProfit() Amount { return t.Costed - t.COGS }

// Profit returns GrossProfit where it means something: it is unknown if there
// is revenue and no line of it has a known cost, and 0 without revenue.
func (t Tally) Profit() NullAmount {
	if t.Costed == 0 && t.COGS == 0 && t.Revenue != 0 {
		return NullAmount{}
	}
	return Known(t.GrossProfit())
}

// Contribution returns GrossProfit − Direct.
func (t Tally) Contribution() Amount { return t.Costed - t.COGS - t.Direct }

// CostKnown returns the share of revenue whose cost is known, Costed ÷
// Revenue, 0…1 for ordinary sales; NaN without revenue.
func (t Tally) CostKnown() float64 { return ratio(t.Costed, t.Revenue) }

// Plus returns the sum of t and u.
func (t Tally) Plus(u Tally) Tally {
	t.Purchases += u.Purchases
	t.Deals += u.Deals
	t.Lines += u.Lines
	t.Revenue += u.Revenue
	t.Costed += u.Costed
	t.COGS += u.COGS
	t.Direct += u.Direct
	return t
}

// Sides holds a Tally for each side.
type Sides struct{ First, Repeat, Unknown, Unmatched Tally }

// Of returns the tally of side s, for reading and adding.
func (s *Sides) Of(side Side) *Tally {
	switch side {
	case First:
		return &s.First
	case Repeat:
		return &s.Repeat
	case Unknown:
		return &s.Unknown
	}
	return &s.Unmatched
}

// Plus returns the sum of s and o, side by side.
func (s Sides) Plus(o Sides) Sides {
	return Sides{
		First: s.First.Plus(o.First), Repeat: s.Repeat.Plus(o.Repeat),
		Unknown: s.Unknown.Plus(o.Unknown), Unmatched: s.Unmatched.Plus(o.Unmatched),
	}
}

// Total returns the sum over the four sides.
func (s Sides) Total() Tally {
	return s.First.Plus(s.Repeat).Plus(s.Unknown).Plus(s.Unmatched)
}
