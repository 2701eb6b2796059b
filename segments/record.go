package segments

import (
	"math"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the cells as a record of mem, one row a cell, by column and
// then state, and a last row whose column is "without" for the customers
// without a purchase, followed, if there are prospects, by one whose state is
// "never_bought", with the columns column, state, customers, purchases, revenue,
// customer_share, revenue_share and potential. Revenue adds up to that of the
// scope. What is NaN or unknown in a [GridCell] is null. The caller releases the
// record.
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
	if n := int64(len(g.Prospects)); n > 0 {
		rows = append(rows, row{state: NeverBought.String(), GridCell: GridCell{Customers: n, CustomerShare: math.NaN(), RevenueShare: math.NaN()}})
	}
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

// RuleRecord returns the rule table as a record of mem, one row a rule, in their
// order, with the columns rule, segment, r_from, r_to, f_from, f_to, m_from and
// m_to, which are null where every score fits. The caller releases the record.
func (r *RFMResult) RuleRecord(mem memory.Allocator) arrow.Record {
	rule := func(i int) *Rule { return &r.Rules[i] }
	all := []columns.Column{
		columns.Integer("rule", func(i int) int64 { return int64(i) + 1 }),
		columns.Text("segment", func(i int) string { return rule(i).Segment }),
	}
	for _, axis := range []struct {
		name string
		of   func(int) Range
	}{{"r", func(i int) Range { return rule(i).R }}, {"f", func(i int) Range { return rule(i).F }}, {"m", func(i int) Range { return rule(i).M }}} {
		all = append(all, scoreColumn(axis.name+"_from", axis.of, func(r Range) int { return r.From }), scoreColumn(axis.name+"_to", axis.of, func(r Range) int { return r.To }))
	}
	return columns.Record(mem, len(r.Rules), all)
}

// scoreColumn is one end of a range, null if the range takes everyone.
func scoreColumn(name string, of func(int) Range, end func(Range) int) columns.Column {
	return columns.Nullable[*array.Int64Builder](name, arrow.PrimitiveTypes.Int64, func(i int) (int64, bool) {
		return int64(end(of(i))), of(i) != Range{}
	})
}

// CutRecord returns the cut points as a record of mem, three rows a score, by
// axis and then score, with the columns axis ("r", "f", "m"), score, cut and
// customers. Cut is the least number of purchases or sum of money that has the
// score, or for r the most days; it is null for the score 1, which has none, and
// where there are no cut points. The caller releases the record.
func (r *RFMResult) CutRecord(mem memory.Allocator) arrow.Record {
	k := r.Scores
	cut := func(i int) (a orders.NullAmount) {
		switch score := i%k + 1; {
		case score == 1:
		case i < k && r.R != nil:
			a = orders.Known(orders.Amount(r.R[k-score]) * orders.One)
		case i/k == 1 && r.F != nil:
			a = orders.Known(orders.Amount(r.F[score-2]) * orders.One)
		case i/k == 2 && r.M != nil:
			a = orders.Known(r.M[score-2])
		}
		return a
	}
	counts := [...][]int64{r.Counts.R, r.Counts.F, r.Counts.M}
	return columns.Record(mem, 3*k, []columns.Column{
		columns.Text("axis", func(i int) string { return "rfm"[i/k : i/k+1] }),
		columns.Integer("score", func(i int) int64 { return int64(i%k) + 1 }),
		columns.Money("cut", cut),
		columns.Integer("customers", func(i int) int64 { return counts[i/k][i%k] }),
	})
}

// ProspectRecord returns the prospects who never bought as a record of mem, one
// row each, by id, with the columns customer, name, owner and since. The caller
// releases it.
func (g *GridResult) ProspectRecord(mem memory.Allocator) arrow.Record {
	p := func(i int) *Prospect { return &g.Prospects[i] }
	return columns.Record(mem, len(g.Prospects), []columns.Column{
		columns.Text("customer", func(i int) string { return p(i).ID }),
		columns.OptionalText("name", func(i int) string { return p(i).Name }),
		columns.OptionalText("owner", func(i int) string { return p(i).Owner }),
		columns.Day("since", func(i int) orders.Date { return p(i).Since }),
	})
}

// Record returns the cells as a record of mem, one row a cell, by row and then
// column, totals left out, with the columns from_column, from_state, to_column,
// to_state, customers, start and end. From is null for those who entered, to for
// those who left, the column of either for prospects. The caller releases it.
func (t *TransitionResult) Record(mem memory.Allocator) arrow.Record {
	n := len(t.Cells)
	cell := func(i int) *Transition { return &t.Cells[i/n][i%n] }
	all := append(t.placeColumns("from", func(i int) int { return i / n }), t.placeColumns("to", func(i int) int { return i % n })...)
	return columns.Record(mem, n*n, append(all,
		columns.Integer("customers", func(i int) int64 { return cell(i).Customers }),
		columns.Amount("start", func(i int) orders.Amount { return cell(i).Start }),
		columns.Amount("end", func(i int) orders.Amount { return cell(i).End })))
}

// CustomerRecord returns the moves as a record of mem, one row a customer or
// prospect, by id, with the columns customer, name, owner, from_column,
// from_state, to_column, to_state, start and end, null as in [TransitionResult.Record].
// The caller releases it.
func (t *TransitionResult) CustomerRecord(mem memory.Allocator) arrow.Record {
	m := func(i int) *Move { return &t.Moves[i] }
	all := []columns.Column{
		columns.Text("customer", func(i int) string { return m(i).ID }),
		columns.OptionalText("name", func(i int) string { return m(i).Name }),
		columns.OptionalText("owner", func(i int) string { return m(i).Owner }),
	}
	all = append(all, t.placeColumns("from", func(i int) int { return m(i).From })...)
	all = append(all, t.placeColumns("to", func(i int) int { return m(i).To })...)
	return columns.Record(mem, len(t.Moves), append(all,
		columns.Amount("start", func(i int) orders.Amount { return m(i).Start }),
		columns.Amount("end", func(i int) orders.Amount { return m(i).End })))
}

// placeColumns are the names of a place, by its index in Places.
func (t *TransitionResult) placeColumns(when string, of func(i int) int) []columns.Column {
	return []columns.Column{
		columns.OptionalText(when+"_column", func(i int) string {
			if at := of(i); at < len(t.Places) && t.Places[at].Column >= 0 {
				return t.End.Columns[t.Places[at].Column].Name
			}
			return ""
		}),
		columns.OptionalText(when+"_state", func(i int) string {
			if at := of(i); at < len(t.Places) {
				return t.Places[at].State.String()
			}
			return ""
		}),
	}
}
