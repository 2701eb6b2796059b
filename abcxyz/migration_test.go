package abcxyz_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

func migrate(t rapid.TB, f orders.Facts, o abcxyz.MigrationOptions) *abcxyz.Migration {
	t.Helper()
	m, err := abcxyz.Migrate(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMigration(t *testing.T) {
	day := orders.NewDate(2024, 1, 1)
	var lines []orders.Line
	for _, s := range []struct {
		id      string
		day     orders.Date // since the first
		revenue orders.Amount
	}{
		// The first 15 days: a 70 (A), b 20 (A, it crosses 80), c 6 (B), d 4 (C), e −5 (N).
		{"a", 0, 70}, {"b", 3, 20}, {"c", 5, 6}, {"d", 6, 4}, {"e", 14, -5},
		// The other 15: b 60 (A), c 25 (A), f 11 (B), d 4 (C), g −1 (N).
		{"b", 15, 60}, {"c", 16, 25}, {"f", 20, 11}, {"d", 28, 4}, {"g", 29, -1},
	} {
		lines = append(lines, orders.Line{Customer: s.id, Date: day + s.day, Revenue: s.revenue * orders.One})
	}
	f := open(t, lines)
	m := migrate(t, f, abcxyz.MigrationOptions{})
	if o := m.Options; o.Start != day+14 || o.End != day+29 || o.Days != 15 || o.Ranking.Scope.From != day || o.Ranking.Scope.AsOf != day+29 || len(m.Warnings) != 0 {
		t.Errorf("%+v, %+v", o, m.Warnings)
	}
	if s := m.Start.Options.Scope; s.From != day || s.AsOf != day+14 {
		t.Errorf("the ranking at the start is of %s to %s", s.From, s.AsOf)
	}
	if s := m.End.Options.Scope; s.From != day+15 || s.AsOf != day+29 {
		t.Errorf("the ranking at the end is of %s to %s", s.From, s.AsOf)
	}

	cell := func(items int, start, end orders.Amount) abcxyz.Transition {
		return abcxyz.Transition{Items: items, Start: start * orders.One, End: end * orders.One}
	}
	none := abcxyz.Transition{}
	want := abcxyz.Transitions[abcxyz.ABC]{
		Classes: []abcxyz.ABC{abcxyz.A, abcxyz.B, abcxyz.C, abcxyz.N},
		Cells: [][]abcxyz.Transition{ // to A, B, C, N, left
			{cell(1, 20, 60), none, none, none, cell(1, 70, 0)},
			{cell(1, 6, 25), none, none, none, none},
			{none, none, cell(1, 4, 4), none, none},
			{none, none, none, none, cell(1, -5, 0)},
			{none, cell(1, 0, 11), none, cell(1, 0, -1), none},
		},
		RowTotals:    []abcxyz.Transition{cell(2, 90, 60), cell(1, 6, 25), cell(1, 4, 4), cell(1, -5, 0), cell(2, 0, 10)},
		ColumnTotals: []abcxyz.Transition{cell(2, 26, 85), cell(1, 0, 11), cell(1, 4, 4), cell(1, 0, -1), cell(2, 65, 0)},
		Total:        cell(7, 95, 99),
	}
	if d := factstest.Diff(want, m.ABC); d != "" {
		t.Error(d)
	}
	if m.ABC.Cell(abcxyz.B, abcxyz.A) != cell(1, 6, 25) || m.ABC.Entered(abcxyz.B) != cell(1, 0, 11) || m.ABC.Left(abcxyz.A) != cell(1, 70, 0) {
		t.Error("a cell is not where its classes are")
	}
	if c := m.XYZ.Cell(abcxyz.OneOff, abcxyz.Undefined); c != cell(3, 30, 89) { // b, c and d bought twice by the end
		t.Errorf("%+v", c)
	}

	wantRows(t, m.Record, "item|name|start_rank|start_value|start_abc|start_xyz|end_rank|end_value|end_abc|end_xyz",
		"b|b|2|20|A|one-off|1|60|A|–",
		"c|c|3|6|B|one-off|2|25|A|–",
		"f|f|null|null|null|null|3|11|B|one-off",
		"d|d|4|4|C|one-off|4|4|C|–",
		"g|g|null|null|null|null|5|-1|N|–",
		"a|a|1|70|A|one-off|null|null|null|null",
		"e|e|5|-5|N|–|null|null|null|null")
	two := m.ABC
	two.Classes, two.Cells = two.Classes[:1], [][]abcxyz.Transition{{two.Cells[0][0], two.Cells[0][4]}, {two.Cells[4][0], two.Cells[4][4]}}
	wantRows(t, two.Record, "from|to|items|start|end", "A|A|1|20|60", "A|null|1|70|0", "null|A|0|0|0", "null|null|0|0|0")
}

// TestMigrationDays: days that overlap, that are too few, and that leave nothing at the start.
func TestMigrationDays(t *testing.T) {
	day := orders.NewDate(2024, 1, 1)
	f := open(t, months(t, "a 3 b 1", "a 1 b 5", "c 9"))
	last := orders.NewDate(2024, 3, 1)
	for _, test := range []struct {
		name    string
		options abcxyz.MigrationOptions
		missing int64
		moved   string // item, class at the start, class at the end
	}{
		{"overlapping", abcxyz.MigrationOptions{Start: last - 1, Days: 60}, 0, "c–A bAA aAB"},
		{"the first day is too late", abcxyz.MigrationOptions{Start: day + 30, Days: 60}, 29, "c–A bAA aAB"},
		{"one day each", abcxyz.MigrationOptions{Start: day + 31, Days: 1}, 0, "c–A bA– aB–"},
		{"another end", abcxyz.MigrationOptions{End: day + 31}, 0, "bAA aAB"},
		{"before the scope", abcxyz.MigrationOptions{Start: day - 100}, 160, "c–A b–A a–A"},
		{"a later scope", abcxyz.MigrationOptions{Start: day + 31, Days: 40, Ranking: abcxyz.Options{Scope: orders.Scope{From: day + 31}}}, 39, "c–A bAA aBB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := migrate(t, f, test.options)
			var moved []string
			for _, i := range m.Items {
				class := func(i *abcxyz.Item) string {
					if i == nil {
						return "–"
					}
					return i.ABC.String()
				}
				moved = append(moved, i.Item().ID+class(i.Start)+class(i.End))
			}
			if got := strings.Join(moved, " "); got != test.moved {
				t.Errorf("%s, not %s", got, test.moved)
			}
			missing := int64(0)
			for _, w := range m.Warnings {
				if w.Code == abcxyz.WarnShortWindow {
					missing = w.Count
				}
			}
			if missing != test.missing {
				t.Errorf("%d days are missing, not %d", missing, test.missing)
			}
		})
	}
}

func drawMigration(t *rapid.T, o abcxyz.Options) abcxyz.MigrationOptions {
	return abcxyz.MigrationOptions{Ranking: o, Days: rapid.IntRange(0, 40).Draw(t, "days")}
}

// TestMigrationOracle looks every item up anew in two rankings, and holds rows
// and columns to their classes.
func TestMigrationOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, _, _, ranking := draw(t)
		m := migrate(t, f, drawMigration(t, ranking))
		at := func(from, asOf orders.Date) *abcxyz.Ranking {
			o := ranking
			o.Scope.From, o.Scope.AsOf = from, asOf
			return rankDrawn(t, f, o)
		}
		o := m.Options
		back := func(to orders.Date) orders.Date {
			return min(to, max(o.Ranking.Scope.From, to-orders.Date(o.Days)+1))
		}
		start, end := at(back(o.Start), o.Start), at(back(o.End), o.End)
		if d := factstest.Diff(start, m.Start) + factstest.Diff(end, m.End); d != "" {
			t.Error(d)
		}
		m.Start, m.End = start, end
		conserveMoves(t, m, m.ABC, func(i abcxyz.Item) abcxyz.ABC { return i.ABC })
		conserveMoves(t, m, m.XYZ, func(i abcxyz.Item) abcxyz.XYZ { return i.XYZ })
	})
}

// conserveMoves counts every cell anew and holds the margins to the rankings.
func conserveMoves[C abcxyz.ABC | abcxyz.XYZ](t *rapid.T, m *abcxyz.Migration, got abcxyz.Transitions[C], class func(abcxyz.Item) C) {
	t.Helper()
	find := func(r *abcxyz.Ranking, id string) *abcxyz.Item {
		for i := range r.Items {
			if r.Items[i].ID == id {
				return &r.Items[i]
			}
		}
		return nil
	}
	n := len(got.Classes)
	of := func(r *abcxyz.Ranking, id string) (int, orders.Amount) {
		i := find(r, id)
		if i == nil {
			return n, 0
		}
		return slices.Index(got.Classes, class(*i)), i.Value
	}
	want := make([][]abcxyz.Transition, n+1)
	for i := range want {
		want[i] = make([]abcxyz.Transition, n+1)
	}
	ids := map[string]bool{}
	for _, r := range []*abcxyz.Ranking{m.Start, m.End} {
		for _, i := range r.Items {
			ids[i.ID] = true
		}
	}
	for id := range ids {
		row, start := of(m.Start, id)
		column, end := of(m.End, id)
		c := &want[row][column]
		c.Items, c.Start, c.End = c.Items+1, c.Start+start, c.End+end
	}
	if d := factstest.Diff(want, got.Cells); d != "" {
		t.Error(d)
	}
	if got.Total.Items != len(ids) || len(m.Items) != len(ids) || got.Total.Start != m.Start.Total || got.Total.End != m.End.Total {
		t.Errorf("%+v of %d items, %s and %s", got.Total, len(ids), m.Start.Total, m.End.Total)
	}
	if got.Cells[n][n] != (abcxyz.Transition{}) {
		t.Errorf("neither at the start nor at the end: %+v", got.Cells[n][n])
	}
	for i := range n + 1 {
		var row, column abcxyz.Transition
		for k := range n + 1 {
			r, c := want[i][k], want[k][i]
			row = abcxyz.Transition{Items: row.Items + r.Items, Start: row.Start + r.Start, End: row.End + r.End}
			column = abcxyz.Transition{Items: column.Items + c.Items, Start: column.Start + c.Start, End: column.End + c.End}
		}
		if got.RowTotals[i] != row || got.ColumnTotals[i] != column {
			t.Errorf("row and column %d: %+v, %+v, not %+v, %+v", i, got.RowTotals[i], got.ColumnTotals[i], row, column)
		}
		if i < n {
			was, is := sumOf(m.Start, got.Classes[i], class), sumOf(m.End, got.Classes[i], class)
			if row.Start != was || column.End != is {
				t.Errorf("class %v brings %s and %s, its row and column %s and %s", got.Classes[i], was, is, row.Start, column.End)
			}
		}
	}
}

// sumOf returns what the items of a class bring.
func sumOf[C abcxyz.ABC | abcxyz.XYZ](r *abcxyz.Ranking, c C, class func(abcxyz.Item) C) (sum orders.Amount) {
	for _, i := range r.Items {
		if class(i) == c {
			sum += i.Value
		}
	}
	return sum
}

// TestMigrationHistory: neither the order of lines nor which Facts answer changes anything.
func TestMigrationHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, lines, ingest, ranking := draw(t)
		o := drawMigration(t, ranking)
		h, err := orders.Collect(context.Background(), orderstest.Rows(slices.Values(rapid.Permutation(lines).Draw(t, "permutation"))), ingest)
		if err != nil {
			t.Fatal(err)
		}
		got := migrate(t, h, o)
		h.Release()
		if d := factstest.Diff(migrate(t, f, o), got); d != "" {
			t.Error(d)
		}
	})
}

func TestMigrationOptions(t *testing.T) {
	f := open(t, months(t, "a 1", "b 1"))
	day := orders.NewDate(2024, 1, 1)
	for _, test := range []struct {
		name, field string
		options     abcxyz.MigrationOptions
	}{
		{"an end after the export", "End", abcxyz.MigrationOptions{End: day + 100}},
		{"a start at the end", "Start", abcxyz.MigrationOptions{Start: day + 31}},
		{"negative days", "Days", abcxyz.MigrationOptions{Days: -1}},
		{"a ranking that is invalid", "Rule", abcxyz.MigrationOptions{Ranking: abcxyz.Options{Rule: 99}}},
		{"a scope that ends before it begins", "Scope.From", abcxyz.MigrationOptions{Ranking: abcxyz.Options{Scope: orders.Scope{From: 2, AsOf: 1}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := abcxyz.Migrate(context.Background(), f, test.options)
			wantOptionError(t, err, test.field)
		})
	}
}
