package cohorts_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

func revenueRetention(t testing.TB, f orders.Facts, o cohorts.RevenueOptions) *cohorts.RevenueResult {
	t.Helper()
	r, err := cohorts.RevenueRetention(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// CDNOW's sample: of January 1997's money its customers spend 7.5 % in January
// 1998, 4.7 % if nobody counts for more than a year ago. Counted from the file
// with SQL, apart from this library.
func TestCDNOWRevenueRetention(t *testing.T) {
	for name, o := range map[string]orders.Options{"complete": {CountZero: true, HistoryComplete: true}, "unknown": {}} {
		r := revenueRetention(t, open(t, published.CDNOW(t), o), cohorts.RevenueOptions{})
		january := r.Rows[0]
		if january.Period.String() != "1998-01" || january.Base.String() != "1997-01" || january.Partial {
			t.Fatalf("%s: first row %+v", name, january)
		}
		if nrr, grr := fmt.Sprintf("%.3f", january.NRR), fmt.Sprintf("%.3f", january.GRR); nrr != "0.075" || grr != "0.047" {
			t.Errorf("%s: NRR %s, GRR %s, want .075 and .047", name, nrr, grr)
		}
		if len(r.Rows) != 6 {
			t.Errorf("%s: %d rows, want January to June", name, len(r.Rows))
		}
	}
}

// Four customers a year later: one buys more, one less, one nothing, one is new;
// a fifth only takes goods back.
func TestRevenueRetentionByHand(t *testing.T) {
	f := open(t, []orders.Line{
		sale("more", "2023-01-10", "100"), sale("more", "2024-01-10", "150"),
		sale("less", "2023-01-11", "80"), sale("less", "2024-01-11", "20"),
		sale("lost", "2023-01-31", "40"),
		sale("new", "2024-01-12", "70"),
		sale("back", "2022-12-01", "30"), sale("back", "2023-01-01", "-30"), sale("back", "2024-01-31", "5"),
		sale("", "2023-01-05", "1000"),
	}, complete)
	r := revenueRetention(t, f, cohorts.RevenueOptions{Scope: orders.Scope{From: day("2023-01-01")}})
	if len(r.Rows) != 1 {
		t.Fatalf("%d rows", len(r.Rows))
	}
	got := r.Rows[0]
	want := cohorts.RevenueRow{
		Period: orders.Month.Of(day("2024-01-01")), Base: orders.Month.Of(day("2023-01-01")), Customers: 3, Active: 2,
		BaseRevenue: amount("220"), Now: amount("170"), Kept: amount("120"), Lost: amount("40"), Contraction: amount("60"), Expansion: amount("50"), New: amount("75"),
		NRR: 170. / 220, GRR: 120. / 220,
	}
	if got != want {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	want.Period, want.Base = orders.Period{}, orders.Period{}
	if r.Total != want {
		t.Errorf("total %+v", r.Total)
	}
	if short := revenueRetention(t, f, cohorts.RevenueOptions{Scope: orders.Scope{From: day("2023-06-01")}}); len(short.Rows) != 0 || !math.IsNaN(short.Total.NRR) {
		t.Errorf("%d rows of 8 months", len(short.Rows))
	}
	if lagged := revenueRetention(t, f, cohorts.RevenueOptions{Lag: 1}); lagged.Lag != 1 || lagged.Rows[0].Base.String() != "2022-12" || lagged.Rows[0].Now != amount("-30") {
		t.Errorf("a month ago: %+v", lagged.Rows[0])
	}
	for grain, lag := range map[orders.Grain]int{orders.Day: 365, orders.Week: 52, orders.Month: 12, orders.Quarter: 4, orders.Year: 1} {
		if r := revenueRetention(t, f, cohorts.RevenueOptions{Grain: grain}); r.Lag != lag {
			t.Errorf("by %v the base is %d ago, want %d", grain, r.Lag, lag)
		}
	}
	if _, err := cohorts.RevenueRetention(t.Context(), f, cohorts.RevenueOptions{Lag: -1}); !errors.Is(err, orders.ErrOptions) {
		t.Errorf("error %v", err)
	}
}

// TestRevenueRetentionAgainstOracle sums each customer's periods by hand, and
// holds the row to its own identities.
func TestRevenueRetentionAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		c, _ := f.Control(t.Context())
		scope, grain := someScope(t, c)
		lag := rapid.IntRange(1, 3).Draw(t, "lag")
		r, err := cohorts.RevenueRetention(t.Context(), f, cohorts.RevenueOptions{Scope: scope, Grain: grain, Lag: lag})
		if err != nil {
			t.Fatal(err)
		}
		money := map[string]map[orders.Period]int64{}
		for d := range deals(f) {
			if d.Day < r.Scope.From || d.Day > r.Scope.AsOf {
				continue
			}
			if money[d.Customer] == nil {
				money[d.Customer] = map[orders.Period]int64{}
			}
			money[d.Customer][r.Grain.Of(d.Day)] += int64(d.Tally.Revenue)
		}
		if want := max(0, r.Grain.Of(r.Scope.AsOf).Sub(r.Grain.Of(r.Scope.From))+1-lag); len(r.Rows) != want {
			t.Fatalf("%d rows, want %d", len(r.Rows), want)
		}
		for _, row := range r.Rows {
			var base, now, kept, period, customers int64
			for _, m := range money {
				period += m[row.Period]
				if then := m[row.Base]; then > 0 {
					customers++
					base, now, kept = base+then, now+m[row.Period], kept+min(then, m[row.Period])
				}
			}
			if int64(row.BaseRevenue) != base || int64(row.Now) != now || int64(row.Kept) != kept || row.Customers != customers {
				t.Errorf("%+v, want %d, %d, %d of %d", row, base, now, kept, customers)
			}
			if row.BaseRevenue-row.Lost-row.Contraction != row.Kept || row.Kept+row.Expansion != row.Now || int64(row.Now+row.New) != period {
				t.Errorf("%+v does not add up to %d", row, period)
			}
			if row.Base.Add(lag) != row.Period || customers > 0 && !(row.GRR <= 1 && row.GRR <= row.NRR) || customers == 0 && !math.IsNaN(row.NRR) {
				t.Errorf("%+v", row)
			}
		}
	})
}

// Two customers of January cost 60 each. By contribution they bring 50, then 90,
// then 130 in all; February's one brings 100 at once.
func TestLTVByHand(t *testing.T) {
	costed := func(customer, date, revenue, cogs, direct string) orders.Line {
		l := sale(customer, date, revenue)
		l.COGS, l.Direct = orders.Known(amount(cogs)), amount(direct)
		return l
	}
	f := open(t, []orders.Line{
		costed("a", "2024-01-01", "100", "60", "10"), costed("b", "2024-01-31", "60", "40", "0"),
		costed("a", "2024-02-10", "90", "45", "5"), costed("c", "2024-02-20", "300", "200", "0"),
		costed("b", "2024-03-31", "40", "0", "0"),
	}, complete)
	table := tabulate(t, f, cohorts.TableOptions{})
	costs := orders.Costs{CostPerLead: amount("6"), Conversion: 0.1}
	l, err := table.LTV(cohorts.LTVOptions{Costs: costs})
	if err != nil {
		t.Fatal(err)
	}
	text := func(c cohorts.Curve) (s []string) {
		for _, p := range c.Points {
			s = append(s, fmt.Sprintf("%d: %d of %d, %s, %g, net %g", p.Age, p.Cohorts, p.Size, p.Sum, p.PerCustomer, p.Net))
		}
		return append(s, fmt.Sprint(c.PaidBack, c.PaidAt))
	}
	for name, tc := range map[string]struct {
		curve cohorts.Curve
		want  []string
	}{
		"January":  {l.Cohorts[0], []string{"0: 1 of 2, 50, 25, net -35", "1: 1 of 2, 90, 45, net -15", "2: 1 of 2, 130, 65, net 5", "true 2"}},
		"February": {l.Cohorts[1], []string{"0: 1 of 1, 100, 100, net 40", "1: 1 of 1, 100, 100, net 40", "true 0"}},
		"all":      {l.All, []string{"0: 2 of 3, 150, 50, net -10", "1: 2 of 3, 190, 63.333333333333336, net 3.3333333333333357", "2: 1 of 2, 130, 65, net 5", "true 1"}},
	} {
		if got := text(tc.curve); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q\nwant %q", name, got, tc.want)
		}
	}
	if l.Acquisition != amount("60") {
		t.Errorf("acquisition %s", l.Acquisition)
	}
	for value, want := range map[cohorts.Value]string{cohorts.ByContribution: "130", cohorts.ByGrossProfit: "145", cohorts.ByRevenue: "290"} {
		l, err := table.LTV(cohorts.LTVOptions{Value: value})
		if err != nil || l.Cohorts[0].Points[2].Sum.String() != want || !l.All.PaidBack || l.All.PaidAt != 0 {
			t.Errorf("%v: %+v, %v, want %s", value, l.Cohorts[0].Points[2], err, want)
		}
	}

	// Never within the data; without any cost; costs that do not go together.
	costs.CostPerLead = amount("100")
	if l, err = table.LTV(cohorts.LTVOptions{Costs: costs}); err != nil || l.All.PaidBack || l.All.PaidAt != -1 {
		t.Errorf("at 1000 each: %+v, %v", l.All, err)
	}
	l, err = tabulate(t, open(t, small, complete), cohorts.TableOptions{}).LTV(cohorts.LTVOptions{})
	if err != nil || l.All.PaidBack || l.All.Points[0].Sum.Known || !math.IsNaN(l.All.Points[0].Net) {
		t.Errorf("without cost of goods: %+v, %v", l.All, err)
	}
	for name, o := range map[string]cohorts.LTVOptions{"no conversion": {Costs: orders.Costs{CostPerLead: 1}}, "no such value": {Value: 9}} {
		if _, err := table.LTV(o); !errors.Is(err, orders.ErrOptions) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestLTVAgainstOracle adds up the cells again, in big integers, over ages of both kinds.
func TestLTVAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		c, _ := f.Control(t.Context())
		scope, grain := someScope(t, c)
		table, err := cohorts.Tabulate(t.Context(), f, cohorts.TableOptions{Scope: scope, Grain: grain, AgeDays: rapid.SampledFrom([]int{0, 30}).Draw(t, "days")})
		if err != nil {
			t.Fatal(err)
		}
		cost := orders.Amount(rapid.IntRange(0, 300_000).Draw(t, "cost"))
		l, err := table.LTV(cohorts.LTVOptions{Value: cohorts.ByRevenue, Costs: orders.Costs{CostPerLead: cost, Conversion: 1}})
		if err != nil {
			t.Fatal(err)
		}
		paid := func(c cohorts.Curve) int {
			for _, p := range c.Points {
				if p.Size > 0 && big.NewInt(int64(p.Sum.Amount)).Cmp(new(big.Int).Mul(big.NewInt(int64(cost)), big.NewInt(p.Size))) >= 0 {
					return p.Age
				}
			}
			return -1
		}
		sums, sizes := map[int]orders.Amount{}, map[int]int64{}
		curves := 0
		for _, cohort := range table.Cohorts {
			if cohort.Cells[0].Age > 0 {
				continue
			}
			curve := l.Cohorts[curves]
			curves++
			var sum orders.Amount
			whole := true
			for age, cell := range cohort.Cells {
				sum += cell.Tally.Revenue
				whole = whole && !cell.Partial
				if p := curve.Points[age]; p.Sum.Amount != sum || p.Partial == whole || p.Size != cohort.Size {
					t.Errorf("%v at %d: %+v, want %s", cohort.Period, age, p, sum)
				}
				if whole {
					sums[age], sizes[age] = sums[age]+sum, sizes[age]+cohort.Size
				}
			}
			if curve.PaidAt != paid(curve) || curve.PaidBack != (curve.PaidAt >= 0) || curve.Period != cohort.Period {
				t.Errorf("%v paid at %d, want %d", cohort.Period, curve.PaidAt, paid(curve))
			}
		}
		if curves != len(l.Cohorts) || l.All.PaidAt != paid(l.All) {
			t.Errorf("%d curves of %d, all paid at %d, want %d", len(l.Cohorts), curves, l.All.PaidAt, paid(l.All))
		}
		for age, p := range l.All.Points {
			if p.Sum.Amount != sums[age] || p.Size != sizes[age] || p.Age != age {
				t.Errorf("all at %d: %+v, want %s of %d", age, p, sums[age], sizes[age])
			}
		}
	})
}

// Eight customers on the first days, then one a month: about seven of the eight are old.
func TestDiagnosis(t *testing.T) {
	var lines []orders.Line
	for i := range 8 {
		lines = append(lines, sale(fmt.Sprint("old", i), "2024-01-02", "10"))
	}
	for m := orders.Month.Of(day("2024-02-01")); m.First() <= day("2024-12-01"); m = m.Add(1) {
		lines = append(lines, sale("new"+m.String(), m.First().String(), "10"))
	}
	r := repeatShare(t, open(t, lines, orders.Options{BurnIn: 60}), cohorts.RepeatOptions{})
	d := r.Diagnosis()
	if d.Complete || d.Unknown || d.BurnIn != 60 || d.ReliableFrom != day("2024-03-02") || d.Span != r.Control.Span() || d.MoreDays != 0 {
		t.Errorf("%+v", d)
	}
	if len(d.Curve) != 12 || d.Curve[0].Total() != 8 || d.Curve[0].Unknown != 8 || d.Curve[0].Reliable || d.Curve[3].New != 1 || !d.Curve[3].Reliable {
		t.Errorf("curve %+v", d.Curve)
	}
	// January to March, 10 arrivals, are not reliable.
	if d.Settled != 1 || d.Excess != 10-3 {
		t.Errorf("settled %v, excess %v", d.Settled, d.Excess)
	}
	// With sales every week the first days of December are no whole month: the one
	// who comes on the 1st is not counted, nor are two more on the 2nd.
	for day := day("2024-01-02"); day <= orders.NewDate(2024, 12, 2); day += 7 {
		lines = append(lines, orders.Line{Date: day, Revenue: orders.One})
	}
	busy := append(slices.Clone(lines), sale("x", "2024-12-02", "1"), sale("y", "2024-12-02", "1"))
	if d := repeatShare(t, open(t, busy, orders.Options{BurnIn: 60}), cohorts.RepeatOptions{}).Diagnosis(); d.Settled != 1 || !d.Curve[11].Partial || d.Curve[11].Total() != 3 {
		t.Errorf("with a partial month: settled %v, December %+v", d.Settled, d.Curve[11])
	}
	lines = slices.DeleteFunc(lines, func(l orders.Line) bool { return l.Customer == "" })
	d = repeatShare(t, open(t, lines, complete), cohorts.RepeatOptions{}).Diagnosis()
	if !d.Complete || d.Excess != 0 || d.ReliableFrom != day("2024-01-02") || d.LateOld != 0 || d.Settled != 19./12 {
		t.Errorf("complete: %+v", d)
	}
	d = repeatShare(t, open(t, lines, orders.Options{BurnIn: 300}), cohorts.RepeatOptions{}).Diagnosis()
	if !d.Unknown || d.ReliableFrom != 0 || !math.IsNaN(d.Settled) || !math.IsNaN(d.Excess) || d.MoreDays != 600-r.Control.Span() {
		t.Errorf("too short: %+v", d)
	}
}

// The repeat purchase rate of whole lives: who is known to have bought before is
// a repeater with one purchase in the export, who may have is one at most.
func TestRepeatRate(t *testing.T) {
	since := sale("proven", "2024-01-10", "10")
	since.Since = day("2020-01-01")
	r := repeatShare(t, open(t, []orders.Line{
		since,
		sale("unknown once", "2024-01-05", "10"),
		sale("unknown twice", "2024-01-06", "10"), sale("unknown twice", "2024-05-06", "10"),
		sale("new once", "2024-06-06", "10"),
		sale("new twice", "2024-06-07", "10"), sale("new twice", "2024-12-31", "10"),
	}, orders.Options{BurnIn: 30}), cohorts.RepeatOptions{})
	q := r.Control.LateOld
	got := r.Total.RepeatRate
	if r.Total.RepeatPurchaseRate != 2./5 || got.Low != 3./5 || !same(got.High, (4+q)/5) || got.Reason != "" {
		t.Errorf("rate %v, %+v, want .6…%v", r.Total.RepeatPurchaseRate, got, (4+q)/5)
	}
	if first := r.Rows[0].RepeatRate; first.Low != 1./3 || first.High != 1 {
		t.Errorf("in January %+v", first)
	}
}

// With true first days given every customer of the cut data is a repeater.
func TestCDNOWCutRate(t *testing.T) {
	first := map[string]orders.Date{}
	var lines []orders.Line
	for _, l := range published.CDNOW(t) {
		if d, ok := first[l.Customer]; !ok || l.Date < d {
			first[l.Customer] = l.Date
		}
		if l.Date >= day("1997-07-01") {
			l.Since = first[l.Customer]
			lines = append(lines, l)
		}
	}
	var earlier []string
	for id := range first {
		earlier = append(earlier, id)
	}
	for i, o := range []orders.Options{{CountZero: true}, {CountZero: true, Earlier: earlier}} {
		if i == 1 {
			for i := range lines {
				lines[i].Since = 0
			}
		}
		for _, row := range repeatShare(t, open(t, lines, o), cohorts.RepeatOptions{}).Rows {
			for name, s := range map[string]cohorts.Share{"revenue": row.ByRevenue, "purchases": row.ByPurchases, "customers": row.ByCustomers, "rate": row.RepeatRate} {
				if s.Low != 1 || s.High != 1 {
					t.Errorf("%v by %s: %+v, want 1", row.Period, name, s)
				}
			}
		}
	}
}

// The money to the next target, at both ends: with it, the share is the target.
func TestToTarget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := openSome(t, history(t), someOptions(t))
		r, err := cohorts.RepeatShare(t.Context(), f, cohorts.RepeatOptions{})
		if err != nil {
			t.Fatal(err)
		}
		v := r.Maturity()
		low, high := r.ToTarget()
		for _, end := range []struct {
			cohorts.Standing
			need orders.NullAmount
		}{{v.Low, low}, {v.High, high}} {
			if end.need.Known != !math.IsNaN(end.Target) {
				t.Errorf("%+v: needs %v", end.Standing, end.need)
			}
			if !end.need.Known {
				continue
			}
			s := r.Total.Sides
			base := (s.First.Revenue + s.Repeat.Revenue + s.Unknown.Revenue).Float64()
			if share := (end.Share*base + end.need.Amount.Float64()) / (base + end.need.Amount.Float64()); math.Abs(share-end.Target) > 1e-3 {
				t.Errorf("%+v: with %s more the share is %v", end.Standing, end.need, share)
			}
		}
	})
	r := repeatShare(t, open(t, []orders.Line{sale("a", "2024-01-01", "800"), sale("a", "2024-03-01", "200")}, complete), cohorts.RepeatOptions{})
	if low, high := r.ToTarget(); low != high || low.String() != "142.8571" { // (0.3·1000 − 200) ÷ 0.7
		t.Errorf("%s, %s", low, high)
	}
	r = repeatShare(t, open(t, []orders.Line{sale("a", "2024-01-01", "800"), sale("a", "2024-03-01", "200")}, orders.Options{}), cohorts.RepeatOptions{})
	if low, high := r.ToTarget(); low.Known || high.Known {
		t.Errorf("%s, %s without a verdict", low, high)
	}

	// The synthetic company has all three sides and a q: at each end the money
	// brings the share to the target.
	r = repeatShare(t, open(t, slices.Collect(company.Generate(1).Lines()), orders.Options{}), cohorts.RepeatOptions{})
	v, q := r.Maturity(), r.Control.LateOld
	low, high := r.ToTarget()
	first, repeat, unknown := r.Total.First.Revenue.Float64(), r.Total.Repeat.Revenue.Float64(), r.Total.Unknown.Revenue.Float64()
	base := first + repeat + unknown
	if got := (repeat + low.Amount.Float64()) / (base + low.Amount.Float64()); math.Abs(got-v.Low.Target) > 1e-9 || q == 0 {
		t.Errorf("with %s more the lower end is %v, want %v", low, got, v.Low.Target)
	}
	if got := (repeat + unknown + q*first + high.Amount.Float64()) / (base + high.Amount.Float64()); math.Abs(got-v.High.Target) > 1e-9 {
		t.Errorf("with %s more the upper end is %v, want %v", high, got, v.High.Target)
	}
}
