package report_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

func salesReport(ctx context.Context, export string, out io.Writer) error {
	sales, err := orders.ReadFile(ctx, export, orders.Options{})
	if err != nil {
		return err // says the file, the row, the column, the value and the reason
	}
	defer sales.Release()

	costs := orders.Costs{CostPerLead: 500 * orders.One, Conversion: 0.10}
	customers, err1 := abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.ByCustomer})
	products, err2 := abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.ByProduct})
	repeat, err3 := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	retention, err4 := cohorts.Tabulate(ctx, sales, cohorts.TableOptions{})
	profit, err5 := ltv.DealProfit(ctx, sales, costs)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return err
	}
	return report.Write(ctx, out, report.Book{
		Sales: sales, Customers: customers, Products: products,
		Repeat: repeat, Cohorts: retention, Profit: profit, Rejected: sales.Rejects(),
	}, report.Options{Language: report.Russian})
}

// TestReadme runs the program of the README and checks that it is this one.
func TestReadme(t *testing.T) {
	var out bytes.Buffer
	if err := salesReport(t.Context(), "../testdata/company_1c.csv", &out); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(out.Bytes(), []byte("PK")) {
		t.Error("no workbook was written")
	}
	source, err := os.ReadFile("integration_test.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(source), "\nfunc salesReport(")
	body, _, _ = strings.Cut(body, "\n}\n")
	if !strings.Contains(string(readme), "\nfunc salesReport("+body+"\n}\n") {
		t.Error("the README shows another program")
	}
}
