package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// ranking is one ABC/XYZ list and the names that its formulas use.
type ranking struct {
	*abcxyz.Ranking
	prefix string // of the parameters' names
	sheet  text
	item   text // "Customer"
	items  text // "Customers"
	of     text // "customers", after "the largest"
	list   *table

	bounds     []string // names of cells: where each class but the last ends; of 1C:УТ 11 its two cuts
	x, y, base string   // names of cells

	classes  *sheet // where the classes are counted …
	classRow int    // … A in this row, B, C and N below
}

func (b *book) rankings() (all []*ranking) {
	for _, r := range []*ranking{
		{Ranking: b.Customers, prefix: "Customers", sheet: text{"ABC-XYZ customers", "ABC-XYZ клиенты"}, item: text{"Customer", "Клиент"}, items: text{"Customers", "Клиенты"}, of: text{"customers", "клиентов"}},
		{Ranking: b.Products, prefix: "Products", sheet: text{"ABC-XYZ products", "ABC-XYZ товары"}, item: text{"Product", "Товар"}, items: text{"Products", "Товары"}, of: text{"products", "товаров"}},
		{Ranking: b.Salespersons, prefix: "Salespersons", sheet: text{"ABC-XYZ salespersons", "ABC-XYZ продавцы"}, item: text{"Salesperson", "Продавец"}, items: text{"Salespersons", "Продавцы"}, of: text{"salespersons", "продавцов"}},
	} {
		if r.Ranking != nil {
			all = append(all, r)
		}
	}
	return all
}

// parameters lays out the bounds of the classes.
func (r *ranking) parameters(p *parameters) {
	o := r.Options
	p.section(text{"ABC and XYZ: " + r.items[English], "ABC и XYZ: " + r.items[Russian]})
	r.base = r.prefix + "_Base"
	r.boundParameters(p)
	if o.XYZRule == abcxyz.CVBounds {
		r.x = p.live(r.prefix+"_X", percent, text{"Bound of class X", "Граница класса X"}, o.CV[0],
			text{"Coefficient of variation up to which an item is X", "Коэффициент вариации, до которого включительно класс X"})
		r.y = p.live(r.prefix+"_Y", percent, text{"Bound of class Y", "Граница класса Y"}, o.CV[1],
			text{"Coefficient of variation up to which an item is Y, above it is Z", "Коэффициент вариации, до которого включительно класс Y; выше — Z"})
	}
	p.fixed(general, text{"Rule of the ABC classes", "Правило классов ABC"}, abcRules[o.Rule][0], abcRules[o.Rule][1])
	p.fixed(general, text{"What XYZ varies", "Что измеряет XYZ"}, varyNames[o.Vary][0], varyNames[o.Vary][1])
	p.fixed(general, text{"Standard deviation of XYZ", "σ в XYZ"}, sigmaNames[o.Sigma][0], sigmaNames[o.Sigma][1])
	if o.Vary != abcxyz.Gaps {
		p.fixed(general, text{"Periods of XYZ", "Периоды XYZ"}, calendarNames[o.Calendar][0], calendarNames[o.Calendar][1])
	}
	if o.XYZRule == abcxyz.CVMeans {
		p.fixed(general, text{"Rule of the XYZ classes", "Правило классов XYZ"}, text{"1C:УТ 11, by means", "1С:УТ 11, по средним"}, meansNote)
	}
}

// boundParameters lays out where the ABC classes end.
func (r *ranking) boundParameters(p *parameters) {
	o := r.Options
	for i, bound := range o.Bounds {
		c := r.Classes[i].ABC.String()
		name, label := r.prefix+"_"+c, text{"Bound of class " + c, "Граница класса " + c}
		if o.Rule == abcxyz.Absolute {
			r.bounds = append(r.bounds, p.live(name, measured(o.Measure), label, bound,
				text{"The value from which an item is of class " + c, "Значение, начиная с которого класс " + c}))
			continue
		}
		r.bounds = append(r.bounds, p.live(name, percent, label, hundredth(bound),
			text{"Cumulative share at which class " + c + " ends", "Накопленная доля, на которой кончается класс " + c}))
	}
	if o.Rule == abcxyz.UT11 {
		r.bounds = []string{r.prefix + "_CutA", r.prefix + "_CutB"}
	}
}

// hundredth returns a percentage as a share: the double nearest to it, as the
// quotient of two integers is.
func hundredth(percent orders.Amount) float64 { return float64(percent) / float64(100*orders.One) }

var abcRules = map[abcxyz.Rule][2]text{
	abcxyz.Before: {
		{"share before the item", "доля до позиции"},
		{"A while the cumulative share before the item is below the bound: the item that crosses it belongs to the higher class. Equal values get one class.",
			"Класс A, пока накопленная доля до позиции меньше границы: позиция, которая переходит границу, остаётся в старшем классе. У равных значений класс один."},
	},
	abcxyz.UpTo: {
		{"share with the item", "доля вместе с позицией"},
		{"A while the cumulative share that includes the item is not above the bound. Equal values get one class.",
			"Класс A, пока накопленная доля вместе с позицией не больше границы. У равных значений класс один."},
	},
	abcxyz.UNF: {
		{"1C:УНФ and 1C:УПП", "1С:УНФ и 1С:УПП"},
		{"From the smallest item upwards: C while the sum so far is not above 100 % less the bound of B, in money rounded to kopecks; then B; then A. Items not above zero stay in the base. Equal values can have different classes.",
			"От меньших позиций к большим: C, пока накопленная сумма не больше 100 % минус граница B в деньгах, округлённых до копеек; затем B; затем A. Позиции не больше нуля остаются в базе. У равных значений классы могут различаться."},
	},
	abcxyz.UT11: {
		{"1C:УТ 11, by means", "1С:УТ 11, по средним"},
		{"No bounds: A while the running sum is not above Σ of the running sums ÷ (n + 1); B while it is not above the mean of those left; the last item is C. The two cuts are on the sheet of classes.",
			"Без границ: A, пока нарастающий итог не больше суммы нарастающих итогов ÷ (n + 1); B — пока не больше среднего остальных; последняя позиция — C. Оба порога — на листе классов."},
	},
	abcxyz.PAL: {
		{"SAP PAL, each class its own sum", "SAP PAL, у класса своя сумма"},
		{"A takes items until its own sum reaches its share of the base, then B until its own sum reaches the difference of the bounds, then C.",
			"A берёт позиции, пока её собственная сумма не достигнет своей доли базы, затем B — пока не достигнет разности границ, остальное C."},
	},
	abcxyz.Absolute: {
		{"by the value itself", "по самому значению"},
		{"A from the first bound on, B from the second on: amounts, not shares.",
			"A — начиная с первой границы, B — со второй: это суммы, а не доли."},
	},
}

var sigmaNames = map[abcxyz.Sigma][2]text{
	abcxyz.Population: {{"population", "генеральной совокупности"}, {"STDEV.P: divided by the number of values", "СТАНДОТКЛОН.Г: делится на число значений"}},
	abcxyz.Sample:     {{"sample", "выборки"}, {"STDEV.S: divided by the number of values less one", "СТАНДОТКЛОН.В: делится на число значений без одного"}},
}

var calendarNames = map[abcxyz.Calendar][2]text{
	abcxyz.SinceFirst:  {{"since the item's first", "с первого у позиции"}, {"being new is not being erratic", "новая позиция не значит неровная"}},
	abcxyz.Window:      {{"all of the window", "весь период отчёта"}, {"with zeros before the item's first sale, as 1C has it", "с нулями до первой продажи, как в 1С"}},
	abcxyz.FirstToLast: {{"from the item's first to its last", "от первого у позиции до последнего"}, {"neither being new nor having left is being erratic", "ни новая, ни ушедшая позиция не значит неровная"}},
}

var meansNote = text{
	"Items by variation, descending: Z while the cumulative share of the variations is not above its mean over n + 1; Y while not above the mean of those left; the last is X. These classes are values: they do not follow parameters.",
	"Позиции по убыванию вариации: Z, пока накопленная доля вариаций не больше их суммы ÷ (n + 1); Y — пока не больше среднего остальных; последняя — X. Эти классы — значения и от параметров не зависят.",
}

var varyNames = map[abcxyz.Vary][2]text{
	abcxyz.Value: {
		{"the measure per period", "показатель по периодам"},
		{"at least 3 whole periods are needed", "нужно не меньше 3 полных периодов"},
	},
	abcxyz.Count: {
		{"purchases per period", "число покупок по периодам"},
		{"at least 3 whole periods are needed", "нужно не меньше 3 полных периодов"},
	},
	abcxyz.Gaps: {
		{"days between purchases", "дни между покупками"},
		{"at least 5 gaps between purchases are needed", "нужно не меньше 5 интервалов между покупками"},
	},
}

var abcReasons = map[abcxyz.Reason]text{
	abcxyz.NotPositive:     {"total not positive", "итог не больше нуля"},
	abcxyz.NoBase:          {"no base of shares", "нет базы долей"},
	abcxyz.CostUnknown:     {"cost unknown", "нет себестоимости"},
	abcxyz.FewPeriods:      {"fewer than 3 whole periods", "меньше 3 полных периодов"},
	abcxyz.FewGaps:         {"fewer than 5 gaps", "меньше 5 интервалов"},
	abcxyz.MeanNotPositive: {"returns outweigh sales", "возвраты не меньше продаж"},
}

// oneOff is the class of who bought once.
var oneOff = text{"one-off", "разовый"}

// xyzName returns the class as a cell has it.
func (b *book) xyzName(c abcxyz.XYZ) string {
	if c == abcxyz.OneOff {
		return b.say(oneOff)
	}
	return c.String()
}

// measured returns how a measure is written.
func measured(m orders.Measure) format {
	switch m {
	case orders.Quantity:
		return quantity
	case orders.Deals, orders.Purchases:
		return whole
	}
	return money
}

// places returns how many decimal places are enough for every value, so that a
// running sum can be rounded to what it really is.
func (r *ranking) places() int {
	places := 0
	for _, i := range r.Items {
		for unit := math.Pow10(orders.Places - places); places < orders.Places && i.Value%orders.Amount(unit) != 0; unit /= 10 {
			places++
		}
	}
	return places
}

// digits returns to how many places a running sum less bound × base is compared
// with 0: four more than the values have, for a bound in hundredths of a per
// cent, but no more than a double of that size holds.
func (r *ranking) digits() int {
	size := int(math.Log10(max(1, r.Base.Float64())))
	return max(0, min(r.places()+4, 13-size))
}

// rankingSheet lays out one list.
func (b *book) rankingSheet(r *ranking) {
	columns := r.columns(b)
	var widths []float64
	for _, c := range columns {
		widths = append(widths, c.width)
	}
	s := b.sheet(r.sheet, widths...)
	o := r.Options
	measure := b.money(measureNames[o.Measure])
	if f := measured(o.Measure); f != money {
		measure = measureNames[o.Measure]
	}
	s.add(style{look: title}, text{"ABC and XYZ: " + r.items[English], "ABC и XYZ: " + r.items[Russian]})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s, %s. ABC: %s; XYZ: %s. Bounds: sheet “%s”.", measure[English], b.between(o.Scope.From, o.Scope.AsOf), abcRules[o.Rule][0][English], r.variation(English), b.params.name),
		fmt.Sprintf("%s, %s. ABC: %s; XYZ: %s. Границы — на листе «%s».", measure[Russian], b.between(o.Scope.From, o.Scope.AsOf), abcRules[o.Rule][0][Russian], r.variation(Russian), b.params.name),
	})
	r.list = s.table(len(r.Items), true, columns)
	r.list.fill()
	r.list.listing(3)
	r.list.legend(text{
		"The rows are in the order in which shares accumulate: filter as you like, but do not sort, or the running sums lose their meaning.",
		"Строки стоят в порядке накопления долей: фильтровать можно, сортировать не стоит — накопленные суммы потеряют смысл.",
	})
	if o.By == orders.ByProduct || o.By == orders.ByGroup {
		s.paragraph(prose, 0, b.say(text{
			"Anonymous sales are included: goods were sold, whoever bought them.",
			"Анонимные продажи входят: товар продан, кто бы его ни купил.",
		}))
	}
	if len(r.Items) > 1 && r.Base > 0 {
		at := cellName(len(widths)+2, r.list.head)
		s.charts = append(s.charts, r.pareto(b, at, 900, 420))
		s.area = s.span(1, 1, len(widths), s.rows)
	}
}

// variation returns what XYZ varies, and over which periods.
func (r *ranking) variation(l Language) string {
	v := varyNames[r.Options.Vary][0][l]
	if r.Options.Vary == abcxyz.Gaps {
		return v
	}
	return v + " " + grainNames[r.Options.Grain][l]
}

// columns returns the columns of the list.
func (r *ranking) columns(b *book) []column {
	o := r.Options
	f := measured(o.Measure)
	label := measureNames[o.Measure]
	if f == money {
		label = b.money(label)
	}
	c := []column{
		{key: "rank", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"},
			note: text{"rank by the measure, descending; equal values by id", "место по убыванию показателя, при равенстве — по коду"},
			cell: func(i, _ int) any { return r.Items[i].Rank }},
		{key: "item", name: text{"Id", "Код"}, width: 15, totals: totalLabel,
			note: text{"from the export, as text", "из выгрузки, текстом: нули в начале не теряются"},
			cell: func(i, _ int) any { return r.Items[i].ID }},
		{key: "name", name: r.item, width: 38,
			note: text{"the name in the export", "наименование из выгрузки"},
			cell: func(i, _ int) any { return r.itemName(b, i) }},
		{key: "value", name: label, width: 17, style: style{format: f},
			note:   text{"from the export", "из выгрузки"},
			totals: func() any { return r.list.sum("value", r.Total) },
			cell:   func(i, _ int) any { return r.Items[i].Value }},
		{key: "share", name: text{"Share", "Доля"}, width: 9, style: style{format: percent},
			note: r.baseNote(),
			cell: r.share},
		{key: "cum", name: text{"Running sum", "Нарастающим итогом"}, width: 17, style: style{format: f},
			note: text{"the row above plus this value", "строка выше плюс это значение"},
			cell: r.running()},
		{key: "cum_share", name: text{"Cumulative share", "Накопленная доля"}, width: 12, style: style{format: percent},
			note: text{"running sum ÷ base", "нарастающий итог ÷ база"},
			cell: r.cumulative},
		{key: "abc", name: text{"ABC", "ABC"}, width: 7, style: style{align: "center"},
			note: text{"class by the rule on the sheet of parameters, from money, not from rounded shares; N: total not positive, outside the base", "класс по правилу с листа параметров (в деньгах, а не по округлённым долям); N — итог не больше нуля, вне базы"},
			cell: r.abc()},
		{key: "cv", name: text{"Variation", "Вариация"}, width: 10, style: style{format: percent},
			note: text{"coefficient of variation σ ÷ mean; blank where there is too little data", "коэффициент вариации σ ÷ среднее; пусто, если данных мало"},
			cell: func(i, _ int) any { return present(r.Items[i].CV) }},
		{key: "xyz", name: text{"XYZ", "XYZ"}, width: 10, style: style{align: "center"},
			note: text{"X steady, Y variable, Z erratic by the variation; one-off: a single purchase; –: too little data, see the reason", "X — ровно, Y — колеблется, Z — случайно; «разовый» — одна покупка; «–» — данных мало, причина рядом"},
			cell: func(i, at int) any { return r.xyz(b, i, at) }},
		{key: "class", name: text{"Class", "Класс"}, width: 12, style: style{align: "center"},
			note: text{"both classes", "оба класса вместе"},
			cell: func(i, at int) any { return r.class(b, i, at) }},
	}
	if o.Rule == abcxyz.PAL {
		c = slices.Insert(c, slices.IndexFunc(c, func(x column) bool { return x.key == "abc" }), r.own(f))
	}
	if o.Season {
		at := slices.IndexFunc(c, func(x column) bool { return x.key == "cv" }) + 1
		c = slices.Insert(c, at, column{key: "season_cv", name: text{"Variation less season", "Вариация без сезона"}, width: 12, style: style{format: percent},
			note: text{"the variation after each period was divided by the index of its month in the sum of all items; a value, not a formula", "вариация после деления каждого периода на сезонный индекс месяца по сумме всех позиций; значение, а не формула"},
			cell: func(i, _ int) any { return present(r.Items[i].SeasonCV) }})
	}
	c = append(c, r.behind(b)...)
	c = append(c, r.distances(b, f)...)
	return append(c, column{key: "reason", name: text{"Reason", "Причина"}, width: 26, style: style{look: body},
		note: text{"why a class could not be given", "почему класс не присвоен"},
		cell: func(i, _ int) any { return reasonOf(abcReasons, r.Items[i].Reason()) }})
}

func (r *ranking) baseNote() text {
	if r.Options.Rule == abcxyz.UNF {
		return text{"value ÷ base, the base being the sum of all values, those below zero too", "значение ÷ база; база — сумма всех значений, и отрицательных тоже"}
	}
	return text{"value ÷ base, the base being the sum of all values above zero", "значение ÷ база; база — сумма всех значений больше нуля"}
}

// own is the column of the sum of a class so far, which PAL's classes are made by.
func (r *ranking) own(f format) column {
	places := r.places()
	var sum orders.Amount
	return column{key: "own", name: text{"Sum of the class", "Сумма класса"}, width: 17, style: style{format: f},
		note: text{"of the class so far: its own sum, by which the rule of SAP PAL begins the next class", "класса нарастающим итогом: по ней правило SAP PAL начинает следующий класс"},
		cell: func(i, at int) any {
			item := r.Items[i]
			switch {
			case item.ABC == abcxyz.N:
				return nil
			case i == 0:
				sum = item.Value
				return formula{r.list.at("value", at), sum}
			case item.ABC == r.Items[i-1].ABC:
				sum += item.Value
			default:
				sum = item.Value
			}
			return formula{fmt.Sprintf("IF(%s=%s,ROUND(%s+%s,%d),%s)", r.list.at("abc", at), r.list.at("abc", at-1), r.list.at("own", at-1), r.list.at("value", at), places, r.list.at("value", at)), sum}
		}}
}

// distances returns the columns of what it takes to rise and what can be lost;
// none where the rule has no such amounts. They are of the bounds of the report,
// and say so when those are changed.
func (r *ranking) distances(b *book, f format) []column {
	o := r.Options
	if o.Rule == abcxyz.UpTo || o.Rule == abcxyz.UT11 || r.Base <= 0 {
		return nil
	}
	same := make([]string, len(o.Bounds))
	for i, bound := range o.Bounds {
		v := hundredth(bound)
		if o.Rule == abcxyz.Absolute {
			v = bound.Float64()
		}
		same[i] = r.bounds[i] + "=" + strconv.FormatFloat(v, 'f', -1, 64)
	}
	fixed := func(v orders.NullAmount) any {
		cached, value := any(v), `""`
		if v.Known {
			value = v.Amount.String()
		} else {
			cached = ""
		}
		return formula{fmt.Sprintf("IF(AND(%s),%s,%s)", strings.Join(same, ","), value, quote(b.say(undefined))), cached}
	}
	all := r.Distances()
	return []column{
		{key: "rise", name: text{"To rise", "До класса выше"}, width: 15, style: style{format: f, align: "right"},
			note: text{"the least gain that lifts the item a class, all else unchanged; of the bounds of the report: n/a when they are changed", "наименьшая прибавка, с которой класс выше, при прочих равных; считается при границах отчёта, при других — н/д"},
			cell: func(i, _ int) any { return fixed(all[i].Rise) }},
		{key: "lose", name: text{"Can lose", "Запас до класса ниже"}, width: 15, style: style{format: f, align: "right"},
			note: text{"the greatest loss at which the item keeps its class, all else unchanged; likewise", "наибольшая потеря, при которой класс сохраняется, при прочих равных; тоже при границах отчёта"},
			cell: func(i, _ int) any { return fixed(all[i].Lose) }},
	}
}

// behind returns the columns of what is behind the classes.
func (r *ranking) behind(b *book) (c []column) {
	o := r.Options
	if o.Vary == abcxyz.Gaps {
		c = append(c, column{key: "gaps", name: text{"Gaps", "Интервалов"}, width: 12, style: style{format: whole, align: "center"},
			note: text{"intervals between purchase days", "интервалов между днями покупок"},
			cell: func(i, _ int) any { return r.Items[i].Gaps }})
	} else {
		c = append(c, column{key: "periods", name: text{"Periods", "Периодов"}, width: 11, style: style{format: whole, align: "center"},
			note: text{"whole periods since the item's first sale", "полных периодов, по которым считается вариация"},
			cell: func(i, _ int) any { return r.Items[i].Periods }},
			column{key: "active_periods", name: text{"With sales", "Из них с продажами"}, width: 12, style: style{format: whole, align: "center"},
				note: text{"of them, periods with a deal", "из них с продажами"},
				cell: func(i, _ int) any { return r.Items[i].Active }})
	}
	if o.Measure != orders.Revenue {
		c = append(c, column{key: "revenue", name: b.money(measureNames[orders.Revenue]), width: 17, style: style{format: money},
			note:   text{"for comparison", "для сравнения"},
			totals: func() any { return r.list.sum("revenue", r.Revenue) },
			cell:   func(i, _ int) any { return r.Items[i].Revenue }})
	}
	if o.Measure == orders.GrossProfit || o.Measure == orders.Contribution {
		c = append(c, column{key: "cost_known", name: text{"Cost known", "Себестоимость известна"}, width: 14, style: style{format: percent},
			note: text{"share of revenue whose cost is known: profit is of that part only", "доля выручки с известной себестоимостью: прибыль посчитана только по ней"},
			cell: func(i, _ int) any { return r.Items[i].CostKnown }})
	}
	return c
}

// present returns v, or an empty cell for NaN: not observed, as opposed to not defined.
func present(v float64) any {
	if math.IsNaN(v) {
		return nil
	}
	return v
}

// reasonOf returns what a reason says, the code itself if it is a new one.
func reasonOf[R ~string](names map[R]text, reason R) any {
	if reason == "" {
		return nil
	}
	if t, ok := names[reason]; ok {
		return t
	}
	return string(reason)
}

// itemName returns how item i is called; without an id it says so.
func (r *ranking) itemName(b *book, i int) string {
	if it := r.Items[i]; it.Name != "" || it.ID != "" {
		return it.Name
	}
	return b.say(text{"(not given)", "(не указан)"})
}

func (r *ranking) share(i, at int) any {
	if r.Items[i].ABC == abcxyz.N {
		return r.Items[i].Share
	}
	return formula{r.list.at("value", at) + "/" + r.base, r.Items[i].Share}
}

// running returns the cells of the running sum; class N, at the end, has none.
func (r *ranking) running() func(i, at int) any {
	places := r.places()
	var sum orders.Amount
	return func(i, at int) any {
		if r.Items[i].ABC == abcxyz.N {
			return nil
		}
		if i == 0 {
			sum = 0
		}
		sum += r.Items[i].Value
		if i == 0 {
			return formula{r.list.at("value", at), sum}
		}
		return formula{fmt.Sprintf("ROUND(%s+%s,%d)", r.list.at("cum", at-1), r.list.at("value", at), places), sum}
	}
}

func (r *ranking) cumulative(i, at int) any {
	if r.Items[i].ABC == abcxyz.N {
		return r.Items[i].CumShare
	}
	return formula{r.list.at("cum", at) + "/" + r.base, r.Items[i].CumShare}
}

// abc returns the cells of the ABC class: money is compared, rounded to what it
// can be, and under our own rules equal values take the class of the row above.
func (r *ranking) abc() func(i, at int) any {
	digits, o := r.digits(), r.Options
	ours := o.Rule == abcxyz.Before || o.Rule == abcxyz.UpTo
	last := len(r.Items) - 1
	for last > 0 && r.Items[last].ABC == abcxyz.N {
		last--
	}
	return func(i, at int) any {
		it := r.Items[i]
		if it.ABC == abcxyz.N {
			return it.ABC.String()
		}
		var f string
		switch {
		case o.Rule == abcxyz.PAL:
			f = r.palFormula(i, at, digits)
		case o.Rule == abcxyz.UT11 && i == last:
			return it.ABC.String()
		default:
			f = r.classFormula(at, digits)
		}
		if ours && i > 0 {
			f = fmt.Sprintf("IF(%s=%s,%s,%s)", r.list.at("value", at), r.list.at("value", at-1), r.list.at("abc", at-1), f)
		}
		return formula{f, it.ABC.String()}
	}
}

// classFormula is the class of the item in a row by itself.
func (r *ranking) classFormula(at, digits int) string {
	value, cum := r.list.at("value", at), r.list.at("cum", at)
	within := func(bound string) string {
		switch r.Options.Rule {
		case abcxyz.UpTo:
			return fmt.Sprintf("ROUND(%s-%s*%s,%d)<=0", cum, bound, r.base, digits)
		case abcxyz.UT11:
			return fmt.Sprintf("ROUND(%s-%s,%d)<=0", cum, bound, digits)
		case abcxyz.Absolute:
			return value + ">=" + bound
		case abcxyz.UNF:
			return fmt.Sprintf("ROUND(%s-%s+%s-ROUND(ROUND((1-%s)*%s,%d),2),%d)>0", r.base, cum, value, bound, r.base, max(2, digits), digits)
		}
		return fmt.Sprintf("ROUND(%s-%s-%s*%s,%d)<0", cum, value, bound, r.base, digits)
	}
	f := ""
	for i, bound := range r.bounds {
		f += fmt.Sprintf("IF(%s,%q,", within(bound), r.Classes[i].ABC)
	}
	return f + fmt.Sprintf("%q", r.Classes[len(r.bounds)].ABC) + strings.Repeat(")", len(r.bounds))
}

// palFormula is the class of an item by that of the row above, which goes on
// until its own sum is its share.
func (r *ranking) palFormula(i, at, digits int) string {
	if i == 0 {
		return quote("A")
	}
	class, own := r.list.at("abc", at-1), r.list.at("own", at-1)
	f, above := "", ""
	for k, bound := range r.bounds {
		c, next := r.Classes[k].ABC, r.Classes[k+1].ABC
		f += fmt.Sprintf("IF(%s=%q,IF(ROUND(%s-(%s%s)*%s,%d)>=0,%q,%q),", class, c, own, bound, above, r.base, digits, next, c)
		above = "-" + bound
	}
	return f + fmt.Sprintf("%q", r.Classes[len(r.bounds)].ABC) + strings.Repeat(")", len(r.bounds))
}

func (r *ranking) xyz(b *book, i, at int) any {
	it := r.Items[i]
	if it.XYZ == abcxyz.OneOff || it.XYZ == abcxyz.Undefined || r.x == "" {
		return b.xyzName(it.XYZ)
	}
	cv := r.list.at("cv", at)
	return formula{fmt.Sprintf(`IF(%s<=%s,"X",IF(%s<=%s,"Y","Z"))`, cv, r.x, cv, r.y), it.XYZ.String()}
}

func (r *ranking) class(b *book, i, at int) any {
	it := r.Items[i]
	abc, xyz, space := r.list.at("abc", at), r.list.at("xyz", at), ""
	if it.XYZ == abcxyz.OneOff {
		space = " "
	}
	join := "&"
	if space != "" {
		join = `&" "&`
	}
	return formula{abc + join + xyz, it.ABC.String() + space + b.xyzName(it.XYZ)}
}

// pareto is the chart of the largest items and their cumulative share.
func (r *ranking) pareto(b *book, at string, width, height uint) placed {
	n := min(30, r.list.shown)
	for n > 1 && r.Items[n-1].ABC == abcxyz.N {
		n--
	}
	last := r.list.first + n - 1
	span := func(key string) string {
		c := r.list.col(key)
		return r.list.sheet.span(c, r.list.first, c, last)
	}
	names := "name"
	if r.Items[0].Name == "" {
		names = "item"
	}
	top := 1.0
	zero := 0.0
	bars := &excelize.Chart{
		Type: excelize.Col,
		Series: []excelize.ChartSeries{{
			Name:       r.list.sheet.ref(r.list.col("value"), r.list.head),
			Categories: span(names), Values: span("value"),
			Fill: solid(colourRepeat),
		}},
		Title:      chartTitle(b.say(text{fmt.Sprintf("Pareto: the %d largest %s", n, r.of[English]), fmt.Sprintf("Парето: %d крупнейших %s", n, r.of[Russian])})),
		Dimension:  excelize.ChartDimension{Width: width, Height: height},
		Legend:     excelize.ChartLegend{Position: "bottom"},
		YAxis:      excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
		XAxis:      excelize.ChartAxis{Font: small(), Alignment: excelize.Alignment{TextRotation: -45}},
		GapWidth:   gap(40),
		VaryColors: oneColour(),
	}
	line := &excelize.Chart{
		Type: excelize.Line,
		Series: []excelize.ChartSeries{{
			Name:       r.list.sheet.ref(r.list.col("cum_share"), r.list.head),
			Categories: span(names), Values: span("cum_share"),
			Fill:   solid(colourLine),
			Line:   excelize.LineOptions{Width: 2},
			Marker: excelize.ChartMarker{Symbol: "none"},
		}},
		YAxis: excelize.ChartAxis{Secondary: true, Minimum: &zero, Maximum: &top, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0%"}, Font: small()},
	}
	return placed{at, bars, []*excelize.Chart{line}}
}
