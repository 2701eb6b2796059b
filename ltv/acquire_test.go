package ltv_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

var (
	january  = orders.Month.Of(orders.NewDate(2024, 1, 1))
	february = january.Add(1)
)

// from is a sale through a channel to a customer whose lead came so many days before.
func from(channel, customer, day string, waited int, revenue, cogs int64) orders.Line {
	l := line(customer, day, revenue, cogs)
	l.Channel, l.Lead = channel, l.Date-orders.Date(waited)
	return l
}

// conveyor is two months of two channels, and a customer whom nobody paid for.
var conveyor = []orders.Line{
	from("ads", "a", "2024-01-10", 5, 1000, 600), from("ads", "b", "2024-01-20", 10, 1000, 600),
	from("fair", "c", "2024-01-31", 3, 1000, 600), from("", "d", "2024-02-01", 0, 1000, 600),
	from("fair", "a", "2024-02-10", 0, 1000, 600), from("ads", "e", "2024-02-28", 20, 1000, 600), from("ads", "e", "2024-02-29", 20, 1000, 600),
}

var spend = []ltv.Spend{
	{Period: january, Channel: "ads", Money: money(300), Leads: ltv.Counted(20), Qualified: ltv.Counted(8)},
	{Period: orders.Day.Of(orders.NewDate(2024, 1, 5)), Channel: "ads", Money: orders.One / 100}, // one banner more; nobody counted its leads
	{Period: january, Channel: "fair", Money: money(500), Leads: ltv.Counted(10)},
	{Period: february, Channel: "ads", Money: money(100), Leads: ltv.Counted(5), Qualified: ltv.Counted(4)},
	{Period: february, Channel: "fair", Money: money(70), Leads: ltv.Counted(2), Qualified: ltv.Counted(0)},
	{Period: february.Add(5), Channel: "ads", Money: money(999)}, // not in the export
}

// TestAcquire goes through the table of a small conveyor by hand.
func TestAcquire(t *testing.T) {
	h := orderstest.Collect(t, conveyor, complete)
	a, err := ltv.Acquire(ctx, h, ltv.AcquireOptions{Spend: spend})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		period                        orders.Period
		channel                       string
		spend, perLead, won           string
		leads, qualified              string
		fresh, paid                   int64
		charged, idle                 string
		qualifiedRate, close, convert float64
		waits                         int64
		median                        float64
	}
	nan := math.NaN()
	want := []row{
		{january, "ads", "300.01", "", "150.005", "", "", 2, 2, "300.01", "0", nan, nan, nan, 2, 7.5},
		{january, "fair", "500", "50", "500", "10", "", 1, 1, "500", "0", nan, nan, 0.1, 1, 3},
		{february, "", "", "", "", "", "", 1, 0, "0", "0", nan, nan, nan, 1, 0},
		{february, "ads", "100", "20", "100", "5", "4", 1, 1, "100", "0", 0.8, 0.25, 0.2, 1, 20},
		{february, "fair", "70", "35", "", "2", "0", 0, 0, "0", "70", 0, nan, 0, 0, nan},
	}
	if len(a.Rows) != len(want) {
		t.Fatalf("%d rows, want %d: %+v", len(a.Rows), len(want), a.Rows)
	}
	same := func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) }
	for i, r := range a.Rows {
		got := row{r.Period, r.Channel, r.Spend.String(), r.CostPerLead.String(), r.Acquisition.String(), r.Leads.String(), r.Qualified.String(),
			r.New, r.Paid, r.Charged.String(), r.Idle.String(), r.QualifiedRate, r.CloseRate, r.Conversion, r.LeadDays.N, r.LeadDays.Median}
		w := want[i]
		if !same(got.qualifiedRate, w.qualifiedRate) || !same(got.close, w.close) || !same(got.convert, w.convert) || !same(got.median, w.median) {
			t.Errorf("%s %q: rates %v %v %v, median %v; want %+v", r.Period, r.Channel, got.qualifiedRate, got.close, got.convert, got.median, w)
		}
		for _, x := range []*row{&got, &w} {
			x.qualifiedRate, x.close, x.convert, x.median = 0, 0, 0, 0
		}
		if got != w {
			t.Errorf("%s %q:\ngot  %+v\nwant %+v", r.Period, r.Channel, got, w)
		}
	}
	total := a.Total
	if total.Spend.String() != "970.01" || total.Charged.String() != "900.01" || total.Idle.String() != "70" || a.Outside != money(999) {
		t.Errorf("spend %s: charged %s, idle %s, outside %s", total.Spend, total.Charged, total.Idle, a.Outside)
	}
	// 970.01 ÷ the 4 who were paid for; the fifth came by themselves.
	if total.New != 5 || total.Paid != 4 || total.Acquisition.String() != "242.5025" || total.Leads.Known {
		t.Errorf("total %+v", total)
	}
	if len(a.Periods) != 2 || a.Periods[0].New != 3 || a.Periods[1].Spend.String() != "170" || len(a.ByChannel) != 3 || a.ByChannel[1].Channel != "ads" || a.ByChannel[1].LeadDays.Mean != 35.0/3 {
		t.Errorf("periods %+v, channels %+v", a.Periods, a.ByChannel)
	}
}

// TestAcquireWithoutChannels: spend that names no channel is of all of them.
func TestAcquireWithoutChannels(t *testing.T) {
	h := orderstest.Collect(t, conveyor, complete)
	a, err := ltv.Acquire(ctx, h, ltv.AcquireOptions{Spend: []ltv.Spend{{Period: january, Money: money(600), Leads: ltv.Counted(30)}}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Channels || a.ByChannel != nil || len(a.Rows) != 2 || a.Rows[0].Acquisition != known(200) || a.Rows[0].Conversion != 0.1 || a.Rows[1].Spend.Known {
		t.Errorf("%+v", a)
	}
	if a, err = ltv.Acquire(ctx, h, ltv.AcquireOptions{Grain: orders.Quarter}); err != nil {
		t.Fatal(err)
	}
	if !a.Channels || len(a.Rows) != 3 || a.Total.New != 5 || a.Total.Spend.Known || a.Total.LeadDays.N != 5 {
		t.Errorf("without spend: %+v", a)
	}
}

// TestSpendIsChargedToPurchaseOne: to those who were won and to nobody else; a
// cancelled first order hands the charge on to the month and channel of the next.
func TestSpendIsChargedToPurchaseOne(t *testing.T) {
	lines := slices.Clone(conveyor)
	lines[2].Cancelled = true // c's only order: the fair has won nobody
	lines = append(lines, from("ads", "c", "2024-02-15", 3, 1000, 600))
	h := orderstest.Collect(t, lines, complete)
	for name, test := range map[string]struct {
		spend        []ltv.Spend
		costs        orders.Costs
		first, idle  orders.Amount
		perNewcomer  orders.Amount
		firstPoint   orders.Amount // profit up to purchase 1
		januaryBears string
	}{
		"spent": {spend, orders.Costs{}, 4000100, money(570), 800020, 5*money(400) - 4000100, "300.01"},
		"rate":  {nil, orders.Costs{CostPerLead: money(10), Conversion: 0.1}, money(500), 0, money(100), 5*money(400) - money(500), "200"},
	} {
		p, err := ltv.DealProfitWith(ctx, h, ltv.ProfitOptions{Costs: test.costs, Spend: test.spend})
		if err != nil {
			t.Fatal(err)
		}
		if p.First.Purchases != 5 || p.First.Acquisition != test.first || p.Repeat.Acquisition != 0 || p.Acquisition != test.perNewcomer {
			t.Errorf("%s: %d first purchases, acquisition %s and %s, each %s", name, p.First.Purchases, p.First.Acquisition, p.Repeat.Acquisition, p.Acquisition)
		}
		if p.ByNumber.Points[0].Cumulative != test.firstPoint || p.ByAge.Points[0].Cumulative != test.firstPoint+money(400) { // e is back the next day
			t.Errorf("%s: the curves begin at %+v, %+v; want %s", name, p.ByNumber.Points[0], p.ByAge.Points[0], test.firstPoint)
		}
		if p.Won != nil && (p.Won.Total.Idle != test.idle || p.Origins[ltv.Acquisition] != ltv.Data) {
			t.Errorf("%s: idle %s, origin %s", name, p.Won.Total.Idle, p.Origins[ltv.Acquisition])
		}
		s, err := ltv.SplitProfit(ctx, h, ltv.SplitOptions{Costs: test.costs, Spend: test.spend, By: ltv.ByCohort})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Rows) != 2 || s.Rows[0].First.Acquisition.String() != test.januaryBears || s.Rows[0].Repeat.Acquisition != 0 {
			t.Errorf("%s: cohorts %+v", name, s.Rows)
		}
	}
}

// TestEqualPart: the parts of a spend are those of the largest remainder.
func TestEqualPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := orders.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "spend"))
		n := rapid.IntRange(1, 200).Draw(t, "customers")
		want := a.Split(0, make([]orders.Amount, n))
		for k := range n {
			if got := ltv.EqualPart(a, int64(n), int64(k)); got != want[k] {
				t.Fatalf("part %d of %d of %s: %s, want %s", k, n, a, got, want[k])
			}
		}
	})
}

// drawSpend draws what was spent in the months and channels of drawn histories.
func drawSpend(t *rapid.T, least int) []ltv.Spend {
	start := orders.Month.Of(orders.NewDate(2023, 11, 1))
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ltv.Spend {
		s := ltv.Spend{
			Period:  start.Add(rapid.IntRange(0, 30).Draw(t, "month")),
			Channel: rapid.SampledFrom([]string{"", "", "web", "shop", "tv"}).Draw(t, "channel"),
			Money:   orders.Amount(rapid.Int64Range(0, 9_999_999).Draw(t, "money")),
		}
		if rapid.Bool().Draw(t, "leads are counted") {
			s.Leads = ltv.Counted(rapid.Int64Range(0, 50).Draw(t, "leads"))
			if rapid.Bool().Draw(t, "and sorted") {
				s.Qualified = ltv.Counted(s.Leads.N / 2)
			}
		}
		return s
	}), least, 12).Draw(t, "spend")
}

// TestAcquireAgainstDeals counts the new customers of each month and channel
// over again, deal by deal, and holds every sum of money to the input.
func TestAcquireAgainstDeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		in := drawSpend(t, 0)
		a, err := ltv.Acquire(ctx, f, ltv.AcquireOptions{Spend: in})
		if err != nil {
			t.Fatal(err)
		}
		type place struct {
			month   orders.Period
			channel string
		}
		fresh, old, spent := map[place]int64{}, map[place]int64{}, map[place]orders.Amount{}
		at := func(m orders.Period, channel string) place {
			if !a.Channels {
				channel = ""
			}
			return place{m, channel}
		}
		for d := range f.(dealer).Deals() {
			if d.N == 1 && d.Tally.Purchases == 1 {
				switch p := at(orders.Month.Of(d.Day), d.Channel); d.Side {
				case orders.First:
					fresh[p]++
				case orders.Unknown:
					old[p]++
				}
			}
		}
		var all, outside orders.Amount
		for _, s := range in {
			all += s.Money
			if s.Period.Last() < a.Scope.From || s.Period.First() > a.Scope.AsOf {
				outside += s.Money
			} else {
				spent[at(s.Period, s.Channel)] += s.Money
			}
		}
		var sum ltv.AcquisitionRow
		for _, r := range a.Rows {
			p := at(r.Period, r.Channel)
			if r.New != fresh[p] || r.Unknown != old[p] || r.Spend.Amount != spent[p] || r.Charged+r.Idle != spent[p] || (r.New > 0) != (r.Idle == 0) && spent[p] > 0 {
				t.Errorf("%+v: %d new, %d unknown, %s spent", r, fresh[p], old[p], spent[p])
			}
			if r.Acquisition.Known && orders.Amount(math.Abs(float64(r.Acquisition.Amount*orders.Amount(r.Paid)-r.Spend.Amount)))*2 > orders.Amount(r.Paid) {
				t.Errorf("%s ÷ %d = %s", r.Spend, r.Paid, r.Acquisition)
			}
			sum.New, sum.Unknown, sum.Charged, sum.Idle = sum.New+r.New, sum.Unknown+r.Unknown, sum.Charged+r.Charged, sum.Idle+r.Idle
			delete(fresh, p)
			delete(old, p)
		}
		if len(fresh)+len(old) > 0 {
			t.Errorf("not in the table: %v %v", fresh, old)
		}
		if a.Outside != outside || sum.Charged+sum.Idle+outside != all || sum.Charged != a.Total.Charged || sum.Idle != a.Total.Idle || sum.New != a.Total.New || sum.Unknown != a.Total.Unknown {
			t.Errorf("total %+v, outside %s; rows come to %+v, %s was spent", a.Total, a.Outside, sum, all)
		}
		for _, part := range [][]ltv.AcquisitionRow{a.Periods, a.ByChannel} {
			var again ltv.AcquisitionRow
			for _, r := range part {
				again.New, again.Charged, again.Idle = again.New+r.New, again.Charged+r.Charged, again.Idle+r.Idle
			}
			if part != nil && (again.New != sum.New || again.Charged != sum.Charged || again.Idle != sum.Idle) {
				t.Errorf("%+v come to %+v, want %+v", part, again, sum)
			}
		}
	})
}

// TestSpendConserves: what is charged of a spend is charged once: in the profit
// table, to the customers, in the rows of a split and in the paybacks.
func TestSpendConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		in, c := drawSpend(t, 1), drawCosts(t)
		c.CostPerLead = 0
		scope := drawFrom(t, f)
		p, err := ltv.DealProfitWith(ctx, f, ltv.ProfitOptions{Scope: scope, Costs: c, Spend: in})
		if err != nil {
			t.Fatal(err)
		}
		charged := p.Won.Total.Charged
		if p.First.Acquisition != charged || p.Total.Acquisition != charged || p.First.Purchases != p.Won.Total.New {
			t.Errorf("%s charged, the table has %s of %d purchases; %d new", charged, p.First.Acquisition, p.First.Purchases, p.Won.Total.New)
		}
		l, err := ltv.Historic(ctx, f, ltv.HistoricOptions{Scope: scope, Costs: c, Spend: in})
		if err != nil {
			t.Fatal(err)
		}
		var customers orders.Amount
		for _, v := range l.Customers {
			customers += v.Acquisition
			if v.Acquisition != v.First.Acquisition {
				t.Errorf("%s: %s on the first purchase, %s in all", v.ID, v.First.Acquisition, v.Acquisition)
			}
		}
		if customers != charged {
			t.Errorf("customers bear %s of %s", customers, charged)
		}
		for _, by := range []orders.Dimension{"", orders.ByChannel} {
			g, err := ltv.Paybacks(ctx, f, ltv.PaybackOptions{Scope: scope, Costs: c, Spend: in, By: by})
			if err != nil {
				t.Fatal(err)
			}
			var groups orders.Amount
			for _, x := range g.Groups {
				groups += x.First.Acquisition
			}
			if groups != charged && p.First.Purchases > 0 || g.Total.First.Acquisition != charged {
				t.Errorf("by %q: groups bear %s, the total %s of %s", by, groups, g.Total.First.Acquisition, charged)
			}
		}
	})
}

// TestReliable: where new customers cannot be told from old ones their cost is
// not counted as one to rely on.
func TestReliable(t *testing.T) {
	h := orderstest.Collect(t, conveyor, orders.Options{BurnIn: 20})
	a, err := ltv.Acquire(ctx, h, ltv.AcquireOptions{Spend: spend})
	if err != nil {
		t.Fatal(err)
	}
	// Within 20 days of January 10: the customers a and b.
	if a.Total.New != 3 || a.Total.Unknown != 2 || a.Rows[0].Reliable || a.Rows[0].Idle.String() != "300.01" || !a.Rows[2].Reliable {
		t.Errorf("rows %+v", a.Rows)
	}
	if a.Reliable.New != 2 || a.Reliable.Spend != known(170) || a.Reliable.Acquisition != known(170) || a.Total.Acquisition.String() != "485.005" {
		t.Errorf("reliable %+v, total %+v", a.Reliable, a.Total)
	}
}

func TestAcquireErrors(t *testing.T) {
	h := orderstest.Collect(t, conveyor, complete)
	one := func(s ltv.Spend) []ltv.Spend { return []ltv.Spend{s} }
	good := ltv.Spend{Period: january, Money: money(1)}
	acquire := func(o ltv.AcquireOptions) error { _, err := ltv.Acquire(ctx, h, o); return err }
	for name, test := range map[string]struct{ got, want error }{
		"no period":         {acquire(ltv.AcquireOptions{Spend: one(ltv.Spend{Money: 1})}), orders.ErrOptions},
		"a longer period":   {acquire(ltv.AcquireOptions{Spend: one(good), Grain: orders.Week}), orders.ErrOptions},
		"week over the end": {acquire(ltv.AcquireOptions{Spend: one(ltv.Spend{Period: orders.Week.Of(orders.NewDate(2024, 1, 31))})}), orders.ErrOptions},
		"negative spend":    {acquire(ltv.AcquireOptions{Spend: one(ltv.Spend{Period: january, Money: -1})}), orders.ErrOptions},
		"negative leads":    {acquire(ltv.AcquireOptions{Spend: one(ltv.Spend{Period: january, Leads: ltv.Counted(-1)})}), orders.ErrOptions},
		"too many":          {acquire(ltv.AcquireOptions{Spend: one(ltv.Spend{Period: january, Leads: ltv.Counted(1), Qualified: ltv.Counted(2)})}), orders.ErrOptions},
		"too much":          {acquire(ltv.AcquireOptions{Spend: one(ltv.Spend{Period: january, Money: math.MaxInt64})}), orders.ErrRange},
		"grain":             {acquire(ltv.AcquireOptions{Grain: 9}), orders.ErrOptions},
		"filter on deals":   {acquire(ltv.AcquireOptions{Scope: orders.Scope{Where: []orders.Where{{Dimension: orders.ByChannel, In: []string{"ads"}}}}}), orders.ErrOptions},
		"both": {func() error {
			_, err := ltv.DealProfitWith(ctx, h, ltv.ProfitOptions{Spend: one(good), Costs: orders.Costs{CostPerLead: 1, Conversion: 1}})
			return err
		}(), orders.ErrOptions},
		"spend grain": {func() error {
			_, err := ltv.DealProfitWith(ctx, h, ltv.ProfitOptions{SpendGrain: 9})
			return err
		}(), orders.ErrOptions},
		"payback by":     {func() error { _, err := ltv.Paybacks(ctx, h, ltv.PaybackOptions{By: orders.ByGroup}); return err }(), orders.ErrOptions},
		"payback cohort": {func() error { _, err := ltv.Paybacks(ctx, h, ltv.PaybackOptions{Cohort: 9}); return err }(), orders.ErrOptions},
		"payback of deals": {func() error {
			_, err := ltv.Paybacks(ctx, h, ltv.PaybackOptions{Scope: orders.Scope{Where: []orders.Where{{Dimension: orders.ByGroup}}}})
			return err
		}(), orders.ErrOptions},
		"split cohort": {func() error { _, err := ltv.SplitProfit(ctx, h, ltv.SplitOptions{Cohort: 9}); return err }(), orders.ErrOptions},
		"split by":     {func() error { _, err := ltv.SplitProfit(ctx, h, ltv.SplitOptions{By: "moon"}); return err }(), orders.ErrQuery},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v, want %v", name, test.got, test.want)
		}
	}
}
