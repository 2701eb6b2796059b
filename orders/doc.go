// Package orders reads exports of orders and decides, once, what they say of
// first and repeat sales.
//
// There are only a few types. A [Line] is one product on one order, the row
// that goes in. A [History] is all lines of an export, checked, grouped into
// deals and purchases, and decided. [Facts] is what the analyses ask of it:
// five questions and nothing else. [Amount], [Date] and [Period] are exact
// money, a day, and a day, ISO week, month, quarter or year. [Costs] are
// assumptions about what a deal costs beyond what the export knows.
//
// # Reading an export
//
//	sales, err := orders.ReadFile(ctx, "export.csv", orders.Options{})
//	if err != nil {
//		return err
//	}
//	defer sales.Release()
//
// The encoding, the delimiter, the header, the roles of the columns and the
// formats of numbers and dates are found; [Detect] says how, and
// [Options].Columns names the columns that it does not find. Rows that come
// from elsewhere go in through [Collect] as lines, [CollectRows] as the answer
// of a database or [CollectRecords] as Arrow records, under the same rules.
//
// What Detect finds is a [Mapping] that can be changed, kept as JSON and given
// back as [Options].Mapping: the same file gives the same History by it, and a
// file that is not written so is an error. [Preset] has those of well-known
// systems. [Options].Quarantine takes the rejected rows, to be mended and read again.
//
// # Yesterday's history and today's export
//
//	sales, err := orders.ReadFiles(ctx, []string{"yesterday.arrow", "today.csv"}, orders.Options{Overlap: orders.KeepNewest})
//	…
//	err = sales.WriteIPC(ctx, file)
//
// A History that is written with [History.WriteIPC] and read again, with the
// same options, is equal to itself: lines, totals, rejected rows, answers. Read
// together with a new export, or joined with its History by [Join], it gives
// what all of the exports together would, but that rows which repeat one another
// exactly are looked for only among those read from exports at the same time.
// Package orders/parquet does the same in Parquet.
//
// # What is decided
//
// A deal is all lines of one (organisation, customer, order id); where the
// export has no order id, of a customer's day. Its day is the earliest of its
// lines. The same key more than 180 days apart is another deal.
//
// A purchase is a customer's day with positive net revenue. Purchases are
// numbered 1, 2, 3 … per customer over the whole history. Purchase 1 is on the
// side [First], all others are on [Repeat].
//
// A return is negative money. It nets within its day; a day whose net is not
// positive is no purchase, and its money belongs to the side of the customer's
// latest purchase before it, or of the purchase that the return names. With
// none it is [Unmatched] and, if negative, proves that the customer is an old one.
//
// Cancelled lines and anonymous customers are counted in the control totals
// and are in nothing else, but that products include anonymous sales.
//
// # What an export cannot tell
//
// An export begins somewhere, and who bought before looks new. Unless the
// history is known to be complete ([Options].HistoryComplete, Earlier, or a
// column of first days), a purchase 1 within the burn-in is on the side
// [Unknown]. The burn-in is the 90 % quantile of the gap between purchases,
// estimated for right-truncated data (Lynden-Bell 1971). If it is longer than
// half the export, every purchase 1 is unknown. [Control].LateOld is the share
// of the customers first seen after the burn-in who are old ones all the same,
// from a back-test: of those first seen late in the second half of the export,
// how many bought in the first half.
//
// # Caveats
//
// A History never changes and may be read by any number of goroutines; results
// outlive it. Release it once, when nothing more will be asked of it.
//
// Slices of a yielded [Series] are borrowed until the loop's next step.
//
// Data faults are errors or warnings, never panics. The package prints nothing
// and keeps no state of its own.
package orders
