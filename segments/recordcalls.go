package segments

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the statuses as a record of mem, one row a status, in their
// order, and a last row "without" for the customers without a purchase, with the
// columns status, customers and revenue. Revenue adds up to that of the scope.
// The caller releases the record.
func (l *LapseResult) Record(mem memory.Allocator) arrow.Record {
	row := func(i int) StatusSum {
		if i < statuses {
			return l.Statuses[i]
		}
		return StatusSum{Customers: l.Without, Revenue: l.WithoutRevenue}
	}
	return columns.Record(mem, statuses+1, []columns.Column{
		columns.Text("status", func(i int) string {
			if i < statuses {
				return Status(i).String()
			}
			return "without"
		}),
		columns.Integer("customers", func(i int) int64 { return row(i).Customers }),
		columns.Amount("revenue", func(i int) orders.Amount { return row(i).Revenue }),
	})
}

// CustomerRecord returns the customers as a record of mem, one row a customer
// with a purchase, by id, with the columns customer, name, owner, segment,
// purchases, last_day, days_since_last, revenue, average_revenue,
// average_profit, gaps, rhythm, rhythm_of, expected_day, days_late and status.
// What is unknown, and day and days of a customer without a rhythm, is null. The
// caller releases the record.
func (l *LapseResult) CustomerRecord(mem memory.Allocator) arrow.Record {
	c := func(i int) *LapseCustomer { return &l.Judged[i] }
	return columns.Record(mem, len(l.Judged), append([]columns.Column{
		columns.Text("customer", func(i int) string { return c(i).ID }),
		columns.OptionalText("name", func(i int) string { return c(i).Name }),
		columns.OptionalText("owner", func(i int) string { return c(i).Owner }),
		columns.OptionalText("segment", func(i int) string { return c(i).Segment }),
		columns.Integer("purchases", func(i int) int64 { return c(i).Purchases }),
		columns.Day("last_day", func(i int) orders.Date { return c(i).LastDay }),
		columns.Integer("days_since_last", func(i int) int64 { return int64(c(i).DaysSinceLast) }),
		columns.Amount("revenue", func(i int) orders.Amount { return c(i).Revenue }),
		columns.Money("average_revenue", func(i int) orders.NullAmount { return c(i).AverageRevenue }),
		columns.Money("average_profit", func(i int) orders.NullAmount { return c(i).AverageProfit }),
		columns.Integer("gaps", func(i int) int64 { return c(i).Gaps }),
	}, rhythmColumns(c)...))
}

// rhythmColumns are those of a customer's rhythm, and how late they are by it.
func rhythmColumns(c func(i int) *LapseCustomer) []columns.Column {
	return []columns.Column{
		columns.Number("rhythm", func(i int) float64 { return c(i).Rhythm }),
		columns.Text("rhythm_of", func(i int) string { return c(i).RhythmOf.String() }),
		columns.Day("expected_day", func(i int) orders.Date { return c(i).ExpectedDay }),
		columns.Nullable[*array.Int64Builder]("days_late", arrow.PrimitiveTypes.Int64, func(i int) (int64, bool) {
			return int64(c(i).DaysLate), c(i).RhythmOf != Nobody
		}),
		columns.Text("status", func(i int) string { return c(i).Status.String() }),
	}
}

// Record returns the calls as a record of mem, one row a call, those to customers
// who have lapsed after the others, with the columns customer, name, owner,
// place, purchases, last_day, rhythm, rhythm_of, expected_day, days_late, status
// and worth. An unknown worth is null. The caller releases the record.
func (l *CallList) Record(mem memory.Allocator) arrow.Record {
	call := func(i int) *Call {
		if i < len(l.Calls) {
			return &l.Calls[i]
		}
		return &l.Lapsed[i-len(l.Calls)]
	}
	all := append([]columns.Column{
		columns.Text("customer", func(i int) string { return call(i).ID }),
		columns.OptionalText("name", func(i int) string { return call(i).Name }),
		columns.OptionalText("owner", func(i int) string { return call(i).Owner }),
		columns.Integer("place", func(i int) int64 { return int64(call(i).Place) }),
		columns.Integer("purchases", func(i int) int64 { return call(i).Purchases }),
		columns.Day("last_day", func(i int) orders.Date { return call(i).LastDay }),
	}, rhythmColumns(func(i int) *LapseCustomer { return &call(i).LapseCustomer })...)
	all = append(all, columns.Money("worth", func(i int) orders.NullAmount { return call(i).Worth }))
	return columns.Record(mem, len(l.Calls)+len(l.Lapsed), all)
}

// SalespersonRecord returns the salespersons as a record of mem, one row each, by
// name, with the columns owner, customers, one for each [Status], calls,
// calls_held, worth, worth_held, lapsed_calls, lapsed_held, lapsed_worth and
// lapsed_worth_held. Who has none is the row whose owner is null. The caller
// releases the record.
func (l *CallList) SalespersonRecord(mem memory.Allocator) arrow.Record {
	s := func(i int) *CallSums { return &l.Salespersons[i] }
	all := []columns.Column{
		columns.OptionalText("owner", func(i int) string { return s(i).Salesperson }),
		columns.Integer("customers", func(i int) int64 { return s(i).Customers }),
	}
	for status := range Status(statuses) {
		all = append(all, columns.Integer(status.String(), func(i int) int64 { return s(i).Statuses[status] }))
	}
	return columns.Record(mem, len(l.Salespersons), append(all,
		columns.Integer("calls", func(i int) int64 { return s(i).Calls.Listed }),
		columns.Integer("calls_held", func(i int) int64 { return s(i).Calls.Held }),
		columns.Amount("worth", func(i int) orders.Amount { return s(i).Calls.Worth }),
		columns.Amount("worth_held", func(i int) orders.Amount { return s(i).Calls.HeldWorth }),
		columns.Integer("lapsed_calls", func(i int) int64 { return s(i).Lapsed.Listed }),
		columns.Integer("lapsed_held", func(i int) int64 { return s(i).Lapsed.Held }),
		columns.Amount("lapsed_worth", func(i int) orders.Amount { return s(i).Lapsed.Worth }),
		columns.Amount("lapsed_worth_held", func(i int) orders.Amount { return s(i).Lapsed.HeldWorth }),
	))
}

// Record returns the groups as a record of mem, one row for each salesperson and
// class, in their order, with the columns owner, class, customers, norm, fact,
// deviation, met and untouched. What is unknown is null. The caller releases it.
func (r *ContactResult) Record(mem memory.Allocator) arrow.Record {
	g := func(i int) *ContactSums { return &r.Groups[i] }
	return columns.Record(mem, len(r.Groups), []columns.Column{
		columns.OptionalText("owner", func(i int) string { return g(i).Salesperson }),
		columns.OptionalText("class", func(i int) string { return g(i).Class }),
		columns.Integer("customers", func(i int) int64 { return g(i).Customers }),
		columns.Money("norm", func(i int) orders.NullAmount { return g(i).Norm }),
		columns.Integer("fact", func(i int) int64 { return g(i).Fact }),
		columns.Money("deviation", func(i int) orders.NullAmount { return g(i).Deviation }),
		columns.Integer("met", func(i int) int64 { return g(i).Met }),
		columns.Integer("untouched", func(i int) int64 { return g(i).Untouched }),
	})
}

// CustomerRecord returns the customers as a record of mem, one row each, by id,
// with the columns customer, name, owner, class, norm, fact, deviation and
// last_contact. What is unknown is null. The caller releases the record.
func (r *ContactResult) CustomerRecord(mem memory.Allocator) arrow.Record {
	c := func(i int) *ContactCustomer { return &r.Customers[i] }
	return columns.Record(mem, len(r.Customers), []columns.Column{
		columns.Text("customer", func(i int) string { return c(i).ID }),
		columns.OptionalText("name", func(i int) string { return c(i).Name }),
		columns.OptionalText("owner", func(i int) string { return c(i).Owner }),
		columns.OptionalText("class", func(i int) string { return c(i).Class }),
		columns.Money("norm", func(i int) orders.NullAmount { return c(i).Norm }),
		columns.Integer("fact", func(i int) int64 { return c(i).Fact }),
		columns.Money("deviation", func(i int) orders.NullAmount { return c(i).Deviation }),
		columns.Day("last_contact", func(i int) orders.Date { return c(i).LastContact }),
	})
}
