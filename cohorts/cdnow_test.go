package cohorts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

// The CDNOW sample: Fader & Hardie (2001), Forecasting Repeat Sales at CDNOW.
// All 2,357 customers were acquired in the first quarter of 1997, which is why
// it shows what cutting a history does. Figures not in the paper were counted
// from the file with SQL, apart from this library.

func TestCDNOWComplete(t *testing.T) {
	f := open(t, published.CDNOW(t), orders.Options{CountZero: true, HistoryComplete: true})
	r := repeatShare(t, f, cohorts.RepeatOptions{})
	total := r.Total
	if got := total.Customers; got != 2357 {
		t.Errorf("customers = %d, want 2357", got)
	}
	if got := total.Deals(); got != 6696 {
		t.Errorf("deals = %d, want 6696", got)
	}
	if got := total.Sides.Total().Revenue; got != amount("244091.94") {
		t.Errorf("revenue = %s, want 244091.94", got)
	}
	if got := total.Repeat.Revenue; got != amount("166331.99") {
		t.Errorf("repeat revenue = %s, want 166331.99", got)
	}
	for name, s := range map[string]cohorts.Share{"revenue": total.ByRevenue, "purchases": total.ByPurchases, "customers": total.ByCustomers} {
		if s.Low != s.High {
			t.Errorf("the share by %s is %v…%v, but the history is complete", name, s.Low, s.High)
		}
	}
	if want := 166331.99 / 244091.94; !same(total.ByRevenue.Low, want) {
		t.Errorf("share = %v, want %v", total.ByRevenue.Low, want)
	}
	if want := float64(6696-2357) / 6696; !same(total.ByPurchases.Low, want) {
		t.Errorf("share of purchases = %v, want %v", total.ByPurchases.Low, want)
	}
	if total.ByProfit.Reason != cohorts.NoCost {
		t.Errorf("the share of profit is %+v without any cost", total.ByProfit)
	}
	// From April on nobody is new.
	for _, row := range r.Rows[3:] {
		if row.ByRevenue.Low != 1 || row.NewCustomers != 0 {
			t.Errorf("%v: share %v, %d new", row.Period, row.ByRevenue.Low, row.NewCustomers)
		}
	}
	if v := r.Maturity(); v.Low.Band != cohorts.ThreeOrFour || v.High.Band != cohorts.ThreeOrFour || r.Unknown() || r.MoreDays() != 0 {
		t.Errorf("verdict %+v, unknown %v, %d more days", v, r.Unknown(), r.MoreDays())
	}
	if len(r.Rows) != 18 || r.Rows[0].Partial || r.Rows[17].Partial || !r.Rows[0].Reliable {
		t.Errorf("%d rows, first %+v, last %+v", len(r.Rows), r.Rows[0], r.Rows[len(r.Rows)-1])
	}
}

func TestCDNOWUnknown(t *testing.T) {
	r := repeatShare(t, open(t, published.CDNOW(t), orders.Options{CountZero: true}), cohorts.RepeatOptions{})
	if got := r.Total.First.Purchases; got != 0 {
		t.Errorf("%d purchases 1 are first", got)
	}
	if got := r.Total.UnknownCustomers; got != 2357 {
		t.Errorf("%d customers are unknown, want 2357", got)
	}
	if s, want := r.Total.ByRevenue, 166331.99/244091.94; s.High != 1 || !same(s.Low, want) {
		t.Errorf("share %+v, want %v…1", s, want)
	}
	if v := r.Maturity(); v.Low.Band != cohorts.NoBand || v.High.Band != cohorts.NoBand || v.Reason != cohorts.HistoryUnknown {
		t.Errorf("verdict %+v of an unknown history", v)
	}
	if got, want := r.MoreDays(), 2*r.Control.BurnIn-r.Control.Span(); got != want || got <= 0 {
		t.Errorf("%d more days, want %d", got, want)
	}
	for _, row := range r.Rows {
		if row.ByRevenue.High != 1 || row.ByCustomers.High != 1 || row.ByPurchases.High != 1 || row.Reliable {
			t.Errorf("%v: %+v", row.Period, row)
		}
	}
}

func TestCDNOWCut(t *testing.T) {
	var lines []orders.Line
	first := map[string]orders.Date{}
	for _, l := range published.CDNOW(t) {
		if d, ok := first[l.Customer]; !ok || l.Date < d {
			first[l.Customer] = l.Date
		}
		if l.Date >= day("1997-07-01") {
			lines = append(lines, l)
		}
	}
	want := []string{".2517", ".4528", ".6180", ".7134", ".7192", ".6825", ".8263", ".7951", ".8490", ".8460", ".9036", ".9187"}

	r := repeatShare(t, open(t, lines, orders.Options{CountZero: true}), cohorts.RepeatOptions{})
	var got []string
	for _, row := range r.Rows {
		got = append(got, strings.TrimPrefix(fmt.Sprintf("%.4f", row.ByRevenue.Low), "0"))
		if row.ByRevenue.High != 1 {
			t.Errorf("%v: upper bound %v, want 1", row.Period, row.ByRevenue.High)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("lower bounds %v, want %v", got, want)
	}
	if v := r.Maturity(); v.Reason != cohorts.HistoryUnknown {
		t.Errorf("verdict %+v", v)
	}

	// With the true first days given, everything is repeat business.
	for i := range lines {
		lines[i].Since = first[lines[i].Customer]
	}
	for _, row := range repeatShare(t, open(t, lines, orders.Options{CountZero: true}), cohorts.RepeatOptions{}).Rows {
		if row.ByRevenue.Low != 1 || row.ByRevenue.High != 1 {
			t.Errorf("%v: with true first days the share is %+v, want 1", row.Period, row.ByRevenue)
		}
	}
}

func TestCDNOWCohorts(t *testing.T) {
	table := tabulate(t, open(t, published.CDNOW(t), orders.Options{CountZero: true, HistoryComplete: true}), cohorts.TableOptions{})
	var sizes []int64
	for _, c := range table.Cohorts {
		sizes = append(sizes, c.Size)
	}
	if want := []int64{781, 857, 719}; !slices.Equal(sizes, want) {
		t.Fatalf("sizes %v, want %v", sizes, want)
	}
	january := table.Cohorts[0]
	var active []int64
	for _, c := range january.Cells {
		active = append(active, c.Customers)
	}
	if want := []int64{781, 124, 95, 70, 65, 77, 65, 53, 52, 45, 62, 59, 45, 47, 63, 37, 37, 33}; !slices.Equal(active, want) {
		t.Errorf("January's row %v, want %v", active, want)
	}
	if got, want := january.Cells[1].Retention, 124.0/781; got != want {
		t.Errorf("retention at age 1 is %v, want %v", got, want)
	}
	if got := []int{len(table.Cohorts[0].Cells), len(table.Cohorts[1].Cells), len(table.Cohorts[2].Cells)}; !slices.Equal(got, []int{18, 17, 16}) {
		t.Errorf("rows of %v cells, want 18, 17, 16", got)
	}
	if got := table.Total.Revenue; got != amount("244091.94") {
		t.Errorf("revenue = %s", got)
	}
	if got := table.Averages[0]; got.Cohorts != 3 || got.Size != 2357 || got.Retention != 1 {
		t.Errorf("average at age 0: %+v", got)
	}
	if got := table.Averages[17]; got.Cohorts != 1 || got.Size != 781 || got.Customers != 33 {
		t.Errorf("average at age 17: %+v", got)
	}
}
