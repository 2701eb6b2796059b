package orders_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

func TestDate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		when := time.Date(rapid.IntRange(1, 9999).Draw(t, "year"), 1, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "day"))
		d := orders.DateOf(when)
		if got, want := d.String(), when.Format(time.DateOnly); got != want {
			t.Fatalf("DateOf(%s) = %s", want, got)
		}
		if back, err := orders.ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%s came back as %s, %v", d, back, err)
		}
		if got := (d + 1).Time().Sub(d.Time()); got != 24*time.Hour {
			t.Fatalf("a day after %s lies %v later", d, got)
		}
	})
	if got := orders.NewDate(1970, 1, 1).Days32(); got != 0 {
		t.Errorf("1970-01-01 is day %d of Arrow", got)
	}
	if d := orders.NewDate(1, 1, 1); d != 1 || orders.Date(0).String() != "" || !orders.Date(0).Time().IsZero() {
		t.Errorf("0001-01-01 is Date %d; no date is %q", d, orders.Date(0))
	}
	moscow := time.FixedZone("MSK", 3*3600)
	if got := orders.DateOf(time.Date(2024, 2, 29, 1, 0, 0, 0, moscow)).String(); got != "2024-02-29" {
		t.Errorf("01:00 in Moscow is of %s", got)
	}
}

func TestPeriods(t *testing.T) {
	for _, test := range []struct {
		day   string
		grain orders.Grain
		want  string
	}{
		{"2024-02-29", orders.Day, "2024-02-29 2024-02-29…2024-02-29"},
		{"2024-02-29", orders.Week, "2024-W09 2024-02-26…2024-03-03"},
		{"2021-01-03", orders.Week, "2020-W53 2020-12-28…2021-01-03"}, // ISO 8601: the week of the year's last Thursday
		{"2018-12-31", orders.Week, "2019-W01 2018-12-31…2019-01-06"},
		{"2024-02-29", orders.Month, "2024-02 2024-02-01…2024-02-29"},
		{"2023-12-31", orders.Month, "2023-12 2023-12-01…2023-12-31"},
		{"2024-02-29", orders.Quarter, "2024-Q1 2024-01-01…2024-03-31"},
		{"2024-10-01", orders.Quarter, "2024-Q4 2024-10-01…2024-12-31"},
		{"2024-02-29", orders.Year, "2024 2024-01-01…2024-12-31"},
	} {
		d, err := orders.ParseDate(test.day)
		if err != nil {
			t.Fatal(err)
		}
		p := test.grain.Of(d)
		if got := fmt.Sprintf("%s %s…%s", p, p.First(), p.Last()); got != test.want {
			t.Errorf("%s of %s: %s, want %s", test.grain, test.day, got, test.want)
		}
	}
}

// TestPeriodsTile checks that the periods of a grain follow each other without gap or overlap.
func TestPeriodsTile(t *testing.T) {
	for g := orders.Day; g <= orders.Year; g++ {
		rapid.Check(t, func(t *rapid.T) {
			d := orders.Date(rapid.Int32Range(400, 3_650_000).Draw(t, "day"))
			p := g.Of(d)
			switch {
			case p.First() > d || p.Last() < d:
				t.Fatalf("%s is not in %s", d, p)
			case p.Add(1).First() != p.Last()+1:
				t.Fatalf("%s ends on %s, the next begins on %s", p, p.Last(), p.Add(1).First())
			case g.Of(p.Last()+1).Sub(p) != 1:
				t.Fatalf("after %s comes %s", p, g.Of(p.Last()+1))
			}
		})
	}
}

func TestParseGrain(t *testing.T) {
	for g := orders.Day; g <= orders.Year; g++ {
		if got, err := orders.ParseGrain(g.String()); err != nil || got != g {
			t.Errorf("%s: %v, %v", g, got, err)
		}
	}
	if _, err := orders.ParseGrain("fortnight"); err == nil {
		t.Error("a fortnight is a grain")
	}
}
