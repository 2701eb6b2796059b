package cohorts

import (
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/decimal128"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/orders"
)

// Record returns r as one Arrow record: a row per period and a last one whose
// period is "total". Money is decimal128(18,4), shares are 0…1; null is an
// undefined share or a profit of which no cost is known. The caller releases
// it. Columns:
//
//	period, revenue, first_revenue, repeat_revenue, unknown_revenue,
//	unmatched_returns, anonymous_revenue, repeat_share_low, repeat_share_high,
//	deals, first_deals, repeat_deals, unknown_deals, customers, new_customers,
//	returning_customers, unknown_customers, overlap, profit, first_profit,
//	repeat_profit, partial, reliable, share_reason, unknown_profit, cost_known,
//	profit_share_low, profit_share_high, deals_share_low, deals_share_high,
//	customers_share_low, customers_share_high, customers_to_date,
//	repeaters_to_date, repeat_purchase_rate
func (r *Repeat) Record(mem memory.Allocator) arrow.Record {
	rows := make([]RepeatRow, 0, len(r.Rows)+1)
	rows = append(append(rows, r.Rows...), r.Total)
	t := newColumns(mem, len(rows))
	money := func(name string, of func(RepeatRow) orders.Amount) {
		t.money(name, func(i int) orders.NullAmount { return orders.Known(of(rows[i])) })
	}
	count := func(name string, of func(RepeatRow) int64) { t.count(name, func(i int) int64 { return of(rows[i]) }) }
	profit := func(name string, of func(RepeatRow) orders.Tally) {
		t.money(name, func(i int) orders.NullAmount { return profitOf(of(rows[i])) })
	}
	share := func(name string, of func(RepeatRow) Share) {
		t.number(name+"_low", func(i int) float64 { return of(rows[i]).Low })
		t.number(name+"_high", func(i int) float64 { return of(rows[i]).High })
	}

	t.text("period", func(i int) string {
		if rows[i].Period.IsZero() {
			return "total"
		}
		return rows[i].Period.String()
	})
	money("revenue", func(r RepeatRow) orders.Amount { return r.Sides.Total().Revenue })
	money("first_revenue", func(r RepeatRow) orders.Amount { return r.First.Revenue })
	money("repeat_revenue", func(r RepeatRow) orders.Amount { return r.Repeat.Revenue })
	money("unknown_revenue", func(r RepeatRow) orders.Amount { return r.Unknown.Revenue })
	money("unmatched_returns", func(r RepeatRow) orders.Amount { return r.Unmatched.Revenue })
	money("anonymous_revenue", func(r RepeatRow) orders.Amount { return r.Anonymous })
	share("repeat_share", func(r RepeatRow) Share { return r.ByRevenue })
	count("deals", RepeatRow.Deals)
	count("first_deals", func(r RepeatRow) int64 { return r.First.Purchases })
	count("repeat_deals", func(r RepeatRow) int64 { return r.Repeat.Purchases })
	count("unknown_deals", func(r RepeatRow) int64 { return r.Unknown.Purchases })
	count("customers", func(r RepeatRow) int64 { return r.Customers })
	count("new_customers", func(r RepeatRow) int64 { return r.NewCustomers })
	count("returning_customers", func(r RepeatRow) int64 { return r.ReturningCustomers })
	count("unknown_customers", func(r RepeatRow) int64 { return r.UnknownCustomers })
	count("overlap", func(r RepeatRow) int64 { return r.Overlap })
	profit("profit", func(r RepeatRow) orders.Tally { return r.Sides.Total() })
	profit("first_profit", func(r RepeatRow) orders.Tally { return r.First })
	profit("repeat_profit", func(r RepeatRow) orders.Tally { return r.Repeat })
	t.flag("partial", func(i int) bool { return rows[i].Partial })
	t.flag("reliable", func(i int) bool { return rows[i].Reliable })
	t.text("share_reason", func(i int) string { return string(rows[i].ByRevenue.Reason) })
	profit("unknown_profit", func(r RepeatRow) orders.Tally { return r.Unknown })
	t.number("cost_known", func(i int) float64 { return rows[i].Sides.Total().CostKnown() })
	share("profit_share", func(r RepeatRow) Share { return r.ByProfit })
	share("deals_share", func(r RepeatRow) Share { return r.ByPurchases })
	share("customers_share", func(r RepeatRow) Share { return r.ByCustomers })
	count("customers_to_date", func(r RepeatRow) int64 { return r.CustomersToDate })
	count("repeaters_to_date", func(r RepeatRow) int64 { return r.RepeatersToDate })
	t.number("repeat_purchase_rate", func(i int) float64 { return rows[i].RepeatPurchaseRate })
	return t.record()
}

// Record returns t as one Arrow record in long form: a row per cohort and age,
// ascending, then the cells of the cohort "earlier" by period, then one row
// "unmatched" without an age or a period. So revenue and profit add up to those
// of all identified customers. Null is an age that does not exist, an undefined
// retention, or a profit of which no cost is known. The caller releases it.
// Columns:
//
//	cohort, age, period, size, customers, retention, deals, revenue, costed,
//	cogs, profit, cumulative_revenue, cumulative_profit, observed
//
// where deals are purchases and observed is "full" or "partial".
func (t *Table) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		cohort string
		size   int64
		Cell
	}
	var rows []row
	for _, c := range t.Cohorts {
		for _, cell := range c.Cells {
			rows = append(rows, row{c.Period.String(), c.Size, cell})
		}
	}
	for _, cell := range t.Earlier.Cells {
		rows = append(rows, row{"earlier", t.Earlier.Size, cell})
	}
	rows = append(rows, row{"unmatched", 0, Cell{Age: -1, Retention: math.NaN(), Tally: t.Unmatched, Cumulative: t.Unmatched}})

	b := newColumns(mem, len(rows))
	b.text("cohort", func(i int) string { return rows[i].cohort })
	b.ages("age", func(i int) int { return rows[i].Age })
	b.text("period", func(i int) string { return rows[i].Period.String() })
	b.count("size", func(i int) int64 { return rows[i].size })
	b.count("customers", func(i int) int64 { return rows[i].Customers })
	b.number("retention", func(i int) float64 { return rows[i].Retention })
	b.count("deals", func(i int) int64 { return rows[i].Tally.Purchases })
	b.money("revenue", func(i int) orders.NullAmount { return orders.Known(rows[i].Tally.Revenue) })
	b.money("costed", func(i int) orders.NullAmount { return orders.Known(rows[i].Tally.Costed) })
	b.money("cogs", func(i int) orders.NullAmount { return orders.Known(rows[i].Tally.COGS) })
	b.money("profit", func(i int) orders.NullAmount { return profitOf(rows[i].Tally) })
	b.money("cumulative_revenue", func(i int) orders.NullAmount { return orders.Known(rows[i].Cumulative.Revenue) })
	b.money("cumulative_profit", func(i int) orders.NullAmount { return profitOf(rows[i].Cumulative) })
	b.text("observed", func(i int) string {
		if rows[i].Partial {
			return "partial"
		}
		return "full"
	})
	return b.record()
}

// profitOf returns the gross profit of t; unknown if no cost is.
func profitOf(t orders.Tally) orders.NullAmount {
	return orders.NullAmount{Amount: t.GrossProfit(), Known: costKnown(t)}
}

// columns collects the columns of a record.
type columns struct {
	mem    memory.Allocator
	rows   int
	fields []arrow.Field
	arrays []arrow.Array
}

func newColumns(mem memory.Allocator, rows int) *columns { return &columns{mem: mem, rows: rows} }

// record returns the record and gives up the columns.
func (c *columns) record() arrow.Record {
	r := array.NewRecord(arrow.NewSchema(c.fields, nil), c.arrays, int64(c.rows))
	for _, a := range c.arrays {
		a.Release()
	}
	return r
}

// column appends what add puts into b for each row; b is released.
func (c *columns) column(name string, nullable bool, b array.Builder, add func(i int)) {
	defer b.Release()
	b.Reserve(c.rows)
	for i := range c.rows {
		add(i)
	}
	c.fields = append(c.fields, arrow.Field{Name: name, Type: b.Type(), Nullable: nullable})
	c.arrays = append(c.arrays, b.NewArray())
}

// text adds a column of strings; "" is null.
func (c *columns) text(name string, of func(i int) string) {
	b := array.NewStringBuilder(c.mem)
	c.column(name, true, b, func(i int) {
		if s := of(i); s != "" {
			b.Append(s)
		} else {
			b.AppendNull()
		}
	})
}

// ages adds a column of ages; a negative one is null.
func (c *columns) ages(name string, of func(i int) int) {
	b := array.NewInt32Builder(c.mem)
	c.column(name, true, b, func(i int) {
		if age := of(i); age >= 0 {
			b.Append(int32(age))
		} else {
			b.AppendNull()
		}
	})
}

func (c *columns) count(name string, of func(i int) int64) {
	b := array.NewInt64Builder(c.mem)
	c.column(name, false, b, func(i int) { b.Append(of(i)) })
}

func (c *columns) flag(name string, of func(i int) bool) {
	b := array.NewBooleanBuilder(c.mem)
	c.column(name, false, b, func(i int) { b.Append(of(i)) })
}

// number adds a column of floats; NaN is null.
func (c *columns) number(name string, of func(i int) float64) {
	b := array.NewFloat64Builder(c.mem)
	c.column(name, true, b, func(i int) {
		if v := of(i); !math.IsNaN(v) {
			b.Append(v)
		} else {
			b.AppendNull()
		}
	})
}

// money adds a column of exact amounts; an unknown one is null.
func (c *columns) money(name string, of func(i int) orders.NullAmount) {
	b := array.NewDecimal128Builder(c.mem, &arrow.Decimal128Type{Precision: 18, Scale: orders.Places})
	c.column(name, true, b, func(i int) {
		if v := of(i); v.Known {
			b.Append(decimal128.FromI64(int64(v.Amount)))
		} else {
			b.AppendNull()
		}
	})
}
