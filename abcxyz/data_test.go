package abcxyz_test

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// TestCDNOW holds the ranking to the sample of the CDNOW data (Fader & Hardie):
// 2,357 customers and 244,091.94 dollars. Money per month calls nearly every
// customer there erratic, and so tells them not apart; the rhythm does.
func TestCDNOW(t *testing.T) {
	file, err := os.Open("../../shared/data/CDNOW_sample.txt")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the CDNOW sample is not beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := func(yield func(orders.Line, error) bool) {
		for s := bufio.NewScanner(file); s.Scan(); {
			f := strings.Fields(s.Text()) // master id, sample id, date, CDs, dollars
			day := date(t, f[2][:4]+"-"+f[2][4:6]+"-"+f[2][6:])
			if !yield(orders.Line{Customer: f[1], Date: day, Quantity: amount(t, f[3]), Revenue: amount(t, f[4])}, nil) {
				return
			}
		}
	}
	h, err := orders.Collect(context.Background(), lines, orders.Options{CountZero: true, HistoryComplete: true})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()

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
