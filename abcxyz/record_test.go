package abcxyz_test

import (
	"encoding"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// rows returns a record as text: its header and then its rows, "|" between
// cells, "null" for null.
func rows(r arrow.Record) []string {
	var header []string
	for _, f := range r.Schema().Fields() {
		header = append(header, f.Name)
	}
	all := []string{strings.Join(header, "|")}
	for i := range int(r.NumRows()) {
		var cells []string
		for _, c := range r.Columns() {
			if cell := c.ValueStr(i); c.IsNull(i) {
				cells = append(cells, "null")
			} else {
				cells = append(cells, cell)
			}
		}
		all = append(all, strings.Join(cells, "|"))
	}
	return all
}

func wantRows(t *testing.T, make func(memory.Allocator) arrow.Record, want ...string) {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	r := make(mem)
	defer r.Release()
	got := rows(r)
	if len(got) != len(want) {
		t.Fatalf("%d rows, not %d", len(got)-1, len(want)-1)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row %d is\n%s, not\n%s", i, got[i], want[i])
		}
	}
}

const itemHeader = "rank|item|name|value|share|cum_before|cum_share|abc|cut|revenue|cost_known|cv|season_cv|periods|active_periods|gaps|xyz|class|abc_reason|xyz_reason"

func TestRankingRecord(t *testing.T) {
	lines := monthly(t, "steady", "100.5 100.5 100.5 100.5")[2:]
	lines[0].COGS = orders.Known(orders.One)
	lines = append(lines, monthly(t, "late", ". . . 98")[2:]...)
	lines = append(lines, monthly(t, "back", ". . 10 -10")[2:]...)
	r := rank(t, open(t, lines), abcxyz.Options{By: orders.ByProduct})
	wantRows(t, r.Record, itemHeader+"|rise|lose",
		"1|steady|steady|402|0.804|0|0.804|A|false|402|0.25|0|null|4|4|0|X|AX|||null|377.49",
		"2|late|late|98|0.196|0.804|1|B|false|98|0|null|null|1|1|0|one-off|B one-off|||2.51|76.84",
		"3|back|back|0|null|null|null|N|false|0|null|null|null|2|2|0|–|N–|not_positive|not_positive|0.01|null",
	)
}

func TestMatrixRecord(t *testing.T) {
	r := rank(t, open(t, products(t, "80 20 -5")), abcxyz.Options{By: orders.ByProduct})
	wantRows(t, r.Matrix().Record, "abc|xyz|items|sum|share",
		"A|X|0|0|0", "A|Y|0|0|0", "A|Z|0|0|0", "A|one-off|1|80|0.8", "A|–|0|0|0",
		"B|X|0|0|0", "B|Y|0|0|0", "B|Z|0|0|0", "B|one-off|1|20|0.2", "B|–|0|0|0",
		"C|X|0|0|0", "C|Y|0|0|0", "C|Z|0|0|0", "C|one-off|0|0|0", "C|–|0|0|0",
		"N|X|0|0|0", "N|Y|0|0|0", "N|Z|0|0|0", "N|one-off|0|0|0", "N|–|1|-5|-0.05",
	)
}

func TestCoreRecord(t *testing.T) {
	l := core(t, open(t, company()), abcxyz.CoreOptions{Ranking: abcxyz.Options{Bounds: bounds(95, 99)}})
	wantRows(t, l.Record, itemHeader+"|owner|purchases|first_day|last_day|days_since_last|median_gap|own_median|gap_cv|next_day",
		"3|weekly|weekly|300|0.1597444089456869|0.42598509052183176|0.5857294994675186|A|false|300|0|0|null|2|2|5|X|AX|||S|6|2024-02-20|2024-03-26|14|7|true|0|2024-04-02",
		"7|patchy|patchy|120|0.06389776357827476|0.9318423855165069|0.9957401490947817|A|false|120|0|0.9696241231378995|null|1|1|5|Z|AZ|||S|6|2024-03-01|2024-04-09|0|4|true|0.9696241231378995|2024-04-13",
	)
}

// TestText: every class and option has a text of its own, which is what JSON holds.
func TestText(t *testing.T) {
	for _, test := range []struct {
		value encoding.TextMarshaler
		want  string
	}{
		{abcxyz.A, "A"}, {abcxyz.B, "B"}, {abcxyz.C, "C"}, {abcxyz.N, "N"}, {abcxyz.ABC(99), "?"},
		{abcxyz.D, "D"}, {abcxyz.E, "E"}, {abcxyz.E + 8, "M"}, {abcxyz.E + 9, "?"},
		{abcxyz.X, "X"}, {abcxyz.Y, "Y"}, {abcxyz.Z, "Z"}, {abcxyz.OneOff, "one-off"}, {abcxyz.Undefined, "–"},
		{abcxyz.Before, "before"}, {abcxyz.UpTo, "upto"}, {abcxyz.UNF, "unf"}, {abcxyz.UT11, "ut11"}, {abcxyz.PAL, "pal"}, {abcxyz.Absolute, "absolute"},
		{abcxyz.SinceFirst, "sincefirst"}, {abcxyz.Window, "window"}, {abcxyz.FirstToLast, "firsttolast"},
		{abcxyz.DefaultSigma, "default"}, {abcxyz.Population, "population"}, {abcxyz.Sample, "sample"},
		{abcxyz.CVBounds, "bounds"}, {abcxyz.CVMeans, "means"},
		{abcxyz.ModeUNF, "unf"}, {abcxyz.ModeUT11, "ut11"}, {abcxyz.ModePAL, "pal"},
		{abcxyz.DefaultVary, "default"}, {abcxyz.Value, "value"}, {abcxyz.Count, "count"}, {abcxyz.Gaps, "gaps"},
	} {
		if got, err := test.value.MarshalText(); err != nil || string(got) != test.want {
			t.Errorf("%T %v is %q, %v", test.value, test.value, got, err)
		}
	}
}
