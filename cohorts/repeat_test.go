package cohorts_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"testing"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

var complete = orders.Options{HistoryComplete: true}

func TestRepeatShareByHand(t *testing.T) {
	r := repeatShare(t, open(t, []orders.Line{
		sale("a", "2024-01-01", "100"), // new, and back in the same month
		sale("a", "2024-01-20", "60"),
		sale("b", "2024-01-31", "40"), // new
		sale("", "2024-01-15", "7"),   // nobody in particular
		// February: nothing at all
		sale("a", "2024-03-01", "30"),
		sale("c", "2024-03-05", "-5"), // never bought: unmatched, and an old customer
		sale("c", "2024-03-06", "50"),
		sale("b", "2024-03-31", "-40"), // takes purchase 1 back
	}, complete), cohorts.RepeatOptions{})

	if len(r.Rows) != 3 {
		t.Fatalf("%d rows, want January to March", len(r.Rows))
	}
	for _, tc := range []struct {
		row                                           cohorts.RepeatRow
		name                                          string
		first, repeat, unmatched, anonymous           string
		deals, customers, new, returning, overlap     int64
		toDate, repeaters                             int64
		byRevenue, byPurchases, byCustomers           float64
		reasonOfRevenue, reasonOfDeals, reasonOfCusts cohorts.Reason
	}{
		{r.Rows[0], "January", "140", "60", "0", "7", 3, 2, 2, 1, 1, 2, 1, 0.30, 1. / 3, 0.5, "", "", ""},
		{r.Rows[1], "February", "0", "0", "0", "0", 0, 0, 0, 0, 0, 2, 1, math.NaN(), math.NaN(), math.NaN(), "no_base", "no_base", "no_base"},
		{r.Rows[2], "March", "-40", "80", "-5", "0", 2, 2, 0, 2, 0, 3, 1, math.NaN(), 1, 1, "negative_side", "", ""},
		{r.Total, "total", "100", "140", "-5", "7", 5, 3, 2, 2, 1, 3, 1, 140. / 240, 0.6, 2. / 3, "", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := tc.row
			if r.First.Revenue != amount(tc.first) || r.Repeat.Revenue != amount(tc.repeat) || r.Unmatched.Revenue != amount(tc.unmatched) ||
				r.Unknown.Revenue != 0 || r.Anonymous != amount(tc.anonymous) {
				t.Errorf("money: %s %s %s %s %s", r.First.Revenue, r.Repeat.Revenue, r.Unknown.Revenue, r.Unmatched.Revenue, r.Anonymous)
			}
			if r.Deals() != tc.deals || r.Customers != tc.customers || r.NewCustomers != tc.new || r.ReturningCustomers != tc.returning ||
				r.UnknownCustomers != 0 || r.Overlap != tc.overlap {
				t.Errorf("counts: %d %d %d %d %d %d", r.Deals(), r.Customers, r.NewCustomers, r.ReturningCustomers, r.UnknownCustomers, r.Overlap)
			}
			if r.CustomersToDate != tc.toDate || r.RepeatersToDate != tc.repeaters || !same(r.RepeatPurchaseRate, float64(tc.repeaters)/float64(tc.toDate)) {
				t.Errorf("to date: %d of %d, rate %v", r.RepeatersToDate, r.CustomersToDate, r.RepeatPurchaseRate)
			}
			for name, s := range map[string]struct {
				got    cohorts.Share
				want   float64
				reason cohorts.Reason
			}{
				"revenue":   {r.ByRevenue, tc.byRevenue, tc.reasonOfRevenue},
				"purchases": {r.ByPurchases, tc.byPurchases, tc.reasonOfDeals},
				"customers": {r.ByCustomers, tc.byCustomers, tc.reasonOfCusts},
			} {
				if !same(s.got.Low, s.want) || !same(s.got.High, s.want) || s.got.Reason != s.reason {
					t.Errorf("share by %s = %+v, want %v %q", name, s.got, s.want, s.reason)
				}
			}
		})
	}
	if got := r.Maturity(); got.Low.Band != cohorts.ThreeOrFour {
		t.Errorf("verdict %+v", got)
	}
}

// A burn-in of 31 days makes January's purchases 1 unknown. Then q comes from
// the middle of the export; here everything first seen late is new, and q is 0.
func TestRepeatShareInterval(t *testing.T) {
	lines := []orders.Line{
		sale("old", "2024-01-01", "10"), sale("old", "2024-01-02", "20"),
		sale("x", "2024-01-31", "30"),
	}
	for _, d := range []string{"2024-02-10", "2024-03-10", "2024-04-10", "2024-05-10", "2024-06-10"} {
		lines = append(lines, sale("new "+d, d, "100"), sale("x", d, "25"))
	}
	lines = append(lines, sale("last", "2024-06-30", "1"))
	f := open(t, lines, orders.Options{BurnIn: 31})
	c := control(t, f)
	r := repeatShare(t, f, cohorts.RepeatOptions{})

	january := row(t, r, "2024-01")
	if s := january.ByRevenue; !same(s.Low, 20./60) || s.High != 1 {
		t.Errorf("January by revenue %+v, want 1/3…1", s)
	}
	// Of two customers one surely returned and the other may have.
	if s := january.ByCustomers; !same(s.Low, 0.5) || s.High != 1 {
		t.Errorf("January by customers %+v, want 0.5…1", s)
	}
	if january.Overlap != 1 || january.UnknownCustomers != 2 || january.Reliable {
		t.Errorf("January: %+v", january)
	}
	march := row(t, r, "2024-03")
	if s := march.ByRevenue; !same(s.Low, 0.2) || !same(s.High, (25+c.LateOld*100)/125) {
		t.Errorf("March by revenue %+v, q = %v", s, c.LateOld)
	}
	if !march.Reliable || r.Total.Reliable || r.Unknown() {
		t.Errorf("reliable: March %v, total %v; unknown %v", march.Reliable, r.Total.Reliable, r.Unknown())
	}
	total := r.Total.ByRevenue
	if want := (145 + 40 + c.LateOld*501) / 686; !same(total.Low, 145./686) || !same(total.High, want) {
		t.Errorf("total %+v, want %v…%v", total, 145./686, want)
	}
	if r.Total.UnknownCustomers != 2 || r.Total.Customers != 8 || r.Total.Overlap != 2 {
		t.Errorf("total %+v", r.Total)
	}

	early := repeatShare(t, f, cohorts.RepeatOptions{Scope: orders.Scope{AsOf: day("2024-01-31")}})
	if !early.Unknown() || early.Maturity().Reason != cohorts.HistoryUnknown || early.MoreDays() != 0 {
		t.Errorf("a range within the burn-in: unknown %v, %+v, %d more days", early.Unknown(), early.Maturity(), early.MoreDays())
	}
}

// lateOld is a Facts whose back-test found a share q of old customers.
type lateOld struct {
	orders.Facts
	q float64
}

func (f lateOld) Control(ctx context.Context) (orders.Control, error) {
	c, err := f.Facts.Control(ctx)
	c.LateOld = f.q
	return c, err
}

// q counts each customer, purchase and rouble once, and only with unknown history.
func TestRepeatShareLateOld(t *testing.T) {
	lines := []orders.Line{
		sale("old", "2024-01-01", "10"),
		sale("a", "2024-03-01", "100"), sale("a", "2024-03-15", "60"), // new and returning
		sale("b", "2024-03-02", "140"), // new
		sale("old", "2024-06-30", "10"),
	}
	r := repeatShare(t, lateOld{open(t, lines, orders.Options{BurnIn: 31}), 0.5}, cohorts.RepeatOptions{})
	march := row(t, r, "2024-03")
	for name, tc := range map[string]struct {
		got       cohorts.Share
		low, high float64
	}{
		"revenue":   {march.ByRevenue, 60. / 300, (60 + 0.5*240) / 300},
		"purchases": {march.ByPurchases, 1. / 3, (1 + 0.5*2) / 3},
		"customers": {march.ByCustomers, 1. / 2, (1 + 0.5*1) / 2}, // a is one of the returning already
	} {
		if !same(tc.got.Low, tc.low) || !same(tc.got.High, tc.high) {
			t.Errorf("by %s %+v, want %v…%v", name, tc.got, tc.low, tc.high)
		}
	}
	known := repeatShare(t, lateOld{open(t, lines, complete), 0.5}, cohorts.RepeatOptions{})
	if s := row(t, known, "2024-03").ByRevenue; s.Low != s.High {
		t.Errorf("the history is complete, but the share is %+v", s)
	}
}

func TestRepeatShareOfProfit(t *testing.T) {
	with := func(l orders.Line, cogs string) orders.Line {
		l.COGS = orders.Known(amount(cogs))
		return l
	}
	r := repeatShare(t, open(t, []orders.Line{
		with(sale("a", "2024-01-01", "100"), "60"), with(sale("a", "2024-01-10", "100"), "40"),
		sale("b", "2024-01-31", "50"), // cost unknown: no part of the profit
		sale("c", "2024-02-01", "70"),
		with(sale("d", "2024-03-01", "10"), "15"), with(sale("d", "2024-03-31", "10"), "2"), // sold below cost
	}, complete), cohorts.RepeatOptions{})
	for _, tc := range []struct {
		period    string
		low       float64
		reason    cohorts.Reason
		costKnown float64
	}{
		{"2024-01", 0.6, "", 0.8},
		{"2024-02", math.NaN(), cohorts.NoCost, 0},
		{"2024-03", math.NaN(), cohorts.NegativeSide, 1},
	} {
		got := row(t, r, tc.period)
		if s := got.ByProfit; !same(s.Low, tc.low) || !same(s.High, tc.low) || s.Reason != tc.reason {
			t.Errorf("%s: %+v, want %v %q", tc.period, s, tc.low, tc.reason)
		}
		if known := got.Sides.Total().CostKnown(); !same(known, tc.costKnown) {
			t.Errorf("%s: cost known of %v, want %v", tc.period, known, tc.costKnown)
		}
	}
}

func TestRepeatShareNoBase(t *testing.T) {
	r := repeatShare(t, open(t, []orders.Line{
		sale("a", "2024-01-01", "100"),
		sale("a", "2024-02-01", "-100"), // a month of nothing but a return
	}, complete), cohorts.RepeatOptions{})
	if s := row(t, r, "2024-02").ByRevenue; s.Reason != cohorts.NoBase || !math.IsNaN(s.Low) || !math.IsNaN(s.High) {
		t.Errorf("share of a negative base: %+v", s)
	}
	if v := r.Maturity(); v.Reason != cohorts.NoBase || v.Low.Band != cohorts.NoBand {
		t.Errorf("verdict on an undefined share: %+v", v)
	}
}

// What is not whole is marked: January from its 10th day, April to its 20th.
// February and March have all their days.
func TestRepeatSharePartial(t *testing.T) {
	f := open(t, []orders.Line{
		sale("a", "2024-01-10", "1"), sale("a", "2024-01-18", "1"), sale("a", "2024-01-26", "1"), sale("a", "2024-02-03", "1"),
		sale("a", "2024-02-11", "1"), sale("a", "2024-02-19", "1"), sale("a", "2024-02-27", "1"), sale("a", "2024-03-06", "1"),
		sale("a", "2024-03-14", "1"), sale("a", "2024-03-22", "1"), sale("a", "2024-03-30", "1"), sale("a", "2024-04-07", "1"),
		sale("a", "2024-04-15", "1"), sale("a", "2024-04-20", "1"),
	}, complete)
	partial := func(o cohorts.RepeatOptions) (got []string) {
		for _, row := range repeatShare(t, f, o).Rows {
			if row.Partial {
				got = append(got, row.Period.String())
			}
		}
		return got
	}
	for _, tc := range []struct {
		name string
		o    cohorts.RepeatOptions
		want string
	}{
		{"the whole export", cohorts.RepeatOptions{}, "2024-01 2024-04"},
		{"by quarter", cohorts.RepeatOptions{Grain: orders.Quarter}, "2024-Q1 2024-Q2"},
		{"from within February", cohorts.RepeatOptions{Scope: orders.Scope{From: day("2024-02-15")}}, "2024-02 2024-04"},
		{"as of the end of March", cohorts.RepeatOptions{Scope: orders.Scope{AsOf: day("2024-03-31")}}, "2024-01"},
		{"a few days missing are a pause", cohorts.RepeatOptions{Scope: orders.Scope{From: day("2024-02-05"), AsOf: day("2024-03-25")}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got string
			for i, p := range partial(tc.o) {
				if i > 0 {
					got += " "
				}
				got += p
			}
			if got != tc.want {
				t.Errorf("partial: %q, want %q", got, tc.want)
			}
		})
	}
}

// A range begins late: money is of the range, numbers and rates of the history.
func TestRepeatShareScope(t *testing.T) {
	f := open(t, []orders.Line{
		sale("a", "2024-01-01", "100"), sale("b", "2024-01-02", "100"),
		sale("a", "2024-02-01", "50"), sale("c", "2024-02-28", "30"),
	}, complete)
	r := repeatShare(t, f, cohorts.RepeatOptions{Scope: orders.Scope{From: day("2024-02-01")}})
	if len(r.Rows) != 1 || r.Total.Repeat.Revenue != amount("50") || r.Total.First.Revenue != amount("30") || r.Total.Customers != 2 {
		t.Errorf("%d rows, total %+v", len(r.Rows), r.Total)
	}
	if r.Total.CustomersToDate != 3 || r.Total.RepeatersToDate != 1 || r.Rows[0].CustomersToDate != 3 {
		t.Errorf("to date: %d of %d", r.Total.RepeatersToDate, r.Total.CustomersToDate)
	}
	if r.Scope.From != day("2024-02-01") || r.Scope.AsOf != day("2024-02-28") || r.Grain != orders.Month {
		t.Errorf("scope %+v, grain %v", r.Scope, r.Grain)
	}

	where := []orders.Where{{Dimension: orders.ByCustomer, In: []string{"a"}}}
	r = repeatShare(t, f, cohorts.RepeatOptions{Scope: orders.Scope{Where: where}})
	where[0].In[0] = "overwritten"
	if r.Total.Customers != 1 || r.Total.Anonymous != 0 || r.Scope.Where[0].In[0] != "a" {
		t.Errorf("customer a alone: %+v, scope %+v", r.Total, r.Scope)
	}
}

// failing is a Facts that fails at the n-th question.
type failing struct {
	orders.Facts
	n *int
}

var errBroken = errors.New("broken")

func (f failing) fails() bool { *f.n--; return *f.n == 0 }

func (f failing) Control(ctx context.Context) (orders.Control, error) {
	if f.fails() {
		return orders.Control{}, errBroken
	}
	return f.Facts.Control(ctx)
}

func (f failing) Flows(ctx context.Context, q orders.FlowQuery) ([]orders.Flow, error) {
	if f.fails() {
		return nil, errBroken
	}
	return f.Facts.Flows(ctx, q)
}

func (f failing) Series(ctx context.Context, q orders.SeriesQuery) iter.Seq2[orders.Series, error] {
	if f.fails() {
		return func(yield func(orders.Series, error) bool) { yield(orders.Series{}, errBroken) }
	}
	return f.Facts.Series(ctx, q)
}

func (f failing) Customers(ctx context.Context, q orders.CustomerQuery) iter.Seq2[orders.Customer, error] {
	if f.fails() {
		return func(yield func(orders.Customer, error) bool) { yield(orders.Customer{}, errBroken) }
	}
	return f.Facts.Customers(ctx, q)
}

func TestErrorsPass(t *testing.T) {
	ctx := context.Background()
	old := sold("x", "b", "2024-01-01", "1")
	old.Since = day("2023-01-01")
	good := open(t, []orders.Line{sale("a", "2024-01-01", "1"), sale("", "2024-01-01", "1"), old, sold("y", "b", "2024-02-01", "1")}, complete)
	for name, tc := range map[string]struct {
		questions int
		ask       func(orders.Facts) error
	}{
		"RepeatShare": {6, func(f orders.Facts) error { _, err := cohorts.RepeatShare(ctx, f, cohorts.RepeatOptions{}); return err }},
		"Tabulate":    {3, func(f orders.Facts) error { _, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{}); return err }},
		"SplitShare": {4, func(f orders.Facts) error {
			_, err := cohorts.SplitShare(ctx, f, cohorts.SplitOptions{Grain: orders.Month})
			return err
		}},
		"Roles": {6, func(f orders.Facts) error { _, err := cohorts.Roles(ctx, f, cohorts.RolesOptions{}); return err }},
		"Flags": {2, func(f orders.Facts) error { _, err := cohorts.Flags(ctx, f, cohorts.FlagOptions{}); return err }},
		"RevenueRetention": {2, func(f orders.Facts) error {
			_, err := cohorts.RevenueRetention(ctx, f, cohorts.RevenueOptions{Lag: 1})
			return err
		}},
		"Tabulate by 30 days": {4, func(f orders.Facts) error {
			_, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{AgeDays: 30})
			return err
		}},
	} {
		for i := 1; i <= tc.questions+1; i++ {
			n := i
			err := tc.ask(failing{good, &n})
			if failed := errors.Is(err, errBroken); failed != (i <= tc.questions) {
				t.Errorf("%s, question %d of %d fails: error %v", name, i, tc.questions, err)
			}
		}
	}
}

func TestOptionErrors(t *testing.T) {
	ctx := context.Background()
	f := open(t, []orders.Line{sale("a", "2024-01-01", "1"), sale("a", "2024-03-01", "1")}, complete)
	for name, tc := range map[string]struct {
		scope orders.Scope
		grain orders.Grain
		want  error
	}{
		"no such grain":      {orders.Scope{}, orders.Year + 1, orders.ErrOptions},
		"ends before begins": {orders.Scope{From: day("2024-02-01"), AsOf: day("2024-01-31")}, 0, orders.ErrOptions},
		"before the export":  {orders.Scope{AsOf: day("2023-12-31")}, 0, orders.ErrOptions},
		"no such dimension":  {orders.Scope{Where: []orders.Where{{Dimension: "colour"}}}, 0, orders.ErrQuery},
	} {
		if _, err := cohorts.RepeatShare(ctx, f, cohorts.RepeatOptions{Scope: tc.scope, Grain: tc.grain}); !errors.Is(err, tc.want) {
			t.Errorf("RepeatShare, %s: error %v", name, err)
		}
		if _, err := cohorts.Tabulate(ctx, f, cohorts.TableOptions{Scope: tc.scope, Grain: tc.grain}); !errors.Is(err, tc.want) {
			t.Errorf("Tabulate, %s: error %v", name, err)
		}
	}
}

// nothing is the Facts of an export without any deal.
type nothing struct{ orders.Facts }

func (nothing) Control(context.Context) (orders.Control, error) { return orders.Control{}, nil }

func TestEmptyHistory(t *testing.T) {
	r := repeatShare(t, nothing{}, cohorts.RepeatOptions{})
	if len(r.Rows) != 0 || r.Total.ByRevenue.Reason != cohorts.NoBase || !math.IsNaN(r.Total.RepeatPurchaseRate) {
		t.Errorf("%+v", r)
	}
	if table := tabulate(t, nothing{}, cohorts.TableOptions{}); len(table.Cohorts) != 0 || len(table.Averages) != 0 {
		t.Errorf("%+v", table)
	}
}

// Rows are reliable from KnownFrom on: a period that begins on that very day, and
// the part of one that the range leaves.
func TestRepeatShareReliable(t *testing.T) {
	f := open(t, []orders.Line{
		sale("a", "2024-01-01", "1"), sale("b", "2024-02-20", "1"), sale("c", "2024-06-30", "1"),
	}, orders.Options{BurnIn: 31})
	if c := control(t, f); c.KnownFrom != day("2024-02-01") {
		t.Fatalf("known from %v", c.KnownFrom)
	}
	r := repeatShare(t, f, cohorts.RepeatOptions{})
	if row(t, r, "2024-01").Reliable || !row(t, r, "2024-02").Reliable {
		t.Errorf("reliable: January %v, February %v", r.Rows[0].Reliable, r.Rows[1].Reliable)
	}
	for from, want := range map[string]bool{"2024-01-31": false, "2024-02-01": true, "2024-02-10": true} {
		q := repeatShare(t, f, cohorts.RepeatOptions{Scope: orders.Scope{From: day(from)}, Grain: orders.Quarter})
		if q.Rows[0].Reliable != want || q.Total.Reliable != want {
			t.Errorf("the quarter from %s: reliable %v, total %v, want %v", from, q.Rows[0].Reliable, q.Total.Reliable, want)
		}
	}
}
