package orders

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// columnOf holds the columns of all roles, from 0; −1: the export has none.
type columnOf struct {
	date, since, lead                              int
	revenue, quantity, price, cogs, profit, direct numberColumn
	currency, status, kind                         int
}

// numberColumn is a column of numbers and their decimal mark.
type numberColumn struct {
	column  int
	decimal byte
}

func (c numberColumn) absent() bool { return c.column < 0 }

// textColumn is a column whose cells go into a record as they are.
type textColumn struct {
	column int
	field  *[]byte
}

// fault says why a row is rejected; the zero fault is none.
type fault struct {
	reason Reason
	column int // from 0; −1: the row as a whole
	text   string
}

// rowReader turns the records of one export into order lines. All it keeps
// from one row to the next are caches and the file's own total.
type rowReader struct {
	in    *intake
	l     *layout
	at    *delimited.Reader // the row being read
	col   columnOf
	texts []textColumn
	need  int  // cells that a row must have: up to the last column with a name
	check bool // that the text is valid

	rec   record
	rests [6]int64 // of the numbers of the row that had to be rounded, in 10⁻⁹ units
	n     int      // how many
	drift residue

	date, since, lead dateCache
	lost, returns     wordCache
	stated            NullAmount
}

func newRowReader(in *intake, l *layout) *rowReader {
	r := &rowReader{in: in, l: l, check: l.Encoding == "utf-8"}
	of := func(role Role) int {
		if i, ok := l.column[role]; ok {
			return i
		}
		return -1
	}
	number := func(role Role) numberColumn { return numberColumn{of(role), l.decimal[role]} }
	r.col = columnOf{
		date: of(RoleDate), since: of(RoleSince), lead: of(RoleLead),
		revenue: number(RoleRevenue), quantity: number(RoleQuantity), price: number(RolePrice),
		cogs: number(RoleCOGS), profit: number(RoleProfit), direct: number(RoleDirect),
		currency: of(RoleCurrency), status: of(RoleStatus), kind: of(RoleType),
	}
	rec := &r.rec
	for _, t := range []struct {
		role  Role
		field *[]byte
	}{
		{RoleOrganisation, &rec.organisation}, {RoleCustomer, &rec.customer}, {RoleCustomerName, &rec.customerName},
		{RoleOrder, &rec.order}, {RoleBase, &rec.base},
		{RoleProduct, &rec.product}, {RoleProductName, &rec.productName}, {RoleGroup, &rec.group},
		{RoleSalesperson, &rec.salesperson}, {RoleChannel, &rec.channel}, {RoleRepeatFlag, &rec.repeatFlag},
	} {
		if i := of(t.role); i >= 0 {
			r.texts = append(r.texts, textColumn{i, t.field})
		}
	}
	for i, name := range l.header.names {
		if name != "" {
			r.need = i + 1
		}
	}
	r.date.format, r.since.format, r.lead.format = l.dates[RoleDate], l.dates[RoleSince], l.dates[RoleLead]
	r.lost.words, r.returns.words = lostWords, returnWords
	return r
}

// row reads the record at which the reader stands.
func (r *rowReader) row(at *delimited.Reader) error {
	r.at = at
	cells := at.Cells
	if at.Fault != delimited.NoFault {
		return r.badQuote()
	}
	if n := len(cells); n < r.need || n > len(r.l.header.names) {
		if aside, err := r.misfit(cells); aside || err != nil {
			return err
		}
	}
	if r.check && !utf8.Valid(at.Raw) {
		return r.reject(cells, r.badText(cells))
	}
	day, err := r.date.parse(cell.Trim(cells[r.col.date]))
	if err != nil {
		if r.aside(cells) {
			return nil
		}
		return r.reject(cells, r.badDate(cells, r.col.date, r.date.format, err))
	}
	r.rec.date = day
	if r.col.currency >= 0 {
		if other, err := r.otherCurrency(cells); other || err != nil {
			return err
		}
	}
	if f := r.numbers(cells); f.reason != "" {
		return r.reject(cells, f)
	}
	if f := r.marks(cells); f.reason != "" {
		return r.reject(cells, f)
	}
	r.rec.customer, r.rec.product = nil, nil // where there is only a name the builder puts it there
	for _, t := range r.texts {
		*t.field = cell.Trim(cells[t.column])
	}
	for _, rest := range r.rests[:r.n] {
		r.in.sink.rounded(r.drift.next(rest))
	}
	return r.in.sink.add(&r.rec)
}

// end hands over the file's own total.
func (r *rowReader) end() error {
	if r.stated.Known {
		r.in.sink.stated(r.stated.Amount)
	}
	return nil
}

// numbers reads the amounts of a row into the record.
func (r *rowReader) numbers(cells [][]byte) fault {
	rec := &r.rec
	rec.cogs = NullAmount{}
	revenue, quantity, f := r.amount(cells)
	if f.reason != "" {
		return f
	}
	rec.quantity, rec.revenue = quantity, Amount(revenue.Units)
	r.round(revenue.Rest)
	if f := r.cost(cells); f.reason != "" {
		return f
	}
	rec.direct = 0
	if !r.col.direct.absent() {
		n, _, f := r.number(cells, r.col.direct)
		if f.reason != "" {
			return f
		}
		rec.direct = Amount(n.Units)
		r.roundOther(n)
	}
	return fault{}
}

// amount reads revenue, or multiplies quantity and price where there is none.
func (r *rowReader) amount(cells [][]byte) (revenue cell.Number, quantity Amount, f fault) {
	r.n = 0
	c := &r.col
	var q cell.Number
	noQuantity := true
	if !c.quantity.absent() {
		if q, noQuantity, f = r.number(cells, c.quantity); f.reason != "" {
			return q, 0, f
		}
	}
	if !c.revenue.absent() {
		n, none, f := r.number(cells, c.revenue)
		if f.reason != "" || !none {
			r.roundOther(q)
			return n, Amount(q.Units), f
		}
	}
	if c.price.absent() || noQuantity {
		return q, 0, r.noRevenue()
	}
	p, none, f := r.number(cells, c.price)
	switch {
	case f.reason != "":
		return p, 0, f
	case none:
		return p, 0, r.noRevenue()
	}
	revenue, err := cell.Mul(q, p)
	if err != nil {
		return revenue, 0, fault{NumberRange, c.price.column, "quantity × price is more than an amount holds"}
	}
	if revenue.Rest != 0 && r.in.o.Strict {
		return revenue, 0, fault{NumberRange, c.price.column, "quantity × price has more than four decimal places"}
	}
	r.roundOther(q)
	return revenue, Amount(q.Units), fault{}
}

func (r *rowReader) noRevenue() fault {
	c := &r.col
	switch {
	case c.revenue.absent():
		return fault{NoRevenue, c.price.column, "quantity or price is blank"}
	case c.quantity.absent() || c.price.absent():
		return fault{NoRevenue, c.revenue.column, "the amount is blank"}
	}
	return fault{NoRevenue, c.revenue.column, "the amount is blank, and quantity or price too"}
}

// cost reads the cost of goods, or derives it from the profit.
func (r *rowReader) cost(cells [][]byte) fault {
	rec := &r.rec
	if !r.col.cogs.absent() {
		n, none, f := r.number(cells, r.col.cogs)
		if f.reason != "" {
			return f
		}
		if !none {
			rec.cogs = Known(Amount(n.Units))
			r.roundOther(n)
			return fault{}
		}
	}
	if r.col.profit.absent() {
		return fault{}
	}
	n, none, f := r.number(cells, r.col.profit)
	if f.reason != "" || none {
		return f
	}
	profit := Amount(n.Units)
	cogs := rec.revenue - profit
	if (cogs < rec.revenue) != (profit > 0) {
		return fault{NumberRange, r.col.profit.column, "revenue less profit is more than an amount holds"}
	}
	rec.cogs = Known(cogs)
	r.roundOther(n)
	return fault{}
}

// number reads the number in a column; none says that the cell is blank, or a
// dash, as some systems write it.
func (r *rowReader) number(cells [][]byte, c numberColumn) (n cell.Number, none bool, f fault) {
	b := cell.Trim(cells[c.column])
	if len(b) == 0 || string(b) == "-" || string(b) == "—" || string(b) == "–" {
		return n, true, f
	}
	n, err := cell.ParseNumber(b, c.decimal)
	switch {
	case err == nil && n.Rest != 0 && r.in.o.Strict:
		f = fault{NumberRange, c.column, "more than four decimal places"}
	case errors.Is(err, cell.ErrRange):
		f = fault{NumberRange, c.column, "a number larger than an amount holds"}
	case err != nil:
		f = fault{BadNumber, c.column, fmt.Sprintf("not a number whose decimal mark is %q", c.decimal)}
	}
	return n, false, f
}

// round notes that the revenue was rounded, and by how much.
func (r *rowReader) round(rest int64) {
	if rest != 0 {
		r.rests[r.n] = -rest
		r.n++
	}
}

// roundOther notes that a number other than the revenue was rounded: it counts
// but has no part in the difference of the money.
func (r *rowReader) roundOther(n cell.Number) {
	if n.Rest != 0 {
		r.rests[r.n] = 0
		r.n++
	}
}

// marks reads the dates beside the date, the state and the type of the document.
func (r *rowReader) marks(cells [][]byte) fault {
	rec, c := &r.rec, &r.col
	for _, d := range []struct {
		column int
		cache  *dateCache
		field  *Date
	}{{c.since, &r.since, &rec.since}, {c.lead, &r.lead, &rec.lead}} {
		if d.column < 0 {
			continue
		}
		*d.field = 0
		b := cell.Trim(cells[d.column])
		if len(b) == 0 {
			continue
		}
		day, err := d.cache.parse(b)
		if errors.Is(err, cell.ErrSyntax) {
			return r.badDate(cells, d.column, d.cache.format, err)
		}
		*d.field = day // a year that no business has is how many systems write "none"
	}
	rec.cancelled = c.status >= 0 && r.lost.has(cell.Trim(cells[c.status]))
	if c.kind >= 0 && r.returns.has(cell.Trim(cells[c.kind])) {
		rec.quantity, rec.revenue = -rec.quantity.Abs(), -rec.revenue.Abs()
		rec.cogs.Amount = -rec.cogs.Amount.Abs()
	}
	return fault{}
}

// residue sums what rounding added, exactly to 10⁻¹³, and hands it out in
// whole units so that their sum is the sum rounded.
type residue struct {
	sum   int64 // in 10⁻⁹ units
	given Amount
}

// next returns what to hand out after a further difference, given in 10⁻⁹ units.
func (r *residue) next(diff int64) Amount {
	r.sum += diff
	whole := Amount((r.sum + 5e8) / 1e9)
	if r.sum < 0 {
		whole = Amount((r.sum - 5e8) / 1e9)
	}
	out := whole - r.given
	r.given = whole
	return out
}

// dateCache remembers the previous date of a column: exports repeat them.
type dateCache struct {
	format cell.DateFormat
	text   [32]byte
	n      int
	day    Date
}

func (c *dateCache) parse(b []byte) (Date, error) {
	if c.n > 0 && string(b) == string(c.text[:c.n]) {
		return c.day, nil
	}
	day, err := cell.ParseDate(b, c.format)
	if err != nil {
		return 0, err
	}
	c.n, c.day = 0, unixEpoch+Date(day)
	if len(b) <= len(c.text) {
		c.n = copy(c.text[:], b)
	}
	return c.day, nil
}

// wordCache remembers which texts begin with one of the words.
type wordCache struct {
	words []string
	known map[string]bool
}

func (c *wordCache) has(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	found, ok := c.known[string(b)]
	if !ok {
		if c.known == nil || len(c.known) >= 1000 {
			c.known = make(map[string]bool)
		}
		found = beginsWith(string(b), c.words)
		c.known[string(b)] = found
	}
	return found
}
