package cohorts

import (
	"math"
	"slices"

	"github.com/apache/arrow/go/v16/arrow"
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
//	repeaters_to_date, repeat_purchase_rate, repeat_rate_low, repeat_rate_high
func (r *Repeat) Record(mem memory.Allocator) arrow.Record {
	rows := make([]RepeatRow, 0, len(r.Rows)+1)
	rows = append(append(rows, r.Rows...), r.Total)
	row := func(i int) *RepeatRow { return &rows[i] }
	of := func(i int) *Business { return &rows[i].Business }
	return columns.Record(mem, len(rows), slices.Concat(
		[]columns.Column{columns.Text("period", func(i int) string { return periodName(row(i).Period) })},
		moneyColumns(of),
		[]columns.Column{columns.Amount("anonymous_revenue", func(i int) orders.Amount { return row(i).Anonymous })},
		countColumns(of),
		[]columns.Column{
			columns.Flag("partial", func(i int) bool { return row(i).Partial }),
			columns.Flag("reliable", func(i int) bool { return row(i).Reliable }),
		},
		shareColumns(of),
		[]columns.Column{
			columns.Integer("customers_to_date", func(i int) int64 { return row(i).CustomersToDate }),
			columns.Integer("repeaters_to_date", func(i int) int64 { return row(i).RepeatersToDate }),
			columns.Number("repeat_purchase_rate", func(i int) float64 { return row(i).RepeatPurchaseRate }),
			columns.Number("repeat_rate_low", func(i int) float64 { return row(i).RepeatRate.Low }),
			columns.Number("repeat_rate_high", func(i int) float64 { return row(i).RepeatRate.High }),
		},
	))
}

// periodName names a period in a record; the zero one is that of the total.
func periodName(p orders.Period) string {
	if p.IsZero() {
		return "total"
	}
	return p.String()
}

// moneyColumns are the revenue of a Business, by side.
func moneyColumns(of func(i int) *Business) []columns.Column {
	return []columns.Column{
		columns.Amount("revenue", func(i int) orders.Amount { return of(i).Sides.Total().Revenue }),
		columns.Amount("first_revenue", func(i int) orders.Amount { return of(i).First.Revenue }),
		columns.Amount("repeat_revenue", func(i int) orders.Amount { return of(i).Repeat.Revenue }),
		columns.Amount("unknown_revenue", func(i int) orders.Amount { return of(i).Unknown.Revenue }),
		columns.Amount("unmatched_returns", func(i int) orders.Amount { return of(i).Unmatched.Revenue }),
	}
}

// countColumns are the repeat share of its revenue, its purchases and customers,
// and its gross profit.
func countColumns(of func(i int) *Business) []columns.Column {
	return []columns.Column{
		columns.Number("repeat_share_low", func(i int) float64 { return of(i).ByRevenue.Low }),
		columns.Number("repeat_share_high", func(i int) float64 { return of(i).ByRevenue.High }),
		columns.Integer("deals", func(i int) int64 { return of(i).Deals() }),
		columns.Integer("first_deals", func(i int) int64 { return of(i).First.Purchases }),
		columns.Integer("repeat_deals", func(i int) int64 { return of(i).Repeat.Purchases }),
		columns.Integer("unknown_deals", func(i int) int64 { return of(i).Unknown.Purchases }),
		columns.Integer("customers", func(i int) int64 { return of(i).Customers }),
		columns.Integer("new_customers", func(i int) int64 { return of(i).NewCustomers }),
		columns.Integer("returning_customers", func(i int) int64 { return of(i).ReturningCustomers }),
		columns.Integer("unknown_customers", func(i int) int64 { return of(i).UnknownCustomers }),
		columns.Integer("overlap", func(i int) int64 { return of(i).Overlap }),
		columns.Money("profit", func(i int) orders.NullAmount { return of(i).Sides.Total().Profit() }),
		columns.Money("first_profit", func(i int) orders.NullAmount { return of(i).First.Profit() }),
		columns.Money("repeat_profit", func(i int) orders.NullAmount { return of(i).Repeat.Profit() }),
	}
}

// shareColumns are the other shares of it, and why there is none of revenue.
func shareColumns(of func(i int) *Business) []columns.Column {
	return []columns.Column{
		columns.OptionalText("share_reason", func(i int) string { return string(of(i).ByRevenue.Reason) }),
		columns.Money("unknown_profit", func(i int) orders.NullAmount { return of(i).Unknown.Profit() }),
		columns.Number("cost_known", func(i int) float64 { return of(i).Sides.Total().CostKnown() }),
		columns.Number("profit_share_low", func(i int) float64 { return of(i).ByProfit.Low }),
		columns.Number("profit_share_high", func(i int) float64 { return of(i).ByProfit.High }),
		columns.Number("deals_share_low", func(i int) float64 { return of(i).ByPurchases.Low }),
		columns.Number("deals_share_high", func(i int) float64 { return of(i).ByPurchases.High }),
		columns.Number("customers_share_low", func(i int) float64 { return of(i).ByCustomers.Low }),
		columns.Number("customers_share_high", func(i int) float64 { return of(i).ByCustomers.High }),
	}
}

// Record returns d's curve as one Arrow record: a row per period. The caller
// releases it. Columns:
//
//	period, first_seen, new_customers, unknown_customers, partial, reliable
func (d Diagnosis) Record(mem memory.Allocator) arrow.Record {
	return columns.Record(mem, len(d.Curve), []columns.Column{
		columns.Text("period", func(i int) string { return d.Curve[i].Period.String() }),
		columns.Integer("first_seen", func(i int) int64 { return d.Curve[i].Total() }),
		columns.Integer("new_customers", func(i int) int64 { return d.Curve[i].New }),
		columns.Integer("unknown_customers", func(i int) int64 { return d.Curve[i].Unknown }),
		columns.Flag("partial", func(i int) bool { return d.Curve[i].Partial }),
		columns.Flag("reliable", func(i int) bool { return d.Curve[i].Reliable }),
	})
}

// Record returns s as one Arrow record: for each part a row per period, if it has
// periods, and one whose period is "total"; then one whose part and period are
// both "total". Null is as in [Repeat.Record], and a part that the export does not
// name. The caller releases it. Columns:
//
//	by, part, period, revenue, first_revenue, repeat_revenue, unknown_revenue,
//	unmatched_returns, repeat_share_low, repeat_share_high, deals, first_deals,
//	repeat_deals, unknown_deals, customers, new_customers, returning_customers,
//	unknown_customers, overlap, profit, first_profit, repeat_profit,
//	share_reason, unknown_profit, cost_known, profit_share_low,
//	profit_share_high, deals_share_low, deals_share_high, customers_share_low,
//	customers_share_high, of_first, of_repeat
//
// where of_first and of_repeat are of whole parts only.
func (s *Split) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		part, period      string
		business          *Business
		ofFirst, ofRepeat float64
	}
	var rows []row
	for i := range s.Parts {
		p := &s.Parts[i]
		for k := range p.Periods {
			rows = append(rows, row{p.Value, s.Periods[k].String(), &p.Periods[k], math.NaN(), math.NaN()})
		}
		rows = append(rows, row{p.Value, "total", &p.Business, p.OfFirst, p.OfRepeat})
	}
	rows = append(rows, row{"total", "total", &s.Total, portion(s.Total.First.Revenue, s.Total.First.Revenue), portion(s.Total.Repeat.Revenue, s.Total.Repeat.Revenue)})
	of := func(i int) *Business { return rows[i].business }
	return columns.Record(mem, len(rows), slices.Concat(
		[]columns.Column{
			columns.Text("by", func(int) string { return string(s.By) }),
			columns.OptionalText("part", func(i int) string { return rows[i].part }),
			columns.Text("period", func(i int) string { return rows[i].period }),
		},
		moneyColumns(of), countColumns(of), shareColumns(of),
		[]columns.Column{
			columns.Number("of_first", func(i int) float64 { return rows[i].ofFirst }),
			columns.Number("of_repeat", func(i int) float64 { return rows[i].ofRepeat }),
		},
	))
}
