package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/xuri/excelize/v2"
)

// concentrationSheet is on how few items the money rests.
type concentrationSheet struct {
	*abcxyz.Concentration
	sheet *sheet
	list  *table // of the ranking that it is of, if the workbook has that; else nil
}

func (b *book) concentrationSheet(all []*ranking) {
	x := &concentrationSheet{Concentration: b.Concentration}
	for _, r := range all {
		if x.of(r) {
			x.list = r.list
		}
	}
	x.sheet = b.sheet(text{"Concentration", "Концентрация"}, 46, 18, 18, 18, 18)
	s := x.sheet
	o := x.Options
	value, f := b.measure(o.Measure)
	s.add(style{look: title}, text{"Concentration", "Концентрация"})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s: %s, %s", itemNames[o.By].many[English], value[English], b.between(o.Scope.From, o.Scope.AsOf)),
		fmt.Sprintf("%s: %s, %s", itemNames[o.By].many[Russian], value[Russian], b.between(o.Scope.From, o.Scope.AsOf)),
	})
	s.skip(1)
	n, base := x.figures(b, f)
	if x.Base == 0 {
		return
	}
	s.skip(1)
	x.largest(b, f, base)
	s.pageBreak()
	x.curve(b, f, n, base)
	s.paragraph(prose, 0, b.say(text{
		"Gini: 0 — all bring the same, near 1 — one brings everything. The index of concentration (Herfindahl–Hirschman, the sum of squared shares) is 10,000 where one brings everything; above 1,800 a market is called highly concentrated (US merger guidelines, 2023). Items below zero (returns) have no share and stand apart.",
		"Джини: 0 — все приносят поровну, около 1 — всё приносит один. Индекс концентрации (Херфиндаля — Хиршмана, сумма квадратов долей) равен 10 000, если всё приносит один; выше 1 800 рынок называют сильно концентрированным (США, 2023). Позиции с минусом (возвраты) доли не имеют и показаны отдельно.",
	}))
	if x.list == nil {
		s.paragraph(alarm, 0, b.say(text{
			"The list that these figures are of is not in this workbook, so the indices are values, not formulas.",
			"Списка, по которому посчитаны эти показатели, в книге нет, поэтому индексы — значения, а не формулы.",
		}))
	}
}

// of reports whether the list of r holds every item of x.
func (x *concentrationSheet) of(r *ranking) bool {
	if r.Options.By != x.Options.By || r.Options.Measure != x.Options.Measure || r.list.shown < len(r.Items) || len(r.Items) == 0 {
		return false
	}
	c := r.Concentration()
	return c.Items == x.Items && c.Base == x.Base && c.NegativeSum == x.NegativeSum && c.Gini == x.Gini && c.HHI == x.HHI
}

// live returns f, which refers to the list, or its value if that is not there.
func (x *concentrationSheet) live(f func() string, cached any) any {
	if x.list == nil || !x.list.live {
		return cached
	}
	return formula{f(), cached}
}

// figures lays out the indices and returns the cells of the number of items and of the base.
func (x *concentrationSheet) figures(b *book, f format) (n, base string) {
	s := x.sheet
	s.add(style{look: header}, text{"Figure", "Показатель"}, text{"Value", "Значение"})
	value := func() string { return x.list.span("value") }
	row := func(f format, name text, v any) string {
		return fmt.Sprintf("$B$%d", s.add(style{}, name, styled{style{format: f, look: figure}, v}))
	}
	n = row(whole, text{"Items, not below zero", "Позиций, не меньше нуля"}, x.live(func() string { return fmt.Sprintf(`COUNTIF(%s,">=0")`, value()) }, x.Items))
	base = row(f, text{"What they bring", "Сколько они приносят"}, x.live(func() string { return fmt.Sprintf(`SUMIF(%s,">0")`, value()) }, x.Base))
	row(whole, text{"Items below zero", "Позиций меньше нуля"}, x.live(func() string { return fmt.Sprintf(`COUNTIF(%s,"<0")`, value()) }, x.NegativeItems))
	row(f, text{"Their sum", "Их сумма"}, x.live(func() string { return fmt.Sprintf(`SUMIF(%s,"<0")`, value()) }, x.NegativeSum))
	if x.Base == 0 {
		row(number, text{"Gini", "Джини"}, x.Gini)
		return n, base
	}
	row(fine, text{"Gini", "Джини"}, x.live(func() string {
		return fmt.Sprintf("(%s+1)/%s-2*SUMPRODUCT(%s,%s)/%s/%s", n, n, x.rows("rank", 0, x.Items), x.rows("value", 0, x.Items), n, base)
	}, x.Gini))
	row(days, text{"Index of concentration, of 10,000", "Индекс концентрации, из 10 000"}, x.live(func() string {
		return fmt.Sprintf("10000*SUMSQ(%s)/%s^2", x.rows("value", 0, x.Items), base)
	}, x.HHI))
	row(whole, text{"Fewest items that bring 80 %, see the parameters", "Сколько крупнейших приносят 80 %, см. параметры"}, x.live(func() string {
		return fmt.Sprintf(`1+COUNTIF(%s,"<"&%s*%s)`, x.rows("cum", 0, x.Items), x.bound(b), base)
	}, x.Pareto))
	return n, base
}

// bound lays out the share whose bringers are counted, and returns its name.
func (x *concentrationSheet) bound(b *book) string {
	b.params.section(text{"Concentration", "Концентрация"})
	return b.params.live("Concentration_Behind", percent, text{"Share whose bringers are counted", "Доля суммы, для которой считаем крупнейших"}, 0.8,
		text{"the fewest items that bring so much together", "сколько крупнейших приносят столько вместе"})
}

// largest lays out the shares of the largest.
func (x *concentrationSheet) largest(b *book, f format, base string) {
	s := x.sheet
	s.add(style{look: header}, text{"The largest", "Крупнейшие"}, text{"Number", "Количество"}, text{"Sum", "Сумма"}, text{"Share", "Доля"})
	for _, t := range x.Top {
		at := s.rows + 1
		s.add(style{}, text{fmt.Sprintf("the %d largest", t.Items), fmt.Sprintf("крупнейшие: %d", t.Items)}, styled{style{format: whole}, t.Items},
			styled{style{format: f}, x.live(func() string { return "SUM(" + x.rows("value", 0, t.Items) + ")" }, t.Sum)},
			styled{style{format: percent}, formula{fmt.Sprintf("C%d/%s", at, base), t.Share}})
	}
	at := s.rows + 1
	s.add(style{look: total}, text{"all", "все"}, styled{style{look: total, format: whole}, x.Items}, styled{style{look: total, format: f}, formula{base, x.Base}},
		styled{style{look: total, format: percent}, formula{fmt.Sprintf("C%d/%s", at, base), 1.0}})
}

// rows returns a reference to a column of the list, from rank from, counted from
// 0, to before rank to.
func (x *concentrationSheet) rows(key string, from, to int) string {
	col := x.list.col(key)
	return x.list.sheet.span(col, x.list.first+from, col, x.list.first+to-1)
}

// curve lays out the Lorenz curve and its chart.
func (x *concentrationSheet) curve(b *book, f format, n, base string) {
	s := x.sheet
	above := s.rows
	s.picture(700, 420, func(at string, width, height uint) placed {
		head := above + int(height)*3/4/chartRow + 1 + underChart + 1
		return x.chart(b, at, width, height, head)
	})
	s.skip(underChart)
	s.addHigh(30, style{look: header}, text{"Lorenz curve: the smallest", "Кривая Лоренца: мельчайшие"}, text{"Number", "Количество"}, text{"What they bring", "Сколько приносят"},
		text{"Share of the number", "Доля количества"}, text{"Share of what is brought", "Доля суммы"})
	for _, p := range x.Lorenz {
		at := s.rows + 1
		sum := any(p.Sum)
		if p.Items > 0 {
			sum = x.live(func() string { return "SUM(" + x.rows("value", x.Items-p.Items, x.Items) + ")" }, p.Sum)
		}
		s.add(style{}, text{fmt.Sprintf("the %d smallest", p.Items), fmt.Sprintf("мельчайшие: %d", p.Items)}, styled{style{format: whole}, p.Items}, styled{style{format: f}, sum},
			styled{style{format: percent}, formula{fmt.Sprintf("B%d/%s", at, n), p.ItemShare}},
			styled{style{format: percent}, formula{fmt.Sprintf("C%d/%s", at, base), p.SumShare}})
	}
}

// underChart is how many rows stay empty under the chart, which some programs
// draw higher than others.
const underChart = 4

// chart draws the curve, whose table has its header in row head, and the line of
// equality. The points are evenly spaced, so a line chart shows their true place.
func (x *concentrationSheet) chart(b *book, at string, width, height uint, head int) placed {
	s, first, last := x.sheet, head+1, head+len(x.Lorenz)
	zero, one := 0.0, 1.0
	percent := excelize.ChartNumFmt{CustomNumFmt: "0%"}
	line := func(col int, colour string) excelize.ChartSeries {
		return excelize.ChartSeries{
			Name:       s.ref(col, head),
			Categories: s.span(4, first, 4, last), Values: s.span(col, first, col, last),
			Fill:   solid(colour),
			Line:   excelize.LineOptions{Width: 2},
			Marker: excelize.ChartMarker{Symbol: "none"},
		}
	}
	return placed{at, &excelize.Chart{
		Type:      excelize.Line,
		Series:    []excelize.ChartSeries{line(5, colourRepeat), line(4, colourUnknown)},
		Title:     chartTitle(b.say(text{"Lorenz curve: what the smallest bring together", "Кривая Лоренца: сколько приносят мельчайшие вместе"})),
		Dimension: excelize.ChartDimension{Width: width, Height: height},
		Legend:    excelize.ChartLegend{Position: "bottom"},
		XAxis:     excelize.ChartAxis{TickLabelPosition: excelize.ChartTickLabelNone, Title: chartTitle(b.say(text{"Share of the number, the smallest first: 0 to 100 %", "Доля количества, начиная с мельчайших: от 0 до 100 %"}))},
		YAxis:     excelize.ChartAxis{Minimum: &zero, Maximum: &one, MajorGridLines: true, NumFmt: percent, Font: small()},
	}, nil}
}

var methodConcentration = []definition{
	{text{"Gini", "Джини"}, text{
		"Twice the area between the Lorenz curve and the line on which all bring the same, by the formula for a whole population.",
		"Удвоенная площадь между кривой Лоренца и линией, на которой все приносят поровну, по формуле для всей совокупности."}},
	{text{"Index of concentration", "Индекс концентрации"}, text{
		"The sum of squared shares times 10,000 (Herfindahl 1950).",
		"Сумма квадратов долей, умноженная на 10 000 (Херфиндаль, 1950)."}},
}
