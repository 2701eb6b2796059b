package parquet_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow/memory"
	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/orders/parquet"
)

// written returns a history as a Parquet file.
func written(t rapid.TB, h *orders.History) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(context.Background(), &b, h); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read reads a Parquet file, and fails t if it keeps any memory.
func read(t rapid.TB, text []byte, o orders.Options) (*orders.History, error) {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	h, err := orders.CollectRecords(context.Background(), parquet.Records(context.Background(), bytes.NewReader(text), mem), o)
	if n := mem.CurrentAlloc(); err == nil && n != 0 {
		t.Fatalf("%d bytes of records are not released", n)
	}
	return h, err
}

// TestWritten: a History that is written and read back is equal to itself.
func TestWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := factstest.Lines(t), factstest.Options(t)
		h, err := orders.Collect(context.Background(), orderstest.Rows(slices.Values(lines)), o)
		if err != nil {
			t.Skip("no history")
		}
		defer h.Release()
		again, err := read(t, written(t, h), o)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Release()
		factstest.Same(t, h, again)
	})
}

// TestWrittenLarge writes more than one record, twice to the same bytes.
func TestWrittenLarge(t *testing.T) {
	h := orderstest.Open(t, 150_000)
	text := written(t, h)
	if !bytes.Equal(text, written(t, h)) {
		t.Error("the same History gave two files")
	}
	again, err := read(t, text, orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Release()
	if !slices.Equal(factstest.LineTexts(t, h), factstest.LineTexts(t, again)) {
		t.Error("the lines differ")
	}
	if _, err := read(t, text[:len(text)-1000], orders.Options{}); !errors.Is(err, parquet.ErrFile) {
		t.Errorf("a truncated file: %v", err)
	}
}

// TestDamaged cuts files short and turns their bits: an error or a history, no
// panic, and no more memory than a small file may cost.
func TestDamaged(t *testing.T) {
	file := small(t)
	for n := 0; n < len(file); n += 1 + (len(file)-n)/100 {
		h, err := read(t, file[:n], orders.Options{MaxRejected: 1})
		if err == nil {
			h.Release()
			t.Fatalf("%d of %d bytes are read without an error", n, len(file))
		}
	}
	source := rand.New(rand.NewPCG(1, 2))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	rounds := 1000
	if testing.Short() {
		rounds = 200
	}
	for range rounds {
		damaged := bytes.Clone(file)
		for range 1 + source.IntN(4) {
			at := source.IntN(len(damaged))
			switch source.IntN(3) {
			case 0:
				damaged[at] ^= 1 << source.IntN(8)
			case 1:
				damaged[at] = byte(source.IntN(256))
			default:
				binary.LittleEndian.PutUint32(damaged[min(at, len(damaged)-4):], source.Uint32())
			}
		}
		undamaged(t, damaged)
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / uint64(rounds); each > 100<<20 {
		t.Errorf("a damaged file of %d bytes takes %d bytes", len(file), each)
	}
}

// small returns a small History as a Parquet file.
func small(t testing.TB) []byte {
	t.Helper()
	h := orderstest.Collect(t, []orders.Line{
		{Customer: "A", Order: "1", Date: orders.NewDate(2024, 1, 31), Product: "tea", Revenue: 10 * orders.One, COGS: orders.Known(5 * orders.One)},
		{Customer: "B", CustomerName: "Bob", Order: "2", Date: orders.NewDate(2024, 2, 1), Revenue: orders.One, Cancelled: true},
	}, orders.Options{})
	var b bytes.Buffer
	if err := parquet.Write(context.Background(), &b, h); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// undamaged reads a file that may be damaged and checks that it gives an error
// of this package or of orders, or what adds up.
func undamaged(t testing.TB, file []byte) {
	t.Helper()
	h, err := orders.CollectRecords(context.Background(), parquet.Records(context.Background(), bytes.NewReader(file), memory.NewGoAllocator()), orders.Options{MaxRejected: 1})
	if err != nil {
		if !strings.HasPrefix(err.Error(), "parquet: ") && !strings.HasPrefix(err.Error(), "orders: ") {
			t.Fatalf("error without its package: %v", err)
		}
		return
	}
	defer h.Release()
	c, err := h.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rows, money := c.Accepted+c.Rejected, c.Export+c.MoneyRejected
	for _, s := range c.Skipped {
		rows, money = rows+s.Rows, money+s.Money
	}
	if rows != c.RowsRead || money != c.MoneyRead {
		t.Fatalf("%d rows and %s read, %d and %s accounted for", c.RowsRead, c.MoneyRead, rows, money)
	}
}

// FuzzRecords reads whatever ends like a Parquet file.
func FuzzRecords(f *testing.F) {
	f.Add(small(f))
	f.Add([]byte("PAR1\x00\x00\x00\x00PAR1"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if bytes.HasSuffix(file, []byte("PAR1")) {
			undamaged(t, file)
		}
	})
}

func TestErrors(t *testing.T) {
	if _, err := read(t, []byte("date,customer,amount\n"), orders.Options{}); !errors.Is(err, parquet.ErrFile) {
		t.Errorf("a text: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range parquet.Records(over, bytes.NewReader(small(t)), memory.DefaultAllocator) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled context: %v", err)
		}
	}
	h := orderstest.Collect(t, []orders.Line{{Date: 1, Revenue: 1}}, orders.Options{})
	if err := parquet.Write(t.Context(), full{}, h); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
	h.Release()
	if err := parquet.Write(t.Context(), io.Discard, h); !errors.Is(err, orders.ErrQuery) {
		t.Errorf("a released history: %v", err)
	}
}

var errFull = errors.New("no space left")

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
