package report

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/xuri/excelize/v2"
)

// calibrationSheet sets what was expected of each tenth of the customers beside
// what they bought: of the chosen model with its chart, then of all the others.
func (v *validationSheet) calibrationSheet(b *book) {
	s := b.sheet(text{"Calibration by decile", "Калибровка по децилям"}, 30, 14, 18, 18, 18, 18, 14)
	s.add(style{look: title}, text{"Calibration by decile: do those of whom more is expected buy more?", "Калибровка по децилям: больше ли покупают те, от кого больше ждут?"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Purchases of %s (%d days), foretold from the days before", b.between(v.Cut+1, v.AsOf), v.HoldoutDays),
		fmt.Sprintf("Покупки за %s (%d дн.), предсказанные по дням до этого", b.between(v.Cut+1, v.AsOf), v.HoldoutDays),
	})
	s.paragraph(prose, 0, b.say(text{
		"Customers in the order of what was expected of them, in tenths: decile 1 are those of whom most was. A good model has both figures close in every row, not in the total alone.",
		"Клиенты по убыванию ожидания, по десятым долям: дециль 1 — от кого ждали больше всех. У хорошей модели обе цифры близки в каждой строке, а не только в итоге.",
	}))
	order := make([]*ltv.Score, 0, len(v.Scores))
	if v.best >= 0 {
		order = append(order, &v.Scores[v.best])
	}
	for i := range v.Scores {
		if i != v.best {
			order = append(order, &v.Scores[i])
		}
	}
	var told *table
	for i, m := range order {
		switch {
		case len(m.Deciles) == 0:
			continue
		case i%2 == 1 && told != nil: // with the chart of the first, two tables are a page
			s.pageBreak()
		default:
			s.skip(1)
		}
		name := text{b.modelName(m.Name), b.modelName(m.Name)}
		if m.Name == v.Chosen {
			name = text{name[English] + ": the chosen model", name[Russian] + ": выбранная модель"}
		}
		s.add(style{look: section}, name)
		t := v.deciles(s, m)
		if told == nil {
			told = t
		}
		if i == 0 && v.best >= 0 {
			s.skip(1)
			s.picture(900, 320, func(at string, width, height uint) placed { return decileChart(b, t, at, width, height) })
		}
	}
	if told != nil {
		told.legend(text{
			"What was expected is an output of the model and therefore a value; sums and misses are formulas.",
			"Ожидание — результат модели, поэтому это значение; суммы и промахи — формулы.",
		})
	}
}

// deciles lays out the table of one model.
func (v *validationSheet) deciles(s *sheet, m *ltv.Score) *table {
	var t *table
	var customers, expected, actual float64
	for _, d := range m.Deciles {
		customers += d.Customers
		expected += d.Customers * d.Expected
		actual += d.Customers * d.Actual
	}
	of := func(i int) ltv.Decile { return m.Deciles[i] }
	product := func(key string, name, note text, each string, v func(ltv.Decile) float64, sum float64) column {
		return column{key: key, name: name, note: note, style: style{format: days},
			cell: func(i, at int) any {
				return formula{t.at("customers", at) + "*" + t.at(each, at), of(i).Customers * v(of(i))}
			},
			totals: func() any { return t.sum(key, sum) }}
	}
	mean := func(key string, name, note text, sum string, v func(ltv.Decile) float64, all float64) column {
		return column{key: key, name: name, note: note, style: style{format: fine, align: "right"},
			cell: func(i, _ int) any { return v(of(i)) },
			totals: func() any {
				if customers == 0 {
					return math.NaN()
				}
				return formula{t.at(sum, t.totals) + "/" + t.at("customers", t.totals), all / customers}
			}}
	}
	miss := func(i, at int) any {
		e, a := expected, actual
		if i >= 0 {
			e, a = of(i).Customers*of(i).Expected, of(i).Customers*of(i).Actual
		}
		if a == 0 {
			return math.NaN()
		}
		return formula{fmt.Sprintf("%s/%s-1", t.at("all_expected", at), t.at("all_actual", at)), e/a - 1}
	}
	t = s.table(len(m.Deciles), false, []column{
		{key: "decile", name: text{"Decile", "Дециль"}, style: style{format: whole, align: "center"}, totals: totalLabel,
			note: text{"a tenth of the customers, by what was expected of them; 1: the most", "десятая часть клиентов по ожиданию; 1 — наибольшее"}, cell: func(i, _ int) any { return i + 1 }},
		{key: "customers", name: text{"Customers", "Клиентов"}, style: style{format: quantity},
			note: text{"in the decile; whom two deciles share counts in parts", "в дециле; кого делят два дециля, сосчитан по частям"}, cell: func(i, _ int) any { return of(i).Customers }, totals: func() any { return t.sum("customers", customers) }},
		mean("expected", text{"Expected per customer", "Ожидалось на клиента"}, text{"purchases", "покупок"}, "all_expected", func(d ltv.Decile) float64 { return d.Expected }, expected),
		mean("actual", text{"Actual per customer", "Было на клиента"}, text{"purchases of the same customers", "покупок тех же клиентов"}, "all_actual", func(d ltv.Decile) float64 { return d.Actual }, actual),
		product("all_expected", text{"Expected of the decile", "Ожидалось от дециля"}, text{"customers × expected per customer", "клиенты × ожидание на клиента"}, "expected", func(d ltv.Decile) float64 { return d.Expected }, expected),
		product("all_actual", text{"Actual of the decile", "Было у дециля"}, text{"customers × actual per customer", "клиенты × было на клиента"}, "actual", func(d ltv.Decile) float64 { return d.Actual }, actual),
		both(column{key: "miss", name: text{"Miss", "Промах"}, style: style{format: percent, align: "right"}, note: text{"expected ÷ actual − 1; n/a where nothing was bought", "ожидалось ÷ было − 1; н/д, где ничего не купили"}}, &t, miss),
	})
	t.fill()
	return t
}

// decileChart draws the two means of each decile.
func decileChart(b *book, t *table, at string, width, height uint) placed {
	bars := func(key, colour string) excelize.ChartSeries {
		return excelize.ChartSeries{Name: t.sheet.ref(t.col(key), t.head), Categories: t.span("decile"), Values: t.span(key), Fill: solid(colour)}
	}
	return placed{at, &excelize.Chart{
		Type:      excelize.Col,
		Series:    []excelize.ChartSeries{bars("actual", colourRepeat), bars("expected", colourFirst)},
		Title:     chartTitle(b.say(text{"Purchases per customer by decile of what was expected", "Покупок на клиента по децилям ожидания"})),
		Dimension: excelize.ChartDimension{Width: width, Height: height},
		Legend:    excelize.ChartLegend{Position: "bottom"},
		YAxis:     excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0.0"}, MajorGridLines: true, Font: small()},
		XAxis:     excelize.ChartAxis{Font: small()}, GapWidth: gap(60), VaryColors: oneColour(),
	}, nil}
}
