package orders_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow/memory"
	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
)

// write puts texts into files of these names, and returns their paths.
func write(t *testing.T, files ...string) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.WriteFile(path, []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// account is what happened to the rows, as text: counts, skipped rows,
// warnings, then the deals.
func account(t *testing.T, h *orders.History) string {
	t.Helper()
	c, err := h.Control(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows read, %s; %d accepted, %s\n", c.RowsRead, c.MoneyRead, c.Accepted, c.Export)
	for _, s := range c.Skipped {
		fmt.Fprintf(&b, "%d %s, %s\n", s.Rows, s.Reason, s.Money)
	}
	for _, w := range c.Warnings {
		if strings.HasPrefix(w.Code, "overlap") {
			fmt.Fprintf(&b, "%s %d %q\n", w.Code, w.Count, w.Examples)
		}
	}
	for d := range h.Deals() {
		fmt.Fprintf(&b, "%s %s %s %s %s\n", d.Customer, d.Day, d.Order, d.Tally.Revenue, d.Side)
	}
	return b.String()
}

const (
	january = `date;customer;order;product;amount;status
05.01.2024;Ann;1;tea;100;won
06.01.2024;Ann;2;tea;50;won
06.01.2024;Ann;2;pot;30;won
07.01.2024;Bob;3;tea;10;won
08.01.2024;Cid;;tea;5;won
`
	february = `date;customer;order;product;amount;status
06.01.2024;Ann;2;tea;60;won
07.01.2024;Bob;3;tea;10;cancelled
08.01.2024;Cid;;pot;5;won
01.02.2024;Dan;1;tea;7;won
05.12.2024;Ann;1;tea;70;won
`
)

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		overlap orders.Overlap
		want    string
	}{
		{orders.KeepAll, `10 rows read, 347; 10 accepted, 347
overlap 2 ["Ann: 2" "Bob: 3"]
overlap_days 1 ["Cid: "]
Ann 2024-01-05 1 100 unknown
Ann 2024-01-06 2 140 repeat
Ann 2024-12-05 1 70 repeat
Bob 2024-01-07 3 10 unknown
Cid 2024-01-08  10 unknown
Dan 2024-02-01 1 7 unknown
`},
		{orders.KeepNewest, `10 rows read, 347; 7 accepted, 257
3 replaced, 90
overlap_days 1 ["Cid: "]
overlap_replaced 2 ["Ann: 2" "Bob: 3"]
Ann 2024-01-05 1 100 unknown
Ann 2024-01-06 2 60 repeat
Ann 2024-12-05 1 70 repeat
Cid 2024-01-08  10 unknown
Dan 2024-02-01 1 7 unknown
`},
	} {
		t.Run(c.overlap.String(), func(t *testing.T) {
			arena := memory.NewCheckedAllocator(memory.NewGoAllocator())
			defer arena.AssertSize(t, 0)
			o := orders.Options{Overlap: c.overlap, BurnIn: 300, Allocator: arena}
			h, err := orders.ReadFiles(t.Context(), write(t, "january.csv", january, "february.csv", february), o)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Release()
			if got := account(t, h); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

// TestYesterday: yesterday's History and today's export are what both exports are.
func TestYesterday(t *testing.T) {
	for _, overlap := range []orders.Overlap{orders.KeepAll, orders.KeepNewest} {
		t.Run(overlap.String(), func(t *testing.T) {
			o := orders.Options{Overlap: overlap, MaxRejected: 1}
			others := strings.NewReplacer("Ann", "Eve", "Bob", "Finn").Replace(messyExport)
			paths := write(t, "january.csv", january, "messy.csv", others, "february.csv", february)
			all, err := orders.ReadFiles(t.Context(), paths, o)
			if err != nil {
				t.Fatal(err)
			}
			defer all.Release()
			yesterday, err := orders.ReadFiles(t.Context(), paths[:2], o)
			if err != nil {
				t.Fatal(err)
			}
			defer yesterday.Release()
			arrow := write(t, "yesterday.arrow", string(ipcOf(t, yesterday)))[0]
			joined, err := orders.ReadFiles(t.Context(), []string{arrow, paths[2]}, o)
			if err != nil {
				t.Fatal(err)
			}
			defer joined.Release()
			factstest.Same(t, all, joined)

			today, err := orders.ReadFile(t.Context(), paths[2], o)
			if err != nil {
				t.Fatal(err)
			}
			defer today.Release()
			joined, err = orders.Join(t.Context(), o, yesterday, today)
			if err != nil {
				t.Fatal(err)
			}
			defer joined.Release()
			factstest.Same(t, all, joined)
		})
	}
}

// TestJoin: histories of parts make the history of the whole.
func TestJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o, queries := factstest.Lines(t), factstest.Options(t), factstest.Queries(t)
		middle := rapid.IntRange(0, len(lines)).Draw(t, "middle")
		parts, ok := collectParts(t, o, lines[:middle], lines[middle:])
		if !ok {
			t.Skip("no history")
		}
		whole, err := orders.Collect(context.Background(), each(lines), o)
		if err != nil {
			t.Fatal(err)
		}
		joined, err := orders.Join(context.Background(), o, parts...)
		if err != nil {
			t.Fatal(err)
		}
		factstest.Equal(t, whole, joined, queries...)
		factstest.Conserve(t, joined)
		if d := factstest.Diff(factstest.LineTexts(t, whole), factstest.LineTexts(t, joined)); d != "" {
			t.Fatalf("lines differ: %s", d)
		}
	})
}

// collectParts makes a history of each part that has an accepted line.
func collectParts(t *rapid.T, o orders.Options, parts ...[]orders.Line) (histories []*orders.History, ok bool) {
	for _, part := range parts {
		h, err := orders.Collect(context.Background(), each(part), o)
		if errors.Is(err, orders.ErrNoRows) {
			if len(part) > 0 { // whose skipped rows no History counts
				return nil, false
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		histories = append(histories, h)
	}
	return histories, len(histories) > 0
}

// TestKeepNewest: it is as if the older input did not have the orders that the
// newer one has.
func TestKeepNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := factstest.Lines(t), factstest.Options(t)
		for i := range lines { // what is true of a customer is so on every line
			l := &lines[i]
			l.CustomerName, l.ProductName = strings.ToUpper(l.Customer), strings.ToUpper(l.Product)
			l.Since, l.Lead = 0, 0
			l.Customer, l.Order = strings.TrimSpace(l.Customer), strings.TrimSpace(l.Order)
		}
		middle := rapid.IntRange(0, len(lines)).Draw(t, "middle")
		older, newer := lines[:middle], lines[middle:]
		if o.AsOf != 0 {
			late := func(l orders.Line) bool { return l.Date > o.AsOf }
			older, newer = slices.DeleteFunc(slices.Clone(older), late), slices.DeleteFunc(slices.Clone(newer), late)
		}
		if len(older) == 0 || len(newer) == 0 {
			t.Skip("no overlap")
		}
		want, err := orders.Collect(context.Background(), each(append(without(older, newer), newer...)), o)
		if err != nil {
			t.Fatal(err)
		}
		parts, _ := collectParts(t, o, older, newer)
		o.Overlap = orders.KeepNewest
		got, err := orders.Join(context.Background(), o, parts...)
		if err != nil {
			t.Fatal(err)
		}
		factstest.Conserve(t, got)
		c, err := want.Control(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range factstest.Standard(c) {
			x, errX := factstest.Answer(context.Background(), want, q)
			y, errY := factstest.Answer(context.Background(), got, q)
			if d := factstest.Diff(x, y); d != "" || errX != nil || errY != nil {
				t.Fatalf("%T%+v: %s, errors %v and %v", q, q, d, errX, errY)
			}
		}
		if d := factstest.Diff(factstest.LineTexts(t, want), factstest.LineTexts(t, got)); d != "" {
			t.Fatalf("lines differ: %s", d)
		}
	})
}

// without returns the older lines but those of orders that newer lines have
// too, found by going from line to line of an order no more than 180 days apart.
func without(older, newer []orders.Line) []orders.Line {
	type key struct{ organisation, customer, order string }
	of := func(l orders.Line) key {
		return key{strings.TrimSpace(l.Organisation), cmp.Or(l.Customer, l.CustomerName), l.Order}
	}
	days := map[key][]orders.Date{} // of newer lines, and of older ones found to be of their orders
	for _, l := range newer {
		days[of(l)] = append(days[of(l)], l.Date)
	}
	gone := make([]bool, len(older))
	for again := true; again; {
		again = false
		for i, l := range older {
			near := slices.ContainsFunc(days[of(l)], func(d orders.Date) bool { return max(d-l.Date, l.Date-d) <= 180 })
			if !gone[i] && l.Order != "" && near {
				gone[i], again = true, true
				days[of(l)] = append(days[of(l)], l.Date)
			}
		}
	}
	var kept []orders.Line
	for i, l := range older {
		if !gone[i] {
			kept = append(kept, l)
		}
	}
	return kept
}

func TestJoinErrors(t *testing.T) {
	read := func(text string) *orders.History {
		h, err := orders.Read(t.Context(), "f.csv", strings.NewReader(text), orders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	rub, usd := read("date,customer,\"amount, RUB\"\n2024-01-05,A,1\n"), read("date,customer,\"amount, USD\"\n2024-01-05,A,1\n")
	released := read("date,customer,amount\n2024-01-05,A,1\n")
	released.Release()
	for _, c := range []struct {
		name      string
		histories []*orders.History
		want      error
	}{
		{"none", nil, orders.ErrNoRows},
		{"two currencies", []*orders.History{rub, usd}, orders.ErrCurrency},
		{"a released one", []*orders.History{rub, released}, orders.ErrQuery},
	} {
		t.Run(c.name, func(t *testing.T) {
			arena := memory.NewCheckedAllocator(memory.NewGoAllocator())
			defer arena.AssertSize(t, 0)
			if _, err := orders.Join(t.Context(), orders.Options{Allocator: arena}, c.histories...); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
	if err := released.WriteIPC(t.Context(), new(bytes.Buffer)); !errors.Is(err, orders.ErrQuery) {
		t.Errorf("writing a released history: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := orders.Join(over, orders.Options{}, rub); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
	if err := rub.WriteIPC(over, new(bytes.Buffer)); !errors.Is(err, context.Canceled) {
		t.Errorf("writing in a cancelled context: %v", err)
	}
	if _, err := orders.Join(t.Context(), orders.Options{Overlap: 9}, rub); !errors.Is(err, orders.ErrOptions) {
		t.Errorf("an overlap that there is not: %v", err)
	}
}
