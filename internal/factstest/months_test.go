package factstest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// TestMonthsOnly runs every analysis on an export that names months instead of
// days: what counts months works, what counts days refuses and says why.
func TestMonthsOnly(t *testing.T) {
	ctx := context.Background()
	var b strings.Builder
	b.WriteString("Период;Клиент;Выручка;Себестоимость\n")
	for month, name := range strings.Fields("Январь Февраль Март Апрель Май Июнь") {
		for customer := range 6 {
			if (month+customer)%(customer+1) == 0 {
				fmt.Fprintf(&b, "%s 2024 г.;Клиент %d;%d;%d\n", name, customer, 100*(month+2), 60*(month+1))
			}
		}
	}
	h, err := orders.Read(ctx, "months.csv", strings.NewReader(b.String()), orders.Options{HistoryComplete: true})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()

	ranking, err := abcxyz.Rank(ctx, h, abcxyz.Options{})
	if err != nil || ranking.Options.Vary != abcxyz.Value || len(ranking.Items) != 6 {
		t.Errorf("ABC and XYZ by month: %v", err)
	}
	repeat, err := cohorts.RepeatShare(ctx, h, cohorts.RepeatOptions{})
	if err != nil || len(repeat.Rows) != 6 {
		t.Errorf("repeat share by month: %v", err)
	}
	table, err := cohorts.Tabulate(ctx, h, cohorts.TableOptions{})
	if err != nil || len(table.Cohorts) == 0 {
		t.Errorf("cohorts by month: %v", err)
	}
	profit, err := ltv.DealProfit(ctx, h, orders.Costs{})
	switch {
	case err != nil:
		t.Errorf("profit: %v", err)
	case len(profit.ByNumber.Points) == 0 || profit.ByNumber.Customers != 6:
		t.Errorf("payback by purchase: %+v", profit.ByNumber)
	case len(profit.ByAge.Points) > 0:
		t.Errorf("payback by days: %+v", profit.ByAge)
	}
	plan, err := segments.Plan(ctx, h, segments.PlanOptions{Month: orders.Month.Of(orders.NewDate(2024, 6, 1))})
	if err != nil || plan.UnderWay || !plan.Total.Fact.Known {
		t.Errorf("plan-fact of a month: %+v, %v", plan, err)
	}
	if _, err := ltv.Historic(ctx, h, ltv.HistoricOptions{}); err != nil {
		t.Errorf("historic value: %v", err)
	}

	for name, run := range map[string]func() error{
		"XYZ by gaps": func() error { _, err := abcxyz.Rank(ctx, h, abcxyz.Options{Vary: abcxyz.Gaps}); return err },
		"ABC by week": func() error { _, err := abcxyz.Rank(ctx, h, abcxyz.Options{Grain: orders.Week}); return err },
		"core list":   func() error { _, err := abcxyz.Core(ctx, h, abcxyz.CoreOptions{}); return err },
		"repeat by week": func() error {
			_, err := cohorts.RepeatShare(ctx, h, cohorts.RepeatOptions{Grain: orders.Week})
			return err
		},
		"cohorts by day":     func() error { _, err := cohorts.Tabulate(ctx, h, cohorts.TableOptions{Grain: orders.Day}); return err },
		"behaviour grid":     func() error { _, err := segments.Grid(ctx, h, segments.GridOptions{}); return err },
		"lapse":              func() error { _, err := segments.Lapse(ctx, h, segments.LapseOptions{}); return err },
		"RFM":                func() error { _, err := segments.RFM(ctx, h, segments.RFMOptions{}); return err },
		"transitions":        func() error { _, err := segments.Transitions(ctx, h, segments.TransitionOptions{}); return err },
		"gaps":               func() error { _, err := h.Gaps(ctx, orders.GapQuery{}); return err },
		"flows by their age": func() error { _, err := h.Flows(ctx, orders.FlowQuery{Age: 30}); return err },
	} {
		if err := run(); !errors.Is(err, orders.ErrPrecision) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
