package orders

import (
	"fmt"

	"github.com/repeatsales/repeatsales/internal/cell"
)

// Require returns nil if the dates of the export tell periods of grain g
// apart, and an error that wraps [ErrPrecision] if they name months only and g
// is Day or Week. NoGrain asks for nothing.
func (c Control) Require(g Grain) error {
	if c.Precision == Month && (g == Day || g == Week) {
		return fmt.Errorf("%w; what is asked for needs a %s: export the orders with their dates", ErrPrecision, g)
	}
	return nil
}

// monthly reports whether the dates of the sales are months.
func (d *Detection) monthly() bool {
	c, ok := d.Column(RoleDate)
	if !ok {
		return false
	}
	f, ok := cell.ParseFormat(c.Dates)
	return ok && f.Monthly()
}

// last returns the last day that a date which the export gives may mean.
func (b *builder) last(d Date) Date {
	if b.monthly || b.control.Precision == Month {
		return Month.Of(d).Last()
	}
	return d
}

// warnOfMonths says what an export without days leaves open.
func (b *builder) warnOfMonths() {
	text := "the dates of the export name months, not days: a customer's month is one purchase, and whatever counts days is refused"
	if c := &b.control; b.o.BurnIn == 0 && !c.Complete {
		text += "; the gaps between purchases are not known, so all first purchases may be those of old customers: Options.BurnIn, Earlier or HistoryComplete would tell more"
	}
	b.warn(Warning{Code: "month_precision", Text: text})
}
