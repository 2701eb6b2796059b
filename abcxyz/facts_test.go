package abcxyz_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// faulty are facts that fail or contradict themselves.
type faulty struct {
	orders.Facts
	control   error
	series    func(q orders.SeriesQuery, s orders.Series) (orders.Series, error, bool) // the last: whether to yield it
	customers func(c orders.Customer) (orders.Customer, error, bool)
}

func (f faulty) Control(ctx context.Context) (orders.Control, error) {
	c, err := f.Facts.Control(ctx)
	return c, errors.Join(err, f.control)
}

func (f faulty) Series(ctx context.Context, q orders.SeriesQuery) iter.Seq2[orders.Series, error] {
	if f.series == nil {
		return f.Facts.Series(ctx, q)
	}
	return replace(f.Facts.Series(ctx, q), func(s orders.Series) (orders.Series, error, bool) { return f.series(q, s) })
}

func (f faulty) Customers(ctx context.Context, q orders.CustomerQuery) iter.Seq2[orders.Customer, error] {
	if f.customers == nil {
		return f.Facts.Customers(ctx, q)
	}
	return replace(f.Facts.Customers(ctx, q), f.customers)
}

func replace[T any](seq iter.Seq2[T, error], with func(T) (T, error, bool)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			keep := true
			if err == nil {
				v, err, keep = with(v)
			}
			if keep && !yield(v, err) {
				return
			}
		}
	}
}

// TestFaults: an error of the facts is returned, and facts that contradict
// themselves are an error, not a panic and not a wrong class.
func TestFaults(t *testing.T) {
	boom := errors.New("boom")
	count := abcxyz.Options{Vary: abcxyz.Count}
	seriesError := func(measure orders.Measure) faulty {
		return faulty{series: func(q orders.SeriesQuery, s orders.Series) (orders.Series, error, bool) {
			if q.Measure == measure {
				return orders.Series{}, boom, true
			}
			return s, nil, true
		}}
	}
	for _, test := range []struct {
		name    string
		facts   faulty
		options abcxyz.Options
		want    string
	}{
		{"control fails", faulty{control: boom}, abcxyz.Options{}, "boom"},
		{"values fail", seriesError(orders.Revenue), abcxyz.Options{}, "boom"},
		{"counts fail", seriesError(orders.Purchases), count, "boom"},
		{"customers fail", faulty{customers: func(c orders.Customer) (orders.Customer, error, bool) { return c, boom, true }}, abcxyz.Options{}, "boom"},
		{"a customer without rhythm", faulty{customers: func(c orders.Customer) (orders.Customer, error, bool) { return c, nil, c.ID != "weekly" }}, abcxyz.Options{}, `item "weekly"`},
		{"an item without counts", faulty{series: func(q orders.SeriesQuery, s orders.Series) (orders.Series, error, bool) {
			return s, nil, q.Measure != orders.Purchases || s.Item != "weekly"
		}}, count, `item "weekly"`},
		{"an item with nothing but counts", faulty{series: func(q orders.SeriesQuery, s orders.Series) (orders.Series, error, bool) {
			return s, nil, q.Measure == orders.Purchases || s.Item != "weekly"
		}}, count, `item "weekly"`},
		{"too short a series", faulty{series: func(q orders.SeriesQuery, s orders.Series) (orders.Series, error, bool) {
			s.Values = s.Values[1:]
			return s, nil, true
		}}, abcxyz.Options{}, "periods"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.facts.Facts = open(t, company())
			_, err := abcxyz.Rank(context.Background(), test.facts, test.options)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// TestCoreFaults: the second reading of the customers may fail too.
func TestCoreFaults(t *testing.T) {
	for _, test := range []struct {
		name string
		at   string
		err  error
	}{
		{"an error", "lapsed", errors.New("boom")},
		{"a customer who is gone", "weekly", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			times := map[string]int{}
			f := faulty{Facts: open(t, company()), customers: func(c orders.Customer) (orders.Customer, error, bool) {
				times[c.ID]++
				if c.ID == test.at && times[c.ID] == 2 {
					return c, test.err, test.err != nil
				}
				return c, nil, true
			}}
			_, err := abcxyz.Core(context.Background(), f, abcxyz.CoreOptions{Ranking: abcxyz.Options{Bounds: bounds(95, 99)}})
			if err == nil || test.err != nil && !errors.Is(err, test.err) {
				t.Errorf("error is %v", err)
			}
		})
	}
}
