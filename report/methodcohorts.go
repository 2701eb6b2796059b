package report

// methodRoles are the definitions of who wins and who keeps customers.
var methodRoles = []definition{
	{text{"Hunters and farmers", "Охотники и фермеры"}, text{
		"First-deal money belongs to hunters, repeat money to farmers, by the salesperson of the deal. The role compares a salesperson's shares of all first and of all repeat money.",
		"Деньги первых сделок — охотникам, повторных — фермерам, по продавцу сделки. Роль сравнивает долю продавца во всех первых и во всех повторных деньгах."}},
	{text{"Handover", "Передача клиента"}, text{
		"The salesperson of the customer's latest purchase is not that of the first one in the export. Its day is that of the first purchase with the latest salesperson after the last one with anybody else.",
		"Продавец последней покупки клиента — не тот, у кого была первая в выгрузке. День передачи — первая покупка у нынешнего продавца после последней покупки у другого."}},
}

// methodFlags is the definition of the CRM flag's agreement.
var methodFlags = []definition{
	{text{"The CRM's flag", "Признак CRM"}, text{
		"Compared deal by deal with the purchases of the export; it decides nothing. A deal of the day of a customer's first purchase is a first one.",
		"Сравнивается с покупками выгрузки сделка за сделкой и ни на что не влияет. Любая сделка в день первой покупки клиента — первая."}},
}

// methodAges are the definitions of what a cohort table has beside its ages.
var methodAges = []definition{
	{text{"Interval of retention", "Интервал удержания"}, text{
		"Wilson's score interval: how far chance alone may have moved the share of so few customers. E. B. Wilson, JASA 22 (1927). Of 8 of 22 it is 19.7–57.0 %.",
		"Интервал Уилсона: насколько доля столь немногих клиентов могла сдвинуться случайно. E. B. Wilson, JASA 22 (1927). Для 8 из 22 — 19,7–57,0 %."}},
	{text{"Unbounded retention", "Удержание «тогда или позже»"}, text{
		"The share of the cohort that bought at an age or later, up to the day of the report: a lower bound, for what is still to come is not in it.",
		"Доля когорты, купившая в данном возрасте или позже, до даты отчёта: оценка снизу, ведь будущих покупок в выгрузке нет."}},
	{text{"Ages in days", "Возраст в днях"}, text{
		"Counted from each customer's own first purchase and all equally long, so that cohorts compare. A cell is whole when it is for the cohort's last customer.",
		"Считается от первой покупки самого клиента, все отрезки равной длины, поэтому когорты сравнимы. Ячейка полная, если она полная для последнего клиента когорты."}},
}

// methodValue is the definition of the value of a customer by age.
var methodValue = []definition{
	{text{"Value by age", "Ценность по возрасту"}, text{
		"What the acquired customers have brought up to an age ÷ all of them, beside the cost of winning one. Paid back at the first age at which they have brought what they cost.",
		"Сколько принесли привлечённые клиенты к данному возрасту ÷ все они — рядом со стоимостью привлечения. Окупились в первом возрасте, когда принесли не меньше, чем стоили."}},
}

// methodRetention is the definition of revenue retention.
var methodRetention = []definition{
	{text{"Revenue retention", "Удержание выручки"}, text{
		"Revenue now of the customers who had some in the base period ÷ their revenue then (net, NRR); the same with each one's revenue now capped at that of then (gross, GRR). One who is absent counts 0, customers newly seen are left out.",
		"Нынешняя выручка клиентов, у которых она была в базовом периоде, ÷ их тогдашняя (чистое, NRR); то же, но сейчас никто не считается больше, чем тогда (валовое, GRR). Отсутствующий считается нулём, новые не входят."}},
}
