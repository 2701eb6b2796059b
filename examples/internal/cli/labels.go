package cli

import (
	"fmt"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// Measure returns the title of a column that holds measure m.
func (j *Job) Measure(m orders.Measure) string {
	switch m {
	case orders.Revenue:
		return j.Text("Выручка", "Revenue")
	case orders.GrossProfit:
		return j.Text("Валовая прибыль", "Gross profit")
	case orders.Contribution:
		return j.Text("Маржинальная прибыль", "Contribution")
	case orders.Quantity:
		return j.Text("Количество", "Quantity")
	case orders.Deals:
		return j.Text("Сделок", "Deals")
	case orders.Purchases:
		return j.Text("Покупок", "Purchases")
	}
	return m.String()
}

// GrainName returns the length of periods: "by month".
func (j *Job) GrainName(g orders.Grain) string {
	t := j.Text
	return j.Code(g.String(), map[orders.Grain]string{
		orders.Day:     t("по дням", "by day"),
		orders.Week:    t("по неделям", "by week"),
		orders.Month:   t("по месяцам", "by month"),
		orders.Quarter: t("по кварталам", "by quarter"),
		orders.Year:    t("по годам", "by year"),
	}[g])
}

// Verdict returns what the maturity model says of a repeat share, at both ends
// of its interval where they differ.
func (j *Job) Verdict(r *cohorts.Repeat) string {
	v := r.Maturity()
	switch {
	case v.Reason == cohorts.HistoryUnknown:
		return fmt.Sprintf(j.Text("вывода нет: не хватает истории, нужно ещё не меньше %s", "no verdict: the history is too short by at least %s"),
			j.Language.days(r.MoreDays()))
	case v.Reason != "":
		return j.Text("вывода нет: доля не определена", "no verdict: the share is undefined")
	case v.Low.Band == v.High.Band:
		return j.band(v.Low.Band)
	}
	return j.band(v.Low.Band) + j.Text(" – или, по верхней оценке, ", " – or, at the upper end, ") + j.band(v.High.Band)
}

// VerdictCode returns the same for programs: the bands, "2" or "between 1 and
// 2…2", or the code of the reason why there is no verdict.
func VerdictCode(r *cohorts.Repeat) string {
	v := r.Maturity()
	switch {
	case v.Reason != "":
		return string(v.Reason)
	case v.Low.Band == v.High.Band:
		return v.Low.Band.String()
	}
	return v.Low.Band.String() + "…" + v.High.Band.String()
}

func (j *Job) band(b cohorts.Band) string {
	switch b {
	case cohorts.BelowOne:
		return j.Text("ниже 1", "below 1")
	case cohorts.One:
		return j.Text("1 «продаём новым»", "1 “we sell to new customers”")
	case cohorts.OneToTwo:
		return j.Text("между 1 и 2", "between 1 and 2")
	case cohorts.Two:
		return j.Text("2 «продажи без напряжения»", "2 “sales without strain”")
	case cohorts.ThreeOrFour:
		return j.Text("3 или 4: решают процессы, а не числа", "3 or 4: decided by process, not by numbers")
	}
	return ""
}

// days returns so many days as they follow "at least", in the genitive in Russian.
func (l Language) days(n int) string {
	russian, english := "дней", "days"
	if n%10 == 1 && n%100 != 11 {
		russian = "дня"
	}
	if n == 1 {
		english = "day"
	}
	return l.Count(int64(n)) + " " + l.Text(russian, english)
}

// Code returns code for the formats that programs read, text for people.
func (j *Job) Code(code, text string) string {
	if j.Format == Text {
		return text
	}
	return code
}

// Never returns the answer to "when" that is no number.
func (j *Job) Never() any {
	if j.Format == Text {
		return j.Text("никогда", "never")
	}
	return Undefined{}
}

// ProfitLine returns the name of a line of the profit table.
func (j *Job) ProfitLine(l ltv.Line) string {
	t := j.Text
	return j.Code(l.String(), map[ltv.Line]string{
		ltv.Revenue:            t("Выручка", "Revenue"),
		ltv.RevenueWithoutCost: t("  в том числе без себестоимости", "  of it without a known cost"),
		ltv.COGS:               t("Себестоимость", "Cost of goods sold"),
		ltv.Overhead:           t("Накладные расходы", "Overhead"),
		ltv.Acquisition:        t("Привлечение", "Acquisition"),
		ltv.Bonus:              t("Премия продавца", "Salesperson's bonus"),
		ltv.Errors:             t("Исправление ошибок", "Correcting errors"),
		ltv.Direct:             t("Прямые расходы", "Direct costs"),
		ltv.NetProfit:          t("Прибыль", "Profit"),
		ltv.Margin:             t("Рентабельность", "Margin"),
	}[l])
}

// Origin returns where the figures of a line come from.
func (j *Job) Origin(o ltv.Origin) string {
	t := j.Text
	return j.Code(o.String(), map[ltv.Origin]string{
		ltv.None:       "",
		ltv.Data:       t("выгрузка", "export"),
		ltv.Assumption: t("предположение", "assumption"),
	}[o])
}

// Shape returns how the rows of a file make order lines.
func (j *Job) Shape(s orders.Shape) string {
	t := j.Text
	return j.Code(string(s), map[orders.Shape]string{
		orders.ShapeLines:     t("строка – товар в заказе", "a row is a line of an order"),
		orders.ShapeHeaders:   t("строка – заказ целиком", "a row is a whole order"),
		orders.ShapeFirstLine: t("строка – товар, общее о заказе – на его первой строке", "a row is a line, what is of the whole order stands on its first"),
		orders.ShapeRepeated:  t("строка – товар, общее о заказе повторено", "a row is a line, what is of the whole order is repeated"),
		orders.ShapeGrouped:   t("отчёт с группами", "a report with groups"),
		orders.ShapeWide:      t("отчёт, где у каждого периода свои столбцы", "a report in which each period has its columns"),
	}[s])
}

// VAT returns the basis of amounts; "" if the export does not say.
func (j *Job) VAT(v orders.VAT) string {
	t := j.Text
	return j.Code(string(v), map[orders.VAT]string{
		orders.VATIncluded: t("с НДС", "with VAT"),
		orders.VATExcluded: t("без НДС", "without VAT"),
		orders.VATMixed:    t("и с НДС, и без", "partly with VAT, partly without"),
	}[v])
}

// Role returns what a column means.
func (j *Job) Role(r orders.Role) string {
	t := j.Text
	return map[orders.Role]string{
		"":                      t("(не нужен)", "(not used)"),
		orders.RoleCustomer:     t("клиент, код", "customer id"),
		orders.RoleCustomerName: t("клиент", "customer"),
		orders.RoleOrder:        t("заказ", "order"),
		orders.RoleBase:         t("документ основания", "base document"),
		orders.RoleDate:         t("дата", "date"),
		orders.RoleRevenue:      t("выручка", "revenue"),
		orders.RoleQuantity:     t("количество", "quantity"),
		orders.RolePrice:        t("цена", "price"),
		orders.RoleCOGS:         t("себестоимость", "cost of goods sold"),
		orders.RoleProfit:       t("прибыль", "profit"),
		orders.RoleDirect:       t("прямые расходы", "direct costs"),
		orders.RoleProduct:      t("товар, код", "product id"),
		orders.RoleProductName:  t("товар", "product"),
		orders.RoleGroup:        t("группа товаров", "product group"),
		orders.RoleSalesperson:  t("менеджер", "salesperson"),
		orders.RoleChannel:      t("канал", "channel"),
		orders.RoleOrganisation: t("организация", "organisation"),
		orders.RoleCurrency:     t("валюта", "currency"),
		orders.RoleStatus:       t("статус", "status"),
		orders.RoleType:         t("вид документа", "document type"),
		orders.RoleSince:        t("клиент с", "customer since"),
		orders.RoleLead:         t("дата лида", "lead date"),
		orders.RoleRefund:       t("возвращено по заказу", "refunded"),
		orders.RoleRepeatFlag:   t("признак повторной", "repeat flag"),
	}[r]
}

// Dimension returns the title of a column that holds values of dimension d.
func (j *Job) Dimension(d orders.Dimension) string {
	t := j.Text
	return map[orders.Dimension]string{
		orders.ByCustomer:    t("Клиент", "Customer"),
		orders.ByProduct:     t("Товар", "Product"),
		orders.ByGroup:       t("Группа товаров", "Product group"),
		orders.BySalesperson: t("Продавец", "Salesperson"),
		orders.ByOwner:       t("Ведёт клиента", "Customer's owner"),
		orders.ByChannel:     t("Канал", "Channel"),
		orders.ByRepeatFlag:  t("Признак CRM", "The CRM's flag"),
	}[d]
}

// Staff returns what a salesperson does more of than the others.
func (j *Job) Staff(r cohorts.Role) string {
	return j.Code(string(r), map[cohorts.Role]string{
		cohorts.Hunter: j.Text("охотник", "hunter"),
		cohorts.Farmer: j.Text("фермер", "farmer"),
	}[r])
}

// Says returns what a CRM's flag says of a deal.
func (j *Job) Says(s cohorts.Says) string {
	return j.Code(s.String(), map[cohorts.Says]string{
		cohorts.SaysNothing: j.Text("ничего", "nothing"),
		cohorts.SaysFirst:   j.Text("первая", "first"),
		cohorts.SaysRepeat:  j.Text("повторная", "repeat"),
	}[s])
}

// Move returns how an item came into a list of leaders, or out of it.
func (j *Job) Move(m abcxyz.Move) string {
	t := j.Text
	return j.Code(m.String(), map[abcxyz.Move]string{
		abcxyz.Listed:   t("в списке", "listed"),
		abcxyz.Entered:  t("вошёл", "entered"),
		abcxyz.Returned: t("вернулся", "returned"),
		abcxyz.Stayed:   t("остался", "stayed"),
		abcxyz.Left:     t("выбыл", "left"),
	}[m])
}
