package report_test

import (
	"context"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"pgregory.net/rapid"
)

// cohortBook is every sheet of who came and who came back.
func cohortBook(t testing.TB, lines []orders.Line, o orders.Options) report.Book {
	t.Helper()
	ctx := context.Background()
	sales, err := orders.Collect(ctx, each(lines), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sales.Release)
	b := report.Book{Sales: sales}
	var errs [10]error
	b.Repeat, errs[0] = cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	b.Roles, errs[1] = cohorts.Roles(ctx, sales, cohorts.RolesOptions{})
	b.Flags, errs[2] = cohorts.Flags(ctx, sales, cohorts.FlagOptions{})
	b.Cohorts, errs[3] = cohorts.Tabulate(ctx, sales, cohorts.TableOptions{})
	b.Ages, errs[4] = cohorts.Tabulate(ctx, sales, cohorts.TableOptions{AgeDays: 30, Grain: orders.Quarter, Confidence: 0.9})
	b.RevenueRetention, errs[5] = cohorts.RevenueRetention(ctx, sales, cohorts.RevenueOptions{})
	if b.Cohorts != nil {
		b.CohortLTV, errs[6] = b.Cohorts.LTV(cohorts.LTVOptions{Costs: costs})
	}
	for i, by := range []orders.Dimension{orders.BySalesperson, orders.ByChannel, orders.ByGroup} {
		var s *cohorts.Split
		s, errs[7+i] = cohorts.SplitShare(ctx, sales, cohorts.SplitOptions{By: by})
		b.Parts = append(b.Parts, s)
	}
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return b
}

// flagged returns the synthetic company's export with a CRM's flag, wrong now and
// then, and left blank at times.
func flagged() []orders.Line {
	lines := sold()
	seen := map[string]int{}
	for i := range lines {
		l := &lines[i]
		seen[l.Customer]++
		switch {
		case i%7 == 0:
		case i%11 == 0:
			l.RepeatFlag = "?"
		case seen[l.Customer] > 4:
			l.RepeatFlag = "Да"
		default:
			l.RepeatFlag = "нет"
		}
	}
	return lines
}

func TestCohortSheets(t *testing.T) {
	slow(t)
	b := cohortBook(t, flagged(), orders.Options{})
	for l, want := range map[report.Language][]string{
		report.Russian: {"Сводка", "Параметры", "Доля повторных", "Охотники и фермеры", "Переданные клиенты", "Доля повторных по частям", "Признак CRM", "Когорты", "Когорты по дням", "Ценность клиента по возрасту", "Удержание выручки", "Сверка", "Отклонённые строки", "Методика"},
		report.English: {"Summary", "Parameters", "Repeat share", "Hunters and farmers", "Handed over", "Repeat share by part", "CRM flag", "Cohorts", "Cohorts by age in days", "Customer value by age", "Revenue retention", "Reconciliation", "Rejected rows", "Method"},
	} {
		data := written(t, b, report.Options{Language: l})
		f := open(t, data)
		if !slices.Equal(f.sheets, want) {
			t.Errorf("sheets %q, want %q", f.sheets, want)
		}
		calculated(t, data, f)
		for sheet, cells := range f.cells {
			for at, c := range cells {
				if c.kind == "e" || strings.HasPrefix(c.text, "#") || strings.Contains(c.text, "NaN") || strings.Contains(c.text, "%!") {
					t.Errorf("%s!%s = %q", sheet, at, c.text)
				}
			}
		}
	}
	// The sheets of nothing say so.
	for name, lines := range map[string][]orders.Line{"short": shortItems(), "one": shortItems()[:1], "nobody": shortItems()[4:]} {
		data := written(t, cohortBook(t, lines, orders.Options{}), report.Options{})
		t.Run(name, func(t *testing.T) { calculated(t, data, open(t, data)) })
	}
}

// TestCohortLanguages: these sheets, too, speak the reader's language.
func TestCohortLanguages(t *testing.T) {
	lines := fineItems(600)
	for i := range lines {
		l := &lines[i]
		l.Customer, l.Product, l.Salesperson = l.Customer[1:], l.Product[1:], l.Salesperson[1:]
		l.RepeatFlag = strconv.Itoa(i % 2)
	}
	b := cohortBook(t, lines, orders.Options{})
	b.Rejected = []orders.RowError{}
	for _, c := range open(t, written(t, b, report.Options{})).all() {
		if strings.ContainsFunc(c.text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			t.Errorf("English: %q", c.text)
		}
	}
	known := regexp.MustCompile(`(?:Cohorts|Ages|Repeat)_[A-Za-z]+|E\. B\. Wilson|JASA|UCI|Online Retail|Woodroofe|Lagakos|Barraj|De Gruttola|repeatsales|NRR|GRR|CRM|[0-9]Q[0-9]|-Q[1-4]|\b(?:q|n|z)\b`)
	for sheet, cells := range open(t, written(t, b, report.Options{Language: report.Russian})).cells {
		for at, c := range cells {
			rest := known.ReplaceAllString(c.text, "")
			if _, err := strconv.ParseFloat(rest, 64); err != nil && strings.ContainsFunc(rest, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
				t.Errorf("Russian: %s!%s: %q", sheet, at, c.text)
			}
		}
	}
}

// TestCohortFormulasOfAnyHistory: whatever the sales, every formula of these
// sheets gives its cached value, and everything adds up.
func TestCohortFormulasOfAnyHistory(t *testing.T) {
	slow(t)
	rapid.Check(t, func(rt *rapid.T) {
		lines, o := factstest.Lines(rt), factstest.Options(rt)
		if h, err := orders.Collect(ctx, each(lines), o); err != nil {
			rt.Skip(err)
		} else {
			h.Release()
		}
		data := written(t, cohortBook(t, lines, o), report.Options{Language: report.Russian})
		f := open(t, data)
		calculated(rt, data, f)
		if got := f.cells["Сводка"]["A3"].text; got != "Всё сходится: см. лист «Сверка»" {
			rt.Errorf("summary: %q", got)
		}
	})
}

// TestCohortRecalculation: LibreOffice changes no cell of these sheets, and
// changed parameters give what the library computes with them.
func TestCohortRecalculation(t *testing.T) {
	slow(t)
	b := cohortBook(t, flagged(), orders.Options{})
	o := report.Options{Language: report.Russian}
	book := written(t, b, o)
	fine := cohortBook(t, fineItems(3000), orders.Options{HistoryComplete: true})
	changed := setParameter(t, setParameter(t, setParameter(t, book, "Cohorts_Acquisition", 60_000), "Cohorts_Z", 2.5758293035489004), "Repeat_Q", 0.25)
	after := recalculate(t, map[string][]byte{"company": book, "fine": written(t, fine, report.Options{}), "changed": changed})
	for name, before := range map[string][]byte{"company": book, "fine": written(t, fine, report.Options{})} {
		for _, d := range differences(open(t, before), open(t, after[name]), nil) {
			t.Errorf("%s: %s", name, d)
		}
	}

	var err error
	c := costs
	c.CostPerLead, c.Conversion = 6000*orders.One, 0.1
	if b.CohortLTV, err = b.Cohorts.LTV(cohorts.LTVOptions{Costs: c}); err != nil {
		t.Fatal(err)
	}
	if b.Cohorts, err = cohorts.Tabulate(ctx, b.Sales, cohorts.TableOptions{Confidence: 0.99}); err != nil {
		t.Fatal(err)
	}
	want, got := open(t, written(t, b, o)), open(t, after["changed"])
	tried := 0
	for _, d := range differences(want, got, []string{"Ценность клиента по возрасту", "Когорты"}) {
		if !strings.Contains(d, "Ценность клиента по возрасту!H") { // the paybacks of single cohorts are values
			t.Error(d)
		}
	}
	for at, cell := range want.cells["Когорты"] {
		if cell.formula != "" && strings.Contains(cell.formula, "Cohorts_Z") {
			a, _ := cell.number()
			z, _ := got.cells["Когорты"][at].number()
			if tried++; math.Abs(a-z) > 1e-9 {
				t.Errorf("%s: %v at 99 %%, want %v", at, z, a)
			}
		}
	}
	if tried < 100 {
		t.Errorf("%d intervals tried", tried)
	}
	if list := differences(open(t, book), got, []string{"Охотники и фермеры", "Доля повторных по частям"}); len(list) < 10 {
		t.Errorf("another q changed %d cells", len(list))
	}
}
