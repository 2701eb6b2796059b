package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

const header = "period,revenue,first_revenue,repeat_revenue,unknown_revenue,unmatched_returns,anonymous_revenue," +
	"repeat_share_low,repeat_share_high,deals,first_deals,repeat_deals,unknown_deals," +
	"customers,new_customers,returning_customers,unknown_customers,overlap,profit,first_profit,repeat_profit,partial,reliable"

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		out, _ := clitest.Run(t, run, "-lang", language, clitest.Shop)
		clitest.Golden(t, "shop."+language+".txt", out)
		out, _ = clitest.Run(t, run, "-lang", language, "-history", "complete", "-grain", "quarter", clitest.Shop)
		clitest.Golden(t, "complete."+language+".txt", out)
	}
	out, _ := clitest.Run(t, run, "-format", "csv", "-history", "complete", clitest.Shop)
	clitest.Golden(t, "complete.csv", out)
}

// TestTables: the other tables, for people and for programs.
func TestTables(t *testing.T) {
	for _, what := range []string{"arrivals", "split", "roles", "handovers", "handed", "flags"} {
		for _, language := range []string{"ru", "en"} {
			out, _ := clitest.Run(t, run, "-lang", language, "-history", "complete", "-what", what, clitest.Shop)
			clitest.Golden(t, what+"."+language+".txt", out)
		}
		out, _ := clitest.Run(t, run, "-format", "json", "-history", "complete", "-what", what, clitest.Shop)
		clitest.Golden(t, what+".json", out)
	}
}

// TestParts: the parts of every split have the money of the whole, and each
// customer handed over is in one move.
func TestParts(t *testing.T) {
	for _, by := range []string{"salesperson", "owner", "channel", "group", "product"} {
		out, _ := clitest.Run(t, run, "-what", "split", "-by", by, "-format", "csv", clitest.Company)
		rows := clitest.CSV(t, out, "part,revenue,first_revenue,repeat_revenue,unknown_revenue").Rows
		parts, total := rows[:len(rows)-1], rows[len(rows)-1]
		for _, column := range []string{"revenue", "first_revenue", "repeat_revenue", "unknown_revenue", "unmatched_returns", "profit"} {
			if sum, want := clitest.Sum(t, parts, column), clitest.Amount(t, total, column); sum != want || len(parts) < 4 {
				t.Errorf("by %s: %s of %d parts adds up to %s of %s", by, column, len(parts), sum, want)
			}
		}
	}
	out, _ := clitest.Run(t, run, "-what", "handovers", "-format", "csv", clitest.Company)
	moves := clitest.CSV(t, out, "from,to,handed_over,customers,revenue").Rows
	out, _ = clitest.Run(t, run, "-what", "handed", "-format", "csv", clitest.Company)
	counts := map[string]orders.Amount{}
	for _, row := range clitest.CSV(t, out, "customer,customer_name,from,to,day").Rows {
		counts[row["from"]+"→"+row["to"]] += orders.One
	}
	for _, m := range moves {
		if want := counts[m["from"]+"→"+m["to"]]; m["handed_over"] == "true" && clitest.Amount(t, m, "customers") != want || len(counts) < 6 {
			t.Errorf("%s→%s: %s customers, want %s", m["from"], m["to"], m["customers"], want)
		}
	}
}

// TestWords: the firm's own words for the flag.
func TestWords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "flags.csv")
	if err := os.WriteFile(file, []byte("Клиент;Дата;Сумма;Повторная сделка\nа;01.02.2024;10;свежая\nа;05.03.2024;20;бывалая\nб;06.03.2024;5;\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	out, _ := clitest.Run(t, run, "-what", "flags", "-history", "complete", "-repeat-words", "Бывалая", "-first-words", "свежая,", "-format", "csv", file)
	for _, row := range clitest.CSV(t, out, "word,says,first_deals,repeat_deals").Rows {
		want := map[string]string{"": "first1 0", "свежая": "first1 0", "бывалая": "repeat0 1"}[row["word"]]
		if got := row["says"] + row["first_deals"] + " " + row["repeat_deals"]; got != want {
			t.Errorf("%q: %s, want %s", row["word"], got, want)
		}
	}
	clitest.Fail(t, run, 2, "-what", "flags", "-repeat-words", "нет", file)
}

// TestSums: in every row the four sides are the revenue, deals and customers
// add up, and the last row is the sum of the others.
func TestSums(t *testing.T) {
	for _, args := range [][]string{
		{clitest.Company1C}, {clitest.Company}, {clitest.Company, "-history", "complete"},
		{clitest.Company, "-purchase", "deal", "-grain", "week"}, {clitest.Company, "-as-of", "31.12.2024", "-grain", "quarter"},
	} {
		out, _ := clitest.Run(t, run, append(args, "-format", "csv")...)
		rows := clitest.CSV(t, out, header).Rows
		periods, total := rows[:len(rows)-1], rows[len(rows)-1]
		if total["period"] != "total" || len(periods) == 0 {
			t.Fatalf("%q: the last of %d rows is %s", args, len(rows), total["period"])
		}
		for _, row := range rows {
			get := func(column string) orders.Amount { return clitest.Amount(t, row, column) }
			if get("first_revenue")+get("repeat_revenue")+get("unknown_revenue")+get("unmatched_returns") != get("revenue") {
				t.Errorf("%q: %s: sides do not add up to %s", args, row["period"], row["revenue"])
			}
			if get("first_deals")+get("repeat_deals")+get("unknown_deals") != get("deals") {
				t.Errorf("%q: %s: deals do not add up to %s", args, row["period"], row["deals"])
			}
			if get("new_customers")+get("returning_customers")+get("unknown_customers")-get("overlap") != get("customers") {
				t.Errorf("%q: %s: customers do not add up to %s", args, row["period"], row["customers"])
			}
			if get("first_profit")+get("repeat_profit")+get("unknown_profit")+get("unmatched_profit") != get("profit") {
				t.Errorf("%q: %s: profits do not add up to %s", args, row["period"], row["profit"])
			}
			if low, high := share(t, row["repeat_share_low"]), share(t, row["repeat_share_high"]); low > high || high > 1 {
				t.Errorf("%q: %s: the share is from %v to %v", args, row["period"], low, high)
			}
		}
		for _, column := range []string{"revenue", "first_revenue", "repeat_revenue", "unknown_revenue", "unmatched_returns", "anonymous_revenue", "deals", "new_customers", "profit"} {
			if sum, want := clitest.Sum(t, periods, column), clitest.Amount(t, total, column); sum != want {
				t.Errorf("%q: %s adds up to %s, the total is %s", args, column, sum, want)
			}
		}
	}
}

// share returns a cell that holds a share; an empty one is 0.
func share(t *testing.T, s string) float64 {
	t.Helper()
	if s == "" {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestOnlineRetail: the known figures of Online Retail (UCI, CC BY 4.0).
func TestOnlineRetail(t *testing.T) {
	file := published.Path(t, "uci_online_retail.csv")
	for purchase, want := range map[string][2]string{"day": {"16763", "2790"}, "deal": {"18532", "2845"}} {
		out, _ := clitest.Run(t, run, "-cancel", "C", "-purchase", purchase, "-format", "csv", file)
		rows := clitest.CSV(t, out, header).Rows
		total := rows[len(rows)-1]
		if total["deals"] != want[0] || total["repeaters_to_date"] != want[1] || total["returning_customers"] != want[1] ||
			total["revenue"] != "8911407.904" || total["customers"] != "4338" {
			t.Errorf("by %s: %v", purchase, total)
		}
	}
}

func TestMisuse(t *testing.T) {
	clitest.Fail(t, run, 2, "-grain", "decade", clitest.Shop)
	clitest.Fail(t, run, 2, "-what", "luck", clitest.Shop)
	clitest.Fail(t, run, 2, "-what", "split", "-by", "customer", clitest.Shop)
	clitest.Fail(t, run, 2, "-history", "complete", "-burn-in", "30", clitest.Shop)
	clitest.Fail(t, run, 1, t.TempDir())
}
