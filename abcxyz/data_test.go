package abcxyz_test

import (
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

// TestCDNOW holds the ranking to the sample of the CDNOW data (Fader & Hardie):
// 2,357 customers and 244,091.94 dollars. Money per month calls nearly every
// customer there erratic, and so tells them not apart; the rhythm does.
func TestCDNOW(t *testing.T) {
	h := orderstest.Collect(t, published.CDNOW(t), orders.Options{CountZero: true, HistoryComplete: true})

	// Counted from the file by a few lines of another language: one day of
	// purchases 1,218, of them 8 of free goods; six days or more 283.
	for _, test := range []struct {
		vary                       abcxyz.Vary
		x, y, z, oneOff, undefined int
	}{
		{abcxyz.Gaps, 0, 16, 267, 1218, 856},
		{abcxyz.Value, 0, 0, 1139, 1210, 8},
	} {
		r := rank(t, h, abcxyz.Options{Vary: test.vary})
		if len(r.Items) != 2357 || r.Total != amount(t, "244091.94") || r.Pareto != 777 {
			t.Errorf("%d customers, %s, 80 %% by %d", len(r.Items), r.Total, r.Pareto)
		}
		for i, want := range []int{test.x, test.y, test.z, test.oneOff, test.undefined} {
			m := r.Matrix()
			if got := m.ColumnTotals[i].Items; got != want {
				t.Errorf("by %s %d customers are %s, not %d", test.vary, got, m.Columns[i], want)
			}
		}
	}
}
