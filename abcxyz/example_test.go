package abcxyz_test

import (
	"context"
	"fmt"
	"log"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// shop returns the sales of a tea shop in the first half of 2024: tea to the
// café every week, honey in spring, and one samovar.
func shop() *orders.History {
	lines := func(yield func(orders.Line, error) bool) {
		for week := range orders.Date(26) {
			day := orders.NewDate(2024, 1, 1) + 7*week
			tea := orders.Line{Customer: "Café", Product: "Tea", Date: day, Revenue: 900 * orders.One}
			if !yield(tea, nil) {
				return
			}
			honey := orders.Line{Customer: "Mrs Smith", Product: "Honey", Date: day, Revenue: 250 * orders.One}
			if week > 8 && week < 16 && !yield(honey, nil) {
				return
			}
		}
		yield(orders.Line{Customer: "Mr Jones", Product: "Samovar", Date: orders.NewDate(2024, 5, 9), Revenue: 5000 * orders.One}, nil)
	}
	h, err := orders.Collect(context.Background(), lines, orders.Options{HistoryComplete: true})
	if err != nil {
		log.Fatal(err)
	}
	return h
}

func ExampleRank() {
	sales := shop()
	defer sales.Release()
	products, err := abcxyz.Rank(context.Background(), sales, abcxyz.Options{By: orders.ByProduct})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range products.Items {
		fmt.Printf("%d %-8s %6s %5.1f %% %5.1f %%  %s\n", p.Rank, p.ID, p.Value, 100*p.Share, 100*p.CumShare, p.Class())
	}
	// Output:
	// 1 Tea       23400  77.6 %  77.6 %  AY
	// 2 Samovar    5000  16.6 %  94.2 %  A one-off
	// 3 Honey      1750   5.8 % 100.0 %  BZ
}

func ExampleRanking_Matrix() {
	sales := shop()
	defer sales.Release()
	customers, err := abcxyz.Rank(context.Background(), sales, abcxyz.Options{By: orders.ByCustomer})
	if err != nil {
		log.Fatal(err)
	}
	m := customers.Matrix()
	fmt.Println("  ", m.Columns)
	for i, class := range m.Rows {
		fmt.Print(class)
		for _, cell := range m.Cells[i] {
			fmt.Printf(" %d", cell.Items)
		}
		fmt.Println(" ", m.RowTotals[i].Sum)
	}
	// Output:
	// [X Y Z one-off –]
	// A 1 0 0 1 0  28400
	// B 1 0 0 0 0  1750
	// C 0 0 0 0 0  0
	// N 0 0 0 0 0  0
}

func ExampleRanking_Distances() {
	sales := shop()
	defer sales.Release()
	products, err := abcxyz.Rank(context.Background(), sales, abcxyz.Options{By: orders.ByProduct})
	if err != nil {
		log.Fatal(err)
	}
	for i, d := range products.Distances() {
		p := products.Items[i]
		fmt.Printf("%s is %s; to rise: %q, can lose: %q\n", p.ID, p.ABC, d.Rise, d.Lose)
	}
	// Output:
	// Tea is A; to rise: "", can lose: "21712.49"
	// Samovar is A; to rise: "", can lose: "899.99"
	// Honey is B; to rise: "3250", can lose: "255.26"
}

func ExampleRankSplit() {
	sales := shop()
	defer sales.Release()
	customers, err := abcxyz.RankSplit(context.Background(), sales, abcxyz.SplitOptions{Split: orders.ByProduct})
	if err != nil {
		log.Fatal(err)
	}
	for _, part := range customers.Parts {
		for _, c := range part.Items {
			fmt.Println(part.Split, c.ID, c.Value, c.Class())
		}
	}
	// Output:
	// Honey Mrs Smith 1750 AX
	// Samovar Mr Jones 5000 A one-off
	// Tea Café 23400 AX
}

func ExampleRankMeasures() {
	sales := shop()
	defer sales.Release()
	products, err := abcxyz.RankMeasures(context.Background(), sales, abcxyz.MeasuresOptions{
		Ranking:  abcxyz.Options{By: orders.ByProduct},
		Measures: []orders.Measure{orders.Revenue, orders.Purchases},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range products.Items {
		fmt.Println(p.ID, p.Classes)
	}
	// Output:
	// Tea AA
	// Samovar AC
	// Honey BA
}

func ExampleCompare() {
	sales := shop()
	defer sales.Release()
	c, err := abcxyz.Compare(context.Background(), sales, abcxyz.CompareOptions{
		Ranking: abcxyz.Options{By: orders.ByProduct}, Mode: abcxyz.ModeUT11,
	})
	if err != nil {
		log.Fatal(err)
	}
	for i, theirs := range c.Theirs {
		ours := c.Ours.Items[i]
		fmt.Printf("%s: ours %s, theirs %s%s %v %v\n", ours.ID, ours.Class(), theirs.ABC, theirs.XYZ, theirs.ABCReasons, theirs.XYZReasons)
	}
	// Output:
	// Tea: ours AY, theirs BX [rule] [means]
	// Samovar: ours A one-off, theirs CZ [rule] [guard]
	// Honey: ours BZ, theirs CY [rule] [means]
}

func ExampleCore() {
	sales := shop()
	defer sales.Release()
	list, err := abcxyz.Core(context.Background(), sales, abcxyz.CoreOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range list.Customers {
		fmt.Printf("%s: %d purchases, every %v days, last on %s, next on %s\n", c.ID, c.Purchases, c.MedianGap, c.LastDay, c.NextDay)
	}
	fmt.Printf("%.0f %% of all revenue\n", 100*list.Core.Share)
	// Output:
	// Café: 26 purchases, every 7 days, last on 2024-06-24, next on 2024-07-01
	// 78 % of all revenue
}
