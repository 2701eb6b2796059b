package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

var saysNames = map[cohorts.Says]text{
	cohorts.SaysNothing: {"nothing", "ничего"},
	cohorts.SaysFirst:   {"first", "первая"},
	cohorts.SaysRepeat:  {"repeat", "повторная"},
}

// flagsSheet is the CRM's own repeat flag against our sides: every word of it, by
// deals and by money, and the confusion table.
type flagsSheet struct {
	*cohorts.FlagsResult
	sheet *sheet
	words *table
	cells *table
}

func (b *book) flagsSheet() *flagsSheet {
	f := &flagsSheet{FlagsResult: b.Flags}
	s := b.sheet(text{"CRM flag", "Признак CRM"}, 34, 16, 14, 14, 14, 14, 18, 18, 18, 18)
	f.sheet = s
	s.add(style{look: title}, text{"The CRM's own repeat flag against the purchases", "Признак повторной сделки из CRM против самих покупок"})
	s.paragraph(prose, 0, b.say(text{
		"Rows: what the flag says of a deal; columns: what its customer's purchases say. “Says first, is repeat” are mostly customers entered a second time, or a flag that nobody keeps; “says repeat, is first” customers known from before the export or under another name. Only what is in the export decides the repeat share.",
		"Строки — что говорит признак о сделке, столбцы — что говорят покупки её клиента. «Признак: первая, на деле повторная» — чаще всего клиенты, заведённые второй раз, или признак, который никто не ведёт; «признак: повторная, на деле первая» — клиенты, известные до выгрузки или под другим именем. Доля повторных считается только по покупкам.",
	}))
	s.skip(1)
	f.cells = f.table(b, text{"By what the flag says", "По смыслу признака"}, 3, func(i int) cohorts.FlagWord {
		says := cohorts.Says(2 - i) // what says something first
		return cohorts.FlagWord{Word: b.say(saysNames[says]), Says: says, Sides: f.Cells[says]}
	})
	f.rates(b)
	s.skip(1)
	f.words = f.table(b, text{"By word", "По словам"}, len(f.Words), func(i int) cohorts.FlagWord { return f.Words[i] })
	return f
}

// table lays out rows of deals and money by side.
func (f *flagsSheet) table(b *book, name text, n int, of func(i int) cohorts.FlagWord) *table {
	var t *table
	var all orders.Sides
	for _, c := range f.Cells {
		all = all.Plus(c)
	}
	c := []column{
		{key: "word", name: text{"The CRM's flag", "Признак CRM"}, totals: totalLabel, cell: func(i, _ int) any { return b.valueName(of(i).Word) }},
		{key: "says", name: text{"Says", "Что значит"}, style: style{align: "center"}, cell: func(i, _ int) any { return saysNames[of(i).Says] }},
	}
	for side := orders.First; side <= orders.Unmatched; side++ {
		key := fmt.Sprintf("%v_deals", side)
		c = append(c, column{key: key, name: text{sideNames[side][English] + ", deals", sideNames[side][Russian] + ", сделок"}, style: style{format: whole},
			cell:   func(i, _ int) any { w := of(i); return w.Of(side).Deals },
			totals: func() any { return t.sum(key, all.Of(side).Deals) }})
	}
	for side := orders.First; side <= orders.Unmatched; side++ {
		key := fmt.Sprintf("%v_revenue", side)
		c = append(c, column{key: key, name: b.money(sideNames[side]), style: style{format: money},
			cell:   func(i, _ int) any { w := of(i); return w.Of(side).Revenue },
			totals: func() any { return t.sum(key, all.Of(side).Revenue) }})
	}
	f.sheet.add(style{look: section}, name)
	t = f.sheet.table(n, false, c)
	t.fill()
	return t
}

// rates are how far the flag agrees. The rows of the confusion table are
// repeat, first, nothing.
func (f *flagsSheet) rates(b *book) {
	t, s := f.cells, f.sheet
	cell := func(key string, row int) string { return t.at(key, t.first+row) }
	// deals is a sum over the first rows.
	deals := func(rows int) string {
		return fmt.Sprintf("SUM(%s:%s)", cell("first_deals", 0), cell("unmatched_deals", rows-1))
	}
	rate := func(name text, part, whole string, v float64) {
		s.add(style{}, name, styled{style{format: percent, look: figure}, formula{fmt.Sprintf("IF(%s>0,%s/%s,%s)", whole, part, whole, quote(b.say(undefined))), v}})
	}
	s.skip(1)
	rate(text{"Deals with a flag that says something", "Сделок с понятным признаком"}, deals(2), deals(3), f.Coverage)
	agreement := func(unit string) (right, all string) {
		sum := cell("first_"+unit, 1) + "+" + cell("repeat_"+unit, 0)
		return "(" + sum + ")", "(" + sum + "+" + cell("repeat_"+unit, 1) + "+" + cell("first_"+unit, 0) + ")"
	}
	right, all := agreement("deals")
	rate(text{"The flag is right: share of deals", "Признак верен: доля сделок"}, right, all, f.Agreement)
	right, all = agreement("revenue")
	rate(text{"… and of revenue", "… и выручки"}, right, "ROUND("+all+",4)", f.RevenueAgreement)
}

// ties are the two tables.
func (f *flagsSheet) ties(b *book, anonymous, cancelled tiePart) (ties []tie) {
	var all orders.Sides
	for _, c := range f.Cells {
		all = all.Plus(c)
	}
	for _, t := range []*table{f.cells, f.words} {
		var parts []tiePart
		for side := orders.First; side <= orders.Unmatched; side++ {
			parts = append(parts, tiePart{sideNames[side], f.sheet.ref(t.col(fmt.Sprintf("%v_revenue", side)), t.totals), all.Of(side).Revenue})
		}
		ties = append(ties, newTie(f.sheet, text{"Revenue by side", "Выручка по сторонам"}, append(parts, b.outsidePart(f.Scope, false), anonymous, cancelled)))
	}
	return ties
}
