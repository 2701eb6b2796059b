package orders

import (
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

// person is what lines say of a customer apart from deals.
type person struct {
	since, lead Date
	anonymous   bool // by id, or by any of the names
}

// builder takes rows, one by one or in batches, and makes a History of them.
type builder struct {
	o       Options
	control Control
	monthly bool // the rows to come have months instead of days
	lines   *lines
	total   uint64 // Σ|amount| of all columns and rows, in units; stays above maxTotal once it is

	hasher                      hasher
	dicts                       [dictionaries]*dict
	customerNames, productNames labels
	documents                   *documents
	people                      []person
	anonymous                   map[string]bool
	nobody                      []bool // by name of a customer: it is one of nobody in particular
	goods                       goods  // where no lines are kept
	sold, all                   daySet // days with lines that are not cancelled, and with any

	own        *packer        // of rows that come one by one
	translated []*translation // of each packer

	skipped    map[Reason]*Skip
	rejects    []RowError
	detections []Detection
	inputs     []int          // the first line of each input; without lines, its first document
	doubtful   []bool         // by document: lines of it may repeat one another
	repeated   int64          // lines that repeat the one before them, where no lines are kept
	again      Amount         // and their money
	print      uint64         // of the latest line, where no lines are kept
	prints     column[int64]  // by line, see fingerprints
	seen       uint64         // see look
	failed     error          // of a flush that could not return it
	said       *said          // by line; nil unless Options.Overlap is KeepNewest
	twice      map[int32]bool // documents of several inputs, where no lines are kept
	returned   int64          // negative lines cancelled
	kept       Amount         // and their money
}

func newBuilder(o Options) (*builder, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	b := &builder{
		o: o, lines: newLines(o.allocator()), twice: map[int32]bool{},
		anonymous: map[string]bool{}, skipped: map[Reason]*Skip{}, hasher: newHasher(),
	}
	for i := range b.dicts {
		b.dicts[i] = newDict(&b.hasher)
	}
	b.customerNames.names, b.productNames.names = b.dicts[customerNameDict], b.dicts[productNameDict]
	b.documents = newDocuments(&b.hasher, b.dicts[organisationDict])
	d := b.documents
	d.salespersons, d.channels, d.flags, d.bases = b.dicts[salespersonDict], b.dicts[channelDict], b.dicts[flagDict], b.dicts[baseDict]
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
	b.own = b.packer()
	b.own.to = new(batch)
	return b, nil
}

// packer returns a packer whose batches the builder understands.
func (b *builder) packer() *packer {
	prints := newFingerprints()
	if len(b.translated) > 0 {
		prints = b.own.prints
	}
	p := newPacker(&b.o, &b.hasher, prints)
	p.monthly = b.monthly
	p.number = len(b.translated)
	b.translated = append(b.translated, newTranslation())
	return p
}

// batchRows is how many rows that come one by one make a batch.
const batchRows = 4096

// add accepts a row, or skips it if it is later than Options.AsOf.
func (b *builder) add(r *record) error {
	p := b.own
	p.monthly = b.monthly
	if err := p.add(r); err != nil {
		return err
	}
	if p.to.lines() >= batchRows {
		return b.flush()
	}
	return nil
}

// flush takes the rows that came one by one.
func (b *builder) flush() error {
	b.own.seal()
	err := b.take(b.own.to, b.own.number)
	b.own.to.reset()
	return err
}

// weigh adds an amount to the total.
func (b *builder) weigh(v Amount) { b.total = weigh(b.total, v) }

// overflow returns ErrOverflow if the amounts are too large to be added.
func (b *builder) overflow() error {
	if b.total > maxTotal {
		return ErrOverflow
	}
	return nil
}

// take accepts the rows of a batch that a packer made.
func (b *builder) take(t *batch, from int) error {
	t.weighLines()
	if b.total <= maxTotal {
		b.total += t.weight // which is at most 2⁶³ and a bit
	}
	if err := b.overflow(); err != nil {
		return err
	}
	if t != b.own.to && b.own.to.lines() > 0 { // which came before
		if err := b.flush(); err != nil {
			return err
		}
	}
	w := b.translated[from]
	w.open(t)
	for _, s := range t.skipped {
		b.skipRows(s)
	}
	for i := range t.rejects {
		if err := b.reject(&t.rejects[i].row, t.rejects[i].money); err != nil {
			return err
		}
	}
	if t.lines() > 0 {
		if err := b.accept(t, w); err != nil {
			return err
		}
	}
	w.close()
	return b.overflow()
}

// accept stores the lines of a batch.
func (b *builder) accept(t *batch, w *translation) error {
	c := &b.control
	if b.monthly {
		c.Precision = Month
	}
	c.RowsRead += int64(t.lines())
	c.Accepted += int64(t.lines())
	n := 0
	for i := range t.runs {
		if i%looks == 0 {
			b.look(t.runs[i:min(len(t.runs), i+looks)])
		}
		if err := b.run(t, w, i, n); err != nil {
			return err
		}
		n += int(t.runs[i].lines)
	}
	keep := b.store
	if b.o.FactsOnly {
		b.countRepeated(t)
		keep = func(t *batch, w *translation) error { return b.goods.take(b, t, w) }
	}
	if err := keep(t, w); err != nil {
		return err
	}
	return b.name(t, w)
}

// countRepeated counts the lines that repeat the one before them.
func (b *builder) countRepeated(t *batch) {
	for i, print := range t.prints {
		if print == b.print && print != 0 {
			b.repeated++
			b.again += Amount(t.revenue[i])
		}
		b.print = print
	}
}

// store keeps the lines of a batch. What they say of their documents was stored
// with their runs.
func (b *builder) store(t *batch, w *translation) error {
	l, from := b.lines, b.lines.n
	l.n += t.lines()
	if err := w.column(b, productDict, &l.product, from, t.product); err != nil {
		return err
	}
	if err := w.column(b, groupDict, &l.group, from, t.group); err != nil {
		return err
	}
	fill(&l.quantity, from, t.quantity)
	fill(&l.revenue, from, t.revenue)
	fill(&l.cogs, from, t.cogs)
	fill(&l.direct, from, t.direct)
	for n, prints := from, t.prints; len(prints) > 0; {
		room := b.prints.room(n, len(prints))
		for i := range room {
			room[i] = int64(prints[i])
		}
		n, prints = n+len(room), prints[len(room):]
	}
	if b.said != nil {
		if err := w.column(b, customerNameDict, &b.said.customerName, from, t.customerName); err != nil {
			return err
		}
		return w.column(b, productNameDict, &b.said.productName, from, t.productName)
	}
	return nil
}

// fill stores values from line n on, unless they and all before them are zero.
func fill(c *column[int64], n int, values []int64) {
	if c.absent() && !slices.ContainsFunc(values, func(v int64) bool { return v != 0 }) {
		return
	}
	for len(values) > 0 {
		room := c.room(n, len(values))
		copy(room, values)
		n, values = n+len(room), values[len(room):]
	}
}

// looks is how many runs the builder looks ahead.
const looks = 256

// look looks at the places of the customers and documents of the runs to come,
// all of them at once: one by one each look would wait for the memory.
func (b *builder) look(runs []run) {
	customers, documents := b.dicts[customerDict], &b.documents.index
	if len(customers.slots) < 1<<14 {
		return
	}
	var likely [looks]int32
	for i := range runs {
		likely[i] = customers.likely(runs[i].customerHash)
	}
	seen := uint64(0)
	for i := range runs {
		if len(documents.slots) == 0 {
			break
		}
		seen ^= documents.slots[runs[i].orderHash>>documents.shift]
	}
	for _, code := range likely[:len(runs)] {
		seen ^= customers.key(code).lo
	}
	b.seen = seen // so that it is done at all
}

// run stores what run i, which begins with line n of the batch, says of its
// document and its customer.
func (b *builder) run(t *batch, w *translation, i, n int) error {
	u := &t.runs[i]
	order, id := t.of(i)
	organisation, err := w.code(b, organisationDict, u.organisation)
	if err != nil {
		return err
	}
	customer, err := b.customer(id, u.customerHash)
	if err != nil {
		return err
	}
	u.customer = customer
	b.describe(u, customer)
	d := b.documents
	before := d.len()
	day := u.day.Days32()
	document, err := d.code(documentKey{organisation, customer, order, u.orderHash, day})
	if err != nil {
		return err
	}
	known := int(document) < before
	b.all.add(day)
	b.control.MoneyRead += u.revenue
	if u.cancelled {
		b.cancel(t, u, n)
	} else {
		b.sold.add(day)
		if document, err = d.place(document, day); err != nil {
			return err
		}
		if err := b.sum(w, u, document); err != nil {
			return err
		}
	}
	b.doubt(u, document, known)
	if b.o.FactsOnly {
		return nil
	}
	return b.storeRun(w, u, document, b.lines.n+n)
}

// sum adds a run to its document.
func (b *builder) sum(w *translation, u *run, document int32) error {
	b.documents.sum(u, document)
	codes := [...]int32{u.salesperson, u.channel, u.flag, u.base}
	for k, code := range codes {
		var err error
		if codes[k], err = w.code(b, salespersonDict+k, code); err != nil {
			return err
		}
	}
	b.documents.least(document, codes)
	return nil
}

// storeRun stores, from line n on, what a run says of its lines.
func (b *builder) storeRun(w *translation, u *run, document int32, n int) error {
	l, lines := b.lines, int(u.lines)
	l.document.repeat(n, lines, document)
	l.day.repeat(n, lines, u.day.Days32())
	for k, c := range [...]*column[int32]{&l.salesperson, &l.channel, &l.repeatFlag, &l.base} {
		code, err := w.code(b, salespersonDict+k, [...]int32{u.salesperson, u.channel, u.flag, u.base}[k])
		if err != nil {
			return err
		}
		c.repeat(n, lines, code)
	}
	if u.cancelled {
		l.kind.repeat(n, lines, cancelled)
	}
	if s := b.said; s != nil {
		s.since.repeat(n, lines, int32(u.since))
		s.lead.repeat(n, lines, int32(u.lead))
		if u.anonymous {
			s.anonymous.repeat(n, lines, 1)
		}
	}
	return nil
}

// cancel counts the lines of a cancelled run, which begins with line n of the batch.
func (b *builder) cancel(t *batch, u *run, n int) {
	b.control.CancelledLines += int64(u.lines)
	b.control.Cancelled += u.revenue
	for _, money := range t.revenue[n : n+int(u.lines)] {
		if money < 0 {
			b.returned++
			b.kept += Amount(money)
		}
	}
}

// doubt notes whether lines of a document may repeat one another, and whether
// several inputs have it.
func (b *builder) doubt(u *run, document int32, known bool) {
	if b.o.FactsOnly {
		if known && len(b.inputs) > 1 && int(document) < b.inputs[len(b.inputs)-1] {
			b.twice[document] = true
		}
		return
	}
	if u.again || known {
		for int(document) >= len(b.doubtful) {
			b.doubtful = append(b.doubtful, false)
		}
		b.doubtful[document] = true
	}
}

// customer returns the code of a customer.
func (b *builder) customer(id []byte, hash uint64) (int32, error) {
	if len(id) == 0 {
		return 0, nil
	}
	return b.dicts[customerDict].codeOf(id, hash, keyOf(id))
}

// describe notes what a run says of its customer.
func (b *builder) describe(u *run, customer int32) {
	for int(customer) >= len(b.people) {
		id := b.dicts[customerDict].at(int32(len(b.people)))
		b.people = append(b.people, person{anonymous: id == "" || b.anonymous[strings.ToLower(id)]})
	}
	if u.since|u.lead == 0 && !u.anonymous {
		return
	}
	p := &b.people[customer]
	p.anonymous = p.anonymous || u.anonymous
	if !u.cancelled {
		p.since, p.lead = earliest(p.since, u.since), earliest(p.lead, u.lead)
	}
}

// name notes what the lines of a batch call their customers and products.
func (b *builder) name(t *batch, w *translation) error {
	for i, c := range t.customerNamed {
		n := naming{id: t.runs[c.run].customer, day: c.day, sold: c.sold}
		name := t.name(i)
		if n.name = b.customerNames.is(n.id, name); n.name == 0 {
			var err error
			if n.name, err = b.dicts[customerNameDict].code(name); err != nil {
				return err
			}
		}
		b.nameCustomer(n)
	}
	for _, n := range t.productNamed {
		if err := w.naming(b, productDict, productNameDict, &n); err != nil {
			return err
		}
		b.productNames.see(n)
	}
	return nil
}

// nameCustomer notes what a line calls its customer.
func (b *builder) nameCustomer(n naming) {
	for int(n.name) >= len(b.nobody) {
		b.nobody = append(b.nobody, b.anonymous[strings.ToLower(b.customerNames.names.at(int32(len(b.nobody))))])
	}
	if b.nobody[n.name] {
		b.people[n.id].anonymous = true
	}
	b.customerNames.see(n)
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
	b.weigh(money)
	b.skipRows(Skip{reason, 1, money})
}

// skipRows counts rows that are left out for one reason.
func (b *builder) skipRows(more Skip) {
	s := b.skipped[more.Reason]
	if s == nil {
		s = &Skip{Reason: more.Reason}
		b.skipped[more.Reason] = s
	}
	s.Rows += more.Rows
	s.Money += more.Money
	b.control.RowsRead += more.Rows
	b.control.MoneyRead += more.Money
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

// rounded notes that reading so many cells moved them by diff in all.
func (b *builder) rounded(cells int64, diff Amount) {
	b.control.Rounded += diff
	b.control.RoundedCells += cells
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
