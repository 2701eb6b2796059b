package segments

import (
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/decimal128"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the cells as a record of mem, one row a cell, by column and
// then state, and a last row whose column is "without" for the customers
// without a purchase, with the columns column, state, customers, purchases,
// revenue, customer_share, revenue_share and potential. Revenue adds up to that
// of the scope. What is NaN or unknown in a [GridCell] is null. The caller
// releases the record.
func (g *GridResult) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		column, state string
		GridCell
	}
	var rows []row
	for i, cells := range g.Cells {
		for s, cell := range cells {
			rows = append(rows, row{g.Columns[i].Name, State(s).String(), cell})
		}
	}
	rows = append(rows, row{column: "without", GridCell: GridCell{
		Customers: g.Without, Revenue: g.WithoutRevenue, CustomerShare: math.NaN(), RevenueShare: math.NaN(),
	}})
	return record(mem, len(rows), []column{
		text("column", func(i int) string { return rows[i].column }),
		text("state", func(i int) string { return rows[i].state }),
		integer("customers", func(i int) int64 { return rows[i].Customers }),
		integer("purchases", func(i int) int64 { return rows[i].Purchases }),
		amount("revenue", func(i int) orders.Amount { return rows[i].Revenue }),
		number("customer_share", func(i int) float64 { return rows[i].CustomerShare }),
		number("revenue_share", func(i int) float64 { return rows[i].RevenueShare }),
		money("potential", func(i int) orders.NullAmount { return rows[i].Potential }),
	})
}

// CustomerRecord returns the customers as a record of mem, one row a customer
// with a purchase, by id, with the columns customer, name, owner, purchases,
// last_day, days_since_last, revenue, column and state. The caller releases it.
func (g *GridResult) CustomerRecord(mem memory.Allocator) arrow.Record {
	c := func(i int) *GridCustomer { return &g.Assigned[i] }
	return record(mem, len(g.Assigned), []column{
		text("customer", func(i int) string { return c(i).ID }),
		text("name", func(i int) string { return c(i).Name }),
		text("owner", func(i int) string { return c(i).Owner }),
		integer("purchases", func(i int) int64 { return c(i).Purchases }),
		day("last_day", func(i int) orders.Date { return c(i).LastDay }),
		integer("days_since_last", func(i int) int64 { return int64(c(i).DaysSinceLast) }),
		amount("revenue", func(i int) orders.Amount { return c(i).Revenue }),
		text("column", func(i int) string { return g.Columns[c(i).Column].Name }),
		text("state", func(i int) string { return c(i).State.String() }),
	})
}

// Record returns the segments as a record of mem, one row a segment, in their
// order, with the columns rule, segment, customers, purchases, revenue,
// customer_share, revenue_share and days_since_last. What is NaN in a [Segment]
// and the name of the customers without one are null. The caller releases it.
func (r *RFMResult) Record(mem memory.Allocator) arrow.Record {
	s := func(i int) *Segment { return &r.Segments[i] }
	return record(mem, len(r.Segments), []column{
		integer("rule", func(i int) int64 { return int64(s(i).Rule) }),
		text("segment", func(i int) string { return s(i).Name }),
		integer("customers", func(i int) int64 { return s(i).Customers }),
		integer("purchases", func(i int) int64 { return s(i).Purchases }),
		amount("revenue", func(i int) orders.Amount { return s(i).Revenue }),
		number("customer_share", func(i int) float64 { return s(i).CustomerShare }),
		number("revenue_share", func(i int) float64 { return s(i).RevenueShare }),
		number("days_since_last", func(i int) float64 { return s(i).DaysSinceLast }),
	})
}

// CustomerRecord returns the customers as a record of mem, one row a customer
// scored, by id, with the columns customer, name, owner, last_day,
// days_since_last, purchases, revenue, money, r, f, m, rule and segment. An
// unknown money is null, its score m 0. The caller releases the record.
func (r *RFMResult) CustomerRecord(mem memory.Allocator) arrow.Record {
	c := func(i int) *RFMCustomer { return &r.Scored[i] }
	return record(mem, len(r.Scored), []column{
		text("customer", func(i int) string { return c(i).ID }),
		text("name", func(i int) string { return c(i).Name }),
		text("owner", func(i int) string { return c(i).Owner }),
		day("last_day", func(i int) orders.Date { return c(i).LastDay }),
		integer("days_since_last", func(i int) int64 { return int64(c(i).DaysSinceLast) }),
		integer("purchases", func(i int) int64 { return c(i).Purchases }),
		amount("revenue", func(i int) orders.Amount { return c(i).Revenue }),
		money("money", func(i int) orders.NullAmount { return c(i).Money }),
		integer("r", func(i int) int64 { return int64(c(i).R) }),
		integer("f", func(i int) int64 { return int64(c(i).F) }),
		integer("m", func(i int) int64 { return int64(c(i).M) }),
		integer("rule", func(i int) int64 { return int64(c(i).Rule) }),
		text("segment", func(i int) string { return c(i).Segment }),
	})
}

// column is one column of a record: its name and type, and how row i is
// written to its builder.
type column struct {
	name  string
	typ   arrow.DataType
	write func(b array.Builder, i int)
}

// record returns the columns as a record of n rows; the caller releases it.
func record(mem memory.Allocator, n int, columns []column) arrow.Record {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.name, Type: c.typ, Nullable: true}
	}
	b := array.NewRecordBuilder(mem, arrow.NewSchema(fields, nil))
	defer b.Release()
	b.Reserve(n)
	for i, c := range columns {
		for row := range n {
			c.write(b.Field(i), row)
		}
	}
	return b.NewRecord()
}

// text is null where it is "".
func text(name string, of func(i int) string) column {
	return column{name, arrow.BinaryTypes.String, func(b array.Builder, i int) {
		if s := of(i); s != "" {
			b.(*array.StringBuilder).Append(s)
		} else {
			b.AppendNull()
		}
	}}
}

func integer(name string, of func(i int) int64) column {
	return column{name, arrow.PrimitiveTypes.Int64, func(b array.Builder, i int) {
		b.(*array.Int64Builder).Append(of(i))
	}}
}

// money is null where it is unknown.
func money(name string, of func(i int) orders.NullAmount) column {
	return column{name, &arrow.Decimal128Type{Precision: 18, Scale: orders.Places}, func(b array.Builder, i int) {
		if v := of(i); v.Known {
			b.(*array.Decimal128Builder).Append(decimal128.FromI64(int64(v.Amount)))
		} else {
			b.AppendNull()
		}
	}}
}

// amount is money that is always known.
func amount(name string, of func(i int) orders.Amount) column {
	return money(name, func(i int) orders.NullAmount { return orders.Known(of(i)) })
}

// number is null where it is NaN.
func number(name string, of func(i int) float64) column {
	return column{name, arrow.PrimitiveTypes.Float64, func(b array.Builder, i int) {
		if v := of(i); math.IsNaN(v) {
			b.AppendNull()
		} else {
			b.(*array.Float64Builder).Append(v)
		}
	}}
}

// day is null where it is no date.
func day(name string, of func(i int) orders.Date) column {
	return column{name, arrow.FixedWidthTypes.Date32, func(b array.Builder, i int) {
		if v := of(i); v == 0 {
			b.AppendNull()
		} else {
			b.(*array.Date32Builder).Append(arrow.Date32(v.Days32()))
		}
	}}
}
