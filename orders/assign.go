package orders

import (
	"fmt"
	"iter"
	"slices"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// detector finds the roles and formats of the columns.
type detector struct {
	*layout
	o        Options
	sample   iter.Seq[*tableRow]
	meanings map[Role][]meaning
	rows     int                    // looked at
	filled   []int                  // rows in which a column holds something
	widest   int                    // cells of the longest row
	long     bool                   // some row holds something behind the last column of the header
	seen     map[int]*cell.Dates    // of the columns that may hold dates
	numbers  map[int]*cell.Numbers  // of those that may hold numbers
	days     map[int]int            // how many cells of a sheet are dates
	values   map[int]int            // how many are numbers
	taken    map[int]bool           // columns that have a role
	fixed    map[Role]MappedColumn  // what the mapping says of the columns of roles
	states   map[int]map[string]int // what the columns that may hold a status say, and how often

	ambiguous *AmbiguityError // the first that was found
}

// The roles whose columns must hold dates or numbers.
var (
	dateRoles   = []Role{RoleDate, RoleSince, RoleLead}
	numberRoles = []Role{RoleRevenue, RoleQuantity, RolePrice, RoleCOGS, RoleProfit, RoleDirect, RoleRefund}
	otherRoles  = []Role{RoleOrder, RoleBase, RoleGroup, RoleSalesperson, RoleChannel, RoleOrganisation, RoleCurrency, RoleStatus, RoleType, RoleRepeatFlag}
	pairRoles   = []struct{ id, name Role }{{RoleCustomer, RoleCustomerName}, {RoleProduct, RoleProductName}}
)

func (d *detector) run() error {
	if limit := d.o.Limits.withDefaults().Columns; len(d.header.names) > limit {
		return tooLarge(d.File, d.HeaderRow, "columns", int64(limit), "Columns")
	}
	d.taken = map[int]bool{}
	for i, name := range d.header.names {
		d.Columns = append(d.Columns, Column{Number: d.header.number(i), Header: name})
	}
	d.fixed = map[Role]MappedColumn{}
	if err := d.assignGiven(); err != nil {
		return err
	}
	if d.o.mapped() {
		if err := d.assignMapped(); err != nil {
			return err
		}
	}
	d.collect()
	if !d.o.mapped() {
		d.assignFound()
	}
	for i, note := range d.header.notes {
		if c := &d.Columns[i]; note != "" && c.Role != "" {
			c.Evidence = note
		}
	}
	for _, role := range dateRoles {
		d.chooseDates(role)
	}
	d.chooseDecimals()
	d.findCurrency()
	if err := d.findPolicies(); err != nil {
		return err
	}
	d.warnOfScale()
	d.findShape()
	if err := d.dropRefund(); err != nil {
		return err
	}
	if err := d.check(); err != nil {
		return err
	}
	if d.ambiguous != nil {
		return d.ambiguous
	}
	return nil
}

// assignShopify gives the role of the order to what Shopify calls it.
func (d *detector) assignShopify() {
	_, given := d.column[RoleOrder]
	names := d.header.find("Name")
	if !given && len(names) == 1 && d.header.find("Lineitem name") != nil {
		d.give(RoleOrder, names[0], "what Shopify calls the order")
	}
}

// assignFound gives the roles that nobody gave by what the columns are called and hold.
func (d *detector) assignFound() {
	d.assignShopify()
	for _, role := range dateRoles {
		d.assign(role, func(column int) (int, int) { return d.seen[column].Seen + d.days[column], d.seen[column].Bad })
	}
	for _, role := range numberRoles {
		d.assign(role, func(column int) (int, int) { return d.numbers[column].Seen + d.values[column], d.numbers[column].Bad })
	}
	for _, pair := range pairRoles {
		d.assignPair(pair.id, pair.name)
	}
	for _, role := range otherRoles {
		d.assign(role, nil)
	}
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
			column, evidence := d.onlyFilled(found)
			if column < 0 {
				return fmt.Errorf("%w: %s: %d columns are named %q, which is to be %s: %s; name one of them %q",
					ErrColumn, d.File, len(found), d.o.Columns[role], role, evidence, d.o.Columns[role]+"#2")
			}
			d.give(role, column, "named by the caller; "+evidence)
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
		c.Also = append(c.Also, role)
	} else {
		c.Role = role
	}
	c.Evidence = evidence
}

// collect looks at the cells of all columns that may hold dates or numbers.
func (d *detector) collect() {
	d.days, d.values = map[int]int{}, map[int]int{}
	d.filled = make([]int, len(d.header.names))
	d.seen, d.numbers, d.states = map[int]*cell.Dates{}, map[int]*cell.Numbers{}, map[int]map[string]int{}
	for _, i := range d.columnsOf(RoleStatus) {
		d.states[i] = map[string]int{}
	}
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
	for row := range d.sample {
		if row.Fault == delimited.NoFault && (row.Row == 0 || row.Row > d.headerEnd()) {
			d.look(row)
		}
	}
	d.countEmpty()
	for i := range d.Columns {
		d.Columns[i].Filled = float64(d.filled[i]) / float64(max(d.rows, 1))
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

// look looks at a row of data.
func (d *detector) look(row *tableRow) {
	d.rows++
	d.widest = max(d.widest, len(row.Cells))
	d.long = d.long || len(row.Cells) > len(d.filled) && !blank(row.Cells[len(d.filled):])
	for i, c := range row.Cells[:min(len(row.Cells), len(d.filled))] {
		if len(c) > 0 && len(cell.Trim(c)) > 0 {
			d.filled[i]++
		}
	}
	for i, s := range d.seen {
		switch {
		case i >= len(row.Cells):
		case row.kind(i) == dateCell:
			d.days[i]++
		default:
			s.Add(cell.Trim(row.Cells[i]))
		}
	}
	for i, s := range d.numbers {
		if i >= len(row.Cells) {
			continue
		}
		switch row.kind(i) {
		case numberCell:
			d.values[i]++
		case percentCell, dateCell:
			s.Seen++
			s.Bad++
		default:
			s.Add(cell.Trim(row.Cells[i]))
		}
	}
	d.lookAtStates(row)
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
	column, evidence := d.fullest(free[best].column, free)
	d.give(role, column, "known header"+evidence)
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
		column, evidence := d.fullest(ids[0].column, ids)
		d.give(id, column, "known header"+evidence)
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
