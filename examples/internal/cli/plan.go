package cli

import (
	"strings"
	"time"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// Plan declares the flags of a sales plan.
func Plan(j *Job, o *segments.PlanOptions) {
	t := j.Text
	j.Func("month", t("`МЕСЯЦ` плана: 2025-07 или 07.2025; без флага – следующий после даты отчёта", "`MONTH` planned: 2025-07 or 07.2025; the one after the report date by default"), func(s string) (err error) {
		o.Month, err = parseMonth(s)
		return err
	})
	j.Func("growth", t("`РОСТ` к тому же месяцу прошлого года в процентах (10)", "`GROWTH` over the same month of last year, in per cent (10)"), func(s string) error {
		growth, err := parseAmount(strings.TrimSuffix(strings.TrimSpace(s), "%"))
		o.Growth = orders.Known(growth)
		return err
	})
	Choice(j, &o.Follow, "follow", "salesperson|customer", t("чья база: продавца сделки или нынешнего продавца клиента", "whose the base is: the salesperson's of the deal, or the customer's present one's"), orders.BySalesperson, orders.ByOwner)
	Natural(j, &o.TeamMonths, "team", t("за сколько последних `МЕСЯЦЕВ` нужна продажа, чтобы быть в отделе (3)", "`MONTHS` up to the plan in which the team has sold something (3)"))
	Choice(j, &o.PerWorkday, "correct", "no|workdays", t("workdays: поправка на число рабочих дней", "workdays: correct by the number of working days"), false, true)
	Choice(j, &o.Workdays.Weekend, "week", "5|6|7", t("рабочих дней в неделе", "working days a week"), nil, []time.Weekday{time.Sunday}, []time.Weekday{})
	days := func(name string, p *[]orders.Date, usage string) {
		j.Func(name, usage, func(s string) error {
			for part := range strings.SplitSeq(s, ",") {
				d, err := parseDay(strings.TrimSpace(part))
				if err != nil {
					return err
				}
				*p = append(*p, d)
			}
			return nil
		})
	}
	days("holidays", &o.Workdays.Holidays, t("нерабочие `ДНИ` через запятую: праздники и перенесённые выходные", "`DAYS` off beside the weekend, comma separated"))
	days("worked", &o.Workdays.Extra, t("рабочие `ДНИ` среди выходных, через запятую", "`DAYS` of the weekend that are worked, comma separated"))
}

// parseMonth reads a month as ISO 8601 or as it is written in Russia.
func parseMonth(s string) (orders.Period, error) {
	for _, layout := range []string{"2006-01", "01.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return orders.Month.Of(orders.DateOf(t)), nil
		}
	}
	_, err := time.Parse("2006-01", s)
	return orders.Period{}, err
}

// PlanHead returns what a plan is made of.
func (j *Job) PlanHead(p *segments.PlanResult) []Field {
	t, o := j.Text, p.Options
	passed, share := any(Blank{}), any(Blank{})
	if p.Total.Fact.Known {
		passed, share = p.Passed, Share(p.PassedShare())
	}
	return []Field{
		{Key: "month", Title: t("План на", "Plan of"), Value: p.Month},
		{Key: "base_month", Title: t("Базовый месяц", "Base month"), Value: p.BaseMonth},
		{Key: "partial_base", Value: p.PartialBase},
		{Key: "as_of", Title: t("Дата отчёта", "Report date"), Value: o.Scope.AsOf},
		{Key: "growth", Title: t("Рост", "Growth"), Value: Share(o.Growth.Amount.Float64() / 100)},
		{Key: "follow", Title: t("Чья база", "Whose base"), Value: j.Code(string(o.Follow), j.Dimension(o.Follow))},
		{Key: "per_workday", Title: t("Поправка на рабочие дни", "Per working day"), Value: o.PerWorkday},
		{Key: "workdays", Title: t("Рабочих дней", "Working days"), Value: p.Workdays},
		{Key: "base_workdays", Title: t("  в базовом месяце", "  of the base month"), Value: p.BaseWorkdays},
		{Key: "passed", Title: t("  прошло", "  passed"), Value: passed},
		{Key: "passed_share", Title: t("  доля прошедших", "  share passed"), Value: share},
		{Key: "currency", Title: t("Валюта", "Currency"), Value: p.Currency},
	}
}

// PlanRow returns a salesperson's row of a plan under the name: the columns of
// [PlanColumns].
func (j *Job) PlanRow(name string, r segments.PlanRow) []any {
	of := func(s segments.PlanSides, side orders.Side) any { return seen(s.Known, s.Of(side)) }
	fact, deviation, expected := r.Fact, r.Deviation, r.Expected
	return []any{
		name, of(r.Base, orders.First), of(r.Base, orders.Repeat), r.Plan.Of(orders.First), r.Plan.Of(orders.Repeat),
		of(fact, orders.First), of(fact, orders.Repeat), seen(deviation.Known, deviation.Total()), j.planWhy(r),
		of(r.Base, orders.Unknown), seen(r.BaseUnmatched.Known, r.BaseUnmatched), r.Plan.Of(orders.Unknown), of(fact, orders.Unknown), seen(r.FactUnmatched.Known, r.FactUnmatched),
		seen(r.Base.Known, r.Base.Total()), r.Plan.Total(), seen(fact.Known, fact.Total()), seen(fact.Known, Share(r.Done.Total)),
		seen(fact.Known, Share(r.Done.New)), seen(fact.Known, Share(r.Done.Repeat)), seen(expected.Known, expected.Total()),
	}
}

// seen returns v, or a blank for what is not observed.
func seen(known bool, v any) any {
	if !known {
		return Blank{}
	}
	return v
}

// PlanColumns returns the columns of a plan; a person is shown those of what is
// unknown or unmatched, of a fact and of a month under way only where there is one.
func (j *Job) PlanColumns(p *segments.PlanResult) []Column {
	t := j.Text
	only := func(holds bool, title string) string {
		if !holds {
			return ""
		}
		return title
	}
	has := func(of func(segments.PlanRow) orders.Amount) (any bool) {
		for _, r := range p.Rows {
			any = any || of(r) != 0
		}
		return any
	}
	fact := p.Total.Fact.Known
	unknown := has(func(r segments.PlanRow) orders.Amount { return r.Base.Unknown }) || has(func(r segments.PlanRow) orders.Amount { return r.Fact.Unknown })
	return []Column{
		{"salesperson", t("Продавец", "Salesperson")},
		{"base_new", t("База, новые", "Base, new")}, {"base_repeat", t("База, повторные", "Base, repeat")},
		{"plan_new", t("План, новые", "Plan, new")}, {"plan_repeat", t("План, повторные", "Plan, repeat")},
		{"fact_new", only(fact, t("Факт, новые", "Fact, new"))}, {"fact_repeat", only(fact, t("Факт, повторные", "Fact, repeat"))},
		{"deviation", only(fact, t("Отклонение", "Deviation"))}, {"reason", t("Основание", "Reason")},
		{"base_unknown", only(unknown, t("База, неизвестно", "Base, unknown"))},
		{"base_unmatched", only(has(func(r segments.PlanRow) orders.Amount { return r.BaseUnmatched.Amount }), t("Возвраты в базе", "Returns in base"))},
		{"plan_unknown", only(unknown, t("План, неизвестно", "Plan, unknown"))}, {"fact_unknown", only(fact && unknown, t("Факт, неизвестно", "Fact, unknown"))},
		{"fact_unmatched", only(has(func(r segments.PlanRow) orders.Amount { return r.FactUnmatched.Amount }), t("Возвраты в факте", "Returns in fact"))},
		{"base", ""}, {"plan", t("План", "Plan")}, {"fact", only(fact, t("Факт", "Fact"))}, {"done", only(fact, t("Выполнение", "Done"))},
		{"done_new", ""}, {"done_repeat", ""}, {"expected", only(p.Total.Expected.Known, t("Ожидается", "Expected"))},
	}
}

// planWhy returns what a plan rests on and what to beware of in it.
func (j *Job) planWhy(r segments.PlanRow) string {
	t := j.Text
	names := map[segments.PlanReason]string{
		segments.FromBase:         t("прошлый год", "last year"),
		segments.TeamAverage:      t("среднее по отделу", "team average"),
		segments.NoBase:           t("нет базы", "no base"),
		segments.Unplanned:        t("вне плана", "not planned"),
		segments.PartialBase:      t("базовый месяц неполный", "base month incomplete"),
		segments.UnknownBase:      t("часть неизвестна", "partly unknown"),
		segments.NegativeBase:     t("возвраты больше продаж", "returns outweigh sales"),
		segments.ZeroBase:         t("база нулевая", "zero base"),
		segments.UnmatchedReturns: t("возвраты без покупки", "returns without a purchase"),
		segments.Inactive:         t("больше не продаёт", "sells no more"),
	}
	list := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		list[i] = names[reason]
	}
	return j.Code(r.Why(), strings.Join(list, "; "))
}
