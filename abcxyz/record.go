package abcxyz

import (
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/decimal128"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/orders"
)

// column is one column of a record: its name and type, and how row i is
// written to its builder.
type column struct {
	name     string
	typ      arrow.DataType
	nullable bool
	write    func(b array.Builder, i int)
}

// record returns the columns as a record of n rows; the caller releases it.
func record(mem memory.Allocator, n int, columns []column) arrow.Record {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.name, Type: c.typ, Nullable: c.nullable}
	}
	b := array.NewRecordBuilder(mem, arrow.NewSchema(fields, nil))
	defer b.Release()
	b.Reserve(n)
	for i, c := range columns {
		field := b.Field(i)
		for row := range n {
			c.write(field, row)
		}
	}
	return b.NewRecord()
}

func text(name string, of func(i int) string) column {
	return column{name, arrow.BinaryTypes.String, false, func(b array.Builder, i int) {
		b.(*array.StringBuilder).Append(of(i))
	}}
}

func integer(name string, of func(i int) int64) column {
	return column{name, arrow.PrimitiveTypes.Int64, false, func(b array.Builder, i int) {
		b.(*array.Int64Builder).Append(of(i))
	}}
}

func flag(name string, of func(i int) bool) column {
	return column{name, arrow.FixedWidthTypes.Boolean, false, func(b array.Builder, i int) {
		b.(*array.BooleanBuilder).Append(of(i))
	}}
}

// amount is money, quantity or a count; exact.
func amount(name string, of func(i int) orders.Amount) column {
	typ := &arrow.Decimal128Type{Precision: 18, Scale: orders.Places}
	return column{name, typ, false, func(b array.Builder, i int) {
		b.(*array.Decimal128Builder).Append(decimal128.FromI64(int64(of(i))))
	}}
}

// number is a statistic; NaN is null.
func number(name string, of func(i int) float64) column {
	return column{name, arrow.PrimitiveTypes.Float64, true, func(b array.Builder, i int) {
		if v := of(i); math.IsNaN(v) {
			b.AppendNull()
		} else {
			b.(*array.Float64Builder).Append(v)
		}
	}}
}

// day is a date; no date is null.
func day(name string, of func(i int) orders.Date) column {
	return column{name, arrow.FixedWidthTypes.Date32, true, func(b array.Builder, i int) {
		if v := of(i); v == 0 {
			b.AppendNull()
		} else {
			b.(*array.Date32Builder).Append(arrow.Date32(v.Days32()))
		}
	}}
}

// itemColumns are what an [Item] has.
func itemColumns(item func(i int) *Item) []column {
	return []column{
		integer("rank", func(i int) int64 { return int64(item(i).Rank) }),
		text("item", func(i int) string { return item(i).ID }),
		text("name", func(i int) string { return item(i).Name }),
		amount("value", func(i int) orders.Amount { return item(i).Value }),
		number("share", func(i int) float64 { return item(i).Share }),
		number("cum_before", func(i int) float64 { return item(i).CumBefore }),
		number("cum_share", func(i int) float64 { return item(i).CumShare }),
		text("abc", func(i int) string { return item(i).ABC.String() }),
		flag("cut", func(i int) bool { return item(i).Cut }),
		amount("revenue", func(i int) orders.Amount { return item(i).Revenue }),
		number("cost_known", func(i int) float64 { return item(i).CostKnown }),
		number("cv", func(i int) float64 { return item(i).CV }),
		integer("periods", func(i int) int64 { return int64(item(i).Periods) }),
		integer("active_periods", func(i int) int64 { return int64(item(i).Active) }),
		integer("gaps", func(i int) int64 { return item(i).Gaps }),
		text("xyz", func(i int) string { return item(i).XYZ.String() }),
		text("class", func(i int) string { return item(i).Class() }),
		text("abc_reason", func(i int) string { return string(item(i).ABCReason) }),
		text("xyz_reason", func(i int) string { return string(item(i).XYZReason) }),
	}
}

// Record returns the items as a record of mem, one row an item, by rank, with
// the columns rank, item, name, value, share, cum_before, cum_share, abc, cut,
// revenue, cost_known, cv, periods, active_periods, gaps, xyz, class,
// abc_reason and xyz_reason. What is NaN in an [Item] is null. The caller
// releases it.
func (r *Ranking) Record(mem memory.Allocator) arrow.Record {
	return record(mem, len(r.Items), itemColumns(func(i int) *Item { return &r.Items[i] }))
}

// Record returns the cells as a record of mem, one row a cell, by row and then
// column, totals left out, with the columns abc, xyz, items, sum and share. The
// caller releases it.
func (m Matrix) Record(mem memory.Allocator) arrow.Record {
	width := len(m.Columns)
	part := func(i int) Part { return m.Cells[i/width][i%width] }
	return record(mem, len(m.Rows)*width, []column{
		text("abc", func(i int) string { return m.Rows[i/width].String() }),
		text("xyz", func(i int) string { return m.Columns[i%width].String() }),
		integer("items", func(i int) int64 { return int64(part(i).Items) }),
		amount("sum", func(i int) orders.Amount { return part(i).Sum }),
		number("share", func(i int) float64 { return part(i).Share }),
	})
}

// Record returns the list as a record of mem, one row a customer, by rank, with
// the columns of [Ranking.Record] and then owner, purchases, first_day,
// last_day, days_since_last, median_gap, own_median, gap_cv and next_day. What
// is NaN in a [CoreCustomer] is null. The caller releases it.
func (l *CoreList) Record(mem memory.Allocator) arrow.Record {
	c := func(i int) *CoreCustomer { return &l.Customers[i] }
	return record(mem, len(l.Customers), append(itemColumns(func(i int) *Item { return &c(i).Item }),
		text("owner", func(i int) string { return c(i).Owner }),
		integer("purchases", func(i int) int64 { return c(i).Purchases }),
		day("first_day", func(i int) orders.Date { return c(i).FirstDay }),
		day("last_day", func(i int) orders.Date { return c(i).LastDay }),
		integer("days_since_last", func(i int) int64 { return int64(c(i).DaysSinceLast) }),
		number("median_gap", func(i int) float64 { return c(i).MedianGap }),
		flag("own_median", func(i int) bool { return c(i).OwnMedian }),
		number("gap_cv", func(i int) float64 { return c(i).GapCV }),
		day("next_day", func(i int) orders.Date { return c(i).NextDay }),
	))
}
