package ltv_test

import (
	"fmt"
	"iter"
	"math/big"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// dealer is what both implementations of the facts have beside the facts.
type dealer interface{ Deals() iter.Seq[orders.Deal] }

// naiveColumn is a profit table's column added up deal by deal in rational
// numbers, without any of the package's formulas.
type naiveColumn struct {
	purchases                              int64
	revenue, without, cogs, direct         orders.Amount
	overhead, acquisition, bonus, mistakes *big.Rat
}

func rat(a orders.Amount) *big.Rat { return new(big.Rat).SetFrac64(int64(a), int64(orders.One)) }

// plus adds b to *a, which may be nil.
func plus(a **big.Rat, b *big.Rat) {
	if *a == nil {
		*a = new(big.Rat)
	}
	(*a).Add(*a, b)
}

func (n *naiveColumn) add(c orders.Costs, d orders.Deal) {
	t := d.Tally
	n.purchases += t.Purchases
	n.revenue += t.Revenue
	n.without += t.Revenue - t.Costed
	n.cogs += t.COGS
	n.direct += t.Direct
	bonus, mistakes := c.BonusRepeat, c.ErrorsRepeat
	acquisition := new(big.Rat)
	if d.Side == orders.First {
		bonus, mistakes = c.BonusFirst, c.ErrorsFirst
		if t.Purchases > 0 {
			acquisition = new(big.Rat).Quo(rat(c.CostPerLead), new(big.Rat).SetFloat64(c.Conversion))
		}
	}
	plus(&n.acquisition, acquisition)
	percent := new(big.Rat).Mul(rat(t.Revenue), new(big.Rat).Quo(rat(bonus.Percent), big.NewRat(100, 1)))
	plus(&n.bonus, percent)
	if t.Purchases > 0 {
		plus(&n.overhead, rat(c.Overhead))
		plus(&n.bonus, rat(bonus.Amount))
		plus(&n.mistakes, rat(mistakes))
	}
}

// profit returns the profit, whether or not it is known.
func (n *naiveColumn) profit() *big.Rat {
	profit := rat(n.revenue - n.without - n.cogs - n.direct)
	for _, cost := range []*big.Rat{n.overhead, n.acquisition, n.bonus, n.mistakes} {
		if cost != nil {
			profit.Sub(profit, cost)
		}
	}
	return profit
}

// near reports whether a is r but for the rounding of one product.
func near(a orders.Amount, r *big.Rat) bool {
	if r == nil {
		return a == 0
	}
	diff := new(big.Rat).Sub(rat(a), r)
	return diff.Abs(diff).Cmp(big.NewRat(1, int64(orders.One))) <= 0
}

// diff returns how c differs from n; "" if it does not.
func (n *naiveColumn) diff(c ltv.Column) string {
	switch {
	case c.Purchases != n.purchases:
		return fmt.Sprintf("%d purchases, want %d", c.Purchases, n.purchases)
	case c.Revenue != n.revenue || c.RevenueWithoutCost != n.without:
		return fmt.Sprintf("revenue %s, %s without cost; want %s, %s", c.Revenue, c.RevenueWithoutCost, n.revenue, n.without)
	case c.COGS.Amount != n.cogs || c.Direct != n.direct:
		return fmt.Sprintf("cogs %v, direct %s; want %s, %s", c.COGS, c.Direct, n.cogs, n.direct)
	case !near(c.Overhead, n.overhead):
		return fmt.Sprintf("overhead %s, want %s", c.Overhead, n.overhead)
	case !near(c.Acquisition, n.acquisition):
		return fmt.Sprintf("acquisition %s, want %s", c.Acquisition, n.acquisition)
	case !near(c.Bonus, n.bonus):
		return fmt.Sprintf("bonus %s, want %s", c.Bonus, n.bonus)
	case !near(c.Errors, n.mistakes):
		return fmt.Sprintf("errors %s, want %s", c.Errors, n.mistakes)
	case c.Profit.Known && !near(c.Profit.Amount, n.profit()):
		return fmt.Sprintf("profit %v, want %s", c.Profit, n.profit())
	case c.Profit.Known == (n.revenue == n.without && n.without != 0 && n.cogs == 0):
		return fmt.Sprintf("profit %v where %s of %s have no known cost", c.Profit, n.without, n.revenue)
	}
	return ""
}
