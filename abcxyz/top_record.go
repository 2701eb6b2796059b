package abcxyz

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the places as a record of mem, one row for each item and
// period, in the order of Items and then of Periods, with the columns item,
// name, period, rank, value, share, change and move. A rank of 0 is null, and so
// are the share and the change that need one. The caller releases it.
func (l *TopList) Record(mem memory.Allocator) arrow.Record {
	n := max(1, len(l.Periods))
	place := func(i int) Place { return l.Items[i/n].Places[i%n] }
	return columns.Record(mem, len(l.Items)*n, []columns.Column{
		columns.Text("item", func(i int) string { return l.Items[i/n].ID }),
		columns.Text("name", func(i int) string { return l.Items[i/n].Name }),
		columns.Text("period", func(i int) string { return l.Periods[i%n].Period.String() }),
		number("rank", func(i int) (int, bool) { return place(i).Rank, place(i).Rank > 0 }),
		columns.Amount("value", func(i int) orders.Amount { return place(i).Value }),
		columns.Number("share", func(i int) float64 { return place(i).Share }),
		number("change", func(i int) (int, bool) {
			return place(i).Change, i%n > 0 && place(i).Rank > 0 && place(i-1).Rank > 0
		}),
		columns.Text("move", func(i int) string { return place(i).Move.String() }),
	})
}

// PeriodRecord returns the lists as a whole as a record of mem, one row a period,
// with the columns period, listed, threshold, sum, total, base, share, entered,
// returned, stayed, left, jaccard and rbo. What compares is null in the first
// row. The caller releases it.
func (l *TopList) PeriodRecord(mem memory.Allocator) arrow.Record {
	p := func(i int) TopPeriod { return l.Periods[i] }
	compared := func(name string, of func(TopPeriod) int) columns.Column {
		return number(name, func(i int) (int, bool) { return of(p(i)), i > 0 })
	}
	return columns.Record(mem, len(l.Periods), []columns.Column{
		columns.Text("period", func(i int) string { return p(i).Period.String() }),
		columns.Integer("listed", func(i int) int64 { return int64(p(i).Listed) }),
		columns.Amount("threshold", func(i int) orders.Amount { return p(i).Threshold }),
		columns.Amount("sum", func(i int) orders.Amount { return p(i).Sum }),
		columns.Amount("total", func(i int) orders.Amount { return p(i).Total }),
		columns.Amount("base", func(i int) orders.Amount { return p(i).Base }),
		columns.Number("share", func(i int) float64 { return p(i).Share }),
		compared("entered", func(p TopPeriod) int { return p.Entered }),
		compared("returned", func(p TopPeriod) int { return p.Returned }),
		compared("stayed", func(p TopPeriod) int { return p.Stayed }),
		compared("left", func(p TopPeriod) int { return p.Left }),
		columns.Number("jaccard", func(i int) float64 { return p(i).Jaccard }),
		columns.Number("rbo", func(i int) float64 { return p(i).RBO }),
	})
}

// number is a column of integers, null where there is none.
func number(name string, of func(i int) (v int, ok bool)) columns.Column {
	return columns.Nullable[*array.Int64Builder](name, arrow.PrimitiveTypes.Int64, func(i int) (int64, bool) {
		v, ok := of(i)
		return int64(v), ok
	})
}
