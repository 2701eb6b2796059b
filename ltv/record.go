package ltv

import (
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/decimal128"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the table turned on its side as a record of mem: a row for
// each side and the total, then the same per purchase for those that have any,
// with the columns side, per_purchase, purchases and one for each of [Lines],
// and cost_known. What is unknown or NaN in a [Column] is null. The caller
// releases the record.
func (p *Profit) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		side string
		per  bool
		Column
	}
	rows := []row{
		{orders.First.String(), false, p.First}, {orders.Repeat.String(), false, p.Repeat},
		{orders.Unknown.String(), false, p.Unknown}, {orders.Unmatched.String(), false, p.Unmatched},
		{"total", false, p.Total},
	}
	for _, r := range rows[:len(rows):len(rows)] {
		if per, ok := r.PerPurchase(); ok {
			rows = append(rows, row{r.side, true, per})
		}
	}
	columns := []column{
		text("side", func(i int) string { return rows[i].side }),
		flag("per_purchase", func(i int) bool { return rows[i].per }),
	}
	return record(mem, len(rows), append(columns, moneyColumns(func(i int) *Column { return &rows[i].Column })...))
}

// moneyColumns are what a [Column] has.
func moneyColumns(of func(i int) *Column) []column {
	columns := []column{integer("purchases", func(i int) int64 { return of(i).Purchases })}
	for _, l := range Lines() {
		if l == Margin {
			columns = append(columns, number(l.String(), func(i int) float64 { return of(i).Margin }))
		} else {
			columns = append(columns, money(l.String(), func(i int) orders.NullAmount { return of(i).Money(l) }))
		}
	}
	return append(columns, number("cost_known", func(i int) float64 { return of(i).CostKnown }))
}

// Record returns the points as a record of mem, one row a point, ascending,
// with the columns at, and_later, customers, purchases, revenue,
// cumulative_profit and profit_per_customer. The caller releases it.
func (p Payback) Record(mem memory.Allocator) arrow.Record {
	at := func(i int) *PaybackPoint { return &p.Points[i] }
	return record(mem, len(p.Points), []column{
		integer("at", func(i int) int64 { return int64(at(i).At) }),
		flag("and_later", func(i int) bool { return at(i).AndLater }),
		integer("customers", func(i int) int64 { return at(i).Customers }),
		integer("purchases", func(i int) int64 { return at(i).Purchases }),
		amount("revenue", func(i int) orders.Amount { return at(i).Revenue }),
		amount("cumulative_profit", func(i int) orders.Amount { return at(i).Cumulative }),
		amount("profit_per_customer", func(i int) orders.Amount { return at(i).PerCustomer }),
	})
}

// Record returns the cells as a record of mem, one row a cell, by cost per lead
// and then conversion, with the columns cost_per_lead, conversion, acquisition,
// first_profit and payback (0: never). The caller releases it.
func (g *LeadGrid) Record(mem memory.Allocator) arrow.Record {
	width := len(g.Conversion)
	cell := func(i int) LeadCell { return g.Cells[i/width][i%width] }
	return record(mem, len(g.CostPerLead)*width, []column{
		amount("cost_per_lead", func(i int) orders.Amount { return g.CostPerLead[i/width] }),
		number("conversion", func(i int) float64 { return g.Conversion[i%width] }),
		amount("acquisition", func(i int) orders.Amount { return cell(i).Acquisition }),
		amount("first_profit", func(i int) orders.Amount { return cell(i).First }),
		integer("payback", func(i int) int64 { return cell(i).Payback }),
	})
}

// Record returns the customers as a record of mem, one row a customer, in their
// order, with the columns customer, name, entry, cohort, first_day, last_day,
// days, those of [Profit.Record] from purchases on, and gross_profit,
// contribution, first_revenue, repeat_revenue, first_profit and repeat_profit.
// The column profit is the value to date; the cohort "earlier" and what is
// unknown or NaN are null. The caller releases the record.
func (l *Lifetimes) Record(mem memory.Allocator) arrow.Record {
	v := func(i int) *Lifetime { return &l.Customers[i] }
	columns := []column{
		text("customer", func(i int) string { return v(i).ID }),
		text("name", func(i int) string { return v(i).Name }),
		text("entry", func(i int) string { return v(i).Entry.String() }),
		text("cohort", func(i int) string { return v(i).Cohort.String() }),
		day("first_day", func(i int) orders.Date { return v(i).FirstDay }),
		day("last_day", func(i int) orders.Date { return v(i).LastDay }),
		integer("days", func(i int) int64 { return int64(v(i).Days) }),
	}
	columns = append(columns, moneyColumns(func(i int) *Column { return &v(i).Column })...)
	return record(mem, len(l.Customers), append(columns,
		money("gross_profit", func(i int) orders.NullAmount { return v(i).GrossProfit }),
		money("contribution", func(i int) orders.NullAmount { return v(i).Contribution }),
		amount("first_revenue", func(i int) orders.Amount { return v(i).First.Revenue }),
		amount("repeat_revenue", func(i int) orders.Amount { return v(i).Repeat.Revenue }),
		money("first_profit", func(i int) orders.NullAmount { return v(i).First.Profit }),
		money("repeat_profit", func(i int) orders.NullAmount { return v(i).Repeat.Profit }),
	))
}

// CohortRecord returns the cohorts as a record of mem, one row a cohort, in
// their order, with the columns cohort, customers, those of [Profit.Record]
// from purchases on, and gross_profit, contribution, average_revenue,
// average_value and average_days. The cohort "earlier" and what is unknown or
// NaN are null. The caller releases the record.
func (l *Lifetimes) CohortRecord(mem memory.Allocator) arrow.Record {
	v := func(i int) *CohortValue { return &l.Cohorts[i] }
	columns := []column{
		text("cohort", func(i int) string { return v(i).Cohort.String() }),
		integer("customers", func(i int) int64 { return v(i).Customers }),
	}
	columns = append(columns, moneyColumns(func(i int) *Column { return &v(i).Column })...)
	return record(mem, len(l.Cohorts), append(columns,
		money("gross_profit", func(i int) orders.NullAmount { return v(i).GrossProfit }),
		money("contribution", func(i int) orders.NullAmount { return v(i).Contribution }),
		amount("average_revenue", func(i int) orders.Amount { return v(i).AverageRevenue }),
		money("average_value", func(i int) orders.NullAmount { return v(i).AverageValue }),
		number("average_days", func(i int) float64 { return v(i).AverageDays }),
	))
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

func flag(name string, of func(i int) bool) column {
	return column{name, arrow.FixedWidthTypes.Boolean, func(b array.Builder, i int) {
		b.(*array.BooleanBuilder).Append(of(i))
	}}
}
