package charset

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

func TestDetect(t *testing.T) {
	russian := func(codes *charmap.Charmap) []byte {
		b, err := codes.NewEncoder().Bytes([]byte("Дата;Контрагент;Сумма\n01.02.2024;ООО Ромашка, Москва;100\n"))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		name   string
		sample []byte
		want   string
		bom    bool
	}{
		{"ascii", []byte("a,b\n"), "utf-8", false},
		{"utf-8", []byte("дата,сумма\n"), "utf-8", false},
		{"utf-8 cut within a letter", []byte("дата,сумма\xd0"), "utf-8", false},
		{"utf-8 with a bad byte", []byte("дата;контрагент;сумма\n05.01.2024;Ромаш\xffка;10\n"), "utf-8", false},
		{"utf-8 with mark", []byte("\xef\xbb\xbfa,b\n"), "utf-8", true},
		{"utf-16le with mark", []byte("\xff\xfea\x00,\x00"), "utf-16le", true},
		{"utf-16be with mark", []byte("\xfe\xff\x00a\x00,"), "utf-16be", true},
		{"utf-16le", []byte("a\x00,\x00b\x00\n\x00"), "utf-16le", false},
		{"utf-16be", []byte("\x00a\x00,\x00b\x00\n"), "utf-16be", false},
		{"windows-1251", russian(charmap.Windows1251), "windows-1251", false},
		{"windows-1251 in capitals", []byte("\xc4\xc0\xd2\xc0;\xca\xcb\xc8\xc5\xcd\xd2;\xd1\xd3\xcc\xcc\xc0\n"), "windows-1251", false},
		{"koi8-r", russian(charmap.KOI8R), "koi8-r", false},
		{"ibm866", russian(charmap.CodePage866), "ibm866", false},
		{"windows-1252", []byte("Caf\xe9;M\xfcller\n"), "windows-1252", false},
		{"no-break spaces among digits", []byte("date;amount\n2024-01-05;1\xa0234\n"), "windows-1252", false},
	} {
		got, err := Detect(c.sample)
		if err != nil || got.Name != c.want || got.BOM != c.bom {
			t.Errorf("%s is taken for %q, mark %v (%v)", c.name, got.Name, got.BOM, err)
		}
	}
	for _, sample := range []string{"\x00\x01\x02\x03", "PK\x03\x04\x14\x00\x06\x00", "\x01\x02\x03\x04\x05", "abc\x00def"} {
		if got, err := Detect([]byte(sample)); err != ErrBinary {
			t.Errorf("%q is taken for %q (%v), want ErrBinary", sample, got.Name, err)
		}
	}
}

// TestReader holds the tables to golang.org/x/text, and reading in pieces to
// reading at once.
func TestReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.Byte()).Draw(t, "text")
		for _, s := range singles {
			c := Charset{Name: s.name, table: newTable(s.codes)}
			want, err := s.codes.NewDecoder().Bytes(text)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.Decode(text); !bytes.Equal(got, want) {
				t.Fatalf("%s: %q is %q, want %q", s.name, text, got, want)
			}
			got, err := io.ReadAll(iotest.OneByteReader(c.Reader(iotest.HalfReader(bytes.NewReader(text)))))
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: %q in pieces is %q (%v), want %q", s.name, text, got, err, want)
			}
		}
	})
	mark := Charset{Name: "utf-8", BOM: true}
	if got, err := io.ReadAll(mark.Reader(iotest.OneByteReader(bytes.NewReader([]byte("\xef\xbb\xbfdate"))))); string(got) != "date" || err != nil {
		t.Errorf("a byte order mark leaves %q (%v)", got, err)
	}
}

func BenchmarkWindows1251(b *testing.B) {
	line, err := charmap.Windows1251.NewEncoder().Bytes([]byte("01.02.2024 10:00:00;Реализация 1;ООО Ромашка;Гвоздь;1,000;1234,56;1000,00;Иванов\n"))
	if err != nil {
		b.Fatal(err)
	}
	text := bytes.Repeat(line, 10_000)
	c, err := Detect(text)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := io.Copy(struct{ io.Writer }{io.Discard}, c.Reader(bytes.NewReader(text))); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSize: the sizes of the parts of a text add up to that of the file.
func TestSize(t *testing.T) {
	const text = "Дата;«Ёж» № 1\n𝄞;x\n"
	for name, c := range map[string]struct {
		encode func(string) (string, error)
		text   string
	}{
		"utf-8":        {func(s string) (string, error) { return s, nil }, text},
		"windows-1251": {charmap.Windows1251.NewEncoder().String, "Дата; клиент и сумма\n«Ёж» № 1;x\n"},
		"utf-16le":     {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String, text},
		"utf-16be":     {unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String, text},
	} {
		file, err := c.encode(c.text)
		if err != nil {
			t.Fatal(err)
		}
		set, err := Detect([]byte(file))
		if err != nil || set.Name != name {
			t.Fatalf("%s is taken for %s: %v", name, set.Name, err)
		}
		size := set.MarkSize()
		for line := range strings.SplitAfterSeq(string(set.Decode([]byte(file))), "\n") {
			size += set.Size([]byte(line))
		}
		if size != int64(len(file)) {
			t.Errorf("%s: %d bytes, its lines have %d", name, len(file), size)
		}
	}
	if n := (Charset{Name: "utf-8", BOM: true}).MarkSize(); n != 3 {
		t.Errorf("the mark of UTF-8 takes %d bytes", n)
	}
}
