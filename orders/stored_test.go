package orders_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// ipcOf returns a history as an Arrow file.
func ipcOf(t rapid.TB, h *orders.History) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := h.WriteIPC(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// copies are the ways in which a history can be written and read back.
var copies = map[string]func(t rapid.TB, h *orders.History, o orders.Options) (*orders.History, error){
	"records": func(t rapid.TB, h *orders.History, o orders.Options) (*orders.History, error) {
		mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
		copied, err := orders.CollectRecords(context.Background(), h.Records(context.Background(), mem), o)
		if n := mem.CurrentAlloc(); n != 0 {
			t.Fatalf("%d bytes of records are not released", n)
		}
		return copied, err
	},
	"ipc": func(t rapid.TB, h *orders.History, o orders.Options) (*orders.History, error) {
		return orders.Read(context.Background(), "history.arrow", bytes.NewReader(ipcOf(t, h)), o)
	},
	"join": func(_ rapid.TB, h *orders.History, o orders.Options) (*orders.History, error) {
		return orders.Join(context.Background(), o, h)
	},
}

// TestStored: a History that is written and read back is equal to itself.
func TestStored(t *testing.T) {
	for name, copied := range copies {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				lines, o, queries := factstest.Lines(t), factstest.Options(t), factstest.Queries(t)
				arena := memory.NewCheckedAllocator(memory.NewGoAllocator())
				o.Allocator = arena
				h, err := orders.Collect(context.Background(), each(lines), o)
				if err != nil {
					t.Skip("no history")
				}
				again, err := copied(t, h, o)
				if err != nil {
					t.Fatal(err)
				}
				factstest.Same(t, h, again, queries...)
				h.Release()
				again.Release()
				if n := arena.CurrentAlloc(); n != 0 {
					t.Fatalf("%d bytes of Arrow memory are not released", n)
				}
			})
		})
	}
}

// messyExport has a row of every fate: accepted, cancelled, anonymous, rejected,
// skipped, rounded; and a total of its own.
const messyExport = `date;customer;code;order;product;quantity;amount;cost;status;since
01.02.2024;Ann;c1;1;tea;1;1 234,56789;1;won;01.01.2020
02.02.2024;guest;;2;tea;1;10;;won;
03.02.2024;Bob;c2;3;pot;1;20;5;cancelled;
04.02.2024;Bob;c2;4;pot;1;x;5;won;
05.02.2024;Bob;c2;4;;1;;;won;
31.02.2024;Bob;c2;4;pot;1;7;5;won;
;;;;;;;;;
13.03.2024;Bobby;c2;5;pot;2;-20;0;won;
Итого;;;;;;1 244,57;;;
`

// TestStoredReading: what was found while reading is kept too.
func TestStoredReading(t *testing.T) {
	o := orders.Options{MaxRejected: 1}
	h, err := orders.Read(t.Context(), "export.csv", strings.NewReader(messyExport), o)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	c, _ := h.Control(t.Context())
	if c.Rejected != 3 || len(c.Skipped) != 2 || c.RoundedCells != 1 || !c.Stated.Known || len(c.Warnings) < 2 || c.CancelledLines != 1 || c.AnonymousLines != 1 {
		t.Fatalf("the export is not as messy as it should be: %+v", c)
	}
	for name, copied := range copies {
		t.Run(name, func(t *testing.T) {
			again, err := copied(t, h, o)
			if err != nil {
				t.Fatal(err)
			}
			defer again.Release()
			factstest.Same(t, h, again)
			third, err := copied(t, again, o)
			if err != nil {
				t.Fatal(err)
			}
			defer third.Release()
			factstest.Same(t, h, third)
		})
	}
	if one, two := ipcOf(t, h), ipcOf(t, h); !bytes.Equal(one, two) {
		t.Error("the same History gave two files")
	}
}

// TestStoredOnDisk reads a History of several chunks from a file, with progress.
func TestStoredOnDisk(t *testing.T) {
	h := orderstest.Open(t, 70_000)
	path := filepath.Join(t.TempDir(), "history.arrow")
	if err := os.WriteFile(path, ipcOf(t, h), 0o600); err != nil {
		t.Fatal(err)
	}
	var done, total int64
	again, err := orders.ReadFile(t.Context(), path, orders.Options{Progress: func(d, all int64) error {
		if d < done {
			t.Errorf("progress goes from %d to %d", done, d)
		}
		done, total = d, all
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Release()
	if done != total || total == 0 {
		t.Errorf("progress ends at %d of %d", done, total)
	}
	if !slices.Equal(factstest.LineTexts(t, h), factstest.LineTexts(t, again)) {
		t.Error("the lines differ")
	}
}
