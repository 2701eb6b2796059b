package ltv

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/orders"
)

// ValidateOptions says how models are put to the test.
type ValidateOptions struct {
	// Scope.AsOf is the last day of the hold-out. From and Where are not used.
	Scope orders.Scope

	// Cut is the last day of the calibration: the hold-out is the days from the
	// next one to AsOf. Zero: the middle of the export.
	Cut orders.Date

	// Models are the models compared, each by its type and Unit; parameters are
	// not read. Nil: [NBD], [BGNBD], [MBGNBD] and [ParetoNBD].
	Models []Process

	Origins int     // rolling origins inside the calibration, at most 1000; 0: 3
	Level   float64 // of intervals, above 0 and below 1; 0: 0.90
	Draws   int     // futures drawn per distinct history, at least 20; 0: 400
	Seed    uint64  // of the draws; 0: 1
}

// Validation is how well models, fitted to the days up to Cut, foretold the
// days after. No day of the hold-out had a say in which model is Chosen.
type Validation struct {
	From, Cut, AsOf orders.Date // calibration From…Cut, hold-out Cut+1…AsOf, all inclusive
	HoldoutDays     int

	Customers   float64 // whose first purchase is in the calibration, and known
	Calibration float64 // their repeat purchases in the calibration
	Holdout     float64 // their purchases in the hold-out: what was to be foretold

	Chosen string  // name of the model chosen by the rolling origins
	Scores []Score // the models, in the order given, then the baselines
	Choice *Choice // the rolling origins inside the calibration

	Tracking []TrackingPoint // ascending by day
	Warnings []orders.Warning
}

// Best returns the score of the chosen model.
func (v *Validation) Best() *Score {
	for i := range v.Scores {
		if v.Scores[i].Name == v.Chosen {
			return &v.Scores[i]
		}
	}
	return nil
}

// The names of the baselines.
const (
	LastPeriod = "last_period" // each customer buys as often as in as many days before the hold-out
	MeanRate   = "mean"        // each customer buys as often a day as all customers together have
)

// Score is how well one model or baseline foretold the hold-out, over the
// customers. y is what a customer bought in the hold-out, ŷ what was expected.
type Score struct {
	Name     string        // "nbd", "bgnbd", "mbgnbd", "pareto", or that of a baseline
	Baseline bool          // it is no model: there is no Fit, and no interval
	Fit      *Fit[Process] // nil for a baseline

	Expected float64 // Σ ŷ
	Bias     float64 // (Σ ŷ − Σ y) ÷ Σ y: −0.10 is a tenth too few; NaN without purchases
	MAE      float64 // mean |ŷ − y|
	RMSE     float64 // √ mean (ŷ − y)²
	MSLE     float64 // mean (ln(1+ŷ) − ln(1+y))²
	Spearman float64 // rank correlation of ŷ and y, −1…1, ties at their mean rank; NaN if either is constant
	Gini     float64 // normalised: that of y in the order of ŷ ÷ that in its own order; 1 is a perfect order, 0 none; NaN without purchases
	Log      float64 // mean ln of the probability of y: the higher the better; NaN for a baseline

	// Coverage is the share of customers whose y is in their interval, and Low,
	// High the interval of Σ y; NaN for a baseline. See [Future] for what
	// intervals cover.
	Coverage  float64
	Low, High float64

	Deciles []Decile // descending by Expected
}

// Decile is a tenth of the customers, by what was expected of them.
type Decile struct {
	Customers        float64
	Expected, Actual float64 // purchases per customer
}

// TrackingPoint is the repeat purchases of the customers of the calibration,
// cumulated to a day.
type TrackingPoint struct {
	Day      orders.Date // the last of a calendar week, or AsOf
	Holdout  bool        // the day is after Cut
	Actual   float64
	Expected []float64 // by model, in the order of Scores without the baselines
}

// Validate returns how well the models foretell a hold-out that they have not
// seen, beside baselines that need no model: whoever cannot beat those has found
// nothing. The customers are those whose first purchase is in the calibration and
// known to be the first, or all if there is no such customer.
//
// The model is chosen by rolling origins inside the calibration, see [Choice],
// of days no further ahead than the hold-out has.
//
// It returns [ErrNoCustomers] (wrapped) if nobody bought in the calibration,
// [orders.ErrOptions] (wrapped), naming the field, for an option out of its domain
// or a hold-out without days, [orders.ErrPrecision] (wrapped) for an export
// without days, and the errors of f.
//
// Source: Fader, Hardie & Lee (2005a) for the split and the tracking; T.
// Gneiting, A. E. Raftery, Strictly Proper Scoring Rules (2007), for Log.
func Validate(ctx context.Context, f orders.Facts, o ValidateOptions) (*Validation, error) {
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	if err := control.Require(orders.Day); err != nil {
		return nil, fmt.Errorf("ltv: %w", err)
	}
	if o, err = o.withDefaults(control); err != nil {
		return nil, err
	}
	v := &Validation{From: control.FirstDay, Cut: o.Cut, AsOf: o.Scope.AsOf, HoldoutDays: int(o.Scope.AsOf - o.Cut)}
	t, err := newTrial(ctx, f, v.Cut-(v.AsOf-v.Cut), v.Cut, v.AsOf)
	if err != nil {
		return nil, err
	}
	if t.sample.Customers == 0 {
		return nil, fmt.Errorf("%w: nobody has bought up to %s", ErrNoCustomers, v.Cut)
	}
	v.Customers, v.Calibration, v.Holdout = t.sample.Customers, t.sample.Purchases, t.bought
	v.Warnings = append(v.Warnings, t.sample.Warnings...)
	v.Choice, err = choose(ctx, f, o.Models, rolling{from: v.From, to: v.Cut, days: v.HoldoutDays, origins: o.Origins})
	if err != nil {
		return nil, err
	}
	v.Chosen = v.Choice.Chosen
	for _, m := range o.Models {
		fit, err := FitProcess(t.sample, m, FitOptions{})
		if err != nil {
			return nil, err
		}
		s := t.scoreModel(fit)
		if err := t.cover(&s, o); err != nil {
			return nil, err
		}
		v.Scores = append(v.Scores, s)
	}
	v.Scores = append(v.Scores, t.scoreLastPeriod(), t.scoreMean())
	if err := v.track(ctx, f, t, o.Models); err != nil {
		return nil, err
	}
	v.explain()
	return v, nil
}

// withDefaults returns o checked and filled in.
func (o ValidateOptions) withDefaults(c orders.Control) (ValidateOptions, error) {
	if o.Scope.From != 0 || o.Scope.Where != nil {
		o.Scope = orders.Scope{AsOf: o.Scope.AsOf}
	}
	scope, err := o.Scope.Within(c)
	if err != nil {
		return o, fmt.Errorf("ltv: %w", err)
	}
	o.Scope = scope
	if o.Cut == 0 {
		o.Cut = c.FirstDay + orders.Date(scope.AsOf-c.FirstDay+1)/2 - 1
	}
	if o.Cut < c.FirstDay || o.Cut >= scope.AsOf {
		return o, fmt.Errorf("ltv: %w: Cut = %s: not from %s to before %s", orders.ErrOptions, o.Cut, c.FirstDay, scope.AsOf)
	}
	if o.Origins < 0 || o.Origins > 1000 {
		return o, fmt.Errorf("ltv: %w: Origins = %d", orders.ErrOptions, o.Origins)
	}
	o.Origins = cmp.Or(o.Origins, defaultOrigins)
	if o.Models == nil {
		o.Models = []Process{NBD{}, BGNBD{}, MBGNBD{}, ParetoNBD{}}
	}
	names := map[string]bool{}
	for i, m := range o.Models {
		if m == nil || names[m.Name()] {
			return o, fmt.Errorf("ltv: %w: Models[%d]: nil, or of a type that is there already", orders.ErrOptions, i)
		}
		names[m.Name()] = true
	}
	return o, checkIntervals(&o.Level, &o.Draws, &o.Seed)
}

// cover fills in the intervals of a score and how often they hold.
func (t *trial) cover(s *Score, o ValidateOptions) error {
	models, err := s.Fit.open(o.Draws/futuresPerModel, o.Seed)
	if err != nil {
		return err
	}
	some := t.thinned(mostGroups)
	f := &futures{models: models, days: t.days(), draws: o.Draws, seed: o.Seed}
	groups := some.sample.Groups
	ranges, scatter := make([][2]float64, len(groups)), make([]float64, len(groups))
	parallel(len(groups), func() *reckoner { return &reckoner{futures: f, level: o.Level} }, func(w *reckoner, i int) {
		g := groups[i]
		f.draw(&w.fan, g.X, g.T, 0)
		ranges[i][0], ranges[i][1], scatter[i] = w.purchases(g.Summary, s.Fit.Model.PAlive(g.Summary))
		scatter[i] *= g.Customers
	})
	held, spread := 0.0, 0.0
	for _, c := range some.outcomes {
		if r := ranges[c.group]; float64(c.bought) >= r[0] && float64(c.bought) <= r[1] {
			held += c.customers
		}
	}
	for _, v := range scatter {
		spread += v
	}
	s.Coverage = held / some.sample.Customers
	shares := make([]float64, len(models))
	expected := func(m Process) (n float64) {
		every := (len(groups) + mostShares - 1) / mostShares
		for i := every / 2; i < len(groups); i += every {
			n += groups[i].Customers * m.Given(groups[i].Summary).Expected(f.days)
		}
		return n
	}
	of := expected(s.Fit.Model)
	parallel(len(models), func() struct{} { return struct{}{} }, func(_ struct{}, i int) {
		shares[i] = ratio(expected(models[i]), of)
	})
	s.Low, s.High = totalRange(s.Expected, shares, spread*t.sample.Customers/some.sample.Customers, o.Level)
	s.Low = max(0, s.Low)
	return nil
}

// track fills in the repeat purchases, week by week, and what models fitted to
// the calibration expect of them: Σ E[X(t − first day)] over the customers.
func (v *Validation) track(ctx context.Context, f orders.Facts, t *trial, models []Process) error {
	flows, err := f.Flows(ctx, orders.FlowQuery{Scope: orders.Scope{AsOf: v.AsOf}, Cohort: orders.Day, Period: orders.Week})
	if err != nil {
		return err
	}
	bought := map[int32]float64{} // by the index of the week
	for _, flow := range flows {
		if (flow.Cohort != orders.Period{}) && flow.Cohort.First() <= v.Cut {
			bought[flow.Period.Index] += float64(flow.Repeat.Purchases)
		}
	}
	if len(t.sample.Warnings) > 0 { // nobody's first purchase is known
		return nil
	}
	came := make([]float64, v.Cut-v.From+1) // customers by the day of their first purchase
	for _, g := range t.sample.Groups {
		came[v.Cut-v.From-orders.Date(g.T)] += g.Customers
	}
	curves := make([][]float64, len(models)) // E[X(t)] for t = 0 … all days
	for i := range models {
		curves[i] = make([]float64, v.AsOf-v.From+1)
	}
	parallel(len(models)*len(curves[0]), func() struct{} { return struct{}{} }, func(_ struct{}, k int) {
		i, days := k%len(models), k/len(models)
		curves[i][days] = v.Scores[i].Fit.Model.Expected(float64(days))
	})
	actual := 0.0
	for week := orders.Week.Of(v.From); week.First() <= v.AsOf; week = week.Add(1) {
		day := min(week.Last(), v.AsOf)
		actual += bought[week.Index]
		point := TrackingPoint{Day: day, Holdout: day > v.Cut, Actual: actual, Expected: make([]float64, len(models))}
		for i := range models {
			for k, n := range came {
				if first := v.From + orders.Date(k); first <= day {
					point.Expected[i] += n * curves[i][day-first]
				}
			}
		}
		v.Tracking = append(v.Tracking, point)
	}
	return nil
}

// explain says by how much the chosen model missed, and what that means.
func (v *Validation) explain() {
	s := v.Best()
	if v.Holdout == 0 {
		v.Warnings = append(v.Warnings, orders.Warning{Code: "empty-holdout", Text: "Nobody bought in the hold-out: there is nothing to foretell."})
		return
	}
	missed := v.Holdout - s.Expected
	within := "holds"
	if v.Holdout < s.Low || v.Holdout > s.High {
		within = "does not hold"
	}
	v.Warnings = append(v.Warnings, orders.Warning{
		Code: "missed", Count: int64(math.Round(math.Abs(missed))),
		Text: fmt.Sprintf("The chosen model, %s, expects %.0f purchases in the hold-out; there were %.0f, a miss of %+.1f %%. Its interval %.0f–%.0f %s the sum. "+
			"The interval is of the model's own chance: it knows no season, campaign or change of prices, and a model with a few numbers for a whole trade commonly misses its sum by ten to fifteen per cent (Fader, Hardie & Lee 2005, CDNOW). "+
			"Who will buy is foretold better than how many: the order of the customers has a normalised Gini of %.2f; 0 is chance, 1 is perfect.",
			s.Name, s.Expected, v.Holdout, 100*s.Bias, s.Low, s.High, within, s.Gini),
	})
	for _, other := range v.Scores {
		if other.Baseline && other.MAE < s.MAE && other.RMSE < s.RMSE {
			v.Warnings = append(v.Warnings, orders.Warning{
				Code: "baseline-better",
				Text: fmt.Sprintf("The baseline %s misses a customer's purchases by less than the chosen model (MAE %.3f against %.3f): the models have found nothing here.", other.Name, other.MAE, s.MAE),
			})
		}
	}
}
