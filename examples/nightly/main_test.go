package main

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
)

// sold is the facts of what was sold: without how many rows were read to know it.
type sold struct{ orders.Facts }

func (s sold) Control(ctx context.Context) (orders.Control, error) {
	c, err := s.Facts.Control(ctx)
	c.RowsRead, c.Skipped, c.MoneyRead, c.Stated = 0, nil, 0, orders.NullAmount{}
	return c, err
}

// export returns an export of the firm's sales of some days: the rows for which
// keep is true, each as change makes it.
func export(t *testing.T, keep func(day string) bool, change func(row string) string) string {
	t.Helper()
	f, err := os.Open(clitest.Company)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Scan()
	out := []string{in.Text()}
	for in.Scan() {
		if day := strings.SplitN(in.Text(), ",", 5)[3]; keep(day) { // no cell before it has a comma
			out = append(out, change(in.Text()))
		}
	}
	path := filepath.Join(t.TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(strings.Join(out, "\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func same(row string) string { return row }

// stored returns the History of the store.
func stored(t *testing.T, store string) *orders.History {
	t.Helper()
	h, err := read(t.Context(), store, orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Release)
	return h
}

// TestNights: exports that overlap, read night by night, come to what the whole
// export says at once; the newest says of an order what it is now; reading the
// last one again changes nothing.
func TestNights(t *testing.T) {
	store := filepath.Join(t.TempDir(), "history.parquet")
	cancelled := func(row string) string { return strings.Replace(row, ",paid,", ",cancelled,", 1) }
	for _, night := range []struct {
		from, to string
		change   func(string) string
	}{
		{"2023-07-01", "2024-12-31", same},
		{"2024-12-01", "2025-03-31", cancelled}, // as if all these orders were cancelled at first
		{"2024-12-01", "2025-06-30", same},
	} {
		days := func(day string) bool { return night.from <= day && day <= night.to }
		clitest.Run(t, run, "-store", store, export(t, days, night.change))
	}
	whole, err := orders.ReadFile(t.Context(), clitest.Company, orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Release()
	nights := stored(t, store)
	factstest.Equal(t, sold{whole}, sold{nights})

	last := export(t, func(day string) bool { return day >= "2025-06-01" }, same)
	for range 2 {
		clitest.Run(t, run, "-store", store, last)
	}
	again := stored(t, store)
	factstest.Equal(t, sold{nights}, sold{again})
	lines := func(h *orders.History) []string {
		texts := factstest.LineTexts(t, h)
		slices.Sort(texts)
		return texts
	}
	if !slices.Equal(lines(nights), lines(again)) {
		t.Error("the same export, read again, changed the lines")
	}
}

// TestChange: an order that the store has is replaced by what today's export says.
func TestChange(t *testing.T) {
	store := filepath.Join(t.TempDir(), "history.parquet")
	all := func(string) bool { return true }
	identified := func(change func(string) string) orders.Amount {
		out, _ := clitest.Run(t, run, "-store", store, "-format", "csv", export(t, all, change))
		for _, row := range clitest.CSV(t, out, "key,value").Rows {
			if row["key"] == "identified_revenue" {
				return clitest.Amount(t, row, "value")
			}
		}
		t.Fatalf("no figure:\n%s", out)
		return 0
	}
	before := identified(same)
	after := identified(func(row string) string {
		if strings.Contains(row, ",00-000337,") {
			return strings.Replace(row, ",paid,", ",cancelled,", 1)
		}
		return row
	})
	if before <= after || identified(same) != before {
		t.Errorf("revenue %s, %s with a customer's orders cancelled, and not as before when they no longer are", before, after)
	}
}

// TestFailureKeepsTheStore: a night that fails leaves the history as it was, and
// nothing beside it.
func TestFailureKeepsTheStore(t *testing.T) {
	dir := t.TempDir()
	store := filepath.Join(dir, "history.parquet")
	clitest.Run(t, run, "-store", store, clitest.Shop)
	old, err := os.ReadFile(store)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(bad, []byte("date,customer,revenue\n2024-01-01,a,much\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	clitest.Fail(t, run, 1, "-store", store, bad)
	clitest.Fail(t, run, 2, "-store", store, "-lines", "drop", clitest.Shop)
	if now, err := os.ReadFile(store); err != nil || string(now) != string(old) {
		t.Errorf("the history was changed: %v", err)
	}
	if err := os.WriteFile(store, old[:len(old)/2], 0o666); err != nil {
		t.Fatal(err)
	}
	clitest.Fail(t, run, 1, "-store", store, clitest.Shop)
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	clitest.Fail(t, run, 1, "-store", filepath.Join(dir, "no folder", "history.parquet"), clitest.Shop)
}
