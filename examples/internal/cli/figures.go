package cli

import (
	"fmt"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// PrintFigures writes figures to stdout in the job's format: a list of titles
// and values, one JSON object, or CSV rows "key,value" in which the members of
// an object have keys like "skipped.total".
func (j *Job) PrintFigures(figures []Field) error {
	switch j.Format {
	case JSON:
		return j.PrintJSON(Object(figures))
	case CSV:
		t := Table{Columns: []Column{{Key: "key"}, {Key: "value"}}}
		t.flatten("", figures)
		return j.Print(t)
	}
	return j.Print(Table{Head: figures})
}

// flatten adds a row for each figure that has a key.
func (t *Table) flatten(prefix string, figures []Field) {
	for _, f := range figures {
		if f.Key == "" {
			continue
		}
		switch v := f.Value.(type) {
		case Object:
			t.flatten(prefix+f.Key+".", v)
		case []Object:
			for i, o := range v {
				t.flatten(fmt.Sprintf("%s%s.%d.", prefix, f.Key, i+1), o)
			}
		default:
			t.Rows = append(t.Rows, []any{prefix + f.Key, v})
		}
	}
}

// Reconciliation returns what the export held and what every sheet must add up
// to:
//
//	rows_read = accepted + rejected + Σ skipped
//	money_read = money_accepted + money_rejected + money_skipped
//	money_accepted = identified_revenue + anonymous_revenue + cancelled_revenue
func (j *Job) Reconciliation(c orders.Control) []Field {
	t := j.Text
	figures := []Field{
		{Key: "rows_read", Title: t("Строк прочитано", "Rows read"), Value: c.RowsRead},
		{Key: "accepted", Title: t("  принято", "  accepted"), Value: c.Accepted},
		{Key: "rejected", Title: t("  отвергнуто", "  rejected"), Value: c.Rejected},
	}
	var skipped Object
	var moneySkipped orders.Amount
	for _, s := range c.Skipped {
		skipped = append(skipped, Field{Key: string(s.Reason), Value: s.Rows})
		figures = append(figures, Field{Title: t("  пропущено: ", "  skipped: ") + j.Language.Reason(s.Reason), Value: s.Rows})
		moneySkipped += s.Money
	}
	return append(figures,
		Field{Key: "skipped", Value: skipped},
		Field{Key: "money_read", Title: t("Сумма прочитанного", "Money read"), Value: c.MoneyRead},
		Field{Key: "money_accepted", Title: t("  принято (контрольная сумма)", "  accepted (control total)"), Value: c.Export},
		Field{Key: "identified_revenue", Title: t("    клиенты", "    identified customers"), Value: c.Identified},
		Field{Key: "anonymous_revenue", Title: t("    без покупателя", "    anonymous"), Value: c.Anonymous},
		Field{Key: "cancelled_revenue", Title: t("    отменено", "    cancelled"), Value: c.Cancelled},
		Field{Key: "money_rejected", Title: t("  отвергнуто", "  rejected"), Value: c.MoneyRejected},
		Field{Key: "money_skipped", Title: t("  пропущено", "  skipped"), Value: moneySkipped},
		Field{Key: "stated_total", Value: c.Stated},
		Field{Key: "rounded", Value: c.Rounded},
		Field{Key: "rounded_cells", Value: c.RoundedCells},
		Field{Key: "anonymous_lines", Value: c.AnonymousLines},
		Field{Key: "cancelled_lines", Value: c.CancelledLines},
		Field{Key: "currency", Title: t("Валюта", "Currency"), Value: c.Currency},
		Field{Key: "vat", Title: t("НДС", "VAT"), Value: j.VAT(c.VAT)},
		Field{Key: "first_day", Title: t("Первый день", "First day"), Value: c.FirstDay},
		Field{Key: "last_day", Title: t("Последний день", "Last day"), Value: c.LastDay},
		Field{Key: "customers", Title: t("Клиентов", "Customers"), Value: c.Customers},
		Field{Key: "deals", Title: t("Сделок", "Deals"), Value: c.Deals},
		Field{Key: "purchases", Title: t("Покупок", "Purchases"), Value: c.Purchases})
}

// KnownFrom returns the day from which new customers are told from old ones; no
// date if the history is complete or too short for that.
func (j *Job) KnownFrom(c orders.Control) orders.Date {
	if c.Complete || c.KnownFrom > c.LastDay {
		return 0
	}
	return c.KnownFrom
}

// Warnings returns warnings for JSON, their text in the job's language.
func (j *Job) Warnings(warnings ...orders.Warning) []Object {
	list := make([]Object, len(warnings))
	for i, w := range warnings {
		list[i] = Object{{Key: "code", Value: w.Code}, {Key: "count", Value: w.Count}, {Key: "amount", Value: w.Amount}, {Key: "text", Value: j.Language.Warning(w)}}
	}
	return list
}

// Objects returns the rows of a table for JSON, each without what is blank.
func (t Table) Objects() []Object {
	list := make([]Object, len(t.Rows))
	for i, row := range t.Rows {
		for k, v := range row {
			if v != any(Blank{}) {
				list[i] = append(list[i], Field{Key: t.Columns[k].Key, Value: v})
			}
		}
	}
	return list
}

// PrintMore writes a further table for a person below another.
func (j *Job) PrintMore(t Table) error {
	fmt.Fprintln(j.stdout)
	return j.Print(t)
}

// Why returns why a row was rejected.
func (j *Job) Why(e orders.RowError) string { return j.Language.reason(e) }

// RepeatSales returns the repeat share with its interval, and what it says.
func (j *Job) RepeatSales(r *cohorts.Repeat) []Field {
	t, total := j.Text, r.Total
	return []Field{
		{Key: "first_revenue", Title: t("Выручка первых покупок", "Revenue of first purchases"), Value: total.First.Revenue},
		{Key: "repeat_revenue", Title: t("Выручка повторных покупок", "Revenue of repeat purchases"), Value: total.Repeat.Revenue},
		{Key: "unknown_revenue", Title: t("Неизвестно, первых или повторных", "First or repeat, unknown"), Value: total.Unknown.Revenue},
		{Key: "repeat_share_low", Title: t("Доля повторных от", "Repeat share from"), Value: Share(total.ByRevenue.Low)},
		{Key: "repeat_share_high", Title: t("Доля повторных до", "Repeat share to"), Value: Share(total.ByRevenue.High)},
		{Key: "maturity", Title: t("Уровень зрелости продаж", "Maturity of sales"), Value: j.Code(VerdictCode(r), j.Verdict(r))},
	}
}
