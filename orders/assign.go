package orders

import (
	"fmt"
	"slices"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// detector finds the roles and formats of the columns.
type detector struct {
	*layout
	o        Options
	sample   sample // as UTF-8
	meanings map[Role][]meaning
	rows     int                   // looked at
	seen     map[int]*cell.Dates   // of the columns that may hold dates
	numbers  map[int]*cell.Numbers // of those that may hold numbers
	taken    map[int]bool          // columns that have a role
}

// The roles whose columns must hold dates or numbers.
var (
	dateRoles   = []Role{RoleDate, RoleSince, RoleLead}
	numberRoles = []Role{RoleRevenue, RoleQuantity, RolePrice, RoleCOGS, RoleProfit, RoleDirect}
	otherRoles  = []Role{RoleOrder, RoleBase, RoleGroup, RoleSalesperson, RoleChannel, RoleOrganisation, RoleCurrency, RoleStatus, RoleType, RoleRepeatFlag}
	pairRoles   = []struct{ id, name Role }{{RoleCustomer, RoleCustomerName}, {RoleProduct, RoleProductName}}
)

func (d *detector) run() error {
	d.taken = map[int]bool{}
	for i, name := range d.header.names {
		d.Columns = append(d.Columns, Column{Number: i + 1, Header: name})
	}
	if err := d.assignGiven(); err != nil {
		return err
	}
	d.collect()
	for _, role := range dateRoles {
		d.assign(role, func(column int) (int, int) { return d.seen[column].Seen, d.seen[column].Bad })
	}
	for _, role := range numberRoles {
		d.assign(role, func(column int) (int, int) { return d.numbers[column].Seen, d.numbers[column].Bad })
	}
	for _, pair := range pairRoles {
		d.assignPair(pair.id, pair.name)
	}
	for _, role := range otherRoles {
		d.assign(role, nil)
	}
	for _, role := range dateRoles {
		d.chooseDates(role)
	}
	d.chooseDecimals()
	d.findCurrency()
	d.warnOfScale()
	return d.check()
}

// assignGiven gives columns the roles that the caller names.
func (d *detector) assignGiven() error {
	roles := make([]Role, 0, len(d.o.Columns))
	for role := range d.o.Columns {
		roles = append(roles, role)
	}
	slices.Sort(roles)
	for _, role := range roles {
		if !knownRole(role) {
			return fmt.Errorf("%w: Columns has the role %q, which there is not", ErrOptions, string(role))
		}
		found := d.header.find(d.o.Columns[role])
		switch len(found) {
		case 0:
			return fmt.Errorf("%w: %s has no column %q for %s; row %d has %s",
				ErrColumn, d.File, d.o.Columns[role], role, d.HeaderRow, d.header.list())
		case 1:
			d.give(role, found[0], "named by the caller")
		default:
			return fmt.Errorf("%w: %s: %d columns are named %q, which is to be %s; rename one of them",
				ErrColumn, d.File, len(found), d.o.Columns[role], role)
		}
	}
	return nil
}

func knownRole(role Role) bool {
	for _, list := range [][]Role{dateRoles, numberRoles, otherRoles} {
		if slices.Contains(list, role) {
			return true
		}
	}
	for _, pair := range pairRoles {
		if role == pair.id || role == pair.name {
			return true
		}
	}
	return false
}

// give gives a column a role.
func (d *detector) give(role Role, column int, evidence string) {
	d.column[role] = column
	d.taken[column] = true
	c := &d.Columns[column]
	if c.Role != "" { // two roles by the caller's word
		evidence = c.Evidence + fmt.Sprintf("; also %s: %s", role, evidence)
	} else {
		c.Role = role
	}
	c.Evidence = evidence
}

// collect looks at the cells of all columns that may hold dates or numbers.
func (d *detector) collect() {
	d.seen, d.numbers = map[int]*cell.Dates{}, map[int]*cell.Numbers{}
	for _, role := range dateRoles {
		for _, i := range d.columnsOf(role) {
			d.seen[i] = new(cell.Dates)
		}
	}
	for _, role := range numberRoles {
		for _, i := range d.columnsOf(role) {
			d.numbers[i] = new(cell.Numbers)
		}
	}
	d.look(d.sample.head, d.HeaderRow)
	for _, lines := range d.sample.more {
		d.look(lines, 0)
	}
}

// columnsOf returns the columns that have the role or may get it.
func (d *detector) columnsOf(role Role) (columns []int) {
	if i, ok := d.column[role]; ok {
		columns = append(columns, i)
	}
	for _, m := range d.meanings[role] {
		columns = append(columns, m.column)
	}
	return columns
}

// look looks at the records of a text behind those to skip.
func (d *detector) look(text []byte, skip int64) {
	p := delimited.Parser{Comma: d.comma}
	for row := int64(1); len(text) > 0; row++ {
		n, err := p.Next(text, true)
		if err != nil {
			return
		}
		text = text[n:]
		if row <= skip || p.Fault != delimited.NoFault {
			continue
		}
		d.rows++
		for i, s := range d.seen {
			if i < len(p.Cells) {
				s.Add(cell.Trim(p.Cells[i]))
			}
		}
		for i, s := range d.numbers {
			if i < len(p.Cells) {
				s.Add(cell.Trim(p.Cells[i]))
			}
		}
	}
}

// assign gives the role to the likeliest column that is free. If count is not
// nil, it returns how many cells of the column hold something, and how many of
// those not what the role needs; a column that holds it goes before one that
// does not, whatever its name.
func (d *detector) assign(role Role, count func(column int) (seen, bad int)) {
	if _, ok := d.column[role]; ok || d.ruledOut(role) {
		return
	}
	var free []meaning
	for _, m := range d.meanings[role] {
		if !d.taken[m.column] && (m.kind != weakHeader || len(free) == 0) {
			free = append(free, m)
		}
	}
	if len(free) == 0 {
		return
	}
	best := 0
	if count != nil {
		best = bestFilled(free, d.rows, count)
	}
	d.give(role, free[best].column, "known header")
	d.alternatives(role, free)
}

// bestFilled returns which of the columns to take: the first that holds the
// right thing in at least half of its cells, and something in at least half of the rows;
// if there is none, the first that holds the right thing at all; else the first.
func bestFilled(list []meaning, rows int, count func(column int) (seen, bad int)) int {
	right := -1
	for i, m := range list {
		seen, bad := count(m.column)
		if seen == 0 || 2*bad > seen {
			continue
		}
		if 2*seen >= rows {
			return i
		}
		if right < 0 {
			right = i
		}
	}
	return max(right, 0)
}

// ruledOut reports whether the caller names what the role would make useless:
// a price is of no use beside revenue, nor is a profit beside a cost.
func (d *detector) ruledOut(role Role) bool {
	given := func(role Role) bool { _, ok := d.o.Columns[role]; return ok }
	return role == RoleRevenue && given(RolePrice) || role == RoleCOGS && given(RoleProfit)
}

// alternatives records which other columns could have had the role.
func (d *detector) alternatives(role Role, list []meaning) {
	c := &d.Columns[d.column[role]]
	for _, m := range list {
		if m.column != d.column[role] && !d.taken[m.column] {
			c.Alternatives = append(c.Alternatives, d.header.names[m.column])
		}
	}
}

// assignPair gives the roles of an id and a name. A code is an id and a text
// beside it the name; a text alone is the id.
func (d *detector) assignPair(id, label Role) {
	of := func(k headerKind) (list []meaning) {
		for _, m := range d.meanings[id] {
			if m.kind == k && !d.taken[m.column] {
				list = append(list, m)
			}
		}
		return list
	}
	codes, plains, names, weaks := of(codeHeader), of(plainHeader), of(nameHeader), of(weakHeader)
	if len(codes) == 0 && len(plains)+len(names) > 0 {
		codes = weaks
	}
	_, haveID := d.column[id]
	if !haveID {
		ids := slices.Concat(codes, plains, names)
		if len(ids) == 0 {
			return
		}
		d.give(id, ids[0].column, "known header")
	}
	if _, ok := d.column[label]; !ok {
		texts := names
		if haveID || len(codes) > 0 {
			texts = slices.Concat(plains, names)
		}
		texts = slices.DeleteFunc(slices.Clone(texts), func(m meaning) bool { return d.taken[m.column] })
		if len(texts) > 0 {
			d.give(label, texts[0].column, "known header beside a code")
		}
	}
	d.alternatives(id, slices.Concat(codes, plains, names))
}

// check returns an error if a column is missing without which there are no orders.
func (d *detector) check() error {
	has := func(role Role) bool { _, ok := d.column[role]; return ok }
	missing, role := "", Role("")
	switch {
	case !has(RoleDate):
		missing, role = "the date", RoleDate
	case !has(RoleRevenue) && !(has(RoleQuantity) && has(RolePrice)):
		missing, role = "revenue, nor for quantity and price", RoleRevenue
	}
	if missing != "" {
		return fmt.Errorf("%w: %s: there is none for %s; the header, row %d, has %s; %s",
			ErrColumn, d.File, missing, d.HeaderRow, d.header.list(), howToSet(role))
	}
	if !has(RoleCustomer) && !has(RoleCustomerName) {
		d.warn("no_customer_column", "%s: no column for the customer was found, so every row is anonymous; %s", d.File, howToSet(RoleCustomer))
	}
	return nil
}
