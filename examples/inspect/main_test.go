package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/internal/published"
)

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		out, _ := clitest.Run(t, run, "-lang", language, clitest.Shop)
		clitest.Golden(t, "shop."+language+".txt", out)
	}
	out, _ := clitest.Run(t, run, "-format", "json", "-lang", "en", clitest.Shop)
	clitest.Golden(t, "shop.json", out)
}

// inspection is what -format json promises.
type inspection struct {
	RowsRead int64 `json:"rows_read"`
	Accepted int64
	Rejected int64
	Skipped  map[string]int64

	MoneyRead     json.Number `json:"money_read"`
	MoneyAccepted json.Number `json:"money_accepted"`
	MoneyRejected json.Number `json:"money_rejected"`
	MoneySkipped  json.Number `json:"money_skipped"`

	Identified json.Number `json:"identified_revenue"`
	Anonymous  json.Number `json:"anonymous_revenue"`
	Cancelled  json.Number `json:"cancelled_revenue"`

	FirstDay string `json:"first_day"`
	LastDay  string `json:"last_day"`

	Customers, Deals, Purchases int64

	Encoding, Delimiter string
	Columns             map[string]string
	Warnings            []struct {
		Code, Text string
		Count      int64
		Amount     json.Number
	}
}

func inspect(t *testing.T, args ...string) inspection {
	t.Helper()
	out, _ := clitest.Run(t, run, append([]string{"-format", "json"}, args...)...)
	var i inspection
	if err := json.Unmarshal([]byte(out), &i); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	skipped := int64(0)
	for _, n := range i.Skipped {
		skipped += n
	}
	if i.RowsRead != i.Accepted+i.Rejected+skipped {
		t.Errorf("%q: %d rows read, %d accepted, %d rejected, %d skipped", args, i.RowsRead, i.Accepted, i.Rejected, skipped)
	}
	return i
}

func TestSample(t *testing.T) {
	journal, plain := inspect(t, clitest.Company1C), inspect(t, clitest.Company)
	if journal.Encoding != "windows-1251" || journal.Delimiter != ";" {
		t.Errorf("the journal is %s with %q", journal.Encoding, journal.Delimiter)
	}
	if plain.Encoding != "utf-8" || plain.Delimiter != "," {
		t.Errorf("the plain file is %s with %q", plain.Encoding, plain.Delimiter)
	}
	if journal.Columns["date"] != "Дата" || plain.Columns["revenue"] != "revenue" {
		t.Errorf("columns %v, %v", journal.Columns, plain.Columns)
	}
	a := []any{journal.MoneyAccepted, journal.Identified, journal.Anonymous, journal.Cancelled, journal.FirstDay, journal.LastDay, journal.Customers, journal.Deals, journal.Purchases}
	b := []any{plain.MoneyAccepted, plain.Identified, plain.Anonymous, plain.Cancelled, plain.FirstDay, plain.LastDay, plain.Customers, plain.Deals, plain.Purchases}
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("figure %d: the journal has %v, the plain file %v of the same company", i, a[i], b[i])
		}
	}
}

// TestOnlineRetail: the known totals of Online Retail (UCI, CC BY 4.0).
func TestOnlineRetail(t *testing.T) {
	file := published.Path(t, "uci_online_retail.csv")
	day := inspect(t, file, "-cancel", "C") // a flag may follow the file
	if day.RowsRead != 541_909 || day.Accepted != 541_909 || day.MoneyRead != "9747747.934" || day.MoneyAccepted != "9747747.934" {
		t.Errorf("%d rows with %s, %d accepted with %s", day.RowsRead, day.MoneyRead, day.Accepted, day.MoneyAccepted)
	}
	if day.Customers != 4338 || day.Purchases != 16_763 || day.Identified != "8911407.904" {
		t.Errorf("%d customers, %d purchases, %s", day.Customers, day.Purchases, day.Identified)
	}
	if len(day.Warnings) == 0 || day.Warnings[0].Code != "cancelled_negative" {
		t.Errorf("no warning that the excluded documents are negative: %v", day.Warnings)
	}
	if deal := inspect(t, "-cancel", "C", "-purchase", "deal", file); deal.Purchases != 18_532 || deal.Customers != 4338 {
		t.Errorf("by deal: %d purchases, %d customers", deal.Purchases, deal.Customers)
	}
	// 8,300,065.814 is 8,300,065.81 to the cent.
	if returned := inspect(t, "-return", "C", file); returned.Identified != "8300065.814" || returned.Purchases != 16_608 {
		t.Errorf("as returns: %s, %d purchases", returned.Identified, returned.Purchases)
	}
}

func TestRejectedRowsAreShown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(file, []byte("date,customer,revenue\n2024-01-01,a,1\nsoon,b,2\n20024-01-02,c,3\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if i := inspect(t, file); i.Rejected != 2 || i.Accepted != 1 {
		t.Errorf("%d rejected, %d accepted", i.Rejected, i.Accepted)
	}
	_, message := clitest.Run(t, run, "-lang", "en", file)
	for _, want := range []string{"row 3, column 1 (date)", "row 4, column 1 (date)", `"20024-01-02"`} {
		if !strings.Contains(message, want) {
			t.Errorf("message lacks %s:\n%s", want, message)
		}
	}
	clitest.Fail(t, run, 1, "-max-rejected", "0.1", file)
}

func TestCSV(t *testing.T) {
	out, _ := clitest.Run(t, run, "-format", "csv", clitest.Shop)
	figures := map[string]string{}
	for _, row := range clitest.CSV(t, out, "key,value").Rows {
		figures[row["key"]] = row["value"]
	}
	for key, want := range map[string]string{"rows_read": "16", "money_read": "24300.75", "columns.date": "date", "first_day": "2024-01-09"} {
		if figures[key] != want {
			t.Errorf("%s is %q, want %q", key, figures[key], want)
		}
	}
}
