package company_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// coverage counts, of the months of many exports, those in whose interval the
// true repeat share is.
type coverage struct {
	months, held int
	none         int     // months without a share
	above        int     // the true share is above the interval: more of the new customers are old than q says
	width        float64 // sum of the intervals' widths
	worst        float64 // by how much an interval that does not hold is short, at most
	first, old   float64 // money of first purchases, and how much of it is really old customers'
	q            float64 // sum of what the library takes for their share
}

func (c *coverage) add(d coverage) {
	c.months, c.held, c.above, c.none = c.months+d.months, c.held+d.held, c.above+d.above, c.none+d.none
	c.width, c.worst, c.q = c.width+d.width, max(c.worst, d.worst), c.q+d.q
	c.first, c.old = c.first+d.first, c.old+d.old
}

func (c coverage) share() float64 { return float64(c.held) / float64(c.months) }

func (c coverage) String() string {
	n := float64(c.months)
	s := fmt.Sprintf("%4d months and %2d without a share, %5.1f %% covered, %2d above, mean width %4.1f points, worst miss %4.1f, q %.3f",
		c.months, c.none, 100*c.share(), c.above, 100*c.width/n, 100*c.worst, c.q/n)
	if c.first > 0 {
		s += fmt.Sprintf(", truly %.3f of the money", c.old/c.first)
	}
	return s
}

// The groups of months that the coverage is counted for.
const (
	inBurnIn  = -2 // wholly
	atItsEnd  = -1 // partly
	later     = 12 // and all after them
	allMonths = later + 1
)

// TestCoverage cuts the books of several firms at several days, as an export
// does, and holds every month's interval to the share that the whole book shows.
// It logs the coverage by months since the burn-in (go test -v -run Coverage),
// and what share of the money of first purchases there is really old customers':
// what q ought to be.
func TestCoverage(t *testing.T) {
	seeds, cuts := 8, []int{0, -365, -730, 91, -183, 274, -547} // days from the first one of the export proper
	if testing.Short() {
		seeds, cuts = 2, cuts[:3]
	}
	var groups [allMonths + 3]coverage
	group := func(i int) *coverage { return &groups[i-inBurnIn] }
	for seed := range uint64(seeds) {
		c := company.Generate(seed + 1)
		whole := collect(t, c.Whole(), orders.Options{HistoryComplete: true})
		for _, shift := range cuts {
			from := c.FirstDay + orders.Date(shift)
			truth := repeatShare(t, whole, orders.Scope{From: from, AsOf: c.LastDay})
			cut := repeatShare(t, collect(t, onwards(c, from), orders.Options{}), orders.Scope{})
			for _, row := range cut.Rows {
				want := truth.Rows[row.Period.Sub(truth.Rows[0].Period)]
				one := coverage{none: 1} // returns exceed the sales of a side
				if row.ByRevenue.Reason == "" && want.ByRevenue.Reason == "" {
					one = held(row.ByRevenue, want.ByRevenue.Low)
					one.q = cut.Control.LateOld
				}
				switch {
				case row.Reliable:
					one.first, one.old = row.First.Revenue.Float64(), (row.First.Revenue - want.First.Revenue).Float64()
					group(min(later, row.Period.Sub(orders.Month.Of(cut.Control.KnownFrom-1))-1)).add(one)
					group(allMonths).add(one)
				case row.Period.Last() < cut.Control.KnownFrom:
					group(inBurnIn).add(one)
				default:
					group(atItsEnd).add(one)
				}
			}
		}
	}
	var table strings.Builder
	for i := inBurnIn; i <= allMonths; i++ {
		name := fmt.Sprintf("%d months after the burn-in", i)
		switch i {
		case inBurnIn:
			name = "within the burn-in"
		case atItsEnd:
			name = "as it ends"
		case later:
			name += ", and later"
		case allMonths:
			name = "all after it"
		}
		fmt.Fprintf(&table, "\n%-36s %v", name, group(i))
	}
	t.Logf("%d firms, %d cuts of each%s", seeds, len(cuts), table.String())
	if c := group(inBurnIn); c.held < c.months {
		t.Errorf("within the burn-in the interval goes up to 1, but %v", c)
	}
	if c := group(later); c.share() < 0.95 {
		t.Errorf("a year after the burn-in: %v", c)
	}
	if c := group(allMonths); c.share() < 0.95 {
		t.Errorf("after the burn-in: %v", c)
	}
}

// held returns the coverage of one interval.
func held(s cohorts.Share, share float64) coverage {
	c := coverage{months: 1, width: s.High - s.Low}
	switch {
	case share > s.High:
		c.above, c.worst = 1, share-s.High
	case share < s.Low:
		c.worst = s.Low - share
	default:
		c.held = 1
	}
	return c
}

// onwards yields the lines of the firm's book from a day on.
func onwards(c *company.Company, from orders.Date) iter.Seq[orders.Line] {
	return func(yield func(orders.Line) bool) {
		for l := range c.Whole() {
			if l.Date >= from && !yield(l) {
				return
			}
		}
	}
}
