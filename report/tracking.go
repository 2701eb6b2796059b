package report

import (
	"fmt"
	"slices"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/xuri/excelize/v2"
)

// models returns the scores that are of models, in the order of the columns of
// [ltv.TrackingPoint.Expected].
func (v *validationSheet) models() (list []*ltv.Score) {
	for i := range v.Scores {
		if !v.Scores[i].Baseline {
			list = append(list, &v.Scores[i])
		}
	}
	return list
}

// track keeps the weeks from the first with a customer on: before it all is 0.
func (v *validationSheet) track() {
	first := slices.IndexFunc(v.Tracking, func(p ltv.TrackingPoint) bool {
		return p.Actual > 0 || slices.ContainsFunc(p.Expected, func(e float64) bool { return e > 0 })
	})
	if first >= 0 {
		v.points = v.Tracking[first:]
	}
}

// trackingSheet sets the cumulative repeat purchases, week by week, beside what
// each model expected.
func (v *validationSheet) trackingSheet(b *book) {
	models := v.models()
	widths := []float64{14, 14, 15}
	for range models {
		widths = append(widths, 15, 12)
	}
	for len(widths) < 9 {
		widths = append(widths, 14) // for the texts and the chart
	}
	s := b.sheet(text{"Weekly tracking", "Прогноз по неделям"}, widths...)
	s.add(style{look: title}, text{"Weekly tracking: cumulative repeat purchases, actual and expected", "Прогноз по неделям: повторные покупки нарастающим итогом, факт и ожидание"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Customers acquired %s; the models know the days up to %s and foretell the rest", b.between(v.From, v.Cut), b.day(v.Cut)),
		fmt.Sprintf("Клиенты, пришедшие %s; модели знают дни до %s включительно и предсказывают остальное", b.between(v.From, v.Cut), b.day(v.Cut)),
	})
	v.track()
	if len(v.points) == 0 {
		s.add(style{look: prose}, text{"Nobody's first purchase is known: there is nothing to track.", "Ни у кого первая покупка не известна: отслеживать нечего."})
		return
	}
	var t *table
	columns := v.trackingColumns(b, models, &t)
	high := 360
	const under = 2 // rows under the chart, which some programs draw higher than others
	head := s.rows + high*3/4/chartRow + 1 + under + 1
	if len(v.points) > 1 {
		s.picture(1060, uint(high), func(at string, width, height uint) placed {
			return v.trackingChart(b, s, models, at, width, height, head)
		})
		s.skip(under)
	}
	t = s.table(len(v.points), false, columns)
	t.fill()
	t.repeat = t.head
	t.legend(text{
		"Expected is an output of the model and therefore a value; its miss is a formula.",
		"Ожидание — результат модели, поэтому это значение; промах — формула.",
	})
}

func (v *validationSheet) trackingColumns(b *book, models []*ltv.Score, t **table) []column {
	p := v.points
	columns := []column{
		{key: "day", name: text{"Up to", "По день"}, note: text{"the last day of a calendar week, or of the export", "последний день календарной недели или выгрузки"}, cell: func(i, _ int) any { return p[i].Day }},
		{key: "holdout", name: text{"Foretold", "Предсказано"}, style: style{align: "center"}, note: text{"the models have not seen these days", "этих дней модели не видели"}, cell: func(i, _ int) any { return flag(p[i].Holdout) }},
		{key: "actual", name: text{"Actual", "Факт"}, style: style{format: whole}, note: text{"repeat purchases of these customers so far", "повторных покупок этих клиентов с начала"}, cell: func(i, _ int) any { return p[i].Actual }},
	}
	for k, m := range models {
		name, key := b.modelName(m.Name), fmt.Sprint("expected", k)
		notes := [2]text{}
		if k == 0 {
			notes = [2]text{{"what the model expected so far, from its parameters alone", "сколько модель ожидала с начала — по одним её параметрам"}, {"expected ÷ actual − 1", "ожидалось ÷ было − 1"}}
		}
		columns = append(columns,
			column{key: key, name: text{name, name}, style: style{format: days}, note: notes[0], cell: func(i, _ int) any { return p[i].Expected[k] }},
			column{key: fmt.Sprint("miss", k), name: text{"miss", "промах"}, style: style{format: percent, align: "right"}, note: notes[1], cell: func(i, at int) any {
				if p[i].Actual == 0 {
					return nil
				}
				return formula{fmt.Sprintf("%s/%s-1", (*t).at(key, at), (*t).at("actual", at)), p[i].Expected[k]/p[i].Actual - 1}
			}})
	}
	return columns
}

// modelColours tell the lines of the models apart.
var modelColours = []string{"7F9F3F", "8E6BB0", "C9A227", "3A9C9C", "A65628", "6C7A89"}

// trackingChart draws the table whose header is in row head: what happened, the
// chosen model, and the others thinner.
func (v *validationSheet) trackingChart(b *book, s *sheet, models []*ltv.Score, at string, width, height uint, head int) placed {
	first, last := head+1, head+len(v.points)
	line := func(col int, colour string, wide float64, dash excelize.LineDashType) excelize.ChartSeries {
		return excelize.ChartSeries{
			Name: s.ref(col, head), Categories: s.span(1, first, 1, last), Values: s.span(col, first, col, last),
			Fill: solid(colour), Line: excelize.LineOptions{Width: wide, Dash: dash}, Marker: excelize.ChartMarker{Symbol: "none"},
		}
	}
	series := []excelize.ChartSeries{line(3, colourRepeat, 2.5, excelize.LineDashUnset)}
	for k, m := range models {
		colour, wide := modelColours[k%len(modelColours)], 1.0
		if m.Name == v.Chosen {
			colour, wide = colourLine, 2
		}
		series = append(series, line(4+2*k, colour, wide, excelize.LineDashSysDash))
	}
	every := max(1, len(v.points)/16)
	return placed{at, &excelize.Chart{
		Type: excelize.Line, Series: series,
		Title:     chartTitle(b.say(text{"Repeat purchases so far; models know the days up to " + b.day(v.Cut), "Повторные покупки с начала; модели знают дни до " + b.day(v.Cut)})),
		Dimension: excelize.ChartDimension{Width: width, Height: height},
		Legend:    excelize.ChartLegend{Position: "bottom"},
		YAxis:     excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, MajorGridLines: true, Font: small()},
		XAxis: excelize.ChartAxis{Font: small(), TickLabelSkip: every, NumFmt: excelize.ChartNumFmt{CustomNumFmt: numberFormats[date][b.lang]},
			Alignment: excelize.Alignment{TextRotation: -45}},
	}, nil}
}
