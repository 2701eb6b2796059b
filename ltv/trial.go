package ltv

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// trial is customers as they were known on one day, and what they bought after it.
type trial struct {
	day, until orders.Date
	sample     *Sample
	outcomes   []outcome // ascending by group, bought, before
	bought     float64   // Σ over the customers
}

// outcome is so many customers of one group who did the same.
type outcome struct {
	group     int // of the sample
	bought    int // purchases after day, to until
	before    int // repeat purchases from the day earlier to day
	customers float64
}

func (t *trial) days() float64 { return float64(t.until - t.day) }

// newTrial returns the trial of the customers whose first purchase is up to day
// and known to be the first; if there is none, of all. What they bought before
// is counted from the day earlier on; 0: from the first.
func newTrial(ctx context.Context, f orders.Facts, earlier, day, until orders.Date) (*trial, error) {
	var known, all []doing
	for p, err := range purchases(ctx, f, earlier, day, until) {
		if err != nil {
			return nil, err
		}
		c := p.customer
		if p.counts[1] < 1 {
			continue
		}
		d := doing{
			x: int32(p.counts[1] - 1), tx: int32(c.LastDay - c.FirstDay), t: int32(day - c.FirstDay),
			bought: int32(max(0, p.counts[2]-p.counts[1])),
			before: int32(p.counts[1] - max(1, p.counts[0])),
		}
		if c.Entry == orders.First {
			known = append(known, d)
		} else if len(known) == 0 {
			all = append(all, d)
		}
	}
	t := &trial{day: day, until: until}
	if len(known) == 0 {
		t.fill(all)
		t.sample.Warnings = leftTruncated(t.sample)
	} else {
		t.fill(known)
	}
	t.sample.AsOf = day
	return t, nil
}

// doing is a past and what came of it.
type doing struct{ x, t, tx, bought, before int32 }

// compare orders by group, then by what came of it.
func (a doing) compare(b doing) int {
	switch {
	case a.x != b.x:
		return cmp.Compare(a.x, b.x)
	case a.t != b.t:
		return cmp.Compare(a.t, b.t)
	case a.tx != b.tx:
		return cmp.Compare(a.tx, b.tx)
	case a.bought != b.bought:
		return cmp.Compare(a.bought, b.bought)
	}
	return cmp.Compare(a.before, b.before)
}

// fill sorts what customers did into the sample and the outcomes.
func (t *trial) fill(done []doing) {
	slices.SortFunc(done, doing.compare)
	s := &Sample{}
	for i, d := range done {
		if i == 0 || d != done[i-1] {
			past := Summary{X: int(d.x), TX: float64(d.tx), T: float64(d.t)}
			if last := len(s.Groups) - 1; last < 0 || s.Groups[last].Summary != past {
				s.Groups = append(s.Groups, Group{Summary: past})
			}
			t.outcomes = append(t.outcomes, outcome{group: len(s.Groups) - 1, bought: int(d.bought), before: int(d.before)})
		}
		t.outcomes[len(t.outcomes)-1].customers++
		s.Groups[len(s.Groups)-1].Customers++
		s.Customers++
		s.Purchases += float64(d.x)
		t.bought += float64(d.bought)
	}
	t.sample = s
}

// thinned returns a trial of no more than about so many groups, every so manieth
// one of t.
func (t *trial) thinned(most int) *trial {
	every := (len(t.sample.Groups) + most - 1) / most
	if every < 2 {
		return t
	}
	r := &trial{day: t.day, until: t.until, sample: &Sample{AsOf: t.sample.AsOf, Warnings: t.sample.Warnings}}
	for _, o := range t.outcomes {
		if o.group%every != every/2 {
			continue
		}
		g := t.sample.Groups[o.group]
		if o.group /= every; o.group == len(r.sample.Groups) {
			r.sample.Groups = append(r.sample.Groups, g)
			r.sample.Customers += g.Customers
			r.sample.Purchases += g.Customers * float64(g.X)
		}
		r.bought += o.customers * float64(o.bought)
		r.outcomes = append(r.outcomes, o)
	}
	return r
}

// counted is a customer as of the middle one of three days, with the purchases
// up to each of them.
type counted struct {
	customer orders.Customer
	counts   [3]int64
}

// purchases yields the customers who are there on the day b, ascending by id.
func purchases(ctx context.Context, f orders.Facts, a, b, c orders.Date) iter.Seq2[counted, error] {
	return func(yield func(counted, error) bool) {
		control, err := f.Control(ctx)
		if err != nil {
			yield(counted{}, err)
			return
		}
		early := newFollower(ctx, f, control, a)
		defer early.stop()
		late := newFollower(ctx, f, control, c)
		defer late.stop()
		for customer, err := range f.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: b}, NoRhythm: true}) {
			r := counted{customer: customer}
			if err == nil {
				r.counts[1] = customer.Purchases
				r.counts[0], err = early.purchases(customer.ID)
			}
			if err == nil {
				r.counts[2], err = late.purchases(customer.ID)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// follower walks along the customers as of a day beside another sequence of them.
type follower struct {
	next    func() (orders.Customer, error, bool)
	stop    func()
	current orders.Customer
	started bool
	over    bool
}

// newFollower begins a walk; before the export begins nobody has bought.
func newFollower(ctx context.Context, f orders.Facts, control orders.Control, day orders.Date) *follower {
	if day < control.FirstDay {
		return &follower{stop: func() {}, over: true}
	}
	w := &follower{}
	w.next, w.stop = iter.Pull2(f.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: day}, NoRhythm: true}))
	return w
}

// purchases returns how many the customer has made, walking on to id.
func (w *follower) purchases(id string) (int64, error) {
	for !w.over && (!w.started || w.current.ID < id) {
		c, err, ok := w.next()
		if err != nil {
			return 0, err
		}
		w.current, w.started, w.over = c, true, !ok
	}
	if w.over || w.current.ID != id {
		return 0, nil
	}
	return w.current.Purchases, nil
}

// leftTruncated is the warning of a sample of customers none of whom is known
// to be new.
func leftTruncated(s *Sample) []orders.Warning {
	return []orders.Warning{{
		Code: "left-truncated", Count: int64(s.Customers),
		Text: "The first purchase of every customer may lie before the export begins: the model is fitted to all of them as if it did not, and takes loyal customers for new ones.",
	}}
}

// checkLevel, checkDraws are the options of intervals.
func checkIntervals(level *float64, draws *int, seed *uint64) error {
	*level, *draws, *seed = cmp.Or(*level, 0.90), cmp.Or(*draws, 400), cmp.Or(*seed, 1)
	if !(*level > 0 && *level < 1) {
		return fmt.Errorf("ltv: %w: Level = %v", orders.ErrOptions, *level)
	}
	if *draws < 20 || *draws > math.MaxInt32 {
		return fmt.Errorf("ltv: %w: Draws = %d", orders.ErrOptions, *draws)
	}
	return nil
}
