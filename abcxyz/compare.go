package abcxyz

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// Mode is another system with whose classes [Compare] compares ours.
type Mode uint8

// The modes.
const (
	// ModeUNF is 1C:УНФ and 1C:УПП: the rule UNF; XYZ by the measure per period over
	// the whole window, partial periods included, population σ, 10 % and 25 %.
	ModeUNF Mode = iota
	// ModeUT11 is 1C:УТ 11: the rules UT11 and CVMeans, the CV being that of ModeUNF.
	ModeUT11
	// ModePAL is SAP's: the rule PAL. It has no XYZ.
	ModePAL
)

// String returns "unf", "ut11" or "pal".
func (m Mode) String() string { return name(m, "unf", "ut11", "pal") }

// MarshalText writes m as [Mode.String] does.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// CompareOptions says whose classes [Compare] compares. The zero CompareOptions
// compares the default [Options] with 1C:УНФ.
type CompareOptions struct {
	Ranking Options // ours
	Mode    Mode    // theirs

	Bounds []orders.Amount // theirs, in percent; empty: ours, 80 % and 95 % where ours are none. ModeUT11 has none
	CV     []float64       // theirs; empty: 0.10 and 0.25. ModeUT11 and ModePAL have none
}

// Comparison is the answer of [Compare].
type Comparison struct {
	Options CompareOptions // as resolved

	Ours   *Ranking
	Theirs []Theirs // of Ours.Items, item by item

	Base orders.Amount // theirs

	SameABC, SameXYZ, Same int // items with the same class, and with both the same
}

// Theirs is what another system makes of an item, and why that is not ours.
type Theirs struct {
	ABC ABC
	XYZ XYZ     // Undefined under a Mode without XYZ
	CV  float64 // as that system takes it: 0 for a mean of 0, negative for a negative one; NaN under a Mode without XYZ

	// Why the classes differ, in the order of the Why constants: what has to be
	// changed in ours, step by step, and changed this item's class. Nil if they are the same.
	ABCReasons, XYZReasons []Reason
}

// Same reports whether both classes are ours.
func (t Theirs) Same() bool { return t.ABCReasons == nil && t.XYZReasons == nil }

// Why a class of ours is another than theirs.
const (
	WhyBounds   Reason = "bounds"   // ABC: they have other bounds
	WhyRule     Reason = "rule"     // ABC: their rule takes shares otherwise
	WhyBase     Reason = "base"     // ABC: items not above zero are in their base and their last class
	WhyTies     Reason = "ties"     // ABC: they tell equal values apart
	WhyRounding Reason = "rounding" // ABC: their bounds are rounded to kopecks

	WhyVary     Reason = "vary"     // XYZ: they vary the measure per period, and we something else
	WhyCV       Reason = "cv"       // XYZ: they have other bounds
	WhySigma    Reason = "sigma"    // XYZ: they take the population σ
	WhyCalendar Reason = "calendar" // XYZ: they count periods before the item's first, or after its last, as zeros
	WhyPartial  Reason = "partial"  // XYZ: they count periods that the export covers only in part
	WhyGuard    Reason = "guard"    // XYZ: they classify what has too little data, one purchase, or no positive mean
	WhyMeans    Reason = "means"    // XYZ: their cuts are means over all items
)

// Compare returns our classes beside those that another system gives to the same
// items, with the reasons of every difference: ours are turned into theirs one
// difference at a time, and an item's reasons are the steps that changed its class.
//
// Theirs are as that system has them, unguarded: returns that equal sales are X
// (a mean of 0 counts as no variation), and so are all items if there is but one
// period. A negative mean gives a negative CV, which is below every bound; CVMeans
// takes it for 0.
//
// Errors: an invalid option (wraps orders.ErrOptions), and those of f.
func Compare(ctx context.Context, f orders.Facts, o CompareOptions) (*Comparison, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	r, err := Rank(ctx, f, o.Ranking)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Options: o.resolve(r.Options), Ours: r, Theirs: make([]Theirs, len(r.Items))}
	c.compareABC()
	if c.Options.Mode == ModePAL {
		for i := range c.Theirs {
			c.Theirs[i].CV = math.NaN()
		}
	} else if err := c.compareXYZ(ctx, f); err != nil {
		return nil, err
	}
	for _, t := range c.Theirs {
		if t.ABCReasons == nil {
			c.SameABC++
		}
		if t.XYZReasons == nil {
			c.SameXYZ++
		}
		if t.Same() {
			c.Same++
		}
	}
	return c, nil
}

func (o CompareOptions) check() error {
	switch {
	case o.Mode > ModePAL:
		return invalid("Mode", uint8(o.Mode), "ModeUNF, ModeUT11 or ModePAL")
	case o.Mode == ModeUT11 && len(o.Bounds) > 0, len(o.Bounds) > 0 && !(Options{Bounds: o.Bounds}).boundsFit():
		return invalid("Bounds", o.Bounds, "ascending percentages above 0 and up to 100; ModeUT11 has none")
	case o.Mode != ModeUNF && len(o.CV) > 0, len(o.CV) > 0 && !(len(o.CV) == 2 && 0 <= o.CV[0] && o.CV[0] < o.CV[1] && o.CV[1] <= math.MaxFloat64):
		return invalid("CV", o.CV, "two ascending coefficients of variation; only ModeUNF has them")
	}
	return nil
}

// resolve returns o with its defaults filled in, ours being resolved.
func (o CompareOptions) resolve(ours Options) CompareOptions {
	o.Ranking, o.Bounds, o.CV = ours, slices.Clone(o.Bounds), slices.Clone(o.CV)
	if len(o.Bounds) == 0 && o.Mode != ModeUT11 {
		o.Bounds = []orders.Amount{80 * orders.One, 95 * orders.One}
		if ours.Rule != Absolute && ours.Rule != UT11 {
			o.Bounds = slices.Clone(ours.Bounds)
		}
	}
	if len(o.CV) == 0 && o.Mode == ModeUNF {
		o.CV = []float64{0.10, 0.25}
	}
	return o
}

// theirs returns the ABC rule of the mode.
func (o CompareOptions) theirs() scheme {
	rule := [...]Rule{ModeUNF: UNF, ModeUT11: UT11, ModePAL: PAL}[o.Mode]
	return Options{Rule: rule, Bounds: o.Bounds}.scheme()
}

// schemeStep is a scheme one difference nearer to theirs.
type schemeStep struct {
	why Reason
	scheme
}

// steps turns one scheme into another, one difference at a time.
func steps(from, to scheme) (all []schemeStep) {
	add := func(why Reason, differ bool, change func()) {
		if differ {
			change()
			all = append(all, schemeStep{why, from})
		}
	}
	inPercent := func(s scheme) bool { return s.rule != Absolute && s.rule != UT11 }
	add(WhyBounds, inPercent(from) && inPercent(to) && !slices.Equal(from.bounds, to.bounds), func() { from.bounds = to.bounds })
	add(WhyRule, from.rule != to.rule, func() { from.rule, from.bounds = to.rule, to.bounds })
	add(WhyBase, from.net != to.net, func() { from.net = to.net })
	add(WhyTies, from.single != to.single, func() { from.single = to.single })
	add(WhyRounding, from.kopecks != to.kopecks, func() { from.kopecks = to.kopecks })
	return all
}

// compareABC gives the items their ABC classes, and says why they differ.
func (c *Comparison) compareABC() {
	values := c.Ours.values()
	cut := make([]bool, len(values))
	before, after := make([]ABC, len(values)), make([]ABC, len(values))
	for i := range before {
		before[i] = c.Ours.Items[i].ABC
	}
	c.Base = c.Ours.Base
	whys := make([]whys, len(values))
	all := steps(c.Options.Ranking.scheme(), c.Options.theirs())
	for k, step := range all {
		c.Base = step.classify(values, after, cut)
		for i := range after {
			whys[i].note(k, after[i] != before[i])
		}
		before, after = after, before
	}
	names := make([]Reason, len(all))
	for k, step := range all {
		names[k] = step.why
	}
	list := lister{names: names}
	for i := range c.Theirs {
		c.Theirs[i].ABC = before[i]
		if before[i] != c.Ours.Items[i].ABC {
			c.Theirs[i].ABCReasons = list.of(whys[i])
		}
	}
}

// whys are the steps that changed a class, one bit each.
type whys uint16

func (w *whys) note(step int, changed bool) {
	if changed {
		*w |= 1 << step
	}
}

// lister lists the names of steps; equal lists are one.
type lister struct {
	names []Reason
	lists map[whys][]Reason
}

func (l *lister) of(w whys) []Reason {
	list, ok := l.lists[w]
	if ok {
		return list
	}
	for k, name := range l.names {
		if w&(1<<k) != 0 {
			list = append(list, name)
		}
	}
	if l.lists == nil {
		l.lists = map[whys][]Reason{}
	}
	l.lists[w] = list
	return list
}

// judgement is how an XYZ class is come by.
type judgement struct {
	calendar Calendar
	all      bool // partial periods count
	sigma    Sigma
	cv       []float64
	guarded  bool
}

// judgementStep is a judgement one difference nearer to theirs.
type judgementStep struct {
	why Reason
	judgement
}

// judgements turns our way to an XYZ class into theirs, one difference at a time.
func (o CompareOptions) judgements() (all []judgementStep) {
	ours := o.Ranking
	j := judgement{calendar: ours.Calendar, sigma: ours.Sigma, cv: ours.CV, guarded: true}
	add := func(why Reason, differ bool, change func()) {
		if differ {
			change()
			all = append(all, judgementStep{why, j})
		}
	}
	theirs := o.CV
	if o.Mode == ModeUT11 {
		theirs = []float64{0.10, 0.25} // on the way; the last step needs none
	}
	// Another thing that varies has a σ and bounds of its own.
	add(WhyVary, ours.Vary != Value, func() { j.sigma, j.cv = Population, theirs })
	add(WhyCV, !slices.Equal(j.cv, theirs) && (o.Mode == ModeUNF || ours.XYZRule == CVMeans), func() { j.cv = theirs })
	add(WhySigma, j.sigma != Population, func() { j.sigma = Population })
	add(WhyCalendar, j.calendar != Window, func() { j.calendar = Window })
	add(WhyPartial, true, func() { j.all = true })
	add(WhyGuard, true, func() { j.guarded = false })
	return all
}

// compareXYZ gives the items their XYZ classes, and says why they differ.
func (c *Comparison) compareXYZ(ctx context.Context, f orders.Facts) error {
	control, err := f.Control(ctx)
	if err != nil {
		return err
	}
	o, items := c.Options.Ranking, c.Ours.Items
	byID := make([]int, len(items))
	for i := range byID {
		byID[i] = i
	}
	slices.SortFunc(byID, func(a, b int) int { return strings.Compare(items[a].ID, items[b].ID) })
	w := newWindow(control, o)
	all := c.Options.judgements()
	whys := make([]whys, len(items))
	last := make([]XYZ, len(items)) // under the last of the judgements
	for s, err := range f.Series(ctx, orders.SeriesQuery{Scope: o.Scope, By: o.By, Measure: o.Measure, Grain: o.Grain}) {
		if err == nil {
			err = w.check(s)
		}
		if err != nil {
			return err
		}
		if len(byID) == 0 || items[byID[0]].ID != s.Item {
			return unmatched(s.Item)
		}
		i := byID[0]
		byID = byID[1:]
		class := items[i].XYZ
		for k, step := range all {
			next, cv := step.judge(s, w, items[i].XYZ == OneOff)
			whys[i].note(k, next != class)
			class, c.Theirs[i].CV = next, cv
		}
		last[i] = class
	}
	if len(byID) > 0 {
		return unmatched(items[byID[0]].ID)
	}
	names := make([]Reason, len(all), len(all)+1)
	for k, step := range all {
		names[k] = step.why
	}
	if c.Options.Mode == ModeUT11 {
		c.means(last, whys, len(all))
		names = append(names, WhyMeans)
	}
	list := lister{names: names}
	for i := range c.Theirs {
		c.Theirs[i].XYZ = last[i]
		if last[i] != items[i].XYZ {
			c.Theirs[i].XYZReasons = list.of(whys[i])
		}
	}
	return nil
}

// judge returns the class of s by the judgement, and the CV. Guarded, what a
// single purchase is and what has no class is known from our ranking or the rules of it.
func (j judgement) judge(s orders.Series, w window, oneOff bool) (XYZ, float64) {
	w.calendar = j.calendar
	if j.all {
		w.from, w.to = 0, w.n
	}
	from, to := w.span(s)
	values := s.Values[from:to]
	cv, ok := j.sigma.variation(values)
	if !j.guarded {
		cv = unguarded(values)
		return steadiness(cv, j.cv), cv
	}
	switch {
	case s.Total() <= 0:
		return Undefined, cv
	case oneOff:
		return OneOff, cv
	case len(values) < minPeriods || !ok:
		return Undefined, cv
	}
	return steadiness(cv, j.cv), cv
}

// unguarded returns the population σ ÷ μ of values as a program does that asks
// nothing: 0 for a mean of 0, negative for a negative mean.
func unguarded(values []orders.Amount) float64 {
	if cv, ok := variation(values); ok {
		return cv
	}
	negated := make([]orders.Amount, len(values))
	for i, v := range values {
		negated[i] = -v
	}
	if cv, ok := variation(negated); ok {
		return -cv
	}
	return 0
}

// means replaces the classes by those of [CVMeans].
func (c *Comparison) means(classes []XYZ, whys []whys, step int) {
	order := make([]int, len(classes))
	for i := range order {
		order[i] = i
	}
	cv := func(i int) float64 { return max(0, c.Theirs[i].CV) }
	slices.SortFunc(order, func(a, b int) int {
		if d := cv(b) - cv(a); d != 0 {
			return int(math.Copysign(1, d))
		}
		return strings.Compare(c.Ours.Items[a].ID, c.Ours.Items[b].ID)
	})
	cvs := make([]float64, len(order))
	for k, i := range order {
		cvs[k] = cv(i)
	}
	for k, class := range meanClasses(cvs) {
		i := order[k]
		whys[i].note(step, classes[i] != class)
		classes[i] = class
	}
}
