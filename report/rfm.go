package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// scoringNames say where the cut points come from.
var scoringNames = [...]text{
	segments.Quantile:   {"quantiles of the customers", "квантили клиентов"},
	segments.Fixed:      {"fixed cut points", "фиксированные границы"},
	segments.EqualWidth: {"equal widths, ends trimmed", "равные интервалы, края отброшены"},
}

// liveRules is how many rules a formula can try: Excel nests 64 IFs.
const liveRules = 60

// rfmCut is the name of the cut point of a score.
func rfmCut(axis string, score int) string { return fmt.Sprintf("RFM_%s_%d", axis, score) }

// rfmParameters lays out the scoring and the cut points: those that were given
// may be changed, those that the library computed say so.
func (x *segmentSheets) rfmParameters(b *book) {
	r, p := x.rfm, b.params
	p.section(text{"RFM", "RFM"})
	p.fixed(general, text{"Scoring", "Способ оценки"}, scoringNames[r.Scoring], text{"where the cut points come from", "откуда взяты границы оценок"})
	p.fixed(whole, text{"Scores of each axis", "Оценок на каждой оси"}, r.Scores, text{"the greatest is the best", "наибольшая — лучшая"})
	p.fixed(general, text{"Money is", "Деньги — это"}, measureNames[r.Measure], text{})
	if r.Scoring == segments.EqualWidth {
		p.fixed(percent, text{"Customers set aside at each end", "Доля клиентов, отброшенных с каждого края"}, (r.TrimPercent / 100).Float64(), text{"before the range of values is divided into equal parts", "прежде чем делить размах значений на равные части"})
	}
	place := p.computed
	note := text{"computed by the library from the customers: equal values have equal scores", "посчитано библиотекой по клиентам: у равных значений равные оценки"}
	if r.Scoring == segments.Fixed {
		place, note = p.live, text{"scores follow; cut points must ascend", "оценки пересчитаются; границы должны возрастать"}
	}
	k := r.Scores
	label := func(axis string, score int, t text) text {
		return text{fmt.Sprintf("%s = %d: %s", axis, score, t[English]), fmt.Sprintf("%s = %d: %s", axis, score, t[Russian])}
	}
	for i, v := range r.R {
		place(rfmCut("R", k-i), whole, label("R", k-i, text{"days since the last purchase, up to", "дней с последней покупки, до"}), v, note)
	}
	for i := len(r.F) - 1; i >= 0; i-- {
		place(rfmCut("F", i+2), whole, label("F", i+2, text{"purchases, from", "покупок, от"}), r.F[i], note)
	}
	for i := len(r.M) - 1; i >= 0; i-- {
		place(rfmCut("M", i+2), money, label("M", i+2, b.money(x.measureFrom())), r.M[i], note)
	}
}

// measureFrom is "revenue, from".
func (x *segmentSheets) measureFrom() text {
	n := measureNames[x.rfm.Measure]
	return text{strings.ToLower(n[English]) + ", from", strings.ToLower(n[Russian]) + ", от"}
}

// followed reports whether the list has what the scores are computed from.
func (x *segmentSheets) followed() bool { return x.listed() && len(x.rfm.R) > 0 }

// scoreColumns are each customer's scores, rule and segment.
func (x *segmentSheets) scoreColumns(b *book, all []member) (c []column) {
	score, live := style{format: whole, align: "center"}, x.followed()
	col := func(key string, name text, width float64, st style, note text, f func(row int) string, cached func(*segments.RFMCustomer) any) column {
		return column{key: key, name: name, width: width, style: st, note: note, cell: func(i, row int) any {
			r := all[i].rfm
			if r == nil {
				return nil
			}
			if v := cached(r); f == nil || !live {
				return v
			}
			return formula{f(row), cached(r)}
		}}
	}
	from := "revenue"
	if x.rfm.Measure != orders.Revenue {
		from = "money"
		c = append(c, col(from, b.money(measureNames[x.rfm.Measure]), 16, style{format: money}, text{"what M is of; blank: the cost is unknown", "от чего считается M; пусто — нет себестоимости"},
			nil, func(r *segments.RFMCustomer) any { return r.Money }))
	}
	at := func(key string, row int) string { return x.list.at(key, row) }
	m := func(row int) string {
		f := x.chain("M", at(from, row), ">=")
		if from == "money" {
			f = fmt.Sprintf(`IF(ISNUMBER(%s),%s,"")`, at(from, row), f)
		}
		return f
	}
	if len(x.rfm.M) == 0 {
		m = nil
	}
	return append(c,
		col("r", text{"R", "R"}, 6, score, text{"recency, the greatest is recent", "давность: наибольшая — недавно"}, func(row int) string { return x.chain("R", at("days_since_last", row), "<=") }, func(r *segments.RFMCustomer) any { return r.R }),
		col("f", text{"F", "F"}, 6, score, text{"frequency, the greatest is often", "частота: наибольшая — часто"}, func(row int) string { return x.chain("F", at("purchases", row), ">=") }, func(r *segments.RFMCustomer) any { return r.F }),
		col("m", text{"M", "M"}, 6, score, text{"money, the greatest is much; blank: the cost is unknown", "деньги: наибольшая — много; пусто — нет себестоимости"}, m, func(r *segments.RFMCustomer) any {
			if r.M == 0 {
				return ""
			}
			return r.M
		}),
		col("rule", text{"Rule", "Правило"}, 9, score, text{"number of the first rule that fits the scores; 0: none", "номер первого правила, под которое подходят оценки; 0 — ни одно"},
			func(row int) string { return x.fired(at("r", row), at("f", row), at("m", row)) }, func(r *segments.RFMCustomer) any { return r.Rule }),
		col("segment", text{"RFM segment", "Сегмент RFM"}, 22, style{}, text{"what that rule names", "как его называет это правило"},
			func(row int) string {
				none := quote(b.named(segmentNames, ""))
				if len(x.rfm.Rules) == 0 {
					return none
				}
				return fmt.Sprintf("IF(%s=0,%s,INDEX(%s,%s))", at("rule", row), none, x.sheet.span(1, x.rules, 1, x.rules+len(x.rfm.Rules)-1), at("rule", row))
			},
			func(r *segments.RFMCustomer) any { return b.named(segmentNames, r.Segment) }))
}

// chain is the score of a value: the greatest whose cut point it reaches.
func (x *segmentSheets) chain(axis, value, reaches string) string {
	var f strings.Builder
	for score := x.rfm.Scores; score > 1; score-- {
		fmt.Fprintf(&f, "IF(%s%s%s,%d,", value, reaches, rfmCut(axis, score), score)
	}
	return f.String() + "1" + strings.Repeat(")", x.rfm.Scores-1)
}

// moneyDecides reports whether some rule asks for M.
func (x *segmentSheets) moneyDecides() bool {
	return slices.ContainsFunc(x.rfm.Rules, func(r segments.Rule) bool { return r.M != segments.Range{} })
}

// monies are the scores of M that the table of rules by scores has a column for,
// where some rule asks for M: 0 if somebody's money is unknown.
func (x *segmentSheets) monies() (scores []int) {
	var known int64
	for _, n := range x.rfm.Counts.M {
		known += n
	}
	if known < x.rfm.Customers {
		scores = append(scores, 0)
	}
	for m := 1; m <= x.rfm.Scores; m++ {
		scores = append(scores, m)
	}
	return scores
}

// fired looks up the rule of three scores.
func (x *segmentSheets) fired(r, f, m string) string {
	k := x.rfm.Scores
	if !x.moneyDecides() {
		return fmt.Sprintf("INDEX(%s,%s,%s)", x.sheet.span(2, x.firing, 1+k, x.firing+k-1), r, f)
	}
	monies, column := x.monies(), m
	if monies[0] == 0 {
		column = fmt.Sprintf(`IF(ISNUMBER(%s),%s+1,1)`, m, m)
	}
	return fmt.Sprintf("INDEX(%s,(%s-1)*%d+%s,%s)", x.sheet.span(3, x.firing, 2+len(monies), x.firing+k*k-1), r, k, f, column)
}

// rfmTable are the segments of RFM, the rules and the cut points of the scores.
func (x *segmentSheets) rfmTable(b *book) {
	s, r := x.sheet, x.rfm
	if s.rows > 1 {
		s.pageBreak()
	}
	by := scoringNames[r.Scoring]
	s.add(style{look: section}, text{"RFM: " + by[English], "RFM: " + by[Russian]})
	s.add(style{look: subtitle}, text{"As of " + b.day(r.AsOf), "На " + b.day(r.AsOf)})
	x.segmentTable(b)
	x.ruleTable(b)
	x.scoreTable(b)
	x.firingTable(b)
	if r.Scoring != segments.Fixed {
		s.paragraph(prose, 0, b.say(text{
			"Cut points are values that the library computed from the customers of this report: changing a customer's figures does not move them. A score that no customer has is the work of ties.",
			"Границы оценок — значения, посчитанные библиотекой по клиентам этого отчёта: если изменить цифры клиента, границы не сдвинутся. Оценка, которой нет ни у кого, — следствие равных значений.",
		}))
	}
}

// segmentTable are the segments, counted by the number of their rule.
func (x *segmentSheets) segmentTable(b *book) {
	s, r := x.sheet, x.rfm
	s.addHigh(30, style{look: header}, text{"Segment", "Сегмент"}, text{"Customers", "Клиентов"}, text{"Share of customers", "Доля клиентов"}, b.money(text{"Revenue", "Выручка"}), text{"Share of revenue", "Доля выручки"}, text{"Mean days since last", "Дней с покупки, среднее"}, text{"Purchases", "Покупок"}, text{"Rule", "Правило"})
	same := x.listed()
	first := s.rows + 1
	last := first + len(r.Segments) - 1
	sum := func(key string, at int, cached any) any {
		if !same {
			return cached
		}
		return x.live(true, fmt.Sprintf("SUMIF(%s,H%d,%s)", x.list.span("rule"), at, x.list.span(key)), cached)
	}
	var purchases int64
	for _, v := range r.Segments {
		at := s.rows + 1
		purchases += v.Purchases
		name := any(b.named(segmentNames, v.Name))
		if v.Rule > 0 {
			name = whenWritten(style{}, func() any { return formula{cellName(1, x.rules+v.Rule-1), b.named(segmentNames, v.Name)} })
		}
		mean := any(v.DaysSinceLast)
		if same {
			mean = x.live(true, fmt.Sprintf("IF(B%d=0,%s,SUMIF(%s,H%d,%s)/B%d)", at, quote(b.say(undefined)), x.list.span("rule"), at, x.list.span("days_since_last"), at), v.DaysSinceLast)
		}
		s.add(style{},
			name,
			styled{style{format: whole}, x.live(true, fmt.Sprintf("COUNTIF(%s,H%d)", x.list.span("rule"), at), v.Customers)},
			styled{style{format: percent}, shareCell(fmt.Sprintf("B%d/B$%d", at, last+1), v.CustomerShare)},
			styled{style{format: money}, sum("revenue", at, v.Revenue)},
			styled{style{format: percent}, shareCell(fmt.Sprintf("D%d/D$%d", at, last+1), v.RevenueShare)},
			styled{style{format: days}, mean},
			styled{style{format: whole}, sum("purchases", at, v.Purchases)},
			styled{style{format: whole, align: "center"}, v.Rule})
	}
	at := s.add(style{look: total}, totalLabel,
		styled{style{look: total, format: whole}, formula{sumOf(2, first, last), r.Customers}}, nil,
		styled{style{look: total, format: money}, formula{sumOf(4, first, last), r.Revenue}}, nil, nil,
		styled{style{look: total, format: whole}, formula{sumOf(7, first, last), purchases}}, nil)
	x.rfmTotal = s.ref(4, at)
	at = s.add(style{format: money}, b.money(text{"Revenue of customers without a purchase", "Выручка клиентов без покупки"}), r.WithoutRevenue)
	x.rfmWithout = s.ref(2, at)
}

// ruleTable are the rules, which may be changed.
func (x *segmentSheets) ruleTable(b *book) {
	s, r := x.sheet, x.rfm
	s.skip(1)
	s.add(style{look: section}, text{"Rules: the first that fits names the segment", "Правила: сегмент — по первому подходящему"})
	s.addHigh(30, style{look: header}, text{"Segment", "Сегмент"}, text{"Rule", "Правило"},
		text{"R from", "R от"}, text{"R to", "R до"}, text{"F from", "F от"}, text{"F to", "F до"}, text{"M from", "M от"}, text{"M to", "M до"})
	x.rules = s.rows + 1
	st := style{look: input, format: whole, align: "center"}
	decides := x.moneyDecides()
	for i, rule := range r.Rules {
		row := []any{styled{style{look: input, align: "left"}, b.named(segmentNames, rule.Segment)}, styled{style{format: whole, align: "center"}, i + 1}}
		for axis, v := range []segments.Range{rule.R, rule.F, rule.M} {
			if axis == 2 && !decides {
				anyScore := styled{style{look: muted, align: "center"}, text{"any", "любая"}}
				row = append(row, anyScore, anyScore)
				continue
			}
			least := 1
			if v == (segments.Range{}) {
				if v.To = r.Scores; axis == 2 {
					least = 0 // an unknown money too
				}
			}
			row = append(row, styled{st, max(least, v.From)}, styled{st, min(r.Scores, v.To)})
		}
		s.add(style{}, row...)
	}
	note := text{"Scores from and to, inclusive. Names and scores on a yellow ground may be changed.", "Оценки от и до включительно. Названия и оценки на жёлтом фоне можно менять."}
	if decides {
		note[English] += " M from 0 takes customers whose money is unknown too."
		note[Russian] += " M от 0 — в том числе клиенты, чьи деньги неизвестны."
	}
	s.paragraph(prose, 0, b.say(note))
}

// scoreTable are the cut points and how many customers have each score.
func (x *segmentSheets) scoreTable(b *book) {
	s, r := x.sheet, x.rfm
	k := r.Scores
	s.pageBreak()
	head := []any{text{"Scores", "Оценки"}}
	for score := k; score > 0; score-- {
		head = append(head, score)
	}
	s.addHigh(30, style{look: header}, append(head, text{"Scores that occur", "Разных оценок"})...)
	scores := s.rows
	cut := func(name text, axis string, f format, n int, v func(score int) any) {
		row := []any{name}
		for score := k; score > 1; score-- {
			if n == 0 {
				row = append(row, nil)
				continue
			}
			row = append(row, formula{rfmCut(axis, score), v(score)})
		}
		s.add(style{format: f}, append(row, styled{style{align: "right"}, text{"the rest", "остальные"}})...)
	}
	count := func(name text, key string, counts []int64, levels int) {
		at := s.rows + 1
		row := []any{name}
		for score := k; score > 0; score-- {
			row = append(row, x.live(true, fmt.Sprintf("COUNTIF(%s,%s$%d)", x.list.span(key), columnName(k-score+2), scores), counts[score-1]))
		}
		s.add(style{format: whole}, append(row, formula{fmt.Sprintf(`COUNTIF(B%d:%s,">0")`, at, cellName(k+1, at)), levels})...)
	}
	customers := text{"  customers", "  клиентов"}
	cut(text{"R: days since the last purchase, up to", "R: дней с последней покупки, до"}, "R", whole, len(r.R), func(score int) any { return r.R[k-score] })
	count(customers, "r", r.Counts.R, r.Levels.R)
	cut(text{"F: purchases, from", "F: покупок, от"}, "F", whole, len(r.F), func(score int) any { return r.F[score-2] })
	count(customers, "f", r.Counts.F, r.Levels.F)
	m := b.money(x.measureFrom())
	cut(text{"M: " + m[English], "M: " + m[Russian]}, "M", money, len(r.M), func(score int) any { return r.M[score-2] })
	count(customers, "m", r.Counts.M, r.Levels.M)
}

// firingTable is the rule of every combination of scores, which the list looks
// up: R by F, or, where some rule asks for M, R and F by M.
func (x *segmentSheets) firingTable(b *book) {
	s, k := x.sheet, x.rfm.Scores
	s.skip(1)
	s.add(style{look: section}, text{"Which rule fires", "Какое правило срабатывает"})
	st := style{format: whole, align: "center"}
	axis := func(head []any, name string, scores []int) []any {
		for _, v := range scores {
			head = append(head, fmt.Sprintf("%s = %d", name, v))
		}
		return head
	}
	if !x.moneyDecides() {
		var scores []int
		for f := range k {
			scores = append(scores, f+1)
		}
		x.firing = s.add(style{look: header}, axis([]any{""}, "F", scores)...) + 1
		for _, r := range scores {
			row := []any{styled{style{look: header}, fmt.Sprintf("R = %d", r)}}
			for _, f := range scores {
				row = append(row, x.rule(r, f, 0))
			}
			s.add(st, row...)
		}
		return
	}
	x.firing = s.add(style{look: header}, axis([]any{"R", "F"}, "M", x.monies())...) + 1
	for i := range k * k {
		r, f := i/k+1, i%k+1
		row := []any{r, f}
		for _, m := range x.monies() {
			row = append(row, x.rule(r, f, m))
		}
		s.add(st, row...)
	}
}

// rule is the number of the rule that fires for three scores.
func (x *segmentSheets) rule(r, f, m int) any {
	cached := x.rfm.Rule(r, f, m)
	if len(x.rfm.Rules) > liveRules || len(x.rfm.Rules) == 0 {
		return cached
	}
	var text strings.Builder
	for i := range x.rfm.Rules {
		row := x.rules + i
		fmt.Fprintf(&text, "IF(AND(%d>=C$%d,%d<=D$%d,%d>=E$%d,%d<=F$%d", r, row, r, row, f, row, f, row)
		if x.moneyDecides() {
			fmt.Fprintf(&text, ",%d>=G$%d,%d<=H$%d", m, row, m, row)
		}
		fmt.Fprintf(&text, "),%d,", i+1)
	}
	return formula{text.String() + "0" + strings.Repeat(")", len(x.rfm.Rules)), cached}
}
