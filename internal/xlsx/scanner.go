package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// bufferSize is how much of a part is in memory at a time.
const bufferSize = 64 << 10

// A token is what the scanner has come to.
type token uint8

const (
	stopped  token = iota // the end of the part, or scanner.err
	opened                // a start tag, in name and attrs
	closed                // the end of the element opened last and not closed yet
	charData              // a piece of text, in text
	noToken               // a comment and the like
)

// An attribute of a tag, its value as written.
type attribute struct{ name, value []byte }

// A scanner reads XML: as much of it as spreadsheets use, checking as much as
// is needed to trust what was read. Names lose their namespace prefix, since
// the parts that it is for hold one vocabulary; attribute names keep it.
// What it hands out is borrowed until the next token.
//
// It is not encoding/xml because that costs ten times as much.
type scanner struct {
	src io.Reader
	eof bool // src is used up
	err error

	buf      []byte
	pos, end int   // buf[pos:end] is to be read
	offset   int64 // of buf[0] in the part

	name  []byte // of the tag, without prefix
	attrs []attribute
	text  []byte // of charData: raw
	cdata bool   // within <![CDATA[ … ]]>
	empty bool   // the tag was <a/>: its end comes next
	begun bool   // the root element has begun

	names []byte // the open elements' names with prefix, one after another
	marks []int  // where each of them starts
}

// newScanner returns a scanner of the part that src reads.
func newScanner(src io.Reader) *scanner {
	s := &scanner{src: src, buf: make([]byte, bufferSize)}
	s.checkEncoding()
	return s
}

// read returns how many bytes of the part were read.
func (s *scanner) read() int64 { return s.offset + int64(s.pos) }

// fail stops the scanner.
func (s *scanner) fail(err error) token {
	if s.err == nil {
		s.err = err
	}
	return stopped
}

// more gets more of the part behind buf[pos:end], which may move. It returns
// false at the end of the part and on an error.
func (s *scanner) more() bool {
	if s.err != nil || s.eof {
		return false
	}
	s.offset += int64(s.pos)
	s.end = copy(s.buf, s.buf[s.pos:s.end])
	s.pos = 0
	if s.end == len(s.buf) {
		if len(s.buf) >= maxTag {
			s.fail(fmt.Errorf("%w: a tag of more than %d bytes", ErrLimit, maxTag))
			return false
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for idle := 0; idle < 100; idle++ {
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.eof = true
			if err != io.EOF {
				s.fail(err)
				return false
			}
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.fail(io.ErrNoProgress)
	return false
}

// checkEncoding skips the byte-order mark and refuses UTF-16.
func (s *scanner) checkEncoding() {
	for s.end < 4 && s.more() {
	}
	start := s.buf[:s.end]
	switch {
	case bytes.HasPrefix(start, []byte("\xEF\xBB\xBF")):
		s.pos = 3
	case bytes.HasPrefix(start, []byte("\xFE\xFF")), bytes.HasPrefix(start, []byte("\xFF\xFE")),
		bytes.HasPrefix(start, []byte("\x00<")), bytes.HasPrefix(start, []byte("<\x00")):
		s.fail(fmt.Errorf("%w: it is in UTF-16: open the workbook in a spreadsheet program and save it again", ErrEncoding))
	}
}

// next goes on to the next token. After an error it returns stopped for good.
func (s *scanner) next() token {
	if s.empty {
		s.empty = false
		return s.pop()
	}
	for s.err == nil {
		if s.pos == s.end && !s.more() {
			break
		}
		t := noToken
		switch {
		case s.cdata:
			t = s.scanCDATA()
		case s.buf[s.pos] == '<':
			t = s.scanMarkup()
		default:
			t = s.scanText()
		}
		if t != noToken {
			return t
		}
	}
	switch {
	case s.err != nil:
	case len(s.marks) > 0 || !s.begun:
		s.cutShort()
	}
	return stopped
}

// cutShort reports that the part ends too early, unless something else did.
func (s *scanner) cutShort() token {
	if s.err == nil {
		s.err = fmt.Errorf("%w: %w: the part is cut short", ErrDamaged, io.ErrUnexpectedEOF)
	}
	return stopped
}

// malformed reports that the part is not XML.
func (s *scanner) malformed(what string) token {
	return s.fail(damaged("no XML at byte %d of the part: %s", s.read(), what))
}

// scanText reads text up to the next tag, or a piece of it that ends neither
// within an entity nor between CR and LF.
func (s *scanner) scanText() token {
	for {
		rest := s.buf[s.pos:s.end]
		n := 0
		for n < len(rest) && n < 16 && rest[n] != '<' { // most texts are short
			n++
		}
		if n == 16 {
			if i := bytes.IndexByte(rest[n:], '<'); i >= 0 {
				n += i
			} else {
				n = len(rest)
			}
		}
		if n == len(rest) && !s.eof {
			n = wholePiece(rest)
		}
		if n > 0 {
			s.text = rest[:n]
			s.pos += n
			return charData
		}
		if !s.more() && s.err != nil {
			return stopped
		}
	}
}

// wholePiece returns how much of text, which may go on, can be decoded now.
func wholePiece(text []byte) int {
	n := len(text)
	if n > 0 && text[n-1] == '\r' {
		n--
	}
	if i := bytes.LastIndexByte(text[max(0, n-maxEntity):n], '&'); i >= 0 {
		i += max(0, n-maxEntity)
		if bytes.IndexByte(text[i:n], ';') < 0 {
			return i
		}
	}
	return n
}

// scanCDATA reads a piece of a CDATA section, or its end.
func (s *scanner) scanCDATA() token {
	for {
		rest := s.buf[s.pos:s.end]
		n := bytes.Index(rest, []byte("]]>"))
		switch {
		case n == 0:
			s.pos += 3
			s.cdata = false
			return noToken
		case n < 0:
			n = len(rest) - 2 // the end may have begun
			if n > 0 && rest[n-1] == '\r' {
				n--
			}
		}
		if n > 0 {
			s.text = rest[:n]
			s.pos += n
			return charData
		}
		if !s.more() {
			return s.cutShort()
		}
	}
}

// scanMarkup reads what begins with '<'.
func (s *scanner) scanMarkup() token {
	for s.end-s.pos < 2 {
		if !s.more() {
			return s.cutShort()
		}
	}
	switch s.buf[s.pos+1] {
	case '/':
		return s.scanEnd()
	case '!':
		return s.scanDeclaration()
	case '?':
		return s.scanInstruction()
	}
	return s.scanStart()
}

// scanStart reads a start tag.
func (s *scanner) scanStart() token {
	for {
		n, fault := s.parseTag(s.buf[s.pos:s.end])
		if fault != "" {
			return s.malformed(fault)
		}
		if n > 0 {
			s.pos += n
			s.begun = true
			return opened
		}
		if !s.more() {
			return s.cutShort()
		}
	}
}

// parseTag takes the start tag at the beginning of b apart, notes the element
// as open and returns the tag's length, or 0 if b does not hold all of it.
func (s *scanner) parseTag(b []byte) (n int, fault string) {
	s.attrs = s.attrs[:0]
	i, prefix := 1, 1
	for i < len(b) && !isSpace(b[i]) && b[i] != '>' && b[i] != '/' {
		switch b[i] {
		case ':':
			prefix = i + 1
		case '<', '=', '"', '\'', '&':
			return 0, "a bad element name"
		}
		i++
	}
	qualified := b[1:i]
	s.name = b[prefix:i]
	for {
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i == len(b) {
			return 0, ""
		}
		switch b[i] {
		case '>':
			i++
			return i, s.push(qualified)
		case '/':
			switch {
			case i+1 == len(b):
				return 0, ""
			case b[i+1] != '>':
				return 0, "a stray slash in a tag"
			}
			if fault := s.push(qualified); fault != "" {
				return 0, fault
			}
			s.empty = true
			return i + 2, ""
		}
		var a attribute
		if a, i, fault = parseAttribute(b, i); i == 0 {
			return 0, fault
		}
		s.attrs = append(s.attrs, a)
	}
}

// parseAttribute takes the attribute at b[i:] apart and returns where it ends,
// or 0 if b does not hold all of it or it has a fault.
func parseAttribute(b []byte, i int) (a attribute, end int, fault string) {
	start := i
	for i < len(b) && b[i] != '=' && !isSpace(b[i]) {
		if b[i] == '>' || b[i] == '<' || b[i] == '"' || b[i] == '\'' {
			return a, 0, "an attribute without a value"
		}
		i++
	}
	a.name = b[start:i]
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return a, 0, ""
	}
	if b[i] != '=' || len(a.name) == 0 {
		return a, 0, "an attribute without a value"
	}
	i++
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return a, 0, ""
	}
	quote := b[i]
	if quote != '"' && quote != '\'' {
		return a, 0, "an attribute without quotes"
	}
	i++
	start = i
	for i < len(b) && b[i] != quote {
		i++
	}
	if i == len(b) {
		return a, 0, ""
	}
	a.value = b[start:i]
	return a, i + 1, ""
}

// push notes an element as open.
func (s *scanner) push(qualified []byte) (fault string) {
	switch {
	case len(s.name) == 0:
		return "a tag without a name"
	case len(s.marks) == 0 && s.begun:
		return "a second root element"
	case len(s.marks) == maxDepth:
		s.fail(fmt.Errorf("%w: elements nested more than %d deep", ErrLimit, maxDepth))
		return "elements nested too deep"
	}
	s.marks = append(s.marks, len(s.names))
	s.names = append(s.names, qualified...)
	return ""
}

// pop notes the innermost element as closed.
func (s *scanner) pop() token {
	last := len(s.marks) - 1
	s.names = s.names[:s.marks[last]]
	s.marks = s.marks[:last]
	return closed
}

// scanEnd reads an end tag.
func (s *scanner) scanEnd() token {
	if last := len(s.marks) - 1; last >= 0 { // as good as always it is simply this
		open := s.names[s.marks[last]:]
		tag := s.buf[s.pos+2 : s.end]
		if n := len(open); len(tag) > n && tag[n] == '>' && string(tag[:n]) == string(open) {
			s.pos += n + 3
			return s.pop()
		}
	}
	for {
		n := bytes.IndexByte(s.buf[s.pos:s.end], '>')
		if n < 0 {
			if !s.more() {
				return s.cutShort()
			}
			continue
		}
		name := s.buf[s.pos+2 : s.pos+n]
		for len(name) > 0 && isSpace(name[len(name)-1]) {
			name = name[:len(name)-1]
		}
		if len(s.marks) == 0 || !bytes.Equal(name, s.names[s.marks[len(s.marks)-1]:]) {
			return s.malformed("an end tag without its start tag")
		}
		s.pos += n + 1
		return s.pop()
	}
}

// scanDeclaration reads what begins with "<!".
func (s *scanner) scanDeclaration() token {
	const cdata = "<![CDATA["
	for s.end-s.pos < len(cdata) && s.more() {
	}
	rest := s.buf[s.pos:s.end]
	switch {
	case s.err != nil:
		return stopped
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.pos += 4
		return s.discard("-->")
	case bytes.HasPrefix(rest, []byte(cdata)):
		s.pos += len(cdata)
		s.cdata = true
		return noToken
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		return s.malformed("a document type declaration, which no workbook has")
	case strings.HasPrefix("<!--", string(rest)), strings.HasPrefix(cdata, string(rest)):
		return s.cutShort()
	}
	return s.malformed("an unknown declaration")
}

// scanInstruction skips a processing instruction; the first of a part may name
// its encoding.
func (s *scanner) scanInstruction() token {
	const start, end = "<?", "?>"
	for !bytes.Contains(s.buf[s.pos+len(start):s.end], []byte(end)) {
		if !s.more() {
			return s.cutShort()
		}
	}
	instruction, _, _ := bytes.Cut(s.buf[s.pos+len(start):s.end], []byte(end))
	s.pos += len(start) + len(instruction) + len(end)
	if !bytes.HasPrefix(instruction, []byte("xml ")) {
		return noToken
	}
	switch label := strings.ToLower(declaredEncoding(instruction)); label {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
	case "utf-16", "unicode": // what a program writes that made the text in memory: it was read as UTF-8 up to here
	default:
		return s.fail(fmt.Errorf("%w: it is in %s: open the workbook in a spreadsheet program and save it again", ErrEncoding, label))
	}
	return noToken
}

// declaredEncoding returns the encoding that an XML declaration names, or "".
func declaredEncoding(declaration []byte) string {
	_, rest, found := bytes.Cut(declaration, []byte("encoding"))
	rest = bytes.TrimLeft(rest, " \t\r\n=")
	if !found || len(rest) == 0 {
		return ""
	}
	label, _, _ := bytes.Cut(rest[1:], rest[:1])
	return string(label)
}

// discard skips text up to and including its end.
func (s *scanner) discard(end string) token {
	for {
		rest := s.buf[s.pos:s.end]
		if n := bytes.Index(rest, []byte(end)); n >= 0 {
			s.pos += n + len(end)
			return noToken
		}
		s.pos += max(0, len(rest)-len(end)+1)
		if !s.more() {
			return s.cutShort()
		}
	}
}

// root goes to the root element, which must have that name.
func (s *scanner) root(name string) bool {
	for {
		switch s.next() {
		case opened:
			if string(s.name) != name {
				s.fail(damaged("the part is a <%.40s>, not a <%s>", s.name, name))
				return false
			}
			return true
		case stopped:
			return false
		}
	}
}

// child goes to the next child of the element that is open. It returns false
// when that element is at its end. Whoever gets true must read the child to
// its end, with skip, appendText or child itself, before asking again.
func (s *scanner) child() bool {
	for {
		switch s.next() {
		case opened:
			return true
		case closed, stopped:
			return false
		}
	}
}

// skip goes to the end of the element that is open.
func (s *scanner) skip() {
	for depth := 1; depth > 0; {
		switch s.next() {
		case opened:
			depth++
		case closed:
			depth--
		case stopped:
			return
		}
	}
}

// finish reads what is behind the root element, for only a part read to its
// very end has had its checksum verified, and returns the scanner's error.
func (s *scanner) finish() error {
	for s.next() != stopped {
	}
	return s.err
}

// appendText appends the text of the element that is open, without that of its
// children, to dst, and goes to its end.
func (s *scanner) appendText(dst []byte, limit int) []byte {
	start := len(dst)
	for {
		switch s.next() {
		case charData:
			var err error
			if dst, err = appendDecoded(dst, s.text, s.cdata); err != nil {
				s.fail(err)
			}
			if len(dst)-start > limit {
				s.fail(beyond(int64(limit), "bytes in one cell", "CellBytes"))
			}
		case opened:
			s.skip()
		case closed, stopped:
			return dst
		}
	}
}

// attr returns an attribute's raw value, or nil.
func (s *scanner) attr(name string) []byte {
	for i := range s.attrs {
		if string(s.attrs[i].name) == name {
			return s.attrs[i].value
		}
	}
	return nil
}

// attrText returns an attribute's value, or "".
func (s *scanner) attrText(name string) string {
	text, err := appendDecoded(nil, s.attr(name), false)
	if err != nil {
		s.fail(err)
	}
	return string(text)
}

// attrBool returns whether an attribute is there and true.
func (s *scanner) attrBool(name string) bool {
	value := string(s.attr(name))
	return value == "1" || value == "true"
}

// isSpace reports whether c is white space in XML.
func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
