package columns_test

import (
	"math"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// at gives the values of a column of two rows.
func at[V any](first, second V) func(i int) V {
	return func(i int) V { return []V{first, second}[i] }
}

// TestRecord looks at every kind of column: its type, whether it is nullable,
// and a value with its neighbour that is null where the kind has nulls.
func TestRecord(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	tests := []struct {
		column columns.Column
		field  string
		values [2]string
	}{
		{columns.Text("text", at("чай", "")), "text: type=utf8", [2]string{"чай", ""}},
		{columns.OptionalText("optional_text", at("чай", "")), "optional_text: type=utf8, nullable", [2]string{"чай", "(null)"}},
		{columns.Integer("integer", at[int64](math.MinInt64, 0)), "integer: type=int64", [2]string{"-9223372036854775808", "0"}},
		{columns.Flag("flag", at(true, false)), "flag: type=bool", [2]string{"true", "false"}},
		{columns.Amount("amount", at[orders.Amount](-1, 0)), "amount: type=decimal(18, 4)", [2]string{"-0.0001", "0"}},
		{columns.Money("money", at(orders.Known(12_345), orders.NullAmount{})), "money: type=decimal(18, 4), nullable", [2]string{"1.2345", "(null)"}},
		{columns.Money("no_money", at(orders.Known(0), orders.NullAmount{Amount: 7})), "no_money: type=decimal(18, 4), nullable", [2]string{"0", "(null)"}},
		{columns.Number("number", at(0.25, math.NaN())), "number: type=float64, nullable", [2]string{"0.25", "(null)"}},
		{columns.Number("extreme", at(math.Inf(-1), 0)), "extreme: type=float64, nullable", [2]string{"-Inf", "0"}},
		{columns.Day("day", at(orders.NewDate(2024, 2, 29), 0)), "day: type=date32, nullable", [2]string{"2024-02-29", "(null)"}},
		{columns.Day("early", at(orders.NewDate(1969, 12, 31), orders.NewDate(1970, 1, 1))), "early: type=date32, nullable", [2]string{"1969-12-31", "1970-01-01"}},
		{columns.Nullable[*array.Int8Builder]("nullable", arrow.PrimitiveTypes.Int8, func(i int) (int8, bool) { return int8(i), i > 0 }),
			"nullable: type=int8, nullable", [2]string{"(null)", "1"}},
	}
	var all []columns.Column
	for _, test := range tests {
		all = append(all, test.column)
	}
	r := columns.Record(mem, 2, all)
	defer r.Release()
	if r.NumRows() != 2 || int(r.NumCols()) != len(tests) {
		t.Fatalf("%d rows, %d columns", r.NumRows(), r.NumCols())
	}
	for c, test := range tests {
		if got := r.Schema().Field(c).String(); got != test.field {
			t.Errorf("field %q, want %q", got, test.field)
		}
		for i, want := range test.values {
			if got := r.Column(c).ValueStr(i); got != want {
				t.Errorf("%s: row %d is %q, want %q", test.field, i, got, want)
			}
		}
	}
}

// TestRecordWithoutRows: a record of nothing has its columns all the same.
func TestRecordWithoutRows(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	r := columns.Record(mem, 0, []columns.Column{
		columns.Text("item", func(int) string { panic("there are no rows") }),
		columns.Money("money", func(int) orders.NullAmount { panic("there are no rows") }),
	})
	defer r.Release()
	if r.NumRows() != 0 || r.NumCols() != 2 {
		t.Errorf("%d rows, %d columns", r.NumRows(), r.NumCols())
	}
}
