package report

import (
	"github.com/xuri/excelize/v2"
)

// format says how a number is shown.
type format uint8

const (
	general  format = iota
	money           // thousands, two places, negative red
	whole           // thousands, no places
	quantity        // thousands, places as needed
	percent
	number // two places
	days   // one place
	date
	month
	fine       // five places
	scientific // one digit and a power of ten
)

// style is everything about how a cell looks. Equal styles are one style of the workbook.
type style struct {
	format format
	look   look
	align  string // "": by type
	wrap   bool
	indent int
}

// look is a cell's part in the sheet.
type look uint8

const (
	body look = iota
	title
	subtitle // what the sheet is about
	section  // heading of a block
	header   // of a column
	total
	figure     // a key figure
	input      // a parameter that may be changed
	muted      // «н/д», remarks
	alarm      // a warning
	good       // a reconciliation that is 0.00
	prose      // explanations
	unfinished // a figure of a period that is not covered in full
)

const (
	inkMuted  = "767676"
	inkInput  = "1F4E9E"
	inkAlarm  = "9C2A00"
	fillHead  = "DCE6F1"
	fillTotal = "F2F2F2"
	fillInput = "FFF9DB"
	fillAlarm = "FDE9D9"
	fillGood  = "C6EFCE"
	fillBad   = "FFC7CE"
	inkGood   = "006100"
	inkBad    = "9C0006"
	line      = "BFBFBF"
)

// numberFormats are Excel's format codes, which every locale shows with its own separators.
var numberFormats = [...][languages]string{
	general:  {"General", "General"},
	money:    {"#,##0.00;[Red]-#,##0.00", "#,##0.00;[Red]-#,##0.00"},
	whole:    {"#,##0;[Red]-#,##0", "#,##0;[Red]-#,##0"},
	quantity: {"#,##0.###;[Red]-#,##0.###", "#,##0.###;[Red]-#,##0.###"},
	percent:  {"0.0%;[Red]-0.0%", "0.0%;[Red]-0.0%"},
	number:   {"0.00;[Red]-0.00", "0.00;[Red]-0.00"},
	days:     {"#,##0.0", "#,##0.0"},
	date:     {"yyyy-mm-dd", "dd.mm.yyyy"},
	month:    {"yyyy-mm", "mm.yyyy"},
	fine:     {"0.00000", "0.00000"},

	scientific: {"0.0E+00", "0.0E+00"},
}

// style returns the workbook's number of style st.
func (b *book) style(st style) int {
	if id, ok := b.styles[st]; ok {
		return id
	}
	code := numberFormats[st.format][b.lang]
	x := excelize.Style{
		CustomNumFmt: &code,
		Font:         &excelize.Font{Family: "Calibri", Size: 10},
		Alignment:    &excelize.Alignment{Vertical: "center", Horizontal: st.align, WrapText: st.wrap, Indent: st.indent},
	}
	if st.wrap && st.look == prose {
		x.Alignment.Vertical = "top"
	}
	fill := ""
	switch st.look {
	case title:
		x.Font.Size, x.Font.Bold = 15, true
	case subtitle:
		x.Font.Color = inkMuted
	case section:
		x.Font.Size, x.Font.Bold = 12, true
		x.Font.Color = inkInput
	case header:
		fill, x.Font.Bold = fillHead, true
		x.Alignment.Vertical, x.Alignment.Horizontal, x.Alignment.WrapText = "center", "center", true
	case total:
		fill, x.Font.Bold = fillTotal, true
	case figure:
		x.Font.Bold = true
	case input:
		fill, x.Font.Color = fillInput, inkInput
	case muted:
		x.Font.Color = inkMuted
	case alarm:
		fill, x.Font.Color = fillAlarm, inkAlarm
	case good:
		x.Font.Bold = true
	case unfinished:
		x.Font.Color, x.Font.Italic = inkMuted, true
	}
	if fill != "" {
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
	}
	switch st.look {
	case body, header, total, input, good, figure, unfinished:
		for _, side := range []string{"left", "right", "top", "bottom"} {
			x.Border = append(x.Border, excelize.Border{Type: side, Color: line, Style: 1})
		}
	}
	id, err := b.file.NewStyle(&x)
	b.note(err)
	b.styles[st] = id
	return id
}

// conditionalRule is short for excelize's.
type conditionalRule = excelize.ConditionalFormatOptions

// textRules colours a cell green if it says so, red if it says anything else.
func (b *book) textRules(cell, good string) []conditionalRule {
	yes, no := b.rule("==", fillGood, inkGood), b.rule("==", fillBad, inkBad)
	yes.Type, yes.Criteria, yes.Value = "formula", cell+"="+quote(good), ""
	no.Type, no.Criteria, no.Value = "formula", cell+"<>"+quote(good), ""
	return []conditionalRule{yes, no}
}

// zeroRules colours a difference green at 0 and red elsewhere.
func (b *book) zeroRules() []conditionalRule {
	return []conditionalRule{b.rule("==", fillGood, inkGood), b.rule("!=", fillBad, inkBad)}
}

// rule colours a number that compares so with 0.
func (b *book) rule(criteria, fill, ink string) conditionalRule {
	id, err := b.file.NewConditionalStyle(&excelize.Style{
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}},
		Font: &excelize.Font{Color: ink},
	})
	b.note(err)
	return conditionalRule{Type: "cell", Criteria: criteria, Value: "0", Format: &id}
}
