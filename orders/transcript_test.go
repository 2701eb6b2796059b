package orders_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"golang.org/x/text/encoding/charmap"

	"github.com/repeatsales/repeatsales/internal/exports"
	"github.com/repeatsales/repeatsales/orders"
)

var update = flag.Bool("update", false, "write what the transcripts in testdata expect anew")

// TestTranscripts reads every export in testdata/*.txt and compares all that
// the reader says of it with what is written there; see testdata/README.md.
func TestTranscripts(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			head, list := readTranscripts(t, path)
			for i := range list {
				c := &list[i]
				t.Run(c.name, func(t *testing.T) {
					got := transcribe(t, c)
					switch {
					case *update:
						c.want = got
					case got != c.want:
						t.Errorf("%s\nis read as\n%s\nwant\n%s", c.input, got, c.want)
					}
				})
			}
			if *update {
				writeTranscripts(t, path, head, list)
			}
		})
	}
}

// transcript is one export and what is expected of it.
type transcript struct {
	name  string
	how   []string // lines behind ": "
	input string
	want  string
	o     orders.Options
}

func readTranscripts(t *testing.T, path string) (head string, list []transcript) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(b), "\n=== ")
	for part := range strings.SplitSeq(rest, "\n=== ") {
		var c transcript
		c.name, part, _ = strings.Cut(part, "\n")
		for strings.HasPrefix(part, ": ") {
			how, more, _ := strings.Cut(part[2:], "\n")
			c.how, part = append(c.how, how), more
		}
		var ok bool
		if c.input, c.want, ok = strings.Cut(part, "\n----\n"); !ok {
			t.Fatalf("%s: %s has no line of dashes", path, c.name)
		}
		c.want = strings.TrimRight(c.want, "\n") + "\n"
		list = append(list, c)
	}
	return head, list
}

func writeTranscripts(t *testing.T, path, head string, list []transcript) {
	t.Helper()
	var b strings.Builder
	b.WriteString(head)
	for _, c := range list {
		fmt.Fprintf(&b, "\n=== %s\n", c.name)
		for _, how := range c.how {
			fmt.Fprintf(&b, ": %s\n", how)
		}
		fmt.Fprintf(&b, "%s\n----\n%s", c.input, c.want)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// file returns the export as bytes, and sets the options of the case.
func (c *transcript) file(t *testing.T) []byte {
	t.Helper()
	encoding, end, last, mark := "utf-8", "\n", "\n", ""
	book := exports.Book{}
	c.o.MaxRejected = 1
	for _, how := range c.how {
		key, value, _ := strings.Cut(how, " ")
		switch key {
		case "encoding":
			encoding = value
		case "bom":
			mark = "\ufeff"
		case "crlf":
			end, last = "\r\n", "\r\n"
		case "cut-off":
			last = ""
		case "sheet":
			book.Sheets = append(book.Sheets, exports.Sheet{Name: value})
		case "plain":
			book.Plain = true
		case "1904":
			book.Since = 1904
		case "currency":
			c.o.Currency = value
		case "strict":
			c.o.Strict = true
		case "set":
			role, header, _ := strings.Cut(value, "=")
			if c.o.Columns == nil {
				c.o.Columns = map[orders.Role]string{}
			}
			c.o.Columns[orders.Role(role)] = header
		case "preset":
			m, err := orders.Preset(value)
			if err != nil {
				t.Fatal(err)
			}
			c.o.Mapping = &m
		case "mapping":
			c.o.Mapping = new(orders.Mapping)
			if err := json.Unmarshal([]byte(value), c.o.Mapping); err != nil {
				t.Fatal(err)
			}
		case "cancel":
			c.o.Cancel = []string{value}
		default:
			t.Fatalf("%q is no instruction", how)
		}
	}
	if book.Sheets != nil {
		return workbook(t, book, c.input)
	}
	text := mark + strings.ReplaceAll(unescape(c.input), "\n", end) + last
	return encode(t, text, encoding)
}

// workbook makes a workbook of sheets, which lines of "====" part.
func workbook(t *testing.T, book exports.Book, input string) []byte {
	t.Helper()
	parts := strings.Split(input, "\n====\n")
	if len(parts) != len(book.Sheets) {
		t.Fatalf("%d sheets are named, %d are there", len(book.Sheets), len(parts))
	}
	for i, part := range parts {
		s, err := exports.ParseSheet(book.Sheets[i].Name, part)
		if err != nil {
			t.Fatal(err)
		}
		book.Sheets[i] = s
	}
	var b bytes.Buffer
	if err := exports.WriteBook(&b, book); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var escape = regexp.MustCompile(`\{(U\+[0-9A-F]{4}|x[0-9A-F]{2})\}`)

// unescape puts {U+00A0} and {xFF} in as a character and a byte.
func unescape(text string) string {
	return escape.ReplaceAllStringFunc(text, func(s string) string {
		code, err := strconv.ParseUint(strings.TrimLeft(s[1:len(s)-1], "U+x"), 16, 32)
		if err != nil {
			return s
		}
		if s[1] == 'x' {
			return string([]byte{byte(code)})
		}
		return string(rune(code))
	})
}

func encode(t *testing.T, text, encoding string) []byte {
	t.Helper()
	var table *charmap.Charmap
	switch encoding {
	case "utf-8":
		return []byte(text)
	case "utf-16le", "utf-16be":
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			pair := []byte{byte(u), byte(u >> 8)}
			if encoding == "utf-16be" {
				slices.Reverse(pair)
			}
			b = append(b, pair...)
		}
		return b
	case "windows-1251":
		table = charmap.Windows1251
	case "windows-1252":
		table = charmap.Windows1252
	case "koi8-r":
		table = charmap.KOI8R
	case "ibm866":
		table = charmap.CodePage866
	default:
		t.Fatalf("%q is no encoding", encoding)
	}
	b, err := table.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// transcribe returns what was detected in the export, read, reconciled and
// rejected. However the bytes come, and if what was detected is given as a
// mapping that went through JSON, the same must be read.
func transcribe(t *testing.T, c *transcript) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export")
	if err := os.WriteFile(path, c.file(t), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	var b strings.Builder
	d, err := orders.Detect(ctx, path, c.o)
	if d != nil {
		writeDetection(&b, d)
	}
	if err == nil {
		var h *orders.History
		h, err = orders.ReadFile(ctx, path, c.o)
		text := writeHistory(t, h, d, err)
		b.WriteString(text)
		if again := c.readBytes(t, path, d); again != text {
			t.Errorf("read byte by byte it is\n%s\nread at once\n%s", again, text)
		}
		if again := c.readMapped(t, path, d); err == nil && again != text {
			t.Errorf("read with the mapping that was detected it is\n%s\nread without it\n%s", again, text)
		}
	} else {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	return strings.ReplaceAll(b.String(), path, "export")
}

// readBytes reads the export from a stream that gives a byte at a time.
func (c *transcript) readBytes(t *testing.T, path string, d *orders.Detection) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, err := orders.Read(context.Background(), path, iotest.OneByteReader(f), c.o)
	return writeHistory(t, h, d, err)
}

// readMapped reads the export by the mapping of what was detected.
func (c *transcript) readMapped(t *testing.T, path string, d *orders.Detection) string {
	t.Helper()
	text, err := json.Marshal(d.Mapping())
	if err != nil {
		t.Fatal(err)
	}
	o := c.o
	o.Columns, o.Mapping = nil, new(orders.Mapping)
	if err := json.Unmarshal(text, o.Mapping); err != nil {
		t.Fatal(err)
	}
	h, err := orders.ReadFile(context.Background(), path, o)
	return writeHistory(t, h, d, err)
}

var unused = regexp.MustCompile(`(?m)^ *\d+ -  .*\n`)

// writeDetection writes every decision; columns that are not used are counted.
func writeDetection(b *strings.Builder, d *orders.Detection) {
	text := d.String()
	n := len(unused.FindAllString(text, -1))
	b.WriteString(unused.ReplaceAllString(text, ""))
	if n > 0 {
		fmt.Fprintf(b, "    %d of %d columns not used\n", n, len(d.Columns))
	}
}

// writeHistory returns a history, its reconciliation and its rejects, or the
// error that came instead.
func writeHistory(t *testing.T, h *orders.History, d *orders.Detection, err error) string {
	t.Helper()
	if err != nil {
		return fmt.Sprintf("error: %v\n", err)
	}
	defer h.Release()
	b := new(strings.Builder)
	b.WriteString("history: date, customer, order, product, quantity, revenue, cogs\n")
	for record, err := range h.Lines(context.Background(), memory.DefaultAllocator) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range int(record.NumRows()) {
			writeLine(b, record, i)
		}
	}
	control, err := h.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	writeControl(t, b, control, d)
	for i, r := range h.Rejects() {
		if i == 0 {
			b.WriteString("rejected: row, column, reason, raw\n")
		}
		column := "-"
		if r.Column > 0 {
			column = fmt.Sprintf("%d (%s)", r.Column, r.Header)
		}
		fmt.Fprintf(b, "  %d | %s | %s: %s | %q\n", r.Row, column, r.Reason, r.Text, r.Value)
	}
	return b.String()
}

// writeLine writes the seven facts of a line, and what else it has by name.
func writeLine(b *strings.Builder, record arrow.Record, i int) {
	value := func(name string) string {
		k := record.Schema().FieldIndices(name)[0]
		column := record.Column(k)
		switch a := column.(type) {
		case *array.Dictionary:
			if a.IsNull(i) {
				return ""
			}
			return a.Dictionary().(*array.String).Value(a.GetValueIndex(i))
		case *array.Decimal128:
			if a.IsNull(i) {
				return "?"
			}
			return orders.Amount(a.Value(i).LowBits()).String()
		}
		if column.IsNull(i) {
			return ""
		}
		return column.ValueStr(i)
	}
	b.WriteString("  ")
	for k, name := range []string{"date", "customer", "order_id", "product", "quantity", "revenue", "cogs"} {
		if k > 0 {
			b.WriteString(" | ")
		}
		b.WriteString(value(name))
	}
	for _, name := range []string{"organisation", "customer_name", "base_order_id", "product_name", "product_group", "salesperson", "channel", "repeat_flag", "since", "lead", "direct", "status"} {
		v := value(name)
		if id, ok := strings.CutSuffix(name, "_name"); ok && v == value(id) {
			continue
		}
		if v != "" && v != "0" && v != "identified" {
			fmt.Fprintf(b, " | %s: %s", strings.ReplaceAll(name, "_", " "), v)
		}
	}
	b.WriteByte('\n')
}

// writeControl writes the reconciliation, and holds it to its two equations:
// rows and money read are those accepted, rejected and skipped.
func writeControl(t *testing.T, b *strings.Builder, c orders.Control, d *orders.Detection) {
	t.Helper()
	rows, money := c.Accepted+c.Rejected, c.Export+c.MoneyRejected
	fmt.Fprintf(b, "reconciled: rows %d = %d accepted", c.RowsRead, c.Accepted)
	if c.Rejected > 0 {
		fmt.Fprintf(b, " + %d rejected", c.Rejected)
	}
	for _, s := range c.Skipped {
		fmt.Fprintf(b, " + %d %s", s.Rows, s.Reason)
		rows, money = rows+s.Rows, money+s.Money
	}
	fmt.Fprintf(b, "\n  money %s = %s accepted", c.MoneyRead, c.Export)
	if c.MoneyRejected != 0 {
		fmt.Fprintf(b, " + %s rejected", c.MoneyRejected)
	}
	for _, s := range c.Skipped {
		if s.Money != 0 {
			fmt.Fprintf(b, " + %s %s", s.Money, s.Reason)
		}
	}
	fmt.Fprintf(b, "\n  accepted %s = %s identified + %s anonymous + %s cancelled\n", c.Export, c.Identified, c.Anonymous, c.Cancelled)
	if c.Stated.Known {
		fmt.Fprintf(b, "  the file's own total is %s\n", c.Stated)
	}
	if c.RoundedCells > 0 {
		fmt.Fprintf(b, "  %d cells were rounded, which added %s\n", c.RoundedCells, c.Rounded)
	}
	if rows != c.RowsRead || money != c.MoneyRead {
		t.Errorf("read %d rows and %s; accepted, rejected and skipped are %d and %s", c.RowsRead, c.MoneyRead, rows, money)
	}
	for _, w := range c.Warnings {
		if w.Code == "short_export" { // all of them are
			continue
		}
		if !slices.ContainsFunc(d.Warnings, func(of orders.Warning) bool { return of.Text == w.Text }) {
			fmt.Fprintf(b, "  warning %s: %s\n", w.Code, w.Text)
		}
	}
}
