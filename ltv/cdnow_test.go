package ltv_test

import (
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// TestCDNOW reproduces the published totals of the CDNOW 1/10 sample (Fader &
// Hardie): 2,357 customers, 6,696 purchase days, 244,091.94 dollars, of which
// 166,331.99 are repeat purchases if the history is complete.
func TestCDNOW(t *testing.T) {
	h := orderstest.Collect(t, published.CDNOW(t), orders.Options{HistoryComplete: true, CountZero: true})
	p, err := ltv.DealProfit(ctx, h, orders.Costs{COGS: orders.Known(0)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ltv.Historic(ctx, h, ltv.HistoricOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{p.First.Revenue.String(), p.Repeat.Revenue.String(), p.Total.Revenue.String(), l.Total.Revenue.String()}
	if want := "77759.95 166331.99 244091.94 244091.94"; strings.Join(got, " ") != want {
		t.Errorf("revenue %s, want %s", got, want)
	}
	if p.First.Purchases != 2_357 || p.Repeat.Purchases != 6_696-2_357 || p.ByNumber.Customers != 2_357 || len(l.Customers) != 2_357 {
		t.Errorf("%d first and %d repeat purchases, %d acquired, %d lifetimes", p.First.Purchases, p.Repeat.Purchases, p.ByNumber.Customers, len(l.Customers))
	}
	if len(l.Cohorts) != 3 || l.Cohorts[0].Cohort.String() != "1997-01" || l.Cohorts[2].Cohort.String() != "1997-03" {
		t.Errorf("%d cohorts; all customers came from January to March 1997", len(l.Cohorts))
	}
	last := p.ByNumber.Points[len(p.ByNumber.Points)-1]
	if last.Cumulative != p.Total.Revenue || !last.AndLater || last.At != 25 {
		t.Errorf("the curve ends with %+v", last)
	}
	if l.Total.AverageValue.Known {
		t.Errorf("a value without any known cost: %v", l.Total.AverageValue)
	}
}
