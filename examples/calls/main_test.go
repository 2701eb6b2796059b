package main

import (
	"encoding/json"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
)

const header = "customer,salesperson,last_day,expected_day,status,days_late,rhythm_of,worth"

// What one purchase brings does not depend on the last digits of a search, as a
// fitted model does.
func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		out, _ := clitest.Run(t, run, "-lang", language, "-worth", "average-profit", "-as-of", "2024-08-20", clitest.Shop)
		clitest.Golden(t, "shop."+language+".txt", out)
	}
	for _, format := range []string{"csv", "json"} {
		out, _ := clitest.Run(t, run, "-format", format, "-worth", "average-revenue", "-n", "1", "-lapsed", "1", "-as-of", "2024-08-20", clitest.Shop)
		clitest.Golden(t, "shop."+format, out)
	}
}

// TestCompany: every customer of the sample is on a list, beyond its limit or on
// time; the most worth first, those who have lapsed last.
func TestCompany(t *testing.T) {
	for _, args := range [][]string{
		{}, {"-worth", "expected-revenue", "-horizon", "90"}, {"-worth", "average-profit", "-n", "5"}, {"-worth", "average-revenue", "-n", "3", "-lapsed", "2"},
	} {
		args = append(args, clitest.Company)
		out, _ := clitest.Run(t, run, append(args, "-format", "csv")...)
		rows := clitest.CSV(t, out, header).Rows
		out, _ = clitest.Run(t, run, append(args, "-format", "json")...)
		var v struct {
			Header struct {
				Customers int         `json:"customers"`
				OnTime    int         `json:"on_time"`
				NoRhythm  int         `json:"no_rhythm"`
				NotListed int         `json:"not_listed"`
				Worth     json.Number `json:"worth"`
			}
		}
		if err := json.Unmarshal([]byte(out), &v); err != nil {
			t.Fatal(err)
		}
		h := v.Header
		if len(rows)+h.OnTime+h.NoRhythm+h.NotListed != h.Customers || h.Customers < 500 {
			t.Errorf("%q: %d rows, %+v", args, len(rows), h)
		}
		var calls []map[string]string
		for i, row := range rows {
			lapsed := row["status"] == "lapsed"
			if !lapsed {
				calls = append(calls, row)
			}
			if row["rhythm_of"] == "" || row["expected_day"] <= row["last_day"] {
				t.Errorf("%q: %v", args, row)
			}
			if i == 0 {
				continue
			}
			before := rows[i-1]
			if after := before["status"] == "lapsed"; after && !lapsed || after == lapsed && row["worth"] != "" &&
				(before["worth"] == "" || clitest.Amount(t, before, "worth") < clitest.Amount(t, row, "worth")) {
				t.Errorf("%q: %v after %v", args, row, before)
			}
		}
		if sum := clitest.Sum(t, calls, "worth"); sum.String() != h.Worth.String() {
			t.Errorf("%q: calls are worth %s, the header says %s", args, sum, h.Worth)
		}
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{{"-worth", "much"}, {"-n", "-1"}, {"-lapsed", "two"}, {"-horizon", "-7"}} {
		clitest.Fail(t, run, 2, append(args, clitest.Shop)...)
	}
	clitest.Fail(t, run, 2, "-horizon", "99999", clitest.Shop)
	clitest.Fail(t, run, 1, "no such file.csv")
}
