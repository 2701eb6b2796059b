package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// cell is what a file really holds of a cell: read from the parts of the zip,
// not by the library that wrote it.
type cell struct {
	kind, text, formula string // kind is the attribute t
}

func (c cell) number() (float64, bool) {
	if c.kind != "" && c.kind != "n" || c.text == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(c.text, 64)
	return v, err == nil
}

// file is a saved workbook.
type file struct {
	parts  map[string][]byte
	sheets []string                   // names, in order
	paths  map[string]string          // part of each sheet
	cells  map[string]map[string]cell // by sheet, by name
	names  map[string]string          // defined names of the workbook
}

func open(t testing.TB, data []byte) *file {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f := &file{parts: map[string][]byte{}, paths: map[string]string{}, cells: map[string]map[string]cell{}, names: map[string]string{}}
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		if f.parts[e.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
		Names []struct {
			Name  string  `xml:"name,attr"`
			Scope *string `xml:"localSheetId,attr"`
			Refer string  `xml:",chardata"`
		} `xml:"definedNames>definedName"`
	}
	var rels struct {
		Rel []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	f.decode(t, "xl/workbook.xml", &book)
	f.decode(t, "xl/_rels/workbook.xml.rels", &rels)
	for _, n := range book.Names {
		if n.Scope == nil {
			f.names[n.Name] = n.Refer
		}
	}
	shared := f.shared(t)
	for _, s := range book.Sheets {
		for _, r := range rels.Rel {
			if r.ID == s.ID {
				p := strings.TrimPrefix(r.Target, "/")
				if !strings.HasPrefix(p, "xl/") {
					p = path.Join("xl", p)
				}
				f.sheets = append(f.sheets, s.Name)
				f.paths[s.Name] = p
				f.cells[s.Name] = f.sheet(t, p, shared)
			}
		}
	}
	return f
}

func (f *file) decode(t testing.TB, part string, v any) {
	t.Helper()
	if err := xml.Unmarshal(f.parts[part], v); err != nil {
		t.Fatalf("%s: %v", part, err)
	}
}

// plainText is a text with or without runs.
type plainText struct {
	T string `xml:"t"`
	R []struct {
		T string `xml:"t"`
	} `xml:"r"`
}

func (p plainText) String() string {
	s := p.T
	for _, r := range p.R {
		s += r.T
	}
	return s
}

func (f *file) shared(t testing.TB) (texts []string) {
	if f.parts["xl/sharedStrings.xml"] == nil {
		return nil
	}
	var table struct {
		SI []plainText `xml:"si"`
	}
	f.decode(t, "xl/sharedStrings.xml", &table)
	for _, si := range table.SI {
		texts = append(texts, si.String())
	}
	return texts
}

func (f *file) sheet(t testing.TB, part string, shared []string) map[string]cell {
	t.Helper()
	var data struct {
		Cells []struct {
			R  string    `xml:"r,attr"`
			T  string    `xml:"t,attr"`
			F  string    `xml:"f"`
			V  string    `xml:"v"`
			IS plainText `xml:"is"`
		} `xml:"sheetData>row>c"`
	}
	f.decode(t, part, &data)
	cells := make(map[string]cell, len(data.Cells))
	for _, c := range data.Cells {
		x := cell{c.T, c.V, c.F}
		switch c.T {
		case "s":
			i, err := strconv.Atoi(c.V)
			if err != nil {
				t.Fatal(err)
			}
			x.text = shared[i]
		case "inlineStr":
			x.text = c.IS.String()
		}
		if x.text != "" || x.formula != "" {
			cells[c.R] = x
		}
	}
	return cells
}

// differences lists the cells of some sheets (nil: all) whose values differ in
// a and b by more than 1e-9 of their size.
func differences(a, b *file, sheets []string) (list []string) {
	if sheets == nil {
		sheets = a.sheets
		if !slices.Equal(a.sheets, b.sheets) {
			list = append(list, fmt.Sprintf("sheets %q and %q", a.sheets, b.sheets))
		}
	}
	for _, s := range sheets {
		names := map[string]bool{}
		for n := range a.cells[s] {
			names[n] = true
		}
		for n := range b.cells[s] {
			names[n] = true
		}
		for n := range names {
			x, y := a.cells[s][n], b.cells[s][n]
			v, ok := x.number()
			w, ok2 := y.number()
			switch {
			case ok && ok2 && math.Abs(v-w) <= 1e-9*max(1, math.Abs(v), math.Abs(w)):
			case !ok && !ok2 && x.text == y.text:
			default:
				list = append(list, fmt.Sprintf("%s!%s: %q (%s) and %q; formula %s", s, n, x.text, x.kind, y.text, x.formula))
			}
		}
	}
	slices.Sort(list)
	return list
}

// replace returns the workbook with one part changed.
func replace(t testing.TB, data []byte, part string, change func(string) string) []byte {
	t.Helper()
	f := open(t, data)
	old := string(f.parts[part])
	changed := change(old)
	if changed == old {
		t.Fatalf("nothing to change in %s", part)
	}
	f.parts[part] = []byte(changed)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, p := range f.parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// setParameter returns the workbook with the value of a named parameter changed.
func setParameter(t testing.TB, data []byte, name string, value float64) []byte {
	t.Helper()
	f := open(t, data)
	sheet, ref, ok := strings.Cut(f.names[name], "!")
	if !ok {
		t.Fatalf("no name %s", name)
	}
	return setCell(t, data, strings.Trim(sheet, "'"), strings.ReplaceAll(ref, "$", ""), value)
}

// setCell returns the workbook with another number in a cell.
func setCell(t testing.TB, data []byte, sheet, at string, value float64) []byte {
	t.Helper()
	return replace(t, data, open(t, data).paths[sheet], func(s string) string {
		start := strings.Index(s, fmt.Sprintf(`<c r="%s"`, at))
		if start < 0 {
			t.Fatalf("%s!%s is not in the file", sheet, at)
		}
		end := start + strings.Index(s[start:], "</c>")
		c := s[start:end]
		v, style := strconv.FormatFloat(value, 'f', -1, 64), ""
		if i := strings.Index(c, ` s="`); i > 0 {
			style = c[i : i+4+strings.Index(c[i+4:], `"`)+1]
		}
		return s[:start] + fmt.Sprintf(`<c r="%s"%s><v>%s</v>`, at, style, v) + s[end:]
	})
}
