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
	shop := orderstest.Collect(t, conveyor, complete)
	a, err := ltv.Acquire(ctx, shop, ltv.AcquireOptions{Spend: spend})
	if err != nil {
		t.Fatal(err)
	}
	all, err := ltv.Acquire(ctx, shop, ltv.AcquireOptions{Spend: []ltv.Spend{{Period: january, Money: money(7)}}, Grain: orders.Year})
	if err != nil {
		t.Fatal(err)
	}
	split, err := ltv.SplitProfit(ctx, shop, ltv.SplitOptions{Spend: spend, By: orders.ByChannel})
	if err != nil {
		t.Fatal(err)
	}
	cohorts, err := ltv.SplitProfit(ctx, shop, ltv.SplitOptions{By: ltv.ByCohort})
	if err != nil {
		t.Fatal(err)
	}
	paybacks, err := ltv.Paybacks(ctx, shop, ltv.PaybackOptions{Spend: spend})
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
		"acquired":     {a.Record, 5, 4, "period=2024-02 channel=fair reliable=true partial=false spend=70 leads=2 qualified=0 new_customers=0 paid_customers=0 unknown_customers=0 charged=0 idle=70 cost_per_lead=35 cost_per_qualified=(null) acquisition=(null) qualified_rate=0 close_rate=(null) conversion=0 lead_days_n=0 lead_days_mean=(null) lead_days_median=(null)"},
		"no channels":  {all.Record, 1, 0, "period=2024 channel=(null) reliable=true partial=true spend=7 leads=(null) qualified=(null) new_customers=5 paid_customers=5 unknown_customers=0 charged=7 idle=0 cost_per_lead=(null) cost_per_qualified=(null) acquisition=1.4 qualified_rate=(null) close_rate=(null) conversion=(null) lead_days_n=5 lead_days_mean=7.6 lead_days_median=5"},
		"by channel":   {split.Record, 15, 5, "cohort=(null) key=ads role=(null) customers=3 side=first purchases=3 revenue=3000 revenue_without_cost=0 cogs=1800 overhead=0 acquisition=400.01 bonus=0 errors=0 direct=0 profit=799.99 margin=0.2666633333333333 cost_known=1"},
		"by cohort":    {cohorts.Record, 10, 9, "cohort=2024-02 key=(null) role=(null) customers=2 side=total purchases=3 revenue=3000 revenue_without_cost=0 cogs=1800 overhead=0 acquisition=0 bonus=0 errors=0 direct=0 profit=1200 margin=0.4 cost_known=1"},
		"paybacks":     {paybacks.Record, 7, 0, "cohort=2024-01 key=(null) acquired=3 by=number at=1 and_later=false customers=3 purchases=3 revenue=3000 cumulative_profit=399.99 profit_per_customer=133.33"},
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
