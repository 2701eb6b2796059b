package orders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow/memory"
	"pgregory.net/rapid"
)

// reporter is a *testing.T or a *rapid.T.
type reporter interface {
	memory.TestingT
	Fatal(...any)
}

// readIn reads a text with so many workers in blocks of so many bytes, and
// returns all there is to know of the outcome.
func readIn(t reporter, text string, o Options, block int) string {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	o.Allocator = mem
	var quarantine bytes.Buffer
	if o.Quarantine != nil {
		o.Quarantine = func(*Detection) (io.Writer, error) { return &quarantine, nil }
	}
	b, err := newBuilder(o)
	if err != nil {
		t.Fatal(err)
	}
	in := newIntake(context.Background(), o, b)
	in.block = block
	if err := in.stream("f.csv", strings.NewReader(text)); err != nil {
		b.release()
		return fmt.Sprintf("%v\n%s", err, quarantine.String())
	}
	h, err := b.finish(context.Background())
	if err != nil {
		var unusable *UnusableError
		if errors.As(err, &unusable) && unusable.First != nil {
			return fmt.Sprintf("%v %+v\n%s", err, *unusable.First, quarantine.String())
		}
		return fmt.Sprintf("%v\n%s", err, quarantine.String())
	}
	defer h.Release()
	return outcome(t, h) + quarantine.String()
}

// outcome writes down a History.
func outcome(t reporter, h *History) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%+v\n%+v\n%+v\n", h.control, h.rejects, h.detections)
	for d := range h.Deals() {
		fmt.Fprintf(&out, "%+v\n", d)
	}
	if !h.factsOnly {
		for record, err := range h.Records(context.Background(), memory.NewGoAllocator()) {
			if err != nil {
				t.Fatal(err)
			}
			text, err := record.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			out.Write(text)
		}
	}
	return out.String()
}

// oddTexts are pieces of rows that a reader must be careful with.
var oddTexts = []string{
	"2024-01-31,Ann,O1,Nail,2,20.66\n", "2024-01-31,Ann,O1,Nail,2,20.66\r\n", "2024-02-01,Bob,O2,\"Nail, XL\",1,5\n",
	"2024-02-01,Bob,O2,\"Nail\nin two lines\",1,5\n", "2024-02-01,Bob,O3,\"He said \"\"no\"\"\n\n\",1,5\n",
	"2024-02-02,Eve,O4,\"open,1,7\n", "2024-02-02,Eve,O4,\"a\" b,1,7\n", "2024-02-30,Eve,O5,Nut,1,7\n", "2024-02-28,,O6,Nut,1,7\n",
	"2024-02-28,Ann,O7,Nut,1,seven\n", "2024-02-28,Ann,O7,Nut,,7.12345\n", "2024-02-28,Ann,O8,Nut,1\n", "\n", ",,,,,\n",
	"Total,,,,,100\n", "date,customer,order,product,quantity,revenue\n", "2024-03-01,Ann,O9,Bolt \ufffd,1,-7\n", "2024-03-01,Ann,O9,Bolt,1,7,\n",
	"2024-03-01,Ann,O9,Bolt,1,7,8\n", "2025-03-01,Ann,O1,Bolt,1,7\n", "2024-03-01,Bob,O1,Bolt,1,7\n", "2024-03-01,Ann,,Bolt,1,0\n",
	"2024-03-02,Ольга,O10,Гвоздь,3,1 000.50\n", "2024-03-02,Ольга,O10,Гвоздь \xff,3,9\n", "2024-03-05,retail customer,O11,Nut,1,1\n", "\"\n", "\"",
}

// TestBlocks: a text is the same however many workers read it, in blocks of
// whatever size.
func TestBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := "date,customer,order,product,quantity,revenue\n" +
			strings.Join(rapid.SliceOfN(rapid.SampledFrom(oddTexts), 0, 60).Draw(t, "rows"), "")
		o := Options{
			Mapping:     &Mapping{Encoding: "utf-8", Delimiter: ",", HeaderRow: 1, Shape: ShapeLines},
			MaxRejected: 1, Workers: 1,
			Strict:         rapid.IntRange(0, 9).Draw(t, "strict") == 0,
			FactsOnly:      rapid.Bool().Draw(t, "facts only"),
			AsOf:           rapid.SampledFrom([]Date{0, 0, NewDate(2024, 2, 20)}).Draw(t, "as of"),
			DropDuplicates: rapid.Bool().Draw(t, "drop duplicates"),
		}
		o.DropDuplicates = o.DropDuplicates && !o.FactsOnly
		if rapid.Bool().Draw(t, "quarantine") {
			o.Quarantine = func(*Detection) (io.Writer, error) { return nil, nil }
		}
		want := readIn(t, text, o, 0)
		o.Workers = rapid.IntRange(2, 4).Draw(t, "workers")
		block := rapid.IntRange(1, 200).Draw(t, "block")
		if got := readIn(t, text, o, block); got != want {
			t.Fatalf("in blocks of %d, %d workers\n%s\none after another\n%s\nof\n%s", block, o.Workers, got, want, text)
		}
	})
}

// FuzzBlocks is TestBlocks for any text.
func FuzzBlocks(f *testing.F) {
	for i := range oddTexts {
		f.Add(strings.Join(oddTexts[:i], "")+strings.Join(oddTexts, ""), uint8(i+7))
	}
	f.Fuzz(func(t *testing.T, rows string, block uint8) {
		if len(rows) > 1<<14 {
			return
		}
		text := "date,customer,order,product,quantity,revenue\n2024-01-31,Ann,O1,Nail,2,20.66\n" + rows
		o := Options{Mapping: &Mapping{HeaderRow: 1, Shape: ShapeLines, Delimiter: ","}, MaxRejected: 1, Workers: 1}
		want := readIn(t, text, o, 0)
		o.Workers = 3
		if got := readIn(t, text, o, int(block)+1); got != want {
			t.Fatalf("in blocks of %d\n%s\none after another\n%s", int(block)+1, got, want)
		}
	})
}

// FuzzPlain: rows that are read the short way are what they are the long way.
func FuzzPlain(f *testing.F) {
	for _, row := range oddTexts {
		f.Add(row)
	}
	f.Add(" 2024-01-31 ,\u00a0Ann,O1 ,Nail,+2,1'000.5\n2024-01-31T10:00:00Z,Ann,O1,Nail,1e3,.5\n")
	f.Fuzz(func(t *testing.T, rows string) {
		text := "date,customer,order,product,quantity,revenue,cost\n2024-01-31,Ann,O1,Nail,2,20.66,3\n" + rows
		o := Options{Mapping: &Mapping{HeaderRow: 1, Shape: ShapeLines, Delimiter: ","}, MaxRejected: 1}
		read := func(careful bool) string {
			to := new(transcript)
			in := newIntake(context.Background(), o, to)
			in.careful = careful
			err := in.stream("f.csv", strings.NewReader(text))
			return fmt.Sprint(to, err)
		}
		if short, long := read(false), read(true); short != long {
			t.Fatalf("the short way\n%s\nthe long way\n%s", short, long)
		}
	})
}

// TestFactsOnly: what is kept without lines is what it is with them.
func TestFactsOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []Line
		for range rapid.IntRange(1, 60).Draw(t, "lines") {
			day := rapid.IntRange(0, 900).Draw(t, "day")
			lines = append(lines, Line{
				Customer: rapid.SampledFrom([]string{"", "a", "b", "c", "guest"}).Draw(t, "customer"), Order: fmt.Sprint(rapid.IntRange(0, 20).Draw(t, "order")),
				Date: NewDate(2024, 1, 1) + Date(day), Product: rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "product"),
				Group: rapid.SampledFrom([]string{"", "g"}).Draw(t, "group"), Salesperson: rapid.SampledFrom([]string{"", "Ann", "Bob"}).Draw(t, "salesperson"),
				Channel: rapid.SampledFrom([]string{"", "shop", "web"}).Draw(t, "channel"), Base: rapid.SampledFrom([]string{"", "", "1", "2"}).Draw(t, "base"),
				Quantity: Amount(rapid.IntRange(-3, 3).Draw(t, "quantity")) * One, Revenue: Amount(rapid.IntRange(-3, 9).Draw(t, "revenue")) * One,
				COGS: NullAmount{Amount(rapid.IntRange(0, 2).Draw(t, "cost")) * One, rapid.Bool().Draw(t, "cost known")}, Direct: Amount(rapid.IntRange(0, 1).Draw(t, "direct")),
				Cancelled: rapid.IntRange(0, 5).Draw(t, "cancelled") == 0,
			})
		}
		open := func(factsOnly bool) *History {
			h, err := Collect(context.Background(), sequence(lines), Options{FactsOnly: factsOnly})
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		whole, facts := open(false), open(true)
		defer whole.Release()
		w, f := whole.control, facts.control
		w.Warnings, f.Warnings = nil, nil
		if !reflect.DeepEqual(w, f) {
			t.Fatalf("with lines\n%+v\nwithout\n%+v", w, f)
		}
		var with, without []Deal
		for d := range whole.Deals() {
			with = append(with, d)
		}
		for d := range facts.Deals() {
			without = append(without, d)
		}
		if !reflect.DeepEqual(with, without) {
			t.Fatalf("with lines\n%+v\nwithout\n%+v", with, without)
		}
	})
}

func sequence(lines []Line) func(yield func(Line, error) bool) {
	return func(yield func(Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// TestLongRow: a row of many blocks, and one that never ends, are read once and
// not once for each block.
func TestLongRow(t *testing.T) {
	head := "date,customer,order,product,quantity,revenue\n2024-01-31,Ann,O1,Nail,2,20.66\n2024-01-31,Ann,O2,\""
	long := strings.Repeat("a,\n", 100_000)
	o := Options{
		Mapping: &Mapping{Encoding: "utf-8", Delimiter: ",", HeaderRow: 1, Shape: ShapeLines}, MaxRejected: 1,
		Limits: Limits{RecordBytes: 1 << 20, CellBytes: 1 << 20}, Workers: 1,
	}
	for _, text := range []string{head + long + "\",1,5\n", head + long, head + strings.Repeat(long, 5)} {
		want := readIn(t, text, o, 0)
		o := o
		o.Workers = 2
		if got := readIn(t, text, o, 4096); got != want {
			t.Errorf("in blocks\n%.300s\none after another\n%.300s", got, want)
		}
	}
}

// idle is a reader that never returns anything.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// TestIdleReader: what never returns anything is no endless loop.
func TestIdleReader(t *testing.T) {
	text := "date,customer,order,product,quantity,revenue\n" + strings.Repeat("2024-01-31,Ann,O1,Nail,2,20.66\n", 100_000)
	_, err := Read(context.Background(), "f.csv", io.MultiReader(strings.NewReader(text), idle{}), Options{Workers: 2})
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("error %v, want %v", err, io.ErrNoProgress)
	}
}

// TestLikely: an empty place is no code, whatever the hash.
func TestLikely(t *testing.T) {
	h := newHasher()
	d := newDict(&h)
	for _, text := range []string{"Ann", "Bob"} {
		if _, err := d.code([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	d.slots[0] = 0
	if code := d.likely(1); code != 0 {
		t.Errorf("an empty place is code %d", code)
	}
	hash, _ := h.hash([]byte("Nobody"))
	if code := d.likely(hash); code < 0 || int(code) >= d.len() {
		t.Errorf("code %d of %d", code, d.len())
	}
}
