package abcxyz_test

import (
	"context"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

func resample(t rapid.TB, f orders.Facts, o abcxyz.StabilityOptions) *abcxyz.Stability {
	t.Helper()
	s, err := abcxyz.Resample(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStability: what the sales say plainly is certain, and what hangs on one
// month is not.
func TestStability(t *testing.T) {
	lines := months(t,
		"rock 700 even 100 luck 10", "rock 720 even 100", "rock 710 even 100", "rock 700 even 100", "rock 690 even 100", "rock 700 even 100 luck 900",
		"rock 700 even 100", "rock 700 even 100", "rock 705 even 100", "rock 700 even 100", "rock 700 even 100", "rock 700 even 100 gone -5")
	s := resample(t, open(t, lines), abcxyz.StabilityOptions{Ranking: abcxyz.Options{Vary: abcxyz.Value}, Replicates: 1000})
	if s.Periods != 12 || s.Options.Block != 3 || s.Options.Seed != 1 || len(s.Items) != 4 {
		t.Fatalf("%d periods, %+v", s.Periods, s.Options)
	}
	by := map[string]abcxyz.StableItem{}
	for i, item := range s.Items {
		by[s.Ranking.Items[i].ID] = item
	}
	if d := factstest.Diff(abcxyz.StableItem{ABC: []float64{1, 0, 0, 0}, XYZ: []float64{1, 0, 0, 0}, SameABC: 1, SameXYZ: 1}, by["rock"]); d != "" {
		t.Error("rock", d)
	}
	if d := factstest.Diff([]float64{1, 0, 0, 0}, by["even"].XYZ); d != "" {
		t.Error("even", d)
	}
	if g := by["gone"]; g.ABC[3] != 1 || g.XYZ != nil || !math.IsNaN(g.SameXYZ) { // a return drawn or not, it is never above zero
		t.Errorf("gone: %+v", g)
	}
	// The sixth month is one of the twelve places of each of four blocks of three; it
	// is in none of them in (9/12)⁴ = 32 % of the replicates, and then luck has next to nothing.
	luck := by["luck"]
	if p := luck.ABC[2] + luck.ABC[3]; math.Abs(p-math.Pow(.75, 4)) > .05 {
		t.Errorf("luck: %+v", luck)
	}
	if got := s.MeanXYZ(abcxyz.X); got != 1 {
		t.Errorf("X stays X in %v", got)
	}
	if got := s.MeanABC(abcxyz.B); !math.IsNaN(got) && (got < 0 || got > 1) {
		t.Errorf("B stays B in %v", got)
	}
}

// TestStabilityIdentity: blocks as long as the export draw every period once, and
// every class is then the ranking's own, under all rules and options.
func TestStabilityIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, ranking := draw(t)
		periods := resample(t, f, abcxyz.StabilityOptions{Ranking: ranking, Replicates: 1}).Periods
		s := resample(t, f, abcxyz.StabilityOptions{Ranking: ranking, Block: periods, Replicates: 3})
		if d := factstest.Diff(rankDrawn(t, f, ranking), s.Ranking); d != "" {
			t.Error(d)
		}
		if few := len(s.Warnings) > 0; few != (periods < 3) {
			t.Errorf("%d periods, %+v", periods, s.Warnings)
		}
		for i, item := range s.Items {
			r := s.Ranking.Items[i]
			steady := ranking.Vary != abcxyz.Gaps && (r.XYZ == abcxyz.X || r.XYZ == abcxyz.Y || r.XYZ == abcxyz.Z)
			steady = steady && s.Options.Ranking.Vary != abcxyz.Gaps && periods >= 3
			if periods < 3 && item.ABC != nil || periods >= 3 && item.SameABC != 1 || steady && item.SameXYZ != 1 || !steady && item.XYZ != nil {
				t.Errorf("%+v of %+v", item, r)
			}
		}
	})
}

// TestStabilityOracle draws the periods by the documented generator, puts those
// drawn one after the other and classifies each replicate anew.
func TestStabilityOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, o := draw(t)
		checkReplicates(t, f, o)
	})
}

// TestStabilityOracleOfSteady does so with items that sell in most months, which
// have XYZ classes.
func TestStabilityOracleOfSteady(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []orders.Line
		january := orders.Month.Of(orders.NewDate(2024, 1, 1))
		months := rapid.IntRange(3, 9).Draw(t, "months")
		for i := range rapid.IntRange(1, 4).Draw(t, "items") {
			for m := rapid.IntRange(0, 3).Draw(t, "first"); m < months; m++ {
				if v := rapid.IntRange(-2, 12).Draw(t, "value"); v != 0 {
					id := string(rune('a' + i))
					lines = append(lines, orders.Line{Customer: id, Product: id, Date: january.Add(m).First(), Revenue: orders.Amount(10+v) * orders.One / 3})
				}
			}
		}
		if len(lines) == 0 {
			return
		}
		f, err := factstest.Open(lines, orders.Options{HistoryComplete: true})
		if err != nil {
			t.Fatal(err)
		}
		checkReplicates(t, f, abcxyz.Options{
			By:       rapid.SampledFrom([]orders.Dimension{orders.ByCustomer, orders.ByProduct}).Draw(t, "by"),
			Calendar: abcxyz.Calendar(rapid.IntRange(0, 2).Draw(t, "calendar")),
		})
	})
}

// checkReplicates compares the probabilities with three replicates made by hand.
func checkReplicates(t *rapid.T, f orders.Facts, o abcxyz.Options) {
	const replicates = 3
	o.Rule, o.Bounds, o.XYZRule, o.CV, o.Sigma, o.Season = abcxyz.Rule(rapid.IntRange(0, 1).Draw(t, "our rule")), nil, 0, nil, 0, false
	o.Vary = rapid.SampledFrom([]abcxyz.Vary{abcxyz.Value, abcxyz.Count}).Draw(t, "value or count")
	s := resample(t, f, abcxyz.StabilityOptions{Ranking: o, Replicates: replicates, Seed: rapid.Uint64Range(0, 9).Draw(t, "seed")})
	if s.Periods < 3 {
		return
	}
	w := newOracle(t, f, s.Ranking.Options)
	abc, xyz := map[string][]float64{}, map[string][]float64{}
	for _, v := range w.values {
		abc[v.Item], xyz[v.Item] = make([]float64, 4), make([]float64, 4)
	}
	r := rand.New(rand.NewPCG(s.Options.Seed, 0))
	for range replicates {
		var drawn []int
		for len(drawn) < s.Periods {
			from := r.IntN(s.Periods)
			for k := range s.Options.Block {
				drawn = append(drawn, (from+k)%s.Periods)
			}
		}
		replayed := w
		replayed.values = nil
		for i, v := range w.values {
			judged := v
			if o.Vary == abcxyz.Count {
				judged = w.counts[i]
			}
			again, x := replay(w, v, judged, drawn[:s.Periods])
			replayed.values = append(replayed.values, again)
			xyz[v.Item][x] += 1. / replicates
		}
		for i, v := range replayed.values {
			class, _ := replayed.abc(i)
			abc[v.Item][[]int{3, 0, 1, 2}[class]] += 1. / replicates
		}
	}
	for i, item := range s.Items {
		r := s.Ranking.Items[i]
		if !near(item.ABC, abc[r.ID]) || item.XYZ != nil && !near(item.XYZ, xyz[r.ID]) {
			t.Errorf("%q (%s) is %v %v, not %v %v", r.ID, r.Class(), item.ABC, item.XYZ, abc[r.ID], xyz[r.ID])
		}
	}
}

// replay returns s with the whole periods drawn in place of its own, and the
// place of its XYZ class among X, Y, Z and –.
func replay(w oracle, s, judged orders.Series, drawn []int) (orders.Series, int) {
	o := w.options
	var whole []int
	for k := range s.Values {
		if w.control.Whole(s.Start.Add(k), o.Scope.From, o.Scope.AsOf) {
			whole = append(whole, k)
		}
	}
	again := s
	again.Values = slices.Clone(s.Values)
	n, sum, squares := int64(0), new(big.Rat), new(big.Rat)
	for i, k := range drawn {
		again.Values[whole[i]] = s.Values[whole[k]]
		p := s.Start.Add(whole[k])
		if o.Calendar != abcxyz.Window && p.Index < judged.First.Index || o.Calendar == abcxyz.FirstToLast && p.Index > judged.Last.Index {
			continue
		}
		v := rat(int64(judged.Values[whole[k]]))
		n++
		sum.Add(sum, v)
		squares.Add(squares, v.Mul(v, v))
	}
	if n < 3 || sum.Sign() <= 0 {
		return again, 3
	}
	sumSquare := new(big.Rat).Mul(sum, sum)
	spread := squares.Sub(squares.Mul(squares, rat(n)), sumSquare)
	return again, int(w.steadiness(spread.Quo(spread, sumSquare)) - abcxyz.X)
}

func near(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) < 1e-9 })
}

// TestStabilityHistory: neither the order of lines, nor which Facts answer, nor
// how many cores there are changes anything; another seed does.
func TestStabilityHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, lines, ingest, ranking := draw(t)
		o := abcxyz.StabilityOptions{Ranking: ranking, Replicates: 7}
		h, err := orders.Collect(context.Background(), orderstest.Rows(slices.Values(rapid.Permutation(lines).Draw(t, "permutation"))), ingest)
		if err != nil {
			t.Fatal(err)
		}
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		got := resample(t, h, o)
		h.Release()
		runtime.GOMAXPROCS(4)
		if d := factstest.Diff(resample(t, f, o), got); d != "" {
			t.Error(d)
		}
	})
	f := open(t, months(t, "a 5 b 1", "a 1 b 5 c 1", "b 3", "c 3 a 2", "b 4"))
	of := func(seed uint64) *abcxyz.Stability {
		s := resample(t, f, abcxyz.StabilityOptions{Seed: seed, Replicates: 101})
		s.Options = abcxyz.StabilityOptions{}
		return s
	}
	if factstest.Diff(of(0), of(1)) != "" || factstest.Diff(of(1), of(2)) == "" {
		t.Error("the seed is not 1 by default, or makes no difference")
	}
}

func TestStabilityOptions(t *testing.T) {
	f := open(t, months(t, "a 1", "b 1", "a 2"))
	for _, test := range []struct {
		name, field string
		options     abcxyz.StabilityOptions
	}{
		{"negative replicates", "Replicates", abcxyz.StabilityOptions{Replicates: -1}},
		{"a negative block", "Block", abcxyz.StabilityOptions{Block: -1}},
		{"a block of more than there is", "Block", abcxyz.StabilityOptions{Block: 4}},
		{"a ranking that is invalid", "Rule", abcxyz.StabilityOptions{Ranking: abcxyz.Options{Rule: 99}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := abcxyz.Resample(context.Background(), f, test.options)
			wantOptionError(t, err, test.field)
		})
	}
	big := months(t, "a 1", "b 1", "a 2")
	big[0].Revenue = 1<<62/3 + 1
	if _, err := abcxyz.Resample(context.Background(), open(t, big), abcxyz.StabilityOptions{}); !errors.Is(err, orders.ErrRange) {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := abcxyz.Resample(ctx, f, abcxyz.StabilityOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

// TestStabilityRecord: what is not known is null.
func TestStabilityRecord(t *testing.T) {
	f := open(t, months(t, "a 9 b 1", "a 9 b 1", "a 9 b 1 c -1"))
	s := resample(t, f, abcxyz.StabilityOptions{Ranking: abcxyz.Options{Vary: abcxyz.Value}})
	wantRows(t, s.Record, "rank|item|name|abc|same_abc|xyz|same_xyz|p_a|p_b|p_c|p_n|p_x|p_y|p_z|p_undefined",
		"1|a|a|A|1|X|1|1|0|0|0|1|0|0|0",
		"2|b|b|B|1|X|1|0|1|0|0|1|0|0|0",
		"3|c|c|N|1|–|null|0|0|0|1|null|null|null|null")
	s = resample(t, open(t, months(t, "a 9", "a 9")), abcxyz.StabilityOptions{})
	if len(s.Warnings) != 1 || s.Warnings[0].Code != abcxyz.WarnFewToResample || s.Warnings[0].Count != 2 {
		t.Errorf("%+v", s.Warnings)
	}
	wantRows(t, s.Record, "rank|item|name|abc|same_abc|xyz|same_xyz|p_a|p_b|p_c|p_n|p_x|p_y|p_z|p_undefined",
		"1|a|a|A|null|–|null|null|null|null|null|null|null|null|null")
}
