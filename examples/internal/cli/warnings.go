package cli

import (
	"fmt"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// Warning returns a warning in the language. One whose code has no Russian text
// here is given as the library wrote it.
func (l Language) Warning(w orders.Warning) string {
	if russian, ok := warnings[w.Code]; ok && l == Russian {
		return fmt.Sprintf(russian, l.Count(w.Count), l.Money(w.Amount))
	}
	return w.Text
}

// warnings are formats over the count (1) and the amount (2) of a warning.
var warnings = map[string]string{
	"order_days":         "у заказов (%[1]s) строки с разными днями: день заказа – самый ранний",
	"order_restarts":     "номера заказов повторяются больше чем через полгода (%[1]s): это другие сделки",
	"order_customers":    "один номер заказа у нескольких клиентов (%[1]s): сделка у каждого своя",
	"cancelled_negative": "отменённых строк с минусом: %[1]s (на %[2]s). Это похоже на возвраты: исключая их, мы оставляем проданное, которое вернули; считать их возвратами: флаг -return",
	"short_export":       "выгрузка коротка, чтобы отличить новых клиентов от старых: не хватает дней: %[1]s. Вывода о повторных продажах нет; если истории раньше не было: флаг -history complete",
	"since_late":         "клиентов, купивших раньше дня, с которого они клиенты: %[1]s",
	"rounded":            "чисел, где больше четырёх знаков после запятой: %[1]s; округление прибавило %[2]s",
	"stated_total":       "итог самого файла отличается от суммы строк на %[2]s",

	abcxyz.WarnOneClass:    "строк в одном классе XYZ: %[1]s, больше 90 %%: XYZ их не различает",
	abcxyz.WarnFewPeriods:  "полных периодов: %[1]s; для XYZ нужно 3",
	abcxyz.WarnNoBase:      "ни у одной строки сумма не больше нуля: классов ABC нет",
	abcxyz.WarnCostUnknown: "выручка %[2]s без себестоимости в прибыль не вошла; строк совсем без себестоимости: %[1]s",
}
