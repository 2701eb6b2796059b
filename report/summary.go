package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// summary is the first sheet: the key figures, each a reference to the sheet it
// comes from, what to beware of, and the charts.
type summary struct {
	*sheet
	parts parts
}

// parts are the sheets that the Summary and the Reconciliation refer to.
type parts struct {
	rankings    []*ranking
	measures    *measuresSheet
	within      *withinSheet
	compared    *compareSheet
	migration   *migrationSheet
	core        *coreSheet
	roles       *rolesSheet
	parts       *partsSheet
	flags       *flagsSheet
	ages        *cohortSheet
	repeat      *repeatSheet
	profit      *profitSheet
	acquisition *acquisitionSheet
	splits      *splitSheet
	cohorts     *cohortSheet
	segments    *segmentSheets
	transitions *transitionSheet
	calls       *callSheets
	ltv         *ltvSheet
	validation  *validationSheet
	plans       *planSheet
	reconcile   *reconciliation
}

func (b *book) summarySheet() *summary {
	return &summary{sheet: b.sheet(text{"Summary", "Сводка"}, 50, 19, 19, 88)}
}

// fill lays out the sheet once all others are.
// vatTexts say on which basis the money is; an export that does not tell says nothing.
var vatTexts = map[orders.VAT]text{
	orders.VATIncluded: {"; with VAT", "; с НДС"},
	orders.VATExcluded: {"; without VAT", "; без НДС"},
	orders.VATMixed:    {"; partly with VAT, partly without", "; частью с НДС, частью без"},
}

func (s *summary) fill(p parts) {
	s.parts = p
	name := text{"Repeat sales: summary", "Повторные продажи: сводка"}
	if s.Title != "" {
		name = text{s.Title, s.Title}
	}
	s.add(style{look: title}, name)
	c := s.control
	currency := text{}
	if c.Currency != "" {
		currency = text{"; currency: " + c.Currency, "; валюта: " + c.Currency}
	}
	vat := vatTexts[c.VAT]
	s.add(style{look: subtitle}, text{
		"Export of " + s.between(c.FirstDay, c.LastDay) + currency[English] + vat[English],
		"Выгрузка за " + s.between(c.FirstDay, c.LastDay) + currency[Russian] + vat[Russian],
	})
	s.reconciled()
	s.sales()
	if p.repeat != nil {
		s.repeatShare(p.repeat)
	}
	s.carriers()
	if p.profit != nil {
		s.deal(p.profit)
	}
	if p.calls != nil {
		s.toCall(p.calls)
	}
	if p.ltv != nil {
		s.future(p.ltv)
	}
	if p.plans != nil {
		s.plan(p.plans)
	}
	s.warnings()
	s.pictures()
}

// head begins a block of figures.
func (s *summary) head(name text, columns ...any) {
	s.skip(1)
	if len(columns) == 0 {
		columns = []any{text{"Value", "Значение"}, nil}
	}
	s.add(style{look: header}, append(append([]any{styled{style{look: header, align: "left"}, name}}, columns...), text{"What it says", "Что это значит"})...)
}

// figure lays out one or two figures and what they say.
func (s *summary) figure(f format, name text, value, second any, note text) int {
	st := style{look: figure, format: f, align: "right"}
	high := max(1, lines(s.say(note), s.widths[3]), lines(s.say(name), s.widths[0])) * 14
	return s.addHigh(high, style{}, styled{style{wrap: true}, name}, styled{st, value}, styled{st, second}, styled{style{wrap: true}, note})
}

// reconciled says whether everything adds up.
func (s *summary) reconciled() {
	r := s.parts.reconcile
	sum := ""
	for i, c := range r.checks {
		if i > 0 {
			sum += "+"
		}
		sum += "ABS(" + c + ")"
	}
	good, bad := s.say(text{"Everything adds up: see the reconciliation", "Всё сходится: см. лист «Сверка»"}), s.say(text{"Something does not add up: see the reconciliation", "Что-то не сходится: см. лист «Сверка»"})
	cached := good
	if r.off {
		cached = bad
	}
	at := s.add(style{look: figure}, formula{fmt.Sprintf("IF(ROUND(%s,4)=0,%s,%s)", sum, quote(good), quote(bad)), cached})
	cell := cellName(1, at)
	s.formats = append(s.formats, conditional{cell + ":" + cell, s.textRules(cell, good)})
}

// sales is how much was sold, and to how many.
func (s *summary) sales() {
	c, r := s.control, s.parts.reconcile
	s.head(text{"Sales", "Продажи"})
	s.figure(money, s.money(text{"Revenue of identified customers", "Выручка опознанных клиентов"}), formula{r.identified, c.Identified}, nil,
		text{"all customer figures are of this revenue", "от неё считаются все показатели по клиентам"})
	if c.AnonymousLines > 0 {
		s.figure(money, s.money(text{"Anonymous sales", "Анонимные продажи"}), formula{r.anonymous, c.Anonymous}, nil,
			text{"retail without a customer: in product figures only", "розница без клиента: входит только в анализ товаров"})
	}
	if c.CancelledLines > 0 {
		s.figure(money, s.money(text{"Cancelled", "Отменено"}), formula{r.cancelled, c.Cancelled}, nil,
			text{"excluded from everything but the control total", "исключено отовсюду, кроме контрольного итога"})
	}
	s.figure(whole, text{"Customers with a purchase", "Клиентов с покупками"}, c.Customers, nil, text{})
	s.figure(whole, text{"Purchases", "Покупок"}, c.Purchases, nil, text{"of " + grouped(c.Deals, ",") + " deals: deals of one customer's day are one purchase", "из " + grouped(c.Deals, "\u00a0") + " сделок: сделки одного дня клиента — одна покупка"})
}

// repeatShare is the interval, what it means, and the verdict at its two ends.
func (s *summary) repeatShare(r *repeatSheet) {
	t := r.Total
	s.head(text{"Repeat share", "Доля повторных продаж"}, text{"At least", "Не меньше"}, text{"At most", "Не больше"})
	share := func(name text, t *table, low, high string, v cohorts.Share, note text) int {
		if t == nil {
			return s.figure(percent, name, math.NaN(), math.NaN(), shareReasons[v.Reason])
		}
		if v.Reason != "" {
			note = shareReasons[v.Reason]
		}
		return s.figure(percent, name, formula{t.sheet.ref(t.col(low), t.totals), v.Low}, formula{t.sheet.ref(t.col(high), t.totals), v.High}, note)
	}
	revenue := share(text{"Of revenue", "В выручке"}, r.money, "repeat_share_low", "repeat_share_high", t.ByRevenue, r.reliability(s.book))
	share(text{"Of purchases", "В покупках"}, r.deals, "deals_share_low", "deals_share_high", t.ByPurchases, text{})
	share(text{"Of customers (returning ÷ active)", "В клиентах (вернувшиеся ÷ активные)"}, r.customers, "customers_share_low", "customers_share_high", t.ByCustomers, text{})
	share(text{"Of gross profit", "В валовой прибыли"}, r.profit, "profit_share_low", "profit_share_high", t.ByProfit, text{})
	s.figure(percent, text{"Customers who bought twice or more", "Купили два раза и больше"}, formula{r.customers.sheet.ref(r.customers.col("repeat_purchase_rate"), r.customers.totals), t.RepeatPurchaseRate}, nil,
		text{"of all customers of the export", "от всех клиентов выгрузки"})
	s.maturity(r, revenue)
}

// maturity is the verdict of the model at both ends of the share in row at, or why there is none.
func (s *summary) maturity(r *repeatSheet, at int) {
	v := r.Maturity()
	if v.Reason != "" {
		s.figure(general, text{"Maturity of the sales department", "Зрелость отдела продаж"}, math.NaN(), math.NaN(), shareReasons[v.Reason])
		return
	}
	low, high := cellName(2, at), cellName(3, at)
	band := func(b cohorts.Band) string { return quote(s.say(bandNames[b])) }
	verdict := func(share string) string {
		return fmt.Sprintf("IF(%s<0.05,%s,IF(%s<=0.1,%s,IF(%s<0.3,%s,IF(%s<0.5,%s,%s))))", share, band(cohorts.BelowOne), share, band(cohorts.One), share, band(cohorts.OneToTwo), share, band(cohorts.Two), band(cohorts.ThreeOrFour))
	}
	wrap := style{look: figure, wrap: true, align: "center"}
	s.addHigh(42, style{}, text{"Maturity of the sales department", "Зрелость отдела продаж"},
		styled{wrap, formula{verdict(low), s.say(bandNames[v.Low.Band])}}, styled{wrap, formula{verdict(high), s.say(bandNames[v.High.Band])}},
		styled{style{wrap: true}, text{"the verdict at each end of the share of revenue; between them the export cannot choose", "вывод для каждой границы доли в выручке; выбрать между ними выгрузка не позволяет"}})
	target := func(share string) string {
		return fmt.Sprintf("IF(%s<0.15,0.15,IF(%s<0.3,0.3,IF(%s<0.5,0.5,IF(%s<0.9,0.9,%s))))", share, share, share, share, quote(s.say(undefined)))
	}
	row := s.figure(percent, text{"Next target of the model", "Следующая цель модели"}, formula{target(low), v.Low.Target}, formula{target(high), v.High.Target},
		text{"the least of 15, 30, 50 and 90 % above the share; beyond 90 % the model has none", "ближайшая сверху из 15, 30, 50 и 90 %; выше 90 % целей в модели нет"})
	s.needed(r, row)
}

// needed is the repeat money that the next target takes, in row target, first
// purchases staying as they are.
func (s *summary) needed(r *repeatSheet, target int) {
	cell := func(key string) string { return r.sheet.ref(r.money.col(key), r.money.totals) }
	first, repeat, unknown := cell("first_revenue"), cell("repeat_revenue"), cell("unknown_revenue")
	low, high := r.ToTarget()
	row := func(at string, f, p string, need orders.NullAmount) any {
		if !need.Known {
			return math.NaN()
		}
		return formula{fmt.Sprintf("IF(ISNUMBER(%s),ROUND(%s*(%s)/(1-%s)-(%s),4),%s)", at, at, f, at, p, quote(s.say(undefined))), need.Amount}
	}
	s.figure(money, s.money(text{"Repeat revenue it takes", "Сколько повторной выручки до неё"}),
		row(cellName(2, target), first+"+"+unknown, repeat, low),
		row(cellName(3, target), fmt.Sprintf("%s-ROUND(%s*%s,4)", first, r.q, first), fmt.Sprintf("%s+%s+ROUND(%s*%s,4)", repeat, unknown, r.q, first), high),
		text{"more than in this export, first purchases staying as they are", "сверх этой выгрузки при тех же первых покупках"})
}

// carriers is who carries the business: the classes and the core.
func (s *summary) carriers() {
	p := s.parts
	if len(p.rankings) == 0 && p.core == nil {
		return
	}
	s.head(text{"Who carries the business", "На ком держится бизнес"}, text{"Number", "Количество"}, text{"Share", "Доля"})
	for _, r := range p.rankings {
		a := r.Classes[0]
		share := any(a.Share)
		if r.Base > 0 {
			share = formula{r.classes.ref(5, r.classRow), a.Share}
		}
		st := style{look: figure, align: "right"}
		count, part := st, st
		count.format, part.format = whole, percent
		s.addHigh(14, style{}, text{"Class A of " + r.of[English], "Класс A: " + strings.ToLower(r.items[Russian])},
			styled{count, formula{r.classes.ref(2, r.classRow), a.Items}}, styled{part, share},
			text{"of " + grouped(int64(len(r.Items)), ",") + "; share of the base by the measure of the list", "из " + grouped(int64(len(r.Items)), "\u00a0") + "; доля в показателе, по которому построен список"})
	}
	if c := p.core; c != nil {
		st := style{look: figure, align: "right"}
		count, part := st, st
		count.format, part.format = whole, percent
		s.addHigh(28, style{}, text{"Core list", "Ядро клиентов"}, styled{count, len(c.Customers)}, styled{part, shareCell(c.share, c.Core.Share)},
			styled{style{wrap: true}, text{"regular customers of class A who have not lapsed; share of the revenue of all customers", "постоянные клиенты класса A, которые не потеряны; доля в выручке всех клиентов"}})
	}
}

// deal is the profit of a first and of a repeat deal, and the two paybacks.
func (s *summary) deal(p *profitSheet) {
	s.head(text{"Profit of a deal", "Прибыль сделки"}, text{"First", "Первая"}, text{"Repeat", "Повторная"})
	of := func(l ltv.Line) (a, b any) {
		cell := func(col int, c ltv.Column) any {
			each, ok := c.PerPurchase()
			if !ok {
				return math.NaN()
			}
			f := p.sheet.ref(col, p.each[l])
			if l == ltv.Margin {
				return formula{f, each.Margin}
			}
			if m := each.Money(l); m.Known {
				return formula{f, m.Amount}
			}
			return formula{f, math.NaN()}
		}
		return cell(2, p.First), cell(3, p.Repeat)
	}
	a, b := of(ltv.NetProfit)
	note := text{"per purchase, by the assumptions on the sheet of parameters", "на одну покупку, с допущениями с листа параметров"}
	if !p.Total.COGS.Known {
		note = text{"n/a: neither the export nor an assumption gives the cost of goods", "н/д: ни выгрузка, ни допущения не дают себестоимости"}
	}
	s.figure(money, s.money(text{"Profit", "Прибыль"}), a, b, note)
	a, b = of(ltv.Margin)
	s.figure(percent, text{"Margin", "Рентабельность"}, a, b, text{})
	if p.modelPayback != "" {
		m, _ := p.Model()
		s.figure(general, text{"Pays back at purchase, in the model", "Окупается на покупке №, по модели"}, formula{p.sheet.quoted() + "!" + p.modelPayback, s.paybackCell(m.Payback())}, nil,
			text{"if every customer returned", "если бы возвращался каждый клиент"})
	}
	if p.curve != nil {
		paid := any(s.say(notYet))
		if p.ByNumber.PaidBack {
			paid = p.ByNumber.At
		}
		s.figure(general, text{"Paid back by purchase, from data", "Окупились к покупке №, по данным"}, formula{p.sheet.quoted() + "!" + p.paid, paid}, nil,
			text{"all acquired customers together, those who never returned included", "все привлечённые вместе, включая тех, кто не вернулся"})
	}
}

// future is what all customers are expected to bring.
func (s *summary) future(x *ltvSheet) {
	s.head(text{"What customers are expected to bring", "Сколько ожидается от клиентов"})
	t := x.Total
	note := text{fmt.Sprintf("repeat purchases of %d days from the day of the report, discounted", x.HorizonDays), fmt.Sprintf("повторные покупки за %d дн. после даты отчёта, с дисконтом", x.HorizonDays)}
	if !x.Sufficient {
		note = text{"too little data: an order of magnitude, not a plan; see the sheet of the model", "данных мало: порядок величины, а не план; см. лист модели"}
	}
	s.figure(money, s.money(text{"CLV of all customers", "CLV всех клиентов"}), formula{x.cellOf("clv"), t.CLV}, nil, note)
	level := s.percentText(x.Level)
	s.figure(money, text{"… from and to", "… от и до"}, formula{x.cellOf("clv_low"), t.CLVLow}, formula{x.cellOf("clv_high"), t.CLVHigh},
		text{"holds " + level + " of what the model lets happen", "сюда попадает " + level + " исходов, возможных по модели"})
	s.figure(days, text{"Purchases expected", "Ожидается покупок"}, formula{x.cellOf("expected_purchases"), t.ExpectedPurchases}, nil, text{})
	if v := s.parts.validation; v != nil && v.best >= 0 {
		model := s.modelName(v.Chosen)
		s.figure(percent, text{"Miss of " + model + " on days it had not seen", "Промах " + model + " на новых для неё днях"}, formula{v.bias(), v.Scores[v.best].Bias}, nil,
			text{"expected ÷ actual − 1: why some miss is normal, the comparison of models says", "ожидалось ÷ было − 1; почему промах обычен — на листе сравнения моделей"})
	}
}

// warnings are what the reader must know.
func (s *summary) warnings() {
	var all []string
	add := func(where string, list []orders.Warning) {
		for _, w := range list {
			all = append(all, where+s.warning(w))
		}
	}
	add("", s.control.Warnings)
	for _, r := range s.parts.rankings {
		add(r.list.sheet.name+": ", r.Warnings)
	}
	if m := s.parts.migration; m != nil {
		add(m.sheet.name+": ", m.Warnings)
	}
	for _, v := range s.Stability {
		add("", v.Warnings)
	}
	if s.RFM != nil {
		add("RFM: ", s.RFM.Warnings)
	}
	if x := s.parts.ltv; x != nil {
		add("LTV: ", x.Warnings)
	}
	if n := s.control.Rejected; n > 0 {
		all = append(all, s.say(text{fmt.Sprintf("Rejected rows: %d; see their sheet.", n), fmt.Sprintf("Отклонено строк: %d; они на своём листе.", n)}))
	}
	s.skip(1)
	if len(all) > 0 {
		s.add(style{look: section}, text{"Beware", "На что обратить внимание"})
	}
	for _, w := range all {
		s.paragraph(alarm, 0, w)
	}
	s.add(style{}, lazy(func() any { // the Summary is written last: all cuts are known
		if s.cut == 0 {
			return nil
		}
		return styled{style{look: alarm}, text{
			fmt.Sprintf("%d texts are longer than a cell holds (%d characters) and were cut.", s.cut, maxText),
			fmt.Sprintf("Текстов длиннее, чем вмещает ячейка (%[2]d знаков): %[1]d, они обрезаны.", s.cut, maxText),
		}}
	}))
}

// pictures are the charts.
func (s *summary) pictures() {
	const width, height = 1220, 330
	p := s.parts
	s.breaks = append(s.breaks, s.rows+1)
	s.skip(1)
	place := func(chart func(b *book, at string, width, height uint) placed) {
		s.picture(width, height, func(at string, width, height uint) placed { return chart(s.book, at, width, height) })
		s.skip(1)
	}
	if p.repeat != nil && len(p.repeat.Rows) > 1 {
		place(p.repeat.chart)
	}
	for _, r := range p.rankings {
		if r.prefix == "Customers" && len(r.Items) > 1 && r.Base > 0 {
			place(r.pareto)
		}
	}
	if p.profit != nil && p.profit.curve != nil {
		place(p.profit.chart)
	}
}

// grouped returns n, which is not negative, with its thousands parted by mark.
func grouped(n int64, mark string) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return digits
}
