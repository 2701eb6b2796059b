package segments_test

import (
	"errors"
	"testing"
	"time"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// day is a day of 2024, a leap year that began on a Monday.
func day(month time.Month, d int) orders.Date { return orders.NewDate(2024, month, d) }

// TestWorkdays counts the working days of months whose number is known: the
// Russian production calendar of 2024 (40-hour week) has 20 in February, 20 in
// March, 21 in April, 20 in May and 21 in December.
func TestWorkdays(t *testing.T) {
	russia := segments.Workdays{
		Holidays: []orders.Date{day(2, 23), day(3, 8), day(4, 29), day(4, 30), day(5, 1), day(5, 9), day(5, 10), day(12, 30), day(12, 31)},
		Extra:    []orders.Date{day(4, 27), day(12, 28)},
	}
	for _, test := range []struct {
		name     string
		calendar segments.Workdays
		month    time.Month
		want     int
	}{
		{"February by weekdays", segments.Workdays{}, 2, 21},
		{"March by weekdays", segments.Workdays{}, 3, 21},
		{"February in Russia", russia, 2, 20},
		{"March in Russia", russia, 3, 20},
		{"April in Russia", russia, 4, 21},
		{"May in Russia", russia, 5, 20},
		{"December in Russia", russia, 12, 21},
		{"a shop that never closes", segments.Workdays{Weekend: []time.Weekday{}}, 2, 29},
		{"six days a week", segments.Workdays{Weekend: []time.Weekday{time.Sunday}}, 2, 25},
		{"Friday and Saturday off", segments.Workdays{Weekend: []time.Weekday{time.Friday, time.Saturday}}, 2, 21},
	} {
		first := day(test.month, 1)
		if got := test.calendar.Count(first, orders.Month.Of(first).Last()); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
	if n := russia.Count(day(2, 2), day(2, 1)); n != 0 {
		t.Errorf("no days: %d", n)
	}
	for d, want := range map[orders.Date]bool{0: false, day(2, 22): true, day(2, 23): false, day(2, 24): false, day(4, 27): true, day(4, 28): false} {
		if russia.Includes(d) != want {
			t.Errorf("%s: %t", d, !want)
		}
	}
}

// TestWorkdaysFaults: a calendar that contradicts itself is refused.
func TestWorkdaysFaults(t *testing.T) {
	h := collect(t, times(1, "a", 0, 1))
	for name, w := range map[string]segments.Workdays{
		"no such weekday":  {Weekend: []time.Weekday{7}},
		"both off and on":  {Holidays: []orders.Date{day(5, 1)}, Extra: []orders.Date{day(5, 1)}},
		"negative weekday": {Weekend: []time.Weekday{time.Monday, -1}},
	} {
		if _, err := segments.Plan(ctx, h, segments.PlanOptions{Workdays: w}); !errors.Is(err, orders.ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
