package report

import (
	"github.com/xuri/excelize/v2"
)

// parameters is the sheet of everything that was chosen: the live ones, by
// whose names formulas refer to them, and those that had to be decided before.
type parameters struct {
	*sheet
	names []definedName
	open  text // the section under way
}

// definedName is a name of the workbook and what it refers to.
type definedName struct{ name, refersTo string }

func (b *book) parametersSheet() {
	s := b.sheet(text{"Parameters", "Параметры"}, 46, 26, 24, 92)
	b.params = &parameters{sheet: s}
	s.add(style{look: title}, text{"Parameters", "Параметры"})
	s.paragraph(prose, 0, b.say(text{
		"Figures on a yellow ground may be changed: classes, shares, profit and payback recalculate. Formulas know them by the name in the third column. Everything else in grey was decided when the export was read; to change it, run the report again.",
		"Цифры на жёлтом фоне можно менять: классы, доли, прибыль и окупаемость пересчитаются. Формулы знают их по имени из третьего столбца. То, что без жёлтого фона, решено при чтении выгрузки: чтобы это изменить, сформируйте отчёт заново.",
	}))
}

// section begins a group of parameters.
func (p *parameters) section(name text) { p.open = name }

func (p *parameters) row(look look, f format, label text, value any, name string, note text) int {
	if p.open != (text{}) {
		p.begin(p.open)
		p.add(style{look: header}, text{"Parameter", "Параметр"}, text{"Value", "Значение"}, text{"Name", "Имя"}, text{"What it does", "Что делает"})
		p.open = text{}
	}
	high := max(1, lines(p.say(note), p.widths[3]), lines(p.say(label), p.widths[0])) * 14
	return p.addHigh(high, style{},
		styled{style{wrap: true}, label},
		styled{style{look: look, format: f, align: "right"}, value},
		styled{style{look: body, align: "center"}, name},
		styled{style{wrap: true}, note})
}

// live lays out a parameter that formulas follow and returns its name.
func (p *parameters) live(name string, f format, label text, value any, note text) string {
	at := p.row(input, f, label, value, name, note)
	p.define(name, p.ref(2, at))
	return name
}

// fixed lays out a choice that was made before the workbook.
func (p *parameters) fixed(f format, label text, value any, note text) {
	p.row(body, f, label, value, "", note)
}

// computed lays out a figure that the library computed and formulas follow, and
// returns its name.
func (p *parameters) computed(name string, f format, label text, value any, note text) string {
	p.define(name, p.ref(2, p.row(body, f, label, value, name, note)))
	return name
}

// define names a cell of any sheet.
func (p *parameters) define(name, refersTo string) {
	p.names = append(p.names, definedName{name, refersTo})
}

// apply gives the names to the workbook.
func (p *parameters) apply(f *excelize.File) error {
	for _, n := range p.names {
		if err := f.SetDefinedName(&excelize.DefinedName{Name: n.name, RefersTo: n.refersTo}); err != nil {
			return err
		}
	}
	return nil
}
