package abcxyz_test

import (
	"context"
	"fmt"
	"log"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// Between the first quarter and the second Mrs Smith's honey is over, and Mr
// Jones has bought his samovar.
func ExampleMigrate() {
	sales := shop()
	defer sales.Release()
	m, err := abcxyz.Migrate(context.Background(), sales, abcxyz.MigrationOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range m.Items {
		class := func(i *abcxyz.Item) string {
			if i == nil {
				return "–"
			}
			return i.ABC.String()
		}
		fmt.Println(item.Item().ID, class(item.Start), "→", class(item.End))
	}
	entered := m.ABC.Entered(abcxyz.B)
	fmt.Println("entered as B:", entered.Items, "with", entered.End)
	// Output:
	// Café A → A
	// Mr Jones – → A
	// Mrs Smith B → C
	// entered as B: 0 with 0
}

func ExampleTop() {
	sales := shop()
	defer sales.Release()
	l, err := abcxyz.Top(context.Background(), sales, abcxyz.TopOptions{N: 2, Periods: 4})
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range l.Items {
		fmt.Printf("%-9s", item.ID)
		for _, p := range item.Places {
			fmt.Printf("  %7s %d: %4s", p.Move, p.Rank, p.Value)
		}
		fmt.Println()
	}
	for _, p := range l.Periods {
		fmt.Printf("%s  %5.1f %% of the money, Jaccard %.2f, rank-biased overlap %.2f\n", p.Period, 100*p.Share, p.Jaccard, p.RBO)
	}
	// Output:
	// Café        listed 1: 3600   stayed 1: 4500   stayed 2: 3600   stayed 1: 3600
	// Mr Jones           0:    0          0:    0  entered 1: 5000     left 0:    0
	// Mrs Smith   listed 2: 1000   stayed 2:  750     left 0:    0          0:    0
	// 2024-03  100.0 % of the money, Jaccard NaN, rank-biased overlap NaN
	// 2024-04  100.0 % of the money, Jaccard 1.00, rank-biased overlap 1.00
	// 2024-05  100.0 % of the money, Jaccard 0.33, rank-biased overlap 0.45
	// 2024-06  100.0 % of the money, Jaccard 0.50, rank-biased overlap 0.45
}

func ExampleRanking_Concentration() {
	sales := shop()
	defer sales.Release()
	customers, err := abcxyz.Rank(context.Background(), sales, abcxyz.Options{})
	if err != nil {
		log.Fatal(err)
	}
	c := customers.Concentration()
	fmt.Printf("Gini %.3f, HHI %.0f, %d of %d customers bring 80 %%\n", c.Gini, c.HHI, c.Pareto, c.Items)
	for _, p := range c.Lorenz {
		fmt.Printf("the %d smallest bring %.1f %%\n", p.Items, 100*p.SumShare)
	}
	// Output:
	// Gini 0.479, HHI 6332, 2 of 3 customers bring 80 %
	// the 0 smallest bring 0.0 %
	// the 1 smallest bring 5.8 %
	// the 2 smallest bring 22.4 %
	// the 3 smallest bring 100.0 %
}

func ExampleResample() {
	sales := shop()
	defer sales.Release()
	s, err := abcxyz.Resample(context.Background(), sales, abcxyz.StabilityOptions{Ranking: abcxyz.Options{By: orders.ByProduct}})
	if err != nil {
		log.Fatal(err)
	}
	for i, item := range s.Items {
		r := s.Ranking.Items[i]
		fmt.Printf("%-8s %s with probability %.2f\n", r.ID, r.ABC, item.SameABC)
	}
	// Output:
	// Tea      A with probability 1.00
	// Samovar  A with probability 0.59
	// Honey    B with probability 0.61
}
