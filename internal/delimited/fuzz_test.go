package delimited

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// records reads text; ok is false if any record has a fault or is too long.
func records(text string, comma byte) (all [][]string, ok bool) {
	r := NewReader(strings.NewReader(text), comma)
	for {
		switch err := r.Read(); {
		case err == io.EOF:
			return all, true
		case err != nil || r.Fault != NoFault:
			return nil, false
		}
		// encoding/csv leaves out lines without a byte.
		if blank := strings.TrimRight(string(r.Raw), "\r\n"); blank == "" && strings.Count(string(r.Raw), "\r") <= 1 {
			continue
		}
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, strings.ReplaceAll(string(c), "\r\n", "\n")) // as encoding/csv does within quotes
		}
		all = append(all, cells)
	}
}

// FuzzRecords holds the reader to encoding/csv, where that accepts a text, and
// to itself, however the text is handed over.
func FuzzRecords(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a;b\r\n\"1;2\";3\r\n", "\"a\nb\",c\n", "\"a \"\"b\"\"\",\"\"\n", "a\n\n\nb", "x,\"a\"b\nc", "\"", "\"a\"\r", "a\r\rb\n", ",,\n", "\"a\\\"b\",\"\\\\\"\n",
	} {
		f.Add(s, byte(','))
		f.Add(s, byte(';'))
	}
	f.Fuzz(func(t *testing.T, text string, comma byte) {
		if comma >= 0x80 || comma == '"' || comma == '\r' || comma == '\n' || comma == 0 || comma == ' ' {
			return
		}
		whole, err := dump(strings.NewReader(text), comma)
		bytewise, err2 := dump(iotest.OneByteReader(strings.NewReader(text)), comma)
		if whole != bytewise || err != err2 {
			t.Errorf("%q is\n%s%v, byte by byte\n%s%v", text, whole, err, bytewise, err2)
		}
		escaped := func(src io.Reader) string {
			r := NewReader(src, comma)
			r.Backslash = true
			got, err := dumpReader(r)
			return fmt.Sprint(got, err)
		}
		got := escaped(strings.NewReader(text))
		if bytewise := escaped(iotest.OneByteReader(strings.NewReader(text))); bytewise != got {
			t.Errorf("%q with escapes is\n%s, byte by byte\n%s", text, got, bytewise)
		}
		if !strings.Contains(text, "\\") && got != fmt.Sprint(whole, err) {
			t.Errorf("%q has no escapes and is\n%s%v, with them\n%s", text, whole, err, got)
		}
		std := csv.NewReader(strings.NewReader(text))
		std.Comma = rune(comma)
		std.FieldsPerRecord = -1
		want, err := std.ReadAll()
		if err != nil {
			return
		}
		all, ok := records(text, comma)
		if !ok {
			t.Fatalf("%q has a fault, encoding/csv reads %q", text, want)
		}
		if !slices.EqualFunc(all, want, slices.Equal) {
			t.Errorf("%q is %q, encoding/csv reads %q", text, all, want)
		}
	})
}

// TestNothingIsLost: the records' raw text is the text, and line numbers are right.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab,;\"\"\n\r"))).Draw(t, "text")
		r := NewReader(strings.NewReader(text), ',')
		var raw strings.Builder
		for row := int64(1); ; row++ {
			if err := r.Read(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if line := int64(1 + strings.Count(raw.String(), "\n")); r.Line != line || r.Row != row {
				t.Fatalf("row %d, line %d; want %d, %d", r.Row, r.Line, row, line)
			}
			raw.Write(r.Raw)
		}
		if raw.String() != text {
			t.Fatalf("the records are of %q", raw.String())
		}
	})
}
