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

// TestPredictRecords holds a row of each record of predictions to its values.
func TestPredictRecords(t *testing.T) {
	m := ltv.BGNBD{R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426, Unit: ltv.PerWeek}
	p := predicted(t, opensCDNOW(t), ltv.PredictOptions{Scope: orders.Scope{AsOf: cut}, Model: m})
	v := validated(t, opensCDNOW(t), ltv.ValidateOptions{})
	for _, c := range []struct {
		name   string
		record func(memory.Allocator) arrow.Record
		at     int
		rows   int
		want   string
	}{
		{"Prediction", p.Record, 0, 2357, "customer=0509 name=0509 entry=first purchases=19 first_day=1997-01-22 last_day=1997-09-25 historic=1465.36 first_value=49.97 repeat_value=1415.39 acquisition=0 p_alive=0.94644"},
		{"Validation", v.Record, 3, 6, "model=pareto baseline=false chosen=true actual=1882 expected=1665.51"},
		{"baseline", v.Record, 5, 6, "model=mean baseline=true chosen=false actual=1882 expected=2928.9462483720454 bias=0.5562944996663366 mae=1.3820768354919009 rmse=2.104232688076225 msle=0.5781815318548941 spearman=(null) gini=0 log=(null) coverage=(null) low=(null) high=(null)"},
		{"Validation.DecileRecord", v.DecileRecord, 31, 60, "model=pareto decile=2 customers=235.7 expected=1.328"},
		{"Validation.TrackingRecord", v.TrackingRecord, 0, 79, "day=1997-01-05 holdout=false actual=0 nbd=0.874"},
		{"Choice", v.Choice.Record, 4, 15, "day=1997-05-16 until=1997-09-30 customers=2357 actual=1142 model=mean chosen=false expected=1957.97"},
	} {
		t.Run(c.name, func(t *testing.T) {
			row, rows := orderstest.Row(t, c.record, c.at)
			if rows != int64(c.rows) || !strings.HasPrefix(row, c.want) || c.want == "" {
				t.Errorf("%d rows, %s\nwant %d, %s", rows, row, c.rows, c.want)
			}
		})
	}
}
