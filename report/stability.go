package report

import (
	"fmt"
	"math"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/orders"
)

// stabilitySheet is how sure the classes are.
type stabilitySheet struct {
	*abcxyz.Stability
	sheet *sheet
	list  *table
}

// stabilitySheets lays out a sheet for each kind of items. Two of one kind are an error.
func (b *book) stabilitySheets() {
	seen := map[orders.Dimension]bool{}
	for _, s := range b.Stability {
		by := s.Options.Ranking.By
		if seen[by] {
			b.note(fmt.Errorf("report: %w: Book.Stability has %s twice", orders.ErrOptions, itemNames[by].of[English]))
			return
		}
		seen[by] = true
		(&stabilitySheet{Stability: s}).lay(b)
	}
}

func (x *stabilitySheet) lay(b *book) {
	o := x.Options
	names := itemNames[o.Ranking.By]
	p := b.params
	p.section(text{"Stability of classes: " + names.of[English], "Устойчивость классов " + names.of[Russian]})
	p.fixed(whole, text{"Replicates", "Повторов"}, o.Replicates, text{"how often the periods were drawn anew", "сколько раз периоды набраны заново"})
	p.fixed(whole, text{"Periods drawn together", "Периодов подряд в блоке"}, o.Block, text{"so that what hangs together in time stays together", "чтобы связанное во времени осталось вместе"})
	p.fixed(general, text{"Seed", "Начальное число генератора"}, fmt.Sprint(o.Seed), text{"the same seed gives the same probabilities", "то же число даёт те же вероятности"})

	columns := x.columns(b)
	x.sheet = b.sheet(text{"Stability of " + names.of[English], "Устойчивость " + names.of[Russian]}, widths(columns)...)
	s := x.sheet
	s.add(style{look: title}, text{"Stability of the classes of " + names.of[English], "Устойчивость классов " + names.of[Russian]})
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s: in which share of %d draws of %d whole periods each keeps its class", names.many[English], o.Replicates, x.Periods),
		fmt.Sprintf("%s: в какой доле из %d наборов по %d полных периодов класс тот же", names.many[Russian], o.Replicates, x.Periods),
	})
	s.paragraph(prose, min(8, len(columns)), b.say(text{
		"Probabilities come from a model, so they are values: the periods are drawn anew in blocks, with repetition, and every item is classified again. Near 100 %: the class is certain. Near 50 %: one good or bad month decides it.",
		"Вероятности — результат моделирования, поэтому это значения: периоды набираются заново блоками, с повторами, и всё классифицируется снова. Около 100 % — класс надёжен. Около 50 % — его решает один удачный или неудачный месяц.",
	}))
	x.classes(b)
	s.skip(1)
	x.list = s.table(len(x.Items), true, columns)
	x.list.fill()
	x.list.listing(3)
	x.list.frozen = 0 // the classes above are too high to stay in sight
	x.list.legend()
}

// classes lays out the mean probability of every class.
func (x *stabilitySheet) classes(b *book) {
	s, head := x.sheet, style{look: header}
	s.skip(1)
	s.add(style{}, nil, nil, styled{head, text{"Class", "Класс"}}, styled{head, text{"Number", "Количество"}}, styled{head, text{"Keep it", "Сохраняют"}})
	row := func(class, kind string, n int, mean float64) {
		live := func(f format, text string, cached any) lazy {
			return whenWritten(style{format: f}, func() any {
				t := x.list
				if t.shown < t.items || t.items == 0 || cached != cached {
					return cached
				}
				return formula{fmt.Sprintf(text, t.local(kind), quote(class), t.local("same_"+kind)), cached}
			})
		}
		s.add(style{}, nil, nil, styled{style{align: "center"}, class},
			live(whole, "COUNTIF(%[1]s,%[2]s)", n), live(percent, "AVERAGEIF(%[1]s,%[2]s,%[3]s)", mean))
	}
	for _, c := range x.Ranking.Classes {
		row(c.ABC.String(), "abc", c.Items, x.MeanABC(c.ABC))
	}
	m := x.Ranking.Matrix()
	for i, c := range m.Columns {
		if mean := x.MeanXYZ(c); !math.IsNaN(mean) {
			row(b.xyzName(c), "xyz", m.ColumnTotals[i].Items, mean)
		}
	}
}

// columns returns the columns of the list.
func (x *stabilitySheet) columns(b *book) []column {
	item := func(i int) *abcxyz.Item { return &x.Ranking.Items[i] }
	value, f := b.measure(x.Options.Ranking.Measure)
	c := []column{
		{key: "rank", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"}, note: text{"rank by the measure", "место по показателю"},
			cell: func(i, _ int) any { return item(i).Rank }},
		{key: "item", name: text{"Id", "Код"}, width: 15, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return item(i).ID }},
		{key: "name", name: itemNames[x.Options.Ranking.By].one, width: 38, note: text{"the name in the export", "наименование из выгрузки"},
			cell: func(i, _ int) any { return b.itemName(item(i).ID, item(i).Name) }},
		{key: "value", name: value, width: 17, style: style{format: f}, note: text{"from the export", "из выгрузки"},
			totals: func() any { return x.list.sum("value", x.Ranking.Total) },
			cell:   func(i, _ int) any { return item(i).Value }},
	}
	var abc, xyz []string
	for _, class := range x.ABC {
		abc = append(abc, class.String())
	}
	for _, class := range x.XYZ {
		xyz = append(xyz, b.xyzName(class))
	}
	c = append(c, x.probabilities("abc", text{"ABC", "ABC"}, abc, func(i int) (string, float64, []float64) {
		return item(i).ABC.String(), x.Items[i].SameABC, x.Items[i].ABC
	})...)
	for i := range x.Items {
		if x.Items[i].XYZ != nil {
			return append(c, x.probabilities("xyz", text{"XYZ", "XYZ"}, xyz, func(i int) (string, float64, []float64) {
				return b.xyzName(item(i).XYZ), x.Items[i].SameXYZ, x.Items[i].XYZ
			})...)
		}
	}
	return c
}

// probabilities are the columns of one kind of class: what it is, how sure that
// is, and how probable the others are.
func (x *stabilitySheet) probabilities(kind string, name text, classes []string, of func(i int) (class string, same float64, all []float64)) []column {
	first, last := kind+"_"+classes[0], kind+"_"+classes[len(classes)-1]
	c := []column{
		{key: kind, name: name, width: 10, style: style{align: "center"}, note: text{"class in the ranking", "класс по всем периодам"},
			cell: func(i, _ int) any {
				class, _, _ := of(i)
				return class
			}},
		{key: "same_" + kind, name: text{name[English] + ": sure", name[Russian] + ": надёжность"}, width: 13, style: style{format: percent},
			note: text{"probability of that class", "вероятность этого класса"},
			cell: func(i, at int) any {
				class, same, all := of(i)
				if all == nil {
					return nil
				}
				from, to := x.list.col(first), x.list.col(last)
				return formula{fmt.Sprintf("INDEX(%s:%s,1,MATCH(%s,%s$%d:%s$%d,0))", cellName(from, at), cellName(to, at), quote("P("+class+")"),
					columnName(from), x.list.head, columnName(to), x.list.head), same}
			}},
	}
	for k, class := range classes {
		label := "P(" + class + ")"
		c = append(c, column{key: kind + "_" + class, name: text{label, label}, width: 9, style: style{format: percent},
			note: text{"share of the draws in which the class is " + class, "доля наборов, в которых класс " + class},
			cell: func(i, _ int) any {
				if _, _, all := of(i); all != nil {
					return all[k]
				}
				return nil
			}})
	}
	return c
}

var methodStability = []definition{
	{text{"Stability", "Устойчивость"}, text{
		"The circular block bootstrap (Künsch 1989; Politis & Romano 1992): blocks of successive whole periods are drawn with repetition until there are as many as before, the same for all items, and every item is classified again. The probability of a class is its share of the draws.",
		"Блочный бутстреп по кругу (Künsch 1989; Politis, Romano 1992): блоки подряд идущих полных периодов набираются с повторами, пока их не станет столько же, одни и те же для всех позиций, и всё классифицируется снова. Вероятность класса — его доля среди наборов."}},
}
