package orders

import (
	"iter"
	"slices"
)

// peeked is how many rows of a program are looked at before they are read.
const peeked = 10_000

// table reads rows that a program gives, under the names of their columns.
// format is what [Detection] calls them.
func (in *intake) table(name, format string, header []string, rows iter.Seq2[*tableRow, error]) error {
	next, stop := iter.Pull2(rows)
	defer stop()
	l, first, err := peek(name, format, header, next, in.o)
	if err != nil {
		return err
	}
	return in.read(l, func(yield func(*tableRow, error) bool) {
		for i := range first {
			if !yield(&first[i], nil) {
				return
			}
		}
		first = nil
		for row, err, ok := next(); ok; row, err, ok = next() {
			if !yield(row, err) {
				return
			}
		}
	})
}

// peek looks at the first rows, which it returns too.
func peek(name, format string, header []string, next func() (*tableRow, error, bool), o Options) (*layout, []tableRow, error) {
	var first []tableRow
	for len(first) < peeked {
		row, err, ok := next()
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			break
		}
		first = append(first, row.clone())
	}
	l, err := detectTable(name, format, header, slices.Values(first), o)
	return l, first, err
}

// detectTable finds out what the columns of a program's rows mean.
func detectTable(name, format string, header []string, rows iter.Seq[tableRow], o Options) (*layout, error) {
	cells := make([][]byte, len(header))
	for i, s := range header {
		cells[i] = []byte(s)
	}
	l := newLayout()
	l.header = newHeader(cells)
	l.Detection = Detection{File: name, Format: format, Encoding: "utf-8", Shape: ShapeLines}
	if err := o.checkFormat(name, l.Format); err != nil {
		return nil, err
	}
	sample := func(yield func(*tableRow) bool) {
		for row := range rows {
			if !yield(&row) {
				return
			}
		}
	}
	d := &detector{layout: l, o: o, sample: sample, meanings: l.header.meanings()}
	return l, d.run()
}
