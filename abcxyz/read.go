package abcxyz

import (
	"context"
	"math"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// reading is the items of a ranking, or of the rankings of a split, on their way.
type reading struct {
	options Options
	window  window
	split   orders.Dimension // "": none

	items  []Item   // ascending by id, then by split
	splits []string // of each item, if there is a split

	// All ids and names are parts of one string: a copy each would be the larger
	// part of the work for as many customers as there are.
	text  strings.Builder
	marks []mark
}

// mark is where the id and the name of an item end in the text.
type mark struct{ id, name int }

// read reads the items and judges each by its CV.
func (in *reading) read(ctx context.Context, f orders.Facts) error {
	if err := in.readValues(ctx, f); err != nil {
		return err
	}
	if in.options.Vary == Count {
		if err := in.readCounts(ctx, f); err != nil {
			return err
		}
	}
	if in.options.By == orders.ByCustomer {
		return in.readRhythms(ctx, f)
	}
	return nil
}

func (in *reading) query(m orders.Measure) orders.SeriesQuery {
	o := in.options
	return orders.SeriesQuery{Scope: o.Scope, By: o.By, Split: in.split, Measure: m, Grain: o.Grain}
}

// readValues appends the items.
func (in *reading) readValues(ctx context.Context, f orders.Facts) error {
	o := in.options
	split := ""
	for s, err := range f.Series(ctx, in.query(o.Measure)) {
		if err == nil {
			err = in.window.check(s)
		}
		if err != nil {
			return err
		}
		in.add(s)
		if in.split != "" {
			if s.Split != split {
				split = strings.Clone(s.Split)
			}
			in.splits = append(in.splits, split)
		}
	}
	in.name()
	return nil
}

// add appends the item of s but for its id and name, which are only put aside.
func (in *reading) add(s orders.Series) {
	o := in.options
	item := Item{
		Value:     s.Total(),
		Revenue:   s.Revenue,
		Costed:    s.Costed,
		CostKnown: ratio(s.Costed, s.Revenue),
		CV:        math.NaN(),
		SeasonCV:  math.NaN(),
	}
	item.Periods, item.Active = in.window.periods(s)
	switch o.Vary {
	case Value:
		item.judge(s, in.window, o)
		if item.XYZReason == NotPositive && item.costUnknown(o) {
			item.XYZReason = CostUnknown
		}
	case Gaps:
		item.XYZReason = FewGaps
	}
	in.items = append(in.items, item)
	in.text.WriteString(s.Item)
	id := in.text.Len()
	in.text.WriteString(s.Name)
	in.marks = append(in.marks, mark{id, in.text.Len()})
}

// name gives the items their ids and names.
func (in *reading) name() {
	text, from := in.text.String(), 0
	for i, m := range in.marks {
		item := &in.items[i]
		item.ID, item.Name = text[from:m.id], text[m.id:m.name]
		from = m.name
	}
}

// readCounts judges the items by their purchases per period.
func (in *reading) readCounts(ctx context.Context, f orders.Facts) error {
	k := 0
	for s, err := range f.Series(ctx, in.query(orders.Purchases)) {
		if err == nil {
			err = in.window.check(s)
		}
		if err != nil {
			return err
		}
		if k == len(in.items) || in.items[k].ID != s.Item || in.split != "" && in.splits[k] != s.Split {
			return unmatched(s.Item)
		}
		in.items[k].judge(s, in.window, in.options)
		k++
	}
	if k < len(in.items) {
		return unmatched(in.items[k].ID)
	}
	return nil
}

// readRhythms gives the items what only customers have: gaps between purchases,
// and single purchases. Both are the customer's, whatever the split.
func (in *reading) readRhythms(ctx context.Context, f orders.Facts) error {
	o, rest := in.options, in.items
	for c, err := range f.Customers(ctx, orders.CustomerQuery{Scope: o.Scope, NoRhythm: o.Vary != Gaps}) {
		if err != nil {
			return err
		}
		for len(rest) > 0 && rest[0].ID == c.ID {
			if o.Vary == Gaps {
				rest[0].judgeRhythm(c.Rhythm, o)
			}
			if c.Purchases == 1 {
				rest[0].single()
			}
			rest = rest[1:]
		}
		if len(rest) == 0 {
			break
		}
	}
	if len(rest) > 0 {
		return unmatched(rest[0].ID)
	}
	return nil
}
