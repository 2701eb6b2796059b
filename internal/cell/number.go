// Package cell reads numbers and dates out of the cells of a table, as
// spreadsheets, shops and accounting systems write them: straight from the
// bytes, without allocating.
package cell

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"unicode/utf8"
)

// Errors of [ParseNumber] and [ParseDate].
var (
	ErrSyntax = errors.New("cell: not a value of this format")
	ErrRange  = errors.New("cell: value out of range")
	// ErrPercent is the ErrSyntax of a number with a percent sign, which is no amount.
	ErrPercent = fmt.Errorf("cell: a percentage: %w", ErrSyntax)
)

// Scale is the number of units in 1: a [Number] counts ten-thousandths.
const Scale = 10_000

// parts is the number of parts of a unit that [Number].Rest counts.
const parts = 1_000_000_000

// significant is how many digits of a number with more than four decimal
// places are believed: spreadsheets hold binary doubles and write
// 9.9499999999999993 for 9.95.
const significant = 15

// Number is a decimal number rounded half away from zero to four places: the
// cell said (Units + Rest/10⁹) / 10⁴. Rest is 0 if nothing was rounded.
type Number struct{ Units, Rest int64 }

// ParseNumber reads a number whose decimal mark is decimal, '.' or ','.
// Thousands may be set apart by spaces of any kind, by apostrophes or by the
// other mark, in groups of three (or 2 and 3, as in India), which are checked. The sign may
// stand before or after, be U+2212 or a pair of parentheses; a currency may
// stand on either side; 1.5E+03 is understood. b has no space around.
//
// A number with more than four decimal places is first read to 15 significant
// digits. It returns [ErrSyntax] for what is no such number, the empty cell
// included, [ErrPercent] if that is so for its percent sign alone, and
// [ErrRange] for one that no int64 of units holds.
func ParseNumber(b []byte, decimal byte) (Number, error) {
	if units, ok := ParsePlain(b, decimal); ok {
		return Number{Units: units}, nil
	}
	if units, ok := parseSpaced(b, decimal); ok {
		return Number{Units: units}, nil
	}
	return parseAny(b, decimal)
}

// parseSpaced is ParseNumber for what 1C writes: up to 14 digits in groups of
// three, with a space or a no-break space between them, and up to four decimal
// places. ok is false for anything else.
func parseSpaced(b []byte, decimal byte) (units int64, ok bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	if len(b) == 0 || b[0] == '0' {
		return 0, false
	}
	digits, group, marks, i := 0, 0, 0, 0
	for ; i < len(b) && b[i] != decimal; i++ {
		c := b[i]
		if c-'0' <= 9 {
			units = units*10 + int64(c-'0')
			digits++
			group++
			continue
		}
		noBreak := c == 0xc2 && i+1 < len(b) && b[i+1] == 0xa0
		if !noBreak && c != ' ' || group == 0 || group > 3 || marks > 0 && group != 3 {
			return 0, false
		}
		if noBreak {
			i++
		}
		marks++
		group = 0
	}
	places := max(0, len(b)-i-1)
	if marks == 0 || group != 3 || digits > 14 || places > 4 || places == 0 && i < len(b) {
		return 0, false
	}
	for _, c := range b[len(b)-places:] {
		if c-'0' > 9 {
			return 0, false
		}
		units = units*10 + int64(c-'0')
	}
	units *= scales[places]
	if negative {
		units = -units
	}
	return units, true
}

// ParsePlain is [ParseNumber] for the digits that most numbers are: a minus
// before them or none, up to 14 of them, and up to four decimal places. ok is
// false for anything else.
func ParsePlain(b []byte, decimal byte) (units int64, ok bool) {
	if n := len(b); n > 0 && n <= 8 && cap(b) >= 8 {
		if units, ok := parseWord(binary.LittleEndian.Uint64(b[:8])<<(8*(8-n)), n, decimal); ok {
			return units, true
		}
	}
	i, negative := 0, len(b) > 0 && b[0] == '-'
	if negative {
		i = 1
	}
	first := i
	for i < len(b) && b[i]-'0' <= 9 {
		units = units*10 + int64(b[i]-'0')
		i++
	}
	if i == first || i-first > 14 {
		return 0, false
	}
	switch places := len(b) - i - 1; {
	case places < 0:
		units *= Scale
	case b[i] != decimal || places == 0 || places > 4:
		return 0, false
	default:
		for _, c := range b[i+1:] {
			if c-'0' > 9 {
				return 0, false
			}
			units = units*10 + int64(c-'0')
		}
		for ; places < 4; places++ {
			units *= 10
		}
	}
	if negative {
		units = -units
	}
	return units, true
}

// scales are the units in a digit with so many places behind the decimal mark.
var scales = [...]int64{10_000, 1000, 100, 10, 1}

// parseWord is ParsePlain for the n bytes at the upper end of a word, without a
// sign: eight digits at a time, as D. Lemire describes it (Quickly parsing eight
// digits, 2018).
func parseWord(word uint64, n int, decimal byte) (units int64, ok bool) {
	v := word ^ uint64(0x3030_3030_3030_3030)<<(8*(8-n)) // digits are 0…9 now, as are the bytes before the first
	other := (v&each7f + 0x7676_7676_7676_7676 | v) &^ each7f
	places := 0
	if other != 0 {
		at := bits.TrailingZeros64(other) >> 3
		places = 7 - at
		if other&(other-1) != 0 || byte(word>>(8*at)) != decimal || places == 0 || places > 4 || n == places+1 {
			return 0, false
		}
		before := uint64(1)<<(8*at) - 1
		v = v&before<<8 | v&^(before<<8|0xff) // the digits before the mark take its place
	}
	v = v * (10<<8 + 1) >> 8 & 0x00ff_00ff_00ff_00ff
	v = v * (100<<16 + 1) >> 16 & 0x0000_ffff_0000_ffff
	v = v * (10_000<<32 + 1) >> 32
	return int64(v) * scales[places], true
}

const each7f = 0x7f7f_7f7f_7f7f_7f7f

// parseAny is ParseNumber for everything that is not plain digits.
func parseAny(b []byte, decimal byte) (Number, error) {
	body, negative, ok := stripAffixes(b, decimal)
	if !ok {
		if share := Trim(bytes.TrimSuffix(b, []byte("%"))); len(share) > 0 && len(share) < len(b) {
			if _, err := parseAny(share, decimal); err == nil {
				return Number{}, ErrPercent
			}
		}
		return Number{}, ErrSyntax
	}
	var d digits
	if err := d.read(body, decimal); err != nil {
		return Number{}, err
	}
	n, err := d.number()
	if negative {
		n.Units, n.Rest = -n.Units, -n.Rest
	}
	return n, err
}

// stripAffixes returns b without its sign and currency.
func stripAffixes(b []byte, decimal byte) (body []byte, negative, ok bool) {
	first, last := 0, len(b)
	for first < last && b[first]-'0' > 9 {
		first++
	}
	if first == last {
		return nil, false, false
	}
	for b[last-1]-'0' > 9 {
		last--
	}
	if first > 0 && b[first-1] == decimal && (first == 1 || !isLetterBefore(b[:first-1])) {
		first--
	}
	if last < len(b) && b[last] == decimal {
		last++
	}
	before, ok1 := readAffix(b[:first])
	after, ok2 := readAffix(b[last:])
	switch {
	case !ok1 || !ok2 || before.open != after.shut || before.shut || after.open:
		return nil, false, false
	case before.signs+after.signs > 1 || (before.open && before.signs+after.signs > 0):
		return nil, false, false
	case before.currencies+after.currencies > 1:
		return nil, false, false
	}
	return b[first:last], before.minus || after.minus || before.open, true
}

func isLetterBefore(b []byte) bool {
	c := b[len(b)-1]
	return c >= utf8.RuneSelf || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// currencies are the signs that may stand beside a number, longer ones first.
var currencies = []string{
	"₽", "рублей", "руб.", "руб", "р.", "р",
	"us$", "$", "€", "£", "¥", "₸", "₴", "тенге", "тнг", "тг.", "тг", "грн.", "грн", "сум", "сом",
	"rub", "rur", "usd", "eur", "gbp", "kzt", "uah", "byn", "cny", "uzs", "kgs",
}

type affix struct {
	open, shut, minus bool
	signs, currencies int
}

// readAffix reads what stands before or after the digits.
func readAffix(b []byte) (a affix, ok bool) {
	for {
		b = Trim(b)
		if len(b) == 0 {
			return a, true
		}
		switch {
		case b[0] == '(' && !a.open:
			a.open, b = true, b[1:]
		case b[0] == ')' && !a.shut:
			a.shut, b = true, b[1:]
		case b[0] == '-' || b[0] == '+':
			a.minus = b[0] == '-'
			a.signs, b = a.signs+1, b[1:]
		case bytes.HasPrefix(b, []byte("\u2212")):
			a.minus = true
			a.signs, b = a.signs+1, b[3:]
		default:
			n := currencyAt(b)
			if n == 0 {
				return a, false
			}
			a.currencies, b = a.currencies+1, b[n:]
		}
	}
}

func currencyAt(b []byte) int {
	for _, c := range currencies {
		if len(b) >= len(c) && bytes.EqualFold(b[:len(c)], []byte(c)) {
			return len(c)
		}
	}
	return 0
}

// digits is a number in decimal: 0.d₁d₂…dₙ × 10^exp, without zeros at either
// end. Digits that cannot matter are dropped, more says that one was not 0.
type digits struct {
	d    [24]byte
	n    int
	exp  int
	more bool
}

// read reads the digits of a number, its marks and its exponent.
func (d *digits) read(b []byte, decimal byte) error {
	var g groups
	point := false
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c-'0' <= 9:
			d.push(c-'0', point)
			if !point {
				g.size++
			}
			i++
		case c == decimal:
			if point {
				return ErrSyntax
			}
			point = true
			i++
		case c|0x20 == 'e':
			e, ok := exponent(b[i+1:])
			if !ok || !g.check() || g.count > 0 {
				return ErrSyntax
			}
			d.exp += e
			return nil
		default:
			kind, n := groupMark(b[i:], decimal)
			if n == 0 || point || !g.next(kind) {
				return ErrSyntax
			}
			i += n
		}
	}
	if !g.check() || g.count > 0 && b[0] == '0' {
		return ErrSyntax
	}
	return nil
}

func (d *digits) push(v byte, fraction bool) {
	if d.n == 0 && v == 0 { // a leading zero
		if fraction {
			d.exp--
		}
		return
	}
	if !fraction {
		d.exp++
	}
	if d.n < len(d.d) {
		d.d[d.n] = v
		d.n++
	} else if v != 0 {
		d.more = true
	}
}

// exponent reads what follows the E of a number.
func exponent(b []byte) (e int, ok bool) {
	negative := false
	if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
		negative, b = b[0] == '-', b[1:]
	}
	if len(b) == 0 || len(b) > 3 {
		return 0, false
	}
	for _, c := range b {
		if c-'0' > 9 {
			return 0, false
		}
		e = e*10 + int(c-'0')
	}
	if negative {
		e = -e
	}
	return e, true
}

// groups checks that thousands are set apart as people do.
type groups struct {
	kind  byte // of the mark; 0: none yet
	size  int  // of the group being read
	first int  // size of the first group
	prev  int  // size of the groups between the first and this one; 0: none
	count int  // of marks
}

// next ends a group at a mark of the given kind.
func (g *groups) next(kind byte) bool {
	if g.size == 0 || g.kind != 0 && g.kind != kind {
		return false
	}
	g.kind = kind
	switch {
	case g.count == 0:
		g.first = g.size
	case g.prev != 0 && g.prev != g.size:
		return false
	default:
		g.prev = g.size
	}
	g.count++
	g.size = 0
	return g.first <= 3
}

// check ends the last group: of three digits, those before it of three each,
// or of two each behind a first one of at most two.
func (g *groups) check() bool {
	if g.count == 0 {
		return true
	}
	return g.size == 3 && (g.prev == 0 || g.prev == 3 || g.prev == 2 && g.first <= 2)
}

// groupMark returns the kind and the length of the mark that b begins with.
func groupMark(b []byte, decimal byte) (kind byte, n int) {
	switch c := b[0]; {
	case c == ' ':
		return ' ', 1
	case c == '\'':
		return '\'', 1
	case (c == '.' || c == ',') && c != decimal:
		return c, 1
	case c >= utf8.RuneSelf:
		switch r, n := utf8.DecodeRune(b); r {
		case '\u00a0', '\u202f', '\u2009':
			return ' ', n
		case '\u2019':
			return '\'', n
		}
	}
	return 0, 0
}

// number rounds d.
func (d *digits) number() (Number, error) {
	d.trim()
	if d.n > significant && d.n-d.exp > 4 {
		d.round(significant)
	}
	if d.n == 0 {
		return Number{}, nil
	}
	whole := d.exp + 4 // how many digits are units
	if whole > 19 {
		return Number{}, ErrRange
	}
	var units uint64
	for i := range max(whole, 0) {
		hi, lo := bits.Mul64(units, 10)
		units = lo + uint64(d.at(i))
		if hi != 0 || units > math.MaxInt64 {
			return Number{}, ErrRange
		}
	}
	var rest int64
	for i := whole; i < whole+9; i++ {
		rest = rest*10 + int64(d.at(i))
	}
	if rest == 0 && whole+9 < d.n { // too small to count, but not nothing
		rest = 1
	}
	if rest >= parts/2 {
		if units == math.MaxInt64 {
			return Number{}, ErrRange
		}
		units++
		rest -= parts
	}
	return Number{int64(units), rest}, nil
}

// at returns digit i, 0 outside.
func (d *digits) at(i int) byte {
	if i < 0 || i >= d.n {
		return 0
	}
	return d.d[i]
}

// round keeps n digits, rounding half away from zero.
func (d *digits) round(n int) {
	up := d.d[n] >= 5
	d.n = n
	for i := n - 1; up && i >= 0; i-- {
		if up = d.d[i] == 9; up {
			d.d[i] = 0
		} else {
			d.d[i]++
		}
	}
	if up { // 9.99… became 10
		d.d[0] = 1
		d.exp++
	}
	d.more = false
	d.trim()
}

func (d *digits) trim() {
	for d.n > 0 && d.d[d.n-1] == 0 && !d.more {
		d.n--
	}
}

// Mul returns a × b, rounded once.
func Mul(a, b Number) (Number, error) {
	if a.Rest != 0 || b.Rest != 0 {
		return mulParts(a, b)
	}
	hi, lo := bits.Mul64(magnitude(a.Units), magnitude(b.Units))
	if hi >= Scale {
		return Number{}, ErrRange
	}
	units, r := bits.Div64(hi, lo, Scale)
	rest := int64(r)
	if rest >= Scale/2 {
		units++
		rest -= Scale
	}
	if units > math.MaxInt64 {
		return Number{}, ErrRange
	}
	n := Number{int64(units), rest * (parts / Scale)}
	if (a.Units < 0) != (b.Units < 0) {
		n.Units, n.Rest = -n.Units, -n.Rest
	}
	return n, nil
}

// mulParts is Mul for numbers of more than four places. A number counted in
// parts has 10¹³ of them in 1, so the product of two has 10²⁶.
func mulParts(a, b Number) (Number, error) {
	whole := func(n Number) *big.Int {
		v := big.NewInt(n.Units)
		return v.Add(v.Mul(v, big.NewInt(parts)), big.NewInt(n.Rest))
	}
	product := new(big.Int).Mul(whole(a), whole(b))
	product.Quo(product, big.NewInt(parts*Scale))
	units, r := product.QuoRem(product, big.NewInt(parts), new(big.Int))
	rest := r.Int64()
	switch {
	case rest >= parts/2:
		units.Add(units, big.NewInt(1))
		rest -= parts
	case rest <= -parts/2:
		units.Sub(units, big.NewInt(1))
		rest += parts
	}
	if !units.IsInt64() || units.Int64() == math.MinInt64 {
		return Number{}, ErrRange
	}
	return Number{units.Int64(), rest}, nil
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}
