package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// rowWriter writes rows of cells as the XML that a worksheet holds. It stands in
// for excelize's StreamWriter, which keeps a sheet in a temporary file until the
// workbook is saved, and loses from a text what looks like an escape of Excel's
// and is none.
type rowWriter struct {
	out io.Writer
	buf []byte
}

// rowBuffer is how many bytes are gathered before they go on.
const rowBuffer = 1 << 16

// row writes one row; height 0 is the program's own.
func (w *rowWriter) row(at int, height float64, cells []excelize.Cell) error {
	b := append(w.buf, `<row r="`...)
	b = strconv.AppendInt(b, int64(at), 10)
	if height > 0 {
		b = append(b, `" ht="`...)
		b = strconv.AppendFloat(b, min(height, excelize.MaxRowHeight), 'f', -1, 64)
		b = append(b, `" customHeight="1`...)
	}
	b = append(b, `">`...)
	for i, c := range cells {
		if c.StyleID == 0 && c.Value == nil && c.Formula == "" {
			continue
		}
		b = append(b, `<c r="`...)
		b = appendColumn(b, i+1)
		b = strconv.AppendInt(b, int64(at), 10)
		if c.StyleID != 0 {
			b = append(b, `" s="`...)
			b = strconv.AppendInt(b, int64(c.StyleID), 10)
		}
		b = appendCell(b, c)
	}
	w.buf = append(b, `</row>`...)
	if len(w.buf) < rowBuffer {
		return nil
	}
	return w.flush()
}

func (w *rowWriter) flush() error {
	_, err := w.out.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

// appendCell ends the attributes of a cell and appends the rest of it. A text is
// in the cell itself; what a formula was computed to is beside it.
func appendCell(b []byte, c excelize.Cell) []byte {
	s, text := c.Value.(string)
	switch {
	case text && c.Formula == "":
		b = append(b, `" t="inlineStr"><is><t`...)
		b = appendText(b, s)
		return append(b, `</t></is></c>`...)
	case text || c.Formula != "" && c.Value == nil:
		b = append(b, `" t="str">`...)
	default:
		b = append(b, `">`...)
	}
	if c.Formula != "" {
		b = append(b, `<f>`...)
		b = appendEscaped(b, c.Formula, false)
		b = append(b, `</f>`...)
	}
	switch v := c.Value.(type) {
	case string:
		b = append(b, `<v`...)
		b = appendText(b, v)
		b = append(b, `</v>`...)
	case float64:
		b = append(b, `<v>`...)
		b = strconv.AppendFloat(b, v, 'f', -1, 64)
		b = append(b, `</v>`...)
	case int:
		b = appendInt(b, int64(v))
	case int64:
		b = appendInt(b, v)
	}
	return append(b, `</c>`...)
}

func appendInt(b []byte, v int64) []byte {
	b = append(b, `<v>`...)
	b = strconv.AppendInt(b, v, 10)
	return append(b, `</v>`...)
}

// appendText ends a tag and appends s, whose outer blanks are kept.
func appendText(b []byte, s string) []byte {
	if strings.TrimSpace(s) != s {
		b = append(b, ` xml:space="preserve"`...)
	}
	return appendEscaped(append(b, '>'), s, true)
}

// appendEscaped appends s, which [clean] has seen, as XML has it. In a text the
// underscore of what looks like Excel's escape _xHHHH_ (ECMA-376, ST_Xstring) is
// escaped by it; some readers take any four letters and digits for one.
func appendEscaped(b []byte, s string, text bool) []byte {
	done := 0
	for i := 0; i < len(s); i++ {
		escape := ""
		switch s[i] {
		case '&':
			escape = "&amp;"
		case '<':
			escape = "&lt;"
		case '>':
			escape = "&gt;"
		case '_':
			if !text || !looksEscaped(s[i:]) {
				continue
			}
			escape = "_x005F_"
		default:
			continue
		}
		b = append(b, s[done:i]...)
		b = append(b, escape...)
		done = i + 1
	}
	return append(b, s[done:]...)
}

// looksEscaped reports whether s begins as Excel's escape of a character does.
func looksEscaped(s string) bool {
	if len(s) < len("_xHHHH_") || s[1] != 'x' || s[6] != '_' {
		return false
	}
	for _, c := range []byte(s[2:6]) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return false
		}
	}
	return true
}

// appendColumn appends the letters of a column counted from 1.
func appendColumn(b []byte, col int) []byte {
	if col > 26 {
		b = appendColumn(b, (col-1)/26)
	}
	return append(b, 'A'+byte((col-1)%26))
}

// partOfNext returns the part of the package that the next sheet of f will be,
// which excelize numbers by the largest id of a sheet. In a file of another
// program that part may be there: excelize would write over it.
func partOfNext(f *excelize.File) (string, error) {
	f.GetSheetList() // reads the workbook
	id := 0
	for _, s := range f.WorkBook.Sheets.Sheet {
		id = max(id, s.SheetID)
	}
	part := fmt.Sprintf("xl/worksheets/sheet%d.xml", id+1)
	_, stored := f.Pkg.Load(part)
	_, open := f.Sheet.Load(part)
	if stored || open {
		return "", fmt.Errorf("report: the part %s of the workbook, which a new sheet needs, is another sheet", part)
	}
	return part, nil
}

// furniture takes the sheet in a part out of f, and returns what a file has of
// it before and after its rows.
func furniture(f *excelize.File, part string) (before, after []byte, err error) {
	sheet, _ := f.Sheet.Load(part)
	all, err := xml.Marshal(sheet)
	if err != nil {
		return nil, nil, err
	}
	// What encoding/xml calls the namespaces, as every program does.
	all = bytes.Replace(all, []byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`), []byte(worksheetTag), 1)
	all = bytes.ReplaceAll(all, []byte(` xmlns:relationships="http://schemas.openxmlformats.org/officeDocument/2006/relationships" relationships:`), []byte(` r:`))
	before, rest, found := bytes.Cut(all, []byte("<sheetData>"))
	_, after, ended := bytes.Cut(rest, []byte(sheetDataEnd))
	if !bytes.Contains(before, []byte(worksheetTag)) || !found || !ended {
		return nil, nil, fmt.Errorf("report: %s is not laid out as a worksheet", part)
	}
	f.Sheet.Delete(part)
	f.Pkg.Delete(part)
	return append(append([]byte(xml.Header), before...), "<sheetData>"...), append([]byte(sheetDataEnd), after...), nil
}

const worksheetTag = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"` +
	` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"` +
	` xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">`
