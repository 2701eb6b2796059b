package orders

import (
	"fmt"
	"slices"
	"strings"
)

// mapped reports whether a Mapping says which columns are read.
func (o Options) mapped() bool { return o.Mapping != nil && len(o.Mapping.Columns) > 0 }

// assignMapped gives columns the roles that the Mapping says and Options.Columns
// does not.
func (d *detector) assignMapped() error {
	for _, c := range d.o.Mapping.Columns {
		if _, named := d.o.Columns[c.Role]; named {
			continue
		}
		column, evidence, err := d.locate(c)
		if err != nil {
			return err
		}
		if column >= 0 {
			d.adopt(c, column, evidence)
		}
	}
	return nil
}

// adopt gives the column, from 0, the role that c says.
func (d *detector) adopt(c MappedColumn, column int, evidence string) {
	first, taken := d.column[c.Role]
	switch {
	case !taken:
		d.give(c.Role, column, evidence)
		d.fixed[c.Role] = c
	case isText(c.Role) && column != first && d.Columns[column].Role == "":
		d.more[c.Role] = append(d.more[c.Role], column)
		to := &d.Columns[column]
		to.Role, to.Fallback = c.Role, len(d.more[c.Role])
		to.Evidence = evidence + fmt.Sprintf(", where column %d (%s) is blank", d.header.number(first), d.header.names[first])
		d.taken[column] = true
	}
}

// isText reports whether the cells of a role are texts that a line keeps.
func isText(role Role) bool {
	return !slices.Contains(dateRoles, role) && !slices.Contains(numberRoles, role) &&
		role != RoleCurrency && role != RoleStatus && role != RoleType
}

// locate returns the column, from 0, that c is about, and why it is that one;
// −1 if it may be missing and is.
func (d *detector) locate(c MappedColumn) (column int, evidence string, err error) {
	const evident = "by the mapping"
	found := d.header.findAny(c)
	if len(found) == 1 {
		return found[0], evident, nil
	}
	for i := range d.header.names {
		if d.header.number(i) == c.Number && (blankName(c.Header) || slices.Contains(found, i)) {
			return i, evident, nil
		}
	}
	switch {
	case blankName(c.Header):
		return -1, "", d.misfit(c, nil)
	case len(found) > 1:
		if column, evidence := d.onlyFilled(found); column >= 0 {
			return column, evident + "; " + evidence, nil
		}
		return -1, "", d.misfit(c, found)
	}
	return -1, "", d.misfit(c, nil)
}

// findAny returns the columns, from 0, of the first name of c that there is.
func (h header) findAny(c MappedColumn) []int {
	if blankName(c.Header) {
		return nil
	}
	found := h.find(c.Header)
	for _, name := range c.Or {
		if found == nil {
			found = h.find(name)
		}
	}
	return found
}

// misfit returns the error that the file has no column as c says, or several;
// nil if it may have none and has none.
func (d *detector) misfit(c MappedColumn, found []int) error {
	if c.Optional && len(found) == 0 {
		return nil
	}
	e := &MappingError{File: d.File, HeaderRow: d.HeaderRow, Column: c, Headers: slices.Clone(d.header.names)}
	for _, i := range found {
		e.Found = append(e.Found, d.header.number(i))
	}
	return e
}

// MappingError says that a file does not have a column that a [Mapping] says it
// has, or several. It wraps [ErrColumn].
type MappingError struct {
	File      string
	HeaderRow int64        // that was looked at
	Column    MappedColumn // that was looked for; its Role is "": the row is blank, or the file ends before it
	Found     []int        // the columns of that name, from 1; empty if there is none
	Headers   []string     // of all columns
}

// Error returns what was looked for and what there is.
func (e *MappingError) Error() string {
	c := e.Column
	text := ""
	switch {
	case c.Role == "":
		return fmt.Sprintf("%v: %s does not fit the mapping: its row %d, which is to name the columns, is blank or not there", ErrColumn, e.File, e.HeaderRow)
	case len(e.Found) > 0:
		return fmt.Sprintf("%v: %s does not fit the mapping: columns %s are all named %q; say with Number which one is %s",
			ErrColumn, e.File, strings.Trim(strings.ReplaceAll(fmt.Sprint(e.Found), " ", ", "), "[]"), e.Headers[e.Found[0]-1], c.Role)
	case blankName(c.Header):
		text = fmt.Sprintf("there is no column %d", c.Number)
	default:
		text = fmt.Sprintf("no column is named %q", c.Header)
		for _, name := range c.Or {
			text += fmt.Sprintf(" or %q", name)
		}
	}
	return fmt.Sprintf("%v: %s does not fit the mapping: %s, which is to be %s; row %d has %s",
		ErrColumn, e.File, text, c.Role, e.HeaderRow, header{names: e.Headers}.list())
}

// Unwrap returns ErrColumn.
func (e *MappingError) Unwrap() error { return ErrColumn }

// headerRow returns the row that the mapping says the header is; 0 if it says none.
func (o Options) headerRow() int64 {
	if o.Mapping == nil {
		return 0
	}
	return o.Mapping.HeaderRow
}

// mayBeHeader reports whether a row is one of those in which the header is looked for.
func (o Options) mayBeHeader(row *tableRow) bool {
	if at := o.headerRow(); at > 0 {
		return row.Row == at || row.Row == 1 && quarantined(row.Cells)
	}
	return row.Row <= headerDepth
}

func noSuchHeader(name string, o Options) error {
	return &MappingError{File: name, HeaderRow: o.headerRow()}
}

// checkMapping returns what is wrong with the mapping, or beside it.
func (o Options) checkMapping() error {
	m := o.Mapping
	if o.Currency != "" && len(m.Rates) > 0 {
		return fmt.Errorf("%w: Currency beside Mapping.Rates: keep the rows of one currency, or convert all", ErrOptions)
	}
	if o.Currency != "" && m.Currency != "" && currencyCode(o.Currency) != currencyCode(m.Currency) {
		return fmt.Errorf("%w: Currency = %s beside Mapping.Currency = %s", ErrOptions, o.Currency, m.Currency)
	}
	return m.check()
}

// checkFormat returns an error if the mapping is for files of another format.
func (o Options) checkFormat(name, format string) error {
	if o.Mapping == nil || o.Mapping.Format == "" || o.Mapping.Format == format {
		return nil
	}
	return &FormatError{name, "not as mapped", 0, fmt.Sprintf("this is %s, the mapping is for %s; export it so, or leave Format out of the mapping", format, o.Mapping.Format)}
}
