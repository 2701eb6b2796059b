package abcxyz_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// TestOutlookFaults: an error of the facts is returned, and facts that contradict
// themselves are an error, not a panic and not a wrong figure.
func TestOutlookFaults(t *testing.T) {
	ctx := context.Background()
	asked := 0 // how often the series were
	var mutex sync.Mutex
	at := func(turn int, fault func(orders.Series) (orders.Series, error, bool)) faulty {
		return faulty{Facts: open(t, months(t, "a 5 b 1", "a 1 b 5 c 1", "b 3", "c 3 a 2")), series: func(_ orders.SeriesQuery, s orders.Series) (orders.Series, error, bool) {
			mutex.Lock()
			defer mutex.Unlock()
			if s.Item == "a" {
				asked++
			}
			if asked == turn {
				return fault(s)
			}
			return s, nil, true
		}}
	}
	fails := func(orders.Series) (orders.Series, error, bool) { return orders.Series{}, errors.New("boom"), true }
	short := func(s orders.Series) (orders.Series, error, bool) {
		s.Values = s.Values[1:]
		return s, nil, true
	}
	lost := func(s orders.Series) (orders.Series, error, bool) { return s, nil, s.Item != "b" }
	last := func(s orders.Series) (orders.Series, error, bool) { return s, nil, s.Item != "c" }
	top := func(f orders.Facts) error {
		_, err := abcxyz.Top(ctx, f, abcxyz.TopOptions{})
		return err
	}
	migrate := func(f orders.Facts) error {
		_, err := abcxyz.Migrate(ctx, f, abcxyz.MigrationOptions{})
		return err
	}
	resample := func(f orders.Facts) error {
		_, err := abcxyz.Resample(ctx, f, abcxyz.StabilityOptions{Ranking: abcxyz.Options{Vary: abcxyz.Count, Measure: orders.Deals}})
		return err
	}
	for _, test := range []struct {
		name string
		run  func(orders.Facts) error
		turn int // of the query that fails; 0: the control
		with func(orders.Series) (orders.Series, error, bool)
		want string
	}{
		{"lists: the control fails", top, 0, nil, "boom"},
		{"lists: the values fail", top, 1, fails, "boom"},
		{"lists: too short a series", top, 1, short, "periods"},
		{"migration: the control fails", migrate, 0, nil, "boom"},
		{"migration: the start fails", migrate, 1, fails, "boom"},
		{"migration: the end fails", migrate, 2, fails, "boom"},
		{"stability: the control fails", resample, 0, nil, "boom"},
		{"stability: the ranking fails", resample, 1, fails, "boom"},
		{"stability: the values fail", resample, 3, fails, "boom"},
		{"stability: too short a series", resample, 3, short, "periods"},
		{"stability: an item is lost", resample, 3, lost, `item "c"`},
		{"stability: the last item is lost", resample, 3, last, `item "c"`},
		{"stability: the counts fail", resample, 4, fails, "boom"},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked = 0
			f := at(test.turn, test.with)
			if test.turn == 0 {
				f.series, f.control = nil, errors.New("boom")
			}
			if err := test.run(f); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v", err)
			}
		})
	}
}
