package report_test

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

// deskBook is every sheet of the sales desk: whom to call, with worths that two in
// three customers have, and contacts held to norms.
func deskBook(t testing.TB, lines []orders.Line, o orders.Options) report.Book {
	t.Helper()
	sales, err := orders.Collect(ctx, each(lines), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sales.Release)
	b := report.Book{Sales: sales}
	l, err := segments.Lapse(ctx, b.Sales, segments.LapseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	calls := segments.CallOptions{Worth: map[string]orders.Amount{}, HorizonDays: 365}
	contacts := segments.ContactOptions{
		Classes: map[string]string{}, Norms: []segments.ContactNorm{{Class: "A", PerMonth: 4 * orders.One}, {Class: "B", PerMonth: orders.One / 3}},
		Contacts: []segments.Contact{{Customer: "no such customer", Day: l.AsOf}},
	}
	for i, v := range l.Judged {
		if i%3 > 0 {
			calls.Worth[v.ID] = orders.Amount(i%50) * 1_234_567
		}
		contacts.Classes[v.ID] = []string{"A", "B", "C", ""}[i%4]
		contacts.Contacts = append(contacts.Contacts, segments.Contact{Customer: v.ID, Day: l.AsOf - orders.Date(i%40), Count: int64(i % 5)})
	}
	if b.Calls, err = l.Calls(calls); err != nil {
		t.Fatal(err)
	}
	if b.Contacts, err = segments.Contacts(ctx, b.Sales, contacts); err != nil {
		t.Fatal(err)
	}
	return b
}

// Sheets of the English workbook.
const (
	callSheet    = "Call list"
	lapsedSheet  = "Lapsed customers"
	callSumSheet = "Calls by salesperson"
)

// rowsBy returns the rows of a sheet by the text in a column, each by column.
func rowsBy(f *file, sheet, column string) map[string]map[string]cell {
	rows := map[int]map[string]cell{}
	for at, c := range f.cells[sheet] {
		letters := strings.TrimRight(at, "0123456789")
		row := rowOf("!" + at + ":")
		if rows[row] == nil {
			rows[row] = map[string]cell{}
		}
		rows[row][letters] = c
	}
	by := map[string]map[string]cell{}
	for _, row := range rows {
		if c, ok := row[column]; ok && c.text != "" {
			by[c.text] = row
		}
	}
	return by
}

// callTexts are the statuses in the English workbook.
var callTexts = map[segments.Status]string{
	segments.NoRhythm: "no rhythm", segments.OnTime: "on time", segments.Due: "due", segments.Late: "late", segments.AtRisk: "at risk", segments.Lapsed: "lapsed",
}

// TestCallsFollow: on another day, and with other bounds, the lists have the days
// late and the statuses that the library gives, and the counts follow them.
func TestCallsFollow(t *testing.T) {
	slow(t)
	b := deskBook(t, sold(), orders.Options{})
	book := written(t, b, report.Options{})
	const days = 40
	changed := book
	for name, v := range map[string]float64{
		"Calls_AsOf": float64(b.Calls.Lapse.AsOf+days) - float64(orders.NewDate(1899, 12, 30)), "Calls_Due": 1.3, "Calls_Late": 1.3, "Calls_AtRisk": 2.5, "Calls_Lapsed": 5,
	} {
		changed = setParameter(t, changed, name, v)
	}
	want, err := segments.Lapse(ctx, b.Sales, segments.LapseOptions{
		Scope: orders.Scope{AsOf: b.Calls.Lapse.AsOf + days}, Due: 1.3, Late: 1.3, AtRisk: 2.5, Lapsed: 5, Segments: segmentsOf(b.Calls.Lapse)})
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, recalculate(t, map[string][]byte{"later": changed})["later"])
	calls, lapsed := rowsBy(f, callSheet, "C"), rowsBy(f, lapsedSheet, "C")
	counts, moved := map[string]int{}, 0
	for i, c := range want.Judged {
		row, ok := calls[c.ID]
		if !ok {
			row, ok = lapsed[c.ID]
		}
		before := b.Calls.Lapse.Judged[i]
		if ok != (before.Status >= segments.Due) {
			t.Errorf("%s, who was %s, is listed: %v", c.ID, before.Status, ok)
		}
		if !ok {
			counts["on time"]++ // stays so in the book: it lists whom the report found due
			continue
		}
		counts[callTexts[c.Status]]++
		if before.Status != c.Status {
			moved++
		}
		if late, _ := row["L"].number(); int(late) != c.DaysLate || row["M"].text != callTexts[c.Status] {
			t.Errorf("%s: %v days late, %s; want %d, %s", c.ID, row["L"].text, row["M"].text, c.DaysLate, callTexts[c.Status])
		}
	}
	if moved < 20 {
		t.Errorf("only %d customers have another status", moved)
	}
	sums := rowsBy(f, callSumSheet, "A")
	for name, n := range counts {
		if got := sums[name]["B"].text; got != fmt.Sprint(n) {
			t.Errorf("%s: %s customers, want %d", name, got, n)
		}
	}
	if got := sums["Customers without a purchase"]; got["B"].text != fmt.Sprint(want.Without) {
		t.Errorf("without a purchase: %v", got)
	}
}

// TestDeskSheets: one sheet for each list that there is, ready to be read, filtered
// and printed.
func TestDeskSheets(t *testing.T) {
	b := deskBook(t, sold(), orders.Options{})
	few := *b.Calls
	few.Lapsed = nil
	for _, test := range []struct {
		name string
		book report.Book
		lang report.Language
		want []string
	}{
		{"all in Russian", b, report.Russian, []string{"Сводка", "Параметры", "Список звонков", "Потерянные клиенты", "Звонки по продавцам", "Нормы касаний", "Касания по клиентам", "Сверка", "Отклонённые строки", "Методика"}},
		{"all in English", b, report.English, []string{"Summary", "Parameters", callSheet, lapsedSheet, callSumSheet, "Contact norms", "Contacts by customer", "Reconciliation", "Rejected rows", "Method"}},
		{"nobody lapsed", report.Book{Sales: b.Sales, Calls: &few}, report.English, []string{"Summary", "Parameters", callSheet, callSumSheet, "Reconciliation", "Rejected rows", "Method"}},
		{"contacts alone", report.Book{Sales: b.Sales, Contacts: b.Contacts}, report.English, []string{"Summary", "Parameters", "Contact norms", "Contacts by customer", "Reconciliation", "Rejected rows", "Method"}},
	} {
		f := open(t, written(t, test.book, report.Options{Language: test.lang}))
		if !slices.Equal(f.sheets, test.want) {
			t.Errorf("%s: sheets %q, want %q", test.name, f.sheets, test.want)
		}
		noError(t, f)
		for _, name := range []string{callSheet, lapsedSheet, "Contact norms", "Contacts by customer"} {
			at := slices.Index(f.sheets, name)
			if at < 0 {
				continue
			}
			xml, printed := string(f.parts[f.paths[name]]), fmt.Sprintf(`localSheetId="%d"`, at)
			for _, must := range []string{"<autoFilter ", `state="frozen"`, `orientation="landscape"`, `fitToWidth="1"`} {
				if !strings.Contains(xml, must) {
					t.Errorf("%s: %s lacks %s", test.name, name, must)
				}
			}
			if list := name == callSheet || name == lapsedSheet; list != (strings.Count(xml, "<conditionalFormatting ") == 1) {
				t.Errorf("%s: the statuses of %s have no colours, or something else has", test.name, name)
			}
			if !strings.Contains(string(f.parts["xl/workbook.xml"]), printed) {
				t.Errorf("%s: the header of %s is not repeated on each page", test.name, name)
			}
		}
	}
}

// TestDeskLanguages: the sheets speak one language, the reader's.
func TestDeskLanguages(t *testing.T) {
	lines := equalItems(400) // whose names are in neither
	for i := range lines {
		lines[i].Customer, lines[i].Product, lines[i].Salesperson = strconv.Itoa(i%90), strconv.Itoa(i%7), strconv.Itoa(i%3)
	}
	b := deskBook(t, lines, orders.Options{})
	for _, c := range open(t, written(t, b, report.Options{})).all() {
		if strings.ContainsFunc(c.text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			t.Errorf("English: %q", c.text)
		}
	}
	known := regexp.MustCompile(`Calls_[A-Za-z]+|Online Retail|UCI|Woodroofe|Lagakos|Barraj|De Gruttola|\b[ABC]\b|\bq\b`)
	f := open(t, written(t, b, report.Options{Language: report.Russian}))
	for _, c := range f.all() {
		if rest := known.ReplaceAllString(c.text, ""); strings.ContainsFunc(rest, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
			t.Errorf("Russian: %q", c.text)
		}
	}
}

// TestDeskFormulasOfAnyHistory: whatever the sales, every formula of these sheets
// gives its cached value, and everything adds up.
func TestDeskFormulasOfAnyHistory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines, o := factstest.Lines(rt), factstest.Options(rt)
		if h, err := orders.Collect(ctx, each(lines), o); err != nil {
			rt.Skip(err)
		} else {
			h.Release()
		}
		data := written(t, deskBook(t, lines, o), report.Options{Language: report.Russian})
		f := open(t, data)
		calculated(rt, data, f)
		noError(rt, f)
		if got := f.cells["Сводка"]["A3"].text; got != "Всё сходится: см. лист «Сверка»" {
			rt.Errorf("summary: %q", got)
		}
	})
}

// segmentsOf returns the segment of each customer.
func segmentsOf(l *segments.LapseResult) map[string]string {
	all := map[string]string{}
	for _, c := range l.Judged {
		all[c.ID] = c.Segment
	}
	return all
}

// TestCallSheets: the lists hold what the library found, in its order; money adds
// up; limits are stated; worths of all kinds say what they are.
func TestCallSheets(t *testing.T) {
	slow(t)
	all := deskBook(t, sold(), orders.Options{})
	for _, test := range []struct {
		name string
		o    segments.CallOptions
		says string
	}{
		{"profit of a purchase", segments.CallOptions{}, "mean gross profit of one purchase"},
		{"revenue of a purchase", segments.CallOptions{Stake: segments.AverageRevenue}, "mean revenue of one purchase"},
		{"three each", segments.CallOptions{PerSalesperson: 3, LapsedPerSalesperson: 1, Worth: map[string]orders.Amount{}, Stake: segments.ExpectedRevenue, HorizonDays: 90}, "expected revenue over 90 days"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := report.Book{Sales: all.Sales}
			var err error
			if b.Calls, err = all.Calls.Lapse.Calls(test.o); err != nil {
				t.Fatal(err)
			}
			data := written(t, b, report.Options{})
			f := open(t, data)
			calculated(t, data, f)
			for name, list := range map[string][]segments.Call{callSheet: b.Calls.Calls, lapsedSheet: b.Calls.Lapsed} {
				rows := rowsBy(f, name, "C")
				for i, c := range list {
					row := rows[c.ID]
					worth, known := row["O"].number()
					if row["A"].text != fmt.Sprint(i+1) || row["B"].text != fmt.Sprint(c.Place) || row["M"].text != callTexts[c.Status] || known != c.Worth.Known || worth != c.Worth.Amount.Float64() {
						t.Errorf("%s: %s is %v, want %+v", name, c.ID, row, c)
					}
				}
			}
			said, held := false, false
			for _, c := range f.cells[callSheet] {
				said = said || strings.Contains(c.text, test.says)
				held = held || c.text == fmt.Sprintf("Beyond the limit of each salesperson, not listed: %d", b.Calls.Total.Calls.Held)
			}
			if !said || held != (test.o.PerSalesperson > 0) {
				t.Errorf("the worth is said to be %q: %v; the limit is stated: %v", test.says, said, held)
			}
			for _, s := range b.Calls.Salespersons {
				row := rowsBy(f, callSumSheet, "A")[s.Salesperson]
				if row["H"].text != fmt.Sprint(s.Calls.Listed) || row["H"].formula == "" || row["J"].text != fmt.Sprint(s.Calls.Held) {
					t.Errorf("%s: %v, want %+v", s.Salesperson, row, s)
				}
			}
			for _, c := range rowsBy(f, "Reconciliation", "A")["Difference"] {
				if v, ok := c.number(); ok && v != 0 {
					t.Errorf("a difference of %v", v)
				}
			}
		})
	}
}

// TestCallsOfOddNames: salespersons whom COUNTIFS would take for one another, for
// numbers or for patterns are counted by the library, and nobody is lost.
func TestCallsOfOddNames(t *testing.T) {
	for _, names := range [][]string{{"ivan", "Ivan"}, {"1e3", "1000"}, {"A*", "AB"}, {"=A", "<B"}, {strings.Repeat("x", 300), strings.Repeat("x", 299)}, {"", "Ivan"}} {
		var lines []orders.Line
		for i := range 16 {
			lines = append(lines, orders.Line{Customer: fmt.Sprint("c", i%4), Salesperson: names[i%2], Date: orders.NewDate(2024, 1, 1+10*i), Revenue: 100 * orders.One})
		}
		b := deskBook(t, lines, orders.Options{AsOf: orders.NewDate(2024, 12, 31)})
		data := written(t, b, report.Options{})
		f := open(t, data)
		calculated(t, data, f)
		rows := rowsBy(f, callSumSheet, "A")
		for _, name := range names {
			if name == "" {
				name = "(not given)"
			}
			if row := rows[name]; row["B"].text != "2" || row["K"].text != "2" {
				t.Errorf("%.10q: %v, want 2 customers, both lapsed", name, row)
			}
		}
	}
}

// TestCallLimits: lists that do not fit say so, and counts are of all.
func TestCallLimits(t *testing.T) {
	var lines []orders.Line
	for i := range 500 {
		for k := range 4 {
			lines = append(lines, orders.Line{Customer: fmt.Sprint("c", i), Salesperson: "Ivan", Date: orders.NewDate(2024, 1, 1+10*k), Revenue: 3 * orders.One})
		}
	}
	for name, test := range map[string]struct {
		asOf  orders.Date
		sheet string
	}{"calls": {orders.NewDate(2024, 2, 19), callSheet}, "lapsed": {orders.NewDate(2024, 5, 1), lapsedSheet}} {
		b := deskBook(t, lines, orders.Options{AsOf: test.asOf})
		var out bytes.Buffer
		if err := report.WriteWithin(ctx, &out, b, report.Options{}, 300, 100); err != nil {
			t.Fatal(err)
		}
		f := open(t, out.Bytes())
		cut, values := false, false
		for at, c := range f.cells[test.sheet] {
			cut = cut || strings.Contains(c.text, "of 500 rows are listed")
			values = values || strings.Contains(c.text, "more than 100 rows")
			if c.formula != "" {
				t.Fatalf("%s: %s is a formula beyond the limit: %s", name, at, c.formula)
			}
		}
		sums := rowsBy(f, callSumSheet, "A")
		if !cut || !values || sums["Ivan"]["B"].text != "500" || sums["Total"]["B"].text != "500" {
			t.Errorf("%s: cut stated %v, values stated %v, sums %v", name, cut, values, sums["Ivan"])
		}
	}
}

// TestContactSheets: the sums are the library's, and all contacts are counted once.
func TestContactSheets(t *testing.T) {
	b := deskBook(t, sold(), orders.Options{})
	data := written(t, report.Book{Sales: b.Sales, Contacts: b.Contacts}, report.Options{})
	f := open(t, data)
	calculated(t, data, f)
	rows := rowsBy(f, "Contacts by customer", "A")
	for _, c := range b.Contacts.Customers {
		row := rows[c.ID]
		norm, known := row["E"].number()
		deviation, _ := row["G"].number()
		if known != c.Norm.Known || norm != c.Norm.Amount.Float64() || row["F"].text != fmt.Sprint(c.Fact) || math.Abs(deviation-c.Deviation.Amount.Float64()) > 1e-9 || (row["G"].formula != "") != known {
			t.Errorf("%s: %v, want %+v", c.ID, row, c)
		}
	}
	sums := rowsBy(f, "Contact norms", "A")
	given := b.Contacts.Total.Fact + b.Contacts.Outside + b.Contacts.Elsewhere
	if got := sums["with customers of the export, on these days"]["B"].text; got != fmt.Sprint(b.Contacts.Total.Fact) {
		t.Errorf("%s contacts, want %d", got, b.Contacts.Total.Fact)
	}
	found := false
	for _, c := range f.cells["Contact norms"] {
		found = found || c.text == fmt.Sprint(given) && c.formula != ""
	}
	if !found || b.Contacts.Outside == 0 || b.Contacts.Elsewhere == 0 {
		t.Errorf("all %d contacts are not on the sheet", given)
	}
}

// TestEmptyDesk: nobody to call, and nobody to hold to a norm, are sheets too.
func TestEmptyDesk(t *testing.T) {
	b := deskBook(t, []orders.Line{{Customer: "a", Date: orders.NewDate(2024, 1, 1), Revenue: -5 * orders.One}}, orders.Options{})
	var err error
	if b.Contacts, err = segments.Contacts(ctx, b.Sales, segments.ContactOptions{}); err != nil {
		t.Fatal(err)
	}
	data := written(t, b, report.Options{Language: report.Russian})
	calculated(t, data, open(t, data))
}
