package segments

import (
	"fmt"

	"github.com/repeatsales/repeatsales/orders"
)

// Rule names the customers whose scores lie in all three ranges.
type Rule struct {
	Segment string
	R, F, M Range
}

// Range is an inclusive range of scores, from 1. The zero Range takes everyone,
// and alone takes a customer whose money is unknown.
type Range struct{ From, To int }

// has reports whether a score lies in the range; 0 is no score.
func (r Range) has(score int) bool {
	return r == Range{} || score > 0 && score >= r.From && score <= r.To
}

// DefaultRules returns the customary ten segments, which tile the five scores of
// recency and frequency; money does not decide. Each pair of scores is covered
// exactly once, so the order of these rules does not matter.
// Source: the segments of Putler's RFM guide, in the tiling over R × F that is
// in common use: champions R 5, F 4–5; loyal R 3–4, F 4–5; potential loyalist
// R 4–5, F 2–3; new R 5, F 1; promising R 4, F 1; need attention R 3, F 3;
// about to sleep R 3, F 1–2; at risk R 1–2, F 3–4; can't lose R 1–2, F 5;
// hibernating R 1–2, F 1–2.
func DefaultRules() []Rule {
	return []Rule{
		{Segment: "champions", R: Range{5, 5}, F: Range{4, 5}},
		{Segment: "loyal", R: Range{3, 4}, F: Range{4, 5}},
		{Segment: "potential_loyalist", R: Range{4, 5}, F: Range{2, 3}},
		{Segment: "new", R: Range{5, 5}, F: Range{1, 1}},
		{Segment: "promising", R: Range{4, 4}, F: Range{1, 1}},
		{Segment: "need_attention", R: Range{3, 3}, F: Range{3, 3}},
		{Segment: "about_to_sleep", R: Range{3, 3}, F: Range{1, 2}},
		{Segment: "cant_lose", R: Range{1, 2}, F: Range{5, 5}},
		{Segment: "at_risk", R: Range{1, 2}, F: Range{3, 4}},
		{Segment: "hibernating", R: Range{1, 2}, F: Range{1, 2}},
	}
}

// scores are the scores of one customer; M is 0 if the customer's money is unknown.
type scores struct{ r, f, m int }

// firing is the number of the rule that fires (from 1; 0: none) for every
// combination of k scores.
type firing struct {
	k     int
	rules []int
}

// rule returns the number of the rule that fires for s.
func (t *firing) rule(s scores) int { return t.rules[((s.r-1)*t.k+s.f-1)*(t.k+1)+s.m] }

// compile tries every combination of scores, so that a rule which can never
// match is found whatever the reason. Only a profit can be unknown: lowest, 0 or
// 1, is the least M that keeps a rule alive.
func compile(rules []Rule, k, lowest int) (*firing, error) {
	t := &firing{k: k, rules: make([]int, 0, k*k*(k+1))}
	fires := make([]bool, len(rules))
	for r := 1; r <= k; r++ {
		for f := 1; f <= k; f++ {
			for m := 0; m <= k; m++ {
				n := match(rules, scores{r, f, m})
				t.rules = append(t.rules, n)
				if n > 0 && m >= lowest {
					fires[n-1] = true
				}
			}
		}
	}
	for i, rule := range rules {
		if !fires[i] {
			return nil, fmt.Errorf("segments: %w: Rules[%d] (%s) can never match: its ranges hold no score from 1 to %d, or the rules before it take them all", orders.ErrOptions, i, rule.Segment, k)
		}
	}
	return t, nil
}

// Rule returns the number of the rule that fires for three scores, from 1; 0 if
// none does. A score of money of 0 is an unknown money.
func (r *RFMResult) Rule(recency, frequency, money int) int {
	return match(r.Rules, scores{recency, frequency, money})
}

// match returns the number of the first rule that s satisfies; 0 if none does.
func match(rules []Rule, s scores) int {
	for i, rule := range rules {
		if rule.R.has(s.r) && rule.F.has(s.f) && rule.M.has(s.m) {
			return i + 1
		}
	}
	return 0
}

// within marks the rules (by number, from 1) that some combination of scores
// which occur on their axes fires. The index of seen is the score; 0 is no score.
func (t *firing) within(r, f, m []bool, rules int) []bool {
	fires := make([]bool, rules+1)
	for i := 1; i <= t.k; i++ {
		for j := 1; j <= t.k; j++ {
			for l := 0; l <= t.k; l++ {
				if r[i] && f[j] && m[l] {
					fires[t.rule(scores{i, j, l})] = true
				}
			}
		}
	}
	return fires
}
