package abcxyz_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

// many returns the history of as many customers as ten million lines have: three
// purchases each over three years.
func many(b *testing.B) *orders.History {
	b.Helper()
	const customers = 410_000
	r := rand.New(rand.NewPCG(1, 2))
	lines := make([]orders.Line, 3*customers)
	for i := range lines {
		id := fmt.Sprintf("CUST-%07d", i%customers)
		lines[i] = orders.Line{
			Customer: id, CustomerName: "Customer " + id, Product: fmt.Sprint("p", i%2000), Salesperson: fmt.Sprint("s", i%24),
			Date: orders.NewDate(2021, 1, 1) + orders.Date(r.IntN(1096)), Revenue: orders.Amount(1+r.IntN(100_000)) * orders.One / 100,
		}
	}
	return orderstest.Collect(b, lines, orders.Options{HistoryComplete: true})
}

// BenchmarkMany is what ten million lines ask for: 410,000 customers.
func BenchmarkMany(b *testing.B) {
	h := many(b)
	run := func(name string, ask func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	ctx := b.Context()
	for _, o := range []abcxyz.Options{
		{}, {Vary: abcxyz.Value}, {Vary: abcxyz.Value, XYZRule: abcxyz.CVMeans, Rule: abcxyz.UT11},
		{Vary: abcxyz.Value, Season: true}, {Vary: abcxyz.Value, Sigma: abcxyz.Sample, Rule: abcxyz.UNF}, {Vary: abcxyz.Count, Rule: abcxyz.PAL},
	} {
		run(fmt.Sprintf("Rank/%s/%s/season=%t", o.Rule, o.Vary, o.Season), func() error {
			_, err := abcxyz.Rank(ctx, h, o)
			return err
		})
	}
	run("RankSplit", func() error {
		_, err := abcxyz.RankSplit(ctx, h, abcxyz.SplitOptions{})
		return err
	})
	run("RankMeasures", func() error {
		_, err := abcxyz.RankMeasures(ctx, h, abcxyz.MeasuresOptions{})
		return err
	})
	run("Compare", func() error {
		_, err := abcxyz.Compare(ctx, h, abcxyz.CompareOptions{})
		return err
	})
	for _, rule := range []abcxyz.Rule{abcxyz.Before, abcxyz.UNF, abcxyz.PAL} {
		r, err := abcxyz.Rank(ctx, h, abcxyz.Options{Rule: rule})
		if err != nil {
			b.Fatal(err)
		}
		run("Distances/"+rule.String(), func() error {
			r.Distances()
			return nil
		})
	}
}
