package cell

import "unicode/utf8"

// Trim returns b without the space around it: ASCII white space, the no-break
// and thin spaces of spreadsheets, and byte order marks.
func Trim(b []byte) []byte {
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
