package abcxyz

import (
	"context"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// SplitOptions says within what [RankSplit] ranks. The zero SplitOptions ranks
// the customers of each salesperson under the default [Options].
type SplitOptions struct {
	Ranking Options
	Split   orders.Dimension // "": orders.BySalesperson
}

// SplitRanking is the answer of [RankSplit]: one ranking within each value of a
// dimension.
type SplitRanking struct {
	Options SplitOptions // as resolved

	Parts []SplitPart // ascending by Split, bytewise; those without items are left out

	Total   orders.Amount // of the measure, over all parts
	Revenue orders.Amount // of all parts
}

// SplitPart is the ranking of what one salesperson, channel or group sold. Its
// shares are shares of its own base.
type SplitPart struct {
	Split string // "" for deals without one
	*Ranking
}

// RankSplit returns a ranking within each value of a dimension: ABC within each
// salesperson, the products of each group. An item is in every part that it has a
// deal in, with the money of that part; the money of all parts is that of [Rank].
//
// Gaps, and whether a customer bought once, are the customer's in every part,
// whoever sold; the first period of SinceFirst is the item's first within the
// part; the season is that of all parts together.
//
// An empty history gives no parts. Errors: an invalid option (wraps
// orders.ErrOptions), and those of f.
func RankSplit(ctx context.Context, f orders.Facts, o SplitOptions) (*SplitRanking, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	if o, err = o.resolve(control); err != nil {
		return nil, err
	}
	in := reading{options: o.Ranking, window: newWindow(control, o.Ranking), split: o.Split}
	var season []float64
	if o.Ranking.Season {
		if season, in.window.season, err = o.Ranking.readSeason(ctx, f, in.window); err != nil {
			return nil, err
		}
	}
	if err := in.read(ctx, f); err != nil {
		return nil, err
	}
	s := &SplitRanking{Options: o}
	sizes := map[string]int{}
	for _, split := range in.splits {
		sizes[split]++
	}
	parts := map[string]*Ranking{}
	for i, split := range in.splits {
		r := parts[split]
		if r == nil {
			r = &Ranking{Options: o.Ranking, Season: season, Items: make([]Item, 0, sizes[split])}
			parts[split] = r
			s.Parts = append(s.Parts, SplitPart{split, r})
		}
		r.Items = append(r.Items, in.items[i])
	}
	slices.SortFunc(s.Parts, func(a, b SplitPart) int { return strings.Compare(a.Split, b.Split) })
	for _, p := range s.Parts {
		p.finish(in.window)
		s.Total += p.Total
		s.Revenue += p.Revenue
	}
	return s, nil
}

func (o SplitOptions) resolve(c orders.Control) (SplitOptions, error) {
	var err error
	if o.Ranking, err = o.Ranking.resolve(c); err != nil {
		return o, err
	}
	if o.Split == "" {
		o.Split = orders.BySalesperson
	}
	if !slices.Contains(items, o.Split) && o.Split != orders.ByRepeatFlag {
		return o, invalid("Split", o.Split, "customer, product, group, salesperson, owner, channel or repeat_flag")
	}
	if o.Split == o.Ranking.By {
		return o, invalid("Split", o.Split, "another dimension than is ranked")
	}
	return o, nil
}
