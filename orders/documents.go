package orders

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

	salespersons, channels, flags, bases *dict // of the builder

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

// spare returns n words of the index, which is not needed any longer.
func (d *documents) spare(n int) []uint64 {
	if n > len(d.slots) {
		return make([]uint64, n)
	}
	return d.slots[:n]
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

// sharedOrder is a document whose order id a document of another customer has,
// the first one that the index knew.
type sharedOrder struct{ owner, document int32 }

func newDocuments() *documents {
	return &documents{next: map[int32]int32{}, merged: map[int32]int32{}}
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
		before := d.at(int32(code - 1))
		d.unordered = len(order) < len(before) || len(order) == len(before) && string(order) <= before
	}
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
		uncosted: Amount(d.uncosted.at(j)), direct: Amount(d.direct.at(j)),
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
	clear(d.next)
}

// sum adds a run to document i.
func (d *documents) sum(u *run, i int32) {
	r := d.row(i)
	r.lines += u.lines
	r.revenue += u.revenue
	r.cogs += u.cogs
	r.quantity += u.quantity
	d.uncosted.add(int(i), int64(u.uncosted))
	d.direct.add(int(i), int64(u.direct))
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
