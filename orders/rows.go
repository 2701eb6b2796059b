package orders

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// columnOf holds the columns of all roles, from 0; −1: the export has none.
type columnOf struct {
	date, since, lead                              int
	revenue, quantity, price, cogs, profit, direct numberColumn
	currency, status, kind                         int
	orderRevenue                                   numberColumn // of the order as a whole
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
	more   []int // columns to read where it is blank, in this order
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
	at    *tableRow // the row being read
	col   columnOf
	texts []textColumn
	need  int  // cells that a row should have: up to the last column with a name
	least int  // cells that it must have: up to the last column that a sale needs
	check bool // that the text is valid
	plain bool // most rows can be read by readPlain

	longest int // bytes of a cell

	rec   record
	rests [6]int64 // of the numbers of the row that had to be rounded, in 10⁻⁹ units
	n     int      // how many
	drift residue
	loose bool  // somebody else hands out what rounding adds up to
	cells int64 // rounded so far, if loose

	date, since, lead  dateCache
	won, lost, returns wordCache
	stated             NullAmount
	statedRow          int64 // the row that stated is from
	bin                *bin  // for rejected rows; nil before the first
	notices            notices
	joined             []byte      // the cells of a row of a sheet
	order              *wholeOrder // nil: every row says all that belongs to its order
	whole              [][]byte    // a short row's cells, and blank ones
	rate               Amount      // what a unit of the row's currency is worth
	rows               int64       // the limit
}

func newRowReader(in *intake, l *layout) *rowReader {
	r := &rowReader{in: in, l: l, longest: in.o.Limits.withDefaults().CellBytes, rows: in.o.Limits.withDefaults().Rows, check: l.Encoding == "utf-8" || l.Format == "xlsx"}
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
	if l.orderTotal {
		r.col.revenue, r.col.orderRevenue = numberColumn{-1, 0}, r.col.revenue
	}
	r.order = newWholeOrder(l)
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
			r.texts = append(r.texts, textColumn{i, t.field, l.more[t.role]})
		}
	}
	for i, name := range l.header.names {
		if name != "" && !slices.Contains(quarantineColumns, name) {
			r.need = i + 1
		}
	}
	for _, role := range neededRoles {
		r.least = max(r.least, of(role)+1)
	}
	r.date.format, r.since.format, r.lead.format = l.dates[RoleDate], l.dates[RoleSince], l.dates[RoleLead]
	if zone, err := time.LoadLocation(l.Zone); err == nil && l.Zone != "" { // the mapping was checked
		r.date.zone, r.since.zone, r.lead.zone = zone, zone, zone
	}
	r.won.words, r.lost.words, r.returns.words = l.Statuses.Won, l.Statuses.Lost, l.Returns
	r.plain = r.isPlain()
	return r
}

// row reads the record at which the reader stands.
func (r *rowReader) row(at *tableRow) error {
	if r.plain && r.readPlain(at) {
		return r.in.sink.add(&r.rec)
	}
	r.at, r.rate = at, r.l.base
	cells := at.Cells
	if at.Row > r.rows {
		return tooLarge(r.l.File, at.Row, "rows", r.rows, "Rows")
	}
	if at.Fault != delimited.NoFault {
		return r.badQuote()
	}
	if n := len(cells); n < r.need || n > len(r.l.header.names) {
		var aside bool
		var err error
		if cells, aside, err = r.misfit(cells); aside || err != nil {
			return err
		}
	}
	if !at.isText() || len(at.Raw) > r.longest {
		if f := r.longCell(cells); f.reason != "" {
			return r.reject(cells, f)
		}
	}
	r.notices.lookForLostLetters(at)
	if r.check && !at.valid() {
		return r.reject(cells, r.badText(cells))
	}
	if r.order != nil {
		var err error
		if cells, err = r.complete(cells); err != nil {
			return err
		}
	}
	if at.group {
		r.in.sink.skip(GroupRow, r.sum(cells).Amount)
		return nil
	}
	if at.errors {
		if f := r.errorCell(); f.reason != "" {
			return r.reject(cells, f)
		}
	}
	r.rate = r.rateOf(cells)
	if r.open(cells) { // before the date, of which it may have none yet, or one to come
		if !r.aside(cells) {
			r.in.sink.skip(NotWon, r.money(cells))
		}
		return nil
	}
	day, err := r.date.parse(cell.Trim(cells[r.col.date]), at.kind(r.col.date))
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
		for _, i := range t.more {
			if len(*t.field) == 0 {
				*t.field = cell.Trim(cells[i])
			}
		}
	}
	if hasPrefix(r.rec.order, r.l.ReturnOrders) {
		r.rec.takeBack()
	}
	r.rec.cancelled = r.rec.cancelled || hasPrefix(r.rec.order, r.l.CancelOrders)
	for _, rest := range r.rests[:r.n] {
		r.roundOff(1, rest)
	}
	r.rec.raw = r.wholeRow()
	if r.order != nil {
		r.order.keep(&r.rec)
		return nil
	}
	return r.in.sink.add(&r.rec)
}

// wholeRow returns what tells the row from others: as it stands in the text,
// the cells of a sheet, nothing for one of several lines that a row is.
func (r *rowReader) wholeRow() []byte {
	switch {
	case r.at.columns != nil:
		return nil
	case r.at.kinds == nil:
		return r.at.Raw
	}
	r.joined = r.joined[:0]
	for _, c := range r.at.Cells {
		r.joined = append(append(r.joined, c...), 0)
	}
	return r.joined
}

// roundOff notes that so many cells were rounded, by so much in all.
func (r *rowReader) roundOff(cells, rest int64) {
	if r.loose {
		r.cells += cells
		r.drift.sum += rest
		return
	}
	r.in.sink.rounded(cells, r.drift.next(rest))
}

// end hands over the file's own total, and what there was to notice in the file
// as a whole.
func (r *rowReader) end() error {
	if r.order != nil {
		if err := r.closeOrder(); err != nil {
			return err
		}
		r.order.warn(r.in.sink, r.l.File)
	}
	if r.stated.Known {
		r.in.sink.stated(r.stated.Amount)
	}
	r.notices.warn(r.in.sink, r.l.File)
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
		if n, f = r.exchange(n, r.col.direct.column); f.reason != "" {
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
		if f.reason == "" && !none {
			n, f = r.exchange(n, c.revenue.column)
		}
		if f.reason != "" || !none {
			r.roundOther(q)
			return n, Amount(q.Units), f
		}
	}
	if n, none, f := r.costAndProfit(cells); f.reason != "" || !none {
		r.roundOther(q)
		return n, Amount(q.Units), f
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
	revenue, f = r.exchange(revenue, c.price.column)
	r.roundOther(q)
	return revenue, Amount(q.Units), f
}

// costAndProfit returns the revenue of a row of a report that gives its two
// parts instead, as 1C does by customers; quantity × price would lose what the
// price, an average, was rounded by. Elsewhere the cost may be that of one
// piece, and none is returned.
func (r *rowReader) costAndProfit(cells [][]byte) (revenue cell.Number, none bool, f fault) {
	c := &r.col
	if r.l.Shape != ShapeGrouped || !c.revenue.absent() || c.cogs.absent() || c.profit.absent() {
		return revenue, true, f
	}
	cost, noCost, f := r.number(cells, c.cogs)
	if f.reason != "" {
		return cost, false, f
	}
	profit, noProfit, f := r.number(cells, c.profit)
	if f.reason != "" || noCost && noProfit {
		return profit, true, f
	}
	sum := cost.Units + profit.Units
	if (sum > cost.Units) != (profit.Units > 0) {
		return revenue, false, fault{NumberRange, c.profit.column, "cost and profit are more than an amount holds"}
	}
	revenue, f = r.exchange(cell.Number{Units: sum}, c.profit.column)
	return revenue, false, f
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
			n, f = r.exchange(n, r.col.cogs.column)
			rec.cogs = Known(Amount(n.Units))
			r.roundOther(n)
			return f
		}
	}
	if r.col.profit.absent() {
		return fault{}
	}
	n, none, f := r.number(cells, r.col.profit)
	if f.reason != "" || none {
		return f
	}
	if n, f = r.exchange(n, r.col.profit.column); f.reason != "" {
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
	if noNumber(b) {
		return n, true, f
	}
	decimal := c.decimal
	switch r.at.kind(c.column) {
	case numberCell:
		decimal = '.'
	case percentCell:
		return n, false, fault{BadNumber, c.column, "a percentage where a number should be"}
	case dateCell:
		return n, false, fault{BadNumber, c.column, "a date where a number should be"}
	}
	n, err := cell.ParseNumber(b, decimal)
	switch {
	case err == nil && n.Rest != 0 && r.in.o.Strict:
		f = fault{NumberRange, c.column, "more than four decimal places"}
	case errors.Is(err, cell.ErrRange):
		f = fault{NumberRange, c.column, "a number larger than an amount holds"}
	case err == cell.ErrPercent:
		f = fault{BadNumber, c.column, "a percentage, not an amount"}
	case err != nil:
		f = fault{BadNumber, c.column, fmt.Sprintf("not a number whose decimal mark is %q", c.decimal)}
	}
	return n, false, f
}

// noNumber reports whether a cell is blank, or a dash, as some systems write it.
func noNumber(b []byte) bool {
	return len(b) == 0 || string(b) == "-" || string(b) == "—" || string(b) == "–"
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
		if cell.NoDate(b) {
			continue
		}
		day, err := d.cache.parse(b, r.at.kind(d.column))
		if errors.Is(err, cell.ErrSyntax) {
			return r.badDate(cells, d.column, d.cache.format, err)
		}
		*d.field = day // a year that no business has is how many systems write "none"
	}
	rec.cancelled = c.status >= 0 && r.lost.has(cell.Trim(cells[c.status]))
	if c.kind >= 0 && r.returns.has(cell.Trim(cells[c.kind])) {
		rec.takeBack()
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
	zone   *time.Location // in which times that say theirs are; nil: they stay as they are
	text   [32]byte
	n      int
	day    Date
}

func (c *dateCache) parse(b []byte, kind cellKind) (Date, error) {
	if c.n > 0 && string(b) == string(c.text[:c.n]) {
		return c.day, nil
	}
	format := c.format
	if kind == dateCell { // written by the reader of the sheet
		format = cell.DateFormat{}
	}
	m, err := cell.ParseMoment(b, format)
	if err != nil {
		return 0, err
	}
	c.n, c.day = 0, unixEpoch+Date(m.Day)
	if m.Zoned && c.zone != nil {
		c.day = DateOf(time.Unix(int64(m.Day)*86_400+int64(m.Second-m.Offset), 0).In(c.zone))
	}
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
