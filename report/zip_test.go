package report_test

import (
	"archive/zip"
	"bytes"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// TestAnyNumberOfCores: a part larger than one block, compressed by one processor
// and by several, is the same bytes, and whole.
func TestAnyNumberOfCores(t *testing.T) {
	b := bookOf(t, each(equalItems(12_000)), orders.Options{})
	var books [][]byte
	for _, n := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(n)
		books = append(books, written(t, b, report.Options{}))
		runtime.GOMAXPROCS(before)
	}
	if !bytes.Equal(books[0], books[1]) || !bytes.Equal(books[0], books[2]) {
		t.Error("one, two and five processors write different files")
	}
	z, err := zip.NewReader(bytes.NewReader(books[0]), int64(len(books[0])))
	if err != nil {
		t.Fatal(err)
	}
	largest, names := uint64(0), []string(nil)
	for _, e := range z.File {
		names = append(names, e.Name)
		largest = max(largest, e.UncompressedSize64)
		r, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); err != nil || uint64(n) != e.UncompressedSize64 { // the reader checks the sum, too
			t.Errorf("%s: %d bytes of %d: %v", e.Name, n, e.UncompressedSize64, err)
		}
	}
	if largest < 3<<20 {
		t.Errorf("the largest part has %d bytes: all are one block or two", largest)
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("parts are not in order, or twice: %q", names)
	}
}
