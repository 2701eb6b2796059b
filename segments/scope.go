package segments

import (
	"context"
	"fmt"
	"time"

	"github.com/repeatsales/repeatsales/orders"
)

// dated returns the control of an export whose dates are days, and a scope filled in.
func dated(ctx context.Context, f orders.Facts, s orders.Scope) (orders.Control, orders.Scope, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return control, s, err
	}
	if err := control.Require(orders.Day); err != nil {
		return control, s, fmt.Errorf("segments: %w", err)
	}
	if s, err = s.Within(control); err != nil {
		return control, s, fmt.Errorf("segments: %w", err)
	}
	return control, s, nil
}

// lastYear returns s from 12 months before its last day; less if the export is shorter.
func lastYear(s orders.Scope) orders.Scope {
	if s.AsOf == 0 {
		return s // an empty history
	}
	y, m, d := s.AsOf.Time().Date()
	if m == time.February && d == 29 {
		d = 28 // the year before has no 29th; NewDate would make 1 March of it, and lose that day
	}
	s.From = orders.NewDate(y-1, m, d) + 1
	return s
}

// averageDeal returns revenue ÷ purchases over a scope, rounded to kopecks.
// Money that belongs to no purchase is left out.
func averageDeal(ctx context.Context, f orders.Facts, s orders.Scope) (orders.NullAmount, error) {
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: s})
	if err != nil {
		return orders.NullAmount{}, err
	}
	var t orders.Tally
	for _, flow := range flows {
		t = t.Plus(flow.First).Plus(flow.Repeat).Plus(flow.Unknown)
	}
	if t.Purchases == 0 {
		return orders.NullAmount{}, nil
	}
	const kopeck = orders.One / 100
	v, _, err := t.Revenue.MulDiv(1, t.Purchases*int64(kopeck))
	return orders.Known(v * kopeck), err
}
