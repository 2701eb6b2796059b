package xlsx

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxEntity is the longest entity in bytes: a character reference may have
// leading zeros, within reason.
const maxEntity = 32

// appendDecoded appends XML text to dst: entities are replaced, unless the
// text is of a CDATA section, and line ends become LF (XML 1.0 §2.11).
func appendDecoded(dst, raw []byte, cdata bool) ([]byte, error) {
	start := 0
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '\r':
			dst = append(dst, raw[start:i]...)
			if i+1 == len(raw) || raw[i+1] != '\n' {
				dst = append(dst, '\n')
			}
			i++
			start = i
		case c == '&' && !cdata:
			dst = append(dst, raw[start:i]...)
			n := bytes.IndexByte(raw[i:min(len(raw), i+maxEntity)], ';')
			if n < 0 {
				return dst, damaged("an & that begins no entity: %.20q", raw[i:])
			}
			r, ok := entity(raw[i+1 : i+n])
			if !ok {
				return dst, damaged("an unknown entity: %.20q", raw[i:i+n+1])
			}
			dst = utf8.AppendRune(dst, r)
			i += n + 1
			start = i
		default:
			i++
		}
	}
	return append(dst, raw[start:]...), nil
}

// entity returns the character that a name between & and ; stands for. A
// number that is no character's gives U+FFFD.
func entity(name []byte) (r rune, ok bool) {
	switch string(name) {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	if len(digits) == 0 || digits[0] == '+' || digits[0] == '-' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	switch {
	case err != nil:
		return 0, false
	case n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)):
		return utf8.RuneError, true
	}
	return rune(n), true
}

// unescape decodes _xHHHH_ in text in place and returns what is left of it:
// how a workbook writes characters that XML cannot hold, each a unit of UTF-16
// (ECMA-376 part 1, §22.9.2.19). A lone surrogate becomes U+FFFD.
func unescape(text []byte) []byte {
	at := bytes.Index(text, []byte("_x"))
	if at < 0 {
		return text
	}
	out := text[:at]
	for i := at; i < len(text); {
		unit, ok := escape(text[i:])
		if !ok {
			out = append(out, text[i])
			i++
			continue
		}
		i += len("_xHHHH_")
		r := unit
		if utf16.IsSurrogate(unit) {
			r = utf8.RuneError
			if low, ok := escape(text[i:]); ok {
				if both := utf16.DecodeRune(unit, low); both != utf8.RuneError {
					r = both
					i += len("_xHHHH_")
				}
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// escape returns the UTF-16 unit of the escape that b begins with.
func escape(b []byte) (unit rune, ok bool) {
	if len(b) < 7 || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		unit = unit<<4 | rune(c)
	}
	return unit, true
}
