// Command cohorts prints how many customers of each cohort come back, and what
// they bring, by age; what they have brought against what winning them cost; and
// how much of the revenue of a year ago its customers bring today.
//
//	go run ./examples/cohorts -measure retention -age-days 30 -format csv export.csv
//	go run ./examples/cohorts -measure revenue -sum cumulative -per customer export.csv
//	go run ./examples/cohorts -what ltv -cpl 500 -conversion 0.1 export.csv
//	go run ./examples/cohorts -what revenue export.csv
package main

import (
	"context"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// measure is what a cell of the table shows.
type measure uint8

const (
	customers measure = iota
	retention
	unbounded
	purchases
	revenue
	profit
	contribution
)

// options are those of all tables.
type options struct {
	table      cohorts.TableOptions
	ltv        cohorts.LTVOptions
	measure    measure
	cumulative bool // from age 0 on
	each       bool // per acquired customer
	lag        int  // of revenue retention
}

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("cohorts",
		"Когорты: сколько клиентов каждого периода возвращается и что они приносят.",
		"Cohorts: how many customers of each period come back, and what they bring.", args, stdout, stderr)
	t := job.Text
	var o options
	var what func(context.Context, *cli.Job, orders.Facts, options) (cli.Table, error)
	cli.Grain(job, &o.table.Grain)
	cli.Choice(job, &what, "what", "table|ltv|revenue",
		t("таблица когорт; что клиент принёс против цены привлечения; удержание выручки к тому же периоду год назад", "the cohort table; what a customer has brought against the cost of winning one; revenue retention against the same period a year ago"),
		cohortTable, ltvTable, revenueTable)
	cli.Choice(job, &o.measure, "measure", "customers|retention|unbounded|purchases|revenue|profit|contribution",
		t("клиенты, удержание (в периоде или не раньше его), покупки, выручка, валовая или маржинальная прибыль", "customers, retention (on-period, or then or later), purchases, revenue, gross profit or contribution"),
		customers, retention, unbounded, purchases, revenue, profit, contribution)
	cli.Natural(job, &o.table.AgeDays, "age-days", t("возраст в отрезках по столько `ДНЕЙ` от первой покупки, например 30; 0: по календарю", "ages of so many `DAYS` since the first purchase, such as 30; 0: of the calendar"))
	cli.Choice(job, &o.cumulative, "sum", "period|cumulative", t("за возраст или нарастающим итогом (кроме клиентов и удержания)", "of the age, or cumulative (but for customers and retention)"), false, true)
	cli.Choice(job, &o.each, "per", "cohort|customer", t("на когорту или на привлечённого клиента (кроме удержания)", "per cohort, or per acquired customer (but for retention)"), false, true)
	cli.Money(job, &o.ltv.Costs.CostPerLead, "cpl", t("`ЦЕНА` одного лида", "`COST` per lead"))
	cli.Fraction(job, &o.ltv.Costs.Conversion, "conversion", t("`ДОЛЯ` лидов, которые покупают: 0…1", "`SHARE` of leads who buy: 0…1"))
	cli.Choice(job, &o.ltv.Value, "value", "contribution|profit|revenue", t("что считать принесённым в -what ltv", "what counts as brought in -what ltv"),
		cohorts.ByContribution, cohorts.ByGrossProfit, cohorts.ByRevenue)
	cli.Natural(job, &o.lag, "lag", t("сколько `ПЕРИОДОВ` назад база для -what revenue; 0: год", "how many `PERIODS` ago the base of -what revenue is; 0: a year"))
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		table, err := what(ctx, job, sales, o)
		if err != nil {
			return err
		}
		return job.Print(table)
	})
}

// cohortTable is a triangle for people and a list for programs.
func cohortTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	t, err := cohorts.Tabulate(ctx, f, o.table)
	if err != nil {
		return cli.Table{}, err
	}
	if job.Format == cli.Text {
		return triangle(job, t, o), nil
	}
	return list(t, o), nil
}

// of returns the measure of a cell of so many customers.
func (o options) of(c cohorts.Cell, size int64) any {
	tally := c.Tally
	if o.cumulative {
		tally = c.Cumulative
	}
	switch o.measure {
	case customers:
		return o.per(orders.Known(orders.Amount(c.Customers)*orders.One), size, c.Customers)
	case retention:
		return cli.Share(c.Retention)
	case unbounded:
		return cli.Share(c.Unbounded)
	case purchases:
		return o.per(orders.Known(orders.Amount(tally.Purchases)*orders.One), size, tally.Purchases)
	}
	v := o.money(tally)
	if o.measure == revenue {
		return o.per(v, size, v.Amount)
	}
	return o.per(v, size, v)
}

// money returns the measure of money that a tally holds.
func (o options) money(t orders.Tally) orders.NullAmount {
	switch o.measure {
	case profit:
		return cli.GrossProfit(t)
	case contribution:
		p := cli.GrossProfit(t)
		p.Amount -= t.Direct
		return p
	}
	return orders.Known(t.Revenue)
}

// per returns a sum per customer if that was asked for, else the sum as it is.
func (o options) per(sum orders.NullAmount, size int64, plain any) any {
	switch {
	case !o.each:
		return plain
	case !sum.Known || size == 0:
		return cli.Undefined{}
	}
	return cli.Mean(sum.Amount.Float64() / float64(size))
}

// share reports whether the measure is a share of the cohort, not a sum.
func (m measure) share() bool { return m == retention || m == unbounded }

// adds reports whether the cells add up over cohorts to the export.
func (o options) adds() bool { return o.measure >= revenue && !o.cumulative && !o.each }

// list returns one row per observed cell. Customers who may have bought before
// the export begins have no age: their rows, cohort "earlier", are told apart by
// period; money that belongs to no purchase is the row "unmatched". With these
// two, revenue and profit add up to those of the export.
func list(t *cohorts.Table, o options) cli.Table {
	out := cli.Table{
		Head: []cli.Field{
			{Key: "grain", Value: t.Grain.String()},
			{Key: "first_day", Value: t.Scope.From},
			{Key: "last_day", Value: t.Scope.AsOf},
			{Key: "revenue", Value: t.Total.Revenue},
			{Key: "profit", Value: cli.GrossProfit(t.Total)},
		},
		Columns: []cli.Column{{Key: "cohort"}, {Key: "age"}, {Key: "value"}, {Key: "size"}, {Key: "observed"}, {Key: "period"}, {Key: "low"}, {Key: "high"}},
	}
	add := func(cohort string, age any, size int64, c cohorts.Cell) {
		observed := "full"
		if c.Partial {
			observed = "partial"
		}
		low, high := any(cli.Blank{}), any(cli.Blank{}) // the interval of a retention
		if o.measure == retention {
			low, high = cli.Share(c.Low), cli.Share(c.High)
		}
		out.Rows = append(out.Rows, []any{cohort, age, o.of(c, size), size, observed, c.Period.String(), low, high})
	}
	for _, c := range t.Cohorts {
		for _, cell := range c.Cells {
			add(c.Period.String(), cell.Age, c.Size, cell)
		}
	}
	if !o.measure.share() && !o.cumulative && !o.each {
		for _, cell := range t.Earlier.Cells {
			if cell.Tally != (orders.Tally{}) {
				add("earlier", cli.Undefined{}, t.Earlier.Size, cell)
			}
		}
	}
	if o.adds() && t.Unmatched != (orders.Tally{}) {
		out.Rows = append(out.Rows, []any{"unmatched", cli.Undefined{}, o.of(cohorts.Cell{Tally: t.Unmatched}, 0), cli.Undefined{}, "full", "", cli.Blank{}, cli.Blank{}})
	}
	return out
}

// triangle returns one row per cohort and one column per age. A cell that the
// export covers in part only has an asterisk; what was not observed is blank.
func triangle(job *cli.Job, t *cohorts.Table, o options) cli.Table {
	out := cli.Table{
		Head: []cli.Field{
			{Title: job.Text("Когорты и возраст", "Cohorts and ages"), Value: job.GrainName(t.Grain)},
		},
		Columns: []cli.Column{
			{Title: job.Text("Когорта", "Cohort")},
			{Title: job.Text("Клиентов", "Customers")},
		},
	}
	if t.AgeDays > 0 {
		out.Head = append(out.Head, cli.Field{Title: job.Text("Возраст в отрезках по, дней", "Ages of so many days"), Value: t.AgeDays})
	}
	for age := range t.Averages {
		out.Columns = append(out.Columns, cli.Column{Title: job.Language.Count(int64(age))})
	}
	partial := false
	for _, c := range t.Cohorts {
		row := []any{c.Period.String(), c.Size}
		for range c.Cells[0].Age { // the range analysed begins later
			row = append(row, cli.Blank{})
		}
		for _, cell := range c.Cells {
			row = append(row, cli.Marked{Value: o.of(cell, c.Size), Mark: cell.Partial})
			partial = partial || cell.Partial
		}
		for len(row) < len(out.Columns) {
			row = append(row, cli.Blank{})
		}
		out.Rows = append(out.Rows, row)
	}
	out.Rows = append(out.Rows, averages(job, t, o))
	if partial {
		out.Head = append(out.Head, cli.Field{Title: "*", Value: job.Text("период выгружен не целиком", "the export covers the period in part")})
	}
	if t.Earlier.Size > 0 {
		out.Head = append(out.Head, cli.Field{Title: job.Text("Клиенты, первая покупка которых неизвестна", "Customers whose first purchase is unknown"), Value: t.Earlier.Size})
	}
	return out
}

// averages returns the row of averages over the cells observed in full: of
// retention for that measure, else per acquired customer and age.
func averages(job *cli.Job, t *cohorts.Table, o options) []any {
	title := job.Text("В среднем", "Average")
	if !o.measure.share() {
		title = job.Text("На клиента", "Per customer")
	}
	o.each, o.cumulative = true, false
	row := []any{title, cli.Blank{}}
	for _, a := range t.Averages {
		cell := cohorts.Cell{Customers: a.Customers, Retention: a.Retention, Unbounded: a.Unbounded, Tally: a.Tally}
		row = append(row, o.of(cell, a.Size))
	}
	return row
}

// ltvTable returns one row per age: what a customer has brought by then, of all
// cohorts and, for programs, of each.
func ltvTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	table, err := cohorts.Tabulate(ctx, f, o.table)
	if err != nil {
		return cli.Table{}, err
	}
	l, err := table.LTV(o.ltv)
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{
		Head: []cli.Field{
			{Key: "value", Value: l.Value.String()},
			{Key: "acquisition_cost", Title: t("Привлечение одного клиента", "Winning one customer"), Value: l.Acquisition},
			{Key: "paid_at", Title: t("Окупается в возрасте", "Paid back at age"), Value: paidAt(job, l.All)},
		},
		Columns: []cli.Column{
			{Key: "cohort", Title: t("Когорта", "Cohort")},
			{Key: "age", Title: t("Возраст", "Age")},
			{Key: "cohorts", Title: t("Когорт", "Cohorts")},
			{Key: "customers", Title: t("Клиентов", "Customers")},
			{Key: "sum", Title: t("Принесли", "Brought")},
			{Key: "per_customer", Title: t("На клиента", "Per customer")},
			{Key: "net", Title: t("За вычетом привлечения", "Less acquisition")},
			{Key: "observed"},
		},
	}
	curves := []cohorts.Curve{l.All}
	if job.Format != cli.Text {
		curves = append(curves, l.Cohorts...)
	}
	for _, c := range curves {
		cohort := c.Period.String()
		if c.Period.IsZero() {
			cohort = job.Code("all", t("все", "all"))
		}
		for _, p := range c.Points {
			observed := "full"
			if p.Partial {
				observed = "partial"
			}
			out.Rows = append(out.Rows, []any{cohort, p.Age, p.Cohorts, p.Size, p.Sum, cli.Mean(p.PerCustomer), cli.Mean(p.Net), observed})
		}
	}
	return out, nil
}

// paidAt returns the age at which customers have paid back.
func paidAt(job *cli.Job, c cohorts.Curve) any {
	if !c.PaidBack {
		return job.Never()
	}
	return c.PaidAt
}

// revenueTable returns one row per period that has a base, and the row "total" of
// those observed in full.
func revenueTable(ctx context.Context, job *cli.Job, f orders.Facts, o options) (cli.Table, error) {
	r, err := cohorts.RevenueRetention(ctx, f, cohorts.RevenueOptions{Grain: o.table.Grain, Lag: o.lag})
	if err != nil {
		return cli.Table{}, err
	}
	t := job.Text
	out := cli.Table{
		Head: []cli.Field{{Title: t("Удержание выручки", "Revenue retention"), Value: job.GrainName(r.Grain)}, {Key: "lag", Title: t("Периодов назад", "Periods ago"), Value: r.Lag}},
		Columns: []cli.Column{
			{Key: "period", Title: t("Период", "Period")},
			{Key: "base", Title: t("База", "Base")},
			{Key: "customers", Title: t("Клиентов", "Customers")},
			{Key: "active", Title: t("Из них купили", "Of them bought")},
			{Key: "base_revenue", Title: t("Выручка базы", "Revenue then")},
			{Key: "revenue_now", Title: t("Сейчас", "Now")},
			{Key: "nrr", Title: "NRR"}, {Key: "grr", Title: "GRR"},
			{Key: "lost", Title: t("Ушло", "Lost")},
			{Key: "contraction", Title: t("Меньше", "Less")},
			{Key: "expansion", Title: t("Больше", "More")},
			{Key: "new_revenue", Title: t("От других", "From others")},
			{Key: "kept"},
			{Key: "partial", Title: t("Неполный", "Partial")},
		},
	}
	for _, row := range append(r.Rows[:len(r.Rows):len(r.Rows)], r.Total) {
		period := row.Period.String()
		if row.Period.IsZero() {
			period = job.Code("total", t("Итого", "Total"))
		}
		out.Rows = append(out.Rows, []any{
			period, row.Base.String(), row.Customers, row.Active, row.BaseRevenue, row.Now, cli.Share(row.NRR), cli.Share(row.GRR),
			row.Lost, row.Contraction, row.Expansion, row.New, row.Kept, row.Partial,
		})
	}
	return out, nil
}
