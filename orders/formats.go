package orders

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/repeatsales/repeatsales/internal/cell"
)

// chooseDates decides how the column of the role writes dates.
func (d *detector) chooseDates(role Role) {
	i, ok := d.column[role]
	if !ok {
		return
	}
	if f, ok := cell.ParseFormat(d.fixed[role].Dates); ok {
		d.dates[role] = f
		d.Columns[i].Dates = f.String()
		return
	}
	best, other, _ := d.seen[i].Format()
	c := &d.Columns[i]
	given, isGiven := cell.ParseFormat(d.fixed[role].Dates)
	like, evident := d.sameOrder(i, best, other)
	switch {
	case isGiven:
		best = given
	case best == other:
	case evident:
		best = like
		c.Evidence += "; day and month as in the other dates"
	case d.dayFirst():
		if best.Order == cell.MDY {
			best, other = other, best
		}
		d.warn("date_order_guessed", "%s, column %d (%s): no day is above 12, so the dates could be %s as well; they are read as %s",
			d.File, i+1, c.Header, other, best)
	default:
		d.doubt(i, role, best.String(), other.String(), d.seen[i].Seen)
		return
	}
	if best.Order == cell.Serial && d.serial1904 {
		best.Order = cell.Serial1904
	}
	if best.Order == cell.Serial && !isGiven && d.Format != "xlsx" {
		d.warn("date_serials", "%s, column %d (%s): the dates are numbers; they are read as days of a spreadsheet that counts from 1900, not from 1904",
			d.File, i+1, c.Header)
	}
	d.dates[role] = best
	c.Dates = best.String()
}

// sameOrder returns which of two formats the other columns of dates have, if
// they tell and agree.
func (d *detector) sameOrder(i int, a, b cell.DateFormat) (f cell.DateFormat, ok bool) {
	for j, dates := range d.seen {
		best, other, fits := dates.Format()
		if j == i || fits == 0 || best != other || best != a && best != b {
			continue
		}
		if ok && f != best {
			return f, false
		}
		f, ok = best, true
	}
	return f, ok
}

// dayFirst reports whether the file looks like one from a country that writes
// the day before the month: it has Cyrillic headers, semicolons or decimal commas.
func (d *detector) dayFirst() bool {
	if d.comma == ';' || slices.ContainsFunc(d.header.keys, cyrillic) {
		return true
	}
	for _, n := range d.numbers {
		if mark, _ := n.Decimal(); mark == ',' {
			return true
		}
	}
	return false
}

func cyrillic(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return 'а' <= r && r <= 'я' })
}

// chooseDecimals decides which decimal mark each column of numbers has: what its
// own cells say, else the other columns, else what the rest of the file is like.
func (d *detector) chooseDecimals() {
	marks := map[byte]bool{}
	for _, n := range d.numbers {
		if mark, _ := n.Decimal(); mark != 0 {
			marks[mark] = true
		}
	}
	common := byte(0)
	if len(marks) == 1 {
		for common = range marks {
		}
	}
	for _, role := range numberRoles {
		if i, ok := d.column[role]; ok {
			d.decimal[role] = d.chooseDecimal(i, role, common)
		}
	}
}

// chooseDecimal returns the decimal mark of column i; 0 if that is in doubt.
func (d *detector) chooseDecimal(i int, role Role, common byte) byte {
	n, c := d.numbers[i], &d.Columns[i]
	mark, mixed := n.Decimal()
	switch given := d.fixed[role].Decimal; {
	case given != "":
		mark = given[0]
	case mixed:
		d.warn("numbers_mixed", "%s, column %d (%s): %d numbers have a decimal comma and %d a decimal dot; the mark is taken to be %q",
			d.File, i+1, c.Header, n.Comma+n.MaybeComma, n.Dot+n.MaybeDot, mark)
	case mark == 0 && n.Ambiguous():
		if mark = d.guessDecimal(i, role, common); mark == 0 {
			return 0
		}
	case mark == 0:
		if mark = common; mark == 0 {
			mark = '.'
		}
	}
	c.Decimal = string(rune(mark))
	switch {
	case n.Group != 0:
		c.Thousands = string(rune(n.Group))
	case mark == '.' && n.MaybeComma > 0:
		c.Thousands = ","
	case mark == ',' && n.MaybeDot > 0:
		c.Thousands = "."
	}
	return mark
}

// guessDecimal decides for a column all whose marks are followed by three
// digits: 1,234 is 1234 or 1.234.
//
// The other columns tell, or else the delimiter does: programs write semicolons
// where the comma is the decimal mark, and commas where it is not. A dot beside
// semicolons, and a comma in quotes beside commas, may be either mark: 0.
func (d *detector) guessDecimal(i int, role Role, common byte) byte {
	n, c := d.numbers[i], &d.Columns[i]
	seen, other := byte('.'), byte(',')
	if n.MaybeComma > n.MaybeDot {
		seen, other = ',', '.'
	}
	switch {
	case common != 0:
		c.Evidence += fmt.Sprintf("; %q is taken to be what it is in the other columns", seen)
		return common
	case seen == '.' && d.Format == "xlsx": // as a sheet holds numbers
		return seen
	case seen == ',' && d.comma == ';', seen == '.' && d.comma == ',':
		d.warn("numbers_guessed", "%s, column %d (%s): every %q is followed by three digits; it is taken to be the decimal mark, as usual in a file like this",
			d.File, i+1, c.Header, seen)
		return seen
	}
	d.doubt(i, role, string(rune(seen)), string(rune(other)), n.Seen)
	return 0
}

// scales are the beginnings of words by which a header says that its amounts
// are thousands or millions.
var scales = []string{"тыс", "млн", "thousand", "million", "mln"}

// warnOfScale warns of columns whose amounts are written in thousands.
func (d *detector) warnOfScale() {
	for _, role := range numberRoles {
		i, ok := d.column[role]
		if !ok {
			continue
		}
		words := strings.FieldsFunc(strings.ToLower(d.header.names[i]), func(r rune) bool { return !unicode.IsLetter(r) })
		if slices.ContainsFunc(words, func(w string) bool {
			return slices.ContainsFunc(scales, func(s string) bool { return strings.HasPrefix(w, s) })
		}) {
			d.warn("scaled_amounts", "%s, column %d (%s): the header speaks of thousands or millions; the amounts are taken as they are written",
				d.File, i+1, d.header.names[i])
		}
	}
}

// findCurrency takes the currency that the header of a column of money names,
// or a line above the header in brackets.
func (d *detector) findCurrency() {
	if _, ok := d.column[RoleCurrency]; ok {
		return
	}
	for _, role := range []Role{RoleRevenue, RolePrice} {
		if i, ok := d.column[role]; ok && d.Currency == "" {
			d.Currency = currencyIn(d.header.names[i])
		}
	}
	for row := range d.sample {
		if row.Row >= d.HeaderRow || d.Currency != "" {
			return
		}
		for _, c := range row.Cells {
			if d.Currency == "" && bytes.IndexByte(c, '(') >= 0 {
				d.Currency = currencyIn(string(c))
			}
		}
	}
}
