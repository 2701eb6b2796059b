package xlsx

import (
	"fmt"
	"strconv"
)

// A styleTable is the styles that cells refer to by number.
type styleTable []Style

// at returns the style of a number as cells write it; a number that is not in
// the table is the first style, as is none.
func (t styleTable) at(number []byte) Style {
	if i, ok := parseIndex(number); ok && i < len(t) {
		return t[i]
	}
	if len(t) > 0 {
		return t[0]
	}
	return Style{Code: "General"}
}

// readStyles reads a styles part.
func readStyles(s *scanner) styleTable {
	codes := map[int]Style{}
	var table styleTable
	if !s.root("styleSheet") {
		return nil
	}
	for s.child() {
		switch string(s.name) {
		case "numFmts":
			readFormats(s, codes)
		case "cellXfs":
			table = readCellFormats(s, codes)
		default:
			s.skip()
		}
	}
	return table
}

// readFormats reads the workbook's own number formats.
func readFormats(s *scanner, codes map[int]Style) {
	for s.child() {
		if id, ok := parseIndex(s.attr("numFmtId")); ok && string(s.name) == "numFmt" {
			codes[id] = ParseFormat(s.attrText("formatCode"))
		}
		if len(codes) > maxFormats {
			s.fail(fmt.Errorf("%w: more than %d number formats", ErrLimit, maxFormats))
		}
		s.skip()
	}
}

// readCellFormats reads what cells refer to by number. The styles that theirs
// derive from do not matter: each says all of its own.
func readCellFormats(s *scanner, codes map[int]Style) (table styleTable) {
	for s.child() {
		if string(s.name) != "xf" {
			s.skip()
			continue
		}
		if len(table) == maxFormats {
			s.fail(fmt.Errorf("%w: more than %d cell formats", ErrLimit, maxFormats))
		}
		id, _ := parseIndex(s.attr("numFmtId"))
		style, own := codes[id]
		if !own {
			style = ParseFormat(builtin(id))
			codes[id] = style
		}
		for s.child() {
			if string(s.name) == "alignment" {
				indent, _ := parseIndex(s.attr("indent"))
				style.Indent = uint8(min(indent, 255))
			}
			s.skip()
		}
		table = append(table, style)
	}
	return table
}

// parseIndex reads a non-negative decimal number with white space around it.
func parseIndex(b []byte) (n int, ok bool) {
	b = trimSpace(b)
	if len(b) == 0 || len(b) > 10 {
		return 0, false
	}
	if len(b) == 10 { // may pass 31 bits
		v, err := strconv.ParseUint(string(b), 10, 31)
		return int(v), err == nil
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// trimSpace returns b without the white space around it.
func trimSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
