package cohorts_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// rowsOf returns a record's rows as JSON objects.
func rowsOf(t *testing.T, r arrow.Record) (rows []map[string]any) {
	t.Helper()
	b, err := r.MarshalJSON()
	if err == nil {
		err = json.Unmarshal(b, &rows)
	}
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// expect compares some cells of a row; nil is null.
func expect(t *testing.T, row map[string]any, want map[string]any) {
	t.Helper()
	for name, w := range want {
		if got, ok := row[name]; !ok || got != w {
			t.Errorf("%s = %v, want %v", name, got, w)
		}
	}
}

func TestRepeatRecord(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	costed := sale("a", "2024-01-01", "100.25")
	costed.COGS = orders.Known(amount("60"))
	record := repeatShare(t, open(t, []orders.Line{
		costed, sale("a", "2024-03-31", "50"), sale("", "2024-03-01", "9"),
	}, complete), cohorts.RepeatOptions{}).Record(mem)
	defer record.Release()

	// The header that programs rely on, in their order.
	want := strings.Split("period,revenue,first_revenue,repeat_revenue,unknown_revenue,unmatched_returns,anonymous_revenue,"+
		"repeat_share_low,repeat_share_high,deals,first_deals,repeat_deals,unknown_deals,customers,new_customers,"+
		"returning_customers,unknown_customers,overlap,profit,first_profit,repeat_profit,partial,reliable", ",")
	var names []string
	for _, f := range record.Schema().Fields() {
		names = append(names, f.Name)
	}
	if len(names) < len(want) || !slices.Equal(names[:len(want)], want) {
		t.Errorf("columns %v, want %v first", names, want)
	}
	money := record.Column(1).DataType()
	if d, ok := money.(*arrow.Decimal128Type); !ok || d.Precision != 18 || d.Scale != 4 {
		t.Errorf("revenue is %v", money)
	}
	if got := record.Column(1).(*array.Decimal128).Value(0).LowBits(); got != 1_002_500 {
		t.Errorf("revenue of January is %d", got)
	}

	rows := rowsOf(t, record)
	if len(rows) != 4 {
		t.Fatalf("%d rows, want three months and a total", len(rows))
	}
	expect(t, rows[0], map[string]any{"period": "2024-01", "revenue": "100.25", "repeat_share_low": 0.0, "profit": "40.25", "first_profit": "40.25", "reliable": true})
	expect(t, rows[1], map[string]any{"period": "2024-02", "revenue": "0", "repeat_share_low": nil, "repeat_share_high": nil, "share_reason": "no_base", "deals": 0.0, "profit": "0"})
	expect(t, rows[2], map[string]any{"period": "2024-03", "anonymous_revenue": "9", "repeat_share_high": 1.0, "profit": nil, "repeat_profit": nil, "first_profit": "0", "profit_share_low": nil})
	expect(t, rows[3], map[string]any{"period": "total", "revenue": "150.25", "customers": 1.0, "deals": 2.0, "share_reason": nil, "repeat_purchase_rate": 1.0, "partial": false})
}

func TestTableRecord(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	record := tabulate(t, open(t, small, complete), cohorts.TableOptions{}).Record(mem)
	defer record.Release()
	rows := rowsOf(t, record)
	if want := 4 + 2 + 4 + 1; len(rows) != want {
		t.Fatalf("%d rows, want %d", len(rows), want)
	}
	expect(t, rows[0], map[string]any{"cohort": "2024-01", "age": 0.0, "period": "2024-01", "size": 3.0, "customers": 3.0, "retention": 1.0, "deals": 3.0, "revenue": "180"})
	expect(t, rows[1], map[string]any{"cohort": "2024-01", "age": 1.0, "customers": 0.0, "retention": 0.0, "revenue": "0", "cumulative_revenue": "180", "cumulative_profit": nil, "observed": "full"})
	expect(t, rows[4], map[string]any{"cohort": "2024-03", "age": 0.0, "period": "2024-03", "size": 1.0})
	expect(t, rows[6], map[string]any{"cohort": "earlier", "age": nil, "period": "2024-01", "retention": nil, "customers": 0.0})
	expect(t, rows[10], map[string]any{"cohort": "unmatched", "age": nil, "period": nil, "revenue": "-3"})
}

// An export without a deal has no cells, but its total all the same.
func TestRecordsOfNothing(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	for name, r := range map[string]arrow.Record{
		"repeat": repeatShare(t, nothing{}, cohorts.RepeatOptions{}).Record(mem),
		"table":  tabulate(t, nothing{}, cohorts.TableOptions{}).Record(mem),
	} {
		if r.NumRows() != 1 {
			t.Errorf("%s has %d rows, want 1", name, r.NumRows())
		}
		r.Release()
	}
}
