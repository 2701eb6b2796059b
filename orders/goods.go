package orders

import "slices"

// goods sums what was sold, whoever bought: by month, by product and group of
// products. Cancelled lines are none of it.
type goods struct {
	pairs []ofPair
	first []int32 // by product: the number of its first pair, from 1
	start int32   // month of months[0]

	months []monthOfGoods
	places []placeOfGoods // of the lines of a batch
	day    Date           // the one last asked for
	index  int
}

// ofPair is a product in a group.
type ofPair struct {
	product, group int32
	next           int32 // pair of the same product, from 1
}

// monthOfGoods is what was sold in a month, by pair.
type monthOfGoods struct {
	sold []sold
	rare []rarelySold // nil: nothing
}

// sold is what of a month most exports have, rarelySold what few have.
type (
	sold       struct{ lines, quantity, revenue, cogs Amount }
	rarelySold struct{ uncosted, direct Amount }
)

// month returns the number of the month of a day, for which it makes room.
func (g *goods) month(d Date) int {
	if d == g.day {
		return g.index
	}
	index := Month.Of(d).Index
	if len(g.months) == 0 {
		g.start = index
	}
	if before := int(g.start - index); before > 0 {
		g.months = slices.Concat(make([]monthOfGoods, before), g.months)
		g.start = index
	}
	for int(index-g.start) >= len(g.months) {
		g.months = append(g.months, monthOfGoods{})
	}
	g.day, g.index = d, int(index-g.start)
	return g.index
}

// placeOfGoods is where the sums of a line are: the numbers of its month and of
// the pair of its product and group.
type placeOfGoods struct{ month, pair int32 }

// add adds a line; cogs is as the column of costs has it.
func (g *goods) add(p placeOfGoods, quantity, revenue, cogs, direct int64) {
	uncosted := Amount(0)
	if cogs == 0 {
		uncosted = Amount(revenue)
	}
	g.sum(p, &sold{1, Amount(quantity), Amount(revenue), costOf(cogs)}, &rarelySold{uncosted, Amount(direct)})
}

// sum adds what was sold.
func (g *goods) sum(p placeOfGoods, more *sold, rare *rarelySold) {
	m := &g.months[p.month]
	if int(p.pair) >= len(m.sold) {
		m.grow(len(g.pairs))
	}
	s := &m.sold[p.pair]
	s.lines += more.lines
	s.quantity += more.quantity
	s.revenue += more.revenue
	s.cogs += more.cogs
	if rare.uncosted|rare.direct == 0 {
		return
	}
	if m.rare == nil {
		m.rare = make([]rarelySold, len(m.sold))
	}
	r := &m.rare[p.pair]
	r.uncosted += rare.uncosted
	r.direct += rare.direct
}

// grow makes room for so many pairs.
func (m *monthOfGoods) grow(pairs int) {
	size := max(pairs, 2*len(m.sold))
	m.sold = append(m.sold, make([]sold, size-len(m.sold))...)
	if m.rare != nil {
		m.rare = append(m.rare, make([]rarelySold, size-len(m.rare))...)
	}
}

// pair returns the number of the pair of a product and a group.
func (g *goods) pair(product, group int32) int32 {
	for int(product) >= len(g.first) {
		g.first = append(g.first, 0)
	}
	for i := g.first[product]; i > 0; i = g.pairs[i-1].next {
		if g.pairs[i-1].group == group {
			return i - 1
		}
	}
	g.pairs = append(g.pairs, ofPair{product: product, group: group, next: g.first[product]})
	g.first[product] = int32(len(g.pairs))
	return int32(len(g.pairs)) - 1
}

// costOf returns a known cost from the column of costs.
func costOf(cost int64) Amount {
	if cost == freeCost {
		return 0
	}
	return Amount(cost)
}

// take adds the lines of a batch. Where each belongs is found out before any is
// added, so that the look-ups need not wait for one another.
func (g *goods) take(b *builder, t *batch, w *translation) error {
	if !t.goods {
		g.takeRuns(t)
		return nil
	}
	g.places = g.places[:0]
	n := 0
	for i := range t.runs {
		u := &t.runs[i]
		month := int32(g.month(u.day))
		for end := n + int(u.lines); n < end; n++ {
			if u.cancelled {
				g.places = append(g.places, placeOfGoods{-1, 0})
				continue
			}
			product, err := w.code(b, productDict, t.product[n])
			if err != nil {
				return err
			}
			group, err := w.code(b, groupDict, t.group[n])
			if err != nil {
				return err
			}
			g.places = append(g.places, placeOfGoods{month, g.pair(product, group)})
		}
	}
	for n, p := range g.places {
		if p.month >= 0 {
			g.add(p, t.quantity[n], t.revenue[n], t.cogs[n], t.direct[n])
		}
	}
	return nil
}

// takeRuns is take for a batch without products and groups.
func (g *goods) takeRuns(t *batch) {
	pair := g.pair(0, 0)
	for i := range t.runs {
		if u := &t.runs[i]; !u.cancelled {
			g.sum(placeOfGoods{int32(g.month(u.day)), pair}, &sold{Amount(u.lines), u.quantity, u.revenue, u.cogs}, &rarelySold{u.uncosted, u.direct})
		}
	}
}

// rank turns codes into ranks.
func (g *goods) rank(product, group []int32) {
	for i := range g.pairs {
		p := &g.pairs[i]
		p.product, p.group = product[p.product], group[p.group]
	}
}

// sumLines sums the lines of a History, those of an order on the day of their deal.
func (h *History) sumLines() *goods {
	l, g := h.lines, new(goods)
	var dealOf []int32
	if !h.documents.late.absent() {
		dealOf = h.dealOf()
	}
	for n := range l.n {
		kind := l.kind.at(n)
		if kind == cancelled {
			continue
		}
		day := l.date(n)
		if dealOf != nil && kind == identified {
			day = h.deals.day[dealOf[l.document.at(n)]]
		}
		p := placeOfGoods{int32(g.month(day)), g.pair(l.product.at(n), l.group.at(n))}
		g.add(p, l.quantity.at(n), l.revenue.at(n), l.cogs.at(n), l.direct.at(n))
	}
	return g
}

// goodsTell reports whether the monthly sums of products answer a query: money
// or quantity of products or groups, over whole months.
func (h *History) goodsTell(q SeriesQuery, f *filter) bool {
	if f == nil || h.released || !ofLines(q.By) || q.Split != "" || q.Measure > Quantity || q.Grain < Month {
		return false
	}
	for _, k := range f.keep {
		if !ofLines(k.dimension) {
			return false
		}
	}
	c := h.control
	return (f.from <= c.FirstDay || Month.Of(f.from).First() == f.from) && (f.asOf >= c.LastDay || Month.Of(f.asOf).Last() == f.asOf)
}

// sumGoods is sum for a query that the monthly sums answer.
func (s *seriesBlock) sumGoods(from, to int32) {
	s.begin(from, to)
	g := s.h.goods()
	for k := range g.months {
		m := &g.months[k]
		p := part{index: -1}
		if p.day = max((Period{Month, g.start + int32(k)}).First(), s.h.control.FirstDay); p.day > s.f.asOf {
			break
		}
		for i := range m.sold {
			sum := &m.sold[i]
			if sum.lines == 0 {
				continue
			}
			p.product, p.group = g.pairs[i].product, g.pairs[i].group
			if item := s.f.code(s.q.By, &p); item < from || item >= to {
				continue
			}
			p.tally = Tally{Lines: int64(sum.lines), Revenue: sum.revenue, Costed: sum.revenue, COGS: sum.cogs}
			if m.rare != nil {
				p.tally.Costed -= m.rare[i].uncosted
				p.tally.Direct = m.rare[i].direct
			}
			p.quantity = sum.quantity
			p.inside = p.day >= s.f.from && s.f.matches(&p)
			s.add(&p)
		}
	}
}
