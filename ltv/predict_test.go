package ltv_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

func predicted(t testing.TB, f orders.Facts, o ltv.PredictOptions) *ltv.Prediction {
	t.Helper()
	p, err := ltv.Predict(ctx, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// opensCDNOW returns CDNOW as the papers count it.
func opensCDNOW(t testing.TB) *orders.History {
	return orderstest.Collect(t, published.CDNOW(t), orders.Options{HistoryComplete: true, CountZero: true})
}

// cut is the last day of the papers' calibration, week 39.
var cut = orders.NewDate(1997, 9, 30)

// TestPredictCDNOW holds what is predicted of 39 weeks to the papers: Σ CET of
// three models, P(alive) and E[M] (Fader & Hardie 2013).
func TestPredictCDNOW(t *testing.T) {
	h := opensCDNOW(t)
	for _, c := range []struct {
		model ltv.Process
		sum   float64
	}{{ltv.BGNBD{}, 1653.41}, {ltv.MBGNBD{Unit: ltv.PerWeek}, 1576.73}, {ltv.ParetoNBD{}, 1665.51}} {
		t.Run(c.model.Name(), func(t *testing.T) {
			o := ltv.PredictOptions{Scope: orders.Scope{AsOf: cut}, HorizonDays: 273, Model: c.model}
			p := predicted(t, h, o)
			if !close(p.Total.ExpectedPurchases, c.sum, 1e-4) || len(p.Customers) != 2357 {
				t.Errorf("%d customers, %v purchases; want %v", len(p.Customers), p.Total.ExpectedPurchases, c.sum)
			}
			if g := p.Money.Gamma; g == nil || !close(g.Model.P, 6.249573, 1e-4) || !close(g.Model.Q, 3.744225, 1e-4) || !close(g.Model.V, 15.443521, 1e-4) {
				t.Errorf("money %+v", g)
			}
			for _, v := range p.Customers {
				if certain := c.model.Name() == "bgnbd"; v.Purchases == 1 && (v.PAlive == 1) != certain {
					t.Fatalf("%s bought once: P(alive) %v", v.ID, v.PAlive)
				}
			}
			slices.SortFunc(p.Customers, func(a, b ltv.Future) int { return strings.Compare(a.ID, b.ID) })
			var values []string
			for _, v := range p.Customers[:10] {
				values = append(values, v.Value.String())
			}
			if got := strings.Join(values, " "); got != "24.65 18.91 35.17 35.17 35.17 71.46 18.91 35.17 27.28 35.17" {
				t.Errorf("E[M] of the first ten: %s", got)
			}
		})
	}
}

// TestPredictSums: customers add up to the total, in their order, and every
// figure is a number within its range, whatever the model.
func TestPredictSums(t *testing.T) {
	h := orderstest.Open(t, 20_000)
	for _, o := range []ltv.PredictOptions{
		{}, {AnnualDiscount: 0.15}, {Model: ltv.NBD{}}, {Model: ltv.BGNBD{}, HorizonDays: 1}, {Model: ltv.ParetoNBD{}, AnnualDiscount: 3},
		{Basis: ltv.ByRevenue, HorizonDays: 3650}, {Costs: costly, Level: 0.5}, {FirstValue: true, Draws: 20},
		{Scope: orders.Scope{AsOf: orders.NewDate(2022, 1, 20)}},
		{Scope: orders.Scope{From: orders.NewDate(2023, 1, 1), Where: []orders.Where{{Dimension: orders.ByChannel, In: []string{"Сайт"}}}}},
	} {
		t.Run(fmt.Sprintf("%+v", o), func(t *testing.T) {
			p := predicted(t, h, o)
			var sum ltv.Aggregate
			for i, v := range p.Customers {
				sum.CLV += v.CLV
				sum.ExpectedProfit += v.ExpectedProfit
				sum.ExpectedPurchases += v.ExpectedPurchases
				sum.Alive += v.PAlive
				if !(v.PAlive >= 0 && v.PAlive <= 1) || !(v.ExpectedPurchases >= 0) || v.PurchasesLow > v.PurchasesHigh || v.CLVLow > v.CLVHigh {
					t.Fatalf("%+v", v)
				}
				if v.NextDay != 0 && v.NextDay <= p.AsOf || v.LastDay > p.AsOf || v.Purchases < 1 {
					t.Fatalf("days: %+v", v)
				}
				if v.ExpectedProfit > 0 && v.CLV > v.ExpectedProfit || o.AnnualDiscount == 0 && v.CLV != v.ExpectedProfit {
					t.Fatalf("discounting adds: %+v", v)
				}
				if i > 0 && v.CLV > p.Customers[i-1].CLV {
					t.Fatalf("customer %d is worth more than the one before", i)
				}
				if v.First.Known && v.Repeat.Known && v.Historic.Known && p.Basis == ltv.ByProfit && v.Historic.Amount != v.First.Amount+v.Repeat.Amount-v.Acquisition {
					t.Fatalf("value to date: %+v", v)
				}
				if (v.Reasons&ltv.FirstUnknown != 0) != (v.Entry != orders.First) || (v.Reasons&ltv.OnePurchase != 0) != (v.Purchases == 1) {
					t.Fatalf("reasons: %+v", v)
				}
			}
			total := p.Total
			if sum.CLV != total.CLV || sum.ExpectedProfit != total.ExpectedProfit || !close(sum.ExpectedPurchases, total.ExpectedPurchases, 1e-9) || !close(sum.Alive, total.Alive, 1e-9) || total.Customers != int64(len(p.Customers)) {
				t.Errorf("customers come to %+v, the total is %+v", sum, total)
			}
			if !(total.PurchasesLow <= total.ExpectedPurchases && total.ExpectedPurchases <= total.PurchasesHigh) || total.CLVLow > total.CLVHigh {
				t.Errorf("intervals: %+v", total)
			}
			if p.HorizonDays == 0 || p.Until != p.AsOf+orders.Date(p.HorizonDays) || p.Level == 0 {
				t.Errorf("options are not filled in: %+v", p)
			}
		})
	}
}

var costly = orders.Costs{
	Overhead: 3000 * orders.One, BonusRepeat: orders.Rate{Percent: 5 * orders.One},
	CostPerLead: 500 * orders.One, Conversion: 0.1, OverheadPool: 100 * orders.One,
}

// TestPredictHistoric: value to date is that of [ltv.Historic] with the same costs.
func TestPredictHistoric(t *testing.T) {
	h := orderstest.Open(t, 20_000)
	costs := costly
	costs.OverheadPool = 0
	p := predicted(t, h, ltv.PredictOptions{Costs: costs, Model: ltv.MBGNBD{}})
	l, err := ltv.Historic(ctx, h, ltv.HistoricOptions{Costs: costs})
	if err != nil {
		t.Fatal(err)
	}
	to := map[string]ltv.Lifetime{}
	for _, v := range l.Customers {
		to[v.ID] = v
	}
	for _, v := range p.Customers {
		if want := to[v.ID]; v.Historic != want.Profit || v.Acquisition != want.Acquisition {
			t.Fatalf("%s: %v and %v, Historic says %v and %v", v.ID, v.Historic, v.Acquisition, want.Profit, want.Acquisition)
		}
	}
}

// TestPredictOracle computes customers by hand from the fitted models.
func TestPredictOracle(t *testing.T) {
	h := opensCDNOW(t)
	const discount = 0.15
	p := predicted(t, h, ltv.PredictOptions{AnnualDiscount: discount, HorizonDays: 200})
	means := map[string]float64{}
	for c, err := range h.Customers(ctx, orders.CustomerQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		means[c.ID] = c.Sides.Repeat.Revenue.Float64() / float64(c.Purchases-1)
	}
	for _, v := range p.Customers {
		past := ltv.Summary{X: int(v.Purchases - 1), TX: float64(v.LastDay - v.FirstDay), T: float64(p.AsOf - v.FirstDay)}
		given := p.Fit.Model.Given(past)
		value := ltv.Monetary{}
		if past.X > 0 {
			value = ltv.Monetary{Purchases: past.X, Mean: means[v.ID]}
		}
		worth := p.Money.Gamma.Expected(value)
		clv := worth * given.Discounted(200, ltv.DailyRate(discount))
		if v.PAlive != given.PAlive || v.ExpectedPurchases != given.Expected(200) || math.Abs(v.Value.Float64()-worth) > 0.0051 || math.Abs(v.CLV.Float64()-clv) > 0.0051 {
			t.Fatalf("%+v: by hand P(alive) %v, %v purchases of %v, CLV %v", v, given.PAlive, given.Expected(200), worth, clv)
		}
		// By NextDay a customer who stays has bought with probability ½.
		if m, ok := given.Alive.(ltv.ParetoNBD); ok && v.NextDay != 0 {
			stays := ltv.NBD{R: m.R, Alpha: m.Alpha, Unit: m.Unit}
			days := float64(v.NextDay - p.AsOf)
			if stays.Probability(0, days) > 0.5 || days > 1 && stays.Probability(0, days-1) < 0.5 {
				t.Fatalf("%+v: P(nothing by then) %v", v, stays.Probability(0, days))
			}
		}
	}
}

// TestPredictGiven: a model with parameters is taken as it is.
func TestPredictGiven(t *testing.T) {
	h := opensCDNOW(t)
	m := ltv.BGNBD{R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426, Unit: ltv.PerWeek}
	p := predicted(t, h, ltv.PredictOptions{Model: m})
	if p.Model != ltv.Process(m) || p.Fit != nil || p.Choice != nil {
		t.Errorf("%+v", p.Model)
	}
}

// TestPredictSame: the same seed gives the same bytes, another one others, and
// customers do not depend on who else there is.
func TestPredictSame(t *testing.T) {
	h := opensCDNOW(t)
	o := ltv.PredictOptions{Model: ltv.BGNBD{R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426, Unit: ltv.PerWeek}}
	text := func(p *ltv.Prediction) string { return fmt.Sprintf("%+v %+v", p.Customers, p.Total) }
	a := predicted(t, h, o)
	if text(a) != text(predicted(t, h, o)) {
		t.Error("two runs differ")
	}
	o.Seed = 2
	if text(a) == text(predicted(t, h, o)) {
		t.Error("the seed has no say")
	}
}

// TestSaved: a model written and read predicts the same, with the uncertainty of
// its parameters, in a few hundred bytes.
func TestSaved(t *testing.T) {
	h := opensCDNOW(t)
	company := orderstest.Open(t, 5_000)
	for _, c := range []struct {
		name  string
		facts orders.Facts
		o     ltv.PredictOptions
	}{
		{"CDNOW", h, ltv.PredictOptions{}},
		{"weeks", h, ltv.PredictOptions{Model: ltv.MBGNBD{Unit: ltv.PerWeek}}},
		{"profit", company, ltv.PredictOptions{}},
		{"losses", company, ltv.PredictOptions{Costs: costly}},
		{"given", h, ltv.PredictOptions{Model: ltv.NBD{R: 0.4, Alpha: 80}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := predicted(t, c.facts, c.o)
			b, err := json.Marshal(p.Saved())
			if err != nil || len(b) > 1000 {
				t.Fatalf("%d bytes: %s, %v", len(b), b, err)
			}
			var s ltv.Saved
			if err := json.Unmarshal(b, &s); err != nil {
				t.Fatalf("%s: %v", b, err)
			}
			if again, err := json.Marshal(&s); string(again) != string(b) || err != nil {
				t.Errorf("written again: %s, was %s, %v", again, b, err)
			}
			q := predicted(t, c.facts, ltv.PredictOptions{Saved: &s, Costs: c.o.Costs})
			if q.Total.CLV != p.Total.CLV || q.Total.ExpectedPurchases != p.Total.ExpectedPurchases || q.Basis != p.Basis {
				t.Errorf("predicts %+v, was %+v", q.Total, p.Total)
			}
			wide := func(a ltv.Aggregate) float64 { return a.PurchasesHigh - a.PurchasesLow }
			ridge := p.Fit != nil && p.Fit.Diagnostics.Ridge
			if r := wide(q.Total) / wide(p.Total); !ridge && (r < 0.8 || r > 1.25) {
				t.Errorf("the interval is %v times as wide", r)
			}
			if s.AsOf != p.AsOf || len(s.Fingerprint) != 16 || s.Fingerprint != p.Saved().Fingerprint {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestSavedWrong(t *testing.T) {
	const good = `{"model":"nbd","unit_days":1,"parameters":{"R":1,"Alpha":2},"log_likelihood":null,"mean_value":null,"basis":"profit","as_of":"2024-01-31","customers":3,"fingerprint":""}`
	var s ltv.Saved
	if err := json.Unmarshal([]byte(good), &s); err != nil || !math.IsNaN(s.LogLikelihood) || s.Model != ltv.Process(ltv.NBD{R: 1, Alpha: 2, Unit: 1}) {
		t.Fatalf("%+v, %v", s, err)
	}
	for old, bad := range map[string]string{
		`"nbd"`: `"gnd"`, `"R":1`: `"R":-1`, `"Alpha":2`: `"Beta":2`, `"profit"`: `"sales"`, `"2024-01-31"`: `"2024-31-01"`, `"unit_days":1`: `"unit_days":-7`,
	} {
		if err := json.Unmarshal([]byte(strings.Replace(good, old, bad, 1)), &s); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

// TestPredictWarnings: what the data lack is said, and predicted all the same.
func TestPredictWarnings(t *testing.T) {
	day := orders.NewDate(2024, 1, 1)
	line := func(customer string, after int, revenue orders.Amount) orders.Line {
		return orders.Line{Customer: customer, Order: fmt.Sprint(customer, after), Date: day + orders.Date(after), Revenue: revenue * orders.One}
	}
	few := orderstest.Collect(t, []orders.Line{line("a", 0, 10), line("b", 5, 20), line("a", 60, 30)}, orders.Options{HistoryComplete: true, AsOf: day + 100})
	for _, c := range []struct {
		name  string
		facts orders.Facts
		codes string
	}{
		{"few", few, "revenue-not-profit few-customers short-history no-recent-purchase no-loyal-customer long-horizon ridge"},
		{"nobody is known", orderstest.Collect(t, []orders.Line{line("a", 0, 10), line("b", 5, 20)}, orders.Options{}), "revenue-not-profit left-truncated few-customers short-history no-loyal-customer long-horizon ridge first-unknown"},
		{"nobody returned", orderstest.Collect(t, []orders.Line{line("a", 0, 10), line("b", 5, 20)}, orders.Options{HistoryComplete: true}), "revenue-not-profit few-customers short-history no-loyal-customer long-horizon ridge no-repeat-value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := predicted(t, c.facts, ltv.PredictOptions{})
			var codes []string
			for _, w := range p.Warnings {
				codes = append(codes, w.Code)
				if w.Text == "" || strings.Contains(w.Text, "%!") {
					t.Errorf("%s: %q", w.Code, w.Text)
				}
			}
			if got := strings.Join(codes, " "); got != c.codes {
				t.Errorf("warnings %s, want %s", got, c.codes)
			}
			if p.Sufficient || len(p.Customers) != 2 {
				t.Errorf("sufficient %v, %d customers", p.Sufficient, len(p.Customers))
			}
		})
	}
	if p := predicted(t, opensCDNOW(t), ltv.PredictOptions{}); !p.Sufficient {
		t.Errorf("CDNOW does not suffice: %v", p.Warnings)
	}
}

func TestPredictErrors(t *testing.T) {
	h := orderstest.Open(t, 300)
	for name, o := range map[string]ltv.PredictOptions{
		"HorizonDays":    {HorizonDays: -1},
		"AnnualDiscount": {AnnualDiscount: -0.1},
		"Level":          {Level: 1},
		"Draws":          {Draws: 19},
		"Basis":          {Basis: 2},
		"BGNBD.Alpha":    {Model: ltv.BGNBD{R: 1}},
		"Saved":          {Model: ltv.NBD{}, Saved: &ltv.Saved{Model: ltv.NBD{R: 1, Alpha: 1}}},
		"Saved.Model":    {Saved: &ltv.Saved{}},
		"Scope.From":     {Scope: orders.Scope{From: orders.NewDate(2030, 1, 1)}},
		"CostPerLead":    {Costs: orders.Costs{CostPerLead: orders.One, Conversion: 0.5}, Spend: []ltv.Spend{{Period: orders.Month.Of(orders.NewDate(2022, 1, 1)), Money: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ltv.Predict(ctx, h, o); !errors.Is(err, orders.ErrOptions) || !strings.Contains(err.Error(), name) {
				t.Errorf("error %v", err)
			}
		})
	}
	empty := orderstest.Collect(t, []orders.Line{{Customer: "a", Order: "1", Date: opened, Revenue: -orders.One}}, orders.Options{})
	if _, err := ltv.Predict(ctx, empty, ltv.PredictOptions{}); !errors.Is(err, ltv.ErrNoCustomers) {
		t.Errorf("nobody: error %v", err)
	}
}

// close reports whether a is within a share of b.
func close(a, b, share float64) bool { return math.Abs(a-b) <= share*math.Abs(b) }
