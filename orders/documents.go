package orders

import (
	"bytes"
	"cmp"
)

// restart is the number of days after which the same order id means another
// deal: 1C begins its numbering anew each year.
const restart = 180

// documents numbers the distinct (organisation, customer, order) of an export,
// with the day in the key where there is no order id, and sums the lines of
// each that are not cancelled. Lines of one key more than restart days apart are
// documents of their own.
type documents struct {
	texts // order ids
	index

	rows   [][]document
	owners []int32 // customers, when the rows are no longer there

	// What few exports have, or few documents.
	organisation     column[int32]
	late             column[int32] // the last day less the first
	channel, flag    column[int32] // as salesperson
	base             column[int32]
	uncosted, direct column[int64] // uncosted: revenue of the lines whose cost is not known
	costs            bool          // some cost is known: else all revenue is uncosted, and not in the column

	salespersons, channels, flags, bases *dict // of the builder
	quantities                           bool  // some is not 0, as classify found

	// Most exports are sorted by order: as long as each id sorts behind the one
	// before it, or each before it, one that is not the latest is new, and there is
	// no index yet.
	indexed       bool
	step          int    // of ids that are not the latest: 1, or −1; 0: there were none
	latest        []byte // order id
	head          int32  // its document; of several the one that the index would know
	expected      int    // how many documents there will be, for the index
	hasher        *hasher
	organisations *dict // of the builder

	// unordered says that some order id does not sort behind the one that came
	// before it: else documents of one day need not be compared.
	unordered bool

	next   map[int32]int32 // documents of one key, from the one that the index knows
	merged map[int32]int32 // what turned out to be part of another document, and which
	shared []sharedOrder
}

// document is the sums of its lines that are not cancelled, none so far if there are no lines.
type document struct {
	revenue, cogs, quantity Amount
	customer                int32
	first                   int32 // day, from 1970-01-01; also the one in the key
	lines                   int32
	salesperson             int32 // of several the one whose text is least
}

const (
	rowBits = 14
	rowSize = 1 << rowBits
)

func (d *documents) row(i int32) *document { return &d.rows[i>>rowBits][i&(rowSize-1)] }

// customer returns the customer of a document.
func (d *documents) customer(i int32) int32 {
	if d.rows == nil {
		return d.owners[i]
	}
	return d.row(i).customer
}

// each visits all documents.
func (d *documents) each(visit func(i int32, row *document)) {
	i := int32(0)
	for _, rows := range d.rows {
		for k := range rows {
			visit(i, &rows[k])
			i++
		}
	}
}

// share has workers visit pieces of all documents, each those of a share in
// order, which begin with document first.
func (d *documents) share(workers int, visit func(worker int, first int32, rows []document)) {
	shareAs(min(workers, len(d.rows)/4+1), len(d.rows), func(worker, from, to int) {
		for k := from; k < to; k++ {
			visit(worker, int32(k)<<rowBits, d.rows[k])
		}
	})
}

// sharedOrder is a document whose order id a document of another customer has,
// the first one that the index knew.
type sharedOrder struct{ owner, document int32 }

func newDocuments(h *hasher, organisations *dict) *documents {
	return &documents{hasher: h, organisations: organisations, next: map[int32]int32{}, merged: map[int32]int32{}}
}

// documentKey is what tells documents apart.
type documentKey struct {
	organisation, customer int32
	order                  []byte
	hash                   uint64 // of the order and the organisation
	day                    int32
}

// code returns the document of a key, the first if there are several.
func (d *documents) code(k documentKey) (int32, error) {
	if !d.indexed {
		if code, ok, err := d.follow(k); ok {
			return code, err
		}
		d.indexAll()
	}
	if len(k.order) == 0 {
		hash := mix(mix(mix(0, k.organisation), k.customer), k.day)
		code, slot := d.find(hash, func(c int32) bool {
			return d.row(c).customer == k.customer && d.organisation.at(int(c)) == k.organisation &&
				d.row(c).first == k.day && d.at(c) == ""
		})
		if code < 0 {
			return d.new(k, hash, slot)
		}
		return code, nil
	}
	// Almost every order id is of one customer: it is looked for by itself, and
	// those of several customers are found on the way.
	owner, slot := d.find(k.hash, func(c int32) bool {
		return d.organisation.at(int(c)) == k.organisation && d.at(c) == string(k.order)
	})
	switch {
	case owner < 0:
		return d.new(k, k.hash, slot)
	case d.row(owner).customer == k.customer:
		return owner, nil
	}
	hash := mix(k.hash, k.customer+1)
	code, slot := d.find(hash, func(c int32) bool {
		return d.row(c).customer == k.customer && d.organisation.at(int(c)) == k.organisation && d.at(c) == string(k.order)
	})
	if code >= 0 {
		return code, nil
	}
	code, err := d.new(k, hash, slot)
	d.shared = append(d.shared, sharedOrder{owner, code})
	return code, err
}

// follow returns the document of a key whose order id goes on in the order of
// those before it; ok is false if it does not.
func (d *documents) follow(k documentKey) (code int32, ok bool, err error) {
	if len(k.order) == 0 {
		return 0, false, nil
	}
	if d.len() > 0 {
		step := compareIDs(k.order, d.latest)
		switch {
		case step == 0:
			same := d.row(d.head).customer == k.customer && d.organisation.at(int(d.head)) == k.organisation
			return d.head, same, nil
		case d.step == 0:
			d.step = step
		case d.step != step:
			return 0, false, nil
		}
	}
	d.head, err = d.append(k.organisation, k.customer, k.order, k.day)
	return d.head, true, err
}

// compareIDs orders order ids: the shorter first, then bytewise.
func compareIDs(a, b []byte) int {
	if len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return bytes.Compare(a, b)
}

// indexAll makes the index of the documents that there are.
func (d *documents) indexAll() {
	d.indexed = true
	d.index.reserve(max(d.len(), d.expected))
	behind := map[int32]bool{} // another document of their key, which the index knows
	for _, code := range d.next {
		behind[code] = true
	}
	for code := range int32(d.len()) {
		if behind[code] {
			continue
		}
		hash, _ := d.hasher.hash([]byte(d.at(code)))
		if organisation := d.organisation.at(int(code)); organisation != 0 {
			hash = d.hasher.with(hash, []byte(d.organisations.at(organisation)))
		}
		d.index.put(hash, code)
	}
}

// expect makes room for so many documents.
func (d *documents) expect(n int) {
	if d.expected = n; d.indexed {
		d.index.reserve(n)
	}
}

// new adds a document at the slot that find returned.
func (d *documents) new(k documentKey, hash uint64, slot int) (int32, error) {
	code, err := d.append(k.organisation, k.customer, k.order, k.day)
	if err == nil {
		d.insert(hash, slot, code)
	}
	return code, err
}

func (d *documents) append(organisation, customer int32, order []byte, day int32) (int32, error) {
	code := d.len()
	if !d.unordered && code > 0 {
		d.unordered = compareIDs(order, d.latest) <= 0
	}
	d.latest = append(d.latest[:0], order...)
	if err := d.add(order); err != nil {
		return 0, err
	}
	d.organisation.set(code, organisation)
	last := len(d.rows) - 1
	if last < 0 || len(d.rows[last]) == rowSize {
		size := rowSize
		if last < 0 {
			size = 64 // it grows, for a small export has few
		}
		d.rows = append(d.rows, make([]document, 0, size))
		last++
	}
	d.rows[last] = append(d.rows[last], document{customer: customer, first: day})
	return int32(code), nil
}

func mix(hash uint64, v int32) uint64 {
	hash ^= uint64(uint32(v))*0x9e3779b97f4a7c15 + 0xc2b2ae3d27d4eb4f
	hash ^= hash >> 29
	hash *= 0xbf58476d1ce4e5b9
	return hash ^ hash>>32
}

// place returns the document of the key of head that a line of a day belongs
// to, and makes it cover that day.
func (d *documents) place(head, day int32) (int32, error) {
	in := int32(-1)
	last := head
	for code, ok := head, true; ok; code, ok = d.after(code) {
		last = code
		if !d.near(code, day) {
			continue
		}
		if in >= 0 { // the day is near both, and there is no third
			d.merge(in, code)
			break
		}
		in = code
	}
	if in < 0 {
		code, err := d.append(d.organisation.at(int(head)), d.row(head).customer, []byte(d.at(head)), day)
		if err != nil {
			return 0, err
		}
		d.next[last] = code
		return code, nil
	}
	r := d.row(in)
	switch {
	case r.lines == 0:
		r.first = day
	case day < r.first:
		d.late.add(int(in), r.first-day)
		r.first = day
	case day > r.first && day > r.first+d.late.at(int(in)):
		d.late.set(int(in), day-r.first)
	}
	return in, nil
}

// after returns the document of the same key behind code.
func (d *documents) after(code int32) (int32, bool) {
	if len(d.next) == 0 {
		return 0, false
	}
	next, ok := d.next[code]
	return next, ok
}

// near reports whether a day is no more than restart days from those of a document.
func (d *documents) near(code, day int32) bool {
	r := d.row(code)
	first := int64(r.first)
	return r.lines == 0 || int64(day) >= first-restart && int64(day) <= first+int64(d.late.at(int(code)))+restart
}

// merge makes document from, which is behind to in the list of their key, a part of to.
func (d *documents) merge(to, from int32) {
	a, b, i, j := d.row(to), d.row(from), int(to), int(from)
	last := max(a.first+d.late.at(i), b.first+d.late.at(j))
	a.first = min(a.first, b.first)
	d.late.set(i, last-a.first)
	d.sum(&run{
		lines: b.lines, revenue: b.revenue, cogs: b.cogs, quantity: b.quantity,
		uncosted: d.uncostedOf(from), direct: Amount(d.direct.at(j)),
	}, to)
	d.least(to, [...]int32{b.salesperson, d.channel.at(j), d.flag.at(j), d.base.at(j)})
	*b = document{customer: b.customer, first: b.first}
	d.uncosted.set(j, 0)
	d.direct.set(j, 0)
	before := to
	for d.next[before] != from {
		before = d.next[before]
	}
	if next, ok := d.next[from]; ok {
		d.next[before] = next
		delete(d.next, from)
	} else {
		delete(d.next, before)
	}
	d.merged[from] = to
}

// least gives document i the attributes of a run (salesperson, channel, flag,
// base) whose texts are less than those it has, the blank being the greatest.
func (d *documents) least(i int32, codes [4]int32) {
	less := func(texts *dict, code, old int32) bool {
		return code != old && code != 0 && (old == 0 || texts.at(code) < texts.at(old))
	}
	if r := d.row(i); less(d.salespersons, codes[0], r.salesperson) {
		r.salesperson = codes[0]
	}
	if codes[1]|codes[2]|codes[3] == 0 {
		return
	}
	for k, c := range [...]*column[int32]{&d.channel, &d.flag, &d.base} {
		if code := codes[k+1]; less([...]*dict{d.channels, d.flags, d.bases}[k], code, c.at(int(i))) {
			c.set(int(i), code)
		}
	}
}

// heads says of each document that is not the first of its key which is.
func (d *documents) heads() map[int32]int32 {
	heads, after := map[int32]int32{}, map[int32]bool{}
	for _, code := range d.next {
		after[code] = true
	}
	for head := range d.next {
		if after[head] {
			continue
		}
		for code, ok := d.next[head]; ok; code, ok = d.next[code] {
			heads[code] = head
		}
	}
	return heads
}

// reset forgets all lines, and which documents are of one key.
func (d *documents) reset() {
	d.each(func(_ int32, r *document) { *r = document{customer: r.customer, first: r.first} })
	for _, c := range []*column[int32]{&d.late, &d.channel, &d.flag, &d.base} {
		c.release()
	}
	d.uncosted.release()
	d.direct.release()
	d.costs = false
	clear(d.next)
}

// sum adds a run to document i.
func (d *documents) sum(u *run, i int32) {
	if !d.costs && (u.uncosted != u.revenue || u.cogs != 0) {
		d.costs = true
		d.each(func(k int32, r *document) { d.uncosted.set(int(k), int64(r.revenue)) })
	}
	r := d.row(i)
	r.lines += u.lines
	r.revenue += u.revenue
	r.cogs += u.cogs
	r.quantity += u.quantity
	if d.costs {
		d.uncosted.add(int(i), int64(u.uncosted))
	}
	d.direct.add(int(i), int64(u.direct))
}

// uncostedOf returns the revenue of the lines of document i whose cost is not known.
func (d *documents) uncostedOf(i int32) Amount {
	if d.costs {
		return Amount(d.uncosted.at(int(i)))
	}
	return d.row(i).revenue
}

// now returns the document that code is part of by now.
func (d *documents) now(code int32) int32 {
	for {
		to, ok := d.merged[code]
		if !ok {
			return code
		}
		code = to
	}
}
