// Package charset finds out how a text is encoded and turns it into UTF-8.
package charset

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ErrBinary reports data that is no text in any encoding the package knows.
var ErrBinary = errors.New("charset: not a text")

// Charset is an encoding, with or without a byte order mark.
type Charset struct {
	Name string // "utf-8", "utf-16le", "windows-1251" …
	BOM  bool

	// Rival is another encoding that Detect found nearly as likely: its letters
	// are at least nine tenths as much like Russian text. "" if there is none.
	Rival string

	table *table // of a single-byte encoding
}

// table holds the UTF-8 of each byte from 0x80 on, and its length.
type table [128]struct {
	text [3]byte
	n    uint8
}

// singles are the single-byte encodings: Cyrillic ones first, in the order in
// which they win a tie.
var singles = []struct {
	name  string
	codes *charmap.Charmap
}{
	{"windows-1251", charmap.Windows1251},
	{"koi8-r", charmap.KOI8R},
	{"ibm866", charmap.CodePage866},
	{"windows-1252", charmap.Windows1252},
}

func newTable(codes *charmap.Charmap) *table {
	t := new(table)
	for i := range t {
		var buf [utf8.UTFMax]byte
		n := utf8.EncodeRune(buf[:], codes.DecodeByte(byte(i)+utf8.RuneSelf))
		t[i].n = uint8(copy(t[i].text[:], buf[:n]))
	}
	return t
}

// Detect finds the encoding of the text that sample is the beginning of: by its
// byte order mark; UTF-16 by the zero bytes of its ASCII; UTF-8 if the sample
// is valid but for one in twenty letters beyond ASCII; otherwise by how alike its letters are to Russian text in
// each Cyrillic encoding, or windows-1252 if single letters stand among ASCII.
// It returns [ErrBinary] for what has zero bytes or control characters in it.
func Detect(sample []byte) (Charset, error) {
	switch {
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return Charset{Name: "utf-8", BOM: true}, nil
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return Charset{Name: "utf-16le", BOM: true}, nil
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return Charset{Name: "utf-16be", BOM: true}, nil
	}
	if bytes.IndexByte(sample, 0) >= 0 {
		return detectWide(sample)
	}
	if controls(sample) > len(sample)/100 {
		return Charset{}, ErrBinary
	}
	if multi, invalid := countRunes(cutRune(sample)); invalid*20 <= multi {
		return Charset{Name: "utf-8"}, nil
	}
	return detectSingle(sample), nil
}

// detectWide tells UTF-16 without a mark from binary data: a third of its
// pairs of bytes or more are ASCII, and hardly any control characters.
func detectWide(sample []byte) (Charset, error) {
	for high, name := range [...]string{"utf-16be", "utf-16le"} { // where the zero is
		var ascii []byte
		for i := 0; i+1 < len(sample); i += 2 {
			if sample[i+high] == 0 {
				ascii = append(ascii, sample[i+1-high])
			}
		}
		if 6*len(ascii) >= len(sample) && controls(ascii) <= len(ascii)/100 {
			return Charset{Name: name}, nil
		}
	}
	return Charset{}, ErrBinary
}

// controls counts the control characters that no table has.
func controls(sample []byte) int {
	n := 0
	for _, c := range sample {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1a || c == 0x7f {
			n++
		}
	}
	return n
}

// countRunes returns how many runes of more than a byte the sample has as
// UTF-8, and how many bytes belong to none.
func countRunes(sample []byte) (multi, invalid int) {
	if utf8.Valid(sample) {
		return 0, 0
	}
	for len(sample) > 0 {
		r, n := utf8.DecodeRune(sample)
		switch {
		case r == utf8.RuneError && n == 1:
			invalid++
		case n > 1:
			multi++
		}
		sample = sample[n:]
	}
	return multi, invalid
}

// cutRune returns b without the rune that its end cuts off.
func cutRune(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// frequency is how often each letter а…я occurs among 1,000 of Russian text.
// Source: Russian National Corpus, single-letter frequencies, rounded.
var frequency = [...]int{80, 16, 45, 17, 30, 85, 9, 16, 74, 12, 35, 44, 32, 67, 110, 28, 47, 55, 63, 26, 3, 10, 5, 14, 7, 4, 1, 19, 17, 3, 6, 20}

// detectSingle chooses among the single-byte encodings.
func detectSingle(sample []byte) Charset {
	high, together := 0, 0
	for i, c := range sample {
		if c >= utf8.RuneSelf && c != 0xa0 {
			high++
			if i > 0 && sample[i-1] >= utf8.RuneSelf && sample[i-1] != 0xa0 {
				together++
			}
		}
	}
	best, most, rival, next := len(singles)-1, 0, 0, 0
	for i, s := range singles[:len(singles)-1] {
		switch score := likeness(sample, s.codes); {
		case score > most:
			best, most, rival, next = i, score, best, most
		case score > next:
			rival, next = i, score
		}
	}
	if together*3 <= high {
		best, next = len(singles)-1, 0
	}
	set := Charset{Name: singles[best].name, table: newTable(singles[best].codes)}
	if 10*next > 9*most {
		set.Rival = singles[rival].name
	}
	return set
}

// likeness says how much the sample looks like Russian text in an encoding:
// every letter counts by its frequency, what is no letter counts against it,
// and so does a capital behind a small letter.
func likeness(sample []byte, codes *charmap.Charmap) int {
	const small, capital = 1, 2
	var weight [128]int
	var kind [256]int
	for i := range weight {
		switch r := codes.DecodeByte(byte(i) + utf8.RuneSelf); {
		case 'а' <= r && r <= 'я':
			weight[i], kind[i+utf8.RuneSelf] = frequency[r-'а'], small
		case 'А' <= r && r <= 'Я':
			weight[i], kind[i+utf8.RuneSelf] = frequency[r-'А'], capital
		case r == 'ё', r == 'Ё', r == '\u00a0', r == '№', r == '«', r == '»', r == '—':
		default:
			weight[i] = -100
		}
	}
	score, before := 0, 0
	for _, c := range sample {
		switch is := kind[c]; {
		case is == capital && before == small:
			score -= 100
		case c >= utf8.RuneSelf:
			score += weight[c-utf8.RuneSelf]
		}
		before = kind[c]
	}
	return score
}

// Rest returns the encoding of a part of the text that does not begin it.
func (c Charset) Rest() Charset {
	c.BOM = false
	return c
}

// Decode returns text as UTF-8, without its byte order mark; UTF-8 itself is not copied.
func (c Charset) Decode(text []byte) []byte {
	out, _ := io.ReadAll(c.Reader(bytes.NewReader(text))) // a bytes.Reader does not fail
	return out
}

// Reader returns a reader of src as UTF-8, without its byte order mark. What
// is no text in its encoding comes out as U+FFFD, but UTF-8 is passed on as it is.
func (c Charset) Reader(src io.Reader) io.Reader {
	switch {
	case c.table != nil:
		return &singleReader{src: src, table: c.table}
	case c.Name == "utf-16le" || c.Name == "utf-16be":
		order := unicode.LittleEndian
		if c.Name == "utf-16be" {
			order = unicode.BigEndian
		}
		mark := unicode.IgnoreBOM
		if c.BOM {
			mark = unicode.ExpectBOM
		}
		return transform.NewReader(src, unicode.UTF16(order, mark).NewDecoder())
	case c.BOM:
		return &skipReader{src: src, n: 3}
	}
	return src
}

// Bytewise reports whether any piece of a text can be read by itself, with
// [Charset.Block]: its ASCII letters are bytes, and no other byte is one.
func (c Charset) Bytewise() bool { return c.table != nil || c.Name == "utf-8" }

// Block returns a piece of a text that is Bytewise as UTF-8: text itself, or
// appended to dst. A byte order mark is not looked for.
func (c Charset) Block(dst, text []byte) []byte {
	if c.table == nil {
		return text
	}
	return c.table.append(dst, text)
}

// skipReader leaves out the first n bytes of src.
type skipReader struct {
	src io.Reader
	n   int
}

func (r *skipReader) Read(p []byte) (int, error) {
	n, err := r.src.Read(p)
	skip := min(r.n, n)
	r.n -= skip
	return copy(p, p[skip:n]), err
}

// singleReader turns the bytes of a single-byte encoding into UTF-8.
type singleReader struct {
	src   io.Reader
	table *table
	raw   []byte
	text  []byte // not yet read
	out   []byte
	err   error
}

func (r *singleReader) Read(p []byte) (int, error) {
	for len(r.text) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		if r.raw == nil {
			r.raw = make([]byte, 64<<10)
		}
		var n int
		n, r.err = r.src.Read(r.raw)
		r.out = r.table.append(r.out[:0], r.raw[:n])
		r.text = r.out
	}
	n := copy(p, r.text)
	r.text = r.text[n:]
	return n, nil
}

// append appends text as UTF-8 to dst.
func (t *table) append(dst, text []byte) []byte {
	n := len(dst)
	dst = slices.Grow(dst, 3*len(text))[:n+3*len(text)]
	for _, c := range text {
		if c < utf8.RuneSelf {
			dst[n] = c
			n++
			continue
		}
		r := &t[c-utf8.RuneSelf]
		to := dst[n : n+3 : n+3] // all three, and what is too much is overwritten
		to[0], to[1], to[2] = r.text[0], r.text[1], r.text[2]
		n += int(r.n)
	}
	return dst[:n]
}

// MarkSize returns the bytes that the byte order mark of the text takes, 0 without one.
func (c Charset) MarkSize() int64 {
	switch {
	case !c.BOM:
		return 0
	case c.Name == "utf-8":
		return 3
	}
	return 2
}

// Size returns how many bytes in the encoding a text is that [Charset.Reader]
// made. What it could not decode counts as the encoding's shortest letter.
func (c Charset) Size(text []byte) int64 {
	switch {
	case c.table != nil:
		n := int64(0)
		for _, b := range text {
			if utf8.RuneStart(b) {
				n++
			}
		}
		return n
	case c.Name == "utf-16le" || c.Name == "utf-16be":
		n := int64(0)
		for len(text) > 0 {
			r, size := utf8.DecodeRune(text)
			if n += 2; r > 0xffff {
				n += 2
			}
			text = text[size:]
		}
		return n
	}
	return int64(len(text))
}
