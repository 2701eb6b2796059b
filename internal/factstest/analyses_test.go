package factstest_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/columns"
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

// month is the first of the histories that are drawn.
var month = orders.Month.Of(orders.NewDate(2023, 12, 25))

// spend is what was spent on their customers.
var spend = []ltv.Spend{
	{Period: month, Channel: "web", Money: 100 * orders.One, Leads: ltv.Counted(10), Qualified: ltv.Counted(4)},
	{Period: month, Money: 333_333},
	{Period: month.Add(1), Channel: "shop", Money: orders.One, Leads: ltv.Counted(3)},
	{Period: month.Add(6), Channel: "web", Money: 7 * orders.One},
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
	{"abcxyz.Rank by 1C's rules", of(abcxyz.Rank, func(s orders.Scope) abcxyz.Options {
		return abcxyz.Options{Scope: s, By: orders.ByGroup, Rule: abcxyz.UT11, XYZRule: abcxyz.CVMeans, Calendar: abcxyz.FirstToLast, Sigma: abcxyz.Sample, Season: true}
	})},
	{"abcxyz.RankSplit", of(abcxyz.RankSplit, func(s orders.Scope) abcxyz.SplitOptions {
		return abcxyz.SplitOptions{Ranking: abcxyz.Options{Scope: s, Rule: abcxyz.PAL}}
	})},
	{"abcxyz.RankSplit of products", of(abcxyz.RankSplit, func(s orders.Scope) abcxyz.SplitOptions {
		return abcxyz.SplitOptions{Ranking: abcxyz.Options{Scope: s, By: orders.ByProduct, Vary: abcxyz.Count}, Split: orders.ByChannel}
	})},
	{"abcxyz.RankMeasures", of(abcxyz.RankMeasures, func(s orders.Scope) abcxyz.MeasuresOptions {
		return abcxyz.MeasuresOptions{Ranking: abcxyz.Options{Scope: s}}
	})},
	{"abcxyz.Compare with 1C:УНФ", of(abcxyz.Compare, func(s orders.Scope) abcxyz.CompareOptions {
		return abcxyz.CompareOptions{Ranking: abcxyz.Options{Scope: s}}
	})},
	{"abcxyz.Compare with 1C:УТ 11", of(abcxyz.Compare, func(s orders.Scope) abcxyz.CompareOptions {
		return abcxyz.CompareOptions{Ranking: abcxyz.Options{Scope: s, By: orders.ByProduct}, Mode: abcxyz.ModeUT11}
	})},
	{"abcxyz.Core", of(abcxyz.Core, func(s orders.Scope) abcxyz.CoreOptions {
		return abcxyz.CoreOptions{Ranking: abcxyz.Options{Scope: s}, MinPurchases: 2, MinGaps: 2}
	})},
	{"abcxyz.Concentration", of(concentration, func(s orders.Scope) abcxyz.Options { return abcxyz.Options{Scope: s} })},
	{"abcxyz.Migrate", of(abcxyz.Migrate, func(s orders.Scope) abcxyz.MigrationOptions {
		return abcxyz.MigrationOptions{Ranking: abcxyz.Options{Scope: s}}
	})},
	{"abcxyz.Migrate products", of(abcxyz.Migrate, func(s orders.Scope) abcxyz.MigrationOptions {
		return abcxyz.MigrationOptions{Days: 40, Ranking: abcxyz.Options{Scope: s, By: orders.ByProduct, Calendar: abcxyz.Window}}
	})},
	{"abcxyz.Top", of(abcxyz.Top, func(s orders.Scope) abcxyz.TopOptions { return abcxyz.TopOptions{Scope: s, N: 2} })},
	{"abcxyz.Top groups by week", of(abcxyz.Top, func(s orders.Scope) abcxyz.TopOptions {
		return abcxyz.TopOptions{Scope: s, By: orders.ByGroup, Measure: orders.Quantity, Grain: orders.Week, N: 1, Periods: 6}
	})},
	{"abcxyz.Resample", of(abcxyz.Resample, func(s orders.Scope) abcxyz.StabilityOptions {
		return abcxyz.StabilityOptions{Replicates: 10, Ranking: abcxyz.Options{Scope: s, Vary: abcxyz.Count, Grain: orders.Week}}
	})},
	{"cohorts.RepeatShare", of(cohorts.RepeatShare, func(s orders.Scope) cohorts.RepeatOptions { return cohorts.RepeatOptions{Scope: s} })},
	{"cohorts.RepeatShare by week", of(cohorts.RepeatShare, func(s orders.Scope) cohorts.RepeatOptions {
		return cohorts.RepeatOptions{Scope: s, Grain: orders.Week}
	})},
	{"cohorts.Tabulate", of(cohorts.Tabulate, func(s orders.Scope) cohorts.TableOptions { return cohorts.TableOptions{Scope: s} })},
	{"cohorts.Tabulate by quarter", of(cohorts.Tabulate, func(s orders.Scope) cohorts.TableOptions {
		return cohorts.TableOptions{Scope: s, Grain: orders.Quarter}
	})},
	{"cohorts.Tabulate by 30 days", of(cohorts.Tabulate, func(s orders.Scope) cohorts.TableOptions {
		return cohorts.TableOptions{Scope: s, Grain: orders.Quarter, AgeDays: 30, Confidence: 0.9}
	})},
	{"cohorts.Table.LTV", of(cohortLTV, func(s orders.Scope) cohorts.TableOptions { return cohorts.TableOptions{Scope: s} })},
	{"cohorts.SplitShare", of(cohorts.SplitShare, func(s orders.Scope) cohorts.SplitOptions { return cohorts.SplitOptions{Scope: s} })},
	{"cohorts.SplitShare by group and month", of(cohorts.SplitShare, func(s orders.Scope) cohorts.SplitOptions {
		return cohorts.SplitOptions{Scope: s, By: orders.ByGroup, Grain: orders.Month}
	})},
	{"cohorts.SplitShare by owner", of(cohorts.SplitShare, func(s orders.Scope) cohorts.SplitOptions {
		return cohorts.SplitOptions{Scope: s, By: orders.ByOwner}
	})},
	{"cohorts.Roles", of(cohorts.Roles, func(s orders.Scope) cohorts.RolesOptions { return cohorts.RolesOptions{Scope: s} })},
	{"cohorts.Flags", of(cohorts.Flags, func(s orders.Scope) cohorts.FlagOptions { return cohorts.FlagOptions{Scope: s} })},
	{"cohorts.RevenueRetention", of(cohorts.RevenueRetention, func(s orders.Scope) cohorts.RevenueOptions { return cohorts.RevenueOptions{Scope: s} })},
	{"cohorts.RevenueRetention by quarter", of(cohorts.RevenueRetention, func(s orders.Scope) cohorts.RevenueOptions {
		return cohorts.RevenueOptions{Scope: s, Grain: orders.Quarter, Lag: 1}
	})},
	{"ltv.DealProfit", of(ltv.DealProfitWith, func(s orders.Scope) ltv.ProfitOptions { return ltv.ProfitOptions{Scope: s} })},
	{"ltv.DealProfit with costs", of(ltv.DealProfitWith, func(s orders.Scope) ltv.ProfitOptions {
		return ltv.ProfitOptions{Scope: s, Costs: costs, MaxNumber: 3, AgeDays: 7}
	})},
	{"ltv.Historic", of(ltv.Historic, func(s orders.Scope) ltv.HistoricOptions { return ltv.HistoricOptions{Scope: s} })},
	{"ltv.Historic with costs", of(ltv.Historic, func(s orders.Scope) ltv.HistoricOptions {
		return ltv.HistoricOptions{Scope: s, Costs: costs, Cohort: orders.Year}
	})},
	{"ltv.DealProfit of spend", of(ltv.DealProfitWith, func(s orders.Scope) ltv.ProfitOptions {
		return ltv.ProfitOptions{Scope: s, Costs: orders.Costs{OverheadPool: 1000, OverheadBy: orders.ByLines}, Spend: spend, SpendGrain: orders.Quarter}
	})},
	{"ltv.Historic of spend", of(ltv.Historic, func(s orders.Scope) ltv.HistoricOptions { return ltv.HistoricOptions{Scope: s, Spend: spend} })},
	{"ltv.Acquire", of(ltv.Acquire, func(s orders.Scope) ltv.AcquireOptions { return ltv.AcquireOptions{Scope: s, Spend: spend} })},
	{"ltv.Acquire without spend", of(ltv.Acquire, func(s orders.Scope) ltv.AcquireOptions {
		return ltv.AcquireOptions{Scope: s, Grain: orders.Week}
	})},
	{"ltv.SplitProfit by salesperson", of(ltv.SplitProfit, func(s orders.Scope) ltv.SplitOptions { return ltv.SplitOptions{Scope: s, Costs: costs} })},
	{"ltv.SplitProfit by channel", of(ltv.SplitProfit, func(s orders.Scope) ltv.SplitOptions {
		return ltv.SplitOptions{Scope: s, By: orders.ByChannel, Spend: spend}
	})},
	{"ltv.SplitProfit by group", of(ltv.SplitProfit, func(s orders.Scope) ltv.SplitOptions {
		return ltv.SplitOptions{Scope: s, By: orders.ByGroup, Costs: costs}
	})},
	{"ltv.SplitProfit by cohort", of(ltv.SplitProfit, func(s orders.Scope) ltv.SplitOptions {
		return ltv.SplitOptions{Scope: s, By: ltv.ByCohort, Cohort: orders.Quarter, Costs: costs}
	})},
	{"ltv.Paybacks by cohort", of(ltv.Paybacks, func(s orders.Scope) ltv.PaybackOptions { return ltv.PaybackOptions{Scope: s, Costs: costs, AgeDays: 7} })},
	{"ltv.Paybacks by channel", of(ltv.Paybacks, func(s orders.Scope) ltv.PaybackOptions {
		return ltv.PaybackOptions{Scope: s, By: orders.ByChannel, Spend: spend, MaxNumber: 2}
	})},
	{"ltv.Predict", of(ltv.Predict, func(s orders.Scope) ltv.PredictOptions { return ltv.PredictOptions{Scope: s, Draws: 20} })},
	{"ltv.Predict with costs", of(ltv.Predict, func(s orders.Scope) ltv.PredictOptions {
		return ltv.PredictOptions{Scope: s, Draws: 20, Costs: costs, Model: ltv.MBGNBD{Unit: ltv.PerWeek}, HorizonDays: 30, AnnualDiscount: 0.15}
	})},
	{"ltv.Predict of spend", of(ltv.Predict, func(s orders.Scope) ltv.PredictOptions {
		return ltv.PredictOptions{Scope: s, Draws: 20, Spend: spend, Basis: ltv.ByRevenue, FirstValue: true, Model: ltv.NBD{R: 1, Alpha: 30}}
	})},
	{"ltv.Validate", of(ltv.Validate, func(s orders.Scope) ltv.ValidateOptions {
		return ltv.ValidateOptions{Scope: s, Draws: 20, Origins: 1}
	})},
	{"ltv.Summarize", of(summarize, func(s orders.Scope) ltv.SampleOptions { return ltv.SampleOptions{AsOf: s.AsOf} })},
	{"segments.Grid", of(segments.Grid, func(s orders.Scope) segments.GridOptions { return segments.GridOptions{Scope: s} })},
	{"segments.RFM", of(segments.RFM, func(s orders.Scope) segments.RFMOptions { return segments.RFMOptions{Scope: s} })},
	{"segments.RFM of profit", of(segments.RFM, func(s orders.Scope) segments.RFMOptions {
		return segments.RFMOptions{Scope: s, Measure: orders.Contribution}
	})},
	{"segments.Plan", of(segments.Plan, func(s orders.Scope) segments.PlanOptions { return segments.PlanOptions{Scope: s} })},
	{"segments.Plan of customers", of(segments.Plan, func(s orders.Scope) segments.PlanOptions {
		return segments.PlanOptions{Scope: s, Follow: orders.ByOwner, PerWorkday: true, Month: month.Add(13), Growth: orders.Known(orders.One)}
	})},
	{"segments.Plan of the past", of(segments.Plan, func(s orders.Scope) segments.PlanOptions {
		return segments.PlanOptions{Scope: s, Month: month.Add(12), TeamMonths: 12}
	})},
	{"segments.Lapse", of(segments.Lapse, func(s orders.Scope) segments.LapseOptions { return segments.LapseOptions{Scope: s} })},
	{"segments.Lapse of segments", of(segments.Lapse, func(s orders.Scope) segments.LapseOptions {
		return segments.LapseOptions{Scope: s, MinGaps: 1, Segments: map[string]string{"a": "x", "b": "x", "c": "y"}}
	})},
	{"LapseResult.Calls", of(calls, func(s orders.Scope) segments.LapseOptions { return segments.LapseOptions{Scope: s, MinGaps: 1} })},
	{"segments.Contacts", of(segments.Contacts, func(s orders.Scope) segments.ContactOptions {
		return segments.ContactOptions{
			Scope: s, Contacts: []segments.Contact{{Customer: "a", Day: month.First() + 7, Count: 3}, {Customer: "nobody", Day: month.First() + 7}},
			Classes: map[string]string{"a": "A"}, Norms: []segments.ContactNorm{{Class: "A", PerMonth: orders.One}},
		}
	})},
	{"segments.RFM by fixed cut points", of(segments.RFM, func(s orders.Scope) segments.RFMOptions {
		return segments.RFMOptions{Scope: s, Scoring: segments.Fixed}
	})},
	{"segments.RFM by equal widths", of(segments.RFM, func(s orders.Scope) segments.RFMOptions {
		return segments.RFMOptions{Scope: s, Scoring: segments.EqualWidth, TrimPercent: 20 * orders.One, Measure: orders.GrossProfit}
	})},
	{"segments.Grid with prospects", of(segments.Grid, func(s orders.Scope) segments.GridOptions {
		return segments.GridOptions{Scope: s, Prospects: prospects}
	})},
	{"segments.Transitions", of(segments.Transitions, func(s orders.Scope) segments.TransitionOptions {
		return segments.TransitionOptions{Grid: segments.GridOptions{Scope: s, Prospects: prospects}}
	})},
}

func calls(ctx context.Context, f orders.Facts, o segments.LapseOptions) (*segments.CallList, error) {
	l, err := segments.Lapse(ctx, f, o)
	if err != nil {
		return nil, err
	}
	return l.Calls(segments.CallOptions{PerSalesperson: 2})
}

// prospects are some who may be customers.
var prospects = []segments.Prospect{{ID: "a"}, {ID: "nobody"}, {ID: "b", Since: orders.NewDate(2024, 2, 1)}}

func matrix(ctx context.Context, f orders.Facts, o abcxyz.Options) (abcxyz.Matrix, error) {
	r, err := abcxyz.Rank(ctx, f, o)
	if err != nil {
		return abcxyz.Matrix{}, err
	}
	return r.Matrix(), nil
}

func concentration(ctx context.Context, f orders.Facts, o abcxyz.Options) (*abcxyz.Concentration, error) {
	r, err := abcxyz.Rank(ctx, f, o)
	if err != nil {
		return nil, err
	}
	return r.Concentration(), nil
}

// sample is summaries, with a record of them.
type sample struct{ *ltv.Sample }

func summarize(ctx context.Context, f orders.Facts, o ltv.SampleOptions) (sample, error) {
	s, err := ltv.Summarize(ctx, f, o)
	return sample{s}, err
}

// Record returns the groups.
func (s sample) Record(mem memory.Allocator) arrow.Record {
	return columns.Record(mem, len(s.Groups), []columns.Column{
		columns.Integer("x", func(i int) int64 { return int64(s.Groups[i].X) }),
		columns.Number("tx", func(i int) float64 { return s.Groups[i].TX }),
		columns.Number("t", func(i int) float64 { return s.Groups[i].T }),
		columns.Number("customers", func(i int) float64 { return s.Groups[i].Customers }),
	})
}

func cohortLTV(ctx context.Context, f orders.Facts, o cohorts.TableOptions) (*cohorts.LTV, error) {
	t, err := cohorts.Tabulate(ctx, f, o)
	if err != nil {
		return nil, err
	}
	return t.LTV(cohorts.LTVOptions{Costs: costs, Value: cohorts.ByRevenue})
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
					if !errors.Is(err, orders.ErrQuery) && !errors.Is(err, orders.ErrOptions) && !errors.Is(err, ltv.ErrNoCustomers) || errors.Is(err, orders.ErrQuery) != errors.Is(errNaive, orders.ErrQuery) {
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

	customers, err := abcxyz.Rank(ctx, f, abcxyz.Options{})
	check(err)
	c := customers.Concentration()
	add("concentration", c.Base+c.NegativeSum)
	moved, err := abcxyz.Migrate(ctx, f, abcxyz.MigrationOptions{Start: 1, Days: math.MaxInt32})
	check(err)
	for _, row := range moved.ABC.Cells {
		for _, cell := range row {
			add("migration", cell.End) // since ever: all of it is at the end
		}
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

	split, err := cohorts.SplitShare(ctx, f, cohorts.SplitOptions{})
	check(err)
	add("repeat share, parts", 0)
	for _, p := range split.Parts {
		add("repeat share, parts", p.Sides.Total().Revenue)
	}
	roles, err := cohorts.Roles(ctx, f, cohorts.RolesOptions{})
	check(err)
	add("moves of customers", 0)
	for _, m := range roles.Moves {
		add("moves of customers", m.Sides.Total().Revenue)
	}
	flags, err := cohorts.Flags(ctx, f, cohorts.FlagOptions{})
	check(err)
	for _, cell := range flags.Cells {
		add("repeat flag", cell.Total().Revenue)
	}

	profit, err := ltv.DealProfit(ctx, f, costs)
	check(err)
	add("deal profit", profit.First.Revenue+profit.Repeat.Revenue+profit.Unknown.Revenue+profit.Unmatched.Revenue)
	for _, by := range []orders.Dimension{orders.BySalesperson, orders.ByChannel, orders.ByGroup, ltv.ByCohort} {
		split, err := ltv.SplitProfit(ctx, f, ltv.SplitOptions{By: by, Costs: costs})
		check(err)
		add("deal profit by "+string(by), 0)
		for _, r := range split.Rows {
			add("deal profit by "+string(by), r.First.Revenue+r.Repeat.Revenue+r.Unknown.Revenue+r.Unmatched.Revenue)
		}
	}
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
	for _, scoring := range []segments.Scoring{segments.Quantile, segments.Fixed, segments.EqualWidth} {
		rfm, err := segments.RFM(ctx, f, segments.RFMOptions{Scoring: scoring})
		check(err)
		add("segments by "+scoring.String(), rfm.WithoutRevenue)
		for _, s := range rfm.Segments {
			add("segments by "+scoring.String(), s.Revenue)
		}
	}
	moves, err := segments.Transitions(ctx, f, segments.TransitionOptions{Grid: segments.GridOptions{Prospects: prospects}})
	check(err)
	add("transitions", moves.End.WithoutRevenue)
	for _, row := range moves.Cells {
		for _, cell := range row {
			add("transitions", cell.End)
		}
	}
	whole := control(t, f)
	add("facts of plans", 0)
	for m := orders.Month.Of(whole.FirstDay); m.First() <= whole.LastDay; m = m.Add(1) {
		plan, err := segments.Plan(ctx, f, segments.PlanOptions{Month: m})
		check(err)
		for _, r := range plan.Rows {
			add("facts of plans", r.Fact.Total().Amount+r.FactUnmatched.Amount)
		}
	}
	lapse, err := segments.Lapse(ctx, f, segments.LapseOptions{})
	check(err)
	add("lapse", lapse.WithoutRevenue)
	for _, s := range lapse.Statuses {
		add("lapse", s.Revenue)
	}
	return sums
}
