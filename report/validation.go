package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/ltv"
)

// validationSheet sets models and baselines side by side: how well each, fitted
// to the first part of the export, foretold the rest.
type validationSheet struct {
	*ltv.Validation
	sheet  *sheet
	scores *table
	best   int                 // of Scores; -1: none was chosen
	points []ltv.TrackingPoint // that are shown
}

func (b *book) validationSheet() *validationSheet {
	v := &validationSheet{Validation: b.Validation, best: -1}
	for i := range v.Scores {
		if v.Scores[i].Name == v.Chosen {
			v.best = i
		}
	}
	s := b.sheet(text{"Comparison of models", "Сравнение моделей"}, 34, 12, 15, 15, 12, 15, 15, 11, 11, 11, 13, 11, 13, 13)
	v.sheet = s
	s.left = 1
	s.add(style{look: title}, text{"Comparison of models: who foretold what came", "Сравнение моделей: кто предсказал то, что было"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Fitted to %s; foretold %s (%d days)", b.between(v.From, v.Cut), b.between(v.Cut+1, v.AsOf), v.HoldoutDays),
		fmt.Sprintf("Подобраны по %s; предсказывали %s (%d дн.)", b.between(v.From, v.Cut), b.between(v.Cut+1, v.AsOf), v.HoldoutDays),
	})
	s.paragraph(prose, 0, b.say(text{
		"No day of the second part had a say in which model is chosen: that was decided by rolling origins inside the first part. The baselines need no model; one that does not beat them has found nothing.",
		"Ни один день второй части не участвовал в выборе модели: её выбрали скользящие срезы внутри первой. Простые правила модели не требуют; кто их не обошёл, ничего не нашёл.",
	}))
	for _, w := range v.Warnings {
		if w.Code != "missed" { // the verdict says that at length
			s.paragraph(alarm, 0, b.warning(w))
		}
	}
	v.verdict(b)
	v.used(b)
	s.skip(1)
	v.scores = s.table(len(v.Scores), false, v.columns(b))
	v.scores.fill()
	v.facts(b)
	v.origins(b)
	v.scores.legend(text{
		"Metrics of single customers are values: the customers themselves are not in this table. The miss is a formula.",
		"Метрики по клиентам — значения: самих клиентов в этой таблице нет. Промах — формула.",
	})
	return v
}

// bias returns the cell of the miss of the chosen model.
func (v *validationSheet) bias() string {
	return v.sheet.ref(v.scores.col("bias"), v.scores.first+v.best)
}

// verdict says by how much the chosen model misses, and why that is normal.
func (v *validationSheet) verdict(b *book) {
	if v.best < 0 || math.IsNaN(v.Scores[v.best].Bias) {
		return
	}
	m := &v.Scores[v.best]
	name, miss, level := b.modelName(m.Name), b.percentText(math.Abs(m.Bias)), ""
	few := text{"too few", "меньше"}
	if m.Bias > 0 {
		few = text{"too many", "больше"}
	}
	switch {
	case math.IsNaN(m.Low):
	case m.Low <= v.Holdout && v.Holdout <= m.High:
		level = b.say(text{" What happened is inside the model's own interval.", " Что было, лежит внутри интервала самой модели."})
	default:
		level = b.say(text{
			" What happened is outside the model's own interval: something changed that past purchases do not show, or customers differ otherwise than the model supposes.",
			" Что было, лежит вне интервала самой модели: изменилось то, чего по прошлым покупкам не видно, или клиенты различаются не так, как предполагает модель.",
		})
	}
	s := v.sheet
	s.paragraph(figure, 0, b.say(text{
		fmt.Sprintf("%s expected %.0f purchases of these customers, %.0f came: %s %s.", name, m.Expected, v.Holdout, miss, few[English]),
		fmt.Sprintf("%s: ожидалось покупок этих клиентов %.0f, было %.0f — на %s %s.", name, m.Expected, v.Holdout, miss, few[Russian]),
	})+level)
	s.paragraph(prose, 0, b.say(text{
		"Why a miss is normal: chance alone moves the number of purchases, more so for few customers; seasons, prices and campaigns of the days foretold are in no past purchase; and rates of buying change, which these models take for constant. In the data that this field has published most about (CDNOW, 39 weeks foretold from 39) the best models expect 11–16 % too few. A single customer is foretold far worse than all together: the mean miss per customer (MAE) is of the size of what most buy.",
		"Почему промах обычен: число покупок меняет сам случай, и тем сильнее, чем меньше клиентов; сезонов, цен и акций предсказываемых дней в прошлых покупках нет; а частота покупок меняется, хотя модели считают её постоянной. На самых изученных данных этой области (CDNOW, 39 недель предсказаны по 39) лучшие модели ожидают на 11–16 % меньше, чем было. Отдельный клиент предсказуем гораздо хуже, чем все вместе: средний промах на клиента (MAE) — того же порядка, что сами его покупки.",
	}))
}

// used says which model the predictions of the book are by, if it is another.
func (v *validationSheet) used(b *book) {
	if b.LTV == nil || b.LTV.Choice == nil || b.LTV.Model.Name() == v.Chosen {
		return
	}
	name := b.modelName(b.LTV.Model.Name())
	v.sheet.paragraph(prose, 0, b.say(text{
		"The predictions of this book are by " + name + ": with all days of the export the rolling origins choose that.",
		"Прогноз в этой книге — по " + name + ": со всеми днями выгрузки скользящие срезы выбирают её.",
	}))
}

// columns returns the columns of the metrics.
func (v *validationSheet) columns(b *book) []column {
	of := func(i int) *ltv.Score { return &v.Scores[i] }
	plain := func(key string, name, note text, f format, value func(*ltv.Score) float64) column {
		return column{key: key, name: name, note: note, style: style{format: f, align: "right"}, cell: func(i, _ int) any { return value(of(i)) }}
	}
	return []column{
		{key: "model", name: text{"Model or baseline", "Модель или простое правило"}, cell: func(i, _ int) any { return b.modelName(of(i).Name) }},
		{key: "chosen", name: text{"Chosen", "Выбрана"}, style: style{align: "center"}, note: text{"by the rolling origins below", "по скользящим срезам ниже"}, cell: func(i, _ int) any { return flag(i == v.best) }},
		plain("expected", text{"Expected", "Ожидалось"}, text{"purchases of all customers in the days foretold", "покупок всех клиентов в предсказанные дни"}, days, func(s *ltv.Score) float64 { return s.Expected }),
		plain("actual", text{"Actual", "Было"}, text{"the same, as it came", "то же на деле"}, days, func(*ltv.Score) float64 { return v.Holdout }),
		{key: "bias", name: text{"Miss", "Промах"}, style: style{format: percent, align: "right"}, note: text{"expected ÷ actual − 1; minus: too few", "ожидалось ÷ было − 1; минус — меньше, чем было"},
			cell: func(i, at int) any {
				actual := v.scores.at("actual", at)
				return formula{fmt.Sprintf("IF(%s=0,%s,%s/%s-1)", actual, quote(b.say(undefined)), v.scores.at("expected", at), actual), of(i).Bias}
			}},
		plain("low", text{"Not less", "Не меньше"}, text{"end of the model's interval of the sum; a baseline has none", "граница интервала модели для суммы; у простых правил его нет"}, days, func(s *ltv.Score) float64 { return s.Low }),
		plain("high", text{"Not more", "Не больше"}, text{"the other end", "другая граница"}, days, func(s *ltv.Score) float64 { return s.High }),
		plain("mae", text{"MAE", "MAE"}, text{"mean |expected − actual| per customer", "среднее |ожидалось − было| на клиента"}, fine, func(s *ltv.Score) float64 { return s.MAE }),
		plain("rmse", text{"RMSE", "RMSE"}, text{"root of the mean square: large misses count more", "корень из среднего квадрата: большие промахи весят больше"}, fine, func(s *ltv.Score) float64 { return s.RMSE }),
		plain("msle", text{"MSLE", "MSLE"}, text{"mean square of the difference of logarithms, ln(1 + purchases): small numbers count too", "средний квадрат разности логарифмов ln(1 + покупки): малые числа тоже весят"}, fine, func(s *ltv.Score) float64 { return s.MSLE }),
		plain("spearman", text{"Rank correlation", "Связь рангов"}, text{"Spearman, −1 to 1: whether those who were expected to buy more did", "Спирмен, от −1 до 1: больше ли купили те, от кого ожидалось больше"}, fine, func(s *ltv.Score) float64 { return s.Spearman }),
		plain("gini", text{"Gini", "Джини"}, text{"normalised: 1 is the perfect order of customers, 0 none", "нормированный: 1 — идеальный порядок клиентов, 0 — никакого"}, fine, func(s *ltv.Score) float64 { return s.Gini }),
		plain("log", text{"Log score", "Логарифм вероятности"}, text{"mean logarithm of the probability of what came: the higher the better", "средний логарифм вероятности того, что было: чем выше, тем лучше"}, fine, func(s *ltv.Score) float64 { return s.Log }),
		plain("coverage", text{"Coverage", "Покрытие"}, text{"share of customers whose purchases lie in their interval", "доля клиентов, чьи покупки попали в их интервал"}, percent, func(s *ltv.Score) float64 { return s.Coverage }),
	}
}

// facts is who was foretold.
func (v *validationSheet) facts(b *book) {
	s := v.sheet
	s.skip(1)
	line := func(name text, value float64) {
		s.add(style{}, name, nil, styled{style{format: whole}, value})
	}
	line(text{"Customers foretold", "Предсказано клиентов"}, v.Customers)
	line(text{"Their repeat purchases before", "Их повторных покупок до того"}, v.Calibration)
	line(text{"Their purchases foretold", "Их предсказанных покупок"}, v.Holdout)
}

// origins is how the model was chosen.
func (v *validationSheet) origins(b *book) {
	s, c := v.sheet, v.Choice
	if c == nil {
		return
	}
	s.skip(1)
	s.add(style{look: section}, text{"How the model was chosen: rolling origins inside the first part", "Как выбрана модель: скользящие срезы внутри первой части"})
	if len(c.Origins) == 0 || !slices.ContainsFunc(c.Origins[0].Scores, isMeanRate) {
		s.add(style{look: prose}, text{"The days are too few for any origin: the first model that knows of leaving is taken.", "Дней для срезов мало: взята первая модель, которая знает уход."})
		return
	}
	models := c.Origins[0].Scores
	baseline := slices.IndexFunc(models, isMeanRate)
	var t *table
	columns := []column{
		{key: "origin", name: text{"Last day known", "Последний известный день"}, style: style{align: "center"}, totals: text{"Sum", "Сумма"}, cell: func(i, _ int) any { return c.Origins[i].Day }},
		{key: "until", name: text{"Foretold to", "Предсказано до"}, cell: func(i, _ int) any { return c.Origins[i].Until }},
		{key: "customers", name: text{"Customers", "Клиентов"}, style: style{format: whole}, cell: func(i, _ int) any { return c.Origins[i].Customers }},
		{key: "actual", name: text{"Actual", "Было"}, style: style{format: whole}, cell: func(i, _ int) any { return c.Origins[i].Actual }},
		v.missed(b, baseline),
	}
	for k := range models {
		if k != baseline && len(columns)+2 <= len(s.widths) { // a sheet that is read has an end to the right
			columns = append(columns, v.missed(b, k), v.relative(k, baseline, &t))
		}
	}
	t = s.table(len(c.Origins), false, columns)
	t.fill()
	s.paragraph(prose, 0, b.say(text{
		"Each row foretells from its day on. Chosen is the least sum of MAE ÷ that of the mean rate, among the models in which a customer who bought once can have left: " + v.candidates(b) + ".",
		"Каждая строка предсказывает со своего дня. Выбирается наименьшая сумма MAE ÷ MAE средней частоты — среди моделей, где и купивший один раз мог уйти: " + v.candidates(b) + ".",
	}))
}

func isMeanRate(s ltv.Score) bool { return s.Name == ltv.MeanRate }

// missed is the column of the mean miss of score k at each origin.
func (v *validationSheet) missed(b *book, k int) column {
	name := b.modelName(v.Choice.Origins[0].Scores[k].Name)
	return column{key: fmt.Sprint("mae", k), name: text{name + ": MAE", name + ": MAE"}, style: style{format: fine, align: "right"},
		cell: func(i, _ int) any { return v.Choice.Origins[i].Scores[k].MAE }}
}

// relative is that of the same as a part of the baseline's.
func (v *validationSheet) relative(k, baseline int, t **table) column {
	key, sum := fmt.Sprint("relative", k), 0.0
	part := func(i int) float64 {
		o := v.Choice.Origins[i].Scores
		if o[baseline].MAE > 0 {
			return o[k].MAE / o[baseline].MAE
		}
		return math.NaN()
	}
	for i := range v.Choice.Origins {
		if p := part(i); !math.IsNaN(p) {
			sum += p
		}
	}
	return column{key: key, name: text{"÷ mean rate", "÷ средняя частота"}, style: style{format: fine, align: "right"},
		cell: func(i, at int) any {
			if math.IsNaN(part(i)) {
				return nil
			}
			return formula{(*t).at(fmt.Sprint("mae", k), at) + "/" + (*t).at(fmt.Sprint("mae", baseline), at), part(i)}
		},
		totals: func() any { return (*t).sum(key, sum) }}
}

func (v *validationSheet) candidates(b *book) (list string) {
	for i, c := range v.Choice.Candidates {
		if i > 0 {
			list += ", "
		}
		list += b.modelName(c)
	}
	return list
}
