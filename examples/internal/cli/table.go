package cli

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/repeatsales/repeatsales/orders"
)

// Table is a result as a program prints it: a few figures of the whole, and rows.
type Table struct {
	Head    []Field // first in a text table, "header" in JSON, not in CSV
	Columns []Column
	Rows    [][]any // of the values that [Job.Print] knows; one per column
}

// Field is one figure with its JSON key and its title. Without a key it is for
// people only; without a title, or if it is blank, a text table leaves it out.
type Field struct {
	Key, Title string
	Value      any
}

// Column is the key of a column in CSV and JSON and its title in a text table.
// A column without a key is for people only, one without a title for programs.
type Column struct{ Key, Title string }

// Values that say how a number looks in a text table. In CSV and JSON all are
// plain numbers. Besides them a table holds text, bool, int, int64, money
// ([orders.Amount], [orders.NullAmount]), [orders.Date] and [orders.Period].
type (
	Share    float64       // 0…1, shown as a percentage
	Ratio    float64       // shown with three decimal places
	Mean     float64       // of money, shown with two decimal places
	Quantity orders.Amount // shown without forced kopecks

	Undefined struct{} // a number that does not exist: empty in CSV, null in JSON, n/a for people
	Blank     struct{} // nothing was observed: empty everywhere

	// Marked is a value that a text table may show with an asterisk.
	Marked struct {
		Value any
		Mark  bool
	}
)

// Unless returns v; [Blank] if there is none.
func Unless(none bool, v any) any {
	if none {
		return Blank{}
	}
	return v
}

// Measured returns a as what a measure counts: money or a quantity.
func Measured(m orders.Measure, a orders.Amount) any {
	if m == orders.Quantity || m == orders.Deals || m == orders.Purchases {
		return Quantity(a)
	}
	return a
}

// GrossProfit returns the gross profit of t; unknown if none of its revenue has
// a known cost.
func GrossProfit(t orders.Tally) orders.NullAmount {
	if t.Costed == 0 && t.COGS == 0 && t.Revenue != 0 {
		return orders.NullAmount{}
	}
	return orders.Known(t.GrossProfit())
}

// Print writes t to stdout in the job's format. In CSV and JSON numbers are
// plain, and what is undefined or unknown is empty or null. CSV cells that a
// spreadsheet would take for a formula begin with an apostrophe.
func (j *Job) Print(t Table) error {
	switch j.Format {
	case CSV:
		return t.csv(j.stdout)
	case JSON:
		return t.json(j.stdout)
	}
	t.text(j.stdout, j.Language)
	return nil
}

// PrintJSON writes v to stdout as indented JSON.
func (j *Job) PrintJSON(v any) error {
	b, err := EncodeJSON(v)
	if err == nil {
		_, err = j.stdout.Write(b)
	}
	return err
}

// EncodeJSON returns v as indented JSON, its text as it is (without HTML escapes).
func EncodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

func (t Table) csv(w *bufio.Writer) error {
	out := csv.NewWriter(w)
	var record []string
	for _, c := range t.Columns {
		if c.Key != "" {
			record = append(record, c.Key)
		}
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		record = record[:0]
		for i, v := range row {
			if t.Columns[i].Key == "" {
				continue
			}
			cell, _ := plain(v)
			if _, ok := v.(string); ok {
				cell = guard(cell)
			}
			record = append(record, cell)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// json writes one row a line, which is compact and can still be read.
func (t Table) json(w *bufio.Writer) error {
	head, err := EncodeJSON(Object(t.Head))
	if err != nil {
		return err
	}
	head = bytes.ReplaceAll(bytes.TrimSpace(head), []byte("\n"), []byte("\n  "))
	fmt.Fprintf(w, "{\n  \"header\": %s,\n  \"rows\": [", head)
	object := make(Object, len(t.Columns))
	for i, c := range t.Columns {
		object[i].Key = c.Key
	}
	for n, row := range t.Rows {
		for i, v := range row {
			object[i].Value = v
		}
		line, err := object.MarshalJSON()
		if err != nil {
			return err
		}
		if n > 0 {
			w.WriteByte(',')
		}
		fmt.Fprintf(w, "\n    %s", line)
	}
	_, err = w.WriteString("\n  ]\n}\n")
	return err
}

// Object is a JSON object whose members keep their order. Money and other exact
// numbers are JSON numbers with all their digits; NaN and unknown are null.
type Object []Field

// MarshalJSON implements json.Marshaler.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, f := range o {
		if f.Key == "" {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(f.Key) + ":")
		value, err := member(f.Value)
		if err != nil {
			return nil, err
		}
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// member returns v as JSON: values of a table as [Job.Print] says, others as
// encoding/json has them.
func member(v any) ([]byte, error) {
	s, numeric := plain(v)
	switch {
	case numeric && s == "":
		return []byte("null"), nil
	case numeric:
		return []byte(s), nil
	}
	switch v.(type) {
	case orders.Date, orders.Period:
		if s == "" {
			return []byte("null"), nil
		}
		v = s
	}
	b, err := EncodeJSON(v)
	return bytes.TrimSpace(b), err
}

// plain returns v as CSV has it, and whether it is a number.
func plain(v any) (s string, numeric bool) {
	switch v := v.(type) {
	case string:
		return v, false
	case bool:
		return strconv.FormatBool(v), false
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case orders.Amount:
		return v.String(), true
	case orders.NullAmount:
		return v.String(), true
	case Quantity:
		return orders.Amount(v).String(), true
	case Share:
		return float(float64(v)), true
	case Ratio:
		return float(float64(v)), true
	case Mean:
		return float(float64(v)), true
	case Marked:
		return plain(v.Value)
	case Undefined, Blank:
		return "", true
	}
	return fmt.Sprint(v), false
}

// float returns the shortest decimal number that denotes v; "" if v is no number.
func float(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

var plainNumber = regexp.MustCompile(`^[+-]?[0-9]+([.,][0-9]+)?$`)

// guard returns s so that no spreadsheet takes it for a formula.
func guard(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) || plainNumber.MatchString(s) {
		return s
	}
	return "'" + s
}

// text writes the table aligned: numbers to the right, the rest to the left.
func (t Table) text(w *bufio.Writer, l Language) {
	label := 0
	for _, f := range t.Head {
		label = max(label, width(f.Title))
	}
	for _, f := range t.Head {
		value, _ := l.cell(f.Value)
		if f.Title != "" && value != "" {
			fmt.Fprintln(w, pad(f.Title, label, false)+"  "+value)
		}
	}
	if len(t.Columns) == 0 {
		return
	}
	if len(t.Head) > 0 {
		fmt.Fprintln(w)
	}
	lines, right, widths := t.cells(l)
	for _, line := range lines {
		var b strings.Builder
		for i, cell := range line {
			if i > 0 {
				b.WriteString("  ")
			}
			b.WriteString(pad(cell, widths[i], right[i]))
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// cells returns the titles and all rows of the columns shown, as text, which
// columns are numbers, and how wide each is.
func (t Table) cells(l Language) (lines [][]string, right []bool, widths []int) {
	var shown []int
	var titles []string
	for i, c := range t.Columns {
		if c.Title != "" {
			shown, titles = append(shown, i), append(titles, c.Title)
		}
	}
	right, widths = make([]bool, len(shown)), make([]int, len(shown))
	lines = append(lines, titles)
	for _, row := range t.Rows {
		line := make([]string, len(shown))
		for i, at := range shown {
			cell, numeric := l.cell(row[at])
			line[i] = cut(cell)
			right[i] = right[i] || numeric
		}
		lines = append(lines, line)
	}
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], width(cell))
		}
	}
	return lines, right, widths
}

// cell returns v as a text table shows it, and whether it is a number.
func (l Language) cell(v any) (s string, numeric bool) {
	switch v := v.(type) {
	case string:
		return printable(v), false
	case bool:
		if v {
			return l.Text("да", "yes"), false
		}
		return l.Text("нет", "no"), false
	case int:
		return l.Count(int64(v)), true
	case int64:
		return l.Count(v), true
	case orders.Amount:
		return l.Money(v), true
	case orders.NullAmount:
		if !v.Known {
			return l.undefined(), true
		}
		return l.Money(v.Amount), true
	case Quantity:
		return l.number(orders.Amount(v).String(), 0), true
	case Share:
		return l.Percent(float64(v)), true
	case Ratio:
		return l.float(float64(v), 3), true
	case Mean:
		return l.float(float64(v), 2), true
	case orders.Date:
		return l.Day(v), false
	case Undefined:
		return l.undefined(), true
	case Marked:
		s, numeric = l.cell(v.Value)
		if v.Mark {
			s += "*"
		}
		return s, numeric
	}
	s, numeric = plain(v)
	return printable(s), numeric
}

// float returns v with so many decimal places.
func (l Language) float(v float64, places int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return l.undefined()
	}
	return l.number(strconv.FormatFloat(v, 'f', places, 64), places)
}

// printable returns s without control characters, which a terminal would obey.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// longest is how many characters of a text cell a text table shows.
const longest = 40

func cut(s string) string {
	if runes := []rune(s); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return s
}

// pad returns s with spaces to the width of its column.
func pad(s string, columns int, right bool) string {
	space := strings.Repeat(" ", max(0, columns-width(s)))
	if right {
		return space + s
	}
	return s + space
}
