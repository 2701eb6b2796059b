package xlsx

// A stringTable is the shared strings of a book, one after another.
type stringTable struct {
	bytes []byte
	ends  []uint32
}

// at returns string number i, borrowed for ever; ok is false if there is none.
func (t *stringTable) at(i int) (text []byte, ok bool) {
	if i >= len(t.ends) {
		return nil, false
	}
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	end := t.ends[i]
	return t.bytes[start:end:end], true
}

// readStrings reads a shared strings part.
func readStrings(s *scanner, l Limits) (t stringTable) {
	if !s.root("sst") {
		return t
	}
	for s.child() {
		if string(s.name) != "si" {
			s.skip()
			continue
		}
		if len(t.ends) == l.Strings {
			s.fail(beyond(int64(l.Strings), "shared strings", "Strings"))
			break
		}
		t.bytes = appendString(t.bytes, s, l.CellBytes)
		if int64(len(t.bytes)) > l.StringBytes {
			s.fail(beyond(l.StringBytes, "bytes of shared strings", "StringBytes"))
		}
		if s.err != nil {
			break
		}
		t.ends = append(t.ends, uint32(len(t.bytes)))
	}
	return t
}

// appendString appends the text of the element that is open, a shared or an
// inline string, to dst: its <t>, or the <t> of its runs; not the reading aids
// of Japanese (<rPh>).
func appendString(dst []byte, s *scanner, limit int) []byte {
	start := len(dst)
	for s.child() {
		switch string(s.name) {
		case "t":
			dst = appendEscaped(dst, s, limit-(len(dst)-start))
		case "r":
			for s.child() {
				if string(s.name) == "t" {
					dst = appendEscaped(dst, s, limit-(len(dst)-start))
				} else {
					s.skip()
				}
			}
		default:
			s.skip()
		}
	}
	return dst
}

// appendEscaped appends the text of the element that is open, its _xHHHH_
// decoded.
func appendEscaped(dst []byte, s *scanner, limit int) []byte {
	start := len(dst)
	dst = s.appendText(dst, limit)
	return dst[:start+len(unescape(dst[start:]))]
}
