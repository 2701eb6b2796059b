package cli

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// Warning returns a warning in the language. One whose code has no text here is
// given as the library wrote it.
func (l Language) Warning(w orders.Warning) string {
	text := l.Text(warnings[w.Code].russian, warnings[w.Code].english)
	if text == "" {
		return printable(w.Text)
	}
	place := ""
	if m := cell.FindStringSubmatch(w.Text); m != nil {
		place = fmt.Sprintf(l.Text("%s, столбец %s «%s»: ", "%s, column %s (%s): "), m[1], m[2], m[3])
	}
	return printable(place + strings.NewReplacer("{n}", l.Count(w.Count), "{sum}", l.Money(w.Amount)).Replace(text))
}

// cell is how package orders begins a warning about a column.
var cell = regexp.MustCompile(`^(.+), column (\d+) \((.*?)\): `)

// warnings are texts by the code of a warning, with its count {n} and its
// amount {sum}. English ones are there only where the library's own speaks of Go.
var warnings = map[string]struct{ russian, english string }{
	"cancelled_negative": {
		"отменённых строк с минусом: {n} (на {sum}). Это похоже на возвраты: исключая их, мы оставляем проданное, которое вернули; считать их возвратами: флаг -return",
		"{n} cancelled lines are negative ({sum} in all). They look like returns, and excluding them keeps the sales that they take back; to count them as returns: -return",
	},
	"short_export": {
		"выгрузка коротка, чтобы отличить новых клиентов от старых; не хватает дней: {n}. Вывода о повторных продажах нет; если до её начала не покупал никто: -history complete",
		"the export is too short, by {n} days, to tell new customers from old ones: no verdict on repeat sales; if nobody bought before it begins: -history complete",
	},
	"no_customer_column": {
		"столбец клиента не найден, и все строки – без покупателя: укажите его, -set customer=ЗАГОЛОВОК",
		"no column for the customer was found, so every row is anonymous: name it, -set customer=HEADER",
	},
	"date_order_guessed": {russian: "где в датах день, а где месяц, угадано: ни одно число не больше 12; как они прочитаны, показывает inspect"},
	"numbers_mixed":      {russian: "часть чисел с десятичной запятой, часть с точкой; как они прочитаны, показывает inspect"},
	"numbers_guessed":    {russian: "после каждой запятой или точки ровно три цифры: дробь это или тысячи, угадано; как они прочитаны, показывает inspect"},
	"date_serials":       {russian: "даты записаны числами; они прочитаны как дни таблицы со счётом от 1900 года, а не от 1904"},
	"duplicates":         {russian: "строк, в точности повторяющих другие: {n} (на {sum}); такое бывает и на самом деле, и все они учтены", english: "{n} lines ({sum} in all) repeat another line exactly; that can be real, and all of them count"},
	"short_rows":         {russian: "строк, которым не хватает последних ячеек: {n}; недостающее считается пустым"},
	"lost_letters":       {russian: "строк, в которых буквы потеряны ещё до выгрузки (на их месте знак U+FFFD): {n}; имена, что различались только ими, теперь одно имя"},
	"month_precision": {
		"в датах выгрузки месяцы, а не дни: месяц клиента – одна покупка, а то, что считает дни, не считается; если до её начала не покупал никто: -history complete",
		"the dates of the export name months, not days: a customer's month is one purchase, and whatever counts days is refused; if nobody bought before it begins: -history complete",
	},
	"order_days":              {russian: "заказов, у строк которых разные дни: {n}; день заказа – самый ранний"},
	"order_restarts":          {russian: "номеров заказов, повторившихся больше чем через полгода: {n}; это другие сделки"},
	"order_customers":         {russian: "номеров заказов, общих для нескольких клиентов: {n}; сделка у каждого своя"},
	"since_late":              {russian: "клиентов, купивших раньше дня, с которого они клиенты: {n}"},
	"delimiter_guessed":       {russian: "разделитель угадан: с другим узнаётся столько же столбцов; какой взят, показывает inspect"},
	"encoding_guessed":        {russian: "кодировка угадана: другая подходит почти так же; какая взята, показывает inspect"},
	"sheet_guessed":           {russian: "лист книги угадан: другой похож на выгрузку не меньше; какой взят, показывает inspect"},
	"same_name":               {russian: "столбцов с этим названием несколько, и заполнены они одинаково; взят этот"},
	"scaled_amounts":          {russian: "заголовок говорит о тысячах или миллионах; суммы взяты как записаны"},
	"cells_outside":           {russian: "строк, в которых есть значения правее заголовка: {n}; они не прочитаны"},
	"formulas_without_values": {russian: "формул, значений которых в файле нет: {n}; они считаются пустыми: откройте файл в Excel и сохраните"},
	"dated_by_period":         {russian: "строк без своего дня: {n}; они отнесены к первому дню месяца отчёта"},
	"order_total_repeated":    {russian: "строк, где у других товаров заказа повторяется сумма первой строки: {n}; если это сумма всего заказа, она сосчитана несколько раз: укажите сумму строки, -set revenue=ЗАГОЛОВОК"},
	"order_discounts":         {russian: "заказов дешевле своих строк: {n}, на {sum}; скидка на заказ разделена между его строками пропорционально их суммам"},
	"refunds_ignored":         {russian: "эти возвраты из выручки не вычтены: выгрузите суммы за вычетом возвратов или возвраты отдельными строками"},
	"order_refunds":           {russian: "заказов с возвратом денег: {n}, на {sum}; возврат вычтен из строк заказа в день самого заказа: когда он был, в выгрузке нет"},
	"order_totals":            {russian: "заказов, сумма которых не равна сумме их строк: {n}, на {sum}; считаются строки"},
	"overlap":                 {russian: "заказов, которые есть больше чем в одной выгрузке: {n}; все их строки сосчитаны"},
	"overlap_replaced":        {russian: "заказов, которые есть больше чем в одной выгрузке: {n}; сосчитаны строки последней"},
	"overlap_days":            {russian: "дней клиентов без номеров заказов больше чем в одной выгрузке: {n}; если выгрузки перекрываются, они сосчитаны дважды"},
	"vat_differs":             {russian: "в заголовке столбца НДС указан не так, как в описании выгрузки"},
	"vat_basis":               {russian: "себестоимость и выручка – одна с НДС, другая без него: прибыль искажена на сумму налога"},
	"vat_mixed":               {russian: "в одних файлах суммы с НДС, в других без него: складывать их нельзя"},
	"rounded":                 {russian: "чисел, где больше четырёх знаков после запятой: {n}; округление прибавило {sum}"},
	"stated_total":            {russian: "итог самого файла отличается от суммы его строк на {sum}"},

	"missed":             {russian: "на новых для себя днях выбранная модель ошиблась в числе покупок на {n}; промах на 10–15 % обычен: сезонов, цен и акций модель не знает"},
	"empty-holdout":      {russian: "в предсказываемые дни никто не покупал: предсказывать нечего"},
	"baseline-better":    {russian: "простое правило промахивается по клиентам меньше выбранной модели: модели здесь ничего не нашли"},
	"few-customers":      {russian: "клиентов с покупкой: {n}; меньше 500, и прогноз для одного мало отличается от прогноза для всех"},
	"short-history":      {russian: "дней в выгрузке: {n}; меньше 180, и ушедшего клиента не отличить от того, кто ещё не пришёл"},
	"no-recent-purchase": {russian: "никто не покупал уже дней: {n}; либо выгрузка кончается раньше даты отчёта, либо продажи остановились"},
	"no-loyal-customer":  {russian: "никто не покупал трижды: как долго остаются клиенты, можно только гадать"},
	"long-horizon":       {russian: "горизонт прогноза в днях: {n}, длиннее самой выгрузки: что делают клиенты через такой срок, в данных не видно"},
	"ridge":              {russian: "данные не различают параметры модели LTV: прогноз в пределах их срока надёжен, параметры по отдельности – нет"},
	"not-converged":      {russian: "поиск параметров модели LTV остановился, не дойдя до наибольшего правдоподобия"},
	"first-unknown":      {russian: "клиентов, которые могли покупать до начала выгрузки: {n}; LTV предсказан по тому, что видно, и может быть больше"},
	"left-truncated":     {russian: "первая покупка любого клиента могла быть до начала выгрузки ({n}): модель LTV принимает постоянных за новых; если до её начала не покупал никто: -history complete"},
	"revenue-not-profit": {russian: "себестоимость неизвестна: LTV – по выручке, а не по прибыли; её можно задать: -cogs", english: "the cost of goods is unknown: the LTV is of revenue, not of profit; to assume one: -cogs"},
	"cost-partly":        {russian: "клиентов, у которых себестоимость части покупок неизвестна: {n}; маржа этой части взята по остальной"},
	"overhead-pool":      {russian: "накладные за период в LTV не входят: от одной лишней покупки они не растут"},
	"no-mean-value":      {russian: "суммы покупок разбросаны так, что среднего у модели нет: у каждого клиента берётся своё среднее, а у кого его нет – общее"},
	"value-depends":      {russian: "те, кто покупает чаще, тратят за раз иначе, чем остальные, а модель LTV предполагает, что так же: LTV лучших клиентов смещён"},
	"value-floored":      {russian: "клиентов, чьи покупки ничего не принесли: {n}; ценность покупки взята за 0"},
	"no-value":           {russian: "ценность покупок неизвестна: LTV равен 0 не потому, что покупок не будет"},
	"no-repeat-value":    {russian: "ценность повторных покупок неизвестна: взята средняя по всем покупкам"},

	abcxyz.WarnOneClass:      {russian: "в одном классе XYZ больше 90 % строк ({n}): XYZ их не различает"},
	abcxyz.WarnShortWindow:   {russian: "первый день миграции смотрит назад не на все дни: {n} из них раньше начала выгрузки"},
	abcxyz.WarnFewToResample: {russian: "полных периодов в выгрузке: {n}; чтобы проверить классы на других периодах, нужно не меньше 3"},
	abcxyz.WarnFewPeriods:    {russian: "полных периодов: {n}; для XYZ нужно 3"},
	abcxyz.WarnNoBase:        {russian: "ни у одной строки сумма не больше нуля: классов ABC нет"},
	abcxyz.WarnCostUnknown:   {russian: "выручка {sum} без себестоимости в прибыль не вошла; строк совсем без себестоимости: {n}"},

	segments.WarnScoresMissing: {russian: "оценок RFM, которых нет ни у одного клиента: {n}"},
	segments.WarnRulesIdle:     {russian: "правил RFM, под которые при этих оценках никто не подходит: {n}"},
}
