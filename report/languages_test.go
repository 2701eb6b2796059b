package report_test

import (
	"cmp"
	"errors"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
	"github.com/repeatsales/repeatsales/segments"
)

// wordless returns lines without a word of any language: what customers,
// products, groups, salespersons and channels are called are numbers.
func wordless(lines []orders.Line) []orders.Line {
	seen := map[string]map[string]string{}
	number := func(kind string, s *string) {
		if *s == "" {
			return
		}
		if seen[kind] == nil {
			seen[kind] = map[string]string{}
		}
		if seen[kind][*s] == "" {
			seen[kind][*s] = strconv.Itoa(len(seen[kind]) + 1)
		}
		*s = seen[kind][*s]
	}
	lines = slices.Clone(lines)
	for i := range lines {
		l := &lines[i]
		for kind, s := range map[string]*string{
			"customer": &l.Customer, "order": &l.Order, "organisation": &l.Organisation, "product": &l.Product,
			"group": &l.Group, "salesperson": &l.Salesperson, "channel": &l.Channel,
		} {
			number(kind, s)
		}
		if l.Base != "" {
			number("order", &l.Base)
		}
		l.CustomerName, l.ProductName, l.RepeatFlag = "", "", strconv.Itoa(i%2)
	}
	return lines
}

// wholeBook fills in every field that the sales are enough for.
func wholeBook(t testing.TB, lines []orders.Line, o orders.Options) report.Book {
	t.Helper()
	b := bookOf(t, each(lines), o)
	sales := b.Sales
	spend := spentOn(t, sales)
	var errs []error
	fill := func(err error) { errs = append(errs, err) }
	var err error
	b.Measures, err = abcxyz.RankMeasures(ctx, sales, abcxyz.MeasuresOptions{})
	fill(err)
	b.Within, err = abcxyz.RankSplit(ctx, sales, abcxyz.SplitOptions{})
	fill(err)
	b.Compared, err = abcxyz.Compare(ctx, sales, abcxyz.CompareOptions{})
	fill(err)
	b.Roles, err = cohorts.Roles(ctx, sales, cohorts.RolesOptions{})
	fill(err)
	for _, by := range []orders.Dimension{orders.BySalesperson, orders.ByOwner, orders.ByChannel, orders.ByGroup} {
		p, err := cohorts.SplitShare(ctx, sales, cohorts.SplitOptions{By: by})
		fill(err)
		b.Parts = append(b.Parts, p)
	}
	b.Flags, err = cohorts.Flags(ctx, sales, cohorts.FlagOptions{Repeat: []string{"1"}, First: []string{"0"}})
	fill(err)
	b.Profit, err = ltv.DealProfitWith(ctx, sales, ltv.ProfitOptions{Costs: orders.Costs{OverheadPool: orders.One, OverheadBy: orders.ByLines}, Spend: spend})
	fill(err)
	b.Acquisition, err = ltv.Acquire(ctx, sales, ltv.AcquireOptions{Spend: spend})
	fill(err)
	b.Splits, b.Paybacks = nil, nil
	for _, by := range []orders.Dimension{orders.BySalesperson, orders.ByChannel, orders.ByGroup, ltv.ByCohort} {
		p, err := ltv.SplitProfit(ctx, sales, ltv.SplitOptions{By: by, Costs: costs})
		fill(err)
		b.Splits = append(b.Splits, p)
	}
	for _, by := range []orders.Dimension{ltv.ByCohort, orders.ByChannel} {
		p, err := ltv.Paybacks(ctx, sales, ltv.PaybackOptions{By: by, Costs: costs})
		fill(err)
		b.Paybacks = append(b.Paybacks, p)
	}
	b.Ages, err = cohorts.Tabulate(ctx, sales, cohorts.TableOptions{AgeDays: 30})
	fill(err)
	b.CohortLTV, err = b.Cohorts.LTV(cohorts.LTVOptions{Costs: costs})
	fill(err)
	b.RevenueRetention, err = cohorts.RevenueRetention(ctx, sales, cohorts.RevenueOptions{})
	fill(err)
	future := ltvBook(t, lines, o, ltv.PredictOptions{Costs: costs})
	b.LTV, b.Validation = future.LTV, future.Validation
	desk := deskBook(t, lines, o)
	b.Calls, b.Contacts = desk.Calls, desk.Contacts
	for _, o := range []segments.PlanOptions{{}, {Follow: orders.ByOwner, PerWorkday: true, Month: orders.Month.Of(lines[len(lines)-1].Date)}} {
		p, err := segments.Plan(ctx, sales, o)
		fill(err)
		b.Plans = append(b.Plans, p)
	}
	for _, reason := range []orders.Reason{
		orders.NoDate, orders.BadDate, orders.DateRange, orders.NoRevenue, orders.BadNumber, orders.NumberRange, orders.ShortRow, orders.LongRow,
		orders.LongCell, orders.BadQuote, orders.ErrorCell, orders.BadText, orders.NoRate, orders.Truncated,
	} {
		b.Rejected = append(b.Rejected, orders.RowError{File: "1.csv", Row: 2, Reason: reason, Value: "1"})
	}
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return b
}

// sameInBoth is what a Russian workbook writes in Latin letters: names of
// parameters, of people and journals, of models, and symbols.
var sameInBoth = regexp.MustCompile(`\b[A-Z][A-Za-z]*(?:_[A-Za-z0-9]+)+\b` +
	`|E\. B\. Wilson|JASA|UCI|Online Retail|Woodroofe|Lagakos|Barraj|De Gruttola|A\. M\. Hughes|Strategic Database Marketing|Webber|Moffat|Zobel|Künsch|Politis|Romano` +
	`|CDNOW|Klaviyo|Ehrenberg|Schmittlein, Morrison, Colombo|Fader, Hardie(?:, Lee)?|Batislam, Denizel, Filiztekin|Tashman|Gneiting, Raftery|Hyndman|Fan` +
	`|NRR|GRR|CRM|ABC|XYZ|RFM|COGS|LTV|CLV|AIC|MAE|RMSE|MSLE|(?:M?BG/|Pareto/)?NBD|repeatsales|1\.csv|R, Alpha|\bBeta\b` +
	`|\d\.\dE[+-]\d+|ln\(|\b[ABCN][XYZ–]|-Q[1-4]\b|\b[A-Z]{1,3}\b|\b(?:k|q|n|z|x|t|r|a|b|s|p|v)\b`)

// sameInEnglish is what an English workbook writes in Cyrillic: 1C's products.
var sameInEnglish = regexp.MustCompile(`1C:У[А-Я]+(?: 11)?|УПП`)

// foreign reports whether s has letters that the language has no use for.
func foreign(l report.Language, s string) bool {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return false
	}
	if l == report.English {
		return strings.ContainsFunc(sameInEnglish.ReplaceAllString(s, ""), func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
	}
	return strings.ContainsFunc(sameInBoth.ReplaceAllString(s, ""), func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

// TestForeign: what the test below fails for, and what not.
func TestForeign(t *testing.T) {
	for s, want := range map[string][2]bool{ // in English, in Russian
		"Total": {false, true}, "Итого": {true, false}, "Доля total": {true, true}, "1C:УНФ": {false, true}, "ABC-XYZ": {false, false},
		"Customers_A": {false, false}, "1.5E3": {false, false}, "–": {false, false}, "": {false, false}, "month": {false, true},
	} {
		if got := [2]bool{foreign(report.English, s), foreign(report.Russian, s)}; got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

var (
	chartTexts  = regexp.MustCompile(`<a:t>([^<]*)</a:t>`)
	headerTexts = regexp.MustCompile(`<odd(?:Header|Footer)>([^<]*)<`)
	ampersands  = regexp.MustCompile(`&[A-Z]|&\d+`)
)

// texts returns every text of a workbook by where it stands: names of sheets,
// cells, literals of formulas, charts, headers and footers of pages.
func (f *file) texts() map[string]string {
	all := map[string]string{}
	for _, name := range f.sheets {
		all["sheet "+name] = name
		for i, m := range headerTexts.FindAllStringSubmatch(string(f.parts[f.paths[name]]), -1) {
			all[fmt.Sprintf("%s, page %d", name, i)] = ampersands.ReplaceAllString(html.UnescapeString(m[1]), "")
		}
		for at, c := range f.cells[name] {
			all[name+"!"+at] = c.text
			if l := strings.Join(literals.FindAllString(c.formula, -1), " "); l != "" {
				all[name+"!"+at+" formula"] = l
			}
		}
	}
	for part, xml := range f.parts {
		if strings.HasPrefix(part, "xl/charts/") {
			for i, m := range chartTexts.FindAllStringSubmatch(string(xml), -1) {
				all[fmt.Sprintf("%s, text %d", part, i)] = html.UnescapeString(m[1])
			}
		}
	}
	return all
}

// TestWholeBookLanguages: every sheet of the whole workbook speaks one language,
// the reader's: cells, what formulas may say, charts, names and footers, of a
// company, of one whose history is known, and of sales too few for most answers.
func TestWholeBookLanguages(t *testing.T) {
	slow(t)
	few := wordless(shortItems())
	for name, b := range map[string]report.Book{
		"company":          wholeBook(t, wordless(sold()), orders.Options{}),
		"complete history": wholeBook(t, wordless(sold())[6000:9000], orders.Options{HistoryComplete: true}),
		"nobody is known":  wholeBook(t, wordless(fineItems(600)), orders.Options{BurnIn: 5000}),
		"few":              wholeBook(t, few, orders.Options{}),
		"one":              wholeBook(t, few[:1], orders.Options{}),
		"rules of 1C":      ruled(t, wordless(fineItems(600)), [3]abcxyz.Rule{abcxyz.UNF, abcxyz.UT11, abcxyz.PAL}, abcxyz.ModeUT11),
		"rules of scripts": ruled(t, wordless(fineItems(600)), [3]abcxyz.Rule{abcxyz.Absolute, abcxyz.UpTo, abcxyz.UNF}, abcxyz.ModeUNF),
	} {
		for _, l := range []report.Language{report.English, report.Russian} {
			t.Run(name+" "+l.String(), func(t *testing.T) {
				f := open(t, written(t, b, report.Options{Language: l}))
				told := map[string]bool{}
				texts := f.texts()
				for _, at := range slices.SortedFunc(maps.Keys(texts), func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }) {
					if s := texts[at]; foreign(l, s) && !told[s] {
						told[s] = true
						t.Errorf("%s: %q", at, s)
					}
				}
				if len(texts) < 100 {
					t.Errorf("only %d texts were read", len(texts))
				}
			})
		}
	}
}
