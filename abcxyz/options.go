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
	// Bounds are the two percentages at which A and B end, ascending, above 0 and up
	// to 100: 80 × [orders.One] is 80 %. Empty: 80 % and 95 %.
	Bounds []orders.Amount

	Vary     Vary     // zero: Gaps for customers whose purchases have days, Value for all else
	Calendar Calendar // SinceFirst
	// CV are the two coefficients of variation at which X and Y end, each
	// included, ascending, 0.10 being 10 %. Empty: 0.20 and 0.50 (1C:УПП) for
	// Gaps, 0.10 and 0.25 (1C:УНФ, textbooks) for Value and Count.
	CV []float64
}

// Rule says how the cumulative share gives the ABC class. Under every rule
// items are sorted by the measure, descending, ties by id, and equal values get
// the class of the first of them.
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
)

// String returns "before" or "upto".
func (r Rule) String() string { return name(r, "before", "upto") }

// MarshalText writes r as [Rule.String] does.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Vary says of what the coefficient of variation is taken.
type Vary uint8

// What may vary.
const (
	DefaultVary Vary = iota // Gaps for customers, Value for all else and where the export names months only
	Value                   // the measure per period (1C); population σ
	Count                   // purchases per period; population σ
	Gaps                    // days between a customer's purchases; sample σ; customers only
)

// String returns "default", "value", "count" or "gaps".
func (v Vary) String() string { return name(v, "default", "value", "count", "gaps") }

// MarshalText writes v as [Vary.String] does.
func (v Vary) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Calendar says over which whole periods Value and Count vary.
type Calendar uint8

// The calendars.
const (
	SinceFirst Calendar = iota // from the item's first active period, so that being new is not being erratic
	Window                     // all of the scope, with zeros before the item's first deal (1C)
)

// String returns "sincefirst" or "window".
func (c Calendar) String() string { return name(c, "sincefirst", "window") }

// MarshalText writes c as [Calendar.String] does.
func (c Calendar) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

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
	o.Bounds = slices.Clone(o.Bounds)
	if len(o.Bounds) == 0 {
		o.Bounds = []orders.Amount{80 * orders.One, 95 * orders.One}
	}
	o.CV = slices.Clone(o.CV)
	if len(o.CV) == 0 && o.Vary == Gaps {
		o.CV = []float64{0.20, 0.50}
	} else if len(o.CV) == 0 {
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
	case o.Rule > UpTo:
		return invalid("Rule", uint8(o.Rule), "Before or UpTo")
	case len(o.Bounds) != 2 || !(0 < o.Bounds[0] && o.Bounds[0] < o.Bounds[1] && o.Bounds[1] <= 100*orders.One):
		return invalid("Bounds", o.Bounds, "two ascending percentages above 0 and up to 100")
	case o.Vary > Gaps:
		return invalid("Vary", uint8(o.Vary), "Value, Count or Gaps")
	case o.Vary == Gaps && o.By != orders.ByCustomer:
		return invalid("Vary", o.Vary, "only customers have gaps between purchases")
	case o.Calendar > Window:
		return invalid("Calendar", uint8(o.Calendar), "SinceFirst or Window")
	case len(o.CV) != 2 || !(0 <= o.CV[0] && o.CV[0] < o.CV[1] && o.CV[1] <= math.MaxFloat64):
		return invalid("CV", o.CV, "two ascending coefficients of variation")
	}
	return nil
}

func invalid(field string, value any, want string) error {
	return fmt.Errorf("abcxyz: %w: %s = %v: %s", orders.ErrOptions, field, value, want)
}
