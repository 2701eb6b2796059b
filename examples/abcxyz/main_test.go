package main

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/orders"
)

const header = "item,name,value,share,cum_before,cum_share,abc,cv,periods,active_periods,gaps,xyz,class,reason"

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		out, _ := clitest.Run(t, run, "-lang", language, clitest.Shop)
		clitest.Golden(t, "customers."+language+".txt", out)
		out, _ = clitest.Run(t, run, "-lang", language, "-by", "product", "-measure", "quantity", "-calendar", "window", clitest.Shop)
		clitest.Golden(t, "products."+language+".txt", out)
	}
	out, _ := clitest.Run(t, run, "-format", "csv", clitest.Shop)
	clitest.Golden(t, "customers.csv", out)
	for _, language := range []string{"ru", "en"} {
		out, _ := clitest.Run(t, run, "-lang", language, "-by", "product", "-compare", "ut11", clitest.Shop)
		clitest.Golden(t, "compare."+language+".txt", out)
		out, _ = clitest.Run(t, run, "-lang", language, "-measures", "revenue,profit,purchases", clitest.Shop)
		clitest.Golden(t, "measures."+language+".txt", out)
		out, _ = clitest.Run(t, run, "-lang", language, "-split", "salesperson", clitest.Shop)
		clitest.Golden(t, "split."+language+".txt", out)
	}
}

// TestRules: every rule ranks the same items, in the same order and of the same sum.
func TestRules(t *testing.T) {
	sums := map[orders.Amount]bool{}
	for _, args := range [][]string{
		{"-rule", "before"}, {"-rule", "upto"}, {"-rule", "unf"}, {"-rule", "ut11", "-xyz", "means"}, {"-rule", "pal", "-abc", "50,80,95"},
		{"-rule", "absolute", "-abc", "100000,10000"}, {"-vary", "value", "-sigma", "sample", "-calendar", "firsttolast", "-season", "yes"},
	} {
		out, _ := clitest.Run(t, run, append(args, "-format", "csv", clitest.Company)...)
		sums[clitest.Sum(t, clitest.CSV(t, out, header).Rows, "value")] = true
	}
	if len(sums) != 1 {
		t.Errorf("%d sums", len(sums))
	}
}

// TestSeveral: the money of every table is that of the ranking.
func TestSeveral(t *testing.T) {
	out, _ := clitest.Run(t, run, "-format", "csv", clitest.Company)
	want := clitest.Sum(t, clitest.CSV(t, out, header).Rows, "value")
	for _, test := range []struct{ flag, value, column, header string }{
		{"-measures", "revenue,profit", "value_revenue", "item,name,classes,value_revenue,rank_revenue,abc_revenue,value_profit"},
		{"-split", "salesperson", "value", "split,rank,item,name,value"},
		{"-compare", "unf", "value", "item,name,value,abc,their_abc,cv,xyz,their_cv,their_xyz,same,abc_reasons,xyz_reasons"},
		{"-compare", "pal", "value", "item,name,value,abc,their_abc,cv,xyz,their_cv,their_xyz,same"},
	} {
		out, _ := clitest.Run(t, run, test.flag, test.value, "-format", "csv", clitest.Company)
		if got := clitest.Sum(t, clitest.CSV(t, out, test.header).Rows, test.column); got != want {
			t.Errorf("%s %s adds up to %s, not %s", test.flag, test.value, got, want)
		}
		out, _ = clitest.Run(t, run, test.flag, test.value, "-format", "json", clitest.Company)
		if !json.Valid([]byte(out)) {
			t.Errorf("%s: %s", test.flag, out)
		}
	}
}

// TestSums: items add up to the export, cumulative shares to 1, and classes
// follow from the shares.
func TestSums(t *testing.T) {
	for _, file := range []string{clitest.Company1C, clitest.Company} {
		for _, by := range []string{"customer", "product", "salesperson"} {
			t.Run(file+" "+by, func(t *testing.T) {
				out, _ := clitest.Run(t, run, "-by", by, "-format", "csv", "-abc", "70,90", file)
				r := clitest.CSV(t, out, header)
				if len(r.Rows) == 0 {
					t.Fatal("no rows")
				}
				last := 0.0
				for _, row := range r.Rows {
					if row["abc"] == "N" {
						continue
					}
					before, after := number(t, row["cum_before"]), number(t, row["cum_share"])
					if before != last {
						t.Errorf("%s begins at %v, the item before ends at %v", row["item"], before, last)
					}
					if before < 0.7 && row["abc"] != "A" || before >= 0.9 && row["abc"] == "A" {
						t.Errorf("%s is %s at %v", row["item"], row["abc"], before)
					}
					last = after
				}
				if last != 1 {
					t.Errorf("shares add up to %v", last)
				}
				if got, want := clitest.Sum(t, r.Rows, "value"), stated(t, by, file); got != want {
					t.Errorf("values add up to %s, the header has %s", got, want)
				}
			})
		}
	}
}

// stated returns the total that the JSON header states.
func stated(t *testing.T, by, file string) orders.Amount {
	t.Helper()
	out, _ := clitest.Run(t, run, "-by", by, "-format", "json", file)
	var v struct {
		Header struct{ Total json.Number }
		Rows   []struct{ Value json.Number }
	}
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatal(err)
	}
	total, err := orders.ParseAmount(v.Header.Total.String())
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFlags(t *testing.T) {
	out, _ := clitest.Run(t, run, "-format", "csv", "-measure", "purchases", "-vary", "value", "-rule", "upto", "-cv", "30,60", "-grain", "quarter", clitest.Shop)
	rows := clitest.CSV(t, out, header).Rows
	if rows[0]["item"] != "c1" || rows[0]["value"] != "6" || rows[0]["gaps"] != "" {
		t.Errorf("first row %v", rows[0])
	}
	if rows[len(rows)-1]["item"] != "c6" || rows[len(rows)-1]["share"] != "" {
		t.Errorf("last row %v", rows[len(rows)-1])
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{
		{"-by", "weather"}, {"-abc", "95,80"}, {"-abc", "eighty"}, {"-cv", "10"},
		{"-by", "product", "-vary", "gaps"}, {"-measure"}, {"-colour", "red"}, {"-as-of", "tomorrow"},
	} {
		clitest.Fail(t, run, 2, append(args, clitest.Shop)...)
	}
	clitest.Fail(t, run, 1, "no such file.csv")
}
