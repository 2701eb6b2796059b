package main

import (
	"strings"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
)

// measuresTable returns one row per item, by rank in the first measure.
func measuresTable(job *cli.Job, m *abcxyz.MeasuresRanking) cli.Table {
	t := job.Text
	o := m.Rankings[0].Options
	out := cli.Table{
		Head: []cli.Field{
			{Key: "by", Title: t("Что ранжировано", "Ranked"), Value: ranked(job, o.By)},
			{Key: "rule", Title: t("Правило ABC", "ABC rule"), Value: rule(job, o.Rule)},
			{Key: "items", Title: t("Всего строк", "Items"), Value: len(m.Items)},
		},
		Columns: []cli.Column{{Key: "item", Title: t("Код", "Id")}, {Key: "name", Title: t("Название", "Name")}, {Key: "classes", Title: t("Классы", "Classes")}},
	}
	for _, r := range m.Rankings {
		name := r.Options.Measure.String()
		out.Head = append(out.Head, cli.Field{Key: "total_" + name, Title: t("Итого: ", "Total: ") + job.Measure(r.Options.Measure), Value: cli.Measured(r.Options.Measure, r.Total)})
		out.Columns = append(out.Columns, cli.Column{Key: "value_" + name, Title: job.Measure(r.Options.Measure)}, cli.Column{Key: "rank_" + name}, cli.Column{Key: "abc_" + name})
	}
	for i, item := range m.Items {
		row := []any{item.ID, item.Name, item.Classes}
		for k, r := range m.Rankings {
			own := m.Item(i, k)
			row = append(row, cli.Measured(r.Options.Measure, own.Value), own.Rank, own.ABC.String())
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// splitTable returns one row per part and item, part by part and by rank.
func splitTable(job *cli.Job, s *abcxyz.SplitRanking) cli.Table {
	t, o := job.Text, s.Options.Ranking
	out := cli.Table{
		Head: []cli.Field{
			{Key: "by", Title: t("Что ранжировано", "Ranked"), Value: ranked(job, o.By)},
			{Key: "split", Title: t("Внутри чего", "Within"), Value: ranked(job, s.Options.Split)},
			{Key: "measure", Title: t("Показатель", "Measure"), Value: job.Code(o.Measure.String(), job.Measure(o.Measure))},
			{Key: "rule", Title: t("Правило ABC", "ABC rule"), Value: rule(job, o.Rule)},
			{Key: "parts", Title: t("Частей", "Parts"), Value: len(s.Parts)},
			{Key: "total", Title: t("Итого", "Total"), Value: cli.Measured(o.Measure, s.Total)},
		},
		Columns: []cli.Column{
			{Key: "split", Title: t("Внутри", "Within")}, {Key: "rank", Title: t("Место", "Rank")},
			{Key: "item", Title: t("Код", "Id")}, {Key: "name", Title: t("Название", "Name")},
			{Key: "value", Title: job.Measure(o.Measure)}, {Key: "share", Title: t("Доля", "Share")}, {Key: "cum_share", Title: t("С накоплением", "Cumulative")},
			{Key: "abc", Title: "ABC"}, {Key: "cv", Title: t("Вариация", "CV")}, {Key: "xyz", Title: "XYZ"}, {Key: "class", Title: t("Класс", "Class")},
			{Key: "reason", Title: t("Почему нет класса", "Why no class")}, {Key: "revenue"},
		},
	}
	for _, p := range s.Parts {
		for _, item := range p.Items {
			out.Rows = append(out.Rows, []any{
				p.Split, item.Rank, item.ID, item.Name, cli.Measured(o.Measure, item.Value), cli.Share(item.Share), cli.Share(item.CumShare),
				item.ABC.String(), cli.Share(item.CV), item.XYZ.String(), item.Class(), reason(job, item.Reason()), item.Revenue,
			})
		}
	}
	return out
}

// compareTable returns one row per item, by our rank.
func compareTable(job *cli.Job, c *abcxyz.Comparison) cli.Table {
	t, o := job.Text, c.Options.Ranking
	out := cli.Table{
		Head: []cli.Field{
			{Key: "by", Title: t("Что ранжировано", "Ranked"), Value: ranked(job, o.By)},
			{Key: "measure", Title: t("Показатель", "Measure"), Value: job.Code(o.Measure.String(), job.Measure(o.Measure))},
			{Key: "rule", Title: t("Наше правило ABC", "Our ABC rule"), Value: rule(job, o.Rule)},
			{Key: "mode", Title: t("С чем сравниваем", "Compared with"), Value: mode(c.Options.Mode + 1).name(job)},
			{Key: "items", Title: t("Всего строк", "Items"), Value: len(c.Theirs)},
			{Key: "same_abc", Title: t("ABC совпадает", "Same ABC"), Value: c.SameABC},
			{Key: "same_xyz", Title: t("XYZ совпадает", "Same XYZ"), Value: c.SameXYZ},
			{Key: "same", Title: t("Совпадают оба", "Same both"), Value: c.Same},
			{Key: "total", Title: t("Итого", "Total"), Value: cli.Measured(o.Measure, c.Ours.Total)},
		},
		Columns: []cli.Column{
			{Key: "item", Title: t("Код", "Id")}, {Key: "name", Title: t("Название", "Name")}, {Key: "value", Title: job.Measure(o.Measure)},
			{Key: "abc", Title: t("ABC наш", "ABC ours")}, {Key: "their_abc", Title: t("их", "theirs")},
			{Key: "cv"}, {Key: "xyz", Title: t("XYZ наш", "XYZ ours")}, {Key: "their_cv"}, {Key: "their_xyz", Title: t("их", "theirs")},
			{Key: "same"}, {Key: "abc_reasons", Title: t("Почему ABC другой", "Why ABC differs")}, {Key: "xyz_reasons", Title: t("Почему XYZ другой", "Why XYZ differs")},
		},
	}
	for i, own := range c.Theirs {
		item := c.Ours.Items[i]
		var xyz, cv any = own.XYZ.String(), cli.Share(own.CV)
		if c.Options.Mode == abcxyz.ModePAL {
			xyz, cv = cli.Blank{}, cli.Blank{}
		}
		out.Rows = append(out.Rows, []any{
			item.ID, item.Name, cli.Measured(o.Measure, item.Value), item.ABC.String(), own.ABC.String(),
			cli.Share(item.CV), item.XYZ.String(), cv, xyz, own.Same(), whys(job, own.ABCReasons), whys(job, own.XYZReasons),
		})
	}
	return out
}

func (m mode) name(job *cli.Job) string {
	t := job.Text
	return job.Code(abcxyz.Mode(m-1).String(), map[abcxyz.Mode]string{
		abcxyz.ModeUNF:  t("1С:УНФ и 1С:УПП", "1C:УНФ and 1C:УПП"),
		abcxyz.ModeUT11: t("1С:УТ 11", "1C:УТ 11"),
		abcxyz.ModePAL:  "SAP PAL",
	}[abcxyz.Mode(m-1)])
}

// whys returns why a class differs, one reason after the other.
func whys(job *cli.Job, reasons []abcxyz.Reason) string {
	t := job.Text
	texts := map[abcxyz.Reason]string{
		abcxyz.WhyBounds:   t("другие границы", "other bounds"),
		abcxyz.WhyRule:     t("другое правило", "another rule"),
		abcxyz.WhyBase:     t("не больше нуля – тоже в базе", "not above zero is in the base too"),
		abcxyz.WhyTies:     t("равные в разных классах", "equal values told apart"),
		abcxyz.WhyRounding: t("границы в копейках", "bounds in kopecks"),
		abcxyz.WhyVary:     t("суммы по периодам", "money per period"),
		abcxyz.WhyCV:       t("другие границы вариации", "other bounds of the variation"),
		abcxyz.WhySigma:    t("σ совокупности", "σ of the population"),
		abcxyz.WhyCalendar: t("нули до первой продажи", "zeros before the first sale"),
		abcxyz.WhyPartial:  t("неполные периоды", "partial periods"),
		abcxyz.WhyGuard:    t("класс без оснований", "a class without grounds"),
		abcxyz.WhyMeans:    t("границы – средние", "bounds are means"),
	}
	var all []string
	for _, r := range reasons {
		all = append(all, job.Code(string(r), texts[r]))
	}
	return strings.Join(all, "; ")
}
