package xlsx

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// A Book is an open workbook: its list of sheets, its styles and its shared
// strings. Its rows are read from the file when they are asked for.
type Book struct {
	archive *archive
	limits  Limits
	sheets  []Sheet
	dates   DateSystem
	styles  styleTable
	strings stringTable
}

// A Sheet is a worksheet of a [Book].
type Sheet struct {
	Name   string
	Hidden bool // or very hidden: not to be seen in Excel

	book *Book
	part string // "" if the workbook does not say which
}

// Open reads a workbook's list of sheets, styles and shared strings. The book
// reads from r as long as it is in use.
//
// It returns [ErrNotWorkbook] for another kind of file, [ErrDamaged],
// [ErrEncoding], [ErrLimit], the error of ctx or of r. An encrypted workbook is
// no zip archive, and so ErrNotWorkbook.
func Open(ctx context.Context, r io.ReaderAt, size int64, l Limits) (*Book, error) {
	l, err := l.withDefaults()
	if err != nil {
		return nil, err
	}
	a, err := openArchive(r, size, l)
	if err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	b := &Book{archive: a, limits: l}
	main, err := b.findWorkbook(ctx)
	if err != nil {
		return nil, err
	}
	related, err := a.relations(ctx, main)
	if err != nil {
		return nil, err
	}
	if err := b.readWorkbook(ctx, main, related); err != nil {
		return nil, err
	}
	if part := related.ofKind("styles"); part != "" && a.has(part) {
		err = a.scanList(ctx, part, func(s *scanner) bool { b.styles = readStyles(s); return true })
		if err != nil {
			return nil, err
		}
	}
	if part := related.ofKind("sharedStrings"); part != "" && a.has(part) {
		err = a.scan(ctx, part, func(s *scanner) bool { b.strings = readStrings(s, l); return true })
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Sheets returns the worksheets in the order of their tabs, hidden ones
// included, charts and dialogs not. There may be none.
func (b *Book) Sheets() []Sheet { return b.sheets }

// Dates returns how the book counts days.
func (b *Book) Dates() DateSystem { return b.dates }

// findWorkbook returns the name of the part that lists the sheets.
func (b *Book) findWorkbook(ctx context.Context) (string, error) {
	main := ""
	if b.archive.has("_rels/.rels") {
		root, err := b.archive.relations(ctx, "")
		if err != nil {
			return "", err
		}
		main = root.ofKind("officeDocument")
	}
	switch {
	case b.archive.has(main):
	case b.archive.has("xl/workbook.xml"):
		main = "xl/workbook.xml"
	case b.archive.has("xl/workbook.bin"):
		main = "xl/workbook.bin"
	case b.archive.has("content.xml"):
		return "", fmt.Errorf("xlsx: %w: it is an OpenDocument file (.ods): save it as .xlsx", ErrNotWorkbook)
	case main != "":
		return "", &PartError{Part: main, Err: damaged("the part is missing")}
	default:
		return "", fmt.Errorf("xlsx: %w: it is a zip archive of something else", ErrNotWorkbook)
	}
	switch {
	case strings.HasSuffix(strings.ToLower(main), ".bin"):
		return "", fmt.Errorf("xlsx: %w: it is a binary workbook (.xlsb): save it as .xlsx", ErrNotWorkbook)
	case strings.HasPrefix(main, "word/"), strings.HasPrefix(main, "ppt/"):
		return "", fmt.Errorf("xlsx: %w: it is a Word or PowerPoint file", ErrNotWorkbook)
	}
	return main, nil
}

// readWorkbook reads the list of sheets.
func (b *Book) readWorkbook(ctx context.Context, main string, related relations) error {
	return b.archive.scanList(ctx, main, func(s *scanner) bool {
		if !s.root("workbook") {
			return false
		}
		for s.child() {
			switch string(s.name) {
			case "workbookPr":
				if s.attrBool("date1904") {
					b.dates = Since1904
				}
				s.skip()
			case "sheets":
				for s.child() {
					b.addSheet(s, related)
					s.skip()
				}
			default:
				s.skip()
			}
		}
		return true
	})
}

// addSheet adds the sheet of the <sheet> that is open, if it is a worksheet.
func (b *Book) addSheet(s *scanner, related relations) {
	sheet := Sheet{Name: s.attrText("name"), book: b}
	state := string(s.attr("state"))
	sheet.Hidden = state == "hidden" || state == "veryHidden"
	for _, a := range s.attrs { // r:id, whatever the prefix
		if _, local, prefixed := strings.Cut(string(a.name), ":"); !prefixed || local != "id" {
			continue
		}
		r := related[string(a.value)]
		if r.kind != "" && r.kind != "worksheet" {
			return
		}
		sheet.part = r.part
	}
	if len(b.sheets) == maxSheets {
		s.fail(fmt.Errorf("%w: more than %d sheets", ErrLimit, maxSheets))
		return
	}
	b.sheets = append(b.sheets, sheet)
}

// relations are the parts that a part refers to, by the id it uses.
type relations map[string]relation

// A relation is a part and what it is for: the last segment of a URI that the
// transitional and the strict standard spell differently up to there.
type relation struct{ kind, part string }

// relations reads what part refers to; a part without a list refers to nothing.
func (a *archive) relations(ctx context.Context, part string) (relations, error) {
	dir, file := "", part
	if i := strings.LastIndexByte(part, '/'); i >= 0 {
		dir, file = part[:i+1], part[i+1:]
	}
	list := dir + "_rels/" + file + ".rels"
	if !a.has(list) {
		return nil, nil
	}
	found := relations{}
	return found, a.scanList(ctx, list, func(s *scanner) bool {
		if !s.root("Relationships") {
			return false
		}
		for s.child() {
			if len(found) == maxRelations {
				s.fail(fmt.Errorf("%w: more than %d relationships", ErrLimit, maxRelations))
			}
			if kind := s.attrText("Type"); string(s.attr("TargetMode")) != "External" {
				found[s.attrText("Id")] = relation{
					kind: kind[strings.LastIndexByte(kind, '/')+1:],
					part: resolve(part, s.attrText("Target")),
				}
			}
			s.skip()
		}
		return true
	})
}

// ofKind returns the part of a kind, or "". Of several, which none but a
// damaged workbook has, it is the first by name.
func (r relations) ofKind(kind string) string {
	first := ""
	for _, one := range r {
		if one.kind == kind && (first == "" || one.part < first) {
			first = one.part
		}
	}
	return first
}
