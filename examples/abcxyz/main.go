// Command abcxyz ranks customers, products or salespersons by what they bring
// (ABC) and how steadily (XYZ).
//
//	go run ./examples/abcxyz -by product -measure profit -format csv export.csv
//	go run ./examples/abcxyz -rule unf -abc 70,90 -vary value -calendar window export.csv
//	go run ./examples/abcxyz -measures revenue,profit,purchases export.csv
//	go run ./examples/abcxyz -split salesperson export.csv
//	go run ./examples/abcxyz -by product -compare ut11 export.csv
//	go run ./examples/abcxyz -what stability -vary value export.csv
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("abcxyz",
		"ABC: кто и что приносит деньги; XYZ: насколько ровно.",
		"ABC: who and what brings the money; XYZ: how steadily.", args, stdout, stderr)
	var q question
	q.flags(job)
	more := outlookFlags(job)
	return job.Run(func(ctx context.Context) error {
		if err := q.check(job); err != nil {
			return err
		}
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		if more.what != "items" {
			return more.print(ctx, job, sales, q.Options)
		}
		out, warnings, err := q.ask(ctx, job, sales)
		if err != nil {
			return err
		}
		job.Warn(warnings...)
		return job.Print(out)
	})
}

// question is what is asked: a ranking, or one of those made of rankings.
type question struct {
	abcxyz.Options
	measures []orders.Measure
	split    orders.Dimension
	mode     mode
}

// mode is the system to compare with; the zero mode is none.
type mode int

func (q question) ask(ctx context.Context, job *cli.Job, f orders.Facts) (cli.Table, []orders.Warning, error) {
	switch {
	case len(q.measures) > 0:
		m, err := abcxyz.RankMeasures(ctx, f, abcxyz.MeasuresOptions{Ranking: q.Options, Measures: q.measures})
		if err != nil {
			return cli.Table{}, nil, err
		}
		var warnings []orders.Warning
		for _, r := range m.Rankings {
			warnings = append(warnings, r.Warnings...)
		}
		return measuresTable(job, m), warnings, nil
	case q.split != "":
		s, err := abcxyz.RankSplit(ctx, f, abcxyz.SplitOptions{Ranking: q.Options, Split: q.split})
		if err != nil {
			return cli.Table{}, nil, err
		}
		return splitTable(job, s), nil, nil
	case q.mode > 0:
		c, err := abcxyz.Compare(ctx, f, abcxyz.CompareOptions{Ranking: q.Options, Mode: abcxyz.Mode(q.mode - 1)})
		if err != nil {
			return cli.Table{}, nil, err
		}
		return compareTable(job, c), c.Ours.Warnings, nil
	}
	r, err := abcxyz.Rank(ctx, f, q.Options)
	if err != nil {
		return cli.Table{}, nil, err
	}
	return table(job, r), r.Warnings, nil
}

// check refuses flags of which each asks for another table.
func (q question) check(job *cli.Job) error {
	given := []string{}
	for _, name := range []string{"measures", "split", "compare", "what"} {
		if job.Given(name) {
			given = append(given, "-"+name)
		}
	}
	if len(given) > 1 || job.Given("measures") && job.Given("measure") {
		return fmt.Errorf("abcxyz: %w: -measure, -measures, -split, -compare, -what: %s",
			orders.ErrOptions, job.Text("каждый флаг – своя таблица, нужен один из них", "each asks for a table of its own: give one of them"))
	}
	return nil
}

func (q *question) flags(job *cli.Job) {
	t, o := job.Text, &q.Options
	cli.Choice(job, &o.By, "by", "customer|product|group|salesperson|owner|channel",
		t("кого или что ранжировать (owner: нынешний менеджер клиента)", "what is ranked (owner: the customer's present salesperson)"),
		orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel)
	cli.Choice(job, &o.Measure, "measure", "revenue|profit|contribution|quantity|deals|purchases",
		t("по чему: выручка, валовая прибыль, маржинальная прибыль, количество, сделки, покупки", "by revenue, gross profit, contribution margin, quantity, deals or purchases"),
		orders.Revenue, orders.GrossProfit, orders.Contribution, orders.Quantity, orders.Deals, orders.Purchases)
	cli.Grain(job, &o.Grain)
	cli.Amounts(job, &o.Bounds, "abc", t("`ГРАНИЦЫ` классов ABC: в процентах, 80,95 (их на одну меньше, чем классов); при absolute – суммы по убыванию", "`BOUNDS` of the ABC classes: in percent, 80,95 (one fewer than classes); under absolute amounts, descending"))
	cli.Choice(job, &o.Rule, "rule", "before|upto|unf|ut11|pal|absolute",
		t("доля с накоплением до строки или вместе с ней; как в 1С:УНФ, 1С:УТ 11, SAP; по самой сумме", "cumulative share before the item, or including it; as 1C:УНФ, 1C:УТ 11 or SAP have it; by the value itself"),
		abcxyz.Before, abcxyz.UpTo, abcxyz.UNF, abcxyz.UT11, abcxyz.PAL, abcxyz.Absolute)
	cli.Choice(job, &o.Vary, "vary", "default|value|count|gaps",
		t("что колеблется: сумма за период, число покупок за период, промежутки между покупками клиента; default: gaps у клиентов, value у прочих",
			"what varies: the measure per period, purchases per period, gaps between a customer's purchases; default: gaps for customers, value for all else"),
		abcxyz.DefaultVary, abcxyz.Value, abcxyz.Count, abcxyz.Gaps)
	cli.Choice(job, &o.Calendar, "calendar", "sincefirst|window|firsttolast",
		t("периоды с первого активного, все или от первого активного до последнего", "periods since the first active one, all, or from the first active one to the last"),
		abcxyz.SinceFirst, abcxyz.Window, abcxyz.FirstToLast)
	cli.Choice(job, &o.Sigma, "sigma", "default|population|sample",
		t("σ: генеральной совокупности или выборки; default: sample у промежутков, population у прочих", "σ of the population or of a sample; default: sample for gaps, population for all else"),
		abcxyz.DefaultSigma, abcxyz.Population, abcxyz.Sample)
	cli.Choice(job, &o.XYZRule, "xyz", "bounds|means",
		t("классы XYZ по границам или по средним, как в 1С:УТ 11", "XYZ classes by bounds, or by means as in 1C:УТ 11"), abcxyz.CVBounds, abcxyz.CVMeans)
	cli.Percents(job, &o.CV, "cv", t("`ГРАНИЦЫ` классов X и Y в процентах: 10,25; у промежутков 20,50", "`BOUNDS` of classes X and Y in percent: 10,25; for gaps 20,50"))
	cli.Choice(job, &o.Season, "season", "no|yes",
		t("добавить вариацию без сезона (по месяцам и кварталам)", "add the variation less the season (by month and by quarter)"), false, true)
	job.Func("measures", t("`ПОКАЗАТЕЛИ` через запятую: по классу на каждый, AAB", "several `MEASURES`, comma separated: one class each, AAB"), func(s string) error {
		q.measures = nil
		for name := range strings.SplitSeq(s, ",") {
			i := slices.IndexFunc(allMeasures, func(m orders.Measure) bool { return m.String() == strings.TrimSpace(name) })
			if i < 0 || slices.Contains(q.measures, allMeasures[i]) {
				return strconv.ErrSyntax
			}
			q.measures = append(q.measures, allMeasures[i])
		}
		if len(q.measures) < 2 {
			return strconv.ErrSyntax
		}
		return nil
	})
	cli.Choice(job, &q.split, "split", "none|customer|product|group|salesperson|owner|channel",
		t("классы внутри каждого продавца, канала, …", "classes within each salesperson, channel …"),
		"", orders.ByCustomer, orders.ByProduct, orders.ByGroup, orders.BySalesperson, orders.ByOwner, orders.ByChannel)
	cli.Choice(job, &q.mode, "compare", "none|unf|ut11|pal",
		t("рядом классы 1С:УНФ, 1С:УТ 11 или SAP, и почему они другие", "the classes of 1C:УНФ, 1C:УТ 11 or SAP beside ours, and why they differ"), 0, 1, 2, 3)
}

var allMeasures = []orders.Measure{orders.Revenue, orders.GrossProfit, orders.Contribution, orders.Quantity, orders.Deals, orders.Purchases}

// table returns one row per item, by rank.
func table(job *cli.Job, r *abcxyz.Ranking) cli.Table {
	t := job.Text
	out := cli.Table{
		Head: head(job, r),
		Columns: []cli.Column{
			{Key: "item", Title: t("Код", "Id")},
			{Key: "name", Title: t("Название", "Name")},
			{Key: "value", Title: job.Measure(r.Options.Measure)},
			{Key: "share", Title: t("Доля", "Share")},
			{Key: "cum_before", Title: ""},
			{Key: "cum_share", Title: t("С накоплением", "Cumulative")},
			{Key: "abc", Title: "ABC"},
			{Key: "cv", Title: t("Вариация", "CV")},
			{Key: "periods", Title: t("Периодов", "Periods")},
			{Key: "active_periods", Title: t("Активных", "Active")},
			{Key: "gaps", Title: t("Промежутков", "Gaps")},
			{Key: "xyz", Title: "XYZ"},
			{Key: "class", Title: t("Класс", "Class")},
			{Key: "reason", Title: t("Почему нет класса", "Why no class")},
			{Key: "revenue", Title: ""},
			{Key: "cost_known", Title: ""},
			{Key: "cut", Title: ""},
			{Key: "season_cv", Title: ""},
			{Key: "rise", Title: ""},
			{Key: "lose", Title: ""},
		},
	}
	if r.Options.Season {
		out.Columns[len(out.Columns)-3].Title = t("Без сезона", "Less season")
	}
	distances := r.Distances()
	for i, item := range r.Items {
		var gaps any = item.Gaps
		if r.Options.Vary != abcxyz.Gaps {
			gaps = cli.Undefined{}
		}
		out.Rows = append(out.Rows, []any{
			item.ID, item.Name, cli.Measured(r.Options.Measure, item.Value),
			cli.Share(item.Share), cli.Share(item.CumBefore), cli.Share(item.CumShare), item.ABC.String(),
			cli.Share(item.CV), item.Periods, item.Active, gaps, item.XYZ.String(),
			item.Class(), reason(job, item.Reason()), item.Revenue, cli.Share(item.CostKnown),
			item.Cut, cli.Share(item.SeasonCV), known(r.Options.Measure, distances[i].Rise), known(r.Options.Measure, distances[i].Lose),
		})
	}
	return out
}

// known returns an amount of a measure that may not exist.
func known(m orders.Measure, a orders.NullAmount) any {
	if !a.Known {
		return cli.Undefined{}
	}
	return cli.Measured(m, a.Amount)
}

// head returns the rule that made the classes, and their sums.
func head(job *cli.Job, r *abcxyz.Ranking) []cli.Field {
	t, o := job.Text, r.Options
	fields := []cli.Field{
		{Key: "by", Title: t("Что ранжировано", "Ranked"), Value: ranked(job, o.By)},
		{Key: "measure", Title: t("Показатель", "Measure"), Value: job.Code(o.Measure.String(), job.Measure(o.Measure))},
		{Key: "rule", Title: t("Правило ABC", "ABC rule"), Value: rule(job, o.Rule)},
	}
	for i, bound := range o.Bounds {
		c := r.Classes[i].ABC.String()
		unit := ", %"
		if o.Rule == abcxyz.Absolute {
			unit = ""
		}
		fields = append(fields, cli.Field{Key: "bound_" + strings.ToLower(c), Title: t("Граница ", "Bound of ") + c + unit, Value: cli.Quantity(bound)})
	}
	fields = append(fields, []cli.Field{
		{Key: "vary", Title: t("Что колеблется", "What varies"), Value: vary(job, o.Vary)},
		{Key: "calendar", Title: t("Периоды XYZ", "XYZ periods"), Value: calendar(job, o.Calendar)},
		{Key: "sigma", Value: o.Sigma.String()},
		{Key: "xyz_rule", Value: o.XYZRule.String()},
	}...)
	for i, bound := range o.CV {
		c := []string{"X", "Y"}[i]
		fields = append(fields, cli.Field{Key: "bound_" + strings.ToLower(c), Title: t("Граница ", "Bound of ") + c, Value: cli.Share(bound)})
	}
	fields = append(fields, []cli.Field{
		{Key: "first_period", Title: t("Первый полный период", "First whole period"), Value: r.First},
		{Key: "last_period", Title: t("Последний полный период", "Last whole period"), Value: r.Last},
		{Key: "items", Title: t("Всего строк", "Items"), Value: len(r.Items)},
		{Key: "total", Title: t("Итого", "Total"), Value: cli.Measured(o.Measure, r.Total)},
		{Key: "base", Title: t("База долей", "Base of shares"), Value: cli.Measured(o.Measure, r.Base)},
		{Key: "pareto", Title: t("Строк на 80 % базы", "Items behind 80 %"), Value: r.Pareto},
	}...)
	for _, c := range r.Classes {
		name := c.ABC.String()
		fields = append(fields,
			cli.Field{Key: "items_" + name, Title: t("Класс ", "Class ") + name + t(", строк", ", items"), Value: c.Items},
			cli.Field{Key: "sum_" + name, Title: t("Класс ", "Class ") + name + t(", сумма", ", sum"), Value: cli.Measured(o.Measure, c.Sum)})
	}
	return fields
}

func ranked(job *cli.Job, d orders.Dimension) string {
	t := job.Text
	return job.Code(string(d), map[orders.Dimension]string{
		orders.ByCustomer:    t("клиенты", "customers"),
		orders.ByProduct:     t("товары, с продажами без покупателя", "products, anonymous sales included"),
		orders.ByGroup:       t("группы товаров, с продажами без покупателя", "product groups, anonymous sales included"),
		orders.BySalesperson: t("менеджеры сделок", "salespersons of the deals"),
		orders.ByOwner:       t("нынешние менеджеры клиентов", "present salespersons of the customers"),
		orders.ByChannel:     t("каналы", "channels"),
	}[d])
}

func rule(job *cli.Job, r abcxyz.Rule) string {
	t := job.Text
	return job.Code(r.String(), map[abcxyz.Rule]string{
		abcxyz.Before:   t("доля до строки", "cumulative share before the item"),
		abcxyz.UpTo:     t("доля вместе со строкой", "cumulative share including the item"),
		abcxyz.UNF:      t("как в 1С:УНФ", "as in 1C:УНФ"),
		abcxyz.UT11:     t("как в 1С:УТ 11", "as in 1C:УТ 11"),
		abcxyz.PAL:      t("как в SAP PAL", "as in SAP PAL"),
		abcxyz.Absolute: t("по самой сумме", "by the value itself"),
	}[r])
}

func vary(job *cli.Job, v abcxyz.Vary) string {
	t := job.Text
	return job.Code(v.String(), map[abcxyz.Vary]string{
		abcxyz.Value: t("показатель за период", "the measure per period"),
		abcxyz.Count: t("покупки за период", "purchases per period"),
		abcxyz.Gaps:  t("промежутки между покупками", "gaps between purchases"),
	}[v])
}

func calendar(job *cli.Job, c abcxyz.Calendar) string {
	t := job.Text
	return job.Code(c.String(), map[abcxyz.Calendar]string{
		abcxyz.SinceFirst:  t("с первого активного", "since the first active one"),
		abcxyz.Window:      t("все", "all"),
		abcxyz.FirstToLast: t("от первого активного до последнего", "from the first active one to the last"),
	}[c])
}

// reason returns why a class is missing.
func reason(job *cli.Job, r abcxyz.Reason) string {
	t := job.Text
	return job.Code(string(r), map[abcxyz.Reason]string{
		abcxyz.NotPositive:     t("сумма не больше нуля", "total not above zero"),
		abcxyz.NoBase:          t("нет базы долей", "no base of shares"),
		abcxyz.CostUnknown:     t("себестоимость неизвестна", "cost unknown"),
		abcxyz.FewPeriods:      t("меньше 3 полных периодов", "fewer than 3 whole periods"),
		abcxyz.FewGaps:         t("меньше 5 промежутков", "fewer than 5 gaps"),
		abcxyz.MeanNotPositive: t("возвраты не меньше продаж", "returns outweigh sales"),
	}[r])
}
