package company

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/repeatsales/repeatsales/orders"
)

var update = flag.Bool("update", false, "write the files in testdata anew")

const testdata = "../../testdata"

// TestFiles holds testdata to what the generator writes.
func TestFiles(t *testing.T) {
	c, size := Generate(1), 0
	for _, f := range Files() {
		t.Run(f.Name, func(t *testing.T) {
			var b bytes.Buffer
			if err := f.Write(c, &b); err != nil {
				t.Fatal(err)
			}
			size += b.Len()
			path := filepath.Join(testdata, f.Name)
			if *update {
				if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			committed, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(committed, b.Bytes()) {
				t.Errorf("%s is not what the generator writes; if that is meant, run the test with -update", path)
			}
		})
	}
	if size > 4_000_000 {
		t.Errorf("the files have %d bytes, more than a repository should be asked to hold", size)
	}
}

// TestShape says what the company is like: the figures that the examples show.
func TestShape(t *testing.T) {
	c := Generate(1)
	truth := c.Truth()
	between := func(name string, got, low, high float64) {
		t.Helper()
		if !(got >= low && got <= high) {
			t.Errorf("%s: %v, want %v…%v", name, got, low, high)
		}
	}
	groups, patterns := map[string]bool{}, map[Pattern]int{}
	for _, p := range c.Products {
		groups[p.Group] = true
	}
	var first, repeat orders.Amount
	isNew, lapsed, handed := 0, 0, 0
	for _, k := range c.Customers {
		patterns[k.Pattern]++
		first += k.FirstRevenue
		repeat += k.RepeatRevenue
		isNew += count(k.New)
		lapsed += count(k.Lapsed != 0)
		handed += count(k.Handover != 0)
	}
	customers := float64(len(c.Customers))
	between("lines", float64(len(c.Sold)), 11_500, 12_500)
	between("customers", customers, 570, 630)
	between("products", float64(len(c.Products)), 300, 300)
	between("groups", float64(len(groups)), 10, 10)
	between("salespersons", float64(len(c.Salespersons)), 8, 8)
	between("months", float64(len(truth.Months)), 24, 24)
	between("true repeat share", repeat.Float64()/(first+repeat).Float64(), 0.65, 0.85)
	between("share of customers who are new", float64(isNew)/customers, 0.5, 0.75)
	between("share of customers who lapsed", float64(lapsed)/customers, 0.3, 0.7)
	between("share of customers handed over", float64(handed)/customers, 0.3, 0.7)
	between("share of revenue whose cost is known", truth.Costed.Float64()/truth.Identified.Float64(), 0.95, 0.995)
	for _, p := range []Pattern{Regular, Erratic, OneOff} {
		between(string(p), float64(patterns[p])/customers, 0.1, 0.7)
	}
	for _, m := range truth.Months {
		if m.New < 5 || m.Returning < 50 || m.First <= 0 || m.Repeat <= 0 {
			t.Errorf("%s is poor in customers: %+v", m.Month, m)
		}
	}
}

// TestDifficulties counts what makes an export hard to read: none may be missing.
func TestDifficulties(t *testing.T) {
	c := Generate(1)
	dates, revenue := map[string]orders.Date{}, map[string]orders.Amount{}
	for _, l := range append(slices.Clone(c.Before), c.Sold...) {
		dates[l.Order] = l.Date
		revenue[l.Order] += l.Revenue
	}
	net := map[string]orders.Amount{} // of a customer's day
	sold := map[string]bool{}         // whether anything was
	seen := map[string]orders.Date{}
	past, found := histories(c), map[string]int{}
	for _, l := range c.Sold {
		if _, ok := seen[l.Customer]; !ok {
			seen[l.Customer] = l.Date
		}
		day := l.Customer + l.Date.String()
		if l.Customer != "" && !l.Cancelled {
			net[day] += l.Revenue
			sold[day] = sold[day] || l.Revenue > 0
		}
		found["cancelled"] += count(l.Cancelled)
		found["blank customer"] += count(l.Customer == "" && l.CustomerName == "")
		found["retail customer"] += count(l.CustomerName == counterName)
		found["unknown cost"] += count(!l.COGS.Known)
		found["free goods"] += count(l.Revenue == 0)
		found["free goods and nothing else"] += count(revenue[l.Order] == 0)
		found["price with kopecks"] += count(l.Revenue%orders.One != 0)
		found["half a metre"] += count(l.Quantity%orders.One != 0)
		found["sold at a loss"] += count(l.Revenue > 0 && l.COGS.Known && l.COGS.Amount > l.Revenue)
		found["straight quotes"] += count(strings.Contains(l.CustomerName, `"`))
		if l.Revenue < 0 {
			found["return"]++
			found["return without base"] += count(l.Base == "")
			found["return in a later month"] += count(l.Base != "" && orders.Month.Of(dates[l.Base]) != orders.Month.Of(l.Date))
			found["return of a sale before the export"] += count(l.Base != "" && dates[l.Base] < c.FirstDay)
			h := past[l.Customer]
			n, _ := slices.BinarySearch(h.purchases, l.Date+1)
			found["return of a purchase before the latest"] += count(l.Base != "" && h.of(l) < n)
			found["return of purchase 1 after purchase 2"] += count(l.Base != "" && h.of(l) == 1 && n > 1)
		}
	}
	for day, sum := range net {
		found["day that comes to nothing"] += count(sold[day] && sum == 0)
		found["day of a return"] += count(sum < 0)
	}
	for _, k := range c.Customers {
		found["customer of cancelled or free goods only"] += count(k.FirstDay == 0)
		found["customer older than the export"] += count(k.Earlier > 0)
		found["older than the export and first seen after half a year"] += count(k.Earlier > 0 && seen[k.ID] > c.FirstDay+180)
	}
	for _, name := range []string{
		"cancelled", "blank customer", "retail customer", "unknown cost", "free goods", "free goods and nothing else",
		"price with kopecks", "half a metre", "sold at a loss", "straight quotes",
		"return", "return without base", "return in a later month", "return of a sale before the export",
		"return of a purchase before the latest", "return of purchase 1 after purchase 2",
		"day that comes to nothing", "day of a return",
		"customer of cancelled or free goods only", "customer older than the export",
		"older than the export and first seen after half a year",
	} {
		t.Logf("%-55s %5d", name, found[name])
		if found[name] == 0 {
			t.Errorf("%s: none", name)
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestBook holds every company, not only the one in testdata, to what the
// truth relies on.
func TestBook(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			c := Generate(seed)
			truth := c.Truth()
			checkDays(t, c)
			checkReturns(t, c)
			checkSums(t, truth)
			checkCustomers(t, c)
		})
	}
}

// checkDays: nothing is sold at weekends, in the first days of January or
// outside the window, and the book is in order.
func checkDays(t *testing.T, c *Company) {
	previous := Line{}
	for _, l := range c.Sold {
		day := l.Date.Time()
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday || day.Month() == time.January && day.Day() <= 8 {
			t.Errorf("%s is sold on %s, a %s", l.Order, l.Date, w)
		}
		if l.Date < c.FirstDay || l.Date > c.LastDay {
			t.Errorf("%s is sold on %s, outside the export", l.Order, l.Date)
		}
		if l.Date < previous.Date || l.Date == previous.Date && l.Second < previous.Second {
			t.Errorf("%s is before %s, which it follows", l.Order, previous.Order)
		}
		previous = l
	}
	for _, l := range c.Before {
		if l.Date >= c.FirstDay {
			t.Errorf("%s of %s is not before the export", l.Order, l.Date)
		}
	}
}

// checkReturns: a return takes back no more than its base, later than that, on
// a day without other sales, so that all rules of booking agree on it.
func checkReturns(t *testing.T, c *Company) {
	type deal struct {
		day     orders.Date
		buyer   string
		revenue orders.Amount
	}
	deals, sales := map[string]*deal{}, map[string]bool{}
	for _, l := range append(slices.Clone(c.Before), c.Sold...) {
		if l.Revenue >= 0 && !l.Cancelled {
			d := deals[l.Order]
			if d == nil {
				d = &deal{day: l.Date, buyer: l.Customer}
				deals[l.Order] = d
			}
			d.revenue += l.Revenue
			if l.Revenue > 0 {
				sales[l.Customer+l.Date.String()] = true
			}
			continue
		}
		if l.Cancelled {
			continue
		}
		if l.Quantity >= 0 || l.COGS.Amount > 0 {
			t.Errorf("%s: return of %s for %s, cost %s", l.Order, l.Quantity, l.Revenue, l.COGS)
		}
		if l.Base == "" {
			continue
		}
		base := deals[l.Base]
		if base == nil || base.buyer != l.Customer || base.day > l.Date {
			t.Fatalf("%s takes back %s, which is not an earlier deal of %s", l.Order, l.Base, l.Customer)
		}
		if base.revenue += l.Revenue; base.revenue < 0 {
			t.Errorf("%s takes back more than %s", l.Order, l.Base)
		}
		if base.day != l.Date && sales[l.Customer+l.Date.String()] {
			t.Errorf("%s is booked on a day on which %s bought", l.Order, l.Customer)
		}
	}
}

// checkSums: the truth adds up, to the kopeck, by month and by customer.
func checkSums(t *testing.T, truth *Truth) {
	if sum := truth.Identified + truth.Anonymous + truth.Cancelled; sum != truth.Export {
		t.Errorf("identified + anonymous + cancelled = %s, want %s", sum, truth.Export)
	}
	var months, customers orders.Amount
	isNew, buyers, purchases := 0, 0, 0
	for _, m := range truth.Months {
		months += m.First + m.Repeat
		isNew += m.New
	}
	for _, k := range truth.Customers {
		customers += k.FirstRevenue + k.RepeatRevenue
		isNew -= count(k.New)
		buyers += count(k.Exported > 0)
		purchases += k.Exported
	}
	if months != truth.Identified || customers != truth.Identified {
		t.Errorf("months %s, customers %s, want %s", months, customers, truth.Identified)
	}
	if isNew != 0 || buyers != truth.Buyers || purchases != truth.Purchases {
		t.Errorf("new customers differ by %d, buyers by %d, purchases by %d", isNew, buyers-truth.Buyers, purchases-truth.Purchases)
	}
}

// checkCustomers: nobody buys after they are lost, and everyone is served by
// the salesperson of the day.
func checkCustomers(t *testing.T, c *Company) {
	roles := map[string]Role{}
	for _, s := range c.Salespersons {
		roles[s.Name] = s.Role
	}
	known, names := map[string]Customer{}, map[string]bool{}
	for i, k := range c.Customers {
		known[k.ID], names[k.Name] = k, true
		if i > 0 && c.Customers[i-1].ID >= k.ID {
			t.Errorf("%s is not after %s", k.ID, c.Customers[i-1].ID)
		}
		if k.New != (k.FirstDay >= c.FirstDay) || k.New && k.Earlier > 0 || k.Pattern == OneOff && k.Earlier+k.Exported > 1 {
			t.Errorf("contradiction: %+v", k)
		}
		if k.Handover > c.LastDay || (k.Handover != 0) != (k.Keeper != "") {
			t.Errorf("handed over on %s to %q", k.Handover, k.Keeper)
		}
		if k.Handover != 0 && (roles[k.Winner] != Hunter || roles[k.Keeper] != Farmer) {
			t.Errorf("handed over from %s to %s", k.Winner, k.Keeper)
		}
	}
	if len(names) != len(c.Customers) {
		t.Errorf("%d names for %d customers", len(names), len(c.Customers))
	}
	for _, l := range c.Sold {
		k, ok := known[l.Customer]
		if !ok {
			if l.Customer != "" && l.Customer != counterID {
				t.Errorf("customer %s is not known", l.Customer)
			}
			continue
		}
		server := k.Winner
		if k.Handover != 0 && l.Date >= k.Handover {
			server = k.Keeper
		}
		if l.Salesperson != server {
			t.Errorf("%s: served by %s, want %s", l.Order, l.Salesperson, server)
		}
		if l.Revenue > 0 && !l.Cancelled && k.Lapsed != 0 && l.Date > k.Lapsed {
			t.Errorf("%s: sold on %s to a customer lost on %s", l.Order, l.Date, k.Lapsed)
		}
	}
}

// TestJournalBytes looks at what a decoder hides.
func TestJournalBytes(t *testing.T) {
	var b bytes.Buffer
	if err := Generate(1).WriteJournal(&b); err != nil {
		t.Fatal(err)
	}
	if utf8.Valid(b.Bytes()) {
		t.Error("UTF-8, not windows-1251")
	}
	for _, row := range []struct {
		name string
		want []byte
	}{
		{"heading", []byte("\xc6\xf3\xf0\xed\xe0\xeb \xef\xf0\xee\xe4\xe0\xe6 (RUB);")},
		{"no-break space", []byte(";1\xa0")},
		{"totals", []byte("\r\n\xc8\xf2\xee\xe3\xee;")},
	} {
		if !bytes.Contains(b.Bytes(), row.want) {
			t.Errorf("%s: no %q", row.name, row.want)
		}
	}
	if lf, crlf := bytes.Count(b.Bytes(), []byte("\n")), bytes.Count(b.Bytes(), []byte("\r\n")); lf != crlf {
		t.Errorf("%d line ends, %d of them CRLF", lf, crlf)
	}
}

// TestWriters reads each file back by the plainest means there are.
func TestWriters(t *testing.T) {
	c := Generate(1)
	for _, f := range []struct {
		name   string
		write  func(io.Writer) error
		decode func(io.Reader) io.Reader
		comma  rune
		title  int
		fields []int // in the order of text
		date   string
		cancel string
		totals int
	}{
		{"journal", c.WriteJournal, func(r io.Reader) io.Reader { return charmap.Windows1251.NewDecoder().Reader(r) }, ';', 4,
			[]int{3, 1, 0, 2, 5, 4, 6, 7, 8, 9, 10, 11, 12, 13}, "02.01.2006 15:04:05", "Отменен", 1},
		{"plain CSV", c.WriteCSV, func(r io.Reader) io.Reader { return r }, ',', 1,
			[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, time.DateOnly, "cancelled", 0},
	} {
		t.Run(f.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := f.write(&b); err != nil {
				t.Fatal(err)
			}
			in := csv.NewReader(f.decode(&b))
			in.Comma = f.comma
			rows, err := in.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			data := rows[f.title : len(rows)-f.totals]
			if len(data) != len(c.Sold) {
				t.Fatalf("%d rows of data, want %d", len(data), len(c.Sold))
			}
			var sum orders.Amount
			for i, row := range data {
				got := text(t, row, f.fields, f.date, f.cancel)
				if want := lineText(c.Sold[i].Line); got != want {
					t.Fatalf("row %d:\n%s, want\n%s", i+1, got, want)
				}
				sum += c.Sold[i].Revenue
			}
			if f.totals == 0 {
				return
			}
			if last := rows[len(rows)-1]; last[0] != "Итого" || plain(last[8]) != sum.String() {
				t.Errorf("totals %q, want %s", last, sum)
			}
		})
	}
}

func lineText(l orders.Line) string {
	return strings.Join([]string{
		l.Order, l.Customer, l.CustomerName, l.Date.String(), l.Product, l.ProductName, l.Group, l.Quantity.String(),
		l.Revenue.String(), l.COGS.String(), l.Salesperson, l.Channel, fmt.Sprint(l.Cancelled), l.Base,
	}, "|")
}

// text returns a row of a file as lineText would have it.
func text(t *testing.T, row []string, fields []int, date, cancel string) string {
	cells := make([]string, len(fields))
	for i, f := range fields {
		cells[i] = row[f]
	}
	day, err := time.Parse(date, cells[3])
	if err != nil {
		t.Fatal(err)
	}
	cells[3] = day.Format(time.DateOnly)
	for i := 7; i <= 9; i++ {
		cells[i] = plain(cells[i])
	}
	cells[12] = fmt.Sprint(cells[12] == cancel)
	return strings.Join(cells, "|")
}

// plain undoes the decimal comma and the no-break spaces of a number.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\u00a0", ""), ",", ".")
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func TestComma(t *testing.T) {
	for _, row := range []struct {
		name   string
		units  orders.Amount
		places int
		want   string
	}{
		{"zero", 0, 2, "0,00"},
		{"kopecks", 12_345_600, 2, "1\u00a0234,56"},
		{"a tenth", 1_000, 2, "0,10"},
		{"negative", -12_345_678_900_00, 2, "-123\u00a0456\u00a0789,00"},
		{"three digits", 9_990_000, 2, "999,00"},
		{"pieces", 12_000_0000, 0, "12\u00a0000"},
		{"half a metre", 12_5000, 0, "12,5"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := comma(row.units, row.places); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func TestSeed(t *testing.T) {
	lines := func(seed uint64) []Line { c := Generate(seed); return append(c.Before, c.Sold...) }
	if !slices.Equal(lines(1), lines(1)) {
		t.Error("two companies of one seed differ")
	}
	if slices.Equal(lines(1), lines(2)) {
		t.Error("two seeds, one company")
	}
}

func TestLines(t *testing.T) {
	for _, n := range []int{-1, 0, 1, 7, 10_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			lines := slices.Collect(Lines(n, 1))
			if len(lines) != max(0, n) {
				t.Fatalf("%d lines", len(lines))
			}
			if !slices.Equal(lines, slices.Collect(Lines(n, 1))) {
				t.Error("not the same lines twice")
			}
			if n < 10_000 {
				return
			}
			if slices.Equal(lines, slices.Collect(Lines(n, 2))) {
				t.Error("two seeds, the same lines")
			}
			if !slices.IsSortedFunc(lines, func(a, b orders.Line) int { return int(a.Date - b.Date) }) {
				t.Error("not by day")
			}
			customers, deals, kinds := map[string]bool{}, map[string]bool{}, map[string]int{}
			for _, l := range lines {
				customers[l.Customer], deals[l.Order] = true, true
				kinds["anonymous"] += count(l.Customer == "")
				kinds["cancelled"] += count(l.Cancelled)
				kinds["return"] += count(l.Revenue < 0)
				kinds["unknown cost"] += count(!l.COGS.Known)
			}
			if len(customers) < 200 || len(customers) > 251 || len(deals) < 3_000 || len(deals) > 3_700 {
				t.Errorf("%d customers, %d deals", len(customers), len(deals))
			}
			for _, kind := range slices.Sorted(maps.Keys(kinds)) {
				if kinds[kind] < 50 || kinds[kind] > 500 {
					t.Errorf("%s: %d", kind, kinds[kind])
				}
			}
		})
	}
}

func BenchmarkGenerate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Generate(1)
	}
}

func BenchmarkLines(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range Lines(n, 1) {
				}
			}
		})
	}
}
