package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// fuzzLimits keep an input's work small, and are small enough to be met.
var fuzzLimits, _ = Limits{
	Entries: 100, PartBytes: 1 << 20, TotalBytes: 2 << 20, Strings: 1000, StringBytes: 10_000,
	CellBytes: 100, RowBytes: 1000, Rows: 10_000, Columns: 100, Merged: 20,
}.withDefaults()

// readings are ways in which a part may come in.
func readings(data []byte) []*scanner {
	return []*scanner{
		newScanner(bytes.NewReader(data)),
		newScanner(iotest.OneByteReader(bytes.NewReader(data))),
		newScanner(iotest.DataErrReader(iotest.HalfReader(bytes.NewReader(data)))),
	}
}

// outcome writes what was read and whether something went wrong. What, and the
// excerpt that an error shows, depends on how much was at hand.
func outcome(read string, err error) string { return fmt.Sprintf("%sfailed: %v", read, err != nil) }

// A sheet is read the same however it comes in, its rows and columns ascend
// and keep the limits.
func FuzzSheet(f *testing.F) {
	for _, seed := range []string{
		`<worksheet><sheetPr><outlinePr summaryBelow="0"/></sheetPr><dimension ref="I863"/><sheetData><row r="1" outlineLevel="1" hidden="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="C1"><f>1</f><v>9.9499999999999993</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`,
		"\uFEFF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<x:worksheet xmlns:x='a'><x:sheetData><x:row><x:c t='inlineStr'><x:is><x:r><x:t xml:space='preserve'> _x000D_&#10; </x:t></x:r><x:rPh><x:t>b</x:t></x:rPh></x:is></x:c><x:c t='b'><x:v>true</x:v></x:c></x:row></x:sheetData></x:worksheet>",
		`<worksheet><sheetData><row r="3"><c r="B3" t="e"><v>#N/A</v></c><c r="A3" t="str"><f/><v><![CDATA[<a>]]>&amp;</v></c></row><row><c t="d"><v>2024-02-29</v></c><c r="C4"/></row></sheetData></worksheet>`,
		`<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>`,
	} {
		f.Add([]byte(seed))
	}
	book := &Book{
		limits:  fuzzLimits,
		styles:  styleTable{{Code: "General"}, {Class: AsNumber, Decimals: 2, Code: "0.00"}},
		strings: stringTable{bytes: []byte("ab"), ends: []uint32{1, 2}},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		first := ""
		for i, s := range readings(data) {
			var b strings.Builder
			r := rowReader{scanner: s, book: book}
			last := 0
			r.readSheet(func(row Row, err error) bool {
				if row.Number <= last || row.Number > fuzzLimits.Rows || row.Outline < 0 || err != nil {
					t.Fatalf("row %d after %d, outline %d, error %v", row.Number, last, row.Outline, err)
				}
				last = row.Number
				column, size := 0, 0
				for _, c := range row.Cells {
					if c.Column <= column || c.Column > fuzzLimits.Columns || len(c.Text) > fuzzLimits.CellBytes {
						t.Fatalf("column %d after %d, %d bytes", c.Column, column, len(c.Text))
					}
					if c.Kind == Blank && len(c.Text) > 0 || c.Uncached() && !c.Formula {
						t.Fatalf("%+v", c)
					}
					column = c.Column
					size += len(c.Text)
				}
				if size > fuzzLimits.RowBytes+2*fuzzLimits.Columns {
					t.Fatalf("a row of %d bytes", size)
				}
				fmt.Fprintf(&b, "%+v\n", row)
				return true
			})
			got := outcome(b.String(), s.finish())
			if i == 0 {
				first = got
			}
			if got != first {
				t.Fatalf("reading %d gives %s\nand whole gives %s", i, got, first)
			}
		}
	})
}

// Shared strings are read the same however they come in and keep the limits.
func FuzzStrings(f *testing.F) {
	for _, seed := range []string{
		`<sst count="2"><si><t>a</t></si><si><r><rPr/><t xml:space="preserve"> b</t></r><r><t>c_x000D_</t></r><rPh><t>d</t></rPh></si><si/></sst>`,
		"\uFEFF<s:sst xmlns:s='x'><s:si><s:t>&lt;&#x1F600;_xD83D__xDE00_</s:t></s:si></s:sst>",
		"<sst><si><t><![CDATA[a\r\n]]]></t></si><!-- c --></sst>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		first := ""
		for i, s := range readings(data) {
			table := readStrings(s, fuzzLimits)
			if len(table.ends) > fuzzLimits.Strings || !slices.IsSorted(table.ends) {
				t.Fatalf("%d strings ending at %v", len(table.ends), table.ends)
			}
			var b strings.Builder
			for i := range table.ends {
				text, ok := table.at(i)
				if !ok || len(text) > fuzzLimits.CellBytes {
					t.Fatalf("string %d of %d is %q", i, len(table.ends), text)
				}
				fmt.Fprintf(&b, "%q\n", text)
			}
			if _, ok := table.at(len(table.ends)); ok {
				t.Fatal("a string too many")
			}
			got := outcome(b.String(), s.finish())
			if i == 0 {
				first = got
			}
			if got != first {
				t.Fatalf("reading %d gives %s\nand whole gives %s", i, got, first)
			}
		}
	})
}

// A fixed text in front of a format, or its letter case, does not change what
// it shows a number as.
func FuzzFormat(f *testing.F) {
	for _, seed := range []string{
		"General", "0.00", "#,##0.00;[Red]-#,##0.00", `dd\.mm\.yyyy`, "[h]:mm:ss.00", "h:mm AM/PM", `_-* #,##0\ "₽"_-`, "0.00E+00", "0%", "@", `[$-419]mmmm yyyy" г."`, "yyyy-mm-ddThh:mm:ss.000",
	} {
		f.Add(seed)
	}
	upper := func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}
	f.Fuzz(func(t *testing.T, code string) {
		got := ParseFormat(code)
		if got.Code != code || got.Class > AsText || got.Decimals > 30 {
			t.Fatalf("%q: %+v", code, got)
		}
		if got.Decimals > 0 && got.Class != AsNumber && got.Class != AsPercent {
			t.Fatalf("%q: %+v", code, got)
		}
		for _, same := range []string{`"dd.mm 0%"` + code, `[Red]` + code, `\d` + code, strings.Map(upper, code)} {
			if other := ParseFormat(same); other.Class != got.Class || other.Decimals != got.Decimals {
				t.Fatalf("%q: %+v, but %q: %+v", code, got, same, other)
			}
		}
	})
}

// archiveOf returns parts as an archive without compression, which a fuzzer
// could not see through.
func archiveOf(tb testing.TB, parts [][2]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store})
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, part[1]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

const (
	seedRoot     = `<Relationships><Relationship Id="r" Type="a/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	seedWorkbook = `<workbook><workbookPr date1904="1"/><sheets><sheet name="A" r:id="r1"/><sheet name="B" state="hidden" r:id="r1"/></sheets></workbook>`
	seedRels     = `<Relationships><Relationship Id="r1" Type="a/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="a/styles" Target="/xl/styles.xml"/><Relationship Id="r3" Type="a/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	seedStyles   = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.00"/></numFmts><cellXfs><xf numFmtId="164"><alignment indent="2"/></xf><xf numFmtId="14"/></cellXfs></styleSheet>`
	seedStrings  = `<sst><si><t>a</t></si></sst>`
	seedSheet    = `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45351</v></c></row></sheetData></worksheet>`
)

// readWorkbook reads all of a workbook.
func readWorkbook(data []byte) string {
	ctx := context.Background()
	book, err := Open(ctx, bytes.NewReader(data), int64(len(data)), fuzzLimits)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for i, sheet := range book.Sheets() {
		if i == 3 {
			break
		}
		fmt.Fprintf(&b, "%q %v\n", sheet.Name, sheet.Hidden)
		for row, err := range sheet.Rows(ctx) {
			fmt.Fprintf(&b, "%+v %v\n", row, err)
		}
		layout, err := sheet.Layout(ctx)
		fmt.Fprintf(&b, "%+v %v\n", layout, err)
	}
	return b.String()
}

// Whatever the parts that list the others say, a workbook is read or refused,
// the same each time.
func FuzzParts(f *testing.F) {
	f.Add(seedRoot, seedWorkbook, seedRels, seedStyles)
	f.Add("", strings.ReplaceAll(seedWorkbook, "<", "\n<"), "\uFEFF"+seedRels, "")
	f.Fuzz(func(t *testing.T, root, workbook, rels, styles string) {
		data := archiveOf(t, [][2]string{
			{"_rels/.rels", root}, {"xl/workbook.xml", workbook}, {"xl/_rels/workbook.xml.rels", rels}, {"xl/styles.xml", styles},
			{"xl/sharedStrings.xml", seedStrings}, {"xl/worksheets/sheet1.xml", seedSheet},
		})
		if first, again := readWorkbook(data), readWorkbook(data); first != again {
			t.Fatalf("first %s\nthen %s", first, again)
		}
	})
}

// Any bytes are read or refused, the same each time.
func FuzzOpen(f *testing.F) {
	data := archiveOf(f, [][2]string{
		{"_rels/.rels", seedRoot}, {"xl/workbook.xml", seedWorkbook}, {"xl/_rels/workbook.xml.rels", seedRels},
		{"xl/styles.xml", seedStyles}, {"xl/sharedStrings.xml", seedStrings}, {"xl/worksheets/sheet1.xml", seedSheet},
	})
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if first, again := readWorkbook(data), readWorkbook(data); first != again {
			t.Fatalf("first %s\nthen %s", first, again)
		}
	})
}
