package report

import (
	"fmt"
	"strings"

	"github.com/repeatsales/repeatsales/segments"
)

// segmentSheets are the grid and the RFM segments, counted by formulas from the
// list of customers on a sheet of its own.
type segmentSheets struct {
	grid  *segments.GridResult
	rfm   *segments.RFMResult
	sheet *sheet
	list  *table

	gridTotal, gridWithout, rfmTotal, rfmWithout string // cells
}

var stateNames = [...]text{
	segments.Active:        {"active", "активные"},
	segments.FallingAsleep: {"falling asleep", "засыпающие"},
	segments.Asleep:        {"asleep", "спящие"},
}

// columnNames and segmentNames are the default names; others are shown as they are.
var columnNames = map[string]text{
	"new":       {"new", "новые"},
	"promising": {"promising", "перспективные"},
	"loyal":     {"loyal", "лояльные"},
}

var segmentNames = map[string]text{
	"champions":          {"champions", "чемпионы"},
	"loyal":              {"loyal", "лояльные"},
	"potential_loyalist": {"potential loyalists", "потенциально лояльные"},
	"new":                {"new", "новые"},
	"promising":          {"promising", "перспективные"},
	"need_attention":     {"need attention", "требуют внимания"},
	"about_to_sleep":     {"about to sleep", "засыпающие"},
	"cant_lose":          {"can't lose", "нельзя потерять"},
	"at_risk":            {"at risk", "в зоне риска"},
	"hibernating":        {"hibernating", "спящие"},
	"":                   {"no segment", "без сегмента"},
}

// named returns what a name of an option is in the language of the workbook.
func (b *book) named(names map[string]text, name string) string {
	if t, ok := names[name]; ok {
		return b.say(t)
	}
	return name
}

// member is a customer with a place in the grid, in RFM, or in both.
type member struct {
	grid *segments.GridCustomer
	rfm  *segments.RFMCustomer
}

// members joins two lists that ascend by id.
func members(g *segments.GridResult, r *segments.RFMResult) (all []member) {
	var grid []segments.GridCustomer
	var rfm []segments.RFMCustomer
	if g != nil {
		grid = g.Assigned
	}
	if r != nil {
		rfm = r.Scored
	}
	for len(grid)+len(rfm) > 0 {
		var m member
		takeGrid := len(grid) > 0 && (len(rfm) == 0 || grid[0].ID <= rfm[0].ID)
		takeRFM := len(rfm) > 0 && (len(grid) == 0 || rfm[0].ID <= grid[0].ID)
		if takeGrid {
			m.grid, grid = &grid[0], grid[1:]
		}
		if takeRFM {
			m.rfm, rfm = &rfm[0], rfm[1:]
		}
		all = append(all, m)
	}
	return all
}

func (b *book) segmentSheets() *segmentSheets {
	x := &segmentSheets{grid: b.Grid, rfm: b.RFM}
	x.sheet = b.sheet(text{"Segments", "Сегменты"}, 34, 17, 17, 17, 17, 17, 17)
	x.listSheet(b)
	s := x.sheet
	s.add(style{look: title}, text{"Segments", "Сегменты"})
	if x.grid != nil {
		x.gridTables(b)
	}
	if x.rfm != nil {
		x.rfmTable(b)
	}
	return x
}

// listSheet is every customer's place.
func (x *segmentSheets) listSheet(b *book) {
	all := members(x.grid, x.rfm)
	pick := func(m member, grid func(*segments.GridCustomer) any, rfm func(*segments.RFMCustomer) any) any {
		if m.grid != nil {
			return grid(m.grid)
		}
		return rfm(m.rfm)
	}
	col := func(key string, name text, width float64, st style, note text, grid func(*segments.GridCustomer) any, rfm func(*segments.RFMCustomer) any) column {
		return column{key: key, name: name, width: width, style: st, note: note, cell: func(i, _ int) any { return pick(all[i], grid, rfm) }}
	}
	c := []column{
		col("id", text{"Id", "Код"}, 15, style{}, text{"from the export, as text", "из выгрузки, текстом"}, func(g *segments.GridCustomer) any { return g.ID }, func(r *segments.RFMCustomer) any { return r.ID }),
		col("name", text{"Customer", "Клиент"}, 38, style{}, text{"the name in the export", "наименование из выгрузки"}, func(g *segments.GridCustomer) any { return g.Name }, func(r *segments.RFMCustomer) any { return r.Name }),
		col("owner", text{"Salesperson", "Продавец"}, 22, style{}, text{"of the latest purchase", "в последней покупке"}, func(g *segments.GridCustomer) any { return g.Owner }, func(r *segments.RFMCustomer) any { return r.Owner }),
		col("last_day", text{"Last purchase", "Последняя покупка"}, 12, style{}, text{"its day", "её день"}, func(g *segments.GridCustomer) any { return g.LastDay }, func(r *segments.RFMCustomer) any { return r.LastDay }),
		col("days_since_last", text{"Days since", "Дней прошло"}, 9, style{format: whole}, text{"to the day of the report", "до даты отчёта"}, func(g *segments.GridCustomer) any { return g.DaysSinceLast }, func(r *segments.RFMCustomer) any { return r.DaysSinceLast }),
		col("purchases", text{"Purchases", "Покупок"}, 10, style{format: whole}, text{"up to the day of the report", "до даты отчёта"}, func(g *segments.GridCustomer) any { return g.Purchases }, func(r *segments.RFMCustomer) any { return r.Purchases }),
		col("revenue", b.money(text{"Revenue", "Выручка"}), 16, style{format: money}, text{"in the range of the report", "за период отчёта"}, func(g *segments.GridCustomer) any { return g.Revenue }, func(r *segments.RFMCustomer) any { return r.Revenue }),
	}
	if x.grid != nil {
		grid := func(v func(*segments.GridCustomer) any) func(i, at int) any {
			return func(i, _ int) any {
				if g := all[i].grid; g != nil {
					return v(g)
				}
				return nil
			}
		}
		c = append(c,
			column{key: "column", name: text{"By purchases", "По числу покупок"}, width: 16, note: text{"column of the grid", "столбец сетки поведения"},
				cell: grid(func(g *segments.GridCustomer) any { return b.named(columnNames, x.grid.Columns[g.Column].Name) })},
			column{key: "state", name: text{"State", "Состояние"}, width: 14, note: text{"row of the grid, by the days since the last purchase", "строка сетки: по дням с последней покупки"},
				cell: grid(func(g *segments.GridCustomer) any { return stateNames[g.State] })})
	}
	if x.rfm != nil {
		rfm := func(v func(*segments.RFMCustomer) any) func(i, at int) any {
			return func(i, _ int) any {
				if r := all[i].rfm; r != nil {
					return v(r)
				}
				return nil
			}
		}
		score := style{format: whole, align: "center"}
		c = append(c,
			column{key: "r", name: text{"R", "R"}, width: 6, style: score, note: text{"recency, 5 is recent", "давность: 5 — недавно"}, cell: rfm(func(r *segments.RFMCustomer) any { return r.R })},
			column{key: "f", name: text{"F", "F"}, width: 6, style: score, note: text{"frequency, 5 is often", "частота: 5 — часто"}, cell: rfm(func(r *segments.RFMCustomer) any { return r.F })},
			column{key: "m", name: text{"M", "M"}, width: 6, style: score, note: text{"money, 5 is much; blank: the cost is unknown", "деньги: 5 — много; пусто — нет себестоимости"}, cell: rfm(func(r *segments.RFMCustomer) any {
				if r.M == 0 {
					return nil
				}
				return r.M
			})},
			column{key: "segment", name: text{"RFM segment", "Сегмент RFM"}, width: 22, note: text{"the first rule that fits the scores", "первое правило, под которое подходят оценки"},
				cell: rfm(func(r *segments.RFMCustomer) any { return b.named(segmentNames, r.Segment) })})
	}
	var widths []float64
	for _, v := range c {
		widths = append(widths, v.width)
	}
	s := b.sheet(text{"Customers by segment", "Клиенты по сегментам"}, widths...)
	s.add(style{look: title}, text{"Customers by segment", "Клиенты по сегментам"})
	s.add(style{look: subtitle}, text{"Values, by id; filter and sort as you like", "Значения, по коду клиента; можно фильтровать и сортировать"})
	x.list = s.table(len(all), true, c)
	x.list.fill()
	x.list.listing(2)
	x.list.legend()
}

// live returns f, or its value where the list does not hold every customer, or
// the names cannot be counted by.
func (x *segmentSheets) live(countable bool, f string, cached any) any {
	if !countable || x.list.shown < x.list.items || x.list.items == 0 {
		return cached
	}
	return formula{f, cached}
}

// countable reports whether COUNTIF tells the names apart: it ignores case, and
// has its own ideas of some characters.
func countable(names []string) bool {
	seen := map[string]bool{}
	for _, n := range names {
		n = strings.ToLower(n)
		if seen[n] || strings.ContainsAny(n, "*?~<>=") {
			return false
		}
		seen[n] = true
	}
	return true
}

// gridNames are the columns of the grid as cells have them.
func (x *segmentSheets) gridNames(b *book) (names []string) {
	for _, c := range x.grid.Columns {
		names = append(names, b.named(columnNames, c.Name))
	}
	return names
}

// rfmTable are the segments of RFM, and the cut points of the scores.
func (x *segmentSheets) rfmTable(b *book) {
	s, r := x.sheet, x.rfm
	s.skip(1)
	s.add(style{look: section}, text{"RFM by fixed cut points", "RFM по фиксированным границам"})
	s.add(style{look: subtitle}, text{"As of " + b.day(r.AsOf), "На " + b.day(r.AsOf)})
	s.addHigh(30, style{look: header}, text{"Segment", "Сегмент"}, text{"Customers", "Клиентов"}, text{"Share of customers", "Доля клиентов"}, b.money(text{"Revenue", "Выручка"}), text{"Share of revenue", "Доля выручки"}, text{"Mean days since last", "Дней с покупки, среднее"}, text{"Purchases", "Покупок"})
	segment, revenue, purchases := x.list.span("segment"), x.list.span("revenue"), x.list.span("purchases")
	first := s.rows + 1
	last := first + len(r.Segments) - 1
	var names []string
	for _, v := range r.Segments {
		names = append(names, b.named(segmentNames, v.Name))
	}
	unique, same := countable(names), x.listed()
	for _, v := range r.Segments {
		at := s.rows + 1
		name := quote(b.named(segmentNames, v.Name))
		sum, count := any(v.Revenue), any(v.Purchases)
		if same {
			sum = x.live(unique, fmt.Sprintf("SUMIF(%s,%s,%s)", segment, name, revenue), v.Revenue)
			count = x.live(unique, fmt.Sprintf("SUMIF(%s,%s,%s)", segment, name, purchases), v.Purchases)
		}
		s.add(style{},
			b.named(segmentNames, v.Name),
			styled{style{format: whole}, x.live(unique, fmt.Sprintf("COUNTIF(%s,%s)", segment, name), v.Customers)},
			styled{style{format: percent}, shareCell(fmt.Sprintf("B%d/B$%d", at, last+1), v.CustomerShare)},
			styled{style{format: money}, sum},
			styled{style{format: percent}, shareCell(fmt.Sprintf("D%d/D$%d", at, last+1), v.RevenueShare)},
			styled{style{format: days}, present(v.DaysSinceLast)},
			styled{style{format: whole}, count})
	}
	var count int64
	for _, v := range r.Segments {
		count += v.Purchases
	}
	at := s.add(style{look: total}, totalLabel,
		styled{style{look: total, format: whole}, formula{sumOf(2, first, last), r.Customers}}, nil,
		styled{style{look: total, format: money}, formula{sumOf(4, first, last), r.Revenue}}, nil, nil,
		styled{style{look: total, format: whole}, formula{sumOf(7, first, last), count}})
	x.rfmTotal = s.ref(4, at)
	at = s.add(style{format: money}, b.money(text{"Revenue of customers without a purchase", "Выручка клиентов без покупки"}), r.WithoutRevenue)
	x.rfmWithout = s.ref(2, at)
	s.skip(1)
	s.addHigh(30, style{look: header}, text{"Scores", "Оценки"}, "5", "4", "3", "2", "1", text{"Scores that occur", "Разных оценок"})
	cut := func(name text, f format, v func(i int) any, n int) {
		s.add(style{}, name, styled{style{format: f}, v(3)}, styled{style{format: f}, v(2)}, styled{style{format: f}, v(1)}, styled{style{format: f}, v(0)}, text{"the rest", "остальные"}, n)
	}
	cut(text{"R: days since the last purchase, up to", "R: дней с последней покупки, до"}, whole, func(i int) any { return r.R[3-i] }, r.Levels.R)
	cut(text{"F: purchases, from", "F: покупок, от"}, whole, func(i int) any { return r.F[i] }, r.Levels.F)
	cut(b.money(text{"M: " + measureNames[r.Measure][English] + ", from", "M: " + measureNames[r.Measure][Russian] + ", от"}), money, func(i int) any { return r.M[i] }, r.Levels.M)
}

// listed reports whether the list's money and purchases are those of RFM, as
// they are unless grid and RFM are of different scopes.
func (x *segmentSheets) listed() bool {
	for _, m := range members(x.grid, x.rfm) {
		if m.grid != nil && m.rfm != nil && (m.grid.Revenue != m.rfm.Revenue || m.grid.Purchases != m.rfm.Purchases) {
			return false
		}
	}
	return true
}

// shareCell is a share as a formula; an undefined one is «н/д».
func shareCell(f string, v float64) any {
	if v != v {
		return v
	}
	return formula{f, v}
}
