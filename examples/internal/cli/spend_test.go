package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// TestReadSpend reads files as programs and people write them.
func TestReadSpend(t *testing.T) {
	january := orders.Month.Of(orders.NewDate(2024, 1, 1))
	want := []ltv.Spend{
		{Period: january, Channel: "ads", Money: 12_345_000, Leads: ltv.Counted(1200), Qualified: ltv.Counted(3)},
		{Period: orders.Day.Of(orders.NewDate(2024, 2, 29)), Money: 5 * orders.One},
		{Period: orders.Quarter.Of(orders.NewDate(2024, 4, 1))},
		{Period: orders.Year.Of(orders.NewDate(2025, 1, 1)), Channel: "a,b", Leads: ltv.Counted(0)},
	}
	for name, text := range map[string]string{
		"english":   "period,channel,spend,leads,qualified\n2024-01,ads,1234.5,1200,3\n2024-02-29,,5,,\n2024-Q2,,,,\n2025,\"a,b\",0,0,\n",
		"russian":   "\ufeffПериод;Канал;Расходы;Лиды;Целевые;примечание\r\n01.2024;ads;1 234,50;1 200;3;да\r\n29.02.2024;;5\r\n2024-Q2;;;;\r\n2025;a,b;0;0;\r\n",
		"reordered": "spend\tperiod\tleads\tchannel\tqualified\n1234.50\t2024-01\t1200\tads\t3\n5\t2024-02-29\n\t2024-Q2\n0\t2025\t0\ta,b\n",
	} {
		path := filepath.Join(t.TempDir(), "spend.csv")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := (&Job{}).ReadSpend(path)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, got, want)
		}
	}
	if got, err := (&Job{}).ReadSpend(""); got != nil || err != nil {
		t.Errorf("no file: %v, %v", got, err)
	}
}

// TestReadSpendErrors: a cell that does not fit is named by line and column.
func TestReadSpendErrors(t *testing.T) {
	const head = "period,channel,spend,leads\n"
	for name, test := range map[string]struct{ text, want string }{
		"no columns": {"month,money\n", "period"}, "empty": {"", "empty"}, "zero bytes": {"\x00\x01\x02\x03\x00\x05", "no text"},
		"period": {head + "2024-01,,1,\nnever,,1,\n", `line 3, column 1: value "never"`}, "quarter": {head + "2024-Q5,,1,\n", "line 2, column 1"},
		"money": {head + "2024-01,,much,\n", "column 3"}, "negative": {head + "2024-01,,-1,\n", "column 3"}, "leads": {head + "2024-01,,1,1.5\n", "column 4"},
		"quotes": {head + "2024-01,\"x,1,1\n", "line"},
	} {
		path := filepath.Join(t.TempDir(), "spend.csv")
		if err := os.WriteFile(path, []byte(test.text), 0o666); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		_, err := New("x", "", "", []string{"-lang", "en"}, &out, &out).ReadSpend(path)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q in it", name, err, test.want)
		}
	}
}
