package main

import (
	"context"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

// calls asks whom to call: by what each customer is expected to bring where b
// has a prediction, else by what a purchase brings on average.
func calls(ctx context.Context, sales orders.Facts, b *report.Book) error {
	lapse, err := segments.Lapse(ctx, sales, segments.LapseOptions{})
	if err != nil {
		return unlessMonths(err)
	}
	b.Calls, err = lapse.Calls(cli.AtStake(segments.CallOptions{}, b.LTV))
	return err
}
