package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// SheetOptions say how [AddSheet] adds a sheet. The zero SheetOptions adds it in
// English, by the name that it has in the workbook of [Write], and alone.
type SheetOptions struct {
	Language Language

	// Name is what the sheet is called in the workbook. "": as Write calls it,
	// with a number behind it if the workbook has a sheet of that name.
	Name string

	// Live keeps all formulas, and brings along what they refer to: the sheet of
	// parameters, and other sheets of the book. Otherwise the sheet comes alone:
	// formulas over its own cells stay, all others are the values that they have.
	Live bool

	Policies map[string]string             // as in Options
	Progress func(done, total int64) error // as in Options; total grows with what comes along
}

// Added is what [AddSheet] added.
type Added struct {
	Sheet string   // what the sheet is called
	Along []string // what the sheets that came along are called, in order; none unless SheetOptions.Live
	Cut   int      // texts that were cut, being longer than the 32,767 characters that a cell holds
}

// AddSheet adds one sheet of b, by its English name in whatever language it is
// written, "ABC-XYZ customers", to a workbook that has sheets of its own. These
// stay as they are, and so do its names, its styles and its properties. The
// caller saves it.
//
// The sheet is as in the workbook of [Write] with its formats, filter, charts,
// print setup and legend; its cells can be read and changed. What it takes of
// other sheets follows [SheetOptions].Live. Names of parameters are defined on
// the sheets that use them, not on the whole workbook, so that they cannot clash
// with others: elsewhere write 'ABC-XYZ customers'!Customers_A. All rows are held in
// memory, as everything in f is.
//
// An error leaves f without the new sheets; styles may be left that no cell has.
// Errors: an invalid option, a name that is taken, or a sheet that b does not
// make (all wrap orders.ErrOptions), those of b.Sales, of ctx and of excelize.
func AddSheet(ctx context.Context, f *excelize.File, b Book, sheet string, o SheetOptions) (Added, error) {
	own := Options{Language: o.Language, Policies: o.Policies, Progress: o.Progress}
	if f == nil {
		return Added{}, fmt.Errorf("report: %w: the workbook is nil", orders.ErrOptions)
	}
	x, err := newBook(ctx, b, own, limits{rows: excelize.TotalRows, formulas: FormulaRows})
	if err != nil {
		return Added{}, err
	}
	x.file = f
	x.guest = &guest{sheet: sheet, SheetOptions: o, taken: map[string]bool{}}
	for _, name := range f.GetSheetList() {
		x.guest.taken[strings.ToLower(name)] = true
	}
	if err := x.guest.check(); err != nil {
		return Added{}, err
	}
	x.compose()
	return x.add()
}

// guest is a book whose sheets go into the caller's workbook.
type guest struct {
	SheetOptions
	sheet string          // the one that is wanted
	taken map[string]bool // names of sheets, in lower case
}

func (g *guest) check() error {
	if g.Name == "" {
		return nil
	}
	if g.taken[strings.ToLower(g.Name)] {
		return fmt.Errorf("report: %w: Name = %q: the workbook has a sheet of that name", orders.ErrOptions, g.Name)
	}
	if len(utf16.Encode([]rune(g.Name))) > excelize.MaxSheetNameLength || strings.ContainsAny(g.Name, `:\/?*[]`) || strings.Trim(g.Name, "'") != g.Name || !utf8.ValidString(g.Name) {
		return fmt.Errorf(`report: %w: Name = %q: the name of a sheet has at most %d characters, none of :\/?*[], and no ' at its ends`, orders.ErrOptions, g.Name, excelize.MaxSheetNameLength)
	}
	g.taken[strings.ToLower(g.Name)] = true
	return nil
}

// name returns what a sheet is called in the caller's workbook.
func (g *guest) name(key, name string) string {
	if key == g.sheet && g.Name != "" {
		return g.Name
	}
	free := name
	for n := 2; g.taken[strings.ToLower(free)]; n++ {
		number := fmt.Sprintf(" (%d)", n)
		r := []rune(name) // of the basic plane, as all names of ours
		free = string(r[:min(len(r), excelize.MaxSheetNameLength-len(number))]) + number
	}
	g.taken[strings.ToLower(free)] = true
	return free
}

// part is a sheet with its rows, on its way into the caller's workbook.
type part struct {
	*sheet
	rows  bytes.Buffer
	names map[string]bool // of parameters, which it uses
}

// add writes the sheet that is wanted, and what comes along with it.
func (b *book) add() (Added, error) {
	at := slices.IndexFunc(b.sheets, func(s *sheet) bool { return s.key == b.guest.sheet })
	if at < 0 {
		var keys []string
		for _, s := range b.sheets {
			keys = append(keys, s.key)
		}
		return Added{}, fmt.Errorf("report: %w: the book makes no sheet %q, but %q", orders.ErrOptions, b.guest.sheet, keys)
	}
	parts, err := b.gather(b.sheets[at])
	if err != nil {
		return Added{}, err
	}
	if err := b.join(parts); err != nil {
		for _, p := range parts {
			if p.part != "" {
				err = errors.Join(err, b.file.DeleteSheet(p.name))
			}
		}
		return Added{}, err
	}
	done := Added{Sheet: parts[0].name, Cut: b.cut}
	for _, p := range parts[1:] {
		done.Along = append(done.Along, p.name)
	}
	return done, nil
}

// gather writes the rows of s, and of the sheets that it needs to be live, of
// those that they need, and so on: s first, the others in the order of the book.
func (b *book) gather(s *sheet) ([]*part, error) {
	if !b.guest.Live {
		s.skip(1)
		s.paragraph(prose, 0, b.say(aloneNote))
	}
	parts := []*part{{sheet: s}}
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		b.total += int64(p.sheet.rows)
		x := references{book: b, own: p.sheet, sheets: map[string]bool{}, names: map[string]bool{}}
		x.furniture(b.guest.Live)
		if err := errors.Join(p.writeRows(&p.rows, func(c *excelize.Cell) {
			if c.Formula != "" && x.add(c.Formula) && !b.guest.Live {
				c.Formula = ""
			}
		}), b.err); err != nil {
			return nil, err
		}
		if !b.guest.Live {
			break
		}
		p.names = x.names
		for _, other := range b.sheets {
			if x.sheets[other.name] && !slices.ContainsFunc(parts, func(p *part) bool { return p.sheet == other }) {
				parts = append(parts, &part{sheet: other})
			}
		}
	}
	slices.SortFunc(parts[1:], func(x, y *part) int {
		return slices.Index(b.sheets, x.sheet) - slices.Index(b.sheets, y.sheet)
	})
	return parts, nil
}

var aloneNote = text{
	"This sheet stands alone: its formulas are over its own cells. What follows from parameters or other sheets of the report is a value here, and sheets that the text names are the report's.",
	"Этот лист самостоятельный: формулы в нём — только по его собственным ячейкам. Всё, что зависит от параметров и других листов отчёта, здесь значения; листы, названные в тексте, — листы отчёта.",
}

// join puts parts into the caller's workbook.
func (b *book) join(parts []*part) error {
	var sheets []*sheet
	for _, p := range parts {
		sheets = append(sheets, p.sheet)
	}
	if err := b.place(sheets); err != nil {
		return err
	}
	for _, p := range parts {
		before, after, err := furniture(b.file, p.part)
		if err != nil {
			return err
		}
		b.file.Pkg.Store(p.part, slices.Concat(before, p.rows.Bytes(), p.merge(after)))
		for _, n := range b.params.names {
			if p.names[n.name] || b.guest.Live && p.sheet == b.params.sheet && strings.HasPrefix(n.refersTo, p.quoted()+"!") {
				if err := b.file.SetDefinedName(&excelize.DefinedName{Name: n.name, RefersTo: n.refersTo, Scope: p.name}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// references are the other sheets and the names of parameters that the formulas
// of a sheet use.
type references struct {
	*book
	own           *sheet
	sheets, names map[string]bool
	refersTo      map[string]string // of names
}

// add adds those of a formula, and reports whether it has any.
func (x *references) add(f string) bool {
	if x.refersTo == nil {
		x.refersTo = map[string]string{}
		for _, n := range x.params.names {
			x.refersTo[n.name] = n.refersTo
		}
	}
	found := false
	for len(f) > 0 {
		switch r, size := utf8.DecodeRuneInString(f); {
		case r == '"':
			_, f = quotedBy(f, '"')
		case r == '\'':
			var name string
			name, f = quotedBy(f, '\'')
			if strings.HasPrefix(f, "!") && name != x.own.name {
				x.sheets[name], found = true, true
			}
		case r == '_' || unicode.IsLetter(r):
			end := strings.IndexFunc(f, func(r rune) bool { return r != '_' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
			if end < 0 {
				end = len(f)
			}
			if to, ok := x.refersTo[f[:end]]; ok {
				if found = true; !x.names[f[:end]] {
					x.names[f[:end]] = true
					x.add(to)
				}
			}
			f = f[end:]
		default:
			f = f[size:]
		}
	}
	return found
}

// quotedBy returns what f quotes at its beginning, quotes in it being doubled,
// and the rest.
func quotedBy(f string, quote byte) (quoted, rest string) {
	var b strings.Builder
	for i := 1; i < len(f); i++ {
		if f[i] != quote {
			b.WriteByte(f[i])
			continue
		}
		if i++; i == len(f) || f[i] != quote {
			return b.String(), f[i:]
		}
		b.WriteByte(quote)
	}
	return b.String(), ""
}

// furniture adds those of the charts and of the conditional formats; without
// live it leaves out the charts and formats that have any.
func (x *references) furniture(live bool) {
	s := x.own
	s.charts = slices.DeleteFunc(slices.Clone(s.charts), func(c placed) bool {
		found := false
		for _, chart := range append([]*excelize.Chart{c.chart}, c.combo...) {
			for _, v := range chart.Series {
				for _, ref := range []string{v.Name, v.Categories, v.Values} {
					found = x.add(ref) || found
				}
			}
		}
		return found && !live
	})
	s.formats = slices.DeleteFunc(slices.Clone(s.formats), func(c conditional) bool {
		found := false
		for _, r := range c.rules {
			found = x.add(r.Criteria) || found
			found = x.add(r.Value) || found
		}
		return found && !live
	})
	if !live {
		clear(x.sheets)
		clear(x.names)
	}
}
