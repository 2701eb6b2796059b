package ltv_test

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// TestRecords looks at one row of each record, nulls included, and that every
// byte is given back.
func TestRecords(t *testing.T) {
	lines := []orders.Line{line("a", "2024-01-01", 100, 60), line("a", "2024-02-01", 300, 100), sale("b", "2024-01-05", 7), sale("c", "2024-01-01", -5)}
	h := orderstest.Collect(t, lines, complete)
	costs := orders.Costs{CostPerLead: money(10), Conversion: 0.5}
	p, err := ltv.DealProfit(ctx, h, costs)
	if err != nil {
		t.Fatal(err)
	}
	grid, err := p.LeadGrid(ltv.LeadGridOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ltv.Historic(ctx, h, ltv.HistoricOptions{Costs: costs})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		record func(memory.Allocator) arrow.Record
		rows   int64
		row    int // the one looked at
		want   string
	}{
		"profit":       {p.Record, 8, 0, "side=first per_purchase=false purchases=2 revenue=107 revenue_without_cost=7 cogs=60 overhead=0 acquisition=40 bonus=0 errors=0 direct=0 profit=0 margin=0 cost_known=0.9345794392523364"},
		"unknown":      {p.Record, 8, 3, "side=unmatched per_purchase=false purchases=0 revenue=-5 revenue_without_cost=-5 cogs=(null) overhead=0 acquisition=0 bonus=0 errors=0 direct=0 profit=(null) margin=(null) cost_known=0"},
		"per purchase": {p.Record, 8, 5, "side=first per_purchase=true purchases=1 revenue=53.5 revenue_without_cost=3.5 cogs=30 overhead=0 acquisition=20 bonus=0 errors=0 direct=0 profit=0 margin=0 cost_known=0.9345794392523364"},
		"by number":    {p.ByNumber.Record, 2, 1, "at=2 and_later=false customers=1 purchases=3 revenue=407 cumulative_profit=200 profit_per_customer=100"},
		"by age":       {p.ByAge.Record, 2, 0, "at=29 and_later=false customers=1 purchases=2 revenue=107 cumulative_profit=0 profit_per_customer=0"},
		"grid":         {grid.Record, 9, 3, "cost_per_lead=20 conversion=0.25 acquisition=80 first_profit=-60 payback=2"},
		"customers":    {l.Record, 3, 0, "customer=a name=a entry=first cohort=2024-01 first_day=2024-01-01 last_day=2024-02-01 days=31 purchases=2 revenue=400 revenue_without_cost=0 cogs=160 overhead=0 acquisition=20 bonus=0 errors=0 direct=0 profit=220 margin=0.55 cost_known=1 gross_profit=240 contribution=240 first_revenue=100 repeat_revenue=300 first_profit=20 repeat_profit=200"},
		"cohorts":      {l.CohortRecord, 2, 0, "cohort=(null) customers=1 purchases=0 revenue=-5 revenue_without_cost=-5 cogs=(null) overhead=0 acquisition=0 bonus=0 errors=0 direct=0 profit=(null) margin=(null) cost_known=0 gross_profit=(null) contribution=(null) average_revenue=-5 average_value=(null) average_days=(null)"},
	} {
		got, rows := orderstest.Row(t, test.record, test.row)
		if rows != test.rows {
			t.Errorf("%s: %d rows, want %d", name, rows, test.rows)
		}
		if got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, test.want)
		}
	}
}

// TestNames: the names that are written to files.
func TestNames(t *testing.T) {
	var names []string
	for _, l := range append(ltv.Lines(), 99) {
		text, err := l.MarshalText()
		if err != nil || string(text) != l.String() {
			t.Errorf("%s: %q, %v", l, text, err)
		}
		names = append(names, l.String())
	}
	for o := ltv.None; o <= ltv.Assumption+1; o++ {
		text, err := o.MarshalText()
		if err != nil || string(text) != o.String() {
			t.Errorf("%s: %q, %v", o, text, err)
		}
		names = append(names, o.String())
	}
	want := "revenue revenue_without_cost cogs overhead acquisition bonus errors direct profit margin Line(99) none data assumption Origin(3)"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
