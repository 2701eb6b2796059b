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
	Measures                          *abcxyz.MeasuresRanking
	Within                            *abcxyz.SplitRanking
	Compared                          *abcxyz.Comparison
	Migration                         *abcxyz.Migration
	Stability                         []*abcxyz.Stability // a sheet each; no two of one kind of items
	Core                              *abcxyz.CoreList

	Repeat      *cohorts.Repeat
	Roles       *cohorts.RolesResult
	Parts       []*cohorts.Split // a table each, on one sheet
	Flags       *cohorts.FlagsResult
	Profit      *ltv.Profit
	Acquisition *ltv.AcquisitionTable
	Splits      []*ltv.ProfitSplit  // a block each, on one sheet
	Paybacks    []*ltv.PaybackTable // a block each, on one sheet
	Cohorts     *cohorts.Table
	Ages        *cohorts.Table // by days since the first purchase
	CohortLTV   *cohorts.LTV

	RevenueRetention *cohorts.RevenueResult

	Grid        *segments.GridResult
	RFM         *segments.RFMResult
	Transitions *segments.TransitionResult

	Calls    *segments.CallList // whom to call, those who have lapsed, and the calls by salesperson: a sheet each
	Contacts *segments.ContactResult

	LTV        *ltv.Prediction
	Validation *ltv.Validation // how models foretold days they had not seen

	Top           []*abcxyz.TopList      // a sheet each; no two of one number of places and of one kind of items
	Plans         []*segments.PlanResult // a block each, on one sheet
	Concentration *abcxyz.Concentration

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
	if b.Measures != nil {
		p.measures = b.measuresSheet()
	}
	if b.Within != nil {
		p.within = b.withinSheet()
	}
	if b.Compared != nil {
		p.compared = b.compareSheet()
	}
	if b.Migration != nil {
		p.migration = b.migrationSheet()
	}
	b.stabilitySheets()
	if b.Core != nil {
		p.core = b.coreSheet()
	}
	if b.Repeat != nil {
		p.repeat = b.repeatSheet()
	}
	if b.Roles != nil {
		p.roles = b.rolesSheet()
		b.handedSheet(p.roles)
	}
	if len(b.Parts) > 0 {
		p.parts = b.partsSheet()
	}
	if b.Flags != nil {
		p.flags = b.flagsSheet()
	}
	if b.Profit != nil {
		p.profit = b.profitSheet()
	}
	if b.Acquisition != nil {
		p.acquisition = b.acquisitionSheet()
		if p.profit != nil {
			p.profit.acquisition = p.acquisition
		}
	}
	if len(b.Splits) > 0 {
		p.splits = b.splitSheet()
	}
	if len(b.Paybacks) > 0 {
		b.paybackSheet()
	}
	if b.Cohorts != nil {
		p.cohorts = b.cohortSheet(b.Cohorts, text{"Cohorts", "Когорты"}, "Cohorts")
	}
	if b.Ages != nil {
		p.ages = b.cohortSheet(b.Ages, text{"Cohorts by age in days", "Когорты по дням"}, "Ages")
	}
	if b.CohortLTV != nil {
		b.ltvCurveSheet()
	}
	if b.RevenueRetention != nil {
		b.retentionSheet()
	}
	if b.Grid != nil || b.RFM != nil {
		p.segments = b.segmentSheets()
	}
	if b.Transitions != nil {
		p.transitions = b.transitionSheet()
	}
	if b.Calls != nil {
		p.calls = b.callSheets()
	}
	if b.Contacts != nil {
		b.contactSheets()
	}
	if b.LTV != nil {
		p.ltv = b.ltvSheet()
		b.ltvModelSheet(p.ltv)
	}
	if b.Validation != nil {
		p.validation = b.validationSheet()
		p.validation.trackingSheet(b)
		p.validation.calibrationSheet(b)
	}
	b.topSheets()
	if len(b.Plans) > 0 {
		p.plans = b.planSheet()
	}
	if b.Concentration != nil {
		b.concentrationSheet(p.rankings)
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
	left := func(v orders.Amount) tiePart { return tiePart{name: outsideName, value: v} }
	add := func(s *sheet, what text, parts ...tiePart) { ties = append(ties, newTie(s, what, parts)) }
	for _, r := range p.rankings {
		everybody := r.Options.By == orders.ByProduct || r.Options.By == orders.ByGroup
		left := []tiePart{outside(r.Options.Scope, everybody), cancelled}
		if !everybody {
			left = append(left, anonymous)
		}
		if r.Options.Measure == orders.Revenue {
			add(r.list.sheet, r.items, append([]tiePart{
				{text{"Base (all classes but N)", "База (все классы, кроме N)"}, r.base, r.Base},
				{text{"Class N", "Класс N"}, r.classes.ref(4, r.classRow+len(r.Classes)-1), r.Excluded},
			}, left...)...)
		} else {
			add(r.list.sheet, r.items, append([]tiePart{
				{text{"Revenue of all items", "Выручка всех позиций"}, r.list.sheet.ref(r.list.col("revenue"), r.list.totals), r.Revenue},
			}, left...)...)
		}
	}
	ties = append(ties, b.severalTies(p, anonymous, cancelled)...)
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
	if x := p.profit; x != nil && !x.WhatIf {
		add(x.sheet, text{"Revenue in the export", "Выручка из выгрузки"},
			tiePart{text{"Total", "Итого"}, x.sheet.ref(x.sides()+2, x.data["revenue"]), x.Export.Total().Revenue},
			left(x.Outside), anonymous, cancelled)
	}
	if x := p.splits; x != nil {
		ties = append(ties, x.ties(left, anonymous, cancelled)...)
	}
	if x := p.roles; x != nil {
		for _, t := range []*table{x.people, x.moves} {
			add(x.sheet, text{"Revenue", "Выручка"},
				tiePart{text{"Total", "Итого"}, x.sheet.ref(t.col("revenue"), t.totals), x.Total.Sides.Total().Revenue},
				outside(x.Scope, false), anonymous, cancelled)
		}
	}
	if x := p.parts; x != nil {
		ties = append(ties, x.ties(b, anonymous, cancelled)...)
	}
	if x := p.flags; x != nil {
		ties = append(ties, x.ties(b, anonymous, cancelled)...)
	}
	for _, x := range []*cohortSheet{p.cohorts, p.ages} {
		if x == nil {
			continue
		}
		add(x.sheet, text{"Revenue", "Выручка"},
			tiePart{text{"Cohorts, earlier customers, unmatched returns", "Когорты, прежние клиенты, возвраты без покупки"}, x.totalCell, x.Total.Revenue},
			outside(x.Scope, false), anonymous, cancelled)
	}
	if x := p.segments; x != nil {
		ties = append(ties, b.segmentTies(x, anonymous, cancelled)...)
	}
	if x := p.transitions; x != nil {
		ties = append(ties, x.ties(b, anonymous, cancelled)...)
	}
	if x := p.calls; x != nil {
		ties = append(ties, x.ties(b, anonymous, cancelled)...)
	}
	if x := p.ltv; x != nil {
		ties = append(ties, x.ties(b, anonymous, cancelled)...)
	}
	if x := p.migration; x != nil {
		ties = append(ties, x.ties(b, anonymous, cancelled)...)
	}
	if x := p.plans; x != nil {
		ties = append(ties, x.ties(b, anonymous, cancelled)...)
	}
	return ties
}
