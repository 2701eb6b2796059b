package report

// methodLTV are the definitions of what customers are expected to bring.
var methodLTV = []definition{
	{text{"Value to date", "Ценность на сегодня"}, text{
		"What the customer has brought: the first purchase and all later ones apart, less what winning the customer cost. It is counted, not predicted.",
		"Сколько клиент уже принёс: первая покупка и все остальные отдельно, за вычетом стоимости привлечения. Это подсчёт, а не прогноз."}},
	{text{"x, t, T", "x, t, T"}, text{
		"All that the models know of a customer: repeat purchase days x, days t from the first to the latest purchase (recency as in the literature), days T from the first purchase to the day of the report. Deals of one day are one purchase.",
		"Всё, что модели знают о клиенте: число повторных дней покупки x, дней t от первой покупки до последней, дней T от первой покупки до даты отчёта. Сделки одного дня — одна покупка."}},
	{text{"Models of purchases", "Модели покупок"}, text{
		"Customers buy at random, each at a rate of their own, until they leave unseen. NBD: nobody leaves (Ehrenberg 1959). Pareto/NBD: they leave at any time (Schmittlein, Morrison, Colombo 1987). BG/NBD: after a purchase, a one-time buyer never (Fader, Hardie, Lee 2005). MBG/NBD: after any purchase, the first one too (Batislam, Denizel, Filiztekin 2007). Fitted by maximum likelihood to customers whose first purchase is known.",
		"Клиенты покупают случайно, каждый со своей частотой, пока незаметно не уйдут. NBD: не уходит никто (Ehrenberg 1959). Pareto/NBD: уходят в любой момент (Schmittlein, Morrison, Colombo 1987). BG/NBD: после покупки, а купивший один раз — никогда (Fader, Hardie, Lee 2005). MBG/NBD: после любой покупки, и первой тоже (Batislam, Denizel, Filiztekin 2007). Подбираются по наибольшему правдоподобию на клиентах, чья первая покупка известна."}},
	{text{"P(alive)", "P(активен)"}, text{
		"The probability that the customer has not left, given x, t and T: long silence says little of someone who buys once a year and much of someone who bought every week.",
		"Вероятность, что клиент не ушёл, при его x, t и T: долгое молчание мало говорит о том, кто покупает раз в год, и много — о том, кто покупал каждую неделю."}},
	{text{"Worth of a purchase", "Ценность покупки"}, text{
		"Gamma-Gamma (Fader, Hardie 2013): the customer's own mean of repeat purchases, drawn towards that of all; where profits of zero and below are frequent, the same by normal distributions. Both suppose that frequent buyers do not spend more or less per purchase; the sheet of the model tests it.",
		"Гамма-гамма (Fader, Hardie 2013): среднее повторных покупок клиента, сдвинутое к общему; где часты нулевые и отрицательные прибыли — то же с нормальными распределениями. Обе модели предполагают, что частые покупатели не тратят за раз больше или меньше; проверка — на листе модели."}},
	{text{"CLV", "CLV"}, text{
		"Expected purchases in the horizon, each discounted from its day, times the expected worth of one. Neither the first purchase nor acquisition is in it.",
		"Ожидаемые за горизонт покупки, каждая дисконтирована со своего дня, на ожидаемую ценность одной. Первой покупки и привлечения в нём нет."}},
	{text{"Intervals of LTV", "Интервалы LTV"}, text{
		"Of futures drawn at random: the parameters vary as far as the data leave them open, the customer's own rate and moment of leaving as far as the history leaves them open, purchases as the model says. Seasons, prices and campaigns are not covered.",
		"По случайно разыгранным вариантам будущего: параметры меняются в пределах их ошибки, частота и уход клиента — насколько их не определяет его история, покупки — как говорит модель. Сезоны, цены и акции не учтены."}},
	{text{"Enough data", "Достаточно ли данных"}, text{
		"500 customers, 180 days, a purchase in the last 30 days, some customers with three purchases or more (the thresholds of Klaviyo, which predicts nothing below them). Here there is a prediction all the same, with a warning.",
		"500 клиентов, 180 дней, покупка за последние 30 дней и клиенты с тремя покупками и больше (пороги Klaviyo, который ниже них прогноза не даёт). Здесь прогноз есть и тогда, но с предупреждением."}},
}

// methodValidation are the definitions of how models are put to the test.
var methodValidation = []definition{
	{text{"Hold-out", "Проверка на отложенных днях"}, text{
		"Models are fitted to the days up to a cut and foretell those after it, for customers acquired before it. Weekly tracking and deciles as in Fader, Hardie, Lee 2005.",
		"Модели подбираются по дням до границы и предсказывают дни после неё — для клиентов, пришедших до неё. Сравнение по неделям и децилям — как у Fader, Hardie, Lee 2005."}},
	{text{"Rolling origins", "Скользящие срезы"}, text{
		"How the model is chosen: from several days of the second half each foretells the days after (Tashman 2000); the least mean miss per customer wins, as a part of what the mean rate of all misses. The hold-out does not choose. The log score beside it is of Gneiting, Raftery 2007.",
		"Так выбирается модель: с нескольких дней второй половины каждая предсказывает следующие (Tashman 2000); побеждает наименьший средний промах на клиента в долях промаха средней частоты. Отложенные дни не выбирают. Логарифм вероятности рядом — по Gneiting, Raftery 2007."}},
}
