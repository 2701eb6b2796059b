package cell

import "bytes"

// Order is the order in which a date names day, month and year.
type Order byte

// The orders.
const (
	YMD        Order = iota // 2024-02-29
	DMY                     // 29.02.2024, 29.02.24
	MDY                     // 02/29/2024, 2/29/24
	Compact                 // 20240229, 2024022923 with the hour
	Named                   // 29 февраля 2024 г., 29-Feb-2024, Feb 29, 2024
	YM                      // 2024-02
	MY                      // 02.2024
	NamedMonth              // Февраль 2024 г., Feb 2024
	Serial                  // 45351: days as spreadsheets count them, from 1900
	Serial1904              // 43889: the same from 1904, as old Macs do
)

// DateFormat is how the dates of a column are written. The zero DateFormat is
// that of ISO 8601.
type DateFormat struct {
	Order     Order
	Separator byte // '.', '-' or '/'; 0: '-'
}

// String returns the format as "yyyy-mm-dd", "dd.mm.yyyy", "d month yyyy",
// "month yyyy", "serial" …
func (f DateFormat) String() string {
	s := string(f.separator())
	switch f.Order {
	case DMY:
		return "dd" + s + "mm" + s + "yyyy"
	case MDY:
		return "mm" + s + "dd" + s + "yyyy"
	case Compact:
		return "yyyymmdd"
	case Named:
		return "d month yyyy"
	case YM:
		return "yyyy" + s + "mm"
	case MY:
		return "mm" + s + "yyyy"
	case NamedMonth:
		return "month yyyy"
	case Serial:
		return "serial"
	case Serial1904:
		return "serial1904"
	}
	return "yyyy" + s + "mm" + s + "dd"
}

// ParseFormat returns the format that [DateFormat.String] writes as s; ok is
// false if there is none.
func ParseFormat(s string) (f DateFormat, ok bool) {
	for order := YMD; order <= Serial1904; order++ {
		for _, sep := range [...]byte{0, '-', '.', '/'} {
			if f := (DateFormat{order, sep}); f.String() == s {
				return f, true
			}
		}
	}
	return DateFormat{}, false
}

// Monthly reports whether dates of the format name a month and no day.
func (f DateFormat) Monthly() bool {
	return f.Order == YM || f.Order == MY || f.Order == NamedMonth
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

// Moment is a date as it is written, with the time of day behind it.
type Moment struct {
	Day    int32 // from 1970-01-01
	Second int32 // of the day; 0 if there is no time
	Offset int32 // of the zone from UTC, in seconds, if Zoned
	Zoned  bool  // the text says its zone
}

// ParseDate reads a date, with or without a time of day after it (H:mm, H:mm:ss,
// with fractions, AM or PM, an offset), and returns its day counted from
// 1970-01-01. The day is the one written: an offset does not move it. A month
// is its first day. b has no space around.
//
// It returns [ErrSyntax] for what is no date of this format, [ErrRange] for
// one that is, but in no year from [FirstYear] to [LastYear].
func ParseDate(b []byte, f DateFormat) (day int32, err error) {
	m, err := ParseMoment(b, f)
	return m.Day, err
}

// ParseMoment is [ParseDate] for who needs the time of day and the zone too.
func ParseMoment(b []byte, f DateFormat) (m Moment, err error) {
	var rest []byte // the time
	switch f.Order {
	case Compact:
		return parseCompact(b)
	case Named, NamedMonth:
		m.Day, rest, err = parseNamed(b, f.Order == NamedMonth)
	case YM, MY:
		m.Day, rest, err = parseMonth(b, f)
	case Serial, Serial1904:
		return parseSerial(b, f.Order == Serial1904)
	default:
		if day, ok := parseTen(b, f); ok {
			return Moment{Day: day}, nil
		}
		m.Day, rest, err = parseDigits(b, f)
	}
	if err == nil || err == ErrRange {
		if len(rest) > 0 && !m.clock(rest) {
			return Moment{}, ErrSyntax
		}
	}
	return m, err
}

// parseTen is parseDigits for the ten letters that most dates are: a year of
// four digits, a month and a day of two. ok is false for anything else.
func parseTen(b []byte, f DateFormat) (day int32, ok bool) {
	if len(b) != 10 {
		return 0, false
	}
	y, m, d := b[6:10], b[3:5], b[0:2]
	before, behind := b[2], b[5] // the month
	switch f.Order {
	case YMD:
		y, m, d = b[0:4], b[5:7], b[8:10]
		before, behind = b[4], b[7]
	case MDY:
		m, d = d, m
	}
	if sep := f.separator(); before != sep || behind != sep {
		return 0, false
	}
	bad := false
	two := func(b []byte) int {
		bad = bad || b[0]-'0' > 9 || b[1]-'0' > 9
		return int(b[0]-'0')*10 + int(b[1]-'0')
	}
	year, month, dom := two(y)*100+two(y[2:]), two(m), two(d)
	if bad {
		return 0, false
	}
	day, err := civil(year, month, dom)
	return day, err == nil
}

// parseDigits reads a date of three numbers and returns what is behind it.
func parseDigits(b []byte, f DateFormat) (day int32, rest []byte, err error) {
	var part [3]int
	var size [3]int
	i, sep := 0, f.separator()
	for k := range part {
		if k > 0 {
			if i >= len(b) || b[i] != sep {
				return 0, nil, ErrSyntax
			}
			i++
		}
		for i < len(b) && b[i]-'0' <= 9 {
			if size[k]++; size[k] > 6 {
				return 0, nil, ErrSyntax
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
		return 0, nil, ErrSyntax
	}
	year := part[y]
	if size[y] == 2 {
		year = fullYear(year)
	}
	day, err = civil(year, part[m], part[d])
	return day, b[i:], err
}

// fullYear returns the year that two digits stand for.
func fullYear(year int) int {
	if year += 1900; year < FirstYear {
		year += 100
	}
	return year
}

func parseCompact(b []byte) (m Moment, err error) {
	if len(b) < 8 {
		return m, ErrSyntax
	}
	v := 0
	for _, c := range b[:8] {
		if c-'0' > 9 {
			return m, ErrSyntax
		}
		v = v*10 + int(c-'0')
	}
	switch rest := b[8:]; {
	case len(rest) == 0:
	case rest[0]-'0' <= 9: // HH, HHmm, HHmmss
		if len(rest)%2 != 0 || len(rest) > 6 {
			return m, ErrSyntax
		}
		for unit := 3600; len(rest) > 0; rest, unit = rest[2:], unit/60 {
			if !below(rest[:2], min(86_400/unit, 60)) {
				return Moment{}, ErrSyntax
			}
			m.Second += int32(number(rest[:2]) * unit)
		}
	case !m.clock(rest):
		return Moment{}, ErrSyntax
	}
	m.Day, err = civil(v/10_000, v/100%100, v%100)
	return m, err
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

// clock reads b, which follows a date, as a time or as nothing that matters,
// and reports whether it is either.
func (m *Moment) clock(b []byte) bool {
	if len(b) == 9 && b[0] == ' ' && b[3] == ':' && b[6] == ':' {
		if !below(b[1:3], 24) || !below(b[4:6], 60) || !below(b[7:9], 60) {
			return false
		}
		m.Second = int32(number(b[1:3])*3600 + number(b[4:6])*60 + number(b[7:9]))
		return true
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
	return m.time(b)
}

// time reads H:mm[:ss[.fraction]][ AM|PM][zone].
func (m *Moment) time(b []byte) bool {
	end := bytes.IndexByte(b, ':')
	if end < 1 || end > 2 || !below(b[:end], 24) || len(b) < end+3 || !below(b[end+1:end+3], 60) {
		return false
	}
	hour, second := number(b[:end]), number(b[end+1:end+3])*60
	if b = b[end+3:]; len(b) >= 3 && b[0] == ':' {
		if !below(b[1:3], 61) { // a leap second
			return false
		}
		second += number(b[1:3])
		if b = b[3:]; len(b) > 1 && (b[0] == '.' || b[0] == ',') {
			b = bytes.TrimLeft(b[1:], "0123456789")
		}
	}
	b = bytes.TrimLeft(b, " ")
	if len(b) >= 2 && (b[0]|0x20 == 'a' || b[0]|0x20 == 'p') && b[1]|0x20 == 'm' {
		switch afternoon := b[0]|0x20 == 'p'; {
		case afternoon && hour < 12:
			hour += 12
		case !afternoon && hour == 12:
			hour = 0
		}
		b = bytes.TrimLeft(b[2:], " ")
	}
	m.Second = int32(hour*3600 + second)
	return m.zone(b)
}

// zone reads nothing, Z, UTC, or an offset.
func (m *Moment) zone(b []byte) bool {
	switch {
	case len(b) == 0:
		return true
	case len(b) == 1 && b[0]|0x20 == 'z', bytes.EqualFold(b, []byte("utc")):
		m.Zoned = true
		return true
	case b[0] != '+' && b[0] != '-':
		return false
	}
	west := b[0] == '-'
	hour, minute := b[1:], []byte(nil)
	switch len(hour) {
	case 2:
	case 4:
		hour, minute = hour[:2], hour[2:]
	case 5:
		if hour[2] != ':' {
			return false
		}
		hour, minute = hour[:2], hour[3:]
	default:
		return false
	}
	if !below(hour, 24) || !below(minute, 60) {
		return false
	}
	m.Zoned, m.Offset = true, int32(number(hour)*3600+number(minute)*60)
	if west {
		m.Offset = -m.Offset
	}
	return true
}

// below reports whether b is a number of a few digits, or nothing, less than limit.
func below(b []byte, limit int) bool {
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
	}
	return number(b) < limit
}

// number returns the number that the digits of b are.
func number(b []byte) (v int) {
	for _, c := range b {
		v = v*10 + int(c-'0')
	}
	return v
}

// NoDate reports whether b is how systems write that there is no date: nothing,
// or zeros alone, such as 00000000 and 0000-00-00 00:00:00.
func NoDate(b []byte) bool {
	digits := 0
	for _, c := range b {
		switch c {
		case '0':
			digits++
		case '.', '-', '/', ':', ' ':
		default:
			return false
		}
	}
	return len(b) == 0 || digits >= 8
}
