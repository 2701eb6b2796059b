package cohorts

import (
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
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
	row := func(i int) *RepeatRow { return &rows[i] }
	return columns.Record(mem, len(rows), []columns.Column{
		columns.Text("period", func(i int) string {
			if row(i).Period.IsZero() {
				return "total"
			}
			return row(i).Period.String()
		}),
		columns.Amount("revenue", func(i int) orders.Amount { return row(i).Sides.Total().Revenue }),
		columns.Amount("first_revenue", func(i int) orders.Amount { return row(i).First.Revenue }),
		columns.Amount("repeat_revenue", func(i int) orders.Amount { return row(i).Repeat.Revenue }),
		columns.Amount("unknown_revenue", func(i int) orders.Amount { return row(i).Unknown.Revenue }),
		columns.Amount("unmatched_returns", func(i int) orders.Amount { return row(i).Unmatched.Revenue }),
		columns.Amount("anonymous_revenue", func(i int) orders.Amount { return row(i).Anonymous }),
		columns.Number("repeat_share_low", func(i int) float64 { return row(i).ByRevenue.Low }),
		columns.Number("repeat_share_high", func(i int) float64 { return row(i).ByRevenue.High }),
		columns.Integer("deals", func(i int) int64 { return row(i).Deals() }),
		columns.Integer("first_deals", func(i int) int64 { return row(i).First.Purchases }),
		columns.Integer("repeat_deals", func(i int) int64 { return row(i).Repeat.Purchases }),
		columns.Integer("unknown_deals", func(i int) int64 { return row(i).Unknown.Purchases }),
		columns.Integer("customers", func(i int) int64 { return row(i).Customers }),
		columns.Integer("new_customers", func(i int) int64 { return row(i).NewCustomers }),
		columns.Integer("returning_customers", func(i int) int64 { return row(i).ReturningCustomers }),
		columns.Integer("unknown_customers", func(i int) int64 { return row(i).UnknownCustomers }),
		columns.Integer("overlap", func(i int) int64 { return row(i).Overlap }),
		columns.Money("profit", func(i int) orders.NullAmount { return row(i).Sides.Total().Profit() }),
		columns.Money("first_profit", func(i int) orders.NullAmount { return row(i).First.Profit() }),
		columns.Money("repeat_profit", func(i int) orders.NullAmount { return row(i).Repeat.Profit() }),
		columns.Flag("partial", func(i int) bool { return row(i).Partial }),
		columns.Flag("reliable", func(i int) bool { return row(i).Reliable }),
		columns.OptionalText("share_reason", func(i int) string { return string(row(i).ByRevenue.Reason) }),
		columns.Money("unknown_profit", func(i int) orders.NullAmount { return row(i).Unknown.Profit() }),
		columns.Number("cost_known", func(i int) float64 { return row(i).Sides.Total().CostKnown() }),
		columns.Number("profit_share_low", func(i int) float64 { return row(i).ByProfit.Low }),
		columns.Number("profit_share_high", func(i int) float64 { return row(i).ByProfit.High }),
		columns.Number("deals_share_low", func(i int) float64 { return row(i).ByPurchases.Low }),
		columns.Number("deals_share_high", func(i int) float64 { return row(i).ByPurchases.High }),
		columns.Number("customers_share_low", func(i int) float64 { return row(i).ByCustomers.Low }),
		columns.Number("customers_share_high", func(i int) float64 { return row(i).ByCustomers.High }),
		columns.Integer("customers_to_date", func(i int) int64 { return row(i).CustomersToDate }),
		columns.Integer("repeaters_to_date", func(i int) int64 { return row(i).RepeatersToDate }),
		columns.Number("repeat_purchase_rate", func(i int) float64 { return row(i).RepeatPurchaseRate }),
	})
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

	return columns.Record(mem, len(rows), []columns.Column{
		columns.Text("cohort", func(i int) string { return rows[i].cohort }),
		columns.Nullable[*array.Int32Builder]("age", arrow.PrimitiveTypes.Int32, func(i int) (int32, bool) {
			age := rows[i].Age
			return int32(age), age >= 0
		}),
		columns.OptionalText("period", func(i int) string { return rows[i].Period.String() }),
		columns.Integer("size", func(i int) int64 { return rows[i].size }),
		columns.Integer("customers", func(i int) int64 { return rows[i].Customers }),
		columns.Number("retention", func(i int) float64 { return rows[i].Retention }),
		columns.Integer("deals", func(i int) int64 { return rows[i].Tally.Purchases }),
		columns.Amount("revenue", func(i int) orders.Amount { return rows[i].Tally.Revenue }),
		columns.Amount("costed", func(i int) orders.Amount { return rows[i].Tally.Costed }),
		columns.Amount("cogs", func(i int) orders.Amount { return rows[i].Tally.COGS }),
		columns.Money("profit", func(i int) orders.NullAmount { return rows[i].Tally.Profit() }),
		columns.Amount("cumulative_revenue", func(i int) orders.Amount { return rows[i].Cumulative.Revenue }),
		columns.Money("cumulative_profit", func(i int) orders.NullAmount { return rows[i].Cumulative.Profit() }),
		columns.Text("observed", func(i int) string {
			if rows[i].Partial {
				return "partial"
			}
			return "full"
		}),
	})
}
