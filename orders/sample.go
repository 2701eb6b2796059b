package orders

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/charset"
)

// How much of a file is looked at before it is read.
const (
	headSize    = 1 << 20
	windowSize  = 32 << 10
	windows     = 16
	headerDepth = 60 // records among which the header is searched
)

// sample is the beginning of a file, and if it is long and can be searched,
// pieces of the rest.
type sample struct {
	head  []byte
	more  [][]byte // whole lines each
	whole bool     // head is all there is
}

// open opens a file and takes a sample of it.
func open(path string) (*os.File, sample, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, sample{}, fmt.Errorf("orders: %w", err)
	}
	s, err := sampleFile(f, path)
	if err != nil {
		f.Close()
		return nil, sample{}, err
	}
	return f, s, nil
}

func sampleFile(f *os.File, path string) (sample, error) {
	info, err := f.Stat()
	if err != nil {
		return sample{}, fmt.Errorf("orders: %w", err)
	}
	if info.IsDir() {
		return sample{}, &FormatError{path, "directory", 0, "name a file in it"}
	}
	s, err := sampleHead(f, path)
	if err != nil || !info.Mode().IsRegular() {
		return s, err
	}
	if !s.whole {
		s.addWindows(f, info.Size())
	}
	return s, nil
}

// sampleHead reads the beginning of src.
func sampleHead(src io.Reader, name string) (sample, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(src, head)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return sample{head: head[:n], whole: true}, nil
	case err != nil:
		return sample{}, fmt.Errorf("orders: %s: %w", name, err)
	}
	return sample{head: head}, nil
}

// addWindows adds whole lines from places all over the rest of the file. What
// cannot be read is not looked at: reading will say so.
func (s *sample) addWindows(src io.ReaderAt, size int64) {
	step := (size - headSize) / windows
	for i := range int64(windows) {
		lines := make([]byte, windowSize)
		n, _ := src.ReadAt(lines, headSize+i*step)
		lines = lines[:n]
		first, last := bytes.IndexByte(lines, '\n'), bytes.LastIndexByte(lines, '\n')
		if first < last {
			s.more = append(s.more, lines[first+1:last+1])
		}
	}
}

// decode returns the sample as UTF-8, in whole lines.
func decode(name string, s sample, o Options) (sample, charset.Charset, error) {
	if err := sniff(name, s.head); err != nil {
		return s, charset.Charset{}, err
	}
	set, err := chooseCharset(s, o)
	if err != nil {
		return s, set, &FormatError{name, "binary", 0, "this is not a text; export the orders as CSV"}
	}
	text := sample{head: set.Decode(s.head), whole: s.whole}
	if !s.whole {
		text.head = wholeLines(text.head)
	}
	if !strings.HasPrefix(set.Name, "utf-16") { // whose line ends a window cannot find
		for _, lines := range s.more {
			text.more = append(text.more, set.Rest().Decode(lines))
		}
	}
	return text, set, nil
}

// chooseCharset returns the encoding of the sample: by its byte order mark, by
// the mapping, or by its letters.
func chooseCharset(s sample, o Options) (charset.Charset, error) {
	if o.Mapping != nil && !charset.Marked(s.head) {
		if set, ok := charset.Named(o.Mapping.Encoding); ok {
			return set, nil
		}
	}
	set, err := charset.Detect(s.head)
	if err == nil && set.Name == "utf-8" && !set.BOM && len(s.more) > 0 { // if that is ASCII only, the rest may tell
		set, err = charset.Detect(bytes.Join(append([][]byte{wholeLines(s.head)}, s.more...), nil))
	}
	return set, err
}

// wholeLines returns text up to its last line end, all of it if it has none.
func wholeLines(text []byte) []byte {
	if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
		return text[:i+1]
	}
	return text
}

// magics are what files of other kinds begin with.
var magics = []struct{ magic, format, hint string }{
	{"\xd0\xcf\x11\xe0", "xls", "open it in a spreadsheet and save it as .xlsx or as \"CSV UTF-8\""},
	{"PAR1", "parquet", "give its records, which package orders/parquet reads, to orders.CollectRecords; or export it as CSV"},
	{"MOXCEL", "mxl", "in 1C save the report as an Excel sheet (.xlsx)"},
	{"%PDF", "pdf", "export the orders as CSV"},
	{"\x1f\x8b", "gzip", "unpack it first"},
	{"BZh", "bzip2", "unpack it first"},
	{"\xfd7zXZ", "xz", "unpack it first"},
	{"(\xb5/\xfd", "zstd", "unpack it first"},
	{"7z\xbc\xaf\x27\x1c", "7z", "unpack it first"},
	{"Rar!", "rar", "unpack it first"},
	{"<!doctype html", "html", "open it in a spreadsheet and save it as .xlsx or as CSV"},
	{"<html", "html", "open it in a spreadsheet and save it as .xlsx or as CSV"},
	{"<table", "html", "open it in a spreadsheet and save it as .xlsx or as CSV"},
	{"<?xml", "xml", "open it in a spreadsheet and save it as CSV"},
	{"{\"", "json", "export the orders as CSV"},
	{"[{", "json", "export the orders as CSV"},
}

// sniff returns a *FormatError for what is no text with a delimiter.
func sniff(name string, head []byte) error {
	text := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if len(cell.Trim(text)) == 0 && bytes.IndexByte(text, 0) < 0 {
		return &FormatError{name, "empty", 0, "there is nothing in it; export it again"}
	}
	start := bytes.TrimLeft(text[:min(len(text), 4096)], " \t\r\n")
	for _, m := range magics {
		if len(start) >= len(m.magic) && strings.EqualFold(string(start[:len(m.magic)]), m.magic) {
			return &FormatError{name, m.format, 0, m.hint}
		}
	}
	return nil
}
