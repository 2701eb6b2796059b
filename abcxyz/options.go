package abcxyz

import (
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// Options says what [Rank] ranks and where classes begin. The zero Options
// ranks customers by revenue over the whole export with bounds of 80 % and 95 %
// and judges their regularity by the gaps between their purchases. A result
// carries its Options with all defaults filled in.
type Options struct {
	Scope   orders.Scope     // zero: the whole export
	By      orders.Dimension // "": orders.ByCustomer; orders.ByRepeatFlag is no item
	Measure orders.Measure   // orders.Revenue
	Grain   orders.Grain     // periods of XYZ; NoGrain: orders.Month

	Rule Rule // Before
	// Bounds are the percentages at which the classes but the last end, ascending,
	// above 0 and up to 100: 80 × [orders.One] is 80 %. There is one class more than
	// bounds, 13 (A … M) at the most. Empty: 80 % and 95 %. Under Absolute they are
	// amounts of the measure, descending and above 0, and have no default; UT11 has none.
	Bounds []orders.Amount

	Vary     Vary     // zero: Gaps for customers whose purchases have days, Value for all else
	Calendar Calendar // SinceFirst
	Sigma    Sigma    // zero: Sample for Gaps, Population for Value and Count
	XYZRule  XYZRule  // CVBounds
	// CV are the two coefficients of variation at which X and Y end, each
	// included, ascending, 0.10 being 10 %. Empty: 0.20 and 0.50 (1C:УПП) for
	// Gaps, 0.10 and 0.25 (1C:УНФ, textbooks) for Value and Count. CVMeans has none.
	CV []float64

	// Season asks for Item.SeasonCV beside the plain CV: of Value or Count, by
	// month or by quarter. It changes no class.
	Season bool
}

// Rule says how values give ABC classes. Under every rule items are sorted by
// the measure, descending, ties by id. Under Before, UpTo and Absolute, our own,
// equal values get the class of the first of them; the rules of other systems
// classify item by item as those systems do, and may tell equal values apart.
type Rule uint8

// The ABC rules.
const (
	// Before compares the cumulative share before the item: A while it is below the
	// first bound, B while below the second. The item that crosses a bound belongs
	// to the higher class, so A is never empty and a lone item is A.
	Before Rule = iota
	// UpTo compares the cumulative share that includes the item: A while it is not
	// above the first bound, B while not above the second, as most scripts do. A
	// first item larger than the bound leaves A empty.
	UpTo
	// UNF is 1C:УНФ's and 1C:УПП's: from the smallest item upwards, C while the sum
	// so far, the item included, is not above its bound in money, 100 % less the
	// bound of B, rounded to kopecks; then B likewise; then A. Items not above zero
	// stay in the base, in the last class. From above it reads as Before but for the
	// base, the rounding and ties.
	UNF
	// UT11 is 1C:УТ 11's, without bounds and with three classes: A while the
	// cumulative share c that includes the item is not above Σc ÷ (n + 1), n items
	// being above zero; B while it is not above the mean c of the others. The last
	// item is C whatever the cuts say.
	UT11
	// PAL is SAP's (the Predictive Analysis Library): A takes items until its own sum
	// is at least 80 % of the base, B then until its own sum is at least 15 %: the
	// difference of the bounds.
	PAL
	// Absolute compares the value itself with amounts: A from the first of
	// Bounds on, B from the second on.
	Absolute
)

// String returns "before", "upto", "unf", "ut11", "pal" or "absolute".
func (r Rule) String() string { return name(r, "before", "upto", "unf", "ut11", "pal", "absolute") }

// MarshalText writes r as [Rule.String] does.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Vary says of what the coefficient of variation is taken.
type Vary uint8

// What may vary.
const (
	DefaultVary Vary = iota // Gaps for customers, Value for all else and where the export names months only
	Value                   // the measure per period (1C)
	Count                   // purchases per period
	Gaps                    // days between a customer's purchases; customers only
)

// String returns "default", "value", "count" or "gaps".
func (v Vary) String() string { return name(v, "default", "value", "count", "gaps") }

// MarshalText writes v as [Vary.String] does.
func (v Vary) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Calendar says over which whole periods Value and Count vary.
type Calendar uint8

// The calendars.
const (
	SinceFirst  Calendar = iota // from the item's first active period, so that being new is not being erratic
	Window                      // all of the scope, with zeros before the item's first deal (1C)
	FirstToLast                 // from the item's first active period to its last: leaving is not being erratic either
)

// String returns "sincefirst", "window" or "firsttolast".
func (c Calendar) String() string { return name(c, "sincefirst", "window", "firsttolast") }

// MarshalText writes c as [Calendar.String] does.
func (c Calendar) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Sigma is the standard deviation in a coefficient of variation.
type Sigma uint8

// The standard deviations.
const (
	DefaultSigma Sigma = iota // Population for Value and Count, Sample for Gaps
	Population                // √(Σd² ÷ n): Excel's STDEV.P, 1C's
	Sample                    // √(Σd² ÷ (n − 1)): Excel's STDEV.S
)

// String returns "default", "population" or "sample".
func (s Sigma) String() string { return name(s, "default", "population", "sample") }

// MarshalText writes s as [Sigma.String] does.
func (s Sigma) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// XYZRule says how coefficients of variation give the classes X, Y and Z.
type XYZRule uint8

// The XYZ rules.
const (
	CVBounds XYZRule = iota // by Options.CV
	// CVMeans is 1C:УТ 11's, without bounds: items that have a CV are sorted by it,
	// descending; Z while the cumulative share c of the CVs, the item's included, is
	// not above Σc ÷ (n + 1); Y while it is not above the mean c of the others. The
	// last item is X whatever the cuts say, and so are all if every CV is 0.
	CVMeans
)

// String returns "bounds" or "means".
func (r XYZRule) String() string { return name(r, "bounds", "means") }

// MarshalText writes r as [XYZRule.String] does.
func (r XYZRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// resolve returns o with its defaults filled in and nothing shared with o, or
// an error that wraps orders.ErrOptions and names the field out of its domain.
func (o Options) resolve(c orders.Control) (Options, error) {
	if o.By == "" {
		o.By = orders.ByCustomer
	}
	if o.Grain == orders.NoGrain {
		o.Grain = orders.Month
	}
	if o.Vary == DefaultVary && o.By == orders.ByCustomer && c.Require(orders.Day) == nil {
		o.Vary = Gaps
	} else if o.Vary == DefaultVary {
		o.Vary = Value
	}
	if o.Sigma == DefaultSigma && o.Vary == Gaps {
		o.Sigma = Sample
	} else if o.Sigma == DefaultSigma {
		o.Sigma = Population
	}
	o.Bounds = slices.Clone(o.Bounds)
	if len(o.Bounds) == 0 && o.Rule != UT11 && o.Rule != Absolute {
		o.Bounds = []orders.Amount{80 * orders.One, 95 * orders.One}
	}
	o.CV = slices.Clone(o.CV)
	switch {
	case len(o.CV) > 0 || o.XYZRule == CVMeans:
	case o.Vary == Gaps:
		o.CV = []float64{0.20, 0.50}
	default:
		o.CV = []float64{0.10, 0.25}
	}
	if err := o.check(); err != nil {
		return o, err
	}
	var err error
	if o.Scope, err = o.Scope.Within(c); err != nil {
		return o, fmt.Errorf("abcxyz: %w", err)
	}
	if o.Vary == Gaps {
		if err := c.Require(orders.Day); err != nil {
			return o, fmt.Errorf("abcxyz: %w", err)
		}
	}
	return o, nil
}

// items are the dimensions that can be ranked.
var items = []orders.Dimension{
	orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel,
}

// check returns an error that names the first field of a resolved o out of its domain.
func (o Options) check() error {
	switch {
	case !slices.Contains(items, o.By):
		return invalid("By", o.By, "customer, product, group, salesperson, owner or channel")
	case o.Measure > orders.Purchases:
		return invalid("Measure", uint8(o.Measure), "a measure of package orders")
	case o.Grain > orders.Year:
		return invalid("Grain", o.Grain, "day, week, month, quarter or year")
	case o.Rule > Absolute:
		return invalid("Rule", uint8(o.Rule), "Before, UpTo, UNF, UT11, PAL or Absolute")
	case !o.boundsFit():
		return invalid("Bounds", o.Bounds, o.boundsWanted())
	case o.Vary > Gaps:
		return invalid("Vary", uint8(o.Vary), "Value, Count or Gaps")
	case o.Vary == Gaps && o.By != orders.ByCustomer:
		return invalid("Vary", o.Vary, "only customers have gaps between purchases")
	case o.Calendar > FirstToLast:
		return invalid("Calendar", uint8(o.Calendar), "SinceFirst, Window or FirstToLast")
	case o.Sigma > Sample:
		return invalid("Sigma", uint8(o.Sigma), "Population or Sample")
	case o.XYZRule > CVMeans:
		return invalid("XYZRule", uint8(o.XYZRule), "CVBounds or CVMeans")
	case o.XYZRule == CVMeans && len(o.CV) > 0:
		return invalid("CV", o.CV, "CVMeans has no bounds")
	case o.XYZRule == CVBounds && (len(o.CV) != 2 || !(0 <= o.CV[0] && o.CV[0] < o.CV[1] && o.CV[1] <= math.MaxFloat64)):
		return invalid("CV", o.CV, "two ascending coefficients of variation")
	case o.Season && o.Vary == Gaps:
		return invalid("Season", o.Season, "gaps between purchases have no season: Vary must be Value or Count")
	case o.Season && o.Grain != orders.Month && o.Grain != orders.Quarter:
		return invalid("Season", o.Season, "Grain must be orders.Month or orders.Quarter")
	}
	return nil
}

// boundsFit reports whether the bounds are such as the rule takes.
func (o Options) boundsFit() bool {
	if o.Rule == UT11 {
		return len(o.Bounds) == 0
	}
	for i, bound := range o.Bounds {
		if bound <= 0 || o.Rule != Absolute && bound > hundred {
			return false
		}
		if i > 0 && (o.Rule == Absolute) != (bound < o.Bounds[i-1]) || i > 0 && bound == o.Bounds[i-1] {
			return false
		}
	}
	return 0 < len(o.Bounds) && len(o.Bounds) < maxClasses
}

func (o Options) boundsWanted() string {
	switch o.Rule {
	case UT11:
		return "1C:УТ 11 has none"
	case Absolute:
		return "one to twelve descending amounts above 0"
	}
	return "one to twelve ascending percentages above 0 and up to 100"
}

// classes returns the ABC classes that the options make, N last.
func (o Options) classes() []ABC {
	n := len(o.Bounds) + 1
	if o.Rule == UT11 {
		n = 3
	}
	all := make([]ABC, n+1)
	for i := range n {
		all[i] = A + ABC(i)
	}
	return all
}

func invalid(field string, value any, want string) error {
	return fmt.Errorf("abcxyz: %w: %s = %v: %s", orders.ErrOptions, field, value, want)
}
