package orders

import (
	"bytes"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// isPlain reports whether a row of the layout is read cell by cell: nothing in
// it depends on words, rates or other rows.
func (r *rowReader) isPlain() bool {
	c, l := &r.col, r.l
	for _, t := range r.texts {
		if len(t.more) > 0 {
			return false
		}
	}
	return !r.in.careful && l.report == nil && r.order == nil && l.Format != "xlsx" && len(l.Rates) == 0 && l.base == One &&
		c.date >= 0 && c.since < 0 && c.lead < 0 && c.currency < 0 && c.status < 0 && c.kind < 0 && !c.revenue.absent() &&
		len(l.ReturnOrders) == 0 && len(l.CancelOrders) == 0
}

// readPlain reads a row into the record if there is nothing about it to look
// into: all cells that are read are there, and are what they should be. What it
// does not read, [rowReader.row] does from the beginning.
func (r *rowReader) readPlain(at *tableRow) bool {
	cells, c := at.Cells, &r.col
	if at.Fault != delimited.NoFault || len(cells) != len(r.l.header.names) || len(at.Raw) > r.longest || at.Row > r.rows || at.Raw == nil {
		return false
	}
	if !at.ascii && (bytes.Contains(at.Raw, lost) || r.check && !utf8.Valid(at.Raw)) {
		return false
	}
	day, err := r.date.parse(cell.Trim(cells[c.date]), textCell)
	if err != nil {
		return false
	}
	rec := &r.rec
	revenue, ok := plainAmount(cells, c.revenue)
	if !ok {
		return false
	}
	rec.quantity, rec.direct, rec.cogs = 0, 0, NullAmount{}
	if !c.quantity.absent() {
		if rec.quantity, ok = plainAmount(cells, c.quantity); !ok {
			return false
		}
	}
	if !c.cogs.absent() {
		if rec.cogs.Amount, ok = plainAmount(cells, c.cogs); !ok {
			return false
		}
		rec.cogs.Known = true
	} else if !c.profit.absent() {
		return false
	}
	if !c.direct.absent() {
		if rec.direct, ok = plainAmount(cells, c.direct); !ok {
			return false
		}
	}
	rec.date, rec.revenue, rec.cancelled = day, revenue, false
	rec.customer, rec.product = nil, nil // where there is only a name the builder puts it there
	for i := range r.texts {
		*r.texts[i].field = cell.Trim(cells[r.texts[i].column])
	}
	rec.raw = at.Raw
	return true
}

// plainAmount returns the number in a column; ok is false if it is blank, no
// number, or one that has to be rounded.
func plainAmount(cells [][]byte, c numberColumn) (v Amount, ok bool) {
	b := cells[c.column]
	if units, ok := cell.ParsePlain(b, c.decimal); ok {
		return Amount(units), true
	}
	n, err := cell.ParseNumber(cell.Trim(b), c.decimal)
	return Amount(n.Units), err == nil && n.Rest == 0
}
