package abcxyz

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// itemColumns are what an [Item] has.
func itemColumns(item func(i int) *Item) []columns.Column {
	return []columns.Column{
		columns.Integer("rank", func(i int) int64 { return int64(item(i).Rank) }),
		columns.Text("item", func(i int) string { return item(i).ID }),
		columns.Text("name", func(i int) string { return item(i).Name }),
		columns.Amount("value", func(i int) orders.Amount { return item(i).Value }),
		columns.Number("share", func(i int) float64 { return item(i).Share }),
		columns.Number("cum_before", func(i int) float64 { return item(i).CumBefore }),
		columns.Number("cum_share", func(i int) float64 { return item(i).CumShare }),
		columns.Text("abc", func(i int) string { return item(i).ABC.String() }),
		columns.Flag("cut", func(i int) bool { return item(i).Cut }),
		columns.Amount("revenue", func(i int) orders.Amount { return item(i).Revenue }),
		columns.Number("cost_known", func(i int) float64 { return item(i).CostKnown }),
		columns.Number("cv", func(i int) float64 { return item(i).CV }),
		columns.Integer("periods", func(i int) int64 { return int64(item(i).Periods) }),
		columns.Integer("active_periods", func(i int) int64 { return int64(item(i).Active) }),
		columns.Integer("gaps", func(i int) int64 { return item(i).Gaps }),
		columns.Text("xyz", func(i int) string { return item(i).XYZ.String() }),
		columns.Text("class", func(i int) string { return item(i).Class() }),
		columns.Text("abc_reason", func(i int) string { return string(item(i).ABCReason) }),
		columns.Text("xyz_reason", func(i int) string { return string(item(i).XYZReason) }),
	}
}

// Record returns the items as a record of mem, one row an item, by rank, with
// the columns rank, item, name, value, share, cum_before, cum_share, abc, cut,
// revenue, cost_known, cv, periods, active_periods, gaps, xyz, class,
// abc_reason and xyz_reason. What is NaN in an [Item] is null. The caller
// releases it.
func (r *Ranking) Record(mem memory.Allocator) arrow.Record {
	return columns.Record(mem, len(r.Items), itemColumns(func(i int) *Item { return &r.Items[i] }))
}

// Record returns the cells as a record of mem, one row a cell, by row and then
// column, totals left out, with the columns abc, xyz, items, sum and share. The
// caller releases it.
func (m Matrix) Record(mem memory.Allocator) arrow.Record {
	width := len(m.Columns)
	part := func(i int) Part { return m.Cells[i/width][i%width] }
	return columns.Record(mem, len(m.Rows)*width, []columns.Column{
		columns.Text("abc", func(i int) string { return m.Rows[i/width].String() }),
		columns.Text("xyz", func(i int) string { return m.Columns[i%width].String() }),
		columns.Integer("items", func(i int) int64 { return int64(part(i).Items) }),
		columns.Amount("sum", func(i int) orders.Amount { return part(i).Sum }),
		columns.Number("share", func(i int) float64 { return part(i).Share }),
	})
}

// Record returns the list as a record of mem, one row a customer, by rank, with
// the columns of [Ranking.Record] and then owner, purchases, first_day,
// last_day, days_since_last, median_gap, own_median, gap_cv and next_day. What
// is NaN in a [CoreCustomer] is null. The caller releases it.
func (l *CoreList) Record(mem memory.Allocator) arrow.Record {
	c := func(i int) *CoreCustomer { return &l.Customers[i] }
	return columns.Record(mem, len(l.Customers), append(itemColumns(func(i int) *Item { return &c(i).Item }),
		columns.Text("owner", func(i int) string { return c(i).Owner }),
		columns.Integer("purchases", func(i int) int64 { return c(i).Purchases }),
		columns.Day("first_day", func(i int) orders.Date { return c(i).FirstDay }),
		columns.Day("last_day", func(i int) orders.Date { return c(i).LastDay }),
		columns.Integer("days_since_last", func(i int) int64 { return int64(c(i).DaysSinceLast) }),
		columns.Number("median_gap", func(i int) float64 { return c(i).MedianGap }),
		columns.Flag("own_median", func(i int) bool { return c(i).OwnMedian }),
		columns.Number("gap_cv", func(i int) float64 { return c(i).GapCV }),
		columns.Day("next_day", func(i int) orders.Date { return c(i).NextDay }),
	))
}
