// Command cohorts prints how many customers of each cohort come back, and what
// they bring, by age.
//
//	go run ./examples/cohorts -measure retention -format csv export.csv
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
	revenue
	profit
)

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("cohorts",
		"Когорты: сколько клиентов каждого периода возвращается и что они приносят.",
		"Cohorts: how many customers of each period come back, and what they bring.", args, stdout, stderr)
	var o cohorts.TableOptions
	var m measure
	cli.Grain(job, &o.Grain)
	cli.Choice(job, &m, "measure", "customers|retention|revenue|profit",
		job.Text("клиенты, удержание, выручка или валовая прибыль", "customers, retention, revenue or gross profit"),
		customers, retention, revenue, profit)
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		t, err := cohorts.Tabulate(ctx, sales, o)
		if err != nil {
			return err
		}
		if job.Format == cli.Text {
			return job.Print(triangle(job, t, m))
		}
		return job.Print(list(t, m))
	})
}

// of returns the measure of a cell.
func (m measure) of(c cohorts.Cell) any {
	switch m {
	case customers:
		return c.Customers
	case revenue:
		return c.Tally.Revenue
	case profit:
		return cli.GrossProfit(c.Tally)
	}
	return cli.Share(c.Retention)
}

// money reports whether the measure adds up over cohorts to that of the export.
func (m measure) money() bool { return m == revenue || m == profit }

// list returns one row per observed cell. Customers who may have bought before
// the export begins have no age: their rows, cohort "earlier", are told apart by
// period; money that belongs to no purchase is the row "unmatched". With these
// two, revenue and profit add up to those of the export.
func list(t *cohorts.Table, m measure) cli.Table {
	out := cli.Table{
		Head: []cli.Field{
			{Key: "grain", Value: t.Grain.String()},
			{Key: "first_day", Value: t.Scope.From},
			{Key: "last_day", Value: t.Scope.AsOf},
			{Key: "revenue", Value: t.Total.Revenue},
			{Key: "profit", Value: cli.GrossProfit(t.Total)},
		},
		Columns: []cli.Column{{Key: "cohort"}, {Key: "age"}, {Key: "value"}, {Key: "size"}, {Key: "observed"}, {Key: "period"}},
	}
	add := func(cohort string, age any, size int64, c cohorts.Cell) {
		observed := "full"
		if c.Partial {
			observed = "partial"
		}
		out.Rows = append(out.Rows, []any{cohort, age, m.of(c), size, observed, c.Period.String()})
	}
	for _, c := range t.Cohorts {
		for _, cell := range c.Cells {
			add(c.Period.String(), cell.Age, c.Size, cell)
		}
	}
	if m != retention {
		for _, cell := range t.Earlier.Cells {
			if cell.Tally != (orders.Tally{}) {
				add("earlier", cli.Undefined{}, t.Earlier.Size, cell)
			}
		}
	}
	if m.money() && t.Unmatched != (orders.Tally{}) {
		out.Rows = append(out.Rows, []any{"unmatched", cli.Undefined{}, m.of(cohorts.Cell{Tally: t.Unmatched}), cli.Undefined{}, "full", ""})
	}
	return out
}

// triangle returns one row per cohort and one column per age. A cell that the
// export covers in part only has an asterisk; what was not observed is blank.
func triangle(job *cli.Job, t *cohorts.Table, m measure) cli.Table {
	out := cli.Table{
		Head: []cli.Field{
			{Title: job.Text("Когорты и возраст", "Cohorts and ages"), Value: job.GrainName(t.Grain)},
		},
		Columns: []cli.Column{
			{Title: job.Text("Когорта", "Cohort")},
			{Title: job.Text("Клиентов", "Customers")},
		},
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
			row = append(row, cli.Marked{Value: m.of(cell), Mark: cell.Partial})
			partial = partial || cell.Partial
		}
		for len(row) < len(out.Columns) {
			row = append(row, cli.Blank{})
		}
		out.Rows = append(out.Rows, row)
	}
	out.Rows = append(out.Rows, averages(job, t, m))
	if partial {
		out.Head = append(out.Head, cli.Field{Title: "*", Value: job.Text("период выгружен не целиком", "the export covers the period in part")})
	}
	if t.Earlier.Size > 0 {
		out.Head = append(out.Head, cli.Field{Title: job.Text("Клиенты, первая покупка которых неизвестна", "Customers whose first purchase is unknown"), Value: t.Earlier.Size})
	}
	return out
}

// averages returns the row of averages over the cells observed in full: of
// retention for that measure, else per acquired customer.
func averages(job *cli.Job, t *cohorts.Table, m measure) []any {
	title := job.Text("В среднем", "Average")
	if m != retention {
		title = job.Text("На клиента", "Per customer")
	}
	row := []any{title, cli.Blank{}}
	for _, a := range t.Averages {
		var value float64
		switch m {
		case retention:
			row = append(row, cli.Share(a.Retention))
			continue
		case customers:
			value = a.PerCustomer(orders.Amount(a.Customers) * orders.One)
		case revenue:
			value = a.PerCustomer(a.Tally.Revenue)
		case profit:
			value = a.PerCustomer(a.Tally.GrossProfit())
		}
		row = append(row, cli.Mean(value))
	}
	return row
}
