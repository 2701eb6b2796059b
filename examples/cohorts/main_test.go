package main

import (
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/orders"
)

const header = "cohort,age,value,size,observed"

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		for _, measure := range []string{"customers", "retention", "revenue", "profit"} {
			out, _ := clitest.Run(t, run, "-lang", language, "-history", "complete", "-as-of", "2024-06-04", "-measure", measure, clitest.Shop)
			clitest.Golden(t, measure+"."+language+".txt", out)
		}
	}
	out, _ := clitest.Run(t, run, "-format", "csv", "-measure", "revenue", clitest.Shop)
	clitest.Golden(t, "revenue.csv", out)
}

// TestSums: the cells of all cohorts, earlier customers and unmatched money
// add up to the export; age 0 is the whole cohort.
func TestSums(t *testing.T) {
	for _, args := range [][]string{{clitest.Company1C}, {clitest.Company, "-history", "complete"}, {clitest.Company, "-grain", "quarter", "-burn-in", "30"}} {
		out, _ := clitest.Run(t, run, append(args, "-measure", "revenue", "-format", "csv")...)
		revenue := clitest.CSV(t, out, header)
		if got, want := clitest.Sum(t, revenue.Rows, "value"), identified(t, args[0]); got != want {
			t.Errorf("%q: cells add up to %s, the export to %s", args, got, want)
		}
		out, _ = clitest.Run(t, run, append(args, "-measure", "customers", "-format", "csv")...)
		for _, row := range clitest.CSV(t, out, header).Rows {
			if row["age"] == "0" && row["value"] != row["size"] {
				t.Errorf("%q: %s has %s customers, %s of them active at age 0", args, row["cohort"], row["size"], row["value"])
			}
			if row["observed"] != "full" && row["observed"] != "partial" {
				t.Errorf("%q: %s at age %s is observed %q", args, row["cohort"], row["age"], row["observed"])
			}
		}
	}
}

// identified returns the identified revenue of a file, read again.
func identified(t *testing.T, file string) orders.Amount {
	t.Helper()
	sales, err := orders.ReadFile(t.Context(), file, orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer sales.Release()
	c, err := sales.Control(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c.Identified
}

func TestMisuse(t *testing.T) {
	clitest.Fail(t, run, 2, "-measure", "luck", clitest.Shop)
	clitest.Fail(t, run, 1, "no such file.csv")
}
