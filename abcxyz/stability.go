package abcxyz

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/repeatsales/repeatsales/orders"
)

// StabilityOptions says how [Resample] draws. The zero StabilityOptions draws 200
// replicates of the periods of the default [Options].
type StabilityOptions struct {
	Ranking Options

	// Replicates is how often the periods are drawn anew; 0: 200, which gives every
	// probability a standard error of 3.5 points or less.
	Replicates int

	// Block is how many successive periods are drawn together, so that what hangs
	// together in time stays together; 0: the least L with L³ ≥ periods, of the order
	// n^⅓ at which the variance of a mean is estimated best (Künsch 1989).
	Block int

	Seed uint64 // of the generator, PCG; 0: 1. The same seed gives the same result
}

// Stability is the answer of [Resample]: how sure each item's class is.
type Stability struct {
	Options StabilityOptions // as resolved
	Ranking *Ranking

	Periods int // whole ones, which were drawn

	ABC []ABC // the classes of StableItem.ABC: those of the ranking
	XYZ []XYZ // the classes of StableItem.XYZ: X, Y, Z, Undefined

	Items []StableItem // as Ranking.Items

	Warnings []orders.Warning // of the resampling; those of the ranking are there
}

// StableItem is how often an item was in which class.
type StableItem struct {
	// ABC is the share of replicates in each class of Stability.ABC, adding up to 1;
	// nil if there are too few periods.
	ABC []float64
	// XYZ is the same for Stability.XYZ; nil unless the ranking varies Value or Count and
	// calls the item X, Y or Z.
	XYZ []float64

	SameABC, SameXYZ float64 // the share of replicates in the class that the ranking gives; NaN if there is none
}

// WarnFewToResample: the scope has fewer than 3 whole periods, which cannot be
// drawn from. Count is how many it has.
const WarnFewToResample = "stability_few_periods"

// resampled are the XYZ classes that a replicate can give.
var resampled = [...]XYZ{X, Y, Z, Undefined}

// Resample returns how probable each item's ABC class is, and its XYZ class by
// Value or Count, if the periods had been others of the same kind: the circular
// block bootstrap. A replicate puts blocks of Options.Block successive whole
// periods, each beginning anywhere, the last period being followed by the first,
// one after the other until there are as many as in the ranking; all items share
// the periods drawn, so what happened to several of them at once still does.
// Partial periods, in which no class is judged but money is, stay as they are:
// the periods drawn once each give the classes of the ranking.
//
// An item's XYZ is judged on those of the periods drawn that its calendar has: under
// SinceFirst none before its first one. Where they are fewer than 3, or their mean
// is not above zero, the replicate gives Undefined.
//
// With fewer than 3 whole periods there are no probabilities, and a warning. The
// cost is that of Replicates rankings of the numbers alone, on all cores;
// the memory that of one number for each item and period with sales.
//
// Errors: an invalid option (wraps orders.ErrOptions), sums that a replicate could
// not hold (wraps orders.ErrRange: amounts of more than 2⁶² ÷ periods in all), and
// those of f.
//
// Sources: H. Künsch, The jackknife and the bootstrap for general stationary
// observations, Annals of Statistics 17 (1989); D. Politis and J. Romano, A
// circular block-resampling procedure for stationary data (1992), which draws
// every period equally often.
func Resample(ctx context.Context, f orders.Facts, o StabilityOptions) (*Stability, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	r, err := Rank(ctx, f, o.Ranking)
	if err != nil {
		return nil, err
	}
	o.Ranking = r.Options
	w := newWindow(control, r.Options)
	if o, err = o.resolve(w.to - w.from); err != nil {
		return nil, err
	}
	s := &Stability{Options: o, Ranking: r, Periods: w.to - w.from, XYZ: slices.Clone(resampled[:])}
	for _, c := range r.Classes {
		s.ABC = append(s.ABC, c.ABC)
	}
	s.Items = make([]StableItem, len(r.Items))
	for i := range s.Items {
		s.Items[i].SameABC, s.Items[i].SameXYZ = math.NaN(), math.NaN()
	}
	if s.Periods < minPeriods {
		s.Warnings = append(s.Warnings, orders.Warning{Code: WarnFewToResample, Count: int64(s.Periods), Text: fmt.Sprintf(
			"the export covers %d whole periods (%s): classes can be tried on other periods from %d on", s.Periods, o.Ranking.Grain, minPeriods)})
		return s, nil
	}
	b := &bootstrap{Stability: s}
	if err := b.read(ctx, f, w); err != nil {
		return nil, err
	}
	if err := b.run(ctx); err != nil {
		return nil, err
	}
	b.finish()
	return s, nil
}

// resolve returns o with its defaults filled in for so many periods.
func (o StabilityOptions) resolve(periods int) (StabilityOptions, error) {
	o.Replicates, o.Seed = cmp.Or(o.Replicates, 200), cmp.Or(o.Seed, 1)
	if o.Block == 0 {
		for o.Block = 1; o.Block*o.Block*o.Block < periods; {
			o.Block++
		}
	}
	switch {
	case o.Replicates < 0 || o.Replicates > math.MaxInt32:
		return o, invalid("Replicates", o.Replicates, "1 or more")
	case o.Block < 0 || periods >= minPeriods && o.Block > periods:
		return o, invalid("Block", o.Block, fmt.Sprintf("1 to the number of whole periods, %d", periods))
	}
	return o, nil
}

// bootstrap is a Stability on its way. Its items are by id, as facts come and as
// ties are decided.
type bootstrap struct {
	*Stability
	rank           []int     // place in Ranking.Items of item i by id
	steady         []bool    // whether item i has an XYZ class to be tried
	values, judged *periodic // by which ABC is decided, and XYZ; judged nil: no XYZ
	abc, xyz       []int32   // how often item i was in class k: at i·classes + k
}

// periodic is what every item has in the whole periods, without the zeros: item
// i has the cells first[i] up to first[i+1].
type periodic struct {
	first    []int
	periods  []int32
	amounts  []orders.Amount
	rest     []orders.Amount // outside the whole periods
	from, to []int32         // the periods that the item is judged on
}

// read fetches the values of the items and, if they are judged by something
// else, that.
func (b *bootstrap) read(ctx context.Context, f orders.Facts, w window) (err error) {
	items, o := b.Ranking.Items, b.Options.Ranking
	b.rank, b.steady = make([]int, len(items)), make([]bool, len(items))
	for i := range b.rank {
		b.rank[i] = i
	}
	slices.SortFunc(b.rank, func(i, k int) int { return strings.Compare(items[i].ID, items[k].ID) })
	if b.values, err = b.fetch(ctx, f, w, o.Measure); err != nil {
		return err
	}
	switch o.Vary {
	case Value:
		b.judged = b.values
	case Count:
		if b.judged, err = b.fetch(ctx, f, w, orders.Purchases); err != nil {
			return err
		}
	default:
		return nil
	}
	for i, at := range b.rank {
		c := items[at].XYZ
		b.steady[i] = c == X || c == Y || c == Z
	}
	return nil
}

// fetch returns one measure of the items.
func (b *bootstrap) fetch(ctx context.Context, f orders.Facts, w window, m orders.Measure) (*periodic, error) {
	items, o := b.Ranking.Items, b.Options.Ranking
	x := &periodic{first: []int{0}}
	var size uint64 // Σ |amount|, which ingest keeps below 2⁶²
	for s, err := range f.Series(ctx, orders.SeriesQuery{Scope: o.Scope, By: o.By, Measure: m, Grain: o.Grain}) {
		if err == nil {
			err = w.check(s)
		}
		if err != nil {
			return nil, err
		}
		if i := len(x.rest); i == len(items) || items[b.rank[i]].ID != s.Item {
			return nil, unmatched(s.Item)
		}
		rest := s.Total()
		for k, v := range s.Values[w.from:w.to] {
			if v != 0 {
				x.periods, x.amounts = append(x.periods, int32(k)), append(x.amounts, v)
				rest -= v
				size += uint64(v.Abs())
			}
		}
		from, to := w.span(s)
		x.first, x.rest = append(x.first, len(x.amounts)), append(x.rest, rest)
		x.from, x.to = append(x.from, int32(from-w.from)), append(x.to, int32(to-w.from))
		size += uint64(rest.Abs())
	}
	if n := len(x.rest); n < len(items) {
		return nil, unmatched(items[b.rank[n]].ID)
	}
	if size > 1<<62/uint64(b.Periods) {
		return nil, fmt.Errorf("abcxyz: %w: the amounts are too large for one of %d periods to be drawn every time", orders.ErrRange, b.Periods)
	}
	return x, nil
}

// draws returns how often each replicate has each period.
func (b *bootstrap) draws() [][]orders.Amount {
	r := rand.New(rand.NewPCG(b.Options.Seed, 0))
	all := make([][]orders.Amount, b.Options.Replicates)
	for k := range all {
		all[k] = make([]orders.Amount, b.Periods)
		for left := b.Periods; left > 0; left -= b.Options.Block {
			from := r.IntN(b.Periods)
			for i := range min(left, b.Options.Block) {
				all[k][(from+i)%b.Periods]++
			}
		}
	}
	return all
}

// run counts the classes of all replicates. What is counted does not depend on
// who counts first.
func (b *bootstrap) run(ctx context.Context) error {
	b.abc, b.xyz = make([]int32, len(b.rank)*len(b.ABC)), make([]int32, len(b.rank)*len(b.XYZ))
	draws := b.draws()
	var mutex sync.Mutex
	var group sync.WaitGroup
	take := func() (draw []orders.Amount) {
		mutex.Lock()
		defer mutex.Unlock()
		if len(draws) > 0 && ctx.Err() == nil {
			draw, draws = draws[0], draws[1:]
		}
		return draw
	}
	for range min(runtime.GOMAXPROCS(0), len(draws)) {
		group.Go(func() {
			p := newReplicate(b)
			for draw := take(); draw != nil; draw = take() {
				p.classify(draw)
				p.judge(draw)
				mutex.Lock()
				p.count()
				mutex.Unlock()
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

// finish turns numbers into shares.
func (b *bootstrap) finish() {
	shares := func(counts []int32) []float64 {
		all := make([]float64, len(counts))
		for i, n := range counts {
			all[i] = float64(n) / float64(b.Options.Replicates)
		}
		return all
	}
	abc, xyz := shares(b.abc), shares(b.xyz)
	n, m := len(b.ABC), len(b.XYZ)
	for i, at := range b.rank {
		item, ranked := &b.Items[at], &b.Ranking.Items[at]
		item.ABC = abc[i*n : (i+1)*n : (i+1)*n]
		item.SameABC = item.ABC[slices.Index(b.ABC, ranked.ABC)]
		if b.steady[i] {
			item.XYZ = xyz[i*m : (i+1)*m : (i+1)*m]
			item.SameXYZ = item.XYZ[slices.Index(b.XYZ, ranked.XYZ)]
		}
	}
}

// MeanABC returns the mean of SameABC over the items that the ranking calls c;
// NaN without any.
func (s *Stability) MeanABC(c ABC) float64 {
	return s.mean(func(i int) (float64, bool) { return s.Items[i].SameABC, s.Ranking.Items[i].ABC == c })
}

// MeanXYZ returns the mean of SameXYZ over the items that the ranking calls c;
// NaN without any.
func (s *Stability) MeanXYZ(c XYZ) float64 {
	return s.mean(func(i int) (float64, bool) { return s.Items[i].SameXYZ, s.Ranking.Items[i].XYZ == c })
}

func (s *Stability) mean(of func(i int) (v float64, ok bool)) float64 {
	sum, n := 0.0, 0
	for i := range s.Items {
		if v, ok := of(i); ok {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}
