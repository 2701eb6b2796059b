package abcxyz

import "slices"

// Matrix is ABC × XYZ: how many items of each class are how steady, and what
// they bring. Every item is in exactly one cell, so the cells of a row add up
// to its total, and all of them to the whole ranking: Items to
// len(Ranking.Items), Sum to Ranking.Total, Share to Total ÷ Base.
type Matrix struct {
	Rows    []ABC // A, B, C … N
	Columns []XYZ // X, Y, Z, OneOff, Undefined

	Cells [][]Part // by row, then column; those without items too

	RowTotals    []Part
	ColumnTotals []Part
	Total        Part
}

// Matrix returns the matrix of the ranking.
func (r *Ranking) Matrix() Matrix {
	rows := r.Options.classes()
	m := Matrix{
		Rows:         rows,
		Columns:      slices.Clone(xyzOrder[:]),
		Cells:        make([][]Part, len(rows)),
		RowTotals:    make([]Part, len(rows)),
		ColumnTotals: make([]Part, len(xyzOrder)),
	}
	for i := range m.Cells {
		m.Cells[i] = make([]Part, len(xyzOrder))
	}
	for i := range r.Items {
		item := &r.Items[i]
		row, column := row(item.ABC, len(rows)), item.XYZ.column()
		for _, p := range [...]*Part{&m.Cells[row][column], &m.RowTotals[row], &m.ColumnTotals[column], &m.Total} {
			p.Items++
			p.Sum += item.Value
		}
	}
	m.Total.Share = ratio(m.Total.Sum, r.Base)
	for _, parts := range append(m.Cells, m.RowTotals, m.ColumnTotals) {
		for i := range parts {
			parts[i].Share = ratio(parts[i].Sum, r.Base)
		}
	}
	return m
}

// row returns the row of a class in a matrix of n rows, of which N's is the last.
func row(c ABC, n int) int {
	if c == N {
		return n - 1
	}
	return int(c) - 1
}

// Cell returns the items of both classes.
func (m Matrix) Cell(abc ABC, xyz XYZ) Part {
	return m.Cells[slices.Index(m.Rows, abc)][slices.Index(m.Columns, xyz)]
}
