package ltv_test

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

func validated(t testing.TB, f orders.Facts, o ltv.ValidateOptions) *ltv.Validation {
	t.Helper()
	v, err := ltv.Validate(ctx, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// score returns the score of that name.
func score(t testing.TB, v *ltv.Validation, name string) ltv.Score {
	t.Helper()
	for _, s := range v.Scores {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no score of %s", name)
	panic("unreachable")
}

// TestValidateCDNOW reproduces the hold-out of the papers (Fader, Hardie & Lee
// 2005a; Batislam et al. 2007): the middle of the export is their week 39. The
// model chosen by rolling origins inside the calibration is at least as good
// there as the best of the three.
func TestValidateCDNOW(t *testing.T) {
	v := validated(t, opensCDNOW(t), ltv.ValidateOptions{})
	if v.Cut != cut || v.HoldoutDays != 273 || v.Customers != 2357 || v.Calibration != 2457 || v.Holdout != 1882 {
		t.Fatalf("cut %s, %d days, %v customers, %v and %v purchases", v.Cut, v.HoldoutDays, v.Customers, v.Calibration, v.Holdout)
	}
	for _, want := range []struct {
		name                string
		sum, bias, mae, rms float64
	}{
		{"bgnbd", 1653.41, -0.121, 0.7855, 1.6080},
		{"mbgnbd", 1576.73, -0.162, 0.7648, 1.6072},
		{"pareto", 1665.51, -0.115, 0.7545, 1.6028},
	} {
		s := score(t, v, want.name)
		if !close(s.Expected, want.sum, 1e-4) || math.Abs(s.Bias-want.bias) > 6e-4 || !close(s.MAE, want.mae, 1e-4) || !close(s.RMSE, want.rms, 1e-4) {
			t.Errorf("%s: Σ %v, bias %v, MAE %v, RMSE %v; want %+v", want.name, s.Expected, s.Bias, s.MAE, s.RMSE, want)
		}
		best := v.Best()
		if best.MAE > s.MAE || math.Abs(best.Bias) > math.Abs(s.Bias) {
			t.Errorf("%s is chosen, and is worse than %s", v.Chosen, want.name)
		}
		if s.Coverage < 0.85 || s.Coverage > 0.95 {
			t.Errorf("%s: %v of the customers are in their intervals", want.name, s.Coverage)
		}
	}
	for _, s := range v.Scores {
		if s.Baseline && (s.MAE < v.Best().MAE || s.RMSE < v.Best().RMSE) {
			t.Errorf("%s is better than the model: %+v", s.Name, s)
		}
	}
	if len(v.Choice.Origins) != 3 || v.Choice.Origins[0].Day <= v.From || v.Choice.Origins[2].Until > v.Cut {
		t.Errorf("origins %+v", v.Choice.Origins)
	}
	last := v.Tracking[len(v.Tracking)-1]
	if last.Day != v.AsOf || last.Actual != v.Calibration+v.Holdout || len(last.Expected) != 4 {
		t.Errorf("the tracking ends with %+v", last)
	}
	i := slices.IndexFunc(v.Warnings, func(w orders.Warning) bool { return w.Code == "missed" })
	if i < 0 || v.Warnings[i].Count != 216 || !strings.Contains(v.Warnings[i].Text, "-11.5 %") {
		t.Errorf("warnings %v", v.Warnings)
	}
}

// TestHoldoutHasNoSay: other days of the hold-out do not change the choice.
func TestHoldoutHasNoSay(t *testing.T) {
	lines := trade{simulated[2], spending, 300, 400, 400, 5}.lines()
	a := validated(t, orderstest.Collect(t, lines, orders.Options{HistoryComplete: true}), ltv.ValidateOptions{Cut: opened + 299})
	kept := slices.DeleteFunc(slices.Clone(lines), func(l orders.Line) bool { return l.Date > opened+299 && l.Customer > "c0000100" })
	b := validated(t, orderstest.Collect(t, kept, orders.Options{HistoryComplete: true, AsOf: a.AsOf}), ltv.ValidateOptions{Cut: opened + 299})
	if x, y := fmt.Sprintf("%+v", a.Choice.Origins), fmt.Sprintf("%+v", b.Choice.Origins); a.Chosen != b.Chosen || len(x) != len(y) || a.Holdout == b.Holdout {
		t.Errorf("%s and %s, hold-outs %v and %v", a.Chosen, b.Chosen, a.Holdout, b.Holdout)
	}
	for i := range a.Choice.Origins {
		for k, s := range a.Choice.Origins[i].Scores {
			if s.MAE != b.Choice.Origins[i].Scores[k].MAE {
				t.Errorf("origin %d: the MAE of %s is %v and %v", i, s.Name, s.MAE, b.Choice.Origins[i].Scores[k].MAE)
			}
		}
	}
}

// TestScoreOracle computes every measure of a hold-out customer by customer.
func TestScoreOracle(t *testing.T) {
	h := opensCDNOW(t)
	v := validated(t, h, ltv.ValidateOptions{})
	at := func(day orders.Date) map[string]orders.Customer {
		m := map[string]orders.Customer{}
		for c, err := range h.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: day}}) {
			if err != nil {
				t.Fatal(err)
			}
			c.ID = strings.Clone(c.ID)
			m[c.ID] = c
		}
		return m
	}
	past, future := at(v.Cut), at(v.AsOf)
	type pair struct{ e, y float64 }
	for _, s := range v.Scores {
		var all []pair
		for id, c := range past {
			p := pair{y: float64(future[id].Purchases - c.Purchases)}
			switch {
			case s.Name == ltv.LastPeriod: // the calibration is as long as the hold-out
				p.e = float64(c.Purchases - 1)
			case s.Baseline:
				age := 0.0
				for _, o := range past {
					age += float64(v.Cut - o.FirstDay)
				}
				p.e = v.Calibration / age * float64(v.HoldoutDays)
			default:
				p.e = s.Fit.Model.Given(ltv.Summary{X: int(c.Purchases - 1), TX: float64(c.LastDay - c.FirstDay), T: float64(v.Cut - c.FirstDay)}).Expected(float64(v.HoldoutDays))
			}
			all = append(all, p)
		}
		var sum, mae, rmse, msle float64
		n := float64(len(all))
		for _, p := range all {
			sum += p.e
			mae += math.Abs(p.e-p.y) / n
			rmse += (p.e - p.y) * (p.e - p.y) / n
			msle += math.Pow(math.Log((1+p.e)/(1+p.y)), 2) / n
		}
		rank := func(key func(pair) float64) []float64 {
			r := make([]float64, len(all))
			for i, p := range all {
				for _, o := range all {
					if key(o) < key(p) {
						r[i]++
					} else if key(o) == key(p) {
						r[i] += 0.5
					}
				}
			}
			return r
		}
		x, y := rank(func(p pair) float64 { return p.e }), rank(func(p pair) float64 { return p.y })
		var xy, xx, yy float64
		for i := range x {
			xy += (x[i] - n/2) * (y[i] - n/2)
			xx += (x[i] - n/2) * (x[i] - n/2)
			yy += (y[i] - n/2) * (y[i] - n/2)
		}
		// The mean of the Gini coefficients of random orders of ties is that of ties
		// in one step: here by what each customer adds to the area.
		area := func(r []float64) (a float64) {
			for i, p := range all {
				a += p.y * (r[i] - n/2)
			}
			return a
		}
		close := func(what string, got, want float64) {
			if !(math.Abs(got-want) <= 1e-9*math.Max(1, math.Abs(want))) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s: %s is %v, by hand %v", s.Name, what, got, want)
			}
		}
		close("Expected", s.Expected, sum)
		close("MAE", s.MAE, mae)
		close("RMSE", s.RMSE, math.Sqrt(rmse))
		close("MSLE", s.MSLE, msle)
		close("Spearman", s.Spearman, xy/math.Sqrt(xx*yy))
		close("Gini", s.Gini, area(x)/area(y))
		slices.SortFunc(all, func(a, b pair) int { return cmp.Or(cmp.Compare(b.e, a.e), cmp.Compare(a.y, b.y)) })
		var customers, expected, actual float64
		for i, d := range s.Deciles {
			customers += d.Customers
			expected += d.Customers * d.Expected
			actual += d.Customers * d.Actual
			if i > 0 && d.Expected > s.Deciles[i-1].Expected+1e-12 {
				t.Errorf("%s: decile %d expects more than the one before", s.Name, i+1)
			}
		}
		close("deciles, customers", customers, n)
		close("deciles, expected", expected, sum)
		close("deciles, actual", actual, v.Holdout)
		top := 0.0
		for _, p := range all[:235] {
			top += p.e
		}
		close("first decile", s.Deciles[0].Customers*s.Deciles[0].Expected, top+0.7*all[235].e)
	}
}

// TestCoverage simulates trades from each model, predicts, and looks at what
// really comes: nominal 90 % intervals of the CLV of each customer and of the
// purchases and the CLV of all together hold it in 85 to 95 of a hundred cases.
// A short run has too few trades to say anything of all customers together.
func TestCoverage(t *testing.T) {
	const level = 0.90
	trades := 100.0
	if testing.Short() {
		trades = 8
	}
	allSums := 0.0
	unfitted := []ltv.Process{ltv.NBD{}, ltv.BGNBD{}, ltv.MBGNBD{}, ltv.ParetoNBD{}}
	for i, m := range simulated {
		t.Run(typeName(m), func(t *testing.T) {
			var held, customers, sums, purchases float64
			for seed := range uint64(trades) {
				s := trade{m, spending, 200, 365, 730, seed + 1}
				lines := s.lines()
				last := opened + 364
				spent, bought := map[string]orders.Amount{}, 0.0
				var past []orders.Line
				days := map[string]bool{}
				for _, l := range lines {
					if l.Date <= last {
						past = append(past, l)
						continue
					}
					spent[l.Customer] += discounted(l.Revenue, int(l.Date-last))
					if day := fmt.Sprint(l.Customer, l.Date); !days[day] {
						days[day] = true
						bought++
					}
				}
				h := orderstest.Collect(t, past, orders.Options{HistoryComplete: true, AsOf: last})
				p := predicted(t, h, ltv.PredictOptions{AnnualDiscount: 0.15, Model: unfitted[i], Draws: 160, Seed: seed + 1})
				all := orders.Amount(0)
				for _, v := range p.Customers {
					real := spent[v.ID]
					all += real
					if real >= v.CLVLow && real <= v.CLVHigh {
						held++
					}
				}
				customers += float64(len(p.Customers))
				if all >= p.Total.CLVLow && all <= p.Total.CLVHigh {
					sums++
				}
				if bought >= p.Total.PurchasesLow && bought <= p.Total.PurchasesHigh {
					purchases++
				}
			}
			t.Logf("held: CLV of customers %.3f, of all %.2f, purchases of all %.2f", held/customers, sums/trades, purchases/trades)
			for what, share := range map[string]float64{"CLV of customers": held / customers, "purchases of all": purchases / trades} {
				if testing.Short() && what == "purchases of all" {
					continue
				}
				if share < 0.85 || share > 0.95 {
					t.Errorf("nominal %v intervals of the %s hold in %v", level, what, share)
				}
			}
			allSums += sums / trades / float64(len(simulated))
		})
	}
	if testing.Short() {
		return
	}
	if allSums < 0.85 || allSums > 0.95 {
		t.Errorf("nominal %v intervals of the CLV of all hold in %v", level, allSums)
	}
}

// discounted returns a at 15 % a year.
func discounted(a orders.Amount, days int) orders.Amount {
	return orders.Amount(math.Round(float64(a) * math.Exp(-ltv.DailyRate(0.15)*float64(days))))
}

// TestValidateErrors names the field.
func TestValidateErrors(t *testing.T) {
	h := orderstest.Open(t, 300)
	for name, o := range map[string]ltv.ValidateOptions{
		"Cut":       {Cut: orders.NewDate(2030, 1, 1)},
		"Origins":   {Origins: -1},
		"Models[1]": {Models: []ltv.Process{ltv.NBD{}, ltv.NBD{R: 1}}},
		"Models[0]": {Models: []ltv.Process{nil}},
		"Level":     {Level: -0.5},
		"Draws":     {Draws: 1},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ltv.Validate(ctx, h, o); !errors.Is(err, orders.ErrOptions) || !strings.Contains(err.Error(), name) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestValidateSmall: next to no data give scores, not errors.
func TestValidateSmall(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 30 {
		var lines []orders.Line
		for i := range 2 + random.IntN(6) {
			lines = append(lines, orders.Line{
				Customer: fmt.Sprint(random.IntN(3)), Order: fmt.Sprint(i), Date: opened + orders.Date(random.IntN(12)), Revenue: orders.One,
			})
		}
		h := orderstest.Collect(t, lines, orders.Options{HistoryComplete: random.IntN(2) == 0})
		v, err := ltv.Validate(ctx, h, ltv.ValidateOptions{})
		if errors.Is(err, orders.ErrOptions) && slices.MaxFunc(lines, byDay).Date == slices.MinFunc(lines, byDay).Date {
			continue // one day has no hold-out
		}
		if err != nil {
			t.Fatalf("%+v: %v", lines, err)
		}
		for _, s := range v.Scores {
			if math.IsNaN(s.MAE) || math.IsInf(s.RMSE, 0) || !s.Baseline && math.IsNaN(s.Coverage+s.Low+s.High) {
				t.Errorf("%+v", s)
			}
		}
	}
}

func byDay(a, b orders.Line) int { return cmp.Compare(a.Date, b.Date) }
