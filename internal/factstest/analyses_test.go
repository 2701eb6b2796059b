package factstest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
	"pgregory.net/rapid"
)

// analysis is one way to ask one analysis something, in a scope.
type analysis struct {
	name string
	run  func(context.Context, orders.Facts, orders.Scope) (recorder, error)
}

// recorder is what every result can do.
type recorder interface {
	Record(memory.Allocator) arrow.Record
}

// of drops the type of an analysis's result.
func of[O any, R recorder](run func(context.Context, orders.Facts, O) (R, error), options func(orders.Scope) O) func(context.Context, orders.Facts, orders.Scope) (recorder, error) {
	return func(ctx context.Context, f orders.Facts, s orders.Scope) (recorder, error) {
		r, err := run(ctx, f, options(s))
		if err != nil {
			return nil, err
		}
		return r, nil
	}
}

var costs = orders.Costs{
	Overhead: 3 * orders.One, CostPerLead: 5 * orders.One, Conversion: 0.25,
	BonusFirst: orders.Rate{Percent: 5 * orders.One}, BonusRepeat: orders.Rate{Amount: orders.One}, ErrorsFirst: 1, ErrorsRepeat: 2,
}

// analyses is every analysis, by its defaults and otherwise.
var analyses = []analysis{
	{"abcxyz.Rank customers", of(abcxyz.Rank, func(s orders.Scope) abcxyz.Options { return abcxyz.Options{Scope: s} })},
	{"abcxyz.Rank products", of(abcxyz.Rank, func(s orders.Scope) abcxyz.Options {
		return abcxyz.Options{Scope: s, By: orders.ByProduct, Measure: orders.GrossProfit, Rule: abcxyz.UpTo, Calendar: abcxyz.Window, Grain: orders.Week}
	})},
	{"abcxyz.Rank salespersons", of(abcxyz.Rank, func(s orders.Scope) abcxyz.Options {
		return abcxyz.Options{Scope: s, By: orders.BySalesperson, Measure: orders.Purchases, Vary: abcxyz.Count}
	})},
	{"abcxyz.Matrix", of(matrix, func(s orders.Scope) abcxyz.Options { return abcxyz.Options{Scope: s, Vary: abcxyz.Value} })},
	{"abcxyz.Core", of(abcxyz.Core, func(s orders.Scope) abcxyz.CoreOptions {
		return abcxyz.CoreOptions{Ranking: abcxyz.Options{Scope: s}, MinPurchases: 2, MinGaps: 2}
	})},
	{"cohorts.RepeatShare", of(cohorts.RepeatShare, func(s orders.Scope) cohorts.RepeatOptions { return cohorts.RepeatOptions{Scope: s} })},
	{"cohorts.RepeatShare by week", of(cohorts.RepeatShare, func(s orders.Scope) cohorts.RepeatOptions {
		return cohorts.RepeatOptions{Scope: s, Grain: orders.Week}
	})},
	{"cohorts.Tabulate", of(cohorts.Tabulate, func(s orders.Scope) cohorts.TableOptions { return cohorts.TableOptions{Scope: s} })},
	{"cohorts.Tabulate by quarter", of(cohorts.Tabulate, func(s orders.Scope) cohorts.TableOptions {
		return cohorts.TableOptions{Scope: s, Grain: orders.Quarter}
	})},
	{"ltv.DealProfit", of(ltv.DealProfitWith, func(s orders.Scope) ltv.ProfitOptions { return ltv.ProfitOptions{Scope: s} })},
	{"ltv.DealProfit with costs", of(ltv.DealProfitWith, func(s orders.Scope) ltv.ProfitOptions {
		return ltv.ProfitOptions{Scope: s, Costs: costs, MaxNumber: 3, AgeDays: 7}
	})},
	{"ltv.Historic", of(ltv.Historic, func(s orders.Scope) ltv.HistoricOptions { return ltv.HistoricOptions{Scope: s} })},
	{"ltv.Historic with costs", of(ltv.Historic, func(s orders.Scope) ltv.HistoricOptions {
		return ltv.HistoricOptions{Scope: s, Costs: costs, Cohort: orders.Year}
	})},
	{"segments.Grid", of(segments.Grid, func(s orders.Scope) segments.GridOptions { return segments.GridOptions{Scope: s} })},
	{"segments.RFM", of(segments.RFM, func(s orders.Scope) segments.RFMOptions { return segments.RFMOptions{Scope: s} })},
	{"segments.RFM of profit", of(segments.RFM, func(s orders.Scope) segments.RFMOptions {
		return segments.RFMOptions{Scope: s, Measure: orders.Contribution}
	})},
}

func matrix(ctx context.Context, f orders.Facts, o abcxyz.Options) (abcxyz.Matrix, error) {
	r, err := abcxyz.Rank(ctx, f, o)
	if err != nil {
		return abcxyz.Matrix{}, err
	}
	return r.Matrix(), nil
}

// quiet is facts without the warnings, which only some implementations give.
type quiet struct{ orders.Facts }

func (q quiet) Control(ctx context.Context) (orders.Control, error) {
	c, err := q.Facts.Control(ctx)
	c.Warnings = nil
	return c, err
}

// TestAnalyses runs every analysis over both implementations on random
// histories: the results must be deeply equal, and so must their records. The
// History is released before its results are looked at: they own what they hold.
func TestAnalyses(t *testing.T) {
	ctx := context.Background()
	for _, a := range analyses {
		t.Run(a.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				lines, o, scope := factstest.Lines(t), factstest.Options(t), factstest.Scope(t)
				arena := memory.NewCheckedAllocator(memory.NewGoAllocator())
				o.Allocator = arena
				h, naive, ok := both(t, lines, o)
				if !ok {
					return
				}
				want, errNaive := a.run(ctx, quiet{naive}, scope)
				got, err := a.run(ctx, quiet{h}, scope)
				h.Release()
				if err != nil || errNaive != nil {
					if !errors.Is(err, orders.ErrQuery) && !errors.Is(err, orders.ErrOptions) || errors.Is(err, orders.ErrQuery) != errors.Is(errNaive, orders.ErrQuery) {
						t.Fatalf("errors: naive %v, History %v", errNaive, err)
					}
					return
				}
				if d := factstest.Diff(want, got); d != "" {
					t.Fatalf("naive against History: %s", d)
				}
				x, y := want.Record(arena), got.Record(arena)
				if !array.RecordEqual(x, y) {
					t.Errorf("records differ:\n%v\n%v", x, y)
				}
				x.Release()
				y.Release()
				if n := arena.CurrentAlloc(); n != 0 {
					t.Errorf("%d bytes of Arrow memory are not released", n)
				}
			})
		})
	}
}

// TestAnalysesConserve holds the money of every result to the control.
func TestAnalysesConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, _, ok := both(t, factstest.Lines(t), factstest.Options(t))
		if !ok {
			return
		}
		defer h.Release()
		c := control(t, h)
		for name, pair := range moneyOfResults(t, h) {
			want := c.Identified
			if pair.anonymous {
				want += c.Anonymous
			}
			if pair.sum != want {
				t.Errorf("%s: %s, want %s", name, pair.sum, want)
			}
		}
	})
}

type money struct {
	sum       orders.Amount
	anonymous bool // is in it
}

// moneyOfResults adds up the revenue of each result, part by part.
func moneyOfResults(t rapid.TB, f orders.Facts) map[string]money {
	ctx := context.Background()
	sums := map[string]money{}
	add := func(name string, part orders.Amount) {
		m := sums[name]
		m.sum += part
		sums[name] = m
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, by := range []orders.Dimension{orders.ByCustomer, orders.ByProduct, orders.BySalesperson} {
		r, err := abcxyz.Rank(ctx, f, abcxyz.Options{By: by})
		check(err)
		name := "ranking of " + string(by)
		for _, i := range r.Items {
			add(name, i.Value)
		}
		m := r.Matrix()
		sums[name] = money{sums[name].sum, by == orders.ByProduct}
		for _, row := range m.Cells {
			for _, cell := range row {
				add("matrix of "+string(by), cell.Sum)
			}
		}
		sums["matrix of "+string(by)] = money{sums["matrix of "+string(by)].sum, by == orders.ByProduct}
	}

	repeat, err := cohorts.RepeatShare(ctx, f, cohorts.RepeatOptions{})
	check(err)
	add("repeat share, total", repeat.Total.Sides.Total().Revenue)
	sums["repeat share, periods"] = money{anonymous: true}
	for _, row := range repeat.Rows {
		add("repeat share, periods", row.Sides.Total().Revenue+row.Anonymous)
	}

	table, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{})
	check(err)
	add("cohort table, total", table.Total.Revenue)
	add("cohort table, cells", table.Unmatched.Revenue)
	for _, cohort := range append(table.Cohorts, table.Earlier) {
		for _, cell := range cohort.Cells {
			add("cohort table, cells", cell.Tally.Revenue)
		}
	}

	profit, err := ltv.DealProfit(ctx, f, costs)
	check(err)
	add("deal profit", profit.First.Revenue+profit.Repeat.Revenue+profit.Unknown.Revenue+profit.Unmatched.Revenue)
	lifetimes, err := ltv.Historic(ctx, f, ltv.HistoricOptions{})
	check(err)
	add("lifetimes", 0)
	for _, l := range lifetimes.Customers {
		add("lifetimes", l.Revenue)
	}

	grid, err := segments.Grid(ctx, f, segments.GridOptions{})
	check(err)
	add("grid", grid.WithoutRevenue)
	for _, column := range grid.Cells {
		for _, cell := range column {
			add("grid", cell.Revenue)
		}
	}
	rfm, err := segments.RFM(ctx, f, segments.RFMOptions{})
	check(err)
	add("segments", rfm.WithoutRevenue)
	for _, s := range rfm.Segments {
		add("segments", s.Revenue)
	}
	return sums
}
