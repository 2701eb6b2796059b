package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// outlook asks how the classes move and how sure they are, who leads, and on how
// few customers the money rests.
func outlook(ctx context.Context, sales *orders.History, b *report.Book) error {
	var err error
	b.Migration, err = abcxyz.Migrate(ctx, sales, abcxyz.MigrationOptions{})
	customers, err1 := abcxyz.Resample(ctx, sales, abcxyz.StabilityOptions{})
	products, err2 := abcxyz.Resample(ctx, sales, abcxyz.StabilityOptions{Ranking: abcxyz.Options{By: orders.ByProduct}})
	top20, err3 := abcxyz.Top(ctx, sales, abcxyz.TopOptions{N: 20})
	top50, err4 := abcxyz.Top(ctx, sales, abcxyz.TopOptions{N: 50})
	b.Stability = []*abcxyz.Stability{customers, products}
	b.Top = []*abcxyz.TopList{top20, top50}
	b.Concentration = b.Customers.Concentration()
	return errors.Join(err, err1, err2, err3, err4)
}

// outlookFigures returns how concentrated the customers' money is, how their
// classes moved and how sure they are, and how the lists of leaders changed.
func outlookFigures(b report.Book) []cli.Field {
	c, m := b.Concentration, b.Migration
	moves := cli.Object{{Key: "start", Value: m.Options.Start}, {Key: "end", Value: m.Options.End}}
	for i, class := range m.ABC.Classes {
		stayed, start, end := m.ABC.Cells[i][i], m.ABC.RowTotals[i], m.ABC.ColumnTotals[i]
		moves = append(moves, cli.Field{Key: class.String(), Value: cli.Object{
			{Key: "start", Value: start.Items}, {Key: "stayed", Value: stayed.Items}, {Key: "left", Value: m.ABC.Left(class).Items},
			{Key: "end", Value: end.Items}, {Key: "entered", Value: m.ABC.Entered(class).Items},
		}})
	}
	var sure, lists cli.Object
	for _, s := range b.Stability {
		var classes cli.Object
		for _, class := range s.ABC {
			classes = append(classes, cli.Field{Key: class.String(), Value: cli.Share(s.MeanABC(class))})
		}
		sure = append(sure, cli.Field{Key: string(s.Options.Ranking.By), Value: classes})
	}
	for _, l := range b.Top {
		if n := len(l.Periods); n > 1 {
			p := l.Periods[n-1]
			lists = append(lists, cli.Field{Key: fmt.Sprint(l.Options.N), Value: cli.Object{
				{Key: "period", Value: p.Period}, {Key: "listed", Value: p.Listed}, {Key: "share", Value: cli.Share(p.Share)},
				{Key: "jaccard", Value: cli.Share(p.Jaccard)}, {Key: "rbo", Value: cli.Share(p.RBO)},
			}})
		}
	}
	return []cli.Field{
		{Key: "gini", Value: cli.Ratio(c.Gini)}, {Key: "hhi", Value: cli.Ratio(c.HHI)},
		{Key: "migration", Value: moves}, {Key: "class_probability", Value: sure}, {Key: "top", Value: lists},
	}
}
