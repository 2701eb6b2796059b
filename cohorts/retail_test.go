package cohorts_test

import (
	"math"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

// Of 4,338 customers 2,845 have two orders or more, 65.58 %, cancellations
// aside: a count that many publications of this data set repeat.
func TestOnlineRetail(t *testing.T) {
	f := open(t, published.OnlineRetail(t), orders.Options{Cancel: []string{"C"}, Purchase: orders.PerDeal})
	r := repeatShare(t, f, cohorts.RepeatOptions{})
	if r.Total.CustomersToDate != 4338 || r.Total.RepeatersToDate != 2845 || math.Abs(r.Total.RepeatPurchaseRate-0.6558) > 5e-5 {
		t.Errorf("%d of %d customers bought again, %v", r.Total.RepeatersToDate, r.Total.CustomersToDate, r.Total.RepeatPurchaseRate)
	}
	if got := r.Total.Deals(); got != 18532 {
		t.Errorf("%d deals, want 18532", got)
	}
	if got := r.Total.Sides.Total().Revenue; got != amount("8911407.904") {
		t.Errorf("identified revenue %s, want 8911407.904", got)
	}
	if r.Total.Anonymous != r.Control.Anonymous {
		t.Errorf("anonymous revenue %s, want %s", r.Total.Anonymous, r.Control.Anonymous)
	}
	table := tabulate(t, f, cohorts.TableOptions{})
	if table.Total.Revenue != amount("8911407.904") {
		t.Errorf("the cohorts' revenue is %s", table.Total.Revenue)
	}

	// A burn-in of 159 of 374 days: nothing is claimed upwards before May.
	if r.Control.BurnIn != 159 || r.Unknown() || r.MoreDays() != 0 {
		t.Errorf("burn-in %d days, unknown %v", r.Control.BurnIn, r.Unknown())
	}
	for i, row := range r.Rows {
		if reliable, open := i >= 6, i <= 4; row.Reliable != reliable || (row.ByRevenue.High == 1) != open || row.Partial != (i == 12) {
			t.Errorf("%v: %+v, reliable %v, partial %v", row.Period, row.ByRevenue, row.Reliable, row.Partial)
		}
	}
}
