package ltv

import (
	"fmt"
	"math"
	"strconv"

	"github.com/repeatsales/repeatsales/orders"
)

// Process is a model of when customers buy again and when they stop, in
// continuous time: [NBD], [BGNBD], [MBGNBD], [ParetoNBD]. Each is a struct of
// the parameters of its paper and a Unit; a paper's table is one literal away.
//
// Times in arguments are days; Unit says how many days the parameters count as
// one. If Unit is zero, times are in whatever unit the parameters are in.
//
// Methods of a model outside its domain ([Process.Check]), and methods asked
// for a time below 0, a number below 0 or a [Summary] that is none, return NaN.
// Where +Inf is not named, a time is finite.
type Process interface {
	// Name returns "nbd", "bgnbd", "mbgnbd" or "pareto".
	Name() string

	// Check returns [orders.ErrOptions] (wrapped), naming the first parameter
	// that is not within 1e-15…1e15, which is all positive numbers in practice.
	Check() error

	// LogLikelihood returns ln of the density of a history: of buying on those
	// days and no others. It is per Unit of time: the same history has X·ln 7
	// more per week than per day.
	LogLikelihood(c Summary) float64

	// PAlive returns the probability, 0…1, that a customer with that history is
	// still one.
	PAlive(c Summary) float64

	// Given returns what that history says about the customer's future.
	Given(c Summary) Posterior

	// Expected returns E[X(t)], the expected number of repeat purchases of a new
	// customer in the t days after the first; t may be +Inf.
	Expected(t float64) float64

	// Discounted returns the expected number of those purchases, each worth
	// e^(−delta·u) if it is u days ahead; delta ≥ 0 is per day ([DailyRate]), t
	// may be +Inf. It is +Inf if the sum has no bound.
	Discounted(t, delta float64) float64

	// Probability returns P(X(t) = n): of n repeat purchases in t days.
	Probability(n int, t float64) float64

	// ProbabilityBetween returns P(X(from, to] = n): of n repeat purchases after
	// day from and up to day to.
	ProbabilityBetween(n int, from, to float64) float64

	family() family
}

// Posterior is the future of a customer whose history is known: with
// probability PAlive they will buy as Alive says, else never again. All its
// methods count from the day up to which the history was observed.
type Posterior struct {
	PAlive float64 // 0…1; NaN for a history that is none or a model outside its domain
	Alive  Process // the model of a customer with that history who is still one
}

// Expected returns the expected number of purchases in the next t days (the
// papers' conditional expectation, CET); t may be +Inf.
func (p Posterior) Expected(t float64) float64 { return p.times(p.Alive.Expected(t)) }

// Discounted returns the discounted expected number of purchases in the next t
// days, as [Process.Discounted]; times the mean margin of a purchase it is the
// CLV over that horizon.
func (p Posterior) Discounted(t, delta float64) float64 {
	return p.times(p.Alive.Discounted(t, delta))
}

// DERT returns the discounted expected residual transactions: Discounted
// without a horizon. Source: Fader, Hardie & Lee, RFM and CLV: Using Iso-Value
// Curves for Customer Base Analysis, Journal of Marketing Research 42 (2005b).
func (p Posterior) DERT(delta float64) float64 { return p.Discounted(math.Inf(1), delta) }

// Probability returns the probability of n purchases in the next t days.
func (p Posterior) Probability(n int, t float64) float64 {
	v := p.times(p.Alive.Probability(n, t))
	if n == 0 {
		v += 1 - p.PAlive
	}
	return v
}

// times returns PAlive·v, with 0 for a customer who is certainly gone.
func (p Posterior) times(v float64) float64 {
	if p.PAlive == 0 && !math.IsNaN(v) {
		return 0
	}
	return p.PAlive * v
}

// DailyRate returns the continuous rate of discount per day that comes to the
// annual rate in 365 days: ln(1 + annual) ÷ 365. It is NaN for a rate of −1
// and below.
func DailyRate(annual float64) float64 {
	if !(annual > -1) {
		return math.NaN()
	}
	return math.Log1p(annual) / 365
}

// Unit is the unit of time of a model's parameters: how many days it has.
type Unit float64

// The units. Week is that of the papers.
const (
	PerDay   Unit = 1
	PerWeek  Unit = 7
	PerMonth Unit = 365.25 / 12
	PerYear  Unit = 365.25
)

// String returns "day", "week", "month", "year", or the number of days; "" for
// the zero Unit.
func (u Unit) String() string {
	switch u {
	case 0:
		return ""
	case PerDay:
		return "day"
	case PerWeek:
		return "week"
	case PerMonth:
		return "month"
	case PerYear:
		return "year"
	}
	return strconv.FormatFloat(float64(u), 'g', -1, 64) + " days"
}

// days returns how many days, or units of the caller's, u has.
func (u Unit) days() float64 {
	if u == 0 {
		return 1
	}
	return float64(u)
}

// in returns a time of so many days in the unit.
func (u Unit) in(days float64) float64 { return days / u.days() }

// summary returns c in the unit.
func (u Unit) summary(c Summary) (x, tx, t float64) {
	return float64(c.X), u.in(c.TX), u.in(c.T)
}

func (u Unit) ok() bool { return u == 0 || valid(float64(u)) }

func (u Unit) check(model string) error {
	if !u.ok() {
		return fmt.Errorf("ltv: %w: %s.Unit = %v", orders.ErrOptions, model, float64(u))
	}
	return nil
}

// The domain of a parameter: wider than any data can ask for, and narrow
// enough for floats to hold what lies between.
const leastParameter, mostParameter = 1e-15, 1e15

// valid reports whether all of the parameters are in the domain.
func valid(parameters ...float64) bool {
	for _, p := range parameters {
		if !(p >= leastParameter && p <= mostParameter) {
			return false
		}
	}
	return true
}

// checkAll returns [orders.ErrOptions] (wrapped) for the first parameter that
// is not in the domain.
func checkAll(model string, names []string, values ...float64) error {
	for i, v := range values {
		if !valid(v) {
			return fmt.Errorf("ltv: %w: %s.%s = %v", orders.ErrOptions, model, names[i], v)
		}
	}
	return nil
}

// finite reports whether t is a length of time: at least 0, and not +Inf.
func finite(t float64) bool { return t >= 0 && t <= math.MaxFloat64 }

// softplus returns ln(1 + e^v).
func softplus(v float64) float64 {
	if v > 0 {
		return v + math.Log1p(math.Exp(-v))
	}
	return math.Log1p(math.Exp(v))
}
