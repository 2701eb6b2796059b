package factstest_test

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// collect opens lines as a History, which is released at the end of the test.
func collect(t rapid.TB, lines []orders.Line, o orders.Options) (*orders.History, error) {
	t.Helper()
	return orders.Collect(context.Background(), func(yield func(orders.Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}, o)
}

// both opens lines in both implementations; ok is false if both find none.
func both(t rapid.TB, lines []orders.Line, o orders.Options) (h *orders.History, naive orders.Facts, ok bool) {
	t.Helper()
	naive, err := factstest.Open(lines, o)
	h, errH := collect(t, lines, o)
	if errors.Is(err, orders.ErrNoRows) && errors.Is(errH, orders.ErrNoRows) {
		return nil, nil, false
	}
	if err != nil || errH != nil {
		t.Fatalf("opening: naive %v, History %v", err, errH)
	}
	return h, naive, true
}

// TestHistory holds History to the naive facts on random histories: the facts,
// the deals, the sums; with the lines shuffled, on one core and on two, and with
// every byte of Arrow memory given back.
func TestHistory(t *testing.T) { rapid.Check(t, agree) }

// FuzzHistory is TestHistory with a fuzzer to look for the histories.
func FuzzHistory(f *testing.F) {
	for seed := range 4 { // a history takes some kilobytes of choices
		choices := make([]byte, 16<<10)
		source := rand.NewChaCha8([32]byte{byte(seed)})
		_, _ = source.Read(choices)
		f.Add(choices)
	}
	f.Fuzz(rapid.MakeFuzz(agree))
}

func agree(t *rapid.T) {
	lines, o, queries := factstest.Lines(t), factstest.Options(t), factstest.Queries(t)
	arena := memory.NewCheckedAllocator(memory.NewGoAllocator())
	o.Allocator, o.Workers = arena, 1
	h, naive, ok := both(t, lines, o)
	if !ok {
		return
	}
	factstest.Equal(t, naive, h, queries...)
	factstest.Conserve(t, h)
	if d := factstest.Diff(sorted(naive.(dealer).Deals()), sorted(h.Deals())); d != "" {
		t.Fatalf("deals differ: %s", d)
	}

	o.Workers = 2
	shuffled, err := collect(t, rapid.Permutation(lines).Draw(t, "shuffled"), o)
	if err != nil {
		t.Fatal(err)
	}
	factstest.Equal(t, h, shuffled, queries...)
	if d := factstest.Diff(slices.Collect(h.Deals()), slices.Collect(shuffled.Deals())); d != "" {
		t.Fatalf("deals of shuffled lines differ: %s", d)
	}
	if d := factstest.Diff(control(t, h).Warnings, control(t, shuffled).Warnings); d != "" {
		t.Fatalf("warnings of shuffled lines differ: %s", d)
	}
	h.Release()
	shuffled.Release()
	if n := arena.CurrentAlloc(); n != 0 {
		t.Fatalf("%d bytes of Arrow memory are not released", n)
	}
}

// sorted returns deals in an order that no implementation owes.
func sorted(deals iter.Seq[orders.Deal]) []orders.Deal {
	return slices.SortedFunc(deals, func(a, b orders.Deal) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Day, b.Day),
			cmp.Compare(a.Order, b.Order), cmp.Compare(a.Organisation, b.Organisation))
	})
}

// TestHistoryOfCDNOW holds History to the naive facts on a real export.
func TestHistoryOfCDNOW(t *testing.T) {
	lines := published.CDNOW(t)
	for name, o := range map[string]orders.Options{
		"whole history, per day": {CountZero: true, HistoryComplete: true},
		"cut history, per deal":  {Purchase: orders.PerDeal, AsOf: orders.NewDate(1998, 1, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			h, naive, _ := both(t, lines, o)
			defer h.Release()
			factstest.Equal(t, naive, h)
			factstest.Conserve(t, h)
		})
	}
}

func TestBehaviour(t *testing.T) { each(t, testBehaviour) }

func testBehaviour(t *testing.T, open opener) {
	factstest.Behave(t, open(t, read(t, shop), orders.Options{}))
}
