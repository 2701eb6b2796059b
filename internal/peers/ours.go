package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/orders"
)

// The window that job J fixes, first and last month.
var (
	firstMonth = orders.Month.Of(orders.NewDate(2022, time.January, 1))
	lastMonth  = orders.Month.Of(orders.NewDate(2024, time.December, 1))
)

// options are job J's rules: every order is a purchase, and a customer's first
// order is their first purchase.
func options(factsOnly bool, progress func(done, total int64) error) orders.Options {
	return orders.Options{
		Purchase:        orders.PerDeal,
		HistoryComplete: true,
		FactsOnly:       factsOnly,
		Progress:        progress,
	}
}

// named reads only the columns that the queries name, as DuckDB does.
func named(o orders.Options) orders.Options {
	o.Mapping = &orders.Mapping{Columns: []orders.MappedColumn{
		{Header: "order_id", Role: orders.RoleOrder},
		{Header: "customer_id", Role: orders.RoleCustomer},
		{Header: "order_date", Role: orders.RoleDate},
		{Header: "revenue", Role: orders.RoleRevenue},
	}}
	return o
}

// oursJ runs job J on the file at path through the public API. A History does
// not change: its parts are computed at the same time.
func oursJ(ctx context.Context, path string, o orders.Options) (answers, error) {
	sales, err := orders.ReadFile(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer sales.Release()
	parts := []func(context.Context, orders.Facts) (answers, error){classes, repeats, retention, totals}
	rows, errs := make([]answers, len(parts)), make([]error, len(parts))
	var wait sync.WaitGroup
	for i, part := range parts {
		wait.Go(func() { rows[i], errs[i] = part(ctx, sales) })
	}
	wait.Wait()
	return slices.Concat(rows...), errors.Join(errs...)
}

// oursK runs query K: customer × month sums.
func oursK(ctx context.Context, path string, o orders.Options) (answers, error) {
	sales, err := orders.ReadFile(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer sales.Release()
	groups, total := 0, orders.Amount(0)
	for s, err := range sales.Series(ctx, orders.SeriesQuery{}) {
		if err != nil {
			return nil, err
		}
		for i, v := range s.Values {
			total += v
			if s.Active[i] {
				groups++
			}
		}
	}
	return answers{{"groups", strconv.Itoa(groups), money(total)}}, nil
}

// oursRead only reads the file at path.
func oursRead(ctx context.Context, path string, o orders.Options) (answers, error) {
	sales, err := orders.ReadFile(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer sales.Release()
	return totals(ctx, sales)
}

// classes returns the table ABC × XYZ, and the customers whom a bound cuts.
func classes(ctx context.Context, sales orders.Facts) (answers, error) {
	ranking, err := abcxyz.Rank(ctx, sales, abcxyz.Options{
		Vary:     abcxyz.Value,
		Calendar: abcxyz.Window,
		CV:       []float64{0.50, 1.00},
		Bounds:   []orders.Amount{80 * orders.One, 95 * orders.One},
	})
	if err != nil {
		return nil, err
	}
	if ranking.First != firstMonth || ranking.Last != lastMonth {
		return nil, fmt.Errorf("the file's whole months are %s to %s, and job J's are %s to %s", ranking.First, ranking.Last, firstMonth, lastMonth)
	}
	count, err := deals(ctx, sales, ranking)
	if err != nil {
		return nil, err
	}
	type key struct{ abc, xyz string }
	type sum struct {
		customers, orders int64
		revenue           orders.Amount
	}
	sums := map[key]sum{}
	for i := range ranking.Items {
		item := &ranking.Items[i]
		k := key{item.ABC.String(), steadiness(item)}
		s := sums[k]
		s.customers++
		s.orders += count[i]
		s.revenue += item.Value
		sums[k] = s
	}
	var a answers
	for k, s := range sums {
		a = append(a, []string{"abc", k.abc, k.xyz, strconv.FormatInt(s.customers, 10), money(s.revenue), strconv.FormatInt(s.orders, 10)})
	}
	slices.SortFunc(a, slices.Compare)
	return append(a, ties(ranking, count)...), nil
}

// deals returns how many orders each item has. Years are enough of a grain, and
// the fewest cells.
func deals(ctx context.Context, sales orders.Facts, ranking *abcxyz.Ranking) ([]int64, error) {
	index := make(map[string]int32, len(ranking.Items))
	for i := range ranking.Items {
		index[ranking.Items[i].ID] = int32(i)
	}
	count := make([]int64, len(ranking.Items))
	for s, err := range sales.Series(ctx, orders.SeriesQuery{Measure: orders.Deals, Grain: orders.Year}) {
		if err != nil {
			return nil, err
		}
		count[index[s.Item]] = int64(s.Total() / orders.One)
	}
	return count, nil
}

// steadiness returns the item's class by its coefficient of variation. Job J
// knows no one-off: one purchase in 36 months is Z as any other CV above 1.
func steadiness(item *abcxyz.Item) string {
	if item.XYZ == abcxyz.OneOff && item.CV > 1 {
		return abcxyz.Z.String()
	}
	return item.XYZ.String()
}

// ties returns the items that job J puts into another class: those of equal
// revenue through which a bound runs. The library gives them the class of the
// first of them, job J one each by the order of their ids.
func ties(ranking *abcxyz.Ranking, count []int64) (a answers) {
	var before orders.Amount
	for i := range ranking.Items {
		item := &ranking.Items[i]
		if item.Cut {
			if class := classBefore(before, ranking.Base, ranking.Options.Bounds); class != item.ABC {
				a = append(a, []string{"tie", item.ID, steadiness(item), item.ABC.String(), class.String(), money(item.Value), strconv.FormatInt(count[i], 10)})
			}
		}
		before += item.Value
	}
	return a
}

// classBefore returns the class by the cumulative share before ÷ base alone.
func classBefore(before, base orders.Amount, bounds []orders.Amount) abcxyz.ABC {
	part := new(big.Int).Mul(big.NewInt(int64(before)), big.NewInt(int64(100*orders.One)))
	for i, class := range []abcxyz.ABC{abcxyz.A, abcxyz.B} {
		if part.Cmp(new(big.Int).Mul(big.NewInt(int64(base)), big.NewInt(int64(bounds[i])))) < 0 {
			return class
		}
	}
	return abcxyz.C
}

// repeats returns revenue and repeat revenue by month.
func repeats(ctx context.Context, sales orders.Facts) (a answers, err error) {
	share, err := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
	if err != nil {
		return nil, err
	}
	for _, row := range share.Rows {
		if t := row.Sides.Total(); t.Deals > 0 {
			a = append(a, []string{"month", month(row.Period), money(t.Revenue), money(row.Repeat.Revenue)})
		}
	}
	return a, nil
}

// retention returns the active customers by month of the first order and age in
// months. Cells without a customer are none of job J's rows.
func retention(ctx context.Context, sales orders.Facts) (a answers, err error) {
	table, err := cohorts.Tabulate(ctx, sales, cohorts.TableOptions{})
	if err != nil {
		return nil, err
	}
	for _, cohort := range table.Cohorts {
		for _, cell := range cohort.Cells {
			if cell.Customers > 0 {
				a = append(a, []string{"cohort", month(cohort.Period), strconv.Itoa(cell.Age), strconv.FormatInt(cell.Customers, 10)})
			}
		}
	}
	return a, nil
}

// totals returns what was read: lines, customers, orders, revenue.
func totals(ctx context.Context, sales orders.Facts) (answers, error) {
	c, err := sales.Control(ctx)
	if err != nil {
		return nil, err
	}
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	return answers{{"total", n(c.Accepted), n(c.Customers), n(c.Deals), money(c.Export)}}, nil
}

// month returns p as the number of months since the first of the window.
func month(p orders.Period) string { return strconv.Itoa(p.Sub(firstMonth)) }

// money returns a with two decimal places, and with all four where that is not all of it.
func money(a orders.Amount) string {
	if d := a.Decimal(); d.Equal(d.Round(2)) {
		return d.StringFixed(2)
	}
	return a.Decimal().StringFixed(orders.Places)
}
