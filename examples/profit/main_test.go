package main

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/orders"
)

const header = "line,first,repeat,unknown,unmatched,total"

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		for _, what := range []string{"profit", "payback", "grid"} {
			out, message := clitest.Run(t, run, append(clitest.Example, "-what", what, "-lang", language)...)
			if message != "" {
				t.Errorf("assumptions alone read something: %s", message)
			}
			clitest.Golden(t, "assumptions_"+what+"."+language+".txt", out)
			out, _ = clitest.Run(t, run, "-what", what, "-lang", language, "-history", "complete", "-cpl", "500", "-conversion", "0,1", "-bonus-repeat", "5%", clitest.Shop)
			clitest.Golden(t, "shop_"+what+"."+language+".txt", out)
		}
	}
}

// TestGoldenSpend holds what the spend of testdata/spend.csv makes of the shop.
func TestGoldenSpend(t *testing.T) {
	args := []string{"-history", "complete", "-spend", "testdata/spend.csv", clitest.Shop}
	for name, more := range map[string][]string{
		"spend_profit":         {"-what", "profit"},
		"spend_acquisition":    {"-what", "acquisition"},
		"spend_by_salesperson": {"-what", "split", "-bonus-first", "1000", "-bonus-repeat", "3%"},
		"spend_by_channel":     {"-what", "split", "-by", "channel"},
		"spend_by_group":       {"-what", "split", "-by", "group", "-overhead-pool", "1000", "-overhead-by", "lines"},
		"spend_by_cohort":      {"-what", "split", "-by", "cohort", "-grain", "quarter"},
		"spend_paybacks":       {"-what", "paybacks", "-by", "channel"},
	} {
		for _, language := range []string{"ru", "en"} {
			out, _ := clitest.Run(t, run, slices.Concat(args, more, []string{"-lang", language})...)
			clitest.Golden(t, name+"."+language+".txt", out)
		}
		for _, format := range []string{"csv", "json"} {
			out, _ := clitest.Run(t, run, slices.Concat(args, more, []string{"-format", format})...)
			clitest.Golden(t, name+"."+format, out)
		}
	}
}

// TestSplitSums: over the rows of a split each line of each side adds up to the
// profit table.
func TestSplitSums(t *testing.T) {
	args := []string{clitest.Company, "-spend", "testdata/spend.csv", "-overhead-pool", "100000,03", "-overhead-by", "revenue", "-overhead", "33,33", "-bonus-first", "3%", "-errors-repeat", "50"}
	table := lines(t, args...)
	for _, by := range []string{"salesperson", "channel", "group", "cohort"} {
		out, _ := clitest.Run(t, run, append(args, "-what", "split", "-by", by, "-format", "csv")...)
		sums := map[string]orders.Amount{}
		rows := clitest.CSV(t, out, by+",role,side").Rows
		for _, row := range rows {
			for _, line := range []string{"revenue", "revenue_without_cost", "cogs", "overhead", "acquisition", "bonus", "errors", "direct"} {
				sums[line+" "+row["side"]] += clitest.Amount(t, row, line)
			}
		}
		if len(rows) < 10 {
			t.Errorf("by %s: %d rows", by, len(rows))
		}
		for key, sum := range sums {
			line, side, _ := strings.Cut(key, " ")
			if want := clitest.Amount(t, table[line], side); sum != want {
				t.Errorf("by %s: %s: the rows come to %s, the table says %s", by, key, sum, want)
			}
		}
	}
}

// TestAcquisitionSums: what was spent is charged, idle, or outside the range.
func TestAcquisitionSums(t *testing.T) {
	out, _ := clitest.Run(t, run, clitest.Shop, "-history", "complete", "-spend", "testdata/spend.csv", "-what", "acquisition", "-format", "csv")
	var spent, charged orders.Amount
	for _, row := range clitest.CSV(t, out, "period,channel,spend,leads").Rows {
		spent += clitest.Amount(t, row, "spend")
		charged += clitest.Amount(t, row, "charged") + clitest.Amount(t, row, "idle")
	}
	if want, _ := orders.ParseAmount("15500.55"); spent != want || charged != want {
		t.Errorf("%s spent, %s charged or idle, want %s", spent, charged, want)
	}
}

// lines returns a profit table by line.
func lines(t *testing.T, args ...string) map[string]map[string]string {
	t.Helper()
	out, _ := clitest.Run(t, run, append(args, "-format", "csv")...)
	byLine := map[string]map[string]string{}
	for _, row := range clitest.CSV(t, out, header).Rows {
		byLine[row["line"]] = row
	}
	return byLine
}

// TestWorkedExample: definitions of the first and the repeat deal: 55,000 −
// 40,000 − 5,000 − 5,000 − 3,000 = 2,000 and 55,000 − 40,000 − 3,000 − 1,000 = 11,000.
func TestWorkedExample(t *testing.T) {
	table := lines(t, clitest.Example...)
	for line, want := range map[string][2]string{
		"revenue": {"55000", "55000"}, "cogs": {"40000", "40000"}, "overhead": {"0", "0"}, "acquisition": {"5000", "0"},
		"bonus": {"5000", "3000"}, "errors": {"3000", "1000"}, "direct": {"0", "0"}, "profit": {"2000", "11000"},
		"margin": {"0.03636363636363636", "0.2"},
	} {
		if got := [2]string{table[line]["first"], table[line]["repeat"]}; got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

// TestWorkedExamplePayback: five new customers bring 10,000, one customer with
// five purchases 46,000.
func TestWorkedExamplePayback(t *testing.T) {
	out, _ := clitest.Run(t, run, append(clitest.Example, "-what", "payback", "-format", "csv")...)
	rows := clitest.CSV(t, out, "by,at").Rows
	i := slices.IndexFunc(rows, func(row map[string]string) bool { return row["at"] == "5" })
	if i < 0 || rows[i]["cumulative"] != "46000" || rows[i]["as_new"] != "10000" || rows[i]["times"] != "4.6" {
		t.Errorf("rows %v", rows)
	}
}

// TestWorkedExampleGrid: cost per lead × conversion → acquisition, profit of
// the first purchase, payback.
func TestWorkedExampleGrid(t *testing.T) {
	want := `cost_per_lead,conversion,acquisition,first_profit,payback
500,0.05,10000,-3000,2
500,0.1,5000,2000,1
500,0.2,2500,4500,1
1000,0.05,20000,-13000,3
1000,0.1,10000,-3000,2
1000,0.2,5000,2000,1
1500,0.05,30000,-23000,4
1500,0.1,15000,-8000,2
1500,0.2,7500,-500,2
`
	for _, extra := range [][]string{nil, {"-leads", "500,1000,1500", "-conversions", "0.05,0.1,0.2"}} {
		out, _ := clitest.Run(t, run, slices.Concat(clitest.Example, []string{"-what", "grid", "-format", "csv"}, extra)...)
		if out != want {
			t.Errorf("%q: got\n%s", extra, out)
		}
	}
	// Repeat purchases that earn nothing pay nothing back.
	out, _ := clitest.Run(t, run, "-revenue", "100", "-cogs", "100", "-what", "grid", "-format", "csv", "-leads", "10", "-conversions", "1")
	if rows, _ := csv.NewReader(strings.NewReader(out)).ReadAll(); rows[1][4] != "" {
		t.Errorf("never is %q", rows[1][4])
	}
}

// TestSums: every line adds up over the sides, and every column over the lines.
func TestSums(t *testing.T) {
	for _, args := range [][]string{
		{clitest.Company1C}, {clitest.Company, "-cpl", "500", "-conversion", "0.1", "-overhead", "300", "-bonus-first", "3%", "-errors-repeat", "50"},
	} {
		table := lines(t, args...)
		for _, column := range strings.Split(header, ",")[1:] {
			get := func(line string) orders.Amount { return clitest.Amount(t, table[line], column) }
			rest := get("revenue") - get("revenue_without_cost")
			for _, line := range []string{"cogs", "overhead", "acquisition", "bonus", "errors", "direct"} {
				rest -= get(line)
			}
			if rest != get("profit") {
				t.Errorf("%q: %s: lines leave %s, the profit is %s", args, column, rest, get("profit"))
			}
		}
		for line, row := range table {
			if line == "margin" {
				continue
			}
			sides := orders.Amount(0)
			for _, side := range []string{"first", "repeat", "unknown", "unmatched"} {
				sides += clitest.Amount(t, row, side)
			}
			if total := clitest.Amount(t, row, "total"); sides != total {
				t.Errorf("%q: %s: sides add up to %s, the total is %s", args, line, sides, total)
			}
		}
	}
}

// TestPayback: by number and by day the profit ends where the table has it. In
// the shop all purchases are those of acquired customers.
func TestPayback(t *testing.T) {
	for _, file := range []string{clitest.Shop, clitest.Company} {
		args := []string{file, "-history", "complete", "-cpl", "500", "-conversion", "0.1"}
		profit := lines(t, args...)["profit"]
		want := clitest.Amount(t, profit, "first") + clitest.Amount(t, profit, "repeat")
		out, _ := clitest.Run(t, run, append(args, "-what", "payback", "-format", "csv")...)
		last := map[string]orders.Amount{}
		for _, row := range clitest.CSV(t, out, "by,at,and_later,customers,purchases,revenue,cumulative,per_customer,paid_back").Rows {
			last[row["by"]] = clitest.Amount(t, row, "cumulative")
		}
		if last["number"] != last["day"] {
			t.Errorf("%s: the profit ends at %s by number and at %s by day", file, last["number"], last["day"])
		}
		if file == clitest.Shop && last["number"] != want {
			t.Errorf("%s: the profit ends at %s, the table has %s", file, last["number"], want)
		}
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{
		{"-what", "else"}, {"-cpl", "500"}, {"-conversion", "10"}, {"-cogs", "much"}, {"-bonus-first", "5%%"}, {"-revenue", "1.23456"},
		{"-what", "grid", "-revenue", "1", "-cogs", "1", "-conversions", "2"},
	} {
		clitest.Fail(t, run, 2, args...)
	}
	clitest.Fail(t, run, 1, "-revenue", "100", "-what", "grid") // no cost, no profit
	clitest.Fail(t, run, 1, "no such file.csv")
}
