package ltv_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// trade simulates the sales to n customers of a model of purchases and one of
// their values, who came one after another in the first year before a day. What they do up
// to the day is in past, what they do after it up to end is in all too.
type trade struct {
	model     ltv.Process
	values    ltv.GammaGamma
	customers int
	day, end  int // from the first day of the export
	seed      uint64
}

// opened is the first day of a trade's sales.
var opened = orders.NewDate(2021, 1, 1)

// lines returns the sales of the trade, by customer.
func (s trade) lines() []orders.Line {
	random := rand.New(rand.NewPCG(s.seed, 1))
	var all []orders.Line
	for i := range s.customers {
		id := fmt.Sprintf("c%07d", i)
		came := random.IntN(min(365, s.day))
		rate := gamma(random, s.values.Q, s.values.V)
		buy := func(day int) {
			all = append(all, orders.Line{
				Customer: id, Order: fmt.Sprint(len(all)), Date: opened + orders.Date(day),
				Revenue: orders.Amount(math.Ceil(gamma(random, s.values.P, rate) * float64(orders.One))),
			})
		}
		buy(came)
		for _, day := range lives(random, s.model, float64(s.end-came)) {
			buy(came + int(math.Ceil(day)))
		}
	}
	return all
}

var spending = ltv.GammaGamma{P: 4, Q: 4, V: 300}

// million returns a trade of so many days with a million customers.
func million(b *testing.B, days int) orders.Facts {
	m := ltv.MBGNBD{R: 1.2, Alpha: 14, A: 0.8, B: 4, Unit: ltv.PerWeek}
	lines := trade{m, spending, 1_000_000, days, days, 1}.lines()
	f := orderstest.Collect(b, lines, orders.Options{HistoryComplete: true})
	s, err := ltv.Summarize(b.Context(), f, ltv.SampleOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d transactions, %d distinct histories", len(lines), len(s.Groups))
	return f
}

// BenchmarkPredict measures predictions with intervals, of the 2,357 customers
// of CDNOW and of a million simulated ones, who came in one year: chosen by
// rolling origins, and of one model; and making summaries of the same.
func BenchmarkPredict(b *testing.B) {
	for _, c := range []struct {
		name  string
		facts func(b *testing.B) orders.Facts
	}{
		{"CDNOW", func(b *testing.B) orders.Facts {
			return orderstest.Collect(b, published.CDNOW(b), orders.Options{HistoryComplete: true, CountZero: true})
		}},
		{"1000000", func(b *testing.B) orders.Facts { return million(b, 365) }},
		{"1000000of3years", func(b *testing.B) orders.Facts { return million(b, 1095) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			f := c.facts(b)
			for _, m := range []ltv.Process{nil, ltv.MBGNBD{}, ltv.ParetoNBD{}} {
				name := "auto"
				if m != nil {
					name = m.Name()
				}
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						p, err := ltv.Predict(b.Context(), f, ltv.PredictOptions{AnnualDiscount: 0.15, Model: m})
						if err != nil || len(p.Customers) == 0 {
							b.Fatal(err)
						}
					}
				})
			}
			b.Run("summarize", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := ltv.Summarize(b.Context(), f, ltv.SampleOptions{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
