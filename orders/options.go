package orders

import (
	"fmt"
	"io"
	"runtime"

	"github.com/apache/arrow/go/v16/arrow/memory"
)

// Options says how rows become a [History]. The zero Options detects what it
// can and decides as the package documentation says.
type Options struct {
	// Columns maps roles to header names, for what Detect does not find by
	// itself. Headers are compared as Detect compares them, ignoring case,
	// spaces and punctuation. "Amount#2" is the second of several columns called
	// Amount; where only one of them holds anything that is the one.
	Columns map[Role]string

	// Mapping says how the files are written and what their words mean, instead
	// of finding it out; nil: all is found out. Columns goes before it.
	Mapping *Mapping

	// Currency keeps only the rows of that currency; the others are skipped and
	// counted. Without it an export in two currencies is an error.
	Currency string

	// AsOf is the last day observed; later rows are skipped and counted. Zero:
	// the last day of the export.
	AsOf Date

	// Precision is Month if the dates of the rows are months, each as its first
	// day. NoGrain: what the files show, which for rows of a program is Day.
	Precision Grain

	// Cancel and Return list prefixes of order ids. Lines of orders that begin
	// with one of Cancel are cancelled: excluded, but counted. Lines of orders
	// that begin with one of Return are returns: their quantity and revenue are
	// negative, whichever sign the export writes.
	Cancel, Return []string

	// Anonymous lists customers (id or name, case ignored) who are nobody in
	// particular. Nil: [DefaultAnonymous]. Blank customers are always anonymous.
	Anonymous []string

	// Overlap says what becomes of an order that several files, or several
	// histories of [Join], have: the newest are given last. KeepAll: all its
	// lines count, with a warning; KeepNewest: those of the last count.
	Overlap Overlap

	// DropDuplicates skips and counts every line that repeats another one
	// exactly: all cells of the row, whether they are used or not. Otherwise
	// such lines, which can be real, count and are warned of.
	DropDuplicates bool

	// FactsOnly keeps no lines, for exports larger than memory: what is kept
	// grows with customers and orders, and with products and months, not with
	// lines. Deals, purchases and sides are the same. What needs single lines
	// returns [ErrNoLines]: [History.Lines], [History.Records] and [Join], and of
	// products and groups all but sums of money or quantity over whole months, in
	// which a line counts on its own day and not on its order's. Lines that repeat
	// another one are found only where they follow it; DropDuplicates, and Overlap
	// other than KeepAll, cannot be beside it.
	FactsOnly bool

	Purchase PurchaseRule // PerDay: a customer's day is one purchase
	// CountZero makes purchases of days or deals of exactly 0, as the papers on
	// buyer behaviour do. Otherwise free goods are no purchase.
	CountZero bool

	// HistoryComplete is the caller's word that no customer bought before the
	// export begins. Earlier lists, by id, all customers who did; not nil, it
	// makes the history known too. BurnIn gives the days at the beginning of the
	// export within which a first purchase may be an old customer's; 0 means
	// the 90 % quantile of the gaps between purchases.
	HistoryComplete bool
	Earlier         []string
	BurnIn          int

	Strict      bool    // the first bad row is an error
	MaxRejected float64 // share of rows, 0…1, whose rejection is an error, for the file was misread; 0: 0.05; 1: never
	KeepRejects int     // how many rejected rows to keep word for word; all are counted; 0: 1,000

	Limits Limits // against hostile and broken files

	// Quarantine says where the rejected rows of a file go, all of them, so that
	// they can be mended and read again. It is called with the file's Detection at
	// its first rejected row; an error of it ends the reading. Nil, or if it
	// returns nil: nowhere. What is written is UTF-8 text with a byte order mark
	// and the file's delimiter (a comma for a workbook): the header, each row as
	// the file has it, with what it leaves to the rows above to say, and behind
	// that the columns _row, _column, _code and _reason. Such a file is read like
	// the export that it comes from, by the same Mapping too; those columns are
	// then left out. A row whose quotes do not match is one cell with all of its text.
	Quarantine func(d *Detection) (io.Writer, error)

	Workers   int                           // goroutines that read and compute; 0: one per processor. Results do not depend on it
	Allocator memory.Allocator              // of the Arrow columns; nil: Go's heap
	Progress  func(done, total int64) error // bytes or rows so far; total 0 if unknown; an error stops the reading
}

// PurchaseRule says what counts as one purchase.
type PurchaseRule uint8

// The purchase rules.
const (
	PerDay  PurchaseRule = iota // a customer's day with positive net revenue, all deals of the day together
	PerDeal                     // every deal with positive revenue
)

// DefaultAnonymous returns the names that mean no customer in particular in
// the systems whose exports the package reads.
func DefaultAnonymous() []string {
	return []string{
		"<Покупатель не указан>", "Покупатель не указан", "<Клиент не указан>", "<Контрагент не указан>", "<не указан>", "<пустое значение>", "<>",
		"Розничный покупатель", "Розничные покупатели", "Розничная выручка", "Розничный клиент", "Частное лицо", "Физическое лицо", "Физлицо", "Аноним",
		"anonymous", "guest", "retail customer", "walk-in customer", "cash customer", "unknown", "n/a", "null", "none", "-", "—",
	}
}

func (o Options) check() error {
	switch {
	case o.Purchase > PerDeal:
		return optionError("Purchase", o.Purchase)
	case o.Overlap > KeepNewest:
		return optionError("Overlap", o.Overlap)
	case o.Precision != NoGrain && o.Precision != Day && o.Precision != Month:
		return optionError("Precision", o.Precision)
	case o.BurnIn < 0:
		return optionError("BurnIn", o.BurnIn)
	case !(o.MaxRejected >= 0 && o.MaxRejected <= 1):
		return optionError("MaxRejected", o.MaxRejected)
	case o.KeepRejects < 0:
		return optionError("KeepRejects", o.KeepRejects)
	case o.Workers < 0:
		return optionError("Workers", o.Workers)
	case o.AsOf < 0:
		return optionError("AsOf", int32(o.AsOf))
	case o.FactsOnly && o.DropDuplicates:
		return fmt.Errorf("%w: DropDuplicates beside FactsOnly", ErrOptions)
	case o.FactsOnly && o.Overlap != KeepAll:
		return fmt.Errorf("%w: Overlap beside FactsOnly", ErrOptions)
	case (o.HistoryComplete || o.Earlier != nil) && o.BurnIn > 0:
		return fmt.Errorf("%w: BurnIn beside HistoryComplete or Earlier", ErrOptions)
	case o.HistoryComplete && len(o.Earlier) > 0:
		return fmt.Errorf("%w: Earlier beside HistoryComplete", ErrOptions)
	}
	if err := o.Limits.check(); err != nil {
		return err
	}
	if o.Mapping != nil {
		return o.checkMapping()
	}
	return nil
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func (o Options) allocator() memory.Allocator {
	if o.Allocator != nil {
		return o.Allocator
	}
	return memory.DefaultAllocator
}

func (o Options) keepRejects() int {
	if o.KeepRejects > 0 {
		return o.KeepRejects
	}
	return 1000
}

func (o Options) maxRejected() float64 {
	if o.MaxRejected > 0 {
		return o.MaxRejected
	}
	return 0.05
}

func optionError(field string, value any) error {
	return fmt.Errorf("%w: %s = %v", ErrOptions, field, value)
}
