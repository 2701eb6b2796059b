package segments_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// desk is a sales desk of two: what was to be done in December and what was.
func desk(t *testing.T) (orders.Facts, segments.ContactOptions) {
	lines := slices.Concat(served("Ivan", slices.Concat(beat("a", 3, 400), beat("b", 3), beat("x", 3))), served("Olga", slices.Concat(beat("c", 3), beat("d", 90))), beat("free", 5))
	day := func(d int) orders.Date { return orders.NewDate(2024, 12, d) }
	return collect(t, lines), segments.ContactOptions{
		Classes: map[string]string{"a": "A", "c": "A", "b": "B", "d": "B", "x": "no norm"},
		Norms:   []segments.ContactNorm{{Class: "B", PerMonth: orders.One / 2}, {Class: "A", PerMonth: 4 * orders.One}},
		Contacts: []segments.Contact{
			{Customer: "a", Day: day(1)}, {Customer: "a", Day: day(1), Count: 3}, {Customer: "a", Day: day(31)},
			{Customer: "c", Day: day(10), Count: 2}, {Customer: "x", Day: day(5)}, {Customer: "free", Day: day(6), Count: 7},
			{Customer: "d", Day: day(1) - 1, Count: 5}, {Customer: "b", Day: asOf + 1}, // outside
			{Customer: "stranger", Day: day(9), Count: 4}, {Customer: "stranger", Day: asOf + 9},
		},
	}
}

// TestContacts is worked out by hand: A is to be touched four times a month, B
// every other month.
func TestContacts(t *testing.T) {
	f, o := desk(t)
	r, err := segments.Contacts(ctx, f, o)
	if err != nil {
		t.Fatal(err)
	}
	norm := func(v int64) orders.NullAmount { return orders.Known(orders.Amount(v) * orders.One / 2) } // in halves
	none := orders.NullAmount{}
	want := &segments.ContactResult{
		From: orders.NewDate(2024, 12, 1), AsOf: asOf, Norms: o.Norms, Outside: 7, Elsewhere: 4,
		Customers: []segments.ContactCustomer{
			{ID: "a", Name: "a", Owner: "Ivan", Class: "A", Norm: norm(8), Fact: 5, Deviation: norm(2), LastContact: asOf},
			{ID: "b", Name: "b", Owner: "Ivan", Class: "B", Norm: norm(1), Deviation: norm(-1)},
			{ID: "c", Name: "c", Owner: "Olga", Class: "A", Norm: norm(8), Fact: 2, Deviation: norm(-4), LastContact: asOf - 21},
			{ID: "d", Name: "d", Owner: "Olga", Class: "B", Norm: norm(1), Deviation: norm(-1), LastContact: asOf - 31},
			{ID: "free", Name: "free", Fact: 7, LastContact: asOf - 25},
			{ID: "x", Name: "x", Owner: "Ivan", Class: "no norm", Fact: 1, LastContact: asOf - 26},
		},
		Groups: []segments.ContactSums{
			{Customers: 1, Fact: 7},
			{Salesperson: "Ivan", Class: "B", Customers: 1, Normed: 1, Norm: norm(1), Deviation: norm(-1), Untouched: 1},
			{Salesperson: "Ivan", Class: "A", Customers: 1, Fact: 5, Normed: 1, Counted: 5, Norm: norm(8), Deviation: norm(2), Met: 1},
			{Salesperson: "Ivan", Class: "no norm", Customers: 1, Fact: 1},
			{Salesperson: "Olga", Class: "B", Customers: 1, Normed: 1, Norm: norm(1), Deviation: norm(-1), Untouched: 1},
			{Salesperson: "Olga", Class: "A", Customers: 1, Fact: 2, Normed: 1, Counted: 2, Norm: norm(8), Deviation: norm(-4)},
		},
		Salespersons: []segments.ContactSums{
			{Customers: 1, Fact: 7, Norm: none},
			{Salesperson: "Ivan", Customers: 3, Fact: 6, Normed: 2, Counted: 5, Norm: norm(9), Deviation: norm(1), Met: 1, Untouched: 1},
			{Salesperson: "Olga", Customers: 2, Fact: 2, Normed: 2, Counted: 2, Norm: norm(9), Deviation: norm(-5), Untouched: 1},
		},
		Classes: []segments.ContactSums{
			{Class: "B", Customers: 2, Normed: 2, Norm: norm(2), Deviation: norm(-2), Untouched: 2},
			{Class: "A", Customers: 2, Fact: 7, Normed: 2, Counted: 7, Norm: norm(16), Deviation: norm(-2), Met: 1},
			{Class: "", Customers: 1, Fact: 7},
			{Class: "no norm", Customers: 1, Fact: 1},
		},
		Total: segments.ContactSums{Customers: 6, Fact: 15, Normed: 4, Counted: 7, Norm: norm(18), Deviation: norm(-4), Met: 1, Untouched: 2},
	}
	if d := factstest.Diff(want, r); d != "" {
		t.Errorf("%s\n%+v", d, r)
	}
}

// TestContactRange: a norm a month is worth its days of each calendar month.
func TestContactRange(t *testing.T) {
	f, o := desk(t)
	for _, test := range []struct {
		name     string
		from, to orders.Date
		norm     string // of the 4 a month of class A
		fact     int64  // with a
	}{
		{"one day of 31", orders.NewDate(2024, 12, 31), 0, "0.129", 1},
		{"half of November and all of December", orders.NewDate(2024, 11, 16), 0, "6", 5},
		{"leap February to the 29th", orders.NewDate(2024, 2, 1), orders.NewDate(2024, 2, 29), "4", 0},
		{"a week of February", orders.NewDate(2024, 2, 10), orders.NewDate(2024, 2, 16), "0.9655", 0},
		{"the last day's month", 0, orders.NewDate(2024, 12, 15), "1.9355", 4}, // 4 × 15/31
		{"a year", orders.NewDate(2024, 1, 1), 0, "48", 5},
	} {
		o.From, o.Scope.AsOf = test.from, test.to
		r, err := segments.Contacts(ctx, f, o)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Customers, func(c segments.ContactCustomer) bool { return c.ID == "a" })
		if i < 0 || r.Customers[i].Norm.String() != test.norm || r.Customers[i].Fact != test.fact {
			t.Errorf("%s: %+v, want %s and %d", test.name, r.Customers, test.norm, test.fact)
		}
	}
}

// TestContactsInvalid: each error names what is wrong.
func TestContactsInvalid(t *testing.T) {
	f, _ := desk(t)
	contact := func(c segments.Contact) segments.ContactOptions {
		return segments.ContactOptions{Contacts: []segments.Contact{{Customer: "a", Day: 1}, c}}
	}
	norm := func(v ...segments.ContactNorm) segments.ContactOptions {
		return segments.ContactOptions{Norms: v}
	}
	for name, test := range map[string]struct {
		o    segments.ContactOptions
		want error
		text string
	}{
		"whose":          {contact(segments.Contact{Day: 1}), orders.ErrOptions, "Contacts[1].Customer"},
		"when":           {contact(segments.Contact{Customer: "a"}), orders.ErrOptions, "Contacts[1].Day"},
		"less than none": {contact(segments.Contact{Customer: "a", Day: 1, Count: -1}), orders.ErrOptions, "Contacts[1].Count = -1"},
		"without end":    {contact(segments.Contact{Customer: "a", Day: 1, Count: 1_000_001}), orders.ErrOptions, "Contacts[1].Count = 1000001"},
		"negative norm":  {norm(segments.ContactNorm{PerMonth: -1}), orders.ErrOptions, "Norms[0].PerMonth = -0.0001"},
		"norm of nobody": {norm(segments.ContactNorm{PerMonth: 10_001 * orders.One}), orders.ErrOptions, "Norms[0].PerMonth = 10001"},
		"two norms":      {norm(segments.ContactNorm{Class: "A"}, segments.ContactNorm{Class: "B"}, segments.ContactNorm{Class: "A"}), orders.ErrOptions, `Norms[2].Class = "A"`},
		"upside down":    {segments.ContactOptions{From: asOf + 1}, orders.ErrOptions, "From = 2025-01-01"},
		"a century":      {segments.ContactOptions{From: asOf - 36_526}, orders.ErrOptions, "From = 1924-12-30"},
		"scope":          {segments.ContactOptions{Scope: orders.Scope{From: 2, AsOf: 1}}, orders.ErrOptions, "Scope.From"},
		"another world":  {segments.ContactOptions{Scope: orders.Scope{Where: []orders.Where{{Dimension: "moon"}}}}, orders.ErrQuery, "moon"},
	} {
		if _, err := segments.Contacts(ctx, f, test.o); !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v, want %v with %q", name, err, test.want, test.text)
		}
	}
}

// TestContactsConserve: every contact is counted once, and groups, salespersons
// and classes are the customers added up; the order of contacts changes nothing.
func TestContactsConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, ok := drawFacts(t)
		if !ok {
			return
		}
		control, err := f.Control(ctx)
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{"a", "b", "c", "d", "ё", "nobody"}
		o := segments.ContactOptions{
			Norms: []segments.ContactNorm{{Class: "B", PerMonth: orders.Amount(rapid.IntRange(0, 50_000).Draw(t, "norm"))}, {Class: "A", PerMonth: orders.One}},
			From:  control.LastDay - orders.Date(rapid.IntRange(0, 100).Draw(t, "days")), Classes: map[string]string{},
		}
		for _, id := range ids {
			o.Classes[id] = rapid.SampledFrom([]string{"", "A", "B", "C"}).Draw(t, "class")
		}
		var given int64
		for range rapid.IntRange(0, 20).Draw(t, "contacts") {
			c := segments.Contact{Customer: rapid.SampledFrom(ids).Draw(t, "whom"), Day: control.LastDay - orders.Date(rapid.IntRange(-10, 150).Draw(t, "ago")), Count: int64(rapid.IntRange(0, 4).Draw(t, "count"))}
			o.Contacts = append(o.Contacts, c)
			given += max(c.Count, 1)
		}
		r, err := segments.Contacts(ctx, f, o)
		if err != nil {
			t.Fatal(err)
		}
		o.Contacts = rapid.Permutation(o.Contacts).Draw(t, "shuffled")
		if same, err := segments.Contacts(ctx, f, o); err != nil || factstest.Diff(r, same) != "" {
			t.Errorf("shuffled contacts: %s, %v", factstest.Diff(r, same), err)
		}
		if r.Total.Fact+r.Outside+r.Elsewhere != given {
			t.Errorf("%d + %d + %d contacts of %d", r.Total.Fact, r.Outside, r.Elsewhere, given)
		}
		// Each list again, by going through the customers for every row of it.
		check := func(name string, rows []segments.ContactSums, of func(segments.ContactCustomer, segments.ContactSums) bool) {
			matched := 0
			for _, s := range rows {
				want := segments.ContactSums{Salesperson: s.Salesperson, Class: s.Class}
				for _, c := range r.Customers {
					if !of(c, s) {
						continue
					}
					matched++
					want.Customers++
					want.Fact += c.Fact
					if c.Fact == 0 {
						want.Untouched++
					}
					if !c.Norm.Known {
						continue
					}
					want.Normed++
					want.Counted += c.Fact
					want.Norm = orders.Known(want.Norm.Amount + c.Norm.Amount)
					want.Deviation = orders.Known(orders.Amount(want.Counted)*orders.One - want.Norm.Amount)
					if orders.Amount(c.Fact)*orders.One >= c.Norm.Amount {
						want.Met++
					}
				}
				if s != want {
					t.Errorf("%s: %+v, want %+v", name, s, want)
				}
			}
			if matched != len(r.Customers) {
				t.Errorf("%s: %d customers of %d", name, matched, len(r.Customers))
			}
		}
		check("groups", r.Groups, func(c segments.ContactCustomer, s segments.ContactSums) bool {
			return c.Owner == s.Salesperson && c.Class == s.Class
		})
		check("salespersons", r.Salespersons, func(c segments.ContactCustomer, s segments.ContactSums) bool { return c.Owner == s.Salesperson })
		check("classes", r.Classes, func(c segments.ContactCustomer, s segments.ContactSums) bool { return c.Class == s.Class })
		check("total", []segments.ContactSums{r.Total}, func(segments.ContactCustomer, segments.ContactSums) bool { return true })
	})
}

// TestContactRecords looks at one row of each record, nulls included.
func TestContactRecords(t *testing.T) {
	f, o := desk(t)
	r, err := segments.Contacts(ctx, f, o)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		record func(memory.Allocator) arrow.Record
		rows   int64
		row    int
		want   string
	}{
		"group":            {r.Record, 6, 2, "owner=Ivan class=A customers=1 norm=4 fact=5 deviation=1 met=1 untouched=0"},
		"group of nobody":  {r.Record, 6, 0, "owner=(null) class=(null) customers=1 norm=(null) fact=7 deviation=(null) met=0 untouched=0"},
		"customer":         {r.CustomerRecord, 6, 1, "customer=b name=b owner=Ivan class=B norm=0.5 fact=0 deviation=-0.5 last_contact=(null)"},
		"customer of none": {r.CustomerRecord, 6, 4, "customer=free name=free owner=(null) class=(null) norm=(null) fact=7 deviation=(null) last_contact=2024-12-06"},
	} {
		if got, rows := orderstest.Row(t, test.record, test.row); rows != test.rows || got != test.want {
			t.Errorf("%s: row of %d, want %d\ngot  %s\nwant %s", name, rows, test.rows, got, test.want)
		}
	}
}
