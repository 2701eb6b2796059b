package factstest

import (
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// TestLinesReachEveryRule counts how many of a thousand random histories come
// to each rule of the definitions: a battery proves nothing of a rule that its
// histories do not reach.
func TestLinesReachEveryRule(t *testing.T) {
	type history struct {
		lines []orders.Line
		o     orders.Options
	}
	draw := rapid.Custom(func(t *rapid.T) history { return history{Lines(t), Options(t)} })
	reached := map[string]int{}
	for _, rule := range []string{
		"nothing left", "skipped", "cancelled", "anonymous", "several customers", "several lines of a deal", "several deals of a purchase",
		"restart", "attached return", "base of the same day", "base of no purchase", "base that comes twice", "return to the latest purchase",
		"unmatched", "proven old", "day of zero", "purchase later on the same day", "third purchase", "known first day",
		"complete by since", "first", "repeat purchase 1", "unknown", "burn-in from gaps", "burn-in over half", "q between 0 and 1",
		"cost partly known", "shared purchase", "open gap",
	} {
		reached[rule] = 0
	}
	for seed := range 1000 {
		h := draw.Example(seed)
		f, err := Open(h.lines, h.o)
		if err != nil {
			reached["nothing left"]++
			continue
		}
		for rule := range rules(f.(*naive)) {
			if _, ok := reached[rule]; !ok {
				t.Fatalf("rule %q is not in the list", rule)
			}
			reached[rule]++
		}
	}
	for rule, n := range reached {
		t.Logf("%4d %s", n, rule)
		if n < 5 {
			t.Errorf("only %d of 1000 histories reach %q", n, rule)
		}
	}
}

// rules returns the rules that a history comes to.
func rules(n *naive) map[string]bool {
	found := map[string]bool{}
	note := func(rule string, is bool) {
		if is {
			found[rule] = true
		}
	}
	k := n.control
	note("skipped", len(k.Skipped) > 0)
	note("cancelled", k.CancelledLines > 0)
	note("anonymous", k.AnonymousLines > 0)
	note("several customers", k.Customers > 1)
	note("complete by since", k.Complete && !n.o.HistoryComplete && n.o.Earlier == nil)
	note("burn-in from gaps", !k.Complete && n.o.BurnIn == 0 && k.BurnIn < k.Span() && k.KnownFrom <= k.LastDay)
	note("burn-in over half", k.KnownFrom > k.LastDay && k.Customers > 0)
	note("q between 0 and 1", k.LateOld > 0 && k.LateOld < 1)
	for _, c := range n.customers {
		note("third purchase", len(c.days) > 2)
		note("open gap", len(c.days) > 1 && c.days[len(c.days)-1] < k.LastDay)
		note("proven old", c.provenOld && len(c.days) > 0)
		note("known first day", c.since != 0 && len(c.days) > 0 && !c.provenOld)
		note("repeat purchase 1", c.entry == orders.Repeat && !c.provenOld)
		for i, d := range c.deals {
			n.noteDeal(note, c, d, c.deals[:i])
		}
	}
	return found
}

func (n *naive) noteDeal(note func(string, bool), c *customer, d *deal, before []*deal) {
	base := c.baseOf(d)
	note("first", d.Side == orders.First && d.N == 1)
	note("unknown", d.Side == orders.Unknown)
	note("unmatched", d.Side == orders.Unmatched)
	note("several lines of a deal", len(d.lines) > 1)
	note("several deals of a purchase", d.N > 0 && d.Tally.Purchases == 0)
	note("attached return", d.attached)
	note("base of the same day", base != nil && base.Day == d.Day)
	note("base of no purchase", base != nil && base.Day < d.Day && base.N == 0)
	note("return to the latest purchase", d.N == 0 && d.Of > 0 && !d.attached && d.Tally.Revenue < 0)
	note("day of zero", d.N > 0 && d.Tally.Revenue == 0)
	note("purchase later on the same day", n.o.Purchase == orders.PerDeal && d.N == 0 && d.Of == 1 && d.Day == c.days[0] && d != c.first[0] && d.Tally.Revenue < 0)
	note("cost partly known", d.Tally.Costed != 0 && d.Tally.Costed != d.Tally.Revenue)
	same := 0
	for _, b := range before {
		if b.Order == d.Order && b.Organisation == d.Organisation && d.Order != "" {
			note("restart", true)
		}
		if base != nil && b.Order == base.Order && b.Organisation == d.Organisation {
			same++
		}
	}
	note("base that comes twice", same > 1 && d.Tally.Revenue < 0)
	note("shared purchase", d.N > 0 && d.Tally.Purchases == 0 && d.Salesperson != c.first[d.N-1].Salesperson)
}
