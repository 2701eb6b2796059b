package abcxyz

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the Lorenz curve as a record of mem, one row a point, ascending,
// with the columns items, sum, item_share and sum_share. The caller releases it.
func (c *Concentration) Record(mem memory.Allocator) arrow.Record {
	return columns.Record(mem, len(c.Lorenz), []columns.Column{
		columns.Integer("items", func(i int) int64 { return int64(c.Lorenz[i].Items) }),
		columns.Amount("sum", func(i int) orders.Amount { return c.Lorenz[i].Sum }),
		columns.Number("item_share", func(i int) float64 { return c.Lorenz[i].ItemShare }),
		columns.Number("sum_share", func(i int) float64 { return c.Lorenz[i].SumShare }),
	})
}
