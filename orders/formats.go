package orders

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// chooseDates decides how the column of the role writes dates.
func (d *detector) chooseDates(role Role) {
	i, ok := d.column[role]
	if !ok {
		return
	}
	best, other, _ := d.seen[i].Format()
	if best != other {
		if (best.Order == cell.MDY) == d.dayFirst() {
			best, other = other, best
		}
		d.warn("date_order_guessed", "%s, column %d (%s): no day is above 12, so the dates could be %s as well; they are read as %s",
			d.File, i+1, d.header.names[i], other, best)
	}
	d.dates[role] = best
	d.Columns[i].Dates = best.String()
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
			d.decimal[role] = d.chooseDecimal(i, common)
		}
	}
}

func (d *detector) chooseDecimal(i int, common byte) byte {
	n, c := d.numbers[i], &d.Columns[i]
	mark, mixed := n.Decimal()
	switch {
	case mixed:
		d.warn("numbers_mixed", "%s, column %d (%s): %d numbers have a decimal comma and %d a decimal dot; the mark is taken to be %q",
			d.File, i+1, c.Header, n.Comma+n.MaybeComma, n.Dot+n.MaybeDot, mark)
	case mark == 0 && n.Ambiguous():
		mark = d.guessDecimal(i, common)
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
func (d *detector) guessDecimal(i int, common byte) byte {
	n, c := d.numbers[i], &d.Columns[i]
	seen, other := byte('.'), byte(',')
	if n.MaybeComma > n.MaybeDot {
		seen, other = ',', '.'
	}
	if common != 0 {
		c.Evidence += fmt.Sprintf("; %q is taken to be what it is in the other columns", seen)
		return common
	}
	mark, what := seen, "the decimal mark"
	if seen == ',' && !d.dayFirst() {
		mark, what = other, "a mark of thousands"
	}
	d.warn("numbers_guessed", "%s, column %d (%s): every %q is followed by three digits; it is taken to be %s, as usual in a file like this",
		d.File, i+1, c.Header, seen, what)
	return mark
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
	p := delimited.Parser{Comma: d.comma}
	text := d.sample.head
	for row := int64(1); row < d.HeaderRow && d.Currency == ""; row++ {
		n, err := p.Next(text, true)
		if err != nil || n == 0 {
			return
		}
		text = text[n:]
		for _, c := range p.Cells {
			if d.Currency == "" && bytes.IndexByte(c, '(') >= 0 {
				d.Currency = currencyIn(string(c))
			}
		}
	}
}
