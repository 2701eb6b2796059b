package ltv

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// Column is one column of a profit table: what one side of the business, or
// all of it, brought in and cost. Money is in the currency of the export.
type Column struct {
	Purchases          int64
	Revenue            orders.Amount
	RevenueWithoutCost orders.Amount     // of Revenue: of lines whose cost of goods is unknown; outside Profit
	COGS               orders.NullAmount // of the other lines; unknown if there are none
	Overhead           orders.Amount
	Acquisition        orders.Amount
	Bonus              orders.Amount
	Errors             orders.Amount
	Direct             orders.Amount
	Profit             orders.NullAmount // as the package documentation says; unknown if COGS is
	Margin             float64           // Profit ÷ (Revenue − RevenueWithoutCost); NaN if unknown or if that base is not positive
	CostKnown          float64           // (Revenue − RevenueWithoutCost) ÷ Revenue, 0…1 for ordinary sales; NaN without revenue

	costed bool // some cost of goods is known, even if sales and returns net to nothing
}

// Line is a line of a profit table.
type Line uint8

// The lines, in the order of the table.
const (
	Revenue Line = iota
	RevenueWithoutCost
	COGS
	Overhead
	Acquisition
	Bonus
	Errors
	Direct
	NetProfit
	Margin // a ratio, not money: see [Column.Margin]
)

var lineNames = [...]string{
	"revenue", "revenue_without_cost", "cogs", "overhead", "acquisition",
	"bonus", "errors", "direct", "profit", "margin",
}

// Lines returns all lines in the order of the table.
func Lines() []Line {
	lines := make([]Line, len(lineNames))
	for i := range lines {
		lines[i] = Line(i)
	}
	return lines
}

// String returns the name of l as it is written to files: "revenue",
// "revenue_without_cost", "cogs", "overhead", "acquisition", "bonus",
// "errors", "direct", "profit" or "margin".
func (l Line) String() string {
	if int(l) < len(lineNames) {
		return lineNames[l]
	}
	return fmt.Sprintf("Line(%d)", uint8(l))
}

// MarshalText writes l as [Line.String] does.
func (l Line) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Money returns the money on line l; unknown for Margin, which is none.
func (c Column) Money(l Line) orders.NullAmount {
	switch l {
	case Revenue:
		return orders.Known(c.Revenue)
	case RevenueWithoutCost:
		return orders.Known(c.RevenueWithoutCost)
	case COGS:
		return c.COGS
	case Overhead:
		return orders.Known(c.Overhead)
	case Acquisition:
		return orders.Known(c.Acquisition)
	case Bonus:
		return orders.Known(c.Bonus)
	case Errors:
		return orders.Known(c.Errors)
	case Direct:
		return orders.Known(c.Direct)
	case NetProfit:
		return c.Profit
	}
	return orders.NullAmount{}
}

// PerPurchase returns c divided by its purchases, each line rounded half away
// from zero to kopecks by itself, so that the rounded lines need not add up to
// the rounded profit. Purchases is 1, Margin and CostKnown are those of c. It
// reports false if c has no purchases.
func (c Column) PerPurchase() (Column, bool) {
	n := c.Purchases
	if n <= 0 {
		return Column{Margin: math.NaN(), CostKnown: math.NaN()}, false
	}
	c.Purchases = 1
	for _, v := range []*orders.Amount{
		&c.Revenue, &c.RevenueWithoutCost, &c.COGS.Amount, &c.Overhead, &c.Acquisition,
		&c.Bonus, &c.Errors, &c.Direct, &c.Profit.Amount,
	} {
		*v = kopecks(*v, n)
	}
	return c, true
}

// kopecks returns a ÷ n rounded half away from zero to 0.01, for n > 0.
func kopecks(a orders.Amount, n int64) orders.Amount {
	const kopeck = orders.One / 100
	q, _, _ := a.MulDiv(1, n*int64(kopeck)) // |q| ≤ |a|: no error
	return q * kopeck
}

// plus returns the sum of c and d, closed again.
func (c Column) plus(d Column) Column {
	c.Purchases += d.Purchases
	c.Revenue += d.Revenue
	c.RevenueWithoutCost += d.RevenueWithoutCost
	c.COGS.Amount += d.COGS.Amount
	c.Overhead += d.Overhead
	c.Acquisition += d.Acquisition
	c.Bonus += d.Bonus
	c.Errors += d.Errors
	c.Direct += d.Direct
	c.costed = c.costed || d.costed
	return c.closed()
}

// closed returns c with all that follows from its other fields: whether its
// cost is known, its profit and its ratios: a side and a total alike.
func (c Column) closed() Column {
	costed := c.Revenue - c.RevenueWithoutCost
	known := c.costed || c.RevenueWithoutCost == 0
	c.COGS.Known = known
	c.Profit = orders.NullAmount{}
	c.Margin, c.CostKnown = math.NaN(), math.NaN()
	if c.Revenue != 0 {
		c.CostKnown = float64(costed)/float64(c.Revenue) + 0 // never −0
	}
	if !known {
		return c
	}
	c.Profit = orders.Known(c.net())
	if costed > 0 {
		c.Margin = float64(c.Profit.Amount) / float64(costed)
	}
	return c
}

// net returns what is left of the revenue with a known cost.
func (c Column) net() orders.Amount {
	return c.Revenue - c.RevenueWithoutCost - c.COGS.Amount - c.Overhead - c.Acquisition - c.Bonus - c.Errors - c.Direct
}
