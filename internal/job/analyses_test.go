package job

import (
	"context"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// analyses are what is asked of a History, each by its name.
var analyses = []struct {
	name string
	ask  func(ctx context.Context, f orders.Facts) error
}{
	{"rank customers", func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Rank(ctx, f, abcxyz.Options{})
		return err
	}},
	{"rank products", func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Rank(ctx, f, abcxyz.Options{By: orders.ByProduct})
		return err
	}},
	{"core list", func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Core(ctx, f, abcxyz.CoreOptions{})
		return err
	}},
	{"migration", func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Migrate(ctx, f, abcxyz.MigrationOptions{})
		return err
	}},
	{"top", func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Top(ctx, f, abcxyz.TopOptions{})
		return err
	}},
	{"stability of products", func(ctx context.Context, f orders.Facts) error {
		_, err := abcxyz.Resample(ctx, f, abcxyz.StabilityOptions{Ranking: abcxyz.Options{By: orders.ByProduct}})
		return err
	}},
	{"repeat share", func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.RepeatShare(ctx, f, cohorts.RepeatOptions{})
		return err
	}},
	{"repeat share by salesperson", func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.SplitShare(ctx, f, cohorts.SplitOptions{})
		return err
	}},
	{"roles and handovers", func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.Roles(ctx, f, cohorts.RolesOptions{})
		return err
	}},
	{"cohorts", func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{})
		return err
	}},
	{"cohorts by 30 days", func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{AgeDays: 30})
		return err
	}},
	{"revenue retention", func(ctx context.Context, f orders.Facts) error {
		_, err := cohorts.RevenueRetention(ctx, f, cohorts.RevenueOptions{})
		return err
	}},
	{"deal profit", func(ctx context.Context, f orders.Facts) error {
		_, err := ltv.DealProfit(ctx, f, orders.Costs{})
		return err
	}},
	{"profit by salesperson", func(ctx context.Context, f orders.Facts) error {
		_, err := ltv.SplitProfit(ctx, f, ltv.SplitOptions{})
		return err
	}},
	{"payback by cohort", func(ctx context.Context, f orders.Facts) error {
		_, err := ltv.Paybacks(ctx, f, ltv.PaybackOptions{})
		return err
	}},
	{"historic LTV", func(ctx context.Context, f orders.Facts) error {
		_, err := ltv.Historic(ctx, f, ltv.HistoricOptions{})
		return err
	}},
	{"grid", func(ctx context.Context, f orders.Facts) error {
		_, err := segments.Grid(ctx, f, segments.GridOptions{})
		return err
	}},
	{"RFM", func(ctx context.Context, f orders.Facts) error {
		_, err := segments.RFM(ctx, f, segments.RFMOptions{})
		return err
	}},
	{"transitions", func(ctx context.Context, f orders.Facts) error {
		_, err := segments.Transitions(ctx, f, segments.TransitionOptions{})
		return err
	}},
}

// BenchmarkAnalyses measures each analysis on a History that is there already:
// of a million lines, or of the file of the flag.
//
//	go test ./internal/job -bench Analyses -file orders.csv
func BenchmarkAnalyses(b *testing.B) {
	path := *file
	if path == "" {
		path = write(b, 1_000_000)
	}
	sales, err := orders.ReadFile(b.Context(), path, orders.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer sales.Release()
	for _, a := range analyses {
		b.Run(a.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := a.ask(b.Context(), sales); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestAnalyses: every analysis answers where no lines are kept.
func TestAnalyses(t *testing.T) {
	facts, err := orders.ReadFile(t.Context(), write(t, 2000), orders.Options{FactsOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Release()
	for _, a := range analyses {
		if err := a.ask(t.Context(), facts); err != nil {
			t.Errorf("%s: %v", a.name, err)
		}
	}
}
