package xlsx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// events lists what the scanner finds, adjoining texts as one.
func events(src io.Reader) (list []string, err error) {
	s := newScanner(src)
	text := ""
	add := func(event string) {
		if text != "" {
			list = append(list, fmt.Sprintf("text %q", text))
			text = ""
		}
		list = append(list, event)
	}
	for {
		switch s.next() {
		case opened:
			event := "<" + string(s.name)
			for _, a := range s.attrs {
				event += fmt.Sprintf(" %s=%q", a.name, s.attrText(string(a.name)))
			}
			add(event)
		case closed:
			add(">")
		case charData:
			piece, err := appendDecoded(nil, s.text, s.cdata)
			if err != nil {
				return nil, err
			}
			if len(s.marks) > 0 {
				text += string(piece)
			}
		case stopped:
			return list, s.err
		}
	}
}

// peerEvents lists what encoding/xml finds.
func peerEvents(document string) (list []string, err error) {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(document, "\uFEFF")))
	text, depth := "", 0
	add := func(event string) {
		if text != "" {
			list = append(list, fmt.Sprintf("text %q", text))
			text = ""
		}
		list = append(list, event)
	}
	for {
		token, err := d.Token()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			event := "<" + t.Name.Local
			for _, a := range t.Attr {
				name := a.Name.Local
				if a.Name.Space != "" {
					name = a.Name.Space + ":" + name
				}
				event += fmt.Sprintf(" %s=%q", name, a.Value)
			}
			depth++
			add(event)
		case xml.EndElement:
			depth--
			add(">")
		case xml.CharData:
			if depth > 0 {
				text += string(t)
			}
		}
	}
}

// drawXML draws an element with what may be in it.
func drawXML(t *rapid.T, depth int) string {
	name := rapid.SampledFrom([]string{"c", "v", "row", "x:row", "sheetData", "даты"}).Draw(t, "name")
	tag := name
	for i := range rapid.IntRange(0, 3).Draw(t, "attributes") {
		value := rapid.SampledFrom([]string{"", "A1", "a>b", "&lt;&#1070;&quot;", "it's", "  "}).Draw(t, "value")
		tag += fmt.Sprintf("%s%s%d%s=%s\"%s\"", rapid.SampledFrom([]string{" ", "\n\t"}).Draw(t, "space"),
			rapid.SampledFrom([]string{"r", "x:r"}).Draw(t, "attribute"), i,
			rapid.SampledFrom([]string{"", " "}).Draw(t, "space"), rapid.SampledFrom([]string{"", " "}).Draw(t, "space"), value)
	}
	if rapid.Bool().Draw(t, "empty") {
		return "<" + tag + rapid.SampledFrom([]string{"/>", " />"}).Draw(t, "end")
	}
	var b strings.Builder
	b.WriteString("<" + tag + ">")
	for range rapid.IntRange(0, 4).Draw(t, "children") {
		switch rapid.IntRange(0, 5).Draw(t, "child") {
		case 0:
			b.WriteString("<!-- a <b> - -> c-->")
		case 1:
			b.WriteString("<?mso x=\"<y>\" ?>")
		case 2:
			b.WriteString("<![CDATA[<a>&amp;]] >" + rapid.SampledFrom([]string{"", "]", "\r\n", "\r"}).Draw(t, "cdata") + "]]>")
		case 3:
			if depth < 4 {
				b.WriteString(drawXML(t, depth+1))
			}
		default:
			b.WriteString(rapid.SampledFrom([]string{"12.5", "а б", "&amp;&lt;&gt;&apos;&quot;", "&#x41;&#0066;&#x1F600;", "\r\n", "\r", "\n", " ",
				"a text of more than sixteen bytes", strings.Repeat("длинный ", 40)}).Draw(t, "text"))
		}
	}
	b.WriteString("</" + name + rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "space") + ">")
	return b.String()
}

// The scanner finds what encoding/xml does, however the part comes in.
func TestScannerAgainstEncodingXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document := rapid.SampledFrom([]string{"", "\uFEFF"}).Draw(t, "bom") +
			rapid.SampledFrom([]string{"", `<?xml version="1.0" encoding="UTF-8"?>` + "\r\n"}).Draw(t, "declaration") +
			drawXML(t, 0)
		want, err := peerEvents(document)
		if err != nil {
			t.Fatalf("the test's own document: %v", err)
		}
		for name, src := range map[string]io.Reader{
			"whole":        strings.NewReader(document),
			"byte by byte": iotest.OneByteReader(strings.NewReader(document)),
			"halves":       iotest.HalfReader(strings.NewReader(document)),
			"data and EOF": iotest.DataErrReader(strings.NewReader(document)),
		} {
			got, err := events(src)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s:\ngot  %q\nwant %q", name, got, want)
			}
		}
	})
}

// Tokens and entities that lie across the buffer's end come out whole.
func TestScannerBufferEnd(t *testing.T) {
	const tail = "&#x1F600;\r\n<b r=\"x\"/>]<![CDATA[y]]><!-- z --><?p q?>&amp;</a>"
	want := []string{"<a", "", `<b r="x"`, ">", `text "]y&"`, ">"}
	for pad := bufferSize - len(tail) - 8; pad < bufferSize+4; pad++ {
		got, err := events(strings.NewReader("<a>" + strings.Repeat("-", pad) + tail))
		want[1] = fmt.Sprintf("text %q", strings.Repeat("-", pad)+"😀\n")
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("padded with %d: %v, %v", pad, got[2:], err)
		}
	}
}

// No beginning of a document is a document.
func TestScannerCutShort(t *testing.T) {
	const document = "\uFEFF<?xml version=\"1.0\"?><!--c--><a r='1'><x:b/>t&amp;<![CDATA[u]]><?p?></a>"
	if _, err := events(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	for n := range len(document) {
		if got, err := events(strings.NewReader(document[:n])); !errors.Is(err, ErrDamaged) {
			t.Errorf("%q: %v, %q", document[:n], err, got)
		}
	}
}

func TestScannerRefuses(t *testing.T) {
	for _, test := range []struct {
		name, document string
		want           error
		text           string
	}{
		{"nothing", "", ErrDamaged, "cut short"},
		{"only text", "hello", ErrDamaged, "cut short"},
		{"wrong end tag", "<a><b></a></b>", ErrDamaged, "an end tag without its start tag"},
		{"prefix differs", "<x:a></y:a>", ErrDamaged, "an end tag without its start tag"},
		{"end without start", "</a>", ErrDamaged, "an end tag without its start tag"},
		{"end after root", "<a/></a>", ErrDamaged, "an end tag without its start tag"},
		{"second root", "<a/><b/>", ErrDamaged, "a second root element"},
		{"no name", "<>", ErrDamaged, "a tag without a name"},
		{"prefix alone", "<x:>", ErrDamaged, "a tag without a name"},
		{"bad name", "<a<b>", ErrDamaged, "a bad element name"},
		{"stray slash", "<a/b>", ErrDamaged, "a stray slash"},
		{"no value", "<a b>", ErrDamaged, "an attribute without a value"},
		{"no attribute name", `<a ="1">`, ErrDamaged, "an attribute without a value"},
		{"no quotes", "<a b=1>", ErrDamaged, "an attribute without quotes"},
		{"unknown entity", "<a>&nbsp;</a>", ErrDamaged, `an unknown entity: "&nbsp;"`},
		{"bare ampersand", "<a>fish & chips</a>", ErrDamaged, "an & that begins no entity"},
		{"bare ampersand at the end", "<a>fish &</a>", ErrDamaged, "an & that begins no entity"},
		{"endless entity", "<a>&#" + strings.Repeat("0", 200_000) + "65;</a>", ErrDamaged, "an & that begins no entity"},
		{"signed reference", "<a>&#-65;</a>", ErrDamaged, "an unknown entity"},
		{"no number", "<a>&#x4z;</a>", ErrDamaged, "an unknown entity"},
		{"empty reference", "<a>&#x;</a>", ErrDamaged, "an unknown entity"},
		{"entities of its own", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`, ErrDamaged, "a document type declaration"},
		{"unknown declaration", "<!ELEMENT a ANY><a/>", ErrDamaged, "an unknown declaration"},
		{"UTF-16 big endian", "\xFE\xFF\x00<\x00a", ErrEncoding, "UTF-16"},
		{"UTF-16 little endian", "\xFF\xFE<\x00a\x00", ErrEncoding, "UTF-16"},
		{"UTF-16 without a mark", "<\x00a\x00/\x00>\x00", ErrEncoding, "UTF-16"},
		{"windows-1251", `<?xml version="1.0" encoding="windows-1251"?><a/>`, ErrEncoding, "it is in windows-1251"},
		{"too deep", strings.Repeat("<a>", maxDepth+1), ErrLimit, "nested"},
		{"a tag without end", "<a b=\"" + strings.Repeat("x", maxTag), ErrLimit, "a tag of more than"},
		{"a name without end", "<" + strings.Repeat("x", 2*maxTag), ErrLimit, "a tag of more than"},
		{"an instruction without end", "<?" + strings.Repeat("x", 2*maxTag), ErrLimit, "a tag of more than"},
		{"a comment without end", "<!--" + strings.Repeat("x", 2*maxTag), ErrDamaged, "cut short"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := events(strings.NewReader(test.document))
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %.80v, want %v with %q; found %q", err, test.want, test.text, got)
			}
		})
	}
}

// Labels that do not matter, numbers that are no characters.
func TestScannerAccepts(t *testing.T) {
	for _, test := range []struct{ name, document, want string }{
		{"a false label", `<?xml version='1.0' encoding='utf-16'?><a>ё</a>`, `text "ё"`},
		{"label in capitals", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a>ё</a>`, `text "ё"`},
		{"half a pair", `<a>&#xD83D;</a>`, `text "�"`},
		{"no character", `<a>&#x110000;&#0;</a>`, `text "��"`},
		{"bytes that are no text", "<a>\xE9</a>", `text "\xe9"`},
		{"text behind the root", "<a>b</a>\x00\x00\n", `text "b"`},
		{"a stylesheet", `<?xml-stylesheet encoding="koi8-r"?><a>b</a>`, `text "b"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := events(strings.NewReader(test.document))
			if want := []string{"<a", test.want, ">"}; err != nil || !slices.Equal(got, want) {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		})
	}
}

// A failing source is reported as it is.
func TestScannerSource(t *testing.T) {
	if _, err := events(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("<a/>")))); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("timeout: %v", err)
	}
	if _, err := events(iotest.ErrReader(io.ErrClosedPipe)); err != io.ErrClosedPipe {
		t.Errorf("closed: %v", err)
	}
}

// ECMA-376 part 1, §22.9.2.19 (ST_Xstring) and the pairs of UTF-16.
func TestUnescape(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"none", "a_xb", "a_xb"},
		{"carriage return", "a_x000D_\nb", "a\r\nb"},
		{"escaped underscore", "_x005F_x0008_", "_x0008_"},
		{"any digits", "_x042e__x042E_", "ЮЮ"},
		{"capital X", "_X000D_", "_X000D_"},
		{"not hexadecimal", "_x00G0_", "_x00G0_"},
		{"cut", "_x000D", "_x000D"},
		{"shared underscore", "_x000D_x000D_", "\rx000D_"},
		{"pair", "_xD83D__xDE00_", "😀"},
		{"half pair", "_xD83D_a_xDE00_", "�a�"},
		{"pair the wrong way", "_xDE00__xD83D_", "��"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := string(unescape([]byte(test.in))); got != test.want {
				t.Errorf("%q: got %q, want %q", test.in, got, test.want)
			}
		})
	}
}
