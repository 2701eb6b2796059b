package ltv_test

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// calibration is the last day of the papers' calibration period, 39 weeks;
// another 39 weeks are the hold-out.
var calibration = orders.NewDate(1997, time.September, 30)

// buyers is CDNOW as of a day: the sample, and each customer's summary beside
// how often they bought afterwards.
type buyers struct {
	sample *ltv.Sample
	past   []ltv.Summary
	later  []int
}

// cdnow returns the 1/10 sample as of a day.
func cdnow(t testing.TB, asOf orders.Date) buyers {
	t.Helper()
	h := orderstest.Collect(t, published.CDNOW(t), orders.Options{HistoryComplete: true, CountZero: true})
	s, err := ltv.Summarize(ctx, h, ltv.SampleOptions{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	b := buyers{sample: s}
	before := map[string]int{}
	for c, err := range h.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: asOf}}) {
		if err != nil {
			t.Fatal(err)
		}
		before[strings.Clone(c.ID)] = int(c.Purchases)
		b.past = append(b.past, ltv.Summary{X: int(c.Purchases) - 1, TX: float64(c.LastDay - c.FirstDay), T: float64(asOf - c.FirstDay)})
	}
	for c, err := range h.Customers(ctx, orders.CustomerQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		b.later = append(b.later, int(c.Purchases)-before[c.ID])
	}
	return b
}

// master returns the summaries of all 23,570 CDNOW customers at the end of the
// calibration period.
func master(t testing.TB) []ltv.Summary {
	t.Helper()
	file, err := os.Open(published.Path(t, "CDNOW_master.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []ltv.Summary
	var id string
	var first, last orders.Date
	s := bufio.NewScanner(file)
	s.Scan()       // the header
	for s.Scan() { // ascending by customer and day
		f := strings.Fields(s.Text())
		at, err := time.Parse("20060102", f[1])
		if err != nil {
			t.Fatal(err)
		}
		day := orders.DateOf(at)
		switch {
		case f[0] != id:
			id, first, last = f[0], day, day
			all = append(all, ltv.Summary{T: float64(calibration - first)})
		case day != last && day <= calibration:
			last = day
			c := &all[len(all)-1]
			c.X++
			c.TX = float64(last - first)
		}
	}
	return all
}

// significant reports whether got and want agree in so many significant digits.
func significant(got, want float64, digits int) bool {
	return math.Abs(got-want) <= 0.5*math.Pow(10, math.Floor(math.Log10(math.Abs(want)))+1-float64(digits))
}

// wantFit holds a fit to published parameters (4 significant digits), standard
// errors (1 %; nil: none published) and log-likelihood (1e-4).
func wantFit[M any](t *testing.T, f *ltv.Fit[M], values, errors []float64, ll float64) {
	t.Helper()
	for i, p := range f.Parameters {
		if !significant(p.Value, values[i], 4) {
			t.Errorf("%T: %s = %v, want %v", f.Model, p.Name, p.Value, values[i])
		}
		if errors != nil && !within(p.SE, errors[i], 0.01) {
			t.Errorf("%T: SE of %s = %v, want %v", f.Model, p.Name, p.SE, errors[i])
		}
		if got := math.Sqrt(f.Covariance[i][i]); got != p.SE {
			t.Errorf("%T: the root of the variance of %s is %v, its SE %v", f.Model, p.Name, got, p.SE)
		}
	}
	if math.Abs(f.LogLikelihood-ll) > 1e-4 {
		t.Errorf("%T: LL = %.6f, want %.6f", f.Model, f.LogLikelihood, ll)
	}
	d := f.Diagnostics
	if !d.Converged || d.Gradient > 1e-8 || d.Ridge || d.Boundary != nil || d.Agree != d.Starts {
		t.Errorf("%T: %+v", f.Model, d)
	}
}

// TestPublishedCDNOW holds fits and hold-out predictions to the figures of
// Fader, Hardie & Lee (2005a; Computing P(alive); Gamma-Gamma note 2013) and
// Batislam et al. (2007), to six digits where they print three, as independent
// implementations agree on.
func TestPublishedCDNOW(t *testing.T) {
	b := cdnow(t, calibration)
	if s := b.sample; s.Customers != 2357 || s.Purchases != 2457 || len(s.Groups) != 1016 || s.AsOf != calibration || s.Warnings != nil {
		t.Errorf("%v customers, %v repeat purchases, %d groups as of %s", s.Customers, s.Purchases, len(s.Groups), s.AsOf)
	}
	actual := 0
	for _, n := range b.later {
		actual += n
	}
	if actual != 1882 {
		t.Errorf("%d purchases in the hold-out, published 1,882", actual)
	}
	for _, c := range []struct {
		model          ltv.Process
		values, errors []float64
		ll             float64
		sum, mae, rmse float64 // of the hold-out; 0: not published
	}{
		{ltv.NBD{Unit: ltv.PerWeek}, []float64{.384766, 12.072024}, nil, -9763.657615, 0, 0, 0},
		{ltv.BGNBD{Unit: ltv.PerWeek}, []float64{.242595, 4.413602, .792922, 2.425907}, []float64{.012557, .378224, .185732, .705408}, -9582.429207, 1653.41, .7855, 1.6080},
		{ltv.MBGNBD{Unit: ltv.PerWeek}, []float64{.524843, 6.183086, .891359, 1.614002}, nil, -9582.135716, 1576.73, .7648, 1.6072},
		{ltv.ParetoNBD{Unit: ltv.PerWeek}, []float64{.553277, 10.577684, .606240, 11.668735}, []float64{.047628, .842721, .187279, 6.211027}, -9594.976179, 1665.51, .7545, 1.6028},
	} {
		f := fitted(t, b.sample, c.model)
		wantFit(t, f, c.values, c.errors, c.ll)
		if math.Abs(f.Diagnostics.NBD+9763.657615) > 1e-4 {
			t.Errorf("%T: the NBD beside it is %v", c.model, f.Diagnostics.NBD)
		}
		if c.sum == 0 {
			continue
		}
		sum, mae, mse := 0.0, 0.0, 0.0
		for i, past := range b.past {
			expected := f.Model.Given(past).Expected(273)
			e := expected - float64(b.later[i])
			sum, mae, mse = sum+expected, mae+math.Abs(e), mse+e*e
		}
		n := float64(len(b.past))
		for _, q := range []struct {
			name      string
			got, want float64
		}{{"Σ", sum, c.sum}, {"MAE", mae / n, c.mae}, {"RMSE", math.Sqrt(mse / n), c.rmse}} {
			if !within(q.got, q.want, 0.001) {
				t.Errorf("%T: hold-out %s = %v, want %v", c.model, q.name, q.got, q.want)
			}
		}
	}

	value, err := ltv.FitMonetary(b.sample.Monetary, ltv.FitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantFit(t, &value.Fit, []float64{6.249573, 3.744225, 15.443521}, nil, -4055.917695)
	if value.Customers != 946 || value.Excluded != 0 || !value.Finite {
		t.Errorf("%v customers, %v excluded, finite %v", value.Customers, value.Excluded, value.Finite)
	}
}

// TestPublishedMonetary holds the Gamma-Gamma model to the expected values of the
// first ten CDNOW customers (Fader & Hardie 2013, table).
func TestPublishedMonetary(t *testing.T) {
	h := orderstest.Collect(t, published.CDNOW(t), orders.Options{HistoryComplete: true, CountZero: true})
	m := ltv.GammaGamma{P: 6.249573, Q: 3.744225, V: 15.443521}
	var got []string
	for c, err := range h.Customers(ctx, orders.CustomerQuery{Scope: orders.Scope{AsOf: calibration}}) {
		if err != nil {
			t.Fatal(err)
		}
		s := ltv.Monetary{Purchases: int(c.Sides.Repeat.Purchases)}
		if s.Purchases > 0 {
			s.Mean = c.Sides.Repeat.Revenue.Float64() / float64(s.Purchases)
		}
		if got = append(got, fmt.Sprintf("%.2f", m.Expected(s))); len(got) == 10 {
			break
		}
	}
	if want := "24.65 18.91 35.17 35.17 35.17 71.46 18.91 35.17 27.28 35.17"; strings.Join(got, " ") != want {
		t.Errorf("E[M] = %s, want %s", strings.Join(got, " "), want)
	}
}

// TestPublishedMaster holds fits to the figures of all 23,570 CDNOW customers.
func TestPublishedMaster(t *testing.T) {
	s := compressed(t, master(t))
	if s.Customers != 23_570 || len(s.Groups) != 8_685 {
		t.Errorf("%v customers in %d groups", s.Customers, len(s.Groups))
	}
	wantFit(t, fitted(t, s, ltv.BGNBD{Unit: ltv.PerWeek}), []float64{.2516239, 4.788943, .7234336, 2.1610884}, nil, -95368.443933)
	wantFit(t, fitted(t, s, ltv.ParetoNBD{Unit: ltv.PerWeek}), []float64{.5974200, 11.585658, .5221856, 8.827759}, nil, -95415.118617)
}

// TestPublishedValues holds single figures to print.
func TestPublishedValues(t *testing.T) {
	bg := ltv.BGNBD{R: .243, Alpha: 4.414, A: .793, B: 2.426}
	pareto := ltv.ParetoNBD{R: .55, Alpha: 10.56, S: .61, Beta: 11.64}
	type value struct {
		name      string
		got, want float64
	}
	values := []value{
		{"BG CET(39; 2, 30.43, 38.86)", bg.Given(ltv.Summary{X: 2, TX: 30.43, T: 38.86}).Expected(39), 1.2260281748},
		{"BG P(alive; 23, 39, 39)", bg.PAlive(ltv.Summary{X: 23, TX: 39, T: 39}), .9685554542},
		{"Pareto CET(2; 10, 35, 39)", pareto.Given(ltv.Summary{X: 10, TX: 35, T: 39}).Expected(2), .3884117232},
		{"Pareto P(alive; 0, 0, 39)", ltv.ParetoNBD{R: .5534, Alpha: 10.5802, S: .6061, Beta: 11.6562}.PAlive(ltv.Summary{T: 39}), .2941422393},
		{"Pareto DERT(.0027; 7, 35, 77.86)", ltv.ParetoNBD{R: .5629966, Alpha: 12.559037, S: .4081095, Beta: 10.5148048}.
			Given(ltv.Summary{X: 7, TX: 35, T: 77.86}).DERT(.0027), 1.864183328},
	}
	for i, want := range []float64{.05326789117, .10338973976, .15086523089, .19606817243, .23928820028, .28075589358, .32065882342, .35915229296, .39636679677, .43241336223} {
		values = append(values, value{fmt.Sprintf("BG E[X(%d)]", i+1), bg.Expected(float64(i + 1)), want})
	}
	for i, want := range []float64{.05077820617, .09916088423, .14542506520, .18979929925, .23247465821, .27361273683, .31335159373, .35181024364, .38909210946} {
		values = append(values, value{fmt.Sprintf("Pareto E[X(%d)]", i+1), pareto.Expected(float64(i + 1)), want})
	}
	for _, v := range values {
		if !significant(v.got, v.want, 10) {
			t.Errorf("%s = %.12g, want %.12g", v.name, v.got, v.want)
		}
	}
	// In the tail others lose all digits: one prints 7.6e-4 here.
	if got := pareto.ProbabilityBetween(10, 1, 2); !significant(got, 4.41e-12, 3) {
		t.Errorf("Pareto P(X(1, 2] = 10) = %v", got)
	}
}

// donations is the public radio data of Fader, Hardie & Shang (2010): 11,104
// donors acquired in 1995 and their donations in the six years since.
func donations() []ltv.Occasions {
	const table = `6,6:1203 5,6:728 4,6:512 3,6:357 2,6:234 1,6:129 5,5:335 4,5:284 3,5:225 2,5:173 1,5:119
		4,4:240 3,4:181 2,4:155 1,4:78 3,3:322 2,3:255 1,3:129 2,2:613 1,2:277 1,1:1091 0,0:3464`
	var all []ltv.Occasions
	for _, cell := range strings.Fields(table) {
		o := ltv.Occasions{N: 6}
		if _, err := fmt.Sscanf(cell, "%d,%d:%f", &o.X, &o.TX, &o.Customers); err != nil {
			panic(err)
		}
		all = append(all, o)
	}
	return all
}

func TestPublishedDonations(t *testing.T) {
	f, err := ltv.FitBGBB(donations(), ltv.FitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantFit(t, f, []float64{1.2035, .7497, .6567, 2.7834}, nil, -33225.5813)
	sum, ll := 0.0, 0.0
	for _, o := range donations() {
		sum += o.Customers * f.Model.Given(o).Expected(5)
		ll += o.Customers * f.Model.LogLikelihood(o)
	}
	if !within(sum, 12_884.2, 1e-5) || !within(ll, f.LogLikelihood, 1e-12) || f.Customers != 11_104 {
		t.Errorf("%v donors, Σ CET(5) = %v, LL = %v", f.Customers, sum, ll)
	}
}

// TestPublishedContracts holds the sBG to the two segments of Fader & Hardie
// (2007): seven renewals fitted, years 8–12 projected.
func TestPublishedContracts(t *testing.T) {
	for _, c := range []struct {
		name        string
		survival    []float64 // % of years 0–7
		alpha, beta float64
		projected   string // % of years 8–12
	}{
		{"high-end", []float64{100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1}, .668, 3.806, "46.0 43.6 41.4 39.5 37.8"},
		{"regular", []float64{100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1}, .704, 1.182, "22.0 20.4 19.1 18.0 17.0"},
	} {
		f, err := ltv.FitSBG([][]float64{c.survival}, ltv.FitOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var projected []string
		for year := 8; year <= 12; year++ {
			projected = append(projected, fmt.Sprintf("%.1f", 100*f.Model.Survival(year)))
		}
		if !significant(f.Model.Alpha, c.alpha, 3) || !significant(f.Model.Beta, c.beta, 4) || strings.Join(projected, " ") != c.projected {
			t.Errorf("%s: %+v, projected %s", c.name, f.Model, projected)
		}
		if ll := f.Model.LogLikelihood(c.survival); !within(ll, f.LogLikelihood, 1e-12) {
			t.Errorf("%s: LL %v of the model, %v of the fit", c.name, ll, f.LogLikelihood)
		}
		weibull, err := ltv.FitBdW([][]float64{c.survival}, ltv.FitOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if weibull.LogLikelihood < f.LogLikelihood || weibull.Diagnostics.Agree != weibull.Diagnostics.Starts {
			t.Errorf("%s: the BdW, which holds the sBG, has LL %v against %v: %+v", c.name, weibull.LogLikelihood, f.LogLikelihood, weibull.Diagnostics)
		}
	}
}
