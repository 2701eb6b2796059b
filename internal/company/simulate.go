package company

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/repeatsales/repeatsales/orders"
)

// The second word of each generator's seed. Customer i has a stream of its own,
// streamCustomer + i, so that a change to one leaves the others as they are.
const (
	streamCatalogue = iota + 1
	streamNames
	streamArrivals
	streamCounter
	streamCustomer = 1_000
)

// simulation is the firm at work, from its opening to the end of the export.
type simulation struct {
	seed      uint64
	products  []Product
	names     []string
	customers []*customer
	documents []*document
}

// customer is one customer's character, and what became of them.
type customer struct {
	id, name, channel string
	pattern           Pattern
	gap, jitter       float64     // days between purchases, and their coefficient of variation
	size              float64     // of an ordinary deal, in kopecks of the opening day
	discount          int         // per cent
	families          []int       // what is bought, the favourite first
	arrival, end      orders.Date // the first deal; the day on which the customer is lost
	pauseFrom         orders.Date // of an erratic customer's long break
	pauseTo           orders.Date
	winner, keeper    string
	handover          orders.Date
	claims            []claim
}

// claim is a return that comes after later deals.
type claim struct {
	day  orders.Date // not before
	sale *document
}

func (s *simulation) run() {
	r := rand.New(rand.NewPCG(s.seed, streamArrivals))
	for m := orders.Month.Of(opening); m.First() <= lastDay; m = m.Add(1) {
		years := float64(m.Sub(orders.Month.Of(opening))) / 12
		for range poisson(r, arrivalsPerMonth*math.Pow(1.20, years)) {
			day := workingDay(m.First() + orders.Date(r.IntN(28)))
			if day >= opening && day <= lastDay {
				s.arrive(day)
			}
		}
	}
	s.counter()
	number(s.documents)
}

const arrivalsPerMonth = 5.7

// arrive lets a customer come, buy for as long as they do, and go.
func (s *simulation) arrive(day orders.Date) {
	i := len(s.customers)
	r := rand.New(rand.NewPCG(s.seed, streamCustomer+uint64(i)))
	c := newCustomer(r, day)
	c.id, c.name = fmt.Sprintf("00-%06d", i+2), s.names[i]
	s.customers = append(s.customers, c)
	l, mine := life{simulation: s, customer: c, r: r}, len(s.documents)
	l.live()
	l.settle(s.documents[mine:])
}

// newCustomer draws a character. Who buys much also buys often.
func newCustomer(r *rand.Rand, day orders.Date) *customer {
	c := &customer{arrival: day, channel: channels[min(r.IntN(5), r.IntN(5))]}
	scale := math.Exp(1.2 * r.NormFloat64())
	often := math.Pow(scale, -0.3)
	lifetime := 0.0
	switch x := r.Float64(); {
	case x < 0.33:
		c.pattern = OneOff
		scale *= 1.8 // for a building site
	case x < 0.49:
		c.pattern = Regular
		c.gap = often * 17 * math.Exp(1.15*r.Float64())
		c.jitter = 0.05 + 0.4*r.Float64()
		lifetime = 1000
	default:
		c.pattern = Erratic
		c.gap = often * 40 * math.Exp(1.1*r.Float64())
		lifetime = 700
		if r.IntN(4) == 0 {
			c.pauseFrom = day + orders.Date(60+r.IntN(1500))
			c.pauseTo = c.pauseFrom + orders.Date(170+r.IntN(300))
		}
	}
	c.size = 12_000_00 * scale
	c.discount = min(10, int(c.size/25_000_00)+r.IntN(4))
	c.families = r.Perm(len(families))[:2+r.IntN(3)]
	c.end = day
	if c.pattern != OneOff {
		c.end += orders.Date(1 + lifetime*r.ExpFloat64())
	}
	c.engage(r)
	return c
}

// engage gives the customer a salesperson and, perhaps, a second one. Until
// 2022 everybody sold to everybody; then hunters came, who kept what they had
// won; since the reform four in five of their customers went to farmers within
// two months, and customers won later go after their first few deals.
func (c *customer) engage(r *rand.Rand) {
	hunters, farmers := staffOf(Hunter), staffOf(Farmer)
	hunter, farmer := hunters[r.IntN(len(hunters))], farmers[r.IntN(len(farmers))]
	delay, kept := orders.Date(r.IntN(60)), r.IntN(5) == 0
	switch {
	case c.arrival < hunting:
		c.winner = farmer
	case c.arrival < reform:
		c.winner = hunter
		if !kept && c.end > reform+delay {
			c.keeper, c.handover = farmer, reform+delay
		}
	default:
		c.winner, c.keeper = hunter, farmer // on a day that the deals decide
	}
}

// salesperson returns who serves the customer on a day.
func (c *customer) salesperson(day orders.Date) string {
	if c.handover != 0 && day >= c.handover {
		return c.keeper
	}
	return c.winner
}

// life is one customer's deals as they come about.
type life struct {
	*simulation
	*customer
	r *rand.Rand
}

func (l life) live() {
	r := l.r
	if r.IntN(40) == 0 {
		l.samples(workingDay(l.arrival - orders.Date(4+r.IntN(10))))
	}
	beforeHandover := 1 + r.IntN(3)
	for n, day := 1, l.arrival; day <= min(l.end, lastDay); n++ {
		if n == 1 && r.IntN(60) == 0 { // the first order is withdrawn, and no other comes
			l.sell(n, day).cancelled = true
			l.end = day
			break
		}
		booked := l.visit(n, day)
		if l.arrival >= reform && n == beforeHandover && l.end > day && booked < lastDay {
			l.handover = booked + 1
		}
		day = l.next(booked)
	}
	if l.handover == 0 {
		l.keeper = ""
	}
}

// next returns the day of the customer's next visit.
func (l life) next(day orders.Date) orders.Date {
	gap := l.gap
	if l.pattern == Regular {
		gap *= min(2.5, max(0.3, 1+l.jitter*l.r.NormFloat64()))
	} else {
		gap *= l.r.ExpFloat64()
	}
	next := workingDay(day + orders.Date(math.Max(1, math.Round(gap))))
	if l.pauseFrom <= next && next < l.pauseTo {
		next = workingDay(l.pauseTo)
	}
	return next
}

// visit is the customer's n-th day of buying, with all that follows from it.
// It returns the last day on which anything of it is booked: the next visit is
// later, so that a return meets no sale but its own.
func (l life) visit(n int, day orders.Date) orders.Date {
	r := l.r
	sale := l.sell(n, day)
	if r.IntN(70) == 0 { // entered, cancelled and entered again
		withdrawn := *sale
		withdrawn.cancelled = true
		withdrawn.second -= 600
		l.documents = append(l.documents, &withdrawn)
	}
	if r.IntN(30) == 0 { // something was forgotten
		l.sell(n, day)
	}
	switch x := r.IntN(1000); {
	case x < 3:
		l.takeBack(sale, sale.lines, day)
	case x < 40:
		delay := orders.Date(r.ExpFloat64() * 13)
		l.takeBack(sale, partOf(r, sale.lines), workingDay(day+delay))
		return workingDay(day + delay)
	case x < 43:
		l.samples(day + 1)
		return workingDay(day + 1)
	case x < 55, n == 1 && x < 120: // much of a first stock does not sell
		l.claims = append(l.claims, claim{day + orders.Date(20+r.IntN(60)), sale})
	}
	return day
}

// settle takes back what was claimed, on days on which nothing else was booked.
func (l life) settle(past []*document) {
	busy := map[orders.Date]bool{}
	for _, d := range past {
		busy[d.day] = true
	}
	for _, c := range l.claims {
		day := workingDay(c.day)
		for busy[day] {
			day = workingDay(day + 1)
		}
		l.takeBack(c.sale, partOf(l.r, c.sale.lines), day)
	}
}

// sell enters a deal of the customer's n-th day of buying.
func (l life) sell(n int, day orders.Date) *document {
	r := l.r
	discount, size := l.discount, l.size
	if n == 1 { // the first stock, at the price of a good customer
		discount, size = discount+7, 1.8*size
	}
	d := l.document(day)
	count := 1 + poisson(r, 1.9)
	value := size * math.Exp(0.45*r.NormFloat64()) / float64(count)
	for range count {
		p := l.choose(day, d.lines)
		season := float64(p.family.season[day.Time().Month()-1]) / 100
		d.lines = append(d.lines, priced(r, p, day, value*season*math.Exp(0.5*r.NormFloat64()), discount))
	}
	if r.IntN(60) == 0 {
		gift := priced(r, l.choose(day, d.lines), day, 0, 0)
		gift.revenue = 0
		d.lines = append(d.lines, gift)
	}
	return d
}

// samples enters free goods, and nothing else.
func (l life) samples(day orders.Date) {
	if day = workingDay(day); day < opening || day > lastDay {
		return
	}
	d := l.document(day)
	sample := priced(l.r, l.choose(day, nil), day, 0, 0)
	sample.revenue = 0
	d.lines = []item{sample}
}

// takeBack enters a return of lines of a sale.
func (l life) takeBack(sale *document, lines []item, day orders.Date) {
	if day > lastDay {
		return
	}
	d := l.document(day)
	d.second = sale.second + 1800
	d.base, d.namesBase = sale, l.r.IntN(5) < 3
	for _, i := range lines {
		i.quantity, i.revenue, i.cogs.Amount = -i.quantity, -i.revenue, -i.cogs.Amount
		d.lines = append(d.lines, i)
	}
}

// document enters an empty one.
func (l life) document(day orders.Date) *document {
	d := &document{
		day: day, second: 9*3600 + l.r.IntN(8*3600),
		customer: l.customer, salesperson: l.salesperson(day), channel: l.channel,
	}
	l.documents = append(l.documents, d)
	return d
}

// partOf returns some lines, never all unless there is one: of that, a part.
func partOf(r *rand.Rand, lines []item) []item {
	i := r.IntN(len(lines))
	if len(lines) > 1 {
		return lines[i : i+1]
	}
	part := lines[0]
	if part.quantity < 2*orders.One {
		return lines
	}
	half := part.quantity / (2 * orders.One) * orders.One
	share := half.Float64() / part.quantity.Float64()
	part.revenue = kopecks(100 * part.revenue.Float64() * share)
	part.cogs.Amount = kopecks(100 * part.cogs.Amount.Float64() * share)
	part.quantity = half
	return []item{part}
}

// choose returns a product of the customer's families that is in season and
// not yet among the lines.
func (l life) choose(day orders.Date, taken []item) *Product {
	month := day.Time().Month() - 1
	for {
		f := l.families[min(l.r.IntN(len(l.families)), l.r.IntN(len(l.families)))]
		if l.r.IntN(205) >= families[f].season[month] {
			continue
		}
		p := &l.products[f*productsPerFamily+popular(l.r)]
		if !slices.ContainsFunc(taken, func(i item) bool { return i.product == p }) {
			return p
		}
	}
}

// popular returns the index of a product within its family: 0 the best seller.
func popular(r *rand.Rand) int {
	return min(productsPerFamily-1, int(9*r.ExpFloat64()))
}

// priced returns a line worth about value kopecks before the discount.
func priced(r *rand.Rand, p *Product, day orders.Date, value float64, discount int) item {
	list := p.listPrice(day)
	if r.IntN(80) == 0 {
		discount += 25 // clearance
	}
	price := math.Round(list * float64(100-discount) / 100)
	pieces := math.Max(1, math.Round(value/list))
	switch {
	case pieces > 200:
		pieces = math.Round(pieces/50) * 50
	case pieces > 20:
		pieces = math.Round(pieces/5) * 5
	case p.metres && r.IntN(3) == 0:
		pieces += 0.5
	}
	i := item{product: p, quantity: orders.Amount(pieces * 10_000), revenue: kopecks(pieces * price)}
	if day >= p.costedFrom && r.IntN(100) != 0 {
		i.cogs = orders.Known(kopecks(pieces * math.Round(list*p.cost)))
	}
	return i
}

// counter sells to whoever walks in. Two documents in three name nobody in
// particular, the others nobody at all.
func (s *simulation) counter() {
	r := rand.New(rand.NewPCG(s.seed, streamCounter))
	for day := opening; day <= lastDay; day++ {
		if workingDay(day) != day || r.IntN(2) == 0 {
			continue
		}
		d := &document{day: day, second: 9*3600 + r.IntN(9*3600), salesperson: staffOf(Counter)[0], channel: counterChannel}
		if r.IntN(3) != 0 {
			d.counterName = counterName
		}
		for range 1 + poisson(r, 0.8) {
			p := &s.products[r.IntN(len(families))*productsPerFamily+popular(r)]
			d.lines = append(d.lines, priced(r, p, day, 3_000_00*r.Float64(), 0))
		}
		s.documents = append(s.documents, d)
	}
}

// workingDay returns day, or the next day on which the firm works: not a
// Saturday, a Sunday, a public holiday or one of the first eight of January.
func workingDay(day orders.Date) orders.Date {
	for ; ; day++ {
		t := day.Time()
		if w := t.Weekday(); w == time.Saturday || w == time.Sunday {
			continue
		}
		switch m, d := t.Month(), t.Day(); {
		case m == time.January && d <= 8:
		case m == time.February && d == 23:
		case m == time.March && d == 8:
		case m == time.May && (d == 1 || d == 9):
		case m == time.June && d == 12:
		case m == time.November && d == 4:
		default:
			return day
		}
	}
}

// poisson draws from the Poisson distribution of a small mean.
func poisson(r *rand.Rand, mean float64) int {
	n, end := 0, math.Exp(-mean)
	for p := r.Float64(); p > end; p *= r.Float64() {
		n++
	}
	return n
}
