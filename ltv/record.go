package ltv

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
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
	return columns.Record(mem, len(p.Points), pointColumns(func(i int) *PaybackPoint { return &p.Points[i] }))
}

// pointColumns are what a [PaybackPoint] has.
func pointColumns(at func(i int) *PaybackPoint) []columns.Column {
	return []columns.Column{
		columns.Integer("at", func(i int) int64 { return int64(at(i).At) }),
		columns.Flag("and_later", func(i int) bool { return at(i).AndLater }),
		columns.Integer("customers", func(i int) int64 { return at(i).Customers }),
		columns.Integer("purchases", func(i int) int64 { return at(i).Purchases }),
		columns.Amount("revenue", func(i int) orders.Amount { return at(i).Revenue }),
		columns.Amount("cumulative_profit", func(i int) orders.Amount { return at(i).Cumulative }),
		columns.Amount("profit_per_customer", func(i int) orders.Amount { return at(i).PerCustomer }),
	}
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

// Record returns Rows as a record of mem, one row each, in their order, with
// the columns period, channel, reliable, partial, spend, leads, qualified,
// new_customers, paid_customers, unknown_customers, charged, idle,
// cost_per_lead, cost_per_qualified, acquisition, qualified_rate, close_rate,
// conversion, lead_days_n, lead_days_mean and lead_days_median. The channel of a
// table that does not tell channels apart, and what is unknown or NaN, are
// null. The caller releases the record.
func (t *AcquisitionTable) Record(mem memory.Allocator) arrow.Record {
	at := func(i int) *AcquisitionRow { return &t.Rows[i] }
	count := func(name string, of func(*AcquisitionRow) NullCount) columns.Column {
		return columns.Nullable[*array.Int64Builder](name, arrow.PrimitiveTypes.Int64, func(i int) (int64, bool) {
			n := of(at(i))
			return n.N, n.Known
		})
	}
	return columns.Record(mem, len(t.Rows), []columns.Column{
		columns.Text("period", func(i int) string { return at(i).Period.String() }),
		columns.Nullable[*array.StringBuilder]("channel", arrow.BinaryTypes.String, func(i int) (string, bool) { return at(i).Channel, t.Channels }),
		columns.Flag("reliable", func(i int) bool { return at(i).Reliable }),
		columns.Flag("partial", func(i int) bool { return at(i).Partial }),
		columns.Money("spend", func(i int) orders.NullAmount { return at(i).Spend }),
		count("leads", func(r *AcquisitionRow) NullCount { return r.Leads }),
		count("qualified", func(r *AcquisitionRow) NullCount { return r.Qualified }),
		columns.Integer("new_customers", func(i int) int64 { return at(i).New }),
		columns.Integer("paid_customers", func(i int) int64 { return at(i).Paid }),
		columns.Integer("unknown_customers", func(i int) int64 { return at(i).Unknown }),
		columns.Amount("charged", func(i int) orders.Amount { return at(i).Charged }),
		columns.Amount("idle", func(i int) orders.Amount { return at(i).Idle }),
		columns.Money("cost_per_lead", func(i int) orders.NullAmount { return at(i).CostPerLead }),
		columns.Money("cost_per_qualified", func(i int) orders.NullAmount { return at(i).CostPerQualified }),
		columns.Money("acquisition", func(i int) orders.NullAmount { return at(i).Acquisition }),
		columns.Number("qualified_rate", func(i int) float64 { return at(i).QualifiedRate }),
		columns.Number("close_rate", func(i int) float64 { return at(i).CloseRate }),
		columns.Number("conversion", func(i int) float64 { return at(i).Conversion }),
		columns.Integer("lead_days_n", func(i int) int64 { return at(i).LeadDays.N }),
		columns.Number("lead_days_mean", func(i int) float64 { return at(i).LeadDays.Mean }),
		columns.Number("lead_days_median", func(i int) float64 { return at(i).LeadDays.Median }),
	})
}

// Record returns the rows as a record of mem, five for each of Rows, in their
// order, by side and then the total, with the columns cohort, key, role, customers
// (of the whole row), side and those of [Profit.Record] from purchases on. The
// cohort is null for "earlier" and where rows are no cohorts, the key where they
// are, the role where it is "". The caller releases the record.
func (p *ProfitSplit) Record(mem memory.Allocator) arrow.Record {
	const sides = 5
	at := func(i int) *SplitRow { return &p.Rows[i/sides] }
	column := func(i int) *Column {
		if i%sides < sides-1 {
			return at(i).side(orders.Side(i % sides))
		}
		return &at(i).Total
	}
	all := []columns.Column{
		columns.OptionalText("cohort", func(i int) string { return at(i).Cohort.String() }),
		columns.Nullable[*array.StringBuilder]("key", arrow.BinaryTypes.String, func(i int) (string, bool) { return at(i).Key, p.By != ByCohort }),
		columns.OptionalText("role", func(i int) string { return string(at(i).Role) }),
		columns.Integer("customers", func(i int) int64 { return at(i).Customers }),
		columns.Text("side", func(i int) string {
			if i%sides < sides-1 {
				return orders.Side(i % sides).String()
			}
			return "total"
		}),
	}
	return columns.Record(mem, len(p.Rows)*sides, append(all, moneyColumns(column)...))
}

// Record returns the points of every group as a record of mem, by group, then
// by purchase number, then by days, with the columns cohort, key, acquired, by
// ("number" or "day") and those of [Payback.Record]. The cohort is null where
// groups are no cohorts, the key where they are. The caller releases it.
func (t *PaybackTable) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		*PaybackGroup
		by string
		*PaybackPoint
	}
	var rows []row
	for i := range t.Groups {
		g := &t.Groups[i]
		for k := range g.ByNumber.Points {
			rows = append(rows, row{g, "number", &g.ByNumber.Points[k]})
		}
		for k := range g.ByAge.Points {
			rows = append(rows, row{g, "day", &g.ByAge.Points[k]})
		}
	}
	return columns.Record(mem, len(rows), append([]columns.Column{
		columns.OptionalText("cohort", func(i int) string { return rows[i].Cohort.String() }),
		columns.Nullable[*array.StringBuilder]("key", arrow.BinaryTypes.String, func(i int) (string, bool) { return rows[i].Key, t.By != ByCohort }),
		columns.Integer("acquired", func(i int) int64 { return rows[i].PaybackGroup.Customers }),
		columns.Text("by", func(i int) string { return rows[i].by }),
	}, pointColumns(func(i int) *PaybackPoint { return rows[i].PaybackPoint })...))
}
