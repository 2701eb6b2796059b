package cohorts

import (
	"fmt"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// frame is the range that an analysis covers, cut into the periods of a grain.
type frame struct {
	control orders.Control
	scope   orders.Scope // From and AsOf filled in
	grain   orders.Grain
	periods []orders.Period // every period from From's to AsOf's; none for an empty history
}

// newFrame fills in the defaults of an analysis's options.
func newFrame(c orders.Control, s orders.Scope, g orders.Grain) (frame, error) {
	if g == orders.NoGrain {
		g = orders.Month
	}
	if g > orders.Year {
		return frame{}, fmt.Errorf("cohorts: %w: Grain = %v", orders.ErrOptions, g)
	}
	s, err := s.Within(c)
	if err != nil {
		return frame{}, fmt.Errorf("cohorts: %w", err)
	}
	c.Skipped, c.Warnings = slices.Clone(c.Skipped), slices.Clone(c.Warnings)
	f := frame{control: c, scope: s, grain: g}
	if s.From == 0 {
		return f, nil
	}
	first := g.Of(s.From)
	f.periods = make([]orders.Period, g.Of(s.AsOf).Sub(first)+1)
	for i := range f.periods {
		f.periods[i] = first.Add(i)
	}
	return f, nil
}

// index returns the position of p in periods; negative for a period before them.
func (f frame) index(p orders.Period) int { return p.Sub(f.periods[0]) }

// partial reports whether p lies only partly in the range.
func (f frame) partial(p orders.Period) bool {
	return !f.control.Whole(p, f.scope.From, f.scope.AsOf)
}

// known reports whether purchases 1 from day d on have a side other than Unknown.
func (f frame) known(d orders.Date) bool {
	return f.control.Complete || d >= f.control.KnownFrom
}

// lateOld returns q, the part of the first purchases that are old customers'.
func (f frame) lateOld() float64 {
	if f.control.Complete {
		return 0
	}
	return f.control.LateOld
}

// whole returns the scope without its beginning: the whole history up to AsOf.
func (f frame) whole() orders.Scope {
	s := f.scope
	s.From = 0
	return s
}
