package orders

import (
	"context"
	"fmt"
)

// Join makes one History of several, as if all that they were made of had been
// read at once: yesterday's and today's. Purchases are numbered and sides decided
// anew, by o; what was decided of single rows when they were read stays:
// returns, cancelled lines, anonymous customers, rows left out. Options.Overlap
// says what becomes of orders that several have; the newest History is the last.
//
// The histories stay as they are, and are not needed any longer. One that was
// released is an error, [ErrQuery]; the others are those of [ReadFile].
func Join(ctx context.Context, o Options, histories ...*History) (*History, error) {
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	in := newIntake(ctx, o, b)
	for _, h := range histories {
		in.total += int64(h.lines.n)
	}
	for i, h := range histories {
		if err := in.history(fmt.Sprintf("history %d", i+1), h); err != nil {
			b.release()
			return nil, err
		}
	}
	return b.finish(ctx)
}

// history reads what a History holds.
func (in *intake) history(name string, h *History) error {
	if h.released {
		return fmt.Errorf("%w: %s was released before it was joined", ErrQuery, name)
	}
	if h.factsOnly {
		return fmt.Errorf("%s: %w", name, ErrNoLines)
	}
	if err := in.restore(name, h.stored()); err != nil {
		return err
	}
	var r record
	var scratch []byte
	for n := range h.lines.n {
		scratch = h.recordOf(n, &r, scratch[:0])
		if err := in.sink.add(&r); err != nil {
			return err
		}
		if in.done++; in.done%4096 == 0 {
			if err := in.tick(); err != nil {
				return err
			}
		}
	}
	return in.tick()
}

// tick reports progress and stops when the context does.
func (in *intake) tick() error {
	if err := in.ctx.Err(); err != nil {
		return err
	}
	if in.o.Progress != nil {
		return in.o.Progress(in.done, in.total)
	}
	return nil
}

// noRaw says that the row which a line comes from is not known.
var noRaw = []byte{}

// recordOf makes r of line n as it came in, with its text in scratch, which it returns.
func (h *History) recordOf(n int, r *record, scratch []byte) []byte {
	l, d := h.lines, h.documents
	document, product := l.document.at(n), l.product.at(n)
	customer := d.customer(document)
	*r = record{
		date: l.date(n), since: h.people[customer].since, lead: h.people[customer].lead,
		quantity: Amount(l.quantity.at(n)), revenue: Amount(l.revenue.at(n)), direct: Amount(l.direct.at(n)),
		cancelled: l.kind.at(n) == cancelled, anonymous: h.people[customer].anonymous, raw: noRaw,
	}
	if cost := l.cogs.at(n); cost == freeCost {
		r.cogs = Known(0)
	} else if cost != 0 {
		r.cogs = Known(Amount(cost))
	}
	put := func(to *[]byte, s string) {
		scratch = append(scratch, s...)
		*to = scratch[len(scratch)-len(s):]
	}
	put(&r.organisation, h.organisations[d.organisation.at(int(document))])
	put(&r.customer, h.customers[customer])
	put(&r.order, d.at(document))
	put(&r.base, h.bases[l.base.at(n)])
	put(&r.product, h.products[product])
	put(&r.group, h.groups[l.group.at(n)])
	put(&r.salesperson, h.salespersons[l.salesperson.at(n)])
	put(&r.channel, h.channels[l.channel.at(n)])
	put(&r.repeatFlag, h.flags[l.repeatFlag.at(n)])
	if isOf(h.customerLabels, customer, l, n) {
		put(&r.customerName, h.customerNames[customer])
	}
	if isOf(h.productLabels, product, l, n) {
		put(&r.productName, h.productNames[product])
	}
	return scratch
}

// isOf reports whether line n, of the id, is one that the name of the id is from.
func isOf(of []label, id int32, lines *lines, n int) bool {
	if of == nil {
		return false
	}
	l := of[id]
	return l.name != 0 && l.day == lines.date(n) && l.sold == (lines.revenue.at(n) > 0)
}
