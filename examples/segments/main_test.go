package main

import (
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
)

const header = "customer,purchases,days_since_last,revenue,grid,r,f,m,segment,rule"

func TestGolden(t *testing.T) {
	for _, what := range []string{"customers", "segments", "cuts", "grid", "moves"} {
		for _, language := range []string{"ru", "en"} {
			out, _ := clitest.Run(t, run, "-lang", language, "-what", what, clitest.Shop)
			clitest.Golden(t, what+"."+language+".txt", out)
		}
		out, _ := clitest.Run(t, run, "-what", what, "-format", "json", clitest.Shop)
		clitest.Golden(t, what+".json", out)
	}
	out, _ := clitest.Run(t, run, "-format", "csv", clitest.Shop)
	clitest.Golden(t, "customers.csv", out)
	out, _ = clitest.Run(t, run, "-format", "csv", "-scoring", "fixed", "-r", "1,20,30,100", "-f", "2,3,4,6", "-m", "100,1000.50,7000,7500", clitest.Shop)
	clitest.Golden(t, "fixed.csv", out)
	out, _ = clitest.Run(t, run, "-format", "csv", "-scoring", "width", "-trim", "25", "-scores", "3", "-measure", "profit", "-rule", "лучшие:2-3,,3", "-rule", "прочие:,,", clitest.Shop)
	clitest.Golden(t, "width.csv", out)
}

// TestCustomers: the revenue of the customers and of those without a purchase is
// that of the segments, whatever the scoring, and scores are those of the rules.
func TestCustomers(t *testing.T) {
	for _, file := range []string{clitest.Shop, clitest.Company1C, clitest.Company} {
		for _, scoring := range []string{"quantile", "fixed", "width"} {
			out, _ := clitest.Run(t, run, "-format", "csv", "-scoring", scoring, file)
			rows := clitest.CSV(t, out, header).Rows
			out, _ = clitest.Run(t, run, "-format", "csv", "-what", "segments", "-scoring", scoring, file)
			segments := clitest.CSV(t, out, "rule,segment,r,f,m,customers").Rows
			if a, b := clitest.Sum(t, rows, "revenue"), clitest.Sum(t, segments, "revenue"); a != b || a == 0 {
				t.Errorf("%s by %s: customers bring %s, segments %s", file, scoring, a, b)
			}
			byRule := map[string]map[string]string{}
			for _, s := range segments {
				byRule[s["rule"]] = s
			}
			for _, row := range rows {
				rule := byRule[row["rule"]]
				for _, axis := range []string{"r", "f"} {
					if from, to, ok := strings.Cut(rule[axis], "-"); row[axis] < from || ok && row[axis] > to || !ok && row[axis] != from {
						t.Errorf("%s by %s: customer %s scores %s = %s, but rule %s takes %s", file, scoring, row["customer"], axis, row[axis], row["rule"], rule[axis])
					}
				}
				if row["segment"] != rule["segment"] {
					t.Errorf("%s by %s: customer %s is %s by a rule of %s", file, scoring, row["customer"], row["segment"], rule["segment"])
				}
			}
		}
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{
		{"-scoring", "moon"}, {"-scores", "3"}, {"-scores", "11", "-rule", "a:,,"}, {"-trim", "3"}, {"-r", "1,2,3,4"}, {"-scoring", "fixed", "-f", "5,4,3,2"},
		{"-scoring", "fixed", "-m", "1"}, {"-rule", "nameless"}, {"-rule", "a:1,2"}, {"-rule", "a:x,,"}, {"-rule", "a:6-7,,"}, {"-what", "moves", "-start", "2030-01-01"}, {"-start", "soon"},
	} {
		clitest.Fail(t, run, 2, append(args, clitest.Shop)...)
	}
	clitest.Fail(t, run, 1, "no such file.csv")
}
