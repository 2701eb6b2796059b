package delimited

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// dump reads all records and writes one line for each: row, line, cells or fault.
func dump(src io.Reader, comma byte) (string, error) {
	return dumpReader(NewReader(src, comma))
}

func dumpReader(r *Reader) (string, error) {
	var b strings.Builder
	for {
		switch err := r.Read(); err {
		case nil:
		case io.EOF:
			return b.String(), nil
		default:
			return b.String(), err
		}
		fmt.Fprintf(&b, "%d/%d", r.Row, r.Line)
		if r.Fault != NoFault {
			fmt.Fprintf(&b, " fault %d in cell %d", r.Fault, r.FaultCell)
		}
		for _, c := range r.Cells {
			fmt.Fprintf(&b, " [%s]", c)
		}
		if !r.Terminated {
			b.WriteString(" no end")
		}
		b.WriteByte('\n')
	}
}

func TestRecords(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "a;b\n1;2\n", "1/1 [a] [b]\n2/2 [1] [2]\n"},
		{"crlf", "a;b\r\n1;2\r\n", "1/1 [a] [b]\n2/2 [1] [2]\n"},
		{"no final line end", "a;b\n1;2", "1/1 [a] [b]\n2/2 [1] [2] no end\n"},
		{"blank lines are records", "a\n\n\r\nb\n", "1/1 [a]\n2/2 []\n3/3 []\n4/4 [b]\n"},
		{"phantom column", "a;b;\n1;2;\n", "1/1 [a] [b] []\n2/2 [1] [2] []\n"},
		{"quoted", `"a";"b;c"` + "\n", "1/1 [a] [b;c]\n"},
		{"doubled quotes", `"a ""b""";""""` + "\n", "1/1 [a \"b\"] [\"]\n"},
		{"quoted line ends", "\"a\nb\r\nc\";d\ne\n", "1/1 [a\nb\r\nc] [d]\n2/4 [e]\n"},
		{"quoted then crlf", "\"a\"\r\n\"b\"\r\n", "1/1 [a]\n2/2 [b]\n"},
		{"quoted then end", "\"a\";\"b\"", "1/1 [a] [b] no end\n"},
		{"space behind a quoted cell", "\"a\"  ;b\n", "1/1 [a] [b]\n"},
		{"quote inside a cell is text", "bolt 5\" ;b\n", "1/1 [bolt 5\" ] [b]\n"},
		{"text behind a quoted cell", "x;\"a\"b;c\nd\n", "1/1 fault 2 in cell 2\n2/2 [d]\n"},
		{"stray quote costs one line", "a;b\n\"c;d\ne;f\ng;h\n", "1/1 [a] [b]\n2/2 fault 1 in cell 1\n3/3 [e] [f]\n4/4 [g] [h]\n"},
		{"stray quote up to the next one", "a;\"b\nc;d\ne;\"f\"\n", "1/1 fault 2 in cell 2\n2/2 [c] [d]\n3/3 [e] [f]\n"},
		{"ends within quotes", "a;b\nc;\"d", "1/1 [a] [b]\n2/2 fault 1 in cell 2 no end\n"},
		{"empty quoted", `"";""` + "\n", "1/1 [] []\n"},
		{"only a delimiter", ";", "1/1 [] [] no end\n"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := dump(strings.NewReader(c.in), ';')
			if err != nil || got != c.want {
				t.Errorf("read\n%s%v, want\n%s", got, err, c.want)
			}
			if bytewise, err := dump(iotest.OneByteReader(strings.NewReader(c.in)), ';'); err != nil || bytewise != c.want {
				t.Errorf("byte by byte\n%s%v, want\n%s", bytewise, err, c.want)
			}
		})
	}
}

func TestTooLong(t *testing.T) {
	long := strings.Repeat("x", 10<<20)
	for _, c := range []struct{ name, in string }{
		{"one line", long},
		{"second line", "a\n" + long},
		{"behind a quoted cell", `"a",` + long},
		{"lines in quotes", `"a` + "\n" + `","` + strings.Repeat("x", MaxRecord-6) + `"` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := dump(strings.NewReader(c.in), ','); err != ErrTooLong && !strings.Contains(got, "fault") {
				t.Errorf("error %v, want %v", err, ErrTooLong)
			}
		})
	}
}

func TestUnclosedIsBounded(t *testing.T) {
	in := "\"a\n" + strings.Repeat("b,c\n", MaxRecord/2)
	r := NewReader(strings.NewReader(in), ',')
	if err := r.Read(); err != nil || r.Fault != Unclosed || string(r.Raw) != "\"a\n" {
		t.Fatalf("first record %q, fault %d, error %v", r.Raw, r.Fault, err)
	}
	if len(r.buf) > 4*MaxRecord {
		t.Errorf("the buffer grew to %d bytes", len(r.buf))
	}
	rows := 0
	for r.Read() == nil {
		rows++
	}
	if rows != MaxRecord/2 {
		t.Errorf("%d records behind it, want %d", rows, MaxRecord/2)
	}
}

func BenchmarkReader(b *testing.B) {
	line := "O10000001,C1455519,2023-07-22,Product 1825,2,20.66,10.69,Sales Person 05\n"
	data := bytes.Repeat([]byte(line), 100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(bytes.NewReader(data), ',')
		for r.Read() == nil {
		}
	}
}

// TestBackslash: a backslash makes the quote behind it text, where that is asked for.
func TestBackslash(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"quote", `"a \"b\"";c` + "\n", "1/1 [a \"b\"] [c]\n"},
		{"backslash", `"C:\\";"\\\""` + "\n", "1/1 [C:\\] [\\\"]\n"},
		{"other letters stay", `"a\nb\;";\"` + "\n", "1/1 [a\\nb\\;] [\\\"]\n"},
		{"doubled quotes too", `"a ""b""";""` + "\n", "1/1 [a \"b\"] []\n"},
		{"line ends", "\"a\\\"\nb\";c\n", "1/1 [a\"\nb] [c]\n"},
		{"not closed", "\"a\\\";c\nd\n", "1/1 fault 1 in cell 1\n2/2 [d]\n"},
		{"ends with a backslash", "\"a\\", "1/1 fault 1 in cell 1 no end\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for how, src := range map[string]io.Reader{"at once": strings.NewReader(c.in), "byte by byte": iotest.OneByteReader(strings.NewReader(c.in))} {
				r := NewReader(src, ';')
				r.Backslash = true
				if got, err := dumpReader(r); err != nil || got != c.want {
					t.Errorf("%s\n%s%v, want\n%s", how, got, err, c.want)
				}
			}
		})
	}
}
