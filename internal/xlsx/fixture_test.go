package xlsx_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

// escapeXML returns text as XML content.
func escapeXML(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

const (
	mainNS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

// plain returns the parts of a workbook with one sheet, «Лист1», whose
// <worksheet> holds sheet. shared and styles are whole parts; "" is none.
func plain(sheet, shared, styles string) map[string]string {
	const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	parts := map[string]string{
		"[Content_Types].xml": declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
		"_rels/.rels":         declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":     declaration + `<workbook xmlns="` + mainNS + `" xmlns:r="` + relNS + `"><sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="` + relNS + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + relNS + `/sharedStrings" Target="sharedStrings.xml"/>` +
			`<Relationship Id="rId3" Type="` + relNS + `/styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": declaration + `<worksheet xmlns="` + mainNS + `">` + sheet + `</worksheet>`,
	}
	if shared != "" {
		parts["xl/sharedStrings.xml"] = shared
	}
	if styles != "" {
		parts["xl/styles.xml"] = styles
	}
	return parts
}

// writeZip writes parts, and one more that is read from a file.
func writeZip(tb testing.TB, w io.Writer, parts map[string]string, name string, from io.Reader) {
	tb.Helper()
	z := zip.NewWriter(w)
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		entry, err := z.Create(part)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(entry, parts[part]); err != nil {
			tb.Fatal(err)
		}
	}
	if from != nil {
		entry, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.Copy(entry, from); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
}

// zipped returns parts as an archive.
func zipped(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	writeZip(tb, &b, parts, "", nil)
	return b.Bytes()
}
