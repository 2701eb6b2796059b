package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

// outlook is what else is asked of the ranking: how its classes move and how sure
// they are, and how concentrated it is.
type outlook struct {
	what      string
	migration abcxyz.MigrationOptions
	stability abcxyz.StabilityOptions
	seed      int
}

func outlookFlags(job *cli.Job) *outlook {
	t, o := job.Text, &outlook{}
	cli.Choice(job, &o.what, "what", "items|migration|moved|stability|concentration",
		t("что вывести: список; из какого класса в какой перешли, итогами и по строкам; вероятности классов; концентрация", "what is printed: the list; from which class to which the items moved, summed up and one by one; the probability of the classes; the concentration"),
		"items", "migration", "moved", "stability", "concentration")
	day := func(p *orders.Date) func(string) error {
		return func(s string) (err error) {
			*p, err = orders.ParseDate(s)
			return err
		}
	}
	job.Func("start", t("первый `ДЕНЬ` миграции, 2024-06-30; обычно середина выгрузки", "first `DAY` of a migration, 2024-06-30; the middle of the export unless given"), day(&o.migration.Start))
	job.Func("end", t("второй `ДЕНЬ` миграции, 2024-12-31; обычно последний", "second `DAY` of a migration, 2024-12-31; the last one unless given"), day(&o.migration.End))
	cli.Natural(job, &o.migration.Days, "days", t("на сколько `ДНЕЙ` назад смотрит каждый; 0: от одного до другого", "how many `DAYS` each looks back; 0: from one to the other"))
	cli.Natural(job, &o.stability.Replicates, "replicates", t("сколько `РАЗ` набирать периоды для вероятностей (200)", "how many `TIMES` the periods are drawn for the probabilities (200)"))
	cli.Natural(job, &o.stability.Block, "block", t("сколько `ПЕРИОДОВ` подряд набирать вместе; 0: по их числу", "how many successive `PERIODS` are drawn together; 0: by their number"))
	cli.Natural(job, &o.seed, "seed", t("начальное `ЧИСЛО` генератора (1)", "`SEED` of the generator (1)"))
	return o
}

// print answers what was asked.
func (o *outlook) print(ctx context.Context, job *cli.Job, sales orders.Facts, ranking abcxyz.Options) error {
	switch o.what {
	case "migration", "moved":
		o.migration.Ranking = ranking
		m, err := abcxyz.Migrate(ctx, sales, o.migration)
		if err != nil {
			return err
		}
		job.Warn(m.Warnings...)
		if o.what == "moved" {
			return job.Print(movedTable(job, m))
		}
		return job.Print(migrationTable(job, m))
	case "stability":
		o.stability.Ranking, o.stability.Seed = ranking, uint64(o.seed)
		s, err := abcxyz.Resample(ctx, sales, o.stability)
		if err != nil {
			return err
		}
		job.Warn(s.Warnings...)
		return job.Print(stabilityTable(job, s))
	}
	r, err := abcxyz.Rank(ctx, sales, ranking)
	if err != nil {
		return err
	}
	job.Warn(r.Warnings...)
	return job.Print(concentrationTable(job, r.Concentration()))
}

func migrationHead(job *cli.Job, m *abcxyz.Migration) []cli.Field {
	t, o := job.Text, m.Options
	value := func(a orders.Amount) any { return cli.Measured(o.Ranking.Measure, a) }
	return []cli.Field{
		{Key: "by", Title: t("Что ранжировано", "Ranked"), Value: ranked(job, o.Ranking.By)},
		{Key: "measure", Title: t("Показатель", "Measure"), Value: job.Code(o.Ranking.Measure.String(), job.Measure(o.Ranking.Measure))},
		{Key: "start", Title: t("В начале: на день", "At the start: as of"), Value: o.Start},
		{Key: "end", Title: t("В конце: на день", "At the end: as of"), Value: o.End},
		{Key: "days", Title: t("Каждый за дней", "Each over days"), Value: o.Days},
		{Key: "items", Title: t("Всего строк", "Items"), Value: len(m.Items)},
		{Key: "start_total", Title: t("Итого в начале", "Total at the start"), Value: value(m.Start.Total)},
		{Key: "end_total", Title: t("Итого в конце", "Total at the end"), Value: value(m.End.Total)},
	}
}

// migrationTable returns one row per move from class to class, ABC and then XYZ;
// moves that nothing made are left out.
func migrationTable(job *cli.Job, m *abcxyz.Migration) cli.Table {
	t := job.Text
	out := cli.Table{Head: migrationHead(job, m), Columns: []cli.Column{
		{Key: "kind", Title: t("Классы", "Classes")}, {Key: "from", Title: t("Было", "From")}, {Key: "to", Title: t("Стало", "To")},
		{Key: "items", Title: t("Строк", "Items")}, {Key: "start", Title: t("Приносили", "Brought")}, {Key: "end", Title: t("Приносят", "Bring")},
	}}
	out.Rows = append(moves(job, m, "abc", m.ABC), moves(job, m, "xyz", m.XYZ)...)
	return out
}

func moves[C interface {
	abcxyz.ABC | abcxyz.XYZ
	String() string
}](job *cli.Job, m *abcxyz.Migration, kind string, t abcxyz.Transitions[C]) (rows [][]any) {
	class := func(i int, outside string) string {
		if i == len(t.Classes) {
			return outside
		}
		return t.Classes[i].String()
	}
	measure := m.Options.Ranking.Measure
	for i, row := range t.Cells {
		for j, c := range row {
			if c.Items > 0 {
				rows = append(rows, []any{job.Code(kind, strings.ToUpper(kind)),
					class(i, job.Code("entered", job.Text("пришли", "entered"))), class(j, job.Code("left", job.Text("ушли", "left"))),
					c.Items, cli.Measured(measure, c.Start), cli.Measured(measure, c.End)})
			}
		}
	}
	return rows
}

// movedTable returns one row per item: its classes and values at both days.
func movedTable(job *cli.Job, m *abcxyz.Migration) cli.Table {
	t := job.Text
	out := cli.Table{Head: migrationHead(job, m), Columns: []cli.Column{
		{Key: "item", Title: t("Код", "Id")}, {Key: "name", Title: t("Название", "Name")},
		{Key: "start_class", Title: t("Было", "From")}, {Key: "end_class", Title: t("Стало", "To")},
		{Key: "start_value", Title: t("Приносил", "Brought")}, {Key: "end_value", Title: t("Приносит", "Brings")},
	}}
	place := func(i *abcxyz.Item) (class string, value any) {
		if i == nil {
			return "", cli.Blank{}
		}
		return i.Class(), cli.Measured(m.Options.Ranking.Measure, i.Value)
	}
	for _, item := range m.Items {
		was, before := place(item.Start)
		is, now := place(item.End)
		out.Rows = append(out.Rows, []any{item.Item().ID, item.Item().Name, was, is, before, now})
	}
	return out
}

// stabilityTable returns one row per item: how probable its class is, and each other.
func stabilityTable(job *cli.Job, s *abcxyz.Stability) cli.Table {
	t, o := job.Text, s.Options
	out := cli.Table{
		Head: []cli.Field{
			{Key: "by", Title: t("Что ранжировано", "Ranked"), Value: ranked(job, o.Ranking.By)},
			{Key: "replicates", Title: t("Наборов периодов", "Draws of the periods"), Value: o.Replicates},
			{Key: "periods", Title: t("Полных периодов", "Whole periods"), Value: s.Periods},
			{Key: "block", Title: t("Подряд", "Drawn together"), Value: o.Block},
			{Key: "seed", Value: strconv.FormatUint(o.Seed, 10)},
		},
		Columns: []cli.Column{
			{Key: "item", Title: t("Код", "Id")}, {Key: "name", Title: t("Название", "Name")}, {Key: "value", Title: job.Measure(o.Ranking.Measure)},
			{Key: "abc", Title: "ABC"}, {Key: "same_abc", Title: t("Надёжность", "Sure")}, {Key: "xyz", Title: "XYZ"}, {Key: "same_xyz", Title: t("Надёжность", "Sure")},
		},
	}
	for _, c := range s.ABC {
		out.Head = append(out.Head, cli.Field{Key: "mean_" + c.String(), Title: t("Класс ", "Class ") + c.String() + t(", в среднем", ", on average"), Value: cli.Share(s.MeanABC(c))})
		out.Columns = append(out.Columns, cli.Column{Key: "p_" + strings.ToLower(c.String()), Title: "P(" + c.String() + ")"})
	}
	for _, c := range s.XYZ {
		key := strings.ToLower(c.String())
		if c == abcxyz.Undefined {
			key = "undefined"
		}
		out.Columns = append(out.Columns, cli.Column{Key: "p_" + key, Title: "P(" + c.String() + ")"})
	}
	for i, item := range s.Items {
		r := s.Ranking.Items[i]
		row := []any{r.ID, r.Name, cli.Measured(o.Ranking.Measure, r.Value), r.ABC.String(), cli.Share(item.SameABC), r.XYZ.String(), cli.Share(item.SameXYZ)}
		row = append(row, probabilities(item.ABC, len(s.ABC))...)
		out.Rows = append(out.Rows, append(row, probabilities(item.XYZ, len(s.XYZ))...))
	}
	return out
}

// probabilities returns n cells, blank if there are none.
func probabilities(p []float64, n int) (cells []any) {
	for k := range n {
		if k < len(p) {
			cells = append(cells, cli.Share(p[k]))
		} else {
			cells = append(cells, cli.Blank{})
		}
	}
	return cells
}

// concentrationTable returns the Lorenz curve under the indices.
func concentrationTable(job *cli.Job, c *abcxyz.Concentration) cli.Table {
	t, o := job.Text, c.Options
	value := func(a orders.Amount) any { return cli.Measured(o.Measure, a) }
	out := cli.Table{
		Head: []cli.Field{
			{Key: "by", Title: t("Что ранжировано", "Ranked"), Value: ranked(job, o.By)},
			{Key: "measure", Title: t("Показатель", "Measure"), Value: job.Code(o.Measure.String(), job.Measure(o.Measure))},
			{Key: "items", Title: t("Строк не меньше нуля", "Items not below zero"), Value: c.Items},
			{Key: "base", Title: t("Их сумма", "Their sum"), Value: value(c.Base)},
			{Key: "negative_items", Title: t("Строк меньше нуля", "Items below zero"), Value: c.NegativeItems},
			{Key: "negative_sum", Title: t("Их сумма", "Their sum"), Value: value(c.NegativeSum)},
			{Key: "gini", Title: t("Джини", "Gini"), Value: cli.Ratio(c.Gini)},
			{Key: "hhi", Title: t("Индекс концентрации (из 10 000)", "HHI"), Value: cli.Mean(c.HHI)},
			{Key: "pareto", Title: t("Строк на 80 %", "Items behind 80 %"), Value: c.Pareto},
		},
		Columns: []cli.Column{
			{Key: "items", Title: t("Мельчайшие", "The smallest")}, {Key: "sum", Title: t("Приносят", "Bring")},
			{Key: "item_share", Title: t("Доля строк", "Share of items")}, {Key: "sum_share", Title: t("Доля суммы", "Share of the sum")},
		},
	}
	for _, top := range c.Top {
		n := strconv.Itoa(top.Items)
		out.Head = append(out.Head, cli.Field{Key: "share_of_" + n, Title: t("Доля крупнейших, первых ", "Share of the largest ") + n, Value: cli.Share(top.Share)})
	}
	for _, p := range c.Lorenz {
		out.Rows = append(out.Rows, []any{p.Items, value(p.Sum), cli.Share(p.ItemShare), cli.Share(p.SumShare)})
	}
	return out
}
