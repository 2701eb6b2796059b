package cohorts_test

import (
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// recorded returns the rows of a record, which keeps no memory.
func recorded(t *testing.T, record func(memory.Allocator) arrow.Record) []map[string]any {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	r := record(mem)
	defer r.Release()
	return rowsOf(t, r)
}

func TestSplitRecord(t *testing.T) {
	s := splitShare(t, open(t, handed, complete), cohorts.SplitOptions{Grain: orders.Quarter})
	rows := recorded(t, s.Record)
	if len(rows) != 3*3+1 {
		t.Fatalf("%d rows, want two quarters and a total of three salespersons, and a total", len(rows))
	}
	expect(t, rows[0], map[string]any{"by": "salesperson", "part": nil, "period": "2024-Q1", "revenue": "12", "of_first": nil})
	expect(t, rows[4], map[string]any{"part": "Fred", "period": "2024-Q2", "revenue": "60", "first_revenue": "0", "repeat_share_low": 1.0})
	expect(t, rows[5], map[string]any{"part": "Fred", "period": "total", "revenue": "274", "first_revenue": "81", "unmatched_returns": "-3", "of_first": 81. / 216, "profit": nil})
	expect(t, rows[9], map[string]any{"part": "total", "period": "total", "revenue": "478", "customers": 5.0, "of_first": 1.0, "of_repeat": 1.0})
}

func TestRolesRecords(t *testing.T) {
	r := rolesOf(t, open(t, handed, complete), cohorts.RolesOptions{})
	rows := recorded(t, r.Record)
	expect(t, rows[2], map[string]any{"salesperson": "Hanna", "role": "hunter", "won": 3.0, "keeps": 2.0, "given": 1.0, "taken": 0.0, "first_revenue": "135"})
	expect(t, rows[0], map[string]any{"salesperson": nil, "role": "farmer"})
	rows = recorded(t, r.MovesRecord)
	if len(rows) != 5 {
		t.Fatalf("%d moves", len(rows))
	}
	expect(t, rows[3], map[string]any{"from": "Hanna", "to": "Fred", "handed_over": true, "customers": 1.0, "revenue": "240", "purchases_before": 2.0, "revenue_before": "130", "days_before": 61.0, "revenue_after": "110"})
	expect(t, rows[0], map[string]any{"from": nil, "to": nil, "handed_over": false, "customers": 0.0, "purchases_per_month_after": nil})
	rows = recorded(t, r.HandedRecord)
	expect(t, rows[0], map[string]any{"customer": "a", "from": "Hanna", "to": "Fred", "day": "2024-03-02", "purchases_after": 2.0, "days_after": 31.0})
}

func TestFlagsRecord(t *testing.T) {
	yes := sale("a", "2024-01-01", "10")
	yes.RepeatFlag = "yes"
	r, err := cohorts.Flags(t.Context(), open(t, []orders.Line{yes, sale("a", "2024-02-01", "5")}, complete), cohorts.FlagOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rows := recorded(t, r.Record)
	if len(rows) != 2+3 {
		t.Fatalf("%d rows, want two words and three sums", len(rows))
	}
	expect(t, rows[0], map[string]any{"word": "", "says": "nothing", "deals": 1.0, "repeat_revenue": "5"})
	expect(t, rows[1], map[string]any{"word": "yes", "says": "repeat", "first_deals": 1.0})
	expect(t, rows[3], map[string]any{"word": nil, "says": "first", "deals": 0.0})
	expect(t, rows[4], map[string]any{"word": nil, "says": "repeat", "first_revenue": "10"})
}

func TestLTVRecord(t *testing.T) {
	table := tabulate(t, open(t, small, complete), cohorts.TableOptions{})
	l, err := table.LTV(cohorts.LTVOptions{Value: cohorts.ByRevenue, Costs: orders.Costs{CostPerLead: amount("25"), Conversion: 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	rows := recorded(t, l.Record)
	if len(rows) != 4+4+2 {
		t.Fatalf("%d rows", len(rows))
	}
	expect(t, rows[0], map[string]any{"cohort": "all", "age": 0.0, "cohorts": 2.0, "customers": 4.0, "value": "190", "per_customer": 47.5, "acquisition": "50", "net": -2.5, "observed": "full"})
	expect(t, rows[4], map[string]any{"cohort": "2024-01", "age": 0.0, "value": "180", "paid_at": 0.0})
	expect(t, rows[9], map[string]any{"cohort": "2024-03", "age": 1.0, "value": "30", "net": -20.0, "paid_at": nil})
}

func TestRevenueRecord(t *testing.T) {
	r := revenueRetention(t, open(t, small, complete), cohorts.RevenueOptions{Lag: 2})
	rows := recorded(t, r.Record)
	if len(rows) != len(r.Rows)+1 {
		t.Fatalf("%d rows", len(rows))
	}
	expect(t, rows[0], map[string]any{"period": "2024-03", "base": "2024-01", "customers": 3.0, "active": 1.0, "base_revenue": "180", "revenue_now": "-10", "kept": "-10", "new_revenue": "10", "nrr": -10. / 180})
	expect(t, rows[2], map[string]any{"period": "total", "base": nil, "partial": false})
}

func TestDiagnosisRecord(t *testing.T) {
	d := repeatShare(t, open(t, small, orders.Options{BurnIn: 31}), cohorts.RepeatOptions{}).Diagnosis()
	rows := recorded(t, d.Record)
	expect(t, rows[0], map[string]any{"period": "2024-01", "first_seen": 3.0, "unknown_customers": 3.0, "reliable": false})
	expect(t, rows[2], map[string]any{"period": "2024-03", "first_seen": 1.0, "new_customers": 1.0, "reliable": true})
}

// An export without a deal gives tables without rows, but for totals.
func TestNewRecordsOfNothing(t *testing.T) {
	s := splitShare(t, nothing{}, cohorts.SplitOptions{})
	roles := rolesOf(t, nothing{}, cohorts.RolesOptions{})
	flags, err1 := cohorts.Flags(t.Context(), nothing{}, cohorts.FlagOptions{})
	ltv, err2 := tabulate(t, nothing{}, cohorts.TableOptions{}).LTV(cohorts.LTVOptions{})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for name, tc := range map[string]struct {
		record func(memory.Allocator) arrow.Record
		rows   int
	}{
		"split": {s.Record, 1}, "roles": {roles.Record, 0}, "moves": {roles.MovesRecord, 0}, "handed": {roles.HandedRecord, 0},
		"flags": {flags.Record, 3}, "ltv": {ltv.Record, 0}, "revenue": {revenueRetention(t, nothing{}, cohorts.RevenueOptions{}).Record, 1},
		"diagnosis": {repeatShare(t, nothing{}, cohorts.RepeatOptions{}).Diagnosis().Record, 0},
	} {
		if got := len(recorded(t, tc.record)); got != tc.rows {
			t.Errorf("%s has %d rows, want %d", name, got, tc.rows)
		}
	}
}
