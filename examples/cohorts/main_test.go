package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/internal/published"
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
	for name, args := range map[string][]string{
		"unbounded":  {"-measure", "unbounded"},
		"purchases":  {"-measure", "purchases", "-age-days", "30"},
		"cumulative": {"-measure", "contribution", "-sum", "cumulative", "-per", "customer"},
		"ltv":        {"-what", "ltv", "-cpl", "300", "-conversion", "0.25"},
		"year":       {"-what", "revenue", "-lag", "3"},
	} {
		args = append(args, "-history", "complete", clitest.Shop)
		for _, language := range []string{"ru", "en"} {
			out, _ := clitest.Run(t, run, append(args, "-lang", language)...)
			clitest.Golden(t, name+"."+language+".txt", out)
		}
		out, _ := clitest.Run(t, run, append(args, "-format", "json")...)
		clitest.Golden(t, name+".json", out)
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

// TestCDNOW: the published table of the CDNOW sample, and its revenue retention.
func TestCDNOW(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cdnow.csv")
	var text strings.Builder
	text.WriteString("customer,date,revenue\n")
	for _, l := range published.CDNOW(t) {
		fmt.Fprintf(&text, "%s,%s,%s\n", l.Customer, l.Date, l.Revenue)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"-zero", "purchase", "-history", "complete", "-format", "csv", file}
	out, _ := clitest.Run(t, run, args...)
	var january []string
	for _, row := range clitest.CSV(t, out, header).Rows {
		if row["cohort"] == "1997-01" {
			january = append(january, row["value"])
		}
	}
	if got, want := strings.Join(january, ", "), "781, 124, 95, 70, 65, 77, 65, 53, 52, 45, 62, 59, 45, 47, 63, 37, 37, 33"; got != want {
		t.Errorf("January's row %s, want %s", got, want)
	}
	out, _ = clitest.Run(t, run, append(args, "-what", "revenue")...)
	first := clitest.CSV(t, out, "period,base,customers,active,base_revenue,revenue_now,nrr,grr").Rows[0]
	rate := func(column string) string {
		v, _ := strconv.ParseFloat(first[column], 64)
		return fmt.Sprintf("%.3f", v)
	}
	if first["period"] != "1998-01" || rate("nrr") != "0.075" || rate("grr") != "0.047" {
		t.Errorf("January 1998: %v, want NRR .075 and GRR .047", first)
	}
}

func TestMisuse(t *testing.T) {
	clitest.Fail(t, run, 2, "-what", "luck", clitest.Shop)
	clitest.Fail(t, run, 2, "-what", "ltv", "-cpl", "500", clitest.Shop)
	clitest.Fail(t, run, 2, "-measure", "luck", clitest.Shop)
	clitest.Fail(t, run, 1, "no such file.csv")
}
