package main

import (
	"context"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

// plans asks how the month of the report goes against its plan, and what the
// next one's is. A month whose base the export does not reach is left out.
func plans(ctx context.Context, sales *orders.History, b *report.Book) error {
	c, err := sales.Control(ctx)
	if err != nil {
		return err
	}
	for next := range 2 {
		p, err := segments.Plan(ctx, sales, segments.PlanOptions{Month: orders.Month.Of(c.LastDay).Add(next)})
		if err != nil {
			return err
		}
		if p.Total.Base.Known {
			b.Plans = append(b.Plans, p)
		}
	}
	return nil
}

// planFigures returns the plans of all salespersons together.
func planFigures(job *cli.Job, b report.Book) []cli.Field {
	var list []cli.Object
	for _, p := range b.Plans {
		list = append(list, cli.Object{
			{Key: "month", Value: p.Month},
			{Key: "base_new", Value: p.Total.Base.Of(orders.First)}, {Key: "base_repeat", Value: p.Total.Base.Of(orders.Repeat)}, {Key: "base_unknown", Value: p.Total.Base.Of(orders.Unknown)},
			{Key: "plan_new", Value: p.Total.Plan.Of(orders.First)}, {Key: "plan_repeat", Value: p.Total.Plan.Of(orders.Repeat)}, {Key: "plan_unknown", Value: p.Total.Plan.Of(orders.Unknown)},
			{Key: "fact_new", Value: p.Total.Fact.Of(orders.First)}, {Key: "fact_repeat", Value: p.Total.Fact.Of(orders.Repeat)}, {Key: "fact_unknown", Value: p.Total.Fact.Of(orders.Unknown)},
			{Key: "done", Value: cli.Share(p.Total.Done.Total)},
		})
	}
	fields := []cli.Field{{Key: "plans", Value: list}}
	if n := len(b.Plans); n > 0 {
		p := b.Plans[n-1]
		fields = append(fields, cli.Field{Title: job.Text("План на ", "Plan of ") + p.Month.String(), Value: p.Total.Plan.Total()})
	}
	return fields
}
