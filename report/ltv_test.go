package report_test

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/repeatsales/repeatsales/internal/factstest"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"pgregory.net/rapid"
)

// ltvBook is every sheet of what customers are expected to bring, beside the
// profit table that their value to date ties to. What the sales are too few for
// is left out.
func ltvBook(t testing.TB, lines []orders.Line, o orders.Options, p ltv.PredictOptions) report.Book {
	t.Helper()
	sales, err := orders.Collect(ctx, each(lines), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sales.Release)
	b := report.Book{Sales: sales}
	p.Draws = 20 // intervals need not be good here
	if b.Profit, err = ltv.DealProfitWith(ctx, sales, ltv.ProfitOptions{Scope: p.Scope, Costs: p.Costs, Spend: p.Spend}); err != nil {
		t.Fatal(err)
	}
	if b.LTV, err = ltv.Predict(ctx, sales, p); err != nil {
		b.LTV = nil // nobody has bought
	}
	if b.Validation, err = ltv.Validate(ctx, sales, ltv.ValidateOptions{Draws: 20}); err != nil {
		b.Validation = nil
	}
	return b
}

// Sheets of the Russian workbook.
const (
	ltvSheet      = "LTV клиентов"
	ltvModelSheet = "Модель LTV"
	compareSheet  = "Сравнение моделей"
	trackSheet    = "Прогноз по неделям"
	decileSheet   = "Калибровка по децилям"
	tiesSheet     = "Сверка"
)

// noError fails for cells that are errors or unwritten verbs.
func noError(t rapid.TB, f *file) {
	for sheet, cells := range f.cells {
		for at, c := range cells {
			if c.kind == "e" || strings.HasPrefix(c.text, "#") || strings.Contains(c.text, "NaN") || strings.Contains(c.text, "%!") {
				t.Errorf("%s!%s = %q", sheet, at, c.text)
			}
		}
	}
}

func TestLTVSheets(t *testing.T) {
	slow(t)
	b := ltvBook(t, sold(), orders.Options{}, ltv.PredictOptions{Costs: costs, AnnualDiscount: 0.15})
	for l, want := range map[report.Language][]string{
		report.Russian: {"Сводка", "Параметры", "Первая и повторная сделка", ltvSheet, ltvModelSheet, compareSheet, trackSheet, decileSheet, tiesSheet, "Отклонённые строки", "Методика"},
		report.English: {"Summary", "Parameters", "First and repeat deal", "LTV by customer", "LTV model", "Comparison of models", "Weekly tracking", "Calibration by decile", "Reconciliation", "Rejected rows", "Method"},
	} {
		data := written(t, b, report.Options{Language: l})
		f := open(t, data)
		if !slices.Equal(f.sheets, want) {
			t.Errorf("sheets %q, want %q", f.sheets, want)
		}
		calculated(t, data, f)
		noError(t, f)
		if again := written(t, b, report.Options{Language: l}); !bytes.Equal(data, again) {
			t.Errorf("%v: two runs, two files", l)
		}
	}
	// The sheets of next to nothing say so.
	for name, lines := range map[string][]orders.Line{"short": shortItems(), "one": shortItems()[:1], "nobody": shortItems()[4:]} {
		t.Run(name, func(t *testing.T) {
			b := ltvBook(t, lines, orders.Options{}, ltv.PredictOptions{})
			if (b.LTV == nil) != (name == "nobody") {
				t.Errorf("a prediction: %v", b.LTV != nil)
			}
			data := written(t, b, report.Options{Language: report.Russian})
			f := open(t, data)
			calculated(t, data, f)
			noError(t, f)
		})
	}
}

// TestLTVFigures: the sheets hold what the library computed, in its order, and
// what is no output of a model is a formula.
func TestLTVFigures(t *testing.T) {
	b := ltvBook(t, sold(), orders.Options{}, ltv.PredictOptions{Costs: costs, AnnualDiscount: 0.15})
	f := open(t, written(t, b, report.Options{Language: report.Russian}))
	list := f.cells[ltvSheet]
	column := map[string]string{}
	head := 0
	for at, c := range list {
		if c.text == "Код" {
			head = rowOf("!" + at + ":")
		}
	}
	for at, c := range list {
		if rowOf("!"+at+":") == head {
			column[c.text] = strings.TrimRight(at, "0123456789")
		}
	}
	near := func(what, at string, want float64) cell {
		t.Helper()
		c := list[at]
		if got, ok := c.number(); !ok || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
			t.Errorf("%s: %s is %q, want %v", what, at, c.text, want)
		}
		return c
	}
	for i, c := range b.LTV.Customers {
		row := strconv.Itoa(head + 1 + i)
		if got := list[column["Код"]+row].text; got != c.ID {
			t.Fatalf("row %s is of %s, want %s", row, got, c.ID)
		}
		for name, v := range map[string]float64{
			"P(активен)": c.PAlive, "Ожидается покупок": c.ExpectedPurchases, "Ожидаемая прибыль": c.ExpectedProfit.Float64(),
			"CLV": c.CLV.Float64(), "CLV, не меньше": c.CLVLow.Float64(), "CLV, не больше": c.CLVHigh.Float64(),
		} {
			if got := near(c.ID, column[name]+row, v); got.formula != "" {
				t.Errorf("%s of %s, an output of the model, is the formula %s", name, c.ID, got.formula)
			}
		}
		if c.Historic.Known {
			if got := near(c.ID, column["Ценность на сегодня"]+row, c.Historic.Amount.Float64()); got.formula == "" {
				t.Errorf("the value of %s to date is no formula", c.ID)
			}
		}
	}
	total := strconv.Itoa(head - 1)
	near("total", column["CLV"]+total, b.LTV.Total.CLV.Float64())
	near("total", column["CLV, не меньше"]+total, b.LTV.Total.CLVLow.Float64())
	near("total", column["Ожидается покупок"]+total, b.LTV.Total.ExpectedPurchases)
	if !strings.HasPrefix(list[column["CLV"]+total].formula, "SUM(") {
		t.Errorf("the total is %+v", list[column["CLV"]+total])
	}
	on := func(sheet string, what string, v float64) {
		t.Helper()
		for _, c := range f.cells[sheet] {
			if got, ok := c.number(); ok && math.Abs(got-v) <= 1e-9*max(1, math.Abs(v)) {
				return
			}
		}
		t.Errorf("%s: %s, %v, is not there", sheet, what, v)
	}
	for _, p := range b.LTV.Fit.Parameters {
		on(ltvModelSheet, p.Name, p.Value)
		on(ltvModelSheet, "error of "+p.Name, p.SE)
	}
	for _, s := range b.Validation.Scores {
		on(compareSheet, "expectation of "+s.Name, s.Expected)
		on(compareSheet, "miss of "+s.Name, s.Bias)
		on(compareSheet, "MAE of "+s.Name, s.MAE)
		for _, d := range s.Deciles {
			on(decileSheet, "decile of "+s.Name, d.Expected)
			on(decileSheet, "decile of "+s.Name, d.Actual)
		}
	}
	last := b.Validation.Tracking[len(b.Validation.Tracking)-1]
	on(trackSheet, "actual", last.Actual)
	for _, v := range last.Expected {
		on(trackSheet, "expected", v)
	}
}

// TestLTVParts: charts, filters and panes survive, and charts are bound to cells.
func TestLTVParts(t *testing.T) {
	f := open(t, written(t, ltvBook(t, sold(), orders.Options{}, ltv.PredictOptions{Costs: costs}), report.Options{Language: report.Russian}))
	for name, charts := range map[string]int{ltvSheet: 0, ltvModelSheet: 1, compareSheet: 0, trackSheet: 1, decileSheet: 1} {
		xml := string(f.parts[f.paths[name]])
		got := 0
		if rels := f.parts[strings.Replace(f.paths[name], "worksheets/", "worksheets/_rels/", 1)+".rels"]; rels != nil && strings.Contains(xml, "<drawing ") {
			drawing := regexp.MustCompile(`drawing\d+\.xml`).FindString(string(rels))
			got = strings.Count(string(f.parts["xl/drawings/"+drawing]), "<xdr:graphicFrame ")
		}
		if got != charts {
			t.Errorf("%s has %d charts, want %d", name, got, charts)
		}
		wide := `fitToWidth="1"`
		if name == ltvSheet {
			wide = `fitToWidth="2"` // on one page nobody could read it
		}
		for _, must := range []string{`orientation="landscape"`, wide} {
			if !strings.Contains(xml, must) {
				t.Errorf("%s lacks %s", name, must)
			}
		}
	}
	if xml := string(f.parts[f.paths[ltvSheet]]); !strings.Contains(xml, "<autoFilter ") || !strings.Contains(xml, `state="frozen"`) {
		t.Error("the list of customers has no filter or no frozen header")
	}
	bound := 0
	for name, part := range f.parts {
		if !strings.HasPrefix(name, "xl/charts/chart") {
			continue
		}
		for _, r := range regexp.MustCompile(`<f>'([^']+)'!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?</f>`).FindAllStringSubmatch(html.UnescapeString(string(part)), -1) {
			bound++
			last := r[2] + r[3]
			if r[4] != "" {
				last = r[4] + r[5]
			}
			if f.cells[r[1]][last] == (cell{}) {
				t.Errorf("%s refers to %s!%s, where nothing is", name, r[1], last)
			}
		}
	}
	if bound < 20 {
		t.Errorf("charts refer to %d ranges", bound)
	}
}

// TestLTVReconciles: the value to date ties to the profit table or to the
// control total, whatever is charged and left out; and if it is of other sales
// the Reconciliation shows it.
func TestLTVReconciles(t *testing.T) {
	slow(t)
	pool := orders.Costs{OverheadPool: 12_345_678_901, OverheadBy: orders.ByLines, BonusFirst: orders.Rate{Percent: 3 * orders.One}, BonusRepeat: orders.Rate{Percent: 17_777}}
	sales, err := orders.Collect(ctx, each(sold()), orders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	spend := spentOn(t, sales)
	sales.Release()
	owned := orders.Scope{From: orders.NewDate(2024, 1, 1), Where: []orders.Where{{Dimension: orders.ByOwner, In: []string{sold()[0].Salesperson}}}}
	for name, o := range map[string]ltv.PredictOptions{
		"profit":          {},
		"costs":           {Costs: costs},
		"pool and shares": {Costs: pool},
		"spend":           {Costs: orders.Costs{Overhead: orders.One}, Spend: spend},
		"assumed cost":    {Costs: orders.Costs{COGS: orders.Known(20_000 * orders.One), Direct: orders.Known(orders.One)}},
		"revenue":         {Basis: ltv.ByRevenue},
		"a part":          {Scope: owned, Costs: costs},
		"revenue of part": {Scope: owned, Basis: ltv.ByRevenue},
	} {
		t.Run(name, func(t *testing.T) {
			b := ltvBook(t, sold(), orders.Options{}, o)
			if n, off := tied(open(t, written(t, b, report.Options{Language: report.Russian})), ltvSheet); n != 1 || off != 0 {
				t.Errorf("%d ties, %d off", n, off)
			}
		})
	}
	t.Run("other sales", func(t *testing.T) {
		b := ltvBook(t, sold(), orders.Options{}, ltv.PredictOptions{Costs: costs})
		b.LTV = ltvBook(t, sold()[50:], orders.Options{}, ltv.PredictOptions{Costs: costs, Scope: b.LTV.Scope}).LTV
		f := open(t, written(t, b, report.Options{Language: report.Russian}))
		if n, off := tied(f, ltvSheet); n != 1 || off != 1 || f.cells["Сводка"]["A3"].text != "Что-то не сходится: см. лист «Сверка»" {
			t.Errorf("%d ties, %d off: %s", n, off, f.cells["Сводка"]["A3"].text)
		}
	})
}

// tied returns how many ties of a sheet the Reconciliation has, and how many are not 0.
func tied(f *file, sheet string) (n, off int) {
	sums := f.cells[tiesSheet]
	for at, c := range sums {
		if c.text != "Лист «"+sheet+"»" {
			continue
		}
		n++
		row := rowOf("!" + at + ":")
		for ; sums[fmt.Sprint("A", row)].text != "Разница"; row++ {
		}
		if v, ok := sums[fmt.Sprint("C", row)].number(); !ok || v != 0 || sums[fmt.Sprint("C", row)].formula == "" {
			off++
		}
	}
	return n, off
}

// TestLTVLanguages: these sheets, too, speak the reader's language.
func TestLTVLanguages(t *testing.T) {
	lines := fineItems(600)
	for i := range lines {
		l := &lines[i]
		l.Customer, l.Product, l.Salesperson = l.Customer[1:], l.Product[1:], l.Salesperson[1:]
	}
	b := ltvBook(t, lines, orders.Options{}, ltv.PredictOptions{Costs: costs})
	b.Rejected = []orders.RowError{}
	for _, c := range open(t, written(t, b, report.Options{})).all() {
		if strings.ContainsFunc(c.text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			t.Errorf("English: %q", c.text)
		}
	}
	known := regexp.MustCompile(`(?:Profit|Repeat)_[A-Za-z]+|LTV|CLV|(?:M?BG/|Pareto/)?NBD|AIC|MAE|RMSE|MSLE|CDNOW|Klaviyo|Ehrenberg|Schmittlein, Morrison, Colombo|Fader, Hardie(?:, Lee)?|Batislam, Denizel, Filiztekin|Tashman|Gneiting, Raftery|UCI|Online Retail|Woodroofe|Lagakos|Barraj|De Gruttola|CRM|repeatsales|\d\.\dE[+-]\d+|ln\(|\b(?:P|T|q|n|z|x|t|r|a|b|s|p|v)\b`)
	for sheet, cells := range open(t, written(t, b, report.Options{Language: report.Russian})).cells {
		for at, c := range cells {
			rest := known.ReplaceAllString(c.text, "")
			if _, err := strconv.ParseFloat(c.text, 64); err != nil && strings.ContainsFunc(rest, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
				t.Errorf("Russian: %s!%s: %q", sheet, at, c.text)
			}
		}
	}
}

// TestLTVWarningsAreTranslated: what predictions and validations warn of is
// said in Russian.
func TestLTVWarningsAreTranslated(t *testing.T) {
	slow(t)
	seen := map[string]bool{}
	for _, lines := range [][]orders.Line{sold(), shortItems(), fineItems(600), equalItems(300), {shortItems()[0]}} {
		for _, o := range []ltv.PredictOptions{{}, {Costs: costs, HorizonDays: 4000}, {Costs: orders.Costs{OverheadPool: orders.One, Revenue: orders.Known(1)}}} {
			b := ltvBook(t, lines, orders.Options{}, o)
			if b.LTV != nil {
				for _, w := range b.LTV.Warnings {
					seen[w.Code] = true
				}
			}
			if b.Validation != nil {
				for _, w := range b.Validation.Warnings {
					seen[w.Code] = w.Code != "missed" // which the sheet says in its own words
				}
			}
		}
	}
	for code, shown := range seen {
		if shown && !report.Translated(code) {
			t.Errorf("%s has no Russian text", code)
		}
	}
	if len(seen) < 8 {
		t.Errorf("only %d codes were tried", len(seen))
	}
}

// TestLTVLimits: a list that does not fit says so, and its totals are of all.
func TestLTVLimits(t *testing.T) {
	b := ltvBook(t, equalItems(1000), orders.Options{}, ltv.PredictOptions{})
	var out bytes.Buffer
	if err := report.WriteWithin(ctx, &out, b, report.Options{}, 300, 100); err != nil {
		t.Fatal(err)
	}
	cut, values, total := false, false, false
	for _, c := range open(t, out.Bytes()).cells["LTV by customer"] {
		cut = cut || strings.Contains(c.text, "of 1000 rows are listed")
		values = values || strings.Contains(c.text, "more than 100 rows")
		v, ok := c.number()
		total = total || ok && v == b.LTV.Total.CLV.Float64()
		if c.formula != "" {
			t.Fatalf("a formula beyond the limit: %s", c.formula)
		}
	}
	if !cut || !values || !total {
		t.Errorf("cut stated: %v; values stated: %v; total of all: %v", cut, values, total)
	}
}

// TestLTVFormulasOfAnyHistory: whatever the sales, every formula of these sheets
// gives its cached value, and everything adds up.
func TestLTVFormulasOfAnyHistory(t *testing.T) {
	slow(t)
	rapid.Check(t, func(rt *rapid.T) {
		lines, o := factstest.Lines(rt), factstest.Options(rt)
		if h, err := orders.Collect(ctx, each(lines), o); err != nil {
			rt.Skip(err)
		} else {
			h.Release()
		}
		p := ltv.PredictOptions{Basis: ltv.Basis(rapid.IntRange(0, 1).Draw(rt, "basis"))}
		if rapid.Bool().Draw(rt, "costs") {
			p.Costs = costs
		}
		data := written(t, ltvBook(t, lines, o, p), report.Options{Language: report.Russian})
		f := open(t, data)
		calculated(rt, data, f)
		noError(rt, f)
		if got := f.cells["Сводка"]["A3"].text; got != "Всё сходится: см. лист «Сверка»" {
			rt.Errorf("summary: %q", got)
		}
	})
}

// TestLTVRecalculation: LibreOffice changes no cell of these sheets; and what
// follows a cell does follow it: another value to date does not add up.
func TestLTVRecalculation(t *testing.T) {
	slow(t)
	b := ltvBook(t, sold(), orders.Options{}, ltv.PredictOptions{Costs: costs, AnnualDiscount: 0.15})
	books := map[string][]byte{
		"company": written(t, b, report.Options{Language: report.Russian}),
		"english": written(t, b, report.Options{}),
		"fine":    written(t, ltvBook(t, fineItems(3000), orders.Options{HistoryComplete: true}, ltv.PredictOptions{Basis: ltv.ByRevenue}), report.Options{Language: report.Russian}),
		"short":   written(t, ltvBook(t, shortItems(), orders.Options{}, ltv.PredictOptions{}), report.Options{}),
	}
	first := "" // a cell of what a first purchase brought
	f := open(t, books["company"])
	for at, c := range f.cells[ltvSheet] {
		if c.text == b.LTV.Customers[0].ID {
			first = "G" + strings.TrimLeft(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		}
	}
	before, ok := f.cells[ltvSheet][first].number()
	if !ok {
		t.Fatalf("%s is no number", first)
	}
	books["changed"] = setCell(t, books["company"], ltvSheet, first, before+1000)
	after := recalculate(t, books)
	for name, book := range books {
		list := differences(open(t, book), open(t, after[name]), nil)
		if name != "changed" {
			for _, d := range list[:min(len(list), 20)] {
				t.Errorf("%s: %s", name, d)
			}
			continue
		}
		g := open(t, after[name])
		if n, off := tied(g, ltvSheet); n != 1 || off != 1 || !strings.HasPrefix(g.cells["Сводка"]["A3"].text, "Что-то не сходится") {
			t.Errorf("with another value to date: %d ties, %d off, %q", n, off, g.cells["Сводка"]["A3"].text)
		}
	}
}
