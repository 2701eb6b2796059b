package cohorts

import (
	"math"
	"slices"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns t as one Arrow record in long form: a row per cohort and age,
// ascending, then the cells of the cohort "earlier" by period, then one row
// "unmatched" without an age or a period. So revenue and profit add up to those
// of all identified customers. Null is an age that does not exist, an undefined
// retention, or a profit of which no cost is known. The caller releases it.
// Columns:
//
//	cohort, age, period, size, customers, retention, deals, revenue, costed,
//	cogs, profit, cumulative_revenue, cumulative_profit, observed,
//	retention_low, retention_high, later, unbounded_retention, contribution,
//	cumulative_deals, cumulative_contribution, revenue_per_customer,
//	cumulative_revenue_per_customer
//
// where deals are purchases, observed is "full" or "partial", and period is null
// for ages of AgeDays.
func (t *Table) Record(mem memory.Allocator) arrow.Record {
	var rows []cellRow
	for _, c := range t.Cohorts {
		for _, cell := range c.Cells {
			rows = append(rows, cellRow{c.Period.String(), c.Size, cell})
		}
	}
	for _, cell := range t.Earlier.Cells {
		rows = append(rows, cellRow{"earlier", t.Earlier.Size, cell})
	}
	rows = append(rows, cellRow{"unmatched", 0, Cell{Age: -1, Retention: math.NaN(), Low: math.NaN(), High: math.NaN(), Unbounded: math.NaN(), Tally: t.Unmatched, Cumulative: t.Unmatched}})

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
		columns.Text("observed", func(i int) string { return observed(rows[i].Partial) }),
		columns.Number("retention_low", func(i int) float64 { return rows[i].Low }),
		columns.Number("retention_high", func(i int) float64 { return rows[i].High }),
		columns.Nullable[*array.Int64Builder]("later", arrow.PrimitiveTypes.Int64, func(i int) (int64, bool) {
			return rows[i].Later, !math.IsNaN(rows[i].Unbounded)
		}),
		columns.Number("unbounded_retention", func(i int) float64 { return rows[i].Unbounded }),
		columns.Money("contribution", func(i int) orders.NullAmount { return ByContribution.of(rows[i].Tally) }),
		columns.Integer("cumulative_deals", func(i int) int64 { return rows[i].Cumulative.Purchases }),
		columns.Money("cumulative_contribution", func(i int) orders.NullAmount { return ByContribution.of(rows[i].Cumulative) }),
		columns.Number("revenue_per_customer", func(i int) float64 { return rows[i].perCustomer(rows[i].Tally.Revenue) }),
		columns.Number("cumulative_revenue_per_customer", func(i int) float64 { return rows[i].perCustomer(rows[i].Cumulative.Revenue) }),
	})
}

// cellRow is a cell in a record.
type cellRow struct {
	cohort string
	size   int64
	Cell
}

// perCustomer is undefined for who has no age.
func (r cellRow) perCustomer(sum orders.Amount) float64 {
	if r.Age < 0 {
		return math.NaN()
	}
	return perCustomer(sum, r.size)
}

// Record returns l as one Arrow record: a row per cohort and age, ascending, those
// of all cohorts together, whose cohort is "all", first. Null is the value of
// customers of whom no cost is known, and the age of payback where there is none.
// The caller releases it. Columns:
//
//	cohort, age, cohorts, customers, value, per_customer, acquisition, net,
//	observed, paid_at
func (l *LTV) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		curve *Curve
		CurvePoint
	}
	var rows []row
	curves := append([]*Curve{&l.All}, pointers(l.Cohorts)...)
	for _, c := range curves {
		for _, p := range c.Points {
			rows = append(rows, row{c, p})
		}
	}
	return columns.Record(mem, len(rows), []columns.Column{
		columns.Text("cohort", func(i int) string {
			if rows[i].curve.Period.IsZero() {
				return "all"
			}
			return rows[i].curve.Period.String()
		}),
		columns.Integer("age", func(i int) int64 { return int64(rows[i].Age) }),
		columns.Integer("cohorts", func(i int) int64 { return int64(rows[i].Cohorts) }),
		columns.Integer("customers", func(i int) int64 { return rows[i].Size }),
		columns.Money("value", func(i int) orders.NullAmount { return rows[i].Sum }),
		columns.Number("per_customer", func(i int) float64 { return rows[i].PerCustomer }),
		columns.Amount("acquisition", func(int) orders.Amount { return l.Acquisition }),
		columns.Number("net", func(i int) float64 { return rows[i].Net }),
		columns.Text("observed", func(i int) string { return observed(rows[i].Partial) }),
		columns.Nullable[*array.Int64Builder]("paid_at", arrow.PrimitiveTypes.Int64, func(i int) (int64, bool) {
			return int64(rows[i].curve.PaidAt), rows[i].curve.PaidBack
		}),
	})
}

func pointers[T any](list []T) []*T {
	p := make([]*T, len(list))
	for i := range list {
		p[i] = &list[i]
	}
	return p
}

func observed(partial bool) string {
	if partial {
		return "partial"
	}
	return "full"
}

// Record returns r as one Arrow record: a row per period and a last one whose
// period is "total" and whose base is null. The caller releases it. Columns:
//
//	period, base, customers, active, base_revenue, revenue_now, kept, lost,
//	contraction, expansion, new_revenue, nrr, grr, partial
func (r *RevenueResult) Record(mem memory.Allocator) arrow.Record {
	rows := append(slices.Clone(r.Rows), r.Total)
	amount := func(name string, of func(*RevenueRow) orders.Amount) columns.Column {
		return columns.Amount(name, func(i int) orders.Amount { return of(&rows[i]) })
	}
	return columns.Record(mem, len(rows), []columns.Column{
		columns.Text("period", func(i int) string { return periodName(rows[i].Period) }),
		columns.OptionalText("base", func(i int) string { return rows[i].Base.String() }),
		columns.Integer("customers", func(i int) int64 { return rows[i].Customers }),
		columns.Integer("active", func(i int) int64 { return rows[i].Active }),
		amount("base_revenue", func(w *RevenueRow) orders.Amount { return w.BaseRevenue }),
		amount("revenue_now", func(w *RevenueRow) orders.Amount { return w.Now }),
		amount("kept", func(w *RevenueRow) orders.Amount { return w.Kept }),
		amount("lost", func(w *RevenueRow) orders.Amount { return w.Lost }),
		amount("contraction", func(w *RevenueRow) orders.Amount { return w.Contraction }),
		amount("expansion", func(w *RevenueRow) orders.Amount { return w.Expansion }),
		amount("new_revenue", func(w *RevenueRow) orders.Amount { return w.New }),
		columns.Number("nrr", func(i int) float64 { return rows[i].NRR }),
		columns.Number("grr", func(i int) float64 { return rows[i].GRR }),
		columns.Flag("partial", func(i int) bool { return rows[i].Partial }),
	})
}
