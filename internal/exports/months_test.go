package exports_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/exports"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// TestMonthReport reads a report of 1C that names months: the analyses by
// month come to its figures, those that count days say why they do not.
func TestMonthReport(t *testing.T) {
	ctx := context.Background()
	c := company.Generate(1)
	var file bytes.Buffer
	if err := exports.WriteGrossProfitMonths(&file, c.Sold); err != nil {
		t.Fatal(err)
	}
	h, err := orders.Read(ctx, "gross_profit_months.xlsx", &file, orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	control, err := h.Control(ctx)
	if err != nil {
		t.Fatal(err)
	}
	truth := c.Truth()
	if control.Precision != orders.Month || control.Identified != truth.Identified || control.Export != control.Stated.Amount {
		t.Errorf("dates by %s, %s of identified customers, %s in all where the report says %s; want by month, %s",
			control.Precision, control.Identified, control.Export, control.Stated, truth.Identified)
	}

	ranking, err := abcxyz.Rank(ctx, h, abcxyz.Options{})
	if err != nil || ranking.Total != truth.Identified || ranking.Options.Vary != abcxyz.Value {
		t.Errorf("the ranking by month comes to %+v (%v), want %s", ranking, err, truth.Identified)
	}
	repeat, err := cohorts.RepeatShare(ctx, h, cohorts.RepeatOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range truth.Months {
		if got := repeat.Rows[i].Sides.Total().Revenue; got != m.First+m.Repeat {
			t.Errorf("%v: revenue %s, want %s", m.Month, got, m.First+m.Repeat)
		}
	}
	table, err := cohorts.Tabulate(ctx, h, cohorts.TableOptions{})
	if err != nil || table.Total.Revenue != truth.Identified {
		t.Errorf("the cohorts by month do not come to %s (%v)", truth.Identified, err)
	}
	lifetimes, err := ltv.Historic(ctx, h, ltv.HistoricOptions{})
	if err != nil || lifetimes.Total.Revenue != truth.Identified {
		t.Errorf("the customers' values do not come from %s (%v)", truth.Identified, err)
	}
	if profit, err := ltv.DealProfit(ctx, h, orders.Costs{}); err != nil || profit.Total.Revenue != truth.Identified {
		t.Errorf("the profit of first and repeat purchases does not come from %s (%v)", truth.Identified, err)
	}

	for name, refused := range map[string]func() error{
		"rhythm":          func() error { _, err := abcxyz.Rank(ctx, h, abcxyz.Options{Vary: abcxyz.Gaps}); return err },
		"core list":       func() error { _, err := abcxyz.Core(ctx, h, abcxyz.CoreOptions{}); return err },
		"cohorts by week": func() error { _, err := cohorts.Tabulate(ctx, h, cohorts.TableOptions{Grain: orders.Week}); return err },
		"behaviour grid":  func() error { _, err := segments.Grid(ctx, h, segments.GridOptions{}); return err },
		"RFM":             func() error { _, err := segments.RFM(ctx, h, segments.RFMOptions{}); return err },
		"transitions":     func() error { _, err := segments.Transitions(ctx, h, segments.TransitionOptions{}); return err },
		"repeat by week": func() error {
			_, err := cohorts.RepeatShare(ctx, h, cohorts.RepeatOptions{Grain: orders.Week})
			return err
		},
		"gaps of purchase": func() error { _, err := h.Gaps(ctx, orders.GapQuery{}); return err },
	} {
		err := refused()
		if !errors.Is(err, orders.ErrPrecision) || !strings.Contains(err.Error(), "months, not days") {
			t.Errorf("%s: %v, want a refusal that says why", name, err)
		}
	}
}
