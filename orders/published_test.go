package orders_test

import (
	"bufio"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/repeatsales/repeatsales/orders"
)

// shared returns the path of a real export that lies beside the repository on
// some machines; elsewhere the test is skipped, and those on testdata remain.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not beside the repository", name)
	}
	return path
}

// cdnow yields the rows of the CDNOW 1/10 sample (Fader & Hardie) from a day on.
func cdnow(t testing.TB, from orders.Date) iter.Seq2[orders.Line, error] {
	t.Helper()
	text, err := os.ReadFile(shared(t, "CDNOW_sample.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(orders.Line, error) bool) {
		for s := bufio.NewScanner(strings.NewReader(string(text))); s.Scan(); {
			cells := strings.Fields(s.Text()) // master id, sample id, date, CDs, dollars
			day, err := time.Parse("20060102", cells[2])
			if err != nil {
				t.Fatal(err)
			}
			revenue, err := orders.ParseAmount(cells[4])
			if line := (orders.Line{Customer: cells[1], Date: orders.DateOf(day), Revenue: revenue}); line.Date >= from && !yield(line, err) {
				return
			}
		}
	}
}

// TestCDNOW checks the figures of ../shared/data/README.md and those that the
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
			h, err := orders.Collect(t.Context(), cdnow(t, test.from), test.o)
			if err != nil {
				t.Fatal(err)
			}
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
	h, err := orders.Collect(t.Context(), cdnow(t, orders.NewDate(1997, 7, 1)), orders.Options{CountZero: true})
	if err != nil {
		t.Fatal(err)
	}
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
	h, err := orders.Collect(t.Context(), cdnow(t, 0), orders.Options{CountZero: true, HistoryComplete: true})
	if err != nil {
		t.Fatal(err)
	}
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
