// Package columns lays results out as Arrow records: a column is a name and a
// function that gives the value of row i.
//
// A column that can have no value is nullable in the schema and null where it
// has none; any other is not nullable.
package columns

import (
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/decimal128"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/orders"
)

// Column is one column of a record: its field, and how its n values get into
// the builder of that type.
type Column struct {
	field  arrow.Field
	append func(b array.Builder, n int)
}

// Record returns the columns, in their order, as a record of mem with n rows.
// The caller releases it.
func Record(mem memory.Allocator, n int, columns []Column) arrow.Record {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = c.field
	}
	b := array.NewRecordBuilder(mem, arrow.NewSchema(fields, nil))
	defer b.Release()
	b.Reserve(n)
	for i, c := range columns {
		c.append(b.Field(i), n)
	}
	return b.NewRecord()
}

// builder is an Arrow builder of values of one Go type.
type builder[V any] interface {
	array.Builder
	Append(V)
}

// Nullable is a column of any type, for those that have no function of their
// own: B is the builder that Arrow has for typ. A value that is not ok is null.
func Nullable[B builder[V], V any](name string, typ arrow.DataType, of func(i int) (v V, ok bool)) Column {
	return Column{arrow.Field{Name: name, Type: typ, Nullable: true}, func(b array.Builder, n int) {
		values := b.(B)
		for i := range n {
			if v, ok := of(i); ok {
				values.Append(v)
			} else {
				values.AppendNull()
			}
		}
	}}
}

// required is a column without nulls.
func required[B builder[V], V any](name string, typ arrow.DataType, of func(i int) V) Column {
	return Column{arrow.Field{Name: name, Type: typ}, func(b array.Builder, n int) {
		values := b.(B)
		for i := range n {
			values.Append(of(i))
		}
	}}
}

// Text is a column of strings, "" among them.
func Text(name string, of func(i int) string) Column {
	return required[*array.StringBuilder](name, arrow.BinaryTypes.String, of)
}

// OptionalText is a column of strings; "" is null.
func OptionalText(name string, of func(i int) string) Column {
	return Nullable[*array.StringBuilder](name, arrow.BinaryTypes.String, func(i int) (string, bool) {
		s := of(i)
		return s, s != ""
	})
}

// Integer is a column of counts, ranks or days, int64.
func Integer(name string, of func(i int) int64) Column {
	return required[*array.Int64Builder](name, arrow.PrimitiveTypes.Int64, of)
}

// Flag is a column of booleans.
func Flag(name string, of func(i int) bool) Column {
	return required[*array.BooleanBuilder](name, arrow.FixedWidthTypes.Boolean, of)
}

// Amount is a column of [orders.MoneyType]: exact amounts that are all known.
func Amount(name string, of func(i int) orders.Amount) Column {
	return required[*array.Decimal128Builder](name, orders.MoneyType(), func(i int) decimal128.Num {
		return decimal128.FromI64(int64(of(i)))
	})
}

// Money is a column of [orders.MoneyType]; an unknown amount is null.
func Money(name string, of func(i int) orders.NullAmount) Column {
	return Nullable[*array.Decimal128Builder](name, orders.MoneyType(), func(i int) (decimal128.Num, bool) {
		v := of(i)
		return decimal128.FromI64(int64(v.Amount)), v.Known
	})
}

// Number is a column of statistics, float64; NaN is null.
func Number(name string, of func(i int) float64) Column {
	return Nullable[*array.Float64Builder](name, arrow.PrimitiveTypes.Float64, func(i int) (float64, bool) {
		v := of(i)
		return v, !math.IsNaN(v)
	})
}

// Day is a column of dates, date32; the zero Date is null.
func Day(name string, of func(i int) orders.Date) Column {
	return Nullable[*array.Date32Builder](name, arrow.FixedWidthTypes.Date32, func(i int) (arrow.Date32, bool) {
		v := of(i)
		return arrow.Date32(v.Days32()), v != 0
	})
}
