package orders

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// inOrderOfIDs draws lines of orders whose ids ascend or descend for a while:
// then some come that were there, or belong to somebody else, or have no id.
func inOrderOfIDs(t *rapid.T) (lines []Line) {
	step := rapid.SampledFrom([]int{1, -1, 7}).Draw(t, "step")
	id, n := rapid.IntRange(90, 110).Draw(t, "first id"), rapid.IntRange(1, 60).Draw(t, "lines")
	day := NewDate(2024, 1, 1)
	line := Line{Organisation: "o", Customer: "a"}
	for range n {
		switch rapid.IntRange(0, 9).Draw(t, "next") {
		case 0, 1, 2, 3: // another order
			id += step
			line = Line{Customer: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "customer"), Organisation: rapid.SampledFrom([]string{"", "o"}).Draw(t, "organisation")}
			line.Salesperson = rapid.SampledFrom([]string{"", "s", "t"}).Draw(t, "salesperson")
		case 4: // the numbering begins anew
			day += Date(rapid.IntRange(-200, 400).Draw(t, "days"))
		case 5:
			if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
				id -= step * rapid.IntRange(1, 5).Draw(t, "back")
			}
		case 6:
			if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
				line.Customer += "x"
			}
		}
		line.Order, line.Date = fmt.Sprint(id), max(1, day)
		if rapid.IntRange(0, 99).Draw(t, "blank") == 0 {
			line.Order = ""
		}
		line.Cancelled = rapid.IntRange(0, 9).Draw(t, "cancelled") == 0
		line.Revenue = Amount(rapid.IntRange(-2, 9).Draw(t, "revenue")) * One
		line.COGS = NullAmount{}
		if rapid.IntRange(0, 3).Draw(t, "costed") == 0 {
			line.COGS = Known(Amount(rapid.IntRange(0, 3).Draw(t, "cost")) * One)
		}
		lines = append(lines, line)
	}
	return lines
}

// TestWithoutIndex: documents that are found by the order of their ids are those
// that the index finds, and there is no index only while ids are in order.
func TestWithoutIndex(t *testing.T) {
	without := 0
	rapid.Check(t, func(t *rapid.T) {
		lines := inOrderOfIDs(t)
		history := func(indexed bool) (*History, bool) {
			b, err := newBuilder(Options{MaxRejected: 1})
			if err != nil {
				t.Fatal(err)
			}
			if indexed {
				b.documents.indexAll()
			}
			if err := b.collect(t.Context(), func(yield func(Line, error) bool) {
				for _, l := range lines {
					if !yield(l, nil) {
						return
					}
				}
			}); err != nil {
				t.Fatal(err)
			}
			if err := b.flush(); err != nil {
				t.Fatal(err)
			}
			was := b.documents.indexed
			h, err := b.finish(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return h, was
		}
		want, _ := history(true)
		defer want.Release()
		got, indexed := history(false)
		defer got.Release()
		if !indexed {
			without++
		}
		if a, b := slices.Collect(want.Deals()), slices.Collect(got.Deals()); !slices.Equal(a, b) {
			t.Fatalf("deals\n%v\nwith an index\n%v", b, a)
		}
		if a, b := fmt.Sprintf("%+v", want.control), fmt.Sprintf("%+v", got.control); a != b {
			t.Fatalf("control\n%s\nwith an index\n%s", b, a)
		}
	})
	if without < 5 && !testing.Short() { // a short run draws too few
		t.Errorf("only %d histories had no index", without)
	}
}

// TestIndexInTime: an index that is made late holds what came before it.
func TestIndexInTime(t *testing.T) {
	h := newHasher()
	d := newDocuments(&h, newDict(&h))
	key := func(id string) documentKey {
		hash, _ := h.hash([]byte(id))
		return documentKey{customer: 1, order: []byte(id), hash: hash, day: 1}
	}
	for i, id := range []string{"8", "9", "9", "10", "11"} {
		code, err := d.code(key(id))
		if want := []int32{0, 1, 1, 2, 3}[i]; code != want || err != nil || d.indexed {
			t.Errorf("%s: document %d, index %t, %v; want document %d and no index", id, code, d.indexed, err, want)
		}
	}
	for i, id := range []string{"8", "10", "12", "11", "9"} {
		code, err := d.code(key(id))
		if want := []int32{0, 2, 4, 3, 1}[i]; code != want || err != nil || !d.indexed {
			t.Errorf("%s: document %d, index %t, %v; want document %d and an index", id, code, d.indexed, err, want)
		}
	}
}
