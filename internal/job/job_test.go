// Package job measures the whole way from a file to the analyses.
package job

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

var file = flag.String("file", "", "an export to run the job on instead of generated lines")

// BenchmarkJob reads a CSV of a million lines, ranks its customers by ABC and
// XYZ, and computes the repeat share by month and the retention of cohorts.
//
//	go test ./internal/job -bench . -file orders.csv
func BenchmarkJob(b *testing.B) {
	path := *file
	if path == "" {
		path = write(b, 1_000_000)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		if err := run(b.Context(), path); err != nil {
			b.Fatal(err)
		}
	}
}

func run(ctx context.Context, path string) error {
	sales, err := orders.ReadFile(ctx, path, orders.Options{})
	if err != nil {
		return err
	}
	defer sales.Release()
	_, err1 := abcxyz.Rank(ctx, sales, abcxyz.Options{Vary: abcxyz.Value, Calendar: abcxyz.Window})
	_, err2 := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	_, err3 := cohorts.Tabulate(ctx, sales, cohorts.TableOptions{})
	return errors.Join(err1, err2, err3)
}

// TestJob runs the job on few lines.
func TestJob(t *testing.T) {
	if err := run(t.Context(), write(t, 1000)); err != nil {
		t.Fatal(err)
	}
}

// write writes n generated lines as a CSV.
func write(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "orders.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "order_id,customer_id,order_date,product,quantity,revenue,cost,salesperson")
	for l := range company.Lines(n, 1) {
		fmt.Fprintf(w, "%s,%s,%s,%s,%s,%s,%s,%s\n", l.Order, l.Customer, l.Date, l.Product, l.Quantity, l.Revenue, l.COGS, l.Salesperson)
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}
