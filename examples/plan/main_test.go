package main

import (
	"fmt"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/orders"
)

const header = "salesperson,base_new,base_repeat,plan_new,plan_repeat,fact_new,fact_repeat,deviation,reason"

// underWay is June by the 18th, with Russia Day, and the Friday after it, off.
var underWay = []string{"-as-of", "18.06.2025", "-month", "06.2025", "-correct", "workdays", "-holidays", "12.06.2025,13.06.2025", "-holidays", "2024-06-12"}

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		out, _ := clitest.Run(t, run, "-lang", language, clitest.Company1C)
		clitest.Golden(t, "next."+language+".txt", out)
		out, _ = clitest.Run(t, run, append(underWay, "-lang", language, clitest.Company1C)...)
		clitest.Golden(t, "underway."+language+".txt", out)
		out, _ = clitest.Run(t, run, "-lang", language, "-month", "2024-07", "-follow", "customer", clitest.Company1C)
		clitest.Golden(t, "customers."+language+".txt", out)
		out, _ = clitest.Run(t, run, "-lang", language, "-month", "2024-06", clitest.Shop)
		clitest.Golden(t, "nobase."+language+".txt", out)
	}
	out, _ := clitest.Run(t, run, "-format", "csv", clitest.Company1C)
	clitest.Golden(t, "next.csv", out)
	out, _ = clitest.Run(t, run, append(underWay, "-format", "json", clitest.Company1C)...)
	clitest.Golden(t, "underway.json", out)
}

// TestSums: the rows add up to the last one, each plan is 12.5 % above its base,
// and the base is the same money whomever it follows.
func TestSums(t *testing.T) {
	for _, follow := range []string{"salesperson", "customer"} {
		for _, month := range []string{"2024-07", "2024-12", "2025-06"} {
			out, _ := clitest.Run(t, run, "-month", month, "-growth", "12,5 %", "-follow", follow, "-format", "csv", clitest.Company)
			rows := clitest.CSV(t, out, header).Rows
			people, total := rows[:len(rows)-1], rows[len(rows)-1]
			for _, column := range []string{"base_new", "base_repeat", "base_unknown", "base_unmatched", "plan_new", "plan_repeat", "plan_unknown", "plan", "fact_new", "fact_repeat", "fact_unmatched", "deviation"} {
				if sum, want := clitest.Sum(t, people, column), clitest.Amount(t, total, column); sum != want || len(people) < 6 {
					t.Errorf("%s: %s of %d rows adds up to %s of %s", month, column, len(people), sum, want)
				}
			}
			for _, r := range people {
				for _, side := range []string{"new", "repeat", "unknown"} {
					base, plan := clitest.Amount(t, r, "base_"+side), clitest.Amount(t, r, "plan_"+side)
					if r["reason"][:4] == "base" && (plan-max(0, base)*9/8).Abs() > orders.One/100 {
						t.Errorf("%s: %s %s: %s is planned from %s", month, r["salesperson"], side, plan, base)
					}
				}
			}
		}
	}
	var bases []string
	for _, follow := range []string{"salesperson", "customer"} {
		out, _ := clitest.Run(t, run, "-follow", follow, "-format", "csv", clitest.Company)
		rows := clitest.CSV(t, out, header).Rows
		total := rows[len(rows)-1]
		bases = append(bases, fmt.Sprint(total["base_new"], total["base_repeat"], total["base_unmatched"]))
	}
	if bases[0] != bases[1] {
		t.Errorf("bases %q", bases)
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{
		{"-month", "July"}, {"-growth", "ten"}, {"-growth", "-101"}, {"-follow", "channel"}, {"-team", "-1"}, {"-team", "9999"}, {"-week", "4"},
		{"-holidays", "soon"}, {"-worked", "2025-06-14", "-holidays", "2025-06-14"},
	} {
		clitest.Fail(t, run, 2, append(args, clitest.Shop)...)
	}
	clitest.Fail(t, run, 1, "no such file.csv")
}
