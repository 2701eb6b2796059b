package xlsx

import (
	"archive/zip"
	"cmp"
	"fmt"
	"math"
	"sync"
)

// Limits bound what a file may cost. The zero value is the defaults; a field
// that is 0 is its default. They are counted while unzipping: what the
// archive's headers say is not relied on.
type Limits struct {
	Entries     int   // files in the archive; default 10,000
	PartBytes   int64 // of one unzipped part; default 2 GiB
	TotalBytes  int64 // of all unzipped parts together, each counted once however often it is read; default 4 GiB
	Strings     int   // shared strings; default 16 Mi (16,777,216)
	StringBytes int64 // of all shared strings together; default 256 MiB, at most 4 GiB − 1
	CellBytes   int   // of the text of one cell or shared string; default 131,068, which is Excel's 32,767 characters of 4 bytes
	RowBytes    int   // of the texts of one row that are not shared strings; default 16 MiB
	Rows        int   // the greatest row number; default 1,048,576, Excel's own
	Columns     int   // the greatest column number; default 16,384, Excel's own
	Merged      int   // merged ranges of one sheet; default 1 Mi (1,048,576)
}

// Bounds that no real workbook comes near: not worth a field of Limits.
const (
	maxDepth     = 256      // elements open at once
	maxTag       = 1 << 20  // bytes of a tag
	maxList      = 64 << 20 // bytes of a part that is neither a sheet nor the shared strings
	maxSheets    = 1 << 14
	maxRelations = 1 << 16
	maxFormats   = 1 << 16 // Excel: 65,490
)

// withDefaults returns l with its zero fields filled in.
func (l Limits) withDefaults() (Limits, error) {
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"Entries", int64(l.Entries)}, {"PartBytes", l.PartBytes}, {"TotalBytes", l.TotalBytes},
		{"Strings", int64(l.Strings)}, {"StringBytes", l.StringBytes}, {"CellBytes", int64(l.CellBytes)},
		{"RowBytes", int64(l.RowBytes)}, {"Rows", int64(l.Rows)}, {"Columns", int64(l.Columns)}, {"Merged", int64(l.Merged)},
	} {
		if f.value < 0 {
			return l, fmt.Errorf("xlsx: Limits.%s is %d: it cannot be negative", f.name, f.value)
		}
	}
	if l.StringBytes > math.MaxUint32 {
		return l, fmt.Errorf("xlsx: Limits.StringBytes is %d: it is at most %d", l.StringBytes, int64(math.MaxUint32))
	}
	l.Entries = cmp.Or(l.Entries, 10_000)
	l.PartBytes = cmp.Or(l.PartBytes, 2<<30)
	l.TotalBytes = cmp.Or(l.TotalBytes, 4<<30)
	l.Strings = cmp.Or(l.Strings, 16<<20)
	l.StringBytes = cmp.Or(l.StringBytes, 256<<20)
	l.CellBytes = cmp.Or(l.CellBytes, 4*32_767)
	l.RowBytes = cmp.Or(l.RowBytes, 16<<20)
	l.Rows = cmp.Or(l.Rows, 1<<20)
	l.Columns = cmp.Or(l.Columns, 1<<14)
	l.Merged = cmp.Or(l.Merged, 1<<20)
	return l, nil
}

// A budget counts the unzipped bytes of a book. A part that is read again, or
// by two goroutines, counts as far as it was read furthest.
type budget struct {
	limits Limits

	mu    sync.Mutex
	read  map[*zip.File]int64
	total int64
}

// spend notes that the first n bytes of file were unzipped.
func (b *budget) spend(file *zip.File, n int64) error {
	if n > b.limits.PartBytes {
		return beyond(b.limits.PartBytes, "bytes in one part", "PartBytes")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if more := n - b.read[file]; more > 0 {
		b.total += more
		b.read[file] = n
	}
	if b.total > b.limits.TotalBytes {
		return beyond(b.limits.TotalBytes, "bytes in all parts", "TotalBytes")
	}
	return nil
}
