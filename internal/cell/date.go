package cell

import "bytes"

// Order is the order in which a date names day, month and year.
type Order byte

// The orders.
const (
	YMD     Order = iota // 2024-02-29
	DMY                  // 29.02.2024, 29.02.24
	MDY                  // 02/29/2024, 2/29/24
	Compact              // 20240229
)

// DateFormat is how the dates of a column are written. The zero DateFormat is
// that of ISO 8601.
type DateFormat struct {
	Order     Order
	Separator byte // '.', '-' or '/'; 0: '-'
}

// String returns the format as "yyyy-mm-dd" or "dd.mm.yyyy".
func (f DateFormat) String() string {
	s := string(f.separator())
	switch f.Order {
	case DMY:
		return "dd" + s + "mm" + s + "yyyy"
	case MDY:
		return "mm" + s + "dd" + s + "yyyy"
	case Compact:
		return "yyyymmdd"
	}
	return "yyyy" + s + "mm" + s + "dd"
}

func (f DateFormat) separator() byte {
	if f.Separator == 0 {
		return '-'
	}
	return f.Separator
}

// The years that a date of business can have. A year of two digits is the one
// of these that ends so, up to 2079.
const (
	FirstYear = 1980
	LastYear  = 2100
)

// ParseDate reads a date, with or without a time of day after it (H:mm, H:mm:ss,
// with fractions, AM or PM, an offset), and returns its day counted from
// 1970-01-01. The day is the one written: an offset does not move it. b has no
// space around.
//
// It returns [ErrSyntax] for what is no date of this format, [ErrRange] for
// one that is, but in no year from [FirstYear] to [LastYear].
func ParseDate(b []byte, f DateFormat) (day int32, err error) {
	if f.Order == Compact {
		return parseCompact(b)
	}
	var part [3]int
	var size [3]int
	i, sep := 0, f.separator()
	for k := range part {
		if k > 0 {
			if i >= len(b) || b[i] != sep {
				return 0, ErrSyntax
			}
			i++
		}
		for i < len(b) && b[i]-'0' <= 9 {
			if size[k]++; size[k] > 6 {
				return 0, ErrSyntax
			}
			part[k] = part[k]*10 + int(b[i]-'0')
			i++
		}
	}
	y, m, d := 0, 1, 2
	switch f.Order {
	case DMY:
		y, d = 2, 0
	case MDY:
		y, m, d = 2, 0, 1
	}
	if size[m] < 1 || size[m] > 2 || size[d] < 1 || size[d] > 2 || size[y] < 4 && (size[y] != 2 || y == 0) {
		return 0, ErrSyntax
	}
	if i < len(b) && !timeOfDay(b[i:]) {
		return 0, ErrSyntax
	}
	year := part[y]
	if size[y] == 2 {
		if year += 1900; year < FirstYear {
			year += 100
		}
	}
	return civil(year, part[m], part[d])
}

func parseCompact(b []byte) (int32, error) {
	if len(b) < 8 || len(b) > 8 && !timeOfDay(b[8:]) {
		return 0, ErrSyntax
	}
	v := 0
	for _, c := range b[:8] {
		if c-'0' > 9 {
			return 0, ErrSyntax
		}
		v = v*10 + int(c-'0')
	}
	return civil(v/10_000, v/100%100, v%100)
}

var monthDays = [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// civil returns the day number of a date of the Gregorian calendar, counting
// years from March so that the leap day is the last.
// Source: Howard Hinnant, days_from_civil.
func civil(y, m, d int) (int32, error) {
	if m < 1 || m > 12 || d < 1 || d > monthDays[m-1] || m == 2 && d == 29 && !leap(y) {
		return 0, ErrSyntax
	}
	if y < FirstYear || y > LastYear {
		return 0, ErrRange
	}
	if m <= 2 {
		y--
		m += 12
	}
	return int32(365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719_468), nil
}

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

// timeOfDay reports whether b, which follows a date, is a time or nothing that
// matters.
func timeOfDay(b []byte) bool {
	if len(b) == 9 && b[0] == ' ' && b[3] == ':' && b[6] == ':' {
		return below(b[1:3], 24) && below(b[4:6], 60) && below(b[7:9], 60)
	}
	switch {
	case bytes.Equal(b, []byte(" г.")) || bytes.Equal(b, []byte("г.")):
		return true
	case b[0] == ',':
		b = b[1:]
		fallthrough
	case b[0] == ' ':
		b = bytes.TrimLeft(b, " ")
	case b[0]|0x20 == 't':
		b = b[1:]
	default:
		return false
	}
	return clock(b)
}

// clock reads H:mm[:ss[.fraction]][ AM|PM][zone].
func clock(b []byte) bool {
	hour := bytes.IndexByte(b, ':')
	if hour < 1 || hour > 2 || !below(b[:hour], 24) || len(b) < hour+3 || !below(b[hour+1:hour+3], 60) {
		return false
	}
	if b = b[hour+3:]; len(b) >= 3 && b[0] == ':' {
		if !below(b[1:3], 61) { // a leap second
			return false
		}
		if b = b[3:]; len(b) > 1 && (b[0] == '.' || b[0] == ',') {
			b = bytes.TrimLeft(b[1:], "0123456789")
		}
	}
	b = bytes.TrimLeft(b, " ")
	if len(b) >= 2 && (b[0]|0x20 == 'a' || b[0]|0x20 == 'p') && b[1]|0x20 == 'm' {
		b = bytes.TrimLeft(b[2:], " ")
	}
	return zone(b)
}

// zone reads nothing, Z, UTC, or an offset.
func zone(b []byte) bool {
	switch {
	case len(b) == 0, len(b) == 1 && b[0]|0x20 == 'z', bytes.EqualFold(b, []byte("utc")):
		return true
	case b[0] != '+' && b[0] != '-':
		return false
	}
	switch b = b[1:]; len(b) {
	case 2:
		return below(b, 24)
	case 4:
		return below(b[:2], 24) && below(b[2:], 60)
	case 5:
		return below(b[:2], 24) && b[2] == ':' && below(b[3:], 60)
	}
	return false
}

// below reports whether b is a number of one or two digits less than limit.
func below(b []byte, limit int) bool {
	v := 0
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
		v = v*10 + int(c-'0')
	}
	return v < limit
}
