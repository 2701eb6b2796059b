package orders

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v16/arrow/memory"
)

// lastDate is 9999-12-31.
const lastDate Date = 3_652_059

// The kinds of an accepted line.
const (
	identified uint8 = iota
	anonymous
	cancelled
)

// freeCost is how the column of costs holds a known cost of 0; its own zero is
// an unknown cost, so that an export without costs has no such column.
const freeCost = math.MinInt64

// lines is the accepted lines, a column per fact that is not one of the document.
type lines struct {
	n                                      int
	document, day, product, group          column[int32] // day is days since 1970-01-01, Arrow's date32
	salesperson, channel, repeatFlag, base column[int32]
	quantity, revenue, cogs, direct        column[int64]
	kind                                   column[uint8]
}

func newLines(a memory.Allocator) *lines {
	l := new(lines)
	for _, c := range l.codes() {
		c.allocator = a
	}
	for _, c := range l.amounts() {
		c.allocator = a
	}
	l.kind.allocator = a
	return l
}

func (l *lines) codes() []*column[int32] {
	return []*column[int32]{&l.document, &l.day, &l.product, &l.group, &l.salesperson, &l.channel, &l.repeatFlag, &l.base}
}

func (l *lines) amounts() []*column[int64] {
	return []*column[int64]{&l.quantity, &l.revenue, &l.cogs, &l.direct}
}

// move makes line from line to, which is not after it.
func (l *lines) move(to, from int) {
	for _, c := range l.codes() {
		c.move(to, from)
	}
	for _, c := range l.amounts() {
		c.move(to, from)
	}
	l.kind.move(to, from)
}

func (l *lines) date(n int) Date { return Date(l.day.at(n)) + unixEpoch }

// tally returns line n as a sum of one line.
func (l *lines) tally(n int) Tally {
	t := Tally{Lines: 1, Revenue: Amount(l.revenue.at(n)), Direct: Amount(l.direct.at(n))}
	if cost := l.cogs.at(n); cost != 0 {
		t.Costed = t.Revenue
		if cost != freeCost {
			t.COGS = Amount(cost)
		}
	}
	return t
}

func (l *lines) release() {
	for _, c := range l.codes() {
		c.release()
	}
	for _, c := range l.amounts() {
		c.release()
	}
	l.kind.release()
}

// label remembers the name that an id has on its latest sale.
type label struct {
	sold bool
	day  Date
	name int32
}

// labels are the names of a dictionary's ids.
type labels struct {
	names *dict
	of    []label
}

// see notes that id was called name on a line: the name on its latest sale
// counts, or on its latest line if none is a sale, of several the least bytewise.
func (l *labels) see(id int32, name []byte, day Date, sold bool) error {
	if len(name) == 0 {
		return nil
	}
	for int(id) >= len(l.of) {
		l.of = append(l.of, label{})
	}
	old := &l.of[id]
	if old.name != 0 {
		if order := cmp.Or(compareBool(sold, old.sold), cmp.Compare(day, old.day)); order < 0 {
			return nil
		} else if text := l.names.at(old.name); order == 0 && text <= string(name) {
			return nil
		} else if text == string(name) {
			old.sold, old.day = sold, day
			return nil
		}
	}
	code, err := l.names.code(name)
	*old = label{sold, day, code}
	return err
}

// is reports whether id is called name so far.
func (l *labels) is(id int32, name []byte) bool {
	return int(id) < len(l.of) && l.names.at(l.of[id].name) == string(name)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// person is what lines say of a customer apart from deals.
type person struct {
	since, lead Date
	anonymous   bool // by id, or by any of the names
}

// builder takes rows one by one and makes a History of them.
type builder struct {
	o       Options
	control Control
	monthly bool // the rows to come have months instead of days
	lines   *lines
	total   uint64 // Σ|amount| of all columns and rows, in units; stays above maxTotal once it is

	organisations, customers, products, groups *dict
	salespersons, channels, flags, bases       *dict
	customerNames, productNames                labels
	documents                                  *documents
	people                                     []person
	anonymous                                  map[string]bool

	skipped    map[Reason]*Skip
	rejects    []RowError
	detections []Detection
	inputs     []int // the first line of each input
	prints     fingerprints
	said       *said  // by line; nil unless Options.Overlap is KeepNewest
	returned   int64  // negative lines cancelled
	kept       Amount // and their money
}

func newBuilder(o Options) (*builder, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	b := &builder{
		o: o, lines: newLines(o.allocator()),
		organisations: newDict(), customers: newDict(), products: newDict(), groups: newDict(),
		salespersons: newDict(), channels: newDict(), flags: newDict(), bases: newDict(),
		customerNames: labels{names: newDict()}, productNames: labels{names: newDict()},
		documents: newDocuments(), anonymous: map[string]bool{}, skipped: map[Reason]*Skip{}, prints: newFingerprints(),
	}
	if o.Overlap == KeepNewest {
		b.said = newSaid(o.allocator())
	}
	b.monthly, b.control.Precision = o.Precision == Month, Day
	list := o.Anonymous
	if list == nil {
		list = DefaultAnonymous()
	}
	for _, s := range list {
		b.anonymous[strings.ToLower(strings.TrimSpace(s))] = true
	}
	return b, nil
}

// add accepts a row, or skips it if it is later than Options.AsOf.
func (b *builder) add(r *record) error {
	if hasPrefix(r.order, b.o.Return) {
		r.takeBack()
	}
	if last := b.last(r.date); b.o.AsOf != 0 && last > b.o.AsOf {
		b.skip(AfterAsOf, r.revenue)
		return b.overflow()
	}
	for _, v := range [...]Amount{r.quantity, r.revenue, r.cogs.Amount, r.direct} {
		b.weigh(v)
	}
	if err := b.overflow(); err != nil {
		return err
	}
	kind := identified
	if r.cancelled || hasPrefix(r.order, b.o.Cancel) {
		kind = cancelled
		b.control.CancelledLines++
		if r.revenue < 0 {
			b.returned++
			b.kept += r.revenue
		}
	}
	if b.monthly {
		b.control.Precision = Month
	}
	b.control.RowsRead++
	b.control.Accepted++
	b.control.MoneyRead += r.revenue
	return b.store(r, kind)
}

// maxTotal is what the absolute values of an export may add up to, in units:
// half of what an Amount holds, so that no sum or difference overflows.
const maxTotal = 1 << 62

// weigh adds an amount to the total.
func (b *builder) weigh(v Amount) {
	if b.total <= maxTotal {
		b.total += magnitude(int64(v))
	}
}

// overflow returns ErrOverflow if the amounts are too large to be added.
func (b *builder) overflow() error {
	if b.total > maxTotal {
		return ErrOverflow
	}
	return nil
}

func (b *builder) store(r *record, kind uint8) error {
	if len(r.customer) == 0 {
		r.customer = r.customerName
	}
	if len(r.product) == 0 {
		r.product = r.productName
	}
	var err error
	code := func(d *dict, text []byte) int32 {
		c, e := d.code(text)
		if e != nil {
			err = e
		}
		return c
	}
	organisation, customer := code(b.organisations, r.organisation), code(b.customers, r.customer)
	product := code(b.products, r.product)
	document, e := b.documents.code(organisation, customer, r.order, r.date)
	if e != nil {
		return e
	}
	l := b.lines
	n := l.n
	l.n++
	b.prints.note(n, r)
	l.document.set(n, document)
	l.day.set(n, r.date.Days32())
	l.product.set(n, product)
	l.group.set(n, code(b.groups, r.group))
	l.salesperson.set(n, code(b.salespersons, r.salesperson))
	l.channel.set(n, code(b.channels, r.channel))
	l.repeatFlag.set(n, code(b.flags, r.repeatFlag))
	l.base.set(n, code(b.bases, r.base))
	l.quantity.set(n, int64(r.quantity))
	l.revenue.set(n, int64(r.revenue))
	l.direct.set(n, int64(r.direct))
	l.kind.set(n, kind)
	if r.cogs.Known {
		l.cogs.set(n, cmp.Or(int64(r.cogs.Amount), freeCost))
	}
	if err != nil {
		return err
	}
	if b.said != nil {
		if err := b.said.note(n, r); err != nil {
			return err
		}
	}
	return b.describe(r, customer, product, kind)
}

// describe notes what the row says of its customer and product themselves.
func (b *builder) describe(r *record, customer, product int32, kind uint8) error {
	for int(customer) >= len(b.people) {
		id := b.customers.at(int32(len(b.people)))
		b.people = append(b.people, person{anonymous: id == "" || b.anonymous[strings.ToLower(id)]})
	}
	p := &b.people[customer]
	p.anonymous = p.anonymous || r.anonymous
	if !p.anonymous && len(r.customerName) > 0 && !b.customerNames.is(customer, r.customerName) {
		p.anonymous = b.anonymous[strings.ToLower(string(r.customerName))]
	}
	if kind != cancelled {
		p.since, p.lead = earliest(p.since, r.since), earliest(p.lead, r.lead)
	}
	sold := r.revenue > 0
	if err := b.customerNames.see(customer, r.customerName, r.date, sold); err != nil {
		return err
	}
	return b.productNames.see(product, r.productName, r.date, sold)
}

func earliest(a, b Date) Date {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func hasPrefix(order []byte, prefixes []string) bool {
	for _, p := range prefixes {
		if len(p) <= len(order) && p != "" && string(order[:len(p)]) == p {
			return true
		}
	}
	return false
}

// skip counts a row that was never meant as data.
func (b *builder) skip(reason Reason, money Amount) {
	s := b.skipped[reason]
	if s == nil {
		s = &Skip{Reason: reason}
		b.skipped[reason] = s
	}
	b.weigh(money)
	s.Rows++
	s.Money += money
	b.control.RowsRead++
	b.control.MoneyRead += money
}

// reject counts a row that could not be understood; strict reading ends here.
func (b *builder) reject(e *RowError, money Amount) error {
	b.weigh(money)
	b.control.RowsRead++
	b.control.Rejected++
	b.control.MoneyRead += money
	b.control.MoneyRejected += money
	if b.o.Strict {
		return e
	}
	if len(b.rejects) < b.o.keepRejects() {
		b.rejects = append(b.rejects, *e)
	}
	return b.overflow()
}

// rounded notes that reading a cell moved it by diff.
func (b *builder) rounded(diff Amount) {
	b.control.Rounded += diff
	b.control.RoundedCells++
}

// stated notes a grand total that the file itself gives.
func (b *builder) stated(total Amount) {
	b.control.Stated = Known(b.control.Stated.Amount + total)
}

func (b *builder) warn(w Warning)              { b.control.Warnings = append(b.control.Warnings, w) }
func (b *builder) setCurrency(currency string) { b.control.Currency = currency }

// detected notes how the rows to come are written.
func (b *builder) detected(d Detection) {
	b.basis(d.VAT)
	b.detections = append(b.detections, d)
	b.monthly = b.o.Precision == Month || b.o.Precision == NoGrain && d.monthly()
	b.begin()
}

// release frees the columns of a builder that makes no History.
func (b *builder) release() {
	b.lines.release()
	if b.said != nil {
		b.said.release()
	}
}

// finish makes the History, which takes over the columns; on an error they are released.
func (b *builder) finish(ctx context.Context) (*History, error) {
	h, err := b.history(ctx)
	if err != nil {
		b.release()
		return nil, err
	}
	return h, nil
}

func (b *builder) history(ctx context.Context) (*History, error) {
	if err := b.overflow(); err != nil {
		return nil, err
	}
	shared, err := b.findOverlap()
	if b.said != nil {
		b.said.release()
	}
	if err != nil {
		return nil, err
	}
	b.findDuplicates()
	c := &b.control
	for _, s := range b.skipped {
		c.Skipped = append(c.Skipped, *s)
	}
	slices.SortFunc(c.Skipped, func(a, b Skip) int { return cmp.Compare(a.Reason, b.Reason) })
	switch {
	case c.Accepted == 0:
		return nil, b.unusable(ErrNoRows)
	case float64(c.Rejected) > b.o.maxRejected()*float64(c.Accepted+c.Rejected):
		return nil, b.unusable(ErrRejected)
	}
	h := &History{lines: b.lines, rejects: b.rejects, detections: b.detections}
	b.sortNames(h)
	b.warnOfOverlap(h, shared)
	h.noted = slices.Clone(c.Warnings)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := b.classify(h); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h.makeDeals()
	b.decide(h)
	b.explain(h)
	h.control = *c
	return h, nil
}

func (b *builder) unusable(err error) error {
	e := &UnusableError{Err: err, Accepted: b.control.Accepted, Rejected: b.control.Rejected, Skipped: b.control.Skipped}
	if len(b.rejects) > 0 {
		e.First = &b.rejects[0]
	}
	return e
}

// sortNames turns the dictionaries into sorted ones and the lines' codes into
// ranks, after which nothing depends on the order of the rows.
func (b *builder) sortNames(h *History) {
	l := b.lines
	for _, c := range []struct {
		d   *dict
		col *column[int32]
		to  *names
	}{
		{b.groups, &l.group, &h.groups}, {b.salespersons, &l.salesperson, &h.salespersons},
		{b.channels, &l.channel, &h.channels}, {b.flags, &l.repeatFlag, &h.flags}, {b.bases, &l.base, &h.bases},
	} {
		sorted, rank := c.d.sorted()
		recode(c.col, rank)
		*c.to = sorted
	}
	var rank []int32
	h.products, rank = b.products.sorted()
	recode(&l.product, rank)
	h.productNames, h.productLabels = b.productNames.sorted(h.products, rank)

	h.organisations, rank = b.organisations.sorted()
	for i, c := range b.documents.organisation {
		b.documents.organisation[i] = rank[c]
	}
	h.customers, rank = b.customers.sorted()
	for i, c := range b.documents.customer {
		b.documents.customer[i] = rank[c]
	}
	h.customerNames, h.customerLabels = b.customerNames.sorted(h.customers, rank)
	h.people = make([]person, len(h.customers))
	for c, p := range b.people {
		h.people[rank[c]] = p
	}
	h.people[0].anonymous = true
	h.documents = b.documents
	h.documents.slots = nil
}

// sorted returns the name of each id in ids, which is the id itself where no
// line gave one, and where the names are from.
func (l *labels) sorted(ids names, rank []int32) (names, []label) {
	out, from := slices.Clone(ids), make([]label, len(ids))
	for id, label := range l.of {
		if label.name != 0 {
			out[rank[id]], from[rank[id]] = l.names.at(label.name), label
		}
	}
	return out, from
}

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
