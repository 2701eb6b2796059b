package ltv_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// splits are the dimensions that definitions §6 names, and the customer's owner.
var splits = []orders.Dimension{orders.BySalesperson, orders.ByChannel, orders.ByGroup, ltv.ByCohort, orders.ByOwner}

// TestSplitBySalesperson goes through two salespersons by hand: a hunter who
// wins customers and a farmer who keeps them. One day is shared by both.
func TestSplitBySalesperson(t *testing.T) {
	of := func(l orders.Line, salesperson, order string) orders.Line {
		l.Salesperson, l.Order = salesperson, order
		return l
	}
	lines := []orders.Line{
		of(line("a", "2024-01-01", 100, 60), "Hanna", "1"), of(line("b", "2024-01-02", 100, 60), "Hanna", "2"),
		of(line("a", "2024-02-01", 100, 60), "Fyodor", "3"),
		of(line("b", "2024-02-01", 200, 60), "Fyodor", "4"), of(line("b", "2024-02-01", 100, 60), "Hanna", "5"), // one purchase
	}
	c := orders.Costs{
		CostPerLead: money(1), Conversion: 0.1, Overhead: money(1), OverheadPool: money(100), OverheadBy: orders.ByRevenue,
		BonusFirst: orders.Rate{Amount: money(5)}, BonusRepeat: orders.Rate{Percent: money(10)},
	}
	s, err := ltv.SplitProfit(ctx, orderstest.Collect(t, lines, complete), ltv.SplitOptions{Costs: c})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Rows) != 2 || s.Rows[0].Key != "Fyodor" || s.Rows[1].Key != "Hanna" {
		t.Fatalf("rows %+v", s.Rows)
	}
	fyodor, hanna := s.Rows[0], s.Rows[1]
	for name, test := range map[string]struct{ got, want any }{
		"hunter":              {hanna.Role, ltv.Hunter},
		"farmer":              {fyodor.Role, ltv.Farmer},
		"customers":           {[2]int64{fyodor.Customers, hanna.Customers}, [2]int64{2, 2}},
		"won by the hunter":   {[2]orders.Amount{fyodor.Total.Acquisition, hanna.First.Acquisition}, [2]orders.Amount{0, money(20)}},
		"bonus of the hunter": {[2]orders.Amount{hanna.First.Bonus, hanna.Repeat.Bonus}, [2]orders.Amount{money(10), money(10)}},
		"bonus of the farmer": {[2]orders.Amount{fyodor.First.Bonus, fyodor.Repeat.Bonus}, [2]orders.Amount{0, money(30)}},
		// 2 repeat purchases bear 2; in 3 rows' purchases of which Fyodor has 2: 1.33 and 0.67. The pool's 66.67 by revenue: 50 and 16.67.
		"overhead": {[2]string{fyodor.Repeat.Overhead.String(), hanna.Repeat.Overhead.String()}, [2]string{"51.33", "17.34"}},
		"pool":     {s.Total.Repeat.Overhead.String(), "68.67"},
		"shared":   {fyodor.Repeat.Purchases + hanna.Repeat.Purchases, int64(3)},
		"distinct": {s.Total.Repeat.Purchases, int64(2)},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v, want %v", name, test.got, test.want)
		}
	}
	// 8 of 10 milliards are first deals' in all sales, 7 of 8 in Hanna's.
	large := func(customer, day, salesperson string, revenue int64) orders.Line {
		return of(line(customer, day, revenue, 0), salesperson, day+salesperson)
	}
	milliards, err := ltv.SplitProfit(ctx, orderstest.Collect(t, []orders.Line{
		large("a", "2024-01-01", "Hanna", 7e9), large("a", "2024-02-01", "Hanna", 1e9),
		large("b", "2024-01-01", "Fyodor", 1e9), large("b", "2024-02-01", "Fyodor", 1e9),
	}, complete), ltv.SplitOptions{})
	if err != nil || milliards.Rows[0].Role != ltv.Farmer || milliards.Rows[1].Role != ltv.Hunter {
		t.Errorf("milliards: %+v, %v", milliards, err)
	}
	byOwner, err := ltv.SplitProfit(ctx, orderstest.Collect(t, lines, complete), ltv.SplitOptions{By: orders.ByOwner})
	if err != nil || byOwner.Rows[0].Role != "" {
		t.Errorf("a row that is no salesperson's has a role: %v", err)
	}
}

// TestSplitConserves: over the rows every line of every side adds up to the
// table of DealProfitWith, to the last digit, whatever is assumed.
func TestSplitConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		c, in := drawCosts(t), []ltv.Spend(nil)
		if rapid.Bool().Draw(t, "spent") {
			c.CostPerLead, in = 0, drawSpend(t, 1)
		}
		scope := drawFrom(t, f)
		p, err := ltv.DealProfitWith(ctx, f, ltv.ProfitOptions{Scope: scope, Costs: c, Spend: in})
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range splits {
			s, err := ltv.SplitProfit(ctx, f, ltv.SplitOptions{Scope: scope, Costs: c, Spend: in, By: by})
			if err != nil {
				t.Fatal(err)
			}
			if d := factstest.Diff(s.Total, p.Columns); d != "" || s.Outside != p.Outside {
				t.Fatalf("by %s: the total is not the table: %s", by, d)
			}
			if len(s.Rows) == 0 { // nobody to bear a pool
				continue
			}
			for side := orders.First; side <= orders.Unmatched; side++ {
				whole := p.Side(side)
				for _, l := range ltv.Lines()[:ltv.NetProfit] {
					var sum orders.Amount
					for i := range s.Rows {
						sum += s.Rows[i].Side(side).Money(l).Amount
					}
					if sum != whole.Money(l).Amount {
						t.Errorf("by %s: %s of %s: the rows come to %s, the table says %s", by, l, side, sum, whole.Money(l).Amount)
					}
				}
			}
			for _, r := range s.Rows {
				checkColumn(t, r.First, r.Repeat, r.Unknown, r.Unmatched, r.Total)
			}
		}
	})
}

// drawFrom draws a scope that begins anywhere in the export.
func drawFrom(t *rapid.T, f orders.Facts) orders.Scope {
	control, err := f.Control(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if control.Span() == 0 {
		return orders.Scope{}
	}
	return orders.Scope{From: control.FirstDay + orders.Date(rapid.IntRange(0, control.Span()-1).Draw(t, "from"))}
}

// checkColumn holds columns to what the package documentation says of them.
func checkColumn(t *rapid.T, columns ...ltv.Column) {
	for _, c := range columns {
		profit := c.Revenue - c.RevenueWithoutCost - c.COGS.Amount - c.Overhead - c.Acquisition - c.Bonus - c.Errors - c.Direct
		if c.COGS.Known != c.Profit.Known || c.Profit.Known && c.Profit.Amount != profit {
			t.Errorf("profit %v, the lines come to %s: %+v", c.Profit, profit, c)
		}
	}
}

// TestSplitAgainstDeals adds up each row's deals one by one: where no purchase
// is shared, every charge is the row's own.
func TestSplitAgainstDeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		c := drawCosts(t)
		c.Revenue, c.COGS, c.Direct, c.OverheadPool = orders.NullAmount{}, orders.NullAmount{}, orders.NullAmount{}, 0
		entry := map[string]orders.Date{}
		for d := range f.(dealer).Deals() {
			if d.N == 1 && d.Side == orders.First {
				entry[d.Customer] = d.Day
			}
		}
		for by, key := range map[orders.Dimension]func(orders.Deal) string{
			orders.BySalesperson: func(d orders.Deal) string { return d.Salesperson },
			orders.ByChannel:     func(d orders.Deal) string { return d.Channel },
			ltv.ByCohort:         func(d orders.Deal) string { return orders.Week.Of(entry[d.Customer]).String() },
		} {
			s, err := ltv.SplitProfit(ctx, f, ltv.SplitOptions{Costs: c, By: by, Cohort: orders.Week})
			if err != nil {
				t.Fatal(err)
			}
			type purchase struct {
				customer string
				n        int
			}
			want := map[string]*[4]naiveColumn{}
			sharedBy := map[purchase]string{}
			shared := false
			for d := range f.(dealer).Deals() {
				k := key(d)
				if want[k] == nil {
					want[k] = &[4]naiveColumn{}
				}
				want[k][d.Side].add(c, d)
				if d.N > 0 {
					p := purchase{d.Customer, d.N}
					other, ok := sharedBy[p]
					shared = shared || ok && other != k
					sharedBy[p] = k
				}
			}
			if len(want) != len(s.Rows) {
				t.Fatalf("by %s: %d rows, want %d", by, len(s.Rows), len(want))
			}
			for i := range s.Rows {
				r := &s.Rows[i]
				w := want[r.Key+r.Cohort.String()]
				if w == nil {
					t.Fatalf("by %s: row %q %s", by, r.Key, r.Cohort)
				}
				for side := orders.First; side <= orders.Unmatched; side++ {
					got := r.Side(side)
					if got.Revenue != w[side].revenue || got.COGS.Amount != w[side].cogs || got.Direct != w[side].direct || got.RevenueWithoutCost != w[side].without {
						t.Errorf("by %s: %q %s: %+v, want %+v", by, r.Key, side, got, w[side])
					}
					if d := w[side].diff(got); d != "" && !shared {
						t.Errorf("by %s: %q %s: %s", by, r.Key, side, d)
					}
				}
			}
		}
	})
}

// TestPermutation: the order of the rows of an export changes nothing.
func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := factstest.Lines(t), orders.Options{HistoryComplete: true}
		for i := range lines { // where an attribute of a customer contradicts itself, the first line decides
			lines[i].Lead, lines[i].Since, lines[i].CustomerName, lines[i].ProductName = 0, 0, "", ""
		}
		mixed := slices.Clone(lines)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		a, err1 := factstest.Open(lines, o)
		b, err2 := factstest.Open(mixed, o)
		if err1 != nil || err2 != nil {
			return
		}
		c, in := drawCosts(t), drawSpend(t, 1)
		c.CostPerLead = 0
		ask := func(f orders.Facts) []any {
			x, err1 := ltv.Acquire(ctx, f, ltv.AcquireOptions{Spend: in})
			y, err2 := ltv.SplitProfit(ctx, f, ltv.SplitOptions{Spend: in, Costs: c})
			z, err3 := ltv.Paybacks(ctx, f, ltv.PaybackOptions{Spend: in, Costs: c})
			if err1 != nil || err2 != nil || err3 != nil {
				t.Fatal(err1, err2, err3)
			}
			return []any{x, y, z}
		}
		if d := factstest.Diff(ask(a), ask(b)); d != "" {
			t.Error(d)
		}
	})
}

// TestAdditivity: two firms with customers of their own, counted as one, come
// to the sum of the two: their new customers, and every line of every cohort.
func TestAdditivity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := factstest.Lines(t), factstest.Lines(t)
		for firm, lines := range map[string][]orders.Line{"A client ": a, "B client ": b} {
			for i := range lines { // nobody is anonymous, and no two customers of the firms are one
				lines[i].CustomerName = ""
				lines[i].Customer = firm + lines[i].Customer
			}
		}
		c := drawCosts(t)
		c.OverheadPool, c.BonusFirst.Percent, c.BonusRepeat.Percent, c.Revenue = 0, 0, 0, orders.NullAmount{}
		type sums struct {
			fresh   map[orders.Period]int64
			columns map[orders.Period][4]ltv.Column
		}
		ask := func(lines []orders.Line) (s sums, ok bool) {
			f, err := factstest.Open(lines, complete)
			if err != nil {
				return s, false
			}
			x, err1 := ltv.Acquire(ctx, f, ltv.AcquireOptions{Grain: orders.Quarter})
			y, err2 := ltv.SplitProfit(ctx, f, ltv.SplitOptions{Costs: c, By: ltv.ByCohort, Cohort: orders.Quarter})
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			s = sums{map[orders.Period]int64{}, map[orders.Period][4]ltv.Column{}}
			for _, r := range x.Periods {
				s.fresh[r.Period] = r.New
			}
			for _, r := range y.Rows {
				s.columns[r.Cohort] = [4]ltv.Column{r.First, r.Repeat, r.Unknown, r.Unmatched}
			}
			return s, true
		}
		one, ok1 := ask(a)
		two, ok2 := ask(b)
		both, ok3 := ask(append(slices.Clone(a), b...))
		if !ok1 || !ok2 || !ok3 {
			return
		}
		for p, n := range both.fresh {
			if n != one.fresh[p]+two.fresh[p] {
				t.Errorf("%s: %d new, apart %d and %d", p, n, one.fresh[p], two.fresh[p])
			}
		}
		for p, all := range both.columns {
			x, y := one.columns[p], two.columns[p]
			for side := range all {
				for _, l := range ltv.Lines()[:ltv.NetProfit] {
					if sum := x[side].Money(l).Amount + y[side].Money(l).Amount; sum != all[side].Money(l).Amount {
						t.Errorf("%s, %s, %s: %s, apart they come to %s", p, orders.Side(side), l, all[side].Money(l).Amount, sum)
					}
				}
				if all[side].Purchases != x[side].Purchases+y[side].Purchases {
					t.Errorf("%s, %s: %d purchases", p, orders.Side(side), all[side].Purchases)
				}
			}
		}
	})
}

// TestFilteredProfitReconciles: what a filter leaves out is carried, so that
// the results of a part and of the rest come to the control total.
func TestFilteredProfitReconciles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		scope := factstest.Scope(t)
		p, err := ltv.DealProfitWith(ctx, f, ltv.ProfitOptions{Scope: scope})
		if err != nil {
			return // not every drawn scope is valid
		}
		control, err := f.Control(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if p.Export.Total().Revenue+p.Outside != control.Identified || !reflect.DeepEqual(p.Scope.Where, scope.Where) && len(scope.Where) > 0 {
			t.Errorf("%s inside, %s outside, %s in all; scope %+v of %+v", p.Export.Total().Revenue, p.Outside, control.Identified, p.Scope, scope)
		}
		l, err := ltv.Historic(ctx, f, ltv.HistoricOptions{Scope: scope})
		if err != nil {
			t.Fatal(err)
		}
		if l.Total.Revenue+l.Outside != control.Identified {
			t.Errorf("customers: %s inside, %s outside, %s in all", l.Total.Revenue, l.Outside, control.Identified)
		}
	})
}
