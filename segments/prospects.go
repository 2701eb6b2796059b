package segments

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// Prospect is somebody known to the CRM who may never have bought.
type Prospect struct {
	ID, Name string
	Owner    string      // salesperson
	Since    orders.Date // first known; 0: always
}

// distinctProspects returns each id once, as first given, ascending by id.
func distinctProspects(all []Prospect) ([]Prospect, error) {
	for i, p := range all {
		if p.ID == "" {
			return nil, fmt.Errorf("segments: %w: Prospects[%d] has no ID", orders.ErrOptions, i)
		}
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Prospect) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b Prospect) bool { return a.ID == b.ID }), nil
}

// prospects returns those of all, which ascend by id, who are known by a day and
// in no order up to it.
func prospects(ctx context.Context, f orders.Facts, day orders.Date, all []Prospect) (never []Prospect, err error) {
	if len(all) == 0 {
		return nil, nil
	}
	add := func(p Prospect) {
		if p.Since <= day {
			never = append(never, p)
		}
	}
	scope := orders.Scope{From: day, AsOf: day} // whose money it is does not matter, only who has an order
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: scope, NoRhythm: true}) {
		if err != nil {
			return nil, err
		}
		for len(all) > 0 && all[0].ID < c.ID {
			add(all[0])
			all = all[1:]
		}
		if len(all) > 0 && all[0].ID == c.ID {
			all = all[1:]
		}
	}
	for _, p := range all {
		add(p)
	}
	return never, nil
}
