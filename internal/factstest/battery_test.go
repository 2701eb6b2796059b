package factstest_test

import (
	"errors"
	"math"
	"testing"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// TestNaiveConserves holds the naive facts to their own control, and to
// themselves after a shuffle of the lines.
func TestNaiveConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, o := factstest.Lines(t), factstest.Options(t)
		f, err := factstest.Open(lines, o)
		if errors.Is(err, orders.ErrNoRows) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		factstest.Conserve(t, f)
		shuffled, err := factstest.Open(rapid.Permutation(lines).Draw(t, "shuffled"), o)
		if err != nil {
			t.Fatal(err)
		}
		factstest.Equal(t, f, shuffled, factstest.Queries(t)...)
	})
}

func TestDiff(t *testing.T) {
	type node struct {
		Value  float64
		hidden []int
		Next   *node
		ByName map[string]any
	}
	a := &node{Value: math.NaN(), hidden: []int{1}, Next: &node{Value: 1}, ByName: map[string]any{"x": 1}}
	tests := []struct {
		name string
		b    *node
		want string
	}{
		{"the same", &node{math.NaN(), []int{1}, &node{Value: 1, hidden: []int{}}, map[string]any{"x": 1}}, ""},
		{"a number", &node{2, []int{1}, &node{Value: 1}, map[string]any{"x": 1}}, ".Value: NaN against 2"},
		{"an unexported element", &node{math.NaN(), []int{2}, &node{Value: 1}, map[string]any{"x": 1}}, ".hidden[0]: 1 against 2"},
		{"behind a pointer", &node{math.NaN(), []int{1}, &node{Value: -1}, map[string]any{"x": 1}}, ".Next.Value: 1 against -1"},
		{"in a map", &node{math.NaN(), []int{1}, &node{Value: 1}, map[string]any{"x": 2}}, ".ByName[x]: 1 against 2"},
		{"another type in a map", &node{math.NaN(), []int{1}, &node{Value: 1}, map[string]any{"x": "1"}}, ".ByName[x]: 1 against 1"},
		{"another key", &node{math.NaN(), []int{1}, &node{Value: 1}, map[string]any{"y": 1}}, ".ByName: only one has x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := factstest.Diff(a, test.b); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
