package parquet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"
	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/damage"
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
	if testing.Short() {
		t.Skip("slow, and nothing in it happens at the same time")
	}
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
	source, how := rand.NewChaCha8([32]byte{}), [16]byte{}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	rounds := 1000
	if testing.Short() {
		rounds = 200
	}
	for range rounds {
		_, _ = source.Read(how[:])
		undamaged(t, damage.Do(file, how[:4*(1+source.Uint64()%4)]))
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

// FuzzRecords reads a Parquet file to which damage was done.
func FuzzRecords(f *testing.F) {
	file := small(f)
	f.Add([]byte{})
	f.Add([]byte{100, 1, 4, 1, 200, 0, 1, 255})
	f.Fuzz(func(t *testing.T, how []byte) { undamaged(t, damage.Do(file, how)) })
}

// TestRecords reads a table as another program writes it: several row groups,
// each with a dictionary of its own, a column within a column, metadata.
func TestRecords(t *testing.T) {
	words := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	metadata := arrow.NewMetadata([]string{"author"}, []string{"somebody"})
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "date", Type: arrow.FixedWidthTypes.Date32, Nullable: true}, {Name: "customer", Type: words, Nullable: true},
		{Name: "address", Type: arrow.StructOf(arrow.Field{Name: "city", Type: arrow.BinaryTypes.String}), Nullable: true},
		{Name: "amount", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	}, &metadata)
	var b bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &b, nil, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		t.Fatal(err)
	}
	for _, rows := range []string{
		`[{"date":"2024-01-31","customer":"A","address":{"city":"x"},"amount":1},{"date":"2024-02-01","customer":"B","amount":2}]`,
		`[{"date":"2024-02-02","customer":"C","amount":3},{"customer":"A","amount":4},{"date":"2024-02-03","amount":5}]`,
	} {
		r, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(rows))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for r, err := range parquet.Records(t.Context(), bytes.NewReader(b.Bytes()), memory.DefaultAllocator) {
		if err != nil {
			t.Fatal(err)
		}
		if author, _ := r.Schema().Metadata().GetValue("author"); author != "somebody" || r.NumCols() != 3 {
			t.Errorf("a record of %s", r.Schema())
		}
	}
	h, err := read(t, b.Bytes(), orders.Options{MaxRejected: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	var got strings.Builder
	for d := range h.Deals() {
		fmt.Fprintln(&got, d.Customer, d.Day, d.Tally.Revenue)
	}
	for _, e := range h.Rejects() {
		fmt.Fprintln(&got, e.Row, e.Header, e.Reason)
	}
	if want := "A 2024-01-31 1\nB 2024-02-01 2\nC 2024-02-02 3\n4 date no_date\n"; got.String() != want {
		t.Errorf("read\n%swant\n%s", got.String(), want)
	}
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
