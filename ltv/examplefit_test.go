package ltv_test

import (
	"context"
	"fmt"
	"log"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// A paper's table is one literal: here Fader, Hardie & Lee (2005a), weeks.
func ExampleBGNBD() {
	m := ltv.BGNBD{R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426, Unit: ltv.PerWeek}
	customer := m.Given(ltv.Summary{X: 2, TX: 213, T: 272}) // days
	fmt.Printf("P(alive) %.2f, %.2f purchases in 39 weeks, %.2f discounted\n",
		customer.PAlive, customer.Expected(273), customer.Discounted(273, ltv.DailyRate(0.15)))
	// Output:
	// P(alive) 0.73, 1.23 purchases in 39 weeks, 1.17 discounted
}

func ExampleFitProcess() {
	ctx := context.Background()
	sales, err := orders.Collect(ctx, orderstest.Rows(company.Lines(20_000, 1)), orders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer sales.Release()
	sample, err := ltv.Summarize(ctx, sales, ltv.SampleOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fit, err := ltv.FitProcess(sample, ltv.MBGNBD{Unit: ltv.PerWeek}, ltv.FitOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range fit.Parameters[:2] {
		fmt.Printf("%s %.1f ± %.1f\n", p.Name, p.Value, p.SE)
	}
	fmt.Printf("LL %.1f of %v customers; NBD %.1f, Poisson %.1f\n", fit.LogLikelihood, fit.Customers, fit.Diagnostics.NBD, fit.Diagnostics.Poisson)
	// These customers buy so alike that only A ÷ B can be told, not A and B.
	fmt.Println("ridge:", fit.Diagnostics.Ridge)
	fmt.Printf("three purchases, the latest 30 days ago: P(alive) %.2f\n", fit.Model.PAlive(ltv.Summary{X: 2, TX: 60, T: 90}))
	// Output:
	// R 8.0 ± 1.5
	// Alpha 55.0 ± 11.1
	// LL -6730.1 of 352 customers; NBD -7171.9, Poisson -7248.7
	// ridge: true
	// three purchases, the latest 30 days ago: P(alive) 0.84
}

// Donors of a yearly appeal: who gave in how many of three years, and when last.
func ExampleFitBGBB() {
	fit, err := ltv.FitBGBB([]ltv.Occasions{
		{X: 3, TX: 3, N: 3, Customers: 210}, {X: 2, TX: 3, N: 3, Customers: 130}, {X: 2, TX: 2, N: 3, Customers: 60},
		{X: 1, TX: 3, N: 3, Customers: 60}, {X: 1, TX: 2, N: 3, Customers: 45}, {X: 1, TX: 1, N: 3, Customers: 95},
		{N: 3, Customers: 400},
	}, ltv.FitOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, past := range []ltv.Occasions{{X: 2, TX: 3, N: 3}, {X: 2, TX: 2, N: 3}} {
		fmt.Printf("gave %d times, last in year %d: %.2f gifts in the next five years\n", past.X, past.TX, fit.Model.Given(past).Expected(5))
	}
	// Output:
	// gave 2 times, last in year 3: 2.93 gifts in the next five years
	// gave 2 times, last in year 2: 2.46 gifts in the next five years
}

// Contracts: how many of 1,000 customers were left after each yearly renewal.
func ExampleFitSBG() {
	fit, err := ltv.FitSBG([][]float64{{1000, 869, 743, 653, 593, 551, 517, 491}}, ltv.FitOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("retention of year 1 %.0f %%, of year 8 %.0f %%; %.1f %% left after 12 years\n",
		100*fit.Model.Retention(1), 100*fit.Model.Retention(8), 100*fit.Model.Survival(12))
	fmt.Printf("a customer who has renewed 5 times: %.1f more renewals at 10 %% a year\n", fit.Model.DERL(5, 0.10))
	// Output:
	// retention of year 1 85 %, of year 8 94 %; 37.8 % left after 12 years
	// a customer who has renewed 5 times: 6.5 more renewals at 10 % a year
}

// The few purchases of a customer are drawn towards the mean of all, the more
// the fewer they are: Fader & Hardie (2013), dollars.
func ExampleGammaGamma() {
	m := ltv.GammaGamma{P: 6.25, Q: 3.74, V: 15.44}
	fmt.Printf("nothing known %.2f, one purchase of 100 %.2f, ten of 100 %.2f\n",
		m.Mean(), m.Expected(ltv.Monetary{Purchases: 1, Mean: 100}), m.Expected(ltv.Monetary{Purchases: 10, Mean: 100}))
	// Output:
	// nothing known 35.22, one purchase of 100 80.26, ten of 100 97.28
}

// Margins may be negative; little evidence is drawn towards the average.
func ExampleNormalNormal() {
	m := ltv.NormalNormal{Mu: 300, Tau: 200, Sigma: 600}
	fmt.Printf("one loss of 500: %.0f; nine: %.0f ± %.0f\n",
		m.Expected(ltv.Monetary{Purchases: 1, Mean: -500}), m.Expected(ltv.Monetary{Purchases: 9, Mean: -500}), m.Deviation(ltv.Monetary{Purchases: 9, Mean: -500}))
	// Output:
	// one loss of 500: 220; nine: -100 ± 141
}

func ExampleFit_Bootstrap() {
	sample, err := ltv.Compress(summaries(ltv.NBD{R: 1, Alpha: 10, Unit: ltv.PerWeek}, 2000, 300, 400, 1))
	if err != nil {
		log.Fatal(err)
	}
	fit, err := ltv.FitProcess(sample, ltv.NBD{Unit: ltv.PerWeek}, ltv.FitOptions{})
	if err != nil {
		log.Fatal(err)
	}
	draws, err := fit.Bootstrap(ltv.BootstrapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, i := range draws.Intervals(0.90) {
		fmt.Printf("%s %.2f–%.2f\n", i.Name, i.Low, i.High)
	}
	// Output:
	// R 0.94–1.06
	// Alpha 8.93–10.41
}
