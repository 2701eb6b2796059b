package factstest

import (
	"math"

	"github.com/repeatsales/repeatsales/orders"
	"pgregory.net/rapid"
)

// What histories are drawn from: few enough values that orders, days and names
// meet, and among them what is hard to get right. The first of each is the
// plainest, for it is what a failure shrinks to.
var (
	customerIDs   = []string{"a", "b", "", "c", "B", "ё", "é", "e\u0301", "a b", "guest", "10", "9", "\U0001F600", "\u00a0d\t"}
	customerNames = []string{"", "Ann", "ann", "Аноним", "АНОНИМ ", "Вася", "b"}
	orderIDs      = []string{"1", "2", "", "10", "9", "Я1", "R1", "R2", "C1", " 1", "b"}
	organisations = []string{"", "", "", "ООО", "LLC"}
	products      = []string{"p", "q", "", "Чай", "P"}
	productNames  = []string{"", "Tea", "Чай", "p"}
	groups        = []string{"", "G", "Г"}
	sellers       = []string{"", "Иван", "Ivan", "Olga"}
	channels      = []string{"", "web", "shop"}
	flags         = []string{"", "да", "нет"}
	revenues      = []orders.Amount{100 * orders.One, 100 * orders.One, 50 * orders.One, 1, 333_333, 0, -1, -50 * orders.One, -100 * orders.One, 1_000_000 * orders.One}
	epoch         = orders.NewDate(2023, 12, 25)
)

// horizon is the number of days over which histories are drawn.
const horizon = 800

// Lines draws a small history of one of three kinds: anything goes; a few
// customers who bring back what they bought; an ordinary shop. Among them are
// customers who share names, anonymous ones by id, by name and by blank, orders
// of one day and orders whose id comes back after half a year, returns with and
// without a base, zero and cancelled deals, unknown costs, known first days. A
// history is never empty.
func Lines(t *rapid.T) []orders.Line {
	kind := rapid.SampledFrom([]func(*rapid.T) orders.Line{anything, returning, regular}).Draw(t, "kind")
	// A slice of random length is mostly a short one; rules meet in long ones.
	n := rapid.IntRange(1, 40).Draw(t, "number of lines")
	return rapid.SliceOfN(rapid.Custom(kind), n, n).Draw(t, "lines")
}

// anything draws a line in which everything may be odd.
func anything(t *rapid.T) orders.Line {
	l := orders.Line{
		Organisation: rapid.SampledFrom(organisations).Draw(t, "organisation"),
		Customer:     rapid.SampledFrom(customerIDs).Draw(t, "customer"),
		CustomerName: rapid.SampledFrom(customerNames).Draw(t, "customer name"),
		Order:        rapid.SampledFrom(orderIDs).Draw(t, "order"),
		Date:         date(t, "date"),
		Product:      rapid.SampledFrom(products).Draw(t, "product"),
		ProductName:  rapid.SampledFrom(productNames).Draw(t, "product name"),
		Group:        rapid.SampledFrom(groups).Draw(t, "group"),
		Salesperson:  rapid.SampledFrom(sellers).Draw(t, "salesperson"),
		Channel:      rapid.SampledFrom(channels).Draw(t, "channel"),
		RepeatFlag:   rapid.SampledFrom(flags).Draw(t, "repeat flag"),
		Quantity:     orders.Amount(rapid.IntRange(-3, 3).Draw(t, "quantity")) * orders.One,
		Revenue:      rapid.SampledFrom(revenues).Draw(t, "revenue"),
		Direct:       orders.Amount(rapid.IntRange(0, 3).Draw(t, "direct")),
		Cancelled:    rapid.IntRange(0, 9).Draw(t, "cancelled") == 9,
	}
	if rapid.IntRange(0, 2).Draw(t, "has a base") == 2 {
		l.Base = rapid.SampledFrom(orderIDs).Draw(t, "base")
	}
	if rapid.Bool().Draw(t, "has a cost") {
		l.COGS = orders.Known(rapid.SampledFrom(revenues).Draw(t, "cogs"))
	}
	if rapid.IntRange(0, 5).Draw(t, "has a since") == 5 {
		l.Since = date(t, "since")
	}
	if rapid.IntRange(0, 5).Draw(t, "has a lead") == 5 {
		l.Lead = date(t, "lead")
	}
	return l
}

// returning draws a line of one of two customers whose few orders come again
// and are taken back.
func returning(t *rapid.T) orders.Line {
	return orders.Line{
		Organisation: rapid.SampledFrom([]string{"", "", "", "LLC"}).Draw(t, "organisation"),
		Customer:     rapid.SampledFrom([]string{"a", "b"}).Draw(t, "customer"),
		Order:        rapid.SampledFrom([]string{"1", "2", "9", "10"}).Draw(t, "order"),
		Base:         rapid.SampledFrom([]string{"", "1", "2", "9", "10"}).Draw(t, "base"),
		Date:         epoch + orders.Date(rapid.IntRange(0, 3).Draw(t, "day")) + restart*orders.Date(rapid.IntRange(0, 2).Draw(t, "season")),
		Product:      rapid.SampledFrom([]string{"p", "q"}).Draw(t, "product"),
		Salesperson:  rapid.SampledFrom([]string{"Ivan", "Olga"}).Draw(t, "salesperson"),
		Revenue:      orders.Amount(rapid.SampledFrom([]int{100, 100, 0, -50, -100}).Draw(t, "revenue")) * orders.One,
		Direct:       1,
	}
}

// regular draws a line of an ordinary shop, where few rules interfere with the
// burn-in, the rhythm and the cohorts.
func regular(t *rapid.T) orders.Line {
	return orders.Line{
		Customer:    rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}).Draw(t, "customer"),
		Date:        epoch + orders.Date(rapid.IntRange(0, 20).Draw(t, "week")*7),
		Product:     rapid.SampledFrom([]string{"p", "q"}).Draw(t, "product"),
		Salesperson: rapid.SampledFrom([]string{"Ivan", "Olga"}).Draw(t, "salesperson"),
		Quantity:    orders.One,
		Revenue:     orders.Amount(rapid.IntRange(1, 1000).Draw(t, "revenue")) * orders.One,
		COGS:        orders.Known(50 * orders.One),
	}
}

// date draws days that often coincide.
func date(t *rapid.T, label string) orders.Date {
	if rapid.Bool().Draw(t, label+" is near") {
		return epoch + orders.Date(rapid.IntRange(0, 12).Draw(t, label))
	}
	return epoch + orders.Date(rapid.IntRange(0, horizon).Draw(t, label))
}

// Options draws options that are valid together, those about files left out.
func Options(t *rapid.T) orders.Options {
	o := orders.Options{
		Return:    rapid.SampledFrom([][]string{nil, {"R"}, {"R1", "Я"}}).Draw(t, "return"),
		Cancel:    rapid.SampledFrom([][]string{nil, {"C"}, {"C1", "R2"}}).Draw(t, "cancel"),
		Anonymous: rapid.SampledFrom([][]string{nil, {}, {" ВАСЯ", "A"}}).Draw(t, "anonymous"),
		Purchase:  rapid.SampledFrom([]orders.PurchaseRule{orders.PerDay, orders.PerDeal}).Draw(t, "purchase"),
		CountZero: rapid.Bool().Draw(t, "count zero"),
	}
	if rapid.IntRange(0, 2).Draw(t, "has an as-of") == 2 {
		o.AsOf = date(t, "as-of")
	}
	switch rapid.IntRange(0, 4).Draw(t, "history") {
	case 1:
		o.HistoryComplete = true
	case 2:
		o.Earlier = rapid.SampledFrom([][]string{{}, {"a"}, {"b", "ё", "a"}}).Draw(t, "earlier")
	case 3:
		o.BurnIn = rapid.SampledFrom([]int{1, 30, 200, math.MaxInt32}).Draw(t, "burn-in")
	}
	return o
}

// Queries draws queries of all kinds: each is an [orders.SeriesQuery],
// [orders.CustomerQuery], [orders.FlowQuery] or [orders.GapQuery]. Some are invalid.
func Queries(t *rapid.T) []any {
	return rapid.SliceOfN(rapid.Custom(query), 1, 12).Draw(t, "queries")
}

var (
	dimensions = []orders.Dimension{
		orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel, orders.ByRepeatFlag,
	}
	measures = []orders.Measure{orders.Revenue, orders.GrossProfit, orders.Contribution, orders.Quantity, orders.Deals, orders.Purchases}
	grains   = []orders.Grain{orders.NoGrain, orders.Day, orders.Week, orders.Month, orders.Quarter, orders.Year}
)

func query(t *rapid.T) any {
	switch rapid.IntRange(0, 5).Draw(t, "fact") {
	case 0, 1:
		return orders.SeriesQuery{
			Scope:   Scope(t),
			By:      rapid.SampledFrom(append(dimensions, "")).Draw(t, "by"),
			Split:   split(t),
			Measure: rapid.SampledFrom(append(measures, 99)).Draw(t, "measure"),
			Grain:   rapid.SampledFrom(append(grains, 99)).Draw(t, "grain"),
		}
	case 2, 3:
		return orders.FlowQuery{
			Scope:  Scope(t),
			Cohort: rapid.SampledFrom(append(grains, 99)).Draw(t, "cohort"),
			Period: rapid.SampledFrom(append(grains, 99)).Draw(t, "period"),
			Age:    rapid.SampledFrom([]int{0, 1, 7, 30, 1000, -1}).Draw(t, "age"),
			Number: rapid.SampledFrom([]int{0, 1, 2, 3, 100, -1}).Draw(t, "number"),
			Split:  split(t),
		}
	case 4:
		return orders.GapQuery{Scope: Scope(t)}
	}
	return orders.CustomerQuery{Scope: Scope(t), NoRhythm: rapid.Bool().Draw(t, "no rhythm")}
}

func split(t *rapid.T) orders.Dimension {
	if rapid.Bool().Draw(t, "has a split") {
		return rapid.SampledFrom(append(dimensions, "colour")).Draw(t, "split")
	}
	return ""
}

// Scope draws the scope of a query. Some are invalid.
func Scope(t *rapid.T) orders.Scope {
	var s orders.Scope
	if rapid.IntRange(0, 2).Draw(t, "has a from") == 2 {
		s.From = date(t, "from")
	}
	if rapid.Bool().Draw(t, "has a query day") {
		s.AsOf = date(t, "query day")
	}
	if rapid.IntRange(0, 2).Draw(t, "has a where") == 2 {
		s.Where = rapid.SliceOfN(rapid.Custom(where), 1, 2).Draw(t, "where")
	}
	return s
}

func where(t *rapid.T) orders.Where {
	w := orders.Where{Dimension: rapid.SampledFrom(append(dimensions, "colour")).Draw(t, "dimension")}
	values := map[orders.Dimension][]string{
		orders.ByCustomer: {"a", "b", "ё", "Ann", "guest", ""}, orders.ByProduct: {"p", "q", "Чай", ""}, orders.ByGroup: groups,
		orders.BySalesperson: sellers, orders.ByOwner: sellers, orders.ByChannel: channels, orders.ByRepeatFlag: flags,
		"colour": {"red"},
	}[w.Dimension]
	w.In = rapid.SliceOfN(rapid.SampledFrom(append([]string{"nothing such"}, values...)), 0, 3).Draw(t, "in")
	return w
}
