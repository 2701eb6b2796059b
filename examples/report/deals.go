package main

import (
	"context"
	"errors"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// deals asks what the book says about the profit of deals: the table, what it
// is made of, how customers were won and when they paid back. What was spent on
// winning them is charged where it is given.
func deals(ctx context.Context, sales *orders.History, costs orders.Costs, spend []ltv.Spend, b *report.Book) error {
	var err1, err2 error
	b.Profit, err1 = ltv.DealProfitWith(ctx, sales, ltv.ProfitOptions{Costs: costs, Spend: spend})
	if len(spend) > 0 {
		b.Acquisition, err2 = ltv.Acquire(ctx, sales, ltv.AcquireOptions{Spend: spend})
	}
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	for _, by := range []orders.Dimension{orders.BySalesperson, orders.ByChannel, orders.ByGroup, ltv.ByCohort} {
		split, err := ltv.SplitProfit(ctx, sales, ltv.SplitOptions{Costs: costs, Spend: spend, By: by})
		if errors.Is(err, orders.ErrNoLines) {
			continue // groups of products are of lines
		}
		if err != nil {
			return err
		}
		if told(split) {
			b.Splits = append(b.Splits, split)
		}
	}
	for _, by := range []orders.Dimension{ltv.ByCohort, orders.ByChannel} {
		paybacks, err := ltv.Paybacks(ctx, sales, ltv.PaybackOptions{Costs: costs, Spend: spend, By: by})
		if err != nil {
			return err
		}
		if len(paybacks.Total.ByNumber.Points) > 0 && (by == ltv.ByCohort || len(paybacks.Groups) > 1) {
			b.Paybacks = append(b.Paybacks, paybacks)
		}
	}
	return nil
}

// told reports whether the export tells rows apart at all: one without a name
// for everything is the profit table again.
func told(s *ltv.ProfitSplit) bool {
	return len(s.Rows) > 1 || len(s.Rows) == 1 && s.Rows[0].Key != ""
}
