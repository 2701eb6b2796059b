package abcxyz

import (
	"strings"

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
		columns.Number("season_cv", func(i int) float64 { return item(i).SeasonCV }),
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
// revenue, cost_known, cv, season_cv, periods, active_periods, gaps, xyz, class,
// abc_reason, xyz_reason, and rise and lose of [Ranking.Distances]. What is NaN
// in an [Item] is null. The caller releases it.
func (r *Ranking) Record(mem memory.Allocator) arrow.Record {
	distances := r.Distances()
	return columns.Record(mem, len(r.Items), append(itemColumns(func(i int) *Item { return &r.Items[i] }),
		columns.Money("rise", func(i int) orders.NullAmount { return distances[i].Rise }),
		columns.Money("lose", func(i int) orders.NullAmount { return distances[i].Lose }),
	))
}

// Record returns the items of all parts as a record of mem, part by part and by
// rank, with the column split and then those of [Ranking.Record] but for rise
// and lose. The caller releases it.
func (s *SplitRanking) Record(mem memory.Allocator) arrow.Record {
	var splits []string
	var all []*Item
	for _, p := range s.Parts {
		for i := range p.Items {
			splits, all = append(splits, p.Split), append(all, &p.Items[i])
		}
	}
	return columns.Record(mem, len(all), append([]columns.Column{
		columns.Text("split", func(i int) string { return splits[i] }),
	}, itemColumns(func(i int) *Item { return all[i] })...))
}

// Record returns the items as a record of mem, one row an item, by rank in the
// first measure, with the columns item, name, classes, and for each measure
// value_revenue, rank_revenue and abc_revenue, say. The caller releases it.
func (m *MeasuresRanking) Record(mem memory.Allocator) arrow.Record {
	all := []columns.Column{
		columns.Text("item", func(i int) string { return m.Items[i].ID }),
		columns.Text("name", func(i int) string { return m.Items[i].Name }),
		columns.Text("classes", func(i int) string { return m.Items[i].Classes }),
	}
	for k, measure := range m.Options.Measures {
		name := "_" + measure.String()
		all = append(all,
			columns.Amount("value"+name, func(i int) orders.Amount { return m.Item(i, k).Value }),
			columns.Integer("rank"+name, func(i int) int64 { return int64(m.Item(i, k).Rank) }),
			columns.Text("abc"+name, func(i int) string { return m.Item(i, k).ABC.String() }))
	}
	return columns.Record(mem, len(m.Items), all)
}

// Record returns the cells as a record of mem, one row a cell, by row and then
// column, totals left out, with the columns row, column, items, row_sum and
// column_sum. The caller releases it.
func (x MeasuresMatrix) Record(mem memory.Allocator) arrow.Record {
	width := len(x.Columns)
	cell := func(i int) MeasuresCell { return x.Cells[i/width][i%width] }
	return columns.Record(mem, len(x.Rows)*width, []columns.Column{
		columns.Text("row", func(i int) string { return x.Rows[i/width].String() }),
		columns.Text("column", func(i int) string { return x.Columns[i%width].String() }),
		columns.Integer("items", func(i int) int64 { return int64(cell(i).Items) }),
		columns.Amount("row_sum", func(i int) orders.Amount { return cell(i).Row }),
		columns.Amount("column_sum", func(i int) orders.Amount { return cell(i).Column }),
	})
}

// Record returns the items as a record of mem, one row an item, by our rank, with
// the columns rank, item, name, value, abc, cv, xyz, their_abc, their_cv,
// their_xyz, same, abc_reasons and xyz_reasons, reasons being separated by commas.
// What is NaN is null. The caller releases it.
func (c *Comparison) Record(mem memory.Allocator) arrow.Record {
	ours := func(i int) *Item { return &c.Ours.Items[i] }
	return columns.Record(mem, len(c.Theirs), []columns.Column{
		columns.Integer("rank", func(i int) int64 { return int64(ours(i).Rank) }),
		columns.Text("item", func(i int) string { return ours(i).ID }),
		columns.Text("name", func(i int) string { return ours(i).Name }),
		columns.Amount("value", func(i int) orders.Amount { return ours(i).Value }),
		columns.Text("abc", func(i int) string { return ours(i).ABC.String() }),
		columns.Number("cv", func(i int) float64 { return ours(i).CV }),
		columns.Text("xyz", func(i int) string { return ours(i).XYZ.String() }),
		columns.Text("their_abc", func(i int) string { return c.Theirs[i].ABC.String() }),
		columns.Number("their_cv", func(i int) float64 { return c.Theirs[i].CV }),
		columns.Text("their_xyz", func(i int) string { return c.Theirs[i].XYZ.String() }),
		columns.Flag("same", func(i int) bool { return c.Theirs[i].Same() }),
		columns.Text("abc_reasons", func(i int) string { return join(c.Theirs[i].ABCReasons) }),
		columns.Text("xyz_reasons", func(i int) string { return join(c.Theirs[i].XYZReasons) }),
	})
}

// join lists reasons, separated by commas.
func join(reasons []Reason) string {
	var b strings.Builder
	for i, r := range reasons {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(string(r))
	}
	return b.String()
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
