package abcxyz

import (
	"fmt"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the items as a record of mem, one row an item, with the columns
// item, name, start_rank, start_value, start_abc, start_xyz, end_rank, end_value,
// end_abc and end_xyz. Where an item is not in a ranking, its columns of that are
// null. The caller releases it.
func (m *Migration) Record(mem memory.Allocator) arrow.Record {
	all := []columns.Column{
		columns.Text("item", func(i int) string { return m.Items[i].Item().ID }),
		columns.Text("name", func(i int) string { return m.Items[i].Item().Name }),
	}
	all = append(all, placeColumns("start", func(i int) *Item { return m.Items[i].Start })...)
	all = append(all, placeColumns("end", func(i int) *Item { return m.Items[i].End })...)
	return columns.Record(mem, len(m.Items), all)
}

// placeColumns are where an item stands in a ranking, null if it is not there.
func placeColumns(when string, item func(i int) *Item) []columns.Column {
	text := func(name string, of func(*Item) string) columns.Column {
		return columns.OptionalText(when+name, func(i int) string {
			if x := item(i); x != nil {
				return of(x)
			}
			return ""
		})
	}
	return []columns.Column{
		number(when+"_rank", func(i int) (int, bool) {
			if x := item(i); x != nil {
				return x.Rank, true
			}
			return 0, false
		}),
		columns.Money(when+"_value", func(i int) (v orders.NullAmount) {
			if x := item(i); x != nil {
				v = orders.Known(x.Value)
			}
			return v
		}),
		text("_abc", func(x *Item) string { return x.ABC.String() }),
		text("_xyz", func(x *Item) string { return x.XYZ.String() }),
	}
}

// Record returns the cells as a record of mem, one row a cell, by row and then
// column, totals left out, with the columns from, to, items, start and end. From
// is null for what entered, to for what left. The caller releases it.
func (t Transitions[C]) Record(mem memory.Allocator) arrow.Record {
	width := len(t.Cells)
	cell := func(i int) Transition { return t.Cells[i/width][i%width] }
	class := func(at int) string {
		if at == len(t.Classes) {
			return ""
		}
		return fmt.Sprint(t.Classes[at])
	}
	return columns.Record(mem, width*width, []columns.Column{
		columns.OptionalText("from", func(i int) string { return class(i / width) }),
		columns.OptionalText("to", func(i int) string { return class(i % width) }),
		columns.Integer("items", func(i int) int64 { return int64(cell(i).Items) }),
		columns.Amount("start", func(i int) orders.Amount { return cell(i).Start }),
		columns.Amount("end", func(i int) orders.Amount { return cell(i).End }),
	})
}
