package abcxyz

import (
	"math"
	"strings"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/columns"
)

// Record returns the probabilities as a record of mem, one row an item, by rank,
// with the columns rank, item, name, abc, same_abc, xyz and same_xyz, then p_a,
// p_b and so on for each of ABC, and p_x, p_y, p_z and p_undefined. What is not
// known is null. The caller releases it.
func (s *Stability) Record(mem memory.Allocator) arrow.Record {
	item := func(i int) *Item { return &s.Ranking.Items[i] }
	all := []columns.Column{
		columns.Integer("rank", func(i int) int64 { return int64(item(i).Rank) }),
		columns.Text("item", func(i int) string { return item(i).ID }),
		columns.Text("name", func(i int) string { return item(i).Name }),
		columns.Text("abc", func(i int) string { return item(i).ABC.String() }),
		columns.Number("same_abc", func(i int) float64 { return s.Items[i].SameABC }),
		columns.Text("xyz", func(i int) string { return item(i).XYZ.String() }),
		columns.Number("same_xyz", func(i int) float64 { return s.Items[i].SameXYZ }),
	}
	at := func(p []float64, k int) float64 {
		if k < len(p) {
			return p[k]
		}
		return math.NaN()
	}
	for k, c := range s.ABC {
		all = append(all, columns.Number("p_"+strings.ToLower(c.String()), func(i int) float64 { return at(s.Items[i].ABC, k) }))
	}
	for k, c := range s.XYZ {
		name := "p_" + strings.ToLower(c.String())
		if c == Undefined {
			name = "p_undefined"
		}
		all = append(all, columns.Number(name, func(i int) float64 { return at(s.Items[i].XYZ, k) }))
	}
	return columns.Record(mem, len(s.Items), all)
}
