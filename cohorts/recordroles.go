package cohorts

import (
	"slices"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the salespersons of r as one Arrow record; null is a blank name,
// no role, an undefined share or an unknown profit. The caller releases it.
// Columns:
//
//	salesperson, role, of_first, of_repeat, won, keeps, given, taken, revenue,
//	first_revenue, … as in [Split.Record] to customers_share_high
func (r *RolesResult) Record(mem memory.Allocator) arrow.Record {
	row := func(i int) *Salesperson { return &r.Salespersons[i] }
	of := func(i int) *Business { return &r.Salespersons[i].Business }
	return columns.Record(mem, len(r.Salespersons), slices.Concat(
		[]columns.Column{
			columns.OptionalText("salesperson", func(i int) string { return row(i).Value }),
			columns.OptionalText("role", func(i int) string { return string(row(i).Role()) }),
			columns.Number("of_first", func(i int) float64 { return row(i).OfFirst }),
			columns.Number("of_repeat", func(i int) float64 { return row(i).OfRepeat }),
			columns.Integer("won", func(i int) int64 { return row(i).Won }),
			columns.Integer("keeps", func(i int) int64 { return row(i).Keeps }),
			columns.Integer("given", func(i int) int64 { return row(i).Given }),
			columns.Integer("taken", func(i int) int64 { return row(i).Taken }),
		},
		moneyColumns(of), countColumns(of), shareColumns(of),
	))
}

// MovesRecord returns the matrix of first and latest owners of r as one Arrow
// record; null is a blank name, or the rate of no days. The caller releases it.
// Columns:
//
//	from, to, handed_over, customers, revenue, first_revenue, repeat_revenue,
//	unknown_revenue, unmatched_returns, purchases_before, revenue_before,
//	days_before, purchases_per_month_before, purchases_after, revenue_after,
//	days_after, purchases_per_month_after
func (r *RolesResult) MovesRecord(mem memory.Allocator) arrow.Record {
	row := func(i int) *Move { return &r.Moves[i] }
	return columns.Record(mem, len(r.Moves), slices.Concat(
		[]columns.Column{
			columns.OptionalText("from", func(i int) string { return row(i).From }),
			columns.OptionalText("to", func(i int) string { return row(i).To }),
			columns.Flag("handed_over", func(i int) bool { return row(i).HandedOver() }),
			columns.Integer("customers", func(i int) int64 { return row(i).Customers }),
			columns.Amount("revenue", func(i int) orders.Amount { return row(i).Sides.Total().Revenue }),
			columns.Amount("first_revenue", func(i int) orders.Amount { return row(i).First.Revenue }),
			columns.Amount("repeat_revenue", func(i int) orders.Amount { return row(i).Repeat.Revenue }),
			columns.Amount("unknown_revenue", func(i int) orders.Amount { return row(i).Unknown.Revenue }),
			columns.Amount("unmatched_returns", func(i int) orders.Amount { return row(i).Unmatched.Revenue }),
		},
		stintColumns("before", func(i int) *Stint { return &r.Moves[i].Before }),
		stintColumns("after", func(i int) *Stint { return &r.Moves[i].After }),
	))
}

// HandedRecord returns the customers of r who were handed over as one Arrow
// record; null is an unknown day or the rate of no days. The caller releases it.
// Columns:
//
//	customer, customer_name, from, to, day, purchases_before, revenue_before,
//	days_before, purchases_per_month_before, purchases_after, revenue_after,
//	days_after, purchases_per_month_after
func (r *RolesResult) HandedRecord(mem memory.Allocator) arrow.Record {
	row := func(i int) *HandedOver { return &r.Handed[i] }
	return columns.Record(mem, len(r.Handed), slices.Concat(
		[]columns.Column{
			columns.Text("customer", func(i int) string { return row(i).ID }),
			columns.Text("customer_name", func(i int) string { return row(i).Name }),
			columns.Text("from", func(i int) string { return row(i).From }),
			columns.Text("to", func(i int) string { return row(i).To }),
			columns.Day("day", func(i int) orders.Date { return row(i).Day }),
		},
		stintColumns("before", func(i int) *Stint { return &r.Handed[i].Before }),
		stintColumns("after", func(i int) *Stint { return &r.Handed[i].After }),
	))
}

func stintColumns(when string, of func(i int) *Stint) []columns.Column {
	return []columns.Column{
		columns.Integer("purchases_"+when, func(i int) int64 { return of(i).Purchases }),
		columns.Amount("revenue_"+when, func(i int) orders.Amount { return of(i).Revenue }),
		columns.Integer("days_"+when, func(i int) int64 { return of(i).Days }),
		columns.Number("purchases_per_month_"+when, func(i int) float64 { return of(i).PurchasesPerMonth() }),
	}
}

// Record returns the confusion table of r as one Arrow record: a row for each
// word of the flag, then three whose word is null, the sums by what they say. The
// caller releases it. Columns:
//
//	word, says, deals, first_deals, repeat_deals, unknown_deals,
//	unmatched_deals, revenue, first_revenue, repeat_revenue, unknown_revenue,
//	unmatched_returns
//
// where deals are deals, for a flag is of a deal, not of a purchase.
func (r *FlagsResult) Record(mem memory.Allocator) arrow.Record {
	rows := slices.Clone(r.Words)
	for says, cells := range r.Cells {
		rows = append(rows, FlagWord{Says: Says(says), Sides: cells})
	}
	deals := func(name string, of func(*FlagWord) int64) columns.Column {
		return columns.Integer(name, func(i int) int64 { return of(&rows[i]) })
	}
	money := func(name string, of func(*FlagWord) orders.Amount) columns.Column {
		return columns.Amount(name, func(i int) orders.Amount { return of(&rows[i]) })
	}
	return columns.Record(mem, len(rows), []columns.Column{
		columns.Nullable[*array.StringBuilder]("word", arrow.BinaryTypes.String, func(i int) (string, bool) { return rows[i].Word, i < len(r.Words) }),
		columns.Text("says", func(i int) string { return rows[i].Says.String() }),
		deals("deals", func(w *FlagWord) int64 { return w.Total().Deals }),
		deals("first_deals", func(w *FlagWord) int64 { return w.First.Deals }),
		deals("repeat_deals", func(w *FlagWord) int64 { return w.Repeat.Deals }),
		deals("unknown_deals", func(w *FlagWord) int64 { return w.Unknown.Deals }),
		deals("unmatched_deals", func(w *FlagWord) int64 { return w.Unmatched.Deals }),
		money("revenue", func(w *FlagWord) orders.Amount { return w.Total().Revenue }),
		money("first_revenue", func(w *FlagWord) orders.Amount { return w.First.Revenue }),
		money("repeat_revenue", func(w *FlagWord) orders.Amount { return w.Repeat.Revenue }),
		money("unknown_revenue", func(w *FlagWord) orders.Amount { return w.Unknown.Revenue }),
		money("unmatched_returns", func(w *FlagWord) orders.Amount { return w.Unmatched.Revenue }),
	})
}
