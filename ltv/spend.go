package ltv

import (
	"fmt"

	"github.com/repeatsales/repeatsales/orders"
)

// Spend is what winning customers cost in one period through one channel, and
// the leads that it brought. No export of orders knows it: the caller does.
type Spend struct {
	Period    orders.Period // of any grain that lies within one period of the table; several of one period add up
	Channel   string        // as the export writes the channel of a deal; "": no channel
	Money     orders.Amount
	Leads     NullCount
	Qualified NullCount // of Leads, those worth a salesperson's time
}

// NullCount is a count that may be unknown: leads that nobody counted are not
// zero leads. The zero NullCount is unknown.
type NullCount struct {
	N     int64
	Known bool
}

// Counted returns n as a known NullCount.
func Counted(n int64) NullCount { return NullCount{n, true} }

// String returns the count, "" if it is unknown.
func (n NullCount) String() string {
	if !n.Known {
		return ""
	}
	return fmt.Sprint(n.N)
}

// plus adds what is known.
func (n NullCount) plus(m NullCount) NullCount { return NullCount{n.N + m.N, n.Known || m.Known} }

// checkSpend returns an error that names the first field out of its domain of
// rows that are added up in periods of a grain.
func checkSpend(rows []Spend, grain orders.Grain) error {
	wrong := func(i int, field string, value any, why string) error {
		return fmt.Errorf("ltv: %w: Spend[%d].%s = %v: %s", orders.ErrOptions, i, field, value, why)
	}
	var total orders.Amount
	for i, r := range rows {
		switch p := r.Period; {
		case p.IsZero() || p.Grain > orders.Year:
			return wrong(i, "Period", p, "no period")
		case grain.Of(p.First()) != grain.Of(p.Last()):
			return wrong(i, "Period", p, "not within one "+grain.String())
		case r.Money < 0:
			return wrong(i, "Money", r.Money, "below 0")
		case r.Leads.N < 0 || r.Qualified.N < 0:
			return wrong(i, "Leads", r.Leads, "below 0")
		case r.Leads.Known && r.Qualified.Known && r.Qualified.N > r.Leads.N:
			return wrong(i, "Qualified", r.Qualified, "more than its leads")
		}
		if r.Money > limit-total {
			return fmt.Errorf("ltv: Spend: %w: more than %s", orders.ErrRange, limit)
		}
		total += r.Money
	}
	return nil
}

// equalPart returns part k, from 0, of a divided into n equal parts in whole
// kopecks: the first parts bear the kopecks that are left over, and the very
// first what is less than one. The parts are those of [orders.Amount.Split].
func equalPart(a orders.Amount, n, k int64) orders.Amount {
	const kopeck = orders.One / 100
	whole, rest := int64(a/kopeck), a%kopeck
	part := whole / n
	if k < whole%n {
		part++
	}
	if k > 0 {
		rest = 0
	}
	return orders.Amount(part)*kopeck + rest
}
