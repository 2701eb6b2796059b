package segments

import (
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the cells as a record of mem, one row a cell, by column and
// then state, and a last row whose column is "without" for the customers
// without a purchase, with the columns column, state, customers, purchases,
// revenue, customer_share, revenue_share and potential. Revenue adds up to that
// of the scope. What is NaN or unknown in a [GridCell] is null. The caller
// releases the record.
func (g *GridResult) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		column, state string
		GridCell
	}
	var rows []row
	for i, cells := range g.Cells {
		for s, cell := range cells {
			rows = append(rows, row{g.Columns[i].Name, State(s).String(), cell})
		}
	}
	rows = append(rows, row{column: "without", GridCell: GridCell{
		Customers: g.Without, Revenue: g.WithoutRevenue, CustomerShare: math.NaN(), RevenueShare: math.NaN(),
	}})
	return columns.Record(mem, len(rows), []columns.Column{
		columns.OptionalText("column", func(i int) string { return rows[i].column }),
		columns.OptionalText("state", func(i int) string { return rows[i].state }),
		columns.Integer("customers", func(i int) int64 { return rows[i].Customers }),
		columns.Integer("purchases", func(i int) int64 { return rows[i].Purchases }),
		columns.Amount("revenue", func(i int) orders.Amount { return rows[i].Revenue }),
		columns.Number("customer_share", func(i int) float64 { return rows[i].CustomerShare }),
		columns.Number("revenue_share", func(i int) float64 { return rows[i].RevenueShare }),
		columns.Money("potential", func(i int) orders.NullAmount { return rows[i].Potential }),
	})
}

// CustomerRecord returns the customers as a record of mem, one row a customer
// with a purchase, by id, with the columns customer, name, owner, purchases,
// last_day, days_since_last, revenue, column and state. The caller releases it.
func (g *GridResult) CustomerRecord(mem memory.Allocator) arrow.Record {
	c := func(i int) *GridCustomer { return &g.Assigned[i] }
	return columns.Record(mem, len(g.Assigned), []columns.Column{
		columns.Text("customer", func(i int) string { return c(i).ID }),
		columns.OptionalText("name", func(i int) string { return c(i).Name }),
		columns.OptionalText("owner", func(i int) string { return c(i).Owner }),
		columns.Integer("purchases", func(i int) int64 { return c(i).Purchases }),
		columns.Day("last_day", func(i int) orders.Date { return c(i).LastDay }),
		columns.Integer("days_since_last", func(i int) int64 { return int64(c(i).DaysSinceLast) }),
		columns.Amount("revenue", func(i int) orders.Amount { return c(i).Revenue }),
		columns.OptionalText("column", func(i int) string { return g.Columns[c(i).Column].Name }),
		columns.Text("state", func(i int) string { return c(i).State.String() }),
	})
}

// Record returns the segments as a record of mem, one row a segment, in their
// order, with the columns rule, segment, customers, purchases, revenue,
// customer_share, revenue_share and days_since_last. What is NaN in a [Segment]
// and the name of the customers without one are null. The caller releases it.
func (r *RFMResult) Record(mem memory.Allocator) arrow.Record {
	s := func(i int) *Segment { return &r.Segments[i] }
	return columns.Record(mem, len(r.Segments), []columns.Column{
		columns.Integer("rule", func(i int) int64 { return int64(s(i).Rule) }),
		columns.OptionalText("segment", func(i int) string { return s(i).Name }),
		columns.Integer("customers", func(i int) int64 { return s(i).Customers }),
		columns.Integer("purchases", func(i int) int64 { return s(i).Purchases }),
		columns.Amount("revenue", func(i int) orders.Amount { return s(i).Revenue }),
		columns.Number("customer_share", func(i int) float64 { return s(i).CustomerShare }),
		columns.Number("revenue_share", func(i int) float64 { return s(i).RevenueShare }),
		columns.Number("days_since_last", func(i int) float64 { return s(i).DaysSinceLast }),
	})
}

// CustomerRecord returns the customers as a record of mem, one row a customer
// scored, by id, with the columns customer, name, owner, last_day,
// days_since_last, purchases, revenue, money, r, f, m, rule and segment. An
// unknown money is null, its score m 0. The caller releases the record.
func (r *RFMResult) CustomerRecord(mem memory.Allocator) arrow.Record {
	c := func(i int) *RFMCustomer { return &r.Scored[i] }
	return columns.Record(mem, len(r.Scored), []columns.Column{
		columns.Text("customer", func(i int) string { return c(i).ID }),
		columns.OptionalText("name", func(i int) string { return c(i).Name }),
		columns.OptionalText("owner", func(i int) string { return c(i).Owner }),
		columns.Day("last_day", func(i int) orders.Date { return c(i).LastDay }),
		columns.Integer("days_since_last", func(i int) int64 { return int64(c(i).DaysSinceLast) }),
		columns.Integer("purchases", func(i int) int64 { return c(i).Purchases }),
		columns.Amount("revenue", func(i int) orders.Amount { return c(i).Revenue }),
		columns.Money("money", func(i int) orders.NullAmount { return c(i).Money }),
		columns.Integer("r", func(i int) int64 { return int64(c(i).R) }),
		columns.Integer("f", func(i int) int64 { return int64(c(i).F) }),
		columns.Integer("m", func(i int) int64 { return int64(c(i).M) }),
		columns.Integer("rule", func(i int) int64 { return int64(c(i).Rule) }),
		columns.OptionalText("segment", func(i int) string { return c(i).Segment }),
	})
}
