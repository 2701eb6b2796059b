package factstest_test

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// opener opens lines in one of the implementations.
type opener func(t testing.TB, lines []orders.Line, o orders.Options) orders.Facts

// each runs a test for each implementation of the facts.
func each(t *testing.T, test func(t *testing.T, open opener)) {
	t.Run("naive", func(t *testing.T) {
		test(t, func(t testing.TB, lines []orders.Line, o orders.Options) orders.Facts {
			t.Helper()
			f, err := factstest.Open(lines, o)
			if err != nil {
				t.Fatal(err)
			}
			return f
		})
	})
	t.Run("History", func(t *testing.T) {
		test(t, func(t testing.TB, lines []orders.Line, o orders.Options) orders.Facts {
			t.Helper()
			h, err := collect(t, lines, o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(h.Release)
			return h
		})
	})
}

func control(t rapid.TB, f orders.Facts) orders.Control {
	t.Helper()
	c, err := f.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCDNOW holds the facts to the published totals of the sample (2,357
// customers, 6,696 customer-days, $244,091.94: Fader & Hardie 2001), and to
// sums counted from the file by a few lines of another language.
func TestCDNOW(t *testing.T) { each(t, testCDNOW) }

func testCDNOW(t *testing.T, open opener) {
	lines := published.CDNOW(t)
	f := open(t, lines, orders.Options{CountZero: true, HistoryComplete: true})
	c := control(t, f)
	if c.Customers != 2357 || c.Purchases != 6696 || c.Identified != amount("244091.94") || c.Export != c.Identified {
		t.Errorf("control is %d customers, %d purchases, %s identified", c.Customers, c.Purchases, c.Identified)
	}
	flows, err := f.Flows(context.Background(), orders.FlowQuery{})
	if err != nil || len(flows) != 1 {
		t.Fatalf("%d flows, %v", len(flows), err)
	}
	if got := flows[0].Repeat.Revenue; got != amount("166331.99") {
		t.Errorf("repeat revenue is %s", got)
	}

	flows, err = f.Flows(context.Background(), orders.FlowQuery{Cohort: orders.Month, Period: orders.Month})
	if err != nil {
		t.Fatal(err)
	}
	january := orders.Month.Of(orders.NewDate(1997, 1, 1))
	var row []int64
	for _, cell := range flows {
		if cell.Cohort == january {
			row = append(row, cell.Customers)
		}
	}
	if len(row) != 18 || row[0] != 781 || row[1] != 124 || row[2] != 95 || row[3] != 70 {
		t.Errorf("cohort of January 1997 buys as %v", row)
	}

	c = control(t, open(t, lines, orders.Options{CountZero: true}))
	t.Logf("burn-in %d of %d days, q %v", c.BurnIn, c.Span(), c.LateOld)
	if c.KnownFrom != c.LastDay+1 {
		t.Errorf("known from %s: a year and a half is too short for the gaps of 1997", c.KnownFrom)
	}
}

func amount(s string) orders.Amount {
	a, err := orders.ParseAmount(s)
	if err != nil {
		panic(err)
	}
	return a
}
