package report

import "github.com/xuri/excelize/v2"

// Colours of the charts: first purchases, repeat ones, what is not known.
const (
	colourFirst   = "F2A65A"
	colourRepeat  = "4F81BD"
	colourUnknown = "C9C9C9"
	colourLine    = "C0392B"
)

func solid(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

func chartTitle(s string) excelize.ChartTitle {
	return excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: s, Font: &excelize.Font{Bold: true, Size: 12}}}}
}

func small() excelize.Font { return excelize.Font{Size: 8, Color: "595959"} }

func gap(v uint) *uint { return &v }

// oneColour keeps a chart from giving each bar of a series a colour of its own.
func oneColour() *bool { return new(bool) }

// chartRow is the height of the rows under a chart, in points; charts are
// placed by it, whatever height a program gives to empty rows.
const chartRow = 15

// picture lays out a chart of so many pixels over rows of its own.
func (s *sheet) picture(width, height uint, chart func(at string, width, height uint) placed) {
	s.charts = append(s.charts, chart(cellName(1, s.rows+1), width, height))
	s.many(int(height)*3/4/chartRow+1, chartRow, func(_, _ int) []excelize.Cell { return nil })
}

// heatRule is a colour scale from white to colour.
func heatRule(colour string) []excelize.ConditionalFormatOptions {
	return []excelize.ConditionalFormatOptions{{
		Type: "2_color_scale", Criteria: "=",
		MinType: "min", MaxType: "max", MinColor: "#FFFFFF", MaxColor: "#" + colour,
	}}
}
