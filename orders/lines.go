package orders

import (
	"context"
	"fmt"
	"iter"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/decimal128"
	"github.com/apache/arrow/go/v16/arrow/memory"
)

// MoneyType is the Arrow type of an [Amount]: decimal128(18, 4).
func MoneyType() arrow.DataType { return &arrow.Decimal128Type{Precision: 18, Scale: Places} }

// LineSchema returns the schema of the records of [History.Lines]: the fields
// of [Line] in snake case, texts as dictionaries but for the order ids; then
// status (identified, anonymous or cancelled) and, for identified lines, what
// was decided of their deal: deal_date, side and purchase (N; null if the deal is no purchase).
func LineSchema() *arrow.Schema {
	text := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	money := MoneyType()
	date := arrow.FixedWidthTypes.Date32
	field := func(name string, t arrow.DataType, nullable bool) arrow.Field {
		return arrow.Field{Name: name, Type: t, Nullable: nullable}
	}
	return arrow.NewSchema([]arrow.Field{
		field("organisation", text, false), field("customer", text, false), field("customer_name", text, false),
		field("order_id", arrow.BinaryTypes.String, false), field("base_order_id", text, false), field("date", date, false),
		field("product", text, false), field("product_name", text, false), field("product_group", text, false),
		field("salesperson", text, false), field("channel", text, false), field("repeat_flag", text, false),
		field("quantity", money, false), field("revenue", money, false), field("cogs", money, true), field("direct", money, false),
		field("since", date, true), field("lead", date, true), field("status", text, false),
		field("deal_date", date, true), field("side", text, true), field("purchase", arrow.PrimitiveTypes.Int32, true),
	}, nil)
}

// Lines yields the accepted lines in the order they came, in records of up to
// 65,536 rows with the columns of [LineSchema]; what the export does not give
// is blank text, a zero or, where the schema allows it, null. Each record is
// the loop's until its next step: retain what must live longer.
func (h *History) Lines(ctx context.Context, mem memory.Allocator) iter.Seq2[arrow.Record, error] {
	return h.records(ctx, mem, LineSchema())
}

// records yields the lines in the columns of schema.
func (h *History) records(ctx context.Context, mem memory.Allocator, schema *arrow.Schema) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		if h.released {
			yield(nil, fmt.Errorf("%w: lines were asked for after Release", ErrQuery))
			return
		}
		if h.factsOnly {
			yield(nil, ErrNoLines)
			return
		}
		w := newLineWriter(h, mem, schema)
		defer w.release()
		for from := 0; from < h.lines.n; from += chunkLines {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			record := w.record(from, min(h.lines.n, from+chunkLines))
			ok := yield(record, nil)
			record.Release()
			if !ok {
				return
			}
		}
	}
}

// lineWriter makes records of lines.
type lineWriter struct {
	h            *History
	mem          memory.Allocator
	schema       *arrow.Schema
	dictionaries map[string]arrow.Array
}

func newLineWriter(h *History, mem memory.Allocator, schema *arrow.Schema) *lineWriter {
	w := &lineWriter{h: h, mem: mem, schema: schema, dictionaries: map[string]arrow.Array{}}
	sides := make(names, Unmatched+1)
	for s := range sides {
		sides[s] = Side(s).String()
	}
	for name, texts := range map[string]names{
		"organisation": h.organisations, "customer": h.customers, "customer_name": h.customerNames, "base_order_id": h.bases,
		"product": h.products, "product_name": h.productNames, "product_group": h.groups,
		"salesperson": h.salespersons, "channel": h.channels, "repeat_flag": h.flags,
		"status": {identified: "identified", anonymous: "anonymous", cancelled: "cancelled"}, "side": sides,
	} {
		b := array.NewStringBuilder(mem)
		b.AppendValues(texts, nil)
		w.dictionaries[name] = b.NewArray()
		b.Release()
	}
	return w
}

func (w *lineWriter) release() {
	for _, d := range w.dictionaries {
		d.Release()
	}
}

func (w *lineWriter) record(from, to int) arrow.Record {
	h, l, d := w.h, w.h.lines, w.h.documents
	document := func(n int) int32 { return l.document.at(n) }
	customer := func(n int) int32 { return d.customer(document(n)) }
	code := func(c *column[int32]) func(n int) (int32, bool) {
		return func(n int) (int32, bool) { return c.at(n), true }
	}
	always := func(f func(n int) int32) func(n int) (int32, bool) {
		return func(n int) (int32, bool) { return f(n), true }
	}
	date := func(f func(n int) Date) func(n int) (int32, bool) {
		return func(n int) (int32, bool) { return f(n).Days32(), f(n) != 0 }
	}
	dealOf := h.dealOf()
	ofDeal := func(f func(deal int32) (int32, bool)) func(n int) (int32, bool) {
		return func(n int) (int32, bool) {
			if l.kind.at(n) == identified {
				return f(dealOf[document(n)])
			}
			return 0, false
		}
	}
	codes := map[string]func(n int) (int32, bool){
		"organisation": always(func(n int) int32 { return d.organisation.at(int(document(n))) }),
		"customer":     always(customer), "customer_name": always(customer),
		"base_order_id": code(&l.base), "date": code(&l.day),
		"product": code(&l.product), "product_name": code(&l.product), "product_group": code(&l.group),
		"salesperson": code(&l.salesperson), "channel": code(&l.channel), "repeat_flag": code(&l.repeatFlag),
		"since":     date(func(n int) Date { return h.people[customer(n)].since }),
		"lead":      date(func(n int) Date { return h.people[customer(n)].lead }),
		"status":    always(func(n int) int32 { return int32(l.kind.at(n)) }),
		"deal_date": ofDeal(func(i int32) (int32, bool) { return h.deals.day[i].Days32(), true }),
		"side":      ofDeal(func(i int32) (int32, bool) { return int32(h.deals.side(i)), true }),
		"purchase":  ofDeal(func(i int32) (int32, bool) { return h.deals.n(i), h.deals.n(i) > 0 }),
	}
	amounts := map[string]*column[int64]{"quantity": &l.quantity, "revenue": &l.revenue, "cogs": &l.cogs, "direct": &l.direct}
	named := func(labels []label, id func(n int) int32) func(n int) bool {
		return func(n int) bool { return isOf(labels, id(n), l, n) }
	}
	flags := map[string]func(n int) bool{
		"anonymous":      func(n int) bool { return h.people[customer(n)].anonymous },
		"customer_named": named(h.customerLabels, customer),
		"product_named":  named(h.productLabels, l.product.at),
	}
	columns := make([]arrow.Array, w.schema.NumFields())
	for i, f := range w.schema.Fields() {
		switch {
		case f.Name == "order_id":
			columns[i] = w.orderIDs(from, to)
		case flags[f.Name] != nil:
			columns[i] = w.flags(flags[f.Name], from, to)
		case amounts[f.Name] != nil:
			columns[i] = w.money(amounts[f.Name], f.Nullable, from, to)
		default:
			columns[i] = w.codes(f, codes[f.Name], from, to)
		}
		defer columns[i].Release()
	}
	return array.NewRecord(w.schema, columns, int64(to-from))
}

func (w *lineWriter) orderIDs(from, to int) arrow.Array {
	b := array.NewStringBuilder(w.mem)
	defer b.Release()
	b.Reserve(to - from)
	for n := from; n < to; n++ {
		b.Append(w.h.documents.at(w.h.lines.document.at(n)))
	}
	return b.NewArray()
}

func (w *lineWriter) money(c *column[int64], nullable bool, from, to int) arrow.Array {
	b := array.NewDecimal128Builder(w.mem, MoneyType().(*arrow.Decimal128Type))
	defer b.Release()
	b.Reserve(to - from)
	for n := from; n < to; n++ {
		switch v := c.at(n); {
		case nullable && v == 0:
			b.AppendNull()
		case nullable && v == freeCost:
			b.Append(decimal128.Num{})
		default:
			b.Append(decimal128.FromI64(v))
		}
	}
	return b.NewArray()
}

func (w *lineWriter) flags(value func(n int) bool, from, to int) arrow.Array {
	b := array.NewBooleanBuilder(w.mem)
	defer b.Release()
	b.Reserve(to - from)
	for n := from; n < to; n++ {
		b.UnsafeAppend(value(n))
	}
	return b.NewArray()
}

// codes makes a column of int32, dates or codes of a dictionary.
func (w *lineWriter) codes(f arrow.Field, value func(n int) (int32, bool), from, to int) arrow.Array {
	b := array.NewInt32Builder(w.mem)
	defer b.Release()
	b.Reserve(to - from)
	for n := from; n < to; n++ {
		if v, ok := value(n); ok {
			b.UnsafeAppend(v)
		} else {
			b.UnsafeAppendBoolToBitmap(false)
		}
	}
	plain := b.NewArray()
	if f.Type.ID() == arrow.INT32 {
		return plain
	}
	defer plain.Release()
	if f.Type.ID() == arrow.DICTIONARY {
		return array.NewDictionaryArray(f.Type, plain, w.dictionaries[f.Name])
	}
	data := array.NewData(f.Type, plain.Len(), plain.Data().Buffers(), nil, plain.NullN(), 0)
	defer data.Release()
	return array.MakeFromData(data)
}
