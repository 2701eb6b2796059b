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

// compose lays out every sheet that b has something for.
func (b *book) compose() {
	b.parametersSheet()
	rankings := b.rankings()
	for _, r := range rankings {
		r.parameters(b.params)
		b.rankingSheet(r)
	}
	if len(rankings) > 0 {
		b.classesSheet(rankings)
	}
}
