package main

import (
	"context"
	"errors"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// customers asks who came, who came back, to whom, and what they brought.
func customers(ctx context.Context, sales orders.Facts, costs orders.Costs, b *report.Book) error {
	var errs [9]error
	b.Repeat, errs[0] = cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	b.Roles, errs[1] = cohorts.Roles(ctx, sales, cohorts.RolesOptions{})
	b.Cohorts, errs[2] = cohorts.Tabulate(ctx, sales, cohorts.TableOptions{})
	b.Ages, errs[3] = cohorts.Tabulate(ctx, sales, cohorts.TableOptions{AgeDays: 30})
	b.RevenueRetention, errs[4] = cohorts.RevenueRetention(ctx, sales, cohorts.RevenueOptions{})
	flags, err := cohorts.Flags(ctx, sales, cohorts.FlagOptions{})
	errs[5] = err
	if err := errors.Join(errs[0], errs[1], errs[2], unlessMonths(errs[3]), errs[4], errs[5]); err != nil {
		return err
	}
	if flags.Coverage > 0 {
		b.Flags = flags // a flag that says nothing needs no sheet
	}
	b.CohortLTV, errs[6] = b.Cohorts.LTV(cohorts.LTVOptions{Costs: costs})
	for _, by := range []orders.Dimension{orders.ByChannel, orders.ByGroup} {
		split, err := cohorts.SplitShare(ctx, sales, cohorts.SplitOptions{By: by})
		if errors.Is(err, orders.ErrNoLines) {
			continue // groups of products are of lines
		}
		if err != nil {
			return err
		}
		if len(split.Parts) > 1 || len(split.Parts) == 1 && split.Parts[0].Value != "" {
			b.Parts = append(b.Parts, split)
		}
	}
	return errs[6]
}

// customerFigures returns who wins and keeps customers, what handing them over
// did, and what they are worth.
func customerFigures(job *cli.Job, b report.Book) []cli.Field {
	t, d := job.Text, b.Repeat.Diagnosis()
	low, high := b.Repeat.ToTarget()
	fields := []cli.Field{
		{Key: "to_target_low", Value: low}, {Key: "to_target_high", Value: high},
		{Key: "settled_arrivals", Value: cli.Ratio(d.Settled)}, {Key: "excess_arrivals", Value: cli.Ratio(d.Excess)},
		{Key: "handovers", Title: t("Передано клиентов", "Customers handed over"), Value: b.Roles.Handovers},
		{Key: "purchases_per_month_before_handover", Value: cli.Ratio(b.Roles.Before.PurchasesPerMonth())},
		{Key: "purchases_per_month_after_handover", Value: cli.Ratio(b.Roles.After.PurchasesPerMonth())},
	}
	var staff []cli.Object
	for _, s := range b.Roles.Salespersons {
		staff = append(staff, cli.Object{
			{Key: "name", Value: s.Value}, {Key: "role", Value: string(s.Role())},
			{Key: "first_revenue", Value: s.First.Revenue}, {Key: "repeat_revenue", Value: s.Repeat.Revenue},
			{Key: "unknown_revenue", Value: s.Unknown.Revenue}, {Key: "unmatched_returns", Value: s.Unmatched.Revenue},
			{Key: "won", Value: s.Won}, {Key: "keeps", Value: s.Keeps}, {Key: "given", Value: s.Given}, {Key: "taken", Value: s.Taken},
		})
	}
	fields = append(fields, cli.Field{Key: "salespersons", Value: staff})
	if b.Flags != nil {
		fields = append(fields, cli.Field{Key: "flag_coverage", Value: cli.Share(b.Flags.Coverage)}, cli.Field{Key: "flag_agreement", Value: cli.Share(b.Flags.Agreement)})
	}
	paid := any(cli.Undefined{})
	if b.CohortLTV.All.PaidBack {
		paid = b.CohortLTV.All.PaidAt
	}
	r := b.RevenueRetention.Total
	return append(fields,
		cli.Field{Key: "cohorts_paid_back_at_age", Value: paid},
		cli.Field{Key: "nrr", Title: t("Удержание выручки за год, NRR", "Revenue retention over a year, NRR"), Value: cli.Share(r.NRR)},
		cli.Field{Key: "grr", Value: cli.Share(r.GRR)})
}
