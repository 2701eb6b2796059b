package orders

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/decimal128"
	"github.com/apache/arrow/go/v16/arrow/decimal256"
	"github.com/apache/arrow/go/v16/arrow/float16"
	"github.com/apache/arrow/go/v16/arrow/memory"
)

var errLost = errors.New("connection lost")

// arrowColumn is a column of a record: its values as JSON.
type arrowColumn struct {
	name, values string
	typ          arrow.DataType
}

// recordOf makes a record of columns.
func recordOf(t testing.TB, mem memory.Allocator, columns ...arrowColumn) arrow.Record {
	t.Helper()
	var fields []arrow.Field
	var arrays []arrow.Array
	for _, c := range columns {
		a, _, err := array.FromJSON(mem, c.typ, strings.NewReader(c.values), array.WithUseNumber())
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		defer a.Release()
		fields = append(fields, arrow.Field{Name: c.name, Type: c.typ, Nullable: true})
		arrays = append(arrays, a)
	}
	return array.NewRecord(arrow.NewSchema(fields, nil), arrays, -1)
}

// recordsOf yields records and releases them, as whoever makes them does.
func recordsOf(records ...arrow.Record) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		for _, r := range records {
			ok := yield(r, nil)
			r.Release()
			if !ok {
				return
			}
		}
	}
}

var (
	arrowWords   = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	arrowSeconds = &arrow.TimestampType{Unit: arrow.Second}
	arrowMoscow  = &arrow.TimestampType{Unit: arrow.Second, TimeZone: "Europe/Moscow"}
	arrowText    = arrow.BinaryTypes.String
	arrowFloat   = arrow.PrimitiveTypes.Float64
	arrowDay     = arrow.FixedWidthTypes.Date32
)

// TestRecords shows what Arrow records read as, a line for each row.
func TestRecords(t *testing.T) {
	for _, c := range []struct {
		name    string
		columns []arrowColumn
		o       Options
		want    string
	}{
		{name: "texts, dictionaries and nulls", columns: []arrowColumn{
			{"Дата", `["31.01.2024","01.02.2024"]`, arrowText}, {"Клиент", `["Ann","Bob"]`, arrowWords}, {"Номенклатура", `[" tea ",null]`, arrow.BinaryTypes.LargeString},
			{"Сумма, руб.", `["1 234,56","10,00"]`, arrowText}, {"Себестоимость", `[null,"0,00"]`, arrowText},
		}, want: `
currency RUB
2024-01-31 customer=Ann product=tea revenue=1234.56
2024-02-01 customer=Bob revenue=10 cogs=0
`},
		{name: "numbers of every kind", columns: []arrowColumn{
			{"date", `["2024-01-31","2024-02-01"]`, arrowDay}, {"customer_id", `[17850,9007199254740993]`, arrow.PrimitiveTypes.Int64}, {"order_id", `[1,null]`, arrow.PrimitiveTypes.Uint8},
			{"quantity", `[2.5,-1]`, arrow.PrimitiveTypes.Float32}, {"amount", `["1.234","2"]`, &arrow.Decimal128Type{Precision: 20, Scale: 3}},
			{"cost", `["1.5","-0.25"]`, &arrow.Decimal256Type{Precision: 40, Scale: 2}},
		}, want: `
2024-01-31 customer=17850 order=1 quantity=2.5 revenue=1.234 cogs=1.5
2024-02-01 customer=9007199254740993 quantity=-1 revenue=2 cogs=-0.25
`},
		{name: "doubles are read to 15 significant digits", columns: []arrowColumn{
			{"date", `["2024-01-31","2024-01-31","2024-01-31"]`, arrowDay}, {"customer_id", `[17850,17851,null]`, arrowFloat}, {"amount", `[9.9499999999999993,0.30000000000000004,1.234]`, arrowFloat},
		}, want: `
2024-01-31 customer=17850 revenue=9.95
2024-01-31 customer=17851 revenue=0.3
2024-01-31 revenue=1.234
`},
		{name: "more than four places are rounded and counted", columns: []arrowColumn{
			{"date", `["2024-01-31","2024-01-31","2024-01-31"]`, arrowDay}, {"amount", `["1.23456","-0.00005","7"]`, &arrow.Decimal128Type{Precision: 20, Scale: 5}},
		}, want: `
warn no_customer_column
rounded 0
2024-01-31 revenue=1.2346
rounded 0
2024-01-31 revenue=-0.0001
2024-01-31 revenue=7
`},
		{name: "days and times, in the zone of their type", columns: []arrowColumn{
			{"date", `["2024-01-31 22:30:00","2024-01-31 20:30:00"]`, arrowMoscow}, {"customer", `["A","B"]`, arrowText}, {"amount", `[1,2]`, arrow.PrimitiveTypes.Int32},
			{"customer since", `["2020-01-01 23:59:59",null]`, arrowSeconds}, {"lead date", `[1577923200000,null]`, arrow.FixedWidthTypes.Date64},
		}, want: `
2024-02-01 customer=A revenue=1 since=2020-01-01 lead=2020-01-02
2024-01-31 customer=B revenue=2
`},
		{name: "truth is TRUE or FALSE", columns: []arrowColumn{
			{"date", `["2024-01-31","2024-01-31","2024-01-31"]`, arrowDay}, {"customer", `["A","B","C"]`, arrowText}, {"amount", `[1,2,3]`, arrow.PrimitiveTypes.Int16},
			{"repeat", `[true,false,null]`, arrow.FixedWidthTypes.Boolean},
		}, want: `
2024-01-31 customer=A flag=TRUE revenue=1
2024-01-31 customer=B flag=FALSE revenue=2
2024-01-31 customer=C revenue=3
`},
		{name: "what cannot be a sale is rejected by row, column and value", columns: []arrowColumn{
			{"date", `["2024-01-31",null,"1024-01-31","2024-01-31","2024-01-31"]`, arrowDay}, {"customer", `["A","B","C","D","E"]`, arrowText},
			{"amount", `["1","2","3",null,"99999999999999999"]`, &arrow.Decimal128Type{Precision: 30, Scale: 2}},
		}, want: `
2024-01-31 customer=A revenue=1
reject 2/0 column 1 date(date) no_date "" money 2
reject 3/0 column 1 date(date) date_range "1024-01-31" money 3
reject 4/0 column 3 revenue(amount) no_revenue "" money 0
reject 5/0 column 3 revenue(amount) number_range "99999999999999999.00" money 0
`},
		{name: "not a number is blank, infinity is none", columns: []arrowColumn{
			{"date", `["2024-01-31","2024-01-31","2024-01-31"]`, arrowDay}, {"customer", `["A","B","C"]`, arrowText}, {"amount", `[1,"+Inf","NaN"]`, arrowFloat},
		}, want: `
2024-01-31 customer=A revenue=1
reject 2/0 column 3 revenue(amount) bad_number "+Inf" money 0
reject 3/0 column 3 revenue(amount) no_revenue "" money 0
`},
		{name: "columns by the caller's word", o: Options{Columns: map[Role]string{RoleDate: "ts", RoleCustomer: "who", RoleRevenue: "x"}}, columns: []arrowColumn{
			{"who", `["A"]`, arrowText}, {"x", `[5]`, arrow.PrimitiveTypes.Int64}, {"ts", `["20240131"]`, arrowText},
		}, want: `
2024-01-31 customer=A revenue=5
`},
		{name: "bytes that are no text", columns: []arrowColumn{
			{"date", `["2024-01-31"]`, arrowDay}, {"customer", `["//8="]`, arrow.BinaryTypes.Binary}, {"amount", `[5]`, arrow.PrimitiveTypes.Int64},
		}, want: `
reject 1/0 column 2 customer(customer) bad_text "\xff\xff" money 5
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			arena := memory.NewCheckedAllocator(memory.NewGoAllocator())
			defer arena.AssertSize(t, 0)
			got := new(transcript)
			err := newIntake(t.Context(), c.o, got).records("Arrow records", recordsOf(recordOf(t, arena, c.columns...)))
			if want := strings.TrimPrefix(c.want, "\n"); err != nil || got.String() != want {
				t.Errorf("read\n%serror %v, want\n%s", got, err, want)
			}
		})
	}
}

// TestRecordErrors shows what records cannot be.
func TestRecordErrors(t *testing.T) {
	mem := memory.DefaultAllocator
	good := func() arrow.Record {
		return recordOf(t, mem, arrowColumn{"date", `["2024-01-31"]`, arrowDay}, arrowColumn{"customer", `["A"]`, arrowText}, arrowColumn{"amount", `[5]`, arrowFloat})
	}
	for _, c := range []struct {
		name    string
		records iter.Seq2[arrow.Record, error]
		is      error
		text    string
	}{
		{"no records", recordsOf(), ErrNoRows, "0 accepted"},
		{"no column for the date", recordsOf(recordOf(t, mem, arrowColumn{"amount", `[5]`, arrowFloat})), ErrColumn, "date"},
		{"other columns later", recordsOf(good(), recordOf(t, mem, arrowColumn{"date", `["2024-01-31"]`, arrowDay})), nil, "other columns"},
		{"an error before the first", func(yield func(arrow.Record, error) bool) { yield(nil, errLost) }, errLost, ""},
		{"an error behind the first", func(yield func(arrow.Record, error) bool) { _ = yield(good(), nil) && yield(nil, errLost) }, errLost, ""},
		{"a zone that there is not", recordsOf(recordOf(t, mem, arrowColumn{"date", `["2024-01-31"]`, arrowDay}, arrowColumn{"amount", `[5]`, arrowFloat},
			arrowColumn{"at", `[null]`, &arrow.TimestampType{TimeZone: "Mars/Olympus"}})), nil, "Mars/Olympus"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := CollectRecords(t.Context(), c.records, Options{})
			if err == nil {
				h.Release()
				t.Fatal("there is no error")
			}
			if c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("%v, want %v and %q", err, c.is, c.text)
			}
		})
	}
}

// TestScaled: a decimal reads as arithmetic says.
func TestScaled(t *testing.T) {
	for _, c := range []struct {
		digits string
		scale  int
		want   string
	}{
		{"12345", 4, "1.2345"}, {"-5", 4, "-0.0005"}, {"5", 0, "5"}, {"0", 3, "0.000"}, {"-120", 2, "-1.20"}, {"7", -3, "7E3"}, {"7", 100, "7E-100"},
	} {
		if got := string(appendScaled(nil, c.digits, c.scale)); got != c.want {
			t.Errorf("%s at scale %d is %s, want %s", c.digits, c.scale, got, c.want)
		}
	}
	big128, _ := decimal128.FromString("-99999999999999999999999999999999.999999", 38, 6)
	big256, _ := decimal256.FromString("123456789012345678901234567890123456789012345.67", 47, 2)
	for _, c := range []struct {
		typ   arrow.DataType
		value any
		want  string
	}{
		{&arrow.Decimal128Type{Precision: 38, Scale: 6}, big128, "-99999999999999999999999999999999.999999"},
		{&arrow.Decimal256Type{Precision: 47, Scale: 2}, big256, "123456789012345678901234567890123456789012345.67"},
		{&arrow.Decimal128Type{Precision: 38, Scale: 4}, decimal128.FromBigInt(big.NewInt(math.MinInt64)), "-922337203685477.5808"},
		{arrow.FixedWidthTypes.Float16, float16.New(1.5), "1.5"},
	} {
		b := array.NewBuilder(memory.DefaultAllocator, c.typ)
		switch b := b.(type) {
		case *array.Decimal128Builder:
			b.Append(c.value.(decimal128.Num))
		case *array.Decimal256Builder:
			b.Append(c.value.(decimal256.Num))
		case *array.Float16Builder:
			b.Append(c.value.(float16.Num))
		}
		cell, err := cellsOf(b.NewArray())
		if err != nil {
			t.Fatal(err)
		}
		if got := string(cell(nil, 0)); got != c.want {
			t.Errorf("a %s reads %s, want %s", c.typ, got, c.want)
		}
	}
}

// answer is a driver that answers every query with itself.
type answer struct {
	names, types []string
	rows         [][]driver.Value
	err          error // behind the rows
	next         int
}

func (a *answer) Connect(context.Context) (driver.Conn, error)      { return a, nil }
func (a *answer) Driver() driver.Driver                             { return nil }
func (a *answer) Prepare(string) (driver.Stmt, error)               { return nil, errors.ErrUnsupported }
func (a *answer) Begin() (driver.Tx, error)                         { return nil, errors.ErrUnsupported }
func (a *answer) Close() error                                      { return nil }
func (a *answer) Query(string, []driver.Value) (driver.Rows, error) { return a, nil }
func (a *answer) Columns() []string                                 { return a.names }
func (a *answer) ColumnTypeDatabaseTypeName(i int) string           { return a.types[i] }
func (a *answer) Next(to []driver.Value) error {
	if a.next == len(a.rows) {
		if a.err != nil {
			return a.err
		}
		return io.EOF
	}
	copy(to, a.rows[a.next])
	a.next++
	return nil
}

// query asks a database whose only answer is a.
func query(t *testing.T, a *answer) *sql.Rows {
	t.Helper()
	db := sql.OpenDB(a)
	t.Cleanup(func() { db.Close() })
	rows, err := db.QueryContext(t.Context(), "select")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestRows shows what the rows of a database read as.
func TestRows(t *testing.T) {
	zone := time.FixedZone("", 3*60*60)
	a := &answer{
		names: []string{"sold_at", "customer_id", "customer", "order_id", "quantity", "total", "cost", "is_repeat", "customer since"},
		types: []string{"TIMESTAMPTZ", "BIGINT", "TEXT", "INT", "DOUBLE", "DECIMAL", "NUMERIC(18,6)", "BOOL", "DATE"},
		rows: [][]driver.Value{
			{time.Date(2024, 1, 31, 23, 30, 0, 0, zone), int64(7), "Ann", int64(1), 2.5, []byte("1.234"), "0.1234567", true, time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)},
			{time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), int64(8), []byte("Bob"), nil, nil, []byte("2.500"), nil, false, nil},
			{nil, int64(8), "Bob", int64(3), 1.0, "10", nil, nil, nil},
			{time.Date(2024, 2, 2, 0, 0, 0, 0, time.UTC), int64(9), nil, int64(4), 1.0, "much", nil, nil, nil},
		},
	}
	got := new(transcript)
	o := Options{Columns: map[Role]string{RoleDate: "sold_at", RoleRevenue: "total"}}
	err := newIntake(t.Context(), o, got).sql("rows", query(t, a))
	want := `2024-01-31 customer=7 name=Ann order=1 flag=TRUE quantity=2.5 revenue=1.234 cogs=0.1235 since=2020-01-02
2024-02-01 customer=8 name=Bob flag=FALSE revenue=2.5
reject 3/0 column 1 date(sold_at) no_date "" money 10
reject 4/0 column 6 revenue(total) bad_number "much" money 0
`
	if text := strings.ReplaceAll(got.String(), "rounded 0\n", ""); err != nil || text != want {
		t.Errorf("read\n%serror %v, want\n%s", got, err, want)
	}
}

func TestCollectRows(t *testing.T) {
	columns := answer{names: []string{"date", "customer", "amount"}, types: []string{"DATE", "TEXT", "DECIMAL"}}
	sale := []driver.Value{time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC), "A", "12.50"}
	for _, c := range []struct {
		name  string
		rows  [][]driver.Value
		after error
		want  error
	}{
		{"a sale", [][]driver.Value{sale}, nil, nil},
		{"no sale", nil, nil, ErrNoRows},
		{"an error behind the first", [][]driver.Value{sale}, errLost, errLost},
		{"a value that is no cell", [][]driver.Value{{valuer{}, "A", "1"}}, nil, errLost},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := columns
			a.rows, a.err = c.rows, c.after
			rows := query(t, &a)
			arena := memory.NewCheckedAllocator(memory.NewGoAllocator())
			defer arena.AssertSize(t, 0)
			h, err := CollectRows(t.Context(), rows, Options{Allocator: arena})
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if rows.Next() {
				t.Error("the rows are not closed")
			}
			if err != nil {
				return
			}
			defer h.Release()
			if control, _ := h.Control(t.Context()); fmt.Sprint(control.Export, control.RowsRead, control.FirstDay) != "12.5 1 2024-01-31" {
				t.Errorf("export %s in %d rows from %s", control.Export, control.RowsRead, control.FirstDay)
			}
		})
	}
}

// valuer is a driver's value that cannot be had.
type valuer struct{}

func (valuer) Value() (driver.Value, error) { return nil, errLost }
