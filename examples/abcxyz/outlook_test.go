package main

import (
	"encoding/json"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/orders"
)

func TestOutlookGolden(t *testing.T) {
	for _, what := range []string{"migration", "moved", "stability", "concentration"} {
		args := []string{"-what", what, "-vary", "value", "-replicates", "50"}
		for _, language := range []string{"ru", "en"} {
			out, _ := clitest.Run(t, run, append(args, "-lang", language, clitest.Shop)...)
			clitest.Golden(t, what+"."+language+".txt", out)
		}
		out, _ := clitest.Run(t, run, append(args, "-format", "csv", clitest.Shop)...)
		clitest.Golden(t, what+".csv", out)
		out, _ = clitest.Run(t, run, append(args, "-format", "json", clitest.Shop)...)
		clitest.Golden(t, what+".json", out)
	}
}

// TestMigrationSums: the moves of either kind of class add up to both totals, and
// so do the items.
func TestMigrationSums(t *testing.T) {
	for _, by := range []string{"customer", "product", "salesperson"} {
		out, _ := clitest.Run(t, run, "-what", "migration", "-by", by, "-format", "json", clitest.Company1C)
		var v struct {
			Header struct {
				Start json.Number `json:"start_total"`
				End   json.Number `json:"end_total"`
				Items int
			}
		}
		if err := json.Unmarshal([]byte(out), &v); err != nil {
			t.Fatal(err)
		}
		out, _ = clitest.Run(t, run, "-what", "migration", "-by", by, "-format", "csv", clitest.Company1C)
		moves := clitest.CSV(t, out, "kind,from,to,items,start,end").Rows
		out, _ = clitest.Run(t, run, "-what", "moved", "-by", by, "-format", "csv", clitest.Company1C)
		moved := clitest.CSV(t, out, "item,name,start_class,end_class,start_value,end_value").Rows
		for _, kind := range []string{"abc", "xyz"} {
			var of []map[string]string
			for _, row := range moves {
				if row["kind"] == kind {
					of = append(of, row)
				}
			}
			items := clitest.Sum(t, of, "items")
			if start, end := clitest.Sum(t, of, "start"), clitest.Sum(t, of, "end"); start.String() != v.Header.Start.String() || end.String() != v.Header.End.String() || items != orders.Amount(v.Header.Items)*orders.One {
				t.Errorf("%s of %s: %s and %s of %s items; the header has %+v", kind, by, start, end, items, v.Header)
			}
		}
		if start, end := clitest.Sum(t, moved, "start_value"), clitest.Sum(t, moved, "end_value"); start.String() != v.Header.Start.String() || end.String() != v.Header.End.String() || len(moved) != v.Header.Items {
			t.Errorf("%s: %s and %s of %d items; the header has %+v", by, start, end, len(moved), v.Header)
		}
	}
}

func TestOutlookMisuse(t *testing.T) {
	for _, args := range [][]string{
		{"-what", "weather"}, {"-what", "migration", "-start", "tomorrow"}, {"-what", "migration", "-end", "2030-01-01"},
		{"-what", "stability", "-block", "100"}, {"-what", "stability", "-seed", "-1"},
	} {
		clitest.Fail(t, run, 2, append(args, clitest.Shop)...)
	}
}
