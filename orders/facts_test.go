package orders_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
)

// TestScopeWithin fills in the days that a scope leaves open.
func TestScopeWithin(t *testing.T) {
	export := orders.Control{FirstDay: 10, LastDay: 20}
	for _, test := range []struct {
		name    string
		s       orders.Scope
		c       orders.Control
		from    orders.Date
		asOf    orders.Date
		invalid bool
	}{
		{name: "both days open", c: export, from: 10, asOf: 20},
		{name: "the first day open", s: orders.Scope{AsOf: 15}, c: export, from: 10, asOf: 15},
		{name: "the last day open", s: orders.Scope{From: 15}, c: export, from: 15, asOf: 20},
		{name: "both given, beyond the export", s: orders.Scope{From: 5, AsOf: 25}, c: export, from: 5, asOf: 25},
		{name: "one day", s: orders.Scope{From: 12, AsOf: 12}, c: export, from: 12, asOf: 12},
		{name: "no export", asOf: 0},
		{name: "no export but a last day", s: orders.Scope{AsOf: 15}, asOf: 15},
		{name: "upside down", s: orders.Scope{From: 13, AsOf: 12}, c: export, invalid: true},
		{name: "after the export", s: orders.Scope{From: 21}, c: export, invalid: true},
		{name: "before the export", s: orders.Scope{AsOf: 9}, c: export, invalid: true},
		{name: "no export but a first day", s: orders.Scope{From: 1}, invalid: true},
	} {
		got, err := test.s.Within(test.c)
		if errors.Is(err, orders.ErrOptions) != test.invalid || (err != nil) != test.invalid || got.From != test.from || got.AsOf != test.asOf {
			t.Errorf("%s: %d to %d, %v", test.name, got.From, got.AsOf, err)
		}
	}
}

// TestScopeWithinShares: what Within returns has nothing in common with its scope.
func TestScopeWithinShares(t *testing.T) {
	s := orders.Scope{Where: []orders.Where{{Dimension: orders.ByGroup, In: []string{"a", "b"}}, {Dimension: orders.ByChannel}}}
	got, err := s.Within(orders.Control{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "{  [{group [a b]} {channel []}]}"
	if text := fmt.Sprint(got); text != want {
		t.Errorf("%s, want %s", text, want)
	}
	s.Where[0].In[0] = "changed"
	s.Where[1].Dimension = "changed"
	if text := fmt.Sprint(got); text != want {
		t.Errorf("%s after the scope changed", text)
	}
}
