package company_test

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// TestPlanBase: with the whole life known, the base and the fact of every month
// are the truth's new and repeat sales, whomever the plan follows. From the export
// alone nothing that is repeat in truth is planned as new before new customers are
// known, and the money of the months is the same.
func TestPlanBase(t *testing.T) {
	ctx := context.Background()
	c := company.Generate(1)
	whole := collect(t, c.Whole(), orders.Options{HistoryComplete: true})
	alone := collect(t, c.Lines(), orders.Options{})
	control, err := alone.Control(ctx)
	if err != nil {
		t.Fatal(err)
	}
	unknown := 0
	for _, want := range c.Truth().Months {
		for _, follow := range []orders.Dimension{orders.BySalesperson, orders.ByOwner} {
			next, err := segments.Plan(ctx, whole, segments.PlanOptions{Month: want.Month.Add(12), Follow: follow})
			if err != nil {
				t.Fatal(err)
			}
			now, err := segments.Plan(ctx, whole, segments.PlanOptions{Month: want.Month, Follow: follow})
			if err != nil {
				t.Fatal(err)
			}
			for name, got := range map[string][2]orders.Amount{
				"base": {next.Total.Base.New, next.Total.Base.Repeat + next.Total.BaseUnmatched.Amount},
				"fact": {now.Total.Fact.New, now.Total.Fact.Repeat + now.Total.FactUnmatched.Amount},
			} {
				if got != [2]orders.Amount{want.First, want.Repeat} {
					t.Errorf("%s of %s by %s: %s new, %s repeat, want %s and %s", name, want.Month, follow, got[0], got[1], want.First, want.Repeat)
				}
			}
		}
		p, err := segments.Plan(ctx, alone, segments.PlanOptions{Month: want.Month.Add(12)})
		if err != nil {
			t.Fatal(err)
		}
		base := p.Total.Base
		if sum := base.Total().Amount + p.Total.BaseUnmatched.Amount; sum != want.First+want.Repeat {
			t.Errorf("base of %s from the export alone: %s, want %s", want.Month, sum, want.First+want.Repeat)
		}
		if want.Month.Last() < control.KnownFrom {
			unknown++
			if base.New != 0 || base.Unknown <= 0 || p.Total.Plan.New != 0 {
				t.Errorf("%s is before new customers are known, but %s is new and %s unknown", want.Month, base.New, base.Unknown)
			}
		}
	}
	if unknown < 2 {
		t.Errorf("only %d months are before new customers are known", unknown)
	}
}
