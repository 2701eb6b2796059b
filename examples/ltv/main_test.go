package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
)

const header = "customer,purchases,first_day,last_day,historic,p_alive,expected_purchases,next_day,clv,clv_low,clv_high,reason"

// A model that is given by a file does not depend on the last digits of a search.
const model = "testdata/model.json"

func TestGolden(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		out, _ := clitest.Run(t, run, "-lang", language, "-history", "complete", "-load", model, "-discount", "0,15", "-horizon", "90", clitest.Shop)
		clitest.Golden(t, "shop."+language+".txt", out)
	}
	for _, format := range []string{"csv", "json"} {
		out, _ := clitest.Run(t, run, "-format", format, "-load", model, clitest.Shop)
		clitest.Golden(t, "shop."+format, out)
	}
}

// TestCompany: every model predicts every customer of the sample, and the rows
// add up to the header.
func TestCompany(t *testing.T) {
	for _, m := range []string{"auto", "bgnbd", "mbgnbd", "pareto", "nbd"} {
		args := []string{"-model", m, "-horizon", "180", "-discount", "0.15", clitest.Company}
		out, _ := clitest.Run(t, run, append(args, "-format", "csv")...)
		rows := clitest.CSV(t, out, header).Rows
		out, _ = clitest.Run(t, run, append(args, "-format", "json")...)
		var table struct {
			Header struct {
				Customers int         `json:"customers"`
				CLV       json.Number `json:"clv"`
				Model     string      `json:"model"`
			} `json:"header"`
		}
		if err := json.Unmarshal([]byte(out), &table); err != nil {
			t.Fatal(err)
		}
		sum := clitest.Sum(t, rows, "clv")
		want := clitest.Amount(t, map[string]string{"clv": table.Header.CLV.String()}, "clv")
		if len(rows) != table.Header.Customers || len(rows) < 500 || sum != want || m != "auto" && table.Header.Model != m {
			t.Errorf("%s: %d rows of %d add up to %s of %s by %s", m, len(rows), table.Header.Customers, sum, want, table.Header.Model)
		}
	}
}

// TestFit prints parameters in the unit asked for, with errors and diagnostics.
func TestFit(t *testing.T) {
	for _, m := range []string{"auto", "pareto"} {
		r := map[string]float64{}
		alpha := map[string]float64{}
		for _, unit := range []string{"day", "week"} {
			out, _ := clitest.Run(t, run, "-fit", "-unit", unit, "-model", m, clitest.Company)
			var fit struct {
				Unit       string                                 `json:"unit"`
				Parameters map[string]struct{ Value, SE float64 } `json:"parameters"`
				Money      struct {
					Model string `json:"model"`
				} `json:"money"`
				Diagnostics struct {
					Converged bool `json:"converged"`
				} `json:"diagnostics"`
			}
			if err := json.Unmarshal([]byte(out), &fit); err != nil {
				t.Fatalf("%s: %v", out, err)
			}
			if fit.Unit != unit || len(fit.Parameters) != 4 || !fit.Diagnostics.Converged || fit.Money.Model == "" {
				t.Errorf("%s", out)
			}
			r[unit], alpha[unit] = fit.Parameters["R"].Value, fit.Parameters["Alpha"].Value
		}
		if ratio := alpha["day"] / alpha["week"]; ratio < 6.999 || ratio > 7.001 || r["day"]/r["week"] > 1.0001 {
			t.Errorf("%s: R %v, Alpha %v", m, r, alpha)
		}
	}
}

func TestValidate(t *testing.T) {
	out, message := clitest.Run(t, run, "-validate", "-lang", "en", "-format", "csv", clitest.Company)
	rows := clitest.CSV(t, out, "model,chosen,expected,low,high,bias,mae").Rows
	var names []string
	for _, row := range rows {
		names = append(names, row["model"])
	}
	if got := strings.Join(names, " "); got != "nbd bgnbd mbgnbd pareto last_period mean" || !strings.Contains(message, "The chosen model") {
		t.Errorf("models %s; %s", got, message)
	}
}

// TestSave: a model saved and loaded predicts the same.
func TestSave(t *testing.T) {
	file := filepath.Join(t.TempDir(), "model.json")
	want, _ := clitest.Run(t, run, "-format", "csv", "-save", file, "-model", "mbgnbd", clitest.Company)
	got, _ := clitest.Run(t, run, "-format", "csv", "-load", file, clitest.Company)
	column := func(out string) (clv string) {
		for _, row := range clitest.CSV(t, out, header).Rows {
			clv += row["customer"] + " " + row["clv"] + "\n"
		}
		return clv
	}
	if column(want) != column(got) {
		t.Error("the loaded model predicts otherwise")
	}
	if b, err := os.ReadFile(file); err != nil || len(b) > 1000 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func TestWrong(t *testing.T) {
	for _, args := range [][]string{
		{"-model", "hidden"}, {"-unit", "hour"}, {"-discount", "15"}, {"-horizon", "-1"}, {"-level", "1"}, {"-horizon", "99999999", clitest.Shop}, {"-load", model, "-model", "nbd", clitest.Shop},
	} {
		clitest.Fail(t, run, 2, args...)
	}
	clitest.Fail(t, run, 1, "-load", "testdata/none.json", clitest.Shop)
}
