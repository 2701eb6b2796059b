package report

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/xuri/excelize/v2"
)

// maxAges is how many ages a cohort table shows side by side.
const maxAges = 120

// cohortSheet is the cohort tables: retention, the customers behind it, revenue,
// and what a customer has brought by each age.
type cohortSheet struct {
	*cohorts.Table
	sheet   *sheet
	ages    int    // columns of ages
	base    int    // the age of the first of them
	active  int    // row of the first cohort in the table of active customers
	revenue int    // … of revenue
	kept    int    // … of the retention
	z       string // name of the parameter of the intervals

	totalCell, earlierCell, unmatchedCell string
}

// cohortSheet lays out the sheet of table t; prefix begins the names of its parameters.
func (b *book) cohortSheet(t *cohorts.Table, name text, prefix string) *cohortSheet {
	c := &cohortSheet{Table: t, z: prefix + "_Z"}
	for _, x := range c.Cohorts {
		if len(x.Cells) > 0 {
			c.ages = max(c.ages, x.Cells[len(x.Cells)-1].Age+1)
		}
	}
	cut := c.ages > maxAges
	c.ages = min(c.ages, maxAges)
	widths := []float64{22, 17}
	for range c.ages {
		widths = append(widths, 10)
	}
	widths = append(widths, 17)
	for len(widths) < 12 {
		widths = append(widths, 10) // for the texts
	}
	s := b.sheet(name, widths...)
	c.sheet = s
	s.add(style{look: title}, name)
	since := text{"the number of periods since", "сколько периодов прошло с неё"}
	if c.AgeDays > 0 {
		since = text{fmt.Sprintf("how many times %d days have passed since", c.AgeDays), fmt.Sprintf("сколько раз по %d дней прошло с неё", c.AgeDays)}
	}
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("Customers by the period of their first purchase, %s, %s. A column is %s", b.between(c.Scope.From, c.Scope.AsOf), grainNames[c.Grain][English], since[English]),
		fmt.Sprintf("Клиенты по периоду первой покупки, %s, %s. Столбец — %s", b.between(c.Scope.From, c.Scope.AsOf), grainNames[c.Grain][Russian], since[Russian]),
	})
	s.add(style{look: subtitle}, text{
		"Blank: not observed yet. Grey italics: the period is covered in part only, so the figure is too low. Money is shown without kopecks, the cells hold them. Customers who may have bought before the export are no cohort.",
		"Пусто — период ещё не наступил. Серый курсив — период захвачен не целиком, цифра занижена. Деньги показаны без копеек, в ячейках они есть. Клиенты, которые могли покупать до выгрузки, в когорты не входят.",
	})
	if cut {
		s.add(style{look: alarm}, text{fmt.Sprintf("Only the first %d ages are shown.", maxAges), fmt.Sprintf("Показаны только первые %d столбцов возраста.", maxAges)})
	}
	s.left, s.frozen = 2, s.rows+2
	if len(c.Cohorts) == 0 {
		s.frozen = 0
		s.skip(1)
		s.add(style{look: prose}, text{"There is no cohort: the export does not tell new customers from old ones.", "Когорт нет: выгрузка не позволяет отличить новых клиентов от старых."})
	} else {
		n := len(c.Cohorts)
		c.active = s.rows + 3 + n + 1 + 3 // below the retention table, its average and two headings
		c.retention(b)
		s.skip(1)
		c.activeTable(b)
		s.skip(1)
		c.revenueTable(b)
		s.pageBreak()
		if c.ages > 2 {
			s.picture(1220, 340, c.curves)
			s.skip(1)
		}
		c.perCustomer(b, text{"Revenue per acquired customer, cumulative", "Выручка на привлечённого клиента нарастающим итогом"}, true,
			func(x cohorts.Cell) orders.Amount { return x.Cumulative.Revenue })
		if c.Total.Costed != 0 {
			s.skip(1)
			c.perCustomer(b, text{"Gross profit per acquired customer, cumulative (of the lines whose cost is known)", "Валовая прибыль на привлечённого клиента нарастающим итогом (по строкам с себестоимостью)"}, false,
				func(x cohorts.Cell) orders.Amount { return x.Cumulative.GrossProfit() })
		}
		s.pageBreak()
		c.confidence(b, name)
		c.interval(b)
		c.unbounded(b)
	}
	s.skip(1)
	c.adding(b)
	return c
}

// confidence lays out the parameter of the intervals.
func (c *cohortSheet) confidence(b *book, name text) {
	b.params.section(name)
	b.params.live(c.z, fine, text{"z of the retention's intervals", "z интервалов удержания"}, math.Sqrt2*math.Erfinv(c.Confidence), text{
		fmt.Sprintf("Quantile of the normal distribution: 1.96 is a confidence of 95 %%, 2.576 of 99 %%. Here: %g %%.", 100*c.Confidence),
		fmt.Sprintf("Квантиль нормального распределения: 1,96 — доверие 95 %%, 2,576 — 99 %%. Здесь: %g %%.", 100*c.Confidence),
	})
}

// head lays out the heading and the ages of one table.
func (c *cohortSheet) head(name text, last ...any) {
	c.sheet.add(style{look: section}, name)
	head := []any{text{"Cohort", "Когорта"}, text{"Customers", "Клиентов"}}
	for age := range c.ages {
		head = append(head, age)
	}
	c.sheet.add(style{look: header}, append(head, last...)...)
}

// table lays out one row per cohort; cell gives the value at an age and last the
// cell behind the ages.
func (c *cohortSheet) table(f format, cell func(i int, x cohorts.Cell, at int) any, last func(i, at int) any) (first int) {
	return c.sheet.many(len(c.Cohorts), 0, func(i, at int) []excelize.Cell {
		x := c.Cohorts[i]
		cells := make([]excelize.Cell, 2+c.ages, 3+c.ages)
		cells[0] = c.sheet.cell(style{}, x.Period)
		cells[1] = c.sheet.cell(style{format: whole}, x.Size)
		partial := x.Partial
		for _, v := range x.Cells {
			partial = partial || v.Partial
			if v.Age >= c.ages {
				break
			}
			st := style{format: f}
			if v.Partial || x.Partial && v.Age == 0 {
				st.look = unfinished
			}
			cells[2+v.Age] = c.sheet.cell(st, cell(i, v, at))
		}
		if last != nil {
			cells = append(cells, c.sheet.cell(style{format: money, look: total}, last(i, at)))
		}
		return cells
	})
}

// retention is the share of each cohort that bought at each age, as a heat map.
func (c *cohortSheet) retention(b *book) {
	s := c.sheet
	c.head(text{"Retention: share of the cohort that bought in the period", "Удержание: доля когорты, купившая в периоде"})
	first := c.table(percent, func(i int, x cohorts.Cell, at int) any {
		col := x.Age + 3
		return formula{fmt.Sprintf("%s/$B%d", cellName(col, c.active+i), at), x.Retention}
	}, nil)
	average := []any{text{"Average, weighted", "Среднее взвешенное"}, nil}
	for age := range c.ages {
		var v any
		for _, a := range c.Averages {
			if a.Age == age && a.Cohorts > 0 {
				v = a.Retention
			}
		}
		average = append(average, v)
	}
	s.add(style{format: percent, look: total}, average...)
	if c.ages > 1 {
		s.heat(first, 4, first+len(c.Cohorts)-1, c.ages+2, "63BE7B")
	}
	c.kept = first
}

// curves is the chart of the retention by age: a grey line for each cohort, or
// for each second one and so on if there are many, and a red one for their
// average. Age 0, which is all of them, is left out.
func (c *cohortSheet) curves(at string, width, height uint) placed {
	s, n := c.sheet, len(c.Cohorts)
	row := func(at int) string { return s.span(4, at, c.ages+2, at) }
	var lines []excelize.ChartSeries
	line := func(at int, colour string, width float64) {
		lines = append(lines, excelize.ChartSeries{
			Name: s.ref(1, at), Categories: row(c.kept - 1), Values: row(at),
			Fill: solid(colour), Line: excelize.LineOptions{Width: width}, Marker: excelize.ChartMarker{Symbol: "none"},
		})
	}
	for i := 0; i < n; i += (n + maxCurves - 1) / maxCurves {
		if len(c.Cohorts[i].Cells) > 1 {
			line(c.kept+i, colourUnknown, 1)
		}
	}
	line(c.kept+n, colourLine, 2.5)
	zero := 0.0
	return placed{at: at, chart: &excelize.Chart{
		Type: excelize.Line, Series: lines,
		Title:        chartTitle(s.say(text{"Retention by age: cohorts grey, their average red", "Удержание по возрасту: когорты серым, среднее красным"})),
		Dimension:    excelize.ChartDimension{Width: width, Height: height},
		Legend:       excelize.ChartLegend{Position: "none"},
		XAxis:        excelize.ChartAxis{Font: small()},
		YAxis:        excelize.ChartAxis{Minimum: &zero, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0%"}, MajorGridLines: true, Font: small()},
		ShowBlanksAs: "gap",
	}}
}

// maxCurves is how many cohorts one chart shows.
const maxCurves = 24

// activeTable is the number of customers behind the retention.
func (c *cohortSheet) activeTable(b *book) {
	c.head(text{"Active customers", "Активных клиентов"})
	first := c.table(whole, func(_ int, x cohorts.Cell, _ int) any { return x.Customers }, nil)
	if first != c.active {
		b.note(fmt.Errorf("report: cohorts are in row %d, not %d", first, c.active))
	}
}

// revenueTable is the revenue of each cohort in each period, which adds up to all of it.
func (c *cohortSheet) revenueTable(b *book) {
	c.head(b.money(text{"Revenue of the period", "Выручка периода"}), totalLabel)
	c.revenue = c.table(whole, func(_ int, x cohorts.Cell, _ int) any { return x.Tally.Revenue }, func(i, at int) any {
		return formula{fmt.Sprintf("SUM(C%d:%s)", at, cellName(c.ages+2, at)), c.sum(i)}
	})
}

// sum returns the revenue of cohort i in all ages shown.
func (c *cohortSheet) sum(i int) (sum orders.Amount) {
	for _, x := range c.Cohorts[i].Cells {
		if x.Age < c.ages {
			sum += x.Tally.Revenue
		}
	}
	return sum
}

// interval is the Wilson interval of the retention, its two ends in two tables.
func (c *cohortSheet) interval(b *book) {
	end := func(name text, sign string, of func(cohorts.Cell) float64) {
		c.head(name)
		c.table(percent, func(i int, x cohorts.Cell, at int) any {
			v := of(x)
			if math.IsNaN(v) {
				return v
			}
			k, n, z := cellName(x.Age+3, c.active+i), fmt.Sprintf("$B%d", at), c.z
			p := "(" + k + "/" + n + ")"
			return formula{fmt.Sprintf("(%[1]s+%[3]s^2/(2*%[2]s)%[4]s%[3]s*SQRT(%[1]s*(1-%[1]s)/%[2]s+%[3]s^2/(4*%[2]s^2)))/(1+%[3]s^2/%[2]s)", p, n, z, sign), v}
		}, nil)
		c.sheet.skip(1)
	}
	end(text{"Retention, at least: how far chance alone may have raised it (Wilson interval)", "Удержание, не меньше: насколько его мог завысить случай (интервал Уилсона)"}, "-", func(x cohorts.Cell) float64 { return x.Low })
	end(text{"Retention, at most: how far chance alone may have lowered it", "Удержание, не больше: насколько его мог занизить случай"}, "+", func(x cohorts.Cell) float64 { return x.High })
}

// unbounded is the share of each cohort that bought at an age or later.
func (c *cohortSheet) unbounded(b *book) {
	if math.IsNaN(c.Cohorts[0].Cells[0].Unbounded) {
		return
	}
	s := c.sheet
	s.pageBreak()
	c.head(text{"Customers who bought then or later", "Клиентов, купивших тогда или позже"})
	later := c.table(whole, func(_ int, x cohorts.Cell, _ int) any { return x.Later }, nil)
	s.skip(1)
	c.head(text{"Unbounded retention: share of the cohort that bought then or later. It falls towards the right end, for what customers will still do is not in it", "Удержание «тогда или позже»: доля когорты. К правому краю падает всегда: будущих покупок в выгрузке нет"})
	c.table(percent, func(i int, x cohorts.Cell, at int) any {
		return formula{fmt.Sprintf("%s/$B%d", cellName(x.Age+3, later+i), at), x.Unbounded}
	}, nil)
	average := []any{text{"Average, weighted", "Среднее взвешенное"}, nil}
	for age := range c.ages {
		var v any
		if age < len(c.Averages) && c.Averages[age].Cohorts > 0 {
			v = c.Averages[age].Unbounded
		}
		average = append(average, v)
	}
	s.add(style{format: percent, look: total}, average...)
}

// perCustomer is a cumulative sum by age divided by the cohort's size.
func (c *cohortSheet) perCustomer(b *book, name text, live bool, of func(cohorts.Cell) orders.Amount) {
	c.head(b.money(name))
	c.table(whole, func(i int, x cohorts.Cell, at int) any {
		v := c.Cohorts[i].PerCustomer(of(x))
		if !live {
			return v
		}
		row := c.revenue + i
		return formula{fmt.Sprintf("SUM($C%d:%s)/$B%d", row, cellName(x.Age+3, row), at), v}
	}, nil)
}

// adding shows that cohorts and what is in none of them are all of the revenue.
func (c *cohortSheet) adding(b *book) {
	s := c.sheet
	s.add(style{look: section}, b.money(text{"Adding up: revenue", "Сверка выручки"}))
	row := func(name text, l look, v any) string {
		at := s.rows + 1
		s.add(style{}, name, styled{style{look: l, format: money}, v})
		return s.ref(2, at)
	}
	var known, beyond orders.Amount
	for i, x := range c.Cohorts {
		known += c.sum(i)
		for _, v := range x.Cells {
			if v.Age >= c.ages {
				beyond += v.Tally.Revenue
			}
		}
	}
	var earlier orders.Amount
	for _, v := range c.Earlier.Cells {
		earlier += v.Tally.Revenue
	}
	first := s.rows + 1
	cohortsTotal := any(known)
	if n := len(c.Cohorts); n > 0 {
		cohortsTotal = formula{sumOf(c.ages+3, c.revenue, c.revenue+n-1), known}
	}
	row(text{"All cohorts", "Все когорты"}, body, cohortsTotal)
	if beyond != 0 {
		row(text{"Ages not shown", "Непоказанные возраста"}, body, beyond)
	}
	c.earlierCell = row(text{"Earlier customers", "Прежние клиенты"}, body, earlier)
	c.unmatchedCell = row(text{"Unmatched returns", "Возвраты без покупки"}, body, c.Unmatched.Revenue)
	last := s.rows
	c.totalCell = row(text{"All identified", "Все опознанные"}, total, formula{sumOf(2, first, last), c.Total.Revenue})
	s.paragraph(prose, 12, b.say(text{
		"Earlier customers: those whose first purchase may be, or is, before the export; they have no age. The average is over periods covered in full only, large cohorts weighing more.",
		"Прежние клиенты: их первая покупка до выгрузки или может быть до неё, возраста у них нет. Среднее — только по целиком захваченным периодам, крупные когорты весят больше.",
	}))
}
