package report

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxText is how many UTF-16 units one cell holds.
const maxText = 32_767

// clean returns s as a cell can hold it, and whether it had to be cut: bytes
// that are no text become U+FFFD, control characters, which XML forbids, their
// pictures (U+2400…), and text beyond [maxText] is cut.
func clean(s string) (text string, cut bool) {
	if plain(s) {
		return s, false
	}
	var b strings.Builder
	units := 0
	for _, r := range s {
		switch {
		case r == '\t' || r == '\n':
		case r < 0x20:
			r += 0x2400
		case r == 0x7F:
			r = 0x2421
		case r == 0xFFFE || r == 0xFFFF:
			r = utf8.RuneError
		}
		units += utf16.RuneLen(r)
		if units > maxText {
			return b.String(), true
		}
		b.WriteRune(r)
	}
	return b.String(), false
}

// plain reports whether s needs no cleaning, for the ordinary name.
func plain(s string) bool {
	if len(s) > maxText || !utf8.ValidString(s) {
		return false
	}
	for i := range len(s) {
		if s[i] < 0x20 || s[i] == 0x7F || s[i] == 0xEF {
			return false
		}
	}
	return true
}

// quote returns s as a string literal of a formula.
func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
