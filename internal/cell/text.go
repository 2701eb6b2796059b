package cell

import "unicode/utf8"

// Trim returns b without the space around it: ASCII white space, the no-break
// and thin spaces of spreadsheets, and byte order marks.
func Trim(b []byte) []byte {
	if n := len(b); n > 0 && b[0]-'!' < 0x7f-'!' && b[n-1]-'!' < 0x7f-'!' {
		return b
	}
	return trim(b)
}

// cyrillic reports whether a byte begins a letter that is no space, as most
// Russian ones do.
func cyrillic(c byte) bool { return c == 0xd0 || c == 0xd1 }

func trim(b []byte) []byte {
	if n := len(b); n > 1 && (cyrillic(b[0]) || b[0]-'!' < 0x7f-'!') && (cyrillic(b[n-2]) && b[n-1] >= utf8.RuneSelf || b[n-1]-'!' < 0x7f-'!') {
		return b
	}
	for len(b) > 0 {
		c := b[0]
		if c > ' ' && c < utf8.RuneSelf {
			break
		}
		if c <= ' ' {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if !space(r) {
			break
		}
		b = b[n:]
	}
	for len(b) > 0 {
		c := b[len(b)-1]
		if c > ' ' && c < utf8.RuneSelf {
			break
		}
		if c <= ' ' {
			b = b[:len(b)-1]
			continue
		}
		r, n := utf8.DecodeLastRune(b)
		if !space(r) {
			break
		}
		b = b[:len(b)-n]
	}
	return b
}

func space(r rune) bool {
	return r == '\u00a0' || r == '\ufeff' || r == '\u202f' || '\u2000' <= r && r <= '\u200b'
}
