package segments

import (
	"fmt"
	"slices"
	"time"

	"github.com/repeatsales/repeatsales/orders"
)

// Workdays is a calendar of working days: all days but those of the weekend,
// less the Holidays, and the Extra days. The zero Workdays is Monday to Friday
// without any holiday: which days a country and a year have off is for the
// caller to say.
type Workdays struct {
	Weekend  []time.Weekday // nil: Saturday and Sunday; empty: none, as in a shop that never closes
	Holidays []orders.Date  // days off beside the weekend
	Extra    []orders.Date  // days of the weekend that are worked, as when a holiday is moved
}

// Includes reports whether d is a working day; the zero Date is none.
func (w Workdays) Includes(d orders.Date) bool {
	switch {
	case d == 0 || slices.Contains(w.Holidays, d):
		return false
	case slices.Contains(w.Extra, d):
		return true
	}
	day := d.Time().Weekday()
	if w.Weekend == nil {
		return day != time.Saturday && day != time.Sunday
	}
	return !slices.Contains(w.Weekend, day)
}

// Count returns the number of working days from one day to another, both
// included; 0 if the last lies before the first.
func (w Workdays) Count(from, to orders.Date) (n int) {
	for d := from; d <= to; d++ {
		if w.Includes(d) {
			n++
		}
	}
	return n
}

// clone returns a calendar that shares nothing with w.
func (w Workdays) clone() Workdays {
	return Workdays{slices.Clone(w.Weekend), slices.Clone(w.Holidays), slices.Clone(w.Extra)}
}

// check returns an error that names the first field out of its domain.
func (w Workdays) check() error {
	for _, d := range w.Weekend {
		if d < time.Sunday || d > time.Saturday {
			return fmt.Errorf("segments: %w: Workdays.Weekend holds %d: a day from time.Sunday to time.Saturday", orders.ErrOptions, d)
		}
	}
	for _, d := range w.Extra {
		if slices.Contains(w.Holidays, d) {
			return fmt.Errorf("segments: %w: Workdays.Extra holds %s, which is in Workdays.Holidays too", orders.ErrOptions, d)
		}
	}
	return nil
}
