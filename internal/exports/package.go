package exports

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Book says how a workbook is written.
type Book struct {
	Sheets []Sheet
	Plain  bool // as spreadsheets write it: without byte order marks, with a true <dimension>
	Since  int  // year of day 0: 1904, or 1900 if it is 0
}

const (
	bom         = "\ufeff"
	declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\r\n"
	mainNS      = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS       = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageNS   = "http://schemas.openxmlformats.org/package/2006/"
	sheetML     = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// WriteBook writes the workbook as 1C does: a byte order mark in every part,
// texts shared, outline levels with their groups above them, merged cells, a
// <dimension> that names one cell far from the truth.
func WriteBook(w io.Writer, b Book) error {
	z := &zipper{z: zip.NewWriter(w), mark: bom}
	if b.Plain {
		z.mark = ""
	}
	z.part("[Content_Types].xml", b.contentTypes())
	z.part("_rels/.rels", relationships(packageNS+"relationships", [][2]string{{"officeDocument", "xl/workbook.xml"}}))
	z.part("xl/workbook.xml", b.workbook())
	z.part("xl/_rels/workbook.xml.rels", relationships(packageNS+"relationships", b.parts()))
	z.part("xl/styles.xml", styles)
	shared := &sharedStrings{index: map[string]int{}}
	for i, s := range b.Sheets {
		z.write(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), func(out *bufio.Writer) { writeSheet(out, s, b.Plain, shared) })
	}
	z.write("xl/sharedStrings.xml", shared.write)
	return z.close()
}

// zipper writes parts until the first error.
type zipper struct {
	z    *zip.Writer
	mark string
	err  error
}

func (z *zipper) part(name, text string) {
	z.write(name, func(out *bufio.Writer) { out.WriteString(text) })
}

func (z *zipper) write(name string, fill func(*bufio.Writer)) {
	if z.err != nil {
		return
	}
	f, err := z.z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		z.err = err
		return
	}
	out := bufio.NewWriter(f)
	out.WriteString(z.mark + declaration)
	fill(out)
	z.err = out.Flush()
}

func (z *zipper) close() error {
	if z.err != nil {
		return z.err
	}
	return z.z.Close()
}

func (b Book) parts() [][2]string {
	var list [][2]string
	for i := range b.Sheets {
		list = append(list, [2]string{"worksheet", fmt.Sprintf("worksheets/sheet%d.xml", i+1)})
	}
	return append(list, [2]string{"sharedStrings", "sharedStrings.xml"}, [2]string{"styles", "styles.xml"})
}

func relationships(ns string, parts [][2]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<Relationships xmlns="%s">`, ns)
	for i, p := range parts {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>`, i+1, relNS, p[0], p[1])
	}
	return b.String() + `</Relationships>`
}

func (b Book) contentTypes() string {
	var t strings.Builder
	t.WriteString(`<Types xmlns="` + packageNS + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	part := func(name, kind string) {
		fmt.Fprintf(&t, `<Override PartName="/xl/%s" ContentType="%s%s+xml"/>`, name, sheetML, kind)
	}
	part("workbook.xml", "sheet.main")
	for _, p := range b.parts() {
		part(p[1], p[0])
	}
	return t.String() + `</Types>`
}

func (b Book) workbook() string {
	var t strings.Builder
	fmt.Fprintf(&t, `<workbook xmlns="%s" xmlns:r="%s">`, mainNS, relNS)
	if b.Since == 1904 {
		t.WriteString(`<workbookPr date1904="1"/>`)
	}
	t.WriteString(`<sheets>`)
	for i, s := range b.Sheets {
		fmt.Fprintf(&t, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(s.Name), i+1, i+1)
	}
	return t.String() + `</sheets></workbook>`
}

// styles has a cell format for each of styleOf.
const styles = `<styleSheet xmlns="` + mainNS + `"><numFmts count="4"><numFmt numFmtId="164" formatCode="#,##0.00;[Red]-#,##0.00"/><numFmt numFmtId="165" formatCode="dd.mm.yyyy"/><numFmt numFmtId="166" formatCode="dd.mm.yyyy\ h:mm:ss"/><numFmt numFmtId="167" formatCode="0%"/></numFmts>` +
	`<fonts count="1"><font><sz val="8"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
	`<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="166" applyNumberFormat="1"/><xf numFmtId="167" applyNumberFormat="1"/><xf numFmtId="0" applyAlignment="1"><alignment horizontal="left" indent="2"/></xf></cellXfs></styleSheet>`

var styleOf = map[Kind]int{Money: 1, Day: 2, Time: 3, Percent: 4}

const indented = 5

// sharedStrings is the table of texts.
type sharedStrings struct {
	index map[string]int
	items []string // <si> each
}

func (s *sharedStrings) of(item string) int {
	i, ok := s.index[item]
	if !ok {
		i = len(s.items)
		s.index[item] = i
		s.items = append(s.items, item)
	}
	return i
}

func (s *sharedStrings) write(out *bufio.Writer) {
	fmt.Fprintf(out, `<sst xmlns="%s" uniqueCount="%d">`, mainNS, len(s.items))
	for _, item := range s.items {
		out.WriteString(item)
	}
	out.WriteString(`</sst>`)
}

func writeSheet(out *bufio.Writer, s Sheet, plain bool, shared *sharedStrings) {
	fmt.Fprintf(out, `<worksheet xmlns="%s"><sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr>`, mainNS)
	width := 1
	for _, r := range s.Rows {
		width = max(width, len(r.Cells))
	}
	if plain {
		fmt.Fprintf(out, `<dimension ref="A1:%s"/>`, ref(max(0, len(s.Rows)-1), width-1))
	} else {
		out.WriteString(`<dimension ref="I863"/>`)
	}
	out.WriteString(`<sheetData>`)
	for i, r := range s.Rows {
		fmt.Fprintf(out, `<row r="%d"`, i+1)
		if r.Level > 0 {
			fmt.Fprintf(out, ` outlineLevel="%d"`, r.Level)
		}
		out.WriteByte('>')
		for k, c := range r.Cells {
			writeCell(out, ref(i, k), c, r.Level > 0 && k == 0, shared)
		}
		out.WriteString(`</row>`)
	}
	out.WriteString(`</sheetData>`)
	writeMerges(out, s)
	out.WriteString(`</worksheet>`)
}

func writeCell(out *bufio.Writer, at string, c Cell, deep bool, shared *sharedStrings) {
	style := styleOf[c.Kind]
	if deep && c.Kind == Text {
		style = indented
	}
	kind, value := "", c.Value
	switch c.Kind {
	case WithLeft, WithTop:
		value = ""
	case Bool:
		kind = "b"
	case Error:
		kind = "e"
	case Inline:
		fmt.Fprintf(out, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, style, escape(value))
		return
	case Formula:
		formula, result, stored := strings.Cut(value, "→")
		fmt.Fprintf(out, `<c r="%s" s="%d"><f>%s</f>`, at, style, escape(formula))
		if stored {
			fmt.Fprintf(out, `<v>%s</v>`, escape(result))
		}
		out.WriteString(`</c>`)
		return
	case Text, Rich:
		if value != "" {
			kind, value = "s", fmt.Sprint(shared.of(sharedItem(c)))
		}
	}
	fmt.Fprintf(out, `<c r="%s" s="%d"`, at, style)
	if kind != "" {
		fmt.Fprintf(out, ` t="%s"`, kind)
	}
	if value == "" {
		out.WriteString(`/>`)
		return
	}
	fmt.Fprintf(out, `><v>%s</v></c>`, escape(value))
}

func sharedItem(c Cell) string {
	if c.Kind == Text {
		return `<si><t xml:space="preserve">` + escape(c.Value) + `</t></si>`
	}
	var b strings.Builder
	b.WriteString(`<si>`)
	for run := range strings.SplitSeq(c.Value, "~") {
		b.WriteString(`<r><rPr><b/></rPr><t xml:space="preserve">` + escape(run) + `</t></r>`)
	}
	return b.String() + `</si>`
}

// writeMerges writes the ranges of merged cells, from their upper left corners.
func writeMerges(out *bufio.Writer, s Sheet) {
	kind := func(i, k int) Kind {
		if i < len(s.Rows) && k < len(s.Rows[i].Cells) {
			return s.Rows[i].Cells[k].Kind
		}
		return Text
	}
	var list []string
	for i, r := range s.Rows {
		for k := range r.Cells {
			if kind(i, k) == WithLeft || kind(i, k) == WithTop {
				continue
			}
			right, low := k, i
			for kind(i, right+1) == WithLeft {
				right++
			}
			for kind(low+1, k) == WithTop {
				low++
			}
			if right > k || low > i {
				list = append(list, ref(i, k)+":"+ref(low, right))
			}
		}
	}
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(out, `<mergeCells count="%d">`, len(list))
	for _, m := range list {
		fmt.Fprintf(out, `<mergeCell ref="%s"/>`, m)
	}
	out.WriteString(`</mergeCells>`)
}

// ref returns the name of a cell, such as B7, from its row and column, from 0.
func ref(row, column int) string {
	name := ""
	for k := column + 1; k > 0; k = (k - 1) / 26 {
		name = string(rune('A'+(k-1)%26)) + name
	}
	return fmt.Sprintf("%s%d", name, row+1)
}

func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text))
	return b.String()
}
