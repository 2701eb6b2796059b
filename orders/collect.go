package orders

import (
	"context"
	"iter"
	"slices"
	"strings"
)

// Collect makes a History of lines, which come from anywhere: a database, an
// ERP's own tables, a test. Text is trimmed. A line without a date is rejected
// as a row of its number (from 1); the rest of the rules are those of
// [ReadFile]. An error of the sequence is returned as it is.
func Collect(ctx context.Context, lines iter.Seq2[Line, error], o Options) (*History, error) {
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	if err := b.collect(ctx, lines); err != nil {
		b.release()
		return nil, err
	}
	return b.finish(ctx)
}

func (b *builder) collect(ctx context.Context, lines iter.Seq2[Line, error]) error {
	var r record
	var text []byte
	row := int64(0)
	for line, err := range lines {
		if err != nil {
			return err
		}
		if row++; row%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if b.o.Progress != nil {
				if err := b.o.Progress(row, 0); err != nil {
					return err
				}
			}
		}
		if line.Date < 1 || line.Date > lastDate {
			e := &RowError{Row: row, Role: RoleDate, Reason: NoDate, Text: "the line has no date"}
			if line.Date != 0 {
				e.Reason, e.Text = DateRange, "the date is not within the years 1 to 9999"
			}
			if err := b.reject(e, line.Revenue); err != nil {
				return err
			}
			continue
		}
		text = r.from(&line, text[:0])
		if err := b.add(&r); err != nil {
			return err
		}
	}
	return nil
}

// from fills r with line, copying its text to scratch, which it returns.
func (r *record) from(line *Line, scratch []byte) []byte {
	put := func(to *[]byte, s string) {
		s = strings.TrimSpace(s)
		scratch = append(scratch, s...)
		*to = scratch[len(scratch)-len(s):]
	}
	from, to := line.texts(), r.texts()
	need := 0
	for _, s := range from {
		need += len(s)
	}
	scratch = slices.Grow(scratch, need) // the slices below stay valid
	for i, s := range from {
		put(to[i], s)
	}
	r.date, r.since, r.lead = line.Date, line.Since, line.Lead
	r.quantity, r.revenue, r.cogs, r.direct = line.Quantity, line.Revenue, line.COGS, line.Direct
	r.cancelled = line.Cancelled
	return scratch
}

func (l *Line) texts() [11]string {
	return [...]string{l.Organisation, l.Customer, l.CustomerName, l.Order, l.Base, l.Product, l.ProductName, l.Group, l.Salesperson, l.Channel, l.RepeatFlag}
}

func (r *record) texts() [11]*[]byte {
	return [...]*[]byte{&r.organisation, &r.customer, &r.customerName, &r.order, &r.base, &r.product, &r.productName, &r.group, &r.salesperson, &r.channel, &r.repeatFlag}
}
