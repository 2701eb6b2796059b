package exports

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// book is a few documents of three customers: two purchases, of which a part
// comes back, a cancelled one, a purchase by nobody in particular.
func book() []company.Line {
	line := func(order, date, customer, name, product string, quantity, revenue, cogs int64) company.Line {
		day, err := orders.ParseDate(date)
		if err != nil {
			panic(err)
		}
		return company.Line{Second: 36_000, Line: orders.Line{
			Order: order, Date: day, Customer: customer, CustomerName: name, Product: "A-" + product, ProductName: "Лампа " + product, Group: "Лампы",
			Quantity: orders.Amount(quantity) * orders.One, Revenue: orders.Amount(revenue) * orders.One / 100, COGS: orders.Known(orders.Amount(cogs) * orders.One / 100),
			Salesperson: "Лугова Т.", Channel: "Сайт",
		}}
	}
	lines := []company.Line{
		line("ВТ00-000001", "2026-05-04", "00-000002", "ООО «Аргастрой»", "1", 2, 100_050, 70_000),
		line("ВТ00-000001", "2026-05-04", "00-000002", "ООО «Аргастрой»", "2", 3, 30_000, 20_000),
		line("ВТ00-000002", "2026-05-05", "00-000003", `ООО "Елнотех"`, "1", 1, 50_025, 35_000),
		line("ВЗ00-000001", "2026-05-06", "00-000002", "ООО «Аргастрой»", "2", -1, -10_000, -7_000),
		line("ВТ00-000003", "2026-06-08", "00-000002", "ООО «Аргастрой»", "1", 4, 200_100, 140_000),
		line("ВТ00-000004", "2026-06-09", "00-000003", `ООО "Елнотех"`, "2", 9, 90_000, 60_000),
		line("ВТ00-000005", "2026-06-10", "", "", "2", 1, 11_000, 7_000),
	}
	lines[3].Base = "ВТ00-000001"
	lines[5].Cancelled = true
	return lines
}

// TestHeld: what a format holds adds up to what was sold, but for what it does
// not know: goods taken back in Shopify, what was cancelled in reports of 1C.
func TestHeld(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			var sum, want orders.Amount
			for _, l := range f.Held(book()) {
				sum += l.Revenue
			}
			for _, l := range book() {
				if l.Cancelled && strings.HasPrefix(f.Name, "1C") || l.Revenue < 0 && strings.HasPrefix(f.Name, "Shopify") {
					continue
				}
				want += l.Revenue
			}
			if sum != want {
				t.Errorf("it holds %s, want %s", sum, want)
			}
			var a, b bytes.Buffer
			if err := f.Write(&a, book()); err != nil {
				t.Fatal(err)
			}
			if err := f.Write(&b, book()); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("written twice it differs (%v)", err)
			}
		})
	}
}

// TestWidths: the tables are as wide as those of the systems, rows included.
func TestWidths(t *testing.T) {
	for _, f := range Formats() {
		want := map[string]int{"amocrm.csv": 76, "shopify.csv": 79}[f.File]
		if want == 0 {
			continue
		}
		var b bytes.Buffer
		if err := f.Write(&b, book()); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll() // every row as wide as the first
		if err != nil || len(rows[0]) != want {
			t.Errorf("%s: %d columns, want %d (%v)", f.Name, len(rows[0]), want, err)
		}
	}
}

// TestWorkbook: the package is as 1C writes it.
func TestWorkbook(t *testing.T) {
	var b bytes.Buffer
	if err := WriteBook(&b, Book{Sheets: []Sheet{GrossProfit(book(), orders.Month.Of(orders.NewDate(2026, 5, 1)))}}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var sheet string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || !bytes.HasPrefix(text, []byte(bom+declaration)) {
			t.Errorf("%s has no byte order mark (%v)", f.Name, err)
		}
		if strings.Contains(f.Name, "sheets/") {
			sheet = string(text)
		}
	}
	for _, want := range []string{
		`<dimension ref="I863"/>`, `summaryBelow="0"`, `<row r="12" outlineLevel="1"><c r="A12" s="5" t="s">`,
		`<mergeCell ref="A9:B9"/>`, `<mergeCell ref="C9:F9"/>`, `<c r="D11" s="1"><v>500.25</v></c>`,
	} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the sheet does not have %s:\n%s", want, sheet)
		}
	}
}

// TestParseSheet reads every mark of the notation.
func TestParseSheet(t *testing.T) {
	s, err := ParseSheet("S", "// a title\nClient | < | =1.5 | @45000 | @@45000.5\n>Goods{sp} | ^ | $-2 | f:A1+1→3 | !#N/A | ?1 | 'in | ~a~b | %0.5 | <nobody>\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{
		{0, []Cell{{Text, "Client"}, {WithLeft, ""}, {Number, "1.5"}, {Day, "45000"}, {Time, "45000.5"}}},
		{1, []Cell{{Text, "Goods "}, {WithTop, ""}, {Money, "-2"}, {Formula, "A1+1→3"}, {Error, "#N/A"}, {Bool, "1"}, {Inline, "in"}, {Rich, "a~b"}, {Percent, "0.5"}, {Text, "<nobody>"}}},
	}
	if !slices.EqualFunc(s.Rows, want, func(a, b Row) bool { return a.Level == b.Level && slices.Equal(a.Cells, b.Cells) }) {
		t.Errorf("%v, want %v", s.Rows, want)
	}
	if _, err := ParseSheet("S", "< | a"); err == nil {
		t.Error("there is nothing to the left of the first cell")
	}
}
