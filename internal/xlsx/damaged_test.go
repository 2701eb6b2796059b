package xlsx_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/repeatsales/repeatsales/internal/xlsx"
)

// twoCells is a small sheet that uses a shared string and a style.
const twoCells = `<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>2.5</v></c></row></sheetData>`

// What is wrong with a workbook, and what its reader learns of it.
func TestDamaged(t *testing.T) {
	set := func(part, content string) func(map[string]string) {
		return func(parts map[string]string) { parts[part] = content }
	}
	without := func(part string) func(map[string]string) {
		return func(parts map[string]string) { delete(parts, part) }
	}
	sheet := func(inside string) func(map[string]string) {
		return set("xl/worksheets/sheet1.xml", "<worksheet>"+inside+"</worksheet>")
	}
	for _, test := range []struct {
		name   string
		change func(parts map[string]string)
		want   error
		text   string // the whole of it
	}{
		{"no sheet part", without("xl/worksheets/sheet1.xml"), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1"): the workbook is damaged: the part is missing`},
		{"no relationships", without("xl/_rels/workbook.xml.rels"), xlsx.ErrDamaged,
			`xlsx: xl/workbook.xml (sheet "Лист1"): the workbook is damaged: it does not say where the sheet is`},
		{"no workbook", without("xl/workbook.xml"), xlsx.ErrDamaged,
			`xlsx: xl/workbook.xml: the workbook is damaged: the part is missing`},
		{"no shared strings", without("xl/sharedStrings.xml"), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 1): the workbook is damaged: cell A1 is shared string "0" of 0`},
		{"some other zip", func(parts map[string]string) { clear(parts); parts["a.txt"] = "b" }, xlsx.ErrNotWorkbook,
			`xlsx: not an Excel workbook (.xlsx): it is a zip archive of something else`},
		{"an empty zip", func(parts map[string]string) { clear(parts) }, xlsx.ErrNotWorkbook,
			`xlsx: not an Excel workbook (.xlsx): it is a zip archive of something else`},
		{"ods", func(parts map[string]string) { clear(parts); parts["content.xml"] = "<a/>" }, xlsx.ErrNotWorkbook,
			`xlsx: not an Excel workbook (.xlsx): it is an OpenDocument file (.ods): save it as .xlsx`},
		{"xlsb", func(parts map[string]string) {
			parts["_rels/.rels"] = strings.Replace(parts["_rels/.rels"], "workbook.xml", "workbook.bin", 1)
			parts["xl/workbook.bin"] = "\x83\x01"
		}, xlsx.ErrNotWorkbook, `xlsx: not an Excel workbook (.xlsx): it is a binary workbook (.xlsb): save it as .xlsx`},
		{"docx", func(parts map[string]string) {
			parts["_rels/.rels"] = strings.Replace(parts["_rels/.rels"], "xl/workbook.xml", "word/document.xml", 1)
			parts["word/document.xml"] = "<document/>"
			delete(parts, "xl/workbook.xml")
		}, xlsx.ErrNotWorkbook, `xlsx: not an Excel workbook (.xlsx): it is a Word or PowerPoint file`},
		{"two parts of one name", func(parts map[string]string) { parts["XL/workbook.xml"] = "" }, xlsx.ErrDamaged, ""},
		{"UTF-16", func(parts map[string]string) {
			parts["xl/worksheets/sheet1.xml"] = utf16LE(parts["xl/worksheets/sheet1.xml"])
		}, xlsx.ErrEncoding, `xlsx: xl/worksheets/sheet1.xml (sheet "Лист1"): a part of the workbook is not in UTF-8: it is in UTF-16: open the workbook in a spreadsheet program and save it again`},
		{"a page instead of a sheet", set("xl/worksheets/sheet1.xml", "<html><body/></html>"), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1"): the workbook is damaged: the part is a <html>, not a <worksheet>`},
		{"an empty sheet part", set("xl/worksheets/sheet1.xml", ""), xlsx.ErrDamaged, ""},
		{"an empty workbook part", set("xl/workbook.xml", ""), xlsx.ErrDamaged, ""},
		{"other shared strings", set("xl/sharedStrings.xml", "<a/>"), xlsx.ErrDamaged, ""},
		{"other styles", set("xl/styles.xml", "<a/>"), xlsx.ErrDamaged, ""},
		{"other relationships", set("xl/_rels/workbook.xml.rels", "<a/>"), xlsx.ErrDamaged, ""},
		{"cut sheet", set("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"/><row r="2"><c r="A2"><v>1`), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 2): the workbook is damaged: unexpected EOF: the part is cut short`},
		{"cut behind the rows", set("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"/></sheetData><mergeCells>`), xlsx.ErrDamaged, ""},
		{"rows go back", sheet(`<sheetData><row r="5"/><row r="3"/></sheetData>`), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 3): the workbook is damaged: row 3 comes after row 5`},
		{"a row twice", sheet(`<sheetData><row r="5"/><row r="5"/></sheetData>`), xlsx.ErrDamaged, ""},
		{"row 0", sheet(`<sheetData><row r="0"/></sheetData>`), xlsx.ErrDamaged, ""},
		{"a cell twice", sheet(`<sheetData><row r="5"><c r="C5"/><c r="A5"/><c r="C5"/></row></sheetData>`), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 5): the workbook is damaged: cell C5 is there twice`},
		{"a cell in another row", sheet(`<sheetData><row r="5"><c r="A6"/></row></sheetData>`), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 5): the workbook is damaged: cell A6 in row 5`},
		{"cells of two rows", sheet(`<sheetData><row><c r="A5"/><c r="B6"/></row></sheetData>`), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 5): the workbook is damaged: cell B6 in row 5`},
		{"a cell going back", sheet(`<sheetData><row r="5"/><row><c r="A5"/></row></sheetData>`), xlsx.ErrDamaged, ""},
		{"no reference", sheet(`<sheetData><row r="5"><c r="5"/></row></sheetData>`), xlsx.ErrDamaged, ""},
		{"a string beyond the table", sheet(`<sheetData><row r="1"><c r="A1" t="s"><v>5</v></c></row></sheetData>`), xlsx.ErrDamaged,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 1): the workbook is damaged: cell A1 is shared string "5" of 5`},
		{"a string of no number", sheet(`<sheetData><row r="1"><c t="s"><v>-1</v></c></row></sheetData>`), xlsx.ErrDamaged, ""},
		{"merged nothing", sheet(`<mergeCells><mergeCell/></mergeCells>`), xlsx.ErrDamaged, ""},
		{"merged words", sheet(`<mergeCells><mergeCell ref="A1:B"/></mergeCells>`), xlsx.ErrDamaged, ""},
		{"row beyond the last", sheet(`<sheetData><row r="1048577"/></sheetData>`), xlsx.ErrLimit,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 1048577): the workbook exceeds a limit: more than 1048576 rows (Limits.Rows)`},
		{"column beyond the last", sheet(`<sheetData><row r="1"><c r="XFE1"/></row></sheetData>`), xlsx.ErrLimit,
			`xlsx: xl/worksheets/sheet1.xml (sheet "Лист1", row 1): the workbook exceeds a limit: more than 16384 columns (Limits.Columns)`},
		{"merged beyond the last row", sheet(`<mergeCells><mergeCell ref="A1:A1048577"/></mergeCells>`), xlsx.ErrLimit, ""},
		{"merged beyond the last column", sheet(`<mergeCells><mergeCell ref="A1:XFE1"/></mergeCells>`), xlsx.ErrLimit, ""},
		{"too many sheets", set("xl/workbook.xml", "<workbook><sheets>"+strings.Repeat("<sheet/>", 1<<14+1)+"</sheets></workbook>"), xlsx.ErrLimit, ""},
		{"too many styles", set("xl/styles.xml", "<styleSheet><cellXfs>"+strings.Repeat("<xf/>", 1<<16+1)+"</cellXfs></styleSheet>"), xlsx.ErrLimit, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			parts := plain(twoCells, shared, styles)
			test.change(parts)
			got, err := dump(zipped(t, parts), xlsx.Limits{})
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v; read %s", err, test.want, got)
			}
			if test.text != "" && err.Error() != test.text {
				t.Errorf("got  %s\nwant %s", err, test.text)
			}
		})
	}
}

// Each limit is enforced, and what is exactly at it is not refused.
func TestLimits(t *testing.T) {
	parts := func() map[string]string { // 7 parts, 5 shared strings of 46 bytes
		return plain(`<sheetData><row r="1"><c t="inlineStr"><is><t>abcdefgh</t></is></c><c t="inlineStr"><is><r><t>абвг</t></r></is></c></row><row r="4"><c t="s"><v>0</v></c></row></sheetData>`+
			`<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="C1:D1"/></mergeCells>`, `<sst><si><t>abc</t></si><si><r><t>ab</t></r><r><t>cd</t></r></si></sst>`, styles)
	}
	total, largest := int64(0), int64(0)
	for name, content := range parts() {
		if name != "[Content_Types].xml" { // which is not needed
			total += int64(len(content))
			largest = max(largest, int64(len(content)))
		}
	}
	for _, test := range []struct {
		name      string
		at, below xlsx.Limits
	}{
		{"Entries", xlsx.Limits{Entries: 7}, xlsx.Limits{Entries: 6}},
		{"PartBytes", xlsx.Limits{PartBytes: largest}, xlsx.Limits{PartBytes: largest - 1}},
		{"TotalBytes", xlsx.Limits{TotalBytes: total}, xlsx.Limits{TotalBytes: total - 1}},
		{"Strings", xlsx.Limits{Strings: 2}, xlsx.Limits{Strings: 1}},
		{"StringBytes", xlsx.Limits{StringBytes: 7}, xlsx.Limits{StringBytes: 6}},
		{"CellBytes", xlsx.Limits{CellBytes: 8}, xlsx.Limits{CellBytes: 7}},
		{"RowBytes", xlsx.Limits{RowBytes: 16}, xlsx.Limits{RowBytes: 15}},
		{"Rows", xlsx.Limits{Rows: 4}, xlsx.Limits{Rows: 3}},
		{"Columns", xlsx.Limits{Columns: 4}, xlsx.Limits{Columns: 3}}, // that of D1
		{"Columns of cells", xlsx.Limits{Columns: 4}, xlsx.Limits{Columns: 1}},
		{"Merged", xlsx.Limits{Merged: 2}, xlsx.Limits{Merged: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := zipped(t, parts())
			if _, err := dump(data, test.at); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			field, _, _ := strings.Cut(test.name, " ")
			if _, err := dump(data, test.below); !errors.Is(err, xlsx.ErrLimit) || !strings.Contains(err.Error(), "Limits."+field) {
				t.Errorf("beyond the limit: %v", err)
			}
		})
	}
	for _, l := range []xlsx.Limits{{Rows: -1}, {StringBytes: 1 << 32}} {
		if _, err := dump(zipped(t, parts()), l); err == nil || !strings.HasPrefix(err.Error(), "xlsx: Limits.") {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

// A sheet read twice, or by many, counts once; and all of them read the same.
func TestReadAtOnce(t *testing.T) {
	parts := plain(`<sheetData>`+strings.Repeat(`<row><c t="s"><v>0</v></c><c><v>1.5</v></c></row>`, 3000)+`</sheetData>`, shared, styles)
	data := zipped(t, parts)
	want, err := dump(data, xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	book, err := xlsx.Open(ctx, bytes.NewReader(data), int64(len(data)), xlsx.Limits{TotalBytes: 200_000})
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			var b strings.Builder
			fmt.Fprintf(&b, "%q\n", "Лист1")
			for row, err := range book.Sheets()[0].Rows(ctx) {
				if err != nil {
					t.Error(err)
					return
				}
				fmt.Fprintf(&b, " %d\n", row.Number)
				for _, cell := range row.Cells {
					fmt.Fprintf(&b, "  %s\n", describe(cell))
				}
			}
			if b.String() != want {
				t.Error("another result")
			}
		})
	}
	done.Wait()
}

// No beginning of a workbook can be read, and none makes the reader panic.
func TestTruncated(t *testing.T) {
	data := zipped(t, plain(twoCells, shared, styles))
	for n := range len(data) {
		got, err := dump(data[:n], xlsx.Limits{})
		want := xlsx.ErrDamaged
		if n < 4 {
			want = xlsx.ErrNotWorkbook
		}
		if !errors.Is(err, want) {
			t.Fatalf("%d of %d bytes: %v, want %v; read %q", n, len(data), err, want, got)
		}
	}
}

// A changed byte is an error, or changes nothing that is read: checksums hold.
func TestChangedByte(t *testing.T) {
	if testing.Short() {
		t.Skip("slow, and nothing in it happens at the same time")
	}
	data := zipped(t, plain(twoCells, shared, styles))
	want, err := dump(data, xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range data {
		for _, flip := range []byte{0x01, 0x20, 0xFF} {
			changed := bytes.Clone(data)
			changed[i] ^= flip
			got, err := dump(changed, xlsx.Limits{})
			if err != nil {
				refused++
				continue
			}
			if got != want && !withoutStyles(got, want) {
				t.Fatalf("byte %d changed by %#x: read\n%s\nwant\n%s", i, flip, got, want)
			}
		}
	}
	if refused < len(data) {
		t.Errorf("only %d of %d changes were noticed", refused, 3*len(data))
	}
}

// withoutStyles reports whether got is want but for the styles: their part may
// be missing, and is, when its name in the archive has changed.
func withoutStyles(got, want string) bool {
	return got == strings.ReplaceAll(want, " AsNumber.2 indent 2", "")
}

func TestNotZip(t *testing.T) {
	for _, test := range []struct {
		name, data string
		want       error
	}{
		{"nothing", "", xlsx.ErrNotWorkbook},
		{"text", "Дата;Выручка\n", xlsx.ErrNotWorkbook},
		{"html", "<html><table>", xlsx.ErrNotWorkbook},
		{"xls or encrypted", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 512), xlsx.ErrNotWorkbook},
		{"the beginning of a zip", "PK\x03\x04" + strings.Repeat("x", 100), xlsx.ErrDamaged},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := dump([]byte(test.data), xlsx.Limits{}); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// The error of the file itself is returned, not taken for damage.
func TestReadError(t *testing.T) {
	data := zipped(t, plain(twoCells, shared, styles))
	for after := range 200 {
		r := &failingReader{data: bytes.NewReader(data), left: after}
		book, err := xlsx.Open(context.Background(), r, int64(len(data)), xlsx.Limits{})
		if err == nil {
			for _, err = range book.Sheets()[0].Rows(context.Background()) {
			}
		}
		if !r.failed {
			if err != nil || after == 0 {
				t.Fatalf("%d reads: %v", after, err)
			}
			return
		}
		if !errors.Is(err, iotest.ErrTimeout) || errors.Is(err, xlsx.ErrDamaged) {
			t.Fatalf("after %d reads: %v", after, err)
		}
	}
	t.Fatal("never read to the end")
}

// A failingReader fails after a number of reads.
type failingReader struct {
	data   io.ReaderAt
	left   int
	failed bool
}

func (r *failingReader) ReadAt(b []byte, at int64) (int, error) {
	if r.left == 0 {
		r.failed = true
		return 0, iotest.ErrTimeout
	}
	r.left--
	return r.data.ReadAt(b, at)
}

func TestCancel(t *testing.T) {
	data := zipped(t, plain(`<sheetData>`+strings.Repeat(`<row><c><v>1</v></c></row>`, 100_000)+`</sheetData>`, shared, styles))
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	book, err := xlsx.Open(ctx, bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, err = range book.Sheets()[0].Rows(ctx) {
		if rows++; rows == 10 {
			cancel(io.ErrClosedPipe)
		}
	}
	if !errors.Is(err, io.ErrClosedPipe) || rows > 20_000 {
		t.Errorf("rows: %v after %d rows", err, rows)
	}
	if _, err := book.Sheets()[0].Layout(ctx); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("layout: %v", err)
	}
	if _, err := xlsx.Open(ctx, bytes.NewReader(data), int64(len(data)), xlsx.Limits{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("open: %v", err)
	}
}

// The loop may stop at any row, and starts at the first again.
func TestStop(t *testing.T) {
	data := zipped(t, plain(`<sheetData>`+strings.Repeat(`<row/>`, 10)+`</sheetData><damaged>`, "", ""))
	book, err := xlsx.Open(context.Background(), bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for stop := 1; stop <= 10; stop++ {
		last := 0
		for row, err := range book.Sheets()[0].Rows(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if last = row.Number; last == stop {
				break
			}
		}
		if last != stop {
			t.Errorf("stopped at %d, not %d", last, stop)
		}
	}
}

// endless repeats a text for ever.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(b []byte) (int, error) {
	for n := 0; n < len(b); {
		c := copy(b[n:], e.text[e.at:])
		n, e.at = n+c, (e.at+c)%len(e.text)
	}
	return len(b), nil
}

// Bombs: parts of 20 MiB and more that are a few kilobytes in the archive.
func TestBombs(t *testing.T) {
	for _, test := range []struct {
		name, part, head, repeat string
		limits                   xlsx.Limits
		want                     error
	}{
		{"white space", "xl/worksheets/sheet1.xml", "<worksheet>", "        ", xlsx.Limits{PartBytes: 16 << 20}, xlsx.ErrLimit},
		{"all parts", "xl/worksheets/sheet1.xml", "<worksheet>", "        ", xlsx.Limits{TotalBytes: 16 << 20}, xlsx.ErrLimit},
		{"a comment", "xl/worksheets/sheet1.xml", "<worksheet><!--", "xxxxxxxx", xlsx.Limits{}, xlsx.ErrDamaged},
		{"a cell", "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><v>", "00000000", xlsx.Limits{}, xlsx.ErrLimit},
		{"a formula", "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><f>", "00000000", xlsx.Limits{}, xlsx.ErrDamaged},
		{"an attribute", "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="`, "00000000", xlsx.Limits{}, xlsx.ErrLimit},
		{"attributes", "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row `, `r="1" `, xlsx.Limits{}, xlsx.ErrLimit},
		{"cells", "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>", "<c/>", xlsx.Limits{}, xlsx.ErrLimit},
		{"texts", "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>", "<c><v>" + strings.Repeat("x", 100_000) + "</v></c>", xlsx.Limits{}, xlsx.ErrLimit},
		{"cells of one column", "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>", `<c r="A1"/>`, xlsx.Limits{}, xlsx.ErrLimit},
		{"rows", "xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "<row/>", xlsx.Limits{}, xlsx.ErrLimit},
		{"depth", "xl/worksheets/sheet1.xml", "<worksheet>", "<a>", xlsx.Limits{}, xlsx.ErrLimit},
		{"merged cells", "xl/worksheets/sheet1.xml", "<worksheet><mergeCells>", `<mergeCell ref="A1"/>`, xlsx.Limits{Merged: 100_000}, xlsx.ErrLimit},
		{"shared strings", "xl/sharedStrings.xml", "<sst>", "<si/>", xlsx.Limits{Strings: 1 << 20}, xlsx.ErrLimit},
		{"a shared string", "xl/sharedStrings.xml", "<sst><si><t>", "00000000", xlsx.Limits{}, xlsx.ErrLimit},
		{"texts of a shared string", "xl/sharedStrings.xml", "<sst><si>", "<t>000</t>", xlsx.Limits{}, xlsx.ErrLimit},
		{"runs of a shared string", "xl/sharedStrings.xml", "<sst><si>", "<r><t>000</t></r>", xlsx.Limits{}, xlsx.ErrLimit},
		{"bytes of shared strings", "xl/sharedStrings.xml", "<sst>", "<si><t>0000000000000000</t></si>", xlsx.Limits{StringBytes: 4 << 20}, xlsx.ErrLimit},
		{"long number formats", "xl/styles.xml", "<styleSheet><numFmts>", `<numFmt numFmtId="1" formatCode="` + strings.Repeat("0", 10_000) + `"/>`, xlsx.Limits{}, xlsx.ErrLimit},
		{"styles", "xl/styles.xml", "<styleSheet><cellXfs>", "<xf/>", xlsx.Limits{}, xlsx.ErrLimit},
		{"sheets", "xl/workbook.xml", "<workbook><sheets>", "<sheet/>", xlsx.Limits{}, xlsx.ErrLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			parts := plain("<sheetData/>", shared, styles)
			delete(parts, test.part)
			size := int64(20 << 20)
			if test.part == "xl/styles.xml" {
				size = 65 << 20
			}
			var b bytes.Buffer
			writeZip(t, &b, parts, test.part, io.MultiReader(strings.NewReader(test.head), io.LimitReader(&endless{text: test.repeat}, size)))
			var err error
			peak := heapPeak(func() { err = readBoth(b.Bytes(), test.limits) })
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if peak > 100<<20 {
				t.Errorf("took %d MiB", peak>>20)
			}
			runtime.GC()
		})
	}
}

// readBoth reads the rows, the layout and returns what went wrong with either.
func readBoth(data []byte, l xlsx.Limits) error {
	ctx := context.Background()
	book, err := xlsx.Open(ctx, bytes.NewReader(data), int64(len(data)), l)
	if err != nil {
		return err
	}
	_, err = book.Sheets()[0].Layout(ctx)
	for _, failed := range book.Sheets()[0].Rows(ctx) {
		err = errors.Join(err, failed)
	}
	return err
}

// The header of the archive says that the part is small. What is counted is
// what comes out.
func TestLyingHeader(t *testing.T) {
	for _, claim := range []uint32{0, 100, 1 << 30} {
		parts := plain("", shared, styles)
		delete(parts, "xl/worksheets/sheet1.xml")
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, content := range parts {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(w, content)
		}
		content := []byte("<worksheet><sheetData>" + strings.Repeat("<row/>", 100_000) + "</sheetData></worksheet>")
		header := &zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Store, CRC32: crc32.ChecksumIEEE(content)}
		header.CompressedSize64, header.UncompressedSize64 = uint64(len(content)), uint64(claim)
		w, err := z.CreateRaw(header)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(content)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := dump(b.Bytes(), xlsx.Limits{}); !errors.Is(err, xlsx.ErrDamaged) {
			t.Errorf("claim of %d bytes: %v", claim, err)
		}
	}
}

// A part may be encrypted, or compressed as Excel never does.
func TestForeignEntries(t *testing.T) {
	for _, test := range []struct {
		name   string
		header zip.FileHeader
		want   string
	}{
		{"encrypted", zip.FileHeader{Flags: 1}, "the part is encrypted"},
		{"deflate64", zip.FileHeader{Method: 9}, "by a method that Excel does not use"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			test.header.Name = "xl/workbook.xml"
			if _, err := z.CreateRaw(&test.header); err != nil {
				t.Fatal(err)
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := dump(b.Bytes(), xlsx.Limits{}); !errors.Is(err, xlsx.ErrDamaged) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// An archive may have 65,535 entries and say that it has one.
func TestManyEntries(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range 60_000 {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%0400d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint16(data[end+8:], 1)
	binary.LittleEndian.PutUint16(data[end+10:], 1)
	var err error
	peak := heapPeak(func() { _, err = dump(data, xlsx.Limits{}) })
	if !errors.Is(err, xlsx.ErrLimit) {
		t.Errorf("got %v, want %v", err, xlsx.ErrLimit)
	}
	if peak > 48<<20 {
		t.Errorf("took %d MiB", peak>>20)
	}
}
