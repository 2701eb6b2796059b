package company_test

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// TestHandovers: the customers who went from a hunter to a farmer are those whom
// the firm handed over, to the purchase and the kopeck, and the money says who
// hunts and who farms.
func TestHandovers(t *testing.T) {
	for seed := range uint64(6) {
		c := company.Generate(seed + 1)
		truth := c.Truth()
		roles, err := cohorts.Roles(context.Background(), collect(t, c.Lines(), orders.Options{}), cohorts.RolesOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var got []company.Handover
		for _, m := range roles.Moves {
			if m.HandedOver() {
				got = append(got, company.Handover{
					From: m.From, To: m.To, Customers: int(m.Customers), Before: int(m.Before.Purchases), After: int(m.After.Purchases),
					Revenue: m.Before.Revenue + m.After.Revenue,
				})
			}
		}
		if len(got) != len(truth.Handovers) || len(got) < 6 {
			t.Fatalf("seed %d: %d handovers %+v, want %+v", c.Seed, len(got), got, truth.Handovers)
		}
		for i, want := range truth.Handovers {
			if got[i] != want {
				t.Errorf("seed %d: %+v, want %+v", c.Seed, got[i], want)
			}
		}
		staff := map[string]company.Role{}
		for _, s := range c.Salespersons {
			staff[s.Name] = s.Role
		}
		for _, s := range roles.Salespersons {
			if string(s.Role()) != string(staff[s.Value]) {
				t.Errorf("seed %d: %s is a %s, by the money a %s: %.3f of first money, %.3f of repeat money", c.Seed, s.Value, staff[s.Value], s.Role(), s.OfFirst, s.OfRepeat)
			}
		}
		byID := map[string]company.Customer{}
		for _, x := range c.Customers {
			byID[x.ID] = x
		}
		for _, h := range roles.Handed {
			if x := byID[h.ID]; h.Day < x.Handover || x.Winner != h.From || x.Keeper != h.To {
				t.Errorf("seed %d: %+v, want %+v", c.Seed, h, x)
			}
		}
	}
}

// TestMaturity: the verdict at one end of the interval or the other, or between
// them, is that of the true share; with the whole life known it is that one.
func TestMaturity(t *testing.T) {
	for seed := range uint64(6) {
		c := company.Generate(seed + 1)
		var all company.Month
		for _, m := range c.Truth().Months {
			all.First, all.Repeat = all.First+m.First, all.Repeat+m.Repeat
		}
		want := cohorts.Maturity(all.RepeatShare(), all.RepeatShare())
		v := repeatShare(t, collect(t, c.Lines(), orders.Options{}), orders.Scope{}).Maturity()
		if v.Reason != "" || v.Low.Band > want.Low.Band || v.High.Band < want.Low.Band {
			t.Errorf("seed %d: %+v, but the true share is %.3f", c.Seed, v, all.RepeatShare())
		}
		whole := collect(t, c.Whole(), orders.Options{HistoryComplete: true})
		v = repeatShare(t, whole, orders.Scope{From: c.FirstDay, AsOf: c.LastDay}).Maturity()
		if v.Low.Band != want.Low.Band || v.High.Band != want.Low.Band {
			t.Errorf("seed %d: %+v of the whole life, want %+v", c.Seed, v, want.Low)
		}
	}
}
