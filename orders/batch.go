package orders

import (
	"cmp"
	"math/bits"
	"slices"
)

// The dictionaries of an export.
const (
	organisationDict = iota
	customerDict
	productDict
	groupDict
	salespersonDict
	channelDict
	flagDict
	baseDict
	customerNameDict
	productNameDict
	dictionaries // how many there are
)

// batch is a number of rows on their way into a History, in the codes of the
// packer that made it, and what became of the rows that are not among them.
type batch struct {
	fresh [dictionaries]freshTexts
	runs  []run
	ids   []byte // order and customer of each run, end to end
	named []byte // names of customers, end to end

	// By line.
	product, group                  []int32
	goods                           bool    // some line has one of them
	quantity, revenue, cogs, direct []int64 // cogs as the column of lines has it
	prints                          []uint64
	customerName, productName       []int32 // if the packer was told to keep them

	customerNamed []called
	productNamed  []naming

	weight  uint64 // Σ|amount|
	skipped []Skip
	rejects []reject
}

// freshTexts are what a dictionary of the packer has got since the batch before.
type freshTexts struct {
	text []byte
	ends []int32
}

// run is successive lines that are alike in all that they say of their
// document, and their sums.
type run struct {
	organisation                int32
	customer                    int32 // of the builder, when it has taken the run
	salesperson, channel        int32
	flag, base                  int32
	day, since, lead            Date
	lines                       int32
	orderEnd, customerEnd       int32  // in batch.ids
	orderHash                   uint64 // of the order and the organisation
	customerHash                uint64
	quantity, revenue, uncosted Amount
	cogs, direct                Amount
	cancelled, anonymous        bool
	again                       bool // lines of it may repeat one another
}

// called is a name that a line has for its customer, that of a run.
type called struct {
	run, end int32 // end: in batch.named
	day      Date
	sold     bool
}

// naming is a name that a line has for an id.
type naming struct {
	id, name int32
	day      Date
	sold     bool
}

// reject is a rejected row and its money.
type reject struct {
	row   RowError
	money Amount
}

func (t *batch) lines() int { return len(t.revenue) }

// of returns the order and the customer of run i.
func (t *batch) of(i int) (order, customer []byte) {
	start := int32(0)
	if i > 0 {
		start = t.runs[i-1].customerEnd
	}
	u := &t.runs[i]
	return t.ids[start:u.orderEnd], t.ids[u.orderEnd:u.customerEnd]
}

// name returns name i of those of customers.
func (t *batch) name(i int) []byte {
	if i == 0 {
		return t.named[:t.customerNamed[0].end]
	}
	return t.named[t.customerNamed[i-1].end:t.customerNamed[i].end]
}

// reset empties the batch, whose memory is used again.
func (t *batch) reset() {
	for i := range t.fresh {
		t.fresh[i].text, t.fresh[i].ends = t.fresh[i].text[:0], t.fresh[i].ends[:0]
	}
	t.runs, t.ids, t.named = t.runs[:0], t.ids[:0], t.named[:0]
	t.product, t.group = t.product[:0], t.group[:0]
	t.quantity, t.revenue, t.cogs, t.direct = t.quantity[:0], t.revenue[:0], t.cogs[:0], t.direct[:0]
	t.prints = t.prints[:0]
	t.customerName, t.productName = t.customerName[:0], t.productName[:0]
	t.customerNamed, t.productNamed = t.customerNamed[:0], t.productNamed[:0]
	t.goods, t.weight, t.skipped, t.rejects = false, 0, t.skipped[:0], t.rejects[:0]
}

// skip counts a row that is left out.
func (t *batch) skip(reason Reason, money Amount) {
	t.weigh(money)
	for i := range t.skipped {
		if s := &t.skipped[i]; s.Reason == reason {
			s.Rows++
			s.Money += money
			return
		}
	}
	t.skipped = append(t.skipped, Skip{reason, 1, money})
}

func (t *batch) weigh(v Amount) { t.weight = weigh(t.weight, v) }

// maxTotal is what the absolute values of an export may add up to, in units:
// half of what an Amount holds, so that no sum or difference overflows.
const maxTotal = 1 << 62

// weigh adds an amount to a total, which stays above maxTotal once it is.
func weigh(total uint64, v Amount) uint64 {
	if total <= maxTotal {
		total += magnitude(int64(v))
	}
	return total
}

// weighLines adds the amounts of the lines.
func (t *batch) weighLines() {
	for _, values := range [...][]int64{t.quantity, t.revenue, t.cogs, t.direct} {
		var sum, all uint64
		for _, v := range values {
			if v != freeCost {
				m := magnitude(v)
				sum += m
				all |= m
			}
		}
		if bits.Len64(all)+bits.Len(uint(len(values))) > 63 { // sum may have overflowed
			sum = 0
			for _, v := range values {
				if v != freeCost {
					sum = weigh(sum, Amount(v))
				}
			}
		}
		if sum > maxTotal || t.weight > maxTotal {
			t.weight = maxTotal + 1
		} else {
			t.weight += sum
		}
	}
}

// packer turns records into batches. It numbers texts for itself, so that
// several can work at the same time.
type packer struct {
	to      *batch
	number  int // among those of the builder
	o       *Options
	monthly bool // the rows have months instead of days
	names   bool // the names of every line are kept
	dicts   [dictionaries]*dict
	hasher  *hasher // of the builder
	prints  fingerprints
	before  []byte // the latest row, where no lines are kept
	err     error  // of a dictionary that is full
}

func newPacker(o *Options, h *hasher, prints fingerprints) *packer {
	p := &packer{o: o, names: o.Overlap == KeepNewest, hasher: h, prints: prints}
	for i := range p.dicts {
		p.dicts[i] = newDict(h)
	}
	return p
}

// add takes a row, or skips it if it is later than Options.AsOf.
func (p *packer) add(r *record) error {
	t := p.to
	if hasPrefix(r.order, p.o.Return) {
		r.takeBack()
	}
	if p.o.AsOf != 0 && p.last(r.date) > p.o.AsOf {
		t.skip(AfterAsOf, r.revenue)
		return nil
	}
	r.cancelled = r.cancelled || hasPrefix(r.order, p.o.Cancel)
	if len(r.customer) == 0 {
		r.customer = r.customerName
	}
	if len(r.product) == 0 {
		r.product = r.productName
	}
	n := p.run(r)
	p.line(n, r)
	return p.err
}

// last returns the last day that a date which the export gives may mean.
func (p *packer) last(d Date) Date {
	if p.monthly {
		return Month.Of(d).Last()
	}
	return d
}

// code returns the code of a text.
func (p *packer) code(dict int, text []byte) int32 {
	if len(text) == 0 {
		return 0
	}
	d := p.dicts[dict]
	before := d.len()
	code, err := d.code(text)
	if err != nil {
		p.err = err
	}
	if d.len() > before {
		f := &p.to.fresh[dict]
		f.text = append(f.text, text...)
		f.ends = append(f.ends, int32(len(f.text)))
	}
	return code
}

// run returns the run that a row belongs to.
func (p *packer) run(r *record) *run {
	t := p.to
	salesperson := p.code(salespersonDict, r.salesperson)
	var organisation, channel, flag, base int32
	if len(r.organisation)+len(r.channel)+len(r.repeatFlag)+len(r.base) > 0 {
		organisation, channel = p.code(organisationDict, r.organisation), p.code(channelDict, r.channel)
		flag, base = p.code(flagDict, r.repeatFlag), p.code(baseDict, r.base)
	}
	if i := len(t.runs) - 1; i >= 0 {
		u := &t.runs[i]
		order, customer := t.of(i)
		if u.day == r.date && string(order) == string(r.order) && string(customer) == string(r.customer) && u.salesperson == salesperson &&
			u.organisation == organisation && u.channel == channel && u.flag == flag && u.base == base &&
			u.since == r.since && u.lead == r.lead && u.cancelled == r.cancelled && u.anonymous == r.anonymous {
			return u
		}
	}
	order, _ := p.hasher.hash(r.order)
	if len(r.organisation) > 0 {
		order = p.hasher.with(order, r.organisation)
	}
	customer, _ := p.hasher.hash(r.customer)
	t.ids = append(t.ids, r.order...)
	orderEnd := len(t.ids)
	t.ids = append(t.ids, r.customer...)
	t.runs = append(t.runs, run{
		organisation: organisation, salesperson: salesperson, channel: channel, flag: flag, base: base,
		day: r.date, since: r.since, lead: r.lead, cancelled: r.cancelled, anonymous: r.anonymous,
		orderEnd: int32(orderEnd), customerEnd: int32(len(t.ids)), orderHash: order, customerHash: customer,
	})
	return &t.runs[len(t.runs)-1]
}

// line adds a row to its run.
func (p *packer) line(u *run, r *record) {
	t := p.to
	product, group := p.code(productDict, r.product), p.code(groupDict, r.group)
	cogs := int64(0)
	if r.cogs.Known {
		cogs = cmp.Or(int64(r.cogs.Amount), freeCost)
		u.cogs += r.cogs.Amount
	} else {
		u.uncosted += r.revenue
	}
	u.quantity += r.quantity
	u.revenue += r.revenue
	u.direct += r.direct
	p.compare(u, r)
	u.lines++
	t.goods = t.goods || product|group != 0
	t.product, t.group = append(t.product, product), append(t.group, group)
	t.quantity, t.revenue = append(t.quantity, int64(r.quantity)), append(t.revenue, int64(r.revenue))
	t.cogs, t.direct = append(t.cogs, cogs), append(t.direct, int64(r.direct))
	p.name(r, product)
}

// name notes what a row calls its customer and its product.
func (p *packer) name(r *record, product int32) {
	t := p.to
	productName := p.code(productNameDict, r.productName)
	if p.names {
		t.customerName, t.productName = append(t.customerName, p.code(customerNameDict, r.customerName)), append(t.productName, productName)
	}
	if len(r.customerName) > 0 {
		p.nameCustomer(r)
	}
	if n := (naming{product, productName, r.date, r.revenue > 0}); productName != 0 &&
		(len(t.productNamed) == 0 || t.productNamed[len(t.productNamed)-1] != n) {
		t.productNamed = append(t.productNamed, n)
	}
}

// nameCustomer notes what a row calls the customer of the latest run, unless
// that was the last thing noted.
func (p *packer) nameCustomer(r *record) {
	t := p.to
	c := called{run: int32(len(t.runs) - 1), day: r.date, sold: r.revenue > 0}
	if i := len(t.customerNamed) - 1; i >= 0 {
		last := t.customerNamed[i]
		c.end = last.end
		if last == c && string(t.name(i)) == string(r.customerName) {
			return
		}
	}
	t.named = append(t.named, r.customerName...)
	c.end = int32(len(t.named))
	t.customerNamed = append(t.customerNamed, c)
}

// compared is how many lines of a run are compared with one another.
const compared = 32

// compare notes whether a row repeats another one of its run; of a long run it
// only says so.
func (p *packer) compare(u *run, r *record) {
	if p.o.FactsOnly && r.raw != nil {
		p.repeat(r.raw)
		return
	}
	t := p.to
	print := p.prints.of(r)
	if u.lines > 0 && print != 0 {
		u.again = u.again || u.lines > compared || slices.Contains(t.prints[len(t.prints)-int(u.lines):], print)
	}
	t.prints = append(t.prints, print)
}

// repeat is compare where no lines are kept: of rows only those that are the
// same as the one before are looked for, which do not need a fingerprint but at
// the ends of a batch.
func (p *packer) repeat(raw []byte) {
	t, print := p.to, uint64(0)
	raw = withoutEnd(raw)
	switch n := len(t.prints); {
	case n == 0:
		print = p.prints.row(raw)
	case string(raw) == string(p.before):
		print = p.prints.row(raw)
		t.prints[n-1] = print
	}
	t.prints = append(t.prints, print)
	p.before = append(p.before[:0], raw...)
}

// seal ends a batch.
func (p *packer) seal() {
	if n := len(p.to.prints); n > 0 && p.to.prints[n-1] == 0 {
		p.to.prints[n-1] = p.prints.row(p.before)
	}
	p.before = p.before[:0]
}
