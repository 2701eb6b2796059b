package xlsx_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/repeatsales/repeatsales/internal/xlsx"
)

// dump writes all that a workbook says, one line per sheet, row and cell:
//
//	"Лист1"
//	 3 outline 1
//	  B Number "9.95" AsNumber.2 indent 2 formula
func dump(data []byte, l xlsx.Limits) (string, error) {
	ctx := context.Background()
	book, err := xlsx.Open(ctx, bytes.NewReader(data), int64(len(data)), l)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, sheet := range book.Sheets() {
		fmt.Fprintf(&b, "%q%s\n", sheet.Name, when(sheet.Hidden, " hidden"))
		for row, err := range sheet.Rows(ctx) {
			if err != nil {
				return b.String(), err
			}
			fmt.Fprintf(&b, " %d%s%s\n", row.Number, when(row.Outline > 0, fmt.Sprintf(" outline %d", row.Outline)), when(row.Hidden, " hidden"))
			for _, cell := range row.Cells {
				fmt.Fprintf(&b, "  %s\n", describe(cell))
			}
		}
		layout, err := sheet.Layout(ctx)
		if err != nil {
			return b.String(), err
		}
		for _, m := range layout.Merged {
			fmt.Fprintf(&b, " merged %d,%d to %d,%d\n", m.FirstRow, m.FirstColumn, m.LastRow, m.LastColumn)
		}
		b.WriteString(when(layout.SummaryAbove, " summary above\n"))
	}
	return b.String(), nil
}

// describe writes a cell.
func describe(c xlsx.Cell) string {
	text := fmt.Sprintf("%d %v", c.Column, c.Kind)
	if c.Kind != xlsx.Blank {
		text += fmt.Sprintf(" %q", c.Text)
	}
	if c.Style.Class != xlsx.AsGeneral {
		text += fmt.Sprintf(" %v", c.Style.Class)
	}
	if c.Style.Decimals > 0 {
		text += fmt.Sprintf(".%d", c.Style.Decimals)
	}
	return text + when(c.Style.Indent > 0, fmt.Sprintf(" indent %d", c.Style.Indent)) +
		when(c.Formula, " formula") + when(c.Uncached(), " uncached")
}

// when returns text if condition holds.
func when(condition bool, text string) string {
	if !condition {
		return ""
	}
	return text
}

const styles = `<styleSheet xmlns="` + mainNS + `"><numFmts count="3">` +
	`<numFmt numFmtId="164" formatCode="#,##0.00;[Red]-#,##0.00"/><numFmt numFmtId="165" formatCode="dd\.mm\.yyyy&quot; г.&quot;"/><numFmt numFmtId="4" formatCode="0.000%"/></numFmts>` +
	`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>` +
	`<cellXfs><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"><alignment horizontal="left" indent="2"/><protection/></xf>` +
	`<xf numFmtId="165" applyNumberFormat="0"/><xf numFmtId="22"/><xf numFmtId="4"/><xf numFmtId="49"/></cellXfs></styleSheet>`

const shared = `<sst xmlns="` + mainNS + `" count="9" uniqueCount="2"><si><t>Покупатель</t></si>` +
	`<si><r><rPr><b/></rPr><t xml:space="preserve">Заказ </t></r><r><t>№ 1</t></r><rPh sb="0" eb="1"><t>чтение</t></rPh><phoneticPr fontId="1"/></si>` +
	`<si><t/></si><si/><si><t>a_x000D_&#10;b</t><extLst><t>c</t></extLst></si><extLst><si/></extLst></sst>`

// What each feature of the format comes out as. sheet is the inside of
// <worksheet>; the shared strings and styles are those above.
func TestSheet(t *testing.T) {
	for _, test := range []struct{ name, sheet, want string }{
		{"empty", `<sheetData/>`, ""},
		{"no data", ``, ""},
		{"numbers as stored", `<sheetData><row r="1"><c r="A1"><v>9.9499999999999993</v></c><c r="B1" t="n"><v>1E-3</v></c><c r="C1"><v> -0 </v></c><c r="D1"><v>abc</v></c></row></sheetData>`, `
 1
  1 Number "9.9499999999999993"
  2 Number "1E-3"
  3 Number "-0"
  4 Number "abc"`},
		{"extreme numbers", `<sheetData><row r="1"><c><v>1.7976931348623157E+308</v></c><c><v>4.9406564584124654E-324</v></c><c><v>123456789012345678901234567890</v></c></row></sheetData>`, `
 1
  1 Number "1.7976931348623157E+308"
  2 Number "4.9406564584124654E-324"
  3 Number "123456789012345678901234567890"`},
		{"shared strings", `<sheetData><row r="1"><c t="s"><v>0</v></c><c t="s"><v> 1 </v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v>4</v></c><c t="s"><v/></c></row></sheetData>`, `
 1
  1 Text "Покупатель"
  2 Text "Заказ № 1"
  3 Text ""
  4 Text ""
  5 Text "a\r\nb"
  6 Blank`},
		{"inline strings", `<sheetData><row r="1"><c t="inlineStr"><is><t xml:space="preserve"> a </t></is></c><c t="inlineStr"><is><r><t>b</t></r><r><rPr/><t> c</t></r><rPh><t>x</t></rPh></is></c><c t="inlineStr"><is/></c><c t="inlineStr"><v>d</v></c><c><is><t>e</t></is></c><c t="inlineStr"/></row></sheetData>`, `
 1
  1 Text " a "
  2 Text "b c"
  3 Text ""
  4 Text "d"
  5 Text "e"
  6 Blank`},
		{"text as written", `<sheetData><row r="1"><c t="inlineStr"><is><t> no preserve </t></is></c><c t="inlineStr"><is><t>&lt;&amp;&gt;&quot;&apos;&#169;&#x2014;</t></is></c><c t="inlineStr"><is><t><![CDATA[<b>&amp;</b>]]> c</t></is></c><c t="inlineStr"><is><t>_x005F_x0041__x0041_</t></is></c><c t="str"><v>_x000D_</v></c><c><v>1<!-- c -->2<?p?>3<b>4</b></v></c><c t="str"><v>a</v><is><t>b</t></is></c></row></sheetData>`, `
 1
  1 Text " no preserve "
  2 Text "<&>\"'©—"
  3 Text "<b>&amp;</b> c"
  4 Text "_x0041_A"
  5 Text "\r"
  6 Number "123"
  7 Text "a"`},
		{"other kinds", `<sheetData><row r="1"><c t="b"><v>1</v></c><c t="b"><v>false</v></c><c t="b"><v>TRUE</v></c><c t="e"><v>#N/A</v></c><c t="e"><v>#DIV/0!</v></c><c t="d"><v>2024-02-29T08:30:00</v></c><c t="b"/><c t="new"><v>x</v></c></row></sheetData>`, `
 1
  1 Bool "1"
  2 Bool "0"
  3 Bool "1"
  4 ErrorValue "#N/A"
  5 ErrorValue "#DIV/0!"
  6 ISODate "2024-02-29T08:30:00"
  7 Blank
  8 Text "x"`},
		{"formulas", `<sheetData><row r="1"><c><f>A2+1</f><v>3</v></c><c t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c t="str"><f>""</f><v></v></c><c><f>NOW()</f></c><c><f t="shared" si="0"/><v/></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="str"><f>B1</f></c><c t="b"><f>TRUE</f><v>1</v></c><c><v>7</v><f>later</f></c></row></sheetData>`, `
 1
  1 Number "3" formula
  2 Text "ab" formula
  3 Text "" formula
  4 Blank formula uncached
  5 Blank formula uncached
  6 ErrorValue "#DIV/0!" formula
  7 Blank formula uncached
  8 Bool "1" formula
  9 Number "7" formula`},
		{"styles", `<sheetData><row r="1"><c s="0"><v>1</v></c><c s="1"><v>2</v></c><c s="2"><v>3</v></c><c s="3"><v>4</v></c><c s="4"><v>5</v></c><c s="5" t="s"><v>0</v></c><c s="99"><v>6</v></c><c s="x"><v>7</v></c><c s="1"/></row></sheetData>`, `
 1
  1 Number "1"
  2 Number "2" AsNumber.2 indent 2
  3 Number "3" AsDate
  4 Number "4" AsDateTime
  5 Number "5" AsPercent.3
  6 Text "Покупатель" AsText
  7 Number "6"
  8 Number "7"
  9 Blank AsNumber.2 indent 2`},
		{"no references", `<sheetData><row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row r="7"/><row><c><v>3</v></c></row></sheetData>`, `
 1
  1 Number "1"
  2 Blank
  3 Number "2"
 2
 7
 8
  1 Number "3"`},
		{"some references", `<sheetData><row><c r="B4"><v>1</v></c><c><v>2</v></c><c r="e4"><v>3</v></c></row><row><c><v>4</v></c></row></sheetData>`, `
 4
  2 Number "1"
  3 Number "2"
  5 Number "3"
 5
  1 Number "4"`},
		{"a value twice", `<sheetData><row r="1"><c><v>1</v><v>2</v></c></row></sheetData>`, `
 1
  1 Number "2"`},
		{"a reference behind a cell without one", `<sheetData><row><c><v>1</v></c><c r="C4"><v>2</v></c></row></sheetData>`, `
 4
  1 Number "1"
  3 Number "2"`},
		{"the edge of a sheet", `<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>`, `
 1048576
  16384 Number "1"`},
		{"cells out of order", `<sheetData><row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row></sheetData>`, `
 1
  1 Number "1"
  2 Text "Покупатель"
  3 Number "3"`},
		{"outline and hidden rows", `<sheetPr><outlinePr summaryBelow="0"/></sheetPr><sheetData><row r="1"/><row r="2" outlineLevel="1" hidden="1"/><row r="3" outlineLevel="2" hidden="true" collapsed="1"/><row r="4" hidden="0"/></sheetData>`, `
 1
 2 outline 1 hidden
 3 outline 2 hidden
 4
 summary above`},
		{"merged cells", `<sheetData><row r="1"/></sheetData><mergeCells count="7"><mergeCell ref="A1:D1"/><mergeCell ref="B2"/><mergeCell ref="C9:A7"/><mergeCell ref="A1:XFD1048576"></mergeCell></mergeCells>`, `
 1
 merged 1,1 to 1,4
 merged 2,2 to 2,2
 merged 7,1 to 9,3
 merged 1,1 to 1048576,16384`},
		{"summary below", `<sheetPr><outlinePr summaryBelow="1"/></sheetPr><sheetData/>`, ""},
		{"a dimension of one cell", `<dimension ref="I863"/><sheetViews/><cols><col min="1" max="2" width="9"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="900"><c r="K900"><v>2</v></c></row></sheetData>`, `
 1
  1 Number "1"
 900
  11 Number "2"`},
		{"comments and extensions", `<!-- <row> --><?p <row>?><sheetData><!-- c --><row r="1"><!-- c --><c r="A1"><!-- c --><v>1</v><extLst><ext><v>9</v></ext></extLst></c><extLst><c><v>8</v></c></extLst></row><alien><row><c><v>7</v></c></row></alien></sheetData><extLst><ext><sheetData><row><c><v>6</v></c></row></sheetData></ext></extLst>`, `
 1
  1 Number "1"`},
		{"attributes of others", `<sheetData><row r="2" x14ac:dyDescent="0.25" spans='1:1' x:r="9"><c x:r="Z9" cm="1" r = 'B2'
 s="1"><v>1</v></c></row></sheetData>`, `
 2
  2 Number "1" AsNumber.2 indent 2`},
		{"prefixed attributes of one letter", `<sheetData><row r="1"><c x="1" y="2" t="str"><v>a</v></c></row></sheetData>`, `
 1
  1 Text "a"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := dump(zipped(t, plain(test.sheet, shared, styles)), xlsx.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if want := "\"Лист1\"" + test.want + "\n"; got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// Ways of putting a workbook together. Each changes the parts of one that has
// two cells; all but the last say the same.
func TestParts(t *testing.T) {
	const sheet = `<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>2.5</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>`
	const want = `"Лист1"
 1
  1 Text "Покупатель"
  2 Number "2.5" AsNumber.2 indent 2
 merged 1,1 to 1,2
`
	all := func(change func(string) string) func(map[string]string) {
		return func(parts map[string]string) {
			for name, content := range parts {
				parts[name] = change(content)
			}
		}
	}
	rename := func(from, to string) func(map[string]string) {
		return func(parts map[string]string) { parts[to] = parts[from]; delete(parts, from) }
	}
	replace := func(part, old, new string) func(map[string]string) {
		return func(parts map[string]string) {
			if !strings.Contains(parts[part], old) {
				panic("the test changes nothing: " + part)
			}
			parts[part] = strings.ReplaceAll(parts[part], old, new)
		}
	}
	const rels, workbook = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
	for _, test := range []struct {
		name   string
		change func(parts map[string]string)
		want   string
	}{
		{"as it is", func(map[string]string) {}, want},
		{"a byte-order mark in every part", all(func(s string) string { return "\uFEFF" + s }), want},
		{"line ends of DOS", all(func(s string) string { return strings.ReplaceAll(s, "><", ">\r\n\t<") }), want},
		{"strict", all(func(s string) string {
			s = strings.ReplaceAll(s, "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
			return strings.ReplaceAll(s, mainNS, "http://purl.oclc.org/ooxml/spreadsheetml/main")
		}), want},
		{"prefixed elements", func(parts map[string]string) {
			for name, content := range parts {
				if strings.Contains(content, mainNS) {
					parts[name] = prefixed(content)
				}
			}
		}, want},
		{"another prefix for r:id", replace(workbook, "r:id", "ns17:id"), want},
		{"absolute targets", replace(rels, `Target="`, `Target="/xl/`), want},
		{"targets from the root", replace(rels, `Target="`, `Target="../xl/./`), want},
		{"targets of Windows", replace(rels, `worksheets/`, `worksheets\`), want},
		{"another folder", func(parts map[string]string) {
			for _, name := range slices.Sorted(maps.Keys(parts)) {
				if strings.HasPrefix(name, "xl/") {
					rename(name, "office/"+name[3:])(parts)
				}
			}
			replace("_rels/.rels", "xl/workbook.xml", "/office/workbook.xml")(parts)
		}, want},
		{"letter case of 1C", rename("xl/sharedStrings.xml", "xl/SharedStrings.xml"), want},
		{"names of Windows", rename("xl/worksheets/sheet1.xml", `xl\worksheets\sheet1.xml`), want},
		{"names with a slash", rename(workbook, "/"+workbook), want},
		{"no root relationships", func(parts map[string]string) { delete(parts, "_rels/.rels") }, want},
		{"no content types", func(parts map[string]string) { delete(parts, "[Content_Types].xml") }, want},
		{"a directory entry", func(parts map[string]string) { parts["xl/"] = "" }, want},
		{"a chart sheet", func(parts map[string]string) {
			replace(workbook, "<sheets>", `<sheets><sheet name="Chart1" sheetId="9" r:id="rId9"/>`)(parts)
			replace(rels, "</Relationships>", `<Relationship Id="rId9" Type="`+relNS+`/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`)(parts)
		}, want},
		{"an external link of the same id", replace(rels, "</Relationships>", `<Relationship Id="rId1" Type="`+relNS+`/externalLink" Target="http://example.com/" TargetMode="External"/></Relationships>`), want},
		{"no styles", func(parts map[string]string) { delete(parts, "xl/styles.xml") }, strings.ReplaceAll(want, " AsNumber.2 indent 2", "")},
		{"three sheets", func(parts map[string]string) {
			replace(workbook, "</sheets>", `<sheet name="A &amp; B" sheetId="7" state="hidden" r:id="rId7"/><sheet name="C" sheetId="5" state="veryHidden" r:id="rId5"/></sheets>`)(parts)
			replace(rels, "</Relationships>", `<Relationship Id="rId5" Type="`+relNS+`/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId7" Type="`+relNS+`/worksheet" Target="worksheets/sheet3.xml"/></Relationships>`)(parts)
			parts["xl/worksheets/sheet2.xml"] = `<worksheet><sheetData><row r="2"/></sheetData></worksheet>`
			parts["xl/worksheets/sheet3.xml"] = `<worksheet><sheetData><row r="3"/></sheetData></worksheet>`
		}, want + "\"A & B\" hidden\n 3\n\"C\" hidden\n 2\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			parts := plain(sheet, shared, styles)
			test.change(parts)
			got, err := dump(zipped(t, parts), xlsx.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// prefixed returns a part with all its element names prefixed.
func prefixed(part string) string {
	var b strings.Builder
	for i := 0; i < len(part); i++ {
		b.WriteByte(part[i])
		if part[i] != '<' || part[i+1] == '?' {
			continue
		}
		if part[i+1] == '/' {
			i++
			b.WriteByte('/')
		}
		b.WriteString("x:")
	}
	return strings.Replace(b.String(), "xmlns=", "xmlns:x=", 1)
}

// The sheet of 1C «Валовая прибыль предприятия»: a mark in every part, a
// dimension of one cell, a header of two merged lines, groups above their
// leaves with a trailing space in the name, and a total.
func TestOneC(t *testing.T) {
	sheet := `<sheetPr><outlinePr summaryBelow="false"/></sheetPr><dimension ref="I863"/><sheetData>` +
		`<row r="2"><c r="A2" t="s"><v>0</v></c></row>` +
		`<row r="9"><c r="A9" t="s"><v>1</v></c><c r="B9"/><c r="C9"/><c r="D9"/><c r="E9" t="s"><v>2</v></c><c r="F9"/></row>` +
		`<row r="10"><c r="A10"/><c r="E10" t="s"><v>3</v></c><c r="F10" t="s"><v>4</v></c></row>` +
		`<row r="11" outlineLevel="0"><c r="A11" t="s"><v>5</v></c><c r="E11" s="1"><v>3</v></c><c r="F11" s="1"><v>1500.5</v></c></row>` +
		`<row r="12" outlineLevel="1"><c r="A12" s="2" t="s"><v>6</v></c><c r="E12" s="1"><v>3</v></c><c r="F12" s="1"><v>1500.5</v></c></row>` +
		`<row r="13"><c r="A13" t="s"><v>7</v></c><c r="E13" s="1"><v>3</v></c><c r="F13" s="1"><v>1500.5</v></c></row>` +
		`</sheetData><mergeCells count="3"><mergeCell ref="A9:D10"/><mergeCell ref="E9:F9"/><mergeCell ref="A11:D11"/></mergeCells>`
	texts := `<sst><si><t>Валовая прибыль предприятия (KZT)</t></si><si><t>Номенклатура</t></si><si><t>Июнь 2026 г.</t></si><si><t>Количество</t></si>` +
		`<si><t>Выручка</t></si><si><t xml:space="preserve">Метизы </t></si><si><t>Болт М8</t></si><si><t>Итого</t></si></sst>`
	styles := `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="#,##0.00;[Red]-#,##0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="0"><alignment indent="2"/></xf></cellXfs></styleSheet>`
	parts := plain(sheet, texts, styles)
	for name, content := range parts {
		parts[name] = "\uFEFF" + content
	}
	got, err := dump(zipped(t, parts), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := `"Лист1"
 2
  1 Text "Валовая прибыль предприятия (KZT)"
 9
  1 Text "Номенклатура"
  2 Blank
  3 Blank
  4 Blank
  5 Text "Июнь 2026 г."
  6 Blank
 10
  1 Blank
  5 Text "Количество"
  6 Text "Выручка"
 11
  1 Text "Метизы "
  5 Number "3" AsNumber.2
  6 Number "1500.5" AsNumber.2
 12 outline 1
  1 Text "Болт М8" indent 2
  5 Number "3" AsNumber.2
  6 Number "1500.5" AsNumber.2
 13
  1 Text "Итого"
  5 Number "3" AsNumber.2
  6 Number "1500.5" AsNumber.2
 merged 9,1 to 10,4
 merged 9,5 to 9,6
 merged 11,1 to 11,4
 summary above
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDates(t *testing.T) {
	for _, test := range []struct {
		name, properties string
		want             xlsx.DateSystem
	}{
		{"none", "", xlsx.Since1900},
		{"said", `<workbookPr date1904="0"/>`, xlsx.Since1900},
		{"1904", `<workbookPr defaultThemeVersion="1" date1904="1"/>`, xlsx.Since1904},
		{"1904 in words", `<workbookPr date1904="true"></workbookPr>`, xlsx.Since1904},
	} {
		t.Run(test.name, func(t *testing.T) {
			parts := plain("<sheetData/>", "", "")
			parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], "<sheets>", test.properties+"<sheets>", 1)
			data := zipped(t, parts)
			book, err := xlsx.Open(context.Background(), bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got := book.Dates(); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// utf16LE returns text in UTF-16 with a byte-order mark.
func utf16LE(text string) string {
	b := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}
