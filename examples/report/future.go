package main

import (
	"context"
	"errors"
	"math"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// future asks what each customer is expected to bring, and how well the models
// foretold days that they had not seen. Without days, or without anybody who
// has bought, nothing is predicted.
func future(ctx context.Context, sales *orders.History, o ltv.PredictOptions, b *report.Book) error {
	var err error
	if b.LTV, err = ltv.Predict(ctx, sales, o); err != nil {
		return unlessNobody(err)
	}
	c, err := sales.Control(ctx)
	if err != nil || c.LastDay-c.FirstDay < 1 {
		return err // a single day has nothing to foretell
	}
	b.Validation, err = ltv.Validate(ctx, sales, ltv.ValidateOptions{})
	return unlessNobody(err)
}

// unlessNobody returns err, nil if it only says that there is nobody, or no day,
// to predict from.
func unlessNobody(err error) error {
	if errors.Is(err, ltv.ErrNoCustomers) {
		return nil
	}
	return unlessMonths(err)
}

// futureFigures returns what all customers are expected to bring, and how far
// that can be trusted.
func futureFigures(job *cli.Job, b report.Book) []cli.Field {
	p := b.LTV
	if p == nil {
		return nil
	}
	t := job.Text
	fields := []cli.Field{
		{Key: "ltv_model", Value: p.Model.Name()}, {Key: "ltv_horizon_days", Value: p.HorizonDays}, {Key: "ltv_discount", Value: cli.Share(p.AnnualDiscount)},
		{Key: "ltv_basis", Value: p.Basis.String()}, {Key: "ltv_sufficient", Value: p.Sufficient},
		{Key: "customers_alive", Value: estimate(p.Total.Alive)},
		{Key: "expected_purchases", Title: t("Ожидается покупок", "Purchases expected"), Value: estimate(p.Total.ExpectedPurchases)},
		{Key: "clv", Title: t("CLV всех клиентов", "CLV of all customers"), Value: p.Total.CLV},
		{Key: "clv_low", Value: p.Total.CLVLow}, {Key: "clv_high", Value: p.Total.CLVHigh},
	}
	v := b.Validation
	if v == nil || v.Best() == nil {
		return fields
	}
	return append(fields, cli.Field{Key: "ltv_validated", Value: cli.Object{
		{Key: "model", Value: v.Chosen}, {Key: "holdout_days", Value: v.HoldoutDays}, {Key: "actual", Value: v.Holdout}, {Key: "expected", Value: estimate(v.Best().Expected)},
		{Key: "bias", Value: cli.Share(estimate(v.Best().Bias))}, {Key: "mae", Value: estimate(v.Best().MAE)},
	}})
}

// estimate returns v to three places: a fitted figure has no more to say, and
// its last digits depend on the processor.
func estimate(v float64) cli.Ratio { return cli.Ratio(math.Round(v*1000) / 1000) }
