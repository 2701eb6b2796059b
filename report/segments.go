package report

import (
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

	bounds        int // first of the rows of the grid's bounds: purchases, falling asleep, asleep
	rules, firing int // first rows of the rule table and of the rules by scores
}

var stateNames = [...]text{
	segments.Active:        {"active", "активные"},
	segments.FallingAsleep: {"falling asleep", "засыпающие"},
	segments.Asleep:        {"asleep", "спящие"},
	segments.NeverBought:   {"prospects: known, never bought", "потенциальные: известны, не покупали"},
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
	x.parameters(b)
	x.sheet = b.sheet(text{"Segments", "Сегменты"}, x.widths()...)
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

// widths returns those of as many columns as the widest block has.
func (x *segmentSheets) widths() []float64 {
	n := 8
	if x.grid != nil {
		n = max(n, len(x.grid.Columns)+2)
	}
	if x.rfm != nil {
		n = max(n, x.rfm.Scores+3)
	}
	w := []float64{36}
	for len(w) < n {
		w = append(w, 16)
	}
	return w
}

// parameters lays out the bounds of the grid and the cut points of the scores.
func (x *segmentSheets) parameters(b *book) {
	if x.grid != nil {
		x.gridParameters(b)
	}
	if x.rfm != nil {
		x.rfmParameters(b)
	}
}

// listSheet is every customer's place.
func (x *segmentSheets) listSheet(b *book) {
	all := members(x.grid, x.rfm)
	c := x.customerColumns(b, all)
	if x.grid != nil {
		c = append(c, x.placeColumns(b, all)...)
	}
	if x.rfm != nil {
		c = append(c, x.scoreColumns(b, all)...)
	}
	s := b.sheet(text{"Customers by segment", "Клиенты по сегментам"}, widths(c)...)
	s.add(style{look: title}, text{"Customers by segment", "Клиенты по сегментам"})
	s.add(style{look: subtitle}, text{
		"By id; places, scores and segments follow the bounds on the sheet of parameters and the rules on the sheet of segments",
		"По коду клиента; место, оценки и сегмент следуют за границами с листа параметров и правилами с листа сегментов",
	})
	x.list = s.table(len(all), true, c)
	x.list.fill()
	x.list.listing(2)
	x.list.legend()
}

// customerColumns are who the customer is.
func (x *segmentSheets) customerColumns(b *book, all []member) []column {
	col := func(key string, name text, width float64, f format, note text, grid func(*segments.GridCustomer) any, rfm func(*segments.RFMCustomer) any) column {
		return column{key: key, name: name, width: width, style: style{format: f}, note: note, cell: func(i, _ int) any {
			if m := all[i]; m.grid != nil {
				return grid(m.grid)
			}
			return rfm(all[i].rfm)
		}}
	}
	return []column{
		col("id", text{"Id", "Код"}, 15, general, text{"from the export, as text", "из выгрузки, текстом"}, func(g *segments.GridCustomer) any { return g.ID }, func(r *segments.RFMCustomer) any { return r.ID }),
		col("name", text{"Customer", "Клиент"}, 38, general, text{"the name in the export", "наименование из выгрузки"}, func(g *segments.GridCustomer) any { return g.Name }, func(r *segments.RFMCustomer) any { return r.Name }),
		col("owner", text{"Salesperson", "Продавец"}, 22, general, text{"of the latest purchase", "в последней покупке"}, func(g *segments.GridCustomer) any { return g.Owner }, func(r *segments.RFMCustomer) any { return r.Owner }),
		col("last_day", text{"Last purchase", "Последняя покупка"}, 12, general, text{"its day", "её день"}, func(g *segments.GridCustomer) any { return g.LastDay }, func(r *segments.RFMCustomer) any { return r.LastDay }),
		col("days_since_last", text{"Days since", "Дней прошло"}, 9, whole, text{"to the day of the report", "до даты отчёта"}, func(g *segments.GridCustomer) any { return g.DaysSinceLast }, func(r *segments.RFMCustomer) any { return r.DaysSinceLast }),
		col("purchases", text{"Purchases", "Покупок"}, 10, whole, text{"up to the day of the report", "до даты отчёта"}, func(g *segments.GridCustomer) any { return g.Purchases }, func(r *segments.RFMCustomer) any { return r.Purchases }),
		col("revenue", b.money(text{"Revenue", "Выручка"}), 16, money, text{"in the range of the report", "за период отчёта"}, func(g *segments.GridCustomer) any { return g.Revenue }, func(r *segments.RFMCustomer) any { return r.Revenue }),
	}
}

// live returns f, or its value where the list does not hold every customer, or
// the names cannot be counted by.
func (x *segmentSheets) live(countable bool, f string, cached any) any {
	if !countable || x.list.shown < x.list.items || x.list.items == 0 {
		return cached
	}
	return formula{f, cached}
}

// countable reports whether COUNTIF tells the names apart: it ignores case, has
// its own ideas of some characters, and a formula holds no text of more than 255.
func countable(names []string) bool {
	seen := map[string]bool{}
	for _, n := range names {
		n = strings.ToLower(n)
		if seen[n] || strings.ContainsAny(n, "*?~<>=") || len(n) > 255 {
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

// listed reports whether the list's money, purchases and days are those of RFM,
// as they are unless grid and RFM are of different scopes.
func (x *segmentSheets) listed() bool {
	for _, m := range members(x.grid, x.rfm) {
		if m.grid != nil && m.rfm != nil && (m.grid.Revenue != m.rfm.Revenue || m.grid.Purchases != m.rfm.Purchases || m.grid.DaysSinceLast != m.rfm.DaysSinceLast) {
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
