package charset

import "bytes"

// Named returns the encoding of that name, without a byte order mark; ok is
// false if the package does not know it.
func Named(name string) (set Charset, ok bool) {
	switch name {
	case "utf-8", "utf-16le", "utf-16be":
		return Charset{Name: name}, true
	}
	for _, s := range singles {
		if s.name == name {
			return Charset{Name: name, table: newTable(s.codes)}, true
		}
	}
	return Charset{}, false
}

// Known reports whether there is an encoding of that name.
func Known(name string) bool {
	_, ok := Named(name)
	return ok
}

// Marked reports whether text begins with a byte order mark, after which there
// is no doubt about its encoding.
func Marked(text []byte) bool {
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(text, []byte(mark)) {
			return true
		}
	}
	return false
}
