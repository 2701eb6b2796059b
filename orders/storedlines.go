package orders

import (
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
)

// errStored is what is wrong with lines that [History.Records] did not make so.
var errStored = errors.New("its lines are damaged")

// storedLines reads the lines of records that [History.Records] made, however
// their texts have been encoded since. It trusts nothing: files are damaged.
type storedLines struct {
	texts                             []storedText
	status, customerName, productName appendCell
	date, since, lead                 *array.Date32
	quantity, revenue, cogs, direct   *array.Decimal128
	anonymous                         *array.Boolean
	customerNamed, productNamed       *array.Boolean

	rec     record
	scratch []byte
}

// storedText is a column of texts that goes into a record as it is.
type storedText struct {
	cell  appendCell
	field *[]byte
}

// open makes the columns of a record ready.
func (s *storedLines) open(r arrow.Record) error {
	c := &storedColumns{byName: map[string]arrow.Array{}}
	for i, f := range r.Schema().Fields() {
		c.byName[f.Name] = r.Column(i)
	}
	rec := &s.rec
	s.texts = []storedText{
		{c.text("organisation"), &rec.organisation}, {c.text("customer"), &rec.customer},
		{c.text("order_id"), &rec.order}, {c.text("base_order_id"), &rec.base},
		{c.text("product"), &rec.product}, {c.text("product_group"), &rec.group},
		{c.text("salesperson"), &rec.salesperson}, {c.text("channel"), &rec.channel}, {c.text("repeat_flag"), &rec.repeatFlag},
	}
	s.status, s.customerName, s.productName = c.text("status"), c.text("customer_name"), c.text("product_name")
	s.date, s.since, s.lead = typed[*array.Date32](c, "date"), typed[*array.Date32](c, "since"), typed[*array.Date32](c, "lead")
	s.quantity, s.revenue, s.cogs, s.direct = c.money("quantity"), c.money("revenue"), c.money("cogs"), c.money("direct")
	s.anonymous = typed[*array.Boolean](c, "anonymous")
	s.customerNamed, s.productNamed = typed[*array.Boolean](c, "customer_named"), typed[*array.Boolean](c, "product_named")
	return c.err
}

// storedColumns finds columns; err is about the first that it did not find.
type storedColumns struct {
	byName map[string]arrow.Array
	err    error
}

func (c *storedColumns) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: "+format, append([]any{errStored}, args...)...)
	}
}

func (c *storedColumns) text(name string) appendCell {
	a, ok := c.byName[name]
	if !ok {
		c.fail("there is no column %q", name)
		return nil
	}
	cell, err := cellsOf(a)
	if err != nil {
		c.fail("column %q: %w", name, err)
	}
	return cell
}

// typed returns the column of a name if it is of the type.
func typed[A arrow.Array](c *storedColumns, name string) A {
	a, ok := c.byName[name].(A)
	if !ok {
		c.fail("there is no column %q of the type %T", name, a)
	}
	return a
}

func (c *storedColumns) money(name string) *array.Decimal128 {
	a := typed[*array.Decimal128](c, name)
	if a != nil && a.DataType().(*arrow.Decimal128Type).Scale != Places {
		c.fail("column %q is a %s", name, a.DataType())
	}
	return a
}

// row reads line i. What it returns is borrowed until the next one.
func (s *storedLines) row(i int) (r *record, err error) {
	defer func() { // an index or a length that points outside of what there is
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errStored, p)
		}
	}()
	r, s.scratch = &s.rec, s.scratch[:0]
	for _, t := range s.texts {
		*t.field = s.append(t.cell, i)
	}
	r.customerName, r.productName = nil, nil
	if s.customerNamed.Value(i) {
		r.customerName = s.append(s.customerName, i)
	}
	if s.productNamed.Value(i) {
		r.productName = s.append(s.productName, i)
	}
	r.anonymous, r.raw = s.anonymous.Value(i), noRaw
	r.cancelled = string(s.append(s.status, i)) == "cancelled"
	r.date, r.since, r.lead = dateAt(s.date, i), dateAt(s.since, i), dateAt(s.lead, i)
	r.quantity, r.revenue, r.direct = amountAt(s.quantity, i), amountAt(s.revenue, i), amountAt(s.direct, i)
	r.cogs = NullAmount{}
	if !s.cogs.IsNull(i) {
		r.cogs = Known(amountAt(s.cogs, i))
	}
	if r.date == 0 {
		return nil, fmt.Errorf("%w: a line has no date", errStored)
	}
	return r, nil
}

// append returns the text of a cell, in scratch.
func (s *storedLines) append(cell appendCell, i int) []byte {
	start := len(s.scratch)
	s.scratch = cell(s.scratch, i)
	return s.scratch[start:len(s.scratch):len(s.scratch)]
}

// dateAt returns a date, 0 for null; it panics if there is none such.
func dateAt(a *array.Date32, i int) Date {
	if a.IsNull(i) {
		return 0
	}
	d := int64(a.Value(i)) + int64(unixEpoch)
	if d < 1 || d > int64(lastDate) {
		panic("a date outside the years 1 to 9999")
	}
	return Date(d)
}

// amountAt returns an amount; it panics if it is none.
func amountAt(a *array.Decimal128, i int) Amount {
	v := a.Value(i)
	if v.HighBits() != int64(v.LowBits())>>63 || int64(v.LowBits()) == math.MinInt64 || a.IsNull(i) {
		panic("an amount out of range")
	}
	return Amount(v.LowBits())
}
