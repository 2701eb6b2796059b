package orders

import (
	"cmp"
	"fmt"
)

// Limits bound what a hostile or a broken file may cost. A field that is 0 has
// its default, which no export of orders comes near. What lies beyond is a
// [*FormatError] that names the limit, and never more than about the limit in
// memory; only a cell of a text beyond CellBytes costs no more than its row,
// which is rejected. What a workbook unzips to is counted while it is unzipped: what its
// own headers say is not relied on.
type Limits struct {
	RecordBytes   int   // of one row of a text, line ends within quotes included; default 1 MiB
	CellBytes     int   // of the text of one cell; default 131,068: Excel's 32,767 characters of 4 bytes
	Columns       int   // of a table; default 16,384, as in Excel
	Rows          int64 // of one file or sheet; default 1,000,000,000
	PartBytes     int64 // of one part of a workbook, unzipped; default 2 GiB
	TotalBytes    int64 // of all parts of a workbook, unzipped; default 4 GiB
	Entries       int   // files in the archive that a workbook is; default 10,000
	SharedStrings int   // different texts of a workbook; default 16,777,216
}

// withDefaults returns l with its zero fields filled in.
func (l Limits) withDefaults() Limits {
	return Limits{
		RecordBytes:   cmp.Or(l.RecordBytes, 1<<20),
		CellBytes:     cmp.Or(l.CellBytes, 4*32_767),
		Columns:       cmp.Or(l.Columns, 1<<14),
		Rows:          cmp.Or(l.Rows, 1_000_000_000),
		PartBytes:     cmp.Or(l.PartBytes, 2<<30),
		TotalBytes:    cmp.Or(l.TotalBytes, 4<<30),
		Entries:       cmp.Or(l.Entries, 10_000),
		SharedStrings: cmp.Or(l.SharedStrings, 16<<20),
	}
}

func (l Limits) check() error {
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"RecordBytes", int64(l.RecordBytes)}, {"CellBytes", int64(l.CellBytes)}, {"Columns", int64(l.Columns)}, {"Rows", l.Rows},
		{"PartBytes", l.PartBytes}, {"TotalBytes", l.TotalBytes}, {"Entries", int64(l.Entries)}, {"SharedStrings", int64(l.SharedStrings)},
	} {
		if f.value < 0 {
			return optionError("Limits."+f.name, f.value)
		}
	}
	return nil
}

// tooLarge says that a file is larger than a limit allows.
func tooLarge(name string, row int64, what string, limit int64, field string) error {
	return &FormatError{name, "too large", row,
		fmt.Sprintf("row %d: more than %d %s; if that is right, raise Options.Limits.%s", row, limit, what, field)}
}

// longCell returns the first cell that is longer than the limit.
func (r *rowReader) longCell(cells [][]byte) fault {
	for i, c := range cells {
		if len(c) > r.longest {
			return fault{LongCell, i, fmt.Sprintf("a cell of %d bytes; Options.Limits.CellBytes allows %d", len(c), r.longest)}
		}
	}
	return fault{}
}
