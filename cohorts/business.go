package cohorts

import "github.com/repeatsales/repeatsales/orders"

// Business is a part of the business of identified customers, by side, and the
// repeat share of it. It may be that of a period, of a salesperson, or of all.
type Business struct {
	// Sides is the money, each deal on its own day: First + Repeat + Unknown +
	// Unmatched, which Total adds up, is the revenue. Gross profit is that of the
	// lines whose cost is known; CostKnown of a Tally says how much of its
	// revenue that is.
	orders.Sides

	Customers          int64 // distinct, with a purchase
	NewCustomers       int64 // of them, with a purchase on the side First …
	ReturningCustomers int64 // … Repeat
	UnknownCustomers   int64 // … Unknown
	Overlap            int64 // New + Returning + Unknown − Customers: those who made purchase 1 and came back within the same part

	// The repeat share, four times. Unmatched and anonymous money is outside all of them.
	ByRevenue   Share
	ByProfit    Share // of gross profit
	ByPurchases Share
	ByCustomers Share // returning ÷ active: Low takes those who surely returned; High adds those who may have, once each
}

// Deals returns the number of purchases: first, repeat and unknown.
func (b Business) Deals() int64 { return b.Sides.Total().Purchases }

// tally is what a Business sums before its shares are known.
type tally struct {
	sides                              orders.Sides
	customers, new, returning, unknown int64
	newReturning, unknownReturning     int64 // overlaps
}

// add adds a flow of one cohort. A customer belongs to one cohort, so that
// customers add over cohorts; and those of a cohort are either all new or all
// earlier ones, which is what tells the two overlaps apart.
func (t *tally) add(f orders.Flow) {
	t.sides = t.sides.Plus(f.Sides)
	t.customers += f.Customers
	t.new += f.FirstCustomers
	t.returning += f.RepeatCustomers
	t.unknown += f.UnknownCustomers
	overlap := f.FirstCustomers + f.RepeatCustomers + f.UnknownCustomers - f.Customers
	if f.Cohort.IsZero() {
		t.unknownReturning += overlap
	} else {
		t.newReturning += overlap
	}
}

// business returns t with its shares, q being the part of the first ones that is old.
func (t tally) business(q float64) Business {
	s := &t.sides
	return Business{
		Sides:              t.sides,
		Customers:          t.customers,
		NewCustomers:       t.new,
		ReturningCustomers: t.returning,
		UnknownCustomers:   t.unknown,
		Overlap:            t.newReturning + t.unknownReturning,
		ByRevenue:          shareOf(s.First.Revenue, s.Repeat.Revenue, s.Unknown.Revenue, q),
		ByProfit:           profitShare(t.sides, q),
		ByPurchases:        shareOf(s.First.Purchases, s.Repeat.Purchases, s.Unknown.Purchases, q),
		ByCustomers:        shareOf(t.new-t.newReturning, t.returning, t.unknown-t.unknownReturning, q),
	}
}

func profitShare(s orders.Sides, q float64) Share {
	if sales := s.First.Plus(s.Repeat).Plus(s.Unknown); !sales.Profit().Known {
		return undefined(NoCost)
	}
	return shareOf(s.First.GrossProfit(), s.Repeat.GrossProfit(), s.Unknown.GrossProfit(), q)
}
