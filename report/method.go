package report

import (
	"github.com/repeatsales/repeatsales/cohorts"
)

// definition is one entry of the Method sheet.
type definition struct{ term, meaning text }

// methodSheet says in plain words what every figure means and where its rule
// comes from.
func (b *book) methodSheet() {
	s := b.sheet(text{"Method", "Методика"}, 32, 128)
	s.add(style{look: title}, text{"Method: what the figures mean", "Методика: что означают цифры"})
	part := func(name text, entries []definition) {
		s.begin(name)
		for _, d := range entries {
			high := max(1, lines(s.say(d.meaning), s.widths[1]), lines(s.say(d.term), s.widths[0]*0.9)) * 14
			s.addHigh(high, style{wrap: true}, styled{style{look: figure, wrap: true}, d.term}, d.meaning)
		}
	}
	part(text{"Deals and purchases", "Сделки и покупки"}, methodPurchases)
	part(text{"What the export cannot tell", "Чего выгрузка не знает"}, methodHistory)
	if b.Customers != nil || b.Products != nil || b.Salespersons != nil {
		part(text{"ABC and XYZ", "ABC и XYZ"}, methodClasses)
	}
	if b.Migration != nil {
		part(text{"Migration", "Миграция"}, methodMigration)
	}
	if len(b.Stability) > 0 {
		part(text{"Stability", "Устойчивость"}, methodStability)
	}
	if b.Core != nil {
		part(text{"Core list", "Ядро клиентов"}, methodCore)
	}
	if b.Repeat != nil {
		part(text{"Repeat share and maturity", "Доля повторных и зрелость отдела продаж"}, methodRepeat)
	}
	if b.Roles != nil {
		part(text{"Hunters and farmers", "Охотники и фермеры"}, methodRoles)
	}
	if b.Flags != nil {
		part(text{"The CRM's flag", "Признак CRM"}, methodFlags)
	}
	if b.Profit != nil {
		part(text{"Profit of a deal", "Прибыль сделки"}, methodProfit)
	}
	if b.Acquisition != nil || len(b.Splits) > 0 {
		part(text{"Acquisition and profit by", "Привлечение и прибыль по разрезам"}, methodAcquisition)
	}
	if b.Cohorts != nil {
		part(text{"Cohorts", "Когорты"}, append(methodCohorts[:len(methodCohorts):len(methodCohorts)], methodAges...))
	}
	if b.CohortLTV != nil {
		part(text{"Customer value by age", "Ценность клиента по возрасту"}, methodValue)
	}
	if b.RevenueRetention != nil {
		part(text{"Revenue retention", "Удержание выручки"}, methodRetention)
	}
	if b.Grid != nil || b.RFM != nil || b.Transitions != nil {
		part(text{"Segments", "Сегменты"}, methodSegments)
	}
	if b.Calls != nil {
		part(text{"Call list", "Список звонков"}, methodCalls)
	}
	if b.Contacts != nil {
		part(text{"Contact norms", "Нормы касаний"}, methodContacts)
	}
	if b.LTV != nil {
		part(text{"LTV", "LTV"}, methodLTV)
	}
	if b.Validation != nil {
		part(text{"Comparison of models", "Сравнение моделей"}, methodValidation)
	}
	if len(b.Top) > 0 {
		part(text{"Leaders", "Лидеры"}, methodTop)
	}
	if len(b.Plans) > 0 {
		part(text{"Sales plan", "План продаж"}, methodPlan)
	}
	if b.Concentration != nil {
		part(text{"Concentration", "Концентрация"}, methodConcentration)
	}
	part(text{"The workbook", "О книге"}, methodBook)
}

var methodPurchases = []definition{
	{text{"Deal", "Сделка"}, text{
		"All lines of one order of one customer (and organisation, if the export gives it). Its day is the earliest of its lines.",
		"Все строки одного заказа одного клиента (и организации, если она есть). День сделки — самый ранний день её строк."}},
	{text{"Purchase", "Покупка"}, text{
		"A customer's day with positive net revenue, all deals of the day together. Purchases are numbered over the whole history; the first is number 1, every other is a repeat. No filter renumbers them.",
		"День клиента с положительной чистой выручкой, все сделки дня вместе. Покупки нумеруются по всей истории: первая — № 1, остальные повторные. Никакой отбор нумерацию не меняет."}},
	{text{"Return", "Возврат"}, text{
		"Negative money. If it names the deal it takes back, it goes to the side of that purchase. Otherwise it nets within its day; a day whose net is not positive is no purchase, and its money goes to the side of the customer's latest purchase before it.",
		"Отрицательная сумма. Если указан документ-основание — относится к стороне той покупки. Иначе вычитается внутри дня; день с неположительным итогом не покупка, его деньги относятся к стороне последней предыдущей покупки клиента."}},
	{text{"What the simple rule costs", "Цена простого правила"}, text{
		"Matching returns by product would be finer and cannot be done in one pass. On a published export (Online Retail, UCI) 208 of 2,817 exact reversals, 0.3 % of the revenue, land on the other side than such matching would put them. Totals are not affected.",
		"Сопоставлять возвраты по товарам точнее, но дольше. На открытой выгрузке Online Retail (UCI) из 2 817 точных возвратов 208 (0,3 % выручки) попадают не на ту сторону, что при сопоставлении по товарам. На итоги это не влияет."}},
	{text{"Unmatched return", "Возврат без покупки"}, text{
		"A return with no earlier purchase in the export. It proves an earlier customer, so that customer's purchases are repeat ones. It is outside shares, inside totals.",
		"Возврат, до которого в выгрузке нет покупки. Он доказывает, что клиент старый, поэтому его покупки повторные. В доли не входит, в итоги входит."}},
	{text{"Cancelled", "Отменённые"}, text{
		"Excluded from everything but the control total. A cancelling document with negative money is really a return: excluding it keeps the sale it takes back, which the summary then warns of.",
		"Исключены отовсюду, кроме контрольного итога. Отменяющий документ с минусом — на деле возврат: если его исключить, отменённая им продажа останется; об этом предупреждает сводка."}},
	{text{"Anonymous", "Анонимные"}, text{
		"Sales to nobody in particular (retail). Outside customer analyses, inside product analyses and totals.",
		"Продажи без клиента (розница). В анализ клиентов не входят, в анализ товаров и в итоги входят."}},
	{text{"Money", "Деньги"}, text{
		"Revenue net of discounts, with or without VAT as the export has it. Sums are computed exactly, to a ten-thousandth; currencies are never added to each other.",
		"Выручка за вычетом скидок, с НДС или без — как в выгрузке. Суммы считаются точно, до одной десятитысячной; валюты не складываются."}},
}

var methodHistory = []definition{
	{text{"Why shares are intervals", "Почему доли — интервалы"}, text{
		"An export begins somewhere, and who bought before that looks new. So first purchases near its beginning are “unknown”, and every repeat share is given as at least … at most ….",
		"Выгрузка где-то начинается, и те, кто покупал раньше, выглядят новыми. Поэтому первые покупки в её начале — «неизвестно», а любая доля повторных даётся как «не меньше … не больше …»."}},
	{text{"Burn-in", "Разгон"}, text{
		"The time after which nine of ten returning customers would have come back: the 90 % quantile of gaps between purchases, by the product-limit estimator for right-truncated data (Woodroofe 1985; Lagakos, Barraj & De Gruttola 1988), or as given. If it exceeds half the export, every first purchase is unknown and no verdict is given.",
		"Срок, за который вернулись бы девять из десяти возвращающихся клиентов: 90-й процентиль интервалов между покупками по множительной оценке для усечённых справа данных (Woodroofe 1985; Lagakos, Barraj, De Gruttola 1988) или заданное число. Если разгон больше половины выгрузки, все первые покупки — «неизвестно», вывода нет."}},
	{text{"q", "q"}, text{
		"Pretend the export began at its middle: q is the share of customers first seen there after the burn-in who do occur in the first half. It is an estimate of how many first purchases are still an old customer's.",
		"Представим, что выгрузка начинается с середины: q — доля клиентов, впервые увиденных там после разгона, которые встречаются в первой половине. Это оценка того, сколько первых покупок всё ещё принадлежат старым клиентам."}},
	{text{"Known history", "Известная история"}, text{
		"If a column gives each customer's first day, a list names the earlier customers, or the whole history is in the export, nothing is unknown and the two bounds meet.",
		"Если есть столбец с датой первого обращения клиента, список прежних клиентов или в выгрузке вся история, «неизвестного» нет и границы совпадают."}},
}

var methodClasses = []definition{
	{text{"ABC", "ABC"}, text{
		"Items sorted by the measure, descending. A while the cumulative share before the item is below the bound (80 %), B below the second (95 %), else C; so the item that crosses a bound belongs to the higher class. Equal values get one class. Comparisons are exact, in money.",
		"Позиции по убыванию показателя. A, пока накопленная доля до позиции меньше границы (80 %), B — меньше второй (95 %), иначе C; позиция, перешедшая границу, остаётся в старшем классе. У равных значений класс один. Сравнение точное, в деньгах."}},
	{text{"N", "N"}, text{
		"Items whose total is not positive: outside the base of all shares, listed and added up separately.",
		"Позиции с неположительным итогом: вне базы долей, показаны и сложены отдельно."}},
	{text{"XYZ", "XYZ"}, text{
		"By the coefficient of variation σ ÷ mean: of the measure per whole period (bounds 10 % and 25 %, as in 1C:УНФ), or, for customers, of the days between purchases (20 % and 50 %, as in 1C:УПП), which tells regularity where monthly money is always erratic. Nothing is X for want of data: too little data gives “–”, a single purchase “one-off”.",
		"По коэффициенту вариации σ ÷ среднее: показателя по полным периодам (границы 10 % и 25 %, как в 1С:УНФ) или, для клиентов, дней между покупками (20 % и 50 %, как в 1С:УПП): месячные суммы клиентов почти всегда случайны, а интервалы показывают регулярность. X не ставится из-за нехватки данных: мало данных — «–», одна покупка — «разовый»."}},
	{text{"In 1C", "Отличия от 1С"}, text{
		"1C gives X to a customer whose returns equal sales and to everyone within one period; here such items have no class, with the reason.",
		"1С даёт X клиенту, у которого возвраты равны продажам, и всем при одном периоде; здесь у них класса нет и указана причина."}},
}

var methodCore = []definition{
	{text{"Core", "Ядро"}, text{
		"Class A, four purchases or more, not lapsed: no longer without a purchase than three times the median gap (the customer's own with three gaps or more, else the company's). The exact numbers are on the sheet of parameters.",
		"Класс A, четыре покупки и больше, не потерян: без покупки не дольше трёх обычных (медианных) интервалов — своих, если их три и больше, иначе по компании. Точные числа — на листе параметров."}},
}

var methodRepeat = []definition{
	{text{"Repeat share", "Доля повторных"}, text{
		"At least: repeat ÷ (first + repeat + unknown). At most: (repeat + unknown + q × first) ÷ the same. By revenue, gross profit, purchases and customers.",
		"Не меньше: повторные ÷ (первые + повторные + неизвестные). Не больше: (повторные + неизвестные + q × первые) ÷ то же. По выручке, валовой прибыли, покупкам и клиентам."}},
	{text{"Maturity", "Зрелость отдела продаж"}, text{
		"By repeat share of revenue: level 1 “we sell to new customers” 5–10 %, its target 15–20 %; level 2 “sales without strain” 30–50 %; level 3 “take the maximum from the base” up to 90 %; level 4 “the whole company takes part”. 3 and 4 cannot be told apart by a number. The verdict is given at both bounds and never chosen between them.",
		"По доле повторных в выручке: уровень 1 «продаём новым» 5–10 %, цель 15–20 %; уровень 2 «продажи без напряжения» 30–50 %; уровень 3 «берём максимум от базы» до 90 %; уровень 4 «участвует вся компания». 3 и 4 числом не различить. Вывод даётся для обеих границ, выбор между ними не делается."}},
	{text{"Money to the next target", "Деньги до следующей цели"}, text{
		"Repeat revenue to add while first revenue stays: target × first ÷ (1 − target) − repeat.",
		"Сколько повторной выручки добавить при той же первой: цель × первые ÷ (1 − цель) − повторные."}},
}

var methodAcquisition = []definition{
	{text{"Cost of a customer", "Цена клиента"}, text{
		"Spend of a period and channel ÷ the customers won there. It is charged to their first purchases, in kopecks by the largest remainder, and to no other; if the first order is cancelled, the next one is the first and bears it. Leads that never bought are inside the rate. Where nobody is known to have been won the money is shown and charged to no deal.",
		"Расходы периода и канала ÷ привлечённые там клиенты. Относится на их первые покупки, в копейках по наибольшему остатку, и ни на какие другие; если первый заказ отменён, первой становится следующая покупка, она и несёт привлечение. Обращения без покупки уже внутри цены. Где никого нового не видно, деньги показаны, но ни на какую сделку не отнесены."}},
	{text{"Conversion", "Конверсия"}, text{
		"Customers won in the period ÷ leads of the period, not of the same leads: where deals take long, of longer periods.",
		"Привлечённые за период ÷ обращения за период, а не те же самые обращения: если сделки долгие, смотрите по более длинным периодам."}},
	{text{"Profit by", "Прибыль по разрезам"}, text{
		"Every row is a profit table of its own, and the rows add up to the whole to the last digit: what several rows share is divided by the largest remainder (Hamilton).",
		"Каждая строка — своя таблица прибыли, и строки складываются в целое до последнего знака: общее для нескольких строк делится по наибольшему остатку (метод Гамильтона)."}},
}

var methodProfit = []definition{
	{text{"Acquisition", "Привлечение"}, text{
		"Cost per lead ÷ conversion of leads into first purchases: leads that never bought are inside the rate. Charged to the first purchase only.",
		"Стоимость обращения ÷ конверсия в первую покупку: обращения без покупки уже внутри. Несёт только первая покупка."}},
	{text{"Two paybacks", "Две окупаемости"}, text{
		"From data: cumulative profit of all acquired customers, those who never returned included. In the model every customer returns: n = 1 + ⌈loss of the first ÷ profit of a repeat⌉. They answer different questions and are never mixed.",
		"По данным: прибыль нарастающим итогом по всем привлечённым, включая невернувшихся. В модели возвращается каждый: n = 1 + ⌈убыток первой ÷ прибыль повторной⌉. Это ответы на разные вопросы, они не смешиваются."}},
	{text{"Unknown cost", "Неизвестная себестоимость"}, text{
		"Is not a cost of zero: revenue without known cost is no profit, and profit without any known cost is n/a.",
		"Это не нулевая себестоимость: выручка без неё прибылью не считается, а если её нет совсем, прибыль — н/д."}},
}

var methodCohorts = []definition{
	{text{"Cohort", "Когорта"}, text{
		"Customers by the period of their first purchase. Age 0 is that period. Retention is the share of the cohort that bought in a period; it can rise again. A period without orders is an observed 0, one not reached yet is blank.",
		"Клиенты по периоду первой покупки. Возраст 0 — этот период. Удержание — доля когорты, купившая в периоде; оно может и расти. Период без заказов — наблюдаемый 0, ненаступивший — пусто."}},
}

var methodSegments = []definition{
	{text{"Behaviour grid", "Сетка поведения"}, text{
		"Purchases (1, 2–7, more than 7) by days since the last one (under 30, 30–50, over 50) unless other bounds are given; after 1C:УТ 11, “Repeat sales”.",
		"Покупки (1, 2–7, больше 7) и дни с последней (меньше 30, 30–50, больше 50), если не заданы другие границы; по отчёту 1С:УТ 11 «Повторные продажи»."}},
	{text{"Potential and prospects", "Потенциал и потенциальные клиенты"}, text{
		"What waking a sleeping cell would bring: its customers × the average purchase of the last 12 months. Prospects are those of the CRM's list who are in no order.",
		"Что даст пробуждение спящих: клиенты клетки × средняя покупка за 12 месяцев. Потенциальные — те из списка CRM, кого нет ни в одном заказе."}},
	{text{"Transitions", "Переходы"}, text{
		"The same grid as of two dates. Rows add up to the grid at the start, columns to the grid at the end; who entered and who left is shown apart.",
		"Та же сетка на две даты. Строки сходятся с сеткой на первую дату, столбцы — с сеткой на вторую; кто пришёл и кто ушёл, показано отдельно."}},
	{text{"RFM", "RFM"}, text{
		"Recency, frequency, money, each scored by itself, the best highest (method: A. M. Hughes, Strategic Database Marketing, 1994). The first rule that fits names the segment; its number stands beside each customer.",
		"Давность, частота, деньги; каждая ось оценивается отдельно, лучшая оценка — наибольшая (метод: A. M. Hughes, Strategic Database Marketing, 1994). Сегмент — по первому подходящему правилу; его номер стоит у каждого клиента."}},
	{text{"Scores by quantiles", "Оценки по квантилям"}, text{
		"Score s of k: at least (s − 1)/k of the customers are strictly worse. Equal values have equal scores, the score of their worst place, so some scores may not occur. The quantile is definition 1 of Hyndman and Fan (1996).",
		"Оценка s из k: не меньше (s − 1)/k клиентов строго хуже. У равных значений равные оценки — по худшему из их мест, поэтому каких-то оценок может не быть. Квантиль — определение 1 у Hyndman и Fan (1996)."}},
	{text{"Scores otherwise", "Другие способы оценки"}, text{
		"Fixed cut points keep their meaning from month to month. Equal widths divide the range of values, the outermost customers set aside, into equal parts. Which was used stands on the sheet of parameters.",
		"Фиксированные границы не меняют смысла от месяца к месяцу. Равные интервалы делят размах значений без крайних клиентов на равные части. Какой способ выбран, указано на листе параметров."}},
}

var methodBook = []definition{
	{text{"Formulas", "Формулы"}, text{
		"Totals, shares, classes and profit are formulas over the sheet's own figures and the named parameters; each also carries the value that the library computed exactly. Recalculation changes nothing.",
		"Итоги, доли, классы и прибыль — формулы по данным листа и именованным параметрам; в каждой сохранено и значение, посчитанное библиотекой точно. Пересчёт ничего не меняет."}},
	{text{"Blank and n/a", "Пусто и «н/д»"}, text{
		"Blank: not observed or not given. n/a: not defined (there is nothing to divide by). Neither is 0.",
		"Пусто — не наблюдалось или не дано. «н/д» — не определено (не на что делить). Ни то, ни другое не ноль."}},
}

var bandNames = map[cohorts.Band]text{
	cohorts.BelowOne:    {"below level 1", "ниже уровня 1"},
	cohorts.One:         {"level 1: we sell to new customers", "уровень 1: продаём новым"},
	cohorts.OneToTwo:    {"between levels 1 and 2", "между уровнями 1 и 2"},
	cohorts.Two:         {"level 2: sales without strain", "уровень 2: продажи без напряжения"},
	cohorts.ThreeOrFour: {"level 3 or 4: decided by process", "уровень 3 или 4: решают процессы"},
}
