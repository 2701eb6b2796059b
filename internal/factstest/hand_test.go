package factstest_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
)

// read reads lines from a table of "day customer order revenue [field=value …]",
// day being a date or the number of days since 2024-01-01, "." a blank.
func read(t testing.TB, table string) []orders.Line {
	t.Helper()
	var lines []orders.Line
	for row := range strings.Lines(table) {
		f := strings.Fields(row)
		if len(f) == 0 {
			continue
		}
		l := orders.Line{Date: day(t, f[0]), Customer: blank(f[1]), Order: blank(f[2]), Revenue: amount(f[3])}
		for _, extra := range f[4:] {
			field, value, _ := strings.Cut(extra, "=")
			switch field {
			case "base":
				l.Base = value
			case "org":
				l.Organisation = value
			case "name":
				l.CustomerName = value
			case "since":
				l.Since = day(t, value)
			case "seller":
				l.Salesperson = value
			case "product":
				l.Product = value
			case "cogs":
				l.COGS = orders.Known(amount(value))
			case "cancelled":
				l.Cancelled = true
			default:
				t.Fatalf("field %q", field)
			}
		}
		lines = append(lines, l)
	}
	return lines
}

func blank(s string) string {
	if s == "." {
		return ""
	}
	return s
}

func day(t testing.TB, s string) orders.Date {
	t.Helper()
	if strings.Contains(s, "-") {
		d, err := orders.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	var n int
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return orders.NewDate(2024, 1, 1) + orders.Date(n)
}

// dealer is an implementation that shows its deals.
type dealer interface{ Deals() iter.Seq[orders.Deal] }

// deals writes the deals of f as "day customer order revenue N/Of side".
func deals(f orders.Facts) []string {
	var rows []string
	for d := range f.(dealer).Deals() {
		order := d.Order
		if order == "" {
			order = "."
		}
		row := fmt.Sprintf("%d %s %s %s %d/%d %s", d.Day-orders.NewDate(2024, 1, 1), d.Customer, order, d.Tally.Revenue, d.N, d.Of, d.Side)
		if d.Tally.Purchases > 0 {
			row += " +"
		}
		rows = append(rows, row)
	}
	return rows
}

// TestDeals holds the numbering and the sides to tables worked out by hand from
// definitions §1 and §2. A row is "day customer order revenue N/Of side", with a
// + on the first deal of each purchase.
func TestDeals(t *testing.T) { each(t, testDeals) }

func testDeals(t *testing.T, open opener) {
	complete := orders.Options{HistoryComplete: true}
	perDeal := orders.Options{HistoryComplete: true, Purchase: orders.PerDeal}
	tests := []struct {
		name    string
		options orders.Options
		lines   string
		want    string
	}{
		{"a day is one purchase, by order id, shorter first", complete, `
			5 c o10 100
			5 c o9 50
			0 c o11 70`, `
			0 c o11 70 1/1 first +
			5 c o9 50 2/2 repeat +
			5 c o10 100 2/2 repeat`},
		{"every deal is a purchase", perDeal, `
			5 c o10 100
			5 c o9 50
			0 c o11 70`, `
			0 c o11 70 1/1 first +
			5 c o9 50 2/2 repeat +
			5 c o10 100 3/3 repeat +`},
		{"an order without an id is the customer's day", complete, `
			3 c . 10
			3 c . 20
			4 c . 5`, `
			3 c . 30 1/1 first +
			4 c . 5 2/2 repeat +`},
		{"a deal's day is its earliest, 181 days later it is another", complete, `
			20 c o 10
			7 c o 20
			200 c o 30
			381 c o 40`, `
			7 c o 60 1/1 first +
			381 c o 40 2/2 repeat +`},
		{"organisations and customers have orders of their own", complete, `
			1 c o 10 org=B
			1 c o 20 org=A
			1 d o 40`, `
			1 c o 20 1/1 first +
			1 c o 10 1/1 first
			1 d o 40 1/1 first +`},
		{"a return inside the day nets", complete, `
			1 c o1 100
			2 c o2 80
			2 c r -30`, `
			1 c o1 100 1/1 first +
			2 c r -30 2/2 repeat +
			2 c o2 80 2/2 repeat`},
		{"a day that nets to nothing is no purchase", complete, `
			1 c o1 100
			2 c o2 80
			2 c r -80
			3 c o3 10`, `
			1 c o1 100 1/1 first +
			2 c r -80 0/1 first
			2 c o2 80 0/1 first
			3 c o3 10 2/2 repeat +`},
		{"a day of zero is a purchase if so decided", orders.Options{HistoryComplete: true, CountZero: true}, `
			1 c o1 0
			2 c o2 -5
			3 c o3 0`, `
			1 c o1 0 1/1 first +
			2 c o2 -5 0/1 first
			3 c o3 0 2/2 repeat +`},
		{"a return goes to the latest purchase before it", complete, `
			1 c o1 100
			2 c o2 100
			3 c r -150
			4 c o4 1`, `
			1 c o1 100 1/1 first +
			2 c o2 100 2/2 repeat +
			3 c r -150 0/2 repeat
			4 c o4 1 3/3 repeat +`},
		{"a return goes to its base", complete, `
			1 c o1 100
			2 c o2 100
			3 c r -50 base=o1
			3 c o3 20`, `
			1 c o1 100 1/1 first +
			2 c o2 100 2/2 repeat +
			3 c r -50 0/1 first
			3 c o3 20 3/3 repeat +`},
		{"a return of the same day nets whatever its base", complete, `
			1 c o1 100
			2 c o2 100
			2 c r -200 base=o2`, `
			1 c o1 100 1/1 first +
			2 c r -200 0/1 first
			2 c o2 100 0/1 first`},
		{"a base of another organisation, or that is no purchase, is none", complete, `
			1 c o1 100 org=A
			2 c o2 100 org=A
			3 c r1 -10 org=B base=o1
			4 c o3 -1 org=A
			5 c r2 -10 org=A base=o3`, `
			1 c o1 100 1/1 first +
			2 c o2 100 2/2 repeat +
			3 c r1 -10 0/2 repeat
			4 c o3 -1 0/2 repeat
			5 c r2 -10 0/2 repeat`},
		{"the base is the latest order of that id", complete, `
			1 c o 100
			2 c p 100
			300 c o 100
			301 c q 100
			302 c r -10 base=o`, `
			1 c o 100 1/1 first +
			2 c p 100 2/2 repeat +
			300 c o 100 3/3 repeat +
			301 c q 100 4/4 repeat +
			302 c r -10 0/3 repeat`},
		{"an order of the day itself is the base rather than an older one", complete, `
			1 c oo 100
			2 c p 100
			202 c oo 100
			202 c r -30 base=oo`, `
			1 c oo 100 1/1 first +
			2 c p 100 2/2 repeat +
			202 c r -30 3/3 repeat +
			202 c oo 100 3/3 repeat`},
		{"a return of nothing proves an old customer", complete, `
			1 c r -5
			2 c o1 100
			3 c o2 100`, `
			1 c r -5 0/0 unmatched
			2 c o1 100 1/1 repeat +
			3 c o2 100 2/2 repeat +`},
		{"free goods before the first purchase prove nothing", complete, `
			1 c f 0
			2 c o1 100`, `
			1 c f 0 0/0 unmatched
			2 c o1 100 1/1 first +`},
		{"a return before the purchase of its day", perDeal, `
			1 c a -5
			1 c bb 100
			1 c cc 0
			2 c dd -7
			2 c ee 9`, `
			1 c a -5 0/1 first
			1 c bb 100 1/1 first +
			1 c cc 0 0/1 first
			2 c dd -7 0/1 first
			2 c ee 9 2/2 repeat +`},
		{"a return before any purchase, per deal", perDeal, `
			1 c a -5
			2 c bb 100`, `
			1 c a -5 0/0 unmatched
			2 c bb 100 1/1 repeat +`},
		{"a known first day", orders.Options{BurnIn: 1}, `
			100 a o 1 since=100
			100 b o 1 since=99
			101 b p 1
			100 c o 1 since=300
			100 d o 1
			200 e o 1`, `
			100 a o 1 1/1 first +
			100 b o 1 1/1 repeat +
			101 b p 1 2/2 repeat +
			100 c o 1 1/1 first +
			100 d o 1 1/1 unknown +
			200 e o 1 1/1 first +`},
		{"the since of any line counts, that of a cancelled one does not", orders.Options{BurnIn: 1}, `
			100 a o 1
			300 a p 1 since=99
			300 a p 1 since=120
			100 b o 1
			300 b p 1 since=99 cancelled`, `
			100 a o 1 1/1 repeat +
			300 a p 2 2/2 repeat +
			100 b o 1 1/1 unknown +`},
		{"a list of earlier customers", orders.Options{Earlier: []string{"b"}}, `
			0 a o 1
			0 b o 1`, `
			0 a o 1 1/1 first +
			0 b o 1 1/1 repeat +`},
		{"prefixes of returns and cancellations", orders.Options{HistoryComplete: true, Return: []string{"R"}, Cancel: []string{"C"}}, `
			1 c o1 100
			2 c R1 30
			2 c R1 -10
			3 c C1 500`, `
			1 c o1 100 1/1 first +
			2 c R1 -40 0/1 first`},
		{"nobody in particular, by id, by any name, by blank", complete, `
			1 GUEST o 1
			1 x o 1
			2 x p 1 name=Аноним
			1 . o 1
			1 y o 1
			2 y p 1 name=guest cancelled
			1 z o 1`, `
			1 z o 1 1/1 first +`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := deals(open(t, read(t, test.lines), test.options))
			var want []string
			for row := range strings.Lines(test.want) {
				if row = strings.TrimSpace(row); row != "" {
					want = append(want, row)
				}
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// TestBurnIn works the product-limit estimate out by hand. Gaps, as (length,
// day of the export on which they end): (10, 10), (10, 20), (30, 30), (5, 5) and
// eight of (5, 55). Longest first: R(30) = 1 + 8, for only they ended late enough
// for a gap of 30 to be seen, so F(10) = 1 − 1/9 = 0.889 < 0.9, and the quantile
// is 30. (Without the correction it would be 11/12 = 0.917 ≥ 0.9 and 10.)
func TestBurnIn(t *testing.T) { each(t, testBurnIn) }

func testBurnIn(t *testing.T, open opener) {
	table := `
		0 a o1 1
		10 a o2 1
		20 a o3 1
		0 b o1 1
		30 b o2 1
		0 c o1 1
		5 c o2 1
		99 d o1 1`
	for i := range 8 {
		table += fmt.Sprintf("\n50 e%d o1 1\n55 e%d o2 1", i, i)
	}
	c := control(t, open(t, read(t, table), orders.Options{}))
	if c.BurnIn != 30 || c.KnownFrom != day(t, "30") || c.Complete {
		t.Errorf("burn-in %d, known from %s, complete %v", c.BurnIn, c.KnownFrom, c.Complete)
	}
	// Half of the 100 days is 50, and half less 60 is below 0: all nine of the
	// second half count, and none was there before.
	if c.LateOld != 0 {
		t.Errorf("q is %v", c.LateOld)
	}

	// With one more R(30) = 10 and F(10) is 0.9, no less, so that 10 is the quantile.
	c = control(t, open(t, read(t, table+"\n50 f o1 1\n55 f o2 1"), orders.Options{}))
	if c.BurnIn != 10 {
		t.Errorf("burn-in %d where F(10) is 0.9", c.BurnIn)
	}

	c = control(t, open(t, read(t, "0 a o 1\n9 b o 1"), orders.Options{}))
	if c.BurnIn != 10 || c.KnownFrom != c.LastDay+1 {
		t.Errorf("without gaps the burn-in is %d, known from %s", c.BurnIn, c.KnownFrom)
	}
}

// TestLateOld works the back-test out by hand: 400 days, the middle is day 200,
// and customers first seen there from day 300 (burn-in 100) count: x, who was
// there on day 10, y, z and v, who were not.
func TestLateOld(t *testing.T) { each(t, testLateOld) }

func testLateOld(t *testing.T, open opener) {
	f := open(t, read(t, `
		0 u o 1
		10 x o 1
		320 x p 1
		310 y o 1
		310 z o 1
		150 w o 1
		250 w p 1
		399 v o 1`), orders.Options{BurnIn: 100})
	c := control(t, f)
	if c.LateOld != 0.25 || c.KnownFrom != day(t, "100") || c.Span() != 400 {
		t.Errorf("q %v, known from %s, span %d", c.LateOld, c.KnownFrom, c.Span())
	}
	rows := strings.Join(deals(f), "\n")
	for _, want := range []string{"0 u o 1 1/1 unknown +", "10 x o 1 1/1 unknown +", "320 x p 1 2/2 repeat +", "150 w o 1 1/1 first +"} {
		if !strings.Contains(rows, want) {
			t.Errorf("no %q among\n%s", want, rows)
		}
	}
	table := "0 a o 1\n399 b o 1"
	if c := control(t, open(t, read(t, table), orders.Options{BurnIn: 200})); c.KnownFrom != day(t, "200") {
		t.Errorf("burn-in of half the export: known from %s", c.KnownFrom)
	}
	if c := control(t, open(t, read(t, table), orders.Options{BurnIn: 201})); c.KnownFrom != c.LastDay+1 {
		t.Errorf("burn-in over half the export: known from %s", c.KnownFrom)
	}
}

// TestControl adds up a small export by hand.
func TestControl(t *testing.T) { each(t, testControl) }

func testControl(t *testing.T, open opener) {
	c := control(t, open(t, read(t, `
		0 a o1 100 cogs=60
		1 . o2 7
		5 guest o3 8
		6 b o4 -20
		9 a o5 50 cancelled
		20 guest o6 30 cancelled
		25 b o7 5
		31 b o8 1000`), orders.Options{AsOf: day(t, "30"), HistoryComplete: true}))
	for name, pair := range map[string][2]orders.Amount{
		"export": {c.Export, amount("180")}, "identified": {c.Identified, amount("85")},
		"anonymous": {c.Anonymous, amount("15")}, "cancelled": {c.Cancelled, amount("80")},
		"read": {c.MoneyRead, amount("1180")}, "skipped": {c.Skipped[0].Money, amount("1000")},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", name, pair[0], pair[1])
		}
	}
	for name, pair := range map[string][2]int64{
		"rows": {c.RowsRead, 8}, "accepted": {c.Accepted, 7}, "skipped": {c.Skipped[0].Rows, 1},
		"anonymous": {c.AnonymousLines, 2}, "cancelled": {c.CancelledLines, 2},
		"customers": {c.Customers, 2}, "deals": {c.Deals, 3}, "purchases": {c.Purchases, 2},
		"pause": {int64(c.LongestPause), 18}, "last day": {int64(c.LastDay), int64(day(t, "30"))},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %d, want %d", name, pair[0], pair[1])
		}
	}
}
