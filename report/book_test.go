package report_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

// costs are the assumptions of the worked example.
var costs = orders.Costs{
	Overhead: 400 * orders.One, CostPerLead: 500 * orders.One, Conversion: 0.10,
	BonusFirst: orders.Rate{Amount: 1000 * orders.One, Percent: orders.One}, BonusRepeat: orders.Rate{Amount: 300 * orders.One},
	ErrorsFirst: 300 * orders.One, ErrorsRepeat: 100 * orders.One,
}

// sold returns the lines of the synthetic company's export.
func sold() []orders.Line { return slices.Collect(company.Generate(1).Lines()) }

func each(lines []orders.Line) iter.Seq2[orders.Line, error] {
	return func(yield func(orders.Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// bookOf analyses lines in every way that a workbook shows.
func bookOf(t testing.TB, lines iter.Seq2[orders.Line, error], o orders.Options) report.Book {
	t.Helper()
	ctx := context.Background()
	sales, err := orders.Collect(ctx, lines, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sales.Release)
	b := bookOfFacts(t, sales)
	b.Rejected = sales.Rejects()
	return b
}

func bookOfFacts(t testing.TB, sales orders.Facts) report.Book {
	t.Helper()
	ctx := context.Background()
	b := report.Book{Sales: sales}
	var err1, err2, err3, err4, err5, err6, err7, err8, err9, err10 error
	b.Customers, err1 = abcxyz.Rank(ctx, sales, abcxyz.Options{})
	b.Products, err2 = abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.ByProduct, Measure: orders.GrossProfit})
	b.Salespersons, err3 = abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.BySalesperson, Rule: abcxyz.UpTo})
	b.Core, err4 = abcxyz.Core(ctx, sales, abcxyz.CoreOptions{})
	b.Repeat, err5 = cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	b.Profit, err6 = ltv.DealProfit(ctx, sales, costs)
	b.Cohorts, err7 = cohorts.Tabulate(ctx, sales, cohorts.TableOptions{})
	b.Grid, err8 = segments.Grid(ctx, sales, segments.GridOptions{})
	b.RFM, err9 = segments.RFM(ctx, sales, segments.RFMOptions{})
	b.Transitions, err10 = segments.Transitions(ctx, sales, segments.TransitionOptions{})
	b.Concentration = b.Customers.Concentration()
	outlook(t, &b)
	deals(t, &b)
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10); err != nil {
		t.Fatal(err)
	}
	return b
}

// outlook gives b how classes move, how sure they are, and who leads.
func outlook(t testing.TB, b *report.Book) {
	t.Helper()
	ctx := context.Background()
	var err1 error
	b.Migration, err1 = abcxyz.Migrate(ctx, b.Sales, abcxyz.MigrationOptions{Ranking: abcxyz.Options{Vary: abcxyz.Value, Calendar: abcxyz.Window}})
	stability, err2 := abcxyz.Resample(ctx, b.Sales, abcxyz.StabilityOptions{Ranking: abcxyz.Options{By: orders.ByProduct}, Replicates: 40})
	customers, err3 := abcxyz.Top(ctx, b.Sales, abcxyz.TopOptions{Periods: 4})
	products, err4 := abcxyz.Top(ctx, b.Sales, abcxyz.TopOptions{N: 5, By: orders.ByProduct, Measure: orders.Quantity})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	b.Stability = []*abcxyz.Stability{stability}
	b.Top = []*abcxyz.TopList{customers, products}
}
