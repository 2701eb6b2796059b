package report

import (
	"fmt"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// tie is what one sheet adds up to and what it leaves out; together they must
// be the control total of the export, or what else total says.
type tie struct {
	sheet string
	what  text
	parts []tiePart
	total tiePart // zero: the control total
}

// tiePart is one sum: a cell of a sheet, or a figure of the export.
type tiePart struct {
	name  text
	cell  string // "": a value of the export
	value orders.Amount
}

var skipReasons = map[orders.Reason]text{
	orders.BlankRow:      {"blank rows", "пустые строки"},
	orders.TotalRow:      {"rows of totals", "строки итогов"},
	orders.HeaderRow:     {"the header again", "повтор заголовка"},
	orders.GroupRow:      {"rows of groups", "строки групп отчёта"},
	orders.NotWon:        {"deals not won", "сделки, не доведённые до продажи"},
	orders.Replaced:      {"replaced by a newer export", "заменены более новой выгрузкой"},
	orders.OtherCurrency: {"another currency", "другая валюта"},
	orders.AfterAsOf:     {"after the day of the report", "позже даты отчёта"},
	orders.DuplicateRow:  {"repetitions of other lines", "повторы других строк"},
}

// reconciliation shows that no row and no kopeck got lost.
type reconciliation struct {
	*sheet
	export, identified, anonymous, cancelled string // cells
	checks                                   []string
	off                                      bool // some check is not 0
}

func (b *book) reconcileSheet(ties []tie) *reconciliation {
	s := b.sheet(text{"Reconciliation", "Сверка"}, 62, 20, 20, 14)
	r := &reconciliation{sheet: s}
	s.add(style{look: title}, text{"Reconciliation", "Сверка"})
	s.paragraph(prose, 0, b.say(text{
		"Nothing is lost between the export and the sheets: every difference below is a formula and must be 0.00.",
		"Между выгрузкой и листами ничего не теряется: каждая разница ниже — формула и должна быть 0,00.",
	}))
	r.rowsAndMoney(b)
	r.controlTotal(b)
	r.stated(b)
	for _, t := range ties {
		r.tie(b, t)
	}
	if b.control.RoundedCells > 0 {
		r.rounding(b)
	}
	return r
}

func (r *reconciliation) head(names ...any) { r.add(style{look: header}, names...) }

// unfilled is a cell with a frame and nothing in it.
var unfilled = styled{}

// check lays out a difference that must be 0.
func (r *reconciliation) check(col int, f string, cached orders.Amount) {
	r.off = r.off || cached != 0
	cells := []any{text{"Difference", "Разница"}}
	for len(cells) < col-1 {
		cells = append(cells, unfilled)
	}
	at := r.add(style{look: good}, append(cells, styled{style{look: good, format: money}, formula{f, cached}})...)
	r.checks = append(r.checks, r.ref(col, at))
	cell := cellName(col, at)
	r.formats = append(r.formats, conditional{cell + ":" + cell, r.zeroRules()})
}

// rowsAndMoney is what was read and what became of it.
func (r *reconciliation) rowsAndMoney(b *book) {
	c := b.control
	r.begin(text{"Rows of the export", "Строки выгрузки"})
	r.head(text{"", ""}, text{"Rows", "Строк"}, b.money(text{"Money", "Деньги"}))
	line := func(name any, rows int64, money orders.Amount) int {
		return r.add(style{}, name, styled{style{format: whole}, rows}, styled{style{format: moneyFormat}, money})
	}
	read := line(text{"Read", "Прочитано"}, c.RowsRead, c.MoneyRead)
	first := line(text{"accepted", "принято"}, c.Accepted, c.Export)
	r.export = r.ref(3, first)
	line(text{"rejected", "отклонено"}, c.Rejected, c.MoneyRejected)
	for _, v := range c.Skipped {
		name := b.say(text{"skipped: ", "пропущено: "}) + b.reason(skipReasons, v.Reason)
		line(name, v.Rows, v.Money)
	}
	last := r.rows
	rows, money := c.RowsRead-c.Accepted-c.Rejected, c.MoneyRead-c.Export-c.MoneyRejected
	for _, v := range c.Skipped {
		rows, money = rows-v.Rows, money-v.Money
	}
	r.off = r.off || rows != 0 || money != 0
	at := r.add(style{look: good}, text{"Difference", "Разница"},
		styled{style{look: good, format: whole}, formula{fmt.Sprintf("B%d-SUM(B%d:B%d)", read, first, last), rows}},
		styled{style{look: good, format: moneyFormat}, formula{fmt.Sprintf("ROUND(C%d-SUM(C%d:C%d),4)", read, first, last), money}})
	r.checks = append(r.checks, r.ref(2, at), r.ref(3, at))
	where := fmt.Sprintf("B%d:C%d", at, at)
	r.formats = append(r.formats, conditional{where, b.zeroRules()})
}

// moneyFormat is money, where a parameter hides that name.
const moneyFormat = money

// reason returns what a reason says in the language of the workbook.
func (b *book) reason(names map[orders.Reason]text, code orders.Reason) string {
	if t, ok := names[code]; ok {
		return b.say(t)
	}
	return string(code)
}

// controlTotal splits the accepted money.
func (r *reconciliation) controlTotal(b *book) {
	c := b.control
	r.begin(text{"Control total", "Контрольный итог"})
	r.head(text{"", ""}, text{"Rows", "Строк"}, b.money(text{"Money", "Деньги"}))
	rows := c.Accepted - c.AnonymousLines - c.CancelledLines
	first := r.add(style{}, text{"Identified customers", "Опознанные клиенты"}, styled{style{format: whole}, rows}, styled{style{format: money}, c.Identified})
	anonymous := r.add(style{}, text{"Anonymous sales", "Анонимные продажи"}, styled{style{format: whole}, c.AnonymousLines}, styled{style{format: money}, c.Anonymous})
	last := r.add(style{}, text{"Cancelled", "Отменённые"}, styled{style{format: whole}, c.CancelledLines}, styled{style{format: money}, c.Cancelled})
	r.identified = r.ref(3, first)
	r.anonymous, r.cancelled = r.ref(3, anonymous), r.ref(3, last)
	r.check(3, fmt.Sprintf("ROUND(SUM(C%d:C%d)-%s,4)", first, last, r.export), c.Identified+c.Anonymous+c.Cancelled-c.Export)
}

// stated compares the file's own grand total.
func (r *reconciliation) stated(b *book) {
	c := b.control
	r.begin(text{"The file's own total", "Собственный «Итого» файла"})
	if !c.Stated.Known {
		r.add(style{look: muted}, text{"The file has no row of totals with money.", "В файле нет строки итогов с суммой."})
		return
	}
	sum := c.MoneyRead
	for _, v := range c.Skipped {
		if v.Reason == orders.TotalRow {
			sum -= v.Money
		}
	}
	own := r.add(style{}, text{"Stated in the file", "Указано в файле"}, unfilled, styled{style{format: money}, c.Stated})
	all := r.add(style{}, text{"All its other rows (accepted, rejected, skipped)", "Все остальные строки (принятые, отклонённые, пропущенные)"}, unfilled, styled{style{format: money}, sum})
	r.check(3, fmt.Sprintf("ROUND(C%d-C%d,4)", own, all), c.Stated.Amount-sum)
}

// tie shows that a sheet and what it leaves out are the total.
func (r *reconciliation) tie(b *book, t tie) {
	total := t.total
	if total == (tiePart{}) {
		total = tiePart{text{"Control total of the export", "Контрольный итог выгрузки"}, r.export, b.control.Export}
	}
	r.begin(text{"Sheet “" + t.sheet + "”", "Лист «" + t.sheet + "»"})
	r.head(t.what, nil, b.money(text{"Money", "Деньги"}))
	first := r.rows + 1
	var sum orders.Amount
	line := func(p tiePart) int {
		v := any(p.value)
		if p.cell != "" {
			v = formula{p.cell, p.value}
		}
		return r.add(style{}, p.name, unfilled, styled{style{format: money}, v})
	}
	for _, p := range t.parts {
		line(p)
		sum += p.value
	}
	last := r.rows
	at := line(total)
	r.check(3, fmt.Sprintf("ROUND(SUM(C%d:C%d)-C%d,4)", first, last, at), sum-total.value)
}

// rounding says what reading cells to four places added.
func (r *reconciliation) rounding(b *book) {
	c := b.control
	r.begin(text{"Rounding", "Округление"})
	r.add(style{}, text{"Numbers with more than four decimal places", "Числа, у которых больше четырёх знаков после запятой"}, styled{style{format: whole}, c.RoundedCells}, nil)
	r.add(style{}, text{"What rounding them added", "Сколько добавило их округление"}, nil, styled{style{format: quantity}, c.Rounded})
}

// newTie returns the tie of a sheet without the exclusions that are nothing.
func newTie(s *sheet, what text, parts []tiePart) tie {
	return tie{sheet: s.name, what: what, parts: slices.DeleteFunc(parts, func(p tiePart) bool { return p.cell == "" && p.value == 0 })}
}

// segmentTies returns those of the behaviour grid and of RFM, which are of all
// customers up to a day.
func (b *book) segmentTies(x *segmentSheets, anonymous, cancelled tiePart) (ties []tie) {
	add := func(what text, scope orders.Scope, with, without string, revenue, rest orders.Amount) {
		ties = append(ties, newTie(x.sheet, what, []tiePart{
			{text{"Customers with a purchase", "Клиенты с покупкой"}, with, revenue},
			{text{"Customers without a purchase", "Клиенты без покупки"}, without, rest},
			b.outsidePart(scope, false), anonymous, cancelled,
		}))
	}
	if g := x.grid; g != nil {
		add(text{"Behaviour grid", "Сетка поведения"}, g.Scope, x.gridTotal, x.gridWithout, g.Revenue, g.WithoutRevenue)
	}
	if r := x.rfm; r != nil {
		add(text{"RFM", "RFM"}, r.Scope, x.rfmTotal, x.rfmWithout, r.Revenue, r.WithoutRevenue)
	}
	return ties
}

var outsideName = text{"Outside the range or the filter", "Вне периода или отбора"}

// outsidePart is what a scope leaves out.
func (b *book) outsidePart(s orders.Scope, everybody bool) tiePart {
	v, err := b.outside(s, everybody)
	b.note(err)
	return tiePart{name: outsideName, value: v}
}

// outside returns the money of identified customers, or of everybody, that a
// scope leaves out: of days outside it, and of what its filters drop.
func (b *book) outside(s orders.Scope, everybody bool) (orders.Amount, error) {
	if s.From <= b.control.FirstDay && s.AsOf >= b.control.LastDay && len(s.Where) == 0 {
		return 0, nil
	}
	if everybody {
		var in orders.Amount
		for x, err := range b.Sales.Series(b.ctx, orders.SeriesQuery{Scope: s, By: orders.ByGroup}) {
			if err != nil {
				return 0, err
			}
			in += x.Total()
		}
		return b.control.Identified + b.control.Anonymous - in, nil
	}
	flows, err := b.Sales.Flows(b.ctx, orders.FlowQuery{Scope: s})
	if err != nil {
		return 0, err
	}
	in := b.control.Identified
	for _, f := range flows {
		in -= f.Total().Revenue
	}
	return in, nil
}
