package cell

import (
	"bytes"
	"math"
	"unicode/utf8"
)

// monthNames are the beginnings by which a month is known, of three letters or
// more and longer ones before their own beginnings; «май» and «мая» differ.
var monthNames = []struct {
	name  string
	month int
}{
	{"январ", 1}, {"янв", 1}, {"феврал", 2}, {"фев", 2}, {"март", 3}, {"мар", 3}, {"апрел", 4}, {"апр", 4}, {"май", 5}, {"мая", 5},
	{"июн", 6}, {"июл", 7}, {"август", 8}, {"авг", 8}, {"сентябр", 9}, {"сент", 9}, {"сен", 9}, {"октябр", 10}, {"окт", 10}, {"ноябр", 11}, {"ноя", 11}, {"декабр", 12}, {"дек", 12},
	{"january", 1}, {"jan", 1}, {"february", 2}, {"feb", 2}, {"march", 3}, {"mar", 3}, {"april", 4}, {"apr", 4}, {"may", 5}, {"june", 6}, {"jun", 6},
	{"july", 7}, {"jul", 7}, {"august", 8}, {"aug", 8}, {"september", 9}, {"sept", 9}, {"sep", 9}, {"october", 10}, {"oct", 10}, {"november", 11}, {"nov", 11}, {"december", 12}, {"dec", 12},
}

// monthEndings are what may follow them: the cases of Russian.
var monthEndings = []string{"", "ь", "я", "е", "а"}

// monthWord returns the month that b begins with the name of, in any case and
// cut as usual, and how long the name is with its dot; 0 if there is none.
func monthWord(b []byte) (month, n int) {
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r != utf8.RuneError && !('a' <= r|0x20 && r|0x20 <= 'z') && !('А' <= r && r <= 'я') {
			break
		}
		n += size
	}
	word := b[:n]
	if len(word) < 3 || len(word) > 20 {
		return 0, 0
	}
	for _, m := range monthNames {
		if len(word) < len(m.name) || !bytes.EqualFold(word[:len(m.name)], []byte(m.name)) {
			continue
		}
		for _, ending := range monthEndings {
			if bytes.EqualFold(word[len(m.name):], []byte(ending)) && (ending == "" || word[0] >= utf8.RuneSelf) {
				if n < len(b) && b[n] == '.' {
					n++
				}
				return m.month, n
			}
		}
	}
	return 0, 0
}

// parseNamed reads a date whose month is a word: «29 февраля 2024 г.»,
// 29-Feb-2024, "Feb 29, 2024"; if monthly, one without a day: «Февраль 2024 г.».
// It returns what is behind the date.
func parseNamed(b []byte, monthly bool) (day int32, rest []byte, err error) {
	date, dated := 0, false
	leading := func() bool { // the day
		n := digitsOf(b)
		if n < 1 || n > 2 {
			return false
		}
		date, dated, b = number(b[:n]), true, between(b[n:])
		return true
	}
	if !monthly {
		leading()
	}
	month, n := monthWord(b)
	if n == 0 {
		return 0, nil, ErrSyntax
	}
	b = between(b[n:])
	if !monthly && !dated {
		if !leading() {
			return 0, nil, ErrSyntax
		}
		b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte(",")), " ")
	}
	n = digitsOf(b)
	if n != 4 && n != 2 || n == 2 && monthly { // Jun 26 may well be a day
		return 0, nil, ErrSyntax
	}
	year := number(b[:n])
	if n == 2 {
		year = fullYear(year)
	}
	rest = b[n:]
	if trimmed := bytes.TrimLeft(rest, " \u00a0"); monthly {
		rest = nil
		switch string(trimmed) {
		case "", "г.", "г", "год", "года":
		default:
			return 0, nil, ErrSyntax
		}
	} else if after, ok := bytes.CutPrefix(trimmed, []byte("г.")); ok {
		rest = after
	}
	if monthly {
		date = 1
	}
	day, err = civil(year, month, date)
	return day, rest, err
}

// between returns b without one mark that may stand between the parts of a date.
func between(b []byte) []byte {
	if len(b) > 0 && (b[0] == '-' || b[0] == '/') {
		return b[1:]
	}
	return bytes.TrimLeft(b, " \u00a0")
}

// digitsOf returns how many digits b begins with.
func digitsOf(b []byte) (n int) {
	for n < len(b) && b[n]-'0' <= 9 {
		n++
	}
	return n
}

// parseMonth reads 2024-02 or 02.2024.
func parseMonth(b []byte, f DateFormat) (day int32, rest []byte, err error) {
	if len(b) > 7 {
		return 0, nil, ErrSyntax
	}
	first, second, ok := bytes.Cut(b, []byte{f.separator()})
	if f.Order == MY {
		first, second = second, first
	}
	if !ok || len(first) != 4 || digitsOf(first) != 4 || len(second) < 1 || len(second) > 2 || digitsOf(second) != len(second) {
		return 0, nil, ErrSyntax
	}
	day, err = civil(number(first), number(second), 1)
	return day, nil, err
}

// The days from the first day of spreadsheets to 1970-01-01.
const (
	epoch1900 = 25_569 // day 1 is 1900-01-01, and 1900-02-29 is counted
	epoch1904 = 24_107 // day 0 is 1904-01-01
)

// parseSerial reads a number of days with a fraction of one, as a spreadsheet
// holds dates. Fewer than five digits are no date of business, so they are no
// syntax of it either: a column of small numbers is no column of dates.
func parseSerial(b []byte, from1904 bool) (m Moment, err error) {
	n := digitsOf(b)
	if n != 5 {
		return m, ErrSyntax
	}
	epoch := epoch1900
	if from1904 {
		epoch = epoch1904
	}
	m.Day = int32(number(b[:n]) - epoch)
	if fraction := b[n:]; len(fraction) > 0 {
		if fraction[0] != '.' && fraction[0] != ',' || len(fraction) == 1 || digitsOf(fraction[1:]) != len(fraction)-1 {
			return Moment{}, ErrSyntax
		}
		share, unit := 0.0, 0.1
		for _, c := range fraction[1:] {
			share += float64(c-'0') * unit
			unit /= 10
		}
		m.Second = int32(min(math.Round(share*86_400), 86_399))
	}
	if first, _ := civil(FirstYear, 1, 1); m.Day < first {
		return m, ErrRange
	}
	if last, _ := civil(LastYear, 12, 31); m.Day > last {
		return m, ErrRange
	}
	return m, nil
}
