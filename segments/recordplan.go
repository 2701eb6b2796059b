package segments

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the rows of r as one Arrow record, by salesperson, without the
// total; null is a blank name, money that is not Known and a share that is NaN.
// The caller releases it. Columns:
//
//	salesperson, base_new, base_repeat, plan_new, plan_repeat, fact_new,
//	fact_repeat, deviation, reason ([PlanRow.Why]), base_unknown, base_unmatched,
//	plan_unknown, fact_unknown, fact_unmatched, base, plan, fact, done,
//	deviation_new, deviation_repeat, deviation_unknown, done_new, done_repeat,
//	expected_new, expected_repeat, expected_unknown, expected
func (r *PlanResult) Record(mem memory.Allocator) arrow.Record {
	money := func(name string, of func(*PlanRow) orders.NullAmount) columns.Column {
		return columns.Money(name, func(i int) orders.NullAmount { return of(&r.Rows[i]) })
	}
	share := func(name string, of func(PlanShare) float64) columns.Column {
		return columns.Number(name, func(i int) float64 { return of(r.Rows[i].Done) })
	}
	return columns.Record(mem, len(r.Rows), []columns.Column{
		columns.OptionalText("salesperson", func(i int) string { return r.Rows[i].Salesperson }),
		money("base_new", func(x *PlanRow) orders.NullAmount { return x.Base.Of(orders.First) }),
		money("base_repeat", func(x *PlanRow) orders.NullAmount { return x.Base.Of(orders.Repeat) }),
		money("plan_new", func(x *PlanRow) orders.NullAmount { return x.Plan.Of(orders.First) }),
		money("plan_repeat", func(x *PlanRow) orders.NullAmount { return x.Plan.Of(orders.Repeat) }),
		money("fact_new", func(x *PlanRow) orders.NullAmount { return x.Fact.Of(orders.First) }),
		money("fact_repeat", func(x *PlanRow) orders.NullAmount { return x.Fact.Of(orders.Repeat) }),
		money("deviation", func(x *PlanRow) orders.NullAmount { return x.Deviation.Total() }),
		columns.Text("reason", func(i int) string { return r.Rows[i].Why() }),
		money("base_unknown", func(x *PlanRow) orders.NullAmount { return x.Base.Of(orders.Unknown) }),
		money("base_unmatched", func(x *PlanRow) orders.NullAmount { return x.BaseUnmatched }),
		money("plan_unknown", func(x *PlanRow) orders.NullAmount { return x.Plan.Of(orders.Unknown) }),
		money("fact_unknown", func(x *PlanRow) orders.NullAmount { return x.Fact.Of(orders.Unknown) }),
		money("fact_unmatched", func(x *PlanRow) orders.NullAmount { return x.FactUnmatched }),
		money("base", func(x *PlanRow) orders.NullAmount { return x.Base.Total() }),
		money("plan", func(x *PlanRow) orders.NullAmount { return x.Plan.Total() }),
		money("fact", func(x *PlanRow) orders.NullAmount { return x.Fact.Total() }),
		share("done", func(d PlanShare) float64 { return d.Total }),
		money("deviation_new", func(x *PlanRow) orders.NullAmount { return x.Deviation.Of(orders.First) }),
		money("deviation_repeat", func(x *PlanRow) orders.NullAmount { return x.Deviation.Of(orders.Repeat) }),
		money("deviation_unknown", func(x *PlanRow) orders.NullAmount { return x.Deviation.Of(orders.Unknown) }),
		share("done_new", func(d PlanShare) float64 { return d.New }),
		share("done_repeat", func(d PlanShare) float64 { return d.Repeat }),
		money("expected_new", func(x *PlanRow) orders.NullAmount { return x.Expected.Of(orders.First) }),
		money("expected_repeat", func(x *PlanRow) orders.NullAmount { return x.Expected.Of(orders.Repeat) }),
		money("expected_unknown", func(x *PlanRow) orders.NullAmount { return x.Expected.Of(orders.Unknown) }),
		money("expected", func(x *PlanRow) orders.NullAmount { return x.Expected.Total() }),
	})
}
