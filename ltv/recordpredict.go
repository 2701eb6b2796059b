package ltv

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
	"github.com/repeatsales/repeatsales/orders"
)

// Record returns the customers as a record of mem, one row a customer, in their
// order, with the columns customer, name, entry, purchases, first_day,
// last_day, historic, first_value, repeat_value, acquisition, p_alive,
// expected_purchases, purchases_low, purchases_high, next_day, value,
// expected_profit, clv, clv_low, clv_high and reason. What is unknown is null.
// The caller releases the record.
func (p *Prediction) Record(mem memory.Allocator) arrow.Record {
	v := func(i int) *Future { return &p.Customers[i] }
	return columns.Record(mem, len(p.Customers), []columns.Column{
		columns.Text("customer", func(i int) string { return v(i).ID }),
		columns.OptionalText("name", func(i int) string { return v(i).Name }),
		columns.Text("entry", func(i int) string { return v(i).Entry.String() }),
		columns.Integer("purchases", func(i int) int64 { return v(i).Purchases }),
		columns.Day("first_day", func(i int) orders.Date { return v(i).FirstDay }),
		columns.Day("last_day", func(i int) orders.Date { return v(i).LastDay }),
		columns.Money("historic", func(i int) orders.NullAmount { return v(i).Historic }),
		columns.Money("first_value", func(i int) orders.NullAmount { return v(i).First }),
		columns.Money("repeat_value", func(i int) orders.NullAmount { return v(i).Repeat }),
		columns.Amount("acquisition", func(i int) orders.Amount { return v(i).Acquisition }),
		columns.Number("p_alive", func(i int) float64 { return v(i).PAlive }),
		columns.Number("expected_purchases", func(i int) float64 { return v(i).ExpectedPurchases }),
		columns.Number("purchases_low", func(i int) float64 { return v(i).PurchasesLow }),
		columns.Number("purchases_high", func(i int) float64 { return v(i).PurchasesHigh }),
		columns.Day("next_day", func(i int) orders.Date { return v(i).NextDay }),
		columns.Amount("value", func(i int) orders.Amount { return v(i).Value }),
		columns.Amount("expected_profit", func(i int) orders.Amount { return v(i).ExpectedProfit }),
		columns.Amount("clv", func(i int) orders.Amount { return v(i).CLV }),
		columns.Amount("clv_low", func(i int) orders.Amount { return v(i).CLVLow }),
		columns.Amount("clv_high", func(i int) orders.Amount { return v(i).CLVHigh }),
		columns.OptionalText("reason", func(i int) string { return v(i).Reasons.String() }),
	})
}

// Record returns the scores as a record of mem, one row each, in their order,
// with the columns model, baseline, chosen, actual, expected, bias, mae, rmse,
// msle, spearman, gini, log, coverage, low and high. What is NaN is null. The
// caller releases the record.
func (v *Validation) Record(mem memory.Allocator) arrow.Record {
	s := func(i int) *Score { return &v.Scores[i] }
	return columns.Record(mem, len(v.Scores), append([]columns.Column{
		columns.Text("model", func(i int) string { return s(i).Name }),
		columns.Flag("baseline", func(i int) bool { return s(i).Baseline }),
		columns.Flag("chosen", func(i int) bool { return s(i).Name == v.Chosen }),
		columns.Number("actual", func(int) float64 { return v.Holdout }),
	}, scoreColumns(s)...))
}

// scoreColumns are what a [Score] has.
func scoreColumns(s func(i int) *Score) []columns.Column {
	number := func(name string, of func(*Score) float64) columns.Column {
		return columns.Number(name, func(i int) float64 { return of(s(i)) })
	}
	return []columns.Column{
		number("expected", func(s *Score) float64 { return s.Expected }),
		number("bias", func(s *Score) float64 { return s.Bias }),
		number("mae", func(s *Score) float64 { return s.MAE }),
		number("rmse", func(s *Score) float64 { return s.RMSE }),
		number("msle", func(s *Score) float64 { return s.MSLE }),
		number("spearman", func(s *Score) float64 { return s.Spearman }),
		number("gini", func(s *Score) float64 { return s.Gini }),
		number("log", func(s *Score) float64 { return s.Log }),
		number("coverage", func(s *Score) float64 { return s.Coverage }),
		number("low", func(s *Score) float64 { return s.Low }),
		number("high", func(s *Score) float64 { return s.High }),
	}
}

// DecileRecord returns the tenths of the customers as a record of mem, ten rows
// for each of Scores, with the columns model, decile (1 is the tenth of whom
// most is expected), customers, expected and actual, purchases per customer. The
// caller releases the record.
func (v *Validation) DecileRecord(mem memory.Allocator) arrow.Record {
	d := func(i int) *Decile { return &v.Scores[i/tenths].Deciles[i%tenths] }
	return columns.Record(mem, len(v.Scores)*tenths, []columns.Column{
		columns.Text("model", func(i int) string { return v.Scores[i/tenths].Name }),
		columns.Integer("decile", func(i int) int64 { return int64(i%tenths) + 1 }),
		columns.Number("customers", func(i int) float64 { return d(i).Customers }),
		columns.Number("expected", func(i int) float64 { return d(i).Expected }),
		columns.Number("actual", func(i int) float64 { return d(i).Actual }),
	})
}

// TrackingRecord returns the tracking as a record of mem, one row a point,
// ascending by day, with the columns day, holdout, actual and, for each model,
// its name: the repeat purchases cumulated to the day. The caller releases the record.
func (v *Validation) TrackingRecord(mem memory.Allocator) arrow.Record {
	all := []columns.Column{
		columns.Day("day", func(i int) orders.Date { return v.Tracking[i].Day }),
		columns.Flag("holdout", func(i int) bool { return v.Tracking[i].Holdout }),
		columns.Number("actual", func(i int) float64 { return v.Tracking[i].Actual }),
	}
	for k, s := range v.Scores {
		if !s.Baseline {
			all = append(all, columns.Number(s.Name, func(i int) float64 { return v.Tracking[i].Expected[k] }))
		}
	}
	return columns.Record(mem, len(v.Tracking), all)
}

// Record returns the rolling origins as a record of mem, one row for each of
// their scores, with the columns day, until, customers, actual, model, chosen
// and those of [Validation.Record] from expected to log. What is NaN is null. The
// caller releases the record.
func (c *Choice) Record(mem memory.Allocator) arrow.Record {
	type row struct {
		*RollingOrigin
		*Score
	}
	var rows []row
	for i := range c.Origins {
		for k := range c.Origins[i].Scores {
			rows = append(rows, row{&c.Origins[i], &c.Origins[i].Scores[k]})
		}
	}
	scores := scoreColumns(func(i int) *Score { return rows[i].Score })
	return columns.Record(mem, len(rows), append([]columns.Column{
		columns.Day("day", func(i int) orders.Date { return rows[i].Day }),
		columns.Day("until", func(i int) orders.Date { return rows[i].Until }),
		columns.Number("customers", func(i int) float64 { return rows[i].Customers }),
		columns.Number("actual", func(i int) float64 { return rows[i].Actual }),
		columns.Text("model", func(i int) string { return rows[i].Name }),
		columns.Flag("chosen", func(i int) bool { return rows[i].Name == c.Chosen }),
	}, scores[:len(scores)-3]...))
}
