package cohorts

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// FlagOptions says what [Flags] covers and how the CRM writes its flag. The zero
// FlagOptions is the whole history and the words of [DefaultRepeatWords] and
// [DefaultFirstWords].
type FlagOptions struct {
	Scope         orders.Scope
	Repeat, First []string // words that say so, case, spaces around them and ё for е aside, "" being a blank flag; nil: the default ones
}

// DefaultRepeatWords returns the words by which CRMs and their users say, in
// Russian and English, that a deal is a repeat one or its customer an old one.
func DefaultRepeatWords() []string {
	return []string{
		"да", "д", "истина", "повторная", "повторный", "повторное", "повторно", "повтор", "повторная сделка", "повторная покупка", "повторный клиент",
		"повторный заказ", "повторное обращение", "повторная продажа", "постоянный", "постоянный клиент", "старый", "старый клиент", "действующий", "действующий клиент",
		"yes", "y", "true", "t", "1", "+", "repeat", "repeated", "repeat deal", "repeat order", "repeat customer", "returning", "returning customer", "existing", "existing customer",
	}
}

// DefaultFirstWords returns the words by which they say that it is a first one.
func DefaultFirstWords() []string {
	return []string{
		"нет", "н", "ложь", "первая", "первый", "первое", "первая сделка", "первая покупка", "первый заказ", "первичная", "первичный", "первичное", "первичная продажа", "первичное обращение",
		"новая", "новый", "новое", "новый клиент", "новая сделка",
		"no", "n", "false", "f", "0", "-", "first", "first deal", "first order", "first-time", "first time", "new", "new customer", "new deal",
	}
}

// Says is what a CRM's flag says of a deal.
type Says uint8

// What a flag says.
const (
	SaysNothing Says = iota // it is blank, or a word that is not known
	SaysFirst
	SaysRepeat

	flagRows = 3
)

var saysNames = [flagRows]string{"nothing", "first", "repeat"}

// String returns "nothing", "first" or "repeat".
func (s Says) String() string {
	if int(s) < len(saysNames) {
		return saysNames[s]
	}
	return fmt.Sprintf("Says(%d)", uint8(s))
}

// MarshalText writes s as [Says.String] does.
func (s Says) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// FlagsResult is the confusion table of the CRM's own repeat flag against the
// sides that this library puts the same deals on.
//
//	Σ Cells = Σ Words = all identified deals of the scope, in money and in deals
type FlagsResult struct {
	Scope   orders.Scope // what was asked, From and AsOf filled in
	Control orders.Control

	Words []FlagWord             // ascending by Word, bytewise
	Cells [flagRows]orders.Sides // by what the flag says, and by side

	// Coverage is the share of deals whose flag says something; Agreement that of
	// those which it calls by their side, among the deals that it and we both
	// call first or repeat. RevenueAgreement is the same of their revenue. NaN without
	// such deals, or without revenue.
	Coverage, Agreement, RevenueAgreement float64

	// FlagShare is the repeat share of revenue by the flag's own word:
	// SaysRepeat ÷ (SaysRepeat + SaysFirst) over the sides First, Repeat and
	// Unknown; NaN without such revenue, or if one of the two is negative.
	FlagShare float64
}

// FlagWord is one spelling of the flag.
type FlagWord struct {
	Word string // as the export has it; "": blank
	Says Says
	orders.Sides
}

// Flags returns how far the CRM's own repeat flag agrees with the numbering of
// purchases: a table of what the flag says, {nothing, first, repeat}, by the side
// of the deal, {first, repeat, unknown, unmatched}. A flag is of a deal, and a
// deal of the day of purchase 1 is a first one here, whichever of that day's
// deals it is.
//
// The table says what to do about a difference: "says first, is repeat" are old
// customers entered a second time or under another name, or a flag that nobody
// keeps; "says repeat, is first" are customers known from before the export, or
// under another id; and what the flag says of the deals on the side Unknown is a
// hint that the interval does not use.
//
// Without the flag in the export all deals are of one blank word, and the three
// shares are 0 and NaN. An empty history has no words. Errors: those of f, and
// orders.ErrOptions (wrapped) for a word that is both in Repeat and in First, and
// for a Scope that ends before it begins.
func Flags(ctx context.Context, f orders.Facts, o FlagOptions) (*FlagsResult, error) {
	says, err := o.vocabulary()
	if err != nil {
		return nil, err
	}
	control, err := f.Control(ctx)
	if err != nil {
		return nil, err
	}
	fr, err := newFrame(control, o.Scope, orders.NoGrain)
	if err != nil {
		return nil, err
	}
	r := &FlagsResult{Scope: fr.scope, Control: fr.control}
	if len(fr.periods) > 0 {
		flows, err := f.Flows(ctx, orders.FlowQuery{Scope: fr.scope, Split: orders.ByRepeatFlag})
		if err != nil {
			return nil, err
		}
		for _, flow := range flows {
			w := FlagWord{Word: strings.Clone(flow.Split), Says: says[folded(flow.Split)], Sides: flow.Sides}
			r.Words = append(r.Words, w)
			r.Cells[w.Says] = r.Cells[w.Says].Plus(w.Sides)
		}
	}
	slices.SortFunc(r.Words, func(a, b FlagWord) int { return strings.Compare(a.Word, b.Word) })
	r.compare()
	return r, nil
}

// vocabulary returns what each word, folded, says.
func (o FlagOptions) vocabulary() (map[string]Says, error) {
	if o.Repeat == nil {
		o.Repeat = DefaultRepeatWords()
	}
	if o.First == nil {
		o.First = DefaultFirstWords()
	}
	says := map[string]Says{}
	for _, w := range o.Repeat {
		says[folded(w)] = SaysRepeat
	}
	for _, w := range o.First {
		if says[folded(w)] == SaysRepeat {
			return nil, fmt.Errorf("cohorts: %w: First = %q: Repeat has it too", orders.ErrOptions, w)
		}
		says[folded(w)] = SaysFirst
	}
	return says, nil
}

// folded returns a word as words are compared.
func folded(word string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(word)), "ё", "е")
}

// compare computes the shares from the cells.
func (r *FlagsResult) compare() {
	first, repeat := r.Cells[SaysFirst], r.Cells[SaysRepeat]
	said := first.Total().Deals + repeat.Total().Deals
	r.Coverage = ratio(said, said+r.Cells[SaysNothing].Total().Deals)

	right := first.First.Plus(repeat.Repeat)
	wrong := first.Repeat.Plus(repeat.First)
	r.Agreement = ratio(right.Deals, right.Deals+wrong.Deals)
	r.RevenueAgreement = portion(right.Revenue, right.Revenue+wrong.Revenue)

	r.FlagShare = math.NaN()
	if a, b := sales(first), sales(repeat); a >= 0 && b >= 0 {
		r.FlagShare = ratio(b, a+b)
	}
}

// sales returns the revenue that a repeat share is of.
func sales(s orders.Sides) orders.Amount {
	return s.First.Revenue + s.Repeat.Revenue + s.Unknown.Revenue
}
