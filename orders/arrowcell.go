package orders

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
)

// appendCell appends the value at i of one Arrow array, or of one column of a
// database, as text that the readers of exports understand. Null is blank.
type appendCell func(b []byte, i int) []byte

// cellsOf returns how the values of an array read: numbers with a decimal dot,
// floats to 15 significant digits, days and times as ISO 8601 in the zone of
// their type, truth as TRUE and FALSE, and what is no cell of a table as Arrow
// prints it. It returns an error for a time in a zone that is not known.
func cellsOf(a arrow.Array) (appendCell, error) {
	value, err := valuesOf(a)
	if err != nil || a.NullN() == 0 && a.DataType().ID() != arrow.NULL {
		return value, err
	}
	return func(b []byte, i int) []byte {
		if a.IsNull(i) {
			return b
		}
		return value(b, i)
	}, nil
}

func valuesOf(a arrow.Array) (appendCell, error) {
	switch a := a.(type) {
	case *array.Dictionary:
		value, err := cellsOf(a.Dictionary())
		return func(b []byte, i int) []byte { return value(b, a.GetValueIndex(i)) }, err
	case *array.String:
		return func(b []byte, i int) []byte { return append(b, a.Value(i)...) }, nil
	case *array.LargeString:
		return func(b []byte, i int) []byte { return append(b, a.Value(i)...) }, nil
	case *array.StringView:
		return func(b []byte, i int) []byte { return append(b, a.Value(i)...) }, nil
	case *array.Binary:
		return func(b []byte, i int) []byte { return append(b, a.Value(i)...) }, nil
	case *array.LargeBinary:
		return func(b []byte, i int) []byte { return append(b, a.Value(i)...) }, nil
	case *array.Boolean:
		return func(b []byte, i int) []byte { return appendBool(b, a.Value(i)) }, nil
	case *array.Float64:
		return func(b []byte, i int) []byte { return appendFloat(b, a.Value(i), 64) }, nil
	case *array.Float32:
		return func(b []byte, i int) []byte { return appendFloat(b, float64(a.Value(i)), 32) }, nil
	case *array.Decimal128:
		scale := a.DataType().(*arrow.Decimal128Type).Scale
		return func(b []byte, i int) []byte {
			v := a.Value(i)
			if high := v.HighBits(); high == int64(v.LowBits())>>63 {
				return appendScaled(b, strconv.FormatInt(int64(v.LowBits()), 10), int(scale))
			}
			return appendScaled(b, v.BigInt().String(), int(scale))
		}, nil
	case *array.Decimal256:
		scale := a.DataType().(*arrow.Decimal256Type).Scale
		return func(b []byte, i int) []byte { return appendScaled(b, a.Value(i).BigInt().String(), int(scale)) }, nil
	case *array.Date32:
		return func(b []byte, i int) []byte { return a.Value(i).ToTime().AppendFormat(b, time.DateOnly) }, nil
	case *array.Date64:
		return func(b []byte, i int) []byte { return a.Value(i).ToTime().AppendFormat(b, time.DateOnly) }, nil
	case *array.Timestamp:
		return timesOf(a)
	case *array.Null:
		return func(b []byte, _ int) []byte { return b }, nil
	}
	return integersOf(a), nil
}

// integersOf returns how integers read, and whatever has no text of its own.
func integersOf(a arrow.Array) appendCell {
	switch a := a.(type) {
	case *array.Int64:
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, a.Value(i), 10) }
	case *array.Int32:
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, int64(a.Value(i)), 10) }
	case *array.Int16:
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, int64(a.Value(i)), 10) }
	case *array.Int8:
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, int64(a.Value(i)), 10) }
	case *array.Uint64:
		return func(b []byte, i int) []byte { return strconv.AppendUint(b, a.Value(i), 10) }
	case *array.Uint32:
		return func(b []byte, i int) []byte { return strconv.AppendUint(b, uint64(a.Value(i)), 10) }
	case *array.Uint16:
		return func(b []byte, i int) []byte { return strconv.AppendUint(b, uint64(a.Value(i)), 10) }
	case *array.Uint8:
		return func(b []byte, i int) []byte { return strconv.AppendUint(b, uint64(a.Value(i)), 10) }
	}
	return func(b []byte, i int) []byte { return append(b, a.ValueStr(i)...) }
}

// timesOf returns how times read: in the zone of their type, which an offset
// says; without one as they stand.
func timesOf(a *array.Timestamp) (appendCell, error) {
	t := a.DataType().(*arrow.TimestampType)
	zone, err := t.GetZone()
	if err != nil {
		return nil, fmt.Errorf("times in the zone %q, which this system does not know: %w", t.TimeZone, err)
	}
	layout := "2006-01-02T15:04:05"
	if t.TimeZone != "" {
		layout += "Z07:00"
	}
	return func(b []byte, i int) []byte { return a.Value(i).ToTime(t.Unit).In(zone).AppendFormat(b, layout) }, nil
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, "TRUE"...)
	}
	return append(b, "FALSE"...)
}

// appendFloat appends v, a double of so many bits, to 15 significant digits: as
// many as it holds of any decimal number. Not a number is blank, for that is
// how data frames write what is missing.
func appendFloat(b []byte, v float64, bits int) []byte {
	if math.IsNaN(v) {
		return b
	}
	format := byte('f')
	if math.Abs(v) >= 1e15 {
		format = 'g'
	}
	text := strconv.AppendFloat(b, v, format, -1, bits)
	if len(text)-len(b) <= 15 { // whose digits are not more
		return text
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 14, bits), 64)
	if err != nil {
		return text
	}
	return strconv.AppendFloat(b, rounded, format, -1, bits)
}

// appendScaled appends the whole number digits ÷ 10^scale.
func appendScaled(b []byte, digits string, scale int) []byte {
	if digits[0] == '-' {
		b, digits = append(b, '-'), digits[1:]
	}
	switch {
	case scale == 0:
		return append(b, digits...)
	case scale < 0 || scale > 76: // more than any decimal type has
		return strconv.AppendInt(append(append(b, digits...), 'E'), -int64(scale), 10)
	}
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	b = append(b, digits[:len(digits)-scale]...)
	return append(append(b, '.'), digits[len(digits)-scale:]...)
}
