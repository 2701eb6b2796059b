package report

import (
	"fmt"
	"strings"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// warningTexts say in Russian what a warning's Text says in English; %d is its
// count, %s its amount, each at most once and in this order.
var warningTexts = map[string]string{
	"cancelled_negative":      "Отменённых строк с минусом: %d, на сумму %s. Похоже, это возвраты: если их исключить, отменённые ими продажи остаются в выручке.",
	"order_days":              "Заказов, у строк которых разные дни: %d. Каждый учтён в свой самый ранний день.",
	"order_restarts":          "Номеров заказов, повторившихся больше чем через полгода: %d. Это разные сделки (нумерация началась заново).",
	"order_customers":         "Номеров заказов, общих для нескольких клиентов: %d. Часть каждого клиента — отдельная сделка.",
	"short_export":            "Выгрузка слишком коротка, чтобы отличить новых клиентов от старых: не хватает дней: %d. Вывод о повторных продажах не делается.",
	"since_late":              "Клиентов, купивших раньше, чем они записаны клиентами: %d.",
	"date_serials":            "Даты записаны числами: они прочитаны как дни таблицы со счётом от 1900 года, а не от 1904.",
	"duplicates":              "Строк, в точности повторяющих другие: %d (на %s).",
	"short_rows":              "Строк, которым не хватает последних ячеек: %d; недостающее считается пустым.",
	"lost_letters":            "Строк, в которых буквы потеряны ещё до выгрузки: %d; имена, различавшиеся только ими, теперь одно имя.",
	"month_precision":         "В датах выгрузки месяцы, а не дни: месяц клиента — одна покупка, и то, что считает дни, не считается.",
	"rounded":                 "Чисел с больше чем четырьмя знаками после запятой: %d. Их округление добавило %s.",
	"stated_total":            "«Итого» файла отличается от суммы его строк на %[2]s.",
	"no_customer_column":      "Столбец клиента не найден: все строки считаются анонимными.",
	"date_order_guessed":      "Порядок дня и месяца в датах угадан: ни одно число не больше 12. Проверьте, как они прочитаны.",
	"numbers_mixed":           "Часть чисел с десятичной запятой, часть с точкой. Проверьте, как они прочитаны.",
	"numbers_guessed":         "После каждой запятой или точки ровно три цифры: дробь это или тысячи, угадано. Проверьте суммы.",
	"scaled_amounts":          "Заголовок говорит о тысячах или миллионах; суммы взяты как записаны.",
	"delimiter_guessed":       "Разделитель столбцов угадан: с другим узнаётся столько же столбцов. Проверьте, как прочитана выгрузка.",
	"encoding_guessed":        "Кодировка угадана: другая подходит почти так же. Проверьте имена.",
	"sheet_guessed":           "Лист книги угадан: другой похож на выгрузку не меньше.",
	"same_name":               "Столбцов с одним и тем же названием несколько, и заполнены они одинаково; прочитан первый из них.",
	"cells_outside":           "Строк, в которых есть значения правее заголовка: %d. Эти значения не прочитаны.",
	"formulas_without_values": "Формул, значений которых в файле нет: %d. Они считаются пустыми: откройте файл в Excel и сохраните.",
	"dated_by_period":         "Строк без своего дня: %d. Они отнесены к первому дню месяца, за который сделан отчёт.",
	"order_total_repeated":    "Строк, где у других товаров заказа повторяется сумма первой строки: %d. Если это сумма всего заказа, она сосчитана несколько раз.",
	"order_discounts":         "Заказов дешевле своих строк: %d, на %s. Скидка на заказ разделена между его строками пропорционально их суммам.",
	"refunds_ignored":         "В выгрузке есть столбец возвратов; из выручки они не вычтены: выгрузите суммы за вычетом возвратов.",
	"order_refunds":           "Заказов с возвратом денег: %d, на %s. Возврат вычтен из строк заказа в день самого заказа: когда он был, в выгрузке нет.",
	"order_totals":            "Заказов, сумма которых не равна сумме их строк: %d, на %s. Считаются строки.",
	"overlap":                 "Заказов, которые есть больше чем в одной выгрузке: %d. Все их строки сосчитаны.",
	"overlap_replaced":        "Заказов, которые есть больше чем в одной выгрузке: %d. Сосчитаны строки последней из них.",
	"overlap_days":            "Дней клиентов со строками без номера заказа больше чем в одной выгрузке: %d. Если выгрузки перекрываются, эти дни сосчитаны дважды.",
	"vat_differs":             "В заголовке столбца НДС указан не так, как в описании выгрузки.",
	"vat_basis":               "Себестоимость и выручка — одна с НДС, другая без него: прибыль искажена на сумму налога.",
	"vat_mixed":               "В одних файлах суммы с НДС, в других без него: складывать их нельзя.",
	abcxyz.WarnNoBase:         "Нет ни одной позиции больше нуля: считать доли не от чего, все %d в классе N.",
	abcxyz.WarnCostUnknown:    "Позиций без известной себестоимости: %d; выручка %s без себестоимости в прибыль не вошла.",
	abcxyz.WarnFewPeriods:     "Полных периодов в выгрузке: %d. Для XYZ нужно не меньше трёх.",
	abcxyz.WarnShortWindow:    "Первая из двух дат смотрит назад не на все дни: не хватает дней: %d — это раньше начала выгрузки.",
	abcxyz.WarnFewToResample:  "Полных периодов в выгрузке: %d. Чтобы проверить устойчивость классов, нужно не меньше трёх.",
	abcxyz.WarnOneClass:       "В одном классе XYZ оказалось позиций: %d — это больше 90 %%. Такой XYZ их не различает.",
}

// warning returns w in the language of the workbook, with its first examples.
func (b *book) warning(w orders.Warning) string {
	t := b.warningText(w)
	if n := min(3, len(w.Examples)); n > 0 {
		t += b.say(text{" For example: ", " Например: "}) + strings.Join(w.Examples[:n], "; ") + "."
	}
	return t
}

// warningText returns w in the language of the workbook; one that has no
// translation yet as it is.
func (b *book) warningText(w orders.Warning) string {
	t, ok := warningTexts[w.Code]
	if b.lang != Russian || !ok {
		return sentence(w.Text)
	}
	if !strings.Contains(t, "%d") && !strings.Contains(t, "%[2]s") {
		return t
	}
	if strings.Contains(t, "%s") || strings.Contains(t, "%[2]s") {
		return fmt.Sprintf(t, w.Count, amountText(w.Amount))
	}
	return fmt.Sprintf(t, w.Count)
}

// sentence returns s with a capital letter and a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// amountText writes money as Russian readers do: 1 234,50.
func amountText(a orders.Amount) string {
	whole, fraction, _ := strings.Cut(a.Abs().String(), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u00a0" + whole[i:]
	}
	if fraction != "" {
		whole += "," + (fraction + "0")[:max(2, len(fraction))]
	}
	if a < 0 {
		return "−" + whole
	}
	return whole
}
