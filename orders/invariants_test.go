package orders

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// dialect is a way to write an export.
type dialect struct {
	comma, decimal, group string
	date                  func(d Date) string
	encode                func(string) (string, error)
	quote                 func(string) string
	end                   string
	phantom               bool // a delimiter behind the last cell
	title                 string
}

// drawDialect draws one of those that systems have.
func drawDialect(t *rapid.T) dialect {
	d := dialect{
		comma:   rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "delimiter"),
		decimal: rapid.SampledFrom([]string{".", ","}).Draw(t, "decimal"),
		end:     rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end"),
		phantom: rapid.Bool().Draw(t, "phantom"),
		title:   rapid.SampledFrom([]string{"", "Sales\n\n", "Журнал продаж\nЗа год\n"}).Draw(t, "title"),
	}
	d.group = rapid.SampledFrom([]string{"", " ", "\u00a0", "'", map[string]string{".": ",", ",": "."}[d.decimal]}).Draw(t, "thousands")
	layout := rapid.SampledFrom([]string{"2006-01-02", "02.01.2006", "20060102", "02.01.2006 15:04:05", "2006-01-02T15:04:05Z", "2 January 2006"}).Draw(t, "dates")
	d.date = func(day Date) string { return day.Time().Format(layout) }
	backslash := rapid.Bool().Draw(t, "backslashes")
	always := rapid.Bool().Draw(t, "always quoted")
	d.quote = func(s string) string {
		if !always && !strings.ContainsAny(s, "\"\\\n"+d.comma) {
			return s
		}
		if backslash {
			return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
		}
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	d.encode = rapid.SampledFrom([]func(string) (string, error){
		func(s string) (string, error) { return s, nil },
		func(s string) (string, error) { return "\ufeff" + s, nil },
		charmap.Windows1251.NewEncoder().String,
		unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String,
		unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String,
	}).Draw(t, "encoding")
	return d
}

// amount writes an amount.
func (d dialect) amount(a Amount) string {
	whole, fraction, _ := strings.Cut(a.Abs().String(), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + d.group + whole[i:]
	}
	if a < 0 {
		whole = "-" + whole
	}
	return whole + d.decimal + (fraction + "00")[:max(2, len(fraction))]
}

// write writes lines as an export.
func (d dialect) write(t *rapid.T, lines []Line) string {
	var b strings.Builder
	b.WriteString(d.title)
	row := func(cells ...string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteString(d.comma)
			}
			b.WriteString(d.quote(c))
		}
		if d.phantom {
			b.WriteString(d.comma)
		}
		b.WriteString("\n")
	}
	row("Дата", "Клиент", "Номер заказа", "Товар", "Количество", "Выручка", "Себестоимость")
	for _, l := range lines {
		cost := ""
		if l.COGS.Known {
			cost = d.amount(l.COGS.Amount)
		}
		row(d.date(l.Date), l.Customer, l.Order, l.Product, d.amount(l.Quantity), d.amount(l.Revenue), cost)
	}
	text, err := d.encode(strings.ReplaceAll(b.String(), "\n", d.end))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// drawLines draws lines whose first tells how an export is written.
func drawLines(t *rapid.T) []Line {
	amount := func(name string) Amount { return Amount(rapid.Int64Range(-1e10, 1e10).Draw(t, name)) }
	name := rapid.StringMatching(`[A-Za-zА-Яа-я][A-Za-zА-Яа-я ;,|"\\]{0,8}[A-Za-zА-Яа-я]`)
	lines := []Line{{Date: NewDate(2024, 12, 31), Customer: `Ромашка "Плюс"; опт`, Order: "1", Product: `болт, "М5"`, Quantity: 15 * One / 10, Revenue: 123_456_789, COGS: Known(98_765_432)}}
	for range rapid.IntRange(0, 20).Draw(t, "lines") {
		l := Line{
			Date:     NewDate(2024, 1, 1) + Date(rapid.IntRange(0, 365).Draw(t, "day")),
			Customer: name.Draw(t, "customer"), Order: strconv.Itoa(rapid.IntRange(1, 9).Draw(t, "order")), Product: name.Draw(t, "product"),
			Quantity: amount("quantity"), Revenue: amount("revenue"),
		}
		if rapid.Bool().Draw(t, "cost known") {
			l.COGS = Known(amount("cost"))
		}
		lines = append(lines, l)
	}
	return lines
}

// everything is all that a History says, as text.
func everything(t *rapid.T, h *History, err error) string {
	if err != nil {
		return err.Error()
	}
	defer h.Release()
	c, err := h.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if math.IsNaN(c.LateOld) {
		c.LateOld = -1
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n", c)
	for d := range h.Deals() {
		fmt.Fprintf(&b, "%+v\n", d)
	}
	for s, err := range h.Series(context.Background(), SeriesQuery{By: ByProduct, Measure: GrossProfit}) {
		fmt.Fprintf(&b, "%s %v %v\n", s.Item, s.Values, err)
	}
	return b.String()
}

// TestEveryDialect: however an export is written, what is read is what was
// written: the same as the lines themselves give.
func TestEveryDialect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, d := drawLines(t), drawDialect(t)
		text := d.write(t, lines)
		got, err := Read(context.Background(), "f.csv", strings.NewReader(text), Options{})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		detection := got.Detections()[0]
		want, err := Collect(context.Background(), func(yield func(Line, error) bool) {
			for _, l := range lines {
				l.Customer, l.Product = strings.TrimSpace(l.Customer), strings.TrimSpace(l.Product)
				if !yield(l, nil) {
					return
				}
			}
		}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a, b := everything(t, got, nil), everything(t, want, nil); a != b {
			t.Fatalf("%q\nis understood as\n%sand gives\n%snot\n%s", text, &detection, a, b)
		}
	})
}

// TestShuffledRows: the order of the rows changes nothing, nor do the workers,
// nor where the bytes come from, nor in what pieces.
func TestShuffledRows(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		lines := drawLines(t)
		d := drawDialect(t)
		o := Options{MaxRejected: 1, DropDuplicates: rapid.Bool().Draw(t, "drop duplicates")}
		lines = append(lines, lines[:rapid.IntRange(0, len(lines)).Draw(t, "repeated")]...)
		read := func(text string, o Options) string {
			h, err := Read(context.Background(), "f.csv", strings.NewReader(text), o)
			return everything(t, h, err)
		}
		text := d.write(t, lines)
		want := read(text, o)
		if got := read(d.write(t, rapid.Permutation(lines).Draw(t, "shuffled")), o); got != want {
			t.Fatalf("%q\ngives\n%s\nshuffled\n%s", text, want, got)
		}
		for workers := range 4 {
			o.Workers = workers
			if got := read(text, o); got != want {
				t.Fatalf("%q\ngives\n%s\nwith %d workers\n%s", text, want, workers, got)
			}
		}
		h, err := Read(context.Background(), "f.csv", iotest.OneByteReader(strings.NewReader(text)), o)
		if got := everything(t, h, err); got != want {
			t.Fatalf("%q\ngives\n%s\nbyte by byte\n%s", text, want, got)
		}
		path := filepath.Join(dir, "f.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		h, err = ReadFile(context.Background(), path, o)
		if got := strings.ReplaceAll(everything(t, h, err), path, "f.csv"); got != want {
			t.Fatalf("%q\ngives\n%s\nas a file\n%s", text, want, got)
		}
	})
}

// TestColumnsInAnyOrder: where a column stands, and what unknown ones stand
// beside it, changes nothing.
func TestColumnsInAnyOrder(t *testing.T) {
	const text = "date,customer,order,amount,cost,note\n2024-01-31,A,1,10.5,5,x\n2024-02-01,B,2,-1.25,,y\n"
	rows := strings.Split(strings.TrimSpace(text), "\n")
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5}).Draw(t, "columns")
		var b bytes.Buffer
		for _, row := range rows {
			cells := strings.Split(row, ",")
			moved := make([]string, len(cells))
			for i, c := range order {
				moved[i] = cells[c]
			}
			b.WriteString(strings.Join(moved, ",") + "\n")
		}
		got, err := transcribe(b.String(), Options{})
		want, _ := transcribe(text, Options{})
		if err != nil || !reflect.DeepEqual(got.String(), want.String()) {
			t.Fatalf("%s gives\n%s%v, want\n%s", &b, got, err, want)
		}
	})
}

// fixtures returns the texts of the fixtures, for fuzzing to grow on.
func fixtures(f *testing.F) (texts []string) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		all, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for part := range strings.SplitSeq(string(all), "\n=== ") {
			_, part, _ = strings.Cut(part, "\n")
			for strings.HasPrefix(part, ": ") {
				_, part, _ = strings.Cut(part, "\n")
			}
			if text, _, ok := strings.Cut(part, "\n----\n"); ok && len(text) < 4096 {
				texts = append(texts, text+"\n")
			}
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
