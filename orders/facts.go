package orders

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
)

// Facts is all that an analysis knows of the world. [*History] computes it in
// memory; a SQL engine can answer it with one GROUP BY each. What a purchase
// is, who is anonymous, what is cancelled, which purchase is number 1 and
// which side a deal is on was decided when the Facts were opened: no query
// renumbers, a query only chooses what is summed.
//
// What grows with customers or products is a sequence, ascending by id
// (bytewise), and stops at its first error, yielded with a zero value; what
// does not grow so is a slice, in the documented order.
type Facts interface {
	// Control returns what every sheet must add up to.
	Control(ctx context.Context) (Control, error)
	// Series yields each item's measure per period.
	Series(ctx context.Context, q SeriesQuery) iter.Seq2[Series, error]
	// Customers yields each identified customer as of a day, those without a
	// purchase included.
	Customers(ctx context.Context, q CustomerQuery) iter.Seq2[Customer, error]
	// Flows returns sums over deals, grouped by the keys that the query asks
	// for, ascending by (Cohort, Period, Age, Number, Split).
	Flows(ctx context.Context, q FlowQuery) ([]Flow, error)
	// Gaps returns how many gaps between purchases there are of each length,
	// ascending by (Days, Age).
	Gaps(ctx context.Context, q GapQuery) ([]Gap, error)
}

// Control is what the export held and what every sheet must add up to:
//
//	RowsRead = Accepted + Rejected + Σ Skipped rows
//	MoneyRead = Export + MoneyRejected + Σ Skipped money (of the cells that could be read)
//	Export = Identified + Anonymous + Cancelled
type Control struct {
	FirstDay, LastDay Date   // of the range analysed: LastDay is the report date, if one was given
	Precision         Grain  // of the dates: Month if any of the files names months only, else Day
	Currency          string // "" if the export does not say
	VAT               VAT    // basis of the amounts, as far as the export or the mapping says

	RowsRead, Accepted, Rejected int64
	Skipped                      []Skip // by reason, ascending
	MoneyRead, MoneyRejected     Amount

	Export         Amount // control total: the revenue of all accepted lines
	Identified     Amount
	Anonymous      Amount // outside customer analyses
	AnonymousLines int64
	Cancelled      Amount
	CancelledLines int64
	Stated         NullAmount // the file's own grand total, where it has one
	Rounded        Amount     // what rounding to four places added
	RoundedCells   int64

	Customers int64 // with at least one purchase
	Deals     int64 // of identified customers
	Purchases int64

	LongestPause int // longest run of days without sales between the first and the last, days

	Complete  bool    // the history is known to be complete: there is no Unknown side
	KnownFrom Date    // purchases 1 before it are on the side Unknown; after LastDay if all are
	BurnIn    int     // days from FirstDay to KnownFrom by the 90 % quantile of gaps, or as given; 0 if Complete
	LateOld   float64 // q, 0…1: share of the customers first seen after KnownFrom who are old ones all the same

	Warnings []Warning
}

// Skip counts the rows that were left out for one reason.
type Skip struct {
	Reason Reason
	Rows   int64
	Money  Amount
}

// Whole reports whether the export covers period p as analysed over from…to
// (zero: FirstDay, LastDay): a boundary period is whole if its missing days are
// no more than the longest run of days without sales. A period outside is not whole.
func (c Control) Whole(p Period, from, to Date) bool {
	if from == 0 {
		from = c.FirstDay
	}
	if to == 0 {
		to = c.LastDay
	}
	first, last := p.First(), p.Last()
	if last < from || first > to {
		return false
	}
	missing := max(0, int(from-first)) + max(0, int(last-to))
	return missing <= c.LongestPause
}

// Span returns the number of days from FirstDay to LastDay, both included; 0
// for an empty history.
func (c Control) Span() int {
	if c.FirstDay == 0 {
		return 0
	}
	return int(c.LastDay-c.FirstDay) + 1
}

// Scope is the part of the history that a query sums. Numbering, sides, first
// days and owners are always of the whole history up to AsOf.
type Scope struct {
	From, AsOf Date    // inclusive; zero: Control's first and last day
	Where      []Where // all must hold
}

// Within returns s as an analysis of the export that c describes uses it: From
// and AsOf filled in, and nothing shared with s. An empty export fills in no
// day. A scope that then begins after its last day is [ErrOptions] (wrapped).
func (s Scope) Within(c Control) (Scope, error) {
	s.From, s.AsOf = cmp.Or(s.From, c.FirstDay), cmp.Or(s.AsOf, c.LastDay)
	if s.From > s.AsOf {
		return Scope{}, fmt.Errorf("%w: Scope.From = %s: after the last day, %s", ErrOptions, s.From, s.AsOf)
	}
	s.Where = slices.Clone(s.Where)
	for i, w := range s.Where {
		s.Where[i].In = slices.Clone(w.In)
	}
	return s, nil
}

// Where keeps what has one of the values In in a dimension.
type Where struct {
	Dimension Dimension
	In        []string
}

// Dimension is what an item or a split is.
type Dimension string

// The dimensions.
const (
	ByCustomer    Dimension = "customer"
	ByProduct     Dimension = "product"
	ByGroup       Dimension = "group"
	BySalesperson Dimension = "salesperson" // of the deal
	ByOwner       Dimension = "owner"       // the customer's salesperson in their latest purchase as of the query's day
	ByChannel     Dimension = "channel"     // of the deal
	ByRepeatFlag  Dimension = "repeat_flag" // the CRM's own
)

// Measure is what a Series holds.
type Measure uint8

// The measures. Counts are Amounts too: three deals are 3 × [One].
const (
	Revenue      Measure = iota
	GrossProfit          // of the lines whose cost is known
	Contribution         // gross profit less direct cost
	Quantity
	Deals     // distinct deals with the item
	Purchases // distinct purchases with the item
)

var measureNames = [...]string{"revenue", "profit", "contribution", "quantity", "deals", "purchases"}

// String returns "revenue", "profit", "contribution", "quantity", "deals" or "purchases".
func (m Measure) String() string { return measureNames[m] }

// MarshalText writes m as [Measure.String] does.
func (m Measure) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// SeriesQuery asks for one measure of each item, per period.
//
// ByProduct and ByGroup sum every line that is not cancelled, anonymous sales
// included: goods were sold, whoever bought. All other items sum the deals of
// identified customers. An item whose id is blank (a line without a product)
// is yielded with Item "", so that sums are conserved.
type SeriesQuery struct {
	Scope   Scope
	By      Dimension // "": ByCustomer
	Split   Dimension // "": none; else one Series per (item, split), ascending by both
	Measure Measure
	Grain   Grain // NoGrain: Month
}

// Series is one item's measure per period. Items without a deal in the scope are left out.
type Series struct {
	Item, Name, Split string
	First, Last       Period   // first and last period in which the item has a deal, up to AsOf, From and Where notwithstanding
	Start             Period   // of Values[0]; the same for every Series of a query: the period of Scope.From
	Values            []Amount // through the period of Scope.AsOf; borrowed until the loop's next step
	Active            []bool   // whether the item has a deal in the period, in the scope; borrowed
	Revenue, Costed   Amount   // in the scope, and how much of it has a known cost
}

// Total returns the sum of Values.
func (s Series) Total() Amount {
	var t Amount
	for _, v := range s.Values {
		t += v
	}
	return t
}

// CustomerQuery asks for customers as of Scope.AsOf.
type CustomerQuery struct {
	Scope    Scope
	NoRhythm bool // the zero Rhythm will do: to find medians is most of the work
}

// Customer is one identified customer as of a day. Days, owners, Entry and
// Rhythm are of the whole history up to AsOf; Sides is summed over the scope.
type Customer struct {
	ID, Name          string
	FirstOwner, Owner string // salesperson of the first and of the latest purchase
	Channel           string // of the first purchase
	Since, Lead       Date   // known first day; day of the lead; 0: not in the export
	Entry             Side   // side of purchase 1: First, Unknown or Repeat; Unmatched without a purchase
	FirstDay, LastDay Date   // of the first and the latest purchase; 0 without one
	Purchases         int64  // up to AsOf
	Sides             Sides
	Rhythm            Rhythm // zero if the query says NoRhythm
}

// Rhythm sums the gaps between a customer's successive purchase days, in days.
type Rhythm struct {
	N, Sum, SumSquares int64
	Median             float64 // NaN without gaps
}

// Mean returns Sum ÷ N, in days; NaN without gaps.
func (r Rhythm) Mean() float64 { return float64(r.Sum) / float64(r.N) }

// CV returns σ ÷ μ of the gaps with the sample σ (n − 1); NaN with fewer than
// two gaps. The population σ of a purely random buyer's few gaps would look
// regular far too often.
func (r Rhythm) CV() float64 {
	if r.N < 2 {
		return math.NaN()
	}
	n, sum := float64(r.N), float64(r.Sum)
	// N·Σx² − (Σx)² is exact in integers, so equal gaps give exactly 0.
	spread := float64(r.N*r.SumSquares - r.Sum*r.Sum)
	return math.Sqrt(spread/(n*(n-1))) / (sum / n)
}

// FlowQuery asks for sums over the deals of identified customers, grouped by
// the keys that are set. Sides are never a key: each Flow carries all four.
type FlowQuery struct {
	Scope  Scope
	Cohort Grain     // of the day of purchase 1; the cohort "earlier" is the zero Period
	Period Grain     // of the deal's day
	Age    int       // width in days of ages since purchase 1; 0: no key
	Number int       // purchase numbers 1, 2 … Number, the last one meaning "and later"; 0: no key
	Split  Dimension // "": no key
}

// Flow is one cell. A key that was not asked for is zero.
//
// Customers whose purchase 1 is not on the side First are "earlier": their
// Cohort is the zero Period, their Age is −1 and their Number is 0, whatever
// was asked, for neither can be known. A return has the Number of the purchase
// that its money belongs to, and its own Period and Age.
type Flow struct {
	Cohort, Period Period
	Age, Number    int
	Split          string

	Customers        int64 // distinct customers with a purchase in the cell; does not add over cells
	FirstCustomers   int64 // of them, with a purchase on the side First …
	RepeatCustomers  int64 // … Repeat: returning; a customer can be both
	UnknownCustomers int64 // … Unknown
	Sides
}

// GapQuery asks for the gaps between purchase days up to Scope.AsOf.
type GapQuery struct{ Scope Scope }

// Gap counts gaps between successive purchase days of a customer: Ended ones
// of so many Days that ended when the export was Age days old (Age = day −
// Control.FirstDay), and Open ones, from the latest purchase to as-of (Age is
// then that of as-of).
type Gap struct {
	Days, Age   int
	Ended, Open int64
}

// ratio returns a ÷ b; NaN for b = 0.
func ratio(a, b Amount) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}
