package ltv

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the table turned on its side as a record of mem: a row for
// each side and the total, then the same per purchase for those that have any,
// with the columns side, per_purchase, purchases and one for each of [Lines],
// and cost_known. What is unknown or NaN in a [Column] is null. The caller
// releases the record.
func (p *Profit) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		side string
		per  bool
		Column
	}
	rows := []row{
		{orders.First.String(), false, p.First}, {orders.Repeat.String(), false, p.Repeat},
		{orders.Unknown.String(), false, p.Unknown}, {orders.Unmatched.String(), false, p.Unmatched},
		{"total", false, p.Total},
	}
	for _, r := range rows[:len(rows):len(rows)] {
		if per, ok := r.PerPurchase(); ok {
			rows = append(rows, row{r.side, true, per})
		}
	}
	all := []columns.Column{
		columns.Text("side", func(i int) string { return rows[i].side }),
		columns.Flag("per_purchase", func(i int) bool { return rows[i].per }),
	}
	return columns.Record(mem, len(rows), append(all, moneyColumns(func(i int) *Column { return &rows[i].Column })...))
}

// moneyColumns are what a [Column] has.
func moneyColumns(of func(i int) *Column) []columns.Column {
	all := []columns.Column{columns.Integer("purchases", func(i int) int64 { return of(i).Purchases })}
	for _, l := range Lines() {
		if l == Margin {
			all = append(all, columns.Number(l.String(), func(i int) float64 { return of(i).Margin }))
		} else {
			all = append(all, columns.Money(l.String(), func(i int) orders.NullAmount { return of(i).Money(l) }))
		}
	}
	return append(all, columns.Number("cost_known", func(i int) float64 { return of(i).CostKnown }))
}

// Record returns the points as a record of mem, one row a point, ascending,
// with the columns at, and_later, customers, purchases, revenue,
// cumulative_profit and profit_per_customer. The caller releases it.
func (p Payback) Record(mem memory.Allocator) arrow.Record {
	at := func(i int) *PaybackPoint { return &p.Points[i] }
	return columns.Record(mem, len(p.Points), []columns.Column{
		columns.Integer("at", func(i int) int64 { return int64(at(i).At) }),
		columns.Flag("and_later", func(i int) bool { return at(i).AndLater }),
		columns.Integer("customers", func(i int) int64 { return at(i).Customers }),
		columns.Integer("purchases", func(i int) int64 { return at(i).Purchases }),
		columns.Amount("revenue", func(i int) orders.Amount { return at(i).Revenue }),
		columns.Amount("cumulative_profit", func(i int) orders.Amount { return at(i).Cumulative }),
		columns.Amount("profit_per_customer", func(i int) orders.Amount { return at(i).PerCustomer }),
	})
}

// Record returns the cells as a record of mem, one row a cell, by cost per lead
// and then conversion, with the columns cost_per_lead, conversion, acquisition,
// first_profit and payback (0: never). The caller releases it.
func (g *LeadGrid) Record(mem memory.Allocator) arrow.Record {
	width := len(g.Conversion)
	cell := func(i int) LeadCell { return g.Cells[i/width][i%width] }
	return columns.Record(mem, len(g.CostPerLead)*width, []columns.Column{
		columns.Amount("cost_per_lead", func(i int) orders.Amount { return g.CostPerLead[i/width] }),
		columns.Number("conversion", func(i int) float64 { return g.Conversion[i%width] }),
		columns.Amount("acquisition", func(i int) orders.Amount { return cell(i).Acquisition }),
		columns.Amount("first_profit", func(i int) orders.Amount { return cell(i).First }),
		columns.Integer("payback", func(i int) int64 { return cell(i).Payback }),
	})
}

// Record returns the customers as a record of mem, one row a customer, in their
// order, with the columns customer, name, entry, cohort, first_day, last_day,
// days, those of [Profit.Record] from purchases on, and gross_profit,
// contribution, first_revenue, repeat_revenue, first_profit and repeat_profit.
// The column profit is the value to date; the cohort "earlier" and what is
// unknown or NaN are null. The caller releases the record.
func (l *Lifetimes) Record(mem memory.Allocator) arrow.Record {
	v := func(i int) *Lifetime { return &l.Customers[i] }
	all := []columns.Column{
		columns.Text("customer", func(i int) string { return v(i).ID }),
		columns.OptionalText("name", func(i int) string { return v(i).Name }),
		columns.Text("entry", func(i int) string { return v(i).Entry.String() }),
		columns.OptionalText("cohort", func(i int) string { return v(i).Cohort.String() }),
		columns.Day("first_day", func(i int) orders.Date { return v(i).FirstDay }),
		columns.Day("last_day", func(i int) orders.Date { return v(i).LastDay }),
		columns.Integer("days", func(i int) int64 { return int64(v(i).Days) }),
	}
	all = append(all, moneyColumns(func(i int) *Column { return &v(i).Column })...)
	return columns.Record(mem, len(l.Customers), append(all,
		columns.Money("gross_profit", func(i int) orders.NullAmount { return v(i).GrossProfit }),
		columns.Money("contribution", func(i int) orders.NullAmount { return v(i).Contribution }),
		columns.Amount("first_revenue", func(i int) orders.Amount { return v(i).First.Revenue }),
		columns.Amount("repeat_revenue", func(i int) orders.Amount { return v(i).Repeat.Revenue }),
		columns.Money("first_profit", func(i int) orders.NullAmount { return v(i).First.Profit }),
		columns.Money("repeat_profit", func(i int) orders.NullAmount { return v(i).Repeat.Profit }),
	))
}

// CohortRecord returns the cohorts as a record of mem, one row a cohort, in
// their order, with the columns cohort, customers, those of [Profit.Record]
// from purchases on, and gross_profit, contribution, average_revenue,
// average_value and average_days. The cohort "earlier" and what is unknown or
// NaN are null. The caller releases the record.
func (l *Lifetimes) CohortRecord(mem memory.Allocator) arrow.Record {
	v := func(i int) *CohortValue { return &l.Cohorts[i] }
	all := []columns.Column{
		columns.OptionalText("cohort", func(i int) string { return v(i).Cohort.String() }),
		columns.Integer("customers", func(i int) int64 { return v(i).Customers }),
	}
	all = append(all, moneyColumns(func(i int) *Column { return &v(i).Column })...)
	return columns.Record(mem, len(l.Cohorts), append(all,
		columns.Money("gross_profit", func(i int) orders.NullAmount { return v(i).GrossProfit }),
		columns.Money("contribution", func(i int) orders.NullAmount { return v(i).Contribution }),
		columns.Amount("average_revenue", func(i int) orders.Amount { return v(i).AverageRevenue }),
		columns.Money("average_value", func(i int) orders.NullAmount { return v(i).AverageValue }),
		columns.Number("average_days", func(i int) float64 { return v(i).AverageDays }),
	))
}
