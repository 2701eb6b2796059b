package cohorts_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
)

// history draws a small history with everything that makes histories hard:
// days full of returns, free goods, returns that name what they take back,
// anonymous and cancelled lines, unknown costs, known first days.
func history(t *rapid.T) []orders.Line {
	start := day("2023-11-20")
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) orders.Line {
		l := orders.Line{
			Customer: rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e", "f"}).Draw(t, "customer"),
			Order:    fmt.Sprint(rapid.IntRange(1, 60).Draw(t, "order")),
			Date:     start + orders.Date(rapid.IntRange(0, 160).Draw(t, "day")),
			Group:    rapid.SampledFrom([]string{"", "g", "h"}).Draw(t, "group"),
			Channel:  rapid.SampledFrom([]string{"shop", "web"}).Draw(t, "channel"),
			Revenue:  orders.Amount(rapid.IntRange(-20, 60).Draw(t, "revenue")) * 2_500,
			COGS: orders.NullAmount{
				Amount: orders.Amount(rapid.IntRange(0, 40).Draw(t, "cogs")) * 2_500,
				Known:  rapid.IntRange(0, 2).Draw(t, "costed") > 0,
			},
			Cancelled: rapid.IntRange(0, 19).Draw(t, "cancelled") == 0,
		}
		if l.Revenue < 0 && rapid.Bool().Draw(t, "names its base") {
			l.Base = fmt.Sprint(rapid.IntRange(1, 60).Draw(t, "base"))
		}
		if rapid.IntRange(0, 19).Draw(t, "has since") == 0 {
			l.Since = start - 100 + orders.Date(rapid.IntRange(0, 250).Draw(t, "since"))
		}
		return l
	}), 1, 80).Draw(t, "lines")
}

func someOptions(t *rapid.T) orders.Options {
	return rapid.SampledFrom([]orders.Options{
		{}, complete, {BurnIn: 20}, {CountZero: true, BurnIn: 40}, {Purchase: orders.PerDeal, BurnIn: 20}, {Earlier: []string{"a", "c"}},
	}).Draw(t, "options")
}

func someScope(t *rapid.T, c orders.Control) (s orders.Scope, g orders.Grain) {
	if rapid.Bool().Draw(t, "scoped") {
		s.From = c.FirstDay + orders.Date(rapid.IntRange(0, c.Span()-1).Draw(t, "from"))
		s.AsOf = s.From + orders.Date(rapid.IntRange(0, int(c.LastDay-s.From)).Draw(t, "length"))
	}
	return s, rapid.SampledFrom([]orders.Grain{orders.NoGrain, orders.Week, orders.Month, orders.Quarter, orders.Year}).Draw(t, "grain")
}

// openSome opens lines with one of the implementations of Facts.
func openSome(t *rapid.T, lines []orders.Line, o orders.Options) (f orders.Facts) {
	var err error
	if rapid.Bool().Draw(t, "naive") {
		f, err = factstest.Open(lines, o)
	} else {
		f, err = orders.Collect(t.Context(), rows(lines...), o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// people is a set of customers.
type people map[string]bool

func (p people) both(q people) (n int64) {
	for who := range p {
		if q[who] {
			n++
		}
	}
	return n
}

// oracle sums deals one by one, as one would with cards on a table.
type oracle struct {
	money, profit, deals [4]int64
	buyers               [4]people
	active               people
}

func sumDeals(all []orders.Deal, from, to orders.Date) oracle {
	o := oracle{active: people{}}
	for side := range o.buyers {
		o.buyers[side] = people{}
	}
	for _, d := range all {
		if d.Day < from || d.Day > to {
			continue
		}
		o.money[d.Side] += int64(d.Tally.Revenue)
		o.profit[d.Side] += int64(d.Tally.GrossProfit())
		o.deals[d.Side] += d.Tally.Purchases
		if d.N > 0 {
			o.buyers[d.Side][d.Customer] = true
			o.active[d.Customer] = true
		}
	}
	return o
}

// share is the interval of the definitions; NaN where there is none.
func (o oracle) share(of [4]int64, q float64) (low, high float64) {
	first, repeat, unknown := of[orders.First], of[orders.Repeat], of[orders.Unknown]
	base := float64(first + repeat + unknown)
	if base <= 0 || first < 0 || repeat < 0 || unknown < 0 {
		return math.NaN(), math.NaN()
	}
	return float64(repeat) / base, (float64(repeat+unknown) + q*float64(first)) / base
}

// customers returns the share of customers, each looked at once.
func (o oracle) customers(q float64) (low, high float64) {
	var surely, perhaps float64
	for who := range o.active {
		switch {
		case o.buyers[orders.Repeat][who]:
			surely++
			perhaps++
		case o.buyers[orders.Unknown][who]:
			perhaps++
		case o.buyers[orders.First][who]:
			perhaps += q
		}
	}
	n := float64(len(o.active))
	return surely / n, perhaps / n
}

// check compares a row with what the oracle saw in the same days.
func (o oracle) check(t *rapid.T, r cohorts.RepeatRow, q float64) {
	for side := orders.First; side <= orders.Unmatched; side++ {
		got := r.Sides.Of(side)
		if int64(got.Revenue) != o.money[side] || int64(got.GrossProfit()) != o.profit[side] || got.Purchases != o.deals[side] {
			t.Errorf("%v, side %v: %+v, want %d, %d, %d", r.Period, side, got, o.money[side], o.profit[side], o.deals[side])
		}
	}
	first, repeat, unknown := o.buyers[orders.First], o.buyers[orders.Repeat], o.buyers[orders.Unknown]
	for name, c := range map[string][2]int64{
		"customers": {r.Customers, int64(len(o.active))},
		"new":       {r.NewCustomers, int64(len(first))},
		"returning": {r.ReturningCustomers, int64(len(repeat))},
		"unknown":   {r.UnknownCustomers, int64(len(unknown))},
		"overlap":   {r.Overlap, first.both(repeat) + unknown.both(repeat)},
	} {
		if c[0] != c[1] {
			t.Errorf("%v: %d %s, want %d", r.Period, c[0], name, c[1])
		}
	}
	interval := func(name string, got cohorts.Share, low, high float64) {
		if !same(got.Low, low) || !same(got.High, high) {
			t.Errorf("%v by %s: %+v, want %v…%v", r.Period, name, got, low, high)
		}
		if got.Reason == "" && !(0 <= got.Low && got.Low <= got.High && got.High <= 1) {
			t.Errorf("%v by %s: %+v is no interval", r.Period, name, got)
		}
		if (got.Reason != "") != math.IsNaN(got.Low) {
			t.Errorf("%v by %s: %+v without its reason", r.Period, name, got)
		}
	}
	low, high := o.share(o.money, q)
	interval("revenue", r.ByRevenue, low, high)
	low, high = o.share(o.deals, q)
	interval("purchases", r.ByPurchases, low, high)
	low, high = o.customers(q)
	interval("customers", r.ByCustomers, low, high)
	if r.ByProfit.Reason != cohorts.NoCost {
		low, high = o.share(o.profit, q)
		interval("profit", r.ByProfit, low, high)
	}
}

func TestRepeatShareAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		c, _ := f.Control(t.Context())
		scope, grain := someScope(t, c)
		r, err := cohorts.RepeatShare(t.Context(), f, cohorts.RepeatOptions{Scope: scope, Grain: grain})
		if err != nil {
			t.Fatal(err)
		}
		q := c.LateOld
		if c.Complete {
			q = 0
		}
		all := slices.Collect(deals(f))
		sumDeals(all, r.Scope.From, r.Scope.AsOf).check(t, r.Total, q)
		next := r.Grain.Of(r.Scope.From)
		for _, row := range r.Rows {
			if row.Period != next {
				t.Fatalf("row %v, want %v", row.Period, next)
			}
			next = next.Add(1)
			last := min(row.Period.Last(), r.Scope.AsOf)
			sumDeals(all, max(row.Period.First(), r.Scope.From), last).check(t, row, q)

			purchases := map[string]int{}
			for _, d := range all {
				if d.Day <= last {
					purchases[d.Customer] = max(purchases[d.Customer], d.N)
				}
			}
			var once, twice int64
			for _, n := range purchases {
				if n >= 1 {
					once++
				}
				if n >= 2 {
					twice++
				}
			}
			if row.CustomersToDate != once || row.RepeatersToDate != twice {
				t.Errorf("%v: %d of %d to date, want %d of %d", row.Period, row.RepeatersToDate, row.CustomersToDate, twice, once)
			}
		}
		if last := r.Rows[len(r.Rows)-1]; next.Sub(r.Grain.Of(r.Scope.AsOf)) != 1 || r.Total.CustomersToDate != last.CustomersToDate {
			t.Errorf("rows end with %v, %d customers to date", last.Period, last.CustomersToDate)
		}
	})
}

func TestTabulateAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		c, _ := f.Control(t.Context())
		scope, grain := someScope(t, c)
		table, err := cohorts.Tabulate(t.Context(), f, cohorts.TableOptions{Scope: scope, Grain: grain})
		if err != nil {
			t.Fatal(err)
		}
		type key struct{ cohort, period orders.Period }
		born, size := map[string]orders.Period{}, map[orders.Period]int64{}
		for d := range deals(f) {
			if d.N == 1 && d.Tally.Purchases == 1 && d.Side == orders.First {
				born[d.Customer] = table.Grain.Of(d.Day)
				if d.Day <= table.Scope.AsOf {
					size[born[d.Customer]]++
				}
			}
		}
		cells, active := map[key]orders.Tally{}, map[key]people{}
		var unmatched orders.Tally
		for d := range deals(f) {
			k := key{born[d.Customer], table.Grain.Of(d.Day)}
			switch {
			case d.Day < table.Scope.From || d.Day > table.Scope.AsOf:
			case d.Side == orders.Unmatched:
				unmatched = unmatched.Plus(d.Tally)
			default:
				cells[k] = cells[k].Plus(d.Tally)
				if active[k] == nil {
					active[k] = people{}
				}
				if d.N > 0 {
					active[k][d.Customer] = true
				}
			}
		}
		if table.Unmatched != unmatched {
			t.Errorf("unmatched %+v, want %+v", table.Unmatched, unmatched)
		}
		if len(table.Cohorts) != len(size) {
			t.Errorf("%d cohorts, want %d", len(table.Cohorts), len(size))
		}
		seen := 0
		for _, cohort := range append(slices.Clone(table.Cohorts), table.Earlier) {
			if !cohort.Period.IsZero() && cohort.Size != size[cohort.Period] {
				t.Errorf("cohort %v of %d, want %d", cohort.Period, cohort.Size, size[cohort.Period])
			}
			var sum orders.Tally
			for _, cell := range cohort.Cells {
				k := key{cohort.Period, cell.Period}
				if _, ok := cells[k]; ok {
					seen++
				}
				sum = sum.Plus(cells[k])
				if cell.Tally != cells[k] || cell.Customers != int64(len(active[k])) || cell.Cumulative != sum {
					t.Errorf("cohort %v in %v: %+v, want %+v of %d", cohort.Period, cell.Period, cell, cells[k], len(active[k]))
				}
				if cell.Partial == c.Whole(cell.Period, table.Scope.From, table.Scope.AsOf) {
					t.Errorf("%v is partial: %v", cell.Period, cell.Partial)
				}
			}
			if last := cohort.Cells[len(cohort.Cells)-1].Period; last != table.Grain.Of(table.Scope.AsOf) {
				t.Errorf("cohort %v ends with %v", cohort.Period, last)
			}
		}
		if seen != len(cells) {
			t.Errorf("the table has %d cells with deals, want %d", seen, len(cells))
		}
	})
}

// Every kopeck of the export is in the tables, once.
func TestConservation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		c, _ := f.Control(t.Context())
		grain := rapid.SampledFrom([]orders.Grain{orders.Week, orders.Month, orders.Year}).Draw(t, "grain")
		r, err1 := cohorts.RepeatShare(t.Context(), f, cohorts.RepeatOptions{Grain: grain})
		table, err2 := cohorts.Tabulate(t.Context(), f, cohorts.TableOptions{Grain: grain})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		var identified, anonymous orders.Amount
		for _, row := range r.Rows {
			identified += row.Sides.Total().Revenue
			anonymous += row.Anonymous
		}
		if identified != c.Identified || anonymous != c.Anonymous {
			t.Errorf("rows add up to %s and %s anonymous, want %s and %s", identified, anonymous, c.Identified, c.Anonymous)
		}
		if r.Total.Sides.Total().Revenue != c.Identified || r.Total.Anonymous != c.Anonymous {
			t.Errorf("total is %s and %s anonymous, want %s and %s", r.Total.Sides.Total().Revenue, r.Total.Anonymous, c.Identified, c.Anonymous)
		}
		sum := table.Unmatched
		for _, cohort := range append(slices.Clone(table.Cohorts), table.Earlier) {
			for _, cell := range cohort.Cells {
				sum = sum.Plus(cell.Tally)
			}
		}
		if sum != table.Total || sum.Revenue != c.Identified || sum.Purchases != c.Purchases || sum.Deals != c.Deals {
			t.Errorf("cells add up to %+v, total is %+v, control %s", sum, table.Total, c.Identified)
		}
		if table.Total != r.Total.Sides.Total() {
			t.Errorf("tables differ: %+v, %+v", table.Total, r.Total.Sides.Total())
		}
		customers := table.Earlier.Size
		for _, cohort := range table.Cohorts {
			customers += cohort.Size
			if cohort.Cells[0].Retention != 1 {
				t.Errorf("cohort %v starts with a retention of %v", cohort.Period, cohort.Cells[0].Retention)
			}
		}
		if customers != c.Customers {
			t.Errorf("cohorts have %d customers, want %d", customers, c.Customers)
		}
	})
}

// The order of an export's lines means nothing.
func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := history(t), someOptions(t)
		shuffled := rapid.Permutation(lines).Draw(t, "shuffled")
		if a, b := bytesOf(t, openSome(t, lines, o)), bytesOf(t, openSome(t, shuffled, o)); a != b {
			t.Errorf("shuffled lines give other results:\n%s\n%s", a, b)
		}
	})
}

// bytesOf returns both results as text.
func bytesOf(t *rapid.T, f orders.Facts) string {
	r, err1 := cohorts.RepeatShare(t.Context(), f, cohorts.RepeatOptions{})
	table, err2 := cohorts.Tabulate(t.Context(), f, cohorts.TableOptions{})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	var text string
	for _, record := range []arrow.Record{r.Record(memory.DefaultAllocator), table.Record(memory.DefaultAllocator)} {
		b, err := record.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		text += string(b)
		record.Release()
	}
	return text
}

// Channels share the money out, and halves of the customers the customers too.
func TestAdditivity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		ask := func(where ...orders.Where) *cohorts.Repeat {
			r, err := cohorts.RepeatShare(t.Context(), f, cohorts.RepeatOptions{Scope: orders.Scope{Where: where}})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		all := ask()
		shop := ask(orders.Where{Dimension: orders.ByChannel, In: []string{"shop"}})
		web := ask(orders.Where{Dimension: orders.ByChannel, In: []string{"web"}})
		abc := ask(orders.Where{Dimension: orders.ByCustomer, In: []string{"a", "b", "c"}})
		def := ask(orders.Where{Dimension: orders.ByCustomer, In: []string{"d", "e", "f"}})
		for i := range len(all.Rows) + 1 {
			a, s, w, x, y := nth(all, i), nth(shop, i), nth(web, i), nth(abc, i), nth(def, i)
			if s.Anonymous+w.Anonymous != a.Anonymous || x.Anonymous != 0 || y.Anonymous != 0 {
				t.Errorf("%v: anonymous %s + %s of %s, customers' %s and %s", a.Period, s.Anonymous, w.Anonymous, a.Anonymous, x.Anonymous, y.Anonymous)
			}
			for side := orders.First; side <= orders.Unmatched; side++ {
				if sum := s.Sides.Of(side).Revenue + w.Sides.Of(side).Revenue; sum != a.Sides.Of(side).Revenue {
					t.Errorf("%v, %v: channels add up to %s of %s", a.Period, side, sum, a.Sides.Of(side).Revenue)
				}
				if sum := x.Sides.Of(side).Plus(*y.Sides.Of(side)); sum != *a.Sides.Of(side) {
					t.Errorf("%v, %v: customers add up to %+v of %+v", a.Period, side, sum, *a.Sides.Of(side))
				}
			}
			if x.Customers+y.Customers != a.Customers || x.NewCustomers+y.NewCustomers != a.NewCustomers || x.Overlap+y.Overlap != a.Overlap ||
				x.ReturningCustomers+y.ReturningCustomers != a.ReturningCustomers || x.RepeatersToDate+y.RepeatersToDate != a.RepeatersToDate {
				t.Errorf("%v: customers %+v and %+v of %+v", a.Period, x, y, a)
			}
		}
	})
}

// nth returns the i-th row, the total after the last.
func nth(r *cohorts.Repeat, i int) cohorts.RepeatRow {
	if i == len(r.Rows) {
		return r.Total
	}
	return r.Rows[i]
}
