package orders

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/apache/arrow/go/v16/arrow/memory"
)

// Overlap says what becomes of an order that more than one input has: more than
// one file of [ReadFiles], or more than one History of [Join]. It is the same
// order if organisation, customer and order id are the same and its lines are no
// more than 180 days apart.
type Overlap uint8

// The ways to treat an overlap. Either way its orders are counted in a warning.
const (
	KeepAll    Overlap = iota // all lines of all inputs count
	KeepNewest                // the lines of the last input that has the order replace those before it, which are skipped as [Replaced]
)

var overlapNames = [...]string{"keep_all", "keep_newest"}

// String returns "keep_all" or "keep_newest".
func (o Overlap) String() string {
	if int(o) < len(overlapNames) {
		return overlapNames[o]
	}
	return fmt.Sprintf("Overlap(%d)", uint8(o))
}

// MarshalText writes o as [Overlap.String] does.
func (o Overlap) MarshalText() ([]byte, error) {
	if int(o) >= len(overlapNames) {
		return nil, optionError("Overlap", o)
	}
	return []byte(o.String()), nil
}

// UnmarshalText reads what [Overlap.MarshalText] wrote; empty text is [KeepAll].
func (o *Overlap) UnmarshalText(text []byte) error {
	*o = KeepAll
	if len(text) == 0 {
		return nil
	}
	i := slices.Index(overlapNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("%w: Overlap = %q", ErrOptions, text)
	}
	*o = Overlap(i)
	return nil
}

// said is what each line says of its customer and product. It is kept only
// where lines may be taken back, and what they said with them.
type said struct {
	customerName, productName column[int32]
	since, lead               column[int32] // a Date; 0: none
	anonymous                 column[uint8]
}

func newSaid(a memory.Allocator) *said {
	s := new(said)
	for _, c := range s.codes() {
		c.allocator = a
	}
	s.anonymous.allocator = a
	return s
}

func (s *said) codes() []*column[int32] {
	return []*column[int32]{&s.customerName, &s.productName, &s.since, &s.lead}
}

func (s *said) release() {
	for _, c := range s.codes() {
		c.release()
	}
	s.anonymous.release()
}

// begin notes that the lines from here on are of another input.
func (b *builder) begin() {
	if err := b.flush(); err != nil {
		b.failed = cmp.Or(b.failed, err)
	}
	n := b.lines.n
	if b.o.FactsOnly {
		n = b.documents.len()
	}
	b.inputs = append(b.inputs, n)
}

// overlap is the orders that several inputs have, as documents.
type overlap struct {
	orders []int32
	days   []int32 // of customers, without an order id
}

// note notes a document of several inputs, and reports whether it is an order.
func (o *overlap) note(d *documents, document int32) bool {
	if d.at(document) != "" {
		o.orders = append(o.orders, document)
		return true
	}
	if d.customer(document) != 0 {
		o.days = append(o.days, document)
	}
	return false
}

// findOverlap finds what several inputs have, and takes the older lines back if
// Options.Overlap says so.
func (b *builder) findOverlap() (overlap, error) {
	var o overlap
	if len(b.inputs) < 2 {
		return o, nil
	}
	for document := range b.twice {
		o.note(b.documents, document)
	}
	shared := b.sharedDocuments()
	var replaced []int32 // lines
	for _, document := range slices.Sorted(maps.Keys(shared)) {
		if old, common := b.olderLines(shared[document]); common {
			if o.note(b.documents, document) {
				replaced = append(replaced, old...)
			}
		}
	}
	if b.o.Overlap == KeepNewest && len(replaced) > 0 {
		slices.Sort(replaced)
		return o, b.takeBack(replaced)
	}
	return o, nil
}

// sharedDocuments returns the documents that have lines of several inputs, with
// all lines of their key.
func (b *builder) sharedDocuments() map[int32][]int32 {
	heads := b.documents.heads()
	of := func(n int) int32 {
		document := b.lines.document.at(n)
		if head, ok := heads[document]; ok {
			return head
		}
		return document
	}
	first := make([]int32, b.documents.len()) // input that has the document, from 1
	shared := map[int32][]int32{}
	for n := range b.lines.n {
		document, input := of(n), int32(b.inputOf(n)+1)
		switch first[document] {
		case 0:
			first[document] = input
		case input:
		default:
			shared[document] = nil
		}
	}
	if len(shared) == 0 {
		return nil
	}
	for n := range b.lines.n {
		if lines, ok := shared[of(n)]; ok {
			shared[of(n)] = append(lines, int32(n))
		}
	}
	return shared
}

// inputOf returns the input, from 0, that line n is of.
func (b *builder) inputOf(n int) int {
	i, _ := slices.BinarySearch(b.inputs, n+1)
	return i - 1
}

// olderLines returns those of a document's lines that a newer input has again,
// and whether any input has again what another has.
func (b *builder) olderLines(lines []int32) (old []int32, common bool) {
	day := func(n int32) int32 { return b.lines.day.at(int(n)) }
	slices.SortStableFunc(lines, func(i, j int32) int { return cmp.Compare(day(i), day(j)) })
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && day(lines[to])-day(lines[to-1]) <= restart {
			to++
		}
		order := lines[from:to]
		newest := b.inputOf(int(slices.Max(order)))
		for _, n := range order {
			if b.inputOf(int(n)) != newest {
				old, common = append(old, n), true
			}
		}
		from = to
	}
	return old, common
}

// takeBack removes lines, given in ascending order: they are skipped as
// [Replaced], and what they said of their customers and products is forgotten,
// but for names of those whom no other line names.
func (b *builder) takeBack(lines []int32) error {
	customerNames, productNames := b.customerNames, b.productNames
	b.customerNames, b.productNames = labels{names: customerNames.names}, labels{names: productNames.names}
	people := len(b.people)
	b.people = b.people[:0]
	l, kept := b.lines, 0
	for n := range l.n {
		if len(lines) > 0 && int(lines[0]) == n {
			lines = lines[1:]
			b.takeBackLine(n, Replaced)
			continue
		}
		l.move(kept, n)
		b.prints.move(kept, n)
		b.describeAgain(n, kept)
		kept++
	}
	l.n = kept
	if people > 0 {
		b.describe(&run{cancelled: true}, int32(people-1)) // those without a line any more
	}
	b.customerNames.complete(&customerNames)
	b.productNames.complete(&productNames)
	return b.resum()
}

// complete takes from old the names of ids that have none.
func (l *labels) complete(old *labels) {
	for id, o := range old.of {
		if o.name != 0 && (id >= len(l.of) || l.of[id].name == 0) {
			l.see(naming{int32(id), o.name, o.day, o.sold})
		}
	}
}

// takeBackLine counts line n as skipped for a reason.
func (b *builder) takeBackLine(n int, reason Reason) {
	c, money := &b.control, Amount(b.lines.revenue.at(n))
	c.Accepted--
	c.RowsRead-- // which skip counts again
	c.MoneyRead -= money
	if b.lines.kind.at(n) == cancelled {
		c.CancelledLines--
		if money < 0 {
			b.returned--
			b.kept -= money
		}
	}
	b.skip(reason, money)
}

// describeAgain notes what line n said, which is now line to.
func (b *builder) describeAgain(n, to int) {
	s, l := b.said, b.lines
	customer, product := b.documents.customer(l.document.at(to)), l.product.at(to)
	b.describe(&run{
		since: Date(s.since.at(n)), lead: Date(s.lead.at(n)), anonymous: s.anonymous.at(n) != 0, cancelled: l.kind.at(to) == cancelled,
	}, customer)
	day, sold := l.date(to), l.revenue.at(to) > 0
	if name := s.customerName.at(n); name != 0 {
		b.nameCustomer(naming{customer, name, day, sold})
	}
	if name := s.productName.at(n); name != 0 {
		b.productNames.see(naming{product, name, day, sold})
	}
}

// warnOfOverlap warns of the orders that several inputs have.
func (b *builder) warnOfOverlap(h *History, o overlap) {
	orders, days := notes{h: h}, notes{h: h}
	for _, document := range o.orders {
		orders.add(document)
	}
	for _, document := range o.days {
		days.add(document)
	}
	if b.o.Overlap == KeepNewest {
		b.warnOf("overlap_replaced", orders, "%d orders are in more than one input; the lines of the last one that has them replace the others, which are skipped as replaced")
	} else {
		b.warnOf("overlap", orders, "%d orders are in more than one input, and all their lines count; if the inputs overlap, Options.Overlap keeps the last one's")
	}
	b.warnOf("overlap_days", days, "%d days of customers have lines without an order id in more than one input, and all of these count; if the inputs overlap, they count twice")
}
