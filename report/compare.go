package report

import (
	"fmt"
	"strings"

	"github.com/repeatsales/repeatsales/abcxyz"
)

// modeNames are the systems that ours are compared with.
var modeNames = map[abcxyz.Mode]text{
	abcxyz.ModeUNF:  {"1C:УНФ and 1C:УПП", "1С:УНФ и 1С:УПП"},
	abcxyz.ModeUT11: {"1C:УТ 11", "1С:УТ 11"},
	abcxyz.ModePAL:  {"SAP PAL", "SAP PAL"},
}

// whyNames say why a class differs.
var whyNames = map[abcxyz.Reason]text{
	abcxyz.WhyBounds:   {"other bounds", "другие границы"},
	abcxyz.WhyRule:     {"another rule of cumulative shares", "другое правило накопленных долей"},
	abcxyz.WhyBase:     {"items not above zero are in the base", "позиции не больше нуля входят в базу"},
	abcxyz.WhyTies:     {"equal values are told apart", "равные значения попадают в разные классы"},
	abcxyz.WhyRounding: {"bounds are rounded to kopecks", "границы округлены до копеек"},
	abcxyz.WhyVary:     {"the measure per period instead of what we vary", "сравниваются суммы по периодам, а не то, что у нас"},
	abcxyz.WhyCV:       {"other bounds of the variation", "другие границы вариации"},
	abcxyz.WhySigma:    {"σ of the population", "σ генеральной совокупности"},
	abcxyz.WhyCalendar: {"zeros before the item's first sale, or after its last, count", "считаются нули до первой продажи или после последней"},
	abcxyz.WhyPartial:  {"periods that the export covers in part count", "считаются неполные периоды"},
	abcxyz.WhyGuard:    {"a class in spite of too little data, one purchase or returns", "класс присвоен, хотя данных мало, покупка одна или возвраты не меньше продаж"},
	abcxyz.WhyMeans:    {"bounds are means over all items", "границы — средние по всем позициям"},
}

// whys returns what the reasons say.
func (b *book) whys(reasons []abcxyz.Reason) any {
	if len(reasons) == 0 {
		return nil
	}
	var all []string
	for _, r := range reasons {
		all = append(all, b.say(whyNames[r]))
	}
	return strings.Join(all, "; ")
}

// compareSheet is why our classes differ from another system's, item by item.
type compareSheet struct {
	*abcxyz.Comparison
	list *table
}

func (b *book) compareSheet() *compareSheet {
	x := &compareSheet{Comparison: b.Compared}
	columns := x.columns(b)
	s := b.sheet(text{"Why classes differ", "Почему классы другие"}, widths(columns)...)
	system, o := modeNames[x.Options.Mode], x.Options.Ranking
	s.add(style{look: title}, text{"Our classes and those of " + system[English], "Наши классы и классы " + system[Russian]})
	measure, _ := b.measure(o.Measure)
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%s, %s, %s.", itemNames[o.By].many[English], measure[English], b.between(o.Scope.From, o.Scope.AsOf)),
		fmt.Sprintf("%s, %s, %s.", itemNames[o.By].many[Russian], measure[Russian], b.between(o.Scope.From, o.Scope.AsOf)),
	})
	x.counts(s)
	s.skip(1)
	x.list = s.table(len(x.Theirs), true, columns)
	x.list.fill()
	x.list.listing(3)
	x.list.frozen = 0 // the counts above are too high to stay in sight
	x.list.legend(text{
		"Classes are values: both were computed from the export. Reasons are the steps that turn our class into theirs, in the order in which they were taken.",
		"Классы — значения: те и другие посчитаны по выгрузке. Причины — шаги, которыми наш класс превращается в их класс, в том порядке, в каком они сделаны.",
	})
	return x
}

// counts lays out how many items have the same classes.
func (x *compareSheet) counts(s *sheet) {
	s.add(style{}, nil, nil, styled{style{look: header}, text{"Items", "Позиций"}}, styled{style{look: header}, text{"Number", "Количество"}})
	for _, c := range []struct {
		name text
		key  string
		n    int
	}{
		{text{"ABC is the same", "ABC совпадает"}, "same_abc", x.SameABC},
		{text{"XYZ is the same", "XYZ совпадает"}, "same_xyz", x.SameXYZ},
		{text{"Both are the same", "Совпадают оба"}, "same", x.Same},
	} {
		if x.Options.Mode == abcxyz.ModePAL && c.key != "same_abc" {
			continue
		}
		s.add(style{}, nil, nil, c.name, whenWritten(style{format: whole}, func() any {
			if x.list.shown < x.list.items || x.list.items == 0 {
				return c.n
			}
			return formula{fmt.Sprintf("COUNTIF(%s,%s)", x.list.local(c.key), quote(s.say(yes))), c.n}
		}))
	}
	s.add(style{look: total}, nil, nil, totalLabel, styled{style{look: total, format: whole}, len(x.Theirs)})
}

// columns returns the columns of the list.
func (x *compareSheet) columns(b *book) []column {
	o := x.Options.Ranking
	measure, f := b.measure(o.Measure)
	ours := func(i int) *abcxyz.Item { return &x.Ours.Items[i] }
	same := func(key string, name text, of func(i, at int) (string, bool)) column {
		return column{key: key, name: name, width: 11, style: style{align: "center"}, note: text{"filter by it", "по этому столбцу удобно фильтровать"},
			cell: func(i, at int) any {
				test, is := of(i, at)
				cached := ""
				if is {
					cached = b.say(yes)
				}
				return formula{fmt.Sprintf(`IF(%s,%s,"")`, test, quote(b.say(yes))), cached}
			}}
	}
	centre := style{align: "center"}
	c := []column{
		{key: "rank", name: text{"No.", "№"}, width: 7, style: style{format: whole, align: "center"}, note: text{"our rank", "наше место"}, cell: func(i, _ int) any { return ours(i).Rank }},
		{key: "item", name: text{"Id", "Код"}, width: 15, totals: totalLabel, note: text{"from the export, as text", "из выгрузки, текстом"}, cell: func(i, _ int) any { return ours(i).ID }},
		{key: "name", name: itemNames[o.By].one, width: 38, note: text{"the name in the export", "наименование из выгрузки"}, cell: func(i, _ int) any { return b.itemName(ours(i).ID, ours(i).Name) }},
		{key: "value", name: measure, width: 17, style: style{format: f}, note: text{"from the export", "из выгрузки"},
			totals: func() any { return x.list.sum("value", x.Ours.Total) }, cell: func(i, _ int) any { return ours(i).Value }},
		{key: "abc", name: text{"ABC, ours", "ABC у нас"}, width: 9, style: centre, note: abcRules[o.Rule][0], cell: func(i, _ int) any { return ours(i).ABC.String() }},
		{key: "their_abc", name: text{"ABC, theirs", "ABC у них"}, width: 9, style: centre, note: modeNames[x.Options.Mode], cell: func(i, _ int) any { return x.Theirs[i].ABC.String() }},
		same("same_abc", text{"Same ABC", "ABC совпал"}, func(i, at int) (string, bool) {
			return x.list.at("abc", at) + "=" + x.list.at("their_abc", at), x.Theirs[i].ABCReasons == nil
		}),
		{key: "abc_reasons", name: text{"Why ABC differs", "Почему ABC другой"}, width: 44, style: style{wrap: true}, note: text{"see the legend below", "пояснение внизу"}, cell: func(i, _ int) any { return b.whys(x.Theirs[i].ABCReasons) }},
	}
	if x.Options.Mode == abcxyz.ModePAL {
		return c
	}
	return append(c,
		column{key: "cv", name: text{"Variation, ours", "Вариация у нас"}, width: 11, style: style{format: percent}, note: varyNames[o.Vary][0], cell: func(i, _ int) any { return present(ours(i).CV) }},
		column{key: "xyz", name: text{"XYZ, ours", "XYZ у нас"}, width: 10, style: centre, note: text{"as on our own list", "как в нашем списке"}, cell: func(i, _ int) any { return b.xyzName(ours(i).XYZ) }},
		column{key: "their_cv", name: text{"Variation, theirs", "Вариация у них"}, width: 11, style: style{format: percent},
			note: text{"of the measure over all periods of the window; 0 if the sum is 0", "показателя по всем периодам; при нулевой сумме 0"}, cell: func(i, _ int) any { return present(x.Theirs[i].CV) }},
		column{key: "their_xyz", name: text{"XYZ, theirs", "XYZ у них"}, width: 10, style: centre, note: modeNames[x.Options.Mode], cell: func(i, _ int) any { return b.xyzName(x.Theirs[i].XYZ) }},
		same("same_xyz", text{"Same XYZ", "XYZ совпал"}, func(i, at int) (string, bool) {
			return x.list.at("xyz", at) + "=" + x.list.at("their_xyz", at), x.Theirs[i].XYZReasons == nil
		}),
		column{key: "xyz_reasons", name: text{"Why XYZ differs", "Почему XYZ другой"}, width: 44, style: style{wrap: true}, note: text{"see the legend below", "пояснение внизу"}, cell: func(i, _ int) any { return b.whys(x.Theirs[i].XYZReasons) }},
		same("same", text{"Same both", "Совпали оба"}, func(i, at int) (string, bool) {
			return fmt.Sprintf("AND(%s=%s,%s=%s)", x.list.at("abc", at), x.list.at("their_abc", at), x.list.at("xyz", at), x.list.at("their_xyz", at)), x.Theirs[i].Same()
		}))
}
