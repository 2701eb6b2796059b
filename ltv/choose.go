package ltv

import (
	"context"

	"github.com/repeatsales/repeatsales/orders"
)

// Choice is how a model was chosen: by rolling origins. The second half of the
// days known is cut in equal parts; at the beginning of each the models are
// fitted to the days before it, and foretell the purchases of the days from it
// to the last day known, or as many as the horizon has if they are fewer. Chosen
// is the candidate with the least sum over the origins of MAE ÷ that of the
// baseline [MeanRate].
//
// MAE decides because the sum of squares and the likelihood are decided by the
// few who buy most. Its weakness is known: it forgives expecting too little more
// than too much; Bias stands beside it. Of very many distinct histories every
// so manieth takes part.
//
// Source: L. J. Tashman, Out-of-sample tests of forecasting accuracy,
// International Journal of Forecasting 16 (2000).
type Choice struct {
	Chosen     string
	Candidates []string // models that may be chosen: those in which a one-time buyer can have left

	// Origins are ascending by day; empty where the days are too few for any, and
	// the first of the Candidates is then chosen.
	Origins []RollingOrigin
}

// RollingOrigin is one of the days from which the future was foretold.
type RollingOrigin struct {
	Day       orders.Date // last day known
	Until     orders.Date // last day foretold
	Customers float64
	Actual    float64 // their purchases after Day, to Until
	Scores    []Score // of the models, in the order given, then [MeanRate]; without intervals
}

// candidates are the models that a prediction chooses from: those in which
// customers leave, one-time buyers too.
var candidates = []Process{MBGNBD{}, ParetoNBD{}}

// The rolling origins unless asked for otherwise; how many distinct histories
// take part in a choice and in intervals, and how many in the shares of a total.
const defaultOrigins, mostGroups, mostShares = 3, 4096, 1024

// rolling says where the origins are: in the second half of the days from…to.
type rolling struct {
	from, to orders.Date
	days     int // the horizon
	origins  int
}

// choose returns which of the models foretells best.
func choose(ctx context.Context, f orders.Facts, models []Process, r rolling) (*Choice, error) {
	c := &Choice{}
	for _, m := range models {
		switch m.(type) {
		case MBGNBD, ParetoNBD:
			c.Candidates = append(c.Candidates, m.Name())
		}
	}
	if c.Candidates == nil { // of the others, then
		for _, m := range models {
			c.Candidates = append(c.Candidates, m.Name())
		}
	}
	span := int(r.to-r.from) + 1
	found, errs := make([]*RollingOrigin, r.origins), make([]error, r.origins)
	parallel(r.origins, func() struct{} { return struct{}{} }, func(_ struct{}, k int) {
		day := r.from + orders.Date(span*(r.origins+k)/(2*r.origins)) - 1
		found[k], errs[k] = roll(ctx, f, models, max(day, r.from), min(r.to, day+orders.Date(r.days)))
	})
	for k, origin := range found {
		if errs[k] != nil {
			return nil, errs[k]
		}
		if origin != nil {
			c.Origins = append(c.Origins, *origin)
		}
	}
	c.decide()
	return c, nil
}

// roll returns one origin; nil if there is nobody, or no day, to foretell.
func roll(ctx context.Context, f orders.Facts, models []Process, day, until orders.Date) (*RollingOrigin, error) {
	if day >= until {
		return nil, nil
	}
	t, err := newTrial(ctx, f, 0, day, until)
	if err != nil || t.sample.Customers == 0 {
		return nil, err
	}
	some := t.thinned(mostGroups)
	o := &RollingOrigin{Day: day, Until: until, Customers: some.sample.Customers, Actual: some.bought}
	for _, m := range models {
		fit, err := FitProcess(some.sample, m, FitOptions{})
		if err != nil {
			return nil, err
		}
		o.Scores = append(o.Scores, some.scoreModel(fit))
	}
	o.Scores = append(o.Scores, some.scoreMean())
	return o, nil
}

// decide fills in which of the candidates is chosen.
func (c *Choice) decide() {
	best := 0.0
	for i, name := range c.Candidates {
		missed := 0.0
		for _, o := range c.Origins {
			if mean := o.score(MeanRate).MAE; mean > 0 {
				missed += o.score(name).MAE / mean
			}
		}
		if i == 0 || missed < best {
			c.Chosen, best = name, missed
		}
	}
}

// score returns the score of that name.
func (o *RollingOrigin) score(name string) *Score {
	for i := range o.Scores {
		if o.Scores[i].Name == name {
			return &o.Scores[i]
		}
	}
	return &Score{}
}

// model returns the model that is chosen.
func (c *Choice) model(models []Process) Process {
	for _, m := range models {
		if m.Name() == c.Chosen {
			return m
		}
	}
	return models[0]
}
