package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// callSheets are whom to call on a day: those who may still be kept, those who
// have lapsed, and how many of both each salesperson has.
type callSheets struct {
	*segments.CallList
	calls, lapsed *table // lapsed is nil if nobody is listed
	sums          *sheet

	total, without string // cells of the revenue of the statuses, and of customers without a purchase
	worth          string // cell of the worth of the calls
}

var callStatusNames = [...]text{
	segments.NoRhythm: {"no rhythm", "нет ритма"},
	segments.OnTime:   {"on time", "в срок"},
	segments.Due:      {"due", "пора"},
	segments.Late:     {"late", "опаздывает"},
	segments.AtRisk:   {"at risk", "под угрозой"},
	segments.Lapsed:   {"lapsed", "потерян"},
}

var rhythmOfNames = [...]text{
	segments.Nobody:    {"nobody's", "ничей"},
	segments.Own:       {"own", "свой"},
	segments.OfSegment: {"segment", "сегмента"},
	segments.OfCompany: {"company", "компании"},
}

// stakeName says what the worth of a customer is.
func (x *callSheets) stakeName() text {
	name := [...]text{
		segments.ExpectedProfit:  {"expected profit", "ожидаемая прибыль"},
		segments.ExpectedRevenue: {"expected revenue", "ожидаемая выручка"},
		segments.AverageProfit:   {"mean gross profit of one purchase", "средняя валовая прибыль одной покупки"},
		segments.AverageRevenue:  {"mean revenue of one purchase", "средняя выручка одной покупки"},
	}[x.Options.Stake]
	if d := x.Options.HorizonDays; d > 0 && x.Options.Stake <= segments.ExpectedRevenue {
		name[English] += fmt.Sprintf(" over %d days", d)
		name[Russian] += fmt.Sprintf(" за %d дн.", d)
	}
	return name
}

func (b *book) callSheets() *callSheets {
	x := &callSheets{CallList: b.Calls}
	x.parameters(b)
	stake := x.stakeName()
	day := b.day(x.Lapse.AsOf)
	x.calls = x.list(b, text{"Call list", "Список звонков"}, x.Calls, x.Total.Calls, text{
		"As of " + day + ": due, late or at risk; the most worth first. Worth: " + stake[English],
		"На " + day + ": пора, опаздывают или под угрозой; сначала самые ценные. Ценность — " + stake[Russian],
	})
	x.worth = x.calls.ref(x.calls.col("worth"), x.calls.totals)
	if len(x.CallList.Lapsed) > 0 {
		x.lapsed = x.list(b, text{"Lapsed customers", "Потерянные клиенты"}, x.CallList.Lapsed, x.Total.Lapsed, text{
			"As of " + day + ": so late that most of them are gone; a list of their own, for a month in which there is time. Worth: " + stake[English],
			"На " + day + ": опаздывают так, что большинство уже ушло; отдельный список — на время, когда до него дойдут руки. Ценность — " + stake[Russian],
		})
	}
	x.sumSheet(b)
	return x
}

// parameters lays out the day and the multiples that statuses follow, and what
// was decided before.
func (x *callSheets) parameters(b *book) {
	p, o := b.params, x.Lapse.Options
	p.section(text{"Call list", "Список звонков"})
	p.live("Calls_AsOf", general, text{"Day of the calls", "День звонков"}, x.Lapse.AsOf,
		text{"days late and statuses are as of it; who is on the list was decided as of the day of the report", "опоздание и статусы — на этот день; кто попал в список, решено на дату отчёта"})
	for _, m := range []struct {
		name   string
		status segments.Status
		v      float64
	}{{"Calls_Due", segments.Due, o.Due}, {"Calls_Late", segments.Late, o.Late}, {"Calls_AtRisk", segments.AtRisk, o.AtRisk}, {"Calls_Lapsed", segments.Lapsed, o.Lapsed}} {
		status := callStatusNames[m.status]
		p.live(m.name, number, text{"Rhythms to “" + status[English] + "”", "Ритмов до статуса «" + status[Russian] + "»"}, m.v,
			text{"so many rhythms since the last purchase and more", "столько ритмов с последней покупки и больше"})
	}
	p.fixed(whole, text{"Gaps for an own rhythm", "Интервалов для своего ритма"}, o.MinGaps,
		text{"with fewer the median of the segment's customers is the rhythm, else that of the company's", "если меньше — медиана по клиентам сегмента, а если её нет — по компании"})
	stake, basis := x.stakeName(), text{"of one purchase", "одной покупки"}
	if x.Options.Stake <= segments.ExpectedRevenue {
		basis = text{"expected", "ожидаемая"}
	}
	p.fixed(general, text{"Worth of a customer", "Ценность клиента"}, basis, text{stake[English] + "; the lists are sorted by it", stake[Russian] + "; по ней упорядочены списки"})
	limit := func(name text, n int, note text) {
		if n > 0 {
			p.fixed(whole, name, n, note)
		}
	}
	beyond := text{"whoever is beyond it is counted, not listed", "остальные сосчитаны, но не показаны"}
	limit(text{"Calls for each salesperson, at most", "Звонков продавцу, не больше"}, x.Options.PerSalesperson, beyond)
	limit(text{"Lapsed customers for each, at most", "Потерянных продавцу, не больше"}, x.Options.LapsedPerSalesperson, beyond)
}

// list lays out the sheet of one list.
func (x *callSheets) list(b *book, name text, calls []segments.Call, count segments.CallCount, subject text) *table {
	var t *table
	columns := x.columns(b, &t, calls, count)
	s := b.sheet(name, widths(columns)...)
	s.add(style{look: title}, name)
	s.add(style{look: subtitle}, subject)
	if count.Held > 0 {
		s.add(style{look: subtitle}, text{
			fmt.Sprintf("Beyond the limit of each salesperson, not listed: %d", count.Held),
			fmt.Sprintf("Сверх предела на продавца, не показаны: %d", count.Held),
		})
	}
	t = s.table(len(calls), true, columns)
	t.fill()
	t.listing(4)
	if t.shown > 0 {
		status := columnName(t.col("status"))
		at := fmt.Sprintf("$%s%d", status, t.first)
		rule := func(s segments.Status, fill, ink string) conditionalRule {
			r := b.rule("==", fill, ink)
			r.Type, r.Criteria, r.Value = "formula", at+"="+quote(b.say(callStatusNames[s])), ""
			return r
		}
		s.formats = append(s.formats, conditional{fmt.Sprintf("%s%d:%s%d", status, t.first, status, t.last), []conditionalRule{
			rule(segments.OnTime, fillGood, inkGood), rule(segments.Late, fillInput, inkInput), rule(segments.AtRisk, fillAlarm, inkAlarm), rule(segments.Lapsed, fillBad, inkBad),
		}})
	}
	t.legend(text{
		"Filter the list by salesperson to print one person's calls.",
		"Чтобы напечатать звонки одного продавца, отфильтруйте список по продавцу.",
	})
	return t
}

// columns returns the columns of a list.
func (x *callSheets) columns(b *book, at **table, calls []segments.Call, count segments.CallCount) []column {
	of := func(i int) *segments.Call { return &calls[i] }
	var revenue orders.Amount
	for i := range calls {
		revenue += calls[i].Revenue
	}
	center := style{format: whole, align: "center"}
	return []column{
		{key: "no", name: text{"No.", "№"}, width: 7, style: center, note: text{"by worth, descending; who has none comes last", "по убыванию ценности; без ценности — в конце"}, cell: func(i, _ int) any { return i + 1 }},
		{key: "place", name: text{"No. of the salesperson", "№ у продавца"}, width: 11, style: center, note: text{"among the calls of the same salesperson", "среди звонков того же продавца"}, cell: func(i, _ int) any { return of(i).Place }},
		{key: "id", name: text{"Id", "Код"}, width: 14, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return of(i).ID }},
		{key: "name", name: text{"Customer", "Клиент"}, width: 34, note: text{"the name in the export", "наименование из выгрузки"}, cell: func(i, _ int) any { return b.itemName(of(i).ID, of(i).Name) }},
		{key: "owner", name: text{"Salesperson", "Продавец"}, width: 22, note: text{"of the latest purchase", "в последней покупке"}, cell: func(i, _ int) any { return b.valueName(of(i).Owner) }},
		{key: "purchases", name: text{"Purchases", "Покупок"}, width: 10, style: style{format: whole}, note: text{"up to the day of the report", "до даты отчёта"}, cell: func(i, _ int) any { return of(i).Purchases }},
		{key: "last_day", name: text{"Last purchase", "Последняя покупка"}, width: 12, note: text{"its day", "её день"}, cell: func(i, _ int) any { return of(i).LastDay }},
		{key: "days_since_last", name: text{"Days since", "Дней прошло"}, width: 9, style: style{format: whole}, note: text{"from the last purchase to the day of the calls", "от последней покупки до дня звонков"},
			cell: func(i, row int) any { return formula{"Calls_AsOf-" + (*at).at("last_day", row), of(i).DaysSinceLast} }},
		{key: "rhythm", name: text{"Rhythm, days", "Ритм, дней"}, width: 9, style: style{format: quantity}, note: text{"the median of the days between purchases", "медиана дней между покупками"}, cell: func(i, _ int) any { return of(i).Rhythm }},
		{key: "rhythm_of", name: text{"Whose", "Чей"}, width: 11, style: style{align: "center"},
			note: text{"own: the customer's; else, for want of gaps, the median of the customers of the segment or of the company", "свой — клиента; если интервалов мало — медиана по клиентам сегмента или компании"},
			cell: func(i, _ int) any { return rhythmOfNames[of(i).RhythmOf] }},
		{key: "expected_day", name: text{"Expected", "Ждали"}, width: 12, style: style{format: date, align: "center"}, note: text{"last purchase + rhythm, half a day rounded up", "последняя покупка + ритм, неполный день — целый"},
			cell: func(i, row int) any {
				return formula{fmt.Sprintf("%s+ROUNDUP(%s,0)", (*at).at("last_day", row), (*at).at("rhythm", row)), serial(of(i).ExpectedDay)}
			}},
		{key: "days_late", name: text{"Days late", "Дней опоздания"}, width: 11, style: style{format: whole}, note: text{"from the day expected to the day of the calls", "от ожидаемого дня до дня звонков"},
			cell: func(i, row int) any { return formula{"Calls_AsOf-" + (*at).at("expected_day", row), of(i).DaysLate} }},
		{key: "status", name: text{"Status", "Статус"}, width: 14, style: style{align: "center"}, note: text{"by how many rhythms have passed since the last purchase: the bounds are on the sheet of parameters", "по числу ритмов с последней покупки: границы — на листе параметров"},
			cell: func(i, row int) any { return formula{x.status(b, *at, row), b.say(callStatusNames[of(i).Status])} }},
		{key: "revenue", name: b.money(text{"Revenue", "Выручка"}), width: 16, style: style{format: money}, note: text{"in the range of the report", "за период отчёта"},
			totals: func() any { return (*at).sum("revenue", revenue) }, cell: func(i, _ int) any { return of(i).Revenue }},
		{key: "worth", name: b.money(text{"Worth", "Ценность"}), width: 16, style: style{format: money}, note: x.worthNote(),
			totals: func() any { return (*at).sum("worth", count.Worth) }, cell: func(i, _ int) any { return of(i).Worth }},
	}
}

// worthNote says what the column of worths holds.
func (x *callSheets) worthNote() text {
	name := x.stakeName()
	blank := text{"; blank: unknown", "; пусто — неизвестна"}
	if x.Options.Stake <= segments.ExpectedRevenue {
		blank = text{", an output of a model and therefore a value; blank: unknown", "; это результат модели, поэтому значение; пусто — неизвестна"}
	}
	return text{name[English] + blank[English], name[Russian] + blank[Russian]}
}

// status returns the formula of the status of a row.
func (x *callSheets) status(b *book, t *table, row int) string {
	days := t.at("days_since_last", row)
	below := func(name string, s segments.Status) string {
		return fmt.Sprintf("IF(ROUND(%s-%s*%s,6)<0,%s,", days, name, t.at("rhythm", row), quote(b.say(callStatusNames[s])))
	}
	return below("Calls_Due", segments.OnTime) + below("Calls_Late", segments.Due) + below("Calls_AtRisk", segments.Late) +
		below("Calls_Lapsed", segments.AtRisk) + quote(b.say(callStatusNames[segments.Lapsed])) + "))))"
}

// lists are those that have a sheet.
func (x *callSheets) lists() []*table {
	if x.lapsed == nil {
		return []*table{x.calls}
	}
	return []*table{x.calls, x.lapsed}
}

// listed reports whether the sheets hold, with formulas, everyone who is on a list.
func (x *callSheets) listed() bool {
	for _, t := range x.lists() {
		if !t.live || t.shown < t.items {
			return false
		}
	}
	return true
}

// sumSheet lays out how many customers and what money each status and each
// salesperson has.
func (x *callSheets) sumSheet(b *book) {
	s := b.sheet(text{"Calls by salesperson", "Звонки по продавцам"}, 38, 12, 16, 11, 11, 12, 12, 11, 17, 11, 12, 17, 12)
	x.sums = s
	s.add(style{look: title}, text{"Calls by salesperson", "Звонки по продавцам"})
	s.add(style{look: subtitle}, text{"All customers as of " + b.day(x.Lapse.AsOf), "Все клиенты на " + b.day(x.Lapse.AsOf)})
	s.skip(1)
	x.statusTable(b)
	s.skip(1)
	s.add(style{look: section}, text{"By salesperson of the latest purchase", "По продавцу последней покупки"})
	x.peopleTable(b)
}

// statusTable is every customer with a purchase, by status.
func (x *callSheets) statusTable(b *book) {
	s, l := x.sums, x.Lapse
	// Where every due customer is on a sheet the counts follow the statuses there.
	follow := x.listed() && x.Total.Calls.Held+x.Total.Lapsed.Held == 0
	s.add(style{look: header}, text{"Status", "Статус"}, text{"Customers", "Клиентов"}, b.money(text{"Revenue", "Выручка"}))
	first := s.rows + 1
	for _, status := range []segments.Status{segments.OnTime, segments.Due, segments.Late, segments.AtRisk, segments.Lapsed, segments.NoRhythm} {
		name, sum := callStatusNames[status], l.Statuses[status]
		customers, revenue := any(sum.Customers), any(sum.Revenue)
		if follow && status != segments.NoRhythm {
			var n, v []string
			if status == segments.OnTime { // none of them is on a list, unless a parameter changes
				n, v = []string{fmt.Sprint(sum.Customers)}, []string{sum.Revenue.String()}
			}
			for _, t := range x.lists() {
				n = append(n, fmt.Sprintf("COUNTIF(%s,%s)", t.span("status"), quote(b.say(name))))
				v = append(v, fmt.Sprintf("SUMIF(%s,%s,%s)", t.span("status"), quote(b.say(name)), t.span("revenue")))
			}
			customers, revenue = formula{strings.Join(n, "+"), customers}, formula{strings.Join(v, "+"), revenue}
		}
		s.add(style{}, name, styled{style{format: whole}, customers}, styled{style{format: money}, revenue})
	}
	at := s.add(style{look: total}, totalLabel,
		styled{style{look: total, format: whole}, formula{sumOf(2, first, s.rows), l.Customers}},
		styled{style{look: total, format: money}, formula{sumOf(3, first, s.rows), l.Revenue}})
	x.total = s.ref(3, at)
	at = s.add(style{}, text{"Customers without a purchase", "Клиенты без покупки"}, styled{style{format: whole}, l.Without}, styled{style{format: money}, l.WithoutRevenue})
	x.without = s.ref(3, at)
}

// peopleTable is what each salesperson has to do.
func (x *callSheets) peopleTable(b *book) {
	people := x.Salespersons
	var t *table
	of := func(i int) *segments.CallSums {
		if i < 0 {
			return &x.Total
		}
		return &people[i]
	}
	value := func(key string, name, note text, v func(*segments.CallSums) any, live func(row int) string) column {
		st := style{format: whole}
		if _, ok := v(&x.Total).(orders.Amount); ok {
			name, st.format = b.money(name), money
		}
		return column{key: key, name: name, note: note, style: st,
			cell: func(i, row int) any {
				if live == nil || of(i).Salesperson == "" {
					return v(of(i))
				}
				return formula{live(row), v(of(i))}
			},
			totals: func() any { return t.sum(key, v(&x.Total)) }}
	}
	status := func(s segments.Status, note text) column {
		name := callStatusNames[s]
		return value(s.String(), text{capital(name[English]), capital(name[Russian])}, note, func(c *segments.CallSums) any { return c.Statuses[s] }, nil)
	}
	live := x.listed() && criteria(people)
	on := func(list *table, function string) func(row int) string {
		if !live || list == nil {
			return nil
		}
		return func(row int) string {
			who := fmt.Sprintf("%s,$A%d)", list.span("owner"), row)
			if function == "SUMIFS" {
				return "SUMIFS(" + list.span("worth") + "," + who
			}
			return "COUNTIFS(" + who
		}
	}
	columns := []column{
		{key: "owner", name: text{"Salesperson", "Продавец"}, totals: totalLabel, cell: func(i, _ int) any { return b.valueName(of(i).Salesperson) }},
		value("customers", text{"Customers", "Клиентов"}, text{"with a purchase", "с покупкой"}, func(c *segments.CallSums) any { return c.Customers }, nil),
		status(segments.OnTime, text{"the next purchase is not expected yet; this and the other statuses are as of the day of the report", "следующую покупку ещё не ждём; этот и другие статусы — на дату отчёта"}),
		status(segments.Due, text{}), status(segments.Late, text{}), status(segments.AtRisk, text{}), status(segments.Lapsed, text{}),
		value("calls", text{"Calls", "Звонков"}, text{"on the call list", "в списке звонков"}, func(c *segments.CallSums) any { return c.Calls.Listed }, on(x.calls, "COUNTIFS")),
		value("worth", text{"Their worth", "Их ценность"}, x.worthNote(), func(c *segments.CallSums) any { return c.Calls.Worth }, on(x.calls, "SUMIFS")),
		value("held", text{"Not listed", "Не вошли"}, text{"due, late or at risk, beyond the limit of the salesperson", "пора, опаздывают или под угрозой, но сверх предела на продавца"}, func(c *segments.CallSums) any { return c.Calls.Held }, nil),
		value("lapsed_calls", text{"Lapsed, listed", "Потерянных в списке"}, text{"on the list of lapsed customers", "в списке потерянных"}, func(c *segments.CallSums) any { return c.Lapsed.Listed }, on(x.lapsed, "COUNTIFS")),
		value("lapsed_worth", text{"Worth of the lapsed", "Ценность потерянных"}, text{"of those listed", "тех, что в списке"}, func(c *segments.CallSums) any { return c.Lapsed.Worth }, on(x.lapsed, "SUMIFS")),
		value("lapsed_held", text{"Lapsed, not listed", "Потерянных не вошло"}, text{"beyond the limit of the salesperson", "сверх предела на продавца"}, func(c *segments.CallSums) any { return c.Lapsed.Held }, nil),
	}
	t = x.sums.table(len(people), false, columns)
	t.fill()
	t.repeat = t.head
	t.legend()
}

// criteria reports whether COUNTIFS tells salespersons apart by their cells: it
// ignores case, knows wildcards, and would take a name for a number.
func criteria(people []segments.CallSums) bool {
	var names []string
	for _, p := range people {
		if p.Salesperson == "" {
			continue
		}
		first, _ := utf8.DecodeRuneInString(p.Salesperson)
		if s, _ := clean(p.Salesperson); s != p.Salesperson || !unicode.IsLetter(first) || utf8.RuneCountInString(s) > longestCriterion || strings.TrimSpace(s) != s {
			return false
		}
		names = append(names, p.Salesperson)
	}
	return countable(names)
}

// longestCriterion is how many characters COUNTIFS compares.
const longestCriterion = 255

// ties are what the statuses add up to.
func (x *callSheets) ties(b *book, anonymous, cancelled tiePart) []tie {
	return []tie{newTie(x.sums, text{"Customers by status", "Клиенты по статусам"}, []tiePart{
		{text{"Customers with a purchase", "Клиенты с покупкой"}, x.total, x.Lapse.Revenue},
		{text{"Customers without a purchase", "Клиенты без покупки"}, x.without, x.Lapse.WithoutRevenue},
		b.outsidePart(x.Lapse.Options.Scope, false), anonymous, cancelled,
	})}
}

// toCall is the call list in the summary.
func (s *summary) toCall(x *callSheets) {
	s.head(text{"Whom to call", "Кому звонить"})
	calls, stake := x.Total.Calls, x.stakeName()
	s.figure(whole, text{"Customers to call", "Клиентов в списке звонков"}, calls.Listed, nil, text{
		"due, late or at risk by their own rhythm: see the call list", "по ритму покупок пора, опаздывают или под угрозой: см. «Список звонков»"})
	s.figure(money, s.money(text{"Worth at stake", "Их ценность"}), formula{x.worth, calls.Worth}, nil, stake)
	lapsed := x.Lapse.Statuses[segments.Lapsed].Customers
	s.figure(whole, text{"Lapsed customers", "Потерянных клиентов"}, lapsed, nil, text{
		"so late by their rhythm that most are gone; a list of their own", "опаздывают так, что большинство уже ушло; отдельный список"})
}

var methodCalls = []definition{
	{text{"Rhythm and expected day", "Ритм и ожидаемый день"}, text{
		"The median of the days between a customer's purchases, if there are three or more such gaps; else the median of the medians of the customers of the same segment, else of the company's: the list says whose. The next purchase is expected a rhythm after the latest one.",
		"Медиана дней между покупками клиента, если интервалов три и больше; иначе — медиана по клиентам того же сегмента, а если её нет — по компании: в списке указано, чей ритм. Следующую покупку ждём через один ритм после последней."}},
	{text{"Due, late, at risk, lapsed", "Пора, опаздывает, под угрозой, потерян"}, text{
		"One, one and a half, two and three rhythms since the latest purchase, unless other bounds are given. A customer without any rhythm is counted apart.",
		"Один, полтора, два и три ритма с последней покупки, если не заданы другие границы. Клиенты без ритма сосчитаны отдельно."}},
	{text{"Why lapsed customers are a list of their own", "Почему потерянные — отдельно"}, text{
		"Most of them are gone for good, and every month adds to them: among the others they would drown whom a call still keeps.",
		"Большинство из них ушло навсегда, и каждый месяц их прибавляется: в общем списке они заслонили бы тех, кого звонок ещё удержит."}},
}
