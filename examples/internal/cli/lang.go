package cli

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/orders"
)

// Language is the language of messages, titles and numbers on the terminal.
// CSV and JSON are the same in both.
type Language uint8

// The languages.
const (
	Russian Language = iota
	English
)

// Text returns the text that is in language l.
func (l Language) Text(russian, english string) string {
	if l == English {
		return english
	}
	return russian
}

// noBreak parts thousands in Russian numbers and goes before a percent sign, so
// that a number is never broken over two lines.
const noBreak = "\u00a0"

// number returns s, a plain decimal number, with grouped thousands and at
// least so many decimal places: "1 234,50" in Russian, "1,234.50" in English.
// It adds zeros and never rounds.
func (l Language) number(s string, places int) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	for len(fraction) < places {
		fraction += "0"
	}
	separator, point := noBreak, ","
	if l == English {
		separator, point = ",", "."
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(point + fraction)
	}
	return b.String()
}

// Money returns a with at least two decimal places: "1 234,50". A sum that has
// more is shown in full, so that what is printed adds up.
func (l Language) Money(a orders.Amount) string { return l.number(a.String(), 2) }

// Count returns n with grouped thousands.
func (l Language) Count(n int64) string { return l.number(strconv.FormatInt(n, 10), 0) }

// Percent returns a share, 0…1, as "45,3 %" or "45.3%"; "н/д" or "n/a" for NaN.
func (l Language) Percent(share float64) string {
	if share != share {
		return l.undefined()
	}
	s := l.number(strconv.FormatFloat(100*share, 'f', 1, 64), 1)
	if l == English {
		return s + "%"
	}
	return s + noBreak + "%"
}

func (l Language) undefined() string { return l.Text("н/д", "n/a") }

// width returns how many columns of a terminal s takes.
func width(s string) int { return utf8.RuneCountInString(s) }

// Day returns a date as 31.12.2024 in Russian and 2024-12-31 in English; "" for no date.
func (l Language) Day(d orders.Date) string {
	if d == 0 || l == English {
		return d.String()
	}
	return d.Time().Format("02.01.2006")
}
