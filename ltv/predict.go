package ltv

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// PredictOptions says what is predicted and by which model. The zero value
// chooses the model by itself and predicts a year.
type PredictOptions struct {
	// Scope.AsOf is the last day that is known: the horizon begins on the day
	// after. From and Where choose the money that values are taken from, and Where
	// the customers; when they bought is of all their purchases.
	Scope orders.Scope

	HorizonDays    int     // how far ahead, at most 100 years; 0: 365
	AnnualDiscount float64 // by which money a year ahead is worth less, ≥ 0: 0.15 is 15 % a year. 0: none

	// Model is the model of purchases. Nil: chosen from [MBGNBD] and [ParetoNBD]
	// by rolling origins ([Validate]). One without parameters, as MBGNBD{Unit:
	// PerWeek}, is fitted; one with parameters is taken as it is, without any
	// uncertainty of its own.
	Model Process

	// Saved is a model to predict with instead of fitting one ([Prediction.Saved]).
	// Model must then be nil, and money on the same basis.
	Saved *Saved

	Costs      orders.Costs // as in [ProfitOptions]; an overhead pool is no cost of one purchase more, and is not charged
	Spend      []Spend      // as in [ProfitOptions]; for what a customer has cost so far
	SpendGrain orders.Grain

	Basis      Basis // what a purchase is worth
	FirstValue bool  // as in [SampleOptions]

	Level float64 // of intervals, above 0 and below 1; 0: 0.90
	Draws int     // futures drawn per distinct history, at least 20; 0: 400
	Seed  uint64  // of the draws; 0: 1
}

// Basis is what a purchase is worth.
type Basis uint8

// The bases.
const (
	// ByProfit: what a purchase earns, revenue less cost of goods, direct cost,
	// overhead, bonus and errors, as on the line of the profit of [Column]. Where
	// no cost of goods is known at all it falls back to ByRevenue, with a warning.
	ByProfit Basis = iota
	ByRevenue
)

// String returns "profit" or "revenue".
func (b Basis) String() string {
	if b == ByRevenue {
		return "revenue"
	}
	return "profit"
}

// MarshalText writes b as [Basis.String] does.
func (b Basis) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// Prediction is what customers are expected to do.
type Prediction struct {
	Scope          orders.Scope // with From and AsOf filled in
	From, AsOf     orders.Date  // of Scope
	Until          orders.Date  // the last day of the horizon: AsOf + HorizonDays
	HorizonDays    int
	AnnualDiscount float64
	Level          float64
	Currency       string // "" if the export does not say

	Basis Basis         // of all money here: ByRevenue also if the cost of goods is unknown
	Costs orders.Costs  // the assumptions
	Model Process       // of purchases
	Fit   *Fit[Process] // how Model was fitted; nil if it was given
	Money Money         // the model of what a purchase is worth

	// Choice is how the model was chosen; nil if it was given. It saw no day after
	// AsOf: how good the chosen model is on days that did not choose it,
	// [Validate] tells.
	Choice *Choice

	// Sufficient is whether the data are what a prediction should rest on: 500
	// customers, 180 days, a purchase in the last 30 days and some customers with
	// three purchases. If not, Warnings say what is missing; there is a
	// prediction all the same.
	// Source: the thresholds are Klaviyo's, which predicts nothing below them.
	Sufficient bool
	Warnings   []orders.Warning

	Customers []Future // descending by CLV, then by ID
	Total     Aggregate
	New       Newcomer

	saved *Saved
}

// Future is what one customer is expected to do in the horizon.
//
// The intervals hold what the customer will really do with the probability
// Level: they are of futures drawn from the model, in which the parameters vary
// as far as the data leave them open, the customer's own rate, moment of
// leaving and mean value vary as their history leaves them open, and the
// purchases are as random as the model says. They do not cover what no model
// of past purchases knows: seasons, new prices, a campaign. Low is 0 where the
// customer will buy nothing with a probability above (1 − Level)/2; all that may
// be missed is then above High, and if that probability is Level and more the
// interval is 0…0 beside an expectation above it.
type Future struct {
	ID, Name          string
	Entry             orders.Side // side of purchase 1
	Purchases         int64       // up to AsOf
	FirstDay, LastDay orders.Date

	// Value to date, unknown if the cost of goods is. By profit Historic = First +
	// Repeat − Acquisition where all are known, by revenue First + Repeat. An
	// overhead pool is not in it.
	Historic    orders.NullAmount
	First       orders.NullAmount // what the first purchase brought, before Acquisition; 0 unless it is known to be the first
	Repeat      orders.NullAmount // what all else brought
	Acquisition orders.Amount     // what winning the customer cost

	PAlive            float64 // probability of being a customer still, 0…1
	ExpectedPurchases float64 // in the horizon
	PurchasesLow      float64 // the interval of the number of purchases
	PurchasesHigh     float64

	// NextDay is the day by which a customer who still is one has bought again
	// with probability ½: AsOf + ⌈(α+T)·(2^{1/(r+x)} − 1)⌉, the median of the
	// waiting time, for the mean of a one-time buyer's often has no bound. 0 if
	// it is more than 30 years ahead.
	NextDay orders.Date

	Value          orders.Amount // expected worth of one purchase, in the model of Money
	ExpectedProfit orders.Amount // ExpectedPurchases × Value; revenue if the Basis is
	CLV            orders.Amount // the same, each purchase discounted from its day to AsOf
	CLVLow         orders.Amount // the interval of the CLV
	CLVHigh        orders.Amount

	Reasons Reasons // what is less than usual known of the customer
}

// Reasons are why a prediction of one customer says less than that of others.
type Reasons uint8

// The reasons.
const (
	FirstUnknown Reasons = 1 << iota // the first purchase may lie before the export begins: X and T are too small
	OnePurchase                      // no repeat purchase yet: the prediction is that of all such customers
	NoValue                          // nothing is known of what their purchases are worth: the mean of all customers
	CostPartly                       // part of their purchases has no known cost: its margin is taken to be that of the rest
	ValueFloored                     // their purchases brought nothing or less, which the model of money does not know: taken as 0
)

var reasonNames = [...]string{"first-unknown", "one-purchase", "no-value", "cost-partly", "value-floored"}

// Codes returns the names of the reasons: "first-unknown", "one-purchase",
// "no-value", "cost-partly", "value-floored".
func (r Reasons) Codes() []string {
	var codes []string
	for i, name := range reasonNames {
		if r&(1<<i) != 0 {
			codes = append(codes, name)
		}
	}
	return codes
}

// String returns the Codes with blanks between; "" without any.
func (r Reasons) String() string { return strings.Join(r.Codes(), " ") }

// Aggregate is the customers together.
type Aggregate struct {
	Customers int64
	Alive     float64 // Σ PAlive

	ExpectedPurchases           float64 // Σ over the customers
	PurchasesLow, PurchasesHigh float64 // the interval of their number

	Historic        orders.NullAmount // value to date, of all revenue with a known cost
	ExpectedProfit  orders.Amount     // sums over the customers
	CLV             orders.Amount
	CLVLow, CLVHigh orders.Amount // the interval of the sum, which is not the sum of the intervals
}

// Newcomer is a customer who makes the first purchase on the day of AsOf: what
// one more customer is worth, beside what one costs.
type Newcomer struct {
	First       orders.NullAmount // what an average first purchase brings, before Acquisition; unknown without any in the scope
	Acquisition orders.Amount     // what winning a customer cost on average
	Purchases   float64           // expected repeat purchases in the horizon
	CLV         orders.Amount     // what they are worth, discounted; neither First nor Acquisition is in it
}

// Predict returns what every customer is expected to do over a horizon: whether
// they are customers still, how often they buy, when next, what that is worth,
// with intervals. Every export with customers gives a prediction; what it should
// be trusted less for stands in Warnings and, by customer, in Reasons.
//
// Customers with a purchase up to as-of are listed. Those whose first purchase
// may lie before the export begins do not enter the fit ([Summarize]), and are
// predicted from what is known of them.
//
// CLV = E[value] · ∫ e^(−δu) dE[X(u)] over the horizon, with the expected value
// of a purchase from the model of money, independent of how often one buys,
// and δ = ln(1 + AnnualDiscount) ÷ 365. Neither the first purchase nor what
// winning a customer cost is in it.
//
// It returns [ErrNoCustomers] (wrapped) if nobody has bought, [orders.ErrOptions]
// (wrapped), naming the field, for an option out of its domain,
// [orders.ErrPrecision] (wrapped) for an export without days, and the errors of f. The same facts and options give the same result on any number of cores.
//
// Source: Fader, Hardie & Lee (2005a, 2005b); definitions §1–2.
func Predict(ctx context.Context, f orders.Facts, o PredictOptions) (*Prediction, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	p, people, err := read(ctx, f, o)
	if err != nil {
		return nil, err
	}
	if err := p.fit(ctx, f, o, people); err != nil {
		return nil, err
	}
	p.foretell(o, people)
	p.warn(people)
	p.sort()
	return p, nil
}

// withDefaults returns o checked and filled in.
func (o PredictOptions) withDefaults() (PredictOptions, error) {
	o.HorizonDays = cmp.Or(o.HorizonDays, 365)
	switch {
	case o.HorizonDays < 0 || o.HorizonDays > mostDays:
		return o, fmt.Errorf("ltv: %w: HorizonDays = %d", orders.ErrOptions, o.HorizonDays)
	case !(o.AnnualDiscount >= 0) || math.IsInf(o.AnnualDiscount, 1):
		return o, fmt.Errorf("ltv: %w: AnnualDiscount = %v", orders.ErrOptions, o.AnnualDiscount)
	case o.Basis > ByRevenue:
		return o, fmt.Errorf("ltv: %w: Basis = %d", orders.ErrOptions, o.Basis)
	case o.Model != nil && o.Saved != nil:
		return o, fmt.Errorf("ltv: %w: Model = %s beside Saved: give one of the two", orders.ErrOptions, o.Model.Name())
	}
	if o.Model != nil && !blank(o.Model) {
		if err := o.Model.Check(); err != nil {
			return o, err
		}
	}
	if o.Saved != nil {
		if err := o.Saved.Check(); err != nil {
			return o, err
		}
		o.Basis = o.Saved.Basis
	}
	return o, checkIntervals(&o.Level, &o.Draws, &o.Seed)
}

// mostDays is the longest horizon, 100 years.
const mostDays = 36_525

// blank reports whether m has no parameters: it is to be fitted.
func blank(m Process) bool {
	f := m.family()
	return m == f.make(make([]float64, len(f.names)), f.unit)
}

// Saved returns the model of p to be written to a file ([Saved.MarshalJSON]).
func (p *Prediction) Saved() *Saved { return p.saved }

// sort puts the customers, who are ascending by id, in their order.
func (p *Prediction) sort() {
	type place struct {
		clv orders.Amount
		at  int32
	}
	places := make([]place, len(p.Customers))
	for i := range places {
		places[i] = place{p.Customers[i].CLV, int32(i)}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.clv != b.clv {
			return cmp.Compare(b.clv, a.clv)
		}
		return cmp.Compare(a.at, b.at)
	})
	sorted := make([]Future, len(places))
	for i, k := range places {
		sorted[i] = p.Customers[k.at]
	}
	p.Customers = sorted
}

// money returns v rounded to kopecks, kept within what an Amount holds.
func money(v float64) orders.Amount {
	const most = float64(limit)
	return orders.Amount(min(max(math.Round(v*100)*(float64(orders.One)/100), -most), most))
}
