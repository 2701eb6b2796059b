package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
)

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		out, _ := clitest.Run(t, run, "-lang", language, "-n", "2", "-periods", "4", clitest.Shop)
		clitest.Golden(t, "customers."+language+".txt", out)
	}
	out, _ := clitest.Run(t, run, "-n", "2", "-periods", "4", "-format", "csv", clitest.Shop)
	clitest.Golden(t, "customers.csv", out)
	out, _ = clitest.Run(t, run, "-n", "1", "-by", "product", "-measure", "quantity", "-grain", "quarter", "-periods", "2", "-format", "json", clitest.Shop)
	clitest.Golden(t, "products.json", out)
}

// TestLists: the lists of an export add up: who is listed is in the rows, with the
// list's money.
func TestLists(t *testing.T) {
	for _, file := range []string{clitest.Company1C, clitest.Company} {
		for _, by := range []string{"customer", "product", "group", "channel"} {
			out, _ := clitest.Run(t, run, "-by", by, "-periods", "5", "-n", "7", "-format", "json", file)
			var v struct {
				Header struct {
					Lists []struct {
						Period               string
						Listed, Stayed, Left int
						Sum                  json.Number
					}
				}
			}
			if err := json.Unmarshal([]byte(out), &v); err != nil {
				t.Fatal(err)
			}
			if len(v.Header.Lists) != 5 {
				t.Fatalf("%s by %s: %d periods", file, by, len(v.Header.Lists))
			}
			header := []string{"item"}
			for _, l := range v.Header.Lists {
				header = append(header, "rank_"+l.Period, "value_"+l.Period)
			}
			out, _ = clitest.Run(t, run, "-by", by, "-periods", "5", "-n", "7", "-format", "csv", file)
			rows := clitest.CSV(t, out, strings.Join(append(header, "move"), ",")).Rows
			for k, l := range v.Header.Lists {
				var listed []map[string]string
				for _, row := range rows {
					if rank := row["rank_"+l.Period]; rank != "" && len(rank) == 1 && rank <= "7" {
						listed = append(listed, row)
					}
				}
				sum := clitest.Sum(t, listed, "value_"+l.Period)
				if len(listed) != l.Listed || sum.String() != l.Sum.String() || k > 0 && l.Stayed+l.Left != v.Header.Lists[k-1].Listed {
					t.Errorf("%s by %s: %+v; the rows have %d with %s", file, by, l, len(listed), sum)
				}
			}
		}
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{{"-by", "weather"}, {"-n", "-1"}, {"-periods", "1"}, {"-p", "1"}, {"-p", "two"}} {
		clitest.Fail(t, run, 2, append(args, clitest.Shop)...)
	}
	clitest.Fail(t, run, 1, "no such file.csv")
}
