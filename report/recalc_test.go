package report_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

// alwaysRecalculate is LibreOffice's setting to recalculate every formula of a
// workbook on loading. Its default keeps the cached values, wrong ones too, and
// a test that relies on it cannot fail.
const alwaysRecalculate = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>`

// slow skips a test in a short run, which is for the race detector: such a test
// takes long, and computes one thing after another.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("slow, and nothing in it happens at the same time")
	}
}

// recalculate returns workbooks as LibreOffice saves them after a hard
// recalculation. It skips the test where there is no LibreOffice.
func recalculate(t *testing.T, books map[string][]byte) map[string][]byte {
	t.Helper()
	slow(t)
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice (soffice) is not installed")
	}
	dir := t.TempDir()
	profile, in, out := filepath.Join(dir, "profile"), filepath.Join(dir, "in"), filepath.Join(dir, "out")
	for _, d := range []string{filepath.Join(profile, "user"), in, out} {
		if err := os.MkdirAll(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(alwaysRecalculate), 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"-env:UserInstallation=file://" + filepath.ToSlash(profile), "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out}
	for name, data := range books {
		p := filepath.Join(in, name+".xlsx")
		if err := os.WriteFile(p, data, 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, p)
	}
	message, err := exec.Command(soffice, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v\n%s", err, message)
	}
	done := map[string][]byte{}
	for name := range books {
		data, err := os.ReadFile(filepath.Join(out, name+".xlsx")) // its exit status is 0 even if it failed
		if err != nil {
			t.Fatalf("%v\n%s", err, message)
		}
		done[name] = data
	}
	return done
}

func written(t testing.TB, b report.Book, o report.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := report.Write(context.Background(), &out, b, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// equalItems are so many customers with one purchase of the same sum: the
// bounds of ABC cut through them all.
func equalItems(n int) []orders.Line {
	lines := make([]orders.Line, n)
	for i := range lines {
		lines[i] = orders.Line{Customer: fmt.Sprintf("c%05d", i), Product: fmt.Sprint("p", i%7), Date: orders.NewDate(2024, 1, 1+i%300), Revenue: 33 * orders.One / 10}
	}
	return lines
}

// fineItems are customers whose sums have all four decimal places, many of
// them equal, some negative.
func fineItems(n int) []orders.Line {
	r := rand.New(rand.NewPCG(7, 7))
	lines := make([]orders.Line, n)
	for i := range lines {
		lines[i] = orders.Line{
			Customer: fmt.Sprint("c", r.IntN(n/3)), Product: fmt.Sprint("p", r.IntN(40)), Salesperson: fmt.Sprint("s", r.IntN(5)),
			Date: orders.NewDate(2023, 1, 1+r.IntN(700)), Revenue: orders.Amount(r.IntN(40)*12345 - 30000), Quantity: orders.One,
		}
		if r.IntN(3) > 0 {
			lines[i].COGS = orders.Known(lines[i].Revenue / 2)
		}
	}
	return lines
}

// shortItems are an export too short for any verdict, with anonymous, cancelled
// and unmatched money.
func shortItems() []orders.Line {
	day := orders.NewDate(2024, 3, 1)
	return []orders.Line{
		{Customer: "a", Product: "p", Date: day, Revenue: 100 * orders.One},
		{Customer: "a", Product: "p", Date: day + 40, Revenue: 50 * orders.One},
		{Customer: "b", Product: "q", Date: day + 3, Revenue: -70 * orders.One},
		{Customer: "c", Product: "q", Date: day + 5, Revenue: 10 * orders.One, Cancelled: true},
		{Product: "q", Date: day + 6, Revenue: 5 * orders.One},
	}
}

// whatIf is a workbook from assumptions alone beside an export: the worked example.
func whatIf(t testing.TB) report.Book {
	t.Helper()
	b := bookOf(t, each(shortItems()), orders.Options{})
	var err error
	b.Profit, err = ltv.WhatIf(workedExample)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var workedExample = orders.Costs{
	Revenue: orders.Known(55_000 * orders.One), COGS: orders.Known(30_000 * orders.One), Overhead: 10_000 * orders.One,
	CostPerLead: 500 * orders.One, Conversion: 0.10,
	BonusFirst: orders.Rate{Amount: 5_000 * orders.One}, BonusRepeat: orders.Rate{Amount: 3_000 * orders.One},
	ErrorsFirst: 3_000 * orders.One, ErrorsRepeat: 1_000 * orders.One,
}

// TestRecalculation: a hard recalculation changes no cell of any workbook.
func TestRecalculation(t *testing.T) {
	slow(t)
	pooled := bookOf(t, each(fineItems(3000)), orders.Options{HistoryComplete: true})
	var err error
	pooled.Profit, err = ltv.DealProfit(context.Background(), pooled.Sales, orders.Costs{
		Direct: orders.Known(12345), OverheadPool: 1000 * orders.One, OverheadBy: orders.ByRevenue, BonusRepeat: orders.Rate{Percent: 5 * orders.One / 2}})
	if err != nil {
		t.Fatal(err)
	}
	assumed := bookOf(t, each(fineItems(2000)), orders.Options{})
	if assumed.Profit, err = ltv.DealProfit(context.Background(), assumed.Sales, orders.Costs{Revenue: orders.Known(3 * orders.One)}); err != nil {
		t.Fatal(err)
	}
	segmented(t, &pooled, segments.RFMOptions{Scoring: segments.Fixed})
	segmented(t, &assumed, segments.RFMOptions{Scoring: segments.EqualWidth, Scores: 3, Measure: orders.GrossProfit, Rules: []segments.Rule{
		{Segment: "worth", M: segments.Range{From: 2, To: 3}}, {Segment: "fresh", R: segments.Range{From: 3, To: 3}}}})
	ru, en := report.Options{Language: report.Russian}, report.Options{}
	books := map[string][]byte{
		"company ru": written(t, bookOf(t, each(sold()), orders.Options{}), ru),
		"company en": written(t, bookOf(t, each(sold()), orders.Options{}), en),
		"equal":      written(t, bookOf(t, each(equalItems(10_000)), orders.Options{}), ru),
		"pooled":     written(t, pooled, ru),
		"assumed":    written(t, assumed, en),
		"what if":    written(t, whatIf(t), ru),
		"spent":      written(t, spent(t, orders.Scope{}), ru),
		"planned":    written(t, planned(t), ru),
		"desk":       written(t, deskBook(t, sold(), orders.Options{}), ru),
		"fine desk":  written(t, deskBook(t, fineItems(3000), orders.Options{}), en),
	}
	for name, after := range recalculate(t, books) {
		t.Run(name, func(t *testing.T) {
			before := open(t, books[name])
			list := differences(before, open(t, after), nil)
			for _, d := range list[:min(len(list), 20)] {
				t.Error(d)
			}
			if len(list) > 20 {
				t.Errorf("and %d more", len(list)-20)
			}
			formulas := 0
			for _, sheet := range before.cells {
				for _, c := range sheet {
					if c.formula != "" {
						formulas++
					}
				}
			}
			if formulas < 100 {
				t.Errorf("only %d formulas were tried", formulas)
			}
		})
	}
}

// segmented gives b RFM by other options, and prospects.
func segmented(t testing.TB, b *report.Book, o segments.RFMOptions) {
	t.Helper()
	ctx := context.Background()
	grid := segments.GridOptions{Prospects: []segments.Prospect{{ID: "c1"}, {ID: "somebody", Name: "=1+1"}, {ID: "somebody else"}}}
	var err1, err2, err3 error
	b.RFM, err1 = segments.RFM(ctx, b.Sales, o)
	b.Grid, err2 = segments.Grid(ctx, b.Sales, grid)
	b.Transitions, err3 = segments.Transitions(ctx, b.Sales, segments.TransitionOptions{Grid: grid})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
}

// Sheets of the Russian workbook.
const (
	segmentSheet = "Сегменты"
	memberSheet  = "Клиенты по сегментам"

	abcSheet    = "ABC-XYZ клиенты"
	matrixSheet = "Матрица ABC-XYZ"
	profitSheet = "Первая и повторная сделка"
	repeatSheet = "Доля повторных"
)

// TestRecalculationControls: the test above can fail. A corrupted cached value
// is reported, and changed parameters give what the library computes with them.
func TestRecalculationControls(t *testing.T) {
	slow(t)
	ctx := context.Background()
	o := report.Options{Language: report.Russian}
	b := bookOf(t, each(sold()), orders.Options{})
	segmented(t, &b, segments.RFMOptions{Scoring: segments.Fixed})
	book := written(t, b, o)
	f := open(t, book)

	corrupted := replace(t, book, f.paths[abcSheet], func(s string) string {
		i := strings.Index(s, "</f><v>0.") + len("</f><v>0.") // the first share
		return s[:i] + "5" + s[i:]
	})
	set := func(values map[string]float64) []byte {
		changed := book
		for name, v := range values {
			changed = setParameter(t, changed, name, v)
		}
		return changed
	}
	after := recalculate(t, map[string][]byte{
		"corrupted": corrupted,
		"bounds":    set(map[string]float64{"Customers_A": 0.6, "Customers_B": 0.9, "Customers_X": 0.3, "Customers_Y": 0.4, "Repeat_Q": 0.5}),
		"costs": set(map[string]float64{
			"Profit_CostPerLead": 1700, "Profit_Conversion": 0.2, "Profit_Overhead": 123.45,
			"Profit_BonusFirst": 10, "Profit_BonusFirstShare": 0.02, "Profit_BonusRepeat": 20, "Profit_BonusRepeatShare": 0.015,
			"Profit_ErrorsFirst": 30, "Profit_ErrorsRepeat": 40,
		}),
		"no conversion": set(map[string]float64{"Profit_Conversion": 0, "Customers_A": 0, "Products_X": -1}),
		"cogs":          set(map[string]float64{"Profit_COGS": 20_000, "Profit_Direct": 50}),
		"pool":          set(map[string]float64{"Profit_OverheadPool": 1234567.8912, "Profit_OverheadBy": 3}),
		"small pool":    set(map[string]float64{"Profit_OverheadPool": -0.0299}),
		"segments": set(map[string]float64{
			"Grid_Purchases_2": 3, "Grid_Falling_1": 20, "Grid_Asleep_1": 90, "Grid_Asleep_3": 60,
			"RFM_R_5": 10, "RFM_F_3": 4, "RFM_M_5": 1_000_000,
		}),
	})
	fail := func(list []string) {
		t.Helper()
		for _, d := range list[:min(len(list), 20)] {
			t.Error(d)
		}
	}

	t.Run("corrupted", func(t *testing.T) {
		list := differences(open(t, corrupted), open(t, after["corrupted"]), nil)
		if len(list) != 1 || !strings.HasPrefix(list[0], abcSheet+"!") {
			t.Errorf("reported: %q", list)
		}
	})
	t.Run("bounds", func(t *testing.T) {
		b, got := b, open(t, after["bounds"])
		var err error
		if b.Customers, err = abcxyz.Rank(ctx, b.Sales, abcxyz.Options{Bounds: []orders.Amount{60 * orders.One, 90 * orders.One}, CV: []float64{0.3, 0.4}}); err != nil {
			t.Fatal(err)
		}
		if list := differences(f, got, []string{abcSheet}); len(list) < 100 {
			t.Errorf("new bounds changed %d cells only", len(list))
		}
		gone := 0 // amounts to the next class, which are of the bounds of the report
		fail(slices.DeleteFunc(differences(open(t, written(t, b, o)), got, []string{abcSheet, matrixSheet}), func(d string) bool {
			old := strings.Contains(d, `and "н/д"; formula IF(AND(Customers_A=0.6,Customers_B=0.9),`)
			if old {
				gone++
			}
			return old
		}))
		if want := 2 * len(b.Customers.Items); gone != want {
			t.Errorf("%d amounts to the next class are n/a at other bounds, want %d", gone, want)
		}
	})
	t.Run("segments", func(t *testing.T) {
		b, got := b, open(t, after["segments"])
		columns := segments.DefaultGrid()
		columns[0].Falling, columns[0].Asleep, columns[1].Purchases, columns[2].Asleep = 20, 90, 3, 60
		m := slices.Clone(b.RFM.M)
		m[3] = 1_000_000 * orders.One
		var err1, err2 error
		b.Grid, err1 = segments.Grid(ctx, b.Sales, segments.GridOptions{Columns: columns, Prospects: b.Grid.Prospects})
		b.RFM, err2 = segments.RFM(ctx, b.Sales, segments.RFMOptions{Scoring: segments.Fixed, R: []int{10, 90, 180, 365}, F: []int64{2, 4, 5, 10}, M: m})
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		sheets := []string{segmentSheet, memberSheet}
		if list := differences(f, got, sheets); len(list) < 100 {
			t.Errorf("new bounds changed %d cells only", len(list))
		}
		fail(differences(open(t, written(t, b, o)), got, sheets))
	})
	t.Run("q", func(t *testing.T) {
		got, share := open(t, after["bounds"]), b.Repeat.Total
		base := (share.First.Revenue + share.Repeat.Revenue + share.Unknown.Revenue).Float64()
		want := (share.Repeat.Revenue+share.Unknown.Revenue).Float64()/base + 0.5*share.First.Revenue.Float64()/base
		for name, c := range f.cells[repeatSheet] {
			if v, _ := c.number(); v == share.ByRevenue.High {
				if w, _ := got.cells[repeatSheet][name].number(); math.Abs(w-want) > 1e-9 {
					t.Errorf("%s: with q = 0.5 the upper bound is %v, want %v", name, w, want)
				}
				return
			}
		}
		t.Error("the upper bound of revenue is not on the sheet")
	})
	t.Run("no conversion", func(t *testing.T) {
		for sheet, cells := range open(t, after["no conversion"]).cells {
			for name, c := range cells {
				if c.kind == "e" || strings.HasPrefix(c.text, "#") {
					t.Errorf("%s!%s: %s is an error: %s", sheet, name, c.formula, c.text)
				}
			}
		}
	})
	t.Run("costs", func(t *testing.T) {
		b, got := b, open(t, after["costs"])
		var err error
		b.Profit, err = ltv.DealProfit(ctx, b.Sales, orders.Costs{
			CostPerLead: 1700 * orders.One, Conversion: 0.2, Overhead: 1234500,
			BonusFirst: orders.Rate{Amount: 10 * orders.One, Percent: 2 * orders.One}, BonusRepeat: orders.Rate{Amount: 20 * orders.One, Percent: 15_000},
			ErrorsFirst: 30 * orders.One, ErrorsRepeat: 40 * orders.One,
		})
		if err != nil {
			t.Fatal(err)
		}
		want := open(t, written(t, b, o))
		grid := gridRows(t, want)
		fail(slices.DeleteFunc(differences(want, got, []string{profitSheet}), grid.has))
		grid.check(t, b.Profit, got)
	})
	for name, c := range map[string]orders.Costs{
		"pool":       {OverheadPool: 12_345_678_912, OverheadBy: orders.ByLines},
		"small pool": {OverheadPool: -299, OverheadBy: orders.PerPurchase},
	} {
		t.Run(name, func(t *testing.T) {
			b, got := b, open(t, after[name])
			pool, by := c.OverheadPool, c.OverheadBy
			c = costs
			c.OverheadPool, c.OverheadBy = pool, by
			var err error
			if b.Profit, err = ltv.DealProfit(ctx, b.Sales, c); err != nil {
				t.Fatal(err)
			}
			want := open(t, written(t, b, o))
			parts := 0
			for name, c := range want.cells[profitSheet] {
				if c.text == "Доля накладных за период, руб." || c.text == "Доля накладных за период" {
					parts = rowOf("!" + name + ":")
				}
			}
			grid := gridRows(t, want)
			fail(slices.DeleteFunc(differences(want, got, []string{profitSheet}), func(d string) bool {
				row := rowOf(d)
				return grid.first <= row && row < parts-6 || strings.Contains(d, `"допущение"`) // the curve is n/a: it cannot follow
			}))
			if v, ok := got.cells[profitSheet][fmt.Sprint("C", parts)].number(); !ok || v == 0 {
				t.Errorf("the repeat deals' part of the pool, in row %d, is %v", parts, v)
			}
		})
	}
	t.Run("cogs", func(t *testing.T) {
		b, got := b, open(t, after["cogs"])
		c := costs
		c.COGS, c.Direct = orders.Known(20_000*orders.One), orders.Known(50*orders.One)
		var err error
		if b.Profit, err = ltv.DealProfit(ctx, b.Sales, c); err != nil {
			t.Fatal(err)
		}
		want := open(t, written(t, b, o))
		last := gridRows(t, want).last // below it: the curve, and the export's own rows
		fail(slices.DeleteFunc(differences(want, got, []string{profitSheet}), func(d string) bool {
			return rowOf(d) > last || strings.Contains(d, `"выгрузка"`) || strings.Contains(d, `"допущение"`) || strings.Contains(d, `"–"`)
		}))
		undefined := 0
		for name, c := range got.cells[profitSheet] {
			if strings.HasPrefix(name, "E") && rowOf("!"+name+":") > last && c.text == "н/д" {
				undefined++
			}
		}
		if undefined != len(b.Profit.ByNumber.Points) {
			t.Errorf("%d points of the curve are n/a, which cannot follow a replaced cost; want all %d", undefined, len(b.Profit.ByNumber.Points))
		}
	})
}

// leadGrid is where the what-if grid is on the profit sheet.
type leadGrid struct{ first, last int }

// gridRows finds the grid: from the yellow prices' header to the last payback.
func gridRows(t *testing.T, f *file) leadGrid {
	t.Helper()
	g := leadGrid{}
	for name, c := range f.cells[profitSheet] {
		if strings.HasPrefix(c.text, "Привлечение клиента: цена") {
			g.first = rowOf("!" + name + ":")
		}
	}
	g.last = g.first + 13
	if c := f.cells[profitSheet][fmt.Sprint("A", g.last-3)]; c.text != "Окупается на покупке №" {
		t.Fatalf("the grid is not in rows %d–%d: %v", g.first, g.last, c)
	}
	return g
}

func (g leadGrid) has(difference string) bool {
	row := rowOf(difference)
	return g.first <= row && row <= g.last
}

// check compares the grid, whose prices and conversions are those of the
// workbook before the change, with the library's.
func (g leadGrid) check(t *testing.T, p *ltv.Profit, got *file) {
	t.Helper()
	want, err := p.LeadGrid(ltv.LeadGridOptions{CostPerLead: []orders.Amount{500 * orders.One, 1000 * orders.One, 1500 * orders.One}, Conversion: []float64{0.05, 0.1, 0.2}})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range want.Cells {
		for j, c := range row {
			for part, v := range []float64{c.Acquisition.Float64(), c.First.Float64(), float64(c.Payback)} {
				name := fmt.Sprintf("%c%d", 'B'+j, g.first+1+5*part+i)
				if got, _ := got.cells[profitSheet][name].number(); math.Abs(got-v) > 1e-6 {
					t.Errorf("grid %s = %v, want %v", name, got, v)
				}
			}
		}
	}
}

// rowOf returns the row of a difference.
func rowOf(difference string) int {
	_, name, _ := strings.Cut(difference, "!")
	name, _, _ = strings.Cut(name, ":")
	row, _ := strconv.Atoi(strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	return row
}
