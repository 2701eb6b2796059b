package orders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

// cdnow returns the rows of the CDNOW sample from a day on.
func cdnow(t testing.TB, from orders.Date) []orders.Line {
	t.Helper()
	return slices.DeleteFunc(published.CDNOW(t), func(l orders.Line) bool { return l.Date < from })
}

// TestCDNOW checks the published figures of the sample and those that the
// definitions give for the left-truncated sample.
func TestCDNOW(t *testing.T) {
	july := orders.NewDate(1997, 7, 1)
	for _, test := range []struct {
		name string
		from orders.Date
		o    orders.Options
		want string // customers, purchases, revenue; repeat revenue; purchases 1 on the sides first and unknown; is anything known
	}{
		{"history complete", 0, orders.Options{CountZero: true, HistoryComplete: true}, "2357 6696 244091.94; 166331.99; 2357 0; true"},
		{"history unknown", 0, orders.Options{CountZero: true}, "2357 6696 244091.94; 166331.99; 0 2357; false"},
		{"cut in July", july, orders.Options{CountZero: true}, "812 2607 97963.7; 67615.13; 0 812; false"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := orderstest.Collect(t, cdnow(t, test.from), test.o)
			c, err := h.Control(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			flows, err := h.Flows(t.Context(), orders.FlowQuery{})
			if err != nil {
				t.Fatal(err)
			}
			f := flows[0]
			got := fmt.Sprintf("%d %d %s; %s; %d %d; %v", c.Customers, c.Purchases, c.Identified, f.Repeat.Revenue,
				f.First.Purchases, f.Unknown.Purchases, c.KnownFrom <= c.LastDay)
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestCDNOWCut checks the naive shares of the sample cut at 1997-07-01, which
// are the lower bounds of the interval.
func TestCDNOWCut(t *testing.T) {
	h := orderstest.Collect(t, cdnow(t, orders.NewDate(1997, 7, 1)), orders.Options{CountZero: true})
	flows, err := h.Flows(t.Context(), orders.FlowQuery{Period: orders.Month})
	if err != nil {
		t.Fatal(err)
	}
	want := ".2517 .4528 .6180 .7134 .7192 .6825 .8263 .7951 .8490 .8460 .9036 .9187"
	var got []string
	for _, f := range flows {
		share := f.Repeat.Revenue.Float64() / f.Total().Revenue.Float64()
		got = append(got, strings.TrimPrefix(fmt.Sprintf("%.4f", share), "0"))
	}
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// TestCDNOWCohort checks the January cohort of the sample.
func TestCDNOWCohort(t *testing.T) {
	h := orderstest.Collect(t, cdnow(t, 0), orders.Options{CountZero: true, HistoryComplete: true})
	flows, err := h.Flows(t.Context(), orders.FlowQuery{Cohort: orders.Month, Period: orders.Month})
	if err != nil {
		t.Fatal(err)
	}
	want := "781 124 95 70 65 77 65 53 52 45 62 59 45 47 63 37 37 33"
	var got []string
	for _, f := range flows {
		if f.Cohort.String() == "1997-01" {
			got = append(got, fmt.Sprint(f.Customers))
		}
	}
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}
