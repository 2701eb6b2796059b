package report

import (
	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// Book is what a workbook is made of, in the order of its sheets. A nil field is
// no sheet. All results should be of Sales; the Reconciliation shows it if they
// are not.
type Book struct {
	Sales orders.Facts // needed: its Control is what every sheet must add up to

	Customers, Products, Salespersons *abcxyz.Ranking
	Core                              *abcxyz.CoreList

	Repeat  *cohorts.Repeat
	Profit  *ltv.Profit
	Cohorts *cohorts.Table
	Grid    *segments.GridResult
	RFM     *segments.RFMResult

	Rejected []orders.RowError // rows that were rejected, as far as they were kept; nil: the sheet gives only their number
}

// compose lays out every sheet that b has something for. The Summary comes
// first and is laid out last, for it refers to all others.
func (b *book) compose() {
	summary := b.summarySheet()
	b.parametersSheet()
	p := parts{rankings: b.rankings()}
	for _, r := range p.rankings {
		r.parameters(b.params)
		b.rankingSheet(r)
	}
	if len(p.rankings) > 0 {
		b.classesSheet(p.rankings)
	}
	if b.Core != nil {
		p.core = b.coreSheet()
	}
	if b.Repeat != nil {
		p.repeat = b.repeatSheet()
	}
	if b.Profit != nil {
		p.profit = b.profitSheet()
	}
	if b.Cohorts != nil {
		p.cohorts = b.cohortSheet()
	}
	if b.Grid != nil || b.RFM != nil {
		p.segments = b.segmentSheets()
	}
	p.reconcile = b.reconcileSheet(b.ties(p))
	b.rejectsSheet()
	b.methodSheet()
	b.fixedParameters()
	summary.fill(p)
}

// fixedParameters lays out what was decided when the export was read.
func (b *book) fixedParameters() {
	p, c := b.params, b.control
	p.section(text{"Decided when the export was read", "Решено при чтении выгрузки"})
	p.fixed(general, text{"First day", "Первый день"}, c.FirstDay, text{})
	p.fixed(general, text{"Day of the report", "Дата отчёта"}, c.LastDay, text{"the last day observed", "последний учтённый день"})
	if c.Currency != "" {
		p.fixed(general, text{"Currency", "Валюта"}, c.Currency, text{})
	}
	if b.Repeat == nil {
		b.historyParameters()
	}
}

// ties returns what each sheet of money adds up to, and what it leaves out.
func (b *book) ties(p parts) (ties []tie) {
	c := b.control
	anonymous := tiePart{name: text{"Anonymous sales", "Анонимные продажи"}, value: c.Anonymous}
	cancelled := tiePart{name: text{"Cancelled", "Отменённые"}, value: c.Cancelled}
	outside := b.outsidePart
	add := func(s *sheet, what text, parts ...tiePart) { ties = append(ties, newTie(s, what, parts)) }
	for _, r := range p.rankings {
		everybody := r.Options.By == orders.ByProduct || r.Options.By == orders.ByGroup
		left := []tiePart{outside(r.Options.Scope, everybody), cancelled}
		if !everybody {
			left = append(left, anonymous)
		}
		if r.Options.Measure == orders.Revenue {
			add(r.list.sheet, r.items, append([]tiePart{
				{text{"Base (classes A, B, C)", "База (классы A, B, C)"}, r.base, r.Base},
				{text{"Class N", "Класс N"}, r.classes.ref(4, r.classRow+3), r.Excluded},
			}, left...)...)
		} else {
			add(r.list.sheet, r.items, append([]tiePart{
				{text{"Revenue of all items", "Выручка всех позиций"}, r.list.sheet.ref(r.list.col("revenue"), r.list.totals), r.Revenue},
			}, left...)...)
		}
	}
	if r := p.repeat; r != nil {
		at := func(key string) string { return r.sheet.ref(r.money.col(key), r.money.totals) }
		t := r.Total
		add(r.sheet, text{"By side", "По сторонам"},
			tiePart{sideNames[orders.First], at("first_revenue"), t.First.Revenue},
			tiePart{sideNames[orders.Repeat], at("repeat_revenue"), t.Repeat.Revenue},
			tiePart{sideNames[orders.Unknown], at("unknown_revenue"), t.Unknown.Revenue},
			tiePart{sideNames[orders.Unmatched], at("unmatched_returns"), t.Unmatched.Revenue},
			outside(r.Scope, false), anonymous, cancelled)
	}
	if x := p.profit; x != nil && !x.WhatIf && !x.Costs.Revenue.Known {
		add(x.sheet, text{"Revenue", "Выручка"},
			tiePart{text{"Total", "Итого"}, x.sheet.ref(6, x.rows[ltv.Revenue]), x.Total.Revenue},
			outside(orders.Scope{From: x.From, AsOf: x.AsOf}, false), anonymous, cancelled)
	}
	if x := p.cohorts; x != nil {
		add(x.sheet, text{"Revenue", "Выручка"},
			tiePart{text{"Cohorts, earlier customers, unmatched returns", "Когорты, прежние клиенты, возвраты без покупки"}, x.totalCell, x.Total.Revenue},
			outside(x.Scope, false), anonymous, cancelled)
	}
	if x := p.segments; x != nil {
		ties = append(ties, b.segmentTies(x, anonymous, cancelled)...)
	}
	return ties
}
