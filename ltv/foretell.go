package ltv

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// fit fills in the models.
func (p *Prediction) fit(ctx context.Context, f orders.Facts, o PredictOptions, r *people) (err error) {
	if o.Saved != nil {
		p.Model, p.Money, p.saved = o.Saved.Model, o.Saved.money(), o.Saved
		return nil
	}
	m := o.Model
	if m == nil {
		p.Choice, err = choose(ctx, f, candidates, rolling{from: r.control.FirstDay, to: p.AsOf, days: o.HorizonDays, origins: defaultOrigins})
		if err != nil {
			return err
		}
		m = p.Choice.model(candidates)
	}
	if p.Model = m; blank(m) {
		if p.Fit, err = FitProcess(r.sample, m, FitOptions{}); err != nil {
			return err
		}
		p.Model = p.Fit.Model
	}
	money, err := fitMoney(r.sample.Monetary, r.firsts)
	if err != nil {
		return err
	}
	p.Money = *money
	p.saved = newSaved(p, r)
	return nil
}

// manyCustomers is from how many customers on the parameters are known so well
// that in the interval of one customer they are as good as certain; in that of
// the sum, where chance evens out, they never are.
const manyCustomers = 20_000

// futuresPerModel is how many futures are drawn of each of the models that the
// data leave open.
const futuresPerModel = 4

// models returns the models of purchases and of money that the data leave open.
func (p *Prediction) models(o PredictOptions) ([]Process, []*Money, error) {
	if o.Saved != nil {
		models, moneys := o.Saved.drawn(o.Seed)
		return models, moneys, nil
	}
	models, n := []Process{p.Model}, o.Draws/futuresPerModel
	if p.Fit != nil {
		var err error
		if models, err = p.Fit.open(n, o.Seed); err != nil {
			return nil, nil, err
		}
	}
	n = min(n, mostModels)
	moneys, err := p.Money.drawn(n, o.Seed)
	return repeated(models, n), moneys, err
}

// repeated returns n models, those given over and over.
func repeated(models []Process, n int) []Process {
	all := make([]Process, n)
	for i := range all {
		all[i] = models[i%len(models)]
	}
	return all
}

// alike is customers of one past and with as many valued purchases: they differ
// in the mean value only.
type alike struct {
	past    Summary
	valued  int
	members []int32 // of Prediction.Customers
}

// groups returns the customers by what is the same in them, ascending by X, T,
// valued purchases and TX: neighbours may share a fan.
func (r *people) groups() []alike {
	type key struct {
		x, t, valued, tx int32
		member           int32
	}
	keys := make([]key, len(r.past))
	for i, past := range r.past {
		keys[i] = key{int32(past.X), int32(past.T), r.valued[i], int32(past.TX), int32(i)}
	}
	same := func(a, b key) bool { b.member = a.member; return a == b }
	slices.SortFunc(keys, func(a, b key) int {
		switch {
		case a.x != b.x:
			return cmp.Compare(a.x, b.x)
		case a.t != b.t:
			return cmp.Compare(a.t, b.t)
		case a.valued != b.valued:
			return cmp.Compare(a.valued, b.valued)
		case a.tx != b.tx:
			return cmp.Compare(a.tx, b.tx)
		}
		return cmp.Compare(a.member, b.member)
	})
	members := make([]int32, len(keys))
	var groups []alike
	for i, k := range keys {
		members[i] = k.member
		if i == 0 || !same(k, keys[i-1]) {
			groups = append(groups, alike{past: r.past[k.member], valued: int(k.valued), members: members[i:i]})
		}
		last := &groups[len(groups)-1].members
		*last = (*last)[:len(*last)+1]
	}
	return groups
}

// bunches returns where the groups begin that share a fan, and the end.
func bunches(groups []alike) []int {
	var at []int
	for i, g := range groups {
		if i == 0 || g.past.X != groups[i-1].past.X || g.past.T != groups[i-1].past.T || g.valued != groups[i-1].valued {
			at = append(at, i)
		}
	}
	return append(at, len(groups))
}

// foretell fills in what customers are expected to do.
func (p *Prediction) foretell(o PredictOptions, r *people) error {
	models, moneys, err := p.models(o)
	if err != nil {
		return err
	}
	f := &futures{
		models: models, moneys: moneys, days: float64(o.HorizonDays), rate: DailyRate(o.AnnualDiscount),
		draws: o.Draws, seed: o.Seed,
	}
	own := *f
	if len(p.Customers) > manyCustomers {
		own.models, own.moneys = []Process{p.Model}, []*Money{&p.Money}
	}
	groups := r.groups()
	starts := bunches(groups)
	spread := make([]scatter, len(groups))
	parallel(len(starts)-1, func() *reckoner { return &reckoner{p: p, people: r, futures: &own, level: o.Level} }, func(w *reckoner, i int) {
		for k := starts[i]; k < starts[i+1]; k++ {
			if k == starts[i] {
				w.begin(groups[k])
			}
			spread[k] = w.reckon(groups[k])
		}
	})
	var variance scatter
	for _, s := range spread {
		variance.purchases += s.purchases
		variance.worth += s.worth
	}
	p.sum(r)
	t := &p.Total
	purchases, worth := p.shares(f, groups, r)
	t.PurchasesLow, t.PurchasesHigh = totalRange(t.ExpectedPurchases, purchases, variance.purchases, o.Level)
	t.PurchasesLow = max(0, t.PurchasesLow)
	low, high := totalRange(t.CLV.Float64(), worth, variance.worth, o.Level)
	if p.Money.Gamma != nil {
		low = max(0, low)
	}
	t.CLVLow, t.CLVHigh = money(low), money(high)
	p.New = p.newcomer(f, r)
	return nil
}

// scatter is variances, of purchases and of what they are worth.
type scatter struct{ purchases, worth float64 }

// reckoner is what one core works with.
type reckoner struct {
	p       *Prediction
	people  *people
	futures *futures
	level   float64
	sketch  sketch
	each    []float64

	// Of customers of one age and number of purchases who are customers still:
	fan                  fan
	expected, discounted float64 // purchases
	next                 orders.Date
}

// begin draws the fan of a group and its like.
func (w *reckoner) begin(g alike) {
	f := w.futures
	f.draw(&w.fan, g.past.X, g.past.T, g.valued)
	alive := w.p.Model.Given(g.past).Alive
	w.expected, w.discounted = alive.Expected(f.days), alive.Discounted(f.days, f.rate)
	w.next = next(w.p.AsOf, alive)
}

// reckon fills in the customers of a group, whose fan is drawn, and returns the
// sums of their variances.
func (w *reckoner) reckon(g alike) (spread scatter) {
	p := Posterior{PAlive: w.p.Model.PAlive(g.past)}
	all := Future{PAlive: p.PAlive, ExpectedPurchases: p.times(w.expected), NextDay: w.next}
	discounted := p.times(w.discounted)
	all.PurchasesLow, all.PurchasesHigh, spread.purchases = w.purchases(g.past, p.PAlive)
	spread.purchases *= float64(len(g.members))

	var m worths
	for _, v := range w.fan.futures {
		m.add(v.worth, w.each[v.model])
	}
	var low, high float64
	for k, i := range g.members {
		z := w.people.mean[i]
		own := &w.p.Customers[i]
		v := w.p.Money.expected(g.valued, z)
		if w.p.Money.Gamma != nil && g.valued > 0 && z <= 0 {
			z = 0
			own.Reasons |= ValueFloored
		}
		if k == 0 || m.second != 0 { // else it is the same for all
			w.sketch.sorted = w.fan.scaled && w.futures.moneys != nil
			low, high = w.interval(func(v *future) float64 { return v.at(z) })
		}
		spread.worth += m.variance(z)
		own.PAlive, own.ExpectedPurchases, own.NextDay = all.PAlive, all.ExpectedPurchases, all.NextDay
		own.PurchasesLow, own.PurchasesHigh = all.PurchasesLow, all.PurchasesHigh
		own.Value, own.ExpectedProfit = money(v), money(v*all.ExpectedPurchases)
		own.CLV, own.CLVLow, own.CLVHigh = money(v*discounted), money(low), money(high)
	}
	return spread
}

// purchases returns the interval and the variance of the number of purchases of
// a customer with that past, whose fan is drawn.
func (w *reckoner) purchases(past Summary, alive float64) (low, high, variance float64) {
	w.each = w.futures.weights(past, alive, &w.fan, w.each)
	w.sketch.sorted = w.futures.moneys == nil
	low, high = w.interval(func(v *future) float64 { return v.n })
	var sum, squares float64
	for _, v := range w.fan.futures {
		sum += w.each[v.model] * v.n
		squares += w.each[v.model] * v.n * v.n
	}
	return low, high, max(0, squares-sum*sum)
}

// interval returns that of what of says of the futures of the fan.
func (w *reckoner) interval(of func(*future) float64) (low, high float64) {
	s := &w.sketch
	s.values, s.draws, s.even = s.values[:0], float64(w.futures.draws), len(w.each) == 1
	for i := range w.fan.futures {
		v := &w.fan.futures[i]
		if value := of(v); value != 0 && w.each[v.model] > 0 {
			s.values = append(s.values, weighed{value, w.each[v.model]})
		}
	}
	return s.interval(w.level)
}

// worths sums what futures are worth, by powers of the mean value.
type worths struct {
	first, second float64 // Σ a, Σ b
	aa, ab, bb    float64
}

func (w *worths) add(v [2]float64, weight float64) {
	w.first += weight * v[0]
	w.second += weight * v[1]
	w.aa += weight * v[0] * v[0]
	w.ab += weight * v[0] * v[1]
	w.bb += weight * v[1] * v[1]
}

// variance returns that of a + b·z.
func (w *worths) variance(z float64) float64 {
	mean := w.first + w.second*z
	return max(0, w.aa+2*w.ab*z+w.bb*z*z-mean*mean)
}

// next returns the day by which a customer of a model who is one has bought
// again with probability ½; 0 if that is more than 30 years ahead.
func next(asOf orders.Date, alive Process) orders.Date {
	var r, alpha float64
	switch m := alive.(type) {
	case NBD:
		r, alpha = m.R, m.Alpha*m.Unit.days()
	case BGNBD:
		r, alpha = m.R, m.Alpha*m.Unit.days()
	case ParetoNBD:
		r, alpha = m.R, m.Alpha*m.Unit.days()
	}
	if wait := math.Ceil(alpha * math.Expm1(math.Ln2/r)); wait <= 10_958 {
		return asOf + orders.Date(max(1, wait))
	}
	return 0
}

// sum fills in the total, but for its intervals.
func (p *Prediction) sum(r *people) {
	t := &p.Total
	t.Customers, t.Historic = int64(len(p.Customers)), p.value(r.total)
	for i := range p.Customers {
		v := &p.Customers[i]
		t.Alive += v.PAlive
		t.ExpectedPurchases += v.ExpectedPurchases
		t.ExpectedProfit = plusLimited(t.ExpectedProfit, v.ExpectedProfit)
		t.CLV = plusLimited(t.CLV, v.CLV)
	}
}

// plusLimited returns a + b, kept within what an Amount holds.
func plusLimited(a, b orders.Amount) orders.Amount {
	return min(max(a+b, -limit), limit)
}

// shares returns, for each of the models that the data leave open, how much of
// what the model of p expects in purchases and in worth it expects: over some
// thousand customers of all kinds, for that is a ratio.
func (p *Prediction) shares(f *futures, groups []alike, r *people) (purchases, worth []float64) {
	const enough = 1024
	every := (len(groups) + enough - 1) / enough
	some := make([]alike, 0, enough)
	means := make([]float64, 0, enough)
	for i := every / 2; i < len(groups); i += every {
		mean := 0.0
		for _, k := range groups[i].members {
			mean += r.mean[k] / float64(len(groups[i].members))
		}
		some, means = append(some, groups[i]), append(means, mean)
	}
	expect := func(m Process, money *Money) (n, v float64) {
		for i, g := range some {
			e := m.Given(g.past).Expected(f.days) * float64(len(g.members))
			n += e
			v += e * money.expected(g.valued, means[i])
		}
		return n, v
	}
	n, v := expect(p.Model, &p.Money)
	purchases, worth = make([]float64, len(f.models)), make([]float64, len(f.models))
	parallel(len(f.models), func() struct{} { return struct{}{} }, func(_ struct{}, i int) {
		a, b := expect(f.models[i], f.moneys[i])
		purchases[i], worth[i] = ratio(a, n), ratio(b, v)
	})
	return purchases, worth
}

// ratio returns a ÷ b; 1 where b is 0.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 1
	}
	return a / b
}

// newcomer returns what one more customer is expected to bring.
func (p *Prediction) newcomer(f *futures, r *people) Newcomer {
	n := Newcomer{
		Purchases: p.Model.Expected(f.days),
		CLV:       money(p.Model.Discounted(f.days, f.rate) * p.Money.expected(0, 0)),
	}
	if first := r.first; first.Purchases > 0 {
		n.Acquisition = kopecks(first.Acquisition, first.Purchases)
		first.Acquisition = 0
		if v := p.value(first.closed()); v.Known {
			n.First = orders.Known(kopecks(v.Amount, first.Purchases))
		}
	}
	return n
}

// warn fills in whether the data suffice, and what they lack.
func (p *Prediction) warn(r *people) {
	p.Warnings = append(p.Warnings, r.sample.Warnings...)
	add := func(code string, n int64, text string, values ...any) {
		p.Warnings = append(p.Warnings, orders.Warning{Code: code, Count: n, Text: fmt.Sprintf(text, values...)})
	}
	p.Sufficient = true
	lack := func(short bool, code string, n int64, text string, values ...any) {
		if short {
			p.Sufficient = false
			add(code, n, text, values...)
		}
	}
	n, span := int64(len(p.Customers)), int64(p.AsOf-r.control.FirstDay)+1
	lack(n < 500, "few-customers", n, "Only %d customers have bought: below 500 a prediction of one of them is little more than that of all.", n)
	lack(span < 180, "short-history", span, "The export covers %d days: below 180 few customers have had time to come back, and who has left cannot be told from who has not come yet.", span)
	idle := int64(p.AsOf - r.latest)
	lack(idle > 30, "no-recent-purchase", idle, "Nobody has bought for %d days: either the export ends before as-of, or the business has stopped.", idle)
	lack(r.loyal == 0, "no-loyal-customer", 0, "No customer has bought three times: how long customers stay is a guess.")
	if int64(p.HorizonDays) > span {
		add("long-horizon", int64(p.HorizonDays), "The horizon of %d days is longer than the %d days of the export: nothing in the data shows what customers do after so long.", p.HorizonDays, span)
	}
	if p.Fit != nil {
		if d := p.Fit.Diagnostics; d.Ridge || d.Boundary != nil {
			add("ridge", 0, "The data do not tell the parameters of the model apart: predictions within the time they cover are sound, the parameters one by one are not.")
		} else if !d.Converged {
			add("not-converged", 0, "The search for the most likely parameters ended before it was there; the slope left is %.1g.", d.Gradient)
		}
	}
	if n := count(p, FirstUnknown); n > 0 {
		add("first-unknown", n, "The first purchase of %d customers may lie before the export begins: they are predicted by what is seen of them, and may be more loyal than that.", n)
	}
	p.warnMoney(add)
}

// warnMoney adds what is to be said of the model of money.
func (p *Prediction) warnMoney(add func(code string, n int64, text string, values ...any)) {
	if n := count(p, CostPartly); n > 0 {
		add("cost-partly", n, "Part of the purchases of %d customers has no known cost: their margin is taken to be that of the other part.", n)
	}
	if p.Costs.OverheadPool != 0 {
		add("overhead-pool", 0, "The overhead pool is not charged: it does not grow with one purchase more.")
	}
	m := &p.Money
	switch {
	case m.Gamma != nil:
		if !m.Gamma.Finite {
			add("no-mean-value", 0, "Values of purchases scatter so widely that the model has no mean: each customer's own mean is taken as it is, and the average of all for those without.")
		}
		if m.Gamma.Independent < 0.01 && math.Abs(m.Gamma.Correlation) > 0.1 {
			add("value-depends", 0, "Customers who buy more often also spend %s per purchase (correlation %.2f): the model supposes that they do not, and the CLV of the best is too %s.",
				[]string{"less", "more"}[side(m.Gamma.Correlation)], m.Gamma.Correlation, []string{"high", "low"}[side(m.Gamma.Correlation)])
		}
		if n := count(p, ValueFloored); n > 0 {
			add("value-floored", n, "The purchases of %d customers brought nothing or less: taken as 0.", n)
		}
	case m.Normal == nil && math.IsNaN(m.Mean):
		add("no-value", 0, "No purchase has a known worth: the CLV is 0 for want of a value, not for want of purchases.")
	case m.Normal == nil:
		add("no-repeat-value", 0, "No repeat purchase has a known worth: that of the average purchase is taken.")
	}
}

func side(v float64) int {
	if v > 0 {
		return 1
	}
	return 0
}

// count returns how many customers have a reason.
func count(p *Prediction, r Reasons) (n int64) {
	for i := range p.Customers {
		if p.Customers[i].Reasons&r != 0 {
			n++
		}
	}
	return n
}
