package factstest

import (
	"cmp"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// numberDays numbers purchases under [orders.PerDay]: the deals of one day are
// one purchase if what is not attached to an earlier purchase sums to more than 0.
func (c *customer) numberDays(countZero bool) {
	for i := 0; i < len(c.deals); {
		j := i
		for j < len(c.deals) && c.deals[j].Day == c.deals[i].Day {
			j++
		}
		today := c.attach(c.deals[i:j])
		i = j
		var net orders.Amount
		for _, d := range today {
			net += d.Tally.Revenue
		}
		if len(today) == 0 {
			continue
		}
		if net > 0 || net == 0 && countZero {
			c.buy(today)
			continue
		}
		for _, d := range today {
			d.Of = len(c.days)
		}
		if len(c.days) == 0 && net < 0 {
			c.provenOld = true
		}
	}
}

// numberDeals numbers purchases under [orders.PerDeal]: every deal of more than
// 0 is one.
func (c *customer) numberDeals(countZero bool) {
	for i := 0; i < len(c.deals); {
		j := i
		for j < len(c.deals) && c.deals[j].Day == c.deals[i].Day {
			j++
		}
		today := c.attach(c.deals[i:j])
		i = j
		var early []*deal // before any purchase
		for _, d := range today {
			switch {
			case d.Tally.Revenue > 0 || d.Tally.Revenue == 0 && countZero:
				c.buy([]*deal{d})
			case len(c.days) == 0:
				early = append(early, d)
			default:
				d.Of = len(c.days)
			}
		}
		for _, d := range early {
			if len(c.days) > 0 { // purchase 1, later on the same day
				d.Of = 1
			} else if d.Tally.Revenue < 0 {
				c.provenOld = true
			}
		}
	}
}

// buy makes the deals the customer's next purchase.
func (c *customer) buy(deals []*deal) {
	c.days = append(c.days, deals[0].Day)
	c.first = append(c.first, deals[0])
	deals[0].Tally.Purchases = 1
	for _, d := range deals {
		d.N, d.Of = len(c.days), len(c.days)
	}
}

// attach books the returns of a day that name the purchase of an earlier day
// that they take back, and returns the other deals. The days before are
// numbered already.
func (c *customer) attach(today []*deal) (rest []*deal) {
	for _, d := range today {
		if base := c.baseOf(d); base != nil && base.Day < d.Day && base.N > 0 {
			d.attached, d.Of = true, base.N
		} else {
			rest = append(rest, d)
		}
	}
	return rest
}

// baseOf returns the latest deal up to the day of the return d that has the
// order id that d names; nil if there is none or d is no return.
func (c *customer) baseOf(d *deal) *deal {
	if d.base == "" || d.Tally.Revenue >= 0 {
		return nil
	}
	var base *deal
	for _, b := range c.deals {
		if b != d && b.Order == d.base && b.Organisation == d.Organisation && b.Day <= d.Day {
			base = b // deals are in the order of their days
		}
	}
	return base
}

// count sums what the export holds.
func (n *naive) count() {
	k := &n.control
	var last orders.Date
	var selling []orders.Date
	for _, l := range n.lines {
		k.Accepted++
		k.Export += l.Revenue
		k.FirstDay, last = earlier(k.FirstDay, l.Date), max(last, l.Date)
		switch {
		case l.cancelled:
			k.Cancelled += l.Revenue
			k.CancelledLines++
		case l.deal == nil:
			k.Anonymous += l.Revenue
			k.AnonymousLines++
		default:
			k.Identified += l.Revenue
		}
		if !l.cancelled {
			selling = append(selling, l.Date)
		}
	}
	k.LastDay = cmp.Or(n.o.AsOf, last)
	slices.Sort(selling)
	for i := 1; i < len(selling); i++ {
		k.LongestPause = max(k.LongestPause, int(selling[i]-selling[i-1])-1)
	}
	for _, c := range n.customers {
		k.Deals += int64(len(c.deals))
		k.Purchases += int64(len(c.days))
		if len(c.days) > 0 {
			k.Customers++
		}
	}
}

// leftTruncation decides how far back the history is known.
func (n *naive) leftTruncation() {
	k := &n.control
	k.KnownFrom = k.FirstDay
	k.Complete = n.o.HistoryComplete || n.o.Earlier != nil || n.allSince()
	if k.Complete {
		return
	}
	k.BurnIn = cmp.Or(n.o.BurnIn, n.gapQuantile())
	if 2*k.BurnIn > k.Span() {
		k.KnownFrom = k.LastDay + 1
	} else {
		k.KnownFrom = k.FirstDay + orders.Date(k.BurnIn)
	}
	k.LateOld = n.lateOld()
}

// allSince reports whether the first day of every customer with a purchase is
// known; nothing is known where there is none.
func (n *naive) allSince() bool {
	return n.control.Customers > 0 && !slices.ContainsFunc(n.customers, func(c *customer) bool {
		return len(c.days) > 0 && c.since == 0
	})
}

// gapQuantile returns the 90 % quantile of the gaps between purchase days by
// the product-limit estimator for right truncation (Lynden-Bell 1971): a gap
// that ends on day s of the export is seen only if it is no longer than s. It
// is the whole span if there is no gap.
func (n *naive) gapQuantile() int {
	type gap struct{ length, age int }
	var gaps []gap
	lengths := map[int]bool{}
	for _, c := range n.customers {
		days := slices.Compact(slices.Clone(c.days))
		for i := 1; i < len(days); i++ {
			g := gap{int(days[i] - days[i-1]), int(days[i] - n.control.FirstDay)}
			gaps = append(gaps, g)
			lengths[g.length] = true
		}
	}
	quantile := n.control.Span()
	cumulative := 1.0 // F(u), from the longest gap down
	for _, u := range descending(lengths) {
		if cumulative >= 0.90 {
			quantile = u
		}
		var ended, atRisk float64
		for _, g := range gaps {
			if g.length == u {
				ended++
			}
			if g.length <= u && u <= g.age {
				atRisk++
			}
		}
		cumulative *= 1 - ended/atRisk
	}
	return quantile
}

func descending(set map[int]bool) []int {
	var all []int
	for v := range set {
		all = append(all, v)
	}
	slices.Sort(all)
	slices.Reverse(all)
	return all
}

// lateOld returns the share of the customers first seen late in the second half
// of the export who occur in its first half; 1 if there are none.
func (n *naive) lateOld() float64 {
	half := n.control.Span() / 2
	middle := n.control.FirstDay + orders.Date(half)
	threshold := max(0, min(n.control.BurnIn, half-60))
	var seen, old float64
	for _, c := range n.customers {
		i := slices.IndexFunc(c.days, func(d orders.Date) bool { return d >= middle })
		if i < 0 || int(c.days[i]-middle) < threshold {
			continue
		}
		seen++
		if i > 0 {
			old++
		}
	}
	if seen == 0 {
		return 1
	}
	return old / seen
}

// decideSides puts every deal of c on the side of the purchase that its money
// belongs to.
func (n *naive) decideSides(c *customer) {
	if len(c.days) > 0 {
		c.entry = n.entry(c)
	}
	for _, d := range c.deals {
		switch d.Of {
		case 0:
			d.Side = orders.Unmatched
		case 1:
			d.Side = c.entry
		default:
			d.Side = orders.Repeat
		}
	}
}

// entry returns the side of purchase 1.
func (n *naive) entry(c *customer) orders.Side {
	old := func(is bool) orders.Side {
		if is {
			return orders.Repeat
		}
		return orders.First
	}
	switch {
	case c.provenOld:
		return orders.Repeat
	case c.since != 0:
		return old(c.since < c.days[0])
	case n.o.Earlier != nil:
		return old(slices.Contains(n.o.Earlier, c.id))
	case n.o.HistoryComplete || c.days[0] >= n.control.KnownFrom:
		return orders.First
	}
	return orders.Unknown
}
