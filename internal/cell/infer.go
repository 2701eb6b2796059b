package cell

import (
	"bytes"
	"errors"
)

// Numbers finds out how the numbers of a column are written. The zero Numbers
// has seen nothing.
type Numbers struct {
	Seen, Bad int // cells looked at, and those that are no numbers at all

	Dot, Comma           int  // cells whose decimal mark can only be that
	MaybeDot, MaybeComma int  // cells like 1,234, whose mark may be one of thousands
	Plain                int  // whole numbers of four digits or more without marks of thousands
	Group                byte // the mark of thousands that was seen: ' ', '\'', '.' or ','; 0: none
}

// Add looks at one cell, which has no space around; an empty one says nothing.
func (n *Numbers) Add(b []byte) {
	if len(b) == 0 {
		return
	}
	n.Seen++
	_, dot := ParseNumber(b, '.')
	_, comma := ParseNumber(b, ',')
	body, _, ok := stripAffixes(b, '.')
	switch {
	case errors.Is(dot, ErrSyntax) && errors.Is(comma, ErrSyntax), !ok:
		n.Bad++
		return
	case errors.Is(comma, ErrSyntax):
		n.Dot++
		n.mark(body, ',')
	case errors.Is(dot, ErrSyntax):
		n.Comma++
		n.mark(body, '.')
	default:
		n.addEither(body)
	}
}

// addEither looks at a number that can be read with either decimal mark.
func (n *Numbers) addEither(body []byte) {
	mark := bytes.IndexAny(body, ".,")
	switch {
	case mark < 0:
		digits := 0
		for _, c := range body {
			if c-'0' > 9 {
				n.mark(body, '.')
				return
			}
			digits++
		}
		if digits >= 4 {
			n.Plain++
		}
	case bytes.IndexByte(body, body[mark]) != bytes.LastIndexByte(body, body[mark]):
		// Repeated, so it is no decimal mark; the other one must be.
		n.Group = body[mark]
	case body[mark] == '.':
		n.MaybeDot++
	default:
		n.MaybeComma++
	}
}

// mark remembers the mark of thousands of a number.
func (n *Numbers) mark(body []byte, other byte) {
	for i := range body {
		if body[i] == 'e' || body[i] == 'E' {
			return
		}
		if body[i]-'0' > 9 && body[i] != '.' && body[i] != ',' || body[i] == other {
			if kind, _ := groupMark(body[i:], '.'+','-other); kind != 0 {
				n.Group = kind
			}
			return
		}
	}
}

// Decimal returns the decimal mark of the column, '.' or ','; 0 if its cells
// do not tell, and whether any of them speaks for the other mark.
func (n *Numbers) Decimal() (mark byte, mixed bool) {
	switch {
	case n.Dot > n.Comma:
		return '.', n.Comma > 0
	case n.Comma > 0:
		return ',', n.Dot > 0
	}
	// 1,234 in a column that writes 5000 without a mark, or that sets
	// thousands apart by something else, has a decimal comma.
	switch {
	case n.Group == '.':
		return ',', n.MaybeDot > 0 && n.MaybeComma > 0
	case n.Group == ',':
		return '.', n.MaybeDot > 0 && n.MaybeComma > 0
	case n.Plain == 0 && n.Group == 0:
		return 0, false
	case n.MaybeComma > n.MaybeDot:
		return ',', n.MaybeDot > 0
	case n.MaybeDot > 0:
		return '.', n.MaybeComma > 0
	}
	return 0, false
}

// Ambiguous reports whether the column has marks of which it does not tell
// what they are: every one is followed by three digits.
func (n *Numbers) Ambiguous() bool {
	mark, _ := n.Decimal()
	return mark == 0 && n.MaybeDot+n.MaybeComma > 0
}

// candidates are the formats of dates, likelier ones first.
var candidates = [...]DateFormat{
	{YMD, '-'}, {DMY, '.'}, {DMY, '/'}, {MDY, '/'}, {Compact, 0},
	{DMY, '-'}, {MDY, '-'}, {YMD, '/'}, {YMD, '.'}, {Named, 0},
	{NamedMonth, 0}, {YM, '-'}, {YM, '.'}, {YM, '/'}, {MY, '.'}, {MY, '/'}, {MY, '-'}, {Serial, 0},
}

// Dates finds out how the dates of a column are written. The zero Dates has
// seen nothing.
type Dates struct {
	Seen, Bad int // cells looked at, and those that no format reads
	fits      [len(candidates)]int
}

// Add looks at one cell, which has no space around; one that says that there
// is no date, see [NoDate], says nothing.
func (d *Dates) Add(b []byte) {
	if NoDate(b) {
		return
	}
	d.Seen++
	read := false
	word := b[0]-'0' > 9
	if word {
		if _, n := monthWord(b); n == 0 {
			d.Bad++
			return
		}
	}
	for i, f := range candidates {
		if word && f.Order != Named && f.Order != NamedMonth {
			continue
		}
		if _, err := ParseDate(b, f); err == nil || err == ErrRange && f.Order != Serial {
			d.fits[i]++
			read = true
		}
	}
	if !read {
		d.Bad++
	}
}

// Format returns the format that reads the most cells, how many it reads, and
// a second one that reads as many but takes day for month; both are equal if
// there is no such doubt.
func (d *Dates) Format() (best, other DateFormat, fits int) {
	for i, n := range d.fits {
		if n > fits {
			best, other, fits = candidates[i], candidates[i], n
		} else if n == fits && n > 0 && candidates[i].Separator == best.Separator {
			other = candidates[i]
		}
	}
	return best, other, fits
}
