package cohorts_test

import (
	"errors"
	"math"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// Bands and targets are those of the maturity model of sales departments by
// share of repeat sales: 5–10 % with the target 15–20 %, 30–50 %, up to 90 %,
// up to 80 %.
func TestMaturityBands(t *testing.T) {
	for _, tc := range []struct {
		name   string
		share  float64
		band   cohorts.Band
		target float64
	}{
		{"nothing", 0, cohorts.BelowOne, 0.15},
		{"just under level 1", 0.0499, cohorts.BelowOne, 0.15},
		{"level 1 begins", 5.0 / 100, cohorts.One, 0.15},
		{"level 1 ends", 10.0 / 100, cohorts.One, 0.15},
		{"past level 1", 0.1001, cohorts.OneToTwo, 0.15},
		{"target of level 1 reached", 15.0 / 100, cohorts.OneToTwo, 0.30},
		{"target of level 1 passed", 0.25, cohorts.OneToTwo, 0.30},
		{"level 2 begins", 30.0 / 100, cohorts.Two, 0.50},
		{"inside level 2", 0.4999, cohorts.Two, 0.50},
		{"numbers end", 0.50, cohorts.ThreeOrFour, 0.90},
		{"as far as level 3 goes", 90.0 / 100, cohorts.ThreeOrFour, math.NaN()},
		{"everything", 1, cohorts.ThreeOrFour, math.NaN()},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := cohorts.Maturity(tc.share, tc.share)
			if v.Low.Band != tc.band || !same(v.Low.Target, tc.target) || v.Low.Share != tc.share || v.Reason != "" {
				t.Errorf("Maturity(%v) = %+v, want band %v, target %v", tc.share, v.Low, tc.band, tc.target)
			}
			if v.High.Band != v.Low.Band {
				t.Errorf("one share, two bands: %+v", v)
			}
		})
	}
}

func TestMaturityNeverChooses(t *testing.T) {
	v := cohorts.Maturity(0.08, 0.62)
	if v.Low.Band != cohorts.One || v.High.Band != cohorts.ThreeOrFour {
		t.Errorf("Maturity(0.08, 0.62) = %+v", v)
	}
}

func TestMaturityRefuses(t *testing.T) {
	nan := math.NaN()
	for name, in := range map[string][2]float64{
		"undefined":        {nan, nan},
		"half undefined":   {0.2, nan},
		"below 0":          {-0.1, 0.2},
		"above 1":          {0.2, 1.1},
		"wrong way round":  {0.3, 0.2},
		"infinite":         {0, math.Inf(1)},
		"negatively so":    {math.Inf(-1), 0},
		"lower undefined":  {nan, 0.2},
		"percent by error": {30, 40},
	} {
		t.Run(name, func(t *testing.T) {
			v := cohorts.Maturity(in[0], in[1])
			if v.Low.Band != cohorts.NoBand || v.High.Band != cohorts.NoBand || v.Reason != cohorts.NoBase {
				t.Errorf("Maturity%v = %+v, want none", in, v)
			}
			if !math.IsNaN(v.Low.Share) || !math.IsNaN(v.High.Target) {
				t.Errorf("Maturity%v has numbers: %+v", in, v)
			}
		})
	}
}

func TestBandNames(t *testing.T) {
	for b, want := range map[cohorts.Band]string{
		cohorts.NoBand: "", cohorts.BelowOne: "below 1", cohorts.One: "1", cohorts.OneToTwo: "between 1 and 2",
		cohorts.Two: "2", cohorts.ThreeOrFour: "3 or 4", 99: "Band(99)",
	} {
		if got := b.String(); got != want {
			t.Errorf("Band %d is %q, want %q", uint8(b), got, want)
		}
		if text, err := b.MarshalText(); string(text) != want || err != nil {
			t.Errorf("Band %d marshals as %q, %v", uint8(b), text, err)
		}
	}
}

func TestRepeatNeeded(t *testing.T) {
	for _, tc := range []struct {
		name          string
		first, repeat string
		target        float64
		want          string
	}{
		{"from nothing to a half", "100", "0", 0.50, "100"},
		{"20 % to 30 %", "800", "200", 0.30, "142.8571"}, // (0.3·1000 − 200) ÷ 0.7
		{"there already", "50", "50", 0.50, "0"},
		{"above it", "50", "70", 0.50, "-20"},
		{"no first money", "0", "70", 0.50, "-70"},
		{"target nothing", "100", "0", 0, "0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := cohorts.RepeatNeeded(amount(tc.first), amount(tc.repeat), tc.target)
			if err != nil || got != amount(tc.want) {
				t.Errorf("RepeatNeeded(%s, %s, %v) = %s, %v, want %s", tc.first, tc.repeat, tc.target, got, err, tc.want)
			}
		})
	}
	for _, target := range []float64{1, 1.5, -0.1, math.NaN(), math.Inf(1), 0.99999} {
		if _, err := cohorts.RepeatNeeded(orders.One, 0, target); !errors.Is(err, orders.ErrOptions) {
			t.Errorf("target %v: error %v", target, err)
		}
	}
	if _, err := cohorts.RepeatNeeded(math.MaxInt64, 0, 0.9); !errors.Is(err, orders.ErrRange) {
		t.Errorf("overflow: error %v", err)
	}
}
