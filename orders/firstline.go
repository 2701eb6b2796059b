package orders

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// headRoles are what belongs to an order as a whole.
var headRoles = []Role{RoleOrder, RoleDate, RoleCustomer, RoleCustomerName, RoleSalesperson, RoleChannel, RoleOrganisation,
	RoleCurrency, RoleStatus, RoleType, RoleBase, RoleSince, RoleLead, RoleRepeatFlag}

// wholeOrder is what is kept of an order whose head stands on its first row
// only, until its lines are known: they share what the order says of all of them.
type wholeOrder struct {
	order  int   // column of the order's id
	heads  []int // columns that the first row fills for the others
	total  bool  // the column of the revenue is of the order as a whole
	refund numberColumn

	first    tableRow // the order's first row
	open     bool
	filled   [][]byte // the cells of a row, the blank ones filled
	lines    []record
	rejected bool       // one of its lines was
	revenue  NullAmount // of the order, as it says
	refunded Amount

	discounts, refunds, odd tallied
}

// tallied counts orders and adds up money.
type tallied struct {
	n     int64
	money Amount
}

func (t *tallied) add(money Amount) {
	t.n++
	t.money += money
}

// newWholeOrder returns nil unless the shape asks for it.
func newWholeOrder(l *layout) *wholeOrder {
	order, ok := l.column[RoleOrder]
	if l.Shape != ShapeFirstLine || !ok {
		return nil
	}
	w := &wholeOrder{order: order, total: l.orderTotal, refund: numberColumn{-1, '.'}}
	for _, role := range headRoles {
		if i, ok := l.column[role]; ok {
			w.heads = append(w.heads, i)
		}
		w.heads = append(w.heads, l.more[role]...)
	}
	if i, ok := l.column[RoleRefund]; ok {
		w.refund = numberColumn{i, l.decimal[RoleRefund]}
	}
	return w
}

// complete returns the cells of a row with what its order says in the first
// one, and hands on the order before if the row begins another.
func (r *rowReader) complete(cells [][]byte) ([][]byte, error) {
	w := r.order
	if total, _ := r.isTotal(cells); total || blank(cells) || w.order >= len(cells) {
		return cells, r.closeOrder()
	}
	id := cell.Trim(cells[w.order])
	if w.open && (len(id) == 0 || bytes.Equal(id, cell.Trim(w.first.Cells[w.order]))) {
		w.filled = append(w.filled[:0], cells...)
		for _, i := range w.heads {
			if i < len(cells) && len(cell.Trim(cells[i])) == 0 {
				w.filled[i] = w.first.Cells[i]
				if i < len(r.at.kinds) && i < len(w.first.kinds) {
					r.at.kinds[i] = w.first.kinds[i]
				}
			}
		}
		return w.filled, nil
	}
	if err := r.closeOrder(); err != nil {
		return nil, err
	}
	w.first, w.open = r.at.clone(), true
	for len(w.first.Cells) < r.need {
		w.first.Cells = append(w.first.Cells, nil)
	}
	w.revenue, w.refunded = NullAmount{}, 0
	if w.total {
		if n, none, f := r.number(cells, r.col.orderRevenue); f.reason == "" && !none {
			if n, f = r.exchange(n, r.col.orderRevenue.column); f.reason == "" {
				w.revenue = Known(Amount(n.Units))
			}
		}
	}
	if !w.refund.absent() {
		if n, none, f := r.number(cells, w.refund); f.reason == "" && !none {
			if n, f = r.exchange(n, w.refund.column); f.reason == "" {
				w.refunded = Amount(n.Units).Abs()
			}
		}
	}
	return cells, nil
}

// keep holds a line back until its order is known.
func (w *wholeOrder) keep(r *record) {
	w.lines = append(w.lines, r.clone())
}

// clone returns a record that borrows nothing.
func (r *record) clone() record {
	c := *r
	for _, text := range c.texts() {
		*text = bytes.Clone(*text)
	}
	c.raw = bytes.Clone(r.raw)
	return c
}

// closeOrder hands on the lines of the order, which share its discount and its
// refund in proportion to their amounts.
func (r *rowReader) closeOrder() error {
	w := r.order
	if w == nil || !w.open {
		return nil
	}
	w.open = false
	w.share()
	for i := range w.lines {
		if err := r.in.sink.add(&w.lines[i]); err != nil {
			return err
		}
	}
	w.lines, w.rejected = w.lines[:0], false
	return nil
}

// share brings the lines to what the order is worth: its own revenue, which is
// less than theirs by the discounts on the order, less what was refunded, but
// never less than nothing: the rest of a refund is of delivery and taxes.
func (w *wholeOrder) share() {
	if len(w.lines) == 0 {
		return
	}
	var sum Amount
	weights := make([]Amount, len(w.lines))
	for i := range w.lines {
		weights[i] = w.lines[i].revenue
		sum += weights[i]
	}
	net := sum
	cents := Amount(len(w.lines)) * One / 100 // what rounding each line may come to
	switch {
	case !w.revenue.Known || w.revenue.Amount == sum:
	case w.rejected || sum <= 0 || w.revenue.Amount < 0 || w.revenue.Amount > sum+cents:
		w.odd.add(w.revenue.Amount - sum)
	default:
		net = w.revenue.Amount
		w.discounts.add(sum - net)
	}
	if back := min(w.refunded, net); back > 0 {
		net -= back
		w.refunds.add(back)
	}
	if net == sum || slices.ContainsFunc(weights, func(a Amount) bool { return a < 0 }) {
		return
	}
	unit := One / 100
	if net%unit != 0 || sum%unit != 0 {
		unit = 1
	}
	for i, part := range net.Split(unit, weights) {
		w.lines[i].revenue = part
	}
}

// warn says what was done with what belongs to whole orders.
func (w *wholeOrder) warn(to sink, file string) {
	for _, c := range []struct {
		code, text string
		t          tallied
	}{
		{"order_discounts", "%s: %d orders cost %s less than their lines: the discount on an order is shared by its lines in proportion to their amounts; delivery and taxes of an order are not revenue", w.discounts},
		{"order_refunds", "%s: %d orders were refunded, %s in all without delivery and taxes: it is taken off the lines of the order in proportion, on the order's own day, for the export does not say when", w.refunds},
		{"order_totals", "%s: %d orders say another revenue than their lines, by %s in all: the lines count", w.odd},
	} {
		if c.t.n > 0 {
			to.warn(Warning{Code: c.code, Count: c.t.n, Amount: c.t.money, Text: fmt.Sprintf(c.text, file, c.t.n, c.t.money)})
		}
	}
}

// orderRows counts how the rows of orders of several are written.
type orderRows struct {
	rows, more     int // of orders, and those of them that are not the first of theirs
	bare           int // of more: much of what the first row says of the order is blank
	own            int // of more: the row has an amount of its own
	same           int // of own: it is the amount of the first row
	product, other int // rows whose amount is, and is not, quantity × price
}

// findShape finds out how the rows make orders, once the columns are known.
func (d *detector) findShape() {
	order, ok := d.column[RoleOrder]
	switch {
	case d.report != nil:
		return
	case d.o.shape() != "":
		d.Shape, d.Evidence = d.o.shape(), "by the mapping"
		if d.Shape != ShapeFirstLine || !ok {
			return
		}
	case !ok:
		return
	}
	c := d.countRows(order)
	_, product := d.column[RoleProduct]
	_, status := d.column[RoleStatus]
	switch {
	case d.Shape == ShapeFirstLine:
	case c.more == 0 && !product:
		d.Shape, d.Evidence = ShapeHeaders, "no order has two rows, and no column names a product"
	case c.more > 0 && 10*c.bare >= 9*c.more:
		d.Shape = ShapeFirstLine
		d.Evidence = fmt.Sprintf("%d of %d rows that go on with the order above leave what it says of itself blank", c.bare, c.more)
	case c.more > 0 && product && status:
		d.Shape = ShapeRepeated
		d.Evidence = fmt.Sprintf("%d of %d rows repeat the order of the row above", c.more, c.rows)
	}
	switch d.Shape {
	case ShapeFirstLine:
		d.useLines(10*c.own <= c.more)
	case ShapeRepeated:
		d.checkRepeated(c)
	}
}

// dropRefund forgets the column of refunds where it would be read on every row
// of an order.
func (d *detector) dropRefund() error {
	i, ok := d.column[RoleRefund]
	if !ok || d.Shape == ShapeFirstLine {
		return nil
	}
	if d.Columns[i].Evidence != "known header" {
		return fmt.Errorf("%w: %s: %q is to be %s, which only an export with the order on its first line has (Mapping.Shape %q)",
			ErrColumn, d.File, d.header.names[i], RoleRefund, ShapeFirstLine)
	}
	d.Columns[i] = Column{Number: d.Columns[i].Number, Header: d.Columns[i].Header}
	delete(d.column, RoleRefund)
	d.warn("refunds_ignored", "%s, column %d (%s): these refunds are not taken off the revenue; export the net amounts, or the refunds as rows of their own",
		d.File, i+1, d.header.names[i])
	return nil
}

// countRows looks at the rows of the sample that follow one another.
func (d *detector) countRows(order int) (c orderRows) {
	var first tableRow
	var id []byte
	get := func(row *tableRow, role Role) []byte {
		if i, ok := d.column[role]; ok && i < len(row.Cells) {
			return cell.Trim(row.Cells[i])
		}
		return nil
	}
	for row := range d.sample {
		if row.Row <= d.headerEnd() || row.Fault != delimited.NoFault || blank(row.Cells) || order >= len(row.Cells) {
			continue
		}
		if total, _ := totalIn(row.Cells, -1); total {
			continue
		}
		c.rows++
		now := cell.Trim(row.Cells[order])
		blanks := 0
		for _, role := range append(slices.Clone(headRoles), RoleRevenue) {
			if len(get(&first, role)) > 0 && len(get(row, role)) == 0 {
				blanks++
			}
		}
		if len(now) == 0 && (len(get(row, RoleDate)) > 0 || blanks < 3) { // a row whose order is not known
			continue
		}
		if len(id) == 0 || len(now) > 0 && !bytes.Equal(now, id) {
			first, id = row.clone(), bytes.Clone(now)
			continue
		}
		c.more++
		if blanks >= 2 { // one may be blank by chance
			c.bare++
		}
		if revenue := get(row, RoleRevenue); len(revenue) > 0 {
			c.own++
			if bytes.Equal(revenue, get(&first, RoleRevenue)) && !bytes.Equal(get(row, RoleProduct), get(&first, RoleProduct)) {
				c.same++
			}
			q, ok1 := d.value(row, RoleQuantity)
			p, ok2 := d.value(row, RolePrice)
			r, ok3 := d.value(row, RoleRevenue)
			if product, err := cell.Mul(q, p); ok1 && ok2 && ok3 && err == nil {
				if product.Units == r.Units {
					c.product++
				} else {
					c.other++
				}
			}
		}
	}
	return c
}

// value reads a number of a row of the sample.
func (d *detector) value(row *tableRow, role Role) (n cell.Number, ok bool) {
	i, ok := d.column[role]
	if !ok || i >= len(row.Cells) {
		return n, false
	}
	mark := cmp.Or(d.decimal[role], '.')
	if row.kind(i) == numberCell {
		mark = '.'
	}
	n, err := cell.ParseNumber(cell.Trim(row.Cells[i]), mark)
	return n, err == nil
}

// useLines makes quantity × price the revenue of the lines, if the column of
// the revenue is of the whole order: it is blank below the first row.
func (d *detector) useLines(blankBelow bool) {
	revenue, ok := d.column[RoleRevenue]
	_, quantity := d.column[RoleQuantity]
	_, price := d.column[RolePrice]
	if !ok || !quantity || !price || !blankBelow {
		return
	}
	d.orderTotal = true
	c := &d.Columns[revenue]
	c.Evidence += "; of the order as a whole: its lines are quantity × price, and share the difference"
}

// checkRepeated warns if the amounts of orders of several rows look like those
// of the whole order.
func (d *detector) checkRepeated(c orderRows) {
	revenue, ok := d.column[RoleRevenue]
	if !ok {
		return
	}
	name := d.header.names[revenue]
	switch {
	case c.product > 0 && 10*c.product >= 9*(c.product+c.other):
		d.Evidence += fmt.Sprintf("; %q is the row's own amount: it is quantity × price", name)
	case c.own > 0 && 10*c.same >= 9*c.own && c.product+c.other > 0:
		d.Evidence += fmt.Sprintf("; %q is the order's, repeated: the row's own amount is quantity × price", name)
		d.Columns[revenue] = Column{Number: d.Columns[revenue].Number, Header: name}
		delete(d.column, RoleRevenue)
	case c.own > 0 && 10*c.same >= 9*c.own:
		d.warn("order_total_repeated", "%s, column %d (%s): %d rows repeat the amount of the order's first row for other products: if it is the amount of the whole order it is counted several times; %s",
			d.File, d.header.number(revenue), name, c.same, howToSet(RoleRevenue))
	default:
		d.Evidence += fmt.Sprintf("; %q differs from row to row of an order, so it is the row's own amount", name)
	}
}
