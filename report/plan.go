package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
	"github.com/xuri/excelize/v2"
)

// planSheet is the sales plan of one month or several, each against its fact
// once the month has begun.
type planSheet struct {
	sheet *sheet
	plans []*planBlock
}

// planBlock is one month's plan.
type planBlock struct {
	*segments.PlanResult
	sheet      *sheet
	prefix     string // of its parameters
	factor     string // cell of what a base is multiplied by
	plan, fact *table // the second is nil before there is a fact
	sides      []planSide
}

// planSide is a side that has columns of its own.
type planSide struct {
	orders.Side
	key  string
	name text
}

// planReasons are what a plan rests on, and what to beware of in it, and what
// the legend says of each.
var planReasons = map[segments.PlanReason][2]text{
	segments.FromBase:         {{"last year", "прошлый год"}, {"the salesperson's own sales of the base month", "собственные продажи продавца за базовый месяц"}},
	segments.TeamAverage:      {{"team average", "среднее по отделу"}, {"no sales in the base month: the mean base of those who had some", "в базовом месяце не продавал: средняя база тех, кто продавал"}},
	segments.NoBase:           {{"no base", "нет базы"}, {"the base month is not in the export, or nobody sold in it: there is no plan, which is not a plan of zero", "базового месяца нет в выгрузке или в нём никто не продавал: плана нет, и это не нулевой план"}},
	segments.Unplanned:        {{"not planned", "вне плана"}, {"neither a base nor a member of the team when the plan was made", "ни базы, ни места в отделе, когда составлялся план"}},
	segments.PartialBase:      {{"base month incomplete", "базовый месяц неполный"}, {"only a part of the base month is in the export: base and plan are too low", "в выгрузке только часть базового месяца: база и план занижены"}},
	segments.UnknownBase:      {{"partly unknown", "часть неизвестна"}, {"first purchases in the export of which nobody can tell whether they are the customer's first: planned in columns of their own, never as new", "первые в выгрузке покупки, о которых нельзя сказать, первые ли они у клиента: в плане отдельными столбцами и никогда не как новые"}},
	segments.NegativeBase:     {{"returns outweigh sales", "возвраты больше продаж"}, {"a side of the base is below zero: nothing is planned on it", "одна из частей базы меньше нуля: по ней план нулевой"}},
	segments.ZeroBase:         {{"the base is zero", "база нулевая"}, {"sales and returns of the base month come to nothing, and so does the plan", "продажи и возвраты базового месяца дают ноль — план тоже нулевой"}},
	segments.UnmatchedReturns: {{"returns without a purchase", "возвраты без покупки"}, {"returns of what was bought before the export begins: in a column of their own, outside plan and deviation", "возвраты купленного до начала выгрузки: отдельным столбцом, вне плана и отклонения"}},
	segments.Inactive:         {{"sells no more", "больше не продаёт"}, {"has a base, but sold nothing in the last months before the plan: somebody else must sell it, or let the plan follow the customer", "база есть, но в последние месяцы перед планом продаж нет: план должен выполнить кто-то другой; можно построить план по нынешнему продавцу клиента"}},
}

// planSides are the sides that can be planned.
var planSides = []planSide{
	{orders.First, "new", text{"new", "новые"}},
	{orders.Repeat, "repeat", text{"repeat", "повторные"}},
	{orders.Unknown, "unknown", text{"unknown", "неизвестно"}},
}

func (b *book) planSheet() *planSheet {
	x := &planSheet{}
	s := b.sheet(text{"Plan-fact", "План-факт"}, append([]float64{30, 17}, slices.Repeat([]float64{14}, 14)...)...)
	x.sheet = s
	s.left = 1
	s.add(style{look: title}, text{"Sales plan and plan against fact", "План продаж и план-факт"})
	b.params.section(text{"Sales plan", "План продаж"})
	for i, p := range b.Plans {
		if p.Options.Scope.AsOf == 0 {
			s.add(style{look: muted}, text{"The export is empty.", "Выгрузка пуста."})
			continue
		}
		v := &planBlock{PlanResult: p, sheet: s, prefix: "Plan_"}
		if i > 0 {
			v.prefix = "Plan" + columnName(i+1) + "_" // PlanB_
			s.pageBreak()
		}
		v.lay(b)
		x.plans = append(x.plans, v)
	}
	x.legend(b)
	return x
}

// lay lays out one month.
func (v *planBlock) lay(b *book) {
	s, r := v.sheet, v.PlanResult
	s.add(style{look: section}, text{"Plan of " + b.monthName(r.Month) + ", base " + b.monthName(r.BaseMonth), "План на " + b.monthName(r.Month) + ", база — " + b.monthName(r.BaseMonth)})
	follow := text{"the salesperson of the deal", "продавец сделки"}
	if r.Options.Follow == orders.ByOwner {
		follow = text{"the present salesperson of the customer", "нынешний продавец клиента"}
	}
	s.add(style{look: subtitle}, text{"As of " + b.day(r.Options.Scope.AsOf) + "; whose base: " + follow[English], "На " + b.day(r.Options.Scope.AsOf) + "; чья база: " + follow[Russian]})
	for _, side := range planSides {
		occurs := func(x segments.PlanRow) bool {
			return x.Base.Unknown != 0 || x.Plan.Unknown != 0 || x.Fact.Unknown != 0
		}
		if side.Side != orders.Unknown || slices.ContainsFunc(r.Rows, occurs) {
			v.sides = append(v.sides, side)
		}
	}
	v.parameters(b)
	s.skip(1)
	v.plan = s.table(len(r.Rows), false, v.planColumns(b))
	v.plan.fill()
	if r.Total.Fact.Known {
		s.skip(1)
		v.fact = s.table(len(r.Rows), false, v.factColumns(b))
		v.fact.fill()
	}
	s.skip(1)
	if len(r.Rows) > 0 && r.Total.Plan.Known {
		s.picture(1100, 320, func(at string, width, height uint) placed { return v.chart(b, at, width, height) })
	}
}

// monthName returns a period, a month as the language writes it.
func (b *book) monthName(p orders.Period) string {
	if b.lang == Russian && p.Grain == orders.Month {
		return p.First().Time().Format("01.2006")
	}
	return p.String()
}

// parameters lays out what the plan is made with, and what a base is multiplied by.
func (v *planBlock) parameters(b *book) {
	s, r, p := v.sheet, v.PlanResult, b.params
	of := " " + b.monthName(r.Month)
	live := func(name string, f format, label text, value any, note text) string {
		return p.live(v.prefix+name, f, text{label[English] + of, label[Russian] + of}, value, note)
	}
	corrected := 0
	if r.Options.PerWorkday {
		corrected = 1
	}
	growth := r.Options.Growth.Amount.Float64() / 100
	g := live("Growth", percent, text{"Growth over last year, plan of", "Рост к прошлому году, план на"}, growth, text{"added to the sales of the same month of last year", "прибавляется к продажам того же месяца прошлого года"})
	per := live("PerWorkday", whole, text{"Corrected by working days (1 or 0), plan of", "Поправка на рабочие дни (1 или 0), план на"}, corrected, text{"1: the base is divided by the working days of its month and multiplied by those of the month planned", "1 — база делится на рабочие дни своего месяца и умножается на рабочие дни планового"})
	days := live("Workdays", whole, text{"Working days of", "Рабочих дней в"}, r.Workdays, text{"by the calendar that the report was given", "по календарю, с которым построен отчёт"})
	of = " " + b.monthName(r.BaseMonth)
	base := live("BaseWorkdays", whole, text{"Working days of", "Рабочих дней в"}, r.BaseWorkdays, text{"of the base month", "в базовом месяце"})
	factor := 1 + growth
	if r.Options.PerWorkday {
		factor *= float64(r.Workdays) / float64(r.BaseWorkdays)
	}
	info := func(name text, f format, value any) string {
		at := s.add(style{}, styled{style{wrap: true}, name}, styled{style{format: f}, value})
		return "$" + columnName(2) + "$" + fmt.Sprint(at)
	}
	v.factor = info(text{"A base is multiplied by", "База умножается на"}, quantity, formula{fmt.Sprintf("(1+%s)*IF(%s=1,%s/%s,1)", g, per, days, base), factor})
	if !r.Total.Fact.Known {
		return
	}
	of = " " + b.monthName(r.Month)
	passed := live("Passed", whole, text{"Working days passed in", "Прошло рабочих дней в"}, r.Passed, text{"up to the day of the report; what is expected of the whole month goes by them", "по дату отчёта; по ним считается ожидание на весь месяц"})
	info(text{"Share of working days passed", "Доля прошедших рабочих дней"}, percent, formula{fmt.Sprintf("IF(%s>0,%s/%s,%s)", days, passed, days, quote(b.say(undefined))), r.PassedShare()})
}

// row returns row i, the total for a negative one.
func (v *planBlock) row(i int) *segments.PlanRow {
	if i < 0 {
		return &v.Total
	}
	return &v.Rows[i]
}

// planAt returns the name of a cell of row i of the plan, for formulas below it.
func (v *planBlock) planAt(key string, i int) string {
	if i < 0 {
		return v.plan.at(key, v.plan.totals)
	}
	return v.plan.at(key, v.plan.first+i)
}

// salesperson is the first column of both tables.
func (v *planBlock) salesperson(b *book) column {
	return column{key: "salesperson", name: text{"Salesperson", "Продавец"}, totals: totalLabel, cell: func(i, _ int) any { return b.valueName(v.Rows[i].Salesperson) }}
}

// summed is a column of money, whose total is the sum of its rows.
func (v *planBlock) summed(b *book, t **table, key string, name, note text, of func(*segments.PlanRow) orders.NullAmount) column {
	return column{key: key, name: b.money(name), note: note, style: style{format: money},
		cell: func(i, _ int) any { return of(v.row(i)) },
		totals: func() any {
			if all := of(&v.Total); all.Known {
				return (*t).sum(key, all)
			}
			return nil
		}}
}

// group is a column of each side. The cell of row i is a formula if computed
// gives one.
func (v *planBlock) group(b *book, t **table, key string, name, note text, of func(*segments.PlanRow) segments.PlanSides, computed func(side planSide, i, at int) string) (c []column) {
	for _, side := range v.sides {
		of := func(x *segments.PlanRow) orders.NullAmount { return of(x).Of(side.Side) }
		x := v.summed(b, t, key+"_"+side.key, name.and(side.name), note, of)
		if computed != nil {
			x.cell = func(i, at int) any {
				if f := computed(side, i, at); f != "" && of(v.row(i)).Known {
					return formula{f, of(v.row(i)).Amount}
				}
				return of(v.row(i))
			}
		}
		c = append(c, x)
		note = text{} // once is enough
	}
	return c
}

// and returns "t: of".
func (t text) and(of text) text {
	for l := range t {
		t[l] += ": " + of[l]
	}
	return t
}

// allSides is the sum of a group.
func (v *planBlock) allSides(b *book, t **table, key string, name text, of func(*segments.PlanRow) segments.PlanSides) column {
	return both(column{key: key, name: b.money(name), style: style{format: money}}, t, func(i, at int) any {
		if !of(v.row(i)).Known {
			return nil
		}
		first, last := v.sides[0].key, v.sides[len(v.sides)-1].key
		return formula{fmt.Sprintf("SUM(%s:%s)", (*t).at(key+"_"+first, at), (*t).at(key+"_"+last, at)), of(v.row(i)).Total().Amount}
	})
}

// planColumns returns the columns of the plan; those of what is unknown or
// unmatched only where that occurs.
func (v *planBlock) planColumns(b *book) []column {
	t := &v.plan
	c := []column{v.salesperson(b), {key: "basis", name: text{"The plan is from", "На чём основан план"}, style: style{align: "center"},
		cell: func(i, _ int) any { return b.planReason(v.Rows[i].Reasons[0]) }}}
	c = append(c, v.group(b, t, "base", text{"Base", "База"}, text{"sold in the base month: customers' first purchases, and repeat ones", "продано в базовом месяце: первые покупки клиентов и повторные"},
		func(x *segments.PlanRow) segments.PlanSides { return x.Base }, nil)...)
	plan := func(x *segments.PlanRow) segments.PlanSides { return x.Plan }
	c = append(c, v.group(b, t, "plan", text{"Plan", "План"}, text{"base × multiplier, rounded to kopecks, not below zero; by team average: the mean base of those who have one × multiplier", "база × множитель, с округлением до копеек, не меньше нуля; при среднем по отделу — средняя база тех, у кого она есть, × множитель"},
		plan, v.planText(b))...)
	c = append(c, v.allSides(b, t, "plan", text{"Plan", "План"}, plan))
	unmatched := func(x *segments.PlanRow) orders.NullAmount { return x.BaseUnmatched }
	if v.occurs(unmatched) {
		c = append(c, v.summed(b, t, "base_unmatched", text{"Returns in the base", "Возвраты в базе"}, text{"returns of no purchase that the export has: in no plan", "возвраты, покупки которых нет в выгрузке: вне плана"}, unmatched))
	}
	return append(c, column{key: "beware", name: text{"Beware", "На что обратить внимание"}, cell: func(i, _ int) any {
		var list []string
		for _, reason := range v.Rows[i].Reasons[1:] {
			list = append(list, b.planReason(reason))
		}
		if list == nil {
			return nil
		}
		return styled{style{look: muted, align: "left", indent: 1}, strings.Join(list, "; ")}
	}})
}

// factColumns returns the columns of the fact against the plan.
func (v *planBlock) factColumns(b *book) []column {
	t := &v.fact
	fact := func(x *segments.PlanRow) segments.PlanSides { return x.Fact }
	c := append([]column{v.salesperson(b)}, v.group(b, t, "fact", text{"Fact", "Факт"}, text{"sold in the month up to the day of the report, by the salesperson of the deal", "продано за месяц по дату отчёта, по продавцу сделки"}, fact, nil)...)
	c = append(c, v.allSides(b, t, "fact", text{"Fact", "Факт"}, fact))
	c = append(c, v.compared(b)...)
	if v.Total.Expected.Known {
		c = append(c, v.expected(b)...)
	}
	unmatched := func(x *segments.PlanRow) orders.NullAmount { return x.FactUnmatched }
	if v.occurs(unmatched) {
		c = append(c, v.summed(b, t, "fact_unmatched", text{"Returns in the fact", "Возвраты в факте"}, text{"returns of no purchase that the export has: outside the deviation", "возвраты, покупки которых нет в выгрузке: вне отклонения"}, unmatched))
	}
	return c
}

// occurs reports whether any row has such money.
func (v *planBlock) occurs(of func(*segments.PlanRow) orders.NullAmount) bool {
	return slices.ContainsFunc(v.Rows, func(x segments.PlanRow) bool { return of(&x).Amount != 0 })
}

// planText returns the formula of a plan; "" where it is a value.
func (v *planBlock) planText(b *book) func(side planSide, i, at int) string {
	return func(side planSide, i, at int) string {
		t := v.plan
		base := t.at("base_"+side.key, at)
		switch v.Rows[i].Reasons[0] {
		case segments.TeamAverage:
			first := t.first
			if v.Rows[0].Salesperson == "" {
				first++ // sales without a salesperson are nobody's
			}
			span := func(key string) string {
				name := columnName(t.col(key))
				return fmt.Sprintf("%s$%d:%s$%d", name, first, name, t.last)
			}
			own := quote(b.planReason(segments.FromBase))
			base = fmt.Sprintf("SUMIF(%s,%s,%s)/COUNTIF(%s,%s)", span("basis"), own, span("base_"+side.key), span("basis"), own)
		case segments.FromBase:
		default:
			return ""
		}
		return fmt.Sprintf("ROUND(MAX(0,%s)*%s,2)", base, v.factor)
	}
}

// comparison is a side, or all of them, of a fact and its plan.
type comparison struct {
	key  string // "_new"
	name text
	of   func(segments.PlanSides) orders.NullAmount
	done func(segments.PlanShare) float64
}

// compared returns the columns of the deviations and of the percentages.
func (v *planBlock) compared(b *book) (c []column) {
	t, na := &v.fact, quote(b.say(undefined))
	side := func(s orders.Side) func(segments.PlanSides) orders.NullAmount {
		return func(p segments.PlanSides) orders.NullAmount { return p.Of(s) }
	}
	parts := []comparison{
		{"_new", planSides[0].name, side(orders.First), func(d segments.PlanShare) float64 { return d.New }},
		{"_repeat", planSides[1].name, side(orders.Repeat), func(d segments.PlanShare) float64 { return d.Repeat }},
		{"_unknown", planSides[2].name, side(orders.Unknown), nil},
		{"", text{}, segments.PlanSides.Total, func(d segments.PlanShare) float64 { return d.Total }},
	}
	unknown := len(v.sides) == len(planSides)
	add := func(key string, name, note text, st style, cell func(p comparison, i, at int) any) {
		for k, p := range parts {
			if p.key == "_unknown" && (!unknown || st.format == percent) {
				continue
			}
			x := column{key: key + p.key, name: name, style: st}
			if k == 0 {
				x.note = note
			}
			if p.name != (text{}) {
				x.name = name.and(p.name)
			}
			if st.format == money {
				x.name = b.money(x.name)
			}
			c = append(c, both(x, t, func(i, at int) any { return cell(p, i, at) }))
		}
	}
	add("deviation", text{"Deviation", "Отклонение"}, text{"fact − plan; blank: there is no plan", "факт − план; пусто — плана нет"}, style{format: money}, func(p comparison, i, at int) any {
		d := p.of(v.row(i).Deviation)
		if !d.Known {
			return nil
		}
		return formula{fmt.Sprintf("ROUND(%s-%s,4)", (*t).at("fact"+p.key, at), v.planAt("plan"+p.key, i)), d.Amount}
	})
	add("done", text{"Done", "Выполнение"}, text{"fact ÷ plan; n/a: a plan of zero has no percentage, nor has a side if a part of plan or fact is unknown", "факт ÷ план; н/д — у нулевого плана процента нет; нет его и по новым и повторным, если часть плана или факта неизвестна"}, style{format: percent}, func(p comparison, i, at int) any {
		done := p.done(v.row(i).Done)
		if !v.row(i).Plan.Known {
			return done
		}
		plan := v.planAt("plan"+p.key, i)
		holds := plan + ">0"
		if unknown && p.key != "" {
			holds = fmt.Sprintf("AND(%s,%s=0,%s=0)", holds, v.planAt("plan_unknown", i), (*t).at("fact_unknown", at))
		}
		return formula{fmt.Sprintf("IF(%s,%s/%s,%s)", holds, (*t).at("fact"+p.key, at), plan, na), done}
	})
	return c
}

// expected returns the columns of what the month comes to at the pace so far.
func (v *planBlock) expected(b *book) []column {
	t, na := &v.fact, quote(b.say(undefined))
	return []column{
		{key: "expected", name: b.money(text{"Expected of the month", "Ожидается за месяц"}), style: style{format: money},
			note: text{"if the month goes on as up to now: fact ÷ working days passed × all working days; no part of deviation and percentage", "если месяц продолжится так же: факт ÷ прошедшие рабочие дни × все рабочие дни; в отклонение и выполнение не входит"},
			cell: func(i, at int) any {
				var sum []string
				for _, side := range v.sides {
					sum = append(sum, fmt.Sprintf("ROUND(%s*%sWorkdays/%sPassed,2)", (*t).at("fact_"+side.key, at), v.prefix, v.prefix))
				}
				return formula{strings.Join(sum, "+"), v.Rows[i].Expected.Total().Amount}
			},
			totals: func() any { return (*t).sum("expected", v.Total.Expected.Total().Amount) }},
		both(column{key: "expected_done", name: text{"Expected ÷ plan", "Ожидание ÷ план"}, style: style{format: percent}}, t, func(i, at int) any {
			x := v.row(i)
			if !x.Plan.Known {
				return nil
			}
			plan := v.planAt("plan", i)
			return formula{fmt.Sprintf("IF(%s>0,%s/%s,%s)", plan, (*t).at("expected", at), plan, na), ratioAbove(x.Expected.Total().Amount, x.Plan.Total().Amount)}
		}),
	}
}

// ratioAbove returns a ÷ b, undefined unless b is positive.
func ratioAbove(a, b orders.Amount) float64 {
	if b <= 0 {
		return math.NaN()
	}
	return a.Float64() / b.Float64()
}

// planReason returns what a reason says in a cell, the code itself if it is a new one.
func (b *book) planReason(reason segments.PlanReason) string {
	if t, ok := planReasons[reason]; ok {
		return b.say(t[0])
	}
	return string(reason)
}

// chart draws plan and fact of each salesperson; before there is a fact, the
// plan by its sides.
func (v *planBlock) chart(b *book, at string, width, height uint) placed {
	c := &excelize.Chart{
		Type:       excelize.ColStacked,
		Title:      chartTitle(b.say(text{"Plan by salesperson", "План по продавцам"})),
		Dimension:  excelize.ChartDimension{Width: width, Height: height},
		Legend:     excelize.ChartLegend{Position: "bottom"},
		YAxis:      excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
		XAxis:      excelize.ChartAxis{Font: small(), TickLabelPosition: excelize.ChartTickLabelLow},
		GapWidth:   gap(60),
		VaryColors: oneColour(),
	}
	series := func(t *table, key, colour string) {
		c.Series = append(c.Series, excelize.ChartSeries{
			Name: t.sheet.ref(t.col(key), t.head), Categories: t.span("salesperson"), Values: t.span(key), Fill: solid(colour),
		})
	}
	if v.fact != nil {
		c.Type, c.Title = excelize.Col, chartTitle(b.say(text{"Plan and fact by salesperson", "План и факт по продавцам"}))
		series(v.plan, "plan", colourUnknown)
		series(v.fact, "fact", colourRepeat)
		if v.Total.Expected.Known {
			series(v.fact, "expected", colourFirst)
		}
		return placed{at, c, nil}
	}
	for i, side := range v.sides {
		series(v.plan, "plan_"+side.key, [...]string{colourFirst, colourRepeat, colourUnknown}[i])
	}
	return placed{at, c, nil}
}

// legend says what the columns mean, and the reasons that occur.
func (x *planSheet) legend(b *book) {
	s := x.sheet
	s.skip(2)
	s.add(style{look: section}, legendTitle)
	told := map[string]bool{}
	tell := func(line string) {
		if !told[line] {
			told[line] = true
			s.paragraph(prose, 12, line)
		}
	}
	for _, v := range x.plans {
		for _, t := range []*table{v.plan, v.fact} {
			if t == nil {
				continue
			}
			for _, c := range t.columns {
				if c.note != (text{}) {
					tell(b.say(c.name) + " — " + b.say(c.note))
				}
			}
		}
	}
	for _, v := range x.plans {
		for _, reason := range v.Total.Reasons {
			if t, ok := planReasons[reason]; ok {
				tell(b.say(text{"“" + t[0][English] + "”", "«" + t[0][Russian] + "»"}) + " — " + b.say(t[1]))
			}
		}
	}
	tell(b.say(text{
		"Every cell of a plan is rounded to kopecks, and the total is the sum of what the rows show. Figures of the plan are formulas: growth, working days and bases may be changed.",
		"Каждая ячейка плана округлена до копеек, итог — сумма показанных строк. План рассчитан формулами: рост, рабочие дни и базу можно менять.",
	}))
}

// ties are what base and fact add up to: what was sold in their months.
func (x *planSheet) ties(b *book, anonymous, cancelled tiePart) (ties []tie) {
	for _, v := range x.plans {
		r, o := v.PlanResult, v.Options
		eve := min(r.Month.First()-1, o.Scope.AsOf)
		month := func(what text, t *table, key string, p orders.Period, asOf orders.Date, sides segments.PlanSides, unmatched orders.NullAmount) {
			if !sides.Known {
				return
			}
			at := func(column string) string {
				if col, ok := t.index[column]; ok {
					return x.sheet.ref(col, t.totals)
				}
				return ""
			}
			parts := []tiePart{}
			for _, side := range planSides {
				parts = append(parts, tiePart{sideNames[side.Side], at(key + "_" + side.key), sides.Of(side.Side).Amount})
			}
			parts = append(parts, tiePart{sideNames[orders.Unmatched], at(key + "_unmatched"), unmatched.Amount}, b.outsideMonth(o.Scope, p, asOf), anonymous, cancelled)
			ties = append(ties, newTie(x.sheet, text{what[English] + " " + b.monthName(p), what[Russian] + " " + b.monthName(p)}, parts))
		}
		month(text{"Base month", "Базовый месяц"}, v.plan, "base", r.BaseMonth, eve, r.Total.Base, r.Total.BaseUnmatched)
		month(text{"Fact of the month", "Факт месяца"}, v.fact, "fact", r.Month, min(r.Month.Last(), o.Scope.AsOf), r.Total.Fact, r.Total.FactUnmatched)
	}
	return ties
}

// outsideMonth is what a month of a scope, as of a day, leaves out.
func (b *book) outsideMonth(s orders.Scope, p orders.Period, asOf orders.Date) tiePart {
	s.From, s.AsOf = max(s.From, p.First()), asOf
	flows, err := b.Sales.Flows(b.ctx, orders.FlowQuery{Scope: s, Period: orders.Month})
	b.note(err)
	left := b.control.Identified
	for _, f := range flows {
		if f.Period == p {
			left -= f.Total().Revenue
		}
	}
	return tiePart{name: outsideName, value: left}
}

// plan is each month's plan of all salespersons, and how much of it is done.
func (s *summary) plan(x *planSheet) {
	s.head(text{"Sales plan", "План продаж"}, text{"Plan", "План"}, text{"Done", "Выполнение"})
	for _, v := range x.plans {
		if !v.Total.Plan.Known {
			continue
		}
		month := s.monthName(v.Month)
		done, note := any(nil), text{"new and repeat sales together; the month has not begun", "новые и повторные вместе; месяц ещё не начался"}
		if v.fact != nil {
			done = formula{v.fact.sheet.ref(v.fact.col("done"), v.fact.totals), v.Total.Done.Total}
			note = text{"new and repeat sales together", "новые и повторные вместе"}
		}
		if v.UnderWay {
			note = text{fmt.Sprintf("new and repeat sales together; %d of %d working days have passed", v.Passed, v.Workdays), fmt.Sprintf("новые и повторные вместе; прошло рабочих дней: %d из %d", v.Passed, v.Workdays)}
		}
		st := style{look: figure, align: "right"}
		cash, part := st, st
		cash.format, part.format = money, percent
		s.addHigh(14, style{}, s.money(text{"Plan of " + month, "План на " + month}),
			styled{cash, formula{v.plan.sheet.ref(v.plan.col("plan"), v.plan.totals), v.Total.Plan.Total().Amount}}, styled{part, done}, styled{style{wrap: true}, note})
	}
}

var methodPlan = []definition{
	{text{"Sales plan", "План продаж"}, text{
		"Sold in the same month of last year × (1 + growth), new and repeat sales apart; corrected by working days if that is asked for. The base is that of the salesperson of the deal, or of the customer's present one. Who sold nothing in the base month but is of the team gets the mean of those who did. First purchases that may be old customers' are planned apart.",
		"Продано в том же месяце прошлого года × (1 + рост), отдельно новые и повторные; по желанию с поправкой на рабочие дни. База — продавца сделки или нынешнего продавца клиента. Кто в базовом месяце не продавал, но работает в отделе, получает среднее тех, кто продавал. Первые покупки, которые могут быть покупками старых клиентов, планируются отдельно."}},
	{text{"Plan against fact", "План-факт"}, text{
		"Deviation = fact − plan, done = fact ÷ plan; a plan of zero has no percentage. The fact is of the salesperson of the deal. Of a month under way the fact is to date, and what the month comes to at that pace stands apart.",
		"Отклонение = факт − план, выполнение = факт ÷ план; у нулевого плана процента нет. Факт — по продавцу сделки. У незаконченного месяца факт на дату, а ожидание при том же темпе стоит отдельно."}},
}
