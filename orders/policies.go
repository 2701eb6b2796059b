package orders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
)

// What types of documents that take goods back begin with, states of orders
// that came to nothing, and states of deals of a CRM that were won: there all
// other deals are still open.
var (
	returnWords = []string{"возврат", "чек на возврат", "чек ккм на возврат", "корректировка реализации (уменьшение)", "сторно",
		"return", "refund", "credit note", "credit memo", "reversal"}
	lostWords = []string{"отмен", "аннулир", "отказ", "провал", "проигран", "закрыта и не реализована", "закрыто и не реализовано", "сделка провалена", "анализ причины провала",
		"удален", "помечен на удаление", "не проведен",
		"cancel", "void", "lost", "lose", "closed lost", "deal lost", "apology", "rejected", "declined", "failed", "abandoned", "deleted"}
	wonWords = []string{"сделка успешна", "успешно реализован", "закрыта и реализована", "закрыто и реализовано", "сделка выиграна", "выиграна",
		"won", "closed won", "deal won"}
)

// findPolicies decides what the words of the file mean, by the mapping or by
// what is usual.
func (d *detector) findPolicies() error {
	var m Mapping
	if d.o.Mapping != nil {
		m = *d.o.Mapping
	}
	d.CancelOrders, d.ReturnOrders = slices.Clone(m.CancelOrders), slices.Clone(m.ReturnOrders)
	d.Zone = m.Zone
	if i, ok := d.column[RoleStatus]; ok {
		d.findStatuses(i, m.Statuses)
	}
	if _, ok := d.column[RoleType]; ok {
		if d.Returns = slices.Clone(m.Returns); m.Returns == nil {
			d.Returns = slices.Clone(returnWords)
		}
	}
	d.findVAT(m.VAT)
	return d.convert(m)
}

// findStatuses decides which states count, of those in column i.
func (d *detector) findStatuses(i int, given Statuses) {
	s := &d.Statuses
	if s.Lost = slices.Clone(given.Lost); given.Lost == nil {
		s.Lost = slices.Clone(lostWords)
	}
	if s.Won = slices.Clone(given.Won); given.Won == nil {
		s.Won = []string{}
		for state := range d.states[i] {
			if beginsWith(state, wonWords) {
				s.Won = slices.Clone(wonWords)
			}
		}
	}
	if len(s.Won) == 0 {
		return
	}
	var won, lost, open int
	for state, n := range d.states[i] {
		switch {
		case beginsWith(state, s.Won):
			won += n
		case beginsWith(state, s.Lost):
			lost += n
		default:
			open += n
		}
	}
	d.Columns[i].Evidence += fmt.Sprintf("; only what is won counts: of %d rows %d are, %d are lost, %d still open", won+lost+open, won, lost, open)
}

// lookAtStates notes what the columns that may hold a status say in a row.
func (d *detector) lookAtStates(row *tableRow) {
	const many = 1000 // more are no states
	for i, states := range d.states {
		if i >= len(row.Cells) {
			continue
		}
		if b := cell.Trim(row.Cells[i]); len(b) > 0 && (len(states) < many || states[string(b)] > 0) {
			states[string(b)]++
		}
	}
}

// findVAT takes the basis of the amounts from the mapping, or else from the
// header of the revenue. Another basis of the cost is warned of.
func (d *detector) findVAT(given VAT) {
	of := func(roles ...Role) (VAT, Column) {
		for _, role := range roles {
			if i, ok := d.column[role]; ok {
				return vatOf(d.header.names[i]), d.Columns[i]
			}
		}
		return VATUnknown, Column{}
	}
	revenue, column := of(RoleRevenue, RolePrice)
	if d.VAT = given; given == VATUnknown {
		d.VAT = revenue
	} else if revenue != VATUnknown && revenue != given {
		d.warn("vat_differs", "%s, column %d (%s): the header says that VAT is %s, the mapping that it is %s",
			d.File, column.Number, column.Header, revenue, given)
	}
	if cost, column := of(RoleCOGS, RoleProfit); cost != VATUnknown && d.VAT != VATUnknown && cost != d.VAT {
		d.warn("vat_basis", "%s, column %d (%s): VAT is %s here but %s in the revenue, so that the profit is wrong by the tax",
			d.File, column.Number, column.Header, cost, d.VAT)
	}
}

// vatOf returns the basis that a header names.
func vatOf(header string) VAT {
	words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(header), func(r rune) bool {
		return strings.ContainsRune(" \u00a0\u202f\t.,:;()[]/-_", r)
	}), " ") + " "
	for _, s := range []string{" без ндс ", " без учета ндс ", " без учёта ндс ", " excl vat ", " ex vat ", " excluding vat ", " without vat ", " net of vat ", " excl tax ", " excluding tax ", " tax excl ", " untaxed "} {
		if strings.Contains(words, s) {
			return VATExcluded
		}
	}
	for _, s := range []string{" с ндс ", " с учетом ндс ", " с учётом ндс ", " в т ч ндс ", " включая ндс ", " incl vat ", " inc vat ", " including vat ", " with vat ", " incl tax ", " including tax ", " tax incl "} {
		if strings.Contains(words, s) {
			return VATIncluded
		}
	}
	return VATUnknown
}

// convert notes the mapping's currency, and the rates at which others are
// converted into it.
func (d *detector) convert(m Mapping) error {
	d.base = One
	if m.Currency == "" {
		return nil
	}
	named := d.Currency // by the file: without rates that is the same, or intake finds out that it is not
	if named == "" || len(m.Rates) > 0 {
		d.Currency = currencyCode(m.Currency)
	}
	if len(m.Rates) == 0 {
		return nil
	}
	d.Rates = make(Rates, len(m.Rates))
	for name, rate := range m.Rates {
		d.Rates[currencyCode(name)] = rate
	}
	var ok bool
	if d.base, ok = d.rate(named); !ok {
		return d.noRate(RowError{Row: d.HeaderRow, Value: named})
	}
	return nil
}

// takeBack gives a return the sign that it has, whichever the export writes.
func (r *record) takeBack() {
	r.quantity, r.revenue, r.cogs.Amount = -r.quantity.Abs(), -r.revenue.Abs(), -r.cogs.Amount.Abs()
}

// open reports whether a row is a deal that is neither won nor lost.
func (r *rowReader) open(cells [][]byte) bool {
	if r.col.status < 0 || len(r.won.words) == 0 {
		return false
	}
	state := cell.Trim(cells[r.col.status])
	return !r.won.has(state) && !r.lost.has(state)
}

// basis notes the VAT basis of a further file.
func (b *builder) basis(of VAT) {
	was := b.control.VAT
	switch {
	case len(b.detections) == 0:
		b.control.VAT = of
	case was == of || was == VATMixed:
	case was == VATUnknown || of == VATUnknown:
		b.control.VAT = VATUnknown
	default:
		b.control.VAT = VATMixed
		b.warn(Warning{Code: "vat_mixed", Count: 1, Text: "some of the files have amounts with VAT and some without it: their sums mean nothing"})
	}
}
