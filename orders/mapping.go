package orders

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/charset"
)

// Mapping says how the exports of one source are written and what their words
// mean: what [Detect] finds out, as a plain value to print, edit, keep as JSON
// and give back as Options.Mapping. A field that is zero is found out from each
// file, so the zero Mapping is none; what a field says is not guessed. A file
// that does not have what it says is an error that wraps [ErrColumn], or a
// [*FormatError] if it is of another kind altogether.
type Mapping struct {
	Format     string         `json:"format,omitempty"`      // as in [Detection]
	Encoding   string         `json:"encoding,omitempty"`    // of a text, as in [Detection]; a byte order mark in the file goes before it
	Delimiter  string         `json:"delimiter,omitempty"`   // of a text: one character
	Sheet      string         `json:"sheet,omitempty"`       // of a workbook
	HeaderRow  int64          `json:"header_row,omitempty"`  // number of the record with which the header begins, from 1
	HeaderRows int            `json:"header_rows,omitempty"` // how many records the header has; only beside HeaderRow
	Shape      Shape          `json:"shape,omitempty"`       // how rows make order lines
	Columns    []MappedColumn `json:"columns,omitempty"`     // all that are read; none: found by their names
	Statuses   Statuses       `json:"statuses,omitzero"`     // which orders count
	Returns    []string       `json:"returns,omitzero"`      // what the types of documents begin with that take goods back; nil: the usual words
	Currency   string         `json:"currency,omitempty"`    // of amounts that do not say theirs, and the one that Rates convert into: a code of ISO 4217
	Rates      Rates          `json:"rates,omitempty"`       // none: a second currency is an error
	VAT        VAT            `json:"vat,omitempty"`         // the basis of the amounts
	Zone       string         `json:"zone,omitempty"`        // whose days the days are, as "Europe/Moscow"

	// CancelOrders and ReturnOrders are what the ids of cancelled orders and of
	// returns begin with, beside Options.Cancel and Options.Return.
	CancelOrders []string `json:"cancel_orders,omitempty"`
	ReturnOrders []string `json:"return_orders,omitempty"`
}

// MappedColumn gives a column its role. It is found by its Header, or else by
// the first of the names Or that the file has, which are compared as those of
// Options.Columns; Number decides among several of one name, and finds the
// column if Header is blank.
//
// Of several columns with one role the first that the file has is read; of texts
// the others too, where the ones before them are blank: a deal's company, else
// its contact.
type MappedColumn struct {
	Header   string   `json:"header,omitempty"`
	Or       []string `json:"or,omitempty"`
	Number   int      `json:"number,omitempty"` // from 1
	Role     Role     `json:"role"`
	Optional bool     `json:"optional,omitempty"` // a file need not have it
	Decimal  string   `json:"decimal,omitempty"`  // of numbers: "." or ","; "": found out
	Dates    string   `json:"dates,omitempty"`    // of dates, as [Column] has it; "": found out
}

// Statuses are what the states of orders begin with; case, spaces and
// punctuation do not matter. Lost orders are cancelled: excluded, but counted.
// If there is a state for won ones, orders in any other are not sales yet, and
// are skipped as [NotWon].
type Statuses struct {
	Won  []string `json:"won,omitzero"`  // nil: what a CRM calls won, if the file has such a state; empty: every order that is not lost
	Lost []string `json:"lost,omitzero"` // nil: the usual words
}

// Rates gives by ISO 4217 code how many units of Mapping.Currency one unit of
// another currency is worth. Every amount in it is multiplied exactly and
// rounded once, half away from zero, to four places, and counted as rounded. A
// currency without a rate is an error. JSON has a rate as a string or a number.
type Rates map[string]Amount

// UnmarshalJSON reads an object of rates, each a number or a string with one.
func (r *Rates) UnmarshalJSON(b []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil || raw == nil {
		*r = nil
		return err
	}
	*r = make(Rates, len(raw))
	for code, text := range raw {
		rate, err := ParseAmount(strings.Trim(string(text), `"`))
		if err != nil {
			return fmt.Errorf("%w: Mapping.Rates[%q] = %s", ErrOptions, code, text)
		}
		(*r)[code] = rate
	}
	return nil
}

// VAT is the basis of amounts: whether the tax is in them.
type VAT string

// The bases.
const (
	VATUnknown  VAT = ""
	VATIncluded VAT = "included" // gross: «с НДС»
	VATExcluded VAT = "excluded" // net: «без НДС»
	VATMixed    VAT = "mixed"    // of a History only: its files differ
)

// Mapping returns how d was understood: read with it, the file gives the same
// [History], and a file that is written in another way is an error.
func (d *Detection) Mapping() Mapping {
	m := Mapping{
		Format: d.Format, Encoding: d.Encoding, Delimiter: d.Delimiter, Sheet: d.Sheet,
		HeaderRow: d.HeaderRow, HeaderRows: d.HeaderRows, Shape: d.Shape,
		Statuses: Statuses{slices.Clone(d.Statuses.Won), slices.Clone(d.Statuses.Lost)}, Returns: slices.Clone(d.Returns),
		Currency: d.Currency, Rates: maps.Clone(d.Rates), VAT: d.VAT, Zone: d.Zone,
		CancelOrders: slices.Clone(d.CancelOrders), ReturnOrders: slices.Clone(d.ReturnOrders),
	}
	columns := slices.DeleteFunc(slices.Clone(d.Columns), func(c Column) bool { return c.Role == "" })
	slices.SortStableFunc(columns, func(a, b Column) int { return a.Fallback - b.Fallback })
	for _, c := range columns {
		for _, role := range append([]Role{c.Role}, c.Also...) {
			mapped := MappedColumn{Header: c.Header, Number: c.Number, Role: role}
			if slices.Contains(numberRoles, role) {
				mapped.Decimal = c.Decimal
			}
			if slices.Contains(dateRoles, role) {
				mapped.Dates = c.Dates
			}
			m.Columns = append(m.Columns, mapped)
		}
	}
	return m
}

// UnmarshalJSON reads a mapping as encoding/json wrote it or a person did. A
// field that there is not is an error that names it, and so is a value that
// Options.Mapping cannot have; both wrap [ErrOptions].
func (m *Mapping) UnmarshalJSON(b []byte) error {
	type plain Mapping
	var p plain
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return fmt.Errorf("%w: Mapping: %s", ErrOptions, strings.TrimPrefix(err.Error(), "json: "))
	}
	if err := Mapping(p).check(); err != nil {
		return err
	}
	*m = Mapping(p)
	return nil
}

// ReadMapping reads one mapping as JSON from r; see [Mapping.UnmarshalJSON].
func ReadMapping(r io.Reader) (Mapping, error) {
	var m Mapping
	d := json.NewDecoder(io.LimitReader(r, maxMapping))
	if err := d.Decode(&m); err != nil {
		return Mapping{}, mappingError(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Mapping{}, fmt.Errorf("%w: Mapping: there is more behind it, from byte %d on", ErrOptions, d.InputOffset())
	}
	return m, nil
}

// maxMapping is how many bytes of JSON are looked at for a mapping.
const maxMapping = 4 << 20

// mappingError returns err as an error of options, if it is not one yet.
func mappingError(err error) error {
	if syntax, ok := err.(*json.SyntaxError); ok {
		return fmt.Errorf("%w: Mapping: no JSON, at byte %d: %s", ErrOptions, syntax.Offset, syntax)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w: Mapping: the JSON ends too early", ErrOptions)
	}
	return err
}

// check returns what is wrong with a mapping.
func (m Mapping) check() error {
	switch {
	case m.Format != "" && !slices.Contains(formats, m.Format):
		return optionError("Mapping.Format", quoted(m.Format))
	case m.Encoding != "" && !charset.Known(m.Encoding):
		return optionError("Mapping.Encoding", quoted(m.Encoding))
	case m.Delimiter != "" && (len(m.Delimiter) != 1 || strings.Contains("\"\r\n\x00", m.Delimiter) || m.Delimiter[0] >= 0x80):
		return optionError("Mapping.Delimiter", quoted(m.Delimiter))
	case m.HeaderRow < 0:
		return optionError("Mapping.HeaderRow", m.HeaderRow)
	case m.HeaderRows < 0 || m.HeaderRows > 0 && m.HeaderRow == 0:
		return optionError("Mapping.HeaderRows", fmt.Sprintf("%d with HeaderRow %d", m.HeaderRows, m.HeaderRow))
	case m.Shape != "" && !slices.Contains(shapes, m.Shape):
		return optionError("Mapping.Shape", quoted(string(m.Shape)))
	case m.VAT != VATUnknown && m.VAT != VATIncluded && m.VAT != VATExcluded:
		return optionError("Mapping.VAT", quoted(string(m.VAT)))
	}
	if _, err := time.LoadLocation(m.Zone); err != nil || m.Zone == "Local" {
		return optionError("Mapping.Zone", quoted(m.Zone))
	}
	for i, c := range m.Columns {
		if field, value := c.wrong(); field != "" {
			return optionError(fmt.Sprintf("Mapping.Columns[%d].%s", i, field), value)
		}
	}
	return m.checkWords()
}

// formats are all that Detection.Format can be.
var formats = []string{"csv", "xlsx", "arrow", "sql"}

// shapes are all shapes.
var shapes = []Shape{ShapeLines, ShapeHeaders, ShapeFirstLine, ShapeRepeated, ShapeGrouped, ShapeWide}

// wrong returns the field of c that cannot be, and its value.
func (c MappedColumn) wrong() (field string, value any) {
	isNumber, isDate := slices.Contains(numberRoles, c.Role), slices.Contains(dateRoles, c.Role)
	switch {
	case !knownRole(c.Role):
		return "Role", quoted(string(c.Role))
	case c.Number < 0 || c.Number == 0 && blankName(c.Header):
		return "Number", fmt.Sprintf("%d with Header %q", c.Number, c.Header)
	case slices.ContainsFunc(c.Or, blankName):
		return "Or", fmt.Sprintf("%q", c.Or)
	case c.Decimal != "" && (!isNumber || c.Decimal != "." && c.Decimal != ","):
		return "Decimal", fmt.Sprintf("%q of a %s", c.Decimal, c.Role)
	}
	if _, ok := cell.ParseFormat(c.Dates); c.Dates != "" && (!ok || !isDate) {
		return "Dates", fmt.Sprintf("%q of a %s", c.Dates, c.Role)
	}
	return "", nil
}

// checkWords returns what is wrong with the lists of words and the rates.
func (m Mapping) checkWords() error {
	for _, list := range []struct {
		field string
		words []string
	}{{"Statuses.Won", m.Statuses.Won}, {"Statuses.Lost", m.Statuses.Lost}, {"Returns", m.Returns}} {
		for i, word := range list.words {
			if letters(word) == "" { // it would fit everything
				return optionError(fmt.Sprintf("Mapping.%s[%d]", list.field, i), quoted(word))
			}
		}
	}
	for _, list := range []struct {
		field    string
		prefixes []string
	}{{"CancelOrders", m.CancelOrders}, {"ReturnOrders", m.ReturnOrders}} {
		if i := slices.Index(list.prefixes, ""); i >= 0 {
			return optionError(fmt.Sprintf("Mapping.%s[%d]", list.field, i), quoted(""))
		}
	}
	isos := map[string]bool{}
	for _, code := range slices.Sorted(maps.Keys(m.Rates)) {
		iso := currencyCode(code)
		if m.Rates[code] <= 0 || iso == "" {
			return optionError(fmt.Sprintf("Mapping.Rates[%q]", code), m.Rates[code])
		}
		if isos[iso] || iso == currencyCode(m.Currency) {
			return fmt.Errorf("%w: Mapping.Rates[%q]: there is another rate of %s, or amounts are converted into it", ErrOptions, code, iso)
		}
		isos[iso] = true
	}
	if len(m.Rates) > 0 && strings.TrimSpace(m.Currency) == "" {
		return fmt.Errorf("%w: Mapping.Currency is blank: Rates convert into it", ErrOptions)
	}
	return nil
}

// blankName reports whether no header has the name.
func blankName(s string) bool { return strings.TrimSpace(s) == "" }

func quoted(s string) string { return fmt.Sprintf("%q", cut(s, 60)) }
