package orders

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// misfit judges a row of another length than the header: aside says that it is
// dealt with. Blank cells at the end do no harm, nor do missing ones that no
// sale needs: these are made blank.
func (r *rowReader) misfit(cells [][]byte) (whole [][]byte, aside bool, err error) {
	if r.aside(cells) {
		return nil, true, nil
	}
	width := len(r.l.header.names)
	if len(cells) > width {
		if blank(cells[width:]) {
			return cells, false, nil
		}
		return nil, true, r.reject(nil, fault{LongRow, -1, fmt.Sprintf("%d cells, the header has %d", len(cells), width)})
	}
	if !r.at.Terminated {
		return nil, true, r.truncated(0, fmt.Sprintf("the file ends in the middle of this row, after %d of %d cells; export it again", len(cells), r.need))
	}
	if len(cells) >= r.least {
		r.notices.shorten(r.at, len(cells), r.need)
		r.whole = append(r.whole[:0], cells...)
		for len(r.whole) < r.need {
			r.whole = append(r.whole, nil)
		}
		return r.whole, false, nil
	}
	return nil, true, r.reject(nil, fault{ShortRow, -1, fmt.Sprintf("%d cells, the header has %d", len(cells), r.need)})
}

// truncated says that the file ends in the middle of the row.
func (r *rowReader) truncated(column int, text string) error {
	e := r.place()
	e.Column, e.Reason, e.Text, e.Err = column, Truncated, text, ErrTruncated
	return &e
}

// place returns where the row stands.
func (r *rowReader) place() RowError {
	return RowError{File: r.l.File, Sheet: r.l.Sheet, Row: r.at.Row, Line: r.at.Line, Offset: r.at.Offset}
}

func (r *rowReader) badQuote() error {
	if r.at.Fault == delimited.Unclosed && !r.at.Terminated {
		return r.truncated(r.at.FaultCell, "the file ends within the quotes of this cell; export it again")
	}
	text := "the quote that opens the cell on this line is not closed"
	if r.at.Fault == delimited.TextAfterQuote {
		text = "the quoted cell that begins on this line is followed by text; a quote within quotes must be doubled"
	}
	return r.reject(nil, fault{BadQuote, r.at.FaultCell - 1, text})
}

func (r *rowReader) badText(cells [][]byte) fault {
	for i, c := range cells {
		if !utf8.Valid(c) {
			return fault{BadText, i, "bytes that are no UTF-8"}
		}
	}
	return fault{BadText, -1, "bytes that are no UTF-8"}
}

// errorCell rejects a row with an error value where something is read.
func (r *rowReader) errorCell() fault {
	for i, c := range r.l.Columns {
		if c.Role != "" && r.at.kind(i) == errorCell {
			return fault{ErrorCell, i, "the cell holds an error of a formula"}
		}
	}
	return fault{}
}

func (r *rowReader) badDate(cells [][]byte, column int, format cell.DateFormat, err error) fault {
	switch {
	case cell.NoDate(cell.Trim(cells[column])):
		return fault{NoDate, column, "the date is blank"}
	case errors.Is(err, cell.ErrRange):
		return fault{DateRange, column, fmt.Sprintf("a date outside the years %d to %d", cell.FirstYear, cell.LastYear)}
	}
	return fault{BadDate, column, fmt.Sprintf("not a date of the form %s", format)}
}

// reject hands over a row that cannot be understood. Without cells, which say
// where the money is, it has none.
func (r *rowReader) reject(cells [][]byte, f fault) error {
	if r.order != nil {
		r.order.rejected = true
	}
	place := r.place()
	e := &place
	e.Reason, e.Text = f.reason, f.text
	if f.column >= 0 {
		if e.Column = f.column + 1; f.column < len(r.at.columns) {
			e.Column = r.at.columns[f.column]
		}
		if f.column < len(r.l.Columns) {
			e.Header, e.Role = r.l.Columns[f.column].Header, r.l.Columns[f.column].Role
		}
	}
	switch {
	case f.column >= 0 && cells != nil:
		e.Value = cut(string(cells[f.column]), 200)
	default:
		e.Value = cut(r.at.text(), 200)
	}
	if err := r.quarantine(cells, e); err != nil {
		return err
	}
	return r.in.sink.reject(e, r.money(cells))
}

// money returns the revenue of a row that is left out, as far as it can be read.
func (r *rowReader) money(cells [][]byte) Amount {
	if len(cells) < r.need {
		return 0
	}
	n, _, f := r.amount(cells)
	if f.reason != "" {
		return 0
	}
	return Amount(n.Units)
}

// aside skips a row that was never meant as data: a blank one, a total, the
// header again. It returns false for any other.
func (r *rowReader) aside(cells [][]byte) bool {
	switch total, grand := r.isTotal(cells); {
	case blank(cells):
		r.in.sink.skip(BlankRow, 0)
	case total:
		sum := r.sum(cells)
		if grand && sum.Known && (len(r.l.Rates) == 0 || r.col.currency < 0) { // else it is a sum of two currencies
			if r.statedRow != r.at.Row { // else it has one for each period
				r.stated = Known(0)
			}
			r.stated.Amount += sum.Amount
			r.statedRow = r.at.Row
		}
		r.in.sink.skip(TotalRow, sum.Amount)
	case r.isHeader(cells):
		r.in.sink.skip(HeaderRow, 0)
	default:
		return false
	}
	return true
}

// sum returns the amount of a totals row, where quantity times price means nothing.
func (r *rowReader) sum(cells [][]byte) NullAmount {
	if r.col.revenue.absent() || r.col.revenue.column >= len(cells) {
		return NullAmount{}
	}
	n, none, f := r.number(cells, r.col.revenue)
	if none || f.reason != "" {
		return NullAmount{}
	}
	if n, f = r.exchange(n, r.col.revenue.column); f.reason != "" {
		return NullAmount{}
	}
	return Known(Amount(n.Units))
}

// isTotal reports whether the only text of a row is the label of a total, and
// whether that is the grand one. Numbers and the currency may stand beside it.
func (r *rowReader) isTotal(cells [][]byte) (total, grand bool) {
	return totalIn(cells, r.col.currency)
}

// totalIn is isTotal for a row of which the column of the currency does not count.
func totalIn(cells [][]byte, currency int) (total, grand bool) {
	for i, c := range cells {
		c = cell.Trim(c)
		if noNumber(c) || i == currency {
			continue
		}
		if is, g := totalLabel(string(c)); is {
			total, grand = true, g
			continue
		}
		_, dot := cell.ParseNumber(c, '.')
		_, comma := cell.ParseNumber(c, ',')
		if dot != nil && comma != nil {
			return false, false
		}
	}
	return total, grand
}

// isHeader reports whether a row names the columns again, or is a line of a
// header that does: what it holds is what the header has there. Merged cells
// may be blank.
func (r *rowReader) isHeader(cells [][]byte) bool {
	return slices.ContainsFunc(r.l.header.lines, func(names []string) bool {
		same := 0
		for i, c := range cells {
			switch c = cell.Trim(c); {
			case len(c) == 0:
			case i >= len(names) || string(c) != names[i]:
				return false
			default:
				same++
			}
		}
		return same > 1 || same == 1 && len(names) == 1
	})
}
