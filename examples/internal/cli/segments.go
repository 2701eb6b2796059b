package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// Scoring declares the flags of how customers are scored by RFM.
func Scoring(j *Job, o *segments.RFMOptions) {
	t := j.Text
	Choice(j, &o.Measure, "measure", "revenue|profit|contribution", t("деньги: выручка, валовая или маржинальная прибыль", "money: revenue, gross profit or contribution margin"),
		orders.Revenue, orders.GrossProfit, orders.Contribution)
	Choice(j, &o.Scoring, "scoring", "quantile|fixed|width", t("откуда границы оценок: квантили клиентов, заданные или равные интервалы", "cut points of the scores: quantiles of the customers, given ones, or equal widths"),
		segments.Quantile, segments.Fixed, segments.EqualWidth)
	Natural(j, &o.Scores, "scores", t("сколько `ОЦЕНОК` на оси, 2–9 (5); если не 5, нужны -rule", "how many `SCORES` an axis has, 2–9 (5); other than 5 it takes -rule"))
	Whole(j, &o.R, "r", t("`ДНИ` с последней покупки через запятую: до первого оценка лучшая, … (30,90,180,365; только -scoring fixed)", "`DAYS` since the last purchase, comma separated: up to the first the best score, … (30,90,180,365; -scoring fixed only)"))
	Whole(j, &o.F, "f", t("`ПОКУПКИ` через запятую: от первого числа оценка 2, … (2,3,5,10; только -scoring fixed)", "`PURCHASES`, comma separated: from the first score 2, … (2,3,5,10; -scoring fixed only)"))
	Amounts(j, &o.M, "m", t("`ДЕНЬГИ` через запятую: от первой суммы оценка 2, … (2, 3, 5 и 10 средних покупок; только -scoring fixed)", "`MONEY`, comma separated: from the first score 2, … (2, 3, 5 and 10 average purchases; -scoring fixed only)"))
	Money(j, &o.TrimPercent, "trim", t("какой `ПРОЦЕНТ` клиентов отбросить с каждого края (5; -1: никого; только -scoring width)", "`PERCENT` of the customers set aside at each end (5; -1: nobody; -scoring width only)"))
	j.Func("rule", t("`ИМЯ:R,F,M` – правило сегмента, напр. vip:5,4-5, (пусто: любая оценка; подходит первое; можно повторять)", "`NAME:R,F,M`, a rule of a segment, such as vip:5,4-5, (blank: any score; the first that fits wins; repeatable)"), func(s string) error {
		r, err := parseRule(s)
		o.Rules = append(o.Rules, r)
		return err
	})
}

// parseRule reads "name:5,4-5,".
func parseRule(s string) (r segments.Rule, err error) {
	at := strings.LastIndexByte(s, ':')
	parts := strings.Split(s[at+1:], ",")
	if at < 1 || len(parts) != 3 {
		return r, strconv.ErrSyntax
	}
	r.Segment = s[:at]
	for i, axis := range []*segments.Range{&r.R, &r.F, &r.M} {
		part := strings.TrimSpace(parts[i])
		if part == "" {
			continue
		}
		from, to, ok := strings.Cut(part, "-")
		if !ok {
			to = from
		}
		if axis.From, err = strconv.Atoi(from); err != nil {
			return r, err
		}
		if axis.To, err = strconv.Atoi(to); err != nil {
			return r, err
		}
	}
	return r, nil
}

// Range returns a range of scores as -rule has it: "4-5", "5", blank for any.
func Range(r segments.Range) any {
	switch {
	case r == segments.Range{}:
		return Blank{}
	case r.From == r.To:
		return strconv.Itoa(r.From)
	}
	return fmt.Sprintf("%d-%d", max(1, r.From), r.To)
}

// Whole declares a flag that is several whole numbers from 0, comma separated.
func Whole[T int | int64](j *Job, p *[]T, name, usage string) {
	j.Func(name, usage, func(s string) error {
		*p = nil
		for part := range strings.SplitSeq(s, ",") {
			n, err := strconv.ParseUint(strings.TrimSpace(part), 10, 31)
			if err != nil {
				return err
			}
			*p = append(*p, T(n))
		}
		return nil
	})
}

// Day declares a flag that is a day, as ISO 8601 or as it is written in Russia.
func Day(j *Job, p *orders.Date, name, usage string) {
	j.Func(name, usage, func(s string) (err error) {
		*p, err = parseDay(s)
		return err
	})
}

// ScoringName returns where the cut points of RFM come from.
func (j *Job) ScoringName(s segments.Scoring) string {
	return j.Code(s.String(), map[segments.Scoring]string{
		segments.Quantile:   j.Text("по квантилям клиентов", "by quantiles of the customers"),
		segments.Fixed:      j.Text("по заданным границам", "by given cut points"),
		segments.EqualWidth: j.Text("по равным интервалам", "by equal widths"),
	}[s])
}

// Place returns a cell of the behaviour grid: "new_active" or "new, active".
func (j *Job) Place(column string, s segments.State) string {
	t := j.Text
	if name, ok := map[string]string{"new": t("новый", "new"), "promising": t("перспективный", "promising"), "loyal": t("лояльный", "loyal")}[column]; ok && j.Format == Text {
		column = name
	}
	return j.Code(column+"_"+s.String(), column+", "+[...]string{
		segments.Active:        t("активный", "active"),
		segments.FallingAsleep: t("засыпает", "falling asleep"),
		segments.Asleep:        t("спит", "asleep"),
	}[s])
}

// Segment returns the name of an RFM segment; one of the caller's as it is.
func (j *Job) Segment(name string) string {
	t := j.Text
	if text, ok := map[string]string{
		"champions":          t("чемпионы", "champions"),
		"loyal":              t("лояльные", "loyal"),
		"potential_loyalist": t("потенциально лояльные", "potential loyalists"),
		"new":                t("новые", "new"),
		"promising":          t("перспективные", "promising"),
		"need_attention":     t("требуют внимания", "need attention"),
		"about_to_sleep":     t("засыпающие", "about to sleep"),
		"cant_lose":          t("нельзя потерять", "can't lose"),
		"at_risk":            t("в зоне риска", "at risk"),
		"hibernating":        t("спящие", "hibernating"),
		"":                   t("без сегмента", "no segment"),
	}[name]; ok {
		return j.Code(name, text)
	}
	return name
}
