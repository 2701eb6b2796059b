package ltv_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

func ExamplePredict() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, orderstest.Rows(company.Lines(20_000, 1)), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	p, err := ltv.Predict(ctx, sales, ltv.PredictOptions{AnnualDiscount: 0.15})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d customers, %.0f of them still: %.0f purchases in %d days (%.0f–%.0f)\n",
		p.Total.Customers, p.Total.Alive, p.Total.ExpectedPurchases, p.HorizonDays, p.Total.PurchasesLow, p.Total.PurchasesHigh)
	best := p.Customers[0]
	fmt.Printf("the best: P(alive) %.2f, %.1f purchases, the next by %s, %s of %s in all (%s–%s)\n",
		best.PAlive, best.ExpectedPurchases, best.NextDay, p.Basis, best.CLV, best.CLVLow, best.CLVHigh)
	for _, w := range p.Warnings {
		fmt.Println(w.Code)
	}
	// Output:
	// 492 customers, 185 of them still: 1063 purchases in 365 days (944–1191)
	// the best: P(alive) 0.88, 9.7 purchases, the next by 2025-01-07, profit of 182986.71 in all (0–449568.69)
	// few-customers
	// ridge
	// first-unknown
	// cost-partly
}

func ExampleValidate() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, orderstest.Rows(company.Lines(20_000, 1)), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	v, err := ltv.Validate(ctx, sales, ltv.ValidateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("fitted up to %s, tested up to %s on %.0f customers who bought %.0f times\n", v.Cut, v.AsOf, v.Customers, v.Holdout)
	for _, s := range v.Scores {
		fmt.Printf("%-11s expected %.0f, MAE %.2f, Gini %.2f\n", s.Name, s.Expected, s.MAE, s.Gini)
	}
	// Output:
	// fitted up to 2023-07-02, tested up to 2024-12-31 on 167 customers who bought 412 times
	// nbd         expected 1842, MAE 8.60, Gini 0.32
	// bgnbd       expected 1005, MAE 3.82, Gini 0.59
	// mbgnbd      expected 1082, MAE 4.25, Gini 0.56
	// pareto      expected 1150, MAE 4.62, Gini 0.54
	// last_period expected 749, MAE 4.07, Gini -0.43
	// mean        expected 1716, MAE 7.85, Gini 0.00
}

// A model is kept for later, or for other customers.
func ExampleSaved() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, orderstest.Rows(company.Lines(20_000, 1)), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	p, err := ltv.Predict(ctx, sales, ltv.PredictOptions{Model: ltv.ParetoNBD{Unit: ltv.PerWeek}})
	if err != nil {
		log.Fatal(err)
	}
	file, err := json.Marshal(p.Saved())
	if err != nil {
		log.Fatal(err)
	}
	var saved ltv.Saved
	if err := json.Unmarshal(file, &saved); err != nil {
		log.Fatal(err)
	}
	again, err := ltv.Predict(ctx, sales, ltv.PredictOptions{Saved: &saved})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(saved.Model.Name(), saved.AsOf, len(file) < 1000, again.Total.CLV == p.Total.CLV)
	// Output:
	// pareto 2024-12-31 true true
}
